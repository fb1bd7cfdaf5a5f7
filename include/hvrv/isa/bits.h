/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup bits Bits
 * @brief Fields of a 64-bit word, alignment, and arithmetic that says when it wraps.
 *
 * A field is a mask, written as the manual draws it: HVRV_BITS(msb, lsb).
 * hvrv_bits_get() and hvrv_bits_set() find the shift in the mask, so a field
 * has one name and no second constant that could disagree with the first.
 * @{
 */
#ifndef HVRV_ISA_BITS_H
#define HVRV_ISA_BITS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The bit @p n, 0 to 63. */
#define HVRV_BIT(n) (UINT64_C(1) << (n))

/** The mask of the bits @p msb down to @p lsb, both included, 63 >= msb >= lsb >= 0. */
#define HVRV_BITS(msb, lsb) ((UINT64_MAX >> (63 - (msb))) & (UINT64_MAX << (lsb)))

/**
 * @brief The field @p field of @p word, shifted down to bit 0.
 * @param word any value.
 * @param field a contiguous, non-zero mask made with HVRV_BITS().
 * @return the field's value.
 */
static inline uint64_t hvrv_bits_get(uint64_t word, uint64_t field)
{
    return (word & field) / (field & (~field + 1));
}

/**
 * @brief @p word with its field @p field replaced by @p value.
 * @param word any value.
 * @param field a contiguous, non-zero mask made with HVRV_BITS().
 * @param value the field's new value; bits that do not fit are dropped.
 * @return the new word.
 */
static inline uint64_t hvrv_bits_set(uint64_t word, uint64_t field, uint64_t value)
{
    return (word & ~field) | ((value * (field & (~field + 1))) & field);
}

/**
 * @brief The number of the lowest bit that is set, without what a library of the compiler's would
 * do.
 * @param word any value.
 * @return 0 to 63; 64 if no bit is.
 */
static inline unsigned hvrv_bits_lowest(uint64_t word)
{
    unsigned bit = 0;

    while (bit < 64 && (word >> bit & 1) == 0)
        bit++;
    return bit;
}

/**
 * @brief Tells whether @p value fits into @p field.
 * @param field a contiguous, non-zero mask made with HVRV_BITS().
 * @param value any value.
 * @return true if hvrv_bits_set() would keep every bit of @p value.
 */
static inline bool hvrv_bits_fit(uint64_t field, uint64_t value)
{
    return value <= field / (field & (~field + 1));
}

/**
 * @brief Tells whether @p value is a multiple of @p size.
 * @param value any value.
 * @param size a power of two.
 * @return true if aligned.
 */
static inline bool hvrv_bits_is_aligned(uint64_t value, uint64_t size)
{
    return (value & (size - 1)) == 0;
}

/**
 * @brief Adds and says whether the sum wrapped.
 * @param a first term.
 * @param b second term.
 * @param[out] sum a + b modulo 2^64.
 * @return true if the true sum is 2^64 or more.
 */
static inline bool hvrv_bits_add_wraps(uint64_t a, uint64_t b, uint64_t *sum)
{
    *sum = a + b;
    return *sum < a;
}

#ifdef __cplusplus
}
#endif

#endif
/** @} */
