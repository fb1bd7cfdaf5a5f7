/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TVM asks of its TSM, and may not. */
#include "cove_world.h"

#define TOP   (UINT64_MAX - 0xfff)
#define BUF   (GPA + 0x8000)  /* a page of the TVM's */
#define BUF2  (GPA + 0x9000)  /* another */
#define HOLE  (GPA + 0x20000) /* in its memory, and not there */
#define AWAY  (GPA - 0x10000) /* in no region */
#define SHARE (GPA + 0xa000)  /* a shared page */

static uint64_t id;

static struct hvrv_vhart *running(void)
{
    return &w.harts[0].running->vhart;
}

/* A TVM with two pages for buffers, and a shared page; it runs on hart 0. */
static int setup_buffers(void **state)
{
    cove_setup(state);
    cove_convert(AT_FREE, 64);
    id = cove_build(AT_FREE);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 40), 0, 2, BUF), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, SHARE, 0x1000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 13, id, PAGE(AT_HOST), 0, 1, SHARE), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    return 0;
}

static uint8_t *buffer(void)
{
    return cove_memory(PAGE(AT_FREE + 40));
}

/* A call that the TSM answers by itself; the TVM's a0. */
static int64_t ask(uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2)
{
    uint64_t pc = running()->sepc;

    ECALL(0, a0, a1, a2, 0, 0, 0, function, COVG);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(running()->sepc, pc + 4);
    assert_int_equal(running()->gpr[11], 0);
    return (int64_t)running()->gpr[10];
}

/* One that the host hears of; it is run again. */
static int64_t tell(uint64_t function, uint64_t a0, uint64_t a1)
{
    ECALL(0, a0, a1, 0, 0, 0, 0, function, COVG);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(w.reply.scause, 10);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    return (int64_t)running()->gpr[10];
}

static void unknown_functions_are_not_supported(void **state)
{
    (void)state;
    assert_int_equal(ask(11, 0, 0, 0), NOT_SUPPORTED);
    assert_int_equal(ask(1024, 0, 0, 0), NOT_SUPPORTED);
    assert_int_equal(ask(1 << 16, 0, 0, 0), NOT_SUPPORTED);
    assert_int_equal(ask(9, BUF, 64, 0), NOT_SUPPORTED);
}

