/* SPDX-License-Identifier: BSD-2-Clause */
/* What the threads do. */
#include "world.h"

#include <sched.h>

/* Gives way now and then, so that nobody is often inside the tables without a processor. */
static bool is_over(struct party *party)
{
    if (++party->done % 4 == 0)
        sched_yield();
    return __atomic_load_n(&party->world->stop, __ATOMIC_RELAXED) != 0;
}

/* In the first places. */
static struct hvrv_gstage_range draw_range(struct party *party, uint64_t places)
{
    static const uint64_t unit[] = {1, 1, 16, 512, PLACE_PAGES};
    uint64_t pages = unit[party_draw(party, 5)];
    uint64_t first = party_draw(party, places * PLACE_PAGES / pages) * pages;
    uint64_t left = PLACE_PAGES - first % PLACE_PAGES;
    if (pages == 1)
        pages = 1 + party_draw(party, left < 40 ? left : 40);
    struct hvrv_gstage_range range = {
        {gpa_of(first)}, pages * 4096, 1 + (uint32_t)party_draw(party, 2000)};
    return range;
}

static uint64_t draw_gpa(struct party *party)
{
    return gpa_of(party_draw(party, PAGES)) + party_draw(party, 4096);
}

/* Readers. */

static void check_page(struct party *party, uint64_t gpa, const struct hvrv_walk_result *result)
{
    const struct hvrv_walk_page *page = &result->page;
    if (!result->faulted && (page->gpa.v != gpa || !(page->g_pte.v & HVRV_PTE_V) ||
                             !leaf_is_right(page->g_pte.v & ~HVRV_PTE_PPN, gpa, page->hpa.v)))
        world_complain(party->world, "translation", gpa, page->hpa.v);
    /* Guest-page faults are 20, 21 and 23: no table that is not there was read. */
    if (result->faulted && (result->fault.cause < 20 || result->fault.cause > 23))
        world_complain(party->world, "fault", gpa, result->fault.cause);
}

static void read_by_walk(struct party *party)
{
    uint64_t gpa = draw_gpa(party);
    struct hvrv_walk_result result;
    enum hvrv_access access = (enum hvrv_access)party_draw(party, 3);
    party_enter(party);
    enum hvrv_status status = hvrv_walk_g_stage(&party->look, hvrv_gpa_make(gpa), access, &result);
    party_leave(party);
    if (result.faulted && access == HVRV_ACCESS_LOAD && gpa >= PLACE_GPA(STEADY))
        world_complain(party->world, "fault on what is readable", gpa, result.fault.pte);
    if (status == HVRV_OK)
        check_page(party, gpa, &result);
    else
        world_complain(party->world, "walk", gpa, status);
}

static void read_by_query(struct party *party)
{
    uint64_t gpa = draw_gpa(party);
    struct hvrv_gstage_entry entry;
    party_enter(party);
    enum hvrv_status status = hvrv_gstage_query(&party->world->gstage, hvrv_gpa_make(gpa), &entry);
    party_leave(party);
    uint64_t size = UINT64_C(1) << entry.shift;
    if (status != HVRV_OK || entry.gpa.v != (gpa & ~(size - 1)))
        world_complain(party->world, "query", gpa, status);
    if (entry.pte.v == 0 && gpa < PLACE_GPA(STEADY))
        return;
    uint64_t ppn = (entry.pte.v & HVRV_PTE_PPN) << 2;
    uint64_t hpa = entry.pte.v >> 63 ? ppn & ~UINT64_C(0xffff) : ppn;
    if (!leaf_is_right(entry.pte.v & ~HVRV_PTE_PPN, entry.gpa.v, hpa))
        world_complain(party->world, "entry", gpa, entry.pte.v);
}

static bool see(void *context, const struct hvrv_gstage_run *run)
{
    struct party *party = context;
    if (run->size == 0 || run->size % 4096 || page_of(run->gpa.v + run->size - 1) == PAGES ||
        !leaf_is_right(run->bits, run->gpa.v, run->hpa.v))
        world_complain(party->world, "run", run->gpa.v, run->bits);
    return true;
}

static void read_by_visit(struct party *party)
{
    struct hvrv_gstage_visit_request visit = {
        .range = draw_range(party, PLACES), .see = see, .context = party};
    enum hvrv_status status;
    do {
        party_enter(party);
        status = hvrv_gstage_visit(&party->world->gstage, &visit);
        party_leave(party);
    } while (status == HVRV_ERR_UNFINISHED || status == HVRV_ERR_RACE);
    if (status != HVRV_OK)
        world_complain(party->world, "visit", visit.range.gpa.v, status);
}

void *run_reader(void *argument)
{
    struct party *party = argument;
    while (!is_over(party)) {
        uint64_t kind = party_draw(party, 16);
        if (kind == 0)
            read_by_visit(party);
        else if (kind < 8)
            read_by_query(party);
        else
            read_by_walk(party);
    }
    return 0;
}

/* A hart that stores. */

