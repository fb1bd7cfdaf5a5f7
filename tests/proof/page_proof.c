/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page has one use and one owner, and goes from one use to another by the ways of the guide's
 * page and no others, whatever is called with whatever arguments. By induction: from any map that
 * is sound every call leaves one that is sound, changes pages of the range alone, or nothing.
 *
 * Assumptions:
 * - The map is of three pages, at any place; each is looked at and written alike.
 * - Two harts. Any epochs.
 *
 * Files: lib/cove/page.c lib/cove/epoch.c
 */
#include <hvrv/cove/page.h>

#include "proof.h"

#define PAGES 3

static uint64_t words[PAGES];
static uint64_t seen[2];
static struct hvrv_epoch epoch;
static struct hvrv_page_map map;

/* The uses that have an owner. */
static bool is_owned(enum hvrv_page_state state)
{
    switch (state) {
    case HVRV_PAGE_STATE:
    case HVRV_PAGE_ROOT:
    case HVRV_PAGE_POOL:
    case HVRV_PAGE_VHART:
    case HVRV_PAGE_MEASURED:
    case HVRV_PAGE_ZERO:
    case HVRV_PAGE_BLOCKED_MEASURED:
    case HVRV_PAGE_BLOCKED_ZERO:
    case HVRV_PAGE_FILE:
        return true;
    default:
        return false;
    }
}

/* The ways, written down once more. */
static bool may_become(enum hvrv_page_state from, enum hvrv_page_state to)
{
    switch (from) {
    case HVRV_PAGE_RESERVED:
        return to == HVRV_PAGE_HOST || to == HVRV_PAGE_FREE;
    case HVRV_PAGE_HOST:
        return to == HVRV_PAGE_CONVERTING || to == HVRV_PAGE_SHARED;
    case HVRV_PAGE_SHARED:
        return to == HVRV_PAGE_HOST;
    case HVRV_PAGE_CONVERTING:
        return false;
    case HVRV_PAGE_FREE:
        return to == HVRV_PAGE_HOST ||
               (is_owned(to) && to != HVRV_PAGE_BLOCKED_MEASURED && to != HVRV_PAGE_BLOCKED_ZERO);
    case HVRV_PAGE_MEASURED:
        return to == HVRV_PAGE_FREE || to == HVRV_PAGE_BLOCKED_MEASURED;
    case HVRV_PAGE_ZERO:
        return to == HVRV_PAGE_FREE || to == HVRV_PAGE_BLOCKED_ZERO;
    case HVRV_PAGE_BLOCKED_MEASURED:
        return to == HVRV_PAGE_FREE || to == HVRV_PAGE_MEASURED;
    case HVRV_PAGE_BLOCKED_ZERO:
        return to == HVRV_PAGE_FREE || to == HVRV_PAGE_ZERO;
    default:
        return is_owned(from) && to == HVRV_PAGE_FREE;
    }
}

static struct hvrv_page at(unsigned i)
{
    return hvrv_page_get(&map, hvrv_hpa_make(map.base.v + 4096 * i));
}

static bool is_sound_page(const struct hvrv_page *page)
{
    return (unsigned)page->state < HVRV_PAGE_STATES && page->owner <= 2047 &&
           page->epoch < UINT64_C(1) << 48 && (page->owner != 0) == is_owned(page->state) &&
           IMPLIES(page->state == HVRV_PAGE_SHARED, page->epoch > 0) &&
           IMPLIES(page->state == HVRV_PAGE_HOST || page->state == HVRV_PAGE_FREE,
                   page->epoch == 0);
}

static bool is_sound(void)
{
    struct hvrv_page pages[PAGES] = {at(0), at(1), at(2)};

    return is_sound_page(&pages[0]) && is_sound_page(&pages[1]) && is_sound_page(&pages[2]);
}

static void begin(void)
{
    epoch.now = nondet_u64();
    epoch.seen = seen;
    epoch.count = 2;
    seen[0] = nondet_u64();
    seen[1] = nondet_u64();
    map.words = words;
    map.base.v = nondet_u64();
    map.count = PAGES;
    map.epoch = &epoch;
    for (unsigned i = 0; i < PAGES; i++)
        words[i] = nondet_u64();
    ASSUME(map.base.v % 4096 == 0 && map.base.v < (UINT64_C(1) << 56) - PAGES * 4096);
    ASSUME(is_sound());
}

static struct hvrv_range any_range(void)
{
    const struct hvrv_range range = {nondet_u64(), nondet_u64()};

    ASSUME(range.first % 4096 == 0 && range.last % 4096 == 4095);
    return range;
}

