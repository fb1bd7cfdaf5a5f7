/* SPDX-License-Identifier: BSD-2-Clause */
/* Where both images begin on each hart: a0 its number, a1 the number of harts, or as HSM gives it. */
    .section .text.start, "ax", @progbits
    .global start
start:
    la      sp, stacks
    addi    t0, a0, 1
    slli    t0, t0, 14
    add     sp, sp, t0
    bnez    a0, 2f
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  call    begin
    j       .
