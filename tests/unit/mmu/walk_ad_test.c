/* SPDX-License-Identifier: BSD-2-Clause */
/* A and D: the three policies of each stage, and exactly what is written to memory. */
#include "walk_world.h"

enum { A = 0x40, D = 0x80 };

static const enum hvrv_walk_ad policies[] = {HVRV_WALK_AD_FAULT, HVRV_WALK_AD_UPDATE,
                                             HVRV_WALK_AD_IGNORE};

static struct world *world_with(enum hvrv_walk_ad vs_ad, enum hvrv_walk_ad g_ad)
{
    struct world *world = world_make(&sv39_sv39x4);

    world->regime.vs_ad = vs_ad;
    world->regime.g_ad = g_ad;
    return world;
}

/* What an access wants set. */
static uint64_t wanted(enum hvrv_access access)
{
    return access == HVRV_ACCESS_STORE ? A | D : A;
}

/* A leaf with the bits of ad, in a stage with the policy; the other stage is in order. */
static void assert_ad(unsigned stage, uint64_t ad, enum hvrv_walk_ad policy,
                      enum hvrv_access access)
{
    struct world *world = stage == 0 ? world_with(policy, HVRV_WALK_AD_FAULT)
                                     : world_with(HVRV_WALK_AD_FAULT, policy);
    uint64_t entry = stage == 0 ? world->vs_pte[0] : world->g_pte[5][0];
    uint64_t missing = wanted(access) & ~ad;
    struct hvrv_walk_result result;
    uint64_t pte;

    world_change(world, entry, A | D, ad);
    world_remember(world);
    pte = world_peek(world, entry);
    result = world_walk(world, access, HVRV_WALK_VS);
    if (missing && policy == HVRV_WALK_AD_FAULT) {
        assert_true(result.faulted);
        assert_int_equal(result.fault.reason,
                         missing & A ? HVRV_REASON_ACCESSED : HVRV_REASON_DIRTY);
        assert_int_equal(result.fault.pte, pte);
        assert_int_equal(result.fault.htinst, 0);
        assert_int_equal(world_changes(world), 0);
        return;
    }
    assert_false(result.faulted);
    assert_int_equal(result.page.hpa.v, world->hpa);
    if (missing && policy == HVRV_WALK_AD_UPDATE)
        pte |= wanted(access);
    assert_int_equal(world_peek(world, entry), pte);
    assert_int_equal(world_changes(world), missing && policy == HVRV_WALK_AD_UPDATE);
    assert_int_equal(stage == 0 ? result.page.vs_pte.v : result.page.g_pte.v, pte);
}

/*
 * norm:henvcfg_adue_op, norm:svade_access_ad_bit_clear,
 * norm:Svadu_disabled_hw_update_falls_back_to_svade
 */
static void a_and_d_follow_the_policy_of_their_stage(void **state)
{
    static const uint64_t ads[] = {0, A, D, A | D};
    (void)state;

    for (unsigned i = 0; i < 2 * 4 * 3 * 4; i++)
        assert_ad(i % 2, ads[i / 2 % 4], policies[i / 8 % 3], (enum hvrv_access)(i / 24));
}

