/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup timer Timer
 * @brief A vHart's timer, by Sstc or by the host's own.
 *
 * The guest's time is the host's plus htimedelta, modulo 2^64, and its timer
 * interrupt is pending while that is not below what it compared with. Two ways:
 *
 *  - with Sstc the guest writes vstimecmp itself and the hart compares; it
 *    costs no exit. While the vHart is not loaded nothing compares, so one that
 *    waits must be woken in time: hvrv_timer_wake_time();
 *  - without, the guest calls its firmware (SBI TIME), which calls
 *    hvrv_timer_set(). The host sets its own timer for hvrv_timer_deadline(), and
 *    hvrv_timer_check() raises VSTIP when the time has come.
 *
 * Times are ticks of the time CSR. The hart compares 64 bits without a sign, of a sum whose
 * overflow is ignored (norm:hip_vstip_op): a guest's time that passes its last tick begins
 * anew at 0, and the interrupt is pending no more. The deadlines here do not follow it
 * around: up to the last tick of the guest's time, or of the host's, they are exact.
 *
 * Nothing here waits, and nothing is atomic: every call is for whoever has the vHart.
 * @{
 */
#ifndef HVRV_VHART_TIMER_H
#define HVRV_VHART_TIMER_H

#include <hvrv/port/probe.h>
#include <hvrv/vhart/irq.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A time that does not come. */
#define HVRV_TIMER_NEVER UINT64_MAX

/**
 * @brief The guest's time at a host's time.
 * @param host ticks of the host.
 * @param htimedelta what is added, modulo 2^64 (norm:htimedelta_sz_acc_op).
 * @return ticks of the guest.
 */
static inline uint64_t hvrv_timer_guest_time(uint64_t host, uint64_t htimedelta)
{
    return host + htimedelta;
}

/**
 * @brief The host's time at a guest's time.
 *
 * htimedelta counts as signed here: negative for a guest whose time began after the
 * host's, else positive or 0. So the guest's time at the host's 0 or before it gives 0,
 * which is past, and one after the host's last tick #HVRV_TIMER_NEVER. A plain
 * difference would wrap there, and a timer that is far off would be due at once.
 * @param guest ticks of the guest; #HVRV_TIMER_NEVER stays what it is.
 * @param htimedelta as in the CSR.
 * @return ticks of the host.
 */
uint64_t hvrv_timer_host_time(uint64_t guest, uint64_t htimedelta);

/**
 * @brief Chooses the way: Sstc if the hart has it, else software. No timer is set.
 *
 * Without Sstc henvcfg.STCE becomes 0, so that the guest does not find vstimecmp.
 * @param vhart the vHart, not loaded.
 * @param probe what every hart has that is to run it.
 * @retval HVRV_OK chosen.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the vHart is loaded.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_timer_init(struct hvrv_vhart *vhart,
                                                 const struct hvrv_probe *probe);

/**
 * @brief Sets the guest's timer, as SBI's set_timer: what was pending is not pending any more.
 * @param vhart the vHart, loaded on this hart or not loaded.
 * @param time the guest's time at which it is due; #HVRV_TIMER_NEVER for none.
 * @retval HVRV_OK set.
 * @retval HVRV_ERR_NULL @p vhart is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_timer_set(struct hvrv_vhart *vhart, uint64_t time);

/**
 * @brief When the guest's timer is due, by the host's time.
 * @param vhart the vHart, loaded on this hart or not loaded.
 * @return ticks of the host; #HVRV_TIMER_NEVER if it is not set or was raised already, or if
 *         @p vhart is null.
 */
uint64_t hvrv_timer_deadline(const struct hvrv_vhart *vhart);

/**
 * @brief When a vHart that waits must run again for its timer, by the host's time.
 * @param vhart the vHart, loaded on this hart or not loaded.
 * @return hvrv_timer_deadline(), or #HVRV_TIMER_NEVER if the guest has its timer interrupt off
 *         (vsie.STIE), which then does not end its waiting.
 */
uint64_t hvrv_timer_wake_time(const struct hvrv_vhart *vhart);

/**
 * @brief Raises VSTIP if the timer is one of software and due.
 * @param vhart the vHart, loaded on this hart or not loaded.
 * @param now the host's time.
 * @return true if the timer is due, in either way; false also if @p vhart is null.
 */
bool hvrv_timer_check(struct hvrv_vhart *vhart, uint64_t now);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
