/* SPDX-License-Identifier: BSD-2-Clause */
/* Page tables in a model_memory, of three levels (Sv39 and Sv39x4). */
#ifndef HVRV_TESTS_MODEL_TABLES_H
#define HVRV_TESTS_MODEL_TABLES_H

#include "model/memory.h"

/*
 * The HPA of the entry for an address at a level; tables above it are made where there are none.
 * offset is the HPA of what the tables take for address 0: 0 for those of the G-stage.
 */
uint64_t model_table_slot(struct model_memory *memory, uint64_t root, uint64_t offset,
                          uint64_t address, int level);

/* Puts an entry there. */
void model_table_put(struct model_memory *memory, uint64_t slot, uint64_t address, uint64_t bits);

#endif
