/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/hart.h"

#define ONES UINT64_MAX

static uint64_t read_csr(struct model_hart *model, enum hvrv_csr csr)
{
    uint64_t value;
    if (!model_csr_read(model, csr, &value))
        fail_msg("reading %s trapped", hvrv_csr_name(csr));
    return value;
}

static void write_csr(struct model_hart *model, enum hvrv_csr csr, uint64_t value)
{
    if (!model_csr_write(model, csr, value))
        fail_msg("writing %s trapped", hvrv_csr_name(csr));
}

static void assert_csr(struct model_hart *model, enum hvrv_csr csr, uint64_t expected)
{
    uint64_t value = read_csr(model, csr);
    if (value != expected)
        fail_msg("%s is 0x%llx, not 0x%llx", hvrv_csr_name(csr), (unsigned long long)value,
                 (unsigned long long)expected);
}

/* An access that traps with a cause, as the test expects; back to where it was. */
static void assert_refused(struct model_hart *model, struct model_access access, uint64_t cause)
{
    enum model_mode mode = model->mode;
    bool v = model->v;
    unsigned traps = model->traps;
    bool expected = model->traps_expected;
    uint64_t value = 1;

    model->traps_expected = true;
    if (access.kind <= MODEL_CLEAR)
        assert_false(model_csr_access(model, &access));
    else if (access.kind <= MODEL_SFENCE_INVAL_IR)
        assert_false(model_fence(model, access));
    else
        assert_false(model_guest(model, access, &value));
    assert_int_equal(model->traps, traps + 1);
    assert_int_equal(model->trap.cause, cause);
    assert_int_equal(model_peek(model, HVRV_CSR_SCAUSE), cause);
    model->traps_expected = expected;
    model->mode = mode;
    model->v = v;
}

static void assert_csr_refused(struct model_hart *model, uint32_t csr, uint64_t cause)
{
    assert_refused(model, (struct model_access){MODEL_READ, csr, 0, 0}, cause);
    assert_refused(model, (struct model_access){MODEL_WRITE, csr, 0, 0}, cause);
}

static void init_without(struct model_hart *model, uint32_t extensions)
{
    struct model_config config = model_config_all();
    config.extensions &= ~extensions;
    model_hart_init_with(model, &config);
}

static void it_starts_as_firmware_hands_over(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    assert_int_equal(model.mode, MODEL_S);
    assert_false(model.v);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x200000000);
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x200000000);
    assert_csr(&model, HVRV_CSR_VSSTATUS, 0x200000000);
    assert_csr(&model, HVRV_CSR_HGATP, 0);
    assert_int_equal(model_peek(&model, HVRV_CSR_MIDELEG), 0x3666);
    assert_true(model_peek(&model, HVRV_CSR_MISA) == 0x80000000003411ad);
    assert_true(model_peek(&model, HVRV_CSR_MSTATEEN0) == 0xdfc0000000000007);
    model_hart_check(&model);
}

static void a_write_of_ones_keeps_what_the_manual_lets_change(void **state)
{
    (void)state;
    static const struct {
        enum hvrv_csr csr;
        uint64_t kept;
    } rows[] = {
        {HVRV_CSR_HEDELEG, 0xcb1ff},
        {HVRV_CSR_HIDELEG, 0x2444},
        {HVRV_CSR_HIE, 0x1444},
        {HVRV_CSR_SIE, 0x2222},
        {HVRV_CSR_HVIP, 0x444},
        {HVRV_CSR_HGEIE, 0x3e},
        {HVRV_CSR_HCOUNTEREN, 0xffffffff},
        {HVRV_CSR_SCOUNTEREN, 0xffffffff},
        {HVRV_CSR_HTIMEDELTA, ONES},
        {HVRV_CSR_HTVAL, ONES},
        {HVRV_CSR_SSCRATCH, ONES},
        {HVRV_CSR_STVEC, 0xfffffffffffffffd},
        {HVRV_CSR_VSTVEC, 0xfffffffffffffffd},
        {HVRV_CSR_SEPC, 0xfffffffffffffffe},
        {HVRV_CSR_VSEPC, 0xfffffffffffffffe},
        {HVRV_CSR_HENVCFG, 0xe8000003000000fd},
        {HVRV_CSR_SENVCFG, 0x3000000fd},
        {HVRV_CSR_HSTATEEN0, 0xde40000000000007},
        {HVRV_CSR_HSTATEEN3, 0x8000000000000000},
        {HVRV_CSR_SSTATEEN0, 0x7},
        {HVRV_CSR_SSTATEEN1, 0},
        {HVRV_CSR_HSTATUS, 0x30002007003c0},    /* VGEIN = 63 is more than GEILEN */
        {HVRV_CSR_SSTATUS, 0x80000002018c6720}, /* SDT clears SIE */
        {HVRV_CSR_VSSTATUS, 0x80000002018c6720},
        {HVRV_CSR_HVICTL, 0x4fff03ff},
        {HVRV_CSR_HVIPRIO1, 0xffffff00ff00ff00},
        {HVRV_CSR_HTINST, ONES},
    };
    struct model_hart model;
    model_hart_init(&model);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_csr(&model, rows[i].csr, ONES);
        assert_csr(&model, rows[i].csr, rows[i].kept);
    }
    model_hart_check(&model);
}

static void satp_ignores_a_write_with_an_unsupported_mode(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    config.satp_modes = 1 << 0 | 1 << 8;
    config.asidlen = 9;
    struct model_hart model;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_SATP, 0x8ffffffffffffffe);
    assert_csr(&model, HVRV_CSR_SATP, 0x801ffffffffffffe);
    write_csr(&model, HVRV_CSR_SATP, 0x9000000000000001);
    assert_csr(&model, HVRV_CSR_SATP, 0x801ffffffffffffe);
    write_csr(&model, HVRV_CSR_SATP, 0);
    assert_csr(&model, HVRV_CSR_SATP, 0);
    model_hart_check(&model);
}

