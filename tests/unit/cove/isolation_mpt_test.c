/* SPDX-License-Identifier: BSD-2-Clause */
/* Isolation by memory protection tables, and that it is the same interface as by PMP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/isolation.h>

#include "model/hart.h"
#include "model/memory.h"

#define BASE  UINT64_C(0x80000000)
#define SIZE  (UINT64_C(1) << 20)
#define COUNT 2
#define PAGES 64

/* Two roots, and table pages behind them that are only taken. */
static uint64_t words[SIZE / 8];
static struct model_memory memory;
static struct hvrv_phys phys;
static unsigned taken, taken_max;

static struct hvrv_mpt trees[COUNT];
static struct hvrv_isolation isolation;
static struct model_hart hart;

static uint32_t fenced[8];
static unsigned fence_count;

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    (void)context;
    (void)size;
    if (taken == taken_max)
        return false;
    page->v = BASE + (COUNT + taken++) * UINT64_C(4096);
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context;
    (void)size;
    assert_int_equal(page.v, BASE + (COUNT + --taken) * UINT64_C(4096));
}

static const struct hvrv_pages pages = {take, give, NULL};

static void mfence_pa(void *context, const struct hvrv_mpt_fence *fence)
{
    (void)context;
    assert_false(fence->has_address);
    assert_true(fence_count < 8);
    fenced[fence_count++] = fence->sdid;
}

static void make_tree(uint32_t domain, uint32_t sdid)
{
    struct hvrv_mpt_config config;
    memset(&config, 0, sizeof config);
    config.phys = &phys;
    config.pages = &pages;
    config.mode = HVRV_MPT_43;
    config.root.v = BASE + domain * UINT64_C(4096);
    config.sdid = sdid;
    config.fence = mfence_pa;
    assert_int_equal(hvrv_mpt_init(&trees[domain], &config), HVRV_OK);
}

static struct hvrv_isolation_config config_of(void)
{
    struct hvrv_isolation_config config;
    memset(&config, 0, sizeof config);
    config.kind = HVRV_ISOLATION_MPT;
    config.trees = trees;
    config.domain_count = COUNT;
    return config;
}

static void begin(void)
{
    struct hvrv_isolation_config config = config_of();
    memset(words, 0, sizeof words);
    model_memory_init(&memory, words, BASE, SIZE);
    phys = model_memory_by_port(&memory);
    taken = fence_count = 0;
    taken_max = 100;
    make_tree(0, 0);
    make_tree(1, 63);
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_OK);
    model_hart_init(&hart);
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

static bool may_load(uint32_t domain, uint64_t address, uint64_t size)
{
    struct hvrv_pmp_access access = {address, size, HVRV_ACCESS_LOAD, false};
    return hvrv_isolation_allows(&isolation, domain, &access);
}

static void what_is_not_granted_is_not_reached(void **state)
{
    struct hvrv_pmp_access access = {0x5000, 8, HVRV_ACCESS_STORE, false};

    (void)state;
    begin();
    assert_int_equal(grant(0, 0x4000, 0x5fff, HVRV_PMPCFG_R | HVRV_PMPCFG_X), HVRV_OK);
    assert_true(may_load(0, 0x4000, 8));
    assert_false(may_load(1, 0x4000, 8));
    assert_false(may_load(2, 0x4000, 8));
    assert_false(hvrv_isolation_allows(&isolation, 0, &access));
    access.access = HVRV_ACCESS_FETCH;
    assert_true(hvrv_isolation_allows(&isolation, 0, &access));
    assert_int_equal(revoke(0, 0x5000, 0x5fff), HVRV_OK);
    assert_false(hvrv_isolation_allows(&isolation, 0, &access));
    access.is_m_mode = true;
    assert_true(hvrv_isolation_allows(&isolation, 0, &access));
}

static void each_page_of_an_access_must_allow_it(void **state)
{
    (void)state;
    begin();
    assert_int_equal(grant(0, 0x4000, 0x5fff, HVRV_PMPCFG_R), HVRV_OK);
    assert_true(may_load(0, 0x4fff, 2));
    assert_true(may_load(0, 0x4800, 0x1000));
    assert_false(may_load(0, 0x3fff, 2));
    assert_false(may_load(0, 0x5fff, 2));
    assert_false(may_load(0, 0x4000, 0));
    assert_false(may_load(0, 0x4000, 0x1001));
    assert_false(may_load(0, UINT64_MAX, 2));
}

