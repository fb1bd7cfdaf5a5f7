/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

#define VSTIP UINT64_C(0x40)

/* The specification: the pending bit is cleared when the time is set to the future. */
static void setting_the_timer_takes_back_what_was_pending(void **state)
{
    (void)state;
    assert_error(ASK(0, TIME, 0, 1000), SUCCESS);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), 1000);
    assert_true(hvrv_timer_check(&w.vharts[0], 1000));
    assert_true((w.vharts[0].irq & VSTIP) != 0);
    assert_error(ASK(0, TIME, 0, 2000), SUCCESS);
    assert_true((w.vharts[0].irq & VSTIP) == 0);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), 2000);
}

static void all_64_bits_of_the_time_count(void **state)
{
    (void)state;
    assert_error(ASK(0, TIME, 0, UINT64_C(0xfedcba9876543210), 1, 2), SUCCESS);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), UINT64_C(0xfedcba9876543210));
    assert_error(ASK(0, TIME, 0, UINT64_MAX), SUCCESS);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), UINT64_MAX);
    assert_error(ASK(0, TIME, 0, 0), SUCCESS);
    assert_true(hvrv_timer_check(&w.vharts[0], 0));
}

static void the_time_is_the_guests(void **state)
{
    (void)state;
    w.vharts[0].csr.htimedelta = (uint64_t)-500;
    assert_error(ASK(0, TIME, 0, 1000), SUCCESS);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), 1500);
}

static void the_timer_is_that_of_the_hart_that_calls(void **state)
{
    (void)state;
    assert_error(ASK(0, HSM, 0, 5, GPA(0, 0), 0), SUCCESS);
    assert_error(ASK(3, TIME, 0, 77), SUCCESS);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[3]), 77);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), UINT64_MAX);
}

static void with_sstc_a_loaded_vharts_comparator_is_the_harts(void **state)
{
    (void)state;
    assert_int_equal(hvrv_timer_init(&w.vharts[0], &w.probe), HVRV_OK);
    sbi_world_load(0);
    assert_error(ASK(0, TIME, 0, UINT64_C(0x123456789a)), SUCCESS);
    assert_int_equal(w.model.csr[0x24d], UINT64_C(0x123456789a));
    model_hart_check(&w.model);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(setting_the_timer_takes_back_what_was_pending),
        TEST(all_64_bits_of_the_time_count),
        TEST(the_time_is_the_guests),
        TEST(the_timer_is_that_of_the_hart_that_calls),
        TEST(with_sstc_a_loaded_vharts_comparator_is_the_harts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
