/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TLB that forgets nothing. What a hart read of page tables it may use until the right fence
 * comes; emulators forget much sooner, so that a fence that is missing or wrong never shows there.
 * This TLB uses every entry for as long as the manual lets a hart do so, and a test sees the old
 * translation:
 *
 *     model_hart_init(&hart);
 *     model_tlb_init(&tlb, &hart, &memory);
 *     ... the hypervisor maps a page, a guest access by model_tlb_access() goes there ...
 *     ... it unmaps the page: without HFENCE.GVMA the access still goes there ...
 *     model_hart_check(&hart);
 *
 * What it keeps are entries of tables, each with the stage, the VMID, for the VS-stage the ASID or
 * that it is global, and the range of addresses that it is for, as large as the table had it:
 *
 *  - leaves, whose permissions are judged at every use by the registers of that moment (SUM, MXR
 * and SPVP need no fence), but by the PBMTE of the moment when they were read;
 *  - pointers to tables, which only a fence without an address removes;
 *  - entries that are not valid (keeps_invalid), as a hart without Svvptc may;
 *  - GPAs that were HPAs while hgatp was Bare.
 *
 * A hart may also keep the two stages in one. Such an entry is stale exactly when one of its
 * halves is, and goes when one of them goes; so the halves are enough.
 *
 * Never kept as an obstacle: A = 0, and D = 0 for a store. There the hart looks at memory.
 *
 * walks_ahead: what a fence removed is read again at once, as a hart that speculates does. So a
 * fence before the store shows.
 *
 * HINVAL counts between SFENCE.W.INVAL and SFENCE.INVAL.IR only, and acts at the latter.
 *
 * Not modelled: HS-mode's own translation, and what other harts see at once.
 */
#ifndef HVRV_TESTS_MODEL_TLB_H
#define HVRV_TESTS_MODEL_TLB_H

#include "model/hart.h"
#include "model/memory.h"

#define MODEL_TLB_SIZE 512

struct model_tlb_entry {
    char stage;      /* 'V' or 'G' */
    bool is_pointer; /* to a table; else a leaf, or what is not valid */
    bool is_global;  /* in the VS-stage: for every ASID */
    bool pbmte;      /* of its stage, when it was read */
    unsigned mode;   /* of its stage, when it was read; 0: the G-stage was Bare */
    unsigned vmid;
    unsigned asid; /* in the VS-stage */
    int level;
    uint64_t first; /* GVA or GPA */
    uint64_t last;
    uint64_t pte;
};

struct model_tlb {
    struct model_hart *hart;
    struct model_memory *memory;
    bool keeps_invalid; /* true at first */
    bool walks_ahead;   /* true at first */
    bool svnapot;       /* true at first */
    unsigned count;
    struct model_tlb_entry entry[MODEL_TLB_SIZE]; /* the oldest first */
    bool is_invalidating;                         /* between W.INVAL and INVAL.IR */
    unsigned hinval_count;
    struct model_access hinval[16];
};

/* An access by a guest on the TLB's hart. */
struct model_tlb_access {
    uint64_t gva;   /* aligned to size */
    char kind;      /* 'r', 'w', 'x', or 'h' for HLVX */
    bool is_user;   /* by VU-mode */
    unsigned size;  /* bytes */
    uint64_t value; /* stored; or becomes what was loaded, not extended */
};

/*
 * Empty, and from now on the hart's view of guest memory: its HLV, HLVX and HSV go through here,
 * and its fences come here.
 */
void model_tlb_init(struct model_tlb *tlb, struct model_hart *hart, struct model_memory *memory);

/* Does an access by the guest. False: it trapped, as *trap says; no register of the hart changed.
 */
bool model_tlb_access(struct model_tlb *tlb, struct model_tlb_access *access,
                      struct hvrv_hart_trap *trap);

/* Where a guest's access goes; false as above. Fills the TLB like an access. */
bool model_tlb_translate(struct model_tlb *tlb, const struct model_tlb_access *access,
                         uint64_t *hpa, struct hvrv_hart_trap *trap);

/* What a fence removes. The model hart calls it for each that it executes. */
void model_tlb_fence(struct model_tlb *tlb, const struct model_access *fence);

/* Reads what a GVA ('V') or a GPA ('G') needs, without an access; for tlb_fence.c. */
void model_tlb_walk_ahead(struct model_tlb *tlb, char stage, uint64_t address);

/* hgatp.VMID and vsatp.ASID at this moment. */
unsigned model_tlb_vmid(const struct model_tlb *tlb);
unsigned model_tlb_asid(const struct model_tlb *tlb);

#endif
