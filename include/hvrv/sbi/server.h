/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup server SBI server
 * @brief The firmware of a virtual machine: answers the SBI calls of its vHarts.
 *
 * One struct hvrv_sbi a VM. It has a table of extensions, which the caller puts
 * together of those below and its own, the VM's vHarts with the numbers that the
 * guest knows them by, and functions of the caller's for what a library cannot
 * do. hvrv_sbi_serve() answers one call: it reads a0 to a7 of the vHart, writes a0
 * and a1, and moves sepc behind the ECALL. No other register changes.
 *
 * What is there is told by the table: an extension or a function that is not in
 * it, or that needs a function of the caller's that is null, answers
 * HVRV_SBI_ERR_NOT_SUPPORTED, and probe_extension says 0.
 *
 * Nothing is believed. Every hart that a mask names must be there; ranges must
 * not wrap; addresses of the guest must be memory of the guest, by the caller's
 * walk. A call is checked in full before it does anything.
 *
 * A hart's state (HSM) moves by the specification's edges and no others:
 *
 *     STOPPED --hart_start--> START_PENDING --wake--> STARTED
 *     STARTED --hart_stop--> STOP_PENDING --rest--> STOPPED
 *     STARTED --hart_suspend--> SUSPEND_PENDING --rest--> SUSPENDED
 *     SUSPENDED --wake--> RESUME_PENDING --> STARTED
 *
 * "wake" is hvrv_sbi_wake(), which the caller calls before it loads a vHart, and
 * "rest" hvrv_sbi_rest(), after it put it: another hart may start a vHart anew as
 * soon as it is STOPPED, so it must not be so before its registers are in memory.
 *
 * Calls for several vHarts of one VM may be served at the same moment on several
 * harts; no call takes a lock, and the caller's functions must bear that too.
 *
 * What is not here: PMU, steal time, nested acceleration and the other
 * extensions of which sbi.h has only names.
 * @{
 */
#ifndef HVRV_SBI_SERVER_H
#define HVRV_SBI_SERVER_H

#include <hvrv/sbi/server_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Makes the firmware of a VM.
 *
 * The vHart @p config->boot is START_PENDING, until hvrv_sbi_wake(), and all others are STOPPED.
 * Their registers are as hvrv_vhart_init() leaves them; the caller sets those of the first.
 * @param[out] sbi one that serves nothing if the call fails.
 * @param config what to make it of; may be dropped afterwards.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null: @p sbi, @p config, the harts, a hart's vHart, an
 *         extension, or the rows of one.
 * @retval HVRV_ERR_RANGE there is no hart, none with the index boot, or no extension.
 * @retval HVRV_ERR_EXISTS two harts have the same number, or two extensions.
 * @retval HVRV_ERR_ARGUMENT a hart's number is #HVRV_SBI_ALL_HARTS, or spec_version has more than
 *         31 bits.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_sbi_init(struct hvrv_sbi *sbi,
                                               const struct hvrv_sbi_config *config);

/**
 * @brief Answers the SBI call of a vHart that left the guest by an ECALL from VS-mode.
 *
 * What the guest did wrong is an error in its a0 and no status. sepc is behind the ECALL, except:
 * a hart that suspends without keeping its registers goes on elsewhere, and where a console takes
 * no byte the ECALL is executed again.
 * @param sbi made by hvrv_sbi_init().
 * @param hart index of the vHart, which is loaded on this hart, or not loaded.
 * @param[out] action what the caller does next; GO_ON if the call fails.
 * @retval HVRV_OK answered.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_RANGE there is no such hart, or @p sbi was not made.
 * @retval HVRV_ERR_STATE the hart is stopped, or about to.
 * @return and what a handler of the caller's returned.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_sbi_serve(struct hvrv_sbi *sbi, uint32_t hart,
                                                enum hvrv_sbi_action *action);

/**
 * @brief Says that a vHart is about to run: what was started or suspended is STARTED.
 *
 * To be called before hvrv_bind_load(); where nothing changed it costs little.
 * @param sbi made by hvrv_sbi_init().
 * @param hart index of the vHart.
 * @retval HVRV_OK it is STARTED.
 * @retval HVRV_ERR_NULL @p sbi is null.
 * @retval HVRV_ERR_RANGE there is no such hart.
 * @retval HVRV_ERR_STATE it is stopped, or about to: it must not run.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_sbi_wake(struct hvrv_sbi *sbi, uint32_t hart);

/**
 * @brief Says that a vHart is put: what is about to stop is STOPPED, to suspend SUSPENDED.
 *
 * To be called after hvrv_bind_put(). For one that stops, after hvrv_run_stop(), because
 * from now on another may start it; for all others before hvrv_run_park() or hvrv_run_yield().
 * @param sbi made by hvrv_sbi_init().
 * @param hart index of the vHart, not loaded.
 * @retval HVRV_OK so it is; also if it goes on later and nothing changed.
 * @retval HVRV_ERR_NULL @p sbi is null.
 * @retval HVRV_ERR_RANGE there is no such hart.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_sbi_rest(struct hvrv_sbi *sbi, uint32_t hart);

/**
 * @brief The state of a hart at this moment. Others may change it at the next.
 * @param hart one of hvrv_sbi.harts; not null.
 * @return the state.
 */
static inline enum hvrv_sbi_state hvrv_sbi_get_state(const struct hvrv_sbi_hart *hart)
{
    return (enum hvrv_sbi_state)__atomic_load_n(&hart->state, __ATOMIC_ACQUIRE);
}

/**
 * @brief An argument of the call that is being served.
 * @param hart as the handler got it.
 * @param number 0 to 5: a0 to a5; 6 is the function, 7 the extension.
 * @return the register.
 */
static inline uint64_t hvrv_sbi_get_argument(const struct hvrv_sbi_hart *hart, unsigned number)
{
    return hart->vhart->gpr[10 + number];
}

/**
 * @brief Answers a call: a0 and a1, and sepc behind the ECALL.
 * @param hart as the handler got it.
 * @param error for a0; a1 becomes 0.
 * @return #HVRV_OK.
 */
static inline enum hvrv_status hvrv_sbi_answer(struct hvrv_sbi_hart *hart,
                                               enum hvrv_sbi_error error)
{
    hart->vhart->gpr[10] = (uint64_t)(int64_t)error;
    hart->vhart->gpr[11] = 0;
    hart->vhart->sepc += 4;
    return HVRV_OK;
}

/**
 * @brief Answers a call with a value: success in a0.
 * @param hart as the handler got it.
 * @param value for a1.
 * @return #HVRV_OK.
 */
static inline enum hvrv_status hvrv_sbi_answer_value(struct hvrv_sbi_hart *hart, uint64_t value)
{
    hart->vhart->gpr[10] = HVRV_SBI_SUCCESS;
    hart->vhart->gpr[11] = value;
    hart->vhart->sepc += 4;
    return HVRV_OK;
}

/**
 * @brief Answers a legacy call: a0 alone.
 * @param hart as the handler got it.
 * @param value for a0; negative for an error.
 * @return #HVRV_OK.
 */
static inline enum hvrv_status hvrv_sbi_answer_legacy(struct hvrv_sbi_hart *hart, int64_t value)
{
    hart->vhart->gpr[10] = (uint64_t)value;
    hart->vhart->sepc += 4;
    return HVRV_OK;
}

/**
 * @brief Tells whether a set names a hart.
 * @param set harts that are there.
 * @param id the number that the guest knows.
 * @return true if so.
 */
static inline bool hvrv_sbi_set_has(const struct hvrv_sbi_set *set, uint64_t id)
{
    if (set->base == HVRV_SBI_ALL_HARTS)
        return true;
    return id >= set->base && id - set->base < 64 && (set->mask >> (id - set->base) & 1) != 0;
}

/**
 * @brief Tells whether an extension is there, as probe_extension does.
 * @param sbi made by hvrv_sbi_init(); not null.
 * @param id any number.
 * @return true if it is in the table and all that its functions need is there.
 */
bool hvrv_sbi_has_extension(const struct hvrv_sbi *sbi, uint64_t id);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
