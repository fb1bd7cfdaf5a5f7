/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

#define EVERYTHING UINT64_MAX /* a size */
#define PAGE_MASK  (HVRV_PAGE_SIZE - 1)
#define ASID_MAX   0xffff
#define NOT_THERE                 \
    {                             \
        NULL, HVRV_SBI_NEED_NEVER \
    }

/* A size of 0 is everything only with a start of 0; with another it is so to be on the safe side.
 */
bool hvrv_sbi_set_range(struct hvrv_sbi_fence *fence, const struct hvrv_sbi_span *span)
{
    uint64_t last = span->start + span->size - 1;

    fence->is_all = span->size == 0 || span->size == EVERYTHING;
    fence->range.first = fence->is_all ? 0 : span->start & ~PAGE_MASK;
    fence->range.last = fence->is_all ? UINT64_MAX : last | PAGE_MASK;
    return fence->is_all || last >= span->start;
}

enum hvrv_sbi_error hvrv_sbi_remote_fence(const struct hvrv_sbi *sbi,
                                          const struct hvrv_sbi_fence *fence)
{
    if (!hvrv_sbi_set_is_valid(sbi, &fence->harts))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (fence->harts.base != HVRV_SBI_ALL_HARTS && fence->harts.mask == 0)
        return HVRV_SBI_SUCCESS;
    if (!sbi->ops.fence(sbi->context, fence))
        return HVRV_SBI_ERR_FAILED;
    return HVRV_SBI_SUCCESS;
}

static struct hvrv_sbi_fence begin(const struct hvrv_sbi_hart *hart, enum hvrv_sbi_fence_kind kind)
{
    struct hvrv_sbi_fence fence = {0};

    fence.harts.mask = hvrv_sbi_get_argument(hart, 0);
    fence.harts.base = hvrv_sbi_get_argument(hart, 1);
    fence.kind = kind;
    return fence;
}

static struct hvrv_sbi_span span_of(const struct hvrv_sbi_hart *hart)
{
    return (struct hvrv_sbi_span){hvrv_sbi_get_argument(hart, 2), hvrv_sbi_get_argument(hart, 3)};
}

static enum hvrv_status fence_i(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                enum hvrv_sbi_action *action)
{
    (void)action;
    struct hvrv_sbi_fence fence = begin(hart, HVRV_SBI_FENCE_I);

    return hvrv_sbi_answer(hart, hvrv_sbi_remote_fence(sbi, &fence));
}

static enum hvrv_status sfence_vma(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                   enum hvrv_sbi_action *action)
{
    (void)action;
    struct hvrv_sbi_fence fence = begin(hart, HVRV_SBI_SFENCE_VMA);
    struct hvrv_sbi_span span = span_of(hart);

    if (!hvrv_sbi_set_range(&fence, &span))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_ADDRESS);
    return hvrv_sbi_answer(hart, hvrv_sbi_remote_fence(sbi, &fence));
}

static enum hvrv_status sfence_vma_asid(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                        enum hvrv_sbi_action *action)
{
    (void)action;
    struct hvrv_sbi_fence fence = begin(hart, HVRV_SBI_SFENCE_VMA_ASID);
    struct hvrv_sbi_span span = span_of(hart);
    uint64_t asid = hvrv_sbi_get_argument(hart, 4);

    if (asid > ASID_MAX)
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_PARAM);
    if (!hvrv_sbi_set_range(&fence, &span))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_ADDRESS);
    fence.asid = (uint16_t)asid;
    return hvrv_sbi_answer(hart, hvrv_sbi_remote_fence(sbi, &fence));
}

/* No hart of the guest has the H extension, and without it HFENCE is not supported. */
static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_RFENCE_FENCE_I] = {fence_i, HVRV_SBI_NEED_FENCE},
    [HVRV_SBI_RFENCE_SFENCE_VMA] = {sfence_vma, HVRV_SBI_NEED_FENCE},
    [HVRV_SBI_RFENCE_SFENCE_VMA_ASID] = {sfence_vma_asid, HVRV_SBI_NEED_FENCE},
    [HVRV_SBI_RFENCE_HFENCE_GVMA_VMID] = NOT_THERE,
    [HVRV_SBI_RFENCE_HFENCE_GVMA] = NOT_THERE,
    [HVRV_SBI_RFENCE_HFENCE_VVMA_ASID] = NOT_THERE,
    [HVRV_SBI_RFENCE_HFENCE_VVMA] = NOT_THERE,
};

const struct hvrv_sbi_extension hvrv_sbi_rfence = {HVRV_SBI_RFENCE, HVRV_SBI_ROWS(functions)};
