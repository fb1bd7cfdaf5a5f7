/* SPDX-License-Identifier: BSD-2-Clause */
/* unmap, protect, block and unblock, harvest. */
#include "gstage_case.h"

static void unmap_inside_a_superpage_splits_it(void **state)
{
    const uint64_t bits = UINT64_C(0x2000000000000000) | R | W | A | D | 0x300;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(G, 3 * G, G, bits);
    case_commit();
    case_unmap(G + 2 * M + 0x3000, 0x2000);
    assert_int_equal(world.in_use, 2);
    assert_int_equal(case_word(G, 1), 3 * G >> 2 | bits | V | U);
    assert_int_equal(case_word(G + 2 * M + 0x2000, 0),
                     (3 * G + 2 * M + 0x2000) >> 2 | bits | V | U);
    assert_int_equal(case_word(G + 2 * M + 0x3000, 0), 0);
    assert_int_equal(case_word(G + 2 * M + 0x4000, 0), 0);
    assert_int_equal(case_word(G + 2 * M + 0x5000, 0),
                     (3 * G + 2 * M + 0x5000) >> 2 | bits | V | U);
    case_end();
}

static void unmap_takes_out_the_tables_that_become_empty(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV57);
    case_map(0x5000, 0x1000, 0x3000, R);
    case_map(UINT64_C(1) << 48, 0x1000, 0x1000, R);
    case_commit();
    assert_int_equal(world.in_use, 8);
    case_unmap(0x5000, 0x2000);
    assert_int_equal(world.in_use, 8);
    case_owes(HVRV_FENCE_PAGES, 1);
    case_owes_range(0, 0x5000, 0x6fff, 12);
    case_unmap(0x7000, 0x1000);
    assert_int_equal(case_word(0, 4), 0);
    assert_int_equal(world.in_use, 8); /* parked until the commit */
    case_owes(HVRV_FENCE_SPACE, 0);
    case_commit();
    assert_int_equal(world.in_use, 4);
    case_end();
}

/* Also where the budget ends with the last of its leaves, and the call is never made again. */
static void no_budget_leaves_an_empty_table(void **state)
{
    struct hvrv_gstage_range range = {{0x1000}, 0x10000, 4};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x4000, R);
    case_commit();
    assert_int_equal(hvrv_gstage_unmap(&world.gstage, &range, &world.gather), HVRV_ERR_UNFINISHED);
    assert_int_equal(range.gpa.v, 0x5000);
    case_commit();
    assert_int_equal(world.in_use, 0);
    case_end();
}

static void a_table_with_its_last_entry_alone_stays(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, R);
    case_map(2 * M - 0x1000, 0x2000, 0x1000, R);
    case_unmap(0x1000, 0x1000);
    assert_int_equal(case_word(2 * M - 0x1000, 0), 0x2000 >> 2 | V | R | U);
    case_commit();
    assert_int_equal(world.in_use, 2);
    case_end();
}

static void a_table_that_is_wholly_unmapped_goes_as_it_is(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(2 * M, 0x1000, 4 * M, R); /* HPAs are no better aligned than to 4 KiB */
    case_commit();
    assert_int_equal(world.in_use, 3);
    case_unmap(0, G);
    case_owes(HVRV_FENCE_SPACE, 0);
    assert_int_equal(world.in_use, 3);
    case_commit();
    assert_int_equal(world.in_use, 0);
    case_end();
}

static void unmap_passes_over_what_is_not_mapped(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_unmap(0x1000, T);
    case_owes(HVRV_FENCE_NOTHING, 0);
    case_map(G, G, G, R);
    case_map(0x3000, 0x3000, 0x1000, R);
    case_block(0x3000, 0x1000);
    case_unmap(0x1000, 0x1000);
    assert_int_equal(world.in_use, 2);
    case_unmap(0x3000, 0x1000);
    case_commit();
    assert_int_equal(world.in_use, 0);
    case_end();
}

/* An end of the range may need a page; what was before it is done. */
static void unmap_without_a_page_says_how_far_it_got(void **state)
{
    struct hvrv_gstage_range range = {{0}, 4 * M + 0x1000, ALL};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 0, 6 * M, R);
    case_commit();
    world.limit = world.in_use;
    assert_int_equal(hvrv_gstage_unmap(&world.gstage, &range, &world.gather), HVRV_ERR_NO_PAGES);
    assert_int_equal(range.gpa.v, 4 * M);
    assert_int_equal(range.size, 0x1000);
    assert_int_equal(case_word(2 * M, 1), 0);
    assert_int_equal(case_word(4 * M, 1), 4 * M >> 2 | V | R | U);
    world.limit++;
    assert_int_equal(hvrv_gstage_unmap(&world.gstage, &range, &world.gather), HVRV_OK);
    assert_int_equal(case_word(4 * M, 0), 0);
    assert_int_equal(case_word(4 * M + 0x1000, 0), (4 * M + 0x1000) >> 2 | V | R | U);
    case_end();
}

