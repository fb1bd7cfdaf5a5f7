/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup guest Guest memory
 * @brief What a hypervisor reads and writes of a guest's memory, and the instruction that trapped.
 *
 * Two ways, for two needs. hvrv_guest_fetch() reads the instruction at which the
 * guest stopped, by HLVX, so that it passes the same translation and the same
 * permissions as the guest's own fetch. The copies, hvrv_guest_read() and the
 * others, go through a struct hvrv_walk and the port's physical memory; so they
 * work for a vHart that runs elsewhere or nowhere, and on any machine.
 *
 * A copy goes from page to page. What the guest's tables do not allow ends it with
 * a fault, a result, and says how many bytes were copied until then; these are
 * copied, the others untouched. Ranges that wrap are refused before anything is
 * copied.
 *
 * Bytes are moved by accesses of 8 aligned bytes. A part of 8 bytes is written by
 * compare-and-swap, so that a neighbouring byte that another hart writes is not lost.
 * @{
 */
#ifndef HVRV_VHART_GUEST_H
#define HVRV_VHART_GUEST_H

#include <hvrv/mmu/walk.h>
#include <hvrv/port/hart.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a fetch ended. */
enum hvrv_guest_outcome {
    HVRV_GUEST_DONE,  /**< it is there */
    HVRV_GUEST_RETRY, /**< the G-stage changed since the guest fetched: let the guest try again */
    HVRV_GUEST_FAULT, /**< the VS-stage does not allow it any more: raise the exception */
};

/** A fetched instruction. */
struct hvrv_guest_fetched {
    enum hvrv_guest_outcome outcome; /**< what of the following holds */
    uint32_t bits;                   /**< DONE: the instruction, 16 or 32 bits */
    uint8_t length;                  /**< DONE: 2 or 4 */
    struct hvrv_exception exception; /**< FAULT: a cause of fetches, and the address */
};

/**
 * @brief Fetches the instruction at an address as the guest would.
 *
 * HLVX needs X in both stages, and reports its faults as loads'
 * (norm:hlsv_u_op); here they are fetches' again. A guest-page fault of the
 * HLVX itself is no fault of the guest: it fetched the instruction a moment ago.
 *
 * scause, sepc, stval, htval and htinst are lost if HLVX traps: hvrv_trap_read() comes before.
 * @param hart the hart, with the guest's vsatp, hgatp and hstatus in it, as after an exit.
 * @param pc where; a multiple of 2.
 * @param[out] fetch how it ended; all zero but for the outcome RETRY if the call fails.
 * @retval HVRV_OK it ended, see @p fetch.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ALIGN @p pc is odd.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_guest_fetch(struct hvrv_hart *hart, hvrv_gva pc,
                                                  struct hvrv_guest_fetched *fetch);

/** A copy between the caller's memory and a guest's. */
struct hvrv_guest_copy {
    uint64_t address; /**< the first byte in the guest: a GPA, or a GVA for the calls that say so */
    void *buffer;     /**< the caller's; read only by hvrv_guest_write() */
    size_t size;      /**< bytes; 0 is allowed */
    enum hvrv_walk_privilege privilege; /**< for a GVA: who accesses it */
    size_t done;                        /**< written: bytes that were copied */
    bool faulted;                       /**< written: a fault ended it */
    struct hvrv_fault fault; /**< written if faulted: that of the first byte not copied */
};

/**
 * @brief Reads from guest physical memory.
 * @param walk the VM's translation; only its G-stage counts.
 * @param[in,out] copy what, and how far it got.
 * @retval HVRV_OK all was copied, or a fault ended it: see @p copy.
 * @retval HVRV_ERR_NULL a pointer is null, or the buffer is and the size not 0.
 * @retval HVRV_ERR_RANGE the range wraps.
 * @retval HVRV_ERR_ACCESS the port refused the memory; done says how far it got.
 * @retval HVRV_ERR_RACE a table changed during the walk; done says how far it got. Call again.
 * @retval HVRV_ERR_STATE @p walk was not made.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_guest_read(const struct hvrv_walk *walk,
                                                 struct hvrv_guest_copy *copy);

/**
 * @brief Writes to guest physical memory.
 *
 * Instructions written this way reach the guest's fetches after FENCE.I on the harts that run it.
 * @param walk the VM's translation; only its G-stage counts.
 * @param[in,out] copy what, and how far it got.
 * @return as hvrv_guest_read(); #HVRV_ERR_RACE also if the memory kept changing.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_guest_write(const struct hvrv_walk *walk,
                                                  struct hvrv_guest_copy *copy);

/**
 * @brief Reads from guest virtual memory, as a load of copy->privilege would.
 * @param walk the guest's translation, both stages.
 * @param[in,out] copy what, and how far it got.
 * @retval HVRV_ERR_ARGUMENT the privilege is none.
 * @return and the others: as hvrv_guest_read().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_guest_read_gva(const struct hvrv_walk *walk,
                                                     struct hvrv_guest_copy *copy);

/**
 * @brief Writes to guest virtual memory, as a store of copy->privilege would.
 * @param walk the guest's translation, both stages.
 * @param[in,out] copy what, and how far it got.
 * @retval HVRV_ERR_ARGUMENT the privilege is none.
 * @return and the others: as hvrv_guest_write().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_guest_write_gva(const struct hvrv_walk *walk,
                                                      struct hvrv_guest_copy *copy);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
