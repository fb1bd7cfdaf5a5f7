/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM runs, comes back, and the host sees what it may see. */
#include "cove_world.h"

#define BAD     UINT64_C(0x123)
#define SECRET  UINT64_C(0x5ec2e7005ec2e700)
#define UNSEEN  UINT64_C(0xdeadbeefdeadbeef) /* what the host put into the shared memory */
#define DEVICE  UINT64_C(0x10000000)
#define HTVAL   0x143
#define HTINST  0x14a
#define HTDELTA 0x105
#define VSIE    0x004
#define VSTCMP  0x04d

static uint64_t id;

static struct hvrv_nacl_memory *shared(uint32_t hart)
{
    return cove_memory(PAGE(AT_SHARED + 3 * hart));
}

static struct hvrv_vhart *running(uint32_t hart)
{
    return &w.harts[hart].running->vhart;
}

/* A TVM that runs on hart 0, every register a secret, and nothing in the shared memory. */
static int setup_running(void **state)
{
    cove_setup(state);
    cove_convert(AT_FREE, 64);
    id = cove_build(AT_FREE);
    for (unsigned i = 0; i < 3 * 512; i++)
        ((uint64_t *)shared(0))[i] = UNSEEN;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    for (unsigned i = 1; i < 32; i++)
        running(0)->gpr[i] = SECRET + i;
    return 0;
}

/* Of the shared memory only these words changed: indices, ended by 0 (which is x0's). */
static void expect_shown(const unsigned *words)
{
    const uint64_t *memory = (const uint64_t *)shared(0);

    for (unsigned i = 0; i < 3 * 512; i++) {
        bool is_shown = i == 512 + HTDELTA || i == 512 + VSIE || i == 512 + VSTCMP;
        for (const unsigned *word = words; *word; word++)
            is_shown |= i == *word;
        if (!is_shown && memory[i] != UNSEEN)
            fail_msg("word %u was shown: 0x%llx", i, (unsigned long long)memory[i]);
    }
}
#define SHOWN(...) expect_shown((const unsigned[]){__VA_ARGS__, 0})

static void expect_exit(uint64_t scause, uint64_t stval)
{
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_true(w.reply.is_exit);
    assert_null(w.reply.vhart);
    assert_int_equal(w.reply.answer.error, SUCCESS);
    assert_int_equal(w.reply.answer.value, 0);
    assert_int_equal(w.reply.scause, scause);
    assert_int_equal(w.reply.stval, stval);
    assert_null(w.harts[0].running);
}

static void expect_dead(void)
{
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(w.reply.answer.error, SUCCESS);
    assert_int_not_equal(w.reply.answer.value, 0);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
}

static void an_interrupt_of_the_hosts_shows_nothing(void **state)
{
    const struct hvrv_trap trap = {
        .scause = UINT64_C(1) << 63 | 5, .sepc = GPA, .sstatus = 0x100, .hstatus = 0x180};

    (void)state;
    cove_exit(0, &trap);
    expect_exit(UINT64_C(1) << 63 | 5, 0);
    SHOWN(0);
    assert_int_equal(CALL(1, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running(1)->gpr[10], SECRET + 10);
}

static void a_page_fault_shows_the_page_alone(void **state)
{
    (void)state;
    cove_fault(0, 21, GPA + 0x12345);
    expect_exit(21, 0);
    SHOWN(512 + HTVAL, 512 + HTINST);
    assert_int_equal(shared(0)->csrs[HTVAL], (GPA + 0x12000) >> 2);
    assert_int_equal(shared(0)->csrs[HTINST], 0);
}

static void an_ecall_shows_its_arguments_and_takes_two_words_back(void **state)
{
    (void)state;
    ECALL(0, 1, 2, 3, 4, 5, 6, 7, 0x08001234);
    expect_exit(10, 0);
    SHOWN(10, 11, 12, 13, 14, 15, 16, 17);
    for (unsigned i = 10; i < 17; i++)
        assert_int_equal(shared(0)->gprs[i], i - 9);
    for (unsigned i = 0; i < 32; i++)
        shared(0)->gprs[i] = 0x1000 + i;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running(0)->sepc, GPA + 4);
    for (unsigned i = 1; i < 32; i++) {
        if (i < 10 || i > 17)
            assert_int_equal(running(0)->gpr[i], SECRET + i);
    }
    assert_int_equal(running(0)->gpr[10], 0x100a);
    assert_int_equal(running(0)->gpr[11], 0x100b);
    assert_int_equal(running(0)->gpr[12], 3);
}

