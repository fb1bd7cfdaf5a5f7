/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One call on a range of a G-stage tree. Whatever the tree, the range, the budget and the
 * page source: the tables stay sound, what is before the new begin of the range is what the
 * call makes of it, all else is as it was, and a fence is owed for what changed.
 *
 * Assumptions:
 * - All tables of the three levels have four entries (small.sed): the tree is for 64 pages.
 * - At first the tree has a table of level 1, and one of level 0 under it, anywhere, or only the
 *   first, or none; all other entries are any leaf, blocked or not, or empty. With BOTH_TABLES
 *   both are there, under the first entries.
 * - The page source has NEW pages at most, and refuses whenever it likes.
 * - HPAs are below 4 GiB.
 * - Tables are behind the port, and nobody else uses them. The budget is BUDGET_MOST at most.
 *
 * Edits: tests/proof/small.sed
 * Files: lib/mmu/gstage.c lib/mmu/gstage_pass.c lib/mmu/gstage_split.c lib/mmu/gstage_map.c
 * Files: lib/mmu/gstage_unmap.c lib/mmu/gstage_change.c lib/mmu/gstage_resize.c
 * Files: lib/mmu/gstage_quick.c lib/isa/mode.c lib/port/phys.c lib/port/pages.c
 */
#include <hvrv/mmu/gstage.h>

#include "mmu/gstage_table.h"
#include "proof.h"

#ifndef NEW
#define NEW 2
#endif
#define TABLES (2 + NEW)
#ifndef BUDGET_MOST
#define BUDGET_MOST 1
#endif

#define ROOT  UINT64_C(0x4000)
#define FIRST UINT64_C(0x10000) /* of the tables */

#define V    UINT64_C(0x1)
#define R    UINT64_C(0x2)
#define W    UINT64_C(0x4)
#define X    UINT64_C(0x8)
#define U    UINT64_C(0x10)
#define PPN  UINT64_C(0x000000003ffffc00) /* of what is below 4 GiB */
#define PBMT UINT64_C(0x6000000000000000)
/* What a leaf may have: no G, and neither N nor reserved bits. */
#define LEGAL (V | R | W | X | U | UINT64_C(0x3c0) | PPN | PBMT)

static uint64_t root[4];
static uint64_t table[TABLES][4];
static bool is_taken[TABLES];
static unsigned taken;

static struct hvrv_fence_gather gather;
static struct hvrv_phys phys;
static struct hvrv_gstage gstage;

/* Reads a word, and writes it if it is to be written. */
static uint64_t word(uint64_t hpa, bool is_written, uint64_t value)
{
    uint64_t found = 0;
    bool is_there = false;
    for (unsigned i = 0; i < 4; i++) {
        if (hpa == ROOT + i * 8) {
            is_there = true;
            found = root[i];
            root[i] = is_written ? value : found;
        }
        for (unsigned t = 0; t < TABLES; t++) {
            if (hpa == FIRST + t * UINT64_C(4096) + i * 8) {
                is_there = is_taken[t];
                found = table[t][i];
                table[t][i] = is_written ? value : found;
            }
        }
    }
    PROVE(is_there);
    return found;
}

static bool port_load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    (void)context;
    *value = word(hpa.v, false, 0);
    return true;
}

static bool port_store(void *context, hvrv_hpa hpa, uint64_t value)
{
    (void)context;
    (void)word(hpa.v, true, value);
    return true;
}

/* Nobody else writes, so what was expected is found. */
static bool port_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context;
    PROVE(word(hpa.v, true, desired) == *expected);
    return true;
}

/* A page that may be any, and what was there before the call. */
static uint64_t page;
static uint64_t before;
static unsigned shift_before;
static uint64_t begin;

/* The gather, of which fence_proof.c proves that it is so: what it owes for the page, and has. */
static bool is_fenced;
static bool is_in_gather[TABLES];

void hvrv_fence_note(struct hvrv_fence_gather *to, enum hvrv_fence_change change,
                     const struct hvrv_fence_range *range)
{
    PROVE(to == &gather && range->first <= range->last);
    PROVE(range->shift == 12 || range->shift == 14 || range->shift == 16);
    bool is_table = change == HVRV_FENCE_TABLE_ADDED || change == HVRV_FENCE_TABLE_REMOVED;
    uint64_t offset = (UINT64_C(1) << shift_before) - 1;
    if (is_table || (range->shift == shift_before && (range->first & ~offset) <= page &&
                     page <= (range->last | offset)))
        is_fenced = true;
}

static enum hvrv_status put_by(hvrv_hpa hpa)
{
    for (unsigned t = 0; t < TABLES; t++) {
        if (hpa.v == FIRST + t * UINT64_C(4096)) {
            PROVE(is_taken[t] && !is_in_gather[t]);
            is_in_gather[t] = true;
            return HVRV_OK;
        }
    }
    PROVE(false);
    return HVRV_OK;
}

enum hvrv_status hvrv_fence_park(struct hvrv_fence_gather *to, const struct hvrv_phys *in,
                                 const struct hvrv_pages *from, hvrv_hpa hpa)
{
    PROVE(to == &gather && in == &phys && from == gstage.pages);
    return put_by(hpa);
}

