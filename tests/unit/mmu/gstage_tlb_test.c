/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random operations on the tables of a guest that runs meanwhile, on two harts whose TLBs forget
 * nothing until the right fence comes (model/tlb.h). After hvrv_fence_commit() every access goes
 * where the flat map says; between an operation and its commit, where it said before or says
 * then. No page that was stored to is missing in what hvrv_gstage_harvest() collects. And where
 * some of the fences are lost, an access shows it.
 *
 * HVRV_GSTAGE_SEED, HVRV_GSTAGE_FIRST and HVRV_GSTAGE_TLB_OPS choose what is run, see
 * gstage_random_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gstage_draw.h"
#include "model/tlb.h"

#define OPS         2000
#define OPS_A_WORLD 128
#define HARTS       2
#define PLACES      6    /* looked at before and after an operation */
#define STATES      4    /* that an access may find before a commit */
#define PAGES       4096 /* of those stored to that are remembered */
#define LOST_OPS    20000

/* Bits of menvcfg and henvcfg. */
#define PBMTE (UINT64_C(1) << 62)
#define ADUE  (UINT64_C(1) << 61)

#define VMID 0x2a5
#define ASID 0x1234

/* Fences that reach no TLB, or another thing than they should. */
enum lost {
    LOST_NONE,
    LOST_ALL,
    LOST_BY_ADDRESS,
    LOST_WITHOUT_ADDRESS,
    LOST_BUT_FIRST, /* of those with an address */
    LOST_STAGE,     /* HFENCE.VVMA for HFENCE.GVMA, and the reverse */
    LOST_VMID,
    LOST_SHIFT, /* the address is that of the next page */
    LOST_HART,  /* the other hart's */
    LOST_COUNT,
};

static struct world world;
static struct draw_run run = {.world = &world};
static struct model_hart other;
static struct model_tlb tlbs[HARTS];
static enum lost lost;
static bool is_first; /* no fence with an address since the last commit */

/* What was true at the last commit, and after each operation since. */
static struct flat states[STATES];
static unsigned state_count;

/* Pages that were stored to and not yet collected. */
static struct {
    uint64_t page[PAGES];
    bool is_collected[PAGES]; /* but not committed */
    bool is_late[PAGES];      /* while the call under way was running */
    unsigned count;
} stored;

/* What was collected since the last commit: pages that will be read after it. */
static struct {
    struct draw_op op;
    uint64_t first, end; /* what of it is not committed */
    uint64_t bitmap[DRAW_BITMAP];
} harvests[STATES + 1];
static unsigned harvest_count, harvests_before; /* the operation under way */

/* Ranges in which the pages are to be forgotten at the next commit. */
static struct flat_range forgotten[STATES + 1];
static unsigned forgotten_count;
static uint64_t harvested;    /* by the harvest under way: all before */
static uint64_t harvest_from; /* committed: all before */

static uint64_t places[PLACES];

static bool is_quiet;  /* no stores for now, which would hide that an earlier one was lost */
static bool is_inside; /* a call of the library is under way, and the harts go on */

static struct {
    unsigned long accesses;
    unsigned long gone; /* went somewhere */
    unsigned long stores;
    unsigned long old; /* found what was before */
    unsigned long collected;
} seen;

static struct {
    unsigned long seed;
    unsigned long world;
    unsigned long op;
    bool is_open;
} current;

static struct model_hart *hart_of(unsigned n)
{
    return n == 0 ? &world.hart : &other;
}

static void hear(void *context, const struct model_access *done)
{
    struct model_access heard = *done;
    bool is_fence = done->kind >= MODEL_HFENCE_GVMA && done->kind <= MODEL_HINVAL_VVMA;
    bool by_address = is_fence && (done->what & MODEL_BY_ADDRESS);

    if (is_fence && lost == LOST_ALL)
        return;
    if (by_address && (lost == LOST_BY_ADDRESS || (lost == LOST_BUT_FIRST && !is_first)))
        return;
    if (is_fence && !by_address && lost == LOST_WITHOUT_ADDRESS)
        return;
    if (by_address)
        is_first = false;
    if (is_fence && lost == LOST_STAGE)
        heard.kind = (enum model_kind)(MODEL_HFENCE_GVMA + ((done->kind - MODEL_HFENCE_GVMA) ^ 1));
    if (is_fence && lost == LOST_VMID && (done->what & MODEL_BY_ID))
        heard.b ^= 1;
    if (by_address && lost == LOST_SHIFT)
        heard.a += 4096;
    model_tlb_hear(context, &heard);
}

