/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a host passes to its TSM: ranges and pointers, any of them. A range is made only of whole
 * pages that do not wrap and are not too many; memory counts as the host's only if all of it is.
 *
 * Assumptions:
 * - The map is of three pages, at any place; each is looked at alike. Any states.
 *
 * Files: lib/cove/tsm_memory.c lib/cove/page.c lib/cove/epoch.c lib/isa/addr.c
 */
#include "../../lib/cove/tsm_call.h"

#include "proof.h"

#define PAGES 3

static uint64_t words[PAGES];
static uint64_t seen[1];
static struct hvrv_epoch epoch;
static struct hvrv_page_map map;
static struct hvrv_tsm tsm;

static void any_map(void)
{
    epoch.now = nondet_u64();
    epoch.seen = seen;
    epoch.count = 1;
    seen[0] = nondet_u64();
    map.words = words;
    map.base.v = nondet_u64();
    map.count = PAGES;
    map.epoch = &epoch;
    ASSUME((map.base.v & 4095) == 0 && map.base.v < UINT64_C(1) << 55);
    for (unsigned i = 0; i < PAGES; i++)
        words[i] = nondet_u64();
    tsm.config.pages = &map;
    tsm.config.pages_max = nondet_unsigned();
}

void a_range_of_the_hosts_is_whole_pages(void)
{
    uint64_t base = nondet_u64();
    uint64_t count = nondet_u64();
    struct hvrv_range range;
    enum hvrv_sbi_error error;

    tsm.config.pages_max = nondet_unsigned();
    error = hvrv_tsm_make_range(&tsm, base, count, &range);
    COVER(error == HVRV_SBI_SUCCESS);
    if (error == HVRV_SBI_SUCCESS) {
        PROVE((base & 4095) == 0 && count != 0 && count <= tsm.config.pages_max);
        PROVE(range.first == base && range.last >= base);
        PROVE(range.last - range.first == count * 4096 - 1);
    } else {
        PROVE(range.first == 0 && range.last == 0);
        /* In this order. */
        PROVE(IMPLIES((base & 4095) != 0, error == HVRV_SBI_ERR_INVALID_ADDRESS));
        PROVE(IMPLIES((base & 4095) == 0 && (count == 0 || count > tsm.config.pages_max),
                      error == HVRV_SBI_ERR_INVALID_PARAM));
        PROVE(IMPLIES(error == HVRV_SBI_ERR_INVALID_PARAM,
                      (base & 4095) == 0 && (count == 0 || count > tsm.config.pages_max)));
        PROVE(IMPLIES((base & 4095) == 0 && count != 0 && count <= tsm.config.pages_max,
                      count * 4096 - 1 > UINT64_MAX - base));
    }
}

/* The page of an address is the host's, by the word of the map. */
static bool is_hosts(uint64_t hpa)
{
    uint64_t page = (hpa - map.base.v) / 4096;
    uint64_t state;

    if (hpa < map.base.v || page >= PAGES)
        return false;
    state = words[page] & 31;
    return state == HVRV_PAGE_HOST || state == HVRV_PAGE_SHARED;
}

void memory_is_the_hosts_if_all_of_it_is(void)
{
    uint64_t hpa = nondet_u64();
    uint64_t size = nondet_u64();
    uint64_t byte = nondet_u64();
    bool is_host;

    any_map();
    is_host = hvrv_tsm_is_host(&tsm, hpa, size);
    COVER(is_host && size > 4096);
    PROVE(IMPLIES(is_host, size != 0 && hpa + size > hpa));
    ASSUME(byte < size && hpa + size > hpa);
    PROVE(IMPLIES(is_host, is_hosts(hpa + byte)));
    /* And it is refused for a page that is not, which is the first, the last or between. */
    PROVE(IMPLIES(!is_host, !is_hosts(hpa) || !is_hosts(hpa + size - 1) ||
                                (hpa + size - 1 - hpa > 4095 && !is_hosts(map.base.v + 4096))));
}
