/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_world.h"

#include <stdio.h>
#include <string.h>

#define ROOT_PAGES 4
/* What a page holds that is not in use: a leaf of everything, for whoever still looks there. */
#define POISON UINT64_C(0x00300000000000df)

static uint64_t words[WORLD_SIZE / 8];

bool world_complain(struct world *world, const char *what, uint64_t number)
{
    if (!world->complaint[0])
        snprintf(world->complaint, sizeof(world->complaint), "%s: 0x%llx", what,
                 (unsigned long long)number);
    return false;
}

/* splitmix64 */
uint64_t world_draw(struct world *world)
{
    uint64_t z = world->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint64_t world_draw_below(struct world *world, uint64_t bound)
{
    return world_draw(world) % bound;
}

static void fill(struct world *world, unsigned page, unsigned count, uint64_t value)
{
    for (unsigned i = 0; i < count * 512; i++)
        world->memory.words[page * 512 + i] = value;
}

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    struct world *world = context;
    unsigned at = 0;

    if (world->is_taken[0]) { /* the root was the first */
        world->requests++;
        if (world->requests == world->refused || world->in_use >= world->limit) {
            world->has_refused = true;
            return false;
        }
        at = (unsigned)(ROOT_PAGES + world_draw_below(world, WORLD_PAGES - ROOT_PAGES));
        while (world->is_taken[at])
            at = at + 1 < WORLD_PAGES ? at + 1 : ROOT_PAGES;
        world->in_use++;
    }
    world->is_taken[at] = true;
    fill(world, at, (unsigned)size / 4096, 0);
    page->v = WORLD_BASE + UINT64_C(4096) * at;
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    struct world *world = context;
    uint64_t at = (page.v - WORLD_BASE) / 4096;
    bool is_root = world->gstage.mode && page.v == world->gstage.root.v;

    if (page.v < WORLD_BASE || at >= WORLD_PAGES || !world->is_taken[at]) {
        world_complain(world, "a page was given that nobody has", page.v);
        return;
    }
    if (is_root != (at == 0))
        world_complain(world, "the root was given, or what is none as one", page.v);
    world->is_taken[at] = false;
    if (at != 0)
        world->in_use--;
    fill(world, (unsigned)at, (unsigned)size / 4096, POISON);
}

/* The port, with somebody who watches it. */
static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    struct world *world = context;

    return world->port.ops->load(world->port.context, hpa, value);
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    struct world *world = context;

    if (world->watch)
        world->watch(world);
    return world->port.ops->store(world->port.context, hpa, value);
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    struct world *world = context;

    if (world->watch)
        world->watch(world);
    return world->port.ops->compare_and_swap(world->port.context, hpa, expected, desired);
}

static const struct hvrv_phys_ops ops = {load, store, compare_and_swap};

static void see_memory(struct world *world)
{
    struct hvrv_phys_config config = {.ops = &ops, .context = world};

    if (world->config.memory != WORLD_BY_PORT) {
        config.window = world->memory.words;
        config.window_base.v = WORLD_BASE;
        config.window_size = world->config.memory == WORLD_BY_BOTH ? WORLD_SIZE / 2 : WORLD_SIZE;
    }
    world->port = model_memory_by_port(&world->memory);
    if (hvrv_phys_init(&world->phys, &config) != HVRV_OK)
        world_complain(world, "the view of memory was refused", 0);
}

static void init_model(struct world *world)
{
    static const unsigned widths[] = {39, 48, 57};
    const struct world_config *config = &world->config;
    unsigned row = config->mode - 8U;

    world->model.levels = 3 + row;
    world->model.is_signed = config->stage == HVRV_STAGE_VS;
    world->model.width = widths[row] + (world->model.is_signed ? 0 : 2);
    world->model.napot = (config->rules & 2) != 0;
    world->model.hardware = config->ad == HVRV_GSTAGE_AD_HARDWARE;
    world->model.count = 0;
    flat_copy(&world->found, &world->model);
}

void world_init(struct world *world, const struct world_config *config)
{
    memset(world, 0, sizeof(*world));
    world->config = *config;
    world->random = config->seed;
    world->limit = WORLD_PAGES - ROOT_PAGES;
    model_memory_init(&world->memory, words, WORLD_BASE, WORLD_SIZE);
    fill(world, 0, WORLD_PAGES, POISON);
    see_memory(world);
    world->pages = (struct hvrv_pages){take, give, world};
    model_hart_init(&world->hart);
    world->domain.kind = config->stage == HVRV_STAGE_G ? HVRV_FENCE_G_STAGE : HVRV_FENCE_VS_STAGE;
    init_model(world);
    struct hvrv_gstage_config of_tree = {.phys = &world->phys,
                                         .pages = &world->pages,
                                         .stage = config->stage,
                                         .mode = config->mode,
                                         .rules = config->rules,
                                         .ad = config->ad};
    if (hvrv_gstage_init(&world->gstage, &of_tree) != HVRV_OK ||
        hvrv_fence_begin(&world->gather, &world->domain, &world->hart.hart) != HVRV_OK)
        world_complain(world, "the tree or the gather was refused", 0);
}

/* A look at the tables, level by level, without recursion. */
struct scan {
    struct world *world;
    const uint64_t *table[5]; /* by level */
    unsigned next[5];         /* the entry to be looked at */
    bool is_empty[5];
    unsigned tables;
};

static uint64_t address_of(const struct scan *scan, unsigned level)
{
    const struct flat *model = &scan->world->model;
    uint64_t address = 0;

    for (unsigned i = level; i < model->levels; i++)
        address |= (uint64_t)scan->next[i] << (12 + 9 * i);
    if (model->is_signed && address >> (model->width - 1))
        address |= ~UINT64_C(0) << model->width;
    return address;
}

