/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

#define HPA     UINT64_C(0x90000000) /* of the guest's first page */
#define TABLES  UINT64_C(0xa0000000)
#define ROOT    TABLES
#define LEVEL_1 (TABLES + 0x4000)
#define LEVEL_0 (TABLES + 0x5000)
#define NOWHERE UINT64_C(0x50000000)
#define PATTERN UINT64_C(0x5a5a000000000000)
#define FLAGS   UINT64_C(0xdf) /* V R W X U A D */

struct sbi_world w;
static uint64_t ram[PAGES * 512];
static uint64_t tables[6 * 512];
static const uint64_t ids[HARTS] = {0, 1, 2, 5, 70};

static uint64_t *word_at(uint64_t hpa)
{
    w.accesses++;
    if (w.accesses == w.refuse)
        return NULL;
    if (hpa >= HPA && hpa - HPA < sizeof(ram))
        return &ram[(hpa - HPA) / 8];
    if (hpa >= TABLES && hpa - TABLES < sizeof(tables))
        return &tables[(hpa - TABLES) / 8];
    w.refused++;
    if (hpa < NOWHERE || hpa - NOWHERE >= 0x1000)
        w.strays++;
    return NULL;
}

static void note_store(uint64_t hpa)
{
    uint64_t gpa = hpa - HPA + RAM;

    if (gpa < w.first)
        w.first = gpa;
    if (gpa + 7 > w.last)
        w.last = gpa + 7;
}

static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    uint64_t *word = word_at(hpa.v);

    (void)context;
    if (word)
        *value = *word;
    return word != NULL;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    uint64_t *word = word_at(hpa.v);

    (void)context;
    if (word)
        *word = value;
    note_store(hpa.v);
    return word != NULL;
}

static bool swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    uint64_t *word = word_at(hpa.v);

    (void)context;
    if (!word)
        return false;
    if (w.races != 0) {
        w.races--;
        *expected = ~*word;
    } else if (*word == *expected) {
        *word = desired;
        if (hpa.v < TABLES)
            note_store(hpa.v);
    } else {
        *expected = *word;
    }
    return true;
}

static const struct hvrv_phys_ops phys_ops = {load, store, swap};

static uint64_t leaf(unsigned page)
{
    uint64_t pte = (HPA + page * UINT64_C(0x1000)) >> 12 << 10 | FLAGS;

    switch (page) {
    case PAGE_HOLE:
        return 0;
    case PAGE_NO_X:
        return pte & ~UINT64_C(8);
    case PAGE_NO_W:
        return pte & ~UINT64_C(4);
    case PAGE_ONLY_X:
        return pte & ~UINT64_C(6);
    case PAGE_DEVICE:
        return NOWHERE >> 12 << 10 | FLAGS;
    case PAGE_FRESH:
        return pte & ~UINT64_C(0xc0);
    default:
        return pte;
    }
}

static void build_memory(void)
{
    struct hvrv_phys_config config = {.ops = &phys_ops};
    struct hvrv_walk_regime regime = {.g_mode = 8, .g_ad = HVRV_WALK_AD_UPDATE};

    memset(ram, 0, sizeof(ram));
    memset(tables, 0, sizeof(tables));
    tables[RAM >> 30] = LEVEL_1 >> 12 << 10 | 1;
    tables[(LEVEL_1 - TABLES) / 8] = LEVEL_0 >> 12 << 10 | 1;
    for (unsigned i = 0; i < PAGES; i++)
        tables[(LEVEL_0 - TABLES) / 8 + i] = leaf(i);
    regime.g_root.v = ROOT;
    assert_int_equal(hvrv_phys_init(&w.phys, &config), HVRV_OK);
    assert_int_equal(hvrv_walk_init(&w.walk, &regime, &w.phys), HVRV_OK);
}

static void kick(void *context, uint32_t hart)
{
    assert_ptr_equal(context, &w);
    assert_true(hart < HARTS);
    w.kicks[hart]++;
}

static bool fence(void *context, const struct hvrv_sbi_fence *request)
{
    assert_ptr_equal(context, &w);
    w.fences++;
    w.fence = *request;
    return !w.fence_fails;
}

static void start(void *context, uint32_t hart)
{
    assert_ptr_equal(context, &w);
    assert_true(hart < HARTS);
    assert_int_equal(w.harts[hart].state, START_PENDING);
    w.starts[hart]++;
}

static enum hvrv_sbi_error reset(void *context, const struct hvrv_sbi_reset *request)
{
    assert_ptr_equal(context, &w);
    w.resets++;
    w.reset = *request;
    return w.answer;
}

