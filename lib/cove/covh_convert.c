/* SPDX-License-Identifier: BSD-2-Clause */
/* COVH: memory between the host's domain and the confidential one. */
#include "tsm_call.h"

/* The range in a0 and a1, and that memory can change sides at all. */
static enum hvrv_sbi_error make_range(const struct hvrv_tsm_call *call, struct hvrv_range *range)
{
    *range = (struct hvrv_range){0, 0};
    if (!call->tsm->config.ops->isolate)
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    return hvrv_tsm_make_range(call->tsm, call->a[0], call->a[1], range);
}

enum hvrv_sbi_error hvrv_covh_convert_pages(const struct hvrv_tsm_call *call)
{
    const struct hvrv_tsm_config *config = &call->tsm->config;
    struct hvrv_page_change move = {.from = HVRV_PAGE_HOST, .to = HVRV_PAGE_CONVERTING};
    enum hvrv_sbi_error error = make_range(call, &move.range);

    if (error)
        return error;
    if (hvrv_page_check(config->pages, &move) != HVRV_OK)
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (!config->ops->isolate(config->context, &move.range, false))
        return HVRV_SBI_ERR_FAILED;
    /* Only now: whoever fences from the next epoch on finds the tables changed. */
    move.epoch = call->tsm->epoch->now;
    hvrv_tsm_move(call->tsm, &move);
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_reclaim_pages(const struct hvrv_tsm_call *call)
{
    const struct hvrv_tsm_config *config = &call->tsm->config;
    struct hvrv_page_change move = {.from = HVRV_PAGE_FREE, .to = HVRV_PAGE_HOST};
    enum hvrv_sbi_error error = make_range(call, &move.range);

    if (error)
        return error;
    if (hvrv_page_check(config->pages, &move) != HVRV_OK)
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    hvrv_tsm_zero(call->tsm, &move.range);
    if (!config->ops->isolate(config->context, &move.range, true))
        return HVRV_SBI_ERR_FAILED;
    hvrv_tsm_move(call->tsm, &move);
    return HVRV_SBI_SUCCESS;
}

/* What was taken away before the fence is forgotten; what is taken away in it waits for the next.
 */
static void fence_here(const struct hvrv_tsm_call *call)
{
    const struct hvrv_tsm_config *config = &call->tsm->config;
    uint64_t now = call->tsm->epoch->now;

    config->ops->fence(config->context, call->hart);
    hvrv_epoch_see(call->tsm->epoch, call->hart, now);
}

enum hvrv_sbi_error hvrv_covh_global_fence(const struct hvrv_tsm_call *call)
{
    enum hvrv_status status;

    if (!call->tsm->config.ops->fence)
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    status = hvrv_epoch_begin(call->tsm->epoch);
    if (status != HVRV_OK)
        return status == HVRV_ERR_EXISTS ? HVRV_SBI_ERR_ALREADY_STARTED : HVRV_SBI_ERR_FAILED;
    fence_here(call);
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_local_fence(const struct hvrv_tsm_call *call)
{
    if (!call->tsm->config.ops->fence)
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    fence_here(call);
    return HVRV_SBI_SUCCESS;
}
