/* SPDX-License-Identifier: BSD-2-Clause */
/* IPI and RFENCE between the vHarts of a TVM. Of these the TVM need not believe its host. */
#include <hvrv/vhart/irq.h>

#include "tsm_call.h"

/* hart_mask_base that means every hart. */
#define EVERY UINT64_MAX

/* A set of vHarts, as hart_mask and hart_mask_base say it. */
struct set {
    uint64_t mask;
    uint64_t base;
};

static bool has(const struct set *set, uint64_t id)
{
    return set->base == EVERY ||
           (id >= set->base && id - set->base < 64 && (set->mask >> (id - set->base) & 1) != 0);
}

/* Each member is there. */
static bool is_valid(const struct hvrv_tvm *tvm, const struct set *set)
{
    for (unsigned i = 0; set->base != EVERY && i < 64; i++) {
        if ((set->mask >> i & 1) != 0 &&
            (set->base > EVERY - i || !hvrv_tvm_find_vhart(tvm, set->base + i)))
            return false;
    }
    return true;
}

/* Has the vHart's next load fence everything, as if it came from another hart: @ref bind. */
static void owe_fence(struct hvrv_tvm_vhart *vhart)
{
    vhart->vhart.last_hart = HVRV_VHART_NO_HART;
}

bool hvrv_tvm_is_fenced(const struct hvrv_tvm *tvm)
{
    for (uint32_t i = 0; i < HVRV_TVM_VHARTS_MAX; i++) {
        const struct hvrv_tvm_vhart *vhart = tvm->vharts[i];
        if (vhart && vhart->state == HVRV_TVM_VHART_RUNNING &&
            vhart->vhart.last_hart == HVRV_VHART_NO_HART)
            return false;
    }
    return true;
}

static void interrupt(struct hvrv_tvm_vhart *vhart)
{
    if (vhart->state == HVRV_TVM_VHART_READY || vhart->state == HVRV_TVM_VHART_RUNNING)
        (void)!hvrv_irq_raise(&vhart->vhart, HVRV_HVIP_VSSIP);
}

/* Does it to each member, and shows the host whom it is to run or to interrupt. */
static enum hvrv_tsm_next serve(const struct hvrv_tsm_exit *exit,
                                void (*act)(struct hvrv_tvm_vhart *vhart), enum hvrv_tvm_wait wait)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    const struct hvrv_tvm *tvm = exit->vhart->tvm;
    const struct set set = {vhart->gpr[10], vhart->gpr[11]};
    enum hvrv_tsm_next next;

    if (!is_valid(tvm, &set))
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_INVALID_PARAM, 0);
    for (uint32_t i = 0; i < HVRV_TVM_VHARTS_MAX; i++) {
        if (tvm->vharts[i] && has(&set, i))
            act(tvm->vharts[i]);
    }
    next = hvrv_tsm_show_ecall(exit, wait, 2);
    (void)hvrv_tsm_answer(vhart, HVRV_SBI_SUCCESS, 0);
    return next;
}

enum hvrv_tsm_next hvrv_tsm_serve_ipi(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;

    if (vhart->gpr[16] != HVRV_SBI_IPI_SEND)
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_NOT_SUPPORTED, 0);
    return serve(exit, interrupt, HVRV_TVM_WAIT_NOTHING);
}

/* Whatever the addresses and the ASID: a load fences all of them, and FENCE.I is with it. */
enum hvrv_tsm_next hvrv_tsm_serve_rfence(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;

    switch (vhart->gpr[16]) {
    case HVRV_SBI_RFENCE_FENCE_I:
    case HVRV_SBI_RFENCE_SFENCE_VMA:
    case HVRV_SBI_RFENCE_SFENCE_VMA_ASID:
        return serve(exit, owe_fence, HVRV_TVM_WAIT_FENCE);
    default:
        return hvrv_tsm_answer(vhart, HVRV_SBI_ERR_NOT_SUPPORTED, 0);
    }
}
