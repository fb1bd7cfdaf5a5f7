/* SPDX-License-Identifier: BSD-2-Clause */
#include "firmware.h"

#define MIP_STIP HVRV_BIT(5)
#define MIE_MTIE HVRV_BIT(7)

static volatile uint32_t *msip(uint32_t hart)
{
    return (volatile uint32_t *)(CLINT + 4UL * hart);
}

void clint_send(uint32_t hart)
{
    __asm__ volatile("fence w, o" ::: "memory");
    *msip(hart) = 1;
}

void clint_clear(uint32_t hart)
{
    *msip(hart) = 0;
    __asm__ volatile("fence o, rw" ::: "memory");
}

void clint_set_timer(struct firmware_hart *hart, uint64_t time)
{
    if (hart->domain.config.has & HVRV_DOMAIN_HAS_SSTC) {
        hvrv_hart_write_stimecmp(&hart->port, time);
        return;
    }
    *(volatile uint64_t *)(CLINT + 0x4000UL + 8UL * hart->id) = time;
    hvrv_hart_clear_mip(&hart->port, MIP_STIP);
    hvrv_hart_set_mie(&hart->port, MIE_MTIE);
}
