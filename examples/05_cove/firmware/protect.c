/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which memory each domain reaches, by PMP entries, of which the first that matches decides:
 *
 *     0        the firmware                nobody
 *     1        the TSM                     the confidential domain
 *     2 to 11  what the TSM holds, pairs   the confidential domain
 *     12       all else                    both
 *
 * For the confidential domain 1 to 11 are off. So the addresses are the same for both, and a change
 * of domain is a write of two pmpcfg; the addresses are written by a hart that has old ones.
 */
#include "firmware.h"

#define RANGES_MAX 5
#define NAPOT      UINT64_C(0x18)
#define TOR        UINT64_C(0x08)
#define RWX        UINT64_C(0x07)
#define PAGE       UINT64_C(4096)

struct range {
    uint64_t first;
    uint64_t end;
};

/* What the host's domain must not reach, beside the firmware and the TSM: ascending, apart. */
static struct range ranges[RANGES_MAX];
static uint32_t range_count;
static uint64_t host_config[2] = {NAPOT | NAPOT << 8, (NAPOT | RWX) << 32};
static uint64_t generation = 1; /* of ranges and host_config */
static uint32_t lock;

static uint64_t written[HARTS_MAX]; /* which generation's addresses a hart has */

static void take_lock(void)
{
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
        continue;
}

static void give_lock(void)
{
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

/* A range of a new list; false if it is full. Neighbours become one. */
static bool append(struct range *list, uint32_t *count, struct range range)
{
    if (range.first >= range.end)
        return true;
    if (*count > 0 && list[*count - 1].end >= range.first) {
        if (list[*count - 1].end < range.end)
            list[*count - 1].end = range.end;
        return true;
    }
    if (*count == RANGES_MAX)
        return false;
    list[(*count)++] = range;
    return true;
}

/* The ranges with one more. */
static bool add(struct range *list, uint32_t *count, struct range more)
{
    uint32_t i = 0;
    bool fits = true;

    for (; i < range_count && ranges[i].first < more.first; i++)
        fits = append(list, count, ranges[i]) && fits;
    fits = append(list, count, more) && fits;
    for (; i < range_count; i++)
        fits = append(list, count, ranges[i]) && fits;
    return fits;
}

/* The ranges without one. */
static bool take_away(struct range *list, uint32_t *count, struct range less)
{
    bool fits = true;

    for (uint32_t i = 0; i < range_count; i++) {
        struct range below = ranges[i];
        struct range above = ranges[i];
        if (below.end > less.first)
            below.end = less.first;
        if (above.first < less.end)
            above.first = less.end;
        fits = append(list, count, below) && append(list, count, above) && fits;
    }
    return fits;
}

static void use(const struct range *list, uint32_t count)
{
    uint64_t config[2] = {NAPOT | NAPOT << 8, (NAPOT | RWX) << 32};

    for (uint32_t i = 0; i < count; i++) {
        uint32_t entry = 3 + 2 * i;
        ranges[i] = list[i];
        config[entry / 8] |= TOR << 8 * (entry % 8);
    }
    range_count = count;
    host_config[0] = config[0];
    host_config[1] = config[1];
    generation++;
}

bool protect_isolate(uint64_t base, uint64_t size, bool to_host)
{
    const uint64_t end = RAM + (uint64_t)RAM_SIZE;
    struct range list[RANGES_MAX];
    struct range range = {base, base + size};
    uint32_t count = 0;
    bool fits;

    if (base < HOST || base > end || size == 0 || size > end - base || (base | size) % PAGE != 0)
        return false;
    take_lock();
    fits = to_host ? take_away(list, &count, range) : add(list, &count, range);
    if (fits)
        use(list, count);
    give_lock();
    return fits;
}

static uint64_t napot(uint64_t base, uint64_t size)
{
    return (base | (size / 2 - 1)) >> 2;
}

static uint64_t edge(uint32_t number)
{
    if (number / 2 >= range_count)
        return 0;
    return (number % 2 ? ranges[number / 2].end : ranges[number / 2].first) >> 2;
}

/* With every entry off, so that none has an address of before. */
static void write_addresses(void)
{
#define ADDRESS(n, value) __asm__ volatile("csrw pmpaddr" #n ", %0" : : "r"(value) : "memory")
    __asm__ volatile("csrw pmpcfg0, zero\n csrw pmpcfg2, zero" ::: "memory");
    ADDRESS(0, napot(FIRMWARE, FIRMWARE_SIZE));
    ADDRESS(1, napot(TSM, TSM_SIZE));
    ADDRESS(2, edge(0));
    ADDRESS(3, edge(1));
    ADDRESS(4, edge(2));
    ADDRESS(5, edge(3));
    ADDRESS(6, edge(4));
    ADDRESS(7, edge(5));
    ADDRESS(8, edge(6));
    ADDRESS(9, edge(7));
    ADDRESS(10, edge(8));
    ADDRESS(11, edge(9));
    ADDRESS(12, HVRV_BITS(53, 0));
}

static void write_config(uint64_t low, uint64_t high)
{
    __asm__ volatile("csrw pmpcfg0, %0\n csrw pmpcfg2, %1" : : "r"(low), "r"(high) : "memory");
}

/* The fences are the library's, after this. */
void protect_enter(uint32_t domain)
{
    uint64_t hart;

    __asm__ volatile("csrr %0, mhartid" : "=r"(hart));
    if (domain == SDID && written[hart] != 0) {
        write_config(NAPOT, (NAPOT | RWX) << 32);
        return;
    }
    take_lock();
    if (written[hart] != generation) {
        write_addresses();
        written[hart] = generation;
    }
    write_config(domain == SDID ? NAPOT : host_config[0],
                 domain == SDID ? (NAPOT | RWX) << 32 : host_config[1]);
    give_lock();
}
