/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/page.h>

#define BASE  UINT64_C(0x80000000)
#define COUNT 16
#define AT(n) (BASE + (uint64_t)(n)*0x1000)
#define HPA(v) \
    (hvrv_hpa) \
    {          \
        (v)    \
    }

enum {
    RESERVED,
    HOST,
    SHARED,
    CONVERTING,
    FREE,
    STATE,
    ROOT,
    POOL,
    VHART,
    MEASURED,
    ZERO,
    BLOCKED_MEASURED,
    BLOCKED_ZERO,
    FILE_,
    STATES
};

/* From the row's state to the column's; in the order above. */
static const char *const edges[STATES] = {
    ".H..F.........", /* reserved */
    "..SC..........", /* host */
    ".H............", /* shared */
    "..............", /* converting: becomes free by itself */
    ".H...TRPVMZ..I", /* free */
    "....F.........", /* state */
    "....F.........", /* root */
    "....F.........", /* pool */
    "....F.........", /* vhart */
    "....F......B..", /* measured */
    "....F.......B.", /* zero */
    "....F....M....", /* blocked measured */
    "....F.....Z...", /* blocked zero */
    "....F.........", /* interrupt file */
};

static struct hvrv_epoch epoch;
static struct hvrv_page_map map;
static uint64_t seen[2];
static uint64_t words[COUNT];

static int setup(void **state)
{
    struct hvrv_range range = {BASE, AT(COUNT) - 1};

    (void)state;
    assert_int_equal(hvrv_epoch_init(&epoch, seen, 2), HVRV_OK);
    hvrv_epoch_see(&epoch, 0, epoch.now);
    hvrv_epoch_see(&epoch, 1, epoch.now);
    memset(words, 0xff, sizeof(words));
    assert_int_equal(hvrv_page_init(&map, words, &range, &epoch), HVRV_OK);
    return 0;
}

static bool has_owner(int state)
{
    return state >= STATE;
}

static bool has_epoch(int state)
{
    return state == CONVERTING || state == BLOCKED_MEASURED || state == BLOCKED_ZERO;
}

/* Puts a page into a state, whatever it takes. */
static void put(unsigned page, int state, uint64_t owner, uint64_t since)
{
    words[page] = (uint64_t)state | owner << 5 | since << 16;
}

static struct hvrv_page_change change(int from, int to)
{
    return (struct hvrv_page_change){.range = {AT(3), AT(4) - 1},
                                     .from = (enum hvrv_page_state)from,
                                     .to = (enum hvrv_page_state)to,
                                     .owner = 5,
                                     .epoch = 9};
}

static void a_new_map_is_reserved(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        assert_int_equal(hvrv_page_get(&map, HPA(AT(i) + 0xfff)).state, HVRV_PAGE_RESERVED);
        assert_int_equal(words[i], 0);
    }
}

static void what_is_not_in_the_map_is_reserved(void **state)
{
    (void)state;
    put(0, HOST, 0, 0);
    put(COUNT - 1, HOST, 0, 0);
    assert_int_equal(hvrv_page_get(&map, HPA(BASE - 1)).state, HVRV_PAGE_RESERVED);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(COUNT))).state, HVRV_PAGE_RESERVED);
    assert_int_equal(hvrv_page_get(&map, HPA(0)).state, HVRV_PAGE_RESERVED);
    assert_int_equal(hvrv_page_get(&map, HPA(UINT64_MAX)).state, HVRV_PAGE_RESERVED);
    assert_int_equal(hvrv_page_get(&map, HPA(BASE)).state, HVRV_PAGE_HOST);
}

