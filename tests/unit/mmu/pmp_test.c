/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <hvrv/mmu/pmp.h>

#include "pmp_model.h"

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))
#define ALL          UINT64_C(0x00ffffffffffffff)

static struct hvrv_pmp_region region_of(uint64_t first, uint64_t last, uint8_t permissions)
{
    struct hvrv_pmp_region region;
    region.first = first;
    region.last = last;
    region.permissions = permissions;
    return region;
}

/*
 * norm:pmp_a_field_encoding norm:pmp_a_field_napot_na4 norm:pmp_napot_encoding_low_bits
 * norm:pmp_granularity norm:pmp_entry_structure: four bytes are NA4, and the ones at the end of the
 * address are the size.
 */
static void a_power_of_two_is_one_entry(void **state)
{
    static const struct {
        uint64_t first, last;
        uint8_t permissions, config;
        uint64_t address;
    } rows[] = {
        {0x80000000, 0x80000003, 1, 0x11, 0x20000000},
        {0x80000000, 0x80000007, 3, 0x1b, 0x20000000},
        {0x80000010, 0x8000001f, 0, 0x18, 0x20000005},
        {0x80000000, 0x80000fff, 7, 0x1f, 0x200001ff},
        {0x80200000, 0x803fffff, 5, 0x1d, 0x200bffff},
        {0, 0x7fffffffffffff, 4, 0x1c, 0x0fffffffffffff},
        {0, 0xffffffffffffff, 7, 0x1f, 0x1fffffffffffff},
        {0xfffffffffffffc, 0xffffffffffffff, 1, 0x11, 0x3fffffffffffff},
    };
    (void)state;
    for (uint32_t i = 0; i < COUNT(rows); i++) {
        struct hvrv_pmp_region region = region_of(rows[i].first, rows[i].last, rows[i].permissions);
        struct hvrv_pmp_set set = {0};
        struct hvrv_pmp_entry entry;
        assert_int_equal(hvrv_pmp_make_napot(&entry, &region), HVRV_OK);
        assert_int_equal(entry.config, rows[i].config);
        assert_true(entry.address == rows[i].address);
        set.entries = &entry;
        set.count = 1;
        assert_int_equal(hvrv_pmp_find_region(&set, 0, &region), HVRV_OK);
        assert_true(region.first == rows[i].first && region.last == rows[i].last);
        assert_int_equal(region.permissions, rows[i].permissions);
    }
}

/* norm:pmp_a_field_tor norm:pmp_a_field_off */
static void any_other_region_is_two(void **state)
{
    struct hvrv_pmp_region region = region_of(0x80000004, 0x8000300b, 5);
    struct hvrv_pmp_entry pair[2];
    struct hvrv_pmp_set set = {.entries = pair, .count = 2};

    (void)state;
    assert_int_equal(hvrv_pmp_make_tor(pair, &region), HVRV_OK);
    assert_int_equal(pair[0].config, 0);
    assert_true(pair[0].address == 0x20000001);
    assert_int_equal(pair[1].config, 0x0d);
    assert_true(pair[1].address == 0x20000c03);
    assert_int_equal(hvrv_pmp_find_region(&set, 0, &region), HVRV_ERR_MISSING);
    assert_int_equal(region.last, 0);
    assert_int_equal(hvrv_pmp_find_region(&set, 1, &region), HVRV_OK);
    assert_true(region.first == 0x80000004 && region.last == 0x8000300b);
    assert_int_equal(region.permissions, 5);
}

