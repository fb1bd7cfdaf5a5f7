/* SPDX-License-Identifier: BSD-2-Clause */
/* An access, done for real: by HLV, HLVX and HSV from HS-mode, or by a guest in VS- or VU-mode. */
#ifndef CONFORMANCE_PERFORM_H
#define CONFORMANCE_PERFORM_H

#include "abilities.h"
#include "memory.h"
#include "tables.h"

/* One instruction that accesses memory, or a jump there. */
struct instruction {
    const char *name;
    enum hvrv_access access;
    uint8_t size; /* bytes */
    bool is_signed;
    bool by_guest;
    uint8_t number;       /* of the guest's code, or enum hvrv_hart_access */
    uint32_t transformed; /* what htinst may say of it, if not 0 */
};

/* Rows of instructions[]. */
enum {
    INSTRUCTION_HLV_D = 18,
    INSTRUCTION_HLVX_WU = 20,
    INSTRUCTION_HSV_D = 24,
    INSTRUCTION_COUNT = 25,
};

extern const struct instruction instructions[INSTRUCTION_COUNT];

/* One access and the CSRs under which it is done. */
struct trial {
    const struct instruction *instruction;
    uint64_t gva;
    uint64_t code; /* GVA of the guest's instruction, which is the access itself for a fetch */
    enum hvrv_walk_privilege privilege;
    uint64_t stored;  /* by a store */
    uint64_t sstatus; /* MXR and SUM */
    uint64_t vsstatus;
    uint64_t henvcfg;
    uint64_t menvcfg;
    uint64_t vsatp;
    uint64_t satp;
    enum memory_way way;            /* the walker's */
    struct hvrv_walk_regime regime; /* what the library makes of these registers */
};

/* How an access ends. */
struct outcome {
    bool trapped;
    uint64_t value; /* loaded, or the code's tale; 0 otherwise */
    uint64_t scause;
    uint64_t stval;
    uint64_t htval;
    uint64_t htinst;
    uint64_t sepc; /* of a guest: where it stopped */
    bool gva;
};

/*
 * Sets the CSRs of the tables and of the trial, takes back what they then hold, and makes the
 * regime of it. Ends with every fence that this owes.
 */
void perform_set_csrs(const struct tables *tables, const struct abilities *abilities,
                      struct trial *trial);

/* Does it. The tables must not have changed since perform_set_csrs() without perform_fence(). */
void perform(const struct trial *trial, struct outcome *outcome);

void perform_fence(void);

#endif
