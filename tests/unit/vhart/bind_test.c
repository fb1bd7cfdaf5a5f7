/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/trap.h>

#include <model/hart.h>

/* Sv39x4, VMID 5, root 0x80200000; and the same with VMID 6. */
#define HGATP_5 UINT64_C(0x8000500000080200)
#define HGATP_6 UINT64_C(0x8000600000080300)

/* Registers by the manual's numbers. */
#define SSTATUS    0x100
#define STVEC      0x105
#define SCOUNTEREN 0x106
#define SENVCFG    0x10a
#define SSTATEEN0  0x10c
#define SSCRATCH   0x140
#define VSSTATUS   0x200
#define VSIE       0x204
#define VSTVEC     0x205
#define VSSCRATCH  0x240
#define VSEPC      0x241
#define VSCAUSE    0x242
#define VSTVAL     0x243
#define VSTIMECMP  0x24d
#define VSATP      0x280
#define HSTATUS    0x600
#define HEDELEG    0x602
#define HIDELEG    0x603
#define HTIMEDELTA 0x605
#define HCOUNTEREN 0x606
#define HENVCFG    0x60a
#define HSTATEEN0  0x60c
#define HVIP       0x645
#define HGATP      0x680

#define FENCE_GVMA(vmid)                          \
    {                                             \
        MODEL_HFENCE_GVMA, MODEL_BY_ID, 0, (vmid) \
    }
#define FENCE_VVMA                                \
    {                                             \
        MODEL_HFENCE_VVMA, MODEL_BY_NOTHING, 0, 0 \
    }
#define HARTS 2

/* Two harts, two VMs; the first VM has two vHarts. */
static struct world {
    struct model_hart model[HARTS];
    struct hvrv_probe probe;
    struct hvrv_bind bind[HARTS];
    struct hvrv_vm_slot slots[2][HARTS];
    struct hvrv_vm vm[2];
    struct hvrv_vhart a, b, other;
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
    assert_int_equal(hvrv_vm_init(&w.vm[0], HGATP_5, w.slots[0], HARTS), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm[1], HGATP_6, w.slots[1], HARTS), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.a, &w.vm[0]), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.b, &w.vm[0]), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.other, &w.vm[1]), HVRV_OK);
    /* FS Off: what a copy of the floating-point registers does to sstatus is no part of the log */
    w.a.sstatus = w.b.sstatus = w.other.sstatus = 0x200000100;
    return 0;
}

/* What follows happens on this hart. */
static void stand_on(unsigned hart)
{
    if (model_hart_attach)
        model_hart_attach(&w.model[hart]);
}

static void load(unsigned hart, struct hvrv_vhart *vhart)
{
    stand_on(hart);
    assert_int_equal(hvrv_bind_load(&w.bind[hart], vhart), HVRV_OK);
}

static void put(unsigned hart)
{
    stand_on(hart);
    assert_int_equal(hvrv_bind_put(&w.bind[hart]), HVRV_OK);
}

/* A turn on a hart, so that the vHart has been there. */
static void visit(unsigned hart, struct hvrv_vhart *vhart)
{
    load(hart, vhart);
    put(hart);
}

static void fill(struct hvrv_vhart *vhart)
{
    vhart->csr.vsstatus = 0x200040100; /* SUM, SPP */
    vhart->csr.vsie = 0x222;
    vhart->csr.vstvec = 0xffffffff80000000;
    vhart->csr.vsscratch = 0x1111;
    vhart->csr.vsepc = 0xffffffff80000100;
    vhart->csr.vscause = 0x8000000000000005;
    vhart->csr.vstval = 0x2222;
    vhart->csr.vsatp = 0x8000100000080400;
    vhart->csr.hvip = 0x4;
    vhart->csr.hcounteren = 0x5;
    vhart->csr.scounteren = 0x3;
    vhart->csr.senvcfg = 0x1;
    vhart->csr.sstateen0 = 0x2;
    vhart->csr.htimedelta = 0xfffffffffffff000;
    vhart->csr.vstimecmp = 0x123456;
}

/*
 * norm:hfence-vvma_mode, norm:htimedelta_sz_acc_op, norm:hvip_sz_op, norm:vsatp_sz_acc_op,
 * norm:H_scsrs_nomatch
 */