static void a_switch_writes_mmpt(void **state)
{
    (void)state;
    begin();
    assert_int_equal(hvrv_isolation_switch(&isolation, 1, &hart.hart), HVRV_OK);
    assert_int_equal(model_peek(&hart, HVRV_CSR_MMPT), 0x13f0000000080001);
    assert_int_equal(hvrv_isolation_switch(&isolation, 0, &hart.hart), HVRV_OK);
    assert_int_equal(model_peek(&hart, HVRV_CSR_MMPT), 0x1000000000080000);
    assert_int_equal(hvrv_isolation_switch(&isolation, 2, &hart.hart), HVRV_ERR_ARGUMENT);
    assert_int_equal(model_peek(&hart, HVRV_CSR_MMPT), 0x1000000000080000);
    hart.config.sdidlen = 5;
    assert_int_equal(hvrv_isolation_switch(&isolation, 1, &hart.hart), HVRV_ERR_STATE);
    hart.config.sdidlen = 6;
    hart.config.mmpt_modes = 1 << 0 | 1 << 2;
    model_poke(&hart, HVRV_CSR_MMPT, 0);
    assert_int_equal(hvrv_isolation_switch(&isolation, 1, &hart.hart), HVRV_ERR_STATE);
    model_hart_check(&hart);
}

static void a_fence_is_for_a_domain_or_for_all(void **state)
{
    static const struct {
        uint32_t domain;
        unsigned count;
        uint32_t sdids[2];
    } rows[] = {{0, 1, {0}}, {1, 1, {63}}, {HVRV_ISOLATION_ALL, 2, {0, 63}}, {2, 2, {0, 63}}};

    (void)state;
    begin();
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fence_count = 0;
        model_log_clear(&hart);
        hvrv_isolation_fence(&isolation, rows[i].domain, &hart.hart);
        assert_int_equal(fence_count, rows[i].count);
        for (unsigned k = 0; k < rows[i].count; k++)
            assert_int_equal(fenced[k], rows[i].sdids[k]);
        assert_true(MODEL_LOG_IS(&hart, {.kind = MODEL_SFENCE_VMA}, {.kind = MODEL_HFENCE_GVMA}));
    }
    model_hart_check(&hart);
}

static void holes_are_as_many_as_there_are_pages(void **state)
{
    (void)state;
    begin();
    assert_int_equal(grant(0, BASE, BASE + 0xfffffff, 7), HVRV_OK);
    for (uint64_t i = 0; i < 4096; i++)
        assert_int_equal(revoke(0, BASE + i * 0x10000, BASE + i * 0x10000 + 0xfff), HVRV_OK);
    for (uint64_t i = 0; i < 4096; i++) {
        assert_false(may_load(0, BASE + i * 0x10000, 8));
        assert_true(may_load(0, BASE + i * 0x10000 + 0x1000, 8));
    }
}

static void without_a_table_page_nothing_changes(void **state)
{
    (void)state;
    begin();
    assert_int_equal(grant(0, 0x80000000, 0xbfffffff, 7), HVRV_OK);
    taken_max = taken + 1; /* 1 GiB becomes one of 2 MiB, and no more */
    assert_int_equal(revoke(0, 0x80001000, 0x80001fff), HVRV_ERR_NO_PAGES);
    assert_true(may_load(0, 0x80001000, 8));
    taken_max = 100;
    assert_int_equal(revoke(0, 0x80001000, 0x80001fff), HVRV_OK);
    assert_false(may_load(0, 0x80001000, 8));
    assert_true(may_load(0, 0x80000000, 8) && may_load(0, 0x80002000, 8));
}

