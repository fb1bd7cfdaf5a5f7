/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup server
 * What a VM's firmware is made of. Included by server.h.
 */
#ifndef HVRV_SBI_SERVER_TYPES_H
#define HVRV_SBI_SERVER_TYPES_H

#include <hvrv/mmu/walk.h>
#include <hvrv/sbi/sbi.h>
#include <hvrv/vhart/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup server
 * @{
 */

/** What the caller does with the vHart after a call. */
enum hvrv_sbi_action {
    HVRV_SBI_GO_ON,   /**< enter it again */
    HVRV_SBI_PARK,    /**< it sleeps until an interrupt is pending that it enabled, as with WFI */
    HVRV_SBI_STOP,    /**< it stopped: put it, then hvrv_sbi_rest(); until ops.start */
    HVRV_SBI_RESET,   /**< ops.reset took the VM down: this vHart does not go on */
    HVRV_SBI_SUSPEND, /**< ops.suspend put the VM to sleep: this vHart goes on when it wakes up */
};

/** Harts that a call names, by the numbers that the guest knows. */
struct hvrv_sbi_set {
    uint64_t mask; /**< bit n: hart #base + n */
    uint64_t base; /**< or #HVRV_SBI_ALL_HARTS: every hart, whatever the mask */
};

/** What other vHarts have to execute. */
enum hvrv_sbi_fence_kind {
    HVRV_SBI_FENCE_I,         /**< FENCE.I */
    HVRV_SBI_SFENCE_VMA,      /**< SFENCE.VMA for all ASIDs */
    HVRV_SBI_SFENCE_VMA_ASID, /**< SFENCE.VMA for one ASID */
};

/** A remote fence, checked. */
struct hvrv_sbi_fence {
    struct hvrv_sbi_set harts;     /**< on which harts; hvrv_sbi_set_has() */
    enum hvrv_sbi_fence_kind kind; /**< what */
    uint16_t asid;                 /**< SFENCE_VMA_ASID: which, else 0 */
    bool is_all;                   /**< SFENCE_VMA and _ASID: all addresses */
    struct hvrv_range range; /**< else these GVAs, in whole pages; 0 to the last byte if is_all */
};

/** A reset that the guest asks for. Reserved types and reasons do not come here. */
struct hvrv_sbi_reset {
    uint32_t type;   /**< #HVRV_SBI_RESET_SHUTDOWN, _COLD, _WARM, or from _PLATFORM on */
    uint32_t reason; /**< #HVRV_SBI_REASON_NONE, _FAILURE, or from _PLATFORM on */
};

/** Bytes to or from the console. */
struct hvrv_sbi_bytes {
    uint8_t *bytes; /**< not to be written by ops.write */
    uint32_t count; /**< how many there are, or room for how many; not 0 */
    uint32_t done;  /**< 0; set to how many were taken, or given */
};

/**
 * What the caller does for the guest's firmware. Each may be null; then the calls
 * that need it are not supported. A vHart is named by its index in hvrv_sbi.harts.
 */
struct hvrv_sbi_ops {
    /** IPI: an interrupt was raised for the vHart; see that it runs (hvrv_run_kick()). */
    void (*kick)(void *context, uint32_t hart);
    /**
     * RFENCE: has the vHarts fenced, and returns when each has been, or will be before it executes
     * its next instruction. Those that are stopped too. False answers HVRV_SBI_ERR_FAILED.
     */
    bool (*fence)(void *context, const struct hvrv_sbi_fence *fence);
    /** HSM: the vHart's registers are set; see that it runs (hvrv_run_start()). */
    void (*start)(void *context, uint32_t hart);
    /** SRST: takes the VM down. Any error goes to the guest, which then goes on. */
    enum hvrv_sbi_error (*reset)(void *context, const struct hvrv_sbi_reset *reset);
    /**
     * SUSP: puts the VM to sleep, of which one vHart is left. @p type is #HVRV_SBI_SLEEP_TO_RAM or
     * from #HVRV_SBI_SLEEP_PLATFORM on. Any error goes to the guest, which then goes on.
     */
    enum hvrv_sbi_error (*suspend)(void *context, uint32_t type);
    /** DBCN and legacy: takes as many bytes as it can without waiting. */
    enum hvrv_sbi_error (*write)(void *context, struct hvrv_sbi_bytes *bytes);
    /** DBCN and legacy: gives as many bytes as there are. Null: DBCN answers DENIED. */
    enum hvrv_sbi_error (*read)(void *context, struct hvrv_sbi_bytes *bytes);
};

/** A vHart as its VM's firmware knows it. */
struct hvrv_sbi_hart {
    struct hvrv_vhart *vhart; /**< set by the caller */
    uint64_t id;              /**< the number that the guest knows; set by the caller */
    void *owner;              /**< the caller's own */
    uint32_t state;           /**< enum hvrv_sbi_state; changed by atomic operations alone */
};

/** What get_spec_version and its like answer. */
struct hvrv_sbi_identity {
    uint64_t spec_version; /**< HVRV_SBI_VERSION(); 0 stands for 3.0 */
    uint64_t impl_id;      /**< the implementation's number, of the specification's list */
    uint64_t impl_version; /**< its version, in an encoding of its own */
    uint64_t mvendorid;    /**< as the CSR; 0 is always legal */
    uint64_t marchid;      /**< as the CSR; 0 is always legal */
    uint64_t mimpid;       /**< as the CSR; 0 is always legal */
};

struct hvrv_sbi;

/**
 * Serves a function. Its arguments are hvrv_sbi_get_argument(); it answers by hvrv_sbi_answer(),
 * hvrv_sbi_answer_value() or, for a legacy call, hvrv_sbi_answer_legacy(), and returns what that
 * returns. One that does not answer has the guest execute its ECALL again. *@p action is GO_ON.
 */
typedef enum hvrv_status (*hvrv_sbi_handler)(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                             enum hvrv_sbi_action *action);

/** A row of an extension: its function of that number. */
struct hvrv_sbi_function {
    hvrv_sbi_handler serve; /**< never called if #needs cannot be met */
    uint32_t needs;         /**< HVRV_SBI_NEED_ bits: without them it is not supported */
};

/** An extension. Constant; a caller may have its own. */
struct hvrv_sbi_extension {
    uint64_t id;                               /**< a7 */
    const struct hvrv_sbi_function *functions; /**< by number, a6 */
    uint32_t count;                            /**< of them; 0 for legacy ones */
    uint32_t legacy_count; /**< not 0: row n is of the extension #id + n, and a6 is ignored */
};

#define HVRV_SBI_NEED_KICK    UINT32_C(0x01) /**< ops.kick */
#define HVRV_SBI_NEED_FENCE   UINT32_C(0x02) /**< ops.fence */
#define HVRV_SBI_NEED_START   UINT32_C(0x04) /**< ops.start */
#define HVRV_SBI_NEED_RESET   UINT32_C(0x08) /**< ops.reset */
#define HVRV_SBI_NEED_SUSPEND UINT32_C(0x10) /**< ops.suspend */
#define HVRV_SBI_NEED_WRITE   UINT32_C(0x20) /**< ops.write */
#define HVRV_SBI_NEED_READ    UINT32_C(0x40) /**< ops.read */
#define HVRV_SBI_NEED_WALK    UINT32_C(0x80) /**< the walk */
/** Never met: the function is not there, which does not deny the extension. */
#define HVRV_SBI_NEED_NEVER UINT32_C(0x80000000)

extern const struct hvrv_sbi_extension hvrv_sbi_base;   /**< BASE: versions and probing */
extern const struct hvrv_sbi_extension hvrv_sbi_time;   /**< TIME: hvrv_timer_set() */
extern const struct hvrv_sbi_extension hvrv_sbi_ipi;    /**< IPI: needs kick */
extern const struct hvrv_sbi_extension hvrv_sbi_rfence; /**< RFENCE: needs fence */
extern const struct hvrv_sbi_extension hvrv_sbi_hsm;    /**< HSM: needs start and the walk */
extern const struct hvrv_sbi_extension hvrv_sbi_srst;   /**< SRST: needs reset */
extern const struct hvrv_sbi_extension hvrv_sbi_dbcn;   /**< DBCN: needs write and the walk */
extern const struct hvrv_sbi_extension hvrv_sbi_susp;   /**< SUSP: needs suspend and the walk */
extern const struct hvrv_sbi_extension hvrv_sbi_legacy; /**< the nine legacy calls */

/** All of them, in the order in which they are looked for. */
extern const struct hvrv_sbi_extension *const hvrv_sbi_all[9];

/** What hvrv_sbi_init() is told. */
struct hvrv_sbi_config {
    struct hvrv_sbi_hart *harts; /**< with vhart and id set; must outlive the server */
    uint32_t hart_count;         /**< how many; not 0 */
    uint32_t boot;               /**< index of the one that is started; the others are stopped */
    const struct hvrv_sbi_extension *const *extensions; /**< null: all of the library's */
    uint32_t extension_count;                           /**< how many of them; with null, 0 */
    const struct hvrv_sbi_ops *ops;                     /**< null: none; must outlive the server */
    void *context;                                      /**< passed to the ops */
    /**
     * The VM's G-stage, through which the guest's memory is reached; or null. Its vsatp does not
     * count. Only what it translates to memory that its port lets be read is the guest's memory;
     * what is mapped on demand, later, is not. Must outlive the server.
     */
    const struct hvrv_walk *walk;
    struct hvrv_sbi_identity identity; /**< copied */
};

/** The firmware of a VM. Made by hvrv_sbi_init(); the caller owns it. */
struct hvrv_sbi {
    struct hvrv_sbi_hart *harts;                        /**< as given */
    uint32_t hart_count;                                /**< as given; 0: not made */
    uint32_t lacks;                                     /**< HVRV_SBI_NEED_ bits that are not met */
    const struct hvrv_sbi_extension *const *extensions; /**< as given */
    uint32_t extension_count;                           /**< as given */
    struct hvrv_sbi_ops ops;                            /**< as given */
    void *context;                                      /**< as given */
    const struct hvrv_walk *walk;                       /**< as given */
    struct hvrv_sbi_identity identity;                  /**< as given */
};

/** @} */

#ifdef __cplusplus
}
#endif

#endif
