/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every test needs that holds the walker (hvrv/mmu/walk.h) against the
 * model (walk_model.h): one access in the words of both, the walker's regime
 * for what the model knows, all comparisons, and the print of a difference.
 * Nothing here needs a test frame.
 */
#ifndef HVRV_TESTS_MODEL_WALK_COMPARE_H
#define HVRV_TESTS_MODEL_WALK_COMPARE_H

#include <hvrv/mmu/walk.h>

#include "model/walk_model.h"

/* One access. */
struct walk_access {
    uint64_t address;   /* GVA; a GPA if stages is "G" */
    const char *stages; /* "VG", "V" or "G", as for walk_model_run() */
    char kind;          /* 'r', 'w', 'x' or 'h' */
    bool user;          /* by VU-mode */
};

/* What a trace received. */
struct walk_steps {
    unsigned count;
    struct hvrv_walk_step step[WALK_MODEL_STEPS_MAX];
};

/* A trace function; context is a struct walk_steps. What is too much is only counted. */
void walk_steps_keep(void *context, const struct hvrv_walk_step *step);

/* The regime for what the model knows. */
struct hvrv_walk_regime walk_compare_regime(const struct walk_model *model);

/* Both do the same access. */
void walk_compare_run_model(const struct walk_model *model, const struct walk_access *access,
                            struct walk_model_outcome *outcome);
enum hvrv_status walk_compare_run_walker(const struct hvrv_walk *walk,
                                         const struct walk_access *access,
                                         struct hvrv_walk_result *result);

/* What differs, in a few words; null if nothing does. */
const char *walk_compare_result(const struct walk_access *access,
                                const struct hvrv_walk_result *result,
                                const struct walk_model_outcome *outcome);
const char *walk_compare_steps(const struct walk_steps *steps,
                               const struct walk_model_outcome *outcome);

/* The library's number for the reason of the model's fault. */
#define WALK_REASONS 19
unsigned walk_compare_reason(const struct walk_model_outcome *outcome);

/* Prints what the model knows, the access, the entries it read, and how it ended. */
void walk_compare_print(const struct walk_model *model, const struct walk_access *access,
                        const struct walk_model_outcome *outcome);

/* Prints how the walker ended. */
void walk_compare_print_result(const struct hvrv_walk_result *result);

#endif
