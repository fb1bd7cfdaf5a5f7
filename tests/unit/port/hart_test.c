/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/port/hart.h>

#include "model/hart.h"

#if defined(__riscv) && __riscv_xlen == 64
#define IS_NATIVE 1
#else
#define IS_NATIVE 0
#endif

#define HSTATUS  0x600
#define SSCRATCH 0x140

/* Something in every field that a trap changes: SIE, SPIE, SPP, SDT; SPV, SPVP. */
#define SSTATUS_BUSY UINT64_C(0x200000122)
#define SSTATUS_SDT  UINT64_C(0x1000000)
#define HSTATUS_BUSY UINT64_C(0x200000180)
#define STVEC        UINT64_C(0xffffffff80001000)

static struct model_hart model;
static struct hvrv_hart *const hart = &model.hart;

static int build(void **state)
{
    (void)state;
    model_hart_init(&model);
    return 0;
}

static int check(void **state)
{
    (void)state;
    return model_hart_complaint(&model) ? -1 : 0;
}

static void assert_log(const struct model_access *expected, size_t count)
{
    assert_true(model_log_is(&model, expected, count));
}

static void assert_one(enum model_kind kind, uint32_t what, uint64_t a, uint64_t b)
{
    const struct model_access expected = {kind, what, a, b};
    assert_log(&expected, 1);
}

/* CSRs --------------------------------------------------------------------------------- */

/* User mode has these itself: no handler sees them. */
static bool is_seen(uint32_t number)
{
    bool is_float = number >= 0x001 && number <= 0x003;
    bool is_counter = number >= 0xc00 && number <= 0xc02;
    return !IS_NATIVE || !(is_float || is_counter);
}

static void assert_seen(enum model_kind kind, uint32_t number, uint64_t value)
{
    if (is_seen(number))
        assert_one(kind, number, value, 0);
}

/* A zero that the compiler knows, and one that it does not. */
static volatile uint64_t zero;

#define CHECK_RO(name, number)         \
    (void)hvrv_hart_read_##name(hart); \
    assert_seen(MODEL_READ, (number), 0);

#define CHECK_RW(name, number)             \
    CHECK_RO(name, number)                 \
    hvrv_hart_write_##name(hart, 0);       \
    assert_seen(MODEL_WRITE, (number), 0); \
    hvrv_hart_write_##name(hart, zero);    \
    assert_seen(MODEL_WRITE, (number), 0); \
    (void)hvrv_hart_swap_##name(hart, 0);  \
    assert_seen(MODEL_SWAP, (number), 0);  \
    hvrv_hart_set_##name(hart, 0);         \
    assert_seen(MODEL_SET, (number), 0);   \
    hvrv_hart_clear_##name(hart, zero);    \
    assert_seen(MODEL_CLEAR, (number), 0);

#define CHECK(id, name, number, access, extension, mask)    \
    static void check_##name(void)                          \
    {                                                       \
        model_force(&model, HVRV_CSR_MSTATUS, 0xa00006600); \
        CHECK_##access(name, number)                        \
    }
HVRV_CSR_LIST(CHECK)
#undef CHECK

static void every_accessor_is_the_one_instruction_that_it_names(void **state)
{
    (void)state;
    model.mode = MODEL_M;
#define CALL(id, name, number, access, extension, mask) check_##name();
    HVRV_CSR_LIST(CALL)
#undef CALL
}

/* norm:sscratch */
static void an_accessor_carries_the_whole_value(void **state)
{
    (void)state;
    hvrv_hart_write_sscratch(hart, 0x8123456789abcdef);
    assert_true(hvrv_hart_read_sscratch(hart) == 0x8123456789abcdef);
    assert_true(hvrv_hart_swap_sscratch(hart, 31) == 0x8123456789abcdef);
    hvrv_hart_set_sscratch(hart, 32);
    hvrv_hart_clear_sscratch(hart, 3);
    assert_true(hvrv_hart_read_sscratch(hart) == 60);
    assert_true(MODEL_LOG_IS(&model, {MODEL_WRITE, SSCRATCH, 0x8123456789abcdef, 0},
                             {MODEL_READ, SSCRATCH, 0, 0}, {MODEL_SWAP, SSCRATCH, 31, 0},
                             {MODEL_SET, SSCRATCH, 32, 0}, {MODEL_CLEAR, SSCRATCH, 3, 0},
                             {MODEL_READ, SSCRATCH, 0, 0}));
}