/* norm:pmp_rwx_warl: W without R. */
static void what_is_no_region_is_refused_whole(void **state)
{
    static const struct {
        uint64_t first, last;
        uint8_t permissions;
        enum hvrv_status napot, tor;
    } rows[] = {
        {0x1000, 0xfff, 1, HVRV_ERR_RANGE, HVRV_ERR_RANGE},
        {0x1000, 0x0, 1, HVRV_ERR_RANGE, HVRV_ERR_RANGE},
        {0, ALL + 1, 1, HVRV_ERR_RANGE, HVRV_ERR_RANGE},
        {0, UINT64_MAX, 1, HVRV_ERR_RANGE, HVRV_ERR_RANGE},
        {ALL - 7, ALL, 1, HVRV_OK, HVRV_ERR_RANGE},
        {0x1000, 0x1001, 1, HVRV_ERR_ALIGN, HVRV_ERR_ALIGN},
        {0x1000, 0x1000, 1, HVRV_ERR_ALIGN, HVRV_ERR_ALIGN},
        {0x1002, 0x1005, 1, HVRV_ERR_ALIGN, HVRV_ERR_ALIGN},
        {0x1001, 0x1003, 1, HVRV_ERR_ALIGN, HVRV_ERR_ALIGN},
        {0x1000, 0x100b, 1, HVRV_ERR_ALIGN, HVRV_OK},
        {0x1004, 0x100b, 1, HVRV_ERR_ALIGN, HVRV_OK},
        {0x1000, 0x100c, 1, HVRV_ERR_ALIGN, HVRV_ERR_ALIGN},
        {0x1000, 0x1fff, 2, HVRV_ERR_ARGUMENT, HVRV_ERR_ARGUMENT},
        {0x1000, 0x1fff, 6, HVRV_ERR_ARGUMENT, HVRV_ERR_ARGUMENT},
        {0x1000, 0x1fff, 8, HVRV_ERR_ARGUMENT, HVRV_ERR_ARGUMENT},
        {0x1000, 0x1fff, 0x81, HVRV_ERR_ARGUMENT, HVRV_ERR_ARGUMENT},
    };
    (void)state;
    for (uint32_t i = 0; i < COUNT(rows); i++) {
        struct hvrv_pmp_region region = region_of(rows[i].first, rows[i].last, rows[i].permissions);
        struct hvrv_pmp_entry entry = {0xff, 1};
        struct hvrv_pmp_entry pair[2] = {{0xff, 1}, {0xff, 1}};
        assert_int_equal(hvrv_pmp_make_napot(&entry, &region), rows[i].napot);
        assert_int_equal(hvrv_pmp_make_tor(pair, &region), rows[i].tor);
        if (rows[i].napot != HVRV_OK)
            assert_true(entry.config == 0 && entry.address == 0);
        if (rows[i].tor != HVRV_OK)
            assert_true(pair[0].config == 0 && pair[1].config == 0 && pair[1].address == 0 &&
                        pair[0].address == 0);
    }
}

static void a_pointer_that_is_null_is_refused(void **state)
{
    struct hvrv_pmp_region region = region_of(0x1000, 0x1fff, 1);
    struct hvrv_pmp_entry pair[2] = {{0xff, 1}, {0xff, 1}};

    (void)state;
    assert_int_equal(hvrv_pmp_make_napot(NULL, &region), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pmp_make_tor(NULL, &region), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pmp_make_tor(pair, NULL), HVRV_ERR_NULL);
    assert_true(pair[0].config == 0 && pair[0].address == 0);
    assert_true(pair[1].config == 0 && pair[1].address == 0);
    pair[0].config = 1;
    assert_int_equal(hvrv_pmp_make_napot(pair, NULL), HVRV_ERR_NULL);
    assert_int_equal(pair[0].config, 0);
}

/* norm:pmp_rwx_warl norm:pmp_na4_select_restriction */
static void what_is_reserved_has_no_region(void **state)
{
    static const struct {
        uint8_t config;
        bool mml;
        uint32_t grain_shift;
        enum hvrv_status status;
    } rows[] = {
        {0x1a, false, 2, HVRV_ERR_ARGUMENT}, {0x1a, true, 2, HVRV_OK},
        {0x1e, false, 2, HVRV_ERR_ARGUMENT}, {0x1e, true, 2, HVRV_OK},
        {0x3f, false, 2, HVRV_ERR_ARGUMENT}, {0x5f, true, 2, HVRV_ERR_ARGUMENT},
        {0x17, false, 3, HVRV_ERR_ARGUMENT}, {0x17, false, 2, HVRV_OK},
        {0x17, false, 0, HVRV_OK},           {0x07, false, 2, HVRV_ERR_MISSING},
        {0x0f, false, 6, HVRV_ERR_MISSING},  {0x0f, false, 5, HVRV_OK},
        {0x9f, false, 2, HVRV_OK},
    };
    (void)state;
    for (uint32_t i = 0; i < COUNT(rows); i++) {
        struct hvrv_pmp_entry entry = {rows[i].config, 8};
        struct hvrv_pmp_set set = {.entries = &entry, .count = 1};
        struct hvrv_pmp_region region = region_of(1, 2, 3);
        set.mml = rows[i].mml;
        set.grain_shift = rows[i].grain_shift;
        assert_int_equal(hvrv_pmp_find_region(&set, 0, &region), rows[i].status);
        if (rows[i].status != HVRV_OK)
            assert_true(region.first == 0 && region.last == 0 && region.permissions == 0);
        assert_int_equal(hvrv_pmp_find_region(&set, 1, &region), HVRV_ERR_MISSING);
    }
}

