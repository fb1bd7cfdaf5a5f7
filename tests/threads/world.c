/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

/* A leaf that no writer makes, in every entry of a page that was given back. */
#define POISON UINT64_C(0x2eb4df)

static _Alignas(16384) uint64_t arena[ARENA_SIZE / 8];

void world_complain(struct world *world, const char *what, uint64_t a, uint64_t b)
{
    if (__atomic_add_fetch(&world->complaints, 1, __ATOMIC_RELAXED) < 10)
        fprintf(stderr, "WRONG: %s: %#llx %#llx\n", what, (unsigned long long)a,
                (unsigned long long)b);
}

static uint64_t *word_of(uint64_t hpa)
{
    uint64_t offset = hpa - ARENA_HPA;
    return offset < ARENA_SIZE ? &arena[offset / 8] : 0;
}

static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    (void)context;
    uint64_t *word = word_of(hpa.v);
    if (word)
        *value = __atomic_load_n(word, __ATOMIC_ACQUIRE);
    return word != 0;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    (void)context;
    uint64_t *word = word_of(hpa.v);
    if (word)
        __atomic_store_n(word, value, __ATOMIC_RELAXED);
    return word != 0;
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context;
    uint64_t *word = word_of(hpa.v);
    if (word)
        __atomic_compare_exchange_n(word, expected, desired, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE);
    return word != 0;
}

/* The root is the first 16 KiB. Plain accesses: nobody may look at these pages now. */
static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    struct world *world = context;
    if (size == HVRV_PAGES_ROOT_X4) {
        page->v = ARENA_HPA;
        memset(arena, 0, size);
        return true;
    }
    pthread_mutex_lock(&world->pool);
    page->v = world->free_count ? world->pages_free[--world->free_count] : 0;
    pthread_mutex_unlock(&world->pool);
    if (page->v)
        memset(word_of(page->v), 0, size);
    return page->v != 0;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    struct world *world = context;
    uint64_t *word = word_of(page.v);
    for (unsigned i = 0; i < size / 8; i++)
        word[i] = POISON;
    if (size != HVRV_PAGES_TABLE)
        return;
    pthread_mutex_lock(&world->pool);
    world->pages_free[world->free_count++] = page.v;
    pthread_mutex_unlock(&world->pool);
}

void party_enter(struct party *party)
{
    __atomic_store_n(&party->epoch, party->epoch + 1, __ATOMIC_SEQ_CST);
}

void party_leave(struct party *party)
{
    __atomic_store_n(&party->epoch, party->epoch + 1, __ATOMIC_SEQ_CST);
}

/* Who was inside when this was called is so no more when it returns. */
static void reach(void *context, const struct hvrv_fence_order *order)
{
    struct world *world = context;
    (void)order;
    for (unsigned i = 0; world->waits && i < PARTIES; i++) {
        uint64_t *epoch = &world->party[i].epoch;
        uint64_t seen = __atomic_load_n(epoch, __ATOMIC_SEQ_CST);
        while (seen % 2 && __atomic_load_n(epoch, __ATOMIC_SEQ_CST) == seen)
            sched_yield();
    }
}

static void fence(struct hvrv_hart *hart, const struct hvrv_hart_fence *which)
{
    (void)hart, (void)which;
}

