/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has the hart's registers: a host (0), a confidential domain (1), and a third. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/domain.h>

#include <model/hart.h>

#define HOST_PC UINT64_C(0x81000000)
#define TSM_PC  UINT64_C(0x80400000)
#define TSM_VEC UINT64_C(0x80400100)
#define ALL_HAS 127U

/* By the manual's numbers: every register that supervisor software of a domain can write, but for
 * those in shared_csrs. */
static const uint16_t own_csrs[] = {
    0x100, 0x104, 0x105, 0x106, 0x10a, 0x10c, 0x140, 0x141, 0x142, 0x143, 0x180, 0x5a8, 0x200,
    0x204, 0x205, 0x240, 0x241, 0x242, 0x243, 0x24d, 0x280, 0x600, 0x602, 0x603, 0x604, 0x605,
    0x606, 0x607, 0x60a, 0x60c, 0x643, 0x645, 0x64a, 0x680, 0x011, 0x6a8, 0x120};
#define OWN (sizeof(own_csrs) / sizeof(own_csrs[0]))

static struct world {
    struct model_hart model;
    struct hvrv_domain_hart hart;
    struct hvrv_domain_config config;
    uint8_t stack[64] __attribute__((aligned(16)));
    uint32_t entered[16];
    unsigned enters;
    size_t logged_at_enter; /* so much was in the log when enter was called */
    uint64_t before[OWN], a[OWN], b[OWN];
} w;

static void handle(struct hvrv_domain_hart *hart)
{
    (void)hart;
}

static void enter(void *context, uint32_t domain)
{
    assert_ptr_equal(context, &w);
    w.entered[w.enters++ % 16] = domain;
    w.logged_at_enter = w.model.log_length;
}

