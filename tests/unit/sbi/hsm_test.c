/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_world.h"

#define VSATP UINT64_C(0x8000100000080000)
#define SIE   UINT64_C(0x2)
#define SPP   UINT64_C(0x100)

static void start(unsigned index)
{
    assert_error(ASK(0, HSM, 0, w.harts[index].id, GPA(0, 0), 0), SUCCESS);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, index), HVRV_OK);
}

static void a_started_hart_begins_as_the_specification_says(void **state)
{
    (void)state;
    w.vharts[3].csr.vsatp = VSATP;
    w.vharts[3].csr.vsstatus |= SIE;
    assert_error(ASK(0, HSM, 0, 5, GPA(7, 0x246), UINT64_C(0xfedcba9876543210)), SUCCESS);
    assert_int_equal(w.starts[3], 1);
    assert_int_equal(w.vharts[3].sepc, GPA(7, 0x246));
    assert_int_equal(w.vharts[3].gpr[10], 5);
    assert_int_equal(w.vharts[3].gpr[11], UINT64_C(0xfedcba9876543210));
    assert_int_equal(w.vharts[3].csr.vsatp, 0);
    assert_int_equal(w.vharts[3].csr.vsstatus & SIE, 0);
    assert_int_equal(w.vharts[3].sstatus & SPP, SPP);
    assert_int_equal(sbi_world_state(5), START_PENDING);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 3), HVRV_OK);
    assert_int_equal(sbi_world_state(5), STARTED);
}

/* Nothing of what it did before it stopped is left to it, but what the hypervisor chose is. */
static void a_hart_begins_anew_but_for_what_is_the_hypervisors(void **state)
{
    struct hvrv_vhart *vhart = &w.vharts[1];
    struct hvrv_vhart fresh;
    static uint64_t vector[32];

    (void)state;
    assert_int_equal(hvrv_vhart_init(&fresh, &w.vm), HVRV_OK);
    memset(vhart->gpr, 0x77, sizeof(vhart->gpr));
    memset(&vhart->csr, 0x77, sizeof(vhart->csr));
    vhart->sstatus = UINT64_C(0x200806600); /* VU-mode, FS and VS Dirty, SPELP */
    vhart->vector.registers = vector;
    vhart->vector.vlenb = 8;
    vhart->policy = HVRV_VHART_EAGER;
    vhart->last_hart = 3;
    assert_error(ASK(0, HSM, 0, 1, GPA(0, 0), 9), SUCCESS);
    for (unsigned i = 0; i < 32; i++)
        assert_int_equal(vhart->gpr[i], i == 10 ? 1 : i == 11 ? 9 : 0);
    assert_int_equal(vhart->sstatus, UINT64_C(0x200006700)); /* VS-mode, FS and VS kept */
    assert_int_equal(vhart->csr.vsstatus, UINT64_C(0x200000000));
    assert_int_equal(vhart->csr.vsie, 0);
    assert_int_equal(vhart->csr.vstvec, 0);
    assert_int_equal(vhart->csr.vsscratch, 0);
    assert_int_equal(vhart->csr.vsepc, 0);
    assert_int_equal(vhart->csr.vscause, 0);
    assert_int_equal(vhart->csr.vstval, 0);
    assert_int_equal(vhart->csr.vsatp, 0);
    assert_int_equal(vhart->csr.senvcfg, 0);
    assert_int_equal(vhart->csr.sstateen0, 0);
    assert_int_equal(vhart->csr.scounteren, fresh.csr.scounteren);
#define KEPT(name) assert_int_equal(vhart->csr.name, UINT64_C(0x7777777777777777))
    KEPT(hedeleg);
    KEPT(hideleg);
    KEPT(henvcfg);
    KEPT(hcounteren);
    KEPT(hstateen0);
    KEPT(htimedelta);
    assert_int_equal(vhart->csr.hvip, 0x400);
    assert_ptr_equal(vhart->vector.registers, vector);
    assert_int_equal(vhart->vector.vlenb, 8);
    assert_int_equal(vhart->policy, HVRV_VHART_EAGER);
    assert_int_equal(vhart->last_hart, 3);
    assert_ptr_equal(vhart->vm, &w.vm);
}

static void a_hart_that_is_not_there_cannot_be_started(void **state)
{
    static const uint64_t bad[] = {3, 4, 6, 69, 71, UINT64_C(0x100000001), UINT64_MAX};

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_error(ASK(0, HSM, 0, bad[i], GPA(0, 0), 0), INVALID_PARAM);
        assert_error(ASK(0, HSM, 2, bad[i]), INVALID_PARAM);
    }
}

