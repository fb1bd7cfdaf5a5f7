/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's calls: what each refuses, in which order, and that a refused one changes nothing.
 *
 * A row of a table is a call, and what it answers. In a row that is about one error everything
 * after that check is wrong as well, so the rows of a call are the order of its checks.
 */
#include "cove_world.h"

#define BAD     UINT64_C(0x123)        /* no TVM's number */
#define ODD     (PAGE(AT_FREE) + 8)    /* not the begin of a page */
#define TOP     (UINT64_MAX - 0xfff)   /* the last page of all: two pages from here wrap */
#define MONITOR PAGE(2)                /* reserved */
#define NOWHERE UINT64_C(0x7000000000) /* no memory */

struct row {
    const char *what;
    uint64_t extension;
    uint64_t function;
    uint64_t a[6];
    int64_t error;
};

/* Everything that a call could change. */
struct picture {
    struct cove_world world;
};

static struct picture before;

static void expect_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        memcpy(&before.world, &w, sizeof(w));
        if (cove_call(0, rows[i].extension, rows[i].function, rows[i].a) != rows[i].error)
            fail_msg("%s: %lld", rows[i].what, (long long)w.reply.answer.error);
        assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
        assert_int_equal(w.reply.answer.value, 0);
        /* The reply and the hart's log are what a call may write. */
        memcpy(&before.world.reply, &w.reply, sizeof(w.reply));
        memcpy(before.world.model, w.model, sizeof(w.model));
        if (memcmp(&before.world, &w, sizeof(w)) != 0)
            fail_msg("%s: something changed", rows[i].what);
    }
}
#define EXPECT(rows) expect_rows((rows), sizeof(rows) / sizeof((rows)[0]))

static void unknown_calls_are_not_supported(void **state)
{
    static const struct row rows[] = {
        {"no such extension", 0x10, 0, {0}, NOT_SUPPORTED},
        {"COVG is the TVM's", COVG, 0, {0}, NOT_SUPPORTED},
        {"no such function", COVH, 20, {0}, NOT_SUPPORTED},
        {"another specification's", COVH, 1024, {0}, NOT_SUPPORTED},
        {"a reserved bit", COVH, 1 << 16, {0}, NOT_SUPPORTED},
        {"a high bit", COVH, UINT64_C(1) << 32, {0}, NOT_SUPPORTED},
        {"no such function", COVI, 11, {0}, NOT_SUPPORTED},
        {"no such function", NACL, 2, {0}, NOT_SUPPORTED},
        {"promote_to_tvm", COVH, 7, {0}, NOT_SUPPORTED},
    };

    (void)state;
    EXPECT(rows);
}

static void the_domain_in_a_function_does_not_count(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVH, UINT64_C(5) << 26, PAGE(AT_PARAMS), 48), SUCCESS);
}

static void get_tsm_info_tells_what_was_configured(void **state)
{
    static const struct row rows[] = {
        {"too short", COVH, 0, {ODD + 1, 47}, INVALID_PARAM},
        {"misaligned", COVH, 0, {PAGE(AT_PARAMS) + 2, 48}, INVALID_ADDRESS},
        {"the monitor's", COVH, 0, {MONITOR, 48}, INVALID_ADDRESS},
        {"half the monitor's", COVH, 0, {PAGE(RESERVED) - 8, 48}, INVALID_ADDRESS},
        {"no memory", COVH, 0, {NOWHERE, 48}, INVALID_ADDRESS},
        {"wraps", COVH, 0, {UINT64_MAX - 3, 48}, INVALID_ADDRESS},
    };
    const uint32_t *info = cove_memory(PAGE(AT_PARAMS) + 4);

    (void)state;
    EXPECT(rows);
    assert_int_equal(CALL(0, COVH, 0, PAGE(AT_PARAMS) + 4, 64), SUCCESS);
    assert_int_equal(w.reply.answer.value, 48);
    assert_int_equal(info[0], 2);
    assert_int_equal(info[1], 3);
    assert_int_equal(info[2], 7);
    assert_int_equal(info[4], 1 << 2 | 1 << 3 | 1 << 5);
    assert_true(info[6] >= 1);
    assert_int_equal(info[8], 4);
    assert_true(info[10] >= 1);
    assert_int_equal(info[12], 0);
}

