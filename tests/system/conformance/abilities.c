/* SPDX-License-Identifier: BSD-2-Clause */
#include "abilities.h"

#include <hvrv/isa/csr.h>
#include <hvrv/port/probe.h>

#include "memory.h"
#include "perform.h"

#define MODE_BARE  0
#define MODE_SV39  8
#define LEAF       UINT64_C(0xdf) /* D A U X W R V */
#define ACCESSED   0x40
#define TABLE_LEAF UINT64_C(0xcf)
#define EXECUTE    UINT64_C(0xd9) /* D A U X V */
#define NAPOT_64K  (UINT64_C(1) << 63 | 0x2000)
#define RSW_60     (UINT64_C(1) << 60)
#define PBMT_NC    (UINT64_C(1) << 61)
#define SATP_PAGE  (UINT64_C(2) << 30) /* the gigapage where image and arena are */

static struct hvrv_hart *const hart = &(struct hvrv_hart){0}; /* not looked at on a hart */

static uint64_t supervisor_root[512] __attribute__((aligned(4096)));

/* Memory where it is, for HS-mode under Sv39. */
static uint64_t find_satp(void)
{
    uint64_t satp = UINT64_C(8) << 60 | (uint64_t)(uintptr_t)supervisor_root >> 12;

    supervisor_root[SATP_PAGE >> 30] = SATP_PAGE >> 2 | 0xcf;
    hvrv_hart_write_satp(hart, satp);
    hvrv_hart_sfence_vma_all(hart);
    uint64_t kept = hvrv_hart_read_satp(hart);
    hvrv_hart_write_satp(hart, 0);
    hvrv_hart_sfence_vma_all(hart);
    return kept == satp ? satp : 0;
}

/* Four tables of the G-stage, Sv39x4, that map the GPA 0 to a data page by this leaf. */
static uint64_t map_zero(uint64_t leaf)
{
    uint64_t data = memory_page(MEMORY_DATA_PAGE + 16) & ~UINT64_C(0xffff);

    memory_clear_tables();
    memory_put(memory_page(0), memory_page(4) >> 2 | 1);
    memory_put(memory_page(4), memory_page(5) >> 2 | 1);
    memory_put(memory_page(5), data >> 2 | leaf);
    return memory_page(5);
}

/* Whether a load of a GVA goes through. */
static bool loads(uint64_t vsatp, uint64_t sstatus, uint64_t menvcfg)
{
    struct abilities none = {0};
    struct tables tables = {.hgatp = UINT64_C(8) << 60 | memory_page(0) >> 12};
    struct trial trial = {.instruction = &instructions[INSTRUCTION_HLV_D],
                          .privilege = HVRV_WALK_VS};
    struct outcome outcome;

    trial.vsatp = vsatp;
    trial.sstatus = sstatus;
    trial.menvcfg = menvcfg;
    perform_set_csrs(&tables, &none, &trial);
    perform(&trial, &outcome);
    return !outcome.trapped;
}

static bool loads_by(uint64_t leaf)
{
    map_zero(leaf);
    return loads(MODE_BARE, 0, 0);
}

/* A VS-stage root in a page that may only be executed. */
static bool find_mxr_implicit(void)
{
    uint64_t page = memory_page(6);

    map_zero(LEAF);
    memory_put(memory_page(5) + 8, page >> 2 | EXECUTE);
    memory_put(page, TABLE_LEAF); /* a gigapage at GPA 0 */
    return loads(UINT64_C(MODE_SV39) << 60 | 1, HVRV_SSTATUS_MXR, 0);
}

static enum hvrv_walk_ad find_ad(void)
{
    uint64_t leaf = map_zero(LEAF & ~(uint64_t)ACCESSED);

    if (!loads(MODE_BARE, 0, 0))
        return HVRV_WALK_AD_FAULT;
    return memory_real(leaf) & ACCESSED ? HVRV_WALK_AD_UPDATE : HVRV_WALK_AD_IGNORE;
}

/* The bit alone does not mean that there is Svpbmt: some emulators keep it without an effect. */
static uint64_t find_menvcfg(void)
{
    uint64_t bits = machine_set_menvcfg(HVRV_MENVCFG_PBMTE | HVRV_MENVCFG_ADUE) &
                    (HVRV_MENVCFG_PBMTE | HVRV_MENVCFG_ADUE);

    map_zero(LEAF | PBMT_NC);
    if (!loads(MODE_BARE, 0, HVRV_MENVCFG_PBMTE))
        bits &= ~HVRV_MENVCFG_PBMTE;
    return bits;
}

void abilities_find(struct abilities *abilities, uint64_t qemu_version)
{
    struct hvrv_probe probe;

    *abilities = (struct abilities){.machine = machine_identify(qemu_version)};
    if (hvrv_probe_hart(&probe, hart) != HVRV_OK || !(probe.hgatp_modes >> 8 & 1)) {
        printf("conformance: this hart has no hypervisor extension, or no Sv39x4\n");
        machine_end(2);
    }
    abilities->vsatp_modes = probe.vsatp_modes;
    abilities->hgatp_modes = probe.hgatp_modes;
    abilities->vmidlen = probe.vmidlen;
    abilities->satp = find_satp();
    abilities->menvcfg = find_menvcfg();
    abilities->svnapot = loads_by(LEAF | NAPOT_64K);
    abilities->svrsw60t59b = loads_by(LEAF | RSW_60);
    abilities->mxr_implicit = find_mxr_implicit();
    abilities->ad = find_ad();
    memory_clear_tables();
}

void abilities_print(const struct abilities *abilities)
{
    static const char *const ad[] = {"faults", "updates", "ignores"};
    bool adue = abilities->menvcfg & HVRV_MENVCFG_ADUE;

    printf("conformance: ");
    machine_print_name(&abilities->machine);
    printf(": vsatp modes 0x%x, hgatp modes 0x%x, VMIDLEN %u, A/D %s, Svpbmt %s, Svnapot %s, "
           "Svrsw60t59b %s, MXR for implicit reads %s\n",
           abilities->vsatp_modes, abilities->hgatp_modes, abilities->vmidlen,
           adue ? "by ADUE" : ad[abilities->ad],
           abilities->menvcfg & HVRV_MENVCFG_PBMTE ? "yes" : "no",
           abilities->svnapot ? "yes" : "no", abilities->svrsw60t59b ? "yes" : "no",
           abilities->mxr_implicit ? "yes" : "no");
}
