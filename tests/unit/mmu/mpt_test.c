/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two oracles: the specification's lookup, done over words of memory, and the list of all that was
 * set, of which the last that has an address decides.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/mpt.h>

#include "model/memory.h"

#define BASE  UINT64_C(0x80000000)
#define SIZE  (UINT64_C(2) << 20)
#define PAGES 256

static uint64_t words[SIZE / 8];
static struct model_memory memory;
static struct hvrv_phys phys;
static struct hvrv_mpt mpt;
static struct hvrv_mpt_gather gather;

/* Table pages: behind the first 32 KiB, free again once given back. */
static bool is_taken[PAGES];
static unsigned taken, taken_max;

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    (void)context;
    assert_int_equal(size, 4096);
    for (unsigned i = 0; i < PAGES && taken < taken_max; i++) {
        if (is_taken[i])
            continue;
        is_taken[i] = true;
        taken++;
        page->v = BASE + 0x8000 + i * UINT64_C(4096);
        memset(&words[(page->v - BASE) / 8], 0, 4096);
        return true;
    }
    return false;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    uint64_t index = (page.v - BASE - 0x8000) / 4096;
    (void)context;
    assert_int_equal(size, 4096);
    assert_true(index < PAGES && is_taken[index]);
    is_taken[index] = false;
    taken--;
}

static const struct hvrv_pages pages = {take, give, NULL};

/* What was fenced. */
static struct hvrv_mpt_fence fences[64];
static unsigned fence_count;

static void fence(void *context, const struct hvrv_mpt_fence *order)
{
    assert_ptr_equal(context, fences);
    assert_true(fence_count < 64);
    fences[fence_count++] = *order;
}

static struct hvrv_mpt_config config_of(enum hvrv_mpt_mode mode)
{
    struct hvrv_mpt_config config;
    memset(&config, 0, sizeof config);
    config.phys = &phys;
    config.pages = &pages;
    config.mode = mode;
    config.root.v = BASE;
    config.sdid = 5;
    config.fence = fence;
    config.context = fences;
    return config;
}

static void begin(enum hvrv_mpt_mode mode)
{
    struct hvrv_mpt_config config = config_of(mode);
    model_memory_init(&memory, words, BASE, SIZE);
    memset(words, 0xff, 0x8000);
    phys = model_memory_by_port(&memory);
    memset(is_taken, 0, sizeof is_taken);
    memset(&gather, 0, sizeof gather);
    taken = 0;
    taken_max = PAGES;
    fence_count = 0;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_OK);
}

static enum hvrv_status set(uint64_t first, uint64_t last, uint32_t permissions)
{
    struct hvrv_range range;
    range.first = first;
    range.last = last;
    return hvrv_mpt_set(&mpt, &range, permissions, &gather);
}

static uint64_t word(uint64_t hpa)
{
    return words[(hpa - BASE) / 8];
}

static void poke(uint64_t hpa, uint64_t value)
{
    words[(hpa - BASE) / 8] = value;
}

/* The lookup as the specification tells it. Negative: an access fault. */
static int look_up(unsigned levels, uint64_t pa)
{
    uint64_t table = BASE;
    if (levels < 5 && pa >> (16 + 9 * levels))
        return -1;
    for (unsigned i = levels; i-- > 0;) {
        uint64_t pn = pa >> (16 + 9 * i) & (i == 4 ? 4095 : 511);
        uint64_t mpte = word(table + pn * 8);
        uint64_t pi = pa >> (12 + 9 * i) & 15;
        if (!(mpte & 1))
            return -1;
        if (!(mpte & 2)) {
            if (mpte >> 54 || (mpte & 0x3fc))
                return -1;
            table = (mpte >> 10) << 12;
            continue;
        }
        if (mpte & 4) {
            if (mpte >> 16 || (mpte & 0x8f8) || (mpte >> 12 & 15) != 4)
                return -1;
            return (mpte >> 8 & 3) == 2 ? -1 : (int)(mpte >> 8 & 7);
        }
        if (mpte >> 56 || (mpte & 0xf8))
            return -1;
        for (unsigned k = 0; k < 16; k++) {
            if ((mpte >> (8 + 3 * k) & 3) == 2)
                return -1;
        }
        return (int)(mpte >> (8 + 3 * pi) & 7);
    }
    return -1;
}

static uint32_t may(uint64_t address)
{
    return hvrv_mpt_find(&mpt, address).permissions;
}

