/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every page of memory that a call asks for, and every access to memory that it makes, is refused
 * in turn. Where a page is missing, the call says how far it got, all before that is done and
 * nothing after it, no table is empty or lost, and the same call goes on when there are pages
 * again. Where an access is refused the call says so, and whatever is unmapped later, no page is
 * lost and none is given back twice.
 *
 * The operations are a script, and random ones after it; each begins where the one before it
 * ended well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gstage_draw.h"

#define RANDOM_OPS 40
#define ACCESSES   60 /* of an operation that are refused, if HVRV_GSTAGE_ACCESSES is not there */
#define LAST       40
#define KEPT_PAGES 600
#define SEED       20261123
#define MIB        UINT64_C(0x100000)
#define GIB        UINT64_C(0x40000000)
#define RWX        UINT64_C(0xe)
#define NO_LIMIT   HVRV_GSTAGE_NO_LIMIT

static struct world world;
static struct draw_run run = {.world = &world, .is_plain = true};

/* The world at a moment, with the pages in use. */
static struct {
    struct world world;
    uint64_t page[KEPT_PAGES];
    uint64_t words[KEPT_PAGES][512];
    unsigned count;
} kept;

static struct {
    unsigned long pages;
    unsigned long accesses;
    unsigned operation;
    const char *what;
    unsigned long number; /* of what is refused */
} seen;

static const struct draw_op script[] = {
    {DRAW_MAP, 0x3000, 0x1000, NO_LIMIT, 0x7000, RWX, 0, 0, false, 0, HVRV_ACCESS_LOAD},
    /* Every size on the way up and down again. */
    {DRAW_MAP, GIB - 0x30000, GIB + 5 * MIB, NO_LIMIT, 4 * GIB - 0x30000, RWX, 0, 0, false, 0,
     HVRV_ACCESS_LOAD},
    {DRAW_MAP, 3 * GIB, 2 * GIB, NO_LIMIT, 8 * GIB, RWX, 0, 0, false, 0, HVRV_ACCESS_LOAD},
    {DRAW_MAP, 0, 8 * MIB, NO_LIMIT, 0, RWX, 0, 0, false, 0, HVRV_ACCESS_LOAD}, /* exists */
    {DRAW_PROTECT, 3 * GIB + MIB, 64 * MIB, NO_LIMIT, 0, 0, 0x4, 0, false, 0, HVRV_ACCESS_LOAD},
    {DRAW_BLOCK, 2 * GIB - 0x5000, 0x7000, NO_LIMIT, 0, 0, 0, 0, false, 0, HVRV_ACCESS_LOAD},
    {DRAW_UNMAP, GIB + 0x10000, 2 * MIB, NO_LIMIT, 0, 0, 0, 0, false, 0, HVRV_ACCESS_LOAD},
    {DRAW_MAP, 3 * GIB + 2 * MIB + 0x7000, MIB, NO_LIMIT, 0x123000, RWX, 0, 0, true, 0,
     HVRV_ACCESS_LOAD},
    {DRAW_SPLIT, 2 * GIB + 2 * MIB, 2 * MIB, NO_LIMIT, 0, 0, 0, 12, false, 0, HVRV_ACCESS_LOAD},
    {DRAW_TOUCH, 4 * GIB + 5 * GIB / 8, 0, 0, 0, 0, 0, 0, false, 0, HVRV_ACCESS_STORE},
    {DRAW_HARVEST, 4 * GIB + GIB / 2, 128 * MIB, NO_LIMIT, 0, 0, 0x80, 0, false, 5,
     HVRV_ACCESS_LOAD},
    {DRAW_UNBLOCK, 2 * GIB - 0x2000, 0x3000, NO_LIMIT, 0, 0, 0, 0, false, 0, HVRV_ACCESS_LOAD},
    {DRAW_MERGE, 2 * GIB, GIB, NO_LIMIT, 0, 0, 0, 21, false, 0, HVRV_ACCESS_LOAD},
    {DRAW_UNMAP, 0, 4 * GIB, NO_LIMIT, 0, 0, 0, 0, false, 0, HVRV_ACCESS_LOAD},
};
#define SCRIPT (sizeof(script) / sizeof(script[0]))

static void keep_world(void)
{
    kept.world = world;
    kept.count = 0;
    for (uint64_t i = 0; i < WORLD_PAGES; i++) {
        bool is_root = i < 4;

        if (!world.is_taken[i] && !is_root)
            continue;
        assert_true(kept.count < KEPT_PAGES);
        kept.page[kept.count] = WORLD_BASE + i * 4096;
        memcpy(kept.words[kept.count], model_memory_word(&world.memory, kept.page[kept.count]),
               4096);
        kept.count++;
    }
}

