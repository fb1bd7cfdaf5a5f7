/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup run Run
 * @brief Who may run a vHart: started, taken, given back, parked and kicked, from any hart.
 *
 * A vHart is in one of four states (#hvrv_run_state), held in one atomic word with the
 * hart that has it and a mark that somebody kicked it. The edges between them are
 * #HVRV_RUN_EDGE_LIST, and there are no others:
 *
 *     STOPPED --start--> READY <--take, yield--> LOADED --stop--> STOPPED
 *                          ^                        |
 *                        wake                     park, if nobody kicked meanwhile;
 *                          |                        |    else yield
 *                          +------- PARKED <--------+
 *
 * hvrv_vhart_init() makes it STOPPED, and not atomically: nobody else knows the vHart yet.
 *
 * Only one hart's hvrv_run_take() succeeds, so a vHart is never loaded twice.
 * A vHart that waits (the guest's WFI) is parked; whoever raises an interrupt
 * kicks it. No kick is lost between the look for a reason to go on and the
 * parking:
 *
 *     hvrv_run_listen(vhart);              kicks count from here
 *     if (hvrv_irq_is_pending(vhart))      what was raised before is seen here
 *         go on
 *     put it;
 *     hvrv_run_park(vhart, &is_ready);     what was raised since, here
 *
 * The queue of those that are ready is the host's: hvrv_run_kick() and
 * hvrv_run_park() say when a vHart belongs there. It is there once, because
 * each way into READY is taken by one.
 * @{
 */
#ifndef HVRV_VHART_RUN_H
#define HVRV_VHART_RUN_H

#include <hvrv/vhart/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The states: enumerator, name. */
#define HVRV_RUN_STATE_LIST(X)     \
    X(HVRV_RUN_STOPPED, "stopped") \
    X(HVRV_RUN_PARKED, "parked")   \
    X(HVRV_RUN_READY, "ready")     \
    X(HVRV_RUN_LOADED, "loaded")

/** The edges: name, from, to. Each call of this module takes the edge of its name; a kick, WAKE. */
#define HVRV_RUN_EDGE_LIST(X) \
    X(START, STOPPED, READY)  \
    X(TAKE, READY, LOADED)    \
    X(YIELD, LOADED, READY)   \
    X(PARK, LOADED, PARKED)   \
    X(WAKE, PARKED, READY)    \
    X(STOP, LOADED, STOPPED)

/** Where a vHart is on its way. */
enum hvrv_run_state {
#define HVRV_RUN_ENUMERATOR(id, name) id,
    HVRV_RUN_STATE_LIST(HVRV_RUN_ENUMERATOR)
#undef HVRV_RUN_ENUMERATOR
};

/** The highest number of a hart that hvrv_run_take() takes. */
#define HVRV_RUN_HART_MAX UINT32_C(0xfffffff)

/** What a kick leaves to be done. */
enum hvrv_run_duty {
    HVRV_RUN_NOTHING,   /**< it is in the queue already, or stopped */
    HVRV_RUN_ENQUEUE,   /**< it was parked and is ready now: it belongs in the queue */
    HVRV_RUN_INTERRUPT, /**< it is loaded: its hart must be interrupted, to flush what is pending */
};

/** What hvrv_run_kick() found. */
struct hvrv_run_kicked {
    enum hvrv_run_duty duty; /**< what the caller does now */
    uint32_t hart;           /**< INTERRUPT: which hart, as hvrv_run_take() was told; else 0 */
};

/**
 * @brief The name of a state, such as "parked".
 * @param state any value.
 * @return a constant string; "unknown" for a value that is no state.
 */
const char *hvrv_run_state_name(enum hvrv_run_state state);

/**
 * @brief The state at this moment. Others may change it at the next.
 * @param vhart the vHart; not null.
 * @return the state.
 */
enum hvrv_run_state hvrv_run_get_state(const struct hvrv_vhart *vhart);

/**
 * @brief From STOPPED to READY: the vHart belongs in the queue.
 *
 * What was written to the vHart before is seen by the hart that takes it.
 * @param vhart the vHart.
 * @retval HVRV_OK it is ready.
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_STATE it is not stopped.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_run_start(struct hvrv_vhart *vhart);

/**
 * @brief From READY to LOADED: the vHart is this hart's, which then calls hvrv_bind_load().
 * @param vhart the vHart.
 * @param hart the hart's number, for kicks; up to #HVRV_RUN_HART_MAX.
 * @retval HVRV_OK it is taken.
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_RANGE @p hart is too large.
 * @retval HVRV_ERR_STATE it is not ready: another hart was faster.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_run_take(struct hvrv_vhart *vhart, uint32_t hart);

/**
 * @brief From LOADED to READY, after hvrv_bind_put(): the vHart belongs in the queue.
 * @param vhart the vHart, taken by this hart.
 * @retval HVRV_OK it is ready.
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_STATE it is not loaded.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_run_yield(struct hvrv_vhart *vhart);

/**
 * @brief Forgets earlier kicks: what they were for is looked for next.
 * @param vhart the vHart, taken by this hart.
 * @retval HVRV_OK from now on a kick keeps it from being parked.
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_STATE it is not loaded.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_run_listen(struct hvrv_vhart *vhart);

/**
 * @brief From LOADED to PARKED, after hvrv_bind_put(); to READY if somebody kicked.
 * @param vhart the vHart, taken by this hart.
 * @param[out] is_ready whether it is READY, and belongs in the queue; false if the call fails.
 * @retval HVRV_OK it is parked, or ready.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_STATE it is not loaded.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_run_park(struct hvrv_vhart *vhart, bool *is_ready);

/**
 * @brief From LOADED to STOPPED, after hvrv_bind_put().
 * @param vhart the vHart, taken by this hart.
 * @retval HVRV_OK it is stopped, until hvrv_run_start().
 * @retval HVRV_ERR_NULL @p vhart is null.
 * @retval HVRV_ERR_STATE it is not loaded.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_run_stop(struct hvrv_vhart *vhart);

/**
 * @brief Has a vHart look at what changed for it, from any hart.
 *
 * The interrupt that a LOADED one asks for is the host's to send: it ends the
 * guest's turn, or is pending when the guest is entered next. If it is for the
 * hart that calls, nothing need be sent.
 * @param vhart the vHart.
 * @param[out] kick what is to be done; NOTHING if the call fails.
 * @retval HVRV_OK kicked.
 * @retval HVRV_ERR_NULL a pointer is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_run_kick(struct hvrv_vhart *vhart,
                                               struct hvrv_run_kicked *kick);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
