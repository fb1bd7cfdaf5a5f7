/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries say what they were made of, and a plan allows what its regions say, no more and no less.
 *
 * Assumptions:
 * - Plans are of up to two regions, for a hart with any grain up to 16 KiB and any number of
 *   address bits above that.
 *
 * Files: lib/mmu/pmp.c lib/mmu/pmp_allow.c lib/mmu/pmp_plan.c
 */
#include <hvrv/mmu/pmp.h>

#include "proof.h"

#define LAST UINT64_C(0xffffffffffffff)

static struct hvrv_pmp_region any_region(void)
{
    struct hvrv_pmp_region region;
    region.first = nondet_u64();
    region.last = nondet_u64();
    region.permissions = nondet_u8();
    return region;
}

static bool is_permitted(uint8_t permissions)
{
    return permissions < 8 && permissions != 2 && permissions != 6;
}

static bool is_same(const struct hvrv_pmp_region *a, const struct hvrv_pmp_region *b)
{
    return a->first == b->first && a->last == b->last && a->permissions == b->permissions;
}

void a_power_of_two_comes_back(void)
{
    struct hvrv_pmp_region region = any_region(), found;
    struct hvrv_pmp_entry entry = {nondet_u8(), nondet_u64()};
    struct hvrv_pmp_set set = {.entries = &entry, .count = 1};
    uint64_t size = region.last - region.first + 1;
    bool is_region = region.first <= region.last && region.last <= LAST;
    bool is_power = size >= 4 && (size & (size - 1)) == 0 && (region.first & (size - 1)) == 0;
    enum hvrv_status status = hvrv_pmp_make_napot(&entry, &region);
    PROVE((status == HVRV_OK) == (is_region && is_power && is_permitted(region.permissions)));
    if (status != HVRV_OK) {
        PROVE(entry.config == 0 && entry.address == 0);
        return;
    }
    PROVE(entry.address >> 54 == 0);
    PROVE(hvrv_pmp_find_region(&set, 0, &found) == HVRV_OK);
    PROVE(is_same(&found, &region));
    COVER(size == 4);
    COVER(size == LAST + 1);
}

/* The other way round: whatever a hart can hold. */
void an_entry_is_made_again(void)
{
    struct hvrv_pmp_entry entry = {nondet_u8(), nondet_u64()}, again;
    struct hvrv_pmp_set set = {.entries = &entry, .count = 1};
    struct hvrv_pmp_region region;
    bool is_napot = (entry.config & 0x10) != 0;
    enum hvrv_status status = hvrv_pmp_find_region(&set, 0, &region);
    if (status != HVRV_OK) {
        PROVE(region.first == 0 && region.last == 0 && region.permissions == 0);
        PROVE(status != HVRV_ERR_MISSING || !is_napot);
        return;
    }
    PROVE(region.first <= region.last && region.last <= LAST);
    if (!is_napot || entry.address >> 53 != 0 || (entry.config & 0x80) != 0)
        return;
    PROVE(hvrv_pmp_make_napot(&again, &region) == HVRV_OK);
    PROVE(again.config == entry.config && again.address == entry.address);
    COVER(region.last - region.first == 3);
    COVER(region.last == LAST);
}

void a_pair_comes_back(void)
{
    struct hvrv_pmp_region region = any_region(), found;
    struct hvrv_pmp_entry pair[2];
    struct hvrv_pmp_set set = {.entries = pair, .count = 2};
    bool is_region = region.first <= region.last && region.last < LAST;
    bool is_aligned = ((region.first | (region.last + 1)) & 3) == 0;
    enum hvrv_status status = hvrv_pmp_make_tor(pair, &region);
    PROVE((status == HVRV_OK) == (is_region && is_aligned && is_permitted(region.permissions)));
    if (status != HVRV_OK) {
        PROVE(pair[0].config == 0 && pair[0].address == 0);
        PROVE(pair[1].config == 0 && pair[1].address == 0);
        return;
    }
    PROVE(hvrv_pmp_find_region(&set, 0, &found) == HVRV_ERR_MISSING);
    PROVE(hvrv_pmp_find_region(&set, 1, &found) == HVRV_OK);
    PROVE(is_same(&found, &region));
    COVER(region.first == 0);
}

static bool has(const struct hvrv_pmp_region *region, uint64_t first, uint64_t last)
{
    return region->first <= first && last <= region->last;
}

void a_plan_allows_what_its_regions_say(void)
{
    static struct hvrv_pmp_region regions[2];
    static struct hvrv_pmp_entry entries[6];
    struct hvrv_pmp_ability hart = {6, nondet_unsigned(), 0, 0};
    struct hvrv_pmp_layout layout = {.regions = regions, .entries = entries, .budget = 6};
    struct hvrv_pmp_set set = {.entries = entries};
    struct hvrv_pmp_access access = {nondet_u64(), nondet_u64(), HVRV_ACCESS_LOAD, false};
    unsigned bits = nondet_unsigned();
    bool is_allowed, is_meant = false, is_inside = false;
    ASSUME(hart.grain_shift >= 2 && hart.grain_shift <= 14);
    ASSUME(bits > 12 && bits <= 54);
    hart.address_bits = UINT64_MAX >> (64 - bits);
    layout.region_count = nondet_unsigned();
    ASSUME(layout.region_count <= 2);
    layout.first = nondet_u8();
    regions[0] = any_region();
    regions[1] = any_region();
    if (hvrv_pmp_plan(&hart, &layout) != HVRV_OK)
        return;
    PROVE(layout.count <= 2 * layout.region_count + 1);
    set.count = layout.count;
    set.grain_shift = hart.grain_shift;
    ASSUME(layout.count > 0);
    is_allowed = hvrv_pmp_allows(&set, &access);
    for (unsigned i = 0; i < layout.region_count; i++) {
        bool is_in = has(&regions[i], access.address, access.address + access.size - 1);
        is_inside = is_inside || is_in;
        is_meant = is_meant || (is_in && (regions[i].permissions & 1) != 0);
    }
    PROVE(IMPLIES(is_allowed, is_meant));
    PROVE(IMPLIES(access.size == 1 && is_meant, is_allowed));
    COVER(is_allowed && layout.count == 5);
    COVER(is_inside && !is_allowed);
    COVER(layout.count == 2 && layout.region_count == 2);
}
