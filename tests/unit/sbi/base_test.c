/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

/* The specification: major number in bits 30:24, minor number in bits 23:0. */
static void the_specification_is_version_3_0_unless_chosen(void **state)
{
    (void)state;
    assert_answer(ASK(0, BASE, 0, 0), SUCCESS, 0x3000000);
    w.config.identity.spec_version = 0x2000000;
    sbi_world_init();
    assert_answer(ASK(0, BASE, 0, 0), SUCCESS, 0x2000000);
    w.config.identity.spec_version = 0x7fffffff;
    sbi_world_init();
    assert_answer(ASK(0, BASE, 0, 0), SUCCESS, 0x7fffffff);
}

static void each_function_answers_its_own_number(void **state)
{
    (void)state;
    w.config.identity = (struct hvrv_sbi_identity){
        0x1000002, 999, 0x30004, UINT64_C(0x8000000000000005), UINT64_C(0x600000000), UINT64_MAX};
    sbi_world_init();
    assert_answer(ASK(0, BASE, 0, 7), SUCCESS, 0x1000002);
    assert_answer(ASK(0, BASE, 1, 7), SUCCESS, 999);
    assert_answer(ASK(0, BASE, 2, 7), SUCCESS, 0x30004);
    assert_answer(ASK(0, BASE, 4, 7), SUCCESS, UINT64_C(0x8000000000000005));
    assert_answer(ASK(0, BASE, 5, 7), SUCCESS, UINT64_C(0x600000000));
    assert_answer(ASK(0, BASE, 6, 7), SUCCESS, UINT64_MAX);
}

static void base_is_there_for_every_hart(void **state)
{
    (void)state;
    for (unsigned i = 1; i < HARTS; i++) {
        assert_error(ASK(0, HSM, 0, w.harts[i].id, GPA(0, 0), 0), SUCCESS);
        assert_answer(ASK(i, BASE, 3, BASE), SUCCESS, 1);
        assert_answer(ASK(i, BASE, 0, 0), SUCCESS, 0x3000000);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(the_specification_is_version_3_0_unless_chosen),
        TEST(each_function_answers_its_own_number),
        TEST(base_is_there_for_every_hart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
