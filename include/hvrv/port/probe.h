/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup probe Probe
 * @brief What a hart has, found by writing and reading back.
 *
 * No register tells HS-mode which extensions there are; but a field that is
 * not there does not keep what is written to it, and a register that is not
 * there traps. hvrv_probe_hart() tries each once and puts everything back.
 * The result is plain data: a hypervisor for a known machine may fill it by hand.
 *
 * VMIDLEN is probed with a legal MODE in hgatp, because with MODE = Bare and
 * other bits set the effect is unspecified (norm:hgatp_mode_bare); and only
 * the MODEs that the manual defines are ever written, because some harts keep
 * a reserved one.
 * @{
 */
#ifndef HVRV_PORT_PROBE_H
#define HVRV_PORT_PROBE_H

#include <hvrv/port/hart.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a hart has. */
struct hvrv_probe {
    uint64_t henvcfg_bits; /**< the bits of henvcfg that can be 1; 0 if it is not there */
    uint64_t hedeleg_bits; /**< the exceptions that can be delegated to VS-mode */
    uint64_t hideleg_bits; /**< the interrupts that can be delegated to VS-mode */
    uint16_t hgatp_modes;  /**< bit n: hgatp takes MODE n; bit 0, Bare, is always set */
    uint16_t vsatp_modes;  /**< bit n: vsatp takes MODE n; bit 0, Bare, is always set */
    uint16_t vlenb;        /**< bytes of a vector register, a power of two; 0 without V */
    uint8_t vmidlen;       /**< implemented bits of hgatp.VMID, 0 to 14 */
    uint8_t geilen;        /**< guest external interrupts, 0 to 63 */
    bool henvcfg;          /**< henvcfg is there */
    bool senvcfg;          /**< senvcfg is there */
    bool ssstateen;        /**< hstateen0 and sstateen0 are there and open */
    bool sstc;             /**< vstimecmp is there, and henvcfg.STCE can give it to a guest */
    bool aia;              /**< hvictl is there, and with it the other registers of AIA */
    bool sscofpmf;         /**< scountovf is there */
    bool fp;               /**< double-precision floating point: F and D */
    bool vector;           /**< V or a part of it: sstatus.VS can be on, and vlenb is there */
};

/**
 * @brief Finds out what the hart that executes the call has.
 *
 * To be called in HS-mode, before any vHart is loaded. M-mode must pass illegal
 * instructions of HS-mode back to it, as SBI firmware does. Interrupts are off
 * while it runs, and every register that it writes is put back.
 *
 * TLB duty: none is left; it ends with HFENCE.GVMA and HFENCE.VVMA for everything.
 * @param[out] probe all zero if the call fails.
 * @param hart the hart.
 * @retval HVRV_OK probed.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_UNSUPPORTED the hart has no hypervisor extension, or M-mode keeps hgatp to
 *         itself by mstatus.TVM (norm:hgatp_tvm_illegal); nothing was written.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_probe_hart(struct hvrv_probe *probe, struct hvrv_hart *hart);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
