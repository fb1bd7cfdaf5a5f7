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
 * HVRV_OK, or HVRV_ERR_ILLEGAL with *value = 0; hvrv_hart_try_read() and
 * hvrv_hart_try_write() take the register as an argument. What traps must
 * reach HS-mode: an illegal instruction that M-mode keeps to itself is M-mode's
 * affair. Like hvrv_hart_access_guest() they lose scause, sepc, stval, htval
 * and htinst if they trap. They work with sstatus.SIE and stvec themselves, so
 * of all registers these two cannot be changed by a try.
 *
 * The fences are in hart_fence.h, which this file includes.
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
#include <hvrv/port/hart_fence.h>

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

/**
 * @brief Reads a CSR that the hart may not have; csrr under guard.
 * @param hart the hart.
 * @param csr any register number.
 * @param[out] value what was read; 0 if the call fails.
 * @retval HVRV_OK read.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT @p csr is not in #HVRV_CSR_LIST.
 * @retval HVRV_ERR_ILLEGAL it trapped.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_hart_try_read(struct hvrv_hart *hart, enum hvrv_csr csr,
                                                    uint64_t *value);

/**
 * @brief Writes a CSR that the hart may not have; csrw under guard.
 * @param hart the hart.
 * @param csr any register number; not sstatus and not stvec, which the guard puts back.
 * @param value any value.
 * @retval HVRV_OK written; which bits were kept, only a read tells.
 * @retval HVRV_ERR_NULL @p hart is null.
 * @retval HVRV_ERR_ARGUMENT @p csr is not in #HVRV_CSR_LIST, or is sstatus or stvec.
 * @retval HVRV_ERR_ILLEGAL it trapped, or would have: the register is read-only.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_hart_try_write(struct hvrv_hart *hart, enum hvrv_csr csr,
                                                     uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