static void vsatp_keeps_its_mode_or_ignores_the_write(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    config.satp_modes = 1 << 0 | 1 << 8;
    struct model_hart model;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_VSATP, 0x8000000000000001);
    write_csr(&model, HVRV_CSR_VSATP, 0x9000000000000002);
    assert_csr(&model, HVRV_CSR_VSATP, 0x8000000000000002);

    model.v = true; /* the guest's satp is vsatp, and always ignores */
    write_csr(&model, HVRV_CSR_SATP, 0xa000000000000003);
    assert_csr(&model, HVRV_CSR_SATP, 0x8000000000000002);

    config.vsatp_ignores = true;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_VSATP, 0x8000000000000001);
    write_csr(&model, HVRV_CSR_VSATP, 0x9000000000000002);
    assert_csr(&model, HVRV_CSR_VSATP, 0x8000000000000001);
}

static void hgatp_is_warl_field_by_field(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    config.hgatp_modes = 1 << 0 | 1 << 8;
    config.vmidlen = 7;
    struct model_hart model;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_HGATP, 0xffffffffffffffff); /* from Bare: stays Bare */
    assert_csr(&model, HVRV_CSR_HGATP, 0);
    write_csr(&model, HVRV_CSR_HGATP, 0x8fffffffffffffff);
    assert_csr(&model, HVRV_CSR_HGATP, 0x8007fffffffffffc);
    write_csr(&model, HVRV_CSR_HGATP, 0x9000100000000004);
    assert_csr(&model, HVRV_CSR_HGATP, 0x8000100000000004);
    model_hart_check(&model);

    write_csr(&model, HVRV_CSR_HGATP, 0x0000100000000000);
    assert_non_null(model_hart_complaint(&model)); /* Bare with a VMID is unspecified */

    config.vmidlen = 0;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_HGATP, 0x8fffffffffffffff);
    assert_csr(&model, HVRV_CSR_HGATP, 0x80000ffffffffffc);
}

static void reserved_field_values_keep_the_old_ones(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    write_csr(&model, HVRV_CSR_HENVCFG, 0x200000010);
    write_csr(&model, HVRV_CSR_HENVCFG, 0x100000020); /* PMM = 1, CBIE = 2 */
    assert_csr(&model, HVRV_CSR_HENVCFG, 0x200000010);
    write_csr(&model, HVRV_CSR_HSTATUS, 0x5000);
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x200005000);
    write_csr(&model, HVRV_CSR_HSTATUS, 0x1000000006000); /* VGEIN = 6, HUPMM = 1 */
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x200005000);
    model_poke(&model, HVRV_CSR_MSTATUS, 0x800);
    model_poke(&model, HVRV_CSR_MSTATUS, 0x1000);
    assert_true(model_peek(&model, HVRV_CSR_MSTATUS) == 0xa00000800);
    model_poke(&model, HVRV_CSR_MSECCFG, 0x3);
    model_poke(&model, HVRV_CSR_MSECCFG, 0x100000004);
    assert_int_equal(model_peek(&model, HVRV_CSR_MSECCFG), 0x7);
}

static void sd_sums_up_and_fs_needs_its_extension(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    write_csr(&model, HVRV_CSR_SSTATUS, 0x6000);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x8000000200006000);
    write_csr(&model, HVRV_CSR_SSTATUS, 0x4600);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x8000000200004600);
    write_csr(&model, HVRV_CSR_SSTATUS, 0x4400);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x200004400);
    init_without(&model, MODEL_EXTENSION(F) | MODEL_EXTENSION(V));
    write_csr(&model, HVRV_CSR_SSTATUS, 0x6600);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x200000000);
    assert_csr_refused(&model, HVRV_CSR_FCSR, 2);
}

static void sdt_needs_dte_and_clears_sie(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    write_csr(&model, HVRV_CSR_VSSTATUS, 0x1000002);
    assert_csr(&model, HVRV_CSR_VSSTATUS, 0x200000002); /* henvcfg.DTE is 0 */
    write_csr(&model, HVRV_CSR_HENVCFG, 0x0800000000000000);
    write_csr(&model, HVRV_CSR_VSSTATUS, 0x1000002);
    assert_csr(&model, HVRV_CSR_VSSTATUS, 0x201000000);
    model_poke(&model, HVRV_CSR_MENVCFG, 0);
    write_csr(&model, HVRV_CSR_SSTATUS, 0x1000002);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x200000002);
}

static void henvcfg_reads_zero_where_menvcfg_is(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    write_csr(&model, HVRV_CSR_HENVCFG, ONES);
    model_poke(&model, HVRV_CSR_MENVCFG, 0x2000000000000000);
    assert_csr(&model, HVRV_CSR_HENVCFG, 0x20000003000000f5);
    assert_csr(&model, HVRV_CSR_SENVCFG, 0);

    struct model_config config = model_config_all();
    config.envcfg = 0x8000000000000001;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_HENVCFG, ONES);
    assert_csr(&model, HVRV_CSR_HENVCFG, 0x8000000000000001);
    config.extensions &= ~MODEL_EXTENSION(SSTC);
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_HENVCFG, ONES);
    assert_csr(&model, HVRV_CSR_HENVCFG, 1);
}

static void the_guest_sees_delegated_interrupts_moved_down(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    write_csr(&model, HVRV_CSR_HVIP, 0x444);
    assert_csr(&model, HVRV_CSR_HIP, 0x444);
    assert_csr(&model, HVRV_CSR_VSIP, 0);
    write_csr(&model, HVRV_CSR_VSIE, 0x222);
    assert_csr(&model, HVRV_CSR_VSIE, 0);
    write_csr(&model, HVRV_CSR_HIDELEG, 0x404);
    assert_csr(&model, HVRV_CSR_VSIP, 0x202);
    write_csr(&model, HVRV_CSR_VSIE, 0x222);
    assert_csr(&model, HVRV_CSR_VSIE, 0x202);
    assert_csr(&model, HVRV_CSR_HIE, 0x404);
    write_csr(&model, HVRV_CSR_HIE, 0x40);
    assert_csr(&model, HVRV_CSR_VSIE, 0);
    write_csr(&model, HVRV_CSR_VSIP, 0); /* only SSIP can be cleared so */
    assert_csr(&model, HVRV_CSR_HVIP, 0x440);
    write_csr(&model, HVRV_CSR_HIP, 0xfff);
    assert_csr(&model, HVRV_CSR_HVIP, 0x444);
    assert_csr(&model, HVRV_CSR_SIP, 0);

    model.v = true;
    write_csr(&model, HVRV_CSR_SIP, 0);
    assert_csr(&model, HVRV_CSR_SIP, 0x200);
    model.v = false;
    assert_csr(&model, HVRV_CSR_HVIP, 0x440);
}

