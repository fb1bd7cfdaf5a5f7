/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every order in which harts and those who kick can take their steps (model/interleave.h): no
 * vHart is loaded twice or is in the queue twice, no kick is lost, and each tells rightly what is
 * to be done. And users who forget a part of the recipe are found out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/run.h>

#define VSSIP UINT64_C(0x004)
#define VSTIP UINT64_C(0x040)
#define VSEIP UINT64_C(0x400)
#define HARTS 3

/* A vHart, and a word each of what its users share. */
static struct hvrv_vm vm;
static struct hvrv_vhart vhart;
static uint64_t hvip;       /* of the hart that has the vHart */
static uint64_t loaded;     /* how many harts have it */
static uint64_t queue;      /* how often it is in the queue */
static uint64_t ipi[HARTS]; /* an interrupt is on its way to a hart */
static uint64_t in_guest;   /* a bit each hart that is left in the guest for good */

/* What a mistake of the library's users would leave out. */
static struct {
    bool listen, look_after_listen, raise_before_kick, take_back_before_flush;
} does;

static uint64_t step(uint64_t *word, enum interleave_kind kind, uint64_t operand)
{
    return interleave_simple(word, kind, operand);
}

/* A word of the hart that has the vHart: nobody else sees when it changes. */
static uint64_t own_step(uint64_t *word, enum interleave_kind kind, uint64_t operand)
{
    struct interleave_step own = {kind, sizeof(uint64_t), operand, 0, true};
    return interleave_step(word, &own);
}

static bool hart_csr(struct hvrv_hart *hart, enum hvrv_hart_csr_op op, enum hvrv_csr csr,
                     uint64_t *value)
{
    enum interleave_kind kind = INTERLEAVE_LOAD;

    (void)hart;
    if (csr == HVRV_CSR_VSIE) {
        *value = 0x222;
        return true;
    }
    interleave_require(csr == HVRV_CSR_HVIP || csr == HVRV_CSR_HIP, "another register");
    if (op == HVRV_HART_CSR_SET)
        kind = INTERLEAVE_OR;
    if (op == HVRV_HART_CSR_CLEAR)
        kind = INTERLEAVE_AND;
    *value = own_step(&hvip, kind, op == HVRV_HART_CSR_CLEAR ? ~*value : *value);
    return true;
}

static const struct hvrv_hart_ops ops = {hart_csr, NULL, NULL};
static struct hvrv_hart hart = {&ops};
static struct hvrv_bind bind;

static void begin(void)
{
    interleave_begin();
    assert_int_equal(hvrv_vhart_init(&vhart, &vm), HVRV_OK);
    bind.hart = &hart;
    vhart.bind = &bind; /* whichever hart has it, its registers are the words here */
    hvip = loaded = queue = in_guest = 0;
    memset(ipi, 0, sizeof(ipi));
    memset(&does, 1, sizeof(does));
    interleave_share(&vhart.run, sizeof(vhart.run));
    interleave_share(&vhart.irq, sizeof(vhart.irq));
    interleave_share(&hvip, sizeof(hvip));
    interleave_share(&loaded, sizeof(loaded));
    interleave_share(&queue, sizeof(queue));
    interleave_share(&in_guest, sizeof(in_guest));
    for (unsigned i = 0; i < HARTS; i++)
        interleave_share(&ipi[i], sizeof(ipi[i]));
}

static void begin_ready(void)
{
    begin();
    assert_int_equal(hvrv_run_start(&vhart), HVRV_OK);
    queue = 1;
}

static void require(bool good, const char *what)
{
    interleave_require(good, what);
}

static void enqueue(void)
{
    require(step(&queue, INTERLEAVE_ADD, 1) == 0, "twice in the queue");
}

static bool take(unsigned self)
{
    if (step(&queue, INTERLEAVE_TAKE_ONE, 0) == 0)
        return false;
    require(hvrv_run_take(&vhart, self) == HVRV_OK, "in the queue and cannot be taken");
    require(own_step(&loaded, INTERLEAVE_ADD, 1) == 0, "loaded twice");
    return true;
}

static void put(void)
{
    own_step(&loaded, INTERLEAVE_ADD, UINT64_MAX);
}

