/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest asks of its firmware. */
#ifndef EXAMPLES_COMMON_SBI_GUEST_H
#define EXAMPLES_COMMON_SBI_GUEST_H

#include "sbi.h"

/* The value, or the error if there is one. */
long sbi_call(unsigned long extension, unsigned long function, unsigned long a, unsigned long b);

void print(const char *text);
_Noreturn void power_off(unsigned long reason);

#endif