/* Fences ------------------------------------------------------------------------------- */

#define ADDRESS UINT64_C(0x123456789000)
#define ID      UINT64_C(0x2bcd)

/*
 * norm:sfence_vma_op, norm:Svinval_sfence_w_inval_orders_before_sinval_vma,
 * norm:sfence_vma_all_asid_va, norm:sfence_vma_asid_only, norm:sfence_vma_va_all_asid,
 * norm:sfence_vma_va_asid, norm:Svinval_hinval_vvma_gvma, norm:Svinval_hinval_gvma_uses_vmid,
 * norm:Svinval_sequence_rs1_rs2, norm:hfence-vvma_hfence-gvma_op, norm:hfence-vvma_limits,
 * norm:hfence-gvma_op, norm:sfence_vma_v0
 */
static void every_fence_has_its_encoding_and_its_operands_in_order(void **state)
{
    (void)state;
    hvrv_gpa gpa = hvrv_gpa_make(ADDRESS);
    hvrv_gva gva = hvrv_gva_make(ADDRESS);
#define FORMS(name, KIND, point, operand, id)                      \
    hvrv_hart_##name(hart, point, ID);                             \
    assert_one(KIND, MODEL_BY_ADDRESS | MODEL_BY_ID, ADDRESS, ID); \
    hvrv_hart_##name##_##operand(hart, point);                     \
    assert_one(KIND, MODEL_BY_ADDRESS, ADDRESS, 0);                \
    hvrv_hart_##name##_##id(hart, ID);                             \
    assert_one(KIND, MODEL_BY_ID, 0, ID);                          \
    hvrv_hart_##name##_all(hart);                                  \
    assert_one(KIND, MODEL_BY_NOTHING, 0, 0)
    FORMS(hfence_gvma, MODEL_HFENCE_GVMA, gpa, gpa, vmid);
    FORMS(hinval_gvma, MODEL_HINVAL_GVMA, gpa, gpa, vmid);
    FORMS(hfence_vvma, MODEL_HFENCE_VVMA, gva, gva, asid);
    FORMS(hinval_vvma, MODEL_HINVAL_VVMA, gva, gva, asid);
    FORMS(sfence_vma, MODEL_SFENCE_VMA, ADDRESS, address, asid);
    FORMS(sinval_vma, MODEL_SINVAL_VMA, ADDRESS, address, asid);
#undef FORMS
    hvrv_hart_sfence_w_inval(hart);
    assert_one(MODEL_SFENCE_W_INVAL, 0, 0, 0);
    hvrv_hart_sfence_inval_ir(hart);
    assert_one(MODEL_SFENCE_INVAL_IR, 0, 0, 0);
}

/*
 * norm:sfence_vma_all_asid_va, norm:sfence_vma_asid_only, norm:sfence_vma_va_all_asid,
 * norm:sfence_vma_va_asid, norm:Svinval_hinval_vvma_gvma, norm:Svinval_hinval_gvma_uses_vmid,
 * norm:Svinval_sequence_rs1_rs2, norm:hfence-vvma_limits, norm:hfence-gvma_op
 */
