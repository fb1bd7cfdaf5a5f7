/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's memory as its hypervisor reads and writes it, byte for byte beside a shadow of it; and
 * the instruction that trapped.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/guest.h>

#include <model/hart.h>
#include <model/memory.h>
#include <model/tables.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SEED          UINT64_C(0x6775657374)

/* Instructions -------------------------------------------------------------------------- */

#define PC      UINT64_C(0xffffffff80201000)
#define LW      UINT32_C(0x0007a503)
#define C_LW    UINT32_C(0x4388)
#define STVEC   UINT64_C(0xffffffff80001000)
#define SSTATUS UINT64_C(0x200000122)
#define HSTATUS UINT64_C(0x200000180)

static struct model_hart model;

static struct code {
    uint64_t at;
    uint8_t bytes[8];
    uint64_t cause, from; /* the trap of HLVX at and above this address; 0: none */
} code;

static bool read_code(void *context, const struct model_access *access, uint64_t *value,
                      struct hvrv_hart_trap *trap)
{
    (void)context;
    if (code.cause && access->a >= code.from) {
        /* An address that is not the fetch's: pointer masking, or none at all. */
        *trap = (struct hvrv_hart_trap){code.cause, 0x77, 0x123, 0x3000, true};
        return false;
    }
    assert_true(access->a >= code.at && access->a + access->what <= code.at + sizeof code.bytes);
    *value = 0;
    memcpy(value, code.bytes + (access->a - code.at), access->what);
    return true;
}

static int build_hart(void **state)
{
    (void)state;
    code = (struct code){.at = PC};
    model_hart_init(&model);
    model.guest_access = read_code;
    model_poke(&model, HVRV_CSR_STVEC, STVEC);
    model_poke(&model, HVRV_CSR_SSTATUS, SSTATUS);
    model_poke(&model, HVRV_CSR_HSTATUS, HSTATUS);
    return 0;
}

/* A trap of HLVX leaves no trace where it matters. */
static int check_hart(void **state)
{
    (void)state;
    assert_true(model_peek(&model, HVRV_CSR_STVEC) == STVEC);
    assert_true(model_peek(&model, HVRV_CSR_SSTATUS) == SSTATUS);
    assert_true(model_peek(&model, HVRV_CSR_HSTATUS) == HSTATUS);
    return model_hart_complaint(&model) ? -1 : 0;
}

static void put_code(uint64_t at, uint32_t bits, unsigned size)
{
    memset(code.bytes, 0xff, sizeof code.bytes);
    memcpy(code.bytes + (at - PC), &bits, size);
}

static struct hvrv_guest_fetched fetch(uint64_t pc)
{
    struct hvrv_guest_fetched fetched;

    memset(&fetched, 0xa5, sizeof fetched);
    assert_int_equal(hvrv_guest_fetch(&model.hart, hvrv_gva_make(pc), &fetched), HVRV_OK);
    return fetched;
}

static void check_fetched(uint64_t pc, uint32_t bits, unsigned length)
{
    struct hvrv_guest_fetched fetched = fetch(pc);

    assert_int_equal(fetched.outcome, HVRV_GUEST_DONE);
    assert_int_equal(fetched.bits, bits);
    assert_int_equal(fetched.length, length);
}

static void a_multiple_of_four_is_fetched_by_one_hlvx_wu(void **state)
{
    (void)state;
    put_code(PC, LW, 4);
    check_fetched(PC, LW, 4);
    assert_true(MODEL_LOG_IS(&model, {MODEL_HLVX, 4, PC, 0}));
    put_code(PC, C_LW, 2);
    check_fetched(PC, C_LW, 2);
    assert_true(MODEL_LOG_IS(&model, {MODEL_HLVX, 4, PC, 0}));
}

static void what_begins_in_the_middle_is_fetched_by_halves(void **state)
{
    (void)state;
    put_code(PC + 2, LW, 4);
    check_fetched(PC + 2, LW, 4);
    assert_true(MODEL_LOG_IS(&model, {MODEL_HLVX, 2, PC + 2, 0}, {MODEL_HLVX, 2, PC + 4, 0}));
}

