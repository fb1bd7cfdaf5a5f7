/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TVM came back with: served here, or shown to the host. */
#include <hvrv/mmu/walk.h>
#include <hvrv/vhart/inject.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/virtual.h>

#include "tsm_call.h"

/* Faults of one access in a row that a fence should have mended. */
#define RETRIES_MAX 8

/* An exception of the TVM's own; one that cannot be raised ends it. */
static enum hvrv_tsm_next raised(enum hvrv_status status)
{
    return status == HVRV_OK ? HVRV_TSM_NEXT_RUN : HVRV_TSM_NEXT_DEAD;
}

static enum hvrv_tsm_next serve_device(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    struct hvrv_mmio *mmio = &exit->vhart->mmio;
    struct hvrv_hart *hart = exit->tsm->config.harts[exit->hart].hart;

    if (hvrv_mmio_begin(mmio, hart, vhart, exit->exit) != HVRV_OK)
        return raised(hvrv_inject_access_fault(vhart, exit->exit));
    switch (mmio->outcome) {
    case HVRV_MMIO_RETRY:
        return HVRV_TSM_NEXT_RUN;
    case HVRV_MMIO_FAULT:
        return raised(hvrv_inject_exception(vhart, &mmio->exception));
    case HVRV_MMIO_READY:
        if (!mmio->is_amo && !mmio->is_split)
            return hvrv_tsm_show_device(exit);
        break;
    case HVRV_MMIO_UNSUPPORTED:
        break;
    }
    return raised(hvrv_inject_access_fault(vhart, exit->exit));
}

/* The entry allows what the TVM was refused: another hart mapped it, and this one has not seen. */
static bool is_spurious(const struct hvrv_tsm_exit *exit)
{
    static const uint64_t needed[] = {
        [HVRV_ACCESS_LOAD] = HVRV_PTE_R,
        [HVRV_ACCESS_STORE] = HVRV_PTE_W,
        [HVRV_ACCESS_FETCH] = HVRV_PTE_X,
    };
    /* A PTE is read and perhaps written, whatever it is that is translated. */
    uint64_t bits = HVRV_PTE_V | (exit->exit->is_implicit ? HVRV_PTE_R | HVRV_PTE_W
                                                          : needed[exit->exit->access]);
    struct hvrv_gstage_entry entry;

    return hvrv_gstage_query(&exit->vhart->tvm->gstage, exit->exit->gpa, &entry) == HVRV_OK &&
           (entry.pte.v & bits) == bits;
}

/*
 * The hart knows an older entry: it forgets, and the TVM tries again. Not for ever; but a TVM that
 * goes on to other memory, which another of its vHarts has just got, is none that goes nowhere.
 */
static enum hvrv_tsm_next retry(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_tvm_vhart *vhart = exit->vhart;

    vhart->retries = vhart->retried == exit->exit->value ? exit->row + 1 : 1;
    vhart->retried = exit->exit->value;
    if (vhart->retries > RETRIES_MAX)
        return HVRV_TSM_NEXT_DEAD;
    hvrv_hart_hfence_gvma_vmid(exit->tsm->config.harts[exit->hart].hart,
                               exit->vhart->tvm->fence.vmid);
    return HVRV_TSM_NEXT_RUN;
}

static enum hvrv_tsm_next serve_fault(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    enum hvrv_region_kind kind;

    if (exit->exit->gpa_is != HVRV_EXIT_GPA_KNOWN)
        return retry(exit);
    kind = hvrv_region_find(&exit->vhart->tvm->regions, exit->exit->gpa);
    if (kind == HVRV_REGION_MMIO)
        return serve_device(exit);
    if (kind == HVRV_REGION_NONE ||
        (kind == HVRV_REGION_SHARED && exit->exit->access == HVRV_ACCESS_FETCH &&
         !exit->exit->is_implicit))
        return raised(hvrv_inject_access_fault(vhart, exit->exit));
    return is_spurious(exit) ? retry(exit) : hvrv_tsm_show_page(exit);
}

static enum hvrv_tsm_next serve_instruction(const struct hvrv_tsm_exit *exit)
{
    static const struct hvrv_virtual none = {0};
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    const struct hvrv_virtual_exit at = {exit->tsm->config.harts[exit->hart].hart, vhart,
                                         exit->exit};
    enum hvrv_virtual_outcome outcome;

    if (hvrv_virtual_serve(&none, &at, &outcome) != HVRV_OK)
        return HVRV_TSM_NEXT_DEAD;
    if (outcome != HVRV_VIRTUAL_WAIT && outcome != HVRV_VIRTUAL_YIELD)
        return HVRV_TSM_NEXT_RUN;
    return hvrv_tsm_show_wait(exit);
}

