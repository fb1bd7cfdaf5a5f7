/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Epochs, and why they are needed: two harts, of which one takes a page away and gives it to
 * another use, and the other reads it through its TLB, in every order of their steps. The rules
 * as they are never let the old reader see the new use; each left out, some order does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/epoch.h>

static void a_count_begins_with_everybody_away(void **state)
{
    struct hvrv_epoch epoch;
    uint64_t seen[3];

    (void)state;
    assert_int_equal(hvrv_epoch_init(&epoch, seen, 3), HVRV_OK);
    assert_int_equal(epoch.now, 1);
    assert_true(hvrv_epoch_is_past(&epoch, 0));
    assert_false(hvrv_epoch_is_past(&epoch, 1));
    assert_int_equal(hvrv_epoch_init(NULL, seen, 3), HVRV_ERR_NULL);
    assert_int_equal(hvrv_epoch_init(&epoch, NULL, 3), HVRV_ERR_NULL);
    assert_int_equal(hvrv_epoch_init(&epoch, seen, 0), HVRV_ERR_RANGE);
    assert_int_equal(hvrv_epoch_begin(NULL), HVRV_ERR_NULL);
}

static void an_epoch_is_past_when_all_have_seen_a_later_one(void **state)
{
    struct hvrv_epoch epoch;
    uint64_t seen[3];

    (void)state;
    assert_int_equal(hvrv_epoch_init(&epoch, seen, 3), HVRV_OK);
    hvrv_epoch_see(&epoch, 0, epoch.now);
    hvrv_epoch_see(&epoch, 2, epoch.now);
    assert_int_equal(hvrv_epoch_begin(&epoch), HVRV_OK);
    assert_false(hvrv_epoch_is_past(&epoch, 1));
    assert_int_equal(hvrv_epoch_begin(&epoch), HVRV_ERR_EXISTS);
    hvrv_epoch_see(&epoch, 2, epoch.now);
    assert_false(hvrv_epoch_is_past(&epoch, 1));
    hvrv_epoch_leave(&epoch, 0);
    assert_true(hvrv_epoch_is_past(&epoch, 1));
    assert_false(hvrv_epoch_is_past(&epoch, 2));
    assert_int_equal(hvrv_epoch_begin(&epoch), HVRV_OK);
    assert_int_equal(hvrv_epoch_begin(&epoch), HVRV_ERR_EXISTS);
    hvrv_epoch_leave(&epoch, 2);
    epoch.now = HVRV_EPOCH_LAST - 1;
    assert_int_equal(hvrv_epoch_begin(&epoch), HVRV_OK);
    assert_int_equal(hvrv_epoch_begin(&epoch), HVRV_ERR_RANGE);
    assert_int_equal(epoch.now, HVRV_EPOCH_LAST);
}

/* What is left out of the rules. */
enum mistake {
    NONE,
    NO_EPOCH,   /* the page is used again at once */
    NO_BEGIN,   /* any fence will do, also one from before */
    ONE_HART,   /* the fence of the taker's hart is enough */
    SEE_FIRST,  /* a hart notes the fence before it fences */
    SEE_LATER,  /* it notes the epoch of after the fence */
    NOTE_FIRST, /* the page's epoch is noted before it leaves the tables */
    NO_FENCE,   /* a hart notes that it fenced, and does not */
    NO_ENTRY,   /* one that was away does not fence when it enters */
    MISTAKES,
};

/* Two harts and a page, as far as they matter. The taker is hart 0, the reader hart 1. */
struct machine {
    struct hvrv_epoch epoch;
    uint64_t seen[2];
    uint64_t since; /* the page's epoch */
    uint64_t read;  /* the epoch that the reader read before its fence */
    uint8_t pc[2];  /* the next step of each */
    bool is_mapped; /* the tables lead to the page */
    bool is_cached; /* the reader's TLB does */
    bool is_reused; /* the page has its new use */
    bool is_away;   /* the reader uses nothing */
    uint8_t tries;  /* how often the taker found that it may not use the page yet */
};

#define TRIES 3

static enum mistake mistake;
static unsigned orders;
static bool is_broken;

static bool is_free(const struct machine *m)
{
    switch (mistake) {
    case NO_EPOCH:
        return true;
    case ONE_HART:
        return m->seen[0] > m->since;
    case NO_BEGIN:
        return m->seen[0] >= m->since && m->seen[1] >= m->since;
    default:
        return hvrv_epoch_is_past(&m->epoch, m->since);
    }
}

