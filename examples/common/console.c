/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdint.h>
#include <stdio.h>

#include <hvrv/isa/cause.h>

#include "ecall.h"
#include "machine.h"

#define FINISHER      ((volatile uint32_t *)HPA_FINISHER)
#define FINISHER_PASS 0x5555
#define FINISHER_FAIL 0x3333

/* The firmware's console: SBI's legacy call, which every firmware has. */
static int put(char c, FILE *file)
{
    (void)file;
    ECALL(1, 0, (unsigned char)c);
    return c;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;

_Noreturn void power_off(int status)
{
    *FINISHER = status ? FINISHER_FAIL | (uint32_t)status << 16 : FINISHER_PASS;
    for (;;)
        continue;
}

_Noreturn void trapped(uint64_t scause, uint64_t sepc, uint64_t stval);

_Noreturn void trapped(uint64_t scause, uint64_t sepc, uint64_t stval)
{
    printf("the hypervisor trapped: %s at 0x%lx, stval 0x%lx\n", hvrv_cause_name(scause), sepc,
           stval);
    power_off(2);
}