/* norm:pmp_napot_addr_read_mask norm:pmp_tor_off_addr_read_mask norm:pmp_region_granularity_g */
static void a_grain_hides_bits_of_addresses(void **state)
{
    const struct hvrv_pmp_entry entries[] = {{0x1f, 0x400}, {0x0f, 0x80f}, {0x1f, 0x1007}};
    struct hvrv_pmp_set set = {.entries = entries, .count = 3, .grain_shift = 6};
    struct hvrv_pmp_region region;

    (void)state;
    assert_int_equal(hvrv_pmp_find_region(&set, 0, &region), HVRV_OK);
    assert_true(region.first == 0x1000 && region.last == 0x103f); /* G = 4: three ones */
    assert_int_equal(hvrv_pmp_find_region(&set, 1, &region), HVRV_OK);
    assert_true(region.first == 0x1000 && region.last == 0x1fff);
    assert_int_equal(hvrv_pmp_find_region(&set, 2, &region), HVRV_OK);
    assert_true(region.first == 0x4000 && region.last == 0x403f);
    set.grain_shift = 0;
    assert_int_equal(hvrv_pmp_find_region(&set, 0, &region), HVRV_OK);
    assert_true(region.first == 0x1000 && region.last == 0x1007);
    assert_int_equal(hvrv_pmp_find_region(&set, 1, &region), HVRV_OK);
    assert_true(region.first == 0x1000 && region.last == 0x203b);
}

static void an_address_of_ones_is_everything(void **state)
{
    struct hvrv_pmp_entry entry = {0x1f, 0x3fffffffffffff};
    struct hvrv_pmp_set set = {.entries = &entry, .count = 1};
    struct hvrv_pmp_region region;

    (void)state;
    assert_int_equal(hvrv_pmp_find_region(&set, 0, &region), HVRV_OK);
    assert_true(region.first == 0 && region.last == ALL);
    entry.address = UINT64_MAX; /* bits 63:54 are zero on a hart */
    assert_int_equal(hvrv_pmp_find_region(&set, 0, &region), HVRV_OK);
    assert_true(region.first == 0 && region.last == ALL);
}

static bool allows(const struct hvrv_pmp_set *set, uint64_t address, uint64_t size)
{
    struct hvrv_pmp_access access;
    access.address = address;
    access.size = size;
    access.access = HVRV_ACCESS_LOAD;
    access.is_m_mode = false;
    return hvrv_pmp_allows(set, &access);
}

/*
 * norm:pmp_entry_priority norm:pmp_full_match_required: the manual's example, 0xc to 0xf and an
 * access of eight bytes at 8.
 */
static void the_first_that_matches_a_byte_decides(void **state)
{
    const struct hvrv_pmp_entry entries[] = {{0x11, 3}, {0x18, 0x4}, {0x1f, 0xf}};
    struct hvrv_pmp_set set = {.entries = entries, .count = 3};

    (void)state;
    assert_false(allows(&set, 8, 8));
    assert_true(allows(&set, 8, 4));
    assert_true(allows(&set, 0xc, 4));
    assert_true(allows(&set, 0xf, 1));
    assert_false(allows(&set, 0xe, 4));  /* half in the second, which denies */
    assert_false(allows(&set, 0x10, 4)); /* the third would allow it */
    assert_true(allows(&set, 0x18, 8));
    assert_true(allows(&set, 0x7c, 4));
    assert_false(allows(&set, 0x7c, 8)); /* beyond the third */
    assert_false(allows(&set, 0x80, 1)); /* norm:pmp_no_entry_match */
    set.count = 0;
    assert_true(allows(&set, 0x80, 1));
}

