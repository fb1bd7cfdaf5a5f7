/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest: a program of its own, in VS-mode, that knows nothing of libhvrv. It
 * prints by SBI calls, touches a page that is not there yet, checks that its
 * registers survive exits, and powers off.
 */
#include <stdint.h>

#include "image.h"
#include "sbi_guest.h"

/* registers.S knows the offsets. */
struct registers {
    uint64_t gpr[32];
    uint64_t fpr[32];
    uint64_t fcsr;
};

void call_with(const struct registers *before, struct registers *after);
int main(void);

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

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005 + 1442695040888963407;
    return *seed;
}

/* An SBI call with a number in every register. Only a0 and a1 may change, to the answer. */
static int survives(unsigned long extension, unsigned long function, uint64_t value, uint64_t seed)
{
    static struct registers before, after;
    for (int i = 0; i < 32; i++) {
        before.gpr[i] = next_random(&seed);
        before.fpr[i] = next_random(&seed);
    }
    before.fcsr = seed >> 32 & 0x7f; /* flags, and a rounding mode that exists */
    before.gpr[10] = 0;              /* HSM: the kind of suspension */
    before.gpr[16] = function;
    before.gpr[17] = extension;
    call_with(&before, &after);
    before.gpr[10] = SBI_SUCCESS;
    before.gpr[11] = value;
    int bad = before.fcsr != after.fcsr;
    for (int i = 0; i < 32; i++)
        bad |= (i && before.gpr[i] != after.gpr[i]) || before.fpr[i] != after.fpr[i];
    return !bad;
}

/* Across exits, and across times when the hart was somebody else's. */
static int keeps_registers(void)
{
    for (uint64_t round = 1; round <= 100; round++) {
        if (!survives(SBI_BASE, SBI_BASE_SPEC_VERSION, SBI_SPEC_VERSION, round) ||
            !survives(SBI_HSM, SBI_HSM_SUSPEND, 0, ~round))
            return 0;
    }
    return 1;
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
    if (!keeps_registers()) {
        print("guest: a register changed across an exit\n");
        return SBI_SRST_FAILURE;
    }
    print("guest: 31 GPRs, 32 FP registers and fcsr survived 100 exits and 100 suspensions\n");
    return SBI_SRST_NO_REASON;
}