/*
 * The taker: takes the page out of the tables, notes when, begins a fence if none is under way,
 * does its own, and uses the page if it may, or tries again. False: it is done, or gives up.
 */
static bool take(struct machine *m)
{
    unsigned step = m->pc[0]++;

    if (step == (mistake == NOTE_FIRST ? 1U : 0U)) {
        m->is_mapped = false;
    } else if (step < 2) {
        m->since = m->epoch.now;
    } else if (step == 2) {
        if (mistake != NO_BEGIN)
            (void)!hvrv_epoch_begin(&m->epoch);
    } else if (step == 3) {
        hvrv_epoch_see(&m->epoch, 0, m->epoch.now);
    } else if (is_free(m)) {
        m->is_reused = true;
        return false;
    } else {
        m->pc[0] = 2;
        return ++m->tries < TRIES;
    }
    return true;
}

enum step { BEGIN, LOOK, FLUSH, NOTE, LEAVE, RETURN_NOTE, RETURN, NOTHING };

/* The reader: a fence, one that it begins itself, away and back, one more, and away. */
static const enum step program[] = {LOOK,  FLUSH, NOTHING, NOTE,        BEGIN,  LOOK,
                                    FLUSH, NOTE,  LEAVE,   RETURN_NOTE, RETURN, NOTHING,
                                    LOOK,  FLUSH, NOTE,    LEAVE};

static void read_step(struct machine *m, enum step step)
{
    switch (step) {
    case BEGIN:
        (void)!hvrv_epoch_begin(&m->epoch);
        break;
    case LOOK:
        m->read = m->epoch.now;
        if (mistake == SEE_FIRST)
            hvrv_epoch_see(&m->epoch, 1, m->read);
        break;
    case FLUSH:
        m->is_cached = m->is_cached && mistake == NO_FENCE;
        break;
    case NOTE:
        hvrv_epoch_see(&m->epoch, 1, mistake == SEE_LATER ? m->epoch.now : m->read);
        break;
    case LEAVE:
        m->is_away = true;
        hvrv_epoch_leave(&m->epoch, 1);
        break;
    case RETURN_NOTE:
        hvrv_epoch_see(&m->epoch, 1, m->epoch.now);
        break;
    case RETURN:
        m->is_cached = m->is_cached && mistake == NO_ENTRY;
        m->is_away = false;
        break;
    case NOTHING:
        break;
    }
}

/* A step of it, before which it may use the page. False: it is done. */
static bool read(struct machine *m)
{
    if (!m->is_away) {
        m->is_cached = m->is_cached || m->is_mapped;
        is_broken = is_broken || (m->is_cached && m->is_reused);
    }
    read_step(m, program[m->pc[1]++]);
    return m->pc[1] < sizeof(program) / sizeof(program[0]);
}

/* Every order of steps from here on. */
static void explore(const struct machine *m, bool takes, bool reads)
{
    if (is_broken)
        return;
    if (!takes && !reads)
        orders++;
    if (takes) {
        struct machine next = *m;
        next.epoch.seen = next.seen;
        bool goes_on = take(&next);
        explore(&next, goes_on, reads);
    }
    if (reads) {
        struct machine next = *m;
        next.epoch.seen = next.seen;
        bool goes_on = read(&next);
        explore(&next, takes, goes_on);
    }
}

static bool is_safe(enum mistake left_out)
{
    struct machine m = {.is_mapped = true};

    mistake = left_out;
    is_broken = false;
    orders = 0;
    assert_int_equal(hvrv_epoch_init(&m.epoch, m.seen, 2), HVRV_OK);
    hvrv_epoch_see(&m.epoch, 0, 1);
    hvrv_epoch_see(&m.epoch, 1, 1);
    explore(&m, true, true);
    return !is_broken;
}

static void no_order_of_steps_shows_a_page_to_who_had_it_before(void **state)
{
    (void)state;
    assert_true(is_safe(NONE));
    print_message("%u orders\n", orders);
    assert_true(orders > 100);
}

static void each_rule_that_is_left_out_is_missed_in_some_order(void **state)
{
    (void)state;
    for (enum mistake left_out = NO_EPOCH; left_out < MISTAKES; left_out++) {
        if (is_safe(left_out))
            fail_msg("mistake %d is not found", (int)left_out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_count_begins_with_everybody_away),
        cmocka_unit_test(an_epoch_is_past_when_all_have_seen_a_later_one),
        cmocka_unit_test(no_order_of_steps_shows_a_page_to_who_had_it_before),
        cmocka_unit_test(each_rule_that_is_left_out_is_missed_in_some_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
