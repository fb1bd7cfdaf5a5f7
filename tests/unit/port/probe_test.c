/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every feature present and absent, and what the probe must not do on the way. A hart with F but
 * not D is not here: on a model fcsr stands for both, and on riscv64 FMV.X.D is executed by the
 * machine that runs the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/port/probe.h>

#include <model/hart.h>

/* Registers by the manual's numbers. */
enum {
    SSTATUS = 0x100,
    SEPC = 0x141,
    SCAUSE = 0x142,
    STVAL = 0x143,
    VSATP = 0x280,
    HENVCFG = 0x60a,
    HTVAL = 0x643,
    HTINST = 0x64a,
    HGATP = 0x680,
};

/* Bit n: MODE n. */
#define BARE     UINT16_C(0x001)
#define TO_SV39  UINT16_C(0x101)
#define TO_SV48  UINT16_C(0x301)
#define TO_SV57  UINT16_C(0x701)
#define ENVCFG   UINT64_C(0xe8000003000000fd)
#define STCE     UINT64_C(0x8000000000000000)
#define SIE      UINT64_C(0x2)
#define VMID(n)  ((uint64_t)(n) << 44)
#define MODE(n)  ((uint64_t)(n) << 60)
#define STATEEN0 UINT64_C(0xdfc0000000000007)

static struct model_hart model;
static struct hvrv_probe probe;

static struct model_config without(uint32_t extensions)
{
    struct model_config config = model_config_all();
    config.extensions &= ~extensions;
    return config;
}

/* A hart in use: whatever the probe writes has a value to lose. */
static void start(const struct model_config *config)
{
    model_hart_init_with(&model, config);
    model.traps_expected = true;
    model_poke(&model, HVRV_CSR_SSTATUS, 0x2722);
    model_poke(&model, HVRV_CSR_HSTATUS, 0x2001001c0);
    model_poke(&model, HVRV_CSR_VSATP, MODE(8) | 0x80234);
    model_poke(&model, HVRV_CSR_HGATP, MODE(8) | VMID(5) | 0x80400);
    model_poke(&model, HVRV_CSR_HEDELEG, 0xb109);
    model_poke(&model, HVRV_CSR_HIDELEG, 0x404);
    model_poke(&model, HVRV_CSR_HGEIE, 0x14);
    model_poke(&model, HVRV_CSR_HENVCFG, 0x40000000000000d0);
    model_poke(&model, HVRV_CSR_SENVCFG, 0x10);
    model_poke(&model, HVRV_CSR_HSTATEEN0, 0xc000000000000003);
    model_poke(&model, HVRV_CSR_HVICTL, 0x1234);
    model_poke(&model, HVRV_CSR_VSTIMECMP, 0x123456789);
    model_poke(&model, HVRV_CSR_STVEC, 0xffffffff80001000);
    model_poke(&model, HVRV_CSR_SSCRATCH, 0x1122334455667788);
}

/* These five a trap may change. */
static bool is_of_traps(uint32_t number)
{
    return number == SEPC || number == SCAUSE || number == STVAL || number == HTVAL ||
           number == HTINST;
}

/* Probes, and fails if any register is not as before. */
static void run(void)
{
    static uint64_t before[4096];
    memcpy(before, model.csr, sizeof before);
    memset(&probe, 0xa5, sizeof probe);
    assert_int_equal(hvrv_probe_hart(&probe, &model.hart), HVRV_OK);
    model_hart_check(&model);
    for (uint32_t number = 0; number < 4096; number++) {
        if (before[number] != model.csr[number] && !is_of_traps(number))
            fail_msg("register 0x%x was 0x%llx and is 0x%llx", number,
                     (unsigned long long)before[number], (unsigned long long)model.csr[number]);
    }
    assert_int_equal(model.mode, MODEL_S);
    assert_false(model.v);
}

static void probe_with(const struct model_config *config)
{
    start(config);
    run();
}

static void probe_without(uint32_t extensions)
{
    struct model_config config = without(extensions);
    probe_with(&config);
}

/* What everything is, but for what a test took away. */
static const struct hvrv_probe *all(void)
{
    static struct hvrv_probe everything;
    memset(&everything, 0, sizeof everything);
    everything.henvcfg_bits = ENVCFG;
    everything.hedeleg_bits = 0xcb1ff;
    everything.hideleg_bits = 0x2444;
    everything.hgatp_modes = TO_SV57;
    everything.vsatp_modes = TO_SV57;
    everything.vmidlen = 14;
    everything.geilen = 5;
    everything.henvcfg = everything.senvcfg = everything.ssstateen = true;
    everything.sstc = everything.aia = everything.sscofpmf = true;
    everything.fp = everything.vector = true;
    everything.vlenb = 32;
    return &everything;
}