static void an_operand_that_is_zero_is_not_left_out(void **state)
{
    (void)state;
    hvrv_gpa gpa = hvrv_gpa_make(0);
    hvrv_gva gva = hvrv_gva_make(0);
#define FORMS(name, KIND, point, operand, id)               \
    hvrv_hart_##name(hart, point, 0);                       \
    assert_one(KIND, MODEL_BY_ADDRESS | MODEL_BY_ID, 0, 0); \
    hvrv_hart_##name##_##operand(hart, point);              \
    assert_one(KIND, MODEL_BY_ADDRESS, 0, 0);               \
    hvrv_hart_##name##_##id(hart, 0);                       \
    assert_one(KIND, MODEL_BY_ID, 0, 0)
    FORMS(hfence_gvma, MODEL_HFENCE_GVMA, gpa, gpa, vmid);
    FORMS(hinval_gvma, MODEL_HINVAL_GVMA, gpa, gpa, vmid);
    FORMS(hfence_vvma, MODEL_HFENCE_VVMA, gva, gva, asid);
    FORMS(hinval_vvma, MODEL_HINVAL_VVMA, gva, gva, asid);
    FORMS(sfence_vma, MODEL_SFENCE_VMA, 0, address, asid);
    FORMS(sinval_vma, MODEL_SINVAL_VMA, 0, address, asid);
#undef FORMS
}

/* norm:hfence-gvma_op */
static void a_guest_address_as_wide_as_its_mode_survives_the_shift(void **state)
{
    (void)state;
    hvrv_hart_hfence_gvma_gpa(hart, hvrv_gpa_make(0x7fffffffffff000)); /* Sv57x4: 59 bits */
    assert_one(MODEL_HFENCE_GVMA, MODEL_BY_ADDRESS, 0x7fffffffffff000, 0);
    hvrv_hart_hfence_vvma_gva(hart, hvrv_gva_make(0xfffffffffffff003)); /* no shift */
    assert_one(MODEL_HFENCE_VVMA, MODEL_BY_ADDRESS, 0xfffffffffffff003, 0);
}

/* Guest memory ------------------------------------------------------------------------- */

/* What the guest's memory does, and what the hart looked like while it did. */
static struct {
    uint64_t cell;
    bool faults;
    struct hvrv_hart_trap trap;
    uint64_t sstatus, hstatus, stvec;
} guest;

static bool access_guest(void *context, const struct model_access *access, uint64_t *value,
                         struct hvrv_hart_trap *trap)
{
    (void)context;
    guest.sstatus = model_peek(&model, HVRV_CSR_SSTATUS);
    guest.hstatus = model_peek(&model, HVRV_CSR_HSTATUS);
    guest.stvec = model_peek(&model, HVRV_CSR_STVEC);
    if (guest.faults) {
        *trap = guest.trap;
        return false;
    }
    if (access->kind == MODEL_HSV)
        guest.cell = access->b;
    *value = guest.cell;
    return true;
}

static int build_guest(void **state)
{
    build(state);
    memset(&guest, 0, sizeof guest);
    model.guest_access = access_guest;
    return 0;
}

static void set_registers(uint64_t sstatus)
{
    model_force(&model, HVRV_CSR_MSTATUS, 0xa00000000 | sstatus);
    model_force(&model, HVRV_CSR_HSTATUS, HSTATUS_BUSY);
    model_force(&model, HVRV_CSR_STVEC, STVEC);
}

static void assert_registers(uint64_t sstatus)
{
    assert_true(model_peek(&model, HVRV_CSR_SSTATUS) == sstatus);
    assert_true(model_peek(&model, HVRV_CSR_HSTATUS) == HSTATUS_BUSY);
    assert_true(model_peek(&model, HVRV_CSR_STVEC) == STVEC);
    assert_int_equal(model.mode, MODEL_S);
    assert_false(model.v);
}

typedef enum hvrv_status access_function(struct hvrv_hart *, hvrv_gva, struct hvrv_hart_transfer *);