static void lcofi_is_shared_when_it_is_delegated(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    write_csr(&model, HVRV_CSR_SIE, 0x2000);
    write_csr(&model, HVRV_CSR_SIP, 0x2002);
    assert_csr(&model, HVRV_CSR_SIP, 0x2002);
    assert_csr(&model, HVRV_CSR_VSIP, 0);
    write_csr(&model, HVRV_CSR_HIDELEG, 0x2000);
    assert_csr(&model, HVRV_CSR_VSIP, 0x2000);
    assert_csr(&model, HVRV_CSR_VSIE, 0x2000);
    write_csr(&model, HVRV_CSR_VSIP, 0);
    assert_csr(&model, HVRV_CSR_SIP, 0x2);

    struct model_config config = model_config_all();
    config.shlcofideleg = false;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_HIDELEG, ONES);
    assert_csr(&model, HVRV_CSR_HIDELEG, 0x444);
}

static void guest_external_interrupts_follow_vgein_and_hgeie(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    model_force(&model, HVRV_CSR_HGEIP, 0x8);
    assert_csr(&model, HVRV_CSR_HIP, 0);
    write_csr(&model, HVRV_CSR_HSTATUS, 0x3000);
    assert_csr(&model, HVRV_CSR_HIP, 0x400);
    write_csr(&model, HVRV_CSR_HGEIE, 0x8);
    assert_csr(&model, HVRV_CSR_HIP, 0x1400);
    write_csr(&model, HVRV_CSR_HSTATUS, 0x2000);
    assert_csr(&model, HVRV_CSR_HIP, 0x1000);
    assert_refused(&model, (struct model_access){MODEL_WRITE, 0xe12, 0, 0}, 2);

    struct model_config config = model_config_all();
    config.geilen = 0;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_HGEIE, ONES);
    assert_csr(&model, HVRV_CSR_HGEIE, 0);
    assert_int_equal(model_peek(&model, HVRV_CSR_MIDELEG), 0x2666);
}

static void vstimecmp_raises_vstip_only_under_stce(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    model_force(&model, HVRV_CSR_TIME, 1000);
    write_csr(&model, HVRV_CSR_HTIMEDELTA, (uint64_t)-400);
    write_csr(&model, HVRV_CSR_VSTIMECMP, 600);
    assert_csr(&model, HVRV_CSR_HIP, 0);
    write_csr(&model, HVRV_CSR_HENVCFG, 0x8000000000000000);
    assert_csr(&model, HVRV_CSR_HIP, 0x40);
    write_csr(&model, HVRV_CSR_VSTIMECMP, 601);
    assert_csr(&model, HVRV_CSR_HIP, 0);
    write_csr(&model, HVRV_CSR_STIMECMP, 1000);
    assert_csr(&model, HVRV_CSR_SIP, 0x20);
    model_hart_check(&model);

    model.v = true;
    assert_csr_refused(&model, HVRV_CSR_STIMECMP, 22); /* hcounteren.TM is 0 */
    model_poke(&model, HVRV_CSR_HCOUNTEREN, 2);
    assert_csr(&model, HVRV_CSR_STIMECMP, 601);
    assert_csr(&model, HVRV_CSR_TIME, 600);
    model_poke(&model, HVRV_CSR_HENVCFG, 0);
    assert_csr_refused(&model, HVRV_CSR_STIMECMP, 22);
    model.v = false;
    model_poke(&model, HVRV_CSR_MENVCFG, 0);
    assert_csr_refused(&model, HVRV_CSR_STIMECMP, 2);
    assert_csr_refused(&model, HVRV_CSR_VSTIMECMP, 2);
}

static void counters_need_every_level_above(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    model_force(&model, HVRV_CSR_MCYCLE, 5);
    model_force(&model, HVRV_CSR_MINSTRET, 7);
    assert_csr(&model, HVRV_CSR_CYCLE, 5);
    assert_csr(&model, HVRV_CSR_INSTRET, 7);
    model.mode = MODEL_U;
    assert_refused(&model, (struct model_access){MODEL_READ, 0xc00, 0, 0}, 2);
    model.v = true;
    assert_refused(&model, (struct model_access){MODEL_READ, 0xc00, 0, 0}, 22);
    model_poke(&model, HVRV_CSR_HCOUNTEREN, 1);
    assert_refused(&model, (struct model_access){MODEL_READ, 0xc00, 0, 0}, 22);
    model_poke(&model, HVRV_CSR_SCOUNTEREN, 1);
    assert_csr(&model, HVRV_CSR_CYCLE, 5);
    model_poke(&model, HVRV_CSR_MCOUNTEREN, 0);
    assert_refused(&model, (struct model_access){MODEL_READ, 0xc00, 0, 0}, 2);
}

static void tvm_takes_hgatp_and_its_fence_from_hs_mode(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    model_poke(&model, HVRV_CSR_MSTATUS, 1 << 20);
    assert_csr_refused(&model, HVRV_CSR_HGATP, 2);
    assert_csr_refused(&model, HVRV_CSR_SATP, 2);
    assert_refused(&model, (struct model_access){MODEL_HFENCE_GVMA, 0, 0, 0}, 2);
    assert_refused(&model, (struct model_access){MODEL_HINVAL_GVMA, 0, 0, 0}, 2);
    assert_refused(&model, (struct model_access){MODEL_SFENCE_VMA, 0, 0, 0}, 2);
    assert_true(model_fence(&model, (struct model_access){MODEL_HFENCE_VVMA, 0, 0, 0}));
    assert_csr(&model, HVRV_CSR_VSATP, 0);
    model.v = true; /* TVM is about HS-mode only */
    assert_csr(&model, HVRV_CSR_SATP, 0);
    assert_csr_refused(&model, HVRV_CSR_HGATP, 22);
    assert_true(model_fence(&model, (struct model_access){MODEL_SFENCE_VMA, 0, 0, 0}));
    model_poke(&model, HVRV_CSR_HSTATUS, 1 << 20);
    assert_csr_refused(&model, HVRV_CSR_SATP, 22);
    assert_refused(&model, (struct model_access){MODEL_SINVAL_VMA, 0, 0, 0}, 22);
    assert_true(model_fence(&model, (struct model_access){MODEL_SFENCE_W_INVAL, 0, 0, 0}));
}

