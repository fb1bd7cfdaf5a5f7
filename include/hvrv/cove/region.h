/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup region Regions
 * @brief What a TVM's guest physical addresses are for: confidential, shared, or a device's.
 *
 * A TVM has a few regions, sorted and apart. The host makes the confidential ones while it builds
 * the TVM, the TVM makes those of devices, and turns parts of confidential ones into shared ones
 * and back. Neighbours of one kind are one region, but for devices: each is removed as it was
 * added. What lies in no region is nothing.
 *
 * Pure data: no memory, no hart. Every loop is over #HVRV_REGIONS_MAX at most. Ranges are made by
 * hvrv_range_make(): whole pages, not empty. How wide a GPA may be is the caller's to check.
 *
 * Source: "Confidential VM Extension (CoVE)", chapter "CoVE SBI extension": add_tvm_memory_region,
 * "TVM-defined MMIO regions" and "TVM-defined shared memory regions".
 * @{
 */
#ifndef HVRV_COVE_REGION_H
#define HVRV_COVE_REGION_H

#include <hvrv/isa/addr.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Regions of a TVM. */
#define HVRV_REGIONS_MAX 32

/** The kinds: enumerator, name. */
#define HVRV_REGION_LIST(X)                     \
    X(HVRV_REGION_NONE, "none")                 \
    X(HVRV_REGION_CONFIDENTIAL, "confidential") \
    X(HVRV_REGION_SHARED, "shared")             \
    X(HVRV_REGION_MMIO, "mmio")

/** What a region is for. */
enum hvrv_region_kind {
#define HVRV_REGION_ENUMERATOR(id, name) id,
    HVRV_REGION_LIST(HVRV_REGION_ENUMERATOR)
#undef HVRV_REGION_ENUMERATOR
};

/** A region. */
struct hvrv_region {
    struct hvrv_range range;    /**< GPAs */
    enum hvrv_region_kind kind; /**< not NONE */
};

/** A TVM's regions. All zero: none. Fields are private. */
struct hvrv_regions {
    struct hvrv_region at[HVRV_REGIONS_MAX]; /**< ascending; neighbours: see above */
    uint32_t count;                          /**< how many */
};

/**
 * @brief What an address is for.
 * @param regions the regions; not null.
 * @param gpa any address.
 * @return the kind of the region in which it lies, or NONE.
 */
enum hvrv_region_kind hvrv_region_find(const struct hvrv_regions *regions, hvrv_gpa gpa);

/**
 * @brief Tells whether a whole range is of one kind.
 * @param regions the regions; not null.
 * @param range GPAs; not null.
 * @param kind any; NONE: no region overlaps the range.
 * @return true if every address is.
 */
bool hvrv_region_covers(const struct hvrv_regions *regions, const struct hvrv_range *range,
                        enum hvrv_region_kind kind);

/**
 * @brief Makes a range of one kind be of another: adds, removes, or turns a part.
 *
 * TLB duty: what is mapped in the range stays mapped, and cached. The caller has it unmapped and
 * fenced before the TVM goes by the new kind.
 * @param regions the regions.
 * @param region the range, and its new kind; NONE removes it.
 * @param from what all of it is now; NONE: nothing is there.
 * @retval HVRV_OK done.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_EXISTS a part of the range is of another kind than @p from.
 * @retval HVRV_ERR_NO_PAGES there would be more than #HVRV_REGIONS_MAX regions. Nothing is changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_region_turn(struct hvrv_regions *regions,
                                                  const struct hvrv_region *region,
                                                  enum hvrv_region_kind from);

/**
 * @brief Removes every region of a kind that overlaps a range, as a whole.
 *
 * TLB duty: as of hvrv_region_turn(); none for MMIO, where nothing is mapped.
 * @param regions the regions.
 * @param range GPAs.
 * @param kind not NONE.
 * @retval HVRV_OK removed.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_MISSING there is none.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_region_remove(struct hvrv_regions *regions,
                                                    const struct hvrv_range *range,
                                                    enum hvrv_region_kind kind);

/**
 * @brief The name of a kind, such as "shared".
 * @param kind any value.
 * @return a constant string; "unknown" for a value that is none.
 */
const char *hvrv_region_name(enum hvrv_region_kind kind);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
