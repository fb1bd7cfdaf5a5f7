/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

/* A harvest under way. That its bits are found by address makes it safe to look twice. */
struct harvester {
    uint64_t which;
    uint64_t *bitmap;
    uint64_t next;    /* the bit for the address that the call began at */
    uint64_t address; /* that address */
    bool svnapot;     /* there may be NAPOT ranges */
};

static uint64_t bit_of(const struct harvester *harvester, uint64_t address)
{
    return harvester->next + ((address - harvester->address) >> HVRV_PAGE_SHIFT);
}

static void set_bits(uint64_t next, const struct harvester *harvester, uint64_t bits)
{
    uint64_t *word = &harvester->bitmap[next / 64];
    unsigned shift = next % 64;
    word[0] |= bits << shift;
    if (shift && bits >> (64 - shift))
        word[1] |= bits >> (64 - shift);
}

static void set_many_bits(uint64_t next, const struct harvester *harvester, uint64_t count)
{
    for (; count >= 64; count -= 64, next += 64)
        set_bits(next, harvester, UINT64_MAX);
    if (count)
        set_bits(next, harvester, HVRV_BIT(count) - 1);
}

/* Entries of 4 KiB each; what had the bit, the lowest for the first. */
static uint64_t take_pages(uint64_t which, volatile uint64_t *entry, unsigned count)
{
    uint64_t bits = 0;
    uint64_t bit = 1;
    for (volatile uint64_t *end = entry + count; entry != end; entry++, bit <<= 1) {
        if (!(*entry & which))
            continue;
        __atomic_fetch_and(entry, ~which, __ATOMIC_RELAXED);
        bits |= bit;
    }
    return bits;
}

/* Entries that share a sixteen: if it is a NAPOT range, its bit is that of any of them, for all. */
static uint64_t take_group(unsigned in_group, volatile uint64_t *entry, unsigned count,
                           uint64_t which)
{
    uint64_t any = 0;
    if (!(*entry & HVRV_PTE_N))
        return take_pages(which, entry, count);
    entry -= in_group;
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT; i++) {
        any |= entry[i];
        if (count == HVRV_GSTAGE_NAPOT && (entry[i] & which))
            any |= __atomic_fetch_and(&entry[i], ~which, __ATOMIC_RELAXED);
    }
    return any & which ? HVRV_BIT(count) - 1 : 0;
}

/* Whether one of the entries is of a NAPOT range: then the first of its sixteen is, or ours. */
static bool has_napot(unsigned in_group, volatile uint64_t *entry, unsigned count)
{
    for (unsigned i = 0; i < count; i += HVRV_GSTAGE_NAPOT - (in_group + i) % HVRV_GSTAGE_NAPOT) {
        if (entry[i] & HVRV_PTE_N)
            return true;
    }
    return false;
}

/* Level 0: sixty-four at a time, or sixteen where some of them are of a NAPOT range. */
static unsigned harvest_pages(const struct harvester *harvester,
                              struct hvrv_gstage_stretch *stretch)
{
    volatile uint64_t *entry = stretch->entry;
    uint64_t address = stretch->address;
    uint64_t next = bit_of(harvester, address);
    for (unsigned left = stretch->count; left > 0;) {
        unsigned in_group = (unsigned)(address >> HVRV_PAGE_SHIFT) % HVRV_GSTAGE_NAPOT;
        unsigned count = left < 64 ? left : 64;
        uint64_t bits;
        if (!harvester->svnapot || !has_napot(in_group, entry, count)) {
            bits = take_pages(harvester->which, entry, count);
        } else {
            if (count > HVRV_GSTAGE_NAPOT - in_group)
                count = HVRV_GSTAGE_NAPOT - in_group;
            bits = take_group(in_group, entry, count, harvester->which);
        }
        if (bits)
            set_bits(next, harvester, bits);
        stretch->changed |= bits;
        address += (uint64_t)count << HVRV_PAGE_SHIFT;
        next += count;
        entry += count;
        left -= count;
    }
    return stretch->count;
}

/* Leaves above level 0, or a part of one, which then keeps its bit. */
static unsigned harvest_large(const struct harvester *harvester,
                              struct hvrv_gstage_stretch *stretch)
{
    uint64_t bytes = stretch->each;
    unsigned done = 0;
    for (; done < stretch->count; done++) {
        uint64_t old = stretch->entry[done];
        if (hvrv_gstage_is_table(old))
            break;
        if (!(old & harvester->which))
            continue;
        set_many_bits(bit_of(harvester, stretch->address + done * bytes), harvester,
                      bytes >> HVRV_PAGE_SHIFT);
        if (!stretch->is_part) {
            __atomic_fetch_and(&stretch->entry[done], ~harvester->which, __ATOMIC_RELAXED);
            stretch->changed = 1;
        }
    }
    return done;
}

/*
 * A large leaf may come from a merge that is not committed yet. Then harts may still have entries
 * for the smaller leaves, with the bit set, and only a fence without an address is for all of them.
 */
static unsigned harvest_stretch(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch)
{
    if (stretch->level == 0) {
        pass->change = HVRV_FENCE_LEAF_CHANGED;
        return harvest_pages(pass->request, stretch);
    }
    pass->change = HVRV_FENCE_TABLE_REMOVED;
    return harvest_large(pass->request, stretch);
}

static const struct hvrv_gstage_job harvest_job = {
    .step = hvrv_gstage_step, .work = harvest_stretch, .keeps_whole = true};

enum hvrv_status hvrv_gstage_harvest(const struct hvrv_gstage *gstage,
                                     struct hvrv_gstage_harvest_request *harvest,
                                     struct hvrv_fence_gather *gather)
{
    if (!harvest || !harvest->bitmap)
        return HVRV_ERR_NULL;
    enum hvrv_status status = hvrv_gstage_check_call(gstage, &harvest->range, gather);
    if (status != HVRV_OK)
        return status;
    if (harvest->which != HVRV_PTE_A && harvest->which != HVRV_PTE_D)
        return HVRV_ERR_ARGUMENT;
    struct harvester harvester = {harvest->which, harvest->bitmap, harvest->next,
                                  harvest->range.gpa.v, gstage->svnapot};
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = &harvest->range, .gather = gather, .request = &harvester};
    status = hvrv_gstage_run(&pass, &harvest_job);
    harvest->next = bit_of(&harvester, harvest->range.gpa.v);
    return status;
}