static void fences_trap_where_they_must(void **state)
{
    (void)state;
    static const enum model_kind hypervisor[] = {MODEL_HFENCE_GVMA, MODEL_HFENCE_VVMA,
                                                 MODEL_HINVAL_GVMA, MODEL_HINVAL_VVMA};
    struct model_hart model;
    model_hart_init(&model);
    for (size_t i = 0; i < 4; i++) {
        struct model_access fence = {hypervisor[i], MODEL_BY_ADDRESS, 0x1000, 0};
        assert_true(model_fence(&model, fence));
        model.v = true;
        assert_refused(&model, fence, 22);
        model.mode = MODEL_U;
        assert_refused(&model, fence, 22);
        model.v = false;
        assert_refused(&model, fence, 2);
        model.mode = MODEL_M;
        assert_true(model_fence(&model, fence));
        model.mode = MODEL_S;
    }
    model_hart_check(&model);

    struct model_config config = model_config_all();
    config.svinval = false;
    config.extensions &= ~MODEL_EXTENSION(H);
    model_hart_init_with(&model, &config);
    assert_refused(&model, (struct model_access){MODEL_SFENCE_INVAL_IR, 0, 0, 0}, 2);
    assert_refused(&model, (struct model_access){MODEL_HFENCE_GVMA, 0, 0, 0}, 2);
    assert_refused(&model, (struct model_access){MODEL_HLV, 8, 0, 0}, 2);
    assert_true(model_fence(&model, (struct model_access){MODEL_SFENCE_VMA, 0, 0, 0}));
}

static void state_enables_gate_what_they_name(void **state)
{
    (void)state;
    static const struct {
        enum hvrv_csr csr;
        unsigned bit;
    } rows[] = {
        {HVRV_CSR_SSTATEEN0, 63}, {HVRV_CSR_SENVCFG, 62},  {HVRV_CSR_SISELECT, 60},
        {HVRV_CSR_STOPEI, 58},    {HVRV_CSR_SCONTEXT, 57},
    };
    struct model_hart model;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        model_hart_init(&model);
        model.v = true;
        assert_csr_refused(&model, rows[i].csr, 22);
        model_poke(&model, HVRV_CSR_HSTATEEN0, UINT64_C(1) << rows[i].bit);
        read_csr(&model, rows[i].csr);
        model_poke(&model, HVRV_CSR_MSTATEEN0, ~(UINT64_C(1) << rows[i].bit));
        assert_csr_refused(&model, rows[i].csr, 2);
        model.v = false;
        assert_csr_refused(&model, rows[i].csr, 2);
        model.mode = MODEL_M;
        read_csr(&model, rows[i].csr);
    }
    model_hart_init(&model);
    model_poke(&model, HVRV_CSR_MSTATEEN2, 0);
    assert_csr_refused(&model, HVRV_CSR_HSTATEEN2, 2);
    assert_csr(&model, HVRV_CSR_HSTATEEN1, 0);
    init_without(&model, MODEL_EXTENSION(SMSTATEEN) | MODEL_EXTENSION(SSSTATEEN));
    assert_csr_refused(&model, HVRV_CSR_HSTATEEN0, 2);
    model.v = true;
    assert_csr(&model, HVRV_CSR_SENVCFG, 0);
}

static void machine_registers_are_not_for_hs_mode(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    assert_csr_refused(&model, HVRV_CSR_MSTATUS, 2);
    assert_csr_refused(&model, HVRV_CSR_PMPADDR63, 2);
    model.v = true;
    assert_csr_refused(&model, HVRV_CSR_MSTATUS, 2);
    assert_csr_refused(&model, HVRV_CSR_HSTATUS, 22);
    assert_csr_refused(&model, HVRV_CSR_VSATP, 22);
    model.mode = MODEL_U;
    assert_csr_refused(&model, HVRV_CSR_SSTATUS, 22);
    model.v = false;
    assert_csr_refused(&model, HVRV_CSR_SSTATUS, 2);
    model.mode = MODEL_M;
    assert_csr(&model, HVRV_CSR_MSCRATCH, 0);
    model_hart_check(&model);
}

static void with_v_set_the_vs_registers_stand_in(void **state)
{
    (void)state;
    static const uint16_t banked[] = {0x105, 0x140, 0x141, 0x142, 0x143};
    struct model_hart model;
    model_hart_init(&model);
    for (size_t i = 0; i < sizeof banked / sizeof banked[0]; i++) {
        model.v = true;
        write_csr(&model, (enum hvrv_csr)banked[i], 0x4000 + 4 * i);
        model.v = false;
        assert_csr(&model, (enum hvrv_csr)banked[i], 0);
        assert_csr(&model, (enum hvrv_csr)(banked[i] + 0x100), 0x4000 + 4 * i);
    }
    model.v = true;
    write_csr(&model, HVRV_CSR_SCOUNTEREN, 7); /* has no VS bank */
    model.v = false;
    assert_csr(&model, HVRV_CSR_SCOUNTEREN, 7);
    write_csr(&model, HVRV_CSR_SSTATUS, 0x2);
    assert_csr(&model, HVRV_CSR_VSSTATUS, 0x200000000);
}

