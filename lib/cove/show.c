/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host is shown of an exit, in the memory that it shares and in its scause and stval. */
#include "tsm_call.h"

/* The bit of scause that says interrupt. */
#define SCAUSE_INTERRUPT HVRV_BIT(63)

static enum hvrv_tsm_next show(const struct hvrv_tsm_exit *exit, uint64_t scause)
{
    exit->reply->scause = scause;
    return HVRV_TSM_NEXT_HOST;
}

static void show_csr(const struct hvrv_tsm_exit *exit, enum hvrv_csr csr, uint64_t value)
{
    volatile uint64_t *csrs = exit->shared->csrs;
    csrs[HVRV_NACL_CSR((unsigned)csr)] = value;
}

/* A fault of which the host learns the page: the TVM's address within it is its own. */
enum hvrv_tsm_next hvrv_tsm_show_page(const struct hvrv_tsm_exit *exit)
{
    uint64_t page = exit->exit->gpa.v & ~(HVRV_PAGE_SIZE - 1);

    show_csr(exit, HVRV_CSR_HTVAL, page >> 2);
    show_csr(exit, HVRV_CSR_HTINST, 0);
    return show(exit, exit->exit->cause);
}

/* The instruction as if its register were a0, its address 0. */
static uint64_t transform(const struct hvrv_mmio *mmio)
{
    uint64_t width = hvrv_bits_lowest(mmio->size);

    if (mmio->is_store)
        return UINT64_C(10) << 20 | width << 12 | 0x23;
    return (width | (mmio->insn.is_signed || mmio->size == 8 ? 0U : 4U)) << 12 | 10U << 7 | 0x03;
}

enum hvrv_tsm_next hvrv_tsm_show_device(const struct hvrv_tsm_exit *exit)
{
    const struct hvrv_mmio *mmio = &exit->vhart->mmio;
    volatile uint64_t *gprs = exit->shared->gprs;

    if (mmio->is_store)
        gprs[10] = mmio->value;
    show_csr(exit, HVRV_CSR_HTVAL, mmio->gpa.v >> 2);
    show_csr(exit, HVRV_CSR_HTINST, transform(mmio));
    exit->reply->stval = mmio->gpa.v & 3;
    exit->vhart->wait = HVRV_TVM_WAIT_DEVICE;
    return show(exit, mmio->is_store ? HVRV_CAUSE_STORE_GUEST_PAGE_FAULT
                                     : HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT);
}

/* WFI, as the hart would show it. */
enum hvrv_tsm_next hvrv_tsm_show_wait(const struct hvrv_tsm_exit *exit)
{
    show_csr(exit, HVRV_CSR_HTINST, 0x10500073);
    return show(exit, HVRV_CAUSE_VIRTUAL_INSTRUCTION);
}

enum hvrv_tsm_next hvrv_tsm_show_interrupt(const struct hvrv_tsm_exit *exit)
{
    return show(exit, SCAUSE_INTERRUPT | exit->exit->cause);
}

enum hvrv_tsm_next hvrv_tsm_show_ecall(const struct hvrv_tsm_exit *exit, enum hvrv_tvm_wait wait,
                                       unsigned count)
{
    const uint64_t *registers = exit->vhart->vhart.gpr;
    volatile uint64_t *gprs = exit->shared->gprs;

    for (unsigned i = 10; i < 10 + count; i++)
        gprs[i] = registers[i];
    gprs[16] = registers[16];
    gprs[17] = registers[17];
    exit->vhart->wait = wait;
    return show(exit, HVRV_CAUSE_ECALL_VS);
}

/* What the host needs to know when to run the vHart again. */
void hvrv_tsm_show_timers(const struct hvrv_tsm_exit *exit)
{
    const struct hvrv_vhart *vhart = &exit->vhart->vhart;
    const struct hvrv_vhart_csrs *csr = &vhart->csr;
    bool is_sstc = (csr->henvcfg & HVRV_HENVCFG_STCE) != 0;

    show_csr(exit, HVRV_CSR_HTIMEDELTA, csr->htimedelta);
    show_csr(exit, HVRV_CSR_VSTIMECMP, is_sstc ? csr->vstimecmp : vhart->timecmp);
    show_csr(exit, HVRV_CSR_VSIE, csr->vsie);
}
