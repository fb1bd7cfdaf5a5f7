/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/trap.h>

#include <model/hart.h>

/* Bits of hvip, and of vsie and the guest's sip and sie, by the manual's numbers. */
#define VSSIP UINT64_C(0x004)
#define VSTIP UINT64_C(0x040)
#define VSEIP UINT64_C(0x400)
#define SSI   UINT64_C(0x002)
#define STI   UINT64_C(0x020)
#define SEI   UINT64_C(0x200)

#define SIP  0x144
#define HVIP 0x645

#define HGATP UINT64_C(0x8000500000080200)
#define HARTS 2

/* Each interrupt, and what the guest calls it. */
static const uint64_t kinds[][2] = {{VSSIP, SSI}, {VSTIP, STI}, {VSEIP, SEI}};

/* Two harts, and two vHarts of one VM. */
static struct world {
    struct model_hart model[HARTS];
    struct hvrv_probe probe;
    struct hvrv_bind bind[HARTS];
    struct hvrv_vm_slot slots[HARTS];
    struct hvrv_vm vm;
    struct hvrv_vhart a, b;
} w;

static int build(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701,
                                  .vsatp_modes = 0x701,
                                  .vmidlen = 14,
                                  .ssstateen = true,
                                  .henvcfg = true,
                                  .senvcfg = true,
                                  .sstc = true,
                                  .fp = true};
    for (uint32_t i = 0; i < HARTS; i++) {
        model_hart_init(&w.model[i]);
        assert_int_equal(hvrv_bind_init(&w.bind[i], &w.model[i].hart, &w.probe, i), HVRV_OK);
    }
    assert_int_equal(hvrv_vm_init(&w.vm, HGATP, w.slots, HARTS), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.a, &w.vm), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.b, &w.vm), HVRV_OK);
    w.a.sstatus = w.b.sstatus = 0x200000100; /* FS Off */
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HARTS; i++)
        model_hart_check(&w.model[i]);
    return 0;
}

static void stand_on(unsigned hart)
{
    if (model_hart_attach)
        model_hart_attach(&w.model[hart]);
}

static void load(unsigned hart, struct hvrv_vhart *vhart)
{
    stand_on(hart);
    assert_int_equal(hvrv_bind_load(&w.bind[hart], vhart), HVRV_OK);
    model_log_clear(&w.model[hart]);
}

static void put(unsigned hart)
{
    stand_on(hart);
    assert_int_equal(hvrv_bind_put(&w.bind[hart]), HVRV_OK);
}

static uint64_t hvip(unsigned hart)
{
    return model_peek(&w.model[hart], HVRV_CSR_HVIP);
}

static void raise_irq(struct hvrv_vhart *vhart, uint64_t bits)
{
    assert_int_equal(hvrv_irq_raise(vhart, bits), HVRV_OK);
}

static void lower_irq(struct hvrv_vhart *vhart, uint64_t bits)
{
    assert_int_equal(hvrv_irq_lower(vhart, bits), HVRV_OK);
}

/* What the guest on this hart writes to its sip. */
static void guest_writes_sip(unsigned hart, uint64_t value)
{
    w.model[hart].v = true;
    assert_true(model_csr_write(&w.model[hart], SIP, value));
    w.model[hart].v = false;
}

static uint64_t guest_reads_sip(unsigned hart)
{
    uint64_t value;
    w.model[hart].v = true;
    assert_true(model_csr_read(&w.model[hart], SIP, &value));
    w.model[hart].v = false;
    return value;
}

/* norm:hvip_sz_op */
static void a_raised_interrupt_waits_for_the_flush(void **state)
{
    (void)state;
    load(0, &w.a);
    raise_irq(&w.a, VSEIP);
    assert_int_equal(hvip(0), 0);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), VSEIP);
    assert_int_equal(guest_reads_sip(0), SEI);
}

/* norm:hvip_acc */
static void each_interrupt_is_the_guests_of_its_kind(void **state)
{
    (void)state;
    load(0, &w.a);
    for (size_t i = 0; i < 3; i++) {
        raise_irq(&w.a, kinds[i][0]);
        hvrv_irq_flush(&w.a);
        assert_int_equal(guest_reads_sip(0), kinds[i][1]);
        lower_irq(&w.a, kinds[i][0]);
        hvrv_irq_flush(&w.a);
        assert_int_equal(guest_reads_sip(0), 0);
    }
}

