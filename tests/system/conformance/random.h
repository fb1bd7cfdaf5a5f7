/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that follow from a seed and a place alone, so that any case can be had again. */
#ifndef CONFORMANCE_RANDOM_H
#define CONFORMANCE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_draw(struct random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Numbers of their own for each place. */
static inline struct random random_at(uint64_t seed, uint64_t place)
{
    struct random random = {seed};

    random.state = random_draw(&random) + place * UINT64_C(0xd1342543de82ef95);
    random.state = random_draw(&random);
    return random;
}

static inline unsigned random_below(struct random *random, unsigned n)
{
    return (unsigned)(random_draw(random) % n);
}

static inline bool random_one_in(struct random *random, unsigned n)
{
    return random_below(random, n) == 0;
}

#endif
