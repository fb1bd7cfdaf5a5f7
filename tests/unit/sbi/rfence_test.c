/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

enum { KIND_FENCE_I, KIND_SFENCE, KIND_SFENCE_ASID };

#define TOP UINT64_MAX

static void remote_fence_i_goes_to_the_harts_that_are_named(void **state)
{
    (void)state;
    assert_error(ASK(0, RFENCE, 0, 0x26, 0, 1, 2, 3, 4), SUCCESS);
    assert_int_equal(w.fences, 1);
    assert_int_equal(w.fence.kind, KIND_FENCE_I);
    assert_int_equal(w.fence.harts.mask, 0x26);
    assert_int_equal(w.fence.harts.base, 0);
    assert_int_equal(w.fence.asid, 0);
}

/* Asserts the one fence that was asked for since the last time. */
static void assert_fence(unsigned kind, uint64_t first, uint64_t last)
{
    assert_int_equal(w.fences, 1);
    assert_int_equal(w.fence.kind, kind);
    assert_int_equal(w.fence.range.first, first);
    assert_int_equal(w.fence.range.last, last);
    w.fences = 0;
}

static void a_range_is_fenced_in_whole_pages(void **state)
{
    static const uint64_t rows[][4] = {
        {0x1000, 0x1000, 0x1000, 0x1fff},
        {0x1000, 0x1001, 0x1000, 0x2fff},
        {0x1fff, 1, 0x1000, 0x1fff},
        {0x1fff, 2, 0x1000, 0x2fff},
        {0, 1, 0, 0xfff},
        {0, 0x1000, 0, 0xfff},
        {0x123456789, 0x10000, 0x123456000, 0x123466fff},
        {UINT64_C(0xffffffc000000000), UINT64_C(0x4000000000), UINT64_C(0xffffffc000000000), TOP},
        {TOP, 1, TOP - 0xfff, TOP},
        {1, TOP - 1, 0, TOP},
        {0, TOP - 1, 0, TOP}};

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_error(ASK(0, RFENCE, 1, 1, 0, rows[i][0], rows[i][1]), SUCCESS);
        assert_fence(KIND_SFENCE, rows[i][2], rows[i][3]);
        assert_false(w.fence.is_all);
        assert_error(ASK(0, RFENCE, 2, 1, 0, rows[i][0], rows[i][1], 0x1234), SUCCESS);
        assert_fence(KIND_SFENCE_ASID, rows[i][2], rows[i][3]);
        assert_false(w.fence.is_all);
        assert_int_equal(w.fence.asid, 0x1234);
    }
}

/* The specification: start and size 0, or a size of 2^64 - 1. */
static void two_sizes_are_all_addresses(void **state)
{
    static const uint64_t rows[][2] = {{0, 0},     {0, TOP},    {1, TOP}, {0x1000, TOP},
                                       {TOP, TOP}, {0x1000, 0}, {TOP, 0}};

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_error(ASK(0, RFENCE, 1, 1, 0, rows[i][0], rows[i][1], 3), SUCCESS);
        assert_fence(KIND_SFENCE, 0, TOP);
        assert_true(w.fence.is_all);
        assert_int_equal(w.fence.asid, 0);
        assert_error(ASK(0, RFENCE, 2, 1, 0, rows[i][0], rows[i][1], 3), SUCCESS);
        assert_fence(KIND_SFENCE_ASID, 0, TOP);
        assert_true(w.fence.is_all);
        assert_int_equal(w.fence.asid, 3);
    }
}

static void a_range_that_wraps_is_refused(void **state)
{
    static const uint64_t rows[][2] = {{TOP, 2},
                                       {0x1000, TOP - 1},
                                       {3, TOP - 1},
                                       {UINT64_C(1) << 63, (UINT64_C(1) << 63) + 1},
                                       {TOP - 0xfff, 0x1001}};

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_error(ASK(0, RFENCE, 1, 1, 0, rows[i][0], rows[i][1]), INVALID_ADDRESS);
        assert_error(ASK(0, RFENCE, 2, 1, 0, rows[i][0], rows[i][1], 0), INVALID_ADDRESS);
    }
    assert_int_equal(w.fences, 0);
}

