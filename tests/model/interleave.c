/* SPDX-License-Identifier: BSD-2-Clause */
#include "interleave.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#define PARTIES 5
#define STEPS   24
#define WORDS   16
#define DEPTH   256
#define SEEN    (UINT32_C(1) << 21)

/* All that a situation is: the words, each party's stage, and what it found there so far. */
struct situation {
    uint64_t words[WORDS];
    uint64_t found[PARTIES][STEPS];
    uint32_t count[PARTIES];
    uint32_t stage[PARTIES];
};

/* A situation on the way to the present one, and who is to go next from there. */
struct frame {
    struct situation situation;
    unsigned next;
};

static struct {
    struct {
        void *at;
        size_t size;
    } words[WORDS];
    unsigned word_count;
    interleave_body *bodies[PARTIES];
    unsigned party_count;

    struct frame frames[DEPTH];
    size_t depth;
    struct situation *now;
    unsigned self;
    uint32_t position; /* of the party, in what it found */
    bool has_stepped;
    jmp_buf out;

    const char *broken;
    char report[DEPTH + 128];
    size_t count;
} all;

/* The situations that were met, by a hash that two do not share. */
static uint64_t seen[SEEN];

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t hash(const struct situation *situation)
{
    uint64_t sum = 1;

    for (unsigned i = 0; i < all.word_count; i++)
        sum = mix(sum + UINT64_C(0x9e3779b97f4a7c15)) ^ situation->words[i];
    for (unsigned i = 0; i < all.party_count; i++) {
        sum = mix(sum + UINT64_C(0x9e3779b97f4a7c15)) ^ situation->count[i] ^
              (uint64_t)situation->stage[i] << 32;
        for (uint32_t j = 0; j < situation->count[i]; j++)
            sum = mix(sum + UINT64_C(0x9e3779b97f4a7c15)) ^ situation->found[i][j];
    }
    return mix(sum) | 1;
}

static bool is_new(const struct situation *situation)
{
    uint64_t sum = hash(situation);
    uint32_t at = (uint32_t)(sum >> 32) % SEEN;

    while (seen[at] && seen[at] != sum)
        at = (at + 1) % SEEN;
    if (seen[at])
        return false;
    seen[at] = sum;
    if (++all.count > SEEN / 2) {
        all.broken = "too many situations";
        return false;
    }
    return true;
}

void interleave_begin(void)
{
    memset(&all, 0, sizeof(all));
    memset(seen, 0, sizeof(seen));
}

void interleave_share(void *word, size_t size)
{
    all.words[all.word_count].at = word;
    all.words[all.word_count++].size = size;
}

void interleave_party(interleave_body *body)
{
    all.bodies[all.party_count++] = body;
}

size_t interleave_count(void)
{
    return all.count;
}

static uint64_t get(const void *word, size_t size)
{
    uint64_t value = 0;
    if (size == sizeof(uint32_t)) {
        uint32_t half;
        memcpy(&half, word, sizeof(half));
        value = half;
    } else {
        memcpy(&value, word, sizeof(value));
    }
    return value;
}

static void set(void *word, size_t size, uint64_t value)
{
    uint32_t half = (uint32_t)value;
    if (size == sizeof(half))
        memcpy(word, &half, sizeof(half));
    else
        memcpy(word, &value, sizeof(value));
}

static void restore(const struct situation *situation)
{
    for (unsigned i = 0; i < all.word_count; i++)
        set(all.words[i].at, all.words[i].size, situation->words[i]);
}

static void remember(struct situation *situation)
{
    for (unsigned i = 0; i < all.word_count; i++)
        situation->words[i] = get(all.words[i].at, all.words[i].size);
}

void interleave_require(bool good, const char *what)
{
    if (good)
        return;
    all.broken = what;
    longjmp(all.out, 1);
}

