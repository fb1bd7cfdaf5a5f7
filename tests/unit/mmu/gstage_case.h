/* SPDX-License-Identifier: BSD-2-Clause */
/* A tree for one sentence, and its entries as they lie in memory, found by hand. */
#ifndef HVRV_TESTS_GSTAGE_CASE_H
#define HVRV_TESTS_GSTAGE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gstage_world.h"

#define K UINT64_C(1024)
#define M (K * K)
#define G (K * M)
#define T (K * G)

#define ALL HVRV_GSTAGE_NO_LIMIT

/* Bits of an entry, as the manual has them. */
enum { V = 1, R = 2, W = 4, X = 8, U = 16, GLOBAL = 32, A = 64, D = 128 };

extern struct world world;

/* An empty tree in memory behind the port; everything is Svpbmt, Svnapot and Svrsw60t59b. */
void case_begin(enum hvrv_stage stage, enum hvrv_mode_encoding mode);
void case_begin_with(const struct world_config *config);

/* Unmaps everything; every page must be back. */
void case_end(void);

/* The word at a level, or the first above it that is no pointer. */
uint64_t case_word(uint64_t address, unsigned level);

/* Each must succeed. */
void case_map(uint64_t gpa, uint64_t hpa, uint64_t size, uint64_t bits);
void case_unmap(uint64_t gpa, uint64_t size);
void case_protect(uint64_t gpa, uint64_t size, uint64_t mask, uint64_t bits);
void case_block(uint64_t gpa, uint64_t size);
void case_unblock(uint64_t gpa, uint64_t size);
void case_split(uint64_t gpa, uint64_t size, unsigned shift);
void case_merge(uint64_t gpa, uint64_t size, unsigned shift);
void case_commit(void);

/* What the gather owes must be this; count is of ranges. */
void case_owes(enum hvrv_fence_scope scope, unsigned count);
void case_owes_range(unsigned number, uint64_t first, uint64_t last, unsigned shift);

/* All of memory, to be compared later. */
void case_remember(void);
bool case_is_as_remembered(void);

#endif
