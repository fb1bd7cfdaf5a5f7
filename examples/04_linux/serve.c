/* SPDX-License-Identifier: BSD-2-Clause */
/* The answer to an exit. What nobody serves becomes an exception of the guest's own. */
#include <stdio.h>

#include "host.h"

/* What cannot be served and cannot be made an exception either is the VM's end. */
static enum turn lose(struct guest *guest, enum hvrv_status status)
{
    printf("hypervisor: VM %u, vHart %u: lost at 0x%lx: %s\n", guest->vm->number, guest->index,
           guest->vhart.sepc, hvrv_status_text(status));
    vm_power_off(guest->vm, HVRV_SBI_REASON_FAILURE);
    return TURN_STOP;
}

static enum turn go_on(struct guest *guest, enum hvrv_status status)
{
    return status == HVRV_OK ? TURN_GO_ON : lose(guest, status);
}

/* Another cpu interrupts for a change: the guest has an interrupt now, or its VM is off. */
static enum turn serve_interrupt(struct cpu *cpu, struct guest *guest, uint64_t cause)
{
    if (cause == HVRV_INTERRUPT_STI)
        return cpu_tick(cpu, guest);
    cpu_take_ipi(cpu);
    return __atomic_load_n(&guest->vm->is_off, __ATOMIC_ACQUIRE) ? TURN_STOP : TURN_GO_ON;
}

/* Whoever raises an interrupt from here on kicks the vHart, and it is not parked. */
static enum turn wait(struct guest *guest)
{
    enum hvrv_status status = hvrv_run_listen(&guest->vhart);
    if (status != HVRV_OK)
        return lose(guest, status);
    if (!hvrv_irq_is_pending(&guest->vhart))
        return TURN_PARK;
    return go_on(guest, hvrv_sbi_wake(&guest->vm->sbi, guest->index));
}

/* The guest goes on behind the call unless the call says otherwise. */
static enum turn end_call(struct cpu *cpu, struct guest *guest, enum hvrv_sbi_action action)
{
    switch (action) {
    case HVRV_SBI_GO_ON:
        if (hvrv_timer_deadline(&guest->vhart) < cpu->timer)
            cpu_set_timer(cpu, hvrv_timer_deadline(&guest->vhart));
        return TURN_GO_ON;
    case HVRV_SBI_PARK:
        return wait(guest);
    default:
        return TURN_STOP;
    }
}

/* Where the guest has a timer of its own, nothing follows from a call that just goes on. */
static inline enum turn serve_call(struct cpu *cpu, struct guest *guest)
{
    enum hvrv_sbi_action action;
    enum hvrv_status status = hvrv_sbi_serve(&guest->vm->sbi, guest->index, &action);
    if (status != HVRV_OK)
        return lose(guest, status);
    if (action == HVRV_SBI_GO_ON && cpu->gives_sstc)
        return TURN_GO_ON;
    return end_call(cpu, guest, action);
}

/* An AMO to a device, or an access that crosses into another page, is more than this bus can do. */
static inline bool is_done(struct vm *vm, struct guest *guest, const struct hvrv_mmio *mmio)
{
    uint64_t value = 0;
    if (mmio->is_amo || mmio->is_split)
        return false;
    if (!(mmio->is_store ? devices_store(vm, mmio) : devices_load(vm, mmio, &value)))
        return false;
    return hvrv_mmio_finish(mmio, &guest->vhart, value) == HVRV_OK;
}

static enum turn serve_device(struct cpu *cpu, struct guest *guest, const struct hvrv_exit *exit)
{
    struct hvrv_mmio mmio;
    enum hvrv_status status = hvrv_mmio_begin(&mmio, &cpu->hart, &guest->vhart, exit);
    if (status != HVRV_OK)
        return lose(guest, status);
    if (mmio.outcome == HVRV_MMIO_RETRY)
        return TURN_GO_ON;
    if (mmio.outcome == HVRV_MMIO_FAULT)
        return go_on(guest, hvrv_inject_exception(&guest->vhart, &mmio.exception));
    if (mmio.outcome == HVRV_MMIO_READY && is_done(guest->vm, guest, &mmio))
        return TURN_GO_ON;
    return go_on(guest, hvrv_inject_access_fault(&guest->vhart, exit));
}

