/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest of the ECALL bench, run by examples/02_run_guest's hypervisor: SBI
 * calls in a loop, timed by the clock, with the loop itself taken off. QEMU runs
 * with -icount shift=0, where an instruction takes a nanosecond, and virt's
 * clock ticks every 100 of them.
 */
#include <stdint.h>

#include "image.h"

#define CALLS             20000
#define INSTRUCTIONS_TICK 100

void power_off(unsigned long reason);
int main(void);

static void call(unsigned long extension, unsigned long function, unsigned long argument)
{
    register unsigned long a0 __asm__("a0") = argument;
    register unsigned long a1 __asm__("a1") = 0;
    register unsigned long a6 __asm__("a6") = function;
    register unsigned long a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
}

void power_off(unsigned long reason)
{
    for (;;)
        call(SBI_SRST, SBI_SRST_RESET, 0);
    (void)reason;
}

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
        call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, (unsigned char)digits[--count]);
}

int main(void)
{
    uint64_t empty = time_loop(0);
    uint64_t ticks = time_loop(1) - empty;
    for (const char *text = "\nsbi_ecall "; *text; text++)
        call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, (unsigned char)*text);
    print_decimal((ticks * INSTRUCTIONS_TICK + CALLS / 2) / CALLS);
    call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, '\n');
    return SBI_SRST_NO_REASON;
}
