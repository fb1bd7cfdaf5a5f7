/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/timer.h>

#include <model/hart.h>

#define NEVER UINT64_C(0xffffffffffffffff)
#define STCE  (UINT64_C(1) << 63)
#define VSTIP UINT64_C(0x40)
#define STI   UINT64_C(0x20)

#define STIMECMP 0x14d
#define HGATP    UINT64_C(0x8000500000080200)

static struct world {
    struct model_hart model;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct hvrv_vm_slot slots[1];
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
} w;

static void build_with(bool sstc)
{
    memset(&w, 0, sizeof(w));
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701,
                                  .vsatp_modes = 0x701,
                                  .vmidlen = 14,
                                  .ssstateen = true,
                                  .henvcfg = true,
                                  .senvcfg = true,
                                  .sstc = sstc,
                                  .fp = true};
    model_hart_init(&w.model);
    assert_int_equal(hvrv_bind_init(&w.bind, &w.model.hart, &w.probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm, HGATP, w.slots, 1), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.vhart, &w.vm), HVRV_OK);
    w.vhart.sstatus = 0x200000100; /* FS Off */
    assert_int_equal(hvrv_timer_init(&w.vhart, &w.probe), HVRV_OK);
}

static int build(void **state)
{
    (void)state;
    build_with(true);
    return 0;
}

static int build_without_sstc(void **state)
{
    (void)state;
    build_with(false);
    return 0;
}

static int end(void **state)
{
    (void)state;
    model_hart_check(&w.model);
    return 0;
}

static void load(void)
{
    assert_int_equal(hvrv_bind_load(&w.bind, &w.vhart), HVRV_OK);
}

static void put(void)
{
    assert_int_equal(hvrv_bind_put(&w.bind), HVRV_OK);
}

static void set(uint64_t time)
{
    assert_int_equal(hvrv_timer_set(&w.vhart, time), HVRV_OK);
}

/* hip.VSTIP of the hart, once all is flushed. */
static bool rings(void)
{
    hvrv_irq_flush(&w.vhart);
    return (model_peek(&w.model, HVRV_CSR_HIP) & VSTIP) != 0;
}

/* norm:htimedelta_sz_acc_op */
static void a_guests_time_is_the_sum_modulo_2_to_the_64(void **state)
{
    (void)state;
    assert_int_equal(hvrv_timer_guest_time(1000, 0), 1000);
    assert_int_equal(hvrv_timer_guest_time(1000, 500), 1500);
    assert_int_equal(hvrv_timer_guest_time(1000, 0xfffffffffffffe0c), 500); /* - 500 */
    assert_int_equal(hvrv_timer_guest_time(1000, 0xfffffffffffffc18), 0);   /* - 1000 */
    assert_int_equal(hvrv_timer_guest_time(1000, 0xfffffffffffffc17), NEVER);
    assert_int_equal(hvrv_timer_guest_time(NEVER, 1), 0);
}