/* What follows may be another page's, which the guest did not touch. */
static void behind_a_compressed_instruction_nothing_is_read(void **state)
{
    (void)state;
    put_code(PC + 2, C_LW, 2);
    code.cause = 13;
    code.from = PC + 4;
    check_fetched(PC + 2, C_LW, 2);
    assert_true(MODEL_LOG_IS(&model, {MODEL_HLVX, 2, PC + 2, 0}));
}

static void check_fault(uint64_t pc, uint64_t cause, uint64_t stval)
{
    struct hvrv_guest_fetched fetched = fetch(pc);

    assert_int_equal(fetched.outcome, HVRV_GUEST_FAULT);
    assert_int_equal(fetched.exception.cause, cause);
    assert_true(fetched.exception.stval == stval);
    assert_int_equal(fetched.bits, 0);
    assert_int_equal(fetched.length, 0);
}

/* norm:hlsv_u_op: HLVX raises what a load would. */
static void a_load_fault_of_hlvx_is_a_fetch_fault(void **state)
{
    (void)state;
    put_code(PC + 2, LW, 4);
    code.cause = 13;
    check_fault(PC, 12, PC);
    check_fault(PC + 2, 12, PC + 2);
    code.cause = 5;
    check_fault(PC, 1, PC);
    check_fault(PC + 2, 1, PC + 2);
}

static void the_second_half_faults_at_its_own_address(void **state)
{
    (void)state;
    put_code(PC + 2, LW, 4);
    code.from = PC + 4;
    code.cause = 13;
    check_fault(PC + 2, 12, PC + 4);
    code.cause = 5;
    check_fault(PC + 2, 1, PC + 4);
}

static void a_guest_page_fault_of_hlvx_is_a_retry(void **state)
{
    (void)state;
    put_code(PC + 2, LW, 4);
    code.cause = 21;
    assert_int_equal(fetch(PC).outcome, HVRV_GUEST_RETRY);
    assert_int_equal(fetch(PC + 2).outcome, HVRV_GUEST_RETRY);
    code.from = PC + 4;
    assert_int_equal(fetch(PC + 2).outcome, HVRV_GUEST_RETRY);
    assert_int_equal(fetch(PC + 2).bits, 0);
}

static void no_fetch_of_an_odd_address_or_of_null(void **state)
{
    struct hvrv_guest_fetched fetched = {.outcome = HVRV_GUEST_DONE, .bits = 7, .length = 4};

    (void)state;
    assert_int_equal(hvrv_guest_fetch(&model.hart, hvrv_gva_make(PC + 1), &fetched),
                     HVRV_ERR_ALIGN);
    assert_int_equal(fetched.outcome, HVRV_GUEST_RETRY);
    assert_true(fetched.bits == 0 && fetched.length == 0);
    fetched.bits = 7;
    assert_int_equal(hvrv_guest_fetch(NULL, hvrv_gva_make(PC), &fetched), HVRV_ERR_NULL);
    assert_int_equal(fetched.bits, 0);
    assert_int_equal(hvrv_guest_fetch(&model.hart, hvrv_gva_make(PC), NULL), HVRV_ERR_NULL);
    assert_int_equal(model.log_length, 0);
}

/* Memory ---------------------------------------------------------------------------------- */

/*
 * Eight pages in a row, of which no neighbours are neighbours in memory; the sixth is a hole in
 * both stages, the seventh may not be written in the G-stage. In the VS-stage the eighth is the
 * user's.
 */
#define BASE   UINT64_C(0x80000000)
#define SIZE   UINT64_C(0x100000)
#define TABLES UINT64_C(0x200000000) /* GPA of memory's first byte, for the VS-stage's tables */
#define GPA    UINT64_C(0x40000000)
#define GVA    UINT64_C(0x3fc0000000)
#define PAGES  8
#define HOLE   5
#define FIXED  6
#define USERS  7

