/* SPDX-License-Identifier: BSD-2-Clause */
/* A vHart on its hart: runs, and what it finds is judged. */
#include "smp.h"

#define BATCH 20

bool guest_prepare(struct hart *hart)
{
    struct smp *smp = hart->smp;
    if (hvrv_probe_hart(&hart->probe, &hart->port) != HVRV_OK ||
        hvrv_vhart_init(&hart->vhart, &smp->vm) != HVRV_OK ||
        hvrv_bind_init(&hart->bind, &hart->port, &hart->probe, hart->index) != HVRV_OK)
        return false;
    struct random random = random_at(smp->config.seed, 1 + hart->index);
    hart->vhart.sepc = GPA_PROGRAM;
    hart->vhart.gpr[GPR_NUMBER] = hart->index;
    hart->vhart.gpr[GPR_SEED] = random_draw(&random) | 1;
    hart->vhart.gpr[GPR_BATCH] = BATCH;
    hart->vhart.gpr[GPR_MASK] = WINDOW_PAGES - 1;
    hart->retry.page = WINDOW_PAGES;
    hvrv_hart_set_sie(&hart->port, HVRV_SIE_SSIE);
    return hvrv_bind_load(&hart->bind, &hart->vhart) == HVRV_OK;
}

/* The tables are walked while others change them: reach waits until that is over. */
static void query(struct hart *hart, uint64_t index, const struct page *page, unsigned version)
{
    struct smp *smp = hart->smp;
    struct hvrv_gstage_entry entry;
    uint64_t gpa = GPA_WINDOW + index * HVRV_PAGE_SIZE;
    if (smp->config.reach != REACH_IPI || smp->config.mistake != MISTAKE_NONE)
        return;
    enum hvrv_status status = hvrv_gstage_query(&smp->gstage, hvrv_gpa_make(gpa), &entry);
    atomic_thread_fence(memory_order_acquire);
    if (atomic_load(&smp->version[index]) != version)
        return;
    bool is_there = page->host != NOWHERE;
    if (status != HVRV_OK || (entry.pte.v != 0) != is_there ||
        (is_there && (entry.pte.v & 1) == page->is_blocked))
        complain(hart, "a query does not find what is mapped", index, entry.pte.v);
}

/* Where software sets A and D. False: not now. */
static bool touch(struct hart *hart, const struct hvrv_exit *exit, unsigned version)
{
    struct smp *smp = hart->smp;
    int workers = atomic_load(&smp->lock);
    if (workers < 0 || !atomic_compare_exchange_strong(&smp->lock, &workers, workers + 1))
        return false;
    enum hvrv_status status =
        hvrv_gstage_touch(&smp->gstage, hvrv_gpa_make(exit->value), exit->access);
    atomic_fetch_sub(&smp->lock, 1);
    uint64_t index = (exit->value - GPA_WINDOW) / HVRV_PAGE_SIZE;
    if (status == HVRV_ERR_MISSING && atomic_load(&smp->version[index]) == version)
        complain(hart, "a touch finds nothing", index, exit->access);
    return status == HVRV_OK;
}

/*
 * The page allows the access: the fault is from before. So the guest tries again; if it faults
 * again and nothing has changed in between, that is wrong.
 */
static void try_again(struct hart *hart, const struct hvrv_exit *exit, unsigned version)
{
    uint64_t index = (exit->value - GPA_WINDOW) / HVRV_PAGE_SIZE;
    hart->retries++;
    if (hart->retry.page == index && hart->retry.version == version &&
        hart->retry.access == exit->access) {
        complain(hart, "a fault where the access is allowed", index, exit->access);
        hart->vhart.sepc = hart->vhart.gpr[GPR_RECOVERY];
    }
    if (hart->smp->config.svade && !touch(hart, exit, version))
        return;
    hart->retry.page = index;
    hart->retry.version = version;
    hart->retry.access = exit->access;
}

static void judge_fault(struct hart *hart, const struct hvrv_exit *exit)
{
    struct smp *smp = hart->smp;
    uint64_t index = (exit->value - GPA_WINDOW) / HVRV_PAGE_SIZE;
    if (index >= WINDOW_PAGES || exit->access == HVRV_ACCESS_FETCH) {
        complain(hart, "a fault outside the window", exit->value, exit->access);
        return;
    }
    unsigned version = atomic_load(&smp->version[index]);
    struct page page = smp->page[index];
    atomic_thread_fence(memory_order_acquire);
    bool is_certain = version % 2 == 0 && atomic_load(&smp->version[index]) == version;
    bool is_allowed = exit->access == HVRV_ACCESS_STORE ? is_writable(&page) : is_readable(&page);
    if (is_certain)
        query(hart, index, &page, version);
    if (is_certain && is_allowed) {
        try_again(hart, exit, version);
    } else {
        hart->faults++;
        hart->vhart.sepc = hart->vhart.gpr[GPR_RECOVERY];
    }
}

/* Whether the guest reported. */
static bool serve(struct hart *hart, uint64_t scause)
{
    struct hvrv_vhart *vhart = &hart->vhart;
    struct hvrv_trap trap;
    struct hvrv_exit exit = {0};
    hvrv_trap_read(&hart->port, vhart, scause, &trap);
    enum hvrv_status status = hvrv_trap_decode(&trap, &exit);
    hart->accesses = vhart->gpr[GPR_ACCESSES];
    if (status == HVRV_OK && exit.kind == HVRV_EXIT_GUEST_PAGE_FAULT) {
        judge_fault(hart, &exit);
        return false;
    }
    if (status == HVRV_OK && exit.kind == HVRV_EXIT_INTERRUPT) {
        answer(hart);
        return false;
    }
    if (status != HVRV_OK || exit.kind != HVRV_EXIT_ECALL)
        complain(hart, "an exit that nobody serves", scause, trap.sepc);
    else if (vhart->gpr[GPR_CALL] == CALL_TAG)
        complain(hart, "another page's tag", vhart->gpr[GPR_PAGE], vhart->gpr[GPR_FOUND]);
    vhart->sepc += 4;
    return true;
}

void guest_turn(struct hart *hart)
{
    while (!serve(hart, hvrv_vhart_enter(&hart->vhart)))
        continue;
}

void guest_loop(struct hart *hart)
{
    while (!atomic_load(&hart->smp->is_over)) {
        if (serve(hart, hvrv_vhart_enter(&hart->vhart)))
            doze();
    }
}

void guest_end(struct hart *hart)
{
    if (hvrv_bind_put(&hart->bind) != HVRV_OK)
        complain(hart, "the vHart cannot be put", 0, 0);
}
