/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine that this runs on: console, end, and what only M-mode may do. QEMU's virt machine
 * by its UART and its test finisher; any other by HTIF.
 */
#ifndef CONFORMANCE_MACHINE_H
#define CONFORMANCE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Which emulator or hart this is. */
struct machine {
    const char *name; /* "qemu", "spike", or "hart" */
    uint64_t marchid; /* as the register has it; 0 if there is an mvendorid */
    unsigned version; /* 0x070216 is 7.2.22; 0 if not known */
};

/* In HS-mode. */
struct machine machine_identify(uint64_t qemu_version);
void machine_print_name(const struct machine *machine);
uint64_t machine_set_menvcfg(uint64_t value);
_Noreturn void machine_end(int status);

#endif
