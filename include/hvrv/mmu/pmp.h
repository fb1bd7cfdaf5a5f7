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
 * A hart may have a grain above four bytes: then there is no NA4, and of an address only the bits
 * that count are looked at (norm:pmp_region_granularity_g). With Smepmp the bits of mseccfg change
 * what L, W and no match at all mean; the set has them, and the checks heed them.
 *
 * Everything but hvrv_pmp_probe() and hvrv_pmp_write() is pure. These two are for M-mode.
 *
 * TLB duty: translations that a hart keeps may hold what PMP said. After hvrv_pmp_write()
 * SFENCE.VMA and HFENCE.GVMA, both for everything (norm:pmp_sfence_required); nothing here does.
 *
 * What is not here: rules for M-mode in plans. Make such an entry, set L, and put it first.
 *
 * Source: privileged manual, "Physical Memory Protection" and "PMP Enhancements for memory access
 * and execution prevention in Machine mode (Smepmp)".
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
    uint64_t address_bits; /**< bits of pmpaddr that can be set, and those below the grain */
    uint64_t locked;       /**< bit i: entry i is locked, or is where one begins that is TOR */
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
    bool mmwp;            /**< mseccfg.MMWP: M-mode is denied what nothing matches */
    bool rlb;             /**< mseccfg.RLB: locked entries can be changed */
    uint32_t grain_shift; /**< log2 of the hart's grain; less than 2 counts as 2 */
    uint32_t first;       /**< the number of entries[0] on the hart, for hvrv_pmp_write() */
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
 * @retval HVRV_ERR_RANGE the region is empty, or goes beyond 2^56 - 1.
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
 * @retval HVRV_ERR_RANGE the region is empty, or contains 2^56 - 1: a TOR entry cannot end there.
 * @retval HVRV_ERR_ALIGN its begin or its end is no multiple of 4.
 * @retval HVRV_ERR_ARGUMENT W without R, or other bits.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_make_tor(struct hvrv_pmp_entry pair[2],
                                                   const struct hvrv_pmp_region *region);

/**
 * @brief What an entry of a set matches.
 *
 * What reaches beyond 2^56 - 1 ends there. A TOR entry that is the set's first begins at 0.
 * @param set the set; not null.
 * @param index below its count.
 * @param[out] region first and last byte, and R, W, X of the entry, which with MML are not what
 * they are called; all zero if refused.
 * @retval HVRV_OK it matches something.
 * @retval HVRV_ERR_MISSING it is OFF, empty, or there is no such entry.
 * @retval HVRV_ERR_ARGUMENT it is reserved: bits 6:5 of its configuration, W without R while MML is
 * 0, NA4 below the grain.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_find_region(const struct hvrv_pmp_set *set,
                                                      uint32_t index,
                                                      struct hvrv_pmp_region *region);

/**
 * @brief Tells whether a set of entries allows an access.
 *
 * An M-mode access with MPRV is one of the mode in MPP. A misaligned access that the hart does in
 * parts is several accesses (norm:pmp_misaligned_access_behavior). What of an entry is reserved
 * allows nothing.
 * @param set the set; not null. A hart without entries allows everything (norm:pmp_no_entry_match).
 * @param access the access; not null. One of no byte, or beyond 2^56 - 1, is denied.
 * @return true if it is allowed.
 */
bool hvrv_pmp_allows(const struct hvrv_pmp_set *set, const struct hvrv_pmp_access *access);

/**
 * @brief Tells whether a hart would take a value for an entry.
 * @param set what the hart has; not null.
 * @param index which entry of it.
 * @param entry the value; not null.
 * @retval HVRV_OK it would.
 * @retval HVRV_ERR_RANGE there is no such entry.
 * @retval HVRV_ERR_ARGUMENT the value is reserved: as for hvrv_pmp_find_region().
 * @retval HVRV_ERR_STATE the value differs, and the entry is locked, or its address is where a
 * locked TOR entry begins (norm:pmp_l_bit_write_protection), and RLB is 0; or MML is 1, RLB is 0,
 * and M-mode could execute by it.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_check_change(const struct hvrv_pmp_set *set,
                                                       uint32_t index,
                                                       const struct hvrv_pmp_entry *entry);

/**
 * @brief What MML, MMWP and RLB are after a write of mseccfg.
 *
 * MML and MMWP stay once they are set. RLB cannot be set while it is 0 and any entry is locked.
 * @param set what the hart has, with its present MML, MMWP and RLB; not null.
 * @param value what is written; any, of which the three bits count.
 * @return the three bits as mseccfg has them.
 */
