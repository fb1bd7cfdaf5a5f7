/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More VMs than VMIDs, on harts whose TLBs forget nothing and which nobody fences but
 * hvrv_bind_load(): nobody ever uses a translation of the VM that had his number before. Where a
 * number goes into hgatp without hvrv_vm_set_vmid(), somebody does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/vmid.h>
#include <hvrv/vhart/bind.h>

#include "model/tables.h"
#include "model/tlb.h"

#define RAM   UINT64_C(0x80000000)
#define SIZE  UINT64_C(0xc00000)
#define HARTS 2
#define VMS   5
#define TURNS 4000
#define SEED  UINT64_C(20261123)

/* Where a guest looks: a GVA of one leaf of 4 KiB, to this GPA. */
#define GVA  UINT64_C(0x40000000)
#define PAGE UINT64_C(0x100000)

/* Entries. */
#define G_RWX 0xdf
#define RWX   0xcf

static uint64_t words[SIZE / 8];

/* How a VM's number gets into its hgatp. */
enum way {
    BY_SET_VMID,
    BY_HAND,               /* the slots stay as they are */
    BY_HAND_IF_IT_IS_SAME, /* so also where it is the number that the VM had before */
};

static struct world {
    struct model_memory memory;
    struct model_hart hart[HARTS];
    struct model_tlb tlb[HARTS];
    struct hvrv_probe probe;
    struct hvrv_bind bind[HARTS];
    struct hvrv_vmid_pool pool;
    enum way way;
    unsigned roll_overs;
    unsigned cut_short; /* turns that a roll-over ended */
    unsigned here;      /* the hart that the code is running on */
    struct hvrv_vm_slot slots[VMS][HARTS];
    struct hvrv_vm vm[VMS];
    struct hvrv_vmid vmid[VMS];
    struct hvrv_vhart vhart[VMS][HARTS];
    uint64_t random;
} w;

static void stand_on(unsigned hart)
{
    w.here = hart;
    if (model_hart_attach)
        model_hart_attach(&w.hart[hart]);
}

static void put(unsigned hart)
{
    stand_on(hart);
    assert_int_equal(hvrv_bind_put(&w.bind[hart]), HVRV_OK);
    model_log_clear(&w.hart[hart]);
}

/* What the interrupt to the other harts does. */
static void put_everywhere_else(void *context)
{
    unsigned here = w.here;

    assert_ptr_equal(context, &w);
    w.roll_overs++;
    for (unsigned hart = 0; hart < HARTS; hart++) {
        if (hart == here || !w.bind[hart].loaded)
            continue;
        put(hart);
        w.cut_short++;
    }
    stand_on(here);
}

static uint64_t ram_of(unsigned vm)
{
    return RAM + 0x200000 * (vm + 1);
}

/* 2 MiB from GPA 0, and in them three tables of the guest and a page that tells whose it is. */
static void make_vm(unsigned n)
{
    uint64_t ram = ram_of(n);
    uint64_t root = model_memory_take(&w.memory, 0x4000);

    model_table_put(&w.memory, model_table_slot(&w.memory, root, 0, 0, 1), ram, G_RWX);
    model_table_put(&w.memory, ram + 0x10000 + (GVA >> 30) * 8, 0x11000, 1);
    model_table_put(&w.memory, ram + 0x11000, 0x12000, 1);
    model_table_put(&w.memory, ram + 0x12000, PAGE + 0x1000 * n, RWX);
    for (unsigned page = 0; page < VMS; page++)
        model_memory_write(&w.memory, ram + PAGE + 0x1000 * page, n * 16 + page);
    assert_int_equal(hvrv_vm_init(&w.vm[n], UINT64_C(8) << 60 | root >> 12, w.slots[n], HARTS),
                     HVRV_OK);
    for (unsigned i = 0; i < HARTS; i++) {
        assert_int_equal(hvrv_vhart_init(&w.vhart[n][i], &w.vm[n]), HVRV_OK);
        w.vhart[n][i].sstatus = 0x200000100; /* FS Off */
        w.vhart[n][i].csr.vsatp = UINT64_C(0x8000700000000010);
    }
}

