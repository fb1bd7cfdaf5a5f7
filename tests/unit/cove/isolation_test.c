/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/isolation.h>

#include "model/hart.h"

#define PAGES 64

static struct hvrv_isolation isolation;
static struct hvrv_isolation_domain domains[2];
static struct model_hart hart;

static struct hvrv_isolation_config config_of(uint32_t entries, uint32_t first)
{
    struct hvrv_isolation_config config;
    memset(&config, 0, sizeof config);
    config.domains = domains;
    config.domain_count = 2;
    config.ability.count = entries;
    config.ability.grain_shift = 12;
    config.ability.address_bits = 0x3fffffffffffff;
    config.first = first;
    return config;
}

static void begin(uint32_t entries, uint32_t first)
{
    struct hvrv_isolation_config config = config_of(entries, first);
    struct model_config machine = model_config_all();
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_OK);
    machine.pmp_entries = (uint8_t)entries;
    machine.pmp_grain = 10;
    model_hart_init_with(&hart, &machine);
    hart.mode = MODEL_M;
}

static enum hvrv_status grant(uint32_t domain, uint64_t first, uint64_t last, uint8_t permissions)
{
    struct hvrv_range range;
    range.first = first;
    range.last = last;
    return hvrv_isolation_grant(&isolation, domain, &range, permissions);
}

static enum hvrv_status revoke(uint32_t domain, uint64_t first, uint64_t last)
{
    struct hvrv_range range;
    range.first = first;
    range.last = last;
    return hvrv_isolation_revoke(&isolation, domain, &range);
}

static bool may(uint32_t domain, uint64_t address, enum hvrv_access kind)
{
    struct hvrv_pmp_access access = {address, 8, kind, false};
    return hvrv_isolation_allows(&isolation, domain, &access);
}

static bool may_load(uint32_t domain, uint64_t address)
{
    return may(domain, address, HVRV_ACCESS_LOAD);
}

static void nothing_is_reached_until_it_is_granted(void **state)
{
    (void)state;
    begin(16, 0);
    assert_false(may_load(0, 0x80000000));
    assert_int_equal(grant(0, 0x80000000, 0x80000fff, 5), HVRV_OK);
    assert_true(may_load(0, 0x80000000));
    assert_true(may(0, 0x80000ff8, HVRV_ACCESS_FETCH));
    assert_false(may(0, 0x80000000, HVRV_ACCESS_STORE));
    assert_false(may_load(0, 0x80000ffc)); /* the last four bytes are outside */
    assert_false(may_load(1, 0x80000000));
    assert_false(may_load(2, 0x80000000));
    assert_int_equal(grant(0, 0x80000000, 0x80000fff, 3), HVRV_OK); /* instead */
    assert_true(may(0, 0x80000000, HVRV_ACCESS_STORE));
    assert_false(may(0, 0x80000000, HVRV_ACCESS_FETCH));
}

static void what_is_taken_from_the_middle_leaves_both_sides(void **state)
{
    (void)state;
    begin(16, 0);
    assert_int_equal(grant(0, 0x80000000, 0x9fffffff, 7), HVRV_OK);
    assert_int_equal(revoke(0, 0x80400000, 0x807fffff), HVRV_OK);
    assert_true(may_load(0, 0x803ffff8) && may_load(0, 0x80800000));
    assert_false(may_load(0, 0x80400000) || may_load(0, 0x807ffff8));
    assert_false(may_load(0, 0x803ffffc));
    assert_int_equal(domains[0].region_count, 2);
    assert_int_equal(grant(0, 0x80400000, 0x807fffff, 7), HVRV_OK);
    assert_int_equal(domains[0].region_count, 1); /* neighbours of one kind are one */
    assert_true(may_load(0, 0x803ffffc));
    assert_int_equal(revoke(0, 0, 0xffffffffff), HVRV_OK);
    assert_int_equal(domains[0].region_count, 0);
    assert_false(may_load(0, 0x80000000));
}

static void the_last_page_there_is_can_be_granted(void **state)
{
    (void)state;
    begin(16, 0);
    assert_int_equal(grant(0, 0xfffffffffff000, 0xffffffffffffff, 7), HVRV_OK);
    assert_true(may_load(0, 0xfffffffffffff8));
    assert_int_equal(revoke(0, 0xfffffffffff000, 0xffffffffffffff), HVRV_OK);
    assert_false(may_load(0, 0xfffffffffffff8));
    assert_int_equal(revoke(0, 0x100000000000000, 0x100000000000fff), HVRV_ERR_RANGE);
}

