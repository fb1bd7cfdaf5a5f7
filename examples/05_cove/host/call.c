/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <string.h>

#include "ecall.h"
#include "host.h"

static volatile uint64_t fault;
static volatile uint64_t behind_jump;
static volatile bool has_timer;

struct hvrv_cove_answer sbi_call(uint64_t extension, uint64_t function, const uint64_t *arguments)
{
    struct ecall_answer answer = ecall(extension, function, arguments);
    return (struct hvrv_cove_answer){answer.error, answer.value};
}

/* Interrupts are on here alone. */
static void take_interrupts(void *context)
{
    (void)context;
    __asm__ volatile("csrsi sstatus, 2\n nop\n csrci sstatus, 2" ::: "memory");
}

const struct hvrv_client tsm = {spy_ecall, take_interrupts, NULL, SDID};

struct hvrv_cove_answer cove_call(uint64_t extension, uint64_t function, const uint64_t *arguments)
{
    struct hvrv_cove_call call = {extension, function, {0}};

    memcpy(call.arguments, arguments, sizeof(call.arguments));
    return hvrv_client_call(&tsm, &call);
}

static int put(char c, FILE *file)
{
    (void)file;
    SBI(HVRV_SBI_DBCN, HVRV_SBI_DBCN_WRITE_BYTE, (uint8_t)c);
    return c;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;

_Noreturn void power_off(bool is_failure)
{
    for (;;)
        SBI(HVRV_SBI_SRST, HVRV_SBI_SRST_RESET, HVRV_SBI_RESET_SHUTDOWN, is_failure);
}

uint64_t trapped(uint64_t scause, uint64_t sepc, uint64_t stval);

uint64_t trapped(uint64_t scause, uint64_t sepc, uint64_t stval)
{
    if (scause == (HVRV_BIT(63) | HVRV_INTERRUPT_STI)) {
        has_timer = true;
        SBI(HVRV_SBI_TIME, HVRV_SBI_TIME_SET_TIMER, UINT64_MAX);
        return sepc;
    }
    if (scause == HVRV_CAUSE_LOAD_ACCESS || scause == HVRV_CAUSE_STORE_ACCESS) {
        fault = scause;
        return sepc + 4;
    }
    if (scause == HVRV_CAUSE_FETCH_ACCESS) {
        fault = scause;
        return behind_jump;
    }
    printf("host: trapped: %s at 0x%lx, stval 0x%lx\n", hvrv_cause_name(scause), sepc, stval);
    power_off(true);
}

bool take_timer(void)
{
    bool had_timer;

    take_interrupts(NULL);
    had_timer = has_timer;
    has_timer = false;
    return had_timer;
}

uint64_t try_load(uint64_t address)
{
    uint64_t value;

    fault = 0;
    __asm__ volatile(".option push\n .option norvc\n ld %0, 0(%1)\n .option pop"
                     : "=&r"(value)
                     : "r"(address)
                     : "memory");
    return fault;
}

uint64_t try_store(uint64_t address, uint64_t value)
{
    fault = 0;
    __asm__ volatile(".option push\n .option norvc\n sd %1, 0(%0)\n .option pop"
                     :
                     : "r"(address), "r"(value)
                     : "memory");
    return fault;
}

uint64_t try_jump(uint64_t address)
{
    fault = 0;
    __asm__ volatile("la ra, 1f\n sd ra, %0\n jr %1\n1:"
                     : "=m"(behind_jump)
                     : "r"(address)
                     : "ra", "memory");
    return fault;
}

void say(struct hvrv_cove_answer answer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf(": %s\n", hvrv_sbi_error_name(answer.error));
    if (answer.error != HVRV_SBI_SUCCESS)
        power_off(true);
}

void chapter(const char *title)
{
    printf("\n-- %s --\n", title);
}
