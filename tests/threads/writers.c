/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that change the tables. */
#include "world.h"

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
    struct hvrv_gstage_range range = party_draw_range(party, STEADY);
    struct hvrv_gstage_map_request request = {
        .range = range,
        .hpa = {range.gpa.v + FAR * (1 + party_draw(party, 2))},
        .bits = allowed[party_draw(party, 4)] | (party_draw(party, 2) ? LEAF_AD : 0),
        .shift_max = shift[party_draw(party, 4)],
        .existing = party_draw(party, 4) ? HVRV_GSTAGE_REFUSE : HVRV_GSTAGE_REPLACE};
    struct hvrv_fence_gather gather;
    party_begin(party, &gather);
    pthread_rwlock_rdlock(&world->lock);
    enum hvrv_status status = hvrv_gstage_map(&world->gstage, &request, &gather);
    pthread_rwlock_unlock(&world->lock);
    party_end(party, &gather);
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
    uint64_t kinds = 5;
    if (range.gpa.v >= PLACE_GPA(STEADY))
        kinds = range.gpa.v < PLACE_GPA(STEADY) + FROZEN_SIZE ? 1 : 2;
    switch (party_draw(party, kinds)) {
    case 0:
        return hvrv_gstage_split(gstage, &resize, gather);
    case 1:
        return hvrv_gstage_protect(gstage, &protect, gather);
    case 2:
        return hvrv_gstage_block(gstage, &range, gather);
    default:
        return hvrv_gstage_unblock(gstage, &range, gather);
    }
}

static void change_some(struct party *party)
{
    struct world *world = party->world;
    struct hvrv_gstage_range range = party_draw_range(party, PLACES);
    struct hvrv_fence_gather gather;
    party_begin(party, &gather);
    pthread_rwlock_rdlock(&world->lock);
    enum hvrv_status status = change(party, range, &gather);
    pthread_rwlock_unlock(&world->lock);
    party_end(party, &gather);
    check_status(party, status, range.gpa.v);
}

/* In the first half of the steady place a writer has sixteens of its own, which it write-protects
 * and sets free. */
static void freeze_some(struct party *party)
{
    struct world *world = party->world;
    uint64_t writer = (uint64_t)(party - world->party) % 2;
    uint64_t first = party_draw_page(party, 1) % (FROZEN_SIZE / 4096) / 32 * 32 + writer * 16;
    first += STEADY * PLACE_PAGES;
    bool is_frozen = world->frozen[first] % 2;
    struct hvrv_gstage_protect_request request = {
        {{gpa_of(first)}, 16 * 4096, HVRV_GSTAGE_NO_LIMIT}, HVRV_PTE_W, is_frozen ? HVRV_PTE_W : 0};
    struct hvrv_fence_gather gather;
    enum hvrv_status status;
    for (uint64_t i = 0; i < 16 && is_frozen; i++)
        __atomic_fetch_add(&world->frozen[first + i], 1, __ATOMIC_SEQ_CST);
    party_begin(party, &gather);
    do {
        pthread_rwlock_rdlock(&world->lock);
        status = hvrv_gstage_protect(&world->gstage, &request, &gather);
        pthread_rwlock_unlock(&world->lock);
    } while (status == HVRV_ERR_RACE);
    party_end(party, &gather);
    check_status(party, status, request.range.gpa.v);
    for (uint64_t i = 0; i < 16 && !is_frozen && status == HVRV_OK; i++)
        __atomic_fetch_add(&world->frozen[first + i], 1, __ATOMIC_SEQ_CST);
}

/* These two hold the lock until the commit, as gstage.h says. */
static void unmap_some(struct party *party, struct hvrv_gstage_range range)
{
    struct world *world = party->world;
    uint64_t first = range.gpa.v;
    struct hvrv_fence_gather gather;
    party_begin(party, &gather);
    pthread_rwlock_wrlock(&world->lock);
    enum hvrv_status status = hvrv_gstage_unmap(&world->gstage, &range, &gather);
    party_commit(party, &gather);
    pthread_rwlock_unlock(&world->lock);
    party_end(party, &gather);
    check_status(party, status, range.gpa.v);
    copy_pages(party, first, range.gpa.v);
}

static void map_whole(struct party *party, uint64_t gpa, uint64_t size, uint64_t hpa)
{
    struct hvrv_gstage_map_request request = {
        .range = {{gpa}, size, HVRV_GSTAGE_NO_LIMIT}, .hpa = {hpa}, .bits = HVRV_PTE_RWX | LEAF_AD};
    struct hvrv_fence_gather gather;
    party_begin(party, &gather);
    check_status(party, hvrv_gstage_map(&party->world->gstage, &request, &gather), gpa);
    party_end(party, &gather);
}

void map_at_first(struct party *party)
{
    map_whole(party, PLACE_GPA(STEADY), PLACE_SIZE, PLACE_GPA(STEADY) + FAR);
    map_whole(party, 0, 4096, GUEST_ROOT_HPA);
}

void unmap_all(struct party *party)
{
    struct hvrv_gstage_range first = {{0}, 4096, HVRV_GSTAGE_NO_LIMIT};
    unmap_some(party, first);
    for (unsigned i = 0; i < PLACES; i++) {
        struct hvrv_gstage_range range = {{PLACE_GPA(i)}, PLACE_SIZE, HVRV_GSTAGE_NO_LIMIT};
        unmap_some(party, range);
    }
}

static void merge_some(struct party *party)
{
    struct world *world = party->world;
    struct hvrv_gstage_resize resize = {party_draw_range(party, PLACES),
                                        party_draw(party, 2) ? 16 : 21};
    struct hvrv_fence_gather gather;
    party_begin(party, &gather);
    pthread_rwlock_wrlock(&world->lock);
    enum hvrv_status status = hvrv_gstage_merge(&world->gstage, &resize, &gather);
    party_commit(party, &gather);
    pthread_rwlock_unlock(&world->lock);
    party_end(party, &gather);
    check_status(party, status, resize.range.gpa.v);
}

void *run_writer(void *argument)
{
    struct party *party = argument;
    for (uint64_t i = 0; i < party->world->operations; i++, party->done++) {
        uint64_t kind = party_draw(party, 8);
        if (kind == 0)
            unmap_some(party, party_draw_range(party, STEADY));
        else if (kind == 1)
            merge_some(party);
        else if (kind < 4)
            map_some(party);
        else if (kind == 4)
            freeze_some(party);
        else
            change_some(party);
    }
    return 0;
}
