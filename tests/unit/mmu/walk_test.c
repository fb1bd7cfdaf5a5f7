/* SPDX-License-Identifier: BSD-2-Clause */
/* Where walks lead: addresses, sizes, permissions, memory types, and what is read on the way. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "walk_world.h"

#include <sys/mman.h>

static const unsigned modes[] = {0, 8, 9, 10};

static const enum hvrv_access accesses[] = {HVRV_ACCESS_LOAD, HVRV_ACCESS_STORE, HVRV_ACCESS_FETCH,
                                            HVRV_ACCESS_HLVX};

/* The levels that a leaf may have; one round for Bare. */
static unsigned leaves(unsigned mode)
{
    return mode == 0 ? 1 : mode - 5;
}

/* 12, 21, 30, 39, 48, or 56 for a Bare stage. */
static unsigned size_of(unsigned mode, unsigned leaf)
{
    static const unsigned sizes[] = {12, 21, 30, 39, 48};

    return mode == 0 ? 56 : sizes[leaf];
}

static void assert_whole_page(struct world *world, enum hvrv_access access)
{
    const struct plan *plan = &world->plan;
    struct hvrv_walk_result result = world_walk(world, access, HVRV_WALK_VS);
    const struct hvrv_walk_page *page = &result.page;
    unsigned vs_size = size_of(plan->vs_mode, plan->vs_leaf);
    unsigned g_size = size_of(plan->g_mode, plan->g_leaf);

    assert_false(result.faulted);
    assert_int_equal(page->hpa.v, BASE + 0x1235a8);
    assert_int_equal(page->gpa.v, world->region + 0x1235a8);
    assert_int_equal(hvrv_walk_page_shift(page), vs_size < g_size ? vs_size : g_size);
    assert_int_equal(hvrv_walk_permissions(page), plan->vs_mode ? 0xe : 0x1e);
    if (plan->vs_mode) {
        assert_int_equal(page->vs_pte_address.v, world->vs_pte[plan->vs_leaf]);
        assert_int_equal(page->vs_pte.v, world_peek(world, world->vs_pte[plan->vs_leaf]));
        assert_int_equal(page->vs_shift, vs_size);
    } else {
        assert_int_equal(page->vs_pte.v | page->vs_pte_address.v | page->vs_shift, 0);
    }
    if (plan->g_mode) {
        assert_int_equal(page->g_pte_address.v, world->g_pte[5][plan->g_leaf]);
        assert_int_equal(page->g_pte.v, world_peek(world, world->g_pte[5][plan->g_leaf]));
        assert_int_equal(page->g_shift, g_size);
    } else {
        assert_int_equal(page->g_pte.v | page->g_pte_address.v, 0);
    }
}

/*
 * norm:Sv48_leaf_any_level, norm:Sv57_leaf_any_level, norm:Sv39_page_sizes, norm:Sv48_page_sizes,
 * norm:Sv57_page_sizes, norm:H_vm_gstagetrans, norm:H_vm_gpatrans, norm:H_vm_twostage,
 * norm:Sv39_leaf_any_level; pitfalls: the modes are independent.
 */
static void every_pair_of_modes_translates_at_every_pair_of_leaf_levels(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair < 16; pair++) {
        struct plan plan = {.vs_mode = modes[pair / 4], .g_mode = modes[pair % 4]};

        for (plan.vs_leaf = 0; plan.vs_leaf < leaves(plan.vs_mode); plan.vs_leaf++) {
            for (plan.g_leaf = 0; plan.g_leaf < leaves(plan.g_mode); plan.g_leaf++) {
                struct world *world = world_make(&plan);

                for (unsigned i = 0; i < 4; i++)
                    assert_whole_page(world, accesses[i]);
                assert_int_equal(world_changes(world), 0);
            }
        }
    }
}

/*
 * norm:satp_mode, norm:hgatp_mode_bare_trans; the canonical check belongs to a mode, and Bare has
 * none.
 */
