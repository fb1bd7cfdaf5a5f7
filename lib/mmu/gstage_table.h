/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the gstage*.c share: where an entry is, how it is read and changed, how a
 * leaf is split, and the pass: the loop over a range that most calls are.
 *
 * Tables in the direct window are worked on where they are. Of others, a group of
 * sixteen entries (as many as a NAPOT range has) is copied, worked on, and what
 * changed is swapped back; so the work itself is written once, on pointers.
 */
#ifndef HVRV_LIB_MMU_GSTAGE_TABLE_H
#define HVRV_LIB_MMU_GSTAGE_TABLE_H

#include <hvrv/mmu/gstage.h>

/* How often an entry may change under a call before it gives up. */
#define HVRV_GSTAGE_TRIES 8

#define HVRV_GSTAGE_PTE_SIZE   8
#define HVRV_GSTAGE_NAPOT      16 /* entries of a NAPOT range */
#define HVRV_GSTAGE_NAPOT_SIZE HVRV_BIT(HVRV_NAPOT_SHIFT)

/* The path to an entry. */
struct hvrv_gstage_place {
    hvrv_hpa slot[HVRV_LEVELS_MAX]; /* by level, from the root's down to the entry's own */
    unsigned level;                 /* the entry's */
    hvrv_pte pte;                   /* what it was when it was read */
};

/* Entries of one table, side by side. */
struct hvrv_gstage_stretch {
    volatile uint64_t *entry;
    uint64_t address;        /* what the first is for */
    unsigned count;          /* not 0 */
    unsigned level;          /* of all */
    bool is_part;            /* the range has only a part of what the one entry is for */
    uint64_t each;           /* bytes of the range for an entry */
    uint64_t changed;        /* out: not 0 if a fence is owed for what they are for */
    unsigned tried;          /* out: that many may have changed, if more than are done */
    enum hvrv_status status; /* out: why the work stopped; HVRV_OK at first */
};

struct hvrv_gstage_pass;

/* What a range call does, all the same for every call of its kind. */
struct hvrv_gstage_job {
    /* Does what is to be done where the path to the range's first address ends. */
    enum hvrv_status (*step)(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place);
    /*
     * Works on a stretch; returns how many of its entries are done. Less than all, if it comes to
     * a pointer or sets the stretch's status. What it did may be undone, and it be called again.
     */
    unsigned (*work)(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch);
    enum hvrv_fence_change change; /* what is noted where the work says changed */
    unsigned level;                /* where paths end at the latest */
    bool keeps_whole; /* leaves partly in the range are not split but worked on as they are */
};

/* A range call under way. The last three are the pass's own. */
struct hvrv_gstage_pass {
    const struct hvrv_gstage *gstage;
    struct hvrv_gstage_range *range;
    struct hvrv_fence_gather *gather;
    void *request; /* the call's own */
    const struct hvrv_gstage_job *job;
    enum hvrv_fence_change change; /* the job's, or what the work makes of it */
    uint32_t budget;               /* what is left of it */
    unsigned tries;                /* how often in a row an entry changed under the pass */
};

static inline bool hvrv_gstage_is_leaf(uint64_t pte)
{
    return (pte & (HVRV_PTE_R | HVRV_PTE_X)) != 0;
}

static inline bool hvrv_gstage_is_table(uint64_t pte)
{
    return (pte & (HVRV_PTE_V | HVRV_PTE_RWX)) == HVRV_PTE_V;
}

/* The table that an entry is in. */
static inline hvrv_hpa hvrv_gstage_table_of(hvrv_hpa slot)
{
    return hvrv_hpa_make(slot.v & ~(HVRV_PAGE_SIZE - 1));
}

/* The table that an entry points to. */
static inline hvrv_hpa hvrv_gstage_child(const struct hvrv_gstage *gstage, uint64_t pte)
{
    return hvrv_hpa_make(((pte & HVRV_PTE_PPN) << 2) + gstage->pointer_offset);
}

/* The pointer to a table, which came from hvrv_pages_take(). */
static inline uint64_t hvrv_gstage_pointer(const struct hvrv_gstage *gstage, hvrv_hpa table)
{
    return ((table.v - gstage->pointer_offset) >> 2 & HVRV_PTE_PPN) | HVRV_PTE_V;
}

/* A and D that a leaf has, or may get from a hart at any time until the fence. */
static inline uint64_t hvrv_gstage_ad_of(const struct hvrv_gstage *gstage, uint64_t pte)
{
    uint64_t soon = pte & HVRV_PTE_W ? HVRV_PTE_A | HVRV_PTE_D : HVRV_PTE_A;
    return (gstage->ad == HVRV_GSTAGE_AD_HARDWARE ? soon | pte : pte) & (HVRV_PTE_A | HVRV_PTE_D);
}

