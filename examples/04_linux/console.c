/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's serial port, which the hypervisor has to itself: what guests
 * print and what printf prints goes there, and what is typed goes to VM 0.
 */
#include <stdio.h>

#include "host.h"

#define HPA_FINISHER  0x100000 /* ends QEMU with a status */
#define HPA_UART      0x10000000
#define FINISHER      ((volatile uint32_t *)HPA_FINISHER)
#define FINISHER_PASS 0x5555
#define FINISHER_FAIL 0x3333
#define UART          ((volatile uint8_t *)HPA_UART)
#define UART_DATA     0
#define UART_LSR      5
#define UART_LSR_DR   0x01 /* something was received */
#define UART_LSR_THRE 0x20 /* there is room to send */

static struct lock output, input;

static void send(char c)
{
    while (!(UART[UART_LSR] & UART_LSR_THRE))
        continue;
    UART[UART_DATA] = (uint8_t)c;
}

void console_put(char c)
{
    lock(&output);
    send(c);
    unlock(&output);
}

void console_put_line(unsigned vm, const char *line, uint32_t length)
{
    lock(&output);
    send((char)('0' + vm));
    send('>');
    send(' ');
    for (uint32_t i = 0; i < length; i++)
        send(line[i]);
    unlock(&output);
}

/* A cpu looks for what was typed whenever its timer rings; one at a time is enough. */
void console_poll(void)
{
    if (__atomic_exchange_n(&input.is_held, 1, __ATOMIC_ACQUIRE))
        return;
    while (devices_has_room(&machine.vms[0]) && (UART[UART_LSR] & UART_LSR_DR))
        devices_receive(&machine.vms[0], UART[UART_DATA]);
    unlock(&input);
}

static int put(char c, FILE *file)
{
    (void)file;
    console_put(c);
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
    printf("hypervisor: trapped: %s at 0x%lx, stval 0x%lx\n", hvrv_cause_name(scause), sepc, stval);
    power_off(2);
}
