/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/tlb_entry.h"

unsigned model_tlb_vmid(const struct model_tlb *tlb)
{
    return (unsigned)(model_peek(tlb->hart, HVRV_CSR_HGATP) >> 44 & 0x3fff);
}

unsigned model_tlb_asid(const struct model_tlb *tlb)
{
    return (unsigned)(model_peek(tlb->hart, HVRV_CSR_VSATP) >> 44 & 0xffff);
}

uint64_t model_tlb_envcfg(const struct model_tlb *tlb, char stage)
{
    return model_peek(tlb->hart, stage == 'V' ? HVRV_CSR_HENVCFG : HVRV_CSR_MENVCFG) &
           (MODEL_TLB_PBMTE | MODEL_TLB_ADUE);
}

static bool is_of_use(const struct model_tlb *tlb, const struct model_tlb_entry *entry, char stage,
                      uint64_t address)
{
    return entry->stage == stage && entry->vmid == model_tlb_vmid(tlb) && address >= entry->first &&
           address <= entry->last &&
           (stage == 'G' || entry->is_global || entry->asid == model_tlb_asid(tlb));
}

/* A leaf that does not let the access do without a look at memory. */
static bool lacks_ad(const struct model_tlb_entry *entry, char kind)
{
    bool v = entry->pte & 0x01, a = entry->pte & 0x40, d = entry->pte & 0x80;

    return kind != 0 && v && (!a || (kind == 'w' && !d));
}

const struct model_tlb_entry *model_tlb_find_leaf(const struct model_tlb *tlb, char stage,
                                                  uint64_t address, char kind)
{
    for (unsigned i = 0; i < tlb->count; i++) {
        const struct model_tlb_entry *entry = &tlb->entry[i];

        if (!entry->is_pointer && is_of_use(tlb, entry, stage, address) && !lacks_ad(entry, kind))
            return entry;
    }
    return NULL;
}

const struct model_tlb_entry *model_tlb_find_pointer(const struct model_tlb *tlb,
                                                     const struct model_tlb_place *place)
{
    for (unsigned i = 0; i < tlb->count; i++) {
        const struct model_tlb_entry *entry = &tlb->entry[i];

        if (entry->is_pointer && entry->level == place->level && entry->mode == place->mode &&
            is_of_use(tlb, entry, place->stage, place->address))
            return entry;
    }
    return NULL;
}

static bool is_same(const struct model_tlb_entry *a, const struct model_tlb_entry *b)
{
    return a->level == b->level && a->mode == b->mode && a->pte == b->pte &&
           a->pte_hpa == b->pte_hpa && a->is_global == b->is_global && a->envcfg == b->envcfg &&
           a->menvcfg == b->menvcfg;
}

/* What was read before stays, however different: a hart may use either. */
static void add(struct model_tlb *tlb, const struct model_tlb_entry *entry)
{
    for (unsigned i = 0; i < tlb->count; i++) {
        if (is_of_use(tlb, &tlb->entry[i], entry->stage, entry->first) &&
            is_same(&tlb->entry[i], entry))
            return;
    }
    if (tlb->count == MODEL_TLB_SIZE)
        model_hart_complain(tlb->hart, "the model TLB is full", tlb->count);
    else
        tlb->entry[tlb->count++] = *entry;
}

/* Of 64 KiB; any other N is reserved, and the page as large as its level says. */
static bool is_napot(const struct model_tlb *tlb, int level, uint64_t pte)
{
    return tlb->svnapot && level == 0 && (pte & 0x01) && pte >> 63 && (pte >> 10 & 15) == 8;
}

/* norm:Svnapot_cache_entries: one entry of 64 KiB, or one for each page of it. */
static void add_napot(struct model_tlb *tlb, struct model_tlb_entry entry)
{
    uint64_t first = entry.first & ~UINT64_C(0xffff), hpa = entry.pte_hpa & ~UINT64_C(0x7f);

    if (!tlb->splits_napot) {
        entry.first = first;
        entry.last = first | 0xffff;
        add(tlb, &entry);
        return;
    }
    for (uint64_t i = 0; i < 16; i++) {
        entry.first = first + (i << 12);
        entry.last = entry.first | 0xfff;
        entry.pte_hpa = hpa + 8 * i;
        add(tlb, &entry);
    }
}

void model_tlb_keep(struct model_tlb *tlb, const struct model_tlb_place *place, uint64_t pte_hpa,
                    uint64_t pte)
{
    unsigned shift = 12 + 9 * (unsigned)place->level;
    bool is_valid = pte & 0x01;
    struct model_tlb_entry entry = {
        .stage = place->stage,
        .is_pointer = is_valid && (pte & 0x0e) == 0,
        .is_global = place->stage == 'V' && (place->is_global || (is_valid && (pte & 0x20))),
        .is_current = true,
        .mode = place->mode,
        .vmid = model_tlb_vmid(tlb),
        .asid = place->stage == 'V' ? model_tlb_asid(tlb) : 0,
        .level = place->level,
        .first = place->address >> shift << shift,
        .last = place->address | ((UINT64_C(1) << shift) - 1),
        .envcfg = model_tlb_envcfg(tlb, place->stage),
        .menvcfg = model_tlb_envcfg(tlb, 'G'),
        .pte_hpa = pte_hpa,
        .pte = pte,
    };

    if (!is_valid && !tlb->keeps_invalid)
        return;
    if (is_napot(tlb, place->level, pte))
        add_napot(tlb, entry);
    else
        add(tlb, &entry);
}

void model_tlb_keep_bare(struct model_tlb *tlb, uint64_t gpa)
{
    struct model_tlb_entry entry = {.stage = 'G',
                                    .vmid = model_tlb_vmid(tlb),
                                    .first = gpa & ~UINT64_C(0xfff),
                                    .last = gpa | 0xfff};

    if (!model_tlb_find_leaf(tlb, 'G', gpa, 0))
        add(tlb, &entry);
}
