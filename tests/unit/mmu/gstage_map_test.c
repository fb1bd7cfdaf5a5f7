/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_case.h"

static enum hvrv_status map(struct hvrv_gstage_map_request *request)
{
    return hvrv_gstage_map(&world.gstage, request, &world.gather);
}

static struct hvrv_gstage_map_request a_page(uint64_t bits)
{
    return (struct hvrv_gstage_map_request){
        .range = {{0x1000}, 0x1000, ALL}, .hpa = {0x80001000}, .bits = bits};
}

/* norm:H_vm_gpapriv: without U every guest access faults. */
static void a_leaf_of_the_g_stage_gets_u_and_v(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, UINT64_C(0xfffffffffff000), 0x1000, R | W | A | D);
    assert_int_equal(case_word(0x1000, 0), UINT64_C(0x3ffffffffffc00) | V | R | W | U | A | D);
    case_end();
    case_begin(HVRV_STAGE_VS, HVRV_MODE_SV39);
    case_map(0x1000, 0x80001000, 0x1000, R | X | GLOBAL);
    case_map(0x2000, 0x80001000, 0x1000, R | X | U);
    assert_int_equal(case_word(0x1000, 0), 0x20000400 | V | R | X | GLOBAL);
    assert_int_equal(case_word(0x2000, 0), 0x20000400 | V | R | X | U);
    case_end();
}

static void bits_that_a_leaf_cannot_have_are_refused(void **state)
{
    static const uint64_t bad[] = {
        0,
        A | D,
        W,
        W | X,
        R | GLOBAL,
        R | 0x400,
        UINT64_C(0x6000000000000000) | R,
        UINT64_C(0x8000000000000000) | R,
        UINT64_C(0x0040000000000000) | R,
    };

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0, 0x80000000, 0x1000, R);
    case_commit();
    case_remember();
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct hvrv_gstage_map_request request = a_page(bad[i]);
        assert_int_equal(map(&request), HVRV_ERR_ARGUMENT);
        assert_int_equal(request.range.gpa.v, 0x1000);
        assert_int_equal(request.hpa.v, 0x80001000);
    }
    assert_true(case_is_as_remembered());
    case_owes(HVRV_FENCE_NOTHING, 0);
    case_end();
}

static void bits_of_extensions_need_the_rule(void **state)
{
    static const struct {
        unsigned rules;
        uint64_t bits;
    } cases[] = {{1, UINT64_C(0x2000000000000000)},
                 {1, UINT64_C(0x4000000000000000)},
                 {4, UINT64_C(0x0800000000000000)},
                 {4, UINT64_C(0x1000000000000000)}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world_config config = {HVRV_STAGE_G,         HVRV_MODE_SV39,  cases[i].rules,
                                      HVRV_GSTAGE_AD_FAULT, WORLD_BY_WINDOW, 1};
        struct hvrv_gstage_map_request request = a_page(R | cases[i].bits);

        case_begin_with(&config);
        assert_int_equal(map(&request), HVRV_OK);
        assert_int_equal(case_word(0x1000, 0), 0x20000400 | V | R | U | cases[i].bits);
        case_end();
        config.rules = 7 & ~cases[i].rules;
        request = a_page(R | cases[i].bits);
        case_begin_with(&config);
        assert_int_equal(map(&request), HVRV_ERR_ARGUMENT);
        case_end();
    }
}

static void hpa_and_shift_max_are_checked(void **state)
{
    static const uint8_t shifts[] = {1, 11, 13, 15, 17, 20, 22, 31, 40, 57, 255};
    struct hvrv_gstage_map_request request;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    request = a_page(R);
    request.hpa.v = 0x80000800;
    assert_int_equal(map(&request), HVRV_ERR_ALIGN);
    request.hpa.v = UINT64_C(1) << 56;
    assert_int_equal(map(&request), HVRV_ERR_RANGE);
    request.hpa.v = UINT64_C(0xfffffffffff000);
    request.range.size = 0x2000;
    assert_int_equal(map(&request), HVRV_ERR_RANGE);
    request.hpa.v = UINT64_C(0xfffffffffffff000);
    assert_int_equal(map(&request), HVRV_ERR_RANGE);
    request = a_page(R);
    request.existing = (enum hvrv_gstage_existing)2;
    assert_int_equal(map(&request), HVRV_ERR_ARGUMENT);
    for (size_t i = 0; i < sizeof(shifts); i++) {
        request = a_page(R);
        request.shift_max = shifts[i];
        assert_int_equal(map(&request), HVRV_ERR_ARGUMENT);
    }
    case_end();
}

