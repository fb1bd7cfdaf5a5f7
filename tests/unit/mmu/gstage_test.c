/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree itself, what can be asked about it, and what every call refuses. */
#include "gstage_case.h"

static struct hvrv_gstage_config config_of(enum hvrv_stage stage, enum hvrv_mode_encoding mode)
{
    return (struct hvrv_gstage_config){
        .phys = &world.phys, .pages = &world.pages, .stage = stage, .mode = mode};
}

static hvrv_hpa lie;

static bool take_lie(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    (void)context, (void)size;
    *page = lie;
    return lie.v != 0;
}

static void give_nothing(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context, (void)size, (void)page;
}

/* norm:hgatp_mode_sv39x4: 16 KiB and aligned to it, in all x4 modes. */
static void a_root_of_the_g_stage_is_16_kib_and_aligned(void **state)
{
    struct hvrv_pages liar = {take_lie, give_nothing, NULL};
    struct hvrv_gstage_config config;
    struct hvrv_gstage gstage;

    (void)state;
    for (unsigned mode = 8; mode <= 10; mode++) {
        case_begin(HVRV_STAGE_G, (enum hvrv_mode_encoding)mode);
        assert_int_equal(world.gstage.root.v % 16384, 0);
        config = config_of(HVRV_STAGE_G, (enum hvrv_mode_encoding)mode);
        config.pages = &liar;
        lie.v = 0xc0001000;
        assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_ALIGN);
        lie.v = UINT64_C(1) << 56;
        assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_RANGE);
        lie.v = 0;
        assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_NO_PAGES);
        assert_int_equal(hvrv_gstage_fini(&gstage), HVRV_ERR_STATE);
        case_end();
    }
}

static void init_refuses_what_is_no_tree(void **state)
{
    struct hvrv_gstage gstage;
    struct hvrv_gstage_config config;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    config = config_of(HVRV_STAGE_G, HVRV_MODE_SV39);
    assert_int_equal(hvrv_gstage_init(NULL, &config), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_init(&gstage, NULL), HVRV_ERR_NULL);
    config.phys = NULL;
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_NULL);
    config = config_of(HVRV_STAGE_G, HVRV_MODE_SV39);
    config.pages = NULL;
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_NULL);
    config = config_of(HVRV_STAGE_G, HVRV_MODE_BARE);
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_MODE);
    config = config_of(HVRV_STAGE_G, (enum hvrv_mode_encoding)11);
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_MODE);
    config = config_of((enum hvrv_stage)2, HVRV_MODE_SV39);
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_ARGUMENT);
    config = config_of(HVRV_STAGE_G, HVRV_MODE_SV39);
    config.rules = 8;
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_ARGUMENT);
    config = config_of(HVRV_STAGE_G, HVRV_MODE_SV39);
    config.ad = (enum hvrv_gstage_ad)2;
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_ARGUMENT);
    config = config_of(HVRV_STAGE_G, HVRV_MODE_SV39);
    config.pointer_offset = 0x1000;
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_ARGUMENT);
    config = config_of(HVRV_STAGE_VS, HVRV_MODE_SV39);
    config.pointer_offset = 0x800;
    assert_int_equal(hvrv_gstage_init(&gstage, &config), HVRV_ERR_ALIGN);
    assert_null(gstage.mode);
    case_end();
}

static void a_tree_that_maps_something_does_not_end(void **state)
{
    struct hvrv_gstage none = {0};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV57);
    case_map(UINT64_C(0x7ffffffffffe000), 0x80000000, 0x1000, R);
    assert_int_equal(hvrv_gstage_fini(&world.gstage), HVRV_ERR_STATE);
    assert_int_equal(hvrv_gstage_fini(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_fini(&none), HVRV_ERR_STATE);
    case_end();
    assert_int_equal(hvrv_gstage_fini(&world.gstage), HVRV_ERR_STATE);
}

