/* SPDX-License-Identifier: BSD-2-Clause */
#include "perform.h"

#include <hvrv/vhart/trap.h>

#define UXL_64  (UINT64_C(2) << 32)
#define VSXL_64 (UINT64_C(2) << 32)

#define CAUSE_ECALL_VU 8
#define CAUSE_ECALL_VS 10

/* The standard transformations: a0 for data, no offset; rs1 is 0, as nothing is misaligned. */
#define LOAD(funct3)     ((funct3) << 12 | 10 << 7 | 0x03)
#define STORE(funct3)    (10 << 20 | (funct3) << 12 | 0x23)
#define HLV(funct7, rs2) ((uint32_t)(funct7) << 25 | (rs2) << 20 | 4 << 12 | 10 << 7 | 0x73)
#define HSV(funct7)      ((uint32_t)(funct7) << 25 | 11 << 20 | 4 << 12 | 0x73)

const struct instruction instructions[INSTRUCTION_COUNT] = {
    {"lb", HVRV_ACCESS_LOAD, 1, true, true, 0, LOAD(0)},
    {"lbu", HVRV_ACCESS_LOAD, 1, false, true, 1, LOAD(4)},
    {"lh", HVRV_ACCESS_LOAD, 2, true, true, 2, LOAD(1)},
    {"lhu", HVRV_ACCESS_LOAD, 2, false, true, 3, LOAD(5)},
    {"lw", HVRV_ACCESS_LOAD, 4, true, true, 4, LOAD(2)},
    {"lwu", HVRV_ACCESS_LOAD, 4, false, true, 5, LOAD(6)},
    {"ld", HVRV_ACCESS_LOAD, 8, false, true, 6, LOAD(3)},
    {"sb", HVRV_ACCESS_STORE, 1, false, true, 7, STORE(0)},
    {"sh", HVRV_ACCESS_STORE, 2, false, true, 8, STORE(1)},
    {"sw", HVRV_ACCESS_STORE, 4, false, true, 9, STORE(2)},
    {"sd", HVRV_ACCESS_STORE, 8, false, true, 10, STORE(3)},
    {"fetch", HVRV_ACCESS_FETCH, 8, false, true, 0, 0},
    {"hlv.b", HVRV_ACCESS_LOAD, 1, true, false, HVRV_HART_HLV_B, HLV(0x30, 0)},
    {"hlv.bu", HVRV_ACCESS_LOAD, 1, false, false, HVRV_HART_HLV_BU, HLV(0x30, 1)},
    {"hlv.h", HVRV_ACCESS_LOAD, 2, true, false, HVRV_HART_HLV_H, HLV(0x32, 0)},
    {"hlv.hu", HVRV_ACCESS_LOAD, 2, false, false, HVRV_HART_HLV_HU, HLV(0x32, 1)},
    {"hlv.w", HVRV_ACCESS_LOAD, 4, true, false, HVRV_HART_HLV_W, HLV(0x34, 0)},
    {"hlv.wu", HVRV_ACCESS_LOAD, 4, false, false, HVRV_HART_HLV_WU, HLV(0x34, 1)},
    {"hlv.d", HVRV_ACCESS_LOAD, 8, false, false, HVRV_HART_HLV_D, HLV(0x36, 0)},
    {"hlvx.hu", HVRV_ACCESS_HLVX, 2, false, false, HVRV_HART_HLVX_HU, HLV(0x32, 3)},
    {"hlvx.wu", HVRV_ACCESS_HLVX, 4, false, false, HVRV_HART_HLVX_WU, HLV(0x34, 3)},
    {"hsv.b", HVRV_ACCESS_STORE, 1, false, false, HVRV_HART_HSV_B, HSV(0x31)},
    {"hsv.h", HVRV_ACCESS_STORE, 2, false, false, HVRV_HART_HSV_H, HSV(0x33)},
    {"hsv.w", HVRV_ACCESS_STORE, 4, false, false, HVRV_HART_HSV_W, HSV(0x35)},
    {"hsv.d", HVRV_ACCESS_STORE, 8, false, false, HVRV_HART_HSV_D, HSV(0x37)},
};

static struct hvrv_hart *const hart = &(struct hvrv_hart){0}; /* not looked at on a hart */

static struct hvrv_vhart vhart;

void perform_fence(void)
{
    hvrv_hart_hfence_gvma_all(hart);
    hvrv_hart_hfence_vvma_all(hart);
}

static void choose_ad(const struct abilities *abilities, struct hvrv_walk_regime *regime)
{
    if (abilities->menvcfg & HVRV_MENVCFG_ADUE)
        return;
    regime->vs_ad = regime->g_ad = abilities->ad;
}

void perform_set_csrs(const struct tables *tables, const struct abilities *abilities,
                      struct trial *trial)
{
    struct hvrv_walk_csrs csrs = {.vsstatus = trial->vsstatus, .sstatus = trial->sstatus};