static uint64_t carry_out(const struct interleave_step *step, uint64_t old)
{
    switch (step->kind) {
    case INTERLEAVE_STORE:
        return step->operand;
    case INTERLEAVE_ADD:
        return old + step->operand;
    case INTERLEAVE_OR:
        return old | step->operand;
    case INTERLEAVE_AND:
        return old & step->operand;
    case INTERLEAVE_TAKE_ONE:
        return old ? old - 1 : 0;
    case INTERLEAVE_EXCHANGE:
        return old == step->expected ? step->operand : old;
    case INTERLEAVE_LOAD:
        break;
    }
    return old;
}

static void *shared(const void *word)
{
    for (unsigned i = 0; i < all.word_count; i++) {
        if (all.words[i].at == word)
            return all.words[i].at;
    }
    all.broken = "a step in a word that is not shared";
    longjmp(all.out, 1);
}

static uint64_t take_step(const void *word, const struct interleave_step *step)
{
    void *at = shared(word);
    uint64_t old = get(at, step->size);

    set(at, step->size, carry_out(step, old));
    return old;
}

/* One that it took before, one that it takes now, or the one before which it is left. */
uint64_t interleave_step(const void *word, const struct interleave_step *step)
{
    struct situation *now = all.now;

    if (!now)
        return take_step(word, step); /* nobody's: before and after */
    if (all.position < now->count[all.self])
        return now->found[all.self][all.position++];
    if ((all.has_stepped && !step->is_private) || all.position == STEPS) {
        if (all.position == STEPS)
            all.broken = "too many steps";
        longjmp(all.out, 1);
    }
    uint64_t old = take_step(word, step);
    now->found[all.self][all.position++] = old;
    now->count[all.self]++;
    all.has_stepped |= !step->is_private;
    return old;
}

/* One more step of a party, and what it does without a further one. */
static void go_on(struct situation *situation, unsigned self)
{
    all.now = situation;
    all.self = self;
    all.position = 0;
    all.has_stepped = false;
    restore(situation);
    if (setjmp(all.out) == 0) {
        situation->stage[self] = all.bodies[self](self, situation->stage[self]);
        situation->count[self] = 0;
    }
    all.now = NULL;
    remember(situation);
}

static void look_at_the_end(const struct situation *situation, void (*final)(void))
{
    restore(situation);
    if (setjmp(all.out) == 0)
        final();
}

static bool is_at_the_end(const struct situation *situation)
{
    bool is_end = true;
    for (unsigned i = 0; i < all.party_count; i++)
        is_end &= situation->stage[i] == INTERLEAVE_END;
    return is_end;
}

/* Tries one more way on from the present situation; if there is none, goes back. */
static void try_next(void (*final)(void))
{
    struct frame *frame = &all.frames[all.depth - 1];

    if (frame->next == 0 && is_at_the_end(&frame->situation))
        look_at_the_end(&frame->situation, final);
    while (frame->next < all.party_count && frame->situation.stage[frame->next] == INTERLEAVE_END)
        frame->next++;
    if (frame->next == all.party_count) {
        if (!all.broken)
            all.depth--;
        return;
    }
    if (all.depth == DEPTH) {
        all.broken = "too many steps";
        return;
    }
    struct frame *after = &all.frames[all.depth];
    after->situation = frame->situation;
    after->next = 0;
    go_on(&after->situation, frame->next++);
    if (all.broken || is_new(&after->situation))
        all.depth++;
}

/* What broke, and whose steps led there. */
static const char *report(void)
{
    int length = snprintf(all.report, 128, "%s, after the steps of ", all.broken);

    for (size_t i = 0; i + 1 < all.depth; i++)
        all.report[length++] = (char)('0' + all.frames[i].next - 1);
    return all.report;
}

const char *interleave_run(void (*final)(void))
{
    remember(&all.frames[0].situation);
    all.depth = 1;
    while (all.depth > 0 && !all.broken)
        try_next(final);
    restore(&all.frames[0].situation);
    return all.broken ? report() : NULL;
}
