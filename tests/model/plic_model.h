/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lib/dev/plic promises, without an index: a flag for everything, and a
 * look at each source where the best is wanted. It shares no code, no type and
 * no constant with the library.
 */
#ifndef HVRV_TESTS_MODEL_PLIC_MODEL_H
#define HVRV_TESTS_MODEL_PLIC_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define PLIC_MODEL_SOURCES  1024
#define PLIC_MODEL_CONTEXTS 8

struct plic_model_source {
    bool high;    /* the device's line */
    bool pending; /* a request waits for its claim */
    bool open;    /* it was claimed, and is not completed */
    unsigned priority;
};

struct plic_model {
    unsigned sources; /* numbers 1 to sources - 1 */
    unsigned contexts;
    struct plic_model_source source[PLIC_MODEL_SOURCES];
    bool enabled[PLIC_MODEL_CONTEXTS][PLIC_MODEL_SOURCES];
    unsigned threshold[PLIC_MODEL_CONTEXTS];
};

void plic_model_init(struct plic_model *model, unsigned sources, unsigned contexts);

/* The device's line goes up or down. */
void plic_model_line(struct plic_model *model, unsigned source, bool high);

/* An access of an aligned word below 0x4000000. */
uint32_t plic_model_load(struct plic_model *model, uint32_t offset);
void plic_model_store(struct plic_model *model, uint32_t offset, uint32_t value);

/* The context's line. */
bool plic_model_interrupts(const struct plic_model *model, unsigned context);

#endif
