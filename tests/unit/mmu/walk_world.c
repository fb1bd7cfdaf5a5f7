/* SPDX-License-Identifier: BSD-2-Clause */
#include "walk_world.h"

#include <stdio.h>
#include <string.h>

const struct plan sv39_sv39x4 = {8, 0, 8, 0};

static uint64_t words[SIZE / 8];
static uint64_t before[SIZE / 8];
static uint64_t after[SIZE / 8];
static uint64_t remembered[SIZE / 8];
static struct world the_world;

unsigned world_levels(unsigned mode)
{
    return mode == 0 ? 0 : mode - 5;
}

uint64_t world_peek(const struct world *world, uint64_t hpa)
{
    return model_memory_read(&world->memory, hpa);
}

void world_poke(struct world *world, uint64_t hpa, uint64_t value)
{
    model_memory_write(&world->memory, hpa, value);
}

void world_change(struct world *world, uint64_t hpa, uint64_t clear, uint64_t set)
{
    world_poke(world, hpa, (world_peek(world, hpa) & ~clear) | set);
}

/* Every tree goes down from an HPA; a VS-stage pointer holds GPAs, region above BASE. */
struct tree {
    uint64_t root;
    unsigned levels;
    unsigned leaf;
    unsigned entries; /* of the root */
    uint64_t shifted; /* what is added to an HPA in a pointer */
};

/* Maps one address and notes where the entries are. */
static void map(struct world *world, const struct tree *tree, const uint64_t pair[2],
                uint64_t *entries)
{
    uint64_t table = tree->root;

    for (unsigned level = tree->levels - 1;; level--) {
        unsigned shift = 12 + 9 * level;
        unsigned entries_here = level == tree->levels - 1 ? tree->entries : 512;
        uint64_t slot = table + (pair[0] >> shift) % entries_here * 8;

        if (entries)
            entries[level] = slot;
        if (level == tree->leaf) {
            world_poke(world, slot, pair[1]);
            return;
        }
        if (!world_peek(world, slot))
            world_poke(world, slot,
                       (model_memory_take(&world->memory, 4096) + tree->shifted) >> 2 | 1);
        table = ((world_peek(world, slot) >> 10) << 12) - tree->shifted;
    }
}

static void map_g_stage(struct world *world)
{
    struct tree tree = {BASE, world_levels(world->plan.g_mode), world->plan.g_leaf, 2048, 0};
    uint64_t step = UINT64_C(1) << (12 + 9 * tree.leaf);

    for (uint64_t offset = 0; offset < SIZE; offset += step) {
        uint64_t pair[2] = {world->region + offset, (BASE + offset) >> 2 | OPEN};

        map(world, &tree, pair, NULL);
    }
}

/* Where the G-stage's entries for an address in memory are. */
static void find_g_stage(struct world *world, uint64_t hpa, uint64_t *entries)
{
    struct tree tree = {BASE, world_levels(world->plan.g_mode), world->plan.g_leaf, 2048, 0};
    uint64_t page = hpa & ~UINT64_C(0xfff);
    uint64_t pair[2] = {world->region + (hpa - BASE), page >> 2 | OPEN};

    if (tree.leaf > 0)
        pair[1] = BASE >> 2 | OPEN;
    if (tree.levels)
        map(world, &tree, pair, entries);
}

static uint64_t region_of(unsigned g_mode)
{
    switch (g_mode) {
    case 8:
        return UINT64_C(0x6a5) << 30;
    case 9:
        return UINT64_C(0x6a5) << 39;
    case 10:
        return UINT64_C(0x5a) << 48;
    default:
        return BASE;
    }
}

static void map_vs_stage(struct world *world)
{
    const struct plan *plan = &world->plan;
    struct tree tree = {ROOT, world_levels(plan->vs_mode), plan->vs_leaf, 512,
                        world->region - BASE};
    uint64_t offset = (UINT64_C(1) << (12 + 9 * plan->vs_leaf)) - 1;

    world->gva = world->gpa;
    if (plan->vs_mode == 0)
        return;
    world->gva = (UINT64_C(0xffffffd5a5a5a000) & ~offset) | (world->gpa & offset);
    if (plan->vs_leaf >= 3)
        world->gva |= ~((UINT64_C(1) << (11 + 9 * tree.levels)) - 1);
    uint64_t pair[2] = {world->gva, (world->gpa & ~offset) >> 2 | KERNEL};
    map(world, &tree, pair, world->vs_pte);
}

struct world *world_make(const struct plan *plan)
{
    struct world *world = &the_world;

    memset(world, 0, sizeof(*world));
    model_memory_init(&world->memory, words, BASE, SIZE);
    world->plan = *plan;
    world->region = region_of(plan->g_mode);
    world->hpa = BASE + PAGE + 0x5a8;
    world->gpa = world->region + PAGE + 0x5a8;
    model_memory_take(&world->memory, 0x4000);
    model_memory_take(&world->memory, 0x1000);
    if (plan->g_mode)
        map_g_stage(world);
    map_vs_stage(world);
    for (unsigned i = 0; i < world_levels(plan->vs_mode); i++) {
        if (world->vs_pte[i])
            find_g_stage(world, world->vs_pte[i], world->g_pte[i]);
    }
    find_g_stage(world, world->hpa, world->g_pte[5]);
    world->regime.vs_mode = (uint8_t)plan->vs_mode;
    world->regime.g_mode = (uint8_t)plan->g_mode;
    world->regime.g_root.v = plan->g_mode ? BASE : 0;
    world->regime.vs_root.v = plan->vs_mode ? world->region + 0x4000 : 0;
    world_remember(world);
    return world;
}

