/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trap entry and SRET are held against the manual, written out here with literals, for every value
 * of the bits that take part; and against the model hart's own where it has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/inject.h>

#include <model/hart.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Registers by the manual's numbers. */
#define VSSTATUS 0x200
#define VSTVEC   0x205
#define VSEPC    0x241
#define VSCAUSE  0x242
#define VSTVAL   0x243

/* Bits of sstatus and vsstatus, of hstatus, and of henvcfg. */
#define SIE   UINT64_C(0x2)
#define SPIE  UINT64_C(0x20)
#define SPP   UINT64_C(0x100)
#define SPELP UINT64_C(0x800000)
#define SDT   UINT64_C(0x1000000)
#define GVA   UINT64_C(0x40)
#define SPV   UINT64_C(0x80)
#define SPVP  UINT64_C(0x100)
#define LPE   UINT64_C(0x4)
#define DTE   UINT64_C(0x800000000000000)

#define INTERRUPT UINT64_C(0x8000000000000000)

#define PC      UINT64_C(0x80001002)
#define HANDLER UINT64_C(0xffffffff80004500)

static struct world {
    struct model_hart model;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct hvrv_vm_slot slot;
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
} w, before;

static void put_in_place(bool is_loaded)
{
    memset(&w, 0, sizeof(w));
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701,
                                  .vsatp_modes = 0x701,
                                  .vmidlen = 14,
                                  .ssstateen = true,
                                  .henvcfg = true,
                                  .senvcfg = true,
                                  .sstc = true};
    model_hart_init(&w.model);
    assert_int_equal(hvrv_bind_init(&w.bind, &w.model.hart, &w.probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm, 0x8000500000080200, &w.slot, 1), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.vhart, &w.vm), HVRV_OK);
    w.vhart.sepc = PC;
    w.vhart.sstatus = 0x200000100; /* SPP */
    w.vhart.csr.vstvec = HANDLER;
    w.vhart.csr.vscause = 0x77;
    w.vhart.csr.vstval = 0x77;
    if (is_loaded)
        assert_int_equal(hvrv_bind_load(&w.bind, &w.vhart), HVRV_OK);
    model_log_clear(&w.model);
}

static int build(void **state)
{
    (void)state;
    put_in_place(false);
    return 0;
}

static int build_loaded(void **state)
{
    (void)state;
    put_in_place(true);
    return 0;
}

/* A VS-level register where it is: in the hart or in the vHart. */
static uint64_t *at(uint32_t csr)
{
    if (w.vhart.bind)
        return &w.model.csr[csr];
    switch (csr) {
    case VSSTATUS:
        return &w.vhart.csr.vsstatus;
    case VSTVEC:
        return &w.vhart.csr.vstvec;
    case VSEPC:
        return &w.vhart.csr.vsepc;
    case VSCAUSE:
        return &w.vhart.csr.vscause;
    default:
        assert_int_equal(csr, VSTVAL);
        return &w.vhart.csr.vstval;
    }
}

static void set_henvcfg(uint64_t henvcfg)
{
    w.vhart.csr.henvcfg = henvcfg;
    model_force(&w.model, HVRV_CSR_HENVCFG, henvcfg);
}

static void remember(void)
{
    model_log_clear(&w.model);
    memcpy(&before, &w, sizeof(w));
}

static void nothing_changed(void)
{
    assert_memory_equal(&w.vhart, &before.vhart, sizeof(w.vhart));
    assert_memory_equal(w.model.csr, before.model.csr, sizeof(w.model.csr));
}

/* What is not in the place that counts is as it was. */
static void other_place_is_untouched(void)
{
    if (w.vhart.bind)
        assert_memory_equal(&w.vhart.csr, &before.vhart.csr, sizeof(w.vhart.csr));
    else
        assert_memory_equal(w.model.csr, before.model.csr, sizeof(w.model.csr));
}

static enum hvrv_status raise(uint64_t cause, uint64_t stval)
{
    struct hvrv_exception exception = {(enum hvrv_cause)cause, stval};

    return hvrv_inject_exception(&w.vhart, &exception);
}

/* All that takes part in a trap. */
struct situation {
    uint64_t sstatus, vsstatus, henvcfg, vstvec;
};

