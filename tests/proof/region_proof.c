/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a TVM's addresses are for. From any list that is sound every call leaves one that is: in
 * order, without overlaps, neighbours of one kind joined unless they are devices; and every address
 * is then what the call made of it, or what it was.
 *
 * Assumptions:
 * - A list has three regions at most, and is full then. Each is treated alike.
 *
 * Edits: tests/proof/regions.sed
 * Files: lib/cove/region.c lib/isa/addr.c
 */
#include <hvrv/cove/region.h>

#include "proof.h"

static struct hvrv_regions regions;

static bool has(const struct hvrv_range *range, uint64_t gpa)
{
    return range->first <= gpa && gpa <= range->last;
}

/* The kind of an address, by any region that has it. */
static enum hvrv_region_kind kind_of(const struct hvrv_regions *list, uint64_t gpa)
{
    enum hvrv_region_kind kind = HVRV_REGION_NONE;

    for (unsigned i = 0; i < HVRV_REGIONS_MAX; i++) {
        if (i < list->count && has(&list->at[i].range, gpa))
            kind = list->at[i].kind;
    }
    return kind;
}

static bool is_kind(enum hvrv_region_kind kind)
{
    return kind == HVRV_REGION_CONFIDENTIAL || kind == HVRV_REGION_SHARED ||
           kind == HVRV_REGION_MMIO;
}

static bool is_any_kind(enum hvrv_region_kind kind)
{
    return kind == HVRV_REGION_NONE || is_kind(kind);
}

static bool is_sound(const struct hvrv_regions *list)
{
    bool sound = list->count <= HVRV_REGIONS_MAX;

    for (unsigned i = 0; i < HVRV_REGIONS_MAX; i++) {
        const struct hvrv_region *region = &list->at[i];
        if (i >= list->count)
            continue;
        sound = sound && is_kind(region->kind) && region->range.first <= region->range.last;
        if (i > 0)
            sound = sound && list->at[i - 1].range.last < region->range.first &&
                    !(list->at[i - 1].range.last + 1 == region->range.first &&
                      list->at[i - 1].kind == region->kind && region->kind != HVRV_REGION_MMIO);
    }
    return sound;
}

static void begin(void)
{
    for (unsigned i = 0; i < HVRV_REGIONS_MAX; i++) {
        regions.at[i].range.first = nondet_u64();
        regions.at[i].range.last = nondet_u64();
        regions.at[i].kind = (enum hvrv_region_kind)nondet_unsigned();
    }
    regions.count = nondet_unsigned();
    ASSUME(is_sound(&regions));
}

static struct hvrv_range any_range(void)
{
    const struct hvrv_range range = {nondet_u64(), nondet_u64()};

    ASSUME(range.first <= range.last);
    return range;
}

/* Where the kind of an address in a range can change: its ends, and the regions' within it. */
static bool is_all(const struct hvrv_range *range, enum hvrv_region_kind kind)
{
    bool all = kind_of(&regions, range->first) == kind && kind_of(&regions, range->last) == kind;

    for (unsigned i = 0; i < HVRV_REGIONS_MAX; i++) {
        const struct hvrv_range *other = &regions.at[i].range;
        if (i >= regions.count)
            continue;
        if (has(range, other->first))
            all = all && regions.at[i].kind == kind;
        if (other->last < range->last && other->last >= range->first)
            all = all && kind_of(&regions, other->last + 1) == kind;
    }
    return all;
}

void a_range_is_covered_if_each_address_is(void)
{
    enum hvrv_region_kind kind = (enum hvrv_region_kind)nondet_unsigned();
    uint64_t gpa = nondet_u64();
    struct hvrv_range range;
    bool covers;

    begin();
    range = any_range();
    ASSUME(has(&range, gpa) && is_any_kind(kind));
    covers = hvrv_region_covers(&regions, &range, kind);
    PROVE(hvrv_region_find(&regions, hvrv_gpa_make(gpa)) == kind_of(&regions, gpa));
    PROVE(IMPLIES(covers, kind_of(&regions, gpa) == kind));
    PROVE(covers == is_all(&range, kind));
    COVER(covers && kind == HVRV_REGION_NONE && regions.count == HVRV_REGIONS_MAX);
    COVER(covers && kind == HVRV_REGION_SHARED);
}

void a_turn_is_of_its_range_alone(void)
{
    enum hvrv_region_kind from = (enum hvrv_region_kind)nondet_unsigned();
    uint64_t gpa = nondet_u64();
    struct hvrv_regions before;
    struct hvrv_region region;
    enum hvrv_status status;

    begin();
    region.range = any_range();
    region.kind = (enum hvrv_region_kind)nondet_unsigned();
    ASSUME(is_any_kind(from) && is_any_kind(region.kind));
    before = regions;
    status = hvrv_region_turn(&regions, &region, from);
    PROVE(is_sound(&regions));
    if (status != HVRV_OK) {
        PROVE(status == HVRV_ERR_EXISTS || status == HVRV_ERR_NO_PAGES);
        PROVE((status == HVRV_ERR_EXISTS) == !hvrv_region_covers(&before, &region.range, from));
        PROVE(kind_of(&regions, gpa) == kind_of(&before, gpa));
        COVER(status == HVRV_ERR_NO_PAGES);
        return;
    }
    if (has(&region.range, gpa)) {
        PROVE(kind_of(&before, gpa) == from);
        PROVE(kind_of(&regions, gpa) == region.kind);
    } else {
        PROVE(kind_of(&regions, gpa) == kind_of(&before, gpa));
    }
    COVER(regions.count == before.count + 2);
    COVER(regions.count + 2 == before.count);
}

void a_removal_is_of_whole_regions(void)
{
    enum hvrv_region_kind kind = (enum hvrv_region_kind)nondet_unsigned();
    unsigned i = nondet_unsigned();
    struct hvrv_regions before;
    struct hvrv_range range;
    enum hvrv_status status;
    bool goes;

    begin();
    range = any_range();
    ASSUME(is_kind(kind) && i < regions.count);
    before = regions;
    goes = before.at[i].kind == kind && before.at[i].range.first <= range.last &&
           range.first <= before.at[i].range.last;
    status = hvrv_region_remove(&regions, &range, kind);
    PROVE(is_sound(&regions));
    PROVE(IMPLIES(goes, status == HVRV_OK && regions.count < before.count));
    PROVE(IMPLIES(status != HVRV_OK, regions.count == before.count));
    PROVE(kind_of(&regions, before.at[i].range.first) ==
          (goes ? HVRV_REGION_NONE : before.at[i].kind));
    PROVE(kind_of(&regions, before.at[i].range.last) ==
          (goes ? HVRV_REGION_NONE : before.at[i].kind));
    COVER(status == HVRV_OK && !goes);
    COVER(status == HVRV_ERR_MISSING);
}