/* The guest runs, and serves what it has. */
static void enter(unsigned self)
{
    if (does.take_back_before_flush)
        step(&ipi[self], INTERLEAVE_AND, 0);
    hvrv_irq_flush(&vhart);
    if (!does.take_back_before_flush)
        step(&ipi[self], INTERLEAVE_AND, 0);
    own_step(&hvip, INTERLEAVE_AND, 0);
}

static bool has_reason_to_go_on(void)
{
    bool early = !does.look_after_listen && hvrv_irq_is_pending(&vhart);

    if (does.listen)
        require(hvrv_run_listen(&vhart) == HVRV_OK, "its own vHart is not loaded");
    return does.look_after_listen ? hvrv_irq_is_pending(&vhart) : early;
}

static void park(void)
{
    bool is_ready;

    put();
    require(hvrv_run_park(&vhart, &is_ready) == HVRV_OK, "its own vHart cannot be parked");
    if (is_ready)
        enqueue();
}

static void yield(void)
{
    put();
    require(hvrv_run_yield(&vhart) == HVRV_OK, "its own vHart cannot be given back");
    enqueue();
}

/* A guest that serves interrupts and waits for more. */
static unsigned wait_once(unsigned self, unsigned stage)
{
    switch (stage) {
    case 0:
        return take(self) ? 1 : INTERLEAVE_END;
    case 1:
    case 3:
        enter(self);
        return stage + 1;
    case 2:
        return has_reason_to_go_on() ? 3 : 5;
    case 4:
        if (!has_reason_to_go_on())
            return 5;
        yield();
        return INTERLEAVE_END;
    default:
        park();
        return INTERLEAVE_END;
    }
}

static unsigned waiting_hart(unsigned self, unsigned stage)
{
    return wait_once(self, stage);
}

static unsigned waiting_hart_twice(unsigned self, unsigned stage)
{
    unsigned round = stage / 8, next = wait_once(self, stage % 8);

    if (next != INTERLEAVE_END)
        return round * 8 + next;
    return round == 0 ? 8 : INTERLEAVE_END;
}

/* A guest that computes: its first turn ends, its second does not. */
static unsigned busy_hart(unsigned self, unsigned stage)
{
    if (stage % 2 == 0)
        return take(self) ? stage + 1 : INTERLEAVE_END;
    enter(self);
    if (stage == 1) {
        yield();
        return 2;
    }
    own_step(&in_guest, INTERLEAVE_OR, UINT64_C(1) << self);
    return INTERLEAVE_END;
}

/* Stages 0 to 9: a kick, and what it leaves to do. */
enum { KICK = 0, ENQUEUE = 1, INTERRUPT = 2, KICKED = 10 };

static unsigned kick(unsigned stage)
{
    struct hvrv_run_kicked kicked;

    if (stage >= INTERRUPT) {
        step(&ipi[stage - INTERRUPT], INTERLEAVE_OR, 1);
        return KICKED;
    }
    if (stage == ENQUEUE) {
        enqueue();
        return KICKED;
    }
    require(hvrv_run_kick(&vhart, &kicked) == HVRV_OK, "it cannot be kicked");
    require(kicked.hart < HARTS, "an interrupt for a hart that is none");
    if (kicked.duty == HVRV_RUN_ENQUEUE)
        return ENQUEUE;
    return kicked.duty == HVRV_RUN_INTERRUPT ? INTERRUPT + kicked.hart : KICKED;
}

static void raise_one(unsigned self)
{
    require(hvrv_irq_raise(&vhart, self % 2 ? VSEIP : VSSIP) == HVRV_OK, "it cannot be raised");
}

/* Raises at stage 10, before the kick or after it. */
static unsigned raise_and_kick(unsigned self, unsigned stage)
{
    unsigned first = does.raise_before_kick ? 10 : 0;

    if ((stage + first) % 20 < 10) {
        unsigned next = kick((stage + first) % 20);
        if (next != KICKED)
            return (next + first) % 20;
        return does.raise_before_kick ? INTERLEAVE_END : 10;
    }
    raise_one(self);
    return does.raise_before_kick ? 10 : INTERLEAVE_END;
}

static unsigned kicker(unsigned self, unsigned stage)
{
    return raise_and_kick(self, stage);
}

static unsigned kicker_twice(unsigned self, unsigned stage)
{
    unsigned round = stage / 20, next = raise_and_kick(self + round, stage % 20);

    if (next != INTERLEAVE_END)
        return round * 20 + next;
    return round == 0 ? 20 : INTERLEAVE_END;
}