static void load_follows_the_order_of_the_manual(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    fill(&w.a);
    load(0, &w.a);
    assert_true(MODEL_LOG_IS(
        model, {MODEL_WRITE, VSATP, 0, 0}, {MODEL_WRITE, HGATP, HGATP_5, 0}, FENCE_GVMA(5),
        FENCE_VVMA, {MODEL_WRITE, HSTATEEN0, 0xc000000000000000, 0},
        {MODEL_WRITE, HENVCFG, 0x80000000000000d0, 0}, {MODEL_WRITE, HCOUNTEREN, 0x5, 0},
        {MODEL_WRITE, HEDELEG, 0x4b15d, 0}, {MODEL_WRITE, HIDELEG, 0x444, 0},
        {MODEL_READ, HEDELEG, 0, 0}, {MODEL_READ, HIDELEG, 0, 0},
        {MODEL_WRITE, VSSTATUS, 0x200040100, 0}, {MODEL_WRITE, VSTVEC, 0xffffffff80000000, 0},
        {MODEL_WRITE, VSSCRATCH, 0x1111, 0}, {MODEL_WRITE, VSEPC, 0xffffffff80000100, 0},
        {MODEL_WRITE, VSCAUSE, 0x8000000000000005, 0}, {MODEL_WRITE, VSTVAL, 0x2222, 0},
        {MODEL_WRITE, HTIMEDELTA, 0xfffffffffffff000, 0}, {MODEL_WRITE, VSTIMECMP, 0x123456, 0},
        {MODEL_WRITE, HVIP, 0x4, 0}, {MODEL_WRITE, VSIE, 0x222, 0},
        {MODEL_SWAP, SCOUNTEREN, 0x3, 0}, {MODEL_SWAP, SENVCFG, 0x1, 0},
        {MODEL_SWAP, SSTATEEN0, 0x2, 0}, {MODEL_SWAP, HSTATUS, 0x200000180, 0},
        {MODEL_READ, SSTATUS, 0, 0}, {MODEL_READ, STVEC, 0, 0}, {MODEL_READ, SSCRATCH, 0, 0},
        {MODEL_WRITE, VSATP, 0x8000100000080400, 0}));
    model_hart_check(model);
}

/*
 * norm:hedeleg_acc, norm:hideleg_acc, norm:hedeleg_op, norm:hideleg_op: the defaults are
 * misaligned addresses, illegal instruction, breakpoint, ECALL from VU-mode, page faults, software
 * check; and VSSI, VSTI, VSEI.
 */
static void the_default_delegation_is_kept_by_a_hart_that_has_it_all(void **state)
{
    (void)state;
    assert_int_equal(w.bind[0].kept.hedeleg, 0);
    assert_int_equal(w.bind[0].kept.hideleg, 0);
    load(0, &w.a);
    assert_int_equal(w.bind[0].kept.hedeleg, 0x4b15d);
    assert_int_equal(w.bind[0].kept.hideleg, 0x444);
}

/*
 * norm:hedeleg_acc, norm:hideleg_acc: ECALLs of VS-mode and above, the double trap and guest-page
 * faults cannot be delegated, nor S-level interrupts.
 */
static void load_reads_back_what_the_hart_keeps_of_the_delegation(void **state)
{
    struct model_config config = model_config_all();

    (void)state;
    config.shlcofideleg = false;
    model_hart_init_with(&w.model[0], &config);
    w.a.csr.hedeleg = UINT64_MAX;
    w.a.csr.hideleg = UINT64_MAX;
    load(0, &w.a);
    assert_int_equal(w.bind[0].kept.hedeleg, 0xcb1ff);
    assert_int_equal(w.bind[0].kept.hideleg, 0x444);
    put(0);
    assert_int_equal(w.a.csr.hedeleg, UINT64_MAX); /* what was asked for is as it was */
    assert_int_equal(w.a.csr.hideleg, UINT64_MAX);
    load(1, &w.a);
    assert_int_equal(w.bind[1].kept.hideleg, 0x2444); /* this hart can delegate LCOFI */
}

/* norm:H_scsrs_nomatch */
static void put_follows_the_order_of_the_manual(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    model_poke(model, HVRV_CSR_SCOUNTEREN, 0x7);
    model_poke(model, HVRV_CSR_SENVCFG, 0x80);
    model_poke(model, HVRV_CSR_SSTATEEN0, 0x4);
    fill(&w.a);
    load(0, &w.a);
    model_log_clear(model);
    put(0);
    assert_true(MODEL_LOG_IS(
        model, {MODEL_SWAP, VSATP, 0, 0}, {MODEL_WRITE, HGATP, 0, 0}, {MODEL_SWAP, VSIE, 0, 0},
        {MODEL_SWAP, HVIP, 0, 0}, {MODEL_SWAP, VSTIMECMP, UINT64_MAX, 0},
        {MODEL_WRITE, HIDELEG, 0, 0}, {MODEL_WRITE, HEDELEG, 0, 0}, {MODEL_READ, VSSTATUS, 0, 0},
        {MODEL_READ, VSTVEC, 0, 0}, {MODEL_READ, VSSCRATCH, 0, 0}, {MODEL_READ, VSEPC, 0, 0},
        {MODEL_READ, VSCAUSE, 0, 0}, {MODEL_READ, VSTVAL, 0, 0}, {MODEL_SWAP, SCOUNTEREN, 0x7, 0},
        {MODEL_SWAP, SENVCFG, 0x80, 0}, {MODEL_SWAP, SSTATEEN0, 0x4, 0},
        {MODEL_WRITE, HSTATUS, 0x200000000, 0}));
    model_hart_check(model);
}

