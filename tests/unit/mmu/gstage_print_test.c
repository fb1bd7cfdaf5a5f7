/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gstage_world.h"

#define HEAD                                                                      \
    "gpa              hpa              size             attr     page pbmt rsw\n" \
    "---------------- ---------------- ---------------- -------- ---- ---- ---\n"

static struct world world;
static char text[4096];

static void collect(void *context, const char *line)
{
    (void)context;
    strncat(text, line, sizeof(text) - strlen(text) - 2);
    strcat(text, "\n");
}

static void begin_mode(enum hvrv_stage stage, enum hvrv_mode_encoding mode)
{
    struct world_config config = {
        .stage = stage, .mode = mode, .rules = 7, .memory = WORLD_BY_PORT};

    world_init(&world, &config);
    text[0] = '\0';
}

static void begin(enum hvrv_stage stage)
{
    begin_mode(stage, HVRV_MODE_SV39);
}

static void map(uint64_t gpa, uint64_t hpa, uint64_t size, uint64_t bits)
{
    struct hvrv_gstage_map_request request = {
        .range = {{gpa}, size, HVRV_GSTAGE_NO_LIMIT}, .hpa = {hpa}, .bits = bits};

    assert_int_equal(hvrv_gstage_map(&world.gstage, &request, &world.gather), HVRV_OK);
}

/* Prints a range, so many entries a call; returns the calls. */
static unsigned print(uint64_t gpa, uint64_t size, uint32_t budget)
{
    struct hvrv_gstage_print_request request = {.range = {{gpa}, size, budget}, .line = collect};
    unsigned calls = 0;
    enum hvrv_status status;

    do {
        status = hvrv_gstage_print(&world.gstage, &request);
        calls++;
    } while (status == HVRV_ERR_UNFINISHED);
    assert_int_equal(status, HVRV_OK);
    return calls;
}

static void end(void)
{
    assert_true(world_commit(&world));
    assert_true(world_fini(&world));
    assert_string_equal(world.complaint, "");
}

static void neighbours_that_are_alike_are_one_line(void **state)
{
    (void)state;
    begin(HVRV_STAGE_G);
    map(0x80000000, 0x90200000, 0x8000000, 0xce); /* RWX, A, D */
    map(0x90000000, 0x98200000, 0x10000, 0x2000000000000106);
    print(0, UINT64_C(1) << 41, HVRV_GSTAGE_NO_LIMIT);
    assert_string_equal(
        text, HEAD "0000000080000000 0000000090200000 0000000008000000 rwxu-ad  2M   -    0\n"
                   "0000000090000000 0000000098200000 0000000000010000 rw-u---  64K  nc   1\n");
    end();
}

static void what_differs_begins_a_line(void **state)
{
    (void)state;
    begin(HVRV_STAGE_G);
    map(0x1000, 0x80001000, 0x1000, 0x2);
    map(0x2000, 0x80002000, 0x1000, 0x2);
    map(0x3000, 0x80004000, 0x1000, 0x2); /* another HPA */
    map(0x4000, 0x80005000, 0x1000, 0x8);
    map(0x6000, 0x80006000, 0x1000, 0x4000000000000302); /* a hole; I/O, RSW 3 */
    map(0x40000000, 0x80000000, 0x40000000, 0xa);
    print(0, UINT64_C(1) << 41, HVRV_GSTAGE_NO_LIMIT);
    assert_string_equal(
        text, HEAD "0000000000001000 0000000080001000 0000000000002000 r--u---  4K   -    0\n"
                   "0000000000003000 0000000080004000 0000000000001000 r--u---  4K   -    0\n"
                   "0000000000004000 0000000080005000 0000000000001000 --xu---  4K   -    0\n"
                   "0000000000006000 0000000080006000 0000000000001000 r--u---  4K   io   3\n"
                   "0000000040000000 0000000080000000 0000000040000000 r-xu---  1G   -    0\n");
    end();
}

static void blocked_leaves_have_an_exclamation_mark(void **state)
{
    struct hvrv_gstage_range range = {{0x80200000}, 0x200000, HVRV_GSTAGE_NO_LIMIT};

    (void)state;
    begin(HVRV_STAGE_G);
    map(0x80000000, 0x80000000, 0x400000, 0xc6);
    assert_int_equal(hvrv_gstage_block(&world.gstage, &range, &world.gather), HVRV_OK);
    print(0x80000000, 0x400000, HVRV_GSTAGE_NO_LIMIT);
    assert_string_equal(
        text, HEAD "0000000080000000 0000000080000000 0000000000200000 rw-u-ad  2M   -    0\n"
                   "0000000080200000 0000000080200000 0000000000200000 rw-u-ad! 2M   -    0\n");
    end();
}

static void tables_of_the_vs_stage_show_u_and_g(void **state)
{
    (void)state;
    begin(HVRV_STAGE_VS);
    map(0xffffffffc0000000, 0x80000000, 0x1000, 0x2a);
    map(0xffffffffffe00000, 0x80200000, 0x200000, 0x12);
    print(0xffffffc000000000, 0x4000000000, HVRV_GSTAGE_NO_LIMIT);
    assert_string_equal(
        text, HEAD "ffffffffc0000000 0000000080000000 0000000000001000 r-x-g--  4K   -    0\n"
                   "ffffffffffe00000 0000000080200000 0000000000200000 r--u---  2M   -    0\n");
    end();
}

