/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

#define VSSIP UINT64_C(0x4)

static void start_all(void)
{
    for (unsigned i = 1; i < HARTS; i++) {
        assert_error(ASK(0, HSM, 0, w.harts[i].id, GPA(0, 0), 0), SUCCESS);
        assert_int_equal(hvrv_sbi_wake(&w.sbi, i), HVRV_OK);
    }
}

/* Asserts who was sent an interrupt since the last time, a bit a hart by its index. */
#define assert_sent(raised, kicked) assert_sent_at(raised, kicked, __LINE__)

static void assert_sent_at(unsigned raised, unsigned kicked, int line)
{
    for (unsigned i = 0; i < HARTS; i++) {
        if (((w.vharts[i].irq & VSSIP) != 0) != (raised >> i & 1) ||
            w.kicks[i] != (kicked >> i & 1))
            print_error("hart %u, line %d\n", i, line);
        assert_int_equal((w.vharts[i].irq & VSSIP) != 0, raised >> i & 1);
        assert_int_equal(w.kicks[i], kicked >> i & 1);
        w.vharts[i].irq = 0;
        w.kicks[i] = 0;
    }
}

static void every_hart_that_is_named_gets_one_and_no_other(void **state)
{
    (void)state;
    start_all();
    assert_error(ASK(0, IPI, 0, 0x26, 0), SUCCESS); /* harts 1, 2 and 5 */
    assert_sent(0x0e, 0x0e);
    assert_error(ASK(0, IPI, 0, 0x2, 0), SUCCESS);
    assert_sent(0x02, 0x02);
}

static void the_mask_counts_from_its_base(void **state)
{
    (void)state;
    start_all();
    assert_error(ASK(0, IPI, 0, 1, 5), SUCCESS);
    assert_sent(0x08, 0x08);
    assert_error(ASK(0, IPI, 0, 0x13, 1), SUCCESS); /* 1, 2 and 5 */
    assert_sent(0x0e, 0x0e);
    assert_error(ASK(0, IPI, 0, 1, 70), SUCCESS);
    assert_sent(0x10, 0x10);
    assert_error(ASK(0, IPI, 0, UINT64_C(0x8000000000000000), 7), SUCCESS);
    assert_sent(0x10, 0x10);
    assert_error(ASK(0, IPI, 0, 0x10, 66), SUCCESS);
    assert_sent(0x10, 0x10);
}

static void a_base_of_minus_one_is_every_hart_whatever_the_mask(void **state)
{
    static const uint64_t masks[] = {0, 1, 0x26, UINT64_C(0xdeadbeef00000000), UINT64_MAX};

    (void)state;
    start_all();
    for (unsigned i = 0; i < 5; i++) {
        assert_error(ASK(0, IPI, 0, masks[i], ALL), SUCCESS);
        assert_sent(0x1f, 0x1e);
    }
}

/* The hart that calls looks at its interrupts before it goes on: nobody need kick it. */
static void a_hart_that_names_itself_is_not_kicked(void **state)
{
    (void)state;
    start_all();
    assert_error(ASK(0, IPI, 0, 1, 0), SUCCESS);
    assert_sent(0x01, 0);
    assert_error(ASK(3, IPI, 0, 0x21, 0), SUCCESS);
    assert_sent(0x09, 0x01);
}

static void a_mask_that_names_a_hart_that_is_not_there_does_nothing(void **state)
{
    static const uint64_t bad[][2] = {{0x08, 0},
                                      {0x2f, 0},
                                      {1, 3},
                                      {2, 5},
                                      {1, 71},
                                      {UINT64_MAX, 0},
                                      {3, 70},
                                      {1, UINT64_C(0x100000000)},
                                      {UINT64_C(0x8000000000000000), 0},
                                      {1, UINT64_C(0x8000000000000000)},
                                      {1, UINT64_C(0xffffffff)},
                                      {UINT64_C(0x8000000000000001), 6}};

    (void)state;
    start_all();
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_error(ASK(0, IPI, 0, bad[i][0], bad[i][1]), INVALID_PARAM);
        assert_sent(0, 0);
    }
}

/* Base + bit is a number of 64 bits, and what is beyond them is no hart. */
static void a_mask_that_wraps_names_no_hart(void **state)
{
    (void)state;
    start_all();
    assert_error(ASK(0, IPI, 0, 4, UINT64_MAX - 1), INVALID_PARAM);
    assert_error(ASK(0, IPI, 0, 8, UINT64_MAX - 2), INVALID_PARAM);
    assert_error(ASK(0, IPI, 0, UINT64_C(1) << 63, UINT64_MAX - 62), INVALID_PARAM);
    assert_sent(0, 0);
}

/* The specification: the base need not be a hart unless bit 0 is set. */
static void an_empty_mask_is_no_error_whatever_the_base(void **state)
{
    static const uint64_t bases[] = {0, 3, 71, UINT64_C(0x100000000), UINT64_MAX - 1};

    (void)state;
    start_all();
    for (unsigned i = 0; i < 5; i++)
        assert_error(ASK(0, IPI, 0, 0, bases[i]), SUCCESS);
    assert_sent(0, 0);
}

static void a_stopped_hart_gets_none_and_begins_without(void **state)
{
    (void)state;
    assert_error(ASK(0, IPI, 0, 0x6, 0), SUCCESS);
    assert_error(ASK(0, IPI, 0, 0, ALL), SUCCESS);
    assert_sent(0x01, 0);
    start_all();
    assert_int_equal(ASK(1, HSM, 1, 0).action, HVRV_SBI_STOP);
    assert_error(ASK(0, IPI, 0, 0x6, 0), SUCCESS);
    assert_sent(0x04, 0x04);
}

/* It may not have begun to run, but it will look. */
static void a_hart_on_its_way_gets_one(void **state)
{
    (void)state;
    assert_error(ASK(0, HSM, 0, 2, GPA(0, 0), 0), SUCCESS);
    assert_error(ASK(0, IPI, 0, 0x4, 0), SUCCESS);
    assert_sent(0x04, 0x04);
}

static void a_hart_that_sleeps_gets_one(void **state)
{
    (void)state;
    start_all();
    assert_int_equal(ASK(1, HSM, 3, 0).action, HVRV_SBI_PARK);
    assert_error(ASK(0, IPI, 0, 0x2, 0), SUCCESS);
    assert_sent(0x02, 0x02);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 1), HVRV_OK);
    assert_error(ASK(0, IPI, 0, 0x2, 0), SUCCESS);
    assert_sent(0x02, 0x02);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(every_hart_that_is_named_gets_one_and_no_other),
        TEST(the_mask_counts_from_its_base),
        TEST(a_base_of_minus_one_is_every_hart_whatever_the_mask),
        TEST(a_hart_that_names_itself_is_not_kicked),
        TEST(a_mask_that_names_a_hart_that_is_not_there_does_nothing),
        TEST(a_mask_that_wraps_names_no_hart),
        TEST(an_empty_mask_is_no_error_whatever_the_base),
        TEST(a_stopped_hart_gets_none_and_begins_without),
        TEST(a_hart_on_its_way_gets_one),
        TEST(a_hart_that_sleeps_gets_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
