/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest's access to a device is, and what it leaves behind. Instructions are literals, as an
 * assembler makes them. That each of them moves the right bytes is mmio_random_test.c's to show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/inject.h>
#include <hvrv/vhart/mmio.h>

#include <model/hart.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define PC     UINT64_C(0x80200100)
#define DEVICE UINT64_C(0xffffffd000010000)
#define GPA    UINT64_C(0x10000000)

#define LOAD_FAULT  21
#define STORE_FAULT 23

#define FS       UINT64_C(0x6000)
#define VSSTATUS 0x200
#define VSCAUSE  0x242
#define VSTVAL   0x243

#define LW_A0_A5  0x0007a503 /* lw a0, 0(a5) */
#define LD_A0_A5  0x0007b503 /* ld a0, 0(a5) */
#define LW_X0_A5  0x0007a003 /* lw x0, 0(a5) */
#define SW_A0_A5  0x00a7a023 /* sw a0, 0(a5) */
#define SD_A0_A5  0x00a7b023 /* sd a0, 0(a5) */
#define FLW_F0_A5 0x0007a007 /* flw ft0, 0(a5) */
#define FLH_F1_A5 0x00079087 /* flh ft1, 0(a5) */
#define FSW_F3_A5 0x0037a027 /* fsw ft3, 0(a5) */
#define AMOADD_W  0x00a7a5af /* amoadd.w a1, a0, (a5) */
#define C_LW_A0   0x4388     /* c.lw a0, 0(a5) */
#define ADD       0x00b50533 /* add a0, a0, a1 */

static struct world {
    struct model_hart model;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct hvrv_vm_slot slot;
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
    uint32_t code;
    uint64_t cause, cause_from; /* of HLVX at and above this address; 0: none */
    unsigned fetches;
    unsigned odd; /* bit 0 of sepc */
} w, before;

static bool read_code(void *context, const struct model_access *access, uint64_t *value,
                      struct hvrv_hart_trap *trap)
{
    (void)context;
    assert_int_equal(access->kind, MODEL_HLVX);
    assert_int_equal(access->a % access->what, 0);
    w.fetches++;
    if (w.cause && access->a >= w.cause_from) {
        *trap = (struct hvrv_hart_trap){.cause = w.cause, .stval = access->a, .gva = true};
        return false;
    }
    *value = w.code >> (access->a - (w.vhart.sepc - w.odd)) * 8;
    return true;
}

static void put_in_place(bool is_loaded)
{
    memset(&w, 0, sizeof w);
    w.probe =
        (struct hvrv_probe){.hgatp_modes = 0x701, .vsatp_modes = 0x701, .vmidlen = 14, .fp = true};
    model_hart_init(&w.model);
    w.model.guest_access = read_code;
    assert_int_equal(hvrv_bind_init(&w.bind, &w.model.hart, &w.probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm, 0x8000500000080200, &w.slot, 1), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.vhart, &w.vm), HVRV_OK);
    w.vhart.sepc = PC;
    w.vhart.csr.vsstatus = 0x200002000; /* FS Initial */
    w.vhart.gpr[10] = 0x1122334455667788;
    w.vhart.gpr[11] = 0x8877665544332211;
    w.vhart.gpr[15] = DEVICE;
    for (unsigned i = 0; i < 32; i++)
        w.vhart.fp.f[i] = UINT64_C(0xa0a1a2a3a4a5a600) + i;
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

static int check(void **state)
{
    (void)state;
    return model_hart_complaint(&w.model) ? -1 : 0;
}

/* What hvrv_trap_decode() makes of such a fault. */
static struct hvrv_exit fault_at(uint64_t cause, uint64_t gva, uint64_t htinst)
{
    struct hvrv_trap trap = {.scause = cause,
                             .sepc = PC,
                             .sstatus = 0x200000100,
                             .stval = gva,
                             .htval = (GPA + gva % 4096) >> 2,
                             .htinst = htinst,
                             .hstatus = 0x2000001c0};
    struct hvrv_exit exit;

    assert_int_equal(hvrv_trap_decode(&trap, &exit), HVRV_OK);
    return exit;
}

static enum hvrv_mmio_outcome begin(struct hvrv_mmio *mmio, const struct hvrv_exit *exit)
{
    memset(mmio, 0xa5, sizeof *mmio);
    assert_int_equal(hvrv_mmio_begin(mmio, &w.model.hart, &w.vhart, exit), HVRV_OK);
    return mmio->outcome;
}

static struct hvrv_mmio ready(uint32_t code, const struct hvrv_exit *exit)
{
    struct hvrv_mmio mmio;

    w.code = code;
    assert_int_equal(begin(&mmio, exit), HVRV_MMIO_READY);
    return mmio;
}

