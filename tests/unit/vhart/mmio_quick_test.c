/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The short way of a device access says nothing that the long way does not say, and where it says
 * nothing the hart still has the trap. Most cases are random: instructions that are mostly loads
 * and stores, with stval mostly theirs, from memory or from htinst.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/mmio.h>

#include <model/hart.h>

#define SEED   UINT64_C(0x717569636b)
#define CASES  200000
#define PC     UINT64_C(0x80200100)
#define DEVICE UINT64_C(0xffffffd000010000)
#define GPA    UINT64_C(0x10000000)

#define LOAD_FAULT  21
#define STORE_FAULT 23

#define LW_A0_A5 0x0007a503 /* lw a0, 0(a5) */
#define SW_A0_A5 0x00a7a023 /* sw a0, 0(a5) */
#define C_LW_A0  0x4388     /* c.lw a0, 0(a5) */
#define LW_A0    0x00002503 /* lw a0 in htinst */

static struct world {
    struct model_hart model;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct hvrv_vm_slot slot;
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
    uint32_t code;
    uint64_t cause; /* of HLVX; 0: none */
    unsigned fetches;
} w;

/* What the hart would have written to its trap CSRs. */
struct trap {
    uint64_t scause, stval, htval, htinst;
};

static uint64_t seed;

/* splitmix64 */
static uint64_t draw(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static bool read_code(void *context, const struct model_access *access, uint64_t *value,
                      struct hvrv_hart_trap *trap)
{
    (void)context;
    assert_int_equal(access->kind, MODEL_HLVX);
    assert_int_equal(access->a % access->what, 0);
    w.fetches++;
    if (w.cause) {
        *trap = (struct hvrv_hart_trap){.cause = w.cause, .stval = access->a, .gva = true};
        return false;
    }
    *value = w.code >> (access->a - (w.vhart.sepc & ~UINT64_C(1))) * 8;
    return true;
}

static int build(void **state)
{
    (void)state;
    memset(&w, 0, sizeof w);
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701, .vsatp_modes = 0x701, .vmidlen = 14};
    model_hart_init(&w.model);
    w.model.guest_access = read_code;
    w.model.traps_expected = true;
    assert_int_equal(hvrv_bind_init(&w.bind, &w.model.hart, &w.probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm, 0x8000500000080200, &w.slot, 1), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.vhart, &w.vm), HVRV_OK);
    w.vhart.sepc = PC;
    w.vhart.gpr[10] = 0x1122334455667788;
    w.vhart.gpr[15] = DEVICE;
    assert_int_equal(hvrv_bind_load(&w.bind, &w.vhart), HVRV_OK);
    return 0;
}

static void take(const struct trap *trap)
{
    model_force(&w.model, HVRV_CSR_SCAUSE, trap->scause);
    model_force(&w.model, HVRV_CSR_STVAL, trap->stval);
    model_force(&w.model, HVRV_CSR_HTVAL, trap->htval);
    model_force(&w.model, HVRV_CSR_HTINST, trap->htinst);
}

static bool is_quick(struct hvrv_mmio *mmio, const struct trap *trap)
{
    memset(mmio, 0xa5, sizeof *mmio);
    take(trap);
    return hvrv_mmio_quick(mmio, &w.model.hart, &w.vhart, trap->scause);
}

static struct hvrv_exit decode(const struct trap *trap)
{
    struct hvrv_trap snapshot = {.scause = trap->scause,
                                 .sepc = w.vhart.sepc,
                                 .sstatus = w.vhart.sstatus,
                                 .stval = trap->stval,
                                 .htval = trap->htval,
                                 .htinst = trap->htinst,
                                 .hstatus = 0x2000001c0};
    struct hvrv_exit exit;

    assert_int_equal(hvrv_trap_decode(&snapshot, &exit), HVRV_OK);
    return exit;
}