static void pages_move_by_the_edges_and_no_others(void **state)
{
    (void)state;
    for (int from = 0; from < STATES; from++) {
        for (int to = 0; to < STATES; to++) {
            struct hvrv_page_change move = change(from, to);
            bool is_edge = edges[from][to] != '.';
            bool is_shared = from == SHARED || to == SHARED;
            put(3, from, has_owner(from) ? 5 : 0, has_epoch(from) ? 9 : 0);
            uint64_t old = words[3];
            assert_int_equal(hvrv_page_is_edge(move.from, move.to), is_edge);
            assert_int_equal(hvrv_page_move(&map, &move),
                             is_edge && !is_shared ? HVRV_OK : HVRV_ERR_ARGUMENT);
            if (!is_edge || is_shared) {
                assert_int_equal(words[3], old);
                continue;
            }
            struct hvrv_page page = hvrv_page_get(&map, HPA(AT(3)));
            assert_int_equal(page.state, to);
            assert_int_equal(page.owner, has_owner(to) ? 5 : 0);
            assert_int_equal(page.epoch, has_epoch(to) ? 9 : 0);
        }
    }
    assert_false(hvrv_page_is_edge((enum hvrv_page_state)STATES, HVRV_PAGE_FREE));
    assert_false(hvrv_page_is_edge(HVRV_PAGE_FREE, (enum hvrv_page_state)STATES));
    assert_false(hvrv_page_is_edge((enum hvrv_page_state) - 1, HVRV_PAGE_FREE));
}

static void a_move_is_all_or_nothing(void **state)
{
    struct hvrv_page_change move = change(FREE, ZERO);

    (void)state;
    for (unsigned bad = 0; bad < COUNT; bad++) {
        uint64_t old[COUNT];
        for (unsigned i = 0; i < COUNT; i++)
            put(i, i == bad ? HOST : FREE, 0, 0);
        memcpy(old, words, sizeof(old));
        move.range = (struct hvrv_range){BASE, AT(COUNT) - 1};
        assert_int_equal(hvrv_page_check(&map, &move), HVRV_ERR_STATE);
        assert_int_equal(hvrv_page_move(&map, &move), HVRV_ERR_STATE);
        assert_memory_equal(words, old, sizeof(old));
    }
    put(COUNT - 1, FREE, 0, 0);
    assert_int_equal(hvrv_page_check(&map, &move), HVRV_OK);
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_OK);
    for (unsigned i = 0; i < COUNT; i++)
        assert_int_equal(hvrv_page_get(&map, HPA(AT(i))).state, HVRV_PAGE_ZERO);
}

static void another_owners_page_does_not_move(void **state)
{
    struct hvrv_page_change move = change(MEASURED, BLOCKED_MEASURED);

    (void)state;
    put(3, MEASURED, 6, 0);
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_ERR_STATE);
    move.owner = 6;
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_OK);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).owner, 6);
}

static void arguments_are_checked(void **state)
{
    struct hvrv_page_change move = change(FREE, ZERO);
    struct hvrv_range range = {0, (UINT64_C(1) << 56) + 0xfff};
    struct hvrv_page_map other;

    (void)state;
    put(3, FREE, 0, 0);
    move.owner = 0;
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_ERR_ARGUMENT);
    move.owner = 2048;
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_ERR_ARGUMENT);
    move.owner = 2047;
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_OK);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).owner, 2047);
    put(3, HOST, 0, 0);
    move = change(HOST, CONVERTING);
    move.epoch = UINT64_C(1) << 48;
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_ERR_ARGUMENT);
    move.epoch--;
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_OK);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).epoch, (UINT64_C(1) << 48) - 1);
    move.range = (struct hvrv_range){BASE - 0x1000, AT(1) - 1};
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_ERR_RANGE);
    move.range = (struct hvrv_range){AT(COUNT - 1), AT(COUNT + 1) - 1};
    assert_int_equal(hvrv_page_check(&map, &move), HVRV_ERR_RANGE);
    move.range = (struct hvrv_range){AT(4), AT(3) - 1};
    assert_int_equal(hvrv_page_check(&map, &move), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_page_move(NULL, &move), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_move(&map, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_check(NULL, &move), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_check(&map, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_init(&other, words, &range, &epoch), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_page_get(&other, HPA(0)).state, HVRV_PAGE_RESERVED);
    assert_int_equal(hvrv_page_init(NULL, words, &range, &epoch), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_init(&other, NULL, &range, &epoch), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_init(&other, words, NULL, &epoch), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_init(&other, words, &range, NULL), HVRV_ERR_NULL);
}

static void a_converting_page_is_free_once_every_hart_has_fenced(void **state)
{
    struct hvrv_page_change move = change(HOST, CONVERTING);
    struct hvrv_page_change take = change(FREE, ZERO);

    (void)state;
    put(3, HOST, 0, 0);
    move.epoch = epoch.now;
    assert_int_equal(hvrv_page_move(&map, &move), HVRV_OK);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).state, HVRV_PAGE_CONVERTING);
    assert_int_equal(hvrv_epoch_begin(&epoch), HVRV_OK);
    hvrv_epoch_see(&epoch, 0, epoch.now);
    assert_int_equal(hvrv_page_move(&map, &take), HVRV_ERR_STATE);
    hvrv_epoch_see(&epoch, 1, epoch.now);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).state, HVRV_PAGE_FREE);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).epoch, 0);
    assert_int_equal(hvrv_page_move(&map, &take), HVRV_OK);
}

