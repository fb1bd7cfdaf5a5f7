/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves of another size with the same meaning: split into smaller ones, merged into a larger. */
#include "gstage_table.h"

/* Of a leaf, what may differ between those that are merged. */
#define MAY_DIFFER (HVRV_PTE_PPN | HVRV_PTE_N | HVRV_PTE_A | HVRV_PTE_D)

/* The level of a size, or one that no mode has. */
static unsigned level_of(unsigned shift)
{
    unsigned above = shift - (unsigned)HVRV_PAGE_SHIFT;
    return above % 9 == 0 && above / 9 < HVRV_LEVELS_MAX ? above / 9 : HVRV_LEVELS_MAX;
}

static enum hvrv_status check_resize(const struct hvrv_gstage *gstage,
                                     const struct hvrv_gstage_resize *resize,
                                     const struct hvrv_fence_gather *gather)
{
    if (!resize)
        return HVRV_ERR_NULL;
    enum hvrv_status status = hvrv_gstage_check_call(gstage, &resize->range, gather);
    if (status != HVRV_OK)
        return status;
    bool is_napot = resize->shift == HVRV_NAPOT_SHIFT && gstage->svnapot;
    return is_napot || level_of(resize->shift) < gstage->mode->levels ? HVRV_OK : HVRV_ERR_ARGUMENT;
}

/* Splits the leaf there if it is too large, or passes over what is there. */
static enum hvrv_status split_step(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place)
{
    const struct hvrv_gstage_resize *resize = pass->request;
    uint64_t pte = place->pte.v;
    unsigned shift = hvrv_level_shift(place->level);
    if (hvrv_gstage_is_leaf(pte) && shift > resize->shift)
        return hvrv_gstage_split_leaf(pass, place,
                                      place->level == 1 && resize->shift == HVRV_NAPOT_SHIFT);
    if ((pte & HVRV_PTE_N) && resize->shift < HVRV_NAPOT_SHIFT)
        return hvrv_gstage_split_napot(pass, place);
    hvrv_gstage_skip(pass, shift);
    return HVRV_OK;
}

static const struct hvrv_gstage_job split_job = {.step = split_step};

enum hvrv_status hvrv_gstage_split(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_resize *resize,
                                   struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = check_resize(gstage, resize, gather);
    if (status != HVRV_OK)
        return status;
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = &resize->range, .gather = gather, .request = resize};
    return hvrv_gstage_run(&pass, &split_job);
}

/* The leaf that entries make together, if they do. */
struct family {
    uint64_t pte;  /* the leaf that they make, if they do */
    bool is_whole; /* they do */
};

/* The HPA of an entry of level 0 is its own, also in a NAPOT range. */
static uint64_t ppn_of(uint64_t pte, unsigned index)
{
    if (!(pte & HVRV_PTE_N))
        return pte & HVRV_PTE_PPN;
    uint64_t base = hvrv_pte_address((hvrv_pte){pte}) >> 2;
    return base + (index % HVRV_GSTAGE_NAPOT) * (HVRV_PAGE_SIZE >> 2);
}

/* Looks at the entries that may make one leaf of 2^shift, and are for 2^child_shift each. */
static enum hvrv_status judge(const struct hvrv_gstage *gstage, hvrv_hpa first, unsigned shift,
                              unsigned child_shift, struct family *family)
{
    uint64_t ad = 0;
    family->pte = 0;
    family->is_whole = false;
    for (unsigned i = 0; i < 1U << (shift - child_shift); i++) {
        uint64_t pte = 0;
        enum hvrv_status status =
            hvrv_gstage_load(gstage, hvrv_hpa_make(first.v + i * HVRV_GSTAGE_PTE_SIZE), &pte);
        if (status != HVRV_OK)
            return status;
        uint64_t one = (pte & ~MAY_DIFFER) | ppn_of(pte, i);
        if (i == 0)
            family->pte = one;
        if (!hvrv_gstage_is_leaf(pte) || one != family->pte + ((uint64_t)i << child_shift >> 2))
            return HVRV_OK;
        ad |= hvrv_gstage_ad_of(gstage, pte);
    }
    family->is_whole = hvrv_bits_is_aligned((family->pte & HVRV_PTE_PPN) << 2, HVRV_BIT(shift));
    family->pte |= ad;
    return HVRV_OK;
}