static void static_memory_is_told_and_not_converted(void **state)
{
    static const struct row rows[] = {
        {"convert", COVH, 1, {PAGE(AT_HOST), 1}, NOT_SUPPORTED},
        {"reclaim", COVH, 2, {PAGE(AT_HOST), 1}, NOT_SUPPORTED},
        {"global", COVH, 3, {0}, NOT_SUPPORTED},
        {"local", COVH, 4, {0}, NOT_SUPPORTED},
        {"convert a file", COVI, 2, {FILE_AT(0)}, NOT_SUPPORTED},
    };
    const uint32_t *info = cove_memory(PAGE(AT_PARAMS));

    (void)state;
    w.ops.isolate = NULL;
    w.ops.fence = NULL;
    EXPECT(rows);
    assert_int_equal(CALL(0, COVH, 0, PAGE(AT_PARAMS), 48), SUCCESS);
    assert_int_equal(info[4] & 1 << 5, 0);
}

static void convert_wants_whole_pages_of_the_host(void **state)
{
    static const struct row rows[] = {
        {"misaligned", COVH, 1, {PAGE(AT_HOST) + 8, 0}, INVALID_ADDRESS},
        {"none", COVH, 1, {PAGE(AT_HOST), 0}, INVALID_PARAM},
        {"too many", COVH, 1, {PAGE(AT_HOST), 513}, INVALID_PARAM},
        {"so many that bytes wrap", COVH, 1, {PAGE(AT_HOST), UINT64_C(1) << 52}, INVALID_PARAM},
        {"wraps", COVH, 1, {TOP, 2}, INVALID_ADDRESS},
        {"the monitor's", COVH, 1, {PAGE(RESERVED - 1), 2}, INVALID_ADDRESS},
        {"behind the end", COVH, 1, {PAGE(PAGES - 1), 2}, INVALID_ADDRESS},
        {"confidential already", COVH, 1, {PAGE(AT_FREE) - 0x1000, 2}, INVALID_ADDRESS},
    };

    (void)state;
    cove_convert(AT_FREE, 4);
    EXPECT(rows);
    w.is_refusing = true;
    assert_int_equal(CALL(0, COVH, 1, PAGE(AT_HOST), 1), FAILED);
    assert_int_equal(hvrv_page_get(&w.map, (hvrv_hpa){PAGE(AT_HOST)}).state, HVRV_PAGE_HOST);
}

static void converted_pages_are_out_of_the_hosts_reach_at_once(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 1, PAGE(AT_FREE), 2), SUCCESS);
    assert_false(w.host_may[AT_FREE]);
    assert_false(w.host_may[AT_FREE + 1]);
    assert_true(w.host_may[AT_FREE + 2]);
    assert_int_equal(CALL(0, COVH, 1, PAGE(AT_FREE + 1), 1), INVALID_ADDRESS);
}

static void pages_are_free_when_the_last_hart_has_fenced(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 1, PAGE(AT_FREE), 1), SUCCESS);
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE), 1), INVALID_ADDRESS);
    /* Fences from before the global one do not count. */
    assert_int_equal(CALL(2, COVH, 4, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 3, 0), SUCCESS);
    assert_int_equal(w.fences[1], 1);
    assert_int_equal(CALL(2, COVH, 3, 0), ALREADY_STARTED);
    assert_int_equal(CALL(0, COVH, 4, 0), SUCCESS);
    /* Converted after the fence began: waits for the next. */
    assert_int_equal(CALL(0, COVH, 1, PAGE(AT_FREE + 1), 1), SUCCESS);
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE), 1), INVALID_ADDRESS);
    assert_int_equal(CALL(2, COVH, 4, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE + 1), 1), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE), 1), SUCCESS);
    assert_int_equal(CALL(0, COVH, 3, 0), SUCCESS);
}