static void an_access_of_nothing_or_beyond_the_end_is_denied(void **state)
{
    const struct hvrv_pmp_entry entry = {0x1f, 0x3fffffffffffff};
    struct hvrv_pmp_set set = {.entries = &entry, .count = 1};

    (void)state;
    assert_true(allows(&set, ALL, 1));
    assert_true(allows(&set, 0, ALL + 1));
    assert_false(allows(&set, ALL, 2));
    assert_false(allows(&set, ALL + 1, 1));
    assert_false(allows(&set, UINT64_MAX, 2));
    assert_false(allows(&set, UINT64_MAX, 1));
    assert_false(allows(&set, 8, UINT64_MAX));
    assert_false(allows(&set, 8, 0));
    assert_false(allows(&set, 0, 0));
}

/*
 * norm:pmp_rwx_check norm:pmp_l_bit_m_mode_enforcement norm:pmp_exec_fault norm:pmp_load_fault
 * norm:pmp_store_fault norm:smepmp_no_mml_limit norm:smepmp_no_mml_behavior
 * norm:smepmp_machine_unlimited norm:mml_truth_table: every configuration by the bits L, X, W, R;
 * each row tells what a load, a store, a fetch and an HLVX may, of S-mode and of M-mode.
 */
static void every_configuration_allows_what_the_manual_says(void **state)
{
    static const struct {
        uint8_t config;
        const char *others, *m_mode;         /* without Smepmp */
        const char *mml_others, *mml_m_mode; /* with MML */
    } rows[] = {
        {0x18, "", "LSFH", "", ""},   {0x19, "L", "LSFH", "L", ""},
        {0x1a, "", "", "L", "LS"},    {0x1b, "LS", "LSFH", "LS", ""},
        {0x1c, "F", "LSFH", "F", ""}, {0x1d, "LFH", "LSFH", "LFH", ""},
        {0x1e, "", "", "LS", "LS"},   {0x1f, "LSFH", "LSFH", "LSFH", ""},
        {0x98, "", "", "", ""},       {0x99, "L", "L", "", "L"},
        {0x9a, "", "", "F", "F"},     {0x9b, "LS", "LS", "", "LS"},
        {0x9c, "F", "F", "", "F"},    {0x9d, "LFH", "LFH", "", "LFH"},
        {0x9e, "", "", "F", "LFH"},   {0x9f, "LSFH", "LSFH", "L", "L"},
    };
    static const struct {
        char letter;
        enum hvrv_access access;
    } kinds[] = {{'L', HVRV_ACCESS_LOAD},
                 {'S', HVRV_ACCESS_STORE},
                 {'F', HVRV_ACCESS_FETCH},
                 {'H', HVRV_ACCESS_HLVX}};
    (void)state;
    for (uint32_t i = 0; i < 4 * COUNT(rows) * COUNT(kinds); i++) {
        uint32_t row = i / 16;
        bool mml = i & 8;
        bool is_m_mode = i & 4;
        const char *expected = mml ? (is_m_mode ? rows[row].mml_m_mode : rows[row].mml_others)
                                   : (is_m_mode ? rows[row].m_mode : rows[row].others);
        struct hvrv_pmp_entry entry = {rows[row].config, 0x1ff};
        struct hvrv_pmp_set set = {.entries = &entry, .count = 1};
        struct hvrv_pmp_access access = {0x800, 4, kinds[i & 3].access, false};
        bool is_expected = false;
        set.mml = mml;
        access.is_m_mode = is_m_mode;
        for (const char *letter = expected; *letter; letter++)
            is_expected = is_expected || *letter == kinds[i & 3].letter;
        if (hvrv_pmp_allows(&set, &access) != is_expected)
            fail_msg("config 0x%x, mml %d, m %d: %c", rows[row].config, mml, is_m_mode,
                     kinds[i & 3].letter);
    }
}

