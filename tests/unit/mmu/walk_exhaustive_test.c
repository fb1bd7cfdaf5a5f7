/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walker against the manual's algorithm (model/walk_model) on every value
 * of one entry: all of its low ten bits, N and PBMT, at every level of both
 * stages, where a leaf or a pointer to a table is expected, under every A/D
 * policy, for every access and, where permissions count, privilege, SUM and MXR.
 * The G-stage's entry translates either the access itself or a VS-stage entry.
 *
 * That is what HVRV_WALK_SWEEP=full in the environment does. Otherwise it is done
 * for Sv39 over Sv39x4 alone and without RSW and G, which no rule looks at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/walk_memory.h"

/* Aligned to 256 TiB, so that a leaf of any level can map it. */
#define BASE UINT64_C(0xa5000000000000)
#define SIZE UINT64_C(0x200000)
#define DATA UINT64_C(0x68000)  /* offset of the page that the access comes to */
#define POOL UINT64_C(0x100000) /* offset of the first G-stage table below the root */
#define OPEN UINT64_C(0xdf)     /* V R W X U A D */
/* The low ten bits of an entry: all, and without RSW and G. */
#define FULL UINT64_C(0x3ff)
#define PART UINT64_C(0x0df)

/*
 * The page number's low four bits are 8, as are those of all pages below: so a
 * leaf of 64 KiB leads where one of 4 KiB does.
 */
#define GVA UINT64_C(0x0028c1a6d5998abc)

/* What is swept. */
struct place {
    unsigned vs_mode, g_mode; /* 0, 8, 9, 10 */
    char what;     /* 'V': VS-stage, 'I': G-stage for a VS-stage table, 'G': for the page */
    bool is_table; /* the entry holds a table's address, else a page's */
    int level;
};

static uint64_t words[SIZE / 8];
static struct model_memory memory;
static struct walk_judge judge;

static struct {
    struct place place;
    uint64_t gva;
    uint64_t tables; /* GPA of offset 0 for the VS-stage's tables */
    uint64_t slot;   /* HPA of the entry that is swept */
    uint64_t leaf;   /* HPA of the VS-stage's leaf */
    uint64_t pool;   /* HPA of the next G-stage table */
    bool is_full;
    unsigned long places;
    unsigned long entries;
    unsigned long accesses;
    unsigned long pages;
    unsigned long by_reason[WALK_REASONS];
} sweep;

static int levels_of(unsigned mode)
{
    return mode == 0 ? 0 : (int)mode - 5;
}

static int shift_of(int level)
{
    return 12 + 9 * level;
}

static uint64_t bits_below(int level)
{
    return (UINT64_C(1) << shift_of(level)) - 1;
}

static uint64_t peek(uint64_t hpa)
{
    return model_memory_read(&memory, hpa);
}

static void poke(uint64_t hpa, uint64_t value)
{
    model_memory_write(&memory, hpa, value);
}

/* GPAs of two root entries: of the upper three quarters, but that no GPA has more than 56 bits. */
static uint64_t by_root(unsigned upper, unsigned lower)
{
    int levels = levels_of(sweep.place.g_mode);

    return (uint64_t)(levels == 5 ? lower : upper) << shift_of(levels - 1);
}

/* Offset of the VS-stage's table of a level. */
static uint64_t vs_table(int level)
{
    return (uint64_t)(level + 1) * 0x10000 + 0x8000;
}

/* Maps a GPA by a G-stage leaf of a level; returns where its entry of another level is. */
static uint64_t map_g(uint64_t gpa, uint64_t hpa, int leaf, int wanted)
{
    int top = levels_of(sweep.place.g_mode) - 1;
    uint64_t table = BASE, found = 0;

    for (int level = top;; level--) {
        uint64_t slot = table + (gpa >> shift_of(level) & (level == top ? 2047 : 511)) * 8;

        if (level == wanted)
            found = slot;
        if (level == leaf) {
            poke(slot, (hpa & ~bits_below(level)) >> 2 | OPEN);
            return found;
        }
        if (!peek(slot)) {
            poke(slot, sweep.pool >> 2 | 1);
            sweep.pool += 4096;
        }
        table = peek(slot) >> 10 << 12;
    }
}

/* The level of the leaf in the part of the tables that is, or is not, swept. */
static int leaf_level(char what)
{
    return sweep.place.what == what && !sweep.place.is_table ? sweep.place.level : 0;
}

