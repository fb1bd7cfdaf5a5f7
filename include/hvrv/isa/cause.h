/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup cause Causes and faults
 * @brief Exceptions, interrupts, and the complete record of a translation fault.
 *
 * struct hvrv_fault holds what the hart would write to its trap CSRs for a
 * failed translation, and beside it what no CSR tells: which stage, which
 * level, which entry, and why. A fault is the guest's doing, so it is a result
 * and never an enum hvrv_status.
 *
 * What is not here: htinst of an explicit access. The walker does not know the
 * instruction, so it gives 0, which a hart may always do; a hart may also
 * write the transformed instruction (norm:H_trap_xtinst).
 * @{
 */
#ifndef HVRV_ISA_CAUSE_H
#define HVRV_ISA_CAUSE_H

#include <stddef.h>

#include <hvrv/isa/mode.h>

#ifdef __cplusplus
extern "C" {
#endif

/** scause.INTERRUPT: set for an interrupt, clear for an exception. */
#define HVRV_CAUSE_INTERRUPT HVRV_BIT(63)

/** The exceptions (norm:scause): enumerator, code, name. */
#define HVRV_CAUSE_LIST(X)                                                   \
    X(HVRV_CAUSE_FETCH_MISALIGNED, 0, "instruction address misaligned")      \
    X(HVRV_CAUSE_FETCH_ACCESS, 1, "instruction access fault")                \
    X(HVRV_CAUSE_ILLEGAL_INSTRUCTION, 2, "illegal instruction")              \
    X(HVRV_CAUSE_BREAKPOINT, 3, "breakpoint")                                \
    X(HVRV_CAUSE_LOAD_MISALIGNED, 4, "load address misaligned")              \
    X(HVRV_CAUSE_LOAD_ACCESS, 5, "load access fault")                        \
    X(HVRV_CAUSE_STORE_MISALIGNED, 6, "store/AMO address misaligned")        \
    X(HVRV_CAUSE_STORE_ACCESS, 7, "store/AMO access fault")                  \
    X(HVRV_CAUSE_ECALL_U, 8, "environment call from U-mode or VU-mode")      \
    X(HVRV_CAUSE_ECALL_HS, 9, "environment call from HS-mode")               \
    X(HVRV_CAUSE_ECALL_VS, 10, "environment call from VS-mode")              \
    X(HVRV_CAUSE_ECALL_M, 11, "environment call from M-mode")                \
    X(HVRV_CAUSE_FETCH_PAGE_FAULT, 12, "instruction page fault")             \
    X(HVRV_CAUSE_LOAD_PAGE_FAULT, 13, "load page fault")                     \
    X(HVRV_CAUSE_STORE_PAGE_FAULT, 15, "store/AMO page fault")               \
    X(HVRV_CAUSE_DOUBLE_TRAP, 16, "double trap")                             \
    X(HVRV_CAUSE_SOFTWARE_CHECK, 18, "software check")                       \
    X(HVRV_CAUSE_HARDWARE_ERROR, 19, "hardware error")                       \
    X(HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT, 20, "instruction guest-page fault") \
    X(HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT, 21, "load guest-page fault")         \
    X(HVRV_CAUSE_VIRTUAL_INSTRUCTION, 22, "virtual instruction")             \
    X(HVRV_CAUSE_STORE_GUEST_PAGE_FAULT, 23, "store/AMO guest-page fault")

/** Exception codes of scause. */
enum hvrv_cause {
#define HVRV_CAUSE_ENUMERATOR(id, code, name) id = (code),
    HVRV_CAUSE_LIST(HVRV_CAUSE_ENUMERATOR)
#undef HVRV_CAUSE_ENUMERATOR
};

/** The interrupts (norm:H_cause): enumerator, code, name. */
#define HVRV_INTERRUPT_LIST(X)                                          \
    X(HVRV_INTERRUPT_SSI, 1, "supervisor software interrupt")           \
    X(HVRV_INTERRUPT_VSSI, 2, "virtual supervisor software interrupt")  \
    X(HVRV_INTERRUPT_MSI, 3, "machine software interrupt")              \
    X(HVRV_INTERRUPT_STI, 5, "supervisor timer interrupt")              \
    X(HVRV_INTERRUPT_VSTI, 6, "virtual supervisor timer interrupt")     \
    X(HVRV_INTERRUPT_MTI, 7, "machine timer interrupt")                 \
    X(HVRV_INTERRUPT_SEI, 9, "supervisor external interrupt")           \
    X(HVRV_INTERRUPT_VSEI, 10, "virtual supervisor external interrupt") \
    X(HVRV_INTERRUPT_MEI, 11, "machine external interrupt")             \
    X(HVRV_INTERRUPT_SGEI, 12, "supervisor guest external interrupt")   \
    X(HVRV_INTERRUPT_LCOFI, 13, "local counter-overflow interrupt")

/** Interrupt codes of scause and bit numbers of sip, sie, hip, hie, hvip and hideleg. */
enum hvrv_interrupt {
#define HVRV_INTERRUPT_ENUMERATOR(id, code, name) id = (code),
    HVRV_INTERRUPT_LIST(HVRV_INTERRUPT_ENUMERATOR)
#undef HVRV_INTERRUPT_ENUMERATOR
};

/**
 * @brief The manual's name of what scause says.
 * @param scause any value, with the interrupt bit.
 * @return a constant string; for a code that has no row "custom" or "platform" where the manual
 *         leaves it to a maker of harts or machines (norm:H_cause), else "reserved".
 */
const char *hvrv_cause_name(uint64_t scause);

/** What an access does to memory. */
enum hvrv_access {
    HVRV_ACCESS_LOAD,  /**< a load, LR, HLV: needs R (or X under MXR) */
    HVRV_ACCESS_STORE, /**< a store, SC, AMO, HSV: needs W */
    HVRV_ACCESS_FETCH, /**< an instruction fetch: needs X */
    HVRV_ACCESS_HLVX,  /**< HLVX: needs X in place of R, faults as a load */
};

/** The number of rows of enum hvrv_access. */
#define HVRV_ACCESS_COUNT 4

/** How a translation fails, apart from the access that it fails for. */
enum hvrv_fault_class {
    HVRV_FAULT_ACCESS,     /**< access fault: causes 1, 5 and 7 */
    HVRV_FAULT_PAGE,       /**< page fault of the VS-stage: causes 12, 13 and 15 */
    HVRV_FAULT_GUEST_PAGE, /**< guest-page fault of the G-stage: causes 20, 21 and 23 */
};

/**
 * @brief The cause that reports a failed access.
 * @param fault_class how it failed.
 * @param access the original access; HLVX reports as a load.
 * @return one of the nine causes.
 */
enum hvrv_cause hvrv_cause_of(enum hvrv_fault_class fault_class, enum hvrv_access access);

/** htinst for a 64-bit implicit read of a VS-stage PTE (norm:H_trap_xtinst_guestpage). */
#define HVRV_HTINST_PSEUDO_READ64 UINT64_C(0x3000)
/** htinst for a 64-bit implicit write of a VS-stage PTE, to update A or D. */
#define HVRV_HTINST_PSEUDO_WRITE64 UINT64_C(0x3020)
/** htinst for a 32-bit implicit read (an RV32 guest's PTE). */
#define HVRV_HTINST_PSEUDO_READ32 UINT64_C(0x2000)
/** htinst for a 32-bit implicit write (an RV32 guest's PTE). */
#define HVRV_HTINST_PSEUDO_WRITE32 UINT64_C(0x2020)

/** Why a translation failed: enumerator, one word, the end of a sentence. */
#define HVRV_REASON_LIST(X)                                                                       \
    X(HVRV_REASON_NONE, "none", "nothing is wrong")                                               \
    X(HVRV_REASON_NOT_CANONICAL, "not-canonical",                                                 \
      "the address is not canonical: its upper bits do not repeat the top bit of the mode's "     \
      "width")                                                                                    \
    X(HVRV_REASON_TOO_WIDE, "too-wide",                                                           \
      "the guest physical address is wider than the mode allows")                                 \
    X(HVRV_REASON_NOT_VALID, "not-valid", "V is 0")                                               \
    X(HVRV_REASON_WRITE_WITHOUT_READ, "write-without-read",                                       \
      "W is 1 and R is 0, which is reserved")                                                     \
    X(HVRV_REASON_RESERVED_BITS, "reserved-bits", "a reserved bit of 60:54 is set")               \
    X(HVRV_REASON_RESERVED_PBMT, "reserved-pbmt",                                                 \
      "PBMT is 3, or is not 0 where page-based memory types are off")                             \
    X(HVRV_REASON_RESERVED_NAPOT, "reserved-napot",                                               \
      "N is 1, but this is no 64 KiB NAPOT leaf at level 0, or Svnapot is off")                   \
    X(HVRV_REASON_RESERVED_IN_TABLE, "reserved-in-table",                                         \
      "A, D, U, N or PBMT is set in a pointer to a table")                                        \
    X(HVRV_REASON_NO_LEAF, "no-leaf", "the entry at level 0 is a pointer and not a leaf")         \
    X(HVRV_REASON_MISALIGNED, "misaligned", "the superpage's address is not aligned to its size") \
    X(HVRV_REASON_USER, "user",                                                                   \
      "U does not fit the privilege: U-mode needs U, S-mode fetches "                             \
      "need no U, and the G-stage always counts as U-mode")                                       \
    X(HVRV_REASON_SUM, "sum", "a user page is accessed from S-mode while SUM is 0")               \
    X(HVRV_REASON_NOT_READABLE, "not-readable", "the page may not be read")                       \
    X(HVRV_REASON_NOT_WRITABLE, "not-writable", "the page may not be written")                    \
    X(HVRV_REASON_NOT_EXECUTABLE, "not-executable", "the page may not be executed")               \
    X(HVRV_REASON_ACCESSED, "accessed", "A is 0 and the hart does not set it")                    \
    X(HVRV_REASON_DIRTY, "dirty", "D is 0 on a store and the hart does not set it")               \
    X(HVRV_REASON_REFUSED, "refused", "the physical memory port refused to access the entry")

/** Why a translation failed. */
enum hvrv_reason {
#define HVRV_REASON_ENUMERATOR(id, name, text) id,
    HVRV_REASON_LIST(HVRV_REASON_ENUMERATOR)
#undef HVRV_REASON_ENUMERATOR
};

/**
 * @brief The one-word name of a reason, such as "not-valid".
 * @param reason any value.
 * @return a constant string; "unknown" for a value that is no reason.
 */
const char *hvrv_reason_name(enum hvrv_reason reason);

/** An exception that is to be raised in a guest. */
struct hvrv_exception {
    enum hvrv_cause cause; /**< scause */
    uint64_t stval;        /**< stval: an address, an instruction, or 0 */
};

/** A failed translation: the trap record, and beside it where and why. */
struct hvrv_fault {
    uint64_t stval;          /**< the faulting GVA */
    uint64_t htval;          /**< the faulting GPA >> 2 on a guest-page fault, else 0 */
    uint64_t pte;            /**< the entry that failed; 0 if none was read */
    uint64_t pte_address;    /**< its HPA; 0 if none was read */
    uint32_t htinst;         /**< 0x3000 or 0x3020 for an implicit access, else 0 */
    enum hvrv_cause cause;   /**< scause */
    enum hvrv_stage stage;   /**< the stage that failed */
    enum hvrv_reason reason; /**< why */
    enum hvrv_access access; /**< the original access, for which the fault is reported */
    uint8_t level;           /**< the level of #pte; the mode's levels if none was read */
    bool gva;                /**< hstatus.GVA: stval is a guest virtual address */
    bool implicit; /**< the G-stage failed for a VS-stage PTE and not for the access itself */
};

/**
 * @brief Explains a fault in one English sentence.
 *
 * The sentence names the cause, the GVA, the GPA where there is one, the stage,
 * the entry with its address and level, and the reason.
 * @param fault a fault made by the walker.
 * @param[out] buffer takes the sentence, always terminated; may be null if @p size is 0.
 * @param size bytes in @p buffer; 320 hold every sentence.
 * @return the sentence's length without the terminator, which may be more than fitted; 0 if
 *         @p fault is null.
 */
size_t hvrv_fault_explain(const struct hvrv_fault *fault, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
