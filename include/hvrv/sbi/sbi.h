/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup sbi SBI numbers
 * @brief The numbers of the RISC-V Supervisor Binary Interface: extensions, functions, errors.
 *
 * They serve both sides: a hypervisor that answers its guests (@ref server), and
 * one that calls the firmware below it. Everything is a row of an X-list.
 *
 * A call is an ECALL with the extension in a7, the function in a6 and arguments
 * in a0 to a5. The answer is an error in a0, an int64_t, and a value in a1, a
 * uint64_t. Extensions 0 to 15, the legacy ones, have no function number and
 * answer in a0 alone.
 *
 * Source: RISC-V Supervisor Binary Interface Specification 3.0.
 * @{
 */
#ifndef HVRV_SBI_SBI_H
#define HVRV_SBI_SBI_H

#include <hvrv/status.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The extensions: enumerator, number, name. Not every one is served by the library. */
#define HVRV_SBI_EXTENSION_LIST(X)                                                \
    X(HVRV_SBI_LEGACY_SET_TIMER, 0x0, "legacy set timer")                         \
    X(HVRV_SBI_LEGACY_PUTCHAR, 0x1, "legacy console putchar")                     \
    X(HVRV_SBI_LEGACY_GETCHAR, 0x2, "legacy console getchar")                     \
    X(HVRV_SBI_LEGACY_CLEAR_IPI, 0x3, "legacy clear IPI")                         \
    X(HVRV_SBI_LEGACY_SEND_IPI, 0x4, "legacy send IPI")                           \
    X(HVRV_SBI_LEGACY_FENCE_I, 0x5, "legacy remote FENCE.I")                      \
    X(HVRV_SBI_LEGACY_SFENCE_VMA, 0x6, "legacy remote SFENCE.VMA")                \
    X(HVRV_SBI_LEGACY_SFENCE_VMA_ASID, 0x7, "legacy remote SFENCE.VMA with ASID") \
    X(HVRV_SBI_LEGACY_SHUTDOWN, 0x8, "legacy shutdown")                           \
    X(HVRV_SBI_BASE, 0x10, "BASE")                                                \
    X(HVRV_SBI_TIME, 0x54494d45, "TIME")                                          \
    X(HVRV_SBI_IPI, 0x735049, "sPI")                                              \
    X(HVRV_SBI_RFENCE, 0x52464e43, "RFNC")                                        \
    X(HVRV_SBI_HSM, 0x48534d, "HSM")                                              \
    X(HVRV_SBI_SRST, 0x53525354, "SRST")                                          \
    X(HVRV_SBI_PMU, 0x504d55, "PMU")                                              \
    X(HVRV_SBI_DBCN, 0x4442434e, "DBCN")                                          \
    X(HVRV_SBI_SUSP, 0x53555350, "SUSP")                                          \
    X(HVRV_SBI_CPPC, 0x43505043, "CPPC")                                          \
    X(HVRV_SBI_NACL, 0x4e41434c, "NACL")                                          \
    X(HVRV_SBI_STA, 0x535441, "STA")                                              \
    X(HVRV_SBI_SSE, 0x535345, "SSE")                                              \
    X(HVRV_SBI_FWFT, 0x46574654, "FWFT")                                          \
    X(HVRV_SBI_DBTR, 0x44425452, "DBTR")                                          \
    X(HVRV_SBI_MPXY, 0x4d505859, "MPXY")

/** Extension numbers, for a7. */
enum hvrv_sbi_id {
#define HVRV_SBI_ENUMERATOR(id, number, name) id = (number),
    HVRV_SBI_EXTENSION_LIST(HVRV_SBI_ENUMERATOR)
#undef HVRV_SBI_ENUMERATOR
};

/** The functions that the library serves: enumerator, extension, number, name. */
#define HVRV_SBI_FUNCTION_LIST(X)                                                      \
    X(HVRV_SBI_BASE_GET_SPEC_VERSION, HVRV_SBI_BASE, 0, "get_spec_version")            \
    X(HVRV_SBI_BASE_GET_IMPL_ID, HVRV_SBI_BASE, 1, "get_impl_id")                      \
    X(HVRV_SBI_BASE_GET_IMPL_VERSION, HVRV_SBI_BASE, 2, "get_impl_version")            \
    X(HVRV_SBI_BASE_PROBE, HVRV_SBI_BASE, 3, "probe_extension")                        \
    X(HVRV_SBI_BASE_GET_MVENDORID, HVRV_SBI_BASE, 4, "get_mvendorid")                  \
    X(HVRV_SBI_BASE_GET_MARCHID, HVRV_SBI_BASE, 5, "get_marchid")                      \
    X(HVRV_SBI_BASE_GET_MIMPID, HVRV_SBI_BASE, 6, "get_mimpid")                        \
    X(HVRV_SBI_TIME_SET_TIMER, HVRV_SBI_TIME, 0, "set_timer")                          \
    X(HVRV_SBI_IPI_SEND, HVRV_SBI_IPI, 0, "send_ipi")                                  \
    X(HVRV_SBI_RFENCE_FENCE_I, HVRV_SBI_RFENCE, 0, "remote_fence_i")                   \
    X(HVRV_SBI_RFENCE_SFENCE_VMA, HVRV_SBI_RFENCE, 1, "remote_sfence_vma")             \
    X(HVRV_SBI_RFENCE_SFENCE_VMA_ASID, HVRV_SBI_RFENCE, 2, "remote_sfence_vma_asid")   \
    X(HVRV_SBI_RFENCE_HFENCE_GVMA_VMID, HVRV_SBI_RFENCE, 3, "remote_hfence_gvma_vmid") \
    X(HVRV_SBI_RFENCE_HFENCE_GVMA, HVRV_SBI_RFENCE, 4, "remote_hfence_gvma")           \
    X(HVRV_SBI_RFENCE_HFENCE_VVMA_ASID, HVRV_SBI_RFENCE, 5, "remote_hfence_vvma_asid") \
    X(HVRV_SBI_RFENCE_HFENCE_VVMA, HVRV_SBI_RFENCE, 6, "remote_hfence_vvma")           \
    X(HVRV_SBI_HSM_START, HVRV_SBI_HSM, 0, "hart_start")                               \
    X(HVRV_SBI_HSM_STOP, HVRV_SBI_HSM, 1, "hart_stop")                                 \
    X(HVRV_SBI_HSM_GET_STATUS, HVRV_SBI_HSM, 2, "hart_get_status")                     \
    X(HVRV_SBI_HSM_SUSPEND, HVRV_SBI_HSM, 3, "hart_suspend")                           \
    X(HVRV_SBI_SRST_RESET, HVRV_SBI_SRST, 0, "system_reset")                           \
    X(HVRV_SBI_DBCN_WRITE, HVRV_SBI_DBCN, 0, "debug_console_write")                    \
    X(HVRV_SBI_DBCN_READ, HVRV_SBI_DBCN, 1, "debug_console_read")                      \
    X(HVRV_SBI_DBCN_WRITE_BYTE, HVRV_SBI_DBCN, 2, "debug_console_write_byte")          \
    X(HVRV_SBI_SUSP_SUSPEND, HVRV_SBI_SUSP, 0, "system_suspend")

/** Function numbers, for a6; of several extensions, so values repeat. */
enum hvrv_sbi_function_id {
#define HVRV_SBI_ENUMERATOR(id, extension, number, name) id = (number),
    HVRV_SBI_FUNCTION_LIST(HVRV_SBI_ENUMERATOR)
#undef HVRV_SBI_ENUMERATOR
};

/** The errors: enumerator, number, name. */
#define HVRV_SBI_ERROR_LIST(X)                                 \
    X(HVRV_SBI_SUCCESS, 0, "success")                          \
    X(HVRV_SBI_ERR_FAILED, -1, "failed")                       \
    X(HVRV_SBI_ERR_NOT_SUPPORTED, -2, "not supported")         \
    X(HVRV_SBI_ERR_INVALID_PARAM, -3, "invalid parameter")     \
    X(HVRV_SBI_ERR_DENIED, -4, "denied")                       \
    X(HVRV_SBI_ERR_INVALID_ADDRESS, -5, "invalid address")     \
    X(HVRV_SBI_ERR_ALREADY_AVAILABLE, -6, "already available") \
    X(HVRV_SBI_ERR_ALREADY_STARTED, -7, "already started")     \
    X(HVRV_SBI_ERR_ALREADY_STOPPED, -8, "already stopped")     \
    X(HVRV_SBI_ERR_NO_SHMEM, -9, "no shared memory")           \
    X(HVRV_SBI_ERR_INVALID_STATE, -10, "invalid state")        \
    X(HVRV_SBI_ERR_BAD_RANGE, -11, "bad range")                \
    X(HVRV_SBI_ERR_TIMEOUT, -12, "timeout")                    \
    X(HVRV_SBI_ERR_IO, -13, "input/output error")              \
    X(HVRV_SBI_ERR_DENIED_LOCKED, -14, "denied by a lock")

/** What a0 says after a call. */
enum hvrv_sbi_error {
#define HVRV_SBI_ENUMERATOR(id, number, name) id = (number),
    HVRV_SBI_ERROR_LIST(HVRV_SBI_ENUMERATOR)
#undef HVRV_SBI_ENUMERATOR
};

/** The states of a hart (HSM): enumerator, number, name. */
#define HVRV_SBI_STATE_LIST(X)                        \
    X(HVRV_SBI_STARTED, 0, "started")                 \
    X(HVRV_SBI_STOPPED, 1, "stopped")                 \
    X(HVRV_SBI_START_PENDING, 2, "start pending")     \
    X(HVRV_SBI_STOP_PENDING, 3, "stop pending")       \
    X(HVRV_SBI_SUSPENDED, 4, "suspended")             \
    X(HVRV_SBI_SUSPEND_PENDING, 5, "suspend pending") \
    X(HVRV_SBI_RESUME_PENDING, 6, "resume pending")

/** States of a hart, as hart_get_status answers. */
enum hvrv_sbi_state {
#define HVRV_SBI_ENUMERATOR(id, number, name) id = (number),
    HVRV_SBI_STATE_LIST(HVRV_SBI_ENUMERATOR)
#undef HVRV_SBI_ENUMERATOR
};

/** hart_mask_base that means every hart. */
#define HVRV_SBI_ALL_HARTS UINT64_MAX

/** hart_suspend: registers are kept. */
#define HVRV_SBI_SUSPEND_RETENTIVE UINT32_C(0)
/** hart_suspend: the hart goes on at an address of its choice. */
#define HVRV_SBI_SUSPEND_NON_RETENTIVE UINT32_C(0x80000000)

/** system_suspend: to RAM. */
#define HVRV_SBI_SLEEP_TO_RAM UINT32_C(0)
/** system_suspend: the first type that is the platform's own. */
#define HVRV_SBI_SLEEP_PLATFORM UINT32_C(0x80000000)

/** system_reset: power off. */
#define HVRV_SBI_RESET_SHUTDOWN UINT32_C(0)
/** system_reset: power off and on again. */
#define HVRV_SBI_RESET_COLD UINT32_C(1)
/** system_reset: the processor and parts of the system begin anew. */
#define HVRV_SBI_RESET_WARM UINT32_C(2)
/** system_reset: the first type that is the platform's own. */
#define HVRV_SBI_RESET_PLATFORM UINT32_C(0xf0000000)

/** system_reset: no reason is given. */
#define HVRV_SBI_REASON_NONE UINT32_C(0)
/** system_reset: the system failed. */
#define HVRV_SBI_REASON_FAILURE UINT32_C(1)
/** system_reset: the first reason that is the implementation's or the platform's own. */
#define HVRV_SBI_REASON_PLATFORM UINT32_C(0xe0000000)

/**
 * @brief A version of the specification as get_spec_version answers it.
 * @param major 0 to 127.
 * @param minor 0 to 2^24 - 1.
 */
#define HVRV_SBI_VERSION(major, minor) (UINT64_C(major) << 24 | UINT64_C(minor))

/**
 * @brief The name of an extension, such as "DBCN".
 * @param id any value of a7.
 * @return a constant string; "unknown" for a number that has no row.
 */
const char *hvrv_sbi_extension_name(uint64_t id);

/**
 * @brief The name of a function, such as "hart_start".
 * @param id a7.
 * @param function a6.
 * @return a constant string; "unknown" for numbers that have no row.
 */
const char *hvrv_sbi_function_name(enum hvrv_sbi_id id, uint64_t function);

/**
 * @brief The name of an error, such as "invalid address".
 * @param error any value of a0.
 * @return a constant string; "unknown" for a number that has no row.
 */
const char *hvrv_sbi_error_name(int64_t error);

/**
 * @brief The name of a hart's state, such as "start pending".
 * @param state any value.
 * @return a constant string; "unknown" for a value that is no state.
 */
const char *hvrv_sbi_state_name(enum hvrv_sbi_state state);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