static void fcsr_is_off_with_either_fs(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    assert_csr_refused(&model, HVRV_CSR_FCSR, 2);
    write_csr(&model, HVRV_CSR_SSTATUS, 0x2200);
    write_csr(&model, HVRV_CSR_FCSR, 0x1ff);
    assert_csr(&model, HVRV_CSR_FFLAGS, 0x1f);
    assert_csr(&model, HVRV_CSR_FRM, 7);
    write_csr(&model, HVRV_CSR_FRM, 2);
    write_csr(&model, HVRV_CSR_FFLAGS, 1);
    assert_csr(&model, HVRV_CSR_FCSR, 0x41);
    write_csr(&model, HVRV_CSR_VXRM, 3);
    write_csr(&model, HVRV_CSR_VXSAT, 1);
    assert_csr(&model, HVRV_CSR_VCSR, 7);
    assert_csr(&model, HVRV_CSR_VXRM, 3);
    assert_csr(&model, HVRV_CSR_VXSAT, 1);
    model.v = true;
    assert_csr_refused(&model, HVRV_CSR_FCSR, 2);
    assert_csr_refused(&model, HVRV_CSR_VCSR, 2);
    model_poke(&model, HVRV_CSR_VSSTATUS, 0x2200);
    assert_csr(&model, HVRV_CSR_FCSR, 0x41);
}

static void machine_interrupt_bits_stand_in_the_windows(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    model_poke(&model, HVRV_CSR_MIP, ONES);
    assert_int_equal(model_peek(&model, HVRV_CSR_HVIP), 0x4);
    assert_int_equal(model_peek(&model, HVRV_CSR_SIP), 0x2202); /* STIP is stimecmp's */
    model_poke(&model, HVRV_CSR_MIE, ONES);
    assert_int_equal(model_peek(&model, HVRV_CSR_MIE), 0x3eee);
    assert_int_equal(model_peek(&model, HVRV_CSR_SIE), 0x2222);
    model_poke(&model, HVRV_CSR_MIDELEG, 0x2);
    assert_int_equal(model_peek(&model, HVRV_CSR_SIE), 0x2);
    init_without(&model, MODEL_EXTENSION(H) | MODEL_EXTENSION(SSTC));
    model_poke(&model, HVRV_CSR_MIP, ONES);
    assert_int_equal(model_peek(&model, HVRV_CSR_MIP), 0x2222);
    assert_int_equal(model_peek(&model, HVRV_CSR_MIDELEG), 0x2222);
    assert_true(model_peek(&model, HVRV_CSR_MISA) == 0x800000000034112d);
}

static void locked_pmp_entries_stay(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    model_poke(&model, HVRV_CSR_PMPADDR2, ONES);
    assert_true(model_peek(&model, HVRV_CSR_PMPADDR2) == 0x3fffffffffffff);
    model_poke(&model, HVRV_CSR_PMPCFG0, 0x8f00020000); /* entry 4 locked TOR, entry 2 W only */
    assert_true(model_peek(&model, HVRV_CSR_PMPCFG0) == 0x8f00000000);
    model_poke(&model, HVRV_CSR_PMPCFG0, 0x1f);
    assert_true(model_peek(&model, HVRV_CSR_PMPCFG0) == 0x8f0000001f);
    for (uint32_t i = 3; i < 6; i++)
        model_poke(&model, (enum hvrv_csr)(0x3b0 + i), 0x1234);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR3), 0); /* the base of the TOR entry */
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR4), 0);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR5), 0x1234);
    model_poke(&model, HVRV_CSR_PMPADDR63, 0x1234);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR63), 0x1234);
    model_poke(&model, HVRV_CSR_MSECCFG, 4);
    assert_int_equal(model_peek(&model, HVRV_CSR_MSECCFG), 0); /* RLB: too late */
    model_force(&model, HVRV_CSR_MSECCFG, 4);
    model_poke(&model, HVRV_CSR_PMPADDR4, 0x1234);
    model_poke(&model, HVRV_CSR_PMPCFG0, 0);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR4), 0x1234);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPCFG0), 0);
}

static void pmp_has_a_grain_and_so_many_entries(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    struct model_hart model;
    config.pmp_entries = 9;
    config.pmp_grain = 3;
    config.pmp_address_bits = 38;
    model_hart_init_with(&model, &config);
    model_poke(&model, HVRV_CSR_PMPADDR8, ONES);
    model_poke(&model, HVRV_CSR_PMPADDR9, ONES);
    model_poke(&model, HVRV_CSR_PMPCFG2, ONES & ~UINT64_C(0x8080));
    assert_true(model_peek(&model, HVRV_CSR_PMPADDR8) == 0x3fffffffff); /* NAPOT */
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR9), 0);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPCFG2), 0x1f);
    model_poke(&model, HVRV_CSR_PMPADDR8, 0x10);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR8), 0x13);
    model_poke(&model, HVRV_CSR_PMPADDR8, 0x14);
    model_poke(&model, HVRV_CSR_PMPCFG2, 0x17); /* NA4 */
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPCFG2), 0x1f);
    model_poke(&model, HVRV_CSR_PMPCFG2, 0xf);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR8), 0x10);
    model_poke(&model, HVRV_CSR_PMPCFG2, 0x1f);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPADDR8), 0x17); /* bit 2 was kept */
}

static void with_mml_m_mode_gets_nothing_new_to_execute(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    model_poke(&model, HVRV_CSR_MSECCFG, 1);
    model_poke(&model, HVRV_CSR_PMPCFG0, 0x9a9e9d9c);
    assert_int_equal(model_peek(&model, HVRV_CSR_PMPCFG0), 0);
    model_poke(&model, HVRV_CSR_PMPCFG0, 0x9b99981a);
    assert_true(model_peek(&model, HVRV_CSR_PMPCFG0) == 0x9b99981a);
    model_force(&model, HVRV_CSR_MSECCFG, 5);
    model_poke(&model, HVRV_CSR_PMPCFG0, 0x9a9e9d9c);
    assert_true(model_peek(&model, HVRV_CSR_PMPCFG0) == 0x9a9e9d9c);
}

