/* SPDX-License-Identifier: BSD-2-Clause */
/* The flat map by itself, on cases that can be checked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/flat.h"

#define RW  UINT64_C(0x17) /* with V and U */
#define MIB UINT64_C(0x100000)
#define GIB UINT64_C(0x40000000)

static struct flat flat;

/* Sv39x4 with leaves of 64 KiB. */
static int begin(void **state)
{
    (void)state;
    flat.levels = 3;
    flat.width = 41;
    flat.is_signed = false;
    flat.napot = true;
    flat.hardware = false;
    flat.count = 0;
    return 0;
}

static enum flat_result map(uint64_t first, uint64_t size, uint64_t to, bool replaces)
{
    struct flat_range range = {first, first + size - 1};
    struct flat_map request = {to, RW, 0, replaces};

    return flat_map(&flat, &range, &request);
}

static struct flat_range all(void)
{
    return (struct flat_range){0, (UINT64_C(1) << 41) - 1};
}

static unsigned shift_at(uint64_t address)
{
    const struct flat_leaf *leaf = flat_find(&flat, address);

    return leaf ? leaf->shift : 0;
}

static void largest_leaves_are_chosen_up_and_down(void **state)
{
    (void)state;
    assert_int_equal(map(GIB - 0x11000, GIB + 0x12000, 3 * GIB - 0x11000, false), FLAT_OK);
    assert_int_equal(flat.count, 4);
    assert_int_equal(shift_at(GIB - 0x11000), 12);
    assert_int_equal(shift_at(GIB - 1), 16);
    assert_int_equal(shift_at(GIB), 30);
    assert_int_equal(shift_at(2 * GIB), 12);
    assert_true(flat.leaf[3].to == 4 * GIB);
    /* Two tables below 1 GiB, two above 2 GiB. */
    assert_int_equal(flat_tables(&flat), 4);
}

static void addresses_that_are_apart_make_small_leaves(void **state)
{
    (void)state;
    assert_int_equal(map(0, 0x20000, 0x8000, false), FLAT_OK);
    assert_int_equal(flat.count, 32);
    assert_int_equal(shift_at(0), 12);
}

static void what_is_there_refuses_or_is_replaced(void **state)
{
    struct flat_range range = {0, 2 * MIB - 1};
    struct flat_map request = {16 * MIB, RW, 0, false};

    (void)state;
    assert_int_equal(map(0x15000, 0x1000, 0x9000, false), FLAT_OK);
    assert_int_equal(flat_map(&flat, &range, &request), FLAT_EXISTS);
    /* 64 KiB, then 4 KiB up to what is there. */
    assert_int_equal(range.first, 0x15000);
    assert_int_equal(flat.count, 1 + 5 + 1);
    /* The tables stay, so there is no leaf of 2 MiB; but one of 64 KiB. */
    assert_int_equal(map(0, 2 * MIB, 16 * MIB, true), FLAT_OK);
    assert_int_equal(flat.count, 32);
}

static void an_edge_inside_a_leaf_cuts_it_level_by_level(void **state)
{
    struct flat_range range = {GIB + 0x5000, GIB + 0x6000 - 1};

    (void)state;
    assert_int_equal(map(GIB, GIB, GIB, false), FLAT_OK);
    assert_int_equal(flat_unmap(&flat, &range), FLAT_OK);
    assert_int_equal(flat.count, 511 + 511);
    assert_int_equal(flat_tables(&flat), 2);
    assert_null(flat_find(&flat, GIB + 0x5fff));
    assert_int_equal(flat_gap(&flat, GIB + 0x5000), 12);
    assert_int_equal(flat_gap(&flat, 0), 30);
    assert_true(flat_find(&flat, GIB + 0x6000)->to == GIB + 0x6000);
}

static void split_and_merge_are_each_others_reverse(void **state)
{
    struct flat_range range = all();

    (void)state;
    assert_int_equal(map(4 * MIB, 2 * MIB, 8 * MIB, false), FLAT_OK);
    assert_int_equal(flat_split(&flat, &range, 16), FLAT_OK);
    assert_int_equal(flat.count, 32);
    flat.leaf[3].bits |= FLAT_D;
    range = (struct flat_range){4 * MIB + 0x30000, 4 * MIB + 0x3ffff};
    assert_int_equal(flat_split(&flat, &range, 12), FLAT_OK);
    assert_int_equal(flat.count, 47);
    range = all();
    assert_int_equal(flat_merge(&flat, &range, 21), FLAT_OK);
    assert_int_equal(flat.count, 1);
    assert_true(flat.leaf[0].bits == (RW | FLAT_D));
    assert_int_equal(flat_tables(&flat), 1);
}

