/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that notices. Round by round it looks after what a hypervisor could
 * lose to another guest: its memory, its registers, its timer and its time.
 */
#include <stdint.h>

#include "layout.h"
#include "sbi_guest.h"

#define ROUNDS  1000
#define WORDS   4096
#define PERIOD  5000 /* ticks of a timer interrupt: 500 microseconds at 10 MHz */
#define TICKS   4    /* of them in a round */
#define TURNS   5000
#define SIE_STI 0x20

#define INTERRUPT_STI 0x8000000000000005

unsigned long registers_hold(uint64_t number, unsigned long turns);
void witness_vector(void);
void witness_trap(uint64_t scause, uint64_t sepc);

static uint64_t memory[WORDS];
static volatile uint64_t deadline, ticks;
static uint64_t latest;
static uint64_t round_number;

static uint64_t now(void)
{
    uint64_t time;

    __asm__ volatile("csrr %0, time" : "=r"(time));
    return time;
}

static void print_number(uint64_t number)
{
    char text[24], *c = text + sizeof text;

    *--c = 0;
    do {
        *--c = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    print(c);
}

static _Noreturn void complain(const char *text, uint64_t value)
{
    print("\nwitness: ");
    print(text);
    print(" ");
    print_number(value);
    print(" in round ");
    print_number(round_number);
    print("\n");
    power_off(SBI_SRST_FAILURE);
}

static void set_timer(uint64_t time)
{
    deadline = time;
    if (sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, time, 0) < 0)
        complain("the timer was refused", time);
}

void witness_trap(uint64_t scause, uint64_t sepc)
{
    uint64_t time = now();

    if (scause != INTERRUPT_STI)
        complain("a trap of cause", scause);
    if (time < deadline)
        complain("a tick came early, at", sepc);
    if (time - deadline > latest)
        latest = time - deadline;
    ticks++;
    set_timer(time + PERIOD);
}

static uint64_t next(uint64_t number)
{
    number ^= number << 13;
    number ^= number >> 7;
    return number ^ number << 17;
}

/* What the last round wrote is there, word by word and in sum; then other words. */
static void check_memory(uint64_t seed)
{
    uint64_t expected = seed, written = next(seed), sum = 0, sum_expected = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        if (memory[i] != expected)
            complain("memory changed at word", i);
        sum += memory[i];
        sum_expected += expected;
        expected = next(expected);
        memory[i] = written;
        written = next(written);
    }
    if (sum != sum_expected)
        complain("a sum is wrong:", sum);
}

static void check_registers(uint64_t seed)
{
    unsigned long wrong = registers_hold(seed, TURNS);

    if (wrong)
        complain("registers that changed:", wrong);
}

#define CSR(name)                                                  \
    static uint64_t swap_##name(uint64_t value)                    \
    {                                                              \
        __asm__ volatile("csrrw %0, " #name ", %0" : "+r"(value)); \
        return value;                                              \
    }
CSR(sscratch)
CSR(sepc)
CSR(scause)
CSR(stval)
CSR(fcsr)

/* The supervisor's own, while the hart may rest, without interrupts, which would change them. */
static void check_csrs(uint64_t seed)
{
    uint64_t sepc = seed & ~UINT64_C(3), fcsr = seed % 5 << 5 | seed % 32, changed = 0;

    __asm__ volatile("csrci sstatus, 2");
    set_timer(now() + PERIOD);
    swap_sscratch(seed);
    swap_sepc(sepc);
    swap_scause(13);
    swap_stval(~seed);
    swap_fcsr(fcsr);
    __asm__ volatile("wfi"); /* until the timer, which then waits for SIE */
    changed |= swap_sscratch(0) ^ seed;
    changed |= swap_sepc(0) ^ sepc;
    changed |= swap_scause(0) ^ 13;
    changed |= swap_stval(0) ^ ~seed;
    changed |= swap_fcsr(0) ^ fcsr;
    __asm__ volatile("csrsi sstatus, 2");
    if (changed)
        complain("bits of a CSR changed:", changed);
}

/* Time goes forward, and every tick comes; between them the hart may rest. */
static void check_ticks(void)
{
    uint64_t first = ticks, before = now();

    while (ticks - first < TICKS) {
        uint64_t time = now();
        if (time < before)
            complain("time went back by", before - time);
        before = time;
        if (ticks % 2)
            __asm__ volatile("wfi");
    }
}

int main(void);
int main(void)
{
    const volatile uint64_t *config = (const volatile uint64_t *)GUEST_CONFIG;
    uint64_t rounds = config[0] ? config[0] : ROUNDS, seed = 88172645463325252;

    for (uint64_t i = 0, word = seed; i < WORDS; i++, word = next(word))
        memory[i] = word;
    __asm__ volatile("csrw stvec, %0" : : "r"(witness_vector));
    set_timer(now() + PERIOD);
    __asm__ volatile("csrs sie, %0" : : "r"(SIE_STI));
    __asm__ volatile("csrsi sstatus, 2");
    for (; round_number < rounds; round_number++) {
        check_memory(seed);
        seed = next(seed);
        check_registers(seed);
        check_csrs(seed);
        check_ticks();
    }
    __asm__ volatile("csrci sstatus, 2");
    print("witness: the latest tick was ");
    print_number(latest / 10);
    print(" us late\nwitness: ");
    print_number(rounds);
    print(" rounds, all right\n");
    power_off(SBI_SRST_NO_REASON);
}