static void bare_over_bare_leaves_every_address_alone(void **state)
{
    static const uint64_t addresses[] = {0, 0x123456789, 0x8000000000000000, 0x0000800000000000,
                                         UINT64_MAX};
    struct plan plan = {0};
    struct world *world = world_make(&plan);
    (void)state;

    for (size_t i = 0; i < LENGTH(addresses); i++) {
        struct hvrv_walk_result result =
            world_walk_at(world, addresses[i], accesses[i % 4], HVRV_WALK_VU);

        assert_false(result.faulted);
        assert_int_equal(result.page.hpa.v, addresses[i]);
        assert_int_equal(result.page.gpa.v, addresses[i]);
        assert_int_equal(hvrv_walk_page_shift(&result.page), 56);
        assert_int_equal(hvrv_walk_permissions(&result.page), 0x1e);
        assert_int_equal(hvrv_walk_pbmt(&result.page), 0);
    }
}

/* norm:hgatp_mode_x4: the root alone is four times as large; one entry for the top of the space. */
static void the_root_of_an_x4_mode_has_2048_entries(void **state)
{
    static const struct {
        unsigned mode, level;
        uint64_t gpa;
    } rows[] = {
        {8, 2, 0x1ffffffffff},
        {9, 3, 0x3ffffffffffff},
        {10, 4, 0x7ffffffffffffff},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct plan plan = {.g_mode = rows[i].mode, .g_leaf = rows[i].level};
        struct world *world = world_make(&plan);
        struct hvrv_walk_result result;

        world_poke(world, BASE + 2047 * 8, UINT64_C(0x005a000000000000) >> 2 | OPEN);
        result = world_walk_at(world, rows[i].gpa, HVRV_ACCESS_LOAD, HVRV_WALK_VS);
        assert_false(result.faulted);
        assert_int_equal(result.page.g_pte_address.v, BASE + 0x3ff8);
        assert_int_equal(result.page.hpa.v,
                         UINT64_C(0x005a000000000000) |
                             (rows[i].gpa & ((UINT64_C(1) << (12 + 9 * rows[i].level)) - 1)));
        /* The entries that a narrower index would take are empty. */
        for (unsigned shift = 9; shift < 11; shift++)
            assert_int_equal(world_peek(world, BASE + ((UINT64_C(1) << shift) - 1) * 8), 0);
    }
}

/* A PPN has 44 bits in the G-stage too, whatever the width of a GPA. */
static void a_host_page_may_lie_at_the_top_of_56_bits(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_walk_result result;
    (void)state;

    world_poke(world, world->g_pte[5][0], UINT64_C(0x003ffffffffffcdf));
    result = world_walk(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
    assert_false(result.faulted);
    assert_int_equal(result.page.hpa.v, 0x00fffffffffff5a8);
}

/* norm:Svnapot_pte_N, norm:Svnapot_implicit_read_ppn_subst, norm:Svnapot_hyp_gstage */
static void a_napot_leaf_takes_sixteen_bits_from_the_address(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    world->regime.svnapot = true;
    for (unsigned i = 0; i < 16; i++) {
        /* Sixteen alike in the G-stage for the 64 KiB with the page. */
        uint64_t first = world->g_pte[5][0] & ~UINT64_C(0x7f);

        world_poke(world, first + i * 8, 0x8000000000000000 | (BASE + 0x128000) >> 2 | OPEN);
    }
    struct hvrv_walk_result result = world_walk(world, HVRV_ACCESS_LOAD, HVRV_WALK_VS);
    assert_false(result.faulted);
    assert_int_equal(result.page.hpa.v, BASE + 0x1235a8);
    assert_int_equal(result.page.g_shift, 12);
    assert_int_equal(hvrv_walk_page_shift(&result.page), 12);

    /* And in the VS-stage: page 0xa of its 64 KiB. */
    world_poke(world, world->vs_pte[0],
               0x8000000000000000 | (world->region + 0x128000) >> 2 | KERNEL);
    result = world_walk(world, HVRV_ACCESS_LOAD, HVRV_WALK_VS);
    assert_false(result.faulted);
    assert_int_equal(world->gva >> 12 & 15, 10);
    assert_int_equal(result.page.gpa.v, world->region + 0x12a5a8);
    assert_int_equal(result.page.hpa.v, BASE + 0x12a5a8);
    assert_int_equal(hvrv_walk_page_shift(&result.page), 16);
    assert_int_equal(result.page.vs_shift, 12);
}

static void vs_tables_may_lie_in_a_napot_page(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    uint64_t leaf = world->g_pte[0][0];
    uint64_t entry = world_peek(world, leaf);
    (void)state;

    world->regime.svnapot = true;
    world_poke(world, leaf, 0x8000000000002000 | (entry & ~UINT64_C(0x3c00)));
    assert_int_equal(world_load(world), HVRV_REASON_NONE);
}

static void both_stages_must_grant_a_permission(void **state)
{
    static const struct {
        uint64_t vs, g, both;
    } rows[] = {
        {0xcf, 0xdf, 0x0e}, {0xdf, 0xdf, 0x1e}, {0xcb, 0xdf, 0x0a}, {0xcf, 0xd3, 0x02},
        {0xc7, 0xdb, 0x02}, {0xd3, 0xdb, 0x12}, {0xcf, 0xd7, 0x06},
    };
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    world->regime.vs_sum = true;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        world_change(world, world->vs_pte[0], 0xff, rows[i].vs);
        world_change(world, world->g_pte[5][0], 0xff, rows[i].g);
        struct hvrv_walk_result result = world_walk(world, HVRV_ACCESS_LOAD, HVRV_WALK_VS);
        assert_false(result.faulted);
        assert_int_equal(hvrv_walk_permissions(&result.page), rows[i].both);
    }
}

