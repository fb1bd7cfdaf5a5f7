/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup hart
 * The fences of a hart, each in the four forms of its operands: for one address
 * and one ASID or VMID, for one of the two, and for everything. Included by hart.h.
 *
 * A fence takes an address of the type that it means. That HFENCE.GVMA wants it
 * shifted right by two happens here (norm:hfence-vvma_hfence-gvma_op). An operand
 * that is 0 is not an operand that is left out: address 0 is a page like others.
 *
 * All of them act on the hart that executes them, and on no other. The HINVAL
 * and SINVAL forms want hvrv_hart_sfence_w_inval() before and
 * hvrv_hart_sfence_inval_ir() after them (norm:Svinval_hinval_vvma_gvma).
 */
#ifndef HVRV_PORT_HART_FENCE_H
#define HVRV_PORT_HART_FENCE_H

#include <hvrv/port/hart_model.h>
#include <hvrv/port/hart_native.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup hart
 * @{
 */

/**
 * @brief HFENCE.GVMA for one GPA of one VM.
 * @param hart the hart.
 * @param gpa the address whose G-stage leaf changed.
 * @param vmid the VM, as in hgatp.VMID.
 */
static inline void hvrv_hart_hfence_gvma(struct hvrv_hart *hart, hvrv_gpa gpa, uint64_t vmid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_HFENCE_GVMA, gpa.v >> 2, vmid);
}

/**
 * @brief HFENCE.GVMA for one GPA of every VM.
 * @param hart the hart.
 * @param gpa the address whose G-stage leaf changed.
 */
static inline void hvrv_hart_hfence_gvma_gpa(struct hvrv_hart *hart, hvrv_gpa gpa)
{
    hvrv_hart_fence_address(hart, HVRV_HART_HFENCE_GVMA, gpa.v >> 2);
}

/**
 * @brief HFENCE.GVMA for all of one VM.
 * @param hart the hart.
 * @param vmid the VM, as in hgatp.VMID.
 */
static inline void hvrv_hart_hfence_gvma_vmid(struct hvrv_hart *hart, uint64_t vmid)
{
    hvrv_hart_fence_id(hart, HVRV_HART_HFENCE_GVMA, vmid);
}

/**
 * @brief HFENCE.GVMA for everything.
 * @param hart the hart.
 */
static inline void hvrv_hart_hfence_gvma_all(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_HFENCE_GVMA);
}

/**
 * @brief HINVAL.GVMA for one GPA of one VM.
 * @param hart a hart with Svinval.
 * @param gpa the address whose G-stage leaf changed.
 * @param vmid the VM, as in hgatp.VMID.
 */
static inline void hvrv_hart_hinval_gvma(struct hvrv_hart *hart, hvrv_gpa gpa, uint64_t vmid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_HINVAL_GVMA, gpa.v >> 2, vmid);
}

/**
 * @brief HINVAL.GVMA for one GPA of every VM.
 * @param hart a hart with Svinval.
 * @param gpa the address whose G-stage leaf changed.
 */
static inline void hvrv_hart_hinval_gvma_gpa(struct hvrv_hart *hart, hvrv_gpa gpa)
{
    hvrv_hart_fence_address(hart, HVRV_HART_HINVAL_GVMA, gpa.v >> 2);
}

/**
 * @brief HINVAL.GVMA for all of one VM.
 * @param hart a hart with Svinval.
 * @param vmid the VM, as in hgatp.VMID.
 */
static inline void hvrv_hart_hinval_gvma_vmid(struct hvrv_hart *hart, uint64_t vmid)
{
    hvrv_hart_fence_id(hart, HVRV_HART_HINVAL_GVMA, vmid);
}

/**
 * @brief HINVAL.GVMA for everything.
 * @param hart a hart with Svinval.
 */
static inline void hvrv_hart_hinval_gvma_all(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_HINVAL_GVMA);
}

/**
 * @brief HFENCE.VVMA for one GVA and ASID of the VM whose VMID is in hgatp.
 * @param hart the hart.
 * @param gva the address whose VS-stage leaf changed.
 * @param asid as in vsatp.ASID.
 */
static inline void hvrv_hart_hfence_vvma(struct hvrv_hart *hart, hvrv_gva gva, uint64_t asid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_HFENCE_VVMA, gva.v, asid);
}

/**
 * @brief HFENCE.VVMA for one GVA, every ASID, of the VM whose VMID is in hgatp.
 * @param hart the hart.
 * @param gva the address whose VS-stage leaf changed.
 */
static inline void hvrv_hart_hfence_vvma_gva(struct hvrv_hart *hart, hvrv_gva gva)
{
    hvrv_hart_fence_address(hart, HVRV_HART_HFENCE_VVMA, gva.v);
}

/**
 * @brief HFENCE.VVMA for one ASID of the VM whose VMID is in hgatp.
 * @param hart the hart.
 * @param asid as in vsatp.ASID.
 */
static inline void hvrv_hart_hfence_vvma_asid(struct hvrv_hart *hart, uint64_t asid)
{
    hvrv_hart_fence_id(hart, HVRV_HART_HFENCE_VVMA, asid);
}

