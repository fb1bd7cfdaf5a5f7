/* SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include <string.h>

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    struct pool *pool = context;
    uint64_t *free = &pool->free[size != HVRV_PAGES_TABLE];
    uint64_t fresh = (pool->next + size - 1) / size * size;
    if (*free) {
        page->v = *free;
        *free = *(uint64_t *)page->v;
    } else if (fresh + size <= pool->end) {
        page->v = fresh;
        pool->next = fresh + size;
    } else {
        return false;
    }
    memset((void *)page->v, 0, size);
    pool->pages_taken += size / HVRV_PAGE_SIZE;
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    struct pool *pool = context;
    uint64_t *free = &pool->free[size != HVRV_PAGES_TABLE];
    *(uint64_t *)page.v = *free;
    *free = page.v;
    pool->pages_taken -= size / HVRV_PAGE_SIZE;
}

struct hvrv_pages pool_pages(struct pool *pool)
{
    return (struct hvrv_pages){take, give, pool};
}
