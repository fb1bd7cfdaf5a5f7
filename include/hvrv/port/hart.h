/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup hart Hart
 * @brief The hart that runs the library: its CSRs, its fences, its view of guest memory.
 *
 * All that cannot be done in C is here, and nothing else in the library (but
 * the switch itself) touches the hart. Built for riscv64 every accessor and
 * every fence is one inlined instruction, and struct hvrv_hart is not looked
 * at. Built for any other machine the same calls go to hvrv_hart_ops, that is,
 * to a model of a hart; so all logic above is tested without RISC-V hardware.
 *
 * Five accessors a CSR, made from #HVRV_CSR_LIST; for hstatus:
 *
 *     uint64_t hvrv_hart_read_hstatus(struct hvrv_hart *hart);                   csrr
 *     void hvrv_hart_write_hstatus(struct hvrv_hart *hart, uint64_t value);      csrw
 *     uint64_t hvrv_hart_swap_hstatus(struct hvrv_hart *hart, uint64_t value);   csrrw
 *     void hvrv_hart_set_hstatus(struct hvrv_hart *hart, uint64_t bits);         csrs
 *     void hvrv_hart_clear_hstatus(struct hvrv_hart *hart, uint64_t bits);       csrc
 *
 * A read-only register has the first alone. An access to a register that the
 * hart does not have traps. Two more accessors return instead, for probing:
 *
 *     enum hvrv_status hvrv_hart_try_read_hstatus(struct hvrv_hart *hart, uint64_t *value);
 *     enum hvrv_status hvrv_hart_try_write_hstatus(struct hvrv_hart *hart, uint64_t value);
 *
 * HVRV_OK, or HVRV_ERR_ILLEGAL with *value = 0. What traps must reach HS-mode:
 * an illegal instruction that M-mode keeps to itself is M-mode's affair. Like
 * hvrv_hart_access_guest() they lose scause, sepc, stval, htval and htinst if
 * they trap.
 *
 * Fences take an address of the type that they mean. That HFENCE.GVMA wants it
 * shifted right by two is this file's business (norm:hfence-vvma_hfence-gvma_op).
 * @{
 */
#ifndef HVRV_PORT_HART_H
#define HVRV_PORT_HART_H

#include <hvrv/isa/addr.h>
#include <hvrv/isa/csr.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hvrv_hart;

/** A trap that an access to guest memory raised, as the trap CSRs tell it. */
struct hvrv_hart_trap {
    uint64_t cause; /**< scause */
    uint64_t stval; /**< the faulting address; of an access across pages, in the part that failed */
    uint64_t htval; /**< the faulting GPA >> 2, or 0 */
    uint64_t htinst; /**< 0, a transformed instruction or a pseudoinstruction */
    bool gva;        /**< hstatus.GVA: stval is a guest virtual address */
};

/** What an instruction does to a CSR. */
enum hvrv_hart_csr_op {
    HVRV_HART_CSR_READ,  /**< csrr */
    HVRV_HART_CSR_WRITE, /**< csrw */
    HVRV_HART_CSR_SWAP,  /**< csrrw */
    HVRV_HART_CSR_SET,   /**< csrs */
    HVRV_HART_CSR_CLEAR, /**< csrc */
};

/** The fences: enumerator, funct7, and rs2 where the fence has no operands. */
#define HVRV_HART_FENCE_LIST(X)            \
    X(HVRV_HART_SFENCE_VMA, 0x09, x0)      \
    X(HVRV_HART_SINVAL_VMA, 0x0b, x0)      \
    X(HVRV_HART_SFENCE_W_INVAL, 0x0c, x0)  \
    X(HVRV_HART_SFENCE_INVAL_IR, 0x0c, x1) \
    X(HVRV_HART_HFENCE_VVMA, 0x11, x0)     \
    X(HVRV_HART_HINVAL_VVMA, 0x13, x0)     \
    X(HVRV_HART_HFENCE_GVMA, 0x31, x0)     \
    X(HVRV_HART_HINVAL_GVMA, 0x33, x0)

/** Which fence. */
enum hvrv_hart_fence_kind {
#define HVRV_HART_FENCE_ENUMERATOR(id, funct7, rs2) id,
    HVRV_HART_FENCE_LIST(HVRV_HART_FENCE_ENUMERATOR)
#undef HVRV_HART_FENCE_ENUMERATOR
};

/** A fence as its instruction has it: an operand that is not there is x0. */
struct hvrv_hart_fence {
    enum hvrv_hart_fence_kind kind; /**< which */
    bool has_address;               /**< rs1 is not x0 */
    bool has_id;                    /**< rs2 is not x0 */
    uint64_t address;               /**< rs1: a GVA, a virtual address, or a GPA >> 2 */
    uint64_t id;                    /**< rs2: an ASID or a VMID */
};

/** The accesses to guest memory: enumerator, name, funct7, rs2 (a1: the value to store). */
#define HVRV_HART_ACCESS_LIST(X)            \
    X(HVRV_HART_HLV_B, hlv_b, 0x30, x0)     \
    X(HVRV_HART_HLV_BU, hlv_bu, 0x30, x1)   \
    X(HVRV_HART_HLV_H, hlv_h, 0x32, x0)     \
    X(HVRV_HART_HLV_HU, hlv_hu, 0x32, x1)   \
    X(HVRV_HART_HLVX_HU, hlvx_hu, 0x32, x3) \
    X(HVRV_HART_HLV_W, hlv_w, 0x34, x0)     \
    X(HVRV_HART_HLV_WU, hlv_wu, 0x34, x1)   \
    X(HVRV_HART_HLVX_WU, hlvx_wu, 0x34, x3) \
    X(HVRV_HART_HLV_D, hlv_d, 0x36, x0)     \
    X(HVRV_HART_HSV_B, hsv_b, 0x31, a1)     \
    X(HVRV_HART_HSV_H, hsv_h, 0x33, a1)     \
    X(HVRV_HART_HSV_W, hsv_w, 0x35, a1)     \
    X(HVRV_HART_HSV_D, hsv_d, 0x37, a1)

/** Which access to guest memory. */
enum hvrv_hart_access {
#define HVRV_HART_ACCESS_ENUMERATOR(id, name, funct7, rs2) id,
    HVRV_HART_ACCESS_LIST(HVRV_HART_ACCESS_ENUMERATOR)
#undef HVRV_HART_ACCESS_ENUMERATOR
};

/** What an access to guest memory takes and gives. */
struct hvrv_hart_transfer {
    uint64_t value;             /**< what a store stores, or what a load loaded */
    struct hvrv_hart_trap trap; /**< how it trapped; all zero if it did not */
};

/** A hart of the caller's making, for machines that are none. Not used on riscv64. */
struct hvrv_hart_ops {
    /**
     * Does @p op to @p csr. *@p value is the operand, and becomes the old value
     * of a read or a swap. False: the hart raises an illegal-instruction exception.
     */
    bool (*csr)(struct hvrv_hart *hart, enum hvrv_hart_csr_op op, enum hvrv_csr csr,
                uint64_t *value);
    /** Executes a fence. */
    void (*fence)(struct hvrv_hart *hart, const struct hvrv_hart_fence *fence);
    /**
     * Executes an HLV, HLVX or HSV at @p gva: transfer->value is what is stored,
     * or becomes what is loaded, extended to 64 bits. False: it trapped, and
     * transfer->trap says how.
     */
    bool (*access)(struct hvrv_hart *hart, enum hvrv_hart_access access, hvrv_gva gva,
                   struct hvrv_hart_transfer *transfer);
};

/** A hart. The caller owns it. */
struct hvrv_hart {
    const struct hvrv_hart_ops *ops; /**< not used on riscv64, where it may be null */
};

#if defined(__riscv) && __riscv_xlen == 64
#include <hvrv/port/hart_native.h>
#else
#include <hvrv/port/hart_model.h>
#endif

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
 * @brief HINVAL.GVMA for one GPA of one VM; between hvrv_hart_sfence_w_inval() and
 *        hvrv_hart_sfence_inval_ir().
 * @param hart a hart with Svinval.
 * @param gpa the address whose G-stage leaf changed.
 * @param vmid the VM, as in hgatp.VMID.
 */
static inline void hvrv_hart_hinval_gvma(struct hvrv_hart *hart, hvrv_gpa gpa, uint64_t vmid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_HINVAL_GVMA, gpa.v >> 2, vmid);
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
 * @brief HINVAL.GVMA for one GPA of every VM.
 * @param hart a hart with Svinval.
 * @param gpa the address whose G-stage leaf changed.
 */
static inline void hvrv_hart_hinval_gvma_gpa(struct hvrv_hart *hart, hvrv_gpa gpa)
{
    hvrv_hart_fence_address(hart, HVRV_HART_HINVAL_GVMA, gpa.v >> 2);
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
 * @brief HINVAL.VVMA for all of the VM whose VMID is in hgatp.
 * @param hart a hart with Svinval.
 */
static inline void hvrv_hart_hinval_vvma_all(struct hvrv_hart *hart)
{
    hvrv_hart_fence_all(hart, HVRV_HART_HINVAL_VVMA);
}

/**
 * @brief SFENCE.VMA for the hypervisor's own address space: one address and ASID.
 * @param hart the hart.
 * @param address a virtual address of HS-mode.
 * @param asid as in satp.ASID.
 */
static inline void hvrv_hart_sfence_vma(struct hvrv_hart *hart, uint64_t address, uint64_t asid)
{
    hvrv_hart_fence_both(hart, HVRV_HART_SFENCE_VMA, address, asid);
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

/**
 * @brief Reads or writes guest memory as the guest would (norm:hlsv_priv, norm:hlsv_trans).
 *
 * The guest is the one whose vsatp, hgatp and hstatus.SPVP are in the hart. A
 * fault does not trap but comes back as a record. HLVX needs X in place of R
 * and reports load faults (norm:hlsv_u_op).
 *
 * Interrupts are off for the few instructions that this takes. sstatus,
 * hstatus and stvec are put back; scause, sepc, stval, htval and htinst are
 * lost if the access traps, so whoever handles a trap reads them before.
 *
 * One function an instruction stands below: hvrv_hart_hlv_b() and so on.
 * @param hart the hart.
 * @param access which instruction.
 * @param gva any address.
 * @param[in,out] transfer its value is stored, or is what was loaded, extended to 64 bits and
 *                         0 if it trapped; its trap is all zero if the access was done.
 * @retval HVRV_OK done.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT @p access is none.
 * @retval HVRV_ERR_ACCESS it trapped.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_hart_access_guest(struct hvrv_hart *hart,
                                                        enum hvrv_hart_access access, hvrv_gva gva,
                                                        struct hvrv_hart_transfer *transfer);

/** hvrv_hart_access_guest() by one of the instructions of #HVRV_HART_ACCESS_LIST. */
#define HVRV_HART_ACCESS_FUNCTION(id, name, funct7, rs2)                           \
    HVRV_MUST_CHECK static inline enum hvrv_status hvrv_hart_##name(               \
        struct hvrv_hart *hart, hvrv_gva gva, struct hvrv_hart_transfer *transfer) \
    {                                                                              \
        return hvrv_hart_access_guest(hart, id, gva, transfer);                    \
    }
HVRV_HART_ACCESS_LIST(HVRV_HART_ACCESS_FUNCTION)
#undef HVRV_HART_ACCESS_FUNCTION

#ifdef __cplusplus
}
#endif

#endif
/** @} */