static const struct row {
    access_function *function;
    enum hvrv_hart_access access;
    enum model_kind kind;
    uint32_t size;
    uint64_t value; /* what a load makes of the cell; what a store makes of it */
} rows[] = {
    {hvrv_hart_hlv_b, HVRV_HART_HLV_B, MODEL_HLV, 1, 0xfffffffffffffff8},
    {hvrv_hart_hlv_bu, HVRV_HART_HLV_BU, MODEL_HLV, 1, 0xf8},
    {hvrv_hart_hlv_h, HVRV_HART_HLV_H, MODEL_HLV, 2, 0xfffffffffffff7f8},
    {hvrv_hart_hlv_hu, HVRV_HART_HLV_HU, MODEL_HLV, 2, 0xf7f8},
    {hvrv_hart_hlvx_hu, HVRV_HART_HLVX_HU, MODEL_HLVX, 2, 0xf7f8},
    {hvrv_hart_hlv_w, HVRV_HART_HLV_W, MODEL_HLV, 4, 0xfffffffff5f6f7f8},
    {hvrv_hart_hlv_wu, HVRV_HART_HLV_WU, MODEL_HLV, 4, 0xf5f6f7f8},
    {hvrv_hart_hlvx_wu, HVRV_HART_HLVX_WU, MODEL_HLVX, 4, 0xf5f6f7f8},
    {hvrv_hart_hlv_d, HVRV_HART_HLV_D, MODEL_HLV, 8, 0xf1f2f3f4f5f6f7f8},
    {hvrv_hart_hsv_b, HVRV_HART_HSV_B, MODEL_HSV, 1, 0xf8},
    {hvrv_hart_hsv_h, HVRV_HART_HSV_H, MODEL_HSV, 2, 0xf7f8},
    {hvrv_hart_hsv_w, HVRV_HART_HSV_W, MODEL_HSV, 4, 0xf5f6f7f8},
    {hvrv_hart_hsv_d, HVRV_HART_HSV_D, MODEL_HSV, 8, 0xf1f2f3f4f5f6f7f8},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* By its bytes: a bool that was never written is not true or false. */
static void assert_no_trap(const struct hvrv_hart_trap *trap)
{
    uint8_t gva;
    memcpy(&gva, &trap->gva, sizeof gva);
    assert_true(trap->cause == 0 && trap->stval == 0 && trap->htval == 0 && trap->htinst == 0);
    assert_int_equal(gva, 0);
}

/* norm:hlsv_op */
static void loads_are_extended_and_stores_are_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        bool stores = rows[i].kind == MODEL_HSV;
        struct hvrv_hart_transfer transfer;
        memset(&transfer, 0xa5, sizeof transfer);
        transfer.value = stores ? 0xf1f2f3f4f5f6f7f8 : 1;
        guest.cell = stores ? 0 : 0xf1f2f3f4f5f6f7f8;
        assert_int_equal(rows[i].function(hart, hvrv_gva_make(0x3ffffffff8), &transfer), HVRV_OK);
        assert_true((stores ? guest.cell : transfer.value) == rows[i].value);
        assert_no_trap(&transfer.trap);
        assert_one(rows[i].kind, rows[i].size, 0x3ffffffff8, stores ? rows[i].value : 0);
    }
}

static void address_zero_is_an_address(void **state)
{
    (void)state;
    struct hvrv_hart_transfer transfer = {.value = 0};
    guest.cell = 7;
    assert_int_equal(hvrv_hart_hlv_d(hart, hvrv_gva_make(0), &transfer), HVRV_OK);
    assert_int_equal(transfer.value, 7);
    transfer.value = 0;
    assert_int_equal(hvrv_hart_hsv_d(hart, hvrv_gva_make(0), &transfer), HVRV_OK);
    assert_int_equal(guest.cell, 0);
}

