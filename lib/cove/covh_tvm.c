/* SPDX-License-Identifier: BSD-2-Clause */
/* COVH: a TVM from create to destroy. */
#include <hvrv/vhart/timer.h>

#include "tsm_call.h"

/* Pages from a base on, of this many; false where they cannot be. */
static bool make_free(const struct hvrv_tsm *tsm, uint64_t base, uint64_t count,
                      struct hvrv_range *range)
{
    return hvrv_range_make(range, base, count * HVRV_PAGE_SIZE) == HVRV_OK &&
           hvrv_tsm_is_free(tsm, range);
}

/* The first slot without a TVM; the count if there is none. */
static uint32_t find_slot(const struct hvrv_tsm *tsm)
{
    uint32_t slot = 0;

    while (slot < tsm->config.slot_count && tsm->config.slots[slot].tvm)
        slot++;
    return slot;
}

/* Where a TVM is to live. */
struct place {
    struct hvrv_range root;
    struct hvrv_range state;
    uint32_t slot;
};

static enum hvrv_sbi_error read_place(const struct hvrv_tsm_call *call, struct place *place)
{
    struct hvrv_cove_tvm_params params;

    if (call->a[1] != sizeof(params))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (!hvrv_bits_is_aligned(call->a[0], sizeof(uint64_t)) ||
        !hvrv_tsm_is_host(call->tsm, call->a[0], sizeof(params)))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    hvrv_tsm_read(call->tsm, call->a[0], &params, sizeof(params));
    if (!hvrv_bits_is_aligned(params.page_directory, HVRV_PAGES_ROOT_X4) ||
        !make_free(call->tsm, params.page_directory, HVRV_PAGES_ROOT_X4 / HVRV_PAGE_SIZE,
                   &place->root) ||
        !make_free(call->tsm, params.state, call->tsm->tvm_pages, &place->state) ||
        hvrv_range_overlaps(place->root, place->state))
        return HVRV_SBI_ERR_INVALID_PARAM;
    place->slot = find_slot(call->tsm);
    return place->slot < call->tsm->config.slot_count ? HVRV_SBI_SUCCESS : HVRV_SBI_ERR_FAILED;
}

enum hvrv_sbi_error hvrv_covh_create_tvm(const struct hvrv_tsm_call *call)
{
    struct hvrv_tsm *tsm = call->tsm;
    struct hvrv_page_change move = {.from = HVRV_PAGE_FREE};
    struct hvrv_tsm_slot *slot;
    struct hvrv_tvm *tvm;
    struct place place;
    enum hvrv_sbi_error error = read_place(call, &place);

    if (error)
        return error;
    hvrv_tsm_zero(tsm, &place.root);
    hvrv_tsm_zero(tsm, &place.state);
    slot = &tsm->config.slots[place.slot];
    tvm = hvrv_tsm_pointer(tsm, place.state.first);
    tvm->owner = place.slot + 1;
    if (hvrv_tvm_init(tvm, tsm, hvrv_hpa_make(place.root.first)) != HVRV_OK)
        return HVRV_SBI_ERR_FAILED;
    move.owner = tvm->owner;
    move.range = place.root;
    move.to = HVRV_PAGE_ROOT;
    hvrv_tsm_move(tsm, &move);
    move.range = place.state;
    move.to = HVRV_PAGE_STATE;
    hvrv_tsm_move(tsm, &move);
    slot->generation++;
    slot->tvm = tvm;
    tvm->id = slot->generation << 11 | place.slot;
    call->reply->answer.value = tvm->id;
    return HVRV_SBI_SUCCESS;
}

/* The TVM in a0, which is still being built; or null. */
static struct hvrv_tvm *find_initializing(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);
    return tvm && tvm->life == HVRV_TVM_INITIALIZING ? tvm : NULL;
}

