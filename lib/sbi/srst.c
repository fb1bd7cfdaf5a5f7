/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

static bool is_defined(const struct hvrv_sbi_reset *reset)
{
    return (reset->type <= HVRV_SBI_RESET_WARM || reset->type >= HVRV_SBI_RESET_PLATFORM) &&
           (reset->reason <= HVRV_SBI_REASON_FAILURE || reset->reason >= HVRV_SBI_REASON_PLATFORM);
}

static enum hvrv_status system_reset(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                     enum hvrv_sbi_action *action)
{
    struct hvrv_sbi_reset reset = {(uint32_t)hvrv_sbi_get_argument(hart, 0),
                                   (uint32_t)hvrv_sbi_get_argument(hart, 1)};
    enum hvrv_sbi_error error;

    if (!is_defined(&reset))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_PARAM);
    error = sbi->ops.reset(sbi->context, &reset);
    if (error != HVRV_SBI_SUCCESS)
        return hvrv_sbi_answer(hart, error);
    *action = HVRV_SBI_RESET;
    return HVRV_OK;
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_SRST_RESET] = {system_reset, HVRV_SBI_NEED_RESET},
};

const struct hvrv_sbi_extension hvrv_sbi_srst = {HVRV_SBI_SRST, HVRV_SBI_ROWS(functions)};
