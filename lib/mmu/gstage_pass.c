/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

/* Of the sixteen entries of a copy, each may get A and D meanwhile, one at a time. */
#define TRIES (2 * HVRV_GSTAGE_NAPOT + HVRV_GSTAGE_TRIES)

enum hvrv_status hvrv_gstage_retry(struct hvrv_gstage_pass *pass)
{
    return ++pass->tries < TRIES ? HVRV_OK : HVRV_ERR_RACE;
}

void hvrv_gstage_advance(struct hvrv_gstage_pass *pass, uint64_t bytes, unsigned entries)
{
    pass->range->gpa.v += bytes;
    pass->range->size -= bytes;
    pass->budget -= entries < pass->budget ? entries : pass->budget;
    pass->tries = 0;
}

/* From the pass's address to the end of what an entry of 2^shift there is for, or of the range. */
static uint64_t bytes_left(const struct hvrv_gstage_pass *pass, unsigned shift)
{
    uint64_t size = HVRV_BIT(shift);
    uint64_t left = size - (pass->range->gpa.v & (size - 1));
    return left < pass->range->size ? left : pass->range->size;
}

void hvrv_gstage_skip(struct hvrv_gstage_pass *pass, unsigned shift)
{
    hvrv_gstage_advance(pass, bytes_left(pass, shift), 1);
}

bool hvrv_gstage_is_whole(const struct hvrv_gstage_pass *pass, unsigned shift)
{
    return bytes_left(pass, shift) == HVRV_BIT(shift);
}

void hvrv_gstage_note(struct hvrv_gstage_pass *pass, enum hvrv_fence_change change, unsigned level,
                      uint64_t bytes)
{
    uint64_t first = pass->range->gpa.v;
    struct hvrv_fence_range range = {first, first + bytes - 1, hvrv_level_shift(level)};
    hvrv_fence_note(pass->gather, change, &range);
}

void hvrv_gstage_note_around(struct hvrv_gstage_pass *pass, enum hvrv_fence_change change,
                             unsigned level, unsigned shift)
{
    uint64_t last = pass->range->gpa.v | (HVRV_BIT(shift) - 1);
    struct hvrv_fence_range range = {last >> shift << shift, last, hvrv_level_shift(level)};
    hvrv_fence_note(pass->gather, change, &range);
}

enum hvrv_status hvrv_gstage_run(struct hvrv_gstage_pass *pass, const struct hvrv_gstage_job *job)
{
    pass->job = job;
    pass->change = job->change;
    pass->budget = pass->range->budget;
    pass->tries = 0;
    while (pass->range->size) {
        struct hvrv_gstage_place place;
        if (pass->budget == 0)
            return HVRV_ERR_UNFINISHED;
        enum hvrv_status status =
            hvrv_gstage_find(pass->gstage, pass->range->gpa.v, job->level, &place);
        if (status == HVRV_OK)
            status = job->step(pass, &place);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

enum hvrv_status hvrv_gstage_step(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place)
{
    unsigned shift = hvrv_level_shift(place->level);
    if (pass->job->keeps_whole || hvrv_gstage_is_whole(pass, shift))
        return hvrv_gstage_stretch(pass, pass->budget, place, HVRV_TABLE_ENTRIES);
    if (hvrv_gstage_is_leaf(place->pte.v))
        return hvrv_gstage_split_leaf(pass, place, false);
    hvrv_gstage_skip(pass, shift);
    return HVRV_OK;
}

/* Whether the last of the entries is in a NAPOT range that does not end with it. */
static enum hvrv_status cuts_napot(const struct hvrv_gstage_pass *pass,
                                   const struct hvrv_gstage_place *place, unsigned count,
                                   bool *cuts)
{
    uint64_t pte = 0;
    hvrv_hpa slot = {place->slot[0].v + count * HVRV_GSTAGE_PTE_SIZE};
    enum hvrv_status status = HVRV_OK;
    if ((slot.v / HVRV_GSTAGE_PTE_SIZE) % HVRV_GSTAGE_NAPOT)
        status = hvrv_gstage_load(pass->gstage, slot, &pte);
    *cuts = (pte & HVRV_PTE_N) != 0;
    return status;
}

/*
 * At level 0 a stretch must not cut a NAPOT range. One that ends inside it takes all of it, or if
 * that is more than the most, none. One that begins inside it must wait for it to be split: 0.
 */
static enum hvrv_status fit_napot(const struct hvrv_gstage_pass *pass,
                                  const struct hvrv_gstage_place *place, unsigned most,
                                  unsigned *count)
{
    unsigned in_group = (unsigned)(pass->range->gpa.v >> HVRV_PAGE_SHIFT) % HVRV_GSTAGE_NAPOT;
    bool cuts;
    if (in_group && (place->pte.v & HVRV_PTE_N) && !pass->job->keeps_whole) {
        *count = 0;
        return HVRV_OK;
    }
    enum hvrv_status status = cuts_napot(pass, place, *count, &cuts);
    if (status != HVRV_OK || !cuts)
        return status;
    unsigned cut = (in_group + *count) % HVRV_GSTAGE_NAPOT;
    unsigned whole = *count - cut + HVRV_GSTAGE_NAPOT;
    if (whole <= most)
        *count = whole;
    else if (!pass->job->keeps_whole && cut <= *count)
        *count -= cut;
    return HVRV_OK;
}

/* How many of the entries from there on belong in one stretch. */
static enum hvrv_status fit(const struct hvrv_gstage_pass *pass,
                            const struct hvrv_gstage_place *place, unsigned most, unsigned *count)
{
    unsigned level = place->level;
    uint64_t index = place->slot[level].v / HVRV_GSTAGE_PTE_SIZE % HVRV_TABLE_ENTRIES;
    uint64_t in_range = pass->range->size >> hvrv_level_shift(level);
    if (most > HVRV_TABLE_ENTRIES - index)
        most = (unsigned)(HVRV_TABLE_ENTRIES - index);
    if (most > in_range)
        most = (unsigned)in_range;
    if (*count > most)
        *count = most;
    if (level == 0 && pass->gstage->svnapot)
        return fit_napot(pass, place, most, count);
    return HVRV_OK;
}

/* Puts back the first entries of sixteen. What has changed again is left to whoever changed it. */
static void undo(const struct hvrv_gstage *gstage, hvrv_hpa slot, const uint64_t *seen,
                 const uint64_t *copy, unsigned count)
{
    for (unsigned i = 0; i < count; i++, slot.v += HVRV_GSTAGE_PTE_SIZE) {
        enum hvrv_status undone = HVRV_OK;
        if (copy[i] != seen[i])
            undone = hvrv_gstage_replace(gstage, slot, copy[i], seen[i]);
        (void)undone;
    }
}

/* Works on sixteen entries at most, in a copy; what the work changed is swapped in. */
static enum hvrv_status work_on_copy(struct hvrv_gstage_pass *pass, hvrv_hpa slot,
                                     struct hvrv_gstage_stretch *stretch, unsigned *done)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    uint64_t seen[HVRV_GSTAGE_NAPOT];
    uint64_t copy[HVRV_GSTAGE_NAPOT];
    unsigned first = (unsigned)(slot.v / HVRV_GSTAGE_PTE_SIZE % HVRV_GSTAGE_NAPOT);
    enum hvrv_status status = HVRV_OK;
    slot.v -= first * HVRV_GSTAGE_PTE_SIZE;
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT && status == HVRV_OK; i++) {
        status =
            hvrv_gstage_load(gstage, hvrv_hpa_make(slot.v + i * HVRV_GSTAGE_PTE_SIZE), &seen[i]);
        copy[i] = seen[i];
    }
    if (status != HVRV_OK)
        return status;
    stretch->entry = &copy[first];
    *done = pass->job->work(pass, stretch);
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT; i++) {
        if (copy[i] == seen[i])
            continue;
        status = hvrv_gstage_replace(gstage, hvrv_hpa_make(slot.v + i * HVRV_GSTAGE_PTE_SIZE),
                                     seen[i], copy[i]);
        if (status != HVRV_OK) {
            undo(gstage, slot, seen, copy, i);
            return status;
        }
    }
    return HVRV_OK;
}

