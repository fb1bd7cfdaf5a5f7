/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves become smaller ones with the same meaning: what every call does at the ends of its range.
 */
#include "gstage_table.h"

/* The PPN's low four bits that say 64 KiB (norm:Svnapot_valid_encoding). */
#define NAPOT_PPN_64K HVRV_BIT(13)
#define NAPOT_PPN     HVRV_BITS(13, 10)

/* From one leaf's entry to the next where they follow each other. */
static uint64_t step_of(unsigned shift)
{
    return HVRV_BIT(shift) >> 2;
}

uint64_t hvrv_gstage_napot(uint64_t leaf)
{
    return (leaf & ~NAPOT_PPN) | NAPOT_PPN_64K | HVRV_PTE_N;
}

uint64_t hvrv_gstage_plain(const struct hvrv_gstage *gstage, uint64_t pte, unsigned index)
{
    return (pte & ~(HVRV_PTE_N | NAPOT_PPN)) | index * step_of(HVRV_PAGE_SHIFT) |
           hvrv_gstage_ad_of(gstage, pte);
}

/* Four at a time, which is what mapping much spends its time on. */
static void fill_direct(volatile uint64_t *entry, uint64_t pte, unsigned count, uint64_t step)
{
    for (; count >= 4; count -= 4, entry += 4) {
        entry[0] = pte;
        entry[1] = pte += step;
        entry[2] = pte += step;
        entry[3] = pte += step;
        pte += step;
    }
    for (; count > 0; count--, entry++, pte += step)
        *entry = pte;
}

enum hvrv_status hvrv_gstage_fill(const struct hvrv_gstage *gstage, hvrv_hpa slot, unsigned count,
                                  const struct hvrv_gstage_leaves *leaves)
{
    uint64_t pte = leaves->pte;
    if (hvrv_phys_is_direct(gstage->phys, slot)) {
        volatile uint64_t *entry = hvrv_phys_pointer(gstage->phys, slot);
        if (leaves->each == 1)
            fill_direct(entry, pte, count, leaves->step);
        else
            for (unsigned i = 0; i < count; i += leaves->each, pte += leaves->step)
                fill_direct(entry + i, pte, leaves->each, 0);
        return HVRV_OK;
    }
    for (unsigned i = 1; i <= count; i++, slot.v += HVRV_GSTAGE_PTE_SIZE) {
        enum hvrv_status status = hvrv_phys_store(gstage->phys, slot, pte);
        if (status != HVRV_OK)
            return status;
        if (i % leaves->each == 0)
            pte += leaves->step;
    }
    return HVRV_OK;
}

enum hvrv_status hvrv_gstage_split_leaf(struct hvrv_gstage_pass *pass,
                                        const struct hvrv_gstage_place *place, bool to_napot)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    struct hvrv_gstage_leaves leaves = {place->pte.v, step_of(hvrv_level_shift(place->level - 1)),
                                        1};
    if (to_napot)
        leaves = (struct hvrv_gstage_leaves){hvrv_gstage_napot(place->pte.v),
                                             step_of(HVRV_NAPOT_SHIFT), HVRV_GSTAGE_NAPOT};
    hvrv_hpa table;
    enum hvrv_status status = hvrv_pages_take(gstage->pages, HVRV_PAGES_TABLE, &table);
    if (status != HVRV_OK)
        return status;
    status = hvrv_gstage_fill(gstage, table, HVRV_TABLE_ENTRIES, &leaves);
    if (status == HVRV_OK)
        status = hvrv_gstage_replace(gstage, place->slot[place->level], place->pte.v,
                                     hvrv_gstage_pointer(gstage, table));
    if (status == HVRV_OK) {
        hvrv_gstage_note_around(
            pass, place->pte.v & HVRV_PTE_V ? HVRV_FENCE_LEAF_SPLIT : HVRV_FENCE_TABLE_ADDED,
            place->level, hvrv_level_shift(place->level));
        hvrv_gstage_advance(pass, 0, 1);
        return HVRV_OK;
    }
    enum hvrv_status given = hvrv_pages_give(gstage->pages, HVRV_PAGES_TABLE, table);
    if (given != HVRV_OK)
        return given;
    return status == HVRV_ERR_RACE ? hvrv_gstage_retry(pass) : status;
}

/*
 * An entry of a NAPOT range becomes a leaf of 4 KiB. A and D of the range are those of its entries
 * together (norm:Svnapot_cache_entries): what this one has more is added.
 */
static enum hvrv_status split_entry(const struct hvrv_gstage *gstage, hvrv_hpa slot, unsigned index,
                                    uint64_t *ad)
{
    enum hvrv_status status = HVRV_ERR_RACE;
    for (unsigned tries = 0; status == HVRV_ERR_RACE && tries < HVRV_GSTAGE_TRIES; tries++) {
        uint64_t pte = 0;
        status = hvrv_gstage_load(gstage, slot, &pte);
        if (status != HVRV_OK || !hvrv_gstage_is_leaf(pte))
            return status;
        *ad |= hvrv_gstage_ad_of(gstage, pte);
        uint64_t plain = pte & HVRV_PTE_N ? hvrv_gstage_plain(gstage, pte, index) : pte;
        if ((plain | *ad) != pte)
            status = hvrv_gstage_replace(gstage, slot, pte, plain | *ad);
    }
    return status;
}

/* The rounds end when none had an A or D that those before it did not get: after three. */
enum hvrv_status hvrv_gstage_split_napot(struct hvrv_gstage_pass *pass,
                                         const struct hvrv_gstage_place *place)
{
    const uint64_t group_size = HVRV_GSTAGE_NAPOT * HVRV_GSTAGE_PTE_SIZE;
    hvrv_hpa first = hvrv_hpa_make(place->slot[0].v & ~(group_size - 1));
    enum hvrv_status status = HVRV_OK;
    uint64_t ad = 0;
    uint64_t before;
    hvrv_gstage_note_around(pass, HVRV_FENCE_LEAF_CHANGED, 0, HVRV_NAPOT_SHIFT);
    do {
        before = ad;
        for (unsigned i = 0; status == HVRV_OK && i < HVRV_GSTAGE_NAPOT; i++)
            status = split_entry(pass->gstage, hvrv_hpa_make(first.v + i * HVRV_GSTAGE_PTE_SIZE), i,
                                 &ad);
    } while (status == HVRV_OK && ad != before);
    if (status == HVRV_OK)
        hvrv_gstage_advance(pass, 0, HVRV_GSTAGE_NAPOT);
    return status;
}