static void a_fence_that_cannot_be_counted_fails(void **state)
{
    (void)state;
    w.epoch.now = HVRV_EPOCH_LAST;
    for (unsigned i = 0; i < HARTS; i++)
        w.seen[i] = HVRV_EPOCH_LAST;
    assert_int_equal(CALL(0, COVH, 3, 0), FAILED);
}

static void reclaimed_pages_are_scrubbed_before_the_host_reaches_them(void **state)
{
    (void)state;
    cove_convert(AT_FREE, 2);
    memset(cove_memory(PAGE(AT_FREE)), 0xaa, 8192);
    w.is_refusing = true;
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE), 2), FAILED);
    assert_int_equal(*(uint64_t *)cove_memory(PAGE(AT_FREE + 1) + 4088), 0);
    assert_false(w.host_may[AT_FREE]);
    w.is_refusing = false;
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE), 2), SUCCESS);
    assert_true(w.host_may[AT_FREE]);
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE), 2), INVALID_ADDRESS);
}

static void create_wants_memory_that_nobody_has(void **state)
{
    static const struct row rows[] = {
        {"too short", COVH, 5, {MONITOR + 4, 15}, INVALID_PARAM},
        {"too long", COVH, 5, {MONITOR + 4, 24}, INVALID_PARAM},
        {"misaligned", COVH, 5, {PAGE(AT_PARAMS) + 4, 16}, INVALID_ADDRESS},
        {"the monitor's", COVH, 5, {MONITOR, 16}, INVALID_ADDRESS},
        {"confidential", COVH, 5, {PAGE(AT_FREE), 16}, INVALID_ADDRESS},
        {"a page of each", COVH, 5, {PAGE(AT_FREE) - 8, 16}, INVALID_ADDRESS},
    };
    static const struct {
        uint64_t directory, state;
    } places[] = {
        {PAGE(AT_FREE) + 0x1000, PAGE(AT_FREE + 8)}, /* no multiple of 16 KiB */
        {PAGE(AT_FREE), PAGE(AT_FREE + 8) + 8},      /* no multiple of 4 KiB */
        {PAGE(AT_FREE), PAGE(AT_FREE + 3)},          /* in each other */
        {PAGE(AT_FREE + 16), PAGE(AT_FREE + 8)},     /* not free: only 16 are */
        {PAGE(AT_FREE), PAGE(AT_FREE + 16)},
        {PAGE(AT_HOST), PAGE(AT_FREE + 8)}, /* the host's */
        {MONITOR & ~UINT64_C(0x3fff), PAGE(AT_FREE + 8)},
        {TOP & ~UINT64_C(0x3fff), PAGE(AT_FREE + 8)},
        {PAGE(AT_FREE), TOP},
    };

    (void)state;
    cove_convert(AT_FREE, 16);
    EXPECT(rows);
    for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        memcpy(cove_memory(PAGE(AT_PARAMS)), &places[i], 16);
        assert_int_equal(CALL(0, COVH, 5, PAGE(AT_PARAMS), 16), INVALID_PARAM);
    }
    for (unsigned i = 0; i < SLOTS; i++)
        assert_null(w.slots[i].tvm);
}

static void there_are_as_many_tvms_as_slots_and_no_number_twice(void **state)
{
    uint64_t ids[SLOTS];
    uint64_t last;

    (void)state;
    cove_convert(AT_FREE, 64);
    for (unsigned i = 0; i < SLOTS; i++) {
        ids[i] = cove_create(AT_FREE + 8 * i);
        for (unsigned k = 0; k < i; k++)
            assert_int_not_equal(ids[i], ids[k]);
    }
    const uint64_t params[2] = {PAGE(AT_FREE + 32), PAGE(AT_FREE + 36)};
    memcpy(cove_memory(PAGE(AT_PARAMS)), params, 16);
    assert_int_equal(CALL(0, COVH, 5, PAGE(AT_PARAMS), 16), FAILED);
    assert_int_equal(CALL(0, COVH, 8, ids[1]), SUCCESS);
    assert_int_equal(CALL(0, COVH, 8, ids[1]), INVALID_PARAM);
    last = cove_create(AT_FREE + 32);
    for (unsigned i = 0; i < SLOTS; i++)
        assert_int_not_equal(last, ids[i]);
    assert_int_equal(CALL(0, COVH, 8, ids[1]), INVALID_PARAM);
    assert_int_equal(CALL(0, COVH, 8, last), SUCCESS);
}

