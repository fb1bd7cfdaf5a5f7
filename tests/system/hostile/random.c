/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers at random, and values that are more interesting than those. */
#include "layout.h"
#include "trial.h"

static uint64_t state;

void random_seed(uint64_t seed)
{
    state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
}

uint64_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(0x2545f4914f6cdd1d);
}

unsigned draw(unsigned below)
{
    return (unsigned)((random_word() >> 33) % below);
}

/* Where this guest has nothing: devices of the machine below it, and other guests' memory. */
uint64_t draw_hole(void)
{
    static const uint64_t holes[] = {
        0x0,         0x1000,        0x100000,      0x101000,      0x2000000,     0x2004000,
        0x10001000,  0x20000000,    0x30000000,    0x40000000,    0x7ffff000,    0xc0000000,
        0xc0200000,  0xdffff000,    0xe0000000,    0xe0200000,    0xfffff000,    0x100000000,
        0x400000000, 0x3fffffff000, 0x10000000000, 0x1fffffff000, 0x20000000000, 0x80000000000,
    };
    return holes[draw(sizeof holes / sizeof holes[0])] + draw(0xff0);
}

uint64_t draw_device(void)
{
    switch (draw(4)) {
    case 0:
        return 0x10000000 + draw(12);
    case 1:
        return 0x0c000000 + draw(0x3000);
    case 2:
        return 0x0c200000 + draw(0x3000);
    default:
        return 0x0c000000 + draw(0x600000);
    }
}

/* For a register: never an address in the image. */
uint64_t draw_value(void)
{
    static const uint64_t values[] = {
        0,
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        0xff,
        0xfff,
        0x1000,
        0x7fffffff,
        0xffffffff,
        UINT64_MAX,
        UINT64_MAX - 7,
        INT64_MAX,
        UINT64_C(1) << 63,
        UINT64_C(1) << 38,
        UINT64_C(1) << 55,
        UINT64_C(1) << 56,
        0xffffffc000000000,
        0x5555555555555555,
    };
    switch (draw(6)) {
    case 0:
        return SCRATCH + draw(0x2000);
    case 1:
        return CODE + 0x1000 + draw(0x2000);
    case 2:
        return draw_device();
    case 3:
        return draw_hole();
    case 4:
        return values[draw(sizeof values / sizeof values[0])];
    default: /* not a GPA of RAM */
        return random_word() | UINT64_C(1) << (32 + draw(32));
    }
}
