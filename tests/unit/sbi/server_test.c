/* SPDX-License-Identifier: BSD-2-Clause */
/* The table: which calls are there, and how they are answered. */
#include "sbi_world.h"

static void an_answer_is_a_long_error_and_a_value_and_the_guest_goes_on_behind(void **state)
{
    struct answer answer = ASK(0, HSM, 2, 3);

    (void)state;
    assert_int_equal(w.vharts[0].gpr[10], UINT64_C(0xfffffffffffffffd));
    assert_int_equal(answer.value, 0);
    assert_true(answer.is_answered);
    w.config.identity.mvendorid = UINT64_C(0xfedcba9876543210);
    sbi_world_init();
    assert_answer(ASK(0, BASE, 4, 0), 0, UINT64_C(0xfedcba9876543210));
}

static void an_unknown_extension_is_not_supported(void **state)
{
    static const uint64_t eids[] = {0x11,
                                    0x504d55,
                                    0x4e41434c,
                                    UINT64_MAX,
                                    0x10ffff,
                                    0x48534c,
                                    UINT64_C(0x100000010),
                                    UINT64_C(0xffffffff00000010),
                                    UINT64_C(0x10048534d)};

    (void)state;
    for (unsigned i = 0; i < sizeof(eids) / sizeof(eids[0]); i++) {
        assert_error(ASK(0, eids[i], 0, 1, 2, 3, 4, 5, 6), NOT_SUPPORTED);
        assert_answer(ASK(0, BASE, 3, eids[i]), SUCCESS, 0);
    }
}

static void an_unknown_function_is_not_supported(void **state)
{
    static const struct {
        uint64_t eid, count;
    } rows[] = {{BASE, 7}, {TIME, 1}, {IPI, 1},  {RFENCE, 7},
                {HSM, 4},  {SRST, 1}, {DBCN, 3}, {SUSP, 1}};

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_error(ASK(0, rows[i].eid, rows[i].count, 0), NOT_SUPPORTED);
        assert_error(ASK(0, rows[i].eid, UINT64_C(1) << 32, 0), NOT_SUPPORTED);
        assert_error(ASK(0, rows[i].eid, UINT64_MAX, 0), NOT_SUPPORTED);
    }
}

static void probing_tells_of_every_extension_of_the_table(void **state)
{
    static const uint64_t eids[] = {BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, SUSP, 0,
                                    1,    2,    3,   4,      5,   6,    7,    8};

    (void)state;
    for (unsigned i = 0; i < sizeof(eids) / sizeof(eids[0]); i++)
        assert_answer(ASK(0, BASE, 3, eids[i]), SUCCESS, 1);
    for (uint64_t eid = 9; eid < 16; eid++)
        assert_answer(ASK(0, BASE, 3, eid), SUCCESS, 0);
}

/* What an extension needs, and the numbers of it. */
static void without_what_it_needs_an_extension_is_not_there(void **state)
{
    static const struct {
        size_t op;
        uint64_t eids[6];
    } rows[] = {
        {offsetof(struct hvrv_sbi_ops, kick), {IPI, 4}},
        {offsetof(struct hvrv_sbi_ops, fence), {RFENCE, 5, 6, 7}},
        {offsetof(struct hvrv_sbi_ops, start), {HSM}},
        {offsetof(struct hvrv_sbi_ops, reset), {SRST, 8}},
        {offsetof(struct hvrv_sbi_ops, suspend), {SUSP}},
        {offsetof(struct hvrv_sbi_ops, write), {DBCN, 1}},
        {offsetof(struct hvrv_sbi_ops, read), {2}},
    };
    static const uint64_t all[] = {BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, SUSP,
                                   1,    2,    3,   4,      5,   6,    7,    8};

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sbi_world_build(NULL);
        memset((char *)&w.ops + rows[i].op, 0, sizeof(void *));
        sbi_world_init();
        for (unsigned j = 0; j < sizeof(all) / sizeof(all[0]); j++) {
            bool is_missing = false;
            for (unsigned k = 0; k < 6; k++)
                is_missing |= rows[i].eids[k] == all[j];
            assert_answer(ASK(0, BASE, 3, all[j]), SUCCESS, !is_missing);
            for (uint64_t fid = 0; is_missing && fid < 8; fid++)
                assert_int_equal(ASK(0, all[j], fid, 0).error, NOT_SUPPORTED);
        }
    }
}

