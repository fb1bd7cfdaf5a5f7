/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest: a program of its own, in VS-mode, that knows nothing of libhvrv. It
 * prints by SBI calls, touches a page that is not there yet, checks that its
 * registers survive exits, and powers off.
 */
#include <stdint.h>

#include "image.h"

int check_registers(const uint64_t gpr[32], const uint64_t fpr[32], uint64_t fpr_after[32]);
void power_off(unsigned long reason);
int main(void);

static long sbi_call(unsigned long extension, unsigned long function, unsigned long a,
                     unsigned long b)
{
    register unsigned long a0 __asm__("a0") = a;
    register unsigned long a1 __asm__("a1") = b;
    register unsigned long a6 __asm__("a6") = function;
    register unsigned long a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
    return a0 ? (long)a0 : (long)a1;
}

void power_off(unsigned long reason)
{
    for (;;)
        sbi_call(SBI_SRST, SBI_SRST_RESET, 0, reason);
}

static void print(const char *text)
{
    while (*text)
        sbi_call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, (unsigned char)*text++, 0);
}

/* A page of zeros appears where there was none, and keeps what is written to it. */
static int use_page_on_demand(void)
{
    volatile uint64_t *page = (volatile uint64_t *)GVA_ON_DEMAND;
    for (int i = 0; i < 512; i++) {
        if (page[i] != 0)
            return -1;
        page[i] = 0x1234567800000000 + (uint64_t)i;
    }
    for (int i = 0; i < 512; i++) {
        if (page[i] != 0x1234567800000000 + (uint64_t)i)
            return -1;
    }
    return 0;
}

static void fill(uint64_t values[32], uint64_t seed)
{
    for (int i = 0; i < 32; i++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        values[i] = seed;
    }
}

static int check_one_round(uint64_t seed)
{
    static uint64_t gpr[32], fpr[32], after[32];
    fill(gpr, seed);
    fill(fpr, ~seed);
    gpr[16] = SBI_BASE_SPEC_VERSION;
    gpr[17] = SBI_BASE;
    if (check_registers(gpr, fpr, after) != 0)
        return -1;
    for (int i = 0; i < 32; i++) {
        if (after[i] != fpr[i])
            return -1;
    }
    return 0;
}

int main(void)
{
    print("guest: hello from VS-mode\n");
    if (sbi_call(SBI_BASE, SBI_BASE_PROBE, SBI_DBCN, 0) != 1 ||
        sbi_call(0x12345678, 0, 0, 0) != SBI_ERR_NOT_SUPPORTED)
        return SBI_SRST_FAILURE;
    if (use_page_on_demand() != 0) {
        print("guest: the page on demand is wrong\n");
        return SBI_SRST_FAILURE;
    }
    print("guest: a page came on demand\n");
    for (uint64_t round = 1; round <= 100; round++) {
        if (check_one_round(round) != 0) {
            print("guest: a register changed across an exit\n");
            return SBI_SRST_FAILURE;
        }
    }
    print("guest: 31 GPRs and 32 FP registers survived 100 exits\n");
    return SBI_SRST_NO_REASON;
}
