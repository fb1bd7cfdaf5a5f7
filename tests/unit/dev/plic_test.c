/* SPDX-License-Identifier: BSD-2-Clause */
/* The offsets are those of the RISC-V PLIC Specification 1.0.0, "Memory Map". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/dev/plic.h>

#define SOURCES  1024
#define CONTEXTS 3

static struct hvrv_plic plic;
static struct hvrv_plic_source sources[SOURCES];
static struct hvrv_plic_context contexts[15872];

static void make(uint32_t source_count, uint32_t context_count)
{
    struct hvrv_plic_config config = {sources, source_count, contexts, context_count};

    memset(sources, 0xa5, sizeof sources);
    memset(contexts, 0xa5, sizeof contexts);
    assert_int_equal(hvrv_plic_init(&plic, &config), HVRV_OK);
}

static uint32_t load(uint64_t offset)
{
    uint64_t value = UINT64_MAX;

    assert_int_equal(hvrv_plic_read(&plic, offset, 4, &value), HVRV_OK);
    assert_true(value <= UINT32_MAX);
    return (uint32_t)value;
}

static void store(uint64_t offset, uint64_t value)
{
    assert_int_equal(hvrv_plic_write(&plic, offset, 4, value), HVRV_OK);
}

static void raise_line(uint32_t source)
{
    assert_int_equal(hvrv_plic_set_level(&plic, source, HVRV_PLIC_HIGH), HVRV_OK);
}

static void lower_line(uint32_t source)
{
    assert_int_equal(hvrv_plic_set_level(&plic, source, HVRV_PLIC_LOW), HVRV_OK);
}

static uint32_t claim(uint32_t context)
{
    return load(0x200004 + 0x1000 * context);
}

static void complete(uint32_t context, uint32_t source)
{
    store(0x200004 + 0x1000 * context, source);
}

static void set_threshold(uint32_t context, uint32_t threshold)
{
    store(0x200000 + 0x1000 * context, threshold);
}

/* Priority 1 and up, and enabled in a context, beside what is enabled there already. */
static void enable(uint32_t context, uint32_t source, uint32_t priority)
{
    uint64_t word = 0x2000 + 0x80 * context + source / 32 * 4;

    store(4 * source, priority);
    store(word, load(word) | UINT32_C(1) << source % 32);
}

static uint32_t is_pending_bit(uint32_t source)
{
    return load(0x1000 + source / 32 * 4) >> source % 32 & 1;
}

static bool line(uint32_t context)
{
    return hvrv_plic_is_pending(&plic, context);
}

static int fresh(void **state)
{
    (void)state;
    make(SOURCES, CONTEXTS);
    return 0;
}

static void all_is_zero_after_init(void **state)
{
    (void)state;
    for (uint32_t offset = 0; offset < 0x2000 + 0x80 * CONTEXTS; offset += 4)
        assert_int_equal(load(offset), 0);
    for (uint32_t context = 0; context < CONTEXTS; context++) {
        assert_int_equal(load(0x200000 + 0x1000 * context), 0);
        assert_int_equal(claim(context), 0);
        assert_false(line(context));
    }
}

static void a_device_is_served_once(void **state)
{
    (void)state;
    enable(0, 10, 1);
    assert_false(line(0));
    raise_line(10);
    assert_true(line(0));
    assert_int_equal(load(0x1000), UINT32_C(1) << 10);
    assert_int_equal(claim(0), 10);
    assert_false(line(0));
    assert_int_equal(load(0x1000), 0);
    assert_int_equal(claim(0), 0);
    lower_line(10);
    complete(0, 10);
    assert_false(line(0));
    assert_int_equal(claim(0), 0);
}

static void a_line_still_high_at_completion_is_a_new_request(void **state)
{
    (void)state;
    enable(0, 10, 1);
    raise_line(10);
    for (int i = 0; i < 3; i++) {
        assert_true(line(0));
        assert_int_equal(claim(0), 10);
        assert_false(line(0));
        complete(0, 10);
    }
    assert_true(is_pending_bit(10));
}

static void a_request_stays_when_the_line_falls(void **state)
{
    (void)state;
    enable(0, 5, 3);
    raise_line(5);
    lower_line(5);
    assert_true(line(0));
    assert_int_equal(claim(0), 5);
    complete(0, 5);
    assert_false(line(0));
}