static void building_calls_refuse_in_this_order(void **state)
{
    uint64_t id;

    (void)state;
    cove_convert(AT_FREE, 128);
    id = cove_create(AT_FREE);
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x100000), SUCCESS);
    const struct row rows[] = {
        {"region: no TVM", COVH, 9, {BAD, 8, 0}, INVALID_PARAM},
        {"region: misaligned", COVH, 9, {id, 8, 0}, INVALID_ADDRESS},
        {"region: empty", COVH, 9, {id, TOP, 0}, INVALID_PARAM},
        {"region: not whole pages", COVH, 9, {id, TOP, 0x1800}, INVALID_PARAM},
        {"region: wraps", COVH, 9, {id, TOP, 0x2000}, INVALID_ADDRESS},
        {"region: too wide", COVH, 9, {id, UINT64_C(1) << 41, 0x1000}, INVALID_ADDRESS},
        {"region: over another", COVH, 9, {id, GPA + 0xff000, 0x2000}, INVALID_ADDRESS},
        {"tables: no TVM", COVH, 10, {BAD, ODD, 0}, INVALID_PARAM},
        {"tables: misaligned", COVH, 10, {id, ODD, 0}, INVALID_ADDRESS},
        {"tables: none", COVH, 10, {id, PAGE(AT_FREE + 16), 0}, INVALID_PARAM},
        {"tables: the host's", COVH, 10, {id, PAGE(AT_HOST), 1}, INVALID_ADDRESS},
        {"tables: the TVM's", COVH, 10, {id, PAGE(AT_FREE), 1}, INVALID_ADDRESS},
        {"measured: no TVM", COVH, 11, {BAD, ODD, ODD, 4, 0, 8}, INVALID_PARAM},
        {"measured: no type", COVH, 11, {id, ODD, ODD, 4, 1, 8}, INVALID_PARAM},
        {"measured: 512 GiB", COVH, 11, {id, ODD, ODD, 3, 1, 8}, INVALID_PARAM},
        {"measured: none", COVH, 11, {id, ODD, ODD, 0, 0, 8}, INVALID_PARAM},
        {"measured: too many", COVH, 11, {id, ODD, ODD, 0, 513, 8}, INVALID_PARAM},
        {"measured: too many large", COVH, 11, {id, ODD, ODD, 1, 2, 8}, INVALID_PARAM},
        {"measured: source misaligned", COVH, 11, {id, ODD, ODD, 0, 1, 8}, INVALID_ADDRESS},
        {"measured: source confidential",
         COVH,
         11,
         {id, PAGE(AT_FREE + 60), PAGE(AT_FREE + 61), 0, 1, GPA},
         INVALID_ADDRESS},
        {"measured: target misaligned",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), ODD, 0, 1, GPA},
         INVALID_ADDRESS},
        {"measured: target the host's",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), PAGE(AT_HOST), 0, 1, GPA},
         INVALID_ADDRESS},
        {"measured: target large and misaligned",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), PAGE(AT_FREE + 1), 1, 1, GPA},
         INVALID_ADDRESS},
        {"measured: GPA misaligned",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), PAGE(AT_FREE + 60), 0, 1, GPA + 8},
         INVALID_ADDRESS},
        {"measured: GPA outside",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), PAGE(AT_FREE + 60), 0, 1, GPA + 0x100000},
         INVALID_ADDRESS},
        {"measured: GPA half outside",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), PAGE(AT_FREE + 60), 0, 2, GPA + 0xff000},
         INVALID_ADDRESS},
        {"measured: no tables",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), PAGE(AT_FREE + 60), 0, 1, GPA},
         FAILED},
        {"vcpu: no TVM", COVH, 14, {BAD, 4, ODD}, INVALID_PARAM},
        {"vcpu: number too high", COVH, 14, {id, 4, ODD}, INVALID_PARAM},
        {"vcpu: misaligned", COVH, 14, {id, 0, ODD}, INVALID_ADDRESS},
        {"vcpu: the host's", COVH, 14, {id, 0, PAGE(AT_HOST)}, INVALID_ADDRESS},
        {"finalize: no TVM", COVH, 6, {BAD, 1, 0, 8}, INVALID_PARAM},
        {"finalize: no vHart", COVH, 6, {id, GPA, 0, 0}, INVALID_PARAM},
        {"zero: not finalized", COVH, 12, {id, PAGE(AT_FREE + 60), 0, 1, GPA}, INVALID_PARAM},
        {"shared: not finalized", COVH, 13, {id, PAGE(AT_HOST), 0, 1, GPA}, INVALID_PARAM},
        {"run: not finalized", COVH, 15, {id, 0}, INVALID_PARAM},
        {"fence: no TVM", COVH, 16, {BAD}, INVALID_PARAM},
        {"destroy: no TVM", COVH, 8, {BAD}, INVALID_PARAM},
        {"destroy: its slot, another generation", COVH, 8, {id + 2048}, INVALID_PARAM},
    };
    EXPECT(rows);
    assert_int_equal(CALL(0, COVH, 14, id, 0, PAGE(AT_FREE + 33)), SUCCESS);
    const struct row after[] = {
        {"vcpu: there already", COVH, 14, {id, 0, ODD}, INVALID_PARAM},
        {"finalize: odd entry", COVH, 6, {id, GPA + 1, 0, 0}, INVALID_PARAM},
        {"finalize: identity misaligned",
         COVH,
         6,
         {id, GPA, 0, PAGE(AT_PARAMS) + 32},
         INVALID_PARAM},
        {"finalize: identity confidential", COVH, 6, {id, GPA, 0, PAGE(AT_FREE)}, INVALID_PARAM},
    };
    EXPECT(after);
    memset(cove_memory(PAGE(AT_PARAMS)), 0x77, 64);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, PAGE(AT_PARAMS)), SUCCESS);
    assert_true(cove_tvm(id)->has_identity);
    assert_int_equal(cove_tvm(id)->identity[63], 0x77);
    const struct row late[] = {
        {"finalize: again", COVH, 6, {id, GPA, 0, 0}, INVALID_PARAM},
        {"region: late", COVH, 9, {id, GPA + 0x200000, 0x1000}, INVALID_PARAM},
        {"measured: late",
         COVH,
         11,
         {id, PAGE(AT_SOURCE), PAGE(AT_FREE + 60), 0, 1, GPA},
         INVALID_PARAM},
        {"vcpu: late", COVH, 14, {id, 1, PAGE(AT_FREE + 60)}, INVALID_PARAM},
    };
    EXPECT(late);
}

