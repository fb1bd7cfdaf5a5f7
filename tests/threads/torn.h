/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault for the library, included before each of its files: compare-and-swap in two steps. */
#ifndef HVRV_TESTS_THREADS_TORN_H
#define HVRV_TESTS_THREADS_TORN_H

#include <stdbool.h>
#include <stdint.h>

#define TORN_COMPARE_AND_SWAP(name, type)                                      \
    static inline bool name(volatile type *word, type *expected, type desired) \
    {                                                                          \
        type seen = *word;                                                     \
        if (seen != *expected) {                                               \
            *expected = seen;                                                  \
            return false;                                                      \
        }                                                                      \
        *word = desired;                                                       \
        return true;                                                           \
    }
TORN_COMPARE_AND_SWAP(torn_swap_32, uint32_t)
TORN_COMPARE_AND_SWAP(torn_swap_64, uint64_t)
#undef TORN_COMPARE_AND_SWAP

#define __atomic_compare_exchange_n(word, expected, desired, is_weak, success, failure) \
    _Generic(*(word), uint32_t                                                          \
             : torn_swap_32, uint64_t                                                   \
             : torn_swap_64)((word), (expected), (desired))

#endif