static void a_line_that_moves_while_claimed_asks_again_only_if_it_ends_high(void **state)
{
    (void)state;
    enable(0, 5, 3);
    raise_line(5);
    assert_int_equal(claim(0), 5);
    lower_line(5);
    raise_line(5);
    assert_false(is_pending_bit(5));
    assert_false(line(0));
    lower_line(5);
    complete(0, 5);
    assert_false(is_pending_bit(5));
    raise_line(5);
    assert_int_equal(claim(0), 5);
    lower_line(5);
    raise_line(5);
    complete(0, 5);
    assert_int_equal(claim(0), 5);
}

static void a_line_that_rises_while_pending_is_one_request(void **state)
{
    (void)state;
    enable(0, 5, 3);
    raise_line(5);
    raise_line(5);
    lower_line(5);
    raise_line(5);
    assert_int_equal(claim(0), 5);
    assert_int_equal(claim(0), 0);
    lower_line(5);
    complete(0, 5);
    assert_int_equal(claim(0), 0);
}

static void the_highest_priority_is_claimed_first_and_the_lowest_number_of_equals(void **state)
{
    static const struct {
        uint32_t source, priority;
    } rows[] = {{1023, 4}, {64, 4}, {31, 4}, {32, 7}, {33, 7}, {1, 1}, {2, 2}, {700, 6}, {0}};
    static const uint32_t order[] = {32, 33, 700, 31, 64, 1023, 2, 1, 0, 0};

    (void)state;
    for (size_t i = 0; rows[i].source; i++) {
        enable(1, rows[i].source, rows[i].priority);
        raise_line(rows[i].source);
    }
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        assert_true(line(1) == (order[i] != 0));
        assert_int_equal(claim(1), order[i]);
    }
}

static void every_source_is_found_alone(void **state)
{
    (void)state;
    for (uint32_t source = 1; source < SOURCES; source++) {
        enable(2, source, 1 + source % 7);
        raise_line(source);
        assert_true(line(2));
        assert_true(is_pending_bit(source));
        assert_int_equal(claim(2), source);
        lower_line(source);
        complete(2, source);
        assert_false(line(2));
    }
}

static void a_claimed_source_is_claimed_by_nobody_else(void **state)
{
    (void)state;
    enable(0, 7, 1);
    enable(1, 7, 1);
    raise_line(7);
    assert_true(line(0) && line(1));
    assert_int_equal(claim(1), 7);
    assert_false(line(0) || line(1));
    assert_int_equal(claim(0), 0);
    assert_int_equal(claim(1), 0);
    assert_int_equal(claim(2), 0);
}

static void another_context_may_complete_what_it_has_enabled(void **state)
{
    (void)state;
    enable(0, 7, 1);
    enable(1, 7, 1);
    raise_line(7);
    assert_int_equal(claim(0), 7);
    complete(2, 7);
    assert_false(line(0));
    complete(1, 7);
    assert_true(line(0));
}

static void a_completion_of_a_disabled_source_is_ignored(void **state)
{
    (void)state;
    enable(0, 40, 2);
    raise_line(40);
    assert_int_equal(claim(0), 40);
    store(0x2004, 0);
    complete(0, 40);
    assert_false(is_pending_bit(40));
    store(0x2004, 0x100);
    assert_false(line(0));
    complete(0, 40);
    assert_true(line(0));
}

static void a_completion_of_what_is_not_claimed_changes_nothing(void **state)
{
    (void)state;
    enable(0, 3, 1);
    complete(0, 3);
    assert_false(is_pending_bit(3));
    raise_line(3);
    complete(0, 3);
    assert_true(is_pending_bit(3));
    assert_int_equal(claim(0), 3);
    complete(0, 0);
    complete(0, 1024);
    complete(0, UINT32_MAX);
    assert_int_equal(claim(0), 0);
    store(0x200004, UINT64_C(0xabc00000000) | 3); /* bits 31:0 count */
    assert_int_equal(claim(0), 3);
}

static void the_threshold_masks_up_to_itself(void **state)
{
    (void)state;
    enable(0, 9, 4);
    raise_line(9);
    for (uint32_t threshold = 0; threshold <= 7; threshold++) {
        set_threshold(0, threshold);
        assert_int_equal(load(0x200000), threshold);
        assert_true(line(0) == (threshold < 4));
        assert_false(line(1));
    }
}

