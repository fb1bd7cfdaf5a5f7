/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function a deviation: whether a mismatch is this one and nothing else. Each is as narrow
 * as it can be said; where an emulator goes on after its error, what follows may be anything.
 */
#include "deviations.h"

#include <string.h>

#include <hvrv/isa/csr.h>

#include "memory.h"

/* PTE bits. */
#define R UINT64_C(0x02)
#define X UINT64_C(0x08)
#define U UINT64_C(0x10)
#define A UINT64_C(0x40)
#define D UINT64_C(0x80)

#define QEMU_7   0x070000, 0x07ffff
#define QEMU_10  0x0a0000, 0x0affff
#define QEMU_ANY 0x070000, 0x0affff

/* What two outcomes may differ in. */
enum {
    SCAUSE = 1,
    HTVAL = 2,
    HTINST = 4,
    MEMORY = 8,
};

/* Whether the path of the trial comes to this entry in the G-stage. */
static bool is_g_entry(const struct verdict *verdict, uint64_t address)
{
    struct path path;

    trial_find_path(verdict->trial, &path);
    for (unsigned i = 0; i < path.count; i++) {
        if (path.step[i].stage == HVRV_STAGE_G && path.step[i].pte_address.v == address)
            return true;
    }
    return false;
}

/* What differs in memory is the D bit, of entries of the G-stage, that an update owes. */
static bool misses_g_dirty(const struct verdict *verdict)
{
    if (verdict->trial->regime.vs_ad != HVRV_WALK_AD_UPDATE)
        return false;
    for (uint64_t hpa = memory_next_difference(0); hpa; hpa = memory_next_difference(hpa)) {
        if ((memory_real(hpa) ^ memory_shadow(hpa)) != D || !is_g_entry(verdict, hpa))
            return false;
    }
    return true;
}

static bool same_but(const struct verdict *verdict, unsigned fields)
{
    const struct outcome *expected = &verdict->expected->outcome, *actual = verdict->actual;

    return actual->trapped == expected->trapped && actual->value == expected->value &&
           actual->stval == expected->stval && actual->gva == expected->gva &&
           actual->sepc == expected->sepc &&
           (fields & SCAUSE || actual->scause == expected->scause) &&
           (fields & HTVAL || actual->htval == expected->htval) &&
           (fields & HTINST || verdict->is_htinst_right) &&
           (fields & MEMORY || verdict->is_memory_same || misses_g_dirty(verdict));
}

static enum hvrv_reason reason_of(const struct verdict *verdict)
{
    const struct hvrv_walk_result *walk = &verdict->expected->walk;

    return walk->faulted ? walk->fault.reason : HVRV_REASON_NONE;
}

static bool is_fault_of(const struct verdict *verdict, enum hvrv_stage stage)
{
    const struct hvrv_walk_result *walk = &verdict->expected->walk;

    return walk->faulted && walk->fault.stage == stage;
}

/* The entry that the walk ended at is a leaf whose bits, of these, are just those. */
static bool has_leaf(const struct verdict *verdict, uint64_t mask, uint64_t bits)
{
    const struct hvrv_walk_result *walk = &verdict->expected->walk;

    if (walk->faulted)
        return (walk->fault.pte & mask) == bits;
    return (walk->page.vs_pte.v && (walk->page.vs_pte.v & mask) == bits) ||
           (walk->page.g_pte.v && (walk->page.g_pte.v & mask) == bits);
}

/* Every word that differs does so in these bits alone. */
static bool memory_differs_in(uint64_t bits)
{
    for (uint64_t hpa = memory_next_difference(0); hpa; hpa = memory_next_difference(hpa)) {
        if ((memory_real(hpa) ^ memory_shadow(hpa)) & ~bits)
            return false;
    }
    return true;
}

static bool is_guest_page_fault(const struct outcome *outcome)
{
    return outcome->trapped && outcome->scause >= 20;
}

