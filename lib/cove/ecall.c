/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TVM calls: answered here as far as it concerns the TVM alone, else shown to the host. */
#include <hvrv/vhart/timer.h>

#include "tsm_call.h"

/* SBI 2.0, as get_spec_version says it. */
#define SPEC_VERSION UINT64_C(0x02000000)

/* The host does it, knowing so many arguments, and says what came of it. */
static enum hvrv_tsm_next pass(const struct hvrv_tsm_exit *exit, unsigned count)
{
    exit->vhart->vhart.sepc += 4;
    return hvrv_tsm_show_ecall(exit, HVRV_TVM_WAIT_ANSWER, count);
}

/* What the TVM relies on it hears from its TSM; what the host serves, from the host. */
static enum hvrv_tsm_next serve_base(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;

    switch (vhart->gpr[16]) {
    case HVRV_SBI_BASE_GET_SPEC_VERSION:
        return hvrv_tsm_answer(vhart, HVRV_SBI_SUCCESS, SPEC_VERSION);
    case HVRV_SBI_BASE_PROBE:
        switch (vhart->gpr[10]) {
        case HVRV_SBI_BASE:
        case HVRV_SBI_TIME:
        case HVRV_SBI_IPI:
        case HVRV_SBI_RFENCE:
        case HVRV_SBI_HSM:
        case HVRV_COVE_COVG:
            return hvrv_tsm_answer(vhart, HVRV_SBI_SUCCESS, 1);
        default:
            return pass(exit, 1);
        }
    case HVRV_SBI_BASE_GET_MVENDORID:
    case HVRV_SBI_BASE_GET_MARCHID:
    case HVRV_SBI_BASE_GET_MIMPID:
        return hvrv_tsm_answer(vhart, HVRV_SBI_SUCCESS, 0);
    default:
        return pass(exit, 1);
    }
}

/* The registers that are the TVM's own, as they were when the vHart was made. */
static void reset(struct hvrv_vhart *vhart)
{
    for (unsigned i = 0; i < 32; i++)
        vhart->gpr[i] = 0;
    vhart->sstatus |= HVRV_SSTATUS_SPP;
    vhart->csr.vsstatus &= ~(HVRV_VSSTATUS_SIE | HVRV_VSSTATUS_SUM | HVRV_VSSTATUS_MXR);
    vhart->csr.vsatp = 0;
    vhart->csr.vsie = 0;
    vhart->csr.vstvec = 0;
    vhart->csr.vsscratch = 0;
    (void)!hvrv_timer_set(vhart, HVRV_TIMER_NEVER);
}

/*
 * Wakes a vHart of the TVM: where it begins is the TVM's to say, that it runs the host's, which
 * learns which one and no more.
 */
static enum hvrv_tsm_next start(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    struct hvrv_tvm_vhart *target = hvrv_tvm_find_vhart(exit->vhart->tvm, vhart->gpr[10]);
    enum hvrv_tsm_next next;

    if (!target)
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_INVALID_PARAM, 0);
    if (vhart->gpr[11] & 1)
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_INVALID_ADDRESS, 0);
    if (target->state == HVRV_TVM_VHART_DEAD)
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_FAILED, 0);
    if (target->state != HVRV_TVM_VHART_STOPPED)
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_ALREADY_AVAILABLE, 0);
    reset(&target->vhart);
    target->vhart.sepc = vhart->gpr[11];
    target->vhart.gpr[10] = target->id;
    target->vhart.gpr[11] = vhart->gpr[12];
    target->wait = HVRV_TVM_WAIT_NOTHING;
    target->state = HVRV_TVM_VHART_READY;
    next = hvrv_tsm_show_ecall(exit, HVRV_TVM_WAIT_NOTHING, 1);
    (void)hvrv_tsm_answer(vhart, HVRV_SBI_SUCCESS, 0);
    return next;
}

/* The vHart is not run again until another starts it; the host hears that it stopped. */
static enum hvrv_tsm_next stop(const struct hvrv_tsm_exit *exit)
{
    exit->vhart->state = HVRV_TVM_VHART_STOPPED;
    return hvrv_tsm_show_ecall(exit, HVRV_TVM_WAIT_NOTHING, 0);
}

static enum hvrv_tsm_next get_status(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    const struct hvrv_tvm_vhart *target = hvrv_tvm_find_vhart(exit->vhart->tvm, vhart->gpr[10]);

    if (!target)
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_INVALID_PARAM, 0);
    return hvrv_tsm_answer(vhart, HVRV_SBI_SUCCESS,
                           target->state == HVRV_TVM_VHART_STOPPED ||
                                   target->state == HVRV_TVM_VHART_DEAD
                               ? HVRV_SBI_STOPPED
                               : HVRV_SBI_STARTED);
}

static enum hvrv_tsm_next serve_hsm(const struct hvrv_tsm_exit *exit)
{
    switch (exit->vhart->vhart.gpr[16]) {
    case HVRV_SBI_HSM_START:
        return start(exit);
    case HVRV_SBI_HSM_STOP:
        return stop(exit);
    case HVRV_SBI_HSM_GET_STATUS:
        return get_status(exit);
    default:
        return hvrv_tsm_answer(&exit->vhart->vhart, HVRV_SBI_ERR_NOT_SUPPORTED, 0);
    }
}

static enum hvrv_tsm_next serve_time(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;

    if (vhart->gpr[16] != HVRV_SBI_TIME_SET_TIMER)
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_NOT_SUPPORTED, 0);
    (void)!hvrv_timer_set(vhart, vhart->gpr[10]);
    return hvrv_tsm_answer(vhart, HVRV_SBI_SUCCESS, 0);
}

enum hvrv_tsm_next hvrv_tsm_serve_ecall(const struct hvrv_tsm_exit *exit)
{
    switch (exit->vhart->vhart.gpr[17]) {
    case HVRV_COVE_COVG:
        return hvrv_covg_serve(exit);
    case HVRV_SBI_BASE:
        return serve_base(exit);
    case HVRV_SBI_HSM:
        return serve_hsm(exit);
    case HVRV_SBI_TIME:
        return serve_time(exit);
    case HVRV_SBI_IPI:
        return hvrv_tsm_serve_ipi(exit);
    case HVRV_SBI_RFENCE:
        return hvrv_tsm_serve_rfence(exit);
    default:
        return pass(exit, 6);
    }
}