static void atp_is_mode_id_and_root(void **state)
{
    uint64_t atp;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV48);
    assert_int_equal(hvrv_gstage_atp(&world.gstage, 0x3fff, &atp), HVRV_OK);
    assert_int_equal(atp, UINT64_C(0x93fff00000000000) | world.gstage.root.v >> 12);
    assert_int_equal(hvrv_gstage_atp(&world.gstage, 0x4000, &atp), HVRV_ERR_ARGUMENT);
    assert_int_equal(atp, 0);
    assert_int_equal(hvrv_gstage_atp(NULL, 1, &atp), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_atp(&world.gstage, 1, NULL), HVRV_ERR_NULL);
    case_end();
    assert_int_equal(hvrv_gstage_atp(&world.gstage, 1, &atp), HVRV_ERR_STATE);
    case_begin(HVRV_STAGE_VS, HVRV_MODE_SV39);
    assert_int_equal(hvrv_gstage_atp(&world.gstage, 0xffff, &atp), HVRV_OK);
    assert_int_equal(atp, UINT64_C(0x8ffff00000000000) | world.gstage.root.v >> 12);
    case_end();
}

/* A guest's own tables: pointers and vsatp hold GPAs, the library reaches them by HPA. */
static void tables_of_a_guest_name_each_other_by_gpa(void **state)
{
    struct hvrv_gstage_config config;
    struct hvrv_gstage guest;
    struct hvrv_gstage_map_request map = {
        .range = {{0x40001000}, 0x1000, ALL}, .hpa = {0x5000}, .bits = R | W | U | GLOBAL};
    struct hvrv_gstage_range range = {{0x40001000}, 0x1000, ALL};
    uint64_t atp, word;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    config = config_of(HVRV_STAGE_VS, HVRV_MODE_SV39);
    config.pointer_offset = 0xb0000000;
    world.is_taken[0] = true;
    assert_int_equal(hvrv_gstage_init(&guest, &config), HVRV_OK);
    assert_int_equal(hvrv_gstage_atp(&guest, 0, &atp), HVRV_OK);
    assert_int_equal(atp, UINT64_C(8) << 60 | (guest.root.v - 0xb0000000) >> 12);
    assert_int_equal(hvrv_gstage_map(&guest, &map, &world.gather), HVRV_OK);
    word = model_memory_read(&world.memory, guest.root.v + 8);
    assert_int_equal(word & 0x3ff, 1);
    word = model_memory_read(&world.memory, (word >> 10 << 12) + 0xb0000000);
    assert_int_equal(word & 0x3ff, 1);
    word = model_memory_read(&world.memory, (word >> 10 << 12) + 0xb0000000 + 8);
    assert_int_equal(word, 0x5000 >> 2 | V | R | W | U | GLOBAL);
    assert_int_equal(hvrv_gstage_unmap(&guest, &range, &world.gather), HVRV_OK);
    assert_int_equal(hvrv_fence_commit(&world.gather), HVRV_OK);
    assert_int_equal(hvrv_gstage_fini(&guest), HVRV_OK);
    world.complaint[0] = '\0'; /* the source knows one root only */
    world.in_use = 0;
    case_end();
}

static void query_tells_the_entry_and_what_it_is_for(void **state)
{
    struct hvrv_gstage_entry entry;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x80000000, 0x90000000, 0x200000, R | W | A);
    case_map(0x80210000, 0xa0010000, 0x10000, R | X);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0x80123456), &entry), HVRV_OK);
    assert_int_equal(entry.gpa.v, 0x80000000);
    assert_int_equal(entry.shift, 21);
    assert_int_equal(entry.pte.v, 0x90000000 >> 2 | V | R | W | U | A);
    assert_int_equal(model_memory_read(&world.memory, entry.pte_address.v), entry.pte.v);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0x8021ffff), &entry), HVRV_OK);
    assert_int_equal(entry.gpa.v, 0x80210000);
    assert_int_equal(entry.shift, 16);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0x80220fff), &entry), HVRV_OK);
    assert_int_equal(entry.gpa.v, 0x80220000);
    assert_int_equal(entry.pte.v, 0);
    assert_int_equal(entry.shift, 12);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0x3fffffff), &entry), HVRV_OK);
    assert_int_equal(entry.gpa.v, 0);
    assert_int_equal(entry.shift, 30);
    case_end();
}