/* The tables of the VS-stage; returns the GPA that the access comes to. */
static uint64_t build_vs(uint64_t page)
{
    const struct place *place = &sweep.place;
    int leaf = leaf_level('V');
    uint64_t mask = bits_below(leaf);

    sweep.gva = GVA & bits_below(levels_of(place->vs_mode)) >> 1;
    for (int level = levels_of(place->vs_mode) - 1; level >= leaf; level--) {
        uint64_t table = vs_table(level);
        uint64_t slot = BASE + table + (sweep.gva >> shift_of(level) & 511) * 8;
        uint64_t to =
            level > leaf ? sweep.tables + vs_table(level - 1) : page + (leaf ? 0 : 0x8000);

        poke(slot, to >> 2 | (level > leaf ? 1 : OPEN));
        if (place->what == 'V' && level == place->level)
            sweep.slot = slot;
        if (level == leaf)
            sweep.leaf = slot;
        if (!place->g_mode)
            continue;
        uint64_t entry = map_g(sweep.tables + table, BASE + table, leaf_level('I'), place->level);
        if (place->what == 'I')
            sweep.slot = entry;
    }
    return (leaf ? page : page + 0x8000) | (sweep.gva & mask);
}

static void build(const struct place *place)
{
    memset(words, 0, sizeof(words));
    sweep.place = *place;
    sweep.pool = BASE + POOL;
    sweep.tables = place->g_mode ? by_root(0x403, 0x83) : BASE;
    uint64_t page = place->g_mode ? by_root(0x605, 0xc5) : BASE;
    uint64_t gpa = page + DATA;
    sweep.gva = gpa;
    if (place->vs_mode)
        gpa = build_vs(page);
    if (place->g_mode) {
        uint64_t entry = map_g(gpa, BASE + DATA, leaf_level('G'), place->level);
        if (place->what == 'G')
            sweep.slot = entry;
    }
    if (place->is_table && place->level == 0)
        poke(sweep.slot, peek(sweep.slot) + 0x400); /* as no leaf of 64 KiB has it */
    judge.model.vsatp_mode = place->vs_mode;
    judge.model.hgatp_mode = place->g_mode;
    judge.model.vsatp_ppn = (sweep.tables + vs_table(levels_of(place->vs_mode) - 1)) >> 12;
    judge.model.hgatp_ppn = BASE >> 12;
}

static void one_access(const struct walk_access *access)
{
    if (!walk_judge_access(&judge, access))
        fail_msg("mismatch: entry 0x%llx at 0x%llx", (unsigned long long)peek(sweep.slot),
                 (unsigned long long)sweep.slot);
    sweep.accesses++;
    if (judge.outcome.faulted)
        sweep.by_reason[walk_compare_reason(&judge.outcome)]++;
    else
        sweep.pages++;
}

enum values { ALL, LEAVES };

/* Whether R, W, X and U of an entry come to be looked at. */
static bool is_leaf(uint64_t entry)
{
    return (entry & 1) != 0 && (entry & 0xa) != 0 && (entry & 6) != 4;
}

/* Every value of the entry, or of a leaf alone, as far as the bits of low. */
static void every_value(uint64_t low, enum values values)
{
    uint64_t ppn = peek(sweep.slot) & UINT64_C(0x3ffffffffffc00);

    walk_judge_prepare(&judge);
    for (uint64_t n = 0; n < 8 * 1024; n++) {
        uint64_t entry = (n >> 10) << 61 | ppn | (n & 0x3ff);
        bool by_both = sweep.place.what == 'V' && is_leaf(entry);

        if ((n & 0x3ff & ~low) || (values == LEAVES && !is_leaf(entry)))
            continue;
        poke(sweep.slot, entry);
        sweep.entries++;
        for (unsigned i = 0; i < 8; i++) {
            struct walk_access access = {sweep.gva, "VG", "rwxh"[i % 4], i < 4};

            if (i < 4 || by_both)
                one_access(&access);
        }
    }
    poke(sweep.slot, ppn | OPEN);
}

/* The stage that is not swept has another policy. */
static void set_policy(unsigned policy)
{
    char swept = "fui"[policy], other = "uif"[policy];
    bool is_vs = sweep.place.what == 'V';

    judge.model.vs_ad = is_vs ? swept : other;
    judge.model.g_ad = is_vs ? other : swept;
}

/* With all extensions under each policy; with fewer of them under one. */
static void every_encoding(void)
{
    for (unsigned i = 0; i < 6; i++) {
        unsigned off = i < 3 ? 0 : i - 2; /* 1: Svpbmt, 2: Svnapot */

        set_policy(off == 0 ? i : 0);
        judge.model.henvcfg_pbmte = (off & 1) == (sweep.place.what != 'V');
        judge.model.menvcfg_pbmte = !judge.model.henvcfg_pbmte;
        judge.model.svnapot = (off & 2) == 0;
        every_value(sweep.is_full && off == 0 ? FULL : PART, ALL);
    }
    judge.model.henvcfg_pbmte = judge.model.menvcfg_pbmte = judge.model.svnapot = true;
}