static void an_empty_tree_allows_nothing(void **state)
{
    (void)state;
    begin(HVRV_MPT_43);
    for (unsigned i = 0; i < 512; i++)
        assert_true(words[i] == 0);
    assert_true(words[512] == UINT64_MAX);
    assert_int_equal(hvrv_mpt_find(&mpt, 0x80000000).reason, HVRV_MPT_INVALID);
    assert_int_equal(hvrv_mpt_find(&mpt, 0x80000000).level, 2);
    assert_false(hvrv_mpt_allows(&mpt, 0x80000000, HVRV_ACCESS_LOAD));
    assert_int_equal(hvrv_mpt_find(&mpt, UINT64_C(1) << 43).reason, HVRV_MPT_WIDE);
    begin(HVRV_MPT_64);
    assert_true(words[4095] == 0);
    assert_int_equal(hvrv_mpt_find(&mpt, UINT64_MAX).reason, HVRV_MPT_INVALID);
}

static void mmpt_has_mode_sdid_and_root(void **state)
{
    (void)state;
    begin(HVRV_MPT_43);
    assert_true(hvrv_mpt_make_mmpt(&mpt) == 0x1050000000080000);
    begin(HVRV_MPT_52);
    assert_true(hvrv_mpt_make_mmpt(&mpt) == 0x2050000000080000);
    begin(HVRV_MPT_64);
    assert_true(hvrv_mpt_make_mmpt(&mpt) == 0x3050000000080000);
}

static void entries_are_where_the_specification_has_them(void **state)
{
    (void)state;
    begin(HVRV_MPT_43);
    /* 1 GiB from 0x80000000: the third of the sixteen of entry 0. */
    assert_int_equal(set(0x80000000, 0xbfffffff, 7), HVRV_OK);
    assert_int_equal(taken, 0);
    assert_true(word(BASE) == 0x1c003); /* tuple 2 */
    assert_int_equal(hvrv_mpt_find(&mpt, 0x80000000).level, 2);
    /* One page of it: tables at levels 1 and 0. */
    assert_int_equal(set(0x80003000, 0x80003fff, 5), HVRV_OK);
    assert_int_equal(taken, 2);
    assert_true(word(BASE) == 0x20002001); /* to 0x80008000 */
    assert_true(word(0x80008000 + 64 * 8) == 0x20002401);
    assert_true(word(0x80008000 + 65 * 8) == 0xffffffffffff03);
    assert_true(word(0x80008000 + 63 * 8) == 0);
    assert_true(word(0x80009000) == 0xfffffffffbff03);
    assert_int_equal(may(0x80002fff), 7);
    assert_int_equal(may(0x80003000), 5);
    assert_int_equal(may(0x80003fff), 5);
    assert_int_equal(may(0x80004000), 7);
    assert_int_equal(may(0x7fffffff), 0);
    assert_int_equal(may(0xc0000000), 0);
}

static void each_access_has_its_permission(void **state)
{
    static const char *const allowed[] = {"", "L", NULL, "LS", "F", "LFH", NULL, "LSFH"};
    static const enum hvrv_access kinds[] = {HVRV_ACCESS_LOAD, HVRV_ACCESS_STORE, HVRV_ACCESS_FETCH,
                                             HVRV_ACCESS_HLVX};
    (void)state;
    begin(HVRV_MPT_52);
    for (uint32_t permissions = 0; permissions < 8; permissions++) {
        enum hvrv_status status = set(0x5000, 0x5fff, permissions);
        assert_int_equal(status, allowed[permissions] ? HVRV_OK : HVRV_ERR_ARGUMENT);
        for (unsigned i = 0; status == HVRV_OK && i < 4; i++)
            assert_int_equal(hvrv_mpt_allows(&mpt, 0x5008, kinds[i]),
                             strchr(allowed[permissions], "LSFH"[i]) != NULL);
    }
    assert_false(hvrv_mpt_allows(&mpt, 0x5008, (enum hvrv_access)9));
}

