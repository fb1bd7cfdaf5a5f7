/* SPDX-License-Identifier: BSD-2-Clause */
/* How the other harts are told to fence, and what they do about it. */
#include "smp.h"

#define SBI_IPI UINT64_C(0x735049)

/* By an interrupt, to the harts of a mask. */
static void interrupt(struct smp *smp, uint64_t mask)
{
    struct hvrv_fence_call ipi = {.eid = SBI_IPI};
    if (sbi(&ipi, mask, 0) != 0)
        complain(&smp->hart[0], "the firmware refuses an IPI", mask, 0);
}

void tell_all(struct smp *smp)
{
    if (smp->hart_count > 1)
        interrupt(smp, other_harts(smp));
}

/* Until an interrupt is pending, so that emulated harts leave the emulator's time to others. */
void doze(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

static bool all_answered(const struct smp *smp, unsigned number)
{
    for (uint32_t i = 1; i < smp->hart_count; i++) {
        if (atomic_load(&smp->hart[i].answered) != number)
            return false;
    }
    return true;
}

/* Each leaves the guest, or finishes what it is about, and answers. */
static void ask(struct smp *smp, const struct hvrv_fence_order *order)
{
    smp->order = order;
    unsigned number = atomic_fetch_add(&smp->asked, 1) + 1;
    tell_all(smp);
    for (;;) {
        hvrv_hart_clear_sip(&smp->hart[0].port, HVRV_SIP_SSIP);
        if (all_answered(smp, number))
            return;
        doze();
    }
}

static void reach_by_firmware(struct smp *smp, const struct hvrv_fence_order *order)
{
    struct hvrv_fence_call call;
    for (uint32_t i = 0; hvrv_fence_rfence(order, i, &call) == HVRV_OK; i++) {
        uint64_t error = sbi(&call, other_harts(smp), 0);
        if (error != 0)
            complain(&smp->hart[0], "the firmware refuses RFENCE", call.fid, error);
    }
}

void reach(void *context, const struct hvrv_fence_order *order)
{
    struct smp *smp = context;
    if (smp->config.mistake == MISTAKE_NO_REACH)
        return;
    if (smp->config.reach == REACH_RFENCE)
        reach_by_firmware(smp, order);
    else
        ask(smp, order);
}

void focus(struct smp *smp, unsigned first, unsigned count)
{
    smp->focus_first = first;
    smp->focus_mask = 0;
    while (smp->focus_mask < WINDOW_PAGES - 1 && smp->focus_mask * 2 + 2 <= count)
        smp->focus_mask = smp->focus_mask * 2 + 1;
    if (smp->hart_count > 1)
        ask(smp, NULL);
}

/* Out of the guest. The first hart is interrupted by answers only. */
void answer(struct hart *hart)
{
    struct smp *smp = hart->smp;
    hvrv_hart_clear_sip(&hart->port, HVRV_SIP_SSIP);
    unsigned number = atomic_load(&smp->asked);
    if (hart->index == 0 || number == atomic_load(&hart->answered))
        return;
    if (!smp->order) {
        hart->vhart.gpr[GPR_FIRST] = smp->focus_first;
        hart->vhart.gpr[GPR_MASK] = smp->focus_mask;
        if (hart->vhart.gpr[GPR_RECOVERY]) /* it has begun */
            hart->vhart.sepc = hart->vhart.gpr[GPR_RECOVERY];
    } else if (smp->config.mistake != MISTAKE_NO_FENCE &&
               hvrv_fence_execute(smp->order, &hart->port) != HVRV_OK) {
        complain(hart, "no fence", 0, 0);
    }
    atomic_store(&hart->answered, number);
    interrupt(smp, UINT64_C(1) << smp->hart[0].id);
}