static uint64_t waiting(void)
{
    return hvip | (vhart.irq & vhart.irq >> 32);
}

/* All have done their part: whatever was raised has been served, or somebody will. */
static void everything_is_served_or_will_be(void)
{
    enum hvrv_run_state state = hvrv_run_get_state(&vhart);

    require(loaded == (state == HVRV_RUN_LOADED), "loaded and not, at the same moment");
    require(queue == (state == HVRV_RUN_READY), "ready and not in the queue, or the reverse");
    if (state == HVRV_RUN_PARKED)
        require(waiting() == 0, "parked while an interrupt waits");
    if (state == HVRV_RUN_LOADED && waiting() != 0)
        require((in_guest & 1 && ipi[0]) || (in_guest & 2 && ipi[1]) || (in_guest & 4 && ipi[2]),
                "an interrupt waits and nothing ends the guest's turn");
}

/* Tries all orders; prints how many situations there were, for whoever reads the log. */
static void assert_good(void (*final)(void))
{
    const char *broken = interleave_run(final);

    if (broken)
        fail_msg("%s", broken);
    print_message("%zu situations\n", interleave_count());
}

static void a_kick_finds_a_hart_that_parks(void **state)
{
    (void)state;
    begin_ready();
    interleave_party(waiting_hart);
    interleave_party(kicker);
    interleave_party(kicker);
    assert_good(everything_is_served_or_will_be);
}

static void a_kick_finds_a_vhart_that_goes_from_hart_to_hart(void **state)
{
    (void)state;
    begin_ready();
    interleave_party(waiting_hart_twice);
    interleave_party(waiting_hart_twice);
    interleave_party(kicker_twice);
    assert_good(everything_is_served_or_will_be);
}

static void two_kicks_find_a_vhart_that_goes_from_hart_to_hart(void **state)
{
    (void)state;
    begin_ready();
    interleave_party(waiting_hart);
    interleave_party(waiting_hart_twice);
    interleave_party(kicker);
    interleave_party(kicker);
    assert_good(everything_is_served_or_will_be);
}

static void a_kick_interrupts_a_guest_that_runs(void **state)
{
    (void)state;
    begin_ready();
    interleave_party(busy_hart);
    interleave_party(busy_hart);
    interleave_party(kicker_twice);
    assert_good(everything_is_served_or_will_be);
}

static void a_guest_that_runs_here_or_waits_there_is_found(void **state)
{
    (void)state;
    begin_ready();
    interleave_party(busy_hart);
    interleave_party(waiting_hart_twice);
    interleave_party(kicker);
    interleave_party(kicker);
    assert_good(everything_is_served_or_will_be);
}

/* Without a queue, whoever is first: takes it, and gives it back. */
static unsigned greedy_hart(unsigned self, unsigned stage)
{
    if (stage % 2 == 0) {
        if (hvrv_run_take(&vhart, self) != HVRV_OK)
            return stage == 0 ? 2 : INTERLEAVE_END;
        require(own_step(&loaded, INTERLEAVE_ADD, 1) == 0, "loaded twice");
        return stage + 1;
    }
    require(hvrv_run_listen(&vhart) == HVRV_OK, "its own vHart is not loaded");
    put();
    require(hvrv_run_yield(&vhart) == HVRV_OK, "its own vHart cannot be given back");
    return stage == 1 ? 2 : INTERLEAVE_END;
}

static unsigned bare_kicker(unsigned self, unsigned stage)
{
    struct hvrv_run_kicked kicked;

    (void)self;
    require(hvrv_run_kick(&vhart, &kicked) == HVRV_OK, "it cannot be kicked");
    require(kicked.duty != HVRV_RUN_ENQUEUE, "woken though it was not parked");
    return stage < 1 ? stage + 1 : INTERLEAVE_END;
}

static void it_is_ready(void)
{
    require(hvrv_run_get_state(&vhart) == HVRV_RUN_READY, "not ready");
    require(loaded == 0, "still loaded");
}

static void harts_that_take_it_at_once_never_share_it(void **state)
{
    (void)state;
    begin_ready();
    interleave_party(greedy_hart);
    interleave_party(greedy_hart);
    interleave_party(greedy_hart);
    interleave_party(bare_kicker);
    assert_good(it_is_ready);
}

