/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that wishes its hypervisor ill. It executes every privileged and
 * reserved instruction, random bytes as code, accesses and jumps to devices and
 * holes, firmware calls with random arguments, and page tables that loop. Each
 * trial ends in a trap of the guest's own, and the next begins. In the end it
 * powers off, as if nothing had been.
 *
 * It knows what must not be: an answer from where it has nothing, a firmware call that changes
 * registers. All else is the hypervisor's to survive, and the witness's to notice.
 */
#include "layout.h"
#include "sbi_guest.h"
#include "trial.h"

#define TRIALS   20000
#define PATIENCE 2000 /* ticks of a trial: 200 microseconds at 10 MHz */

struct trial trial;
struct count count;

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

static void print_count(const char *before, uint64_t number, const char *behind)
{
    print(before);
    print_number(number);
    print(behind);
}

_Noreturn void complain(const char *text, uint64_t value)
{
    print("\nhostile: ");
    print(text);
    print_count(" ", value, "\n");
    print_count("hostile: wrong after ", count.trials, " trials\n");
    power_off(SBI_SRST_FAILURE);
}

/* What the port and the PLIC were told to do would interrupt every trial from now on. */
static void quieten(void)
{
    *(volatile uint8_t *)0x10000003 = 0;
    *(volatile uint8_t *)0x10000001 = 0;
    *(volatile uint32_t *)0x0c002000 = 0;
}

void run_trial(void)
{
    sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, now() + PATIENCE, 0);
    __asm__ volatile("csrc sip, %0" : : "r"(2));
    trial_enter(&trial);
    count.trials++;
    if (trial.scause & INTERRUPT) {
        count.interrupts++;
        if (trial.scause == (INTERRUPT | INTERRUPT_EXTERNAL))
            quieten();
        return;
    }
    count.traps++;
    count.causes[trial.scause % 64]++;
}

/* All CSRs, to be read, and to be written; all SYSTEM instructions without operands, and HLV. */
static void sweep(void)
{
    for (uint32_t i = 0; i < 4096; i++) {
        attempt_instruction(i << 20 | 0x000026f3); /* csrr a3 */
        attempt_instruction(i << 20 | 0x00071073); /* csrw a4 */
        attempt_instruction(i << 20 | 0x00000073);
        attempt_instruction(i << 20 | 0x0007c6f3); /* hlv, hsv by a5 */
    }
}

static void attempt_any(void)
{
    static void (*const attempts[])(void) = {
        attempt_privileged, attempt_words, attempt_access, attempt_access,
        attempt_jump,       attempt_call,  attempt_tables, attempt_user,
    };
    attempts[draw(sizeof attempts / sizeof attempts[0])]();
}

static void print_causes(void)
{
    print("hostile: by cause:");
    for (unsigned i = 0; i < 64; i++) {
        if (count.causes[i]) {
            print_count(" ", i, ":");
            print_number(count.causes[i]);
        }
    }
    print("\n");
}

int main(void);
int main(void)
{
    const volatile uint64_t *config = (const volatile uint64_t *)GUEST_CONFIG;
    uint64_t seed = config[0] ? config[0] : 1, trials = config[1] ? config[1] : TRIALS;

    print_count("hostile: seed ", seed, "\n");
    random_seed(seed);
    sweep();
    while (count.trials < trials + 16384)
        attempt_any();
    print_causes();
    print_count("\nhostile: ", count.trials, " trials, ");
    print_count("", count.traps, " traps, ");
    print_count("", count.interrupts, " interrupts, survived\n");
    power_off(SBI_SRST_NO_REASON);
}
