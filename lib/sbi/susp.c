/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

/* While it is so, no hart but the caller runs that could start another. */
static bool others_are_stopped(const struct hvrv_sbi *sbi, const struct hvrv_sbi_hart *hart)
{
    for (uint32_t i = 0; i < sbi->hart_count; i++) {
        if (&sbi->harts[i] != hart && hvrv_sbi_get_state(&sbi->harts[i]) != HVRV_SBI_STOPPED)
            return false;
    }
    return true;
}

static enum hvrv_status system_suspend(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                       enum hvrv_sbi_action *action)
{
    uint32_t type = (uint32_t)hvrv_sbi_get_argument(hart, 0);
    struct hvrv_sbi_entry entry = {hvrv_sbi_get_argument(hart, 1), hvrv_sbi_get_argument(hart, 2)};
    enum hvrv_sbi_error error;

    if (type != HVRV_SBI_SLEEP_TO_RAM && type < HVRV_SBI_SLEEP_PLATFORM)
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_PARAM);
    if (!hvrv_sbi_is_entry(sbi, &entry))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_ADDRESS);
    if (!others_are_stopped(sbi, hart))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_DENIED);
    error = sbi->ops.suspend(sbi->context, type);
    if (error != HVRV_SBI_SUCCESS)
        return hvrv_sbi_answer(hart, error);
    if (!hvrv_sbi_move(hart, HVRV_SBI_EVENT_SUSPEND))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_FAILED);
    *action = HVRV_SBI_SUSPEND;
    hvrv_sbi_set_entry(hart, &entry);
    return HVRV_OK;
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_SUSP_SUSPEND] = {system_suspend, HVRV_SBI_NEED_SUSPEND | HVRV_SBI_NEED_WALK},
};

const struct hvrv_sbi_extension hvrv_sbi_susp = {HVRV_SBI_SUSP, HVRV_SBI_ROWS(functions)};
