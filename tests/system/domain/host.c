/* SPDX-License-Identifier: BSD-2-Clause */
/* A host that looks at what calls of the TSM leave in the registers, and at what it can reach. */
#include "registers.h"

#define TSM      UINT64_C(0x80400000)
#define FIRMWARE UINT64_C(0x80000000)
#define SPARE    UINT64_C(0x90000000) /* memory of the host's that it does not use */
#define ROUNDS   64

#define SUCCESS         UINT64_C(0)
#define NOT_SUPPORTED   ((uint64_t)-2)
#define ALREADY_STARTED ((uint64_t)-7)
#define TEERESUME       (8 | SDID_1)
#define TIME            0x54494d45UL
#define HSM             0x48534dUL
#define SRST            0x53525354UL
#define BASE            0x10UL

static struct host_hart {
    uint64_t in[32];
    uint64_t out[32];
    uint64_t before[CSRS_MAX];
    uint64_t after[CSRS_MAX];
    uint64_t seed;
} harts[4];
static struct csrs csrs;
static uint32_t bad; /* on any hart; atomic */
static uint32_t turn;
static uint64_t tsm_csrs;

extern const char start[];
void begin(uint64_t hart, uint64_t count);

static void expect(bool is_right, const char *what)
{
    if (is_right)
        return;
    __atomic_fetch_add(&bad, 1, __ATOMIC_RELAXED);
    print("mismatch: ");
    print(what);
    print("\n");
}

static void prepare(struct host_hart *hart, uint64_t extension, uint64_t function)
{
    for (uint32_t i = 1; i < 32; i++)
        hart->in[i] = mix(hart->seed + 0x3000 + i);
    hart->in[16] = function;
    hart->in[17] = extension;
}

/* A call with a pattern in every register, which all have to be the same after it. */
static void send(struct host_hart *hart)
{
    const struct fixed none[] = {{0, 0}};
    uint32_t wrong = 0;

    csrs_spoil(&csrs, ++hart->seed << 16, none, hart->before);
    exchange(hart->in, hart->out);
    csrs_read(&csrs, hart->after);
    for (uint32_t i = 1; i < 32; i++)
        wrong += i != 2 && i != 10 && i != 11 && hart->in[i] != hart->out[i];
    expect(wrong == 0, "x registers of the host");
    if (hart->in[16] == (TELL | SDID_1) && hart->in[17] == COVH) {
        csrs_expect(&csrs, hart->before, (struct fixed){0x142, hart->in[12]});
        csrs_expect(&csrs, hart->before, (struct fixed){0x143, hart->in[13]});
    }
    expect(csrs_differ(&csrs, hart->after, hart->before) == 0, "CSRs of the host");
}

static void check(struct host_hart *hart, enum function function)
{
    prepare(hart, COVH, function | SDID_1);
    send(hart);
    expect(hart->out[10] == SUCCESS, "a register of the TSM");
    tsm_csrs = hart->out[11];
}

static void refused(struct host_hart *hart, uint64_t extension, uint64_t function, uint64_t error)
{
    prepare(hart, extension, function);
    send(hart);
    expect(hart->out[10] == error, "the error of a call that is refused");
    expect(hart->out[11] == 0, "the value of a call that is refused");
}

static void round(struct host_hart *hart)
{
    check(hart, CHECK);
    check(hart, SPOIL);
    check(hart, TELL);
    prepare(hart, COVH, INTERRUPT | SDID_1);
    send(hart);
    expect(hart->out[10] == 1, "a call that is interrupted");
    refused(hart, COVH, CHECK | SDID_1, ALREADY_STARTED);
    refused(hart, NACL, 1, ALREADY_STARTED);
    prepare(hart, EXTENSION, TEERESUME);
    send(hart);
    expect(hart->out[10] == SUCCESS, "a register of a resumed TSM");
    refused(hart, EXTENSION, TEERESUME, ALREADY_STARTED);
}

static void routes(struct host_hart *hart)
{
    static const uint64_t extensions[] = {NACL, COVI};

    for (uint32_t i = 0; i < 2; i++) {
        prepare(hart, extensions[i], i == 0 ? 1 : 3 | SDID_1);
        send(hart);
        expect(hart->out[10] == SUCCESS && hart->out[11] == extensions[i], "a call for the TSM");
    }
    refused(hart, COVH, CHECK, NOT_SUPPORTED);
    refused(hart, COVH, CHECK | 2UL << 26, NOT_SUPPORTED);
    refused(hart, COVH, CHECK | 63UL << 26, NOT_SUPPORTED);
    refused(hart, EXTENSION, 0, NOT_SUPPORTED);
    refused(hart, EXTENSION, 1, NOT_SUPPORTED);
    refused(hart, EXTENSION, 8 | 2UL << 26, NOT_SUPPORTED);
}

static void reaches_not(uint64_t address, uint64_t wanted)
{
    expect(try((uint64_t)(uintptr_t)load, address).cause == (wanted ? 5 : 0), "a load");
    expect(try((uint64_t)(uintptr_t)store, address).cause == (wanted ? 7 : 0), "a store");
    /* QEMU 7 on one hart calls it a load. */
    expect((try((uint64_t)(uintptr_t)swap, address & ~3UL).cause | 2) == (wanted ? 7 : 2),
           "an AMO");
    if (wanted)
        expect(try(address & ~1UL, 0).cause == 1, "a fetch");
}