enum hvrv_status hvrv_gstage_load(const struct hvrv_gstage *gstage, hvrv_hpa slot, uint64_t *pte);

/* Replaces what was seen. HVRV_ERR_RACE: it is something else now. */
enum hvrv_status hvrv_gstage_replace(const struct hvrv_gstage *gstage, hvrv_hpa slot, uint64_t seen,
                                     uint64_t pte);

/* Whether a call may begin. */
enum hvrv_status hvrv_gstage_check_range(const struct hvrv_gstage *gstage, uint64_t address,
                                         uint64_t size);
enum hvrv_status hvrv_gstage_check_call(const struct hvrv_gstage *gstage,
                                        const struct hvrv_gstage_range *range,
                                        const struct hvrv_fence_gather *gather);

/* Whether tables that are taken out can be parked in the gather. */
enum hvrv_status hvrv_gstage_check_gather(const struct hvrv_gstage *gstage,
                                          const struct hvrv_fence_gather *gather);

/* Goes down to the entry at the level, or to the first above it that is no pointer. */
enum hvrv_status hvrv_gstage_find(const struct hvrv_gstage *gstage, uint64_t address,
                                  unsigned level, struct hvrv_gstage_place *place);

/* A leaf of 4 KiB, aligned to 64, as each of the sixteen of a NAPOT range. */
uint64_t hvrv_gstage_napot(uint64_t leaf);

/* And back: the leaf of 4 KiB that the entry of that number of a NAPOT range stands for. */
uint64_t hvrv_gstage_plain(const struct hvrv_gstage *gstage, uint64_t pte, unsigned index);

/* Writes entries of a table that no entry points to yet, each as many times as it says. */
struct hvrv_gstage_leaves {
    uint64_t pte;  /* the first */
    uint64_t step; /* from one leaf's entry to the next leaf's */
    unsigned each; /* entries a leaf has: 1, or 16 for NAPOT */
};
enum hvrv_status hvrv_gstage_fill(const struct hvrv_gstage *gstage, hvrv_hpa slot, unsigned count,
                                  const struct hvrv_gstage_leaves *leaves);

/* The pass: one step of the job after the other, until the range or the budget ends. */
enum hvrv_status hvrv_gstage_run(struct hvrv_gstage_pass *pass, const struct hvrv_gstage_job *job);

/* The step of most calls: splits a leaf that is partly in the range, else works on a stretch. */
enum hvrv_status hvrv_gstage_step(struct hvrv_gstage_pass *pass, struct hvrv_gstage_place *place);

/*
 * Works on a stretch that begins at the pass's address, of so many entries; of up to the most, if
 * it would cut a NAPOT range.
 */
enum hvrv_status hvrv_gstage_stretch(struct hvrv_gstage_pass *pass, unsigned count,
                                     const struct hvrv_gstage_place *place, unsigned most);

/* Splits the leaf there into leaves of the next level, or of 64 KiB if there is a level 0 below. */
enum hvrv_status hvrv_gstage_split_leaf(struct hvrv_gstage_pass *pass,
                                        const struct hvrv_gstage_place *place, bool to_napot);

/* Splits the NAPOT range around the pass's address into leaves of 4 KiB. */
enum hvrv_status hvrv_gstage_split_napot(struct hvrv_gstage_pass *pass,
                                         const struct hvrv_gstage_place *place);

/*
 * An entry changed under the pass: it will look again, unless that has happened too often in a row.
 */
enum hvrv_status hvrv_gstage_retry(struct hvrv_gstage_pass *pass);

/* Moves the range on, and uses up the budget. */
void hvrv_gstage_advance(struct hvrv_gstage_pass *pass, uint64_t bytes, unsigned entries);

/* Moves it to the end of what an entry of 2^shift at its address is for. */
void hvrv_gstage_skip(struct hvrv_gstage_pass *pass, unsigned shift);

/* Whether the range has all of what an entry of 2^shift at its address is for. */
bool hvrv_gstage_is_whole(const struct hvrv_gstage_pass *pass, unsigned shift);

/* Notes entries of a level from the pass's address on, */
void hvrv_gstage_note(struct hvrv_gstage_pass *pass, enum hvrv_fence_change change, unsigned level,
                      uint64_t bytes);

/* or around it, aligned to their size. */
void hvrv_gstage_note_around(struct hvrv_gstage_pass *pass, enum hvrv_fence_change change,
                             unsigned level, unsigned shift);

/* hvrv_gstage_map(), for all that struct hvrv_gstage_quick is not made for. */
enum hvrv_status hvrv_gstage_map_range(const struct hvrv_gstage *gstage,
                                       struct hvrv_gstage_map_request *map,
                                       struct hvrv_fence_gather *gather);

/* Makes struct hvrv_gstage_quick of the rest of the tree. */
void hvrv_gstage_quicken(struct hvrv_gstage *gstage);

#endif
