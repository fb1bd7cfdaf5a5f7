/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Into a trial, and back by the next trap. sscratch has the trial's address
 * meanwhile; nothing else that the trial could change is relied upon but stvec.
 */
#include "layout.h"

    .macro each_saved op
    \op ra, 0(sp)
    \op s0, 8(sp)
    \op s1, 16(sp)
    \op s2, 24(sp)
    \op s3, 32(sp)
    \op s4, 40(sp)
    \op s5, 48(sp)
    \op s6, 56(sp)
    \op s7, 64(sp)
    \op s8, 72(sp)
    \op s9, 80(sp)
    \op s10, 88(sp)
    \op s11, 96(sp)
    .endm

    /* All but x10, which has the trial's address. */
    .macro each_register op
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
            25, 26, 27, 28, 29, 30, 31
    \op x\n, 8 * \n(a0)
    .endr
    .endm

    .text
    .global trial_enter
trial_enter:
    addi    sp, sp, -112
    each_saved sd
    sd      sp, TRIAL_SP(a0)
    csrw    sscratch, a0
    la      t0, back
    csrw    stvec, t0
    ld      t0, TRIAL_PC(a0)
    csrw    sepc, t0
    ld      t0, TRIAL_SSTATUS(a0)
    csrw    sstatus, t0
    li      t0, 0x222           /* SEIE, STIE, SSIE */
    csrw    sie, t0
    ld      t0, TRIAL_SATP(a0)
    csrw    satp, t0
    sfence.vma
    fence.i
    each_register ld
    ld      x10, 80(a0)
    sret

    .balign 4
back:
    csrrw   a0, sscratch, a0
    each_register sd
    csrr    t0, sscratch
    sd      t0, 80(a0)
    la      t0, lost
    csrw    stvec, t0
    csrw    sie, zero
    csrw    satp, zero
    sfence.vma
    csrr    t0, sepc
    sd      t0, TRIAL_PC(a0)
    csrr    t0, sstatus
    sd      t0, TRIAL_SSTATUS(a0)
    csrr    t0, scause
    sd      t0, TRIAL_SCAUSE(a0)
    csrr    t0, stval
    sd      t0, TRIAL_STVAL(a0)
    ld      sp, TRIAL_SP(a0)
    each_saved ld
    addi    sp, sp, 112
    ret

    /* A trap of the runner itself. */
    .balign 4
lost:
    csrr    a1, sepc
    la      a0, lost_text
    la      sp, lost_stack
    tail    complain

    .section .rodata
lost_text:
    .string "the guest itself trapped at"

    .bss
    .balign 16
    .skip   1024
lost_stack:
