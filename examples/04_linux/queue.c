/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests that want to run wait in one queue for all cpus, and take turns. A
 * guest that waits for an interrupt is in no queue: whoever raises the interrupt,
 * or sees that its timer is due, wakes it.
 */
#include <stddef.h>

#include "firmware.h"
#include "host.h"

static struct {
    struct lock lock;
    struct guest *first, **end;
} queue = {.end = &queue.first};

/* One that waits for a guest; it need not get this one. */
static void wake_idle_cpu(void)
{
    for (uint32_t i = 0; i < machine.cpu_count; i++) {
        struct cpu *cpu = &machine.cpus[i];
        if (__atomic_exchange_n(&cpu->is_idle, 0, __ATOMIC_SEQ_CST)) {
            firmware_send_ipi(cpu->id);
            return;
        }
    }
}

void queue_put(struct guest *guest)
{
    lock(&queue.lock);
    guest->next = NULL;
    *queue.end = guest;
    queue.end = &guest->next;
    unlock(&queue.lock);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    wake_idle_cpu();
}

/* Where vHarts are to move, one that ran here last is left for another cpu. */
static bool may_take(const struct cpu *cpu, const struct guest *guest)
{
    return !is_flag(CONFIG_MOVE) || machine.cpu_count == 1 || guest->vhart.last_hart != cpu->index;
}

struct guest *queue_take(struct cpu *cpu)
{
    lock(&queue.lock);
    struct guest **at = &queue.first;
    while (*at && !may_take(cpu, *at))
        at = &(*at)->next;
    struct guest *guest = *at;
    if (guest) {
        *at = guest->next;
        if (queue.end == &guest->next)
            queue.end = at;
    }
    unlock(&queue.lock);
    return guest;
}

bool queue_is_empty(void)
{
    return __atomic_load_n(&queue.first, __ATOMIC_RELAXED) == NULL;
}

void wake(struct guest *guest)
{
    struct hvrv_run_kicked kick;
    if (hvrv_run_kick(&guest->vhart, &kick) != HVRV_OK)
        return;
    if (kick.duty == HVRV_RUN_ENQUEUE)
        queue_put(guest);
    else if (kick.duty == HVRV_RUN_INTERRUPT)
        firmware_send_ipi(machine.cpus[kick.hart].id);
}

/* Calls see() for every guest there is. */
static void each_guest(void (*see)(struct guest *guest, uint64_t *value), uint64_t *value)
{
    for (uint32_t i = 0; i < machine.config.vms; i++) {
        for (uint32_t j = 0; j < machine.config.vharts; j++)
            see(&machine.vms[i].guests[j], value);
    }
}

/* Of those cpus that see it due, one gets to wake it. */
static void wake_if_due(struct guest *guest, uint64_t *now)
{
    uint64_t deadline = __atomic_load_n(&guest->deadline, __ATOMIC_ACQUIRE);
    if (deadline > *now ||
        !__atomic_compare_exchange_n(&guest->deadline, &deadline, HVRV_TIMER_NEVER, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return;
    wake(guest);
}

void wake_due(uint64_t now)
{
    each_guest(wake_if_due, &now);
}

static void find_first(struct guest *guest, uint64_t *first)
{
    uint64_t deadline = __atomic_load_n(&guest->deadline, __ATOMIC_ACQUIRE);
    if (deadline < *first)
        *first = deadline;
}

uint64_t next_deadline(void)
{
    uint64_t first = HVRV_TIMER_NEVER;
    each_guest(find_first, &first);
    return first;
}
