/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/isa/bits.h>

#define SEED UINT64_C(0x9e3779b97f4a7c15)

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

/* The oracle of the sweeps: a field built one bit at a time. */
static uint64_t mask_by_bits(unsigned msb, unsigned lsb)
{
    uint64_t mask = 0;

    for (unsigned bit = lsb; bit <= msb; bit++)
        mask |= (uint64_t)1 << bit;
    return mask;
}

static void a_field_is_the_mask_that_the_manual_draws(void **state)
{
    (void)state;
    assert_int_equal(HVRV_BIT(0), 1);
    assert_int_equal(HVRV_BIT(63), 0x8000000000000000);
    assert_int_equal(HVRV_BITS(63, 60), 0xf000000000000000); /* hgatp.MODE */
    assert_int_equal(HVRV_BITS(57, 44), 0x03fff00000000000); /* hgatp.VMID */
    assert_int_equal(HVRV_BITS(43, 0), 0x00000fffffffffff);  /* hgatp.PPN */
    assert_int_equal(HVRV_BITS(33, 32), 0x0000000300000000); /* hstatus.VSXL */
    assert_int_equal(HVRV_BITS(63, 0), 0xffffffffffffffff);
    assert_int_equal(HVRV_BITS(0, 0), 1);
}

static void every_field_has_the_bits_from_lsb_to_msb(void **state)
{
    (void)state;
    for (unsigned msb = 0; msb < 64; msb++)
        for (unsigned lsb = 0; lsb <= msb; lsb++)
            assert_int_equal(HVRV_BITS(msb, lsb), mask_by_bits(msb, lsb));
}

static void get_shifts_the_field_down(void **state)
{
    (void)state;
    assert_int_equal(hvrv_bits_get(0x8000123456789abc, 0xf000000000000000), 0x8);
    assert_int_equal(hvrv_bits_get(0xa00fffffffffffff, 0x03fff00000000000), 0x00ff);
    assert_int_equal(hvrv_bits_get(UINT64_MAX, 0x300), 3);
    assert_int_equal(hvrv_bits_get(0x0123456789abcdef, UINT64_MAX), 0x0123456789abcdef);
}

static void set_changes_the_field_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(hvrv_bits_set(0, 0xf000000000000000, 8), 0x8000000000000000);
    assert_int_equal(hvrv_bits_set(UINT64_MAX, 0xff00, 0x12), 0xffffffffffff12ff);
    assert_int_equal(hvrv_bits_set(0x5555, UINT64_MAX, 0xaaaa), 0xaaaa);
}

static void set_drops_the_bits_that_do_not_fit(void **state)
{
    (void)state;
    assert_int_equal(hvrv_bits_set(0, 0xf0, 0x1f), 0xf0);
    assert_int_equal(hvrv_bits_set(0, 0xf000000000000000, 0x18), 0x8000000000000000);
}

static void every_field_gives_back_what_was_set(void **state)
{
    uint64_t random = SEED;

    (void)state;
    print_message("seed 0x%llx\n", (unsigned long long)SEED);
    for (unsigned msb = 0; msb < 64; msb++) {
        for (unsigned lsb = 0; lsb <= msb; lsb++) {
            uint64_t field = mask_by_bits(msb, lsb);
            uint64_t word = next_random(&random);
            uint64_t value = next_random(&random);
            uint64_t kept = value & (field >> lsb);
            uint64_t made = hvrv_bits_set(word, field, value);

            assert_int_equal(hvrv_bits_get(made, field), kept);
            assert_int_equal(made & ~field, word & ~field);
            assert_int_equal(hvrv_bits_fit(field, value), kept == value);
            assert_true(hvrv_bits_fit(field, field >> lsb));
        }
    }
}

static void the_first_value_too_large_for_a_field_does_not_fit(void **state)
{
    (void)state;
    assert_true(hvrv_bits_fit(0x03fff00000000000, 0x3fff));
    assert_false(hvrv_bits_fit(0x03fff00000000000, 0x4000));
    assert_true(hvrv_bits_fit(0x80, 1));
    assert_false(hvrv_bits_fit(0x80, 2));
    assert_true(hvrv_bits_fit(UINT64_MAX, UINT64_MAX));
}

static void alignment_is_to_the_byte(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 64; shift++) {
        uint64_t size = (uint64_t)1 << shift;

        assert_true(hvrv_bits_is_aligned(0, size));
        assert_true(hvrv_bits_is_aligned(size, size));
        assert_true(hvrv_bits_is_aligned(UINT64_MAX << shift, size));
        if (shift > 0) {
            assert_false(hvrv_bits_is_aligned(size + 1, size));
            assert_false(hvrv_bits_is_aligned(size - 1, size));
            assert_false(hvrv_bits_is_aligned(size / 2, size));
        }
    }
}

static void add_says_when_the_sum_wraps(void **state)
{
    static const struct {
        uint64_t a, b, sum;
        bool wraps;
    } rows[] = {
        {0, 0, 0, false},
        {1, 2, 3, false},
        {UINT64_MAX, 0, UINT64_MAX, false},
        {0, UINT64_MAX, UINT64_MAX, false},
        {UINT64_MAX, 1, 0, true},
        {1, UINT64_MAX, 0, true},
        {0x8000000000000000, 0x7fffffffffffffff, UINT64_MAX, false},
        {0x8000000000000000, 0x8000000000000000, 0, true},
        {UINT64_MAX, UINT64_MAX, 0xfffffffffffffffe, true},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t sum = 0x5a5a;

        assert_int_equal(hvrv_bits_add_wraps(rows[i].a, rows[i].b, &sum), rows[i].wraps);
        assert_int_equal(sum, rows[i].sum);
    }
}

static void the_lowest_bit_is_counted_from_zero(void **state)
{
    (void)state;
    assert_int_equal(hvrv_bits_lowest(0), 64);
    for (unsigned bit = 0; bit < 64; bit++) {
        assert_int_equal(hvrv_bits_lowest(UINT64_C(1) << bit), bit);
        assert_int_equal(hvrv_bits_lowest(UINT64_MAX << bit), bit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_the_mask_that_the_manual_draws),
        cmocka_unit_test(every_field_has_the_bits_from_lsb_to_msb),
        cmocka_unit_test(get_shifts_the_field_down),
        cmocka_unit_test(set_changes_the_field_and_nothing_else),
        cmocka_unit_test(set_drops_the_bits_that_do_not_fit),
        cmocka_unit_test(every_field_gives_back_what_was_set),
        cmocka_unit_test(the_first_value_too_large_for_a_field_does_not_fit),
        cmocka_unit_test(alignment_is_to_the_byte),
        cmocka_unit_test(add_says_when_the_sum_wraps),
        cmocka_unit_test(the_lowest_bit_is_counted_from_zero),
    };

    return cmocka_run_group_tests_name("isa/bits", tests, NULL, NULL);
}
