/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One page of 4 KiB into a table that is there, which is what a guest-page fault
 * asks for: the same as hvrv_gstage_map_range() in a quarter of the instructions.
 * Whatever is not usual goes there, and nothing was done before it does.
 */
#include "gstage_table.h"

/* Entries of one page, in bytes. */
#define TABLE_MASK (HVRV_PAGE_SIZE - HVRV_GSTAGE_PTE_SIZE)

#define NOT_PPN (~HVRV_PTE_PPN)

#define PAGE_OFFSET (HVRV_PAGE_SIZE - 1)

void hvrv_gstage_quicken(struct hvrv_gstage *gstage)
{
    struct hvrv_gstage_quick *quick = &gstage->quick;
    const struct hvrv_phys *phys = gstage->phys;
    if (gstage->pointer_offset != 0 || !hvrv_phys_is_direct(phys, gstage->root) ||
        !hvrv_phys_is_direct(phys, hvrv_hpa_make(gstage->root.v + gstage->mode->root_size - 8)))
        return;
    unsigned width = gstage->stage == HVRV_STAGE_G ? gstage->mode->width : gstage->mode->width - 1U;
    quick->root = (uintptr_t)hvrv_phys_pointer(phys, gstage->root);
    quick->window = (uintptr_t)hvrv_phys_pointer(phys, hvrv_hpa_make(phys->window_base));
    quick->pointer = phys->window_base >> 2 | HVRV_PTE_V;
    quick->pointer_mask = phys->window_mask >> 2 | NOT_PPN;
    quick->unusual_gpa = ~(HVRV_BIT(width) - 1) | PAGE_OFFSET;
    quick->unusual_hpa = ~(HVRV_BIT(HVRV_HPA_WIDTH) - 1) | PAGE_OFFSET;
    /* Without the upper bit of PBMT none is reserved. */
    quick->usual_bits = (gstage->leaf_bits | gstage->forced_bits) & ~HVRV_BIT(62);
    quick->shift = (uint8_t)(9 * (gstage->mode->levels - 1U));
}

/* Whether there is nothing to be said against it, if the tables and the place in the last are
 * there. */
static inline bool is_usual(const struct hvrv_gstage_quick *quick,
                            const struct hvrv_gstage_map_request *map,
                            const struct hvrv_fence_gather *gather)
{
    uint64_t unusual = (map->range.gpa.v & quick->unusual_gpa) | (map->hpa.v & quick->unusual_hpa) |
                       (map->bits & ~quick->usual_bits);
    return map->range.size == HVRV_PAGE_SIZE && (unusual | map->shift_max) == 0 &&
           map->existing == HVRV_GSTAGE_REFUSE && (map->bits & HVRV_PTE_R) &&
           map->range.budget != 0 && gather->is_fresh;
}

/* Puts a leaf where nothing is, if all tables above are there. */
static inline bool put(uint64_t gpa, const struct hvrv_gstage_quick *quick, uint64_t pte)
{
    const uintptr_t window = quick->window;
    const uint64_t offsets = gpa >> (HVRV_PAGE_SHIFT - 3); /* of entries, by level */
    unsigned shift = quick->shift;
    uintptr_t entry = quick->root + (offsets >> shift & ~UINT64_C(7));
    uint64_t empty = 0;
    do {
        /* Where all bits of the mask are alike, what differs is the table's place in the window. */
        uint64_t apart = *(volatile uint64_t *)entry ^ quick->pointer;
        if (apart & quick->pointer_mask)
            return false;
        shift -= 9;
        entry = apart * 4 + window + (offsets >> shift & TABLE_MASK);
    } while (shift != 0);
    return __atomic_compare_exchange_n((volatile uint64_t *)entry, &empty, pte, false,
                                       __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

enum hvrv_status hvrv_gstage_map(const struct hvrv_gstage *gstage,
                                 struct hvrv_gstage_map_request *map,
                                 struct hvrv_fence_gather *gather)
{
    if (gstage && map && gather && is_usual(&gstage->quick, map, gather)) {
        uint64_t pte = map->hpa.v >> 2 | map->bits | gstage->forced_bits;
        if (put(map->range.gpa.v, &gstage->quick, pte)) {
            hvrv_fence_note_first_page(gather, map->range.gpa.v);
            map->range.gpa.v += HVRV_PAGE_SIZE;
            map->range.size = 0;
            map->hpa.v += HVRV_PAGE_SIZE;
            return HVRV_OK;
        }
    }
    return hvrv_gstage_map_range(gstage, map, gather);
}