static void a_flush_of_nothing_touches_no_register(void **state)
{
    (void)state;
    load(0, &w.a);
    hvrv_irq_flush(&w.a);
    assert_true(model_log_is(&w.model[0], NULL, 0));
    raise_irq(&w.a, VSEIP);
    hvrv_irq_flush(&w.a);
    model_log_clear(&w.model[0]);
    hvrv_irq_flush(&w.a);
    assert_true(model_log_is(&w.model[0], NULL, 0));
}

static void a_flush_writes_only_what_changed(void **state)
{
    (void)state;
    load(0, &w.a);
    raise_irq(&w.a, VSTIP | VSEIP);
    hvrv_irq_flush(&w.a);
    model_log_clear(&w.model[0]);
    lower_irq(&w.a, VSEIP);
    raise_irq(&w.a, VSSIP);
    hvrv_irq_flush(&w.a);
    assert_true(
        MODEL_LOG_IS(&w.model[0], {MODEL_CLEAR, HVIP, VSEIP, 0}, {MODEL_SET, HVIP, VSSIP, 0}));
    assert_int_equal(hvip(0), VSSIP | VSTIP);
}

static void of_two_changes_the_later_counts(void **state)
{
    (void)state;
    load(0, &w.a);
    raise_irq(&w.a, VSEIP);
    lower_irq(&w.a, VSEIP);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), 0);
    lower_irq(&w.a, VSEIP);
    raise_irq(&w.a, VSEIP);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), VSEIP);
}

static void lowering_what_was_not_raised_is_allowed(void **state)
{
    (void)state;
    load(0, &w.a);
    lower_irq(&w.a, VSSIP | VSTIP | VSEIP);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), 0);
}

/* norm:hip_vssip_vssie_op, norm:vsip_vsie_ssi: the guest's sip.SSIP is hvip.VSSIP. */
static void what_the_guest_cleared_stays_cleared(void **state)
{
    struct hvrv_trap trap;

    (void)state;
    load(0, &w.a);
    raise_irq(&w.a, VSSIP);
    hvrv_irq_flush(&w.a);
    guest_writes_sip(0, 0);
    hvrv_trap_read(&w.model[0].hart, &w.a, 10, &trap);
    assert_int_equal(w.a.csr.hvip, 0);
    raise_irq(&w.a, VSEIP);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), VSEIP);
    assert_int_equal(w.a.csr.hvip, VSEIP);
    put(0);
    load(1, &w.a);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(1), VSEIP);
}

/* Nobody read hvip at the exit: put does. */
static void what_the_guest_cleared_stays_cleared_on_another_hart(void **state)
{
    (void)state;
    load(0, &w.a);
    raise_irq(&w.a, VSSIP);
    hvrv_irq_flush(&w.a);
    guest_writes_sip(0, 0);
    put(0);
    load(1, &w.a);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(1), 0);
}

static void what_the_guest_set_itself_is_kept(void **state)
{
    (void)state;
    load(0, &w.a);
    guest_writes_sip(0, SSI);
    raise_irq(&w.a, VSEIP);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), VSSIP | VSEIP);
    put(0);
    assert_int_equal(w.a.csr.hvip, VSSIP | VSEIP);
}

static void raised_again_it_comes_again(void **state)
{
    (void)state;
    load(0, &w.a);
    for (unsigned i = 0; i < 3; i++) {
        raise_irq(&w.a, VSSIP);
        hvrv_irq_flush(&w.a);
        assert_int_equal(guest_reads_sip(0), SSI);
        guest_writes_sip(0, 0);
    }
}

static void an_interrupt_waits_for_a_vhart_that_is_not_loaded(void **state)
{
    (void)state;
    raise_irq(&w.a, VSEIP);
    assert_int_equal(w.a.csr.hvip, 0);
    load(1, &w.a);
    assert_int_equal(hvip(1), 0);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(1), VSEIP);
    raise_irq(&w.a, VSSIP);
    put(1); /* before the flush */
    load(0, &w.a);
    assert_int_equal(hvip(0), VSEIP);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), VSSIP | VSEIP);
}

