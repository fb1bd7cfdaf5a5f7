/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

/* A call under way, and the entries that are written next: all of one level, in one table. */
struct mapping {
    struct hvrv_gstage_map_request *map;
    struct hvrv_gstage_leaves leaves;
    unsigned count; /* entries */
};

static enum hvrv_status check_map(const struct hvrv_gstage *gstage,
                                  const struct hvrv_gstage_map_request *map,
                                  const struct hvrv_fence_gather *gather)
{
    if (!map)
        return HVRV_ERR_NULL;
    enum hvrv_status status = hvrv_gstage_check_call(gstage, &map->range, gather);
    if (status != HVRV_OK)
        return status;
    uint64_t hpa_end = map->hpa.v + map->range.size;
    uint64_t bits = map->bits;
    if (!hvrv_bits_is_aligned(map->hpa.v, HVRV_PAGE_SIZE))
        return HVRV_ERR_ALIGN;
    if (hpa_end < map->hpa.v || hpa_end > HVRV_BIT(HVRV_HPA_WIDTH))
        return HVRV_ERR_RANGE;
    if ((bits & ~(gstage->leaf_bits | gstage->forced_bits)) || !hvrv_gstage_is_leaf(bits) ||
        (bits & (HVRV_PTE_R | HVRV_PTE_W)) == HVRV_PTE_W || (bits & HVRV_PTE_PBMT) == HVRV_PTE_PBMT)
        return HVRV_ERR_ARGUMENT;
    if (map->existing != HVRV_GSTAGE_REFUSE && map->existing != HVRV_GSTAGE_REPLACE)
        return HVRV_ERR_ARGUMENT;
    unsigned above = map->shift_max - (unsigned)HVRV_PAGE_SHIFT;
    bool is_shift = map->shift_max == 0 || map->shift_max == HVRV_NAPOT_SHIFT ||
                    (above % 9 == 0 && above / 9 < HVRV_LEVELS_MAX);
    return is_shift ? HVRV_OK : HVRV_ERR_ARGUMENT;
}

/* The level of the largest leaf that fits at the beginning of what is left. */
static unsigned fit_level(const struct hvrv_gstage *gstage,
                          const struct hvrv_gstage_map_request *map)
{
    uint64_t both = map->range.gpa.v | map->hpa.v;
    unsigned level = 0;
    for (unsigned above = 1; above < gstage->mode->levels; above++) {
        unsigned shift = hvrv_level_shift(above);
        if ((both & (HVRV_BIT(shift) - 1)) || map->range.size >> shift == 0 ||
            (map->shift_max && map->shift_max < shift))
            break;
        level = above;
    }
    return level;
}

/*
 * The leaves of a level that come next: as many as the range, the budget and the table have room
 * for. Those of 4 KiB end where 64 KiB leaves can take over.
 */
static void prepare(const struct hvrv_gstage_pass *pass, unsigned level, struct mapping *mapping)
{
    const struct hvrv_gstage_map_request *map = mapping->map;
    uint64_t gpa = map->range.gpa.v;
    unsigned shift = hvrv_level_shift(level);
    uint64_t most = map->range.size >> shift;
    uint64_t room = HVRV_TABLE_ENTRIES - (gpa >> shift) % HVRV_TABLE_ENTRIES;
    uint64_t pte = map->hpa.v >> 2 | map->bits | pass->gstage->forced_bits;
    mapping->leaves = (struct hvrv_gstage_leaves){pte, HVRV_BIT(shift) >> 2, 1};
    if (level == 0 && pass->gstage->svnapot && map->shift_max != HVRV_PAGE_SHIFT &&
        hvrv_bits_is_aligned(gpa ^ map->hpa.v, HVRV_GSTAGE_NAPOT_SIZE)) {
        uint64_t in_group = (gpa >> shift) % HVRV_GSTAGE_NAPOT;
        if (in_group || most < HVRV_GSTAGE_NAPOT)
            room = HVRV_GSTAGE_NAPOT - in_group;
        else
            mapping->leaves = (struct hvrv_gstage_leaves){
                hvrv_gstage_napot(pte), HVRV_GSTAGE_NAPOT_SIZE >> 2, HVRV_GSTAGE_NAPOT};
    }
    if (most > room)
        most = room;
    if (most > pass->budget)
        most = pass->budget;
    most -= most % mapping->leaves.each;
    mapping->count = most ? (unsigned)most : mapping->leaves.each;
}