/* "the claim operation is not affected by the setting of the priority threshold register" */
static void a_claim_does_not_ask_for_the_threshold(void **state)
{
    (void)state;
    enable(0, 9, 1);
    raise_line(9);
    set_threshold(0, 7);
    assert_false(line(0));
    assert_int_equal(claim(0), 9);
}

static void priority_zero_never_interrupts(void **state)
{
    (void)state;
    enable(0, 9, 0);
    raise_line(9);
    assert_true(is_pending_bit(9));
    assert_false(line(0));
    assert_int_equal(claim(0), 0);
    store(4 * 9, 1);
    assert_true(line(0));
    assert_int_equal(claim(0), 9);
}

static void a_source_that_is_not_enabled_waits(void **state)
{
    (void)state;
    store(4 * 100, 5);
    raise_line(100);
    assert_true(is_pending_bit(100));
    assert_false(line(0));
    assert_int_equal(claim(0), 0);
    enable(0, 100, 5);
    assert_true(line(0));
    assert_int_equal(claim(0), 100);
}

/* The question for a line is short then, and a claim looks nowhere else. */
static void the_index_has_words_with_something_pending_and_no_others(void **state)
{
    (void)state;
    for (uint32_t source = 31; source <= 33; source++) {
        enable(0, source, 1);
        raise_line(source);
    }
    assert_int_equal(plic.words, 3);
    assert_int_equal(claim(0), 31);
    assert_int_equal(plic.words, 2);
    assert_int_equal(claim(0), 32);
    assert_int_equal(plic.words, 2);
    assert_int_equal(claim(0), 33);
    assert_int_equal(plic.words, 0);
}

static void the_line_stays_until_the_last_claim(void **state)
{
    (void)state;
    enable(0, 1, 1);
    enable(0, 2, 2);
    raise_line(1);
    raise_line(2);
    set_threshold(0, 1);
    assert_true(line(0));
    assert_int_equal(claim(0), 2);
    assert_false(line(0));
    set_threshold(0, 0);
    assert_true(line(0));
    assert_int_equal(claim(0), 1);
    assert_false(line(0));
}

/* Three bits are variable, and all of their combinations are legal. */
static void priorities_and_thresholds_have_three_bits(void **state)
{
    (void)state;
    for (uint32_t value = 0; value <= 16; value++) {
        store(4 * 1023, value);
        assert_int_equal(load(4 * 1023), value % 8);
        set_threshold(2, value);
        assert_int_equal(load(0x202000), value % 8);
    }
    store(4, UINT64_MAX);
    assert_int_equal(load(4), 7);
}

static void source_0_has_no_registers(void **state)
{
    (void)state;
    store(0, 7);
    assert_int_equal(load(0), 0);
    store(0x2000, UINT32_MAX);
    assert_int_equal(load(0x2000), 0xfffffffe);
    store(0x207c, UINT32_MAX);
    assert_int_equal(load(0x207c), 0xffffffff);
    assert_int_equal(hvrv_plic_set_level(&plic, 0, HVRV_PLIC_HIGH), HVRV_ERR_ARGUMENT);
    assert_int_equal(load(0x1000), 0);
}

static void pending_bits_cannot_be_written(void **state)
{
    (void)state;
    enable(0, 33, 1);
    raise_line(33);
    store(0x1004, 0);
    store(0x1000, UINT32_MAX);
    assert_int_equal(load(0x1000), 0);
    assert_int_equal(load(0x1004), 2);
    assert_true(line(0));
}

static void registers_of_sources_that_are_not_there_read_as_zero(void **state)
{
    (void)state;
    make(34, 1); /* the highest number is 33 */
    store(4 * 33, 7);
    store(4 * 34, 7);
    store(4 * 1023, 7);
    assert_int_equal(load(4 * 33), 7);
    assert_int_equal(sources[34].priority, 0xa5); /* not the PLIC's storage */
    assert_int_equal(contexts[1].threshold, 0xa5a5a5a5);
    assert_int_equal(load(4 * 34), 0);
    assert_int_equal(load(4 * 1023), 0);
    for (uint32_t offset = 0x2000; offset < 0x2080; offset += 4)
        store(offset, UINT32_MAX);
    assert_int_equal(load(0x2000), 0xfffffffe);
    assert_int_equal(load(0x2004), 3);
    assert_int_equal(load(0x2008), 0);
    assert_int_equal(load(0x207c), 0);
    assert_int_equal(hvrv_plic_set_level(&plic, 34, HVRV_PLIC_HIGH), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_plic_set_level(&plic, UINT32_MAX, HVRV_PLIC_HIGH), HVRV_ERR_ARGUMENT);
    raise_line(33);
    complete(0, 34);
    complete(0, 1023);
    assert_int_equal(claim(0), 33);
}

