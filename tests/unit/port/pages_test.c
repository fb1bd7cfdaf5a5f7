/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/port/pages.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A source that answers what it is told to, and notes what it was asked. */
struct source {
    uint64_t answer;
    bool empty;
    unsigned taken, given;
    enum hvrv_pages_size size;
    uint64_t given_page;
};

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    struct source *source = context;

    source->taken++;
    source->size = size;
    page->v = source->answer;
    return !source->empty;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    struct source *source = context;

    source->given++;
    source->size = size;
    source->given_page = page.v;
}

static void a_page_comes_from_the_source_and_goes_back(void **state)
{
    static const struct {
        enum hvrv_pages_size size;
        unsigned bytes;
        uint64_t page;
    } rows[] = {
        {HVRV_PAGES_TABLE, 4096, 0x80001000},
        {HVRV_PAGES_ROOT_X4, 16384, 0x80004000},
        {HVRV_PAGES_TABLE, 4096, 0x00fffffffffff000},
        {HVRV_PAGES_ROOT_X4, 16384, 0x00ffffffffffc000},
        {HVRV_PAGES_TABLE, 4096, 0},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct source source = {.answer = rows[i].page};
        struct hvrv_pages pages = {take, give, &source};
        hvrv_hpa page = {0x5a};

        assert_int_equal(hvrv_pages_take(&pages, rows[i].size, &page), HVRV_OK);
        assert_int_equal(page.v, rows[i].page);
        assert_int_equal(source.size, rows[i].bytes);
        assert_int_equal(source.taken, 1);
        assert_int_equal(source.given, 0);
        assert_int_equal(hvrv_pages_give(&pages, rows[i].size, page), HVRV_OK);
        assert_int_equal(source.given, 1);
        assert_int_equal(source.given_page, rows[i].page);
    }
}

static void an_empty_source_is_a_status(void **state)
{
    struct source source = {.answer = 0x80001000, .empty = true};
    struct hvrv_pages pages = {take, give, &source};
    hvrv_hpa page = {0x5a};
    (void)state;

    assert_int_equal(hvrv_pages_take(&pages, HVRV_PAGES_TABLE, &page), HVRV_ERR_NO_PAGES);
    assert_int_equal(page.v, 0);
    assert_int_equal(source.given, 0);
}

static void a_source_that_lies_is_caught_and_gets_its_page_back(void **state)
{
    static const struct {
        enum hvrv_pages_size size;
        uint64_t answer;
        enum hvrv_status status;
    } rows[] = {
        {HVRV_PAGES_TABLE, 0x80001008, HVRV_ERR_ALIGN},
        {HVRV_PAGES_TABLE, 0x80001800, HVRV_ERR_ALIGN},
        {HVRV_PAGES_TABLE, UINT64_MAX, HVRV_ERR_ALIGN},
        {HVRV_PAGES_ROOT_X4, 0x80001000, HVRV_ERR_ALIGN},
        {HVRV_PAGES_ROOT_X4, 0x80002000, HVRV_ERR_ALIGN},
        {HVRV_PAGES_TABLE, 0x0100000000000000, HVRV_ERR_RANGE},
        {HVRV_PAGES_ROOT_X4, 0xffffffffffffc000, HVRV_ERR_RANGE},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct source source = {.answer = rows[i].answer};
        struct hvrv_pages pages = {take, give, &source};
        hvrv_hpa page = {0x5a};

        assert_int_equal(hvrv_pages_take(&pages, rows[i].size, &page), rows[i].status);
        assert_int_equal(page.v, 0);
        assert_int_equal(source.given, 1);
        assert_int_equal(source.given_page, rows[i].answer);
        assert_int_equal(source.size, rows[i].size);
    }
}

static void a_size_that_is_none_is_refused(void **state)
{
    static const int sizes[] = {0, 1, 8192, 4097, 2097152, -4096};
    (void)state;

    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct source source = {.answer = 0x80004000};
        struct hvrv_pages pages = {take, give, &source};
        enum hvrv_pages_size size = (enum hvrv_pages_size)sizes[i];
        hvrv_hpa page = {0x5a};

        assert_int_equal(hvrv_pages_take(&pages, size, &page), HVRV_ERR_ARGUMENT);
        assert_int_equal(page.v, 0);
        assert_int_equal(hvrv_pages_give(&pages, size, hvrv_hpa_make(0)), HVRV_ERR_ARGUMENT);
        assert_int_equal(source.taken + source.given, 0);
    }
}

static void a_page_that_is_not_aligned_is_not_given_back(void **state)
{
    struct source source = {0};
    struct hvrv_pages pages = {take, give, &source};
    (void)state;

    assert_int_equal(hvrv_pages_give(&pages, HVRV_PAGES_TABLE, hvrv_hpa_make(0x1008)),
                     HVRV_ERR_ALIGN);
    assert_int_equal(hvrv_pages_give(&pages, HVRV_PAGES_ROOT_X4, hvrv_hpa_make(0x1000)),
                     HVRV_ERR_ALIGN);
    assert_int_equal(source.given, 0);
}

static void null_pointers_are_a_status(void **state)
{
    struct source source = {.answer = 0x80004000};
    struct hvrv_pages pages = {take, give, &source};
    struct hvrv_pages no_take = {NULL, give, &source};
    struct hvrv_pages no_give = {take, NULL, &source};
    const struct hvrv_pages *sources[] = {NULL, &no_take, &no_give};
    (void)state;

    assert_int_equal(hvrv_pages_take(&pages, HVRV_PAGES_TABLE, NULL), HVRV_ERR_NULL);
    for (size_t i = 0; i < LENGTH(sources); i++) {
        hvrv_hpa page = {0x5a};

        assert_int_equal(hvrv_pages_take(sources[i], HVRV_PAGES_TABLE, &page), HVRV_ERR_NULL);
        assert_int_equal(page.v, 0);
        assert_int_equal(hvrv_pages_give(sources[i], HVRV_PAGES_TABLE, hvrv_hpa_make(0x1000)),
                         HVRV_ERR_NULL);
    }
    assert_int_equal(source.taken + source.given, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_comes_from_the_source_and_goes_back),
        cmocka_unit_test(an_empty_source_is_a_status),
        cmocka_unit_test(a_source_that_lies_is_caught_and_gets_its_page_back),
        cmocka_unit_test(a_size_that_is_none_is_refused),
        cmocka_unit_test(a_page_that_is_not_aligned_is_not_given_back),
        cmocka_unit_test(null_pointers_are_a_status),
    };

    return cmocka_run_group_tests_name("port/pages", tests, NULL, NULL);
}
