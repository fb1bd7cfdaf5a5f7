/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/flat.h"

#include <string.h>

static uint64_t size_of(unsigned shift)
{
    return UINT64_C(1) << shift;
}

static uint64_t last_of(const struct flat_leaf *leaf)
{
    return leaf->first + (size_of(leaf->shift) - 1);
}

static unsigned level_of(unsigned shift)
{
    return shift == 16 ? 0 : (shift - 12) / 9;
}

void flat_copy(struct flat *to, const struct flat *from)
{
    to->levels = from->levels;
    to->width = from->width;
    to->is_signed = from->is_signed;
    to->napot = from->napot;
    to->hardware = from->hardware;
    to->count = from->count;
    memcpy(to->leaf, from->leaf, from->count * sizeof(from->leaf[0]));
}

/* The first leaf that does not end before an address; count if there is none. */
static unsigned seek(const struct flat *flat, uint64_t address)
{
    unsigned low = 0, high = flat->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (last_of(&flat->leaf[middle]) < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct flat_leaf *flat_find(const struct flat *flat, uint64_t address)
{
    unsigned i = seek(flat, address);

    return i < flat->count && flat->leaf[i].first <= address ? &flat->leaf[i] : NULL;
}

/* Puts some leaves in the place of others. */
static bool splice(struct flat *flat, unsigned at, unsigned out, const struct flat_leaf *leaves,
                   unsigned in)
{
    unsigned rest = flat->count - at - out;

    if (flat->count - out + in > FLAT_SIZE)
        return false;
    memmove(&flat->leaf[at + in], &flat->leaf[at + out], rest * sizeof(*leaves));
    for (unsigned i = 0; i < in; i++)
        flat->leaf[at + i] = leaves[i];
    flat->count = flat->count - out + in;
    return true;
}

/* Cuts a leaf into those of a size. */
static bool cut_leaf(struct flat *flat, unsigned at, unsigned shift)
{
    struct flat_leaf parts[512], leaf = flat->leaf[at];
    unsigned count = 1U << (leaf.shift - shift);

    if (leaf.shift == 16 && flat->hardware)
        leaf.bits |= leaf.bits & FLAT_W ? FLAT_A | FLAT_D : FLAT_A;
    for (unsigned i = 0; i < count; i++)
        parts[i] = (struct flat_leaf){leaf.first + i * size_of(shift), leaf.to + i * size_of(shift),
                                      leaf.bits, shift};
    return splice(flat, at, 1, parts, count);
}

static unsigned next_smaller(unsigned shift)
{
    return shift <= 21 ? 12 : shift - 9;
}

/* Makes an address the first of a leaf, if there is one around it. */
static bool cut_at(struct flat *flat, uint64_t address)
{
    for (;;) {
        unsigned at = seek(flat, address);

        if (at == flat->count || flat->leaf[at].first >= address)
            return true;
        if (!cut_leaf(flat, at, next_smaller(flat->leaf[at].shift)))
            return false;
    }
}

/* Both edges; that at the top of all addresses is one already. */
static bool cut_edges(struct flat *flat, const struct flat_range *range)
{
    return cut_at(flat, range->first) && (range->last + 1 == 0 || cut_at(flat, range->last + 1));
}

enum flat_result flat_check_range(const struct flat *flat, uint64_t first, uint64_t size)
{
    uint64_t last = first + size - 1;
    uint64_t half = UINT64_C(1) << (flat->width - 1);

    if (first % 4096 != 0 || size % 4096 != 0)
        return FLAT_ALIGN;
    if (size == 0 || last < first)
        return FLAT_RANGE;
    if (!flat->is_signed)
        return last < 2 * half ? FLAT_OK : FLAT_RANGE;
    return last < half || first >= -half ? FLAT_OK : FLAT_RANGE;
}

static bool is_aligned(uint64_t address, unsigned shift)
{
    return address % size_of(shift) == 0;
}

/* Whether a table, or a leaf where none may be replaced, stands in the way of a leaf. */
static bool is_in_the_way(const struct flat *flat, uint64_t first, unsigned shift, bool replaces)
{
    unsigned at = seek(flat, first);
    bool is_there = at < flat->count && flat->leaf[at].first <= first + (size_of(shift) - 1);

    if (!is_there)
        return false;
    return !replaces || level_of(flat->leaf[at].shift) < level_of(shift);
}

static unsigned choose(const struct flat *flat, const struct flat_range *range,
                       const struct flat_map *map)
{
    static const unsigned shifts[] = {48, 39, 30, 21, 16};

    for (unsigned i = 0; i < 5; i++) {
        unsigned shift = shifts[i];

        if (level_of(shift) < flat->levels && (shift != 16 || flat->napot) &&
            (map->shift_max == 0 || shift <= map->shift_max) && is_aligned(range->first, shift) &&
            is_aligned(map->to, shift) && range->last - range->first >= size_of(shift) - 1 &&
            !is_in_the_way(flat, range->first, shift, map->replaces))
            return shift;
    }
    return 12;
}

/* New leaves from the range's begin on; count says how many. */
static enum flat_result draw_up(const struct flat *flat, struct flat_range *range,
                                struct flat_map map, struct flat_leaf *leaves, unsigned *count)
{
    bool is_done = false;

    for (*count = 0; !is_done; (*count)++) {
        if (!map.replaces && flat_find(flat, range->first))
            return FLAT_EXISTS;
        if (*count == FLAT_SIZE)
            return FLAT_FULL;
        unsigned shift = choose(flat, range, &map);
        leaves[*count] = (struct flat_leaf){range->first, map.to, map.bits, shift};
        is_done = range->last - range->first == size_of(shift) - 1;
        range->first += size_of(shift);
        map.to += size_of(shift);
    }
    return FLAT_OK;
}

enum flat_result flat_map(struct flat *flat, struct flat_range *range, const struct flat_map *map)
{
    static struct flat_leaf leaves[FLAT_SIZE];
    uint64_t first = range->first;
    unsigned count;

    if (map->replaces && !cut_edges(flat, range))
        return FLAT_FULL;
    enum flat_result result = draw_up(flat, range, *map, leaves, &count);
    if (result == FLAT_FULL)
        return result;
    unsigned at = seek(flat, first), out = 0;
    if (count > 0) {
        while (at + out < flat->count && flat->leaf[at + out].first <= last_of(&leaves[count - 1]))
            out++;
    }
    return splice(flat, at, out, leaves, count) ? result : FLAT_FULL;
}

enum flat_result flat_unmap(struct flat *flat, struct flat_range *range)
{
    unsigned out = 0;

    if (!cut_edges(flat, range))
        return FLAT_FULL;
    unsigned at = seek(flat, range->first);
    while (at + out < flat->count && flat->leaf[at + out].first <= range->last)
        out++;
    splice(flat, at, out, NULL, 0);
    range->first = range->last + 1;
    return FLAT_OK;
}

static bool is_reserved(uint64_t bits)
{
    return (bits & (FLAT_R | FLAT_X)) == 0 || (bits & (FLAT_R | FLAT_W)) == FLAT_W ||
           (bits & FLAT_PBMT) == FLAT_PBMT;
}

enum flat_result flat_protect(struct flat *flat, struct flat_range *range, uint64_t mask,
                              uint64_t bits)
{
    if (!cut_at(flat, range->first))
        return FLAT_FULL;
    unsigned i = seek(flat, range->first);
    while (i < flat->count && flat->leaf[i].first <= range->last) {
        struct flat_leaf *leaf = &flat->leaf[i];

        if (last_of(leaf) > range->last) {
            if (!cut_leaf(flat, i, next_smaller(leaf->shift)))
                return FLAT_FULL;
            continue;
        }
        if (is_reserved((leaf->bits & ~mask) | bits)) {
            range->first = leaf->first;
            return FLAT_ARGUMENT;
        }
        leaf->bits = (leaf->bits & ~mask) | bits;
        i++;
    }
    range->first = range->last + 1;
    return FLAT_OK;
}

/* V is a bit like others, and no leaf becomes reserved by it. */
enum flat_result flat_block(struct flat *flat, struct flat_range *range)
{
    return flat_protect(flat, range, FLAT_V, 0);
}

enum flat_result flat_unblock(struct flat *flat, struct flat_range *range)
{
    return flat_protect(flat, range, FLAT_V, FLAT_V);
}

enum flat_result flat_split(struct flat *flat, struct flat_range *range, unsigned shift)
{
    unsigned at = seek(flat, range->first);

    while (at < flat->count && flat->leaf[at].first <= range->last) {
        const struct flat_leaf *leaf = &flat->leaf[at];

        if (last_of(leaf) < range->first || leaf->shift <= shift)
            at++;
        else if (!cut_leaf(flat, at,
                           leaf->shift == 21 && shift == 16 ? 16 : next_smaller(leaf->shift)))
            return FLAT_FULL;
    }
    range->first = range->last + 1;
    return FLAT_OK;
}

/* How many leaves from one on make one of a size; 0 if they do not. ad becomes A and D of all. */
static unsigned family(const struct flat *flat, unsigned at, unsigned shift, uint64_t *ad)
{
    const struct flat_leaf *head = &flat->leaf[at];
    uint64_t done = 0;
    unsigned count = 0;

    *ad = 0;
    if (!is_aligned(head->first, shift) || !is_aligned(head->to, shift))
        return 0;
    for (; done < size_of(shift); count++) {
        const struct flat_leaf *leaf = &flat->leaf[at + count];

        if (at + count == flat->count || leaf->shift >= shift ||
            (leaf->shift != next_smaller(shift) && (shift != 21 || leaf->shift != 16)))
            return 0;
        if (leaf->first != head->first + done || leaf->to != head->to + done ||
            ((leaf->bits ^ head->bits) & ~(FLAT_A | FLAT_D)))
            return 0;
        *ad |= leaf->bits & (FLAT_A | FLAT_D);
        done += size_of(leaf->shift);
    }
    return count;
}

enum flat_result flat_merge(struct flat *flat, struct flat_range *range, unsigned shift)
{
    unsigned from = seek(flat, range->first), to = from;

    while (from < flat->count) {
        struct flat_leaf leaf = flat->leaf[from];
        bool is_in = leaf.first >= range->first && leaf.first <= range->last &&
                     range->last - leaf.first >= size_of(shift) - 1;
        uint64_t ad;
        unsigned count = is_in ? family(flat, from, shift, &ad) : 0;

        if (count > 0) {
            leaf.shift = shift;
            leaf.bits |= ad;
            if (flat->hardware)
                leaf.bits |= leaf.bits & FLAT_W ? FLAT_A | FLAT_D : FLAT_A;
        }
        flat->leaf[to++] = leaf;
        from += count > 0 ? count : 1;
    }
    flat->count = to;
    range->first = range->last + 1;
    return FLAT_OK;
}

enum flat_result flat_harvest(struct flat *flat, struct flat_range *range, uint64_t which,
                              uint64_t *bitmap, uint64_t next)
{
    for (unsigned i = seek(flat, range->first); i < flat->count; i++) {
        struct flat_leaf *leaf = &flat->leaf[i];
        uint64_t first = leaf->first > range->first ? leaf->first : range->first;
        uint64_t last = last_of(leaf) < range->last ? last_of(leaf) : range->last;

        if (leaf->first > range->last)
            break;
        if (!(leaf->bits & which))
            continue;
        for (uint64_t page = first >> 12; page <= last >> 12; page++) {
            uint64_t bit = next + page - (range->first >> 12);

            bitmap[bit / 64] |= UINT64_C(1) << bit % 64;
        }
        if (first == leaf->first && last == last_of(leaf))
            leaf->bits &= ~which;
    }
    range->first = range->last + 1;
    return FLAT_OK;
}

static uint64_t needed(char kind)
{
    return FLAT_V | (kind == 'r' ? FLAT_R : kind == 'w' ? FLAT_W : FLAT_X);
}

enum flat_result flat_touch(struct flat *flat, uint64_t address, char kind)
{
    unsigned at = seek(flat, address);
    struct flat_leaf *leaf = &flat->leaf[at];

    if (at == flat->count || leaf->first > address || (leaf->bits & needed(kind)) != needed(kind))
        return FLAT_MISSING;
    leaf->bits |= kind == 'w' ? FLAT_A | FLAT_D : FLAT_A;
    return FLAT_OK;
}

bool flat_goes(const struct flat *flat, uint64_t address, char kind, bool is_user, uint64_t *to)
{
    const struct flat_leaf *leaf = flat_find(flat, address);

    *to = 0;
    if (!leaf || (leaf->bits & needed(kind)) != needed(kind))
        return false;
    if (flat->is_signed && is_user != ((leaf->bits & FLAT_U) != 0))
        return false;
    *to = leaf->to + (address - leaf->first);
    return true;
}

unsigned flat_gap(const struct flat *flat, uint64_t address)
{
    unsigned shift = 12 + 9 * (flat->levels - 1);

    for (; shift > 12; shift -= 9) {
        uint64_t first = address >> shift << shift;
        unsigned at = seek(flat, first);

        if (at == flat->count || flat->leaf[at].first > first + (size_of(shift) - 1))
            break;
    }
    return shift;
}

unsigned flat_tables(const struct flat *flat)
{
    unsigned count = 0;

    for (unsigned i = 0; i < flat->count; i++) {
        for (unsigned level = level_of(flat->leaf[i].shift) + 1; level < flat->levels; level++) {
            unsigned shift = 12 + 9 * level;

            /* In a table that was counted, which all above it were with. */
            if (i > 0 && flat->leaf[i].first >> shift == flat->leaf[i - 1].first >> shift)
                break;
            count++;
        }
    }
    return count;
}

/* The leaf for an address, and how far from there on it, or what is not mapped, goes. */
static const struct flat_leaf *reach(const struct flat *flat, uint64_t address, unsigned *at,
                                     uint64_t *last)
{
    const struct flat_leaf *leaf = &flat->leaf[*at];

    while (*at < flat->count && last_of(leaf) < address)
        leaf = &flat->leaf[++*at];
    if (*at == flat->count) {
        *last = UINT64_MAX;
        return NULL;
    }
    *last = leaf->first > address ? leaf->first - 1 : last_of(leaf);
    return leaf->first > address ? NULL : leaf;
}

bool flat_means_same(const struct flat *a, const struct flat *b, struct flat_range range,
                     uint64_t but)
{
    unsigned at_a = seek(a, range.first), at_b = seek(b, range.first);

    for (;;) {
        uint64_t a_last, b_last;
        const struct flat_leaf *of_a = reach(a, range.first, &at_a, &a_last);
        const struct flat_leaf *of_b = reach(b, range.first, &at_b, &b_last);
        uint64_t last = a_last < b_last ? a_last : b_last;

        if (!of_a != !of_b)
            return false;
        if (of_a && (of_a->to - of_a->first != of_b->to - of_b->first ||
                     ((of_a->bits ^ of_b->bits) & ~but)))
            return false;
        if (last >= range.last)
            return true;
        range.first = last + 1;
    }
}
