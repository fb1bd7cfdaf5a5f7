/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which memory each domain reaches, by PMP entries, of which the first that matches decides:
 *
 *     0        the firmware: nobody
 *     1 to 14  what the host's domain may reach, as the library plans it
 *     15       everything: on while the confidential domain runs
 *
 * So a change of domains is one write. The library's entries are written by a hart that has old
 * ones.
 */
#include "firmware.h"

#include <hvrv/cove/isolation.h>
#include <hvrv/isa/csr_fields.h>

#define LAST          15
#define NAPOT         UINT64_C(0x18)
#define RWX           (HVRV_PMPCFG_R | HVRV_PMPCFG_W | HVRV_PMPCFG_X)
#define EVERYTHING_ON ((NAPOT | RWX) << 56) /* of pmpcfg2: the last */
#define HOST_LAST     HVRV_BITS(54, 0)      /* whose end a pmpaddr can still hold */

static struct hvrv_isolation isolation;
static struct hvrv_isolation_domain host;
static uint64_t generation; /* of the host's entries, from 1 on; atomic */
static uint32_t lock;

static uint64_t written[HARTS_MAX]; /* which generation a hart has */

static void take_lock(void)
{
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
        continue;
}

static void give_lock(void)
{
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

bool protect_begin(struct hvrv_hart *hart)
{
    const struct hvrv_range devices = {0, RAM - 1};
    const struct hvrv_range memory = {HOST, HOST_LAST};
    struct hvrv_isolation_config config = {.domains = &host, .domain_count = 1, .first = 1};

    config.ability.count = LAST; /* which is not for plans */
    if (hvrv_pmp_probe(hart, &config.ability) != HVRV_OK || config.ability.count != LAST)
        return false;
    generation = 1;
    return hvrv_isolation_init(&isolation, &config) == HVRV_OK &&
           hvrv_isolation_grant(&isolation, 0, &devices, RWX) == HVRV_OK &&
           hvrv_isolation_grant(&isolation, 0, &memory, RWX) == HVRV_OK;
}

bool protect_isolate(uint64_t base, uint64_t size, bool to_host)
{
    const struct hvrv_range range = {base, base + size - 1};
    const uint64_t end = RAM + (uint64_t)RAM_SIZE;
    enum hvrv_status status;

    /* Memory, and none that is the firmware's or the TSM's for good. */
    if (base < HOST || base > end || size > end - base)
        return false;
    take_lock();
    status = to_host ? hvrv_isolation_grant(&isolation, 0, &range, RWX)
                     : hvrv_isolation_revoke(&isolation, 0, &range);
    if (status == HVRV_OK)
        __atomic_store_n(&generation, generation + 1, __ATOMIC_RELEASE);
    give_lock();
    return status == HVRV_OK;
}

__attribute__((noinline, cold)) static void write_entries(uint64_t hart)
{
    take_lock();
    __asm__ volatile("csrw pmpaddr0, %0\n"
                     "csrw pmpaddr15, %1\n"
                     "csrs pmpcfg0, %2\n"
                     :
                     : "r"((FIRMWARE | (FIRMWARE_SIZE / 2 - 1)) >> 2), "r"(HVRV_BITS(53, 0)),
                       "r"(NAPOT)
                     : "memory");
    if (hvrv_isolation_switch(&isolation, 0, &harts[hart].port) != HVRV_OK)
        power_off(8);
    written[hart] = generation;
    give_lock();
}

/* The fences are the library's, after this. */
void protect_enter(uint32_t domain)
{
    uint64_t hart;

    __asm__ volatile("csrr %0, mhartid" : "=r"(hart));
    if (written[hart] != __atomic_load_n(&generation, __ATOMIC_ACQUIRE))
        write_entries(hart);
    if (domain == SDID)
        __asm__ volatile("csrs pmpcfg2, %0" : : "r"(EVERYTHING_ON) : "memory");
    else
        __asm__ volatile("csrc pmpcfg2, %0" : : "r"(EVERYTHING_ON) : "memory");
}
