/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

static unsigned clear_stretch(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch)
{
    (void)pass;
    unsigned done = 0;
    for (; done < stretch->count; done++) {
        uint64_t old = stretch->entry[done];
        if (old == 0)
            continue;
        if (hvrv_gstage_is_table(old))
            break;
        old = __atomic_exchange_n(&stretch->entry[done], 0, __ATOMIC_RELAXED);
        stretch->changed |= old & HVRV_PTE_V;
    }
    return done;
}

/* Takes the table out of the tree that the entry for an address points to. */
static enum hvrv_status take_out(struct hvrv_gstage_pass *pass, hvrv_hpa slot, unsigned level,
                                 uint64_t address)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    uint64_t last = address | (hvrv_level_size(level) - 1);
    struct hvrv_fence_range range = {last - hvrv_level_size(level) + 1, last,
                                     hvrv_level_shift(level)};
    uint64_t pointer;
    enum hvrv_status status = hvrv_gstage_load(gstage, slot, &pointer);
    if (status != HVRV_OK)
        return status;
    unsigned tries = 0;
    do
        status = hvrv_gstage_is_table(pointer) ? hvrv_gstage_swap(gstage, slot, &pointer, 0)
                                               : HVRV_ERR_RACE;
    while (status == HVRV_ERR_RACE && ++tries < HVRV_GSTAGE_TRIES);
    if (status != HVRV_OK)
        return status;
    hvrv_fence_note(pass->gather, HVRV_FENCE_TABLE_REMOVED, &range);
    return hvrv_fence_park(pass->gather, gstage->phys, gstage->pages,
                           hvrv_gstage_child(gstage, pointer));
}

static enum hvrv_status is_empty(const struct hvrv_gstage *gstage, hvrv_hpa table, bool *empty)
{
    *empty = false;
    for (uint64_t at = 0; at < HVRV_PAGE_SIZE; at += HVRV_GSTAGE_PTE_SIZE) {
        uint64_t pte;
        enum hvrv_status status = hvrv_gstage_load(gstage, hvrv_hpa_make(table.v + at), &pte);
        if (status != HVRV_OK || pte)
            return status;
    }
    *empty = true;
    return HVRV_OK;
}

/* Takes out the tables on the path to an address that have become empty, from a level's up. */
static enum hvrv_status prune(struct hvrv_gstage_pass *pass, const struct hvrv_gstage_place *place,
                              uint64_t address)
{
    for (unsigned level = place->level; level + 1U < pass->gstage->mode->levels; level++) {
        bool empty;
        enum hvrv_status status =
            is_empty(pass->gstage, hvrv_gstage_table_of(place->slot[level]), &empty);
        if (status != HVRV_OK || !empty)
            return status;
        status = take_out(pass, place->slot[level + 1], level + 1, address);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

/* Whether the range goes on in another table, or not at all for now. */
static bool has_left(const struct hvrv_gstage_pass *pass, unsigned level, uint64_t address)
{
    return pass->range->size == 0 || pass->budget == 0 ||
           (pass->range->gpa.v ^ address) >> hvrv_level_shift(level) >> 9 != 0;
}

/* A table of level 0 that is wholly in the range goes as it is, with all its leaves. */
static enum hvrv_status unmap_table(struct hvrv_gstage_pass *pass,
                                    const struct hvrv_gstage_place *place)
{
    enum hvrv_status status =
        take_out(pass, place->slot[place->level], place->level, pass->range->gpa.v);
    if (status == HVRV_OK)
        hvrv_gstage_advance(pass, hvrv_level_size(place->level), 1);
    return status;
}

static enum hvrv_status unmap_at(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place)
{
    uint64_t address = pass->range->gpa.v;
    uint64_t span = hvrv_level_size(place->level);
    bool is_whole = (address & (span - 1)) == 0 && pass->range->size >= span;
    enum hvrv_status status;
    if (hvrv_gstage_is_table(place->pte.v) && is_whole) {
        status = unmap_table(pass, place);
    } else {
        status = hvrv_gstage_find(pass->gstage, address, 0, place);
        if (status != HVRV_OK)
            return status;
        if (hvrv_gstage_is_leaf(place->pte.v) && place->level > 0 && !is_whole)
            return hvrv_gstage_split_leaf(pass, place, false);
        status = hvrv_gstage_stretch(pass, place);
    }
    if (status == HVRV_OK && has_left(pass, place->level, address))
        status = prune(pass, place, address);
    return status;
}

enum hvrv_status hvrv_gstage_unmap(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_range *range,
                                   struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = hvrv_gstage_check_call(gstage, range, gather);
    if (status == HVRV_OK)
        status = hvrv_gstage_check_gather(gstage, gather);
    if (status != HVRV_OK)
        return status;
    struct hvrv_gstage_pass pass = {.gstage = gstage,
                                    .range = range,
                                    .gather = gather,
                                    .change = HVRV_FENCE_LEAF_CHANGED,
                                    .budget = range->budget,
                                    .work = clear_stretch};
    while (range->size) {
        struct hvrv_gstage_place place;
        if (pass.budget == 0)
            return HVRV_ERR_UNFINISHED;
        status = hvrv_gstage_find(gstage, range->gpa.v, 1, &place);
        if (status == HVRV_OK)
            status = unmap_at(&pass, &place);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}
