/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup pmp PMP
 * @brief Physical memory protection: entries, what they allow, a plan for regions, and a hart's
 * registers.
 *
 * An entry is a byte of pmpcfg and a pmpaddr. It matches an address or does not; the first that
 * matches any byte of an access decides about all of it (norm:pmp_entry_priority), and denies it if
 * it does not match every byte (norm:pmp_full_match_required).
 *
 * Three kinds match: four bytes (NA4), a power of two (NAPOT), and everything from the
 * entry before to this one (TOR), whose lower end is that entry's address whatever its own kind. A
 * region that is no power of two costs two entries, or one if it begins where a TOR region ends.
 *
 * Everything but hvrv_pmp_probe() and hvrv_pmp_write() is pure. These two are for M-mode.
 *
 * TLB duty: translations that a hart keeps may hold what PMP said. After hvrv_pmp_write()
 * SFENCE.VMA and HFENCE.GVMA, both for everything (norm:pmp_sfence_required); nothing here does.
 *
 * What is not here: Smepmp's rule locking bypass, and entries for M-mode in plans.
 * @{
 */
#ifndef HVRV_MMU_PMP_H
#define HVRV_MMU_PMP_H

#include <hvrv/isa/addr.h>
#include <hvrv/isa/cause.h>
#include <hvrv/port/hart.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Entries that a hart has at most. */
#define HVRV_PMP_ENTRIES_MAX 64

/** How an entry matches: enumerator, number of the field A, name. */
#define HVRV_PMP_MATCH_LIST(X) \
    X(HVRV_PMP_OFF, 0, "OFF")  \
    X(HVRV_PMP_TOR, 1, "TOR")  \
    X(HVRV_PMP_NA4, 2, "NA4")  \
    X(HVRV_PMP_NAPOT, 3, "NAPOT")

/** The field A of an entry (norm:pmp_a_field_encoding). */
enum hvrv_pmp_match {
#define HVRV_PMP_ENUMERATOR(id, number, name) id = (number),
    HVRV_PMP_MATCH_LIST(HVRV_PMP_ENUMERATOR)
#undef HVRV_PMP_ENUMERATOR
};

/** An entry. */
struct hvrv_pmp_entry {
    uint8_t config;   /**< its byte of pmpcfg: HVRV_PMPCFG_R, _W, _X, _A, _L */
    uint64_t address; /**< its pmpaddr: an address >> 2, or more as the kind has it */
};

/** What a hart has. */
struct hvrv_pmp_ability {
    uint32_t count;        /**< entries that can be written: 0 to 64 */
    uint32_t grain_shift;  /**< log2 of the smallest region: 2 or more */
    uint64_t address_bits; /**< bits of pmpaddr that can be set */
};

/** A region of a plan. */
struct hvrv_pmp_region {
    uint64_t first;      /**< first byte; a multiple of the grain */
    uint64_t last;       /**< last byte, included */
    uint8_t permissions; /**< HVRV_PMPCFG_R, _W, _X; 0: none. W without R is refused */
};

/** A set of entries, as a hart has them. */
struct hvrv_pmp_set {
    const struct hvrv_pmp_entry *entries; /**< by number */
    uint32_t count;                       /**< how many there are; 0: the hart has no PMP */
    bool mml;                             /**< mseccfg.MML: Smepmp's table decides */
    bool mmwp; /**< mseccfg.MMWP: M-mode is denied what nothing matches */
};

/** An access to physical memory. */
struct hvrv_pmp_access {
    uint64_t address;        /**< first byte */
    uint64_t size;           /**< bytes, not 0 */
    enum hvrv_access access; /**< load, store, fetch; HLVX is a load and a fetch */
    bool is_m_mode;          /**< with the privilege of M-mode */
};

/**
 * @brief Makes an entry for a power of two: NA4 or NAPOT.
 * @param[out] entry the entry; OFF if refused.
 * @param region which, and what is allowed.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE the region is empty, or ends at 2^56 or above.
 * @retval HVRV_ERR_ALIGN its size is no power of two of 4 bytes at least, or its begin no multiple
 * of it.
 * @retval HVRV_ERR_ARGUMENT W without R (norm:pmp_rwx_warl), or other bits.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_make_napot(struct hvrv_pmp_entry *entry,
                                                     const struct hvrv_pmp_region *region);

/**
 * @brief Makes two entries for any region: one that is OFF, with its begin, and a TOR one.
 * @param[out] pair the two; both OFF if refused.
 * @param region which, and what is allowed.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE the region is empty, or ends at 2^56 or above.
 * @retval HVRV_ERR_ALIGN its begin or its end is no multiple of 4.
 * @retval HVRV_ERR_ARGUMENT W without R, or other bits.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_make_tor(struct hvrv_pmp_entry pair[2],
                                                   const struct hvrv_pmp_region *region);

/**
 * @brief What an entry of a set matches.
 * @param set the set; not null.
 * @param index below its count.
 * @param[out] region first and last byte, and R, W, X of the entry; all zero if it matches nothing.
 * @retval HVRV_OK it matches something.
 * @retval HVRV_ERR_MISSING it is OFF, empty, or there is no such entry.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_find_region(const struct hvrv_pmp_set *set,
                                                      uint32_t index,
                                                      struct hvrv_pmp_region *region);

/**
 * @brief Tells whether a set of entries allows an access.
 * @param set the set; not null. A hart without entries allows everything (norm:pmp_no_entry_match).
 * @param access the access; not null. One that wraps is denied.
 * @return true if it is allowed.
 */
bool hvrv_pmp_allows(const struct hvrv_pmp_set *set, const struct hvrv_pmp_access *access);

/** What hvrv_pmp_plan() plans. */
struct hvrv_pmp_layout {
    const struct hvrv_pmp_region *regions; /**< ascending, none overlaps another */
    uint32_t region_count;                 /**< how many */
    struct hvrv_pmp_entry *entries;        /**< room for them */
    uint32_t budget;                       /**< entries that may be used */
    uint32_t count;                        /**< set to how many are */
};

/**
 * @brief Makes entries for regions: each by one or by two, whichever is enough.
 *
 * What lies in no region is matched by no entry, so S- and U-mode are denied it if a hart has any.
 * The first entry is taken to stand behind one whose address is 0, or behind none.
 * @param ability what the hart has: grain and address bits.
 * @param[in,out] plan what, and to where. Entries beyond the count are OFF.
 * @retval HVRV_OK planned.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ALIGN a region is not in whole grains.
 * @retval HVRV_ERR_RANGE regions overlap, are not in order, are empty, or are beyond the hart's
 * addresses.
 * @retval HVRV_ERR_ARGUMENT a region's permissions: as for hvrv_pmp_make_napot().
 * @retval HVRV_ERR_NO_PAGES they take more entries than the budget. The count is 0.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_plan(const struct hvrv_pmp_ability *ability,
                                               struct hvrv_pmp_layout *plan);

/**
 * @brief Finds out what the hart has that executes the call, in M-mode.
 *
 * Entries that are locked cannot be tried; the count ends before the first one that does not take a
 * value. What was there is put back.
 * @pre The hart has the registers of as many entries as are looked at: those that it does not
 *      implement are read-only zero. Where they might trap, the caller sees to that in mtvec.
 * @param hart the hart.
 * @param[in,out] ability count: how many to look at, 0, 16 or 64, whatever harts have. What it has.
 * @retval HVRV_OK found.
 * @retval HVRV_ERR_NULL a pointer is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_probe(struct hvrv_hart *hart,
                                                struct hvrv_pmp_ability *ability);

/**
 * @brief Writes entries to the hart that executes the call, in M-mode.
 *
 * All of them are OFF while addresses change, so that no mixture of old and new ones allows
 * anything to S- or U-mode that neither did; M-mode is not affected while nothing is locked. A
 * locked entry keeps its value, and the call says so.
 *
 * TLB duty: see above.
 * @param hart the hart.
 * @param set entries from number 0 on.
 * @retval HVRV_OK written, and read back the same.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE more than #HVRV_PMP_ENTRIES_MAX.
 * @retval HVRV_ERR_STATE an entry did not take its value: it is locked or does not exist. The
 * others did.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_write(struct hvrv_hart *hart,
                                                const struct hvrv_pmp_set *set);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