static void a_missing_register_traps_and_fails_the_test(void **state)
{
    (void)state;
    struct model_hart model;
    uint64_t value = 1;
    init_without(&model, MODEL_EXTENSION(SSTC));
    model.pc = 0x80001001;
    assert_false(model_csr_read(&model, HVRV_CSR_VSTIMECMP, &value));
    assert_int_equal(value, 0);
    assert_int_equal(model.traps, 1);
    assert_csr(&model, HVRV_CSR_SCAUSE, 2);
    assert_csr(&model, HVRV_CSR_SEPC, 0x80001000);
    assert_non_null(model_hart_complaint(&model));

    init_without(&model, MODEL_EXTENSION(SSTC));
    model.traps_expected = true;
    assert_false(model_csr_write(&model, HVRV_CSR_VSTIMECMP, 5));
    assert_null(model_hart_complaint(&model));
}

static void a_missing_register_may_be_silent(void **state)
{
    (void)state;
    struct model_config config = model_config_all();
    config.extensions &= ~MODEL_EXTENSION(SSTC);
    config.missing_is_silent = true;
    struct model_hart model;
    model_hart_init_with(&model, &config);
    write_csr(&model, HVRV_CSR_VSTIMECMP, 5);
    assert_csr(&model, HVRV_CSR_VSTIMECMP, 0);
    model_hart_check(&model);
}

static void an_unlisted_register_fails_even_where_traps_are_expected(void **state)
{
    (void)state;
    struct model_hart model;
    uint64_t value;
    model_hart_init(&model);
    model.traps_expected = true;
    assert_false(model_csr_read(&model, 0x7b0, &value));
    assert_string_equal(model_hart_complaint(&model),
                        "a register that HVRV_CSR_LIST does not have: 0x7b0");
}

static void accesses_are_logged_in_order(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    struct model_access swap = {MODEL_SWAP, HVRV_CSR_SSCRATCH, 7, 0};
    struct model_access set = {MODEL_SET, HVRV_CSR_SSCRATCH, 8, 0};
    struct model_access clear = {MODEL_CLEAR, HVRV_CSR_SSCRATCH, 1, 0};
    write_csr(&model, HVRV_CSR_SSCRATCH, 3);
    assert_true(model_csr_access(&model, &swap));
    assert_int_equal(swap.b, 3);
    assert_true(model_csr_access(&model, &set));
    assert_int_equal(set.b, 7);
    assert_true(model_csr_access(&model, &clear));
    assert_csr(&model, HVRV_CSR_SSCRATCH, 14);
    assert_true(model_fence(&model, (struct model_access){MODEL_HFENCE_GVMA, 3, 0x5000, 9}));
    assert_true(MODEL_LOG_IS(&model, {MODEL_WRITE, 0x140, 3, 0}, {MODEL_SWAP, 0x140, 7, 0},
                             {MODEL_SET, 0x140, 8, 0}, {MODEL_CLEAR, 0x140, 1, 0},
                             {MODEL_READ, 0x140, 0, 0}, {MODEL_HFENCE_GVMA, 3, 0x5000, 9}));
    assert_int_equal(model.log_length, 0);
    model_hart_check(&model);
}

static void a_log_that_differs_is_not_equal(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    write_csr(&model, HVRV_CSR_SSCRATCH, 3);
    assert_false(MODEL_LOG_IS(&model, {MODEL_WRITE, 0x140, 4, 0}));
    write_csr(&model, HVRV_CSR_SSCRATCH, 3);
    assert_false(MODEL_LOG_IS(&model, {MODEL_WRITE, 0x140, 3, 0}, {MODEL_READ, 0x140, 0, 0}));
    write_csr(&model, HVRV_CSR_SSCRATCH, 3);
    assert_false(model_log_is(&model, NULL, 0));
    assert_true(model_fence(&model, (struct model_access){MODEL_SFENCE_VMA, 0, 0, 0}));
    assert_false(MODEL_LOG_IS(&model, {MODEL_WRITE, 0x140, 3, 0}));
}

static void a_log_that_overflows_fails_the_test(void **state)
{
    (void)state;
    struct model_hart model;
    model_hart_init(&model);
    for (size_t i = 0; i < MODEL_LOG_SIZE; i++)
        read_csr(&model, HVRV_CSR_SSCRATCH);
    assert_null(model_hart_complaint(&model));
    read_csr(&model, HVRV_CSR_SSCRATCH);
    assert_string_equal(model_hart_complaint(&model), "the log overflowed");
    model_log_clear(&model);
    assert_non_null(model_hart_complaint(&model));
}

static void a_trap_writes_what_hardware_writes_and_sret_returns(void **state)
{
    (void)state;
    struct model_hart model;
    uint64_t pc;
    model_hart_init(&model);
    model_poke(&model, HVRV_CSR_SSTATUS, 0x2);
    model.v = true;
    model.pc = 0x80000124;
    model_hart_trap(
        &model,
        (struct hvrv_hart_trap){
            .cause = 21, .stval = 0x40001234, .htval = 0x2048d, .htinst = 0x3000, .gva = true});
    assert_false(model.v);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x201000120); /* SPP, SPIE, SDT; SIE is 0 */
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x2000001c0); /* GVA, SPV, SPVP */
    assert_csr(&model, HVRV_CSR_SEPC, 0x80000124);
    assert_csr(&model, HVRV_CSR_SCAUSE, 21);
    assert_csr(&model, HVRV_CSR_STVAL, 0x40001234);
    assert_csr(&model, HVRV_CSR_HTVAL, 0x2048d);
    assert_csr(&model, HVRV_CSR_HTINST, 0x3000);

    write_csr(&model, HVRV_CSR_SEPC, 0x80000128);
    assert_true(model_hart_sret(&model, &pc));
    assert_int_equal(pc, 0x80000128);
    assert_true(model.v);
    assert_int_equal(model.mode, MODEL_S);
    assert_int_equal(model_peek(&model, HVRV_CSR_HSTATUS), 0x200000140); /* SPV is 0 again */
    assert_int_equal(model_peek(&model, HVRV_CSR_SSTATUS), 0x200000022);

    model.mode = MODEL_U;
    model_hart_trap(&model, (struct hvrv_hart_trap){.cause = 8});
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x200000080); /* from VU-mode: SPVP is 0 */
    model.mode = MODEL_U;
    model_hart_trap(&model, (struct hvrv_hart_trap){.cause = 8});
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x200000000);
    assert_true(model_hart_sret(&model, &pc));
    assert_int_equal(model.mode, MODEL_U);
    assert_false(model.v);
    model_hart_check(&model);
}