#define G_OPEN UINT64_C(0xdf) /* V R W X U A D */
#define KERNEL UINT64_C(0xcf) /* V R W X A D */
#define A      UINT64_C(0x40)
#define D      UINT64_C(0x80)
#define W      UINT64_C(0x04)

static uint64_t words[SIZE / 8];

static struct world {
    struct model_memory memory;
    struct hvrv_walk_regime regime;
    struct hvrv_phys phys;
    struct hvrv_walk walk;
    uint64_t page[PAGES]; /* HPA */
    uint64_t g_slot[PAGES], vs_slot[PAGES];
    uint8_t shadow[PAGES * 4096];
} w;

static uint64_t seed;

static uint64_t draw(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint8_t *byte_at(unsigned offset)
{
    uint64_t hpa = w.page[offset / 4096] + offset % 4096;

    return (uint8_t *)words + (hpa - BASE);
}

static void map_tables(uint64_t g_root)
{
    for (uint64_t offset = 0; offset < SIZE; offset += 4096) {
        uint64_t slot = model_table_slot(&w.memory, g_root, 0, TABLES + offset, 0);
        model_table_put(&w.memory, slot, BASE + offset, G_OPEN);
    }
}

static void map_pages(uint64_t g_root, uint64_t vs_root)
{
    for (unsigned i = PAGES; i-- > 0;)
        w.page[i] = model_memory_take(&w.memory, 4096);
    for (unsigned i = 0; i < PAGES; i++) {
        w.g_slot[i] = model_table_slot(&w.memory, g_root, 0, GPA + i * 4096, 0);
        w.vs_slot[i] = model_table_slot(&w.memory, vs_root, BASE - TABLES, GVA + i * 4096, 0);
        if (i == HOLE)
            continue;
        model_table_put(&w.memory, w.g_slot[i], w.page[i], i == FIXED ? G_OPEN & ~W : G_OPEN);
        model_table_put(&w.memory, w.vs_slot[i], GPA + i * 4096,
                        i == USERS ? KERNEL | 0x10 : KERNEL);
    }
}

static void prepare(bool is_direct)
{
    w.phys = is_direct ? model_memory_by_window(&w.memory) : model_memory_by_port(&w.memory);
    assert_int_equal(hvrv_walk_init(&w.walk, &w.regime, &w.phys), HVRV_OK);
}

static int build_memory(void **state)
{
    (void)state;
    memset(&w, 0, sizeof w);
    seed = SEED;
    model_memory_init(&w.memory, words, BASE, SIZE);
    uint64_t g_root = model_memory_take(&w.memory, 16384);
    uint64_t vs_root = model_memory_take(&w.memory, 4096);
    map_tables(g_root);
    map_pages(g_root, vs_root);
    w.regime = (struct hvrv_walk_regime){
        .vs_root = {vs_root - BASE + TABLES}, .g_root = {g_root}, .vs_mode = 8, .g_mode = 8};
    for (unsigned i = 0; i < sizeof w.shadow; i++)
        *byte_at(i) = w.shadow[i] = (uint8_t)draw();
    prepare(true);
    return 0;
}

static void memory_is_as_its_shadow(void)
{
    for (unsigned page = 0; page < PAGES; page++)
        assert_memory_equal(byte_at(page * 4096), w.shadow + page * 4096, 4096);
}

static struct hvrv_guest_copy copy_of(uint64_t address, void *buffer, size_t size)
{
    return (struct hvrv_guest_copy){.address = address,
                                    .buffer = buffer,
                                    .size = size,
                                    .privilege = HVRV_WALK_VS,
                                    .done = 12345,
                                    .faulted = true};
}

static enum hvrv_status read_or_write(bool is_write, bool is_gva, struct hvrv_guest_copy *copy)
{
    if (is_write)
        return is_gva ? hvrv_guest_write_gva(&w.walk, copy) : hvrv_guest_write(&w.walk, copy);
    return is_gva ? hvrv_guest_read_gva(&w.walk, copy) : hvrv_guest_read(&w.walk, copy);
}

/* Within the pages before the hole. */
static void check_random_copy(void)
{
    static uint8_t buffer[HOLE * 4096 + 16], expected[sizeof buffer];
    unsigned size = (unsigned)(draw() % 4 ? draw() % 40 : draw() % (HOLE * 4096));
    unsigned first = (unsigned)(draw() % (HOLE * 4096 - size + 1));
    unsigned slack = (unsigned)(draw() % 8);
    bool is_write = draw() % 2, is_gva = draw() % 2;
    struct hvrv_guest_copy copy = copy_of((is_gva ? GVA : GPA) + first, buffer + slack, size);

    for (unsigned i = 0; i < sizeof buffer; i++)
        buffer[i] = expected[i] = (uint8_t)draw();
    if (is_write)
        memcpy(w.shadow + first, buffer + slack, size);
    else
        memcpy(expected + slack, w.shadow + first, size);
    assert_int_equal(read_or_write(is_write, is_gva, &copy), HVRV_OK);
    assert_false(copy.faulted);
    assert_int_equal(copy.done, size);
    assert_memory_equal(buffer, expected, sizeof buffer);
    memory_is_as_its_shadow();
}

static void copies_move_the_bytes_and_no_others(void **state)
{
    (void)state;
    printf("seed 0x%" PRIx64 "\n", SEED);
    for (unsigned i = 0; i < 600; i++) {
        prepare(i % 2);
        check_random_copy();
    }
}

/* What goes into a hole at @p page, from 20 bytes before it. */
static struct hvrv_guest_copy check_partial(unsigned page, bool is_write, bool is_gva)
{
    uint8_t buffer[100];
    unsigned first = page * 4096 - 20;
    struct hvrv_guest_copy copy = copy_of((is_gva ? GVA : GPA) + first, buffer, sizeof buffer);

    memset(buffer, 0x5a, sizeof buffer);
    assert_int_equal(read_or_write(is_write, is_gva, &copy), HVRV_OK);
    assert_true(copy.faulted);
    assert_int_equal(copy.done, 20);
    if (is_write)
        memset(w.shadow + first, 0x5a, 20);
    else
        assert_memory_equal(buffer, w.shadow + first, 20);
    for (unsigned i = 20; i < sizeof buffer; i++)
        assert_int_equal(buffer[i], 0x5a);
    memory_is_as_its_shadow();
    return copy;
}

/* norm:H_guest_page_fault */
static void a_hole_ends_a_copy_and_done_says_where(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        prepare(i / 2);
        struct hvrv_guest_copy copy = check_partial(HOLE, i % 2, false);
        assert_int_equal(copy.fault.cause, i % 2 ? 23 : 21);
        assert_true(copy.fault.stval == GPA + HOLE * 4096);
        assert_true(copy.fault.htval == (GPA + HOLE * 4096) >> 2);
        copy = check_partial(HOLE, i % 2, true);
        assert_int_equal(copy.fault.cause, i % 2 ? 15 : 13);
        assert_true(copy.fault.stval == GVA + HOLE * 4096);
        assert_true(copy.fault.htval == 0);
    }
}

