/* SPDX-License-Identifier: BSD-2-Clause */
/* COVG: what a TVM asks of its TSM. */
#include "tsm_call.h"

/* A range of the TVM's addresses, in a0 and a1, which no mode of the G-stage rules out. */
static enum hvrv_sbi_error make_range(const struct hvrv_tvm_vhart *vhart, struct hvrv_range *range)
{
    uint64_t gpa = vhart->vhart.gpr[10];
    uint64_t size = vhart->vhart.gpr[11];

    *range = (struct hvrv_range){0, 0};
    if (!hvrv_bits_is_aligned(gpa, HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (size == 0 || !hvrv_bits_is_aligned(size, HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (hvrv_range_make(range, gpa, size) != HVRV_OK ||
        range->last >> vhart->tvm->gstage.mode->width != 0)
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error add_mmio_region(struct hvrv_tvm_vhart *vhart)
{
    struct hvrv_region region = {.kind = HVRV_REGION_MMIO};
    enum hvrv_sbi_error error = make_range(vhart, &region.range);

    if (error)
        return error;
    if (!hvrv_region_covers(&vhart->tvm->regions, &region.range, HVRV_REGION_NONE))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    return hvrv_region_turn(&vhart->tvm->regions, &region, HVRV_REGION_NONE) == HVRV_OK
               ? HVRV_SBI_SUCCESS
               : HVRV_SBI_ERR_FAILED;
}

static enum hvrv_sbi_error remove_mmio_region(struct hvrv_tvm_vhart *vhart)
{
    struct hvrv_range range;
    enum hvrv_sbi_error error = make_range(vhart, &range);

    if (error)
        return error;
    return hvrv_region_remove(&vhart->tvm->regions, &range, HVRV_REGION_MMIO) == HVRV_OK
               ? HVRV_SBI_SUCCESS
               : HVRV_SBI_ERR_INVALID_ADDRESS;
}

/* The page around an address, if the range has only a part of it. */
static bool find_cut(const struct hvrv_tvm *tvm, const struct hvrv_range *range, uint64_t gpa,
                     struct hvrv_gstage_entry *page)
{
    return hvrv_gstage_query(&tvm->gstage, hvrv_gpa_make(gpa), page) == HVRV_OK &&
           page->pte.v != 0 &&
           (page->gpa.v < range->first || page->gpa.v + (HVRV_BIT(page->shift) - 1) > range->last);
}

/* The tables for which split_ends() asks are there. */
static bool can_split_ends(struct hvrv_tvm *tvm, const struct hvrv_range *range)
{
    struct hvrv_gstage_entry page;
    uint64_t needed = 0;

    if (find_cut(tvm, range, range->first, &page))
        needed += (page.shift - HVRV_PAGE_SHIFT) / 9;
    if (find_cut(tvm, range, range->last, &page)) {
        /* Where both ends are below one table it is counted above. */
        for (unsigned shift = HVRV_PAGE_SHIFT + 9; shift <= page.shift; shift += 9)
            needed += range->first >> shift != range->last >> shift;
    }
    return needed <= hvrv_tvm_count_tables(tvm);
}

/*
 * A page of 2 MiB or more that reaches over an end of the range becomes smaller ones: else the host
 * would take away with it what the TVM keeps, or could take away nothing.
 */
static void split_ends(const struct hvrv_tvm_vhart *vhart, const struct hvrv_range *range)
{
    const uint64_t ends[] = {range->first, range->last & ~(HVRV_PAGE_SIZE - 1)};
    struct hvrv_tvm *tvm = vhart->tvm;
    struct hvrv_fence_gather gather;

    hvrv_tvm_begin(tvm, vhart->hart, &gather);
    for (unsigned i = 0; i < 2; i++) {
        struct hvrv_gstage_resize resize = {
            .range = {hvrv_gpa_make(ends[i]), HVRV_PAGE_SIZE, HVRV_GSTAGE_NO_LIMIT},
            .shift = HVRV_PAGE_SHIFT,
        };
        struct hvrv_gstage_entry page;
        if (find_cut(tvm, range, ends[i], &page))
            (void)!hvrv_gstage_split(&tvm->gstage, &resize, &gather);
    }
    hvrv_tvm_end(&gather);
}

/* To shared or to confidential, from the other. The vHart waits until the old pages are gone. */
static enum hvrv_sbi_error turn(struct hvrv_tvm_vhart *vhart, enum hvrv_region_kind to)
{
    enum hvrv_region_kind from =
        to == HVRV_REGION_SHARED ? HVRV_REGION_CONFIDENTIAL : HVRV_REGION_SHARED;
    struct hvrv_region region = {.kind = to};
    enum hvrv_sbi_error error = make_range(vhart, &region.range);

    if (error)
        return error;
    if (!hvrv_region_covers(&vhart->tvm->regions, &region.range, from))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (!can_split_ends(vhart->tvm, &region.range) ||
        hvrv_region_turn(&vhart->tvm->regions, &region, from) != HVRV_OK)
        return HVRV_SBI_ERR_FAILED;
    split_ends(vhart, &region.range);
    vhart->range = region.range;
    vhart->wait = HVRV_TVM_WAIT_ASSIGNMENT;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error share_memory_region(struct hvrv_tvm_vhart *vhart)
{
    return turn(vhart, HVRV_REGION_SHARED);
}

static enum hvrv_sbi_error unshare_memory_region(struct hvrv_tvm_vhart *vhart)
{
    return turn(vhart, HVRV_REGION_CONFIDENTIAL);
}

/* Sets who may be injected, and forgets what was injected: so an allowed number is armed anew. */
static enum hvrv_sbi_error set_allowed(struct hvrv_tvm_vhart *vhart, uint64_t allowed)
{
    struct hvrv_tvm_files *files = &vhart->files;
    uint64_t number = vhart->vhart.gpr[10];
    uint64_t bit = HVRV_BIT(number % 64);

    if (number == UINT64_MAX) {
        for (unsigned i = 0; i < 32; i++) {
            files->allowed[i] = allowed;
            files->pending[i] = 0;
        }
        files->allowed[0] &= ~UINT64_C(1);
        return HVRV_SBI_SUCCESS;
    }
    if (number == 0 || number > HVRV_TVM_INTERRUPT_LAST)
        return HVRV_SBI_ERR_INVALID_PARAM;
    files->allowed[number / 64] = (files->allowed[number / 64] & ~bit) | (allowed & bit);
    files->pending[number / 64] &= ~bit;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error allow_external_interrupt(struct hvrv_tvm_vhart *vhart)
{
    return set_allowed(vhart, UINT64_MAX);
}

static enum hvrv_sbi_error deny_external_interrupt(struct hvrv_tvm_vhart *vhart)
{
    return set_allowed(vhart, 0);
}

/* A function, and how many arguments the host is told of its success; 0: it is told nothing. */
struct row {
    enum hvrv_sbi_error (*serve)(struct hvrv_tvm_vhart *vhart);
    unsigned told;
};

static const struct row rows[] = {
    [HVRV_COVG_ADD_MMIO_REGION] = {add_mmio_region, 2},
    [HVRV_COVG_REMOVE_MMIO_REGION] = {remove_mmio_region, 2},
    [HVRV_COVG_SHARE_MEMORY_REGION] = {share_memory_region, 2},
    [HVRV_COVG_UNSHARE_MEMORY_REGION] = {unshare_memory_region, 2},
    [HVRV_COVG_ALLOW_EXTERNAL_INTERRUPT] = {allow_external_interrupt, 1},
    [HVRV_COVG_DENY_EXTERNAL_INTERRUPT] = {deny_external_interrupt, 1},
    [HVRV_COVG_GET_ATTCAPS] = {hvrv_covg_get_attcaps, 0},
    [HVRV_COVG_EXTEND_MEASUREMENT] = {hvrv_covg_extend_measurement, 0},
    [HVRV_COVG_GET_EVIDENCE] = {hvrv_covg_get_evidence, 0},
    [HVRV_COVG_RETRIEVE_SECRET] = {hvrv_covg_retrieve_secret, 0},
    [HVRV_COVG_READ_MEASUREMENT] = {hvrv_covg_read_measurement, 0},
};

enum hvrv_tsm_next hvrv_covg_serve(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_tvm_vhart *vhart = exit->vhart;
    uint64_t function = vhart->vhart.gpr[16] & ~HVRV_COVE_FID_SDID;
    enum hvrv_tsm_next next = HVRV_TSM_NEXT_RUN;
    enum hvrv_sbi_error error = HVRV_SBI_ERR_NOT_SUPPORTED;
    unsigned told = 0;

    if (function < sizeof(rows) / sizeof(rows[0])) {
        error = rows[function].serve(vhart);
        told = error == HVRV_SBI_SUCCESS ? rows[function].told : 0;
    }
    if (told != 0)
        next = hvrv_tsm_show_ecall(exit, vhart->wait, told);
    vhart->vhart.gpr[10] = (uint64_t)(int64_t)error;
    vhart->vhart.gpr[11] = 0;
    vhart->vhart.sepc += 4;
    return next;
}
