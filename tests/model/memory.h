/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Simulated physical memory: a buffer of words at an HPA, as the library sees
 * it through a window, through the port, or through both. It hands out pages
 * for tables, counts what comes through the port, and can be told to
 * misbehave: to refuse an access.
 */
#ifndef HVRV_TESTS_MODEL_MEMORY_H
#define HVRV_TESTS_MODEL_MEMORY_H

#include <hvrv/port/phys.h>

struct model_memory {
    uint64_t *words;       /* the caller's buffer */
    uint64_t base;         /* HPA of its first byte */
    uint64_t size;         /* bytes */
    uint64_t taken;        /* bytes handed out by model_memory_take() */
    unsigned accesses;     /* through the port: loads, stores and swaps */
    unsigned loads;        /* of these */
    unsigned writes;       /* of these: stores and swaps that changed memory */
    unsigned refused;      /* the access of this number is refused; 0: none */
    uint64_t refused_word; /* as is every access to this HPA; 0: none */
    uint64_t refused_swap; /* and swaps at this HPA; 0: none */
};

/* Zeroes the buffer. size is in bytes, a power of two for a window; base a multiple of it. */
void model_memory_init(struct model_memory *memory, uint64_t *words, uint64_t base, uint64_t size);

/* The next free bytes, aligned to their size and zero. Aborts if there are none. */
uint64_t model_memory_take(struct model_memory *memory, uint64_t size);

/* The word at an HPA; null outside the memory. */
uint64_t *model_memory_word(const struct model_memory *memory, uint64_t hpa);

/* As above, for a word that must be there: aborts if it is not. */
uint64_t model_memory_read(const struct model_memory *memory, uint64_t hpa);
void model_memory_write(struct model_memory *memory, uint64_t hpa, uint64_t value);

/* All through the window; outside the memory everything is refused. */
struct hvrv_phys model_memory_by_window(struct model_memory *memory);

/* All through the port. */
struct hvrv_phys model_memory_by_port(struct model_memory *memory);

/* The first bytes, a power of two, through a window, the rest through the port. */
struct hvrv_phys model_memory_by_both(struct model_memory *memory, uint64_t window_size);

#endif
