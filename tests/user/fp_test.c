/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library's copies of floating-point registers, and those of a vHart one by one. User mode has
 * the registers, and no sstatus; the model hart has that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/context.h>

#include "model/hart.h"

#define SEED    UINT64_C(0x5eed0006)
#define ROUNDS  1000
#define SSTATUS 0x100

void user_put_fp(const uint64_t *f);
void user_get_fp(uint64_t *f);

static struct model_hart model;
static uint64_t random_state = SEED;

static uint64_t random_word(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void draw(uint64_t *f)
{
    for (unsigned i = 0; i < 32; i++)
        f[i] = random_word();
    f[32] = random_word() & 0xff;
    if (f[32] >> 5 > 4)
        f[32] &= 0x1f; /* a rounding mode that is reserved */
}

static int start(void **state)
{
    (void)state;
    model_hart_init(&model);
    return 0;
}

static int end(void **state)
{
    (void)state;
    return model_hart_complaint(&model) ? -1 : 0;
}

static void all_registers_survive_a_round_trip(void **state)
{
    (void)state;
    print_message("seed 0x%llx, %d rounds\n", (unsigned long long)SEED, ROUNDS);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct hvrv_vhart_fp fp;
        uint64_t wanted[33], found[33];
        model_log_clear(&model);
        draw(wanted);
        user_put_fp(wanted);
        hvrv_vhart_fp_save(&fp);
        user_get_fp(found);
        assert_memory_equal(found, wanted, sizeof(wanted));
        assert_memory_equal(fp.f, wanted, sizeof(fp.f));
        assert_int_equal(fp.fcsr, wanted[32]);
        draw(found);
        user_put_fp(found);
        hvrv_vhart_fp_load(&fp);
        user_get_fp(found);
        assert_memory_equal(found, wanted, sizeof(wanted));
    }
}

static void nothing_is_left_of_what_was_cleared(void **state)
{
    uint64_t f[33];
    (void)state;
    draw(f);
    user_put_fp(f);
    hvrv_vhart_fp_clear();
    user_get_fp(f);
    for (unsigned i = 0; i < 33; i++)
        assert_int_equal(f[i], 0);
}

/* Where it is loaded does not matter. */
static struct hvrv_vhart vhart;
static int loaded;

static void a_register_of_a_loaded_vhart_is_the_harts(void **state)
{
    uint64_t f[33], found[33];
    (void)state;
    memset(&vhart, 0, sizeof(vhart));
    vhart.bind = (struct hvrv_bind *)(void *)&loaded;
    draw(f);
    user_put_fp(f);
    for (unsigned i = 0; i < 32; i++) {
        vhart.sstatus = 0x200004100; /* FS Clean */
        assert_true(hvrv_vhart_read_f(&vhart, i) == f[i]);
        assert_int_equal(vhart.sstatus, 0x200004100);
        f[i] = random_word();
        hvrv_vhart_write_f(&vhart, i, f[i]);
        assert_int_equal(vhart.sstatus, 0x200006100);
        user_get_fp(found);
        assert_memory_equal(found, f, sizeof(f));
        assert_int_equal(vhart.fp.f[i], 0);
    }
    assert_true(hvrv_vhart_read_f(&vhart, 33) == f[1]);
}

static void a_register_that_is_not_in_the_hart_is_in_memory(void **state)
{
    uint64_t f[33], found[33];
    (void)state;
    memset(&vhart, 0, sizeof(vhart));
    draw(f);
    user_put_fp(f);
    vhart.sstatus = 0x200004100; /* FS Clean, but not loaded */
    hvrv_vhart_write_f(&vhart, 7, 0x7777);
    assert_int_equal(hvrv_vhart_read_f(&vhart, 7), 0x7777);
    assert_int_equal(vhart.sstatus, 0x200004100);
    vhart.bind = (struct hvrv_bind *)(void *)&loaded;
    vhart.sstatus = 0x200000100; /* loaded, but FS is Off: the registers are another's */
    hvrv_vhart_write_f(&vhart, 9, 0x9999);
    assert_int_equal(hvrv_vhart_read_f(&vhart, 9), 0x9999);
    assert_int_equal(vhart.sstatus, 0x200000100);
    assert_int_equal(vhart.fp.f[7], 0x7777);
    assert_int_equal(vhart.fp.f[9], 0x9999);
    user_get_fp(found);
    assert_memory_equal(found, f, sizeof(f));
    hvrv_vhart_write_f(&vhart, 32 + 5, 0x5555);
    assert_int_equal(vhart.fp.f[5], 0x5555);
    assert_int_equal(hvrv_vhart_read_f(&vhart, 64 + 5), 0x5555);
}

/* What a call before may have left there, a call must not rely on. */
static void spoil(void)
{
    __asm__ volatile("li t0, 1\n li t1, 3" : : : "t0", "t1");
}

/* norm:vsstatus_fs_op: FS in bits 14:13, and nothing of VS in 10:9. */
static void floating_point_is_turned_on_only_for_the_copy(void **state)
{
    static const uint64_t values[] = {0x200000100, 0x200002300, 0x200004500, 0x200006702};
    struct hvrv_vhart_fp fp;
    (void)state;
    memset(&fp, 0, sizeof(fp));
    memset(&vhart, 0, sizeof(vhart));
    vhart.bind = (struct hvrv_bind *)(void *)&loaded;
    vhart.sstatus = 0x200002100;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        model_poke(&model, HVRV_CSR_SSTATUS, values[i]);
        uint64_t before = model_peek(&model, HVRV_CSR_SSTATUS);
        model_log_clear(&model);
        for (unsigned call = 0; call < 5; call++) {
            spoil();
            if (call == 0)
                hvrv_vhart_fp_save(&fp);
            else if (call == 1)
                hvrv_vhart_fp_load(&fp);
            else if (call == 2)
                hvrv_vhart_fp_clear();
            else if (call == 3)
                assert_int_equal(hvrv_vhart_read_f(&vhart, 1), 0);
            else
                hvrv_vhart_write_f(&vhart, 1, 0);
            assert_true(MODEL_LOG_IS(&model, {MODEL_SET, SSTATUS, 0x6000, 0},
                                     {MODEL_WRITE, SSTATUS, before, 0}));
        }
        assert_true(model_peek(&model, HVRV_CSR_SSTATUS) == before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_registers_survive_a_round_trip, start, end),
        cmocka_unit_test_setup_teardown(nothing_is_left_of_what_was_cleared, start, end),
        cmocka_unit_test_setup_teardown(a_register_of_a_loaded_vhart_is_the_harts, start, end),
        cmocka_unit_test_setup_teardown(a_register_that_is_not_in_the_hart_is_in_memory, start,
                                        end),
        cmocka_unit_test_setup_teardown(floating_point_is_turned_on_only_for_the_copy, start, end),
    };

    return cmocka_run_group_tests_name("user/fp", tests, NULL, NULL);
}
