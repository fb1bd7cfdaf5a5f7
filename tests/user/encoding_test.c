/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that the library executes, read from its code, against the encodings of the manual.
 * The other tests see what the SIGILL handler decodes; here nothing decodes, and what user mode
 * executes by itself is seen too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/port/hart.h>

#include "model/hart.h"

#define RS1 UINT32_C(0x000f8000)
#define RS2 UINT32_C(0x01f00000)
#define RD  UINT32_C(0x00000f80)

static struct model_hart model;
static struct hvrv_hart *const hart = &model.hart;

static int build(void **state)
{
    (void)state;
    model_hart_init(&model);
    return 0;
}

static uint32_t word_at(uint64_t address)
{
    uint32_t word;
    memcpy(&word, (const void *)(uintptr_t)address, sizeof word);
    return word;
}

/* What raised SIGILL last. */
static uint32_t executed(void)
{
    return word_at(model.pc);
}

/* Fences ------------------------------------------------------------------------------- */

/* An operand that is there is in a register, and one that is not is x0. */
static void assert_fence(uint32_t match, uint32_t operands)
{
    uint32_t word = executed();
    assert_int_equal(word & ~operands, match);
    assert_true(!(operands & RS1) || (word & RS1));
    assert_true(!(operands & RS2) || (word & RS2));
}

/*
 * norm:sfence_vma_op, norm:sfence_vma_all_asid_va, norm:sfence_vma_asid_only,
 * norm:sfence_vma_va_all_asid, norm:sfence_vma_va_asid, norm:Svinval_hinval_vvma_gvma,
 * norm:Svinval_hinval_gvma_uses_vmid, norm:Svinval_sequence_rs1_rs2,
 * norm:Svinval_sfence_w_inval_orders_before_sinval_vma, norm:hfence-vvma_hfence-gvma_op,
 * norm:hfence-vvma_limits, norm:hfence-gvma_op, norm:sfence_vma_v0
 */
static void fences_are_the_words_of_the_manual(void **state)
{
    (void)state;
    hvrv_gpa gpa = hvrv_gpa_make(0x80001000);
    hvrv_gva gva = hvrv_gva_make(0x80001000);
#define FORMS(name, match, point, operand, id) \
    hvrv_hart_##name(hart, point, 5);          \
    assert_fence(match, RS1 | RS2);            \
    hvrv_hart_##name##_##operand(hart, point); \
    assert_fence(match, RS1);                  \
    hvrv_hart_##name##_##id(hart, 5);          \
    assert_fence(match, RS2);                  \
    hvrv_hart_##name(hart, point, 0);          \
    assert_fence(match, RS1 | RS2);            \
    hvrv_hart_##name##_##id(hart, 0);          \
    assert_fence(match, RS2);                  \
    hvrv_hart_##name##_all(hart);              \
    assert_fence(match, 0)
    FORMS(hfence_gvma, 0x62000073, gpa, gpa, vmid);
    FORMS(hinval_gvma, 0x66000073, gpa, gpa, vmid);
    FORMS(hfence_vvma, 0x22000073, gva, gva, asid);
    FORMS(hinval_vvma, 0x26000073, gva, gva, asid);
    FORMS(sfence_vma, 0x12000073, 0x80001000, address, asid);
    FORMS(sinval_vma, 0x16000073, 0x80001000, address, asid);
#undef FORMS
    hvrv_hart_sfence_w_inval(hart);
    assert_fence(0x18000073, 0);
    hvrv_hart_sfence_inval_ir(hart);
    assert_fence(0x18100073, 0);
}

/* Guest memory ------------------------------------------------------------------------- */

static uint32_t accessed_by;

static bool note_word(void *context, const struct model_access *access, uint64_t *value,
                      struct hvrv_hart_trap *trap)
{
    (void)context;
    (void)access;
    (void)value;
    (void)trap;
    accessed_by = executed();
    return true;
}

/* norm:hlsv_op, norm:hlsv_u_op */
static void guest_accesses_are_the_words_of_the_manual(void **state)
{
    (void)state;
    static const struct {
        enum hvrv_hart_access access;
        uint32_t match, registers;
    } rows[] = {
        {HVRV_HART_HLV_B, 0x60004073, RD | RS1},   {HVRV_HART_HLV_BU, 0x60104073, RD | RS1},
        {HVRV_HART_HLV_H, 0x64004073, RD | RS1},   {HVRV_HART_HLV_HU, 0x64104073, RD | RS1},
        {HVRV_HART_HLVX_HU, 0x64304073, RD | RS1}, {HVRV_HART_HLV_W, 0x68004073, RD | RS1},
        {HVRV_HART_HLV_WU, 0x68104073, RD | RS1},  {HVRV_HART_HLVX_WU, 0x68304073, RD | RS1},
        {HVRV_HART_HLV_D, 0x6c004073, RD | RS1},   {HVRV_HART_HSV_B, 0x62004073, RS1 | RS2},
        {HVRV_HART_HSV_H, 0x66004073, RS1 | RS2},  {HVRV_HART_HSV_W, 0x6a004073, RS1 | RS2},
        {HVRV_HART_HSV_D, 0x6e004073, RS1 | RS2},
    };
    model.guest_access = note_word;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hvrv_hart_transfer transfer = {.value = 0};
        accessed_by = 0;
        assert_int_equal(
            hvrv_hart_access_guest(hart, rows[i].access, hvrv_gva_make(0x1000), &transfer),
            HVRV_OK);
        assert_int_equal(accessed_by & ~rows[i].registers, rows[i].match);
    }
}

