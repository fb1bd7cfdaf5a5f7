/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/page.h>

#include <hvrv/isa/bits.h>

#include <stddef.h>

/* A word of the map. */
#define WORD_STATE HVRV_BITS(4, 0)
#define WORD_OWNER HVRV_BITS(15, 5)
#define WORD_EPOCH HVRV_BITS(63, 16)

/* The states that a TVM's pages are in. */
#define OWNED                                                                              \
    (HVRV_BIT(HVRV_PAGE_STATE) | HVRV_BIT(HVRV_PAGE_ROOT) | HVRV_BIT(HVRV_PAGE_POOL) |     \
     HVRV_BIT(HVRV_PAGE_VHART) | HVRV_BIT(HVRV_PAGE_MEASURED) | HVRV_BIT(HVRV_PAGE_ZERO) | \
     HVRV_BIT(HVRV_PAGE_BLOCKED_MEASURED) | HVRV_BIT(HVRV_PAGE_BLOCKED_ZERO) |             \
     HVRV_BIT(HVRV_PAGE_FILE))

/* Those that keep an epoch which the mover gives. */
#define DATED                                                                \
    (HVRV_BIT(HVRV_PAGE_CONVERTING) | HVRV_BIT(HVRV_PAGE_BLOCKED_MEASURED) | \
     HVRV_BIT(HVRV_PAGE_BLOCKED_ZERO))

static bool is_among(enum hvrv_page_state state, uint64_t states)
{
    return (unsigned)state < HVRV_PAGE_STATES && (states >> state & 1) != 0;
}

bool hvrv_page_is_edge(enum hvrv_page_state from, enum hvrv_page_state to)
{
    /* By the state from which: the states to which. */
    static const uint64_t edges[HVRV_PAGE_STATES][HVRV_PAGE_STATES] = {
#define EDGE(a, b, text) [a][b] = 1,
        HVRV_PAGE_EDGE_LIST(EDGE)
#undef EDGE
    };

    return (unsigned)from < HVRV_PAGE_STATES && (unsigned)to < HVRV_PAGE_STATES &&
           edges[from][to] != 0;
}

const char *hvrv_page_state_name(enum hvrv_page_state state)
{
    static const char *const names[] = {
#define NAME(id, name, text) [id] = name,
        HVRV_PAGE_STATE_LIST(NAME)
#undef NAME
    };

    return (unsigned)state < HVRV_PAGE_STATES ? names[state] : "unknown";
}

enum hvrv_status hvrv_page_init(struct hvrv_page_map *map, uint64_t *words,
                                const struct hvrv_range *range, const struct hvrv_epoch *epoch)
{
    if (map)
        *map = (struct hvrv_page_map){0};
    if (!map || !words || !range || !epoch)
        return HVRV_ERR_NULL;
    if (range->last >= HVRV_BIT(56))
        return HVRV_ERR_RANGE;
    map->words = words;
    map->base = hvrv_hpa_make(range->first);
    map->count = hvrv_range_size(*range) / HVRV_PAGE_SIZE;
    map->epoch = epoch;
    for (uint64_t i = 0; i < map->count; i++)
        words[i] = HVRV_PAGE_RESERVED;
    return HVRV_OK;
}

static struct hvrv_page decode(const struct hvrv_page_map *map, uint64_t word)
{
    struct hvrv_page page = {
        .state = (enum hvrv_page_state)(word & WORD_STATE),
        .owner = (uint32_t)hvrv_bits_get(word, WORD_OWNER),
        .epoch = word >> 16,
    };

    if (page.state == HVRV_PAGE_CONVERTING && hvrv_epoch_is_past(map->epoch, page.epoch)) {
        page.state = HVRV_PAGE_FREE;
        page.epoch = 0;
    }
    return page;
}

static uint64_t encode(const struct hvrv_page *page)
{
    return (uint64_t)page->state | hvrv_bits_set(0, WORD_OWNER, page->owner) | page->epoch << 16;
}

struct hvrv_page hvrv_page_get(const struct hvrv_page_map *map, hvrv_hpa hpa)
{
    uint64_t index = (hpa.v - map->base.v) / HVRV_PAGE_SIZE;

    if (hpa.v < map->base.v || index >= map->count)
        return (struct hvrv_page){.state = HVRV_PAGE_RESERVED};
    return decode(map, map->words[index]);
}

/* The words of a range. */
struct stretch {
    uint64_t *first;
    uint64_t *end;
};

static bool find(const struct hvrv_page_map *map, const struct hvrv_range *range,
                 struct stretch *stretch)
{
    uint64_t first = (range->first - map->base.v) / HVRV_PAGE_SIZE;
    uint64_t last = (range->last - map->base.v) / HVRV_PAGE_SIZE;