static void what_is_reserved_faults(void **state)
{
    static const struct {
        uint64_t entry;
        enum hvrv_mpt_reason reason;
        uint32_t permissions;
    } rows[] = {
        {0x7000000000000702, HVRV_MPT_INVALID, 0}, /* anything without V */
        {0x703, HVRV_MPT_FOUND, 7},
        {0x8000000000703, HVRV_MPT_RESERVED, 0}, /* tuple 14 is W alone */
        {0x203, HVRV_MPT_RESERVED, 0},
        {0x603, HVRV_MPT_RESERVED, 0},
        {0x100000000000703, HVRV_MPT_RESERVED, 0},
        {0x8000000000000703, HVRV_MPT_RESERVED, 0},
        {0x783, HVRV_MPT_RESERVED, 0},
        {0x70b, HVRV_MPT_RESERVED, 0},
        {0x4507, HVRV_MPT_FOUND, 5}, /* NAPOT, G = 4 */
        {0x5507, HVRV_MPT_RESERVED, 0},
        {0x0507, HVRV_MPT_RESERVED, 0},
        {0x4d07, HVRV_MPT_RESERVED, 0},
        {0x14507, HVRV_MPT_RESERVED, 0},
        {0x4587, HVRV_MPT_RESERVED, 0},
        {0x4207, HVRV_MPT_RESERVED, 0},
        {0x20002005, HVRV_MPT_RESERVED, 0}, /* a pointer with N */
        {0x20002201, HVRV_MPT_RESERVED, 0},
        {0x40000020002001, HVRV_MPT_RESERVED, 0},
        {0x20002001, HVRV_MPT_INVALID, 0}, /* to an empty table */
    };
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin(HVRV_MPT_43);
        memset(&words[0x1000], 0, 4096);
        poke(BASE, rows[i].entry);
        struct hvrv_mpt_result result = hvrv_mpt_find(&mpt, 0x1000);
        assert_int_equal(result.reason, rows[i].reason);
        assert_int_equal(result.permissions, rows[i].permissions);
        if (result.reason == HVRV_MPT_RESERVED || (rows[i].entry & 7) == 7)
            assert_int_equal(set(0x40000000, 0x7fffffff, 7), HVRV_ERR_STATE);
    }
    begin(HVRV_MPT_43);
    assert_int_equal(set(0x1000, 0x1fff, 1), HVRV_OK);
    poke(0x80009000, 0x20002401); /* level 0 points to a table */
    assert_int_equal(hvrv_mpt_find(&mpt, 0x1000).reason, HVRV_MPT_DEEP);
    assert_int_equal(set(0x1000, 0x1fff, 3), HVRV_ERR_STATE);
    poke(0x80008000, 0x3ffffffffffc01); /* to where nothing is */
    assert_int_equal(hvrv_mpt_find(&mpt, 0x1000).reason, HVRV_MPT_REFUSED);
    assert_int_equal(set(0x1000, 0x1fff, 3), HVRV_ERR_ACCESS);
}

static void what_is_no_range_is_refused(void **state)
{
    struct hvrv_range range = {0x1000, 0x1fff};

    (void)state;
    begin(HVRV_MPT_43);
    assert_int_equal(set(0x1800, 0x1fff, 1), HVRV_ERR_ALIGN);
    assert_int_equal(set(0x1000, 0x17ff, 1), HVRV_ERR_ALIGN);
    assert_int_equal(set(0x2000, 0x1fff, 1), HVRV_ERR_RANGE);
    assert_int_equal(set(0x1000, 0x80000000fff, 1), HVRV_ERR_RANGE);
    assert_int_equal(set(0x1000, 0x1fff, 8), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_mpt_set(NULL, &range, 1, &gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mpt_set(&mpt, NULL, 1, &gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mpt_set(&mpt, &range, 1, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mpt_commit(NULL, &gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mpt_commit(&mpt, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mpt_fini(NULL), HVRV_ERR_NULL);
    assert_int_equal(set(0, 0x7ffffffffff, 1), HVRV_OK);
    assert_int_equal(may(0x7ffffffffff), 1);
    begin(HVRV_MPT_64);
    assert_int_equal(set(0, UINT64_MAX, 4), HVRV_OK);
    assert_int_equal(may(UINT64_MAX), 4);
    assert_int_equal(may(0), 4);
    assert_int_equal(taken, 0);
}

static void what_is_no_tree_is_refused(void **state)
{
    struct hvrv_mpt_config config;

    (void)state;
    begin(HVRV_MPT_43);
    config = config_of(HVRV_MPT_43);
    assert_int_equal(hvrv_mpt_init(NULL, &config), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mpt_init(&mpt, NULL), HVRV_ERR_NULL);
    config.fence = NULL;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mpt_fini(&mpt), HVRV_ERR_NULL);
    config = config_of(HVRV_MPT_43);
    config.phys = NULL;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_NULL);
    config = config_of(HVRV_MPT_43);
    config.pages = NULL;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_NULL);
    config = config_of((enum hvrv_mpt_mode)0);
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_MODE);
    config = config_of((enum hvrv_mpt_mode)4);
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_MODE);
    config = config_of(HVRV_MPT_64);
    config.root.v = BASE + 0x1000;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_ALIGN);
    config.mode = HVRV_MPT_52;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_OK);
    config.root.v = BASE + 0x800;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_ALIGN);
    config.root.v = UINT64_C(1) << 56;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_RANGE);
    config.root.v = BASE + SIZE;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_ACCESS);
    config = config_of(HVRV_MPT_43);
    config.sdid = 64;
    assert_int_equal(hvrv_mpt_init(&mpt, &config), HVRV_ERR_ARGUMENT);
}

