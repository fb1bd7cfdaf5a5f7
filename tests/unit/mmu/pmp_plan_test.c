/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/pmp.h>

#include "pmp_model.h"

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static const struct hvrv_pmp_ability any_hart = {64, 2, 0x3fffffffffffff, 0};

static struct hvrv_pmp_entry entries[8];

static enum hvrv_status plan(const struct hvrv_pmp_ability *ability,
                             const struct hvrv_pmp_region *regions, uint32_t count,
                             struct hvrv_pmp_layout *layout)
{
    memset(entries, 0xff, sizeof entries);
    memset(layout, 0, sizeof *layout);
    layout->regions = regions;
    layout->region_count = count;
    layout->entries = entries;
    layout->budget = COUNT(entries);
    layout->count = 77;
    return hvrv_pmp_plan(ability, layout);
}

static bool is_entry(uint32_t index, uint8_t config, uint64_t address)
{
    return entries[index].config == config && entries[index].address == address;
}

static void the_cheaper_kind_is_taken(void **state)
{
    static const struct hvrv_pmp_region regions[] = {
        {0x00000000, 0x00002fff, 1}, /* TOR from 0 */
        {0x00003000, 0x00003fff, 3}, /* could be NAPOT, but the next goes on */
        {0x00004000, 0x00006fff, 5}, /* TOR again */
        {0x80000000, 0x800fffff, 7}, /* NAPOT */
        {0x80100000, 0x803fffff, 0}, /* a pair: NAPOT is no lower end */
    };
    struct hvrv_pmp_layout layout;

    (void)state;
    assert_int_equal(plan(&any_hart, regions, 5, &layout), HVRV_OK);
    assert_int_equal(layout.count, 6);
    assert_true(is_entry(0, 0x09, 0xc00));
    assert_true(is_entry(1, 0x0b, 0x1000));
    assert_true(is_entry(2, 0x0d, 0x1c00));
    assert_true(is_entry(3, 0x1f, 0x2001ffff));
    assert_true(is_entry(4, 0x00, 0x20040000));
    assert_true(is_entry(5, 0x08, 0x20100000));
    assert_true(is_entry(6, 0, 0) && is_entry(7, 0, 0));
}

static void behind_other_entries_nothing_begins_at_0(void **state)
{
    static const struct hvrv_pmp_region region = {0, 0x2fff, 1};
    struct hvrv_pmp_layout layout = {.regions = &region, .region_count = 1, .entries = entries};

    (void)state;
    layout.budget = 8;
    layout.first = 3;
    assert_int_equal(hvrv_pmp_plan(&any_hart, &layout), HVRV_OK);
    assert_int_equal(layout.count, 2);
    assert_true(is_entry(0, 0, 0) && is_entry(1, 0x09, 0xc00));
    layout.first = 0;
    assert_int_equal(hvrv_pmp_plan(&any_hart, &layout), HVRV_OK);
    assert_int_equal(layout.count, 1);
}

/* TOR has no word for the end of the addresses, 2^40 here; NAPOT has. */
static void the_end_of_the_addresses_is_napot(void **state)
{
    static const struct hvrv_pmp_ability hart = {16, 12, 0x3fffffffff, 0};
    static const struct hvrv_pmp_region whole = {0, 0xffffffffff, 7};
    static const struct hvrv_pmp_region most = {0x1000, 0xffffffffff, 7};
    static const struct hvrv_pmp_region far = {0xff00000000, 0xffffffffff, 7};
    struct hvrv_pmp_layout layout;

    (void)state;
    assert_int_equal(plan(&hart, &whole, 1, &layout), HVRV_OK);
    assert_int_equal(layout.count, 1);
    assert_true(is_entry(0, 0x1f, 0x1fffffffff));
    assert_int_equal(plan(&hart, &most, 1, &layout), HVRV_OK);
    assert_int_equal(layout.count, 3);
    assert_true(is_entry(0, 0, 0x400) && is_entry(1, 0x0f, 0x2000000000));
    assert_true(is_entry(2, 0x1f, 0x2fffffffff));
    assert_int_equal(plan(&hart, &far, 1, &layout), HVRV_OK);
    assert_int_equal(layout.count, 1);
    assert_true(is_entry(0, 0x1f, 0x3fdfffffff));
}

static void a_plan_that_cannot_be_is_refused_whole(void **state)
{
    static const struct hvrv_pmp_ability hart = {16, 12, 0x3fffffffff, 0};
    static const struct {
        struct hvrv_pmp_region regions[2];
        enum hvrv_status status;
    } rows[] = {
        {{{0x1000, 0x1fff, 1}, {0x2000, 0x2fff, 1}}, HVRV_OK},
        {{{0x1000, 0x1fff, 1}, {0x1000, 0x2fff, 1}}, HVRV_ERR_RANGE},
        {{{0x1000, 0x2fff, 1}, {0x2000, 0x2fff, 1}}, HVRV_ERR_RANGE},
        {{{0x3000, 0x3fff, 1}, {0x1000, 0x1fff, 1}}, HVRV_ERR_RANGE},
        {{{0x1000, 0x1fff, 1}, {0x3000, 0x2fff, 1}}, HVRV_ERR_RANGE},
        {{{0x1000, 0x1fff, 1}, {0x3000, 0x10000000fff, 1}}, HVRV_ERR_RANGE},
        {{{0x1000, 0x1fff, 1}, {0x3000, UINT64_MAX, 1}}, HVRV_ERR_RANGE},
        {{{0x1000, 0x1fff, 1}, {0x3800, 0x3fff, 1}}, HVRV_ERR_ALIGN},
        {{{0x1000, 0x1fff, 1}, {0x3000, 0x37ff, 1}}, HVRV_ERR_ALIGN},
        {{{0x1000, 0x1fff, 1}, {0x3000, 0x3000, 1}}, HVRV_ERR_ALIGN},
        {{{0x1000, 0x1fff, 1}, {0x3000, 0x3fff, 2}}, HVRV_ERR_ARGUMENT},
        {{{0x1000, 0x1fff, 9}, {0x3000, 0x3fff, 1}}, HVRV_ERR_ARGUMENT},
    };
    struct hvrv_pmp_layout layout;

    (void)state;
    for (uint32_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(plan(&hart, rows[i].regions, 2, &layout), rows[i].status);
        if (rows[i].status == HVRV_OK)
            continue;
        assert_int_equal(layout.count, 0);
        for (uint32_t entry = 0; entry < COUNT(entries); entry++)
            assert_true(is_entry(entry, 0, 0));
    }
}

static void a_budget_is_kept(void **state)
{
    static const struct hvrv_pmp_region regions[] = {{0x1000, 0x1fff, 1}, {0x3000, 0x5fff, 1}};
    struct hvrv_pmp_layout layout = {.regions = regions, .region_count = 2, .entries = entries};

    (void)state;
    for (uint32_t budget = 0; budget < 5; budget++) {
        memset(entries, 0xff, sizeof entries);
        layout.budget = budget;
        assert_int_equal(hvrv_pmp_plan(&any_hart, &layout),
                         budget < 3 ? HVRV_ERR_NO_PAGES : HVRV_OK);
        assert_int_equal(layout.count, budget < 3 ? 0 : 3);
        for (uint32_t i = layout.count; i < budget; i++)
            assert_true(is_entry(i, 0, 0));
        assert_true(is_entry(budget, 0xff, UINT64_MAX));
    }
}

static void no_region_is_no_entry(void **state)
{
    struct hvrv_pmp_ability none = {0, 2, 0, 0};
    static const struct hvrv_pmp_region region = {0x1000, 0x1fff, 1};
    struct hvrv_pmp_layout layout = {.entries = entries, .count = 5};

    (void)state;
    assert_int_equal(hvrv_pmp_plan(&any_hart, &layout), HVRV_OK);
    assert_int_equal(layout.count, 0);
    assert_int_equal(plan(&none, &region, 1, &layout), HVRV_ERR_RANGE);
    none.grain_shift = 1;
    assert_int_equal(plan(&none, NULL, 0, &layout), HVRV_ERR_RANGE);
    none.grain_shift = 56;
    assert_int_equal(plan(&none, NULL, 0, &layout), HVRV_ERR_RANGE);
    none.grain_shift = 55;
    assert_int_equal(plan(&none, NULL, 0, &layout), HVRV_OK);
}

/* Address bits with a hole: no hart has them, and neither kind can say 8 to 23. */
static void what_no_entry_can_say_has_a_name(void **state)
{
    static const struct hvrv_pmp_ability odd = {16, 2, 0x5, 0};
    static const struct hvrv_pmp_region region = {0, 23, 1};
    struct hvrv_pmp_layout layout;

    (void)state;
    assert_int_equal(plan(&odd, &region, 1, &layout), HVRV_ERR_RANGE);
    assert_int_equal(layout.count, 0);
    assert_true(is_entry(0, 0, 0));
}

