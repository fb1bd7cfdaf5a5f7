/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Simulated physical memory that has a page-table entry wherever one is looked
 * for: a word comes into being when the model first reads it, and the next
 * bytes of the input say what it is. So a few bytes make a whole walk, and the
 * tables need no thought for which of their words will be read.
 *
 * Two GiB of it are in a buffer, which a window may show; the rest, 56 bits of
 * it, is behind the port only, and there a word can also be one that refuses to
 * be read or written. Most addresses here are good as GPA and as HPA.
 */
#ifndef HVRV_TESTS_FUZZ_SPARSE_H
#define HVRV_TESTS_FUZZ_SPARSE_H

#include <hvrv/port/phys.h>

#include "fuzz/input.h"
#include "model/guarded.h"

#define SPARSE_BASE UINT64_C(0x80000000)
#define SPARSE_SIZE UINT64_C(0x80000000)
#define SPARSE_FAR  UINT64_C(0x180000000) /* behind the port only */

#define SPARSE_WORDS_MAX 64

/* What is seen through the window, and what through the port. */
enum sparse_view {
    SPARSE_PORT,  /* all through the port */
    SPARSE_WHOLE, /* two GiB through the window; the others see only the first bytes of them */
    SPARSE_1G,
    SPARSE_2M,
    SPARSE_64K,
    SPARSE_4K,
    SPARSE_VIEWS,
};

struct sparse {
    struct input *input;
    struct guarded buffer; /* what is at SPARSE_BASE; all 0 but for the words below */
    struct hvrv_phys view[SPARSE_VIEWS];
    unsigned clears;
    unsigned pages;  /* that were pointed to */
    unsigned loads;  /* through the port */
    unsigned writes; /* through the port: those that wrote */
    unsigned count;
    struct sparse_word {
        uint64_t hpa;
        uint64_t *at; /* in the buffer, or value */
        uint64_t value;
        uint8_t refuses; /* 1: to be written, 2: and to be read */
    } word[SPARSE_WORDS_MAX];
};

/* Takes the buffer from the system and makes the views; once. */
void sparse_init(struct sparse *sparse);

/* Forgets every word. */
void sparse_clear(struct sparse *sparse, struct input *input);

/* A page that nothing points to yet: kind 0 in the window, 1 in its second half, else far. */
uint64_t sparse_page(struct sparse *sparse, unsigned kind);

/* As the model wants them; the first makes words. */
bool sparse_read(void *sparse, uint64_t hpa, uint64_t *value);
bool sparse_write(void *sparse, uint64_t hpa, uint64_t value);

#endif
