/* SPDX-License-Identifier: BSD-2-Clause */
/* What emulators are known to get wrong. */
#ifndef CONFORMANCE_DEVIATIONS_H
#define CONFORMANCE_DEVIATIONS_H

#include "trial.h"

/* A case, and what came of it. */
struct verdict {
    const struct trial *trial;
    const struct expectation *expected;
    const struct outcome *actual;
    bool is_htinst_right; /* as expected, or what the manual lets be there instead */
    bool is_memory_same;  /* the tables afterwards are as expected */
};

struct deviation {
    const char *emulator;
    unsigned first; /* version, as in struct machine */
    unsigned last;
    const char *what;
    const char *rule; /* of the manual, which is right */
    bool (*applies)(const struct verdict *verdict);
};

extern const struct deviation deviations[];
extern const unsigned deviation_count;

/* The row for a mismatch, or deviation_count. */
unsigned deviation_find(const struct machine *machine, const struct verdict *verdict);

#endif