enum hvrv_sbi_error hvrv_covh_add_tvm_memory_region(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = find_initializing(call);
    struct hvrv_region region = {.kind = HVRV_REGION_CONFIDENTIAL};

    if (!tvm)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (!hvrv_bits_is_aligned(call->a[1], HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (call->a[2] == 0 || !hvrv_bits_is_aligned(call->a[2], HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (hvrv_range_make(&region.range, call->a[1], call->a[2]) != HVRV_OK ||
        region.range.last >> tvm->gstage.mode->width != 0 ||
        !hvrv_region_covers(&tvm->regions, &region.range, HVRV_REGION_NONE))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (hvrv_region_turn(&tvm->regions, &region, HVRV_REGION_NONE) != HVRV_OK)
        return HVRV_SBI_ERR_FAILED;
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_add_tvm_page_table_pages(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);
    struct hvrv_page_change move = {.from = HVRV_PAGE_FREE, .to = HVRV_PAGE_POOL};
    enum hvrv_sbi_error error;

    if (!tvm)
        return HVRV_SBI_ERR_INVALID_PARAM;
    error = hvrv_tsm_make_range(call->tsm, call->a[1], call->a[2], &move.range);
    if (error)
        return error;
    move.owner = tvm->owner;
    if (hvrv_page_check(call->tsm->config.pages, &move) != HVRV_OK)
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    hvrv_tsm_move(call->tsm, &move);
    hvrv_tvm_add_tables(tvm, &move.range);
    return HVRV_SBI_SUCCESS;
}

/* A vHart of the TVM in pages that are free. */
static enum hvrv_sbi_error make_vhart(const struct hvrv_tsm_call *call, struct hvrv_tvm *tvm,
                                      const struct hvrv_range *range)
{
    const struct hvrv_probe *probe = call->tsm->config.probe;
    struct hvrv_tvm_vhart *vhart = hvrv_tsm_pointer(call->tsm, range->first);
    uint64_t vector_size = hvrv_range_size(*range) - sizeof(*vhart);

    hvrv_tsm_zero(call->tsm, range);
    if (hvrv_vhart_init(&vhart->vhart, &tvm->vm) != HVRV_OK ||
        hvrv_timer_init(&vhart->vhart, probe) != HVRV_OK)
        return HVRV_SBI_ERR_FAILED;
    vhart->vhart.policy = HVRV_VHART_EAGER;
    /* WFI ends the vHart's turn, so that the host may run another. */
    vhart->vhart.hstatus |= HVRV_HSTATUS_VTW;
    if (probe->vector &&
        hvrv_vhart_set_vector(&vhart->vhart, vhart + 1, vector_size, probe) != HVRV_OK)
        return HVRV_SBI_ERR_FAILED;
    vhart->tvm = tvm;
    vhart->id = (uint32_t)call->a[1];
    vhart->state = HVRV_TVM_VHART_STOPPED;
    tvm->vharts[vhart->id] = vhart;
    tvm->vhart_count++;
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_create_tvm_vcpu(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = find_initializing(call);
    struct hvrv_page_change move = {.from = HVRV_PAGE_FREE, .to = HVRV_PAGE_VHART};
    struct hvrv_tvm_step step = {HVRV_TVM_TAG_VHART, call->a[1], 0, NULL};
    enum hvrv_sbi_error error;

    if (!tvm || call->a[1] >= call->tsm->config.vharts_max || tvm->vharts[call->a[1]])
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (!make_free(call->tsm, call->a[2], call->tsm->vhart_pages, &move.range))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    error = make_vhart(call, tvm, &move.range);
    if (error)
        return error;
    move.owner = tvm->owner;
    hvrv_tsm_move(call->tsm, &move);
    hvrv_tvm_measure(tvm, &call->tsm->config.hash, &step);
    return HVRV_SBI_SUCCESS;
}

/* Everything that a TVM with AIA needs before it runs is there. */
static bool has_files(const struct hvrv_tvm *tvm)
{
    for (uint32_t i = 0; i < HVRV_TVM_VHARTS_MAX; i++) {
        if (tvm->vharts[i] && !tvm->vharts[i]->files.has_gpa)
            return false;
    }
    return true;
}

enum hvrv_sbi_error hvrv_covh_finalize_tvm(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = find_initializing(call);
    struct hvrv_tvm_step step = {HVRV_TVM_TAG_MAIN, call->a[1], call->a[2], NULL};
    uint64_t identity = call->a[3];
    struct hvrv_tvm_vhart *boot;

    if (!tvm || !tvm->vharts[0] || (call->a[1] & 1) != 0 || (tvm->aia.is_there && !has_files(tvm)))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (identity != 0 && (!hvrv_bits_is_aligned(identity, HVRV_COVE_IDENTITY_SIZE) ||
                          !hvrv_tsm_is_host(call->tsm, identity, HVRV_COVE_IDENTITY_SIZE)))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (identity != 0)
        hvrv_tsm_read(call->tsm, identity, tvm->identity, HVRV_COVE_IDENTITY_SIZE);
    tvm->has_identity = identity != 0;
    hvrv_tvm_measure(tvm, &call->tsm->config.hash, &step);
    boot = tvm->vharts[0];
    boot->vhart.sepc = call->a[1];
    boot->vhart.gpr[11] = call->a[2];
    boot->state = HVRV_TVM_VHART_READY;
    tvm->life = HVRV_TVM_RUNNABLE;
    return HVRV_SBI_SUCCESS;
}

/* Pages of the host that the TVM still has mapped, or had invalidated, count one mapping less. */
static bool let_go(void *context, const struct hvrv_gstage_run *run)
{
    struct hvrv_page_map *pages = context;
    struct hvrv_range range = {run->hpa.v, run->hpa.v + (run->size - 1)};

    /* A run is of one kind: confidential pages may be executed, shared ones not. */
    if (!(run->bits & HVRV_PTE_X))
        (void)!hvrv_page_unshare(pages, &range);
    return true;
}

enum hvrv_sbi_error hvrv_covh_destroy_tvm(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);
    struct hvrv_gstage_visit_request visit = {.see = let_go, .context = call->tsm->config.pages};

    if (!tvm)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (tvm->running != 0)
        return HVRV_SBI_ERR_FAILED;
    visit.range.size = HVRV_BIT(tvm->gstage.mode->width);
    visit.range.budget = HVRV_GSTAGE_NO_LIMIT;
    (void)!hvrv_gstage_visit(&tvm->gstage, &visit);
    call->tsm->config.slots[tvm->owner - 1].tvm = NULL;
    if (call->tsm->config.files)
        (void)hvrv_page_release(call->tsm->config.files, tvm->owner);
    (void)hvrv_page_release(call->tsm->config.pages, tvm->owner);
    return HVRV_SBI_SUCCESS;
}
