/* SPDX-License-Identifier: BSD-2-Clause */
/* The harts that calls name, their states, and what they begin with. */
#include "../vhart/vs_csr.h"
#include "server_call.h"

#include <hvrv/port/phys.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/timer.h>

#define WALK_TRIES 4 /* a table that changes oftener meanwhile is taken for none */
#define SET_BITS   64

struct hvrv_sbi_hart *hvrv_sbi_find_hart(const struct hvrv_sbi *sbi, uint64_t id)
{
    for (uint32_t i = 0; i < sbi->hart_count; i++) {
        if (sbi->harts[i].id == id)
            return &sbi->harts[i];
    }
    return NULL;
}

bool hvrv_sbi_set_is_valid(const struct hvrv_sbi *sbi, const struct hvrv_sbi_set *set)
{
    uint64_t missing = set->mask;

    if (set->base == HVRV_SBI_ALL_HARTS)
        return true;
    for (uint32_t i = 0; i < sbi->hart_count && missing != 0; i++) {
        uint64_t id = sbi->harts[i].id;
        if (id >= set->base && id - set->base < SET_BITS)
            missing &= ~(UINT64_C(1) << (id - set->base));
    }
    return missing == 0;
}

/* The legal edges. A hart that wakes before it was put goes by way of SUSPENDED all the same. */
static const struct {
    enum hvrv_sbi_event event;
    enum hvrv_sbi_state from;
    enum hvrv_sbi_state to;
} edges[] = {
    {HVRV_SBI_EVENT_START, HVRV_SBI_STOPPED, HVRV_SBI_START_PENDING},
    {HVRV_SBI_EVENT_WAKE, HVRV_SBI_START_PENDING, HVRV_SBI_STARTED},
    {HVRV_SBI_EVENT_STOP, HVRV_SBI_STARTED, HVRV_SBI_STOP_PENDING},
    {HVRV_SBI_EVENT_REST, HVRV_SBI_STOP_PENDING, HVRV_SBI_STOPPED},
    {HVRV_SBI_EVENT_SUSPEND, HVRV_SBI_STARTED, HVRV_SBI_SUSPEND_PENDING},
    {HVRV_SBI_EVENT_REST, HVRV_SBI_SUSPEND_PENDING, HVRV_SBI_SUSPENDED},
    {HVRV_SBI_EVENT_WAKE, HVRV_SBI_SUSPEND_PENDING, HVRV_SBI_SUSPENDED},
    {HVRV_SBI_EVENT_WAKE, HVRV_SBI_SUSPENDED, HVRV_SBI_RESUME_PENDING},
    {HVRV_SBI_EVENT_WAKE, HVRV_SBI_RESUME_PENDING, HVRV_SBI_STARTED},
};

bool hvrv_sbi_move(struct hvrv_sbi_hart *hart, enum hvrv_sbi_event event)
{
    uint32_t state = hvrv_sbi_get_state(hart);

    for (unsigned i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
        if (edges[i].event == event && edges[i].from == (enum hvrv_sbi_state)state)
            return __atomic_compare_exchange_n(&hart->state, &state, (uint32_t)edges[i].to, false,
                                               __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    }
    return false;
}

static enum hvrv_status check(const struct hvrv_sbi *sbi, uint32_t hart)
{
    if (!sbi)
        return HVRV_ERR_NULL;
    return hart < sbi->hart_count ? HVRV_OK : HVRV_ERR_RANGE;
}

enum hvrv_status hvrv_sbi_wake(struct hvrv_sbi *sbi, uint32_t hart)
{
    enum hvrv_status status = check(sbi, hart);

    if (status != HVRV_OK)
        return status;
    while (hvrv_sbi_get_state(&sbi->harts[hart]) != HVRV_SBI_STARTED) {
        if (!hvrv_sbi_move(&sbi->harts[hart], HVRV_SBI_EVENT_WAKE))
            return HVRV_ERR_STATE;
    }
    return HVRV_OK;
}

/*
 * A hart that is started has no software or timer interrupt pending. They are taken back
 * here and not at hart_start, where one might be lost that another hart sends to the hart just
 * started. An external one is a wire, and stays.
 */
static enum hvrv_status forget_interrupts(struct hvrv_vhart *vhart)
{
    enum hvrv_status status = hvrv_timer_set(vhart, HVRV_TIMER_NEVER);

    if (status == HVRV_OK)
        status = hvrv_irq_lower(vhart, HVRV_HVIP_VSSIP | HVRV_HVIP_VSTIP);
    return status;
}

enum hvrv_status hvrv_sbi_rest(struct hvrv_sbi *sbi, uint32_t hart)
{
    enum hvrv_status status = check(sbi, hart);

    if (status != HVRV_OK)
        return status;
    if (hvrv_sbi_get_state(&sbi->harts[hart]) == HVRV_SBI_STOP_PENDING)
        status = forget_interrupts(sbi->harts[hart].vhart);
    (void)hvrv_sbi_move(&sbi->harts[hart], HVRV_SBI_EVENT_REST); /* or it only takes a break */
    return status;
}

void hvrv_sbi_set_entry(struct hvrv_sbi_hart *hart, const struct hvrv_sbi_entry *entry)
{
    struct hvrv_vhart *vhart = hart->vhart;

    write_vsatp(vhart, 0);
    write_vsstatus(vhart, read_vsstatus(vhart) & ~HVRV_VSSTATUS_SIE);
    vhart->sstatus = (vhart->sstatus | HVRV_SSTATUS_SPP) & ~HVRV_SSTATUS_SPELP;
    vhart->sepc = entry->address;
    vhart->gpr[10] = hart->id;
    vhart->gpr[11] = entry->opaque;
}

bool hvrv_sbi_is_memory(const struct hvrv_sbi *sbi, hvrv_gpa gpa, enum hvrv_access access)
{
    struct hvrv_walk_result result;
    enum hvrv_status status = HVRV_ERR_RACE;
    uint64_t value;

    for (unsigned tries = 0; tries < WALK_TRIES && status == HVRV_ERR_RACE; tries++)
        status = hvrv_walk_g_stage(sbi->walk, gpa, access, &result);
    if (status != HVRV_OK || result.faulted)
        return false;
    result.page.hpa.v &= ~(sizeof(value) - 1);
    return hvrv_phys_load(sbi->walk->phys, result.page.hpa, &value) == HVRV_OK;
}

/* The instructions there are whole parcels of 16 bits. */
bool hvrv_sbi_is_entry(const struct hvrv_sbi *sbi, const struct hvrv_sbi_entry *entry)
{
    return entry->address % 2 == 0 &&
           hvrv_sbi_is_memory(sbi, hvrv_gpa_make(entry->address), HVRV_ACCESS_FETCH);
}