enum hvrv_status hvrv_fence_keep(struct hvrv_fence_gather *to, const struct hvrv_phys *in,
                                 const struct hvrv_pages *from, hvrv_hpa hpa)
{
    PROVE(to == &gather && in == &phys && from == gstage.pages);
    return put_by(hpa);
}

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    (void)context;
    if (size == HVRV_PAGES_ROOT_X4) {
        page->v = ROOT;
        return true;
    }
    if (taken == TABLES || any_bool())
        return false;
    page->v = FIRST + taken * UINT64_C(4096);
    for (unsigned t = 0; t < TABLES; t++) {
        if (t == taken) {
            table[t][0] = table[t][1] = table[t][2] = table[t][3] = 0;
            is_taken[t] = true;
        }
    }
    taken++;
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context;
    bool is_ours = false;
    PROVE(size == HVRV_PAGES_TABLE);
    for (unsigned t = 0; t < TABLES; t++) {
        if (page.v == FIRST + t * UINT64_C(4096)) {
            is_ours = is_taken[t];
            is_taken[t] = false;
        }
    }
    PROVE(is_ours);
}

static bool is_pointer(uint64_t pte)
{
    return (pte & (V | R | W | X)) == V;
}

/* A leaf, blocked or not, of a level, or empty. */
static bool is_leaf_or_empty(uint64_t pte, unsigned level)
{
    uint64_t low = ((UINT64_C(1) << 2 * level) - 1) << 10;
    return pte == 0 || ((pte & ~LEGAL) == 0 && (pte & (R | X)) && (pte & (R | W)) != W &&
                        (pte & U) && (pte & PBMT) != PBMT && (pte & low) == 0);
}

static bool is_pointer_to(uint64_t pte, unsigned t)
{
    return pte == ((FIRST + t * UINT64_C(4096)) >> 2 | V);
}

/* What the tree says. */
static unsigned parents[TABLES]; /* pointers to each */
static unsigned level_of[TABLES];

static bool entry_is_sound(uint64_t pte, unsigned level)
{
    if (!is_pointer(pte))
        return is_leaf_or_empty(pte, level);
    bool is_sound = false;
    for (unsigned t = 0; t < TABLES; t++) {
        if (level > 0 && is_taken[t] && is_pointer_to(pte, t)) {
            parents[t]++;
            level_of[t] = level - 1;
            is_sound = true;
        }
    }
    return is_sound;
}

static bool tables_are_sound(unsigned level)
{
    bool is_sound = true;
    for (unsigned t = 0; t < TABLES; t++) {
        bool is_empty = true;
        if (parents[t] == 0 || level_of[t] != level)
            continue;
        for (unsigned i = 0; i < 4; i++) {
            is_sound = is_sound && entry_is_sound(table[t][i], level);
            is_empty = is_empty && table[t][i] == 0;
        }
        is_sound = is_sound && !is_empty;
    }
    return is_sound;
}

/* Each entry is what it may be, no table is there twice, and none is empty. */
static bool tree_is_sound(void)
{
    bool is_sound = true;
    for (unsigned t = 0; t < TABLES; t++)
        parents[t] = 0;
    for (unsigned i = 0; i < 4; i++)
        is_sound = is_sound && entry_is_sound(root[i], 2);
    is_sound = is_sound && tables_are_sound(1);
    is_sound = is_sound && tables_are_sound(0);
    for (unsigned t = 0; t < TABLES; t++)
        is_sound = is_sound && parents[t] <= 1;
    return is_sound;
}

/* The leaf of one page, as if of 4 KiB; 0 if there is none. */
static uint64_t meaning_of(uint64_t gpa, unsigned *shift)
{
    uint64_t pte = word(ROOT + (gpa >> 16 & 3) * 8, false, 0);
    *shift = 16;
    if (is_pointer(pte)) {
        *shift = 14;
        pte = word((pte >> 10 << 12) + (gpa >> 14 & 3) * 8, false, 0);
    }
    if (is_pointer(pte)) {
        *shift = 12;
        pte = word((pte >> 10 << 12) + (gpa >> 12 & 3) * 8, false, 0);
    }
    uint64_t page = gpa & ((UINT64_C(1) << *shift) - 1) & ~UINT64_C(4095);
    return pte == 0 ? 0 : pte | page >> 2;
}

static uint64_t any_entry(void)
{
    return nondet_u64() & LEGAL;
}

/* In whole pages, of the tree's 64. */
static uint64_t any_pages(void)
{
    return (nondet_u64() & 63) << 12;
}

