/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TVM calls: served by the TSM, or shown to the host. */
#include "tvm_case.h"

#define DEVICE UINT64_C(0x10000000)

/* An ECALL that the TSM answers; the TVM's a0. */
static int64_t ask(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1)
{
    uint64_t pc = tvm_running(0)->sepc;

    ECALL(0, a0, a1, 0, 0, 0, 0, function, extension);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(tvm_running(0)->sepc, pc + 4);
    return (int64_t)tvm_running(0)->gpr[10];
}

#define BASE UINT64_C(0x10)
#define TIME UINT64_C(0x54494d45)
#define HSM  UINT64_C(0x48534d)

static void an_ecall_shows_its_arguments_and_takes_two_words_back(void **state)
{
    (void)state;
    ECALL(0, 1, 2, 3, 4, 5, 6, 7, 0x08001234);
    tvm_expect_exit(10, 0);
    SHOWN(10, 11, 12, 13, 14, 15, 16, 17);
    for (unsigned i = 10; i < 17; i++)
        assert_int_equal(tvm_shared(0)->gprs[i], i - 9);
    for (unsigned i = 0; i < 32; i++)
        tvm_shared(0)->gprs[i] = 0x1000 + i;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->sepc, GPA + 4);
    for (unsigned i = 1; i < 32; i++) {
        if (i < 10 || i > 17)
            assert_int_equal(tvm_running(0)->gpr[i], SECRET + i);
    }
    assert_int_equal(tvm_running(0)->gpr[10], 0x100a);
    assert_int_equal(tvm_running(0)->gpr[11], 0x100b);
    assert_int_equal(tvm_running(0)->gpr[12], 3);
}

/* A caller of 0 to 15 may rely on all registers but a0 (SBI, chapter "Legacy Extensions"). */
static void of_a_legacy_call_one_word_is_taken_back(void **state)
{
    (void)state;
    for (uint64_t extension = 0; extension < 16; extension++) {
        ECALL(0, 1, SECRET, 3, 4, 5, 6, 7, extension);
        tvm_expect_exit(10, 0);
        tvm_shared(0)->gprs[10] = 0x1010;
        tvm_shared(0)->gprs[11] = 0x1111;
        assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
        assert_int_equal(tvm_running(0)->gpr[10], 0x1010);
        assert_int_equal(tvm_running(0)->gpr[11], SECRET);
    }
}

static void the_tsm_says_what_it_serves_itself(void **state)
{
    static const uint64_t served[] = {BASE, TIME, HSM, COVG};

    (void)state;
    assert_int_equal(ask(BASE, 0, 0, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[11], 0x02000000);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(ask(BASE, 3, served[i], 0), SUCCESS);
        assert_int_equal(tvm_running(0)->gpr[11], 1);
    }
    for (uint64_t function = 4; function < 7; function++) {
        assert_int_equal(ask(BASE, function, 0, 0), SUCCESS);
        assert_int_equal(tvm_running(0)->gpr[11], 0);
    }
    assert_int_equal(ask(TIME, 1, 0, 0), NOT_SUPPORTED);
    assert_int_equal(ask(HSM, 3, 0, 0), NOT_SUPPORTED);
    SHOWN(0);
}

static void of_the_hosts_extensions_the_host_is_asked(void **state)
{
    static const uint64_t functions[] = {1, 2, 3, 7};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        ECALL(0, 0x4442434e, 0, 0, 0, 0, 0, functions[i], BASE);
        tvm_expect_exit(10, 0);
        assert_int_equal(tvm_shared(0)->gprs[10], 0x4442434e);
        tvm_shared(0)->gprs[10] = 0;
        tvm_shared(0)->gprs[11] = 5 + i;
        assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
        assert_int_equal(tvm_running(0)->gpr[11], 5 + i);
    }
}

static void a_tvm_starts_its_vharts_and_the_host_runs_them(void **state)
{
    (void)state;
    cove_setup(state);
    cove_convert(AT_FREE, 128);
    tvm_id = cove_create(AT_FREE);
    cove_share_memory();
    assert_int_equal(CALL(0, COVH, 9, tvm_id, GPA, 0x100000), SUCCESS);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(CALL(0, COVH, 14, tvm_id, i, PAGE(AT_FREE + 16 + i)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, tvm_id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), FAILED);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    ECALL(0, 3, GPA + 0x40, 0x77, 0, 0, 0, 0, 0x48534d);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(tvm_running(0)->gpr[10], (uint64_t)(int64_t)-3);
    ECALL(0, 0, GPA + 0x40, 0x77, 0, 0, 0, 0, 0x48534d);
    assert_int_equal(tvm_running(0)->gpr[10], (uint64_t)(int64_t)-6);
    ECALL(0, 1, GPA + 0x40, 0x77, 0, 0, 0, 0, 0x48534d);
    tvm_expect_exit(10, 0);
    assert_int_equal(tvm_shared(0)->gprs[10], 1);
    tvm_shared(0)->gprs[10] = 0x1234; /* no answer of the host's */
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), SUCCESS);
    assert_int_equal(tvm_running(1)->sepc, GPA + 0x40);
    assert_int_equal(tvm_running(1)->gpr[10], 1);
    assert_int_equal(tvm_running(1)->gpr[11], 0x77);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[10], 0);
    assert_int_equal(CALL(2, COVH, 15, tvm_id, 1), FAILED);
    assert_int_equal(CALL(2, COVH, 15, tvm_id, 2), FAILED);
}

