/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of SBI 0.1: one extension each, an answer in a0 alone, hart masks in memory. */
#include "../vhart/vs_csr.h"
#include "server_call.h"

#include <hvrv/vhart/guest.h>
#include <hvrv/vhart/inject.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/timer.h>

#define FENCE_NEEDS (HVRV_SBI_NEED_FENCE | HVRV_SBI_NEED_WALK)
#define READ_TRIES  4

static enum hvrv_status set_timer(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                  enum hvrv_sbi_action *action)
{
    (void)sbi;
    (void)action;
    if (hvrv_timer_set(hart->vhart, hvrv_sbi_get_argument(hart, 0)) != HVRV_OK)
        return hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_FAILED);
    return hvrv_sbi_answer_legacy(hart, HVRV_SBI_SUCCESS);
}

static enum hvrv_status put_char(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                 enum hvrv_sbi_action *action)
{
    enum hvrv_sbi_error error;

    (void)action;
    return hvrv_sbi_write_byte(sbi, hart, &error) ? hvrv_sbi_answer_legacy(hart, error) : HVRV_OK;
}

static enum hvrv_status get_char(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                 enum hvrv_sbi_action *action)
{
    uint8_t byte = 0;
    struct hvrv_sbi_bytes bytes = {&byte, 1, 0};

    (void)action;
    if (sbi->ops.read(sbi->context, &bytes) != HVRV_SBI_SUCCESS || bytes.done == 0)
        return hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_FAILED);
    return hvrv_sbi_answer_legacy(hart, byte);
}

/* What was raised and did not reach the guest yet is taken back too, but was never pending. */
static enum hvrv_status clear_ipi(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                  enum hvrv_sbi_action *action)
{
    bool was_pending = (read_hvip(hart->vhart) & HVRV_HVIP_VSSIP) != 0;

    (void)sbi;
    (void)action;
    if (hvrv_irq_lower(hart->vhart, HVRV_HVIP_VSSIP) != HVRV_OK)
        return hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_FAILED);
    return hvrv_sbi_answer_legacy(hart, was_pending);
}

/* The guest's own translation at this moment, over the VM's G-stage. */
static enum hvrv_status make_walk(const struct hvrv_sbi *sbi, const struct hvrv_vhart *vhart,
                                  struct hvrv_walk *walk)
{
    struct hvrv_walk_csrs csrs = {.vsatp = read_vsatp(vhart),
                                  .vsstatus = read_vsstatus(vhart),
                                  .henvcfg = vhart->csr.henvcfg};
    struct hvrv_walk_regime regime, vs;
    enum hvrv_status status = hvrv_walk_regime_from_csrs(&vs, &csrs);

    if (status != HVRV_OK)
        return status;
    regime = sbi->walk->regime;
    regime.vs_mode = vs.vs_mode;
    regime.vs_root = vs.vs_root;
    regime.vs_ad = vs.vs_ad;
    regime.vs_sum = vs.vs_sum;
    regime.vs_mxr = vs.vs_mxr;
    regime.vs_pbmte = vs.vs_pbmte;
    return hvrv_walk_init(walk, &regime, sbi->walk->phys);
}

/* A fault is the guest's to deal with: it takes it at its ECALL. */
static enum hvrv_status raise_fault(struct hvrv_sbi_hart *hart, const struct hvrv_guest_copy *copy)
{
    struct hvrv_exception exception = {HVRV_CAUSE_LOAD_ACCESS, copy->address + copy->done};

    if (copy->faulted && copy->fault.cause == HVRV_CAUSE_LOAD_PAGE_FAULT)
        exception.cause = HVRV_CAUSE_LOAD_PAGE_FAULT;
    if (hvrv_inject_exception(hart->vhart, &exception) != HVRV_OK)
        return hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_FAILED);
    return HVRV_OK;
}

/*
 * Reads the mask of harts 0 to 63 that a0 points to; null names all. If it cannot be read, false,
 * and the call is answered.
 */
