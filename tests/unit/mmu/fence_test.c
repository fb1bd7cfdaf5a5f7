/* SPDX-License-Identifier: BSD-2-Clause */
/* What a gather makes of changes, by the log of a model hart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/fence.h>

#include "model/hart.h"
#include "model/memory.h"

#define BASE  UINT64_C(0x80000000)
#define PAGES 32
#define TOP   UINT64_C(0xfffffffffffff000)

static uint64_t words[PAGES * 512];
static struct model_memory memory;
static struct hvrv_phys phys;
static struct model_hart hart;
static struct hvrv_fence_domain domain;
static struct hvrv_fence_gather gather;

/* What happened, a letter each: L a fence here, r reach, e erratum, g a page given back. */
static char story[64];
static uint64_t given[PAGES];
static unsigned given_count;

static void tell(char letter)
{
    size_t length = strlen(story);

    if (length + 1 < sizeof(story) && (length == 0 || story[length - 1] != letter))
        story[length] = letter;
}

static void hear(void *context, const struct model_access *done)
{
    (void)context;
    if (done->kind >= MODEL_HFENCE_GVMA && done->kind <= MODEL_SFENCE_INVAL_IR)
        tell('L');
}

static void reach(void *context, const struct hvrv_fence_order *order)
{
    assert_ptr_equal(context, &story);
    assert_ptr_equal(order, hvrv_fence_owed(&gather));
    tell('r');
}

static void erratum(void *context, struct hvrv_hart *on, const struct hvrv_fence_order *order)
{
    assert_ptr_equal(context, &story);
    assert_ptr_equal(on, &hart.hart);
    assert_ptr_equal(order->domain, &domain);
    tell('e');
}

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    (void)context, (void)size, (void)page;
    return false;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context;
    assert_int_equal(size, 4096);
    given[given_count++] = page.v;
    tell('g');
}

static const struct hvrv_pages pages = {take, give, NULL};

static int begin(void **state)
{
    (void)state;
    model_memory_init(&memory, words, BASE, sizeof(words));
    phys = model_memory_by_port(&memory);
    model_hart_init(&hart);
    hart.heard = hear;
    memset(story, 0, sizeof(story));
    given_count = 0;
    domain = (struct hvrv_fence_domain){.kind = HVRV_FENCE_G_STAGE, .vmid = 5, .context = story};
    assert_int_equal(hvrv_fence_begin(&gather, &domain, &hart.hart), HVRV_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    model_hart_check(&hart);
    return 0;
}

static void note(enum hvrv_fence_change change, uint64_t first, uint64_t last, uint32_t shift)
{
    const struct hvrv_fence_range range = {first, last, shift};

    hvrv_fence_note(&gather, change, &range);
}

static void changed(uint64_t first, uint64_t last, uint32_t shift)
{
    note(HVRV_FENCE_LEAF_CHANGED, first, last, shift);
}

static void commit(void)
{
    model_log_clear(&hart);
    assert_int_equal(hvrv_fence_commit(&gather), HVRV_OK);
}

#define GVMA_PAGE(gpa)                                            \
    {                                                             \
        MODEL_HFENCE_GVMA, MODEL_BY_ADDRESS | MODEL_BY_ID, gpa, 5 \
    }
#define GVMA_VMID                            \
    {                                        \
        MODEL_HFENCE_GVMA, MODEL_BY_ID, 0, 5 \
    }

static void nothing_noted_is_nothing_fenced(void **state)
{
    (void)state;
    domain.reach = reach;
    domain.erratum = erratum;
    commit();
    assert_int_equal(hvrv_fence_execute(hvrv_fence_owed(&gather), &hart.hart), HVRV_OK);
    assert_int_equal(hart.log_length, 0);
    assert_string_equal(story, "");
    assert_int_equal(hvrv_fence_end(&gather), HVRV_OK);
}

/* Address 0 is a page like others; the model hart has the address in bytes, the register >> 2. */
static void each_page_of_its_size_is_fenced_once(void **state)
{
    (void)state;
    changed(0, 0xfff, 12);
    changed(0x40000000, 0x7fffffff, 30);
    changed(0x200000, 0x5fffff, 21);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_PAGE(0), GVMA_PAGE(0x40000000), GVMA_PAGE(0x200000),
                             GVMA_PAGE(0x400000)));
}