static void attach(struct model_hart *hart)
{
    if (model_hart_attach)
        model_hart_attach(hart);
}

/* The order goes to the other hart. */
static void reach(void *context, const struct hvrv_fence_order *order)
{
    (void)context;
    is_first = true;
    attach(&other);
    if (lost != LOST_HART && hvrv_fence_execute(order, &other.hart) != HVRV_OK)
        world_complain(&world, "an order cannot be carried out", 0);
    attach(&world.hart);
    model_log_clear(&other);
}

static struct world_config config_of(unsigned long number)
{
    static const enum hvrv_mode_encoding modes[] = {HVRV_MODE_SV39, HVRV_MODE_SV48, HVRV_MODE_SV57};
    unsigned long kind = number % 6, rest = number / 6;

    return (struct world_config){
        .stage = kind < 4 ? HVRV_STAGE_G : HVRV_STAGE_VS,
        .mode = modes[kind % 3],
        .rules = ((number / 2 + rest) % 3 ? HVRV_PTE_RULE_SVNAPOT : 0) | HVRV_PTE_RULE_SVPBMT,
        .ad = (number + rest) % 2 ? HVRV_GSTAGE_AD_HARDWARE : HVRV_GSTAGE_AD_FAULT,
        .memory = (enum world_memory)((number / 2 + rest) % WORLD_MEMORIES),
        .seed = current.seed * UINT64_C(1000033) + number,
    };
}

/* A TLB with nothing in it, which a hart may have at any time. */
static void forget_all(unsigned n, bool keeps_invalid, bool walks_ahead, bool splits_napot)
{
    struct model_tlb *tlb = &tlbs[n];

    model_tlb_init(tlb, hart_of(n), &world.memory);
    tlb->keeps_invalid = keeps_invalid;
    tlb->walks_ahead = walks_ahead;
    tlb->splits_napot = splits_napot;
    hart_of(n)->heard = hear;
}

static void begin_hart(unsigned n)
{
    struct model_hart *hart = hart_of(n);
    bool is_g = world.config.stage == HVRV_STAGE_G;
    uint64_t envcfg = PBMTE | (world.model.hardware ? ADUE : 0);
    uint64_t atp;

    if (hvrv_gstage_atp(&world.gstage, is_g ? VMID : ASID, &atp) != HVRV_OK)
        world_complain(&world, "no atp", 0);
    model_force(hart, HVRV_CSR_MENVCFG, envcfg);
    model_force(hart, HVRV_CSR_HENVCFG, envcfg);
    model_force(hart, HVRV_CSR_HGATP, is_g ? atp : 0);
    model_force(hart, HVRV_CSR_VSATP, is_g ? 0 : atp);
    forget_all(n, !world.domain.svvptc, world_draw_below(&world, 2), world_draw_below(&world, 2));
}

static void begin_world(const struct world_config *config)
{
    static const uint16_t most[] = {0, 1, 2, 3, 5, 16, 64};

    world_init(&world, config);
    memset(&run.op, 0, sizeof(run.op));
    model_hart_init(&other);
    attach(&world.hart);
    world.domain.vmid = world.config.stage == HVRV_STAGE_G ? VMID : 0;
    world.domain.every_vmid = lost != LOST_VMID && world_draw_below(&world, 8) == 0;
    world.domain.fences_max = most[world_draw_below(&world, 7)];
    if (lost == LOST_BY_ADDRESS || lost == LOST_BUT_FIRST || lost == LOST_SHIFT)
        world.domain.fences_max = 64;
    world.domain.svinval = world_draw_below(&world, 2);
    world.domain.svvptc = world_draw_below(&world, 3) == 0;
    world.domain.reach = reach;
    if (hvrv_fence_begin(&world.gather, &world.domain, &world.hart.hart) != HVRV_OK)
        world_complain(&world, "no gather", 0);
    for (unsigned n = 0; n < HARTS; n++)
        begin_hart(n);
    stored.count = 0;
    harvest_count = harvests_before = 0;
    forgotten_count = 0;
    flat_copy(&states[0], &world.model);
    state_count = 1;
}

