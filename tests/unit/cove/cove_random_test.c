/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of the host and of TVMs at random, from three harts, with arguments near what decides; each
 * foretold by the ghost (tests/model/cove_model.h). After each call, by other means than the TSM's:
 *
 *  - what the host's domain reaches, by the isolation's tables, is what the ghost says is the
 * host's;
 *  - a TVM reaches, by a walk of its G-stage, what the ghost says it has mapped, and no more;
 *  - no page is mapped by two TVMs unless it is the host's;
 *  - a page that goes to the host is zero, and so is one that a TVM gets as zero;
 *  - a call that fails changes nothing of what the TSM keeps.
 *
 * And under TLBs that forget nothing but by a fence: an access of the host's or of a TVM's, by
 * whatever its hart still has, never ends in a page that is not its own any more.
 *
 * HVRV_COVE_CALLS and HVRV_COVE_SEED say how many and which.
 */
#include <stdio.h>
#include <stdlib.h>

#include <hvrv/cove/isolation.h>
#include <hvrv/mmu/walk.h>

#include "cove_world.h"
#include "model/cove_model.h"

#define PAGE_SIZE UINT64_C(0x1000)
#define NOTHING   UINT64_MAX

static struct ghost ghost;
static uint64_t seed;
static uint64_t calls_done[64];
static uint64_t calls_succeeded[64];

/* What the harts' TLBs have: the host's, by page; and each TVM's VMID's, an HPA by GPA. */
static bool host_tlb[HARTS][PAGES];
static uint64_t tvm_tlb[HARTS][SLOTS][GHOST_GPAGES];