static void a_hart_without_an_extension_is_not_asked_for_it(void **state)
{
    struct model_config config = model_config_all();
    struct model_hart *model = &w.model[0];

    (void)state;
    config.extensions &= ~(MODEL_EXTENSION(SSTC) | MODEL_EXTENSION(SSSTATEEN) |
                           MODEL_EXTENSION(SMSTATEEN) | MODEL_EXTENSION(F));
    model_hart_init_with(model, &config);
    w.probe.sstc = false;
    w.probe.ssstateen = false;
    w.probe.fp = false;
    w.a.sstatus |= 0x2000; /* FS Initial */
    visit(0, &w.a);
    model_hart_check(model);
    assert_int_equal(w.a.sstatus, 0x200000100);
}

static void a_hart_of_an_older_manual_has_no_envcfg(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    w.probe.henvcfg = false;
    w.probe.senvcfg = false;
    visit(0, &w.a);
    for (size_t i = 0; i < model->log_length; i++) {
        assert_int_not_equal(model->log[i].what, HENVCFG);
        assert_int_not_equal(model->log[i].what, SENVCFG);
    }
}

/*
 * norm:sstc_vs_facility, norm:vsstatus_sz_acc_op, norm:vsip_vsie_sz_acc_op, norm:vstvec_sz_acc_op,
 * norm:vsscratch_sz_acc_op, norm:vspec_sz_acc_op, norm:vscause_sz_acc_op, norm:vstval_sz_acc_op,
 * norm:vstimecmp_sz, norm:H_scsrs_nomatch
 */
static void what_the_guest_did_to_its_registers_comes_back_with_put(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    fill(&w.a);
    load(0, &w.a);
    model_poke(model, HVRV_CSR_VSSTATUS, 0x200000002);
    model_poke(model, HVRV_CSR_VSIE, 0x20);
    model_poke(model, HVRV_CSR_VSTVEC, 0x1000);
    model_poke(model, HVRV_CSR_VSSCRATCH, 1);
    model_poke(model, HVRV_CSR_VSEPC, 0x2000);
    model_poke(model, HVRV_CSR_VSCAUSE, 3);
    model_poke(model, HVRV_CSR_VSTVAL, 4);
    model_poke(model, HVRV_CSR_VSATP, 0x8000200000080500);
    model_poke(model, HVRV_CSR_HVIP, 0x440);
    model_poke(model, HVRV_CSR_VSTIMECMP, 77);
    model_poke(model, HVRV_CSR_SCOUNTEREN, 0x1);
    model_poke(model, HVRV_CSR_SENVCFG, 0x40);
    model_poke(model, HVRV_CSR_SSTATEEN0, 0x1);
    put(0);
    assert_int_equal(w.a.csr.vsstatus, 0x200000002);
    assert_int_equal(w.a.csr.vsie, 0x20);
    assert_int_equal(w.a.csr.vstvec, 0x1000);
    assert_int_equal(w.a.csr.vsscratch, 1);
    assert_int_equal(w.a.csr.vsepc, 0x2000);
    assert_int_equal(w.a.csr.vscause, 3);
    assert_int_equal(w.a.csr.vstval, 4);
    assert_int_equal(w.a.csr.vsatp, 0x8000200000080500);
    assert_int_equal(w.a.csr.hvip, 0x440);
    assert_int_equal(w.a.csr.vstimecmp, 77);
    assert_int_equal(w.a.csr.scounteren, 0x1);
    assert_int_equal(w.a.csr.senvcfg, 0x40);
    assert_int_equal(w.a.csr.sstateen0, 0x1);
    /* what only the hypervisor writes is as it was */
    assert_int_equal(w.a.csr.hideleg, 0x444);
    assert_int_equal(w.a.csr.hedeleg, 0x4b15d);
    assert_int_equal(w.a.csr.htimedelta, 0xfffffffffffff000);
    assert_int_equal(w.a.csr.hcounteren, 0x5);
}

static void nothing_of_the_guest_acts_after_put(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    fill(&w.a);
    visit(0, &w.a);
    assert_int_equal(model_peek(model, HVRV_CSR_VSATP), 0);
    assert_int_equal(model_peek(model, HVRV_CSR_HGATP), 0);
    assert_int_equal(model_peek(model, HVRV_CSR_HIE), 0);
    assert_int_equal(model_peek(model, HVRV_CSR_HVIP), 0);
    assert_int_equal(model_peek(model, HVRV_CSR_HIDELEG), 0);
    assert_int_equal(model_peek(model, HVRV_CSR_HEDELEG), 0);
    assert_int_equal(model_peek(model, HVRV_CSR_VSTIMECMP), UINT64_MAX);
    assert_int_equal(model_peek(model, HVRV_CSR_HSTATUS), 0x200000000);
}

