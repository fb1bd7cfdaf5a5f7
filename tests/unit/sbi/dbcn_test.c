/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

/* Bytes that no copy at another place looks like. */
static uint8_t pattern(uint64_t gpa)
{
    return (uint8_t)(gpa * 31 ^ gpa >> 8 ^ gpa >> 12);
}

static void paint(uint64_t gpa, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++) {
        uint8_t byte = pattern(gpa + i);
        sbi_world_fill(gpa + i, &byte, 1);
    }
}

/* Asserts that what was written is the pattern from a GPA on. */
static void assert_written(uint64_t gpa, uint32_t size)
{
    assert_int_equal(w.out_count, size);
    for (uint32_t i = 0; i < size; i++)
        assert_int_equal(w.out[i], pattern(gpa + i));
    w.out_count = 0;
}

static void what_is_written_are_the_guests_bytes(void **state)
{
    static const uint64_t rows[][2] = {
        {GPA(0, 0), 1},          {GPA(0, 7), 1},         {GPA(0, 3), 5},
        {GPA(0, 0), 64},         {GPA(0, 1), 64},        {GPA(0, 1), 65},
        {GPA(0, 5), 127},        {GPA(0, 8), 128},       {GPA(0, 0xffe), 4},
        {GPA(1, 0), 4096},       {GPA(1, 3), 4096},      {GPA(1, 0xfff), 4095},
        {RAM_END - 1, 1},        {RAM_END - 4096, 4096}, {GPA(PAGE_NO_W, 0), 100},
        {GPA(PAGE_NO_X, 0), 200}};

    (void)state;
    paint(RAM, PAGES * UINT64_C(0x1000));
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_answer(ASK(0, DBCN, 0, rows[i][1], rows[i][0], 0), SUCCESS, rows[i][1]);
        assert_written(rows[i][0], (uint32_t)rows[i][1]);
    }
    assert_true(w.first > w.last);
}

/* The specification: it may write less than it is asked to. */
static void a_call_moves_no_more_than_4096_bytes(void **state)
{
    (void)state;
    paint(RAM, 0x2000);
    assert_answer(ASK(0, DBCN, 0, 4097, GPA(0, 0), 0), SUCCESS, 4096);
    assert_written(GPA(0, 0), 4096);
    assert_answer(ASK(0, DBCN, 0, 0x10000, GPA(0, 5), 0), SUCCESS, 4096);
    assert_written(GPA(0, 5), 4096);
    assert_int_equal(w.console_calls, 128);
}

static void a_console_that_is_full_takes_a_part(void **state)
{
    (void)state;
    paint(RAM, 0x1000);
    w.out_room = 100;
    assert_answer(ASK(0, DBCN, 0, 300, GPA(0, 0), 0), SUCCESS, 100);
    assert_int_equal(w.console_calls, 2);
    assert_answer(ASK(0, DBCN, 0, 200, GPA(0, 100), 0), SUCCESS, 0);
    assert_written(GPA(0, 0), 100);
}

static void no_bytes_are_no_error_wherever_they_are(void **state)
{
    (void)state;
    for (uint64_t fid = 0; fid < 2; fid++) {
        assert_answer(ASK(0, DBCN, fid, 0, GPA(0, 0), 0), SUCCESS, 0);
        assert_answer(ASK(0, DBCN, fid, 0, GPA(PAGE_HOLE, 0), 0), SUCCESS, 0);
        assert_answer(ASK(0, DBCN, fid, 0, UINT64_MAX, UINT64_MAX), SUCCESS, 0);
    }
    assert_int_equal(w.console_calls, 0);
}

/* Size, address, and the address' upper half. */
static const uint64_t bad_ranges[][3] = {
    {1, 0, 0},
    {1, RAM - 1, 0},
    {2, RAM - 1, 0},
    {1, RAM_END, 0},
    {2, RAM_END - 1, 0},
    {0x1001, RAM_END - 0x1000, 0},
    {UINT64_C(0x1000) * PAGES + 1, RAM, 0},
    {1, GPA(PAGE_HOLE, 0), 0},
    {1, GPA(PAGE_HOLE, 0xfff), 0},
    {2, GPA(PAGE_HOLE, 0) - 1, 0},
    {0x1000, GPA(PAGE_HOLE, 0) - 1, 0},
    {0x1002, GPA(PAGE_HOLE, 0) - 1, 0},
    {1, GPA(PAGE_ONLY_X, 0), 0},
    {1, GPA(PAGE_DEVICE, 8), 0},
    {2, GPA(PAGE_DEVICE, 0xfff), 0},
    {1, GPA(0, 0), 1},
    {1, GPA(0, 0), UINT64_MAX},
    {1, RAM | UINT64_C(1) << 63, 0},
    {1, UINT64_MAX, 0},
    {2, UINT64_MAX, 0},
    {UINT64_MAX, RAM, 0},
    {UINT64_MAX - RAM, RAM, 0},
    {UINT64_MAX - RAM + 1, RAM, 0},
    {UINT64_MAX - RAM + 2, RAM, 0},
    {UINT64_MAX, 1, 0},
    {UINT64_MAX, 2, 0},
    {UINT64_C(1) << 63, UINT64_C(1) << 63, 0},
};

