/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loops of which every instruction is known, around one thing that makes the
 * guest exit; exits_guest.c tells what they are for.
 */
#include "sbi.h"

#define SIE_STIE     0x20
#define SSTATUS_SIE  0x2
#define SSTATUS_FS_INITIAL 0x2000
#define CSR_STIMECMP 0x14d
#define AHEAD        50 /* ticks of 100 instructions: the timer fires after the call is over */

/*
 * LOOP NAME, PLACE, INSTRUCTION: uint64_t NAME(uint64_t turns, uint64_t address, uint64_t step)
 * returns the ticks of so many turns; address grows by step with each. The INSTRUCTION is at
 * a multiple of 4 and PLACE, which is 0 or 2: who fetches it needs one read or two.
 */
    .macro LOOP name, place, instruction:vararg
    .global \name
\name:
    mv      t4, a0
    mv      t5, a1
    li      a6, SBI_BASE_SPEC_VERSION
    li      a7, SBI_BASE
    rdtime  t6
    .balign 4
    .if     \place
    nop
    .endif
1:  \instruction
    add     t5, t5, a2
    addi    t4, t4, -1
    bnez    t4, 1b
    rdtime  a0
    sub     a0, a0, t6
    ret
    .endm

    LOOP loop_nothing, 0
    LOOP loop_ecall, 0, ecall
    LOOP loop_load_byte, 0, lbu t0, 0(t5)
    LOOP loop_load_word, 0, lw t0, 0(t5)
    LOOP loop_load_word_halves, 2, lw t0, 0(t5)
    LOOP loop_load_double, 0, ld t0, 0(t5)

/*
 * TIMER NAME, COUNT, INSTRUCTIONS: uint64_t NAME(uint64_t turns, uint64_t *own, uint64_t eid)
 * sets the timer by COUNT instructions, spins until its handler was here, and so on. Returns
 * the ticks, and in *own how many instructions the guest itself executed in them: of each turn
 * 6, those that set the timer, 3 of the handler, and 2 whenever it spins.
 */
    .macro TIMER name, count, instructions:vararg
    .global \name
\name:
    la      t0, ring
    csrw    stvec, t0
    csrsi   sstatus, SSTATUS_SIE
    li      t0, SIE_STIE
    mv      t2, a0
    li      t3, 0
    mv      t4, a0
    mv      t5, a1
    rdtime  t6
1:  rdtime  a0
    addi    a0, a0, AHEAD
    \instructions
    li      t1, 0
    csrs    sie, t0
2:  addi    t3, t3, 1
    beqz    t1, 2b
    addi    t4, t4, -1
    bnez    t4, 1b
    rdtime  a0
    sub     a0, a0, t6
    slli    t3, t3, 1
    li      t1, 6 + \count + 3
    mul     t2, t2, t1
    add     t3, t3, t2
    sd      t3, 0(t5)
    ret
    .endm

    .macro set_timer
    li      a6, SBI_TIME_SET_TIMER
    mv      a7, a2
    ecall
    .endm

    TIMER timer_by_stimecmp, 1, csrw CSR_STIMECMP, a0
    TIMER timer_by_sbi, 3, set_timer

    .balign 4
ring:
    csrc    sie, t0
    li      t1, 1
    sret

/*
 * TURNS NAME, INSTRUCTION: uint64_t NAME(uint64_t me, struct turns *turns) spins, and
 * counts whenever another vHart was here since. Returns when that was turns->enough times,
 * and what the time is then. It executes 4 instructions each time it spins, and after a
 * switch 4 more and the INSTRUCTION.
 */
    .macro TURNS name, instruction:vararg
    .global \name
\name:
    ld      t3, 0(a1)           /* turns->enough */
    slli    t0, a0, 3
    add     t6, a1, t0
    li      t4, 0
    li      t5, 0
1:  addi    t4, t4, 1
    sd      t4, 16(t6)          /* turns->spins[me] */
    ld      t0, 8(a1)           /* turns->last */
    beq     t0, a0, 1b
    sd      a0, 8(a1)
    addi    t5, t5, 1
    sd      t5, 32(t6)          /* turns->switches[me] */
    \instruction
    bne     t5, t3, 1b
    rdtime  a0
    ret
    .endm

    .option arch, +d
    TURNS turns_of_integers, nop
    TURNS turns_of_floats, fmv.d.x ft0, zero

/* The second vHart begins here: a0 is its number, a1 the struct turns. */
    .global start_second
start_second:
    csrw    sie, zero
    li      t0, SSTATUS_FS_INITIAL
    csrs    sstatus, t0
    ld      t0, 48(a1)          /* turns->take */
    jalr    t0
1:  j       1b

    .section .note.GNU-stack, "", @progbits
