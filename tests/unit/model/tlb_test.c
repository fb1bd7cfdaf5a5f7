/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model TLB keeps what a hart may keep, loses what a fence takes, and so shows each of the
 * mistakes that hypervisors have made with their fences.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/tables.h"
#include "model/tlb.h"

/* All physical memory. GPAs below SIZE are mapped to it in order, by one superpage. */
#define RAM  UINT64_C(0x80000000)
#define SIZE UINT64_C(0x200000)

/* A place of the guest's, GPA and GVA, that tests map page by page. */
#define AREA UINT64_C(0x40000000)

#define G_ROOT  (RAM)            /* 16 KiB */
#define VS_ROOT UINT64_C(0x4000) /* GPA */
#define PAGE_A  (RAM + 0x100000)
#define PAGE_B  (RAM + 0x101000)
#define VMID    5
#define ASID    7

/* PTE bits. */
#define TABLE 0x01
#define G_RWX 0xdf /* D A U X W R V */
#define RWX   0xcf /* D A X W R V */
#define R     0x02
#define X     0x08
#define U     0x10
#define G     0x20
#define A     0x40
#define D     0x80

static uint64_t words[SIZE / 8];

static struct world {
    struct model_hart hart;
    struct model_tlb tlb;
    struct model_memory memory;
} world;

static uint64_t entry(uint64_t address, uint64_t bits)
{
    return address >> 2 | bits;
}

static void put(uint64_t hpa, uint64_t value)
{
    model_memory_write(&world.memory, hpa, value);
}

static uint64_t g_slot(uint64_t gpa, int level)
{
    return model_table_slot(&world.memory, G_ROOT, 0, gpa, level);
}

static uint64_t vs_slot(uint64_t gva, int level)
{
    return model_table_slot(&world.memory, RAM + VS_ROOT, RAM, gva, level);
}

static void set_hgatp(unsigned vmid)
{
    model_force(&world.hart, HVRV_CSR_HGATP,
                UINT64_C(8) << 60 | (uint64_t)vmid << 44 | G_ROOT >> 12);
}

static void set_vsatp(unsigned asid)
{
    model_force(&world.hart, HVRV_CSR_VSATP,
                UINT64_C(8) << 60 | (uint64_t)asid << 44 | VS_ROOT >> 12);
}

/* VS-stage Bare; AREA is mapped to PAGE_A by the G-stage. Pages tell their own address. */
static int begin(void **state)
{
    (void)state;
    model_hart_init(&world.hart);
    model_memory_init(&world.memory, words, RAM, SIZE);
    model_tlb_init(&world.tlb, &world.hart, &world.memory);
    model_memory_take(&world.memory, 0x8000);
    put(g_slot(0, 1), entry(RAM, G_RWX));
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX));
    put(PAGE_A, PAGE_A);
    put(PAGE_B, PAGE_B);
    set_hgatp(VMID);
    model_force(&world.hart, HVRV_CSR_MENVCFG, 0);
    model_force(&world.hart, HVRV_CSR_HENVCFG, 0);
    model_force(&world.hart, HVRV_CSR_HSTATUS, 0x200000100); /* SPVP: VS-mode */
    return 0;
}

/* The same with the VS-stage: AREA to AREA. */
static int begin_with_vs_stage(void **state)
{
    begin(state);
    put(vs_slot(AREA, 0), entry(AREA, RWX));
    set_vsatp(ASID);
    return 0;
}

static int end(void **state)
{
    (void)state;
    model_hart_check(&world.hart);
    return 0;
}

/* What a load finds; 0 if it traps, and then why. */
static uint64_t cause;

static uint64_t load(uint64_t gva)
{
    struct model_tlb_access access = {.gva = gva, .kind = 'r', .size = 8};
    struct hvrv_hart_trap trap = {0};
    bool is_done = model_tlb_access(&world.tlb, &access, &trap);

    cause = trap.cause;
    return is_done ? access.value : 0;
}

static bool store(uint64_t gva)
{
    struct model_tlb_access access = {.gva = gva, .kind = 'w', .size = 8, .value = 1};
    struct hvrv_hart_trap trap = {0};
    bool is_done = model_tlb_access(&world.tlb, &access, &trap);

    cause = trap.cause;
    return is_done;
}

