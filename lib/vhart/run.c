/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/run.h>

/*
 * vhart->run: the state in bits 1:0, the mark of a kick in bit 2, and above it
 * the hart while the state is LOADED.
 *
 * Every change is one atomic read-modify-write of this word. So all harts agree
 * on the order of the changes, and each acquires what all before it released:
 *
 *  - Whoever takes a vHart sees what its last owner stored before he gave it up.
 *  - A kick follows the raise of an interrupt; a look for interrupts follows
 *    hvrv_run_listen(), which takes the mark away. Either the kick comes first: then
 *    listen acquires, and the look sees what was raised. Or listen comes first:
 *    then the mark is in the word, and only the owner takes it away, so
 *    hvrv_run_park() finds it.
 */
#define STATE      UINT32_C(3)
#define KICKED     UINT32_C(4)
#define HART_SHIFT 4

enum edge {
#define EDGE(id, from, to) EDGE_##id,
    HVRV_RUN_EDGE_LIST(EDGE)
#undef EDGE
};

static const struct {
    uint32_t from, to;
} edges[] = {
#define EDGE(id, from, to) {HVRV_RUN_##from, HVRV_RUN_##to},
    HVRV_RUN_EDGE_LIST(EDGE)
#undef EDGE
};

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
    return __atomic_load_n(&vhart->run, __ATOMIC_ACQUIRE);
}

/* The word as it was if the state was the edge's; @p hart goes with LOADED only. */
static bool replace(struct hvrv_vhart *vhart, enum edge edge, uint32_t word, uint32_t hart)
{
    if ((word & STATE) != edges[edge].from)
        return false;
    return __atomic_compare_exchange_n(&vhart->run, &word, hart << HART_SHIFT | edges[edge].to,
                                       false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
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
 * Nobody but the caller may leave the state, others at most mark a kick, and the
 * mark stays: so the second try succeeds unless another was faster, or the caller is
 * not the owner.
 */
static enum hvrv_status follow(struct hvrv_vhart *vhart, enum edge edge, uint32_t hart)
{
    if (!vhart)
        return HVRV_ERR_NULL;
    for (unsigned tries = 0; tries < 2; tries++) {
        if (replace(vhart, edge, load(vhart), hart))
            return HVRV_OK;
    }
    return HVRV_ERR_STATE;
}

enum hvrv_status hvrv_run_start(struct hvrv_vhart *vhart)
{
    return follow(vhart, EDGE_START, 0);
}

enum hvrv_status hvrv_run_take(struct hvrv_vhart *vhart, uint32_t hart)
{
    if (vhart && hart > HVRV_RUN_HART_MAX)
        return HVRV_ERR_RANGE;
    return follow(vhart, EDGE_TAKE, hart);
}

enum hvrv_status hvrv_run_yield(struct hvrv_vhart *vhart)
{
    return follow(vhart, EDGE_YIELD, 0);
}

enum hvrv_status hvrv_run_stop(struct hvrv_vhart *vhart)
{
    return follow(vhart, EDGE_STOP, 0);
}

enum hvrv_status hvrv_run_listen(struct hvrv_vhart *vhart)
{
    if (!vhart)
        return HVRV_ERR_NULL;
    if (!is_in(load(vhart), HVRV_RUN_LOADED))
        return HVRV_ERR_STATE;
    __atomic_fetch_and(&vhart->run, ~KICKED, __ATOMIC_ACQ_REL);
    return HVRV_OK;
}

/* A mark that comes between the look and the exchange makes the exchange fail. */
enum hvrv_status hvrv_run_park(struct hvrv_vhart *vhart, bool *is_ready)
{
    uint32_t word;
    enum hvrv_status status;

    if (is_ready)
        *is_ready = false;
    if (!vhart || !is_ready)
        return HVRV_ERR_NULL;
    word = load(vhart);
    if (!(word & KICKED) && replace(vhart, EDGE_PARK, word, 0))
        return HVRV_OK;
    status = follow(vhart, EDGE_YIELD, 0);
    *is_ready = status == HVRV_OK;
    return status;
}

/*
 * The mark comes first, so a hart that is about to park finds it. A vHart that was
 * parked is woken by one of those that kick it, whoever is first. The others have
 * nothing to do, as it became ready after their mark: whoever takes it sees what
 * they stored before.
 */
enum hvrv_status hvrv_run_kick(struct hvrv_vhart *vhart, struct hvrv_run_kicked *kick)
{
    uint32_t word;

    if (kick)
        *kick = (struct hvrv_run_kicked){HVRV_RUN_NOTHING, 0};
    if (!vhart || !kick)
        return HVRV_ERR_NULL;
    word = __atomic_fetch_or(&vhart->run, KICKED, __ATOMIC_ACQ_REL);
    if (is_in(word, HVRV_RUN_LOADED))
        *kick = (struct hvrv_run_kicked){HVRV_RUN_INTERRUPT, word >> HART_SHIFT};
    else if (replace(vhart, EDGE_WAKE, word | KICKED, 0))
        kick->duty = HVRV_RUN_ENQUEUE;
    return HVRV_OK;
}