static void a_copy_that_begins_in_a_hole_moves_nothing(void **state)
{
    uint8_t byte = 7;

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct hvrv_guest_copy copy = copy_of((i / 2 ? GVA : GPA) + HOLE * 4096 + 4095, &byte, 1);
        assert_int_equal(read_or_write(i % 2, i / 2, &copy), HVRV_OK);
        assert_true(copy.faulted && copy.done == 0 && byte == 7);
        assert_true(copy.fault.stval == copy.address);
    }
    memory_is_as_its_shadow();
}

static void a_write_ends_at_a_page_that_may_only_be_read(void **state)
{
    uint8_t buffer[8] = {0};
    struct hvrv_guest_copy copy = copy_of(GPA + FIXED * 4096, buffer, 8);

    (void)state;
    assert_int_equal(hvrv_guest_read(&w.walk, &copy), HVRV_OK);
    assert_false(copy.faulted);
    assert_int_equal(hvrv_guest_write(&w.walk, &copy), HVRV_OK);
    assert_true(copy.faulted && copy.done == 0);
    assert_int_equal(copy.fault.cause, 23);
    assert_int_equal(copy.fault.reason, HVRV_REASON_NOT_WRITABLE);
    /* By its GVA it is the same: a guest-page fault, with both addresses. */
    copy.address = GVA + FIXED * 4096 + 3;
    assert_int_equal(hvrv_guest_write_gva(&w.walk, &copy), HVRV_OK);
    assert_int_equal(copy.fault.cause, 23);
    assert_true(copy.fault.stval == GVA + FIXED * 4096 + 3 && copy.fault.gva);
    assert_true(copy.fault.htval == (GPA + FIXED * 4096 + 3) >> 2);
    memory_is_as_its_shadow();
}