/* Only leaves are touched, at any level, by nothing but the bits wanted. */
static void an_update_of_a_superpage_writes_its_leaf_alone(void **state)
{
    (void)state;
    for (unsigned leaf = 0; leaf < 5; leaf++) {
        struct plan plan = {10, leaf, 10, leaf};
        struct world *world = world_make(&plan);

        world->regime.vs_ad = world->regime.g_ad = HVRV_WALK_AD_UPDATE;
        world_change(world, world->vs_pte[leaf], A | D, UINT64_C(0x320));
        world_change(world, world->g_pte[5][leaf], A | D, UINT64_C(0x320));
        uint64_t vs_pte = world_peek(world, world->vs_pte[leaf]);
        uint64_t g_pte = world_peek(world, world->g_pte[5][leaf]);
        world_remember(world);
        world_assert_page(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
        assert_int_equal(world_peek(world, world->vs_pte[leaf]), vs_pte | A | D);
        assert_int_equal(world_peek(world, world->g_pte[5][leaf]), g_pte | A | D);
        assert_int_equal(world_changes(world), 2);
    }
}

/* norm:H_vm_gpapriv: reading the entries of the VS-stage sets A of their pages, and no D. */
static void reading_vs_tables_sets_a_of_their_pages(void **state)
{
    struct world *world = world_with(HVRV_WALK_AD_FAULT, HVRV_WALK_AD_UPDATE);
    uint64_t sound[3];
    (void)state;

    for (unsigned level = 0; level < 3; level++) {
        sound[level] = world_peek(world, world->g_pte[level][0]) & ~(uint64_t)(A | D);
        world_poke(world, world->g_pte[level][0], sound[level]);
    }
    world_remember(world);
    world_assert_page(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
    for (unsigned level = 0; level < 3; level++)
        assert_int_equal(world_peek(world, world->g_pte[level][0]), sound[level] | A);
    assert_int_equal(world_changes(world), 3);
}

static void a_page_of_a_vs_table_without_a_is_a_guest_page_fault_under_svade(void **state)
{
    (void)state;
    for (unsigned level = 0; level < 3; level++) {
        struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_FAULT);
        struct hvrv_walk_result result;

        world_change(world, world->g_pte[level][0], A, 0);
        result = world_walk(world, HVRV_ACCESS_FETCH, HVRV_WALK_VS);
        assert_true(result.faulted);
        assert_int_equal(result.fault.reason, HVRV_REASON_ACCESSED);
        assert_int_equal(result.fault.cause, HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT);
        assert_int_equal(result.fault.htinst, 0x3000);
    }
}

/* The update of a VS-stage leaf is a store: it makes the page of the table dirty. */
static void an_update_in_the_vs_stage_sets_d_of_the_page_of_its_table(void **state)
{
    struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_UPDATE);
    (void)state;

    world_change(world, world->vs_pte[0], A | D, 0);
    world_change(world, world->g_pte[0][0], A | D, 0);
    world_remember(world);
    world_assert_page(world, HVRV_ACCESS_LOAD, HVRV_WALK_VS);
    assert_int_equal(world_peek(world, world->vs_pte[0]), 0x6a50048c4f);
    assert_int_equal(world_peek(world, world->g_pte[0][0]), 0x294000000020df);
    assert_int_equal(world_changes(world), 2);
}

/* norm:H_trap_xtinst_guestpage_rw: 0x3020, with the GPA of the entry, for the access as it was. */
static void an_update_in_a_page_that_may_not_be_written_is_a_guest_page_fault(void **state)
{
    static const enum hvrv_cause causes[] = {
        HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT, HVRV_CAUSE_STORE_GUEST_PAGE_FAULT,
        HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT, HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT};
    static const struct {
        enum hvrv_walk_ad g_ad;
        uint64_t g_bits;
        enum hvrv_reason reason;
    } rows[] = {
        {HVRV_WALK_AD_FAULT, 0xd3, HVRV_REASON_NOT_WRITABLE},
        {HVRV_WALK_AD_UPDATE, 0xdb, HVRV_REASON_NOT_WRITABLE},
        {HVRV_WALK_AD_IGNORE, 0x13, HVRV_REASON_NOT_WRITABLE},
        {HVRV_WALK_AD_FAULT, 0x5f, HVRV_REASON_DIRTY},
    };
    (void)state;

    for (unsigned i = 0; i < LENGTH(rows) * 4; i++) {
        struct world *world = world_with(HVRV_WALK_AD_UPDATE, rows[i / 4].g_ad);

        world_change(world, world->vs_pte[0], A | D, 0);
        world_change(world, world->g_pte[0][0], 0xff, rows[i / 4].g_bits);
        world_remember(world);
        assert_fault(world_walk(world, (enum hvrv_access)(i % 4), HVRV_WALK_VS),
                     ((struct hvrv_fault){.cause = causes[i % 4],
                                          .reason = rows[i / 4].reason,
                                          .stval = 0xffffffd5a5a5a5a8,
                                          .htval = UINT64_C(0x1a9400082d0) >> 2,
                                          .htinst = 0x3020,
                                          .stage = HVRV_STAGE_G,
                                          .pte = 0x29400000002000 | rows[i / 4].g_bits,
                                          .pte_address = BASE + 0x6040,
                                          .access = (enum hvrv_access)(i % 4),
                                          .gva = true,
                                          .implicit = true}));
        assert_int_equal(world_changes(world), 0);
    }
}

