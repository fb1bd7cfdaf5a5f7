/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the TSM (with TSM defined) and the host begin; the TSM's entry does what any has to: find its stack. */
    .section .text.start, "ax", @progbits
    .global start
start:
    la      sp, stacks_end
#ifdef TSM
    csrw    sscratch, sp
    la      t0, entry
    csrw    stvec, t0
    li      a0, 0
    li      a1, 0
    li      a4, 0
    li      a6, 0
    li      a7, 0x0a485652
    ecall
    j       .

    .balign 4
entry:
    csrr    sp, sscratch
    j       serve
#else
    call    begin
    j       .
#endif
