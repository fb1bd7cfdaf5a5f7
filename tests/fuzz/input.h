/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fuzz target was given, taken byte by byte; behind its end everything is 0. */
#ifndef HVRV_TESTS_FUZZ_INPUT_H
#define HVRV_TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

struct input {
    const uint8_t *next;
    size_t left;
};

static inline uint8_t input_byte(struct input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->next++;
}

/* The next bytes, the lowest first. */
static inline uint64_t input_number(struct input *input, unsigned bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < bytes; i++)
        value |= (uint64_t)input_byte(input) << (8 * i);
    return value;
}

#endif
