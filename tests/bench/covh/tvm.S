/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM that calls its host, again and again, with the time at which it did. */
    .section .rodata.tvm, "a", @progbits
    .balign 4096
    .global tvm
tvm:
    li      a7, 0x08000000
1:  csrr    a0, time
    ecall
    j       1b
    .balign 4096
