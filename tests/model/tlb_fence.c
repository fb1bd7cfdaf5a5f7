/* SPDX-License-Identifier: BSD-2-Clause */
/* What fences remove from the model TLB. */
#include "model/tlb.h"

static bool is_vvma(const struct model_tlb *tlb, const struct model_access *fence)
{
    return fence->kind == MODEL_HFENCE_VVMA || fence->kind == MODEL_HINVAL_VVMA ||
           (tlb->hart->v && (fence->kind == MODEL_SFENCE_VMA || fence->kind == MODEL_SINVAL_VMA));
}

static bool is_gvma(const struct model_access *fence)
{
    return fence->kind == MODEL_HFENCE_GVMA || fence->kind == MODEL_HINVAL_GVMA;
}

static bool is_removed(const struct model_tlb *tlb, const struct model_tlb_entry *entry,
                       const struct model_access *fence)
{
    bool by_address = fence->what & MODEL_BY_ADDRESS, by_id = fence->what & MODEL_BY_ID;

    if (by_address && (entry->is_pointer || fence->a < entry->first || fence->a > entry->last))
        return false;
    if (is_gvma(fence))
        return entry->stage == 'G' && (!by_id || entry->vmid == (fence->b & 0x3fff));
    return is_vvma(tlb, fence) && entry->stage == 'V' && entry->vmid == model_tlb_vmid(tlb) &&
           (!by_id || (!entry->is_global && entry->asid == (fence->b & 0xffff)));
}

/* Whether the hart could walk for it at this moment. */
static bool is_of_now(const struct model_tlb *tlb, const struct model_tlb_entry *entry)
{
    return !entry->is_pointer && entry->vmid == model_tlb_vmid(tlb) &&
           (entry->stage == 'G' || entry->is_global || entry->asid == model_tlb_asid(tlb));
}

/* What is gone may be read again at once: a store after the fence comes too late. */
static void remove_entries(struct model_tlb *tlb, const struct model_access *fence)
{
    struct model_tlb_entry removed[MODEL_TLB_SIZE];
    unsigned kept = 0, count = 0;

    for (unsigned i = 0; i < tlb->count; i++) {
        if (is_removed(tlb, &tlb->entry[i], fence))
            removed[count++] = tlb->entry[i];
        else
            tlb->entry[kept++] = tlb->entry[i];
    }
    tlb->count = kept;
    for (unsigned i = 0; tlb->walks_ahead && i < count; i++) {
        if (is_of_now(tlb, &removed[i]))
            model_tlb_walk_ahead(tlb, removed[i].stage, removed[i].first);
    }
}

static void note_hinval(struct model_tlb *tlb, const struct model_access *fence)
{
    size_t size = sizeof(tlb->hinval) / sizeof(tlb->hinval[0]);

    if (!tlb->is_invalidating)
        model_hart_complain(tlb->hart, "an invalidation without SFENCE.W.INVAL before it",
                            fence->a);
    else if (tlb->hinval_count == size)
        model_hart_complain(tlb->hart, "more invalidations than the model TLB holds", size);
    else
        tlb->hinval[tlb->hinval_count++] = *fence;
}

void model_tlb_fence(struct model_tlb *tlb, const struct model_access *fence)
{
    switch (fence->kind) {
    case MODEL_SFENCE_W_INVAL:
        tlb->is_invalidating = true;
        break;
    case MODEL_SFENCE_INVAL_IR:
        for (unsigned i = 0; i < tlb->hinval_count; i++)
            remove_entries(tlb, &tlb->hinval[i]);
        tlb->hinval_count = 0;
        tlb->is_invalidating = false;
        break;
    case MODEL_HINVAL_GVMA:
    case MODEL_HINVAL_VVMA:
    case MODEL_SINVAL_VMA:
        note_hinval(tlb, fence);
        break;
    default:
        remove_entries(tlb, fence);
        break;
    }
}
