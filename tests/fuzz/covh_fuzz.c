/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host that calls its TSM with anything, and TVMs that do: two harts, 128 pages in a window
 * behind whose end ASan looks. What must hold after every event is checked; what a call must answer
 * is unit/cove/cove_random's.
 *
 * The input is events. Byte 0: hart, and call of the host or exit of the TVM that runs there. A
 * call has a byte for the function and one for each argument: a page, a GPA, a TVM, a small number,
 * or, if the byte asks for it, eight bytes more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hvrv/cove/tsm.h>

#include "fuzz/input.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HARTS    2
#define TVMS     2
#define PAGES    128
#define RESERVED 4
#define RAM      UINT64_C(0x80000000)
#define PAGE     UINT64_C(4096)
#define GPA      UINT64_C(0x80000000)
#define MARK     UINT64_C(0x6d6f6e69746f7221)

/* A hart that keeps what is written to it, and no more. */
struct plain_hart {
    struct hvrv_hart hart;
    uint64_t csr[4096];
};

static uint64_t *memory;
static struct plain_hart ports[HARTS];
static struct hvrv_tsm tsm;
static struct hvrv_tsm_hart harts[HARTS];
static struct hvrv_tsm_slot slots[TVMS];
static struct hvrv_page_map map;
static struct hvrv_epoch epoch;
static struct hvrv_phys phys;
static uint64_t seen[HARTS];
static uint64_t words[PAGES];
static bool host_may[PAGES];
static uint64_t last_id;

static const struct hvrv_probe probe = {.hgatp_modes = 0x701,
                                        .vsatp_modes = 0x701,
                                        .vmidlen = 14,
                                        .henvcfg = true,
                                        .senvcfg = true,
                                        .sstc = true};

static void expect(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "covh: %s\n", what);
    abort();
}

static bool do_csr(struct hvrv_hart *hart, enum hvrv_hart_csr_op op, enum hvrv_csr csr,
                   uint64_t *value)
{
    uint64_t *stored = &((struct plain_hart *)hart)->csr[(unsigned)csr & 4095];
    uint64_t old = *stored;

    switch (op) {
    case HVRV_HART_CSR_READ:
        *value = old;
        break;
    case HVRV_HART_CSR_WRITE:
        *stored = *value;
        break;
    case HVRV_HART_CSR_SWAP:
        *stored = *value;
        *value = old;
        break;
    case HVRV_HART_CSR_SET:
        *stored |= *value;
        break;
    case HVRV_HART_CSR_CLEAR:
        *stored &= ~*value;
        break;
    }
    return true;
}

static void do_fence(struct hvrv_hart *hart, const struct hvrv_hart_fence *fence)
{
    (void)hart, (void)fence;
}

static bool do_access(struct hvrv_hart *hart, enum hvrv_hart_access access, hvrv_gva gva,
                      struct hvrv_hart_transfer *transfer)
{
    (void)hart, (void)access;
    transfer->value = gva.v * UINT64_C(0x9e3779b97f4a7c15);
    return true;
}

static const struct hvrv_hart_ops hart_ops = {do_csr, do_fence, do_access};

static bool isolate(void *context, const struct hvrv_range *range, bool to_host)
{
    (void)context;
    for (uint64_t at = range->first; at < range->last; at += PAGE) {
        uint64_t page = (at - RAM) / PAGE;
        host_may[page] = to_host;
        for (unsigned i = 0; to_host && i < 512; i++)
            expect(memory[page * 512 + i] == 0, "a page went to the host with something in it");
    }
    return true;
}

static void fence(void *context, uint32_t hart)
{
    (void)context, (void)hart;
}

static void hash(void *context, const struct hvrv_tvm_bytes *pieces, uint32_t count,
                 uint8_t *digest)
{
    (void)context;
    for (uint32_t i = 0; i < count; i++)
        digest[i] = (uint8_t)(digest[i] + ((const uint8_t *)pieces[i].bytes)[pieces[i].size - 1]);
}

static const struct hvrv_tsm_ops ops = {.isolate = isolate, .fence = fence};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    memory = aligned_alloc(4096, PAGES * PAGE);
    expect(memory != NULL, "no memory");
    return 0;
}

static void begin(void)
{
    const struct hvrv_phys_config config = {memory, {RAM}, PAGES * PAGE, NULL, NULL};
    const struct hvrv_range all = {RAM, RAM + PAGES * PAGE - 1};
    struct hvrv_page_change change = {.from = HVRV_PAGE_RESERVED, .to = HVRV_PAGE_HOST};
    struct hvrv_tsm_config tsm_config = {
        .phys = &phys,
        .pages = &map,
        .harts = harts,
        .hart_count = HARTS,
        .slots = slots,
        .slot_count = TVMS,
        .probe = &probe,
        .hash = {HVRV_COVE_HASH_SHA_384, hash, NULL},
        .ops = &ops,
        .mode = HVRV_MODE_SV39,
        .vmid_first = 1,
        .vharts_max = 2,
        .pages_max = PAGES,
    };

    memset(memory, 0xee, PAGES * PAGE);
    for (unsigned i = 0; i < RESERVED * 512; i++)
        memory[i] = MARK;
    memset(ports, 0, sizeof(ports));
    for (unsigned i = 0; i < HARTS; i++) {
        ports[i].hart.ops = &hart_ops;
        harts[i].hart = &ports[i].hart;
    }
    change.range = (struct hvrv_range){RAM + RESERVED * PAGE, all.last};
    for (unsigned i = 0; i < PAGES; i++)
        host_may[i] = i >= RESERVED;
    expect(hvrv_phys_init(&phys, &config) == HVRV_OK &&
               hvrv_epoch_init(&epoch, seen, HARTS) == HVRV_OK &&
               hvrv_page_init(&map, words, &all, &epoch) == HVRV_OK &&
               hvrv_page_move(&map, &change) == HVRV_OK &&
               hvrv_tsm_init(&tsm, &tsm_config) == HVRV_OK,
           "no TSM");
}

