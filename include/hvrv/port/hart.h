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
 * The fences are in hart_fence.h, the structures in hart_types.h; this file
 * includes both.
 * @{
 */
#ifndef HVRV_PORT_HART_H
#define HVRV_PORT_HART_H

#include <hvrv/port/hart_fence.h>

#ifdef __cplusplus
extern "C" {
#endif

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
