/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/port/pages.h>

static enum hvrv_status check(const struct hvrv_pages *pages, enum hvrv_pages_size size)
{
    if (!pages || !pages->take || !pages->give)
        return HVRV_ERR_NULL;
    if (size != HVRV_PAGES_TABLE && size != HVRV_PAGES_ROOT_X4)
        return HVRV_ERR_ARGUMENT;
    return HVRV_OK;
}

enum hvrv_status hvrv_pages_take(const struct hvrv_pages *pages, enum hvrv_pages_size size,
                                 hvrv_hpa *page)
{
    if (!page)
        return HVRV_ERR_NULL;
    page->v = 0;
    enum hvrv_status status = check(pages, size);
    if (status != HVRV_OK)
        return status;
    hvrv_hpa taken = {0};
    if (!pages->take(pages->context, size, &taken))
        return HVRV_ERR_NO_PAGES;
    if (!hvrv_bits_is_aligned(taken.v, size))
        status = HVRV_ERR_ALIGN;
    else if (taken.v >> HVRV_HPA_WIDTH)
        status = HVRV_ERR_RANGE;
    if (status == HVRV_OK)
        *page = taken;
    else
        pages->give(pages->context, size, taken);
    return status;
}

enum hvrv_status hvrv_pages_give(const struct hvrv_pages *pages, enum hvrv_pages_size size,
                                 hvrv_hpa page)
{
    enum hvrv_status status = check(pages, size);
    if (status != HVRV_OK)
        return status;
    if (!hvrv_bits_is_aligned(page.v, size))
        return HVRV_ERR_ALIGN;
    pages->give(pages->context, size, page);
    return HVRV_OK;
}
