/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup mmio MMIO
 * @brief From a guest-page fault to a device access, and back with its result.
 *
 *     hvrv_mmio_begin(&mmio, hart, vhart, &exit);   what does the guest want?
 *     ... mmio.gpa, mmio.size, mmio.is_store, mmio.value: the device does it ...
 *     hvrv_mmio_finish(&mmio, vhart, value);        rd, and on to the next instruction
 *
 * The instruction comes from htinst if the hart wrote it there, else from the
 * guest's memory (@ref guest). Between the two calls nothing of the vHart has
 * changed, so the access may be abandoned, or finished much later, after a trip to
 * user space; only, the vHart must not run in between.
 *
 * An instruction that cannot be the one that trapped, because another vHart
 * wrote over it meanwhile, is #HVRV_MMIO_RETRY: the guest executes what is there now.
 *
 * A misaligned access within a page is one access of its size. One that crosses
 * into another page is two pieces, of which the hart translated only that which
 * faulted; hvrv_mmio_split() tells them apart.
 * @{
 */
#ifndef HVRV_VHART_MMIO_H
#define HVRV_VHART_MMIO_H

#include <hvrv/isa/insn.h>
#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/guest.h>
#include <hvrv/vhart/trap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What hvrv_mmio_begin() found. */
enum hvrv_mmio_outcome {
    HVRV_MMIO_READY,       /**< an access: carry it out, then hvrv_mmio_finish() */
    HVRV_MMIO_RETRY,       /**< the instruction is not there any more: run the guest again */
    HVRV_MMIO_FAULT,       /**< the guest may not fetch it any more: raise #hvrv_mmio.exception */
    HVRV_MMIO_UNSUPPORTED, /**< LR, SC, accesses of 16 bytes, and what is not decoded: raise the
                                access fault, hvrv_inject_access_fault() */
};

/** An access of a guest to what the hypervisor emulates. */
struct hvrv_mmio {
    enum hvrv_mmio_outcome outcome; /**< what of the following holds */
    bool is_store;                  /**< READY: a store; else a load, or */
    bool is_amo;                    /**< READY: an AMO, which is both: hvrv_mmio_amo() */
    bool is_split;                  /**< READY: it crosses into another page, hvrv_mmio_split() */
    bool is_fp;                     /**< READY: to or from an f register */
    uint8_t size;                   /**< READY: bytes: 1, 2, 4 or 8 */
    uint8_t before;                 /**< is_split: bytes of the access before the one at #gpa */
    hvrv_gpa gpa;                   /**< READY: the first byte; if split, hvrv_mmio_split() tells */
    uint64_t value;                 /**< READY: what a store stores or an AMO's operand, extended
                                         with zeros; 0 for a load */
    uint64_t compare;      /**< READY, AMOCAS: what the device's register is compared with */
    struct hvrv_insn insn; /**< READY: the instruction */
    struct hvrv_exception exception; /**< FAULT: to be raised */
    hvrv_gva gva;                    /**< READY: the first byte's address as the guest used it */
};

/** A part of an access that lies in one page. */
struct hvrv_mmio_piece {
    hvrv_gva gva;  /**< its first byte */
    hvrv_gpa gpa;  /**< the same, if known */
    uint8_t first; /**< which byte of the access that is: its bits are value >> (8 * first) */
    uint8_t size;  /**< bytes */
    bool is_known; /**< the hart told gpa; else the caller translates gva (@ref walk) */
};

/**
 * @brief Finds out what access a guest-page fault stands for. The vHart is not changed.
 *
 * May execute HLVX: the exit must have been read before (hvrv_trap_read()).
 * @param[out] mmio the access.
 * @param hart the hart on which the vHart is loaded; looked at only if the instruction is fetched.
 * @param vhart the vHart.
 * @param exit a guest-page fault of an explicit load or store whose GPA is known.
 * @retval HVRV_OK see @p mmio.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT @p exit is something else: an implicit access has no device at its
 *         other end (is_implicit), and code is not fetched from one.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mmio_begin(struct hvrv_mmio *mmio, struct hvrv_hart *hart,
                                                 const struct hvrv_vhart *vhart,
                                                 const struct hvrv_exit *exit);

/**
 * @brief The short way: as hvrv_mmio_begin(), for the usual access and straight from the hart.
 *
 * To be called first after hvrv_vhart_enter(), before hvrv_trap_read(). Usual is an aligned load
 * or store of an x register by an instruction that htinst tells, or that has 32 bits.
 * hvrv_mmio.value of a load, and rs1 and offset of insn, are not filled in.
 * @param[out] mmio READY or RETRY, if the call says true; not null.
 * @param hart the hart on which the vHart is loaded; not null.
 * @param vhart the vHart; not null.
 * @param scause what hvrv_vhart_enter() returned: #HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT or
 *        #HVRV_CAUSE_STORE_GUEST_PAGE_FAULT.
 * @return false if it is not usual: the trap CSRs are as they were, so read and decode the trap,
 *         and call hvrv_mmio_begin().
 */
bool hvrv_mmio_quick(struct hvrv_mmio *mmio, struct hvrv_hart *hart, const struct hvrv_vhart *vhart,
                     uint64_t scause);

/**
 * @brief One of the pieces of an access.
 * @param mmio made by hvrv_mmio_begin(), READY.
 * @param index 0, or 1 if is_split.
 * @param[out] piece the piece; all zero if the call fails.
 * @retval HVRV_OK there it is.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_MISSING there is no such piece.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mmio_split(const struct hvrv_mmio *mmio, unsigned index,
                                                 struct hvrv_mmio_piece *piece);

/**
 * @brief What an AMO stores. Pure.
 * @param mmio an access with is_amo.
 * @param old what the device's register held; bits above the size do not count.
 * @return its new value, extended with zeros.
 */
uint64_t hvrv_mmio_amo(const struct hvrv_mmio *mmio, uint64_t old);

/**
 * @brief Ends an access: rd or the f register gets the value, and sepc goes to the next
 * instruction.
 *
 * The value is extended from the access's size as the instruction says; in an f
 * register what is narrower than the register is NaN-boxed, and FS becomes
 * Dirty, for both levels (norm:vsstatus_fs_op). x0 stays 0.
 * @param mmio made by hvrv_mmio_begin(), READY.
 * @param vhart the same vHart, not run since; loaded on this hart or not loaded.
 * @param value of a load or an AMO: what was read, bits above the size do not count.
 * @retval HVRV_OK done.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE @p mmio is not READY.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mmio_finish(const struct hvrv_mmio *mmio,
                                                  struct hvrv_vhart *vhart, uint64_t value);

/**
 * @brief Ends what hvrv_mmio_quick() began: as hvrv_mmio_finish(), without its checks.
 * @param mmio READY, by hvrv_mmio_quick(); not null.
 * @param vhart the same vHart, not run since; not null.
 * @param value of a load: what was read, bits above the size do not count.
 */
static inline void hvrv_mmio_finish_quick(const struct hvrv_mmio *mmio, struct hvrv_vhart *vhart,
                                          uint64_t value)
{
    unsigned shift = 64 - 8U * mmio->size;

    vhart->sepc += mmio->insn.length;
    if (mmio->is_store || mmio->insn.rd == 0)
        return;
    if (!mmio->insn.is_signed)
        value = value << shift >> shift;
    else if (__builtin_expect(mmio->size == 4, 1))
        value = (uint64_t)(int32_t)(uint32_t)value;
    else
        value = (uint64_t)((int64_t)(value << shift) >> shift);
    vhart->gpr[mmio->insn.rd] = value;
}

#ifdef __cplusplus
}
#endif

#endif
/** @} */
