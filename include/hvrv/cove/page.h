/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup page Page owners
 * @brief What every 4 KiB of physical memory is used for, by whom, and since when.
 *
 * A word of 8 bytes a page: a state, an owner, an epoch. It is what a TSM believes instead of its
 * host. A page moves from one state to another by the edges of #HVRV_PAGE_EDGE_LIST and no others:
 *
 *     HOST --convert--> CONVERTING --every hart has fenced--> FREE --> STATE ROOT POOL VHART
 *      ^ |                                                    |  ^     MEASURED ZERO
 *      | share, unshare                                       |  |__________|
 *      v |                                                    |   destroyed, or removed when fenced
 *     SHARED                       HOST <---- scrubbed -------'
 *
 * FREE is what a CONVERTING page is as soon as its epoch is past; nobody writes that down, so a
 * fence costs the same for one page as for a million. hvrv_page_get() tells FREE.
 *
 * A call works on a range, and does it all or nothing: every page is looked at before one is
 * written. It is bounded by the range, so the caller bounds that.
 *
 * What is not here: contents. Who moves a page scrubs it: on the way to HOST, and before a TVM sees
 * it. And sizes: a page of 2 MiB is 512 words.
 *
 * Source: "Confidential VM Extension (CoVE)", chapter "CoVE SBI extension", memory management of
 * TVMs: who may do what with a page. The states and their names are this library's own.
 * @{
 */
#ifndef HVRV_COVE_PAGE_H
#define HVRV_COVE_PAGE_H

#include <hvrv/cove/epoch.h>
#include <hvrv/isa/addr.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The states: enumerator, name, sentence. */
#define HVRV_PAGE_STATE_LIST(X)                                                                \
    X(HVRV_PAGE_RESERVED, "reserved", "Nobody can give it away: no memory, or the monitor's.") \
    X(HVRV_PAGE_HOST, "host", "Not confidential.")                                             \
    X(HVRV_PAGE_SHARED, "shared", "Not confidential, and mapped by a TVM.")                    \
    X(HVRV_PAGE_CONVERTING, "converting", "Taken from the host, not yet fenced everywhere.")   \
    X(HVRV_PAGE_FREE, "free", "Confidential and nobody's.")                                    \
    X(HVRV_PAGE_STATE, "state", "A TVM's own data.")                                           \
    X(HVRV_PAGE_ROOT, "root", "A TVM's root table.")                                           \
    X(HVRV_PAGE_POOL, "pool", "For a TVM's page tables, in use or not.")                       \
    X(HVRV_PAGE_VHART, "vhart", "A TVM's vHart.")                                              \
    X(HVRV_PAGE_MEASURED, "measured", "Mapped by a TVM, measured.")                            \
    X(HVRV_PAGE_ZERO, "zero", "Mapped by a TVM, zero at first.")                               \
    X(HVRV_PAGE_BLOCKED_MEASURED, "blocked measured", "Measured, and its mapping is invalid.") \
    X(HVRV_PAGE_BLOCKED_ZERO, "blocked zero", "Zero at first, and its mapping is invalid.")    \
    X(HVRV_PAGE_FILE, "interrupt file", "A guest interrupt file that a vHart has.")

/** What a page is used for. */
enum hvrv_page_state {
#define HVRV_PAGE_ENUMERATOR(id, name, text) id,
    HVRV_PAGE_STATE_LIST(HVRV_PAGE_ENUMERATOR)
#undef HVRV_PAGE_ENUMERATOR
        HVRV_PAGE_STATES, /**< how many there are */
};

/** The edges: from, to, who goes it. */
#define HVRV_PAGE_EDGE_LIST(X)                                                           \
    X(HVRV_PAGE_RESERVED, HVRV_PAGE_HOST, "boot")                                        \
    X(HVRV_PAGE_RESERVED, HVRV_PAGE_FREE, "boot, of memory that is always confidential") \
    X(HVRV_PAGE_HOST, HVRV_PAGE_CONVERTING, "convert_pages")                             \
    X(HVRV_PAGE_FREE, HVRV_PAGE_HOST, "reclaim_pages")                                   \
    X(HVRV_PAGE_HOST, HVRV_PAGE_SHARED, "add_tvm_shared_pages, the first mapping")       \
    X(HVRV_PAGE_SHARED, HVRV_PAGE_HOST, "the last mapping is gone")                      \
    X(HVRV_PAGE_FREE, HVRV_PAGE_STATE, "create_tvm")                                     \
    X(HVRV_PAGE_FREE, HVRV_PAGE_ROOT, "create_tvm")                                      \
    X(HVRV_PAGE_FREE, HVRV_PAGE_POOL, "add_tvm_page_table_pages")                        \
    X(HVRV_PAGE_FREE, HVRV_PAGE_VHART, "create_tvm_vcpu")                                \
    X(HVRV_PAGE_FREE, HVRV_PAGE_MEASURED, "add_tvm_measured_pages")                      \
    X(HVRV_PAGE_FREE, HVRV_PAGE_ZERO, "add_tvm_zero_pages")                              \
    X(HVRV_PAGE_FREE, HVRV_PAGE_FILE, "bind_aia_imsic")                                  \
    X(HVRV_PAGE_MEASURED, HVRV_PAGE_BLOCKED_MEASURED, "tvm_invalidate_pages")            \
    X(HVRV_PAGE_ZERO, HVRV_PAGE_BLOCKED_ZERO, "tvm_invalidate_pages")                    \
    X(HVRV_PAGE_BLOCKED_MEASURED, HVRV_PAGE_MEASURED, "tvm_validate_pages")              \
    X(HVRV_PAGE_BLOCKED_ZERO, HVRV_PAGE_ZERO, "tvm_validate_pages")                      \
    X(HVRV_PAGE_BLOCKED_MEASURED, HVRV_PAGE_FREE, "tvm_remove_pages, destroy_tvm")       \
    X(HVRV_PAGE_BLOCKED_ZERO, HVRV_PAGE_FREE, "tvm_remove_pages, destroy_tvm")           \
    X(HVRV_PAGE_STATE, HVRV_PAGE_FREE, "destroy_tvm")                                    \
    X(HVRV_PAGE_ROOT, HVRV_PAGE_FREE, "destroy_tvm")                                     \
    X(HVRV_PAGE_POOL, HVRV_PAGE_FREE, "destroy_tvm")                                     \
    X(HVRV_PAGE_VHART, HVRV_PAGE_FREE, "destroy_tvm")                                    \
    X(HVRV_PAGE_MEASURED, HVRV_PAGE_FREE, "destroy_tvm")                                 \
    X(HVRV_PAGE_ZERO, HVRV_PAGE_FREE, "destroy_tvm")                                     \
    X(HVRV_PAGE_FILE, HVRV_PAGE_FREE, "unbind, rebind, destroy_tvm")

/** The owner of a page that is nobody's. */
#define HVRV_PAGE_NOBODY 0U
/** The highest owner. */
#define HVRV_PAGE_OWNER_LAST 2047U

/** What is known of a page. */
struct hvrv_page {
    enum hvrv_page_state state; /**< CONVERTING is told as FREE once its epoch is past */
    uint32_t owner;             /**< of a TVM's page: 1 to #HVRV_PAGE_OWNER_LAST, else NOBODY */
    uint64_t epoch; /**< CONVERTING, BLOCKED_: since when. SHARED: how many mappings. Else 0 */
};

/** The pages of a stretch of physical memory. Made by hvrv_page_init(); the fields are private. */
struct hvrv_page_map {
    uint64_t *words;                /**< one a page */
    hvrv_hpa base;                  /**< of the first */
    uint64_t count;                 /**< pages */
    const struct hvrv_epoch *epoch; /**< of conversions: the harts' */
};

/** A change of pages. */
struct hvrv_page_change {
    struct hvrv_range range;   /**< which, by HPA */
    enum hvrv_page_state from; /**< what each of them is */
    enum hvrv_page_state to;   /**< what it becomes: there is an edge */
    uint32_t owner; /**< whose it is before, if it is a TVM's, and after, if it is one's */
    uint64_t epoch; /**< of what becomes CONVERTING or BLOCKED_; else ignored */
};

/**
 * @brief Makes a map in which every page is RESERVED.
 * @param[out] map the map; empty if the call fails.
 * @param[out] words one for each page of @p range; must outlive @p map.
 * @param range the memory, by HPA, made by hvrv_range_make(): whole pages, below 2^56.
 * @param epoch the harts' fences; must outlive @p map.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE @p range ends at 2^56 or above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_page_init(struct hvrv_page_map *map, uint64_t *words,
                                                const struct hvrv_range *range,
                                                const struct hvrv_epoch *epoch);

/**
 * @brief Tells what a page is.
 * @param map made by hvrv_page_init(); not null.
 * @param hpa any address.
 * @return the page that it lies in; RESERVED outside of the map.
 */
struct hvrv_page hvrv_page_get(const struct hvrv_page_map *map, hvrv_hpa hpa);

/**
 * @brief Tells whether every page of a range is in a state, and somebody's.
 * @param map made by hvrv_page_init().
 * @param move the range, the state #hvrv_page_change.from, and the owner where that state has one;
 *        and #hvrv_page_change.to, to which there must be an edge.
 * @retval HVRV_OK hvrv_page_move() would succeed.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE the range does not lie in the map.
 * @retval HVRV_ERR_ARGUMENT there is no such edge, the owner is 0 or above #HVRV_PAGE_OWNER_LAST
 *         where one is needed, the epoch above #HVRV_EPOCH_LAST, or the edge is to or from SHARED.
 * @retval HVRV_ERR_STATE a page is in another state, or somebody else's.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_page_check(const struct hvrv_page_map *map,
                                                 const struct hvrv_page_change *move);

/**
 * @brief Moves every page of a range by one edge, or none.
 *
 * TLB duty: the caller's, see @ref epoch.
 * @param map made by hvrv_page_init().
 * @param move which, from what, to what.
 * @retval HVRV_OK moved.
 * @return else as hvrv_page_check(); nothing is changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_page_move(struct hvrv_page_map *map,
                                                const struct hvrv_page_change *move);

/**
 * @brief Counts one more mapping of each page of a range: HOST or SHARED becomes SHARED.
 * @param map made by hvrv_page_init().
 * @param range which, by HPA.
 * @retval HVRV_OK counted.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE the range does not lie in the map, or a page has #HVRV_EPOCH_LAST
 * mappings.
 * @retval HVRV_ERR_STATE a page is in another state. Nothing is changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_page_share(struct hvrv_page_map *map,
                                                 const struct hvrv_range *range);

/**
 * @brief Counts one mapping less of each page of a range: SHARED becomes HOST with the last.
 *
 * TLB duty: before it, the mapping is out of the tables, and of every TLB.
 * @param map made by hvrv_page_init().
 * @param range which, by HPA.
 * @retval HVRV_OK counted.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE the range does not lie in the map.
 * @retval HVRV_ERR_STATE a page is not SHARED. Nothing is changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_page_unshare(struct hvrv_page_map *map,
                                                   const struct hvrv_range *range);

/**
 * @brief Makes every page of an owner FREE, whatever it was: the end of a TVM.
 *
 * Looks at every word of the map. The contents are as they were: who uses the page next scrubs it.
 *
 * TLB duty: none of its vHarts is on a hart, and whoever gets its VMID next fences that first.
 * @param map made by hvrv_page_init().
 * @param owner 1 to #HVRV_PAGE_OWNER_LAST; else nothing happens.
 * @return how many pages.
 */
uint64_t hvrv_page_release(struct hvrv_page_map *map, uint32_t owner);

/**
 * @brief Tells whether there is an edge. Pure.
 * @param from any state.
 * @param to any state.
 * @return true if #HVRV_PAGE_EDGE_LIST has it.
 */
bool hvrv_page_is_edge(enum hvrv_page_state from, enum hvrv_page_state to);

/**
 * @brief The name of a state, such as "blocked zero".
 * @param state any value.
 * @return a constant string; "unknown" for a value that is none.
 */
const char *hvrv_page_state_name(enum hvrv_page_state state);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