/* A guest's time, htimedelta, the host's time. */
static void a_hosts_time_is_the_difference_with_its_sign(void **state)
{
    static const uint64_t cases[][3] = {
        {1000, 0, 1000},
        {0, 0, 0},
        {NEVER - 1, 0, NEVER - 1},
        /* the guest is ahead of the host */
        {1500, 500, 1000},
        {500, 500, 0},
        {499, 500, 0}, /* before the host began */
        {0, 0x7fffffffffffffff, 0},
        {0x8000000000000000, 0x7fffffffffffffff, 1},
        {NEVER - 1, 0x7fffffffffffffff, 0x7fffffffffffffff},
        /* it began when the host was at 500 */
        {0, 0xfffffffffffffe0c, 500},
        {1000, 0xfffffffffffffe0c, 1500},
        {0xfffffffffffffe0a, 0xfffffffffffffe0c, NEVER - 1},
        {0xfffffffffffffe0b, 0xfffffffffffffe0c, NEVER}, /* just so */
        {0xfffffffffffffe0c, 0xfffffffffffffe0c, NEVER}, /* beyond: not 0 */
        {NEVER - 1, 0xfffffffffffffe0c, NEVER},
        {NEVER - 1, NEVER, NEVER},
        {0, 0x8000000000000000, 0x8000000000000000},
        {0x7ffffffffffffffe, 0x8000000000000000, NEVER - 1},
        {0x8000000000000000, 0x8000000000000000, NEVER},
        /* never is never */
        {NEVER, 0, NEVER},
        {NEVER, 500, NEVER},
        {NEVER, 0x7fffffffffffffff, NEVER},
        {NEVER, 0xfffffffffffffe0c, NEVER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t host = hvrv_timer_host_time(cases[i][0], cases[i][1]);
        if (host != cases[i][2])
            fail_msg("case %zu: %#llx", i, (unsigned long long)host);
    }
}

/*
 * Against the hart's comparator, one tick before the deadline and at it, for guests that began
 * before the host and after it, at all times that are part of both their lives.
 * norm:hip_vstip_op, norm:vstimecmp_acc
 */
static void a_deadline_is_when_the_hart_rings(void **state)
{
    static const uint64_t deltas[] = {
        0, 1, 500, 0x7fffffffffffffff, NEVER, 0xfffffffffffffe0c, 0x8000000000000000};
    static const uint64_t times[] = {1, 2, 499, 500, 501, 1000, 0x100000000, 0x7ffffffffffffe00};
    unsigned compared = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(deltas) / sizeof(deltas[0]) * 8; i++) {
        w.vhart.csr.htimedelta = deltas[i / 8];
        load();
        set(times[i % 8]);
        uint64_t deadline = hvrv_timer_deadline(&w.vhart);
        if (deadline > 0) {
            uint64_t began = deltas[i / 8] >> 63 ? 0 - deltas[i / 8] : 0;
            model_force(&w.model, HVRV_CSR_TIME, deadline - 1);
            assert_int_equal(rings(), deadline - 1 < began); /* its time is not yet */
            assert_int_equal(hvrv_timer_check(&w.vhart, deadline - 1), false);
            compared++;
        }
        model_force(&w.model, HVRV_CSR_TIME, deadline);
        assert_true(rings());
        assert_true(hvrv_timer_check(&w.vhart, deadline));
        put();
        assert_int_equal(hvrv_timer_deadline(&w.vhart), deadline);
        model_log_clear(&w.model);
    }
    assert_true(compared > 30);
}

/* norm:henvcfg_stce, norm:vstimecmp_exist */
static void a_guest_finds_its_comparator_with_sstc_only(void **state)
{
    uint64_t value;

    for (unsigned sstc = 0; sstc < 2; sstc++) {
        build_with(sstc);
        load();
        assert_int_equal(model_peek(&w.model, HVRV_CSR_HENVCFG) >> 63, sstc);
        w.model.v = true;
        w.model.traps_expected = true;
        assert_int_equal(model_csr_read(&w.model, STIMECMP, &value), sstc);
        assert_int_equal(w.model.traps, !sstc);
        end(state);
    }
}

static void the_rest_of_henvcfg_is_kept(void **state)
{
    (void)state;
    w.vhart.csr.henvcfg = 0x70;
    assert_int_equal(hvrv_timer_init(&w.vhart, &w.probe), HVRV_OK);
    assert_int_equal(w.vhart.csr.henvcfg, STCE | 0x70);
    w.probe.sstc = false;
    assert_int_equal(hvrv_timer_init(&w.vhart, &w.probe), HVRV_OK);
    assert_int_equal(w.vhart.csr.henvcfg, 0x70);
}

