/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/tsm.h>

#include "tsm_call.h"

/* hgeie has 64 bits. */
#define FILE_SHIFT_MAX 6

static uint64_t count_pages(uint64_t size)
{
    return (size + (HVRV_PAGE_SIZE - 1)) / HVRV_PAGE_SIZE;
}

static enum hvrv_status check_pointers(const struct hvrv_tsm_config *config)
{
    if (!config->phys || !config->pages || !config->pages->words || !config->harts ||
        !config->slots || !config->probe || !config->hash.hash || !config->ops)
        return HVRV_ERR_NULL;
    for (uint32_t i = 0; i < config->hart_count; i++) {
        if (!config->harts[i].hart)
            return HVRV_ERR_NULL;
    }
    return HVRV_OK;
}

static enum hvrv_status check_counts(const struct hvrv_tsm_config *config)
{
    uint64_t vmid_last = (uint64_t)config->vmid_first + config->slot_count - 1;

    if (config->hart_count == 0 || config->slot_count == 0 ||
        config->slot_count > HVRV_TSM_TVMS_MAX || config->vharts_max == 0 ||
        config->vharts_max > HVRV_TVM_VHARTS_MAX || config->pages_max == 0 ||
        (config->files && config->file_shift > FILE_SHIFT_MAX))
        return HVRV_ERR_RANGE;
    if (config->vmid_first == 0 || vmid_last >> config->probe->vmidlen != 0)
        return HVRV_ERR_RANGE;
    return HVRV_OK;
}

static enum hvrv_status check_parts(const struct hvrv_tsm_config *config)
{
    const struct hvrv_page_map *pages = config->pages;
    hvrv_hpa last = hvrv_hpa_make(pages->base.v + (pages->count - 1) * HVRV_PAGE_SIZE);

    if (config->mode != HVRV_MODE_SV39 && config->mode != HVRV_MODE_SV48 &&
        config->mode != HVRV_MODE_SV57)
        return HVRV_ERR_MODE;
    if (pages->epoch->count != config->hart_count ||
        (config->files && config->files->epoch != pages->epoch) ||
        !config->ops->isolate != !config->ops->fence ||
        hvrv_tvm_digest_size(config->hash.algorithm) == 0)
        return HVRV_ERR_ARGUMENT;
    if (!hvrv_phys_is_direct(config->phys, pages->base) || !hvrv_phys_is_direct(config->phys, last))
        return HVRV_ERR_UNSUPPORTED;
    return HVRV_OK;
}

enum hvrv_status hvrv_tsm_init(struct hvrv_tsm *tsm, const struct hvrv_tsm_config *config)
{
    enum hvrv_status status;

    if (tsm)
        *tsm = (struct hvrv_tsm){0};
    if (!tsm || !config)
        return HVRV_ERR_NULL;
    status = check_pointers(config);
    if (status == HVRV_OK)
        status = check_counts(config);
    if (status == HVRV_OK)
        status = check_parts(config);
    if (status != HVRV_OK)
        return status;
    tsm->config = *config;
    tsm->epoch = (struct hvrv_epoch *)(uintptr_t)config->pages->epoch;
    tsm->tvm_pages = count_pages(hvrv_tvm_size(config->hart_count));
    tsm->vhart_pages =
        count_pages(sizeof(struct hvrv_tvm_vhart) +
                    (config->probe->vector ? 32 * (uint64_t)config->probe->vlenb : 0));
    for (uint32_t i = 0; i < config->hart_count; i++) {
        hvrv_epoch_see(tsm->epoch, i, tsm->epoch->now);
        config->harts[i] = (struct hvrv_tsm_hart){.hart = config->harts[i].hart};
        status = hvrv_bind_init(&config->harts[i].bind, config->harts[i].hart, config->probe, i);
        if (status != HVRV_OK)
            return status;
    }
    for (uint32_t i = 0; i < config->slot_count; i++)
        config->slots[i] = (struct hvrv_tsm_slot){0};
    return HVRV_OK;
}

