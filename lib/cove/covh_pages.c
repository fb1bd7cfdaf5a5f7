/* SPDX-License-Identifier: BSD-2-Clause */
/* COVH: pages that come into a TVM's address space. */
#include "tsm_call.h"

/* Leaves of one size, to be mapped one behind the other. */
struct batch {
    struct hvrv_tvm *tvm;
    struct hvrv_range gpa;
    struct hvrv_range hpa;
    uint64_t bits;
    unsigned shift;
};

/* A batch's type and number of pages, which are the arguments from a place on: their bytes. */
static enum hvrv_sbi_error make_size(const struct hvrv_tsm_call *call, unsigned place,
                                     uint64_t *size)
{
    unsigned shift = hvrv_cove_page_shift(call->a[place]);
    uint64_t number = call->a[place + 1];
    uint64_t most = (uint64_t)call->tsm->config.pages_max * HVRV_PAGE_SIZE;

    *size = 0;
    if (shift == 0 || number == 0 || number > most >> shift)
        return HVRV_SBI_ERR_INVALID_PARAM;
    *size = number << shift;
    return HVRV_SBI_SUCCESS;
}

/* A range that begins at a multiple of the leaf's size. */
static bool make_aligned(struct hvrv_range *range, uint64_t base, uint64_t size, unsigned shift)
{
    return hvrv_bits_is_aligned(base, HVRV_BIT(shift)) &&
           hvrv_range_make(range, base, size) == HVRV_OK;
}

/* Nothing is mapped where the batch is to be, and the tables that it needs are in the pool. */
static enum hvrv_sbi_error check_room(const struct batch *batch)
{
    const struct hvrv_gstage *gstage = &batch->tvm->gstage;
    uint64_t previous = 0;
    uint64_t needed = 0;

    for (uint64_t at = batch->gpa.first; at < batch->gpa.last; at += HVRV_BIT(batch->shift)) {
        struct hvrv_gstage_entry entry;
        if (hvrv_gstage_query(gstage, hvrv_gpa_make(at), &entry) != HVRV_OK || entry.pte.v != 0 ||
            entry.shift < batch->shift)
            return HVRV_SBI_ERR_INVALID_ADDRESS;
        /* A table for each level between; one that the page before needs too is counted there. */
        for (unsigned shift = batch->shift + 9; shift <= entry.shift; shift += 9) {
            if (at == batch->gpa.first || at >> shift != previous >> shift)
                needed++;
        }
        previous = at;
    }
    return needed <= hvrv_tvm_count_tables(batch->tvm) ? HVRV_SBI_SUCCESS : HVRV_SBI_ERR_FAILED;
}

/* Maps what check_room() found room for. */
static void map(const struct hvrv_tsm_call *call, const struct batch *batch)
{
    struct hvrv_gstage_map_request request = {
        .range = {hvrv_gpa_make(batch->gpa.first), hvrv_range_size(batch->gpa),
                  HVRV_GSTAGE_NO_LIMIT},
        .hpa = hvrv_hpa_make(batch->hpa.first),
        .bits = batch->bits | HVRV_PTE_R | HVRV_PTE_W | HVRV_PTE_A | HVRV_PTE_D,
        .shift_max = (uint8_t)batch->shift,
        .existing = HVRV_GSTAGE_REFUSE,
    };
    struct hvrv_fence_gather gather;

    hvrv_tvm_begin(batch->tvm, call->hart, &gather);
    (void)!hvrv_gstage_map(&batch->tvm->gstage, &request, &gather);
    hvrv_tvm_end(&gather);
}

/* What is the same for measured and zero pages: where they lie, and where they go. */
static enum hvrv_sbi_error check_confidential(const struct hvrv_tsm_call *call,
                                              const struct batch *batch)
{
    if (!hvrv_tsm_is_free(call->tsm, &batch->hpa) ||
        !hvrv_region_covers(&batch->tvm->regions, &batch->gpa, HVRV_REGION_CONFIDENTIAL))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    return check_room(batch);
}

static void own(const struct hvrv_tsm_call *call, const struct batch *batch,
                enum hvrv_page_state state)
{
    const struct hvrv_page_change move = {
        .range = batch->hpa, .from = HVRV_PAGE_FREE, .to = state, .owner = batch->tvm->owner};

