/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random two-stage tables, switches and accesses for the walker's tests. All
 * follow from a seed and a number: tables from the number of their set, the
 * rest from the number of the case, so any case can be drawn without the others.
 *
 * The tables of a set are sound. All of their memory appears at two GPAs,
 * called regions: one for the VS-stage's tables, and one with pages of all
 * kinds. Some GVAs, called targets, are mapped to either.
 */
#ifndef HVRV_TESTS_WALK_DRAW_H
#define HVRV_TESTS_WALK_DRAW_H

#include "model/memory.h"
#include "model/walk_compare.h"

/* Aligned to 256 TiB, so that a leaf of any level can map it. */
#define DRAW_BASE UINT64_C(0xa5000000000000)
/* All of memory, of which most is never touched: a 1 GiB page that begins in it ends in it. */
#define DRAW_SIZE UINT64_C(0x40000000)
/* What the tables take and map, in two halves that are filled in turn. */
#define DRAW_USED UINT64_C(0x400000)
#define DRAW_HALF UINT64_C(0x200000)

#define DRAW_TARGETS 4

struct draw {
    uint64_t seed;
    struct model_memory *memory;
    uint64_t random;    /* the state */
    uint64_t pages;     /* in use; see draw_page() */
    uint64_t flip;      /* DRAW_HALF if the roots are in the second half, else 0 */
    uint64_t g_root;    /* HPA; 0 if Bare */
    uint64_t vs_root;   /* GPA */
    uint64_t region[2]; /* GPAs */
    uint64_t gva[DRAW_TARGETS];
    struct walk_model *model; /* gets modes and roots, then switches */
};

/* Where the n-th page in use is. */
uint64_t draw_page(const struct draw *draw, uint64_t n);

/* Clears the pages in use, then draws the tables of a set. */
void draw_tables(struct draw *draw, uint64_t set);

/* Draws the switches and the access of a case. */
struct walk_access draw_case(struct draw *draw, uint64_t number);

/*
 * Draws whether one of the entries that the access comes to is spoilt, and how.
 * Returns its HPA, or 0, and puts into sound what must be put back afterwards.
 */
uint64_t draw_spoilt_entry(struct draw *draw, const struct walk_access *access, uint64_t *sound);

#endif