static void assert_fault(const struct row *row)
{
    struct hvrv_hart_transfer transfer = {.value = 0x55};
    set_registers(SSTATUS_BUSY);
    assert_int_equal(row->function(hart, hvrv_gva_make(0xfff), &transfer), HVRV_ERR_ACCESS);
    assert_int_equal(transfer.value, row->kind == MODEL_HSV ? 0x55 : 0);
    assert_true(transfer.trap.cause == guest.trap.cause);
    assert_true(transfer.trap.stval == guest.trap.stval);
    assert_true(transfer.trap.htval == guest.trap.htval);
    assert_true(transfer.trap.htinst == guest.trap.htinst);
    assert_int_equal(transfer.trap.gva, guest.trap.gva);
    assert_registers(SSTATUS_BUSY);
}

/* norm:hstatus_gva_op */
static void a_fault_comes_back_as_a_record_and_leaves_no_trace(void **state)
{
    (void)state;
    static const struct hvrv_hart_trap traps[] = {
        {.cause = 13, .stval = 0xfff, .gva = true},
        {.cause = 21, .stval = 0xfff, .htval = 0x1ffffffffffffff, .htinst = 0x3000, .gva = true},
        {.cause = 23, .stval = UINT64_MAX, .htval = 1, .htinst = UINT32_MAX, .gva = true},
        {.cause = 5},
    };
    guest.faults = true;
    for (size_t i = 0; i < ROW_COUNT * 4; i++) {
        guest.trap = traps[i % 4];
        assert_fault(&rows[i / 4]);
    }
}

static void a_straddling_access_tells_the_part_that_failed(void **state)
{
    (void)state;
    struct hvrv_hart_transfer transfer = {.value = 0};
    guest.faults = true;
    guest.trap = (struct hvrv_hart_trap){21, 0x2000, 0x80000, 0, true};
    assert_int_equal(hvrv_hart_hlv_d(hart, hvrv_gva_make(0x1ffc), &transfer), HVRV_ERR_ACCESS);
    assert_true(transfer.trap.stval == 0x2000);
    assert_true(transfer.trap.htval == 0x80000);
    assert_one(MODEL_HLV, 8, 0x1ffc, 0);
}

/* norm:sstatus_sdt_trap, norm:stvec_op, norm:hlsv_priv */
static void interrupts_and_double_traps_are_kept_away_meanwhile(void **state)
{
    (void)state;
    struct hvrv_hart_transfer transfer = {.value = 0};
    model_poke(&model, HVRV_CSR_MENVCFG, UINT64_C(1) << 59); /* DTE: traps set SDT */
    for (unsigned i = 0; i < 4; i++) {
        uint64_t sstatus = (SSTATUS_BUSY & ~UINT64_C(2)) | (i & 1 ? SSTATUS_SDT : 2);
        guest.faults = i & 2;
        guest.trap = (struct hvrv_hart_trap){.cause = 21};
        set_registers(sstatus);
        enum hvrv_status status = hvrv_hart_hlv_b(hart, hvrv_gva_make(0x1000), &transfer);
        assert_int_equal(status, guest.faults ? HVRV_ERR_ACCESS : HVRV_OK);
        assert_registers(sstatus);
        assert_true(guest.hstatus == HSTATUS_BUSY); /* SPVP: the guest's privilege */
        if (IS_NATIVE) {
            assert_true((guest.sstatus & (SSTATUS_SDT | 2)) == 0);
            assert_true(guest.stvec != STVEC && guest.stvec % 4 == 0);
        }
    }
}