static void restore_world(void)
{
    world = kept.world;
    for (unsigned i = 0; i < kept.count; i++)
        memcpy(model_memory_word(&world.memory, kept.page[i]), kept.words[i], 4096);
}

static void fail_with_complaint(void)
{
    printf("%s, operation %u, %s %lu refused\n", world.complaint, seen.operation, seen.what,
           seen.number);
    draw_print(&run.op);
    draw_print_end(&run);
    fail();
}

/* The operation, from where it begins, while nothing is refused. */
static void do_well(void)
{
    restore_world();
    draw_foretell(&run);
    if (!draw_carry_out(&run) || !world_commit(&world))
        fail_with_complaint();
}

/* The n-th page is refused; false if that many are not asked for. */
static bool refuse_page(unsigned n)
{
    restore_world();
    draw_foretell(&run);
    seen.what = "page";
    seen.number = n;
    world.requests = 0;
    world.refused = n;
    if (!draw_carry_out(&run) || !world_commit(&world))
        fail_with_complaint();
    bool is_refused = world.requests >= n;
    world.refused = 0;
    seen.pages += is_refused;
    return is_refused;
}

/*
 * A table that can no longer be read is not found to be empty, and sixteen entries are not changed
 * at once; all else is done or not.
 */
static bool leaves_no_trace(void)
{
    return run.op.kind != DRAW_UNMAP && run.op.kind != DRAW_TOUCH && !world.model.napot;
}

/* The n-th access is refused: the call says so, and nothing is lost for it. */
static bool refuse_access(unsigned n)
{
    restore_world();
    draw_foretell(&run);
    seen.what = "access";
    seen.number = n;
    draw_begin(&run);
    world.memory.accesses = 0;
    world.memory.refused = n;
    enum hvrv_status status = draw_call(&run);
    bool is_refused = world.memory.accesses >= n;
    world.memory.refused = 0;
    if (!WORLD_CHECK(&world, status == (is_refused ? HVRV_ERR_ACCESS : run.end.status), status) ||
        (is_refused && leaves_no_trace() && !draw_is_half_done(&run)) || !world_fini(&world))
        fail_with_complaint();
    seen.accesses += is_refused;
    return is_refused;
}

static void refuse_all(void)
{
    const char *told = getenv("HVRV_GSTAGE_ACCESSES");
    unsigned most = told ? (unsigned)strtoul(told, NULL, 0) : ACCESSES;
    unsigned n = 1, accesses;

    keep_world();
    draw_foretell(&run);
    assert_true(run.is_foretold);
    while (refuse_page(n))
        n++;
    do_well();
    accesses = world.memory.accesses - kept.world.memory.accesses;
    /* The last of them one by one: there tables are taken out. */
    for (n = 1; n <= accesses; n += n + LAST < accesses ? 1 + accesses / most : 1) {
        if (!refuse_access(n))
            break;
    }
    seen.what = "nothing";
    do_well();
}

static void run_world(enum hvrv_stage stage, enum hvrv_mode_encoding mode, unsigned number)
{
    struct world_config config = {.stage = stage,
                                  .mode = mode,
                                  .rules = number % 3 ? HVRV_PTE_RULE_SVNAPOT : 0,
                                  .ad = number % 2 ? HVRV_GSTAGE_AD_HARDWARE : HVRV_GSTAGE_AD_FAULT,
                                  .memory = number % 4 == 3 ? WORLD_BY_BOTH : WORLD_BY_PORT,
                                  .seed = SEED + number};

    world_init(&world, &config);
    memset(&run.op, 0, sizeof(run.op));
    for (seen.operation = 0; seen.operation < SCRIPT + RANDOM_OPS; seen.operation++) {
        if (seen.operation < SCRIPT) {
            run.op = script[seen.operation];
        } else {
            draw_run(&run);
            flat_copy(&world.model, &run.before);
            run.op.budget = run.op.budget ? NO_LIMIT : 0;
        }
        refuse_all();
    }
    if (!world_fini(&world))
        fail_with_complaint();
    model_hart_check(&world.hart);
}

static void nothing_is_lost_whatever_is_refused(void **state)
{
    static const enum hvrv_mode_encoding modes[] = {HVRV_MODE_SV39, HVRV_MODE_SV48, HVRV_MODE_SV57};

    (void)state;
    printf("seed %d\n", SEED);
    for (unsigned i = 0; i < 6; i++)
        run_world(i < 3 ? HVRV_STAGE_G : HVRV_STAGE_VS, modes[i % 3], i);
    printf("%lu pages and %lu accesses refused\n", seen.pages, seen.accesses);
    assert_true(seen.pages > 100);
    assert_true(seen.accesses > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_whatever_is_refused),
    };

    return cmocka_run_group_tests_name("mmu/gstage_refuse", tests, NULL, NULL);
}