/* The same bytes of a device, the same registers behind it. */
static void check_ready(const struct hvrv_mmio *quick, const struct trap *trap)
{
    struct hvrv_exit exit = decode(trap);
    struct hvrv_vhart vhart = w.vhart, same = w.vhart;
    struct hvrv_mmio mmio;
    uint64_t value = draw();

    assert_int_equal(hvrv_mmio_begin(&mmio, &w.model.hart, &w.vhart, &exit), HVRV_OK);
    assert_int_equal(mmio.outcome, HVRV_MMIO_READY);
    assert_true(quick->is_store == mmio.is_store && !quick->is_amo && !mmio.is_amo);
    assert_true(!quick->is_split && !mmio.is_split && !quick->is_fp && !mmio.is_fp);
    assert_int_equal(quick->size, mmio.size);
    assert_true(quick->gpa.v == mmio.gpa.v && quick->gva.v == mmio.gva.v);
    assert_int_equal(quick->insn.kind, mmio.insn.kind);
    if (mmio.is_store)
        assert_true(quick->value == mmio.value);
    assert_int_equal(hvrv_mmio_finish(&mmio, &vhart, value), HVRV_OK);
    hvrv_mmio_finish_quick(quick, &same, value);
    assert_memory_equal(&vhart, &same, sizeof same);
    same = w.vhart;
    assert_int_equal(hvrv_mmio_finish(quick, &same, value), HVRV_OK);
    assert_memory_equal(&vhart, &same, sizeof same);
}

static uint32_t draw_instruction(void)
{
    static const uint32_t opcodes[] = {0x03, 0x03, 0x03, 0x23, 0x23, 0x23, 0x07, 0x27, 0x2f, 0x33};
    uint32_t bits = (uint32_t)draw() & ~UINT32_C(0x7f);

    if (draw() % 16 == 0)
        return (uint32_t)draw();
    return bits | opcodes[draw() % (sizeof opcodes / sizeof opcodes[0])];
}

static uint64_t address_of(uint32_t bits)
{
    int64_t offset = (int32_t)bits >> 20;

    if ((bits & 0x7f) == 0x23)
        offset = (offset & ~INT64_C(31)) | (bits >> 7 & 31);
    return w.vhart.gpr[bits >> 15 & 31] + (uint64_t)offset;
}

static uint64_t draw_htinst(void)
{
    switch (draw() % 8) {
    case 0:
        return 0x3000;
    case 1:
        return draw();
    case 2: /* with an address offset */
        return w.code;
    case 3: /* of 16 bits */
        return w.code & ~UINT64_C(0xf8002);
    default:
        return w.code & ~UINT64_C(0xf8000);
    }
}

static void draw_case(struct trap *trap)
{
    for (unsigned i = 1; i < 32; i++)
        w.vhart.gpr[i] = draw() & (draw() % 2 ? ~UINT64_C(7) : UINT64_MAX);
    w.vhart.sepc = PC + draw() % 5;
    w.code = draw_instruction();
    if (draw() % 4) /* mostly aligned */
        w.code &= (w.code & 0x7f) == 0x23 ? ~UINT32_C(0x380) : ~UINT32_C(0x700000);
    w.cause = draw() % 32 ? 0 : 13;
    w.fetches = 0;
    trap->scause = draw() % 2 ? LOAD_FAULT : STORE_FAULT;
    trap->stval = address_of(w.code);
    if (draw() % 8 == 0)
        trap->stval += draw() % 9;
    trap->htval = draw() % 16 ? (GPA + trap->stval % 4096) >> 2 : 0;
    trap->htinst = draw() % 2 ? draw_htinst() : 0;
}

static void the_short_way_says_what_the_long_way_says(void **state)
{
    unsigned ready[2] = {0, 0}, retries = 0;

    (void)state;
    seed = SEED;
    for (unsigned i = 0; i < CASES; i++) {
        struct hvrv_vhart vhart;
        struct hvrv_mmio mmio;
        struct trap trap;

        draw_case(&trap);
        vhart = w.vhart;
        bool is_usual = is_quick(&mmio, &trap);
        assert_memory_equal(&vhart, &w.vhart, sizeof vhart);
        if (!is_usual) { /* then nothing was lost */
            assert_true(w.cause == 0 || w.fetches == 0);
            assert_true(model_peek(&w.model, HVRV_CSR_HTVAL) == trap.htval);
        } else if (mmio.outcome == HVRV_MMIO_RETRY) {
            assert_true(w.cause != 0 && w.fetches == 1 && trap.htinst == 0);
            retries++;
        } else {
            check_ready(&mmio, &trap);
            ready[mmio.is_store]++;
        }
    }
    printf("seed %#llx: %u loads, %u stores, %u retries\n", (unsigned long long)SEED, ready[0],
           ready[1], retries);
    assert_true(ready[0] > CASES / 40 && ready[1] > CASES / 40 && retries > CASES / 100);
}