static void an_asid_has_16_bits(void **state)
{
    (void)state;
    assert_error(ASK(0, RFENCE, 2, 1, 0, 0, 0, 0xffff), SUCCESS);
    assert_int_equal(w.fence.asid, 0xffff);
    w.fences = 0;
    assert_error(ASK(0, RFENCE, 2, 1, 0, 0, 0, 0x10000), INVALID_PARAM);
    assert_error(ASK(0, RFENCE, 2, 1, 0, 0, 0, UINT64_MAX), INVALID_PARAM);
    assert_error(ASK(0, RFENCE, 2, 1, 0, 0, 0, UINT64_C(0x8000000000000001)), INVALID_PARAM);
    assert_int_equal(w.fences, 0);
}

static void a_hart_that_is_not_there_has_nobody_fenced(void **state)
{
    static const uint64_t bad[][2] = {
        {0x08, 0}, {0x2f, 0}, {1, 3}, {UINT64_MAX, 0}, {4, UINT64_MAX - 1}};

    (void)state;
    for (uint64_t fid = 0; fid < 3; fid++) {
        for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
            assert_error(ASK(0, RFENCE, fid, bad[i][0], bad[i][1], 0, 0, 0), INVALID_PARAM);
    }
    assert_int_equal(w.fences, 0);
}

static void a_base_of_minus_one_is_every_hart(void **state)
{
    (void)state;
    for (uint64_t fid = 0; fid < 3; fid++) {
        assert_error(ASK(0, RFENCE, fid, 0, ALL, 0, 0, 0), SUCCESS);
        for (unsigned i = 0; i < HARTS; i++)
            assert_true(hvrv_sbi_set_has(&w.fence.harts, w.harts[i].id));
    }
    assert_int_equal(w.fences, 3);
}

static void an_empty_mask_fences_nobody(void **state)
{
    (void)state;
    for (uint64_t fid = 0; fid < 3; fid++) {
        assert_error(ASK(0, RFENCE, fid, 0, 0, 0x1000, 0x1000, 0), SUCCESS);
        assert_error(ASK(0, RFENCE, fid, 0, 99, 0x1000, 0x1000, 0), SUCCESS);
    }
    assert_int_equal(w.fences, 0);
    assert_error(ASK(0, RFENCE, 1, 0, 0, TOP, 2), INVALID_ADDRESS);
}

/* A hart without H: the specification has no other answer, and it is no reason to deny the rest. */
static void hfence_is_not_supported_and_rfence_is_there(void **state)
{
    (void)state;
    for (uint64_t fid = 3; fid < 7; fid++)
        assert_error(ASK(0, RFENCE, fid, 1, 0, 0, 0, 0), NOT_SUPPORTED);
    assert_int_equal(w.fences, 0);
    assert_answer(ASK(0, BASE, 3, RFENCE), SUCCESS, 1);
}

static void a_fence_that_fails_is_told(void **state)
{
    (void)state;
    w.fence_fails = true;
    for (uint64_t fid = 0; fid < 3; fid++)
        assert_error(ASK(0, RFENCE, fid, 1, 0, 0, 0, 0), FAILED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(remote_fence_i_goes_to_the_harts_that_are_named),
        TEST(a_range_is_fenced_in_whole_pages),
        TEST(two_sizes_are_all_addresses),
        TEST(a_range_that_wraps_is_refused),
        TEST(an_asid_has_16_bits),
        TEST(a_hart_that_is_not_there_has_nobody_fenced),
        TEST(a_base_of_minus_one_is_every_hart),
        TEST(an_empty_mask_fences_nobody),
        TEST(hfence_is_not_supported_and_rfence_is_there),
        TEST(a_fence_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