    hvrv_tsm_move(call->tsm, &move);
}

/* Copies, then measures the copy: the host may write its own at any time. */
static void measure(const struct hvrv_tsm_call *call, const struct batch *batch)
{
    uint64_t source = call->a[1] - batch->hpa.first;
    uint64_t gpa = batch->gpa.first - batch->hpa.first;

    for (uint64_t at = batch->hpa.first; at < batch->hpa.last; at += HVRV_PAGE_SIZE) {
        const struct hvrv_tvm_step step = {HVRV_TVM_TAG_PAGE, gpa + at, batch->shift,
                                           hvrv_tsm_pointer(call->tsm, at)};
        hvrv_tsm_copy_page(call->tsm, at, source + at);
        hvrv_tvm_measure(batch->tvm, &call->tsm->config.hash, &step);
    }
}

enum hvrv_sbi_error hvrv_covh_add_tvm_measured_pages(const struct hvrv_tsm_call *call)
{
    struct batch batch = {.tvm = hvrv_tsm_find(call->tsm, call->a[0]), .bits = HVRV_PTE_X};
    enum hvrv_sbi_error error;
    uint64_t size;

    if (!batch.tvm || batch.tvm->life != HVRV_TVM_INITIALIZING)
        return HVRV_SBI_ERR_INVALID_PARAM;
    error = make_size(call, 3, &size);
    if (error)
        return error;
    batch.shift = hvrv_cove_page_shift(call->a[3]);
    if (!hvrv_bits_is_aligned(call->a[1], HVRV_PAGE_SIZE) ||
        !hvrv_tsm_is_host(call->tsm, call->a[1], size) ||
        !make_aligned(&batch.hpa, call->a[2], size, batch.shift) ||
        !make_aligned(&batch.gpa, call->a[5], size, batch.shift))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    error = check_confidential(call, &batch);
    if (error)
        return error;
    measure(call, &batch);
    own(call, &batch, HVRV_PAGE_MEASURED);
    map(call, &batch);
    return HVRV_SBI_SUCCESS;
}

/* a1 base, a2 type, a3 number, a4 GPA, for a TVM that can run. */
static enum hvrv_sbi_error make_batch(const struct hvrv_tsm_call *call, struct batch *batch)
{
    enum hvrv_sbi_error error;
    uint64_t size;

    *batch = (struct batch){.tvm = hvrv_tsm_find(call->tsm, call->a[0])};
    if (!batch->tvm || batch->tvm->life != HVRV_TVM_RUNNABLE)
        return HVRV_SBI_ERR_INVALID_PARAM;
    error = make_size(call, 2, &size);
    if (error)
        return error;
    batch->shift = hvrv_cove_page_shift(call->a[2]);
    if (!make_aligned(&batch->hpa, call->a[1], size, batch->shift) ||
        !make_aligned(&batch->gpa, call->a[4], size, batch->shift))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_add_tvm_zero_pages(const struct hvrv_tsm_call *call)
{
    struct batch batch;
    enum hvrv_sbi_error error = make_batch(call, &batch);

    if (error)
        return error;
    error = check_confidential(call, &batch);
    if (error)
        return error;
    batch.bits = HVRV_PTE_X;
    hvrv_tsm_zero(call->tsm, &batch.hpa);
    own(call, &batch, HVRV_PAGE_ZERO);
    map(call, &batch);
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_add_tvm_shared_pages(const struct hvrv_tsm_call *call)
{
    struct batch batch;
    enum hvrv_sbi_error error = make_batch(call, &batch);

    if (error)
        return error;
    if (!hvrv_tsm_is_host(call->tsm, batch.hpa.first, hvrv_range_size(batch.hpa)) ||
        !hvrv_region_covers(&batch.tvm->regions, &batch.gpa, HVRV_REGION_SHARED))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    error = check_room(&batch);
    if (error)
        return error;
    if (hvrv_page_share(call->tsm->config.pages, &batch.hpa) != HVRV_OK)
        return HVRV_SBI_ERR_FAILED;
    map(call, &batch);
    return HVRV_SBI_SUCCESS;
}
