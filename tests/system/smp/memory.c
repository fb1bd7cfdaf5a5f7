/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's pages: the first word is the tag, then a stamp for each hart. A page that is free is
 * full of poison, and stays free for a while: whoever still has a translation to it shows.
 */
#include "smp.h"

#define QUARANTINE 12 /* commits */

static volatile uint64_t *words(unsigned host)
{
    return (volatile uint64_t *)(HPA_PAGES + host * HVRV_PAGE_SIZE);
}

/* Stamps only grow, so their sum tells whether one did. */
uint64_t memory_stamps(const struct smp *smp, unsigned host)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < smp->hart_count; i++)
        sum += words(host)[1 + i];
    return sum;
}

void memory_set_tag(unsigned host, uint64_t tag)
{
    words(host)[0] = tag;
}

/* It comes out of quarantine: nobody has stored to it. */
void memory_use(struct smp *smp, unsigned host)
{
    struct host_page *page = &smp->host[host];
    for (uint32_t i = 0; i < smp->hart_count; i++) {
        if (page->free_since && words(host)[1 + i] != POISON)
            complain(&smp->hart[0], "a free page was stored to by hart", host, i);
        words(host)[1 + i] = 0;
    }
    *page = (struct host_page){.is_used = true};
}

void memory_free(struct smp *smp, unsigned host)
{
    for (uint32_t i = 0; i <= smp->hart_count; i++)
        words(host)[i] = POISON;
    smp->host[host] = (struct host_page){.free_since = smp->commits + 1};
}

static bool is_free(const struct smp *smp, unsigned host, unsigned count)
{
    if (host + count > HOST_PAGES)
        return false;
    for (unsigned i = host; i < host + count; i++) {
        const struct host_page *page = &smp->host[i];
        if (page->is_used || (page->free_since && page->free_since + QUARANTINE > smp->commits))
            return false;
    }
    return true;
}

/* Neighbours that are free, mostly in step with the window's pages; NOWHERE if luck has none. */
int memory_find(struct smp *smp, unsigned first, unsigned count)
{
    bool is_apart = random_one_in(&smp->random, 4);
    for (unsigned tries = 0; tries < 16; tries++) {
        unsigned host = random_below(&smp->random, HOST_PAGES / 512) * 512 + first % 512;
        if (is_apart)
            host = random_below(&smp->random, HOST_PAGES);
        if (is_free(smp, host, count))
            return (int)host;
    }
    return NOWHERE;
}
