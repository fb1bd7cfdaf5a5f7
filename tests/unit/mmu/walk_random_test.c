/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walker against the manual's algorithm (model/walk_model) on random
 * tables, most of them sound but for one entry: see walk_draw.h. Every case is
 * walked six ways: see model/walk_judge.h.
 *
 * In the environment, HVRV_WALK_SEED, HVRV_WALK_FIRST and HVRV_WALK_CASES choose
 * which cases are run. tests/conformance_model.sh runs a hundred million.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/guarded.h"
#include "model/walk_memory.h"
#include "walk_draw.h"

#define CASES        200000
#define CASES_A_SET  64
#define SETS_A_SWEEP 100 /* a look at all of memory, not only at the pages in use */
#define BOTH         2   /* the judge's view besides those of the memory */

static uint64_t pristine[DRAW_USED / 8]; /* the tables as they were drawn */
static struct guarded guarded;
static struct model_memory memory;
static struct draw draw;
static struct walk_judge judge;
static struct hvrv_phys both[4]; /* windows of several sizes before the port */

static struct {
    uint64_t number;
    bool is_open; /* the case is not done */
} current;

static struct {
    unsigned pages_found;
    unsigned faults;
    unsigned by_reason[WALK_REASONS];
    unsigned by_levels[6][6]; /* pages by the leaves' levels; 5 is none */
} seen;

static void make_world(uint64_t seed)
{
    static const uint64_t windows[] = {DRAW_HALF, DRAW_HALF, DRAW_HALF / 2, 0x1000};

    guarded_init(&guarded, DRAW_SIZE);
    memory = (struct model_memory){.words = guarded.words, .base = DRAW_BASE, .size = DRAW_SIZE};
    draw = (struct draw){.seed = seed, .memory = &memory, .model = &judge.model};
    walk_memory_init(&judge, &memory);
    judge.views = 3;
    judge.view[BOTH].name = "both";
    for (unsigned i = 0; i < 4; i++) {
        both[i] = model_memory_by_both(&memory, windows[i]);
        /* The same window where nothing is behind it. */
        both[i].window_delta += (uintptr_t)guarded_window(&guarded, windows[i]);
        both[i].window_delta -= (uintptr_t)guarded.words;
    }
}

static uint64_t *pristine_page(uint64_t hpa)
{
    return &pristine[(hpa - DRAW_BASE) / 8];
}

/* All that is used of memory at a sweep, else the pages of the set. */
static void assert_memory_is_pristine(bool sweep)
{
    if (sweep)
        assert_int_equal(memcmp(memory.words, pristine, DRAW_USED), 0);
    for (uint64_t n = 0; n < draw.pages; n++) {
        uint64_t hpa = draw_page(&draw, n);

        assert_int_equal(memcmp(model_memory_word(&memory, hpa), pristine_page(hpa), 4096), 0);
    }
}

static void begin_set(uint64_t set)
{
    for (uint64_t n = 0; n < draw.pages; n++)
        memset(pristine_page(draw_page(&draw, n)), 0, 4096);
    draw_tables(&draw, set);
    for (uint64_t n = 0; n < draw.pages; n++) {
        uint64_t hpa = draw_page(&draw, n);

        memcpy(pristine_page(hpa), model_memory_word(&memory, hpa), 4096);
    }
    judge.view[BOTH].phys = both[set % 4];
}

/* A walk reads no more than its modes say. */
static void assert_few_reads(const struct walk_model_outcome *outcome)
{
    unsigned vs = judge.model.vsatp_mode ? judge.model.vsatp_mode - 5 : 0;
    unsigned g = judge.model.hgatp_mode ? judge.model.hgatp_mode - 5 : 0;

    assert_true(outcome->reads <= (vs + 1) * (g + 1) - 1);
}

static void count(const struct walk_model_outcome *outcome)
{
    if (!outcome->faulted) {
        seen.pages_found++;
        seen.by_levels[outcome->vs.is_there ? outcome->vs.level : 5]
                      [outcome->g.is_there ? outcome->g.level : 5]++;
        return;
    }
    seen.faults++;
    seen.by_reason[walk_compare_reason(outcome)]++;
}

/* So that the cases are not all of one kind. */
static void assert_everything_happened(unsigned long cases)
{
    printf("%u pages, %u faults:", seen.pages_found, seen.faults);
    for (unsigned i = 1; i < WALK_REASONS; i++)
        printf(" %s %u", hvrv_reason_name((enum hvrv_reason)i), seen.by_reason[i]);
    printf("\n");
    if (cases < CASES)
        return;
    assert_true(seen.pages_found > cases / 4);
    for (unsigned i = 1; i < WALK_REASONS; i++)
        assert_true(seen.by_reason[i] > 100);
    for (unsigned vs = 0; vs < 6; vs++) {
        for (unsigned g = 0; g < 6; g++)
            assert_true(seen.by_levels[vs][g] > 10);
    }
}

static void run_case(uint64_t number)
{
    struct walk_access access = draw_case(&draw, number);
    uint64_t sound;
    uint64_t spoilt = draw_spoilt_entry(&draw, &access, &sound);

    walk_judge_prepare(&judge);
    if (!walk_judge_access(&judge, &access))
        fail();
    assert_few_reads(&judge.outcome);
    count(&judge.outcome);
    if (spoilt)
        model_memory_write(&memory, spoilt, sound);
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

static void every_way_agrees_with_the_manual_on_random_tables(void **state)
{
    unsigned long seed = from_environment("HVRV_WALK_SEED", 20261123);
    unsigned long first = from_environment("HVRV_WALK_FIRST", 0);
    unsigned long cases = from_environment("HVRV_WALK_CASES", CASES);

    (void)state;
    printf("seed %lu, %lu cases from %lu on\n", seed, cases, first);
    make_world(seed);
    for (unsigned long n = first; n < first + cases; n++) {
        if (n == first || n % CASES_A_SET == 0) {
            assert_memory_is_pristine(n / CASES_A_SET % SETS_A_SWEEP == 0);
            begin_set(n / CASES_A_SET);
        }
        current.number = n;
        current.is_open = true;
        run_case(n);
        current.is_open = false;
    }
    assert_memory_is_pristine(true);
    assert_everything_happened(cases);
    assert_int_equal(judge.walks, 6 * cases);
    printf("%lu cases agree\n", cases);
}

/* However a case failed, even by a signal. */
static int tell_how_to_replay(void **state)
{
    unsigned long long seed = draw.seed, number = current.number;

    (void)state;
    if (current.is_open)
        printf("mismatch: seed %llu, case %llu; alone: HVRV_WALK_SEED=%llu HVRV_WALK_FIRST=%llu "
               "HVRV_WALK_CASES=1\n",
               seed, number, seed, number);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_way_agrees_with_the_manual_on_random_tables,
                                  tell_how_to_replay),
    };

    return cmocka_run_group_tests_name("mmu/walk_random", tests, NULL, NULL);
}
