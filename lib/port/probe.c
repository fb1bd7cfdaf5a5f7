/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/csr_fields.h>
#include <hvrv/isa/mode.h>
#include <hvrv/port/probe.h>

#define ALL_BITS  UINT64_MAX
#define VLENB_MAX 8192

/* The defined modes other than Bare, deepest first. */
static const uint8_t modes[] = {HVRV_MODE_SV57, HVRV_MODE_SV48, HVRV_MODE_SV39};
#define MODE_COUNT (sizeof(modes) / sizeof(modes[0]))

/* The number of the lowest bit that is 0. */
static uint8_t count_low_ones(uint64_t bits)
{
    uint8_t count = 0;
    while (bits & 1) {
        bits >>= 1;
        count++;
    }
    return count;
}

/* Tries each mode, and leaves the shallowest that hgatp takes in it. */
static void probe_hgatp_modes(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    probe->hgatp_modes = 1 << HVRV_MODE_BARE;
    for (unsigned i = 0; i < MODE_COUNT; i++) {
        hvrv_hart_write_hgatp(hart, hvrv_bits_set(0, HVRV_HGATP_MODE, modes[i]));
        if (hvrv_bits_get(hvrv_hart_read_hgatp(hart), HVRV_HGATP_MODE) == modes[i])
            probe->hgatp_modes = (uint16_t)(probe->hgatp_modes | 1U << modes[i]);
    }
}

/* With a legal mode in hgatp. VMID bits are implemented from the lowest up: norm:hgatp_vmid_lsbs.
 */
static void probe_vmidlen(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    for (unsigned i = 0; i < MODE_COUNT; i++) {
        if (!(probe->hgatp_modes >> modes[i] & 1))
            continue;
        uint64_t hgatp = hvrv_bits_set(0, HVRV_HGATP_MODE, modes[i]) | HVRV_HGATP_VMID;
        hvrv_hart_write_hgatp(hart, hgatp);
        hgatp = hvrv_hart_read_hgatp(hart);
        probe->vmidlen = count_low_ones(hvrv_bits_get(hgatp, HVRV_HGATP_VMID));
        return;
    }
}

static void probe_vsatp(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    probe->vsatp_modes = 1 << HVRV_MODE_BARE;
    for (unsigned i = 0; i < MODE_COUNT; i++) {
        hvrv_hart_write_vsatp(hart, hvrv_bits_set(0, HVRV_VSATP_MODE, modes[i]));
        if (hvrv_bits_get(hvrv_hart_read_vsatp(hart), HVRV_VSATP_MODE) == modes[i])
            probe->vsatp_modes = (uint16_t)(probe->vsatp_modes | 1U << modes[i]);
    }
    hvrv_hart_write_vsatp(hart, 0);
}

static void probe_henvcfg(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    uint64_t value;
    probe->henvcfg = hvrv_hart_try_read_henvcfg(hart, &value) == HVRV_OK;
    if (!probe->henvcfg)
        return;
    hvrv_hart_write_henvcfg(hart, ALL_BITS);
    probe->henvcfg_bits = hvrv_hart_swap_henvcfg(hart, value);
}

/*
 * vsatp is zero whenever hgatp changes, or henvcfg with its PBMTE and ADUE; the fences clear what
 * speculation may have cached.
 */
static void probe_translation(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    uint64_t vsatp = hvrv_hart_swap_vsatp(hart, 0);
    uint64_t hgatp = hvrv_hart_read_hgatp(hart);
    probe_hgatp_modes(probe, hart);
    probe_vmidlen(probe, hart);
    hvrv_hart_write_hgatp(hart, hgatp);
    probe_henvcfg(probe, hart);
    probe_vsatp(probe, hart);
    hvrv_hart_hfence_gvma_all(hart);
    hvrv_hart_hfence_vvma_all(hart);
    hvrv_hart_write_vsatp(hart, vsatp);
}

static void probe_delegation(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    uint64_t hedeleg = hvrv_hart_swap_hedeleg(hart, ALL_BITS);
    probe->hedeleg_bits = hvrv_hart_swap_hedeleg(hart, hedeleg);
    uint64_t hideleg = hvrv_hart_swap_hideleg(hart, ALL_BITS);
    probe->hideleg_bits = hvrv_hart_swap_hideleg(hart, hideleg);
    uint64_t hgeie = hvrv_hart_swap_hgeie(hart, ALL_BITS);
    /* Bit 0 is no interrupt (norm:hgeie_sz_acc_op). */
    probe->geilen = count_low_ones(hvrv_hart_swap_hgeie(hart, hgeie) >> 1);
}

static void probe_environment(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    uint64_t value;
    probe->senvcfg = hvrv_hart_try_read_senvcfg(hart, &value) == HVRV_OK;
    probe->ssstateen = hvrv_hart_try_read_hstateen0(hart, &value) == HVRV_OK &&
                       hvrv_hart_try_read_sstateen0(hart, &value) == HVRV_OK;
    probe->sstc = (probe->henvcfg_bits & HVRV_HENVCFG_STCE) != 0 &&
                  hvrv_hart_try_read_vstimecmp(hart, &value) == HVRV_OK;
    probe->aia = hvrv_hart_try_read_hvictl(hart, &value) == HVRV_OK;
    probe->sscofpmf = hvrv_hart_try_read_scountovf(hart, &value) == HVRV_OK;
}

/* VLEN is a power of two, and at most 2^16; a register that only reads zero is none. */
static bool is_vlenb(uint64_t value)
{
    return value != 0 && value <= VLENB_MAX && (value & (value - 1)) == 0;
}

/* FS and VS may be writable without F and V, so the registers themselves are tried too. */
static void probe_state(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    uint64_t value;
    hvrv_hart_set_sstatus(hart, HVRV_SSTATUS_FS | HVRV_SSTATUS_VS);
    uint64_t sstatus = hvrv_hart_read_sstatus(hart);
    if (sstatus & HVRV_SSTATUS_FS)
        probe->fp = hvrv_hart_try_read_fcsr(hart, &value) == HVRV_OK && hvrv_hart_has_double(hart);
    if ((sstatus & HVRV_SSTATUS_VS) && hvrv_hart_try_read_vlenb(hart, &value) == HVRV_OK &&
        is_vlenb(value)) {
        probe->vector = true;
        probe->vlenb = (uint16_t)value;
    }
}

enum hvrv_status hvrv_probe_hart(struct hvrv_probe *probe, struct hvrv_hart *hart)
{
    if (!probe)
        return HVRV_ERR_NULL;
    *probe = (struct hvrv_probe){0};
    if (!hart)
        return HVRV_ERR_NULL;
    uint64_t hgatp;
    if (hvrv_hart_try_read_hgatp(hart, &hgatp) != HVRV_OK)
        return HVRV_ERR_UNSUPPORTED;
    uint64_t sstatus = hvrv_hart_read_sstatus(hart);
    hvrv_hart_clear_sstatus(hart, HVRV_SSTATUS_SIE);
    probe_translation(probe, hart);
    probe_delegation(probe, hart);
    probe_environment(probe, hart);
    probe_state(probe, hart);
    hvrv_hart_write_sstatus(hart, sstatus);
    return HVRV_OK;
}
