/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fences of hvrv_bind_load() on harts whose TLBs forget nothing: they are enough, and without
 * any one of them a vHart sees what it must not see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/run.h>

#include "model/tables.h"
#include "model/tlb.h"

#define RAM    UINT64_C(0x80000000)
#define SIZE   UINT64_C(0x600000)
#define HARTS  3
#define VMS    2
#define ROUNDS 5000

/* Where a vHart looks, and the GPA of the first of the pages that it may find there. */
#define GVA   UINT64_C(0x40000000)
#define PAGES UINT64_C(0x100000)

/* PTE bits. */
#define G_RWX 0xdf
#define RWX   0xcf

static uint64_t words[SIZE / 8];

/* Two VMs with 2 MiB each; the first has vHarts of one ASID, of which b and c share their tables.
 */
static struct world {
    struct model_memory memory;
    struct model_hart hart[HARTS];
    struct model_tlb tlb[HARTS];
    struct hvrv_probe probe;
    struct hvrv_bind bind[HARTS];
    struct hvrv_vm_slot slots[VMS][HARTS];
    struct hvrv_vm vm[VMS];
    uint64_t g_root[VMS];
    struct hvrv_vhart a, b, c, other;
} w;

/* Fences so far, a letter each, and the one of them that reaches no TLB; NONE: all do. */
#define NONE SIZE_MAX
static char fences[64];
static size_t fence_count, lost = NONE;

static void hear(void *context, const struct model_access *done)
{
    bool is_fence = done->kind == MODEL_HFENCE_GVMA || done->kind == MODEL_HFENCE_VVMA;

    if (is_fence && fence_count < sizeof(fences) - 1)
        fences[fence_count] = done->kind == MODEL_HFENCE_GVMA ? 'G' : 'V';
    if (!is_fence || fence_count++ != lost)
        model_tlb_hear(context, done);
}

static uint64_t ram_of(unsigned vm)
{
    return RAM + 0x200000 * (vm + 1);
}

static unsigned vm_of(const struct hvrv_vhart *vhart)
{
    return vhart->vm == &w.vm[1];
}

/* Maps all of a VM's GPAs to memory. */
static uint64_t make_g_tables(uint64_t ram)
{
    uint64_t root = model_memory_take(&w.memory, 0x4000);

    model_table_put(&w.memory, model_table_slot(&w.memory, root, 0, 0, 1), ram, G_RWX);
    return root;
}

/* The entry of a vHart that decides what it finds at GVA. Its tables are in memory of its own VM.
 */
static uint64_t entry_of(const struct hvrv_vhart *vhart)
{
    uint64_t offset = ram_of(vm_of(vhart));
    uint64_t root = (vhart->csr.vsatp << 12 & 0xfffffffffff000) + offset;

    return root + 0x2000;
}

/* The vHart's own kernel maps another page, and fences on the hart that it runs on. */
static void remap(const struct hvrv_vhart *vhart, unsigned page)
{
    model_table_put(&w.memory, entry_of(vhart), PAGES + page * 0x1000, RWX);
}

/* Three tables, one after the other, at a GPA. */
static void make_vs_tables(struct hvrv_vhart *vhart, uint64_t gpa, unsigned page)
{
    uint64_t root = ram_of(vm_of(vhart)) + gpa;

    vhart->csr.vsatp = UINT64_C(8) << 60 | UINT64_C(7) << 44 | gpa >> 12;
    model_table_put(&w.memory, root + (GVA >> 30) * 8, gpa + 0x1000, 1);
    model_table_put(&w.memory, root + 0x1000, gpa + 0x2000, 1);
    remap(vhart, page);
}

static void make_vm(unsigned n, uint64_t vmid)
{
    uint64_t hgatp = UINT64_C(8) << 60 | vmid << 44 | w.g_root[n] >> 12;

    assert_int_equal(hvrv_vm_init(&w.vm[n], hgatp, w.slots[n], HARTS), HVRV_OK);
}

