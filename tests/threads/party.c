/* SPDX-License-Identifier: BSD-2-Clause */
/* What readers and writers share. */
#include "world.h"

#include <sched.h>

bool party_is_over(struct party *party)
{
    if (++party->done % 4 == 0)
        sched_yield();
    return __atomic_load_n(&party->world->stop, __ATOMIC_RELAXED) != 0;
}

uint64_t party_draw_page(struct party *party, uint64_t places)
{
    uint64_t table = party_draw(party, places * PLACE_PAGES / 512) * 512;
    return table + party_draw(party, party_draw(party, 2) ? 512 : 1 + party_draw(party, 32));
}

struct hvrv_gstage_range party_draw_range(struct party *party, uint64_t places)
{
    static const uint64_t unit[] = {1, 1, 16, 512, PLACE_PAGES};
    uint64_t pages = unit[party_draw(party, 5)];
    uint64_t first = party_draw_page(party, places) / pages * pages;
    uint64_t left = PLACE_PAGES - first % PLACE_PAGES;
    if (pages == 1)
        pages = 1 + party_draw(party, left < 40 ? left : 40);
    struct hvrv_gstage_range range = {
        {gpa_of(first)}, pages * 4096, 1 + (uint32_t)party_draw(party, 2000)};
    return range;
}

uint64_t party_draw_gpa(struct party *party)
{
    return gpa_of(party_draw_page(party, PLACES)) + party_draw(party, 4096);
}

void party_begin(struct party *party, struct hvrv_fence_gather *gather)
{
    if (hvrv_fence_begin(gather, &party->world->domain, &party->world->hart) != HVRV_OK)
        world_complain(party->world, "begin", 0, 0);
}

void party_commit(struct party *party, struct hvrv_fence_gather *gather)
{
    if (hvrv_fence_commit(gather) != HVRV_OK)
        world_complain(party->world, "commit", 0, 0);
}

void party_end(struct party *party, struct hvrv_fence_gather *gather)
{
    party_commit(party, gather);
    if (hvrv_fence_end(gather) != HVRV_OK)
        world_complain(party->world, "end", 0, 0);
}
