/* SPDX-License-Identifier: BSD-2-Clause */
/* A TSM that answers with instret at its first instruction of C, and at its TEERET. */
#include <stdint.h>

void serve(void);

void serve(void)
{
    register uint64_t a0 __asm__("a0");
    register uint64_t a1 __asm__("a1");

    __asm__ volatile("csrr %0, instret\n"
                     "mv a4, zero\n"
                     "mv a6, zero\n"
                     "li a7, 0x0a485652\n"
                     "csrr %1, instret\n"
                     "ecall\n"
                     : "=r"(a0), "=r"(a1)
                     :
                     : "a4", "a6", "a7", "memory");
    __builtin_unreachable();
}
