/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A change has two parts. Leaves that reach over the range's begin or end are cut into tables with
 * the same meaning, which needs pages and changes nothing; then permissions are set, which cannot
 * run out of anything.
 */
#include <hvrv/isa/bits.h>
#include <hvrv/mmu/mpt.h>

#include "mpt_entry.h"

#define PAGE UINT64_C(4096)

/* Entries of a table for each permission of the entry above it. */
#define SHARE (512 / MPTE_TUPLES)

static uint64_t tuple_of(uint64_t entry, uint32_t tuple)
{
    return entry >> (MPTE_XWR_SHIFT + 3 * tuple) & MPTE_TUPLE;
}

/* A leaf with one permission for all its pages; no access is an entry that is not valid. */
static uint64_t make_leaf(uint64_t permissions)
{
    uint64_t entry = MPTE_V | MPTE_L;

    if (permissions == 0)
        return 0;
    for (uint32_t i = 0; i < MPTE_TUPLES; i++)
        entry |= permissions << (MPTE_XWR_SHIFT + 3 * i);
    return entry;
}

/* Only what this module makes can be changed by it. */
static bool is_ours(uint64_t entry)
{
    if ((entry & MPTE_V) == 0)
        return true;
    return (entry & MPTE_L) != 0 && (entry & MPTE_N) == 0 && !hvrv_mpt_is_reserved(entry);
}

static void note(struct hvrv_mpt_gather *gather, uint64_t first, uint64_t last)
{
    if (!gather->is_owed || first < gather->first)
        gather->first = first;
    if (!gather->is_owed || last > gather->last)
        gather->last = last;
    gather->is_owed = true;
}

