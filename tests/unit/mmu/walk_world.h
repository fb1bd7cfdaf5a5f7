/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the walker's tests have in common: one GVA mapped through both stages
 * in a simulated memory of 2 MiB at an HPA that no 41-bit address reaches.
 *
 * Memory appears at the GPA `region` as a whole. The G-stage's root comes
 * first, then the VS-stage's root, then the other tables as they are needed.
 */
#ifndef HVRV_TESTS_WALK_WORLD_H
#define HVRV_TESTS_WALK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/mmu/walk.h>

#include "model/memory.h"

#define BASE UINT64_C(0xa5000000000000)
#define SIZE UINT64_C(0x200000)
#define PAGE UINT64_C(0x123000) /* where in memory the page lies that the GVA leads to */
#define ROOT (BASE + 0x4000)    /* of the VS-stage, as an HPA */

/* Everything but N, PBMT and software's bits: V R W X U A D. */
#define OPEN UINT64_C(0xdf)
/* The same of the VS-stage, where a page is not the user's: V R W X A D. */
#define KERNEL UINT64_C(0xcf)

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct plan {
    unsigned vs_mode; /* 0, 8, 9, 10 */
    unsigned vs_leaf; /* level */
    unsigned g_mode;  /* 0, 8, 9, 10 */
    unsigned g_leaf;  /* level */
};

struct world {
    struct model_memory memory;
    struct hvrv_walk_regime regime; /* tests change it at will */
    struct plan plan;
    uint64_t region; /* GPA of memory's first byte */
    uint64_t gva, gpa, hpa;
    uint64_t vs_pte[5];   /* HPAs of the entries on the way, by level */
    uint64_t g_pte[6][5]; /* the same of the G-stage: for each of vs_pte, and [5] for the page */
};

extern const struct plan sv39_sv39x4; /* 4 KiB pages in both stages */

struct world *world_make(const struct plan *plan);

/* How many levels a mode has. */
unsigned world_levels(unsigned mode);

uint64_t world_peek(const struct world *world, uint64_t hpa);
void world_poke(struct world *world, uint64_t hpa, uint64_t value);

/* Clears and then sets bits of an entry. */
void world_change(struct world *world, uint64_t hpa, uint64_t clear, uint64_t set);

/*
 * Walks through the window and through the port, plainly and exactly, asserts
 * that all four end alike and leave the same memory, and returns what it was.
 */
struct hvrv_walk_result world_walk(struct world *world, enum hvrv_access access,
                                   enum hvrv_walk_privilege privilege);

/* The same at another address. */
struct hvrv_walk_result world_walk_at(struct world *world, uint64_t gva, enum hvrv_access access,
                                      enum hvrv_walk_privilege privilege);

/* As world_walk() of a load by VS-mode; returns the reason, NONE for a page. */
enum hvrv_reason world_load(struct world *world);

/* Asserts a page, and that it is the right one. */
void world_assert_page(struct world *world, enum hvrv_access access,
                       enum hvrv_walk_privilege privilege);

#define assert_fault(result, expected) assert_fault_at(result, expected, __FILE__, __LINE__)
void assert_fault_at(struct hvrv_walk_result result, struct hvrv_fault expected, const char *file,
                     int line);

/* The number of words in which memory differs from what it was at world_remember(). */
void world_remember(const struct world *world);
unsigned world_changes(const struct world *world);

#endif