static bool store_once(struct party *party, uint64_t gpa)
{
    struct world *world = party->world;
    struct hvrv_walk_result result;
    party_enter(party);
    enum hvrv_status status =
        hvrv_walk_g_stage(&party->walk, hvrv_gpa_make(gpa), HVRV_ACCESS_STORE, &result);
    bool is_stored = status == HVRV_OK && !result.faulted;
    if (is_stored)
        __atomic_fetch_add(&world->stored[page_of(gpa)], 1, __ATOMIC_RELAXED);
    party_leave(party);
    if (status == HVRV_OK)
        check_page(party, gpa, &result);
    else if (status != HVRV_ERR_RACE)
        world_complain(world, "store", gpa, status);
    return is_stored;
}

/* What a hypervisor does about a guest-page fault. */
static void touch(struct party *party, uint64_t gpa)
{
    struct world *world = party->world;
    pthread_rwlock_rdlock(&world->lock);
    enum hvrv_status status =
        hvrv_gstage_touch(&world->gstage, hvrv_gpa_make(gpa), HVRV_ACCESS_STORE);
    pthread_rwlock_unlock(&world->lock);
    if (status != HVRV_OK && status != HVRV_ERR_MISSING && status != HVRV_ERR_RACE)
        world_complain(world, "touch", gpa, status);
}

void *run_hart(void *argument)
{
    struct party *party = argument;
    while (!is_over(party)) {
        uint64_t gpa = draw_gpa(party);
        if (store_once(party, gpa) || party->world->ad == HVRV_GSTAGE_AD_HARDWARE)
            continue;
        touch(party, gpa);
        store_once(party, gpa);
    }
    return 0;
}

/* A gather for one operation. */

static void begin(struct party *party, struct hvrv_fence_gather *gather)
{
    if (hvrv_fence_begin(gather, &party->world->domain, &party->world->hart) != HVRV_OK)
        world_complain(party->world, "begin", 0, 0);
}

static void commit(struct party *party, struct hvrv_fence_gather *gather)
{
    if (hvrv_fence_commit(gather) != HVRV_OK)
        world_complain(party->world, "commit", 0, 0);
}

static void end(struct party *party, struct hvrv_fence_gather *gather)
{
    commit(party, gather);
    if (hvrv_fence_end(gather) != HVRV_OK)
        world_complain(party->world, "end", 0, 0);
}

/* Somebody who copies dirty pages. */

static void harvest(struct party *party, struct hvrv_gstage_range range, uint64_t which)
{
    struct world *world = party->world;
    uint64_t bitmap[PLACE_PAGES / 64] = {0};
    struct hvrv_gstage_harvest_request request = {range, which, bitmap, 0};
    struct hvrv_fence_gather gather;
    enum hvrv_status status;
    begin(party, &gather);
    do {
        party_enter(party);
        status = hvrv_gstage_harvest(&world->gstage, &request, &gather);
        party_leave(party);
    } while (status == HVRV_ERR_UNFINISHED || status == HVRV_ERR_RACE);
    if (status != HVRV_OK)
        world_complain(world, "harvest", request.range.gpa.v, status);
    end(party, &gather);
    for (uint64_t i = 0; i < range.size / 4096 && which == HVRV_PTE_D; i++)
        if (bitmap[i / 64] >> i % 64 & 1)
            world_copy(world, page_of(range.gpa.v) + i);
}

void harvest_all(struct party *party, uint64_t which)
{
    for (unsigned i = 0; i < PLACES; i++) {
        struct hvrv_gstage_range range = {{PLACE_GPA(i)}, PLACE_SIZE, HVRV_GSTAGE_NO_LIMIT};
        harvest(party, range, which);
    }
}

void *run_harvester(void *argument)
{
    struct party *party = argument;
    while (!is_over(party))
        harvest(party, draw_range(party, PLACES), party_draw(party, 4) ? HVRV_PTE_D : HVRV_PTE_A);
    return 0;
}

/* Writers. */

static const uint64_t allowed[] = {HVRV_PTE_R, HVRV_PTE_R | HVRV_PTE_W, HVRV_PTE_R | HVRV_PTE_X,
                                   HVRV_PTE_RWX};

/* An operation may have to stop, with all before it done. */
static void check_status(struct party *party, enum hvrv_status status, uint64_t gpa)
{
    if (status != HVRV_OK && status != HVRV_ERR_UNFINISHED && status != HVRV_ERR_NO_PAGES &&
        status != HVRV_ERR_RACE)
        world_complain(party->world, "status", gpa, status);
}

/* What is taken out of the tree takes its D along: but then it is known what is stored there. */
static void copy_pages(struct party *party, uint64_t gpa, uint64_t end_gpa)
{
    for (uint64_t page = page_of(gpa); page < PAGES && gpa_of(page) < end_gpa; page++)
        world_copy(party->world, page);
}