/* norm:Svpbmt_hgatp_stage_override_rule, norm:Svpbmt_vsatp_stage_override_rule */
static void the_vs_stage_overrides_the_memory_type_of_the_g_stage(void **state)
{
    static const enum hvrv_pbmt expected[3][3] = {
        {HVRV_PBMT_PMA, HVRV_PBMT_NC, HVRV_PBMT_IO},
        {HVRV_PBMT_NC, HVRV_PBMT_NC, HVRV_PBMT_NC},
        {HVRV_PBMT_IO, HVRV_PBMT_IO, HVRV_PBMT_IO},
    };
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    world->regime.vs_pbmte = world->regime.g_pbmte = true;
    for (uint64_t vs = 0; vs < 3; vs++) {
        for (uint64_t g = 0; g < 3; g++) {
            world_change(world, world->vs_pte[0], UINT64_C(3) << 61, vs << 61);
            world_change(world, world->g_pte[5][0], UINT64_C(3) << 61, g << 61);
            struct hvrv_walk_result result = world_walk(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
            assert_false(result.faulted);
            assert_int_equal(hvrv_walk_pbmt(&result.page), expected[vs][g]);
            assert_int_equal(result.page.hpa.v, world->hpa);
        }
    }
}

/* norm:H_vm_gpa_g: ignored, not reserved; so are the bits for software. */
static void the_g_bit_and_rsw_change_nothing_anywhere(void **state)
{
    static const uint64_t bits[] = {0x20, 0x100, 0x200, 0x320};
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    for (size_t i = 0; i < LENGTH(bits); i++) {
        for (unsigned level = 0; level < 3; level++) {
            uint64_t entries[] = {world->vs_pte[level], world->g_pte[5][level],
                                  world->g_pte[level][level]};

            for (size_t n = 0; n < LENGTH(entries); n++) {
                world_change(world, entries[n], 0, bits[i]);
                assert_int_equal(world_load(world), HVRV_REASON_NONE);
                world_change(world, entries[n], bits[i], 0);
            }
        }
    }
}

/* norm:Svrsw60t59b_reserved_bits_60_59, norm:Svrsw60t59b_h_g_stage_reserved_bits */
static void bits_60_and_59_are_ignored_with_svrsw60t59b(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    for (unsigned level = 0; level < 3; level++) {
        world_change(world, world->vs_pte[level], 0, UINT64_C(3) << 59);
        world_change(world, world->g_pte[5][level], 0, UINT64_C(1) << 60);
        world_change(world, world->g_pte[level][level], 0, UINT64_C(1) << 59);
    }
    world->regime.svrsw60t59b = true;
    world_assert_page(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
    /* Also in entries that are looked at bit by bit, because A and D are to be set. */
    world->regime.vs_ad = world->regime.g_ad = HVRV_WALK_AD_UPDATE;
    world_change(world, world->vs_pte[0], 0xc0, 0);
    world_change(world, world->g_pte[5][0], 0xc0, 0);
    world_assert_page(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
    assert_int_equal(world_peek(world, world->vs_pte[0]) >> 59, 3);
    assert_int_equal(world_peek(world, world->g_pte[5][0]) >> 59, 2);
    world->regime.svrsw60t59b = false;
    assert_int_equal(world_load(world), HVRV_REASON_RESERVED_BITS);
}

/* A 1 GiB leaf of the G-stage over a window that holds all, half or little of it. */
static void a_window_of_any_size_gives_the_same_page(void **state)
{
    static const uint64_t sizes[] = {0x1000, 0x8000, 0x100000, 0x200000, 0x40000000};
    struct plan plan = {8, 0, 8, 2};
    struct world *world = world_make(&plan);
    uint64_t *large = mmap(NULL, 0x40000000, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_STORE, HVRV_WALK_VS};
    (void)state;

    assert_true(large != MAP_FAILED);
    for (uint64_t i = 0; i < world->memory.taken / 8; i++)
        large[i] = world->memory.words[i];
    world->memory.words = large;
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct hvrv_phys phys = model_memory_by_both(&world->memory, sizes[i]);
        struct hvrv_walk walk;
        struct hvrv_walk_result result;

        assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
        assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
        assert_false(result.faulted);
        assert_int_equal(result.page.hpa.v, BASE + 0x1235a8);
        assert_int_equal(result.page.g_shift, 30);
    }
    assert_int_equal(munmap(large, 0x40000000), 0);
}

/* A VS-stage table beyond the window's end is read by the port, not from what lies behind it. */
static void a_table_outside_the_window_is_read_by_the_port(void **state)
{
    (void)state;
    for (unsigned leaf = 1; leaf < 3; leaf++) {
        struct plan plan = {8, 0, 8, leaf};
        struct world *world = world_make(&plan);
        uint64_t far = BASE + 0x180000;
        struct hvrv_phys phys = model_memory_by_both(&world->memory, 0x100000);
        struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_STORE, HVRV_WALK_VS};
        struct hvrv_walk walk;
        struct hvrv_walk_result result;

        world_poke(world, far + (world->gva >> 30 & 511) * 8, world_peek(world, world->vs_pte[2]));
        world->regime.vs_root.v = world->region + 0x180000;
        assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
        assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
        assert_false(result.faulted);
        assert_int_equal(result.page.hpa.v, world->hpa);
        assert_int_equal(world->memory.loads, 1);
    }
}

struct steps {
    unsigned count;
    struct hvrv_walk_step step[35];
};

static void keep_step(void *context, const struct hvrv_walk_step *step)
{
    struct steps *steps = context;

    assert_in_range(steps->count, 0, 34);
    steps->step[steps->count++] = *step;
}

/*
 * Sv39 over Sv39x4, all literal. The tables, in the order in which they were
 * taken: G root +0, VS root +0x4000, then G level 1 +0x5000, level 0 +0x6000,
 * VS level 1 +0x7000, level 0 +0x8000. The GVA is 0xffffffd5a5a5a5a8.
 */
static void the_trace_tells_every_entry_in_the_order_of_the_walk(void **state)
{
    static const struct {
        enum hvrv_stage stage;
        unsigned level;
        uint64_t address, offset, pte;
    } rows[] = {
        {HVRV_STAGE_G, 2, 0x1a940004ab0, 0x3528, 0x29400000001401},
        {HVRV_STAGE_G, 1, 0x1a940004ab0, 0x5000, 0x29400000001801},
        {HVRV_STAGE_G, 0, 0x1a940004ab0, 0x6020, 0x294000000010df},
        {HVRV_STAGE_VS, 2, 0xffffffd5a5a5a5a8, 0x4ab0, 0x6a50001c01},
        {HVRV_STAGE_G, 2, 0x1a940007968, 0x3528, 0x29400000001401},
        {HVRV_STAGE_G, 1, 0x1a940007968, 0x5000, 0x29400000001801},
        {HVRV_STAGE_G, 0, 0x1a940007968, 0x6038, 0x29400000001cdf},
        {HVRV_STAGE_VS, 1, 0xffffffd5a5a5a5a8, 0x7968, 0x6a50002001},
        {HVRV_STAGE_G, 2, 0x1a9400082d0, 0x3528, 0x29400000001401},
        {HVRV_STAGE_G, 1, 0x1a9400082d0, 0x5000, 0x29400000001801},
        {HVRV_STAGE_G, 0, 0x1a9400082d0, 0x6040, 0x294000000020df},
        {HVRV_STAGE_VS, 0, 0xffffffd5a5a5a5a8, 0x82d0, 0x6a50048ccf},
        {HVRV_STAGE_G, 2, 0x1a9401235a8, 0x3528, 0x29400000001401},
        {HVRV_STAGE_G, 1, 0x1a9401235a8, 0x5000, 0x29400000001801},
        {HVRV_STAGE_G, 0, 0x1a9401235a8, 0x6918, 0x29400000048cdf},
    };
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_phys phys = model_memory_by_window(&world->memory);
    struct hvrv_walk_request request = {{0xffffffd5a5a5a5a8}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct steps steps = {0};
    struct hvrv_walk walk;
    struct hvrv_walk_result result;
    (void)state;

    assert_int_equal(world->gva, request.gva.v);
    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    hvrv_walk_set_trace(&walk, keep_step, &steps);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
    assert_false(result.faulted);
    assert_int_equal(steps.count, 15);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(steps.step[i].stage, rows[i].stage);
        assert_int_equal(steps.step[i].level, rows[i].level);
        assert_int_equal(steps.step[i].address, rows[i].address);
        assert_int_equal(steps.step[i].pte_address.v, BASE + rows[i].offset);
        assert_int_equal(steps.step[i].pte.v, rows[i].pte);
    }
    hvrv_walk_set_trace(&walk, NULL, NULL);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
    assert_int_equal(steps.count, 15);
}

/* A load by VS-mode that sees nothing but the port. */
static struct hvrv_walk_result load_by_port(struct world *world)
{
    struct hvrv_phys phys = model_memory_by_port(&world->memory);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct hvrv_walk walk;
    struct hvrv_walk_result result;

    world->memory.loads = world->memory.accesses = 0;
    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
    return result;
}

/*
 * norm:Sv39_LEVELS, norm:Sv48_LEVELS, norm:Sv57_LEVELS, norm:Sv39_levels, norm:Sv48_levels,
 * norm:Sv57_levels
 */
static void a_walk_reads_what_its_modes_say_and_no_more(void **state)
{
    static const unsigned reads[4][4] = {
        {0, 3, 4, 5}, {3, 15, 19, 23}, {4, 19, 24, 29}, {5, 23, 29, 35}};
    (void)state;

    for (unsigned pair = 0; pair < 16; pair++) {
        struct plan plan = {.vs_mode = modes[pair / 4], .g_mode = modes[pair % 4]};
        struct world *world = world_make(&plan);

        assert_false(load_by_port(world).faulted);
        assert_int_equal(world->memory.loads, reads[pair / 4][pair % 4]);
        assert_int_equal(world->memory.accesses, world->memory.loads);
    }
}

/* Not even if the last entry is one that needs a second look. */
static void a_fault_at_the_end_costs_no_further_reads(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair < 16; pair++) {
        struct plan plan = {.vs_mode = modes[pair / 4], .g_mode = modes[pair % 4]};
        unsigned vs = world_levels(plan.vs_mode), g = world_levels(plan.g_mode);
        struct world *world = world_make(&plan);

        if (g == 0)
            continue;
        world_change(world, world->g_pte[5][0], 0xff, 0);
        assert_true(load_by_port(world).faulted);
        assert_int_equal(world->memory.loads, (vs + 1) * (g + 1) - 1);
    }
}

