/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM comes back, and the host sees what it may see. */
#include "tvm_case.h"

static void an_interrupt_of_the_hosts_shows_nothing(void **state)
{
    const struct hvrv_trap trap = {
        .scause = UINT64_C(1) << 63 | 5, .sepc = GPA, .sstatus = 0x100, .hstatus = 0x180};

    (void)state;
    cove_exit(0, &trap);
    tvm_expect_exit(UINT64_C(1) << 63 | 5, 0);
    SHOWN(0);
    assert_int_equal(CALL(1, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(tvm_running(1)->gpr[10], SECRET + 10);
}

static void a_page_fault_shows_the_page_alone(void **state)
{
    (void)state;
    cove_fault(0, 21, GPA + 0x12345);
    tvm_expect_exit(21, 0);
    SHOWN(512 + HTVAL, 512 + HTINST);
    assert_int_equal(tvm_shared(0)->csrs[HTVAL], (GPA + 0x12000) >> 2);
    assert_int_equal(tvm_shared(0)->csrs[HTINST], 0);
}

static void an_access_outside_of_all_regions_is_the_tvms_own_fault(void **state)
{
    static const struct {
        uint64_t cause, becomes;
    } rows[] = {{20, 1}, {21, 5}, {23, 7}};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        cove_fault(0, rows[i].cause, GPA - 0x1000);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), rows[i].becomes);
    }
    SHOWN(0);
}

static void a_fault_that_the_tables_do_not_explain_is_fenced_and_tried_again(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        cove_fault(0, 21, GPA + 8);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_ptr_equal(w.reply.vhart, w.harts[0].running);
        assert_true(tvm_has_fenced());
    }
    cove_fault(0, 21, GPA + 8);
    tvm_expect_dead();
}

/* Two vHarts that touch new memory side by side: one finds what was mapped for the other. */
static void faults_at_other_addresses_are_in_no_row(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 12, tvm_id, PAGE(AT_FREE + 40), 0, 20, GPA + 0x4000), SUCCESS);
    for (uint64_t i = 0; i < 20; i++) {
        cove_fault(0, 23, GPA + 0x4000 + i * 0x1000);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_true(tvm_has_fenced());
    }
}

static void faults_with_something_else_between_are_in_no_row(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        cove_fault(0, 21, GPA + 8);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        if (i % 5 == 4)
            ECALL(0, 3, 0, 0, 0, 0, 0, 0, 0x10);
    }
}

/* A fault of which the hart tells no address: 0 in htval and htinst. */
static void fault_untold(uint64_t cause, uint64_t gva)
{
    const struct hvrv_trap trap = {.scause = cause,
                                   .sepc = tvm_running(0)->sepc,
                                   .sstatus = 0x200000100,
                                   .stval = gva,
                                   .hstatus = 0x2000001c0};

    cove_exit(0, &trap);
}

static void an_address_that_the_hart_does_not_tell_is_walked_for(void **state)
{
    (void)state;
    fault_untold(23, GPA + 0x12345); /* the TVM translates nothing: vsatp is 0 */
    tvm_expect_exit(23, 0);
    SHOWN(512 + HTVAL, 512 + HTINST);
    assert_int_equal(tvm_shared(0)->csrs[HTVAL], (GPA + 0x12000) >> 2);
}

static void a_walk_that_finds_no_fault_is_a_retry_and_not_for_ever(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        fault_untold(21, GPA + 8);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_true(tvm_has_fenced());
    }
    fault_untold(21, GPA + 8);
    tvm_expect_dead();
}

static void a_walk_through_tables_that_are_not_there_finds_them(void **state)
{
    (void)state;
    model_poke(&w.model[0], HVRV_CSR_VSATP, UINT64_C(8) << 60 | (GPA + 0x30000) >> 12);
    fault_untold(20, 0x1000);
    tvm_expect_exit(20, 0);
    assert_int_equal(tvm_shared(0)->csrs[HTVAL], (GPA + 0x30000) >> 2);
}

static void a_regime_that_is_none_ends_in_retries(void **state)
{
    (void)state;
    model_poke(&w.model[0], HVRV_CSR_VSATP, UINT64_C(5) << 60);
    fault_untold(21, 0x1000);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
}

