/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

#include <hvrv/vhart/timer.h>

static enum hvrv_status set_timer(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                  enum hvrv_sbi_action *action)
{
    (void)action;
    (void)sbi;
    if (hvrv_timer_set(hart->vhart, hvrv_sbi_get_argument(hart, 0)) != HVRV_OK)
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_FAILED);
    return hvrv_sbi_answer(hart, HVRV_SBI_SUCCESS);
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_TIME_SET_TIMER] = {set_timer, 0},
};

const struct hvrv_sbi_extension hvrv_sbi_time = {HVRV_SBI_TIME, HVRV_SBI_ROWS(functions)};