static int build(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    model_hart_init(&w.model);
    w.model.mode = MODEL_M;
    w.config = (struct hvrv_domain_config){.hart = &w.model.hart,
                                           .stack = w.stack + 64,
                                           .handler = handle,
                                           .enter = enter,
                                           .context = &w,
                                           .has = ALL_HAS};
    assert_int_equal(hvrv_domain_init(&w.hart, &w.config), HVRV_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    model_hart_check(&w.model);
    return 0;
}

/* Something else in every register; what the hart made of it. */
static void scramble(uint64_t seed, uint64_t *now)
{
    for (unsigned i = 0; i < OWN; i++) {
        uint64_t value = (seed + i) * UINT64_C(0x9e3779b97f4a7c15);
        if (own_csrs[i] == 0x180 || own_csrs[i] == 0x280 || own_csrs[i] == 0x680)
            value = (value & 0xfffffffffff) | UINT64_C(8) << 60; /* a mode that there is */
        if (own_csrs[i] == 0x680)
            value &= ~UINT64_C(3);
        model_poke(&w.model, (enum hvrv_csr)own_csrs[i], value);
    }
    for (unsigned i = 0; i < OWN; i++)
        now[i] = model_peek(&w.model, (enum hvrv_csr)own_csrs[i]);
}

static void expect(const uint64_t *values)
{
    for (unsigned i = 0; i < OWN; i++) {
        uint64_t is = model_peek(&w.model, (enum hvrv_csr)own_csrs[i]);
        if (is != values[i])
            fail_msg("CSR 0x%x is 0x%llx, not 0x%llx", own_csrs[i], (unsigned long long)is,
                     (unsigned long long)values[i]);
    }
}

/* The x registers of the domain that runs. */
static void set_x(uint64_t seed)
{
    for (uint64_t i = 1; i < 32; i++)
        w.hart.current->x[i] = seed + i;
}

/* TEERET. */
static enum hvrv_status give(uint64_t a0, uint64_t a1, uint64_t flags)
{
    w.hart.current->x[10] = a0;
    w.hart.current->x[11] = a1;
    w.hart.current->x[12] = 21;
    w.hart.current->x[13] = 0x1234;
    w.hart.current->x[14] = flags;
    return hvrv_domain_return(&w.hart);
}

/* The confidential domain returned from its start with CSRs w.b, and the host runs with w.a. */
static int run(void **state)
{
    struct hvrv_domain_entry tsm = {TSM_PC, 3, 2};
    struct hvrv_domain_entry host = {HOST_PC, 3, 7};

    build(state);
    assert_int_equal(hvrv_domain_start(&w.hart, 1, &tsm), HVRV_OK);
    scramble(0x1000, w.b);
    model_poke(&w.model, (enum hvrv_csr)0x105, TSM_VEC);
    w.b[2] = TSM_VEC;
    assert_int_equal(give(0, 0, 0), HVRV_OK);
    assert_int_equal(hvrv_domain_start(&w.hart, 0, &host), HVRV_OK);
    scramble(0x2000, w.a);
    set_x(0xaaaa0000);
    w.hart.current->pc = 0x81000ff0;
    model_log_clear(&w.model);
    return 0;
}

/* What a call begins with: the registers of the start, but for sie and hie, and scause. */
static void expect_call(void)
{
    uint64_t values[OWN];

    memcpy(values, w.b, sizeof(values));
    values[1] = 0;  /* sie */
    values[24] = 0; /* hie */
    values[8] = 24; /* scause */
    values[13] = 0; /* vsie: a window on hie */
    expect(values);
}

static void init_refuses_what_is_missing(void **state)
{
    struct hvrv_domain_config config = w.config;

    (void)state;
    assert_int_equal(hvrv_domain_init(NULL, &config), HVRV_ERR_NULL);
    w.hart.running = 1;
    assert_int_equal(hvrv_domain_init(&w.hart, NULL), HVRV_ERR_NULL);
    assert_int_equal(w.hart.running, 0);
    config.hart = NULL;
    assert_int_equal(hvrv_domain_init(&w.hart, &config), HVRV_ERR_NULL);
    config = w.config;
    config.stack = NULL;
    assert_int_equal(hvrv_domain_init(&w.hart, &config), HVRV_ERR_NULL);
    config = w.config;
    config.handler = NULL;
    assert_int_equal(hvrv_domain_init(&w.hart, &config), HVRV_ERR_NULL);
    config = w.config;
    config.enter = NULL;
    assert_int_equal(hvrv_domain_init(&w.hart, &config), HVRV_ERR_NULL);
    config = w.config;
    config.stack = w.stack + 8;
    assert_int_equal(hvrv_domain_init(&w.hart, &config), HVRV_ERR_ALIGN);
    assert_null(w.hart.handler);
    assert_int_equal(w.model.log_length, 0);
}

static void start_refuses(void **state)
{
    struct hvrv_domain_entry entry = {TSM_PC, 0, 0};

    (void)state;
    assert_int_equal(hvrv_domain_start(NULL, 1, &entry), HVRV_ERR_NULL);
    assert_int_equal(hvrv_domain_start(&w.hart, 1, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_domain_start(&w.hart, 4, &entry), HVRV_ERR_RANGE);
    assert_int_equal(w.enters, 0);
    assert_int_equal(hvrv_domain_start(&w.hart, 1, &entry), HVRV_OK);
    assert_int_equal(hvrv_domain_start(&w.hart, 1, &entry), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_start(&w.hart, 0, &entry), HVRV_ERR_STATE);
    assert_int_equal(give(0, 0, 0), HVRV_OK);
    assert_int_equal(hvrv_domain_start(&w.hart, 1, &entry), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_start(&w.hart, 0, &entry), HVRV_OK);
    assert_int_equal(hvrv_domain_start(&w.hart, 2, &entry), HVRV_ERR_STATE);
    assert_int_equal(w.enters, 2);
}

static void a_domain_begins_with_two_arguments_and_nothing_else(void **state)
{
    struct hvrv_domain_entry entry = {TSM_PC, 3, 2};
    uint64_t seen[OWN];

    (void)state;
    scramble(0x5555, seen);
    assert_int_equal(hvrv_domain_start(&w.hart, 1, &entry), HVRV_OK);
    assert_int_equal(w.hart.current->pc, TSM_PC);
    for (unsigned i = 0; i < 32; i++)
        assert_int_equal(w.hart.current->x[i], i == 10 ? 3 : i == 11 ? 2 : 0);
    assert_int_equal(w.entered[0], 1);
    for (unsigned i = 0; i < OWN; i++) {
        uint64_t value = model_peek(&w.model, (enum hvrv_csr)own_csrs[i]);
        if (own_csrs[i] == 0x100 || own_csrs[i] == 0x200 || own_csrs[i] == 0x600)
            assert_int_equal(value & ~UINT64_C(0x300000000), 0); /* UXL and VSXL: 64 bits */
        else if (own_csrs[i] == 0x24d)
            assert_int_equal(value, UINT64_MAX);
        else
            assert_int_equal(value, 0);
    }
}

static void call_hands_over_eight_registers_and_no_csr(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(w.hart.running, 1);
    assert_ptr_equal(w.hart.current, &w.hart.domains[1].context);
    assert_int_equal(w.hart.current->pc, TSM_VEC);
    for (uint64_t i = 0; i < 32; i++)
        assert_int_equal(w.hart.current->x[i], i >= 10 && i <= 17 ? 0xaaaa0000 + i : 0);
    expect_call();
    assert_int_equal(w.entered[2], 1);
}

static void return_gives_back_all_but_a0_and_a1(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    scramble(0x3000, w.before);
    set_x(0xbbbb0000);
    assert_int_equal(give((uint64_t)-5, 77, 0), HVRV_OK);
    assert_int_equal(w.hart.running, 0);
    assert_int_equal(w.hart.current->pc, 0x81000ff4);
    for (uint64_t i = 1; i < 32; i++) {
        uint64_t value = i == 10 ? (uint64_t)-5 : i == 11 ? 77 : 0xaaaa0000 + i;
        assert_int_equal(w.hart.current->x[i], value);
    }
    expect(w.a);
    assert_int_equal(w.entered[3], 0);

    /* The next call begins as the first did. */
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    expect_call();
}

static void return_tells_a_cause_if_asked_to(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(give(0, 0, 1), HVRV_OK);
    w.a[8] = 21;
    w.a[9] = 0x1234;
    expect(w.a);
}

static void an_interrupted_call_goes_on_where_it_was(void **state)
{
    uint64_t inside[OWN];

    (void)state;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    scramble(0x3000, inside);
    set_x(0xbbbb0000);
    w.hart.current->pc = 0x80400200;
    assert_int_equal(give(1, 0, 2), HVRV_OK);
    assert_int_equal(w.hart.current->x[10], 1);
    expect(w.a);

    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_ERR_STATE);
    expect(w.a);
    scramble(0x4000, w.a);
    set_x(0xcccc0000);
    w.hart.current->pc = 0x81000040;
    assert_int_equal(hvrv_domain_resume(&w.hart, 1), HVRV_OK);
    assert_int_equal(w.hart.current->pc, 0x80400204);
    for (uint64_t i = 1; i < 32; i++) {
        if (i < 10 || i > 14)
            assert_int_equal(w.hart.current->x[i], 0xbbbb0000 + i);
    }
    assert_int_equal(w.hart.current->x[10], 1);
    assert_int_equal(w.hart.current->x[14], 2);
    expect(inside);

    assert_int_equal(give(9, 8, 0), HVRV_OK);
    assert_int_equal(w.hart.current->pc, 0x81000044);
    assert_int_equal(w.hart.current->x[10], 9);
    assert_int_equal(w.hart.current->x[31], 0xcccc0000 + 31);
    expect(w.a);
    assert_int_equal(hvrv_domain_resume(&w.hart, 1), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    expect_call();
}

static void call_refuses(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_call(NULL, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_domain_call(&w.hart, 4), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_domain_call(&w.hart, UINT32_MAX), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_domain_call(&w.hart, 2), HVRV_ERR_MISSING);
    assert_int_equal(hvrv_domain_call(&w.hart, 0), HVRV_ERR_STATE);
    expect(w.a);
    assert_int_equal(w.hart.current->pc, 0x81000ff0);
    assert_int_equal(w.enters, 2);
}

static void a_callee_calls_nobody(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(hvrv_domain_call(&w.hart, 0), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_resume(&w.hart, 1), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_resume(&w.hart, 0), HVRV_ERR_STATE);
    assert_int_equal(w.hart.running, 1);
}

static void a_domain_that_starts_is_not_called(void **state)
{
    struct hvrv_domain_entry entry = {TSM_PC, 0, 0};

    (void)state;
    assert_int_equal(hvrv_domain_start(&w.hart, 1, &entry), HVRV_OK);
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_ERR_MISSING);
}

static void return_refuses(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_return(NULL), HVRV_ERR_NULL);
    assert_int_equal(give(0, 0, 0), HVRV_ERR_STATE); /* the host was not called */
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(give(0, 0, 4), HVRV_ERR_ARGUMENT);
    assert_int_equal(give(0, 0, UINT64_C(1) << 63), HVRV_ERR_ARGUMENT);
    assert_int_equal(w.hart.running, 1);
    assert_int_equal(give(0, 0, 3), HVRV_OK);
}

