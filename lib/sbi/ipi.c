/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

#include <hvrv/vhart/irq.h>

/* A hart that is stopped gets none, so that it begins without. */
static bool takes_interrupts(const struct hvrv_sbi_hart *hart)
{
    enum hvrv_sbi_state state = hvrv_sbi_get_state(hart);

    return state != HVRV_SBI_STOPPED && state != HVRV_SBI_STOP_PENDING;
}

enum hvrv_sbi_error hvrv_sbi_send_ipi(const struct hvrv_sbi *sbi, const struct hvrv_sbi_hart *from,
                                      const struct hvrv_sbi_set *set)
{
    if (!hvrv_sbi_set_is_valid(sbi, set))
        return HVRV_SBI_ERR_INVALID_PARAM;
    for (uint32_t i = 0; i < sbi->hart_count; i++) {
        struct hvrv_sbi_hart *hart = &sbi->harts[i];
        if (!hvrv_sbi_set_has(set, hart->id) || !takes_interrupts(hart))
            continue;
        if (hvrv_irq_raise(hart->vhart, HVRV_HVIP_VSSIP) != HVRV_OK)
            return HVRV_SBI_ERR_FAILED;
        if (hart != from)
            sbi->ops.kick(sbi->context, i);
    }
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_status send_ipi(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                 enum hvrv_sbi_action *action)
{
    (void)action;
    struct hvrv_sbi_set set = {hvrv_sbi_get_argument(hart, 0), hvrv_sbi_get_argument(hart, 1)};

    return hvrv_sbi_answer(hart, hvrv_sbi_send_ipi(sbi, hart, &set));
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_IPI_SEND] = {send_ipi, HVRV_SBI_NEED_KICK},
};

const struct hvrv_sbi_extension hvrv_sbi_ipi = {HVRV_SBI_IPI, HVRV_SBI_ROWS(functions)};
