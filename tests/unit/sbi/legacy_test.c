/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of SBI 0.1, for guests that know no other: a0 alone is the answer. */
#include "sbi_world.h"

enum { SET_TIMER, PUTCHAR, GETCHAR, CLEAR_IPI, SEND_IPI, FENCE_I, SFENCE, SFENCE_ASID, SHUTDOWN };

#define PATTERN   UINT64_C(0x5a5a00000000000b) /* a1, before and after */
#define SV39      UINT64_C(0x8000000000000000)
#define VSTVEC    UINT64_C(0x80001000)
#define KERNEL_RW UINT64_C(0xc7) /* V R W A D */

/* Asserts what is in a0, and that a1 is as it was. */
static void assert_legacy(struct answer answer, int64_t expected)
{
    assert_int_equal(answer.error, expected);
    assert_true(answer.is_answered);
    assert_int_equal(answer.action, HVRV_SBI_GO_ON);
}

static void a1_is_left_alone_and_a6_ignored(void **state)
{
    (void)state;
    for (uint64_t eid = 0; eid < 8; eid++) {
        struct answer answer = ASK(0, eid, 0x5a5a, 0, PATTERN);
        assert_int_equal(answer.value, PATTERN);
        assert_true(answer.error != NOT_SUPPORTED);
    }
}

static void numbers_9_to_15_are_not_supported(void **state)
{
    (void)state;
    for (uint64_t eid = 9; eid < 16; eid++) {
        struct answer answer = ASK(0, eid, 0, 1, PATTERN);
        assert_legacy(answer, NOT_SUPPORTED);
        assert_int_equal(answer.value, PATTERN);
    }
}

static void the_timer_is_set(void **state)
{
    (void)state;
    assert_legacy(ASK(0, SET_TIMER, 0, UINT64_C(0x123456789abcdef0)), 0);
    assert_int_equal(hvrv_timer_deadline(&w.vharts[0]), UINT64_C(0x123456789abcdef0));
}

static void a_character_is_put(void **state)
{
    (void)state;
    assert_legacy(ASK(0, PUTCHAR, 0, 0x141), 0);
    assert_int_equal(w.out_count, 1);
    assert_int_equal(w.out[0], 0x41);
    w.out_room = 1;
    assert_int_equal(ASK(0, PUTCHAR, 0, 0x42).pc, PC);
    w.answer = HVRV_SBI_ERR_FAILED;
    assert_legacy(ASK(0, PUTCHAR, 0, 0x42), FAILED);
}

static void a_character_is_got_or_minus_one(void **state)
{
    (void)state;
    assert_legacy(ASK(0, GETCHAR, 0, 5), -1);
    w.in[0] = 0xff;
    w.in[1] = 'a';
    w.in_count = 2;
    assert_legacy(ASK(0, GETCHAR, 0, 0), 0xff);
    assert_legacy(ASK(0, GETCHAR, 0, 0), 'a');
    assert_legacy(ASK(0, GETCHAR, 0, 0), -1);
    w.in_next = 0;
    w.answer = HVRV_SBI_ERR_IO;
    assert_legacy(ASK(0, GETCHAR, 0, 0), -1);
}

static void clearing_tells_whether_an_ipi_was_pending(void **state)
{
    (void)state;
    assert_legacy(ASK(0, CLEAR_IPI, 0, 0), 0);
    w.vharts[0].csr.hvip = 0x4;
    assert_legacy(ASK(0, CLEAR_IPI, 0, 0), 1);
    assert_int_equal(w.vharts[0].irq, UINT64_C(0x400000000)); /* to be cleared in hvip */
    sbi_world_load(0);
    hvrv_irq_flush(&w.vharts[0]);
    assert_legacy(ASK(0, CLEAR_IPI, 0, 0), 0);
    w.model.csr[0x645] = 0x4; /* the guest's own, by sip.SSIP */
    assert_legacy(ASK(0, CLEAR_IPI, 0, 0), 1);
    hvrv_irq_flush(&w.vharts[0]);
    assert_int_equal(w.model.csr[0x645], 0);
    assert_int_equal(hvrv_irq_raise(&w.vharts[0], 0x4), HVRV_OK);
    hvrv_irq_flush(&w.vharts[0]);
    assert_legacy(ASK(0, CLEAR_IPI, 0, 0), 1);
    model_hart_check(&w.model);
}