/* An x4 root has two bits more (norm:hgatp_mode_sv39x4): 2048 entries, all of them in use. */
static void the_root_of_an_x4_mode_has_2048_entries(void **state)
{
    static const struct {
        enum hvrv_mode_encoding mode;
        unsigned level;
        uint64_t size;
    } modes[] = {
        {HVRV_MODE_SV39, 2, G}, {HVRV_MODE_SV48, 3, 512 * G}, {HVRV_MODE_SV57, 4, 256 * T}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint64_t size = modes[i].size;

        case_begin(HVRV_STAGE_G, modes[i].mode);
        case_map(2047 * size, 0, size, R);
        case_map(512 * size, 0, size, R | X);
        case_map(1024 * size, 0, size, R | W);
        assert_int_equal(world.in_use, 0);
        assert_int_equal(case_word(2047 * size, modes[i].level), V | R | U);
        assert_int_equal(case_word(512 * size, modes[i].level), V | R | X | U);
        assert_int_equal(case_word(1024 * size, modes[i].level), V | R | W | U);
        assert_int_equal(case_word(0, modes[i].level), 0);
        assert_int_equal(model_memory_read(&world.memory, world.gstage.root.v + 2047 * 8),
                         V | R | U);
        case_end();
    }
}

static unsigned shift_at(uint64_t gpa)
{
    struct hvrv_gstage_entry entry;

    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(gpa), &entry), HVRV_OK);
    assert_true(entry.pte.v & V);
    return entry.shift;
}

static void leaves_are_as_large_as_gpa_and_hpa_allow(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV48);
    case_map(G - 2 * M - 64 * K - 4 * K, 512 * G + G - 2 * M - 64 * K - 4 * K,
             512 * G + 2 * M + 64 * K + 8 * K, R);
    assert_int_equal(shift_at(G - 2 * M - 64 * K - 4 * K), 12);
    assert_int_equal(shift_at(G - 2 * M - 64 * K), 16);
    assert_int_equal(shift_at(G - 2 * M), 21);
    assert_int_equal(shift_at(G), 30);
    assert_int_equal(shift_at(512 * G - 1), 30);
    assert_int_equal(shift_at(512 * G), 30); /* not all of 512 GiB is there */
    assert_int_equal(shift_at(513 * G), 12);
    case_end();
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV48);
    case_map(512 * G, T, T, R);
    assert_int_equal(shift_at(512 * G), 39);
    case_end();
}

static void an_hpa_that_is_less_aligned_makes_smaller_leaves(void **state)
{
    static const struct {
        uint64_t hpa;
        unsigned shift;
    } cases[] = {{G, 30}, {2 * M, 21}, {64 * K, 16}, {4 * K, 12}, {32 * K, 12}, {M, 16}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
        case_map(0, cases[i].hpa, G, R);
        assert_int_equal(shift_at(0), cases[i].shift);
        assert_int_equal(shift_at(G - 1), cases[i].shift);
        case_end();
    }
}

static void shift_max_and_svnapot_limit_the_leaves(void **state)
{
    static const struct {
        unsigned rules;
        uint8_t shift_max;
        unsigned shift;
    } cases[] = {{7, 0, 30},  {7, 48, 30}, {7, 30, 30}, {7, 21, 21},
                 {7, 16, 16}, {7, 12, 12}, {5, 16, 12}, {5, 21, 21}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world_config config = {HVRV_STAGE_G,         HVRV_MODE_SV39, cases[i].rules,
                                      HVRV_GSTAGE_AD_FAULT, WORLD_BY_BOTH,  1};
        struct hvrv_gstage_map_request request = {
            .range = {{G}, G, ALL}, .hpa = {2 * G}, .bits = R, .shift_max = cases[i].shift_max};

        case_begin_with(&config);
        assert_int_equal(map(&request), HVRV_OK);
        assert_int_equal(shift_at(G), cases[i].shift);
        assert_int_equal(shift_at(2 * G - 1), cases[i].shift);
        case_end();
    }
}

