/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that calls its firmware with anything: four vHarts, 16 KiB of memory in a window behind
 * whose end ASan looks, and tables of the guest's own making for the legacy calls' masks. What
 * must hold after every call is checked; what it must answer is unit/sbi/server_random's.
 *
 * The input is events. Byte 0: who, and what: a call, a rest, a wake, eight bytes of memory, or the
 * guest's CSRs. A call has a byte for the extension, one for the function, and its
 * arguments, a byte each; a byte that asks for it is followed by eight bytes of a number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hvrv/sbi/server.h>
#include <hvrv/vhart/bind.h>

#include "fuzz/input.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HARTS  4
#define RAM    UINT64_C(0x80000000)
#define SIZE   UINT64_C(0x4000)
#define STATES 7

enum state { STARTED, STOPPED, START_PENDING, STOP_PENDING, SUSPENDED, SUSPEND_PENDING };
enum event { CALL, REST, WAKE, POKE, CSRS };

static uint64_t *memory;
static struct hvrv_phys phys;
static struct hvrv_walk walk;
static struct hvrv_vm vm;
static struct hvrv_vhart vharts[HARTS];
static struct hvrv_sbi_hart harts[HARTS];
static struct hvrv_sbi sbi;
static uint8_t flow; /* of the console, and of the other functions' success */

static void expect(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not as it must be: %s\n", what);
    abort();
}

static void kick(void *context, uint32_t hart)
{
    (void)context;
    expect(hart < HARTS && harts[hart].state != STOPPED, "a kick to a vHart that runs");
}

static bool fence(void *context, const struct hvrv_sbi_fence *order)
{
    (void)context;
    expect(order->kind <= HVRV_SBI_SFENCE_VMA_ASID, "a kind of fence");
    expect(order->kind == HVRV_SBI_FENCE_I || order->range.first <= order->range.last, "a range");
    return flow % 2 == 0;
}

static void start(void *context, uint32_t hart)
{
    (void)context;
    expect(hart < HARTS && harts[hart].state == START_PENDING, "a start of a stopped vHart");
    expect(vharts[hart].sepc - RAM < SIZE && vharts[hart].sepc % 2 == 0, "a start in memory");
}

static enum hvrv_sbi_error reset(void *context, const struct hvrv_sbi_reset *request)
{
    (void)context;
    expect(request->type <= 2 || request->type >= 0xf0000000, "a type that is defined");
    return flow % 2 == 0 ? HVRV_SBI_SUCCESS : HVRV_SBI_ERR_FAILED;
}

static enum hvrv_sbi_error suspend(void *context, uint32_t type)
{
    (void)context;
    expect(type == 0 || type >= 0x80000000, "a type that is defined");
    return flow % 2 == 0 ? HVRV_SBI_SUCCESS : HVRV_SBI_ERR_FAILED;
}

/* More than there is, less, or an error. */
static enum hvrv_sbi_error console(void *context, struct hvrv_sbi_bytes *bytes)
{
    (void)context;
    expect(bytes->count != 0 && bytes->count <= 64, "a chunk");
    memset(bytes->bytes, flow, bytes->count);
    bytes->done = flow % 4 == 0 ? bytes->count : flow;
    return flow % 8 == 7 ? HVRV_SBI_ERR_FAILED : HVRV_SBI_SUCCESS;
}

static const struct hvrv_sbi_ops ops = {kick, fence, start, reset, suspend, console, console};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct hvrv_phys_config config = {.window_base = {RAM}, .window_size = SIZE};
    struct hvrv_walk_regime bare = {0};

    (void)argc, (void)argv;
    memory = aligned_alloc(SIZE, SIZE);
    expect(memory != NULL, "memory");
    config.window = memory;
    expect(hvrv_phys_init(&phys, &config) == HVRV_OK, "the window");
    expect(hvrv_walk_init(&walk, &bare, &phys) == HVRV_OK, "the walk");
    return 0;
}

static void begin(void)
{
    struct hvrv_sbi_config config = {
        .harts = harts, .hart_count = HARTS, .ops = &ops, .walk = &walk};

    memset(memory, 0, SIZE);
    for (unsigned i = 0; i < HARTS; i++) {
        expect(hvrv_vhart_init(&vharts[i], &vm) == HVRV_OK, "a vHart");
        harts[i] = (struct hvrv_sbi_hart){&vharts[i], i * i, NULL, 0};
    }
    expect(hvrv_sbi_init(&sbi, &config) == HVRV_OK, "a server");
}

/* Numbers near what decides, in a byte; or any. */
static uint64_t take_number(struct input *input)
{
    static const uint64_t around[] = {
        0, 9, RAM, RAM + SIZE, RAM + 0x1000, UINT64_C(0x80000000), UINT64_C(0xf0000000), 0x1000};
    uint8_t byte = input_byte(input);

    if (byte >= 0xf8)
        return input_number(input, 8);
    if (byte >= 0x80)
        return RAM + (uint64_t)(byte & 0x7f) * 0x82;
    return around[byte & 7] + (byte >> 3) - 4;
}

