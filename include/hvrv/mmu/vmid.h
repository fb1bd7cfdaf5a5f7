/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup vmid VMIDs
 * @brief Numbers for VMs, given out by generations.
 *
 * A hart has 2^VMIDLEN VMIDs (hvrv_probe.vmidlen, 0 to 14), and there may be
 * more VMs than that. A struct hvrv_vmid_pool, one a machine, numbers VMs from
 * 1 (0 is what Bare uses). When the numbers run out a new generation begins,
 * and every number given out before is worth nothing:
 *
 *     before a vHart is loaded:
 *         lock;
 *         from here on, do not answer roll_over;
 *         if (!hvrv_vmid_is_current(&pool, &vm_vmid)) {
 *             hvrv_vmid_take(&pool, &vm_vmid);
 *             hvrv_vm_set_vmid(&vm, vm_vmid.number);
 *             domain.vmid = vm_vmid.number;
 *         }
 *         unlock;
 *         hvrv_bind_load(&bind, &vhart);
 *         from here on, answer again;
 *
 * The lock is one for the pool. A hart that waits for it does answer roll_over,
 * because who holds it may be waiting for the answer.
 *
 * A new generation owes a flush: a number now means another VM. It is paid on
 * each hart when it first loads the VM under its new number, because
 * hvrv_vm_set_vmid() makes hvrv_bind_load() fence the VMID there, in both
 * stages. That a VM has one number only, on all harts, is the business of
 * hvrv_vmid_pool.roll_over.
 *
 * Too few numbers (VMIDLEN 0, or fewer than harts) are worse than none: then
 * every VM has number 0, always current, and hvrv_bind_load() fences each time.
 * @{
 */
#ifndef HVRV_MMU_VMID_H
#define HVRV_MMU_VMID_H

#include <hvrv/isa/bits.h>
#include <hvrv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Implemented bits of hgatp.VMID, at most (norm:hgatp_vmid_lsbs). */
#define HVRV_VMIDLEN_MAX 14

/** The numbers of a machine. The caller's, one for all VMs; made by hvrv_vmid_init(). */
struct hvrv_vmid_pool {
    uint64_t generation; /**< from 1 */
    uint32_t next;       /**< the next number to be given out */
    uint32_t last;       /**< the largest; 0: every VM has number 0 */
    /**
     * Called when a generation ends, before the first number of the next is given
     * out. Has every other hart put what it has loaded (hvrv_bind_put()), and returns
     * when they have; each asks hvrv_vmid_is_current() before it loads again. A hart
     * answers before it asks or after it has loaded, not in between. Null where no
     * other hart runs guests.
     */
    void (*roll_over)(void *context);
    void *context; /**< passed to it */
};

/** A VM's number. All zero: none yet. */
struct hvrv_vmid {
    uint64_t generation; /**< when it was given out; 0: never */
    uint16_t number;     /**< what hgatp.VMID holds */
};

/**
 * @brief Makes a pool.
 * @param[out] pool the first generation, nothing given out, roll_over null.
 * @param vmidlen implemented bits of hgatp.VMID, the fewest of all harts: 0 to 14.
 * @param harts harts that run guests, not 0; fewer numbers than these are not used.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p pool is null.
 * @retval HVRV_ERR_ARGUMENT @p vmidlen is above 14, or @p harts is 0; the pool is all zero.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_vmid_init(struct hvrv_vmid_pool *pool, unsigned vmidlen,
                                                uint32_t harts);

/**
 * @brief Tells whether a VM's number still is its own.
 *
 * Under the lock of hvrv_vmid_take(): between that and hvrv_vm_set_vmid() the number is
 * current while hgatp still has another, perhaps another VM's. Without it only where
 * one hart alone loads the vHarts of the VM.
 * @param pool a pool.
 * @param vmid the VM's number, or all zero.
 * @return false: call hvrv_vmid_take() before a vHart of the VM is loaded.
 */
bool hvrv_vmid_is_current(const struct hvrv_vmid_pool *pool, const struct hvrv_vmid *vmid);

/**
 * @brief Gives a VM a number of the present generation, unless it has one.
 *
 * One caller at a time: take a lock of your own.
 *
 * TLB duty: if the number is a new one, each hart fences it before it first uses
 * it for this VM: HFENCE.GVMA for the VMID, and HFENCE.VVMA with the VMID in hgatp.
 * hvrv_vm_set_vmid() sees to that.
 * @param pool a pool.
 * @param[in,out] vmid the VM's number.
 * @retval HVRV_OK @p vmid is current.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE @p pool was not made.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_vmid_take(struct hvrv_vmid_pool *pool,
                                                struct hvrv_vmid *vmid);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