/* The root of each stage in turn holds nothing but pointers to itself. */
static void tables_that_point_at_themselves_end_the_walk(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 32; i++) {
        struct plan plan = {.vs_mode = modes[i / 8], .g_mode = modes[i / 2 % 4]};
        unsigned vs = world_levels(plan.vs_mode), g = world_levels(plan.g_mode);
        struct world *world = world_make(&plan);
        uint64_t root = i % 2 ? BASE : ROOT;
        uint64_t self = i % 2 ? BASE : world->region + 0x4000;

        if ((i % 2 ? g : vs) == 0)
            continue;
        for (uint64_t entry = root; entry < root + (i % 2 ? 0x4000 : 0x1000); entry += 8)
            world_poke(world, entry, self >> 2 | 1);
        assert_int_equal(world_load(world), HVRV_REASON_NO_LEAF);
        load_by_port(world);
        assert_in_range(world->memory.loads, 1, (vs + 1) * (g + 1) - 1);
    }
}

static void the_vs_stage_alone_gives_the_gpa(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_phys phys = model_memory_by_port(&world->memory);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_STORE, HVRV_WALK_VS};
    struct hvrv_walk walk;
    struct hvrv_walk_result result;
    (void)state;

    /* The page itself is not mapped by the G-stage, which is no matter here. */
    world_poke(world, world->g_pte[5][0], 0);
    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    assert_int_equal(hvrv_walk_vs_stage(&walk, &request, &result), HVRV_OK);
    assert_false(result.faulted);
    assert_int_equal(result.page.gpa.v, 0x1a9401235a8);
    assert_int_equal(result.page.vs_pte.v, 0x6a50048ccf);
    assert_int_equal(result.page.vs_pte_address.v, BASE + 0x82d0);
    assert_int_equal(result.page.vs_shift, 12);
    assert_int_equal(result.page.hpa.v, 0);
    assert_int_equal(result.page.g_pte.v, 0);
    assert_int_equal(result.page.g_pte_address.v, 0);
    assert_int_equal(hvrv_walk_page_shift(&result.page), 12);
    assert_int_equal(hvrv_walk_permissions(&result.page), 0xe);
    assert_int_equal(world->memory.loads, 12);
}