/* A fence as its instruction would have it, right or wrong. */
static void fence(enum hvrv_hart_fence_kind kind, uint64_t rs1, uint64_t rs2)
{
    struct hvrv_hart_fence operands = {kind, true, true, rs1, rs2};

    assert_true(model_fence(&world.hart, model_fence_of(&operands)));
}

static void a_changed_page_is_seen_after_the_fence_and_not_before(void **state)
{
    (void)state;
    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_gvma(&world.hart.hart, hvrv_gpa_make(AREA), VMID);
    assert_int_equal(load(AREA), PAGE_B);
}

static void every_form_of_the_right_fence_is_enough(void **state)
{
    (void)state;
    for (int form = 0; form < 4; form++) {
        put(g_slot(AREA, 0), entry(PAGE_A, G_RWX));
        hvrv_hart_hfence_gvma_all(&world.hart.hart);
        assert_int_equal(load(AREA), PAGE_A);
        put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
        if (form == 0)
            hvrv_hart_hfence_gvma(&world.hart.hart, hvrv_gpa_make(AREA + 0xfff), VMID);
        else if (form == 1)
            hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(AREA));
        else if (form == 2)
            hvrv_hart_hfence_gvma_vmid(&world.hart.hart, VMID);
        else
            hvrv_hart_hfence_gvma_all(&world.hart.hart);
        assert_int_equal(load(AREA), PAGE_B);
    }
}

static void wrong_fences_leave_the_old_page(void **state)
{
    static const struct {
        enum hvrv_hart_fence_kind kind;
        uint64_t rs1, rs2;
    } rows[] = {
        {HVRV_HART_HFENCE_GVMA, VMID, AREA >> 2},            /* rs1 and rs2 swapped */
        {HVRV_HART_HFENCE_GVMA, AREA, VMID},                 /* a GPA not shifted */
        {HVRV_HART_HFENCE_GVMA, AREA >> 2, VMID + 1},        /* another VMID */
        {HVRV_HART_HFENCE_GVMA, (AREA + 0x1000) >> 2, VMID}, /* the next page */
        {HVRV_HART_HFENCE_GVMA, (AREA - 0x1000) >> 2, VMID}, /* the one before */
        {HVRV_HART_HFENCE_VVMA, AREA, ASID},                 /* the other stage */
        {HVRV_HART_HFENCE_VVMA, AREA >> 2, VMID},            /* and taken for it */
        {HVRV_HART_SFENCE_VMA, AREA, 0},                     /* HS-mode's own */
    };
    (void)state;

    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fence(rows[i].kind, rows[i].rs1, rows[i].rs2);
        assert_int_equal(load(AREA), PAGE_A);
    }
    fence(HVRV_HART_HFENCE_GVMA, AREA >> 2, VMID);
    assert_int_equal(load(AREA), PAGE_B);
}

static void a_fence_before_the_store_is_none(void **state)
{
    (void)state;
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_gvma(&world.hart.hart, hvrv_gpa_make(AREA), VMID);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
    /* On a hart that does not speculate nobody would notice. */
    world.tlb.walks_ahead = false;
    hvrv_hart_hfence_gvma(&world.hart.hart, hvrv_gpa_make(AREA), VMID);
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
}

static void a_page_that_was_not_there_may_stay_away(void **state)
{
    (void)state;
    assert_int_equal(load(AREA + 0x1000), 0);
    assert_int_equal(cause, 21);
    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA + 0x1000), 0);
    hvrv_hart_hfence_gvma(&world.hart.hart, hvrv_gpa_make(AREA + 0x1000), VMID);
    assert_int_equal(load(AREA + 0x1000), PAGE_B);
    /* With Svvptc it would not. */
    world.tlb.keeps_invalid = false;
    assert_int_equal(load(AREA + 0x2000), 0);
    put(g_slot(AREA + 0x2000, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA + 0x2000), PAGE_B);
}

