/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/mode.h>
#include <hvrv/vhart/bind.h>

#include <stddef.h>

#include "bind_state.h"

/** Bits 59 and 58 of hgatp, which are in no field. */
#define HGATP_RESERVED HVRV_BITS(59, 58)

static enum hvrv_status check_hgatp(uint64_t hgatp)
{
    const struct hvrv_mode *mode =
        hvrv_mode_find(HVRV_STAGE_G, hvrv_bits_get(hgatp, HVRV_HGATP_MODE));
    uint64_t root = hvrv_bits_get(hgatp, HVRV_HGATP_PPN) << HVRV_PAGE_SHIFT;

    if (!mode)
        return HVRV_ERR_MODE;
    if (mode->levels == 0)
        return hgatp == 0 ? HVRV_OK : HVRV_ERR_ARGUMENT;
    if (hgatp & HGATP_RESERVED)
        return HVRV_ERR_ARGUMENT;
    return hvrv_bits_is_aligned(root, mode->root_size) ? HVRV_OK : HVRV_ERR_ALIGN;
}

/* No vHart of the VM counts as having run on any hart. */
static void clear_slots(struct hvrv_vm *vm)
{
    for (uint32_t i = 0; i < vm->slot_count; i++)
        vm->slots[i].last = NULL;
}

enum hvrv_status hvrv_vm_init(struct hvrv_vm *vm, uint64_t hgatp, struct hvrv_vm_slot *slots,
                              uint32_t slot_count)
{
    enum hvrv_status status;

    if (!vm)
        return HVRV_ERR_NULL;
    vm->hgatp = 0;
    vm->slots = NULL;
    vm->slot_count = 0;
    if (!slots)
        return HVRV_ERR_NULL;
    if (slot_count == 0)
        return HVRV_ERR_RANGE;
    status = check_hgatp(hgatp);
    if (status != HVRV_OK)
        return status;
    vm->hgatp = hgatp;
    vm->slots = slots;
    vm->slot_count = slot_count;
    clear_slots(vm);
    return HVRV_OK;
}

enum hvrv_status hvrv_vm_set_vmid(struct hvrv_vm *vm, uint16_t vmid)
{
    if (!vm || !vm->slots)
        return HVRV_ERR_NULL;
    if (!hvrv_bits_fit(HVRV_HGATP_VMID, vmid) || (vmid != 0 && vm->hgatp == 0))
        return HVRV_ERR_ARGUMENT;
    vm->hgatp = hvrv_bits_set(vm->hgatp, HVRV_HGATP_VMID, vmid);
    clear_slots(vm);
    return HVRV_OK;
}

enum hvrv_status hvrv_bind_init(struct hvrv_bind *bind, struct hvrv_hart *hart,
                                const struct hvrv_probe *probe, uint32_t index)
{
    if (!bind || !hart || !probe)
        return HVRV_ERR_NULL;
    bind->hart = hart;
    bind->probe = probe;
    bind->loaded = NULL;
    bind->last_hgatp = HVRV_BIND_NO_HGATP;
    bind->host.hstatus = 0;
    bind->host.senvcfg = 0;
    bind->host.scounteren = 0;
    bind->host.sstateen0 = 0;
    bind->kept.hedeleg = 0;
    bind->kept.hideleg = 0;
    bind->index = index;
    return HVRV_OK;
}

/* Whether the hart would keep all of it: what it drops would change the meaning of the rest. */
static enum hvrv_status check_offer(const struct hvrv_probe *probe, const struct hvrv_vhart *vhart)
{
    uint64_t hgatp = vhart->vm->hgatp;
    uint64_t vs_mode = hvrv_bits_get(vhart->csr.vsatp, HVRV_VSATP_MODE);

    if (!(probe->hgatp_modes >> hvrv_bits_get(hgatp, HVRV_HGATP_MODE) & 1))
        return HVRV_ERR_MODE;
    if (vs_mode != HVRV_MODE_BARE && !(probe->vsatp_modes >> vs_mode & 1))
        return HVRV_ERR_MODE;
    if (hvrv_bits_get(hgatp, HVRV_HGATP_VMID) >> probe->vmidlen != 0)
        return HVRV_ERR_UNSUPPORTED;
    return HVRV_OK;
}

static enum hvrv_status check_load(const struct hvrv_bind *bind, const struct hvrv_vhart *vhart)
{
    enum hvrv_status status;