static enum hvrv_mmio_outcome outcome_of(uint32_t code, const struct hvrv_exit *exit)
{
    struct hvrv_mmio mmio;

    w.code = code;
    return begin(&mmio, exit);
}

static void remember(void)
{
    memcpy(&before, &w, sizeof w);
}

static void nothing_changed(void)
{
    assert_memory_equal(&w.vhart, &before.vhart, sizeof w.vhart);
    assert_memory_equal(w.model.csr + VSSTATUS, before.model.csr + VSSTATUS,
                        0x100 * sizeof w.model.csr[0]);
}

/* The order ---------------------------------------------------------------------------- */

static void nothing_changes_before_the_access_is_finished(void **state)
{
    static const struct {
        uint32_t code;
        uint64_t cause;
    } cases[] = {{LW_A0_A5, LOAD_FAULT},  {C_LW_A0, LOAD_FAULT},   {FLW_F0_A5, LOAD_FAULT},
                 {SD_A0_A5, STORE_FAULT}, {AMOADD_W, STORE_FAULT}, {ADD, LOAD_FAULT}};

    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct hvrv_exit exit = fault_at(cases[i].cause, DEVICE, 0);
        struct hvrv_mmio mmio;
        w.code = cases[i].code;
        remember();
        begin(&mmio, &exit);
        nothing_changed();
    }
}

static void a_load_writes_rd_and_goes_on_behind_the_instruction(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio = ready(LW_A0_A5, &exit);

    (void)state;
    assert_true(mmio.gpa.v == GPA && mmio.gva.v == DEVICE);
    assert_int_equal(mmio.size, 4);
    assert_false(mmio.is_store || mmio.is_amo || mmio.is_split || mmio.is_fp);
    remember();
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 0x89abcdef), HVRV_OK);
    assert_true(w.vhart.gpr[10] == 0xffffffff89abcdef);
    before.vhart.gpr[10] = 0xffffffff89abcdef;
    before.vhart.sepc = PC + 4;
    nothing_changed();
}

static void a_store_changes_nothing_but_sepc(void **state)
{
    struct hvrv_exit exit = fault_at(STORE_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio = ready(SW_A0_A5, &exit);

    (void)state;
    assert_true(mmio.is_store && mmio.value == 0x55667788);
    remember();
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 0x123), HVRV_OK);
    before.vhart.sepc = PC + 4;
    nothing_changed();
}

static void a_load_to_x0_is_an_access_and_leaves_it_zero(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio = ready(LW_X0_A5, &exit);

    (void)state;
    remember();
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 0x123), HVRV_OK);
    before.vhart.sepc = PC + 4;
    nothing_changed();
}

static void only_an_access_that_is_ready_can_be_finished(void **state)
{
    static const enum hvrv_mmio_outcome outcomes[] = {HVRV_MMIO_RETRY, HVRV_MMIO_FAULT,
                                                      HVRV_MMIO_UNSUPPORTED};
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio = ready(LW_A0_A5, &exit);
    struct hvrv_mmio_piece piece;

    (void)state;
    remember();
    for (size_t i = 0; i < LENGTH(outcomes); i++) {
        mmio.outcome = outcomes[i];
        assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 1), HVRV_ERR_STATE);
        assert_int_equal(hvrv_mmio_split(&mmio, 0, &piece), HVRV_ERR_MISSING);
    }
    assert_int_equal(hvrv_mmio_finish(NULL, &w.vhart, 1), HVRV_ERR_NULL);
    mmio.outcome = HVRV_MMIO_READY;
    assert_int_equal(hvrv_mmio_finish(&mmio, NULL, 1), HVRV_ERR_NULL);
    nothing_changed();
}

/* Where the instruction comes from ------------------------------------------------------ */

/* norm:H_trap_xtinst_val */
static void what_htinst_holds_is_not_fetched(void **state)
{
    /* lw, and the same that was compressed */
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0x00002503);
    struct hvrv_exit compressed = fault_at(LOAD_FAULT, DEVICE, 0x00002501);
    struct hvrv_mmio mmio;

    (void)state;
    w.cause = 13;
    mmio = ready(0, &exit);
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 5), HVRV_OK);
    assert_true(w.vhart.sepc == PC + 4);
    mmio = ready(0, &compressed);
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 5), HVRV_OK);
    assert_true(w.vhart.sepc == PC + 6);
    assert_int_equal(w.fetches, 0);
}

static void a_custom_value_in_htinst_counts_as_none(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0x0000000b);

    (void)state;
    assert_int_equal(exit.htinst, HVRV_HTINST_CUSTOM);
    assert_int_equal(outcome_of(LW_A0_A5, &exit), HVRV_MMIO_READY);
    assert_int_equal(w.fetches, 1);
}

