/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/pmp.h>

#include <stddef.h>

#define RWX (HVRV_PMPCFG_R | HVRV_PMPCFG_W | HVRV_PMPCFG_X)

static uint8_t make_config(enum hvrv_pmp_match match, uint8_t permissions)
{
    return (uint8_t)(hvrv_bits_set(0, HVRV_PMPCFG_A, (uint64_t)match) | permissions);
}

static bool is_permitted(uint8_t permissions)
{
    return (permissions & ~RWX) == 0 &&
           (permissions & (HVRV_PMPCFG_R | HVRV_PMPCFG_W)) != HVRV_PMPCFG_W;
}

static enum hvrv_status check_region(const struct hvrv_pmp_region *region)
{
    if (region->last < region->first || region->last >> 56 != 0)
        return HVRV_ERR_RANGE;
    return is_permitted(region->permissions) ? HVRV_OK : HVRV_ERR_ARGUMENT;
}

enum hvrv_status hvrv_pmp_make_napot(struct hvrv_pmp_entry *entry,
                                     const struct hvrv_pmp_region *region)
{
    enum hvrv_status status;
    uint64_t size;

    if (entry)
        *entry = (struct hvrv_pmp_entry){0};
    if (!entry || !region)
        return HVRV_ERR_NULL;
    status = check_region(region);
    if (status != HVRV_OK)
        return status;
    size = region->last - region->first + 1;
    if (size < 4 || (size & (size - 1)) != 0 || !hvrv_bits_is_aligned(region->first, size))
        return HVRV_ERR_ALIGN;
    entry->config = make_config(size == 4 ? HVRV_PMP_NA4 : HVRV_PMP_NAPOT, region->permissions);
    /* As many ones at the end as the size has bits above eight bytes. */
    entry->address = (region->first | (size / 2 - 1)) >> 2;
    if (size == 4)
        entry->address = region->first >> 2;
    return HVRV_OK;
}

enum hvrv_status hvrv_pmp_make_tor(struct hvrv_pmp_entry pair[2],
                                   const struct hvrv_pmp_region *region)
{
    enum hvrv_status status;

    if (pair)
        pair[0] = pair[1] = (struct hvrv_pmp_entry){0};
    if (!pair || !region)
        return HVRV_ERR_NULL;
    status = check_region(region);
    if (status != HVRV_OK)
        return status;
    if (!hvrv_bits_is_aligned(region->first, 4) || !hvrv_bits_is_aligned(region->last + 1, 4))
        return HVRV_ERR_ALIGN;
    pair[0].address = region->first >> 2;
    pair[1].address = (region->last + 1) >> 2;
    pair[1].config = make_config(HVRV_PMP_TOR, region->permissions);
    return HVRV_OK;
}

/* The bytes of a NAPOT entry, less one; an address of all ones is everything. */
static uint64_t napot_mask(uint64_t address)
{
    uint64_t ones = address ^ (address + 1);
    return ones << 2 | 3;
}

enum hvrv_status hvrv_pmp_find_region(const struct hvrv_pmp_set *set, uint32_t index,
                                      struct hvrv_pmp_region *region)
{
    const struct hvrv_pmp_entry *entry;
    uint64_t mask = 3;
    uint64_t begin;

    *region = (struct hvrv_pmp_region){0};
    if (index >= set->count)
        return HVRV_ERR_MISSING;
    entry = &set->entries[index];
    switch ((enum hvrv_pmp_match)hvrv_bits_get(entry->config, HVRV_PMPCFG_A)) {
    case HVRV_PMP_TOR:
        begin = index == 0 ? 0 : set->entries[index - 1].address << 2;
        if (begin >= entry->address << 2)
            return HVRV_ERR_MISSING;
        region->first = begin;
        region->last = (entry->address << 2) - 1;
        break;
    case HVRV_PMP_NAPOT:
        mask = napot_mask(entry->address);
        /* fall through */
    case HVRV_PMP_NA4:
        region->first = (entry->address << 2) & ~mask;
        region->last = region->first | mask;
        break;
    case HVRV_PMP_OFF:
        return HVRV_ERR_MISSING;
    }
    region->permissions = entry->config & RWX;
    return HVRV_OK;
}

/* R, W and X for M-mode, by the bits L, X, W, R of an entry, with MML (norm:mml_truth_table). */
static const uint8_t mml_m_mode[16] = {
    0,
    0,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    0,
    0,
    0,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    0,
    0,
    HVRV_PMPCFG_R,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_X,
    HVRV_PMPCFG_R,
};

/* And for S- and U-mode. */
static const uint8_t mml_others[16] = {
    0,
    HVRV_PMPCFG_R,
    HVRV_PMPCFG_R,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    RWX,
    0,
    0,
    HVRV_PMPCFG_X,
    0,
    0,
    0,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R,
};