static void leaves_that_differ_are_not_merged(void **state)
{
    struct flat_range range = {0x7000, 0x7fff};

    (void)state;
    assert_int_equal(map(0, 0x10000, 0x10000, false), FLAT_OK);
    assert_int_equal(flat_block(&flat, &range), FLAT_OK);
    assert_int_equal(flat.count, 16);
    range = all();
    assert_int_equal(flat_merge(&flat, &range, 16), FLAT_OK);
    assert_int_equal(flat.count, 16);
    range = all();
    assert_int_equal(flat_unblock(&flat, &range), FLAT_OK);
    range = all();
    assert_int_equal(flat_merge(&flat, &range, 16), FLAT_OK);
    assert_int_equal(flat.count, 1);
}

static void harvest_counts_a_part_of_a_leaf_and_leaves_it_dirty(void **state)
{
    struct flat_range range = {2 * MIB - 0x2000, 2 * MIB + 0x2fff};
    uint64_t bitmap[2] = {0, 0};

    (void)state;
    assert_int_equal(map(0, 4 * MIB, 0, false), FLAT_OK);
    assert_int_equal(flat_touch(&flat, 3 * MIB, 'w'), FLAT_OK);
    assert_int_equal(flat_harvest(&flat, &range, FLAT_D, bitmap, 61), FLAT_OK);
    assert_true(bitmap[0] == UINT64_C(1) << 63);
    assert_true(bitmap[1] == 3);
    assert_true(flat.leaf[1].bits & FLAT_D);
    range = all();
    range.last = 8 * MIB - 1;
    assert_int_equal(flat_touch(&flat, 3 * MIB, 'x'), FLAT_MISSING);
}

static void protect_stops_at_the_first_leaf_that_would_be_reserved(void **state)
{
    struct flat_range range = {0, 8 * MIB - 1};

    (void)state;
    assert_int_equal(map(0, 4 * MIB, 0, false), FLAT_OK);
    flat.leaf[0].bits |= FLAT_X;
    assert_int_equal(flat_protect(&flat, &range, FLAT_R | FLAT_W, 0), FLAT_ARGUMENT);
    assert_int_equal(range.first, 2 * MIB);
    assert_true(flat.leaf[0].bits == 0x19);
}

static void ranges_end_where_the_addresses_end(void **state)
{
    const uint64_t top = UINT64_C(1) << 41;

    (void)state;
    assert_int_equal(flat_check_range(&flat, top - 0x1000, 0x1000), FLAT_OK);
    assert_int_equal(flat_check_range(&flat, top - 0x1000, 0x2000), FLAT_RANGE);
    assert_int_equal(flat_check_range(&flat, 0x800, 0x1000), FLAT_ALIGN);
    assert_int_equal(flat_check_range(&flat, 0, 0), FLAT_RANGE);
    flat.is_signed = true;
    flat.width = 39;
    assert_int_equal(flat_check_range(&flat, -UINT64_C(0x1000), 0x1000), FLAT_OK);
    assert_int_equal(flat_check_range(&flat, -UINT64_C(0x1000), 0x2000), FLAT_RANGE);
    assert_int_equal(flat_check_range(&flat, 0x3ffffff000, 0x2000), FLAT_RANGE);
}

static void the_same_is_meant_by_leaves_of_any_size(void **state)
{
    static struct flat other;
    struct flat_range range = all();

    (void)state;
    assert_int_equal(map(2 * MIB, 2 * MIB, 0, false), FLAT_OK);
    flat_copy(&other, &flat);
    assert_int_equal(flat_split(&other, &range, 12), FLAT_OK);
    assert_true(flat_means_same(&flat, &other, all(), 0));
    other.leaf[511].bits |= FLAT_A;
    assert_false(flat_means_same(&flat, &other, all(), 0));
    assert_true(flat_means_same(&flat, &other, all(), FLAT_A));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(largest_leaves_are_chosen_up_and_down, begin),
        cmocka_unit_test_setup(addresses_that_are_apart_make_small_leaves, begin),
        cmocka_unit_test_setup(what_is_there_refuses_or_is_replaced, begin),
        cmocka_unit_test_setup(an_edge_inside_a_leaf_cuts_it_level_by_level, begin),
        cmocka_unit_test_setup(split_and_merge_are_each_others_reverse, begin),
        cmocka_unit_test_setup(leaves_that_differ_are_not_merged, begin),
        cmocka_unit_test_setup(harvest_counts_a_part_of_a_leaf_and_leaves_it_dirty, begin),
        cmocka_unit_test_setup(protect_stops_at_the_first_leaf_that_would_be_reserved, begin),
        cmocka_unit_test_setup(ranges_end_where_the_addresses_end, begin),
        cmocka_unit_test_setup(the_same_is_meant_by_leaves_of_any_size, begin),
    };

    return cmocka_run_group_tests_name("model/flat", tests, NULL, NULL);
}
