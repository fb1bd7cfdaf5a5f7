/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several threads and a few vHarts, under TSan. Harts take whatever vHart is ready, load it, let
 * its guest serve interrupts, and give it back: for another to take, parked, or stopped.
 * Others write a message for a vHart, raise an interrupt and kick; each message must be
 * answered before the next is written. What belongs to whoever has the vHart, registers
 * and messages, is in plain words: a report tells of an order that the library does not see to, and
 * a message that is never answered of a kick that is lost.
 *
 *   run_threads_test [MESSAGES]
 */
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <setjmp.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/run.h>
#include <hvrv/vhart/trap.h>

#define SEED             UINT64_C(20261123)
#define HARTS            4 /* more than vHarts, so that a guest that runs on keeps none from running */
#define VHARTS           3
#define SENDERS          3 /* one each interrupt */
#define PATIENCE_SECONDS 100

#define HGATP UINT64_C(0x8000500000080200)
#define VSSIP UINT64_C(0x004)
#define VSTIP UINT64_C(0x040)
#define VSEIP UINT64_C(0x400)

static const uint64_t interrupt_of[SENDERS] = {VSSIP, VSTIP, VSEIP};

/* A hart whose registers are plain words that it alone uses. */
struct hart {
    struct hvrv_hart hart;
    uint64_t csr[4096];
    struct hvrv_bind bind;
    uint32_t interrupted;
    uint64_t random;
    uint64_t turns, answers;
    pthread_t thread;
};

/* A message is plain: the sender's until its interrupt is raised, then the guest's until the
 * answer. */
struct guest {
    struct hvrv_vhart vhart;
    uint64_t message[SENDERS];
    uint64_t answer[SENDERS];
    uint64_t answered; /* of whoever has the vHart */
};

static struct {
    struct hart harts[HARTS];
    struct guest guests[VHARTS];
    struct hvrv_probe probe;
    struct hvrv_vm vm;
    struct hvrv_vm_slot slots[HARTS];
    pthread_t senders[SENDERS];
    uint64_t messages;
    uint64_t enqueued, taken; /* as the library told */
    uint32_t senders_left;
    uint32_t alone; /* senders that have a vHart of their own still */
    uint32_t complaints;
} w;

static void complain(const char *what)
{
    if (__atomic_fetch_add(&w.complaints, 1, __ATOMIC_RELAXED) == 0)
        print_message("%s\n", what);
}

static void expect(enum hvrv_status status, const char *what)
{
    if (status != HVRV_OK)
        complain(what);
}

static bool is_over(void)
{
    return __atomic_load_n(&w.senders_left, __ATOMIC_ACQUIRE) == 0 ||
           __atomic_load_n(&w.complaints, __ATOMIC_RELAXED) != 0;
}

static uint64_t draw(uint64_t *random, uint64_t below)
{
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return (z ^ (z >> 31)) % below;
}

static bool hart_csr(struct hvrv_hart *hart, enum hvrv_hart_csr_op op, enum hvrv_csr csr,
                     uint64_t *value)
{
    uint64_t *word = &((struct hart *)hart)->csr[csr == HVRV_CSR_HIP ? HVRV_CSR_HVIP : csr];
    uint64_t old = *word;

    switch (op) {
    case HVRV_HART_CSR_WRITE:
    case HVRV_HART_CSR_SWAP:
        *word = *value;
        break;
    case HVRV_HART_CSR_SET:
        *word |= *value;
        break;
    case HVRV_HART_CSR_CLEAR:
        *word &= ~*value;
        break;
    case HVRV_HART_CSR_READ:
        break;
    }
    *value = old;
    return true;
}

static void hart_fence(struct hvrv_hart *hart, const struct hvrv_hart_fence *fence)
{
    (void)hart;
    (void)fence;
}

static const struct hvrv_hart_ops ops = {hart_csr, hart_fence, NULL};

static void enqueue(void)
{
    __atomic_fetch_add(&w.enqueued, 1, __ATOMIC_RELAXED);
}

