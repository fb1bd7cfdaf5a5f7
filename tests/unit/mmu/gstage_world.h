/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tree of lib/mmu/gstage under test: simulated memory, a source of table pages that watches
 * what is taken and given, a gather, the flat model of what the tree should hold, and a look at
 * the tables as they lie in memory.
 */
#ifndef HVRV_TESTS_GSTAGE_WORLD_H
#define HVRV_TESTS_GSTAGE_WORLD_H

#include <hvrv/mmu/gstage.h>

#include "model/flat.h"
#include "model/hart.h"
#include "model/memory.h"

#define WORLD_BASE  UINT64_C(0xc0000000)
#define WORLD_SIZE  UINT64_C(0x400000)
#define WORLD_PAGES 1024 /* the first four are the root's */

/* How the library sees memory. */
enum world_memory {
    WORLD_BY_WINDOW,
    WORLD_BY_PORT,
    WORLD_BY_BOTH, /* half and half */
    WORLD_MEMORIES,
};

struct world_config {
    enum hvrv_stage stage;
    enum hvrv_mode_encoding mode;
    unsigned rules;
    enum hvrv_gstage_ad ad;
    enum world_memory memory;
    uint64_t seed;
};

struct world {
    struct world_config config;
    uint64_t random;
    struct model_memory memory;
    struct hvrv_phys port; /* to all of the memory */
    struct hvrv_phys phys;
    void (*watch)(struct world *world); /* before each write through the port; may be null */
    struct hvrv_pages pages;
    bool is_taken[WORLD_PAGES];
    unsigned in_use;   /* table pages taken and not given back, but the root */
    unsigned limit;    /* no more than these */
    unsigned requests; /* so far, for pages of 4 KiB */
    unsigned refused;  /* the request of this number is refused; 0: none */
    bool has_refused;  /* a page, since somebody last set this to false */
    struct model_hart hart;
    struct hvrv_fence_domain domain;
    struct hvrv_fence_gather gather;
    struct hvrv_gstage gstage;
    struct flat model;
    struct flat found;   /* by world_scan() */
    char complaint[160]; /* the first; empty if there is none */
};

/* Makes memory, and a tree in it that is empty. */
void world_init(struct world *world, const struct world_config *config);

/* Notes what is wrong, if it is the first. Returns false. */
bool world_complain(struct world *world, const char *what, uint64_t number);
#define WORLD_CHECK(world, is_right, number) \
    ((is_right) ? true : world_complain((world), #is_right, (number)))

/* 64 random bits; a number below a bound. */
uint64_t world_draw(struct world *world);
uint64_t world_draw_below(struct world *world, uint64_t bound);

/* Reads all tables as they lie in memory; complains about what must not be there. */
bool world_scan(struct world *world);

/* Whether world_scan()'s leaves are the model's, but for some bits; and so are the tables. */
bool world_is_as_modelled(struct world *world, uint64_t but);

/* Commits; afterwards as many table pages are in use as there are tables. */
bool world_commit(struct world *world);

/* Unmaps everything and gives the root back; nothing may be in use then. */
bool world_fini(struct world *world);

#endif
