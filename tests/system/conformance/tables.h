/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of random tables of both stages, for the cases of one set. The arena appears in the
 * guest's physical memory twice, at two regions; the VS-stage's tables lie in the first. Every
 * entry is sound; what is wrong with one is a case's affair.
 */
#ifndef CONFORMANCE_TABLES_H
#define CONFORMANCE_TABLES_H

#include "abilities.h"
#include "random.h"

#define TABLES_TARGETS 6
#define TABLES_REGIONS 2

struct tables {
    uint64_t vsatp;
    uint64_t hgatp;
    uint64_t satp;
    uint64_t region[TABLES_REGIONS]; /* GPAs of the arena's first byte */
    uint64_t target[TABLES_TARGETS]; /* GVAs worth an access */
    uint64_t code[2];                /* GVAs of the guest's code, by enum hvrv_walk_privilege */
};

/* The number of pairs of modes that the hart has. */
unsigned tables_pairs(const struct abilities *abilities);

/* Makes the set of this number. */
void tables_build(struct tables *tables, const struct abilities *abilities, uint64_t seed,
                  uint64_t number);

#endif