static void the_g_stage_alone_gives_the_hpa_of_a_gpa(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_phys phys = model_memory_by_port(&world->memory);
    hvrv_gpa gpa = {0x1a9401235a8};
    struct hvrv_walk walk;
    struct hvrv_walk_result result;
    (void)state;

    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(hvrv_walk_g_stage(&walk, gpa, accesses[i], &result), HVRV_OK);
        assert_false(result.faulted);
        assert_int_equal(result.page.hpa.v, BASE + 0x1235a8);
        assert_int_equal(result.page.gpa.v, 0x1a9401235a8);
        assert_int_equal(result.page.g_pte_address.v, BASE + 0x6918);
        assert_int_equal(result.page.vs_pte.v, 0);
        assert_int_equal(result.page.vs_shift, 0);
    }
    assert_int_equal(world->memory.loads, 12);
    world_poke(world, world->g_pte[5][0], 0);
    assert_int_equal(hvrv_walk_g_stage(&walk, gpa, HVRV_ACCESS_FETCH, &result), HVRV_OK);
    assert_fault(result, ((struct hvrv_fault){.cause = HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT,
                                              .reason = HVRV_REASON_NOT_VALID,
                                              .stval = 0x1a9401235a8,
                                              .htval = 0x6a50048d6a,
                                              .stage = HVRV_STAGE_G,
                                              .pte_address = BASE + 0x6918,
                                              .access = HVRV_ACCESS_FETCH,
                                              .gva = true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_modes_translates_at_every_pair_of_leaf_levels),
        cmocka_unit_test(bare_over_bare_leaves_every_address_alone),
        cmocka_unit_test(the_root_of_an_x4_mode_has_2048_entries),
        cmocka_unit_test(a_host_page_may_lie_at_the_top_of_56_bits),
        cmocka_unit_test(a_napot_leaf_takes_sixteen_bits_from_the_address),
        cmocka_unit_test(vs_tables_may_lie_in_a_napot_page),
        cmocka_unit_test(both_stages_must_grant_a_permission),
        cmocka_unit_test(the_vs_stage_overrides_the_memory_type_of_the_g_stage),
        cmocka_unit_test(the_g_bit_and_rsw_change_nothing_anywhere),
        cmocka_unit_test(bits_60_and_59_are_ignored_with_svrsw60t59b),
        cmocka_unit_test(a_window_of_any_size_gives_the_same_page),
        cmocka_unit_test(a_table_outside_the_window_is_read_by_the_port),
        cmocka_unit_test(the_trace_tells_every_entry_in_the_order_of_the_walk),
        cmocka_unit_test(a_walk_reads_what_its_modes_say_and_no_more),
        cmocka_unit_test(a_fault_at_the_end_costs_no_further_reads),
        cmocka_unit_test(tables_that_point_at_themselves_end_the_walk),
        cmocka_unit_test(the_vs_stage_alone_gives_the_gpa),
        cmocka_unit_test(the_g_stage_alone_gives_the_hpa_of_a_gpa),
    };

    return cmocka_run_group_tests_name("mmu/walk", tests, NULL, NULL);
}
