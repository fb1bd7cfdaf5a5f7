/* SPDX-License-Identifier: BSD-2-Clause */
/* A private module: it has no public header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../lib/isa/text.h"

static void a_text_grows_by_its_pieces(void **state)
{
    char buffer[64];
    struct hvrv_text text = hvrv_text_init(buffer, sizeof(buffer));
    (void)state;

    assert_string_equal(buffer, "");
    hvrv_text_string(&text, "SPV");
    hvrv_text_char(&text, ' ');
    hvrv_text_string(&text, "");
    hvrv_text_decimal(&text, 42);
    hvrv_text_char(&text, '/');
    hvrv_text_hex(&text, 0x3020);
    assert_string_equal(buffer, "SPV 42/0x3020");
    assert_int_equal(text.length, 13);
}

static void numbers_are_written_without_leading_zeros(void **state)
{
    static const struct {
        uint64_t value;
        const char *decimal, *hex;
    } rows[] = {
        {0, "0", "0x0"},
        {9, "9", "0x9"},
        {10, "10", "0xa"},
        {255, "255", "0xff"},
        {4096, "4096", "0x1000"},
        {0x8000000000000000, "9223372036854775808", "0x8000000000000000"},
        {UINT64_MAX, "18446744073709551615", "0xffffffffffffffff"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char buffer[32];
        struct hvrv_text text = hvrv_text_init(buffer, sizeof(buffer));

        hvrv_text_decimal(&text, rows[i].value);
        assert_string_equal(buffer, rows[i].decimal);
        text = hvrv_text_init(buffer, sizeof(buffer));
        hvrv_text_hex(&text, rows[i].value);
        assert_string_equal(buffer, rows[i].hex);
    }
}

static void a_text_is_cut_terminated_and_counted_on(void **state)
{
    (void)state;
    for (size_t size = 1; size < 12; size++) {
        char buffer[16];
        size_t fits = size - 1 < 7 ? size - 1 : 7;

        memset(buffer, '#', sizeof(buffer));
        struct hvrv_text text = hvrv_text_init(buffer, size);
        hvrv_text_string(&text, "hgatp=9");
        assert_int_equal(text.length, 7);
        assert_memory_equal(buffer, "hgatp=9", fits);
        assert_int_equal(buffer[fits], '\0');
        for (size_t i = size; i < sizeof(buffer); i++)
            assert_int_equal(buffer[i], '#');
    }
}

static void without_room_a_text_only_counts(void **state)
{
    char buffer[4] = "###";
    struct hvrv_text text = hvrv_text_init(buffer, 0);
    (void)state;

    hvrv_text_decimal(&text, 1234567);
    assert_int_equal(text.length, 7);
    assert_string_equal(buffer, "###");
    text = hvrv_text_init(NULL, 100);
    hvrv_text_hex(&text, 0);
    assert_int_equal(text.length, 3);
}

static void columns_are_filled_up(void **state)
{
    char buffer[64];
    struct hvrv_text text = hvrv_text_init(buffer, sizeof(buffer));
    (void)state;

    hvrv_text_hex16(&text, 0x90200000);
    hvrv_text_pad(&text, 18);
    hvrv_text_hex16(&text, UINT64_MAX);
    hvrv_text_pad(&text, 10); /* is past already */
    assert_string_equal(buffer, "0000000090200000  ffffffffffffffff");
    assert_int_equal(text.length, 34);
    text = hvrv_text_init(buffer, 6);
    hvrv_text_pad(&text, 3);
    hvrv_text_hex16(&text, 0x123456789abcdef0);
    assert_string_equal(buffer, "   12");
    assert_int_equal(text.length, 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows_by_its_pieces),
        cmocka_unit_test(numbers_are_written_without_leading_zeros),
        cmocka_unit_test(columns_are_filled_up),
        cmocka_unit_test(a_text_is_cut_terminated_and_counted_on),
        cmocka_unit_test(without_room_a_text_only_counts),
    };

    return cmocka_run_group_tests_name("isa/text", tests, NULL, NULL);
}