/* norm:pmp_no_entry_match, and MMWP and MML for M-mode. */
static void what_nothing_matches_is_for_m_mode_alone(void **state)
{
    static const struct {
        bool mml, mmwp, load, fetch;
    } rows[] = {
        {false, false, true, true},
        {true, false, true, false},
        {false, true, false, false},
        {true, true, false, false},
    };
    (void)state;
    for (uint32_t i = 0; i < COUNT(rows); i++) {
        const struct hvrv_pmp_entry entry = {0x1f, 0x1ff};
        struct hvrv_pmp_set set = {.entries = &entry, .count = 1};
        struct hvrv_pmp_access access = {0x1000, 4, HVRV_ACCESS_LOAD, true};
        set.mml = rows[i].mml;
        set.mmwp = rows[i].mmwp;
        assert_int_equal(hvrv_pmp_allows(&set, &access), rows[i].load);
        access.access = HVRV_ACCESS_STORE;
        assert_int_equal(hvrv_pmp_allows(&set, &access), rows[i].load);
        access.access = HVRV_ACCESS_FETCH;
        assert_int_equal(hvrv_pmp_allows(&set, &access), rows[i].fetch);
        access.access = (enum hvrv_access)77;
        assert_int_equal(hvrv_pmp_allows(&set, &access), rows[i].fetch);
        access.is_m_mode = false;
        assert_false(hvrv_pmp_allows(&set, &access));
    }
}

/* norm:pmp_l_bit_function norm:pmp_l_bit_write_protection norm:pmp_mmode_locking */
static void a_locked_entry_takes_nothing(void **state)
{
    const struct hvrv_pmp_entry entries[] = {
        {0x00, 1}, {0x8f, 2}, {0x00, 3}, {0x99, 4}, {0x80, 5}, {0x0f, 6},
    };
    static const struct {
        uint32_t index;
        struct hvrv_pmp_entry entry;
        enum hvrv_status status, with_rlb;
    } rows[] = {
        {0, {0x1f, 1}, HVRV_OK, HVRV_OK},
        {0, {0x1f, 9}, HVRV_ERR_STATE, HVRV_OK},
        {1, {0x8f, 2}, HVRV_OK, HVRV_OK},
        {1, {0x8f, 9}, HVRV_ERR_STATE, HVRV_OK},
        {1, {0x0f, 2}, HVRV_ERR_STATE, HVRV_OK},
        {2, {0x1f, 9}, HVRV_OK, HVRV_OK},
        {3, {0x00, 4}, HVRV_ERR_STATE, HVRV_OK},
        {4, {0x81, 5}, HVRV_ERR_STATE, HVRV_OK},
        {4, {0x80, 6}, HVRV_ERR_STATE, HVRV_OK},
        {5, {0x1f, 9}, HVRV_OK, HVRV_OK},
        {6, {0x1f, 9}, HVRV_ERR_RANGE, HVRV_ERR_RANGE},
        {5, {0x1a, 9}, HVRV_ERR_ARGUMENT, HVRV_ERR_ARGUMENT},
    };
    struct hvrv_pmp_set set = {.entries = entries, .count = 6};

    (void)state;
    for (uint32_t i = 0; i < COUNT(rows); i++) {
        set.rlb = false;
        assert_int_equal(hvrv_pmp_check_change(&set, rows[i].index, &rows[i].entry),
                         rows[i].status);
        set.rlb = true;
        assert_int_equal(hvrv_pmp_check_change(&set, rows[i].index, &rows[i].entry),
                         rows[i].with_rlb);
    }
    set.rlb = false;
    set.count = 1; /* what is behind the set locks nothing */
    assert_int_equal(hvrv_pmp_check_change(&set, 0, &rows[1].entry), HVRV_OK);
}

/* What M-mode could execute cannot be added while MML is 1. */
static void with_mml_m_mode_gets_nothing_new_to_execute(void **state)
{
    (void)state;
    for (unsigned permissions = 0; permissions < 16; permissions++) {
        struct hvrv_pmp_entry entries[2] = {{0x00, 8}, {0x00, 8}};
        struct hvrv_pmp_set set = {.entries = entries, .count = 1, .mml = true};
        bool executes = permissions == 10 || permissions == 12 || permissions == 13 ||
                        permissions == 14; /* L, X, W, R */
        entries[1].config = (uint8_t)(0x18 | (permissions & 7) | (permissions & 8) << 4);
        assert_int_equal(hvrv_pmp_check_change(&set, 0, &entries[1]),
                         executes ? HVRV_ERR_STATE : HVRV_OK);
        set.rlb = true;
        assert_int_equal(hvrv_pmp_check_change(&set, 0, &entries[1]), HVRV_OK);
        set.rlb = false;
        entries[0] = entries[1];
        assert_int_equal(hvrv_pmp_check_change(&set, 0, &entries[1]), HVRV_OK);
    }
}

