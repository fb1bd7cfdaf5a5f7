/* SPDX-License-Identifier: BSD-2-Clause */
/* split and merge. */
#include "gstage_case.h"

#define EVERYTHING (UINT64_C(0x2000000000000000) | R | W | A | D | 0x300)
#define N          UINT64_C(0x8000000000000000)

static void begin_hardware(void)
{
    struct world_config config = {
        HVRV_STAGE_G, HVRV_MODE_SV39, 7, HVRV_GSTAGE_AD_HARDWARE, WORLD_BY_WINDOW, 1};

    case_begin_with(&config);
}

static void split_keeps_every_bit_and_the_hpas_follow(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 2 * G, 2 * M, EVERYTHING);
    case_commit();
    case_split(0, 2 * M, 12);
    for (uint64_t i = 0; i < 512; i++)
        assert_int_equal(case_word(i * 4096, 0), (2 * G + i * 4096) >> 2 | EVERYTHING | V | U);
    case_owes(HVRV_FENCE_SPACE, 0);
    case_commit();
    world.domain.svvptc = true;
    case_map(2 * M, 2 * M, 2 * M, R);
    case_split(2 * M, 2 * M, 12);
    case_owes(HVRV_FENCE_PAGES, 1);
    case_owes_range(0, 2 * M, 4 * M - 1, 21); /* one fence: the leaf was one */
    case_end();
    case_begin(HVRV_STAGE_VS, HVRV_MODE_SV39);
    case_map(0, 2 * G, 2 * M, R | U | GLOBAL);
    case_split(0, 2 * M, 12);
    assert_int_equal(case_word(4096, 0), (2 * G + 4096) >> 2 | V | R | U | GLOBAL);
    case_end();
}

static void split_goes_down_level_by_level(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV57);
    case_map(0, 0, 512 * G, R);
    case_commit();
    assert_int_equal(world.in_use, 1);
    case_split(5 * G + 0x7000, 0x1000, 12);
    assert_int_equal(world.in_use, 4);
    assert_int_equal(case_word(5 * G + 0x7000, 0), (5 * G + 0x7000) >> 2 | V | R | U);
    assert_int_equal(case_word(5 * G + 2 * M, 1), (5 * G + 2 * M) >> 2 | V | R | U);
    assert_int_equal(case_word(6 * G, 2), 6 * G >> 2 | V | R | U);
    case_end();
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV48);
    case_map(0, 0, 512 * G, R);
    case_split(0, 512 * G, 30);
    assert_int_equal(world.in_use, 1);
    case_split(0, 512 * G, 39);
    case_split(0, G, 21);
    assert_int_equal(world.in_use, 2);
    case_end();
}

static void split_to_64_kib_makes_napot_ranges(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 2 * G, 2 * M, R | W);
    case_split(0, 2 * M, 16);
    for (uint64_t i = 0; i < 512; i++)
        assert_int_equal(case_word(i * 4096, 0),
                         N | (2 * G + (i / 16) * 0x10000 + 0x8000) >> 2 | V | R | W | U);
    case_split(0x20000, 0x10000, 12);
    assert_int_equal(case_word(0x2f000, 0), (2 * G + 0x2f000) >> 2 | V | R | W | U);
    assert_int_equal(case_word(0x1f000, 0) & N, N);
    assert_int_equal(case_word(0x30000, 0) & N, N);
    case_end();
}

static void split_of_a_blocked_leaf_leaves_blocked_ones(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 2 * G, 2 * M, R | W | D);
    case_block(0, 2 * M);
    case_commit();
    case_split(0, 2 * M, 12);
    assert_int_equal(case_word(0x1000, 0), (2 * G + 0x1000) >> 2 | R | W | U | D);
    case_owes(HVRV_FENCE_SPACE, 0); /* there was nothing valid, now there is a pointer */
    case_merge(0, 2 * M, 21);
    assert_int_equal(case_word(0, 1), 2 * G >> 2 | R | W | U | D);
    case_end();
}

/* The faults of A and D are software's in one scheme; else a hart may set them in any entry. */
static void a_split_napot_range_has_the_a_and_d_of_any_entry(void **state)
{
    struct hvrv_gstage_entry entry;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x10000, 0x10000, 0x10000, R | W);
    case_map(0x20000, 0x20000, 0x10000, R | W);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0x15000), &entry), HVRV_OK);
    model_memory_write(&world.memory, entry.pte_address.v, entry.pte.v | A | D);
    case_split(0x10000, 0x20000, 12);
    for (uint64_t gpa = 0x10000; gpa < 0x20000; gpa += 0x1000)
        assert_int_equal(case_word(gpa, 0), gpa >> 2 | V | R | W | U | A | D);
    assert_int_equal(case_word(0x20000, 0), 0x20000 >> 2 | V | R | W | U);
    case_end();
    begin_hardware();
    case_map(0x10000, 0x10000, 0x10000, R | W);
    case_map(0x20000, 0x20000, 0x10000, R);
    case_split(0x10000, 0x20000, 12);
    assert_int_equal(case_word(0x13000, 0), 0x13000 >> 2 | V | R | W | U | A | D);
    assert_int_equal(case_word(0x23000, 0), 0x23000 >> 2 | V | R | U | A);
    case_end();
}

