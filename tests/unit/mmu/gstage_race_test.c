/* SPDX-License-Identifier: BSD-2-Clause */
/* What others do to the tables while a call is under way: harts, and calls on other harts. */
#include "gstage_case.h"

#include <string.h>

/* Memory behind a port that lets somebody in before each access. */
static struct hvrv_phys under;
static struct hvrv_phys_ops hooked_ops;
static void (*intrude)(uint64_t hpa, bool is_swap, uint64_t desired);

static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    (void)context;
    if (intrude)
        intrude(hpa.v, false, 0);
    return hvrv_phys_load(&under, hpa, value) == HVRV_OK;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    (void)context;
    return hvrv_phys_store(&under, hpa, value) == HVRV_OK;
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context;
    if (intrude)
        intrude(hpa.v, true, desired);
    return hvrv_phys_compare_and_swap(&under, hpa, expected, desired) != HVRV_ERR_ACCESS;
}

static void begin(enum hvrv_gstage_ad ad)
{
    struct world_config config = {HVRV_STAGE_G, HVRV_MODE_SV39, 7, ad, WORLD_BY_PORT, 1};
    struct hvrv_phys_config port = {.ops = &hooked_ops};

    intrude = NULL;
    hooked_ops = (struct hvrv_phys_ops){load, store, compare_and_swap};
    case_begin_with(&config);
    under = world.phys;
    assert_int_equal(hvrv_phys_init(&world.phys, &port), HVRV_OK);
}

static void set(uint64_t hpa, uint64_t bits)
{
    model_memory_write(&world.memory, hpa, model_memory_read(&world.memory, hpa) | bits);
}

/* A hart stores through each leaf, just before the call changes it. */
static unsigned stores;

static void store_before_swap(uint64_t hpa, bool is_swap, uint64_t desired)
{
    uint64_t word = model_memory_read(&world.memory, hpa);

    (void)desired;
    if (is_swap && (word & (V | W)) == (V | W) && !(word & D)) {
        set(hpa, A | D);
        stores++;
    }
}

static void no_call_loses_a_d_that_a_hart_sets_meanwhile(void **state)
{
    struct hvrv_gstage_protect_request protect = {{{0}, 0x40000, ALL}, X | 0x100, X};
    struct hvrv_gstage_range range = {{0}, 0x40000, ALL};

    (void)state;
    for (unsigned what = 0; what < 4; what++) {
        begin(HVRV_GSTAGE_AD_HARDWARE);
        case_map(0, 0x1000, 0x40000, R | W | 0x100);
        intrude = store_before_swap;
        stores = 0;
        if (what == 0)
            assert_int_equal(hvrv_gstage_protect(&world.gstage, &protect, &world.gather), HVRV_OK);
        if (what == 1)
            assert_int_equal(hvrv_gstage_block(&world.gstage, &range, &world.gather), HVRV_OK);
        if (what == 2) {
            case_block(0, 0x40000);
            case_unblock(0, 0x40000);
        }
        if (what == 3)
            case_protect(0, 0x40000, R | W | X, R);
        intrude = NULL;
        assert_in_range(stores, 1, 64);
        for (uint64_t gpa = 0; gpa < 0x40000; gpa += 0x1000)
            assert_int_equal(case_word(gpa, 0) & D, D);
        case_end();
        protect.range = range;
    }
}

static void a_split_takes_a_d_that_comes_while_it_fills_the_table(void **state)
{
    (void)state;
    begin(HVRV_GSTAGE_AD_HARDWARE);
    case_map(0, 0, 2 * M, R | W);
    intrude = store_before_swap;
    stores = 0;
    case_split(0, 2 * M, 12);
    intrude = NULL;
    assert_int_equal(stores, 1);
    assert_int_equal(world.in_use, 2); /* the first table went back */
    assert_int_equal(case_word(0x5000, 0), 0x5000 >> 2 | V | R | W | U | A | D);
    case_end();
}