/* norm:Svnapot_valid_encoding: the sixteen are equal, their PPN ends in 1000. */
static void a_napot_range_is_sixteen_equal_entries(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x20000, 0x80030000, 0x10000, R | W);
    for (uint64_t i = 0; i < 16; i++)
        assert_int_equal(case_word(0x20000 + i * 0x1000, 0),
                         UINT64_C(0x8000000000000000) | 0x80038000 >> 2 | V | R | W | U);
    assert_int_equal(case_word(0x1f000, 0), 0);
    assert_int_equal(case_word(0x30000, 0), 0);
    case_end();
}

static void where_something_is_map_refuses_and_says_where(void **state)
{
    struct hvrv_gstage_map_request request = {
        .range = {{0x1000}, 0x8000, ALL}, .hpa = {0x80001000}, .bits = R};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x4000, 0x90004000, 0x1000, R | W);
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    assert_int_equal(request.range.gpa.v, 0x4000);
    assert_int_equal(request.range.size, 0x5000);
    assert_int_equal(request.hpa.v, 0x80004000);
    assert_int_equal(case_word(0x3000, 0), 0x20000c00 | V | R | U);
    assert_int_equal(case_word(0x4000, 0), 0x90004000 >> 2 | V | R | W | U);
    assert_int_equal(case_word(0x5000, 0), 0);
    case_end();
}

static void the_same_and_the_blocked_are_refused_too(void **state)
{
    struct hvrv_gstage_map_request request;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x80001000, 0x1000, R);
    request = a_page(R);
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    case_block(0x1000, 0x1000);
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    case_map(G, G, G, R);
    request.range.gpa.v = G + 0x5000;
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    request = (struct hvrv_gstage_map_request){.range = {{0}, 2 * M, ALL}, .bits = R};
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    assert_int_equal(request.range.gpa.v, 0x1000); /* the table that was there is used */
    case_end();
}

/* Where a NAPOT range does not fit, pages are mapped up to what is in its way. */
static void what_is_in_the_way_of_a_napot_range_makes_it_pages(void **state)
{
    struct hvrv_gstage_map_request request = {
        .range = {{0x10000}, 0x20000, ALL}, .hpa = {0x10000}, .bits = R};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x25000, 0x90000000, 0x1000, R);
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    assert_int_equal(request.range.gpa.v, 0x25000);
    assert_int_equal(shift_at(0x10000), 16);
    assert_int_equal(shift_at(0x20000), 12);
    assert_int_equal(case_word(0x24000, 0), 0x24000 >> 2 | V | R | U);
    assert_int_equal(case_word(0x26000, 0), 0);
    case_end();
}

static void a_napot_range_that_is_in_the_way_stays_as_it_is(void **state)
{
    struct hvrv_gstage_map_request request = {
        .range = {{0x15000}, 0x1000, ALL}, .hpa = {0x80000000}, .bits = R};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x10000, 0x10000, 0x10000, R | W);
    case_commit();
    case_remember();
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    request.range = (struct hvrv_gstage_range){{0xe000}, 0x4000, ALL};
    request.hpa.v = 0x8000e000;
    assert_int_equal(map(&request), HVRV_ERR_EXISTS);
    assert_int_equal(request.range.gpa.v, 0x10000);
    case_unmap(0xe000, 0x2000);
    assert_true(case_is_as_remembered());
    case_end();
}

static void replace_takes_the_place_of_leaves(void **state)
{
    struct hvrv_gstage_map_request request = {.range = {{0x1000}, 0x3000, ALL},
                                              .hpa = {0x80001000},
                                              .bits = R | X,
                                              .existing = HVRV_GSTAGE_REPLACE};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x2000, 0x90002000, 0x1000, R | W | A | D);
    case_map(0x3000, 0x90003000, 0x1000, R | W);
    case_block(0x3000, 0x1000);
    case_commit();
    assert_int_equal(map(&request), HVRV_OK);
    for (uint64_t gpa = 0x1000; gpa < 0x4000; gpa += 0x1000)
        assert_int_equal(case_word(gpa, 0), (0x80000000 + gpa) >> 2 | V | R | X | U);
    case_owes(HVRV_FENCE_PAGES, 1);
    case_owes_range(0, 0x1000, 0x3fff, 12);
    case_end();
}

