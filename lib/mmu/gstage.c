/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

#include <hvrv/isa/csr_fields.h>

#define ALL_RULES (HVRV_PTE_RULE_SVPBMT | HVRV_PTE_RULE_SVNAPOT | HVRV_PTE_RULE_SVRSW60T59B)

/* What a tree's leaves may have, and what they always have. */
static void set_leaf_bits(struct hvrv_gstage *gstage, unsigned rules)
{
    gstage->leaf_bits = HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D | HVRV_PTE_RSW;
    if (rules & HVRV_PTE_RULE_SVPBMT)
        gstage->leaf_bits |= HVRV_PTE_PBMT;
    if (rules & HVRV_PTE_RULE_SVRSW60T59B)
        gstage->leaf_bits |= HVRV_PTE_RSW60;
    if (gstage->stage == HVRV_STAGE_G)
        gstage->forced_bits = HVRV_PTE_V | HVRV_PTE_U;
    else
        gstage->forced_bits = HVRV_PTE_V;
    if (gstage->stage == HVRV_STAGE_VS)
        gstage->leaf_bits |= HVRV_PTE_U | HVRV_PTE_G;
    gstage->svnapot = (rules & HVRV_PTE_RULE_SVNAPOT) != 0;
}

static enum hvrv_status check_config(const struct hvrv_gstage_config *config)
{
    if (config->stage != HVRV_STAGE_VS && config->stage != HVRV_STAGE_G)
        return HVRV_ERR_ARGUMENT;
    const struct hvrv_mode *mode = hvrv_mode_find(config->stage, config->mode);
    if (!mode || mode->levels == 0)
        return HVRV_ERR_MODE;
    if (config->rules & ~(unsigned)ALL_RULES)
        return HVRV_ERR_ARGUMENT;
    if (config->ad != HVRV_GSTAGE_AD_FAULT && config->ad != HVRV_GSTAGE_AD_HARDWARE)
        return HVRV_ERR_ARGUMENT;
    if (config->stage == HVRV_STAGE_G && config->pointer_offset != 0)
        return HVRV_ERR_ARGUMENT;
    return hvrv_bits_is_aligned(config->pointer_offset, HVRV_PAGE_SIZE) ? HVRV_OK : HVRV_ERR_ALIGN;
}

enum hvrv_status hvrv_gstage_init(struct hvrv_gstage *gstage,
                                  const struct hvrv_gstage_config *config)
{
    if (!gstage)
        return HVRV_ERR_NULL;
    *gstage = (struct hvrv_gstage){0};
    if (!config || !config->phys || !config->pages)
        return HVRV_ERR_NULL;
    enum hvrv_status status = check_config(config);
    if (status != HVRV_OK)
        return status;
    const struct hvrv_mode *mode = hvrv_mode_find(config->stage, config->mode);
    hvrv_hpa root;
    status = hvrv_pages_take(config->pages, (enum hvrv_pages_size)mode->root_size, &root);
    if (status != HVRV_OK)
        return status;
    gstage->phys = config->phys;
    gstage->pages = config->pages;
    gstage->mode = mode;
    gstage->root = root;
    gstage->pointer_offset = config->pointer_offset;
    gstage->stage = config->stage;
    gstage->ad = config->ad;
    set_leaf_bits(gstage, config->rules);
    hvrv_gstage_quicken(gstage);
    return HVRV_OK;
}

enum hvrv_status hvrv_gstage_fini(struct hvrv_gstage *gstage)
{
    if (!gstage)
        return HVRV_ERR_NULL;
    if (!gstage->mode)
        return HVRV_ERR_STATE;
    for (uint64_t at = 0; at < gstage->mode->root_size; at += HVRV_GSTAGE_PTE_SIZE) {
        uint64_t pte = 0;
        if (hvrv_gstage_load(gstage, hvrv_hpa_make(gstage->root.v + at), &pte) != HVRV_OK)
            return HVRV_ERR_ACCESS;
        if (pte)
            return HVRV_ERR_STATE;
    }
    enum hvrv_status status =
        hvrv_pages_give(gstage->pages, (enum hvrv_pages_size)gstage->mode->root_size, gstage->root);
    *gstage = (struct hvrv_gstage){0};
    return status;
}

enum hvrv_status hvrv_gstage_atp(const struct hvrv_gstage *gstage, uint16_t id, uint64_t *atp)
{
    if (!atp)
        return HVRV_ERR_NULL;
    *atp = 0;
    if (!gstage)
        return HVRV_ERR_NULL;
    if (!gstage->mode)
        return HVRV_ERR_STATE;
    enum hvrv_mode_encoding mode = (enum hvrv_mode_encoding)gstage->mode->encoding;
    if (gstage->stage == HVRV_STAGE_G)
        return hvrv_mode_make_hgatp(mode, id, gstage->root, atp);
    return hvrv_mode_make_vsatp(mode, id, hvrv_gpa_make(gstage->root.v - gstage->pointer_offset),
                                atp);
}

