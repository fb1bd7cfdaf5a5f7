/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup bind Bind
 * @brief A vHart on a physical hart: load, put, and the fences that a move needs.
 *
 * hvrv_bind_load() gives a hart the registers that change only with the vHart;
 * hvrv_bind_put() takes them back. Between the two, any number of
 * hvrv_vhart_enter(). Three structures, all of the caller's:
 *
 *  - struct hvrv_vm, one a virtual machine: its hgatp, and for each physical
 *    hart a slot that tells which of its vHarts ran there last;
 *  - struct hvrv_vhart, one a vHart;
 *  - struct hvrv_bind, one a physical hart: what is loaded, and the host's own
 *    values of the registers that have no VS copy.
 *
 * The order is the manual's: vsatp is zero before hgatp changes, and gets the
 * guest's value last, so that no speculation mixes one guest's tables with
 * another's VMID (section "Memory-Management Fences" of the hypervisor
 * chapter). What decides which registers exist (hstateen0, henvcfg) is written
 * before the registers themselves; hideleg before vsie, which is a view of hie
 * through it; at put, vsie and hvip are cleared before hideleg.
 *
 * Which fence load gives, and why:
 *
 *  - HFENCE.VVMA, all addresses and ASIDs of the VM's VMID: if another vHart of
 *    the VM ran on this hart since, because the two may use one ASID for
 *    different tables and each has fenced its own only; and if the vHart ran
 *    elsewhere since, because the SFENCE.VMAs that it executed there did
 *    nothing here. It acts on the VMID in hgatp, so it comes after hgatp
 *    (norm:hfence-vvma_hfence-gvma_op).
 *  - HFENCE.GVMA, all addresses of the VMID: if the vHart moved here, or the VM
 *    was made anew, because the G-stage may have changed; and if the hgatp
 *    loaded here before had the same VMID but another root or mode, as with
 *    VMIDLEN = 0 (norm:hgatp_op_hfence_gvma); and always if the VMID is 0,
 *    because put leaves Bare with VMID 0 in hgatp (norm:hfence-gvma_mode). So
 *    number VMs from 1 where the hart has VMIDs.
 *  - FENCE.I, if the vHart moved here: those that it executed elsewhere did
 *    nothing here.
 *  - A dummy SC, always: sret need not end the reservation of an LR that the
 *    last guest executed (machine chapter, "Trap-Return Instructions").
 *
 * What is left to the caller: whoever changes the G-stage of a VM fences every
 * hart whose slot is in use, loaded at the moment or not; whoever gives a VMID
 * to another VM fences it everywhere; and whoever gives the vHarts of a VM
 * different pointer masking (henvcfg.PMM, hstatus.HUPMM) fences the VM between
 * them where a masked bit is one of a GPA (section "Interaction with Pointer
 * Masking" of the hypervisor chapter).
 *
 * No call locks. A struct hvrv_bind belongs to its hart alone; that one vHart
 * is not loaded by two harts at the same moment is the caller's to see to.
 * @{
 */
#ifndef HVRV_VHART_BIND_H
#define HVRV_VHART_BIND_H

#include <hvrv/port/hart.h>
#include <hvrv/port/probe.h>
#include <hvrv/vhart/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a VM knows of one physical hart. The hart alone reads and writes it. */
struct hvrv_vm_slot {
    const struct hvrv_vhart *last; /**< the VM's vHart that ran there last, or null; not followed */
};

/** A virtual machine, as far as its vHarts share it. */
struct hvrv_vm {
    uint64_t hgatp;             /**< G-stage mode, VMID and root */
    struct hvrv_vm_slot *slots; /**< one a physical hart, by hvrv_bind.index */
    uint32_t slot_count;        /**< how many there are */
};

/** The host's values of the registers that the guest uses as they are. */
struct hvrv_bind_host {
    uint64_t hstatus;    /**< as it was at load */
    uint64_t senvcfg;    /**< as it was at load */
    uint64_t scounteren; /**< as it was at load */
    uint64_t sstateen0;  /**< as it was at load */
};

/**
 * What the hart made of the vHart's delegation, read back: a bit that it does not have stays 0
 * (norm:hedeleg_acc, norm:hideleg_acc). An exception whose bit is in the vHart's hedeleg and not
 * here ends in an exit, and is to be raised in the guest by hvrv_inject_exception(). The three
 * VS-level interrupts can be delegated on every hart.
 */
struct hvrv_bind_kept {
    uint64_t hedeleg; /**< of #hvrv_vhart_csrs.hedeleg */
    uint64_t hideleg; /**< of #hvrv_vhart_csrs.hideleg */
};

/** A physical hart, as far as vHarts are loaded on it. */
struct hvrv_bind {
    struct hvrv_hart *hart;         /**< the port */
    const struct hvrv_probe *probe; /**< what the hart has */
    struct hvrv_vhart *loaded;      /**< or null */
    uint64_t last_hgatp;            /**< what was in hgatp last, or #HVRV_BIND_NO_HGATP */
    struct hvrv_bind_host host;     /**< valid while a vHart is loaded */
    struct hvrv_bind_kept kept;     /**< valid while a vHart is loaded */
    uint32_t index;                 /**< the hart's slot in every VM */
};

/** #hvrv_bind.last_hgatp before the first load; no VM has it, its mode is reserved. */
#define HVRV_BIND_NO_HGATP UINT64_MAX

/**
 * @brief Makes a virtual machine of its hgatp and its slots.
 * @param[out] vm all zero if the call fails.
 * @param hgatp MODE, VMID and root: all zero for Bare (norm:hgatp_mode_bare), or Sv39x4, Sv48x4
 *        or Sv57x4 with PPN[1:0] = 0.
 * @param[out] slots @p slot_count of them; cleared. Must outlive @p vm.
 * @param slot_count physical harts; not 0.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p vm or @p slots is null.
 * @retval HVRV_ERR_RANGE @p slot_count is 0.
 * @retval HVRV_ERR_MODE hgatp.MODE is reserved.
 * @retval HVRV_ERR_ALIGN hgatp.PPN is no multiple of 4 (norm:hgatp_ppn_op).
 * @retval HVRV_ERR_ARGUMENT a reserved bit is set, or any bit with MODE = Bare.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_vm_init(struct hvrv_vm *vm, uint64_t hgatp,
                                              struct hvrv_vm_slot *slots, uint32_t slot_count);

/**
 * @brief Gives a VM another VMID.
 *
 * For the number that hvrv_vmid_take() found. It may have been another VM's, so every slot
 * is cleared: on each hart, the first hvrv_bind_load() of the VM fences the VMID, HFENCE.GVMA
 * and HFENCE.VVMA. So it does if the VM has the same number as before: another may have had it
 * for a generation in between.
 * @pre No vHart of the VM is loaded, on any hart.
 * @param vm made by hvrv_vm_init().
 * @param vmid 0 to 2^14 - 1; the hart may implement fewer bits (hvrv_probe.vmidlen).
 * @retval HVRV_OK the VM has it.
 * @retval HVRV_ERR_NULL @p vm or its slots are null.
 * @retval HVRV_ERR_ARGUMENT @p vmid has more than 14 bits, or is not 0 and hgatp is Bare.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_vm_set_vmid(struct hvrv_vm *vm, uint16_t vmid);

/**
 * @brief Makes a hart ready to have vHarts loaded. No register is touched.
 * @param[out] bind nothing loaded.
 * @param hart the port of the hart; must outlive @p bind.
 * @param probe what the hart has; must outlive @p bind.
 * @param index the hart's slot in every VM.
 * @retval HVRV_OK ready.
 * @retval HVRV_ERR_NULL a pointer is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_bind_init(struct hvrv_bind *bind, struct hvrv_hart *hart,
                                                const struct hvrv_probe *probe, uint32_t index);

/**
 * @brief Loads a vHart on the hart that executes the call.
 *
 * The host's sstatus (with SIE = 0), stvec and sscratch of this moment are
 * what every exit puts back. Floating-point registers are loaded if the
 * vHart's sstatus.FS is not Off, vector registers if VS is not; each is Clean
 * then. On a hart without F and D, FS becomes Off if it is Initial, also if
 * the hart has F alone, whose registers nobody would save.
 *
 * TLB duty: none is left to the caller beyond what the head of this file says.
 * @param bind the hart.
 * @param vhart the vHart; its VM must have a slot for the hart.
 * @retval HVRV_OK loaded.
 * @retval HVRV_ERR_NULL a pointer is null, or the vHart's VM or its slots are.
 * @retval HVRV_ERR_STATE a vHart is loaded here already, or this one is loaded somewhere.
 * @retval HVRV_ERR_RANGE the VM has no slot for this hart.
 * @retval HVRV_ERR_ARGUMENT the vHart's hstatus.SPV is 0 or its sstatus.SIE is 1, so that sret
 *         would not go to the guest, or not safely; or sstatus.VS is not Off, but it has no vector
 *         registers; or its policy is none; or hgatp as for hvrv_vm_init().
 * @retval HVRV_ERR_MODE hgatp.MODE is reserved, or the hart does not offer it, or not the MODE
 *         of the guest's vsatp, which it would drop (norm:vsatp_mode_unsupported_v0).
 * @retval HVRV_ERR_UNSUPPORTED hgatp.VMID has more bits than the hart's VMIDLEN; or the hart lacks
 *         the vHart's registers: sstatus.FS is Clean or Dirty, but it has not F and D; or the vHart
 *         has vector registers, but the hart none, or of another length (hvrv_probe.vlenb).
 * @retval HVRV_ERR_ALIGN @p vhart is no multiple of 8, or hgatp.PPN no multiple of 4.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_bind_load(struct hvrv_bind *bind, struct hvrv_vhart *vhart);

/**
 * @brief Takes back the vHart that is loaded on the hart that executes the call.
 *
 * Its registers are stored. The floating-point registers are only if the HS-level
 * sstatus.FS was Dirty at the last exit (norm:vsstatus_fs_op), the vector
 * registers only if VS was (norm:vsstatus_vs_op), or where that of vsstatus is: QEMU
 * makes only that one Dirty if the guest writes nothing but fcsr or a CSR of V. Each is Clean
 * then. With #HVRV_VHART_EAGER both are stored unless Off, and cleared in the hart. Nothing of the
 * guest acts
 * on the hart any more: vsatp, hgatp, vsie, hvip, hideleg and hedeleg are 0 and vstimecmp is never;
 * hstatus, senvcfg, scounteren and sstateen0 are the host's again.
 *
 * TLB duty: none; the guest's translations stay cached under its VMID.
 * @param bind the hart.
 * @retval HVRV_OK taken back.
 * @retval HVRV_ERR_NULL @p bind is null.
 * @retval HVRV_ERR_STATE no vHart is loaded here.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_bind_put(struct hvrv_bind *bind);

/**
 * @brief Lets the loaded vHart use floating point from now on.
 *
 * For a vHart that began with sstatus.FS = Off: its floating-point registers
 * are loaded before FS is set, so that it never sees another guest's.
 * @param bind the hart.
 * @retval HVRV_OK FS is not Off any more; also if it was not Off before.
 * @retval HVRV_ERR_NULL @p bind is null.
 * @retval HVRV_ERR_STATE no vHart is loaded here.
 * @retval HVRV_ERR_UNSUPPORTED the hart has no floating point.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_bind_enable_fp(struct hvrv_bind *bind);

/**
 * @brief Lets the loaded vHart use vector instructions from now on.
 *
 * As hvrv_bind_enable_fp(), for a vHart that began with sstatus.VS = Off.
 * @param bind the hart.
 * @retval HVRV_OK VS is not Off any more; also if it was not Off before.
 * @retval HVRV_ERR_NULL @p bind is null.
 * @retval HVRV_ERR_STATE no vHart is loaded here.
 * @retval HVRV_ERR_UNSUPPORTED the hart has no V.
 * @retval HVRV_ERR_MISSING the vHart has no vector registers; hvrv_vhart_set_vector().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_bind_enable_vector(struct hvrv_bind *bind);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