static void registers_of_contexts_that_are_not_there_read_as_zero(void **state)
{
    static const uint64_t offsets[] = {
        0x2180,   0x21fc,   0x1f1ffc, 0x1f2000,  0x1ffffc, /* enables, and behind the last */
        0x203000, 0x203004, 0x203008, 0x3fff000, 0x3fff004 /* pages */
    };

    (void)state;
    for (uint32_t i = 0; i < CONTEXTS; i++)
        enable(i, 1, 1);
    raise_line(1);
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        store(offsets[i], UINT32_MAX);
        assert_int_equal(load(offsets[i]), 0);
    }
    assert_false(line(3));
    assert_false(line(UINT32_MAX));
    assert_int_equal(claim(0), 1);
}

static void reserved_registers_read_as_zero(void **state)
{
    static const uint64_t offsets[] = {0x1080, 0x1ffc, 0x200008, 0x200ffc, 0x202008, 0x3fffffc};

    (void)state;
    enable(0, 1, 1);
    raise_line(1);
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        store(offsets[i], 1);
        assert_int_equal(load(offsets[i]), 0);
    }
    assert_int_equal(claim(0), 1);
}

static void the_last_of_15872_contexts_has_its_registers(void **state)
{
    (void)state;
    make(SOURCES, 15872);
    store(0x1f1ffc, UINT32_MAX);
    assert_int_equal(load(0x1f1ffc), UINT32_MAX);
    store(0x1f2000, UINT32_MAX); /* the first that is reserved */
    assert_int_equal(load(0x1f2000), 0);
    store(4 * 1023, 2);
    store(0x3fff000, 1);
    raise_line(1023);
    assert_true(line(15871));
    assert_false(line(15872));
    assert_false(line(15870));
    assert_int_equal(load(0x3fff004), 1023);
    assert_int_equal(load(0x3fff000), 1);
    assert_false(line(15871));
    store(0x3fff004, 1023);
    assert_true(line(15871));
}

static void only_aligned_words_are_taken(void **state)
{
    static const struct {
        uint64_t offset;
        unsigned size;
        enum hvrv_status status;
    } rows[] = {
        {0x200004, 0, HVRV_ERR_ARGUMENT}, {0x200004, 1, HVRV_ERR_ARGUMENT},
        {0x200004, 2, HVRV_ERR_ARGUMENT}, {0x200004, 8, HVRV_ERR_ARGUMENT},
        {0x200005, 8, HVRV_ERR_ARGUMENT}, {0x200001, 4, HVRV_ERR_ALIGN},
        {0x200006, 4, HVRV_ERR_ALIGN},    {0x4000000, 4, HVRV_ERR_RANGE},
        {0x100200004, 4, HVRV_ERR_RANGE}, {UINT64_MAX - 3, 4, HVRV_ERR_RANGE},
        {UINT64_MAX, 4, HVRV_ERR_ALIGN},
    };

    (void)state;
    enable(0, 1, 1);
    raise_line(1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t value = 77;

        assert_int_equal(hvrv_plic_read(&plic, rows[i].offset, rows[i].size, &value),
                         rows[i].status);
        assert_int_equal(value, 0);
        assert_int_equal(hvrv_plic_write(&plic, rows[i].offset, rows[i].size, 1), rows[i].status);
    }
    assert_int_equal(claim(0), 1);
    for (unsigned size = 0; size <= 16; size++) /* would complete it */
        if (size != 4)
            assert_int_equal(hvrv_plic_write(&plic, 0x200004, size, 1), HVRV_ERR_ARGUMENT);
    assert_false(line(0));
}

