/* SPDX-License-Identifier: BSD-2-Clause */
/* COVH: pages that leave a TVM's address space: invalidated, fenced, removed. */
#include "tsm_call.h"

/* A leaf of a TVM's, and the page behind it. */
struct leaf {
    struct hvrv_gstage_entry entry;
    struct hvrv_range hpa;
    struct hvrv_page page;
};

/* What a call does with each leaf of its range. */
struct step {
    /* Whether it may be done: all leaves are asked before one is changed. */
    bool (*may)(const struct hvrv_tvm *tvm, const struct leaf *leaf);
    /* Notes it in the page map. */
    void (*note)(struct hvrv_tvm *tvm, const struct leaf *leaf);
    /* Does it to all of them in the tables. */
    enum hvrv_status (*change)(const struct hvrv_gstage *gstage, struct hvrv_gstage_range *range,
                               struct hvrv_fence_gather *gather);
};

/* The leaf around an address; false if nothing is there. */
static bool find_leaf(const struct hvrv_tvm *tvm, uint64_t gpa, struct leaf *leaf)
{
    uint64_t hpa;

    if (hvrv_gstage_query(&tvm->gstage, hvrv_gpa_make(gpa), &leaf->entry) != HVRV_OK ||
        leaf->entry.pte.v == 0)
        return false;
    hpa = hvrv_bits_get(leaf->entry.pte.v, HVRV_PTE_PPN) << HVRV_PAGE_SHIFT;
    leaf->hpa = (struct hvrv_range){hpa, hpa + (HVRV_BIT(leaf->entry.shift) - 1)};
    leaf->page = hvrv_page_get(tvm->tsm->config.pages, hvrv_hpa_make(hpa));
    return true;
}

static bool is_valid(const struct leaf *leaf)
{
    return (leaf->entry.pte.v & HVRV_PTE_V) != 0;
}

static bool is_shared(const struct leaf *leaf)
{
    return leaf->page.state == HVRV_PAGE_SHARED;
}

/* The region is still of the kind that the leaf was mapped for. */
static bool is_in_place(const struct hvrv_tvm *tvm, const struct leaf *leaf)
{
    return hvrv_region_find(&tvm->regions, leaf->entry.gpa) ==
           (is_shared(leaf) ? HVRV_REGION_SHARED : HVRV_REGION_CONFIDENTIAL);
}

static void move(struct hvrv_tvm *tvm, const struct leaf *leaf, enum hvrv_page_state to)
{
    const struct hvrv_page_change move = {.range = leaf->hpa,
                                          .from = leaf->page.state,
                                          .to = to,
                                          .owner = tvm->owner,
                                          .epoch = tvm->epoch.now};

    hvrv_tsm_move(tvm->tsm, &move);
}

static bool may_invalidate(const struct hvrv_tvm *tvm, const struct leaf *leaf)
{
    (void)tvm;
    return is_valid(leaf);
}

static void note_invalidated(struct hvrv_tvm *tvm, const struct leaf *leaf)
{
    if (is_shared(leaf))
        tvm->shared_epoch = tvm->epoch.now;
    else if (leaf->page.state == HVRV_PAGE_MEASURED)
        move(tvm, leaf, HVRV_PAGE_BLOCKED_MEASURED);
    else
        move(tvm, leaf, HVRV_PAGE_BLOCKED_ZERO);
}

static bool may_validate(const struct hvrv_tvm *tvm, const struct leaf *leaf)
{
    return !is_valid(leaf) && is_in_place(tvm, leaf);
}

static void note_validated(struct hvrv_tvm *tvm, const struct leaf *leaf)
{
    if (leaf->page.state == HVRV_PAGE_BLOCKED_MEASURED)
        move(tvm, leaf, HVRV_PAGE_MEASURED);
    else if (!is_shared(leaf))
        move(tvm, leaf, HVRV_PAGE_ZERO);
}

/* Only where the TVM asked for another kind: else the host could put one page in another's place.
 */
static bool may_remove(const struct hvrv_tvm *tvm, const struct leaf *leaf)
{
    uint64_t since = is_shared(leaf) ? tvm->shared_epoch : leaf->page.epoch;

    return !is_valid(leaf) && !is_in_place(tvm, leaf) && hvrv_epoch_is_past(&tvm->epoch, since);
}

static void note_removed(struct hvrv_tvm *tvm, const struct leaf *leaf)
{
    if (is_shared(leaf))
        (void)!hvrv_page_unshare(tvm->tsm->config.pages, &leaf->hpa);
    else
        move(tvm, leaf, HVRV_PAGE_FREE);
}

/* Every leaf lies wholly in the range and may be changed. */
static bool may(const struct hvrv_tvm *tvm, const struct hvrv_range *range, const struct step *step)
{
    struct leaf leaf;

    for (uint64_t at = range->first; at < range->last; at += hvrv_range_size(leaf.hpa)) {
        if (!find_leaf(tvm, at, &leaf) || leaf.entry.gpa.v != at ||
            hvrv_range_size(leaf.hpa) - 1 > range->last - at || !step->may(tvm, &leaf))
            return false;
    }
    return true;
}

/* a0 the TVM, a1 a GPA, a2 bytes. */
static enum hvrv_sbi_error serve(const struct hvrv_tsm_call *call, const struct step *step)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);
    struct hvrv_gstage_range pass = {hvrv_gpa_make(call->a[1]), call->a[2], HVRV_GSTAGE_NO_LIMIT};
    struct hvrv_fence_gather gather;
    enum hvrv_sbi_error error;
    struct hvrv_range range;
    struct leaf leaf;

    if (!tvm)
        return HVRV_SBI_ERR_INVALID_PARAM;
    error = hvrv_tsm_make_range_bytes(call->tsm, call->a[1], call->a[2], &range);
    if (error)
        return error;
    if (!may(tvm, &range, step))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    /* Leaf by leaf, because once the tables are changed nobody knows what was behind them; and
       the epoch is noted while it is the caller's lock that keeps it from moving on. */
    for (uint64_t at = range.first; at < range.last; at += hvrv_range_size(leaf.hpa)) {
        (void)find_leaf(tvm, at, &leaf);
        step->note(tvm, &leaf);
    }
    hvrv_tvm_begin(tvm, call->hart, &gather);
    (void)!step->change(&tvm->gstage, &pass, &gather);
    hvrv_tvm_end(&gather);
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_tvm_invalidate_pages(const struct hvrv_tsm_call *call)
{
    static const struct step step = {may_invalidate, note_invalidated, hvrv_gstage_block};
    return serve(call, &step);
}

enum hvrv_sbi_error hvrv_covh_tvm_validate_pages(const struct hvrv_tsm_call *call)
{
    static const struct step step = {may_validate, note_validated, hvrv_gstage_unblock};
    return serve(call, &step);
}

enum hvrv_sbi_error hvrv_covh_tvm_remove_pages(const struct hvrv_tsm_call *call)
{
    static const struct step step = {may_remove, note_removed, hvrv_gstage_unmap};
    return serve(call, &step);
}

enum hvrv_sbi_error hvrv_covh_tvm_fence(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);
    enum hvrv_status status;

    if (!tvm)
        return HVRV_SBI_ERR_INVALID_PARAM;
    status = hvrv_epoch_begin(&tvm->epoch);
    if (status != HVRV_OK)
        return status == HVRV_ERR_EXISTS ? HVRV_SBI_ERR_ALREADY_STARTED : HVRV_SBI_ERR_FAILED;
    return HVRV_SBI_SUCCESS;
}
