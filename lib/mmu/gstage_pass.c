/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

/* The PPN's low four bits that say 64 KiB (norm:Svnapot_valid_encoding). */
#define NAPOT_PPN_64K HVRV_BIT(13)
#define NAPOT_PPN     HVRV_BITS(13, 10)

/* From one entry to the next where leaves follow each other. */
static uint64_t step_of(unsigned level)
{
    return hvrv_level_size(level) >> 2;
}

uint64_t hvrv_gstage_napot(uint64_t leaf)
{
    return (leaf & ~NAPOT_PPN) | NAPOT_PPN_64K | HVRV_PTE_N;
}

enum hvrv_status hvrv_gstage_retry(struct hvrv_gstage_pass *pass)
{
    return ++pass->tries < HVRV_GSTAGE_TRIES ? HVRV_OK : HVRV_ERR_RACE;
}

void hvrv_gstage_advance(struct hvrv_gstage_pass *pass, uint64_t bytes, unsigned entries)
{
    pass->range->gpa.v += bytes;
    pass->range->size -= bytes;
    pass->budget -= entries < pass->budget ? entries : pass->budget;
    pass->tries = 0;
}

static void note(struct hvrv_gstage_pass *pass, enum hvrv_fence_change change, uint64_t address,
                 uint64_t bytes, unsigned level)
{
    struct hvrv_fence_range range = {address, address + bytes - 1, hvrv_level_shift(level)};
    hvrv_fence_note(pass->gather, change, &range);
}

enum hvrv_status hvrv_gstage_fill(const struct hvrv_gstage *gstage, hvrv_hpa slot, unsigned count,
                                  uint64_t pte, uint64_t step)
{
    if (hvrv_phys_is_direct(gstage->phys, slot)) {
        volatile uint64_t *entry = hvrv_phys_pointer(gstage->phys, slot);
        for (volatile uint64_t *end = entry + count; entry != end; entry++, pte += step)
            *entry = pte;
        return HVRV_OK;
    }
    for (; count > 0; count--, slot.v += HVRV_GSTAGE_PTE_SIZE, pte += step) {
        enum hvrv_status status = hvrv_phys_store(gstage->phys, slot, pte);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

/* All of a table with what one leaf above it maps. */
static enum hvrv_status fill_split(const struct hvrv_gstage *gstage, hvrv_hpa table,
                                   const struct hvrv_gstage_place *place, bool to_napot)
{
    uint64_t pte = place->pte.v;
    if (!to_napot)
        return hvrv_gstage_fill(gstage, table, HVRV_TABLE_ENTRIES, pte, step_of(place->level - 1));
    pte = hvrv_gstage_napot(pte);
    for (unsigned i = 0; i < HVRV_TABLE_ENTRIES; i += HVRV_GSTAGE_NAPOT) {
        enum hvrv_status status = hvrv_gstage_fill(
            gstage, hvrv_hpa_make(table.v + i * HVRV_GSTAGE_PTE_SIZE), HVRV_GSTAGE_NAPOT, pte, 0);
        if (status != HVRV_OK)
            return status;
        pte += HVRV_GSTAGE_NAPOT_SIZE >> 2;
    }
    return HVRV_OK;
}

enum hvrv_status hvrv_gstage_split_leaf(struct hvrv_gstage_pass *pass,
                                        const struct hvrv_gstage_place *place, bool to_napot)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    uint64_t seen = place->pte.v;
    uint64_t bytes = hvrv_level_size(place->level);
    hvrv_hpa table;
    enum hvrv_status status = hvrv_pages_take(gstage->pages, HVRV_PAGES_TABLE, &table);
    if (status != HVRV_OK)
        return status;
    status = fill_split(gstage, table, place, to_napot);
    if (status == HVRV_OK)
        status = hvrv_phys_compare_and_swap(gstage->phys, place->slot[place->level], &seen,
                                            hvrv_gstage_pointer(gstage, table));
    if (status == HVRV_OK) {
        note(pass, seen & HVRV_PTE_V ? HVRV_FENCE_LEAF_CHANGED : HVRV_FENCE_TABLE_ADDED,
             pass->range->gpa.v & ~(bytes - 1), bytes, place->level);
        hvrv_gstage_advance(pass, 0, 1);
        return HVRV_OK;
    }
    enum hvrv_status given = hvrv_pages_give(gstage->pages, HVRV_PAGES_TABLE, table);
    if (given != HVRV_OK)
        return given;
    return status == HVRV_ERR_RACE ? hvrv_gstage_retry(pass) : status;
}

/* A and D of a NAPOT range are those of its entries together (norm:Svnapot_cache_entries). */
static enum hvrv_status gather_ad(const struct hvrv_gstage *gstage, hvrv_hpa first, uint64_t *ad)
{
    *ad = 0;
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT; i++) {
        uint64_t pte;
        enum hvrv_status status =
            hvrv_gstage_load(gstage, hvrv_hpa_make(first.v + i * HVRV_GSTAGE_PTE_SIZE), &pte);
        if (status != HVRV_OK)
            return status;
        *ad |= pte & (HVRV_PTE_A | HVRV_PTE_D);
        /* A hart may go on setting them in any entry until the fence. */
        if (gstage->ad == HVRV_GSTAGE_AD_HARDWARE)
            *ad |= pte & HVRV_PTE_W ? HVRV_PTE_A | HVRV_PTE_D : HVRV_PTE_A;
    }
    return HVRV_OK;
}

