/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries for regions. TOR behind TOR costs one entry, and so does NAPOT; the first is taken where
 * both would do, because the next region may go on from it. Beginning a chain costs one entry more
 * than NAPOT, which is all that a chain ever saves: so nothing is gained by looking ahead.
 */
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/pmp.h>

#include <stddef.h>

static enum hvrv_status check_region(const struct hvrv_pmp_ability *ability,
                                     const struct hvrv_pmp_region *region)
{
    uint64_t grain = HVRV_BIT(ability->grain_shift);
    struct hvrv_pmp_entry entry;
    struct hvrv_pmp_region probe = {0};

    if (region->last < region->first || (region->last >> 2 & ~ability->address_bits) != 0)
        return HVRV_ERR_RANGE;
    if (!hvrv_bits_is_aligned(region->first, grain) ||
        !hvrv_bits_is_aligned(region->last + 1, grain))
        return HVRV_ERR_ALIGN;
    /* What the permissions may be, that function knows. */
    probe.last = 3;
    probe.permissions = region->permissions;
    return hvrv_pmp_make_napot(&entry, &probe);
}

static enum hvrv_status check(const struct hvrv_pmp_ability *ability,
                              const struct hvrv_pmp_layout *plan)
{
    if (ability->grain_shift < 2 || ability->grain_shift > 55)
        return HVRV_ERR_RANGE;
    for (uint32_t i = 0; i < plan->region_count; i++) {
        enum hvrv_status status = check_region(ability, &plan->regions[i]);
        if (status != HVRV_OK)
            return status;
        if (i > 0 && plan->regions[i - 1].last >= plan->regions[i].first)
            return HVRV_ERR_RANGE;
    }
    return HVRV_OK;
}

static enum hvrv_status add(struct hvrv_pmp_layout *plan, const struct hvrv_pmp_entry *entries,
                            uint32_t count)
{
    if (plan->budget - plan->count < count)
        return HVRV_ERR_NO_PAGES;
    for (uint32_t i = 0; i < count; i++)
        plan->entries[plan->count++] = entries[i];
    return HVRV_OK;
}

/* Whether a TOR entry added now would begin there. */
static bool goes_on(const struct hvrv_pmp_layout *plan, uint64_t address)
{
    const struct hvrv_pmp_entry *before;

    if (plan->count == 0)
        return plan->first == 0 && address == 0;
    before = &plan->entries[plan->count - 1];
    return before->address == address &&
           hvrv_bits_get(before->config, HVRV_PMPCFG_A) == HVRV_PMP_TOR;
}

static enum hvrv_status place(struct hvrv_pmp_layout *plan, const struct hvrv_pmp_ability *ability,
                              const struct hvrv_pmp_region *region)
{
    struct hvrv_pmp_entry pair[2];
    struct hvrv_pmp_entry napot;
    bool has_tor = hvrv_pmp_make_tor(pair, region) == HVRV_OK &&
                   (pair[1].address & ~ability->address_bits) == 0;

    if (has_tor && goes_on(plan, pair[0].address))
        return add(plan, &pair[1], 1);
    if (hvrv_pmp_make_napot(&napot, region) == HVRV_OK &&
        (napot.address & ~ability->address_bits) == 0)
        return add(plan, &napot, 1);
    return has_tor ? add(plan, pair, 2) : HVRV_ERR_RANGE;
}

/*
 * The first byte of the part that only NAPOT can say: where a region ends with the hart's
 * addresses, the largest power of two at its end; else its first.
 */
static uint64_t find_top(const struct hvrv_pmp_ability *ability,
                         const struct hvrv_pmp_region *region)
{
    uint64_t size = HVRV_BIT(63);

    if (((region->last + 1) >> 2 & ~ability->address_bits) == 0)
        return region->first;
    while (size > region->last - region->first + 1)
        size >>= 1;
    return region->last + 1 - size;
}

static enum hvrv_status place_all(struct hvrv_pmp_layout *plan,
                                  const struct hvrv_pmp_ability *ability)
{
    for (uint32_t i = 0; i < plan->region_count; i++) {
        struct hvrv_pmp_region part = plan->regions[i];
        uint64_t top = find_top(ability, &part);
        enum hvrv_status status = HVRV_OK;
        if (top != part.first) {
            part.last = top - 1;
            status = place(plan, ability, &part);
        }
        part.first = top;
        part.last = plan->regions[i].last;
        if (status == HVRV_OK)
            status = place(plan, ability, &part);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

static void clear(struct hvrv_pmp_layout *plan)
{
    plan->count = 0;
    for (uint32_t i = 0; plan->entries && i < plan->budget; i++)
        plan->entries[i] = (struct hvrv_pmp_entry){0};
}

enum hvrv_status hvrv_pmp_plan(const struct hvrv_pmp_ability *ability, struct hvrv_pmp_layout *plan)
{
    enum hvrv_status status;

    if (plan)
        clear(plan);
    if (!ability || !plan || !plan->entries || (!plan->regions && plan->region_count != 0))
        return HVRV_ERR_NULL;
    status = check(ability, plan);
    if (status == HVRV_OK)
        status = place_all(plan, ability);
    if (status != HVRV_OK)
        clear(plan);
    return status;
}
