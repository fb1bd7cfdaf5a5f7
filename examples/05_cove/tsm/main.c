/* SPDX-License-Identifier: BSD-2-Clause */
/* A TSM in HS-mode: one lock around the library's, and the entry of guests. */
#include <stdio.h>

#include "tsm.h"

#define PAGES (RAM_SIZE / 4096)
/* What a call may work on, as no interrupt is let in meanwhile. */
#define CALL_PAGES 1024
#define TVMS       4

#define SIE_ALL     (HVRV_BIT(1) | HVRV_BIT(5) | HVRV_BIT(9))
#define SSTATUS_SIE HVRV_BIT(1)

static struct tsm_hart harts[HARTS_MAX];
static struct hvrv_tsm_hart tsm_harts[HARTS_MAX];
static struct hvrv_tsm_slot slots[TVMS];
static struct hvrv_tsm tsm;
static struct hvrv_page_map pages;
static struct hvrv_epoch epoch;
static struct hvrv_phys phys;
static struct hvrv_probe probe;
static uint64_t words[PAGES];
static uint64_t seen[HARTS_MAX];
static uint32_t lock;
static uint32_t is_begun;
extern uint8_t stacks[];

static void must(bool is_true, const char *what)
{
    if (is_true)
        return;
    driver_print("tsm: ");
    driver_print(what);
    driver_print("\n");
    driver_power_off();
}

static bool isolate(void *context, const struct hvrv_range *range, bool to_host)
{
    uint64_t size = hvrv_range_size(*range);
    char line[80];

    (void)context;
    snprintf(line, sizeof(line), "tsm -> TSM-driver: isolate 0x%lx, 0x%lx bytes, %s\n",
             range->first, size, to_host ? "the host's again" : "confidential");
    driver_print(line);
    return driver_call(HVRV_DOMAIN_ISOLATE, range->first, size, to_host) == 0;
}

static void fence(void *context, uint32_t hart)
{
    (void)context;
    (void)hart;
    driver_call(HVRV_DOMAIN_FENCE, 0, 0, 0);
}

static const struct hvrv_tsm_ops ops = {.isolate = isolate, .fence = fence};

/* All of RAM is tracked, and what is behind the TSM is the host's. */
static void begin_pages(uint32_t count)
{
    const struct hvrv_range all = {RAM, RAM + RAM_SIZE - 1UL};
    const struct hvrv_page_change move = {
        .range = {HOST, RAM + RAM_SIZE - 1UL}, .from = HVRV_PAGE_RESERVED, .to = HVRV_PAGE_HOST};

    must(hvrv_epoch_init(&epoch, seen, count) == HVRV_OK &&
             hvrv_page_init(&pages, words, &all, &epoch) == HVRV_OK &&
             hvrv_page_move(&pages, &move) == HVRV_OK,
         "no map of pages");
}

void tsm_begin(uint64_t hart, uint64_t count)
{
    const struct hvrv_phys_config memory = {(void *)RAM, {RAM}, RAM_SIZE, NULL, NULL};
    struct hvrv_tsm_config config = {
        .phys = &phys,
        .pages = &pages,
        .harts = tsm_harts,
        .hart_count = (uint32_t)count,
        .slots = slots,
        .slot_count = TVMS,
        .probe = &probe,
        .hash = {HVRV_COVE_HASH_SHA_384, hash_sha384, NULL},
        .ops = &ops,
        .mode = HVRV_MODE_SV39,
        .vmid_first = 1,
        .vharts_max = 4,
        .pages_max = CALL_PAGES,
        .impl_id = 0x48565256,
        .version = 1,
        .tcb_svn = 1,
    };

    must(hash_is_right(), "no SHA-384");
    must(hvrv_probe_hart(&probe, &harts[hart].port) == HVRV_OK, "no probe");
    must(hvrv_phys_init(&phys, &memory) == HVRV_OK, "no memory");
    begin_pages((uint32_t)count);
    for (uint64_t i = 0; i < count; i++)
        tsm_harts[i].hart = &harts[i].port;
    must(hvrv_tsm_init(&tsm, &config) == HVRV_OK, "no TSM");
    __atomic_store_n(&is_begun, 1, __ATOMIC_RELEASE);
}

struct tsm_hart *tsm_begin_hart(uint64_t id)
{
    while (!__atomic_load_n(&is_begun, __ATOMIC_ACQUIRE))
        continue;
    harts[id].id = (uint32_t)id;
    harts[id].stack = stacks + (id + 1) * 16384;
    return &harts[id];
}

static bool try_lock(void)
{
    return !__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE);
}

static void take_lock(void)
{
    while (!try_lock())
        continue;
}

/*
 * The host's interrupts are let in while this hart waits. Not while it has the lock: an interrupted
 * call goes on when the host likes, and others wait for the lock.
 */
static void take_lock_and_interrupts(struct hvrv_hart *port)
{
    do {
        hvrv_hart_set_sstatus(port, SSTATUS_SIE);
        hvrv_hart_clear_sstatus(port, SSTATUS_SIE);
    } while (!try_lock());
}

static void give_lock(void)
{
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

/* The guest runs until it traps; interrupts of the host's end its turn. */
static void run(struct tsm_hart *hart, struct hvrv_tsm_reply *reply)
{
    struct hvrv_vhart *vhart = &reply->vhart->vhart;
    struct hvrv_trap trap;
    uint64_t scause = hvrv_vhart_enter(vhart);

    hvrv_trap_read(&hart->port, vhart, scause, &trap);
    take_lock(); /* a TVM's registers are in the hart still: no interrupt now */
    must(hvrv_tsm_exit(&tsm, hart->id, &trap, reply) == HVRV_OK, "an exit of nobody");
    give_lock();
}

_Noreturn void tsm_serve(struct tsm_hart *hart, const struct hvrv_cove_call *call)
{
    bool is_run = call->extension == HVRV_COVE_COVH &&
                  hvrv_bits_get(call->function, HVRV_COVE_FID_FUNCTION) == HVRV_COVH_RUN_TVM_VCPU;
    struct hvrv_tsm_reply reply;

    hvrv_hart_write_sie(&hart->port, SIE_ALL);
    /* A run ends by an interrupt in any case. */
    if (is_run)
        take_lock();
    else
        take_lock_and_interrupts(&hart->port);
    must(hvrv_tsm_serve(&tsm, hart->id, call, &reply) == HVRV_OK, "a call of nobody");
    give_lock();
    while (reply.action == HVRV_TSM_RUN)
        run(hart, &reply);
    driver_return(&reply);
}

_Noreturn void tsm_failed(uint64_t scause, uint64_t sepc, uint64_t stval)
{
    (void)sepc;
    (void)stval;
    driver_print("tsm: trapped: ");
    driver_print(hvrv_cause_name(scause));
    driver_print("\n");
    driver_power_off();
}