static void start_all(void)
{
    for (unsigned i = 1; i < HARTS; i++)
        assert_error(ASK(0, HSM, 0, w.harts[i].id, GPA(0, 0), 0), SUCCESS);
}

static void put_mask(uint64_t gpa, uint64_t mask)
{
    sbi_world_fill(gpa, &mask, sizeof(mask));
}

static void a_mask_is_read_where_the_guest_says(void **state)
{
    (void)state;
    start_all();
    put_mask(GPA(3, 0x100), 0x22);
    assert_legacy(ASK(0, SEND_IPI, 0, GPA(3, 0x100)), 0);
    assert_int_equal(w.kicks[1] + w.kicks[3] * 10, 11);
    assert_int_equal(w.kicks[2] + w.kicks[4], 0);
    put_mask(GPA(3, 0xffd), 0x4);
    assert_legacy(ASK(0, SEND_IPI, 0, GPA(3, 0xffd)), 0);
    assert_int_equal(w.kicks[2], 1);
}

static void a_null_mask_is_every_hart(void **state)
{
    (void)state;
    start_all();
    assert_legacy(ASK(0, SEND_IPI, 0, 0), 0);
    for (unsigned i = 1; i < HARTS; i++)
        assert_int_equal(w.kicks[i], 1);
    for (uint64_t eid = FENCE_I; eid <= SFENCE_ASID; eid++) {
        assert_legacy(ASK(0, eid, 0, 0, 0, UINT64_MAX, 0), 0);
        assert_int_equal(w.fence.harts.base, ALL);
    }
}

static void a_mask_that_names_no_hart_is_refused(void **state)
{
    (void)state;
    put_mask(GPA(3, 0), 0x8);
    assert_legacy(ASK(0, SEND_IPI, 0, GPA(3, 0)), INVALID_PARAM);
    assert_legacy(ASK(0, FENCE_I, 0, GPA(3, 0)), INVALID_PARAM);
    assert_legacy(ASK(0, SFENCE, 0, GPA(3, 0), 0, 0), INVALID_PARAM);
    assert_int_equal(w.fences, 0);
}

static void fences_have_their_kind_range_and_asid(void **state)
{
    (void)state;
    put_mask(GPA(3, 0), 0x6);
    assert_legacy(ASK(0, FENCE_I, 0, GPA(3, 0), UINT64_MAX, 2), 0);
    assert_int_equal(w.fence.kind, HVRV_SBI_FENCE_I);
    assert_legacy(ASK(0, SFENCE, 0, GPA(3, 0), 0x1234, 0x1000, 9), 0);
    assert_int_equal(w.fence.kind, HVRV_SBI_SFENCE_VMA);
    assert_int_equal(w.fence.harts.mask, 6);
    assert_int_equal(w.fence.harts.base, 0);
    assert_int_equal(w.fence.range.first, 0x1000);
    assert_int_equal(w.fence.range.last, 0x2fff);
    assert_int_equal(w.fence.asid, 0);
    assert_legacy(ASK(0, SFENCE_ASID, 0, GPA(3, 0), 0, 0, 0xfffe), 0);
    assert_int_equal(w.fence.kind, HVRV_SBI_SFENCE_VMA_ASID);
    assert_true(w.fence.is_all);
    assert_int_equal(w.fence.asid, 0xfffe);
    assert_int_equal(w.fences, 3);
}

static void ranges_and_asids_are_checked(void **state)
{
    (void)state;
    put_mask(GPA(3, 0), 0x6);
    assert_legacy(ASK(0, SFENCE, 0, GPA(3, 0), UINT64_MAX, 2), INVALID_ADDRESS);
    assert_legacy(ASK(0, SFENCE_ASID, 0, GPA(3, 0), 2, UINT64_MAX - 2, 0), 0);
    assert_legacy(ASK(0, SFENCE_ASID, 0, GPA(3, 0), 3, UINT64_MAX - 1, 0), INVALID_ADDRESS);
    assert_legacy(ASK(0, SFENCE_ASID, 0, GPA(3, 0), 0, 0, 0x10000), INVALID_PARAM);
    assert_int_equal(w.fences, 1);
    w.fence_fails = true;
    assert_legacy(ASK(0, FENCE_I, 0, GPA(3, 0)), FAILED);
}