/* CSRs --------------------------------------------------------------------------------- */

static const struct row {
    uint32_t number;
    uint64_t (*read)(struct hvrv_hart *);
    void (*write)(struct hvrv_hart *, uint64_t);
    uint64_t (*swap)(struct hvrv_hart *, uint64_t);
    void (*set)(struct hvrv_hart *, uint64_t);
    void (*clear)(struct hvrv_hart *, uint64_t);
} rows[] = {
#define ROW_RO(name, number) {number, hvrv_hart_read_##name, NULL, NULL, NULL, NULL},
#define ROW_RW(name, number) \
    {number,                 \
     hvrv_hart_read_##name,  \
     hvrv_hart_write_##name, \
     hvrv_hart_swap_##name,  \
     hvrv_hart_set_##name,   \
     hvrv_hart_clear_##name},
#define ROW(id, name, number, access, extension, mask) ROW_##access(name, number)
    HVRV_CSR_LIST(ROW)
#undef ROW
#undef ROW_RW
#undef ROW_RO
};

/* The only SYSTEM instruction of a function, whose end is its first RET; 0 if there are more. */
static uint32_t system_word_of(uint64_t address)
{
    uint32_t found = 0;
    for (unsigned count = 0; count < 64; count++) {
        uint32_t word = word_at(address);
        bool is_short = (word & 3) != 3;
        if ((is_short && (word & 0xffff) == 0x8082) || word == 0x00008067)
            return found;
        if ((word & 0x7f) == 0x73 && found)
            return 0;
        if ((word & 0x7f) == 0x73)
            found = word;
        address += is_short ? 2 : 4;
    }
    return 0;
}

/* funct3: 1 CSRRW, 2 CSRRS, 3 CSRRC. registers: those that are not x0. */
static void assert_csr(uint64_t function, const struct row *row, uint32_t funct3,
                       uint32_t registers)
{
    uint32_t word = system_word_of(function);
    assert_int_equal(word & ~registers, row->number << 20 | funct3 << 12 | 0x73);
    assert_true(!(registers & RD) || (word & RD));
    assert_true(!(registers & RS1) || (word & RS1));
}

/* norm:H_vscsrs_acc_m_hs */
static void every_accessor_is_one_instruction_with_its_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        assert_csr((uintptr_t)row->read, row, 2, RD);
        assert_true((row->write == NULL) == (row->number >> 10 == 3));
        if (!row->write)
            continue;
        assert_csr((uintptr_t)row->write, row, 1, RS1);
        assert_csr((uintptr_t)row->swap, row, 1, RD | RS1);
        assert_csr((uintptr_t)row->set, row, 2, RS1);
        assert_csr((uintptr_t)row->clear, row, 3, RS1);
    }
}

/* A literal, or the list would judge itself: what stands in no log of the other tests. */
static void what_user_mode_executes_has_the_numbers_of_the_manual(void **state)
{
    (void)state;
    assert_int_equal(system_word_of((uintptr_t)&hvrv_hart_read_fflags) & ~RD, 0x00102073);
    assert_int_equal(system_word_of((uintptr_t)&hvrv_hart_read_frm) & ~RD, 0x00202073);
    assert_int_equal(system_word_of((uintptr_t)&hvrv_hart_read_fcsr) & ~RD, 0x00302073);
    assert_int_equal(system_word_of((uintptr_t)&hvrv_hart_read_cycle) & ~RD, 0xc0002073);
    assert_int_equal(system_word_of((uintptr_t)&hvrv_hart_read_time) & ~RD, 0xc0102073);
    assert_int_equal(system_word_of((uintptr_t)&hvrv_hart_read_instret) & ~RD, 0xc0202073);
    assert_int_equal(system_word_of((uintptr_t)&hvrv_hart_write_fcsr) & ~RS1, 0x00301073);
}

static void what_user_mode_executes_can_be_tried(void **state)
{
    (void)state;
    uint64_t value = 0;
    assert_int_equal(hvrv_hart_try_write_fcsr(hart, 0x25), HVRV_OK);
    assert_int_equal(hvrv_hart_try_read_fcsr(hart, &value), HVRV_OK);
    assert_int_equal(value, 0x25);
    assert_int_equal(hvrv_hart_try_read(hart, HVRV_CSR_FFLAGS, &value), HVRV_OK);
    assert_int_equal(value, 5);
    assert_int_equal(hvrv_hart_try_write(hart, HVRV_CSR_FCSR, 0), HVRV_OK);
    assert_int_equal(hvrv_hart_try_read_time(hart, &value), HVRV_OK);
    assert_true(value != 0);
}

#define TEST(name) cmocka_unit_test_setup(name, build)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fences_are_the_words_of_the_manual),
        TEST(guest_accesses_are_the_words_of_the_manual),
        TEST(every_accessor_is_one_instruction_with_its_number),
        TEST(what_user_mode_executes_has_the_numbers_of_the_manual),
        TEST(what_user_mode_executes_can_be_tried),
    };

    return cmocka_run_group_tests_name("user/encoding", tests, NULL, NULL);
}