static void a_fetch_that_faults_in_the_vs_stage_is_the_guests_own(void **state)
{
    static const struct {
        uint64_t hlvx, raised;
    } causes[] = {{13, 12}, {5, 1}};
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio;

    (void)state;
    for (size_t i = 0; i < LENGTH(causes); i++) {
        w.cause = causes[i].hlvx;
        w.cause_from = 0;
        assert_int_equal(begin(&mmio, &exit), HVRV_MMIO_FAULT);
        assert_int_equal(mmio.exception.cause, causes[i].raised);
        assert_true(mmio.exception.stval == PC);
    }
    /* The second half lies on another page. */
    w.vhart.sepc = 0x80200ffe;
    w.code = LW_A0_A5;
    w.cause = 13;
    w.cause_from = 0x80201000;
    assert_int_equal(begin(&mmio, &exit), HVRV_MMIO_FAULT);
    assert_int_equal(mmio.exception.cause, 12);
    assert_true(mmio.exception.stval == 0x80201000);
}

/* norm:sepc: there is none; QEMU 7.2 has them. */
static void an_odd_sepc_is_that_of_the_instruction_below(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio;

    (void)state;
    w.code = LW_A0_A5;
    w.vhart.sepc = PC + 1;
    w.odd = 1;
    assert_int_equal(begin(&mmio, &exit), HVRV_MMIO_READY);
}

static void a_fetch_that_faults_in_the_g_stage_is_a_retry(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);

    (void)state;
    w.cause = 21;
    assert_int_equal(outcome_of(LW_A0_A5, &exit), HVRV_MMIO_RETRY);
    w.vhart.sepc = PC + 2;
    assert_int_equal(outcome_of(LW_A0_A5, &exit), HVRV_MMIO_RETRY);
}

/* Code that another vHart changed -------------------------------------------------------- */

static void an_instruction_of_the_other_direction_is_a_retry(void **state)
{
    struct hvrv_exit load = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_exit store = fault_at(STORE_FAULT, DEVICE, 0);

    (void)state;
    assert_int_equal(outcome_of(SW_A0_A5, &load), HVRV_MMIO_RETRY);
    assert_int_equal(outcome_of(AMOADD_W, &load), HVRV_MMIO_RETRY);
    assert_int_equal(outcome_of(0x1807a52f, &load), HVRV_MMIO_RETRY); /* sc.w a0, x0, (a5) */
    assert_int_equal(outcome_of(LW_A0_A5, &store), HVRV_MMIO_RETRY);
    assert_int_equal(outcome_of(C_LW_A0, &store), HVRV_MMIO_RETRY);
    assert_int_equal(outcome_of(0x1007a52f, &store), HVRV_MMIO_RETRY); /* lr.w a0, (a5) */
    /* No hart says so, but a caller may. */
    store = fault_at(STORE_FAULT, DEVICE, 0x00002503);
    assert_int_equal(outcome_of(0, &store), HVRV_MMIO_RETRY);
    load = fault_at(LOAD_FAULT, DEVICE, 0x00a02023);
    assert_int_equal(outcome_of(0, &load), HVRV_MMIO_RETRY);
}

static void an_instruction_of_another_address_is_a_retry(void **state)
{
    static const uint64_t elsewhere[] = {DEVICE + 1,
                                         DEVICE + 4,
                                         DEVICE - 4,
                                         DEVICE + 4096,
                                         DEVICE ^ UINT64_C(1) << 47,
                                         DEVICE + (UINT64_C(1) << 32)};
    struct hvrv_exit load = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_exit store = fault_at(STORE_FAULT, DEVICE, 0);

    (void)state;
    for (size_t i = 0; i < LENGTH(elsewhere); i++) {
        w.vhart.gpr[15] = elsewhere[i];
        assert_int_equal(outcome_of(LW_A0_A5, &load), HVRV_MMIO_RETRY);
        assert_int_equal(outcome_of(C_LW_A0, &load), HVRV_MMIO_RETRY);
        assert_int_equal(outcome_of(SW_A0_A5, &store), HVRV_MMIO_RETRY);
        assert_int_equal(outcome_of(AMOADD_W, &store), HVRV_MMIO_RETRY);
        assert_int_equal(outcome_of(0x1007a52f, &load), HVRV_MMIO_RETRY); /* lr.w */
    }
}

/* Pointer masking ignores up to 16 upper bits; stval is without them. */
static void upper_bits_that_a_hart_may_ignore_make_no_other_address(void **state)
{
    struct hvrv_exit load = fault_at(LOAD_FAULT, DEVICE, 0);

    (void)state;
    w.vhart.gpr[15] = DEVICE ^ UINT64_C(0x5a5a) << 48;
    struct hvrv_mmio mmio = ready(LW_A0_A5, &load);
    assert_true(mmio.gva.v == DEVICE);
    assert_false(mmio.is_split);
}

