/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page-table entries: for each of the 2^64 values, every level and every set of
 * rules the check says what the manual's algorithm says (tests/model/walk_model.c),
 * and what is made can be taken apart again.
 *
 * Assumptions: a level is 0 to 4, as hvrv_pte_check() demands. Nothing else:
 * the arguments of hvrv_pte_make_*() are anything.
 *
 * Files: lib/isa/pte.c lib/isa/cause.c lib/isa/text.c
 */
#include <hvrv/isa/cause.h>
#include <hvrv/isa/pte.h>

/* The specification: its file is included for wrong_encoding(). */
#include "model/walk_model.c"
#include "proof.h"

void check_equals_manual(void)
{
    hvrv_pte pte = {nondet_u64()};
    unsigned level = nondet_unsigned();
    unsigned rules = nondet_unsigned();
    ASSUME(level <= 4);
    struct walk_model model = {
        .henvcfg_pbmte = rules % 2 == 1,
        .svnapot = rules / 2 % 2 == 1,
        .svrsw60t59b = rules / 4 % 2 == 1,
    };
    const char *wrong = wrong_encoding(&model, 'V', pte.v, (int)level);
    enum hvrv_reason reason = hvrv_pte_check(pte, level, rules);
    PROVE((reason == HVRV_REASON_NONE) == (wrong == NULL));
    /* One literal is one object: equal words are equal pointers here. */
    PROVE(wrong == NULL || hvrv_reason_name(reason) == wrong);
    PROVE(hvrv_pte_is_leaf(pte) == (bit(pte.v, 0) && is_leaf(pte.v)));
    COVER(reason == HVRV_REASON_NONE && level == 4);
    COVER(reason == HVRV_REASON_MISALIGNED);
    COVER(reason == HVRV_REASON_RESERVED_NAPOT);
    COVER(reason == HVRV_REASON_NO_LEAF);
}

/* The fields in their order; together they are the 64 bits, and no bit is in two. */
void fields_are_disjoint(void)
{
    static const uint64_t fields[] = {
        HVRV_PTE_V,   HVRV_PTE_R,     HVRV_PTE_W,    HVRV_PTE_X,   HVRV_PTE_U,
        HVRV_PTE_G,   HVRV_PTE_A,     HVRV_PTE_D,    HVRV_PTE_RSW, HVRV_PTE_PPN,
        HVRV_PTE_RSV, HVRV_PTE_RSW60, HVRV_PTE_PBMT, HVRV_PTE_N,
    };
    uint64_t all = 0;
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        PROVE((all & fields[i]) == 0);
        PROVE(fields[i] > all);
        all |= fields[i];
    }
    PROVE(all == UINT64_MAX);
    COVER(all == UINT64_MAX);
}

static void check_made_leaf(hvrv_pte pte, uint64_t page, unsigned level, uint64_t bits)
{
    PROVE(hvrv_pte_check(pte, level, 7) == HVRV_REASON_NONE);
    PROVE(hvrv_pte_is_leaf(pte) && !hvrv_pte_is_table(pte));
    PROVE(hvrv_pte_address(pte) == page);
    PROVE((pte.v & 0xffc00000000003ff) == (bits | 1));
    PROVE(hvrv_pte_pbmt(pte) == (bits >> 61 & 3));
    PROVE(hvrv_pte_rsw(pte) == (bits >> 8 & 3));
    PROVE(hvrv_pte_page_shift(pte, level) == (bits >> 63 ? 16 : 12 + 9 * level));
}

void a_made_leaf_can_be_taken_apart(void)
{
    uint64_t page = nondet_u64();
    uint64_t bits = nondet_u64();
    unsigned level = nondet_unsigned();
    hvrv_pte pte = {nondet_u64()};
    hvrv_pte g_pte = {nondet_u64()};
    enum hvrv_status status = hvrv_pte_make_vs_leaf(hvrv_gpa_make(page), level, bits, &pte);
    enum hvrv_status g_status = hvrv_pte_make_g_leaf(hvrv_hpa_make(page), level, bits, &g_pte);
    bool has_g = (bits & 0x20) != 0; /* which has no meaning in the G-stage */
    PROVE(g_status == (has_g ? HVRV_ERR_ARGUMENT : status));
    PROVE(IMPLIES(status != HVRV_OK, pte.v == 0));
    PROVE(IMPLIES(g_status != HVRV_OK, g_pte.v == 0));
    if (status == HVRV_OK)
        check_made_leaf(pte, page, level, bits);
    if (g_status == HVRV_OK)
        check_made_leaf(g_pte, page, level, bits | 0x10);
    PROVE(hvrv_pte_make_vs_leaf(hvrv_gpa_make(page), level, bits, NULL) == HVRV_ERR_NULL);
    PROVE(hvrv_pte_make_g_leaf(hvrv_hpa_make(page), level, bits, NULL) == HVRV_ERR_NULL);
    COVER(status == HVRV_OK && level == 4);
    COVER(status == HVRV_OK && bits >> 63 == 1);
    COVER(status == HVRV_ERR_ALIGN);
}

void a_pointer_is_made_of_every_page(void)
{
    uint64_t page = nondet_u64();
    hvrv_pte pte = {nondet_u64()};
    hvrv_pte g_pte = {nondet_u64()};
    enum hvrv_status status = hvrv_pte_make_vs_table(hvrv_gpa_make(page), &pte);
    PROVE((status == HVRV_OK) == (page % 4096 == 0 && page >> 56 == 0));
    PROVE(pte.v == (status == HVRV_OK ? page / 4 + 1 : 0));
    PROVE(IMPLIES(status == HVRV_OK, hvrv_pte_is_table(pte) && hvrv_pte_address(pte) == page));
    PROVE(hvrv_pte_make_g_table(hvrv_hpa_make(page), &g_pte) == status);
    PROVE(g_pte.v == pte.v);
    PROVE(hvrv_pte_make_vs_table(hvrv_gpa_make(page), NULL) == HVRV_ERR_NULL);
    PROVE(hvrv_pte_make_g_table(hvrv_hpa_make(page), NULL) == HVRV_ERR_NULL);
    COVER(status == HVRV_OK);
    COVER(status == HVRV_ERR_RANGE);
}

/* Every legal leaf can be made: refused is only what the manual has no meaning for. */
void every_legal_leaf_can_be_made(void)
{
    hvrv_pte legal = {nondet_u64()};
    unsigned level = nondet_unsigned();
    hvrv_pte pte;
    ASSUME(level <= 4);
    if (hvrv_pte_check(legal, level, 7) != HVRV_REASON_NONE || !hvrv_pte_is_leaf(legal))
        return;
    hvrv_gpa page = hvrv_gpa_make(hvrv_pte_address(legal));
    PROVE(hvrv_pte_make_vs_leaf(page, level, legal.v & 0xffc00000000003fe, &pte) == HVRV_OK);
    PROVE(pte.v == legal.v);
    COVER(legal.v >> 61 == 6); /* N, and PBMT = 2 */
}
