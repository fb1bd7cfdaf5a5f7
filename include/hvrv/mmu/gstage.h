/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup gstage G-stage tables
 * @brief Build and change the tables that translate GPAs to HPAs.
 *
 * A struct hvrv_gstage is one tree of tables: Sv39x4, Sv48x4 or Sv57x4, or with
 * the same calls Sv39, Sv48 or Sv57, for a hypervisor's own map or a guest's. It
 * holds no memory but its root and the tables below it, which come from and go
 * back to the caller's page source.
 *
 * Calls that work on a range take a request with the range, and a budget of
 * entries that they may look at. They move the range's begin on as they go:
 *
 *     do
 *         status = hvrv_gstage_unmap(&gstage, &range, &gather);
 *     while (status == HVRV_ERR_UNFINISHED);
 *
 * Whatever the status, all before range.gpa is done, nothing from there on is
 * touched, and the tables are whole. (After HVRV_ERR_ACCESS, when the port refuses the library
 * its own tables, a table may have become empty or a NAPOT range be half made; every translation
 * is right, and unmap takes all of it out.) Every mutator takes a gather (@ref fence):
 * it notes the fences that are owed and parks the tables that were taken out;
 * nothing may rely on the change before hvrv_fence_commit().
 *
 * An entry is a pointer to a table, a leaf, a blocked leaf (V = 0, and all else
 * remembered), or empty, which is all zero. No table but the root is empty.
 * A leaf is R or X, whatever V is.
 *
 * Several harts:
 *
 *  - a table is complete before an entry points to it, entries change by one
 *    compare-and-swap or one atomic operation, and tables taken out stay what
 *    they are until the gather's commit. So walks (@ref walk), hvrv_gstage_query(),
 *    hvrv_gstage_visit() and hvrv_gstage_harvest() need no lock, as long as
 *    hvrv_fence_domain.reach keeps its promise;
 *  - map, protect, block, unblock, split and touch, each with its own gather, may run
 *    at the same time on one tree. Where two change the same entry, one of the orders holds.
 *    What the one adds (a table that the other maps into) may go on faulting until its
 *    commit, also where the other commits first: a fault for a page that is mapped is answered by
 *    letting the guest try again;
 *  - unmap and merge take tables out: from the call to the gather's commit nothing but walks,
 *    query, visit and harvest may run, so the caller has a lock that these two take alone and the
 *    others share. Up to the commit, because a fence of somebody else's for the new leaf would
 *    leave entries for the smaller old ones in the TLBs.
 * @{
 */
#ifndef HVRV_MMU_GSTAGE_H
#define HVRV_MMU_GSTAGE_H

#include <hvrv/mmu/gstage_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Makes an empty tree, with a root from the page source.
 *
 * The root of an x4 mode is 16 KiB and aligned to that (norm:hgatp_mode_sv39x4).
 * @param[out] gstage the tree; one that every call refuses with #HVRV_ERR_STATE if this one fails.
 * @param config copied.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_MODE the mode is Bare or reserved.
 * @retval HVRV_ERR_ARGUMENT the stage, the A/D scheme or a rule is none; or pointer_offset is not 0
 *         for the G-stage.
 * @retval HVRV_ERR_ALIGN pointer_offset is no multiple of 4 KiB, or the page source's answer is not
 *         aligned.
 * @retval HVRV_ERR_NO_PAGES the page source has no root.
 * @retval HVRV_ERR_RANGE the page source's answer is 2^56 or above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_init(struct hvrv_gstage *gstage,
                                                  const struct hvrv_gstage_config *config);

