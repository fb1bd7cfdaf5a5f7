/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may do what: R, W, X and U, SUM and the three MXRs, in each stage by itself. */
#include "walk_world.h"

enum { R = 0x02, W = 0x04, X = 0x08, U = 0x10, V_A_D = 0xc1 };

/* The eight sets of R, W and X of which six are leaves. */
static const uint64_t leaves[] = {R, R | W, X, R | X, R | W | X};

struct switches {
    bool sum, vs_mxr, hs_mxr, hs_mxr_implicit;
};

static struct switches switches_of(unsigned n)
{
    return (struct switches){n % 2, n / 2 % 2, n / 4 % 2, n / 8 % 2};
}

static void set(struct world *world, struct switches switches)
{
    world->regime.vs_sum = switches.sum;
    world->regime.vs_mxr = switches.vs_mxr;
    world->regime.hs_mxr = switches.hs_mxr;
    world->regime.hs_mxr_implicit = switches.hs_mxr_implicit;
}

/* R, W and X against the access, spelled out. */
static enum hvrv_reason by_rwx(uint64_t pte, enum hvrv_access access, bool mxr)
{
    switch (access) {
    case HVRV_ACCESS_LOAD:
        if (pte & R || (mxr && pte & X))
            return HVRV_REASON_NONE;
        return HVRV_REASON_NOT_READABLE;
    case HVRV_ACCESS_STORE:
        return pte & W ? HVRV_REASON_NONE : HVRV_REASON_NOT_WRITABLE;
    default:
        return pte & X ? HVRV_REASON_NONE : HVRV_REASON_NOT_EXECUTABLE;
    }
}

static enum hvrv_reason by_user(uint64_t pte, enum hvrv_access access, bool is_vs, bool sum)
{
    if (!is_vs)
        return pte & U ? HVRV_REASON_NONE : HVRV_REASON_USER;
    if (!(pte & U))
        return HVRV_REASON_NONE;
    if (access == HVRV_ACCESS_FETCH)
        return HVRV_REASON_USER;
    return sum ? HVRV_REASON_NONE : HVRV_REASON_SUM;
}

/* Load, store, fetch, HLVX. */
static const unsigned page_faults[] = {13, 15, 12, 13};

static enum hvrv_reason reason_of(struct hvrv_walk_result result)
{
    return result.faulted ? result.fault.reason : HVRV_REASON_NONE;
}

/*
 * norm:fetch_page_fault_no_x, norm:load_page_fault_no_r, norm:store_page_fault_no_w,
 * norm:sstatus_mxr, norm:hlsv_sstatus_mxr, norm:hlsv_trans, norm:sstatus_sum, norm:vsstatus_mxr_vm,
 * norm:sstatus_mxr_vm, norm:hlsv_vsstatus_mxr
 */
static void the_vs_stage_grants_what_its_leaf_and_its_switches_say(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    for (unsigned i = 0; i < LENGTH(leaves) * 2 * 4 * 2 * 16; i++) {
        uint64_t pte = leaves[i % LENGTH(leaves)] | (i / LENGTH(leaves) % 2 ? U : 0);
        unsigned rest = i / LENGTH(leaves) / 2;
        enum hvrv_access access = (enum hvrv_access)(rest % 4);
        bool is_vs = rest / 4 % 2;
        struct switches on = switches_of(rest / 8);
        enum hvrv_reason expected = by_user(pte, access, is_vs, on.sum);
        struct hvrv_walk_result result;

        if (expected == HVRV_REASON_NONE)
            expected = by_rwx(pte, access, on.vs_mxr || on.hs_mxr);
        set(world, on);
        world_change(world, world->vs_pte[0], 0xff, pte | V_A_D);
        result = world_walk(world, access, is_vs ? HVRV_WALK_VS : HVRV_WALK_VU);
        assert_int_equal(reason_of(result), expected);
        if (!result.faulted)
            continue;
        assert_int_equal(result.fault.stage, HVRV_STAGE_VS);
        assert_int_equal(result.fault.cause, page_faults[access]);
    }
    assert_int_equal(LENGTH(leaves) * 2 * 4 * 2 * 16, 1280);
}

/*
 * norm:sstatus_mxr, norm:H_vm_gpatrans, norm:hlsv_sstatus_mxr, norm:hlsv_vsstatus_mxr,
 * norm:vsstatus_mxr_vm, norm:sstatus_mxr_vm, norm:H_vm_gpapriv: as U-mode, whoever it is; SUM and
 * vsstatus.MXR have no say.
 */
static void the_g_stage_grants_what_its_leaf_and_hs_mxr_say(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    for (unsigned i = 0; i < LENGTH(leaves) * 2 * 4 * 2 * 16; i++) {
        uint64_t pte = leaves[i % LENGTH(leaves)] | (i / LENGTH(leaves) % 2 ? U : 0);
        unsigned rest = i / LENGTH(leaves) / 2;
        enum hvrv_access access = (enum hvrv_access)(rest % 4);
        bool is_vs = rest / 4 % 2;
        struct switches on = switches_of(rest / 8);
        enum hvrv_reason expected = pte & U ? by_rwx(pte, access, on.hs_mxr) : HVRV_REASON_USER;
        struct hvrv_walk_result result;

        set(world, on);
        world_change(world, world->vs_pte[0], U, is_vs ? 0 : U);
        world_change(world, world->g_pte[5][0], 0xff, pte | V_A_D);
        result = world_walk(world, access, is_vs ? HVRV_WALK_VS : HVRV_WALK_VU);
        assert_int_equal(reason_of(result), expected);
        if (!result.faulted)
            continue;
        assert_int_equal(result.fault.stage, HVRV_STAGE_G);
        assert_int_equal(result.fault.htval, world->gpa >> 2);
        assert_int_equal(result.fault.htinst, 0);
    }
}