static void neighbours_that_differ_stay_two(void **state)
{
    (void)state;
    begin(16, 0);
    assert_int_equal(grant(0, 0x80000000, 0x80000fff, 1), HVRV_OK);
    assert_int_equal(grant(0, 0x80001000, 0x80001fff, 3), HVRV_OK);
    assert_int_equal(domains[0].region_count, 2);
    assert_false(may(0, 0x80000ff8, HVRV_ACCESS_STORE));
    assert_true(may(0, 0x80001000, HVRV_ACCESS_STORE));
}

static void too_many_holes_are_refused_and_nothing_changes(void **state)
{
    struct hvrv_isolation_domain before;
    uint64_t hole = 0x80001000;

    (void)state;
    begin(16, 0);
    assert_int_equal(grant(0, 0x80000000, 0x9fffffff, 7), HVRV_OK);
    while (revoke(0, hole, hole + 0xfff) == HVRV_OK)
        hole += 0x4000;
    assert_true(domains[0].entry_count >= 15 && domains[0].region_count < 16);
    before = domains[0];
    assert_int_equal(revoke(0, hole, hole + 0xfff), HVRV_ERR_NO_PAGES);
    assert_memory_equal(&before, &domains[0], sizeof before);
    assert_true(may_load(0, hole));
    begin(64, 0);
    for (uint64_t i = 0; i < 32; i++)
        assert_int_equal(grant(0, i * 0x2000, i * 0x2000 + 0xfff, 7), HVRV_OK);
    assert_int_equal(grant(0, 0x80000, 0x80fff, 7), HVRV_ERR_NO_PAGES); /* the list is full */
    assert_int_equal(revoke(0, 0, 0xfff), HVRV_OK);
    assert_int_equal(grant(0, 0x80000, 0x80fff, 7), HVRV_OK);
}

static void what_is_no_range_is_refused(void **state)
{
    static const struct {
        uint64_t first, last;
        uint8_t permissions;
        uint32_t domain;
        enum hvrv_status status;
    } rows[] = {
        {0x1000, 0x1fff, 1, 2, HVRV_ERR_ARGUMENT},  {0x1000, 0x1fff, 0, 0, HVRV_ERR_ARGUMENT},
        {0x1000, 0x1fff, 2, 0, HVRV_ERR_ARGUMENT},  {0x1000, 0x1fff, 8, 0, HVRV_ERR_ARGUMENT},
        {0x1800, 0x1fff, 1, 0, HVRV_ERR_ALIGN},     {0x1000, 0x17ff, 1, 0, HVRV_ERR_ALIGN},
        {0x2000, 0x1fff, 1, 0, HVRV_ERR_RANGE},     {0, 0x100000000000fff, 1, 0, HVRV_ERR_RANGE},
        {0x1000, UINT64_MAX, 1, 0, HVRV_ERR_RANGE},
    };
    struct hvrv_range range = {0x1000, 0x1fff};

    (void)state;
    begin(16, 0);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(grant(rows[i].domain, rows[i].first, rows[i].last, rows[i].permissions),
                         rows[i].status);
        if (i != 1 && i != 2 && i != 3)
            assert_int_equal(revoke(rows[i].domain, rows[i].first, rows[i].last), rows[i].status);
        assert_int_equal(domains[0].region_count, 0);
    }
    assert_int_equal(hvrv_isolation_grant(NULL, 0, &range, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_isolation_grant(&isolation, 0, NULL, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_isolation_revoke(NULL, 0, &range), HVRV_ERR_NULL);
    assert_int_equal(hvrv_isolation_revoke(&isolation, 0, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_isolation_switch(NULL, 0, &hart.hart), HVRV_ERR_NULL);
    assert_int_equal(hvrv_isolation_switch(&isolation, 0, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_isolation_switch(&isolation, 2, &hart.hart), HVRV_ERR_ARGUMENT);
}

static void a_hart_that_cannot_is_refused(void **state)
{
    struct hvrv_isolation_config config = config_of(16, 15);

    (void)state;
    assert_int_equal(hvrv_isolation_init(NULL, &config), HVRV_ERR_NULL);
    assert_int_equal(hvrv_isolation_init(&isolation, NULL), HVRV_ERR_NULL);
    assert_int_equal(isolation.config.domain_count, 0);
    config.ability.locked = 0x7fff;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_OK);
    config.ability.locked = 0x8000;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_UNSUPPORTED);
    config = config_of(16, 16);
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_UNSUPPORTED);
    config = config_of(65, 0);
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_UNSUPPORTED);
    config = config_of(16, 0);
    config.ability.grain_shift = 13;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_UNSUPPORTED);
    config.ability.grain_shift = 1;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_UNSUPPORTED);
    config.ability.grain_shift = 2;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_OK);
    config = config_of(16, 0);
    config.domain_count = 0;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_ARGUMENT);
    config.domain_count = 2;
    config.domains = NULL;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_NULL);
}

