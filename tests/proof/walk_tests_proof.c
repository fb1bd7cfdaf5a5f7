/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walker's comparisons (struct hvrv_walk_test, made by lib/mmu/walk_init.c):
 * for each of the 2^64 entries, one masked comparison says what the manual's
 * steps 3 to 9 say, spelled out in tests/model/walk_model.c. That is what lets
 * the walker skip them.
 *
 * The theorem, for every regime that hvrv_walk_init() takes, stage, access,
 * privilege and level:
 *
 *     an entry passes the leaf's test  <=>  it is ordinary, and the manual grants
 *         the access by it, as a leaf of level 0, without an update of A or D;
 *     an entry passes the table's test <=>  the manual follows it as a pointer at
 *         every level above 0.
 *
 * Ordinary is: N = 0, PBMT = 0, R = 1, and in the VS-stage a PPN that is not too
 * wide for the G-stage. At a level above 0 the plain walk adds the alignment,
 * with which both sides are the same again. The tests of the plain walk demand
 * more: G and RSW clear, and an address in the direct window.
 *
 * Assumptions: the access is one of the four, the privilege one of the two, the
 * window one that hvrv_phys_init() takes; its memory is never touched. Nothing
 * else: modes, roots, policies and switches are anything.
 *
 * Files: lib/mmu/walk_init.c lib/isa/pte.c lib/isa/mode.c lib/port/phys.c
 */
#include "mmu/walk_plain.h"
#include "walk_regime.h"

/* The specification: its file is included for wrong_encoding() and wrong_leaf(). */
#define is_canonical model_is_canonical
#include "model/walk_model.c"
#undef is_canonical

/* A walk for anything, and an entry. */
struct question {
    struct hvrv_phys_config config;
    struct hvrv_phys phys;
    struct hvrv_walk walk;
    struct walk_model model;
    struct run run;
    char stage;
    uint64_t pte;
    int level;
};

static bool no_load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    (void)context;
    (void)hpa;
    (void)value;
    PROVE(false);
    return false;
}

static bool no_store(void *context, hvrv_hpa hpa, uint64_t value)
{
    (void)context;
    (void)hpa;
    (void)value;
    PROVE(false);
    return false;
}

static bool no_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context;
    (void)hpa;
    (void)expected;
    (void)desired;
    PROVE(false);
    return false;
}

static const struct hvrv_phys_ops ops = {no_load, no_store, no_swap};

/* Any walk: false if hvrv_phys_init() or hvrv_walk_init() refuses. */
static bool ask(struct question *q)
{
    static uint64_t window;
    q->config.window = any_bool() ? &window : NULL;
    q->config.window_base.v = nondet_u64();
    q->config.window_size = nondet_u64();
    q->config.ops = any_bool() ? &ops : NULL;
    struct hvrv_walk_regime regime = any_regime(nondet_u8(), nondet_u8());
    if (hvrv_phys_init(&q->phys, &q->config) != HVRV_OK ||
        hvrv_walk_init(&q->walk, &regime, &q->phys) != HVRV_OK)
        return false;
    q->model = model_of(&regime);
    q->run.model = &q->model;
    q->pte = nondet_u64();
    q->level = (int)nondet_unsigned();
    ASSUME(q->level >= 0 && q->level <= 4);
    return true;
}

/* A leaf by which the manual grants the access at once. */
static bool is_granted(const struct question *q, char access, int level)
{
    return !wrong_encoding(&q->model, q->stage, q->pte, level) && is_leaf(q->pte) &&
           !wrong_leaf(&q->run, q->stage, q->pte, access) &&
           !wants_update(&q->run, q->stage, q->pte, access);
}

/* Whether the GPA in an entry is one that the G-stage takes: 41, 50, 59 or 64 bits of 56. */
static bool is_narrow(const struct question *q)
{
    unsigned mode = q->model.hgatp_mode;
    unsigned width = mode == 8 ? 41 : mode == 9 ? 50 : 56;
    return field(q->pte, 53, 10) >> (width - 12) == 0;
}

static bool is_ordinary(const struct question *q)
{
    return field(q->pte, 63, 61) == 0 && bit(q->pte, 1) && (q->stage == 'G' || is_narrow(q));
}

/* Whether the page that an entry points to begins in the window; true if there is none. */
static bool is_in_window(const struct question *q)
{
    uint64_t address = field(q->pte, 53, 10) * 4096;
    uint64_t size = q->config.window_size;
    return size == 0 ||
           (address >= q->config.window_base.v && address - q->config.window_base.v < size);
}

static bool is_pointer(const struct question *q)
{
    return !wrong_encoding(&q->model, q->stage, q->pte, 1) && !is_leaf(q->pte);
}