static void query_refuses_what_the_mode_does_not_translate(void **state)
{
    struct hvrv_gstage none = {0};
    struct hvrv_gstage_entry entry = {.shift = 1};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(2 * T - 1), &entry), HVRV_OK);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(2 * T), &entry),
                     HVRV_ERR_RANGE);
    assert_int_equal(entry.shift, 0);
    assert_int_equal(hvrv_gstage_query(&world.gstage, hvrv_gpa_make(0), NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_query(NULL, hvrv_gpa_make(0), &entry), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_query(&none, hvrv_gpa_make(0), &entry), HVRV_ERR_STATE);
    case_end();
    case_begin(HVRV_STAGE_VS, HVRV_MODE_SV39);
    assert_int_equal(
        hvrv_gstage_query(&world.gstage, hvrv_gpa_make(UINT64_C(0x4000000000)), &entry),
        HVRV_ERR_RANGE);
    assert_int_equal(
        hvrv_gstage_query(&world.gstage, hvrv_gpa_make(UINT64_C(0xffffffc000000000)), &entry),
        HVRV_OK);
    case_end();
}

/* Runs seen so far, of so many that somebody wants. */
static struct hvrv_gstage_run seen[4];
static unsigned seen_count, wanted;

static bool see(void *context, const struct hvrv_gstage_run *run)
{
    assert_ptr_equal(context, &wanted);
    seen[seen_count++] = *run;
    return seen_count < wanted;
}

static enum hvrv_status visit(uint64_t gpa, uint64_t size, uint32_t budget)
{
    struct hvrv_gstage_visit_request request = {
        .range = {{gpa}, size, budget}, .see = see, .context = &wanted};

    seen_count = 0;
    return hvrv_gstage_visit(&world.gstage, &request);
}

static void a_visit_shows_runs_cut_to_the_range(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    wanted = 4;
    case_map(2 * M, G, 4 * M, R | W | A);
    assert_int_equal(visit(3 * M, 2 * M, ALL), HVRV_OK);
    assert_int_equal(seen_count, 1);
    assert_int_equal(seen[0].gpa.v, 3 * M);
    assert_int_equal(seen[0].hpa.v, G + M);
    assert_int_equal(seen[0].size, 2 * M);
    assert_int_equal(seen[0].bits, V | R | W | U | A);
    assert_int_equal(seen[0].shift, 21);
    case_end();
}

static void who_has_seen_enough_ends_the_visit(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, R);
    case_map(0x2000, 0x8000, 0x1000, R);
    case_map(0x3000, 0x1000, 0x1000, R);
    wanted = 2;
    assert_int_equal(visit(0, G, ALL), HVRV_OK);
    assert_int_equal(seen_count, 2);
    assert_int_equal(seen[1].gpa.v, 0x2000);
    wanted = 1;
    assert_int_equal(visit(0, G, ALL), HVRV_OK);
    assert_int_equal(seen_count, 1);
    case_end();
}

