/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library's copies of vector registers, on a machine that has them: qemu-riscv64, once for each
 * VLEN. User mode has the registers, and no sstatus; the model hart has that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/context.h>

#include "model/hart.h"

#define SEED      UINT64_C(0x5eed0005)
#define VLENB_MAX 1024
#define VILL      UINT64_C(0x8000000000000000)
#define SSTATUS   0x100
#define GUARD     0xa5

void user_put_vector(const uint64_t *csrs, const void *registers);
void user_get_vector(uint64_t *csrs, void *registers);
uint64_t user_vlenb(void);

/* csrs of registers.S, by index. */
enum { VSTART, VXSAT, VXRM, VL, VTYPE, CSRS };

struct state {
    uint64_t csrs[CSRS];
    uint8_t registers[32 * VLENB_MAX];
};

static struct model_hart model;
static uint64_t vlenb;
static _Alignas(8) uint8_t memory[32 * VLENB_MAX + 16];
static struct hvrv_vhart_vector vector;
static uint64_t random_state = SEED;

static uint64_t random_word(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void scramble(void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)random_word();
}

static int start(void **state)
{
    (void)state;
    model_hart_init(&model);
    vlenb = user_vlenb();
    assert_in_range(vlenb, 1, VLENB_MAX);
    memset(memory, GUARD, sizeof(memory));
    vector = (struct hvrv_vhart_vector){.vlenb = vlenb, .registers = memory};
    return 0;
}

static int end(void **state)
{
    (void)state;
    return model_hart_complaint(&model) ? -1 : 0;
}

static void get(struct state *state)
{
    memset(state, 0, sizeof(*state));
    user_get_vector(state->csrs, state->registers);
}

/* Another state in the hart, so that what is found afterwards was put there. */
static void leave_other_things(void)
{
    struct state other;
    scramble(&other, sizeof(other));
    other.csrs[VSTART] = 2;
    other.csrs[VXSAT] &= 1;
    other.csrs[VXRM] &= 3;
    other.csrs[VL] = 5;
    other.csrs[VTYPE] = 0xc8; /* e16, m1, ta, ma */
    user_put_vector(other.csrs, other.registers);
}

static void assert_memory_is(const struct state *state)
{
    assert_int_equal(vector.vstart, state->csrs[VSTART]);
    assert_int_equal(vector.vcsr, state->csrs[VXRM] << 1 | state->csrs[VXSAT]);
    assert_int_equal(vector.vl, state->csrs[VL]);
    assert_true(vector.vtype == state->csrs[VTYPE]);
    assert_memory_equal(memory, state->registers, 32 * vlenb);
    for (size_t i = 32 * vlenb; i < sizeof(memory); i++)
        assert_int_equal(memory[i], GUARD);
    assert_int_equal(vector.vlenb, vlenb);
    assert_ptr_equal(vector.registers, memory);
}

static void assert_hart_is(const struct state *expected)
{
    struct state found;
    get(&found);
    for (unsigned i = 0; i < CSRS; i++)
        assert_true(found.csrs[i] == expected->csrs[i]);
    assert_memory_equal(found.registers, expected->registers, 32 * vlenb);
}

/* To memory, something else, and back. */
static void check_round_trip(const uint64_t *csrs)
{
    struct state before, wanted;
    model_log_clear(&model);
    memset(&wanted, 0, sizeof(wanted));
    scramble(wanted.registers, 32 * vlenb);
    memcpy(wanted.csrs, csrs, sizeof(wanted.csrs));
    user_put_vector(wanted.csrs, wanted.registers);
    get(&before);
    assert_memory_equal(before.registers, wanted.registers, 32 * vlenb);
    hvrv_vhart_vector_save(&vector);
    assert_memory_is(&before);
    assert_hart_is(&before);
    leave_other_things();
    hvrv_vhart_vector_load(&vector);
    assert_memory_is(&before);
    assert_hart_is(&before);
}

