/* SPDX-License-Identifier: BSD-2-Clause */
/* A TSM that looks at what it finds in the registers, and leaves something in each. */
#include "registers.h"

#define FIRMWARE UINT64_C(0x80000000)
#define HOST     UINT64_C(0x81000000)
#define SIE_STIE UINT64_C(0x20)

/* What the entry saves. */
struct frame {
    uint64_t x[32];
    uint64_t hart;
};

static struct tsm_hart {
    struct frame frame; /* first: what is in sscratch */
    uint64_t at_start[CSRS_MAX];
    uint64_t now[CSRS_MAX];
    uint64_t later[CSRS_MAX];
    uint64_t in[32];
    uint64_t out[32];
    uint64_t seed;
} harts[4];
static struct csrs csrs;
static uint32_t is_found;

extern const char entry[], on_timer[];
void begin(uint64_t hart, uint64_t count);
void serve(struct tsm_hart *hart);
uint64_t wait_for_timer(void);

/* TEERET with every register spoiled; comes back if the call is resumed. */
static uint32_t leave(struct tsm_hart *hart, const uint64_t *answer)
{
    uint32_t bad = 0;

    for (uint32_t i = 1; i < 32; i++)
        hart->in[i] = mix(hart->seed + 0x7000 + i);
    for (uint32_t i = 0; i < 5; i++)
        hart->in[10 + i] = answer[i];
    hart->in[16] = 0;
    hart->in[17] = EXTENSION;
    exchange(hart->in, hart->out);
    for (uint32_t i = 1; i < 32; i++)
        bad += i != 2 && hart->in[i] != hart->out[i];
    return bad;
}

static void spoil(struct tsm_hart *hart, uint64_t *values)
{
    const struct fixed fixed[] = {
        {0x105, (uint64_t)(uintptr_t)entry}, {0x140, (uint64_t)(uintptr_t)hart}, {0, 0}};

    csrs_spoil(&csrs, ++hart->seed << 16, fixed, values);
}

/* The registers that a call finds. */
static uint32_t check(struct tsm_hart *hart)
{
    uint32_t bad = 0;

    for (uint32_t i = 1; i < 32; i++) {
        if (i < 10 || i > 17)
            bad += hart->frame.x[i] != 0;
    }
    csrs_read(&csrs, hart->now);
    return bad + csrs_differ(&csrs, hart->now, hart->at_start);
}

/* The firmware is nobody's, all else the TSM's. */
static uint32_t reach(void)
{
    uint32_t bad = 0;

    bad += try((uint64_t)(uintptr_t)load, FIRMWARE).cause != 5;
    bad += try((uint64_t)(uintptr_t)store, FIRMWARE + 0x3fffff).cause != 7;
    bad += try(FIRMWARE, 0).cause != 1;
    bad += try((uint64_t)(uintptr_t)load, HOST).cause != 0;
    bad += try((uint64_t)(uintptr_t)load, (uint64_t)(uintptr_t)entry).cause != 0;
    csr_set(0x142, 24);
    return bad;
}

void serve(struct tsm_hart *hart)
{
    const uint64_t *x = hart->frame.x;
    uint64_t answer[5] = {0, csrs.count, 0x55, 0x66, 0};
    uint32_t bad = check(hart);

    switch (x[17] == COVH ? (enum function)(x[16] & 0xffff) : ECHO) {
    case CHECK:
        break;
    case SPOIL:
        spoil(hart, hart->now);
        break;
    case INTERRUPT:
        spoil(hart, hart->now);
        answer[0] = 1;
        answer[4] = 2;
        bad += leave(hart, answer);
        csrs_read(&csrs, hart->later);
        bad += csrs_differ(&csrs, hart->later, hart->now);
        answer[4] = 0;
        break;
    case TELL:
        answer[2] = x[12];
        answer[3] = x[13];
        answer[4] = 1;
        break;
    case WAIT:
        csr_set(0x105, (uint64_t)(uintptr_t)on_timer);
        csr_set(0x104, SIE_STIE);
        answer[1] = wait_for_timer();
        break;
    case TAKE:
        bad += call(EXTENSION, 2, 0, 0).value != 0;
        hart->in[10] = x[10];
        hart->in[11] = x[11];
        hart->in[12] = x[12];
        hart->in[16] = 1;
        hart->in[17] = EXTENSION;
        exchange(hart->in, hart->out);
        answer[1] = hart->out[10];
        break;
    case TRY:
        bad += reach();
        break;
    case ECHO:
        answer[1] = x[17];
        break;
    }
    answer[0] = bad;
    leave(hart, answer);
}

void begin(uint64_t hart, uint64_t count)
{
    struct tsm_hart *mine = &harts[hart];
    const uint64_t nothing[5] = {0};

    (void)count;
    if (hart == 0) {
        csrs_find(&csrs);
        __atomic_store_n(&is_found, 1, __ATOMIC_RELEASE);
    }
    while (!__atomic_load_n(&is_found, __ATOMIC_ACQUIRE))
        continue;
    mine->frame.hart = hart;
    mine->seed = (hart + 1) << 20;
    spoil(mine, mine->at_start);
    /* A call finds interrupts disabled, and its cause; vsie is a window on hie. */
    csrs_expect(&csrs, mine->at_start, (struct fixed){0x104, 0});
    csrs_expect(&csrs, mine->at_start, (struct fixed){0x204, 0});
    csrs_expect(&csrs, mine->at_start, (struct fixed){0x604, 0});
    csrs_expect(&csrs, mine->at_start, (struct fixed){0x142, 24});
    leave(mine, nothing);
}
