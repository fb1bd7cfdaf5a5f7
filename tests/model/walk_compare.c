/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/walk_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long ull;

void walk_steps_keep(void *context, const struct hvrv_walk_step *step)
{
    struct walk_steps *steps = context;

    if (steps->count < WALK_MODEL_STEPS_MAX)
        steps->step[steps->count] = *step;
    steps->count++;
}

static enum hvrv_walk_ad policy(char c)
{
    return c == 'f' ? HVRV_WALK_AD_FAULT : c == 'u' ? HVRV_WALK_AD_UPDATE : HVRV_WALK_AD_IGNORE;
}

struct hvrv_walk_regime walk_compare_regime(const struct walk_model *model)
{
    struct hvrv_walk_regime regime = {
        .vs_root = {model->vsatp_mode ? model->vsatp_ppn << 12 : 0},
        .g_root = {model->hgatp_mode ? model->hgatp_ppn << 12 : 0},
        .vs_mode = (uint8_t)model->vsatp_mode,
        .g_mode = (uint8_t)model->hgatp_mode,
        .vs_ad = policy(model->vs_ad),
        .g_ad = policy(model->g_ad),
        .vs_sum = model->vsstatus_sum,
        .vs_mxr = model->vsstatus_mxr,
        .hs_mxr = model->sstatus_mxr,
        .hs_mxr_implicit = model->sstatus_mxr_for_implicit,
        .vs_pbmte = model->henvcfg_pbmte,
        .g_pbmte = model->menvcfg_pbmte,
        .svnapot = model->svnapot,
        .svrsw60t59b = model->svrsw60t59b,
    };

    return regime;
}

static enum hvrv_access access_of(char kind)
{
    switch (kind) {
    case 'r':
        return HVRV_ACCESS_LOAD;
    case 'w':
        return HVRV_ACCESS_STORE;
    case 'x':
        return HVRV_ACCESS_FETCH;
    case 'h':
        return HVRV_ACCESS_HLVX;
    default:
        abort();
    }
}

void walk_compare_run_model(const struct walk_model *model, const struct walk_access *access,
                            struct walk_model_outcome *outcome)
{
    walk_model_run(model, access->stages, access->address, access->kind, access->user, outcome);
}

enum hvrv_status walk_compare_run_walker(const struct hvrv_walk *walk,
                                         const struct walk_access *access,
                                         struct hvrv_walk_result *result)
{
    struct hvrv_walk_request request = {
        {access->address}, access_of(access->kind), access->user ? HVRV_WALK_VU : HVRV_WALK_VS};

    /* What the walker does not write shows. */
    memset(result, 0x5a, sizeof(*result));
    if (access->stages[0] == 'G')
        return hvrv_walk_g_stage(walk, hvrv_gpa_make(access->address), request.access, result);
    if (access->stages[1] == 'G')
        return hvrv_walk_two_stage(walk, &request, result);
    return hvrv_walk_vs_stage(walk, &request, result);
}

static const char *different_fault(const struct walk_access *access, const struct hvrv_fault *fault,
                                   const struct walk_model_outcome *outcome)
{
    if (strcmp(hvrv_reason_name(fault->reason), outcome->reason) != 0)
        return "reason";
    if (fault->cause != outcome->scause)
        return "cause";
    if (fault->stval != outcome->stval)
        return "stval";
    if (fault->htval != outcome->htval)
        return "htval";
    if (fault->htinst != outcome->htinst)
        return "htinst";
    if (!fault->gva)
        return "GVA";
    if (fault->stage != (outcome->stage == 'V' ? HVRV_STAGE_VS : HVRV_STAGE_G))
        return "stage";
    if (fault->level != outcome->level)
        return "level";
    if (fault->pte != outcome->pte || fault->pte_address != outcome->pte_address)
        return "PTE or its address";
    if (fault->implicit != outcome->implicit)
        return "implicit";
    return fault->access != access_of(access->kind) ? "access" : NULL;
}

static const char *different_leaf(const struct walk_model_leaf *leaf, uint64_t pte,
                                  uint64_t address, unsigned shift)
{
    if (!leaf->is_there)
        return pte || address ? "an entry of a stage that is Bare" : NULL;
    if (pte != leaf->pte || address != leaf->address)
        return "leaf or its address";
    return shift != 12 + 9 * (unsigned)leaf->level ? "shift" : NULL;
}

static unsigned size_of(const struct walk_model_leaf *leaf)
{
    if (!leaf->is_there)
        return 56;
    return leaf->pte >> 63 ? 16 : 12 + 9 * (unsigned)leaf->level;
}

/* The size, the permissions and the memory type of both stages together. */
static const char *different_sum(const struct hvrv_walk_page *page,
                                 const struct walk_model_outcome *outcome)
{
    unsigned vs_size = size_of(&outcome->vs), g_size = size_of(&outcome->g);
    uint64_t vs_pte = outcome->vs.is_there ? outcome->vs.pte : 0x1e;
    uint64_t g_pte = outcome->g.is_there ? outcome->g.pte : 0x0e;
    uint64_t vs_pbmt = vs_pte >> 61 & 3, g_pbmt = g_pte >> 61 & 3;

    if (hvrv_walk_page_shift(page) != (vs_size < g_size ? vs_size : g_size))
        return "page shift";
    if (hvrv_walk_permissions(page) != ((vs_pte & g_pte & 0xe) | (vs_pte & 0x10)))
        return "permissions";
    return hvrv_walk_pbmt(page) != (vs_pbmt ? vs_pbmt : g_pbmt) ? "memory type" : NULL;
}