static void a_table_taken_out_needs_a_fence_without_an_address(void **state)
{
    uint64_t table = model_memory_take(&world.memory, 4096);
    (void)state;

    put(g_slot(AREA + 0x1000, 0), entry(PAGE_A, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
    put(table, entry(PAGE_B, G_RWX));
    put(table + 8, entry(PAGE_B, G_RWX));
    put(g_slot(AREA, 1), entry(table, TABLE));
    hvrv_hart_hfence_gvma(&world.hart.hart, hvrv_gpa_make(AREA), VMID);
    assert_int_equal(load(AREA), PAGE_A);
    assert_int_equal(load(AREA + 0x1000), PAGE_A);
    hvrv_hart_hfence_gvma_vmid(&world.hart.hart, VMID);
    assert_int_equal(load(AREA), PAGE_B);
    assert_int_equal(load(AREA + 0x1000), PAGE_B);
}

/* norm:sfence_vma_va_asid: with an address it orders stores to leaves only. */
static void a_table_put_in_where_nothing_was_too(void **state)
{
    uint64_t gpa = AREA + 0x200000, table = model_memory_take(&world.memory, 4096);
    (void)state;

    assert_int_equal(load(gpa), 0);
    put(table, entry(PAGE_B, G_RWX));
    put(g_slot(gpa, 1), entry(table, TABLE));
    hvrv_hart_hfence_gvma(&world.hart.hart, hvrv_gpa_make(gpa), VMID);
    assert_int_equal(load(gpa), 0);
    hvrv_hart_hfence_gvma_vmid(&world.hart.hart, VMID);
    assert_int_equal(load(gpa), PAGE_B);
}

static void a_superpage_goes_by_any_address_in_it(void **state)
{
    uint64_t gpa = UINT64_C(0x80000000);
    (void)state;

    for (uint64_t offset = 0; offset < 0x200000; offset += 0x1ff000) {
        put(g_slot(gpa, 1), entry(RAM, G_RWX));
        hvrv_hart_hfence_gvma_all(&world.hart.hart);
        assert_int_equal(load(gpa + 0x100000), PAGE_A);
        put(g_slot(gpa, 1), 0);
        hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gpa + 0x200000));
        hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gpa - 0x1000));
        assert_int_equal(load(gpa + 0x100000), PAGE_A);
        hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gpa + offset));
        assert_int_equal(load(gpa + 0x100000), 0);
    }
}

static void a_napot_range_goes_as_a_whole(void **state)
{
    uint64_t gpa = AREA + 0x10000;
    uint64_t napot = entry(RAM + 0x100000, UINT64_C(1) << 63 | G_RWX) | 0x2000;
    (void)state;

    for (uint64_t i = 0; i < 16; i++)
        put(g_slot(gpa + i * 0x1000, 0), napot);
    assert_int_equal(load(gpa + 0x1000), PAGE_B);
    for (uint64_t i = 0; i < 16; i++)
        put(g_slot(gpa + i * 0x1000, 0), 0);
    assert_int_equal(load(gpa), PAGE_A);
    hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gpa + 0x10000));
    assert_int_equal(load(gpa + 0x1000), PAGE_B);
    hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gpa + 0xf000));
    assert_int_equal(load(gpa + 0x1000), 0);
}

/* norm:Svnapot_cache_entries: a hart may have one entry for each page of the range. */
static void a_napot_range_may_go_page_by_page(void **state)
{
    uint64_t gpa = AREA + 0x10000;
    uint64_t napot = entry(RAM + 0x100000, UINT64_C(1) << 63 | G_RWX) | 0x2000;
    (void)state;

    world.tlb.splits_napot = true;
    for (uint64_t i = 0; i < 16; i++)
        put(g_slot(gpa + i * 0x1000, 0), napot);
    assert_int_equal(load(gpa), PAGE_A);
    for (uint64_t i = 0; i < 16; i++)
        put(g_slot(gpa + i * 0x1000, 0), 0);
    hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gpa));
    assert_int_equal(load(gpa), 0);
    assert_int_equal(load(gpa + 0x1000), PAGE_B);
    for (uint64_t i = 0; i < 16; i++)
        hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gpa + i * 0x1000));
    assert_int_equal(load(gpa + 0x1000), 0);
}

static void another_vmid_sees_nothing_of_it_and_a_reused_one_all(void **state)
{
    (void)state;
    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    set_hgatp(VMID + 1);
    assert_int_equal(load(AREA), PAGE_B);
    set_hgatp(VMID);
    assert_int_equal(load(AREA), PAGE_A);
}

static void another_harts_fence_does_nothing_here(void **state)
{
    static struct model_hart other;
    static struct model_tlb other_tlb;
    struct hvrv_hart_fence all = {.kind = HVRV_HART_HFENCE_GVMA};
    (void)state;

    model_hart_init(&other);
    model_tlb_init(&other_tlb, &other, &world.memory);
    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    assert_true(model_fence(&other, model_fence_of(&all)));
    assert_int_equal(load(AREA), PAGE_A);
    assert_true(model_fence(&world.hart, model_fence_of(&all)));
    assert_int_equal(load(AREA), PAGE_B);
}