/* norm:pmp_sfence_required */
static void a_switch_writes_what_differs_behind_the_first(void **state)
{
    (void)state;
    begin(16, 2);
    model_poke(&hart, HVRV_CSR_PMPADDR0, 0x1fff);
    model_poke(&hart, HVRV_CSR_PMPCFG0, 0x18);
    assert_int_equal(grant(0, 0, 0x2fff, 7), HVRV_OK); /* behind others it takes two */
    assert_int_equal(grant(1, 0x80000000, 0x80000fff, 7), HVRV_OK);
    assert_int_equal(hvrv_isolation_switch(&isolation, 0, &hart.hart), HVRV_OK);
    assert_int_equal(model_peek(&hart, HVRV_CSR_PMPCFG0), 0x0f000018);
    assert_int_equal(model_peek(&hart, HVRV_CSR_PMPADDR3), 0xc00);
    assert_int_equal(hvrv_isolation_switch(&isolation, 1, &hart.hart), HVRV_OK);
    assert_int_equal(model_peek(&hart, HVRV_CSR_PMPCFG0), 0x1f0018);
    assert_int_equal(model_peek(&hart, HVRV_CSR_PMPADDR2), 0x200001ff);
    model_log_clear(&hart);
    assert_int_equal(hvrv_isolation_switch(&isolation, 1, &hart.hart), HVRV_OK);
    for (size_t i = 0; i < hart.log_length; i++)
        assert_int_equal(hart.log[i].kind, MODEL_READ);
    model_log_clear(&hart);
    hvrv_isolation_fence(&isolation, 1, &hart.hart);
    assert_true(MODEL_LOG_IS(&hart, {.kind = MODEL_SFENCE_VMA}, {.kind = MODEL_HFENCE_GVMA}));
    model_hart_check(&hart);
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* A page has one owner's permissions each: an array beside the lists. */
static void any_order_of_grants_is_as_a_map_of_pages(void **state)
{
    static uint8_t map[2][PAGES];
    uint64_t seed = 0x69736f;

    (void)state;
    print_message("seed 0x%x\n", (unsigned)seed);
    memset(map, 0, sizeof map);
    begin(16, 0);
    for (unsigned round = 0; round < 20000; round++) {
        static const uint8_t kinds[] = {0, 1, 3, 4, 5, 7};
        uint32_t domain = next(&seed) % 2;
        uint64_t first = next(&seed) % PAGES;
        uint64_t size = 1 + next(&seed) % (PAGES - first) % 24;
        uint8_t permissions = kinds[next(&seed) % 6];
        enum hvrv_status status =
            permissions ? grant(domain, first << 12, ((first + size) << 12) - 1, permissions)
                        : revoke(domain, first << 12, ((first + size) << 12) - 1);
        assert_true(status == HVRV_OK || status == HVRV_ERR_NO_PAGES);
        if (status == HVRV_OK)
            memset(&map[domain][first], permissions, size);
        for (uint64_t page = 0; page <= PAGES; page++) {
            uint8_t expected = page < PAGES ? map[domain][page] : 0;
            assert_int_equal(may(domain, page << 12, HVRV_ACCESS_LOAD), expected & 1);
            assert_int_equal(may(domain, (page << 12) + 4088, HVRV_ACCESS_STORE),
                             expected >> 1 & 1);
            assert_int_equal(may(domain, page << 12, HVRV_ACCESS_FETCH), expected >> 2 & 1);
        }
        if (round % 64 == 0) {
            model_log_clear(&hart);
            assert_int_equal(hvrv_isolation_switch(&isolation, domain, &hart.hart), HVRV_OK);
        }
    }
    model_hart_check(&hart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_reached_until_it_is_granted),
        cmocka_unit_test(what_is_taken_from_the_middle_leaves_both_sides),
        cmocka_unit_test(the_last_page_there_is_can_be_granted),
        cmocka_unit_test(neighbours_that_differ_stay_two),
        cmocka_unit_test(too_many_holes_are_refused_and_nothing_changes),
        cmocka_unit_test(what_is_no_range_is_refused),
        cmocka_unit_test(a_hart_that_cannot_is_refused),
        cmocka_unit_test(a_switch_writes_what_differs_behind_the_first),
        cmocka_unit_test(any_order_of_grants_is_as_a_map_of_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