static void every_size_of_a_leaf_has_a_name(void **state)
{
    (void)state;
    begin_mode(HVRV_STAGE_G, HVRV_MODE_SV57);
    map(0x1000, 0x2000, 0x1000, 0x2);
    map(0x10000, 0x20000, 0x20000, 0x8);
    map(0x200000, 0x200000, 0x600000, 0xa);
    map(0x40000000, 0x80000000, 0x40000000, 0x6);
    map(0x8000000000, 0, 0x8000000000, 0x46);
    map(0x100000000000000, 0x1000000000000, 0x2000000000000, 0x86);
    print(0, UINT64_C(1) << 59, HVRV_GSTAGE_NO_LIMIT);
    assert_string_equal(
        text, HEAD "0000000000001000 0000000000002000 0000000000001000 r--u---  4K   -    0\n"
                   "0000000000010000 0000000000020000 0000000000020000 --xu---  64K  -    0\n"
                   "0000000000200000 0000000000200000 0000000000600000 r-xu---  2M   -    0\n"
                   "0000000040000000 0000000080000000 0000000040000000 rw-u---  1G   -    0\n"
                   "0000008000000000 0000000000000000 0000008000000000 rw-u-a-  512G -    0\n"
                   "0100000000000000 0001000000000000 0002000000000000 rw-u--d  256T -    0\n");
    end();
}

static void a_run_under_way_waits_for_the_next_call(void **state)
{
    struct hvrv_gstage_print_request request = {.range = {{0x1000}, 0x3000, 2}, .line = collect};

    (void)state;
    begin(HVRV_STAGE_G);
    map(0x1000, 0x80001000, 0x3000, 0x6);
    assert_int_equal(hvrv_gstage_print(&world.gstage, &request), HVRV_ERR_UNFINISHED);
    assert_string_equal(text, "");
    assert_int_equal(request.range.gpa.v, 0x3000);
    assert_int_equal(request.range.size, 0x1000);
    assert_int_equal(request.run.size, 0x2000);
    assert_int_equal(hvrv_gstage_print(&world.gstage, &request), HVRV_OK);
    assert_string_equal(
        text, HEAD "0000000000001000 0000000080001000 0000000000003000 rw-u---  4K   -    0\n");
    end();
}

static void the_ends_of_a_range_cut_a_line(void **state)
{
    (void)state;
    begin(HVRV_STAGE_G);
    map(0x200000, 0x80200000, 0x200000, 0x6);
    print(0x201000, 0x1000, HVRV_GSTAGE_NO_LIMIT);
    assert_string_equal(
        text, HEAD "0000000000201000 0000000080201000 0000000000001000 rw-u---  2M   -    0\n");
    end();
}

static void a_budget_cuts_the_work_and_not_the_lines(void **state)
{
    char whole[sizeof(text)];

    (void)state;
    begin(HVRV_STAGE_G);
    map(0x1000, 0x80001000, 0x9000, 0x6);
    map(0x10000, 0x80010000, 0x20000, 0x6);
    print(0, 0x200000, HVRV_GSTAGE_NO_LIMIT);
    memcpy(whole, text, sizeof(text));
    text[0] = '\0';
    assert_in_range(print(0, 0x200000, 1), 100, 512);
    assert_string_equal(text, whole);
    end();
}

static void an_empty_range_is_the_head_alone(void **state)
{
    (void)state;
    begin(HVRV_STAGE_G);
    print(0x1000, 0x1000, 1);
    assert_string_equal(text, HEAD);
    end();
}

static void a_refused_range_prints_nothing(void **state)
{
    struct hvrv_gstage_print_request request = {.range = {{0x800}, 0x1000, 1}, .line = collect};

    (void)state;
    begin(HVRV_STAGE_G);
    assert_int_equal(hvrv_gstage_print(&world.gstage, &request), HVRV_ERR_ALIGN);
    request.range.gpa.v = 0;
    request.range.size = 0;
    assert_int_equal(hvrv_gstage_print(&world.gstage, &request), HVRV_ERR_RANGE);
    request.range = (struct hvrv_gstage_range){{0}, 0x1000, 0};
    assert_int_equal(hvrv_gstage_print(&world.gstage, &request), HVRV_ERR_ARGUMENT);
    request.line = NULL;
    assert_int_equal(hvrv_gstage_print(&world.gstage, &request), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_print(&world.gstage, NULL), HVRV_ERR_NULL);
    request.line = collect;
    assert_int_equal(hvrv_gstage_print(NULL, &request), HVRV_ERR_NULL);
    assert_string_equal(text, "");
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_that_are_alike_are_one_line),
        cmocka_unit_test(what_differs_begins_a_line),
        cmocka_unit_test(blocked_leaves_have_an_exclamation_mark),
        cmocka_unit_test(tables_of_the_vs_stage_show_u_and_g),
        cmocka_unit_test(every_size_of_a_leaf_has_a_name),
        cmocka_unit_test(the_ends_of_a_range_cut_a_line),
        cmocka_unit_test(a_run_under_way_waits_for_the_next_call),
        cmocka_unit_test(a_budget_cuts_the_work_and_not_the_lines),
        cmocka_unit_test(an_empty_range_is_the_head_alone),
        cmocka_unit_test(a_refused_range_prints_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
