/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a gather owes covers all that was noted: hvrv_fence_begin() makes an order that is
 * sound, hvrv_fence_note() keeps it so and forgets nothing.
 *
 * Assumptions:
 * - A range that is noted has first <= last, and leaves of one of the five levels' sizes.
 * - A gather is any that begin and notes can leave behind; where something is noted,
 *   one with RANGES ranges.
 *
 * Files: lib/mmu/fence.c lib/port/phys.c lib/port/pages.c
 */
#include <hvrv/mmu/fence.h>

#include "proof.h"

#ifndef RANGES
#define RANGES 0
#endif

static struct hvrv_fence_domain domain;
static struct hvrv_fence_gather gather;
static struct hvrv_hart hart;

static void any_domain(void)
{
    domain.kind = (enum hvrv_fence_kind)(nondet_u8() % 3);
    domain.every_vmid = any_bool();
    domain.vmid = nondet_u16();
    domain.fences_max = nondet_u16();
    domain.svinval = any_bool();
    domain.svvptc = any_bool();
}

static bool is_range(const struct hvrv_fence_range *range)
{
    uint32_t shift = range->shift;
    return range->first <= range->last &&
           (shift == 12 || shift == 21 || shift == 30 || shift == 39 || shift == 48);
}

static struct hvrv_fence_range any_range(void)
{
    struct hvrv_fence_range range = {nondet_u64(), nondet_u64(), nondet_unsigned()};
    return range;
}

/* Whether it says what begin and notes can say, but for the number of fences. */
static bool is_sound(const struct hvrv_fence_gather *of)
{
    const struct hvrv_fence_order *order = &of->order;
    if (order->domain != &domain || order->range_count > HVRV_FENCE_RANGES)
        return false;
    for (uint32_t i = 0; i < HVRV_FENCE_RANGES; i++)
        if (i < order->range_count && !is_range(&order->range[i]))
            return false;
    if (of->is_fresh &&
        (order->scope != HVRV_FENCE_NOTHING || domain.svvptc || order->range[0].shift != 12))
        return false;
    return order->scope == HVRV_FENCE_PAGES ? order->range_count > 0 : order->range_count == 0;
}

/* Whether the order says to fence the leaf of 2^shift at an address. */
static bool covers(const struct hvrv_fence_order *order, uint64_t address, uint32_t shift)
{
    bool is_covered = order->scope == HVRV_FENCE_SPACE;
    uint64_t offset = (UINT64_C(1) << shift) - 1;
    for (uint32_t i = 0; i < order->range_count; i++) {
        const struct hvrv_fence_range *range = &order->range[i];
        if (order->scope == HVRV_FENCE_PAGES && range->shift == shift &&
            (range->first & ~offset) <= address && address <= (range->last | offset))
            is_covered = true;
    }
    return is_covered;
}

static void any_gather(void)
{
    any_domain();
    gather.order.domain = &domain;
    gather.order.scope = (enum hvrv_fence_scope)(nondet_u8() % 3);
    gather.order.range_count = nondet_u8();
    for (unsigned i = 0; i < HVRV_FENCE_RANGES; i++)
        gather.order.range[i] = any_range();
    gather.hart = &hart;
    gather.is_fresh = any_bool();
    gather.is_open = true;
    ASSUME(is_sound(&gather));
}

/* So that CBMC sees which ranges are meant, it gets their number as a constant. */
static void note(enum hvrv_fence_change change, const struct hvrv_fence_range *range)
{
    ASSUME(gather.order.range_count == RANGES);
    gather.order.range_count = RANGES;
    hvrv_fence_note(&gather, change, range);
}

void a_gather_begins_sound(void)
{
    any_domain();
    domain.kind = (enum hvrv_fence_kind)nondet_unsigned();
    gather.order.scope = HVRV_FENCE_SPACE;
    gather.is_open = any_bool();
    enum hvrv_status status = hvrv_fence_begin(&gather, &domain, &hart);
    bool is_domain = (unsigned)domain.kind <= 2 && domain.vmid >> 14 == 0;
    PROVE(status == (is_domain ? HVRV_OK : HVRV_ERR_ARGUMENT));
    PROVE(gather.is_open == (status == HVRV_OK));
    PROVE(IMPLIES(status == HVRV_OK, is_sound(&gather)));
    PROVE(IMPLIES(status == HVRV_OK, gather.order.scope == HVRV_FENCE_NOTHING));
    COVER(status == HVRV_OK);
    COVER(status != HVRV_OK);
}

void what_is_noted_is_owed(void)
{
    enum hvrv_fence_change change = (enum hvrv_fence_change)(nondet_u8() % 5);
    struct hvrv_fence_range range = any_range();
    uint64_t address = nondet_u64(); /* any */
    uint32_t shift = nondet_u8();
    any_gather();
    ASSUME(is_range(&range));
    ASSUME(shift >= 12 && shift <= 48);
    bool was_covered = covers(&gather.order, address, shift);
    enum hvrv_fence_scope before = gather.order.scope;
    uint32_t ranges = gather.order.range_count;
    bool is_table = change == HVRV_FENCE_TABLE_ADDED || change == HVRV_FENCE_TABLE_REMOVED ||
                    (change == HVRV_FENCE_LEAF_SPLIT && !domain.svvptc);
    bool is_added = change == HVRV_FENCE_LEAF_ADDED || change == HVRV_FENCE_TABLE_ADDED;
    uint64_t offset = (UINT64_C(1) << shift) - 1;
    bool is_noted = shift == range.shift && (range.first & ~offset) <= address &&
                    address <= (range.last | offset);
    note(change, &range);
    bool is_covered = covers(&gather.order, address, shift);
    PROVE(is_sound(&gather));
    PROVE(IMPLIES(was_covered, is_covered));
    if (is_added && domain.svvptc) {
        PROVE(gather.order.scope == before && gather.order.range_count == ranges);
        PROVE(was_covered == is_covered);
    } else if (is_table) {
        PROVE(gather.order.scope == HVRV_FENCE_SPACE);
    } else {
        PROVE(IMPLIES(is_noted, is_covered));
        /* By address no more is fenced than what was noted. */
        PROVE(
            IMPLIES(is_covered && gather.order.scope == HVRV_FENCE_PAGES, was_covered || is_noted));
        COVER(gather.order.scope == HVRV_FENCE_PAGES && gather.order.range_count == ranges + 1);
        COVER(before != HVRV_FENCE_SPACE && gather.order.scope == HVRV_FENCE_SPACE);
#if RANGES > 0
        COVER(gather.order.scope == HVRV_FENCE_PAGES && gather.order.range_count == ranges);
#endif
    }
}

/* The short way of a page added to a gather that is fresh does what the long way does. */
void a_first_page_is_noted_alike(void)
{
    uint64_t address = nondet_u64();
    uint64_t other = nondet_u64();
    any_gather();
    ASSUME(gather.is_fresh && address % 4096 == 0);
    hvrv_fence_note_first_page(&gather, address);
    PROVE(is_sound(&gather));
    PROVE(covers(&gather.order, other, 12) == (other >> 12 == address >> 12));
    COVER(gather.order.scope == HVRV_FENCE_PAGES);
}