    if (!bind || !vhart)
        return HVRV_ERR_NULL;
    if (!hvrv_bits_is_aligned((uintptr_t)vhart, sizeof(uint64_t)))
        return HVRV_ERR_ALIGN;
    if (!vhart->vm || !vhart->vm->slots)
        return HVRV_ERR_NULL;
    if (bind->loaded || vhart->bind)
        return HVRV_ERR_STATE;
    if (bind->index >= vhart->vm->slot_count)
        return HVRV_ERR_RANGE;
    if (!(vhart->hstatus & HVRV_HSTATUS_SPV) || (vhart->sstatus & HVRV_SSTATUS_SIE))
        return HVRV_ERR_ARGUMENT;
    status = check_hgatp(vhart->vm->hgatp);
    if (status != HVRV_OK)
        return status;
    status = check_offer(bind->probe, vhart);
    if (status != HVRV_OK)
        return status;
    return hvrv_bind_check_state(bind->probe, vhart);
}

static bool shares_vmid(uint64_t a, uint64_t b)
{
    return hvrv_bits_get(a, HVRV_HGATP_VMID) == hvrv_bits_get(b, HVRV_HGATP_VMID);
}

/* After hgatp, before vsatp: the head of bind.h says why each is needed. */
static void fence(struct hvrv_bind *bind, const struct hvrv_vhart *vhart)
{
    const struct hvrv_vm *vm = vhart->vm;
    const struct hvrv_vhart *last = vm->slots[bind->index].last;
    bool moved = vhart->last_hart != bind->index || bind->last_hgatp == HVRV_BIND_NO_HGATP || !last;
    bool replaced = bind->last_hgatp != vm->hgatp && shares_vmid(bind->last_hgatp, vm->hgatp);
    bool followed = last != vhart;
    bool was_bare = vm->hgatp != 0 && shares_vmid(0, vm->hgatp);

    if (moved || replaced || was_bare)
        hvrv_hart_hfence_gvma_vmid(bind->hart, hvrv_bits_get(vm->hgatp, HVRV_HGATP_VMID));
    if (moved || replaced || followed)
        hvrv_hart_hfence_vvma_all(bind->hart);
    if (moved)
        hvrv_vhart_sync_fetch();
    hvrv_vhart_drop_reservation();
}

/* What decides which of the other registers exist and what they mean. */
static void load_environment(struct hvrv_bind *bind, const struct hvrv_vhart_csrs *csr)
{
    struct hvrv_hart *hart = bind->hart;

    if (bind->probe->ssstateen)
        hvrv_hart_write_hstateen0(hart, csr->hstateen0);
    if (bind->probe->henvcfg)
        hvrv_hart_write_henvcfg(hart, csr->henvcfg);
    hvrv_hart_write_hcounteren(hart, csr->hcounteren);
    hvrv_hart_write_hedeleg(hart, csr->hedeleg);
    hvrv_hart_write_hideleg(hart, csr->hideleg);
    bind->kept.hedeleg = hvrv_hart_read_hedeleg(hart);
    bind->kept.hideleg = hvrv_hart_read_hideleg(hart);
}

static void load_guest(const struct hvrv_bind *bind, const struct hvrv_vhart_csrs *csr)
{
    struct hvrv_hart *hart = bind->hart;

    hvrv_hart_write_vsstatus(hart, csr->vsstatus);
    hvrv_hart_write_vstvec(hart, csr->vstvec);
    hvrv_hart_write_vsscratch(hart, csr->vsscratch);
    hvrv_hart_write_vsepc(hart, csr->vsepc);
    hvrv_hart_write_vscause(hart, csr->vscause);
    hvrv_hart_write_vstval(hart, csr->vstval);
    hvrv_hart_write_htimedelta(hart, csr->htimedelta);
    if (bind->probe->sstc)
        hvrv_hart_write_vstimecmp(hart, csr->vstimecmp);
    hvrv_hart_write_hvip(hart, csr->hvip);
    hvrv_hart_write_vsie(hart, csr->vsie);
}

/* scounteren, senvcfg and sstateen0 have no VS copy (norm:H_scsrs_nomatch). */
static void swap_in(struct hvrv_bind *bind, struct hvrv_vhart *vhart)
{
    struct hvrv_hart *hart = bind->hart;
    const struct hvrv_vhart_csrs *csr = &vhart->csr;

    bind->host.scounteren = hvrv_hart_swap_scounteren(hart, csr->scounteren);
    if (bind->probe->senvcfg)
        bind->host.senvcfg = hvrv_hart_swap_senvcfg(hart, csr->senvcfg);
    if (bind->probe->ssstateen)
        bind->host.sstateen0 = hvrv_hart_swap_sstateen0(hart, csr->sstateen0);
    bind->host.hstatus = hvrv_hart_swap_hstatus(hart, vhart->hstatus);
    vhart->host.sstatus = hvrv_hart_read_sstatus(hart) & ~HVRV_SSTATUS_SIE;
    vhart->host.stvec = hvrv_hart_read_stvec(hart);
    vhart->host.sscratch = hvrv_hart_read_sscratch(hart);
    hvrv_vhart_capture(vhart);
}