static void visit_refuses_what_it_cannot_show(void **state)
{
    struct hvrv_gstage none = {0};
    struct hvrv_gstage_visit_request request = {.range = {{0}, 0x1000, 1}, .see = see};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    assert_int_equal(visit(0, 0x1000, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(visit(0x10, 0x1000, 1), HVRV_ERR_ALIGN);
    assert_int_equal(visit(0, 0, 1), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_gstage_visit(&none, &request), HVRV_ERR_STATE);
    assert_int_equal(hvrv_gstage_visit(NULL, &request), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_visit(&world.gstage, NULL), HVRV_ERR_NULL);
    request.see = NULL;
    assert_int_equal(hvrv_gstage_visit(&world.gstage, &request), HVRV_ERR_NULL);
    case_end();
}

static uint64_t needed(uint64_t gpa, uint64_t size, unsigned shift)
{
    struct hvrv_gstage_range range = {{gpa}, size, 0};
    uint64_t count;

    assert_int_equal(hvrv_gstage_pages_needed(&world.gstage, &range, shift, &count), HVRV_OK);
    return count;
}

static void pages_needed_are_the_tables_of_an_empty_tree(void **state)
{
    static const struct {
        uint64_t gpa, size;
        unsigned shift;
        uint64_t count;
    } cases[] = {
        {0, 4 * K, 12, 2},
        {0, 2 * M, 12, 2},
        {2 * M - 4 * K, 8 * K, 12, 3},
        {G - 4 * K, 8 * K, 12, 4},
        {0, G, 12, 513},
        {0, G, 16, 513},
        {0, G, 21, 1},
        {0, G, 30, 0},
        {4 * K, G, 30, 4},
        {4 * K, 2 * M - 4 * K, 21, 2},
        {0, 4 * M + 4 * K, 21, 2},
    };

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(needed(cases[i].gpa, cases[i].size, cases[i].shift), cases[i].count);
    case_map(2 * M - 4 * K, 2 * M - 4 * K, 8 * K, R);
    assert_int_equal(world.in_use, 3);
    case_end();
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV57);
    assert_int_equal(needed(0, 4 * K, 12), 4);
    case_end();
}

static void pages_needed_refuses_sizes_that_the_mode_has_not(void **state)
{
    static const unsigned shifts[] = {0, 11, 13, 20, 22, 39, 48, 57, 64};
    struct hvrv_gstage_range range = {{0}, 0x1000, 0};
    struct hvrv_gstage none = {0};
    uint64_t count = 1;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    for (size_t i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++)
        assert_int_equal(hvrv_gstage_pages_needed(&world.gstage, &range, shifts[i], &count),
                         HVRV_ERR_ARGUMENT);
    assert_int_equal(count, 0);
    range.size = 0x800;
    assert_int_equal(hvrv_gstage_pages_needed(&world.gstage, &range, 12, &count), HVRV_ERR_ALIGN);
    range.size = 0;
    assert_int_equal(hvrv_gstage_pages_needed(&world.gstage, &range, 12, &count), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_gstage_pages_needed(&world.gstage, NULL, 12, &count), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_pages_needed(&world.gstage, &range, 12, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_pages_needed(&none, &range, 12, &count), HVRV_ERR_STATE);
    case_end();
}

static enum hvrv_status touch(uint64_t gpa, enum hvrv_access access)
{
    return hvrv_gstage_touch(&world.gstage, hvrv_gpa_make(gpa), access);
}

static void touch_sets_a_and_for_a_store_d(void **state)
{
    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, R | W);
    case_map(0x2000, 0x2000, 0x1000, X);
    assert_int_equal(touch(0x1abc, HVRV_ACCESS_LOAD), HVRV_OK);
    assert_int_equal(case_word(0x1000, 0) & 0x3ff, V | R | W | U | A);
    assert_int_equal(touch(0x1abc, HVRV_ACCESS_STORE), HVRV_OK);
    assert_int_equal(case_word(0x1000, 0) & 0x3ff, V | R | W | U | A | D);
    assert_int_equal(touch(0x1abc, HVRV_ACCESS_STORE), HVRV_OK);
    assert_int_equal(touch(0x2000, HVRV_ACCESS_FETCH), HVRV_OK);
    assert_int_equal(touch(0x2000, HVRV_ACCESS_HLVX), HVRV_OK);
    assert_int_equal(case_word(0x2000, 0) & 0x3ff, V | X | U | A);
    case_end();
}

static void touch_gives_no_permission(void **state)
{
    struct hvrv_gstage none = {0};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, R);
    case_map(0x2000, 0x2000, 0x1000, X);
    case_map(0x3000, 0x3000, 0x1000, R | W);
    case_block(0x3000, 0x1000);
    case_remember();
    assert_int_equal(touch(0x1000, HVRV_ACCESS_STORE), HVRV_ERR_MISSING);
    assert_int_equal(touch(0x1000, HVRV_ACCESS_FETCH), HVRV_ERR_MISSING);
    assert_int_equal(touch(0x1000, HVRV_ACCESS_HLVX), HVRV_ERR_MISSING);
    assert_int_equal(touch(0x2000, HVRV_ACCESS_LOAD), HVRV_ERR_MISSING);
    assert_int_equal(touch(0x3000, HVRV_ACCESS_LOAD), HVRV_ERR_MISSING);
    assert_int_equal(touch(0x4000, HVRV_ACCESS_LOAD), HVRV_ERR_MISSING);
    assert_int_equal(touch(G, HVRV_ACCESS_LOAD), HVRV_ERR_MISSING);
    assert_int_equal(touch(2 * T, HVRV_ACCESS_LOAD), HVRV_ERR_RANGE);
    assert_int_equal(touch(0x1000, (enum hvrv_access)4), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_gstage_touch(NULL, hvrv_gpa_make(0), HVRV_ACCESS_LOAD), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_touch(&none, hvrv_gpa_make(0), HVRV_ACCESS_LOAD), HVRV_ERR_STATE);
    assert_true(case_is_as_remembered());
    case_end();
}

