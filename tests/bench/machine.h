/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's virt machine, as far as a bench's image needs it; and what start.S has. */
#ifndef HVRV_TESTS_BENCH_MACHINE_H
#define HVRV_TESTS_BENCH_MACHINE_H

#include <stddef.h>
#include <stdint.h>

/* The bench: called in HS-mode. */
int main(void);

/* The trap handler of HS-mode and of M-mode: ends the machine with an error. */
void fail(void);

void machine_print(const char *text);
void machine_print_number(uint64_t value);

/* They end the machine. */
_Noreturn void machine_pass(void);
_Noreturn void machine_fail(void);

/* The library may call them. */
void *memset(void *to, int value, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

#endif
