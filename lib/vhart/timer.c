/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/timer.h>

#include <hvrv/vhart/bind.h>

static bool is_sstc(const struct hvrv_vhart *vhart)
{
    return (vhart->csr.henvcfg & HVRV_HENVCFG_STCE) != 0;
}

uint64_t hvrv_timer_host_time(uint64_t guest, uint64_t htimedelta)
{
    uint64_t host = guest - htimedelta;
    bool is_behind = htimedelta >> 63 != 0; /* the guest's time began after the host's */

    if (guest == HVRV_TIMER_NEVER)
        return HVRV_TIMER_NEVER;
    if (is_behind)
        return host < guest ? HVRV_TIMER_NEVER : host;
    return host > guest ? 0 : host;
}

enum hvrv_status hvrv_timer_init(struct hvrv_vhart *vhart, const struct hvrv_probe *probe)
{
    if (!vhart || !probe)
        return HVRV_ERR_NULL;
    if (vhart->bind)
        return HVRV_ERR_STATE;
    vhart->csr.henvcfg &= ~HVRV_HENVCFG_STCE;
    if (probe->sstc)
        vhart->csr.henvcfg |= HVRV_HENVCFG_STCE;
    vhart->csr.vstimecmp = HVRV_TIMER_NEVER;
    vhart->timecmp = HVRV_TIMER_NEVER;
    return hvrv_irq_lower(vhart, HVRV_HVIP_VSTIP);
}

enum hvrv_status hvrv_timer_set(struct hvrv_vhart *vhart, uint64_t time)
{
    if (!vhart)
        return HVRV_ERR_NULL;
    if (!is_sstc(vhart)) {
        vhart->timecmp = time;
        return hvrv_irq_lower(vhart, HVRV_HVIP_VSTIP);
    }
    if (vhart->bind)
        hvrv_hart_write_vstimecmp(vhart->bind->hart, time);
    else
        vhart->csr.vstimecmp = time;
    return HVRV_OK;
}

uint64_t hvrv_timer_deadline(const struct hvrv_vhart *vhart)
{
    uint64_t time;

    if (!vhart)
        return HVRV_TIMER_NEVER;
    if (!is_sstc(vhart))
        time = vhart->timecmp;
    else if (vhart->bind)
        time = hvrv_hart_read_vstimecmp(vhart->bind->hart);
    else
        time = vhart->csr.vstimecmp;
    return hvrv_timer_host_time(time, vhart->csr.htimedelta);
}

uint64_t hvrv_timer_wake_time(const struct hvrv_vhart *vhart)
{
    uint64_t vsie;

    if (!vhart)
        return HVRV_TIMER_NEVER;
    vsie = vhart->bind ? hvrv_hart_read_vsie(vhart->bind->hart) : vhart->csr.vsie;
    return vsie & HVRV_VSIE_STIE ? hvrv_timer_deadline(vhart) : HVRV_TIMER_NEVER;
}

bool hvrv_timer_check(struct hvrv_vhart *vhart, uint64_t now)
{
    uint64_t deadline = hvrv_timer_deadline(vhart);

    if (deadline == HVRV_TIMER_NEVER || deadline > now)
        return false;
    if (is_sstc(vhart))
        return true;
    vhart->timecmp = HVRV_TIMER_NEVER;
    return hvrv_irq_raise(vhart, HVRV_HVIP_VSTIP) == HVRV_OK;
}
