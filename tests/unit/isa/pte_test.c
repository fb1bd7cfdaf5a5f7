/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/isa/pte.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void the_bits_are_where_the_manual_draws_them(void **state)
{
    static const struct {
        uint64_t mask, bits;
    } rows[] = {
        {HVRV_PTE_V, 0x1},
        {HVRV_PTE_R, 0x2},
        {HVRV_PTE_W, 0x4},
        {HVRV_PTE_X, 0x8},
        {HVRV_PTE_U, 0x10},
        {HVRV_PTE_G, 0x20},
        {HVRV_PTE_A, 0x40},
        {HVRV_PTE_D, 0x80},
        {HVRV_PTE_RSW, 0x300},
        {HVRV_PTE_PPN, 0x003ffffffffffc00},
        {HVRV_PTE_RSV, 0x07c0000000000000},
        {HVRV_PTE_RSW60, 0x1800000000000000},
        {HVRV_PTE_PBMT, 0x6000000000000000},
        {HVRV_PTE_N, 0x8000000000000000},
    };
    uint64_t all = 0;
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(rows[i].mask, rows[i].bits);
        assert_int_equal(all & rows[i].mask, 0);
        all |= rows[i].mask;
    }
    assert_int_equal(all, UINT64_MAX);
    assert_int_equal(HVRV_PTE_RWX, 0xe);
}

/*
 * norm:Svnapot_pte_N, norm:Svnapot_valid_encoding: words as Linux writes them: PAGE_KERNEL,
 * PAGE_KERNEL_EXEC, user pages, a table, NAPOT.
 */
static void known_words_are_made_bit_by_bit(void **state)
{
    static const struct {
        uint64_t page;
        unsigned level;
        uint64_t bits, vs, g;
    } rows[] = {
        {0x80200000, 1, 0xc6, 0x200800c7, 0x200800d7},
        {0x80000000, 2, 0xca, 0x200000cb, 0x200000db},
        {0x80201000, 0, 0x52, 0x20080453, 0x20080453},
        {0x1000, 0, 0x08, 0x409, 0x419},
        {0, 0, 0x02, 0x3, 0x13},
        {0x00fffffffffff000, 0, 0xde, 0x003ffffffffffcdf, 0x003ffffffffffcdf},
        {0x8000000000, 3, 0xce, 0x20000000cf, 0x20000000df},
        {0x1000000000000, 4, 0xce, 0x4000000000cf, 0x4000000000df},
        {0x80210000, 0, 0x80000000000000c6, 0x80000000200860c7, 0x80000000200860d7},
        {0x10000000, 0, 0x40000000000000c6, 0x40000000040000c7, 0x40000000040000d7},
        {0x2000, 0, 0x3800000000000302, 0x3800000000000b03, 0x3800000000000b13},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        hvrv_pte pte = {0x5a};

        assert_int_equal(
            hvrv_pte_make_vs_leaf(hvrv_gpa_make(rows[i].page), rows[i].level, rows[i].bits, &pte),
            HVRV_OK);
        assert_int_equal(pte.v, rows[i].vs);
        assert_int_equal(
            hvrv_pte_make_g_leaf(hvrv_hpa_make(rows[i].page), rows[i].level, rows[i].bits, &pte),
            HVRV_OK);
        assert_int_equal(pte.v, rows[i].g);
        assert_int_equal(hvrv_pte_address(pte), rows[i].page);
    }
}

/* norm:H_vm_gpapriv: U is in every leaf of the G-stage and in no other unless asked for. */
static void u_is_forced_in_the_g_stage_alone(void **state)
{
    hvrv_pte pte;
    (void)state;

    assert_int_equal(hvrv_pte_make_g_leaf(hvrv_hpa_make(0x1000), 0, 0xce, &pte), HVRV_OK);
    assert_int_equal(pte.v & 0x10, 0x10);
    assert_int_equal(hvrv_pte_make_vs_leaf(hvrv_gpa_make(0x1000), 0, 0xce, &pte), HVRV_OK);
    assert_int_equal(pte.v & 0x10, 0);
    assert_int_equal(hvrv_pte_make_vs_leaf(hvrv_gpa_make(0x1000), 0, 0xde, &pte), HVRV_OK);
    assert_int_equal(pte.v & 0x10, 0x10);
}