/* A caller of 0 to 15 may rely on all registers but a0 (SBI, chapter "Legacy Extensions"). */
static void of_a_legacy_call_one_word_is_taken_back(void **state)
{
    (void)state;
    for (uint64_t extension = 0; extension < 16; extension++) {
        ECALL(0, 1, SECRET, 3, 4, 5, 6, 7, extension);
        expect_exit(10, 0);
        shared(0)->gprs[10] = 0x1010;
        shared(0)->gprs[11] = 0x1111;
        assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
        assert_int_equal(running(0)->gpr[10], 0x1010);
        assert_int_equal(running(0)->gpr[11], SECRET);
    }
}

static void an_access_outside_of_all_regions_is_the_tvms_own_fault(void **state)
{
    static const struct {
        uint64_t cause, becomes;
    } rows[] = {{20, 1}, {21, 5}, {23, 7}};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        cove_fault(0, rows[i].cause, GPA - 0x1000);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), rows[i].becomes);
    }
    SHOWN(0);
}

/* Whether hart 0 fenced the TVM's VMID in the last call. */
static bool has_fenced(void)
{
    for (size_t i = 0; i < w.model[0].log_length; i++) {
        const struct model_access *done = &w.model[0].log[i];
        if (done->kind == MODEL_HFENCE_GVMA &&
            (done->what == MODEL_BY_NOTHING || (done->what == MODEL_BY_ID && done->b == 1)))
            return true;
    }
    return false;
}

static void a_fault_that_the_tables_do_not_explain_is_fenced_and_tried_again(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        cove_fault(0, 21, GPA + 8);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_ptr_equal(w.reply.vhart, w.harts[0].running);
        assert_true(has_fenced());
    }
    cove_fault(0, 21, GPA + 8);
    expect_dead();
}

/* Two vHarts that touch new memory side by side: one finds what was mapped for the other. */
static void faults_at_other_addresses_are_in_no_row(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 12, id, PAGE(AT_FREE + 40), 0, 20, GPA + 0x4000), SUCCESS);
    for (uint64_t i = 0; i < 20; i++) {
        cove_fault(0, 23, GPA + 0x4000 + i * 0x1000);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_true(has_fenced());
    }
}

static void faults_with_something_else_between_are_in_no_row(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        cove_fault(0, 21, GPA + 8);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        if (i % 5 == 4)
            ECALL(0, 3, 0, 0, 0, 0, 0, 0, 0x10);
    }
}

/* A fault of which the hart tells no address: 0 in htval and htinst. */
static void fault_untold(uint64_t cause, uint64_t gva)
{
    const struct hvrv_trap trap = {.scause = cause,
                                   .sepc = running(0)->sepc,
                                   .sstatus = 0x200000100,
                                   .stval = gva,
                                   .hstatus = 0x2000001c0};

    cove_exit(0, &trap);
}

static void an_address_that_the_hart_does_not_tell_is_walked_for(void **state)
{
    (void)state;
    fault_untold(23, GPA + 0x12345); /* the TVM translates nothing: vsatp is 0 */
    expect_exit(23, 0);
    SHOWN(512 + HTVAL, 512 + HTINST);
    assert_int_equal(shared(0)->csrs[HTVAL], (GPA + 0x12000) >> 2);
}

static void a_walk_that_finds_no_fault_is_a_retry_and_not_for_ever(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        fault_untold(21, GPA + 8);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_true(has_fenced());
    }
    fault_untold(21, GPA + 8);
    expect_dead();
}

static void a_walk_through_tables_that_are_not_there_finds_them(void **state)
{
    (void)state;
    model_poke(&w.model[0], HVRV_CSR_VSATP, UINT64_C(8) << 60 | (GPA + 0x30000) >> 12);
    fault_untold(20, 0x1000);
    expect_exit(20, 0);
    assert_int_equal(shared(0)->csrs[HTVAL], (GPA + 0x30000) >> 2);
}

static void a_regime_that_is_none_ends_in_retries(void **state)
{
    (void)state;
    model_poke(&w.model[0], HVRV_CSR_VSATP, UINT64_C(5) << 60);
    fault_untold(21, 0x1000);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
}