/* The read of the entry may have set A by then; nothing else is written. */
static void a_page_that_may_not_be_written_still_gets_its_a_by_the_read(void **state)
{
    struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_UPDATE);
    struct hvrv_walk_result result;
    (void)state;

    world_change(world, world->vs_pte[0], A, 0);
    world_change(world, world->g_pte[0][0], 0xff, 0x13); /* V R U */
    world_remember(world);
    result = world_walk(world, HVRV_ACCESS_LOAD, HVRV_WALK_VS);
    assert_int_equal(result.fault.reason, HVRV_REASON_NOT_WRITABLE);
    assert_int_equal(result.fault.htinst, 0x3020);
    assert_int_equal(result.fault.pte, 0x29400000002053);
    assert_int_equal(world_peek(world, world->g_pte[0][0]), 0x29400000002053);
    assert_int_equal(world_changes(world), 1);
}

/* A and D come last: a leaf that fails for another reason is not written. */
static void nothing_is_updated_for_an_access_that_fails_a_check(void **state)
{
    static const struct {
        uint64_t clear, set;
        enum hvrv_reason reason;
    } rows[] = {
        {0, UINT64_C(3) << 61, HVRV_REASON_RESERVED_PBMT},
        {0, UINT64_C(1) << 63, HVRV_REASON_RESERVED_NAPOT},
        {0, UINT64_C(1) << 54, HVRV_REASON_RESERVED_BITS},
        {4, 0, HVRV_REASON_NOT_WRITABLE},
    };
    (void)state;

    for (unsigned i = 0; i < LENGTH(rows) * 2; i++) {
        struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_UPDATE);
        uint64_t entry = i % 2 ? world->g_pte[5][0] : world->vs_pte[0];

        world->regime.svnapot = true;
        world_change(world, entry, A | D | rows[i / 2].clear, rows[i / 2].set);
        world_remember(world);
        assert_int_equal(world_walk(world, HVRV_ACCESS_STORE, HVRV_WALK_VS).fault.reason,
                         rows[i / 2].reason);
        assert_int_equal(world_changes(world), 0);
    }
}

/* A query looks at a good and at a bad page without leaving a trace. */
static void a_query_writes_nothing(void **state)
{
    struct world *world = world_with(HVRV_WALK_AD_IGNORE, HVRV_WALK_AD_IGNORE);
    (void)state;

    for (unsigned level = 0; level < 3; level++)
        world_change(world, world->g_pte[level][0], A | D, 0);
    world_change(world, world->vs_pte[0], A | D, 0);
    world_change(world, world->g_pte[5][0], A | D, 0);
    world_remember(world);
    for (unsigned access = 0; access < 4; access++)
        world_assert_page(world, (enum hvrv_access)access, HVRV_WALK_VS);
    assert_int_equal(world_changes(world), 0);
}