static void privilege_counts_for_a_gva(void **state)
{
    uint8_t byte = 0;
    struct hvrv_guest_copy copy = copy_of(GVA + USERS * 4096, &byte, 1);

    (void)state;
    assert_int_equal(hvrv_guest_read_gva(&w.walk, &copy), HVRV_OK);
    assert_true(copy.faulted && copy.fault.reason == HVRV_REASON_SUM);
    copy.privilege = HVRV_WALK_VU;
    assert_int_equal(hvrv_guest_read_gva(&w.walk, &copy), HVRV_OK);
    assert_false(copy.faulted);
    copy.address = GVA;
    assert_int_equal(hvrv_guest_write_gva(&w.walk, &copy), HVRV_OK);
    assert_true(copy.faulted && copy.fault.reason == HVRV_REASON_USER && copy.fault.cause == 15);
    w.regime.vs_sum = true;
    prepare(false);
    copy.address = GVA + USERS * 4096;
    copy.privilege = HVRV_WALK_VS;
    assert_int_equal(hvrv_guest_write_gva(&w.walk, &copy), HVRV_OK);
    assert_false(copy.faulted);
}

static uint64_t bits_at(uint64_t slot)
{
    return model_memory_read(&w.memory, slot) & (A | D);
}

static void accessed_and_dirty_follow_the_policy_of_the_walk(void **state)
{
    uint8_t byte = 0;
    struct hvrv_guest_copy copy = copy_of(GVA, &byte, 1);

    (void)state;
    model_table_put(&w.memory, w.g_slot[0], w.page[0], G_OPEN & ~(A | D));
    model_table_put(&w.memory, w.vs_slot[0], GPA, KERNEL & ~(A | D));
    assert_int_equal(hvrv_guest_read_gva(&w.walk, &copy), HVRV_OK);
    assert_true(copy.faulted && copy.fault.reason == HVRV_REASON_ACCESSED);
    w.regime.vs_ad = w.regime.g_ad = HVRV_WALK_AD_IGNORE;
    prepare(true);
    assert_int_equal(hvrv_guest_write_gva(&w.walk, &copy), HVRV_OK);
    assert_false(copy.faulted);
    assert_true(bits_at(w.g_slot[0]) == 0 && bits_at(w.vs_slot[0]) == 0);
    w.regime.vs_ad = w.regime.g_ad = HVRV_WALK_AD_UPDATE;
    prepare(true);
    assert_int_equal(hvrv_guest_read_gva(&w.walk, &copy), HVRV_OK);
    assert_true(bits_at(w.g_slot[0]) == A && bits_at(w.vs_slot[0]) == A);
    assert_int_equal(hvrv_guest_write_gva(&w.walk, &copy), HVRV_OK);
    assert_true(bits_at(w.g_slot[0]) == (A | D) && bits_at(w.vs_slot[0]) == (A | D));
}