static void the_usual_access_is_usual(void **state)
{
    static const struct {
        uint32_t code;
        struct trap trap;
    } cases[] = {
        {LW_A0_A5, {LOAD_FAULT, DEVICE, GPA >> 2, 0}},
        {SW_A0_A5, {STORE_FAULT, DEVICE, GPA >> 2, 0}},
        {0, {LOAD_FAULT, DEVICE, GPA >> 2, LW_A0}},
        {0, {LOAD_FAULT, DEVICE, GPA >> 2, LW_A0 & ~2}},
        {0, {STORE_FAULT, DEVICE, GPA >> 2, 0x00a02023}},
    };
    struct hvrv_mmio mmio;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (uint64_t sepc = PC; sepc < PC + 4; sepc += 2) {
            w.code = cases[i].code;
            w.vhart.sepc = sepc;
            assert_true(is_quick(&mmio, &cases[i].trap));
            assert_int_equal(mmio.outcome, HVRV_MMIO_READY);
            assert_int_equal(mmio.size, 4);
            assert_true(mmio.gpa.v == GPA);
        }
    }
}

/* By htinst nothing is fetched. */
static void what_is_not_usual_is_left_to_the_long_way(void **state)
{
    static const struct {
        uint32_t code;
        struct trap trap;
    } cases[] = {
        {C_LW_A0, {LOAD_FAULT, DEVICE, GPA >> 2, 0}},
        {LW_A0_A5, {LOAD_FAULT, DEVICE + 4, GPA >> 2, 0}},              /* another address */
        {LW_A0_A5, {STORE_FAULT, DEVICE, GPA >> 2, 0}},                 /* another direction */
        {SW_A0_A5, {LOAD_FAULT, DEVICE, GPA >> 2, 0}},                  /* and the other */
        {0x0007f503, {LOAD_FAULT, DEVICE, GPA >> 2, 0}},                /* funct3 7 */
        {LW_A0_A5, {LOAD_FAULT, DEVICE, 0, 0}},                         /* GPA unknown */
        {0, {LOAD_FAULT, DEVICE, GPA >> 2, 0x3000}},                    /* an implicit access */
        {0, {LOAD_FAULT, DEVICE, GPA >> 2, LW_A0 | 1 << 15}},           /* an address offset */
        {0, {LOAD_FAULT, DEVICE, GPA >> 2, LW_A0 | UINT64_C(1) << 32}}, /* no instruction */
        {0, {LOAD_FAULT, DEVICE + 2, GPA >> 2, LW_A0}},                 /* misaligned */
    };
    struct hvrv_mmio mmio;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        w.code = cases[i].code;
        w.fetches = 0;
        assert_false(is_quick(&mmio, &cases[i].trap));
        assert_int_equal(w.fetches != 0, cases[i].trap.htinst == 0);
    }
}

/* Its address and value are right also where stval is 0. */
static void nothing_at_address_zero_is_taken_for_an_access(void **state)
{
    struct trap trap = {LOAD_FAULT, 0, GPA >> 2, 0};
    struct hvrv_mmio mmio;

    (void)state;
    w.vhart.gpr[15] = 0;
    w.code = 0x0007f503;
    assert_false(is_quick(&mmio, &trap));
    w.code = LW_A0_A5;
    assert_true(is_quick(&mmio, &trap));
    assert_int_equal(mmio.size, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_usual_access_is_usual, build),
        cmocka_unit_test_setup(what_is_not_usual_is_left_to_the_long_way, build),
        cmocka_unit_test_setup(nothing_at_address_zero_is_taken_for_an_access, build),
        cmocka_unit_test_setup(the_short_way_says_what_the_long_way_says, build),
    };
    return cmocka_run_group_tests_name("vhart/mmio_quick", tests, NULL, NULL);
}
