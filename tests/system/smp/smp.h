/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One VM with a vHart on each of several harts. The first hart changes the VM's tables; all of
 * them run the guest meanwhile, and look at what it finds.
 */
#ifndef SMP_SMP_H
#define SMP_SMP_H

#include <stdatomic.h>

#include <hvrv/hvrv.h>

#include "layout.h"
#include "pool.h"
#include "random.h"

#define CONFIG_MAGIC UINT64_C(0x706d732d76727668)

/* How the other harts are told to fence. */
enum reach {
    REACH_IPI,    /* an interrupt: they leave the guest, and carry out the order */
    REACH_RFENCE, /* by the firmware: the guest does not notice */
};

/* What is done wrong, so that it can be seen to be found. */
enum mistake {
    MISTAKE_NONE,
    MISTAKE_NO_REACH, /* the other harts are never told */
    MISTAKE_NO_FENCE, /* they are told, and fence nothing: an emulator that empties its TLB whenever
                         a guest is left, as QEMU does, does not show it */
    MISTAKE_LOST_BIT, /* a harvested bit is lost */
    MISTAKE_EARLY,    /* what was unmapped is used again before the commit */
    MISTAKE_COUNT,
};

#define FEATURE_SVNAPOT 1
#define FEATURE_SVINVAL 2
#define FEATURE_SVVPTC  4

/* Words that smp.sh writes into memory. */
struct config {
    uint64_t magic, seed, count, harts;
    uint64_t mode; /* of hgatp: 8 or 9 */
    uint64_t reach;
    uint64_t svade;    /* A and D are set by software */
    uint64_t features; /* what the harts have: FEATURE_.. */
    uint64_t mistake;
};

#define CONFIG ((const volatile struct config *)HPA_CONFIG)

/* A page of the window. */
struct page {
    int16_t host; /* which of the host's pages; NOWHERE */
    uint8_t bits; /* R, W, X */
    bool is_blocked;
};

#define NOWHERE (-1)

/* One of the host's pages, and what was found in it last. */
struct host_page {
    uint32_t free_since; /* the commit after which it was free */
    bool is_used;
    uint64_t seen;   /* the stamps at the last harvest */
    uint64_t frozen; /* the stamps since when nobody may store to it */
};

/* What went wrong first on a hart. */
struct complaint {
    const char *what;
    uint64_t page, value;
};

/* What a hart has. */
struct hart {
    uint64_t stack_end; /* the first: entry.S loads it */
    uint32_t index;     /* its number among ours, and its vHart's */
    uint64_t id;        /* the firmware's number */
    struct smp *smp;
    struct hvrv_hart port;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct hvrv_vhart vhart;
    uint64_t accesses, faults, retries;
    uint64_t mismatches;
    struct complaint first;
    struct {
        uint64_t page, version;
        enum hvrv_access access;
    } retry;              /* what should not fault again */
    atomic_uint answered; /* the last order carried out */
    atomic_bool is_ready, is_done;
};

struct smp {
    struct config config;
    struct hart hart[HARTS_MAX];
    uint32_t hart_count;
    struct hvrv_phys phys;
    struct pool pool;
    struct hvrv_pages pages;
    struct hvrv_gstage gstage;
    struct hvrv_fence_domain domain;
    struct hvrv_fence_gather gather;
    struct hvrv_vm vm;
    struct hvrv_vm_slot slots[HARTS_MAX];
    struct random random;

    /* The first hart writes, while the page's version is odd. */
    volatile struct page page[WINDOW_PAGES];
    atomic_uint version[WINDOW_PAGES];

    struct host_page host[HOST_PAGES];
    struct page after[WINDOW_PAGES]; /* what an operation is going to make of its range */
    uint32_t commits;

    /* Tables are taken out: -1. Else how many harts are at work in them. */
    atomic_int lock;

    const struct hvrv_fence_order *volatile order; /* null: go on where the focus is */
    volatile unsigned focus_first, focus_mask;
    atomic_uint asked;    /* orders so far */
    atomic_bool is_over;  /* the guests are to end */
    atomic_bool is_wrong; /* something was complained about */
};

/* main.c */
void complain(struct hart *hart, const char *what, uint64_t page, uint64_t value);
/* A call of the firmware; a and b are a0 and a1. Gives the error. */
uint64_t sbi(const struct hvrv_fence_call *call, uint64_t a, uint64_t b);
uint64_t other_harts(const struct smp *smp);

/* guest.c: a vHart on its hart. */
bool guest_prepare(struct hart *hart);
void guest_turn(struct hart *hart); /* until its next report, or something else to do */
void guest_loop(struct hart *hart); /* until all is over */
void guest_end(struct hart *hart);

/* reach.c: hvrv_fence_domain.reach, and what the others do about it. */
void reach(void *context, const struct hvrv_fence_order *order);
void answer(struct hart *hart);
void focus(struct smp *smp, unsigned first, unsigned count); /* where the guests go on */
void tell_all(struct smp *smp);
void doze(void); /* until an interrupt is pending */

/* memory.c: what is in the host's pages. */
#define POISON UINT64_C(0xdeadc0dedeadc0de)
uint64_t memory_stamps(const struct smp *smp, unsigned host);
void memory_set_tag(unsigned host, uint64_t tag);
void memory_use(struct smp *smp, unsigned host);
void memory_free(struct smp *smp, unsigned host);
int memory_find(struct smp *smp, unsigned first, unsigned count);

/* mutate.c: one random operation, and all that follows from it. */
void mutate(struct smp *smp);
void mutate_check_all(struct smp *smp);
bool mutate_unmap_all(struct smp *smp);

static inline bool is_readable(const struct page *page)
{
    return page->host != NOWHERE && !page->is_blocked && (page->bits & HVRV_PTE_R);
}

static inline bool is_writable(const struct page *page)
{
    return page->host != NOWHERE && !page->is_blocked && (page->bits & HVRV_PTE_W);
}

#endif