static void without_a_walk_nothing_that_needs_memory_is_there(void **state)
{
    static const uint64_t missing[] = {HSM, DBCN, SUSP, 4, 5, 6, 7};
    static const uint64_t there[] = {BASE, TIME, IPI, RFENCE, SRST, 0, 1, 2, 3, 8};

    (void)state;
    w.config.walk = NULL;
    sbi_world_init();
    for (unsigned i = 0; i < sizeof(missing) / sizeof(missing[0]); i++) {
        assert_answer(ASK(0, BASE, 3, missing[i]), SUCCESS, 0);
        assert_int_equal(ASK(0, missing[i], 0, GPA(0, 0), 0, 0).error, NOT_SUPPORTED);
    }
    for (unsigned i = 0; i < sizeof(there) / sizeof(there[0]); i++)
        assert_answer(ASK(0, BASE, 3, there[i]), SUCCESS, 1);
}

static void without_ops_base_and_time_are_left(void **state)
{
    (void)state;
    w.config.ops = NULL;
    sbi_world_init();
    assert_answer(ASK(0, BASE, 3, BASE), SUCCESS, 1);
    assert_answer(ASK(0, BASE, 3, TIME), SUCCESS, 1);
    assert_answer(ASK(0, BASE, 3, IPI), SUCCESS, 0);
    assert_answer(ASK(0, BASE, 3, HSM), SUCCESS, 0);
    assert_error(ASK(0, IPI, 0, 1, 0), NOT_SUPPORTED);
}

static void only_the_extensions_that_the_caller_chose_are_there(void **state)
{
    static const struct hvrv_sbi_extension *const chosen[] = {&hvrv_sbi_time, &hvrv_sbi_base};

    (void)state;
    w.config.extensions = chosen;
    w.config.extension_count = 2;
    sbi_world_init();
    assert_answer(ASK(0, BASE, 3, TIME), SUCCESS, 1);
    assert_answer(ASK(0, BASE, 3, IPI), SUCCESS, 0);
    assert_answer(ASK(0, BASE, 3, 0), SUCCESS, 0);
    assert_error(ASK(0, TIME, 0, 0), SUCCESS);
    assert_error(ASK(0, TIME, 1, 0), NOT_SUPPORTED);
    assert_error(ASK(0, IPI, 0, 1, 0), NOT_SUPPORTED);
}

/* One of the caller's own: adds its arguments. */
static enum hvrv_status add(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                            enum hvrv_sbi_action *action)
{
    assert_ptr_equal(sbi->context, &w);
    *action = HVRV_SBI_PARK;
    return hvrv_sbi_answer_value(hart,
                                 hvrv_sbi_get_argument(hart, 0) + hvrv_sbi_get_argument(hart, 5));
}

static enum hvrv_status refuse(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                               enum hvrv_sbi_action *action)
{
    (void)sbi, (void)hart, (void)action;
    return HVRV_ERR_UNFINISHED;
}

static const struct hvrv_sbi_function own_functions[] = {
    {add, 0}, {NULL, HVRV_SBI_NEED_NEVER}, {refuse, 0}};
static const struct hvrv_sbi_function empty_functions[] = {{NULL, HVRV_SBI_NEED_NEVER}};
static const struct hvrv_sbi_extension own = {0x09000000, own_functions, 3, 0};
static const struct hvrv_sbi_extension empty = {0x09000001, empty_functions, 1, 0};
static const struct hvrv_sbi_extension own_legacy = {9, own_functions, 0, 2};