/* norm:Svnapot_cache_entries: a NAPOT range is noted as pages of 4 KiB. */
static void neighbours_are_one_range(void **state)
{
    (void)state;
    changed(0x10000, 0x1ffff, 12);
    changed(0x20000, 0x2ffff, 12);
    changed(0xf000, 0xffff, 12);
    changed(0x18000, 0x18fff, 12);
    assert_int_equal(hvrv_fence_owed(&gather)->scope, HVRV_FENCE_PAGES);
    assert_int_equal(hvrv_fence_owed(&gather)->range_count, 1);
    assert_int_equal(hvrv_fence_owed(&gather)->range[0].first, 0xf000);
    assert_int_equal(hvrv_fence_owed(&gather)->range[0].last, 0x2ffff);
    commit();
    assert_int_equal(hart.log_length, 33);
}

static void what_differs_in_size_or_lies_apart_is_kept_apart(void **state)
{
    (void)state;
    changed(0x200000, 0x3fffff, 21);
    changed(0x400000, 0x400fff, 12);
    changed(0x402000, 0x402fff, 12);
    assert_int_equal(hvrv_fence_owed(&gather)->range_count, 3);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_PAGE(0x200000), GVMA_PAGE(0x400000), GVMA_PAGE(0x402000)));
}

static void the_last_page_of_all_does_not_wrap(void **state)
{
    (void)state;
    domain.kind = HVRV_FENCE_OWN;
    changed(TOP, UINT64_MAX, 12);
    changed(0, 0xfff, 12);
    assert_int_equal(hvrv_fence_owed(&gather)->range_count, 2);
    commit();
    assert_true(MODEL_LOG_IS(&hart, {MODEL_SFENCE_VMA, MODEL_BY_ADDRESS, TOP, 0},
                             {MODEL_SFENCE_VMA, MODEL_BY_ADDRESS, 0, 0}));
}

static void more_than_the_most_is_one_for_the_vmid(void **state)
{
    (void)state;
    changed(0, 64 * 4096 - 1, 12);
    commit();
    assert_int_equal(hart.log_length, 64);
    changed(0, 65 * 4096 - 1, 12);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
    domain.fences_max = 2;
    changed(0, 0x1fff, 12);
    commit();
    assert_int_equal(hart.log_length, 2);
    changed(0, 0xfff, 12);
    changed(0x5000, 0x6fff, 12);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
    changed(0, UINT64_MAX, 12);
    changed(0, UINT64_MAX, 12);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
}

static void a_range_that_grows_beyond_the_most_is_one_for_the_vmid(void **state)
{
    (void)state;
    for (uint64_t page = 0; page < 64; page++)
        changed(page * 4096, page * 4096 + 0xfff, 12);
    commit();
    assert_int_equal(hart.log_length, 64);
    for (uint64_t page = 0; page < 65; page++)
        changed(page * 4096, page * 4096 + 0xfff, 12);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
}

static void a_ninth_range_is_one_for_the_vmid(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 8; i++)
        changed(i * 0x2000, i * 0x2000 + 0xfff, 12);
    assert_int_equal(hvrv_fence_owed(&gather)->scope, HVRV_FENCE_PAGES);
    changed(0x100000, 0x100fff, 12);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
}

/* norm:hfence-gvma_op: an address is for leaves. */
static void tables_want_a_fence_without_an_address(void **state)
{
    static const enum hvrv_fence_change changes[] = {
        HVRV_FENCE_TABLE_ADDED, HVRV_FENCE_TABLE_REMOVED, HVRV_FENCE_LEAF_SPLIT};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        changed(0x1000, 0x1fff, 12);
        note(changes[i], 0x200000, 0x3fffff, 21);
        changed(0x5000, 0x5fff, 12);
        commit();
        assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
    }
}