static enum hvrv_sbi_error probe_feature(const struct hvrv_tsm_call *call)
{
    /* None of what NACL synchronizes: the memory alone is used. */
    (void)call;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error set_shmem(const struct hvrv_tsm_call *call)
{
    struct hvrv_tsm_hart *hart = &call->tsm->config.harts[call->hart];
    uint64_t low = call->a[0];
    uint64_t high = call->a[1];

    if (call->a[2] != 0)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (low == UINT64_MAX && high == UINT64_MAX) {
        hart->has_shared = false;
        return HVRV_SBI_SUCCESS;
    }
    if (!hvrv_bits_is_aligned(low, HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (high != 0 || !hvrv_tsm_is_host(call->tsm, low, sizeof(struct hvrv_nacl_memory)))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    hart->shared = hvrv_hpa_make(low);
    hart->has_shared = true;
    return HVRV_SBI_SUCCESS;
}

struct hvrv_nacl_memory *hvrv_tsm_shared(const struct hvrv_tsm *tsm, uint32_t hart)
{
    const struct hvrv_tsm_hart *at = &tsm->config.harts[hart];

    if (!at->has_shared || !hvrv_tsm_is_host(tsm, at->shared.v, sizeof(struct hvrv_nacl_memory)))
        return NULL;
    return hvrv_tsm_pointer(tsm, at->shared.v);
}

/* By number. */
static const hvrv_tsm_handler covh[] = {
    [HVRV_COVH_GET_TSM_INFO] = hvrv_covh_get_tsm_info,
    [HVRV_COVH_CONVERT_PAGES] = hvrv_covh_convert_pages,
    [HVRV_COVH_RECLAIM_PAGES] = hvrv_covh_reclaim_pages,
    [HVRV_COVH_GLOBAL_FENCE] = hvrv_covh_global_fence,
    [HVRV_COVH_LOCAL_FENCE] = hvrv_covh_local_fence,
    [HVRV_COVH_CREATE_TVM] = hvrv_covh_create_tvm,
    [HVRV_COVH_FINALIZE_TVM] = hvrv_covh_finalize_tvm,
    [HVRV_COVH_PROMOTE_TO_TVM] = hvrv_covh_promote_to_tvm,
    [HVRV_COVH_DESTROY_TVM] = hvrv_covh_destroy_tvm,
    [HVRV_COVH_ADD_TVM_MEMORY_REGION] = hvrv_covh_add_tvm_memory_region,
    [HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES] = hvrv_covh_add_tvm_page_table_pages,
    [HVRV_COVH_ADD_TVM_MEASURED_PAGES] = hvrv_covh_add_tvm_measured_pages,
    [HVRV_COVH_ADD_TVM_ZERO_PAGES] = hvrv_covh_add_tvm_zero_pages,
    [HVRV_COVH_ADD_TVM_SHARED_PAGES] = hvrv_covh_add_tvm_shared_pages,
    [HVRV_COVH_CREATE_TVM_VCPU] = hvrv_covh_create_tvm_vcpu,
    [HVRV_COVH_RUN_TVM_VCPU] = hvrv_covh_run_tvm_vcpu,
    [HVRV_COVH_TVM_FENCE] = hvrv_covh_tvm_fence,
    [HVRV_COVH_TVM_INVALIDATE_PAGES] = hvrv_covh_tvm_invalidate_pages,
    [HVRV_COVH_TVM_VALIDATE_PAGES] = hvrv_covh_tvm_validate_pages,
    [HVRV_COVH_TVM_REMOVE_PAGES] = hvrv_covh_tvm_remove_pages,
};

static const hvrv_tsm_handler nacl[] = {
    [HVRV_NACL_PROBE_FEATURE] = probe_feature,
    [HVRV_NACL_SET_SHMEM] = set_shmem,
};

/* The function that a call names, or null. */
static hvrv_tsm_handler find_handler(const struct hvrv_cove_call *call)
{
    uint64_t function = call->function & ~HVRV_COVE_FID_SDID;

    switch (call->extension) {
    case HVRV_COVE_COVH:
        return function < sizeof(covh) / sizeof(covh[0]) ? covh[function] : NULL;
    case HVRV_COVE_COVI:
        return function < hvrv_covi.count ? hvrv_covi.handlers[function] : NULL;
    case HVRV_SBI_NACL:
        return function < sizeof(nacl) / sizeof(nacl[0]) ? nacl[function] : NULL;
    default:
        return NULL;
    }
}

enum hvrv_status hvrv_tsm_serve(struct hvrv_tsm *tsm, uint32_t hart,
                                const struct hvrv_cove_call *call, struct hvrv_tsm_reply *reply)
{
    struct hvrv_tsm_call served = {tsm, hart, NULL, reply};
    hvrv_tsm_handler handler;

    if (reply)
        *reply = (struct hvrv_tsm_reply){.answer.error = HVRV_SBI_ERR_FAILED};
    if (!tsm || !call || !reply)
        return HVRV_ERR_NULL;
    if (hart >= tsm->config.hart_count)
        return HVRV_ERR_RANGE;
    if (tsm->config.harts[hart].running)
        return HVRV_ERR_STATE;
    served.a = call->arguments;
    handler = find_handler(call);
    reply->answer.error = handler ? handler(&served) : HVRV_SBI_ERR_NOT_SUPPORTED;
    return HVRV_OK;
}

struct hvrv_tvm *hvrv_tsm_find(const struct hvrv_tsm *tsm, uint64_t id)
{
    uint64_t slot = id & HVRV_PAGE_OWNER_LAST;
    struct hvrv_tvm *tvm = slot < tsm->config.slot_count ? tsm->config.slots[slot].tvm : NULL;

    return tvm && tvm->id == id ? tvm : NULL;
}
