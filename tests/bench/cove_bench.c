/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions of the TSM's calls about memory, in HS-mode of QEMU's virt machine with -icount,
 * where instret is exact: for each 4 KiB of a call on 512 of them. The hash and the change of the
 * isolation's tables are functions of the caller's, and empty here.
 */
#include <hvrv/cove/tsm.h>

#include "machine.h"

#define RAM      UINT64_C(0x80000000)
#define RAM_SIZE UINT64_C(0x8000000)
#define FREE     UINT64_C(0x82000000) /* converted: the TVM's, then what is counted */
#define SOURCE   UINT64_C(0x84000000)
#define PAGE     UINT64_C(4096)
#define PAGES    (RAM_SIZE / PAGE)
#define COUNT    512
#define GPA      UINT64_C(0x80000000)

/* A call that start.S makes and counts. */
struct bench_call {
    void *function;
    void *argument[3];
    uint32_t result;
};

uint64_t count_call(struct bench_call *call);

static struct hvrv_tsm tsm;
static struct hvrv_tsm_reply reply;
static struct hvrv_hart port;
static struct hvrv_tsm_hart harts[1] = {{.hart = &port}};
static struct hvrv_tsm_slot slots[1];
static struct hvrv_page_map pages;
static struct hvrv_epoch epoch;
static struct hvrv_phys phys;
static struct hvrv_probe probe = {.hgatp_modes = 0x701, .vmidlen = 14};
static uint64_t seen[1];
static uint64_t words[PAGES];
static uint64_t params[2];

static bool isolate(void *context, const struct hvrv_range *range, bool to_host)
{
    (void)context, (void)range, (void)to_host;
    return true;
}

static void fence(void *context, uint32_t hart)
{
    (void)context, (void)hart;
}

static void hash(void *context, const struct hvrv_tvm_bytes *pieces, uint32_t count,
                 uint8_t *digest)
{
    (void)context, (void)pieces, (void)count, (void)digest;
}

static const struct hvrv_tsm_ops ops = {.isolate = isolate, .fence = fence};

static void check(bool is_right)
{
    if (!is_right)
        machine_fail();
}

static enum hvrv_status serve(const struct hvrv_cove_call *call)
{
    return hvrv_tsm_serve(&tsm, 0, call, &reply);
}

/* A call of the host, which must succeed; its instructions. */
static uint64_t count(uint64_t function, const uint64_t *a)
{
    struct hvrv_cove_call call = {HVRV_COVE_COVH, function, {a[0], a[1], a[2], a[3], a[4], a[5]}};
    struct bench_call counted = {(void *)(uintptr_t)serve, {&call, 0, 0}, HVRV_ERR_STATE};
    uint64_t instructions = count_call(&counted);

    check(counted.result == HVRV_OK && reply.answer.error == HVRV_SBI_SUCCESS);
    return instructions;
}
#define CALL(function, ...) count((function), (const uint64_t[6]){__VA_ARGS__})

static void print_each(const char *metric, uint64_t instructions)
{
    machine_print(metric);
    machine_print("\t");
    machine_print_number((instructions + COUNT - 1) / COUNT);
    machine_print("\n");
}

static void begin(void)
{
    const struct hvrv_phys_config memory = {(void *)RAM, {RAM}, RAM_SIZE, NULL, NULL};
    const struct hvrv_range all = {RAM, RAM + RAM_SIZE - 1};
    const struct hvrv_page_change change = {
        .range = {FREE, RAM + RAM_SIZE - 1}, .from = HVRV_PAGE_RESERVED, .to = HVRV_PAGE_HOST};
    const struct hvrv_tsm_config config = {
        .phys = &phys,
        .pages = &pages,
        .harts = harts,
        .hart_count = 1,
        .slots = slots,
        .slot_count = 1,
        .probe = &probe,
        .hash = {HVRV_COVE_HASH_SHA_384, hash, NULL},
        .ops = &ops,
        .mode = HVRV_MODE_SV39,
        .vmid_first = 1,
        .vharts_max = 1,
        .pages_max = COUNT,
    };

    check(hvrv_phys_init(&phys, &memory) == HVRV_OK);
    check(hvrv_epoch_init(&epoch, seen, 1) == HVRV_OK);
    check(hvrv_page_init(&pages, words, &all, &epoch) == HVRV_OK);
    check(hvrv_page_move(&pages, &change) == HVRV_OK);
    check(hvrv_tsm_init(&tsm, &config) == HVRV_OK);
}

int main(void)
{
    const uint64_t target = FREE + COUNT * PAGE;
    uint64_t id;

    begin();
    CALL(HVRV_COVH_CONVERT_PAGES, FREE, COUNT);
    print_each("convert_4k_page", CALL(HVRV_COVH_CONVERT_PAGES, target, COUNT));
    CALL(HVRV_COVH_GLOBAL_FENCE, 0);
    params[0] = FREE;
    params[1] = FREE + 4 * PAGE;
    for (unsigned i = 0; i < 2; i++)
        ((volatile uint64_t *)SOURCE)[i] = params[i];
    CALL(HVRV_COVH_CREATE_TVM, SOURCE, sizeof(params));
    id = reply.answer.value;
    CALL(HVRV_COVH_ADD_TVM_MEMORY_REGION, id, GPA, COUNT * PAGE);
    CALL(HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES, id, FREE + 16 * PAGE, 4);
    print_each("measured_4k_page", CALL(HVRV_COVH_ADD_TVM_MEASURED_PAGES, id, SOURCE, target,
                                        HVRV_COVE_PAGE_4K, COUNT, GPA));
    CALL(HVRV_COVH_DESTROY_TVM, id);
    print_each("reclaim_4k_page", CALL(HVRV_COVH_RECLAIM_PAGES, target, COUNT));
    machine_print("tracked_page\t");
    machine_print_number(sizeof(words) / PAGES);
    machine_print("\n");
    machine_pass();
}