static void devices_are_made_where_nothing_is(void **state)
{
    static const struct {
        uint64_t gpa, size;
        int64_t error;
    } rows[] = {
        {AWAY + 8, 7, INVALID_ADDRESS},
        {AWAY, 0, INVALID_PARAM},
        {AWAY, 0x1800, INVALID_PARAM},
        {TOP, 0x2000, INVALID_ADDRESS},
        {UINT64_C(1) << 41, 0x1000, INVALID_ADDRESS},
        {GPA, 0x1000, INVALID_ADDRESS},
        {SHARE, 0x1000, INVALID_ADDRESS},
        {GPA - 0x1000, 0x2000, INVALID_ADDRESS},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(ask(0, rows[i].gpa, rows[i].size, 0), rows[i].error);
    assert_int_equal(tell(0, AWAY, 0x2000), SUCCESS);
    assert_int_equal(ask(0, AWAY + 0x1000, 0x1000, 0), INVALID_ADDRESS);
    assert_int_equal(ask(1, GPA, 0x1000, 0), INVALID_ADDRESS);
    assert_int_equal(ask(1, AWAY + 1, 0x1000, 0), INVALID_ADDRESS);
    assert_int_equal(tell(1, AWAY, 0x1000), SUCCESS);
    assert_int_equal(ask(1, AWAY, 0x1000, 0), INVALID_ADDRESS);
}

static void a_device_is_removed_and_its_neighbour_stays(void **state)
{
    (void)state;
    assert_int_equal(tell(0, AWAY, 0x2000), SUCCESS);
    assert_int_equal(tell(0, AWAY + 0x2000, 0x1000), SUCCESS);
    assert_int_equal(tell(0, AWAY - 0x1000, 0x1000), SUCCESS);
    assert_int_equal(tell(1, AWAY + 0x1000, 0x1000), SUCCESS); /* all of the first */
    assert_int_equal(ask(1, AWAY, 0x2000, 0), INVALID_ADDRESS);
    assert_int_equal(tell(1, AWAY + 0x2000, 0x1000), SUCCESS);
    assert_int_equal(tell(1, AWAY - 0x1000, 0x1000), SUCCESS);
}

static void devices_end_when_the_list_of_regions_is_full(void **state)
{
    (void)state;
    /* There are three: before the shared page, it, and behind it. */
    for (uint64_t i = 0; i < 29; i++)
        assert_int_equal(tell(0, AWAY - i * 0x2000, 0x1000), SUCCESS);
    assert_int_equal(ask(0, AWAY - 29 * 0x2000, 0x1000, 0), FAILED);
    assert_int_equal(ask(2, GPA + 0x40000, 0x1000, 0), FAILED);
}

static void only_confidential_memory_is_shared(void **state)
{
    (void)state;
    assert_int_equal(ask(2, HOLE + 8, 0x1000, 0), INVALID_ADDRESS);
    assert_int_equal(ask(2, HOLE, 0, 0), INVALID_PARAM);
    assert_int_equal(ask(2, TOP, 0x2000, 0), INVALID_ADDRESS);
    assert_int_equal(ask(2, AWAY, 0x1000, 0), INVALID_PARAM);
    assert_int_equal(ask(2, SHARE, 0x1000, 0), INVALID_PARAM);
    assert_int_equal(ask(2, SHARE - 0x1000, 0x2000, 0), INVALID_PARAM);
    assert_int_equal(ask(3, HOLE, 0x1000, 0), INVALID_PARAM);
    assert_int_equal(tell(2, HOLE, 0x2000), SUCCESS);
    assert_int_equal(tell(3, HOLE, 0x1000), SUCCESS);
}

static void a_shared_page_goes_before_the_memory_is_confidential_again(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 1, PAGE(AT_HOST), 1), INVALID_ADDRESS);
    ECALL(0, SHARE, 0x1000, 0, 0, 0, 0, 3, COVG);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 50), 0, 1, SHARE), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 17, id, SHARE, 0x1000), SUCCESS);
    /* What the region no longer is for does not come back. */
    assert_int_equal(CALL(0, COVH, 18, id, SHARE, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 19, id, SHARE, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, id, SHARE, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    cove_fault(0, 21, SHARE);
    assert_int_equal(CALL(0, COVH, 13, id, PAGE(AT_HOST), 0, 1, SHARE), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 50), 0, 1, SHARE), SUCCESS);
    assert_int_equal(CALL(0, COVH, 1, PAGE(AT_HOST), 1), SUCCESS);
}

static void a_shared_page_is_validated_again_while_it_is_shared(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 17, id, SHARE, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 18, id, SHARE, 0x1000), SUCCESS);
}

/* A TVM without a page, of 4 MiB at GPA, that is about to run; and 2 MiB of pages for it. */
static void build_large(uint64_t tables)
{
    cove_fault(0, 21, HOLE);
    cove_convert(AT_FREE + 64, 64);
    cove_convert(512, 512);
    id = cove_create(AT_FREE + 64);
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x400000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 10, id, PAGE(AT_FREE + 80), tables), SUCCESS);
    assert_int_equal(CALL(0, COVH, 14, id, 0, PAGE(AT_FREE + 96)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
}

/* The TVM of build_large() runs with one page of 2 MiB, which takes the first table. */
static void run_large(uint64_t tables)
{
    build_large(tables);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(512), 1, 1, GPA), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
}

static void is_page(uint64_t page, enum hvrv_page_state state)
{
    assert_int_equal(hvrv_page_get(&w.map, hvrv_hpa_make(PAGE(page))).state, state);
}

/* The TVM turns a range, and waits until the host has taken away what was there. */
static void turn_and_take(uint64_t function, uint64_t gpa, uint64_t size)
{
    ECALL(0, gpa, size, 0, 0, 0, 0, function, COVG);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 17, id, gpa, size), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, id, gpa, size), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running()->gpr[10], SUCCESS);
}