static void an_instruction_that_accesses_nothing_is_a_retry(void **state)
{
    static const uint32_t codes[] = {ADD,
                                     0x00000013 /* nop */,
                                     0x00000073 /* ecall */,
                                     0x10500073 /* wfi */,
                                     0x30200073 /* mret */,
                                     0x0000006f /* j . */,
                                     0x00000063 /* beq */,
                                     0x00000517 /* auipc */,
                                     0x00000537 /* lui */,
                                     0x02a57553 /* fadd.d */,
                                     0x14051073 /* csrw sscratch, a0 */,
                                     0x00b5053b /* addw */,
                                     0x0000001b /* addiw */,
                                     0x00000067 /* jr x0 */,
                                     0x00000057 /* vadd.vv */,
                                     0x00000043 /* fmadd.s */,
                                     0x0001 /* c.nop */,
                                     0x8082 /* ret */,
                                     0x0000 /* c.unimp */,
                                     0x6105 /* c.addi16sp */,
                                     0x6185 /* c.lui x3, 1 */,
                                     0x6401 /* c.lui x8, 0: reserved */,
                                     0x60004073 /* hlv.b */,
                                     0x12000073 /* sfence.vma */};
    struct hvrv_exit load = fault_at(LOAD_FAULT, DEVICE, 0);

    (void)state;
    for (size_t i = 0; i < LENGTH(codes); i++) {
        enum hvrv_mmio_outcome outcome = outcome_of(codes[i], &load);
        /* SYSTEM has encodings of shadow stacks, and those that nobody knows. */
        if (codes[i] == 0x30200073 || codes[i] == 0x00000073)
            assert_int_equal(outcome, HVRV_MMIO_UNSUPPORTED);
        else if (outcome != HVRV_MMIO_RETRY)
            fail_msg("0x%08x", codes[i]);
    }
}

static void an_access_that_is_not_decoded_is_unsupported(void **state)
{
    static const uint32_t codes[] = {0x0207e507 /* vle32.v v10, (a5) */,
                                     0x0207e527 /* vse32.v */,
                                     0x0000000b /* custom-0 */,
                                     0x0000002b /* custom-1 */,
                                     0x0000005b /* custom-2 */,
                                     0x0000007b /* custom-3 */,
                                     0x0047a00f /* cbo.zero (a5) */,
                                     0x0027a00f /* cbo.flush (a5) */,
                                     0xcdc04073 /* sspopchk */,
                                     0xce104073 /* sspush x1 */,
                                     0x6081 /* c.sspush x1 */,
                                     0x6281 /* c.sspopchk x5 */,
                                     0x0000001f /* 48 bits */,
                                     0x0007f503 /* load of funct3 7 */,
                                     0x00f7f023 /* store of funct3 7 */};
    struct hvrv_exit load = fault_at(LOAD_FAULT, DEVICE, 0);

    (void)state;
    for (size_t i = 0; i < LENGTH(codes); i++) {
        if (outcome_of(codes[i], &load) != HVRV_MMIO_UNSUPPORTED)
            fail_msg("0x%08x", codes[i]);
    }
}

/* It has no size, and at address 0 nothing else gives it away. */
static void a_reserved_load_from_address_zero_is_no_access(void **state)
{
    struct hvrv_exit load = fault_at(LOAD_FAULT, 0, 0);

    (void)state;
    assert_int_equal(outcome_of(0x00007503, &load), HVRV_MMIO_UNSUPPORTED);
    load = fault_at(LOAD_FAULT, 0, 0x00002503);
    load.instruction = 0x00007503;
    assert_int_equal(outcome_of(0, &load), HVRV_MMIO_UNSUPPORTED);
}

/* norm:vsstatus_fs_op: with FS Off it is illegal, so it was not there when the guest trapped. */
static void fp_accesses_of_a_guest_without_fp_are_a_retry(void **state)
{
    struct hvrv_exit load = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_exit store = fault_at(STORE_FAULT, DEVICE, 0);

    (void)state;
    w.vhart.csr.vsstatus &= ~FS;
    model_force(&w.model, HVRV_CSR_VSSTATUS, 0x200000000);
    assert_int_equal(outcome_of(FLW_F0_A5, &load), HVRV_MMIO_RETRY);
    assert_int_equal(outcome_of(FSW_F3_A5, &store), HVRV_MMIO_RETRY);
    assert_int_equal(outcome_of(LW_A0_A5, &load), HVRV_MMIO_READY);
    w.vhart.csr.vsstatus |= FS;
    model_force(&w.model, HVRV_CSR_VSSTATUS, 0x200006000);
    assert_int_equal(outcome_of(FLW_F0_A5, &load), HVRV_MMIO_READY);
    w.vhart.sstatus &= ~FS;
    assert_int_equal(outcome_of(FLW_F0_A5, &load), HVRV_MMIO_RETRY);
    assert_int_equal(outcome_of(FSW_F3_A5, &store), HVRV_MMIO_RETRY);
}

