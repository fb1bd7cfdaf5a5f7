/* SPDX-License-Identifier: BSD-2-Clause */
/* A hart's life: take a guest, run it for a slice, give it back; or wait for one. */
#include <stdio.h>

#include "firmware.h"
#include "host.h"

bool cpu_init(struct cpu *cpu, uint64_t id, uint32_t index)
{
    cpu->id = id;
    cpu->index = index;
    if (hvrv_probe_hart(&cpu->probe, &cpu->hart) != HVRV_OK ||
        hvrv_bind_init(&cpu->bind, &cpu->hart, &cpu->probe, index) != HVRV_OK)
        return false;
    cpu->gives_sstc = cpu->probe.sstc && !is_flag(CONFIG_NO_SSTC);
    cpu->sstc = hvrv_hart_try_write_stimecmp(&cpu->hart, HVRV_TIMER_NEVER) == HVRV_OK;
    hvrv_hart_write_sie(&cpu->hart, HVRV_SIE_STIE | HVRV_SIE_SSIE);
    return true;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void cpu_set_timer(struct cpu *cpu, uint64_t time)
{
    cpu->timer = time;
    if (cpu->sstc)
        hvrv_hart_write_stimecmp(&cpu->hart, time);
    else
        firmware_set_timer(time);
}

/* What the sender stored before is seen after: the interrupt alone does not order that. */
void cpu_take_ipi(struct cpu *cpu)
{
    hvrv_hart_clear_sip(&cpu->hart, HVRV_SIP_SSIP);
    __asm__ volatile("fence" : : : "memory");
}

static uint64_t slice(void)
{
    return machine.config.slice_us * TICKS_US;
}

/* The timer rings for the end of the slice, for a guest that waits, or for this one. */
static void set_timer(struct cpu *cpu, const struct guest *guest)
{
    uint64_t time = earlier(cpu->slice_end, next_deadline());
    if (!cpu->gives_sstc)
        time = earlier(time, hvrv_timer_deadline(&guest->vhart));
    cpu_set_timer(cpu, time);
}

enum turn cpu_tick(struct cpu *cpu, struct guest *guest)
{
    uint64_t now = hvrv_hart_read_time(&cpu->hart);
    console_poll();
    wake_due(now);
    hvrv_timer_check(&guest->vhart, now);
    if (now >= cpu->slice_end) {
        if (is_flag(CONFIG_MOVE) || !queue_is_empty())
            return TURN_OVER;
        cpu->slice_end = now + slice();
    }
    set_timer(cpu, guest);
    return TURN_GO_ON;
}

static enum turn run(struct cpu *cpu, struct guest *guest)
{
    cpu->slice_end = hvrv_hart_read_time(&cpu->hart) + slice();
    set_timer(cpu, guest);
    return guest->vm->is_off ? TURN_STOP : serve(cpu, guest);
}

/* Its deadline is there to be seen before it counts as waiting, so nobody misses it. */
static enum hvrv_status give_back(struct guest *guest, enum turn turn)
{
    bool is_ready = true;
    enum hvrv_status status;
    struct hvrv_sbi *sbi = &guest->vm->sbi;
    if (turn == TURN_STOP) {
        status = hvrv_run_stop(&guest->vhart);
        return status == HVRV_OK ? hvrv_sbi_rest(sbi, guest->index) : status;
    }
    status = hvrv_sbi_rest(sbi, guest->index);
    if (status != HVRV_OK)
        return status;
    if (turn == TURN_PARK) {
        __atomic_store_n(&guest->deadline, hvrv_timer_wake_time(&guest->vhart), __ATOMIC_RELEASE);
        status = hvrv_run_park(&guest->vhart, &is_ready);
    } else {
        status = hvrv_run_yield(&guest->vhart);
    }
    if (status == HVRV_OK && is_ready)
        queue_put(guest);
    return status;
}

static enum hvrv_status take_turn(struct cpu *cpu, struct guest *guest)
{
    enum turn turn;
    enum hvrv_status status = hvrv_run_take(&guest->vhart, cpu->index);
    if (status != HVRV_OK) /* another cpu was faster: it is in good hands */
        return status == HVRV_ERR_STATE ? HVRV_OK : status;
    __atomic_store_n(&guest->deadline, HVRV_TIMER_NEVER, __ATOMIC_RELEASE);
    status = hvrv_sbi_wake(&guest->vm->sbi, guest->index);
    if (status == HVRV_OK)
        status = hvrv_bind_load(&cpu->bind, &guest->vhart);
    if (status != HVRV_OK)
        return status;
    turn = run(cpu, guest);
    status = hvrv_bind_put(&cpu->bind);
    return status == HVRV_OK ? give_back(guest, turn) : status;
}

/* Whoever puts a guest into the queue after is_idle was set sends an interrupt, which ends WFI. */
static void idle(struct cpu *cpu)
{
    uint64_t now = hvrv_hart_read_time(&cpu->hart);
    console_poll();
    wake_due(now);
    __atomic_store_n(&cpu->is_idle, 1, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    cpu_set_timer(cpu, earlier(now + slice(), next_deadline()));
    if (queue_is_empty() || is_flag(CONFIG_MOVE))
        __asm__ volatile("wfi" : : : "memory");
    __atomic_store_n(&cpu->is_idle, 0, __ATOMIC_SEQ_CST);
    cpu_take_ipi(cpu);
}

_Noreturn void cpu_main(struct cpu *cpu)
{
    if (cpu->index != 0 && !cpu_init(cpu, cpu->id, cpu->index))
        power_off(3);
    while (!vm_all_off()) {
        struct guest *guest = queue_take(cpu);
        enum hvrv_status status = HVRV_OK;
        if (guest)
            status = take_turn(cpu, guest);
        else
            idle(cpu);
        if (status != HVRV_OK) {
            printf("hypervisor: VM %u, vHart %u cannot be run on hart %lu: %s\n", guest->vm->number,
                   guest->index, cpu->id, hvrv_status_text(status));
            power_off(4);
        }
    }
    vm_end(cpu);
}
