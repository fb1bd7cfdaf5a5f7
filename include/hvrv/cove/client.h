/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup client CoVE client
 * @brief The host's side of CoVE as functions with types: for any hypervisor that has TVMs.
 *
 * A struct hvrv_client makes calls by a function of the caller's that executes an ECALL; so
 * everything here runs on any machine. Each function is one call of the specification; the error in
 * its answer is the TSM's, and nothing is tried again. Only a call that an interrupt of the host's
 * stopped, if the TSM can be interrupted (hvrv/cove/domain.h), is resumed after the interrupt was
 * taken.
 *
 * Addresses are physical ones: HPAs of the host's, as a TSM does not walk the host's tables. A host
 * that is translated has to pass what its pages are mapped to.
 *
 * The interrupts of TVMs, but for injection, are in hvrv/cove/client_aia.h.
 *
 * Source: "Confidential VM Extension (CoVE)", chapter "CoVE SBI extension".
 * @{
 */
#ifndef HVRV_COVE_CLIENT_H
#define HVRV_COVE_CLIENT_H

#include <hvrv/cove/abi.h>
#include <hvrv/isa/addr.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a host calls a TSM. */
struct hvrv_client {
    /** Executes an ECALL with these registers; the answer is a0 and a1. */
    struct hvrv_cove_answer (*ecall)(void *context, const struct hvrv_cove_call *call);
    /**
     * Takes the interrupts that stopped a call. Null: a stopped call is the caller's, who finds
     * error 1, HVRV_DOMAIN_INTERRUPTED_CALL.
     */
    void (*take_interrupts)(void *context);
    void *context; /**< passed to both */
    uint32_t sdid; /**< the TSM's supervisor domain; 0 to 63 */
};

/** A TVM, as its host names it. */
struct hvrv_client_tvm {
    const struct hvrv_client *client; /**< how to call its TSM */
    uint64_t id;                      /**< tvm_guest_id */
};

/** Pages for a TVM. */
struct hvrv_client_pages {
    hvrv_hpa source;          /**< measured pages: what is copied, the host's; whole 4 KiB */
    hvrv_hpa base;            /**< the first page; confidential, unless it is to be shared */
    enum hvrv_cove_page type; /**< how large each is; base and gpa are multiples of it */
    uint64_t count;           /**< how many of that size; not 0 */
    hvrv_gpa gpa;             /**< where the TVM finds the first */
};

/** Where a TVM begins. */
struct hvrv_client_entry {
    hvrv_gpa sepc;     /**< vHart 0's first instruction; even */
    uint64_t argument; /**< its a1 */
    hvrv_hpa identity; /**< #HVRV_COVE_IDENTITY_SIZE bytes, at a multiple of that; 0: none */
};

/** What promote_to_tvm makes a TVM of. */
struct hvrv_client_promotion {
    hvrv_gpa fdt;      /**< the VM's device tree */
    hvrv_gpa tap;      /**< the TVM attestation payload; 0: none */
    hvrv_gpa sepc;     /**< where it begins */
    hvrv_hpa identity; /**< of #HVRV_COVE_IDENTITY_SIZE bytes; 0: none */
};

/**
 * @brief Makes any call of CoVE, with the TSM's domain in it; resumes it if it is interrupted.
 * @param client how to call; not null.
 * @param call its registers, without a domain; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_call(const struct hvrv_client *client,
                                         const struct hvrv_cove_call *call);

/**
 * @brief Which supervisor domains there are: asked of the TSM-driver.
 * @param client how to call; its domain does not count; not null.
 * @return the answer; the value has a bit for each SDID.
 */
struct hvrv_cove_answer hvrv_client_get_active_domains(const struct hvrv_client *client);

/**
 * @brief Names the memory that this hart shares with the TSM. Before the first run_tvm_vcpu on it.
 * @param client how to call; not null.
 * @param memory HPA of a struct hvrv_nacl_memory, a multiple of 4 KiB; all ones: none.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_set_shmem(const struct hvrv_client *client, hvrv_hpa memory);

/**
 * @brief Makes a TVM.
 * @param client how to call; not null.
 * @param params HPA of a struct hvrv_cove_tvm_params, a multiple of 8.
 * @param[out] tvm its name; as if there were none, with id 0, if the TSM refuses; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_create_tvm(const struct hvrv_client *client, hvrv_hpa params,
                                               struct hvrv_client_tvm *tvm);

/**
 * @brief What the TSM can, and what a TVM costs.
 * @param client how to call; not null.
 * @param info HPA of a struct hvrv_cove_tsm_info, a multiple of 4.
 * @return the TSM's answer; the value is how many bytes it wrote.
 */
struct hvrv_cove_answer hvrv_client_get_tsm_info(const struct hvrv_client *client, hvrv_hpa info);

/**
 * @brief Gives pages away: they are confidential, and usable once every hart has fenced.
 *
 * TLB duty: hvrv_client_global_fence(), then hvrv_client_local_fence() on each other hart.
 * @param client how to call; not null.
 * @param base HPA of the first page, a multiple of 4 KiB.
 * @param count pages of 4 KiB; not 0, and no more than the TSM does in one call.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_convert_pages(const struct hvrv_client *client, hvrv_hpa base,
                                                  uint64_t count);

/**
 * @brief Has pages back that are nobody's: scrubbed.
 *
 * TLB duty: on another hart they may be access faults until it calls the TSM, such as by
 * hvrv_client_local_fence().
 * @param client how to call; not null.
 * @param base HPA of the first page, a multiple of 4 KiB.
 * @param count pages of 4 KiB; not 0, and no more than the TSM does in one call.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_reclaim_pages(const struct hvrv_client *client, hvrv_hpa base,
                                                  uint64_t count);

/**
 * @brief Begins a fence for all that was converted, and fences this hart.
 *
 * ALREADY_STARTED: a hart has not fenced since the last one began.
 * @param client how to call; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_global_fence(const struct hvrv_client *client);

/**
 * @brief Fences this hart: to be called on every other one after global_fence.
 * @param client how to call; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_local_fence(const struct hvrv_client *client);

/**
 * @brief Makes a VM a TVM by one call, where the TSM can.
 * @param client how to call; not null.
 * @param promotion of what; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_promote_to_tvm(const struct hvrv_client *client,
                                                   const struct hvrv_client_promotion *promotion);

/**
 * @brief Takes a TVM apart: its pages are nobody's, and still confidential.
 * @param tvm the TVM; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_destroy_tvm(const struct hvrv_client_tvm *tvm);

/**
 * @brief Says that GPAs are confidential memory. Before finalize.
 * @param tvm the TVM; not null.
 * @param gpa first address, a multiple of 4 KiB.
 * @param size bytes, a multiple of 4 KiB.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_add_tvm_memory_region(const struct hvrv_client_tvm *tvm,
                                                          hvrv_gpa gpa, uint64_t size);

/**
 * @brief Gives pages for the TVM's page tables.
 * @param tvm the TVM; not null.
 * @param base HPA of the first page, a multiple of 4 KiB.
 * @param count pages of 4 KiB; not 0, and no more than the TSM does in one call.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_add_tvm_page_table_pages(const struct hvrv_client_tvm *tvm,
                                                             hvrv_hpa base, uint64_t count);

/**
 * @brief Has pages copied into the TVM and measured. Before finalize.
 * @param tvm the TVM; not null.
 * @param pages which, and where; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_add_tvm_measured_pages(const struct hvrv_client_tvm *tvm,
                                                           const struct hvrv_client_pages *pages);

/**
 * @brief Gives zero pages to the TVM, where it faulted.
 * @param tvm the TVM; not null.
 * @param pages which, and where; the source does not count; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_add_tvm_zero_pages(const struct hvrv_client_tvm *tvm,
                                                       const struct hvrv_client_pages *pages);

/**
 * @brief Maps pages of the host's where the TVM shares memory.
 * @param tvm the TVM; not null.
 * @param pages which, and where; the source does not count; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_add_tvm_shared_pages(const struct hvrv_client_tvm *tvm,
                                                         const struct hvrv_client_pages *pages);

/**
 * @brief Makes a vHart.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @param state HPA of vcpu_state_pages pages, a multiple of 4 KiB; confidential, nobody's.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_create_tvm_vcpu(const struct hvrv_client_tvm *tvm,
                                                    uint64_t vhart, hvrv_hpa state);

/**
 * @brief Ends the building: the TVM can be run, and nothing is measured any more.
 * @param tvm the TVM; not null.
 * @param entry where it begins; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_finalize_tvm(const struct hvrv_client_tvm *tvm,
                                                 const struct hvrv_client_entry *entry);

/**
 * @brief Runs a vHart until it comes back.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @return the TSM's answer. No error and the value 0: hvrv_client_read_exit() tells why it came
 * back. Another value: it cannot be resumed.
 */
struct hvrv_cove_answer hvrv_client_run_tvm_vcpu(const struct hvrv_client_tvm *tvm, uint64_t vhart);

/**
 * @brief Begins a fence for what was taken from the TVM.
 *
 * It is over when each vHart that ran has come back: interrupt the harts on which they are.
 * @param tvm the TVM; not null.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_tvm_fence(const struct hvrv_client_tvm *tvm);

/**
 * @brief Makes mappings invalid, to remove or to keep the pages.
 *
 * TLB duty: hvrv_client_tvm_fence(), before hvrv_client_tvm_remove_pages().
 * @param tvm the TVM; not null.
 * @param gpa first address, a multiple of 4 KiB.
 * @param size bytes, a multiple of 4 KiB.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_tvm_invalidate_pages(const struct hvrv_client_tvm *tvm,
                                                         hvrv_gpa gpa, uint64_t size);

/**
 * @brief Makes invalid mappings valid again.
 * @param tvm the TVM; not null.
 * @param gpa first address, a multiple of 4 KiB.
 * @param size bytes, a multiple of 4 KiB.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_tvm_validate_pages(const struct hvrv_client_tvm *tvm,
                                                       hvrv_gpa gpa, uint64_t size);

/**
 * @brief Takes pages out that were made invalid, after the fence.
 * @param tvm the TVM; not null.
 * @param gpa first address, a multiple of 4 KiB.
 * @param size bytes, a multiple of 4 KiB.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_tvm_remove_pages(const struct hvrv_client_tvm *tvm,
                                                     hvrv_gpa gpa, uint64_t size);

/**
 * @brief Has a vHart interrupted, if the TVM allows that interrupt.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @param interrupt 1 to 2047.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_inject_tvm_cpu(const struct hvrv_client_tvm *tvm,
                                                   uint64_t vhart, uint64_t interrupt);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
