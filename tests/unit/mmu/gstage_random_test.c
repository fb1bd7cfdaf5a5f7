/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random operations on G-stage tables, and on those of Sv39, Sv48 and Sv57, against a flat map
 * (model/flat.h). After each of them the tables as they lie in memory are what the map says, to
 * the last leaf and table page; and hvrv_gstage_query(), the walker and the manual's algorithm
 * (model/walk_model.h) find that, now and then hvrv_gstage_visit() too.
 *
 * Operations come in worlds of 512, each with a tree of its own; a world follows from the seed and
 * its number. In the environment, HVRV_GSTAGE_SEED, HVRV_GSTAGE_FIRST (a world) and HVRV_GSTAGE_OPS
 * choose what is run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/walk.h>

#include "gstage_draw.h"
#include "model/walk_model.h"

#define OPS         20000
#define OPS_A_WORLD 512
#define PROBES      4

static struct world world;
static struct draw_run run = {.world = &world};
static struct hvrv_walk walk;
static struct walk_model judge;

static struct {
    unsigned long seed;
    unsigned long world;
    unsigned long op;
    bool is_open; /* the operation is not done */
} current;

static struct {
    unsigned long by_kind[DRAW_KINDS];
    unsigned long by_status[HVRV_ERR_UNFINISHED + 1];
    unsigned long by_shift[64]; /* leaves of the last look */
    unsigned long calls;
    unsigned long tables_max;
    unsigned long leaves_max;
} seen;

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

/* Sv39x4, Sv48x4, Sv57x4, Sv39, Sv48, Sv57, in turn; the rest as the bits of the number say. */
static struct world_config config_of(unsigned long number)
{
    static const enum hvrv_mode_encoding modes[] = {HVRV_MODE_SV39, HVRV_MODE_SV48, HVRV_MODE_SV57};
    unsigned long kind = number % 6, rest = number / 6;

    return (struct world_config){
        .stage = kind < 3 ? HVRV_STAGE_G : HVRV_STAGE_VS,
        .mode = modes[kind % 3],
        .rules = ((number / 2 + rest) % 2 ? HVRV_PTE_RULE_SVNAPOT : 0) |
                 (rest % 5 ? HVRV_PTE_RULE_SVPBMT : 0) |
                 (rest % 7 == 1 ? HVRV_PTE_RULE_SVRSW60T59B : 0),
        .ad = (number + rest) % 2 ? HVRV_GSTAGE_AD_HARDWARE : HVRV_GSTAGE_AD_FAULT,
        .memory = (enum world_memory)((number / 2 + rest) % WORLD_MEMORIES),
        .seed = current.seed * UINT64_C(1000003) + number,
    };
}

static bool reads(void *memory, uint64_t hpa, uint64_t *value)
{
    const uint64_t *word = model_memory_word(memory, hpa);

    if (word)
        *value = *word;
    return word != NULL;
}

/* The walker and the manual's algorithm look at the tree and never write. */
static void begin_walks(void)
{
    bool is_g = world.config.stage == HVRV_STAGE_G;
    bool svpbmt = world.config.rules & HVRV_PTE_RULE_SVPBMT;
    uint64_t root = world.gstage.root.v;
    struct hvrv_walk_regime regime = {.vs_ad = HVRV_WALK_AD_IGNORE,
                                      .g_ad = HVRV_WALK_AD_IGNORE,
                                      .vs_pbmte = svpbmt,
                                      .g_pbmte = svpbmt,
                                      .svnapot = world.model.napot};

    regime.svrsw60t59b = world.config.rules & HVRV_PTE_RULE_SVRSW60T59B;
    judge = (struct walk_model){.vs_ad = 'i',
                                .g_ad = 'i',
                                .henvcfg_pbmte = svpbmt,
                                .menvcfg_pbmte = svpbmt,
                                .svnapot = world.model.napot,
                                .svrsw60t59b = regime.svrsw60t59b,
                                .memory = &world.memory,
                                .read = reads};
    if (is_g) {
        regime.g_root.v = root;
        regime.g_mode = (uint8_t)world.config.mode;
        judge.hgatp_mode = world.config.mode;
        judge.hgatp_ppn = root >> 12;
    } else {
        regime.vs_root.v = root;
        regime.vs_mode = (uint8_t)world.config.mode;
        judge.vsatp_mode = world.config.mode;
        judge.vsatp_ppn = root >> 12;
    }
    assert_int_equal(hvrv_walk_init(&walk, &regime, &world.phys), HVRV_OK);
}

