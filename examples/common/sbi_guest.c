/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_guest.h"

long sbi_call(unsigned long extension, unsigned long function, unsigned long a, unsigned long b)
{
    register unsigned long a0 __asm__("a0") = a;
    register unsigned long a1 __asm__("a1") = b;
    register unsigned long a6 __asm__("a6") = function;
    register unsigned long a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
    return a0 ? (long)a0 : (long)a1;
}

void print(const char *text)
{
    while (*text)
        sbi_call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, (unsigned char)*text++, 0);
}

_Noreturn void power_off(unsigned long reason)
{
    for (;;)
        sbi_call(SBI_SRST, SBI_SRST_RESET, 0, reason);
}