static void tables_of_the_tvms_may_lie_in_a_shared_page(void **state)
{
    const struct hvrv_trap trap = {.scause = 20,
                                   .sepc = GPA,
                                   .sstatus = 0x200000100,
                                   .stval = 0x1000,
                                   .htval = (GPA + 0x9008) >> 2,
                                   .htinst = 0x3000, /* a PTE was read */
                                   .hstatus = 0x2000001c0};

    (void)state;
    ECALL(0, GPA + 0x9000, 0x1000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    cove_exit(0, &trap);
    expect_exit(20, 0);
    assert_int_equal(CALL(0, COVH, 13, id, PAGE(AT_HOST), 0, 1, GPA + 0x9000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    cove_exit(0, &trap); /* it is there now */
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_true(has_fenced());
}

static void what_cannot_be_resumed_ends_the_vhart(void **state)
{
    static const uint64_t causes[] = {1, 5, 7, 0, 3};
    const struct hvrv_trap trap = {
        .scause = causes[1], .sepc = GPA, .sstatus = 0x100, .hstatus = 0x180};

    (void)state;
    cove_exit(0, &trap);
    expect_dead();
    SHOWN(0);
    assert_int_equal(CALL(0, COVH, 8, id), SUCCESS);
}

static void a_vhart_waits_where_it_executes_wfi(void **state)
{
    const struct hvrv_trap trap = {
        .scause = 22, .sepc = GPA, .sstatus = 0x100, .stval = 0x10500073, .hstatus = 0x180};

    (void)state;
    assert_true(running(0)->hstatus & UINT64_C(1) << 21);
    cove_exit(0, &trap);
    expect_exit(22, 0);
    SHOWN(512 + HTINST);
    assert_int_equal(shared(0)->csrs[HTINST], 0x10500073);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running(0)->sepc, GPA + 4);
}

static void another_virtual_instruction_is_illegal_to_the_tvm(void **state)
{
    /* csrr of hstatus; hfence.gvma; wfi in VU-mode; custom-0; all ones */
    static const uint64_t codes[] = {0x60002573, 0x62000073, 0x10500073, 0x0000000b, 0xffffffff};

    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        const struct hvrv_trap trap = {.scause = 22,
                                       .sepc = GPA,
                                       .sstatus = i == 2 ? 0 : 0x100,
                                       .stval = codes[i],
                                       .hstatus = i == 2 ? 0x80 : 0x180};
        running(0)->sstatus = trap.sstatus;
        cove_exit(0, &trap);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), 2);
    }
    SHOWN(0);
}

/* The TVM asks for a device; the instruction of each access is in htinst, so none is fetched. */
static void ask_for_device(void)
{
    ECALL(0, DEVICE, 0x1000, 0, 0, 0, 0, 0, COVG);
    expect_exit(10, 0);
    for (unsigned i = 0; i < 32; i++)
        shared(0)->gprs[i] = UNSEEN;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[10], 0);
    for (unsigned i = 1; i < 32; i++)
        running(0)->gpr[i] = SECRET + i;
}

static void touch_device(uint64_t cause, uint64_t offset, uint64_t htinst)
{
    const struct hvrv_trap trap = {.scause = cause,
                                   .sepc = GPA + 0x20,
                                   .sstatus = 0x200000100,
                                   .stval = DEVICE + offset,
                                   .htval = (DEVICE + offset) >> 2,
                                   .htinst = htinst,
                                   .hstatus = 0x2000001c0};

    running(0)->sepc = GPA + 0x20;
    cove_exit(0, &trap);
}

static void a_load_of_a_device_goes_by_a0(void **state)
{
    /* Transformed: loads to x20; and what the host is shown; what comes of 0x8182838485868788. */
    static const struct {
        uint64_t htinst, shown, value;
    } rows[] = {
        {0x00000a03, 0x00000503, UINT64_C(0xffffffffffffff88)}, /* lb */
        {0x00004a03, 0x00004503, 0x88},                         /* lbu */
        {0x00001a03, 0x00001503, UINT64_C(0xffffffffffff8788)}, /* lh */
        {0x00005a03, 0x00005503, 0x8788},                       /* lhu */
        {0x00002a03, 0x00002503, UINT64_C(0xffffffff85868788)}, /* lw */
        {0x00006a03, 0x00006503, UINT64_C(0x85868788)},         /* lwu */
        {0x00003a03, 0x00003503, UINT64_C(0x8182838485868788)}, /* ld */
    };

    (void)state;
    ask_for_device();
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        shared(0)->gprs[10] = UNSEEN;
        touch_device(21, 0x10, rows[i].htinst);
        expect_exit(21, 0);
        assert_int_equal(shared(0)->csrs[HTVAL], (DEVICE + 0x10) >> 2);
        assert_int_equal(shared(0)->csrs[HTINST], rows[i].shown);
        assert_int_equal(shared(0)->gprs[10], UNSEEN);
        for (unsigned k = 0; k < 32; k++)
            shared(0)->gprs[k] = UINT64_C(0x8182838485868788);
        assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
        assert_int_equal(running(0)->gpr[20], rows[i].value);
        assert_int_equal(running(0)->gpr[10], SECRET + 10);
        assert_int_equal(running(0)->gpr[21], SECRET + 21);
        assert_int_equal(running(0)->sepc, GPA + 0x24);
    }
}

