/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup status Status
 * @brief What a call can say when it did not do its work.
 *
 * Every function that can fail returns an enum hvrv_status and writes its
 * results through pointers, on every path. A status other than #HVRV_OK speaks
 * of the caller: a bad argument, a refused page, a port that failed. What a
 * guest did wrong (a page fault, say) is a result, never a status: see
 * struct hvrv_fault.
 *
 * Unless a function's own text says how far it got, a status other than
 * #HVRV_OK means that nothing was changed.
 * @{
 */
#ifndef HVRV_STATUS_H
#define HVRV_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/** The rows of the status table: enumerator, name, sentence. */
#define HVRV_STATUS_LIST(X)                                                                  \
    X(HVRV_OK, "ok", "The call did what it was asked to do.")                                \
    X(HVRV_ERR_NULL, "null", "A pointer that must not be null is null.")                     \
    X(HVRV_ERR_ARGUMENT, "argument", "An argument is outside the values that it may take.")  \
    X(HVRV_ERR_ALIGN, "align", "An address or a size is not aligned as it must be.")         \
    X(HVRV_ERR_RANGE, "range", "A range is empty, wraps, or ends beyond its address space.") \
    X(HVRV_ERR_MODE, "mode", "The address-translation mode is reserved or not offered.")     \
    X(HVRV_ERR_ACCESS, "access", "The physical memory port refused an access.")              \
    X(HVRV_ERR_RACE, "race", "Memory changed between a read and its update; try again.")     \
    X(HVRV_ERR_NO_PAGES, "no-pages", "The page source has no page left.")                    \
    X(HVRV_ERR_EXISTS, "exists", "Something else is there already.")                         \
    X(HVRV_ERR_MISSING, "missing", "What the call works on is not there.")                   \
    X(HVRV_ERR_UNSUPPORTED, "unsupported", "The hart does not have what the call needs.")    \
    X(HVRV_ERR_ILLEGAL, "illegal", "The hart raised an exception for an instruction.")       \
    X(HVRV_ERR_STATE, "state", "The object is not in a state that allows the call.")         \
    X(HVRV_ERR_UNFINISHED, "unfinished", "The budget ended before the work; call again.")

/** How a call ended. */
enum hvrv_status {
#define HVRV_STATUS_ENUMERATOR(id, name, text) id,
    HVRV_STATUS_LIST(HVRV_STATUS_ENUMERATOR)
#undef HVRV_STATUS_ENUMERATOR
};

/** Marks a function whose result the compiler must not let a caller drop. */
#define HVRV_MUST_CHECK __attribute__((warn_unused_result))

/**
 * @brief The one-word name of a status, such as "no-pages".
 * @param status any value.
 * @return a constant string; "unknown" for a value that is no status.
 */
const char *hvrv_status_name(enum hvrv_status status);

/**
 * @brief One English sentence for a status.
 * @param status any value.
 * @return a constant string, never null.
 */
const char *hvrv_status_text(enum hvrv_status status);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