/* The bits of @number, one after another, choose the situation. False: it cannot be. */
static bool make_situation(unsigned number, struct situation *s)
{
    static const uint64_t others[] = {0x200000000, 0x2000c2400}; /* SUM, MXR, FS and VS */

    s->sstatus = 0x200002000 | (number & 1 ? SPP : 0) | (number & 2 ? SPELP : 0);
    s->vsstatus = others[number >> 2 & 1] | (number & 8 ? SIE : 0) | (number & 0x10 ? SPIE : 0) |
                  (number & 0x20 ? SPP : 0) | (number & 0x40 ? SPELP : 0) |
                  (number & 0x80 ? SDT : 0);
    s->henvcfg = (number & 0x100 ? LPE : 0) | (number & 0x200 ? DTE : 0);
    s->vstvec = HANDLER | (number >> 10 & 3);
    /* vsstatus.SDT is read-only zero without DTE, and SIE is 0 while it is 1 */
    return !(s->vsstatus & SDT) || ((s->henvcfg & DTE) && !(s->vsstatus & SIE));
}
#define SITUATIONS 0x1000

static void enter_situation(const struct situation *s)
{
    w.vhart.sepc = PC;
    w.vhart.sstatus = s->sstatus;
    w.vhart.hstatus = 0x200000080 | (s->sstatus & SPP ? SPVP : 0);
    *at(VSSTATUS) = s->vsstatus;
    *at(VSTVEC) = s->vstvec;
    *at(VSEPC) = *at(VSCAUSE) = *at(VSTVAL) = 0x5554;
    set_henvcfg(s->henvcfg);
    remember();
}

/* The manual's trap into VS-mode. */
static uint64_t vsstatus_after_trap(const struct situation *s)
{
    uint64_t after = s->vsstatus & ~(SIE | SPIE | SPP | SPELP | SDT);

    if (s->sstatus & SPP)
        after |= SPP;
    if (s->vsstatus & SIE)
        after |= SPIE;
    if (s->sstatus & SPELP)
        after |= SPELP;
    if (s->henvcfg & DTE)
        after |= SDT;
    return after;
}

static void trap_was_taken(const struct situation *s, uint64_t cause, uint64_t stval)
{
    bool is_vectored = (cause & INTERRUPT) && (s->vstvec & 3) == 1;

    assert_int_equal(*at(VSSTATUS), vsstatus_after_trap(s));
    assert_int_equal(*at(VSEPC), PC);
    assert_int_equal(*at(VSCAUSE), cause);
    assert_int_equal(*at(VSTVAL), stval);
    assert_int_equal(*at(VSTVEC), s->vstvec);
    assert_int_equal(w.vhart.sepc, HANDLER + (is_vectored ? 4 * (cause & 0xff) : 0));
    assert_int_equal(w.vhart.sstatus, (s->sstatus & ~SPELP) | SPP);
    assert_int_equal(w.vhart.hstatus, 0x200000180);
    other_place_is_untouched();
}

/*
 * norm:H_trap_vs_csrwrites, norm:vstvec_sz_acc_op, norm:vsstatus_sz_acc_op, norm:vspec_sz_acc_op,
 * norm:vscause_sz_acc_op, norm:vstval_sz_acc_op, norm:Zicfilp_pelp_trap, norm:vsstatus_spelp_op,
 * norm:vsstatus_sdt_op, norm:sstatus_sdt_trap,
 * norm:henvcfg_dte_op
 */
static void an_exception_enters_vs_mode_as_the_hart_would(void **state)
{
    struct situation s;

    (void)state;
    for (unsigned i = 0; i < SITUATIONS; i++) {
        if (!make_situation(i, &s))
            continue;
        enter_situation(&s);
        if (s.vsstatus & SDT) {
            assert_int_equal(raise(13, 0x1234), HVRV_ERR_STATE);
            nothing_changed();
            continue;
        }
        assert_int_equal(raise(13, 0x1234), HVRV_OK);
        trap_was_taken(&s, 13, 0x1234);
    }
    model_hart_check(&w.model);
}