static void a_caller_adds_extensions_of_its_own(void **state)
{
    static const struct hvrv_sbi_extension *const chosen[] = {&hvrv_sbi_base, &own, &own_legacy,
                                                              &empty};
    struct answer answer;
    enum hvrv_sbi_action action;

    (void)state;
    w.config.extensions = chosen;
    w.config.extension_count = 4;
    sbi_world_init();
    assert_answer(ASK(0, BASE, 3, 0x09000000), SUCCESS, 1);
    assert_answer(ASK(0, BASE, 3, 0x09000001), SUCCESS, 0);
    assert_answer(ASK(0, BASE, 3, 9), SUCCESS, 1);
    assert_answer(ASK(0, BASE, 3, 10), SUCCESS, 0);
    answer = ASK(0, 0x09000000, 0, 40, 0, 0, 0, 0, 2);
    assert_int_equal(answer.value, 42);
    assert_int_equal(answer.action, HVRV_SBI_PARK);
    assert_error(ASK(0, 0x09000000, 1, 0), NOT_SUPPORTED);
    w.vharts[0].gpr[16] = 2;
    assert_int_equal(hvrv_sbi_serve(&w.sbi, 0, &action), HVRV_ERR_UNFINISHED);
}

static void serving_refuses_what_is_no_vhart_or_must_not_run(void **state)
{
    enum hvrv_sbi_action action = HVRV_SBI_STOP;

    (void)state;
    assert_int_equal(hvrv_sbi_serve(NULL, 0, &action), HVRV_ERR_NULL);
    assert_int_equal(action, HVRV_SBI_GO_ON);
    assert_int_equal(hvrv_sbi_serve(&w.sbi, 0, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_sbi_serve(NULL, 0, NULL), HVRV_ERR_NULL);
    action = HVRV_SBI_STOP;
    assert_int_equal(hvrv_sbi_serve(&w.sbi, HARTS, &action), HVRV_ERR_RANGE);
    assert_int_equal(action, HVRV_SBI_GO_ON);
    assert_int_equal(hvrv_sbi_serve(&w.sbi, UINT32_MAX, &action), HVRV_ERR_RANGE);
    w.vharts[1].sepc = 4;
    assert_int_equal(hvrv_sbi_serve(&w.sbi, 1, &action), HVRV_ERR_STATE);
    assert_int_equal(w.vharts[1].sepc, 4);
    assert_int_equal(w.harts[1].state, STOPPED);
}

static void a_server_is_refused_with_its_reason_and_serves_nothing_then(void **state)
{
    static const struct hvrv_sbi_extension no_rows = {0x11, NULL, 1, 0};
    static const struct hvrv_sbi_extension *const null[] = {&hvrv_sbi_base, NULL};
    static const struct hvrv_sbi_extension *const rowless[] = {&hvrv_sbi_base, &no_rows};
    static const struct hvrv_sbi_extension *const twice[] = {&hvrv_sbi_base, &hvrv_sbi_time,
                                                             &hvrv_sbi_base};
    struct hvrv_sbi_config good = w.config;
    struct hvrv_sbi sbi;
    enum hvrv_sbi_action action;

    (void)state;
    assert_int_equal(hvrv_sbi_init(NULL, &good), HVRV_ERR_NULL);
    assert_int_equal(hvrv_sbi_init(&sbi, NULL), HVRV_ERR_NULL);
#define REFUSED(member, value, status)                                      \
    do {                                                                    \
        struct hvrv_sbi_config bad = good;                                  \
        bad.extension_count = 2;                                            \
        bad.member = (value);                                               \
        memset(&sbi, 0x5a, sizeof(sbi));                                    \
        assert_int_equal(hvrv_sbi_init(&sbi, &bad), status);                \
        assert_int_equal(hvrv_sbi_serve(&sbi, 0, &action), HVRV_ERR_RANGE); \
        assert_int_equal(hvrv_sbi_wake(&sbi, 0), HVRV_ERR_RANGE);           \
    } while (0)
    REFUSED(harts, NULL, HVRV_ERR_NULL);
    REFUSED(hart_count, 0, HVRV_ERR_RANGE);
    REFUSED(boot, HARTS, HVRV_ERR_RANGE);
    REFUSED(identity.spec_version, UINT64_C(0x80000000), HVRV_ERR_ARGUMENT);
    REFUSED(extensions, null, HVRV_ERR_NULL);
    REFUSED(extensions, rowless, HVRV_ERR_NULL);
    good.extensions = twice;
    REFUSED(extension_count, 3, HVRV_ERR_EXISTS);
    REFUSED(extension_count, 0, HVRV_ERR_RANGE);
    good.extensions = NULL;
    w.harts[4].id = ALL;
    REFUSED(boot, 0, HVRV_ERR_ARGUMENT);
    w.harts[4].id = 5;
    REFUSED(boot, 0, HVRV_ERR_EXISTS);
    w.harts[4].id = 70;
    w.harts[4].vhart = NULL;
    REFUSED(boot, 0, HVRV_ERR_NULL);
#undef REFUSED
}

static void legacy_extensions_must_not_overlap(void **state)
{
    static const struct hvrv_sbi_extension at_8 = {8, own_functions, 0, 1};
    static const struct hvrv_sbi_extension at_9 = {9, own_functions, 0, 1};
    static const struct hvrv_sbi_extension *const over[] = {&hvrv_sbi_legacy, &at_8};
    static const struct hvrv_sbi_extension *const reversed[] = {&at_8, &hvrv_sbi_legacy};
    static const struct hvrv_sbi_extension *const beside[] = {&at_9, &hvrv_sbi_legacy};

    (void)state;
    w.config.extension_count = 2;
    w.config.extensions = over;
    assert_int_equal(hvrv_sbi_init(&w.sbi, &w.config), HVRV_ERR_EXISTS);
    w.config.extensions = reversed;
    assert_int_equal(hvrv_sbi_init(&w.sbi, &w.config), HVRV_ERR_EXISTS);
    w.config.extensions = beside;
    assert_int_equal(hvrv_sbi_init(&w.sbi, &w.config), HVRV_OK);
}

static void the_hart_that_boots_is_on_its_way_and_all_others_are_stopped(void **state)
{
    static const uint32_t expected[HARTS] = {STOPPED, STOPPED, STOPPED, START_PENDING, STOPPED};

    (void)state;
    w.config.boot = 3;
    assert_int_equal(hvrv_sbi_init(&w.sbi, &w.config), HVRV_OK);
    for (unsigned i = 0; i < HARTS; i++)
        assert_int_equal(hvrv_sbi_get_state(&w.harts[i]), expected[i]);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 3), HVRV_OK);
    assert_int_equal(hvrv_sbi_get_state(&w.harts[3]), STARTED);
}

