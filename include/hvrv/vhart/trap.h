/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup trap Trap
 * @brief From the trap CSRs after an exit to what the guest wants.
 *
 * Three steps, each on its own: hvrv_trap_read() takes a snapshot of the CSRs
 * before anything can overwrite them; hvrv_trap_decode() makes a struct
 * hvrv_exit of it and touches no hart and no memory; hvrv_trap_find_gpa() walks
 * the guest's tables in the one case where the snapshot does not tell the
 * guest physical address of a guest-page fault.
 *
 * That case is htval = 0: a hart may always write 0 (norm:H_guest_page_fault),
 * and GPA 0 to 3 looks the same. The address is htval << 2, with stval's low
 * two bits if the fault is one of the explicit access; for a fault of an
 * implicit access to a VS-stage PTE, stval is about another address.
 *
 * htinst comes in four classes (norm:H_trap_xtinst_exception_list). Whatever
 * does not fully conform to one of them, or is not allowed for the cause, is
 * OTHER, and software may treat it as zero.
 *
 * An exit is the guest's doing, and so a result, never an enum hvrv_status.
 *
 * What is not here: fetching the guest's instruction (what it does is told by
 * hvrv_insn_decode()), and answering the exit.
 * @{
 */
#ifndef HVRV_VHART_TRAP_H
#define HVRV_VHART_TRAP_H

#include <hvrv/isa/cause.h>
#include <hvrv/mmu/walk.h>
#include <hvrv/port/hart.h>
#include <hvrv/vhart/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A snapshot of the trap CSRs. */
struct hvrv_trap {
    uint64_t scause;  /**< what hvrv_vhart_enter() returned */
    uint64_t sepc;    /**< where the guest stopped */
    uint64_t sstatus; /**< HS-level sstatus at the trap; SPP is the guest's privilege */
    uint64_t stval;   /**< a GVA if hstatus.GVA, else what the cause says */
    uint64_t htval;   /**< a GPA >> 2, or 0 */
    uint64_t htinst;  /**< as written by the hart */
    uint64_t hstatus; /**< GVA, SPV, SPVP at the trap */
};

/** The kinds of exit: enumerator, name. */
#define HVRV_EXIT_LIST(X)                                   \
    X(HVRV_EXIT_INTERRUPT, "interrupt")                     \
    X(HVRV_EXIT_ECALL, "ecall")                             \
    X(HVRV_EXIT_GUEST_PAGE_FAULT, "guest-page fault")       \
    X(HVRV_EXIT_VIRTUAL_INSTRUCTION, "virtual instruction") \
    X(HVRV_EXIT_ILLEGAL_INSTRUCTION, "illegal instruction") \
    X(HVRV_EXIT_EXCEPTION, "another exception")

/** What ended the guest's turn. */
enum hvrv_exit_kind {
#define HVRV_EXIT_ENUMERATOR(id, name) id,
    HVRV_EXIT_LIST(HVRV_EXIT_ENUMERATOR)
#undef HVRV_EXIT_ENUMERATOR
};

/**
 * @brief The name of a kind of exit, such as "guest-page fault".
 * @param kind any value.
 * @return a constant string; "unknown" for a value that is no kind.
 */
const char *hvrv_exit_name(enum hvrv_exit_kind kind);

/** What htinst holds. */
enum hvrv_htinst {
    HVRV_HTINST_ZERO,        /**< nothing */
    HVRV_HTINST_TRANSFORMED, /**< as hvrv_insn_decode_transformed() knows it: no address in it */
    HVRV_HTINST_PSEUDO,      /**< an implicit access to a VS-stage PTE */
    HVRV_HTINST_CUSTOM, /**< an encoding of the custom opcodes; the hart's manual explains it */
    HVRV_HTINST_OTHER,  /**< none of these, or not allowed here: treat it as zero */
};

/** What is known of the GPA of a guest-page fault. */
enum hvrv_exit_gpa {
    HVRV_EXIT_GPA_NONE,    /**< the exit is no guest-page fault */
    HVRV_EXIT_GPA_KNOWN,   /**< hvrv_exit.gpa is the faulting address */
    HVRV_EXIT_GPA_UNKNOWN, /**< htval was 0: ask hvrv_trap_find_gpa() */
    HVRV_EXIT_GPA_RETRY,   /**< the walk no longer faults there: run the guest again */
};

/** A decoded exit. What a kind does not have is 0. */
struct hvrv_exit {
    enum hvrv_exit_kind kind;           /**< what ended the guest's turn */
    uint64_t cause;                     /**< enum hvrv_cause, or enum hvrv_interrupt */
    enum hvrv_walk_privilege privilege; /**< the guest's privilege at the trap */
    uint64_t value;                     /**< stval: a GVA if #is_gva, the instruction or 0 else */
    bool is_gva;                        /**< hstatus.GVA */
    bool is_implicit; /**< the fault is one of an access to a VS-stage PTE, no device access */
    enum hvrv_access access;   /**< of a guest-page fault: load, store or fetch */
    enum hvrv_exit_gpa gpa_is; /**< what #gpa is worth */
    hvrv_gpa gpa;              /**< of a guest-page fault, if known */
    enum hvrv_htinst htinst;   /**< the class of htinst */
    uint32_t
        instruction; /**< TRANSFORMED: in its 32-bit form, rs1 = 0; PSEUDO: the value; else 0 */
    uint8_t length;  /**< TRANSFORMED: bytes of the guest's instruction, 2 or 4; else 0 */
    uint8_t offset;  /**< TRANSFORMED: stval less the access's first address, 0 to 31 */
};

/**
 * @brief Takes a snapshot of the trap CSRs, and of hvip, which the guest may have changed.
 *
 * To be called after hvrv_vhart_enter(), before interrupts are enabled and
 * before any HLV or HSV. hvip goes to vhart->csr.hvip, so that whoever injects
 * an interrupt starts from what the guest left of the ones before.
 * @param hart the hart.
 * @param[in,out] vhart the vHart that is loaded on it.
 * @param scause what hvrv_vhart_enter() returned.
 * @param[out] trap the snapshot.
 */
static inline void hvrv_trap_read(struct hvrv_hart *hart, struct hvrv_vhart *vhart, uint64_t scause,
                                  struct hvrv_trap *trap)
{
    trap->scause = scause;
    trap->sepc = vhart->sepc;
    trap->sstatus = vhart->sstatus;
    trap->stval = hvrv_hart_read_stval(hart);
    trap->htval = hvrv_hart_read_htval(hart);
    trap->htinst = hvrv_hart_read_htinst(hart);
    trap->hstatus = hvrv_hart_read_hstatus(hart);
    vhart->csr.hvip = hvrv_hart_read_hvip(hart);
}

/**
 * @brief Decodes a snapshot. Pure.
 * @param trap the snapshot.
 * @param[out] exit the exit.
 * @retval HVRV_OK decoded.
 * @retval HVRV_ERR_NULL a pointer is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_trap_decode(const struct hvrv_trap *trap,
                                                  struct hvrv_exit *exit);

/**
 * @brief Finds the GPA of a guest-page fault whose htval was 0, by walking the guest's tables.
 *
 * The walk may end otherwise than the hart's did, because another vHart or the
 * host changed the tables meanwhile, or because the hart used an old
 * translation. Then gpa_is becomes #HVRV_EXIT_GPA_RETRY: the guest is to
 * execute the instruction again. is_implicit is set as the walk found it. If
 * the GPA is known already nothing is done.
 *
 * TLB duty: none for a retry after a change that was fenced.
 * @param[in,out] exit an exit made by hvrv_trap_decode().
 * @param walk the guest's translation at the trap, with the A/D policies that the hart has: with
 *        others the walk may find no fault where the hart finds one again and again.
 * @retval HVRV_OK gpa_is says KNOWN or RETRY.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT @p exit is no guest-page fault.
 * @retval HVRV_ERR_RACE an entry changed during the walk; call again.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_trap_find_gpa(struct hvrv_exit *exit,
                                                    const struct hvrv_walk *walk);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
