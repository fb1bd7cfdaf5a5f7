/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup pages Table pages
 * @brief Where memory for page tables comes from, and where it goes back to.
 *
 * The library allocates nothing by itself. Whoever builds tables hands it a
 * page source: two functions over whatever allocator, pool or donated memory
 * the embedder has. hvrv_pages_take() and hvrv_pages_give() stand between, so
 * that a source that answers nonsense is caught at the door.
 * @{
 */
#ifndef HVRV_PORT_PAGES_H
#define HVRV_PORT_PAGES_H

#include <hvrv/isa/addr.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The sizes of table pages, in bytes; each is aligned to its size. */
enum hvrv_pages_size {
    HVRV_PAGES_TABLE = 4096,    /**< a table, and the root of Sv39, Sv48, Sv57 */
    HVRV_PAGES_ROOT_X4 = 16384, /**< the root of Sv39x4, Sv48x4, Sv57x4 */
};

/** A source of table pages. The caller owns it. */
struct hvrv_pages {
    /**
     * Takes @p size bytes, aligned to @p size and filled with zeros, writes
     * their address to @p page and returns true; false if there are none left.
     */
    bool (*take)(void *context, enum hvrv_pages_size size, hvrv_hpa *page);
    /** Gives a page back that take handed out with the same size. */
    void (*give)(void *context, enum hvrv_pages_size size, hvrv_hpa page);
    void *context; /**< passed to both */
};

/**
 * @brief Takes a zeroed table page.
 * @param pages the source.
 * @param size 4 KiB or 16 KiB.
 * @param[out] page its HPA; 0 if none was taken.
 * @retval HVRV_OK taken.
 * @retval HVRV_ERR_NULL a pointer is null, or one of the source's functions.
 * @retval HVRV_ERR_ARGUMENT @p size is none of the two.
 * @retval HVRV_ERR_NO_PAGES the source has none left.
 * @retval HVRV_ERR_ALIGN the source answered with a page that is not aligned to @p size; it was
 *         given back.
 * @retval HVRV_ERR_RANGE the source answered with a page at 2^56 or above; it was given back.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pages_take(const struct hvrv_pages *pages,
                                                 enum hvrv_pages_size size, hvrv_hpa *page);

/**
 * @brief Gives a table page back.
 *
 * No hart may still hold a translation that leads through it: a page that was
 * linked into a table goes back only after the fence.
 * @param pages the source that it came from.
 * @param size the size it was taken with.
 * @param page its HPA.
 * @retval HVRV_OK given back.
 * @retval HVRV_ERR_NULL a pointer is null, or one of the source's functions.
 * @retval HVRV_ERR_ARGUMENT @p size is none of the two.
 * @retval HVRV_ERR_ALIGN @p page is not aligned to @p size.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_pages_give(const struct hvrv_pages *pages,
                                                 enum hvrv_pages_size size, hvrv_hpa page);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