static bool read_mask(const struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                      struct hvrv_sbi_set *set, enum hvrv_status *answered)
{
    struct hvrv_walk walk;
    struct hvrv_guest_copy copy = {.address = hvrv_sbi_get_argument(hart, 0),
                                   .buffer = &set->mask,
                                   .size = sizeof(set->mask),
                                   .privilege = HVRV_WALK_VS};
    enum hvrv_status status = HVRV_ERR_RACE;

    *set = (struct hvrv_sbi_set){0, copy.address == 0 ? HVRV_SBI_ALL_HARTS : 0};
    if (copy.address == 0)
        return true;
    if (make_walk(sbi, hart->vhart, &walk) != HVRV_OK)
        status = HVRV_ERR_MODE;
    for (unsigned tries = 0; tries < READ_TRIES && status == HVRV_ERR_RACE; tries++)
        status = hvrv_guest_read_gva(&walk, &copy);
    if (status == HVRV_OK && !copy.faulted)
        return true;
    *answered = status == HVRV_OK || status == HVRV_ERR_ACCESS
                    ? raise_fault(hart, &copy)
                    : hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_FAILED);
    return false;
}

static enum hvrv_status send_ipi(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                 enum hvrv_sbi_action *action)
{
    struct hvrv_sbi_set set;
    enum hvrv_status answered;

    (void)action;
    if (!read_mask(sbi, hart, &set, &answered))
        return answered;
    return hvrv_sbi_answer_legacy(hart, hvrv_sbi_send_ipi(sbi, hart, &set));
}

/* The fence's kind, ASID and addresses are those of the call. */
static enum hvrv_status remote(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                               struct hvrv_sbi_fence *fence)
{
    struct hvrv_sbi_span span = {hvrv_sbi_get_argument(hart, 1), hvrv_sbi_get_argument(hart, 2)};
    enum hvrv_status answered;

    if (fence->kind != HVRV_SBI_FENCE_I && !hvrv_sbi_set_range(fence, &span))
        return hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_INVALID_ADDRESS);
    if (!read_mask(sbi, hart, &fence->harts, &answered))
        return answered;
    return hvrv_sbi_answer_legacy(hart, hvrv_sbi_remote_fence(sbi, fence));
}

static enum hvrv_status fence_i(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                enum hvrv_sbi_action *action)
{
    struct hvrv_sbi_fence fence = {.kind = HVRV_SBI_FENCE_I};

    (void)action;
    return remote(sbi, hart, &fence);
}

static enum hvrv_status sfence_vma(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                   enum hvrv_sbi_action *action)
{
    struct hvrv_sbi_fence fence = {.kind = HVRV_SBI_SFENCE_VMA};

    (void)action;
    return remote(sbi, hart, &fence);
}

static enum hvrv_status sfence_vma_asid(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                        enum hvrv_sbi_action *action)
{
    struct hvrv_sbi_fence fence = {.kind = HVRV_SBI_SFENCE_VMA_ASID};
    uint64_t asid = hvrv_sbi_get_argument(hart, 3);

    (void)action;
    fence.asid = (uint16_t)asid;
    if (fence.asid != asid)
        return hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_INVALID_PARAM);
    return remote(sbi, hart, &fence);
}

/* Does not return, whether it succeeds or not. */
static enum hvrv_status shut_down(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                  enum hvrv_sbi_action *action)
{
    struct hvrv_sbi_reset reset = {HVRV_SBI_RESET_SHUTDOWN, HVRV_SBI_REASON_NONE};

    (void)hart;
    (void)sbi->ops.reset(sbi->context, &reset);
    *action = HVRV_SBI_RESET;
    return HVRV_OK;
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_LEGACY_SET_TIMER] = {set_timer, 0},
    [HVRV_SBI_LEGACY_PUTCHAR] = {put_char, HVRV_SBI_NEED_WRITE},
    [HVRV_SBI_LEGACY_GETCHAR] = {get_char, HVRV_SBI_NEED_READ},
    [HVRV_SBI_LEGACY_CLEAR_IPI] = {clear_ipi, 0},
    [HVRV_SBI_LEGACY_SEND_IPI] = {send_ipi, HVRV_SBI_NEED_KICK | HVRV_SBI_NEED_WALK},
    [HVRV_SBI_LEGACY_FENCE_I] = {fence_i, FENCE_NEEDS},
    [HVRV_SBI_LEGACY_SFENCE_VMA] = {sfence_vma, FENCE_NEEDS},
    [HVRV_SBI_LEGACY_SFENCE_VMA_ASID] = {sfence_vma_asid, FENCE_NEEDS},
    [HVRV_SBI_LEGACY_SHUTDOWN] = {shut_down, HVRV_SBI_NEED_RESET},
};

const struct hvrv_sbi_extension hvrv_sbi_legacy = {0, functions, 0,
                                                   sizeof(functions) / sizeof(functions[0])};
