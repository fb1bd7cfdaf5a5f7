/* SPDX-License-Identifier: BSD-2-Clause */
/* What a walk is made of: regimes by hand and from CSRs, and input that is refused. */
#include "walk_world.h"

#include <string.h>

/* The output of every refused call: zero to the last field. */
static void assert_empty(const struct hvrv_walk_result *result)
{
    assert_false(result->faulted);
    assert_int_equal(result->page.hpa.v | result->page.gpa.v, 0);
    assert_int_equal(result->page.vs_pte.v | result->page.g_pte.v, 0);
    assert_int_equal(result->page.vs_pte_address.v | result->page.g_pte_address.v, 0);
    assert_int_equal(result->page.vs_shift | result->page.g_shift, 0);
}

static struct hvrv_walk_result rubbish(void)
{
    struct hvrv_walk_result result;

    memset(&result, 0x5a, sizeof(result));
    return result;
}

/* All three walks refuse alike. */
static void assert_refused(const struct hvrv_walk *walk, const struct hvrv_walk_request *request,
                           enum hvrv_status status)
{
    struct hvrv_walk_result result = rubbish();

    assert_int_equal(hvrv_walk_two_stage(walk, request, &result), status);
    assert_empty(&result);
    result = rubbish();
    assert_int_equal(hvrv_walk_vs_stage(walk, request, &result), status);
    assert_empty(&result);
}

static void null_pointers_are_a_status_and_the_result_is_written(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_phys phys = model_memory_by_window(&world->memory);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct hvrv_walk_result result = rubbish();
    struct hvrv_walk walk;
    (void)state;

    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    assert_refused(NULL, &request, HVRV_ERR_NULL);
    assert_refused(&walk, NULL, HVRV_ERR_NULL);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_walk_vs_stage(&walk, &request, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_walk_g_stage(&walk, hvrv_gpa_make(0), HVRV_ACCESS_LOAD, NULL),
                     HVRV_ERR_NULL);
    assert_int_equal(hvrv_walk_g_stage(NULL, hvrv_gpa_make(0), HVRV_ACCESS_LOAD, &result),
                     HVRV_ERR_NULL);
    assert_empty(&result);
    hvrv_walk_set_trace(NULL, NULL, NULL);
}

static void an_access_or_a_privilege_that_is_none_is_refused(void **state)
{
    static const struct {
        int access, privilege;
    } rows[] = {{4, 1}, {-1, 1}, {0x7fffffff, 0}, {0, 2}, {0, -1}, {3, 0x7fffffff}};
    (void)state;

    for (unsigned i = 0; i < LENGTH(rows) * 2; i++) {
        struct world *world = world_make(&sv39_sv39x4);
        struct hvrv_phys phys =
            i % 2 ? model_memory_by_window(&world->memory) : model_memory_by_port(&world->memory);
        struct hvrv_walk_request request = {{world->gva},
                                            (enum hvrv_access)rows[i / 2].access,
                                            (enum hvrv_walk_privilege)rows[i / 2].privilege};
        struct hvrv_walk_result result = rubbish();
        struct hvrv_walk walk;

        assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
        assert_refused(&walk, &request, HVRV_ERR_ARGUMENT);
        if (rows[i / 2].privilege == 0 || rows[i / 2].privilege == 1) {
            assert_int_equal(
                hvrv_walk_g_stage(&walk, hvrv_gpa_make(world->gpa), request.access, &result),
                HVRV_ERR_ARGUMENT);
            assert_empty(&result);
        }
        assert_int_equal(world->memory.accesses, 0);
    }
}

static void a_walk_that_was_not_made_is_refused(void **state)
{
    static const struct hvrv_walk zeroed;
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct hvrv_walk_result result = rubbish();
    struct hvrv_phys phys = model_memory_by_window(&world->memory);
    struct hvrv_walk walk = zeroed;
    (void)state;

    assert_refused(&zeroed, &request, HVRV_ERR_STATE);
    assert_int_equal(
        hvrv_walk_g_stage(&zeroed, hvrv_gpa_make(world->gpa), HVRV_ACCESS_LOAD, &result),
        HVRV_ERR_STATE);
    assert_empty(&result);
    hvrv_walk_set_trace(&walk, (hvrv_walk_trace)NULL, NULL);
    assert_refused(&walk, &request, HVRV_ERR_STATE);

    /* One whose making failed, even where one was made before. */
    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    world->regime.g_mode = 1;
    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_ERR_MODE);
    assert_refused(&walk, &request, HVRV_ERR_STATE);
}