static void an_interrupt_is_for_one_vhart_of_a_hart(void **state)
{
    (void)state;
    load(0, &w.a);
    raise_irq(&w.a, VSSIP);
    raise_irq(&w.b, VSEIP);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), VSSIP);
    put(0);
    assert_int_equal(hvip(0), 0);
    load(0, &w.b);
    hvrv_irq_flush(&w.b);
    assert_int_equal(hvip(0), VSEIP);
    put(0);
    load(0, &w.a);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), VSSIP);
}

static void a_reset_vhart_has_none(void **state)
{
    (void)state;
    raise_irq(&w.a, VSEIP);
    assert_int_equal(hvrv_vhart_init(&w.a, &w.vm), HVRV_OK);
    w.a.sstatus = 0x200000100;
    load(0, &w.a);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), 0);
}

static void other_bits_are_refused(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t one = UINT64_C(1) << bit;
        bool is_one = one == VSSIP || one == VSTIP || one == VSEIP;
        enum hvrv_status expected = is_one ? HVRV_OK : HVRV_ERR_ARGUMENT;

        assert_int_equal(hvrv_irq_raise(&w.a, one), expected);
        assert_int_equal(hvrv_irq_lower(&w.a, one), expected);
        if (!is_one)
            assert_int_equal(hvrv_irq_raise(&w.a, one | VSEIP), expected);
    }
    load(0, &w.a);
    hvrv_irq_flush(&w.a);
    assert_int_equal(hvip(0), 0);
    assert_int_equal(hvrv_irq_raise(&w.a, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_irq_lower(&w.a, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_irq_raise(NULL, VSEIP), HVRV_ERR_NULL);
    assert_int_equal(hvrv_irq_lower(NULL, VSEIP), HVRV_ERR_NULL);
    assert_false(hvrv_irq_is_pending(NULL));
}

/* Every raised interrupt with every enable, loaded and flushed or not, and not loaded. */
static void a_wait_ends_for_what_is_raised_and_enabled(void **state)
{
    for (unsigned i = 0; i < 3 * 8; i++) {
        const uint64_t *kind = kinds[i % 3];
        uint64_t vsie = (i / 3 & 1 ? SSI : 0) | (i / 3 & 2 ? STI : 0) | (i / 3 & 4 ? SEI : 0);
        bool expected = (vsie & kind[1]) != 0;

        build(state);
        w.a.csr.vsie = vsie;
        assert_false(hvrv_irq_is_pending(&w.a));
        raise_irq(&w.a, kind[0]);
        assert_int_equal(hvrv_irq_is_pending(&w.a), expected);
        load(0, &w.a);
        assert_int_equal(hvrv_irq_is_pending(&w.a), expected);
        hvrv_irq_flush(&w.a);
        assert_int_equal(hvrv_irq_is_pending(&w.a), expected);
        put(0);
        assert_int_equal(hvrv_irq_is_pending(&w.a), expected);
        lower_irq(&w.a, kind[0]);
        assert_false(hvrv_irq_is_pending(&w.a));
        load(0, &w.a);
        hvrv_irq_flush(&w.a);
        assert_false(hvrv_irq_is_pending(&w.a));
    }
}

static void the_enables_are_those_of_the_hart_while_it_is_loaded(void **state)
{
    (void)state;
    raise_irq(&w.a, VSEIP);
    load(0, &w.a);
    assert_false(hvrv_irq_is_pending(&w.a));
    model_poke(&w.model[0], HVRV_CSR_VSIE, SEI);
    assert_true(hvrv_irq_is_pending(&w.a));
    w.a.csr.vsie = 0; /* old while loaded */
    assert_true(hvrv_irq_is_pending(&w.a));
}

static void what_the_guest_cleared_ends_no_wait(void **state)
{
    (void)state;
    w.a.csr.vsie = SSI;
    raise_irq(&w.a, VSSIP);
    load(0, &w.a);
    hvrv_irq_flush(&w.a);
    guest_writes_sip(0, 0);
    assert_false(hvrv_irq_is_pending(&w.a));
    put(0);
    assert_false(hvrv_irq_is_pending(&w.a));
}

/* norm:hip_vstip_vstie_acc_op */
static void the_timer_of_sstc_ends_a_wait(void **state)
{
    (void)state;
    w.a.csr.vsie = STI;
    w.a.csr.vstimecmp = 1000;
    model_force(&w.model[0], HVRV_CSR_TIME, 999);
    load(0, &w.a);
    assert_false(hvrv_irq_is_pending(&w.a));
    model_force(&w.model[0], HVRV_CSR_TIME, 1000);
    assert_true(hvrv_irq_is_pending(&w.a));
    model_poke(&w.model[0], HVRV_CSR_VSIE, 0);
    assert_false(hvrv_irq_is_pending(&w.a));
}

/* norm:hip_vseip_vseie_op: with VGEIN, another way to VSEIP. */
static void a_guest_external_interrupt_ends_a_wait_only_where_it_is(void **state)
{
    (void)state;
    w.a.csr.vsie = SEI;
    w.a.hstatus |= UINT64_C(3) << 12; /* VGEIN */
    load(0, &w.a);
    model_force(&w.model[0], HVRV_CSR_HGEIP, 1 << 4);
    assert_false(hvrv_irq_is_pending(&w.a));
    model_force(&w.model[0], HVRV_CSR_HGEIP, 1 << 3);
    assert_true(hvrv_irq_is_pending(&w.a));
    put(0);
    assert_false(hvrv_irq_is_pending(&w.a));
}

/* norm:vsip_vsie_ssi, norm:vsip_vsie_sti, norm:vsip_vsie_sei: vsie reads zero there too. */
static void an_interrupt_that_is_not_delegated_ends_no_wait(void **state)
{
    (void)state;
    w.a.csr.vsie = SSI | STI | SEI;
    w.a.csr.hideleg = VSSIP;
    raise_irq(&w.a, VSTIP | VSEIP);
    assert_false(hvrv_irq_is_pending(&w.a));
    load(0, &w.a);
    hvrv_irq_flush(&w.a);
    assert_false(hvrv_irq_is_pending(&w.a));
    raise_irq(&w.a, VSSIP);
    assert_true(hvrv_irq_is_pending(&w.a));
}

/* Machine chapter, "Wait for Interrupt": whether sstatus.SIE lets it be taken does not count. */
static void a_wait_ends_though_interrupts_are_off(void **state)
{
    (void)state;
    w.a.csr.vsie = SSI;
    w.a.csr.vsstatus = 0x200000000; /* SIE 0 */
    raise_irq(&w.a, VSSIP);
    load(0, &w.a);
    assert_true(hvrv_irq_is_pending(&w.a));
}

/* Bits of hip and hie that hideleg does not give to the guest: they would trap to the host. */
static uint64_t worst;
static unsigned writes;

static void look_for_a_stray(void *context, const struct model_access *done)
{
    const struct model_hart *model = context;
    uint64_t stray = model_peek(model, HVRV_CSR_HIP) & model_peek(model, HVRV_CSR_HIE) &
                     ~model_peek(model, HVRV_CSR_HIDELEG);

    (void)done;
    worst |= stray;
    writes++;
}

/* At no step of load and put is an interrupt of the guest the host's. norm:hideleg_op,
 * norm:hideleg_hs */
static void no_interrupt_of_the_guest_reaches_the_host(void **state)
{
    (void)state;
    worst = writes = 0;
    w.model[0].heard = look_for_a_stray;
    w.model[0].heard_context = &w.model[0];
    model_force(&w.model[0], HVRV_CSR_TIME, 5000);
    w.a.csr.vsie = SSI | STI | SEI;
    w.a.csr.hvip = VSSIP | VSEIP;
    w.a.csr.vstimecmp = 1000;
    for (unsigned i = 0; i < 2; i++) {
        load(0, &w.a);
        raise_irq(&w.a, VSTIP);
        hvrv_irq_flush(&w.a);
        assert_int_equal(guest_reads_sip(0), SSI | STI | SEI);
        put(0);
    }
    assert_true(writes > 40);
    assert_int_equal(worst, 0);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HIP), 0);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HIE), 0);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HIDELEG), 0);
}