/* norm:H_trap_vs_csrwrites, norm:vstvec_sz_acc_op, norm:hideleg_trans, norm:sstatus_sie */
static void an_interrupt_enters_vs_mode_as_the_hart_would(void **state)
{
    struct situation s;

    (void)state;
    for (unsigned i = 0; i < SITUATIONS; i++) {
        if (!make_situation(i, &s))
            continue;
        enter_situation(&s);
        if ((s.vsstatus & SDT) || ((s.sstatus & SPP) && !(s.vsstatus & SIE))) {
            assert_int_equal(hvrv_inject_interrupt(&w.vhart, HVRV_INTERRUPT_SEI), HVRV_ERR_STATE);
            nothing_changed();
            continue;
        }
        assert_int_equal(hvrv_inject_interrupt(&w.vhart, HVRV_INTERRUPT_SEI), HVRV_OK);
        trap_was_taken(&s, INTERRUPT | 9, 0);
    }
    model_hart_check(&w.model);
}

/* The model hart's trap into HS-mode, on the same bits: it has no Zicfilp. */
static void an_exception_does_to_vsstatus_what_the_model_harts_trap_does_to_sstatus(void **state)
{
    static const uint64_t bits = SIE | SPIE | SPP | SDT;
    struct situation s;

    (void)state;
    for (unsigned i = 0; i < SITUATIONS; i++) {
        static struct model_hart other;
        if (!make_situation(i, &s) || (s.vsstatus & SDT))
            continue;
        model_hart_init(&other);
        model_poke(&other, HVRV_CSR_MENVCFG, s.henvcfg & DTE);
        model_force(&other, HVRV_CSR_MSTATUS, s.vsstatus & ~SDT);
        other.mode = s.sstatus & SPP ? MODEL_S : MODEL_U;
        other.pc = PC;
        model_hart_trap(&other, (struct hvrv_hart_trap){.cause = 12, .stval = 0xabc});
        enter_situation(&s);
        assert_int_equal(raise(12, 0xabc), HVRV_OK);
        assert_int_equal(*at(VSSTATUS) & bits, model_peek(&other, HVRV_CSR_SSTATUS) & bits);
        assert_int_equal(*at(VSEPC), model_peek(&other, HVRV_CSR_SEPC));
        assert_int_equal(*at(VSCAUSE), model_peek(&other, HVRV_CSR_SCAUSE));
        assert_int_equal(*at(VSTVAL), model_peek(&other, HVRV_CSR_STVAL));
    }
}

static bool is_among(uint64_t cause, const uint8_t *causes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (causes[i] == cause)
            return true;
    }
    return false;
}

