/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup client_aia CoVE client: AIA
 * @brief The host's calls about a TVM's interrupt files, where the TSM has the capability.
 *
 * The guest interrupt files of an IMSIC are given away like pages, and tied to a vHart on the hart
 * whose files they are. To move a vHart is to bind it anew, in three steps on two harts. Injection
 * needs none of this: hvrv_client_inject_tvm_cpu().
 *
 * Source: "Confidential VM Extension (CoVE)", chapter "CoVE SBI extension", COVI.
 * @{
 */
#ifndef HVRV_COVE_CLIENT_AIA_H
#define HVRV_COVE_CLIENT_AIA_H

#include <hvrv/cove/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Says what a TVM's interrupt files are like. Before finalize.
 * @param tvm the TVM; not null.
 * @param params HPA of a struct hvrv_cove_aia_params, a multiple of 8.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_init_tvm_aia(const struct hvrv_client_tvm *tvm,
                                                 hvrv_hpa params);

/**
 * @brief Says where a vHart finds its interrupt file. Before finalize.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @param gpa of the file, a multiple of 4 KiB; in the layout of init_tvm_aia.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_set_tvm_aia_cpu_imsic_addr(const struct hvrv_client_tvm *tvm,
                                                               uint64_t vhart, hvrv_gpa gpa);

/**
 * @brief Gives a guest interrupt file away, like a page.
 *
 * TLB duty: as of hvrv_client_convert_pages().
 * @param client how to call; not null.
 * @param file HPA of the file, a multiple of 4 KiB.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_convert_aia_imsic(const struct hvrv_client *client,
                                                      hvrv_hpa file);

/**
 * @brief Has a guest interrupt file back.
 * @param client how to call; not null.
 * @param file HPA of the file, a multiple of 4 KiB.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_reclaim_tvm_aia_imsic(const struct hvrv_client *client,
                                                          hvrv_hpa file);

/**
 * @brief Ties a vHart to guest interrupt files of this hart.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @param files which, as hgeie has them; this library's TSM takes one bit, and not bit 0.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_bind_aia_imsic(const struct hvrv_client_tvm *tvm,
                                                   uint64_t vhart, uint64_t files);

/**
 * @brief Begins to untie it; then tvm_fence, and the end.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_unbind_aia_imsic_begin(const struct hvrv_client_tvm *tvm,
                                                           uint64_t vhart);

/**
 * @brief Ends it: interrupts are kept in memory.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_unbind_aia_imsic_end(const struct hvrv_client_tvm *tvm,
                                                         uint64_t vhart);

/**
 * @brief Begins to tie a vHart to files of this hart in place of another's; then tvm_fence.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @param files which, as hgeie has them; this library's TSM takes one bit, and not bit 0.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_rebind_aia_imsic_begin(const struct hvrv_client_tvm *tvm,
                                                           uint64_t vhart, uint64_t files);

/**
 * @brief Copies what the old file holds: on the old hart.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_rebind_aia_imsic_clone(const struct hvrv_client_tvm *tvm,
                                                           uint64_t vhart);

/**
 * @brief Ends it: on the new hart.
 * @param tvm the TVM; not null.
 * @param vhart tvm_vcpu_id: the number of the vHart.
 * @return the TSM's answer.
 */
struct hvrv_cove_answer hvrv_client_rebind_aia_imsic_end(const struct hvrv_client_tvm *tvm,
                                                         uint64_t vhart);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