/*
 * The tables from below the place down to the leaves' level, with the leaves in the lowest, linked
 * from the bottom up: none of them can be seen before all of them are there.
 */
static enum hvrv_status fill_branch(const struct hvrv_gstage_pass *pass, unsigned level,
                                    const hvrv_hpa *table, unsigned tables)
{
    const struct mapping *mapping = pass->request;
    struct hvrv_gstage_leaves entries = mapping->leaves;
    unsigned count = mapping->count;
    enum hvrv_status status = HVRV_OK;
    for (unsigned i = 0; i < tables && status == HVRV_OK; i++) {
        uint64_t index = pass->range->gpa.v >> hvrv_level_shift(level + i);
        hvrv_hpa slot = {table[i].v + index % HVRV_TABLE_ENTRIES * HVRV_GSTAGE_PTE_SIZE};
        status = hvrv_gstage_fill(pass->gstage, slot, count, &entries);
        entries = (struct hvrv_gstage_leaves){hvrv_gstage_pointer(pass->gstage, table[i]), 0, 1};
        count = 1;
    }
    return status;
}

static enum hvrv_status add_branch(struct hvrv_gstage_pass *pass,
                                   const struct hvrv_gstage_place *place, unsigned level)
{
    const struct mapping *mapping = pass->request;
    const struct hvrv_gstage *gstage = pass->gstage;
    hvrv_hpa table[HVRV_LEVELS_MAX - 1];
    unsigned tables = place->level - level;
    unsigned taken = 0;
    enum hvrv_status status = HVRV_OK;
    while (status == HVRV_OK && taken < tables) {
        status = hvrv_pages_take(gstage->pages, HVRV_PAGES_TABLE, &table[taken]);
        taken += status == HVRV_OK;
    }
    if (status == HVRV_OK)
        status = fill_branch(pass, level, table, tables);
    if (status == HVRV_OK)
        status = hvrv_gstage_replace(gstage, place->slot[place->level], 0,
                                     hvrv_gstage_pointer(gstage, table[tables - 1]));
    if (status == HVRV_OK) {
        hvrv_gstage_note_around(pass, HVRV_FENCE_TABLE_ADDED, place->level,
                                hvrv_level_shift(place->level));
        uint64_t bytes = (uint64_t)mapping->count << hvrv_level_shift(level);
        mapping->map->hpa.v += bytes;
        hvrv_gstage_advance(pass, bytes, mapping->count + tables);
        return HVRV_OK;
    }
    while (taken > 0) {
        enum hvrv_status given = hvrv_pages_give(gstage->pages, HVRV_PAGES_TABLE, table[--taken]);
        if (given != HVRV_OK)
            return given;
    }
    return status == HVRV_ERR_RACE ? hvrv_gstage_retry(pass) : status;
}

/* Puts one entry. False: something is there, which is in seen now. */
static inline bool put_entry(volatile uint64_t *entry, uint64_t pte,
                             enum hvrv_gstage_existing existing, uint64_t *seen)
{
    *seen = 0;
    for (unsigned tries = 0; tries < HVRV_GSTAGE_TRIES; tries++) {
        if (__atomic_compare_exchange_n(entry, seen, pte, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
            return true;
        if (existing == HVRV_GSTAGE_REFUSE || hvrv_gstage_is_table(*seen))
            break;
    }
    return false;
}

/* Puts entries of a stretch until one cannot be put; returns its number, or the end. */
static unsigned put_entries(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch,
                            const struct hvrv_gstage_leaves *leaves, unsigned first)
{
    const struct mapping *mapping = pass->request;
    const enum hvrv_gstage_existing existing = mapping->map->existing;
    const uint64_t step = leaves->step;
    volatile uint64_t *entry = stretch->entry + first;
    volatile uint64_t *end = entry + leaves->each;
    for (uint64_t pte = leaves->pte; entry != end; entry++, pte += step) {
        uint64_t seen;
        if (!put_entry(entry, pte, existing, &seen)) {
            if (!hvrv_gstage_is_table(seen))
                stretch->status = existing == HVRV_GSTAGE_REFUSE ? HVRV_ERR_EXISTS : HVRV_ERR_RACE;
            break;
        }
        if (seen & HVRV_PTE_V)
            pass->change = HVRV_FENCE_LEAF_CHANGED;
    }
    return (unsigned)(entry - stretch->entry);
}

static bool are_empty(volatile uint64_t *entry, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (entry[i])
            return false;
    }
    return true;
}

/* What was put of a NAPOT range becomes leaves of 4 KiB; only a hart that sets A or D interferes.
 */
static void make_plain(const struct hvrv_gstage_pass *pass, volatile uint64_t *entry,
                       unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t old = entry[i];
        unsigned tries = 0;
        while (!__atomic_compare_exchange_n(&entry[i], &old,
                                            hvrv_gstage_plain(pass->gstage, old, i), false,
                                            __ATOMIC_RELEASE, __ATOMIC_RELAXED) &&
               ++tries < HVRV_GSTAGE_TRIES)
            continue;
    }
}

