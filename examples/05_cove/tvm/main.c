/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/abi.h>

static uint64_t ecall(uint64_t extension, uint64_t function, uint64_t a, uint64_t b)
{
    register uint64_t a0 __asm__("a0") = a;
    register uint64_t a1 __asm__("a1") = b;
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
    return a0;
}
void main(uint64_t argument);
void main(uint64_t argument)
{
    ecall(HVRV_SBI_DBCN, HVRV_SBI_DBCN_WRITE_BYTE, 'A', argument);
    ecall(HVRV_SBI_SRST, 0, 0, 0);
}
