/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup virtual Virtual instructions
 * @brief Instructions that a hart leaves to the hypervisor, served from tables.
 *
 * An instruction that HS-mode may execute but the guest may not, at this moment
 * or ever, ends in a virtual-instruction exception (norm:H_cause_virtual_instruction);
 * one that no mode has in an illegal-instruction exception, if it is not
 * delegated. hvrv_virtual_serve() finds out which instruction it was, looks it up
 * in the caller's tables, then in its own, and if nobody has it, raises an
 * illegal-instruction exception in the guest, which is what the guest would
 * get on a hart without the extension.
 *
 * Tables have two kinds of row: for CSRs by number, and for instructions by mask
 * and match. A row's function says how it went; rd and sepc are written here, after it.
 * So an access that fails changes nothing.
 *
 * The library's own rows: WFI ends in #HVRV_VIRTUAL_WAIT, WRS.NTO and WRS.STO in
 * #HVRV_VIRTUAL_YIELD, if hstatus.VTW makes them trap (norm:vtw_virtinstr); time, cycle and
 * instret where hcounteren hides them: time by the host's and htimedelta, the other two and the
 * hpmcounters as 0, which the guest may read if its scounteren allows.
 *
 * WAIT and YIELD are not the same: a store by another vHart ends a WRS, and no interrupt tells of
 * it. A guest that was parked there until an interrupt comes would hold its lock's next owner up
 * for ever.
 * @{
 */
#ifndef HVRV_VHART_VIRTUAL_H
#define HVRV_VHART_VIRTUAL_H

#include <hvrv/isa/insn.h>
#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/trap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What became of an instruction. */
enum hvrv_virtual_outcome {
    HVRV_VIRTUAL_DONE,    /**< it was served, or an exception was raised: run the guest */
    HVRV_VIRTUAL_WAIT,    /**< the guest waits for an interrupt; sepc is behind the instruction */
    HVRV_VIRTUAL_YIELD,   /**< the guest waits for another vHart's store: run others, then it */
    HVRV_VIRTUAL_RETRY,   /**< the instruction is not there any more: run the guest again */
    HVRV_VIRTUAL_ILLEGAL, /**< of a row's function: raise an illegal-instruction exception */
    HVRV_VIRTUAL_ESCAPE,  /**< of a row's function: it has written sepc and all else itself */
};

/** An access to a CSR that is to be emulated. */
struct hvrv_virtual_access {
    struct hvrv_vhart *vhart;           /**< who */
    struct hvrv_hart *hart;             /**< on which hart */
    uint16_t csr;                       /**< the number */
    enum hvrv_walk_privilege privilege; /**< of the guest */
};

/** A row for the CSRs from #first to #last. A function that is null: no such access. */
struct hvrv_virtual_csr {
    uint16_t first; /**< number */
    uint16_t last;  /**< number, included */
    /** Reads; false: illegal. Not called if rd is x0 in CSRRW, which does not read. */
    bool (*read)(void *context, const struct hvrv_virtual_access *access, uint64_t *value);
    /** Writes, if the instruction writes; false: illegal, and nothing was changed. */
    bool (*write)(void *context, const struct hvrv_virtual_access *access, uint64_t value);
};

/** A row for the instructions whose bits under #mask are #match. */
struct hvrv_virtual_insn {
    uint32_t mask;  /**< which bits count */
    uint32_t match; /**< what they are */
    /** Serves it. DONE, WAIT and YIELD: sepc goes behind it. Null: no such instruction. */
    enum hvrv_virtual_outcome (*serve)(void *context, struct hvrv_vhart *vhart,
                                       const struct hvrv_insn *insn);
};

/** The caller's tables, which come before the library's. All zero: none. */
struct hvrv_virtual {
    const struct hvrv_virtual_csr *csrs;   /**< may be null if csr_count is 0 */
    size_t csr_count;                      /**< how many */
    const struct hvrv_virtual_insn *insns; /**< may be null if insn_count is 0 */
    size_t insn_count;                     /**< how many */
    void *context;                         /**< passed to their functions */
};

/** An exit for an instruction, and where it happened. */
struct hvrv_virtual_exit {
    struct hvrv_hart *hart;       /**< the hart on which the vHart is loaded */
    struct hvrv_vhart *vhart;     /**< the vHart */
    const struct hvrv_exit *exit; /**< a virtual-instruction or illegal-instruction exit */
};

/**
 * @brief Serves an instruction, or raises an illegal-instruction exception.
 *
 * The instruction is stval, or if that is 0 what hvrv_guest_fetch() finds
 * (norm:H_virtinst_xtval leaves both to the hart). CSR instructions read and write as
 * the manual says: CSRRS and CSRRC with x0 do not write, CSRRW to x0 does not read, a write to a
 * read-only register is illegal, and so is an access to a CSR of a higher privilege.
 * @pre The vHart is loaded on the hart that executes the call.
 * @param tables the caller's rows.
 * @param at the exit and where it happened.
 * @param[out] outcome DONE, WAIT, YIELD or RETRY; RETRY if the call fails.
 * @retval HVRV_OK see @p outcome.
 * @retval HVRV_ERR_NULL a pointer is null, a table's too if its count is not 0.
 * @retval HVRV_ERR_ARGUMENT the exit is of another kind.
 * @retval HVRV_ERR_STATE an exception could not be raised: hvrv_inject_exception().
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_virtual_serve(const struct hvrv_virtual *tables,
                                                    const struct hvrv_virtual_exit *at,
                                                    enum hvrv_virtual_outcome *outcome);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
