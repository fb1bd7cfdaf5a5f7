/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One random operation. What comes of it is known before (smp->after); the
 * pages' versions are odd until the commit is over and memory holds what it
 * should.
 */
#include <string.h>

#include "smp.h"

#define R   HVRV_PTE_R
#define W   HVRV_PTE_W
#define X   HVRV_PTE_X
#define RWX (R | W | X)

#define LINGER 20000 /* turns before an operation */

enum kind { MAP, UNMAP, PROTECT, BLOCK, UNBLOCK, SPLIT, MERGE, HARVEST };

/* What is to be done, and to which pages of the window. */
struct work {
    enum kind kind;
    unsigned first, end;
    uint32_t budget;
    uint64_t bits;
    int host;
    enum hvrv_gstage_existing existing;
    uint8_t shift;
    uint64_t which;
    unsigned stop; /* where it is refused; end if it is not */
    uint64_t bitmap[WINDOW_PAGES / 64];
};

static unsigned draw(struct smp *smp, unsigned below)
{
    return random_below(&smp->random, below);
}

static bool one_in(struct smp *smp, unsigned n)
{
    return random_one_in(&smp->random, n);
}

static uint64_t draw_access(struct smp *smp)
{
    static const uint8_t bits[] = {R | W, R | W, R | W, R | W | X, R, R | X, X};
    return bits[draw(smp, sizeof bits)];
}

static void draw_range(struct smp *smp, struct work *work)
{
    unsigned count = 1 + draw(smp, one_in(smp, 2) ? 3 : 40);
    work->first = draw(smp, WINDOW_PAGES);
    if (one_in(smp, 4)) {
        count = 16 * (1 + draw(smp, 4));
        work->first &= ~15U;
    } else if (one_in(smp, work->kind == UNMAP || work->kind == BLOCK ? 12 : 3)) {
        count = 512 * (1 + draw(smp, 2));
        work->first &= ~511U;
    }
    work->end = work->first + count < WINDOW_PAGES ? work->first + count : WINDOW_PAGES;
}

static void draw_work(struct smp *smp, struct work *work)
{
    static const enum kind kinds[] = {MAP,     MAP,     MAP,     MAP,     MAP,
                                      UNMAP,   PROTECT, PROTECT, BLOCK,   SPLIT,
                                      UNBLOCK, UNBLOCK, HARVEST, HARVEST, MERGE};
    memset(work, 0, sizeof *work);
    work->kind = kinds[draw(smp, sizeof kinds / sizeof kinds[0])];
    draw_range(smp, work);
    work->budget = one_in(smp, 3) ? 1 + draw(smp, 100) : HVRV_GSTAGE_NO_LIMIT;
    work->bits = draw_access(smp);
    work->existing = one_in(smp, 2) ? HVRV_GSTAGE_REPLACE : HVRV_GSTAGE_REFUSE;
    work->which = one_in(smp, 4) ? HVRV_PTE_A : HVRV_PTE_D;
    if (work->kind == MAP) {
        work->shift = one_in(smp, 4) ? 12 : 0;
        work->host = memory_find(smp, work->first, work->end - work->first);
    } else {
        work->shift = (smp->config.features & FEATURE_SVNAPOT) && one_in(smp, 2) ? 16 : 21;
        if (work->kind == SPLIT && work->shift == 21)
            work->shift = 12;
    }
    work->stop = work->end;
}

/* What becomes of one page. False: the operation stops before it. */
static bool foretell(struct smp *smp, const struct work *work, unsigned i)
{
    struct page *after = &smp->after[i];
    *after = smp->page[i];
    bool is_mapped = after->host != NOWHERE;
    switch (work->kind) {
    case MAP:
        if (is_mapped && work->existing == HVRV_GSTAGE_REFUSE)
            return false;
        *after = (struct page){(int16_t)(work->host + (int)(i - work->first)), (uint8_t)work->bits,
                               false};
        return true;
    case UNMAP:
        *after = (struct page){NOWHERE, 0, false};
        return true;
    case PROTECT:
        after->bits = (uint8_t)(is_mapped ? work->bits : 0);
        return true;
    case BLOCK:
    case UNBLOCK:
        after->is_blocked = is_mapped && work->kind == BLOCK;
        return true;
    default:
        return true;
    }
}

/* Since when nobody may store to the page, nobody has. */
static void check_frozen(struct smp *smp, unsigned i)
{
    struct page page = smp->page[i];
    if (page.host == NOWHERE || is_writable(&page))
        return;
    uint64_t stamps = memory_stamps(smp, (unsigned)page.host);
    if (stamps != smp->host[page.host].frozen)
        complain(&smp->hart[0], "a page was stored to that is not writable", i, stamps);
}