static void begin(unsigned vmidlen, uint32_t harts, enum way way)
{
    memset(&w, 0, sizeof(w));
    w.random = SEED;
    w.way = way;
    model_memory_init(&w.memory, words, RAM, SIZE);
    w.probe = (struct hvrv_probe){
        .hgatp_modes = 0x701, .vsatp_modes = 0x701, .vmidlen = (uint8_t)vmidlen};
    for (unsigned i = 0; i < HARTS; i++) {
        model_hart_init(&w.hart[i]);
        model_tlb_init(&w.tlb[i], &w.hart[i], &w.memory);
        assert_int_equal(hvrv_bind_init(&w.bind[i], &w.hart[i].hart, &w.probe, i), HVRV_OK);
    }
    assert_int_equal(hvrv_vmid_init(&w.pool, vmidlen, harts), HVRV_OK);
    w.pool.roll_over = put_everywhere_else;
    w.pool.context = &w;
    for (unsigned n = 0; n < VMS; n++)
        make_vm(n);
}

static int end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HARTS; i++)
        model_hart_check(&w.hart[i]);
    return 0;
}

static void number(unsigned n)
{
    uint64_t before = w.vm[n].hgatp >> 44 & 0x3fff;

    assert_int_equal(hvrv_vmid_take(&w.pool, &w.vmid[n]), HVRV_OK);
    if (w.way == BY_SET_VMID || (w.way == BY_HAND_IF_IT_IS_SAME && before != w.vmid[n].number))
        assert_int_equal(hvrv_vm_set_vmid(&w.vm[n], w.vmid[n].number), HVRV_OK);
    else
        w.vm[n].hgatp = (w.vm[n].hgatp & ~(UINT64_C(0x3fff) << 44)) | (uint64_t)w.vmid[n].number
                                                                          << 44;
}

/* As the head of vmid.h has it. */
static void load(unsigned hart, unsigned n)
{
    stand_on(hart);
    if (!hvrv_vmid_is_current(&w.pool, &w.vmid[n]))
        number(n);
    assert_int_equal(hvrv_bind_load(&w.bind[hart], &w.vhart[n][hart]), HVRV_OK);
    model_log_clear(&w.hart[hart]);
}

/* Whether what the guest finds is its own; 16 is no number of a page. */
static bool finds_its_own(unsigned hart, unsigned n)
{
    struct model_tlb_access access = {.gva = GVA, .kind = 'r', .size = 8};
    struct hvrv_hart_trap trap;

    return model_tlb_access(&w.tlb[hart], &access, &trap) && access.value == n * 16 + n;
}

static bool turn(unsigned hart, unsigned n)
{
    load(hart, n);
    bool good = finds_its_own(hart, n);
    put(hart);
    return good;
}

static uint64_t draw(void)
{
    uint64_t z = w.random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return z ^ (z >> 31);
}

/* No two VMs that are loaded have one number; a VM that is loaded twice has one. */
static void check_numbers(void)
{
    if (w.pool.last == 0 || !w.bind[0].loaded || !w.bind[1].loaded)
        return;
    bool is_one_vm = w.bind[0].loaded->vm == w.bind[1].loaded->vm;
    bool is_one_number = w.hart[0].csr[0x680] >> 44 == w.hart[1].csr[0x680] >> 44;
    assert_int_equal(is_one_vm, is_one_number);
}

/* Harts load, look and put in any order; false: somebody found what is not his. */
static bool run(void)
{
    bool good = true;

    for (unsigned i = 0; i < TURNS && good; i++) {
        unsigned hart = (unsigned)(draw() % HARTS);

        if (w.bind[hart].loaded && draw() % 2 == 0)
            put(hart);
        else if (!w.bind[hart].loaded)
            load(hart, (unsigned)(draw() % VMS));
        if (w.bind[hart].loaded)
            good = finds_its_own(hart, (unsigned)(w.bind[hart].loaded->vm - w.vm));
        check_numbers();
    }
    return good;
}

static void no_order_of_turns_shows_the_former_owner_of_a_number(void **state)
{
    (void)state;
    printf("seed %lu\n", (unsigned long)SEED);
    begin(2, HARTS, BY_SET_VMID);
    assert_true(run());
    assert_true(w.roll_overs > 100);
    assert_true(w.cut_short > 50);
}

static void enough_numbers_never_roll_over(void **state)
{
    (void)state;
    begin(3, HARTS, BY_SET_VMID);
    assert_true(run());
    assert_int_equal(w.roll_overs, 0);
}

static void without_numbers_every_load_is_fenced(void **state)
{
    static const struct {
        unsigned vmidlen;
        uint32_t harts;
    } cases[] = {{0, 1}, {0, HARTS}, {1, HARTS}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(cases[i].vmidlen, cases[i].harts, BY_SET_VMID);
        assert_true(run());
        assert_int_equal(w.roll_overs, 0);
    }
}