/* The guest answers what it is interrupted for. */
static void run_guest(struct hart *hart, struct guest *guest)
{
    for (unsigned i = 0; i < SENDERS; i++) {
        if (!(hart->csr[HVRV_CSR_HVIP] & interrupt_of[i]))
            continue;
        if (i == 0)
            hart->csr[HVRV_CSR_HVIP] &= ~VSSIP;
        else
            expect(hvrv_irq_lower(&guest->vhart, interrupt_of[i]), "lower");
        uint64_t message = guest->message[i];
        guest->answered++;
        hart->answers++;
        __atomic_store_n(&guest->answer[i], message, __ATOMIC_RELEASE);
    }
}

enum turn { GO_ON, WAIT, OVER, OFF };

/* Runs on until it is interrupted, or its slice is over. */
static void stay_in_guest(struct hart *hart, bool is_endless)
{
    for (unsigned i = 0; i < 20 || is_endless; i++) {
        if (__atomic_load_n(&hart->interrupted, __ATOMIC_RELAXED) || is_over())
            return;
        sched_yield();
    }
}

static enum turn run_once(struct hart *hart, struct guest *guest)
{
    struct hvrv_trap trap;

    __atomic_exchange_n(&hart->interrupted, 0, __ATOMIC_ACQUIRE);
    hvrv_irq_flush(&guest->vhart);
    run_guest(hart, guest);
    hvrv_irq_flush(&guest->vhart); /* what it lowered */
    uint64_t what = draw(&hart->random, 16);
    if (what < 4)
        stay_in_guest(hart, what == 0);
    hvrv_trap_read(&hart->hart, &guest->vhart, 10, &trap);
    if (what < 8)
        return GO_ON;
    if (what < 10)
        return OVER;
    if (what == 10)
        return OFF;
    expect(hvrv_run_listen(&guest->vhart), "listen");
    bool is_pending = hvrv_irq_is_pending(&guest->vhart);
    if (draw(&hart->random, 4) == 0)
        sched_yield(); /* a kick may come just now */
    return is_pending ? GO_ON : WAIT;
}

static void give_back(struct guest *guest, enum turn turn)
{
    bool is_ready = true;

    if (turn == OFF) { /* and is started again at once, perhaps by several */
        expect(hvrv_run_stop(&guest->vhart), "stop");
        if (hvrv_run_start(&guest->vhart) == HVRV_OK)
            enqueue();
        return;
    }
    if (turn == WAIT)
        expect(hvrv_run_park(&guest->vhart, &is_ready), "park");
    else
        expect(hvrv_run_yield(&guest->vhart), "yield");
    if (is_ready)
        enqueue();
}

static void run_turn(struct hart *hart, struct guest *guest)
{
    enum turn turn = GO_ON;

    __atomic_fetch_add(&w.taken, 1, __ATOMIC_RELAXED);
    expect(hvrv_bind_load(&hart->bind, &guest->vhart), "load");
    while (turn == GO_ON && !is_over())
        turn = run_once(hart, guest);
    expect(hvrv_bind_put(&hart->bind), "put");
    hart->turns++;
    give_back(guest, turn);
}

static void *run_hart(void *argument)
{
    struct hart *hart = argument;

    while (!is_over()) {
        struct guest *guest = &w.guests[draw(&hart->random, VHARTS)];

        if (hvrv_run_take(&guest->vhart, hart->bind.index) == HVRV_OK)
            run_turn(hart, guest);
        else
            sched_yield();
    }
    return NULL;
}

static void kick(struct guest *guest)
{
    struct hvrv_run_kicked kicked;

    expect(hvrv_run_kick(&guest->vhart, &kicked), "kick");
    if (kicked.duty == HVRV_RUN_ENQUEUE)
        enqueue();
    if (kicked.duty == HVRV_RUN_INTERRUPT)
        __atomic_store_n(&w.harts[kicked.hart].interrupted, 1, __ATOMIC_RELEASE);
}

static bool is_answered(const struct guest *guest, unsigned self, uint64_t number)
{
    time_t end = time(NULL) + PATIENCE_SECONDS;

    while (__atomic_load_n(&guest->answer[self], __ATOMIC_ACQUIRE) != number) {
        if (__atomic_load_n(&w.complaints, __ATOMIC_RELAXED) != 0)
            return false;
        if (time(NULL) > end) {
            complain("a message is not answered: a kick was lost");
            return false;
        }
        sched_yield();
    }
    return true;
}