#define SEED   20261123
#define ROUNDS 20000

static uint64_t draw(uint64_t below)
{
    static uint64_t random = SEED;
    uint64_t z = random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return (z ^ (z >> 31)) % below;
}

/* Changes in the order in which they were made, as a flush would do them one by one. */
static struct {
    uint64_t hvip;
    struct {
        uint64_t bits;
        bool is_raise;
    } changes[ROUNDS];
    unsigned count;
} expected;

static void expect_flush(void)
{
    for (unsigned i = 0; i < expected.count; i++) {
        if (expected.changes[i].is_raise)
            expected.hvip |= expected.changes[i].bits;
        else
            expected.hvip &= ~expected.changes[i].bits;
    }
    expected.count = 0;
}

static void change_at_random(void)
{
    uint64_t choice = draw(7) + 1;
    uint64_t bits = (choice & 1 ? VSSIP : 0) | (choice & 2 ? VSTIP : 0) | (choice & 4 ? VSEIP : 0);
    bool is_raise = draw(2);

    expected.changes[expected.count].bits = bits;
    expected.changes[expected.count++].is_raise = is_raise;
    if (is_raise)
        raise_irq(&w.a, bits);
    else
        lower_irq(&w.a, bits);
}

/* The guest runs for a moment, and may write its SSIP. */
static void run_at_random(unsigned hart)
{
    struct hvrv_trap trap;

    hvrv_irq_flush(&w.a);
    expect_flush();
    assert_int_equal(hvip(hart), expected.hvip);
    if (draw(2)) {
        uint64_t ssip = draw(2);
        guest_writes_sip(hart, ssip ? SSI : 0);
        expected.hvip = (expected.hvip & ~VSSIP) | (ssip ? VSSIP : 0);
    }
    if (draw(2)) {
        hvrv_trap_read(&w.model[hart].hart, &w.a, 10, &trap);
        assert_int_equal(w.a.csr.hvip, expected.hvip);
    }
}