static uint64_t draw(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t below(uint64_t bound)
{
    return draw() % bound;
}

/* A page of memory: mostly of few, so that calls meet. */
static uint64_t draw_page(void)
{
    static const uint64_t odd[] = {PAGE(0),    PAGE(15),         PAGE(16),           PAGE(17),
                                   PAGE(1023), PAGE(1024),       UINT64_MAX - 0xfff, PAGE(300) + 8,
                                   0,          UINT64_C(1) << 56};

    if (below(24) == 0)
        return odd[below(10)];
    if (below(4000) == 0)
        return PAGE(AT_SHARED + below(9));
    return PAGE(256 + below(64));
}

/* Mostly one that is free, if there are any. */
static uint64_t draw_free(void)
{
    for (unsigned i = 0; below(8) && i < 32; i++) {
        unsigned page = below(16) ? 256 + (unsigned)below(64) : AT_SHARED + (unsigned)below(9);
        if (ghost_is_free(&ghost, page))
            return PAGE(page);
    }
    return draw_page();
}

static uint64_t draw_count(void)
{
    static const uint64_t odd[] = {0, 512, 513, UINT64_C(1) << 52, UINT64_MAX};

    return below(16) == 0 ? odd[below(5)] : 1 + below(4) * below(2);
}

static uint64_t draw_gpa(void)
{
    static const uint64_t odd[] = {GPA - 0x1000, UINT64_C(1) << 41, UINT64_MAX - 0xfff, GPA + 4};

    return below(24) == 0 ? odd[below(4)] : GPA + below(16) * PAGE_SIZE;
}

/* A TVM: mostly one that is there, and that can run or is being built, as the call wants it. */
static uint64_t draw_tvm(bool is_runnable)
{
    unsigned slot = (unsigned)below(GHOST_TVMS);

    for (unsigned i = 0; below(16) && i < 8; i++) {
        if (ghost.tvm[slot].is_alive && ghost.tvm[slot].is_runnable == is_runnable)
            break;
        slot = (unsigned)below(GHOST_TVMS);
    }

    if (below(24) == 0)
        return below(2) ? ghost.tvm[slot].id + 2048 : draw();
    return ghost.tvm[slot].id;
}

/* Whether a call would find at a page of a TVM what it is for. */
static bool is_fit(const struct ghost_tvm *tvm, unsigned page, uint64_t function)
{
    const struct ghost_mapping *at = &tvm->map[page];
    bool is_in_place = tvm->kind[page] == (at->is_shared ? G_SHARED : G_CONFIDENTIAL);

    switch (function) {
    case 11:
    case 12:
        return at->page < 0 && tvm->kind[page] == G_CONFIDENTIAL;
    case 13:
        return at->page < 0 && tvm->kind[page] == G_SHARED;
    case 17:
        return at->page >= 0 && at->is_valid && (is_in_place ? below(8) == 0 : true);
    case 18:
        return at->page >= 0 && !at->is_valid && is_in_place;
    case 32 + 2:
        return tvm->kind[page] == G_CONFIDENTIAL && below(4) == 0;
    case 32 + 3:
        return tvm->kind[page] == G_SHARED;
    default:
        return at->page >= 0 && !at->is_valid && !is_in_place;
    }
}

/* An address for a call about a TVM: mostly one where it can do something. */
static uint64_t draw_place(uint64_t id, uint64_t function)
{
    for (unsigned slot = 0; slot < GHOST_TVMS; slot++) {
        if (!ghost.tvm[slot].is_alive || ghost.tvm[slot].id != id)
            continue;
        for (unsigned i = 0; below(16) && i < 32; i++) {
            unsigned page = (unsigned)below(16);
            if (is_fit(&ghost.tvm[slot], page, function))
                return GPA + page * PAGE_SIZE;
        }
    }
    return draw_gpa();
}

static uint64_t draw_type(void)
{
    return below(16) == 0 ? 4 + below(4) : 0;
}

/* The host's domain, by a memory protection table: its root, and as many tables as it needs. */
#define TABLES      UINT64_C(0x10000000)
#define TABLE_PAGES 4

static struct hvrv_isolation isolation;
static struct hvrv_mpt host_tree;
static struct hvrv_phys table_memory;
static uint64_t tables[TABLE_PAGES * 512] __attribute__((aligned(4096 * TABLE_PAGES)));
static unsigned tables_taken;

static bool take_table(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    (void)context;
    (void)size;
    page->v = TABLES + PAGE_SIZE * ++tables_taken;
    return tables_taken < TABLE_PAGES;
}

static void give_table(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context;
    (void)size;
    (void)page;
    fail_msg("a table is given back");
}

/* The harts come by one by one: fence() below. */
static void mfence_pa(void *context, const struct hvrv_mpt_fence *fence)
{
    (void)context;
    (void)fence;
}

static bool host_may(unsigned page)
{
    uint32_t permissions = hvrv_mpt_find(&host_tree, PAGE(page)).permissions;

    assert_true(permissions == 0 || permissions == 7);
    return permissions != 0;
}

static enum hvrv_status divide(const struct hvrv_range *range, bool to_host)
{
    return to_host ? hvrv_isolation_grant(&isolation, 0, range, 7)
                   : hvrv_isolation_revoke(&isolation, 0, range);
}

static void begin_isolation(void)
{
    static const struct hvrv_pages pages = {take_table, give_table, NULL};
    const struct hvrv_phys_config window = {tables, {TABLES}, sizeof(tables), NULL, NULL};
    const struct hvrv_range all = {PAGE(RESERVED), PAGE(PAGES) - 1};
    const struct hvrv_mpt_config tree = {.phys = &table_memory,
                                         .pages = &pages,
                                         .mode = HVRV_MPT_43,
                                         .root = {TABLES},
                                         .fence = mfence_pa};
    const struct hvrv_isolation_config config = {
        .kind = HVRV_ISOLATION_MPT, .domain_count = 1, .trees = &host_tree};

    tables_taken = 0;
    assert_int_equal(hvrv_phys_init(&table_memory, &window), HVRV_OK);
    assert_int_equal(hvrv_mpt_init(&host_tree, &tree), HVRV_OK);
    assert_int_equal(hvrv_isolation_init(&isolation, &config), HVRV_OK);
    assert_int_equal(divide(&all, true), HVRV_OK);
}

static bool isolate(void *context, const struct hvrv_range *range, bool to_host)
{
    (void)context;
    for (uint64_t at = range->first; to_host && at < range->last; at += 8)
        assert_int_equal(w.memory[(at - RAM) / 8], 0);
    return divide(range, to_host) == HVRV_OK;
}

static void fence(void *context, uint32_t hart)
{
    (void)context;
    memset(host_tlb[hart], 0, sizeof(host_tlb[hart]));
}

/* Fences that the TSM executed on the hart in the last call. */
static void hear_fences(unsigned hart)
{
    const struct model_hart *model = &w.model[hart];

    for (size_t i = 0; i < model->log_length && i < MODEL_LOG_SIZE; i++) {
        const struct model_access *done = &model->log[i];
        for (unsigned slot = 0; slot < SLOTS; slot++) {
            if (done->kind != MODEL_HFENCE_GVMA ||
                ((done->what & MODEL_BY_ID) && done->b != slot + 1))
                continue;
            for (unsigned i2 = 0; i2 < GHOST_GPAGES; i2++) {
                uint64_t gpa = GPA + i2 * PAGE_SIZE;
                if (!(done->what & MODEL_BY_ADDRESS) || done->a / PAGE_SIZE == gpa / PAGE_SIZE)
                    tvm_tlb[hart][slot][i2] = NOTHING;
            }
        }
    }
}

/* A page of a TVM by its tables; NOTHING if they do not lead there. */
static uint64_t walk_to(unsigned slot, unsigned page, enum hvrv_access access)
{
    struct hvrv_walk_csrs csrs = {.hgatp = w.slots[slot].tvm->vm.hgatp};
    struct hvrv_walk_request request = {{GPA + page * PAGE_SIZE}, access, HVRV_WALK_VS};
    struct hvrv_walk_regime regime;
    struct hvrv_walk walk;
    struct hvrv_walk_result result;

    assert_int_equal(hvrv_walk_regime_from_csrs(&regime, &csrs), HVRV_OK);
    assert_int_equal(hvrv_walk_init(&walk, &regime, &w.phys), HVRV_OK);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
    return result.faulted ? NOTHING : result.page.hpa.v / PAGE_SIZE * PAGE_SIZE;
}

/* A TVM reaches what the ghost says, and executes nothing that is shared. */
static void check_tvm(unsigned slot)
{
    const struct ghost_tvm *tvm = &ghost.tvm[slot];

    assert_int_equal(w.slots[slot].tvm != NULL, tvm->is_alive);
    if (!tvm->is_alive)
        return;
    for (unsigned i = 0; i < GHOST_GPAGES; i++) {
        const struct ghost_mapping *at = &tvm->map[i];
        uint64_t expected = NOTHING;
        if (at->page >= 0 && at->is_valid)
            expected = PAGE(at->page);
        assert_int_equal(walk_to(slot, i, HVRV_ACCESS_STORE), expected);
        assert_int_equal(walk_to(slot, i, HVRV_ACCESS_FETCH), at->is_shared ? NOTHING : expected);
        if (expected == NOTHING)
            continue;
        const struct ghost_page *page = &ghost.page[at->page];
        assert_int_equal(page->use, at->is_shared ? G_HOST : G_TVM);
        if (!at->is_shared)
            assert_int_equal(page->tvm, slot);
    }
}

static void check_pages(void)
{
    for (unsigned i = 0; i < PAGES; i++) {
        const struct ghost_page *page = &ghost.page[i];
        struct hvrv_page told = hvrv_page_get(&w.map, (hvrv_hpa){PAGE(i)});
        assert_int_equal(host_may(i), page->use == G_HOST);
        assert_int_equal(told.state == HVRV_PAGE_FREE, ghost_is_free(&ghost, i));
        assert_int_equal(told.owner, page->use == G_TVM ? (unsigned)page->tvm + 1 : 0);
        assert_int_equal(told.state == HVRV_PAGE_SHARED, page->maps != 0);
        /* What has a use is in nobody else's TLB. */
        for (unsigned hart = 0; page->use == G_TVM && hart < HARTS; hart++)
            assert_false(host_tlb[hart][i]);
    }
}

/* Whatever the hart has in its TLB of the TVM that runs there is the TVM's, or shared with it. */
static void check_tlbs(void)
{
    struct ghost_tvm *tvm;

    for (unsigned hart = 0; hart < HARTS; hart++) {
        if (!ghost_running(&ghost, hart, &tvm))
            continue;
        for (unsigned i = 0; i < GHOST_GPAGES; i++) {
            uint64_t hpa = tvm_tlb[hart][tvm - ghost.tvm][i];
            if (hpa == NOTHING)
                continue;
            const struct ghost_page *page = &ghost.page[(hpa - RAM) / PAGE_SIZE];
            assert_true(page->use == G_HOST ? page->maps != 0
                                            : page->use == G_TVM && page->tvm == tvm - ghost.tvm);
        }
    }
}

/* What the TSM keeps: its structures, and the pages in which TVMs and vHarts live. */
static uint64_t sum(const void *bytes, size_t size, uint64_t h)
{
    const uint64_t *word = bytes;

    for (size_t i = 0; i < size / 8; i++)
        h = (h ^ word[i]) * UINT64_C(0x100000001b3);
    return h;
}

static uint64_t picture(void)
{
    uint64_t h = sum(&w.map, sizeof(w.map), 1);

    h = sum(&w.epoch, sizeof(w.epoch), h);
    h = sum(w.seen, sizeof(w.seen), h);
    h = sum(w.words, sizeof(w.words), h);
    h = sum(w.slots, sizeof(w.slots), h);
    for (unsigned i = 0; i < PAGES; i++) {
        enum hvrv_page_state state = (enum hvrv_page_state)(w.words[i] & 31);
        if (state == HVRV_PAGE_STATE || state == HVRV_PAGE_ROOT || state == HVRV_PAGE_POOL ||
            state == HVRV_PAGE_VHART)
            h = sum(cove_memory(PAGE(i)), 4096, h);
    }
    return h;
}

/* Makes the call, and holds the answer against what was foretold. */
static void expect_call(unsigned hart, uint64_t extension, uint64_t function, const uint64_t *a,
                        int64_t error)
{
    uint64_t before = picture();
    int64_t got = cove_call(hart, extension, function, a);

    hear_fences(hart);
    calls_done[function]++;
    calls_succeeded[function] += got == SUCCESS;
    if (got != error)
        fail_msg("call %llu of hart %u answers %lld, not %lld: %llx %llx %llx %llx %llx %llx",
                 (unsigned long long)function, hart, (long long)got, (long long)error,
                 (unsigned long long)a[0], (unsigned long long)a[1], (unsigned long long)a[2],
                 (unsigned long long)a[3], (unsigned long long)a[4], (unsigned long long)a[5]);
    if (got != SUCCESS && picture() != before)
        fail_msg("call %llu answered %lld and changed something", (unsigned long long)function,
                 (long long)got);
}

static void draw_arguments(uint64_t function, uint64_t *a)
{
    memset(a, 0, 6 * sizeof(*a));
    a[0] = draw_tvm(function == 8 ? below(2) : function > 11 && function != 14);
    switch (function) {
    case 1:
    case 2:
        a[0] = function == 2 ? draw_free() : draw_page();
        a[1] = draw_count();
        break;
    case 5:
        ghost.params[0] = below(8) ? draw_free() & ~UINT64_C(0x3fff) : draw_page();
        ghost.params[1] = below(4) ? draw_free() : ghost.params[0] + below(4) * PAGE_SIZE;
        memcpy(cove_memory(PAGE(AT_PARAMS)), ghost.params, 16);
        a[0] = below(16) ? PAGE(AT_PARAMS) : PAGE(2);
        a[1] = below(16) ? 16 : 15;
        a[2] = PAGE(AT_PARAMS);
        break;
    case 6:
        a[1] = GPA + (below(8) == 0);
        a[3] = below(4) ? 0 : PAGE(AT_PARAMS) + 32 * below(3);
        break;
    case 9:
        /* Not below the 2 MiB that the ghost knows. */
        do
            a[1] = draw_gpa();
        while (a[1] == GPA - PAGE_SIZE);
        a[2] = below(16) ? (4 + below(13)) * PAGE_SIZE : 0x800;
        break;
    case 10:
        a[1] = draw_free();
        a[2] = below(4) ? 1 + below(2) : draw_count();
        break;
    case 11:
        a[1] = below(8) ? PAGE(AT_SOURCE) : draw_page();
        a[2] = draw_free();
        a[3] = draw_type();
        a[4] = draw_count();
        a[5] = draw_place(a[0], 11);
        break;
    case 12:
    case 13:
        a[1] = function == 13 && below(8) ? PAGE(AT_HOST + below(4)) : draw_free();
        a[2] = draw_type();
        a[3] = draw_count();
        a[4] = draw_place(a[0], function);
        break;
    case 14:
        a[1] = below(4) ? below(2) : below(5);
        a[2] = draw_free();
        break;
    case 15:
        a[1] = below(8) ? 0 : below(5);
        break;
    case 17:
    case 18:
    case 19:
        a[1] = draw_place(a[0], function);
        a[2] = below(16) ? (1 + below(3) * below(2)) * PAGE_SIZE : below(2) * 0x800;
        break;
    default:
        break;
    }
}

/* Zero pages are zero when the TVM gets them. */
static void check_new_pages(uint64_t function, const uint64_t *a)
{
    if (function != 12)
        return;
    for (uint64_t i = 0; i < a[3] * 512; i++)
        assert_int_equal(((uint64_t *)cove_memory(a[1]))[i], 0);
}

static bool runs_somewhere(uint64_t id)
{
    struct ghost_tvm *tvm;

    for (unsigned hart = 0; hart < HARTS; hart++) {
        if (ghost_running(&ghost, hart, &tvm) && tvm->id == id)
            return true;
    }
    return false;
}

/* A new TVM's number was never one before. */
static void check_number(uint64_t id)
{
    static uint64_t ids[1 << 16];
    static unsigned count;

    for (unsigned i = 0; i < count; i++)
        assert_int_not_equal(ids[i], id);
    if (count < sizeof(ids) / sizeof(ids[0]))
        ids[count++] = id;
}

static void call_host(unsigned hart)
{
    /* By weight: a TVM is built more often than it is destroyed. */
    static const uint8_t functions[] = {1,  1,  1,  2,  3,  3,  4,  4,  4,  4,  5,  6,
                                        6,  8,  9,  9,  10, 11, 11, 11, 12, 12, 12, 12,
                                        13, 13, 13, 14, 14, 15, 15, 15, 15, 15, 15, 16,
                                        16, 16, 17, 17, 17, 18, 19, 19, 19, 7,  20};
    uint64_t function = functions[below(sizeof(functions))];
    uint64_t a[6];
    bool runs;

    draw_arguments(function, a);
    /* Now and then; and always while it runs. */
    if (function == 8 && below(12) && !runs_somewhere(a[0]))
        return;
    int64_t error = ghost_call(&ghost, hart, function, a, &runs);
    expect_call(hart, COVH, function, a, error);
    assert_int_equal(w.reply.action == HVRV_TSM_RUN, runs);
    if (function == 5 && error == SUCCESS) {
        check_number(w.reply.answer.value);
        for (unsigned i = 0; i < GHOST_TVMS; i++) {
            if (ghost.tvm[i].is_alive && ghost.tvm[i].id == 0)
                ghost.tvm[i].id = w.reply.answer.value;
        }
    }
    if (error == SUCCESS)
        check_new_pages(function, a);
}

static void inject(unsigned hart)
{
    const uint64_t a[6] = {draw_tvm(true), below(2), below(GHOST_NUMBERS)};

    expect_call(hart, COVI, 7, a, ghost_inject(&ghost, a));
}

static void share_memory(unsigned hart)
{
    const uint64_t a[6] = {below(16) ? PAGE(AT_SHARED + 3 * below(3)) : draw_page(), below(16) == 0,
                           below(16) == 0};

    expect_call(hart, NACL, 1, a, ghost_share(&ghost, hart, a));
}

/* A page of the host's is read: by what the hart's TLB has, else by the tables. */
static void touch_as_host(unsigned hart)
{
    unsigned page = (unsigned)((draw_page() - RAM) / PAGE_SIZE % PAGES);

    if (host_may(page))
        host_tlb[hart][page] = true;
    if (host_tlb[hart][page])
        assert_true(ghost.page[page].use != G_TVM);
}

/* The TVM on a hart writes a secret to one of its pages, by what the hart's TLB has. */
static void touch_as_tvm(unsigned hart, const struct ghost_tvm *tvm)
{
    unsigned slot = (unsigned)(tvm - ghost.tvm);
    unsigned page = (unsigned)below(16);
    uint64_t *entry = &tvm_tlb[hart][slot][page];

    if (*entry == NOTHING)
        *entry = walk_to(slot, page, HVRV_ACCESS_STORE);
    if (*entry == NOTHING)
        return;
    const struct ghost_page *at = &ghost.page[(*entry - RAM) / PAGE_SIZE];
    if (at->use == G_TVM)
        assert_int_equal(at->tvm, slot);
    else
        assert_true(at->use == G_HOST && at->maps != 0);
    if (at->use == G_TVM)
        ((uint64_t *)cove_memory(*entry))[below(512)] = UINT64_C(0x5ec2e70000000000) | slot;
}

/* The vHart on a hart calls its TSM, or leaves for another reason. */
static void call_tvm(unsigned hart)
{
    struct ghost_tvm *tvm;
    struct ghost_vhart *vhart = ghost_running(&ghost, hart, &tvm);
    uint64_t function = 2 + below(5);
    uint64_t a[8] = {
        draw_gpa(), (1 + below(3)) * PAGE_SIZE - (below(16) == 0), 0, 0, 0, 0, function, COVG};
    bool is_told = false;
    int64_t error;

    if (below(4) == 0 || !ghost_has_shared(&ghost, hart)) {
        const struct hvrv_trap trap = {.scause = UINT64_C(1) << 63 | 5, .sepc = GPA};
        cove_exit(hart, &trap);
        hear_fences(hart);
        assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
        assert_int_equal(w.reply.answer.value == 0, ghost_has_shared(&ghost, hart));
        ghost_leave(&ghost, hart);
        return;
    }
    if (function == 4 || function == 5)
        a[0] = below(GHOST_NUMBERS);
    if (function == 6)
        a[6] = 11;
    error = ghost_ask(&ghost, hart, a[6], a, &is_told);
    cove_ecall(hart, a);
    hear_fences(hart);
    calls_done[32 + function]++;
    calls_succeeded[32 + function] += is_told;
    assert_int_equal(w.reply.action == HVRV_TSM_ANSWER, is_told);
    assert_ptr_equal(w.harts[hart].running == NULL ? NULL : vhart, is_told ? NULL : vhart);
    if (!is_told)
        assert_int_equal((int64_t)w.harts[hart].running->vhart.gpr[10], error);
    else
        ghost_leave(&ghost, hart);
}

/* One event of a hart, which has a TVM's vHart or not. */
static void step(unsigned hart)
{
    struct ghost_tvm *tvm;

    if (ghost_running(&ghost, hart, &tvm)) {
        if (below(2))
            touch_as_tvm(hart, tvm);
        else
            call_tvm(hart);
        return;
    }
    switch (below(16)) {
    case 0:
        inject(hart);
        break;
    case 1:
        share_memory(hart);
        break;
    case 2:
    case 3:
        touch_as_host(hart);
        break;
    default:
        call_host(hart);
        break;
    }
}

static void begin(void **state)
{
    cove_setup(state);
    ghost_init(&ghost);
    ghost.tvm_pages = (unsigned)w.tsm.tvm_pages;
    ghost.vhart_pages = (unsigned)w.tsm.vhart_pages;
    w.tsm.config.has_sdid = true;
    begin_isolation();
    w.ops.isolate = isolate;
    w.ops.fence = fence;
    memset(host_tlb, 0, sizeof(host_tlb));
    memset(tvm_tlb, 0xff, sizeof(tvm_tlb));
    for (unsigned i = 0; i < HARTS; i++) {
        const uint64_t a[6] = {PAGE(AT_SHARED + 3 * i)};
        assert_int_equal(ghost_share(&ghost, i, a), SUCCESS);
        assert_int_equal(cove_call(i, NACL, 1, a), SUCCESS);
    }
    /* Something to be scrubbed is in every page. */
    memset(w.memory, 0xee, sizeof(w.memory));
}

static uint64_t read_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 0) : otherwise;
}

static void every_call_answers_as_foretold_and_no_page_has_two_uses(void **state)
{
    uint64_t count = read_number("HVRV_COVE_CALLS", 1 << 16);

    seed = read_number("HVRV_COVE_SEED", 20261123);
    print_message("seed %llu, %llu events\n", (unsigned long long)seed, (unsigned long long)count);
    begin(state);
    for (uint64_t i = 0; i < count; i++) {
        step((unsigned)below(HARTS));
        check_tvm((unsigned)(i % SLOTS));
        check_tlbs();
        if (i % 4 == 0)
            check_pages();
    }
    for (unsigned i = 0; i < 64; i++) {
        if (calls_done[i] != 0)
            print_message("function %u: %llu calls, %llu served\n", i,
                          (unsigned long long)calls_done[i],
                          (unsigned long long)calls_succeeded[i]);
    }
    /* What never succeeds is not tested. */
    for (unsigned i = 1; i < 20; i++)
        assert_true(i == 7 || calls_succeeded[i] > count / 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_answers_as_foretold_and_no_page_has_two_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