/* norm:H_cause, norm:hedeleg_acc: what cannot be delegated to VS-mode VS-mode does not have. */
static void vs_mode_gets_no_exception_that_it_does_not_have(void **state)
{
    static const uint8_t causes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15, 18, 19};

    (void)state;
    for (unsigned cause = 0; cause < 200; cause++) {
        w.vhart.sepc = PC;
        remember();
        if (is_among(cause, causes, LENGTH(causes))) {
            assert_int_equal(raise(cause, cause + 1), HVRV_OK);
            assert_int_equal(*at(VSCAUSE), cause);
            assert_int_equal(*at(VSTVAL), cause + 1);
        } else {
            assert_int_equal(raise(cause, 0), HVRV_ERR_ARGUMENT);
            nothing_changed();
        }
    }
    assert_int_equal(raise(0x80000000, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(raise(0xffffffff, 0), HVRV_ERR_ARGUMENT);
    nothing_changed();
}

/* norm:hideleg_trans */
static void vs_mode_gets_no_interrupt_that_it_does_not_have(void **state)
{
    static const uint8_t standard[] = {1, 5, 9, 13};

    (void)state;
    *at(VSTVEC) = HANDLER | 1;
    for (unsigned cause = 0; cause < 200; cause++) {
        *at(VSSTATUS) = 0x200000002;
        remember();
        if (is_among(cause, standard, LENGTH(standard)) || (cause >= 16 && cause < 64)) {
            assert_int_equal(hvrv_inject_interrupt(&w.vhart, (enum hvrv_interrupt)cause), HVRV_OK);
            assert_int_equal(*at(VSCAUSE), INTERRUPT | cause);
            assert_int_equal(*at(VSTVAL), 0);
            assert_int_equal(w.vhart.sepc, HANDLER + 4 * cause);
        } else {
            assert_int_equal(hvrv_inject_interrupt(&w.vhart, (enum hvrv_interrupt)cause),
                             HVRV_ERR_ARGUMENT);
            nothing_changed();
        }
    }
}

/* norm:sstatus_sie: in VU-mode an interrupt for VS-mode is taken whatever SIE is. */
static void a_guest_in_vs_mode_with_sie_off_takes_no_interrupt(void **state)
{
    (void)state;
    *at(VSSTATUS) = 0x200000000;
    remember();
    assert_int_equal(hvrv_inject_interrupt(&w.vhart, HVRV_INTERRUPT_STI), HVRV_ERR_STATE);
    nothing_changed();
    w.vhart.sstatus &= ~SPP;
    assert_int_equal(hvrv_inject_interrupt(&w.vhart, HVRV_INTERRUPT_STI), HVRV_OK);
    assert_int_equal(*at(VSSTATUS), 0x200000000);
    assert_int_equal(w.vhart.sstatus & SPP, SPP);
}

/* norm:Zicfilp_pelp_trap: henvcfg.LPE is VS-mode's own; in VU-mode senvcfg.LPE counts. */
static void a_landing_pad_that_vu_mode_expects_is_kept_without_henvcfg_lpe(void **state)
{
    (void)state;
    set_henvcfg(0);
    w.vhart.sstatus = (w.vhart.sstatus & ~SPP) | SPELP;
    assert_int_equal(raise(3, 0), HVRV_OK);
    assert_int_equal(*at(VSSTATUS), 0x200800000);
    assert_int_equal(w.vhart.sstatus, 0x200000100);
    assert_int_equal(hvrv_inject_return(&w.vhart), HVRV_OK);
    assert_int_equal(*at(VSSTATUS), 0x200000020);
    assert_int_equal(w.vhart.sstatus, 0x200800000);
}

/* norm:vsstatus_fs_op: state that is dirty stays so, SD too. */
static void dirty_registers_stay_dirty(void **state)
{
    (void)state;
    *at(VSSTATUS) = 0x8000000200006602;
    assert_int_equal(raise(2, 0), HVRV_OK);
    assert_int_equal(*at(VSSTATUS) & 0x7fffffffffffffff, 0x200006720);
    assert_int_equal(hvrv_inject_return(&w.vhart), HVRV_OK);
    assert_int_equal(*at(VSSTATUS) & 0x7fffffffffffffff, 0x200006622);
}

static void what_was_raised_while_loaded_is_there_after_put(void **state)
{
    (void)state;
    w.vhart.sstatus &= ~SPP;
    assert_int_equal(raise(15, 0xfedc), HVRV_OK);
    assert_int_equal(hvrv_bind_put(&w.bind), HVRV_OK);
    assert_int_equal(w.vhart.csr.vsstatus, 0x200000000);
    assert_int_equal(w.vhart.csr.vsepc, PC);
    assert_int_equal(w.vhart.csr.vscause, 15);
    assert_int_equal(w.vhart.csr.vstval, 0xfedc);
    model_hart_check(&w.model);
}

static void what_was_raised_before_is_in_the_hart_after_load(void **state)
{
    (void)state;
    assert_int_equal(raise(15, 0xfedc), HVRV_OK);
    assert_int_equal(hvrv_bind_load(&w.bind, &w.vhart), HVRV_OK);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSSTATUS), 0x200000100);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSEPC), PC);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSCAUSE), 15);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTVAL), 0xfedc);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_HSTATUS), 0x200000180);
    model_hart_check(&w.model);
}

/* norm:H_trap_vs_csrwrites, norm:stval */
static void an_illegal_instruction_has_its_bits_in_vstval(void **state)
{
    static const uint32_t bits[] = {0xc0102573, 0x10500073, 0x8002, 0, 0xffffffff};

    (void)state;
    for (size_t i = 0; i < LENGTH(bits); i++) {
        assert_int_equal(hvrv_inject_illegal(&w.vhart, bits[i]), HVRV_OK);
        assert_int_equal(*at(VSCAUSE), 2);
        assert_int_equal(*at(VSTVAL), bits[i]);
    }
}

/*
 * norm:H_guest_page_fault: causes 20, 21 and 23 become 1, 5 and 7, at the address that the guest
 * used; so does the fault of an implicit access, whose htinst is 0x3000 or 0x3020.
 */
