/* SPDX-License-Identifier: BSD-2-Clause */
/* A domain's memory as a list of regions, of which a plan of PMP entries is made at each change. */
#include <hvrv/isa/bits.h>

#include "isolation_kind.h"

#include <stddef.h>

#define PAGE_SHIFT 12

/* Entries that domains have. */
static uint32_t budget_of(const struct hvrv_isolation_config *config)
{
    return config->ability.count - config->first;
}

static bool can_serve(const struct hvrv_isolation_config *config)
{
    const struct hvrv_pmp_ability *ability = &config->ability;

    return ability->count <= HVRV_PMP_ENTRIES_MAX && config->first < ability->count &&
           ability->grain_shift >= 2 && ability->grain_shift <= PAGE_SHIFT &&
           ability->locked >> config->first == 0;
}

static void clear(struct hvrv_isolation_domain *list)
{
    list->region_count = 0;
    list->entry_count = 0;
    for (uint32_t i = 0; i < HVRV_ISOLATION_REGIONS_MAX; i++)
        list->regions[i] = (struct hvrv_pmp_region){0};
    for (uint32_t i = 0; i < HVRV_PMP_ENTRIES_MAX; i++)
        list->entries[i] = (struct hvrv_pmp_entry){0};
}

enum hvrv_status hvrv_isolation_pmp_init(const struct hvrv_isolation_config *config)
{
    if (!config->domains)
        return HVRV_ERR_NULL;
    if (!can_serve(config))
        return HVRV_ERR_UNSUPPORTED;
    for (uint32_t i = 0; i < config->domain_count; i++)
        clear(&config->domains[i]);
    return HVRV_OK;
}

/* Adds a region behind those of a list. False: there is no room. */
static bool append(struct hvrv_isolation_domain *list, struct hvrv_pmp_region region)
{
    struct hvrv_pmp_region *before =
        list->region_count > 0 ? &list->regions[list->region_count - 1] : NULL;

    if (region.permissions == 0)
        return true;
    if (before && before->last + 1 == region.first && before->permissions == region.permissions) {
        before->last = region.last;
        return true;
    }
    if (list->region_count == HVRV_ISOLATION_REGIONS_MAX)
        return false;
    list->regions[list->region_count++] = region;
    return true;
}

/* A list with a region over what was there; without permissions it is a hole. */
static bool paint(struct hvrv_isolation_domain *list, const struct hvrv_isolation_domain *old,
                  const struct hvrv_pmp_region *region)
{
    bool fits = true;

    for (uint32_t i = 0; i < old->region_count && old->regions[i].first < region->first; i++) {
        struct hvrv_pmp_region below = old->regions[i];
        if (below.last >= region->first)
            below.last = region->first - 1;
        fits = fits && append(list, below);
    }
    fits = fits && append(list, *region);
    for (uint32_t i = 0; i < old->region_count; i++) {
        struct hvrv_pmp_region above = old->regions[i];
        if (above.last <= region->last)
            continue;
        if (above.first <= region->last)
            above.first = region->last + 1;
        fits = fits && append(list, above);
    }
    return fits;
}

static enum hvrv_status plan(const struct hvrv_isolation_config *config,
                             struct hvrv_isolation_domain *domain)
{
    struct hvrv_pmp_layout layout = {
        .regions = domain->regions,
        .region_count = domain->region_count,
        .entries = domain->entries,
        .budget = budget_of(config),
        .first = config->first,
    };
    enum hvrv_status status = hvrv_pmp_plan(&config->ability, &layout);

    domain->entry_count = layout.count;
    return status;
}

static enum hvrv_status check_range(const struct hvrv_isolation_config *config,
                                    const struct hvrv_range *range)
{
    if (!hvrv_bits_is_aligned(range->first, HVRV_BIT(PAGE_SHIFT)) ||
        !hvrv_bits_is_aligned(range->last + 1, HVRV_BIT(PAGE_SHIFT)))
        return HVRV_ERR_ALIGN;
    if (range->last < range->first || (range->last >> 2 & ~config->ability.address_bits) != 0)
        return HVRV_ERR_RANGE;
    return HVRV_OK;
}

enum hvrv_status hvrv_isolation_pmp_set(const struct hvrv_isolation *isolation, uint32_t domain,
                                        const struct hvrv_range *range, uint8_t permissions)
{
    struct hvrv_isolation_domain *old = &isolation->config.domains[domain];
    struct hvrv_pmp_region region = {range->first, range->last, permissions};
    struct hvrv_isolation_domain list;
    enum hvrv_status status = check_range(&isolation->config, range);

    if (status != HVRV_OK)
        return status;
    clear(&list);
    if (!paint(&list, old, &region))
        return HVRV_ERR_NO_PAGES;
    status = plan(&isolation->config, &list);
    if (status == HVRV_OK)
        *old = list;
    return status;
}

bool hvrv_isolation_pmp_allows(const struct hvrv_isolation *isolation, uint32_t domain,
                               const struct hvrv_pmp_access *access)
{
    const struct hvrv_isolation_config *config = &isolation->config;
    struct hvrv_pmp_set set = {0};

    set.entries = config->domains[domain].entries;
    set.count = budget_of(config);
    set.grain_shift = config->ability.grain_shift;
    return hvrv_pmp_allows(&set, access);
}

enum hvrv_status hvrv_isolation_pmp_switch(const struct hvrv_isolation *isolation, uint32_t domain,
                                           struct hvrv_hart *hart)
{
    struct hvrv_pmp_set set = {0};

    set.entries = isolation->config.domains[domain].entries;
    set.count = budget_of(&isolation->config);
    set.first = isolation->config.first;
    return hvrv_pmp_write(hart, &set);
}
