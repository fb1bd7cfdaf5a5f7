/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup hart
 * What the calls of hart.h take and give, and the lists that they are made of.
 */
#ifndef HVRV_PORT_HART_TYPES_H
#define HVRV_PORT_HART_TYPES_H

#include <hvrv/isa/addr.h>
#include <hvrv/isa/csr.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup hart
 * @{
 */

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

/** @} */

#ifdef __cplusplus
}
#endif

#endif