static void protect_changes_the_bits_of_the_mask_alone(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x2000, R | W | A | D | 0x100);
    case_commit();
    case_protect(0x1000, 0x1000, W | 0x300, 0x200);
    assert_int_equal(case_word(0x1000, 0), 0x1000 >> 2 | V | R | U | A | D | 0x200);
    assert_int_equal(case_word(0x2000, 0), 0x2000 >> 2 | V | R | W | U | A | D | 0x100);
    case_owes(HVRV_FENCE_PAGES, 1);
    case_owes_range(0, 0x1000, 0x1fff, 12);
    case_protect(0x1000, 0x1000, R | W | X, X);
    assert_int_equal(case_word(0x1000, 0), 0x1000 >> 2 | V | X | U | A | D | 0x200);
    case_protect(0x1000, 0x1000, UINT64_C(0x6000000000000000), UINT64_C(0x4000000000000000));
    assert_int_equal(case_word(0x1000, 0),
                     UINT64_C(0x4000000000000000) | 0x1000 >> 2 | V | X | U | A | D | 0x200);
    case_end();
}

static void protect_of_a_part_splits_the_leaf(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, G, 2 * M + 0x10000, R | W);
    case_protect(0x1000, 2 * M + 0x1000, W, 0);
    assert_int_equal(case_word(0, 0), G >> 2 | V | R | W | U);
    assert_int_equal(case_word(0x1000, 0), (G + 0x1000) >> 2 | V | R | U);
    assert_int_equal(case_word(2 * M + 0x1000, 0), (G + 2 * M + 0x1000) >> 2 | V | R | U);
    assert_int_equal(case_word(2 * M + 0x2000, 0), (G + 2 * M + 0x2000) >> 2 | V | R | W | U);
    case_end();
}

static void protect_that_changes_nothing_owes_nothing(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x2000, R);
    case_commit();
    case_protect(0, 4 * M, W, 0);
    case_protect(0, 4 * M, R | X, R);
    case_protect(0, 4 * M, R, R);
    case_owes(HVRV_FENCE_NOTHING, 0);
    case_end();
}

/* No leaf gets a reserved meaning: the call stops before it. */
static void protect_stops_before_a_leaf_that_it_would_spoil(void **state)
{
    static const struct {
        uint64_t mask, bits;
    } cases[] = {{R, 0}, {R | W | X, 0}, {R | X, X}, {X, 0}};
    static const uint64_t leaf[] = {R | W, R | X, R | W, X};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hvrv_gstage_protect_request protect = {
            {{0x1000}, 0x3000, ALL}, cases[i].mask, cases[i].bits};

        case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
        case_map(0x3000, 0x3000, 0x1000, leaf[i]);
        case_commit();
        case_remember();
        assert_int_equal(hvrv_gstage_protect(&world.gstage, &protect, &world.gather),
                         HVRV_ERR_ARGUMENT);
        assert_int_equal(protect.range.gpa.v, 0x3000);
        assert_true(case_is_as_remembered());
        case_end();
    }
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, X);
    case_map(0x2000, 0x2000, 0x1000, UINT64_C(0x2000000000000000) | R);
    struct hvrv_gstage_protect_request write = {{{0x1000}, 0x1000, ALL}, W, W};
    assert_int_equal(hvrv_gstage_protect(&world.gstage, &write, &world.gather), HVRV_ERR_ARGUMENT);
    struct hvrv_gstage_protect_request pbmt = {
        {{0x2000}, 0x1000, ALL}, UINT64_C(0x4000000000000000), UINT64_C(0x4000000000000000)};
    assert_int_equal(hvrv_gstage_protect(&world.gstage, &pbmt, &world.gather), HVRV_ERR_ARGUMENT);
    case_end();
}