static void a_timer_that_was_not_set_is_never_due(void **state)
{
    for (unsigned sstc = 0; sstc < 2; sstc++) {
        build_with(sstc);
        w.vhart.csr.vsie = STI;
        assert_int_equal(hvrv_timer_deadline(&w.vhart), NEVER);
        assert_int_equal(hvrv_timer_wake_time(&w.vhart), NEVER);
        assert_false(hvrv_timer_check(&w.vhart, NEVER - 1));
        assert_false(hvrv_timer_check(&w.vhart, NEVER));
        load();
        assert_int_equal(hvrv_timer_deadline(&w.vhart), NEVER);
        assert_false(hvrv_timer_check(&w.vhart, NEVER));
        assert_false(rings());
        end(state);
    }
}

static void chosen_anew_it_leaves_no_timer_and_no_interrupt(void **state)
{
    (void)state;
    set(1000);
    assert_true(hvrv_timer_check(&w.vhart, 1000));
    w.vhart.csr.vstimecmp = 1000;
    assert_int_equal(hvrv_timer_init(&w.vhart, &w.probe), HVRV_OK);
    assert_int_equal(w.vhart.csr.vstimecmp, NEVER);
    load();
    assert_false(rings());
    assert_int_equal(hvrv_timer_deadline(&w.vhart), NEVER);
    set(1000);
    put();
    w.probe.sstc = false;
    assert_int_equal(hvrv_timer_init(&w.vhart, &w.probe), HVRV_OK);
    assert_int_equal(hvrv_timer_deadline(&w.vhart), NEVER);
}

/* norm:hip_vstip_vstie_acc_op */
static void with_sstc_set_is_the_comparator(void **state)
{
    (void)state;
    model_force(&w.model, HVRV_CSR_TIME, 1000);
    load();
    set(1000);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTIMECMP), 1000);
    assert_true(rings());
    set(1001);
    assert_false(rings());
    set(NEVER);
    assert_false(rings());
    put();
    set(2000);
    assert_int_equal(w.vhart.csr.vstimecmp, 2000);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTIMECMP), NEVER);
    load();
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTIMECMP), 2000);
}

/* What the guest wrote itself: in the hart while it is loaded, and in the copy after. */
static void with_sstc_the_deadline_is_what_the_guest_wrote(void **state)
{
    (void)state;
    w.vhart.csr.htimedelta = 0xfffffffffffffe0c; /* - 500 */
    load();
    w.model.v = true;
    assert_true(model_csr_write(&w.model, STIMECMP, 4000));
    w.model.v = false;
    assert_int_equal(hvrv_timer_deadline(&w.vhart), 4500);
    assert_false(hvrv_timer_check(&w.vhart, 4499));
    assert_true(hvrv_timer_check(&w.vhart, 4500));
    put();
    assert_int_equal(hvrv_timer_deadline(&w.vhart), 4500);
    assert_false(hvrv_timer_check(&w.vhart, 4499));
    assert_true(hvrv_timer_check(&w.vhart, 4500));
}

/* The hart raises it; a VSTIP in hvip would stay though the guest moves its comparator. */
static void with_sstc_a_check_raises_nothing(void **state)
{
    (void)state;
    set(1000);
    assert_true(hvrv_timer_check(&w.vhart, 1000));
    assert_true(hvrv_timer_check(&w.vhart, 1000));
    load();
    hvrv_irq_flush(&w.vhart);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_HVIP), 0);
}

static void without_sstc_the_timer_rings_when_it_is_checked(void **state)
{
    (void)state;
    load();
    set(1000);
    assert_int_equal(hvrv_timer_deadline(&w.vhart), 1000);
    assert_false(hvrv_timer_check(&w.vhart, 999));
    assert_false(rings());
    assert_true(hvrv_timer_check(&w.vhart, 1000));
    assert_true(rings());
}

static void without_sstc_it_rings_once(void **state)
{
    (void)state;
    load();
    set(1000);
    assert_true(hvrv_timer_check(&w.vhart, 5000));
    assert_int_equal(hvrv_timer_deadline(&w.vhart), NEVER);
    assert_false(hvrv_timer_check(&w.vhart, 5001));
    assert_true(rings()); /* until it is set anew */
}