static void a_guest_page_fault_becomes_the_access_fault_of_its_access(void **state)
{
    static const struct {
        uint64_t scause, htinst, vscause;
    } rows[] = {{20, 0, 1},      {21, 0, 5},      {23, 0, 7},      {20, 0x3000, 1},
                {21, 0x3000, 5}, {23, 0x3000, 7}, {23, 0x3020, 7}, {21, 0x3020, 5}};

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct hvrv_trap trap = {rows[i].scause,     PC,     0x200000100,
                                 0xffffffc000001ffe, 0x4000, rows[i].htinst,
                                 0x2000001c0};
        struct hvrv_exit exit;

        assert_int_equal(hvrv_trap_decode(&trap, &exit), HVRV_OK);
        assert_int_equal(exit.is_implicit, rows[i].htinst != 0);
        w.vhart.sepc = PC;
        assert_int_equal(hvrv_inject_access_fault(&w.vhart, &exit), HVRV_OK);
        assert_int_equal(*at(VSCAUSE), rows[i].vscause);
        assert_int_equal(*at(VSTVAL), 0xffffffc000001ffe);
        assert_int_equal(*at(VSEPC), PC);
        assert_int_equal(w.vhart.sepc, HANDLER);
    }
}

static void another_exit_is_no_access_fault(void **state)
{
    struct hvrv_exit exit = {.kind = HVRV_EXIT_ECALL};

    (void)state;
    remember();
    for (int kind = HVRV_EXIT_INTERRUPT; kind <= HVRV_EXIT_EXCEPTION; kind++) {
        exit.kind = (enum hvrv_exit_kind)kind;
        if (exit.kind != HVRV_EXIT_GUEST_PAGE_FAULT)
            assert_int_equal(hvrv_inject_access_fault(&w.vhart, &exit), HVRV_ERR_ARGUMENT);
    }
    nothing_changed();
}

/* The manual's SRET of VS-mode; what becomes of SPELP is up to the SRET that enters the guest. */
static uint64_t vsstatus_after_return(const struct situation *s)
{
    uint64_t after = (s->vsstatus & ~(SIE | SPP | SPELP | SDT)) | SPIE;

    return s->vsstatus & SPIE ? after | SIE : after;
}

/*
 * norm:sret_v1, norm:sret_dt, norm:sret_h, norm:Zicfilp_pelp_trap_return, norm:sstatus_sdt_sret,
 * norm:hstatus_spvp_op
 */
static void a_return_does_what_sret_does(void **state)
{
    struct situation s;

    (void)state;
    for (unsigned i = 0; i < SITUATIONS; i++) {
        if (!make_situation(i, &s))
            continue;
        enter_situation(&s);
        *at(VSEPC) = 0x80777776;
        assert_int_equal(hvrv_inject_return(&w.vhart), HVRV_OK);
        assert_int_equal(*at(VSSTATUS), vsstatus_after_return(&s));
        assert_int_equal(w.vhart.sepc, 0x80777776);
        assert_int_equal(w.vhart.sstatus,
                         (s.sstatus & ~(SPP | SPELP)) | (s.vsstatus & (SPP | SPELP)));
        assert_int_equal(w.vhart.hstatus, 0x200000080 | (s.vsstatus & SPP ? SPVP : 0));
        assert_int_equal(*at(VSEPC), 0x80777776);
        assert_int_equal(*at(VSCAUSE), 0x5554);
        assert_int_equal(*at(VSTVAL), 0x5554);
    }
    model_hart_check(&w.model);
}

/* norm:sret_v1, norm:sret_dt: the model hart has no Zicfilp. */
static void a_return_does_what_the_model_harts_sret_does_with_v(void **state)
{
    struct situation s;

    (void)state;
    for (unsigned i = 0; i < SITUATIONS; i++) {
        static struct model_hart other;
        uint64_t pc;
        if (!make_situation(i, &s))
            continue;
        model_hart_init(&other);
        other.v = true;
        model_force(&other, HVRV_CSR_VSSTATUS, s.vsstatus);
        model_force(&other, HVRV_CSR_VSEPC, 0x1234);
        assert_true(model_hart_sret(&other, &pc));
        enter_situation(&s);
        *at(VSEPC) = 0x1234;
        assert_int_equal(hvrv_inject_return(&w.vhart), HVRV_OK);
        assert_int_equal(*at(VSSTATUS), model_peek(&other, HVRV_CSR_VSSTATUS) & ~SPELP);
        assert_int_equal(w.vhart.sepc, pc);
        assert_int_equal((w.vhart.sstatus & SPP) != 0, other.mode == MODEL_S);
    }
}