static void resume_refuses(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_resume(NULL, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_domain_resume(&w.hart, 4), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_domain_resume(&w.hart, 1), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_resume(&w.hart, 2), HVRV_ERR_STATE);
    expect(w.a);
}

/* The log from a place on: fences of everything, by kind. */
static unsigned count_fences(enum model_kind kind, size_t from, size_t to)
{
    unsigned count = 0;

    for (size_t i = from; i < to; i++)
        count += w.model.log[i].kind == kind && w.model.log[i].what == MODEL_BY_NOTHING;
    return count;
}

static size_t place_of_hgatp(void)
{
    for (size_t i = 0; i < w.model.log_length; i++) {
        if (w.model.log[i].kind == MODEL_WRITE && w.model.log[i].what == 0x680)
            return i;
    }
    return 0;
}

static void every_change_fences_after_memory_changed(void **state)
{
    (void)state;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    for (unsigned change = 0; change < 2; change++) {
        size_t last = w.model.log_length;
        size_t hgatp = place_of_hgatp();
        assert_int_equal(count_fences(MODEL_SFENCE_VMA, w.logged_at_enter, last), 1);
        assert_int_equal(count_fences(MODEL_HFENCE_GVMA, w.logged_at_enter, last), 1);
        assert_int_equal(count_fences(MODEL_HFENCE_VVMA, w.logged_at_enter, last), 1);
        assert_true(hgatp > 0); /* under the VMID of the one that leaves */
        assert_int_equal(count_fences(MODEL_HFENCE_VVMA, 0, hgatp), 1);
        model_log_clear(&w.model);
        if (change == 0)
            assert_int_equal(give(0, 0, 0), HVRV_OK);
    }
}