/* The walker's and the algorithm's answers to one access are the model's. */
static bool walks_there(uint64_t address, enum hvrv_access access, bool is_user)
{
    bool is_g = world.config.stage == HVRV_STAGE_G;
    struct hvrv_walk_request request = {{address}, access, is_user ? HVRV_WALK_VU : HVRV_WALK_VS};
    struct hvrv_walk_result result;
    struct walk_model_outcome outcome;
    uint64_t to;
    bool goes = flat_goes(&world.model, address, "rwxh"[access], is_user, &to);
    enum hvrv_status status =
        is_g ? hvrv_walk_g_stage(&walk, hvrv_gpa_make(address), access, &result)
             : hvrv_walk_two_stage(&walk, &request, &result);

    walk_model_run(&judge, is_g ? "G" : "V", address, "rwxh"[access], is_user, &outcome);
    if (!WORLD_CHECK(&world, status == HVRV_OK, address) ||
        !WORLD_CHECK(&world, result.faulted == !goes, address) ||
        !WORLD_CHECK(&world, outcome.faulted == !goes, address))
        return false;
    return !goes || (WORLD_CHECK(&world, result.page.hpa.v == to, address) &&
                     WORLD_CHECK(&world, (is_g ? outcome.hpa : outcome.gpa) == to, address));
}

static bool is_found(uint64_t address)
{
    const struct flat_leaf *leaf = flat_find(&world.model, address);
    struct hvrv_gstage_entry entry;
    enum hvrv_status status = hvrv_gstage_query(&world.gstage, hvrv_gpa_make(address), &entry);
    unsigned shift = leaf ? leaf->shift : flat_gap(&world.model, address);
    uint64_t word = 0;

    if (!WORLD_CHECK(&world, status == HVRV_OK, address) ||
        !WORLD_CHECK(&world, entry.shift == shift, address) ||
        !WORLD_CHECK(&world, entry.gpa.v == address >> shift << shift, address) ||
        !WORLD_CHECK(&world, reads(&world.memory, entry.pte_address.v, &word), address) ||
        !WORLD_CHECK(&world, word == entry.pte.v, address))
        return false;
    if (!leaf)
        return WORLD_CHECK(&world, entry.pte.v == 0, address);
    uint64_t bits = entry.pte.v & ~(FLAT_PPN | FLAT_N);
    uint64_t to = (entry.pte.v & FLAT_PPN) << 2;
    uint64_t unsure = shift == 16 ? FLAT_A | FLAT_D : 0;
    return WORLD_CHECK(&world, ((entry.pte.v & FLAT_N) != 0) == (shift == 16), address) &&
           WORLD_CHECK(&world, to == (shift == 16 ? leaf->to | 0x8000 : leaf->to), address) &&
           WORLD_CHECK(&world, ((bits ^ leaf->bits) & ~unsure) == 0, address);
}

static bool probe(uint64_t address)
{
    uint64_t page = address & ~UINT64_C(4095);

    if (flat_check_range(&world.model, page, 4096) != FLAT_OK)
        return true;
    return is_found(address) &&
           walks_there(address, (enum hvrv_access)world_draw_below(&world, HVRV_ACCESS_COUNT),
                       world.config.stage == HVRV_STAGE_G || world_draw_below(&world, 2));
}

/* Around the edges of what was touched, and anywhere. */
static bool probe_around(void)
{
    uint64_t first = run.op.address, end = run.request.range.gpa.v;

    if (!probe(first) || !probe(first - 1) || !probe(first + run.op.size) ||
        !probe(first + run.op.size - 1) || !probe(end))
        return false;
    for (unsigned i = 0; i < PROBES; i++) {
        if (!probe(draw_address(&world) + world_draw_below(&world, 4096)))
            return false;
    }
    return true;
}

/* hvrv_gstage_visit() of a range, against the model's leaves from it on. */
struct tour {
    struct flat_range range;
    unsigned at;
};