/* norm:H_trap_vs_csrwrites, norm:sret_v1 */
static void a_trap_and_its_return_leave_the_guest_where_it_was(void **state)
{
    struct situation s;

    (void)state;
    for (unsigned i = 0; i < SITUATIONS; i++) {
        if (!make_situation(i, &s) || (s.vsstatus & SDT))
            continue;
        enter_situation(&s);
        assert_int_equal(raise(8, 0), HVRV_OK);
        assert_int_equal(hvrv_inject_return(&w.vhart), HVRV_OK);
        assert_int_equal(w.vhart.sepc, PC);
        assert_int_equal(w.vhart.sstatus, s.sstatus);
        assert_int_equal(w.vhart.hstatus, before.vhart.hstatus);
        assert_int_equal(*at(VSSTATUS) & SIE, s.vsstatus & SIE);
    }
}

static struct hvrv_exception load_guest_page_fault = {HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT, 0x1003};

/*
 * norm:H_trap_hs_csrwrites, norm:hstatus_gva_op, norm:hstatus_spv_op, norm:hstatus_spvp_op,
 * norm:htval_sz_acc_op, norm:htinst_sz_acc_op
 */
static void a_guest_hypervisor_finds_its_own_registers_written(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 16; i++) {
        bool is_v = i & 1, gva = i & 2, was_vs = i & 4;
        uint64_t old = i & 8 ? UINT64_MAX : 0;
        struct hvrv_inject_virtual csrs = {old, old, old, is_v};
        struct hvrv_inject_extra extra = {0x20001, 0x2503, gva};
        uint64_t hstatus = (old & ~(GVA | SPV)) | (gva ? GVA : 0) | (is_v ? SPV : 0);

        if (is_v)
            hstatus = (hstatus & ~SPVP) | (was_vs ? SPVP : 0);
        w.vhart.sepc = PC;
        w.vhart.sstatus = 0x200000000 | (was_vs ? SPP : 0);
        assert_int_equal(hvrv_inject_nested(&w.vhart, &load_guest_page_fault, &extra, &csrs),
                         HVRV_OK);
        assert_int_equal(csrs.hstatus, hstatus);
        assert_int_equal(csrs.htval, 0x20001);
        assert_int_equal(csrs.htinst, 0x2503);
        assert_false(csrs.is_v);
        assert_int_equal(*at(VSCAUSE), 21);
        assert_int_equal(*at(VSTVAL), 0x1003);
        assert_int_equal(*at(VSEPC), PC);
        assert_int_equal(*at(VSSTATUS) & SPP, was_vs ? SPP : 0);
        assert_int_equal(w.vhart.sepc, HANDLER);
        assert_int_equal(w.vhart.sstatus, 0x200000100);
    }
}

/* norm:H_cause, norm:H_cause_ecall, norm:H_cause_virtual_instruction */
static void a_guest_hypervisor_gets_the_exceptions_of_hs_mode(void **state)
{
    static const uint8_t causes[] = {0,  1,  2,  3,  4,  5,  6,  7,  8, 10,
                                     12, 13, 15, 18, 19, 20, 21, 22, 23};
    struct hvrv_inject_extra extra = {0, 0, false};

    (void)state;
    for (unsigned cause = 0; cause < 70; cause++) {
        struct hvrv_inject_virtual csrs = {5, 6, 7, true};
        struct hvrv_exception exception = {(enum hvrv_cause)cause, 0};
        enum hvrv_status status;

        remember();
        status = hvrv_inject_nested(&w.vhart, &exception, &extra, &csrs);
        if (is_among(cause, causes, LENGTH(causes))) {
            assert_int_equal(status, HVRV_OK);
            assert_int_equal(*at(VSCAUSE), cause);
            assert_int_equal(csrs.htval, 0);
            assert_int_equal(csrs.htinst, 0);
            continue;
        }
        assert_int_equal(status, HVRV_ERR_ARGUMENT);
        nothing_changed();
        assert_int_equal(csrs.hstatus, 5);
        assert_int_equal(csrs.htval, 6);
        assert_int_equal(csrs.htinst, 7);
        assert_true(csrs.is_v);
    }
}

