/* SPDX-License-Identifier: BSD-2-Clause */
/* A domain's memory as a tree of memory protection tables, which the caller has made. */
#include <hvrv/isa/bits.h>

#include "isolation_kind.h"

#define PAGE_SHIFT 12

enum hvrv_status hvrv_isolation_mpt_init(const struct hvrv_isolation_config *config)
{
    uint64_t sdids = 0;

    if (!config->trees)
        return HVRV_ERR_NULL;
    for (uint32_t i = 0; i < config->domain_count; i++) {
        const struct hvrv_mpt *tree = &config->trees[i];
        if (!tree->config.fence || (sdids >> tree->config.sdid & 1) != 0)
            return HVRV_ERR_ARGUMENT;
        sdids |= HVRV_BIT(tree->config.sdid);
    }
    return HVRV_OK;
}

/* What is owed is not noted: each hart fences all there is. */
enum hvrv_status hvrv_isolation_mpt_set(const struct hvrv_isolation *isolation, uint32_t domain,
                                        const struct hvrv_range *range, uint8_t permissions)
{
    struct hvrv_mpt_gather gather = {0};

    return hvrv_mpt_set(&isolation->config.trees[domain], range, permissions, &gather);
}

bool hvrv_isolation_mpt_allows(const struct hvrv_isolation *isolation, uint32_t domain,
                               const struct hvrv_pmp_access *access)
{
    const struct hvrv_mpt *tree = &isolation->config.trees[domain];
    uint64_t last = access->address + (access->size - 1);
    bool is_one_page = last >> PAGE_SHIFT == access->address >> PAGE_SHIFT;

    if (last < access->address || access->size > HVRV_BIT(PAGE_SHIFT))
        return false;
    return access->is_m_mode || (hvrv_mpt_allows(tree, access->address, access->access) &&
                                 (is_one_page || hvrv_mpt_allows(tree, last, access->access)));
}

enum hvrv_status hvrv_isolation_mpt_switch(const struct hvrv_isolation *isolation, uint32_t domain,
                                           struct hvrv_hart *hart)
{
    uint64_t mmpt = hvrv_mpt_make_mmpt(&isolation->config.trees[domain]);

    hvrv_hart_write_mmpt(hart, mmpt);
    return hvrv_hart_read_mmpt(hart) == mmpt ? HVRV_OK : HVRV_ERR_STATE;
}

void hvrv_isolation_mpt_fence(const struct hvrv_isolation *isolation, uint32_t domain)
{
    uint32_t count = isolation->config.domain_count;

    for (uint32_t i = domain < count ? domain : 0; i < count; i++) {
        const struct hvrv_mpt_config *tree = &isolation->config.trees[i].config;
        const struct hvrv_mpt_fence fence = {.sdid = tree->sdid};
        tree->fence(tree->context, &fence);
        if (i == domain)
            break;
    }
}