static void an_update_in_a_bare_g_stage_needs_no_leaf(void **state)
{
    struct plan plan = {.vs_mode = 8};
    struct world *world = world_make(&plan);
    (void)state;

    world->regime.vs_ad = HVRV_WALK_AD_UPDATE;
    world_change(world, world->vs_pte[0], A | D, 0);
    world_remember(world);
    world_assert_page(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
    assert_int_equal(world_peek(world, world->vs_pte[0]) & 0xff, 0xcf);
    assert_int_equal(world_changes(world), 1);
}

static struct hvrv_walk ready(struct world *world, const struct hvrv_phys *phys)
{
    struct hvrv_walk walk;

    assert_int_equal(hvrv_walk_init(&walk, &world->regime, phys), HVRV_OK);
    return walk;
}

/* norm:Svadu_hw_update_a_d_bits; a write that the port refuses is an access fault. */
static void a_refused_update_is_an_access_fault(void **state)
{
    static const enum hvrv_cause causes[] = {HVRV_CAUSE_LOAD_ACCESS, HVRV_CAUSE_STORE_ACCESS,
                                             HVRV_CAUSE_FETCH_ACCESS, HVRV_CAUSE_LOAD_ACCESS};
    (void)state;

    for (unsigned i = 0; i < 3 * 4; i++) {
        struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_UPDATE);
        struct hvrv_phys phys = model_memory_by_port(&world->memory);
        uint64_t entries[] = {world->vs_pte[0], world->g_pte[5][0], world->g_pte[0][0]};
        uint64_t entry = entries[i / 4];
        struct hvrv_walk walk = ready(world, &phys);
        struct hvrv_walk_request request = {{world->gva}, (enum hvrv_access)(i % 4), HVRV_WALK_VS};
        struct hvrv_walk_result result;

        world_change(world, entry, A | D, 0);
        world_remember(world);
        world->memory.refused_swap = entry;
        assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
        assert_fault(result, ((struct hvrv_fault){.cause = causes[i % 4],
                                                  .reason = HVRV_REASON_REFUSED,
                                                  .stval = 0xffffffd5a5a5a5a8,
                                                  .stage = i / 4 ? HVRV_STAGE_G : HVRV_STAGE_VS,
                                                  .pte = world_peek(world, entry),
                                                  .pte_address = entry,
                                                  .access = (enum hvrv_access)(i % 4),
                                                  .gva = true,
                                                  .implicit = i / 4 == 2}));
        assert_int_equal(world_changes(world), 0);
    }
}

struct other_hart {
    struct world *world;
    uint64_t entry, value;
};

static void change_entry(void *context, const struct hvrv_walk_step *step)
{
    const struct other_hart *other = context;

    if (step->pte_address.v == other->entry)
        world_poke(other->world, other->entry, other->value);
}

/* Another hart changes the entry between its read and its update; what it wrote stays. */
static void a_race_is_a_status_and_writes_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * 3; i++) {
        struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_UPDATE);
        struct hvrv_phys phys =
            i % 2 ? model_memory_by_window(&world->memory) : model_memory_by_port(&world->memory);
        uint64_t entries[] = {world->vs_pte[0], world->g_pte[5][0], world->g_pte[0][0]};
        uint64_t entry = entries[i / 2];
        struct hvrv_walk walk = ready(world, &phys);
        struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_STORE, HVRV_WALK_VS};
        struct hvrv_walk_result result;

        world_change(world, entry, A | D, 0);
        world_remember(world);
        struct other_hart other = {world, entry, world_peek(world, entry) & ~UINT64_C(1)};
        hvrv_walk_set_trace(&walk, change_entry, &other);
        assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_ERR_RACE);
        assert_false(result.faulted);
        assert_int_equal(result.page.hpa.v | result.page.gpa.v, 0);
        assert_int_equal(world_peek(world, entry), other.value);
        assert_int_equal(world_changes(world), 1);
        /* Called again, the walk sees what the other hart wrote: V is 0. */
        hvrv_walk_set_trace(&walk, NULL, NULL);
        assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
        assert_true(result.faulted);
        assert_int_equal(result.fault.reason, HVRV_REASON_NOT_VALID);
    }
}