/* The specification: no valid physical address, or not executable in the G-stage. */
static void a_hart_starts_only_where_it_may_execute_memory(void **state)
{
    static const uint64_t bad[] = {0,
                                   1,
                                   RAM - 2,
                                   RAM - 0x1000,
                                   GPA(0, 1),
                                   GPA(3, 0xfff),
                                   GPA(PAGE_HOLE, 0),
                                   GPA(PAGE_HOLE, 0xffe),
                                   GPA(PAGE_NO_X, 0),
                                   GPA(PAGE_DEVICE, 0),
                                   RAM_END,
                                   UINT64_C(0x10080000000),
                                   UINT64_C(0x180000000),
                                   RAM | UINT64_C(1) << 63,
                                   UINT64_C(0xffffffff80000000),
                                   UINT64_MAX - 1,
                                   UINT64_MAX};
    static const uint64_t good[] = {RAM, GPA(PAGE_NO_W, 2), GPA(PAGE_ONLY_X, 0x800), RAM_END - 2};

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_error(ASK(0, HSM, 0, 1, bad[i], 0), INVALID_ADDRESS);
        assert_int_equal(sbi_world_state(1), STOPPED);
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_error(ASK(0, HSM, 0, w.harts[i + 1].id, good[i], 0), SUCCESS);
        assert_int_equal(w.vharts[i + 1].sepc, good[i]);
    }
}

static void a_hart_is_started_once(void **state)
{
    (void)state;
    assert_error(ASK(0, HSM, 0, 0, GPA(0, 0), 0), ALREADY_AVAILABLE);
    assert_error(ASK(0, HSM, 0, 1, GPA(0, 0), 7), SUCCESS);
    assert_error(ASK(0, HSM, 0, 1, GPA(1, 0), 8), ALREADY_AVAILABLE);
    assert_int_equal(w.vharts[1].sepc, GPA(0, 0));
    assert_int_equal(w.vharts[1].gpr[11], 7);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 1), HVRV_OK);
    assert_error(ASK(0, HSM, 0, 1, GPA(1, 0), 8), ALREADY_AVAILABLE);
    assert_int_equal(w.starts[1], 1);
}

static void a_hart_that_sleeps_is_started_already(void **state)
{
    (void)state;
    start(1);
    assert_int_equal(ASK(1, HSM, 3, 0).action, HVRV_SBI_PARK);
    assert_error(ASK(0, HSM, 0, 1, GPA(0, 0), 0), ALREADY_AVAILABLE);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 1), HVRV_OK);
    assert_error(ASK(0, HSM, 0, 1, GPA(0, 0), 0), ALREADY_AVAILABLE);
}

/* Its registers may still be on their way to memory: to start it is to fail until they are there.
 */
static void a_hart_stops_when_its_registers_are_in_memory(void **state)
{
    struct answer answer;
    enum hvrv_sbi_action action;

    (void)state;
    start(1);
    answer = ASK(1, HSM, 1, 0);
    assert_int_equal(answer.action, HVRV_SBI_STOP);
    assert_int_equal(sbi_world_state(1), STOP_PENDING);
    assert_error(ASK(0, HSM, 0, 1, GPA(1, 0), 0), FAILED);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 1), HVRV_ERR_STATE);
    assert_int_equal(hvrv_sbi_serve(&w.sbi, 1, &action), HVRV_ERR_STATE);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 1), HVRV_OK);
    assert_int_equal(sbi_world_state(1), STOPPED);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 1), HVRV_ERR_STATE);
    assert_error(ASK(0, HSM, 0, 1, GPA(1, 0), 0), SUCCESS);
    assert_int_equal(w.starts[1], 2);
}

static void the_last_hart_may_stop_too(void **state)
{
    (void)state;
    assert_int_equal(ASK(0, HSM, 1, 0).action, HVRV_SBI_STOP);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 0), HVRV_OK);
    assert_int_equal(hvrv_sbi_get_state(&w.harts[0]), STOPPED);
}

/* The timer and IPIs of its former life are not the new one's; a device's interrupt is a wire. */
static void a_hart_that_was_stopped_begins_without_timer_and_ipi(void **state)
{
    struct hvrv_vhart *vhart = &w.vharts[1];

    (void)state;
    start(1);
    assert_error(ASK(1, TIME, 0, 100), SUCCESS);
    assert_error(ASK(0, IPI, 0, 2, 0), SUCCESS);
    assert_int_equal(hvrv_irq_raise(vhart, 0x400), HVRV_OK);
    vhart->csr.hvip = 0x444;
    assert_int_equal(ASK(1, HSM, 1, 0).action, HVRV_SBI_STOP);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 1), HVRV_OK);
    start(1);
    assert_int_equal(hvrv_timer_deadline(vhart), UINT64_MAX);
    assert_int_equal(vhart->irq & 0xffffffff, 0x400);
    assert_int_equal(vhart->csr.hvip & ~(vhart->irq >> 32), 0);
    assert_int_equal(vhart->csr.hvip & 0x44, 0);
}

