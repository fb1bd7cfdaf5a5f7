/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hart does where the manual leaves it a choice: asked of the hart, once. */
#ifndef CONFORMANCE_ABILITIES_H
#define CONFORMANCE_ABILITIES_H

#include <hvrv/mmu/walk.h>

#include "machine.h"

struct abilities {
    struct machine machine;
    unsigned vsatp_modes; /* bit n: MODE n */
    unsigned hgatp_modes;
    unsigned vmidlen;
    uint64_t menvcfg;     /* the bits that can be 1, of PBMTE and ADUE */
    uint64_t satp;        /* one under which HS-mode sees memory where it is; 0 if only Bare does */
    enum hvrv_walk_ad ad; /* where no ADUE chooses */
    bool svnapot;
    bool svrsw60t59b;
    bool mxr_implicit; /* sstatus.MXR counts for the G-stage of a VS-stage PTE */
};

/* qemu_version as in struct machine, or 0: no register tells. */
void abilities_find(struct abilities *abilities, uint64_t qemu_version);
void abilities_print(const struct abilities *abilities);

#endif