static void a_race_of_one_stage_alone_is_a_status_too(void **state)
{
    struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_UPDATE);
    struct hvrv_phys phys = model_memory_by_window(&world->memory);
    struct hvrv_walk walk = ready(world, &phys);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_STORE, HVRV_WALK_VS};
    struct hvrv_walk_result result;
    struct other_hart other = {world, world->vs_pte[0], 0};
    (void)state;

    world_change(world, world->vs_pte[0], A | D, 0);
    world_change(world, world->g_pte[5][0], A | D, 0);
    hvrv_walk_set_trace(&walk, change_entry, &other);
    assert_int_equal(hvrv_walk_vs_stage(&walk, &request, &result), HVRV_ERR_RACE);
    other.entry = world->g_pte[5][0];
    assert_int_equal(hvrv_walk_g_stage(&walk, hvrv_gpa_make(world->gpa), HVRV_ACCESS_LOAD, &result),
                     HVRV_ERR_RACE);
    assert_false(result.faulted);
    assert_int_equal(result.page.hpa.v, 0);
}

/*
 * The G-stage's own table as the guest's: the entry that maps the table is the
 * VS-stage's leaf too. Its page becomes dirty first, and with it the leaf.
 */
static void an_entry_that_both_stages_share_races_once(void **state)
{
    struct world *world = world_with(HVRV_WALK_AD_UPDATE, HVRV_WALK_AD_UPDATE);
    struct hvrv_phys phys = model_memory_by_window(&world->memory);
    struct hvrv_walk walk = ready(world, &phys);
    uint64_t table = world->g_pte[5][0] & ~UINT64_C(0xfff);
    uint64_t index = (table - BASE) >> 12, entry = table + index * 8;
    uint64_t gva = (world->gva & ~UINT64_C(0x1ff000)) | index << 12;
    struct hvrv_walk_request request = {{gva}, HVRV_ACCESS_STORE, HVRV_WALK_VU};
    struct hvrv_walk_result result;
    (void)state;

    world_poke(world, world->vs_pte[1], (table - BASE + world->region) >> 2 | 1);
    world_change(world, entry, D, 0);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_ERR_RACE);
    assert_int_equal(world_peek(world, entry), table >> 2 | 0xdf);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
    assert_true(result.faulted);
    assert_int_equal(result.fault.reason, HVRV_REASON_TOO_WIDE);
    assert_int_equal(result.fault.htval, (table | (gva & 0xfff)) >> 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_and_d_follow_the_policy_of_their_stage),
        cmocka_unit_test(an_update_of_a_superpage_writes_its_leaf_alone),
        cmocka_unit_test(reading_vs_tables_sets_a_of_their_pages),
        cmocka_unit_test(a_page_of_a_vs_table_without_a_is_a_guest_page_fault_under_svade),
        cmocka_unit_test(an_update_in_the_vs_stage_sets_d_of_the_page_of_its_table),
        cmocka_unit_test(an_update_in_a_page_that_may_not_be_written_is_a_guest_page_fault),
        cmocka_unit_test(a_page_that_may_not_be_written_still_gets_its_a_by_the_read),
        cmocka_unit_test(nothing_is_updated_for_an_access_that_fails_a_check),
        cmocka_unit_test(a_query_writes_nothing),
        cmocka_unit_test(an_update_in_a_bare_g_stage_needs_no_leaf),
        cmocka_unit_test(a_refused_update_is_an_access_fault),
        cmocka_unit_test(a_race_is_a_status_and_writes_nothing),
        cmocka_unit_test(a_race_of_one_stage_alone_is_a_status_too),
        cmocka_unit_test(an_entry_that_both_stages_share_races_once),
    };

    return cmocka_run_group_tests_name("mmu/walk_ad", tests, NULL, NULL);
}