static void a_store_to_a_device_shows_what_is_stored_alone(void **state)
{
    static const struct {
        uint64_t htinst, shown, value;
    } rows[] = {
        {0x01400023, 0x00a00023, 0x88},                         /* sb x20 */
        {0x01401023, 0x00a01023, 0x8788},                       /* sh */
        {0x01402023, 0x00a02023, UINT64_C(0x85868788)},         /* sw */
        {0x01403023, 0x00a03023, UINT64_C(0x8182838485868788)}, /* sd */
    };

    (void)state;
    ask_for_device();
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        running(0)->gpr[20] = UINT64_C(0x8182838485868788);
        touch_device(23, 3, rows[i].htinst);
        if (i == 0) {
            expect_exit(23, 3);
            assert_int_equal(shared(0)->csrs[HTVAL], DEVICE >> 2);
        }
        assert_int_equal(shared(0)->csrs[HTINST], rows[i].shown);
        assert_int_equal(shared(0)->gprs[10], rows[i].value);
        shared(0)->gprs[10] = UNSEEN;
        assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
        assert_int_equal(running(0)->gpr[20], UINT64_C(0x8182838485868788));
        assert_int_equal(running(0)->sepc, GPA + 0x24);
    }
}

/* What HLVX finds, where the TVM's code is: an instruction, or a trap. */
static struct {
    uint32_t code;
    uint64_t cause;
} there;

static bool read_code(void *context, const struct model_access *access, uint64_t *value,
                      struct hvrv_hart_trap *trap)
{
    (void)context;
    if (there.cause) {
        *trap = (struct hvrv_hart_trap){.cause = there.cause, .stval = access->a, .gva = true};
        return false;
    }
    *value = there.code >> (access->a - (GPA + 0x20)) * 8;
    return true;
}

static void an_instruction_that_the_hart_does_not_tell_is_fetched(void **state)
{
    (void)state;
    ask_for_device();
    w.model[0].guest_access = read_code;
    there.cause = 0;
    there.code = 0x01042a03; /* lw x20, 16(x8) */
    running(0)->gpr[8] = DEVICE;
    touch_device(21, 0x10, 0);
    expect_exit(21, 0);
    assert_int_equal(shared(0)->csrs[HTVAL], (DEVICE + 0x10) >> 2);
    assert_int_equal(shared(0)->csrs[HTINST], 0x00002503); /* lw a0, 0(x0) */
    assert_int_equal(shared(0)->gprs[10], UNSEEN);
    shared(0)->gprs[10] = 0x76543210;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[20], 0x76543210);
    assert_int_equal(running(0)->gpr[8], DEVICE);
    there.code = 0x4010; /* c.lw x12, 0(x8), which has two bytes */
    touch_device(21, 0, 0);
    expect_exit(21, 0);
    assert_int_equal(shared(0)->csrs[HTINST], 0x00002503);
    shared(0)->gprs[10] = 5;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[12], 5);
    assert_int_equal(running(0)->sepc, GPA + 0x22);
}

static void an_instruction_that_is_gone_is_not_shown(void **state)
{
    static const struct {
        uint32_t code;
        uint64_t cause;
    } rows[] = {{0x00802023, 0}, {0, 21}}; /* a store by now; not mapped by now */

    (void)state;
    ask_for_device();
    w.model[0].guest_access = read_code;
    for (unsigned i = 0; i < 2; i++) {
        there.code = rows[i].code;
        there.cause = rows[i].cause;
        touch_device(21, 0x10, 0);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(running(0)->sepc, GPA + 0x20);
    }
    there.cause = 13;
    touch_device(21, 0x10, 0);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), 12);
}

static void an_access_that_no_device_has_is_an_access_fault(void **state)
{
    static const struct {
        uint64_t cause, offset, htinst, becomes;
    } rows[] = {
        {21, 0, 0x10002a2f, 5},     /* lr.w x20 */
        {23, 0, 0x18002a2f, 7},     /* sc.w x20, x0 */
        {21, 0xffc, 0x00003a03, 5}, /* ld x20, across the page's end */
    };

    (void)state;
    ask_for_device();
    for (unsigned i = 0; i < 3; i++) {
        touch_device(rows[i].cause, rows[i].offset, rows[i].htinst);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), rows[i].becomes);
    }
}

static void tables_of_the_tvms_do_not_lie_in_a_device(void **state)
{
    (void)state;
    ask_for_device();
    touch_device(21, 0, 0x3000); /* a PTE was read there */
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), 5);
}