/* What an entry that matches allows. */
static uint8_t find_permissions(const struct hvrv_pmp_set *set, const struct hvrv_pmp_entry *entry,
                                bool is_m_mode)
{
    bool is_locked = (entry->config & HVRV_PMPCFG_L) != 0;
    unsigned row = (entry->config & RWX) | (is_locked ? 8U : 0U);

    if (set->mml)
        return is_m_mode ? mml_m_mode[row] : mml_others[row];
    return is_m_mode && !is_locked ? RWX : entry->config & RWX;
}

static uint8_t find_needs(enum hvrv_access access)
{
    switch (access) {
    case HVRV_ACCESS_LOAD:
        return HVRV_PMPCFG_R;
    case HVRV_ACCESS_STORE:
        return HVRV_PMPCFG_W;
    case HVRV_ACCESS_FETCH:
        return HVRV_PMPCFG_X;
    case HVRV_ACCESS_HLVX:
        return HVRV_PMPCFG_R | HVRV_PMPCFG_X;
    }
    return RWX;
}

/* What is allowed where no entry matches. */
static uint8_t find_default(const struct hvrv_pmp_set *set, bool is_m_mode)
{
    if (!is_m_mode)
        return set->count == 0 ? RWX : 0;
    if (set->mmwp)
        return 0;
    return set->mml ? HVRV_PMPCFG_R | HVRV_PMPCFG_W : RWX;
}

bool hvrv_pmp_allows(const struct hvrv_pmp_set *set, const struct hvrv_pmp_access *access)
{
    uint8_t needs = find_needs(access->access);
    uint64_t last = access->address + (access->size - 1);

    if (last < access->address)
        return false;
    for (uint32_t i = 0; i < set->count; i++) {
        struct hvrv_pmp_region region;
        if (hvrv_pmp_find_region(set, i, &region) != HVRV_OK || region.first > last ||
            region.last < access->address)
            continue;
        if (region.first > access->address || region.last < last)
            return false;
        return (needs & ~find_permissions(set, &set->entries[i], access->is_m_mode)) == 0;
    }
    return (needs & ~find_default(set, access->is_m_mode)) == 0;
}

/* A region of a plan by itself, and behind the one before it. */
static enum hvrv_status check_planned(const struct hvrv_pmp_ability *ability,
                                      const struct hvrv_pmp_layout *plan, uint32_t index)
{
    const struct hvrv_pmp_region *region = &plan->regions[index];
    uint64_t grain = HVRV_BIT(ability->grain_shift);
    enum hvrv_status status = check_region(region);

    if (status != HVRV_OK)
        return status;
    if (!hvrv_bits_is_aligned(region->first, grain) ||
        !hvrv_bits_is_aligned(region->last + 1, grain))
        return HVRV_ERR_ALIGN;
    if ((region->last >> 2 & ~ability->address_bits & ~(grain / 4 - 1)) != 0 ||
        (index > 0 && plan->regions[index - 1].last >= region->first))
        return HVRV_ERR_RANGE;
    return HVRV_OK;
}

/* Entries for a region from a place on; their number, 0 if there is no room. */
static uint32_t place(const struct hvrv_pmp_ability *ability, struct hvrv_pmp_layout *plan,
                      const struct hvrv_pmp_region *region)
{
    struct hvrv_pmp_entry *next = plan->entries + plan->count;
    uint32_t room = plan->budget - plan->count;
    struct hvrv_pmp_entry pair[2];

    if (room > 0 && hvrv_pmp_make_napot(next, region) == HVRV_OK &&
        (next->address & ~ability->address_bits) == 0)
        return 1;
    if (hvrv_pmp_make_tor(pair, region) != HVRV_OK ||
        (pair[1].address & ~ability->address_bits) != 0)
        return 0;
    if (room > 0 &&
        (plan->count == 0 ? region->first == 0
                          : next[-1].address == pair[0].address &&
                                hvrv_bits_get(next[-1].config, HVRV_PMPCFG_A) == HVRV_PMP_TOR)) {
        next[0] = pair[1];
        return 1;
    }
    if (room < 2)
        return 0;
    next[0] = pair[0];
    next[1] = pair[1];
    return 2;
}

enum hvrv_status hvrv_pmp_plan(const struct hvrv_pmp_ability *ability, struct hvrv_pmp_layout *plan)
{
    if (plan)
        plan->count = 0;
    if (!ability || !plan || (!plan->regions && plan->region_count != 0) ||
        (!plan->entries && plan->budget != 0))
        return HVRV_ERR_NULL;
    for (uint32_t i = 0; i < plan->region_count; i++) {
        enum hvrv_status status = check_planned(ability, plan, i);
        if (status != HVRV_OK)
            return status;
    }
    for (uint32_t i = 0; i < plan->region_count; i++) {
        uint32_t taken = place(ability, plan, &plan->regions[i]);
        if (taken == 0) {
            plan->count = 0;
            return HVRV_ERR_NO_PAGES;
        }
        plan->count += taken;
    }
    for (uint32_t i = plan->count; i < plan->budget; i++)
        plan->entries[i] = (struct hvrv_pmp_entry){0};
    return HVRV_OK;
}