static void protect_refuses_masks_that_are_not_a_leafs(void **state)
{
    static const struct {
        uint64_t mask, bits;
    } cases[] = {{V, 0},
                 {U, 0},
                 {GLOBAL, 0},
                 {0x400, 0},
                 {W, R},
                 {UINT64_C(0x8000000000000000), 0},
                 {UINT64_C(0x6000000000000000), UINT64_C(0x6000000000000000)}};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hvrv_gstage_protect_request protect = {
            {{0x1000}, 0x1000, ALL}, cases[i].mask, cases[i].bits};
        assert_int_equal(hvrv_gstage_protect(&world.gstage, &protect, &world.gather),
                         HVRV_ERR_ARGUMENT);
    }
    case_end();
    case_begin(HVRV_STAGE_VS, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, R | U | GLOBAL);
    case_protect(0x1000, 0x1000, U | GLOBAL, GLOBAL);
    assert_int_equal(case_word(0x1000, 0), 0x1000 >> 2 | V | R | GLOBAL);
    case_end();
}

static void a_blocked_leaf_remembers_everything(void **state)
{
    const uint64_t bits = UINT64_C(0x2000000000000000) | R | W | A | D | 0x300;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 2 * G, 2 * M + 0x10000 + 0x1000, bits);
    case_commit();
    case_remember();
    case_block(0, 4 * M);
    case_owes(HVRV_FENCE_PAGES, 2);
    case_owes_range(0, 0, 2 * M - 1, 21);
    case_owes_range(1, 2 * M, 2 * M + 0x20000 - 1, 12); /* by sixteens */
    assert_int_equal(case_word(0, 1), 2 * G >> 2 | bits | U);
    assert_int_equal(case_word(2 * M + 0x10000, 0), (2 * G + 2 * M + 0x10000) >> 2 | bits | U);
    case_block(0, 4 * M);
    case_commit();
    case_block(0, 4 * M);
    case_owes(HVRV_FENCE_NOTHING, 0);
    case_protect(0, 2 * M, W, 0);
    assert_int_equal(case_word(0, 1), 2 * G >> 2 | (bits & ~(uint64_t)W) | U);
    case_protect(0, 2 * M, W, W);
    case_unblock(0, 4 * M);
    assert_true(case_is_as_remembered());
    case_end();
}

/* norm:Svvptc_explicit_stores_update_valid_bit: what is added needs no fence then. */
static void unblock_owes_what_is_added(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    world.domain.svvptc = true;
    case_map(0x1000, 0x1000, 0x1000, R);
    case_block(0x1000, 0x1000);
    case_owes(HVRV_FENCE_PAGES, 1);
    case_commit();
    case_unblock(0x1000, 0x1000);
    case_owes(HVRV_FENCE_NOTHING, 0);
    assert_int_equal(case_word(0x1000, 0), 0x1000 >> 2 | V | R | U);
    case_end();
}

static uint64_t bitmap[8195];

static void harvest(uint64_t gpa, uint64_t size, uint64_t which, uint64_t next)
{
    struct hvrv_gstage_harvest_request request = {{{gpa}, size, ALL}, which, bitmap, next};

    assert_int_equal(hvrv_gstage_harvest(&world.gstage, &request, &world.gather), HVRV_OK);
    assert_int_equal(request.next, next + size / 4096);
    assert_int_equal(request.range.size, 0);
}

static void clear_bitmap(void)
{
    for (size_t i = 0; i < sizeof(bitmap) / sizeof(bitmap[0]); i++)
        bitmap[i] = 0;
}

static void harvest_takes_the_bit_and_says_where_it_was(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    clear_bitmap();
    case_map(0, 0, 0x1000, R | W | A | D);
    case_map(0x1000, 0x2000, 0x1000, R | W | A);
    case_map(0x41000, 0x3000, 0x1000, R | W | A | D);
    case_commit();
    harvest(0, 0x80000, D, 0);
    assert_int_equal(bitmap[0], 1);
    assert_int_equal(bitmap[1], 2);
    assert_int_equal(case_word(0, 0), V | R | W | U | A);
    case_owes(HVRV_FENCE_PAGES, world.gather.order.range_count);
    case_commit();
    clear_bitmap();
    harvest(0, 0x80000, D, 0);
    assert_int_equal(bitmap[0] | bitmap[1], 0);
    case_owes(HVRV_FENCE_NOTHING, 0);
    harvest(0, 0x80000, A, 0);
    assert_int_equal(bitmap[0], 3);
    assert_int_equal(bitmap[1], 2);
    assert_int_equal(case_word(0, 0), V | R | W | U);
    case_end();
}

static void harvest_adds_bits_from_the_one_that_it_is_told(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    clear_bitmap();
    bitmap[0] = 1;
    bitmap[2] = UINT64_C(1) << 63;
    case_map(0, 0x1000, 66 * 4096, R | W | A | D);
    harvest(0, 66 * 4096, D, 61);
    assert_int_equal(bitmap[0], UINT64_C(7) << 61 | 1);
    assert_int_equal(bitmap[1], ~UINT64_C(0) >> 1);
    assert_int_equal(bitmap[2], UINT64_C(1) << 63);
    case_end();
}

