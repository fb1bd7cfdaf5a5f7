/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

static void every_defined_type_and_reason_comes_to_the_caller(void **state)
{
    static const uint32_t types[] = {0, 1, 2, 0xf0000000, 0xffffffff};
    static const uint32_t reasons[] = {0, 1, 0xe0000000, 0xefffffff, 0xf0000000, 0xffffffff};

    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        for (unsigned j = 0; j < 6; j++) {
            struct answer answer = ASK(0, SRST, 0, types[i], reasons[j]);
            assert_int_equal(answer.action, HVRV_SBI_RESET);
            assert_int_equal(w.reset.type, types[i]);
            assert_int_equal(w.reset.reason, reasons[j]);
        }
    }
    assert_int_equal(w.resets, 30);
}

static void reserved_types_and_reasons_are_refused(void **state)
{
    static const uint32_t types[] = {3, 4, 0x7fffffff, 0x80000000, 0xefffffff};
    static const uint32_t reasons[] = {2, 3, 0x80000000, 0xdfffffff};

    (void)state;
    for (unsigned i = 0; i < 5; i++)
        assert_error(ASK(0, SRST, 0, types[i], 0), INVALID_PARAM);
    for (unsigned i = 0; i < 4; i++)
        assert_error(ASK(0, SRST, 0, 0, reasons[i]), INVALID_PARAM);
    assert_int_equal(w.resets, 0);
}

/* Both are 32 bits wide, and RV64's calling convention extends the sign of 32-bit numbers. */
static void only_32_bits_count(void **state)
{
    (void)state;
    assert_int_equal(
        ASK(0, SRST, 0, UINT64_C(0xfffffffff0000000), UINT64_C(0xffffffffe0000001)).action,
        HVRV_SBI_RESET);
    assert_int_equal(w.reset.type, 0xf0000000);
    assert_int_equal(w.reset.reason, 0xe0000001);
    assert_int_equal(ASK(0, SRST, 0, UINT64_C(0x100000001), 0).action, HVRV_SBI_RESET);
    assert_int_equal(w.reset.type, 1);
}

static void a_reset_that_the_caller_refuses_is_told_and_the_guest_goes_on(void **state)
{
    (void)state;
    w.answer = HVRV_SBI_ERR_NOT_SUPPORTED;
    assert_error(ASK(0, SRST, 0, 2, 0), NOT_SUPPORTED);
    w.answer = HVRV_SBI_ERR_FAILED;
    assert_error(ASK(0, SRST, 0, 0, 0), FAILED);
    assert_int_equal(w.resets, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(every_defined_type_and_reason_comes_to_the_caller),
        TEST(reserved_types_and_reasons_are_refused),
        TEST(only_32_bits_count),
        TEST(a_reset_that_the_caller_refuses_is_told_and_the_guest_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