/* The last write of a CSR before a place in the log, or after it the first: its value. */
static uint64_t written(uint16_t csr, size_t from, size_t to)
{
    uint64_t value = 1; /* not written: it has a mode, or a VMID, or both */

    for (size_t i = from; i < to; i++) {
        if (w.model.log[i].kind == MODEL_WRITE && w.model.log[i].what == csr)
            value = w.model.log[i].a;
    }
    return value;
}

/* A hart may translate at any time, by the tables and for the SDID that it has at that moment. */
static void with_sdid_no_tables_are_there_while_it_changes(void **state)
{
    static const uint16_t tables[] = {0x180, 0x280, 0x680}; /* satp, vsatp, hgatp */

    (void)state;
    w.hart.config.has_sdid = true;
    for (unsigned change = 0; change < 2; change++) {
        model_log_clear(&w.model);
        if (change == 0)
            assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
        else
            assert_int_equal(give(0, 0, 0), HVRV_OK);
        for (unsigned i = 0; i < 3; i++) {
            assert_int_equal(written(tables[i], 0, w.logged_at_enter), 0);
            assert_int_not_equal(written(tables[i], w.logged_at_enter, w.model.log_length), 1);
        }
    }
    expect(w.a);
}

static void with_sdid_nothing_is_fenced(void **state)
{
    (void)state;
    w.hart.config.has_sdid = true;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(give(0, 0, 0), HVRV_OK);
    assert_int_equal(count_fences(MODEL_SFENCE_VMA, 0, w.model.log_length), 0);
    assert_int_equal(count_fences(MODEL_HFENCE_GVMA, 0, w.model.log_length), 0);
    assert_int_equal(count_fences(MODEL_HFENCE_VVMA, 0, w.model.log_length), 0);
    expect(w.a);
}

