/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest of the ECALL bench, run by examples/02_run_guest's hypervisor: SBI
 * calls in a loop, timed by the clock, with the loop itself taken off. QEMU runs
 * with -icount shift=0, where an instruction takes a nanosecond, and virt's
 * clock ticks every 100 of them.
 */
#include <stdint.h>

#include "sbi_guest.h"

#define CALLS             20000
#define INSTRUCTIONS_TICK 100

int main(void);

/* CALLS turns of the loop around one instruction or none. */
static uint64_t time_loop(int with_ecall)
{
    register unsigned long count __asm__("s2") = CALLS;
    uint64_t start, end;
    if (with_ecall)
        __asm__ volatile("li a6, 0; li a7, 0x10; rdtime %0\n"
                         "1: ecall; addi %2, %2, -1; bnez %2, 1b; rdtime %1"
                         : "=&r"(start), "=&r"(end), "+r"(count)
                         :
                         : "a0", "a1", "a6", "a7", "memory");
    else
        __asm__ volatile("rdtime %0\n"
                         "1: addi %2, %2, -1; bnez %2, 1b; rdtime %1"
                         : "=&r"(start), "=&r"(end), "+r"(count));
    return end - start;
}

static void print_decimal(uint64_t value)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count)
        sbi_call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, (unsigned char)digits[--count], 0);
}

int main(void)
{
    uint64_t empty = time_loop(0);
    uint64_t ticks = time_loop(1) - empty;
    print("\nsbi_ecall ");
    print_decimal((ticks * INSTRUCTIONS_TICK + CALLS / 2) / CALLS);
    print("\n");
    return SBI_SRST_NO_REASON;
}
