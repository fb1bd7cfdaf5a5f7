/* SPDX-License-Identifier: BSD-2-Clause */
/* An ordinary VM of the host's own, by the same library: VMID 1 too, which is the TVM's. */
#include <string.h>

#include <hvrv/mmu/gstage.h>
#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/trap.h>

#include "host.h"

#define GUEST     0x80000000UL /* GPA of its program */
#define WINDOW    0x80400000UL /* GPA behind which the host maps what it likes */
#define VMID      1
#define TABLES    (VM_RAM + 0x800000UL)
#define STEPS_MAX 4

extern const uint8_t vm_program[], vm_program_end[];

static struct hvrv_hart port;
static struct hvrv_probe probe;
static struct hvrv_bind bind;
static struct hvrv_vm_slot slot;
static struct hvrv_vm vm;
static struct hvrv_vhart vhart;
static struct hvrv_phys phys;
static struct hvrv_gstage gstage;
static struct hvrv_fence_domain domain = {.kind = HVRV_FENCE_G_STAGE, .vmid = VMID};
static uint64_t next_table = TABLES;

static void must(bool is_true)
{
    if (is_true)
        return;
    printf("host: its own VM failed\n");
    power_off(true);
}

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    (void)context;
    next_table = (next_table + (uint64_t)size - 1) & ~((uint64_t)size - 1);
    page->v = next_table;
    next_table += (uint64_t)size;
    memset((void *)page->v, 0, (size_t)size);
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context;
    (void)size;
    (void)page;
}

static const struct hvrv_pages tables = {take, give, NULL};

static void map(uint64_t gpa, uint64_t hpa, uint64_t size)
{
    struct hvrv_gstage_map_request request = {
        .range = {{gpa}, size, HVRV_GSTAGE_NO_LIMIT},
        .hpa = {hpa},
        .bits = HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D,
        .existing = HVRV_GSTAGE_REPLACE,
    };
    struct hvrv_fence_gather gather;

    must(hvrv_fence_begin(&gather, &domain, &port) == HVRV_OK &&
         hvrv_gstage_map(&gstage, &request, &gather) == HVRV_OK &&
         hvrv_fence_commit(&gather) == HVRV_OK && hvrv_fence_end(&gather) == HVRV_OK);
}

void vm_make(void)
{
    const struct hvrv_phys_config memory = {(void *)RAM, {RAM}, RAM_SIZE, NULL, NULL};
    const struct hvrv_gstage_config config = {
        .phys = &phys, .pages = &tables, .stage = HVRV_STAGE_G, .mode = HVRV_MODE_SV39};
    uint64_t hgatp;

    must(hvrv_phys_init(&phys, &memory) == HVRV_OK && hvrv_probe_hart(&probe, &port) == HVRV_OK &&
         hvrv_gstage_init(&gstage, &config) == HVRV_OK &&
         hvrv_gstage_atp(&gstage, VMID, &hgatp) == HVRV_OK &&
         hvrv_vm_init(&vm, hgatp, &slot, 1) == HVRV_OK &&
         hvrv_bind_init(&bind, &port, &probe, 0) == HVRV_OK &&
         hvrv_vhart_init(&vhart, &vm) == HVRV_OK);
    memcpy((void *)VM_RAM, vm_program, (size_t)(vm_program_end - vm_program));
    __asm__ volatile("fence.i" ::: "memory");
    map(GUEST, VM_RAM, 0x200000);
    vhart.sepc = GUEST;
    /* What it can read when it may. */
    must(vm_try(KEPT) == 0);
}

/* A turn of the VM, until it traps; scause. */
static uint64_t enter(void)
{
    struct hvrv_trap trap;
    uint64_t scause;

    must(hvrv_bind_load(&bind, &vhart) == HVRV_OK);
    scause = hvrv_vhart_enter(&vhart);
    hvrv_trap_read(&port, &vhart, scause, &trap);
    must(hvrv_bind_put(&bind) == HVRV_OK);
    return scause;
}

uint64_t vm_run(void)
{
    uint64_t steps = 0;

    for (unsigned turn = 0; turn < 2 * STEPS_MAX && steps < STEPS_MAX; turn++) {
        uint64_t scause = enter();
        if (scause == HVRV_CAUSE_ECALL_VS) {
            vhart.sepc += 4;
            steps++;
        } else if (scause >> 63 != 0) {
            take_timer();
        } else {
            must(false);
        }
    }
    return steps;
}

uint64_t vm_try(uint64_t hpa)
{
    uint64_t scause;

    map(WINDOW, hpa & ~(PAGE - 1), PAGE);
    vhart.gpr[10] = WINDOW;
    do {
        scause = enter();
        if (scause >> 63 != 0)
            take_timer();
        else
            vhart.sepc += 4;
    } while (scause >> 63 != 0);
    vhart.gpr[10] = 0;
    /* QEMU calls an access fault of a guest a guest-page fault, though the page is mapped. */
    if (scause == HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT)
        return HVRV_CAUSE_LOAD_ACCESS;
    return scause == HVRV_CAUSE_ECALL_VS ? 0 : scause;
}