void a_leaf_passes_if_the_manual_grants_it(void)
{
    struct question q;
    unsigned access = nondet_unsigned();
    unsigned privilege = nondet_unsigned();
    ASSUME(access < 4 && privilege < 2);
    if (!ask(&q))
        return;
    q.run.access = letter_of((enum hvrv_access)access);
    q.run.user = privilege == HVRV_WALK_VU;
    q.run.implicit = any_bool(); /* the G-stage's test does not depend on it */
    const struct hvrv_walk_leaf_tests *tests = &q.walk.leaf[privilege * 4 + access];
    q.stage = 'V';
    bool passes_vs = passes(q.pte, tests->vs);
    PROVE(passes_vs == (is_ordinary(&q) && is_granted(&q, q.run.access, 0)));
    /* A superpage is one whose low PPN bits are 0; 9 for each level. */
    bool is_aligned = (q.pte >> 10 & ((UINT64_C(1) << 9 * q.level) - 1)) == 0;
    PROVE((passes_vs && is_aligned) == (is_ordinary(&q) && is_granted(&q, q.run.access, q.level)));
    q.stage = 'G';
    bool passes_g = passes(q.pte, tests->g);
    PROVE(passes_g == (is_ordinary(&q) && is_granted(&q, q.run.access, 0)));
    PROVE((passes_g && is_aligned) == (is_ordinary(&q) && is_granted(&q, q.run.access, q.level)));
    COVER(passes_vs && access == HVRV_ACCESS_STORE && privilege == HVRV_WALK_VS && bit(q.pte, 4));
    COVER(passes_g && q.level == 4 && is_aligned && q.walk.g_levels == 5);
    COVER(passes_g && !bit(q.pte, 6)); /* A = 0, under the policy "ignore" */
    COVER(passes_vs && field(q.pte, 60, 59) == 3);
}

void a_pointer_passes_if_the_manual_follows_it(void)
{
    struct question q;
    if (!ask(&q))
        return;
    q.stage = any_bool() ? 'V' : 'G';
    bool is_plain = is_pointer(&q) && !bit(q.pte, 5) && field(q.pte, 9, 8) == 0;
    PROVE(passes(q.pte, q.walk.table) == is_pointer(&q));
    PROVE(IMPLIES(q.level > 0, (!wrong_encoding(&q.model, q.stage, q.pte, q.level) &&
                                !is_leaf(q.pte)) == is_pointer(&q)));
    PROVE(wrong_encoding(&q.model, q.stage, q.pte, 0) != NULL || is_leaf(q.pte));
    PROVE(passes(q.pte, q.walk.plain_g_table) == (is_plain && is_in_window(&q)));
    PROVE(passes(q.pte, q.walk.plain_vs_table) == (is_plain && is_narrow(&q)));
    COVER(passes(q.pte, q.walk.plain_g_table) && q.config.window_size == 4096);
    COVER(passes(q.pte, q.walk.plain_vs_table) && q.walk.g_levels == 3);
    COVER(passes(q.pte, q.walk.table) && field(q.pte, 60, 59) == 3);
}

/* The page with a VS-stage entry: read as a load that no MXR helps. */
void an_implicit_read_passes_if_the_manual_grants_it(void)
{
    struct question q;
    if (!ask(&q))
        return;
    q.stage = 'G';
    q.run.implicit = true;
    q.run.access = 'x'; /* the original access does not count */
    bool is_granted_read = is_ordinary(&q) && is_granted(&q, 'r', 0);
    PROVE(passes(q.pte, q.walk.plain_implicit) == (is_granted_read && is_in_window(&q)));
    COVER(passes(q.pte, q.walk.plain_implicit) && q.config.window_size == 4096);
    COVER(is_granted_read && !is_in_window(&q));
}

/* Where the plain walk is chosen, its entries are where it looks for them. */
void the_plain_walk_is_chosen_where_it_can_read(void)
{
    struct question q;
    if (!ask(&q))
        return;
    bool has_window = q.config.window_size != 0;
    bool in_window = q.walk.plain == PLAIN_WINDOW || q.walk.plain == PLAIN_DEEP;
    uint64_t root = q.model.hgatp_ppn * 4096;
    PROVE(IMPLIES(in_window, has_window && root >= q.config.window_base.v &&
                                 root - q.config.window_base.v <= q.config.window_size - 16384));
    PROVE(IMPLIES(in_window, q.config.window_size >= 2097152)); /* holds what a level 1 maps */
    PROVE(IMPLIES(q.walk.plain == PLAIN_WINDOW, q.walk.g_levels == 3));
    PROVE(IMPLIES(q.walk.plain == PLAIN_PORT, !has_window && q.config.ops));
    PROVE(IMPLIES(q.walk.plain != PLAIN_NONE, q.walk.vs_levels > 0 && q.walk.g_levels > 0));
    PROVE(IMPLIES(q.walk.plain != PLAIN_NONE, !q.model.svrsw60t59b));
    PROVE(IMPLIES(in_window && q.walk.plain_1g, q.config.window_size >= 1073741824));
    COVER(q.walk.plain == PLAIN_WINDOW && q.config.window_size == 2097152);
    COVER(q.walk.plain == PLAIN_DEEP && q.config.window_size == UINT64_C(1) << 56);
    COVER(q.walk.plain == PLAIN_PORT && q.walk.g_levels == 5);
}