/* norm:Svvptc_explicit_stores_update_valid_bit. */
static void with_svvptc_what_is_added_is_not_fenced(void **state)
{
    (void)state;
    domain.svvptc = true;
    assert_int_equal(hvrv_fence_begin(&gather, &domain, &hart.hart), HVRV_OK);
    assert_false(gather.is_fresh);
    note(HVRV_FENCE_LEAF_ADDED, 0x1000, 0x1fff, 12);
    note(HVRV_FENCE_TABLE_ADDED, 0x200000, 0x3fffff, 21);
    assert_int_equal(hvrv_fence_end(&gather), HVRV_OK);
    assert_int_equal(hvrv_fence_begin(&gather, &domain, &hart.hart), HVRV_OK);
    changed(0x1000, 0x1fff, 12);
    note(HVRV_FENCE_LEAF_SPLIT, 0x200000, 0x3fffff, 21);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_PAGE(0x1000), GVMA_PAGE(0x200000)));
    note(HVRV_FENCE_TABLE_REMOVED, 0, 0x1fffff, 21);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
}

/*
 * norm:Svinval_sequence_reads_writes_before, norm:Svinval_sequence_reads_writes_after,
 * norm:Svinval_sinval_vma_invalidates_same_as_sfence_vma: the invalidations stand between the two.
 */
static void with_svinval_invalidations_stand_between_two_fences(void **state)
{
    (void)state;
    domain.svinval = true;
    changed(0x1000, 0x1fff, 12);
    changed(0x40000000, 0x7fffffff, 30);
    commit();
    assert_true(MODEL_LOG_IS(&hart, {MODEL_SFENCE_W_INVAL, 0, 0, 0},
                             {MODEL_HINVAL_GVMA, MODEL_BY_ADDRESS | MODEL_BY_ID, 0x1000, 5},
                             {MODEL_HINVAL_GVMA, MODEL_BY_ADDRESS | MODEL_BY_ID, 0x40000000, 5},
                             {MODEL_SFENCE_INVAL_IR, 0, 0, 0}));
    note(HVRV_FENCE_TABLE_REMOVED, 0, 0x1fffff, 21);
    commit();
    assert_true(MODEL_LOG_IS(&hart, GVMA_VMID));
}

static void every_kind_has_its_own_fence(void **state)
{
    static const struct {
        enum hvrv_fence_kind kind;
        bool every_vmid;
        enum model_kind fence, inval;
        uint32_t page, all;
    } cases[] = {
        {HVRV_FENCE_G_STAGE, true, MODEL_HFENCE_GVMA, MODEL_HINVAL_GVMA, MODEL_BY_ADDRESS, 0},
        {HVRV_FENCE_VS_STAGE, false, MODEL_HFENCE_VVMA, MODEL_HINVAL_VVMA, MODEL_BY_ADDRESS, 0},
        {HVRV_FENCE_OWN, false, MODEL_SFENCE_VMA, MODEL_SINVAL_VMA, MODEL_BY_ADDRESS, 0},
    };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        domain =
            (struct hvrv_fence_domain){.kind = cases[i].kind, .every_vmid = cases[i].every_vmid};
        changed(0x3000, 0x3fff, 12);
        commit();
        assert_true(MODEL_LOG_IS(&hart, {cases[i].fence, cases[i].page, 0x3000, 0}));
        note(HVRV_FENCE_TABLE_ADDED, 0, 0x1fffff, 21);
        commit();
        assert_true(MODEL_LOG_IS(&hart, {cases[i].fence, cases[i].all, 0, 0}));
        domain.svinval = true;
        changed(0x3000, 0x3fff, 12);
        commit();
        assert_true(MODEL_LOG_IS(&hart, {MODEL_SFENCE_W_INVAL, 0, 0, 0},
                                 {cases[i].inval, cases[i].page, 0x3000, 0},
                                 {MODEL_SFENCE_INVAL_IR, 0, 0, 0}));
    }
}

static void pages_go_back_after_all_fences_and_not_before(void **state)
{
    (void)state;
    domain.reach = reach;
    domain.erratum = erratum;
    changed(0x1000, 0x1fff, 12);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(hvrv_fence_park(&gather, &phys, &pages, hvrv_hpa_make(BASE + i * 4096)),
                         HVRV_OK);
    assert_int_equal(hvrv_fence_keep(&gather, &phys, &pages, hvrv_hpa_make(BASE + 0x9000)),
                     HVRV_OK);
    assert_int_equal(given_count, 0);
    commit();
    assert_string_equal(story, "Lerg");
    assert_int_equal(given_count, 4);
    for (unsigned i = 0; i < 4; i++)
        for (unsigned n = 0; n < i; n++)
            assert_int_not_equal(given[i], given[n]);
    commit();
    assert_int_equal(given_count, 4);
    assert_int_equal(hvrv_fence_end(&gather), HVRV_OK);
}