static enum hvrv_sbi_error suspend(void *context, uint32_t type)
{
    assert_ptr_equal(context, &w);
    w.suspends++;
    w.sleep = type;
    return w.answer;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static enum hvrv_sbi_error console_write(void *context, struct hvrv_sbi_bytes *bytes)
{
    assert_ptr_equal(context, &w);
    assert_true(bytes->count != 0 && bytes->done == 0);
    w.console_calls++;
    bytes->done = smaller(bytes->count, w.out_room - w.out_count);
    memcpy(&w.out[w.out_count], bytes->bytes, bytes->done);
    w.out_count += bytes->done;
    return w.answer;
}

static enum hvrv_sbi_error console_read(void *context, struct hvrv_sbi_bytes *bytes)
{
    assert_ptr_equal(context, &w);
    assert_true(bytes->count != 0 && bytes->done == 0);
    w.console_calls++;
    bytes->done = smaller(bytes->count, w.in_count - w.in_next);
    memcpy(bytes->bytes, &w.in[w.in_next], bytes->done);
    w.in_next += bytes->done;
    return w.answer;
}

void sbi_world_init(void)
{
    assert_int_equal(hvrv_sbi_init(&w.sbi, &w.config), HVRV_OK);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, w.config.boot), HVRV_OK);
}

int sbi_world_build(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    w.first = UINT64_MAX;
    w.out_room = CONSOLE;
    build_memory();
    model_hart_init(&w.model);
    w.probe = (struct hvrv_probe){
        .hgatp_modes = 0x701, .vsatp_modes = 0x701, .vmidlen = 14, .henvcfg = true, .sstc = true};
    assert_int_equal(hvrv_bind_init(&w.bind, &w.model.hart, &w.probe, 0), HVRV_OK);
    assert_int_equal(
        hvrv_vm_init(&w.vm, UINT64_C(8) << 60 | UINT64_C(1) << 44 | ROOT >> 12, &w.slot, 1), 0);
    for (unsigned i = 0; i < HARTS; i++) {
        assert_int_equal(hvrv_vhart_init(&w.vharts[i], &w.vm), HVRV_OK);
        w.vharts[i].csr.henvcfg &= UINT64_MAX >> 1; /* a timer of software */
        w.harts[i].vhart = &w.vharts[i];
        w.harts[i].id = ids[i];
    }
    w.ops = (struct hvrv_sbi_ops){kick, fence, start, reset, suspend, console_write, console_read};
    w.config.harts = w.harts;
    w.config.hart_count = HARTS;
    w.config.ops = &w.ops;
    w.config.context = &w;
    w.config.walk = &w.walk;
    sbi_world_init();
    return 0;
}

void sbi_world_load(unsigned hart)
{
    assert_int_equal(hvrv_bind_load(&w.bind, &w.vharts[hart]), HVRV_OK);
}

static uint8_t *byte_at(uint64_t gpa)
{
    assert_true(gpa >= RAM && gpa < RAM_END);
    return (uint8_t *)ram + (gpa - RAM);
}

uint64_t sbi_world_peek(uint64_t gpa)
{
    uint64_t value;

    sbi_world_take(gpa, &value, sizeof(value));
    return value;
}

void sbi_world_fill(uint64_t gpa, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        *byte_at(gpa + i) = ((const uint8_t *)bytes)[i];
}

void sbi_world_take(uint64_t gpa, void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ((uint8_t *)bytes)[i] = *byte_at(gpa + i);
}

static void set_registers(struct hvrv_vhart *vhart, const struct question *question)
{
    for (unsigned i = 1; i < 32; i++)
        vhart->gpr[i] = PATTERN + i;
    for (unsigned i = 0; i < 6; i++)
        vhart->gpr[10 + i] = question->a[i];
    vhart->gpr[16] = question->fid;
    vhart->gpr[17] = question->eid;
    vhart->sepc = PC;
}

struct answer sbi_world_ask(const struct question *question)
{
    struct hvrv_vhart *vhart = &w.vharts[question->hart];
    struct answer answer = {0};
    uint64_t before[32];

    set_registers(vhart, question);
    memcpy(before, vhart->gpr, sizeof(before));
    answer.action = HVRV_SBI_SUSPEND;
    assert_int_equal(hvrv_sbi_serve(&w.sbi, question->hart, &answer.action), HVRV_OK);
    for (unsigned i = 0; i < 32; i++) {
        if (i != 10 && (i != 11 || question->eid < 16))
            assert_int_equal(vhart->gpr[i], before[i]);
    }
    answer.error = (int64_t)vhart->gpr[10];
    answer.value = vhart->gpr[11];
    answer.pc = vhart->sepc;
    answer.is_answered = vhart->sepc == PC + 4;
    return answer;
}

uint64_t sbi_world_state(uint64_t id)
{
    struct answer answer = ASK(0, HSM, 2, id);

    assert_int_equal(answer.error, SUCCESS);
    return answer.value;
}