static enum hvrv_status split_napot_entry(const struct hvrv_gstage *gstage, hvrv_hpa slot,
                                          unsigned index, uint64_t ad)
{
    uint64_t pte;
    enum hvrv_status status = hvrv_gstage_load(gstage, slot, &pte);
    for (unsigned tries = 0; status == HVRV_OK && tries < HVRV_GSTAGE_TRIES; tries++) {
        if (!(pte & HVRV_PTE_N))
            return HVRV_OK;
        uint64_t plain = (pte & ~(HVRV_PTE_N | NAPOT_PPN)) | ad;
        status = hvrv_phys_compare_and_swap(gstage->phys, slot, &pte, plain + index * step_of(0));
        if (status != HVRV_ERR_RACE)
            return status;
        status = HVRV_OK;
    }
    return status == HVRV_OK ? HVRV_ERR_RACE : status;
}

enum hvrv_status hvrv_gstage_split_napot(struct hvrv_gstage_pass *pass,
                                         const struct hvrv_gstage_place *place, uint64_t address)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    const uint64_t group_size = HVRV_GSTAGE_NAPOT * HVRV_GSTAGE_PTE_SIZE;
    hvrv_hpa first = hvrv_hpa_make(place->slot[0].v & ~(group_size - 1));
    uint64_t ad;
    enum hvrv_status status = gather_ad(gstage, first, &ad);
    if (status == HVRV_OK)
        note(pass, HVRV_FENCE_LEAF_CHANGED, address & ~(HVRV_GSTAGE_NAPOT_SIZE - 1),
             HVRV_GSTAGE_NAPOT_SIZE, 0);
    for (unsigned i = 0; status == HVRV_OK && i < HVRV_GSTAGE_NAPOT; i++)
        status =
            split_napot_entry(gstage, hvrv_hpa_make(first.v + i * HVRV_GSTAGE_PTE_SIZE), i, ad);
    if (status == HVRV_OK)
        hvrv_gstage_advance(pass, 0, HVRV_GSTAGE_NAPOT);
    return status;
}

enum hvrv_status hvrv_gstage_fit_napot(const struct hvrv_gstage_pass *pass,
                                       const struct hvrv_gstage_place *place, uint64_t most,
                                       unsigned *count)
{
    uint64_t in_group = (pass->range->gpa.v >> HVRV_PAGE_SHIFT) % HVRV_GSTAGE_NAPOT;
    unsigned left = (unsigned)((HVRV_GSTAGE_NAPOT - in_group) % HVRV_GSTAGE_NAPOT);
    if (in_group && (place->pte.v & HVRV_PTE_N) && !pass->keeps_whole) {
        *count = 0;
        return HVRV_OK;
    }
    unsigned cut = (*count - left) % HVRV_GSTAGE_NAPOT;
    if (*count <= left || cut == 0)
        return HVRV_OK;
    uint64_t pte;
    hvrv_hpa last = {place->slot[0].v + (*count - 1) * HVRV_GSTAGE_PTE_SIZE};
    enum hvrv_status status = hvrv_gstage_load(pass->gstage, last, &pte);
    if (status != HVRV_OK || !(pte & HVRV_PTE_N))
        return status;
    unsigned whole = *count - cut + HVRV_GSTAGE_NAPOT;
    if (whole <= most)
        *count = whole;
    else if (!pass->keeps_whole)
        *count -= cut;
    return HVRV_OK;
}

/* How many entries from there on belong in one stretch; 0: split the NAPOT range first. */
static enum hvrv_status count_entries(const struct hvrv_gstage_pass *pass,
                                      const struct hvrv_gstage_place *place, unsigned *count)
{
    unsigned level = place->level;
    uint64_t to_end =
        HVRV_TABLE_ENTRIES - (place->slot[level].v / HVRV_GSTAGE_PTE_SIZE) % HVRV_TABLE_ENTRIES;
    uint64_t most = pass->range->size >> hvrv_level_shift(level);
    if (most > to_end)
        most = to_end;
    *count = most > pass->budget ? pass->budget : (unsigned)most;
    if (level == 0 && pass->gstage->svnapot)
        return hvrv_gstage_fit_napot(pass, place, pass->range->size >> HVRV_PAGE_SHIFT, count);
    return HVRV_OK;
}

