/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random operations on a tree of struct world: drawn, foretold by the flat model, and carried out
 * with everything between looked at. They are around the edges of what the levels of the tables
 * cover, so that they meet each other.
 */
#ifndef HVRV_TESTS_GSTAGE_DRAW_H
#define HVRV_TESTS_GSTAGE_DRAW_H

#include "gstage_world.h"

enum draw_kind {
    DRAW_MAP,
    DRAW_UNMAP,
    DRAW_PROTECT,
    DRAW_BLOCK,
    DRAW_UNBLOCK,
    DRAW_SPLIT,
    DRAW_MERGE,
    DRAW_HARVEST,
    DRAW_TOUCH,
    DRAW_KINDS,
};

/* 128 MiB by pages of 4 KiB are the most that is harvested at once. */
#define DRAW_HARVEST_MAX UINT64_C(0x8000000)
#define DRAW_BITMAP      (DRAW_HARVEST_MAX / 4096 / 64 + 2)

/* One operation; what it does not use is 0. */
struct draw_op {
    enum draw_kind kind;
    uint64_t address;
    uint64_t size;
    uint32_t budget;
    uint64_t to;
    uint64_t bits;
    uint64_t mask;
    unsigned shift; /* limit, or size to be made */
    bool replaces;
    uint64_t next; /* the bitmap's first bit */
    enum hvrv_access access;
};

/* How an operation is going to end, and what the bitmap will hold. */
struct draw_end {
    enum hvrv_status status;
    uint64_t address; /* what is not done begins here; 0 after the top of all addresses */
    uint64_t bitmap[DRAW_BITMAP];
};

/* An operation under way. */
struct draw_run {
    struct world *world;
    struct draw_op op;
    struct draw_op last; /* the one before */
    struct draw_end end; /* as foretold */
    struct flat before;  /* the model before it; world->model is already that after it */
    bool is_foretold;    /* false: the lists are too short for what comes of it */
    unsigned calls;
    uint64_t bitmap[DRAW_BITMAP];
    union { /* what the call takes, as it moves on */
        struct hvrv_gstage_range range;
        struct hvrv_gstage_map_request map;
        struct hvrv_gstage_protect_request protect;
        struct hvrv_gstage_resize resize;
        struct hvrv_gstage_harvest_request harvest;
    } request;
    /*
     * Called between two calls and after the last, before anything is committed, and again after a
     * commit. What is before address is done, what is from there on is not. Null: nothing.
     */
    bool (*look)(struct draw_run *run, uint64_t address, bool is_committed);
    void *context;
    uint64_t ignored; /* bits that may differ: others set them too */
    bool is_plain;    /* no arguments are wrong, and pages missing only where the test has it so */
};

/* An address near one of the edges. */
uint64_t draw_address(struct world *world);

/* Draws an operation and foretells what comes of it. */
void draw_run(struct draw_run *run);

/* Foretells what comes of run->op. */
void draw_foretell(struct draw_run *run);

/* Fills run->request, and empties the bitmap. */
void draw_begin(struct draw_run *run);

/* One call; run->request.range, which all of them begin with, says how far it got. */
enum hvrv_status draw_call(struct draw_run *run);

/*
 * Carries the operation out, however many calls it takes; where pages are missing, more are given.
 * False with a complaint if anything is not as foretold.
 */
bool draw_carry_out(struct draw_run *run);

/* All before the request's range is as after the operation, all from there on as before it. */
bool draw_is_half_done(struct draw_run *run);

/* One line that tells all of an operation. */
void draw_print(const struct draw_op *op);

/* How it was foretold to end and how far it got, and the first leaf that is not as foretold. */
void draw_print_end(struct draw_run *run);

#endif