static void regions_end_when_their_list_is_full(void **state)
{
    uint64_t id;

    (void)state;
    cove_convert(AT_FREE, 16);
    id = cove_create(AT_FREE);
    for (uint64_t i = 0; i < 32; i++)
        assert_int_equal(CALL(0, COVH, 9, id, GPA + i * 0x10000, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 9, id, GPA + 0x800000, 0x1000), FAILED);
    assert_int_equal(CALL(0, COVH, 9, id, GPA + 0x1000, 0x1000), SUCCESS);
}

static void running_calls_refuse_in_this_order(void **state)
{
    uint64_t id;

    (void)state;
    cove_convert(AT_FREE, 128);
    id = cove_build(AT_FREE);
    const struct row rows[] = {
        {"zero: no TVM", COVH, 12, {BAD, ODD, 4, 0, 8}, INVALID_PARAM},
        {"zero: no type", COVH, 12, {id, ODD, 4, 1, 8}, INVALID_PARAM},
        {"zero: none", COVH, 12, {id, ODD, 0, 0, 8}, INVALID_PARAM},
        {"zero: misaligned", COVH, 12, {id, ODD, 0, 1, 8}, INVALID_ADDRESS},
        {"zero: GPA misaligned", COVH, 12, {id, PAGE(AT_FREE + 60), 0, 1, 8}, INVALID_ADDRESS},
        {"zero: the host's", COVH, 12, {id, PAGE(AT_HOST), 0, 1, GPA + 0x1000}, INVALID_ADDRESS},
        {"zero: the TVM's", COVH, 12, {id, PAGE(AT_FREE), 0, 1, GPA + 0x1000}, INVALID_ADDRESS},
        {"zero: outside", COVH, 12, {id, PAGE(AT_FREE + 60), 0, 1, GPA - 0x1000}, INVALID_ADDRESS},
        {"zero: over a page", COVH, 12, {id, PAGE(AT_FREE + 60), 0, 1, GPA}, INVALID_ADDRESS},
        {"shared: no TVM", COVH, 13, {BAD, ODD, 4, 0, 8}, INVALID_PARAM},
        {"shared: no type", COVH, 13, {id, ODD, 9, 1, 8}, INVALID_PARAM},
        {"shared: confidential",
         COVH,
         13,
         {id, PAGE(AT_FREE + 60), 0, 1, GPA + 0x1000},
         INVALID_ADDRESS},
        {"shared: no shared region",
         COVH,
         13,
         {id, PAGE(AT_HOST), 0, 1, GPA + 0x1000},
         INVALID_ADDRESS},
        {"invalidate: no TVM", COVH, 17, {BAD, 8, 8}, INVALID_PARAM},
        {"invalidate: misaligned", COVH, 17, {id, 8, 8}, INVALID_ADDRESS},
        {"invalidate: half a page", COVH, 17, {id, GPA, 0x800}, INVALID_PARAM},
        {"invalidate: none", COVH, 17, {id, GPA, 0}, INVALID_PARAM},
        {"invalidate: too many", COVH, 17, {id, GPA, 513 * 0x1000}, INVALID_PARAM},
        {"invalidate: wraps", COVH, 17, {id, TOP, 0x2000}, INVALID_ADDRESS},
        {"invalidate: not mapped", COVH, 17, {id, GPA + 0x1000, 0x1000}, INVALID_ADDRESS},
        {"invalidate: half mapped", COVH, 17, {id, GPA, 0x2000}, INVALID_ADDRESS},
        {"validate: no TVM", COVH, 18, {BAD, 8, 8}, INVALID_PARAM},
        {"validate: valid", COVH, 18, {id, GPA, 0x1000}, INVALID_ADDRESS},
        {"remove: no TVM", COVH, 19, {BAD, 8, 8}, INVALID_PARAM},
        {"remove: valid", COVH, 19, {id, GPA, 0x1000}, INVALID_ADDRESS},
    };
    EXPECT(rows);
}