/* The model's next run. */
static bool next_run(struct tour *tour, struct hvrv_gstage_run *next)
{
    const struct flat *model = &world.model;

    next->size = 0;
    for (; tour->at < model->count; tour->at++) {
        struct flat_leaf leaf = model->leaf[tour->at];
        uint64_t last = leaf.first + ((UINT64_C(1) << leaf.shift) - 1);
        uint64_t first = leaf.first;

        if (first > tour->range.last)
            break;
        if (last < tour->range.first)
            continue;
        if (first < tour->range.first)
            first = tour->range.first;
        if (last > tour->range.last)
            last = tour->range.last;
        leaf.bits |= leaf.shift == 16 ? FLAT_N : 0;
        uint64_t to = leaf.to + (first - leaf.first);
        if (next->size == 0)
            *next = (struct hvrv_gstage_run){{first}, {to}, 0, leaf.bits, leaf.shift};
        else if (next->gpa.v + next->size != first || next->hpa.v + next->size != to ||
                 next->bits != leaf.bits || next->shift != leaf.shift)
            break;
        next->size += last - first + 1;
    }
    return next->size != 0;
}

static bool see(void *context, const struct hvrv_gstage_run *found)
{
    struct hvrv_gstage_run next;

    if (!next_run(context, &next))
        return world_complain(&world, "a run that is none", found->gpa.v);
    return WORLD_CHECK(&world, found->gpa.v == next.gpa.v, found->gpa.v) &&
           WORLD_CHECK(&world, found->hpa.v == next.hpa.v, found->gpa.v) &&
           WORLD_CHECK(&world, found->size == next.size, found->gpa.v) &&
           WORLD_CHECK(&world, found->bits == next.bits, found->gpa.v) &&
           WORLD_CHECK(&world, found->shift == next.shift, found->gpa.v);
}

static bool visit(uint64_t first, uint64_t last)
{
    struct tour tour = {{first, last}, 0};
    struct hvrv_gstage_run next;
    uint32_t budget = HVRV_GSTAGE_NO_LIMIT;
    enum hvrv_status status;

    if (world_draw_below(&world, 2))
        budget = (uint32_t)(1 + world_draw_below(&world, 400));
    struct hvrv_gstage_visit_request request = {
        .range = {{first}, last - first + 1, budget}, .see = see, .context = &tour};
    do
        status = hvrv_gstage_visit(&world.gstage, &request);
    while (status == HVRV_ERR_UNFINISHED);
    return WORLD_CHECK(&world, status == HVRV_OK, status) && !world.complaint[0] &&
           WORLD_CHECK(&world, !next_run(&tour, &next), next.gpa.v);
}

/* All there is, and a range. */
static bool visit_all(void)
{
    uint64_t half = UINT64_C(1) << (world.model.width - 1);
    uint64_t first = draw_address(&world), last = draw_address(&world) + 4095;

    if (!visit(0, half - 1) ||
        !(world.model.is_signed ? visit(-half, UINT64_MAX) : visit(half, 2 * half - 1)))
        return false;
    if (flat_check_range(&world.model, first, last - first + 1) != FLAT_OK)
        return true;
    return visit(first, last);
}

/* Mapped into an empty tree, no leaf larger than is said, a range takes just what it can need. */
static bool needs_what_an_empty_tree_takes(unsigned shift, uint64_t needed)
{
    static struct flat empty;
    struct flat_range range = {run.op.address, run.op.address + run.op.size - 1};
    struct flat_map map = {run.op.address & ((UINT64_C(1) << 56) - 1), FLAT_V | FLAT_R, shift,
                           false};

    flat_copy(&empty, &world.model);
    empty.count = 0;
    return flat_map(&empty, &range, &map) == FLAT_FULL ||
           WORLD_CHECK(&world, needed == flat_tables(&empty), needed);
}

static bool needs_what_was_said(void)
{
    static const unsigned shifts[] = {12, 16, 21, 30, 39, 48};
    struct hvrv_gstage_range range = {{run.op.address}, run.op.size, 1};
    unsigned before = flat_tables(&run.before), after = flat_tables(&world.model);
    unsigned shift = shifts[world_draw_below(&world, world.model.levels + 1)];
    uint64_t most, needed;

    if (flat_check_range(&world.model, run.op.address, run.op.size) != FLAT_OK)
        return true;
    if (!WORLD_CHECK(&world,
                     hvrv_gstage_pages_needed(&world.gstage, &range, 12, &most) == HVRV_OK &&
                         hvrv_gstage_pages_needed(&world.gstage, &range, shift, &needed) == HVRV_OK,
                     shift))
        return false;
    /* More where a larger leaf is mapped over: for both of its edges. */
    if (run.op.kind == DRAW_MAP &&
        !WORLD_CHECK(&world, after <= before + most + 2 * (world.model.levels - 1), most))
        return false;
    if (run.op.kind == DRAW_MAP && !run.op.replaces &&
        !WORLD_CHECK(&world, after <= before + most, most))
        return false;
    if (run.op.kind != DRAW_MAP && run.op.kind != DRAW_SPLIT && after > before &&
        !WORLD_CHECK(&world, after <= before + 2 * (world.model.levels - 1), after))
        return false;
    return world_draw_below(&world, 8) || needs_what_an_empty_tree_takes(shift, needed);
}

