/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walker held against the model, access by access, in every way in which
 * the walker can come to its result: for each view of memory (window, port, a
 * mixture) plainly and exactly, that is, with a trace.
 *
 * All ways work on one memory. The model goes first, and what it wrote is noted
 * and undone; then each way starts from the same words, must leave what the
 * model left in every word that the model read, and is undone in its turn. So
 * an access changes nothing for the next one.
 */
#ifndef HVRV_TESTS_MODEL_WALK_JUDGE_H
#define HVRV_TESTS_MODEL_WALK_JUDGE_H

#include "model/walk_compare.h"

#define WALK_VIEWS_MAX 3

struct walk_view {
    const char *name;
    struct hvrv_phys phys;
    /* Counts of the memory behind the port; null where not every access goes there. */
    const unsigned *loads;
    const unsigned *writes; /* stores and swaps that wrote */
};

struct walk_judge {
    /* What the test fills in before walk_judge_prepare(): the model with its memory, the views. */
    struct walk_model model;
    struct walk_view view[WALK_VIEWS_MAX];
    unsigned views;
    /* What walk_judge_access() found. */
    struct walk_model_outcome outcome;
    unsigned long walks; /* of the walker, in all ways */
    /* The rest is the judge's. */
    struct hvrv_walk walk[2 * WALK_VIEWS_MAX];
    struct walk_steps steps;
    uint64_t left[WALK_MODEL_STEPS_MAX]; /* by the model, where steps of the outcome are */
    bool races; /* a word of the VS-stage changed under the walk's own hands: see walk_judge.c */
    unsigned writes;
    struct walk_judge_write {
        uint64_t hpa;
        uint64_t before;
    } write[2 * WALK_MODEL_STEPS_MAX];
};

/*
 * Makes the walks, for the model as it is now or for a regime that must come to
 * the same; once for each change of the model or of a view. Aborts if the walker refuses.
 */
void walk_judge_prepare(struct walk_judge *judge);
void walk_judge_prepare_for(struct walk_judge *judge, const struct hvrv_walk_regime *regime);

/* One access in all ways; false, and everything printed, if one differs from the model. */
bool walk_judge_access(struct walk_judge *judge, const struct walk_access *access);

#endif
