/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup irq Interrupts
 * @brief A vHart's three interrupts, raised from any hart without a lock.
 *
 * hvip belongs to the hart that runs the vHart, but devices and other vHarts
 * live anywhere. So a change is noted in a word of the vHart by one atomic
 * operation, hvrv_irq_raise() or hvrv_irq_lower(), and the hart that runs the
 * vHart carries it to hvip before it enters the guest: hvrv_irq_flush(). Where
 * nothing changed that is a load and a branch.
 *
 * Only changes are carried over. The guest can clear its own software interrupt
 * (sip.SSIP is hvip.VSSIP, norm:hvip_acc), and what it cleared stays so until it
 * is raised anew; hvrv_trap_read() takes hvip back after every exit.
 *
 * Whoever raises an interrupt also sees to it that the vHart runs: hvrv_run_kick()
 * tells what that takes (@ref run). The order is raise, then kick.
 *
 * hvrv_vhart_init() forgets what was noted, and not atomically: nobody raises meanwhile.
 *
 * The interrupts reach VS-mode without an exit because hideleg has them
 * (#HVRV_VHART_HIDELEG_DEFAULT); hvrv_bind_put() clears vsie and hvip while it
 * still does. VSTIP is the timer's where the guest has no Sstc (@ref timer).
 *
 * What is not here: interrupts of a vHart whose hideleg does not delegate them (they are not
 * pending for its guest); LCOFI, which has no bit in hvip (norm:vsip_vsie_lcofi); AIA's
 * interrupts, and those of a guest external interrupt file, which reach the guest by themselves.
 * @{
 */
#ifndef HVRV_VHART_IRQ_H
#define HVRV_VHART_IRQ_H

#include <hvrv/vhart/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The interrupts that can be raised, as bits of hvip. */
#define HVRV_IRQ_ALL (HVRV_HVIP_VSSIP | HVRV_HVIP_VSTIP | HVRV_HVIP_VSEIP)

/**
 * @brief Notes interrupts as pending, from any hart.
 *
 * Stores before the call are seen by whoever sees the interrupt.
 * @param vhart the vHart, loaded or not.
 * @param bits HVRV_HVIP_VSSIP, HVRV_HVIP_VSTIP, HVRV_HVIP_VSEIP, or several of them.
 * @retval HVRV_OK noted: the next hvrv_irq_flush() carries it to hvip.
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_ARGUMENT other bits, or none.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_irq_raise(struct hvrv_vhart *vhart, uint64_t bits);

/**
 * @brief Notes interrupts as not pending, from any hart.
 *
 * Needs no kick: a guest that runs may take the interrupt still, as on a machine whose
 * device changes its mind. Of a raise and a lower of the same interrupt at the same moment one
 * counts as the later; VSSIP may then come to the guest twice. A device that does both does so
 * under its own lock.
 * @param vhart the vHart, loaded or not.
 * @param bits as for hvrv_irq_raise().
 * @retval HVRV_OK noted.
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_ARGUMENT other bits, or none.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_irq_lower(struct hvrv_vhart *vhart, uint64_t bits);

/** @cond */
void hvrv_irq_deliver(struct hvrv_vhart *vhart);
/** @endcond */

/**
 * @brief Carries what was noted to hvip. To be called before every hvrv_vhart_enter().
 *
 * What is noted after the call waits for the next: the kick that goes with it
 * is an interrupt to this hart, which ends the guest's turn at once. A host that serves
 * such an interrupt takes it back (sip.SSIP) and executes a fence before it comes here.
 * @pre The vHart is loaded on the hart that executes the call, and not null.
 * @param vhart the vHart.
 */
static inline void hvrv_irq_flush(struct hvrv_vhart *vhart)
{
    if (__atomic_load_n(&vhart->irq, __ATOMIC_RELAXED) >> 32 != 0)
        hvrv_irq_deliver(vhart);
}

/**
 * @brief Tells whether the guest's WFI would end: an interrupt is pending that it enabled.
 *
 * Whether interrupts are enabled as a whole (vsstatus.SIE) does not count, as for a hart's
 * WFI (machine chapter, section "Wait for Interrupt").
 * For a loaded vHart, to be asked on the hart where it is: what is pending for whatever
 * reason counts, Sstc's timer too; what was lowered and not yet flushed may still count. For
 * one that is not loaded, which nobody takes meanwhile, only what was raised does: see
 * hvrv_timer_wake_time().
 * @param vhart the vHart.
 * @return true if so; false also if @p vhart is null.
 */
bool hvrv_irq_is_pending(const struct hvrv_vhart *vhart);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
