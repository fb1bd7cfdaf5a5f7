/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Maps single leaves into Sv39 or Sv39x4 tables: as much of a page-table
 * builder as the examples need, and the same for both stages.
 */
#ifndef EXAMPLES_COMMON_STAGE_H
#define EXAMPLES_COMMON_STAGE_H

#include <hvrv/hvrv.h>

/* A stage's tables. Those of the VS-stage name each other by GPA, those of the G-stage by HPA. */
struct stage {
    const struct hvrv_phys *phys;   /* where the tables are */
    const struct hvrv_pages *pages; /* where new ones come from */
    enum hvrv_stage kind;
    hvrv_hpa root;
    uint64_t hpa_of_gpa_0; /* of the guest memory that holds VS-stage tables; G-stage: 0 */
};

/*
 * Writes the leaf for an address at a level, and the tables above it where there
 * are none yet. False if something else is in the way, or no page is left. The
 * entries were not valid before, so nothing can be cached and no fence is owed
 * as long as no hart has used the tables.
 */
bool stage_map(const struct stage *stage, uint64_t address, unsigned level, hvrv_pte leaf);

/* Writes any entry, good or bad, where stage_map() would put a leaf. */
bool stage_put(const struct stage *stage, uint64_t address, unsigned level, hvrv_pte entry);

#endif