/* The calls on a range alone, each with what it takes besides. */
enum { UNMAP, BLOCK, UNBLOCK, PROTECT, SPLIT, MERGE, HARVEST, MAP, CALLS };

static uint64_t bitmap[8];

static enum hvrv_status call(unsigned which, const struct hvrv_gstage *gstage,
                             struct hvrv_gstage_range range, struct hvrv_fence_gather *gather)
{
    struct hvrv_gstage_protect_request protect = {range, W, 0};
    struct hvrv_gstage_resize split = {range, 12};
    struct hvrv_gstage_resize merge = {range, 21};
    struct hvrv_gstage_harvest_request harvest = {range, D, bitmap, 0};
    struct hvrv_gstage_map_request map = {.range = range, .bits = R};

    switch (which) {
    case UNMAP:
        return hvrv_gstage_unmap(gstage, &range, gather);
    case BLOCK:
        return hvrv_gstage_block(gstage, &range, gather);
    case UNBLOCK:
        return hvrv_gstage_unblock(gstage, &range, gather);
    case PROTECT:
        return hvrv_gstage_protect(gstage, &protect, gather);
    case SPLIT:
        return hvrv_gstage_split(gstage, &split, gather);
    case MERGE:
        return hvrv_gstage_merge(gstage, &merge, gather);
    case HARVEST:
        return hvrv_gstage_harvest(gstage, &harvest, gather);
    default:
        return hvrv_gstage_map(gstage, &map, gather);
    }
}

static void every_call_refuses_a_bad_range_and_changes_nothing(void **state)
{
    static const struct {
        struct hvrv_gstage_range range;
        enum hvrv_status status;
    } cases[] = {
        {{{0x800}, 0x1000, 1}, HVRV_ERR_ALIGN},
        {{{0x1000}, 0x1800, 1}, HVRV_ERR_ALIGN},
        {{{0x1000}, 0, 1}, HVRV_ERR_RANGE},
        {{{UINT64_C(0x1fffffff000)}, 0x2000, 1}, HVRV_ERR_RANGE},
        {{{UINT64_C(0x20000000000)}, 0x1000, 1}, HVRV_ERR_RANGE},
        {{{UINT64_C(0xfffffffffffff000)}, 0x1000, 1}, HVRV_ERR_RANGE},
        {{{0x1000}, UINT64_C(0xfffffffffffff000), 1}, HVRV_ERR_RANGE},
        {{{0x1000}, 0x1000, 0}, HVRV_ERR_ARGUMENT},
    };

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x80000000, 0x80000000, 0x400000, R | W | A | D);
    case_commit();
    case_remember();
    for (unsigned which = 0; which < CALLS; which++)
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
            assert_int_equal(call(which, &world.gstage, cases[i].range, &world.gather),
                             cases[i].status);
    assert_true(case_is_as_remembered());
    case_owes(HVRV_FENCE_NOTHING, 0);
    case_end();
}

