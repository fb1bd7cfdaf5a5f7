/* SPDX-License-Identifier: BSD-2-Clause */
/* A page source over a piece of memory whose HPAs are the hypervisor's own addresses. */
#ifndef EXAMPLES_COMMON_POOL_H
#define EXAMPLES_COMMON_POOL_H

#include <hvrv/port/pages.h>

/* Pages that came back are handed out first; after them, one after the other. */
struct pool {
    uint64_t next, end;   /* what was never handed out */
    uint64_t free[2];     /* what came back, 4 KiB and 16 KiB: each page holds the next one's HPA */
    uint64_t pages_taken; /* pages of 4 KiB that are out; a root of 16 KiB is four */
};

/* The source that the library is given; the pool must outlive it. */
struct hvrv_pages pool_pages(struct pool *pool);

#endif
