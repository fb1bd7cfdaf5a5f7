/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The switch between host and guest, in call style.
 *
 *     uint64_t hvrv_vhart_enter(struct hvrv_vhart *vhart);
 *
 * goes into the guest with sret; the guest's next trap to HS-mode arrives at
 * hvrv_vhart_exit, which returns from that call with scause in a0. Entry and
 * exit mirror each other phase by phase.
 *
 * Interrupts: the guest's sstatus has SIE = 0 and is written first, the
 * host's comes back last with SIE = 0; so no HS-level interrupt is taken while
 * stvec, sscratch or a register is the other side's. While V = 1 such
 * interrupts are enabled whatever SIE says (norm:H_vscsrs_v1), and end the
 * guest's turn like any trap.
 *
 * Position independent: the vector's address comes from the vHart.
 */
#include <hvrv/vhart/offsets.h>

    .option norelax
    .section .text.hvrv_vhart, "ax", @progbits

/* Entry: a0 = vHart. */
    .global hvrv_vhart_enter
    .type hvrv_vhart_enter, @function
    .balign 4
hvrv_vhart_enter:
    /* 1. The host's registers that a call preserves; gp and tp were captured. */
    sd      ra, HVRV_VHART_HOST_RA(a0)
    sd      sp, HVRV_VHART_HOST_SP(a0)
    sd      s0, HVRV_VHART_HOST_S(0)(a0)
    sd      s1, HVRV_VHART_HOST_S(1)(a0)
    sd      s2, HVRV_VHART_HOST_S(2)(a0)
    sd      s3, HVRV_VHART_HOST_S(3)(a0)
    sd      s4, HVRV_VHART_HOST_S(4)(a0)
    sd      s5, HVRV_VHART_HOST_S(5)(a0)
    sd      s6, HVRV_VHART_HOST_S(6)(a0)
    sd      s7, HVRV_VHART_HOST_S(7)(a0)
    sd      s8, HVRV_VHART_HOST_S(8)(a0)
    sd      s9, HVRV_VHART_HOST_S(9)(a0)
    sd      s10, HVRV_VHART_HOST_S(10)(a0)
    sd      s11, HVRV_VHART_HOST_S(11)(a0)

    /* 2. The guest's CSRs; sstatus first, for its SIE = 0. */
    ld      t0, HVRV_VHART_SSTATUS(a0)
    ld      t1, HVRV_VHART_HSTATUS(a0)
    ld      t2, HVRV_VHART_SEPC(a0)
    ld      t3, HVRV_VHART_HOST_VECTOR(a0)
    csrw    sstatus, t0
    csrw    HVRV_VHART_CSR_HSTATUS, t1
    csrw    sepc, t2

    /* 3. The way back: the vector, and the vHart's address behind it. */
    csrw    stvec, t3
    csrw    sscratch, a0

    /* 4. The guest's registers, a0 last. */
    ld      ra, HVRV_VHART_GPR(1)(a0)
    ld      sp, HVRV_VHART_GPR(2)(a0)
    ld      gp, HVRV_VHART_GPR(3)(a0)
    ld      tp, HVRV_VHART_GPR(4)(a0)
    ld      t0, HVRV_VHART_GPR(5)(a0)
    ld      t1, HVRV_VHART_GPR(6)(a0)
    ld      t2, HVRV_VHART_GPR(7)(a0)
    ld      s0, HVRV_VHART_GPR(8)(a0)
    ld      s1, HVRV_VHART_GPR(9)(a0)
    ld      a1, HVRV_VHART_GPR(11)(a0)
    ld      a2, HVRV_VHART_GPR(12)(a0)
    ld      a3, HVRV_VHART_GPR(13)(a0)
    ld      a4, HVRV_VHART_GPR(14)(a0)
    ld      a5, HVRV_VHART_GPR(15)(a0)
    ld      a6, HVRV_VHART_GPR(16)(a0)
    ld      a7, HVRV_VHART_GPR(17)(a0)
    ld      s2, HVRV_VHART_GPR(18)(a0)
    ld      s3, HVRV_VHART_GPR(19)(a0)
    ld      s4, HVRV_VHART_GPR(20)(a0)
    ld      s5, HVRV_VHART_GPR(21)(a0)
    ld      s6, HVRV_VHART_GPR(22)(a0)
    ld      s7, HVRV_VHART_GPR(23)(a0)
    ld      s8, HVRV_VHART_GPR(24)(a0)
    ld      s9, HVRV_VHART_GPR(25)(a0)
    ld      s10, HVRV_VHART_GPR(26)(a0)
    ld      s11, HVRV_VHART_GPR(27)(a0)
    ld      t3, HVRV_VHART_GPR(28)(a0)
    ld      t4, HVRV_VHART_GPR(29)(a0)
    ld      t5, HVRV_VHART_GPR(30)(a0)
    ld      t6, HVRV_VHART_GPR(31)(a0)
    ld      a0, HVRV_VHART_GPR(10)(a0)
    sret
    .size hvrv_vhart_enter, . - hvrv_vhart_enter

/* Exit: stvec points here while the guest runs, so the address is a multiple of 4. */
    .global hvrv_vhart_exit
    .type hvrv_vhart_exit, @function
    .balign 4