static void what_is_null_or_out_of_bounds_is_refused(void **state)
{
    static const struct hvrv_plic zero;
    static const struct {
        struct hvrv_plic_config config;
        enum hvrv_status status;
    } rows[] = {
        {{NULL, 2, contexts, 1}, HVRV_ERR_NULL},
        {{sources, 2, NULL, 1}, HVRV_ERR_NULL},
        {{sources, 0, contexts, 1}, HVRV_ERR_ARGUMENT},
        {{sources, 1, contexts, 1}, HVRV_ERR_ARGUMENT},
        {{sources, 1025, contexts, 1}, HVRV_ERR_ARGUMENT},
        {{sources, 2, contexts, 0}, HVRV_ERR_ARGUMENT},
        {{sources, 2, contexts, 15873}, HVRV_ERR_ARGUMENT},
        {{sources, 2, contexts, 1}, HVRV_OK},
    };
    uint64_t value = 77;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(&plic, 0xa5, sizeof plic);
        assert_int_equal(hvrv_plic_init(&plic, &rows[i].config), rows[i].status);
        if (rows[i].status != HVRV_OK)
            assert_memory_equal(&plic, &zero, sizeof zero);
    }
    memset(&plic, 0xa5, sizeof plic);
    assert_int_equal(hvrv_plic_init(&plic, NULL), HVRV_ERR_NULL);
    assert_memory_equal(&plic, &zero, sizeof zero);
    assert_int_equal(hvrv_plic_init(NULL, &rows[7].config), HVRV_ERR_NULL);
    assert_int_equal(hvrv_plic_set_level(NULL, 1, HVRV_PLIC_HIGH), HVRV_ERR_NULL);
    assert_int_equal(hvrv_plic_write(NULL, 0, 4, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_plic_read(&plic, 0, 4, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_plic_read(NULL, 0, 4, &value), HVRV_ERR_NULL);
    assert_int_equal(value, 0);
}

static void a_plic_that_was_refused_is_empty(void **state)
{
    struct hvrv_plic_config config = {sources, 1, contexts, 1};

    (void)state;
    assert_int_equal(hvrv_plic_init(&plic, &config), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_plic_set_level(&plic, 1, HVRV_PLIC_HIGH), HVRV_ERR_ARGUMENT);
    store(4, 1);
    store(0x2000, 2);
    assert_int_equal(load(4), 0);
    assert_int_equal(claim(0), 0);
    assert_false(line(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_is_zero_after_init, fresh),
        cmocka_unit_test_setup(a_device_is_served_once, fresh),
        cmocka_unit_test_setup(a_line_still_high_at_completion_is_a_new_request, fresh),
        cmocka_unit_test_setup(a_request_stays_when_the_line_falls, fresh),
        cmocka_unit_test_setup(a_line_that_moves_while_claimed_asks_again_only_if_it_ends_high,
                               fresh),
        cmocka_unit_test_setup(a_line_that_rises_while_pending_is_one_request, fresh),
        cmocka_unit_test_setup(
            the_highest_priority_is_claimed_first_and_the_lowest_number_of_equals, fresh),
        cmocka_unit_test_setup(every_source_is_found_alone, fresh),
        cmocka_unit_test_setup(a_claimed_source_is_claimed_by_nobody_else, fresh),
        cmocka_unit_test_setup(another_context_may_complete_what_it_has_enabled, fresh),
        cmocka_unit_test_setup(a_completion_of_a_disabled_source_is_ignored, fresh),
        cmocka_unit_test_setup(a_completion_of_what_is_not_claimed_changes_nothing, fresh),
        cmocka_unit_test_setup(the_threshold_masks_up_to_itself, fresh),
        cmocka_unit_test_setup(a_claim_does_not_ask_for_the_threshold, fresh),
        cmocka_unit_test_setup(priority_zero_never_interrupts, fresh),
        cmocka_unit_test_setup(a_source_that_is_not_enabled_waits, fresh),
        cmocka_unit_test_setup(the_index_has_words_with_something_pending_and_no_others, fresh),
        cmocka_unit_test_setup(the_line_stays_until_the_last_claim, fresh),
        cmocka_unit_test_setup(priorities_and_thresholds_have_three_bits, fresh),
        cmocka_unit_test_setup(source_0_has_no_registers, fresh),
        cmocka_unit_test_setup(pending_bits_cannot_be_written, fresh),
        cmocka_unit_test(registers_of_sources_that_are_not_there_read_as_zero),
        cmocka_unit_test_setup(registers_of_contexts_that_are_not_there_read_as_zero, fresh),
        cmocka_unit_test_setup(reserved_registers_read_as_zero, fresh),
        cmocka_unit_test(the_last_of_15872_contexts_has_its_registers),
        cmocka_unit_test_setup(only_aligned_words_are_taken, fresh),
        cmocka_unit_test(what_is_null_or_out_of_bounds_is_refused),
        cmocka_unit_test(a_plic_that_was_refused_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