static void sret_traps_where_it_must(void **state)
{
    (void)state;
    struct model_hart model;
    uint64_t pc = 1;
    model_hart_init(&model);
    model.traps_expected = true;
    model.mode = MODEL_U;
    assert_false(model_hart_sret(&model, &pc));
    assert_int_equal(pc, 0);
    assert_int_equal(model.trap.cause, 2);
    model.mode = MODEL_U;
    model.v = true;
    assert_false(model_hart_sret(&model, &pc));
    assert_int_equal(model.trap.cause, 22);
    model_poke(&model, HVRV_CSR_HSTATUS, 1 << 22);
    model.v = true;
    assert_false(model_hart_sret(&model, &pc));
    assert_int_equal(model.trap.cause, 22);
    model_poke(&model, HVRV_CSR_HSTATUS, 0);
    model_poke(&model, HVRV_CSR_VSEPC, 0x1000);
    model_poke(&model, HVRV_CSR_VSSTATUS, 0x100);
    model.v = true;
    assert_true(model_hart_sret(&model, &pc));
    assert_int_equal(pc, 0x1000);
    assert_true(model.v);
    model.v = false;
    model_poke(&model, HVRV_CSR_MSTATUS, 1 << 22);
    assert_false(model_hart_sret(&model, &pc));
    assert_int_equal(model.trap.cause, 2);
}

static bool memory(void *context, const struct model_access *access, uint64_t *value,
                   struct hvrv_hart_trap *trap)
{
    uint64_t *cell = context;
    if (access->a != 0x5000) {
        *value = 99;
        *trap = (struct hvrv_hart_trap){21, access->a, access->a >> 2, 0, true};
        return false;
    }
    if (access->kind == MODEL_HSV)
        *cell = access->b;
    *value = *cell;
    return true;
}

static void guest_accesses_go_to_the_tests_memory(void **state)
{
    (void)state;
    struct model_hart model;
    uint64_t cell = 5;
    uint64_t value;
    model_hart_init(&model);
    model.guest_access = memory;
    model.guest_context = &cell;
    assert_true(model_guest(&model, (struct model_access){MODEL_HLV, 8, 0x5000, 0}, &value));
    assert_int_equal(value, 5);
    assert_true(model_guest(&model, (struct model_access){MODEL_HSV, 8, 0x5000, 6}, &value));
    assert_int_equal(cell, 6);
    assert_true(MODEL_LOG_IS(&model, {MODEL_HLV, 8, 0x5000, 0}, {MODEL_HSV, 8, 0x5000, 6}));

    assert_false(model_guest(&model, (struct model_access){MODEL_HLVX, 4, 0x6000, 0}, &value));
    assert_int_equal(value, 0);
    assert_csr(&model, HVRV_CSR_SCAUSE, 21);
    assert_csr(&model, HVRV_CSR_HTVAL, 0x1800);
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x200000040); /* GVA without SPV */
    model_hart_check(&model);

    model.mode = MODEL_U;
    assert_refused(&model, (struct model_access){MODEL_HLV, 1, 0x5000, 0}, 2);
    model_poke(&model, HVRV_CSR_HSTATUS, 0x200);
    assert_true(model_guest(&model, (struct model_access){MODEL_HLV, 1, 0x5000, 0}, &value));
    model.v = true;
    assert_refused(&model, (struct model_access){MODEL_HLV, 1, 0x5000, 0}, 22);
    model_hart_check(&model);
}

static void the_library_reaches_the_model_through_its_accessors(void **state)
{
    (void)state;
    struct model_hart model;
    struct hvrv_hart *hart = &model.hart;
#if defined(__riscv)
    if (!model_hart_attach)
        skip(); /* nobody carries out the instructions */
#endif
    model_hart_init(&model);
    hvrv_hart_write_hstatus(hart, 0x80);
    assert_true(hvrv_hart_read_hstatus(hart) == 0x200000080);
    assert_true(hvrv_hart_swap_sscratch(hart, 5) == 0);
    hvrv_hart_set_sscratch(hart, 8);
    hvrv_hart_clear_sscratch(hart, 1);
    assert_int_equal(hvrv_hart_read_sscratch(hart), 12);
    hvrv_hart_hfence_gvma(hart, hvrv_gpa_make(0x80001000), 3);
    hvrv_hart_hfence_gvma_all(hart);
    hvrv_hart_hfence_vvma_gva(hart, hvrv_gva_make(0x4000));
    hvrv_hart_sfence_w_inval(hart);
    hvrv_hart_hinval_vvma(hart, hvrv_gva_make(0x5000), 6);
    hvrv_hart_sfence_inval_ir(hart);
    assert_true(MODEL_LOG_IS(&model, {MODEL_WRITE, 0x600, 0x80, 0}, {MODEL_READ, 0x600, 0, 0},
                             {MODEL_SWAP, 0x140, 5, 0}, {MODEL_SET, 0x140, 8, 0},
                             {MODEL_CLEAR, 0x140, 1, 0}, {MODEL_READ, 0x140, 0, 0},
                             {MODEL_HFENCE_GVMA, 3, 0x80001000, 3}, {MODEL_HFENCE_GVMA, 0, 0, 0},
                             {MODEL_HFENCE_VVMA, 1, 0x4000, 0}, {MODEL_SFENCE_W_INVAL, 0, 0, 0},
                             {MODEL_HINVAL_VVMA, 3, 0x5000, 6}, {MODEL_SFENCE_INVAL_IR, 0, 0, 0}));
    model_hart_check(&model);
}