/* norm:hfence-gvma_vmid, norm:hfence-vvma_asid */
static void bits_of_an_id_that_the_hart_has_not_are_ignored(void **state)
{
    (void)state;
    world.hart.config.vmidlen = 3;
    world.hart.config.asidlen = 3;
    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    fence(HVRV_HART_HFENCE_GVMA, AREA >> 2, VMID | 8);
    assert_int_equal(load(AREA), PAGE_B);
    put(vs_slot(AREA, 0), 0);
    fence(HVRV_HART_HFENCE_VVMA, AREA, ASID | 8);
    assert_int_equal(load(AREA), 0);
}

/* norm:hfence-gvma_mode: Bare counts as a mode. */
static void a_gpa_stays_the_hpa_after_bare(void **state)
{
    (void)state;
    put(g_slot(PAGE_B, 0), entry(PAGE_A, G_RWX));
    model_force(&world.hart, HVRV_CSR_HGATP, 0);
    assert_int_equal(load(PAGE_B), PAGE_B);
    set_hgatp(0);
    assert_int_equal(load(PAGE_B), PAGE_B);
    hvrv_hart_hfence_gvma_vmid(&world.hart.hart, 0);
    assert_int_equal(load(PAGE_B), PAGE_A);
}

static void invalidations_act_between_their_two_fences(void **state)
{
    (void)state;
    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    hvrv_hart_sfence_w_inval(&world.hart.hart);
    hvrv_hart_hinval_gvma(&world.hart.hart, hvrv_gpa_make(AREA), VMID);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_sfence_inval_ir(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_B);
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX));
    hvrv_hart_sfence_w_inval(&world.hart.hart);
    hvrv_hart_sfence_inval_ir(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_B);
}

/* norm:Svinval_sequence_reads_writes_before */
static void a_store_after_the_first_of_them_comes_too_late(void **state)
{
    (void)state;
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_sfence_w_inval(&world.hart.hart);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    hvrv_hart_hinval_gvma(&world.hart.hart, hvrv_gpa_make(AREA), VMID);
    hvrv_hart_sfence_inval_ir(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_sfence_w_inval(&world.hart.hart);
    hvrv_hart_hinval_gvma_vmid(&world.hart.hart, VMID);
    hvrv_hart_sfence_inval_ir(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_B);
}

static void invalidations_of_the_vs_stage_leave_the_other(void **state)
{
    (void)state;
    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
    put(vs_slot(AREA, 0), entry(AREA + 0x1000, RWX));
    hvrv_hart_sfence_w_inval(&world.hart.hart);
    hvrv_hart_hinval_gvma_all(&world.hart.hart);
    hvrv_hart_sfence_inval_ir(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_sfence_w_inval(&world.hart.hart);
    hvrv_hart_hinval_vvma(&world.hart.hart, hvrv_gva_make(AREA), ASID);
    hvrv_hart_sfence_inval_ir(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_B);
}

static void an_invalidation_alone_is_complained_about(void **state)
{
    (void)state;
    hvrv_hart_hinval_gvma_all(&world.hart.hart);
    assert_non_null(model_hart_complaint(&world.hart));
    world.hart.complaint[0] = '\0';
}

static void permissions_follow_the_registers_at_once(void **state)
{
    (void)state;
    put(vs_slot(AREA, 0), entry(AREA, RWX | U));
    assert_int_equal(load(AREA), 0);
    assert_int_equal(cause, 13);
    model_force(&world.hart, HVRV_CSR_VSSTATUS, 0x40000); /* SUM */
    assert_int_equal(load(AREA), PAGE_A);
    put(vs_slot(AREA, 0), entry(AREA, (RWX & ~UINT64_C(0x06)) | U));
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), 0);
    model_force(&world.hart, HVRV_CSR_VSSTATUS, 0xc0000); /* MXR too */
    assert_int_equal(load(AREA), PAGE_A);
}