/* As SBI has it: the call takes a pending timer interrupt back. */
static void without_sstc_set_takes_the_interrupt_back(void **state)
{
    static const uint64_t times[] = {1001, NEVER, 0};

    (void)state;
    load();
    for (size_t i = 0; i < 3; i++) {
        set(1000);
        assert_true(hvrv_timer_check(&w.vhart, 1000));
        assert_true(rings());
        set(times[i]);
        assert_false(rings());
    }
    assert_true(hvrv_timer_check(&w.vhart, 1000)); /* 0 was past already */
    assert_true(rings());
}

static void without_sstc_never_takes_the_timer_away(void **state)
{
    (void)state;
    set(1000);
    set(NEVER);
    assert_int_equal(hvrv_timer_deadline(&w.vhart), NEVER);
    assert_false(hvrv_timer_check(&w.vhart, NEVER));
    load();
    assert_false(rings());
}

static void without_sstc_a_parked_vhart_finds_it_when_it_comes_back(void **state)
{
    (void)state;
    w.vhart.csr.htimedelta = 500;
    w.vhart.csr.vsie = STI;
    load();
    set(2000);
    put();
    assert_int_equal(hvrv_timer_wake_time(&w.vhart), 1500);
    assert_false(hvrv_irq_is_pending(&w.vhart));
    assert_true(hvrv_timer_check(&w.vhart, 1500));
    assert_true(hvrv_irq_is_pending(&w.vhart));
    load();
    assert_true(rings());
}

/* The register does not exist on this hart: the model complains of an access. */
static void without_sstc_the_comparator_is_left_alone(void **state)
{
    struct model_config config = model_config_all();

    (void)state;
    config.extensions &= ~MODEL_EXTENSION(SSTC);
    config.envcfg &= ~STCE;
    model_hart_init_with(&w.model, &config);
    load();
    set(1000);
    assert_int_equal(hvrv_timer_deadline(&w.vhart), 1000);
    assert_true(hvrv_timer_check(&w.vhart, 1000));
    assert_true(rings());
    put();
}

/* A hart that has Sstc, which this guest shall not see: its comparator is kept from ringing. */
static void a_guest_may_go_without_what_its_hart_has(void **state)
{
    struct hvrv_probe fewer = w.probe;

    (void)state;
    fewer.sstc = false;
    assert_int_equal(hvrv_timer_init(&w.vhart, &fewer), HVRV_OK);
    model_force(&w.model, HVRV_CSR_VSTIMECMP, 0);
    model_force(&w.model, HVRV_CSR_TIME, 999);
    load();
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTIMECMP), NEVER);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_HENVCFG) >> 63, 0);
    set(1000);
    assert_false(rings());
    assert_true(hvrv_timer_check(&w.vhart, 1000));
    assert_true(rings());
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTIMECMP), NEVER);
}

/* A guest whose timer interrupt is off does not wait for it. */
static void a_timer_that_is_off_wakes_nobody(void **state)
{
    for (unsigned sstc = 0; sstc < 2; sstc++) {
        build_with(sstc);
        set(1000);
        assert_int_equal(hvrv_timer_wake_time(&w.vhart), NEVER);
        w.vhart.csr.vsie = ~STI;
        assert_int_equal(hvrv_timer_wake_time(&w.vhart), NEVER);
        w.vhart.csr.vsie = STI;
        assert_int_equal(hvrv_timer_wake_time(&w.vhart), 1000);
        load();
        w.vhart.csr.vsie = 0; /* old while loaded */
        assert_int_equal(hvrv_timer_wake_time(&w.vhart), 1000);
        model_poke(&w.model, HVRV_CSR_VSIE, 0);
        assert_int_equal(hvrv_timer_wake_time(&w.vhart), NEVER);
        end(state);
    }
}

