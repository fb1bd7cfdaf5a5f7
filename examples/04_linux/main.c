/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The beginning: what the user wants, the machine's harts, the VMs. Then every
 * hart goes its own way, in cpu_main().
 */
#include <stdio.h>

#include "firmware.h"
#include "host.h"

#define STACK_SIZE  16384
#define START_TRIES 100000

struct machine machine;

/* 0 stands for the default. */
static uint64_t choose(uint64_t value, uint64_t otherwise, uint64_t max)
{
    return value == 0 || value > max ? otherwise : value;
}

static void read_config(void)
{
    const struct config *wanted = (const struct config *)HPA_CONFIG;
    machine.config.vms = choose(wanted->vms, 1, VMS_MAX);
    machine.config.vharts = choose(wanted->vharts, 1, GUESTS_MAX);
    machine.config.slice_us = choose(wanted->slice_us, 10000, 1000000);
    machine.config.flags = wanted->flags;
    machine.config.ram = choose(wanted->ram, UINT64_C(256) << 20, RAM_STRIDE);
}

/* The tables of all VMs come from one pool, and several harts ask it. */
static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    struct hvrv_pages pages = pool_pages(context);
    lock(&machine.pool_lock);
    bool is_taken = pages.take(context, size, page);
    unlock(&machine.pool_lock);
    return is_taken;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    struct hvrv_pages pages = pool_pages(context);
    lock(&machine.pool_lock);
    pages.give(context, size, page);
    unlock(&machine.pool_lock);
}

static bool make_memory(void)
{
    struct hvrv_phys_config everything = {.window_size = UINT64_C(1) << HVRV_HPA_WIDTH};
    machine.pool = (struct pool){.next = HPA_TABLES, .end = HPA_CONFIG};
    machine.pages = (struct hvrv_pages){take, give, &machine.pool};
    return hvrv_phys_init(&machine.phys, &everything) == HVRV_OK;
}

/* The firmware numbers harts as it likes; this one, which began, is the first of ours. */
static void find_cpus(uint64_t first)
{
    static _Alignas(16) uint8_t stacks[CPUS_MAX][STACK_SIZE];
    machine.cpus[machine.cpu_count++].id = first;
    for (uint64_t id = 0; id < CPUS_MAX && machine.cpu_count < CPUS_MAX; id++) {
        if (id != first && firmware_has_hart(id))
            machine.cpus[machine.cpu_count++].id = id;
    }
    for (uint32_t i = 0; i < machine.cpu_count; i++) {
        machine.cpus[i].stack = (uint64_t)stacks[i] + STACK_SIZE;
        machine.cpus[i].index = i;
    }
}

static bool make_vms(void)
{
    for (uint32_t i = 0; i < machine.config.vms; i++) {
        if (!vm_make(&machine.vms[i], i, &machine.cpus[0]))
            return false;
    }
    return true;
}

static bool start_cpus(void)
{
    for (uint32_t i = 1; i < machine.cpu_count; i++) {
        struct cpu *cpu = &machine.cpus[i];
        uint32_t tries = 0;
        __atomic_store_n(&cpu_of_hart[cpu->id], cpu, __ATOMIC_RELEASE);
        /* The firmware may still be busy with that hart's own boot. */
        while (!firmware_start_hart(cpu->id, (uint64_t)start_other)) {
            if (++tries == START_TRIES)
                return false;
        }
    }
    return true;
}

int main(uint64_t hart)
{
    read_config();
    find_cpus(hart);
    if (!make_memory() || !cpu_init(&machine.cpus[0], hart, 0) || !make_vms() || !start_cpus()) {
        printf("hypervisor: this machine does not do\n");
        power_off(1);
    }
    if (!is_flag(CONFIG_QUIET))
        printf("hypervisor: %lu VMs of %lu vHarts on %u harts, %s timers\n", machine.config.vms,
               machine.config.vharts, machine.cpu_count,
               machine.cpus[0].gives_sstc ? "Sstc" : "software");
    cpu_main(&machine.cpus[0]);
}