static bool is_set(const uint64_t *bitmap, uint64_t bit)
{
    return bitmap[bit / 64] >> bit % 64 & 1;
}

static bool will_be_read(uint64_t page)
{
    for (unsigned i = 0; i < harvest_count; i++) {
        const struct draw_op *op = &harvests[i].op;

        if (page >= harvests[i].first &&
            page - harvests[i].first < harvests[i].end - harvests[i].first &&
            is_set(harvests[i].bitmap, op->next + ((page - op->address) >> 12)))
            return true;
    }
    return false;
}

static void note_store(uint64_t address)
{
    uint64_t page = address & ~UINT64_C(4095);

    for (unsigned i = 0; i < stored.count; i++) {
        if (stored.page[i] == page)
            return;
    }
    if (stored.count == PAGES)
        stored.count = 0; /* what is not remembered is not missed */
    stored.page[stored.count] = page;
    stored.is_collected[stored.count] = will_be_read(page);
    stored.is_late[stored.count] = is_inside;
    stored.count++;
}

static void drop_page(unsigned at)
{
    stored.count--;
    stored.page[at] = stored.page[stored.count];
    stored.is_collected[at] = stored.is_collected[stored.count];
    stored.is_late[at] = stored.is_late[stored.count];
}

/* An operation that is not committed took the page away, or its D. */
static bool is_forgotten(uint64_t page)
{
    for (unsigned i = 0; i < forgotten_count; i++) {
        if (page >= forgotten[i].first && page <= forgotten[i].last)
            return true;
    }
    return false;
}

/* Every page that was stored to before the harvest came by is in its bitmap. */
static bool collect(uint64_t first, uint64_t end)
{
    for (unsigned i = 0; i < stored.count; i++) {
        if (stored.page[i] < first || stored.page[i] - first >= end - first ||
            is_forgotten(stored.page[i]))
            continue;
        bool is_there = is_set(run.bitmap, run.op.next + ((stored.page[i] - run.op.address) >> 12));
        if (!is_there && stored.is_late[i])
            continue;
        if (!WORLD_CHECK(&world, is_there || stored.is_collected[i], stored.page[i]))
            return false;
        stored.is_collected[i] = true;
        seen.collected++;
    }
    return true;
}

/* At a commit: what was collected is safe, and what is no more need not be. */
static void settle_stores(void)
{
    for (unsigned i = stored.count; i-- > 0;) {
        if (stored.is_collected[i] || is_forgotten(stored.page[i]))
            drop_page(i);
    }
    harvest_count = harvests_before = 0;
    forgotten_count = 0;
}

/* An operation that takes D away, or the page. */
static bool forgets_stores(const struct draw_op *op)
{
    return op->kind == DRAW_UNMAP || (op->kind == DRAW_MAP && op->replaces) ||
           (op->kind == DRAW_PROTECT && (op->mask & ~op->bits & FLAT_D));
}

/* What the guest finds; false if it traps. */
static bool access_by_guest(struct model_tlb *tlb, const struct model_tlb_access *access,
                            uint64_t *hpa, bool *is_answered)
{
    static const enum hvrv_access kinds[] = {
        ['r'] = HVRV_ACCESS_LOAD, ['w'] = HVRV_ACCESS_STORE, ['x'] = HVRV_ACCESS_FETCH};
    struct hvrv_hart_trap trap;

    *is_answered = false;
    if (model_tlb_translate(tlb, access, hpa, &trap))
        return true;
    if (world.model.hardware)
        return false;
    /* It waits for the lock that unmap and merge have. */
    *is_answered = is_inside && (run.op.kind == DRAW_UNMAP || run.op.kind == DRAW_MERGE);
    if (*is_answered)
        return false;
    /* The handler of the fault. */
    *is_answered = hvrv_gstage_touch(&world.gstage, hvrv_gpa_make(access->gva),
                                     kinds[(unsigned char)access->kind]) == HVRV_OK;
    return *is_answered && model_tlb_translate(tlb, access, hpa, &trap);
}

