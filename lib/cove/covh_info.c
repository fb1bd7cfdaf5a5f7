/* SPDX-License-Identifier: BSD-2-Clause */
/* COVH: what the TSM is, and what it is not. */
#include "tsm_call.h"

enum hvrv_sbi_error hvrv_covh_get_tsm_info(const struct hvrv_tsm_call *call)
{
    const struct hvrv_tsm_config *config = &call->tsm->config;
    const struct hvrv_cove_tsm_info info = {
        .state = HVRV_COVE_TSM_READY,
        .impl_id = config->impl_id,
        .version = config->version,
        .capabilities = HVRV_BIT(HVRV_COVE_CAP_ATTESTATION_REMOTE) |
                        (config->files ? HVRV_BIT(HVRV_COVE_CAP_AIA) : 0) |
                        (config->ops->isolate ? HVRV_BIT(HVRV_COVE_CAP_MEMORY_ALLOCATION) : 0),
        .tvm_state_pages = call->tsm->tvm_pages,
        .tvm_max_vcpus = config->vharts_max,
        .vcpu_state_pages = call->tsm->vhart_pages,
    };

    if (call->a[1] < sizeof(info))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (!hvrv_bits_is_aligned(call->a[0], 4) ||
        !hvrv_tsm_is_host(call->tsm, call->a[0], sizeof(info)))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    hvrv_tsm_write(call->tsm, call->a[0], &info, sizeof(info));
    call->reply->answer.value = sizeof(info);
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covh_promote_to_tvm(const struct hvrv_tsm_call *call)
{
    (void)call;
    return HVRV_SBI_ERR_NOT_SUPPORTED;
}
