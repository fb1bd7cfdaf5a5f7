/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup context Context
 * @brief The registers of a vHart, and the way into the guest and back.
 *
 * A vHart is what a guest takes for a hart. Its registers fall in two groups,
 * by when they change hands:
 *
 *  - at every entry and exit (hvrv_vhart_enter(), assembly): the 31 GPRs, sepc,
 *    sstatus and hstatus, because a trap or the host's own code changes them;
 *  - when the hart takes up another vHart (bind.h): struct hvrv_vhart_csrs and
 *    the floating-point and vector registers. Between load and put they live in the hart,
 *    and the copies here are old.
 *
 * sstatus holds the HS-level register while the guest runs. Its FS and VS are those
 * that tell whether the guest dirtied the floating-point and the vector registers, since the
 * guest cannot change them (norm:vsstatus_fs_op, norm:vsstatus_vs_op). While the vHart is loaded,
 * they are for hvrv_bind_enable_fp() and hvrv_bind_enable_vector() to change.
 *
 * hstatus is written at entry and not saved at exit: a trap from the guest
 * changes SPV, SPVP and GVA only; SPV must be 1 at entry, GVA belongs to the
 * trap, and SPVP repeats sstatus.SPP (norm:H_trap_hs_csrwrites). After an exit
 * it stays in the hart, so HLV and HSV act for this guest at once.
 *
 * What is not here: AIA's and other extensions' registers.
 * hvrv_vhart_init() keeps the guest away from what nobody saves, as far as the hart can: without
 * Ssstateen, scontext and what AIA shares with the host pass from guest to guest.
 * @{
 */
#ifndef HVRV_VHART_CONTEXT_H
#define HVRV_VHART_CONTEXT_H

#include <hvrv/isa/csr.h>
#include <hvrv/port/probe.h>
#include <hvrv/status.h>
#include <hvrv/vhart/registers.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The CSRs that change with the vHart: name, value at reset.
 *
 * vsstatus: all off, UXL = 2 (64 bits). vsie, hvip: no interrupt enabled, none pending.
 * vsatp: Bare. vstimecmp: never. hedeleg, hideleg: below. henvcfg: CBIE = 1 (an invalidation
 * flushes, so that it cannot bring back what memory held before), CBCFE, CBZE, STCE; each bit
 * has an effect only where the hart has the extension. hcounteren: time; scounteren: cycle,
 * time, instret, as a guest's firmware leaves it. hstateen0: SE0 and ENVCFG, the only state
 * among those it guards that is saved here. htimedelta: the host's time.
 */
#define HVRV_VHART_CSR_LIST(X)             \
    X(vsstatus, 0x200000000)               \
    X(vsie, 0)                             \
    X(vstvec, 0)                           \
    X(vsscratch, 0)                        \
    X(vsepc, 0)                            \
    X(vscause, 0)                          \
    X(vstval, 0)                           \
    X(vsatp, 0)                            \
    X(hvip, 0)                             \
    X(hedeleg, HVRV_VHART_HEDELEG_DEFAULT) \
    X(hideleg, HVRV_VHART_HIDELEG_DEFAULT) \
    X(henvcfg, 0x80000000000000d0)         \
    X(hcounteren, 0x2)                     \
    X(hstateen0, 0xc000000000000000)       \
    X(sstateen0, 0)                        \
    X(senvcfg, 0)                          \
    X(scounteren, 0x7)                     \
    X(htimedelta, 0)                       \
    X(vstimecmp, UINT64_MAX)

/**
 * The exceptions that go to the guest itself: misaligned addresses, illegal
 * instruction, breakpoint, ECALL from VU-mode, page faults, software check.
 * Not access faults and hardware errors: those speak of the host's memory.
 */
#define HVRV_VHART_HEDELEG_DEFAULT                                                         \
    (HVRV_HEDELEG_FETCH_MISALIGNED | HVRV_HEDELEG_ILLEGAL | HVRV_HEDELEG_BREAKPOINT |      \
     HVRV_HEDELEG_LOAD_MISALIGNED | HVRV_HEDELEG_STORE_MISALIGNED | HVRV_HEDELEG_ECALL_U | \
     HVRV_HEDELEG_FETCH_PAGE | HVRV_HEDELEG_LOAD_PAGE | HVRV_HEDELEG_STORE_PAGE |          \
     HVRV_HEDELEG_SOFTWARE_CHECK)

/** The interrupts that go to the guest itself: the three VS-level ones. */
#define HVRV_VHART_HIDELEG_DEFAULT (HVRV_HIDELEG_VSSI | HVRV_HIDELEG_VSTI | HVRV_HIDELEG_VSEI)

/** hstatus at reset: SPV, SPVP, VSXL = 2; HU, VGEIN and the VT bits 0. */
#define HVRV_VHART_HSTATUS_DEFAULT UINT64_C(0x200000180)

/** sstatus at reset: SPP, so that the guest starts in VS-mode; FS Initial; UXL = 2; SIE 0. */
#define HVRV_VHART_SSTATUS_DEFAULT UINT64_C(0x200002100)

/** The CSRs of a vHart that change only with the vHart. */
struct hvrv_vhart_csrs {
#define HVRV_VHART_CSR_FIELD(name, reset) uint64_t name; /**< the register of this name */
    HVRV_VHART_CSR_LIST(HVRV_VHART_CSR_FIELD)
#undef HVRV_VHART_CSR_FIELD
};

/** What the switch keeps of the host. Filled by hvrv_bind_load() and by the switch. */
struct hvrv_vhart_host {
    uint64_t s[12];    /**< s0 to s11, saved at entry */
    uint64_t ra;       /**< saved at entry */
    uint64_t sp;       /**< saved at entry */
    uint64_t gp;       /**< what an exit puts back; captured at load */
    uint64_t tp;       /**< what an exit puts back; captured at load */
    uint64_t sstatus;  /**< what an exit puts back; SIE must be 0 */
    uint64_t stvec;    /**< what an exit puts back */
    uint64_t sscratch; /**< what an exit puts back */
    uint64_t vector;   /**< the address of hvrv_vhart_exit(); captured at load */
};

struct hvrv_vm;
struct hvrv_bind;

/** A vHart. The caller owns it; it must not be copied while it is loaded. */
struct hvrv_vhart {
    uint64_t gpr[32];                /**< x0 to x31 by number; x0 is never read, and stays 0 */
    uint64_t sepc;                   /**< where the guest goes on */
    uint64_t sstatus;                /**< HS-level sstatus while the guest runs; SPP is its mode */
    uint64_t hstatus;                /**< as it is written at every entry */
    struct hvrv_vhart_host host;     /**< the host's side of the switch */
    struct hvrv_vhart_csrs csr;      /**< old while loaded, except hvip after hvrv_trap_read() */
    struct hvrv_vhart_fp fp;         /**< old while loaded */
    struct hvrv_vhart_vector vector; /**< old while loaded; hvrv_vhart_set_vector() */
    enum hvrv_vhart_policy policy;   /**< may be changed while it is not loaded */
    struct hvrv_vm *vm;              /**< the virtual machine that it is part of */
    struct hvrv_bind *bind;          /**< where it is loaded, or null; bind.h writes it */
    uint32_t last_hart;              /**< where it was loaded last; bind.h writes it */
    uint32_t run;                    /**< state, kick and hart; run.h's alone */
    uint64_t irq;                    /**< interrupts on their way to hvip; irq.h's alone */
    uint64_t timecmp;                /**< the guest's timer without Sstc; timer.h's alone */
};

/** #hvrv_vhart.last_hart of a vHart that was never loaded. */
#define HVRV_VHART_NO_HART UINT32_MAX

/**
 * @brief Resets a vHart.
 *
 * Every field is written in full; nothing is taken from the hart. All GPRs and
 * floating-point registers are 0, the CSRs as #HVRV_VHART_CSR_LIST says. The
 * caller then sets what starts the guest: sepc, and by the SBI a0 = gpr[10] =
 * hart id and a1 = gpr[11] = an opaque value; and whatever it wants otherwise.
 * @param[out] vhart the vHart; must not be loaded.
 * @param vm the virtual machine that it is part of; must outlive it.
 * @retval HVRV_OK reset.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ALIGN @p vhart is no multiple of 8.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_vhart_init(struct hvrv_vhart *vhart, struct hvrv_vm *vm);

/**
 * @brief Gives a vHart vector registers.
 *
 * They are cleared, as are vl, vstart and vcsr; vtype is vill. sstatus.VS becomes
 * Initial: so the guest has them from the next load on. The vHart then runs on harts with this
 * VLEN only, since a guest that has read it relies on it.
 * @param vhart made by hvrv_vhart_init(), not loaded.
 * @param[out] memory at least 32 * probe->vlenb bytes, a multiple of 8; must outlive @p vhart.
 *             What lies beyond them is not touched.
 * @param size bytes at @p memory.
 * @param probe what the harts have that will run it.
 * @retval HVRV_OK it has them.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE the vHart is loaded.
 * @retval HVRV_ERR_UNSUPPORTED the hart has no V, or its vlenb is no power of two up to 8192.
 * @retval HVRV_ERR_ALIGN @p memory is no multiple of 8.
 * @retval HVRV_ERR_RANGE @p size is too small.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_vhart_set_vector(struct hvrv_vhart *vhart, void *memory,
                                                       uint64_t size,
                                                       const struct hvrv_probe *probe);

/* The switch itself is riscv64's; what follows it does nothing on any other machine. */
#if defined(__riscv) && __riscv_xlen == 64

/**
 * @brief Runs the guest until its next trap to HS-mode.
 *
 * Works like any C function. s0 to s11 and sp come back as they were at the
 * call; gp, tp, sstatus, stvec and sscratch as they were at hvrv_bind_load(),
 * with sstatus.SIE = 0: what a hart does not change from call to call is not
 * stored at each. Load again if it did change, tp for instance because another
 * thread of the host runs this vHart now. A trap in the host's own code therefore goes to the
 * host's own vector. hstatus stays the guest's. Floating-point registers are the guest's while its
 * FS is not Off, the callee-saved ones too: compile the host without F and D, or save them around
 * the call.
 *
 * Of the guest, gpr, sepc and sstatus are stored in @p vhart. The other trap
 * CSRs hold the guest's trap until interrupts are enabled or the host traps:
 * read them first (hvrv_trap_read()).
 * @pre hvrv_bind_load() bound @p vhart to this hart. @p vhart is mapped, readable and writable,
 *      in both address spaces, and not null; nothing is checked here.
 * @param vhart the vHart.
 * @return scause.
 */
uint64_t hvrv_vhart_enter(struct hvrv_vhart *vhart);

/**
 * @brief The trap vector while a guest runs. Not to be called.
 *
 * A multiple of 4, so that stvec takes it as a Direct vector.
 */
void hvrv_vhart_exit(void);

#endif

/**
 * @brief Notes gp, tp and the address of hvrv_vhart_exit() in vhart->host. hvrv_bind_load() does.
 * @param[out] vhart the vHart; not null.
 */
void hvrv_vhart_capture(struct hvrv_vhart *vhart);

/**
 * @brief Reads a floating-point register of a vHart: in the hart while it is there.
 * @pre The vHart is loaded on the hart that executes the call, or not loaded.
 * @param vhart the vHart; not null.
 * @param number 0 to 31; higher bits are ignored.
 * @return its 64 bits.
 */
uint64_t hvrv_vhart_read_f(const struct hvrv_vhart *vhart, unsigned number);

/**
 * @brief Writes a floating-point register of a vHart: in the hart while it is there.
 *
 * For a loaded vHart the HS-level sstatus.FS becomes Dirty, unless it is Off: then the register
 * waits in memory for hvrv_bind_enable_fp(). vsstatus.FS is not touched: whoever completes an
 * instruction of the guest makes it Dirty too.
 * @pre As for hvrv_vhart_read_f().
 * @param vhart the vHart; not null.
 * @param number 0 to 31; higher bits are ignored.
 * @param value its 64 bits; a single is NaN-boxed by the caller.
 */
void hvrv_vhart_write_f(struct hvrv_vhart *vhart, unsigned number, uint64_t value);

/**
 * @brief Ends the reservation that an LR before may have left, with a dummy SC.
 */
void hvrv_vhart_drop_reservation(void);

/**
 * @brief Makes instructions that were stored before visible to this hart's fetches (FENCE.I).
 */
void hvrv_vhart_sync_fetch(void);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