/* A walk that is in it finds nothing valid in the first entry; the others are as they were. */
static void a_parked_page_is_linked_by_an_entry_that_is_not_valid(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1024; i++)
        words[i] = 0xdf;
    assert_int_equal(hvrv_fence_park(&gather, &phys, &pages, hvrv_hpa_make(BASE)), HVRV_OK);
    assert_int_equal(hvrv_fence_park(&gather, &phys, &pages, hvrv_hpa_make(BASE + 4096)), HVRV_OK);
    assert_int_equal(words[0], 0);
    assert_int_equal(words[512] & 1, 0);
    assert_int_equal(words[1], 0xdf);
    assert_int_equal(words[1023], 0xdf);
    commit();
    assert_int_equal(given_count, 2);
}

static void a_kept_page_stays_as_it_is_and_there_is_room_for_sixteen(void **state)
{
    (void)state;
    words[0] = 0xdf;
    for (uint64_t i = 0; i < 16; i++)
        assert_int_equal(hvrv_fence_keep(&gather, &phys, &pages, hvrv_hpa_make(BASE + i * 4096)),
                         HVRV_OK);
    assert_int_equal(hvrv_fence_keep(&gather, &phys, &pages, hvrv_hpa_make(BASE + 16 * 4096)),
                     HVRV_ERR_UNFINISHED);
    assert_int_equal(words[0], 0xdf);
    commit();
    assert_int_equal(given_count, 16);
    assert_int_equal(hvrv_fence_keep(&gather, &phys, &pages, hvrv_hpa_make(BASE)), HVRV_OK);
    commit();
}

static void pages_of_two_sources_do_not_mix(void **state)
{
    const struct hvrv_pages others = pages;
    const struct hvrv_phys elsewhere = phys;

    (void)state;
    assert_int_equal(hvrv_fence_park(&gather, &phys, &pages, hvrv_hpa_make(BASE)), HVRV_OK);
    assert_int_equal(hvrv_fence_park(&gather, &phys, &others, hvrv_hpa_make(BASE + 4096)),
                     HVRV_ERR_STATE);
    assert_int_equal(hvrv_fence_keep(&gather, &elsewhere, &pages, hvrv_hpa_make(BASE + 4096)),
                     HVRV_ERR_STATE);
    commit();
    assert_int_equal(given_count, 1);
    assert_int_equal(hvrv_fence_park(&gather, &phys, &others, hvrv_hpa_make(BASE)), HVRV_OK);
    commit();
}

static void a_page_that_cannot_be_written_is_not_parked(void **state)
{
    (void)state;
    assert_int_equal(hvrv_fence_park(&gather, &phys, &pages, hvrv_hpa_make(0x1000)),
                     HVRV_ERR_ACCESS);
    commit();
    assert_int_equal(given_count, 0);
}

static void a_link_that_cannot_be_read_is_told_after_the_fences(void **state)
{
    (void)state;
    changed(0x1000, 0x1fff, 12);
    assert_int_equal(hvrv_fence_park(&gather, &phys, &pages, hvrv_hpa_make(BASE)), HVRV_OK);
    memory.refused_word = BASE;
    model_log_clear(&hart);
    assert_int_equal(hvrv_fence_commit(&gather), HVRV_ERR_ACCESS);
    assert_true(MODEL_LOG_IS(&hart, GVMA_PAGE(0x1000)));
    assert_int_equal(given_count, 0);
    assert_int_equal(hvrv_fence_end(&gather), HVRV_OK);
}

