/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup epoch Epochs
 * @brief Who has fenced since when: the reason why a page may be used again.
 *
 * A page that was taken away from someone may be in that someone's TLBs still. The TSM sends no
 * interrupts, so it cannot fence other harts; the host does, and the TSM keeps count. Time is a
 * number, the epoch, that grows by one with every fence that the host begins. Each party (a hart
 * for conversions, a hart that runs one of its vHarts for a TVM) has the epoch that it has seen:
 * when it last fenced. A page taken away in epoch e is out of every TLB as soon as all parties have
 * seen an epoch after e: hvrv_epoch_is_past().
 *
 * A party that has nothing cached, and fences before it caches anything, is #HVRV_EPOCH_AWAY.
 *
 * The order that makes it right (the test of two harts tries every order of steps, and shows what
 * goes wrong): the page is out of the tables before its epoch is noted. A party reads the epoch,
 * fences, and then notes the epoch that it read: noted before the fence, a page could be used again
 * while its translation is still there; and an epoch read after the fence may be one of pages that
 * were taken away in between.
 *
 * No call locks, and none fences: the caller does both.
 *
 * Source: "Confidential VM Extension (CoVE)", global_fence, local_fence and tvm_fence in chapter
 * "CoVE SBI extension", and "Cached translations/TLB management" in "Reference Architecture
 * Details". Counting by epochs is this library's way of it.
 * @{
 */
#ifndef HVRV_COVE_EPOCH_H
#define HVRV_COVE_EPOCH_H

#include <hvrv/status.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a party has seen that caches nothing. */
#define HVRV_EPOCH_AWAY UINT64_MAX

/** The last epoch: 48 bits, as a page keeps it. Then no fence can begin any more. */
#define HVRV_EPOCH_LAST (UINT64_MAX >> 16)

/** A count of fences. Fields are private; made by hvrv_epoch_init(). */
struct hvrv_epoch {
    uint64_t now;   /**< the epoch; 1 at first */
    uint64_t *seen; /**< by party: the epoch of its last fence, or #HVRV_EPOCH_AWAY */
    uint32_t count; /**< parties */
};

/**
 * @brief Begins to count: epoch 1, and every party is away.
 * @param[out] epoch the count.
 * @param[out] seen @p count words; must outlive @p epoch.
 * @param count parties; not 0.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE @p count is 0.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_epoch_init(struct hvrv_epoch *epoch, uint64_t *seen,
                                                 uint32_t count);

/**
 * @brief Begins a fence: the next epoch.
 * @param epoch made by hvrv_epoch_init().
 * @retval HVRV_OK begun; the caller has every party that is not away fence.
 * @retval HVRV_ERR_NULL @p epoch is null.
 * @retval HVRV_ERR_EXISTS one is under way: a party has not fenced since the last one began.
 * @retval HVRV_ERR_RANGE #HVRV_EPOCH_LAST is reached.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_epoch_begin(struct hvrv_epoch *epoch);

/**
 * @brief Notes that a party has fenced.
 * @param epoch made by hvrv_epoch_init(); not null.
 * @param party below the count.
 * @param now what hvrv_epoch.now was before the fence.
 */
static inline void hvrv_epoch_see(struct hvrv_epoch *epoch, uint32_t party, uint64_t now)
{
    epoch->seen[party] = now;
}

/**
 * @brief Notes that a party uses nothing that it cached, until it fences.
 * @param epoch made by hvrv_epoch_init(); not null.
 * @param party below the count.
 */
static inline void hvrv_epoch_leave(struct hvrv_epoch *epoch, uint32_t party)
{
    epoch->seen[party] = HVRV_EPOCH_AWAY;
}

/**
 * @brief Tells whether nobody can have cached what was taken away in an epoch.
 * @param epoch made by hvrv_epoch_init(); not null.
 * @param since the epoch in which it was taken away.
 * @return true if a fence was begun after that, and every party has fenced or is away.
 */
bool hvrv_epoch_is_past(const struct hvrv_epoch *epoch, uint64_t since);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
