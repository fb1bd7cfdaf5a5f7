/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traps to M-mode: the registers of the domain that runs into its context, the handler, and out with
 * those of the domain that is the current one then. The way out mirrors the way in.
 *
 * mscratch is the struct hvrv_domain_hart. mstatus is not written: where the trap came from, V
 * too, is where mret goes to; a handler that changes domains does so from HS-mode to HS-mode.
 */
#include <hvrv/cove/domain_offsets.h>

    .option norelax
    .section .text.hvrv_domain, "ax", @progbits

    .global hvrv_domain_vector
    .type hvrv_domain_vector, @function
    .balign 4
hvrv_domain_vector:
    /* 1. The hart's structure in tp, the context in t0. */
    csrrw   tp, mscratch, tp
    sd      t0, HVRV_DOMAIN_SCRATCH(tp)
    ld      t0, HVRV_DOMAIN_CURRENT(tp)

    /* 2. The registers; tp and t0 wait where they were put. */
    sd      ra, HVRV_DOMAIN_X(1)(t0)
    sd      sp, HVRV_DOMAIN_X(2)(t0)
    sd      gp, HVRV_DOMAIN_X(3)(t0)
    sd      t1, HVRV_DOMAIN_X(6)(t0)
    sd      t2, HVRV_DOMAIN_X(7)(t0)
    sd      s0, HVRV_DOMAIN_X(8)(t0)
    sd      s1, HVRV_DOMAIN_X(9)(t0)
    sd      a0, HVRV_DOMAIN_X(10)(t0)
    sd      a1, HVRV_DOMAIN_X(11)(t0)
    sd      a2, HVRV_DOMAIN_X(12)(t0)
    sd      a3, HVRV_DOMAIN_X(13)(t0)
    sd      a4, HVRV_DOMAIN_X(14)(t0)
    sd      a5, HVRV_DOMAIN_X(15)(t0)
    sd      a6, HVRV_DOMAIN_X(16)(t0)
    sd      a7, HVRV_DOMAIN_X(17)(t0)
    sd      s2, HVRV_DOMAIN_X(18)(t0)
    sd      s3, HVRV_DOMAIN_X(19)(t0)
    sd      s4, HVRV_DOMAIN_X(20)(t0)
    sd      s5, HVRV_DOMAIN_X(21)(t0)
    sd      s6, HVRV_DOMAIN_X(22)(t0)
    sd      s7, HVRV_DOMAIN_X(23)(t0)
    sd      s8, HVRV_DOMAIN_X(24)(t0)
    sd      s9, HVRV_DOMAIN_X(25)(t0)
    sd      s10, HVRV_DOMAIN_X(26)(t0)
    sd      s11, HVRV_DOMAIN_X(27)(t0)
    sd      t3, HVRV_DOMAIN_X(28)(t0)
    sd      t4, HVRV_DOMAIN_X(29)(t0)
    sd      t5, HVRV_DOMAIN_X(30)(t0)
    sd      t6, HVRV_DOMAIN_X(31)(t0)
    csrr    t1, mscratch
    ld      t2, HVRV_DOMAIN_SCRATCH(tp)
    csrr    t3, mepc
    sd      t1, HVRV_DOMAIN_X(4)(t0)
    sd      t2, HVRV_DOMAIN_X(5)(t0)
    sd      t3, HVRV_DOMAIN_PC(t0)
    csrw    mscratch, tp

    /* 3. The handler, on its own stack. */
    ld      sp, HVRV_DOMAIN_STACK(tp)
    ld      t1, HVRV_DOMAIN_HANDLER(tp)
    ld      gp, HVRV_DOMAIN_GP(tp)
    mv      a0, tp
    jalr    t1
    csrr    a0, mscratch
    j       1f
    .size hvrv_domain_vector, . - hvrv_domain_vector

    .global hvrv_domain_leave
    .type hvrv_domain_leave, @function
hvrv_domain_leave:
    /* Boot code's gp is the handler's. */
    csrw    mscratch, a0
    sd      gp, HVRV_DOMAIN_GP(a0)

    /* The way out, without a reservation of whoever it was. a0: the hart's structure. */
1:  addi    t0, a0, HVRV_DOMAIN_SCRATCH
    sc.d    t1, zero, (t0)
    ld      t0, HVRV_DOMAIN_CURRENT(a0)
    ld      t1, HVRV_DOMAIN_PC(t0)
    csrw    mepc, t1
    ld      ra, HVRV_DOMAIN_X(1)(t0)
    ld      sp, HVRV_DOMAIN_X(2)(t0)
    ld      gp, HVRV_DOMAIN_X(3)(t0)
    ld      tp, HVRV_DOMAIN_X(4)(t0)
    ld      t1, HVRV_DOMAIN_X(6)(t0)
    ld      t2, HVRV_DOMAIN_X(7)(t0)
    ld      s0, HVRV_DOMAIN_X(8)(t0)
    ld      s1, HVRV_DOMAIN_X(9)(t0)
    ld      a0, HVRV_DOMAIN_X(10)(t0)
    ld      a1, HVRV_DOMAIN_X(11)(t0)
    ld      a2, HVRV_DOMAIN_X(12)(t0)
    ld      a3, HVRV_DOMAIN_X(13)(t0)
    ld      a4, HVRV_DOMAIN_X(14)(t0)
    ld      a5, HVRV_DOMAIN_X(15)(t0)
    ld      a6, HVRV_DOMAIN_X(16)(t0)
    ld      a7, HVRV_DOMAIN_X(17)(t0)
    ld      s2, HVRV_DOMAIN_X(18)(t0)
    ld      s3, HVRV_DOMAIN_X(19)(t0)
    ld      s4, HVRV_DOMAIN_X(20)(t0)
    ld      s5, HVRV_DOMAIN_X(21)(t0)
    ld      s6, HVRV_DOMAIN_X(22)(t0)
    ld      s7, HVRV_DOMAIN_X(23)(t0)
    ld      s8, HVRV_DOMAIN_X(24)(t0)
    ld      s9, HVRV_DOMAIN_X(25)(t0)
    ld      s10, HVRV_DOMAIN_X(26)(t0)
    ld      s11, HVRV_DOMAIN_X(27)(t0)
    ld      t3, HVRV_DOMAIN_X(28)(t0)
    ld      t4, HVRV_DOMAIN_X(29)(t0)
    ld      t5, HVRV_DOMAIN_X(30)(t0)
    ld      t6, HVRV_DOMAIN_X(31)(t0)
    ld      t0, HVRV_DOMAIN_X(5)(t0)
    mret
    .size hvrv_domain_leave, . - hvrv_domain_leave
