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
 * that it is global (by its own G, or that of a pointer above), and the range of addresses that it
 * is for, as large as the table had it. The oldest that serves an access is used:
 *
 *  - leaves. Permissions are judged at every use by the registers of that moment (SUM, MXR and SPVP
 *    need no fence), but PBMTE and ADUE are those of the moment when the leaf was read;
 *  - pointers to tables, which only a fence without an address removes;
 *  - entries that are not valid, as a hart without Svvptc may (keeps_invalid). If there is a table
 *    now, only a fence without an address removes them: one with an address is for leaves;
 *  - GPAs that were HPAs while hgatp was Bare.
 *
 * A hart may also keep the two stages in one. Such an entry is stale exactly when one of its
 * halves is, and goes when one of them goes; so the halves are enough.
 *
 * Never kept as an obstacle: A = 0, and D = 0 for a store. There the hart looks at memory.
 *
 * walks_ahead: what a fence removed is read again at once, as a hart that speculates does, so that
 * a fence before the store shows; and all that was ever read is read anew whenever vsatp or hgatp
 * is written, so that it shows when they do not fit together for a moment.
 *
 * HINVAL counts between SFENCE.W.INVAL and SFENCE.INVAL.IR only, acts at the latter, and is for
 * stores before the former.
 *
 * Not modelled: HS-mode's own translation, PMP, and what other harts see at once.
 */
#ifndef HVRV_TESTS_MODEL_TLB_H
#define HVRV_TESTS_MODEL_TLB_H

#include "model/hart.h"
#include "model/memory.h"

#define MODEL_TLB_SIZE 2048

struct model_tlb_entry {
    char stage;      /* 'V' or 'G' */
    bool is_pointer; /* to a table; else a leaf, or what is not valid */
    bool is_global;  /* in the VS-stage: for every ASID */
    bool is_current; /* memory said the same at the last SFENCE.W.INVAL, or when read after it */
    unsigned mode;   /* of its stage, when it was read; 0: the G-stage was Bare */
    unsigned vmid;
    unsigned asid; /* in the VS-stage */
    int level;
    uint64_t first; /* GVA or GPA */
    uint64_t last;
    uint64_t envcfg; /* PBMTE and ADUE that its stage went by, when it was read */
    uint64_t menvcfg;
    uint64_t pte_hpa;
    uint64_t pte;
};

struct model_tlb {
    struct model_hart *hart;
    struct model_memory *memory;
    bool keeps_invalid; /* true at first */
    bool walks_ahead;   /* true at first */
    bool svnapot;       /* true at first */
    bool splits_napot;  /* false at first; true: every 4 KiB of 64 wants a fence of its own */
    unsigned count;
    struct model_tlb_entry entry[MODEL_TLB_SIZE];   /* the oldest first; full is a complaint */
    struct model_tlb_entry removed[MODEL_TLB_SIZE]; /* by the fence that is carried out */
    bool is_invalidating;                           /* between W.INVAL and INVAL.IR */
    unsigned hinval_count;
    struct model_access hinval[64];
};

/* An access by a guest on the TLB's hart. */
struct model_tlb_access {
    uint64_t gva;   /* all in one word of 8 bytes */
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

/* Does an access by the guest. False: it trapped, as *trap says; the hart's registers stay. */
bool model_tlb_access(struct model_tlb *tlb, struct model_tlb_access *access,
                      struct hvrv_hart_trap *trap);

/* Where a guest's access goes; false as above. Fills the TLB like an access. */
bool model_tlb_translate(struct model_tlb *tlb, const struct model_tlb_access *access,
                         uint64_t *hpa, struct hvrv_hart_trap *trap);

/* What a fence removes. */
void model_tlb_fence(struct model_tlb *tlb, const struct model_access *fence);

/*
 * What the model hart calls, as its heard, with the TLB as context: for fences, and for writes of
 * registers. A test that wants to lose some of them puts a function of its own before it.
 */
void model_tlb_hear(void *context, const struct model_access *done);

#endif
