/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that can be seen twice: as a whole, and again through windows behind
 * which nothing is, so that whoever reads beyond a window ends the process.
 */
#ifndef HVRV_TESTS_MODEL_GUARDED_H
#define HVRV_TESTS_MODEL_GUARDED_H

#include <stdint.h>

struct guarded {
    int file;
    uint64_t size;
    uint64_t *words; /* the whole */
};

/* Takes bytes that are 0 from the system, which finds room for those that are used. */
void guarded_init(struct guarded *guarded, uint64_t size);

/* The first bytes once more; from there to the size of the whole nothing may be touched. */
uint64_t *guarded_window(const struct guarded *guarded, uint64_t size);

/* Makes all 0 again and gives the room back. */
void guarded_clear(struct guarded *guarded);

#endif
