/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup tsm TSM
 * @brief What a TEE security manager does with a call of its host, and with an exit of a TVM.
 *
 * hvrv_tsm_serve() answers the host: COVH, COVI, and NACL's set_shmem. One call, run_tvm_vcpu, has
 * no answer yet: then the action is RUN, and the caller loads and enters the vHart it is given.
 * When the guest comes back, hvrv_tsm_exit() says what next: RUN, go in again, or ANSWER, the
 * host's answer. COVG is served there. So the TSM's own loop is:
 *
 *     hvrv_tsm_serve(&tsm, hart, &call, &reply);
 *     while (reply.action == HVRV_TSM_RUN) {
 *         scause = hvrv_vhart_enter(&reply.vhart->vhart);
 *         hvrv_trap_read(port, &reply.vhart->vhart, scause, &trap);
 *         hvrv_tsm_exit(&tsm, hart, &trap, &reply);
 *     }
 *     TEERET with reply.answer, reply.scause and reply.stval
 *
 * A vHart that is to run is loaded, and put before the answer goes back: so none of its registers
 * is left in the hart, and another hart may run it as soon as the lock is free.
 *
 * It is no scheduler and has no devices. It believes its host nothing: pages by the map
 * (@ref page), times by the epochs (@ref epoch), GPAs by the regions (@ref region); and of the TVM
 * it shows the host what the specification's table names, and no register more.
 *
 * A call is checked in full before it changes anything; each error is told in the order in which
 * the checks are listed in the guide's page on the TSM. Ranges are bounded by
 * hvrv_tsm_config.pages_max.
 *
 * Locking: none here. Calls for one struct hvrv_tsm come one after the other; the caller holds a
 * lock around hvrv_tsm_serve() and hvrv_tsm_exit(), and not while the guest runs.
 *
 * What is not here: promote_to_tvm and local attestation (NOT_SUPPORTED, and no capability bit),
 * memory-resident interrupt files.
 *
 * Source: "Confidential VM Extension (CoVE)", chapter "CoVE SBI extension": COVH, COVI and COVG;
 * "TSM operation and properties" in "Reference Architecture Details".
 * @{
 */
#ifndef HVRV_COVE_TSM_H
#define HVRV_COVE_TSM_H

#include <hvrv/cove/tvm.h>
#include <hvrv/vhart/trap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** TVMs of a TSM at most. */
#define HVRV_TSM_TVMS_MAX 2047

/** What the report about a TVM says. Its bytes are what hvrv_tsm_ops.sign signs. */
struct hvrv_cove_report {
    uint8_t magic[8];        /**< "HVRVREPT" */
    uint32_t version;        /**< 1 */
    uint32_t hash;           /**< enum hvrv_cove_hash */
    uint32_t tsm_impl_id;    /**< as get_tsm_info tells */
    uint32_t tsm_version;    /**< as get_tsm_info tells */
    uint64_t tcb_svn;        /**< as get_attcaps tells */
    uint32_t register_count; /**< of #registers; the first #initial_count are initial ones */
    uint32_t initial_count;  /**< of them */
    uint32_t has_identity;   /**< 0 or 1 */
    uint32_t key_size;       /**< bytes of the TVM's public key */
    uint8_t identity[HVRV_COVE_IDENTITY_SIZE]; /**< the host's, or 0 */
    uint8_t challenge[64];                     /**< what the verifier asked with */
    uint8_t key[HVRV_TVM_DIGEST_MAX];          /**< the digest of the TVM's public key */
    uint8_t registers[HVRV_TVM_REGISTERS][HVRV_TVM_DIGEST_MAX]; /**< the measurement */
};

/** What the caller does for the TSM. */
struct hvrv_tsm_ops {
    /**
     * Takes pages from the host's domain (@p to_host false) or gives them back, in the tables of
     * PMP or MPT: every hart obeys after its next #fence. False: it cannot, and nothing changed.
     * Null: memory is divided at boot, and convert_pages and reclaim_pages are not supported.
     */
    bool (*isolate)(void *context, const struct hvrv_range *range, bool to_host);
    /**
     * Has the hart that executes the call obey the tables as they are now, and forget every
     * translation of the host's domain. Null only with isolate.
     */
    void (*fence)(void *context, uint32_t hart);
    /**
     * Turns a report into a certificate: signs @p report, writes at most *@p size bytes to
     * @p certificate and how many to *@p size. False answers FAILED. Null: the report itself, with
     * nothing that proves it.
     */
    bool (*sign)(void *context, const struct hvrv_cove_report *report, uint8_t *certificate,
                 uint64_t *size);
    /** The time of the machine, for the TVMs' timers where there is no Sstc. Null: none. */
    uint64_t (*time)(void *context);
};

/** A hart of the machine. */
struct hvrv_tsm_hart {
    struct hvrv_hart *hart;         /**< the port; set by the caller */
    struct hvrv_bind bind;          /**< what is loaded */
    struct hvrv_tvm_vhart *running; /**< or null */
    hvrv_hpa shared;                /**< NACL's memory */
    bool has_shared;                /**< it was set */
};

/** Room for a TVM. */
struct hvrv_tsm_slot {
    struct hvrv_tvm *tvm; /**< or null */
    uint64_t generation;  /**< how often it was used: makes each tvm_guest_id a new one */
};

/** What hvrv_tsm_init() is told. */
struct hvrv_tsm_config {
    const struct hvrv_phys *phys; /**< memory; its direct window holds all of #pages' map */
    struct hvrv_page_map *pages;  /**< of memory; its epoch has hart_count parties */
    struct hvrv_page_map *files;  /**< of guest interrupt files, same epoch; null: no AIA */
    /**
     * log2 of the pages that a hart has in #files: bit n of its hgeie is page n of them, and its
     * page 0 the host's own. At most 6; ignored if #files is null.
     */
    unsigned file_shift;
    struct hvrv_tsm_hart *harts;    /**< with hart set; must outlive the TSM */
    uint32_t hart_count;            /**< not 0 */
    struct hvrv_tsm_slot *slots;    /**< cleared by the call; must outlive the TSM */
    uint32_t slot_count;            /**< TVMs: 1 to #HVRV_TSM_TVMS_MAX */
    const struct hvrv_probe *probe; /**< what every hart has; must outlive the TSM */
    struct hvrv_tvm_hash hash;      /**< copied */
    const struct hvrv_tsm_ops *ops; /**< must outlive the TSM */
    void *context;                  /**< passed to the ops */
    enum hvrv_mode_encoding mode;   /**< of the G-stages: Sv39x4, Sv48x4 or Sv57x4 */
    unsigned rules;                 /**< HVRV_PTE_RULE bits of the G-stages */
    /**
     * Translations that harts keep are tagged with the supervisor domain (Smsd). Without, the
     * host's own VMs may have the TVMs' VMIDs, so a TVM's are fenced whenever its vHart is run.
     */
    bool has_sdid;
    uint16_t vmid_first; /**< the TVMs' VMIDs: this one and slot_count - 1 more; not 0 */
    uint32_t vharts_max; /**< of a TVM: 1 to #HVRV_TVM_VHARTS_MAX */
    uint32_t pages_max;  /**< pages of 4 KiB that a call may work on; not 0 */
    uint32_t impl_id;    /**< for get_tsm_info */
    uint32_t version;    /**< for get_tsm_info */
    uint64_t tcb_svn;    /**< for get_attcaps */
};

/** A TSM. Made by hvrv_tsm_init(); the caller owns it, the fields are private. */
struct hvrv_tsm {
    struct hvrv_tsm_config config; /**< as given */
    struct hvrv_epoch *epoch;      /**< of the page map: conversions */
    uint64_t tvm_pages;            /**< what create_tvm wants */
    uint64_t vhart_pages;          /**< what create_tvm_vcpu wants */
};

/** What the caller does next. */
enum hvrv_tsm_action {
    HVRV_TSM_ANSWER, /**< back to the host with the answer */
    HVRV_TSM_RUN,    /**< enter #hvrv_tsm_reply.vhart */
};

/** What comes of a call, or of an exit. */
struct hvrv_tsm_reply {
    enum hvrv_tsm_action action;    /**< what next */
    struct hvrv_tvm_vhart *vhart;   /**< RUN: which; it is loaded on this hart. ANSWER: null */
    struct hvrv_cove_answer answer; /**< ANSWER: a0 and a1 for the host */
    bool is_exit;                   /**< ANSWER: of run_tvm_vcpu; the two below count */
    uint64_t scause;                /**< for the host's scause */
    uint64_t stval;                 /**< for the host's stval */
};

/**
 * @brief Makes a TSM without TVMs.
 *
 * Every hart is a party of the conversions' epoch and has seen the first.
 * @param[out] tsm one that answers every call with FAILED if this fails.
 * @param config what to make it of; copied.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null that must not be.
 * @retval HVRV_ERR_RANGE a count is 0 or too high, the shift is above 6, or the VMIDs do not fit in
 * what the harts have.
 * @retval HVRV_ERR_MODE the mode is none of the three.
 * @retval HVRV_ERR_ARGUMENT the maps' epochs differ or have another count, or ops are incomplete.
 * @retval HVRV_ERR_UNSUPPORTED the map does not lie in the direct window.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_tsm_init(struct hvrv_tsm *tsm,
                                               const struct hvrv_tsm_config *config);

/**
 * @brief Serves a call of the host.
 *
 * Extensions COVH, COVI and NACL; any other, an unknown function and one with reserved bits
 * answers NOT_SUPPORTED. The domain in the function does not count: the TSM-driver looked at it.
 *
 * TLB duty: the caller has none. Conversions are fenced by #hvrv_tsm_ops.fence, on this hart; the
 * TVM's VMID by the call itself before the vHart runs, and other harts by calls of the host's,
 * which are counted (@ref epoch).
 * @param tsm made by hvrv_tsm_init().
 * @param hart the hart that executes the call, below the count.
 * @param call its registers.
 * @param[out] reply what next.
 * @retval HVRV_OK served; the host's mistakes are in the answer.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE there is no such hart.
 * @retval HVRV_ERR_STATE a vHart runs on this hart: hvrv_tsm_exit() is to be called.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_tsm_serve(struct hvrv_tsm *tsm, uint32_t hart,
                                                const struct hvrv_cove_call *call,
                                                struct hvrv_tsm_reply *reply);

/**
 * @brief Serves an exit of the vHart that runs on a hart.
 *
 * The vHart is loaded. With ANSWER it runs no more: hvrv_bind_put() before the way back, so that
 * its registers are in memory and none is left in the hart.
 *
 * TLB duty: the caller has none. Without #hvrv_tsm_config.has_sdid the call fences what the hart
 * remembers of the TVM's own tables (norm:hfence-vvma_limits).
 * @param tsm made by hvrv_tsm_init().
 * @param hart the hart that executes the call.
 * @param trap what hvrv_trap_read() read, before anything else changed those CSRs.
 * @param[out] reply what next.
 * @retval HVRV_OK served.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE there is no such hart.
 * @retval HVRV_ERR_STATE no vHart runs on this hart, or the trap is none of a guest's.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_tsm_exit(struct hvrv_tsm *tsm, uint32_t hart,
                                               const struct hvrv_trap *trap,
                                               struct hvrv_tsm_reply *reply);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