static void one_vm_has_one_number_on_two_harts(void **state)
{
    (void)state;
    begin(2, HARTS, BY_SET_VMID);
    load(0, 3);
    load(1, 3);
    assert_int_equal(w.vmid[3].number, 1);
    assert_int_equal(w.hart[0].csr[0x680] >> 44 & 0x3fff, 1);
    assert_int_equal(w.hart[1].csr[0x680] >> 44 & 0x3fff, 1);
    assert_true(finds_its_own(0, 3));
    assert_true(finds_its_own(1, 3));
    put(0);
    put(1);
}

/* VMs 0, 1 and 2 take all numbers on both harts, then VM 3 gets that of VM 0. */
static bool a_number_changes_hands(enum way way)
{
    bool good = true;

    begin(2, HARTS, way);
    for (unsigned n = 0; n <= 3; n++)
        good = turn(0, n) && turn(1, n) && good;
    assert_int_equal(w.roll_overs, 1);
    assert_int_equal(w.vmid[3].number, 1);
    for (unsigned n = 0; n <= 3; n++)
        good = turn(0, n) && turn(1, n) && good;
    return good;
}

static void a_number_that_changes_hands_is_fenced_on_each_hart(void **state)
{
    (void)state;
    assert_true(a_number_changes_hands(BY_SET_VMID));
}

/* VM 0 has number 1, sleeps for a generation in which VM 3 has it, and gets it again. */
static bool a_number_comes_back(enum way way)
{
    begin(2, HARTS, way);
    bool good = turn(0, 0) && turn(0, 1) && turn(0, 2);
    good = turn(0, 3) && turn(0, 1) && turn(0, 2) && good;
    assert_int_equal(w.vmid[3].number, 1);
    good = turn(0, 0) && good;
    assert_int_equal(w.roll_overs, 2);
    assert_int_equal(w.vmid[0].number, 1);
    return good;
}

static void a_number_that_comes_back_to_its_vm_is_fenced_too(void **state)
{
    (void)state;
    assert_true(a_number_comes_back(BY_SET_VMID));
}

/* The tests' own test: without the fences it is seen. */
static void without_set_vmid_somebody_finds_what_is_not_his(void **state)
{
    (void)state;
    assert_false(a_number_comes_back(BY_HAND));
    assert_false(a_number_comes_back(BY_HAND_IF_IT_IS_SAME));
    begin(2, HARTS, BY_HAND);
    assert_false(run());
}

/* Hart 0 is between hvrv_vmid_take() and hvrv_vm_set_vmid() when hart 1 asks. */
static void who_asks_without_the_lock_finds_what_is_not_his(void **state)
{
    (void)state;
    begin(2, HARTS, BY_SET_VMID);
    assert_true(turn(1, 0) && turn(1, 1) && turn(1, 2));
    assert_true(turn(1, 3) && turn(1, 1));
    assert_int_equal(w.vmid[3].number, 1);
    stand_on(0);
    assert_int_equal(hvrv_vmid_take(&w.pool, &w.vmid[0]), HVRV_OK);
    assert_true(hvrv_vmid_is_current(&w.pool, &w.vmid[0]));
    assert_int_equal(w.vm[0].hgatp >> 44 & 0x3fff, 1);
    assert_false(turn(1, 0));
    assert_int_equal(hvrv_vm_set_vmid(&w.vm[0], w.vmid[0].number), HVRV_OK);
    assert_true(turn(1, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(no_order_of_turns_shows_the_former_owner_of_a_number, end),
        cmocka_unit_test_teardown(enough_numbers_never_roll_over, end),
        cmocka_unit_test_teardown(without_numbers_every_load_is_fenced, end),
        cmocka_unit_test_teardown(one_vm_has_one_number_on_two_harts, end),
        cmocka_unit_test_teardown(a_number_that_changes_hands_is_fenced_on_each_hart, end),
        cmocka_unit_test_teardown(a_number_that_comes_back_to_its_vm_is_fenced_too, end),
        cmocka_unit_test_teardown(without_set_vmid_somebody_finds_what_is_not_his, end),
        cmocka_unit_test_teardown(who_asks_without_the_lock_finds_what_is_not_his, end),
    };

    return cmocka_run_group_tests_name("mmu/vmid_tlb", tests, NULL, NULL);
}
