/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One tree of tables, and all that its threads share: a page source that poisons
 * what it gets back, an account of who is inside the tables, a lock, and a guest's
 * memory of which only the number of stores to each page is kept.
 */
#ifndef HVRV_TESTS_THREADS_WORLD_H
#define HVRV_TESTS_THREADS_WORLD_H

#include <hvrv/mmu/gstage.h>
#include <hvrv/mmu/walk.h>

#include <pthread.h>

#define PARTIES 7

/*
 * Places 1 GiB apart. In the first two leaves and tables of two levels come and go; in the last
 * all stays readable, and what is done is to be seen by nobody; its first half is for those who
 * write-protect pages, and rely on it.
 */
#define PLACES       3
#define FROZEN_SIZE  (PLACE_SIZE / 2)
#define STEADY       2
#define PLACE_SIZE   (UINT64_C(4) << 20)
#define PLACE_PAGES  (PLACE_SIZE / 4096)
#define PAGES        (PLACES * PLACE_PAGES)
#define PLACE_GPA(i) (UINT64_C(0x80000000) + (uint64_t)(i) * (UINT64_C(1) << 30))
#define FAR          UINT64_C(0x1000000000)
#define ARENA_SIZE   (UINT64_C(256) << 10)
/* The root of the guest's own tables, one to one, is at GPA 0, and no page of the source's. */
#define GUEST_ROOT_HPA (ARENA_HPA + ARENA_SIZE - 4096)
#define POOL_PAGES     ((ARENA_SIZE - HVRV_PAGES_ROOT_X4 - 4096) / 4096)
#define ARENA_HPA      UINT64_C(0x40000000)
#define LEAF_AD        (HVRV_PTE_A | HVRV_PTE_D)

/* Who takes part: where it is, and what it has seen. */
struct party {
    struct world *world;
    uint64_t random;
    uint64_t done;         /* operations */
    struct hvrv_walk walk; /* as a hart walks */
    struct hvrv_walk look; /* changes nothing */
    uint64_t epoch;        /* odd: inside the tables */
    pthread_t thread;
};

struct world {
    struct hvrv_gstage gstage;
    struct hvrv_phys phys;
    struct hvrv_pages pages;
    struct hvrv_fence_domain domain;
    struct hvrv_hart hart;
    struct party party[PARTIES];
    enum hvrv_gstage_ad ad;
    bool waits;            /* reach does what it must */
    pthread_rwlock_t lock; /* unmap and merge take it alone */
    pthread_mutex_t pool;  /* of the page source */
    uint64_t pages_free[ARENA_SIZE / 4096];
    unsigned free_count;
    pthread_mutex_t copying;
    uint64_t operations;    /* of a writer, a round */
    uint64_t stored[PAGES]; /* stores to the page, ever */
    uint64_t copied[PAGES]; /* of these, how many somebody knows of */
    uint64_t frozen[PAGES]; /* odd: nobody can store to the page */
    int stop;
    int complaints;
};

/* How a world is made. */
struct world_config {
    enum hvrv_gstage_ad ad;
    bool by_port; /* the tables are not in a window */
    bool waits;
    uint64_t operations;
    uint64_t seed;
};

void world_init(struct world *world, const struct world_config *config);

/* Nothing is mapped any more: gives all back, and counts. */
void world_fini(struct world *world);

/* Prints what should not be, with two numbers, and counts it. */
void world_complain(struct world *world, const char *what, uint64_t a, uint64_t b);

/* Reads tables without a lock only between these. */
void party_enter(struct party *party);
void party_leave(struct party *party);

/* Something at random. */
uint64_t party_draw(struct party *party, uint64_t below);

/* In the first places; half of what is drawn is where many meet, at the beginning of a table. */
uint64_t party_draw_page(struct party *party, uint64_t places);
struct hvrv_gstage_range party_draw_range(struct party *party, uint64_t places);
uint64_t party_draw_gpa(struct party *party);

/*
 * Whether to end; counts, and gives way now and then, so that nobody is often inside the tables
 * without a processor.
 */
bool party_is_over(struct party *party);

/* A gather of its own. */
void party_begin(struct party *party, struct hvrv_fence_gather *gather);
void party_commit(struct party *party, struct hvrv_fence_gather *gather);
void party_end(struct party *party, struct hvrv_fence_gather *gather);

/* The page's number, or PAGES. */
uint64_t page_of(uint64_t gpa);
uint64_t gpa_of(uint64_t page);

/* Whether an entry is what some writer may have made for this address. */
bool leaf_is_right(uint64_t bits, uint64_t gpa, uint64_t hpa);

/* What a dirty page leads to: what is stored there is known. */
void world_copy(struct world *world, uint64_t page);

/* With nobody about: every page's entry, that no table is empty, and that none is lost. */
void world_check(struct world *world);

/* What the threads do; the argument is a struct party. */
void *run_reader(void *party);
void *run_hart(void *party);
void *run_harvester(void *party);
void *run_writer(void *party);

/* A harvest of all there is, and what follows from it. */
void harvest_all(struct party *party, uint64_t which);
/* What is there all the time: the steady place, and the guest's tables. */
void map_at_first(struct party *party);
void unmap_all(struct party *party);

#endif