static bool agrees(const struct flat *flat, const struct model_tlb_access *access, bool goes,
                   uint64_t hpa)
{
    uint64_t to;

    return flat_goes(flat, access->gva, access->kind, access->is_user, &to) == goes &&
           (!goes || to == hpa);
}

/* An access at an address. exact: what must be found; null: any state since the last commit. */
static bool go(uint64_t address, const struct flat *exact)
{
    struct model_tlb *tlb = &tlbs[world_draw_below(&world, HARTS)];
    bool is_g = world.config.stage == HVRV_STAGE_G, is_answered;
    struct model_tlb_access access = {.gva = address,
                                      .kind =
                                          (is_quiet ? "rrrx" : "rwwx")[world_draw_below(&world, 4)],
                                      .is_user = is_g || world_draw_below(&world, 4),
                                      .size = 1};
    uint64_t hpa = 0;
    bool goes = access_by_guest(tlb, &access, &hpa, &is_answered);

    seen.accesses++;
    seen.gone += goes;
    if (goes && access.kind == 'w') {
        seen.stores++;
        note_store(address);
    }
    if (exact)
        return WORLD_CHECK(&world, agrees(exact, &access, goes, hpa), address);
    if (agrees(&world.model, &access, goes, hpa) || (!goes && is_answered))
        return true;
    for (unsigned i = 0; i < state_count; i++) {
        if (agrees(&states[i], &access, goes, hpa)) {
            seen.old++;
            return true;
        }
    }
    return world_complain(&world, "an access finds what never was", address);
}

/* A leaf that the operation's range touches; null if there is none. */
static const struct flat_leaf *draw_leaf(void)
{
    const struct flat *before = &run.before;
    uint64_t last = run.op.address + (run.op.size ? run.op.size - 1 : 0);
    unsigned first = 0, count = 0;

    while (first < before->count &&
           before->leaf[first].first + ((UINT64_C(1) << before->leaf[first].shift) - 1) <
               run.op.address)
        first++;
    while (first + count < before->count && before->leaf[first + count].first <= last)
        count++;
    return count > 0 ? &before->leaf[first + world_draw_below(&world, count)] : NULL;
}

/* Pages in the operation's range, those that are mapped preferred, and at its edges. */
static uint64_t draw_place(void)
{
    const struct flat_leaf *leaf = world_draw_below(&world, 4) ? draw_leaf() : NULL;
    uint64_t page = run.op.address & ~UINT64_C(4095);

    if (leaf)
        return leaf->first + (world_draw_below(&world, UINT64_C(1) << (leaf->shift - 12)) << 12);
    switch (world_draw_below(&world, 3)) {
    case 0:
        return draw_address(&world);
    case 1:
        return page + (world_draw_below(&world, run.op.size / 4096 + 1) << 12);
    default:
        return page + (run.op.size & ~UINT64_C(4095)) - (world_draw_below(&world, 3) << 12);
    }
}

static bool is_place(uint64_t address)
{
    return flat_check_range(&world.model, address & ~UINT64_C(4095), 4096) == FLAT_OK;
}

static bool go_everywhere(const struct flat *exact)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (is_place(places[i]) && !go(places[i], exact))
            return false;
    }
    return true;
}

/* What hvrv_gstage_query() finds without a lock is true as well. */
static bool is_found_by_query(uint64_t address)
{
    struct hvrv_gstage_entry entry;
    uint64_t mask, to;

    if (!WORLD_CHECK(&world,
                     hvrv_gstage_query(&world.gstage, hvrv_gpa_make(address), &entry) == HVRV_OK,
                     address))
        return false;
    mask = (UINT64_C(1) << entry.shift) - 1;
    to = (((entry.pte.v & FLAT_PPN) << 2) & ~mask) | (address & mask);
    for (unsigned i = 0; i <= state_count; i++) {
        const struct flat *state = i < state_count ? &states[i] : &world.model;
        const struct flat_leaf *leaf = flat_find(state, address);

        if (leaf ? entry.pte.v != 0 && leaf->to + (address - leaf->first) == to : entry.pte.v == 0)
            return true;
    }
    return world_complain(&world, "a query finds what never was", address);
}