static void map_some(struct party *party)
{
    static const uint8_t shift[] = {12, 16, 21, 0};
    struct world *world = party->world;
    struct hvrv_gstage_range range = draw_range(party, STEADY);
    struct hvrv_gstage_map_request request = {
        .range = range,
        .hpa = {range.gpa.v + FAR * (1 + party_draw(party, 2))},
        .bits = allowed[party_draw(party, 4)] | (party_draw(party, 2) ? LEAF_AD : 0),
        .shift_max = shift[party_draw(party, 4)],
        .existing = party_draw(party, 4) ? HVRV_GSTAGE_REFUSE : HVRV_GSTAGE_REPLACE};
    struct hvrv_fence_gather gather;
    begin(party, &gather);
    pthread_rwlock_rdlock(&world->lock);
    enum hvrv_status status = hvrv_gstage_map(&world->gstage, &request, &gather);
    pthread_rwlock_unlock(&world->lock);
    end(party, &gather);
    if (status != HVRV_ERR_EXISTS)
        check_status(party, status, request.range.gpa.v);
    if (request.existing == HVRV_GSTAGE_REPLACE)
        copy_pages(party, range.gpa.v, request.range.gpa.v);
}

static enum hvrv_status change(struct party *party, struct hvrv_gstage_range range,
                               struct hvrv_fence_gather *gather)
{
    const struct hvrv_gstage *gstage = &party->world->gstage;
    struct hvrv_gstage_protect_request protect = {range, HVRV_PTE_RWX,
                                                  allowed[party_draw(party, 4)]};
    struct hvrv_gstage_resize resize = {range, party_draw(party, 2) ? 12 : 16};
    switch (range.gpa.v < PLACE_GPA(STEADY) ? party_draw(party, 5) : party_draw(party, 2)) {
    case 0:
        return hvrv_gstage_protect(gstage, &protect, gather);
    case 1:
        return hvrv_gstage_split(gstage, &resize, gather);
    case 2:
        return hvrv_gstage_block(gstage, &range, gather);
    default:
        return hvrv_gstage_unblock(gstage, &range, gather);
    }
}

static void change_some(struct party *party)
{
    struct world *world = party->world;
    struct hvrv_gstage_range range = draw_range(party, PLACES);
    struct hvrv_fence_gather gather;
    begin(party, &gather);
    pthread_rwlock_rdlock(&world->lock);
    enum hvrv_status status = change(party, range, &gather);
    pthread_rwlock_unlock(&world->lock);
    end(party, &gather);
    check_status(party, status, range.gpa.v);
}

static void unmap_some(struct party *party, struct hvrv_gstage_range range)
{
    struct world *world = party->world;
    uint64_t first = range.gpa.v;
    struct hvrv_fence_gather gather;
    begin(party, &gather);
    pthread_rwlock_wrlock(&world->lock);
    enum hvrv_status status = hvrv_gstage_unmap(&world->gstage, &range, &gather);
    pthread_rwlock_unlock(&world->lock);
    end(party, &gather);
    check_status(party, status, range.gpa.v);
    copy_pages(party, first, range.gpa.v);
}

void map_steady(struct party *party)
{
    struct hvrv_gstage_map_request request = {
        .range = {{PLACE_GPA(STEADY)}, PLACE_SIZE, HVRV_GSTAGE_NO_LIMIT},
        .hpa = {PLACE_GPA(STEADY) + FAR},
        .bits = HVRV_PTE_RWX};
    struct hvrv_fence_gather gather;
    begin(party, &gather);
    if (hvrv_gstage_map(&party->world->gstage, &request, &gather) != HVRV_OK)
        world_complain(party->world, "map", request.range.gpa.v, 0);
    end(party, &gather);
}

void unmap_all(struct party *party)
{
    for (unsigned i = 0; i < PLACES; i++) {
        struct hvrv_gstage_range range = {{PLACE_GPA(i)}, PLACE_SIZE, HVRV_GSTAGE_NO_LIMIT};
        unmap_some(party, range);
    }
}

/* The lock is held until the commit: who changes the large leaf relies on its being alone. */
static void merge_some(struct party *party)
{
    struct world *world = party->world;
    struct hvrv_gstage_resize resize = {draw_range(party, PLACES), party_draw(party, 2) ? 16 : 21};
    struct hvrv_fence_gather gather;
    begin(party, &gather);
    pthread_rwlock_wrlock(&world->lock);
    enum hvrv_status status = hvrv_gstage_merge(&world->gstage, &resize, &gather);
    commit(party, &gather);
    pthread_rwlock_unlock(&world->lock);
    end(party, &gather);
    check_status(party, status, resize.range.gpa.v);
}

void *run_writer(void *argument)
{
    struct party *party = argument;
    for (uint64_t i = 0; i < party->world->operations; i++, party->done++) {
        uint64_t kind = party_draw(party, 8);
        if (kind == 0)
            unmap_some(party, draw_range(party, STEADY));
        else if (kind == 1)
            merge_some(party);
        else if (kind < 5)
            map_some(party);
        else
            change_some(party);
    }
    return 0;
}
