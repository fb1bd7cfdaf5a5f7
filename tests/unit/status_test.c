/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/status.h>

/* A number that no enumerator has, and that every ABI can put into the enum. */
static enum hvrv_status not_a_status(void)
{
    return (enum hvrv_status)99;
}

/* The numbers are part of the ABI: an embedder may log them or pass them on. */
static void every_status_keeps_its_number_and_its_name(void **state)
{
    static const struct {
        int number;
        const char *name;
    } rows[] = {
        {0, "ok"},       {1, "null"},         {2, "argument"}, {3, "align"},    {4, "range"},
        {5, "mode"},     {6, "access"},       {7, "race"},     {8, "no-pages"}, {9, "exists"},
        {10, "missing"}, {11, "unsupported"}, {12, "illegal"}, {13, "state"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(hvrv_status_name((enum hvrv_status)rows[i].number), rows[i].name);
    assert_int_equal(HVRV_OK, 0);
    assert_int_equal(HVRV_ERR_NULL, 1);
    assert_int_equal(HVRV_ERR_ALIGN, 3);
    assert_int_equal(HVRV_ERR_STATE, 13);
    assert_int_equal(HVRV_ERR_UNFINISHED, 14);
}

static void a_number_past_the_list_is_unknown(void **state)
{
    (void)state;
    assert_string_equal(hvrv_status_name((enum hvrv_status)15), "unknown");
    assert_string_equal(hvrv_status_name(not_a_status()), "unknown");
}

static void every_status_has_a_sentence_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < 14; i++) {
        const char *text = hvrv_status_text((enum hvrv_status)i);
        size_t length = strlen(text);

        assert_true(length > 10);
        assert_in_range(text[0], 'A', 'Z');
        assert_int_equal(text[length - 1], '.');
        for (int j = 0; j < i; j++)
            assert_string_not_equal(text, hvrv_status_text((enum hvrv_status)j));
    }
}

static void a_number_that_is_no_status_gets_a_sentence_that_says_so(void **state)
{
    (void)state;
    assert_string_equal(hvrv_status_text(not_a_status()),
                        "This number is not a status of libhvrv.");
}

static void names_are_one_word_of_small_letters(void **state)
{
    (void)state;
    for (int i = 0; i < 14; i++) {
        const char *name = hvrv_status_name((enum hvrv_status)i);

        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_keeps_its_number_and_its_name),
        cmocka_unit_test(a_number_past_the_list_is_unknown),
        cmocka_unit_test(every_status_has_a_sentence_of_its_own),
        cmocka_unit_test(a_number_that_is_no_status_gets_a_sentence_that_says_so),
        cmocka_unit_test(names_are_one_word_of_small_letters),
    };

    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
