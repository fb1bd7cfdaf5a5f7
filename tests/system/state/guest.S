/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that fills its floating-point and vector registers with a pattern, lets others have the
 * hart twice, changes fcsr and vcsr alone, lets others have the hart, and looks what it finds; for
 * ever, with another pattern each round. In the first round it looks before it fills: they begin as
 * zeros.
 */
#include "layout.h"

#define E32_M2 0xd1
#define VILL   63

    .macro each do
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    \do \n
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    \do \n
    .endr
    .endm

    .macro call_host which
    li      a7, \which
    ecall
    .endm

/* t0 must be t1. */
    .macro same
    beq     t0, t1, 8f
    jal     t2, wrong
8:  addi    s6, s6, 1
    .endm

    .macro fill_f n
    addi    t0, s0, \n
    fmv.d.x f\n, t0
    .endm
    .macro check_f n
    fmv.x.d t0, f\n
    addi    t1, s0, \n
    and     t1, t1, s7
    same
    .endm
    .macro fill_v n
    addi    t0, s0, -\n
    vmv.v.x v\n, t0
    .endm
    .macro check_v n
    vs1r.v  v\n, (s2)
    addi    t1, s0, -\n
    and     t1, t1, s7
    mv      t3, s2
    csrr    t4, vlenb
    add     t4, t4, s2
7:  ld      t0, 0(t3)
    same
    addi    t3, t3, 8
    bltu    t3, t4, 7b
    .endm

    .text
    .option arch, +d, +v
    .global state_guest
    .balign 4
state_guest:
    li      s6, 0
    li      s7, 0               /* all patterns are zero at first */
    li      s4, 0               /* vl */
    li      s5, 1
    slli    s5, s5, VILL        /* vtype */
    jal     s8, check
1:  li      s7, -1
    add     s0, s0, s3
    jal     s8, fill
    call_host CALL_CHANGED
    li      t0, 0x2200          /* its own FS and VS: Dirty to Clean, as if it had stored all */
    csrc    sstatus, t0
    call_host CALL_SAME
    jal     s8, flip
    call_host CALL_CSRS
    jal     s8, check
    call_host CALL_CHECKED
    j       1b

fill:
    andi    t0, s1, HAS_FP
    beqz    t0, 2f
    each    fill_f
    andi    t0, s0, 0x7f
    xori    t0, t0, 0x7f
    csrw    fcsr, t0
2:  andi    t0, s1, HAS_VECTOR
    beqz    t0, 4f
    vsetvli t0, zero, e64, m1, ta, ma
    each    fill_v
    li      t1, E32_M2
    andi    t0, s0, 0x80
    beqz    t0, 3f
    li      t1, 1
    slli    t1, t1, VILL
3:  li      t0, 3
    vsetvl  zero, t0, t1
    csrr    s4, vl
    csrr    s5, vtype
    andi    t0, s0, 7
    xori    t0, t0, 7
    csrw    vcsr, t0
    srli    t0, s0, 4
    andi    t0, t0, 1
    csrw    vstart, t0
4:  jr      s8

/* From what fill left there to what check finds. */
flip:
    andi    t0, s1, HAS_FP
    beqz    t0, 9f
    andi    t0, s0, 0x7f
    csrw    fcsr, t0
9:  andi    t0, s1, HAS_VECTOR
    beqz    t0, 9f
    andi    t0, s0, 7
    csrw    vcsr, t0
9:  jr      s8

check:
    andi    t0, s1, HAS_FP
    beqz    t0, 5f
    csrr    t0, fcsr
    andi    t1, s0, 0x7f
    and     t1, t1, s7
    same
    each    check_f
5:  andi    t0, s1, HAS_VECTOR
    beqz    t0, 6f
    csrrw   t0, vstart, zero
    srli    t1, s0, 4
    andi    t1, t1, 1
    and     t1, t1, s7
    same
    csrr    t0, vcsr
    andi    t1, s0, 7
    and     t1, t1, s7
    same
    csrr    t0, vl
    mv      t1, s4
    same
    csrr    t0, vtype
    mv      t1, s5
    same
    each    check_v
6:  jr      s8

wrong:
    mv      a0, t0
    mv      a1, t1
    call_host CALL_WRONG
    jr      t2

/* A guest that may use neither: a single-precision move and a vsetvli, each of which must trap. */
    .global state_stranger
    .balign 4
state_stranger:
    fmv.w.x f1, zero
    vsetvli t0, zero, e8, m1, ta, ma
    call_host CALL_SAME
    j       state_stranger

    .section .note.GNU-stack, "", @progbits