/* Which another hart sends before the one that is started has run. */
static void an_ipi_to_a_hart_just_started_is_not_lost(void **state)
{
    (void)state;
    assert_error(ASK(0, HSM, 0, 1, GPA(0, 0), 0), SUCCESS);
    assert_error(ASK(0, IPI, 0, 2, 0), SUCCESS);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 1), HVRV_OK);
    assert_int_equal(w.vharts[1].irq, UINT64_C(0x400000004));
}

static void a_break_is_no_sleep(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(hvrv_sbi_rest(&w.sbi, 0), HVRV_OK);
        assert_int_equal(w.harts[0].state, STARTED);
        assert_int_equal(hvrv_sbi_wake(&w.sbi, 0), HVRV_OK);
        assert_int_equal(w.harts[0].state, STARTED);
    }
    assert_error(ASK(0, HSM, 0, 1, GPA(0, 0), 0), SUCCESS);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 1), HVRV_OK);
    assert_int_equal(w.harts[1].state, START_PENDING);
}

/* Timer and interrupts of a hart that only makes room for another are its own still. */
static void a_break_takes_nothing_away(void **state)
{
    (void)state;
    assert_error(ASK(0, TIME, 0, 100), SUCCESS);
    assert_int_equal(hvrv_irq_raise(&w.vharts[0], 0x44), HVRV_OK);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 0), HVRV_OK);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), 100);
    assert_int_equal(w.vharts[0].irq & 0xffffffff, 0x44);
    assert_int_equal(ASK(0, HSM, 3, 0).action, HVRV_SBI_PARK);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 0), HVRV_OK);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), 100);
    assert_int_equal(w.vharts[0].irq & 0xffffffff, 0x44);
}

/* The G-stage's table changes while it is walked: a few times is nothing, for ever is no memory. */
static void an_address_is_looked_for_again_if_the_table_changed(void **state)
{
    (void)state;
    w.races = 100;
    assert_error(ASK(0, HSM, 0, 1, GPA(PAGE_FRESH, 0), 0), INVALID_ADDRESS);
    assert_in_range(w.races, 90, 99);
    w.races = 2;
    assert_error(ASK(0, HSM, 0, 1, GPA(PAGE_FRESH, 0), 0), SUCCESS);
}

static void a_retentive_sleep_keeps_all_and_returns_success(void **state)
{
    struct answer answer;

    (void)state;
    start(1);
    w.vharts[1].csr.vsatp = VSATP;
    w.vharts[1].csr.vsstatus |= SIE;
    answer = ASK(1, HSM, 3, 0, UINT64_MAX, 7);
    assert_int_equal(answer.action, HVRV_SBI_PARK);
    assert_int_equal(answer.error, SUCCESS);
    assert_true(answer.is_answered);
    assert_int_equal(w.vharts[1].csr.vsatp, VSATP);
    assert_int_equal(w.vharts[1].csr.vsstatus & SIE, SIE);
    assert_int_equal(sbi_world_state(1), SUSPEND_PENDING);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 1), HVRV_OK);
    assert_int_equal(sbi_world_state(1), SUSPENDED);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 1), HVRV_OK);
    assert_int_equal(sbi_world_state(1), STARTED);
}

/* vsie must stay: it says which interrupts end the sleep. */
static void a_non_retentive_sleep_ends_at_an_address_of_the_guests_choice(void **state)
{
    struct answer answer;

    (void)state;
    start(3);
    w.vharts[3].csr.vsatp = VSATP;
    w.vharts[3].csr.vsstatus |= SIE;
    w.vharts[3].csr.vsie = 0x222;
    answer = ASK(3, HSM, 3, 0x80000000, GPA(9, 0x10), UINT64_C(0x8000000000000001));
    assert_int_equal(answer.action, HVRV_SBI_PARK);
    assert_int_equal(answer.pc, GPA(9, 0x10));
    assert_int_equal(answer.error, 5);
    assert_int_equal(answer.value, UINT64_C(0x8000000000000001));
    assert_int_equal(w.vharts[3].csr.vsatp, 0);
    assert_int_equal(w.vharts[3].csr.vsstatus & SIE, 0);
    assert_int_equal(w.vharts[3].csr.vsie, 0x222);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, 3), HVRV_OK);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 3), HVRV_OK);
    assert_int_equal(sbi_world_state(5), STARTED);
}

