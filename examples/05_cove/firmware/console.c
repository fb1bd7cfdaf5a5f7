/* SPDX-License-Identifier: BSD-2-Clause */
#include "firmware.h"

#define THR 0 /* a byte to be sent */
#define LSR 5 /* bit 5: there is room for one */

static volatile uint8_t *const uart = (volatile uint8_t *)UART;

void console_put(char c)
{
    while (!(uart[LSR] & 0x20))
        continue;
    uart[THR] = (uint8_t)c;
}

void console_print(const char *text)
{
    while (*text)
        console_put(*text++);
}

_Noreturn void power_off(uint32_t status)
{
    *(volatile uint32_t *)FINISHER = status ? 0x3333 | status << 16 : 0x5555;
    for (;;)
        continue;
}
