/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#define UART             ((volatile uint8_t *)0x10000000)
#define SIFIVE_TEST      ((volatile uint32_t *)0x100000)
#define SIFIVE_TEST_PASS 0x5555
#define SIFIVE_TEST_FAIL 0x13333

void machine_print(const char *text)
{
    while (*text)
        *UART = (uint8_t)*text++;
}

void machine_print_number(uint64_t value)
{
    if (value >= 10)
        machine_print_number(value / 10);
    *UART = (uint8_t)('0' + value % 10);
}

static _Noreturn void end(uint32_t how)
{
    for (;;)
        *SIFIVE_TEST = how;
}

void machine_pass(void)
{
    end(SIFIVE_TEST_PASS);
}

void machine_fail(void)
{
    end(SIFIVE_TEST_FAIL);
}

/* By words where it can: the library sets and copies structs of them. */
void *memset(void *to, int value, size_t size)
{
    uint8_t *byte = to;
    uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);

    for (; size >= 8 && (uintptr_t)byte % 8 == 0; size -= 8, byte += 8)
        *(uint64_t *)(void *)byte = word;
    while (size-- > 0)
        *byte++ = (uint8_t)value;
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    uintptr_t both = (uintptr_t)to | (uintptr_t)from;

    for (; size >= 8 && both % 8 == 0; size -= 8, out += 8, in += 8)
        *(uint64_t *)(void *)out = *(const uint64_t *)(const void *)in;
    while (size-- > 0)
        *out++ = *in++;
    return to;
}