/* A table that means what an entry does. */
static enum hvrv_status fill(const struct hvrv_mpt *mpt, hvrv_hpa table, uint64_t entry)
{
    for (uint32_t i = 0; (entry & MPTE_V) != 0 && i < MPTE_TUPLES * SHARE; i++) {
        uint64_t leaf = make_leaf(tuple_of(entry, i / SHARE));
        enum hvrv_status status = HVRV_OK;
        if (leaf != 0)
            status = hvrv_phys_store(mpt->config.phys, (hvrv_hpa){table.v + 8 * (uint64_t)i}, leaf);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

/* Puts a table in place of an entry. */
static enum hvrv_status split(const struct hvrv_mpt *mpt, struct hvrv_mpt_place *place,
                              struct hvrv_mpt_gather *gather)
{
    uint64_t old = place->entry;
    hvrv_hpa table;
    enum hvrv_status status = hvrv_pages_take(mpt->config.pages, HVRV_PAGES_TABLE, &table);

    if (status != HVRV_OK)
        return status;
    status = fill(mpt, table, old);
    if (status == HVRV_OK)
        status = hvrv_phys_compare_and_swap(mpt->config.phys, place->slot, &place->entry,
                                            hvrv_bits_set(MPTE_V, MPTE_PPN, table.v >> 12));
    if (status != HVRV_OK) {
        enum hvrv_status given = hvrv_pages_give(mpt->config.pages, HVRV_PAGES_TABLE, table);
        return given == HVRV_OK ? status : given;
    }
    if ((old & MPTE_V) != 0)
        gather->is_all = true;
    return HVRV_OK;
}

/* Sees to it that no page of a leaf reaches over an address. */
static enum hvrv_status cut(const struct hvrv_mpt *mpt, uint64_t address,
                            struct hvrv_mpt_gather *gather)
{
    for (uint32_t i = 0; i < HVRV_MPT_LEVELS_MAX; i++) {
        struct hvrv_mpt_place place;
        enum hvrv_status status = hvrv_mpt_descend(mpt, address, &place);
        if (status != HVRV_OK)
            return status;
        if (!is_ours(place.entry))
            return HVRV_ERR_STATE;
        if (hvrv_bits_is_aligned(address, HVRV_BIT(hvrv_mpt_page_shift(place.level))))
            return HVRV_OK;
        status = split(mpt, &place, gather);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_ERR_RACE;
}

/* The entry with the permissions of some of its pages; what was not valid has none. */
static uint64_t paint(uint64_t entry, uint32_t first, uint32_t count, uint64_t permissions)
{
    uint64_t painted = (entry & MPTE_V) != 0 ? entry : MPTE_V | MPTE_L;

    for (uint32_t i = first; i < first + count; i++) {
        painted &= ~(MPTE_TUPLE << (MPTE_XWR_SHIFT + 3 * i));
        painted |= permissions << (MPTE_XWR_SHIFT + 3 * i);
    }
    return (painted & ~(MPTE_V | MPTE_L)) != 0 ? painted : 0;
}

/* A call of hvrv_mpt_set() under way. */
struct pass {
    const struct hvrv_mpt *mpt;
    struct hvrv_mpt_gather *gather;
    uint32_t permissions;
    struct hvrv_range rest; /* what is to be done */
};

/* Sets the next pages, as many as one entry has; *done becomes the last of their bytes. */
static enum hvrv_status set_next(const struct pass *pass, uint64_t *done)
{
    struct hvrv_mpt_place place;
    enum hvrv_status status = hvrv_mpt_descend(pass->mpt, pass->rest.first, &place);
    uint32_t shift, tuple;
    uint64_t count, old, painted;

    if (status != HVRV_OK)
        return status;
    if (!is_ours(place.entry))
        return HVRV_ERR_STATE;
    shift = hvrv_mpt_page_shift(place.level);
    tuple = hvrv_mpt_tuple(place.level, pass->rest.first);
    count = ((pass->rest.last - pass->rest.first) >> shift) + 1;
    if (count > MPTE_TUPLES - tuple)
        count = MPTE_TUPLES - tuple;
    *done = pass->rest.first + ((count << shift) - 1);
    old = place.entry;
    painted = paint(old, tuple, (uint32_t)count, pass->permissions);
    /* What is not valid may have any other bits. */
    if (painted == old || ((painted | old) & MPTE_V) == 0)
        return HVRV_OK;
    status = hvrv_phys_compare_and_swap(pass->mpt->config.phys, place.slot, &place.entry, painted);
    if (status == HVRV_OK && (old & MPTE_V) != 0)
        note(pass->gather, pass->rest.first, *done);
    return status;
}

static enum hvrv_status check(const struct hvrv_mpt *mpt, const struct hvrv_range *range,
                              uint32_t permissions)
{
    if (permissions > 7 || (permissions & (HVRV_MPT_R | HVRV_MPT_W)) == HVRV_MPT_W)
        return HVRV_ERR_ARGUMENT;
    if (!hvrv_bits_is_aligned(range->first, PAGE) || !hvrv_bits_is_aligned(range->last + 1, PAGE))
        return HVRV_ERR_ALIGN;
    if (range->last < range->first || (mpt->width < 64 && range->last >> mpt->width != 0))
        return HVRV_ERR_RANGE;
    return HVRV_OK;
}

enum hvrv_status hvrv_mpt_set(struct hvrv_mpt *mpt, const struct hvrv_range *range,
                              uint32_t permissions, struct hvrv_mpt_gather *gather)
{
    struct pass pass = {.mpt = mpt, .gather = gather, .permissions = permissions};
    enum hvrv_status status;
    uint64_t done = 0;

    if (!mpt || !mpt->config.phys || !range || !gather)
        return HVRV_ERR_NULL;
    status = check(mpt, range, permissions);
    if (status == HVRV_OK)
        status = cut(mpt, range->first, gather);
    if (status == HVRV_OK && range->last + 1 != 0 &&
        (mpt->width == 64 || (range->last + 1) >> mpt->width == 0))
        status = cut(mpt, range->last + 1, gather);
    pass.rest = *range;
    while (status == HVRV_OK) {
        status = set_next(&pass, &done);
        if (done >= range->last)
            break;
        pass.rest.first = done + 1;
    }
    return status;
}

enum hvrv_status hvrv_mpt_commit(const struct hvrv_mpt *mpt, struct hvrv_mpt_gather *gather)
{
    struct hvrv_mpt_fence fence = {0};
    struct hvrv_mpt_gather owed;

    if (!mpt || !mpt->config.fence || !gather)
        return HVRV_ERR_NULL;
    owed = *gather;
    *gather = (struct hvrv_mpt_gather){0};
    fence.sdid = mpt->config.sdid;
    if (owed.is_all || (owed.is_owed && (owed.last - owed.first) / PAGE >= HVRV_MPT_FENCES_MAX)) {
        mpt->config.fence(mpt->config.context, &fence);
        return HVRV_OK;
    }
    fence.has_address = true;
    for (uint64_t i = 0; owed.is_owed && i <= (owed.last - owed.first) / PAGE; i++) {
        fence.address = owed.first + i * PAGE;
        mpt->config.fence(mpt->config.context, &fence);
    }
    return HVRV_OK;
}