static void a_range_that_is_not_all_memory_is_refused_and_nothing_moves(void **state)
{
    (void)state;
    w.in_count = 64;
    for (unsigned i = 0; i < sizeof(bad_ranges) / sizeof(bad_ranges[0]); i++) {
        const uint64_t *row = bad_ranges[i];
        assert_error(ASK(0, DBCN, 0, row[0], row[1], row[2]), INVALID_PARAM);
        assert_error(ASK(0, DBCN, 1, row[0], row[1], row[2]), INVALID_PARAM);
    }
    assert_int_equal(w.console_calls, 0);
    assert_true(w.first > w.last);
}

/* What a call does not move it does not look at, apart from the last byte. */
static void a_hole_far_behind_is_found_by_the_call_that_comes_to_it(void **state)
{
    uint64_t base = GPA(PAGE_HOLE, 0) - 0x1800, size = 0x3800;

    (void)state;
    assert_answer(ASK(0, DBCN, 0, size, base, 0), SUCCESS, 0x1000);
    assert_error(ASK(0, DBCN, 0, size - 0x1000, base + 0x1000, 0), INVALID_PARAM);
}

static void what_is_read_comes_to_the_guests_memory_and_nowhere_else(void **state)
{
    static const uint64_t rows[][2] = {{GPA(2, 0), 1},        {GPA(2, 7), 1},   {GPA(2, 3), 70},
                                       {GPA(2, 0xffd), 7},    {GPA(2, 1), 300}, {RAM_END - 1, 1},
                                       {GPA(PAGE_NO_X, 0), 9}};
    uint8_t got[CONSOLE];

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t gpa = rows[i][0], size = rows[i][1];
        paint(RAM, PAGES * UINT64_C(0x1000));
        w.in_next = 0;
        w.in_count = (uint32_t)size;
        for (unsigned j = 0; j < size; j++)
            w.in[j] = (uint8_t)~pattern(gpa + j);
        assert_answer(ASK(0, DBCN, 1, size, gpa, 0), SUCCESS, size);
        sbi_world_take(gpa, got, size);
        assert_memory_equal(got, w.in, size);
        for (uint64_t at = RAM; at < RAM_END; at++) {
            sbi_world_take(at, got, 1);
            if (at < gpa || at - gpa >= size)
                assert_int_equal(got[0], pattern(at));
        }
    }
}

static void less_is_read_if_less_is_there(void **state)
{
    (void)state;
    paint(GPA(3, 0), 0x1000);
    assert_answer(ASK(0, DBCN, 1, 200, GPA(3, 0), 0), SUCCESS, 0);
    assert_true(w.first > w.last);
    w.in_count = 70;
    memset(w.in, 'x', sizeof(w.in));
    assert_answer(ASK(0, DBCN, 1, 200, GPA(3, 0), 0), SUCCESS, 70);
    assert_true((uint8_t)(sbi_world_peek(GPA(3, 69)) & 0xff) == 'x');
    assert_true((uint8_t)(sbi_world_peek(GPA(3, 70)) & 0xff) == pattern(GPA(3, 70)));
}

static void a_page_that_may_not_be_written_takes_nothing_from_the_console(void **state)
{
    (void)state;
    w.in_count = 64;
    assert_error(ASK(0, DBCN, 1, 8, GPA(PAGE_NO_W, 0), 0), INVALID_PARAM);
    assert_error(ASK(0, DBCN, 1, 8, GPA(PAGE_NO_W, 0) - 4, 0), INVALID_PARAM);
    assert_int_equal(w.in_next, 0);
    assert_true(w.first > w.last);
}

static void a_byte_is_written_and_no_more_of_the_register(void **state)
{
    (void)state;
    assert_answer(ASK(0, DBCN, 2, UINT64_C(0xffffffffffffff41)), SUCCESS, 0);
    assert_answer(ASK(0, DBCN, 2, 0x180), SUCCESS, 0);
    assert_int_equal(w.out_count, 2);
    assert_int_equal(w.out[0], 0x41);
    assert_int_equal(w.out[1], 0x80);
}

