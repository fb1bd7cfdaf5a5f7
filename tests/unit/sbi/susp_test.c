/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

#define SIE UINT64_C(0x2)

static void the_last_hart_sleeps_and_goes_on_at_an_address_of_its_choice(void **state)
{
    struct answer answer;

    (void)state;
    w.vharts[0].csr.vsatp = UINT64_C(0x8000100000080000);
    w.vharts[0].csr.vsstatus |= SIE;
    answer = ASK(0, SUSP, 0, 0, GPA(5, 4), UINT64_C(0xabcdef0123456789));
    assert_int_equal(answer.action, HVRV_SBI_SUSPEND);
    assert_int_equal(answer.pc, GPA(5, 4));
    assert_int_equal(answer.error, 0); /* a0: the hart's number */
    assert_int_equal(answer.value, UINT64_C(0xabcdef0123456789));
    assert_int_equal(w.vharts[0].csr.vsatp, 0);
    assert_int_equal(w.vharts[0].csr.vsstatus & SIE, 0);
    assert_int_equal(w.suspends, 1);
    assert_int_equal(w.sleep, 0);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 0), HVRV_OK);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 0), HVRV_OK);
    assert_int_equal(sbi_world_state(0), STARTED);
}

static void it_is_denied_until_all_other_harts_are_stopped(void **state)
{
    (void)state;
    assert_error(ASK(0, HSM, 0, 70, GPA(0, 0), 0), SUCCESS);
    assert_error(ASK(0, SUSP, 0, 0, GPA(0, 0), 0), DENIED);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 4), HVRV_OK);
    assert_error(ASK(0, SUSP, 0, 0, GPA(0, 0), 0), DENIED);
    assert_int_equal(ASK(4, HSM, 3, 0).action, HVRV_SBI_PARK);
    assert_error(ASK(0, SUSP, 0, 0, GPA(0, 0), 0), DENIED);
    assert_int_equal(ASK(4, HSM, 1, 0).action, HVRV_SBI_STOP);
    assert_error(ASK(0, SUSP, 0, 0, GPA(0, 0), 0), DENIED);
    assert_int_equal(w.suspends, 0);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 4), HVRV_OK);
    assert_int_equal(ASK(0, SUSP, 0, 0, GPA(0, 0), 0).action, HVRV_SBI_SUSPEND);
}

static void reserved_types_are_refused_and_the_platforms_come_to_the_caller(void **state)
{
    (void)state;
    assert_error(ASK(0, SUSP, 0, 1, GPA(0, 0), 0), INVALID_PARAM);
    assert_error(ASK(0, SUSP, 0, 0x7fffffff, GPA(0, 0), 0), INVALID_PARAM);
    assert_int_equal(w.suspends, 0);
    w.answer = HVRV_SBI_ERR_INVALID_PARAM;
    assert_error(ASK(0, SUSP, 0, 0x80000000, GPA(0, 0), 0), INVALID_PARAM);
    assert_int_equal(w.sleep, 0x80000000);
    assert_error(ASK(0, SUSP, 0, UINT64_MAX, GPA(0, 0), 0), INVALID_PARAM);
    assert_int_equal(w.sleep, 0xffffffff);
    assert_int_equal(w.suspends, 2);
}

static void an_address_that_cannot_be_executed_is_refused(void **state)
{
    static const uint64_t bad[] = {
        0,       GPA(0, 1),     GPA(PAGE_HOLE, 0), GPA(PAGE_NO_X, 0), GPA(PAGE_DEVICE, 0),
        RAM_END, UINT64_MAX - 1};

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_error(ASK(0, SUSP, 0, 0, bad[i], 0), INVALID_ADDRESS);
    assert_int_equal(w.suspends, 0);
}

static void a_sleep_that_the_caller_refuses_changes_nothing(void **state)
{
    (void)state;
    w.vharts[0].csr.vsatp = 5;
    w.answer = HVRV_SBI_ERR_FAILED;
    assert_error(ASK(0, SUSP, 0, 0, GPA(0, 0), 0), FAILED);
    assert_int_equal(w.vharts[0].csr.vsatp, 5);
    assert_int_equal(w.harts[0].state, STARTED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(the_last_hart_sleeps_and_goes_on_at_an_address_of_its_choice),
        TEST(it_is_denied_until_all_other_harts_are_stopped),
        TEST(reserved_types_are_refused_and_the_platforms_come_to_the_caller),
        TEST(an_address_that_cannot_be_executed_is_refused),
        TEST(a_sleep_that_the_caller_refuses_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
