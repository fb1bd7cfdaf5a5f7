/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/run.h>

#define STOPPED HVRV_RUN_STOPPED
#define PARKED  HVRV_RUN_PARKED
#define READY   HVRV_RUN_READY
#define LOADED  HVRV_RUN_LOADED

static struct hvrv_vm vm;
static struct hvrv_vhart vhart;

static int build(void **state)
{
    (void)state;
    assert_int_equal(hvrv_vhart_init(&vhart, &vm), HVRV_OK);
    return 0;
}

static void assert_state(enum hvrv_run_state expected)
{
    assert_int_equal(hvrv_run_get_state(&vhart), expected);
}

/* Parks a vHart that nobody kicked, or that somebody did. */
static void park(bool is_ready)
{
    bool found = !is_ready;
    assert_int_equal(hvrv_run_park(&vhart, &found), HVRV_OK);
    assert_int_equal(found, is_ready);
}

static void kick(enum hvrv_run_duty duty, uint32_t hart)
{
    struct hvrv_run_kicked kicked = {(enum hvrv_run_duty)77, 77};
    assert_int_equal(hvrv_run_kick(&vhart, &kicked), HVRV_OK);
    assert_int_equal(kicked.duty, duty);
    assert_int_equal(kicked.hart, hart);
}

static void start(void)
{
    assert_int_equal(hvrv_run_start(&vhart), HVRV_OK);
}

static void take(uint32_t hart)
{
    assert_int_equal(hvrv_run_take(&vhart, hart), HVRV_OK);
}

static void listen(void)
{
    assert_int_equal(hvrv_run_listen(&vhart), HVRV_OK);
}

static void bring_to(enum hvrv_run_state state)
{
    build(NULL);
    if (state != STOPPED)
        start();
    if (state == LOADED || state == PARKED)
        take(3);
    if (state == PARKED)
        park(false);
    assert_state(state);
}

static void a_vhart_begins_stopped(void **state)
{
    (void)state;
    assert_state(STOPPED);
}

/* The calls, and what each makes of each state: the state itself where it is refused. */
static enum hvrv_status call_start(void)
{
    return hvrv_run_start(&vhart);
}

static enum hvrv_status call_take(void)
{
    return hvrv_run_take(&vhart, 5);
}

static enum hvrv_status call_yield(void)
{
    return hvrv_run_yield(&vhart);
}

static enum hvrv_status call_listen(void)
{
    return hvrv_run_listen(&vhart);
}

static enum hvrv_status call_park(void)
{
    bool is_ready = true;
    enum hvrv_status status = hvrv_run_park(&vhart, &is_ready);
    assert_false(is_ready);
    return status;
}

static enum hvrv_status call_stop(void)
{
    return hvrv_run_stop(&vhart);
}

static enum hvrv_status call_kick(void)
{
    struct hvrv_run_kicked kicked;
    return hvrv_run_kick(&vhart, &kicked);
}

static const struct row {
    enum hvrv_status (*call)(void);
    struct {
        enum hvrv_status status;
        enum hvrv_run_state state;
    } from[4]; /* by state: stopped, parked, ready, loaded */
} rows[] = {
#define OK  HVRV_OK
#define BAD HVRV_ERR_STATE
    {call_start, {{OK, READY}, {BAD, PARKED}, {BAD, READY}, {BAD, LOADED}}},
    {call_take, {{BAD, STOPPED}, {BAD, PARKED}, {OK, LOADED}, {BAD, LOADED}}},
    {call_yield, {{BAD, STOPPED}, {BAD, PARKED}, {BAD, READY}, {OK, READY}}},
    {call_listen, {{BAD, STOPPED}, {BAD, PARKED}, {BAD, READY}, {OK, LOADED}}},
    {call_park, {{BAD, STOPPED}, {BAD, PARKED}, {BAD, READY}, {OK, PARKED}}},
    {call_stop, {{BAD, STOPPED}, {BAD, PARKED}, {BAD, READY}, {OK, STOPPED}}},
    {call_kick, {{OK, STOPPED}, {OK, READY}, {OK, READY}, {OK, LOADED}}},
#undef OK
#undef BAD
};

