/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plain walk: the case that nearly every walk is, as fast as C allows.
 *
 * It goes on only while every entry is plain: a pointer without a reserved bit,
 * or a leaf that grants the access with A and D as they must be. Each of these
 * is one masked comparison against a value that hvrv_walk_init() computed.
 * Whatever is not plain, from a NAPOT leaf to a fault, ends the plain walk with
 * false, and walk.c does the whole walk again, exactly. The plain walk writes
 * nothing but the result, so it can be given up at any point.
 *
 * It is written once and inlined twice: for Sv39x4 in the direct window, where
 * it is a leaf function of plain loads and constant shifts, and for all else.
 * In the window, that a pointer's table lies there too is part of the same
 * masked comparison: hvrv_walk_init() adds the window's upper bits to the test.
 *
 * What is odd in the C below is there to save instructions, and each oddity
 * says so. The exact walk is the one to read first.
 */
#ifndef HVRV_LIB_MMU_WALK_PLAIN_H
#define HVRV_LIB_MMU_WALK_PLAIN_H

#include <hvrv/mmu/walk.h>

#define ALWAYS_INLINE       inline __attribute__((always_inline))
#define NOINLINE            __attribute__((noinline))
#define COLD                __attribute__((noinline, cold))
#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* Where a walk's entries are, and of how many levels: struct hvrv_walk's field plain. */
enum plain {
    PLAIN_NONE,   /* anywhere, or there is a trace: no plain walk */
    PLAIN_WINDOW, /* Sv39x4 with its root in the window */
    PLAIN_DEEP,   /* Sv48x4 or Sv57x4 with its root in the window */
    PLAIN_PORT,   /* any mode, all behind the port */
};

/*
 * Of a plain pointer's low ten bits only V is set, so the pointer shifted left
 * by two is the table's address plus this, and no mask and no second shift are
 * needed to follow it.
 */
#define POINTER_V 4

static ALWAYS_INLINE bool passes(uint64_t pte, struct hvrv_walk_test test)
{
    return (pte & test.mask) == test.match;
}

static ALWAYS_INLINE bool is_canonical(uint64_t gva, unsigned unused_bits)
{
    return (uint64_t)((int64_t)(gva << unused_bits) >> unused_bits) == gva;
}

/* What the G-stage's part of the walk keeps in registers. */
struct plain_g {
    uintptr_t root;              /* the CPU's address of the root */
    uintptr_t delta;             /* from a pointer shifted left by two to the CPU's address */
    uint64_t offset_mask;        /* 512 entries of 8 bytes */
    struct hvrv_walk_test table; /* a pointer to a table in the window */
    unsigned root_shift;         /* brings the root index of plain_gpa.ppn to bit 3 */
    unsigned levels_above_3;
    void *context;
    bool (*load)(void *context, hvrv_hpa hpa, uint64_t *value); /* null: read the window */
    uint64_t *next;                                             /* where it puts what it reads */
    bool refused;                                               /* the last read was */
};

/*
 * A GPA in two parts: of ppn only bits 53:10 count, where an entry has its PPN,
 * and of offset only bits 11:0 may be set. So an entry is a GPA as it stands.
 * ppn is never wider than the G-stage takes: the VS-stage's tests see to it.
 */
struct plain_gpa {
    uint64_t ppn;
    uint64_t offset;
};

/* Where the G-stage's part has come to. */
struct plain_entry {
    uintptr_t at; /* the CPU's address of pte */
    uint64_t pte;
    uint64_t hpa;   /* what the leaf makes of the GPA */
    unsigned shift; /* log2 of what the leaf maps */
};

/*
 * An entry at the CPU's address, or the port's HPA. What the port gave is kept,
 * so that the exact walk need not ask again; 0, which no test passes, if it refused.
 */
static ALWAYS_INLINE uint64_t plain_read(struct plain_g *g, uintptr_t at)
{
    if (!g->load) {
        /* One read, which the barrier keeps from being done again; volatile costs more. */
        uint64_t pte = *(const uint64_t *)at;
        __asm__("" : "+r"(pte));
        return pte;
    }
    if (UNLIKELY(!g->load(g->context, hvrv_hpa_make(at), g->next))) {
        g->refused = true;
        return 0;
    }
    return *g->next++;
}

/*
 * Hides where a value comes from, so that the compiler keeps it in a register
 * as it is. x86-64 has too few registers and takes constants in the instruction.
 */
static ALWAYS_INLINE uint64_t plain_value(uint64_t value)
{
#ifdef __riscv
    __asm__("" : "+r"(value));
#endif
    return value;
}

/*
 * The comparisons for a request's leaves. The two barriers keep their address,
 * and what it is made of, from taking registers before it is needed.
 */
static ALWAYS_INLINE const struct hvrv_walk_leaf_tests *
leaf_tests(const struct hvrv_walk *walk, const struct hvrv_walk_request *request)
{
    __asm__("" : "+r"(request) : : "memory");
    unsigned row = (unsigned)request->privilege * HVRV_ACCESS_COUNT + (unsigned)request->access;
    const struct hvrv_walk_leaf_tests *tests = &walk->leaf[row];
    __asm__("" : "+r"(tests));
    return tests;
}

/* The PPN of an entry whose bits 63:54 are 0, in bytes. */
static ALWAYS_INLINE uint64_t plain_page(uint64_t pte)
{
    return (pte >> 10) << HVRV_PAGE_SHIFT;
}

/* From a pointer to the entry for the GPA one level below. */
static ALWAYS_INLINE void plain_descend(struct plain_g *g, struct plain_gpa gpa, unsigned level,
                                        struct plain_entry *entry)
{
    uint64_t offset = (gpa.ppn >> (hvrv_level_shift(level) - 5)) & g->offset_mask;
    entry->at = (uintptr_t)(entry->pte << 2) + (uintptr_t)offset + g->delta;
    entry->pte = plain_read(g, entry->at);
}