    *stretch = (struct stretch){NULL, NULL};
    if (range->first < map->base.v || range->last < range->first || last >= map->count)
        return false;
    stretch->first = map->words + first;
    stretch->end = map->words + last + 1;
    return true;
}

/* What is wrong with a move, whatever the pages are. */
static enum hvrv_status check_move(const struct hvrv_page_change *move)
{
    if (!hvrv_page_is_edge(move->from, move->to) || move->from == HVRV_PAGE_SHARED ||
        move->to == HVRV_PAGE_SHARED)
        return HVRV_ERR_ARGUMENT;
    if (is_among(move->from, OWNED) || is_among(move->to, OWNED)) {
        if (move->owner == HVRV_PAGE_NOBODY || move->owner > HVRV_PAGE_OWNER_LAST)
            return HVRV_ERR_ARGUMENT;
    }
    if (is_among(move->to, DATED) && move->epoch > HVRV_EPOCH_LAST)
        return HVRV_ERR_ARGUMENT;
    return HVRV_OK;
}

static enum hvrv_status check(const struct hvrv_page_map *map, const struct hvrv_page_change *move,
                              struct stretch *stretch)
{
    uint32_t owner = is_among(move->from, OWNED) ? move->owner : HVRV_PAGE_NOBODY;
    enum hvrv_status status = check_move(move);

    if (!find(map, &move->range, stretch))
        return HVRV_ERR_RANGE;
    if (status != HVRV_OK)
        return status;
    for (const uint64_t *word = stretch->first; word < stretch->end; word++) {
        struct hvrv_page page = decode(map, *word);
        if (page.state != move->from || page.owner != owner)
            return HVRV_ERR_STATE;
    }
    return HVRV_OK;
}

enum hvrv_status hvrv_page_check(const struct hvrv_page_map *map,
                                 const struct hvrv_page_change *move)
{
    struct stretch stretch;

    if (!map || !move)
        return HVRV_ERR_NULL;
    return check(map, move, &stretch);
}

enum hvrv_status hvrv_page_move(struct hvrv_page_map *map, const struct hvrv_page_change *move)
{
    struct hvrv_page page = {0};
    struct stretch stretch;
    enum hvrv_status status;

    if (!map || !move)
        return HVRV_ERR_NULL;
    status = check(map, move, &stretch);
    if (status != HVRV_OK)
        return status;
    page.state = move->to;
    page.owner = is_among(move->to, OWNED) ? move->owner : HVRV_PAGE_NOBODY;
    page.epoch = is_among(move->to, DATED) ? move->epoch : 0;
    for (uint64_t *word = stretch.first; word < stretch.end; word++)
        *word = encode(&page);
    return HVRV_OK;
}

enum hvrv_status hvrv_page_share(struct hvrv_page_map *map, const struct hvrv_range *range)
{
    struct stretch stretch;

    if (!map || !range)
        return HVRV_ERR_NULL;
    if (!find(map, range, &stretch))
        return HVRV_ERR_RANGE;
    for (const uint64_t *word = stretch.first; word < stretch.end; word++) {
        struct hvrv_page page = decode(map, *word);
        if (page.state != HVRV_PAGE_HOST && page.state != HVRV_PAGE_SHARED)
            return HVRV_ERR_STATE;
        if (page.epoch == HVRV_EPOCH_LAST)
            return HVRV_ERR_RANGE;
    }
    for (uint64_t *word = stretch.first; word < stretch.end; word++) {
        struct hvrv_page page = decode(map, *word);
        page.state = HVRV_PAGE_SHARED;
        page.epoch++;
        *word = encode(&page);
    }
    return HVRV_OK;
}

enum hvrv_status hvrv_page_unshare(struct hvrv_page_map *map, const struct hvrv_range *range)
{
    struct stretch stretch;

    if (!map || !range)
        return HVRV_ERR_NULL;
    if (!find(map, range, &stretch))
        return HVRV_ERR_RANGE;
    for (const uint64_t *word = stretch.first; word < stretch.end; word++) {
        if (decode(map, *word).state != HVRV_PAGE_SHARED)
            return HVRV_ERR_STATE;
    }
    for (uint64_t *word = stretch.first; word < stretch.end; word++) {
        struct hvrv_page page = decode(map, *word);
        page.epoch--;
        if (page.epoch == 0)
            page.state = HVRV_PAGE_HOST;
        *word = encode(&page);
    }
    return HVRV_OK;
}

uint64_t hvrv_page_release(struct hvrv_page_map *map, uint32_t owner)
{
    uint64_t count = 0;

    if (!map || owner == HVRV_PAGE_NOBODY || owner > HVRV_PAGE_OWNER_LAST)
        return 0;
    for (uint64_t i = 0; i < map->count; i++) {
        if (hvrv_bits_get(map->words[i], WORD_OWNER) != owner)
            continue;
        map->words[i] = HVRV_PAGE_FREE;
        count++;
    }
    return count;
}