static void check(void)
{
    for (unsigned i = 0; i < PAGES; i++) {
        struct hvrv_page page = hvrv_page_get(&map, (hvrv_hpa){RAM + i * PAGE});
        bool is_host = page.state == HVRV_PAGE_HOST || page.state == HVRV_PAGE_SHARED;
        expect(is_host == host_may[i], "the host reaches what is not its own");
        expect(page.owner <= TVMS, "an owner that is no TVM");
        expect(page.owner == 0 || slots[page.owner - 1].tvm, "an owner that is gone");
    }
    for (unsigned i = 0; i < RESERVED * 512; i++)
        expect(memory[i] == MARK, "the monitor's memory changed");
}

/* A number for a call: by the byte's upper bits a page, a GPA, a TVM, a small one, or any. */
static uint64_t draw(struct input *input)
{
    uint8_t byte = input_byte(input);

    switch (byte >> 5) {
    case 0:
        return byte & 31;
    case 1:
        return last_id + (byte & 1) * 2048;
    case 2:
    case 3:
        return GPA + (byte & 63) * PAGE;
    case 7:
        return byte & 16 ? input_number(input, 8) : ((uint64_t)byte & 15) << 9;
    default:
        return RAM + (byte & 127) * PAGE;
    }
}

static void call_host(struct input *input, uint32_t hart)
{
    static const uint64_t extensions[] = {HVRV_COVE_COVH, HVRV_COVE_COVI, HVRV_SBI_NACL};
    uint8_t what = input_byte(input);
    struct hvrv_cove_call call = {extensions[what < 0xa0 ? 0 : what < 0xe0], what & 31, {0}};
    struct hvrv_tsm_reply reply;

    if (what >= 0xf0)
        call.extension = extensions[2];
    for (unsigned i = 0; i < 6; i++)
        call.arguments[i] = draw(input);
    if (call.extension == HVRV_COVE_COVH && call.function == HVRV_COVH_CREATE_TVM) {
        /* Its parameters lie in a page of the host's, and are drawn as well. */
        if (host_may[PAGES - 1]) {
            memory[(PAGES - 1) * 512] = draw(input);
            memory[(PAGES - 1) * 512 + 1] = draw(input);
        }
        call.arguments[0] = RAM + (PAGES - 1) * PAGE;
        call.arguments[1] = 16;
    }
    expect(hvrv_tsm_serve(&tsm, hart, &call, &reply) == HVRV_OK, "a call was not served");
    expect((reply.action == HVRV_TSM_RUN) == (harts[hart].running != NULL), "who runs?");
    if (call.function == HVRV_COVH_CREATE_TVM && reply.answer.error == HVRV_SBI_SUCCESS &&
        call.extension == HVRV_COVE_COVH)
        last_id = reply.answer.value;
}

static void exit_tvm(struct input *input, uint32_t hart)
{
    static const uint64_t causes[] = {10, 20, 21, 22, 23, UINT64_C(1) << 63 | 5, 5, 2};
    uint8_t what = input_byte(input);
    struct hvrv_vhart *vhart = &harts[hart].running->vhart;
    struct hvrv_tsm_reply reply;
    struct hvrv_trap trap = {
        .scause = causes[what & 7], .sepc = vhart->sepc, .sstatus = 0x100, .hstatus = 0x1c0};

    for (unsigned i = 10; i < 16; i++)
        vhart->gpr[i] = draw(input);
    vhart->gpr[16] = what >> 4;
    vhart->gpr[17] = what & 8 ? HVRV_COVE_COVG : draw(input);
    trap.stval = draw(input);
    trap.htval = draw(input) >> 2;
    trap.htinst = input_number(input, 4);
    expect(hvrv_tsm_exit(&tsm, hart, &trap, &reply) == HVRV_OK, "an exit was not served");
    expect((reply.action == HVRV_TSM_RUN) == (harts[hart].running != NULL), "who runs?");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};

    begin();
    for (unsigned events = 0; input.left != 0 && events < 200; events++) {
        uint32_t hart = input_byte(&input) % HARTS;
        if (harts[hart].running)
            exit_tvm(&input, hart);
        else
            call_host(&input, hart);
        check();
    }
    return 0;
}