/* In the middle of a call, before something is written. */
static void watch(struct world *unused)
{
    (void)unused;
    if (is_inside || world.complaint[0] || world_draw_below(&world, 8) != 0)
        return;
    is_inside = true;
    uint64_t place = places[world_draw_below(&world, PLACES)];
    if (is_place(place) && go(place, NULL))
        is_found_by_query(place);
    is_inside = false;
}

static void begin_states(const struct flat *state)
{
    flat_copy(&states[0], state);
    state_count = 1;
}

static void keep_tlbs_small(void)
{
    for (unsigned n = 0; n < HARTS; n++) {
        if (tlbs[n].count > MODEL_TLB_SIZE / 2)
            forget_all(n, tlbs[n].keeps_invalid, tlbs[n].walks_ahead, tlbs[n].splits_napot);
    }
}

/* In the middle of an operation, and at its end before the commit. */
static bool look(struct draw_run *unused, uint64_t address, bool is_committed)
{
    (void)unused;
    is_first = true;
    model_log_clear(&world.hart);
    keep_tlbs_small();
    if (run.op.kind == DRAW_HARVEST && run.op.mask == FLAT_D && address - run.op.address > 0) {
        if (!collect(harvested, address))
            return false;
        harvested = address;
        harvest_count = harvests_before;
        harvests[harvest_count].op = run.op;
        harvests[harvest_count].first = harvest_from;
        harvests[harvest_count].end = address;
        memcpy(harvests[harvest_count].bitmap, run.bitmap, sizeof(run.bitmap));
        harvest_count++;
    }
    for (unsigned i = 0; i < stored.count; i++)
        stored.is_late[i] = false;
    if (!is_committed) {
        uint64_t place = places[world_draw_below(&world, PLACES)];

        return !is_place(place) || go(place, NULL);
    }
    settle_stores();
    harvest_from = address;
    begin_states(&run.before);
    if (forgets_stores(&run.op))
        forgotten[forgotten_count++] =
            (struct flat_range){run.op.address, run.op.address + run.op.size - 1};
    for (unsigned i = 0; i < PLACES; i++) {
        if (is_place(places[i]) && !go(places[i], places[i] < address ? &world.model : &run.before))
            return false;
    }
    return true;
}

static bool commit(void)
{
    is_first = true;
    if (!world_commit(&world))
        return false;
    settle_stores();
    begin_states(&world.model);
    is_quiet = world_draw_below(&world, 2);
    return go_everywhere(&world.model);
}

static bool do_one(void)
{
    draw_run(&run);
    run.ignored = FLAT_A | FLAT_D;
    run.look = look;
    harvested = harvest_from = run.op.address;
    harvests_before = harvest_count;
    for (unsigned i = 0; i < PLACES; i++)
        places[i] = draw_place();
    is_quiet = world_draw_below(&world, 2);
    /* The model is already what it is to be: what there is now are the states. */
    for (unsigned i = 0; i < PLACES; i++) {
        if (is_place(places[i]) && !go(places[i], state_count == 1 ? &states[0] : NULL))
            return false;
    }
    if (forgets_stores(&run.op) && run.op.size > 0)
        forgotten[forgotten_count++] =
            (struct flat_range){run.op.address, run.op.address + run.op.size - 1};
    is_quiet = false;
    world.watch = watch;
    if (!draw_carry_out(&run))
        return false;
    world.watch = NULL;
    flat_copy(&states[state_count++], &world.model);
    if ((state_count == STATES || world_draw_below(&world, 4)) && !commit())
        return false;
    keep_tlbs_small();
    return !model_hart_complaint(&world.hart) && !model_hart_complaint(&other);
}