static void the_vs_stage_goes_by_its_own_fence(void **state)
{
    (void)state;
    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    for (int form = 0; form < 4; form++) {
        put(vs_slot(AREA, 0), entry(AREA, RWX));
        hvrv_hart_hfence_vvma_all(&world.hart.hart);
        assert_int_equal(load(AREA), PAGE_A);
        put(vs_slot(AREA, 0), entry(AREA + 0x1000, RWX));
        fence(HVRV_HART_HFENCE_VVMA, ASID, AREA);      /* swapped */
        fence(HVRV_HART_HFENCE_VVMA, AREA >> 2, ASID); /* shifted */
        fence(HVRV_HART_HFENCE_VVMA, AREA, ASID + 1);  /* another address space */
        fence(HVRV_HART_HFENCE_GVMA, AREA >> 2, VMID); /* the other stage */
        assert_int_equal(load(AREA), PAGE_A);
        if (form == 0)
            hvrv_hart_hfence_vvma(&world.hart.hart, hvrv_gva_make(AREA), ASID);
        else if (form == 1)
            hvrv_hart_hfence_vvma_gva(&world.hart.hart, hvrv_gva_make(AREA));
        else if (form == 2)
            hvrv_hart_hfence_vvma_asid(&world.hart.hart, ASID);
        else
            hvrv_hart_hfence_vvma_all(&world.hart.hart);
        assert_int_equal(load(AREA), PAGE_B);
    }
}

/* norm:hfence-vvma_hfence-gvma_op: HFENCE.VVMA means the VMID that is in hgatp. */
static void hfence_vvma_is_for_the_present_vmid(void **state)
{
    (void)state;
    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
    put(vs_slot(AREA, 0), entry(AREA + 0x1000, RWX));
    set_hgatp(VMID + 1);
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    set_hgatp(VMID);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_B);
}

static void a_global_page_is_every_address_spaces(void **state)
{
    (void)state;
    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    put(vs_slot(AREA, 0), entry(AREA, RWX | G));
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_A);
    put(vs_slot(AREA, 0), entry(AREA + 0x1000, RWX | G));
    set_vsatp(ASID + 1);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_vvma_asid(&world.hart.hart, ASID);
    hvrv_hart_hfence_vvma(&world.hart.hart, hvrv_gva_make(AREA), ASID + 1);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_vvma_gva(&world.hart.hart, hvrv_gva_make(AREA));
    assert_int_equal(load(AREA), PAGE_B);
}

static void two_address_spaces_do_not_meet(void **state)
{
    (void)state;
    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
    put(vs_slot(AREA, 0), entry(AREA + 0x1000, RWX));
    set_vsatp(ASID + 1);
    assert_int_equal(load(AREA), PAGE_B);
    set_vsatp(ASID);
    assert_int_equal(load(AREA), PAGE_A);
}

/* The G of a pointer is that of all below it. */
static void a_page_below_a_global_table_is_global(void **state)
{
    uint64_t table = vs_slot(AREA, 1);
    (void)state;

    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    put(table, model_memory_read(&world.memory, table) | G);
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_A);
    put(vs_slot(AREA, 0), entry(AREA + 0x1000, RWX));
    hvrv_hart_hfence_vvma(&world.hart.hart, hvrv_gva_make(AREA), ASID);
    hvrv_hart_hfence_vvma_asid(&world.hart.hart, ASID);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_vvma_gva(&world.hart.hart, hvrv_gva_make(AREA));
    assert_int_equal(load(AREA), PAGE_B);
    put(vs_slot(AREA, 0), entry(AREA, RWX)); /* read below the pointer that is kept */
    hvrv_hart_hfence_vvma_asid(&world.hart.hart, ASID);
    assert_int_equal(load(AREA), PAGE_B);
}

static void a_superpage_of_the_guests_goes_by_any_gva_in_it(void **state)
{
    uint64_t gva = UINT64_C(0x80000000);
    (void)state;

    put(vs_slot(gva, 1), entry(AREA, RWX));
    assert_int_equal(load(gva), PAGE_A);
    put(vs_slot(gva, 1), 0);
    hvrv_hart_hfence_vvma_gva(&world.hart.hart, hvrv_gva_make(gva + 0x200000));
    hvrv_hart_hfence_vvma_gva(&world.hart.hart, hvrv_gva_make(AREA));
    assert_int_equal(load(gva), PAGE_A);
    hvrv_hart_hfence_vvma_gva(&world.hart.hart, hvrv_gva_make(gva + 0x1ff000));
    assert_int_equal(load(gva), 0);
}

