/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/isa/addr.h>

static struct hvrv_range make(uint64_t first, uint64_t size)
{
    struct hvrv_range range;

    assert_int_equal(hvrv_range_make(&range, first, size), HVRV_OK);
    return range;
}

static void an_address_is_one_word_and_keeps_its_number(void **state)
{
    (void)state;
    assert_int_equal(sizeof(hvrv_gva), 8);
    assert_int_equal(sizeof(hvrv_gpa), 8);
    assert_int_equal(sizeof(hvrv_hpa), 8);
    assert_int_equal(hvrv_gva_make(0xffffffc080000123).v, 0xffffffc080000123);
    assert_int_equal(hvrv_gpa_make(0x1ffffffffff).v, 0x1ffffffffff);
    assert_int_equal(hvrv_hpa_make(0xffffffffffffff).v, 0xffffffffffffff);
}

static void the_sizes_are_those_of_the_manual(void **state)
{
    (void)state;
    assert_int_equal(HVRV_PAGE_SIZE, 4096);
    assert_int_equal(HVRV_ROOT_X4_SIZE, 16384);
    assert_int_equal(UINT64_C(1) << HVRV_NAPOT_SHIFT, 65536);
    assert_int_equal(HVRV_TABLE_ENTRIES * 8, 4096);
    assert_int_equal(HVRV_HPA_WIDTH, 56);
    assert_int_equal(HVRV_LEVELS_MAX, 5);
}

static void every_level_covers_512_times_the_one_below(void **state)
{
    static const uint64_t sizes[] = {
        0x1000,          /* 4 KiB */
        0x200000,        /* 2 MiB */
        0x40000000,      /* 1 GiB */
        0x8000000000,    /* 512 GiB */
        0x1000000000000, /* 256 TiB */
    };
    static const unsigned shifts[] = {12, 21, 30, 39, 48};
    (void)state;

    for (unsigned level = 0; level < 5; level++) {
        assert_int_equal(hvrv_level_shift(level), shifts[level]);
        assert_int_equal(hvrv_level_size(level), sizes[level]);
    }
}

static void a_range_names_its_first_and_its_last_byte(void **state)
{
    struct hvrv_range range = make(0x80000000, 0x3000);

    (void)state;
    assert_int_equal(range.first, 0x80000000);
    assert_int_equal(range.last, 0x80002fff);
    assert_int_equal(hvrv_range_size(range), 0x3000);
}

static void a_range_may_end_at_the_top_of_the_space(void **state)
{
    struct hvrv_range page = make(0xfffffffffffff000, 0x1000);
    struct hvrv_range most = make(0x1000, 0xfffffffffffff000);
    struct hvrv_range all = {0, UINT64_MAX};

    (void)state;
    assert_int_equal(page.last, UINT64_MAX);
    assert_int_equal(hvrv_range_size(page), 0x1000);
    assert_int_equal(most.last, UINT64_MAX);
    assert_int_equal(hvrv_range_size(most), 0xfffffffffffff000);
    assert_int_equal(hvrv_range_size(all), 0);
    assert_true(hvrv_range_has(page, UINT64_MAX));
    assert_false(hvrv_range_has(most, 0));
}

static void a_range_that_cannot_be_is_refused_and_written_empty(void **state)
{
    static const struct {
        uint64_t first, size;
        enum hvrv_status status;
    } rows[] = {
        {0x1000, 0, HVRV_ERR_RANGE},
        {0, 0, HVRV_ERR_RANGE},
        {0xfffffffffffff000, 0x2000, HVRV_ERR_RANGE},
        {0x2000, 0xfffffffffffff000, HVRV_ERR_RANGE},
        {0x1001, 0x1000, HVRV_ERR_ALIGN},
        {0x1800, 0x1000, HVRV_ERR_ALIGN},
        {0x1000, 1, HVRV_ERR_ALIGN},
        {0x1000, 0x1fff, HVRV_ERR_ALIGN},
        {0x1000, UINT64_MAX, HVRV_ERR_ALIGN},
        {1, 0, HVRV_ERR_ALIGN},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hvrv_range range = {0x5a, 0xa5};

        assert_int_equal(hvrv_range_make(&range, rows[i].first, rows[i].size), rows[i].status);
        assert_int_equal(range.first, 0);
        assert_int_equal(range.last, 0);
    }
}

static void a_null_range_is_a_status(void **state)
{
    (void)state;
    assert_int_equal(hvrv_range_make(NULL, 0x1000, 0x1000), HVRV_ERR_NULL);
    assert_int_equal(hvrv_range_make(NULL, 0x1001, 0), HVRV_ERR_NULL);
}

static void a_range_has_its_ends_and_not_their_neighbours(void **state)
{
    struct hvrv_range range = make(0x4000, 0x2000);

    (void)state;
    assert_false(hvrv_range_has(range, 0x3fff));
    assert_true(hvrv_range_has(range, 0x4000));
    assert_true(hvrv_range_has(range, 0x5fff));
    assert_false(hvrv_range_has(range, 0x6000));
    assert_false(hvrv_range_has(range, 0));
    assert_false(hvrv_range_has(range, UINT64_MAX));
}

/* The oracle looks at every page of both ranges. */
static void ranges_overlap_when_they_share_a_page(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 8 * 8; a++) {
        for (unsigned b = 0; b < 8 * 8; b++) {
            unsigned a_first = a / 8, a_pages = a % 8 + 1;
            unsigned b_first = b / 8, b_pages = b % 8 + 1;
            bool shared = false;

            for (unsigned page = a_first; page < a_first + a_pages; page++)
                if (page >= b_first && page < b_first + b_pages)
                    shared = true;
            assert_int_equal(hvrv_range_overlaps(make(a_first * 0x1000, a_pages * 0x1000),
                                                 make(b_first * 0x1000, b_pages * 0x1000)),
                             shared);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_one_word_and_keeps_its_number),
        cmocka_unit_test(the_sizes_are_those_of_the_manual),
        cmocka_unit_test(every_level_covers_512_times_the_one_below),
        cmocka_unit_test(a_range_names_its_first_and_its_last_byte),
        cmocka_unit_test(a_range_may_end_at_the_top_of_the_space),
        cmocka_unit_test(a_range_that_cannot_be_is_refused_and_written_empty),
        cmocka_unit_test(a_null_range_is_a_status),
        cmocka_unit_test(a_range_has_its_ends_and_not_their_neighbours),
        cmocka_unit_test(ranges_overlap_when_they_share_a_page),
    };

    return cmocka_run_group_tests_name("isa/addr", tests, NULL, NULL);
}