static void random_changes_come_as_if_one_by_one(void **state)
{
    unsigned hart = 0;

    (void)state;
    printf("seed %d\n", SEED);
    load(hart, &w.a);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t what = draw(8);

        if (what < 4) {
            change_at_random();
        } else if (what < 7) {
            run_at_random(hart);
        } else {
            put(hart);
            hart = (unsigned)draw(HARTS);
            load(hart, &w.a);
        }
        model_log_clear(&w.model[hart]);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, build, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_raised_interrupt_waits_for_the_flush),
        TEST(each_interrupt_is_the_guests_of_its_kind),
        TEST(a_flush_of_nothing_touches_no_register),
        TEST(a_flush_writes_only_what_changed),
        TEST(of_two_changes_the_later_counts),
        TEST(lowering_what_was_not_raised_is_allowed),
        TEST(what_the_guest_cleared_stays_cleared),
        TEST(what_the_guest_cleared_stays_cleared_on_another_hart),
        TEST(what_the_guest_set_itself_is_kept),
        TEST(raised_again_it_comes_again),
        TEST(an_interrupt_waits_for_a_vhart_that_is_not_loaded),
        TEST(an_interrupt_is_for_one_vhart_of_a_hart),
        TEST(a_reset_vhart_has_none),
        TEST(other_bits_are_refused),
        TEST(a_wait_ends_for_what_is_raised_and_enabled),
        TEST(the_enables_are_those_of_the_hart_while_it_is_loaded),
        TEST(what_the_guest_cleared_ends_no_wait),
        TEST(the_timer_of_sstc_ends_a_wait),
        TEST(a_guest_external_interrupt_ends_a_wait_only_where_it_is),
        TEST(an_interrupt_that_is_not_delegated_ends_no_wait),
        TEST(a_wait_ends_though_interrupts_are_off),
        TEST(no_interrupt_of_the_guest_reaches_the_host),
        TEST(random_changes_come_as_if_one_by_one),
    };

    return cmocka_run_group_tests_name("vhart/irq", tests, NULL, NULL);
}