/* norm:mseccfg_locking */
static void mml_and_mmwp_stay_and_rlb_is_set_in_time(void **state)
{
    const struct hvrv_pmp_entry entries[] = {{0x00, 0}, {0x80, 0}};
    struct hvrv_pmp_set set = {.entries = entries, .count = 1};

    (void)state;
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, UINT64_MAX), 7);
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, 0x704), 4);
    set.count = 2; /* one is locked */
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, 7), 3);
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, 4), 0);
    set.rlb = true;
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, 4), 4);
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, 0), 0);
    set.mml = true;
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, 0), 1);
    set.mml = false;
    set.mmwp = true;
    assert_int_equal(hvrv_pmp_find_mseccfg(&set, 0), 2);
}

/* Compares with the model of every access in 160 bytes. */
static void compare(const struct pmp_model *model)
{
    static const struct {
        char letter;
        enum hvrv_access access;
    } kinds[] = {{'R', HVRV_ACCESS_LOAD}, {'W', HVRV_ACCESS_STORE}, {'X', HVRV_ACCESS_FETCH}};
    struct hvrv_pmp_entry entries[4];
    struct hvrv_pmp_set set = {.entries = entries, .count = model->count};

    set.mml = model->mseccfg & PMP_MODEL_MML;
    set.mmwp = model->mseccfg & PMP_MODEL_MMWP;
    set.grain_shift = model->grain + 2;
    for (unsigned i = 0; i < model->count; i++) {
        entries[i].config = model->config[i];
        entries[i].address = model->address[i];
    }
    for (unsigned i = 0; i < 160 * 6; i++) {
        struct hvrv_pmp_access access = {i / 6, 0, kinds[i % 3].access, i % 6 < 3};
        struct pmp_model_access same = {i / 6, 0, kinds[i % 3].letter, i % 6 < 3};
        access.size = same.size = 1U << (i * 7 + i / 160) % 4;
        if (hvrv_pmp_allows(&set, &access) != pmp_model_allows(model, &same))
            fail_msg("%c of %u at 0x%x, m %d; first entry 0x%x 0x%x", same.kind, same.size,
                     (unsigned)same.address, same.is_m_mode, model->config[0],
                     (unsigned)model->address[0]);
    }
}

static void one_entry_of_any_kind_is_the_manuals(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256 * 18; i++) {
        struct pmp_model model = {.count = 1};
        model.config[0] = (uint8_t)i;
        model.address[0] = i / 256;
        model.grain = i % 5;
        model.mseccfg = i / 5 % 4;
        compare(&model);
    }
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void entries_side_by_side_and_over_each_other_are_the_manuals(void **state)
{
    uint64_t seed = 0x706d70;

    (void)state;
    printf("seed 0x%x\n", (unsigned)seed);
    for (unsigned i = 0; i < 3000; i++) {
        struct pmp_model model = {.count = 1 + (unsigned)(next(&seed) % 4)};
        for (unsigned entry = 0; entry < model.count; entry++) {
            model.config[entry] = next(&seed) & 0x9f;
            model.address[entry] = next(&seed) % 40;
        }
        model.grain = (unsigned)(next(&seed) % 4);
        model.mseccfg = (unsigned)(next(&seed) % 4);
        compare(&model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_of_two_is_one_entry),
        cmocka_unit_test(any_other_region_is_two),
        cmocka_unit_test(what_is_no_region_is_refused_whole),
        cmocka_unit_test(a_pointer_that_is_null_is_refused),
        cmocka_unit_test(what_is_reserved_has_no_region),
        cmocka_unit_test(a_grain_hides_bits_of_addresses),
        cmocka_unit_test(an_address_of_ones_is_everything),
        cmocka_unit_test(the_first_that_matches_a_byte_decides),
        cmocka_unit_test(an_access_of_nothing_or_beyond_the_end_is_denied),
        cmocka_unit_test(every_configuration_allows_what_the_manual_says),
        cmocka_unit_test(what_nothing_matches_is_for_m_mode_alone),
        cmocka_unit_test(a_locked_entry_takes_nothing),
        cmocka_unit_test(with_mml_m_mode_gets_nothing_new_to_execute),
        cmocka_unit_test(mml_and_mmwp_stay_and_rlb_is_set_in_time),
        cmocka_unit_test(one_entry_of_any_kind_is_the_manuals),
        cmocka_unit_test(entries_side_by_side_and_over_each_other_are_the_manuals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
