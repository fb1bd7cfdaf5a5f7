/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

/* The entries that are written next: all at one level, in one table. */
struct batch {
    uint64_t pte;   /* the first */
    uint64_t step;  /* from one unit's entry to the next unit's */
    uint64_t unit;  /* bytes that a leaf maps */
    unsigned level; /* the entries' */
    unsigned each;  /* entries a leaf has: 1, or 16 for NAPOT */
    unsigned count; /* entries */
};

static enum hvrv_status check_map(const struct hvrv_gstage *gstage,
                                  const struct hvrv_gstage_map *map,
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
static unsigned fit_level(const struct hvrv_gstage *gstage, const struct hvrv_gstage_map *map)
{
    uint64_t both = map->range.gpa.v | map->hpa.v;
    unsigned level = 0;
    while (level + 1U < gstage->mode->levels) {
        unsigned shift = hvrv_level_shift(level + 1);
        if ((both & (HVRV_BIT(shift) - 1)) || map->range.size >> shift == 0 ||
            (map->shift_max && map->shift_max < shift))
            break;
        level++;
    }
    return level;
}

static bool fits_napot(const struct hvrv_gstage *gstage, const struct hvrv_gstage_map *map)
{
    uint64_t both = map->range.gpa.v | map->hpa.v;
    return gstage->svnapot && map->shift_max != HVRV_PAGE_SHIFT &&
           hvrv_bits_is_aligned(both, HVRV_GSTAGE_NAPOT_SIZE) &&
           map->range.size >= HVRV_GSTAGE_NAPOT_SIZE;
}

/* Whether 64 KiB leaves will fit further on, so that those of 4 KiB end there. */
static bool awaits_napot(const struct hvrv_gstage *gstage, const struct hvrv_gstage_map *map)
{
    uint64_t apart = map->range.gpa.v ^ map->hpa.v;
    return gstage->svnapot && map->shift_max != HVRV_PAGE_SHIFT &&
           hvrv_bits_is_aligned(apart, HVRV_GSTAGE_NAPOT_SIZE);
}

/* Fills a batch for leaves at a level, as many as there are in the table, the range and the budget.
 */
static void make_batch(const struct hvrv_gstage_pass *pass, unsigned level, struct batch *batch)
{
    const struct hvrv_gstage_map *map = pass->request;
    uint64_t address = map->range.gpa.v;
    unsigned shift = hvrv_level_shift(level);
    batch->level = level;
    batch->each = 1;
    batch->unit = HVRV_BIT(shift);
    batch->pte = map->hpa.v >> 2 | map->bits | pass->gstage->forced_bits;
    uint64_t end = HVRV_TABLE_ENTRIES - (address >> shift) % HVRV_TABLE_ENTRIES;
    if (level == 0 && fits_napot(pass->gstage, map)) {
        batch->each = HVRV_GSTAGE_NAPOT;
        batch->unit = HVRV_GSTAGE_NAPOT_SIZE;
        batch->pte = hvrv_gstage_napot(batch->pte);
    } else if (level == 0 && awaits_napot(pass->gstage, map)) {
        end = HVRV_GSTAGE_NAPOT - (address >> shift) % HVRV_GSTAGE_NAPOT;
    }
    batch->step = batch->unit >> 2;
    uint64_t most = map->range.size >> shift;
    if (most > pass->budget)
        most = pass->budget;
    if (most > end)
        most = end;
    most -= most % batch->each;
    batch->count = most ? (unsigned)most : batch->each;
}

/* Writes the entries of a batch to a table that nothing points to yet. */
static enum hvrv_status fill(const struct hvrv_gstage *gstage, hvrv_hpa slot,
                             const struct batch *batch)
{
    if (batch->each == 1)
        return hvrv_gstage_fill(gstage, slot, batch->count, batch->pte, batch->step);
    uint64_t pte = batch->pte;
    for (unsigned i = 0; i < batch->count; i += batch->each, pte += batch->step) {
        enum hvrv_status status = hvrv_gstage_fill(
            gstage, hvrv_hpa_make(slot.v + i * HVRV_GSTAGE_PTE_SIZE), batch->each, pte, 0);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}

static void done(struct hvrv_gstage_pass *pass, const struct batch *batch, unsigned count)
{
    struct hvrv_gstage_map *map = pass->request;
    uint64_t bytes = (uint64_t)count << hvrv_level_shift(batch->level);
    map->hpa.v += bytes;
    hvrv_gstage_advance(pass, bytes, count);
}

static void note(struct hvrv_gstage_pass *pass, enum hvrv_fence_change change, unsigned level,
                 uint64_t bytes)
{
    uint64_t first = pass->range->gpa.v;
    struct hvrv_fence_range range = {first, first + bytes - 1, hvrv_level_shift(level)};
    hvrv_fence_note(pass->gather, change, &range);
}

/*
 * The tables from below the place down to the batch's level, the leaves in the lowest, linked from
 * the bottom up: none of them can be seen before all of them are there.
 */
static enum hvrv_status fill_branch(struct hvrv_gstage_pass *pass, const struct batch *batch,
                                    const hvrv_hpa *table, unsigned tables)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    uint64_t address = pass->range->gpa.v;
    uint64_t pte = 0;
    for (unsigned i = 0; i < tables; i++) {
        uint64_t index = address >> hvrv_level_shift(batch->level + i) & (HVRV_TABLE_ENTRIES - 1);
        hvrv_hpa slot = {table[i].v + index * HVRV_GSTAGE_PTE_SIZE};
        enum hvrv_status status =
            i == 0 ? fill(gstage, slot, batch) : hvrv_gstage_fill(gstage, slot, 1, pte, 0);
        if (status != HVRV_OK)
            return status;
        pte = hvrv_gstage_pointer(gstage, table[i]);
    }
    return HVRV_OK;
}

static enum hvrv_status add_branch(struct hvrv_gstage_pass *pass,
                                   const struct hvrv_gstage_place *place, const struct batch *batch)
{
    const struct hvrv_gstage *gstage = pass->gstage;
    hvrv_hpa table[HVRV_LEVELS_MAX - 1];
    unsigned tables = place->level - batch->level;
    unsigned taken = 0;
    uint64_t empty = 0;
    enum hvrv_status status = HVRV_OK;
    while (status == HVRV_OK && taken < tables) {
        status = hvrv_pages_take(gstage->pages, HVRV_PAGES_TABLE, &table[taken]);
        if (status == HVRV_OK)
            taken++;
    }
    if (status == HVRV_OK)
        status = fill_branch(pass, batch, table, tables);
    if (status == HVRV_OK)
        status = hvrv_phys_compare_and_swap(gstage->phys, place->slot[place->level], &empty,
                                            hvrv_gstage_pointer(gstage, table[tables - 1]));
    if (status == HVRV_OK) {
        note(pass, HVRV_FENCE_TABLE_ADDED, place->level, hvrv_level_size(place->level));
        done(pass, batch, batch->count);
        return HVRV_OK;
    }
    while (taken > 0) {
        enum hvrv_status given = hvrv_pages_give(gstage->pages, HVRV_PAGES_TABLE, table[--taken]);
        if (given != HVRV_OK)
            return given;
    }
    return status == HVRV_ERR_RACE ? hvrv_gstage_retry(pass) : status;
}

/* What became of entries that were put over what was there. */
struct put {
    unsigned count; /* entries put */
    bool changed;   /* one was valid before */
    bool added;     /* one was not */
};

static hvrv_hpa slot_of(const struct hvrv_gstage_place *place, unsigned index)
{
    return hvrv_hpa_make(place->slot[place->level].v + index * HVRV_GSTAGE_PTE_SIZE);
}

/* Puts one entry. HVRV_ERR_RACE: it may be tried again, or there is a table now. */
static enum hvrv_status put_entry(const struct hvrv_gstage_pass *pass, hvrv_hpa slot, uint64_t pte,
                                  struct put *put)
{
    const struct hvrv_gstage_map *map = pass->request;
    uint64_t seen = 0;
    enum hvrv_status status = hvrv_gstage_swap(pass->gstage, slot, &seen, pte);
    for (unsigned tries = 0; status == HVRV_ERR_RACE && tries < HVRV_GSTAGE_TRIES; tries++) {
        if (hvrv_gstage_is_table(seen))
            return HVRV_ERR_RACE;
        if (map->existing == HVRV_GSTAGE_REFUSE)
            return seen ? HVRV_ERR_EXISTS : HVRV_ERR_RACE;
        if (seen == pte)
            return HVRV_OK;
        status = hvrv_gstage_swap(pass->gstage, slot, &seen, pte);
    }
    if (status != HVRV_OK)
        return status;
    if (seen & HVRV_PTE_V)
        put->changed = true;
    else
        put->added = true;
    return HVRV_OK;
}

/* Takes back what was put of a NAPOT range that could not be finished. */
static enum hvrv_status take_back(const struct hvrv_gstage_pass *pass, hvrv_hpa slot, uint64_t pte,
                                  struct put *put)
{
    enum hvrv_status status;
    unsigned tries = 0;
    put->changed = true;
    do
        status = hvrv_gstage_swap(pass->gstage, slot, &pte, 0);
    while (status == HVRV_ERR_RACE && ++tries < HVRV_GSTAGE_TRIES);
    return status;
}

/* The entries of one leaf: all of them, or none. */
static enum hvrv_status put_leaf(const struct hvrv_gstage_pass *pass, hvrv_hpa slot, uint64_t pte,
                                 struct put *put, unsigned each)
{
    const struct hvrv_gstage_map *map = pass->request;
    for (unsigned i = 0; i < each; i++, slot.v += HVRV_GSTAGE_PTE_SIZE) {
        enum hvrv_status status = put_entry(pass, slot, pte, put);
        if (status == HVRV_OK)
            continue;
        while (map->existing == HVRV_GSTAGE_REFUSE && i-- > 0) {
            slot.v -= HVRV_GSTAGE_PTE_SIZE;
            enum hvrv_status taken_back = take_back(pass, slot, pte, put);
            if (taken_back != HVRV_OK)
                return taken_back;
        }
        return status;
    }
    return HVRV_OK;
}

/* Leaves of 4 KiB instead of a NAPOT range where not all of it is empty. */
static enum hvrv_status be_careful(const struct hvrv_gstage_pass *pass,
                                   const struct hvrv_gstage_place *place, struct batch *batch)
{
    const struct hvrv_gstage_map *map = pass->request;
    for (unsigned i = 0; i < batch->count; i++) {
        uint64_t pte;
        enum hvrv_status status = hvrv_gstage_load(pass->gstage, slot_of(place, i), &pte);
        if (status != HVRV_OK)
            return status;
        if (!pte)
            continue;
        batch->count = i - i % HVRV_GSTAGE_NAPOT;
        if (batch->count)
            return HVRV_OK;
        batch->pte = map->hpa.v >> 2 | map->bits | pass->gstage->forced_bits;
        batch->each = 1;
        batch->step = HVRV_PAGE_SIZE >> 2;
        batch->count = HVRV_GSTAGE_NAPOT;
        return HVRV_OK;
    }
    return HVRV_OK;
}

/* Puts a batch into a table that is there. */
static enum hvrv_status put_batch(struct hvrv_gstage_pass *pass,
                                  const struct hvrv_gstage_place *place, const struct batch *batch)
{
    struct put put = {0};
    uint64_t pte = batch->pte;
    enum hvrv_status status = HVRV_OK;
    while (put.count < batch->count) {
        status = put_leaf(pass, slot_of(place, put.count), pte, &put, batch->each);
        if (status != HVRV_OK)
            break;
        put.count += batch->each;
        pte += batch->step;
    }
    uint64_t bytes = (uint64_t)batch->count << hvrv_level_shift(batch->level);
    if (put.changed)
        note(pass, HVRV_FENCE_LEAF_CHANGED, batch->level, bytes);
    else if (put.added)
        note(pass, HVRV_FENCE_LEAF_ADDED, batch->level, bytes);
    if (put.count)
        done(pass, batch, put.count);
    if (status == HVRV_ERR_RACE)
        return hvrv_gstage_retry(pass);
    return status;
}

/* Maps what goes where the path to the address ends. */
static enum hvrv_status map_at(struct hvrv_gstage_pass *pass, const struct hvrv_gstage_place *place)
{
    const struct hvrv_gstage_map *map = pass->request;
    struct batch batch;
    unsigned level = fit_level(pass->gstage, map);
    if (level < place->level && place->pte.v != 0)
        return map->existing == HVRV_GSTAGE_REFUSE ? HVRV_ERR_EXISTS
                                                   : hvrv_gstage_split_leaf(pass, place, false);
    make_batch(pass, level < place->level ? level : place->level, &batch);
    if (level < place->level)
        return add_branch(pass, place, &batch);
    enum hvrv_status status = HVRV_OK;
    if (map->existing == HVRV_GSTAGE_REPLACE && level == 0 && pass->gstage->svnapot)
        status = hvrv_gstage_fit_napot(pass, place, batch.count, &batch.count);
    else if (batch.each > 1)
        status = be_careful(pass, place, &batch);
    if (status != HVRV_OK)
        return status;
    if (batch.count == 0)
        return hvrv_gstage_split_napot(pass, place, pass->range->gpa.v);
    return put_batch(pass, place, &batch);
}

enum hvrv_status hvrv_gstage_map_range(const struct hvrv_gstage *gstage,
                                       struct hvrv_gstage_map *map,
                                       struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = check_map(gstage, map, gather);
    if (status != HVRV_OK)
        return status;
    struct hvrv_gstage_pass pass = {.gstage = gstage,
                                    .range = &map->range,
                                    .gather = gather,
                                    .budget = map->range.budget,
                                    .request = map};
    while (map->range.size) {
        struct hvrv_gstage_place place;
        if (pass.budget == 0)
            return HVRV_ERR_UNFINISHED;
        status = hvrv_gstage_find(gstage, map->range.gpa.v, 0, &place);
        if (status == HVRV_OK)
            status = map_at(&pass, &place);
        if (status != HVRV_OK)
            return status;
    }
    return HVRV_OK;
}
