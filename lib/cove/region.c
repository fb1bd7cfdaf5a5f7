/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/region.h>

enum hvrv_region_kind hvrv_region_find(const struct hvrv_regions *regions, hvrv_gpa gpa)
{
    for (uint32_t i = 0; i < regions->count; i++) {
        if (hvrv_range_has(regions->at[i].range, gpa.v))
            return regions->at[i].kind;
    }
    return HVRV_REGION_NONE;
}

bool hvrv_region_covers(const struct hvrv_regions *regions, const struct hvrv_range *range,
                        enum hvrv_region_kind kind)
{
    uint64_t at = range->first; /* before it all is of the kind */

    for (uint32_t i = 0; i < regions->count; i++) {
        const struct hvrv_region *region = &regions->at[i];
        if (!hvrv_range_overlaps(region->range, *range))
            continue;
        if (region->kind != kind || region->range.first > at)
            return false;
        if (region->range.last >= range->last)
            return true;
        at = region->range.last + 1;
    }
    return kind == HVRV_REGION_NONE;
}

/* Regions on their way to a new list, which may have one too many. */
struct list {
    struct hvrv_regions regions;
    bool is_full;
};

/* Appends a region, which lies behind all others. Devices stay apart: each is removed alone. */
static void append(struct list *list, const struct hvrv_region *region)
{
    struct hvrv_regions *regions = &list->regions;
    struct hvrv_region *last = regions->at + regions->count - (regions->count != 0);

    if (region->kind == HVRV_REGION_NONE)
        return;
    if (regions->count != 0 && last->kind == region->kind && region->kind != HVRV_REGION_MMIO &&
        last->range.last + 1 == region->range.first) {
        last->range.last = region->range.last;
        return;
    }
    if (regions->count == HVRV_REGIONS_MAX) {
        list->is_full = true;
        return;
    }
    regions->at[regions->count++] = *region;
}

/* What of a region lies before or behind a range. */
static void append_rest(struct list *list, struct hvrv_region region,
                        const struct hvrv_range *range, bool is_before)
{
    if (is_before ? region.range.first >= range->first : region.range.last <= range->last)
        return;
    if (is_before && region.range.last >= range->first)
        region.range.last = range->first - 1;
    if (!is_before && region.range.first <= range->last)
        region.range.first = range->last + 1;
    append(list, &region);
}

enum hvrv_status hvrv_region_turn(struct hvrv_regions *regions, const struct hvrv_region *region,
                                  enum hvrv_region_kind from)
{
    struct list list = {0};

    if (!regions || !region)
        return HVRV_ERR_NULL;
    if (!hvrv_region_covers(regions, &region->range, from))
        return HVRV_ERR_EXISTS;
    for (uint32_t i = 0; i < regions->count; i++)
        append_rest(&list, regions->at[i], &region->range, true);
    append(&list, region);
    for (uint32_t i = 0; i < regions->count; i++)
        append_rest(&list, regions->at[i], &region->range, false);
    if (list.is_full)
        return HVRV_ERR_NO_PAGES;
    *regions = list.regions;
    return HVRV_OK;
}

enum hvrv_status hvrv_region_remove(struct hvrv_regions *regions, const struct hvrv_range *range,
                                    enum hvrv_region_kind kind)
{
    uint32_t kept = 0;

    if (!regions || !range)
        return HVRV_ERR_NULL;
    for (uint32_t i = 0; i < regions->count; i++) {
        const struct hvrv_region region = regions->at[i];
        if (region.kind == kind && hvrv_range_overlaps(region.range, *range))
            continue;
        regions->at[kept++] = region;
    }
    if (kept == regions->count)
        return HVRV_ERR_MISSING;
    regions->count = kept;
    return HVRV_OK;
}

const char *hvrv_region_name(enum hvrv_region_kind kind)
{
    static const char *const names[] = {
#define NAME(id, name) [id] = name,
        HVRV_REGION_LIST(NAME)
#undef NAME
    };

    return (unsigned)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}
