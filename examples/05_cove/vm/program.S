/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ordinary VM's program, in VS-mode: counts, and calls its host at each step. If a0 is
 * an address, it loads from there once.
 */
    .section .rodata.vm, "a", @progbits
    .global vm_program, vm_program_end
    .balign 8
    .option push
    .option norvc
vm_program:
    beqz    a0, 1f
    ld      s1, 0(a0)
    li      a0, 0
1:  addi    s0, s0, 1
    ecall
    j       vm_program
    .option pop
    .balign 8
vm_program_end:
