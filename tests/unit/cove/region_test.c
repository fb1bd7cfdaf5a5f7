/* SPDX-License-Identifier: BSD-2-Clause */
/* Regions against a flat map of pages, at random, and the ends of their list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/region.h>

#define PAGES 96
#define STEPS 20000

enum { NONE, CONFIDENTIAL, SHARED, MMIO };

static struct hvrv_region region(uint64_t first, uint64_t pages, unsigned kind)
{
    return (struct hvrv_region){{first * 0x1000, (first + pages) * 0x1000 - 1},
                                (enum hvrv_region_kind)kind};
}

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (*seed >> 33) % below;
}

/* A page of the flat map: its kind, and of a device which one it is, else 0. */
struct flat {
    uint8_t kind;
    uint16_t device;
};

/* How many regions the flat map has. */
static unsigned count(const struct flat *flat)
{
    unsigned regions = 0;

    for (unsigned i = 0; i < PAGES; i++)
        regions += flat[i].kind != NONE && (i == 0 || flat[i - 1].kind != flat[i].kind ||
                                            flat[i - 1].device != flat[i].device);
    return regions;
}

static void regions_are_what_a_flat_map_says(void **state)
{
    static struct hvrv_regions regions;
    struct flat flat[PAGES] = {0};
    uint64_t seed = 6;
    unsigned turned = 0;

    (void)state;
    print_message("seed %u, %u turns\n", 6, STEPS);
    for (unsigned step = 0; step < STEPS; step++) {
        uint64_t first = draw(&seed, PAGES);
        uint64_t pages = 1 + draw(&seed, draw(&seed, 4) ? 3 : PAGES - first);
        unsigned from = (unsigned)draw(&seed, 4);
        unsigned to = (unsigned)draw(&seed, 4);
        if (first + pages > PAGES)
            pages = PAGES - first;
        struct hvrv_region change = region(first, pages, to);
        struct flat next[PAGES];
        bool covers = true;
        memcpy(next, flat, sizeof(flat));
        for (uint64_t i = first; i < first + pages; i++) {
            covers &= flat[i].kind == from;
            next[i] = (struct flat){(uint8_t)to, (uint16_t)(to == MMIO ? step + 1 : 0)};
        }
        assert_int_equal(hvrv_region_covers(&regions, &change.range, (enum hvrv_region_kind)from),
                         covers);
        enum hvrv_status status = hvrv_region_turn(&regions, &change, (enum hvrv_region_kind)from);
        if (!covers) {
            assert_int_equal(status, HVRV_ERR_EXISTS);
        } else if (count(next) > 32) {
            assert_int_equal(status, HVRV_ERR_NO_PAGES);
        } else {
            assert_int_equal(status, HVRV_OK);
            memcpy(flat, next, sizeof(flat));
            turned++;
        }
        assert_int_equal(regions.count, count(flat));
        for (unsigned i = 0; i < PAGES; i++)
            assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){i * 0x1000 + 0xfff}),
                             flat[i].kind);
    }
    assert_true(turned > STEPS / 20);
}

static void a_region_may_end_at_the_last_address(void **state)
{
    struct hvrv_regions regions = {0};
    struct hvrv_region all = {{0, UINT64_MAX}, HVRV_REGION_CONFIDENTIAL};
    struct hvrv_region last = {{UINT64_MAX - 0xfff, UINT64_MAX}, HVRV_REGION_SHARED};

    (void)state;
    assert_int_equal(hvrv_region_turn(&regions, &all, HVRV_REGION_NONE), HVRV_OK);
    assert_int_equal(hvrv_region_turn(&regions, &last, HVRV_REGION_CONFIDENTIAL), HVRV_OK);
    assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){UINT64_MAX}), HVRV_REGION_SHARED);
    assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){0}), HVRV_REGION_CONFIDENTIAL);
    last.kind = HVRV_REGION_CONFIDENTIAL;
    assert_int_equal(hvrv_region_turn(&regions, &last, HVRV_REGION_SHARED), HVRV_OK);
    assert_int_equal(regions.count, 1);
}

static void remove_takes_whole_regions_of_its_kind(void **state)
{
    struct hvrv_regions regions = {0};
    struct hvrv_region at = region(4, 4, MMIO);
    struct hvrv_range range = {7 * 0x1000, 13 * 0x1000 - 1};

    (void)state;
    assert_int_equal(hvrv_region_remove(&regions, &range, HVRV_REGION_MMIO), HVRV_ERR_MISSING);
    assert_int_equal(hvrv_region_turn(&regions, &at, HVRV_REGION_NONE), HVRV_OK);
    at = region(10, 1, CONFIDENTIAL);
    assert_int_equal(hvrv_region_turn(&regions, &at, HVRV_REGION_NONE), HVRV_OK);
    at = region(12, 4, MMIO);
    assert_int_equal(hvrv_region_turn(&regions, &at, HVRV_REGION_NONE), HVRV_OK);
    at = region(20, 1, MMIO);
    assert_int_equal(hvrv_region_turn(&regions, &at, HVRV_REGION_NONE), HVRV_OK);
    at = region(16, 1, MMIO); /* a neighbour, which does not overlap */
    assert_int_equal(hvrv_region_turn(&regions, &at, HVRV_REGION_NONE), HVRV_OK);
    assert_int_equal(hvrv_region_remove(&regions, &range, HVRV_REGION_MMIO), HVRV_OK);
    assert_int_equal(regions.count, 3);
    assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){0x4000}), HVRV_REGION_NONE);
    assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){0xa000}), HVRV_REGION_CONFIDENTIAL);
    assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){0xf000}), HVRV_REGION_NONE);
    assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){0x10000}), HVRV_REGION_MMIO);
    assert_int_equal(hvrv_region_find(&regions, (hvrv_gpa){0x14000}), HVRV_REGION_MMIO);
}

static void null_is_refused_and_kinds_have_names(void **state)
{
    struct hvrv_regions regions = {0};
    struct hvrv_region at = region(1, 1, MMIO);

    (void)state;
    assert_int_equal(hvrv_region_turn(NULL, &at, HVRV_REGION_NONE), HVRV_ERR_NULL);
    assert_int_equal(hvrv_region_turn(&regions, NULL, HVRV_REGION_NONE), HVRV_ERR_NULL);
    assert_int_equal(hvrv_region_remove(NULL, &at.range, HVRV_REGION_MMIO), HVRV_ERR_NULL);
    assert_int_equal(hvrv_region_remove(&regions, NULL, HVRV_REGION_MMIO), HVRV_ERR_NULL);
    assert_string_equal(hvrv_region_name(HVRV_REGION_SHARED), "shared");
    assert_string_equal(hvrv_region_name((enum hvrv_region_kind)4), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_are_what_a_flat_map_says),
        cmocka_unit_test(a_region_may_end_at_the_last_address),
        cmocka_unit_test(remove_takes_whole_regions_of_its_kind),
        cmocka_unit_test(null_is_refused_and_kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
