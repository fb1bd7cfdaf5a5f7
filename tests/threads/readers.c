/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that take no lock: readers, a hart that stores, and one who copies what is dirty. */
#include "world.h"

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
    uint64_t gpa = party_draw_gpa(party);
    struct hvrv_walk_result result;
    enum hvrv_access access = (enum hvrv_access)party_draw(party, 3);
    struct hvrv_walk_request request = {{gpa}, access, HVRV_WALK_VS};
    bool is_two_stage = party_draw(party, 2);
    enum hvrv_status status;
    party_enter(party);
    if (is_two_stage)
        status = hvrv_walk_two_stage(&party->look, &request, &result);
    else
        status = hvrv_walk_g_stage(&party->look, hvrv_gpa_make(gpa), access, &result);
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
    uint64_t gpa = party_draw_gpa(party);
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
        .range = party_draw_range(party, PLACES), .see = see, .context = party};
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
    while (!party_is_over(party)) {
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
    uint64_t page = page_of(gpa);
    uint64_t frozen = __atomic_load_n(&world->frozen[page], __ATOMIC_ACQUIRE);
    struct hvrv_walk_result result;
    party_enter(party);
    enum hvrv_status status =
        hvrv_walk_g_stage(&party->walk, hvrv_gpa_make(gpa), HVRV_ACCESS_STORE, &result);
    bool is_stored = status == HVRV_OK && !result.faulted;
    if (is_stored)
        __atomic_fetch_add(&world->stored[page], 1, __ATOMIC_RELAXED);
    party_leave(party);
    if (is_stored && frozen % 2 &&
        frozen == __atomic_load_n(&world->frozen[page], __ATOMIC_SEQ_CST))
        world_complain(world, "store to what is write-protected", gpa, result.page.g_pte.v);
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
    while (!party_is_over(party)) {
        uint64_t gpa = party_draw_gpa(party);
        if (store_once(party, gpa) || party->world->ad == HVRV_GSTAGE_AD_HARDWARE)
            continue;
        touch(party, gpa);
        store_once(party, gpa);
    }
    return 0;
}

/* Somebody who copies dirty pages. */

static void harvest(struct party *party, struct hvrv_gstage_range range, uint64_t which)
{
    struct world *world = party->world;
    uint64_t bitmap[PLACE_PAGES / 64] = {0};
    struct hvrv_gstage_harvest_request request = {range, which, bitmap, 0};
    struct hvrv_fence_gather gather;
    enum hvrv_status status;
    party_begin(party, &gather);
    do {
        party_enter(party);
        status = hvrv_gstage_harvest(&world->gstage, &request, &gather);
        party_leave(party);
    } while (status == HVRV_ERR_UNFINISHED || status == HVRV_ERR_RACE);
    if (status != HVRV_OK)
        world_complain(world, "harvest", request.range.gpa.v, status);
    party_end(party, &gather);
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
    while (!party_is_over(party))
        harvest(party, party_draw_range(party, PLACES),
                party_draw(party, 4) ? HVRV_PTE_D : HVRV_PTE_A);
    return 0;
}