/* What was cached from GVA to HPA goes by the GPA in between. */
static void a_change_of_the_g_stage_wants_its_fence_for_gvas_too(void **state)
{
    uint64_t gva = UINT64_C(0x80000000);
    (void)state;

    put(vs_slot(gva, 0), entry(AREA, RWX));
    assert_int_equal(load(gva), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(gva));
    assert_int_equal(load(gva), PAGE_A);
    hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(AREA));
    assert_int_equal(load(gva), PAGE_B);
}

static void switch_to(unsigned vmid, uint64_t vsatp)
{
    hvrv_hart_write_hgatp(&world.hart.hart,
                          UINT64_C(8) << 60 | (uint64_t)vmid << 44 | G_ROOT >> 12);
    hvrv_hart_write_vsatp(&world.hart.hart, vsatp);
}

/* Why a switch makes vsatp zero, then writes hgatp, then vsatp. */
static void a_switch_with_vsatp_in_place_mixes_two_guests(void **state)
{
    uint64_t root = model_memory_take(&world.memory, 4096);
    uint64_t vsatp = UINT64_C(8) << 60 | (uint64_t)ASID << 44 | (root - RAM) >> 12;
    (void)state;

    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    put(model_table_slot(&world.memory, root, RAM, AREA, 0), entry(AREA + 0x1000, RWX));
    assert_int_equal(load(AREA), PAGE_A);
    switch_to(VMID + 1, vsatp);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_write_vsatp(&world.hart.hart, 0);
    switch_to(VMID + 2, vsatp);
    assert_int_equal(load(AREA), PAGE_B);
}

/* The guest's own SFENCE.VMA acts on what is its own. */
static void a_guests_fence_is_a_vvma(void **state)
{
    struct hvrv_hart_fence all = {.kind = HVRV_HART_SFENCE_VMA};
    (void)state;

    put(g_slot(AREA + 0x1000, 0), entry(PAGE_B, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
    put(vs_slot(AREA, 0), entry(AREA + 0x1000, RWX));
    put(g_slot(AREA, 0), 0);
    assert_true(model_fence(&world.hart, model_fence_of(&all)));
    assert_int_equal(load(AREA), PAGE_A);
    world.hart.v = true;
    assert_true(model_fence(&world.hart, model_fence_of(&all)));
    world.hart.v = false;
    assert_int_equal(load(AREA), PAGE_B);
}

/* The entries of the VS-stage are found through what is kept of the G-stage. */
static void the_guests_tables_are_found_where_they_were(void **state)
{
    (void)state;

    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(0, 1), 0);
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_gvma_all(&world.hart.hart);
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), 0);
    assert_int_equal(cause, 21);
}

static void d_is_no_obstacle_that_is_kept(void **state)
{
    (void)state;
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~D));
    assert_int_equal(load(AREA), PAGE_A);
    assert_false(store(AREA));
    assert_int_equal(cause, 23);
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX));
    assert_true(store(AREA));
    /* D taken away, as for a log of dirty pages: without a fence the hart need not set it again. */
    model_force(&world.hart, HVRV_CSR_MENVCFG, UINT64_C(1) << 61); /* ADUE */
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~D));
    assert_true(store(AREA));
    assert_int_equal(model_memory_read(&world.memory, g_slot(AREA, 0)) & D, 0);
    hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(AREA));
    assert_true(store(AREA));
    assert_int_equal(model_memory_read(&world.memory, g_slot(AREA, 0)) & D, D);
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~D));
    assert_true(store(AREA));
    assert_int_equal(model_memory_read(&world.memory, g_slot(AREA, 0)) & D, 0);
}

static void neither_is_a(void **state)
{
    (void)state;
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~A));
    assert_int_equal(load(AREA), 0);
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX));
    assert_int_equal(load(AREA), PAGE_A);
}

/* A hart may have several entries for an address, and use any of them. */
static void a_newer_entry_does_not_replace_the_old_one(void **state)
{
    (void)state;
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~D));
    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_B, G_RWX));
    assert_true(store(AREA + 8));
    assert_int_equal(model_memory_read(&world.memory, PAGE_B + 8), 1);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_gvma_gpa(&world.hart.hart, hvrv_gpa_make(AREA));
    assert_int_equal(load(AREA), PAGE_B);
}