static void any_tree(void)
{
    static const struct hvrv_phys_ops ops = {port_load, port_store, port_swap};
    static const struct hvrv_pages pages = {take, give, NULL};
    const struct hvrv_phys_config phys_config = {.ops = &ops};
    const struct hvrv_gstage_config config = {
        .phys = &phys,
        .pages = &pages,
        .stage = HVRV_STAGE_G,
        .mode = HVRV_MODE_SV39,
        .rules = HVRV_PTE_RULE_SVPBMT,
        .ad = any_bool() ? HVRV_GSTAGE_AD_FAULT : HVRV_GSTAGE_AD_HARDWARE,
    };
    ASSUME(hvrv_phys_init(&phys, &phys_config) == HVRV_OK);
    ASSUME(hvrv_gstage_init(&gstage, &config) == HVRV_OK);
    gather.is_open = true;
    taken = 2;
    is_taken[0] = is_taken[1] = true;
    for (unsigned i = 0; i < 4; i++) {
        root[i] = any_entry();
        table[0][i] = any_entry();
        table[1][i] = any_entry();
    }
#ifdef BOTH_TABLES /* where the solver needs to know where they are */
    root[0] = (FIRST >> 2) | V;
    table[0][0] = ((FIRST + 4096) >> 2) | V;
    for (unsigned i = 0; i < 4; i++) {
        ASSUME(i == 0 || !is_pointer(root[i]));
        ASSUME(i == 0 || !is_pointer(table[0][i]));
    }
#endif
    ASSUME(tree_is_sound());
    ASSUME(IMPLIES(parents[0], level_of[0] == 1) && IMPLIES(parents[1], level_of[1] == 0));
    is_taken[0] = parents[0] == 1;
    is_taken[1] = parents[1] == 1;
}

static struct hvrv_gstage_range any_range(void)
{
    struct hvrv_gstage_range range = {
        {any_pages()}, any_pages() + 4096, 1 + nondet_u8() % BUDGET_MOST};
    any_tree();
    page = any_pages();
    before = meaning_of(page, &shift_before);
    begin = range.gpa.v;
    return range;
}

/* What holds after a call; becomes is what it makes of the page if it gets so far. */
static void check(const struct hvrv_gstage_range *range, enum hvrv_status status, uint64_t size,
                  uint64_t becomes)
{
    unsigned shift;
    bool is_range = begin + size <= UINT64_C(1) << 18;
    PROVE(tree_is_sound());
    for (unsigned t = 0; t < TABLES; t++)
        PROVE(is_taken[t] == (parents[t] == 1 || is_in_gather[t]));
    uint64_t after = meaning_of(page, &shift);
    bool is_done = page >= begin && page < range->gpa.v;
    PROVE(range->gpa.v + range->size == begin + size);
    PROVE(range->gpa.v >= begin && range->gpa.v <= begin + size);
    PROVE(IMPLIES(status == HVRV_OK, is_range && range->size == 0));
    PROVE(IMPLIES(!is_range, range->gpa.v == begin && status != HVRV_ERR_UNFINISHED));
    PROVE(after == (is_done ? becomes : before));
    PROVE(IMPLIES((before & V) && after != before, is_fenced));
}

void split(void)
{
    struct hvrv_gstage_resize request = {.range = any_range(), .shift = nondet_u8()};
    uint64_t size = request.range.size;
    unsigned shift;
    enum hvrv_status status = hvrv_gstage_split(&gstage, &request, &gather);
    check(&request.range, status, size, before);
    bool is_done = page >= begin && page < request.range.gpa.v;
    PROVE(IMPLIES(meaning_of(page, &shift) && is_done, shift <= request.shift));
    PROVE(IMPLIES(shift != shift_before && (before & V), is_fenced));
    COVER(status == HVRV_ERR_NO_PAGES);
    COVER(status == HVRV_ERR_UNFINISHED && parents[2] == 1);
    COVER(status == HVRV_OK && is_done && before);
    COVER(status == HVRV_ERR_RANGE);
}

void unmap(void)
{
    struct hvrv_gstage_range range = any_range();
    uint64_t size = range.size;
    enum hvrv_status status = hvrv_gstage_unmap(&gstage, &range, &gather);
    check(&range, status, size, 0);
    COVER(status == HVRV_ERR_NO_PAGES);
    COVER(status == HVRV_OK && parents[0] == 0);
    COVER(status == HVRV_ERR_UNFINISHED && parents[2] == 1);
}

void map(void)
{
    struct hvrv_gstage_map_request request = {.range = any_range(),
                                              .hpa = {nondet_u64() & (PPN << 2)},
                                              .bits = nondet_u64(),
                                              .existing = any_bool() ? HVRV_GSTAGE_REFUSE
                                                                     : HVRV_GSTAGE_REPLACE};
    uint64_t size = request.range.size;
    uint64_t hpa = request.hpa.v;
    uint64_t leaf = ((hpa + (page - begin)) >> 2) | request.bits | V | U;
    enum hvrv_status status = hvrv_gstage_map_range(&gstage, &request, &gather);
    PROVE(request.hpa.v - hpa == request.range.gpa.v - begin);
    check(&request.range, status, size, leaf);
    bool is_done = page >= begin && page < request.range.gpa.v;
    PROVE(IMPLIES(is_done && request.existing == HVRV_GSTAGE_REFUSE, before == 0));
    PROVE(IMPLIES(is_done, is_fenced));
    COVER(status == HVRV_ERR_NO_PAGES);
    COVER(status == HVRV_ERR_EXISTS);
    COVER(status == HVRV_OK && parents[2] == 1);
}
