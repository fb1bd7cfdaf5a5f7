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
static enum hvrv_status split_at(struct hvrv_gstage_pass *pass,
                                 const struct hvrv_gstage_place *place, unsigned shift)
{
    uint64_t pte = place->pte.v;
    unsigned level = place->level;
    if (hvrv_gstage_is_leaf(pte) && level > 0 && hvrv_level_shift(level) > shift)
        return hvrv_gstage_split_leaf(pass, place, level == 1 && shift == HVRV_NAPOT_SHIFT);
    if (pte & HVRV_PTE_N && shift < HVRV_NAPOT_SHIFT)
        return hvrv_gstage_split_napot(pass, place, pass->range->gpa.v);
    uint64_t span = hvrv_level_size(level);
    uint64_t rest = span - (pass->range->gpa.v & (span - 1));
    hvrv_gstage_advance(pass, rest < pass->range->size ? rest : pass->range->size, 1);
    return HVRV_OK;
}

enum hvrv_status hvrv_gstage_split(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_resize *resize,
                                   struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = check_resize(gstage, resize, gather);
    if (status != HVRV_OK)
        return status;
    struct hvrv_gstage_pass pass = {.gstage = gstage,
                                    .range = &resize->range,
                                    .gather = gather,
                                    .budget = resize->range.budget};
    while (resize->range.size) {
        struct hvrv_gstage_place place;
        if (pass.budget == 0)
            return HVRV_ERR_UNFINISHED;
        status = hvrv_gstage_find(gstage, resize->range.gpa.v, 0, &place);
        if (status == HVRV_OK)
            status = split_at(&pass, &place, resize->shift);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

/* What entries say together. */
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

/* Looks at as many entries as make one leaf of 2^shift, whose children map 2^child_shift each. */
static enum hvrv_status judge(const struct hvrv_gstage *gstage, hvrv_hpa first, unsigned shift,
                              unsigned child_shift, struct family *family)
{
    uint64_t ad = 0;
    family->is_whole = false;
    for (unsigned i = 0; i < 1U << (shift - child_shift); i++) {
        uint64_t pte;
        enum hvrv_status status =
            hvrv_gstage_load(gstage, hvrv_hpa_make(first.v + i * HVRV_GSTAGE_PTE_SIZE), &pte);
        if (status != HVRV_OK)
            return status;
        if (i == 0)
            family->pte = (pte & ~MAY_DIFFER) | ppn_of(pte, 0);
        uint64_t wanted = family->pte + ((uint64_t)i << child_shift >> 2);
        if (!hvrv_gstage_is_leaf(pte) || ((pte & ~MAY_DIFFER) | ppn_of(pte, i)) != wanted)
            return HVRV_OK;
        ad |= pte & (HVRV_PTE_A | HVRV_PTE_D);
    }
    /* A hart may go on setting them in any entry until the fence. */
    if (gstage->ad == HVRV_GSTAGE_AD_HARDWARE)
        ad |= family->pte & HVRV_PTE_W ? HVRV_PTE_A | HVRV_PTE_D : HVRV_PTE_A;
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
    uint64_t address = pass->range->gpa.v;
    struct hvrv_fence_range range = {address, address + hvrv_level_size(place->level) - 1,
                                     hvrv_level_shift(place->level)};
    enum hvrv_status status;
    unsigned tries = 0;
    if (pass->gather->kept_count == HVRV_FENCE_KEPT)
        return HVRV_ERR_UNFINISHED;
    do
        status = pointer == place->pte.v
                     ? hvrv_gstage_swap(gstage, place->slot[place->level], &pointer, leaf)
                     : HVRV_ERR_RACE;
    while (status == HVRV_ERR_RACE && ++tries < HVRV_GSTAGE_TRIES);
    if (status != HVRV_OK)
        return status;
    hvrv_fence_note(pass->gather, HVRV_FENCE_TABLE_REMOVED, &range);
    return hvrv_fence_keep(pass->gather, gstage->phys, gstage->pages,
                           hvrv_gstage_child(gstage, pointer));
}

/* One entry of sixteen becomes the NAPOT range's. */
static enum hvrv_status merge_entry(const struct hvrv_gstage *gstage, hvrv_hpa slot, uint64_t plain,
                                    uint64_t napot)
{
    uint64_t seen;
    enum hvrv_status status = hvrv_gstage_load(gstage, slot, &seen);
    for (unsigned tries = 0; status == HVRV_OK && tries < HVRV_GSTAGE_TRIES; tries++) {
        if ((seen ^ plain) & ~(HVRV_PTE_A | HVRV_PTE_D))
            return HVRV_ERR_RACE;
        status = hvrv_gstage_swap(gstage, slot, &seen, napot);
        if (status != HVRV_ERR_RACE)
            return status;
        status = HVRV_OK;
    }
    return status == HVRV_OK ? HVRV_ERR_RACE : status;
}

static enum hvrv_status merge_napot(struct hvrv_gstage_pass *pass,
                                    const struct hvrv_gstage_place *place, uint64_t leaf)
{
    uint64_t address = pass->range->gpa.v;
    struct hvrv_fence_range range = {address, address + HVRV_GSTAGE_NAPOT_SIZE - 1,
                                     HVRV_PAGE_SHIFT};
    hvrv_fence_note(pass->gather, HVRV_FENCE_LEAF_CHANGED, &range);
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT; i++) {
        hvrv_hpa slot = {place->slot[0].v + i * HVRV_GSTAGE_PTE_SIZE};
        uint64_t plain = leaf + i * (HVRV_PAGE_SIZE >> 2);
        enum hvrv_status status = merge_entry(pass->gstage, slot, plain, hvrv_gstage_napot(leaf));
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

/* Merges what begins at the address, if it is there, whole and alike. */
static enum hvrv_status merge_here(struct hvrv_gstage_pass *pass,
                                   const struct hvrv_gstage_place *place, unsigned shift)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    bool to_napot = shift == HVRV_NAPOT_SHIFT;
    struct family family;
    hvrv_hpa first = place->slot[0];
    unsigned child_shift = HVRV_PAGE_SHIFT;
    if (!to_napot) {
        first = hvrv_gstage_child(gstage, place->pte.v);
        child_shift = hvrv_level_shift(place->level - 1);
    }
    enum hvrv_status status = judge(gstage, first, shift, child_shift, &family);
    if (status == HVRV_OK && family.is_whole)
        status =
            to_napot ? merge_napot(pass, place, family.pte) : merge_table(pass, place, family.pte);
    if (status == HVRV_OK)
        hvrv_gstage_advance(pass, HVRV_BIT(shift), 1U << (shift - child_shift));
    return status;
}

static enum hvrv_status merge_at(struct hvrv_gstage_pass *pass,
                                 const struct hvrv_gstage_place *place, unsigned shift)
{
    bool to_napot = shift == HVRV_NAPOT_SHIFT;
    uint64_t address = pass->range->gpa.v;
    uint64_t span =
        to_napot && place->level == 0 ? HVRV_GSTAGE_NAPOT_SIZE : hvrv_level_size(place->level);
    uint64_t rest = span - (address & (span - 1));
    bool is_whole = rest == span && pass->range->size >= span;
    bool is_candidate = to_napot ? place->level == 0 && !(place->pte.v & HVRV_PTE_N)
                                 : hvrv_gstage_is_table(place->pte.v);
    if (is_whole && is_candidate)
        return merge_here(pass, place, shift);
    hvrv_gstage_advance(pass, rest < pass->range->size ? rest : pass->range->size, 1);
    return HVRV_OK;
}

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
    unsigned level = resize->shift == HVRV_NAPOT_SHIFT ? 0 : level_of(resize->shift);
    struct hvrv_gstage_pass pass = {.gstage = gstage,
                                    .range = &resize->range,
                                    .gather = gather,
                                    .budget = resize->range.budget};
    while (resize->range.size) {
        struct hvrv_gstage_place place;
        if (pass.budget == 0)
            return HVRV_ERR_UNFINISHED;
        status = hvrv_gstage_find(gstage, resize->range.gpa.v, level, &place);
        if (status == HVRV_OK)
            status = merge_at(&pass, &place, resize->shift);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}
