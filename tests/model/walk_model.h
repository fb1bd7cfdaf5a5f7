/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two-stage address translation as the privileged manual tells it, written out
 * slow and plain: the judge of lib/mmu/walk. It shares no code, no type and no
 * constant with the library, and knows of the library only the words for a
 * fault's reason and the choices that the manual leaves open:
 *
 * - The VS-stage's own checks come before the G-stage sees the final GPA.
 * - Where several things are wrong with one entry, the first of this order is
 *   named: V, W without R, reserved bits, then for a leaf PBMT, N, alignment,
 *   U, R/W/X, A, D; for a pointer its reserved bits, then its level.
 */
#ifndef HVRV_TESTS_MODEL_WALK_MODEL_H
#define HVRV_TESTS_MODEL_WALK_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* (5 + 1) * (5 + 1) - 1 entries are the most that any pair of modes reads. */
#define WALK_MODEL_STEPS_MAX 35

/* What the hart knows: CSR fields by name, and memory. */
struct walk_model {
    unsigned vsatp_mode; /* 0, 8, 9 or 10 */
    uint64_t vsatp_ppn;
    unsigned hgatp_mode; /* 0, 8, 9 or 10 */
    uint64_t hgatp_ppn;
    bool vsstatus_sum;
    bool vsstatus_mxr;
    bool sstatus_mxr;
    bool sstatus_mxr_for_implicit; /* the manual leaves this open */
    char vs_ad;                    /* 'f' fault, 'u' update, 'i' ignore */
    char g_ad;                     /* the same */
    bool henvcfg_pbmte;
    bool menvcfg_pbmte;
    bool svnapot;
    bool svrsw60t59b;
    void *memory; /* passed to both functions; false is an access fault */
    bool (*read)(void *memory, uint64_t hpa, uint64_t *value);
    bool (*write)(void *memory, uint64_t hpa, uint64_t value);
};

struct walk_model_step {
    char stage; /* 'V' or 'G' */
    int level;
    uint64_t address; /* what is translated: GVA or GPA */
    uint64_t pte_address;
    uint64_t pte;
};

struct walk_model_leaf {
    bool is_there; /* false: the stage is Bare or was left out */
    uint64_t pte;
    uint64_t address;
    int level;
};

struct walk_model_outcome {
    bool faulted;
    /* If not faulted. */
    uint64_t gpa;
    uint64_t hpa;
    struct walk_model_leaf vs;
    struct walk_model_leaf g;
    /* If faulted: the trap CSRs, then the rest. */
    unsigned scause;
    uint64_t stval;
    uint64_t htval;
    uint64_t htinst;
    char stage; /* 'V' or 'G' */
    int level;
    uint64_t pte;
    uint64_t pte_address;
    bool implicit;
    const char *reason;
    /* Always: the entries read, in order. */
    unsigned reads;
    struct walk_model_step steps[WALK_MODEL_STEPS_MAX];
};

/*
 * access is 'r' (load), 'w' (store), 'x' (fetch) or 'h' (HLVX); user is true
 * for VU-mode. stages is "VG", "V" (to the GPA only) or "G" (va is a GPA).
 */
void walk_model_run(const struct walk_model *model, const char *stages, uint64_t va, char access,
                    bool user, struct walk_model_outcome *outcome);

#endif