static void every_configuration_survives_a_round_trip(void **state)
{
    unsigned valid = 0, illegal = 0;
    (void)state;
    print_message("seed 0x%llx, VLEN %u\n", (unsigned long long)SEED, (unsigned)vlenb * 8);
    for (uint64_t vtype = 0; vtype < 256; vtype++) {
        uint64_t csrs[CSRS] = {0, 0, 0, UINT64_MAX, vtype};
        struct state found;
        check_round_trip(csrs);
        get(&found);
        if (found.csrs[VTYPE] & VILL) {
            illegal++;
            continue;
        }
        valid++;
        uint64_t vlmax = found.csrs[VL];
        assert_int_equal(found.csrs[VTYPE], vtype);
        for (unsigned i = 0; i < 4; i++) {
            csrs[VL] = i < 2 ? i : random_word() % (vlmax + 1);
            csrs[VSTART] = random_word() % vlmax;
            csrs[VXSAT] = random_word() & 1;
            csrs[VXRM] = random_word() & 3;
            check_round_trip(csrs);
        }
    }
    /* SEW 8 to 64 with LMUL 1 to 8: 16, and with 1/2, 1/4, 1/8: 6; each by ta and ma */
    assert_int_equal(valid, 22 * 4);
    assert_int_equal(illegal, 256 - 22 * 4);
}

static void a_configuration_that_is_illegal_is_so_afterwards(void **state)
{
    const uint64_t csrs[CSRS] = {1, 1, 2, 3, VILL};
    struct state found;
    (void)state;
    check_round_trip(csrs);
    get(&found);
    assert_true(found.csrs[VTYPE] == VILL);
    assert_int_equal(found.csrs[VL], 0);
    assert_int_equal(found.csrs[VSTART], 1);
    assert_int_equal(found.csrs[VXSAT], 1);
    assert_int_equal(found.csrs[VXRM], 2);
}

static void every_element_can_be_the_one_to_go_on_with(void **state)
{
    (void)state;
    for (uint64_t vstart = 0; vstart < vlenb * 8; vstart++) {
        const uint64_t csrs[CSRS] = {vstart, 0, 0, vlenb * 8, 0xc3}; /* e8, m8 */
        struct state found;
        check_round_trip(csrs);
        get(&found);
        assert_int_equal(found.csrs[VSTART], vstart);
    }
}

static void nothing_is_left_of_what_was_cleared(void **state)
{
    struct state found;
    (void)state;
    leave_other_things();
    hvrv_vhart_vector_clear();
    get(&found);
    for (size_t i = 0; i < 32 * vlenb; i++)
        assert_int_equal(found.registers[i], 0);
    assert_int_equal(found.csrs[VSTART], 0);
    assert_int_equal(found.csrs[VXSAT], 0);
    assert_int_equal(found.csrs[VXRM], 0);
    assert_int_equal(found.csrs[VL], 0);
    assert_true(found.csrs[VTYPE] == VILL);
}

/* What a call before may have left there, a call must not rely on. */
static void spoil(void)
{
    __asm__ volatile("li t0, 1\n li t1, 3\n li t6, 5" : : : "t0", "t1", "t6");
}

/* norm:vsstatus_vs_op: VS in bits 10:9, and nothing of FS in 14:13. */
static void vectors_are_turned_on_only_for_the_copy(void **state)
{
    static const uint64_t values[] = {0x200000100, 0x200000300, 0x200002500, 0x200004702};
    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        model_poke(&model, HVRV_CSR_SSTATUS, values[i]);
        uint64_t before = model_peek(&model, HVRV_CSR_SSTATUS);
        model_log_clear(&model);
        spoil();
        hvrv_vhart_vector_save(&vector);
        assert_true(MODEL_LOG_IS(&model, {MODEL_SET, SSTATUS, 0x600, 0},
                                 {MODEL_WRITE, SSTATUS, before, 0}));
        spoil();
        hvrv_vhart_vector_load(&vector);
        assert_true(MODEL_LOG_IS(&model, {MODEL_SET, SSTATUS, 0x600, 0},
                                 {MODEL_WRITE, SSTATUS, before, 0}));
        spoil();
        hvrv_vhart_vector_clear();
        assert_true(MODEL_LOG_IS(&model, {MODEL_SET, SSTATUS, 0x600, 0},
                                 {MODEL_WRITE, SSTATUS, before, 0}));
        assert_true(model_peek(&model, HVRV_CSR_SSTATUS) == before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_configuration_survives_a_round_trip, start, end),
        cmocka_unit_test_setup_teardown(a_configuration_that_is_illegal_is_so_afterwards, start,
                                        end),
        cmocka_unit_test_setup_teardown(every_element_can_be_the_one_to_go_on_with, start, end),
        cmocka_unit_test_setup_teardown(nothing_is_left_of_what_was_cleared, start, end),
        cmocka_unit_test_setup_teardown(vectors_are_turned_on_only_for_the_copy, start, end),
    };

    return cmocka_run_group_tests_name("user/vector", tests, NULL, NULL);
}
