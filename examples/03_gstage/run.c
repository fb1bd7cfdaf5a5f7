/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest runs in slices of 10 ms, and is served in between. */
#include <stdio.h>

#include "ecall.h"
#include "host.h"
#include "machine.h"

#define SLICE_MS 10

/* The firmware raises the timer interrupt then. It ends the guest's turn, not the hypervisor's. */
static void set_timer(uint64_t time)
{
    ECALL(SBI_TIME, SBI_TIME_SET_TIMER, time);
}

/*
 * The guest's vsatp is Bare, so what faulted is a GPA. Where software sets A and
 * D, the fault may be for them: they are set, and the guest tries again. That
 * the map forbids the access is the other answer of the same call.
 */
static enum ending serve_fault(struct machine *machine, const struct hvrv_exit *exit)
{
    hvrv_gpa gpa = hvrv_gpa_make(exit->value);
    enum hvrv_status status = hvrv_gstage_touch(&machine->gstage, gpa, exit->access);
    if (status == HVRV_OK || status == HVRV_ERR_RACE)
        return ENDING_NONE;
    machine->refused = gpa;
    return ENDING_REFUSED;
}

/* The guest tells what it wrote to. */
static enum ending listen(struct machine *machine)
{
    struct hvrv_vhart *vhart = &machine->vhart;
    uint64_t first = (vhart->gpr[A0] - GPA_WORK) / HVRV_PAGE_SIZE;
    uint64_t count = vhart->gpr[A1] / HVRV_PAGE_SIZE;
    for (uint64_t page = first; page < WORK_PAGES && page - first < count; page++)
        machine->told[page / 64] |= UINT64_C(1) << page % 64;
    vhart->gpr[A0] = SBI_SUCCESS;
    vhart->sepc += 4;
    return ENDING_NONE;
}

static enum ending serve_call(struct machine *machine)
{
    if (machine->vhart.gpr[A7] == TELL)
        return listen(machine);
    sbi_call(&machine->sbi, &machine->vhart);
    return machine->sbi.state == SBI_OFF ? ENDING_OFF : ENDING_NONE;
}

static enum ending lose(const struct hvrv_trap *trap)
{
    printf("gstage: nobody serves the guest's %s at 0x%lx, stval 0x%lx\n",
           hvrv_cause_name(trap->scause), trap->sepc, trap->stval);
    return ENDING_LOST;
}

static enum ending serve(struct machine *machine, uint64_t scause)
{
    struct hvrv_trap trap;
    struct hvrv_exit exit;
    hvrv_trap_read(&machine->hart, &machine->vhart, scause, &trap);
    if (hvrv_trap_decode(&trap, &exit) != HVRV_OK)
        return lose(&trap);
    switch (exit.kind) {
    case HVRV_EXIT_INTERRUPT:
        return exit.cause == HVRV_INTERRUPT_STI ? ENDING_TIME : lose(&trap);
    case HVRV_EXIT_ECALL:
        return serve_call(machine);
    case HVRV_EXIT_GUEST_PAGE_FAULT:
        return serve_fault(machine, &exit);
    default:
        return lose(&trap);
    }
}

static enum ending run_slice(struct machine *machine)
{
    enum ending ending;
    set_timer(hvrv_hart_read_time(&machine->hart) + SLICE_MS * TICKS_MS);
    do
        ending = serve(machine, hvrv_vhart_enter(&machine->vhart));
    while (ending == ENDING_NONE);
    return ending;
}

enum ending run(struct machine *machine, unsigned milliseconds)
{
    uint64_t time = hvrv_hart_read_time(&machine->hart) + milliseconds * UINT64_C(TICKS_MS);
    uint64_t rounds = SHARED->rounds + 2; /* the first of the two may have begun before */
    enum ending ending;
    do
        ending = run_slice(machine);
    while (ending == ENDING_TIME &&
           (hvrv_hart_read_time(&machine->hart) < time || SHARED->rounds < rounds));
    return ending;
}

bool run_prepare(struct machine *machine)
{
    static struct hvrv_vm_slot slots[1];
    uint64_t hgatp;
    if (hvrv_gstage_atp(&machine->gstage, machine->vmid.number, &hgatp) != HVRV_OK ||
        hvrv_vm_init(&machine->vm, hgatp, slots, 1) != HVRV_OK ||
        hvrv_vhart_init(&machine->vhart, &machine->vm) != HVRV_OK ||
        hvrv_bind_init(&machine->bind, &machine->hart, &machine->probe, 0) != HVRV_OK)
        return false;
    machine->vhart.sepc = GPA_RAM;
    hvrv_hart_set_sie(&machine->hart, HVRV_SIE_STIE);
    return hvrv_bind_load(&machine->bind, &machine->vhart) == HVRV_OK;
}
