/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/pmp.h>

#include "pmp_entry.h"

#define RWX (HVRV_PMPCFG_R | HVRV_PMPCFG_W | HVRV_PMPCFG_X)

/* The last byte that there is; an address in a register of an entry is its bits 55:2. */
#define LAST_ADDRESS (HVRV_BIT(56) - 1)
#define ADDRESS      (HVRV_BIT(54) - 1)

/* Bits of a configuration that are zero. */
#define RESERVED HVRV_BITS(6, 5)

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
    if (region->last < region->first || region->last > LAST_ADDRESS)
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
    if (region->last == LAST_ADDRESS)
        return HVRV_ERR_RANGE;
    pair[0].address = region->first >> 2;
    pair[1].address = (region->last + 1) >> 2;
    pair[1].config = make_config(HVRV_PMP_TOR, region->permissions);
    return HVRV_OK;
}

static enum hvrv_pmp_match match_of(const struct hvrv_pmp_entry *entry)
{
    return (enum hvrv_pmp_match)hvrv_bits_get(entry->config, HVRV_PMPCFG_A);
}

/* The bits of an address below the grain: G of them. */
static uint64_t below_grain(const struct hvrv_pmp_set *set)
{
    return set->grain_shift > 2 ? HVRV_BITS(55, 0) >> (58 - set->grain_shift) : 0;
}

/* Where a TOR entry ends, and the next begins. */
static uint64_t tor_border(const struct hvrv_pmp_set *set, uint32_t index)
{
    return (set->entries[index].address & ADDRESS & ~below_grain(set)) << 2;
}

static bool match_tor(const struct hvrv_pmp_set *set, uint32_t index,
                      struct hvrv_pmp_region *region)
{
    uint64_t end = tor_border(set, index);

    region->first = index == 0 ? 0 : tor_border(set, index - 1);
    region->last = end - 1;
    return region->first < end;
}

/* As many ones as its address ends with, and a zero, are bits that a NAPOT entry does not look at.
 */
static void match_napot(const struct hvrv_pmp_set *set, uint32_t index,
                        struct hvrv_pmp_region *region)
{
    uint64_t address = (set->entries[index].address & ADDRESS) | below_grain(set) >> 1;
    uint64_t ignored = (address ^ (address + 1)) << 2 | 3;

    region->first = address << 2 & ~ignored;
    region->last = (region->first | ignored) & LAST_ADDRESS;
}

bool hvrv_pmp_match(const struct hvrv_pmp_set *set, uint32_t index, struct hvrv_pmp_region *region)
{
    const struct hvrv_pmp_entry *entry = &set->entries[index];

    switch (match_of(entry)) {
    case HVRV_PMP_TOR:
        return match_tor(set, index, region);
    case HVRV_PMP_NAPOT:
        match_napot(set, index, region);
        return true;
    case HVRV_PMP_NA4:
        region->first = (entry->address & ADDRESS) << 2;
        region->last = region->first | 3;
        return true;
    case HVRV_PMP_OFF:
        break;
    }
    return false;
}

bool hvrv_pmp_is_reserved(const struct hvrv_pmp_set *set, const struct hvrv_pmp_entry *entry)
{
    if ((entry->config & RESERVED) != 0)
        return true;
    if (!set->mml && !is_permitted(entry->config & RWX))
        return true;
    return match_of(entry) == HVRV_PMP_NA4 && below_grain(set) != 0;
}

enum hvrv_status hvrv_pmp_find_region(const struct hvrv_pmp_set *set, uint32_t index,
                                      struct hvrv_pmp_region *region)
{
    struct hvrv_pmp_region found = {0};

    *region = (struct hvrv_pmp_region){0};
    if (index >= set->count)
        return HVRV_ERR_MISSING;
    if (hvrv_pmp_is_reserved(set, &set->entries[index]))
        return HVRV_ERR_ARGUMENT;
    if (!hvrv_pmp_match(set, index, &found))
        return HVRV_ERR_MISSING;
    *region = found;
    region->permissions = set->entries[index].config & RWX;
    return HVRV_OK;
}
