/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every proof needs: values that may be anything, claims about all of
 * them, and claims that a case can happen. A function nondet_*() has no body;
 * for CBMC it gives any value of its type.
 */
#ifndef HVRV_TESTS_PROOF_PROOF_H
#define HVRV_TESTS_PROOF_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t nondet_u64(void);
unsigned nondet_unsigned(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
size_t nondet_size(void);
char nondet_char(void);

static inline bool any_bool(void)
{
    return (nondet_u8() & 1) != 0;
}

/* From here on the condition holds: each use is an assumption of its proof, told at its top. */
#define ASSUME(condition) __CPROVER_assume(condition)

/* The condition holds for every input. */
#define PROVE(condition) __CPROVER_assert(condition, #condition)

/* The condition holds for some input: there is something behind the assumptions. Has its own run.
 */
#ifdef COVERING
#define COVER(condition) __CPROVER_cover(condition)
#else
#define COVER(condition) ((void)0)
#endif

/* a holds only where b does. */
#define IMPLIES(a, b) (!(a) || (b))

#endif
