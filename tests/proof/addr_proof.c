/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ranges: made exactly of what is whole pages and does not wrap, and what they
 * say of each other is true byte by byte.
 *
 * Assumptions: a level is 0 to 4. Nothing else: addresses and sizes are anything.
 *
 * Files: lib/isa/addr.c
 */
#include <hvrv/isa/addr.h>

#include "proof.h"

void a_range_is_made_or_refused_whole(void)
{
    uint64_t first = nondet_u64();
    uint64_t size = nondet_u64();
    struct hvrv_range range = {nondet_u64(), nondet_u64()};
    enum hvrv_status status = hvrv_range_make(&range, first, size);
    bool pages = first % 4096 == 0 && size % 4096 == 0;
    /* The end, first + size, may be 2^64 and no more. */
    bool fits = size != 0 && size - 1 <= UINT64_MAX - first;
    PROVE(status == (!pages ? HVRV_ERR_ALIGN : !fits ? HVRV_ERR_RANGE : HVRV_OK));
    PROVE(IMPLIES(status != HVRV_OK, range.first == 0 && range.last == 0));
    PROVE(IMPLIES(status == HVRV_OK, range.first == first && hvrv_range_size(range) == size));
    PROVE(hvrv_range_make(NULL, first, size) == HVRV_ERR_NULL);
    COVER(status == HVRV_OK && range.last == UINT64_MAX && first != 0);
    COVER(status == HVRV_ERR_RANGE && size != 0);
    COVER(status == HVRV_ERR_ALIGN);
}

void ranges_overlap_if_a_byte_is_in_both(void)
{
    struct hvrv_range a, b;
    uint64_t byte = nondet_u64();
    if (hvrv_range_make(&a, nondet_u64(), nondet_u64()) != HVRV_OK ||
        hvrv_range_make(&b, nondet_u64(), nondet_u64()) != HVRV_OK)
        return;
    bool overlap = hvrv_range_overlaps(a, b);
    uint64_t later = a.first > b.first ? a.first : b.first;
    PROVE(hvrv_range_has(a, byte) == (byte - a.first <= a.last - a.first));
    PROVE(IMPLIES(hvrv_range_has(a, byte) && hvrv_range_has(b, byte), overlap));
    PROVE(IMPLIES(overlap, hvrv_range_has(a, later) && hvrv_range_has(b, later)));
    PROVE(overlap == hvrv_range_overlaps(b, a));
    COVER(overlap && a.first != b.first && a.last != b.last);
    COVER(!overlap);
}

void a_level_covers_512_times_the_one_below(void)
{
    static const uint64_t sizes[] = {4096, 2097152, 1073741824, 549755813888, 281474976710656};
    unsigned level = nondet_unsigned();
    ASSUME(level <= 4);
    PROVE(hvrv_level_size(level) == sizes[level]);
    PROVE(UINT64_C(1) << hvrv_level_shift(level) == sizes[level]);
    COVER(level == 4);
}