enum hvrv_status hvrv_gstage_load(const struct hvrv_gstage *gstage, hvrv_hpa slot, uint64_t *pte)
{
    if (!hvrv_phys_is_direct(gstage->phys, slot))
        return hvrv_phys_load(gstage->phys, slot, pte);
    *pte = *hvrv_phys_pointer(gstage->phys, slot);
    return HVRV_OK;
}

enum hvrv_status hvrv_gstage_replace(const struct hvrv_gstage *gstage, hvrv_hpa slot, uint64_t seen,
                                     uint64_t pte)
{
    return hvrv_phys_compare_and_swap(gstage->phys, slot, &seen, pte);
}

enum hvrv_status hvrv_gstage_check_range(const struct hvrv_gstage *gstage, uint64_t address,
                                         uint64_t size)
{
    uint64_t last = address + size - 1;
    if (!hvrv_bits_is_aligned(address | size, HVRV_PAGE_SIZE))
        return HVRV_ERR_ALIGN;
    if (size == 0 || last < address)
        return HVRV_ERR_RANGE;
    if (gstage->stage == HVRV_STAGE_G)
        return last >> gstage->mode->width == 0 ? HVRV_OK : HVRV_ERR_RANGE;
    bool is_taken = hvrv_mode_takes(gstage->mode, HVRV_STAGE_VS, address) &&
                    hvrv_mode_takes(gstage->mode, HVRV_STAGE_VS, last);
    return is_taken && (address ^ last) >> 63 == 0 ? HVRV_OK : HVRV_ERR_RANGE;
}

enum hvrv_status hvrv_gstage_check_call(const struct hvrv_gstage *gstage,
                                        const struct hvrv_gstage_range *range,
                                        const struct hvrv_fence_gather *gather)
{
    if (!gstage || !range || !gather)
        return HVRV_ERR_NULL;
    if (!gstage->mode || !gather->is_open)
        return HVRV_ERR_STATE;
    if (range->budget == 0)
        return HVRV_ERR_ARGUMENT;
    return hvrv_gstage_check_range(gstage, range->gpa.v, range->size);
}

enum hvrv_status hvrv_gstage_check_gather(const struct hvrv_gstage *gstage,
                                          const struct hvrv_fence_gather *gather)
{
    bool is_free = !gather->phys;
    bool is_ours = gather->phys == gstage->phys && gather->pages == gstage->pages;
    return is_free || is_ours ? HVRV_OK : HVRV_ERR_STATE;
}

enum hvrv_status hvrv_gstage_find(const struct hvrv_gstage *gstage, uint64_t address,
                                  unsigned level, struct hvrv_gstage_place *place)
{
    unsigned at = gstage->mode->levels - 1U;
    uint64_t offset = address >> hvrv_level_shift(at) << 3 & (gstage->mode->root_size - 1U);
    hvrv_hpa slot = {gstage->root.v + offset};
    for (;;) {
        place->slot[at] = slot;
        enum hvrv_status status = hvrv_gstage_load(gstage, slot, &place->pte.v);
        if (status != HVRV_OK)
            return status;
        if (at <= level || !hvrv_gstage_is_table(place->pte.v))
            break;
        at--;
        offset = address >> hvrv_level_shift(at) << 3 & (HVRV_PAGE_SIZE - 1);
        slot.v = hvrv_gstage_child(gstage, place->pte.v).v + offset;
    }
    place->level = at;
    return HVRV_OK;
}

/* The tables that cover 2^shift each and share a byte with the range. */
static uint64_t count_tables(const struct hvrv_gstage_range *range, unsigned shift)
{
    return ((range->gpa.v + range->size - 1) >> shift) - (range->gpa.v >> shift) + 1;
}

/* Those of them that the range has only a part of. */
static uint64_t count_cut_tables(const struct hvrv_gstage_range *range, unsigned shift)
{
    uint64_t size = HVRV_BIT(shift);
    uint64_t cut = !hvrv_bits_is_aligned(range->gpa.v, size);
    cut += !hvrv_bits_is_aligned(range->gpa.v + range->size, size);
    uint64_t all = count_tables(range, shift);
    return cut < all ? cut : all;
}