static void adue_needs_a_fence(void **state)
{
    (void)state;
    model_force(&world.hart, HVRV_CSR_MENVCFG, UINT64_C(1) << 61);
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~D));
    assert_int_equal(load(AREA), PAGE_A);
    model_force(&world.hart, HVRV_CSR_MENVCFG, 0);
    assert_true(store(AREA));
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~A));
    hvrv_hart_hfence_gvma_all(&world.hart.hart);
    assert_false(store(AREA));
    assert_int_equal(cause, 23);
    model_force(&world.hart, HVRV_CSR_MENVCFG, UINT64_C(1) << 61);
    assert_int_equal(load(AREA), 0);
    assert_int_equal(cause, 21);
}

/* It would be allowed to set A, but must not be relied on. */
static void a_walk_ahead_updates_nothing(void **state)
{
    (void)state;
    model_force(&world.hart, HVRV_CSR_MENVCFG, UINT64_C(1) << 61);
    assert_int_equal(load(AREA), PAGE_A);
    put(g_slot(AREA, 0), entry(PAGE_A, G_RWX & ~A));
    hvrv_hart_hfence_gvma_all(&world.hart.hart);
    assert_int_equal(model_memory_read(&world.memory, g_slot(AREA, 0)) & A, 0);
    assert_int_equal(load(AREA), PAGE_A);
    assert_int_equal(model_memory_read(&world.memory, g_slot(AREA, 0)) & A, A);
}

/* henvcfg wants HFENCE.VVMA; menvcfg, which masks it, HFENCE.GVMA in both stages. */
static void each_envcfg_has_its_own_fence(void **state)
{
    uint64_t pbmte = UINT64_C(1) << 62;
    (void)state;

    put(vs_slot(AREA, 0), entry(AREA, UINT64_C(1) << 61 | RWX));
    model_force(&world.hart, HVRV_CSR_MENVCFG, pbmte);
    assert_int_equal(load(AREA), 0);
    model_force(&world.hart, HVRV_CSR_HENVCFG, pbmte);
    hvrv_hart_hfence_gvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), 0);
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_A);

    model_force(&world.hart, HVRV_CSR_MENVCFG, 0);
    hvrv_hart_hfence_gvma_vmid(&world.hart.hart, VMID);
    assert_int_equal(load(AREA), PAGE_A);
    hvrv_hart_hfence_gvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), 0);
    assert_int_equal(cause, 13);
}

/* What was read counts as PBMTE was then. */
static void pbmte_needs_a_fence(void **state)
{
    (void)state;
    put(g_slot(AREA, 0), entry(PAGE_A, UINT64_C(1) << 61 | G_RWX));
    assert_int_equal(load(AREA), 0);
    model_force(&world.hart, HVRV_CSR_MENVCFG, UINT64_C(1) << 62);
    hvrv_hart_hfence_vvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), 0);
    hvrv_hart_hfence_gvma_all(&world.hart.hart);
    assert_int_equal(load(AREA), PAGE_A);
}

static void hlv_and_hsv_go_through_it(void **state)
{
    struct hvrv_hart_transfer transfer = {.value = 0};
    (void)state;

    assert_int_equal(hvrv_hart_hlv_d(&world.hart.hart, hvrv_gva_make(AREA), &transfer), HVRV_OK);
    assert_int_equal(transfer.value, PAGE_A);
    put(g_slot(AREA, 0), 0);
    transfer.value = 0x1122334455667788;
    assert_int_equal(hvrv_hart_hsv_h(&world.hart.hart, hvrv_gva_make(AREA + 2), &transfer),
                     HVRV_OK);
    assert_int_equal(model_memory_read(&world.memory, PAGE_A), (PAGE_A & 0xffff) | 0x77880000);
    hvrv_hart_hfence_gvma_all(&world.hart.hart);
    world.hart.traps_expected = true;
    assert_int_equal(hvrv_hart_hlvx_wu(&world.hart.hart, hvrv_gva_make(AREA + 4), &transfer),
                     HVRV_ERR_ACCESS);
    assert_int_equal(transfer.trap.cause, 21);
    assert_int_equal(transfer.trap.stval, AREA + 4);
    assert_int_equal(transfer.trap.htval, (AREA + 4) >> 2);
    assert_int_equal(transfer.trap.htinst, 0);
    assert_true(transfer.trap.gva);
}

static void spvp_says_whose_access_it_is(void **state)
{
    struct hvrv_hart_transfer transfer = {.value = 0};
    (void)state;

    assert_int_equal(hvrv_hart_hlv_d(&world.hart.hart, hvrv_gva_make(AREA), &transfer), HVRV_OK);
    model_force(&world.hart, HVRV_CSR_HSTATUS, 0x200000000); /* VU-mode */
    world.hart.traps_expected = true;
    assert_int_equal(hvrv_hart_hlv_d(&world.hart.hart, hvrv_gva_make(AREA), &transfer),
                     HVRV_ERR_ACCESS);
    assert_int_equal(transfer.trap.cause, 13);
}