/* Before the operation: from now on, what the guest finds on these pages is not certain. */
static void open_pages(struct smp *smp, struct work *work)
{
    for (unsigned i = work->first; i < work->end; i++) {
        if (!foretell(smp, work, i)) {
            work->stop = i;
            break;
        }
        const struct page *after = &smp->after[i];
        check_frozen(smp, i);
        atomic_fetch_add(&smp->version[i], 1);
        if (after->host != NOWHERE && after->host != smp->page[i].host)
            memory_use(smp, (unsigned)after->host);
        if (is_readable(after))
            memory_set_tag((unsigned)after->host, TAG + i);
    }
}

static void release(struct smp *smp, const struct work *work)
{
    for (unsigned i = work->first; i < work->stop; i++) {
        int host = smp->page[i].host;
        if (host != NOWHERE && host != smp->after[i].host)
            memory_free(smp, (unsigned)host);
    }
}

/* After the commit. */
static void close_pages(struct smp *smp, const struct work *work)
{
    if (smp->config.mistake != MISTAKE_EARLY)
        release(smp, work);
    for (unsigned i = work->first; i < work->stop; i++) {
        struct page page = smp->after[i];
        smp->page[i] = page;
        if (page.host != NOWHERE && !is_readable(&page))
            memory_set_tag((unsigned)page.host, POISON);
        if (page.host != NOWHERE && !is_writable(&page))
            smp->host[page.host].frozen = memory_stamps(smp, (unsigned)page.host);
        atomic_fetch_add(&smp->version[i], 1);
    }
}

/* Whether a store since the harvest is told by the tables; of a NAPOT range, by any entry. */
static bool is_dirty_again(struct smp *smp, unsigned i)
{
    for (unsigned near = i & ~15U; near < (i | 15U) + 1; near++) {
        struct hvrv_gstage_entry entry;
        hvrv_gpa gpa = {GPA_WINDOW + near * HVRV_PAGE_SIZE};
        if (hvrv_gstage_query(&smp->gstage, gpa, &entry) == HVRV_OK &&
            (near == i || entry.shift == 16) && (entry.pte.v & HVRV_PTE_D))
            return true;
    }
    return false;
}

/*
 * One page's bit, against its stamps. Harts go on: what they stored between the
 * look at the entry and that at the stamps has set D again, before the store.
 */
static void check_bit(struct smp *smp, struct work *work, unsigned i)
{
    unsigned number = i - work->first;
    int host = smp->page[i].host;
    if (host == NOWHERE)
        return;
    struct host_page *page = &smp->host[host];
    uint64_t stamps = memory_stamps(smp, (unsigned)host);
    atomic_thread_fence(memory_order_seq_cst);
    bool is_told = work->bitmap[number / 64] >> number % 64 & 1;
    if (stamps != page->seen && !is_told && !is_dirty_again(smp, i))
        complain(&smp->hart[0], "a harvest misses a page that was stored to", i, stamps);
    page->seen = stamps;
}

static void lose_bit(struct smp *smp, struct work *work)
{
    if (smp->config.mistake != MISTAKE_LOST_BIT)
        return;
    for (unsigned i = 0; i < WINDOW_PAGES / 64; i++) {
        if (work->bitmap[i]) {
            work->bitmap[i] &= work->bitmap[i] - 1;
            return;
        }
    }
}

static void commit(struct smp *smp, struct work *work)
{
    if (hvrv_fence_commit(&smp->gather) != HVRV_OK)
        complain(&smp->hart[0], "a commit fails", 0, 0);
    smp->commits++;
    if (work->kind != HARVEST || work->which != HVRV_PTE_D)
        return;
    lose_bit(smp, work);
    for (unsigned i = work->first; i < work->end; i++)
        check_bit(smp, work, i);
}

/* A call takes one of these; each begins with the range. */
union request {
    struct hvrv_gstage_range range;
    struct hvrv_gstage_map_request map;
    struct hvrv_gstage_protect_request protect;
    struct hvrv_gstage_resize resize;
    struct hvrv_gstage_harvest_request harvest;
};

static void fill(struct smp *smp, struct work *work, union request *request)
{
    struct hvrv_gstage_range range = {{GPA_WINDOW + work->first * HVRV_PAGE_SIZE},
                                      (work->end - work->first) * HVRV_PAGE_SIZE,
                                      work->budget};
    uint64_t ad = one_in(smp, 3) ? HVRV_PTE_A | HVRV_PTE_D : 0;
    memset(request, 0, sizeof *request);
    switch (work->kind) {
    case MAP:
        request->map =
            (struct hvrv_gstage_map_request){range,
                                             {HPA_PAGES + (uint64_t)work->host * HVRV_PAGE_SIZE},
                                             work->bits | ad,
                                             work->shift,
                                             work->existing};
        break;
    case PROTECT:
        request->protect = (struct hvrv_gstage_protect_request){range, RWX, work->bits};
        break;
    case SPLIT:
    case MERGE:
        request->resize = (struct hvrv_gstage_resize){range, work->shift};
        break;
    case HARVEST:
        request->harvest =
            (struct hvrv_gstage_harvest_request){range, work->which, work->bitmap, 0};
        break;
    default:
        request->range = range;
        break;
    }
}

