/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup inject Inject
 * @brief Traps that a guest takes without having caused them, and returns from them.
 *
 * A trap is put into the guest as the hart would have taken it to VS-mode: the
 * guest goes on at its own vstvec, with vsepc, vscause, vstval and vsstatus as
 * the manual says (norm:H_trap_vs_csrwrites). The instruction that trapped is
 * not passed over.
 *
 * Interrupts are not injected but raised (@ref irq): the hart delivers them as
 * soon as the guest lets it. hvrv_inject_interrupt() is for those that hvip does
 * not have.
 *
 * For a guest that is a hypervisor itself, and whose hypervisor CSRs are the
 * host's software, hvrv_inject_nested() does the same to those and to the real
 * CSRs.
 *
 * All calls work on a vHart that is loaded on this hart, or on none. In the
 * first case the VS-level CSRs are the hart's, in the second vhart->csr. henvcfg.DTE
 * is taken from vhart->csr in both: it is for harts with Ssdbltrp alone.
 * @{
 */
#ifndef HVRV_VHART_INJECT_H
#define HVRV_VHART_INJECT_H

#include <hvrv/isa/cause.h>
#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/trap.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Raises an exception in the guest.
 *
 * vsstatus: SPP is the privilege that the guest had, SPIE its SIE, SIE becomes
 * 0; with henvcfg.DTE SDT becomes 1; SPELP takes what the trap to HS-mode kept
 * in sstatus.SPELP, and that becomes 0 (norm:Zicfilp_pelp_trap). The guest goes on in
 * VS-mode, at vstvec.BASE whatever vstvec.MODE says (norm:vstvec_sz_acc_op).
 * @param vhart the vHart.
 * @param exception what; one that VS-mode can have, so none of the causes 9 to 11 and 16, 20 to
 *        23.
 * @retval HVRV_OK raised.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT VS-mode has no such exception.
 * @retval HVRV_ERR_STATE henvcfg.DTE and vsstatus.SDT are 1: this would be a double trap, and
 *         the vHart cannot go on (norm:henvcfg_dte_op). Nothing was changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_inject_exception(struct hvrv_vhart *vhart,
                                                       const struct hvrv_exception *exception);

/**
 * @brief Makes the guest take an interrupt at once.
 *
 * As hvrv_inject_exception(), but vscause has its interrupt bit, vstval is 0, and with
 * vstvec.MODE = Vectored the guest goes on at BASE + 4 * @p interrupt. Nothing becomes pending:
 * this is for sources that are not in hvip, of which the hypervisor has found that they are pending
 * and enabled in the guest's sie.
 * @param vhart the vHart.
 * @param interrupt the number that VS-mode has for it (norm:hideleg_trans): SSI, STI, SEI, LCOFI,
 *        or 16 to 63, the platform's.
 * @retval HVRV_OK taken.
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_ARGUMENT VS-mode has no such interrupt.
 * @retval HVRV_ERR_STATE the guest is in VS-mode with vsstatus.SIE = 0, so that it takes none now;
 *         or as for hvrv_inject_exception(). Nothing was changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_inject_interrupt(struct hvrv_vhart *vhart,
                                                       enum hvrv_interrupt interrupt);

/**
 * @brief Raises an illegal-instruction exception.
 * @param vhart the vHart.
 * @param instruction its bits, which vstval gets.
 * @return as hvrv_inject_exception().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_inject_illegal(struct hvrv_vhart *vhart,
                                                     uint32_t instruction);

/**
 * @brief Raises the access fault for a guest-page fault that nobody serves.
 *
 * vstval is the address that the guest used; the fault of an implicit access to
 * a VS-stage PTE is the access fault of the original access, too.
 * @param vhart the vHart.
 * @param exit a guest-page fault.
 * @retval HVRV_ERR_ARGUMENT @p exit is no guest-page fault.
 * @return and the others: as hvrv_inject_exception().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_inject_access_fault(struct hvrv_vhart *vhart,
                                                          const struct hvrv_exit *exit);

/**
 * @brief Does the guest's SRET: back from a trap to what vsstatus and vsepc say.
 *
 * SIE becomes SPIE, SPIE 1, the privilege SPP, SPP 0, SDT 0 (norm:sret_v1, norm:sret_dt). SPELP
 * goes to sstatus.SPELP, from which the guest's entry takes it if the LPE of the guest's new mode
 * is 1 (norm:Zicfilp_pelp_trap_return), and becomes 0.
 * @param vhart the vHart.
 * @retval HVRV_OK done.
 * @retval HVRV_ERR_NULL @p vhart is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_inject_return(struct hvrv_vhart *vhart);

/** The hypervisor CSRs of a guest that is a hypervisor, as its own software sees them. */
struct hvrv_inject_virtual {
    uint64_t hstatus; /**< GVA, SPV and SPVP are written by a trap */
    uint64_t htval;   /**< written by every trap */
    uint64_t htinst;  /**< written by every trap */
    bool is_v;        /**< the guest's own virtual machine is running; ended by a trap */
};

/** What a trap brings that struct hvrv_exception has not. */
struct hvrv_inject_extra {
    uint64_t htval;  /**< a GPA >> 2 of the guest's own guest, or 0 */
    uint64_t htinst; /**< as for the CSR, or 0 */
    bool gva;        /**< stval is a GVA of the guest's own guest */
};

/**
 * @brief Raises an exception in a guest that is a hypervisor, in its HS-mode.
 *
 * As hvrv_inject_exception(), with every cause but 9, 11 and 16; and hstatus.GVA, SPV and SPVP,
 * htval and htinst as a trap to HS-mode writes them (norm:H_trap_hs_csrwrites). Switching
 * the tables between the guest and its guest is the caller's.
 * @param vhart the vHart.
 * @param exception what.
 * @param extra what goes to htval, htinst and hstatus.GVA.
 * @param[in,out] csrs the guest's hypervisor CSRs; is_v becomes false.
 * @return as hvrv_inject_exception().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_inject_nested(struct hvrv_vhart *vhart,
                                                    const struct hvrv_exception *exception,
                                                    const struct hvrv_inject_extra *extra,
                                                    struct hvrv_inject_virtual *csrs);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