static void begin_with(uint64_t vmid, uint64_t other_vmid)
{
    memset(&w, 0, sizeof(w));
    model_memory_init(&w.memory, words, RAM, SIZE);
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701, .vsatp_modes = 0x701, .vmidlen = 14};
    for (unsigned i = 0; i < HARTS; i++) {
        model_hart_init(&w.hart[i]);
        model_tlb_init(&w.tlb[i], &w.hart[i], &w.memory);
        w.hart[i].heard = hear;
        assert_int_equal(hvrv_bind_init(&w.bind[i], &w.hart[i].hart, &w.probe, i), HVRV_OK);
    }
    for (unsigned n = 0; n < VMS; n++) {
        w.g_root[n] = make_g_tables(ram_of(n));
        make_vm(n, n ? other_vmid : vmid);
        /* Every page tells its own address. */
        for (uint64_t page = 0; page < 16; page++)
            model_memory_write(&w.memory, ram_of(n) + PAGES + page * 0x1000,
                               ram_of(n) + PAGES + page * 0x1000);
    }
    assert_int_equal(hvrv_vhart_init(&w.a, &w.vm[0]), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.b, &w.vm[0]), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.c, &w.vm[0]), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.other, &w.vm[1]), HVRV_OK);
    w.a.sstatus = w.b.sstatus = w.c.sstatus = w.other.sstatus = 0x200000100; /* FS Off */
    make_vs_tables(&w.a, 0x10000, 0);
    make_vs_tables(&w.b, 0x20000, 1);
    make_vs_tables(&w.other, 0x10000, 2);
    w.c.csr.vsatp = w.b.csr.vsatp;
}

static int end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HARTS; i++)
        model_hart_check(&w.hart[i]);
    return 0;
}

static void stand_on(unsigned hart)
{
    if (model_hart_attach)
        model_hart_attach(&w.hart[hart]);
}

static void load(unsigned hart, struct hvrv_vhart *vhart)
{
    stand_on(hart);
    assert_int_equal(hvrv_bind_load(&w.bind[hart], vhart), HVRV_OK);
}

static void put(unsigned hart)
{
    stand_on(hart);
    assert_int_equal(hvrv_bind_put(&w.bind[hart]), HVRV_OK);
}

/* What the vHart that is loaded finds at GVA; 0 if nothing. */
static uint64_t look(unsigned hart)
{
    struct model_tlb_access access = {.gva = GVA, .kind = 'r', .size = 8};
    struct hvrv_hart_trap trap;

    return model_tlb_access(&w.tlb[hart], &access, &trap) ? access.value : 0;
}

static uint64_t page_of(const struct hvrv_vhart *vhart, unsigned page)
{
    return ram_of(vm_of(vhart)) + PAGES + page * 0x1000;
}

/* The vHart runs for a moment: whether it finds its own page there. */
static bool finds(unsigned hart, struct hvrv_vhart *vhart, unsigned page)
{
    load(hart, vhart);
    uint64_t found = look(hart);
    put(hart);
    return found == page_of(vhart, page);
}

/* The guest's SFENCE.VMA on the hart that it runs on. */
static void guest_fences(unsigned hart)
{
    struct hvrv_hart_fence fence = {.kind = HVRV_HART_SFENCE_VMA};

    w.hart[hart].v = true;
    assert_true(model_fence(&w.hart[hart], model_fence_of(&fence)));
    w.hart[hart].v = false;
}

/* The situations that the head of bind.h tells of. Each gives whether everybody found his own. */

static bool two_vharts_of_one_vm_take_turns(void)
{
    begin_with(5, 6);
    return finds(0, &w.a, 0) && finds(0, &w.b, 1) && finds(0, &w.a, 0);
}

static bool a_vhart_comes_back_from_another_hart(void)
{
    begin_with(5, 6);
    bool good = finds(0, &w.a, 0);
    load(1, &w.a);
    good = good && look(1) == page_of(&w.a, 0);
    remap(&w.a, 3);
    guest_fences(1);
    good = good && look(1) == page_of(&w.a, 3);
    put(1);
    return good && finds(0, &w.a, 3);
}

static bool a_vm_is_made_anew(void)
{
    begin_with(5, 6);
    bool good = finds(0, &w.a, 0) && finds(0, &w.other, 2);
    /* The same VMID, and other memory for the same GPAs, that of the other VM. */
    w.g_root[0] = make_g_tables(ram_of(1));
    make_vm(0, 5);
    load(0, &w.a);
    good = good && look(0) == page_of(&w.other, 2);
    put(0);
    return good;
}

static bool two_vms_share_a_vmid(void)
{
    begin_with(5, 5);
    return finds(0, &w.a, 0) && finds(0, &w.other, 2) && finds(0, &w.a, 0);
}