/* The first call tells as much as hvrv_sbi_wake() would have. */
static void a_hart_that_calls_has_started(void **state)
{
    (void)state;
    assert_int_equal(hvrv_sbi_init(&w.sbi, &w.config), HVRV_OK);
    assert_int_equal(w.harts[0].state, START_PENDING);
    assert_int_equal(sbi_world_state(0), STARTED);
}

static void a_set_has_its_bits_from_the_base_on(void **state)
{
    struct hvrv_sbi_set set = {UINT64_C(0x8000000000000005), 10};

    (void)state;
    for (uint64_t id = 0; id < 200; id++)
        assert_int_equal(hvrv_sbi_set_has(&set, id), id == 10 || id == 12 || id == 73);
    assert_false(hvrv_sbi_set_has(&set, UINT64_MAX));
    set.base = UINT64_MAX - 1;
    set.mask = UINT64_MAX;
    assert_true(hvrv_sbi_set_has(&set, UINT64_MAX - 1));
    assert_false(hvrv_sbi_set_has(&set, 0));
    set = (struct hvrv_sbi_set){0, ALL};
    assert_true(hvrv_sbi_set_has(&set, 0));
    assert_true(hvrv_sbi_set_has(&set, 12345));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_a_long_error_and_a_value_and_the_guest_goes_on_behind),
        TEST(an_unknown_extension_is_not_supported),
        TEST(an_unknown_function_is_not_supported),
        TEST(probing_tells_of_every_extension_of_the_table),
        TEST(without_what_it_needs_an_extension_is_not_there),
        TEST(without_a_walk_nothing_that_needs_memory_is_there),
        TEST(without_ops_base_and_time_are_left),
        TEST(only_the_extensions_that_the_caller_chose_are_there),
        TEST(a_caller_adds_extensions_of_its_own),
        TEST(serving_refuses_what_is_no_vhart_or_must_not_run),
        TEST(a_server_is_refused_with_its_reason_and_serves_nothing_then),
        TEST(legacy_extensions_must_not_overlap),
        TEST(the_hart_that_boots_is_on_its_way_and_all_others_are_stopped),
        TEST(a_hart_that_calls_has_started),
        TEST(a_set_has_its_bits_from_the_base_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