static unsigned g_width(const struct verdict *verdict)
{
    unsigned mode = verdict->trial->regime.g_mode;

    return mode ? (mode - 5) * 9 + 14 : 64;
}

/* The GPA that the hart reports is one for which there is an entry. */
static bool g_table_refused(const struct verdict *verdict)
{
    return is_fault_of(verdict, HVRV_STAGE_G) && reason_of(verdict) == HVRV_REASON_REFUSED &&
           is_guest_page_fault(verdict->actual) &&
           verdict->actual->htval << 2 >> g_width(verdict) == 0 &&
           same_but(verdict, SCAUSE | HTVAL | HTINST);
}

static bool hlvx_as_fetch(const struct verdict *verdict)
{
    const struct outcome *expected = &verdict->expected->outcome, *actual = verdict->actual;
    bool is_user_page = verdict->trial->regime.vs_sum &&
                        verdict->trial->privilege == HVRV_WALK_VS && has_leaf(verdict, U, U);

    if (verdict->trial->instruction->access != HVRV_ACCESS_HLVX || !actual->trapped)
        return false;
    if (actual->scause != 1 && actual->scause != 12)
        return false;
    if (!expected->trapped)
        return is_user_page;
    return same_but(verdict, SCAUSE | HTVAL | HTINST | MEMORY) && memory_differs_in(A | D);
}

static bool hlv_by_menvcfg(const struct verdict *verdict)
{
    const struct trial *trial = verdict->trial;
    enum hvrv_reason reason = reason_of(verdict);
    uint64_t unlike = trial->menvcfg & ~trial->henvcfg;

    if (trial->instruction->by_guest || !is_fault_of(verdict, HVRV_STAGE_VS))
        return false;
    if (reason == HVRV_REASON_RESERVED_PBMT)
        return unlike & HVRV_MENVCFG_PBMTE;
    return (unlike & HVRV_MENVCFG_ADUE) &&
           (reason == HVRV_REASON_ACCESSED || reason == HVRV_REASON_DIRTY);
}

/* The update goes through where a fault for an implicit store is due, or leaves the G-stage's D. */
static bool vs_update_unasked(const struct verdict *verdict)
{
    return verdict->expected->outcome.htinst == HVRV_HTINST_PSEUDO_WRITE64 || same_but(verdict, 0);
}

static bool napot_after_ad(const struct verdict *verdict)
{
    return reason_of(verdict) == HVRV_REASON_RESERVED_NAPOT && memory_differs_in(A | D) &&
           same_but(verdict, MEMORY);
}

static bool implicit_is_load(const struct verdict *verdict)
{
    return is_fault_of(verdict, HVRV_STAGE_G) && verdict->expected->walk.fault.implicit &&
           verdict->actual->scause == 21 && same_but(verdict, SCAUSE);
}

static bool hlv_under_bare(const struct verdict *verdict)
{
    const struct outcome *expected = &verdict->expected->outcome, *actual = verdict->actual;

    return !verdict->trial->instruction->by_guest && verdict->trial->satp == 0 &&
           is_fault_of(verdict, HVRV_STAGE_VS) && same_but(verdict, SCAUSE) &&
           ((expected->scause == 13 && actual->scause == 5) ||
            (expected->scause == 15 && actual->scause == 7));
}

static bool hlv_ignores_sum(const struct verdict *verdict)
{
    return !verdict->trial->instruction->by_guest && reason_of(verdict) == HVRV_REASON_SUM;
}

/* An entry on the way is a page that may only be executed. */
static bool meets_execute_only(const struct verdict *verdict)
{
    struct path path;

    trial_find_path(verdict->trial, &path);
    for (unsigned i = 0; i < path.count; i++) {
        if ((path.step[i].pte.v & (R | X)) == X)
            return true;
    }
    return false;
}

static bool hlvx_as_load(const struct verdict *verdict)
{
    return verdict->trial->instruction->access == HVRV_ACCESS_HLVX &&
           (reason_of(verdict) == HVRV_REASON_NOT_EXECUTABLE || meets_execute_only(verdict));
}