/* norm:sstc_vs_facility, norm:hip_vstip_clear */
static void no_timer_of_the_guest_rings_after_put(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    model_force(model, HVRV_CSR_TIME, 0x123456);
    w.a.csr.vstimecmp = 0x123456;
    load(0, &w.a);
    assert_int_equal(model_peek(model, HVRV_CSR_HIP), 0x40); /* VSTIP */
    put(0);
    assert_int_equal(model_peek(model, HVRV_CSR_HIP), 0);
    assert_int_equal(w.a.csr.vstimecmp, 0x123456);
}

/*
 * norm:henvcfg_dte_op, norm:vsstatus_sdt_op, norm:vsstatus_spelp_op: SDT is zero while DTE is, so
 * henvcfg comes first, and put reads vsstatus while henvcfg is still the guest's.
 */
static void double_traps_and_landing_pads_survive_load_and_put(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    w.a.csr.henvcfg = 0x0800000000000004;  /* DTE, LPE */
    w.a.csr.vsstatus = 0x0000000201800100; /* SDT, SPELP, SPP */
    load(0, &w.a);
    assert_int_equal(model_peek(model, HVRV_CSR_VSSTATUS), 0x0000000201800100);
    put(0);
    assert_int_equal(w.a.csr.vsstatus, 0x0000000201800100);
    visit(0, &w.other); /* its DTE is 0 */
    load(0, &w.a);
    assert_int_equal(model_peek(model, HVRV_CSR_VSSTATUS), 0x0000000201800100);
}

/* norm:sstatus_sie, norm:sscratch */
static void an_exit_gives_the_host_back_what_it_had_at_load(void **state)
{
    struct model_hart *model = &w.model[0];

    (void)state;
    model_poke(model, HVRV_CSR_SSTATUS, 0x200040002); /* SUM, SIE */
    model_poke(model, HVRV_CSR_STVEC, 0xffffffff80001000);
    model_poke(model, HVRV_CSR_SSCRATCH, 0x77);
    load(0, &w.a);
    assert_int_equal(w.a.host.sstatus, 0x200040000); /* SIE off, until the trap CSRs are read */
    assert_int_equal(w.a.host.stvec, 0xffffffff80001000);
    assert_int_equal(w.a.host.sscratch, 0x77);
}

/* norm:hstatus_spvp_op, norm:hlsv_priv */
static void spvp_repeats_the_guests_mode(void **state)
{
    (void)state;
    load(0, &w.a);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HSTATUS), 0x200000180);
    put(0);
    w.a.sstatus &= ~UINT64_C(0x100); /* it stopped in VU-mode */
    load(0, &w.a);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HSTATUS), 0x200000080);
}

/* Counts the fences of one load. */
static void assert_fences(unsigned hart, struct hvrv_vhart *vhart, size_t gvma, size_t vvma)
{
    struct model_hart *model = &w.model[hart];
    size_t gvma_seen = 0, vvma_seen = 0;

    model_log_clear(model);
    load(hart, vhart);
    for (size_t i = 0; i < model->log_length; i++) {
        gvma_seen += model->log[i].kind == MODEL_HFENCE_GVMA;
        vvma_seen += model->log[i].kind == MODEL_HFENCE_VVMA;
    }
    assert_int_equal(gvma_seen, gvma);
    assert_int_equal(vvma_seen, vvma);
    put(hart);
}

static void a_vhart_that_comes_back_to_its_hart_is_not_fenced(void **state)
{
    (void)state;
    assert_fences(0, &w.a, 1, 1);
    assert_fences(0, &w.a, 0, 0);
    assert_fences(0, &w.a, 0, 0);
}

/* norm:asid_hart_private, norm:hgatp_op_hfence_gvma, norm:sfence_vma_v1 */
static void a_vhart_that_moved_is_fenced_in_both_stages(void **state)
{
    (void)state;
    visit(0, &w.a);
    assert_fences(1, &w.a, 1, 1);
    assert_fences(0, &w.a, 1, 1);
}

/* norm:asid_hart_private, norm:sfence_vma_v1 */
static void a_vhart_that_follows_another_of_its_vm_is_fenced_in_the_vs_stage(void **state)
{
    (void)state;
    visit(0, &w.a);
    visit(0, &w.b);
    assert_fences(0, &w.a, 0, 1);
    assert_fences(0, &w.b, 0, 1);
    assert_fences(0, &w.b, 0, 0);
}

static void another_vm_with_its_own_vmid_costs_no_fence(void **state)
{
    (void)state;
    visit(0, &w.a);
    visit(0, &w.other);
    assert_fences(0, &w.a, 0, 0);
    assert_fences(0, &w.other, 0, 0);
}

