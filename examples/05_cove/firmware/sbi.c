/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host and the TSM find below them: a small SBI, this example's own. */
#include "firmware.h"

/* The call's registers, and its answer. */
struct call {
    struct firmware_hart *hart;
    const uint64_t *a;
    uint64_t function;
    uint64_t value;
};

static enum hvrv_sbi_error base(struct call *call)
{
    switch (call->function) {
    case HVRV_SBI_BASE_GET_SPEC_VERSION:
        call->value = HVRV_SBI_VERSION(2, 0);
        return HVRV_SBI_SUCCESS;
    case HVRV_SBI_BASE_PROBE:
        call->value = call->a[0] == HVRV_SBI_BASE || call->a[0] == HVRV_SBI_TIME ||
                      call->a[0] == HVRV_SBI_IPI || call->a[0] == HVRV_SBI_HSM ||
                      call->a[0] == HVRV_SBI_DBCN || call->a[0] == HVRV_SBI_SRST ||
                      call->a[0] == HVRV_SBI_NACL || call->a[0] == HVRV_COVE_SUPD ||
                      call->a[0] == HVRV_COVE_COVH || call->a[0] == HVRV_COVE_COVI;
        return HVRV_SBI_SUCCESS;
    default:
        call->value = 0;
        return call->function <= HVRV_SBI_BASE_GET_MIMPID ? HVRV_SBI_SUCCESS
                                                          : HVRV_SBI_ERR_NOT_SUPPORTED;
    }
}

static enum hvrv_sbi_error send_ipi(struct call *call)
{
    uint64_t mask = call->a[0];
    uint64_t first = call->a[1];

    if (first == UINT64_MAX) {
        mask = UINT64_MAX;
        first = 0;
    } else if (mask && first < hart_count ? mask >> (hart_count - first) : mask) {
        return HVRV_SBI_ERR_INVALID_PARAM;
    }
    for (uint32_t i = 0; i < hart_count; i++) {
        if (i < first || i - first > 63 || !(mask >> (i - first) & 1))
            continue;
        __atomic_store_n(&harts[i].has_ipi, 1, __ATOMIC_RELEASE);
        clint_send(i);
    }
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error hsm(struct call *call)
{
    struct firmware_hart *target = call->a[0] < hart_count ? &harts[call->a[0]] : NULL;

    if (!target)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (call->function == HVRV_SBI_HSM_GET_STATUS) {
        call->value = __atomic_load_n(&target->state, __ATOMIC_ACQUIRE);
        return HVRV_SBI_SUCCESS;
    }
    if (call->function != HVRV_SBI_HSM_START)
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    if (__atomic_load_n(&target->state, __ATOMIC_ACQUIRE) != HVRV_SBI_STOPPED)
        return HVRV_SBI_ERR_ALREADY_AVAILABLE;
    target->entry = (struct hvrv_domain_entry){call->a[1], target->id, call->a[2]};
    __atomic_store_n(&target->state, HVRV_SBI_START_PENDING, __ATOMIC_RELEASE);
    clint_send(target->id);
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error serve(struct call *call, uint64_t extension)
{
    switch (extension) {
    case HVRV_SBI_BASE:
        return base(call);
    case HVRV_SBI_TIME:
        clint_set_timer(call->hart, call->a[0]);
        return HVRV_SBI_SUCCESS;
    case HVRV_SBI_IPI:
        return send_ipi(call);
    case HVRV_SBI_HSM:
        return hsm(call);
    case HVRV_SBI_DBCN:
        /* A byte at a time: the firmware reads no memory for a domain that might not reach it. */
        if (call->function != HVRV_SBI_DBCN_WRITE_BYTE)
            return HVRV_SBI_ERR_NOT_SUPPORTED;
        console_put((char)call->a[0]);
        return HVRV_SBI_SUCCESS;
    case HVRV_SBI_SRST:
        power_off((uint32_t)call->a[1]);
    case HVRV_COVE_SUPD:
        call->value = 1 | 1U << SDID;
        return call->function == HVRV_SUPD_GET_ACTIVE_DOMAINS ? HVRV_SBI_SUCCESS
                                                              : HVRV_SBI_ERR_NOT_SUPPORTED;
    default:
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    }
}

void sbi_serve(struct firmware_hart *hart)
{
    struct hvrv_domain_context *context = hart->domain.current;
    struct call call = {hart, context->x + 10, context->x[16], 0};
    enum hvrv_sbi_error error = serve(&call, context->x[17]);

    context->x[10] = (uint64_t)(int64_t)error;
    context->x[11] = call.value;
    context->pc += 4;
}