/* Of all at once, when nobody has a vHart of his own any more. */
static bool is_shared(bool *is_done)
{
    if (!*is_done)
        __atomic_fetch_sub(&w.alone, 1, __ATOMIC_RELAXED);
    *is_done = true;
    while (__atomic_load_n(&w.alone, __ATOMIC_RELAXED) != 0) {
        if (__atomic_load_n(&w.complaints, __ATOMIC_RELAXED) != 0)
            return false;
        sched_yield();
    }
    return true;
}

/* The first half to a vHart of its own, which no other's kick wakes; then to any. */
static void *run_sender(void *argument)
{
    unsigned self = (unsigned)(uintptr_t)argument;
    uint64_t number[VHARTS] = {0}, random = SEED + 100 + self;
    bool is_done = false;

    for (uint64_t i = 0; i < w.messages; i++) {
        unsigned n = self;
        if (i >= w.messages / 2 && is_shared(&is_done))
            n = (unsigned)draw(&random, VHARTS);
        struct guest *guest = &w.guests[n];

        if (!is_answered(guest, self, number[n]))
            break;
        guest->message[self] = ++number[n];
        expect(hvrv_irq_raise(&guest->vhart, interrupt_of[self]), "raise");
        kick(guest);
    }
    for (unsigned n = 0; n < VHARTS && is_answered(&w.guests[n], self, number[n]); n++)
        ;
    __atomic_fetch_sub(&w.senders_left, 1, __ATOMIC_ACQ_REL);
    return NULL;
}

static void build(void)
{
    w.senders_left = w.alone = SENDERS;
    w.probe = (struct hvrv_probe){
        .hgatp_modes = 0x701, .vsatp_modes = 0x701, .vmidlen = 14, .henvcfg = true, .sstc = true};
    assert_int_equal(hvrv_vm_init(&w.vm, HGATP, w.slots, HARTS), HVRV_OK);
    for (uint32_t i = 0; i < HARTS; i++) {
        struct hart *hart = &w.harts[i];
        hart->hart.ops = &ops;
        hart->random = SEED + i;
        assert_int_equal(hvrv_bind_init(&hart->bind, &hart->hart, &w.probe, i), HVRV_OK);
    }
    for (unsigned i = 0; i < VHARTS; i++) {
        struct hvrv_vhart *vhart = &w.guests[i].vhart;
        assert_int_equal(hvrv_vhart_init(vhart, &w.vm), HVRV_OK);
        vhart->sstatus = 0x200000100; /* FS Off */
        vhart->csr.vsie = 0x222;
        assert_int_equal(hvrv_run_start(vhart), HVRV_OK);
        enqueue();
    }
}

static void every_message_is_answered_wherever_the_vhart_is(void **state)
{
    uint64_t ready = 0, turns = 0, answered = 0;

    (void)state;
    printf("seed %llu\n", (unsigned long long)SEED);
    build();
    for (unsigned i = 0; i < HARTS; i++)
        assert_int_equal(pthread_create(&w.harts[i].thread, 0, run_hart, &w.harts[i]), 0);
    for (uintptr_t i = 0; i < SENDERS; i++)
        assert_int_equal(pthread_create(&w.senders[i], 0, run_sender, (void *)i), 0);
    for (unsigned i = 0; i < SENDERS; i++)
        assert_int_equal(pthread_join(w.senders[i], 0), 0);
    for (unsigned i = 0; i < HARTS; i++) {
        assert_int_equal(pthread_join(w.harts[i].thread, 0), 0);
        turns += w.harts[i].turns;
    }
    assert_int_equal(w.complaints, 0);
    for (unsigned i = 0; i < VHARTS; i++) {
        ready += hvrv_run_get_state(&w.guests[i].vhart) == HVRV_RUN_READY;
        answered += w.guests[i].answered;
    }
    assert_int_equal(w.enqueued, w.taken + ready); /* in the queue once each time */
    assert_true(answered >= SENDERS * w.messages);
    printf("%llu turns, %llu answers\n", (unsigned long long)turns, (unsigned long long)answered);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_answered_wherever_the_vhart_is),
    };

    w.messages = argc > 1 ? strtoull(argv[1], NULL, 0) : 3000;
    return cmocka_run_group_tests_name("threads/run", tests, NULL, NULL);
}