static void assert_same_fault(const struct hvrv_fault *a, const struct hvrv_fault *b,
                              const char *file, int line)
{
    _assert_int_equal(a->cause, b->cause, file, line);
    _assert_int_equal(a->reason, b->reason, file, line);
    _assert_int_equal(a->stval, b->stval, file, line);
    _assert_int_equal(a->htval, b->htval, file, line);
    _assert_int_equal(a->htinst, b->htinst, file, line);
    _assert_int_equal(a->gva, b->gva, file, line);
    _assert_int_equal(a->stage, b->stage, file, line);
    _assert_int_equal(a->level, b->level, file, line);
    _assert_int_equal(a->pte, b->pte, file, line);
    _assert_int_equal(a->pte_address, b->pte_address, file, line);
    _assert_int_equal(a->access, b->access, file, line);
    _assert_int_equal(a->implicit, b->implicit, file, line);
}

void assert_fault_at(struct hvrv_walk_result result, struct hvrv_fault expected, const char *file,
                     int line)
{
    _assert_int_equal(result.faulted, true, file, line);
    assert_same_fault(&result.fault, &expected, file, line);
}

static void assert_same(const struct hvrv_walk_result *a, const struct hvrv_walk_result *b)
{
    assert_int_equal(a->faulted, b->faulted);
    if (a->faulted) {
        assert_same_fault(&a->fault, &b->fault, __FILE__, __LINE__);
        return;
    }
    assert_int_equal(a->page.hpa.v, b->page.hpa.v);
    assert_int_equal(a->page.gpa.v, b->page.gpa.v);
    assert_int_equal(a->page.vs_pte.v, b->page.vs_pte.v);
    assert_int_equal(a->page.g_pte.v, b->page.g_pte.v);
    assert_int_equal(a->page.vs_pte_address.v, b->page.vs_pte_address.v);
    assert_int_equal(a->page.g_pte_address.v, b->page.g_pte_address.v);
    assert_int_equal(a->page.vs_shift, b->page.vs_shift);
    assert_int_equal(a->page.g_shift, b->page.g_shift);
}

static void count_step(void *context, const struct hvrv_walk_step *step)
{
    unsigned *count = context;

    (void)step;
    (*count)++;
}

static struct hvrv_walk_result walk_one_way(struct world *world,
                                            const struct hvrv_walk_request *request, unsigned way)
{
    struct hvrv_phys phys =
        way < 2 ? model_memory_by_window(&world->memory) : model_memory_by_port(&world->memory);
    struct hvrv_walk walk;
    struct hvrv_walk_result result;
    unsigned reads = 0;

    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    if (way % 2)
        hvrv_walk_set_trace(&walk, count_step, &reads);
    memset(&result, 0x5a, sizeof(result));
    assert_int_equal(hvrv_walk_two_stage(&walk, request, &result), HVRV_OK);
    return result;
}

struct hvrv_walk_result world_walk_at(struct world *world, uint64_t gva, enum hvrv_access access,
                                      enum hvrv_walk_privilege privilege)
{
    struct hvrv_walk_request request = {{gva}, access, privilege};
    size_t used = (size_t)world->memory.taken;
    struct hvrv_walk_result first;

    memcpy(before, words, used);
    first = walk_one_way(world, &request, 0);
    memcpy(after, words, used);
    for (unsigned way = 1; way < 4; way++) {
        memcpy(words, before, used);
        struct hvrv_walk_result result = walk_one_way(world, &request, way);
        assert_same(&first, &result);
        assert_memory_equal(words, after, used);
    }
    return first;
}

struct hvrv_walk_result world_walk(struct world *world, enum hvrv_access access,
                                   enum hvrv_walk_privilege privilege)
{
    return world_walk_at(world, world->gva, access, privilege);
}

enum hvrv_reason world_load(struct world *world)
{
    struct hvrv_walk_result result = world_walk(world, HVRV_ACCESS_LOAD, HVRV_WALK_VS);

    if (result.faulted)
        return result.fault.reason;
    assert_int_equal(result.page.hpa.v, world->hpa);
    return HVRV_REASON_NONE;
}

void world_assert_page(struct world *world, enum hvrv_access access,
                       enum hvrv_walk_privilege privilege)
{
    struct hvrv_walk_result result = world_walk(world, access, privilege);

    if (result.faulted) {
        char text[320];

        hvrv_fault_explain(&result.fault, text, sizeof(text));
        fail_msg("%s", text);
    }
    assert_int_equal(result.page.hpa.v, world->hpa);
    assert_int_equal(result.page.gpa.v, world->gpa);
}

void world_remember(const struct world *world)
{
    memcpy(remembered, world->memory.words, sizeof(remembered));
}

unsigned world_changes(const struct world *world)
{
    unsigned count = 0;

    for (size_t i = 0; i < SIZE / 8; i++)
        count += remembered[i] != world->memory.words[i];
    return count;
}
