/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup phys Physical memory
 * @brief How the library reads and writes page-table entries at an HPA.
 *
 * The embedder fills a struct hvrv_phys: a direct window for the memory that
 * it can simply dereference, and three functions for all other memory. An
 * access inside the window is a plain load, without a call; outside it the
 * functions decide, and a refusal is an access fault (a PMA or PMP violation,
 * in the manual's words). Either part may be left out.
 *
 * The window is a power of two long and aligned to its length, so that one
 * masked comparison tells inside from outside. A hypervisor that maps all of
 * physical memory at an offset uses base 0 and size 2^56. Mind that the guest
 * chooses where its own tables lie: whatever the G-stage maps may be read as a
 * table, devices included, exactly as by hardware. Keep devices out of the
 * window if reading them does harm.
 * @{
 */
#ifndef HVRV_PORT_PHYS_H
#define HVRV_PORT_PHYS_H

#include <hvrv/isa/pte.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Access to physical memory outside the window. All calls are for 8 aligned bytes. */
struct hvrv_phys_ops {
    /** Reads @p hpa into @p value; false is an access fault. */
    bool (*load)(void *context, hvrv_hpa hpa, uint64_t *value);
    /** Writes @p value to @p hpa; false is an access fault. */
    bool (*store)(void *context, hvrv_hpa hpa, uint64_t value);
    /**
     * Writes @p desired to @p hpa if it holds *@p expected, atomically. If it
     * holds something else, writes that to *@p expected. False is an access fault.
     */
    bool (*compare_and_swap)(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired);
};

/** A view of physical memory. Made by hvrv_phys_init(); the caller owns it. */
struct hvrv_phys {
    uint64_t window_base;   /**< first HPA of the window */
    uint64_t window_mask;   /**< HPA bits that must equal window_base; all ones: no window */
    uintptr_t window_delta; /**< the CPU's address of an HPA in the window, less the HPA */
    const struct hvrv_phys_ops *ops; /**< all other memory; null: refuse it */
    void *context;                   /**< passed to the functions */
};

/** What hvrv_phys_init() is told. */
struct hvrv_phys_config {
    void *window;         /**< where the CPU sees the window; may be null if its size is 0 */
    hvrv_hpa window_base; /**< its first HPA, a multiple of its size */
    uint64_t window_size; /**< 0 (none), or a power of two from 4 KiB to 2^56 */
    const struct hvrv_phys_ops *ops; /**< all other memory; null: refuse it */
    void *context;                   /**< passed to the functions */
};

/**
 * @brief Makes a view of physical memory.
 * @param[out] phys the view; one that refuses every access if the call fails.
 * @param config what to make it of; may be dropped afterwards, ops and context may not.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p phys or @p config is null, or one of the three functions.
 * @retval HVRV_ERR_ARGUMENT the window's size is no power of two, below 4 KiB or above 2^56.
 * @retval HVRV_ERR_ALIGN the window's base is no multiple of its size, or the window itself is not
 *         aligned to 8 bytes.
 * @retval HVRV_ERR_RANGE the window's base is 2^56 or above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_phys_init(struct hvrv_phys *phys,
                                                const struct hvrv_phys_config *config);

/**
 * @brief Tells whether 8 aligned bytes lie in the direct window.
 * @param phys a view.
 * @param hpa an address, a multiple of 8.
 * @return true if hvrv_phys_pointer() may be used.
 */
static inline bool hvrv_phys_is_direct(const struct hvrv_phys *phys, hvrv_hpa hpa)
{
    return (hpa.v & phys->window_mask) == phys->window_base;
}

/**
 * @brief Where the CPU sees an HPA of the window.
 * @param phys a view.
 * @param hpa an address for which hvrv_phys_is_direct() is true.
 * @return a pointer to 8 bytes.
 */
static inline volatile uint64_t *hvrv_phys_pointer(const struct hvrv_phys *phys, hvrv_hpa hpa)
{
    return (volatile uint64_t *)((uintptr_t)hpa.v + phys->window_delta);
}

/**
 * @brief Reads 8 bytes, in one access.
 * @param phys a view.
 * @param hpa where, a multiple of 8.
 * @param[out] value what is there; 0 if refused.
 * @retval HVRV_OK read.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ALIGN @p hpa is no multiple of 8.
 * @retval HVRV_ERR_ACCESS refused: an access fault.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_phys_load(const struct hvrv_phys *phys, hvrv_hpa hpa,
                                                uint64_t *value);

/**
 * @brief Writes 8 bytes, in one access.
 *
 * A changed page-table entry owes a fence: the G-stage's HFENCE.GVMA, the
 * VS-stage's HFENCE.VVMA or the guest's own SFENCE.VMA.
 * @param phys a view.
 * @param hpa where, a multiple of 8.
 * @param value what to write.
 * @retval HVRV_OK written.
 * @retval HVRV_ERR_NULL @p phys is null.
 * @retval HVRV_ERR_ALIGN @p hpa is no multiple of 8.
 * @retval HVRV_ERR_ACCESS refused: an access fault.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_phys_store(const struct hvrv_phys *phys, hvrv_hpa hpa,
                                                 uint64_t value);

/**
 * @brief Replaces 8 bytes if they are what the caller saw, atomically (acquire and release).
 *
 * Owes the same fence as hvrv_phys_store().
 * @param phys a view.
 * @param hpa where, a multiple of 8.
 * @param[in,out] expected what the caller saw; on #HVRV_ERR_RACE what is there instead.
 * @param desired what to write.
 * @retval HVRV_OK written.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ALIGN @p hpa is no multiple of 8.
 * @retval HVRV_ERR_ACCESS refused: an access fault; *@p expected is kept.
 * @retval HVRV_ERR_RACE something else is there; nothing was written.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_phys_compare_and_swap(const struct hvrv_phys *phys,
                                                            hvrv_hpa hpa, uint64_t *expected,
                                                            uint64_t desired);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