/* RAM that is not there yet, a device, or nothing. */
static enum turn serve_fault(struct cpu *cpu, struct guest *guest, struct hvrv_exit *exit)
{
    struct vm *vm = guest->vm;
    if (exit->gpa_is == HVRV_EXIT_GPA_UNKNOWN) {
        enum hvrv_status status = memory_find_gpa(vm, cpu, exit);
        if (status != HVRV_OK)
            return lose(guest, status);
    }
    if (exit->gpa_is != HVRV_EXIT_GPA_KNOWN)
        return TURN_GO_ON;
    if (memory_is_ram(vm, exit->gpa))
        return go_on(guest, memory_map(vm, cpu, exit->gpa));
    if (exit->is_implicit || exit->access == HVRV_ACCESS_FETCH)
        return go_on(guest, hvrv_inject_access_fault(&guest->vhart, exit));
    return serve_device(cpu, guest, exit);
}

static enum turn serve_instruction(struct cpu *cpu, struct guest *guest,
                                   const struct hvrv_exit *exit)
{
    static const struct hvrv_virtual defaults = {0};
    struct hvrv_virtual_exit at = {&cpu->hart, &guest->vhart, exit};
    enum hvrv_virtual_outcome outcome;
    enum hvrv_status status = hvrv_virtual_serve(&defaults, &at, &outcome);
    if (status != HVRV_OK)
        return lose(guest, status);
    if (outcome == HVRV_VIRTUAL_YIELD)
        return TURN_OVER;
    return outcome == HVRV_VIRTUAL_WAIT ? wait(guest) : TURN_GO_ON;
}

/* An access fault of memory that the guest has, and the like: its own to deal with. */
static enum turn serve_exception(struct guest *guest, const struct hvrv_exit *exit)
{
    struct hvrv_exception exception = {.cause = (enum hvrv_cause)exit->cause, .stval = exit->value};
    return go_on(guest, hvrv_inject_exception(&guest->vhart, &exception));
}

static enum turn serve_trap(struct cpu *cpu, struct guest *guest, uint64_t scause)
{
    struct hvrv_trap trap;
    struct hvrv_exit exit;
    hvrv_trap_read(&cpu->hart, &guest->vhart, scause, &trap);
    enum hvrv_status status = hvrv_trap_decode(&trap, &exit);
    if (status != HVRV_OK)
        return lose(guest, status);
    switch (exit.kind) {
    case HVRV_EXIT_INTERRUPT:
        return serve_interrupt(cpu, guest, exit.cause);
    case HVRV_EXIT_GUEST_PAGE_FAULT:
        return serve_fault(cpu, guest, &exit);
    case HVRV_EXIT_VIRTUAL_INSTRUCTION:
    case HVRV_EXIT_ILLEGAL_INSTRUCTION:
        return serve_instruction(cpu, guest, &exit);
    default:
        return serve_exception(guest, &exit);
    }
}

static inline bool is_data_fault(uint64_t scause)
{
    return scause == HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT ||
           scause == HVRV_CAUSE_STORE_GUEST_PAGE_FAULT;
}

/* A device's register, if it is read or written as usual; or an instruction that is gone by now. */
static inline bool is_usual_access(struct cpu *cpu, struct guest *guest, uint64_t scause)
{
    struct hvrv_mmio mmio;
    uint64_t value;
    if (!hvrv_mmio_quick(&mmio, &cpu->hart, &guest->vhart, scause))
        return false;
    if (mmio.outcome != HVRV_MMIO_READY)
        return true;
    if (scause == HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT) {
        if (!devices_load(guest->vm, &mmio, &value))
            return false;
    } else {
        value = 0;
        if (!devices_store(guest->vm, &mmio))
            return false;
    }
    hvrv_mmio_finish_quick(&mmio, &guest->vhart, value);
    return true;
}

/* What happens most comes first and is decoded least. */
static inline enum turn serve_exit(struct cpu *cpu, struct guest *guest, uint64_t scause)
{
    if (scause == HVRV_CAUSE_ECALL_VS)
        return serve_call(cpu, guest);
    if (is_data_fault(scause)) {
        hvrv_gpa gpa = hvrv_gpa_make(hvrv_hart_read_htval(&cpu->hart) << 2);
        if (memory_is_ram(guest->vm, gpa))
            return go_on(guest, memory_map(guest->vm, cpu, gpa));
        if (is_usual_access(cpu, guest, scause))
            return TURN_GO_ON;
    }
    return serve_trap(cpu, guest, scause);
}

enum turn serve(struct cpu *cpu, struct guest *guest)
{
    enum turn turn;
    do {
        hvrv_irq_flush(&guest->vhart);
        turn = serve_exit(cpu, guest, hvrv_vhart_enter(&guest->vhart));
    } while (turn == TURN_GO_ON);
    return turn;
}