static bool mxr_of_the_wrong_stage(const struct verdict *verdict)
{
    const struct hvrv_walk_regime *regime = &verdict->trial->regime;

    return (regime->vs_mxr || regime->hs_mxr) && meets_execute_only(verdict);
}

static bool gpa_as_signed(const struct verdict *verdict)
{
    unsigned width = g_width(verdict);
    uint64_t upper = width < 64 ? UINT64_MAX << (width - 1) : 0;
    struct path path;

    if (verdict->expected->outcome.htval << 2 & upper)
        return true;
    trial_find_path(verdict->trial, &path);
    for (unsigned i = 0; i < path.count; i++) {
        if (path.step[i].stage == HVRV_STAGE_G && (path.step[i].address & upper))
            return true;
    }
    return false;
}

static bool end_refused(const struct verdict *verdict)
{
    return !verdict->expected->walk.faulted && verdict->expected->outcome.trapped &&
           is_guest_page_fault(verdict->actual) && same_but(verdict, SCAUSE | HTVAL | HTINST);
}

const struct deviation deviations[] = {
    {"qemu", QEMU_ANY, "an entry of the G-stage that PMP refuses is a guest-page fault",
     "norm:pmp_check_pagetable_access, step 2 of the algorithm: an access fault", g_table_refused},
    {"qemu", QEMU_ANY,
     "A or D of a VS-stage entry is set in a page that the G-stage does not let be written, or "
     "that it does not make dirty",
     "norm:H_vm_gpatrans: the update is a store to be translated", vs_update_unasked},
    {"qemu", QEMU_10, "HLVX is checked and reported like a fetch",
     "norm:hlsv_u_op: it is HLV with X in place of R", hlvx_as_fetch},
    {"qemu", QEMU_10, "HLV and HSV go by menvcfg's ADUE and PBMTE in the VS-stage",
     "norm:henvcfg_adue_op, norm:henvcfg_pbmte_op: henvcfg's", hlv_by_menvcfg},
    {"qemu", QEMU_10, "A and D are set before a reserved NAPOT encoding is noticed",
     "norm:Svnapot_reserved_encoding_fault, and step 3 comes before step 9", napot_after_ad},
    {"qemu", QEMU_7, "a guest-page fault of an implicit access is one of a load",
     "norm:H_vm_gpatrans: the original access decides", implicit_is_load},
    {"qemu", QEMU_7, "a page fault of HLV or HSV is an access fault while satp is Bare",
     "norm:hlsv_trans: vsatp and hgatp translate", hlv_under_bare},
    {"qemu", QEMU_7, "HLV and HSV ignore SUM", "norm:hlsv_trans: only the HS-level SUM is ignored",
     hlv_ignores_sum},
    {"qemu", QEMU_7, "HLVX wants R in place of X", "norm:hlsv_u_op", hlvx_as_load},
    {"qemu", QEMU_7, "MXR is taken from the wrong status register",
     "norm:hlsv_sstatus_mxr, norm:hlsv_vsstatus_mxr", mxr_of_the_wrong_stage},
    {"qemu", QEMU_7, "a GPA is taken for signed", "norm:hgatp_mode_sv39x4", gpa_as_signed},
    {"qemu", QEMU_7, "an HPA that PMP refuses is a guest-page fault",
     "norm:pmp_access_fault_exception", end_refused},
};

const unsigned deviation_count = sizeof(deviations) / sizeof(deviations[0]);

unsigned deviation_find(const struct machine *machine, const struct verdict *verdict)
{
    unsigned i;

    for (i = 0; i < deviation_count; i++) {
        const struct deviation *row = &deviations[i];

        if (strcmp(row->emulator, machine->name) == 0 && machine->version >= row->first &&
            machine->version <= row->last && row->applies(verdict))
            break;
    }
    return i;
}
