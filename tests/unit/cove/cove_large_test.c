/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of 4 KiB and of 2 MiB at random: a host that maps and removes them, a TVM of two vHarts
 * that shares and takes back. After each call every page has one owner, one place, and the state
 * that the tables say; and what a large page is mapped for is one kind of memory.
 */
#include "cove_world.h"

#define CALLS 20000
#define LARGE 512 /* the first of 2 MiB of pages, at a multiple of as much */
#define SMALL 320 /* and from here on single ones */
#define BOOT  0x48534d

static uint64_t id;
static uint64_t seed;
static uint64_t places[PAGES]; /* where each page is mapped: how often, by kind */
static uint64_t shares[PAGES];
static unsigned larges; /* pages of large leaves that were looked at */

static uint64_t draw(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (seed >> 33) % below;
}

static bool is_own(enum hvrv_page_state state)
{
    return state == HVRV_PAGE_MEASURED || state == HVRV_PAGE_ZERO ||
           state == HVRV_PAGE_BLOCKED_MEASURED || state == HVRV_PAGE_BLOCKED_ZERO;
}

static void look_at(const struct hvrv_tvm *tvm, uint64_t hpa, uint64_t bits)
{
    const struct hvrv_page page = hvrv_page_get(&w.map, hvrv_hpa_make(hpa));
    const uint64_t number = (hpa - RAM) / 0x1000;

    if (bits & 8) { /* X: a confidential one */
        places[number]++;
        assert_true(is_own(page.state));
        assert_int_equal(page.owner, tvm->owner);
        assert_int_equal(bits & 1, page.state == HVRV_PAGE_ZERO);
    } else {
        shares[number]++;
        assert_int_equal(page.state, HVRV_PAGE_SHARED);
    }
}

static bool see(void *context, const struct hvrv_gstage_run *run)
{
    const struct hvrv_tvm *tvm = context;

    for (uint64_t at = 0; at < run->size; at += 0x1000)
        look_at(tvm, run->hpa.v + at, run->bits);
    if (run->shift == 12)
        return true;
    const struct hvrv_range range = {run->gpa.v, run->gpa.v + (run->size - 1)};
    enum hvrv_region_kind kind = hvrv_region_find(&tvm->regions, run->gpa);
    larges += (unsigned)(run->size / 0x1000);
    assert_true(hvrv_region_covers(&tvm->regions, &range, kind));
    return true;
}

static void look_at_all(void)
{
    struct hvrv_gstage_visit_request visit = {
        .range = {{0}, UINT64_C(1) << 41, HVRV_GSTAGE_NO_LIMIT},
        .see = see,
        .context = cove_tvm(id)};

    memset(places, 0, sizeof(places));
    memset(shares, 0, sizeof(shares));
    assert_int_equal(hvrv_gstage_visit(&cove_tvm(id)->gstage, &visit), HVRV_OK);
    for (unsigned i = RESERVED; i < PAGES; i++) {
        const struct hvrv_page page = hvrv_page_get(&w.map, hvrv_hpa_make(PAGE(i)));
        bool is_hosts = page.state == HVRV_PAGE_HOST || page.state == HVRV_PAGE_SHARED;
        assert_int_equal(places[i], is_own(page.state));
        assert_int_equal(shares[i], page.state == HVRV_PAGE_SHARED ? page.epoch : 0);
        assert_int_equal(w.host_may[i], is_hosts);
    }
}

/* 8 MiB that can be mapped; vHart 1 was started. */
static void build(void)
{
    id = cove_create(AT_FREE);
    cove_share_memory();
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x800000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 10, id, PAGE(AT_FREE + 16), 16), SUCCESS);
    for (uint64_t i = 0; i < 2; i++)
        assert_int_equal(CALL(0, COVH, 14, id, i, PAGE(AT_FREE + 8 + i)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, 1, GPA, 0, 0, 0, 0, 0, BOOT);
}

static uint64_t draw_gpa(void)
{
    return GPA + (draw(2) ? draw(4) * 0x200000 : draw(1024) * 0x1000);
}

static uint64_t draw_size(void)
{
    static const uint64_t sizes[] = {0x1000, 0x2000, 0x1ff000, 0x200000, 0x201000, 0x400000};
    return sizes[draw(6)];
}

/* An interrupt of the host's. */
static void leave(uint32_t hart)
{
    const struct hvrv_trap trap = {
        .scause = UINT64_C(1) << 63 | 5, .sepc = GPA, .sstatus = 0x100, .hstatus = 0x180};

    cove_exit(hart, &trap);
}

/* A turn of the TVM on a hart: mostly it leaves at once. */
static void act_as_tvm(uint32_t hart)
{
    if (draw(3) == 0)
        ECALL(hart, draw_gpa(), draw_size(), 0, 0, 0, 0, 2 + draw(2), COVG);
    else
        leave(hart);
}

/* Each hart that can fences. */
static void fence(void)
{
    for (uint32_t i = 0; i < HARTS; i++) {
        if (!w.harts[i].running)
            (void)CALL(i, COVH, i == 2 ? 3 : 4, 0);
    }
}

static void act_as_host(uint32_t hart)
{
    const uint64_t type = draw(2);
    const uint64_t count = type ? 1 : 1 + draw(3);
    const uint64_t hpa =
        PAGE(type ? LARGE : SMALL + draw(draw(1000) ? LARGE - SMALL : PAGES - SMALL));
    static const uint64_t ranges[] = {17, 17, 18, 19, 19};

    switch (draw(8)) {
    case 0:
        (void)CALL(hart, COVH, 1 + draw(2), hpa, type ? 512 : count);
        break;
    case 1:
        fence();
        break;
    case 2:
    case 3:
        (void)CALL(hart, COVH, 12 + draw(2), id, hpa, type, count, draw_gpa());
        break;
    case 4:
        (void)CALL(hart, COVH, 16, id);
        break;
    case 5:
    case 6:
        (void)CALL(hart, COVH, ranges[draw(5)], id, draw_gpa(), draw_size());
        break;
    default:
        (void)CALL(hart, COVH, 15, id, draw(2));
        break;
    }
}

/* The TVM ends, and another begins: one that waits for what does not come would wait for ever. */
static void begin_anew(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        if (w.harts[i].running)
            leave(i);
    }
    assert_int_equal(CALL(0, COVH, 8, id), SUCCESS);
    build();
}

static void pages_of_two_sizes_have_one_use_each(void **state)
{
    (void)state;
    seed = 9;
    print_message("seed %u, %u calls\n", 9, CALLS);
    cove_convert(AT_FREE, 64);
    build();
    for (unsigned i = 0; i < CALLS; i++) {
        uint32_t hart = (uint32_t)draw(2);
        if (w.harts[hart].running)
            act_as_tvm(hart);
        else
            act_as_host(hart);
        if (i % 8 == 0)
            look_at_all();
        if (i % 128 == 127)
            begin_anew();
    }
    print_message("%u pages of large ones were looked at\n", larges);
    assert_true(larges > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pages_of_two_sizes_have_one_use_each, cove_setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