static bool is_in(const struct hvrv_range *range, unsigned i)
{
    uint64_t page = map.base.v + 4096 * i;

    return range->first <= page && page <= range->last;
}

void a_page_goes_the_ways_there_are(void)
{
    struct hvrv_page_change change = {
        .from = (enum hvrv_page_state)nondet_unsigned(),
        .to = (enum hvrv_page_state)nondet_unsigned(),
        .owner = nondet_unsigned(),
        .epoch = nondet_u64(),
    };
    unsigned i = nondet_unsigned();
    struct hvrv_page before;
    struct hvrv_page after;
    enum hvrv_status checked;
    enum hvrv_status status;
    uint64_t word;

    begin();
    ASSUME(i < PAGES);
    change.range = any_range();
    before = at(i);
    word = words[i];
    checked = hvrv_page_check(&map, &change);
    PROVE(words[i] == word);
    status = hvrv_page_move(&map, &change);
    after = at(i);
    PROVE(status == checked);
    PROVE(is_sound());
    if (status != HVRV_OK || !is_in(&change.range, i)) {
        PROVE(words[i] == word);
        COVER(status == HVRV_ERR_STATE && before.state == change.from);
        return;
    }
    PROVE(before.state == change.from && may_become(before.state, change.to));
    PROVE(after.state == change.to ||
          (change.to == HVRV_PAGE_CONVERTING && after.state == HVRV_PAGE_FREE));
    PROVE(change.from != HVRV_PAGE_SHARED && change.to != HVRV_PAGE_SHARED);
    PROVE(IMPLIES(is_owned(before.state), before.owner == change.owner));
    PROVE(IMPLIES(is_owned(after.state), after.owner == change.owner));
    COVER(is_owned(before.state) && is_owned(after.state));
    COVER(word % 32 == HVRV_PAGE_CONVERTING && after.state == HVRV_PAGE_MEASURED);
    COVER(after.state == HVRV_PAGE_CONVERTING);
}

void mappings_of_a_page_are_counted(void)
{
    const struct hvrv_range range = any_range();
    bool is_share = any_bool();
    unsigned i = nondet_unsigned();
    struct hvrv_page before;
    struct hvrv_page after;
    enum hvrv_status status;
    uint64_t word;

    begin();
    ASSUME(i < PAGES);
    before = at(i);
    word = words[i];
    status = is_share ? hvrv_page_share(&map, &range) : hvrv_page_unshare(&map, &range);
    after = at(i);
    PROVE(is_sound());
    if (status != HVRV_OK || !is_in(&range, i)) {
        PROVE(words[i] == word);
        return;
    }
    PROVE(before.state == HVRV_PAGE_HOST || before.state == HVRV_PAGE_SHARED);
    PROVE(after.epoch == (is_share ? before.epoch + 1 : before.epoch - 1));
    PROVE(after.state == (after.epoch > 0 ? HVRV_PAGE_SHARED : HVRV_PAGE_HOST));
    COVER(before.state == HVRV_PAGE_SHARED && after.state == HVRV_PAGE_HOST);
    COVER(is_share && before.epoch > 1);
}

void the_end_of_a_tvm_frees_its_pages(void)
{
    uint32_t owner = nondet_unsigned();
    unsigned i = nondet_unsigned();
    struct hvrv_page before;
    uint64_t count;
    uint64_t word;

    begin();
    ASSUME(i < PAGES);
    before = at(i);
    word = words[i];
    count = hvrv_page_release(&map, owner);
    PROVE(is_sound());
    PROVE(count <= PAGES);
    if (owner != 0 && before.owner == owner)
        PROVE(at(i).state == HVRV_PAGE_FREE && count > 0);
    else
        PROVE(words[i] == word);
    COVER(count == PAGES);
    COVER(count == 1 && is_owned(before.state) && before.owner != owner);
}

/* A converted page is free exactly when each hart has fenced since, in a later epoch. */
void free_is_what_every_hart_has_fenced(void)
{
    uint64_t since = nondet_u64();
    bool is_free;

    epoch = (struct hvrv_epoch){.now = nondet_u64(), .seen = seen, .count = 2};
    seen[0] = nondet_u64();
    seen[1] = nondet_u64();
    map = (struct hvrv_page_map){.words = words, .count = PAGES, .epoch = &epoch};
    ASSUME(since < UINT64_C(1) << 48);
    words[0] = since << 16 | HVRV_PAGE_CONVERTING;
    is_free = at(0).state == HVRV_PAGE_FREE;
    PROVE(is_free == (since < epoch.now && since < seen[0] && since < seen[1]));
    COVER(is_free);
    COVER(!is_free && since < epoch.now && since < seen[0]);
}