uint64_t hvrv_pmp_find_mseccfg(const struct hvrv_pmp_set *set, uint64_t value);

/** What hvrv_pmp_plan() plans. */
struct hvrv_pmp_layout {
    const struct hvrv_pmp_region *regions; /**< ascending, none overlaps another */
    uint32_t region_count;                 /**< how many */
    struct hvrv_pmp_entry *entries;        /**< room for them */
    uint32_t budget;                       /**< entries that may be used */
    uint32_t count;                        /**< set to how many are */
    uint32_t first; /**< the number that entries[0] will have; if 0, no entry stands before it */
};

/**
 * @brief Makes entries for regions, as few as it can be without any that overlap.
 *
 * A region takes one entry, if it is a power of two, or begins where a TOR region ends, or at 0 in
 * entry 0. Else it takes two, and one more where it ends with the hart's addresses, which TOR
 * cannot say. Neighbours stay apart, even with the same permissions: an access across their
 * border is denied. What lies in no region is matched by no entry, so S- and U-mode are denied it.
 * @param ability what the hart has: grain and address bits.
 * @param[in,out] plan what, and to where. Entries beyond the count are OFF; all, if refused.
 * @retval HVRV_OK planned.
 * @retval HVRV_ERR_NULL a pointer is null; regions may be, if there is none.
 * @retval HVRV_ERR_ALIGN a region is not in whole grains.
 * @retval HVRV_ERR_RANGE regions overlap, are not in order, are empty, or are beyond the hart's
 * addresses, or the grain is none from 4 to 2^55 bytes.
 * @retval HVRV_ERR_ARGUMENT a region's permissions: as for hvrv_pmp_make_napot().
 * @retval HVRV_ERR_NO_PAGES they take more entries than the budget. The count is 0.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_plan(const struct hvrv_pmp_ability *ability,
                                               struct hvrv_pmp_layout *plan);

/**
 * @brief Finds out what the hart has that executes the call, in M-mode.
 *
 * Each entry is turned off, its address set to all ones, and both put back
 * (norm:pmp_region_granularity_g). One that is locked, or where a locked TOR entry begins, is
 * counted and not tried.
 * @pre The hart has the registers of as many entries as are looked at: those that it does not
 *      implement are read-only zero. Where they might trap, the caller sees to that in mtvec.
 * @pre With MML or MMWP, M-mode reaches its code and data by locked entries alone.
 * @param hart the hart.
 * @param[in,out] ability count: how many to look at, 0, 16 or 64, whatever harts have. What it has.
 * @retval HVRV_OK found.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE no entry could be tried, so grain and address bits are 0: all are locked.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_probe(struct hvrv_hart *hart,
                                                struct hvrv_pmp_ability *ability);

/**
 * @brief Writes entries to the hart that executes the call, in M-mode.
 *
 * Entries before the first that differs are not touched. From there on all are turned off, the last
 * first; then addresses change, where they differ; then they are turned on, the first first. So at
 * every moment the set on the hart is the begin of the old one or of the new one, and allows S- and
 * U-mode nothing that the whole does not. If none differs, nothing is written.
 *
 * Entries of the hart that are not in the set stay. One with a higher number may decide meanwhile
 * about what the set denies, and if the entry right behind the set is TOR it begins where
 * the set's last address is. Only M-mode runs here; the fences below end what was seen ahead.
 *
 * TLB duty: after it SFENCE.VMA and, with H, HFENCE.GVMA, both for everything.
 * @pre With MML or MMWP, M-mode reaches its code and data by entries that do not change.
 * @param hart the hart.
 * @param set the entries from number set->first on; its other members do not matter.
 * @retval HVRV_OK written, and read back the same.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE there is none beyond number 63.
 * @retval HVRV_ERR_ARGUMENT the set's first entry is TOR and not number 0: the set does not say
 * where it begins.
 * @retval HVRV_ERR_STATE an entry did not take its value: it is locked, reserved or does not exist.
 * The others did.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pmp_write(struct hvrv_hart *hart,
                                                const struct hvrv_pmp_set *set);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
