/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls with arguments drawn at random, mostly near what matters, foretold one by one by the
 * specification's text: the answer, the state of every hart, what the hypervisor is asked
 * for, and what stays as it is.
 */
#include <stdio.h>

#include "sbi_world.h"

#define CALLS (1U << 18)
#define SEED  UINT64_C(0x5b1c0de20261123)

enum access { READ, WRITE, EXECUTE };

static uint64_t seed;

static uint64_t draw(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t below(uint64_t bound)
{
    return draw() % bound;
}

/* The values that decide something, give or take a little. */
static uint64_t draw_value(void)
{
    static const uint64_t around[] = {0,
                                      5,
                                      70,
                                      0x26,
                                      0xfff,
                                      0x10000,
                                      UINT64_C(0x7fffffff),
                                      UINT64_C(0x80000000),
                                      UINT64_C(0xf0000000),
                                      UINT64_C(0x100000000),
                                      GPA(PAGE_HOLE, 0),
                                      GPA(PAGE_NO_X, 0),
                                      GPA(PAGE_NO_W, 0),
                                      GPA(PAGE_ONLY_X, 0),
                                      GPA(PAGE_DEVICE, 0),
                                      RAM_END,
                                      UINT64_C(1) << 63,
                                      UINT64_C(0xffffffff80000000),
                                      0};

    switch (below(8)) {
    case 0:
        return draw();
    case 1:
        return below(80);
    case 2:
        return RAM + below(PAGES * UINT64_C(0x1000));
    case 3:
        return (RAM + below(PAGES * UINT64_C(0x1000))) & ~UINT64_C(1);
    case 4:
        return below(0x6000);
    default:
        return around[below(sizeof(around) / sizeof(around[0]))] + below(7) - 3;
    }
}

/* A function: mostly one that is there. */
static uint64_t draw_function(uint64_t eid)
{
    uint64_t count = eid == BASE || eid == RFENCE ? 7 : eid == HSM ? 4 : eid == DBCN ? 3 : 1;

    if (below(16) == 0)
        return draw_value();
    return below(below(8) == 0 ? 8 : count);
}

static struct question draw_question(unsigned hart)
{
    static const uint64_t eids[] = {BASE, TIME, IPI, IPI,  RFENCE, RFENCE, HSM,
                                    HSM,  HSM,  HSM, SRST, DBCN,   DBCN,   SUSP};
    struct question question = {.hart = hart};

    question.eid = below(12) == 0 ? draw_value() : eids[below(sizeof(eids) / sizeof(eids[0]))];
    question.fid = draw_function(question.eid);
    for (unsigned i = 0; i < 6; i++)
        question.a[i] = draw_value();
    if ((question.eid == IPI || question.eid == RFENCE) && below(2) == 0)
        question.a[0] &= below(2) == 0 ? 0x27 : 0x7;
    if ((question.eid == IPI || question.eid == RFENCE) && below(2) == 0)
        question.a[1] = below(3) == 0 ? UINT64_MAX - below(3) : below(4);
    if (question.eid == DBCN && below(2) == 0)
        question.a[2] = 0;
    if ((question.eid == DBCN || question.eid == SUSP) && below(2) == 0)
        question.a[0] = below(3) << 31;
    if (question.eid == DBCN && question.a[0] > 0x6000 && below(2) == 0)
        question.a[0] = below(0x1800);
    if ((question.eid == HSM || question.eid == SUSP) && below(2) == 0)
        question.a[1] = RAM + 2 * below(PAGES * UINT64_C(0x800));
    if (question.eid == HSM && below(2) == 0)
        question.a[0] = question.fid == 3 ? below(2) << 31 : w.harts[below(HARTS)].id;
    return question;
}

/* What the guest may do with a byte of its memory. */
static bool may(uint64_t gpa, enum access access)
{
    static const char *const rights[] = {"", "rw", "rx", "x", ""};
    static const char letters[] = {'r', 'w', 'x'};
    uint64_t page = (gpa - RAM) >> 12;

    if (gpa < RAM || page >= PAGES)
        return false;
    if (page < PAGE_HOLE || page > PAGE_DEVICE)
        return true;
    return strchr(rights[page - PAGE_HOLE], letters[access]) != NULL;
}

static bool is_entry(uint64_t gpa)
{
    return (gpa & 1) == 0 && may(gpa, EXECUTE);
}

static int index_of(uint64_t id)
{
    for (int i = 0; i < HARTS; i++) {
        if (w.harts[i].id == id)
            return i;
    }
    return -1;
}

/* Which harts are meant, a bit each by index; -1 if one is not there. */
static int meant(uint64_t mask, uint64_t base)
{
    int set = 0;

    if (base == UINT64_MAX)
        return (1 << HARTS) - 1;
    for (unsigned bit = 0; bit < 64; bit++) {
        int index = base > UINT64_MAX - bit ? -1 : index_of(base + bit);
        if ((mask >> bit & 1) == 0)
            continue;
        if (index < 0)
            return -1;
        set |= 1 << index;
    }
    return set;
}

/* What a call must come to. */
struct foretold {
    int64_t error;
    uint64_t value;
    enum hvrv_sbi_action action;
    bool goes_elsewhere; /* a0, a1 and pc are those of an entry */
    bool is_left;        /* a0, a1 and pc stay */
    bool legacy;
    uint32_t states[HARTS]; /* afterwards */
    unsigned kicks;         /* a bit a hart */
    int started;            /* index, or -1 */
    bool fences, resets, sleeps;
};

static struct foretold error(struct foretold told, int64_t number)
{
    told.error = number;
    return told;
}

static struct foretold foretell_base(struct foretold told, const struct question *q)
{
    static const uint64_t values[] = {0x3000000, 1, 2, 0, 4, 5, 6};
    static const uint64_t there[] = {BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, SUSP, 0,
                                     1,    2,    3,   4,      5,   6,    7,    8};

    if (q->fid > 6)
        return error(told, NOT_SUPPORTED);
    told.value = values[q->fid];
    for (unsigned i = 0; q->fid == 3 && i < sizeof(there) / sizeof(there[0]); i++)
        told.value |= q->a[0] == there[i];
    return told;
}

static struct foretold foretell_ipi(struct foretold told, const struct question *q)
{
    int set = meant(q->a[0], q->a[1]);

    if (q->fid != 0)
        return error(told, NOT_SUPPORTED);
    if (set < 0)
        return error(told, INVALID_PARAM);
    for (unsigned i = 0; i < HARTS; i++) {
        bool listens = told.states[i] != STOPPED && told.states[i] != STOP_PENDING;
        if ((set >> i & 1) && listens && i != q->hart)
            told.kicks |= 1U << i;
    }
    return told;
}

static struct foretold foretell_rfence(struct foretold told, const struct question *q)
{
    int set = meant(q->a[0], q->a[1]);
    uint64_t start = q->a[2], size = q->a[3];
    bool wraps = size != 0 && size != UINT64_MAX && start > UINT64_MAX - (size - 1);

    if (q->fid > 2)
        return error(told, NOT_SUPPORTED);
    if (q->fid == 2 && q->a[4] > 65535)
        return error(told, INVALID_PARAM);
    if (q->fid != 0 && wraps)
        return error(told, INVALID_ADDRESS);
    if (set < 0)
        return error(told, INVALID_PARAM);
    told.fences = set != 0;
    return told;
}

static struct foretold foretell_start(struct foretold told, const struct question *q)
{
    int target = index_of(q->a[0]);

    if (target < 0)
        return error(told, INVALID_PARAM);
    if (!is_entry(q->a[1]))
        return error(told, INVALID_ADDRESS);
    if (told.states[target] == STOP_PENDING)
        return error(told, FAILED);
    if (told.states[target] != STOPPED)
        return error(told, ALREADY_AVAILABLE);
    told.states[target] = START_PENDING;
    told.started = target;
    return told;
}

static struct foretold foretell_hsm(struct foretold told, const struct question *q)
{
    int target = index_of(q->a[0]);
    uint32_t type = (uint32_t)q->a[0];

    switch (q->fid) {
    case 0:
        return foretell_start(told, q);
    case 1:
        told.states[q->hart] = STOP_PENDING;
        told.action = HVRV_SBI_STOP;
        told.is_left = true;
        return told;
    case 2:
        if (target < 0)
            return error(told, INVALID_PARAM);
        told.value = told.states[target];
        return told;
    case 3:
        if (type != 0 && type != 0x80000000)
            return error(told, INVALID_PARAM);
        if (type != 0 && !is_entry(q->a[1]))
            return error(told, INVALID_ADDRESS);
        told.states[q->hart] = SUSPEND_PENDING;
        told.action = HVRV_SBI_PARK;
        told.goes_elsewhere = type != 0;
        return told;
    default:
        return error(told, NOT_SUPPORTED);
    }
}

static struct foretold foretell_srst(struct foretold told, const struct question *q)
{
    uint32_t type = (uint32_t)q->a[0], reason = (uint32_t)q->a[1];

    if (q->fid != 0)
        return error(told, NOT_SUPPORTED);
    if ((type > 2 && type < 0xf0000000) || (reason > 1 && reason < 0xe0000000))
        return error(told, INVALID_PARAM);
    told.resets = true;
    told.action = HVRV_SBI_RESET;
    told.is_left = true;
    return told;
}

static struct foretold foretell_susp(struct foretold told, const struct question *q)
{
    uint32_t type = (uint32_t)q->a[0];

    if (q->fid != 0)
        return error(told, NOT_SUPPORTED);
    if (type != 0 && type < 0x80000000)
        return error(told, INVALID_PARAM);
    if (!is_entry(q->a[1]))
        return error(told, INVALID_ADDRESS);
    for (unsigned i = 0; i < HARTS; i++) {
        if (i != q->hart && told.states[i] != STOPPED)
            return error(told, DENIED);
    }
    told.sleeps = true;
    told.action = HVRV_SBI_SUSPEND;
    told.states[q->hart] = SUSPEND_PENDING;
    told.goes_elsewhere = true;
    return told;
}

/* Every byte that is to be moved, and the last of the range. */
static bool is_range(uint64_t gpa, uint64_t size, enum access access)
{
    if (gpa > UINT64_MAX - (size - 1) || !may(gpa + size - 1, access))
        return false;
    for (uint64_t i = 0; i < size && i < 4096; i++) {
        if (!may(gpa + i, access))
            return false;
    }
    return true;
}

static struct foretold foretell_dbcn(struct foretold told, const struct question *q)
{
    uint64_t size = q->a[0], room = q->fid == 0 ? w.out_room : w.in_count;

    if (q->fid > 2)
        return error(told, NOT_SUPPORTED);
    if (q->fid == 2) {
        told.is_left = w.out_room == 0;
        return told;
    }
    if (size == 0)
        return told;
    if (q->a[2] != 0 || !is_range(q->a[1], size, q->fid == 0 ? READ : WRITE))
        return error(told, INVALID_PARAM);
    told.value = size < 4096 ? size : 4096;
    if (told.value > room)
        told.value = room;
    return told;
}

static struct foretold foretell(const struct question *q)
{
    struct foretold told = {.started = -1};

    for (unsigned i = 0; i < HARTS; i++)
        told.states[i] = w.harts[i].state;
    told.states[q->hart] = STARTED;
    told.legacy = q->eid < 16;
    switch (q->eid) {
    case BASE:
        return foretell_base(told, q);
    case TIME:
        return error(told, q->fid == 0 ? SUCCESS : NOT_SUPPORTED);
    case IPI:
        return foretell_ipi(told, q);
    case RFENCE:
        return foretell_rfence(told, q);
    case HSM:
        return foretell_hsm(told, q);
    case SRST:
        return foretell_srst(told, q);
    case DBCN:
        return foretell_dbcn(told, q);
    case SUSP:
        return foretell_susp(told, q);
    default:
        return error(told, NOT_SUPPORTED);
    }
}

static struct hvrv_vhart before[HARTS];
static unsigned reached[8][8]; /* how often: extension, -error */

/* Nobody's registers changed but the caller's and those of a hart that was started. */
static void check_bystanders(const struct question *q, int started)
{
    for (unsigned i = 0; i < HARTS; i++) {
        if (i == q->hart || (int)i == started)
            continue;
        before[i].irq = w.vharts[i].irq;
        assert_memory_equal(&w.vharts[i], &before[i], sizeof(before[i]));
    }
}

static void check_memory(const struct question *q, const struct foretold *told)
{
    bool reads = q->eid == DBCN && q->fid == 1 && told->value != 0;

    assert_int_equal(w.strays, 0);
    assert_true(reads || w.first > w.last);
    if (reads) {
        assert_int_equal(w.first, q->a[1] & ~UINT64_C(7));
        assert_int_equal(w.last, (q->a[1] + told->value - 1) | 7);
    }
}

static void check_asked(const struct foretold *told)
{
    for (unsigned i = 0; i < HARTS; i++) {
        assert_int_equal(w.harts[i].state, told->states[i]);
        assert_int_equal(w.kicks[i], told->kicks >> i & 1);
        assert_int_equal(w.starts[i], told->started == (int)i);
    }
    assert_int_equal(w.fences, told->fences);
    assert_int_equal(w.resets, told->resets);
    assert_int_equal(w.suspends, told->sleeps);
}

static void check_answer(const struct question *q, const struct foretold *told,
                         const struct answer *answer)
{
    assert_int_equal(answer->action, told->action);
    if (told->goes_elsewhere) {
        assert_int_equal(answer->pc, q->a[1]);
        assert_int_equal(answer->error, w.harts[q->hart].id);
        assert_int_equal(answer->value, q->a[2]);
    } else if (told->is_left) {
        assert_int_equal(answer->pc, PC);
        assert_int_equal(answer->error, q->a[0]);
        assert_int_equal(answer->value, q->a[1]);
    } else {
        assert_true(answer->is_answered);
        assert_int_equal(answer->error, told->error);
        assert_int_equal(answer->value, told->value);
    }
}

static void clear_notes(void)
{
    memset(w.kicks, 0, sizeof(w.kicks));
    memset(w.starts, 0, sizeof(w.starts));
    w.fences = w.resets = w.suspends = 0;
    w.first = UINT64_MAX;
    w.last = 0;
    w.out_count = w.in_next = 0;
    w.out_room = below(4) == 0 ? 0 : (uint32_t)below(CONSOLE);
    w.in_count = below(4) == 0 ? 0 : (uint32_t)below(CONSOLE);
}

static void count(const struct question *q, const struct foretold *told)
{
    static const uint64_t eids[] = {BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, SUSP};

    for (unsigned i = 0; i < 8; i++) {
        if (q->eid == eids[i])
            reached[i][-told->error]++;
    }
}

static void ask_one(unsigned hart)
{
    struct question q = draw_question(hart);
    struct foretold told;
    struct answer answer;

    clear_notes();
    told = foretell(&q);
    if (told.legacy)
        return; /* they have sentences of their own */
    memcpy(before, w.vharts, sizeof(before));
    answer = sbi_world_ask(&q);
    check_answer(&q, &told, &answer);
    check_asked(&told);
    check_bystanders(&q, told.started);
    check_memory(&q, &told);
    count(&q, &told);
}

/* The hypervisor puts and loads vHarts as it likes. */
static void let_time_pass(void)
{
    unsigned hart = (unsigned)below(HARTS);
    uint32_t state = w.harts[hart].state;

    if (state == STOP_PENDING || (state == SUSPEND_PENDING && below(2) == 0)) {
        assert_int_equal(hvrv_sbi_rest(&w.sbi, hart), HVRV_OK);
        assert_int_equal(w.harts[hart].state, state == STOP_PENDING ? STOPPED : SUSPENDED);
    } else if (state == STOPPED) {
        assert_int_equal(hvrv_sbi_wake(&w.sbi, hart), HVRV_ERR_STATE);
        assert_int_equal(w.harts[hart].state, STOPPED);
    } else {
        assert_int_equal(hvrv_sbi_wake(&w.sbi, hart), HVRV_OK);
        assert_int_equal(w.harts[hart].state, STARTED);
    }
}

/* A hart that may call; all anew if there is none. */
static unsigned draw_hart(void)
{
    for (unsigned tries = 0; tries < 64; tries++) {
        unsigned hart = (unsigned)below(HARTS);
        if (w.harts[hart].state != STOPPED && w.harts[hart].state != STOP_PENDING)
            return hart;
    }
    for (unsigned i = 0; i < HARTS; i++)
        w.vharts[i].irq = 0;
    w.config.boot = (uint32_t)below(HARTS);
    sbi_world_init();
    return w.config.boot;
}

static void every_call_comes_to_what_the_specification_says(void **state)
{
    static const struct {
        unsigned extension, error;
    } expected[] = {{0, 0}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 2}, {2, 3}, {3, 0}, {3, 2}, {3, 3},
                    {3, 5}, {4, 0}, {4, 1}, {4, 2}, {4, 3}, {4, 5}, {4, 6}, {5, 0}, {5, 2}, {5, 3},
                    {6, 0}, {6, 2}, {6, 3}, {7, 0}, {7, 2}, {7, 3}, {7, 4}, {7, 5}};

    (void)state;
    seed = SEED;
    printf("seed %#llx, %u calls\n", (unsigned long long)seed, CALLS);
    w.config.identity = (struct hvrv_sbi_identity){0, 1, 2, 4, 5, 6};
    sbi_world_init();
    for (unsigned i = 0; i < CALLS; i++) {
        ask_one(draw_hart());
        if (below(4) == 0)
            let_time_pass();
    }
    for (unsigned i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        assert_in_range(reached[expected[i].extension][expected[i].error], 20, CALLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_call_comes_to_what_the_specification_says, sbi_world_build),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