/* norm:hgatp_op_hfence_gvma */
static void vms_that_share_a_vmid_are_fenced_at_every_change(void **state)
{
    (void)state;
    /* VMIDLEN = 0: both are VMID 0 */
    assert_int_equal(hvrv_vm_init(&w.vm[0], 0x8000000000080200, w.slots[0], HARTS), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm[1], 0x8000000000080300, w.slots[1], HARTS), HVRV_OK);
    visit(0, &w.a);
    visit(0, &w.other);
    assert_fences(0, &w.a, 1, 1);
    assert_fences(0, &w.other, 1, 1);
}

/*
 * norm:hfence-gvma_mode: put leaves Bare with VMID 0 in hgatp, so for VMID 0 the mode changes
 * with every load, and what the hart cached under Bare must go.
 */
static void a_vm_of_vmid_0_is_fenced_in_the_g_stage_at_every_load(void **state)
{
    static const struct {
        uint64_t hgatp;
        size_t gvma;
    } rows[] = {{0x8000000000080200, 1},
                {0x9000000000080200, 1},
                {0xa000000000080200, 1},
                {0, 0}, /* Bare stays Bare */
                {HGATP_5, 0}};
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(hvrv_vm_init(&w.vm[0], rows[i].hgatp, w.slots[0], HARTS), HVRV_OK);
        visit(0, &w.a);
        assert_fences(0, &w.a, rows[i].gvma, 0);
        assert_fences(0, &w.a, rows[i].gvma, 0);
    }
}

/* norm:hfence-gvma_mode: also if another VM was loaded meanwhile. */
static void a_vm_that_was_made_anew_is_fenced_in_both_stages(void **state)
{
    (void)state;
    visit(0, &w.a);
    visit(0, &w.other);
    assert_int_equal(hvrv_vm_init(&w.vm[0], 0x9000500000080200, w.slots[0], HARTS), HVRV_OK);
    assert_fences(0, &w.a, 1, 1);
    assert_fences(0, &w.a, 0, 0);
}

static bool has_fence(unsigned hart, enum model_kind kind, uint64_t id)
{
    for (size_t i = 0; i < w.model[hart].log_length; i++) {
        const struct model_access *done = &w.model[hart].log[i];
        if (done->kind == kind && done->b == id)
            return true;
    }
    return false;
}

static void a_vm_with_another_vmid_is_fenced_in_both_stages_on_every_hart(void **state)
{
    (void)state;
    visit(0, &w.a);
    visit(1, &w.a);
    visit(0, &w.a);
    assert_int_equal(hvrv_vm_set_vmid(&w.vm[0], 9), HVRV_OK);
    assert_int_equal(w.vm[0].hgatp, (HGATP_5 & ~(UINT64_C(0x3fff) << 44)) | UINT64_C(9) << 44);
    stand_on(0);
    model_log_clear(&w.model[0]);
    load(0, &w.a);
    put(0);
    assert_true(has_fence(0, MODEL_HFENCE_GVMA, 9));
    assert_true(has_fence(0, MODEL_HFENCE_VVMA, 0));
    model_log_clear(&w.model[1]);
    load(1, &w.b);
    put(1);
    assert_true(has_fence(1, MODEL_HFENCE_GVMA, 9));
    assert_true(has_fence(1, MODEL_HFENCE_VVMA, 0));
}

/* Another VM may have had it in the generation in between. */
static void a_vmid_that_a_vm_gets_again_is_fenced_as_another(void **state)
{
    (void)state;
    visit(0, &w.a);
    assert_int_equal(hvrv_vm_set_vmid(&w.vm[0], 5), HVRV_OK);
    model_log_clear(&w.model[0]);
    load(0, &w.a);
    put(0);
    assert_true(has_fence(0, MODEL_HFENCE_GVMA, 5));
    assert_true(has_fence(0, MODEL_HFENCE_VVMA, 0));
}

