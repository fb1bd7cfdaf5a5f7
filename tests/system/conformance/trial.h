/* SPDX-License-Identifier: BSD-2-Clause */
/* The cases: what is accessed how, what is wrong in the tables, and what must come of it. */
#ifndef CONFORMANCE_TRIAL_H
#define CONFORMANCE_TRIAL_H

#include "perform.h"

#define PATH_STEPS_MAX 80

/* Entries of the tables in the order in which they are read. */
struct path {
    unsigned count;
    struct hvrv_walk_step step[PATH_STEPS_MAX];
};

/* What the library's walker says must happen. */
struct expectation {
    struct outcome outcome;
    struct hvrv_walk_result walk; /* of the access, or of the guest's instruction if that faults */
    bool is_of_code;              /* the latter */
    uint64_t stored_at;           /* HPA of the word that a store changes, or 0 */
};

/* Draws the access and the CSRs, sets these, and spoils the tables. */
void trial_draw(struct trial *trial, const struct tables *tables, const struct abilities *abilities,
                struct random random);

/*
 * Walks, in the shadow, which then is as memory must be afterwards. What cannot be done without
 * harm to this program (a fetch of what is no code, a store to the image) becomes another
 * instruction. False: not even that; there is nothing to do.
 */
bool trial_expect(struct trial *trial, struct expectation *expectation);

/* The entries that the trial comes to: those of the guest's instruction, then of the access. */
void trial_find_path(const struct trial *trial, struct path *path);
void trial_print_path(const struct trial *trial);

#endif
