/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

#include <stddef.h>

static unsigned clear_stretch(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch)
{
    volatile uint64_t *entry = stretch->entry;
    volatile uint64_t *end = entry + stretch->count;
    uint64_t changed = 0;
    (void)pass;
    for (; entry != end; entry++) {
        uint64_t old = *entry;
        if (old == 0)
            continue;
        if (hvrv_gstage_is_table(old))
            break;
        changed |= __atomic_exchange_n(entry, 0, __ATOMIC_RELAXED);
    }
    stretch->changed = changed & HVRV_PTE_V;
    return (unsigned)(entry - stretch->entry);
}

/* Takes the table out of the tree that an entry points to. */
static enum hvrv_status take_out(struct hvrv_gstage_pass *pass, hvrv_hpa slot, unsigned level)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    uint64_t pointer = 0;
    enum hvrv_status status = hvrv_gstage_load(gstage, slot, &pointer);
    if (status == HVRV_OK)
        status = hvrv_gstage_replace(gstage, slot, pointer, 0);
    if (status != HVRV_OK)
        return status;
    hvrv_gstage_note_around(pass, HVRV_FENCE_TABLE_REMOVED, level, hvrv_level_shift(level));
    status = hvrv_fence_park(pass->gather, gstage->phys, gstage->pages,
                             hvrv_gstage_child(gstage, pointer));
    if (status == HVRV_OK)
        return HVRV_OK;
    /* It would be lost. */
    enum hvrv_status undone = hvrv_gstage_replace(gstage, slot, 0, pointer);
    return undone == HVRV_OK ? status : undone;
}

static enum hvrv_status is_empty(const struct hvrv_gstage *gstage, hvrv_hpa table, bool *empty)
{
    uint64_t pte = 0;
    enum hvrv_status status = HVRV_OK;
    for (uint64_t at = 0; at < HVRV_PAGE_SIZE && status == HVRV_OK && pte == 0;
         at += HVRV_GSTAGE_PTE_SIZE)
        status = hvrv_gstage_load(gstage, hvrv_hpa_make(table.v + at), &pte);
    *empty = pte == 0;
    return status;
}

/* Takes out the tables on a path that have become empty, from the lowest up. */
static enum hvrv_status prune(struct hvrv_gstage_pass *pass, const struct hvrv_gstage_place *place)
{
    enum hvrv_status status = HVRV_OK;
    for (unsigned level = place->level; level + 1U < pass->gstage->mode->levels; level++) {
        bool empty;
        status = is_empty(pass->gstage, hvrv_gstage_table_of(place->slot[level]), &empty);
        if (status == HVRV_OK && empty)
            status = take_out(pass, place->slot[level + 1], level + 1);
        if (status != HVRV_OK || !empty)
            break;
    }
    return status;
}

/* A table of level 0 that is wholly in the range goes as it is, with all its leaves. */
static enum hvrv_status unmap_entry(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place)
{
    if (hvrv_gstage_is_table(place->pte.v) && hvrv_gstage_is_whole(pass, hvrv_level_shift(1))) {
        enum hvrv_status status = take_out(pass, place->slot[1], 1);
        if (status == HVRV_OK)
            hvrv_gstage_skip(pass, hvrv_level_shift(1));
        return status;
    }
    enum hvrv_status status = hvrv_gstage_find(pass->gstage, pass->range->gpa.v, 0, place);
    return status == HVRV_OK ? hvrv_gstage_step(pass, place) : status;
}

static enum hvrv_status unmap_step(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place)
{
    uint64_t address = pass->range->gpa.v;
    enum hvrv_status status = unmap_entry(pass, place);
    uint64_t left = (pass->range->gpa.v ^ address) >> hvrv_level_shift(place->level) >> 9;
    if (status == HVRV_OK && (left || pass->range->size == 0 || pass->budget == 0))
        status = prune(pass, place);
    return status;
}

static const struct hvrv_gstage_job unmap_job = {
    .step = unmap_step, .work = clear_stretch, .change = HVRV_FENCE_LEAF_CHANGED, .level = 1};

enum hvrv_status hvrv_gstage_unmap(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_range *range,
                                   struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = hvrv_gstage_check_call(gstage, range, gather);
    if (status == HVRV_OK)
        status = hvrv_gstage_check_gather(gstage, gather);
    if (status != HVRV_OK)
        return status;
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = range, .gather = gather, .request = NULL};
    return hvrv_gstage_run(&pass, &unmap_job);
}