/* The other entries of 64 KiB are as the first, but for A and D. */
static bool scan_napot(struct scan *scan, const uint64_t *entry, struct flat_leaf *leaf)
{
    leaf->shift = 16;
    if ((leaf->to >> 12 & 15) != 8 || !scan->world->model.napot)
        return world_complain(scan->world, "N where none may be", entry[0]);
    leaf->to -= 0x8000;
    for (unsigned i = 1; i < 16; i++) {
        if ((entry[i] ^ entry[0]) & ~(FLAT_A | FLAT_D))
            return world_complain(scan->world, "sixteen entries are not one leaf", entry[i]);
        leaf->bits |= entry[i] & (FLAT_A | FLAT_D);
    }
    scan->next[0] += 15;
    return true;
}

static bool scan_leaf(struct scan *scan, unsigned level, const uint64_t *entry)
{
    struct flat *found = &scan->world->found;
    struct flat_leaf leaf = {.first = address_of(scan, level),
                             .to = (*entry & FLAT_PPN) << 2,
                             .bits = *entry & ~(FLAT_PPN | FLAT_N),
                             .shift = 12 + 9 * level};

    if (found->count == FLAT_SIZE)
        return world_complain(scan->world, "too many leaves", found->count);
    if (*entry & FLAT_N) {
        if (level != 0 || scan->next[0] % 16 != 0)
            return world_complain(scan->world, "N in the wrong place", leaf.first);
        if (!scan_napot(scan, entry, &leaf))
            return false;
    }
    if (leaf.to & ((UINT64_C(1) << leaf.shift) - 1))
        return world_complain(scan->world, "a leaf is not aligned", leaf.first);
    found->leaf[found->count++] = leaf;
    return true;
}

/* Looks at one entry; may go a level down. */
static bool scan_entry(struct scan *scan, unsigned *level)
{
    struct world *world = scan->world;
    const uint64_t *entry = &scan->table[*level][scan->next[*level]];

    if (*entry == 0) {
        scan->next[*level]++;
        return true;
    }
    scan->is_empty[*level] = false;
    if (*entry & (FLAT_R | FLAT_X)) {
        if (!scan_leaf(scan, *level, entry))
            return false;
    } else {
        uint64_t table = (*entry & FLAT_PPN) << 2;

        if ((*entry & ~FLAT_PPN) != FLAT_V || *level == 0)
            return world_complain(world, "an entry is neither leaf nor pointer", *entry);
        if (table <= WORLD_BASE || table >= WORLD_BASE + WORLD_SIZE ||
            !world->is_taken[(table - WORLD_BASE) / 4096])
            return world_complain(world, "a pointer to what is no table", *entry);
        (*level)--;
        scan->table[*level] = model_memory_word(&world->memory, table);
        scan->next[*level] = 0;
        scan->is_empty[*level] = true;
        scan->tables++;
        return true;
    }
    scan->next[*level]++;
    return true;
}

bool world_scan(struct world *world)
{
    unsigned top = world->model.levels - 1;
    unsigned level = top, root_entries = world->model.is_signed ? 512 : 2048;
    struct scan scan = {.world = world};

    scan.table[top] = model_memory_word(&world->memory, world->gstage.root.v);
    world->found.count = 0;
    for (;;) {
        if (scan.next[level] < (level == top ? root_entries : 512)) {
            if (!scan_entry(&scan, &level))
                return false;
            continue;
        }
        if (level == top)
            break;
        if (scan.is_empty[level])
            return world_complain(world, "a table is empty", address_of(&scan, level + 1));
        level++;
        scan.next[level]++;
    }
    return WORLD_CHECK(world, scan.tables == flat_tables(&world->found), scan.tables);
}

bool world_is_as_modelled(struct world *world, uint64_t but)
{
    if (!WORLD_CHECK(world, world->found.count == world->model.count, world->found.count))
        return false;
    for (unsigned i = 0; i < world->found.count; i++) {
        const struct flat_leaf *found = &world->found.leaf[i];
        const struct flat_leaf *model = &world->model.leaf[i];

        if (!WORLD_CHECK(world, found->first == model->first, found->first) ||
            !WORLD_CHECK(world, found->shift == model->shift, found->first) ||
            !WORLD_CHECK(world, found->to == model->to, found->first) ||
            !WORLD_CHECK(world, ((found->bits ^ model->bits) & ~but) == 0, found->first))
            return false;
    }
    return true;
}

bool world_commit(struct world *world)
{
    enum hvrv_status status = hvrv_fence_commit(&world->gather);

    model_log_clear(&world->hart);
    return WORLD_CHECK(world, status == HVRV_OK, status) && world_scan(world) &&
           WORLD_CHECK(world, world->in_use == flat_tables(&world->found), world->in_use);
}

static bool unmap_half(struct world *world, uint64_t first, uint64_t size)
{
    struct hvrv_gstage_range range = {{first}, size, HVRV_GSTAGE_NO_LIMIT};
    enum hvrv_status status = hvrv_gstage_unmap(&world->gstage, &range, &world->gather);

    return WORLD_CHECK(world, status == HVRV_OK, status);
}

bool world_fini(struct world *world)
{
    uint64_t half = UINT64_C(1) << (world->model.width - 1);

    if (!unmap_half(world, 0, half) ||
        !unmap_half(world, world->model.is_signed ? -half : half, half) || !world_commit(world))
        return false;
    return WORLD_CHECK(world, hvrv_fence_end(&world->gather) == HVRV_OK, 0) &&
           WORLD_CHECK(world, hvrv_gstage_fini(&world->gstage) == HVRV_OK, 0) &&
           WORLD_CHECK(world, world->in_use == 0 && !world->is_taken[0], world->in_use) &&
           !world->complaint[0];
}