hvrv_vhart_exit:
    /* 4. The guest's registers; its a0 waits in sscratch. */
    csrrw   a0, sscratch, a0
    sd      ra, HVRV_VHART_GPR(1)(a0)
    sd      sp, HVRV_VHART_GPR(2)(a0)
    sd      gp, HVRV_VHART_GPR(3)(a0)
    sd      tp, HVRV_VHART_GPR(4)(a0)
    sd      t0, HVRV_VHART_GPR(5)(a0)
    sd      t1, HVRV_VHART_GPR(6)(a0)
    sd      t2, HVRV_VHART_GPR(7)(a0)
    sd      s0, HVRV_VHART_GPR(8)(a0)
    sd      s1, HVRV_VHART_GPR(9)(a0)
    sd      a1, HVRV_VHART_GPR(11)(a0)
    sd      a2, HVRV_VHART_GPR(12)(a0)
    sd      a3, HVRV_VHART_GPR(13)(a0)
    sd      a4, HVRV_VHART_GPR(14)(a0)
    sd      a5, HVRV_VHART_GPR(15)(a0)
    sd      a6, HVRV_VHART_GPR(16)(a0)
    sd      a7, HVRV_VHART_GPR(17)(a0)
    sd      s2, HVRV_VHART_GPR(18)(a0)
    sd      s3, HVRV_VHART_GPR(19)(a0)
    sd      s4, HVRV_VHART_GPR(20)(a0)
    sd      s5, HVRV_VHART_GPR(21)(a0)
    sd      s6, HVRV_VHART_GPR(22)(a0)
    sd      s7, HVRV_VHART_GPR(23)(a0)
    sd      s8, HVRV_VHART_GPR(24)(a0)
    sd      s9, HVRV_VHART_GPR(25)(a0)
    sd      s10, HVRV_VHART_GPR(26)(a0)
    sd      s11, HVRV_VHART_GPR(27)(a0)
    sd      t3, HVRV_VHART_GPR(28)(a0)
    sd      t4, HVRV_VHART_GPR(29)(a0)
    sd      t5, HVRV_VHART_GPR(30)(a0)
    sd      t6, HVRV_VHART_GPR(31)(a0)

    /* 3. The host's vector and sscratch, before anything else can go wrong. */
    ld      t0, HVRV_VHART_HOST_STVEC(a0)
    ld      t1, HVRV_VHART_HOST_SSCRATCH(a0)
    csrw    stvec, t0
    csrrw   t1, sscratch, t1
    sd      t1, HVRV_VHART_GPR(10)(a0)

    /* 2. The guest's CSRs; hstatus stays in the hart, see context.h. */
    ld      t2, HVRV_VHART_HOST_SSTATUS(a0)
    csrr    t3, sepc
    csrrw   t2, sstatus, t2
    sd      t3, HVRV_VHART_SEPC(a0)
    sd      t2, HVRV_VHART_SSTATUS(a0)

    /* 1. The host's registers. */
    ld      ra, HVRV_VHART_HOST_RA(a0)
    ld      sp, HVRV_VHART_HOST_SP(a0)
    ld      gp, HVRV_VHART_HOST_GP(a0)
    ld      tp, HVRV_VHART_HOST_TP(a0)
    ld      s0, HVRV_VHART_HOST_S(0)(a0)
    ld      s1, HVRV_VHART_HOST_S(1)(a0)
    ld      s2, HVRV_VHART_HOST_S(2)(a0)
    ld      s3, HVRV_VHART_HOST_S(3)(a0)
    ld      s4, HVRV_VHART_HOST_S(4)(a0)
    ld      s5, HVRV_VHART_HOST_S(5)(a0)
    ld      s6, HVRV_VHART_HOST_S(6)(a0)
    ld      s7, HVRV_VHART_HOST_S(7)(a0)
    ld      s8, HVRV_VHART_HOST_S(8)(a0)
    ld      s9, HVRV_VHART_HOST_S(9)(a0)
    ld      s10, HVRV_VHART_HOST_S(10)(a0)
    ld      s11, HVRV_VHART_HOST_S(11)(a0)
    csrr    a0, scause
    ret
    .size hvrv_vhart_exit, . - hvrv_vhart_exit

/* What stays the same while a vHart is loaded: a0 = vHart. */
    .global hvrv_vhart_capture
    .type hvrv_vhart_capture, @function
    .balign 4
hvrv_vhart_capture:
    lla     t0, hvrv_vhart_exit
    sd      gp, HVRV_VHART_HOST_GP(a0)
    sd      tp, HVRV_VHART_HOST_TP(a0)
    sd      t0, HVRV_VHART_HOST_VECTOR(a0)
    ret
    .size hvrv_vhart_capture, . - hvrv_vhart_capture

/* A dummy SC, to a word of its own; whether it succeeds does not matter. */
    .global hvrv_vhart_drop_reservation
    .type hvrv_vhart_drop_reservation, @function
    .balign 4
hvrv_vhart_drop_reservation:
    addi    sp, sp, -16
    sc.w    t0, zero, (sp)
    addi    sp, sp, 16
    ret
    .size hvrv_vhart_drop_reservation, . - hvrv_vhart_drop_reservation

/* FENCE.I by its encoding: -march need not name Zifencei. */
    .global hvrv_vhart_sync_fetch
    .type hvrv_vhart_sync_fetch, @function
    .balign 4
hvrv_vhart_sync_fetch:
    .insn i 0x0f, 1, x0, x0, 0
    ret
    .size hvrv_vhart_sync_fetch, . - hvrv_vhart_sync_fetch

    .section .note.GNU-stack, "", @progbits
