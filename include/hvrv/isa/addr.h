/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup addr Addresses
 * @brief Guest virtual, guest physical and host physical addresses as three types.
 *
 * A GVA goes through the VS-stage and becomes a GPA; a GPA goes through the
 * G-stage and becomes an HPA (the manual: supervisor physical address). Each
 * is a struct of one word, passed in a register like a plain integer, so that
 * a swapped GPA and HPA does not compile.
 *
 * Levels are counted as the manual counts them: level 0 is a 4 KiB page, and
 * every level above covers 512 times more.
 * @{
 */
#ifndef HVRV_ISA_ADDR_H
#define HVRV_ISA_ADDR_H

#include <hvrv/isa/bits.h>
#include <hvrv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A guest virtual address, in bytes. */
typedef struct hvrv_gva {
    uint64_t v; /**< the address */
} hvrv_gva;

/** A guest physical address, in bytes. */
typedef struct hvrv_gpa {
    uint64_t v; /**< the address */
} hvrv_gpa;

/** A host (supervisor) physical address, in bytes. */
typedef struct hvrv_hpa {
    uint64_t v; /**< the address */
} hvrv_hpa;

/** log2 of the base page size. */
#define HVRV_PAGE_SHIFT 12
/** The base page size, in bytes. */
#define HVRV_PAGE_SIZE (UINT64_C(1) << HVRV_PAGE_SHIFT)
/** Size and alignment of the root table of an x4 mode, in bytes (norm:hgatp_mode_sv39x4). */
#define HVRV_ROOT_X4_SIZE (UINT64_C(4) * HVRV_PAGE_SIZE)
/** log2 of the Svnapot page size that is defined, 64 KiB. */
#define HVRV_NAPOT_SHIFT 16
/** Entries in a table of one page. */
#define HVRV_TABLE_ENTRIES 512
/** Width of a physical address of the RV64 modes, in bits. */
#define HVRV_HPA_WIDTH 56
/** The levels of the deepest mode, Sv57 and Sv57x4. */
#define HVRV_LEVELS_MAX 5

/**
 * @brief Makes a GVA of a number.
 * @param v the address.
 * @return the address, typed.
 */
static inline hvrv_gva hvrv_gva_make(uint64_t v)
{
    hvrv_gva gva = {v};
    return gva;
}

/**
 * @brief Makes a GPA of a number.
 * @param v the address.
 * @return the address, typed.
 */
static inline hvrv_gpa hvrv_gpa_make(uint64_t v)
{
    hvrv_gpa gpa = {v};
    return gpa;
}

/**
 * @brief Makes an HPA of a number.
 * @param v the address.
 * @return the address, typed.
 */
static inline hvrv_hpa hvrv_hpa_make(uint64_t v)
{
    hvrv_hpa hpa = {v};
    return hpa;
}

/**
 * @brief log2 of the bytes that one entry at @p level covers.
 * @param level 0 (4 KiB) to 4 (256 TiB).
 * @return 12 to 48.
 */
static inline unsigned hvrv_level_shift(unsigned level)
{
    return HVRV_PAGE_SHIFT + 9 * level;
}

/**
 * @brief The bytes that one entry at @p level covers.
 * @param level 0 (4 KiB) to 4 (256 TiB).
 * @return a power of two.
 */
static inline uint64_t hvrv_level_size(unsigned level)
{
    return UINT64_C(1) << hvrv_level_shift(level);
}

/** A range of addresses of one space, in whole pages. Made by hvrv_range_make(). */
struct hvrv_range {
    uint64_t first; /**< first byte; a multiple of 4 KiB */
    uint64_t last;  /**< last byte, included, so that the top of the space can be named */
};

/**
 * @brief Makes a range and refuses one that is empty, misaligned or wraps.
 * @param[out] range the range; first = last = 0 if refused.
 * @param first first byte, a multiple of 4 KiB.
 * @param size bytes, a multiple of 4 KiB, not 0.
 * @retval HVRV_OK the range is made; its end may be exactly 2^64.
 * @retval HVRV_ERR_NULL @p range is null.
 * @retval HVRV_ERR_ALIGN @p first or @p size is no multiple of 4 KiB.
 * @retval HVRV_ERR_RANGE @p size is 0, or first + size is beyond 2^64.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_range_make(struct hvrv_range *range, uint64_t first,
                                                 uint64_t size);

/**
 * @brief The bytes in a range.
 * @param range a range made by hvrv_range_make().
 * @return its size; 0 stands for 2^64.
 */
static inline uint64_t hvrv_range_size(struct hvrv_range range)
{
    return range.last - range.first + 1;
}

/**
 * @brief Tells whether an address lies in a range.
 * @param range a range made by hvrv_range_make().
 * @param address any address of the same space.
 * @return true if first <= address <= last.
 */
static inline bool hvrv_range_has(struct hvrv_range range, uint64_t address)
{
    return address >= range.first && address <= range.last;
}

/**
 * @brief Tells whether two ranges share a byte.
 * @param a a range made by hvrv_range_make().
 * @param b another of the same space.
 * @return true if they overlap.
 */
static inline bool hvrv_range_overlaps(struct hvrv_range a, struct hvrv_range b)
{
    return a.first <= b.last && b.first <= a.last;
}

#ifdef __cplusplus
}
#endif

#endif
/** @} */
