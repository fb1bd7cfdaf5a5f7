/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/addr.h>

enum hvrv_status hvrv_range_make(struct hvrv_range *range, uint64_t first, uint64_t size)
{
    if (!range)
        return HVRV_ERR_NULL;
    range->first = 0;
    range->last = 0;
    if (!hvrv_bits_is_aligned(first | size, HVRV_PAGE_SIZE))
        return HVRV_ERR_ALIGN;
    uint64_t last;
    if (size == 0 || hvrv_bits_add_wraps(first, size - 1, &last))
        return HVRV_ERR_RANGE;
    range->first = first;
    range->last = last;
    return HVRV_OK;
}