static void mappings_of_shared_pages_are_counted(void **state)
{
    struct hvrv_range two = {AT(3), AT(5) - 1};
    struct hvrv_range one = {AT(3), AT(4) - 1};
    struct hvrv_range out = {AT(COUNT), AT(COUNT + 1) - 1};

    (void)state;
    put(3, HOST, 0, 0);
    put(4, FREE, 0, 0);
    assert_int_equal(hvrv_page_share(&map, &two), HVRV_ERR_STATE);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).state, HVRV_PAGE_HOST);
    put(4, HOST, 0, 0);
    assert_int_equal(hvrv_page_share(&map, &one), HVRV_OK);
    assert_int_equal(hvrv_page_unshare(&map, &two), HVRV_ERR_STATE);
    assert_int_equal(hvrv_page_share(&map, &two), HVRV_OK);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).epoch, 2);
    assert_int_equal(hvrv_page_unshare(&map, &two), HVRV_OK);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(3))).state, HVRV_PAGE_SHARED);
    assert_int_equal(hvrv_page_get(&map, HPA(AT(4))).state, HVRV_PAGE_HOST);
    assert_int_equal(hvrv_page_unshare(&map, &one), HVRV_OK);
    assert_int_equal(words[3], HOST);
    put(3, SHARED, 0, (UINT64_C(1) << 48) - 1);
    assert_int_equal(hvrv_page_share(&map, &one), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_page_share(&map, &out), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_page_unshare(&map, &out), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_page_share(NULL, &one), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_share(&map, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_unshare(NULL, &one), HVRV_ERR_NULL);
    assert_int_equal(hvrv_page_unshare(&map, NULL), HVRV_ERR_NULL);
}

static void release_frees_an_owners_pages_and_no_others(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT; i++)
        put(i, STATE + (int)i % 8, 1 + i % 2, 0);
    put(0, SHARED, 0, 1);
    put(1, CONVERTING, 0, 1);
    assert_int_equal(hvrv_page_release(&map, 0), 0);
    assert_int_equal(hvrv_page_release(&map, 2048), 0);
    assert_int_equal(hvrv_page_release(NULL, 1), 0);
    assert_int_equal(hvrv_page_release(&map, 2), 7);
    for (unsigned i = 2; i < COUNT; i++) {
        struct hvrv_page page = hvrv_page_get(&map, HPA(AT(i)));
        assert_int_equal(page.owner, i % 2 ? 0 : 1);
        if (i % 2)
            assert_int_equal(page.state, HVRV_PAGE_FREE);
    }
    assert_int_equal(words[0], SHARED | UINT64_C(1) << 16);
    assert_int_equal(words[1], CONVERTING | UINT64_C(1) << 16);
}

static void states_have_names(void **state)
{
    (void)state;
    assert_string_equal(hvrv_page_state_name(HVRV_PAGE_BLOCKED_ZERO), "blocked zero");
    assert_string_equal(hvrv_page_state_name((enum hvrv_page_state)STATES), "unknown");
    assert_string_equal(hvrv_page_state_name((enum hvrv_page_state) - 1), "unknown");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(a_new_map_is_reserved),
        TEST(what_is_not_in_the_map_is_reserved),
        TEST(pages_move_by_the_edges_and_no_others),
        TEST(a_move_is_all_or_nothing),
        TEST(another_owners_page_does_not_move),
        TEST(arguments_are_checked),
        TEST(a_converting_page_is_free_once_every_hart_has_fenced),
        TEST(mappings_of_shared_pages_are_counted),
        TEST(release_frees_an_owners_pages_and_no_others),
        TEST(states_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
