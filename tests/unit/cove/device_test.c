/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM reaches for a device, and the host sees a0 and no register more. */
#include "tvm_case.h"

#define DEVICE UINT64_C(0x10000000)

/* The TVM asks for a device; the instruction of each access is in htinst, so none is fetched. */
static void ask_for_device(void)
{
    ECALL(0, DEVICE, 0x1000, 0, 0, 0, 0, 0, COVG);
    tvm_expect_exit(10, 0);
    for (unsigned i = 0; i < 32; i++)
        tvm_shared(0)->gprs[i] = UNSEEN;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[10], 0);
    for (unsigned i = 1; i < 32; i++)
        tvm_running(0)->gpr[i] = SECRET + i;
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

    tvm_running(0)->sepc = GPA + 0x20;
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
        tvm_shared(0)->gprs[10] = UNSEEN;
        touch_device(21, 0x10, rows[i].htinst);
        tvm_expect_exit(21, 0);
        assert_int_equal(tvm_shared(0)->csrs[HTVAL], (DEVICE + 0x10) >> 2);
        assert_int_equal(tvm_shared(0)->csrs[HTINST], rows[i].shown);
        assert_int_equal(tvm_shared(0)->gprs[10], UNSEEN);
        for (unsigned k = 0; k < 32; k++)
            tvm_shared(0)->gprs[k] = UINT64_C(0x8182838485868788);
        assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
        assert_int_equal(tvm_running(0)->gpr[20], rows[i].value);
        assert_int_equal(tvm_running(0)->gpr[10], SECRET + 10);
        assert_int_equal(tvm_running(0)->gpr[21], SECRET + 21);
        assert_int_equal(tvm_running(0)->sepc, GPA + 0x24);
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
        tvm_running(0)->gpr[20] = UINT64_C(0x8182838485868788);
        touch_device(23, 3, rows[i].htinst);
        if (i == 0) {
            tvm_expect_exit(23, 3);
            assert_int_equal(tvm_shared(0)->csrs[HTVAL], DEVICE >> 2);
        }
        assert_int_equal(tvm_shared(0)->csrs[HTINST], rows[i].shown);
        assert_int_equal(tvm_shared(0)->gprs[10], rows[i].value);
        tvm_shared(0)->gprs[10] = UNSEEN;
        assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
        assert_int_equal(tvm_running(0)->gpr[20], UINT64_C(0x8182838485868788));
        assert_int_equal(tvm_running(0)->sepc, GPA + 0x24);
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
    tvm_running(0)->gpr[8] = DEVICE;
    touch_device(21, 0x10, 0);
    tvm_expect_exit(21, 0);
    assert_int_equal(tvm_shared(0)->csrs[HTVAL], (DEVICE + 0x10) >> 2);
    assert_int_equal(tvm_shared(0)->csrs[HTINST], 0x00002503); /* lw a0, 0(x0) */
    assert_int_equal(tvm_shared(0)->gprs[10], UNSEEN);
    tvm_shared(0)->gprs[10] = 0x76543210;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[20], 0x76543210);
    assert_int_equal(tvm_running(0)->gpr[8], DEVICE);
    there.code = 0x4010; /* c.lw x12, 0(x8), which has two bytes */
    touch_device(21, 0, 0);
    tvm_expect_exit(21, 0);
    assert_int_equal(tvm_shared(0)->csrs[HTINST], 0x00002503);
    tvm_shared(0)->gprs[10] = 5;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    assert_int_equal(tvm_running(0)->gpr[12], 5);
    assert_int_equal(tvm_running(0)->sepc, GPA + 0x22);
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
        assert_int_equal(tvm_running(0)->sepc, GPA + 0x20);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, tvm_setup_running)
    const struct CMUnitTest tests[] = {
        TEST(a_load_of_a_device_goes_by_a0),
        TEST(a_store_to_a_device_shows_what_is_stored_alone),
        TEST(an_instruction_that_the_hart_does_not_tell_is_fetched),
        TEST(an_instruction_that_is_gone_is_not_shown),
        TEST(an_access_that_no_device_has_is_an_access_fault),
        TEST(tables_of_the_tvms_do_not_lie_in_a_device),
        TEST(code_is_not_fetched_from_a_device),
        TEST(an_amo_on_a_device_is_an_access_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
