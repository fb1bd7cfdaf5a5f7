/* SPDX-License-Identifier: BSD-2-Clause */
/* The answer to an exit. What nobody serves becomes an exception of the guest's own. */
#include <stdio.h>

#include "host.h"

static enum turn go_on(enum hvrv_status status)
{
    return status == HVRV_OK ? TURN_GO_ON : TURN_STOP;
}

/* Another cpu interrupts for a change: the guest has an interrupt now, or its VM is off. */
static enum turn serve_interrupt(struct cpu *cpu, struct guest *guest, uint64_t cause)
{
    if (cause == HVRV_INTERRUPT_STI)
        return cpu_tick(cpu, guest);
    hvrv_hart_clear_sip(&cpu->hart, HVRV_SIP_SSIP);
    return __atomic_load_n(&guest->vm->is_off, __ATOMIC_ACQUIRE) ? TURN_STOP : TURN_GO_ON;
}

/* Whoever raises an interrupt from here on kicks the vHart, and it is not parked. */
static enum turn wait(struct guest *guest)
{
    if (hvrv_run_listen(&guest->vhart) != HVRV_OK)
        return TURN_STOP;
    return hvrv_irq_is_pending(&guest->vhart) ? TURN_GO_ON : TURN_PARK;
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
    if (hvrv_sbi_serve(&guest->vm->sbi, guest->index, &action) != HVRV_OK)
        return TURN_STOP;
    if (action == HVRV_SBI_GO_ON && cpu->probe.sstc)
        return TURN_GO_ON;
    return end_call(cpu, guest, action);
}

static enum turn serve_device(struct cpu *cpu, struct guest *guest, const struct hvrv_exit *exit)
{
    struct hvrv_mmio mmio;
    uint64_t value;
    if (hvrv_mmio_begin(&mmio, &cpu->hart, &guest->vhart, exit) != HVRV_OK)
        return TURN_STOP;
    switch (mmio.outcome) {
    case HVRV_MMIO_READY:
        value = mmio.value;
        if (devices_access(guest->vm, &mmio, &value))
            return go_on(hvrv_mmio_finish(&mmio, &guest->vhart, value));
        return go_on(hvrv_inject_access_fault(&guest->vhart, exit));
    case HVRV_MMIO_RETRY:
        return TURN_GO_ON;
    case HVRV_MMIO_FAULT:
        return go_on(hvrv_inject_exception(&guest->vhart, &mmio.exception));
    default:
        return go_on(hvrv_inject_access_fault(&guest->vhart, exit));
    }
}

/* RAM that is not there yet, a device, or nothing. */
static enum turn serve_fault(struct cpu *cpu, struct guest *guest, struct hvrv_exit *exit)
{
    struct vm *vm = guest->vm;
    if (exit->gpa_is == HVRV_EXIT_GPA_UNKNOWN && !memory_find_gpa(vm, cpu, exit))
        return TURN_STOP;
    if (exit->gpa_is != HVRV_EXIT_GPA_KNOWN)
        return TURN_GO_ON;
    if (memory_is_ram(vm, exit->gpa))
        return memory_map(vm, cpu, exit->gpa) ? TURN_GO_ON : TURN_STOP;
    if (exit->is_implicit || exit->access == HVRV_ACCESS_FETCH)
        return go_on(hvrv_inject_access_fault(&guest->vhart, exit));
    return serve_device(cpu, guest, exit);
}

static enum turn serve_instruction(struct cpu *cpu, struct guest *guest,
                                   const struct hvrv_exit *exit)
{
    static const struct hvrv_virtual defaults = {0};
    struct hvrv_virtual_exit at = {&cpu->hart, &guest->vhart, exit};
    enum hvrv_virtual_outcome outcome;
    if (hvrv_virtual_serve(&defaults, &at, &outcome) != HVRV_OK)
        return TURN_STOP;
    if (outcome == HVRV_VIRTUAL_YIELD)
        return TURN_OVER;
    return outcome == HVRV_VIRTUAL_WAIT ? wait(guest) : TURN_GO_ON;
}

/* An access fault of memory that the guest has, and the like: its own to deal with. */
static enum turn serve_exception(struct guest *guest, const struct hvrv_exit *exit)
{
    struct hvrv_exception exception = {.cause = (enum hvrv_cause)exit->cause, .stval = exit->value};
    return go_on(hvrv_inject_exception(&guest->vhart, &exception));
}

static enum turn serve_trap(struct cpu *cpu, struct guest *guest, uint64_t scause)
{
    struct hvrv_trap trap;
    struct hvrv_exit exit;
    hvrv_trap_read(&cpu->hart, &guest->vhart, scause, &trap);
    if (hvrv_trap_decode(&trap, &exit) != HVRV_OK)
        return TURN_STOP;
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

static inline bool is_guest_page_fault(uint64_t scause)
{
    return scause == HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT ||
           scause == HVRV_CAUSE_STORE_GUEST_PAGE_FAULT ||
           scause == HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT;
}

/* What happens most comes first and is decoded least: calls, and RAM that is not there yet. */
static inline enum turn serve_exit(struct cpu *cpu, struct guest *guest, uint64_t scause)
{
    if (scause == HVRV_CAUSE_ECALL_VS)
        return serve_call(cpu, guest);
    if (is_guest_page_fault(scause)) {
        hvrv_gpa gpa = hvrv_gpa_make(hvrv_hart_read_htval(&cpu->hart) << 2);
        if (memory_is_ram(guest->vm, gpa))
            return memory_map(guest->vm, cpu, gpa) ? TURN_GO_ON : TURN_STOP;
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