/* A world; false if something is wrong. */
static bool run_world(unsigned long number, unsigned long ops)
{
    struct world_config config = config_of(number);

    begin_world(&config);
    for (current.op = 0; current.op < ops; current.op++) {
        if (!do_one())
            return false;
    }
    world.watch = NULL;
    return world_fini(&world);
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

static void no_translation_is_used_after_its_commit(void **state)
{
    unsigned long first = from_environment("HVRV_GSTAGE_FIRST", 0);
    unsigned long ops = from_environment("HVRV_GSTAGE_TLB_OPS", OPS);

    (void)state;
    lost = LOST_NONE;
    current.seed = from_environment("HVRV_GSTAGE_SEED", 20261123);
    printf("seed %lu, %lu operations from world %lu on\n", current.seed, ops, first);
    current.world = first;
    for (unsigned long left = ops; left > 0; current.world++) {
        unsigned long part = left < OPS_A_WORLD ? left : OPS_A_WORLD;

        current.is_open = true;
        if (!run_world(current.world, part)) {
            printf("%s\n", world.complaint);
            draw_print(&run.op);
            draw_print_end(&run);
            model_hart_check(&world.hart);
            model_hart_check(&other);
            fail();
        }
        current.is_open = false;
        left -= part;
    }
    printf("%lu accesses, %lu go somewhere, %lu find what was before, %lu stores, %lu pages "
           "collected\n",
           seen.accesses, seen.gone, seen.old, seen.stores, seen.collected);
    printf("%lu operations agree\n", ops);
}

/* However many operations it takes. */
static void every_kind_of_fence_that_is_lost_shows(void **state)
{
    static const char *const names[LOST_COUNT] = {
        "none",  "all",  "by address", "without address", "but the first",
        "stage", "VMID", "address",    "other hart"};

    (void)state;
    current.seed = 20261123;
    for (unsigned i = LOST_ALL; i < LOST_COUNT; i++) {
        unsigned long ops = 0, number = 0;

        lost = (enum lost)i;
        /* Sv39x4 and its like come first; VMIDs are for the G-stage. */
        while (ops < LOST_OPS && run_world(number++, OPS_A_WORLD))
            ops += OPS_A_WORLD;
        ops += current.op;
        printf("lost: %s, shows after %lu operations: %s\n", names[i], ops, world.complaint);
        assert_true(ops < LOST_OPS);
    }
    lost = LOST_NONE;
}

/* Sv39x4 with harts that set A and D, 2 MiB mapped by leaves of 4 KiB, and one of them in a TLB. */
static void begin_small_leaves(uint64_t seed)
{
    struct world_config config = {.stage = HVRV_STAGE_G,
                                  .mode = HVRV_MODE_SV39,
                                  .rules = HVRV_PTE_RULE_SVPBMT,
                                  .ad = HVRV_GSTAGE_AD_HARDWARE,
                                  .seed = seed};
    struct hvrv_gstage_map_request map = {.range = {{0x200000}, 0x200000, HVRV_GSTAGE_NO_LIMIT},
                                          .hpa = {0x40000000},
                                          .bits = FLAT_R | FLAT_W,
                                          .shift_max = 12};

    lost = LOST_NONE;
    begin_world(&config);
    assert_int_equal(hvrv_gstage_map(&world.gstage, &map, &world.gather), HVRV_OK);
    assert_int_equal(hvrv_fence_commit(&world.gather), HVRV_OK);
}

static bool guest(uint64_t address, char kind)
{
    struct model_tlb_access access = {.gva = address, .kind = kind, .is_user = true, .size = 1};
    struct hvrv_hart_trap trap;
    uint64_t hpa;

    return model_tlb_translate(&tlbs[0], &access, &hpa, &trap);
}

static void a_store_by_the_leaves_before_a_merge_is_collected(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 16; seed++) {
        struct hvrv_gstage_resize resize = {{{0x200000}, 0x200000, HVRV_GSTAGE_NO_LIMIT}, 21};
        uint64_t bitmap[8] = {0};
        struct hvrv_gstage_harvest_request harvest = {
            {{0x200000}, 0x200000, HVRV_GSTAGE_NO_LIMIT}, FLAT_D, bitmap, 0};

        begin_small_leaves(seed);
        assert_true(guest(0x245000, 'r'));
        assert_int_equal(hvrv_gstage_merge(&world.gstage, &resize, &world.gather), HVRV_OK);
        assert_true(guest(0x245000, 'w'));
        assert_int_equal(hvrv_fence_commit(&world.gather), HVRV_OK);
        assert_int_equal(hvrv_gstage_harvest(&world.gstage, &harvest, &world.gather), HVRV_OK);
        assert_true(bitmap[1] >> 5 & 1);
        assert_true(world_fini(&world));
    }
}

