/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a commit fences is enough on two harts whose TLBs forget nothing, and what it leaves out is
 * seen: entries are changed by hand and noted, and the guest looks before and after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/fence.h>

#include "model/tables.h"
#include "model/tlb.h"

#define RAM   UINT64_C(0x80000000)
#define SIZE  UINT64_C(0x800000)
#define HARTS 2
#define VMID  5

/* Entries: of the G-stage with U, of the VS-stage without. */
#define TABLE 0x01
#define G_RWX 0xdf
#define RWX   0xcf

/* Two places of 2 MiB that tell themselves apart. */
#define OLD (RAM + 0x400000)
#define NEW (RAM + 0x600000)

static uint64_t words[SIZE / 8];

static struct world {
    struct model_memory memory;
    struct model_hart hart[HARTS];
    struct model_tlb tlb[HARTS];
    struct hvrv_fence_domain domain;
    struct hvrv_fence_gather gather;
    uint64_t root;
} w;

static void stand_on(unsigned hart)
{
    if (model_hart_attach)
        model_hart_attach(&w.hart[hart]);
}

/* The interrupt to the other hart. */
static void reach(void *context, const struct hvrv_fence_order *order)
{
    (void)context;
    stand_on(1);
    assert_int_equal(hvrv_fence_execute(order, &w.hart[1].hart), HVRV_OK);
    stand_on(0);
}

static void begin(enum hvrv_fence_kind kind)
{
    memset(&w, 0, sizeof(w));
    model_memory_init(&w.memory, words, RAM, SIZE);
    w.root = model_memory_take(&w.memory, 0x4000);
    for (uint64_t page = 0; page < 512; page++) {
        model_memory_write(&w.memory, OLD + page * 4096, 0x1000 + page);
        model_memory_write(&w.memory, NEW + page * 4096, 0x2000 + page);
    }
    for (unsigned i = 0; i < HARTS; i++) {
        model_hart_init(&w.hart[i]);
        model_tlb_init(&w.tlb[i], &w.hart[i], &w.memory);
        model_poke(&w.hart[i], HVRV_CSR_HGATP,
                   UINT64_C(8) << 60 | (uint64_t)VMID << 44 | w.root >> 12);
    }
    stand_on(0);
    w.domain = (struct hvrv_fence_domain){.kind = kind, .vmid = VMID, .reach = reach};
}

static void begin_gather(void)
{
    assert_int_equal(hvrv_fence_begin(&w.gather, &w.domain, &w.hart[0].hart), HVRV_OK);
}

static int end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HARTS; i++)
        model_hart_check(&w.hart[i]);
    return 0;
}

static uint64_t look(unsigned hart, uint64_t address)
{
    struct model_tlb_access access = {.gva = address, .kind = 'r', .size = 8};
    struct hvrv_hart_trap trap;

    return model_tlb_access(&w.tlb[hart], &access, &trap) ? access.value : 0;
}

static bool both_see(uint64_t address, uint64_t value)
{
    bool good = true;

    for (unsigned i = 0; i < HARTS; i++)
        good = look(i, address) == value && good;
    return good;
}

static uint64_t slot_of(uint64_t address, int level)
{
    return model_table_slot(&w.memory, w.root, 0, address, level);
}

static void note(enum hvrv_fence_change change, uint64_t first, uint64_t size, uint32_t shift)
{
    const struct hvrv_fence_range range = {first, first + size - 1, shift};

    hvrv_fence_note(&w.gather, change, &range);
}

static void commit(void)
{
    assert_int_equal(hvrv_fence_commit(&w.gather), HVRV_OK);
    assert_int_equal(hvrv_fence_end(&w.gather), HVRV_OK);
}

/* A page at GPA 0x3000 goes elsewhere. Whether all see it after the commit. */
static bool a_page_moves(void)
{
    uint64_t slot = slot_of(0x3000, 0);

    begin_gather();
    model_table_put(&w.memory, slot, OLD, G_RWX);
    assert_true(both_see(0x3000, 0x1000));
    model_table_put(&w.memory, slot, NEW, G_RWX);
    assert_true(both_see(0x3000, 0x1000));
    note(HVRV_FENCE_LEAF_CHANGED, 0x3000, 4096, 12);
    commit();
    return both_see(0x3000, 0x2000);
}

