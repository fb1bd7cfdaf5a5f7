/* SPDX-License-Identifier: BSD-2-Clause */
/* The judge of walker and model (walk_judge.h) over a simulated memory (memory.h). */
#ifndef HVRV_TESTS_MODEL_WALK_MEMORY_H
#define HVRV_TESTS_MODEL_WALK_MEMORY_H

#include "model/memory.h"
#include "model/walk_judge.h"

/* Gives the memory to the model, and makes two views of it: by window, and by port. */
void walk_memory_init(struct walk_judge *judge, struct model_memory *memory);

#endif