static void count(void)
{
    seen.by_kind[run.op.kind]++;
    seen.by_status[run.end.status]++;
    seen.calls += run.calls;
    if (world.model.count > seen.leaves_max)
        seen.leaves_max = world.model.count;
    if (world.in_use > seen.tables_max)
        seen.tables_max = world.in_use;
    for (unsigned i = 0; i < world.model.count; i += 7)
        seen.by_shift[world.model.leaf[i].shift]++;
}

static bool do_one(void)
{
    draw_run(&run);
    if (!draw_carry_out(&run) || !probe_around() || !needs_what_was_said())
        return false;
    if (world_draw_below(&world, 4) && !world_commit(&world))
        return false;
    count();
    return world_draw_below(&world, 32) || visit_all();
}

static void fail_with_complaint(void)
{
    printf("%s\n", world.complaint);
    draw_print(&run.op);
    draw_print_end(&run);
    fail();
}

static void run_world(unsigned long number, unsigned long ops)
{
    struct world_config config = config_of(number);

    world_init(&world, &config);
    memset(&run.op, 0, sizeof(run.op));
    begin_walks();
    for (current.op = 0; current.op < ops; current.op++) {
        current.is_open = true;
        if (!do_one())
            fail_with_complaint();
        current.is_open = false;
    }
    if (!world_fini(&world))
        fail_with_complaint();
    model_hart_check(&world.hart);
}

static void assert_everything_happened(unsigned long ops)
{
    printf("%lu calls, at most %lu leaves and %lu tables; statuses:", seen.calls, seen.leaves_max,
           seen.tables_max);
    for (unsigned i = 0; i <= HVRV_ERR_UNFINISHED; i++)
        printf(" %s %lu", hvrv_status_name((enum hvrv_status)i), seen.by_status[i]);
    printf("\nleaves seen:");
    for (unsigned i = 0; i < 64; i++) {
        if (seen.by_shift[i])
            printf(" 2^%u %lu", i, seen.by_shift[i]);
    }
    printf("\n");
    for (unsigned i = 0; i < DRAW_KINDS && ops >= OPS; i++)
        assert_true(seen.by_kind[i] > ops / 50);
}

static void tables_are_what_a_flat_map_says_after_random_operations(void **state)
{
    unsigned long first = from_environment("HVRV_GSTAGE_FIRST", 0);
    unsigned long ops = from_environment("HVRV_GSTAGE_OPS", OPS);

    (void)state;
    current.seed = from_environment("HVRV_GSTAGE_SEED", 20261123);
    printf("seed %lu, %lu operations from world %lu on\n", current.seed, ops, first);
    current.world = first;
    for (unsigned long left = ops; left > 0; current.world++) {
        unsigned long part = left < OPS_A_WORLD ? left : OPS_A_WORLD;

        run_world(current.world, part);
        left -= part;
    }
    assert_everything_happened(ops);
    printf("%lu operations agree\n", ops);
}

/* However an operation failed, even by a signal. */
static int tell_how_to_replay(void **state)
{
    (void)state;
    if (current.is_open)
        printf("mismatch: seed %lu, world %lu, operation %lu; alone: HVRV_GSTAGE_SEED=%lu "
               "HVRV_GSTAGE_FIRST=%lu HVRV_GSTAGE_OPS=%lu\n",
               current.seed, current.world, current.op, current.seed, current.world,
               current.op + 1);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(tables_are_what_a_flat_map_says_after_random_operations,
                                  tell_how_to_replay),
    };

    return cmocka_run_group_tests_name("mmu/gstage_random", tests, NULL, NULL);
}