static void a_page_that_is_invalidated_comes_back_as_it_was(void **state)
{
    uint64_t id;
    uint64_t *content = cove_memory(PAGE(AT_FREE + 32));

    (void)state;
    cove_convert(AT_FREE, 64);
    id = cove_build(AT_FREE);
    assert_int_equal(content[100], UINT64_C(0x5a5a5a5a5a5a5a5a));
    assert_int_equal(CALL(0, COVH, 17, id, GPA, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 17, id, GPA, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 18, id, GPA, 0x1000), SUCCESS);
    assert_int_equal(content[100], UINT64_C(0x5a5a5a5a5a5a5a5a));
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 40), 0, 2, GPA + 0x4000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 17, id, GPA + 0x4000, 0x2000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, id, GPA + 0x4000, 0x2000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 18, id, GPA + 0x4000, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 18, id, GPA + 0x4000, 0x2000), INVALID_ADDRESS);
}

static void a_page_of_2_mib_is_one_leaf(void **state)
{
    /* Pages 512 to 1023 are 2 MiB at an HPA that is a multiple of as much. */
    uint64_t id;

    (void)state;
    cove_convert(AT_FREE, 64);
    cove_convert(512, 512);
    id = cove_create(AT_FREE);
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x400000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 10, id, PAGE(AT_FREE + 16), 1), SUCCESS);
    assert_int_equal(CALL(0, COVH, 14, id, 0, PAGE(AT_FREE + 20)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(512), 1, 1, GPA + 0x200000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 40), 0, 1, GPA + 0x300000),
                     INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 40), 0, 1, GPA), FAILED);
    assert_int_equal(CALL(0, COVH, 17, id, GPA + 0x200000, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 17, id, GPA + 0x201000, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 17, id, GPA + 0x200000, 0x200000), SUCCESS);
    assert_int_equal(hvrv_page_get(&w.map, (hvrv_hpa){PAGE(1023)}).state, HVRV_PAGE_BLOCKED_ZERO);
    assert_int_equal(CALL(0, COVH, 8, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 2, PAGE(512), 512), SUCCESS);
}

