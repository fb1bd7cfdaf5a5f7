/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PMP as the manual tells it, byte by byte, without a word of the library: what entries match, and
 * what they allow.
 */
#ifndef TESTS_UNIT_MMU_PMP_MODEL_H
#define TESTS_UNIT_MMU_PMP_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PMP_MODEL_MML = 1, /* as in mseccfg */
    PMP_MODEL_MMWP = 2,
};

struct pmp_model {
    uint8_t config[64];
    uint64_t address[64];
    unsigned count;
    unsigned grain; /* G */
    unsigned mseccfg;
};

struct pmp_model_access {
    uint64_t address;
    unsigned size;
    char kind; /* 'R', 'W' or 'X' */
    bool is_m_mode;
};

/* Whether an entry matches a byte. */
bool pmp_model_matches(const struct pmp_model *model, unsigned entry, uint64_t byte);
bool pmp_model_allows(const struct pmp_model *model, const struct pmp_model_access *access);

#endif
