/* SPDX-License-Identifier: BSD-2-Clause */
/* Which memory each domain reaches: PMP entries, the first that matches decides. */
#include "firmware.h"

/* What the host's domain must not reach, beside the firmware and the TSM: ascending, apart. */
#define RANGES_MAX 5
struct range {
    uint64_t first;
    uint64_t end;
};
static struct range ranges[RANGES_MAX];
static uint32_t range_count;
static uint32_t lock;

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

bool protect_isolate(uint64_t base, uint64_t size, bool to_host)
{
    struct range list[RANGES_MAX];
    struct range taken = {base, base + size};
    uint32_t count = 0;
    bool is_placed = to_host;
    bool fits = true;

    if (base < HOST || size > RAM + (uint64_t)RAM_SIZE - base)
        return false;
    take_lock();
    for (uint32_t i = 0; i < range_count && fits; i++) {
        struct range range = ranges[i];
        if (to_host) {
            fits = append(list, &count,
                          (struct range){range.first, range.end < base ? range.end : base}) &&
                   append(list, &count,
                          (struct range){range.first > taken.end ? range.first : taken.end,
                                         range.end});
            continue;
        }
        if (!is_placed && base <= range.first) {
            fits = append(list, &count, taken);
            is_placed = true;
        }
        fits = fits && append(list, &count, range);
    }
    if (fits && !is_placed)
        fits = append(list, &count, taken);
    for (uint32_t i = 0; fits && i < count; i++)
        ranges[i] = list[i];
    if (fits)
        range_count = count;
    give_lock();
    return fits;
}

#define NAPOT 0x18
#define TOR   0x08
#define RWX   0x07

static uint64_t napot(uint64_t base, uint64_t size)
{
    return (base | (size / 2 - 1)) >> 2;
}

/* Entries 0 and 1: the firmware and the TSM; 2 to 11: ranges, two each; 12: all else. */
void protect_enter(uint32_t domain)
{
    uint64_t address[10] = {0};
    uint64_t config[2] = {NAPOT, 0};

    take_lock();
    if (domain == 0) {
        config[0] |= NAPOT << 8;
        for (uint32_t i = 0; i < range_count; i++) {
            uint32_t entry = 3 + 2 * i;
            address[2 * i] = ranges[i].first >> 2;
            address[2 * i + 1] = ranges[i].end >> 2;
            config[entry / 8] |= (uint64_t)TOR << 8 * (entry % 8);
        }
    }
    give_lock();
    config[1] |= (uint64_t)(NAPOT | RWX) << 32;
#define ADDRESS(n, value) __asm__ volatile("csrw pmpaddr" #n ", %0" : : "r"(value) : "memory")
    __asm__ volatile("csrw pmpcfg0, zero\n csrw pmpcfg2, zero" ::: "memory");
    ADDRESS(0, napot(FIRMWARE, FIRMWARE_SIZE));
    ADDRESS(1, napot(TSM, TSM_SIZE));
    ADDRESS(2, address[0]);
    ADDRESS(3, address[1]);
    ADDRESS(4, address[2]);
    ADDRESS(5, address[3]);
    ADDRESS(6, address[4]);
    ADDRESS(7, address[5]);
    ADDRESS(8, address[6]);
    ADDRESS(9, address[7]);
    ADDRESS(10, address[8]);
    ADDRESS(11, address[9]);
    ADDRESS(12, UINT64_C(0x3fffffffffffff));
    __asm__ volatile("csrw pmpcfg2, %1\n csrw pmpcfg0, %0"
                     :
                     : "r"(config[0]), "r"(config[1])
                     : "memory");
}