/* norm:H_vm_gpa_g: software leaves it clear in the G-stage. */
static void g_is_made_in_the_vs_stage_alone(void **state)
{
    hvrv_pte pte = {0x5a};
    (void)state;

    assert_int_equal(hvrv_pte_make_g_leaf(hvrv_hpa_make(0x80200000), 1, 0xe6, &pte),
                     HVRV_ERR_ARGUMENT);
    assert_int_equal(pte.v, 0);
    assert_int_equal(hvrv_pte_make_g_leaf(hvrv_hpa_make(0), 0, 0x22, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pte_make_vs_leaf(hvrv_gpa_make(0x80200000), 1, 0xe6, &pte), HVRV_OK);
    assert_int_equal(pte.v, 0x200800e7);
}

/* norm:Sv39_pt_align */
static void a_table_entry_has_v_and_its_address_alone(void **state)
{
    static const struct {
        uint64_t table, pte;
        enum hvrv_status status;
    } rows[] = {
        {0x80005000, 0x20001401, HVRV_OK},
        {0, 0x1, HVRV_OK},
        {0x00fffffffffff000, 0x003ffffffffffc01, HVRV_OK},
        {0x0100000000000000, 0, HVRV_ERR_RANGE},
        {0xfffffffffffff000, 0, HVRV_ERR_RANGE},
        {0x80005008, 0, HVRV_ERR_ALIGN},
        {0x1, 0, HVRV_ERR_ALIGN},
        {0x800, 0, HVRV_ERR_ALIGN},
        {UINT64_MAX, 0, HVRV_ERR_ALIGN},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        hvrv_pte pte = {0x5a};

        assert_int_equal(hvrv_pte_make_vs_table(hvrv_gpa_make(rows[i].table), &pte),
                         rows[i].status);
        assert_int_equal(pte.v, rows[i].pte);
        pte.v = 0x5a;
        assert_int_equal(hvrv_pte_make_g_table(hvrv_hpa_make(rows[i].table), &pte), rows[i].status);
        assert_int_equal(pte.v, rows[i].pte);
    }
    assert_int_equal(hvrv_pte_make_vs_table(hvrv_gpa_make(0), NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pte_make_g_table(hvrv_hpa_make(0), NULL), HVRV_ERR_NULL);
}

/*
 * norm:Sv39_superpage_align, norm:Sv48_superpage_align, norm:Sv57_superpage_align,
 * norm:Svnapot_range_napot
 */
static void a_leaf_that_cannot_be_is_refused_and_written_zero(void **state)
{
    static const struct {
        uint64_t page;
        unsigned level;
        uint64_t bits;
        enum hvrv_status status;
    } rows[] = {
        {0x1000, 5, 0x02, HVRV_ERR_ARGUMENT},                 /* no such level */
        {0x1000, UINT32_MAX, 0x02, HVRV_ERR_ARGUMENT},        /* nor this */
        {0x1000, 0, 0x00, HVRV_ERR_ARGUMENT},                 /* neither R nor X */
        {0x1000, 0, 0xd0, HVRV_ERR_ARGUMENT},                 /* the same with U, A, D */
        {0x1000, 0, 0x04, HVRV_ERR_ARGUMENT},                 /* W alone */
        {0x1000, 0, 0x0c, HVRV_ERR_ARGUMENT},                 /* W and X without R */
        {0x1000, 0, 0x03, HVRV_ERR_ARGUMENT},                 /* V is not the caller's */
        {0x1000, 0, 0x402, HVRV_ERR_ARGUMENT},                /* a bit of the PPN */
        {0x1000, 0, 0x0020000000000002, HVRV_ERR_ARGUMENT},   /* another */
        {0x1000, 0, 0x0040000000000002, HVRV_ERR_ARGUMENT},   /* reserved 54 */
        {0x1000, 0, 0x0400000000000002, HVRV_ERR_ARGUMENT},   /* reserved 58 */
        {0x1000, 0, 0x6000000000000002, HVRV_ERR_ARGUMENT},   /* PBMT 3 */
        {0x200000, 1, 0x8000000000000002, HVRV_ERR_ARGUMENT}, /* N above level 0 */
        {0x1800, 0, 0x02, HVRV_ERR_ALIGN},
        {0x1001, 0, 0x02, HVRV_ERR_ALIGN},
        {0x1000, 1, 0x02, HVRV_ERR_ALIGN},
        {0x100000, 1, 0x02, HVRV_ERR_ALIGN},
        {0x20000000, 2, 0x02, HVRV_ERR_ALIGN},
        {0x4000000000, 3, 0x02, HVRV_ERR_ALIGN},
        {0x800000000000, 4, 0x02, HVRV_ERR_ALIGN},
        {0x8000, 0, 0x8000000000000002, HVRV_ERR_ALIGN}, /* NAPOT wants 64 KiB */
        {0x0100000000000000, 0, 0x02, HVRV_ERR_RANGE},
        {0x0100000000000000, 4, 0x02, HVRV_ERR_RANGE},
        {0x8000000000000000, 2, 0x02, HVRV_ERR_RANGE},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        hvrv_pte pte = {0x5a};

        assert_int_equal(
            hvrv_pte_make_vs_leaf(hvrv_gpa_make(rows[i].page), rows[i].level, rows[i].bits, &pte),
            rows[i].status);
        assert_int_equal(pte.v, 0);
        pte.v = 0x5a;
        assert_int_equal(
            hvrv_pte_make_g_leaf(hvrv_hpa_make(rows[i].page), rows[i].level, rows[i].bits, &pte),
            rows[i].status);
        assert_int_equal(pte.v, 0);
    }
    assert_int_equal(hvrv_pte_make_vs_leaf(hvrv_gpa_make(0), 0, 2, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pte_make_g_leaf(hvrv_hpa_make(0), 0, 2, NULL), HVRV_ERR_NULL);
}

static void an_entry_is_looked_into_without_being_checked(void **state)
{
    static const struct {
        uint64_t pte;
        bool valid, leaf, table;
        uint64_t address;
        unsigned pbmt, rsw;
    } rows[] = {
        {0, false, false, false, 0, 0, 0},
        {0x20001401, true, false, true, 0x80005000, 0, 0},
        {0x20001400, false, false, false, 0x80005000, 0, 0},
        {0x200800cf, true, true, false, 0x80200000, 0, 0},
        {0x200800ce, false, false, false, 0x80200000, 0, 0},
        {0x200800c9, true, true, false, 0x80200000, 0, 0},
        {0x200800c3, true, true, false, 0x80200000, 0, 0},
        {0x05, true, false, false, 0, 0, 0}, /* W alone is neither */
        {0x3fffffffffffff01, true, false, true, 0x00fffffffffff000, 1, 3},
        {0x4000000000000203, true, true, false, 0, 2, 2},
        {0x6000000000000103, true, true, false, 0, 3, 1},
        {0x80000000200860c7, true, true, false, 0x80210000, 0, 0}, /* NAPOT */
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        hvrv_pte pte = {rows[i].pte};

        assert_int_equal(hvrv_pte_is_valid(pte), rows[i].valid);
        assert_int_equal(hvrv_pte_is_leaf(pte), rows[i].leaf);
        assert_int_equal(hvrv_pte_is_table(pte), rows[i].table);
        assert_int_equal(hvrv_pte_address(pte), rows[i].address);
        assert_int_equal(hvrv_pte_pbmt(pte), rows[i].pbmt);
        assert_int_equal(hvrv_pte_rsw(pte), rows[i].rsw);
    }
}

/* norm:Sv39_page_sizes, norm:Sv48_page_sizes, norm:Sv57_page_sizes */
static void a_leaf_maps_the_size_of_its_level_or_64_kib(void **state)
{
    static const unsigned shifts[] = {12, 21, 30, 39, 48};
    (void)state;

    for (unsigned level = 0; level < 5; level++)
        assert_int_equal(hvrv_pte_page_shift((hvrv_pte){0xcf}, level), shifts[level]);
    assert_int_equal(hvrv_pte_page_shift((hvrv_pte){0x80000000000020cf}, 0), 16);
}

/* What is wrong with an entry, told bit by bit. */
static enum hvrv_reason spelled_out(uint64_t pte, unsigned level, unsigned rules)
{
    bool v = pte & 1, r = pte >> 1 & 1, w = pte >> 2 & 1, x = pte >> 3 & 1;
    bool u = pte >> 4 & 1, a = pte >> 6 & 1, d = pte >> 7 & 1, n = pte >> 63;
    bool svpbmt = rules & 1, svnapot = rules >> 1 & 1, svrsw = rules >> 2 & 1;
    uint64_t ppn = pte >> 10 & 0xfffffffffff;
    unsigned pbmt = pte >> 61 & 3;

    if (!v)
        return HVRV_REASON_NOT_VALID;
    if (w && !r)
        return HVRV_REASON_WRITE_WITHOUT_READ;
    if ((pte >> 54 & 0x1f) || (!svrsw && (pte >> 59 & 3)))
        return HVRV_REASON_RESERVED_BITS;
    if (!r && !x) {
        if (a || d || u || pbmt || n)
            return HVRV_REASON_RESERVED_IN_TABLE;
        return level ? HVRV_REASON_NONE : HVRV_REASON_NO_LEAF;
    }
    if (pbmt == 3 || (pbmt && !svpbmt))
        return HVRV_REASON_RESERVED_PBMT;
    if (n && (!svnapot || level || ppn % 16 != 8))
        return HVRV_REASON_RESERVED_NAPOT;
    return ppn % (UINT64_C(1) << 9 * level) ? HVRV_REASON_MISALIGNED : HVRV_REASON_NONE;
}

/*
 * All of the low ten bits, bits 63:58, levels and rules, over a few PPNs.
 * norm:Sv39_pte_future_rsv, norm:Svnapot_reserved_encoding_fault,
 * norm:Svpbmt_leaf_pte_pbmt_reserved_3_fault, norm:Sv39_superpage_align_fault,
 * norm:Svrsw60t59b_reserved_bits_60_59, norm:Svrsw60t59b_h_g_stage_reserved_bits
 */
static void the_check_is_what_the_manual_spells_out(void **state)
{
    static const uint64_t ppns[] = {0,       0x8,       0x18,         0xc,          0x200,
                                    0x40000, 0x8000000, 0x1000000000, 0xfffffffffff};
    (void)state;

    for (unsigned low = 0; low < 1024; low++) {
        for (unsigned i = 0; i < 64 * 5 * 8; i++) {
            uint64_t upper = (uint64_t)(i % 64) << 58;
            unsigned level = i / 64 % 5, rules = i / 64 / 5;
            uint64_t pte = upper | ppns[(low + i) % LENGTH(ppns)] << 10 | low;

            if (hvrv_pte_check((hvrv_pte){pte}, level, rules) != spelled_out(pte, level, rules))
                fail_msg("PTE 0x%llx, level %u, rules %u", (unsigned long long)pte, level, rules);
        }
    }
}

/* norm:H_vm_gpa_g: every bit of a good leaf and of a good pointer, one at a time. */
static void the_check_looks_at_every_single_bit(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 64 * 5 * 8; i++) {
        unsigned level = i / 64 % 5, rules = i / 64 / 5;
        uint64_t bit = UINT64_C(1) << i % 64;
        uint64_t words[] = {0xcf ^ bit, 0x01 ^ bit, 0x80000000000020cf ^ bit};

        for (size_t n = 0; n < LENGTH(words); n++)
            assert_int_equal(hvrv_pte_check((hvrv_pte){words[n]}, level, rules),
                             spelled_out(words[n], level, rules));
    }
}

static void what_was_made_passes_the_check(void **state)
{
    const unsigned all = 7;
    hvrv_pte pte;
    (void)state;

    assert_int_equal(HVRV_PTE_RULE_SVPBMT | HVRV_PTE_RULE_SVNAPOT | HVRV_PTE_RULE_SVRSW60T59B, all);
    for (unsigned level = 0; level < 5; level++) {
        assert_int_equal(
            hvrv_pte_make_g_leaf(hvrv_hpa_make(0x5a000000000000), level, 0x58000000000003ce, &pte),
            HVRV_OK);
        assert_int_equal(hvrv_pte_check(pte, level, all), HVRV_REASON_NONE);
        assert_int_equal(hvrv_pte_make_vs_table(hvrv_gpa_make(0x1000), &pte), HVRV_OK);
        assert_int_equal(hvrv_pte_check(pte, level, 0),
                         level ? HVRV_REASON_NONE : HVRV_REASON_NO_LEAF);
    }
    assert_int_equal(hvrv_pte_make_vs_leaf(hvrv_gpa_make(0x10000), 0, 0x80000000000000ca, &pte),
                     HVRV_OK);
    assert_int_equal(hvrv_pte_check(pte, 0, all), HVRV_REASON_NONE);
    assert_int_equal(hvrv_pte_check(pte, 0, 0), HVRV_REASON_RESERVED_NAPOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bits_are_where_the_manual_draws_them),
        cmocka_unit_test(known_words_are_made_bit_by_bit),
        cmocka_unit_test(u_is_forced_in_the_g_stage_alone),
        cmocka_unit_test(g_is_made_in_the_vs_stage_alone),
        cmocka_unit_test(a_table_entry_has_v_and_its_address_alone),
        cmocka_unit_test(a_leaf_that_cannot_be_is_refused_and_written_zero),
        cmocka_unit_test(an_entry_is_looked_into_without_being_checked),
        cmocka_unit_test(a_leaf_maps_the_size_of_its_level_or_64_kib),
        cmocka_unit_test(the_check_is_what_the_manual_spells_out),
        cmocka_unit_test(the_check_looks_at_every_single_bit),
        cmocka_unit_test(what_was_made_passes_the_check),
    };

    return cmocka_run_group_tests_name("isa/pte", tests, NULL, NULL);
}