/* Many kick a vHart that is parked: one of them wakes it. */
static void of_many_who_kick_one_wakes(void **state)
{
    bool is_ready;

    (void)state;
    begin_ready();
    assert_int_equal(hvrv_run_take(&vhart, 0), HVRV_OK);
    assert_int_equal(hvrv_run_park(&vhart, &is_ready), HVRV_OK);
    queue = 0;
    interleave_party(waiting_hart);
    for (unsigned i = 0; i < 4; i++)
        interleave_party(kicker);
    assert_good(everything_is_served_or_will_be);
}

/* The guest stops its hart, and another starts it as soon as it can. */
static unsigned stopping_hart(unsigned self, unsigned stage)
{
    if (stage == 0)
        return take(self) ? 1 : INTERLEAVE_END;
    enter(self);
    put();
    require(hvrv_run_stop(&vhart) == HVRV_OK, "its own vHart cannot be stopped");
    return INTERLEAVE_END;
}

static unsigned starter(unsigned self, unsigned stage)
{
    (void)self;
    if (stage == 3) {
        enqueue();
        return INTERLEAVE_END;
    }
    if (hvrv_run_start(&vhart) == HVRV_OK)
        return 3;
    return stage < 2 ? stage + 1 : INTERLEAVE_END;
}

static void stopped_or_in_order(void)
{
    enum hvrv_run_state state = hvrv_run_get_state(&vhart);

    require(loaded == 0, "still loaded");
    require(queue == (state == HVRV_RUN_READY), "ready and not in the queue, or the reverse");
}

static void a_vhart_is_started_once_however_many_try(void **state)
{
    (void)state;
    begin_ready();
    interleave_party(stopping_hart);
    interleave_party(stopping_hart);
    interleave_party(starter);
    interleave_party(starter);
    interleave_party(kicker);
    assert_good(stopped_or_in_order);
}

/* Interrupts alone: a hart that flushes, and others that raise and lower. */
static unsigned flusher(unsigned self, unsigned stage)
{
    (void)self;
    hvrv_irq_flush(&vhart);
    return stage < 2 ? stage + 1 : INTERLEAVE_END;
}

static unsigned device(unsigned self, unsigned stage)
{
    (void)self;
    if (stage == 0) {
        (void)!hvrv_irq_raise(&vhart, VSEIP);
        return 1;
    }
    (void)!hvrv_irq_lower(&vhart, VSEIP);
    return INTERLEAVE_END;
}

static unsigned other_device(unsigned self, unsigned stage)
{
    (void)self;
    if (stage == 0) {
        (void)!hvrv_irq_lower(&vhart, VSTIP);
        return 1;
    }
    (void)!hvrv_irq_raise(&vhart, VSTIP | VSSIP);
    return INTERLEAVE_END;
}

static void each_device_had_the_last_word(void)
{
    hvrv_irq_flush(&vhart);
    require(hvip == (VSTIP | VSSIP), "hvip is not what the devices said last");
}

static void a_flush_in_between_loses_no_change(void **state)
{
    (void)state;
    begin();
    interleave_party(flusher);
    interleave_party(device);
    interleave_party(other_device);
    assert_good(each_device_had_the_last_word);
}

/* Of the same interrupt, either is the later. The word and the hart agree in the end. */
static unsigned raiser(unsigned self, unsigned stage)
{
    (void)self;
    (void)stage;
    (void)!hvrv_irq_raise(&vhart, VSEIP);
    return INTERLEAVE_END;
}

static unsigned lowerer(unsigned self, unsigned stage)
{
    (void)self;
    (void)stage;
    (void)!hvrv_irq_lower(&vhart, VSEIP);
    return INTERLEAVE_END;
}

static void the_word_and_the_hart_agree(void)
{
    hvrv_irq_flush(&vhart);
    require(hvip == (vhart.irq & UINT64_C(0xffffffff)), "the word and hvip differ");
}

static void of_a_raise_and_a_lower_at_once_one_is_the_later(void **state)
{
    (void)state;
    begin();
    interleave_party(flusher);
    interleave_party(raiser);
    interleave_party(lowerer);
    interleave_party(raiser);
    assert_good(the_word_and_the_hart_agree);
}

/* Raised once and served once: it does not come again. */
static uint64_t served;

static unsigned serving_hart(unsigned self, unsigned stage)
{
    (void)self;
    hvrv_irq_flush(&vhart);
    if (own_step(&hvip, INTERLEAVE_AND, 0) & VSSIP)
        own_step(&served, INTERLEAVE_ADD, 1);
    return stage < 2 ? stage + 1 : INTERLEAVE_END;
}