    hvrv_hart_write_vsatp(hart, 0);
    hvrv_hart_write_hgatp(hart, tables->hgatp);
    hvrv_hart_write_vsatp(hart, trial->vsatp);
    hvrv_hart_write_vsstatus(hart, trial->vsstatus | UXL_64);
    if (hvrv_hart_read_satp(hart) != tables->satp) {
        hvrv_hart_write_satp(hart, tables->satp);
        hvrv_hart_sfence_vma_all(hart);
    }
    trial->menvcfg = machine_set_menvcfg(trial->menvcfg);
    hvrv_hart_write_henvcfg(hart, trial->henvcfg);
    trial->henvcfg = hvrv_hart_read_henvcfg(hart);
    perform_fence();

    csrs.vsatp = hvrv_hart_read_vsatp(hart);
    csrs.hgatp = hvrv_hart_read_hgatp(hart);
    csrs.henvcfg = trial->henvcfg;
    csrs.menvcfg = trial->menvcfg;
    if (hvrv_walk_regime_from_csrs(&trial->regime, &csrs) != HVRV_OK) {
        printf("conformance: the hart holds vsatp 0x%lx, hgatp 0x%lx\n", csrs.vsatp, csrs.hgatp);
        machine_end(2);
    }
    trial->regime.svnapot = abilities->svnapot;
    trial->regime.svrsw60t59b = abilities->svrsw60t59b;
    trial->regime.hs_mxr_implicit = abilities->mxr_implicit;
    choose_ad(abilities, &trial->regime);
}

static void by_hypervisor(const struct trial *trial, struct outcome *outcome)
{
    struct hvrv_hart_transfer transfer = {.value = trial->stored};
    bool is_store = trial->instruction->access == HVRV_ACCESS_STORE;
    enum hvrv_status status;

    hvrv_hart_write_hstatus(hart,
                            VSXL_64 | (trial->privilege == HVRV_WALK_VS ? HVRV_HSTATUS_SPVP : 0));
    hvrv_hart_set_sstatus(hart, trial->sstatus);
    status = hvrv_hart_access_guest(hart, (enum hvrv_hart_access)trial->instruction->number,
                                    hvrv_gva_make(trial->gva), &transfer);
    hvrv_hart_clear_sstatus(hart, HVRV_SSTATUS_MXR | HVRV_SSTATUS_SUM);
    outcome->trapped = status != HVRV_OK;
    outcome->value = outcome->trapped || is_store ? 0 : transfer.value;
    outcome->scause = transfer.trap.cause;
    outcome->stval = transfer.trap.stval;
    outcome->htval = transfer.trap.htval;
    outcome->htinst = transfer.trap.htinst;
    outcome->gva = transfer.trap.gva;
}

static void by_guest(const struct trial *trial, struct outcome *outcome)
{
    bool is_vs = trial->privilege == HVRV_WALK_VS;
    bool is_store = trial->instruction->access == HVRV_ACCESS_STORE;
    struct hvrv_trap trap;

    if (hvrv_vhart_init(&vhart, (struct hvrv_vm *)&vhart) != HVRV_OK)
        machine_end(2);
    vhart.gpr[10] = trial->stored;
    vhart.gpr[11] = trial->gva;
    vhart.sepc = trial->code;
    vhart.sstatus = UXL_64 | trial->sstatus | (is_vs ? HVRV_SSTATUS_SPP : 0);
    vhart.hstatus = VSXL_64 | HVRV_HSTATUS_SPV | (is_vs ? HVRV_HSTATUS_SPVP : 0);
    vhart.host.sstatus = hvrv_hart_read_sstatus(hart);
    vhart.host.stvec = hvrv_hart_read_stvec(hart);
    hvrv_vhart_capture(&vhart);
    hvrv_trap_read(hart, &vhart, hvrv_vhart_enter(&vhart), &trap);

    /* The ECALL behind the instruction says that it did its work. */
    bool is_end =
        trap.scause == (is_vs ? CAUSE_ECALL_VS : CAUSE_ECALL_VU) && trap.sepc == trial->code + 4;
    outcome->sepc = trap.sepc;
    outcome->trapped = !is_end;
    if (is_end) {
        outcome->value = is_store ? 0 : vhart.gpr[10];
        return;
    }
    outcome->scause = trap.scause;
    outcome->stval = trap.stval;
    outcome->htval = trap.htval;
    outcome->htinst = trap.htinst;
    outcome->gva = (trap.hstatus & HVRV_HSTATUS_GVA) != 0;
}

void perform(const struct trial *trial, struct outcome *outcome)
{
    *outcome = (struct outcome){0};
    if (trial->instruction->by_guest)
        by_guest(trial, outcome);
    else
        by_hypervisor(trial, outcome);
}