static void a_walk_is_not_made_of_null(void **state)
{
    struct hvrv_walk_regime regime = {0};
    struct hvrv_phys phys;
    struct hvrv_walk walk;
    struct hvrv_walk_request request = {{0}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    (void)state;

    memset(&phys, 0, sizeof(phys));
    assert_int_equal(hvrv_walk_init(NULL, &regime, &phys), HVRV_ERR_NULL);
    memset(&walk, 0x5a, sizeof(walk));
    assert_int_equal(hvrv_walk_init(&walk, NULL, &phys), HVRV_ERR_NULL);
    assert_refused(&walk, &request, HVRV_ERR_STATE);
    memset(&walk, 0x5a, sizeof(walk));
    assert_int_equal(hvrv_walk_init(&walk, &regime, NULL), HVRV_ERR_NULL);
    assert_refused(&walk, &request, HVRV_ERR_STATE);
}

/* norm:Sv39_pt_align, norm:hgatp_mode_x4: the root's alignment is 16 KiB; a PPN ends at bit 55. */
static void a_regime_that_cannot_be_is_refused(void **state)
{
    static const struct {
        struct hvrv_walk_regime regime;
        enum hvrv_status status;
    } rows[] = {
        {{.vs_mode = 1}, HVRV_ERR_MODE},
        {{.vs_mode = 7}, HVRV_ERR_MODE},
        {{.vs_mode = 11}, HVRV_ERR_MODE},
        {{.vs_mode = 255}, HVRV_ERR_MODE},
        {{.g_mode = 1}, HVRV_ERR_MODE},
        {{.g_mode = 7}, HVRV_ERR_MODE},
        {{.g_mode = 11}, HVRV_ERR_MODE},
        {{.vs_ad = (enum hvrv_walk_ad)3}, HVRV_ERR_ARGUMENT},
        {{.g_ad = (enum hvrv_walk_ad) - 1}, HVRV_ERR_ARGUMENT},
        {{.vs_mode = 8, .vs_root = {0x1008}}, HVRV_ERR_ALIGN},
        {{.vs_mode = 9, .vs_root = {0x800}}, HVRV_ERR_ALIGN},
        {{.g_mode = 8, .g_root = {0x1000}}, HVRV_ERR_ALIGN},
        {{.g_mode = 9, .g_root = {0x2000}}, HVRV_ERR_ALIGN},
        {{.g_mode = 10, .g_root = {0x80003000}}, HVRV_ERR_ALIGN},
        {{.g_mode = 8, .g_root = {0x80000008}}, HVRV_ERR_ALIGN},
        {{.vs_mode = 8, .vs_root = {0x0100000000000000}}, HVRV_ERR_RANGE},
        {{.g_mode = 8, .g_root = {0x0100000000000000}}, HVRV_ERR_RANGE},
        {{.g_mode = 8, .g_root = {0xffffffffffffc000}}, HVRV_ERR_RANGE},
        {{.vs_mode = 8, .vs_root = {0x00fffffffffff000}}, HVRV_OK},
        {{.g_mode = 10, .g_root = {0x00ffffffffffc000}}, HVRV_OK},
        {{.vs_mode = 0}, HVRV_OK},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct world *world = world_make(&sv39_sv39x4);
        struct hvrv_phys phys = model_memory_by_window(&world->memory);
        struct hvrv_walk_request request = {{0}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
        struct hvrv_walk walk;

        memset(&walk, 0x5a, sizeof(walk));
        assert_int_equal(hvrv_walk_init(&walk, &rows[i].regime, &phys), rows[i].status);
        if (rows[i].status != HVRV_OK)
            assert_refused(&walk, &request, HVRV_ERR_STATE);
    }
}

/* Nothing of what the caller wrote is kept by reference but the memory. */
static void a_regime_may_be_dropped_after_the_walk_was_made(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_phys phys = model_memory_by_window(&world->memory);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct hvrv_walk_result result;
    struct hvrv_walk walk;
    (void)state;

    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    memset(&world->regime, 0x5a, sizeof(world->regime));
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
    assert_int_equal(result.page.hpa.v, BASE + 0x1235a8);
}

static void assert_same_regime(const struct hvrv_walk_regime *a, const struct hvrv_walk_regime *b)
{
    assert_int_equal(a->vs_root.v, b->vs_root.v);
    assert_int_equal(a->g_root.v, b->g_root.v);
    assert_int_equal(a->vs_mode, b->vs_mode);
    assert_int_equal(a->g_mode, b->g_mode);
    assert_int_equal(a->vs_ad, b->vs_ad);
    assert_int_equal(a->g_ad, b->g_ad);
    assert_int_equal(a->vs_sum, b->vs_sum);
    assert_int_equal(a->vs_mxr, b->vs_mxr);
    assert_int_equal(a->hs_mxr, b->hs_mxr);
    assert_int_equal(a->hs_mxr_implicit, b->hs_mxr_implicit);
    assert_int_equal(a->vs_pbmte, b->vs_pbmte);
    assert_int_equal(a->g_pbmte, b->g_pbmte);
    assert_int_equal(a->svnapot, b->svnapot);
    assert_int_equal(a->svrsw60t59b, b->svrsw60t59b);
}

/*
 * norm:Svadu_disabled_hw_update_falls_back_to_svade, norm:sstatus_ube_implicit, norm:sstatus_sum,
 * norm:sstatus_mxr, norm:satp_ppn_sv39_sz, norm:satp_ppn_sv48_sz, norm:satp_ppn_sv57_sz,
 * norm:Svadu_hw_update_a_d_bits, norm:henvcfg_adue_op, norm:hlsv_trans, norm:henvcfg_pbmte_op;
 * every field comes from its own register and from no other.
 */
static void a_regime_is_made_of_csrs(void **state)
{
    static const struct {
        struct hvrv_walk_csrs csrs;
        struct hvrv_walk_regime regime;
    } rows[] = {
        {{0}, {.vs_mode = 0}},
        {{.vsatp = 0x8000000000080123}, {.vs_mode = 8, .vs_root = {0x80123000}}},
        {{.vsatp = 0x9fffffffffffffff}, {.vs_mode = 9, .vs_root = {0x00fffffffffff000}}},
        {{.vsatp = 0x80000fffffffffff}, {.vs_mode = 8, .vs_root = {0x00fffffffffff000}}},
        {{.vsatp = 0xa0000fffffffffff}, {.vs_mode = 10, .vs_root = {0x00fffffffffff000}}},
        {{.vsatp = 0xa000000000000001}, {.vs_mode = 10, .vs_root = {0x1000}}},
        {{.hgatp = 0x8003f00000080124}, {.g_mode = 8, .g_root = {0x80124000}}},
        {{.hgatp = 0x9000000000080128}, {.g_mode = 9, .g_root = {0x80128000}}},
        {{.hgatp = 0xa3fffffffffffffc}, {.g_mode = 10, .g_root = {0x00ffffffffffc000}}},
        /* A Bare stage has no root, whatever the other fields hold. */
        {{.vsatp = 0x0fffffffffffffff, .hgatp = 0x0000000000080123}, {.vs_mode = 0}},
        {{.vsstatus = 0x40000}, {.vs_sum = true}},
        {{.vsstatus = 0x80000}, {.vs_mxr = true}},
        {{.vsstatus = 0x40}, {.vs_mode = 0}}, /* UBE is for explicit accesses alone */
        {{.sstatus = 0x80000}, {.hs_mxr = true}},
        {{.sstatus = 0x40000}, {.vs_mode = 0}}, /* SUM of HS-mode has no say */
        {{.henvcfg = 0x4000000000000000}, {.vs_pbmte = true}},
        {{.menvcfg = 0x4000000000000000}, {.g_pbmte = true}},
        {{.henvcfg = 0x2000000000000000}, {.vs_ad = HVRV_WALK_AD_UPDATE}},
        {{.menvcfg = 0x2000000000000000}, {.g_ad = HVRV_WALK_AD_UPDATE}},
        {{.vsatp = 0x8000000000000002,
          .hgatp = 0x8000000000000004,
          .vsstatus = UINT64_MAX,
          .sstatus = UINT64_MAX,
          .henvcfg = 0xfffffffffffffff7, /* all but SSE */
          .menvcfg = UINT64_MAX},
         {.vs_root = {0x2000},
          .g_root = {0x4000},
          .vs_mode = 8,
          .g_mode = 8,
          .vs_ad = HVRV_WALK_AD_UPDATE,
          .g_ad = HVRV_WALK_AD_UPDATE,
          .vs_sum = true,
          .vs_mxr = true,
          .hs_mxr = true,
          .vs_pbmte = true,
          .g_pbmte = true}},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct hvrv_walk_regime regime;

        memset(&regime, 0x01, sizeof(regime));
        assert_int_equal(hvrv_walk_regime_from_csrs(&regime, &rows[i].csrs), HVRV_OK);
        assert_same_regime(&regime, &rows[i].regime);
    }
}

/* norm:hgatp_ppn_op, norm:henvcfg_sse_op: with SSE an entry may be a shadow stack's. */
static void csrs_of_which_no_regime_can_be_made_are_refused(void **state)
{
    static const struct {
        struct hvrv_walk_csrs csrs;
        enum hvrv_status status;
    } rows[] = {
        {{.vsatp = 0x1000000000000000}, HVRV_ERR_MODE},
        {{.vsatp = 0x7000000000000000}, HVRV_ERR_MODE},
        {{.vsatp = 0xb000000000000000}, HVRV_ERR_MODE},
        {{.vsatp = 0xf000000000000000}, HVRV_ERR_MODE},
        {{.hgatp = 0x1000000000000000}, HVRV_ERR_MODE},
        {{.hgatp = 0xb000000000000000}, HVRV_ERR_MODE},
        {{.vsatp = 0x8000000000000001, .hgatp = 0x8000000000000001}, HVRV_ERR_ALIGN},
        {{.hgatp = 0x9000000000000002}, HVRV_ERR_ALIGN},
        {{.hgatp = 0xa000000000000003}, HVRV_ERR_ALIGN},
        {{.henvcfg = 0x8}, HVRV_ERR_UNSUPPORTED},
    };
    static const struct hvrv_walk_regime bare;
    struct hvrv_walk_regime regime;
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        memset(&regime, 0x01, sizeof(regime));
        assert_int_equal(hvrv_walk_regime_from_csrs(&regime, &rows[i].csrs), rows[i].status);
        assert_same_regime(&regime, &bare);
    }
    memset(&regime, 0x01, sizeof(regime));
    assert_int_equal(hvrv_walk_regime_from_csrs(&regime, NULL), HVRV_ERR_NULL);
    assert_same_regime(&regime, &bare);
    assert_int_equal(hvrv_walk_regime_from_csrs(NULL, &rows[0].csrs), HVRV_ERR_NULL);
    assert_int_equal(hvrv_walk_regime_from_csrs(NULL, NULL), HVRV_ERR_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_pointers_are_a_status_and_the_result_is_written),
        cmocka_unit_test(an_access_or_a_privilege_that_is_none_is_refused),
        cmocka_unit_test(a_walk_that_was_not_made_is_refused),
        cmocka_unit_test(a_walk_is_not_made_of_null),
        cmocka_unit_test(a_regime_that_cannot_be_is_refused),
        cmocka_unit_test(a_regime_may_be_dropped_after_the_walk_was_made),
        cmocka_unit_test(a_regime_is_made_of_csrs),
        cmocka_unit_test(csrs_of_which_no_regime_can_be_made_are_refused),
    };

    return cmocka_run_group_tests_name("mmu/walk_input", tests, NULL, NULL);
}