enum hvrv_status hvrv_gstage_pages_needed(const struct hvrv_gstage *gstage,
                                          const struct hvrv_gstage_range *range, unsigned shift,
                                          uint64_t *count)
{
    if (!count)
        return HVRV_ERR_NULL;
    *count = 0;
    if (!gstage || !range)
        return HVRV_ERR_NULL;
    if (!gstage->mode)
        return HVRV_ERR_STATE;
    unsigned level = shift == HVRV_NAPOT_SHIFT ? 0 : (shift - HVRV_PAGE_SHIFT) / 9;
    bool is_size = shift == HVRV_NAPOT_SHIFT || shift == hvrv_level_shift(level);
    if (shift < HVRV_PAGE_SHIFT || !is_size || level >= gstage->mode->levels)
        return HVRV_ERR_ARGUMENT;
    enum hvrv_status status = hvrv_gstage_check_range(gstage, range->gpa.v, range->size);
    if (status != HVRV_OK)
        return status;
    for (unsigned above = 1; above < gstage->mode->levels; above++) {
        unsigned table_shift = hvrv_level_shift(above);
        *count +=
            above > level ? count_tables(range, table_shift) : count_cut_tables(range, table_shift);
    }
    return HVRV_OK;
}

static enum hvrv_status check_address(const struct hvrv_gstage *gstage, hvrv_gpa gpa)
{
    if (!gstage)
        return HVRV_ERR_NULL;
    if (!gstage->mode)
        return HVRV_ERR_STATE;
    return hvrv_mode_takes(gstage->mode, gstage->stage, gpa.v) ? HVRV_OK : HVRV_ERR_RANGE;
}

enum hvrv_status hvrv_gstage_query(const struct hvrv_gstage *gstage, hvrv_gpa gpa,
                                   struct hvrv_gstage_entry *entry)
{
    struct hvrv_gstage_place place;
    if (!entry)
        return HVRV_ERR_NULL;
    *entry = (struct hvrv_gstage_entry){0};
    enum hvrv_status status = check_address(gstage, gpa);
    if (status == HVRV_OK)
        status = hvrv_gstage_find(gstage, gpa.v, 0, &place);
    if (status != HVRV_OK)
        return status;
    /* What is no leaf is empty, or the link of a table that was just taken out. */
    if (hvrv_gstage_is_leaf(place.pte.v))
        entry->pte = place.pte;
    entry->pte_address = place.slot[place.level];
    entry->shift = hvrv_pte_page_shift(entry->pte, place.level);
    entry->gpa.v = gpa.v >> entry->shift << entry->shift;
    return HVRV_OK;
}

/* What an access needs of a leaf, and what it sets there. */
struct touch {
    uint64_t needs;
    uint64_t sets;
};

static const struct touch touches[HVRV_ACCESS_COUNT] = {
    [HVRV_ACCESS_LOAD] = {HVRV_PTE_V | HVRV_PTE_R, HVRV_PTE_A},
    [HVRV_ACCESS_STORE] = {HVRV_PTE_V | HVRV_PTE_W, HVRV_PTE_A | HVRV_PTE_D},
    [HVRV_ACCESS_FETCH] = {HVRV_PTE_V | HVRV_PTE_X, HVRV_PTE_A},
    [HVRV_ACCESS_HLVX] = {HVRV_PTE_V | HVRV_PTE_X, HVRV_PTE_A},
};

static enum hvrv_status touch_entry(const struct hvrv_gstage *gstage, hvrv_hpa slot, uint64_t pte,
                                    const struct touch *touch)
{
    for (unsigned tries = 0; tries < HVRV_GSTAGE_TRIES; tries++) {
        if ((pte & touch->needs) != touch->needs)
            return HVRV_ERR_MISSING;
        if ((pte & touch->sets) == touch->sets)
            return HVRV_OK;
        enum hvrv_status status =
            hvrv_phys_compare_and_swap(gstage->phys, slot, &pte, pte | touch->sets);
        if (status != HVRV_ERR_RACE)
            return status;
    }
    return HVRV_ERR_RACE;
}

enum hvrv_status hvrv_gstage_touch(const struct hvrv_gstage *gstage, hvrv_gpa gpa,
                                   enum hvrv_access access)
{
    struct hvrv_gstage_place place;
    enum hvrv_status status = check_address(gstage, gpa);
    if (status != HVRV_OK)
        return status;
    if ((unsigned)access >= HVRV_ACCESS_COUNT)
        return HVRV_ERR_ARGUMENT;
    status = hvrv_gstage_find(gstage, gpa.v, 0, &place);
    if (status != HVRV_OK)
        return status;
    if (!hvrv_gstage_is_leaf(place.pte.v))
        return HVRV_ERR_MISSING;
    return touch_entry(gstage, place.slot[place.level], place.pte.v, &touches[access]);
}