/* It becomes small pages, so that the host removes what the TVM gave away, and no more. */
static void a_part_of_a_large_page_is_shared_alone(void **state)
{
    (void)state;
    run_large(2);
    turn_and_take(2, GPA + 0x5000, 0x3000);
    is_page(512 + 4, HVRV_PAGE_ZERO);
    is_page(512 + 5, HVRV_PAGE_FREE);
    is_page(512 + 7, HVRV_PAGE_FREE);
    is_page(512 + 8, HVRV_PAGE_ZERO);
    is_page(1023, HVRV_PAGE_ZERO);
    assert_int_equal(CALL(1, COVH, 17, id, GPA + 0x8000, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 16, id), SUCCESS);
    cove_fault(0, 21, GPA + 0x8000);
    assert_int_equal(CALL(1, COVH, 19, id, GPA + 0x8000, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(1, COVH, 18, id, GPA + 0x8000, 0x1000), SUCCESS);
}

static void a_large_page_that_ends_in_the_range_is_split(void **state)
{
    (void)state;
    run_large(2);
    ECALL(0, GPA + 0x1ff000, 0x2000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 17, id, GPA + 0x1ff000, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, id, GPA + 0x1ff000, 0x1000), SUCCESS);
    is_page(1022, HVRV_PAGE_ZERO);
    is_page(1023, HVRV_PAGE_FREE);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    /* What begins with it needs no table now. */
    turn_and_take(2, GPA, 0x1000);
    is_page(512, HVRV_PAGE_FREE);
    is_page(513, HVRV_PAGE_ZERO);
}