/* Another hart's fault handler: D in an entry that is still of the range, after others are split.
 */
static void touch_before_swap(uint64_t hpa, bool is_swap, uint64_t desired)
{
    (void)desired;
    if (is_swap && hpa / 8 % 16 == 9 && stores++ == 0)
        set(hpa, A | D);
}

static void a_split_napot_range_gives_all_a_d_that_comes_late(void **state)
{
    (void)state;
    begin(HVRV_GSTAGE_AD_FAULT);
    case_map(0x10000, 0x10000, 0x10000, R | W);
    intrude = touch_before_swap;
    stores = 0;
    case_split(0x10000, 0x10000, 12);
    intrude = NULL;
    for (uint64_t gpa = 0x10000; gpa < 0x20000; gpa += 0x1000)
        assert_int_equal(case_word(gpa, 0), gpa >> 2 | V | R | W | U | A | D);
    case_end();
}

/* norm of the tables: at the moment when a pointer is published, its table is whole. */
static unsigned published;

static void look_at_the_table(uint64_t hpa, bool is_swap, uint64_t desired)
{
    (void)hpa;
    if (!is_swap || (desired & 15) != V)
        return;
    uint64_t table = desired >> 10 << 12;
    uint64_t valid = 0;
    for (unsigned i = 0; i < 512; i++)
        valid += model_memory_read(&world.memory, table + 8 * i) & V;
    assert_true(valid == 512 || valid == 1 || valid == 3);
    published++;
}

static void a_table_is_complete_before_an_entry_points_to_it(void **state)
{
    (void)state;
    begin(HVRV_GSTAGE_AD_FAULT);
    intrude = look_at_the_table;
    published = 0;
    case_map(0x1000, 0x1000, 0x3000, R); /* two tables: one pointer, three leaves below */
    case_map(2 * M, 0x1000, 2 * M, R);
    case_map(G, G, 2 * M, R);
    case_split(G, 2 * M, 12);
    intrude = NULL;
    assert_int_equal(published, 4);
    case_end();
}

/* Another hart maps the neighbour page first, and with it makes the table. */
static bool has_mapped;

static void map_the_neighbour(uint64_t hpa, bool is_swap, uint64_t desired)
{
    struct hvrv_gstage_map_request neighbour = {
        .range = {{0x2000}, 0x1000, ALL}, .hpa = {0x2000}, .bits = R};

    (void)hpa, (void)desired;
    if (!is_swap || has_mapped)
        return;
    has_mapped = true;
    assert_int_equal(hvrv_gstage_map(&world.gstage, &neighbour, &world.gather), HVRV_OK);
}

static void who_comes_second_gives_the_tables_back_and_uses_the_others(void **state)
{
    (void)state;
    begin(HVRV_GSTAGE_AD_FAULT);
    has_mapped = false;
    intrude = map_the_neighbour;
    case_map(0x1000, 0x1000, 0x1000, R);
    intrude = NULL;
    assert_int_equal(world.in_use, 2);
    assert_int_equal(case_word(0x1000, 0), 0x1000 >> 2 | V | R | U);
    assert_int_equal(case_word(0x2000, 0), 0x2000 >> 2 | V | R | U);
    case_end();
}

/* Somebody maps a page in the middle of what is to be a NAPOT range. */
static void map_in_the_middle(uint64_t hpa, bool is_swap, uint64_t desired)
{
    (void)desired;
    if (is_swap && hpa / 8 % 16 == 5 && !has_mapped) {
        has_mapped = true;
        model_memory_write(&world.memory, hpa, 0x9000 >> 2 | V | R | U);
    }
}

