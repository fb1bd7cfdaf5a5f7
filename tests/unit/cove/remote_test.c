/* SPDX-License-Identifier: BSD-2-Clause */
/* IPI and RFENCE between the vHarts of a TVM, whose host does its part late, or not at all. */
#include "cove_world.h"

#define HSM    UINT64_C(0x48534d)
#define IPI    UINT64_C(0x735049)
#define RFENCE UINT64_C(0x52464e43)
#define ALL    UINT64_MAX

static uint64_t id;

static struct hvrv_vhart *running(uint32_t hart)
{
    return &w.harts[hart].running->vhart;
}

/* vHart 0 runs on hart 0, vHart 1 on hart 1, vHart 2 was never started. */
static int setup_two(void **state)
{
    cove_setup(state);
    w.tsm.config.has_sdid = true; /* else every run fences */
    cove_convert(AT_FREE, 128);
    id = cove_create(AT_FREE);
    cove_share_memory();
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x100000), SUCCESS);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(CALL(0, COVH, 14, id, i, PAGE(AT_FREE + 16 + i)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, 1, GPA, 0, 0, 0, 0, 0, HSM);
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    return 0;
}

/* An ECALL that is answered without the host. */
static int64_t ask(uint64_t extension, uint64_t function, uint64_t mask, uint64_t base)
{
    ECALL(0, mask, base, 0, 0, 0, 0, function, extension);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    return (int64_t)running(0)->gpr[10];
}

/* One of which the host hears: whom it is about. */
static void tell(uint64_t extension, uint64_t function, uint64_t mask, uint64_t base)
{
    const struct hvrv_nacl_memory *shared = cove_memory(PAGE(AT_SHARED));

    ECALL(0, mask, base, 0x1111, 0x2222, 0x3333, 0, function, extension);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(w.reply.answer.value, 0);
    assert_int_equal(w.reply.scause, 10);
    assert_int_equal(shared->gprs[10], mask);
    assert_int_equal(shared->gprs[11], base);
    assert_int_not_equal(shared->gprs[12], 0x1111);
    assert_int_equal(shared->gprs[17], extension);
}

static void again(uint32_t hart, uint64_t vhart)
{
    assert_int_equal(CALL(hart, COVH, 15, id, vhart), SUCCESS);
}

/* The vHart on a hart is stopped by an interrupt of the host's. */
static void interrupt(uint32_t hart)
{
    const struct hvrv_trap trap = {.scause = UINT64_C(5) | UINT64_C(1) << 63,
                                   .sepc = running(hart)->sepc,
                                   .sstatus = 0x200000100,
                                   .hstatus = 0x200000180};

    cove_exit(hart, &trap);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
}

/* In the last call HFENCE.VVMA was executed on the hart, and HFENCE.GVMA. */
static bool has_fenced(uint32_t hart)
{
    bool is_vvma = false;
    bool is_gvma = false;

    for (size_t i = 0; i < w.model[hart].log_length; i++) {
        is_vvma |= w.model[hart].log[i].kind == MODEL_HFENCE_VVMA;
        is_gvma |= w.model[hart].log[i].kind == MODEL_HFENCE_GVMA;
    }
    return is_vvma && is_gvma;
}

static void both_are_there(void **state)
{
    (void)state;
    assert_int_equal(ask(0x10, 3, IPI, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[11], 1);
    assert_int_equal(ask(0x10, 3, RFENCE, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[11], 1);
    assert_int_equal(ask(IPI, 1, 1, 0), NOT_SUPPORTED);
    for (uint64_t function = 3; function < 8; function++)
        assert_int_equal(ask(RFENCE, function, 1, 0), NOT_SUPPORTED);
}

static void whoever_is_not_there_is_refused(void **state)
{
    static const uint64_t functions[][2] = {{IPI, 0}, {RFENCE, 0}, {RFENCE, 1}, {RFENCE, 2}};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(ask(functions[i][0], functions[i][1], 8, 0), INVALID_PARAM);
        assert_int_equal(ask(functions[i][0], functions[i][1], 3, 2), INVALID_PARAM);
        assert_int_equal(ask(functions[i][0], functions[i][1], 1, 64), INVALID_PARAM);
        assert_int_equal(ask(functions[i][0], functions[i][1], 4, UINT64_MAX - 1), INVALID_PARAM);
        assert_int_equal(ask(functions[i][0], functions[i][1], UINT64_C(1) << 63, 1),
                         INVALID_PARAM);
    }
}

static void an_interrupt_is_pending_when_the_vhart_next_runs(void **state)
{
    (void)state;
    tell(IPI, 0, 2, 0);
    again(0, 0);
    assert_int_equal(running(0)->gpr[10], SUCCESS);
    assert_int_equal(running(0)->gpr[11], 0);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP), 0);
    interrupt(1);
    again(1, 1);
    assert_int_equal(model_peek(&w.model[1], HVRV_CSR_HVIP), HVRV_HVIP_VSSIP);
}

static void an_interrupt_of_all_is_for_those_that_were_started(void **state)
{
    (void)state;
    tell(IPI, 0, 0, ALL);
    interrupt(1);
    again(0, 0);
    again(1, 1);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP), HVRV_HVIP_VSSIP);
    assert_int_equal(model_peek(&w.model[1], HVRV_CSR_HVIP), HVRV_HVIP_VSSIP);
    ECALL(0, 2, GPA, 0, 0, 0, 0, 0, HSM);
    again(2, 2);
    assert_int_equal(model_peek(&w.model[2], HVRV_CSR_HVIP), 0);
}

/* The host cannot have a vHart go on before the others have fenced. */
static void a_fence_is_over_when_all_who_run_have_left(void **state)
{
    (void)state;
    for (uint64_t function = 0; function < 3; function++) {
        tell(RFENCE, function, 2, 0);
        assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
        assert_int_equal(CALL(2, COVH, 15, id, 0), FAILED);
        interrupt(1);
        again(1, 1);
        assert_true(has_fenced(1));
        again(0, 0);
        assert_false(has_fenced(0));
        assert_int_equal(running(0)->gpr[10], SUCCESS);
        assert_int_equal(running(0)->gpr[11], 0);
    }
}

static void who_does_not_run_fences_when_it_does(void **state)
{
    (void)state;
    interrupt(1);
    tell(RFENCE, 1, 3, 0);
    again(0, 0);
    assert_true(has_fenced(0));
    again(1, 1);
    assert_true(has_fenced(1));
    interrupt(1);
    again(1, 1);
    assert_false(has_fenced(1));
}

static void two_who_fence_each_other_both_go_on(void **state)
{
    (void)state;
    tell(RFENCE, 1, 2, 0);
    ECALL(1, 1, 0, 0, 0, 0, 0, 1, RFENCE);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    again(1, 1);
    assert_true(has_fenced(1));
    again(0, 0);
    assert_true(has_fenced(0));
}

static void a_fence_of_nobody_is_over_at_once(void **state)
{
    (void)state;
    tell(RFENCE, 1, 0, 5);
    again(0, 0);
    assert_false(has_fenced(0));
}

#define TEST(name) cmocka_unit_test_setup(name, setup_two)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_are_there),
        TEST(whoever_is_not_there_is_refused),
        TEST(an_interrupt_is_pending_when_the_vhart_next_runs),
        TEST(an_interrupt_of_all_is_for_those_that_were_started),
        TEST(a_fence_is_over_when_all_who_run_have_left),
        TEST(who_does_not_run_fences_when_it_does),
        TEST(two_who_fence_each_other_both_go_on),
        TEST(a_fence_of_nobody_is_over_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