/* Works on at most one group of sixteen, in a copy; what the work changed is swapped in. */
static enum hvrv_status work_on_copy(struct hvrv_gstage_pass *pass, hvrv_hpa slot,
                                     struct hvrv_gstage_stretch *stretch, unsigned *done)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    uint64_t seen[HVRV_GSTAGE_NAPOT];
    uint64_t copy[HVRV_GSTAGE_NAPOT];
    unsigned first = (unsigned)(slot.v / HVRV_GSTAGE_PTE_SIZE % HVRV_GSTAGE_NAPOT);
    slot.v -= first * HVRV_GSTAGE_PTE_SIZE;
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT; i++) {
        enum hvrv_status status =
            hvrv_gstage_load(gstage, hvrv_hpa_make(slot.v + i * HVRV_GSTAGE_PTE_SIZE), &seen[i]);
        if (status != HVRV_OK)
            return status;
        copy[i] = seen[i];
    }
    stretch->entry = &copy[first];
    *done = pass->work(pass, stretch);
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT; i++) {
        if (copy[i] == seen[i])
            continue;
        enum hvrv_status status = hvrv_phys_compare_and_swap(
            gstage->phys, hvrv_hpa_make(slot.v + i * HVRV_GSTAGE_PTE_SIZE), &seen[i], copy[i]);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

static enum hvrv_status work(struct hvrv_gstage_pass *pass, hvrv_hpa slot,
                             struct hvrv_gstage_stretch *stretch, unsigned *done)
{
    if (hvrv_phys_is_direct(pass->gstage->phys, slot)) {
        stretch->entry = hvrv_phys_pointer(pass->gstage->phys, slot);
        *done = pass->work(pass, stretch);
        return HVRV_OK;
    }
    unsigned to_end =
        (unsigned)(HVRV_GSTAGE_NAPOT - slot.v / HVRV_GSTAGE_PTE_SIZE % HVRV_GSTAGE_NAPOT);
    if (stretch->count > to_end) {
        stretch->count = to_end;
        stretch->bytes = (uint64_t)to_end << hvrv_level_shift(stretch->level);
    }
    return work_on_copy(pass, slot, stretch, done);
}

enum hvrv_status hvrv_gstage_stretch(struct hvrv_gstage_pass *pass,
                                     const struct hvrv_gstage_place *place)
{
    struct hvrv_gstage_stretch stretch = {.address = pass->range->gpa.v, .level = place->level};
    uint64_t span = hvrv_level_size(place->level);
    uint64_t rest = span - (stretch.address & (span - 1));
    stretch.is_part = rest != span || pass->range->size < span;
    if (stretch.is_part) {
        stretch.count = 1;
        stretch.bytes = rest < pass->range->size ? rest : pass->range->size;
        if (!pass->keeps_whole) { /* it was empty: else it would have been split */
            hvrv_gstage_advance(pass, stretch.bytes, 1);
            return HVRV_OK;
        }
    } else {
        enum hvrv_status status = count_entries(pass, place, &stretch.count);
        if (status != HVRV_OK)
            return status;
        if (stretch.count == 0)
            return hvrv_gstage_split_napot(pass, place, stretch.address);
        stretch.bytes = stretch.count * span;
    }
    unsigned done = 0;
    enum hvrv_status status = work(pass, place->slot[place->level], &stretch, &done);
    if (stretch.changed)
        note(pass, pass->change, stretch.address, stretch.bytes, place->level);
    if (status == HVRV_ERR_RACE)
        return hvrv_gstage_retry(pass);
    if (status != HVRV_OK)
        return status;
    if (done)
        hvrv_gstage_advance(pass, stretch.is_part ? stretch.bytes : done * span, done);
    else if (stretch.status == HVRV_OK)
        return hvrv_gstage_retry(pass);
    return stretch.status;
}

enum hvrv_status hvrv_gstage_pass(struct hvrv_gstage_pass *pass)
{
    pass->budget = pass->range->budget;
    while (pass->range->size) {
        struct hvrv_gstage_place place;
        if (pass->budget == 0)
            return HVRV_ERR_UNFINISHED;
        enum hvrv_status status = hvrv_gstage_find(pass->gstage, pass->range->gpa.v, 0, &place);
        if (status != HVRV_OK)
            return status;
        uint64_t span = hvrv_level_size(place.level);
        bool is_whole = (pass->range->gpa.v & (span - 1)) == 0 && pass->range->size >= span;
        if (!is_whole && !pass->keeps_whole && hvrv_gstage_is_leaf(place.pte.v))
            status = hvrv_gstage_split_leaf(pass, &place, false);
        else
            status = hvrv_gstage_stretch(pass, &place);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}