/* Else the host would remove all of it, also what the TVM did not give away. */
static void without_a_table_a_part_of_a_large_page_is_not_shared(void **state)
{
    (void)state;
    run_large(1);
    assert_int_equal(ask(2, GPA, 0x1000, 0), FAILED);
    assert_int_equal(ask(2, GPA + 0x1ff000, 0x1000, 0), FAILED);
    assert_int_equal(ask(2, GPA + 0x5000, 0x1000, 0), FAILED);
    assert_int_equal(ask(2, GPA + 0x1ff000, 0x2000, 0), FAILED);
    assert_int_equal(ask(2, GPA, 0x1ff000, 0), FAILED);
    /* It is all as it was: the host takes nothing of it away. */
    assert_int_equal(CALL(1, COVH, 17, id, GPA, 0x200000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 16, id), SUCCESS);
    cove_fault(0, 21, GPA);
    assert_int_equal(CALL(1, COVH, 19, id, GPA, 0x200000), INVALID_ADDRESS);
    assert_int_equal(CALL(1, COVH, 18, id, GPA, 0x200000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(tell(2, GPA + 0x200000, 0x1000), SUCCESS);
    /* With one it is. */
    assert_int_equal(CALL(1, COVH, 10, id, PAGE(AT_FREE + 90), 1), SUCCESS);
    turn_and_take(2, GPA + 0x5000, 0x1000);
}

/* The host had invalidated it before. */
static void a_part_of_a_blocked_large_page_is_shared_alone(void **state)
{
    (void)state;
    run_large(2);
    assert_int_equal(CALL(1, COVH, 17, id, GPA, 0x200000), SUCCESS);
    ECALL(0, GPA + 0x5000, 0x1000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(CALL(1, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(1, COVH, 19, id, GPA, 0x200000), INVALID_ADDRESS);
    assert_int_equal(CALL(1, COVH, 19, id, GPA + 0x5000, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 18, id, GPA, 0x5000), SUCCESS);
    is_page(512 + 4, HVRV_PAGE_ZERO);
    is_page(512 + 5, HVRV_PAGE_FREE);
    is_page(512 + 6, HVRV_PAGE_BLOCKED_ZERO);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
}

static void a_large_page_is_shared_as_a_whole(void **state)
{
    (void)state;
    run_large(1);
    ECALL(0, GPA, 0x201000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 17, id, GPA, 0x200000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, id, GPA, 0x200000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
}

/* The same the other way round. */
static void a_part_of_a_large_shared_page_is_unshared_alone(void **state)
{
    (void)state;
    build_large(2);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(tell(2, GPA, 0x400000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 2, PAGE(512), 512), SUCCESS);
    assert_int_equal(CALL(1, COVH, 13, id, PAGE(512), 1, 1, GPA), SUCCESS);
    turn_and_take(3, GPA + 0x1fe000, 0x1000);
    is_page(1021, HVRV_PAGE_SHARED);
    is_page(1022, HVRV_PAGE_HOST);
    is_page(1023, HVRV_PAGE_SHARED);
}

static void a_shared_page_is_not_executed(void **state)
{
    (void)state;
    cove_fault(0, 20, SHARE);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), 1);
}

static void a_page_is_shared_by_two_tvms_and_stays_the_hosts(void **state)
{
    uint64_t other;

    (void)state;
    cove_fault(0, 21, GPA + 0x40000);
    cove_convert(AT_FREE + 64, 64);
    other = cove_build(AT_FREE + 64);
    assert_int_equal(CALL(0, COVH, 15, other, 0), SUCCESS);
    ECALL(0, SHARE, 0x1000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 13, other, PAGE(AT_HOST), 0, 1, SHARE), SUCCESS);
    assert_int_equal(CALL(0, COVH, 8, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 1, PAGE(AT_HOST), 1), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 8, other), SUCCESS);
    assert_int_equal(CALL(0, COVH, 1, PAGE(AT_HOST), 1), SUCCESS);
}

static void attcaps_describe_every_register(void **state)
{
    const uint8_t *caps = buffer();

    (void)state;
    assert_int_equal(ask(6, AWAY, 0, 0), INVALID_ADDRESS);
    assert_int_equal(ask(6, HOLE, 0, 0), INVALID_ADDRESS);
    assert_int_equal(ask(6, SHARE, 0, 0), INVALID_ADDRESS);
    assert_int_equal(ask(6, BUF + 8, 0, 0), INVALID_ADDRESS);
    assert_int_equal(ask(6, BUF, 0, 0), INVALID_PARAM);
    assert_int_equal(ask(6, BUF, 336, 0), INVALID_PARAM);
    assert_int_equal(ask(6, BUF, 0x1000, 0), SUCCESS);
    assert_int_equal(caps[0], 9); /* tcb_svn */
    assert_int_equal(caps[8], 0); /* SHA-384 */
    assert_int_equal(caps[15], 0x80);
    assert_int_equal(caps[16], 1);
    assert_int_equal(caps[17], 4);
    for (unsigned i = 0; i < 26; i++) {
        assert_int_equal(caps[20 + 12 * i + 4], i >= 1 && i < 5);
        assert_int_equal(caps[20 + 12 * i + 8], i < 5 ? 0xff : 0);
    }
}

static void registers_are_read_and_only_the_tvms_own_extended(void **state)
{
    uint8_t first[48];

    (void)state;
    assert_int_equal(ask(7, HOLE, 1, 0), INVALID_ADDRESS);
    assert_int_equal(ask(7, SHARE, 48, 1), INVALID_ADDRESS);
    assert_int_equal(ask(7, BUF, 47, 1), INVALID_PARAM);
    assert_int_equal(ask(7, BUF, 64, 1), INVALID_PARAM);
    assert_int_equal(ask(7, BUF, 48, 0), INVALID_PARAM);
    assert_int_equal(ask(7, BUF, 48, 5), INVALID_PARAM);
    assert_int_equal(ask(7, BUF, 48, UINT64_MAX), INVALID_PARAM);
    assert_int_equal(ask(10, HOLE, 48, 0), INVALID_ADDRESS);
    assert_int_equal(ask(10, BUF, 47, 0), INVALID_PARAM);
    assert_int_equal(ask(10, BUF, 0x1001, 0), INVALID_PARAM);
    assert_int_equal(ask(10, BUF, 48, 5), INVALID_PARAM);
    assert_int_equal(ask(10, BUF, 48, 4), SUCCESS);
    for (unsigned i = 0; i < 48; i++)
        assert_int_equal(buffer()[i], 0);
    memset(buffer(), 1, 48);
    assert_int_equal(ask(7, BUF, 48, 4), SUCCESS);
    assert_int_equal(ask(10, BUF, 48, 4), SUCCESS);
    memcpy(first, buffer(), 48);
    memset(buffer(), 1, 48);
    assert_int_equal(ask(7, BUF, 48, 4), SUCCESS);
    assert_int_equal(ask(10, BUF, 0x1000, 4), SUCCESS);
    assert_memory_not_equal(first, buffer(), 48);
}

/* The measurement of cove_build(), step by step, by the test's own words. */
static void the_measurement_binds_code_addresses_and_entry(void **state)
{
    struct {
        uint8_t old[48];
        char tag[8];
        uint64_t a, b;
        uint8_t content[4096];
    } __attribute__((packed)) step = {{0}, "HVRVPAGE", GPA, 12, {0}};
    struct hvrv_tvm_bytes bytes = {&step, sizeof(step)};

    (void)state;
    memset(step.content, 0x5a, 4096);
    w.config.hash.hash(NULL, &bytes, 1, step.old);
    memcpy(step.tag, "HVRVHART", 8);
    step.a = step.b = 0;
    bytes.size = 72;
    w.config.hash.hash(NULL, &bytes, 1, step.old);
    memcpy(step.tag, "HVRVMAIN", 8);
    step.a = GPA;
    step.b = GPA + 0x800;
    w.config.hash.hash(NULL, &bytes, 1, step.old);
    assert_int_equal(ask(10, BUF, 48, 0), SUCCESS);
    assert_memory_equal(buffer(), step.old, 48);
}

/* get_evidence takes six arguments. */
static int64_t prove(uint64_t key, uint64_t size, uint64_t challenge, uint64_t format, uint64_t to,
                     uint64_t room)
{
    ECALL(0, key, size, challenge, format, to, room, 8, COVG);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    return (int64_t)running()->gpr[10];
}

static void evidence_has_what_the_verifier_needs(void **state)
{
    const uint64_t format = 0x80000000;
    const uint64_t room = sizeof(struct hvrv_cove_report);
    const struct hvrv_cove_report *report = cove_memory(PAGE(AT_FREE + 41));

    (void)state;
    assert_int_equal(prove(HOLE, 0, BUF, 1, BUF2, 0), INVALID_ADDRESS);
    assert_int_equal(prove(BUF, 0, HOLE, 1, BUF2, 0), INVALID_ADDRESS);
    assert_int_equal(prove(BUF, 0, BUF, 1, SHARE, 0), INVALID_ADDRESS);
    assert_int_equal(prove(BUF, 0, BUF, format, BUF2, room), INVALID_PARAM);
    assert_int_equal(prove(BUF, 0x1001, BUF, format, BUF2, room), INVALID_PARAM);
    assert_int_equal(prove(BUF, 96, BUF, 1, BUF2, room), INVALID_PARAM);
    assert_int_equal(prove(BUF, 96, BUF, format, BUF2, room - 1), INVALID_PARAM);
    assert_int_equal(prove(BUF, 96, BUF, format, BUF2, 0x1001), INVALID_PARAM);
    memset(buffer(), 0x33, 4096);
    assert_int_equal(prove(BUF, 96, BUF, format, BUF2, 0x1000), SUCCESS);
    assert_memory_equal(report->magic, "HVRVREPT", 8);
    assert_int_equal(report->tsm_impl_id, 3);
    assert_int_equal(report->tsm_version, 7);
    assert_int_equal(report->tcb_svn, 9);
    assert_int_equal(report->key_size, 96);
    assert_int_equal(report->has_identity, 0);
    assert_int_equal(report->challenge[63], 0x33);
    assert_int_equal(ask(10, BUF, 48, 0), SUCCESS);
    assert_memory_equal(report->registers[0], buffer(), 48);
    const struct hvrv_tvm_bytes key = {memset(buffer(), 0x33, 96), 96};
    uint8_t digest[48];
    w.config.hash.hash(NULL, &key, 1, digest);
    assert_memory_equal(report->key, digest, 48);
}

static bool sign(void *context, const struct hvrv_cove_report *report, uint8_t *certificate,
                 uint64_t *size)
{
    (void)context;
    if (report->challenge[0] == 0)
        return false;
    memset(certificate, 0xc5, *size);
    return true;
}

static void a_signer_makes_the_certificate(void **state)
{
    const uint64_t format = 0x80000000;
    const uint8_t *certificate = cove_memory(PAGE(AT_FREE + 41));

    (void)state;
    w.ops.sign = sign;
    assert_int_equal(prove(BUF, 96, BUF, format, BUF2, 0x1000), FAILED);
    buffer()[0] = 1;
    assert_int_equal(prove(BUF, 96, BUF, format, BUF2, 0x1000), SUCCESS);
    assert_int_equal(certificate[4095], 0xc5);
}

static void interrupts_are_allowed_by_number_or_all(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVI, 7, id, 0, 7), INVALID_PARAM);
    assert_int_equal(ask(4, 0, 0, 0), INVALID_PARAM);
    assert_int_equal(ask(4, 2048, 0, 0), INVALID_PARAM);
    assert_int_equal(ask(5, 0, 0, 0), INVALID_PARAM);
    assert_int_equal(tell(4, 7, 0), SUCCESS);
    assert_int_equal(tell(4, 2047, 0), SUCCESS);
    assert_int_equal(CALL(1, COVI, 7, id, 0, 2047), SUCCESS);
    assert_int_equal(CALL(1, COVI, 7, id, 0, 8), INVALID_PARAM);
    assert_int_equal(tell(5, 7, 0), SUCCESS);
    assert_int_equal(CALL(1, COVI, 7, id, 0, 7), INVALID_PARAM);
    assert_int_equal(tell(4, UINT64_MAX, 0), SUCCESS);
    assert_int_equal(CALL(1, COVI, 7, id, 0, 1), SUCCESS);
    assert_int_equal(CALL(1, COVI, 7, id, 0, 0), INVALID_PARAM);
    assert_int_equal(tell(5, UINT64_MAX, 0), SUCCESS);
    assert_int_equal(CALL(1, COVI, 7, id, 0, 1), INVALID_PARAM);
}