static void a_bad_argument_touches_nothing(void **state)
{
    (void)state;
    struct hvrv_hart_transfer transfer;
    enum hvrv_hart_access none = (enum hvrv_hart_access)13;
    hvrv_gva gva = hvrv_gva_make(0x1000);
    memset(&transfer, 0xa5, sizeof transfer);
    assert_int_equal(hvrv_hart_access_guest(NULL, HVRV_HART_HLV_B, gva, &transfer), HVRV_ERR_NULL);
    assert_no_trap(&transfer.trap);
    memset(&transfer, 0xa5, sizeof transfer);
    assert_int_equal(hvrv_hart_access_guest(hart, HVRV_HART_HLV_B, gva, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_hart_access_guest(hart, none, gva, &transfer), HVRV_ERR_ARGUMENT);
    assert_no_trap(&transfer.trap);
    assert_int_equal(model.log_length, 0);
}

/* Trying ------------------------------------------------------------------------------- */

static void init_without(uint32_t extensions)
{
    struct model_config config = model_config_all();
    config.extensions &= ~extensions;
    model_hart_init_with(&model, &config);
    model.traps_expected = true;
}

static void a_register_that_is_not_there_is_illegal_to_try(void **state)
{
    (void)state;
    uint64_t value = 1;
    init_without(MODEL_EXTENSION(SSTC));
    set_registers(SSTATUS_BUSY);
    assert_int_equal(hvrv_hart_try_read_vstimecmp(hart, &value), HVRV_ERR_ILLEGAL);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_hart_try_write_vstimecmp(hart, 5), HVRV_ERR_ILLEGAL);
    value = 1;
    assert_int_equal(hvrv_hart_try_read(hart, HVRV_CSR_VSTIMECMP, &value), HVRV_ERR_ILLEGAL);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_hart_try_write(hart, HVRV_CSR_VSTIMECMP, 5), HVRV_ERR_ILLEGAL);
    assert_int_equal(model.traps, 4);
    assert_registers(SSTATUS_BUSY);
    assert_true(MODEL_LOG_IS(&model, {MODEL_READ, 0x24d, 0, 0}, {MODEL_WRITE, 0x24d, 5, 0},
                             {MODEL_READ, 0x24d, 0, 0}, {MODEL_WRITE, 0x24d, 5, 0}));
}

static void a_register_that_is_there_is_read_and_written(void **state)
{
    (void)state;
    uint64_t value = 1;
    set_registers(SSTATUS_BUSY);
    assert_int_equal(hvrv_hart_try_write_vstimecmp(hart, 0x8000000000000001), HVRV_OK);
    assert_int_equal(hvrv_hart_try_read_vstimecmp(hart, &value), HVRV_OK);
    assert_true(value == 0x8000000000000001);
    assert_int_equal(hvrv_hart_try_write(hart, HVRV_CSR_VSTIMECMP, 0x4000000000000002), HVRV_OK);
    assert_int_equal(hvrv_hart_try_read(hart, HVRV_CSR_VSTIMECMP, &value), HVRV_OK);
    assert_true(value == 0x4000000000000002);
    assert_registers(SSTATUS_BUSY);
}

/* Each try is of its own register: the log has the number. */
static void every_register_can_be_tried_by_number(void **state)
{
    (void)state;
    static const uint16_t numbers[] = {
#define NUMBER(id, name, number, access, extension, mask) number,
        HVRV_CSR_LIST(NUMBER)
#undef NUMBER
    };
    model.traps_expected = true;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        enum hvrv_csr csr = (enum hvrv_csr)numbers[i];
        bool is_fixed = csr == 0x100 || csr == 0x105 || numbers[i] >> 10 == 3;
        uint64_t value;
        if (!is_seen(numbers[i]))
            continue;
        enum hvrv_status status = hvrv_hart_try_read(hart, csr, &value);
        assert_true(status == HVRV_OK || value == 0);
        assert_one(MODEL_READ, numbers[i], 0, 0);
        status = hvrv_hart_try_write(hart, csr, 0);
        if (!is_fixed)
            assert_one(MODEL_WRITE, numbers[i], 0, 0);
        else
            assert_int_equal(status, numbers[i] >> 10 == 3 ? HVRV_ERR_ILLEGAL : HVRV_ERR_ARGUMENT);
    }
    assert_int_equal(model.log_length, 0);
}