/* The lower half and the upper, but nothing across, and nothing between. */
static void tables_of_the_vs_stage_take_both_halves(void **state)
{
    const struct hvrv_gstage_range across = {{UINT64_C(0x3ffffff000)}, 0x2000, 1};
    const struct hvrv_gstage_range around = {{0}, UINT64_C(0xfffffffffffff000), 1};

    (void)state;
    case_begin(HVRV_STAGE_VS, HVRV_MODE_SV39);
    for (unsigned which = 0; which < CALLS; which++) {
        assert_int_equal(call(which, &world.gstage, across, &world.gather), HVRV_ERR_RANGE);
        assert_int_equal(call(which, &world.gstage, around, &world.gather), HVRV_ERR_RANGE);
    }
    case_map(UINT64_C(0x3ffffff000), 0x1000, 0x1000, R);
    case_map(UINT64_C(0xffffffc000000000), 0x2000, 0x1000, R);
    case_map(UINT64_C(0xfffffffffffff000), 0x3000, 0x1000, R);
    assert_int_equal(case_word(UINT64_C(0xfffffffffffff000), 0), 0x3000 >> 2 | V | R);
    case_end();
}

static void every_call_refuses_what_was_not_made(void **state)
{
    const struct hvrv_gstage_range range = {{0}, 0x1000, 1};
    struct hvrv_gstage none = {0};
    struct hvrv_fence_gather closed = {0};

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    for (unsigned which = 0; which < CALLS; which++) {
        assert_int_equal(call(which, &none, range, &world.gather), HVRV_ERR_STATE);
        assert_int_equal(call(which, &world.gstage, range, &closed), HVRV_ERR_STATE);
        assert_int_equal(call(which, NULL, range, &world.gather), HVRV_ERR_NULL);
        assert_int_equal(call(which, &world.gstage, range, NULL), HVRV_ERR_NULL);
    }
    assert_int_equal(hvrv_gstage_unmap(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_block(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_unblock(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_protect(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_split(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_merge(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_harvest(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    assert_int_equal(hvrv_gstage_map(&world.gstage, NULL, &world.gather), HVRV_ERR_NULL);
    case_end();
}

/* Tables taken out can go back to one source only. */
static void a_gather_with_pages_of_another_tree_is_refused(void **state)
{
    const struct hvrv_gstage_range range = {{0}, 0x200000, ALL};
    struct hvrv_pages others = {take_lie, give_nothing, NULL};
    struct hvrv_gstage other;

    (void)state;
    case_begin(HVRV_STAGE_G, HVRV_MODE_SV39);
    case_map(0x1000, 0x1000, 0x1000, R);
    case_unmap(0x1000, 0x1000);
    other = world.gstage;
    other.pages = &others;
    assert_int_equal(call(UNMAP, &other, range, &world.gather), HVRV_ERR_STATE);
    assert_int_equal(call(MERGE, &other, range, &world.gather), HVRV_ERR_STATE);
    case_commit();
    assert_int_equal(call(UNMAP, &other, range, &world.gather), HVRV_OK);
    case_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_root_of_the_g_stage_is_16_kib_and_aligned),
        cmocka_unit_test(init_refuses_what_is_no_tree),
        cmocka_unit_test(a_tree_that_maps_something_does_not_end),
        cmocka_unit_test(atp_is_mode_id_and_root),
        cmocka_unit_test(tables_of_a_guest_name_each_other_by_gpa),
        cmocka_unit_test(query_tells_the_entry_and_what_it_is_for),
        cmocka_unit_test(query_refuses_what_the_mode_does_not_translate),
        cmocka_unit_test(a_visit_shows_runs_cut_to_the_range),
        cmocka_unit_test(who_has_seen_enough_ends_the_visit),
        cmocka_unit_test(visit_refuses_what_it_cannot_show),
        cmocka_unit_test(pages_needed_are_the_tables_of_an_empty_tree),
        cmocka_unit_test(pages_needed_refuses_sizes_that_the_mode_has_not),
        cmocka_unit_test(touch_sets_a_and_for_a_store_d),
        cmocka_unit_test(touch_gives_no_permission),
        cmocka_unit_test(every_call_refuses_a_bad_range_and_changes_nothing),
        cmocka_unit_test(tables_of_the_vs_stage_take_both_halves),
        cmocka_unit_test(every_call_refuses_what_was_not_made),
        cmocka_unit_test(a_gather_with_pages_of_another_tree_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