static void code_is_not_fetched_from_a_device(void **state)
{
    (void)state;
    ask_for_device();
    touch_device(20, 0, 0);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), 1);
}

static void an_amo_on_a_device_is_an_access_fault(void **state)
{
    (void)state;
    ask_for_device();
    touch_device(23, 0, 0x0140202f); /* amoadd.w, transformed */
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_VSCAUSE), 7);
}

static void a_tvm_starts_its_vharts_and_the_host_runs_them(void **state)
{
    (void)state;
    cove_setup(state);
    cove_convert(AT_FREE, 128);
    id = cove_create(AT_FREE);
    cove_share_memory();
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x100000), SUCCESS);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(CALL(0, COVH, 14, id, i, PAGE(AT_FREE + 16 + i)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, id, 1), FAILED);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, 3, GPA + 0x40, 0x77, 0, 0, 0, 0, 0x48534d);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(running(0)->gpr[10], (uint64_t)(int64_t)-3);
    ECALL(0, 0, GPA + 0x40, 0x77, 0, 0, 0, 0, 0x48534d);
    assert_int_equal(running(0)->gpr[10], (uint64_t)(int64_t)-6);
    ECALL(0, 1, GPA + 0x40, 0x77, 0, 0, 0, 0, 0x48534d);
    expect_exit(10, 0);
    assert_int_equal(shared(0)->gprs[10], 1);
    shared(0)->gprs[10] = 0x1234; /* no answer of the host's */
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
    assert_int_equal(running(1)->sepc, GPA + 0x40);
    assert_int_equal(running(1)->gpr[10], 1);
    assert_int_equal(running(1)->gpr[11], 0x77);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[10], 0);
    assert_int_equal(CALL(2, COVH, 15, id, 1), FAILED);
    assert_int_equal(CALL(2, COVH, 15, id, 2), FAILED);
}

/* An ECALL that the TSM answers; the TVM's a0. */
static int64_t ask(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1)
{
    uint64_t pc = running(0)->sepc;

    ECALL(0, a0, a1, 0, 0, 0, 0, function, extension);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(running(0)->sepc, pc + 4);
    return (int64_t)running(0)->gpr[10];
}

#define BASE UINT64_C(0x10)
#define TIME UINT64_C(0x54494d45)
#define HSM  UINT64_C(0x48534d)

static void the_tsm_says_what_it_serves_itself(void **state)
{
    static const uint64_t served[] = {BASE, TIME, HSM, COVG};

    (void)state;
    assert_int_equal(ask(BASE, 0, 0, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[11], 0x02000000);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(ask(BASE, 3, served[i], 0), SUCCESS);
        assert_int_equal(running(0)->gpr[11], 1);
    }
    for (uint64_t function = 4; function < 7; function++) {
        assert_int_equal(ask(BASE, function, 0, 0), SUCCESS);
        assert_int_equal(running(0)->gpr[11], 0);
    }
    assert_int_equal(ask(TIME, 1, 0, 0), NOT_SUPPORTED);
    assert_int_equal(ask(HSM, 3, 0, 0), NOT_SUPPORTED);
    SHOWN(0);
}

static void of_the_hosts_extensions_the_host_is_asked(void **state)
{
    static const uint64_t functions[] = {1, 2, 3, 7};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        ECALL(0, 0x4442434e, 0, 0, 0, 0, 0, functions[i], BASE);
        expect_exit(10, 0);
        assert_int_equal(shared(0)->gprs[10], 0x4442434e);
        shared(0)->gprs[10] = 0;
        shared(0)->gprs[11] = 5 + i;
        assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
        assert_int_equal(running(0)->gpr[11], 5 + i);
    }
}