static void replace_inside_a_larger_leaf_splits_it(void **state)
{
    struct hvrv_gstage_map_request request = {.range = {{G + 0x5000}, 0x1000, ALL},
                                              .hpa = {0x80000000},
                                              .bits = R,
                                              .existing = HVRV_GSTAGE_REPLACE};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(G, 4 * G, G, R | W | A | D | 0x100);
    assert_int_equal(map(&request), HVRV_OK);
    assert_int_equal(world.in_use, 2);
    assert_int_equal(case_word(G + 0x5000, 0), 0x20000000 | V | R | U);
    assert_int_equal(case_word(G + 0x4000, 0),
                     (4 * G + 0x4000) >> 2 | V | R | W | U | A | D | 0x100);
    assert_int_equal(case_word(2 * G - 1, 1), (5 * G - 2 * M) >> 2 | V | R | W | U | A | D | 0x100);
    case_end();
}

static void replace_inside_a_napot_range_splits_it(void **state)
{
    struct hvrv_gstage_map_request request = {.range = {{0x15000}, 0x1000, ALL},
                                              .hpa = {0x80000000},
                                              .bits = R,
                                              .existing = HVRV_GSTAGE_REPLACE};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x10000, 0x10000, 0x10000, R | W);
    assert_int_equal(map(&request), HVRV_OK);
    assert_int_equal(case_word(0x14000, 0), 0x14000 >> 2 | V | R | W | U);
    assert_int_equal(case_word(0x15000, 0), 0x20000000 | V | R | U);
    assert_int_equal(case_word(0x1f000, 0), 0x1f000 >> 2 | V | R | W | U);
    case_end();
}

static void replace_over_a_table_uses_the_table(void **state)
{
    struct hvrv_gstage_map_request request = {
        .range = {{0}, 2 * M, ALL}, .bits = R, .existing = HVRV_GSTAGE_REPLACE};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x90000000, 0x1000, R);
    assert_int_equal(map(&request), HVRV_OK);
    assert_int_equal(world.in_use, 2);
    assert_int_equal(case_word(0x1000, 0) >> 10 & 0xfff, 8); /* of the first 64 KiB */
    case_merge(0, 2 * M, 21);
    assert_int_equal(case_word(0x1000, 0), V | R | U);
    case_end();
}

static void what_is_added_is_owed_by_page_or_for_the_vmid(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, R);
    case_owes(HVRV_FENCE_SPACE, 0); /* a table was added */
    case_commit();
    case_map(0x2000, 0x2000, 0x1000, R);
    case_owes(HVRV_FENCE_PAGES, 1);
    case_owes_range(0, 0x2000, 0x2fff, 12);
    case_map(0x10000, 0x10000, 0x10000, R);
    case_owes_range(1, 0x10000, 0x1ffff, 12); /* all sixteen */
    case_map(2 * M, 2 * M, 4 * M, R);
    case_owes_range(2, 2 * M, 6 * M - 1, 21);
    case_end();
}

/* Every budget comes to the same tables as one call. */
static void a_budget_changes_nothing_but_the_number_of_calls(void **state)
{
    static uint64_t one[WORLD_SIZE / 8];

    (void)state;
    for (uint32_t budget = 0; budget < 40; budget++) {
        struct hvrv_gstage_map_request request = {
            .range = {{G - 2 * M - 0x15000}, 4 * M + 0x30000, budget ? budget : ALL},
            .hpa = {5 * G - 2 * M - 0x15000},
            .bits = R | W};
        unsigned calls = 0;
        enum hvrv_status status;

        case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
        do {
            uint64_t before = request.range.gpa.v;
            status = map(&request);
            assert_true(status == HVRV_OK || request.range.gpa.v > before);
            assert_int_equal(request.hpa.v, request.range.gpa.v + 4 * G);
            calls++;
        } while (status == HVRV_ERR_UNFINISHED);
        assert_int_equal(status, HVRV_OK);
        assert_true(budget == 0 ? calls == 1 : calls > 1);
        assert_true(world_scan(&world));
        for (unsigned i = 0; i < world.found.count; i++) {
            if (budget == 0)
                one[i] = world.found.leaf[i].first << 8 | world.found.leaf[i].shift;
            else
                assert_int_equal(one[i],
                                 world.found.leaf[i].first << 8 | world.found.leaf[i].shift);
        }
        case_end();
    }
}

static void without_pages_nothing_of_a_branch_stays(void **state)
{
    struct hvrv_gstage_map_request request;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV57);
    case_map(0, 0, 0x1000, R);
    case_commit();
    assert_int_equal(world.in_use, 4);
    for (unsigned limit = 4; limit < 8; limit++) {
        request = a_page(R);
        request.range.gpa.v = UINT64_C(1) << 50;
        world.limit = limit;
        case_remember();
        assert_int_equal(map(&request), HVRV_ERR_NO_PAGES);
        assert_int_equal(request.range.gpa.v, UINT64_C(1) << 50);
        assert_int_equal(world.in_use, 4);
        case_owes(HVRV_FENCE_NOTHING, 0);
    }
    world.limit = 8;
    assert_int_equal(map(&request), HVRV_OK);
    assert_int_equal(world.in_use, 8);
    case_end();
}

