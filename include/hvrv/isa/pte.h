/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup pte Page-table entries
 * @brief One 64-bit entry of an Sv39, Sv48, Sv57 or x4 table: make it, look into it, check it.
 *
 *      63   62 61   60 59     58 54     53          10   9 8   7   6   5   4   3   2   1   0
 *     | N | PBMT | RSW60 | reserved | PPN            | RSW | D | A | G | U | X | W | R | V |
 *
 * An entry is a pointer to a table (V = 1, R = W = X = 0) or a leaf (V = 1 and
 * R or X). Both stages and every level share this format. What differs is the
 * address inside: a VS-stage entry holds a GPA, a G-stage entry an HPA. And a
 * G-stage leaf must have U = 1, because every G-stage access counts as a
 * U-mode access (norm:H_vm_gpapriv): hvrv_pte_make_g_leaf() sets it.
 *
 * Nothing here touches memory, so nothing here owes a fence.
 * @{
 */
#ifndef HVRV_ISA_PTE_H
#define HVRV_ISA_PTE_H

#include <hvrv/isa/cause.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A page-table entry. */
typedef struct hvrv_pte {
    uint64_t v; /**< the 64 bits as they lie in memory, little-endian */
} hvrv_pte;

#define HVRV_PTE_V     HVRV_BIT(0)       /**< valid */
#define HVRV_PTE_R     HVRV_BIT(1)       /**< may be read */
#define HVRV_PTE_W     HVRV_BIT(2)       /**< may be written */
#define HVRV_PTE_X     HVRV_BIT(3)       /**< may be executed */
#define HVRV_PTE_U     HVRV_BIT(4)       /**< for U-mode */
#define HVRV_PTE_G     HVRV_BIT(5)       /**< global; ignored in the G-stage (norm:H_vm_gpa_g) */
#define HVRV_PTE_A     HVRV_BIT(6)       /**< accessed */
#define HVRV_PTE_D     HVRV_BIT(7)       /**< dirty */
#define HVRV_PTE_RSW   HVRV_BITS(9, 8)   /**< for software */
#define HVRV_PTE_PPN   HVRV_BITS(53, 10) /**< physical page number */
#define HVRV_PTE_RSV   HVRV_BITS(58, 54) /**< reserved, zero */
#define HVRV_PTE_RSW60 HVRV_BITS(60, 59) /**< for software with Svrsw60t59b, else reserved */
#define HVRV_PTE_PBMT  HVRV_BITS(62, 61) /**< memory type, enum hvrv_pbmt */
#define HVRV_PTE_N     HVRV_BIT(63)      /**< Svnapot: part of a larger NAPOT range */

/** R, W and X together. */
#define HVRV_PTE_RWX (HVRV_PTE_R | HVRV_PTE_W | HVRV_PTE_X)

/** Values of the PBMT field; 3 is reserved (norm:Svpbmt_leaf_pte_pbmt_reserved_3_fault). */
enum hvrv_pbmt {
    HVRV_PBMT_PMA = 0, /**< as the physical memory attributes say */
    HVRV_PBMT_NC = 1,  /**< non-cacheable main memory */
    HVRV_PBMT_IO = 2   /**< I/O: strongly ordered, non-idempotent */
};

/** Svpbmt counts: PBMT may be 1 or 2 in a leaf (menvcfg.PBMTE, henvcfg.PBMTE). */
#define HVRV_PTE_RULE_SVPBMT HVRV_BIT(0)
/** Svnapot counts: a 64 KiB NAPOT leaf is legal at level 0. */
#define HVRV_PTE_RULE_SVNAPOT HVRV_BIT(1)
/** Svrsw60t59b counts: bits 60:59 are ignored (norm:Svrsw60t59b_reserved_bits_60_59). */
#define HVRV_PTE_RULE_SVRSW60T59B HVRV_BIT(2)

/**
 * @brief An entry that points to the next table of the VS-stage.
 * @param table the table's GPA, a multiple of 4 KiB below 2^56.
 * @param[out] pte the entry; 0 if refused.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p pte is null.
 * @retval HVRV_ERR_ALIGN @p table is no multiple of 4 KiB.
 * @retval HVRV_ERR_RANGE @p table is 2^56 or above: a PPN has 44 bits.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pte_make_vs_table(hvrv_gpa table, hvrv_pte *pte);

/**
 * @brief An entry that points to the next table of the G-stage.
 * @param table the table's HPA, a multiple of 4 KiB below 2^56.
 * @param[out] pte the entry; 0 if refused.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p pte is null.
 * @retval HVRV_ERR_ALIGN @p table is no multiple of 4 KiB.
 * @retval HVRV_ERR_RANGE @p table is 2^56 or above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pte_make_g_table(hvrv_hpa table, hvrv_pte *pte);

/**
 * @brief A leaf of the VS-stage.
 *
 * With #HVRV_PTE_N the leaf is one of the sixteen entries of a 64 KiB range:
 * @p page is the range's start and the same for all sixteen.
 * @param page the page's GPA, aligned to its size, below 2^56.
 * @param level 0 to 4.
 * @param bits any of R, W, X, U, G, A, D, RSW, RSW60, PBMT and N; V is set by itself.
 * @param[out] pte the entry; 0 if refused.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p pte is null.
 * @retval HVRV_ERR_ARGUMENT @p level is above 4; or @p bits has a PPN or reserved bit, neither R
 *         nor X, W without R, PBMT 3, or N above level 0.
 * @retval HVRV_ERR_ALIGN @p page is not aligned to the leaf's size.
 * @retval HVRV_ERR_RANGE @p page is 2^56 or above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pte_make_vs_leaf(hvrv_gpa page, unsigned level, uint64_t bits,
                                                       hvrv_pte *pte);

/**
 * @brief A leaf of the G-stage: as hvrv_pte_make_vs_leaf(), with U forced (norm:H_vm_gpapriv).
 * @param page the page's HPA, aligned to its size, below 2^56.
 * @param level 0 to 4.
 * @param bits as for hvrv_pte_make_vs_leaf(), but not G, which is reserved for the future here
 *        and to be left clear (norm:H_vm_gpa_g); V and U are set by themselves.
 * @param[out] pte the entry; 0 if refused.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p pte is null.
 * @retval HVRV_ERR_ARGUMENT as for hvrv_pte_make_vs_leaf(), or @p bits has G.
 * @retval HVRV_ERR_ALIGN @p page is not aligned to the leaf's size.
 * @retval HVRV_ERR_RANGE @p page is 2^56 or above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pte_make_g_leaf(hvrv_hpa page, unsigned level, uint64_t bits,
                                                      hvrv_pte *pte);

/**
 * @brief Tells whether an entry takes part in translation at all.
 * @param pte any entry.
 * @return true if V is 1.
 */
static inline bool hvrv_pte_is_valid(hvrv_pte pte)
{
    return (pte.v & HVRV_PTE_V) != 0;
}

/**
 * @brief Tells whether a valid entry ends the walk: R or X is 1.
 * @param pte any entry.
 * @return true for a leaf, well formed or not; see hvrv_pte_check().
 */
static inline bool hvrv_pte_is_leaf(hvrv_pte pte)
{
    return hvrv_pte_is_valid(pte) && (pte.v & (HVRV_PTE_R | HVRV_PTE_X)) != 0;
}

/**
 * @brief Tells whether a valid entry points to a table: R, W and X are 0.
 * @param pte any entry.
 * @return true for a pointer, well formed or not; see hvrv_pte_check().
 */
static inline bool hvrv_pte_is_table(hvrv_pte pte)
{
    return hvrv_pte_is_valid(pte) && (pte.v & HVRV_PTE_RWX) == 0;
}

/**
 * @brief The address that the PPN field holds, in bytes: of a table or of a page.
 *
 * A GPA in a VS-stage entry, an HPA in a G-stage entry. In a NAPOT leaf the
 * low bits of the PPN encode the size and are taken out.
 * @param pte any entry.
 * @return a multiple of 4 KiB below 2^56.
 */
static inline uint64_t hvrv_pte_address(hvrv_pte pte)
{
    uint64_t address = (pte.v & HVRV_PTE_PPN) << 2;
    return pte.v & HVRV_PTE_N ? address & ~(HVRV_BIT(HVRV_NAPOT_SHIFT) - 1) : address;
}

/**
 * @brief log2 of the bytes that a leaf maps.
 * @param pte a leaf that hvrv_pte_check() accepts.
 * @param level its level, 0 to 4.
 * @return 12, 16 (NAPOT), 21, 30, 39 or 48.
 */
static inline unsigned hvrv_pte_page_shift(hvrv_pte pte, unsigned level)
{
    return pte.v & HVRV_PTE_N ? HVRV_NAPOT_SHIFT : hvrv_level_shift(level);
}

/**
 * @brief The PBMT field.
 * @param pte any entry.
 * @return enum hvrv_pbmt, or the reserved 3.
 */
static inline unsigned hvrv_pte_pbmt(hvrv_pte pte)
{
    return (unsigned)hvrv_bits_get(pte.v, HVRV_PTE_PBMT);
}

/**
 * @brief The RSW field, which hardware ignores.
 * @param pte any entry.
 * @return 0 to 3.
 */
static inline unsigned hvrv_pte_rsw(hvrv_pte pte)
{
    return (unsigned)hvrv_bits_get(pte.v, HVRV_PTE_RSW);
}

/**
 * @brief Checks the encoding of an entry: steps 3 to 5 of the translation algorithm.
 *
 * This is the part of the check that depends on no access: valid, no reserved
 * encoding, no pointer at level 0, no misaligned superpage (norm:Sv39_superpage_align_fault).
 * @param pte any 64 bits.
 * @param level where it was read, 0 to 4.
 * @param rules any of the HVRV_PTE_RULE bits.
 * @return #HVRV_REASON_NONE if a walk may go on with the entry, else the first thing wrong.
 */
enum hvrv_reason hvrv_pte_check(hvrv_pte pte, unsigned level, unsigned rules);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