/* vHart 0 runs on hart 0, vHart 1 waits to be started. */
static void build_two(void **state)
{
    cove_setup(state);
    cove_convert(AT_FREE, 128);
    id = cove_create(AT_FREE);
    cove_share_memory();
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x100000), SUCCESS);
    for (uint64_t i = 0; i < 2; i++)
        assert_int_equal(CALL(0, COVH, 14, id, i, PAGE(AT_FREE + 16 + i)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
}

static void a_stopped_vhart_begins_anew_and_not_where_the_host_likes(void **state)
{
    build_two(state);
    assert_int_equal(ask(HSM, 2, 1, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[11], 1);
    assert_int_equal(ask(HSM, 2, 0, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[11], 0);
    assert_int_equal(ask(HSM, 2, 2, 0), INVALID_PARAM);
    assert_int_equal(ask(HSM, 0, 1, GPA + 1), INVALID_ADDRESS);
    ECALL(0, 1, GPA, 7, 0, 0, 0, 0, HSM);
    expect_exit(10, 0);
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
    running(1)->gpr[5] = SECRET;
    running(1)->sstatus &= ~UINT64_C(0x100); /* it was in VU-mode last */
    model_poke(&w.model[1], HVRV_CSR_VSATP, UINT64_C(8) << 60 | GPA >> 12);
    model_poke(&w.model[1], HVRV_CSR_VSSTATUS, 2);
    ECALL(1, 0, 0, 0, 0, 0, 0, 1, HSM);
    assert_int_equal(w.reply.scause, 10);
    assert_int_equal(w.reply.answer.value, 0);
    assert_int_equal(CALL(1, COVH, 15, id, 1), FAILED);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, 1, GPA + 0x40, 9, 0, 0, 0, 0, HSM);
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
    assert_int_equal(running(1)->sepc, GPA + 0x40);
    assert_int_equal(running(1)->gpr[5], 0);
    assert_int_equal(running(1)->gpr[10], 1);
    assert_int_equal(running(1)->gpr[11], 9);
    assert_int_equal(running(1)->sstatus & 0x100, 0x100);
    assert_int_equal(model_peek(&w.model[1], HVRV_CSR_VSATP), 0);
    assert_int_equal(model_peek(&w.model[1], HVRV_CSR_VSSTATUS) & 2, 0);
}

/* How many arguments a call has is known: the registers behind them are the TVM's own. */
static void a_call_that_is_known_shows_its_arguments_alone(void **state)
{
    static const struct {
        uint64_t a0, a1, function, extension;
        unsigned shown[5];
    } rows[] = {
        {DEVICE, 0x1000, 0, COVG, {16, 17, 10, 11}},
        {DEVICE, 0x1000, 1, COVG, {16, 17, 10, 11}},
        {GPA + 0x40000, 0x1000, 2, COVG, {16, 17, 10, 11}},
        {GPA + 0x40000, 0x1000, 3, COVG, {16, 17, 10, 11}},
        {7, SECRET, 4, COVG, {16, 17, 10}},
        {7, SECRET, 5, COVG, {16, 17, 10}},
        {1, GPA, 0, HSM, {16, 17, 10}},
        {0x4442434e, SECRET, 3, 0x10, {16, 17, 10}},
        {SECRET, SECRET, 1, HSM, {16, 17}},
    };

    build_two(state);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (unsigned k = 0; k < 3 * 512; k++)
            ((uint64_t *)shared(0))[k] = UNSEEN;
        ECALL(0, rows[i].a0, rows[i].a1, SECRET + 12, SECRET + 13, SECRET + 14, SECRET + 15,
              rows[i].function, rows[i].extension);
        expect_exit(10, 0);
        expect_shown(rows[i].shown);
        assert_int_equal(shared(0)->gprs[17], rows[i].extension);
        if (rows[i].shown[2])
            assert_int_equal(shared(0)->gprs[10], rows[i].a0);
        if (i + 1 < sizeof(rows) / sizeof(rows[0]))
            assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    }
}

static void a_dead_vhart_is_not_started(void **state)
{
    const struct hvrv_trap trap = {.scause = 5, .sepc = GPA, .sstatus = 0x100, .hstatus = 0x180};

    build_two(state);
    ECALL(0, 1, GPA, 7, 0, 0, 0, 0, HSM);
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
    cove_exit(1, &trap);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(ask(HSM, 0, 1, GPA), FAILED);
    assert_int_equal(ask(HSM, 2, 1, 0), SUCCESS);
    assert_int_equal(running(0)->gpr[11], 1);
}

/* The host takes out what is mapped in a page of GPA's. */
static void take_out(uint64_t gpa)
{
    assert_int_equal(CALL(2, COVH, 17, id, gpa, 0x1000), SUCCESS);
    assert_int_equal(CALL(2, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(2, COVH, 19, id, gpa, 0x1000), SUCCESS);
}

/* vHart 0 and 1 run on their harts, and two pages of zeros are at ZEROS. */
#define ZEROS (GPA + 0x10000)
static void run_two(void **state)
{
    build_two(state);
    assert_int_equal(CALL(2, COVH, 10, id, PAGE(AT_FREE + 32), 16), SUCCESS);
    assert_int_equal(CALL(2, COVH, 12, id, PAGE(AT_FREE + 48), 0, 2, ZEROS), SUCCESS);
    ECALL(0, 1, GPA, 7, 0, 0, 0, 0, HSM);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
}

/* vHart 0 shares two pages; vHart 1 takes one of them back before vHart 0 goes on. */
static void a_vhart_waits_for_each_page_by_what_it_is_for_now(void **state)
{
    run_two(state);
    ECALL(0, ZEROS, 0x2000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    ECALL(1, ZEROS, 0x1000, 0, 0, 0, 0, 3, COVG);
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
    /* The second page is shared, and a confidential one is there still. */
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    cove_fault(1, 21, GPA);
    take_out(ZEROS + 0x1000);
    /* A shared one there is no reason to wait, nor is the first, which is as it was. */
    assert_int_equal(CALL(2, COVH, 13, id, PAGE(AT_HOST), 0, 1, ZEROS + 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
}

/* vHart 0 takes memory back, and the host's page is there still: for vHart 1 it is no buffer. */
static void a_page_of_the_hosts_is_no_buffer(void **state)
{
    const uint64_t *content = cove_memory(PAGE(AT_HOST));

    run_two(state);
    ECALL(0, ZEROS, 0x1000, 0, 0, 0, 0, 2, COVG);
    cove_fault(1, 21, GPA);
    take_out(ZEROS);
    assert_int_equal(CALL(2, COVH, 13, id, PAGE(AT_HOST), 0, 1, ZEROS), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, ZEROS, 0x1000, 0, 0, 0, 0, 3, COVG);
    assert_int_equal(CALL(1, COVH, 15, id, 1), SUCCESS);
    for (uint64_t function = 6; function < 11; function++) {
        if (function == 9)
            continue; /* which is not there */
        ECALL(1, ZEROS, 48, ZEROS, 0x80000000, ZEROS, 0x1000, function, COVG);
        assert_int_equal(w.reply.action, HVRV_TSM_RUN);
        assert_int_equal(running(1)->gpr[10], (uint64_t)(int64_t)INVALID_ADDRESS);
    }
    for (unsigned i = 0; i < 512; i++)
        assert_int_equal(content[i], 0);
}

static uint64_t now;

static uint64_t get_time(void *context)
{
    (void)context;
    return now;
}

static void without_sstc_the_tsm_rings_at_the_next_turn(void **state)
{
    const uint64_t vstip = 1 << 6;

    cove_setup(state);
    w.probe.sstc = false;
    w.ops.time = get_time;
    now = 999;
    cove_convert(AT_FREE, 64);
    id = cove_build(AT_FREE);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(ask(TIME, 0, 1000, 0), SUCCESS);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(shared(0)->csrs[VSTCMP], 1000);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & vstip, 0);
    cove_fault(0, 21, GPA + 0x2000);
    now = 1000;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & vstip, vstip);
}

static void run_refuses_in_this_order(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 15, BAD, 0), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, id, 1), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, id, 64), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, id, UINT64_MAX), INVALID_PARAM);
    assert_int_equal(CALL(1, COVH, 15, id, 0), FAILED); /* it runs on hart 0 */
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(CALL(1, NACL, 1, UINT64_MAX, UINT64_MAX, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, id, 0), FAILED); /* no shared memory */
    assert_int_equal(CALL(2, COVH, 1, PAGE(AT_SHARED + 6), 1), SUCCESS);
    assert_int_equal(CALL(2, COVH, 15, id, 0), FAILED); /* it is confidential now */
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
}