static void a_stopped_vhart_begins_anew_and_not_where_the_host_likes(void **state)
{
    tvm_build_two(state);
    assert_int_equal(ask(HSM, 2, 1, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[11], 1);
    assert_int_equal(ask(HSM, 2, 0, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[11], 0);
    assert_int_equal(ask(HSM, 2, 2, 0), INVALID_PARAM);
    assert_int_equal(ask(HSM, 0, 1, GPA + 1), INVALID_ADDRESS);
    ECALL(0, 1, GPA, 7, 0, 0, 0, 0, HSM);
    tvm_expect_exit(10, 0);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), SUCCESS);
    tvm_running(1)->gpr[5] = SECRET;
    tvm_running(1)->sstatus &= ~UINT64_C(0x100); /* it was in VU-mode last */
    model_poke(&w.model[1], HVRV_CSR_VSATP, UINT64_C(8) << 60 | GPA >> 12);
    model_poke(&w.model[1], HVRV_CSR_VSSTATUS, 2);
    ECALL(1, 0, 0, 0, 0, 0, 0, 1, HSM);
    assert_int_equal(w.reply.scause, 10);
    assert_int_equal(w.reply.answer.value, 0);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), FAILED);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    ECALL(0, 1, GPA + 0x40, 9, 0, 0, 0, 0, HSM);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), SUCCESS);
    assert_int_equal(tvm_running(1)->sepc, GPA + 0x40);
    assert_int_equal(tvm_running(1)->gpr[5], 0);
    assert_int_equal(tvm_running(1)->gpr[10], 1);
    assert_int_equal(tvm_running(1)->gpr[11], 9);
    assert_int_equal(tvm_running(1)->sstatus & 0x100, 0x100);
    assert_int_equal(model_peek(&w.model[1], HVRV_CSR_VSATP), 0);
    assert_int_equal(model_peek(&w.model[1], HVRV_CSR_VSSTATUS) & 2, 0);
}

/* How many arguments a call has is known: the registers behind them are the TVM's own. */
static void a_call_that_is_known_shows_its_arguments_alone(void **state)
{
    static const struct {
        uint64_t a0, a1, function, extension;
        unsigned shown[5];
    } rows[] = {
        {DEVICE, 0x1000, 0, COVG, {16, 17, 10, 11}},
        {DEVICE, 0x1000, 1, COVG, {16, 17, 10, 11}},
        {GPA + 0x40000, 0x1000, 2, COVG, {16, 17, 10, 11}},
        {GPA + 0x40000, 0x1000, 3, COVG, {16, 17, 10, 11}},
        {7, SECRET, 4, COVG, {16, 17, 10}},
        {7, SECRET, 5, COVG, {16, 17, 10}},
        {1, GPA, 0, HSM, {16, 17, 10}},
        {0x4442434e, SECRET, 3, 0x10, {16, 17, 10}},
        {SECRET, SECRET, 1, HSM, {16, 17}},
    };

    tvm_build_two(state);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (unsigned k = 0; k < 3 * 512; k++)
            ((uint64_t *)tvm_shared(0))[k] = UNSEEN;
        ECALL(0, rows[i].a0, rows[i].a1, SECRET + 12, SECRET + 13, SECRET + 14, SECRET + 15,
              rows[i].function, rows[i].extension);
        tvm_expect_exit(10, 0);
        tvm_expect_shown(rows[i].shown);
        assert_int_equal(tvm_shared(0)->gprs[17], rows[i].extension);
        if (rows[i].shown[2])
            assert_int_equal(tvm_shared(0)->gprs[10], rows[i].a0);
        if (i + 1 < sizeof(rows) / sizeof(rows[0]))
            assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    }
}

static void a_dead_vhart_is_not_started(void **state)
{
    const struct hvrv_trap trap = {.scause = 5, .sepc = GPA, .sstatus = 0x100, .hstatus = 0x180};

    tvm_build_two(state);
    ECALL(0, 1, GPA, 7, 0, 0, 0, 0, HSM);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), SUCCESS);
    cove_exit(1, &trap);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(ask(HSM, 0, 1, GPA), FAILED);
    assert_int_equal(ask(HSM, 2, 1, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[11], 1);
}

static uint64_t now;

static uint64_t get_time(void *context)
{
    (void)context;
    return now;
}

static void without_sstc_the_tsm_rings_at_the_next_turn(void **state)
{
    const uint64_t vstip = 1 << 6;

    cove_setup(state);
    w.probe.sstc = false;
    w.ops.time = get_time;
    now = 999;
    cove_convert(AT_FREE, 64);
    tvm_id = cove_build(AT_FREE);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(ask(TIME, 0, 1000, 0), SUCCESS);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(tvm_shared(0)->csrs[VSTCMP], 1000);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & vstip, 0);
    cove_fault(0, 21, GPA + 0x2000);
    now = 1000;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & vstip, vstip);
}

static void a_timer_without_sstc_rings_when_it_is_due(void **state)
{
    (void)state;
    ECALL(0, 1000, 0, 0, 0, 0, 0, 0, 0x54494d45);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(tvm_running(0)->gpr[10], 0);
    assert_int_equal(tvm_running(0)->sepc, GPA + 4);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(tvm_shared(0)->csrs[VSTCMP], 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, tvm_setup_running)
    const struct CMUnitTest tests[] = {
        TEST(an_ecall_shows_its_arguments_and_takes_two_words_back),
        TEST(of_a_legacy_call_one_word_is_taken_back),
        TEST(the_tsm_says_what_it_serves_itself),
        TEST(of_the_hosts_extensions_the_host_is_asked),
        TEST(a_tvm_starts_its_vharts_and_the_host_runs_them),
        TEST(a_stopped_vhart_begins_anew_and_not_where_the_host_likes),
        TEST(a_call_that_is_known_shows_its_arguments_alone),
        TEST(a_dead_vhart_is_not_started),
        TEST(without_sstc_the_tsm_rings_at_the_next_turn),
        TEST(a_timer_without_sstc_rings_when_it_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