static void assert_probe(const struct hvrv_probe *expected)
{
    assert_true(probe.henvcfg_bits == expected->henvcfg_bits);
    assert_true(probe.hedeleg_bits == expected->hedeleg_bits);
    assert_true(probe.hideleg_bits == expected->hideleg_bits);
    assert_int_equal(probe.hgatp_modes, expected->hgatp_modes);
    assert_int_equal(probe.vsatp_modes, expected->vsatp_modes);
    assert_int_equal(probe.vmidlen, expected->vmidlen);
    assert_int_equal(probe.geilen, expected->geilen);
    assert_int_equal(probe.henvcfg, expected->henvcfg);
    assert_int_equal(probe.senvcfg, expected->senvcfg);
    assert_int_equal(probe.ssstateen, expected->ssstateen);
    assert_int_equal(probe.sstc, expected->sstc);
    assert_int_equal(probe.aia, expected->aia);
    assert_int_equal(probe.sscofpmf, expected->sscofpmf);
    assert_int_equal(probe.fp, expected->fp);
    assert_int_equal(probe.vector, expected->vector);
    assert_int_equal(probe.vlenb, expected->vlenb);
}

/* norm:hedeleg_acc, norm:hideleg_acc */
static void a_hart_with_everything_is_told_so(void **state)
{
    (void)state;
    probe_without(0);
    assert_probe(all());
    assert_int_equal(model.traps, 0);
}

/* norm:vstimecmp_exist */
static void each_missing_extension_is_missed_alone(void **state)
{
    (void)state;
    struct hvrv_probe expected = *all();
    probe_without(MODEL_EXTENSION(AIA));
    expected.aia = false;
    assert_probe(&expected);

    expected = *all();
    probe_without(MODEL_EXTENSION(SSCOFPMF));
    expected.sscofpmf = false;
    assert_probe(&expected);

    expected = *all();
    probe_without(MODEL_EXTENSION(SSTC));
    expected.sstc = false;
    expected.henvcfg_bits = ENVCFG & ~STCE;
    assert_probe(&expected);

    expected = *all();
    probe_without(MODEL_EXTENSION(SSSTATEEN));
    expected.ssstateen = false;
    assert_probe(&expected);

    expected = *all();
    probe_without(MODEL_EXTENSION(F));
    expected.fp = false;
    assert_probe(&expected);

    expected = *all();
    probe_without(MODEL_EXTENSION(V));
    expected.vector = false;
    expected.vlenb = 0;
    assert_probe(&expected);
}

static void a_plain_hart_has_nothing_optional(void **state)
{
    (void)state;
    struct model_config config =
        without(~(MODEL_EXTENSION(S) | MODEL_EXTENSION(H) | MODEL_EXTENSION(M)));
    config.envcfg = 0;
    config.satp_modes = config.hgatp_modes = TO_SV39;
    config.vmidlen = config.geilen = config.asidlen = 0;
    config.shlcofideleg = false;
    probe_with(&config);
    const struct hvrv_probe expected = {
        .hedeleg_bits = 0xcb1ff,
        .hideleg_bits = 0x444,
        .hgatp_modes = TO_SV39,
        .vsatp_modes = TO_SV39,
        .henvcfg = true,
        .senvcfg = true,
    };
    assert_probe(&expected);
}

/* norm:hgatp_vmid, norm:hgatp_vmid_lsbs */
static void every_length_of_vmid_is_counted(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    for (unsigned length = 0; length <= 14; length++) {
        config.vmidlen = (uint8_t)length;
        probe_with(&config);
        assert_int_equal(probe.vmidlen, length);
    }
}

/* norm:geilen */
static void every_number_of_guest_interrupts_is_counted(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    for (unsigned count = 0; count <= 63; count++) {
        config.geilen = (uint8_t)count;
        probe_with(&config);
        assert_int_equal(probe.geilen, count);
    }
}

/* V chapter, "Vector Byte Length": a constant; VLEN is a power of two, at most 2^16. */
static void every_length_of_vector_registers_is_told(void **state)
{
    (void)state;
    static const uint64_t others[] = {0, 3, 48, 8193, 16384, 65536, 65552, UINT64_MAX};
    struct model_config config = model_config_all();
    for (unsigned length = 1; length <= 8192; length *= 2) {
        start(&config);
        model_force(&model, HVRV_CSR_VLENB, length);
        run();
        assert_true(probe.vector);
        assert_int_equal(probe.vlenb, length);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        start(&config);
        model_force(&model, HVRV_CSR_VLENB, others[i]);
        run();
        assert_false(probe.vector);
        assert_int_equal(probe.vlenb, 0);
        assert_true(probe.fp);
    }
}

