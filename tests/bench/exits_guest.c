/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest of examples/04_linux that makes it work, and prints what that cost in
 * instructions. A word at PLAN says which of plans[] is wanted, so that each has
 * a machine for itself. QEMU runs with -icount shift=0, where an instruction
 * takes a nanosecond, and virt's clock ticks every 100 of them.
 */
#include <stdint.h>

#include "ecall.h"
#include "sbi_guest.h"

#define PLAN              ((const volatile uint64_t *)0x87e00000)
#define PLIC_PRIORITY     0x0c000028 /* of source 10 */
#define UART_LSR          0x10000005
#define MEMORY            0x88000000 /* nobody touched it yet */
#define PAGE              4096
#define PAGES             8192
#define EXITS             20000
#define TIMERS            2000
#define SWITCHES          400 /* of each vHart */
#define INSTRUCTIONS_TICK 100
#define SPIN              4 /* instructions of each time it spins */
#define CHANGE            5 /* and after a switch */
#define SBI_HSM_START     0

/* exits_guest.S knows where what is. */
struct turns {
    uint64_t enough;
    volatile uint64_t last;
    volatile uint64_t spins[2];
    volatile uint64_t switches[2];
    uint64_t (*take)(uint64_t me, struct turns *turns);
};

typedef uint64_t loop_fn(uint64_t turns, uint64_t address, uint64_t step);
typedef uint64_t timer_fn(uint64_t turns, uint64_t *own, uint64_t eid);

loop_fn loop_nothing, loop_ecall, loop_load_byte, loop_load_word, loop_load_word_halves;
loop_fn loop_load_double;
timer_fn timer_by_stimecmp, timer_by_sbi;
uint64_t turns_of_integers(uint64_t me, struct turns *turns);
uint64_t turns_of_floats(uint64_t me, struct turns *turns);
void start_second(void);
int main(void);

static void print_decimal(uint64_t value)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count)
        sbi_call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, (unsigned char)digits[--count], 0);
}

static void report(const char *metric, uint64_t instructions, uint64_t times)
{
    print(metric);
    print("\t");
    print_decimal((instructions + times / 2) / times);
    print("\n");
}

/* What a turn of a loop costs beside the loop. */
static void report_loop(const char *metric, loop_fn *loop, uint64_t address)
{
    uint64_t ticks = loop(EXITS, address, 0) - loop_nothing(EXITS, address, 0);
    report(metric, ticks * INSTRUCTIONS_TICK, EXITS);
}

static void plan_ecall(void)
{
    report_loop("sbi_ecall", loop_ecall, 0);
}

static void plan_load(void)
{
    report_loop("mmio_load", loop_load_word, PLIC_PRIORITY);
}

static void plan_load_halves(void)
{
    report_loop("mmio_load_halves", loop_load_word_halves, PLIC_PRIORITY);
}

static void plan_load_uart(void)
{
    report_loop("mmio_load_uart", loop_load_byte, UART_LSR);
}

static void plan_fault(void)
{
    uint64_t ticks = loop_load_double(PAGES, MEMORY, PAGE) - loop_nothing(PAGES, MEMORY, PAGE);
    report("gstage_fault", ticks * INSTRUCTIONS_TICK, PAGES);
}

static void report_timer(const char *metric, timer_fn *timer)
{
    uint64_t own;
    uint64_t ticks = timer(TIMERS, &own, SBI_TIME);
    report(metric, ticks * INSTRUCTIONS_TICK - own, TIMERS);
}

static void plan_timer(void)
{
    report_timer("timer_interrupt", timer_by_sbi);
}

static void plan_timer_sstc(void)
{
    report_timer("timer_interrupt_sstc", timer_by_stimecmp);
}

static uint64_t read_time(void)
{
    uint64_t time;
    __asm__ volatile("rdtime %0" : "=r"(time));
    return time;
}

static void start_vhart(uint64_t number, struct turns *turns)
{
    ECALL(SBI_HSM, SBI_HSM_START, number, (uint64_t)start_second, (uint64_t)turns);
}

/* The two take turns already when the clock starts. */
static void report_switch(const char *metric, uint64_t (*take)(uint64_t, struct turns *))
{
    static struct turns turns;
    turns.enough = UINT64_MAX;
    turns.last = 0;
    turns.take = take;
    start_vhart(1, &turns);
    while (turns.switches[1] < 1)
        continue;
    turns.enough = SWITCHES;
    uint64_t before = turns.spins[1], begun = turns.switches[1], start = read_time();
    uint64_t ticks = take(0, &turns) - start;
    uint64_t changes = turns.switches[0] + turns.switches[1] - begun;
    uint64_t own = (turns.spins[0] + turns.spins[1] - before) * SPIN + changes * CHANGE;
    report(metric, ticks * INSTRUCTIONS_TICK - own, changes);
}

static void plan_switch(void)
{
    report_switch("vhart_switch", turns_of_integers);
}

static void plan_switch_floats(void)
{
    report_switch("vhart_switch_fp", turns_of_floats);
}

int main(void)
{
    static void (*const plans[])(void) = {plan_ecall,  plan_load,          plan_load_uart,
                                          plan_fault,  plan_timer,         plan_timer_sstc,
                                          plan_switch, plan_switch_floats, plan_load_halves};
    if (*PLAN >= sizeof plans / sizeof plans[0])
        return SBI_SRST_FAILURE;
    plans[*PLAN]();
    return SBI_SRST_NO_REASON;
}