/* One page into a table that is there goes a short way; it must come to the same. */
static void the_short_way_comes_to_the_same_as_the_long(void **state)
{
    (void)state;
    for (unsigned stage = 0; stage < 2; stage++) {
        for (unsigned mode = 8; mode <= 10; mode++) {
            struct world_config config = {(enum hvrv_stage)stage,
                                          (enum hvrv_mode_encoding)mode,
                                          7,
                                          HVRV_GSTAGE_AD_FAULT,
                                          WORLD_BY_WINDOW,
                                          1};
            uint64_t gpa = 5 * G + 2 * M;

            case_begin_with(&config);
            case_map(gpa, 0x80000000, 0x1000, R);
            case_commit();
            case_map(gpa + 0x7000, UINT64_C(0xfffffffffff000), 0x1000, R | W | A);
            assert_int_equal(case_word(gpa + 0x7000, 0),
                             UINT64_C(0x3ffffffffffc00) | V | R | W | A | (stage ? U : 0));
            case_owes(HVRV_FENCE_PAGES, 1);
            case_owes_range(0, gpa + 0x7000, gpa + 0x7fff, 12);
            case_map(gpa + 0x8000, 0x80000000, 0x1000, R);
            case_owes_range(0, gpa + 0x7000, gpa + 0x8fff, 12);
            struct hvrv_gstage_map_request request = {
                .range = {{gpa + 0x7000}, 0x1000, 1}, .hpa = {0}, .bits = R};
            case_commit();
            assert_int_equal(map(&request), HVRV_ERR_EXISTS);
            assert_int_equal(request.range.size, 0x1000);
            request.range.gpa.v = gpa + 0x9000;
            request.bits = UINT64_C(0x6000000000000000) | R;
            assert_int_equal(map(&request), HVRV_ERR_ARGUMENT);
            request.range.gpa.v =
                UINT64_C(1) << (world.model.is_signed ? world.model.width - 1 : world.model.width);
            request.bits = R;
            assert_int_equal(map(&request), HVRV_ERR_RANGE);
            request.range.gpa.v = gpa + 0x7000;
            request.bits = W;
            assert_int_equal(map(&request), HVRV_ERR_ARGUMENT);
            case_owes(HVRV_FENCE_NOTHING, 0);
            case_end();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leaf_of_the_g_stage_gets_u_and_v),
        cmocka_unit_test(bits_that_a_leaf_cannot_have_are_refused),
        cmocka_unit_test(bits_of_extensions_need_the_rule),
        cmocka_unit_test(hpa_and_shift_max_are_checked),
        cmocka_unit_test(the_root_of_an_x4_mode_has_2048_entries),
        cmocka_unit_test(leaves_are_as_large_as_gpa_and_hpa_allow),
        cmocka_unit_test(an_hpa_that_is_less_aligned_makes_smaller_leaves),
        cmocka_unit_test(shift_max_and_svnapot_limit_the_leaves),
        cmocka_unit_test(a_napot_range_is_sixteen_equal_entries),
        cmocka_unit_test(where_something_is_map_refuses_and_says_where),
        cmocka_unit_test(the_same_and_the_blocked_are_refused_too),
        cmocka_unit_test(what_is_in_the_way_of_a_napot_range_makes_it_pages),
        cmocka_unit_test(a_napot_range_that_is_in_the_way_stays_as_it_is),
        cmocka_unit_test(replace_takes_the_place_of_leaves),
        cmocka_unit_test(replace_inside_a_larger_leaf_splits_it),
        cmocka_unit_test(replace_inside_a_napot_range_splits_it),
        cmocka_unit_test(replace_over_a_table_uses_the_table),
        cmocka_unit_test(what_is_added_is_owed_by_page_or_for_the_vmid),
        cmocka_unit_test(a_budget_changes_nothing_but_the_number_of_calls),
        cmocka_unit_test(without_pages_nothing_of_a_branch_stays),
        cmocka_unit_test(the_short_way_comes_to_the_same_as_the_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
