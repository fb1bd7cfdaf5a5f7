/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/pte.h>

/* What a caller may ask for in a leaf; V and the PPN are the library's. */
#define LEAF_BITS                                                                      \
    (HVRV_PTE_RWX | HVRV_PTE_U | HVRV_PTE_G | HVRV_PTE_A | HVRV_PTE_D | HVRV_PTE_RSW | \
     HVRV_PTE_RSW60 | HVRV_PTE_PBMT | HVRV_PTE_N)

/* The PPN's low four bits that say 64 KiB (norm:Svnapot_valid_encoding). */
#define NAPOT_PPN_BITS HVRV_BITS(13, 10)
#define NAPOT_PPN_64K  HVRV_BIT(13)

static enum hvrv_status make(uint64_t address, uint64_t alignment, hvrv_pte *pte, uint64_t bits)
{
    if (!hvrv_bits_is_aligned(address, alignment))
        return HVRV_ERR_ALIGN;
    if (address >> HVRV_HPA_WIDTH)
        return HVRV_ERR_RANGE;
    pte->v = (address >> 2) | bits | HVRV_PTE_V;
    return HVRV_OK;
}

static enum hvrv_status make_table(uint64_t table, hvrv_pte *pte)
{
    if (!pte)
        return HVRV_ERR_NULL;
    pte->v = 0;
    return make(table, HVRV_PAGE_SIZE, pte, 0);
}

enum hvrv_status hvrv_pte_make_vs_table(hvrv_gpa table, hvrv_pte *pte)
{
    return make_table(table.v, pte);
}

enum hvrv_status hvrv_pte_make_g_table(hvrv_hpa table, hvrv_pte *pte)
{
    return make_table(table.v, pte);
}

static bool leaf_bits_are_legal(unsigned level, uint64_t bits)
{
    bool write_only = (bits & HVRV_PTE_W) && !(bits & HVRV_PTE_R);
    return (bits & ~LEAF_BITS) == 0 && (bits & (HVRV_PTE_R | HVRV_PTE_X)) != 0 && !write_only &&
           (bits & HVRV_PTE_PBMT) != HVRV_PTE_PBMT && !(level > 0 && (bits & HVRV_PTE_N));
}

static enum hvrv_status make_leaf(uint64_t page, unsigned level, uint64_t bits, hvrv_pte *pte)
{
    if (!pte)
        return HVRV_ERR_NULL;
    pte->v = 0;
    if (level >= HVRV_LEVELS_MAX || !leaf_bits_are_legal(level, bits))
        return HVRV_ERR_ARGUMENT;
    if (bits & HVRV_PTE_N)
        return make(page, HVRV_BIT(HVRV_NAPOT_SHIFT), pte, bits | NAPOT_PPN_64K);
    return make(page, hvrv_level_size(level), pte, bits);
}

enum hvrv_status hvrv_pte_make_vs_leaf(hvrv_gpa page, unsigned level, uint64_t bits, hvrv_pte *pte)
{
    return make_leaf(page.v, level, bits, pte);
}

enum hvrv_status hvrv_pte_make_g_leaf(hvrv_hpa page, unsigned level, uint64_t bits, hvrv_pte *pte)
{
    if (pte && (bits & HVRV_PTE_G)) {
        pte->v = 0;
        return HVRV_ERR_ARGUMENT;
    }
    return make_leaf(page.v, level, bits | HVRV_PTE_U, pte);
}

/* Bits that no rule makes legal, in a leaf and in a pointer alike. */
static uint64_t reserved_bits(unsigned rules)
{
    return rules & HVRV_PTE_RULE_SVRSW60T59B ? HVRV_PTE_RSV : HVRV_PTE_RSV | HVRV_PTE_RSW60;
}

static enum hvrv_reason check_table(hvrv_pte pte, unsigned level)
{
    if (pte.v & (HVRV_PTE_A | HVRV_PTE_D | HVRV_PTE_U | HVRV_PTE_PBMT | HVRV_PTE_N))
        return HVRV_REASON_RESERVED_IN_TABLE;
    return level == 0 ? HVRV_REASON_NO_LEAF : HVRV_REASON_NONE;
}

static enum hvrv_reason check_leaf(unsigned level, hvrv_pte pte, unsigned rules)
{
    unsigned pbmt = hvrv_pte_pbmt(pte);
    if (pbmt > (rules & HVRV_PTE_RULE_SVPBMT ? HVRV_PBMT_IO : HVRV_PBMT_PMA))
        return HVRV_REASON_RESERVED_PBMT;
    if (pte.v & HVRV_PTE_N) {
        bool is_64k = level == 0 && (pte.v & NAPOT_PPN_BITS) == NAPOT_PPN_64K;
        if (!is_64k || !(rules & HVRV_PTE_RULE_SVNAPOT))
            return HVRV_REASON_RESERVED_NAPOT;
    }
    if (!hvrv_bits_is_aligned((pte.v & HVRV_PTE_PPN) << 2, hvrv_level_size(level)))
        return HVRV_REASON_MISALIGNED;
    return HVRV_REASON_NONE;
}

enum hvrv_reason hvrv_pte_check(hvrv_pte pte, unsigned level, unsigned rules)
{
    if (!hvrv_pte_is_valid(pte))
        return HVRV_REASON_NOT_VALID;
    if ((pte.v & (HVRV_PTE_R | HVRV_PTE_W)) == HVRV_PTE_W)
        return HVRV_REASON_WRITE_WITHOUT_READ;
    if (pte.v & reserved_bits(rules))
        return HVRV_REASON_RESERVED_BITS;
    return hvrv_pte_is_leaf(pte) ? check_leaf(level, pte, rules) : check_table(pte, level);
}