/* The call blocks: the guest does, and not the hypervisor. */
static void a_byte_that_is_not_taken_has_the_guest_call_again(void **state)
{
    struct answer answer;

    (void)state;
    w.out_room = 0;
    answer = ASK(0, DBCN, 2, 0x41);
    assert_int_equal(answer.pc, PC);
    assert_int_equal(answer.error, 0x41); /* a0 as before */
    assert_int_equal(answer.action, HVRV_SBI_GO_ON);
    w.out_room = 1;
    assert_answer(ASK(0, DBCN, 2, 0x41), SUCCESS, 0);
}

static void an_error_of_the_console_is_told(void **state)
{
    (void)state;
    w.out_room = 0;
    w.answer = HVRV_SBI_ERR_FAILED;
    assert_error(ASK(0, DBCN, 0, 10, GPA(0, 0), 0), FAILED);
    assert_error(ASK(0, DBCN, 1, 10, GPA(0, 0), 0), FAILED);
    assert_error(ASK(0, DBCN, 2, 10), FAILED);
    w.answer = HVRV_SBI_ERR_DENIED;
    assert_error(ASK(0, DBCN, 2, 10), DENIED);
}

static void an_error_after_some_bytes_waits_for_the_next_call(void **state)
{
    (void)state;
    w.answer = HVRV_SBI_ERR_FAILED;
    assert_answer(ASK(0, DBCN, 0, 100, GPA(0, 0), 0), SUCCESS, 64);
    w.in_count = 20;
    assert_answer(ASK(0, DBCN, 1, 100, GPA(0, 0), 0), SUCCESS, 20);
    assert_error(ASK(0, DBCN, 1, 100, GPA(0, 0), 0), FAILED);
}

static void without_a_way_to_read_reading_is_denied(void **state)
{
    (void)state;
    w.ops.read = NULL;
    sbi_world_init();
    assert_answer(ASK(0, BASE, 3, DBCN), SUCCESS, 1);
    assert_error(ASK(0, DBCN, 1, 8, GPA(0, 0), 0), DENIED);
    assert_answer(ASK(0, DBCN, 0, 8, GPA(0, 0), 0), SUCCESS, 8);
}

static enum hvrv_sbi_error boast(void *context, struct hvrv_sbi_bytes *bytes)
{
    (void)context;
    *bytes = (struct hvrv_sbi_bytes){NULL, UINT32_MAX, UINT32_MAX};
    return HVRV_SBI_SUCCESS;
}

static void a_console_that_claims_more_than_there_is_is_not_believed(void **state)
{
    (void)state;
    w.ops.write = boast;
    w.ops.read = boast;
    sbi_world_init();
    assert_answer(ASK(0, DBCN, 0, 100, GPA(0, 0), 0), SUCCESS, 100);
    assert_answer(ASK(0, DBCN, 1, 100, GPA(0, 0), 0), SUCCESS, 100);
    assert_int_equal(w.first, GPA(0, 0));
    assert_int_equal(w.last, GPA(0, 0) + 103);
}

/* Memory that was there when it was looked for, and is not when it is to be copied. */
static void memory_that_goes_away_meanwhile_ends_the_call(void **state)
{
    uint64_t accesses;

    (void)state;
    w.in_count = 200;
    for (uint64_t fid = 0; fid < 2; fid++) {
        accesses = w.accesses;
        w.in_next = 0;
        assert_answer(ASK(0, DBCN, fid, 200, GPA(0, 0), 0), SUCCESS, 200);
        accesses = w.accesses - accesses;
        for (uint64_t i = 1; i <= accesses; i++) {
            struct answer answer;
            w.in_next = 0;
            w.refuse = w.accesses + i;
            answer = ASK(0, DBCN, fid, 200, GPA(0, 0), 0);
            assert_true(answer.is_answered);
            assert_int_equal(answer.error, answer.value == 0 ? INVALID_PARAM : SUCCESS);
            assert_in_range(answer.value, 0, 199);
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_are_the_guests_bytes),
        TEST(a_call_moves_no_more_than_4096_bytes),
        TEST(a_console_that_is_full_takes_a_part),
        TEST(no_bytes_are_no_error_wherever_they_are),
        TEST(a_range_that_is_not_all_memory_is_refused_and_nothing_moves),
        TEST(a_hole_far_behind_is_found_by_the_call_that_comes_to_it),
        TEST(what_is_read_comes_to_the_guests_memory_and_nowhere_else),
        TEST(less_is_read_if_less_is_there),
        TEST(a_page_that_may_not_be_written_takes_nothing_from_the_console),
        TEST(a_byte_is_written_and_no_more_of_the_register),
        TEST(a_byte_that_is_not_taken_has_the_guest_call_again),
        TEST(an_error_of_the_console_is_told),
        TEST(an_error_after_some_bytes_waits_for_the_next_call),
        TEST(without_a_way_to_read_reading_is_denied),
        TEST(a_console_that_claims_more_than_there_is_is_not_believed),
        TEST(memory_that_goes_away_meanwhile_ends_the_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
