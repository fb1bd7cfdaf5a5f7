/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup domain Domains
 * @brief Supervisor domains on a hart: whose registers are in it, and how one calls the other.
 *
 * A TSM-driver, in M-mode, has a struct hvrv_domain_hart for each hart, in mscratch while a domain
 * runs, and hvrv_domain_vector() in mtvec. A trap to M-mode saves the 31 x registers and the pc
 * into the context of the domain that runs, calls the driver's handler, and goes on with the domain
 * that is the current one then. Most traps change nothing there: a timer, a console. Four calls do:
 *
 *     hvrv_domain_call()     TEECALL: the caller's registers away, the callee's in, at its stvec
 *     hvrv_domain_return()   TEERET: the callee's registers away, the caller's in, with an answer
 *     hvrv_domain_resume()   TEERESUME: an interrupted callee goes on where it was
 *     hvrv_domain_start()    boot: a domain runs for the first time
 *
 * What a domain has for itself: the x registers, the pc, and every register of
 * #HVRV_DOMAIN_CSR_LIST. A callee finds a0 to a7 of the call, all other x registers 0, scause
 * #HVRV_DOMAIN_CAUSE_TEECALL, sie 0, and the CSRs as it had them when it returned from its start.
 * A caller finds all as it was, but for a0 and a1, and scause and stval if the callee
 * says so. Floating-point and vector registers are the caller's to save: #hvrv_domain_config.fp.
 *
 * What domains share: time, stimecmp (the host's timer ends a TVM's turn), and the pending bits of
 * S-level interrupts. What AIA and other extensions have beyond the list is to be kept from all
 * domains but one by mstateen.
 *
 * Translations: without Smsd a hart does not know whose they are, so every change of domain
 * executes SFENCE.VMA and HFENCE.GVMA for everything, and HFENCE.VVMA under both domains' hgatp.
 * That instruction reaches only the VMID in hgatp (norm:hfence-vvma_limits). A domain with several
 * guests executes it itself when it next puts another one's VMID there, after a call. With Smsd
 * (#hvrv_domain_config.has_sdid) the SDID in mmpt tells them apart. It changes, in
 * #hvrv_domain_config.enter, while satp, vsatp and hgatp are 0: a hart may translate at any time.
 *
 * One callee a hart at a time, and no call from a callee: the callee of an interrupted call can
 * be resumed, and not called.
 *
 * What is not here: which memory each may reach (@ref isolation, by #hvrv_domain_config.enter), and
 * what an ECALL means.
 *
 * The specification's names: its THCS is struct hvrv_domain_hart; the hssa is the context of a
 * domain that is CALLING, and the tssa #hvrv_domain.start of the one that it calls. The
 * specification has one of each, for a host and a TSM; here any two domains of a hart may be the
 * pair.
 *
 * Source: CoVE specification, chapter "Reference Architecture Details" and appendix A.
 * @{
 */
#ifndef HVRV_COVE_DOMAIN_H
#define HVRV_COVE_DOMAIN_H

#include <hvrv/port/hart.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Domains a hart can have. */
#define HVRV_DOMAINS_MAX 4

/** scause of a callee: a cause that the manual leaves to platforms. */
#define HVRV_DOMAIN_CAUSE_TEECALL UINT64_C(24)

/** The extension of the calls between TSM and TSM-driver, for a7. This library's own. */
#define HVRV_DOMAIN_EXTENSION UINT64_C(0x0a485652)

/** The functions: enumerator, number, who calls and with what. */
#define HVRV_DOMAIN_FUNCTION_LIST(X)                                                         \
    X(HVRV_DOMAIN_TEERET, 0,                                                                 \
      "TSM: a0 error, a1 value, a2 scause, a3 stval, a4 HVRV_DOMAIN_RETURN_CAUSE or 0")      \
    X(HVRV_DOMAIN_ISOLATE, 1, "TSM: a0 first byte, a1 bytes, a2 1: to the host, 0: from it") \
    X(HVRV_DOMAIN_FENCE, 2, "TSM: this hart obeys the tables as they are")                   \
    X(HVRV_DOMAIN_TEERESUME, 8, "host: goes on with an interrupted call")

/** Functions of #HVRV_DOMAIN_EXTENSION, for a6. */
enum hvrv_domain_function {
#define HVRV_DOMAIN_ENUMERATOR(id, number, text) id = (number),
    HVRV_DOMAIN_FUNCTION_LIST(HVRV_DOMAIN_ENUMERATOR)
#undef HVRV_DOMAIN_ENUMERATOR
};

/** TEERET, a4: a2 and a3 are for the caller's scause and stval. */
#define HVRV_DOMAIN_RETURN_CAUSE UINT64_C(1)
/** TEERET, a4: the call is not finished: all registers are kept for TEERESUME. */
#define HVRV_DOMAIN_RETURN_INTERRUPTED UINT64_C(2)

/** The error that a caller sees of a call that is not finished: positive, so it is none of the
 * SBI's. */
#define HVRV_DOMAIN_INTERRUPTED_CALL INT64_C(1)

/** The CSRs that each domain has for itself on most harts: name, HVRV_DOMAIN_HAS_ bits without
 * which it is not there. hvip is after vstimecmp, whose write takes VSTIP from it on QEMU. */
#define HVRV_DOMAIN_CSR_COMMON_LIST(X) \
    X(sstatus, 0)                      \
    X(sie, 0)                          \
    X(stvec, 0)                        \
    X(scounteren, 0)                   \
    X(sscratch, 0)                     \
    X(sepc, 0)                         \
    X(scause, 0)                       \
    X(stval, 0)                        \
    X(satp, 0)                         \
    X(hstatus, 0)                      \
    X(hedeleg, 0)                      \
    X(hideleg, 0)                      \
    X(hie, 0)                          \
    X(vsie, 0)                         \
    X(hcounteren, 0)                   \
    X(htimedelta, 0)                   \
    X(htval, 0)                        \
    X(htinst, 0)                       \
    X(hgeie, 0)                        \
    X(hgatp, 0)                        \
    X(vsstatus, 0)                     \
    X(vstvec, 0)                       \
    X(vsscratch, 0)                    \
    X(vsepc, 0)                        \
    X(vscause, 0)                      \
    X(vstval, 0)                       \
    X(vsatp, 0)                        \
    X(senvcfg, HVRV_DOMAIN_HAS_ENVCFG) \
    X(henvcfg, HVRV_DOMAIN_HAS_ENVCFG) \
    X(vstimecmp, HVRV_DOMAIN_HAS_SSTC) \
    X(hvip, 0)

/** Those that few harts have. */
#define HVRV_DOMAIN_CSR_RARE_LIST(X)      \
    X(sstateen0, HVRV_DOMAIN_HAS_STATEEN) \
    X(hstateen0, HVRV_DOMAIN_HAS_STATEEN) \
    X(scontext, HVRV_DOMAIN_HAS_SCONTEXT) \
    X(hcontext, HVRV_DOMAIN_HAS_HCONTEXT) \
    X(ssp, HVRV_DOMAIN_HAS_SSP)           \
    X(scountinhibit, HVRV_DOMAIN_HAS_SCOUNTINHIBIT)

/** All of them. */
#define HVRV_DOMAIN_CSR_LIST(X) HVRV_DOMAIN_CSR_COMMON_LIST(X) HVRV_DOMAIN_CSR_RARE_LIST(X)

/** The harts have senvcfg and henvcfg. */
#define HVRV_DOMAIN_HAS_ENVCFG UINT32_C(1)
/** The harts have Ssstateen. */
#define HVRV_DOMAIN_HAS_STATEEN UINT32_C(2)
/** The harts have Sstc, and menvcfg.STCE is 1. */
#define HVRV_DOMAIN_HAS_SSTC UINT32_C(4)
/** The harts have scontext. */
#define HVRV_DOMAIN_HAS_SCONTEXT UINT32_C(8)
/** The harts have shadow stacks (Zicfiss). */
#define HVRV_DOMAIN_HAS_SSP UINT32_C(16)
/** The harts have hcontext. */
#define HVRV_DOMAIN_HAS_HCONTEXT UINT32_C(32)
/** The harts have scountinhibit. */
#define HVRV_DOMAIN_HAS_SCOUNTINHIBIT UINT32_C(64)

/** The CSRs of a domain that is not in the hart. */
struct hvrv_domain_csrs {
#define HVRV_DOMAIN_FIELD(name, needs) uint64_t name; /**< the register of this name */
    HVRV_DOMAIN_CSR_LIST(HVRV_DOMAIN_FIELD)
#undef HVRV_DOMAIN_FIELD
};

/** The registers of a domain. x and pc hold while M-mode runs; csr while another domain does. */
struct hvrv_domain_context {
    uint64_t x[32];              /**< by number; x0 stays 0 */
    uint64_t pc;                 /**< where it goes on */
    struct hvrv_domain_csrs csr; /**< old while the domain is the current one */
};

/** What a domain is doing on a hart. */
enum hvrv_domain_state {
    HVRV_DOMAIN_ABSENT,      /**< never started */
    HVRV_DOMAIN_STARTING,    /**< running for the first time */
    HVRV_DOMAIN_READY,       /**< can be called */
    HVRV_DOMAIN_CALLED,      /**< runs, for a caller */
    HVRV_DOMAIN_INTERRUPTED, /**< a call is not finished */
    HVRV_DOMAIN_CALLING,     /**< waits for a callee */
    HVRV_DOMAIN_RUNNING,     /**< runs, for itself */
};

/** A domain on a hart. */
struct hvrv_domain {
    struct hvrv_domain_context context; /**< registers */
    struct hvrv_domain_csrs start;      /**< READY and after: the CSRs with which a call begins */
    enum hvrv_domain_state state;       /**< what it is doing */
    uint32_t caller;                    /**< CALLED, INTERRUPTED: whose call */
};

/** What becomes of floating-point and vector registers when a callee returns. */
enum hvrv_domain_fp {
    HVRV_DOMAIN_FP_LEAVE, /**< they stay: the callee clears what it used (#HVRV_VHART_EAGER) */
    HVRV_DOMAIN_FP_CLEAR, /**< they are cleared, on harts that have them */
};

struct hvrv_domain_hart;

/** What hvrv_domain_init() is told. */
struct hvrv_domain_config {
    struct hvrv_hart *hart; /**< the port */
    void *stack;            /**< where the handler's stack begins, at its upper end; 16-aligned */
    /** The driver's: a trap to M-mode, mcause and mtval tell which. */
    void (*handler)(struct hvrv_domain_hart *hart);
    /** A domain becomes the current one: open its memory to this hart, close all other. */
    void (*enter)(void *context, uint32_t domain);
    void *context;          /**< passed to enter, and for the handler */
    uint32_t has;           /**< HVRV_DOMAIN_HAS_ bits */
    enum hvrv_domain_fp fp; /**< floating-point and vector registers; CLEAR needs the next two */
    bool has_fp;            /**< the hart has F and D */
    bool has_vector;        /**< the hart has V */
    bool has_sdid;          /**< translations are tagged with mmpt.SDID, and enter sets it */
};

/** A hart. The caller owns it; the first five fields are known to the vector. */
struct hvrv_domain_hart {
    struct hvrv_domain_context *current;            /**< of the domain that runs */
    void (*handler)(struct hvrv_domain_hart *hart); /**< as given */
    void *stack;                                    /**< as given */
    uint64_t scratch;                               /**< the vector's */
    uint64_t gp;                                    /**< the handler's, from hvrv_domain_leave() */
    struct hvrv_domain_config config;               /**< as given */
    uint32_t running;                               /**< the domain that runs */
    struct hvrv_domain domains[HVRV_DOMAINS_MAX];   /**< by number */
};

/** How a domain begins. */
struct hvrv_domain_entry {
    uint64_t pc; /**< where */
    uint64_t a0; /**< its a0 */
    uint64_t a1; /**< its a1 */
};

/**
 * @brief Makes a hart without domains. No register is touched.
 * @param[out] hart the hart; all zero if the call fails.
 * @param config what to make it of; copied.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ALIGN the stack is no multiple of 16.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_domain_init(struct hvrv_domain_hart *hart,
                                                  const struct hvrv_domain_config *config);

/**
 * @brief Makes a domain the current one, for the first time.
 *
 * Every register of the list is 0, but for sstatus.UXL and hstatus.VSXL, which are 2, and
 * vstimecmp, which is all ones. A domain that is to be called returns from here by
 * hvrv_domain_return(): then it is READY, and its CSRs of that moment are those with which calls
 * begin. Domain 0 is the host's: it runs from now on, calls, and is never called.
 * @param hart made by hvrv_domain_init(); the call is executed on it, in M-mode.
 * @param domain below #HVRV_DOMAINS_MAX.
 * @param entry where it begins, and with what.
 * @retval HVRV_OK it runs as soon as the handler returns.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE there is no such number.
 * @retval HVRV_ERR_STATE it was started before, or a domain is running.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_domain_start(struct hvrv_domain_hart *hart, uint32_t domain,
                                                   const struct hvrv_domain_entry *entry);

/**
 * @brief TEECALL: the domain that runs, which executed an ECALL, calls another.
 * @param hart made by hvrv_domain_init(); the call is executed on it, in M-mode.
 * @param domain the callee.
 * @retval HVRV_OK the callee runs as soon as the handler returns. The caller goes on behind its
 * ECALL.
 * @retval HVRV_ERR_NULL @p hart is null.
 * @retval HVRV_ERR_RANGE there is no such number.
 * @retval HVRV_ERR_MISSING the callee was never started, or did not return from its start.
 * @retval HVRV_ERR_STATE the callee has a call that is not finished, or the caller was called
 * itself.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_domain_call(struct hvrv_domain_hart *hart, uint32_t domain);

/**
 * @brief TEERET: the callee that runs, which executed an ECALL, answers.
 *
 * Its a0 and a1 go to the caller, and a2 and a3 as a4 says.
 * @param hart made by hvrv_domain_init(); the call is executed on it, in M-mode.
 * @retval HVRV_OK the caller runs as soon as the handler returns; after a start, nobody: the
 * handler starts another domain, or waits until it can.
 * @retval HVRV_ERR_NULL @p hart is null.
 * @retval HVRV_ERR_ARGUMENT a4 has bits that mean nothing.
 * @retval HVRV_ERR_STATE the domain that runs was not called.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_domain_return(struct hvrv_domain_hart *hart);

/**
 * @brief TEERESUME: the domain that runs, which executed an ECALL, has its interrupted call go on.
 *
 * The callee finds every register as it was, and goes on behind the ECALL of its TEERET.
 * @param hart made by hvrv_domain_init(); the call is executed on it, in M-mode.
 * @param domain the callee.
 * @retval HVRV_OK the callee runs as soon as the handler returns.
 * @retval HVRV_ERR_NULL @p hart is null.
 * @retval HVRV_ERR_RANGE there is no such number.
 * @retval HVRV_ERR_STATE the callee has no interrupted call of this caller's on this hart.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_domain_resume(struct hvrv_domain_hart *hart, uint32_t domain);

/* The vector is riscv64's. */
#if defined(__riscv) && __riscv_xlen == 64

/** @brief The value for mtvec. A multiple of 4. Not to be called. */
void hvrv_domain_vector(void);

/**
 * @brief Leaves M-mode for the current domain, as a handler's return does. For boot code.
 *
 * mstatus.MPP must be 1 (S) and MPV 0.
 * @param hart with a domain started; becomes mscratch.
 */
__attribute__((noreturn)) void hvrv_domain_leave(struct hvrv_domain_hart *hart);

#endif

#ifdef __cplusplus
}
#endif

#endif
/** @} */