/**
 * @brief HFENCE.VVMA for all of the VM whose VMID is in hgatp.
 * @param hart the hart.
 */
static inline void hvrv_hart_hfence_vvma_all(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_HFENCE_VVMA);
}

/**
 * @brief HINVAL.VVMA for one GVA and ASID of the VM whose VMID is in hgatp.
 * @param hart a hart with Svinval.
 * @param gva the address whose VS-stage leaf changed.
 * @param asid as in vsatp.ASID.
 */
static inline void hvrv_hart_hinval_vvma(struct hvrv_hart *hart, hvrv_gva gva, uint64_t asid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_HINVAL_VVMA, gva.v, asid);
}

/**
 * @brief HINVAL.VVMA for one GVA, every ASID, of the VM whose VMID is in hgatp.
 * @param hart a hart with Svinval.
 * @param gva the address whose VS-stage leaf changed.
 */
static inline void hvrv_hart_hinval_vvma_gva(struct hvrv_hart *hart, hvrv_gva gva)
{
    hvrv_hart_fence_address(hart, HVRV_HART_HINVAL_VVMA, gva.v);
}

/**
 * @brief HINVAL.VVMA for one ASID of the VM whose VMID is in hgatp.
 * @param hart a hart with Svinval.
 * @param asid as in vsatp.ASID.
 */
static inline void hvrv_hart_hinval_vvma_asid(struct hvrv_hart *hart, uint64_t asid)
{
    hvrv_hart_fence_id(hart, HVRV_HART_HINVAL_VVMA, asid);
}

/**
 * @brief HINVAL.VVMA for all of the VM whose VMID is in hgatp.
 * @param hart a hart with Svinval.
 */
static inline void hvrv_hart_hinval_vvma_all(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_HINVAL_VVMA);
}

/**
 * @brief SFENCE.VMA for one address and ASID of the hypervisor's own address space.
 * @param hart the hart.
 * @param address a virtual address of HS-mode.
 * @param asid as in satp.ASID.
 */
static inline void hvrv_hart_sfence_vma(struct hvrv_hart *hart, uint64_t address, uint64_t asid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_SFENCE_VMA, address, asid);
}

/**
 * @brief SFENCE.VMA for one address, every ASID, of the hypervisor's own address space.
 * @param hart the hart.
 * @param address a virtual address of HS-mode.
 */
static inline void hvrv_hart_sfence_vma_address(struct hvrv_hart *hart, uint64_t address)
{
    hvrv_hart_fence_address(hart, HVRV_HART_SFENCE_VMA, address);
}

/**
 * @brief SFENCE.VMA for one ASID of the hypervisor's own address space.
 * @param hart the hart.
 * @param asid as in satp.ASID.
 */
static inline void hvrv_hart_sfence_vma_asid(struct hvrv_hart *hart, uint64_t asid)
{
    hvrv_hart_fence_id(hart, HVRV_HART_SFENCE_VMA, asid);
}

/**
 * @brief SFENCE.VMA for all of the hypervisor's own address space.
 * @param hart the hart.
 */
static inline void hvrv_hart_sfence_vma_all(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_SFENCE_VMA);
}

/**
 * @brief SINVAL.VMA for one address and ASID of the hypervisor's own address space.
 * @param hart a hart with Svinval.
 * @param address a virtual address of HS-mode.
 * @param asid as in satp.ASID.
 */
static inline void hvrv_hart_sinval_vma(struct hvrv_hart *hart, uint64_t address, uint64_t asid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_SINVAL_VMA, address, asid);
}

/**
 * @brief SINVAL.VMA for one address, every ASID, of the hypervisor's own address space.
 * @param hart a hart with Svinval.
 * @param address a virtual address of HS-mode.
 */
static inline void hvrv_hart_sinval_vma_address(struct hvrv_hart *hart, uint64_t address)
{
    hvrv_hart_fence_address(hart, HVRV_HART_SINVAL_VMA, address);
}

/**
 * @brief SINVAL.VMA for one ASID of the hypervisor's own address space.
 * @param hart a hart with Svinval.
 * @param asid as in satp.ASID.
 */
static inline void hvrv_hart_sinval_vma_asid(struct hvrv_hart *hart, uint64_t asid)
{
    hvrv_hart_fence_id(hart, HVRV_HART_SINVAL_VMA, asid);
}

/**
 * @brief SINVAL.VMA for all of the hypervisor's own address space.
 * @param hart a hart with Svinval.
 */
static inline void hvrv_hart_sinval_vma_all(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_SINVAL_VMA);
}

/**
 * @brief SFENCE.W.INVAL: orders stores before the invalidations that follow.
 * @param hart a hart with Svinval.
 */
static inline void hvrv_hart_sfence_w_inval(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_SFENCE_W_INVAL);
}

/**
 * @brief SFENCE.INVAL.IR: orders the invalidations before what follows.
 * @param hart a hart with Svinval.
 */
static inline void hvrv_hart_sfence_inval_ir(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_SFENCE_INVAL_IR);
}

/** @} */

#ifdef __cplusplus
}
#endif

#endif