static bool a_vm_of_vmid_0_follows_bare(void)
{
    uint64_t hpa;
    struct hvrv_hart_trap trap;
    struct model_tlb_access access = {.gva = PAGES, .kind = 'r', .size = 8};

    begin_with(0, 6);
    bool good = finds(0, &w.a, 0);
    /* Between put and load hgatp is Bare. The hart may forget, and it may look ahead. */
    w.tlb[0].count = 0;
    good = good && model_tlb_translate(&w.tlb[0], &access, &hpa, &trap);
    access.gva = 0x10000 + (GVA >> 30) * 8;
    good = good && model_tlb_translate(&w.tlb[0], &access, &hpa, &trap);
    return good && finds(0, &w.a, 0);
}

/* A new generation of VMIDs: each VM gets the number that the other had. */
static bool vms_get_each_others_vmids(void)
{
    begin_with(5, 6);
    bool good = finds(0, &w.a, 0) && finds(0, &w.other, 2);
    good = good && hvrv_vm_set_vmid(&w.vm[0], 6) == HVRV_OK;
    good = good && hvrv_vm_set_vmid(&w.vm[1], 5) == HVRV_OK;
    return good && finds(0, &w.other, 2) && finds(0, &w.a, 0);
}

/* The fences of each situation, in order, and which of them it cannot do without. */
static const struct situation {
    bool (*run)(void);
    const char *fences;
    const char *needed;
} situations[] = {
    {two_vharts_of_one_vm_take_turns, "GVGVV", "---VV"},
    {a_vhart_comes_back_from_another_hart, "GVGVGV", "-----V"},
    {a_vm_is_made_anew, "GVGVGV", "----GV"},
    {two_vms_share_a_vmid, "GVGVGV", "--GVGV"},
    {a_vm_of_vmid_0_follows_bare, "GVG", "--G"},
    {vms_get_each_others_vmids, "GVGVGVGV", "----GVGV"},
};

static bool is_good(const struct situation *situation, size_t without)
{
    memset(fences, 0, sizeof(fences));
    fence_count = 0;
    lost = without;
    bool good = situation->run();
    lost = NONE;
    return good;
}

static void everybody_finds_his_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(situations) / sizeof(situations[0]); i++) {
        if (!is_good(&situations[i], NONE))
            fail_msg("situation %zu: a vHart found what is not its own", i);
        assert_string_equal(fences, situations[i].fences);
    }
}

static void without_one_of_its_fences_somebody_does_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(situations) / sizeof(situations[0]); i++) {
        char needed[sizeof(fences)] = "";

        for (size_t n = 0; situations[i].fences[n]; n++)
            needed[n] = is_good(&situations[i], n) ? '-' : situations[i].fences[n];
        assert_string_equal(needed, situations[i].needed);
    }
}

#define SEED 20261123

static uint64_t draw(void)
{
    static uint64_t random = SEED;
    uint64_t z = random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return z ^ (z >> 31);
}

/* Turns of three vHarts on two harts, each of which changes its own tables now and then. */
static void take_turns(void)
{
    struct hvrv_vhart *vharts[] = {&w.a, &w.b, &w.other};
    unsigned page[] = {0, 1, 2};

    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned hart = (unsigned)(draw() % HARTS), n = (unsigned)(draw() % 3);

        load(hart, vharts[n]);
        assert_int_equal(look(hart), page_of(vharts[n], page[n]));
        if (draw() % 4 == 0) {
            page[n] = (unsigned)(draw() % 16);
            remap(vharts[n], page[n]);
            guest_fences(hart);
            assert_int_equal(look(hart), page_of(vharts[n], page[n]));
        }
        put(hart);
        model_log_clear(&w.hart[hart]);
    }
}

static void no_order_of_turns_shows_what_is_not_ones_own(void **state)
{
    static const uint64_t vmids[][2] = {{5, 6}, {5, 5}, {0, 5}, {0, 0}};
    (void)state;

    printf("seed %d\n", SEED);
    for (size_t i = 0; i < sizeof(vmids) / sizeof(vmids[0]); i++) {
        begin_with(vmids[i][0], vmids[i][1]);
        take_turns();
    }
}

/* What a hypervisor does on a hart for a guest's remote fence; where the VM has never been,
 * nothing. */
static void fence_remote(unsigned hart)
{
    stand_on(hart);
    if (w.bind[hart].loaded && w.bind[hart].loaded->vm == &w.vm[0])
        hvrv_hart_hfence_vvma_all(&w.hart[hart].hart);
    else
        w.slots[0][hart].last = NULL; /* so that the next load fences */
}