/* What cannot be done -------------------------------------------------------------------- */

static void atomics_that_need_the_hart_become_access_faults(void **state)
{
    static const struct {
        uint32_t code;
        uint32_t htinst; /* transformed: rs1 = 0 */
        uint64_t cause, raised;
    } cases[] = {
        {0x1007a52f, 0x1000252f, LOAD_FAULT, 5},  /* lr.w a0, (a5) */
        {0x1007b52f, 0x1000352f, LOAD_FAULT, 5},  /* lr.d */
        {0x18b7a52f, 0x18b0252f, STORE_FAULT, 7}, /* sc.w a0, a1, (a5) */
        {0x18b7b52f, 0x18b0352f, STORE_FAULT, 7}, /* sc.d */
        {0x28c7c52f, 0x28c0452f, STORE_FAULT, 7}, /* amocas.q a0, a2, (a5) */
        {0x0007c507, 0x00004507, LOAD_FAULT, 5},  /* flq fa0, (a5) */
        {0x00a7c027, 0x00a04027, STORE_FAULT, 7}, /* fsq fa0, (a5) */
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct hvrv_exit exit = fault_at(cases[i].cause, DEVICE, 0);
        assert_int_equal(outcome_of(cases[i].code, &exit), HVRV_MMIO_UNSUPPORTED);
        exit = fault_at(cases[i].cause, DEVICE, cases[i].htinst);
        assert_int_equal(exit.htinst, HVRV_HTINST_TRANSFORMED);
        assert_int_equal(outcome_of(0, &exit), HVRV_MMIO_UNSUPPORTED);
        assert_int_equal(hvrv_inject_access_fault(&w.vhart, &exit), HVRV_OK);
        assert_int_equal(w.vhart.csr.vscause, cases[i].raised);
        assert_true(w.vhart.csr.vstval == DEVICE && w.vhart.csr.vsepc == PC);
        w.vhart.sepc = PC;
    }
}

static void an_amo_across_pages_is_unsupported(void **state)
{
    struct hvrv_exit exit;

    (void)state;
    w.vhart.gpr[15] = DEVICE + 4094;
    exit = fault_at(STORE_FAULT, DEVICE + 4094, 0);
    assert_int_equal(outcome_of(AMOADD_W, &exit), HVRV_MMIO_UNSUPPORTED);
    w.vhart.gpr[15] = DEVICE + 4092;
    exit = fault_at(STORE_FAULT, DEVICE + 4092, 0);
    assert_int_equal(outcome_of(AMOADD_W, &exit), HVRV_MMIO_READY);
}

static void what_is_no_access_to_a_device_is_refused_by_name(void **state)
{
    struct hvrv_exit implicit = fault_at(LOAD_FAULT, DEVICE, 0x3000);
    struct hvrv_exit fetch = fault_at(20, DEVICE, 0);
    struct hvrv_exit unknown = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_exit found = fault_at(LOAD_FAULT, DEVICE, 0x00002503);
    struct hvrv_exit nothing = {.kind = HVRV_EXIT_INTERRUPT};
    struct hvrv_exit *exits[] = {&implicit, &fetch, &unknown, &found, &nothing};
    struct hvrv_mmio mmio;

    (void)state;
    w.code = LW_A0_A5;
    unknown.gpa_is = HVRV_EXIT_GPA_UNKNOWN;
    found.is_implicit = true; /* by hvrv_trap_find_gpa() */
    remember();
    for (size_t i = 0; i < LENGTH(exits); i++) {
        memset(&mmio, 0xa5, sizeof mmio);
        assert_int_equal(hvrv_mmio_begin(&mmio, &w.model.hart, &w.vhart, exits[i]),
                         HVRV_ERR_ARGUMENT);
        assert_int_equal(mmio.outcome, HVRV_MMIO_UNSUPPORTED);
        assert_int_equal(mmio.size, 0);
    }
    unknown = fault_at(LOAD_FAULT, DEVICE, 0x00002503);
    unknown.gpa_is = HVRV_EXIT_GPA_UNKNOWN;
    assert_int_equal(hvrv_mmio_begin(&mmio, &w.model.hart, &w.vhart, &unknown), HVRV_ERR_ARGUMENT);
    unknown.gpa_is = HVRV_EXIT_GPA_RETRY;
    assert_int_equal(hvrv_mmio_begin(&mmio, &w.model.hart, &w.vhart, &unknown), HVRV_ERR_ARGUMENT);
    nothing_changed();
    assert_int_equal(w.fetches, 0);
}

