/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM is run again: what must have happened before, and what the hart must have forgotten. */
#include "tvm_case.h"

#define BAD UINT64_C(0x123)
#define HSM UINT64_C(0x48534d)

/* The host takes out what is mapped in a page of GPA's. */
static void take_out(uint64_t gpa)
{
    assert_int_equal(CALL(2, COVH, 17, tvm_id, gpa, 0x1000), SUCCESS);
    assert_int_equal(CALL(2, COVH, 16, tvm_id), SUCCESS);
    assert_int_equal(CALL(2, COVH, 19, tvm_id, gpa, 0x1000), SUCCESS);
}

/* vHart 0 and 1 run on their harts, and two pages of zeros are at ZEROS. */
#define ZEROS (GPA + 0x10000)
static void run_two(void **state)
{
    tvm_build_two(state);
    assert_int_equal(CALL(2, COVH, 10, tvm_id, PAGE(AT_FREE + 32), 16), SUCCESS);
    assert_int_equal(CALL(2, COVH, 12, tvm_id, PAGE(AT_FREE + 48), 0, 2, ZEROS), SUCCESS);
    ECALL(0, 1, GPA, 7, 0, 0, 0, 0, HSM);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), SUCCESS);
}

/* vHart 0 shares two pages; vHart 1 takes one of them back before vHart 0 goes on. */
static void a_vhart_waits_for_each_page_by_what_it_is_for_now(void **state)
{
    run_two(state);
    ECALL(0, ZEROS, 0x2000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), FAILED);
    ECALL(1, ZEROS, 0x1000, 0, 0, 0, 0, 3, COVG);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), SUCCESS);
    /* The second page is shared, and a confidential one is there still. */
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), FAILED);
    cove_fault(1, 21, GPA);
    take_out(ZEROS + 0x1000);
    /* A shared one there is no reason to wait, nor is the first, which is as it was. */
    assert_int_equal(CALL(2, COVH, 13, tvm_id, PAGE(AT_HOST), 0, 1, ZEROS + 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
}

/* vHart 0 takes memory back, and the host's page is there still: for vHart 1 it is no buffer. */
static void a_page_of_the_hosts_is_no_buffer(void **state)
{
    const uint64_t *content = cove_memory(PAGE(AT_HOST));

    run_two(state);
    ECALL(0, ZEROS, 0x1000, 0, 0, 0, 0, 2, COVG);
    cove_fault(1, 21, GPA);
    take_out(ZEROS);
    assert_int_equal(CALL(2, COVH, 13, tvm_id, PAGE(AT_HOST), 0, 1, ZEROS), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    ECALL(0, ZEROS, 0x1000, 0, 0, 0, 0, 3, COVG);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), SUCCESS);
    for (uint64_t function = 6; function < 11; function++) {
        if (function == 9)
            continue; /* which is not there */
        ECALL(1, ZEROS, 48, ZEROS, 0x80000000, ZEROS, 0x1000, function, COVG);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(tvm_running(1)->gpr[10], (uint64_t)(int64_t)INVALID_ADDRESS);
    }
    for (unsigned i = 0; i < 512; i++)
        assert_int_equal(content[i], 0);
}

static void run_refuses_in_this_order(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 15, BAD, 0), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 1), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 64), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, UINT64_MAX), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 0), FAILED); /* it runs on hart 0 */
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(CALL(1, NACL, 1, UINT64_MAX, UINT64_MAX, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 0), FAILED); /* no shared memory */
    assert_int_equal(CALL(2, COVH, 1, PAGE(AT_SHARED + 6), 1), SUCCESS);
    assert_int_equal(CALL(2, COVH, 15, tvm_id, 0), FAILED); /* it is confidential now */
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
}

static void shared_memory_that_is_given_away_ends_the_turn_for_good(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 1, PAGE(AT_SHARED), 3), SUCCESS);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_not_equal(w.reply.answer.value, 0);
    SHOWN(0);
}

static void a_tvm_is_fenced_before_it_runs_after_a_fence_of_its_own(void **state)
{
    (void)state;
    w.tsm.config.has_sdid = true;
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(CALL(1, COVH, 17, tvm_id, GPA, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 16, tvm_id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_true(tvm_has_fenced());
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_false(tvm_has_fenced());
    cove_fault(0, 21, GPA + 0x2000);
    w.tsm.config.has_sdid = false;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_true(tvm_has_fenced());
}

/* HFENCE.VVMA of everything, before hgatp is no longer the TVM's: it reaches no other VMID. */
static bool has_forgotten(void)
{
    for (size_t i = 0; i < w.model[0].log_length; i++) {
        const struct model_access *done = &w.model[0].log[i];
        if (done->kind == MODEL_WRITE && done->what == HVRV_CSR_HGATP)
            return false;
        if (done->kind == MODEL_HFENCE_VVMA && done->what == MODEL_BY_NOTHING)
            return true;
    }
    return false;
}

static void the_host_does_not_get_what_the_hart_translated_for_the_tvm(void **state)
{
    (void)state;
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_true(has_forgotten());
    w.tsm.config.has_sdid = true;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_false(has_forgotten());
}

static void a_running_vhart_holds_up_what_was_invalidated(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 12, tvm_id, PAGE(AT_FREE + 40), 0, 1, GPA + 0x4000), SUCCESS);
    ECALL(0, GPA + 0x4000, 0x1000, 0, 0, 0, 0, 2, COVG);
    tvm_expect_exit(10, 0);
    assert_int_equal(CALL(0, COVH, 17, tvm_id, GPA + 0x4000, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 16, tvm_id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, tvm_id, GPA + 0x4000, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    /* The page is free, and goes to another use. */
    assert_int_equal(CALL(1, COVH, 2, PAGE(AT_FREE + 40), 1), SUCCESS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, tvm_setup_running)
    const struct CMUnitTest tests[] = {
        TEST(a_vhart_waits_for_each_page_by_what_it_is_for_now),
        TEST(a_page_of_the_hosts_is_no_buffer),
        TEST(run_refuses_in_this_order),
        TEST(shared_memory_that_is_given_away_ends_the_turn_for_good),
        TEST(a_tvm_is_fenced_before_it_runs_after_a_fence_of_its_own),
        TEST(the_host_does_not_get_what_the_hart_translated_for_the_tvm),
        TEST(a_running_vhart_holds_up_what_was_invalidated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