/* b was on the first hart, c maps another page on the second and has all harts fenced, or some. */
static bool finds_after_a_remote_fence(bool reaches_all)
{
    begin_with(5, 6);
    bool good = finds(0, &w.b, 1);
    load(1, &w.c);
    remap(&w.c, 3);
    guest_fences(1);
    if (reaches_all)
        fence_remote(0);
    stand_on(1);
    good = good && look(1) == page_of(&w.c, 3);
    put(1);
    return good && finds(0, &w.b, 3);
}

static void a_remote_fence_is_for_harts_where_the_vm_has_been(void **state)
{
    (void)state;
    assert_true(finds_after_a_remote_fence(true));
    assert_false(finds_after_a_remote_fence(false));
}

/* Who is on which hart now, and which page each vHart's tables have. */
static struct {
    struct hvrv_vhart *vhart[HARTS];
    unsigned page[VMS + 1];
} now;

static unsigned *page_now(const struct hvrv_vhart *vhart)
{
    if (vhart == &w.other)
        return &now.page[2];
    return &now.page[vhart != &w.a]; /* b and c have one */
}

static void come_or_stay_away(unsigned hart)
{
    struct hvrv_vhart *vharts[] = {&w.a, &w.b, &w.c, &w.other};
    struct hvrv_vhart *vhart = vharts[draw() % 4];
    struct hvrv_run_kicked kicked;

    if (draw() % 4 == 0)
        assert_int_equal(hvrv_run_kick(vhart, &kicked), HVRV_OK);
    if (hvrv_run_take(vhart, hart) != HVRV_OK)
        return;
    load(hart, vhart);
    now.vhart[hart] = vhart;
}

static void leave(unsigned hart)
{
    bool is_ready;

    put(hart);
    if (draw() % 2)
        assert_int_equal(hvrv_run_yield(now.vhart[hart]), HVRV_OK);
    else
        assert_int_equal(hvrv_run_park(now.vhart[hart], &is_ready), HVRV_OK);
    now.vhart[hart] = NULL;
}

static void map_another(unsigned hart)
{
    struct hvrv_vhart *vhart = now.vhart[hart];
    unsigned *page = page_now(vhart);

    *page = (unsigned)(draw() % 16);
    remap(vhart, *page);
    guest_fences(hart);
    for (unsigned i = 0; i < HARTS && (vhart == &w.b || vhart == &w.c); i++) {
        if (i != hart)
            fence_remote(i);
    }
}

/* Several at once, each on a hart of its own. They come, look, map another page, and leave. */
static void come_and_go(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned hart = (unsigned)(draw() % HARTS);
        uint64_t what = draw() % 8;

        stand_on(hart);
        if (!now.vhart[hart])
            come_or_stay_away(hart);
        else if (what == 0)
            map_another(hart);
        else if (what < 4)
            leave(hart);
        if (now.vhart[hart]) {
            stand_on(hart);
            assert_int_equal(look(hart), page_of(now.vhart[hart], *page_now(now.vhart[hart])));
        }
        for (unsigned n = 0; n < HARTS; n++)
            model_log_clear(&w.hart[n]);
    }
}

static void vharts_that_move_among_harts_find_their_own(void **state)
{
    static const uint64_t vmids[][2] = {{5, 6}, {5, 5}};
    (void)state;

    printf("seed %d\n", SEED);
    for (size_t i = 0; i < sizeof(vmids) / sizeof(vmids[0]); i++) {
        begin_with(vmids[i][0], vmids[i][1]);
        memset(&now, 0, sizeof(now));
        now.page[1] = 1;
        now.page[2] = 2;
        assert_int_equal(hvrv_run_start(&w.a), HVRV_OK);
        assert_int_equal(hvrv_run_start(&w.b), HVRV_OK);
        assert_int_equal(hvrv_run_start(&w.c), HVRV_OK);
        assert_int_equal(hvrv_run_start(&w.other), HVRV_OK);
        come_and_go();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(everybody_finds_his_own, end),
        cmocka_unit_test_teardown(without_one_of_its_fences_somebody_does_not, end),
        cmocka_unit_test_teardown(no_order_of_turns_shows_what_is_not_ones_own, end),
        cmocka_unit_test_teardown(a_remote_fence_is_for_harts_where_the_vm_has_been, end),
        cmocka_unit_test_teardown(vharts_that_move_among_harts_find_their_own, end),
    };

    return cmocka_run_group_tests_name("vhart/bind_tlb", tests, NULL, NULL);
}