static void null_is_refused(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_exit known = fault_at(LOAD_FAULT, DEVICE, 0x00002503);
    struct hvrv_mmio mmio = {.outcome = HVRV_MMIO_READY};
    struct hvrv_mmio_piece piece = {.size = 3};

    (void)state;
    assert_int_equal(hvrv_mmio_begin(NULL, &w.model.hart, &w.vhart, &exit), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mmio_begin(&mmio, NULL, &w.vhart, &exit), HVRV_ERR_NULL);
    assert_int_equal(mmio.outcome, HVRV_MMIO_UNSUPPORTED);
    assert_int_equal(hvrv_mmio_begin(&mmio, &w.model.hart, NULL, &known), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mmio_begin(&mmio, &w.model.hart, &w.vhart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_mmio_begin(&mmio, NULL, &w.vhart, &known), HVRV_OK);
    assert_int_equal(hvrv_mmio_split(NULL, 0, &piece), HVRV_ERR_NULL);
    assert_true(piece.size == 0 && piece.gva.v == 0 && piece.gpa.v == 0 && !piece.is_known);
    assert_int_equal(hvrv_mmio_split(&mmio, 0, NULL), HVRV_ERR_NULL);
}

/* Floating point --------------------------------------------------------------------------- */

/* norm:vsstatus_fs_op. f0 is a register as any other. */
static void an_fp_load_is_nan_boxed_and_makes_both_levels_dirty(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio = ready(FLW_F0_A5, &exit);
    uint64_t single, half;

    (void)state;
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 0x773f800000), HVRV_OK);
    single = hvrv_vhart_read_f(&w.vhart, 0);
    assert_int_equal(w.vhart.sstatus & FS, FS);
    assert_int_equal((w.vhart.bind ? w.model.csr[VSSTATUS] : w.vhart.csr.vsstatus) & FS, FS);
    assert_true(single == 0xffffffff3f800000);
    assert_true(w.vhart.sepc == PC + 4);
    w.vhart.sepc = PC;
    mmio = ready(FLH_F1_A5, &exit);
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 0x3c00), HVRV_OK);
    half = hvrv_vhart_read_f(&w.vhart, 1);
    assert_true(half == 0xffffffffffff3c00);
}

static void an_fp_store_takes_the_lower_bits_and_makes_nothing_dirty(void **state)
{
    struct hvrv_exit exit = fault_at(STORE_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio;
    uint64_t sstatus = w.vhart.sstatus, vsstatus = w.model.csr[VSSTATUS];

    (void)state;
    hvrv_vhart_write_f(&w.vhart, 3, 0xfedcba9876543210);
    w.vhart.sstatus = sstatus;
    mmio = ready(FSW_F3_A5, &exit);
    assert_true(mmio.value == 0x76543210);
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 0), HVRV_OK);
    assert_true(hvrv_vhart_read_f(&w.vhart, 3) == 0xfedcba9876543210);
    assert_true(w.vhart.sstatus == sstatus && w.model.csr[VSSTATUS] == vsstatus);
}

/* Misaligned, and across pages ----------------------------------------------------------------- */

static void a_misaligned_access_in_a_page_is_one_of_its_size(void **state)
{
    (void)state;
    for (uint64_t at = 1; at < 8; at++) {
        struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE + at, 0);
        struct hvrv_mmio_piece piece;
        w.vhart.gpr[15] = DEVICE + at;
        struct hvrv_mmio mmio = ready(LD_A0_A5, &exit);
        assert_false(mmio.is_split);
        assert_true(mmio.gpa.v == GPA + at && mmio.gva.v == DEVICE + at && mmio.size == 8);
        assert_int_equal(hvrv_mmio_split(&mmio, 0, &piece), HVRV_OK);
        assert_true(piece.is_known && piece.gpa.v == GPA + at && piece.gva.v == DEVICE + at);
        assert_true(piece.first == 0 && piece.size == 8);
        assert_int_equal(hvrv_mmio_split(&mmio, 1, &piece), HVRV_ERR_MISSING);
        assert_int_equal(piece.size, 0);
    }
}

static void an_access_that_ends_with_its_page_is_not_split(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE + 4088, 0);

    (void)state;
    w.vhart.gpr[15] = DEVICE + 4088;
    assert_false(ready(LD_A0_A5, &exit).is_split);
    exit = fault_at(LOAD_FAULT, DEVICE + 4088, 0x00003503);
    assert_false(ready(0, &exit).is_split);
}

