/* SPDX-License-Identifier: BSD-2-Clause */
#include "isolation_kind.h"

enum hvrv_status hvrv_isolation_init(struct hvrv_isolation *isolation,
                                     const struct hvrv_isolation_config *config)
{
    enum hvrv_status status = HVRV_ERR_ARGUMENT;

    if (isolation)
        *isolation = (struct hvrv_isolation){0};
    if (!isolation || !config)
        return HVRV_ERR_NULL;
    if (config->domain_count == 0)
        return HVRV_ERR_ARGUMENT;
    if (config->kind == HVRV_ISOLATION_PMP)
        status = hvrv_isolation_pmp_init(config);
    else if (config->kind == HVRV_ISOLATION_MPT)
        status = hvrv_isolation_mpt_init(config);
    if (status == HVRV_OK)
        isolation->config = *config;
    return status;
}

static enum hvrv_status set(const struct hvrv_isolation *isolation, uint32_t domain,
                            const struct hvrv_range *range, uint8_t permissions)
{
    return isolation->config.kind == HVRV_ISOLATION_MPT
               ? hvrv_isolation_mpt_set(isolation, domain, range, permissions)
               : hvrv_isolation_pmp_set(isolation, domain, range, permissions);
}

enum hvrv_status hvrv_isolation_grant(struct hvrv_isolation *isolation, uint32_t domain,
                                      const struct hvrv_range *range, uint8_t permissions)
{
    if (!isolation || !range)
        return HVRV_ERR_NULL;
    if (domain >= isolation->config.domain_count || permissions == 0)
        return HVRV_ERR_ARGUMENT;
    return set(isolation, domain, range, permissions);
}

enum hvrv_status hvrv_isolation_revoke(struct hvrv_isolation *isolation, uint32_t domain,
                                       const struct hvrv_range *range)
{
    if (!isolation || !range)
        return HVRV_ERR_NULL;
    if (domain >= isolation->config.domain_count)
        return HVRV_ERR_ARGUMENT;
    return set(isolation, domain, range, 0);
}

bool hvrv_isolation_allows(const struct hvrv_isolation *isolation, uint32_t domain,
                           const struct hvrv_pmp_access *access)
{
    if (domain >= isolation->config.domain_count)
        return false;
    return isolation->config.kind == HVRV_ISOLATION_MPT
               ? hvrv_isolation_mpt_allows(isolation, domain, access)
               : hvrv_isolation_pmp_allows(isolation, domain, access);
}

enum hvrv_status hvrv_isolation_switch(const struct hvrv_isolation *isolation, uint32_t domain,
                                       struct hvrv_hart *hart)
{
    if (!isolation || !hart)
        return HVRV_ERR_NULL;
    if (domain >= isolation->config.domain_count)
        return HVRV_ERR_ARGUMENT;
    return isolation->config.kind == HVRV_ISOLATION_MPT
               ? hvrv_isolation_mpt_switch(isolation, domain, hart)
               : hvrv_isolation_pmp_switch(isolation, domain, hart);
}

void hvrv_isolation_fence(const struct hvrv_isolation *isolation, uint32_t domain,
                          struct hvrv_hart *hart)
{
    if (isolation->config.kind == HVRV_ISOLATION_MPT)
        hvrv_isolation_mpt_fence(isolation, domain);
    hvrv_hart_sfence_vma_all(hart);
    hvrv_hart_hfence_gvma_all(hart);
}
