/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup mpt MPT
 * @brief Memory protection tables of Smmpt43, Smmpt52 and Smmpt64: built, changed by range, looked
 * up.
 *
 * A table says of every 4 KiB page what a supervisor domain may do with it. An entry at level i
 * is for 16 pages of 2^(12 + 9 i) bytes: a leaf has R, W and X for each of them, anything else
 * points to a table of 512 entries at the level below. V = 0 is no access.
 *
 *     hvrv_mpt_init(&mpt, &config);
 *     hvrv_mpt_set(&mpt, &range, HVRV_MPT_R | HVRV_MPT_W, &gather);   any number
 *     hvrv_mpt_commit(&mpt, &gather);                                the fences
 *     ... mmpt = hvrv_mpt_make_mmpt(&mpt)
 *
 * Tables are made as they are needed, and stay until hvrv_mpt_fini(). A leaf that is cut becomes a
 * table with the same meaning, so a call that runs out of table pages has changed nothing.
 *
 * Fences: an entry that becomes valid owes none; every other change owes MFENCE.PA on each hart
 * that has the domain, or MINVAL.PA between SFENCE.W.INVAL and SFENCE.INVAL.IR. Neither has an
 * encoding yet, so they are a function of the caller's.
 *
 * No machine has MPT yet. The specification is a draft: this may change with it.
 *
 * What is not here: NAPOT leaves are understood and never made, Smmpt34 (RV32), locks. One
 * caller at a time changes a tree; harts may look meanwhile.
 *
 * Source: RISC-V Supervisor Domains Access Protection, chapters Smmpt and Smsd.
 * @{
 */
#ifndef HVRV_MMU_MPT_H
#define HVRV_MMU_MPT_H

#include <hvrv/isa/cause.h>
#include <hvrv/port/pages.h>
#include <hvrv/port/phys.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A page may be read. */
#define HVRV_MPT_R 1U
/** And written; with R only. */
#define HVRV_MPT_W 2U
/** And executed. */
#define HVRV_MPT_X 4U

/** Levels that a tree has at most. */
#define HVRV_MPT_LEVELS_MAX 5

/** The modes: enumerator, mmpt.MODE, levels, bits of an address, bytes of the root. */
#define HVRV_MPT_MODE_LIST(X)      \
    X(HVRV_MPT_43, 1, 3, 43, 4096) \
    X(HVRV_MPT_52, 2, 4, 52, 4096) \
    X(HVRV_MPT_64, 3, 5, 64, 32768)

/** mmpt.MODE. */
enum hvrv_mpt_mode {
#define HVRV_MPT_ENUMERATOR(id, number, levels, width, root) id = (number),
    HVRV_MPT_MODE_LIST(HVRV_MPT_ENUMERATOR)
#undef HVRV_MPT_ENUMERATOR
};

/** Which cached entries are to be forgotten: the operands of MFENCE.PA and MINVAL.PA. */
struct hvrv_mpt_fence {
    bool has_address; /**< rs1 is not x0 */
    uint64_t address; /**< rs1: a physical address */
    uint32_t sdid;    /**< rs2: the domain's */
};

/** What hvrv_mpt_init() is told. */
struct hvrv_mpt_config {
    const struct hvrv_phys *phys;   /**< memory with the tables */
    const struct hvrv_pages *pages; /**< where tables but the root come from */
    enum hvrv_mpt_mode mode;        /**< which */
    hvrv_hpa root; /**< memory for the root: 4 KiB, with Smmpt64 32 KiB, aligned to it */
    uint32_t sdid; /**< the domain: 0 to 63 */
    /** Has every hart that may run the domain execute the fence. */
    void (*fence)(void *context, const struct hvrv_mpt_fence *fence);
    void *context; /**< passed to it */
};

/** A domain's tree of tables. The caller owns it; fields are private. */
struct hvrv_mpt {
    struct hvrv_mpt_config config; /**< as told */
    uint32_t levels;               /**< of the mode */
    uint32_t width;                /**< of an address */
};

/** What a commit owes. All zero: nothing. Fields are private. */
struct hvrv_mpt_gather {
    uint64_t first; /**< first byte that changed */
    uint64_t last;  /**< last byte that did */
    bool is_owed;   /**< there is such a range */
    bool is_all;    /**< a leaf became a table: a fence without an address */
};

/** Why a lookup ends in an access fault: enumerator, text. */
#define HVRV_MPT_REASON_LIST(X)                                                     \
    X(HVRV_MPT_FOUND, "a leaf was found; its permissions decide")                   \
    X(HVRV_MPT_WIDE, "the address has more bits than the mode")                     \
    X(HVRV_MPT_INVALID, "V is 0")                                                   \
    X(HVRV_MPT_RESERVED, "reserved bits are set, or permissions or G are reserved") \
    X(HVRV_MPT_DEEP, "an entry of level 0 points to a table")                       \
    X(HVRV_MPT_REFUSED, "memory refuses the entry")

/** How a lookup ended. */
enum hvrv_mpt_reason {
#define HVRV_MPT_ENUMERATOR(id, text) id,
    HVRV_MPT_REASON_LIST(HVRV_MPT_ENUMERATOR)
#undef HVRV_MPT_ENUMERATOR
};

/** What a lookup found. */
struct hvrv_mpt_result {
    enum hvrv_mpt_reason reason; /**< FOUND, or why there is no access */
    uint32_t permissions;        /**< R, W, X; 0 unless FOUND */
    uint32_t level; /**< of the entry that decided; its page has 2^(12 + 9 level) bytes */
};

/**
 * @brief Makes an empty tree: no access at all. Clears the root.
 * @param[out] mpt the tree; all zero if refused.
 * @param config what to make it of; copied.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null: phys, pages or fence.
 * @retval HVRV_ERR_MODE no such mode.
 * @retval HVRV_ERR_ARGUMENT the SDID has more than 6 bits.
 * @retval HVRV_ERR_ALIGN the root is not aligned to its size.
 * @retval HVRV_ERR_RANGE the root is at 2^56 or above.
 * @retval HVRV_ERR_ACCESS memory refuses to clear it.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mpt_init(struct hvrv_mpt *mpt,
                                               const struct hvrv_mpt_config *config);

/**
 * @brief Gives all tables but the root back; the tree is empty then.
 *
 * TLB duty: no hart has the root in mmpt any more, and all have fenced since.
 * @param mpt a tree.
 * @retval HVRV_OK given back.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ACCESS memory refused an entry; what was not reached stays.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mpt_fini(struct hvrv_mpt *mpt);

/**
 * @brief Sets the permissions of a range, whatever they were.
 *
 * TLB duty: until hvrv_mpt_commit() harts may go by the old ones.
 * @param mpt a tree.
 * @param range physical addresses, in whole pages.
 * @param permissions HVRV_MPT_R, _W, _X; 0: no access.
 * @param[in,out] gather notes what a commit owes; all zero at first.
 * @retval HVRV_OK set.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT W without R, or other bits.
 * @retval HVRV_ERR_ALIGN the range is not in whole pages.
 * @retval HVRV_ERR_RANGE it is empty or ends beyond the mode's addresses.
 * @retval HVRV_ERR_NO_PAGES a table page is missing. No permission changed.
 * @retval HVRV_ERR_STATE an entry is reserved, or a NAPOT leaf: not of this module's making.
 * Permissions before it may have changed.
 * @retval HVRV_ERR_ACCESS memory refused an entry. As above.
 * @retval HVRV_ERR_RACE somebody else changed an entry meanwhile. As above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mpt_set(struct hvrv_mpt *mpt, const struct hvrv_range *range,
                                              uint32_t permissions, struct hvrv_mpt_gather *gather);

/** Pages that a commit fences one by one; more are one fence for the domain. */
#define HVRV_MPT_FENCES_MAX 16

/**
 * @brief Does the fences that are owed, and clears the gather.
 *
 * TLB duty: this is it, by #hvrv_mpt_config.fence. Pages that were taken away are not to be used by
 * others before it returned.
 * @param mpt the tree.
 * @param[in,out] gather what hvrv_mpt_set() noted; all zero after it.
 * @retval HVRV_OK done, or nothing was owed.
 * @retval HVRV_ERR_NULL a pointer is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mpt_commit(const struct hvrv_mpt *mpt,
                                                 struct hvrv_mpt_gather *gather);

/**
 * @brief Looks an address up, as a hart does.
 * @param mpt a tree, this module's or another's; not null.
 * @param address any physical address.
 * @return what was found.
 */
struct hvrv_mpt_result hvrv_mpt_find(const struct hvrv_mpt *mpt, uint64_t address);

/**
 * @brief Tells whether S- or U-mode of the domain may do an access to one page.
 *
 * HLVX and MXR change nothing here: what they read must be readable, and for HLVX executable.
 * @param mpt a tree; not null.
 * @param address its first byte; a page has one set of permissions.
 * @param access load, store, fetch or HLVX.
 * @return true if it may.
 */
bool hvrv_mpt_allows(const struct hvrv_mpt *mpt, uint64_t address, enum hvrv_access access);

/**
 * @brief The value of mmpt (CSR 0x382) for a tree: MODE, SDID, PPN.
 *
 * TLB duty: a domain whose SDID another had before owes a fence for all of it.
 * @param mpt a tree that was made; not null.
 * @return the value.
 */
uint64_t hvrv_mpt_make_mmpt(const struct hvrv_mpt *mpt);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