/* The specification: faults go back to the supervisor, with sepc at the ECALL. */
static void a_mask_that_cannot_be_read_is_the_guests_own_fault(void **state)
{
    static const uint64_t bad[] = {GPA(PAGE_HOLE, 0), GPA(PAGE_ONLY_X, 0),   GPA(PAGE_DEVICE, 0),
                                   RAM_END,           GPA(PAGE_HOLE, 0) - 4, UINT64_C(0x100)};

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        for (uint64_t eid = SEND_IPI; eid <= SFENCE_ASID; eid++) {
            struct answer answer;
            w.vharts[0].csr.vstvec = VSTVEC;
            answer = ASK(0, eid, 0, bad[i], 0, 0, 0);
            assert_int_equal(answer.pc, VSTVEC);
            assert_int_equal(answer.error, bad[i]);
            assert_int_equal(w.vharts[0].csr.vsepc, PC);
            assert_int_equal(w.vharts[0].csr.vscause, 5); /* load access fault */
            assert_int_equal(w.vharts[0].csr.vstval,
                             bad[i] == GPA(PAGE_HOLE, 0) - 4 ? GPA(PAGE_HOLE, 0) : bad[i]);
        }
    }
    assert_int_equal(w.fences, 0);
}

/* An Sv39 table at page 8 that maps the GVA 0x3fc0000000 + n pages to page n. */
static void map_guest(void)
{
    uint64_t pte = GPA(9, 0) >> 12 << 10 | 1;

    sbi_world_fill(GPA(8, 255 * 8), &pte, 8);
    pte = GPA(10, 0) >> 12 << 10 | 1;
    sbi_world_fill(GPA(9, 0), &pte, 8);
    for (unsigned i = 0; i < 8; i++) {
        pte = GPA(i, 0) >> 12 << 10 | KERNEL_RW;
        sbi_world_fill(GPA(10, i * 8), &pte, 8);
    }
}

static void the_masks_address_goes_through_the_guests_own_tables(void **state)
{
    struct answer answer;

    (void)state;
    map_guest();
    start_all();
    put_mask(GPA(3, 0x10), 0x4);
    w.vharts[0].csr.vsatp = SV39 | GPA(8, 0) >> 12;
    assert_legacy(ASK(0, SEND_IPI, 0, UINT64_C(0x3fc0003010)), 0);
    assert_int_equal(w.kicks[2], 1);
    w.vharts[0].csr.vstvec = VSTVEC;
    answer = ASK(0, SEND_IPI, 0, UINT64_C(0x3fc0008000));
    assert_int_equal(answer.pc, VSTVEC);
    assert_int_equal(w.vharts[0].csr.vscause, 13); /* load page fault */
    assert_int_equal(w.vharts[0].csr.vstval, UINT64_C(0x3fc0008000));
    w.vharts[0].csr.vsatp = 0;
    sbi_world_load(0);
    w.model.csr[0x280] = SV39 | GPA(8, 0) >> 12; /* which the guest wrote since */
    assert_legacy(ASK(0, SEND_IPI, 0, UINT64_C(0x3fc0003010)), 0);
    assert_int_equal(w.kicks[2], 2);
    model_hart_check(&w.model);
}

/* Bits of the page's entry, and of vsstatus and henvcfg: SUM, MXR and ADUE. */
static void the_masks_page_is_judged_as_the_guests_own_load(void **state)
{
    static const struct {
        uint64_t pte, vsstatus, henvcfg;
        uint64_t cause; /* 0: none */
    } rows[] = {{0xc7, 0, 0, 0},
                {0xd7, 0, 0, 13},                     /* U */
                {0xd7, UINT64_C(1) << 18, 0, 0},      /* U and SUM */
                {0xc9, 0, 0, 13},                     /* X */
                {0xc9, UINT64_C(1) << 19, 0, 0},      /* X and MXR */
                {0x87, 0, 0, 13},                     /* A clear */
                {0x87, 0, UINT64_C(1) << 61, 0},      /* A clear and ADUE */
                {UINT64_C(1) << 61 | 0xc7, 0, 0, 13}, /* PBMT */
                {UINT64_C(1) << 61 | 0xc7, 0, UINT64_C(1) << 62, 0}};
    uint64_t vsstatus = w.vharts[0].csr.vsstatus, henvcfg = w.vharts[0].csr.henvcfg;

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t pte = GPA(3, 0) >> 12 << 10 | rows[i].pte;
        struct answer answer;
        map_guest();
        sbi_world_fill(GPA(10, 3 * 8), &pte, 8);
        w.vharts[0].csr.vsatp = SV39 | GPA(8, 0) >> 12;
        w.vharts[0].csr.vsstatus = vsstatus | rows[i].vsstatus;
        w.vharts[0].csr.henvcfg = henvcfg | rows[i].henvcfg;
        w.vharts[0].csr.vscause = 0;
        w.vharts[0].csr.vstvec = VSTVEC;
        answer = ASK(0, SEND_IPI, 0, UINT64_C(0x3fc0003010));
        assert_int_equal(w.vharts[0].csr.vscause, rows[i].cause);
        assert_int_equal(answer.pc, rows[i].cause ? VSTVEC : PC + 4);
    }
}

