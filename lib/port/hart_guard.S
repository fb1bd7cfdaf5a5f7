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
 * changes SPP, SPIE and SIE of sstatus and SPV and GVA of hstatus: both are put
 * back whole.
 */
#define TRAP_CAUSE  0
#define TRAP_STVAL  8
#define TRAP_HTVAL  16
#define TRAP_HTINST 24
#define TRAP_GVA    32

#define SSTATUS_SIE  2
#define CSR_HSTATUS  0x600
#define CSR_HTVAL    0x643
#define CSR_HTINST   0x64a
#define HSTATUS_GVA  6

    .section .text.hvrv_hart_guard, "ax", @progbits
    .global hvrv_hart_guard
    .type hvrv_hart_guard, @function
    .balign 4
hvrv_hart_guard:
    csrrci  t1, sstatus, SSTATUS_SIE
    csrr    t2, CSR_HSTATUS
    lla     t3, trapped
    csrrw   t3, stvec, t3
    jalr    t0, 0(a2)
    csrw    stvec, t3
    csrw    sstatus, t1
    li      a1, 0
    ret

    .balign 4
trapped:
    csrw    stvec, t3
    csrr    t4, CSR_HSTATUS
    csrr    t5, scause
    csrr    t6, stval
    csrr    a4, CSR_HTVAL
    csrr    a5, CSR_HTINST
    csrw    CSR_HSTATUS, t2
    csrw    sstatus, t1
    srli    t4, t4, HSTATUS_GVA
    andi    t4, t4, 1
    sd      t5, TRAP_CAUSE(a3)
    sd      t6, TRAP_STVAL(a3)
    sd      a4, TRAP_HTVAL(a3)
    sd      a5, TRAP_HTINST(a3)
    sb      t4, TRAP_GVA(a3)
    li      a0, 0
    li      a1, 1
    ret
    .size hvrv_hart_guard, . - hvrv_hart_guard

    .section .note.GNU-stack, "", @progbits