static uint64_t take_extension(struct input *input)
{
    static const uint64_t ids[] = {0x10,     0x54494d45, 0x735049,   0x52464e43,
                                   0x48534d, 0x53525354, 0x4442434e, 0x53555350};
    uint8_t byte = input_byte(input);

    if (byte >= 0xf8)
        return input_number(input, 8);
    return byte < 8 ? ids[byte] : byte - 8U;
}

static void check_states(void)
{
    for (unsigned i = 0; i < HARTS; i++)
        expect(harts[i].state < STATES, "a state");
}

/* Only a console's input goes to memory, and only where it was asked for. */
static void check_memory(const uint64_t *old, const uint64_t *gpr)
{
    const uint8_t *before = (const uint8_t *)old, *after = (const uint8_t *)memory;
    bool reads = gpr[17] == 0x4442434e && gpr[16] == 1;
    bool walks = gpr[17] < 16; /* and may set A in the guest's tables */

    if (walks || memcmp(before, after, SIZE) == 0)
        return;
    for (uint64_t i = 0; i < SIZE; i++) {
        if (before[i] != after[i])
            expect(reads && RAM + i - gpr[11] < gpr[10], "a store where none belongs");
    }
}

static void call(struct input *input, unsigned hart)
{
    static uint64_t old[SIZE / 8];
    struct hvrv_vhart *vhart = &vharts[hart];
    enum hvrv_sbi_action action;
    uint64_t before[32];
    enum hvrv_status status;

    for (unsigned i = 1; i < 32; i++)
        vhart->gpr[i] = UINT64_C(0x0123456789abcdef) * i;
    vhart->gpr[17] = take_extension(input);
    vhart->gpr[16] = input_byte(input) & 0xf;
    for (unsigned i = 10; i < 16; i++)
        vhart->gpr[i] = take_number(input);
    flow = input_byte(input);
    vhart->sepc = 0x1000;
    memcpy(before, vhart->gpr, sizeof(before));
    memcpy(old, memory, SIZE);
    bool may_run = harts[hart].state != STOPPED && harts[hart].state != STOP_PENDING;
    status = hvrv_sbi_serve(&sbi, hart, &action);
    expect(status == (may_run ? HVRV_OK : HVRV_ERR_STATE), "served");
    expect(action <= HVRV_SBI_SUSPEND, "an action");
    for (unsigned i = 0; i < 32; i++)
        expect((i == 10 || (i == 11 && before[17] > 15)) || vhart->gpr[i] == before[i], "a GPR");
    check_memory(old, before);
}

static void rest(unsigned hart)
{
    uint32_t state = harts[hart].state;

    expect(hvrv_sbi_rest(&sbi, hart) == HVRV_OK, "rested");
    expect(harts[hart].state == (state == STOP_PENDING      ? STOPPED
                                 : state == SUSPEND_PENDING ? SUSPENDED
                                                            : state),
           "the state after a rest");
}

static void wake(unsigned hart)
{
    bool may_run = harts[hart].state != STOPPED && harts[hart].state != STOP_PENDING;

    expect(hvrv_sbi_wake(&sbi, hart) == (may_run ? HVRV_OK : HVRV_ERR_STATE), "woken");
    expect((harts[hart].state == STARTED) == may_run, "the state after a wake");
}

static void poke(struct input *input)
{
    uint64_t where = take_number(input) - RAM;

    memory[where % SIZE / 8] = input_number(input, 8);
}

static void set_csrs(struct input *input, unsigned hart)
{
    struct hvrv_vhart_csrs *csr = &vharts[hart].csr;
    uint8_t byte = input_byte(input);

    csr->vsatp = (byte & 1 ? UINT64_C(8) : byte >> 4) << 60 | take_number(input) >> 12;
    csr->vsstatus = (csr->vsstatus & ~(UINT64_C(3) << 18)) | (uint64_t)(byte >> 1 & 3) << 18;
    csr->henvcfg = (csr->henvcfg & ~(UINT64_C(1) << 61)) | (uint64_t)(byte >> 3 & 1) << 61;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};

    begin();
    while (input.left != 0) {
        uint8_t byte = input_byte(&input);
        unsigned hart = byte % HARTS;
        switch ((enum event)(byte / HARTS % 8)) {
        case REST:
            rest(hart);
            break;
        case WAKE:
            wake(hart);
            break;
        case POKE:
            poke(&input);
            break;
        case CSRS:
            set_csrs(&input, hart);
            break;
        default:
            call(&input, hart);
        }
        check_states();
    }
    return 0;
}
