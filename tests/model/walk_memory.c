/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/walk_memory.h"

static bool reads(void *context, uint64_t hpa, uint64_t *value)
{
    const uint64_t *word = model_memory_word(context, hpa);

    if (word)
        *value = *word;
    return word != NULL;
}

static bool writes(void *context, uint64_t hpa, uint64_t value)
{
    model_memory_write(context, hpa, value);
    return true;
}

void walk_memory_init(struct walk_judge *judge, struct model_memory *memory)
{
    judge->model.memory = memory;
    judge->model.read = reads;
    judge->model.write = writes;
    judge->views = 2;
    judge->view[0] = (struct walk_view){.name = "window"};
    judge->view[0].phys = model_memory_by_window(memory);
    judge->view[1] =
        (struct walk_view){.name = "port", .loads = &memory->loads, .writes = &memory->writes};
    judge->view[1].phys = model_memory_by_port(memory);
}
