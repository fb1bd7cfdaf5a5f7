/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the TSM begins on each hart, once; and where it is entered, for each call of the host.
 * tp is the hart's struct tsm_hart as long as the TSM runs, and 0 when it is entered.
 */
#include "offsets.h"

    .section .text.start, "ax", @progbits
    .global start
start:
    la      sp, stacks
    addi    t0, a0, 1
    slli    t0, t0, 14
    add     sp, sp, t0
    mv      s0, a0
    mv      s1, a1
    bnez    a0, 3f
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  call    tsm_begin           /* hart, harts */
3:  mv      a0, s0
    call    tsm_begin_hart
    mv      tp, a0
    csrw    sscratch, a0
    la      t0, entry
    csrw    stvec, t0
    li      a0, 0
    li      a1, 0
    li      a4, 0
    li      a6, TSM_TEERET      /* this domain can be called now */
    li      a7, TSM_EXTENSION
    ecall
    j       .

    .balign 4
entry:
    bnez    tp, own_trap
    csrr    tp, sscratch
    ld      sp, TSM_STACK(tp)
    addi    sp, sp, -64
    sd      a7, 0(sp)           /* struct hvrv_cove_call */
    sd      a6, 8(sp)
    sd      a0, 16(sp)
    sd      a1, 24(sp)
    sd      a2, 32(sp)
    sd      a3, 40(sp)
    sd      a4, 48(sp)
    sd      a5, 56(sp)
    mv      a0, tp
    mv      a1, sp
    tail    tsm_serve           /* does not return */

/* An interrupt while the TSM works: the host gets the hart back, and has the call resumed later. */
own_trap:
    sd      a0, TSM_SAVED + 0(tp)
    sd      a1, TSM_SAVED + 8(tp)
    sd      a4, TSM_SAVED + 16(tp)
    sd      a6, TSM_SAVED + 24(tp)
    sd      a7, TSM_SAVED + 32(tp)
    csrr    a0, scause
    bgez    a0, failed
    li      a0, TSM_INTERRUPTED_CALL
    li      a1, 0
    li      a4, TSM_INTERRUPTED
    li      a6, TSM_TEERET
    li      a7, TSM_EXTENSION
    ecall
    ld      a0, TSM_SAVED + 0(tp)
    ld      a1, TSM_SAVED + 8(tp)
    ld      a4, TSM_SAVED + 16(tp)
    ld      a6, TSM_SAVED + 24(tp)
    ld      a7, TSM_SAVED + 32(tp)
    sret

/* The TSM itself must not trap. */
failed:
    csrr    a1, sepc
    csrr    a2, stval
    tail    tsm_failed
