/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/irq.h>

#include <hvrv/vhart/bind.h>

/*
 * vhart->irq: bits 31:0 as hvip should be, bits 63:32 which of them changed
 * since the last flush.
 */
#define CHANGED_SHIFT 32

static enum hvrv_status check(const struct hvrv_vhart *vhart, uint64_t bits)
{
    if (!vhart)
        return HVRV_ERR_NULL;
    return bits == 0 || (bits & ~HVRV_IRQ_ALL) != 0 ? HVRV_ERR_ARGUMENT : HVRV_OK;
}

enum hvrv_status hvrv_irq_raise(struct hvrv_vhart *vhart, uint64_t bits)
{
    enum hvrv_status status = check(vhart, bits);

    if (status == HVRV_OK)
        __atomic_fetch_or(&vhart->irq, bits | bits << CHANGED_SHIFT, __ATOMIC_RELEASE);
    return status;
}

/*
 * Two steps, and each is right by itself: a flush in between carries over what
 * was noted before, lowered already, and a raise in between counts as the later.
 * In the other order a flush in between would carry the old value and forget the
 * change.
 */
enum hvrv_status hvrv_irq_lower(struct hvrv_vhart *vhart, uint64_t bits)
{
    enum hvrv_status status = check(vhart, bits);

    if (status != HVRV_OK)
        return status;
    __atomic_fetch_and(&vhart->irq, ~bits, __ATOMIC_RELEASE);
    __atomic_fetch_or(&vhart->irq, bits << CHANGED_SHIFT, __ATOMIC_RELEASE);
    return status;
}

void hvrv_irq_deliver(struct hvrv_vhart *vhart)
{
    uint64_t word = __atomic_fetch_and(&vhart->irq, HVRV_BITS(31, 0), __ATOMIC_ACQUIRE);
    uint64_t changed = word >> CHANGED_SHIFT;
    struct hvrv_hart *hart = vhart->bind->hart;

    hvrv_hart_clear_hvip(hart, changed & ~word);
    hvrv_hart_set_hvip(hart, changed & word);
    vhart->csr.hvip = (vhart->csr.hvip & ~changed) | (changed & word);
}

/* vsie is hie one bit further down, as far as the three interrupts go. */
static uint64_t enabled(uint64_t vsie, uint64_t hideleg)
{
    return (vsie & (HVRV_VSIE_SSIE | HVRV_VSIE_STIE | HVRV_VSIE_SEIE)) << 1 & hideleg;
}

bool hvrv_irq_is_pending(const struct hvrv_vhart *vhart)
{
    uint64_t word, changed;

    if (!vhart)
        return false;
    word = __atomic_load_n(&vhart->irq, __ATOMIC_ACQUIRE);
    changed = word >> CHANGED_SHIFT;
    if (vhart->bind) {
        struct hvrv_hart *hart = vhart->bind->hart;
        return ((hvrv_hart_read_hip(hart) | (word & changed)) &
                enabled(hvrv_hart_read_vsie(hart), vhart->csr.hideleg)) != 0;
    }
    return (((vhart->csr.hvip & ~changed) | (word & changed)) &
            enabled(vhart->csr.vsie, vhart->csr.hideleg)) != 0;
}
