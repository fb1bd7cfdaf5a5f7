/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of a word: what is set comes back, the rest stays, and nothing overflows.
 *
 * Assumptions: 63 >= msb >= lsb >= 0, as HVRV_BITS() demands; for alignment, a
 * size that is a power of two. The fields are run through one by one, those with
 * an lsb of FIRST to LAST; the words are anything.
 */
#include <hvrv/isa/bits.h>

#include "proof.h"

static void check_field(unsigned msb, unsigned lsb)
{
    uint64_t word = nondet_u64();
    uint64_t value = nondet_u64();
    uint64_t ones = msb - lsb == 63 ? UINT64_MAX : (UINT64_C(1) << (msb - lsb + 1)) - 1;
    uint64_t field = HVRV_BITS(msb, lsb);
    PROVE(field == ones << lsb);
    PROVE(hvrv_bits_get(word, field) == (word >> lsb & ones));
    uint64_t set = hvrv_bits_set(word, field, value);
    PROVE((set >> lsb & ones) == (value & ones));
    PROVE((set & ~field) == (word & ~field));
    PROVE(hvrv_bits_fit(field, value) == (value <= ones));
}

void a_field_comes_back_as_it_was_set(void)
{
    for (unsigned lsb = FIRST; lsb <= LAST; lsb++) {
        for (unsigned msb = lsb; msb < 64; msb++)
            check_field(msb, lsb);
    }
    COVER(true);
}

void alignment_and_sums_are_exact(void)
{
    unsigned shift = nondet_unsigned();
    uint64_t a = nondet_u64();
    uint64_t b = nondet_u64();
    uint64_t sum;
    ASSUME(shift < 64);
    uint64_t size = HVRV_BIT(shift);
    PROVE(hvrv_bits_is_aligned(a, size) == ((a >> shift) << shift == a));
    bool wraps = hvrv_bits_add_wraps(a, b, &sum);
    PROVE(sum == a + b);
    PROVE(wraps == (b > UINT64_MAX - a));
    COVER(wraps && hvrv_bits_is_aligned(a, size) && shift == 12);
    COVER(!wraps);
}