static void a_vmid_that_cannot_be_changes_nothing(void **state)
{
    struct hvrv_vm_slot slot;
    struct hvrv_vm bare;
    struct hvrv_vm none = {0};

    (void)state;
    visit(0, &w.a);
    assert_int_equal(hvrv_vm_set_vmid(NULL, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vm_set_vmid(&none, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vm_set_vmid(&w.vm[0], 0x4000), HVRV_ERR_ARGUMENT);
    assert_int_equal(w.vm[0].hgatp, HGATP_5);
    assert_ptr_equal(w.slots[0][0].last, &w.a);
    assert_int_equal(hvrv_vm_init(&bare, 0, &slot, 1), HVRV_OK);
    assert_int_equal(hvrv_vm_set_vmid(&bare, 1), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_vm_set_vmid(&bare, 0), HVRV_OK);
    assert_int_equal(bare.hgatp, 0);
}

static void a_hart_that_was_set_up_anew_is_fenced(void **state)
{
    (void)state;
    visit(0, &w.a);
    assert_int_equal(hvrv_bind_init(&w.bind[0], &w.model[0].hart, &w.probe, 0), HVRV_OK);
    assert_fences(0, &w.a, 1, 1);
}

static void a_new_vhart_at_an_old_address_is_fenced(void **state)
{
    (void)state;
    visit(0, &w.a);
    assert_int_equal(hvrv_vhart_init(&w.a, &w.vm[0]), HVRV_OK);
    w.a.sstatus = 0x200000100;
    assert_fences(0, &w.a, 1, 1);
}

static void refused(unsigned hart, struct hvrv_vhart *vhart, enum hvrv_status status)
{
    stand_on(hart);
    model_log_clear(&w.model[hart]);
    assert_int_equal(hvrv_bind_load(&w.bind[hart], vhart), status);
    assert_int_equal(w.model[hart].log_length, 0);
}

/* norm:hgatp_mode_bare, norm:hgatp_ppn_op */
static void a_load_that_cannot_be_touches_no_register(void **state)
{
    static const struct {
        uint64_t hgatp;
        enum hvrv_status status;
    } rows[] = {
        {0x1000500000080200, HVRV_ERR_MODE},     {0x7000500000080200, HVRV_ERR_MODE},
        {0xb000500000080200, HVRV_ERR_MODE},     {0xf000500000080200, HVRV_ERR_MODE},
        {0x8000500000080201, HVRV_ERR_ALIGN},    {0x9000500000080202, HVRV_ERR_ALIGN},
        {0x8400500000080200, HVRV_ERR_ARGUMENT}, {0x8800500000080200, HVRV_ERR_ARGUMENT},
        {0x0000500000000000, HVRV_ERR_ARGUMENT}, {0x0000000000000004, HVRV_ERR_ARGUMENT},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hvrv_vm vm = w.vm[0];

        assert_int_equal(hvrv_vm_init(&vm, rows[i].hgatp, w.slots[1], HARTS), rows[i].status);
        assert_int_equal(vm.hgatp, 0);
        assert_null(vm.slots);
        assert_int_equal(vm.slot_count, 0);
        w.vm[0].hgatp = rows[i].hgatp;
        refused(0, &w.a, rows[i].status);
    }
    assert_null(w.a.bind);
    assert_null(w.bind[0].loaded);
}

/* norm:hgatp_mode_warl, norm:hgatp_vmid */
static void a_hart_without_the_mode_or_the_vmid_is_told_apart(void **state)
{
    (void)state;
    w.probe.hgatp_modes = 0x601; /* Sv48x4 and Sv57x4 only */
    refused(0, &w.a, HVRV_ERR_MODE);
    w.probe.hgatp_modes = 0x101;
    w.probe.vmidlen = 2; /* VMID 5 does not fit */
    refused(0, &w.a, HVRV_ERR_UNSUPPORTED);
    w.probe.vmidlen = 3;
    load(0, &w.a);
}

/*
 * norm:vsatp_mode_unsupported_v0: what a hart makes of such a MODE is its own affair, but it is not
 * what the guest, which comes from another hart, relies on.
 */
static void a_hart_without_the_mode_of_the_guest_is_told(void **state)
{
    static const struct {
        uint64_t vsatp;
        uint16_t modes;
        enum hvrv_status status;
    } rows[] = {
        {0x8000000000080400, 0x701, HVRV_OK},
        {0xa000000000080400, 0x701, HVRV_OK},
        {0xa000000000080400, 0x301, HVRV_ERR_MODE},
        {0x9000000000080400, 0x101, HVRV_ERR_MODE},
        {0x8000000000080400, 0x001, HVRV_ERR_MODE},
        {0x1000000000080400, 0x701, HVRV_ERR_MODE},
        {0xf000000000080400, 0x701, HVRV_ERR_MODE},
        {0, 0x001, HVRV_OK},
        {0, 0x000, HVRV_OK}, /* Bare is always there */
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        w.a.csr.vsatp = rows[i].vsatp;
        w.probe.vsatp_modes = rows[i].modes;
        if (rows[i].status == HVRV_OK)
            visit(0, &w.a);
        else
            refused(0, &w.a, rows[i].status);
    }
}

static void every_mode_of_the_g_stage_can_be_loaded(void **state)
{
    static const uint64_t rows[] = {0, 0x8000500000080200, 0x9000500000080200, 0xa000500000080200};
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(hvrv_vm_init(&w.vm[0], rows[i], w.slots[0], HARTS), HVRV_OK);
        load(0, &w.a);
        assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HGATP), rows[i]);
        put(0);
        model_hart_check(&w.model[0]);
    }
}