/* norm:hgatp_mode_sv39x4: 41 bits. */
static void an_address_beyond_the_width_faults(void **state)
{
    uint8_t byte = 0;
    struct hvrv_guest_copy copy = copy_of(UINT64_C(1) << 41 | GPA, &byte, 1);

    (void)state;
    for (unsigned shift = 41; shift < 64; shift++) {
        copy.address = UINT64_C(1) << shift | GPA;
        assert_int_equal(hvrv_guest_read(&w.walk, &copy), HVRV_OK);
        assert_true(copy.faulted && copy.fault.cause == 21);
        assert_int_equal(copy.fault.reason, HVRV_REASON_TOO_WIDE);
    }
    copy.address = UINT64_C(1) << 39 | GVA;
    assert_int_equal(hvrv_guest_read_gva(&w.walk, &copy), HVRV_OK);
    assert_int_equal(copy.fault.reason, HVRV_REASON_NOT_CANONICAL);
}

static void a_range_that_wraps_is_refused(void **state)
{
    uint8_t buffer[16] = {0};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct hvrv_guest_copy copy = copy_of(UINT64_MAX - 14, buffer, 16);
        assert_int_equal(read_or_write(i % 2, i / 2, &copy), HVRV_ERR_RANGE);
        assert_true(copy.done == 0 && !copy.faulted);
        copy.address = GPA;
        copy.size = SIZE_MAX;
        if (sizeof(size_t) == 8) {
            assert_int_equal(read_or_write(i % 2, i / 2, &copy), HVRV_ERR_RANGE);
        }
        /* The last byte of all is no wrap. */
        copy = copy_of(UINT64_MAX - 15, buffer, 16);
        assert_int_equal(read_or_write(i % 2, i / 2, &copy), HVRV_OK);
        assert_true(copy.faulted && copy.done == 0);
    }
}

static void input_that_makes_no_sense_is_refused(void **state)
{
    uint8_t byte = 7;
    struct hvrv_walk none = {0};
    struct hvrv_guest_copy copy = copy_of(GPA, NULL, 1);

    (void)state;
    assert_int_equal(hvrv_guest_read(&w.walk, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_guest_read(&w.walk, &copy), HVRV_ERR_NULL);
    assert_true(copy.done == 0 && !copy.faulted);
    copy.buffer = &byte;
    assert_int_equal(hvrv_guest_write(NULL, &copy), HVRV_ERR_NULL);
    assert_int_equal(hvrv_guest_read(&none, &copy), HVRV_ERR_STATE);
    copy.privilege = (enum hvrv_walk_privilege)2;
    assert_int_equal(hvrv_guest_read_gva(&w.walk, &copy), HVRV_ERR_ARGUMENT);
    assert_int_equal(byte, 7);
    copy = copy_of(UINT64_MAX, NULL, 0);
    assert_int_equal(hvrv_guest_read(&w.walk, &copy), HVRV_OK);
    assert_true(copy.done == 0 && !copy.faulted);
    memory_is_as_its_shadow();
}

static void memory_that_the_port_refuses_ends_a_copy_by_a_status(void **state)
{
    uint8_t buffer[64] = {0};
    struct hvrv_guest_copy copy = copy_of(GPA + 3, buffer, sizeof buffer);

    (void)state;
    prepare(false);
    w.memory.refused_word = w.page[0] + 24;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(read_or_write(i, false, &copy), HVRV_ERR_ACCESS);
        assert_int_equal(copy.done, 21);
        assert_false(copy.faulted);
    }
    /* A table that is refused is an access fault, as everywhere. */
    w.memory.refused_word = w.g_slot[0];
    assert_int_equal(hvrv_guest_read(&w.walk, &copy), HVRV_OK);
    assert_true(copy.faulted && copy.fault.cause == 5);
}

/* A port behind which another hart writes to the neighbouring byte before every swap. */
static struct {
    struct hvrv_phys_ops ops;
    const struct hvrv_phys_ops *inner;
    unsigned times, swaps;
} busy;