static void a_loaded_vharts_registers_are_set_in_the_hart(void **state)
{
    (void)state;
    w.vharts[0].csr.vsatp = VSATP;
    w.vharts[0].csr.vsstatus |= SIE;
    sbi_world_load(0);
    assert_int_equal(w.model.csr[0x280], VSATP);
    assert_int_equal(ASK(0, HSM, 3, 0x80000000, GPA(9, 0), 0).action, HVRV_SBI_PARK);
    assert_int_equal(w.model.csr[0x280], 0);
    assert_int_equal(w.model.csr[0x200] & SIE, 0);
    model_hart_check(&w.model);
}

static void a_sleep_that_ends_before_the_vhart_was_put_is_over(void **state)
{
    (void)state;
    start(1);
    assert_int_equal(ASK(1, HSM, 3, 0).action, HVRV_SBI_PARK);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 1), HVRV_OK);
    assert_int_equal(sbi_world_state(1), STARTED);
    assert_int_equal(ASK(1, HSM, 3, 0).action, HVRV_SBI_PARK);
    assert_answer(ASK(1, HSM, 2, 1), SUCCESS, STARTED);
}

static void types_of_sleep_that_are_not_there_are_refused(void **state)
{
    static const uint64_t bad[] = {1,          0x0fffffff, 0x10000000, 0x7fffffff,
                                   0x80000001, 0x8fffffff, 0x90000000, 0xffffffff};

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_error(ASK(0, HSM, 3, bad[i], GPA(0, 0), 0), INVALID_PARAM);
    assert_int_equal(w.harts[0].state, STARTED);
}

/* The type is 32 bits wide, and RV64's calling convention extends its sign. */
static void only_32_bits_of_the_type_count(void **state)
{
    (void)state;
    assert_int_equal(ASK(0, HSM, 3, UINT64_C(0xffffffff80000000), GPA(0, 2), 0).pc, GPA(0, 2));
    assert_int_equal(hvrv_sbi_wake(&w.sbi, 0), HVRV_OK);
    assert_true(ASK(0, HSM, 3, UINT64_C(0x7fffffff00000000), 0, 0).is_answered);
}

static void a_sleep_that_would_end_nowhere_is_refused(void **state)
{
    static const uint64_t bad[] = {
        0,       GPA(0, 1),     GPA(PAGE_HOLE, 0), GPA(PAGE_NO_X, 0), GPA(PAGE_DEVICE, 0),
        RAM_END, UINT64_MAX - 1};

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_error(ASK(0, HSM, 3, 0x80000000, bad[i], 0), INVALID_ADDRESS);
    assert_int_equal(w.harts[0].state, STARTED);
}

static void waking_and_resting_refuse_what_is_no_hart(void **state)
{
    (void)state;
    assert_int_equal(hvrv_sbi_wake(NULL, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_sbi_rest(NULL, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_sbi_wake(&w.sbi, HARTS), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_sbi_rest(&w.sbi, HARTS), HVRV_ERR_RANGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(a_started_hart_begins_as_the_specification_says),
        TEST(a_hart_begins_anew_but_for_what_is_the_hypervisors),
        TEST(a_hart_that_is_not_there_cannot_be_started),
        TEST(a_hart_starts_only_where_it_may_execute_memory),
        TEST(a_hart_is_started_once),
        TEST(a_hart_that_sleeps_is_started_already),
        TEST(a_hart_stops_when_its_registers_are_in_memory),
        TEST(the_last_hart_may_stop_too),
        TEST(a_hart_that_was_stopped_begins_without_timer_and_ipi),
        TEST(an_ipi_to_a_hart_just_started_is_not_lost),
        TEST(a_break_is_no_sleep),
        TEST(a_break_takes_nothing_away),
        TEST(an_address_is_looked_for_again_if_the_table_changed),
        TEST(a_retentive_sleep_keeps_all_and_returns_success),
        TEST(a_non_retentive_sleep_ends_at_an_address_of_the_guests_choice),
        TEST(a_loaded_vharts_registers_are_set_in_the_hart),
        TEST(a_sleep_that_ends_before_the_vhart_was_put_is_over),
        TEST(types_of_sleep_that_are_not_there_are_refused),
        TEST(only_32_bits_of_the_type_count),
        TEST(a_sleep_that_would_end_nowhere_is_refused),
        TEST(waking_and_resting_refuse_what_is_no_hart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