/* Harvest needs no lock, so the leaf that it clears may be of a merge that is not committed. */
static void a_store_after_a_harvest_beside_a_merge_is_collected(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 16; seed++) {
        struct hvrv_gstage_resize resize = {{{0x200000}, 0x200000, HVRV_GSTAGE_NO_LIMIT}, 21};
        struct hvrv_fence_gather own;
        uint64_t bitmap[8] = {0};

        begin_small_leaves(seed);
        assert_true(guest(0x245000, 'w'));
        assert_int_equal(hvrv_gstage_merge(&world.gstage, &resize, &world.gather), HVRV_OK);
        assert_int_equal(hvrv_fence_begin(&own, &world.domain, &world.hart.hart), HVRV_OK);
        for (unsigned i = 0; i < 2; i++) {
            struct hvrv_gstage_harvest_request harvest = {
                {{0x200000}, 0x200000, HVRV_GSTAGE_NO_LIMIT}, FLAT_D, bitmap, 0};

            memset(bitmap, 0, sizeof(bitmap));
            assert_int_equal(hvrv_gstage_harvest(&world.gstage, &harvest, &own), HVRV_OK);
            assert_int_equal(hvrv_fence_commit(&own), HVRV_OK);
            assert_true(bitmap[1] >> 5 & 1);
            assert_true(guest(0x245000, 'w'));
        }
        assert_true(world_fini(&world));
    }
}

/* Until the commit a hart may go by the entry that was not valid, which then is a pointer. */
static void a_leaf_that_is_added_and_split_at_once_is_found(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 16; seed++) {
        struct hvrv_gstage_map_request map = {.range = {{0x400000}, 0x200000, HVRV_GSTAGE_NO_LIMIT},
                                              .hpa = {0x40000000},
                                              .bits = FLAT_R | FLAT_A};
        struct hvrv_gstage_resize resize = {{{0x400000}, 0x200000, HVRV_GSTAGE_NO_LIMIT}, 12};

        begin_small_leaves(seed);
        assert_false(guest(0x412000, 'r'));
        assert_int_equal(hvrv_gstage_map(&world.gstage, &map, &world.gather), HVRV_OK);
        assert_int_equal(hvrv_gstage_split(&world.gstage, &resize, &world.gather), HVRV_OK);
        assert_int_equal(hvrv_fence_commit(&world.gather), HVRV_OK);
        assert_true(guest(0x412000, 'r'));
        assert_true(world_fini(&world));
    }
}

static int tell_how_to_replay(void **state)
{
    (void)state;
    if (current.is_open)
        printf("mismatch: seed %lu, world %lu, operation %lu; alone: HVRV_GSTAGE_SEED=%lu "
               "HVRV_GSTAGE_FIRST=%lu HVRV_GSTAGE_TLB_OPS=%lu\n",
               current.seed, current.world, current.op, current.seed, current.world,
               current.op + 1);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_by_the_leaves_before_a_merge_is_collected),
        cmocka_unit_test(a_store_after_a_harvest_beside_a_merge_is_collected),
        cmocka_unit_test(a_leaf_that_is_added_and_split_at_once_is_found),
        cmocka_unit_test_teardown(no_translation_is_used_after_its_commit, tell_how_to_replay),
        cmocka_unit_test(every_kind_of_fence_that_is_lost_shows),
    };

    return cmocka_run_group_tests_name("mmu/gstage_tlb", tests, NULL, NULL);
}
