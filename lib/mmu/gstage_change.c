/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of leaves that take no table and make none, but where a leaf is split. */
#include "gstage_table.h"

/* What a leaf becomes: (leaf & keep) | set. */
struct change {
    uint64_t keep;
    uint64_t set;
    bool is_checked; /* it may become one that is reserved */
};

static bool is_legal(uint64_t leaf)
{
    return hvrv_gstage_is_leaf(leaf) && (leaf & (HVRV_PTE_R | HVRV_PTE_W)) != HVRV_PTE_W &&
           (leaf & HVRV_PTE_PBMT) != HVRV_PTE_PBMT;
}

/* An entry that changes while it is being changed. False ends the stretch. */
static bool insist(const struct change *change, struct hvrv_gstage_stretch *stretch,
                   volatile uint64_t *entry)
{
    uint64_t old = *entry;
    for (unsigned tries = 0; tries < HVRV_GSTAGE_TRIES; tries++) {
        if (!hvrv_gstage_is_leaf(old))
            return !hvrv_gstage_is_table(old);
        uint64_t leaf = (old & change->keep) | change->set;
        if (change->is_checked && !is_legal(leaf)) {
            stretch->status = HVRV_ERR_ARGUMENT;
            return false;
        }
        if (leaf == old)
            return true;
        if (__atomic_compare_exchange_n(entry, &old, leaf, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
            stretch->changed |= (old | leaf) & HVRV_PTE_V;
            return true;
        }
    }
    stretch->status = HVRV_ERR_RACE;
    return false;
}

/* The general way. */
static unsigned change_one_by_one(const struct change *change, struct hvrv_gstage_stretch *stretch)
{
    const struct change plain = *change;
    volatile uint64_t *entry = stretch->entry;
    volatile uint64_t *end = entry + stretch->count;
    uint64_t changed = 0;
    for (; entry != end; entry++) {
        uint64_t old = *entry;
        uint64_t leaf = (old & plain.keep) | plain.set;
        bool is_plain = hvrv_gstage_is_leaf(old) && !plain.is_checked;
        if (is_plain && __atomic_compare_exchange_n(entry, &old, leaf, false, __ATOMIC_RELEASE,
                                                    __ATOMIC_RELAXED))
            changed |= old ^ leaf;
        else if (!insist(change, stretch, entry))
            break;
    }
    stretch->changed |= changed;
    return (unsigned)(entry - stretch->entry);
}

/* In a table of level 0 there are no pointers, and what is empty has no bits to be taken. */
static unsigned clear_all(uint64_t keep, struct hvrv_gstage_stretch *stretch)
{
    volatile uint64_t *end = stretch->entry + stretch->count;
    uint64_t any = 0;
    for (volatile uint64_t *entry = stretch->entry; entry != end; entry++)
        any |= __atomic_fetch_and(entry, keep, __ATOMIC_RELAXED);
    stretch->changed = any & ~keep;
    return stretch->count;
}

/* The way for the most frequent change: bits of level 0 taken, none given, none checked. */
static unsigned change_stretch(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch)
{
    const struct change *change = pass->request;
    if (stretch->level == 0 && change->set == 0 && !change->is_checked)
        return clear_all(change->keep, stretch);
    return change_one_by_one(change, stretch);
}

static const struct hvrv_gstage_job change_job = {
    .step = hvrv_gstage_step, .work = change_stretch, .change = HVRV_FENCE_LEAF_CHANGED};

static const struct hvrv_gstage_job unblock_job = {
    .step = hvrv_gstage_step, .work = change_stretch, .change = HVRV_FENCE_LEAF_ADDED};

/* Whether some leaf could become a reserved one. */
static bool needs_check(uint64_t mask, uint64_t bits)
{
    uint64_t cleared = mask & ~bits;
    bool gets_write_alone = (bits & HVRV_PTE_W) && !(bits & HVRV_PTE_R);
    return (cleared & (HVRV_PTE_R | HVRV_PTE_X)) || gets_write_alone || (mask & HVRV_PTE_PBMT);
}

enum hvrv_status hvrv_gstage_protect(const struct hvrv_gstage *gstage,
                                     struct hvrv_gstage_protect_request *protect,
                                     struct hvrv_fence_gather *gather)
{
    if (!protect)
        return HVRV_ERR_NULL;
    enum hvrv_status status = hvrv_gstage_check_call(gstage, &protect->range, gather);
    if (status != HVRV_OK)
        return status;
    if ((protect->mask & ~gstage->leaf_bits) || (protect->bits & ~protect->mask) ||
        (protect->bits & HVRV_PTE_PBMT) == HVRV_PTE_PBMT)
        return HVRV_ERR_ARGUMENT;
    struct change change = {~protect->mask, protect->bits,
                            needs_check(protect->mask, protect->bits)};
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = &protect->range, .gather = gather, .request = &change};
    return hvrv_gstage_run(&pass, &change_job);
}

/* Both take V or give it, and leave all else. */
static enum hvrv_status change_valid(struct hvrv_gstage_pass *pass,
                                     const struct hvrv_gstage_job *job)
{
    enum hvrv_status status = hvrv_gstage_check_call(pass->gstage, pass->range, pass->gather);
    return status == HVRV_OK ? hvrv_gstage_run(pass, job) : status;
}

enum hvrv_status hvrv_gstage_block(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_range *range,
                                   struct hvrv_fence_gather *gather)
{
    struct change change = {~HVRV_PTE_V, 0, false};
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = range, .gather = gather, .request = &change};
    return change_valid(&pass, &change_job);
}

enum hvrv_status hvrv_gstage_unblock(const struct hvrv_gstage *gstage,
                                     struct hvrv_gstage_range *range,
                                     struct hvrv_fence_gather *gather)
{
    struct change change = {UINT64_MAX, HVRV_PTE_V, false};
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = range, .gather = gather, .request = &change};
    return change_valid(&pass, &unblock_job);
}
