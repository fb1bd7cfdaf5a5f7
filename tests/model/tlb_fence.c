/* SPDX-License-Identifier: BSD-2-Clause */
/* What fences remove from the model TLB. */
#include "model/tlb_entry.h"

static bool is_vvma(const struct model_tlb *tlb, const struct model_access *fence)
{
    return fence->kind == MODEL_HFENCE_VVMA || fence->kind == MODEL_HINVAL_VVMA ||
           (tlb->hart->v && (fence->kind == MODEL_SFENCE_VMA || fence->kind == MODEL_SINVAL_VMA));
}

static bool is_gvma(const struct model_access *fence)
{
    return fence->kind == MODEL_HFENCE_GVMA || fence->kind == MODEL_HINVAL_GVMA;
}

static uint64_t mask(unsigned bits)
{
    return (UINT64_C(1) << bits) - 1;
}

/* What memory has now where an entry was read; as it was read if that was nowhere. */
static uint64_t pte_now(const struct model_tlb *tlb, const struct model_tlb_entry *entry)
{
    const uint64_t *word = model_memory_word(tlb->memory, entry->pte_hpa);

    return word && entry->mode != 0 ? *word : entry->pte;
}

/*
 * A fence with an address removes leaves, and orders stores to leaves (norm:sfence_vma_va_asid):
 * where nothing was and now a table is, it is for neither.
 */
static bool is_for_address(const struct model_tlb *tlb, const struct model_tlb_entry *entry,
                           uint64_t address)
{
    bool became_pointer = !(entry->pte & 0x01) && (pte_now(tlb, entry) & 0x0f) == 0x01;

    return !entry->is_pointer && !became_pointer && address >= entry->first &&
           address <= entry->last;
}

/* norm:hfence-gvma_vmid, norm:hfence-vvma_asid: bits that the hart has not are ignored. */
static bool is_removed(const struct model_tlb *tlb, const struct model_tlb_entry *entry,
                       const struct model_access *fence)
{
    const struct model_config *config = &tlb->hart->config;
    bool by_id = fence->what & MODEL_BY_ID;

    if ((fence->what & MODEL_BY_ADDRESS) && !is_for_address(tlb, entry, fence->a))
        return false;
    if (is_gvma(fence))
        return entry->stage == 'G' && (!by_id || entry->vmid == (fence->b & mask(config->vmidlen)));
    return is_vvma(tlb, fence) && entry->stage == 'V' && entry->vmid == model_tlb_vmid(tlb) &&
           (!by_id || (!entry->is_global && entry->asid == (fence->b & mask(config->asidlen))));
}

/* An HINVAL is for what was stored before SFENCE.W.INVAL. */
static bool is_too_late(const struct model_tlb *tlb, const struct model_tlb_entry *entry)
{
    return tlb->is_invalidating && entry->is_current && pte_now(tlb, entry) != entry->pte;
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
    unsigned kept = 0, count = 0;

    for (unsigned i = 0; i < tlb->count; i++) {
        if (is_removed(tlb, &tlb->entry[i], fence) && !is_too_late(tlb, &tlb->entry[i]))
            tlb->removed[count++] = tlb->entry[i];
        else
            tlb->entry[kept++] = tlb->entry[i];
    }
    tlb->count = kept;
    for (unsigned i = 0; tlb->walks_ahead && i < count; i++) {
        if (is_of_now(tlb, &tlb->removed[i]))
            model_tlb_walk_ahead(tlb, tlb->removed[i].stage, tlb->removed[i].first);
    }
}

/* HFENCE.GVMA for all is enough for menvcfg in both stages, whatever else stays. */
static void follow_menvcfg(struct model_tlb *tlb)
{
    uint64_t menvcfg = model_tlb_envcfg(tlb, 'G'), henvcfg = model_tlb_envcfg(tlb, 'V');

    for (unsigned i = 0; i < tlb->count; i++) {
        struct model_tlb_entry *entry = &tlb->entry[i];
        uint64_t changed = entry->menvcfg ^ menvcfg;

        entry->envcfg = (entry->envcfg & ~changed) | (henvcfg & changed);
        entry->menvcfg = menvcfg;
    }
}

static void carry_out(struct model_tlb *tlb, const struct model_access *fence)
{
    remove_entries(tlb, fence);
    if (is_gvma(fence) && fence->what == MODEL_BY_NOTHING)
        follow_menvcfg(tlb);
}

/* What is stored from here on is not for the HINVALs that follow. */
static void begin_invalidating(struct model_tlb *tlb)
{
    tlb->is_invalidating = true;
    for (unsigned i = 0; i < tlb->count; i++)
        tlb->entry[i].is_current = pte_now(tlb, &tlb->entry[i]) == tlb->entry[i].pte;
}

static void end_invalidating(struct model_tlb *tlb)
{
    for (unsigned i = 0; i < tlb->hinval_count; i++)
        carry_out(tlb, &tlb->hinval[i]);
    tlb->hinval_count = 0;
    tlb->is_invalidating = false;
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
        begin_invalidating(tlb);
        break;
    case MODEL_SFENCE_INVAL_IR:
        end_invalidating(tlb);
        break;
    case MODEL_HINVAL_GVMA:
    case MODEL_HINVAL_VVMA:
    case MODEL_SINVAL_VMA:
        note_hinval(tlb, fence);
        break;
    default:
        carry_out(tlb, fence);
        break;
    }
}