static const enum hvrv_run_state states[] = {STOPPED, PARKED, READY, LOADED};

static void every_call_from_every_state_is_an_edge_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 4; i++) {
        const struct row *row = &rows[i / 4];
        bring_to(states[i % 4]);
        assert_int_equal(row->call(), row->from[i % 4].status);
        assert_state(row->from[i % 4].state);
    }
}

static void a_kicked_vhart_takes_the_same_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 4; i++) {
        const struct row *row = &rows[i / 4];
        if (row->call == call_park || states[i % 4] == PARKED)
            continue; /* a kick makes a difference there */
        bring_to(states[i % 4]);
        assert_int_equal(call_kick(), HVRV_OK);
        assert_int_equal(row->call(), row->from[i % 4].status);
        assert_state(row->from[i % 4].state);
    }
}

static void what_a_kick_leaves_to_do_depends_on_the_state(void **state)
{
    (void)state;
    kick(HVRV_RUN_NOTHING, 0); /* stopped */
    start();
    kick(HVRV_RUN_NOTHING, 0); /* in the queue already */
    take(7);
    kick(HVRV_RUN_INTERRUPT, 7);
    kick(HVRV_RUN_INTERRUPT, 7);
    listen();
    park(false);
    kick(HVRV_RUN_ENQUEUE, 0);
    kick(HVRV_RUN_NOTHING, 0);
    assert_state(READY);
}

static void a_kick_tells_every_hart_there_can_be(void **state)
{
    static const uint32_t harts[] = {0, 1, 7, 15, 16, 4095, 0x8000000, 0xfffffff};

    (void)state;
    start();
    for (size_t i = 0; i < sizeof(harts) / sizeof(harts[0]); i++) {
        take(harts[i]);
        kick(HVRV_RUN_INTERRUPT, harts[i]);
        assert_int_equal(hvrv_run_yield(&vhart), HVRV_OK);
    }
}

static void a_hart_that_does_not_fit_is_refused(void **state)
{
    static const uint32_t harts[] = {0x10000000, 0x10000001, 0x80000000, 0xffffffff};

    (void)state;
    start();
    for (size_t i = 0; i < sizeof(harts) / sizeof(harts[0]); i++) {
        assert_int_equal(hvrv_run_take(&vhart, harts[i]), HVRV_ERR_RANGE);
        assert_state(READY);
    }
}

static void a_kick_after_listen_keeps_it_from_parking(void **state)
{
    (void)state;
    start();
    take(1);
    listen();
    kick(HVRV_RUN_INTERRUPT, 1);
    park(true);
    assert_state(READY);
    take(2); /* and it is forgotten */
    park(false);
    assert_state(PARKED);
}

static void a_kick_before_listen_does_not(void **state)
{
    (void)state;
    start();
    take(1);
    kick(HVRV_RUN_INTERRUPT, 1);
    listen();
    kick(HVRV_RUN_INTERRUPT, 1); /* listen did not forget where it is */
    listen();
    park(false);
}

/* Without listen every kick since it was taken counts, which is right, if not needed. */
static void a_kick_without_listen_keeps_it_from_parking(void **state)
{
    (void)state;
    start();
    take(1);
    kick(HVRV_RUN_INTERRUPT, 1);
    park(true);
}

/* Whoever takes it looks for what there is to do, so earlier kicks are done with. */
static void a_kick_before_take_is_forgotten(void **state)
{
    (void)state;
    kick(HVRV_RUN_NOTHING, 0);
    start();
    take(1);
    park(false);
    kick(HVRV_RUN_ENQUEUE, 0);
    kick(HVRV_RUN_NOTHING, 0);
    take(1);
    park(false);
}