static void commit(void)
{
    fence_count = 0;
    assert_int_equal(hvrv_mpt_commit(&mpt, &gather), HVRV_OK);
}

static void only_what_was_valid_owes_a_fence(void **state)
{
    (void)state;
    begin(HVRV_MPT_43);
    assert_int_equal(set(0x10000, 0x11fff, 3), HVRV_OK);
    commit();
    assert_int_equal(fence_count, 0);
    assert_int_equal(set(0x10000, 0x11fff, 1), HVRV_OK);
    commit();
    assert_int_equal(fence_count, 2);
    assert_true(fences[0].has_address && fences[0].address == 0x10000 && fences[0].sdid == 5);
    assert_true(fences[1].has_address && fences[1].address == 0x11000);
    assert_int_equal(set(0x10000, 0x11fff, 1), HVRV_OK); /* as it was */
    commit();
    assert_int_equal(fence_count, 0);
    assert_int_equal(set(0x10000, 0x10fff, 0), HVRV_OK);
    assert_int_equal(set(0x11000, 0x11fff, 0), HVRV_OK);
    commit();
    assert_int_equal(fence_count, 2);
    assert_int_equal(set(0x100000, 0x10ffff, 1), HVRV_OK);
    assert_int_equal(set(0x100000, 0x10ffff, 3), HVRV_OK);
    commit();
    assert_int_equal(fence_count, 16);
    assert_true(fences[15].address == 0x10f000);
    assert_int_equal(set(0x100000, 0x110fff, 1), HVRV_OK); /* one page more owes none: it was not */
    commit();
    assert_int_equal(fence_count, 16);
    assert_int_equal(set(0x100000, 0x110fff, 5), HVRV_OK);
    commit();
    assert_int_equal(fence_count, 1);
    assert_false(fences[0].has_address);
    assert_int_equal(fences[0].sdid, 5);
    commit();
    assert_int_equal(fence_count, 0);
}

static void a_leaf_that_is_cut_owes_a_fence_for_all(void **state)
{
    (void)state;
    begin(HVRV_MPT_43);
    assert_int_equal(set(0, 0x3fffffff, 3), HVRV_OK);
    commit();
    assert_int_equal(fence_count, 0);
    assert_int_equal(set(0x1000, 0x1fff, 1), HVRV_OK);
    commit();
    assert_int_equal(fence_count, 1);
    assert_false(fences[0].has_address);
}

static void without_a_page_nothing_changes(void **state)
{
    (void)state;
    begin(HVRV_MPT_52);
    assert_int_equal(set(0, 0xffffffffff, 3), HVRV_OK);
    for (taken_max = 0; set(0x1000, 0x12345fff, 5) != HVRV_OK; taken_max++) {
        assert_int_equal(set(0x1000, 0x12345fff, 5), HVRV_ERR_NO_PAGES);
        for (uint64_t address = 0; address < 0x20000000; address += 0x345000)
            assert_int_equal(may(address), 3);
        assert_int_equal(may(0x1000), 3);
    }
    assert_true(taken_max >= 3 && taken_max <= 6);
    assert_int_equal(may(0xfff), 3);
    assert_int_equal(may(0x1000), 5);
    assert_int_equal(may(0x12345fff), 5);
    assert_int_equal(may(0x12346000), 3);
}