static void shared_memory_that_is_given_away_ends_the_turn_for_good(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 1, PAGE(AT_SHARED), 3), SUCCESS);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_not_equal(w.reply.answer.value, 0);
    SHOWN(0);
}

static void a_tvm_is_fenced_before_it_runs_after_a_fence_of_its_own(void **state)
{
    (void)state;
    w.tsm.config.has_sdid = true;
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(CALL(1, COVH, 17, id, GPA, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_true(has_fenced());
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_false(has_fenced());
    cove_fault(0, 21, GPA + 0x2000);
    w.tsm.config.has_sdid = false;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_true(has_fenced());
}

/* HFENCE.VVMA of everything, before hgatp is no longer the TVM's: it reaches no other VMID. */
static bool has_forgotten(void)
{
    for (size_t i = 0; i < w.model[0].log_length; i++) {
        const struct model_access *done = &w.model[0].log[i];
        if (done->kind == MODEL_WRITE && done->what == HVRV_CSR_HGATP)
            return false;
        if (done->kind == MODEL_HFENCE_VVMA && done->what == MODEL_BY_NOTHING)
            return true;
    }
    return false;
}

static void the_host_does_not_get_what_the_hart_translated_for_the_tvm(void **state)
{
    (void)state;
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_true(has_forgotten());
    w.tsm.config.has_sdid = true;
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_false(has_forgotten());
}

static void a_running_vhart_holds_up_what_was_invalidated(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 12, id, PAGE(AT_FREE + 40), 0, 1, GPA + 0x4000), SUCCESS);
    ECALL(0, GPA + 0x4000, 0x1000, 0, 0, 0, 0, 2, COVG);
    expect_exit(10, 0);
    assert_int_equal(CALL(0, COVH, 17, id, GPA + 0x4000, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, id, GPA + 0x4000, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    /* The page is free, and goes to another use. */
    assert_int_equal(CALL(1, COVH, 2, PAGE(AT_FREE + 40), 1), SUCCESS);
}

static void a_timer_without_sstc_rings_when_it_is_due(void **state)
{
    (void)state;
    ECALL(0, 1000, 0, 0, 0, 0, 0, 0, 0x54494d45);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_int_equal(running(0)->gpr[10], 0);
    assert_int_equal(running(0)->sepc, GPA + 4);
    cove_fault(0, 21, GPA + 0x2000);
    assert_int_equal(shared(0)->csrs[VSTCMP], 1000);
}

static void exits_of_nobody_are_refused(void **state)
{
    struct hvrv_trap trap = {.scause = 10};
    struct hvrv_cove_call call = {COVH, 0, {0}};

    (void)state;
    assert_int_equal(hvrv_tsm_serve(&w.tsm, 0, &call, &w.reply), HVRV_ERR_STATE);
    assert_int_equal(hvrv_tsm_exit(NULL, 0, &trap, &w.reply), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, 0, NULL, &w.reply), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, 0, &trap, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, HARTS, &trap, &w.reply), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, 1, &trap, &w.reply), HVRV_ERR_STATE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup_running)
    const struct CMUnitTest tests[] = {
        TEST(an_interrupt_of_the_hosts_shows_nothing),
        TEST(a_page_fault_shows_the_page_alone),
        TEST(an_ecall_shows_its_arguments_and_takes_two_words_back),
        TEST(of_a_legacy_call_one_word_is_taken_back),
        TEST(an_access_outside_of_all_regions_is_the_tvms_own_fault),
        TEST(a_fault_that_the_tables_do_not_explain_is_fenced_and_tried_again),
        TEST(faults_at_other_addresses_are_in_no_row),
        TEST(faults_with_something_else_between_are_in_no_row),
        TEST(an_address_that_the_hart_does_not_tell_is_walked_for),
        TEST(a_walk_that_finds_no_fault_is_a_retry_and_not_for_ever),
        TEST(a_walk_through_tables_that_are_not_there_finds_them),
        TEST(a_regime_that_is_none_ends_in_retries),
        TEST(tables_of_the_tvms_may_lie_in_a_shared_page),
        TEST(the_tsm_says_what_it_serves_itself),
        TEST(of_the_hosts_extensions_the_host_is_asked),
        TEST(a_stopped_vhart_begins_anew_and_not_where_the_host_likes),
        TEST(a_call_that_is_known_shows_its_arguments_alone),
        TEST(a_dead_vhart_is_not_started),
        TEST(a_vhart_waits_for_each_page_by_what_it_is_for_now),
        TEST(a_page_of_the_hosts_is_no_buffer),
        TEST(without_sstc_the_tsm_rings_at_the_next_turn),
        TEST(what_cannot_be_resumed_ends_the_vhart),
        TEST(a_vhart_waits_where_it_executes_wfi),
        TEST(another_virtual_instruction_is_illegal_to_the_tvm),
        TEST(a_load_of_a_device_goes_by_a0),
        TEST(a_store_to_a_device_shows_what_is_stored_alone),
        TEST(an_instruction_that_the_hart_does_not_tell_is_fetched),
        TEST(an_instruction_that_is_gone_is_not_shown),
        TEST(an_access_that_no_device_has_is_an_access_fault),
        TEST(tables_of_the_tvms_do_not_lie_in_a_device),
        TEST(code_is_not_fetched_from_a_device),
        TEST(an_amo_on_a_device_is_an_access_fault),
        TEST(a_tvm_starts_its_vharts_and_the_host_runs_them),
        TEST(run_refuses_in_this_order),
        TEST(shared_memory_that_is_given_away_ends_the_turn_for_good),
        TEST(a_tvm_is_fenced_before_it_runs_after_a_fence_of_its_own),
        TEST(the_host_does_not_get_what_the_hart_translated_for_the_tvm),
        TEST(a_running_vhart_holds_up_what_was_invalidated),
        TEST(a_timer_without_sstc_rings_when_it_is_due),
        TEST(exits_of_nobody_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