/* htinst: 0, or the instruction with what lies before stval in the place of rs1. */
static void check_split(uint32_t code, uint64_t cause, uint32_t transformed, unsigned size)
{
    for (unsigned head = 1; head < size; head++) {
        uint64_t start = DEVICE + 4096 - head;
        for (unsigned i = 0; i < 4; i++) {
            bool is_second = i / 2;
            uint64_t stval = is_second ? DEVICE + 4096 : start;
            uint64_t htinst = i % 2 ? transformed | (is_second ? head : 0) << 15 : 0;
            struct hvrv_exit exit = fault_at(cause, stval, htinst);
            struct hvrv_mmio_piece first, second, none;
            w.vhart.gpr[15] = start;
            struct hvrv_mmio mmio = ready(code, &exit);
            assert_true(mmio.is_split && mmio.gva.v == start && mmio.size == size);
            assert_int_equal(mmio.before, is_second ? head : 0);
            if (htinst)
                assert_int_equal(mmio.insn.offset, mmio.before);
            assert_int_equal(hvrv_mmio_split(&mmio, 0, &first), HVRV_OK);
            assert_int_equal(hvrv_mmio_split(&mmio, 1, &second), HVRV_OK);
            assert_int_equal(hvrv_mmio_split(&mmio, 2, &none), HVRV_ERR_MISSING);
            assert_true(first.gva.v == start && first.first == 0 && first.size == head);
            assert_true(second.gva.v == DEVICE + 4096 && second.first == head);
            assert_int_equal(second.size, size - head);
            assert_true(first.is_known == !is_second && second.is_known == is_second);
            assert_true(first.gpa.v == (is_second ? 0 : GPA + 4096 - head));
            assert_true(second.gpa.v == (is_second ? GPA : 0));
        }
    }
}

/* norm:H_tinst_addr_offset */
static void an_access_across_pages_is_two_pieces_of_which_one_faulted(void **state)
{
    (void)state;
    check_split(LD_A0_A5, LOAD_FAULT, 0x00003503, 8);
    check_split(LW_A0_A5, LOAD_FAULT, 0x00002503, 4);
    check_split(0x00079503, LOAD_FAULT, 0x00001503, 2); /* lh */
    check_split(SD_A0_A5, STORE_FAULT, 0x00a03023, 8);
    check_split(SW_A0_A5, STORE_FAULT, 0x00a02023, 4);
}

/* A fault of a part is at the start or where it enters the page. */
static void a_fault_in_the_middle_of_a_page_has_nothing_before_it(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE + 4, 0);

    (void)state;
    w.vhart.gpr[15] = DEVICE;
    assert_int_equal(outcome_of(LD_A0_A5, &exit), HVRV_MMIO_RETRY);
    exit = fault_at(LOAD_FAULT, DEVICE + 4, 0x00023503); /* offset 4 */
    assert_int_equal(outcome_of(0, &exit), HVRV_MMIO_RETRY);
    exit = fault_at(LOAD_FAULT, DEVICE + 4096, 0x00043503); /* offset 8, of 8 bytes */
    assert_int_equal(outcome_of(0, &exit), HVRV_MMIO_RETRY);
}

static void a_split_load_is_finished_with_the_whole_value(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE + 4093, 0);

    (void)state;
    w.vhart.gpr[15] = DEVICE + 4093;
    struct hvrv_mmio mmio = ready(LW_A0_A5, &exit);
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, 0x80000001), HVRV_OK);
    assert_true(w.vhart.gpr[10] == 0xffffffff80000001 && w.vhart.sepc == PC + 4);
}

/* AMOs ------------------------------------------------------------------------------------- */

static void every_amo_has_its_operation_at_every_width(void **state)
{
    static const struct {
        uint32_t funct5;
        uint64_t old, operand, result; /* of 8 bytes: replicated from one for the others */
    } rows[] = {
        {0x01, 0x12, 0x34, 0x34}, {0x00, 0xf0, 0x20, 0x10}, {0x04, 0xf0, 0xff, 0x0f},
        {0x0c, 0xf3, 0x3f, 0x33}, {0x08, 0xf0, 0x0f, 0xff}, {0x10, 0x80, 0x7f, 0x80},
        {0x10, 0x7f, 0x80, 0x80}, {0x14, 0x80, 0x7f, 0x7f}, {0x14, 0x7f, 0x80, 0x7f},
        {0x18, 0x80, 0x7f, 0x7f}, {0x18, 0x7f, 0x80, 0x7f}, {0x1c, 0x80, 0x7f, 0x80},
        {0x1c, 0x7f, 0x80, 0x80}, {0x10, 0x05, 0x05, 0x05},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (unsigned width = 0; width < 4; width++) {
            unsigned shift = 8 * (1U << width) - 8; /* the byte in question is the upper one */
            uint64_t mask = width == 3 ? UINT64_MAX : (UINT64_C(1) << (shift + 8)) - 1;
            struct hvrv_exit exit = fault_at(STORE_FAULT, DEVICE, 0);
            w.vhart.sepc = PC;
            w.vhart.gpr[10] = rows[i].operand << shift | ~mask;
            struct hvrv_mmio mmio =
                ready(rows[i].funct5 << 27 | width << 12 | 0x00a785af, &exit); /* a1, a0, (a5) */
            assert_true(mmio.is_amo && !mmio.is_store && mmio.size == 1U << width);
            assert_true(mmio.value == rows[i].operand << shift);
            uint64_t old = rows[i].old << shift;
            assert_true(hvrv_mmio_amo(&mmio, old) == (rows[i].result << shift & mask));
            assert_true(hvrv_mmio_amo(&mmio, old | ~mask) == (rows[i].result << shift & mask));
            assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, old), HVRV_OK);
            uint64_t sign = rows[i].old & 0x80 ? ~mask : 0;
            assert_true(w.vhart.gpr[11] == (old | sign) && w.vhart.sepc == PC + 4);
        }
    }
}