static void memory_that_refuses_or_races_is_told_and_loses_no_page(void **state)
{
    (void)state;
    for (unsigned access = 1;; access += access < 12 ? 1 : 61) {
        begin(HVRV_MPT_43);
        assert_int_equal(set(0, 0x3fffffff, 3), HVRV_OK);
        memory.refused = memory.accesses + access;
        enum hvrv_status status = set(0x1000, 0x2fff, 5);
        memory.refused = 0;
        if (status == HVRV_OK)
            break;
        assert_int_equal(status, HVRV_ERR_ACCESS);
        assert_int_equal(set(0x1000, 0x2fff, 5), HVRV_OK);
        assert_int_equal(may(0x1000), 5);
        assert_int_equal(may(0x3000), 3);
        assert_int_equal(taken, 2);
        if (access < 5 || access > 500) {
            memory.refused = memory.accesses + access;
            status = hvrv_mpt_fini(&mpt);
            assert_int_equal(status, HVRV_ERR_ACCESS);
        }
    }
    begin(HVRV_MPT_43);
    memory.refused_swap = BASE;
    assert_int_equal(set(0x40000000, 0x7fffffff, 3), HVRV_ERR_ACCESS);
    assert_int_equal(set(0x1000, 0x1fff, 3), HVRV_ERR_ACCESS);
    assert_int_equal(taken, 0);
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

struct done {
    uint64_t first, last;
    uint32_t permissions;
};

#define DONE 120
static struct done done[DONE];

static uint32_t last_word(unsigned count, uint64_t address)
{
    while (count-- > 0) {
        if (done[count].first <= address && address <= done[count].last)
            return done[count].permissions;
    }
    return 0;
}

/* An address near the borders of pages of every level. */
static uint64_t draw(uint64_t *seed, unsigned levels)
{
    uint64_t top = UINT64_MAX >> (64 - (levels == 5 ? 64 : 16 + 9 * levels));
    unsigned shift = 12 + 9 * (unsigned)(next(seed) % levels);
    uint64_t address = (next(seed) % 20) << shift;
    if (next(seed) % 3 == 0)
        address += (next(seed) % 3) << 12;
    if (next(seed) % 8 == 0)
        address = top - address - 4095;
    return address & top & ~UINT64_C(4095);
}

static void random_ranges(enum hvrv_mpt_mode mode, unsigned levels, uint64_t seed)
{
    static const uint32_t kinds[] = {0, 1, 3, 4, 5, 7};
    unsigned count = 0;

    begin(mode);
    taken_max = 90;
    while (count < DONE) {
        uint64_t a = draw(&seed, levels), b = draw(&seed, levels) | 4095;
        uint64_t first = a < b ? a : b - 4095, last = a < b ? b : a | 4095;
        uint32_t permissions = kinds[next(&seed) % 6];
        uint64_t probe[16];
        uint32_t before[16];
        for (unsigned i = 0; i < 16; i++) {
            static const uint64_t near[] = {0, 4096, 0x200000, 0x40000000};
            probe[i] = i < 4   ? first - near[i]
                       : i < 8 ? last + near[i - 4] + 1 - (i == 4)
                               : draw(&seed, levels);
            before[i] = may(probe[i]);
        }
        enum hvrv_status status = set(first, last, permissions);
        if (status == HVRV_ERR_NO_PAGES)
            break;
        assert_int_equal(status, HVRV_OK);
        done[count++] = (struct done){first, last, permissions};
        for (unsigned i = 0; i < 16; i++) {
            int found = look_up(levels, probe[i]);
            uint32_t expected = last_word(count, probe[i]);
            if (levels < 5 && probe[i] >> (16 + 9 * levels))
                expected = 0;
            assert_int_equal(found < 0 ? 0 : found, expected);
            assert_int_equal(may(probe[i]), expected);
            assert_int_equal(hvrv_mpt_find(&mpt, probe[i]).reason == HVRV_MPT_FOUND, found >= 0);
            /* What is taken away is owed. */
            if (before[i] & ~expected)
                assert_true(gather.is_all || (gather.is_owed && gather.first <= probe[i] &&
                                              gather.last >= probe[i]));
        }
        commit();
    }
    assert_true(count > 12);
    assert_int_equal(hvrv_mpt_fini(&mpt), HVRV_OK);
    assert_int_equal(taken, 0);
    assert_int_equal(may(done[0].first), 0);
}

static void random_ranges_are_as_they_were_set(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 9; i++) {
        static const enum hvrv_mpt_mode modes[] = {HVRV_MPT_43, HVRV_MPT_52, HVRV_MPT_64};
        uint64_t seed = 0x6d7074 + i;
        random_ranges(modes[i % 3], 3 + i % 3, seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_tree_allows_nothing),
        cmocka_unit_test(mmpt_has_mode_sdid_and_root),
        cmocka_unit_test(entries_are_where_the_specification_has_them),
        cmocka_unit_test(each_access_has_its_permission),
        cmocka_unit_test(what_is_reserved_faults),
        cmocka_unit_test(what_is_no_range_is_refused),
        cmocka_unit_test(what_is_no_tree_is_refused),
        cmocka_unit_test(only_what_was_valid_owes_a_fence),
        cmocka_unit_test(a_leaf_that_is_cut_owes_a_fence_for_all),
        cmocka_unit_test(without_a_page_nothing_changes),
        cmocka_unit_test(memory_that_refuses_or_races_is_told_and_loses_no_page),
        cmocka_unit_test(random_ranges_are_as_they_were_set),
    };
    print_message("seeds from 0x6d7074 on\n");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