static void nacl_memory_is_the_hosts_own(void **state)
{
    static const struct row rows[] = {
        {"flags", NACL, 1, {8, 1, 1}, INVALID_PARAM},
        {"misaligned", NACL, 1, {8, 1, 0}, INVALID_PARAM},
        {"high", NACL, 1, {PAGE(AT_SHARED), 1, 0}, INVALID_ADDRESS},
        {"the monitor's", NACL, 1, {MONITOR, 0, 0}, INVALID_ADDRESS},
        {"half confidential", NACL, 1, {PAGE(AT_FREE - 2), 0, 0}, INVALID_ADDRESS},
        {"no feature", NACL, 0, {0}, SUCCESS},
    };

    (void)state;
    cove_convert(AT_FREE, 1);
    EXPECT(rows);
    assert_int_equal(CALL(0, NACL, 1, PAGE(AT_SHARED), 0, 0), SUCCESS);
    assert_true(w.harts[0].has_shared);
    assert_int_equal(CALL(0, NACL, 1, UINT64_MAX, UINT64_MAX, 0), SUCCESS);
    assert_false(w.harts[0].has_shared);
}

static void a_running_tvm_is_not_destroyed(void **state)
{
    uint64_t id;

    (void)state;
    cove_convert(AT_FREE, 64);
    id = cove_build(AT_FREE);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 8, id), FAILED);
    /* Its vHart has what was invalidated in its TLB until it leaves. */
    assert_int_equal(CALL(1, COVH, 17, id, GPA, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(1, COVH, 16, id), ALREADY_STARTED);
    cove_tvm(id)->epoch.now = HVRV_EPOCH_LAST;
    w.harts[0].running->tvm->epoch.seen[0] = HVRV_EPOCH_LAST;
    assert_int_equal(CALL(1, COVH, 16, id), FAILED);
}

