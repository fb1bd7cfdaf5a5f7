/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

#define NEEDS (HVRV_SBI_NEED_START | HVRV_SBI_NEED_WALK)

/* The CSRs that are the guest's own and begin as at reset; the others are the hypervisor's. */
#define GUEST_CSR_LIST(X) \
    X(vsstatus)           \
    X(vsie)               \
    X(vstvec)             \
    X(vsscratch)          \
    X(vsepc)              \
    X(vscause)            \
    X(vstval)             \
    X(sstateen0)          \
    X(senvcfg)            \
    X(scounteren)

/*
 * What is the guest's own begins anew; what the hypervisor chose for the vHart stays. The
 * hart is stopped, so its registers are in memory, and this caller alone has START_PENDING.
 */
static void reset(struct hvrv_vhart *vhart)
{
    static const struct hvrv_vhart_csrs at_reset = {
#define RESET(name, value) .name = (value),
        HVRV_VHART_CSR_LIST(RESET)
#undef RESET
    };

    for (unsigned i = 0; i < 32; i++)
        vhart->gpr[i] = 0;
#define RESET(name) vhart->csr.name = at_reset.name;
    GUEST_CSR_LIST(RESET)
#undef RESET
    vhart->csr.hvip &= HVRV_HVIP_VSEIP;
}

static enum hvrv_status hart_start(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                   enum hvrv_sbi_action *action)
{
    (void)action;
    struct hvrv_sbi_hart *target = hvrv_sbi_find_hart(sbi, hvrv_sbi_get_argument(hart, 0));
    struct hvrv_sbi_entry entry = {hvrv_sbi_get_argument(hart, 1), hvrv_sbi_get_argument(hart, 2)};

    if (!target)
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_PARAM);
    if (!hvrv_sbi_is_entry(sbi, &entry))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_ADDRESS);
    if (!hvrv_sbi_move(target, HVRV_SBI_EVENT_START)) {
        bool is_stopping = hvrv_sbi_get_state(target) == HVRV_SBI_STOP_PENDING;
        return hvrv_sbi_answer(hart,
                               is_stopping ? HVRV_SBI_ERR_FAILED : HVRV_SBI_ERR_ALREADY_AVAILABLE);
    }
    reset(target->vhart);
    hvrv_sbi_set_entry(target, &entry);
    sbi->ops.start(sbi->context, (uint32_t)(target - sbi->harts));
    return hvrv_sbi_answer(hart, HVRV_SBI_SUCCESS);
}

static enum hvrv_status hart_stop(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                  enum hvrv_sbi_action *action)
{
    (void)sbi;
    if (!hvrv_sbi_move(hart, HVRV_SBI_EVENT_STOP))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_FAILED);
    *action = HVRV_SBI_STOP;
    return HVRV_OK;
}

static enum hvrv_status hart_get_status(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                        enum hvrv_sbi_action *action)
{
    (void)action;
    const struct hvrv_sbi_hart *target = hvrv_sbi_find_hart(sbi, hvrv_sbi_get_argument(hart, 0));

    if (!target)
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_PARAM);
    return hvrv_sbi_answer_value(hart, hvrv_sbi_get_state(target));
}

/*
 * The registers for the way back are set at once: nobody sees them meanwhile. vsie stays also
 * where registers need not be kept, because it says what ends the sleep.
 */
static enum hvrv_status hart_suspend(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                     enum hvrv_sbi_action *action)
{
    uint32_t type = (uint32_t)hvrv_sbi_get_argument(hart, 0);
    struct hvrv_sbi_entry entry = {hvrv_sbi_get_argument(hart, 1), hvrv_sbi_get_argument(hart, 2)};

    if (type != HVRV_SBI_SUSPEND_RETENTIVE && type != HVRV_SBI_SUSPEND_NON_RETENTIVE)
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_PARAM);
    if (type == HVRV_SBI_SUSPEND_NON_RETENTIVE && !hvrv_sbi_is_entry(sbi, &entry))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_ADDRESS);
    if (!hvrv_sbi_move(hart, HVRV_SBI_EVENT_SUSPEND))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_FAILED);
    *action = HVRV_SBI_PARK;
    if (type == HVRV_SBI_SUSPEND_RETENTIVE)
        return hvrv_sbi_answer(hart, HVRV_SBI_SUCCESS);
    hvrv_sbi_set_entry(hart, &entry);
    return HVRV_OK;
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_HSM_START] = {hart_start, NEEDS},
    [HVRV_SBI_HSM_STOP] = {hart_stop, NEEDS},
    [HVRV_SBI_HSM_GET_STATUS] = {hart_get_status, NEEDS},
    [HVRV_SBI_HSM_SUSPEND] = {hart_suspend, NEEDS},
};

const struct hvrv_sbi_extension hvrv_sbi_hsm = {HVRV_SBI_HSM, HVRV_SBI_ROWS(functions)};