static void a_fault_for_a_table_says_so(void **state)
{
    struct model_tlb_access access = {.gva = AREA, .kind = 'w', .size = 8};
    struct hvrv_hart_trap trap = {0};
    (void)state;

    put(g_slot(0, 1), 0);
    assert_false(model_tlb_access(&world.tlb, &access, &trap));
    assert_int_equal(trap.cause, 23);
    assert_int_equal(trap.stval, AREA);
    assert_int_equal(trap.htval, (VS_ROOT + 8) >> 2);
    assert_int_equal(trap.htinst, 0x3000);
}

static void memory_that_is_not_there_is_an_access_fault(void **state)
{
    (void)state;
    put(g_slot(AREA, 0), entry(UINT64_C(0x1000), G_RWX));
    assert_int_equal(load(AREA), 0);
    assert_int_equal(cause, 5);
    assert_false(store(AREA));
    assert_int_equal(cause, 7);
}

int main(void)
{
#define IN(begin, test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        IN(begin, a_changed_page_is_seen_after_the_fence_and_not_before),
        IN(begin, every_form_of_the_right_fence_is_enough),
        IN(begin, wrong_fences_leave_the_old_page),
        IN(begin, a_fence_before_the_store_is_none),
        IN(begin, a_page_that_was_not_there_may_stay_away),
        IN(begin, a_table_taken_out_needs_a_fence_without_an_address),
        IN(begin, a_table_put_in_where_nothing_was_too),
        IN(begin, a_superpage_goes_by_any_address_in_it),
        IN(begin, a_napot_range_goes_as_a_whole),
        IN(begin, a_napot_range_may_go_page_by_page),
        IN(begin, another_vmid_sees_nothing_of_it_and_a_reused_one_all),
        IN(begin, another_harts_fence_does_nothing_here),
        IN(begin_with_vs_stage, bits_of_an_id_that_the_hart_has_not_are_ignored),
        IN(begin, a_gpa_stays_the_hpa_after_bare),
        IN(begin, invalidations_act_between_their_two_fences),
        IN(begin, a_store_after_the_first_of_them_comes_too_late),
        IN(begin, an_invalidation_alone_is_complained_about),
        IN(begin_with_vs_stage, permissions_follow_the_registers_at_once),
        IN(begin_with_vs_stage, the_vs_stage_goes_by_its_own_fence),
        IN(begin_with_vs_stage, invalidations_of_the_vs_stage_leave_the_other),
        IN(begin_with_vs_stage, hfence_vvma_is_for_the_present_vmid),
        IN(begin_with_vs_stage, a_global_page_is_every_address_spaces),
        IN(begin_with_vs_stage, a_page_below_a_global_table_is_global),
        IN(begin_with_vs_stage, a_superpage_of_the_guests_goes_by_any_gva_in_it),
        IN(begin_with_vs_stage, a_change_of_the_g_stage_wants_its_fence_for_gvas_too),
        IN(begin_with_vs_stage, a_switch_with_vsatp_in_place_mixes_two_guests),
        IN(begin_with_vs_stage, two_address_spaces_do_not_meet),
        IN(begin_with_vs_stage, a_guests_fence_is_a_vvma),
        IN(begin_with_vs_stage, the_guests_tables_are_found_where_they_were),
        IN(begin, d_is_no_obstacle_that_is_kept),
        IN(begin, neither_is_a),
        IN(begin, a_newer_entry_does_not_replace_the_old_one),
        IN(begin, adue_needs_a_fence),
        IN(begin, a_walk_ahead_updates_nothing),
        IN(begin, pbmte_needs_a_fence),
        IN(begin_with_vs_stage, each_envcfg_has_its_own_fence),
        IN(begin, hlv_and_hsv_go_through_it),
        IN(begin_with_vs_stage, spvp_says_whose_access_it_is),
        IN(begin_with_vs_stage, a_fault_for_a_table_says_so),
        IN(begin, memory_that_is_not_there_is_an_access_fault),
    };

    return cmocka_run_group_tests_name("model/tlb", tests, NULL, NULL);
}
