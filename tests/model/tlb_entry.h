/* SPDX-License-Identifier: BSD-2-Clause */
/* What the model TLB holds: between tlb.c, which walks, and tlb_fence.c. Tests need tlb.h alone. */
#ifndef HVRV_TESTS_MODEL_TLB_ENTRY_H
#define HVRV_TESTS_MODEL_TLB_ENTRY_H

#include "model/tlb.h"

#define MODEL_TLB_ADUE  (UINT64_C(1) << 61)
#define MODEL_TLB_PBMTE (UINT64_C(1) << 62)

/* Where a walk is. */
struct model_tlb_place {
    char stage;
    unsigned mode;
    int level;        /* of the entry that is read next */
    uint64_t address; /* GVA or GPA */
    bool is_global;   /* a pointer on the way had G */
};

/* The first entry kept that serves an access of this kind; kind 0: whatever its A and D are. */
const struct model_tlb_entry *model_tlb_find_leaf(const struct model_tlb *tlb, char stage,
                                                  uint64_t address, char kind);

const struct model_tlb_entry *model_tlb_find_pointer(const struct model_tlb *tlb,
                                                     const struct model_tlb_place *place);

/* Keeps what was read at an HPA, unless it is kept already. */
void model_tlb_keep(struct model_tlb *tlb, const struct model_tlb_place *place, uint64_t pte_hpa,
                    uint64_t pte);

/* A Bare G-stage has no entries, but a hart may keep that a GPA was an HPA. */
void model_tlb_keep_bare(struct model_tlb *tlb, uint64_t gpa);

/* henvcfg for 'V', menvcfg for 'G': PBMTE and ADUE alone, as they are now. */
uint64_t model_tlb_envcfg(const struct model_tlb *tlb, char stage);

/* hgatp.VMID and vsatp.ASID at this moment. */
unsigned model_tlb_vmid(const struct model_tlb *tlb);
unsigned model_tlb_asid(const struct model_tlb *tlb);

/* Reads what a GVA ('V') or a GPA ('G') needs, without an access. */
void model_tlb_walk_ahead(struct model_tlb *tlb, char stage, uint64_t address);

#endif