static void a_page_that_moves_is_seen_by_all_after_the_commit(void **state)
{
    (void)state;
    for (unsigned svinval = 0; svinval < 2; svinval++) {
        begin(HVRV_FENCE_G_STAGE);
        w.domain.svinval = svinval;
        assert_true(a_page_moves());
        begin(HVRV_FENCE_G_STAGE);
        w.domain.svinval = svinval;
        w.domain.every_vmid = true;
        assert_true(a_page_moves());
    }
}

static void without_the_right_fence_on_each_hart_it_is_not(void **state)
{
    (void)state;
    begin(HVRV_FENCE_G_STAGE);
    w.domain.reach = NULL;
    assert_false(a_page_moves());
    begin(HVRV_FENCE_G_STAGE);
    w.domain.vmid = VMID + 1;
    assert_false(a_page_moves());
    begin(HVRV_FENCE_VS_STAGE);
    assert_false(a_page_moves());
    begin(HVRV_FENCE_OWN);
    assert_false(a_page_moves());
}

/* One fence reaches all of it, whatever page of it was used. */
static void a_large_leaf_that_moves_takes_one_fence(void **state)
{
    uint64_t slot;

    (void)state;
    begin(HVRV_FENCE_G_STAGE);
    begin_gather();
    slot = slot_of(0x200000, 1);
    model_table_put(&w.memory, slot, OLD, G_RWX);
    assert_true(both_see(0x205000, 0x1005));
    assert_true(both_see(0x3ff000, 0x11ff));
    model_table_put(&w.memory, slot, NEW, G_RWX);
    model_log_clear(&w.hart[0]);
    note(HVRV_FENCE_LEAF_CHANGED, 0x200000, 0x200000, 21);
    commit();
    assert_int_equal(w.hart[0].log_length, 1);
    assert_true(both_see(0x205000, 0x2005));
    assert_true(both_see(0x3ff000, 0x21ff));
}

/* norm:Svnapot_cache_entries: a hart may keep each of the sixteen, or one for all. */
static void a_napot_range_that_goes_takes_sixteen(void **state)
{
    (void)state;
    for (unsigned splits = 0; splits < 2; splits++) {
        begin(HVRV_FENCE_G_STAGE);
        begin_gather();
        for (unsigned i = 0; i < HARTS; i++)
            w.tlb[i].splits_napot = splits;
        for (uint64_t i = 0; i < 16; i++)
            model_table_put(&w.memory, slot_of(0x10000 + i * 4096, 0), OLD + 0x8000,
                            G_RWX | UINT64_C(1) << 63);
        for (uint64_t i = 0; i < 16; i++)
            assert_true(both_see(0x10000 + i * 4096, 0x1000 + i));
        for (uint64_t i = 0; i < 16; i++)
            model_memory_write(&w.memory, slot_of(0x10000 + i * 4096, 0), 0);
        model_log_clear(&w.hart[0]);
        note(HVRV_FENCE_LEAF_CHANGED, 0x10000, 0x10000, 12);
        commit();
        assert_int_equal(w.hart[0].log_length, 16);
        for (uint64_t i = 0; i < 16; i++)
            assert_true(both_see(0x10000 + i * 4096, 0));
    }
}

/* norm:hfence-gvma_op: pointers go by a fence without an address only. */
static bool a_table_goes(enum hvrv_fence_change noted)
{
    uint64_t old_slot, pointer, table;

    begin(HVRV_FENCE_G_STAGE);
    begin_gather();
    old_slot = slot_of(0x3000, 0);
    pointer = slot_of(0x3000, 1);
    model_table_put(&w.memory, old_slot, OLD, G_RWX);
    assert_true(both_see(0x3000, 0x1000));
    table = model_memory_take(&w.memory, 4096);
    model_table_put(&w.memory, table + 3 * 8, NEW, G_RWX);
    model_table_put(&w.memory, pointer, table, TABLE);
    note(noted, 0, 0x200000, 21);
    commit();
    return both_see(0x3000, 0x2000);
}

