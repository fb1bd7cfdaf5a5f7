/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/isolation.h>
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>

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

enum hvrv_status hvrv_isolation_init(struct hvrv_isolation *isolation,
                                     const struct hvrv_isolation_config *config)
{
    if (isolation)
        *isolation = (struct hvrv_isolation){0};
    if (!isolation || !config || !config->domains)
        return HVRV_ERR_NULL;
    if (config->domain_count == 0)
        return HVRV_ERR_ARGUMENT;
    if (!can_serve(config))
        return HVRV_ERR_UNSUPPORTED;
    for (uint32_t i = 0; i < config->domain_count; i++)
        config->domains[i] = (struct hvrv_isolation_domain){0};
    isolation->config = *config;
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

static enum hvrv_status check_range(const struct hvrv_isolation *isolation,
                                    const struct hvrv_range *range)
{
    const struct hvrv_pmp_ability *ability = &isolation->config.ability;

    if (!hvrv_bits_is_aligned(range->first, HVRV_BIT(PAGE_SHIFT)) ||
        !hvrv_bits_is_aligned(range->last + 1, HVRV_BIT(PAGE_SHIFT)))
        return HVRV_ERR_ALIGN;
    if (range->last < range->first || (range->last >> 2 & ~ability->address_bits) != 0)
        return HVRV_ERR_RANGE;
    return HVRV_OK;
}

static enum hvrv_status change(struct hvrv_isolation *isolation, uint32_t domain,
                               const struct hvrv_pmp_region *region)
{
    struct hvrv_isolation_domain *old = &isolation->config.domains[domain];
    struct hvrv_isolation_domain list = {0};
    enum hvrv_status status;

    if (!paint(&list, old, region))
        return HVRV_ERR_NO_PAGES;
    status = plan(&isolation->config, &list);
    if (status == HVRV_OK)
        *old = list;
    return status;
}

enum hvrv_status hvrv_isolation_grant(struct hvrv_isolation *isolation, uint32_t domain,
                                      const struct hvrv_range *range, uint8_t permissions)
{
    enum hvrv_status status;
    struct hvrv_pmp_region region;

    if (!isolation || !range)
        return HVRV_ERR_NULL;
    if (domain >= isolation->config.domain_count || permissions == 0)
        return HVRV_ERR_ARGUMENT;
    status = check_range(isolation, range);
    if (status != HVRV_OK)
        return status;
    region = (struct hvrv_pmp_region){range->first, range->last, permissions};
    return change(isolation, domain, &region);
}

enum hvrv_status hvrv_isolation_revoke(struct hvrv_isolation *isolation, uint32_t domain,
                                       const struct hvrv_range *range)
{
    enum hvrv_status status;
    struct hvrv_pmp_region region;

    if (!isolation || !range)
        return HVRV_ERR_NULL;
    if (domain >= isolation->config.domain_count)
        return HVRV_ERR_ARGUMENT;
    status = check_range(isolation, range);
    if (status != HVRV_OK)
        return status;
    region = (struct hvrv_pmp_region){range->first, range->last, 0};
    return change(isolation, domain, &region);
}

bool hvrv_isolation_allows(const struct hvrv_isolation *isolation, uint32_t domain,
                           const struct hvrv_pmp_access *access)
{
    const struct hvrv_isolation_config *config = &isolation->config;
    struct hvrv_pmp_set set = {0};

    if (domain >= config->domain_count)
        return false;
    set.entries = config->domains[domain].entries;
    set.count = budget_of(config);
    set.grain_shift = config->ability.grain_shift;
    return hvrv_pmp_allows(&set, access);
}

enum hvrv_status hvrv_isolation_switch(const struct hvrv_isolation *isolation, uint32_t domain,
                                       struct hvrv_hart *hart)
{
    struct hvrv_pmp_set set = {0};

    if (!isolation || !hart)
        return HVRV_ERR_NULL;
    if (domain >= isolation->config.domain_count)
        return HVRV_ERR_ARGUMENT;
    set.entries = isolation->config.domains[domain].entries;
    set.count = budget_of(&isolation->config);
    set.first = isolation->config.first;
    return hvrv_pmp_write(hart, &set);
}

void hvrv_isolation_fence(struct hvrv_hart *hart)
{
    hvrv_hart_sfence_vma_all(hart);
    hvrv_hart_hfence_gvma_all(hart);
}