static void tables_of_the_tvms_may_lie_in_a_shared_page(void **state)
{
    const struct hvrv_trap trap = {.scause = 20,
                                   .sepc = GPA,
                                   .sstatus = 0x200000100,
                                   .stval = 0x1000,
                                   .htval = (GPA + 0x9008) >> 2,
                                   .htinst = 0x3000, /* a PTE was read */
                                   .hstatus = 0x2000001c0};

    (void)state;
    ECALL(0, GPA + 0x9000, 0x1000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    cove_exit(0, &trap);
    tvm_expect_exit(20, 0);
    assert_int_equal(CALL(0, COVH, 13, tvm_id, PAGE(AT_HOST), 0, 1, GPA + 0x9000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    cove_exit(0, &trap); /* it is there now */
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_true(tvm_has_fenced());
}

static void what_cannot_be_resumed_ends_the_vhart(void **state)
{
    static const uint64_t causes[] = {1, 5, 7, 0, 3};
    const struct hvrv_trap trap = {
        .scause = causes[1], .sepc = GPA, .sstatus = 0x100, .hstatus = 0x180};

    (void)state;
    cove_exit(0, &trap);
    tvm_expect_dead();
    SHOWN(0);
    assert_int_equal(CALL(0, COVH, 8, tvm_id), SUCCESS);
}

static void a_vhart_waits_where_it_executes_wfi(void **state)
{
    const struct hvrv_trap trap = {
        .scause = 22, .sepc = GPA, .sstatus = 0x100, .stval = 0x10500073, .hstatus = 0x180};

    (void)state;
    assert_true(tvm_running(0)->hstatus & UINT64_C(1) << 21);
    cove_exit(0, &trap);
    tvm_expect_exit(22, 0);
    SHOWN(512 + HTINST);
    assert_int_equal(tvm_shared(0)->csrs[HTINST], 0x10500073);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->sepc, GPA + 4);
}

static void another_virtual_instruction_is_illegal_to_the_tvm(void **state)
{
    /* csrr of hstatus; hfence.gvma; wfi in VU-mode; custom-0; all ones */
    static const uint64_t codes[] = {0x60002573, 0x62000073, 0x10500073, 0x0000000b, 0xffffffff};

    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        const struct hvrv_trap trap = {.scause = 22,
                                       .sepc = GPA,
                                       .sstatus = i == 2 ? 0 : 0x100,
                                       .stval = codes[i],
                                       .hstatus = i == 2 ? 0x80 : 0x180};
        tvm_running(0)->sstatus = trap.sstatus;
        cove_exit(0, &trap);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), 2);
    }
    SHOWN(0);
}

static void exits_of_nobody_are_refused(void **state)
{
    struct hvrv_trap trap = {.scause = 10};
    struct hvrv_cove_call call = {COVH, 0, {0}};

    (void)state;
    assert_int_equal(hvrv_tsm_serve(&w.tsm, 0, &call, &w.reply), HVRV_ERR_STATE);
    assert_int_equal(hvrv_tsm_exit(NULL, 0, &trap, &w.reply), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, 0, NULL, &w.reply), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, 0, &trap, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, HARTS, &trap, &w.reply), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, 1, &trap, &w.reply), HVRV_ERR_STATE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, tvm_setup_running)
    const struct CMUnitTest tests[] = {
        TEST(an_interrupt_of_the_hosts_shows_nothing),
        TEST(a_page_fault_shows_the_page_alone),
        TEST(an_access_outside_of_all_regions_is_the_tvms_own_fault),
        TEST(a_fault_that_the_tables_do_not_explain_is_fenced_and_tried_again),
        TEST(faults_at_other_addresses_are_in_no_row),
        TEST(faults_with_something_else_between_are_in_no_row),
        TEST(an_address_that_the_hart_does_not_tell_is_walked_for),
        TEST(a_walk_that_finds_no_fault_is_a_retry_and_not_for_ever),
        TEST(a_walk_through_tables_that_are_not_there_finds_them),
        TEST(a_regime_that_is_none_ends_in_retries),
        TEST(tables_of_the_tvms_may_lie_in_a_shared_page),
        TEST(what_cannot_be_resumed_ends_the_vhart),
        TEST(a_vhart_waits_where_it_executes_wfi),
        TEST(another_virtual_instruction_is_illegal_to_the_tvm),
        TEST(exits_of_nobody_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