static const char *different_page(const struct hvrv_walk_page *page,
                                  const struct walk_model_outcome *outcome)
{
    const char *what;

    if (page->gpa.v != outcome->gpa)
        return "GPA";
    if (page->hpa.v != outcome->hpa)
        return "HPA";
    what = different_leaf(&outcome->vs, page->vs_pte.v, page->vs_pte_address.v, page->vs_shift);
    if (!what)
        what = different_leaf(&outcome->g, page->g_pte.v, page->g_pte_address.v, page->g_shift);
    return what ? what : different_sum(page, outcome);
}

const char *walk_compare_result(const struct walk_access *access,
                                const struct hvrv_walk_result *result,
                                const struct walk_model_outcome *outcome)
{
    if (result->faulted != outcome->faulted)
        return "whether there is a fault";
    return result->faulted ? different_fault(access, &result->fault, outcome)
                           : different_page(&result->page, outcome);
}

const char *walk_compare_steps(const struct walk_steps *steps,
                               const struct walk_model_outcome *outcome)
{
    if (steps->count != outcome->reads)
        return "number of reads";
    for (unsigned i = 0; i < outcome->reads; i++) {
        const struct hvrv_walk_step *step = &steps->step[i];
        const struct walk_model_step *expected = &outcome->steps[i];

        if (step->stage != (expected->stage == 'V' ? HVRV_STAGE_VS : HVRV_STAGE_G) ||
            step->level != (unsigned)expected->level || step->address != expected->address ||
            step->pte_address.v != expected->pte_address || step->pte.v != expected->pte)
            return "a step of the trace";
    }
    return NULL;
}

unsigned walk_compare_reason(const struct walk_model_outcome *outcome)
{
    for (unsigned i = 0; i < WALK_REASONS; i++) {
        if (strcmp(outcome->reason, hvrv_reason_name((enum hvrv_reason)i)) == 0)
            return i;
    }
    abort();
}

void walk_compare_print(const struct walk_model *model, const struct walk_access *access,
                        const struct walk_model_outcome *outcome)
{
    printf("  vsatp mode %u root 0x%llx, hgatp mode %u root 0x%llx\n", model->vsatp_mode,
           (ull)model->vsatp_ppn << 12, model->hgatp_mode, (ull)model->hgatp_ppn << 12);
    printf("  vsstatus SUM %d MXR %d, sstatus MXR %d (implicit %d), A/D %c over %c, "
           "PBMTE %d over %d, Svnapot %d, Svrsw60t59b %d\n",
           model->vsstatus_sum, model->vsstatus_mxr, model->sstatus_mxr,
           model->sstatus_mxr_for_implicit, model->vs_ad, model->g_ad, model->henvcfg_pbmte,
           model->menvcfg_pbmte, model->svnapot, model->svrsw60t59b);
    printf("  stages %s, address 0x%llx, access %c by %s\n", access->stages, (ull)access->address,
           access->kind, access->user ? "VU" : "VS");
    for (unsigned i = 0; i < outcome->reads; i++) {
        const struct walk_model_step *step = &outcome->steps[i];

        printf("  %s-stage for 0x%llx, level %d at 0x%llx: 0x%llx\n",
               step->stage == 'V' ? "VS" : "G", (ull)step->address, step->level,
               (ull)step->pte_address, (ull)step->pte);
    }
    if (outcome->faulted)
        printf("  model:  cause %u, stval 0x%llx, htval 0x%llx, htinst 0x%llx: %s-stage, "
               "level %d, PTE 0x%llx at 0x%llx, %s\n",
               outcome->scause, (ull)outcome->stval, (ull)outcome->htval, (ull)outcome->htinst,
               outcome->stage == 'V' ? "VS" : "G", outcome->level, (ull)outcome->pte,
               (ull)outcome->pte_address, outcome->reason);
    else
        printf("  model:  GPA 0x%llx, HPA 0x%llx, leaves 0x%llx and 0x%llx\n", (ull)outcome->gpa,
               (ull)outcome->hpa, (ull)outcome->vs.pte, (ull)outcome->g.pte);
}

void walk_compare_print_result(const struct hvrv_walk_result *result)
{
    const struct hvrv_fault *fault = &result->fault;
    const struct hvrv_walk_page *page = &result->page;

    if (result->faulted)
        printf("  walker: cause %u, stval 0x%llx, htval 0x%llx, htinst 0x%x: %s-stage, "
               "level %u, PTE 0x%llx at 0x%llx, %s\n",
               (unsigned)fault->cause, (ull)fault->stval, (ull)fault->htval, fault->htinst,
               fault->stage == HVRV_STAGE_VS ? "VS" : "G", fault->level, (ull)fault->pte,
               (ull)fault->pte_address, hvrv_reason_name(fault->reason));
    else
        printf("  walker: GPA 0x%llx, HPA 0x%llx, leaves 0x%llx and 0x%llx\n", (ull)page->gpa.v,
               (ull)page->hpa.v, (ull)page->vs_pte.v, (ull)page->g_pte.v);
}