/* norm:hgatp_mode_warl */
static void the_modes_of_hgatp_are_those_that_stick(void **state)
{
    (void)state;
    static const uint16_t sets[] = {TO_SV39, TO_SV48, TO_SV57, 0x201, 0x401};
    struct model_config config = model_config_all();
    config.vmidlen = 7;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        config.hgatp_modes = sets[i];
        probe_with(&config);
        assert_int_equal(probe.hgatp_modes, sets[i]);
        assert_int_equal(probe.vsatp_modes, TO_SV57);
        assert_int_equal(probe.vmidlen, 7);
    }
}

/* No MODE is legal but Bare, where a VMID must not be written: none is usable. */
static void a_hart_with_bare_alone_has_no_vmid(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    config.hgatp_modes = BARE;
    start(&config);
    model_force(&model, HVRV_CSR_HGATP, 0);
    run();
    assert_int_equal(probe.hgatp_modes, BARE);
    assert_int_equal(probe.vmidlen, 0);
}

/* norm:vsatp_mode_unsupported_v0: either answer to an unsupported MODE is allowed. */
static void the_modes_of_vsatp_are_those_that_stick(void **state)
{
    (void)state;
    static const uint16_t sets[] = {TO_SV39, TO_SV48, TO_SV57};
    struct model_config config = model_config_all();
    for (size_t i = 0; i < 2 * sizeof sets / sizeof sets[0]; i++) {
        config.satp_modes = sets[i / 2];
        config.vsatp_ignores = i % 2;
        probe_with(&config);
        assert_int_equal(probe.vsatp_modes, sets[i / 2]);
        assert_int_equal(probe.hgatp_modes, TO_SV57);
    }
    config.satp_modes = BARE;
    start(&config);
    model_force(&model, HVRV_CSR_VSATP, 0);
    run();
    assert_int_equal(probe.vsatp_modes, BARE);
}

/* norm:Svadu_hypervisor_adue_writable, norm:stce_bit_exist, norm:henvcfg_stce */
static void a_bit_of_henvcfg_needs_the_one_of_menvcfg(void **state)
{
    (void)state;
    static const struct {
        uint64_t menvcfg, bits;
        bool sstc;
    } rows[] = {
        {0, 0x3000000f5, false},
        {0x8000000000000000, 0x80000003000000f5, true},
        {0x4000000000000000, 0x40000003000000f5, false},
        {0x2000000000000008, 0x20000003000000fd, false},
    };
    struct model_config config = model_config_all();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start(&config);
        model_force(&model, HVRV_CSR_MENVCFG, rows[i].menvcfg);
        run();
        assert_true(probe.henvcfg);
        assert_true(probe.henvcfg_bits == rows[i].bits);
        assert_int_equal(probe.sstc, rows[i].sstc);
    }
    config.envcfg = 0xd0;
    probe_with(&config);
    assert_true(probe.henvcfg);
    assert_true(probe.henvcfg_bits == 0xd0);
}

/* A counter enable that firmware left at zero keeps vstimecmp from HS-mode. */
static void vstimecmp_that_firmware_keeps_is_no_sstc(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    start(&config);
    model_force(&model, HVRV_CSR_MCOUNTEREN, 0);
    run();
    assert_false(probe.sstc);
    assert_true(probe.henvcfg_bits == ENVCFG);
}

/*
 * norm:mstateen_bit_63_op, norm:mstateen0_se0_op, norm:mstateen0_envcfg_op, norm:mstateen0_aia_op
 */
static void state_that_firmware_keeps_closed_is_not_there(void **state)
{
    (void)state;
    static const struct {
        unsigned bit;
        bool ssstateen, senvcfg, aia;
    } rows[] = {
        {63, false, true, true},
        {62, true, false, true},
        {59, true, true, false},
    };
    struct model_config config = model_config_all();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start(&config);
        model_force(&model, HVRV_CSR_MSTATEEN0, STATEEN0 & ~(UINT64_C(1) << rows[i].bit));
        run();
        assert_int_equal(probe.ssstateen, rows[i].ssstateen);
        assert_int_equal(probe.senvcfg, rows[i].senvcfg);
        assert_int_equal(probe.henvcfg, rows[i].senvcfg);
        assert_int_equal(probe.aia, rows[i].aia);
    }
}