static void a_hart_without_hypervisor_extension_has_none_of_it(void **state)
{
    (void)state;
    uint64_t value = 1;
    struct hvrv_hart_transfer transfer = {.value = 1};
    init_without(MODEL_EXTENSION(H));
    model_force(&model, HVRV_CSR_STVEC, STVEC);
    model_force(&model, HVRV_CSR_MSTATUS, 0xa00000000 | SSTATUS_BUSY);
    assert_int_equal(hvrv_hart_try_read_hstatus(hart, &value), HVRV_ERR_ILLEGAL);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_hart_hlv_b(hart, hvrv_gva_make(0x1000), &transfer), HVRV_ERR_ACCESS);
    assert_int_equal(transfer.trap.cause, 2);
    transfer.trap.cause = 0;
    assert_no_trap(&transfer.trap);
    assert_int_equal(model.traps, 2); /* one each: it is not tried further */
    assert_true(model_peek(&model, HVRV_CSR_STVEC) == STVEC);
    assert_true(model_peek(&model, HVRV_CSR_SSTATUS) == SSTATUS_BUSY);
}

#if !IS_NATIVE
/* On riscv64 it goes where stvec says, like any trap. */
static void an_access_that_the_model_refuses_reads_zero(void **state)
{
    (void)state;
    init_without(MODEL_EXTENSION(SSTC));
    hvrv_hart_write_vstimecmp(hart, 5);
    assert_true(hvrv_hart_read_vstimecmp(hart) == 0);
    assert_true(hvrv_hart_swap_vstimecmp(hart, 5) == 0);
    assert_int_equal(model.traps, 3);
}
#endif

static void a_bad_try_touches_nothing(void **state)
{
    (void)state;
    uint64_t value = 1;
    enum hvrv_csr none = (enum hvrv_csr)0x7ff;
    assert_int_equal(hvrv_hart_try_read(hart, none, &value), HVRV_ERR_ARGUMENT);
    assert_int_equal(value, 0);
    value = 1;
    assert_int_equal(hvrv_hart_try_read(NULL, HVRV_CSR_HSTATUS, &value), HVRV_ERR_NULL);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_hart_try_read(hart, HVRV_CSR_HSTATUS, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_hart_try_read_hstatus(hart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_hart_try_write(hart, none, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_hart_try_write(NULL, HVRV_CSR_HSTATUS, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_hart_try_write(hart, HVRV_CSR_SSTATUS, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_hart_try_write(hart, HVRV_CSR_STVEC, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_hart_try_write(hart, HVRV_CSR_HGEIP, 0), HVRV_ERR_ILLEGAL);
    assert_int_equal(model.log_length, 0);
}

#define TEST(name)       cmocka_unit_test_setup_teardown(name, build, check)
#define GUEST_TEST(name) cmocka_unit_test_setup_teardown(name, build_guest, check)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_accessor_is_the_one_instruction_that_it_names),
        TEST(an_accessor_carries_the_whole_value),
        TEST(every_fence_has_its_encoding_and_its_operands_in_order),
        TEST(an_operand_that_is_zero_is_not_left_out),
        TEST(a_guest_address_as_wide_as_its_mode_survives_the_shift),
        GUEST_TEST(loads_are_extended_and_stores_are_cut),
        GUEST_TEST(address_zero_is_an_address),
        GUEST_TEST(a_fault_comes_back_as_a_record_and_leaves_no_trace),
        GUEST_TEST(a_straddling_access_tells_the_part_that_failed),
        GUEST_TEST(interrupts_and_double_traps_are_kept_away_meanwhile),
        GUEST_TEST(a_bad_argument_touches_nothing),
        TEST(a_register_that_is_not_there_is_illegal_to_try),
        TEST(a_register_that_is_there_is_read_and_written),
        TEST(every_register_can_be_tried_by_number),
        TEST(a_hart_without_hypervisor_extension_has_none_of_it),
#if !IS_NATIVE
        TEST(an_access_that_the_model_refuses_reads_zero),
#endif
        TEST(a_bad_try_touches_nothing),
    };

    return cmocka_run_group_tests_name("port/hart", tests, NULL, NULL);
}