static void init_refuses_what_cannot_work(void **state)
{
    struct hvrv_tsm tsm;
    struct hvrv_tsm_config config;
    struct hvrv_page_map map;
    struct hvrv_cove_call call = {COVH, 0, {0}};
    struct hvrv_tsm_reply reply;
    struct hvrv_phys none = w.phys;

    (void)state;
#define REFUSES(status, change)                                   \
    do {                                                          \
        config = w.config;                                        \
        change;                                                   \
        assert_int_equal(hvrv_tsm_init(&tsm, &config), (status)); \
    } while (0)
    assert_int_equal(hvrv_tsm_init(NULL, &w.config), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_init(&tsm, NULL), HVRV_ERR_NULL);
    REFUSES(HVRV_ERR_NULL, config.phys = NULL);
    REFUSES(HVRV_ERR_NULL, config.pages = NULL);
    REFUSES(HVRV_ERR_NULL, config.harts = NULL);
    REFUSES(HVRV_ERR_NULL, config.slots = NULL);
    REFUSES(HVRV_ERR_NULL, config.probe = NULL);
    REFUSES(HVRV_ERR_NULL, config.ops = NULL);
    REFUSES(HVRV_ERR_NULL, config.hash.hash = NULL);
    REFUSES(HVRV_ERR_RANGE, config.hart_count = 0);
    REFUSES(HVRV_ERR_RANGE, config.slot_count = 0);
    REFUSES(HVRV_ERR_RANGE, config.slot_count = 2048);
    REFUSES(HVRV_ERR_RANGE, config.vharts_max = 0);
    REFUSES(HVRV_ERR_RANGE, config.vharts_max = 65);
    REFUSES(HVRV_ERR_RANGE, config.pages_max = 0);
    REFUSES(HVRV_ERR_RANGE, config.vmid_first = 0);
    REFUSES(HVRV_ERR_RANGE, config.vmid_first = (1 << 14) - 2);
    REFUSES(HVRV_OK, config.vmid_first = (1 << 14) - 3);
    REFUSES(HVRV_ERR_MODE, config.mode = HVRV_MODE_BARE);
    REFUSES(HVRV_OK, config.mode = HVRV_MODE_SV48);
    REFUSES(HVRV_OK, config.mode = HVRV_MODE_SV57);
    REFUSES(HVRV_ERR_ARGUMENT, config.hart_count = 2);
    REFUSES(HVRV_ERR_ARGUMENT, config.hash.algorithm = (enum hvrv_cove_hash)9);
    REFUSES(HVRV_ERR_UNSUPPORTED, none.window_mask = UINT64_MAX; config.phys = &none);
    map = w.file_map;
    map.epoch = NULL;
    REFUSES(HVRV_ERR_ARGUMENT, config.files = &map);
    w.ops.fence = NULL;
    REFUSES(HVRV_ERR_ARGUMENT, (void)0);
    w.harts[1].hart = NULL;
    REFUSES(HVRV_ERR_NULL, (void)0);
    assert_int_equal(hvrv_tsm_serve(NULL, 0, &call, &reply), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_serve(&w.tsm, 0, NULL, &reply), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_serve(&w.tsm, 0, &call, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_serve(&w.tsm, HARTS, &call, &reply), HVRV_ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(unknown_calls_are_not_supported, cove_setup),
        cmocka_unit_test_setup(the_domain_in_a_function_does_not_count, cove_setup),
        cmocka_unit_test_setup(get_tsm_info_tells_what_was_configured, cove_setup),
        cmocka_unit_test_setup(static_memory_is_told_and_not_converted, cove_setup),
        cmocka_unit_test_setup(convert_wants_whole_pages_of_the_host, cove_setup),
        cmocka_unit_test_setup(converted_pages_are_out_of_the_hosts_reach_at_once, cove_setup),
        cmocka_unit_test_setup(pages_are_free_when_the_last_hart_has_fenced, cove_setup),
        cmocka_unit_test_setup(a_fence_that_cannot_be_counted_fails, cove_setup),
        cmocka_unit_test_setup(reclaimed_pages_are_scrubbed_before_the_host_reaches_them,
                               cove_setup),
        cmocka_unit_test_setup(create_wants_memory_that_nobody_has, cove_setup),
        cmocka_unit_test_setup(there_are_as_many_tvms_as_slots_and_no_number_twice, cove_setup),
        cmocka_unit_test_setup(building_calls_refuse_in_this_order, cove_setup),
        cmocka_unit_test_setup(regions_end_when_their_list_is_full, cove_setup),
        cmocka_unit_test_setup(running_calls_refuse_in_this_order, cove_setup),
        cmocka_unit_test_setup(a_page_that_is_invalidated_comes_back_as_it_was, cove_setup),
        cmocka_unit_test_setup(a_page_of_2_mib_is_one_leaf, cove_setup),
        cmocka_unit_test_setup(nacl_memory_is_the_hosts_own, cove_setup),
        cmocka_unit_test_setup(a_running_tvm_is_not_destroyed, cove_setup),
        cmocka_unit_test_setup(init_refuses_what_cannot_work, cove_setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