static void a_loaded_vhart_is_not_loaded_again(void **state)
{
    (void)state;
    load(0, &w.a);
    refused(0, &w.a, HVRV_ERR_STATE);
    refused(0, &w.b, HVRV_ERR_STATE);
    refused(1, &w.a, HVRV_ERR_STATE);
    assert_ptr_equal(w.bind[0].loaded, &w.a);
    put(0);
    load(1, &w.a);
}

static void a_hart_without_a_slot_is_out_of_range(void **state)
{
    (void)state;
    w.bind[0].index = HARTS;
    refused(0, &w.a, HVRV_ERR_RANGE);
    w.bind[0].index = UINT32_MAX;
    refused(0, &w.a, HVRV_ERR_RANGE);
}

/* norm:hstatus_spv_sret */
static void a_vhart_that_would_run_as_the_host_is_refused(void **state)
{
    (void)state;
    w.a.hstatus &= ~UINT64_C(0x80); /* SPV */
    refused(0, &w.a, HVRV_ERR_ARGUMENT);
    w.a.hstatus |= 0x80;
    w.a.sstatus |= 2; /* SIE: an interrupt between stvec and sret */
    refused(0, &w.a, HVRV_ERR_ARGUMENT);
}

static void a_null_or_misaligned_pointer_is_a_status(void **state)
{
    struct hvrv_vhart *odd = (struct hvrv_vhart *)(void *)((char *)&w.a + 4);
    struct hvrv_bind bind;
    struct hvrv_vm vm;

    (void)state;
    assert_int_equal(hvrv_bind_load(NULL, &w.a), HVRV_ERR_NULL);
    refused(0, NULL, HVRV_ERR_NULL);
    refused(0, odd, HVRV_ERR_ALIGN);
    w.vm[0].slots = NULL;
    refused(0, &w.a, HVRV_ERR_NULL);
    w.a.vm = NULL;
    refused(0, &w.a, HVRV_ERR_NULL);
    assert_int_equal(hvrv_bind_init(NULL, &w.model[0].hart, &w.probe, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_bind_init(&bind, NULL, &w.probe, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_bind_init(&bind, &w.model[0].hart, NULL, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vm_init(NULL, HGATP_5, w.slots[0], HARTS), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vm_init(&vm, HGATP_5, NULL, HARTS), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vm_init(&vm, HGATP_5, w.slots[0], 0), HVRV_ERR_RANGE);
}

static void a_put_of_nothing_is_refused(void **state)
{
    (void)state;
    assert_int_equal(hvrv_bind_put(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_bind_put(&w.bind[0]), HVRV_ERR_STATE);
    visit(0, &w.a);
    model_log_clear(&w.model[0]);
    assert_int_equal(hvrv_bind_put(&w.bind[0]), HVRV_ERR_STATE);
    assert_int_equal(w.model[0].log_length, 0);
}

/* norm:vsstatus_fs_op: FS in bits 14:13: 0 Off, 1 Initial, 2 Clean, 3 Dirty. */
static void floating_point_follows_fs(void **state)
{
    (void)state;
    visit(0, &w.a);
    assert_int_equal(w.a.sstatus >> 13 & 3, 0);
    w.a.sstatus |= 0x2000;
    load(0, &w.a);
    assert_int_equal(w.a.sstatus >> 13 & 3, 2);
    w.a.sstatus |= 0x6000; /* as an exit stores it when the guest computed something */
    put(0);
    assert_int_equal(w.a.sstatus >> 13 & 3, 2);
}

static void floating_point_can_be_turned_on_later(void **state)
{
    (void)state;
    assert_int_equal(hvrv_bind_enable_fp(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_bind_enable_fp(&w.bind[0]), HVRV_ERR_STATE);
    load(0, &w.a);
    assert_int_equal(hvrv_bind_enable_fp(&w.bind[0]), HVRV_OK);
    assert_int_equal(w.a.sstatus >> 13 & 3, 2);
    w.a.sstatus |= 0x6000;
    assert_int_equal(hvrv_bind_enable_fp(&w.bind[0]), HVRV_OK);
    assert_int_equal(w.a.sstatus >> 13 & 3, 3);
    w.probe.fp = false;
    assert_int_equal(hvrv_bind_enable_fp(&w.bind[0]), HVRV_ERR_UNSUPPORTED);
}

#if defined(__riscv)
/* norm:vsstatus_fs_op */
static void one_guest_does_not_see_the_floating_point_registers_of_another(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 32; i++) {
        w.a.fp.f[i] = 0x4000000000000000 + i;
        w.b.fp.f[i] = 0x3ff0000000000000 + i;
    }
    w.a.fp.fcsr = 0x41;
    w.b.fp.fcsr = 0x22;
    w.a.sstatus |= 0x2000;
    w.b.sstatus |= 0x2000;
    load(0, &w.a);
    w.a.sstatus |= 0x6000;
    memset(&w.a.fp, 0, sizeof(w.a.fp)); /* so that put must have stored it */
    put(0);
    visit(0, &w.b);
    for (unsigned i = 0; i < 32; i++) {
        assert_int_equal(w.a.fp.f[i], 0x4000000000000000 + i);
        assert_int_equal(w.b.fp.f[i], 0x3ff0000000000000 + i);
    }
    assert_int_equal(w.a.fp.fcsr, 0x41);
}
#endif

/*
 * norm:stval, norm:H_trap_hs_csrwrites, norm:htval_sz_acc_op, norm:htinst_sz_acc_op,
 * norm:hvip_sz_op
 */
static void a_snapshot_holds_the_trap_and_what_the_guest_left_of_hvip(void **state)
{
    struct model_hart *model = &w.model[0];
    struct hvrv_trap trap;

    (void)state;
    w.a.csr.hvip = 0x4;
    load(0, &w.a);
    model_poke(model, HVRV_CSR_HVIP, 0); /* the guest clears sip.SSIP */
    w.a.sepc = 0x80001234;
    model_force(model, HVRV_CSR_STVAL, 0x1003);
    model_force(model, HVRV_CSR_HTVAL, 0x400);
    model_force(model, HVRV_CSR_HTINST, 0x2503);
    model_force(model, HVRV_CSR_HSTATUS, 0x2000001c0);
    hvrv_trap_read(&model->hart, &w.a, 21, &trap);
    assert_int_equal(trap.scause, 21);
    assert_int_equal(trap.sepc, 0x80001234);
    assert_int_equal(trap.sstatus, 0x200000100);
    assert_int_equal(trap.stval, 0x1003);
    assert_int_equal(trap.htval, 0x400);
    assert_int_equal(trap.htinst, 0x2503);
    assert_int_equal(trap.hstatus, 0x2000001c0);
    assert_int_equal(w.a.csr.hvip, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, build)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(load_follows_the_order_of_the_manual),
        TEST(the_default_delegation_is_kept_by_a_hart_that_has_it_all),
        TEST(load_reads_back_what_the_hart_keeps_of_the_delegation),
        TEST(put_follows_the_order_of_the_manual),
        TEST(a_hart_without_an_extension_is_not_asked_for_it),
        TEST(a_hart_of_an_older_manual_has_no_envcfg),
        TEST(what_the_guest_did_to_its_registers_comes_back_with_put),
        TEST(nothing_of_the_guest_acts_after_put),
        TEST(no_timer_of_the_guest_rings_after_put),
        TEST(double_traps_and_landing_pads_survive_load_and_put),
        TEST(an_exit_gives_the_host_back_what_it_had_at_load),
        TEST(spvp_repeats_the_guests_mode),
        TEST(a_vhart_that_comes_back_to_its_hart_is_not_fenced),
        TEST(a_vhart_that_moved_is_fenced_in_both_stages),
        TEST(a_vhart_that_follows_another_of_its_vm_is_fenced_in_the_vs_stage),
        TEST(another_vm_with_its_own_vmid_costs_no_fence),
        TEST(vms_that_share_a_vmid_are_fenced_at_every_change),
        TEST(a_vm_of_vmid_0_is_fenced_in_the_g_stage_at_every_load),
        TEST(a_vm_that_was_made_anew_is_fenced_in_both_stages),
        TEST(a_vm_with_another_vmid_is_fenced_in_both_stages_on_every_hart),
        TEST(a_vmid_that_a_vm_gets_again_is_fenced_as_another),
        TEST(a_vmid_that_cannot_be_changes_nothing),
        TEST(a_hart_that_was_set_up_anew_is_fenced),
        TEST(a_new_vhart_at_an_old_address_is_fenced),
        TEST(a_load_that_cannot_be_touches_no_register),
        TEST(a_hart_without_the_mode_or_the_vmid_is_told_apart),
        TEST(a_hart_without_the_mode_of_the_guest_is_told),
        TEST(every_mode_of_the_g_stage_can_be_loaded),
        TEST(a_loaded_vhart_is_not_loaded_again),
        TEST(a_hart_without_a_slot_is_out_of_range),
        TEST(a_vhart_that_would_run_as_the_host_is_refused),
        TEST(a_null_or_misaligned_pointer_is_a_status),
        TEST(a_put_of_nothing_is_refused),
        TEST(floating_point_follows_fs),
        TEST(floating_point_can_be_turned_on_later),
#if defined(__riscv)
        TEST(one_guest_does_not_see_the_floating_point_registers_of_another),
#endif
        TEST(a_snapshot_holds_the_trap_and_what_the_guest_left_of_hvip),
    };

    return cmocka_run_group_tests_name("vhart/bind", tests, NULL, NULL);
}