/* SUM and both MXRs as far as they count for the entry, and one that does not. */
static void every_permission(void)
{
    char what = sweep.place.what;

    for (unsigned i = 1; i < 16; i++) {
        if ((what != 'V' && i & 1) || (what != 'I' && i & 8))
            continue;
        judge.model.vsstatus_sum = i & 1;
        judge.model.vsstatus_mxr = i & 2;
        judge.model.sstatus_mxr = i & 4;
        judge.model.sstatus_mxr_for_implicit = i & 8;
        for (unsigned policy = 0; policy < 3; policy++) {
            set_policy(policy);
            every_value(PART, LEAVES);
        }
    }
    judge.model.vsstatus_sum = judge.model.vsstatus_mxr = false;
    judge.model.sstatus_mxr = judge.model.sstatus_mxr_for_implicit = false;
}

/* The VS-stage's leaf is to be updated, through the entry that is swept. */
static void every_implicit_write(void)
{
    judge.model.vs_ad = 'u';
    poke(sweep.leaf, peek(sweep.leaf) & ~UINT64_C(0xc0));
    for (unsigned policy = 0; policy < 3; policy++) {
        judge.model.g_ad = "fui"[policy];
        every_value(PART, ALL);
    }
    poke(sweep.leaf, peek(sweep.leaf) | 0xc0);
}

static void every_level(unsigned vs_mode, unsigned g_mode, char what)
{
    int levels = levels_of(what == 'V' ? vs_mode : g_mode);

    sweep.places += 2 * (unsigned)levels;
    for (int i = 0; i < 2 * levels; i++) {
        struct place place = {vs_mode, g_mode, what, i % 2 != 0, i / 2};

        build(&place);
        every_encoding();
        if (!place.is_table)
            every_permission();
        if (what == 'I')
            every_implicit_write();
    }
}

static int make_world(void **state)
{
    const char *how = getenv("HVRV_WALK_SWEEP");

    (void)state;
    sweep.is_full = how && strcmp(how, "full") == 0;
    model_memory_init(&memory, words, BASE, SIZE);
    walk_memory_init(&judge, &memory);
    return 0;
}

static void every_mode(char what)
{
    sweep.places = sweep.entries = sweep.accesses = sweep.pages = 0;
    memset(sweep.by_reason, 0, sizeof(sweep.by_reason));
    every_level(8, 8, what);
    if (!sweep.is_full)
        return;
    every_level(9, 9, what);
    every_level(10, 10, what);
    if (what == 'V')
        every_level(10, 0, what);
    if (what == 'G')
        every_level(0, 10, what);
}

/* As many as there must be, and for all reasons that there can be. */
static void assert_all(unsigned long accesses, const char *reasons)
{
    printf("%lu places, %lu entries, %lu accesses: %lu pages", sweep.places, sweep.entries,
           sweep.accesses, sweep.pages);
    for (unsigned i = 1; i < WALK_REASONS; i++)
        printf(", %s %lu", hvrv_reason_name((enum hvrv_reason)i), sweep.by_reason[i]);
    printf("\n");
    assert_int_equal(sweep.accesses, accesses);
    assert_true(sweep.pages > 0);
    for (unsigned i = 1; i < WALK_REASONS; i++)
        assert_int_equal(sweep.by_reason[i] > 0,
                         strstr(reasons, hvrv_reason_name((enum hvrv_reason)i)) != NULL);
}

#define ENCODINGS                                                                          \
    "not-valid write-without-read reserved-pbmt reserved-napot reserved-in-table no-leaf " \
    "misaligned user not-readable not-writable accessed dirty "

static unsigned long encodings(void)
{
    return 3UL * 8 * (sweep.is_full ? 1024 : 128) + 3UL * 8 * 128;
}

/* Of 16 values of V, R, W and X five are leaves; permissions are swept at half of the places. */
static unsigned long leaves_of(unsigned long entries)
{
    return entries / 16 * 5;
}

static void every_vs_stage_entry_walks_as_the_manual_says(void **state)
{
    unsigned long leaves = leaves_of(7UL * 3 * 8 * 128) / 2;

    (void)state;
    every_mode('V');
    assert_all(sweep.places * 4 * (encodings() + leaves_of(encodings()) + 2 * leaves),
               ENCODINGS "sum not-executable");
}

static void every_g_stage_entry_walks_as_the_manual_says(void **state)
{
    unsigned long leaves = leaves_of(3UL * 3 * 8 * 128) / 2;

    (void)state;
    every_mode('G');
    assert_all(sweep.places * 4 * (encodings() + leaves), ENCODINGS "not-executable");
}

static void every_g_stage_entry_for_a_vs_table_walks_as_the_manual_says(void **state)
{
    unsigned long leaves = leaves_of(7UL * 3 * 8 * 128) / 2;

    (void)state;
    every_mode('I');
    assert_all(sweep.places * 4 * (encodings() + leaves + 3UL * 8 * 128), ENCODINGS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vs_stage_entry_walks_as_the_manual_says),
        cmocka_unit_test(every_g_stage_entry_walks_as_the_manual_says),
        cmocka_unit_test(every_g_stage_entry_for_a_vs_table_walks_as_the_manual_says),
    };

    return cmocka_run_group_tests_name("mmu/walk_exhaustive", tests, make_world, NULL);
}