static void a_table_that_goes_takes_a_fence_without_an_address(void **state)
{
    (void)state;
    assert_true(a_table_goes(HVRV_FENCE_TABLE_REMOVED));
    assert_false(a_table_goes(HVRV_FENCE_LEAF_CHANGED));
}

/* What was not valid may be remembered, unless the hart has Svvptc. */
static bool something_is_added(bool table, bool keeps_invalid)
{
    uint64_t slot;

    begin_gather();
    for (unsigned i = 0; i < HARTS; i++)
        w.tlb[i].keeps_invalid = keeps_invalid;
    if (!table)
        slot_of(0x3000, 0);
    assert_true(both_see(0x3000, 0));
    slot = slot_of(0x3000, 0);
    model_table_put(&w.memory, slot, NEW, G_RWX);
    note(HVRV_FENCE_LEAF_ADDED, 0x3000, 4096, 12);
    if (table)
        note(HVRV_FENCE_TABLE_ADDED, 0, 0x200000, 21);
    commit();
    return both_see(0x3000, 0x2000);
}

static void what_is_added_is_seen_at_once(void **state)
{
    (void)state;
    for (unsigned table = 0; table < 2; table++) {
        begin(HVRV_FENCE_G_STAGE);
        assert_true(something_is_added(table, true));
        begin(HVRV_FENCE_G_STAGE);
        w.domain.svvptc = true;
        assert_true(something_is_added(table, false));
        begin(HVRV_FENCE_G_STAGE);
        w.domain.svvptc = true; /* but the harts do not have it */
        assert_false(something_is_added(table, true));
    }
}

/* A guest's page of 4 KiB, by its tables at GPA 0x10000; the G-stage maps 2 MiB there. */
static bool a_guests_page_moves(void)
{
    const uint64_t gva = 0x3000;

    model_table_put(&w.memory, slot_of(0, 1), OLD, G_RWX);
    model_table_put(&w.memory, OLD + 0x10000, 0x11000, TABLE);
    model_table_put(&w.memory, OLD + 0x11000, 0x12000, TABLE);
    model_table_put(&w.memory, OLD + 0x12000 + 3 * 8, 0x20000, RWX);
    for (unsigned i = 0; i < HARTS; i++) {
        model_poke(&w.hart[i], HVRV_CSR_VSATP, UINT64_C(0x8000700000000010));
        model_poke(&w.hart[i], HVRV_CSR_HSTATUS, UINT64_C(0x200000100)); /* SPVP */
    }
    begin_gather();
    assert_true(both_see(gva, 0x1020));
    model_table_put(&w.memory, OLD + 0x12000 + 3 * 8, 0x21000, RWX);
    assert_true(both_see(gva, 0x1020));
    note(HVRV_FENCE_LEAF_CHANGED, gva, 4096, 12);
    commit();
    return both_see(gva, 0x1021);
}

static void a_guests_page_that_moves_takes_the_fence_of_its_stage(void **state)
{
    (void)state;
    begin(HVRV_FENCE_VS_STAGE);
    assert_true(a_guests_page_moves());
    begin(HVRV_FENCE_VS_STAGE);
    w.domain.svinval = true;
    assert_true(a_guests_page_moves());
    begin(HVRV_FENCE_G_STAGE);
    assert_false(a_guests_page_moves());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_page_that_moves_is_seen_by_all_after_the_commit, end),
        cmocka_unit_test_teardown(without_the_right_fence_on_each_hart_it_is_not, end),
        cmocka_unit_test_teardown(a_large_leaf_that_moves_takes_one_fence, end),
        cmocka_unit_test_teardown(a_napot_range_that_goes_takes_sixteen, end),
        cmocka_unit_test_teardown(a_table_that_goes_takes_a_fence_without_an_address, end),
        cmocka_unit_test_teardown(what_is_added_is_seen_at_once, end),
        cmocka_unit_test_teardown(a_guests_page_that_moves_takes_the_fence_of_its_stage, end),
    };

    return cmocka_run_group_tests_name("mmu/fence_tlb", tests, NULL, NULL);
}