static void a_null_is_refused(void **state)
{
    static const struct hvrv_pmp_region region = {0x1000, 0x1fff, 1};
    struct hvrv_pmp_layout layout = {.entries = entries, .budget = 8, .count = 5};

    (void)state;
    memset(entries, 0xff, sizeof entries);
    assert_int_equal(hvrv_pmp_plan(&any_hart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pmp_plan(NULL, &layout), HVRV_ERR_NULL);
    assert_int_equal(layout.count, 0);
    assert_true(is_entry(7, 0, 0));
    layout.region_count = 1;
    assert_int_equal(hvrv_pmp_plan(&any_hart, &layout), HVRV_ERR_NULL);
    layout.regions = &region;
    layout.entries = NULL;
    assert_int_equal(hvrv_pmp_plan(&any_hart, &layout), HVRV_ERR_NULL);
    layout.budget = 0;
    assert_int_equal(hvrv_pmp_plan(&any_hart, &layout), HVRV_ERR_NULL);
    layout.entries = entries;
    assert_int_equal(hvrv_pmp_plan(&any_hart, &layout), HVRV_ERR_NO_PAGES);
}

/*
 * The fewest entries, by trying every way to cut a region: [begin][end][a TOR entry ends
 * at begin][one ends at end]. A grain is 1 here, and the hart's addresses end at UNITS.
 */
#define UNITS 16
#define MANY  1000
static unsigned fewest[UNITS + 1][UNITS + 1][2][2];

static void lower(unsigned *cell, unsigned value)
{
    if (value < *cell)
        *cell = value;
}

static void find_fewest(void)
{
    for (unsigned i = 0; i < (UNITS + 1) * (UNITS + 1) * 4; i++)
        (&fewest[0][0][0][0])[i] = MANY;
    for (unsigned size = 1; size <= UNITS; size++) {
        for (unsigned begin = 0, end = size; end <= UNITS; begin++, end++) {
            for (unsigned chain = 0; chain < 2; chain++) {
                unsigned *cell = fewest[begin][end][chain];
                if (end < UNITS)
                    lower(&cell[1], chain ? 1 : 2);
                if ((size & (size - 1)) == 0 && begin % size == 0)
                    lower(&cell[0], 1);
                for (unsigned cut = begin + 1; cut < end; cut++) {
                    for (unsigned way = 0; way < 4; way++)
                        lower(&cell[way & 1], fewest[begin][cut][chain][way >> 1] +
                                                  fewest[cut][end][way >> 1][way & 1]);
                }
            }
        }
    }
}

static unsigned fewest_for_two(const unsigned *borders)
{
    unsigned best = MANY;
    for (unsigned way = 0; way < 4; way++) {
        unsigned first = fewest[borders[0]][borders[1]][borders[0] == 0][way >> 1];
        unsigned chain = (way >> 1) && borders[1] == borders[2];
        lower(&best, first + fewest[borders[2]][borders[3]][chain][way & 1]);
    }
    return best;
}

/* Each byte has its region's permissions, and none outside; all of a grain are matched by one. */
static void check_meaning(const struct hvrv_pmp_layout *layout,
                          const struct hvrv_pmp_region *regions, unsigned grain_shift)
{
    struct pmp_model model = {.count = layout->count, .grain = grain_shift - 2};
    for (unsigned i = 0; i < layout->count; i++) {
        model.config[i] = entries[i].config;
        model.address[i] = entries[i].address;
    }
    for (unsigned unit = 0; unit <= UNITS; unit++) {
        struct pmp_model_access access = {(uint64_t)unit << grain_shift, 1U << grain_shift, 0, 0};
        uint8_t expected = 0;
        for (unsigned i = 0; i < 2; i++) {
            if (regions[i].first <= access.address && access.address <= regions[i].last)
                expected = regions[i].permissions;
        }
        for (unsigned i = 0; i < 3; i++) {
            access.kind = "RWX"[i];
            assert_int_equal(pmp_model_allows(&model, &access), expected >> i & 1);
        }
    }
}

static void plan_two(const unsigned *borders, unsigned grain_shift)
{
    struct hvrv_pmp_ability hart = {64, 0, 0, 0};
    struct hvrv_pmp_region regions[2];
    struct hvrv_pmp_layout layout;

    hart.grain_shift = grain_shift;
    hart.address_bits = ((uint64_t)UNITS << (grain_shift - 2)) - 1;
    for (unsigned i = 0; i < 2; i++) {
        regions[i].first = (uint64_t)borders[2 * i] << grain_shift;
        regions[i].last = ((uint64_t)borders[2 * i + 1] << grain_shift) - 1;
        regions[i].permissions = i ? 5 : 3;
    }
    assert_int_equal(plan(&hart, regions, 2, &layout), HVRV_OK);
    assert_int_equal(layout.count, fewest_for_two(borders));
    check_meaning(&layout, regions, grain_shift);
}

static void every_two_regions_are_planned_with_the_fewest_entries(void **state)
{
    unsigned b[4];

    (void)state;
    find_fewest();
    for (unsigned shift = 2; shift < 5; shift++) {
        for (b[0] = 0; b[0] < UNITS; b[0]++)
            for (b[1] = b[0] + 1; b[1] < UNITS; b[1]++)
                for (b[2] = b[1]; b[2] < UNITS; b[2]++)
                    for (b[3] = b[2] + 1; b[3] <= UNITS; b[3]++)
                        plan_two(b, shift);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cheaper_kind_is_taken),
        cmocka_unit_test(behind_other_entries_nothing_begins_at_0),
        cmocka_unit_test(the_end_of_the_addresses_is_napot),
        cmocka_unit_test(a_plan_that_cannot_be_is_refused_whole),
        cmocka_unit_test(a_budget_is_kept),
        cmocka_unit_test(no_region_is_no_entry),
        cmocka_unit_test(what_no_entry_can_say_has_a_name),
        cmocka_unit_test(a_null_is_refused),
        cmocka_unit_test(every_two_regions_are_planned_with_the_fewest_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