/* Ends at a leaf; false if it is none of the wanted kind. */
static ALWAYS_INLINE bool plain_leaf(struct hvrv_walk_test test, struct plain_gpa gpa,
                                     unsigned level, struct plain_entry *entry)
{
    uint64_t pages = hvrv_level_size(level) - HVRV_PAGE_SIZE; /* the bits that choose one in it */
    uint64_t page = plain_page(entry->pte);
    entry->hpa = page | ((gpa.ppn << 2) & pages) | gpa.offset;
    entry->shift = hvrv_level_shift(level);
    return LIKELY(passes(entry->pte, test)) && LIKELY((page & pages) == 0);
}

/* From the root of a deep table to level 2. Leaves above 1 GiB are not plain. */
static ALWAYS_INLINE bool plain_descend_to_2(struct plain_g *g, struct plain_gpa gpa,
                                             struct plain_entry *entry)
{
    if (g->levels_above_3 > 1) {
        if (!passes(entry->pte, g->table))
            return false;
        plain_descend(g, gpa, 3, entry);
    }
    if (!passes(entry->pte, g->table))
        return false;
    plain_descend(g, gpa, 2, entry);
    return true;
}

/* GPA to HPA: the levels unrolled, so that the shifts are constants. */
static ALWAYS_INLINE bool plain_g_stage(struct plain_g *g, struct plain_gpa gpa,
                                        struct hvrv_walk_test test, struct plain_entry *entry)
{
    entry->at = g->root + (uintptr_t)((gpa.ppn >> g->root_shift) & ~UINT64_C(7));
    entry->pte = plain_read(g, entry->at);
    if (UNLIKELY(g->levels_above_3 > 0) && !plain_descend_to_2(g, gpa, entry))
        return false;
    if (UNLIKELY(!passes(entry->pte, g->table)))
        return plain_leaf(test, gpa, 2, entry);
    plain_descend(g, gpa, 1, entry);
    if (!LIKELY(passes(entry->pte, g->table)))
        return plain_leaf(test, gpa, 1, entry);
    plain_descend(g, gpa, 0, entry);
    return plain_leaf(test, gpa, 0, entry);
}

/* For Sv39x4 in the window. */
static ALWAYS_INLINE struct plain_g plain_begin(const struct hvrv_walk *walk)
{
    struct plain_g g = {
        .root = walk->plain_root,
        .delta = walk->plain_delta,
        .offset_mask = plain_value(511 * 8),
        .table = walk->plain_g_table,
        .root_shift = 25,
    };
    return g;
}

/* The last step: the GPA of the access itself becomes an HPA. */
static ALWAYS_INLINE bool plain_end(struct plain_g *g, struct plain_gpa gpa,
                                    struct hvrv_walk_test test, struct hvrv_walk_result *result)
{
    struct hvrv_walk_page *page = &result->page;
    struct plain_entry entry;
    if (UNLIKELY(!plain_g_stage(g, gpa, test, &entry)))
        return false;
    page->hpa.v = entry.hpa;
    page->gpa.v = plain_page(gpa.ppn) | gpa.offset;
    page->g_pte.v = entry.pte;
    page->g_pte_address.v = entry.at - g->delta - POINTER_V;
    page->g_shift = entry.shift;
    result->faulted = false;
    return true;
}

/*
 * GVA to HPA: the VS-stage's entries from the root down, each through the
 * G-stage, and at last the access itself. down is 9 for each level from the
 * entry to the page.
 */
static ALWAYS_INLINE bool plain_two_stage(struct plain_g *g, const struct hvrv_walk *walk,
                                          const struct hvrv_walk_request *request,
                                          struct hvrv_walk_result *result)
{
    uint64_t gva = request->gva.v;
    unsigned down = walk->vs_down;
    if (UNLIKELY(!is_canonical(gva, walk->vs_unused_bits)))
        return false;
    struct plain_gpa gpa = {walk->regime.vs_root.v >> 2, (gva >> down) & g->offset_mask};
    struct plain_entry entry;
    uint64_t pte;
    for (;;) {
        if (UNLIKELY(!plain_g_stage(g, gpa, walk->plain_implicit, &entry)))
            return false;
        /* The test has it that a page begins in the window; a large one may reach beyond. */
        if (!g->load && entry.shift > hvrv_level_shift(1) && !walk->plain_1g)
            return false;
        uintptr_t at = (uintptr_t)plain_value(entry.hpa + g->delta);
        pte = plain_read(g, at + POINTER_V);
        if (!LIKELY(passes(pte, walk->plain_vs_table)))
            break;
        down -= 9;
        if (UNLIKELY(down == 0))
            return false;
        gpa.ppn = pte;
        gpa.offset = (gva >> down) & g->offset_mask;
    }
    const struct hvrv_walk_leaf_tests *leaf = leaf_tests(walk, request);
    uint64_t pages = ((HVRV_BIT(3) << down) - HVRV_PAGE_SIZE) >> 2; /* in the PPN */
    /* The GPA of a leaf up to 1 GiB is no wider than its PPN, which the test looks at. */
    if (UNLIKELY(down > 27) || UNLIKELY(!passes(pte, leaf->vs)) || UNLIKELY(pte & pages))
        return false;
    result->page.vs_pte.v = pte;
    result->page.vs_pte_address.v = entry.hpa;
    result->page.vs_shift = down + 3;
    gpa.ppn = pte | ((gva >> 2) & pages);
    gpa.offset = gva & (HVRV_PAGE_SIZE - 1);
    return plain_end(g, gpa, leaf->g, result);
}

#endif