static enum hvrv_tsm_next serve(const struct hvrv_tsm_exit *exit)
{
    switch (exit->exit->kind) {
    case HVRV_EXIT_INTERRUPT:
        return hvrv_tsm_show_interrupt(exit);
    case HVRV_EXIT_ECALL:
        return hvrv_tsm_serve_ecall(exit);
    case HVRV_EXIT_GUEST_PAGE_FAULT:
        return serve_fault(exit);
    case HVRV_EXIT_VIRTUAL_INSTRUCTION:
    case HVRV_EXIT_ILLEGAL_INSTRUCTION:
        return serve_instruction(exit);
    case HVRV_EXIT_EXCEPTION:
        break;
    }
    return HVRV_TSM_NEXT_DEAD;
}

/*
 * The vHart runs no more: its registers are in memory, and the hart has forgotten it. What its own
 * tables say is forgotten too, while hgatp still has the VMID that a VM of the host's may have:
 * HFENCE.VVMA reaches no other (norm:hfence-vvma_limits).
 */
static void leave(const struct hvrv_tsm_exit *exit, enum hvrv_tsm_next next)
{
    struct hvrv_tvm_vhart *vhart = exit->vhart;
    struct hvrv_tsm_hart *hart = &exit->tsm->config.harts[exit->hart];

    if (!exit->tsm->config.has_sdid)
        hvrv_hart_hfence_vvma_all(hart->hart);
    (void)!hvrv_bind_put(&hart->bind);
    if (next == HVRV_TSM_NEXT_DEAD)
        vhart->state = HVRV_TVM_VHART_DEAD;
    else if (vhart->state == HVRV_TVM_VHART_RUNNING)
        vhart->state = HVRV_TVM_VHART_READY;
    vhart->tvm->running--;
    hvrv_epoch_leave(&vhart->tvm->epoch, exit->hart);
    hart->running = NULL;
}

/*
 * The hart did not tell the address: the TVM's own tables do, by its regime of this moment. If they
 * do not, the address stays unknown. The G-stage's leaves have A and D from the start.
 */
static void find_gpa(const struct hvrv_tsm_exit *at, struct hvrv_exit *exit)
{
    struct hvrv_hart *hart = at->tsm->config.harts[at->hart].hart;
    const struct hvrv_walk_csrs csrs = {.vsatp = hvrv_hart_read_vsatp(hart),
                                        .hgatp = at->vhart->tvm->vm.hgatp,
                                        .vsstatus = hvrv_hart_read_vsstatus(hart),
                                        .sstatus = at->vhart->vhart.sstatus};
    struct hvrv_walk_regime regime;
    struct hvrv_walk walk;

    if (hvrv_walk_regime_from_csrs(&regime, &csrs) != HVRV_OK)
        return;
    regime.vs_ad = HVRV_WALK_AD_IGNORE;
    regime.g_ad = HVRV_WALK_AD_IGNORE;
    if (hvrv_walk_init(&walk, &regime, at->tsm->config.phys) == HVRV_OK)
        (void)!hvrv_trap_find_gpa(exit, &walk);
}

enum hvrv_status hvrv_tsm_exit(struct hvrv_tsm *tsm, uint32_t hart, const struct hvrv_trap *trap,
                               struct hvrv_tsm_reply *reply)
{
    struct hvrv_exit decoded;
    struct hvrv_tsm_exit exit = {tsm, hart, NULL, &decoded, reply, NULL, 0};
    enum hvrv_tsm_next next;

    if (reply)
        *reply = (struct hvrv_tsm_reply){.answer.error = HVRV_SBI_ERR_FAILED};
    if (!tsm || !trap || !reply)
        return HVRV_ERR_NULL;
    if (hart >= tsm->config.hart_count)
        return HVRV_ERR_RANGE;
    exit.vhart = tsm->config.harts[hart].running;
    if (!exit.vhart || hvrv_trap_decode(trap, &decoded) != HVRV_OK)
        return HVRV_ERR_STATE;
    if (decoded.gpa_is == HVRV_EXIT_GPA_UNKNOWN)
        find_gpa(&exit, &decoded);
    /* The host may have given away the memory that it shared: then nothing can be shown. */
    exit.shared = hvrv_tsm_shared(tsm, hart);
    exit.row = exit.vhart->retries;
    exit.vhart->retries = 0;
    next = exit.shared ? serve(&exit) : HVRV_TSM_NEXT_DEAD;
    if (next == HVRV_TSM_NEXT_RUN) {
        hvrv_irq_flush(&exit.vhart->vhart);
        reply->action = HVRV_TSM_RUN;
        reply->vhart = exit.vhart;
        return HVRV_OK;
    }
    leave(&exit, next);
    if (exit.shared)
        hvrv_tsm_show_timers(&exit);
    reply->is_exit = true;
    reply->answer = (struct hvrv_cove_answer){HVRV_SBI_SUCCESS, next == HVRV_TSM_NEXT_DEAD};
    return HVRV_OK;
}
