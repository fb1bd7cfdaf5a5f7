/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/run.h>

/*
 * vhart->run: the state in bits 1:0, the mark of a kick in bit 2, and above it
 * the hart while the state is LOADED.
 *
 * Everything is sequentially consistent: a kick follows the raise of an
 * interrupt, and a look for interrupts follows hvrv_run_listen(). Of the two
 * pairs at least one sees the other, which acquire and release alone would not
 * give.
 */
#define STATE      UINT32_C(3)
#define KICKED     UINT32_C(4)
#define HART_SHIFT 4

const char *hvrv_run_state_name(enum hvrv_run_state state)
{
    switch (state) {
#define NAME(id, name) \
    case id:           \
        return name;
        HVRV_RUN_STATE_LIST(NAME)
#undef NAME
    }
    return "unknown";
}

static uint32_t load(const struct hvrv_vhart *vhart)
{
    return __atomic_load_n(&vhart->run, __ATOMIC_SEQ_CST);
}

static bool replace(struct hvrv_vhart *vhart, uint32_t from, uint32_t to)
{
    return __atomic_compare_exchange_n(&vhart->run, &from, to, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static bool is_in(uint32_t word, enum hvrv_run_state state)
{
    return (word & STATE) == (uint32_t)state;
}

enum hvrv_run_state hvrv_run_get_state(const struct hvrv_vhart *vhart)
{
    return (enum hvrv_run_state)(load(vhart) & STATE);
}

/*
 * Nobody but the caller may leave the state, others at most mark a kick, once:
 * so the second try succeeds unless the caller broke the rule, or lost a race.
 */
static enum hvrv_status move(struct hvrv_vhart *vhart, enum hvrv_run_state from, uint32_t to)
{
    if (!vhart)
        return HVRV_ERR_NULL;
    for (unsigned tries = 0; tries < 2; tries++) {
        uint32_t word = load(vhart);
        if (!is_in(word, from))
            return HVRV_ERR_STATE;
        if (replace(vhart, word, to))
            return HVRV_OK;
    }
    return HVRV_ERR_STATE;
}

enum hvrv_status hvrv_run_start(struct hvrv_vhart *vhart)
{
    return move(vhart, HVRV_RUN_STOPPED, HVRV_RUN_READY);
}

enum hvrv_status hvrv_run_take(struct hvrv_vhart *vhart, uint32_t hart)
{
    if (hart > HVRV_RUN_HART_MAX)
        return HVRV_ERR_RANGE;
    return move(vhart, HVRV_RUN_READY, hart << HART_SHIFT | HVRV_RUN_LOADED);
}

enum hvrv_status hvrv_run_yield(struct hvrv_vhart *vhart)
{
    return move(vhart, HVRV_RUN_LOADED, HVRV_RUN_READY);
}

enum hvrv_status hvrv_run_stop(struct hvrv_vhart *vhart)
{
    return move(vhart, HVRV_RUN_LOADED, HVRV_RUN_STOPPED);
}

enum hvrv_status hvrv_run_listen(struct hvrv_vhart *vhart)
{
    if (!vhart)
        return HVRV_ERR_NULL;
    if (!is_in(load(vhart), HVRV_RUN_LOADED))
        return HVRV_ERR_STATE;
    __atomic_fetch_and(&vhart->run, ~KICKED, __ATOMIC_SEQ_CST);
    return HVRV_OK;
}

enum hvrv_status hvrv_run_park(struct hvrv_vhart *vhart, bool *is_ready)
{
    uint32_t word;

    if (is_ready)
        *is_ready = false;
    if (!vhart || !is_ready)
        return HVRV_ERR_NULL;
    word = load(vhart);
    if (!is_in(word, HVRV_RUN_LOADED))
        return HVRV_ERR_STATE;
    if (replace(vhart, word & ~KICKED, HVRV_RUN_PARKED))
        return HVRV_OK;
    *is_ready = move(vhart, HVRV_RUN_LOADED, HVRV_RUN_READY) == HVRV_OK;
    return *is_ready ? HVRV_OK : HVRV_ERR_STATE;
}

enum hvrv_status hvrv_run_kick(struct hvrv_vhart *vhart, struct hvrv_run_kicked *kick)
{
    uint32_t word;

    if (kick)
        *kick = (struct hvrv_run_kicked){HVRV_RUN_NOTHING, 0};
    if (!vhart || !kick)
        return HVRV_ERR_NULL;
    word = __atomic_fetch_or(&vhart->run, KICKED, __ATOMIC_SEQ_CST);
    if (is_in(word, HVRV_RUN_LOADED))
        *kick = (struct hvrv_run_kicked){HVRV_RUN_INTERRUPT, word >> HART_SHIFT};
    if (is_in(word, HVRV_RUN_PARKED) && replace(vhart, word | KICKED, HVRV_RUN_READY))
        kick->duty = HVRV_RUN_ENQUEUE;
    return HVRV_OK;
}
