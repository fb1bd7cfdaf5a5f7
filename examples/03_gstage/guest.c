/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest: prints what is in its ROM through its serial port, then writes to
 * the same few pages again and again, and looks whether they kept what it wrote
 * the last time. It has no tables of its own: its addresses are GPAs.
 */
#include "image.h"
#include "sbi_guest.h"

#define PAGE   4096UL
#define SHARED ((volatile struct shared *)GPA_SHARED)

/* The serial port, a 16550: data, and status with a bit for "ready to send". */
#define UART_DATA   ((volatile uint8_t *)GPA_UART)
#define UART_STATUS ((volatile uint8_t *)GPA_UART + 5)
#define UART_READY  0x20

int main(void);

/* Which of the 512 pages it writes to. */
static const struct {
    unsigned first, count;
} written[] = {{3, 1}, {16, 8}, {100, 1}, {102, 1}, {200, 57}, {511, 1}};

#define RANGES (sizeof written / sizeof written[0])

static void print_rom(void)
{
    for (const volatile char *text = (const volatile char *)GPA_ROM; *text; text++) {
        while (!(*UART_STATUS & UART_READY))
            continue;
        *UART_DATA = (uint8_t)*text;
    }
}

/* Writes the round's number to each page; false if one has not kept the number before. */
static int write_pages(uint64_t round)
{
    for (unsigned i = 0; i < RANGES; i++) {
        for (unsigned page = written[i].first; page < written[i].first + written[i].count; page++) {
            volatile uint64_t *word = (volatile uint64_t *)(GPA_WORK + page * PAGE);
            if (round > 1 && *word != round - 1)
                return 0;
            *word = round;
        }
    }
    return 1;
}

int main(void)
{
    print_rom();
    for (uint64_t round = 1; !SHARED->enough; round++) {
        if (!write_pages(round)) {
            print("guest: a page lost what was written to it\n");
            return SBI_SRST_FAILURE;
        }
        SHARED->rounds = round;
    }
    for (unsigned i = 0; i < RANGES; i++)
        sbi_call(TELL, 0, GPA_WORK + written[i].first * PAGE, written[i].count * PAGE);
    return SBI_SRST_NO_REASON;
}