static void what_is_no_range_is_refused(void **state)
{
    static const struct {
        uint64_t first, last;
        uint8_t permissions;
        uint32_t domain;
        enum hvrv_status status;
    } rows[] = {
        {0x1000, 0x1fff, 1, 2, HVRV_ERR_ARGUMENT}, {0x1000, 0x1fff, 0, 0, HVRV_ERR_ARGUMENT},
        {0x1000, 0x1fff, 2, 0, HVRV_ERR_ARGUMENT}, {0x1000, 0x1fff, 8, 0, HVRV_ERR_ARGUMENT},
        {0x1800, 0x1fff, 1, 0, HVRV_ERR_ALIGN},    {0x1000, 0x17ff, 1, 0, HVRV_ERR_ALIGN},
        {0x2000, 0x1fff, 1, 0, HVRV_ERR_RANGE},    {0, 0x80000000fff, 1, 0, HVRV_ERR_RANGE},
    };

    (void)state;
    begin();
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(grant(rows[i].domain, rows[i].first, rows[i].last, rows[i].permissions),
                         rows[i].status);
        if (i != 1 && i != 2 && i != 3)
            assert_int_equal(revoke(rows[i].domain, rows[i].first, rows[i].last), rows[i].status);
    }
    assert_int_equal(taken, 0);
}

static void trees_that_are_not_two_domains_are_refused(void **state)
{
    struct hvrv_isolation_config config = config_of();

    (void)state;
    begin();
    config.trees = NULL;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_NULL);
    assert_int_equal(isolation.config.domain_count, 0);
    config.trees = trees;
    make_tree(1, 0); /* the SDID of the other */
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_ARGUMENT);
    memset(&trees[1], 0, sizeof trees[1]);
    trees[1].config.sdid = 1;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_ARGUMENT);
    config.domain_count = 1;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_OK);
    config.kind = (enum hvrv_isolation_kind)2;
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_ERR_ARGUMENT);
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Whatever PMP can express the two kinds agree about, for every access of a page. */
static void both_kinds_say_the_same(void **state)
{
    static const uint8_t kinds[] = {0, 1, 3, 4, 5, 7};
    static struct hvrv_isolation_domain domains[COUNT];
    struct hvrv_isolation by_pmp;
    struct hvrv_isolation_config config;
    uint64_t seed = 0x6d7074;
    unsigned refused = 0;

    (void)state;
    print_message("seed 0x%x\n", (unsigned)seed);
    begin();
    memset(&config, 0, sizeof config);
    config.domains = domains;
    config.domain_count = COUNT;
    config.ability.count = 16;
    config.ability.grain_shift = 12;
    config.ability.address_bits = 0x3fffffffffffff;
    assert_int_equal(hvrv_isolation_init(&by_pmp, &config), HVRV_OK);
    for (unsigned round = 0; round < 20000; round++) {
        uint32_t domain = next(&seed) % COUNT;
        uint64_t first = next(&seed) % PAGES;
        uint64_t size = 1 + next(&seed) % (PAGES - first) % 24;
        uint8_t permissions = kinds[next(&seed) % 6];
        struct hvrv_range range;
        enum hvrv_status status;
        range.first = first << 12;
        range.last = ((first + size) << 12) - 1;
        status = permissions ? hvrv_isolation_grant(&by_pmp, domain, &range, permissions)
                             : hvrv_isolation_revoke(&by_pmp, domain, &range);
        refused += status != HVRV_OK;
        if (status == HVRV_OK && permissions)
            assert_int_equal(hvrv_isolation_grant(&isolation, domain, &range, permissions),
                             HVRV_OK);
        else if (status == HVRV_OK)
            assert_int_equal(hvrv_isolation_revoke(&isolation, domain, &range), HVRV_OK);
        for (uint64_t i = 0; i < 4 * (PAGES + 1); i++) {
            struct hvrv_pmp_access access = {i / 4 << 12, 4096, (enum hvrv_access)(i % 4), false};
            assert_int_equal(hvrv_isolation_allows(&isolation, domain, &access),
                             hvrv_isolation_allows(&by_pmp, domain, &access));
        }
    }
    assert_in_range(refused, 1, 19999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_granted_is_not_reached),
        cmocka_unit_test(each_page_of_an_access_must_allow_it),
        cmocka_unit_test(a_switch_writes_mmpt),
        cmocka_unit_test(a_fence_is_for_a_domain_or_for_all),
        cmocka_unit_test(holes_are_as_many_as_there_are_pages),
        cmocka_unit_test(without_a_table_page_nothing_changes),
        cmocka_unit_test(what_is_no_range_is_refused),
        cmocka_unit_test(trees_that_are_not_two_domains_are_refused),
        cmocka_unit_test(both_kinds_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
