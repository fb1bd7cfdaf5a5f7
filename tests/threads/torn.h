/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault for the library, included before each of its files: compare-and-swap in two steps. */
#ifndef HVRV_TESTS_THREADS_TORN_H
#define HVRV_TESTS_THREADS_TORN_H

#include <stdbool.h>
#include <stdint.h>

static inline bool torn_compare_and_swap(volatile uint64_t *word, uint64_t *expected,
                                         uint64_t desired)
{
    uint64_t seen = *word;
    if (seen != *expected) {
        *expected = seen;
        return false;
    }
    *word = desired;
    return true;
}

#define __atomic_compare_exchange_n(word, expected, desired, is_weak, success, failure) \
    torn_compare_and_swap((word), (expected), (desired))

#endif
