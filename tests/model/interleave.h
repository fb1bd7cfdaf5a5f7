/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every order in which several parties can take their atomic steps.
 *
 * The library's files and the test are compiled with this header before all others (-include).
 * It makes a step of each atomic operation. A party is a function; it is run again and
 * again from its beginning, what its earlier steps found is told to it anew, and it is left after
 * one more step. So any order of steps can be had of functions that know nothing of
 * it, and all of them are tried, each situation once.
 *
 * What a party found makes situations differ. So that there are not too many, it is divided into
 * stages: it returns the number of the next, and all that it carries over is in that number.
 *
 *     static unsigned party(unsigned self, unsigned stage)
 *     {
 *         ... interleave_require(good, "what was wrong"); ...
 *         return stage == 0 ? 1 : INTERLEAVE_END;
 *     }
 *
 *     interleave_begin();
 *     interleave_share(&word, sizeof(word));    for each word that parties share
 *     interleave_party(party);                  for each party
 *     assert_null(interleave_run(final));       null, or what was required in vain, and when
 *
 * A party does nothing that lasts but by steps, reads shared words by them only, and takes a
 * bounded number of them, one a stage at least. Orders are those of sequential consistency: what a
 * hart may reorder is not tried.
 */
#ifndef TESTS_MODEL_INTERLEAVE_H
#define TESTS_MODEL_INTERLEAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTERLEAVE_END UINT32_MAX

typedef unsigned interleave_body(unsigned self, unsigned stage);

void interleave_begin(void);
void interleave_share(void *word, size_t size);
void interleave_party(interleave_body *body);
/* final is run after the last step of all, as no party. */
const char *interleave_run(void (*final)(void));
/* How many situations the last run met. */
size_t interleave_count(void);

void interleave_require(bool good, const char *what);

enum interleave_kind {
    INTERLEAVE_LOAD,
    INTERLEAVE_STORE,
    INTERLEAVE_ADD,
    INTERLEAVE_OR,
    INTERLEAVE_AND,
    INTERLEAVE_TAKE_ONE, /* subtracts 1 unless it is 0 */
    INTERLEAVE_EXCHANGE, /* of *found for the operand, if *found is there */
};

struct interleave_step {
    enum interleave_kind kind;
    size_t size; /* of the word: 4 or 8 */
    uint64_t operand;
    uint64_t expected;
    bool is_private; /* nobody else can tell when it is taken */
};

/* Takes a step; gives what was in the word before. */
uint64_t interleave_step(const void *word, const struct interleave_step *step);

static inline uint64_t interleave_simple(const uint64_t *word, enum interleave_kind kind,
                                         uint64_t operand)
{
    struct interleave_step step = {kind, sizeof(*word), operand, 0, false};
    return interleave_step(word, &step);
}

static inline uint32_t interleave_half(const uint32_t *word, enum interleave_kind kind,
                                       uint32_t operand)
{
    struct interleave_step step = {kind, sizeof(*word), operand, 0, false};
    return (uint32_t)interleave_step(word, &step);
}

static inline bool interleave_exchange(uint32_t *word, uint32_t *expected, uint32_t desired)
{
    struct interleave_step step = {INTERLEAVE_EXCHANGE, sizeof(*word), desired, *expected, false};
    uint32_t found = (uint32_t)interleave_step(word, &step);
    bool is_done = found == *expected;
    *expected = found;
    return is_done;
}

#define INTERLEAVE_STEP(kind, word, operand) \
    _Generic(*(word), uint32_t               \
             : interleave_half, uint64_t     \
             : interleave_simple)((word), (kind), (operand))

#define __atomic_load_n(word, order)             INTERLEAVE_STEP(INTERLEAVE_LOAD, word, 0)
#define __atomic_store_n(word, operand, order)   INTERLEAVE_STEP(INTERLEAVE_STORE, word, operand)
#define __atomic_fetch_add(word, operand, order) INTERLEAVE_STEP(INTERLEAVE_ADD, word, operand)
#define __atomic_fetch_or(word, operand, order)  INTERLEAVE_STEP(INTERLEAVE_OR, word, operand)
#define __atomic_fetch_and(word, operand, order) INTERLEAVE_STEP(INTERLEAVE_AND, word, operand)
#define __atomic_compare_exchange_n(word, expected, desired, weak, order, failure) \
    interleave_exchange((word), (expected), (desired))

#endif
