/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtual machine: made of memory, devices, firmware and vHarts; and its end. */
#include <stdio.h>

#include "host.h"

static bool make_guest(struct vm *vm, uint32_t index, const struct cpu *cpu)
{
    struct guest *guest = &vm->guests[index];
    struct hvrv_probe timers = cpu->probe;
    timers.sstc = cpu->gives_sstc;
    guest->vm = vm;
    guest->index = index;
    guest->deadline = HVRV_TIMER_NEVER;
    if (hvrv_vhart_init(&guest->vhart, &vm->vm) != HVRV_OK ||
        hvrv_timer_init(&guest->vhart, &timers) != HVRV_OK)
        return false;
    guest->vhart.hstatus |= HVRV_HSTATUS_VTW; /* a guest that waits gives the hart to another */
    return !cpu->probe.vector ||
           hvrv_vhart_set_vector(&guest->vhart, guest->vector, VECTOR_MAX, &cpu->probe) == HVRV_OK;
}

/* The first vHart starts as firmware starts an image; it starts the others by SBI. */
static bool start(struct guest *guest)
{
    guest->vhart.sepc = GPA_ENTRY;
    guest->vhart.gpr[10] = 0;
    guest->vhart.gpr[11] = GPA_DTB;
    if (hvrv_run_start(&guest->vhart) != HVRV_OK)
        return false;
    queue_put(guest);
    return true;
}

bool vm_make(struct vm *vm, uint32_t number, const struct cpu *cpu)
{
    vm->number = number;
    if (!memory_make(vm))
        return false;
    for (uint32_t i = 0; i < machine.config.vharts; i++) {
        if (!make_guest(vm, i, cpu))
            return false;
    }
    return devices_make(vm, (uint32_t)machine.config.vharts) &&
           calls_make(vm, (uint32_t)machine.config.vharts) && start(&vm->guests[0]);
}

/* Its guests stop when they are next asked; those that run are interrupted for it. */
void vm_power_off(struct vm *vm, uint64_t reason)
{
    vm->reason = reason;
    __atomic_store_n(&vm->is_off, 1, __ATOMIC_RELEASE);
    for (uint32_t i = 0; i < machine.config.vharts; i++)
        wake(&vm->guests[i]);
}

bool vm_all_off(void)
{
    for (uint32_t i = 0; i < machine.config.vms; i++) {
        if (!__atomic_load_n(&machine.vms[i].is_off, __ATOMIC_ACQUIRE))
            return false;
    }
    return true;
}

/* One VM prints as it likes. Of several, each line says whose it is. */
void vm_print(struct vm *vm, uint8_t byte)
{
    if (machine.config.vms == 1) {
        console_put((char)byte);
        return;
    }
    vm->line[vm->column++] = (char)byte;
    if (byte == '\n' || vm->column == sizeof vm->line) {
        console_put_line(vm->number, vm->line, vm->column);
        vm->column = 0;
    }
}

static void print_end(const struct vm *vm)
{
    printf("hypervisor: VM %u powered off, reason %lu\n", vm->number, vm->reason);
}

/* The last of the cpus takes the VMs apart: every table page must come back. */
static bool unmake(struct vm *vm, struct cpu *cpu)
{
    struct hvrv_gstage_range all = {{0}, GPA_RAM + vm->ram, HVRV_GSTAGE_NO_LIMIT};
    struct hvrv_fence_gather gather;
    return hvrv_fence_begin(&gather, &vm->domain, &cpu->hart) == HVRV_OK &&
           hvrv_gstage_unmap(&vm->gstage, &all, &gather) == HVRV_OK &&
           hvrv_fence_commit(&gather) == HVRV_OK && hvrv_fence_end(&gather) == HVRV_OK &&
           hvrv_gstage_fini(&vm->gstage) == HVRV_OK;
}

_Noreturn void vm_end(struct cpu *cpu)
{
    static uint32_t ended;
    if (__atomic_add_fetch(&ended, 1, __ATOMIC_ACQ_REL) < machine.cpu_count) {
        hvrv_hart_write_sie(&cpu->hart, 0);
        for (;;)
            __asm__ volatile("wfi");
    }
    int status = 0;
    uint64_t pages = machine.pool.pages_taken;
    for (uint32_t i = 0; i < machine.config.vms; i++) {
        if (!is_flag(CONFIG_QUIET))
            print_end(&machine.vms[i]);
        if (machine.vms[i].reason != 0 || !unmake(&machine.vms[i], cpu))
            status = 1;
    }
    if (!is_flag(CONFIG_QUIET))
        printf("hypervisor: %lu of %lu table pages returned\n", pages - machine.pool.pages_taken,
               pages);
    power_off(machine.pool.pages_taken == 0 ? status : 5);
}
