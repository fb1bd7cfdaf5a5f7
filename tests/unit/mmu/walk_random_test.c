/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walker against the manual's algorithm (model/walk_model) on random
 * tables, most of them sound but for one entry. Every case is walked six ways,
 * each on a memory of its own: plainly and exactly (that is, with a trace),
 * through the window, through the port, and through both.
 *
 * HVRV_WALK_CASES and HVRV_WALK_SEED in the environment change the run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/walk.h>

#include "model/memory.h"
#include "model/walk_model.h"

/* Aligned to 256 TiB, so that a leaf of any level can map it. */
#define BASE          UINT64_C(0xa5000000000000)
#define SIZE          UINT64_C(0x400000)
#define HALF          UINT64_C(0x200000)
#define CASES         200000
#define CASES_A_SET   64
#define CASES_A_SWEEP 6400 /* a look at all of memory, not only at the pages in use */
#define WAYS          6
#define TARGETS       4
#define REASONS       19

enum way { WINDOW, WINDOW_TRACED, PORT, PORT_TRACED, BOTH, BOTH_TRACED };

static const char *const way_names[WAYS] = {"window",       "window, traced", "port",
                                            "port, traced", "both",           "both, traced"};

static uint64_t words[WAYS + 1][SIZE / 8];

/* What a trace received. */
struct steps {
    unsigned count;
    struct hvrv_walk_step step[WALK_MODEL_STEPS_MAX];
};

static struct world {
    uint64_t random;
    struct model_memory memory[WAYS + 1]; /* the last is the model's */
    struct hvrv_phys phys[WAYS];
    struct hvrv_walk walk[WAYS];
    struct walk_model model;
    uint64_t pages;        /* in use; see page_at() */
    uint64_t g_root;       /* HPA; 0 if Bare */
    uint64_t vs_root;      /* GPA */
    uint64_t region[2];    /* GPAs where all of memory appears */
    uint64_t swap[2];      /* pages of a region are permuted by this */
    uint64_t gva[TARGETS]; /* worth a visit */
    struct steps steps;
    unsigned pages_found;
    unsigned faults;
    unsigned by_reason[REASONS];
    unsigned by_levels[6][6]; /* pages by the leaves' levels; 5 is none */
} world;

