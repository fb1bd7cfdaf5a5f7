/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs one instruction that may trap, and comes back either way.
 *
 *     struct hvrv_hart_guarded
 *     hvrv_hart_guard(uint64_t a0, uint64_t a1, const char *stub, struct hvrv_hart_trap *trap);
 *
 * While the stub runs, stvec points here and interrupts are off. The stub uses
 * a0, a1 and t0 only, so a trap leaves every other register as it was; where it
 * trapped does not matter, and neither does the instruction's length. A trap
 * changes SPP, SPIE, SIE and SDT of sstatus and SPV and GVA of hstatus: both
 * are put back whole. Without a trap SIE and SDT are put back, so that FS and VS
 * stay as the stub made them. SDT is cleared, or the trap would be a double trap.
 *
 * The stub is called by t2 and returns by t0: no landing pad is expected there.
 */
#define TRAP_CAUSE  0
#define TRAP_STVAL  8
#define TRAP_HTVAL  16
#define TRAP_HTINST 24
#define TRAP_GVA    32

#define SSTATUS_SIE_SDT 0x1000002
#define CSR_HSTATUS     0x600
#define CSR_HTVAL       0x643
#define CSR_HTINST      0x64a
#define HSTATUS_GVA     6
#define CAUSE_ILLEGAL   2

    .option norelax /* alignment that every linker keeps */
    .section .text.hvrv_hart_guard, "ax", @progbits
    .global hvrv_hart_guard
    .type hvrv_hart_guard, @function
    .balign 4
hvrv_hart_guard:
    li      t5, SSTATUS_SIE_SDT
    csrrc   t1, sstatus, t5
    lla     t3, without_hypervisor
    csrrw   t3, stvec, t3
    csrr    a4, CSR_HSTATUS
    lla     t4, trapped
    csrw    stvec, t4
    mv      t2, a2
    jalr    t0, 0(t2)
    csrw    stvec, t3
    and     t1, t1, t5
    csrs    sstatus, t1
    li      a1, 0
    ret

    .balign 4
trapped:
    csrw    stvec, t3
    csrr    t4, CSR_HSTATUS
    csrr    t5, scause
    csrr    t6, stval
    csrr    a5, CSR_HTVAL
    csrr    a6, CSR_HTINST
    csrw    CSR_HSTATUS, a4
    srli    t4, t4, HSTATUS_GVA
    andi    t4, t4, 1
    j       return_trap

/* The hart has no hypervisor extension, so none of what may be guarded. */
    .balign 4
without_hypervisor:
    csrw    stvec, t3
    li      t4, 0
    li      t5, CAUSE_ILLEGAL
    li      t6, 0
    li      a5, 0
    li      a6, 0

return_trap:
    csrw    sstatus, t1
    sd      t5, TRAP_CAUSE(a3)
    sd      t6, TRAP_STVAL(a3)
    sd      a5, TRAP_HTVAL(a3)
    sd      a6, TRAP_HTINST(a3)
    sb      t4, TRAP_GVA(a3)
    li      a0, 0
    li      a1, 1
    ret
    .size hvrv_hart_guard, . - hvrv_hart_guard

/*
 * HLVX.HU and HLVX.WU alone, in half the time: of what a guest executed a moment ago, so there is a
 * hypervisor. Called by t0: the address is in a4, which becomes the instruction, and a5 the cause of
 * the trap or 0. Beside these t1 and t3 to t6 are lost. No FS or VS changes here, so sstatus is put
 * back whole.
 */
    .macro guard_hlvx name, funct7
    .global \name
    .type \name, @function
    .balign 4
\name:
    li      t5, SSTATUS_SIE_SDT
    csrrc   t1, sstatus, t5
    csrr    t6, CSR_HSTATUS
    lla     t4, hlvx_trapped
    csrrw   t3, stvec, t4
    .insn r 0x73, 4, \funct7, a4, a4, x3
    li      a5, 0
    csrw    stvec, t3
    csrw    sstatus, t1
    jr      t0
    .size \name, . - \name
    .endm

    guard_hlvx hvrv_hart_hlvx_hu_guarded, 0x32
    guard_hlvx hvrv_hart_hlvx_wu_guarded, 0x34

    .balign 4
hlvx_trapped:
    csrw    stvec, t3
    csrw    CSR_HSTATUS, t6
    csrr    a5, scause
    csrw    sstatus, t1
    li      a4, 0
    jr      t0

/* For the tests: their hart does not log what the guard does. */
    .global hvrv_hart_guard_end
hvrv_hart_guard_end:

    .section .note.GNU-stack, "", @progbits