static void loads_are_extended_and_stores_cut(void **state)
{
    (void)state;
    static const struct {
        enum hvrv_hart_access access;
        uint64_t loaded;
    } rows[] = {
        {HVRV_HART_HLV_B, 0xfffffffffffffff8}, {HVRV_HART_HLV_BU, 0xf8},
        {HVRV_HART_HLV_H, 0xfffffffffffff7f8}, {HVRV_HART_HLV_HU, 0xf7f8},
        {HVRV_HART_HLVX_HU, 0xf7f8},           {HVRV_HART_HLV_W, 0xfffffffff5f6f7f8},
        {HVRV_HART_HLV_WU, 0xf5f6f7f8},        {HVRV_HART_HLVX_WU, 0xf5f6f7f8},
        {HVRV_HART_HLV_D, 0xf1f2f3f4f5f6f7f8},
    };
    struct model_hart model;
    uint64_t cell = 0xf1f2f3f4f5f6f7f8;
    model_hart_init(&model);
    model.guest_access = memory;
    model.guest_context = &cell;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t value = 0;
        assert_true(model_access_memory(&model, rows[i].access, hvrv_gva_make(0x5000), &value));
        assert_true(value == rows[i].loaded);
    }
    uint64_t stored = 0x1112131415161718;
    assert_true(model_access_memory(&model, HVRV_HART_HSV_H, hvrv_gva_make(0x5000), &stored));
    assert_int_equal(cell, 0x1718);
    assert_true(stored == 0x1112131415161718);
    model_hart_check(&model);
}

static void a_trap_through_the_ops_is_a_result(void **state)
{
    (void)state;
    struct model_hart model;
    uint64_t value = 0;
    struct hvrv_hart_transfer transfer = {.value = 7};
    struct hvrv_hart_fence fence = {HVRV_HART_HFENCE_GVMA, false, false, 0, 0};
    model_hart_init(&model);
    model.guest_access = memory;
    model_poke(&model, HVRV_CSR_SSTATUS, 2);
    assert_false(
        model_hart_ops.access(&model.hart, HVRV_HART_HLV_D, hvrv_gva_make(0x6000), &transfer));
    assert_int_equal(transfer.value, 7);
    assert_int_equal(transfer.trap.cause, 21);
    assert_int_equal(transfer.trap.htval, 0x1800);
    assert_true(transfer.trap.gva);
    assert_csr(&model, HVRV_CSR_SCAUSE, 21);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x200000002);
    assert_csr(&model, HVRV_CSR_HSTATUS, 0x200000000);
    model_hart_check(&model);

    model.traps_expected = true;
    assert_false(model_hart_ops.csr(&model.hart, HVRV_HART_CSR_READ, HVRV_CSR_MSTATUS, &value));
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x200000002);
    model_poke(&model, HVRV_CSR_MSTATUS, 1 << 20);
    model_hart_ops.fence(&model.hart, &fence);
    assert_int_equal(model.traps, 3);
    assert_csr(&model, HVRV_CSR_SSTATUS, 0x200000000);
}

static void a_guest_access_without_memory_fails_the_test(void **state)
{
    (void)state;
    struct model_hart model;
    uint64_t value;
    model_hart_init(&model);
    assert_false(model_guest(&model, (struct model_access){MODEL_HSV, 8, 0x5000, 6}, &value));
    assert_csr(&model, HVRV_CSR_SCAUSE, 7);
    assert_non_null(model_hart_complaint(&model));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_as_firmware_hands_over),
        cmocka_unit_test(a_write_of_ones_keeps_what_the_manual_lets_change),
        cmocka_unit_test(satp_ignores_a_write_with_an_unsupported_mode),
        cmocka_unit_test(vsatp_keeps_its_mode_or_ignores_the_write),
        cmocka_unit_test(hgatp_is_warl_field_by_field),
        cmocka_unit_test(reserved_field_values_keep_the_old_ones),
        cmocka_unit_test(sd_sums_up_and_fs_needs_its_extension),
        cmocka_unit_test(sdt_needs_dte_and_clears_sie),
        cmocka_unit_test(henvcfg_reads_zero_where_menvcfg_is),
        cmocka_unit_test(the_guest_sees_delegated_interrupts_moved_down),
        cmocka_unit_test(lcofi_is_shared_when_it_is_delegated),
        cmocka_unit_test(guest_external_interrupts_follow_vgein_and_hgeie),
        cmocka_unit_test(vstimecmp_raises_vstip_only_under_stce),
        cmocka_unit_test(counters_need_every_level_above),
        cmocka_unit_test(tvm_takes_hgatp_and_its_fence_from_hs_mode),
        cmocka_unit_test(fences_trap_where_they_must),
        cmocka_unit_test(state_enables_gate_what_they_name),
        cmocka_unit_test(machine_registers_are_not_for_hs_mode),
        cmocka_unit_test(with_v_set_the_vs_registers_stand_in),
        cmocka_unit_test(fcsr_is_off_with_either_fs),
        cmocka_unit_test(machine_interrupt_bits_stand_in_the_windows),
        cmocka_unit_test(locked_pmp_entries_stay),
        cmocka_unit_test(pmp_has_a_grain_and_so_many_entries),
        cmocka_unit_test(with_mml_m_mode_gets_nothing_new_to_execute),
        cmocka_unit_test(a_missing_register_traps_and_fails_the_test),
        cmocka_unit_test(a_missing_register_may_be_silent),
        cmocka_unit_test(an_unlisted_register_fails_even_where_traps_are_expected),
        cmocka_unit_test(accesses_are_logged_in_order),
        cmocka_unit_test(a_log_that_differs_is_not_equal),
        cmocka_unit_test(a_log_that_overflows_fails_the_test),
        cmocka_unit_test(a_trap_writes_what_hardware_writes_and_sret_returns),
        cmocka_unit_test(sret_traps_where_it_must),
        cmocka_unit_test(guest_accesses_go_to_the_tests_memory),
        cmocka_unit_test(the_library_reaches_the_model_through_its_accessors),
        cmocka_unit_test(loads_are_extended_and_stores_cut),
        cmocka_unit_test(a_trap_through_the_ops_is_a_result),
        cmocka_unit_test(a_guest_access_without_memory_fails_the_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
