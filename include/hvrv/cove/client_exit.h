/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup client_exit CoVE client: exits
 * @brief Why a TVM's vHart came back, from scause, stval and the shared memory.
 *
 * A host learns of an exit what it needs to serve it, and no more. What it answers goes into the
 * same memory, before the next run_tvm_vcpu: of a call a0 and a1 in gprs[10] and gprs[11], of a
 * load the value in gprs[10], as it comes from the device: the TSM extends it. A page it adds.
 *
 * Pure data: read when run_tvm_vcpu has returned without an error and with the value 0.
 *
 * Source: "Confidential VM Extension (CoVE)", run_tvm_vcpu; transformed instructions:
 * norm:H_trap_xtinst.
 * @{
 */
#ifndef HVRV_COVE_CLIENT_EXIT_H
#define HVRV_COVE_CLIENT_EXIT_H

#include <hvrv/cove/abi.h>
#include <hvrv/isa/addr.h>
#include <hvrv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kinds: enumerator, name, what the host does. */
#define HVRV_CLIENT_EXIT_LIST(X)                                                              \
    X(HVRV_CLIENT_EXIT_OTHER, "other", "nothing that this library's TSM shows: see scause")   \
    X(HVRV_CLIENT_EXIT_INTERRUPT, "interrupt", "an interrupt of the host's own: it takes it") \
    X(HVRV_CLIENT_EXIT_CALL, "call", "a0 to a7 are in gprs[10] to gprs[17]: it answers")      \
    X(HVRV_CLIENT_EXIT_PAGE, "page", "nothing is mapped there: it adds a page")               \
    X(HVRV_CLIENT_EXIT_LOAD, "load", "of a device: it puts the value into gprs[10]")          \
    X(HVRV_CLIENT_EXIT_STORE, "store", "to a device: the value is in gprs[10]")               \
    X(HVRV_CLIENT_EXIT_WAIT, "wait", "WFI: it runs others until there is something for the vHart")

/** Why a vHart came back. */
enum hvrv_client_exit_kind {
#define HVRV_CLIENT_EXIT_ENUMERATOR(id, name, text) id,
    HVRV_CLIENT_EXIT_LIST(HVRV_CLIENT_EXIT_ENUMERATOR)
#undef HVRV_CLIENT_EXIT_ENUMERATOR
};

/** An exit. */
struct hvrv_client_exit {
    enum hvrv_client_exit_kind kind; /**< why */
    uint64_t scause;                 /**< as it was */
    hvrv_gpa gpa;                    /**< PAGE: of the page; LOAD, STORE: of the access; else 0 */
    uint32_t size;                   /**< LOAD, STORE: 1, 2, 4 or 8 bytes; else 0 */
    uint64_t value;                  /**< STORE: the value, and nothing above its size; else 0 */
};

/**
 * @brief Tells why a vHart came back.
 * @param scause of the host's, after run_tvm_vcpu.
 * @param memory what this hart shares with the TSM.
 * @param stval of the host's.
 * @param[out] exit why; OTHER and all zero if the call fails.
 * @retval HVRV_OK told.
 * @retval HVRV_ERR_NULL a pointer is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_client_read_exit(uint64_t scause,
                                                       const struct hvrv_nacl_memory *memory,
                                                       uint64_t stval,
                                                       struct hvrv_client_exit *exit);

/**
 * @brief The name of a kind of exit, such as "page".
 * @param kind any value.
 * @return a constant string; "unknown" for a value that is none.
 */
const char *hvrv_client_exit_name(enum hvrv_client_exit_kind kind);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