static bool busy_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    uint64_t *word = model_memory_word(&w.memory, hpa.v);

    busy.swaps++;
    if (busy.swaps <= busy.times)
        *word += UINT64_C(0x100);
    return busy.inner->compare_and_swap(context, hpa, expected, desired);
}

static void make_busy(unsigned times)
{
    prepare(false);
    busy.inner = w.phys.ops;
    busy.ops = *busy.inner;
    busy.ops.compare_and_swap = busy_swap;
    busy.times = times;
    busy.swaps = 0;
    w.phys.ops = &busy.ops;
}

static void a_neighbour_that_another_hart_writes_is_not_lost(void **state)
{
    uint8_t byte = 0xee;
    struct hvrv_guest_copy copy = copy_of(GPA + 8, &byte, 1);

    (void)state;
    make_busy(3);
    *byte_at(9) = w.shadow[9] = 5;
    assert_int_equal(hvrv_guest_write(&w.walk, &copy), HVRV_OK);
    assert_int_equal(copy.done, 1);
    assert_int_equal(busy.swaps, 4);
    w.shadow[8] = 0xee;
    w.shadow[9] = 8;
    memory_is_as_its_shadow();
}

static void a_write_gives_up_where_others_never_stop(void **state)
{
    uint8_t byte = 0xee;
    struct hvrv_guest_copy copy = copy_of(GPA + 8, &byte, 1);

    (void)state;
    make_busy(UINT32_MAX);
    assert_int_equal(hvrv_guest_write(&w.walk, &copy), HVRV_ERR_RACE);
    assert_int_equal(copy.done, 0);
    assert_in_range(busy.swaps, 16, 1000);
    assert_int_equal(*byte_at(8), w.shadow[8]);
}

/* Eight aligned bytes are one access: a device tree's word, a ring's index. */
static void whole_words_are_moved_by_one_access_each(void **state)
{
    uint64_t value = UINT64_C(0x1122334455667788);
    struct hvrv_guest_copy copy = copy_of(GPA + 64, &value, 8);

    (void)state;
    make_busy(UINT32_MAX);
    assert_int_equal(hvrv_guest_write(&w.walk, &copy), HVRV_OK);
    assert_int_equal(busy.swaps, 0);
    assert_true(*model_memory_word(&w.memory, w.page[0] + 64) == value);
}

int main(void)
{
#define FETCH(test)  cmocka_unit_test_setup_teardown(test, build_hart, check_hart)
#define MEMORY(test) cmocka_unit_test_setup(test, build_memory)
    const struct CMUnitTest tests[] = {
        FETCH(a_multiple_of_four_is_fetched_by_one_hlvx_wu),
        FETCH(what_begins_in_the_middle_is_fetched_by_halves),
        FETCH(behind_a_compressed_instruction_nothing_is_read),
        FETCH(a_load_fault_of_hlvx_is_a_fetch_fault),
        FETCH(the_second_half_faults_at_its_own_address),
        FETCH(a_guest_page_fault_of_hlvx_is_a_retry),
        FETCH(no_fetch_of_an_odd_address_or_of_null),
        MEMORY(copies_move_the_bytes_and_no_others),
        MEMORY(a_hole_ends_a_copy_and_done_says_where),
        MEMORY(a_copy_that_begins_in_a_hole_moves_nothing),
        MEMORY(a_write_ends_at_a_page_that_may_only_be_read),
        MEMORY(privilege_counts_for_a_gva),
        MEMORY(accessed_and_dirty_follow_the_policy_of_the_walk),
        MEMORY(an_address_beyond_the_width_faults),
        MEMORY(a_range_that_wraps_is_refused),
        MEMORY(input_that_makes_no_sense_is_refused),
        MEMORY(memory_that_the_port_refuses_ends_a_copy_by_a_status),
        MEMORY(a_neighbour_that_another_hart_writes_is_not_lost),
        MEMORY(a_write_gives_up_where_others_never_stop),
        MEMORY(whole_words_are_moved_by_one_access_each),
    };
    return cmocka_run_group_tests_name("vhart/guest", tests, NULL, NULL);
}
