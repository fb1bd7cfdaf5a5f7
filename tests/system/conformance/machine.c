/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#include "layout.h"

#define UART           ((volatile uint8_t *)0x10000000)
#define UART_LSR       5
#define UART_LSR_EMPTY 0x20
#define FINISHER       ((volatile uint32_t *)0x100000)
#define FINISHER_PASS  0x5555
#define FINISHER_FAIL  0x3333

#define MARCHID_SPIKE 5

#define HTIF_CONSOLE_PUT (UINT64_C(0x0101) << 48)

uint64_t service(uint64_t a0, uint64_t a1, uint64_t number);
bool machine_can_load(uint64_t address);
uint64_t machine_write_menvcfg(uint64_t value);
void machine_begin(void);
uint64_t machine_serve(uint64_t a0, uint64_t a1, uint64_t number);
_Noreturn void supervisor_trapped(uint64_t scause, uint64_t sepc, uint64_t stval);

extern volatile uint64_t tohost, fromhost;

static bool has_finisher;

/* In M-mode. */

void machine_begin(void)
{
    has_finisher = machine_can_load((uint64_t)(uintptr_t)FINISHER);
}

static void tell_host(uint64_t message)
{
    while (tohost)
        fromhost = 0;
    tohost = message;
}

static void put_character(uint8_t character)
{
    if (!has_finisher) {
        tell_host(HTIF_CONSOLE_PUT | character);
        return;
    }
    while (!(UART[UART_LSR] & UART_LSR_EMPTY))
        continue;
    *UART = character;
}

static _Noreturn void end(uint64_t status)
{
    for (;;) {
        if (has_finisher)
            *FINISHER = status ? FINISHER_FAIL | (uint32_t)status << 16 : FINISHER_PASS;
        else
            tell_host(status << 1 | 1);
    }
}

static uint64_t read_identity(void)
{
    uint64_t mvendorid, marchid;

    __asm__ volatile("csrr %0, mvendorid" : "=r"(mvendorid));
    __asm__ volatile("csrr %0, marchid" : "=r"(marchid));
    return mvendorid ? 0 : marchid;
}

uint64_t machine_serve(uint64_t a0, uint64_t a1, uint64_t number)
{
    (void)a1;
    switch (number) {
    case SERVICE_PUT:
        put_character((uint8_t)a0);
        return 0;
    case SERVICE_IDENTITY:
        return read_identity();
    case SERVICE_WRITE_MENVCFG:
        return machine_write_menvcfg(a0);
    default:
        end(a0);
    }
}

/* In HS-mode. */

static int put(char c, FILE *file)
{
    (void)file;
    service((uint8_t)c, 0, SERVICE_PUT);
    return c;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;

struct machine machine_identify(uint64_t qemu_version)
{
    struct machine machine = {.name = "hart", .marchid = service(0, 0, SERVICE_IDENTITY)};

    if (qemu_version) {
        machine.name = "qemu";
        machine.version = (unsigned)qemu_version;
    } else if (machine.marchid == MARCHID_SPIKE) {
        machine.name = "spike";
    }
    return machine;
}

void machine_print_name(const struct machine *machine)
{
    if (machine->version)
        printf("%s %u.%u.%u", machine->name, machine->version >> 16, machine->version >> 8 & 255,
               machine->version & 255);
    else
        printf("%s, marchid 0x%lx", machine->name, machine->marchid);
}

uint64_t machine_set_menvcfg(uint64_t value)
{
    return service(value, 0, SERVICE_WRITE_MENVCFG);
}

_Noreturn void machine_end(int status)
{
    for (;;)
        service((uint64_t)status, 0, SERVICE_END);
}

_Noreturn void supervisor_trapped(uint64_t scause, uint64_t sepc, uint64_t stval)
{
    printf("conformance: HS-mode itself trapped: scause %lu at 0x%lx, stval 0x%lx\n", scause, sepc,
           stval);
    machine_end(2);
}