static void interrupts_and_status_are_as_before_in_either_state(void **state)
{
    (void)state;
    static const uint64_t values[] = {0, 0x2, 0x2000, 0x4002, 0x6000, 0x122, 0x80e0702};
    struct model_config config = model_config_all();
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        start(&config);
        model_poke(&model, HVRV_CSR_SSTATUS, values[i]);
        run();
        assert_probe(all());
    }
}

/* What the log shows -------------------------------------------------------------------- */

static bool changes(const struct model_access *access)
{
    return access->kind >= MODEL_WRITE && access->kind <= MODEL_CLEAR;
}

static void check_mode(const struct model_config *config, const struct model_access *access)
{
    uint16_t legal = access->what == HGATP ? config->hgatp_modes : config->satp_modes;
    unsigned mode = (unsigned)(access->a >> 60);
    bool is_defined = mode == 0 || (mode >= 8 && mode <= 10);
    assert_true(access->kind == MODEL_WRITE || access->kind == MODEL_SWAP);
    assert_true(is_defined);
    if (mode == 0)
        assert_true(access->a == 0);
    if (access->what == HGATP && (access->a & VMID(0x3fff)))
        assert_true(legal >> mode & 1);
}

/*
 * The manual's note on world switches: hgatp, and with it henvcfg.PBMTE and ADUE, change while
 * vsatp is zero. The fences come after that, and vsatp is given back last.
 */
static void check_order(const struct model_config *config)
{
    uint64_t vsatp = 1; /* in use */
    size_t last = 0, last_vsatp = 0, gvma = 0, vvma = 0;
    for (size_t i = 0; i < model.log_length; i++) {
        const struct model_access *access = &model.log[i];
        if (access->kind == MODEL_HFENCE_GVMA && access->what == MODEL_BY_NOTHING)
            gvma = i;
        if (access->kind == MODEL_HFENCE_VVMA && access->what == MODEL_BY_NOTHING)
            vvma = i;
        if (access->kind == MODEL_HFENCE_GVMA || access->kind == MODEL_HFENCE_VVMA)
            assert_true(vsatp == 0);
        if (!changes(access))
            continue;
        if (access->what == HGATP || access->what == HENVCFG) {
            assert_true(vsatp == 0);
            last = i;
        }
        if (access->what == HGATP || access->what == VSATP)
            check_mode(config, access);
        if (access->what == VSATP) {
            vsatp = access->a;
            last_vsatp = i;
        }
    }
    assert_true(last > 0);
    assert_true(gvma > last && vvma > last);
    assert_true(last_vsatp > gvma && last_vsatp > vvma);
    assert_true(vsatp == (MODE(8) | 0x80234));
}

static void translation_is_off_while_hgatp_changes_and_modes_are_defined_ones(void **state)
{
    (void)state;
    static const uint16_t sets[] = {TO_SV39, TO_SV48, TO_SV57};
    struct model_config config = model_config_all();
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        config.hgatp_modes = sets[i];
        config.satp_modes = sets[i];
        probe_with(&config);
        check_order(&config);
    }
}

/* norm:sstatus_sie */
static void interrupts_are_off_before_anything_is_changed(void **state)
{
    (void)state;
    size_t first = 0, last = 0;
    probe_without(0);
    while (!changes(&model.log[first]))
        first++;
    for (size_t i = 0; i < model.log_length; i++) {
        if (changes(&model.log[i]))
            last = i;
    }
    assert_int_equal(model.log[first].kind, MODEL_CLEAR);
    assert_int_equal(model.log[first].what, SSTATUS);
    assert_true(model.log[first].a & SIE);
    assert_int_equal(model.log[last].what, SSTATUS);
}

/* Harts that a model cannot be told to be ------------------------------------------------ */

#if !defined(__riscv)
static enum hvrv_csr refused;

static bool refuse_one(struct hvrv_hart *hart, enum hvrv_hart_csr_op op, enum hvrv_csr csr,
                       uint64_t *value)
{
    return csr != refused && model_hart_ops.csr(hart, op, csr, value);
}

static void probe_a_hart_that_refuses(enum hvrv_csr csr)
{
    struct hvrv_hart_ops ops = model_hart_ops;
    struct model_config config = model_config_all();
    ops.csr = refuse_one;
    refused = csr;
    start(&config);
    model.hart.ops = &ops;
    run();
}

