/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random operations on the tables of a VM whose vHarts run on several harts
 * meanwhile. The first hart does them; between two it runs its own vHart.
 */
#include <stdio.h>

#include "ecall.h"
#include "machine.h"
#include "smp.h"

#define SBI_HSM UINT64_C(0x48534d)
#define STACK   16384

#define START_TRIES 1000000

extern char hart_entry[], guest_program[];

int main(uint64_t id);
void hart_main(struct hart *hart);

uint64_t sbi(const struct hvrv_fence_call *call, uint64_t a, uint64_t b)
{
    return (uint64_t)ECALL(call->eid, call->fid, a, b, call->start, call->size, call->id).error;
}

void complain(struct hart *hart, const char *what, uint64_t page, uint64_t value)
{
    if (hart->mismatches++ == 0)
        hart->first = (struct complaint){what, page, value};
    atomic_store(&hart->smp->is_wrong, true);
}

uint64_t other_harts(const struct smp *smp)
{
    uint64_t mask = 0;
    for (uint32_t i = 1; i < smp->hart_count; i++)
        mask |= UINT64_C(1) << smp->hart[i].id;
    return mask;
}

/* On each hart but the first. */
void hart_main(struct hart *hart)
{
    if (!guest_prepare(hart))
        complain(hart, "the hart cannot be prepared", hart->id, 0);
    atomic_store(&hart->is_ready, true);
    if (hart->mismatches == 0) {
        guest_loop(hart);
        guest_end(hart);
    }
    atomic_store(&hart->is_done, true);
}

/* All are ready, or something is wrong. */
static void start_harts(struct smp *smp)
{
    static _Alignas(16) char stacks[HARTS_MAX][STACK];
    for (uint32_t i = 1; i < smp->hart_count; i++) {
        struct hart *hart = &smp->hart[i];
        struct hvrv_fence_call start = {.eid = SBI_HSM, .start = (uint64_t)hart};
        hart->id = i - (i <= smp->hart[0].id); /* whichever the firmware began with */
        hart->index = i;
        hart->smp = smp;
        hart->stack_end = (uint64_t)(stacks[i] + STACK);
        unsigned tries = START_TRIES; /* a hart may not have come to its firmware's stop yet */
        while (tries > 0 && sbi(&start, hart->id, (uint64_t)hart_entry) != 0)
            tries--;
        if (tries == 0)
            complain(&smp->hart[0], "a hart does not start", hart->id, 0);
        while (!atomic_load(&hart->is_ready) && !atomic_load(&smp->is_wrong))
            continue;
    }
}

static void end_harts(struct smp *smp)
{
    atomic_store(&smp->is_over, true);
    tell_all(smp);
    for (uint32_t i = 1; i < smp->hart_count; i++) {
        while (atomic_load(&smp->hart[i].is_ready) && !atomic_load(&smp->hart[i].is_done))
            continue;
    }
    guest_end(&smp->hart[0]);
}

static bool map_program(struct smp *smp)
{
    struct hvrv_gstage_map_request map = {
        .range = {{GPA_PROGRAM}, HVRV_PAGE_SIZE, HVRV_GSTAGE_NO_LIMIT},
        .hpa = {(uint64_t)guest_program},
        .bits = HVRV_PTE_R | HVRV_PTE_X | HVRV_PTE_A};
    return hvrv_gstage_map(&smp->gstage, &map, &smp->gather) == HVRV_OK &&
           hvrv_fence_commit(&smp->gather) == HVRV_OK;
}

