/* SPDX-License-Identifier: BSD-2-Clause */
/* COVH: run_tvm_vcpu, from the host's call until the guest is entered. */
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/timer.h>

#include "tsm_call.h"

/* Whether a page is mapped that its region is not for: where the region changed, and it stayed. */
struct search {
    const struct hvrv_regions *regions;
    bool is_found;
};

/* Confidential pages may be executed, shared ones not. */
static bool look(void *context, const struct hvrv_gstage_run *run)
{
    const struct hvrv_range range = {run->gpa.v, run->gpa.v + (run->size - 1)};
    struct search *search = context;

    search->is_found =
        !hvrv_region_covers(search->regions, &range,
                            run->bits & HVRV_PTE_X ? HVRV_REGION_CONFIDENTIAL : HVRV_REGION_SHARED);
    return !search->is_found;
}

/*
 * The pages that the TVM wanted to be rid of are gone. Another vHart may have changed a part of the
 * range since, so each page is looked at by what it is for now.
 */
static bool is_assigned(const struct hvrv_tvm_vhart *vhart)
{
    const struct hvrv_tvm *tvm = vhart->tvm;
    struct search search = {&tvm->regions, false};
    struct hvrv_gstage_visit_request visit = {
        .range = {hvrv_gpa_make(vhart->range.first), hvrv_range_size(vhart->range),
                  HVRV_GSTAGE_NO_LIMIT},
        .see = look,
        .context = &search,
    };

    return hvrv_gstage_visit(&tvm->gstage, &visit) == HVRV_OK && !search.is_found;
}

static enum hvrv_sbi_error check(const struct hvrv_tsm_call *call,
                                 const struct hvrv_tvm_vhart *vhart,
                                 const struct hvrv_nacl_memory *shared)
{
    const struct hvrv_tvm_files *files = &vhart->files;

    if (!shared || vhart->state != HVRV_TVM_VHART_READY)
        return HVRV_SBI_ERR_FAILED;
    if (vhart->wait == HVRV_TVM_WAIT_ASSIGNMENT && !is_assigned(vhart))
        return HVRV_SBI_ERR_FAILED;
    if (vhart->wait == HVRV_TVM_WAIT_FENCE && !hvrv_tvm_is_fenced(vhart->tvm))
        return HVRV_SBI_ERR_FAILED;
    if (vhart->tvm->aia.is_there && (files->binding != HVRV_TVM_BOUND || files->hart != call->hart))
        return HVRV_SBI_ERR_FAILED;
    return HVRV_SBI_SUCCESS;
}

/* The last of the SBI's extensions whose calls have one word for an answer, and change no other. */
#define LEGACY_LAST 15

/* What the host answered; of the shared memory nothing else is believed. a7 is still the call's. */
static void take_answer(struct hvrv_tvm_vhart *vhart, const struct hvrv_nacl_memory *shared)
{
    const volatile uint64_t *gprs = shared->gprs;

    if (vhart->wait == HVRV_TVM_WAIT_ANSWER) {
        vhart->vhart.gpr[10] = gprs[10];
        if (vhart->vhart.gpr[17] > LEGACY_LAST)
            vhart->vhart.gpr[11] = gprs[11];
    } else if (vhart->wait == HVRV_TVM_WAIT_DEVICE) {
        (void)!hvrv_mmio_finish(&vhart->mmio, &vhart->vhart, gprs[10]);
    }
    vhart->wait = HVRV_TVM_WAIT_NOTHING;
}

/* The host may have filled the TLB under this VMID: load as if the VM were new to the hart. */
static void distrust(struct hvrv_tvm *tvm, const struct hvrv_tsm_call *call)
{
    if (!call->tsm->config.has_sdid)
        tvm->vm.slots[call->hart].last = NULL;
}

/* Whatever was taken from the TVM before now is out of this hart's TLB. */
static void fence(struct hvrv_tvm *tvm, const struct hvrv_tsm_call *call)
{
    uint64_t now = tvm->epoch.now;

    if (tvm->fenced[call->hart] != now)
        hvrv_hart_hfence_gvma_vmid(call->tsm->config.harts[call->hart].hart, tvm->fence.vmid);
    tvm->fenced[call->hart] = now;
    hvrv_epoch_see(&tvm->epoch, call->hart, now);
}

enum hvrv_sbi_error hvrv_covh_run_tvm_vcpu(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);
    struct hvrv_tsm_hart *hart = &call->tsm->config.harts[call->hart];
    struct hvrv_tvm_vhart *vhart = tvm ? hvrv_tvm_find_vhart(tvm, call->a[1]) : NULL;
    const struct hvrv_nacl_memory *shared = hvrv_tsm_shared(call->tsm, call->hart);
    enum hvrv_sbi_error error;

    if (!vhart || tvm->life != HVRV_TVM_RUNNABLE)
        return HVRV_SBI_ERR_INVALID_PARAM;
    error = check(call, vhart, shared);
    if (error)
        return error;
    distrust(tvm, call);
    if (hvrv_bind_load(&hart->bind, &vhart->vhart) != HVRV_OK)
        return HVRV_SBI_ERR_FAILED;
    take_answer(vhart, shared);
    fence(tvm, call);
    if (call->tsm->config.ops->time)
        (void)hvrv_timer_check(&vhart->vhart,
                               call->tsm->config.ops->time(call->tsm->config.context));
    hvrv_covi_deliver(vhart);
    hvrv_irq_flush(&vhart->vhart);
    vhart->state = HVRV_TVM_VHART_RUNNING;
    vhart->hart = call->hart;
    tvm->running++;
    hart->running = vhart;
    call->reply->action = HVRV_TSM_RUN;
    call->reply->vhart = vhart;
    return HVRV_SBI_SUCCESS;
}