static void an_injected_interrupt_is_pending_until_it_is_allowed_again(void **state)
{
    const uint64_t vseip = 1 << 10;

    (void)state;
    assert_int_equal(tell(4, 7, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & vseip, 0);
    cove_fault(0, 21, HOLE);
    assert_int_equal(CALL(1, COVI, 7, id, 0, 7), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & vseip, vseip);
    assert_int_equal(tell(4, 7, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & vseip, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup_buffers)
    const struct CMUnitTest tests[] = {
        TEST(unknown_functions_are_not_supported),
        TEST(devices_are_made_where_nothing_is),
        TEST(a_device_is_removed_and_its_neighbour_stays),
        TEST(devices_end_when_the_list_of_regions_is_full),
        TEST(only_confidential_memory_is_shared),
        TEST(a_shared_page_goes_before_the_memory_is_confidential_again),
        TEST(a_shared_page_is_validated_again_while_it_is_shared),
        TEST(a_part_of_a_large_page_is_shared_alone),
        TEST(a_large_page_that_ends_in_the_range_is_split),
        TEST(without_a_table_a_part_of_a_large_page_is_not_shared),
        TEST(a_part_of_a_blocked_large_page_is_shared_alone),
        TEST(a_large_page_is_shared_as_a_whole),
        TEST(a_part_of_a_large_shared_page_is_unshared_alone),
        TEST(a_shared_page_is_not_executed),
        TEST(a_page_is_shared_by_two_tvms_and_stays_the_hosts),
        TEST(attcaps_describe_every_register),
        TEST(registers_are_read_and_only_the_tvms_own_extended),
        TEST(the_measurement_binds_code_addresses_and_entry),
        TEST(evidence_has_what_the_verifier_needs),
        TEST(a_signer_makes_the_certificate),
        TEST(interrupts_are_allowed_by_number_or_all),
        TEST(an_injected_interrupt_is_pending_until_it_is_allowed_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