static void amocas_stores_only_if_rd_was_there(void **state)
{
    struct hvrv_exit exit = fault_at(STORE_FAULT, DEVICE, 0);

    (void)state;
    w.vhart.gpr[11] = 0xffffffff00000007;
    struct hvrv_mmio mmio = ready(0x28a7a5af, &exit); /* amocas.w a1, a0, (a5) */
    assert_true(mmio.compare == 7);
    assert_true(hvrv_mmio_amo(&mmio, 0x500000007) == 0x55667788);
    assert_true(hvrv_mmio_amo(&mmio, 8) == 8);
}

/* Of what is no AMO the device keeps what it has. */
static void the_result_of_no_amo_is_what_was_there(void **state)
{
    struct hvrv_exit exit = fault_at(LOAD_FAULT, DEVICE, 0);
    struct hvrv_mmio mmio = ready(LW_A0_A5, &exit);

    (void)state;
    assert_true(hvrv_mmio_amo(&mmio, 0x123456789) == 0x23456789);
}

int main(void)
{
#define BOTH(test)                                         \
    cmocka_unit_test_setup_teardown(test, build, check),   \
    {                                                      \
#test " (loaded)", test, build_loaded, check, NULL \
    }
    const struct CMUnitTest tests[] = {
        BOTH(nothing_changes_before_the_access_is_finished),
        BOTH(a_load_writes_rd_and_goes_on_behind_the_instruction),
        BOTH(a_store_changes_nothing_but_sepc),
        BOTH(a_load_to_x0_is_an_access_and_leaves_it_zero),
        BOTH(only_an_access_that_is_ready_can_be_finished),
        BOTH(what_htinst_holds_is_not_fetched),
        BOTH(a_custom_value_in_htinst_counts_as_none),
        BOTH(a_fetch_that_faults_in_the_vs_stage_is_the_guests_own),
        BOTH(an_odd_sepc_is_that_of_the_instruction_below),
        BOTH(a_fetch_that_faults_in_the_g_stage_is_a_retry),
        BOTH(an_instruction_of_the_other_direction_is_a_retry),
        BOTH(an_instruction_of_another_address_is_a_retry),
        BOTH(upper_bits_that_a_hart_may_ignore_make_no_other_address),
        BOTH(an_instruction_that_accesses_nothing_is_a_retry),
        BOTH(an_access_that_is_not_decoded_is_unsupported),
        BOTH(a_reserved_load_from_address_zero_is_no_access),
        BOTH(fp_accesses_of_a_guest_without_fp_are_a_retry),
        cmocka_unit_test_setup_teardown(atomics_that_need_the_hart_become_access_faults, build,
                                        check),
        BOTH(an_amo_across_pages_is_unsupported),
        BOTH(what_is_no_access_to_a_device_is_refused_by_name),
        BOTH(null_is_refused),
        BOTH(an_fp_load_is_nan_boxed_and_makes_both_levels_dirty),
        BOTH(an_fp_store_takes_the_lower_bits_and_makes_nothing_dirty),
        BOTH(a_misaligned_access_in_a_page_is_one_of_its_size),
        BOTH(an_access_that_ends_with_its_page_is_not_split),
        BOTH(an_access_across_pages_is_two_pieces_of_which_one_faulted),
        BOTH(a_fault_in_the_middle_of_a_page_has_nothing_before_it),
        BOTH(a_split_load_is_finished_with_the_whole_value),
        BOTH(every_amo_has_its_operation_at_every_width),
        BOTH(amocas_stores_only_if_rd_was_there),
        BOTH(the_result_of_no_amo_is_what_was_there),
    };
    return cmocka_run_group_tests_name("vhart/mmio", tests, NULL, NULL);
}
