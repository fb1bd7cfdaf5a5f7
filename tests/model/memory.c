/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void model_memory_init(struct model_memory *memory, uint64_t *words, uint64_t base, uint64_t size)
{
    memset(memory, 0, sizeof(*memory));
    memset(words, 0, (size_t)size);
    memory->words = words;
    memory->base = base;
    memory->size = size;
}

uint64_t model_memory_take(struct model_memory *memory, uint64_t size)
{
    uint64_t offset = (memory->taken + size - 1) / size * size;

    if (offset + size > memory->size) {
        fprintf(stderr, "model_memory: no page is left\n");
        abort();
    }
    memory->taken = offset + size;
    return memory->base + offset;
}

uint64_t *model_memory_word(const struct model_memory *memory, uint64_t hpa)
{
    if (hpa < memory->base || hpa - memory->base >= memory->size)
        return NULL;
    return &memory->words[(hpa - memory->base) / 8];
}

static uint64_t *must_have(const struct model_memory *memory, uint64_t hpa)
{
    uint64_t *word = model_memory_word(memory, hpa);

    if (!word) {
        fprintf(stderr, "model_memory: nothing is at 0x%llx\n", (unsigned long long)hpa);
        abort();
    }
    return word;
}

uint64_t model_memory_read(const struct model_memory *memory, uint64_t hpa)
{
    return *must_have(memory, hpa);
}

void model_memory_write(struct model_memory *memory, uint64_t hpa, uint64_t value)
{
    *must_have(memory, hpa) = value;
}

static bool is_refused(struct model_memory *memory, hvrv_hpa hpa)
{
    memory->accesses++;
    return memory->accesses == memory->refused ||
           (memory->refused_word && memory->refused_word == hpa.v);
}

static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    struct model_memory *memory = context;
    uint64_t *word = model_memory_word(memory, hpa.v);

    memory->loads++;
    if (is_refused(memory, hpa) || !word)
        return false;
    *value = *word;
    return true;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    struct model_memory *memory = context;
    uint64_t *word = model_memory_word(memory, hpa.v);

    if (is_refused(memory, hpa) || !word)
        return false;
    *word = value;
    memory->writes++;
    return true;
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    struct model_memory *memory = context;
    uint64_t *word = model_memory_word(memory, hpa.v);

    if (is_refused(memory, hpa) || !word || (memory->refused_swap && memory->refused_swap == hpa.v))
        return false;
    if (*word == *expected) {
        *word = desired;
        memory->writes++;
    } else {
        *expected = *word;
    }
    return true;
}

static const struct hvrv_phys_ops ops = {load, store, compare_and_swap};

static struct hvrv_phys make(const struct hvrv_phys_config *config)
{
    struct hvrv_phys phys;

    if (hvrv_phys_init(&phys, config) != HVRV_OK) {
        fprintf(stderr, "model_memory: the library refuses the view\n");
        abort();
    }
    return phys;
}

struct hvrv_phys model_memory_by_window(struct model_memory *memory)
{
    struct hvrv_phys_config config = {
        .window = memory->words, .window_base = {memory->base}, .window_size = memory->size};

    return make(&config);
}

struct hvrv_phys model_memory_by_port(struct model_memory *memory)
{
    struct hvrv_phys_config config = {.ops = &ops, .context = memory};

    return make(&config);
}

struct hvrv_phys model_memory_by_both(struct model_memory *memory, uint64_t window_size)
{
    struct hvrv_phys_config config = {.window = memory->words,
                                      .window_base = {memory->base},
                                      .window_size = window_size,
                                      .ops = &ops,
                                      .context = memory};

    return make(&config);
}