static void merge_makes_one_leaf_of_512_and_parks_their_table(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(2 * M, 4 * M, 2 * M, UINT64_C(0x4000000000000000) | R | W | 0x100);
    case_split(2 * M, 2 * M, 12);
    case_commit();
    assert_int_equal(world.in_use, 2);
    case_merge(0, 6 * M, 21);
    assert_int_equal(case_word(2 * M, 1),
                     UINT64_C(0x4000000000000000) | 4 * M >> 2 | V | R | W | U | 0x100);
    assert_int_equal(world.in_use, 2);
    case_owes(HVRV_FENCE_SPACE, 0);
    case_commit();
    assert_int_equal(world.in_use, 1);
    case_end();
}

/* A hart or a walk that is half way through the old table must find what it should. */
static void the_old_table_stays_as_it_is_until_the_commit(void **state)
{
    struct hvrv_gstage_entry entry;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 0, 2 * M, R);
    case_split(0, 2 * M, 12);
    case_commit();
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0), &entry), HVRV_OK);
    case_merge(0, 2 * M, 21);
    for (uint64_t i = 0; i < 512; i++)
        assert_int_equal(model_memory_read(&world.memory, entry.pte_address.v + 8 * i),
                         i * 4096 >> 2 | V | R | U);
    case_end();
}

static void merge_goes_one_size_at_a_time(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, G, 4 * M, R);
    case_split(0, 4 * M, 12);
    case_merge(0, 4 * M, 30);
    assert_int_equal(world.in_use, 3);
    case_merge(0, 64 * K, 16);
    assert_int_equal(case_word(0xf000, 0), N | (G + 0x8000) >> 2 | V | R | U);
    case_merge(0, 4 * M, 21); /* of leaves of 4 and of 64 KiB */
    assert_int_equal(case_word(0, 1), G >> 2 | V | R | U);
    assert_int_equal(case_word(2 * M, 1), (G + 2 * M) >> 2 | V | R | U);
    case_map(4 * M, G + 4 * M, G - 4 * M, R);
    case_merge(0, G, 30);
    assert_int_equal(case_word(0, 2), G >> 2 | V | R | U);
    case_commit();
    assert_int_equal(world.in_use, 0);
    case_end();
}

static void merge_leaves_alone_what_is_not_alike(void **state)
{
    (void)state;
    for (unsigned what = 0; what < 6; what++) {
        case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
        case_map(0, what == 0 ? G + 0x1000 : G, 2 * M, R | W);
        if (what != 0)
            case_split(0, 2 * M, 12);
        if (what == 1)
            case_unmap(511 * 4096, 4096);
        if (what == 2)
            case_protect(511 * 4096, 4096, W, 0);
        if (what == 3)
            case_protect(0, 4096, 0x300, 0x100);
        if (what == 4)
            case_block(0x5000, 0x1000);
        if (what == 5) {
            case_unmap(0x5000, 0x1000);
            case_map(0x5000, G, 0x1000, R | W);
        }
        case_commit();
        case_remember();
        case_merge(0, 2 * M, 21);
        assert_true(case_is_as_remembered());
        case_owes(HVRV_FENCE_NOTHING, 0);
        case_end();
    }
}

static void merge_leaves_alone_what_is_partly_in_the_range(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 0, 4 * M, R);
    case_split(0, 4 * M, 12);
    case_commit();
    case_remember();
    case_merge(0x1000, 4 * M - 0x2000, 21);
    case_merge(0x1000, 0xf000, 16);
    assert_true(case_is_as_remembered());
    case_end();
}

static void a_merged_leaf_has_a_and_d_of_any(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 0, 4 * M, R | W);
    case_split(0, 4 * M, 12);
    case_protect(0x7000, 0x1000, A | D, A | D);
    case_protect(0x9000, 0x1000, A, A);
    case_protect(2 * M + 0x9000, 0x1000, A, A);
    case_merge(0, 4 * M, 21);
    assert_int_equal(case_word(0, 1), V | R | W | U | A | D);
    assert_int_equal(case_word(2 * M, 1), 2 * M >> 2 | V | R | W | U | A);
    case_end();
}