/* A call and its return on a hart that has registers of few extensions. */
static void call_with(uint32_t has, uint32_t extensions)
{
    struct model_config config = model_config_all();
    struct hvrv_domain_entry entry = {TSM_PC, 0, 0};

    config.extensions &=
        ~(MODEL_EXTENSION(SSTC) | MODEL_EXTENSION(SSSTATEEN) | MODEL_EXTENSION(SDTRIG) |
          MODEL_EXTENSION(ZICFISS) | MODEL_EXTENSION(SSCCFG));
    config.extensions |= extensions;
    model_hart_init_with(&w.model, &config);
    w.model.mode = MODEL_M;
    w.config.has = has;
    assert_int_equal(hvrv_domain_init(&w.hart, &w.config), HVRV_OK);
    assert_int_equal(hvrv_domain_start(&w.hart, 1, &entry), HVRV_OK);
    assert_int_equal(give(0, 0, 0), HVRV_OK);
    assert_int_equal(hvrv_domain_start(&w.hart, 0, &entry), HVRV_OK);
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(give(0, 0, 0), HVRV_OK);
    model_hart_check(&w.model);
}

/* The model complains about an access to a register that it does not have. */
static void registers_that_are_not_there_are_left_alone(void **state)
{
    (void)state;
    call_with(0, 0);
    call_with(1, 0);
    call_with(2, MODEL_EXTENSION(SSSTATEEN));
    call_with(4, MODEL_EXTENSION(SSTC));
    call_with(8, MODEL_EXTENSION(SDTRIG));
    call_with(16, MODEL_EXTENSION(ZICFISS));
    call_with(32, MODEL_EXTENSION(SDTRIG));
    call_with(64, MODEL_EXTENSION(SSCCFG));
}

static void a_caller_can_have_two_callees_one_interrupted(void **state)
{
    struct hvrv_domain_entry entry = {TSM_PC, 0, 0};

    build(state);
    for (uint32_t domain = 1; domain < 3; domain++) {
        assert_int_equal(hvrv_domain_start(&w.hart, domain, &entry), HVRV_OK);
        assert_int_equal(give(0, 0, 0), HVRV_OK);
    }
    assert_int_equal(hvrv_domain_start(&w.hart, 0, &entry), HVRV_OK);
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(give(1, 0, 2), HVRV_OK);
    assert_int_equal(hvrv_domain_call(&w.hart, 2), HVRV_OK);
    assert_int_equal(hvrv_domain_resume(&w.hart, 1), HVRV_ERR_STATE); /* it is the host's call */
    assert_int_equal(give(5, 6, 0), HVRV_OK);
    assert_int_equal(hvrv_domain_resume(&w.hart, 2), HVRV_ERR_STATE);
    assert_int_equal(hvrv_domain_resume(&w.hart, 1), HVRV_OK);
    assert_int_equal(w.hart.running, 1);
}

static void floating_point_is_cleared_by_policy(void **state)
{
    (void)state;
    w.hart.config.fp = HVRV_DOMAIN_FP_CLEAR;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(give(0, 0, 0), HVRV_OK);
    expect(w.a);
    w.hart.config.has_fp = w.hart.config.has_vector = true;
    assert_int_equal(hvrv_domain_call(&w.hart, 1), HVRV_OK);
    assert_int_equal(give(0, 0, 0), HVRV_OK);
    expect(w.a);
}

int main(void)
{
#define TEST(name, setup) cmocka_unit_test_setup_teardown(name, setup, end)
    const struct CMUnitTest tests[] = {
        TEST(init_refuses_what_is_missing, build),
        TEST(start_refuses, build),
        TEST(a_domain_begins_with_two_arguments_and_nothing_else, build),
        TEST(call_hands_over_eight_registers_and_no_csr, run),
        TEST(return_gives_back_all_but_a0_and_a1, run),
        TEST(return_tells_a_cause_if_asked_to, run),
        TEST(an_interrupted_call_goes_on_where_it_was, run),
        TEST(call_refuses, run),
        TEST(a_callee_calls_nobody, run),
        TEST(a_domain_that_starts_is_not_called, build),
        TEST(return_refuses, run),
        TEST(resume_refuses, run),
        TEST(every_change_fences_after_memory_changed, run),
        TEST(with_sdid_nothing_is_fenced, run),
        TEST(with_sdid_no_tables_are_there_while_it_changes, run),
        TEST(registers_that_are_not_there_are_left_alone, build),
        TEST(a_caller_can_have_two_callees_one_interrupted, build),
        TEST(floating_point_is_cleared_by_policy, run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
