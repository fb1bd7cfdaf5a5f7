/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the 512 pages the guest wrote to. */
#include <stdio.h>

#include "host.h"

static bool is_dirty(const uint64_t *bitmap, uint64_t page)
{
    return bitmap[page / 64] >> page % 64 & 1;
}

/*
 * Adds the pages with D = 1 to the bitmap, and clears D. From the commit on, a
 * store sets it again: only then may the pages be copied, or one that is written
 * to meanwhile would be missed.
 */
bool dirty_collect(struct machine *machine, uint64_t *bitmap)
{
    struct hvrv_gstage_harvest_request harvest = {
        .range = range_of(GPA_WORK, WORK_SIZE), .which = HVRV_PTE_D, .bitmap = bitmap};
    return hvrv_gstage_harvest(&machine->gstage, &harvest, &machine->gather) == HVRV_OK &&
           hvrv_fence_commit(&machine->gather) == HVRV_OK;
}

unsigned dirty_count(const uint64_t *bitmap)
{
    unsigned count = 0;
    for (uint64_t page = 0; page < WORK_PAGES; page++)
        count += is_dirty(bitmap, page);
    return count;
}

/* Neighbours in one line. */
void dirty_print(const uint64_t *bitmap)
{
    for (uint64_t page = 0, first; page < WORK_PAGES; page++) {
        if (!is_dirty(bitmap, page))
            continue;
        for (first = page; page < WORK_PAGES && is_dirty(bitmap, page); page++)
            continue;
        printf("    %08lx to %08lx %4lu\n", GPA_WORK + first * HVRV_PAGE_SIZE,
               GPA_WORK + page * HVRV_PAGE_SIZE - 1, page - first);
    }
}