static void where_harts_set_d_a_merged_leaf_has_it_if_it_may_be_written(void **state)
{
    (void)state;
    begin_hardware();
    case_map(0, 0, 2 * M, R | W);
    case_map(2 * M, 2 * M, 2 * M, R);
    case_split(0, 4 * M, 12);
    case_merge(0, 4 * M, 21);
    assert_int_equal(case_word(0, 1), V | R | W | U | A | D);
    assert_int_equal(case_word(2 * M, 1), 2 * M >> 2 | V | R | U | A);
    case_map(4 * M, 4 * M, 2 * M, R | W | A | D);
    case_split(4 * M, 2 * M, 12);
    case_protect(4 * M, 2 * M, W, 0);
    case_merge(4 * M, 2 * M, 21);
    assert_int_equal(case_word(4 * M, 1), 4 * M >> 2 | V | R | U | A | D);
    case_end();
}

static void a_gather_has_room_for_sixteen_merged_tables(void **state)
{
    struct hvrv_gstage_resize merge = {{{0}, 64 * M, ALL}, 21};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 0, 64 * M, R);
    case_split(0, 64 * M, 12);
    assert_int_equal(hvrv_fence_commit(&world.gather), HVRV_OK);
    assert_int_equal(hvrv_gstage_merge(&world.gstage, &merge, &world.gather), HVRV_ERR_UNFINISHED);
    assert_int_equal(merge.range.gpa.v, 32 * M);
    assert_int_equal(hvrv_gstage_merge(&world.gstage, &merge, &world.gather), HVRV_ERR_UNFINISHED);
    assert_int_equal(merge.range.gpa.v, 32 * M);
    assert_int_equal(hvrv_fence_commit(&world.gather), HVRV_OK);
    assert_int_equal(hvrv_gstage_merge(&world.gstage, &merge, &world.gather), HVRV_OK);
    case_commit();
    assert_int_equal(world.in_use, 1);
    case_end();
}

static void sizes_that_are_none_are_refused(void **state)
{
    static const uint8_t bad_split[] = {0, 11, 13, 20, 22, 39, 48, 57};
    static const uint8_t bad_merge[] = {0, 11, 12, 13, 20, 22, 39, 48, 57};
    struct world_config config = {HVRV_STAGE_G,         HVRV_MODE_SV39,  0,
                                  HVRV_GSTAGE_AD_FAULT, WORLD_BY_WINDOW, 1};
    struct hvrv_gstage_resize resize = {{{0}, 2 * M, ALL}, 0};

    (void)state;
    case_begin_with(&config);
    for (size_t i = 0; i < sizeof(bad_split); i++) {
        resize.shift = bad_split[i];
        assert_int_equal(hvrv_gstage_split(&world.gstage, &resize, &world.gather),
                         HVRV_ERR_ARGUMENT);
    }
    for (size_t i = 0; i < sizeof(bad_merge); i++) {
        resize.shift = bad_merge[i];
        assert_int_equal(hvrv_gstage_merge(&world.gstage, &resize, &world.gather),
                         HVRV_ERR_ARGUMENT);
    }
    resize.shift = 16; /* there is no Svnapot */
    assert_int_equal(hvrv_gstage_split(&world.gstage, &resize, &world.gather), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_gstage_merge(&world.gstage, &resize, &world.gather), HVRV_ERR_ARGUMENT);
    case_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_keeps_every_bit_and_the_hpas_follow),
        cmocka_unit_test(split_goes_down_level_by_level),
        cmocka_unit_test(split_to_64_kib_makes_napot_ranges),
        cmocka_unit_test(split_of_a_blocked_leaf_leaves_blocked_ones),
        cmocka_unit_test(a_split_napot_range_has_the_a_and_d_of_any_entry),
        cmocka_unit_test(merge_makes_one_leaf_of_512_and_parks_their_table),
        cmocka_unit_test(the_old_table_stays_as_it_is_until_the_commit),
        cmocka_unit_test(merge_goes_one_size_at_a_time),
        cmocka_unit_test(merge_leaves_alone_what_is_not_alike),
        cmocka_unit_test(merge_leaves_alone_what_is_partly_in_the_range),
        cmocka_unit_test(a_merged_leaf_has_a_and_d_of_any),
        cmocka_unit_test(where_harts_set_d_a_merged_leaf_has_it_if_it_may_be_written),
        cmocka_unit_test(a_gather_has_room_for_sixteen_merged_tables),
        cmocka_unit_test(sizes_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
