/* SPDX-License-Identifier: BSD-2-Clause */
/* The host that calls teecall_tsm.c's TSM: instret at its ECALL and behind it. */
#include <stdint.h>

#include "ecall.h"

#define ROUNDS 100

void begin(void);

struct count {
    uint64_t in;   /* from the ECALL to the TSM's first instruction of C */
    uint64_t back; /* from the ECALL of its TEERET to the instruction behind the host's */
};

static struct count call(void)
{
    register uint64_t a0 __asm__("a0") = 0;
    register uint64_t a1 __asm__("a1") = 0;
    register uint64_t a6 __asm__("a6") = 1UL << 26;
    register uint64_t a7 __asm__("a7") = 0x434f5648;
    uint64_t before, after;

    /* Each instret is that before its own instruction. */
    __asm__ volatile("csrr %2, instret\n"
                     "ecall\n"
                     "csrr %3, instret\n"
                     : "+r"(a0), "+r"(a1), "=&r"(before), "=&r"(after)
                     : "r"(a6), "r"(a7)
                     : "memory");
    return (struct count){a0 - before - 1, after - a1 - 1};
}

static void print(const char *text)
{
    while (*text)
        ECALL(0x4442434e, 2, (uint8_t)*text++);
}

static void print_number(uint64_t number)
{
    char digits[24];
    char *p = digits + sizeof(digits) - 1;

    *p = 0;
    do
        *--p = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    print(p);
}

/* The first rounds are for what is done once. */
void begin(void)
{
    struct count first = {0}, now;

    for (unsigned i = 0; i < ROUNDS; i++) {
        now = call();
        if (i == 1)
            first = now;
        if (i > 1 && (now.in != first.in || now.back != first.back))
            print("teecall: rounds differ\n");
    }
    print("teecall_round_trip\t");
    print_number(first.in + first.back);
    print("\n");
    ECALL(0x53525354, 0, 0);
}