/* norm:sstatus_sdt_trap */
static void a_double_trap_leaves_a_guest_hypervisor_as_it_was(void **state)
{
    struct hvrv_inject_virtual csrs = {5, 6, 7, true};
    struct hvrv_inject_extra extra = {1, 2, true};

    (void)state;
    set_henvcfg(DTE);
    *at(VSSTATUS) = 0x200000000 | SDT;
    remember();
    assert_int_equal(hvrv_inject_nested(&w.vhart, &load_guest_page_fault, &extra, &csrs),
                     HVRV_ERR_STATE);
    nothing_changed();
    assert_int_equal(csrs.hstatus, 5);
    assert_int_equal(csrs.htval, 6);
    assert_int_equal(csrs.htinst, 7);
    assert_true(csrs.is_v);
    assert_int_equal(hvrv_inject_illegal(&w.vhart, 0), HVRV_ERR_STATE);
    nothing_changed();
    /* without DTE the bit, if it is there at all, means nothing */
    set_henvcfg(0);
    assert_int_equal(hvrv_inject_illegal(&w.vhart, 0), HVRV_OK);
}

static void a_null_pointer_is_a_status(void **state)
{
    struct hvrv_exit exit = {.kind = HVRV_EXIT_GUEST_PAGE_FAULT};
    struct hvrv_inject_virtual csrs = {0, 0, 0, false};
    struct hvrv_inject_extra extra = {0, 0, false};
    struct hvrv_exception *fault = &load_guest_page_fault;

    (void)state;
    remember();
    assert_int_equal(hvrv_inject_exception(NULL, fault), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_exception(&w.vhart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_interrupt(NULL, HVRV_INTERRUPT_SSI), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_illegal(NULL, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_access_fault(NULL, &exit), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_access_fault(&w.vhart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_return(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_nested(NULL, fault, &extra, &csrs), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_nested(&w.vhart, NULL, &extra, &csrs), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_nested(&w.vhart, fault, NULL, &csrs), HVRV_ERR_NULL);
    assert_int_equal(hvrv_inject_nested(&w.vhart, fault, &extra, NULL), HVRV_ERR_NULL);
    nothing_changed();
}

#define TEST(name)        cmocka_unit_test_setup(name, build)
#define TEST_LOADED(name) cmocka_unit_test_setup(name, build_loaded)
#define BOTH(name)        TEST(name), TEST_LOADED(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(an_exception_enters_vs_mode_as_the_hart_would),
        BOTH(an_interrupt_enters_vs_mode_as_the_hart_would),
        TEST(an_exception_does_to_vsstatus_what_the_model_harts_trap_does_to_sstatus),
        BOTH(vs_mode_gets_no_exception_that_it_does_not_have),
        BOTH(vs_mode_gets_no_interrupt_that_it_does_not_have),
        BOTH(a_guest_in_vs_mode_with_sie_off_takes_no_interrupt),
        BOTH(a_landing_pad_that_vu_mode_expects_is_kept_without_henvcfg_lpe),
        BOTH(dirty_registers_stay_dirty),
        TEST_LOADED(what_was_raised_while_loaded_is_there_after_put),
        TEST(what_was_raised_before_is_in_the_hart_after_load),
        BOTH(an_illegal_instruction_has_its_bits_in_vstval),
        BOTH(a_guest_page_fault_becomes_the_access_fault_of_its_access),
        BOTH(another_exit_is_no_access_fault),
        BOTH(a_return_does_what_sret_does),
        TEST(a_return_does_what_the_model_harts_sret_does_with_v),
        BOTH(a_trap_and_its_return_leave_the_guest_where_it_was),
        BOTH(a_guest_hypervisor_finds_its_own_registers_written),
        BOTH(a_guest_hypervisor_gets_the_exceptions_of_hs_mode),
        BOTH(a_double_trap_leaves_a_guest_hypervisor_as_it_was),
        TEST(a_null_pointer_is_a_status),
    };

    return cmocka_run_group_tests_name("vhart/inject", tests, NULL, NULL);
}