static void a_napot_range_is_there_wholly_or_not_at_all(void **state)
{
    struct hvrv_gstage_map_request map = {
        .range = {{0x10000}, 0x10000, ALL}, .hpa = {0x10000}, .bits = R};

    (void)state;
    begin(HVRV_GSTAGE_AD_FAULT);
    case_map(0x1000, 0x1000, 0x1000, R);
    has_mapped = false;
    intrude = map_in_the_middle;
    assert_int_equal(hvrv_gstage_map(&world.gstage, &map, &world.gather), HVRV_ERR_EXISTS);
    intrude = NULL;
    assert_int_equal(map.range.gpa.v, 0x15000);
    for (uint64_t gpa = 0x10000; gpa < 0x15000; gpa += 0x1000)
        assert_int_equal(case_word(gpa, 0), gpa >> 2 | V | R | U);
    assert_int_equal(case_word(0x15000, 0), 0x9000 >> 2 | V | R | U);
    assert_int_equal(case_word(0x16000, 0), 0);
    case_end();
}

/* An entry that is never the same twice. */
static void never_rest(uint64_t hpa, bool is_swap, uint64_t desired)
{
    uint64_t word = model_memory_read(&world.memory, hpa);

    (void)desired;
    if (is_swap && (word & (R | X)))
        model_memory_write(&world.memory, hpa, word ^ 0x100);
}

static void what_never_rests_ends_in_a_race(void **state)
{
    struct hvrv_gstage_range range;
    struct hvrv_gstage_protect_request protect = {{{0}, 0x1000, ALL}, W, 0};
    struct hvrv_gstage_resize split = {{{2 * M}, 2 * M, ALL}, 12};
    struct hvrv_gstage_resize napot = {{{0x10000}, 0x10000, ALL}, 12};
    struct hvrv_gstage_map_request replace = {
        .range = {{0}, 0x1000, ALL}, .hpa = {G}, .bits = R, .existing = HVRV_GSTAGE_REPLACE};

    (void)state;
    begin(HVRV_GSTAGE_AD_FAULT);
    case_map(0, 0, 0x1000, R | W);
    case_map(0x10000, 0x10000, 0x10000, R | W);
    case_map(2 * M, 2 * M, 2 * M, R | W);
    case_commit();
    intrude = never_rest;
    range = (struct hvrv_gstage_range){{0}, 0x1000, ALL};
    assert_int_equal(hvrv_gstage_unmap(&world.gstage, &range, &world.gather), HVRV_ERR_RACE);
    assert_int_equal(hvrv_gstage_block(&world.gstage, &range, &world.gather), HVRV_ERR_RACE);
    assert_int_equal(hvrv_gstage_protect(&world.gstage, &protect, &world.gather), HVRV_ERR_RACE);
    assert_int_equal(hvrv_gstage_split(&world.gstage, &split, &world.gather), HVRV_ERR_RACE);
    assert_int_equal(hvrv_gstage_split(&world.gstage, &napot, &world.gather), HVRV_ERR_RACE);
    assert_int_equal(hvrv_gstage_map(&world.gstage, &replace, &world.gather), HVRV_ERR_RACE);
    assert_int_equal(hvrv_gstage_touch(&world.gstage, hvrv_gpa_make(0), HVRV_ACCESS_STORE),
                     HVRV_ERR_RACE);
    intrude = NULL;
    assert_int_equal(range.gpa.v, 0);
    assert_int_equal(range.size, 0x1000);
    assert_int_equal(case_word(0, 0) & 0xff, V | R | W | U);
    assert_int_equal(case_word(2 * M, 1) & 0xff, V | R | W | U);
    assert_int_equal(world.in_use, 2);
    case_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_call_loses_a_d_that_a_hart_sets_meanwhile),
        cmocka_unit_test(a_split_takes_a_d_that_comes_while_it_fills_the_table),
        cmocka_unit_test(a_split_napot_range_gives_all_a_d_that_comes_late),
        cmocka_unit_test(a_table_is_complete_before_an_entry_points_to_it),
        cmocka_unit_test(who_comes_second_gives_the_tables_back_and_uses_the_others),
        cmocka_unit_test(a_napot_range_is_there_wholly_or_not_at_all),
        cmocka_unit_test(what_never_rests_ends_in_a_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