/**
 * @brief Gives the root back. Everything must be unmapped.
 *
 * TLB duty: the caller's, before the call: no hart may still have the root in
 * hgatp, and the VMID is fenced before another VM gets it (@ref vmid).
 * @param gstage the tree; unusable afterwards.
 * @retval HVRV_OK gone.
 * @retval HVRV_ERR_NULL @p gstage is null.
 * @retval HVRV_ERR_STATE something is mapped, or the tree was not made.
 * @retval HVRV_ERR_ACCESS the root cannot be read.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_fini(struct hvrv_gstage *gstage);

/**
 * @brief The value of hgatp, or of vsatp and satp for tables of the VS-stage.
 * @param gstage a tree.
 * @param id the VMID (14 bits), or the ASID.
 * @param[out] atp the value; 0 if refused.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the tree was not made.
 * @retval HVRV_ERR_ARGUMENT @p id is too wide.
 * @retval HVRV_ERR_RANGE the root has no address in the space of pointers.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_atp(const struct hvrv_gstage *gstage, uint16_t id,
                                                 uint64_t *atp);

/**
 * @brief The most table pages of 4 KiB that a range can need.
 *
 * So many does hvrv_gstage_map() take in an empty tree if its leaves are 2^@p shift or
 * larger, and smaller only at the range's ends: HPA and GPA agree in their low @p shift
 * bits, and shift_max is no smaller. With @p shift 12 it holds for every HPA. So many
 * does hvrv_gstage_split() to @p shift take, too. The calls that split a leaf only where the
 * range begins or ends inside it (unmap, protect, block, unblock, split of a part, map
 * over a larger leaf) need at most twice what one page of 4 KiB needs.
 * @param gstage a tree.
 * @param range where; the budget is not looked at.
 * @param shift log2 of a leaf in the middle of the range: 12 or 16, 21, 30, 39 or 48.
 * @param[out] count pages; 0 if refused.
 * @retval HVRV_OK counted.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the tree was not made.
 * @retval HVRV_ERR_ARGUMENT @p shift is no size of this mode.
 * @retval HVRV_ERR_ALIGN the range is not in whole pages.
 * @retval HVRV_ERR_RANGE the range is empty, wraps or is not in the mode's address space.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_pages_needed(const struct hvrv_gstage *gstage,
                                                          const struct hvrv_gstage_range *range,
                                                          unsigned shift, uint64_t *count);

/**
 * @brief Maps a range, by the largest leaves that alignment and shift_max allow.
 *
 * NAPOT ranges are used if the rules have Svnapot. A tree is never left with an
 * empty table: if a page for one is missing, those taken for the same branch go back.
 * @param gstage a tree.
 * @param[in,out] map what to map; range and hpa say how far it got.
 * @param gather notes what was added and changed.
 * @retval HVRV_OK all is mapped.
 * @retval HVRV_ERR_UNFINISHED the budget is used up; call again.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the tree was not made, or the gather not begun.
 * @retval HVRV_ERR_ALIGN gpa, size or hpa is no multiple of 4 KiB.
 * @retval HVRV_ERR_RANGE the range is empty, wraps, is not in the mode's address space, or maps to
 *         2^56 or above.
 * @retval HVRV_ERR_ARGUMENT the budget is 0; shift_max is no size; or bits that a leaf cannot have.
 * @retval HVRV_ERR_EXISTS something is at range.gpa already, and existing says to refuse.
 * @retval HVRV_ERR_NO_PAGES a table page is missing; so far it got.
 * @retval HVRV_ERR_RACE an entry kept changing under the call; call again.
 * @retval HVRV_ERR_ACCESS a table cannot be read or written.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_map(const struct hvrv_gstage *gstage,
                                                 struct hvrv_gstage_map_request *map,
                                                 struct hvrv_fence_gather *gather);

/**
 * @brief Makes a range empty, whatever is there, and takes out the tables that become empty.
 *
 * A leaf that is only partly in the range is split. What is not mapped is passed over.
 * @param gstage a tree.
 * @param[in,out] range where; says how far it got.
 * @param gather notes what was removed, and parks the tables.
 * @retval HVRV_OK all is unmapped.
 * @retval HVRV_ERR_UNFINISHED the budget is used up; call again.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the tree was not made, or the gather not begun or another tree's.
 * @retval HVRV_ERR_ALIGN gpa or size is no multiple of 4 KiB.
 * @retval HVRV_ERR_RANGE the range is empty, wraps or is not in the mode's address space.
 * @retval HVRV_ERR_ARGUMENT the budget is 0.
 * @retval HVRV_ERR_NO_PAGES a page to split a leaf into is missing.
 * @retval HVRV_ERR_RACE an entry kept changing under the call; call again.
 * @retval HVRV_ERR_ACCESS a table cannot be read or written.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_unmap(const struct hvrv_gstage *gstage,
                                                   struct hvrv_gstage_range *range,
                                                   struct hvrv_fence_gather *gather);

/**
 * @brief Changes bits of every leaf in a range, blocked or not.
 *
 * A leaf that is only partly in the range is split. What is not mapped is passed over.
 * @param gstage a tree.
 * @param[in,out] protect what to change; its range says how far it got.
 * @param gather notes the leaves that were valid and changed.
 * @retval HVRV_OK all is changed.
 * @retval HVRV_ERR_ARGUMENT the budget is 0; the mask has other bits, or bits has some outside the
 *         mask; or the leaf at range.gpa would get W without R, neither R nor X, or PBMT 3.
 * @retval HVRV_ERR_UNFINISHED and the others: as for hvrv_gstage_unmap().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_protect(const struct hvrv_gstage *gstage,
                                                     struct hvrv_gstage_protect_request *protect,
                                                     struct hvrv_fence_gather *gather);

/**
 * @brief Takes V from every leaf in a range; all else is remembered.
 * @param gstage a tree.
 * @param[in,out] range where; says how far it got.
 * @param gather notes the leaves that were valid.
 * @return as for hvrv_gstage_unmap().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_block(const struct hvrv_gstage *gstage,
                                                   struct hvrv_gstage_range *range,
                                                   struct hvrv_fence_gather *gather);

/**
 * @brief Gives every blocked leaf in a range its V again.
 * @param gstage a tree.
 * @param[in,out] range where; says how far it got.
 * @param gather notes the leaves that were blocked, as added.
 * @return as for hvrv_gstage_unmap().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_unblock(const struct hvrv_gstage *gstage,
                                                     struct hvrv_gstage_range *range,
                                                     struct hvrv_fence_gather *gather);

/**
 * @brief Splits every leaf in a range that is larger than 2^shift.
 *
 * The smaller leaves have the bits of the larger: permissions, A, D, G, RSW and
 * PBMT; a 64 KiB leaf has N. A leaf that is partly in the range is split as far as
 * its part in the range needs. To 2^16 without Svnapot is refused. Where harts set A and D
 * themselves, the entries of a NAPOT range get A, and D if W, because a hart may
 * set them in any of the sixteen until the fence.
 * @param gstage a tree.
 * @param[in,out] resize where, and the largest size to remain: 12, 16, 21, 30 or 39.
 * @param gather notes the leaves that were split.
 * @retval HVRV_ERR_ARGUMENT the budget is 0, or shift is no such size.
 * @return and the others: as for hvrv_gstage_unmap().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_split(const struct hvrv_gstage *gstage,
                                                   struct hvrv_gstage_resize *resize,
                                                   struct hvrv_fence_gather *gather);

/**
 * @brief Makes one leaf of 2^shift where leaves of the next smaller size allow it.
 *
 * They do if they fill it, wholly within the range, with HPAs that follow each
 * other from an aligned one on, and with the same bits but N, A and D. The leaf
 * gets A if one of them has it, and D likewise; where harts set A and D themselves, it gets A, and
 * D if W: a hart may set them in the old entries until the fence, and none may be
 * lost. One size at a time: to make 1 GiB of 4 KiB, merge to 21 first, then to 30. To 21, NAPOT
 * ranges and leaves of 4 KiB may be mixed.
 * @param gstage a tree.
 * @param[in,out] resize where, and the size to make: 16 (with Svnapot), 21, 30, 39 or 48.
 * @param gather notes the tables taken out, and keeps #HVRV_FENCE_KEPT of them.
 * @retval HVRV_OK the range is done; what did not allow it is as it was.
 * @retval HVRV_ERR_UNFINISHED the budget is used up: call again; or the gather has no room: commit,
 *         and call again. A commit is right in both cases.
 * @retval HVRV_ERR_ARGUMENT the budget is 0, or shift is no such size.
 * @return and the others: as for hvrv_gstage_unmap().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_merge(const struct hvrv_gstage *gstage,
                                                   struct hvrv_gstage_resize *resize,
                                                   struct hvrv_fence_gather *gather);

/**
 * @brief Collects the A or the D bits of a range into a bitmap, and clears them.
 *
 * A bit in a leaf counts for each 4 KiB of the leaf in the range, so split first to
 * see single pages; a leaf only partly in the range counts, but keeps its bit. Both schemes of
 * setting the bits are served: where harts set them, an atomic operation takes
 * them; where a fault does, the next store faults and hvrv_gstage_touch() sets
 * it. Blocked leaves are collected too. A leaf is one entry of the budget, whatever its
 * size: the 2^18 bits of a leaf of 1 GiB are set in one step.
 *
 * Nothing written is lost if the pages are read after hvrv_fence_commit(): until
 * then a hart may store through a translation with D = 1 and not set it again.
 * @param gstage a tree.
 * @param[in,out] harvest what to collect, and where to.
 * @param gather notes the leaves that had the bit, by address those of 4 KiB and 64 KiB only.
 * @retval HVRV_ERR_ARGUMENT the budget is 0, or which is neither A nor D.
 * @return and the others: as for hvrv_gstage_unmap(), but never #HVRV_ERR_NO_PAGES;
 *         #HVRV_ERR_NULL also if the bitmap is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_harvest(const struct hvrv_gstage *gstage,
                                                     struct hvrv_gstage_harvest_request *harvest,
                                                     struct hvrv_fence_gather *gather);

/**
 * @brief Sets A, and D for a store, in the leaf of an address: the answer to a fault for them.
 *
 * TLB duty: none; a hart never takes A = 0 or D = 0 from its caches to be an
 * obstacle without looking at memory.
 * @param gstage a tree.
 * @param gpa any address.
 * @param access what faulted.
 * @retval HVRV_OK the leaf allows the access now: let the guest try again.
 * @retval HVRV_ERR_NULL @p gstage is null.
 * @retval HVRV_ERR_STATE the tree was not made.
 * @retval HVRV_ERR_ARGUMENT @p access is none.
 * @retval HVRV_ERR_RANGE the address is not in the mode's address space.
 * @retval HVRV_ERR_MISSING nothing is mapped there, it is blocked, or not allowed by R, W and X.
 * @retval HVRV_ERR_RACE the entry kept changing; let the guest try again.
 * @retval HVRV_ERR_ACCESS a table cannot be read or written.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_touch(const struct hvrv_gstage *gstage, hvrv_gpa gpa,
                                                   enum hvrv_access access);

/**
 * @brief The entry that decides about an address.
 * @param gstage a tree.
 * @param gpa any address.
 * @param[out] entry a leaf, a blocked leaf, or nothing, and how far around it that goes; all zero
 *        if the call fails.
 * @retval HVRV_OK found.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the tree was not made.
 * @retval HVRV_ERR_RANGE the address is not in the mode's address space.
 * @retval HVRV_ERR_ACCESS a table cannot be read.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_query(const struct hvrv_gstage *gstage, hvrv_gpa gpa,
                                                   struct hvrv_gstage_entry *entry);

/**
 * @brief Shows a range as runs: neighbouring leaves that are alike, merged.
 *
 * What is not mapped is passed over. Runs are cut to the range, not to the
 * budget: one that is under way waits in @p visit for the next call.
 * @param gstage a tree.
 * @param[in,out] visit where, and who sees it.
 * @retval HVRV_OK all was shown, or see said false.
 * @retval HVRV_ERR_UNFINISHED the budget is used up; call again.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the tree was not made.
 * @retval HVRV_ERR_ALIGN gpa or size is no multiple of 4 KiB.
 * @retval HVRV_ERR_RANGE the range is empty, wraps or is not in the mode's address space.
 * @retval HVRV_ERR_ARGUMENT the budget is 0.
 * @retval HVRV_ERR_ACCESS a table cannot be read.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_visit(const struct hvrv_gstage *gstage,
                                                   struct hvrv_gstage_visit_request *visit);

/**
 * @brief Prints a range as people read page tables: a line for each run.
 *
 *     gpa              hpa              size             attr     page pbmt rsw
 *     ---------------- ---------------- ---------------- -------- ---- ---- ---
 *     0000000080000000 0000000090200000 0000000008000000 rwxu-ad  2M   -    0
 *     0000000090000000 0000000098200000 0000000000010000 rw-u---  64K  nc   1
 *
 * All in hexadecimal but rsw, which is bits 9:8. The page is the size of a leaf, up to 512G and
 * 256T. Attributes are R, W, X, U, G, A and D; blocked leaves have an exclamation mark behind
 * them. The head comes with the first run, or if there is none, at the end. What is under way
 * when the budget is used up is printed by a later call.
 * @param gstage a tree.
 * @param[in,out] print where, and who gets the lines.
 * @return as for hvrv_gstage_visit().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_gstage_print(const struct hvrv_gstage *gstage,
                                                   struct hvrv_gstage_print_request *print);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
