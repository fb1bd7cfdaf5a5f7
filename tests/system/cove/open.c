/* SPDX-License-Identifier: BSD-2-Clause */
/* A mistake: the firmware lets every domain reach all memory. */
#include "firmware.h"

void __wrap_protect_enter(uint32_t domain);

void __wrap_protect_enter(uint32_t domain)
{
    (void)domain;
    __asm__ volatile("csrw pmpaddr0, %0\n csrw pmpcfg0, %1" ::"r"(HVRV_BITS(53, 0)), "r"(0x1f));
}