/* Another hart changes the page's entry just when A is to be set: a few times is nothing. */
static void a_mask_is_looked_for_again_if_the_tables_changed(void **state)
{
    uint64_t pte = GPA(3, 0) >> 12 << 10 | 0x87;

    (void)state;
    map_guest();
    sbi_world_fill(GPA(10, 3 * 8), &pte, 8);
    w.vharts[0].csr.vsatp = SV39 | GPA(8, 0) >> 12;
    w.vharts[0].csr.henvcfg |= UINT64_C(1) << 61;
    w.races = 100;
    assert_legacy(ASK(0, SEND_IPI, 0, UINT64_C(0x3fc0003010)), FAILED);
    assert_in_range(w.races, 90, 98);
    w.races = 2;
    assert_legacy(ASK(0, SEND_IPI, 0, UINT64_C(0x3fc0003010)), 0);
}

/* A mode that no hart has been given, or a trap within a trap: nothing to raise, so it is told. */
static void a_mask_that_cannot_be_looked_for_is_a_failure(void **state)
{
    (void)state;
    w.vharts[0].csr.vsatp = UINT64_C(7) << 60;
    assert_legacy(ASK(0, SEND_IPI, 0, GPA(3, 0)), FAILED);
    assert_legacy(ASK(0, FENCE_I, 0, GPA(3, 0)), FAILED);
    w.vharts[0].csr.vsatp = 0;
    w.vharts[0].csr.henvcfg |= UINT64_C(1) << 59;  /* DTE */
    w.vharts[0].csr.vsstatus |= UINT64_C(1) << 24; /* SDT */
    assert_legacy(ASK(0, SEND_IPI, 0, GPA(PAGE_HOLE, 0)), FAILED);
}

static void shutting_down_does_not_return(void **state)
{
    struct answer answer;

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        w.reset = (struct hvrv_sbi_reset){9, 9};
        w.answer = i == 0 ? HVRV_SBI_SUCCESS : HVRV_SBI_ERR_FAILED;
        answer = ASK(0, SHUTDOWN, 0, 0);
        assert_int_equal(answer.action, HVRV_SBI_RESET);
        assert_int_equal(w.reset.type, 0);
        assert_int_equal(w.reset.reason, 0);
    }
    assert_int_equal(w.resets, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, sbi_world_build)
    const struct CMUnitTest tests[] = {
        TEST(a1_is_left_alone_and_a6_ignored),
        TEST(numbers_9_to_15_are_not_supported),
        TEST(the_timer_is_set),
        TEST(a_character_is_put),
        TEST(a_character_is_got_or_minus_one),
        TEST(clearing_tells_whether_an_ipi_was_pending),
        TEST(a_mask_is_read_where_the_guest_says),
        TEST(a_null_mask_is_every_hart),
        TEST(a_mask_that_names_no_hart_is_refused),
        TEST(fences_have_their_kind_range_and_asid),
        TEST(ranges_and_asids_are_checked),
        TEST(a_mask_that_cannot_be_read_is_the_guests_own_fault),
        TEST(the_masks_address_goes_through_the_guests_own_tables),
        TEST(the_masks_page_is_judged_as_the_guests_own_load),
        TEST(a_mask_is_looked_for_again_if_the_tables_changed),
        TEST(a_mask_that_cannot_be_looked_for_is_a_failure),
        TEST(shutting_down_does_not_return),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