static void a_forgotten_commit_is_an_error(void **state)
{
    (void)state;
    changed(0x1000, 0x1fff, 12);
    assert_int_equal(hvrv_fence_end(&gather), HVRV_ERR_STATE);
    commit();
    assert_int_equal(hvrv_fence_end(&gather), HVRV_OK);
    assert_int_equal(hvrv_fence_end(&gather), HVRV_ERR_STATE);
    assert_int_equal(hvrv_fence_commit(&gather), HVRV_ERR_STATE);
    begin(state);
    assert_int_equal(hvrv_fence_park(&gather, &phys, &pages, hvrv_hpa_make(BASE)), HVRV_OK);
    assert_int_equal(hvrv_fence_end(&gather), HVRV_ERR_STATE);
    commit();
    assert_int_equal(hvrv_fence_keep(&gather, &phys, &pages, hvrv_hpa_make(BASE)), HVRV_OK);
    assert_int_equal(hvrv_fence_end(&gather), HVRV_ERR_STATE);
    commit();
    assert_int_equal(hvrv_fence_end(&gather), HVRV_OK);
}

static void what_cannot_be_is_refused(void **state)
{
    struct hvrv_fence_gather other;
    struct hvrv_fence_domain bad = domain;

    (void)state;
    assert_int_equal(hvrv_fence_begin(NULL, &domain, &hart.hart), HVRV_ERR_NULL);
    assert_int_equal(hvrv_fence_begin(&other, NULL, &hart.hart), HVRV_ERR_NULL);
    assert_int_equal(hvrv_fence_begin(&other, &domain, NULL), HVRV_ERR_NULL);
    bad.vmid = 0x4000;
    assert_int_equal(hvrv_fence_begin(&other, &bad, &hart.hart), HVRV_ERR_ARGUMENT);
    bad.vmid = 0x3fff;
    assert_int_equal(hvrv_fence_begin(&other, &bad, &hart.hart), HVRV_OK);
    bad.kind = (enum hvrv_fence_kind)3;
    assert_int_equal(hvrv_fence_begin(&other, &bad, &hart.hart), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_fence_commit(&other), HVRV_ERR_STATE);
    assert_int_equal(hvrv_fence_commit(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_fence_end(NULL), HVRV_ERR_NULL);
    assert_null(hvrv_fence_owed(NULL));
    assert_int_equal(hvrv_fence_execute(NULL, &hart.hart), HVRV_ERR_NULL);
    assert_int_equal(hvrv_fence_execute(hvrv_fence_owed(&gather), NULL), HVRV_ERR_NULL);
}

/* What mapping one page after a fault does in a few instructions. */
static void the_first_page_is_noted_as_any_page(void **state)
{
    struct hvrv_fence_gather quick;

    (void)state;
    assert_true(gather.is_fresh);
    assert_int_equal(hvrv_fence_begin(&quick, &domain, &hart.hart), HVRV_OK);
    hvrv_fence_note_first_page(&quick, 0x5000);
    note(HVRV_FENCE_LEAF_ADDED, 0x5000, 0x5fff, 12);
    assert_int_equal(quick.order.scope, gather.order.scope);
    assert_int_equal(quick.order.range_count, gather.order.range_count);
    assert_memory_equal(&quick.order.range[0], &gather.order.range[0], 20);
    assert_false(quick.is_fresh || gather.is_fresh);
    commit();
    assert_true(gather.is_fresh);
}

static struct hvrv_fence_call call(uint32_t number, enum hvrv_status status)
{
    struct hvrv_fence_call made;

    assert_int_equal(hvrv_fence_rfence(hvrv_fence_owed(&gather), number, &made), status);
    return made;
}

/* The numbers are those of the SBI specification's chapter on RFENCE. */
static void an_order_becomes_calls_of_the_sbi(void **state)
{
    struct hvrv_fence_call made = call(0, HVRV_ERR_MISSING);

    (void)state;
    assert_int_equal(made.eid, 0);
    changed(0x1000, 0x2fff, 12);
    changed(0x40000000, 0x7fffffff, 30);
    made = call(0, HVRV_OK);
    assert_int_equal(made.eid, 0x52464E43);
    assert_int_equal(made.fid, 3);
    assert_int_equal(made.start, 0x1000);
    assert_int_equal(made.size, 0x2000);
    assert_int_equal(made.id, 5);
    made = call(1, HVRV_OK);
    assert_int_equal(made.start, 0x40000000);
    assert_int_equal(made.size, 0x40000000);
    call(2, HVRV_ERR_MISSING);
    note(HVRV_FENCE_TABLE_REMOVED, 0, 0x1fffff, 21);
    made = call(0, HVRV_OK);
    assert_int_equal(made.start, 0);
    assert_int_equal(made.size, UINT64_MAX);
    call(1, HVRV_ERR_MISSING);
    domain.every_vmid = true;
    made = call(0, HVRV_OK);
    assert_int_equal(made.fid, 4);
    assert_int_equal(made.id, 0);
    domain.kind = HVRV_FENCE_VS_STAGE;
    assert_int_equal(call(0, HVRV_OK).fid, 6);
    domain.kind = HVRV_FENCE_OWN;
    assert_int_equal(call(0, HVRV_OK).fid, 1);
    assert_int_equal(hvrv_fence_rfence(NULL, 0, &made), HVRV_ERR_NULL);
    assert_int_equal(hvrv_fence_rfence(hvrv_fence_owed(&gather), 0, NULL), HVRV_ERR_NULL);
    commit();
}

/* norm:hfence-vvma_limits: it acts on the VMID in hgatp, which is put there with vsatp = 0. */
static void the_vs_stage_of_a_vm_that_is_not_loaded_can_be_fenced(void **state)
{
    const uint64_t there = UINT64_C(0x8000700000080000);
    const uint64_t hgatp = UINT64_C(0x8000500000080200);

    (void)state;
    model_poke(&hart, HVRV_CSR_HGATP, there);
    model_poke(&hart, HVRV_CSR_VSATP, UINT64_C(0x8000000000000123));
    model_log_clear(&hart);
    hvrv_fence_vs_stage(&hart.hart, hgatp);
    assert_true(MODEL_LOG_IS(
        &hart, {MODEL_READ, HVRV_CSR_HGATP, 0, 0}, {MODEL_SWAP, HVRV_CSR_VSATP, 0, 0},
        {MODEL_WRITE, HVRV_CSR_HGATP, hgatp, 0}, {MODEL_HFENCE_VVMA, MODEL_BY_NOTHING, 0, 0},
        {MODEL_WRITE, HVRV_CSR_HGATP, there, 0},
        {MODEL_WRITE, HVRV_CSR_VSATP, UINT64_C(0x8000000000000123), 0}));
    hvrv_fence_vs_stage(&hart.hart, there);
    assert_true(MODEL_LOG_IS(&hart, {MODEL_READ, HVRV_CSR_HGATP, 0, 0},
                             {MODEL_HFENCE_VVMA, MODEL_BY_NOTHING, 0, 0}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_noted_is_nothing_fenced),
        TEST(each_page_of_its_size_is_fenced_once),
        TEST(neighbours_are_one_range),
        TEST(what_differs_in_size_or_lies_apart_is_kept_apart),
        TEST(the_last_page_of_all_does_not_wrap),
        TEST(more_than_the_most_is_one_for_the_vmid),
        TEST(a_range_that_grows_beyond_the_most_is_one_for_the_vmid),
        TEST(a_ninth_range_is_one_for_the_vmid),
        TEST(tables_want_a_fence_without_an_address),
        TEST(with_svvptc_what_is_added_is_not_fenced),
        TEST(with_svinval_invalidations_stand_between_two_fences),
        TEST(every_kind_has_its_own_fence),
        TEST(pages_go_back_after_all_fences_and_not_before),
        TEST(a_parked_page_is_linked_by_an_entry_that_is_not_valid),
        TEST(a_kept_page_stays_as_it_is_and_there_is_room_for_sixteen),
        TEST(pages_of_two_sources_do_not_mix),
        TEST(a_page_that_cannot_be_written_is_not_parked),
        TEST(a_link_that_cannot_be_read_is_told_after_the_fences),
        TEST(a_forgotten_commit_is_an_error),
        TEST(what_cannot_be_is_refused),
        TEST(the_first_page_is_noted_as_any_page),
        TEST(an_order_becomes_calls_of_the_sbi),
        TEST(the_vs_stage_of_a_vm_that_is_not_loaded_can_be_fenced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