static enum hvrv_status work(struct hvrv_gstage_pass *pass, hvrv_hpa slot,
                             struct hvrv_gstage_stretch *stretch, unsigned *done)
{
    if (hvrv_phys_is_direct(pass->gstage->phys, slot)) {
        stretch->entry = hvrv_phys_pointer(pass->gstage->phys, slot);
        *done = pass->job->work(pass, stretch);
        return HVRV_OK;
    }
    unsigned in_group = (unsigned)(slot.v / HVRV_GSTAGE_PTE_SIZE % HVRV_GSTAGE_NAPOT);
    if (stretch->count > HVRV_GSTAGE_NAPOT - in_group)
        stretch->count = HVRV_GSTAGE_NAPOT - in_group;
    return work_on_copy(pass, slot, stretch, done);
}

enum hvrv_status hvrv_gstage_stretch(struct hvrv_gstage_pass *pass, unsigned count,
                                     const struct hvrv_gstage_place *place, unsigned most)
{
    unsigned level = place->level;
    unsigned shift = hvrv_level_shift(level);
    unsigned done = 0;
    struct hvrv_gstage_stretch stretch = {.address = pass->range->gpa.v,
                                          .level = level,
                                          .count = count,
                                          .each = bytes_left(pass, shift)};
    enum hvrv_status status = HVRV_OK;
    stretch.is_part = stretch.each != HVRV_BIT(shift);
    if (stretch.is_part)
        stretch.count = 1;
    else
        status = fit(pass, place, most, &stretch.count);
    if (status == HVRV_OK && stretch.count == 0)
        return hvrv_gstage_split_napot(pass, place);
    if (status == HVRV_OK)
        status = work(pass, place->slot[level], &stretch, &done);
    if (stretch.tried < done)
        stretch.tried = done;
    if (status != HVRV_OK)
        stretch.tried = stretch.count;
    if (stretch.changed)
        hvrv_gstage_note(pass, pass->change, level, stretch.tried * stretch.each);
    if (status == HVRV_ERR_RACE || (status == HVRV_OK && done == 0 && stretch.status == HVRV_OK))
        return hvrv_gstage_retry(pass);
    if (status != HVRV_OK)
        return status;
    if (done)
        hvrv_gstage_advance(pass, done * stretch.each, done);
    return stretch.status;
}
