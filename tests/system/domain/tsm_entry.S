/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TSM's entry, stvec: every x register into the frame in sscratch, which stays there.
 */
    .text
    .balign 4
    .global entry
entry:
    csrrw   sp, sscratch, sp
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8 * \n(sp)
    .endr
    mv      a0, sp
    csrrw   t0, sscratch, sp
    sd      t0, 16(sp)
    la      t0, stacks
    ld      t1, 256(sp)         /* struct frame.hart */
    addi    t1, t1, 1
    slli    t1, t1, 14
    add     sp, t0, t1
    call    serve
    j       .

/*
 * wait_for_timer(): loops with interrupts enabled until the one of the timer has come; it is the
 * host's, so the call is interrupted, and goes on when the host has served it. Answers how often.
 */
    .balign 4
    .global wait_for_timer, on_timer
wait_for_timer:
    li      t3, 0
    csrsi   sstatus, 2
1:  beqz    t3, 1b
    csrci   sstatus, 2
    mv      a0, t3
    ret

    .balign 4
on_timer:
    addi    t3, t3, 1
    mv      t4, a1
    li      a0, 1
    li      a1, 0
    li      a4, 2
    li      a6, 0
    li      a7, 0x0a485652
    ecall
    mv      a1, t4
    sret