uint64_t party_draw(struct party *party, uint64_t below)
{
    uint64_t z = party->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static void make_walks(struct world *world)
{
    struct hvrv_walk_regime regime = {
        .g_mode = HVRV_MODE_SV39,
        .g_root = {ARENA_HPA},
        .g_ad = world->ad == HVRV_GSTAGE_AD_HARDWARE ? HVRV_WALK_AD_UPDATE : HVRV_WALK_AD_FAULT,
        .svnapot = true};
    struct hvrv_walk_regime look = regime;
    look.g_ad = HVRV_WALK_AD_IGNORE;
    look.vs_mode = HVRV_MODE_SV39;
    for (unsigned i = 0; i < PARTIES; i++)
        if (hvrv_walk_init(&world->party[i].walk, &regime, &world->phys) != HVRV_OK ||
            hvrv_walk_init(&world->party[i].look, &look, &world->phys) != HVRV_OK)
            world_complain(world, "no walk", i, 0);
}

static void make_lock(struct world *world)
{
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&world->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    pthread_mutex_init(&world->pool, 0);
    pthread_mutex_init(&world->copying, 0);
}

void world_init(struct world *world, const struct world_config *config)
{
    static const struct hvrv_hart_ops hart_ops = {.fence = fence};
    static const struct hvrv_phys_ops phys_ops = {load, store, compare_and_swap};
    struct hvrv_phys_config window = {
        .window = arena, .window_base = {ARENA_HPA}, .window_size = ARENA_SIZE};
    struct hvrv_phys_config port = {.ops = &phys_ops};
    memset(world, 0, sizeof(*world));
    for (unsigned i = 0; i < PARTIES; i++) {
        world->party[i].world = world;
        world->party[i].random = config->seed + i * UINT64_C(0x100000001);
    }
    world->ad = config->ad;
    world->waits = config->waits;
    world->operations = config->operations;
    world->hart.ops = &hart_ops;
    world->pages = (struct hvrv_pages){take, give, world};
    world->domain = (struct hvrv_fence_domain){
        .kind = HVRV_FENCE_G_STAGE, .vmid = 1, .reach = reach, .context = world};
    for (uint64_t i = 0; i < POOL_PAGES; i++)
        world->pages_free[world->free_count++] = ARENA_HPA + HVRV_PAGES_ROOT_X4 + i * 4096;
    for (uint64_t i = 0; i < 512; i++)
        *word_of(GUEST_ROOT_HPA + i * 8) = i << 28 | HVRV_PTE_V | HVRV_PTE_RWX | LEAF_AD;
    make_lock(world);
    struct hvrv_gstage_config tree = {.phys = &world->phys,
                                      .pages = &world->pages,
                                      .stage = HVRV_STAGE_G,
                                      .mode = HVRV_MODE_SV39,
                                      .rules = HVRV_PTE_RULE_SVNAPOT,
                                      .ad = config->ad};
    if (hvrv_phys_init(&world->phys, config->by_port ? &port : &window) != HVRV_OK ||
        hvrv_gstage_init(&world->gstage, &tree) != HVRV_OK)
        world_complain(world, "no tree", 0, 0);
    make_walks(world);
}

void world_fini(struct world *world)
{
    if (hvrv_gstage_fini(&world->gstage) != HVRV_OK)
        world_complain(world, "not empty at the end", 0, 0);
    if (world->free_count != POOL_PAGES)
        world_complain(world, "pages lost", world->free_count, 0);
    pthread_rwlock_destroy(&world->lock);
    pthread_mutex_destroy(&world->pool);
    pthread_mutex_destroy(&world->copying);
}

uint64_t page_of(uint64_t gpa)
{
    for (uint64_t i = 0; i < PLACES; i++)
        if (gpa - PLACE_GPA(i) < PLACE_SIZE)
            return i * PLACE_PAGES + (gpa - PLACE_GPA(i)) / 4096;
    return PAGES;
}

uint64_t gpa_of(uint64_t page)
{
    return PLACE_GPA(page / PLACE_PAGES) + page % PLACE_PAGES * 4096;
}

bool leaf_is_right(uint64_t bits, uint64_t gpa, uint64_t hpa)
{
    /* V, U, A and D may be what they like; R is always there. */
    bool is_made = (bits & ~UINT64_C(0x80000000000000df)) == 0 && (bits & 2) != 0;
    return is_made && page_of(gpa) < PAGES && (hpa == gpa + FAR || hpa == gpa + 2 * FAR);
}

void world_copy(struct world *world, uint64_t page)
{
    pthread_mutex_lock(&world->copying);
    world->copied[page] = __atomic_load_n(&world->stored[page], __ATOMIC_ACQUIRE);
    pthread_mutex_unlock(&world->copying);
}

/* The tables from one at a level down, itself included; complains about empty ones. */
static unsigned count_tables(struct world *world, uint64_t table, unsigned level)
{
    uint64_t *word = word_of(table);
    unsigned used = 0;
    unsigned count = 1;
    for (unsigned i = 0; i < (level == 2 ? 2048 : 512); i++) {
        used += word[i] != 0;
        if ((word[i] & 15) != 1)
            continue;
        uint64_t below = (word[i] >> 10) << 12;
        if (level == 0 || !word_of(below))
            world_complain(world, "a pointer to nowhere", table, word[i]);
        else
            count += count_tables(world, below, level - 1);
    }
    if (used == 0 && level < 2)
        world_complain(world, "an empty table", table, level);
    return count;
}

void world_check(struct world *world)
{
    unsigned count = count_tables(world, ARENA_HPA, 2) - 1;
    if (count + world->free_count != POOL_PAGES)
        world_complain(world, "tables in the tree, and free", count, world->free_count);
    for (uint64_t page = 0; page < PAGES; page++)
        if (world->copied[page] != world->stored[page])
            world_complain(world, "LOST stores to the page, of", page, world->stored[page]);
}