static void a_kick_does_not_outlive_a_turn(void **state)
{
    (void)state;
    start();
    take(1);
    kick(HVRV_RUN_INTERRUPT, 1);
    assert_int_equal(hvrv_run_yield(&vhart), HVRV_OK);
    take(2);
    kick(HVRV_RUN_INTERRUPT, 2);
    assert_int_equal(hvrv_run_stop(&vhart), HVRV_OK);
    kick(HVRV_RUN_NOTHING, 0);
    start();
    take(3);
    park(false);
}

static void of_two_that_take_it_one_gets_it(void **state)
{
    (void)state;
    start();
    take(1);
    assert_int_equal(hvrv_run_take(&vhart, 2), HVRV_ERR_STATE);
    kick(HVRV_RUN_INTERRUPT, 1);
}

static void a_stopped_vhart_can_be_started_again(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        start();
        take(i);
        kick(HVRV_RUN_INTERRUPT, i);
        assert_int_equal(hvrv_run_stop(&vhart), HVRV_OK);
        assert_state(STOPPED);
    }
}

static void nothing_else_of_the_vhart_changes(void **state)
{
    static struct hvrv_vhart before;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 4; i++) {
        bring_to(states[i % 4]);
        memcpy(&before, &vhart, sizeof(vhart));
        (void)!rows[i / 4].call();
        before.run = vhart.run;
        assert_memory_equal(&before, &vhart, sizeof(vhart));
    }
}

static void a_state_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(hvrv_run_state_name(STOPPED), "stopped");
    assert_string_equal(hvrv_run_state_name(PARKED), "parked");
    assert_string_equal(hvrv_run_state_name(READY), "ready");
    assert_string_equal(hvrv_run_state_name(LOADED), "loaded");
    assert_string_equal(hvrv_run_state_name((enum hvrv_run_state)4), "unknown");
}

static void a_null_pointer_is_a_status(void **state)
{
    struct hvrv_run_kicked kicked = {HVRV_RUN_INTERRUPT, 5};
    bool is_ready = true;

    (void)state;
    assert_int_equal(hvrv_run_start(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_run_take(NULL, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_run_take(NULL, 0xffffffff), HVRV_ERR_NULL);
    assert_int_equal(hvrv_run_yield(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_run_listen(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_run_stop(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_run_park(NULL, &is_ready), HVRV_ERR_NULL);
    assert_false(is_ready);
    assert_int_equal(hvrv_run_kick(NULL, &kicked), HVRV_ERR_NULL);
    assert_int_equal(kicked.duty, HVRV_RUN_NOTHING);
    assert_int_equal(kicked.hart, 0);
    bring_to(LOADED);
    assert_int_equal(hvrv_run_park(&vhart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_run_kick(&vhart, NULL), HVRV_ERR_NULL);
    park(false); /* it was not kicked */
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, build)
    const struct CMUnitTest tests[] = {
        TEST(a_vhart_begins_stopped),
        TEST(every_call_from_every_state_is_an_edge_or_refused),
        TEST(a_kicked_vhart_takes_the_same_edges),
        TEST(what_a_kick_leaves_to_do_depends_on_the_state),
        TEST(a_kick_tells_every_hart_there_can_be),
        TEST(a_hart_that_does_not_fit_is_refused),
        TEST(a_kick_after_listen_keeps_it_from_parking),
        TEST(a_kick_before_listen_does_not),
        TEST(a_kick_without_listen_keeps_it_from_parking),
        TEST(a_kick_before_take_is_forgotten),
        TEST(a_kick_does_not_outlive_a_turn),
        TEST(of_two_that_take_it_one_gets_it),
        TEST(a_stopped_vhart_can_be_started_again),
        TEST(nothing_else_of_the_vhart_changes),
        TEST(a_state_has_its_name),
        TEST(a_null_pointer_is_a_status),
    };

    return cmocka_run_group_tests_name("vhart/run", tests, NULL, NULL);
}
