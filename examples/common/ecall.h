/* SPDX-License-Identifier: BSD-2-Clause */
/* An SBI call of the firmware, or of the hypervisor, below. */
#ifndef EXAMPLES_COMMON_ECALL_H
#define EXAMPLES_COMMON_ECALL_H

#include <stdint.h>

struct ecall_answer {
    int64_t error;
    uint64_t value;
};

static inline struct ecall_answer ecall(uint64_t extension, uint64_t function,
                                        const uint64_t arguments[6])
{
    register uint64_t a0 __asm__("a0") = arguments[0];
    register uint64_t a1 __asm__("a1") = arguments[1];
    register uint64_t a2 __asm__("a2") = arguments[2];
    register uint64_t a3 __asm__("a3") = arguments[3];
    register uint64_t a4 __asm__("a4") = arguments[4];
    register uint64_t a5 __asm__("a5") = arguments[5];
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a6), "r"(a7)
                     : "memory");
    return (struct ecall_answer){(int64_t)a0, a1};
}

/* With the arguments in place; those that are left out are zero. */
#define ECALL(extension, function, ...) \
    ecall((extension), (function), (const uint64_t[6]){__VA_ARGS__})

#endif