/* A table's entry becomes the leaf that the table's entries make. */
static enum hvrv_status merge_table(struct hvrv_gstage_pass *pass,
                                    const struct hvrv_gstage_place *place, uint64_t leaf)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    uint64_t pointer = place->pte.v;
    if (pass->gather->kept_count == HVRV_FENCE_KEPT)
        return HVRV_ERR_UNFINISHED;
    enum hvrv_status status = hvrv_gstage_replace(gstage, place->slot[place->level], pointer, leaf);
    if (status != HVRV_OK)
        return status;
    hvrv_gstage_note_around(pass, HVRV_FENCE_TABLE_REMOVED, place->level,
                            hvrv_level_shift(place->level));
    return hvrv_fence_keep(pass->gather, gstage->phys, gstage->pages,
                           hvrv_gstage_child(gstage, pointer));
}

/* One entry of sixteen becomes the NAPOT range's; only A and D may have changed. */
static enum hvrv_status merge_entry(const struct hvrv_gstage *gstage, hvrv_hpa slot, uint64_t leaf,
                                    unsigned index)
{
    uint64_t plain = leaf + index * (HVRV_PAGE_SIZE >> 2);
    enum hvrv_status status = HVRV_ERR_RACE;
    for (unsigned tries = 0; status == HVRV_ERR_RACE && tries < HVRV_GSTAGE_TRIES; tries++) {
        uint64_t seen = 0;
        status = hvrv_gstage_load(gstage, slot, &seen);
        if (status == HVRV_OK && ((seen ^ plain) & ~(HVRV_PTE_A | HVRV_PTE_D)))
            return HVRV_ERR_RACE;
        if (status == HVRV_OK)
            status = hvrv_gstage_replace(gstage, slot, seen, hvrv_gstage_napot(leaf));
    }
    return status;
}

static enum hvrv_status merge_napot(struct hvrv_gstage_pass *pass,
                                    const struct hvrv_gstage_place *place, uint64_t leaf)
{
    enum hvrv_status status = HVRV_OK;
    hvrv_gstage_note_around(pass, HVRV_FENCE_LEAF_CHANGED, 0, HVRV_NAPOT_SHIFT);
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT && status == HVRV_OK; i++) {
        hvrv_hpa slot = {place->slot[0].v + i * HVRV_GSTAGE_PTE_SIZE};
        status = merge_entry(pass->gstage, slot, leaf, i);
    }
    return status;
}

/* Merges what begins there, if it is whole and alike. */
static enum hvrv_status merge_here(struct hvrv_gstage_pass *pass,
                                   const struct hvrv_gstage_place *place, unsigned shift)
{
    bool to_napot = shift == HVRV_NAPOT_SHIFT;
    hvrv_hpa first = to_napot ? place->slot[0] : hvrv_gstage_child(pass->gstage, place->pte.v);
    unsigned child_shift = to_napot ? HVRV_PAGE_SHIFT : shift - 9;
    struct family family;
    enum hvrv_status status = judge(pass->gstage, first, shift, child_shift, &family);
    if (status == HVRV_OK && family.is_whole)
        status =
            to_napot ? merge_napot(pass, place, family.pte) : merge_table(pass, place, family.pte);
    if (status == HVRV_OK)
        hvrv_gstage_advance(pass, HVRV_BIT(shift), 1U << (shift - child_shift));
    return status;
}

/* Goes down no further than to the entry that is to become a leaf. */
static enum hvrv_status merge_step(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place)
{
    const struct hvrv_gstage_resize *resize = pass->request;
    unsigned level = (resize->shift - HVRV_PAGE_SHIFT) / 9U;
    enum hvrv_status status = hvrv_gstage_find(pass->gstage, pass->range->gpa.v, level, place);
    if (status != HVRV_OK)
        return status;
    bool is_candidate = place->level == level && hvrv_gstage_is_table(place->pte.v);
    unsigned shift = hvrv_level_shift(place->level);
    if (level == 0 && place->level == 0) {
        is_candidate = !(place->pte.v & HVRV_PTE_N);
        shift = HVRV_NAPOT_SHIFT;
    }
    if (is_candidate && hvrv_gstage_is_whole(pass, shift))
        return merge_here(pass, place, shift);
    hvrv_gstage_skip(pass, shift);
    return HVRV_OK;
}

static const struct hvrv_gstage_job merge_job = {.step = merge_step, .level = HVRV_LEVELS_MAX - 1};

enum hvrv_status hvrv_gstage_merge(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_resize *resize,
                                   struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = check_resize(gstage, resize, gather);
    if (status == HVRV_OK)
        status = hvrv_gstage_check_gather(gstage, gather);
    if (status == HVRV_OK && resize->shift == HVRV_PAGE_SHIFT)
        status = HVRV_ERR_ARGUMENT;
    if (status != HVRV_OK)
        return status;
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = &resize->range, .gather = gather, .request = resize};
    return hvrv_gstage_run(&pass, &merge_job);
}