/* norm:henvcfg_stce */
static void a_hart_of_an_older_manual_has_no_envcfg(void **state)
{
    (void)state;
    struct hvrv_probe expected = *all();
    probe_a_hart_that_refuses(HVRV_CSR_HENVCFG);
    expected.henvcfg = expected.sstc = false;
    expected.henvcfg_bits = 0;
    assert_probe(&expected);

    expected = *all();
    probe_a_hart_that_refuses(HVRV_CSR_SENVCFG);
    expected.senvcfg = false;
    assert_probe(&expected);
}

static void half_of_the_state_enables_is_none(void **state)
{
    (void)state;
    probe_a_hart_that_refuses(HVRV_CSR_SSTATEEN0);
    assert_false(probe.ssstateen);
    probe_a_hart_that_refuses(HVRV_CSR_HSTATEEN0);
    assert_false(probe.ssstateen);
}

/* FS may be writable without F, and VS without V. */
static void a_status_field_alone_is_no_extension(void **state)
{
    (void)state;
    probe_a_hart_that_refuses(HVRV_CSR_FCSR);
    assert_false(probe.fp);
    assert_true(probe.vector);
    probe_a_hart_that_refuses(HVRV_CSR_VLENB);
    assert_true(probe.fp);
    assert_false(probe.vector);
    assert_int_equal(probe.vlenb, 0);
}
#endif

/* At most hgatp is read, which traps. */
static void assert_unsupported(void)
{
    static const struct hvrv_probe nothing;
    memset(&probe, 0xa5, sizeof probe);
    model_log_clear(&model);
    assert_int_equal(hvrv_probe_hart(&probe, &model.hart), HVRV_ERR_UNSUPPORTED);
    assert_probe(&nothing);
    for (size_t i = 0; i < model.log_length; i++)
        assert_int_equal(model.log[i].kind, MODEL_READ);
    assert_true(model_peek(&model, HVRV_CSR_STVEC) == 0xffffffff80001000);
    assert_true(model_peek(&model, HVRV_CSR_SSTATUS) == 0x8000000200002722);
    model_hart_check(&model);
}

/* norm:hgatp_tvm_illegal */
static void a_hart_that_cannot_be_a_hypervisors_is_refused(void **state)
{
    (void)state;
    struct model_config config = without(MODEL_EXTENSION(H));
    start(&config);
    assert_unsupported();

    config = model_config_all();
    start(&config);
    model_force(&model, HVRV_CSR_MSTATUS, 0xa00102722); /* TVM */
    assert_unsupported();
}

static void null_pointers_are_named(void **state)
{
    (void)state;
    static const struct hvrv_probe zero;
    struct model_config config = model_config_all();
    start(&config);
    memset(&probe, 0xa5, sizeof probe);
    assert_int_equal(hvrv_probe_hart(NULL, &model.hart), HVRV_ERR_NULL);
    assert_int_equal(hvrv_probe_hart(NULL, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_probe_hart(&probe, NULL), HVRV_ERR_NULL);
    assert_probe(&zero);
    assert_int_equal(model.log_length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hart_with_everything_is_told_so),
        cmocka_unit_test(each_missing_extension_is_missed_alone),
        cmocka_unit_test(a_plain_hart_has_nothing_optional),
        cmocka_unit_test(every_length_of_vmid_is_counted),
        cmocka_unit_test(every_number_of_guest_interrupts_is_counted),
        cmocka_unit_test(every_length_of_vector_registers_is_told),
        cmocka_unit_test(the_modes_of_hgatp_are_those_that_stick),
        cmocka_unit_test(a_hart_with_bare_alone_has_no_vmid),
        cmocka_unit_test(the_modes_of_vsatp_are_those_that_stick),
        cmocka_unit_test(a_bit_of_henvcfg_needs_the_one_of_menvcfg),
        cmocka_unit_test(vstimecmp_that_firmware_keeps_is_no_sstc),
        cmocka_unit_test(state_that_firmware_keeps_closed_is_not_there),
        cmocka_unit_test(interrupts_and_status_are_as_before_in_either_state),
        cmocka_unit_test(translation_is_off_while_hgatp_changes_and_modes_are_defined_ones),
        cmocka_unit_test(interrupts_are_off_before_anything_is_changed),
#if !defined(__riscv)
        cmocka_unit_test(a_hart_of_an_older_manual_has_no_envcfg),
        cmocka_unit_test(half_of_the_state_enables_is_none),
        cmocka_unit_test(a_status_field_alone_is_no_extension),
#endif
        cmocka_unit_test(a_hart_that_cannot_be_a_hypervisors_is_refused),
        cmocka_unit_test(null_pointers_are_named),
    };

    return cmocka_run_group_tests_name("port/probe", tests, NULL, NULL);
}