/* SPVP is what the trap that ended the guest's last turn made of it: SPP. */
static void repeat_spp(struct hvrv_vhart *vhart)
{
    vhart->hstatus = hvrv_bits_set(vhart->hstatus, HVRV_HSTATUS_SPVP,
                                   hvrv_bits_get(vhart->sstatus, HVRV_SSTATUS_SPP));
}

enum hvrv_status hvrv_bind_load(struct hvrv_bind *bind, struct hvrv_vhart *vhart)
{
    enum hvrv_status status = check_load(bind, vhart);

    if (status != HVRV_OK)
        return status;
    hvrv_hart_write_vsatp(bind->hart, 0);
    hvrv_hart_write_hgatp(bind->hart, vhart->vm->hgatp);
    fence(bind, vhart);
    load_environment(bind, &vhart->csr);
    load_guest(bind, &vhart->csr);
    repeat_spp(vhart);
    swap_in(bind, vhart);
    hvrv_bind_load_state(bind->probe, vhart);
    hvrv_hart_write_vsatp(bind->hart, vhart->csr.vsatp);

    vhart->vm->slots[bind->index].last = vhart;
    vhart->last_hart = bind->index;
    vhart->bind = bind;
    bind->last_hgatp = vhart->vm->hgatp;
    bind->loaded = vhart;
    return HVRV_OK;
}

/* vsie and hvip go while hideleg still says whose they are. */
static void take_interrupts(const struct hvrv_bind *bind, struct hvrv_vhart_csrs *csr)
{
    struct hvrv_hart *hart = bind->hart;

    csr->vsie = hvrv_hart_swap_vsie(hart, 0);
    csr->hvip = hvrv_hart_swap_hvip(hart, 0);
    if (bind->probe->sstc)
        csr->vstimecmp = hvrv_hart_swap_vstimecmp(hart, UINT64_MAX);
    hvrv_hart_write_hideleg(hart, 0);
    hvrv_hart_write_hedeleg(hart, 0);
}

static void take_guest(const struct hvrv_bind *bind, struct hvrv_vhart_csrs *csr)
{
    struct hvrv_hart *hart = bind->hart;

    csr->vsstatus = hvrv_hart_read_vsstatus(hart);
    csr->vstvec = hvrv_hart_read_vstvec(hart);
    csr->vsscratch = hvrv_hart_read_vsscratch(hart);
    csr->vsepc = hvrv_hart_read_vsepc(hart);
    csr->vscause = hvrv_hart_read_vscause(hart);
    csr->vstval = hvrv_hart_read_vstval(hart);
}

static void swap_out(const struct hvrv_bind *bind, struct hvrv_vhart_csrs *csr)
{
    struct hvrv_hart *hart = bind->hart;

    csr->scounteren = hvrv_hart_swap_scounteren(hart, bind->host.scounteren);
    if (bind->probe->senvcfg)
        csr->senvcfg = hvrv_hart_swap_senvcfg(hart, bind->host.senvcfg);
    if (bind->probe->ssstateen)
        csr->sstateen0 = hvrv_hart_swap_sstateen0(hart, bind->host.sstateen0);
    hvrv_hart_write_hstatus(hart, bind->host.hstatus);
}

enum hvrv_status hvrv_bind_put(struct hvrv_bind *bind)
{
    struct hvrv_vhart *vhart;

    if (!bind)
        return HVRV_ERR_NULL;
    if (!bind->loaded)
        return HVRV_ERR_STATE;
    vhart = bind->loaded;
    vhart->csr.vsatp = hvrv_hart_swap_vsatp(bind->hart, 0);
    hvrv_hart_write_hgatp(bind->hart, 0);
    take_interrupts(bind, &vhart->csr);
    take_guest(bind, &vhart->csr);
    hvrv_bind_put_state(bind->probe, vhart);
    swap_out(bind, &vhart->csr);

    vhart->bind = NULL;
    bind->loaded = NULL;
    return HVRV_OK;
}