/*
 * A NAPOT range, or leaves of 4 KiB up to the first entry that is in the way. While one of its
 * entries is there a hart may use it for all sixteen pages, so it is not even begun if it is not
 * going to be whole.
 */
static unsigned put_napot(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch,
                          unsigned first)
{
    const struct mapping *mapping = pass->request;
    uint64_t offset = (uint64_t)first << HVRV_PAGE_SHIFT;
    struct hvrv_gstage_leaves leaves = {mapping->leaves.pte + (offset >> 2), 0, HVRV_GSTAGE_NAPOT};
    unsigned done = first;
    if (mapping->map->existing == HVRV_GSTAGE_REPLACE ||
        are_empty(&stretch->entry[first], HVRV_GSTAGE_NAPOT))
        done = put_entries(pass, stretch, &leaves, first);
    if (done == first + HVRV_GSTAGE_NAPOT)
        return done;
    if (mapping->map->existing == HVRV_GSTAGE_REPLACE)
        return first;
    /* Nothing of it was there a moment ago, or was: in both cases the rest are single pages. */
    if (done > first) {
        make_plain(pass, &stretch->entry[first], done - first);
        pass->change = HVRV_FENCE_LEAF_CHANGED;
        stretch->tried = first + HVRV_GSTAGE_NAPOT;
        return done;
    }
    leaves.pte =
        (mapping->map->hpa.v + offset) >> 2 | mapping->map->bits | pass->gstage->forced_bits;
    leaves.step = HVRV_PAGE_SIZE >> 2;
    return put_entries(pass, stretch, &leaves, first);
}

/* The work on a stretch of a table that is there. */
static unsigned put_stretch(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch)
{
    const struct mapping *mapping = pass->request;
    struct hvrv_gstage_leaves leaves = {mapping->leaves.pte, mapping->leaves.step, stretch->count};
    unsigned done = 0;
    unsigned before;
    pass->change = HVRV_FENCE_LEAF_ADDED;
    if (mapping->leaves.each == 1) {
        done = put_entries(pass, stretch, &leaves, 0);
    } else {
        do {
            before = done;
            done = put_napot(pass, stretch, before);
        } while (done == before + HVRV_GSTAGE_NAPOT && done < stretch->count);
    }
    stretch->changed |= done;
    return done;
}

/* Maps what goes where the path to the address ends. */
static enum hvrv_status map_step(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place)
{
    struct mapping *mapping = pass->request;
    struct hvrv_gstage_map_request *map = mapping->map;
    unsigned level = fit_level(pass->gstage, map);
    if (place->pte.v != 0 && map->existing == HVRV_GSTAGE_REFUSE)
        return HVRV_ERR_EXISTS;
    if (place->pte.v != 0 && level < place->level)
        return hvrv_gstage_split_leaf(pass, place, false);
    if (level > place->level)
        level = place->level;
    prepare(pass, level, mapping);
    if (level < place->level)
        return add_branch(pass, place, level);
    uint64_t before = map->range.gpa.v;
    enum hvrv_status status = hvrv_gstage_stretch(pass, mapping->count, place, mapping->count);
    map->hpa.v += map->range.gpa.v - before;
    return status;
}

/* What is there stays as it is, or is split where the range begins or ends inside it. */
static const struct hvrv_gstage_job refuse_job = {
    .step = map_step, .work = put_stretch, .keeps_whole = true};

static const struct hvrv_gstage_job replace_job = {.step = map_step, .work = put_stretch};

enum hvrv_status hvrv_gstage_map_range(const struct hvrv_gstage *gstage,
                                       struct hvrv_gstage_map_request *map,
                                       struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = check_map(gstage, map, gather);
    if (status != HVRV_OK)
        return status;
    struct mapping mapping = {.map = map};
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = &map->range, .gather = gather, .request = &mapping};
    return hvrv_gstage_run(&pass, map->existing == HVRV_GSTAGE_REFUSE ? &refuse_job : &replace_job);
}