static unsigned software_raiser(unsigned self, unsigned stage)
{
    (void)self;
    (void)stage;
    (void)!hvrv_irq_raise(&vhart, VSSIP);
    return INTERLEAVE_END;
}

static void it_was_served_once(void)
{
    hvrv_irq_flush(&vhart);
    require(served + (hvip & VSSIP ? 1 : 0) == 1, "not once");
}

static void what_was_raised_once_comes_once(void **state)
{
    (void)state;
    begin();
    served = 0;
    interleave_share(&served, sizeof(served));
    interleave_party(serving_hart);
    interleave_party(software_raiser);
    interleave_party(device); /* of another interrupt */
    assert_good(it_was_served_once);
}

/* The recipe, each time without one of its parts. */

static void assert_found(const char *what)
{
    const char *broken = interleave_run(everything_is_served_or_will_be);

    assert_non_null(broken);
    assert_memory_equal(broken, what, strlen(what));
}

static void looking_before_listening_is_found(void **state)
{
    (void)state;
    begin_ready();
    does.look_after_listen = false;
    interleave_party(waiting_hart);
    interleave_party(kicker);
    assert_found("parked while an interrupt waits");
}

static void kicking_before_raising_is_found(void **state)
{
    (void)state;
    begin_ready();
    does.raise_before_kick = false;
    interleave_party(waiting_hart);
    interleave_party(kicker);
    assert_found("parked while an interrupt waits");
}

static void taking_the_interrupt_back_after_the_flush_is_found(void **state)
{
    (void)state;
    begin_ready();
    does.take_back_before_flush = false;
    interleave_party(busy_hart);
    interleave_party(kicker);
    assert_found("an interrupt waits and nothing ends the guest's turn");
}

/* Not listening costs turns, but loses nothing. */
static void not_listening_is_allowed(void **state)
{
    (void)state;
    begin_ready();
    does.listen = false;
    interleave_party(waiting_hart);
    interleave_party(waiting_hart);
    interleave_party(kicker);
    assert_good(everything_is_served_or_will_be);
}

/* A state machine without exchange: the tool itself finds what is to be found. */
static uint64_t lock;

static unsigned careless(unsigned self, unsigned stage)
{
    (void)self;
    (void)stage;
    if (step(&lock, INTERLEAVE_LOAD, 0) == 0) {
        step(&lock, INTERLEAVE_STORE, 1);
        require(step(&loaded, INTERLEAVE_ADD, 1) == 0, "loaded twice");
    }
    return INTERLEAVE_END;
}

static void nothing(void)
{
}

static void a_look_and_then_a_store_is_found(void **state)
{
    const char *broken;

    (void)state;
    begin();
    lock = 0;
    interleave_share(&lock, sizeof(lock));
    interleave_party(careless);
    interleave_party(careless);
    broken = interleave_run(nothing);
    assert_string_equal(broken, "loaded twice, after the steps of 010011");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kick_finds_a_hart_that_parks),
        cmocka_unit_test(a_kick_finds_a_vhart_that_goes_from_hart_to_hart),
        cmocka_unit_test(two_kicks_find_a_vhart_that_goes_from_hart_to_hart),
        cmocka_unit_test(a_kick_interrupts_a_guest_that_runs),
        cmocka_unit_test(a_guest_that_runs_here_or_waits_there_is_found),
        cmocka_unit_test(harts_that_take_it_at_once_never_share_it),
        cmocka_unit_test(of_many_who_kick_one_wakes),
        cmocka_unit_test(a_vhart_is_started_once_however_many_try),
        cmocka_unit_test(a_flush_in_between_loses_no_change),
        cmocka_unit_test(of_a_raise_and_a_lower_at_once_one_is_the_later),
        cmocka_unit_test(what_was_raised_once_comes_once),
        cmocka_unit_test(looking_before_listening_is_found),
        cmocka_unit_test(kicking_before_raising_is_found),
        cmocka_unit_test(taking_the_interrupt_back_after_the_flush_is_found),
        cmocka_unit_test(not_listening_is_allowed),
        cmocka_unit_test(a_look_and_then_a_store_is_found),
    };

    return cmocka_run_group_tests_name("vhart/run_order", tests, NULL, NULL);
}