static uint64_t draw(void)
{
    uint64_t z = world.random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static unsigned below(unsigned n)
{
    return (unsigned)(draw() % n);
}

static bool one_in(unsigned n)
{
    return below(n) == 0;
}

/* The n-th page handed out: from both halves in turn, after the roots. */
static uint64_t page_at(uint64_t n)
{
    return BASE + (n < 8 ? n * 4096 : n / 2 * 4096 + (n % 2) * HALF);
}

static uint64_t take_page(void)
{
    return page_at(world.pages++);
}

/* Everything is built in the model's memory, and copied. */
static uint64_t peek(uint64_t hpa)
{
    return model_memory_read(&world.memory[WAYS], hpa);
}

static void poke_all(uint64_t hpa, uint64_t value)
{
    for (unsigned i = 0; i <= WAYS; i++)
        model_memory_write(&world.memory[i], hpa, value);
}

static int levels_of(unsigned mode)
{
    return mode == 0 ? 0 : (int)mode - 5;
}

static uint64_t leaf_bits(void)
{
    static const uint64_t common[] = {0xdf, 0xcf, 0xd7, 0xdb, 0xd9, 0xc3, 0xcb, 0x5f, 0x1f, 0x9f};
    uint64_t bits = common[below(sizeof(common) / sizeof(common[0]))];

    if (one_in(4))
        bits ^= 0x10; /* U */
    if (one_in(4))
        bits |= draw() & 0x3a0; /* D, RSW and G */
    if (one_in(16))
        bits |= (uint64_t)below(3) << 61;
    if (one_in(32))
        bits |= (uint64_t)below(4) << 59;
    return bits;
}

/* Puts a leaf at a level above which tables are made as needed; gives up at a leaf in the way. */
static void map(char stage, uint64_t address, uint64_t entry, int leaf_level)
{
    bool is_g = stage == 'G';
    int levels = levels_of(is_g ? world.model.hgatp_mode : world.model.vsatp_mode);
    uint64_t table = is_g ? world.g_root : world.vs_root - world.region[0] + BASE;

    for (int i = levels - 1;; i--) {
        uint64_t index = address >> (12 + 9 * i) & (is_g && i == levels - 1 ? 2047 : 511);
        uint64_t slot = table + index * 8;
        uint64_t old = peek(slot);

        if (i == leaf_level) {
            if (!(old & 1))
                poke_all(slot, entry);
            return;
        }
        if (old & 0xe)
            return;
        if (!(old & 1)) {
            uint64_t page = take_page();
            uint64_t ppn = (is_g ? page : page - BASE + world.region[0]) >> 12;

            old = ppn << 10 | 1 | (one_in(8) ? draw() & 0x320 : 0); /* G and RSW */
            poke_all(slot, old);
        }
        table = (old >> 10 & UINT64_C(0xfffffffffff)) << 12;
        if (!is_g)
            table = table - world.region[0] + BASE;
    }
}

/* The G-stage leaves of one region, which is all of memory seen at a GPA. */
static void map_region(unsigned n, bool for_tables)
{
    int levels = levels_of(world.model.hgatp_mode);
    int level = one_in(2) ? 0 : (int)below((unsigned)levels);
    uint64_t size = UINT64_C(1) << (12 + 9 * level);
    uint64_t width = (uint64_t)(12 + 9 * levels + 2);
    uint64_t align = size > SIZE ? size : SIZE;

    if (width > 56)
        width = 56;
    world.region[n] = draw() % (UINT64_C(1) << width) & ~(align - 1);
    for (uint64_t offset = 0; offset < SIZE; offset += size) {
        uint64_t bits = for_tables && !one_in(64) ? 0xdf : leaf_bits();
        uint64_t hpa = BASE + offset;

        if (level == 0 && one_in(16) && (bits & 0xc) != 4)
            bits |= UINT64_C(1) << 63;
        if (bits >> 63)
            hpa = (hpa & ~UINT64_C(0xffff)) + 0x8000;
        map('G', world.region[n] + offset, hpa >> 2 | bits | 0x10, level);
    }
}

static void map_target(unsigned n)
{
    int levels = levels_of(world.model.vsatp_mode);
    uint64_t gpa = world.region[below(2)] + below((unsigned)SIZE);
    int level = levels == 0 || one_in(2) ? 0 : (int)below((unsigned)levels);
    uint64_t offset_mask = (UINT64_C(1) << (12 + 9 * level)) - 1;
    uint64_t bits = leaf_bits();

    if (levels == 0) {
        world.gva[n] = gpa;
        return;
    }
    if (level == 0 && one_in(8)) {
        bits |= UINT64_C(1) << 63;
        offset_mask = 0xffff;
    }
    uint64_t gva = (draw() & ~offset_mask) | (gpa & offset_mask);
    int unused = 64 - (12 + 9 * levels);
    gva = (uint64_t)((int64_t)(gva << unused) >> unused);
    world.gva[n] = gva;
    gpa &= ~offset_mask;
    if (bits >> 63)
        gpa |= 0x8000;
    map('V', gva, (gpa >> 2 & UINT64_C(0x3ffffffffffc00)) | bits, level);
}

static void make_views(void)
{
    struct model_memory *memory = world.memory;

    world.phys[WINDOW] = model_memory_by_window(&memory[WINDOW]);
    world.phys[WINDOW_TRACED] = model_memory_by_window(&memory[WINDOW_TRACED]);
    world.phys[PORT] = model_memory_by_port(&memory[PORT]);
    world.phys[PORT_TRACED] = model_memory_by_port(&memory[PORT_TRACED]);
    world.phys[BOTH] = model_memory_by_both(&memory[BOTH], HALF);
    world.phys[BOTH_TRACED] = model_memory_by_both(&memory[BOTH_TRACED], HALF);
}

static void build_tables(void)
{
    static const unsigned modes[] = {0, 8, 9, 10};
    unsigned pair = below(16);

    for (unsigned i = 0; i <= WAYS; i++) {
        for (uint64_t n = 0; n < world.pages; n++)
            memset(model_memory_word(&world.memory[i], page_at(n)), 0, 4096);
    }
    world.pages = 8;
    world.model.vsatp_mode = modes[pair / 4];
    world.model.hgatp_mode = modes[pair % 4];
    world.g_root = world.model.hgatp_mode ? BASE : 0;
    world.model.hgatp_ppn = world.g_root >> 12;
    world.region[0] = world.region[1] = BASE;
    if (world.g_root) {
        map_region(0, true);
        map_region(1, false);
    }
    world.vs_root = world.region[0];
    if (world.model.vsatp_mode)
        world.vs_root = take_page() - BASE + world.region[0];
    world.model.vsatp_ppn = world.model.vsatp_mode ? world.vs_root >> 12 : 0;
    for (unsigned i = 0; i < TARGETS; i++)
        map_target(i);
}

static void draw_switches(void)
{
    static const char policies[] = "fui";
    struct walk_model *model = &world.model;
    uint64_t bits = draw();

    model->vsstatus_sum = bits & 1;
    model->vsstatus_mxr = bits & 2;
    model->sstatus_mxr = bits & 4;
    model->sstatus_mxr_for_implicit = bits & 8;
    model->henvcfg_pbmte = (bits & 0x30) != 0;
    model->menvcfg_pbmte = (bits & 0xc0) != 0;
    model->svnapot = (bits & 0x300) != 0;
    model->svrsw60t59b = (bits & 0xc00) == 0;
    model->vs_ad = policies[below(3)];
    model->g_ad = policies[below(3)];
}

static enum hvrv_walk_ad policy(char c)
{
    return c == 'f' ? HVRV_WALK_AD_FAULT : c == 'u' ? HVRV_WALK_AD_UPDATE : HVRV_WALK_AD_IGNORE;
}

static void keep_step(void *context, const struct hvrv_walk_step *step)
{
    struct steps *steps = context;

    assert_true(steps->count < WALK_MODEL_STEPS_MAX);
    steps->step[steps->count++] = *step;
}

static void make_walks(void)
{
    const struct walk_model *model = &world.model;
    struct hvrv_walk_regime regime = {
        .vs_root = {model->vsatp_ppn << 12},
        .g_root = {model->hgatp_ppn << 12},
        .vs_mode = (uint8_t)model->vsatp_mode,
        .g_mode = (uint8_t)model->hgatp_mode,
        .vs_ad = policy(model->vs_ad),
        .g_ad = policy(model->g_ad),
        .vs_sum = model->vsstatus_sum,
        .vs_mxr = model->vsstatus_mxr,
        .hs_mxr = model->sstatus_mxr,
        .hs_mxr_implicit = model->sstatus_mxr_for_implicit,
        .vs_pbmte = model->henvcfg_pbmte,
        .g_pbmte = model->menvcfg_pbmte,
        .svnapot = model->svnapot,
        .svrsw60t59b = model->svrsw60t59b,
    };

    for (unsigned i = 0; i < WAYS; i++) {
        assert_int_equal(hvrv_walk_init(&world.walk[i], &regime, &world.phys[i]), HVRV_OK);
        if (i % 2)
            hvrv_walk_set_trace(&world.walk[i], keep_step, &world.steps);
    }
}

static bool model_reads(void *context, uint64_t hpa, uint64_t *value)
{
    uint64_t *word = model_memory_word(context, hpa);

    if (word)
        *value = *word;
    return word != NULL;
}

static bool model_writes(void *context, uint64_t hpa, uint64_t value)
{
    model_memory_write(context, hpa, value);
    return true;
}

static bool model_writes_nothing(void *context, uint64_t hpa, uint64_t value)
{
    (void)context, (void)hpa, (void)value;
    return true;
}

/* One case: the access, and the entry that was spoilt for it. */
struct access {
    uint64_t va;
    unsigned kind; /* index into "rwxh" and enum hvrv_access */
    bool user;
    const char *stages;
    uint64_t spoilt; /* HPA, or 0 */
    uint64_t sound;  /* what was there before */
};

static uint64_t spoil(uint64_t pte, uint64_t address)
{
    switch (below(12)) {
    case 0:
        return pte ^ UINT64_C(1) << (54 + below(10));
    case 1:
        return pte ^ UINT64_C(1) << (10 + below(44));
    case 2:
        return pte ^ UINT64_C(1) << (10 + below(18));
    case 3: /* a pointer to its own table */
        return (address >> 12) << 10 | 1;
    case 4: /* the same as the guest sees it */
        return ((address - BASE + world.region[0]) >> 12) << 10 | 1;
    case 5:
        return (pte & ~UINT64_C(0x3c00)) | UINT64_C(1) << 63 | (one_in(4) ? 0x400 : 0x2000);
    case 6:
        return (pte & ~UINT64_C(0x3ff)) | (draw() & 0x3ff);
    default:
        return pte ^ UINT64_C(1) << below(8);
    }
}

static struct access draw_access(void)
{
    struct access access = {
        .va = world.gva[below(TARGETS)] ^ below(4096), .kind = below(4), .user = one_in(2)};
    unsigned how = below(16);

    access.stages = how == 0 ? "V" : how == 1 ? "G" : "VG";
    if (how == 1)
        access.va = world.region[below(2)] + below((unsigned)SIZE);
    if (one_in(16))
        access.va ^= UINT64_C(1) << below(64);
    return access;
}

/* Spoils one entry of those that the access comes to, if it could do without faults. */
static void spoil_entry(struct access *access)
{
    struct walk_model model = world.model;
    struct walk_model_outcome outcome;

    model.vs_ad = model.g_ad = 'i';
    model.write = model_writes_nothing;
    walk_model_run(&model, access->stages, access->va, "rwxh"[access->kind], access -> user,
                   &outcome);
    if (outcome.reads == 0 || one_in(2))
        return;
    const struct walk_model_step *step = &outcome.steps[below(outcome.reads)];
    access->spoilt = step->pte_address;
    access->sound = step->pte;
    poke_all(access->spoilt, spoil(step->pte, step->pte_address));
}

static enum hvrv_status walk(enum way way, const struct access *access,
                             struct hvrv_walk_result *result)
{
    const struct hvrv_walk *walk = &world.walk[way];
    struct hvrv_walk_request request = {
        {access->va}, (enum hvrv_access)access->kind, access->user ? HVRV_WALK_VU : HVRV_WALK_VS};

    world.steps.count = 0;
    memset(result, 0x5a, sizeof(*result));
    if (strcmp(access->stages, "V") == 0)
        return hvrv_walk_vs_stage(walk, &request, result);
    if (strcmp(access->stages, "G") == 0)
        return hvrv_walk_g_stage(walk, hvrv_gpa_make(access->va), request.access, result);
    return hvrv_walk_two_stage(walk, &request, result);
}

static const char *different_fault(const struct hvrv_fault *fault,
                                   const struct walk_model_outcome *model, unsigned kind)
{
    if (strcmp(hvrv_reason_name(fault->reason), model->reason) != 0)
        return "reason";
    if (fault->cause != model->scause)
        return "cause";
    if (fault->stval != model->stval || fault->htval != model->htval ||
        fault->htinst != model->htinst || !fault->gva)
        return "stval, htval, htinst or GVA";
    if (fault->stage != (model->stage == 'V' ? HVRV_STAGE_VS : HVRV_STAGE_G))
        return "stage";
    if (fault->level != model->level || fault->pte != model->pte ||
        fault->pte_address != model->pte_address)
        return "level, PTE or its address";
    return fault->implicit != model->implicit || fault->access != kind ? "implicit or access"
                                                                       : NULL;
}

static const char *different_leaf(const struct walk_model_leaf *model, uint64_t pte,
                                  uint64_t address, unsigned shift)
{
    if (!model->is_there)
        return pte || address ? "an entry of a stage that is Bare" : NULL;
    if (pte != model->pte || address != model->address)
        return "leaf or its address";
    return shift != 12 + 9 * (unsigned)model->level ? "shift" : NULL;
}

static unsigned model_shift(const struct walk_model_leaf *leaf)
{
    if (!leaf->is_there)
        return 56;
    return leaf->pte >> 63 ? 16 : 12 + 9 * (unsigned)leaf->level;
}

/* The size, the permissions and the memory type of both stages together. */
static const char *different_sum(const struct hvrv_walk_page *page,
                                 const struct walk_model_outcome *model)
{
    unsigned vs_shift = model_shift(&model->vs), g_shift = model_shift(&model->g);
    uint64_t vs_pte = model->vs.is_there ? model->vs.pte : 0x1e;
    uint64_t g_pte = model->g.is_there ? model->g.pte : 0x0e;
    uint64_t vs_pbmt = vs_pte >> 61 & 3, g_pbmt = g_pte >> 61 & 3;

    if (hvrv_walk_page_shift(page) != (vs_shift < g_shift ? vs_shift : g_shift))
        return "page shift";
    if (hvrv_walk_permissions(page) != ((vs_pte & g_pte & 0xe) | (vs_pte & 0x10)))
        return "permissions";
    return hvrv_walk_pbmt(page) != (vs_pbmt ? vs_pbmt : g_pbmt) ? "memory type" : NULL;
}

static const char *different_page(const struct hvrv_walk_page *page,
                                  const struct walk_model_outcome *model)
{
    if (page->gpa.v != model->gpa || page->hpa.v != model->hpa)
        return "GPA or HPA";
    const char *what =
        different_leaf(&model->vs, page->vs_pte.v, page->vs_pte_address.v, page->vs_shift);
    if (!what)
        what = different_leaf(&model->g, page->g_pte.v, page->g_pte_address.v, page->g_shift);
    return what ? what : different_sum(page, model);
}

static const char *different_steps(const struct walk_model_outcome *model)
{
    if (world.steps.count != model->reads)
        return "number of reads";
    for (unsigned i = 0; i < model->reads; i++) {
        const struct hvrv_walk_step *step = &world.steps.step[i];
        const struct walk_model_step *expected = &model->steps[i];

        if (step->stage != (expected->stage == 'V' ? HVRV_STAGE_VS : HVRV_STAGE_G) ||
            step->level != (unsigned)expected->level || step->address != expected->address ||
            step->pte_address.v != expected->pte_address || step->pte.v != expected->pte)
            return "a step of the trace";
    }
    return NULL;
}

/* The words that the walk read; those of the whole memory are compared now and then. */
static const char *different_memory(enum way way, const struct walk_model_outcome *model)
{
    for (unsigned i = 0; i < model->reads; i++) {
        uint64_t hpa = model->steps[i].pte_address;

        if (model_memory_read(&world.memory[way], hpa) != peek(hpa))
            return "memory after the walk";
    }
    return NULL;
}

static void report(const struct access *access, const struct walk_model_outcome *model)
{
    const struct walk_model *m = &world.model;

    printf("  modes %u %u, SUM %d, vs MXR %d, hs MXR %d (implicit %d), A/D %c%c, PBMTE %d%d, "
           "Svnapot %d, Svrsw60t59b %d\n",
           m->vsatp_mode, m->hgatp_mode, m->vsstatus_sum, m->vsstatus_mxr, m->sstatus_mxr,
           m->sstatus_mxr_for_implicit, m->vs_ad, m->g_ad, m->henvcfg_pbmte, m->menvcfg_pbmte,
           m->svnapot, m->svrsw60t59b);
    printf("  stages %s, VA 0x%llx, access %c, %s\n", access->stages,
           (unsigned long long)access->va, "rwxh"[access->kind], access -> user ? "VU" : "VS");
    for (unsigned i = 0; i < model->reads; i++)
        printf("  read %c level %d at 0x%llx: 0x%llx\n", model->steps[i].stage,
               model->steps[i].level, (unsigned long long)model->steps[i].pte_address,
               (unsigned long long)model->steps[i].pte);
    if (model->faulted)
        printf("  model: cause %u, %s\n", model->scause, model->reason);
    else
        printf("  model: GPA 0x%llx, HPA 0x%llx\n", (unsigned long long)model->gpa,
               (unsigned long long)model->hpa);
}

static void compare(enum way way, const struct access *access,
                    const struct walk_model_outcome *model)
{
    struct hvrv_walk_result result;
    enum hvrv_status status = walk(way, access, &result);
    const char *what = NULL;

    if (status != HVRV_OK)
        what = hvrv_status_name(status);
    else if (result.faulted != model->faulted)
        what = "whether there is a fault";
    else
        what = result.faulted ? different_fault(&result.fault, model, access->kind)
                              : different_page(&result.page, model);
    if (!what && way % 2)
        what = different_steps(model);
    if (!what)
        what = different_memory(way, model);
    if (!what)
        return;
    report(access, model);
    if (status == HVRV_OK && result.faulted) {
        char text[400];
        hvrv_fault_explain(&result.fault, text, sizeof(text));
        printf("  walker: %s\n", text);
    }
    fail_msg("walk by %s differs from the model: %s", way_names[way], what);
}

/* Besides, a walk that does not fault reads no more than its modes say. */
static void assert_few_reads(const struct walk_model_outcome *model)
{
    unsigned vs = (unsigned)levels_of(world.model.vsatp_mode);
    unsigned g = (unsigned)levels_of(world.model.hgatp_mode);

    assert_in_range(model->reads, 0, (vs + 1) * (g + 1) - 1);
}

static void count(const struct walk_model_outcome *model)
{
    if (!model->faulted) {
        world.pages_found++;
        world.by_levels[model->vs.is_there ? model->vs.level : 5]
                       [model->g.is_there ? model->g.level : 5]++;
        return;
    }
    world.faults++;
    for (unsigned i = 0; i < REASONS; i++) {
        if (strcmp(model->reason, hvrv_reason_name((enum hvrv_reason)i)) == 0)
            world.by_reason[i]++;
    }
}

/* So that the cases are not all of one kind. */
static void assert_everything_happened(unsigned long cases)
{
    printf("%u pages, %u faults:", world.pages_found, world.faults);
    for (unsigned i = 1; i < REASONS; i++)
        printf(" %s %u", hvrv_reason_name((enum hvrv_reason)i), world.by_reason[i]);
    printf("\n");
    if (cases < CASES)
        return;
    assert_true(world.pages_found > cases / 4);
    for (unsigned i = 1; i < REASONS; i++)
        assert_true(world.by_reason[i] > 100);
    for (unsigned vs = 0; vs < 6; vs++) {
        for (unsigned g = 0; g < 6; g++)
            assert_true(world.by_levels[vs][g] > 10);
    }
}

static void run_case(void)
{
    struct walk_model_outcome model;
    struct access access = draw_access();

    draw_switches();
    make_walks();
    spoil_entry(&access);
    walk_model_run(&world.model, access.stages, access.va, "rwxh"[access.kind], access.user,
                   &model);
    assert_few_reads(&model);
    for (unsigned way = 0; way < WAYS; way++)
        compare((enum way)way, &access, &model);
    if (access.spoilt)
        poke_all(access.spoilt, access.sound);
    count(&model);
}

static void compare_memories(bool all)
{
    for (unsigned i = 0; i < WAYS; i++) {
        for (uint64_t n = 0; !all && n < world.pages; n++)
            assert_memory_equal(model_memory_word(&world.memory[i], page_at(n)),
                                model_memory_word(&world.memory[WAYS], page_at(n)), 4096);
        if (all)
            assert_memory_equal(words[i], words[WAYS], sizeof(words[i]));
    }
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

static void every_way_agrees_with_the_manual_on_random_tables(void **state)
{
    unsigned long seed = from_environment("HVRV_WALK_SEED", 20261123);
    unsigned long cases = from_environment("HVRV_WALK_CASES", CASES);

    (void)state;
    printf("seed %lu, %lu cases\n", seed, cases);
    world.random = seed;
    for (unsigned i = 0; i <= WAYS; i++)
        model_memory_init(&world.memory[i], words[i], BASE, SIZE);
    world.model.memory = &world.memory[WAYS];
    world.model.read = model_reads;
    world.model.write = model_writes;
    make_views();
    for (unsigned long n = 0; n < cases; n++) {
        if (n % CASES_A_SET == 0) {
            compare_memories(n % CASES_A_SWEEP == 0);
            build_tables();
        }
        run_case();
    }
    compare_memories(true);
    assert_everything_happened(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_agrees_with_the_manual_on_random_tables),
    };

    return cmocka_run_group_tests_name("mmu/walk_random", tests, NULL, NULL);
}