static uint64_t isolate(struct host_hart *hart, uint64_t base, uint64_t size, uint64_t to_host)
{
    prepare(hart, COVH, TAKE | SDID_1);
    hart->in[10] = base;
    hart->in[11] = size;
    hart->in[12] = to_host;
    send(hart);
    expect(hart->out[10] == SUCCESS, "a register of the TSM that isolates");
    return hart->out[11];
}

static void memory(struct host_hart *hart)
{
    static const uint64_t closed[] = {FIRMWARE, FIRMWARE + 0x3fffff, TSM, TSM + 0x200001,
                                      TSM + 0x3fffff};

    for (uint32_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
        reaches_not(closed[i], 1);
    reaches_not(SPARE, 0);
    expect(isolate(hart, SPARE, 0x2000, 0) == 0, "pages taken");
    reaches_not(SPARE - 1, 0);
    reaches_not(SPARE, 1);
    reaches_not(SPARE + 0x1fff, 1);
    reaches_not(SPARE + 0x2000, 0);
    expect(isolate(hart, SPARE + 0x2000, 0x1000, 0) == 0, "their neighbour taken");
    expect(isolate(hart, SPARE + 0x1000, 0x1000, 1) == 0, "the middle given back");
    reaches_not(SPARE + 0xfff, 1);
    reaches_not(SPARE + 0x1000, 0);
    reaches_not(SPARE + 0x2000, 1);
    expect(isolate(hart, SPARE, 0x3000, 1) == 0, "all given back");
    reaches_not(SPARE, 0);
    reaches_not(SPARE + 0x2000, 0);
    expect(isolate(hart, TSM, 0x1000, 1) != 0, "the TSM's own");
    expect(isolate(hart, FIRMWARE, 0x1000, 1) != 0, "the firmware");
    expect(isolate(hart, SPARE, UINT64_C(-0x1000), 0) != 0, "a range that wraps");
    expect(isolate(hart, UINT64_C(-0x1000), 0x1000, 0) != 0, "a range outside");
    expect(isolate(hart, SPARE + 8, 0x1000, 0) != 0, "a range that is not aligned");
    for (uint32_t i = 0; i < 6; i++)
        expect((isolate(hart, SPARE + i * 0x4000, 0x1000, 0) != 0) == (i == 5), "ranges apart");
    expect(isolate(hart, SPARE, 0x20000, 1) == 0, "all of them given back");
    check(hart, TRY);
}

/* The timer's interrupt is the host's: it interrupts the TSM, and waits here. */
static void timer(struct host_hart *hart)
{
    uint64_t now;

    __asm__ volatile("rdtime %0" : "=r"(now));
    call(TIME, 0, now + 20000, 0);
    prepare(hart, COVH, WAIT | SDID_1);
    send(hart);
    expect(hart->out[10] == 1, "a call that the timer interrupts");
    expect(csr_get(0x144) & 0x20, "the timer's interrupt, for the host");
    call(TIME, 0, UINT64_MAX, 0);
    expect(!(csr_get(0x144) & 0x20), "no interrupt more");
    prepare(hart, EXTENSION, TEERESUME);
    send(hart);
    expect(hart->out[10] == SUCCESS && hart->out[11] == 1, "an interrupt of the TSM");
}

static void wait_until(uint32_t value)
{
    while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != value)
        continue;
}

static void pass_to(uint32_t value)
{
    __atomic_store_n(&turn, value, __ATOMIC_RELEASE);
}

/* The first hart's call is interrupted: nobody else resumes it, and others have theirs. */
static void elsewhere(struct host_hart *hart)
{
    wait_until(1);
    refused(hart, EXTENSION, TEERESUME, ALREADY_STARTED);
    for (uint32_t i = 0; i < ROUNDS; i++)
        round(hart);
    pass_to(2);
    for (uint32_t i = 0; i < ROUNDS; i++)
        round(hart); /* both at once */
    timer(hart);
    pass_to(3);
    for (;;)
        continue;
}

static void with_another(struct host_hart *hart)
{
    expect(call(HSM, 0, 1, (uint64_t)(uintptr_t)start).value == SUCCESS, "hart_start");
    expect(call(HSM, 0, 9, (uint64_t)(uintptr_t)start).value != SUCCESS, "hart_start of none");
    prepare(hart, COVH, INTERRUPT | SDID_1);
    send(hart);
    pass_to(1);
    wait_until(2);
    prepare(hart, EXTENSION, TEERESUME);
    send(hart);
    expect(hart->out[10] == SUCCESS, "a register of a TSM resumed on its hart");
    for (uint32_t i = 0; i < ROUNDS; i++)
        round(hart);
    wait_until(3);
}

void begin(uint64_t hart, uint64_t count)
{
    struct host_hart *mine = &harts[hart];

    mine->seed = (hart + 1) << 28;
    if (hart != 0)
        elsewhere(mine);
    csrs_find(&csrs);
    for (uint32_t i = 0; i < ROUNDS; i++)
        round(mine);
    routes(mine);
    memory(mine);
    timer(mine);
    if (count > 1)
        with_another(mine);
    expect(tsm_csrs == csrs.count && csrs.count > 20, "registers that both have");
    print("domain: harts ");
    print_number(count);
    print(", CSRs ");
    print_number(csrs.count);
    print(bad ? ", FAILED\n" : ", ok\n");
    call(SRST, 0, 0, bad != 0);
}