static enum hvrv_status call(struct smp *smp, enum kind kind, union request *request)
{
    const struct hvrv_gstage *gstage = &smp->gstage;
    struct hvrv_fence_gather *gather = &smp->gather;
    switch (kind) {
    case MAP:
        return hvrv_gstage_map(gstage, &request->map, gather);
    case UNMAP:
        return hvrv_gstage_unmap(gstage, &request->range, gather);
    case PROTECT:
        return hvrv_gstage_protect(gstage, &request->protect, gather);
    case BLOCK:
        return hvrv_gstage_block(gstage, &request->range, gather);
    case UNBLOCK:
        return hvrv_gstage_unblock(gstage, &request->range, gather);
    case SPLIT:
        return hvrv_gstage_split(gstage, &request->resize, gather);
    case MERGE:
        return hvrv_gstage_merge(gstage, &request->resize, gather);
    default:
        return hvrv_gstage_harvest(gstage, &request->harvest, gather);
    }
}

/* Nobody else is at work in the tables: those that are taken out are gone after the commit. */
static void lock(struct smp *smp)
{
    int nobody = 0;
    while (!atomic_compare_exchange_weak(&smp->lock, &nobody, -1))
        nobody = 0;
}

static void carry_out(struct smp *smp, struct work *work)
{
    bool takes_tables = work->kind == UNMAP || work->kind == MERGE;
    enum hvrv_status expected = work->stop < work->end ? HVRV_ERR_EXISTS : HVRV_OK;
    enum hvrv_status status;
    union request request;
    fill(smp, work, &request);
    if (takes_tables)
        lock(smp);
    do {
        status = call(smp, work->kind, &request);
        if (status == HVRV_ERR_UNFINISHED && (work->kind == MERGE || one_in(smp, 4)) &&
            hvrv_fence_commit(&smp->gather) != HVRV_OK)
            break;
    } while (status == HVRV_ERR_UNFINISHED || status == HVRV_ERR_RACE);
    if (smp->config.mistake == MISTAKE_EARLY)
        release(smp, work);
    commit(smp, work);
    if (takes_tables)
        atomic_store(&smp->lock, 0);
    if (status != expected || request.range.gpa.v != GPA_WINDOW + work->stop * HVRV_PAGE_SIZE)
        complain(&smp->hart[0], "an operation ends otherwise than it should", work->kind,
                 (uint64_t)status);
}

/* The others come to be in the guest. */
static void linger(unsigned turns)
{
    for (volatile unsigned i = 0; i < turns; i++)
        continue;
}

void mutate(struct smp *smp)
{
    struct work work;
    do
        draw_work(smp, &work);
    while (work.kind == MAP && work.host == NOWHERE);
    if (one_in(smp, 4))
        focus(smp, 0, WINDOW_PAGES);
    else
        focus(smp, work.first, work.end - work.first);
    linger(draw(smp, LINGER));
    open_pages(smp, &work);
    carry_out(smp, &work);
    close_pages(smp, &work);
}

/* The tables hold what was foretold. */
void mutate_check_all(struct smp *smp)
{
    for (unsigned i = 0; i < WINDOW_PAGES; i++) {
        struct page page = smp->page[i];
        struct hvrv_gstage_entry entry;
        uint64_t gpa = GPA_WINDOW + i * HVRV_PAGE_SIZE;
        uint64_t hpa = HPA_PAGES + (uint64_t)page.host * HVRV_PAGE_SIZE;
        check_frozen(smp, i);
        enum hvrv_status status = hvrv_gstage_query(&smp->gstage, hvrv_gpa_make(gpa), &entry);
        uint64_t mask = (UINT64_C(1) << entry.shift) - 1;
        uint64_t found = ((entry.pte.v >> 10 << 20 >> 8) & ~mask) | (gpa & mask);
        bool is_right = status == HVRV_OK && (entry.pte.v != 0) == (page.host != NOWHERE);
        if (is_right && page.host != NOWHERE)
            is_right = found == hpa && (entry.pte.v & RWX) == page.bits &&
                       (entry.pte.v & 1) != page.is_blocked;
        if (!is_right)
            complain(&smp->hart[0], "the tables hold something else", i, entry.pte.v);
    }
}

/* No guest runs any more. Whether every table page came back. */
bool mutate_unmap_all(struct smp *smp)
{
    struct hvrv_gstage_range all = {{0}, UINT64_C(1) << 41, HVRV_GSTAGE_NO_LIMIT};
    return hvrv_gstage_unmap(&smp->gstage, &all, &smp->gather) == HVRV_OK &&
           hvrv_fence_commit(&smp->gather) == HVRV_OK && hvrv_fence_end(&smp->gather) == HVRV_OK &&
           hvrv_gstage_fini(&smp->gstage) == HVRV_OK && smp->pool.pages_taken == 0;
}