static void a_large_leaf_counts_for_all_its_pages(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    clear_bitmap();
    case_map(2 * M, 2 * M, 2 * M, R | W | A | D);
    case_commit();
    harvest(0, 6 * M, D, 0);
    for (unsigned i = 0; i < 24; i++)
        assert_int_equal(bitmap[i], i / 8 == 1 ? ~UINT64_C(0) : 0);
    assert_int_equal(case_word(2 * M, 1), 2 * M >> 2 | V | R | W | U | A);
    case_owes(HVRV_FENCE_SPACE, 0);
    case_end();
}

static void a_leaf_partly_in_the_range_keeps_its_bit(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    clear_bitmap();
    case_map(0, 0, 2 * M, R | W | A | D);
    case_map(2 * M, G, 0x10000, R | W | A | D);
    case_commit();
    harvest(2 * M - 0x3000, 0x5000, D, 0);
    assert_int_equal(bitmap[0], 0x1f);
    assert_int_equal(case_word(0, 1), V | R | W | U | A | D);
    assert_int_equal(case_word(2 * M, 0) & D, D);
    assert_int_equal(world.in_use, 2);
    case_end();
}

/* norm:Svnapot_cache_entries: a hart may set D in any of the sixteen. */
static void any_entry_of_a_napot_range_speaks_for_all(void **state)
{
    (void)state;
    for (unsigned memory = 0; memory < WORLD_MEMORIES; memory++) {
        struct world_config config = {
            HVRV_STAGE_G, HVRV_MODE_SV39, 7, HVRV_GSTAGE_AD_HARDWARE, (enum world_memory)memory, 1};
        struct hvrv_gstage_entry entry;

        case_begin_with(&config);
        clear_bitmap();
        case_map(0x8000, 0x8000, 0x18000, R | W | A);
        assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0x1d000), &entry), HVRV_OK);
        assert_int_equal(entry.shift, 16);
        model_memory_write(&world.memory, entry.pte_address.v, entry.pte.v | D);
        harvest(0x8000, 0x18000, D, 0);
        assert_int_equal(bitmap[0], 0xffff00);
        assert_int_equal(case_word(0x1d000, 0) & D, 0);
        case_commit();
        case_end();
    }
}

static void harvest_refuses_what_is_neither_a_nor_d(void **state)
{
    static const uint64_t bad[] = {0, A | D, R, W, 0x100};
    struct hvrv_gstage_harvest_request request = {{{0}, 0x1000, 1}, D, NULL, 0};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    assert_int_equal(hvrv_gstage_harvest(&world.gstage, &request, &world.gather), HVRV_ERR_NULL);
    request.bitmap = bitmap;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        request.which = bad[i];
        assert_int_equal(hvrv_gstage_harvest(&world.gstage, &request, &world.gather),
                         HVRV_ERR_ARGUMENT);
    }
    assert_int_equal(request.next, 0);
    case_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unmap_inside_a_superpage_splits_it),
        cmocka_unit_test(unmap_takes_out_the_tables_that_become_empty),
        cmocka_unit_test(no_budget_leaves_an_empty_table),
        cmocka_unit_test(a_table_with_its_last_entry_alone_stays),
        cmocka_unit_test(a_table_that_is_wholly_unmapped_goes_as_it_is),
        cmocka_unit_test(unmap_passes_over_what_is_not_mapped),
        cmocka_unit_test(unmap_without_a_page_says_how_far_it_got),
        cmocka_unit_test(protect_changes_the_bits_of_the_mask_alone),
        cmocka_unit_test(protect_of_a_part_splits_the_leaf),
        cmocka_unit_test(protect_that_changes_nothing_owes_nothing),
        cmocka_unit_test(protect_stops_before_a_leaf_that_it_would_spoil),
        cmocka_unit_test(protect_refuses_masks_that_are_not_a_leafs),
        cmocka_unit_test(a_blocked_leaf_remembers_everything),
        cmocka_unit_test(unblock_owes_what_is_added),
        cmocka_unit_test(harvest_takes_the_bit_and_says_where_it_was),
        cmocka_unit_test(harvest_adds_bits_from_the_one_that_it_is_told),
        cmocka_unit_test(a_large_leaf_counts_for_all_its_pages),
        cmocka_unit_test(a_leaf_partly_in_the_range_keeps_its_bit),
        cmocka_unit_test(any_entry_of_a_napot_range_speaks_for_all),
        cmocka_unit_test(harvest_refuses_what_is_neither_a_nor_d),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