static void a_loaded_vhart_keeps_its_way(void **state)
{
    (void)state;
    load();
    w.probe.sstc = false;
    assert_int_equal(hvrv_timer_init(&w.vhart, &w.probe), HVRV_ERR_STATE);
    assert_int_equal(w.vhart.csr.henvcfg >> 63, 1);
    w.probe.sstc = true;
}

static void a_null_pointer_is_a_status_or_never(void **state)
{
    (void)state;
    assert_int_equal(hvrv_timer_init(NULL, &w.probe), HVRV_ERR_NULL);
    assert_int_equal(hvrv_timer_init(&w.vhart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_timer_set(NULL, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_timer_deadline(NULL), NEVER);
    assert_int_equal(hvrv_timer_wake_time(NULL), NEVER);
    assert_false(hvrv_timer_check(NULL, NEVER));
    assert_false(hvrv_timer_check(NULL, 0));
}

#define SEED   20261123
#define ROUNDS 100000

static uint64_t draw(void)
{
    static uint64_t random = SEED;
    uint64_t z = random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return z ^ (z >> 31);
}

/* Numbers of all lengths, near the ends of the range and near powers of two. */
static uint64_t draw_time(void)
{
    uint64_t time = draw() >> draw() % 64;

    return draw() % 2 ? time : 0 - time;
}

/*
 * By twice as many bits: the deadline is the first host's time of 0 or more at which the guest's
 * time, a number with a sign, is the comparator or more.
 */
static void random_deadlines_are_those_of_longer_arithmetic(void **state)
{
    (void)state;
    printf("seed %d\n", SEED);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t guest = draw_time(), delta = draw_time(), expected = NEVER;
        __extension__ __int128 host = (__int128)guest - (int64_t)delta;

        if (host < 0)
            expected = 0;
        else if (host >> 64 == 0)
            expected = (uint64_t)host;
        if (guest == NEVER)
            expected = NEVER;
        if (hvrv_timer_host_time(guest, delta) != expected)
            fail_msg("round %u: %#llx, %#llx", i, (unsigned long long)guest,
                     (unsigned long long)delta);
    }
}

#define TEST(f)         cmocka_unit_test_setup_teardown(f, build, end)
#define TEST_WITHOUT(f) cmocka_unit_test_setup_teardown(f, build_without_sstc, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_guests_time_is_the_sum_modulo_2_to_the_64),
        TEST(a_hosts_time_is_the_difference_with_its_sign),
        TEST(a_deadline_is_when_the_hart_rings),
        TEST(a_guest_finds_its_comparator_with_sstc_only),
        TEST(the_rest_of_henvcfg_is_kept),
        TEST(a_timer_that_was_not_set_is_never_due),
        TEST_WITHOUT(chosen_anew_it_leaves_no_timer_and_no_interrupt),
        TEST(with_sstc_set_is_the_comparator),
        TEST(with_sstc_the_deadline_is_what_the_guest_wrote),
        TEST(with_sstc_a_check_raises_nothing),
        TEST_WITHOUT(without_sstc_the_timer_rings_when_it_is_checked),
        TEST_WITHOUT(without_sstc_it_rings_once),
        TEST_WITHOUT(without_sstc_set_takes_the_interrupt_back),
        TEST_WITHOUT(without_sstc_never_takes_the_timer_away),
        TEST_WITHOUT(without_sstc_a_parked_vhart_finds_it_when_it_comes_back),
        TEST_WITHOUT(without_sstc_the_comparator_is_left_alone),
        TEST(a_guest_may_go_without_what_its_hart_has),
        TEST(a_timer_that_is_off_wakes_nobody),
        TEST(a_loaded_vhart_keeps_its_way),
        TEST(a_null_pointer_is_a_status_or_never),
        TEST(random_deadlines_are_those_of_longer_arithmetic),
    };

    return cmocka_run_group_tests_name("vhart/timer", tests, NULL, NULL);
}