static bool make_vm(struct smp *smp)
{
    struct hvrv_phys_config everything = {.window_size = UINT64_C(1) << HVRV_HPA_WIDTH};
    struct hvrv_gstage_config config = {
        .phys = &smp->phys,
        .pages = &smp->pages,
        .stage = HVRV_STAGE_G,
        .mode = (enum hvrv_mode_encoding)smp->config.mode,
        .rules = smp->config.features & FEATURE_SVNAPOT ? HVRV_PTE_RULE_SVNAPOT : 0,
        .ad = smp->config.svade ? HVRV_GSTAGE_AD_FAULT : HVRV_GSTAGE_AD_HARDWARE};
    uint64_t hgatp;
    smp->pool = (struct pool){.next = HPA_TABLES, .end = HPA_PAGES};
    smp->pages = pool_pages(&smp->pool);
    smp->domain =
        (struct hvrv_fence_domain){.kind = HVRV_FENCE_G_STAGE,
                                   .vmid = 1,
                                   .fences_max = 32,
                                   .svinval = (smp->config.features & FEATURE_SVINVAL) != 0,
                                   .svvptc = (smp->config.features & FEATURE_SVVPTC) != 0,
                                   .context = smp};
    for (unsigned i = 0; i < WINDOW_PAGES; i++)
        smp->page[i].host = NOWHERE;
    return hvrv_phys_init(&smp->phys, &everything) == HVRV_OK &&
           hvrv_gstage_init(&smp->gstage, &config) == HVRV_OK &&
           hvrv_fence_begin(&smp->gather, &smp->domain, &smp->hart[0].port) == HVRV_OK &&
           map_program(smp) && hvrv_gstage_atp(&smp->gstage, 1, &hgatp) == HVRV_OK &&
           hvrv_vm_init(&smp->vm, hgatp, smp->slots, smp->hart_count) == HVRV_OK;
}

static bool prepare(struct smp *smp, uint64_t id)
{
    smp->config = *CONFIG;
    smp->hart_count = (uint32_t)smp->config.harts;
    if (smp->config.magic != CONFIG_MAGIC || smp->hart_count == 0 || smp->hart_count > HARTS_MAX)
        return false;
    smp->random = random_at(smp->config.seed, 0);
    smp->hart[0].id = id;
    smp->hart[0].smp = smp;
    return make_vm(smp) && guest_prepare(&smp->hart[0]);
}

/* The last line, and the first thing that was wrong on each hart. */
static int report(const struct smp *smp, uint64_t operations)
{
    uint64_t accesses = 0, faults = 0, retries = 0, mismatches = 0;
    for (uint32_t i = 0; i < smp->hart_count; i++) {
        const struct hart *hart = &smp->hart[i];
        accesses += hart->accesses;
        faults += hart->faults;
        retries += hart->retries;
        mismatches += hart->mismatches;
        if (hart->mismatches)
            printf("mismatch: hart %u: %s, page %lu, %lx\n", i, hart->first.what, hart->first.page,
                   hart->first.value);
    }
    printf("smp: retried %lu accesses, %u commits\n", retries, smp->commits);
    printf("smp: %u harts, %lu operations, %lu guest accesses, %lu faults, %lu mismatches\n",
           smp->hart_count, operations, accesses, faults, mismatches);
    return mismatches != 0;
}

int main(uint64_t id)
{
    static struct smp smp;
    uint64_t operations = 0;
    if (!prepare(&smp, id)) {
        printf("smp: no VM\n");
        return 1;
    }
    printf("smp: seed %lu, Sv%u, fences by %s, A and D by %s, features %lu\n", smp.config.seed,
           smp.config.mode == HVRV_MODE_SV39 ? 39 : 48,
           smp.config.reach == REACH_IPI ? "interrupts" : "the firmware",
           smp.config.svade ? "software" : "the harts", smp.config.features);
    start_harts(&smp);
    smp.domain.reach = smp.hart_count > 1 ? reach : NULL;
    for (; operations < smp.config.count && !atomic_load(&smp.is_wrong); operations++) {
        mutate(&smp);
        guest_turn(&smp.hart[0]);
    }
    mutate_check_all(&smp);
    end_harts(&smp);
    smp.domain.reach = NULL;
    if (!mutate_unmap_all(&smp))
        complain(&smp.hart[0], "table pages are missing", smp.pool.pages_taken, 0);
    return report(&smp, operations);
}