/*
 * An entry of the VS-stage in an execute-only page: readable by no MXR and no
 * HLVX, unless the regime says that HS-level MXR counts there too.
 */
static void mxr_and_hlvx_do_not_open_the_page_of_a_vs_table(void **state)
{
    (void)state;
    for (unsigned level = 0; level < 3; level++) {
        struct world *world = world_make(&sv39_sv39x4);

        world_change(world, world->g_pte[level][0], 0xff, X | U | V_A_D);
        for (unsigned i = 0; i < 4 * 16; i++) {
            enum hvrv_access access = (enum hvrv_access)(i % 4);
            struct switches on = switches_of(i / 4);
            struct hvrv_walk_result result;

            set(world, on);
            result = world_walk(world, access, HVRV_WALK_VS);
            assert_int_equal(reason_of(result), on.hs_mxr && on.hs_mxr_implicit
                                                    ? HVRV_REASON_NONE
                                                    : HVRV_REASON_NOT_READABLE);
            if (result.faulted)
                assert_int_equal(result.fault.htinst, 0x3000);
        }
    }
}

/*
 * norm:H_vm_gpapriv, norm:H_vm_gpatrans: The U bit of the page of a VS-stage table, whoever walks.
 */
static void the_page_of_a_vs_table_must_be_a_user_page_of_the_g_stage(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3 * 4 * 2; i++) {
        struct world *world = world_make(&sv39_sv39x4);
        struct hvrv_walk_result result;

        world->regime.vs_sum = true;
        world_change(world, world->g_pte[i % 3][0], U, 0);
        result =
            world_walk(world, (enum hvrv_access)(i / 3 % 4), i / 12 ? HVRV_WALK_VS : HVRV_WALK_VU);
        assert_int_equal(reason_of(result), HVRV_REASON_USER);
        assert_int_equal(result.fault.stage, HVRV_STAGE_G);
        assert_int_equal(result.fault.implicit, true);
    }
}

/* The classic report: "U set in the VS table, X missing in the G-stage". */
static void a_fetch_fails_by_u_in_the_vs_stage_and_by_x_in_the_g_stage(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    world->regime.vs_sum = true;
    world_change(world, world->vs_pte[0], 0, U);
    assert_fault(world_walk(world, HVRV_ACCESS_FETCH, HVRV_WALK_VS),
                 ((struct hvrv_fault){.cause = HVRV_CAUSE_FETCH_PAGE_FAULT,
                                      .reason = HVRV_REASON_USER,
                                      .stval = 0xffffffd5a5a5a5a8,
                                      .stage = HVRV_STAGE_VS,
                                      .pte = 0x6a50048cdf,
                                      .pte_address = BASE + 0x82d0,
                                      .access = HVRV_ACCESS_FETCH,
                                      .gva = true}));
    world_change(world, world->vs_pte[0], U, 0);
    world_change(world, world->g_pte[5][0], X, 0);
    assert_fault(world_walk(world, HVRV_ACCESS_FETCH, HVRV_WALK_VS),
                 ((struct hvrv_fault){.cause = HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT,
                                      .reason = HVRV_REASON_NOT_EXECUTABLE,
                                      .stval = 0xffffffd5a5a5a5a8,
                                      .htval = 0x6a50048d6a,
                                      .stage = HVRV_STAGE_G,
                                      .pte = 0x29400000048cd7,
                                      .pte_address = BASE + 0x6918,
                                      .access = HVRV_ACCESS_FETCH,
                                      .gva = true}));
}

/* norm:hlsv_u_op: HLVX wants X in both stages, R in neither, and faults as a load. */
static void hlvx_wants_x_in_both_stages_and_faults_as_a_load(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_walk_result result;
    (void)state;

    world_change(world, world->vs_pte[0], R | W, 0);
    world_change(world, world->g_pte[5][0], R | W, 0);
    world_assert_page(world, HVRV_ACCESS_HLVX, HVRV_WALK_VS);
    world_change(world, world->g_pte[5][0], X, R | W);
    result = world_walk(world, HVRV_ACCESS_HLVX, HVRV_WALK_VS);
    assert_int_equal(result.fault.cause, HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT);
    assert_int_equal(result.fault.access, HVRV_ACCESS_HLVX);
    world_change(world, world->vs_pte[0], X, R | W);
    result = world_walk(world, HVRV_ACCESS_HLVX, HVRV_WALK_VS);
    assert_int_equal(result.fault.cause, HVRV_CAUSE_LOAD_PAGE_FAULT);
    assert_int_equal(result.fault.reason, HVRV_REASON_NOT_EXECUTABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vs_stage_grants_what_its_leaf_and_its_switches_say),
        cmocka_unit_test(the_g_stage_grants_what_its_leaf_and_hs_mxr_say),
        cmocka_unit_test(mxr_and_hlvx_do_not_open_the_page_of_a_vs_table),
        cmocka_unit_test(the_page_of_a_vs_table_must_be_a_user_page_of_the_g_stage),
        cmocka_unit_test(a_fetch_fails_by_u_in_the_vs_stage_and_by_x_in_the_g_stage),
        cmocka_unit_test(hlvx_wants_x_in_both_stages_and_faults_as_a_load),
    };

    return cmocka_run_group_tests_name("mmu/walk_permission", tests, NULL, NULL);
}
