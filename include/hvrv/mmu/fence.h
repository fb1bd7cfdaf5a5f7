/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup fence Fences
 * @brief A gather of invalidations and of table pages taken out, committed at once.
 *
 * Whoever changes tables owes fences, on every hart that may have cached them,
 * before anything relies on the change. Each mutator of @ref gstage therefore
 * takes a struct hvrv_fence_gather, which notes what changed and parks the table
 * pages that were taken out:
 *
 *     hvrv_fence_begin(&gather, &domain, hart);
 *     ... any number of hvrv_gstage_map(), _unmap(), _protect(), ...
 *     hvrv_fence_commit(&gather);    the fences, then the parked pages go back
 *     hvrv_fence_end(&gather);       HVRV_ERR_STATE if a commit was forgotten
 *
 * What a commit does, for each kind of change:
 *
 *  - a leaf changed or removed: a fence with an address for each page of the
 *    size that the leaf had: one for a 1 GiB leaf, sixteen for a NAPOT range
 *    (norm:Svnapot_cache_entries);
 *  - a leaf added where V was 0: the same; nothing with Svvptc
 *    (norm:Svvptc_explicit_stores_update_valid_bit);
 *  - a table added where V was 0: a fence without an address, because one with
 *    an address is for leaves (norm:hfence-gvma_op); nothing with Svvptc;
 *  - a table taken out: a fence without an address, always;
 *  - a leaf split: a fence without an address, because a hart that still has V = 0 for the entry
 *    sees a table that was added, and who added the leaf may not have committed yet; as changed
 *    with Svvptc.
 *
 * More than hvrv_fence_domain.fences_max fences, or more than
 * #HVRV_FENCE_RANGES separate ranges, become one fence for the whole VMID.
 * Without a VMID to name, it is one for all.
 *
 * What is not here: who runs where. Only the caller knows which harts may have
 * cached the tables: hvrv_fence_domain.reach takes the order to them.
 * @{
 */
#ifndef HVRV_MMU_FENCE_H
#define HVRV_MMU_FENCE_H

#include <hvrv/port/hart.h>
#include <hvrv/port/pages.h>
#include <hvrv/port/phys.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Separate ranges that a gather keeps before it fences everything. */
#define HVRV_FENCE_RANGES 8
/** Tables that a gather keeps as they are, see hvrv_fence_keep(). */
#define HVRV_FENCE_KEPT 16
/** What hvrv_fence_domain.fences_max means if it is 0. */
#define HVRV_FENCE_FENCES_MAX 64

/** Which tables, and so which fence. */
enum hvrv_fence_kind {
    HVRV_FENCE_G_STAGE,  /**< a VM's G-stage: HFENCE.GVMA */
    HVRV_FENCE_VS_STAGE, /**< a guest's tables, changed for it: HFENCE.VVMA, every ASID of the VMID
                              that is in hgatp when the fence is executed */
    HVRV_FENCE_OWN,      /**< the hypervisor's own tables: SFENCE.VMA, every ASID */
};

/** What happened to entries. */
enum hvrv_fence_change {
    HVRV_FENCE_LEAF_CHANGED,  /**< V was 1, and it was a leaf */
    HVRV_FENCE_LEAF_ADDED,    /**< V was 0, now it is a leaf */
    HVRV_FENCE_LEAF_SPLIT,    /**< V was 1, and it was a leaf; now it points to smaller ones */
    HVRV_FENCE_TABLE_ADDED,   /**< V was 0, now it points to a table */
    HVRV_FENCE_TABLE_REMOVED, /**< it pointed to a table and does so no more */
};

/** How much a commit fences. */
enum hvrv_fence_scope {
    HVRV_FENCE_NOTHING, /**< no fence is owed */
    HVRV_FENCE_PAGES,   /**< each page of the order's ranges */
    HVRV_FENCE_SPACE,   /**< every address of the VMID, or of all VMIDs */
};

/** Pages of one size. */
struct hvrv_fence_range {
    uint64_t first; /**< first byte */
    uint64_t last;  /**< last byte, included */
    uint32_t shift; /**< log2 of the pages' size: a fence each */
};

struct hvrv_fence_domain;

/** What a hart must do, see hvrv_fence_execute(). */
struct hvrv_fence_order {
    const struct hvrv_fence_domain *domain; /**< whose translations */
    enum hvrv_fence_scope scope;            /**< how much */
    uint32_t range_count;                   /**< 0 unless the scope is #HVRV_FENCE_PAGES */
    struct hvrv_fence_range range[HVRV_FENCE_RANGES]; /**< which */
};

/** Whose translations are fenced, and how. The caller's, one a VM; must outlive its gathers. */
struct hvrv_fence_domain {
    enum hvrv_fence_kind kind; /**< which tables */
    bool every_vmid;           /**< fence all VMIDs, not one: tables that several VMs share */
    uint16_t vmid;             /**< the VM's, if not every_vmid; only for #HVRV_FENCE_G_STAGE */
    uint16_t fences_max; /**< fences with an address in one commit; 0: #HVRV_FENCE_FENCES_MAX */
    bool svinval;        /**< every hart has Svinval: HINVAL.GVMA and the like are used */
    bool svvptc;         /**< every hart has Svvptc: what is added needs no fence */
    /**
     * Has every other hart that may have cached the tables carry out the order, and
     * returns when they have. Also, if table pages are taken out: when no software
     * walk, query or harvest that was under way on them when it was called is still
     * under way. An interrupt to each hart that calls hvrv_fence_execute() there does
     * both; the SBI's RFENCE (hvrv_fence_rfence()) does the first only. If it sends the
     * interrupt by a store to a device, it first orders earlier stores before that
     * (FENCE W,O). Null: there are no others.
     */
    void (*reach)(void *context, const struct hvrv_fence_order *order);
    /**
     * Called on each hart that carries out an order, after its fences, for what a hart
     * needs beyond the manual: hvrv_fence_vs_stage() where VS-stage entries of the TLB
     * outlive HFENCE.GVMA. Null: nothing.
     */
    void (*erratum)(void *context, struct hvrv_hart *hart, const struct hvrv_fence_order *order);
    void *context; /**< passed to both */
};

/** What is owed. The caller's, on its stack; used by one hart at a time. Fields are private. */
struct hvrv_fence_gather {
    struct hvrv_fence_order order;  /**< so far */
    struct hvrv_hart *hart;         /**< the hart that commits */
    const struct hvrv_phys *phys;   /**< where parked pages are; null: none yet */
    const struct hvrv_pages *pages; /**< where they go back to */
    hvrv_hpa parked;                /**< the first of a list; 0: none */
    hvrv_hpa kept[HVRV_FENCE_KEPT]; /**< pages that must stay as they are */
    uint32_t kept_count;            /**< how many */
    bool is_fresh;                  /**< open, nothing is noted, and what is added will be */
    bool is_open;                   /**< between begin and end */
};

/**
 * @brief Begins a gather: nothing is owed yet.
 *
 * Where no hart uses the tables, for a walk by software alone, the gather may be
 * dropped without a commit, and the hart is never asked for anything.
 * @param[out] gather the gather.
 * @param domain whose tables are going to change.
 * @param hart the hart that commits.
 * @retval HVRV_OK begun.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT the domain's kind is none, or its vmid has more than 14 bits.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_fence_begin(struct hvrv_fence_gather *gather,
                                                  const struct hvrv_fence_domain *domain,
                                                  struct hvrv_hart *hart);

/**
 * @brief Notes that entries changed. The mutators of @ref gstage call it.
 *
 * To be called after the store, or before it if nothing is committed in between.
 * @param gather begun by hvrv_fence_begin().
 * @param change what happened.
 * @param range the addresses that the entries are for; shift is the level's, and 12 for a NAPOT
 *        range. Not checked.
 */
void hvrv_fence_note(struct hvrv_fence_gather *gather, enum hvrv_fence_change change,
                     const struct hvrv_fence_range *range);

/** @cond */
/* hvrv_fence_note() of one page of 4 KiB as added, to a gather that is fresh: its shift is there.
 */
static inline void hvrv_fence_note_first_page(struct hvrv_fence_gather *gather, uint64_t address)
{
    gather->order.range[0].first = address;
    gather->order.range[0].last = address + (HVRV_PAGE_SIZE - 1);
    gather->order.range_count = 1;
    gather->order.scope = HVRV_FENCE_PAGES;
    gather->is_fresh = false;
}
/** @endcond */

/**
 * @brief Parks a table page that no entry points to any more, until the commit.
 *
 * Its first entry is written over with a link that is not valid. Notes nothing.
 * @param gather begun by hvrv_fence_begin().
 * @param phys where the page is; the same for all of a gather until it is committed.
 * @param pages where it goes back to; likewise.
 * @param page a table of 4 KiB.
 * @retval HVRV_OK parked.
 * @retval HVRV_ERR_STATE the gather has pages of another @p phys or @p pages.
 * @retval HVRV_ERR_ACCESS the page cannot be written.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_fence_park(struct hvrv_fence_gather *gather,
                                                 const struct hvrv_phys *phys,
                                                 const struct hvrv_pages *pages, hvrv_hpa page);

/**
 * @brief As hvrv_fence_park(), but not a bit of the page changes before the commit.
 *
 * For a table whose translations still hold: a hart or a software walk that is
 * half way through it finds what it should. There is room for #HVRV_FENCE_KEPT.
 * @param gather begun by hvrv_fence_begin().
 * @param phys as for hvrv_fence_park().
 * @param pages as for hvrv_fence_park().
 * @param page a table of 4 KiB.
 * @retval HVRV_OK kept.
 * @retval HVRV_ERR_STATE the gather has pages of another @p phys or @p pages.
 * @retval HVRV_ERR_UNFINISHED there is no room before the next commit.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_fence_keep(struct hvrv_fence_gather *gather,
                                                 const struct hvrv_phys *phys,
                                                 const struct hvrv_pages *pages, hvrv_hpa page);

/**
 * @brief What a commit would have every hart do.
 * @param gather begun by hvrv_fence_begin().
 * @return the order; it holds until the gather is used again. Null if @p gather is.
 */
const struct hvrv_fence_order *hvrv_fence_owed(const struct hvrv_fence_gather *gather);

/**
 * @brief Fences here, then everywhere else, then gives the parked pages back.
 *
 * All earlier stores of this hart are ordered before the fences, its own and
 * those of the other harts (norm:hfence-vvma_hfence-gvma_op). The gather is empty and may go on
 * being used.
 *
 * TLB duty: none is left.
 * @param gather begun by hvrv_fence_begin().
 * @retval HVRV_OK nothing is owed any more.
 * @retval HVRV_ERR_NULL @p gather is null.
 * @retval HVRV_ERR_STATE @p gather was not begun.
 * @retval HVRV_ERR_ACCESS the link of a parked page could not be read: the pages after it are
 *         lost. The fences were given.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_fence_commit(struct hvrv_fence_gather *gather);

/**
 * @brief Ends a gather.
 * @param gather begun by hvrv_fence_begin().
 * @retval HVRV_OK ended; it can be begun again.
 * @retval HVRV_ERR_NULL @p gather is null.
 * @retval HVRV_ERR_STATE a commit is missing, or @p gather was not begun. It stays as it is.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_fence_end(struct hvrv_fence_gather *gather);

/**
 * @brief Carries out an order on the hart that executes the call.
 *
 * With Svinval the invalidations stand between SFENCE.W.INVAL and
 * SFENCE.INVAL.IR. The domain's erratum is called at the end.
 * @param order from hvrv_fence_domain.reach or hvrv_fence_owed().
 * @param hart the hart.
 * @retval HVRV_OK carried out.
 * @retval HVRV_ERR_NULL a pointer is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_fence_execute(const struct hvrv_fence_order *order,
                                                    struct hvrv_hart *hart);

/** Arguments of a call of the SBI's RFENCE extension, but for the hart mask in a0 and a1. */
struct hvrv_fence_call {
    uint64_t eid;   /**< a7: 0x52464e43, RFENCE */
    uint64_t fid;   /**< a6: the function */
    uint64_t start; /**< a2: start_addr in bytes */
    uint64_t size;  /**< a3: bytes; all ones for everything */
    uint64_t id;    /**< a4: a VMID where the function takes one, else 0 */
};

/**
 * @brief The calls of the SBI's RFENCE extension that have other harts carry out an order.
 *
 * There is one for each range, or one for everything; ask for number 0, 1, ...
 * until the answer is #HVRV_ERR_MISSING. The SBI's fences do not know sizes of
 * pages, so the range is what it is.
 * @param order from hvrv_fence_domain.reach.
 * @param number which call, from 0.
 * @param[out] call its arguments; all zero if there is none.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_MISSING there is no call of that number.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_fence_rfence(const struct hvrv_fence_order *order,
                                                   uint32_t number, struct hvrv_fence_call *call);

/**
 * @brief HFENCE.VVMA for all of a VM, whether or not its hgatp is loaded.
 *
 * For hvrv_fence_domain.erratum. HFENCE.VVMA acts on the VMID in hgatp
 * (norm:hfence-vvma_limits). If another VM's is there, vsatp becomes 0, then
 * hgatp the VM's, and both are put back after the fence, in the manual's order.
 * @param hart the hart that executes the call, with interrupts off.
 * @param hgatp the VM's: MODE, VMID and root.
 */
void hvrv_fence_vs_stage(struct hvrv_hart *hart, uint64_t hgatp);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
