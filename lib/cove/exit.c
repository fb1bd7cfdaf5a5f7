/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TVM came back with: served here, or shown to the host. */
#include <hvrv/vhart/inject.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/timer.h>
#include <hvrv/vhart/virtual.h>

#include "tsm_call.h"

/* Faults in a row that a fence should have mended. */
#define RETRIES_MAX 8

/* The bit of scause that says interrupt. */
#define SCAUSE_INTERRUPT HVRV_BIT(63)

static struct hvrv_nacl_memory *shared_of(const struct hvrv_tsm_exit *exit)
{
    return hvrv_tsm_shared(exit->tsm, exit->hart);
}

static enum hvrv_tsm_next show(const struct hvrv_tsm_exit *exit, uint64_t scause)
{
    exit->reply->scause = scause;
    return HVRV_TSM_NEXT_HOST;
}

enum hvrv_tsm_next hvrv_tsm_forward(const struct hvrv_tsm_exit *exit, enum hvrv_tvm_wait wait)
{
    volatile uint64_t *gprs = shared_of(exit)->gprs;

    for (unsigned i = 10; i <= 17; i++)
        gprs[i] = exit->vhart->vhart.gpr[i];
    exit->vhart->wait = wait;
    return show(exit, HVRV_CAUSE_ECALL_VS);
}

static void show_csr(const struct hvrv_tsm_exit *exit, enum hvrv_csr csr, uint64_t value)
{
    volatile uint64_t *csrs = shared_of(exit)->csrs;
    csrs[HVRV_NACL_CSR((unsigned)csr)] = value;
}

/* A fault of which the host learns the page: the TVM's address within it is its own. */
static enum hvrv_tsm_next show_page(const struct hvrv_tsm_exit *exit)
{
    uint64_t page = exit->exit->gpa.v & ~(HVRV_PAGE_SIZE - 1);

    show_csr(exit, HVRV_CSR_HTVAL, page >> 2);
    show_csr(exit, HVRV_CSR_HTINST, 0);
    return show(exit, exit->exit->cause);
}

/* The instruction as if its register were a0, its address 0. */
static uint64_t transform(const struct hvrv_mmio *mmio)
{
    uint64_t width = (uint64_t)__builtin_ctz(mmio->size);

    if (mmio->is_store)
        return UINT64_C(10) << 20 | width << 12 | 0x23;
    return (width | (mmio->insn.is_signed || mmio->size == 8 ? 0U : 4U)) << 12 | 10U << 7 | 0x03;
}

static enum hvrv_tsm_next show_device(const struct hvrv_tsm_exit *exit)
{
    const struct hvrv_mmio *mmio = &exit->vhart->mmio;
    volatile uint64_t *gprs = shared_of(exit)->gprs;

    if (mmio->is_store)
        gprs[10] = mmio->value;
    show_csr(exit, HVRV_CSR_HTVAL, mmio->gpa.v >> 2);
    show_csr(exit, HVRV_CSR_HTINST, transform(mmio));
    exit->reply->stval = mmio->gpa.v & 3;
    exit->vhart->wait = HVRV_TVM_WAIT_DEVICE;
    return show(exit, mmio->is_store ? HVRV_CAUSE_STORE_GUEST_PAGE_FAULT
                                     : HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT);
}

/* An exception of the TVM's own; one that cannot be raised ends it. */
static enum hvrv_tsm_next raised(enum hvrv_status status)
{
    return status == HVRV_OK ? HVRV_TSM_NEXT_RUN : HVRV_TSM_NEXT_DEAD;
}

static enum hvrv_tsm_next serve_device(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    struct hvrv_mmio *mmio = &exit->vhart->mmio;
    struct hvrv_hart *hart = exit->tsm->config.harts[exit->hart].hart;

    if (hvrv_mmio_begin(mmio, hart, vhart, exit->exit) != HVRV_OK)
        return raised(hvrv_inject_access_fault(vhart, exit->exit));
    switch (mmio->outcome) {
    case HVRV_MMIO_RETRY:
        return HVRV_TSM_NEXT_RUN;
    case HVRV_MMIO_FAULT:
        return raised(hvrv_inject_exception(vhart, &mmio->exception));
    case HVRV_MMIO_READY:
        if (!mmio->is_amo && !mmio->is_split)
            return show_device(exit);
        break;
    case HVRV_MMIO_UNSUPPORTED:
        break;
    }
    return raised(hvrv_inject_access_fault(vhart, exit->exit));
}

/* The entry allows what the TVM was refused: another hart mapped it, and this one has not seen. */
static bool is_spurious(const struct hvrv_tsm_exit *exit)
{
    static const uint64_t needed[] = {
        [HVRV_ACCESS_LOAD] = HVRV_PTE_R,
        [HVRV_ACCESS_STORE] = HVRV_PTE_W,
        [HVRV_ACCESS_FETCH] = HVRV_PTE_X,
    };
    uint64_t bits = HVRV_PTE_V | needed[exit->exit->access];
    struct hvrv_gstage_entry entry;

    return hvrv_gstage_query(&exit->vhart->tvm->gstage, exit->exit->gpa, &entry) == HVRV_OK &&
           (entry.pte.v & bits) == bits;
}

static enum hvrv_tsm_next serve_fault(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_tvm_vhart *vhart = exit->vhart;
    enum hvrv_region_kind kind = hvrv_region_find(&vhart->tvm->regions, exit->exit->gpa);

    if (kind == HVRV_REGION_MMIO)
        return serve_device(exit);
    if (kind == HVRV_REGION_NONE ||
        (kind == HVRV_REGION_SHARED && exit->exit->access == HVRV_ACCESS_FETCH))
        return raised(hvrv_inject_access_fault(&vhart->vhart, exit->exit));
    if (!is_spurious(exit))
        return show_page(exit);
    if (++vhart->retries > RETRIES_MAX)
        return HVRV_TSM_NEXT_DEAD;
    hvrv_hart_hfence_gvma_vmid(exit->tsm->config.harts[exit->hart].hart, vhart->tvm->fence.vmid);
    return HVRV_TSM_NEXT_RUN;
}

/* Wakes a vHart of the TVM: where it begins is the TVM's to say, that it runs the host's. */
static enum hvrv_tsm_next start(const struct hvrv_tsm_exit *exit)
{
    uint64_t *gpr = exit->vhart->vhart.gpr;
    struct hvrv_tvm_vhart *target = hvrv_tvm_find_vhart(exit->vhart->tvm, gpr[10]);
    enum hvrv_tsm_next next;

    if (!target || target->state == HVRV_TVM_VHART_DEAD ||
        target->state != HVRV_TVM_VHART_STOPPED) {
        gpr[10] = (uint64_t)(int64_t)(target ? HVRV_SBI_ERR_ALREADY_AVAILABLE
                                             : HVRV_SBI_ERR_INVALID_PARAM);
        gpr[11] = 0;
        exit->vhart->vhart.sepc += 4;
        return HVRV_TSM_NEXT_RUN;
    }
    target->vhart.sepc = gpr[11];
    target->vhart.gpr[10] = target->id;
    target->vhart.gpr[11] = gpr[12];
    target->state = HVRV_TVM_VHART_READY;
    next = hvrv_tsm_forward(exit, HVRV_TVM_WAIT_NOTHING);
    gpr[10] = HVRV_SBI_SUCCESS;
    gpr[11] = 0;
    exit->vhart->vhart.sepc += 4;
    return next;
}

static enum hvrv_tsm_next serve_ecall(const struct hvrv_tsm_exit *exit)
{
    struct hvrv_vhart *vhart = &exit->vhart->vhart;

    if (vhart->gpr[17] == HVRV_COVE_COVG)
        return hvrv_covg_serve(exit);
    if (vhart->gpr[17] == HVRV_SBI_HSM && vhart->gpr[16] == HVRV_SBI_HSM_START)
        return start(exit);
    if (vhart->gpr[17] == HVRV_SBI_TIME && vhart->gpr[16] == HVRV_SBI_TIME_SET_TIMER) {
        (void)!hvrv_timer_set(vhart, vhart->gpr[10]);
        vhart->gpr[10] = HVRV_SBI_SUCCESS;
        vhart->gpr[11] = 0;
        vhart->sepc += 4;
        return HVRV_TSM_NEXT_RUN;
    }
    vhart->sepc += 4;
    return hvrv_tsm_forward(exit, HVRV_TVM_WAIT_ANSWER);
}

static enum hvrv_tsm_next serve_instruction(const struct hvrv_tsm_exit *exit)
{
    static const struct hvrv_virtual none = {0};
    struct hvrv_vhart *vhart = &exit->vhart->vhart;
    const struct hvrv_virtual_exit at = {exit->tsm->config.harts[exit->hart].hart, vhart,
                                         exit->exit};
    enum hvrv_virtual_outcome outcome;

    if (hvrv_virtual_serve(&none, &at, &outcome) != HVRV_OK)
        return HVRV_TSM_NEXT_DEAD;
    if (outcome != HVRV_VIRTUAL_WAIT && outcome != HVRV_VIRTUAL_YIELD)
        return HVRV_TSM_NEXT_RUN;
    /* The host learns that the vHart waits, and for what it would wake. */
    show_csr(exit, HVRV_CSR_HTINST, 0x10500073);
    return show(exit, HVRV_CAUSE_VIRTUAL_INSTRUCTION);
}

static enum hvrv_tsm_next serve(const struct hvrv_tsm_exit *exit)
{
    switch (exit->exit->kind) {
    case HVRV_EXIT_INTERRUPT:
        return show(exit, SCAUSE_INTERRUPT | exit->exit->cause);
    case HVRV_EXIT_ECALL:
        return serve_ecall(exit);
    case HVRV_EXIT_GUEST_PAGE_FAULT:
        return serve_fault(exit);
    case HVRV_EXIT_VIRTUAL_INSTRUCTION:
    case HVRV_EXIT_ILLEGAL_INSTRUCTION:
        return serve_instruction(exit);
    case HVRV_EXIT_EXCEPTION:
        break;
    }
    return HVRV_TSM_NEXT_DEAD;
}

/* The vHart runs no more: its registers are in memory, and the hart has forgotten it. */
static void leave(const struct hvrv_tsm_exit *exit, enum hvrv_tsm_next next)
{
    struct hvrv_tvm_vhart *vhart = exit->vhart;
    struct hvrv_tsm_hart *hart = &exit->tsm->config.harts[exit->hart];

    (void)!hvrv_bind_put(&hart->bind);
    vhart->state = next == HVRV_TSM_NEXT_DEAD ? HVRV_TVM_VHART_DEAD : HVRV_TVM_VHART_READY;
    vhart->tvm->running--;
    hvrv_epoch_leave(&vhart->tvm->epoch, exit->hart);
    hart->running = NULL;
}

/* What the host needs to know when to run the vHart again. */
static void show_timers(const struct hvrv_tsm_exit *exit)
{
    const struct hvrv_vhart_csrs *csr = &exit->vhart->vhart.csr;

    show_csr(exit, HVRV_CSR_HTIMEDELTA, csr->htimedelta);
    show_csr(exit, HVRV_CSR_VSTIMECMP, csr->vstimecmp);
    show_csr(exit, HVRV_CSR_VSIE, csr->vsie);
}

enum hvrv_status hvrv_tsm_exit(struct hvrv_tsm *tsm, uint32_t hart, const struct hvrv_trap *trap,
                               struct hvrv_tsm_reply *reply)
{
    struct hvrv_exit decoded;
    struct hvrv_tsm_exit exit = {tsm, hart, NULL, &decoded, reply};
    enum hvrv_tsm_next next;

    if (reply)
        *reply = (struct hvrv_tsm_reply){.answer.error = HVRV_SBI_ERR_FAILED};
    if (!tsm || !trap || !reply)
        return HVRV_ERR_NULL;
    if (hart >= tsm->config.hart_count)
        return HVRV_ERR_RANGE;
    exit.vhart = tsm->config.harts[hart].running;
    if (!exit.vhart || hvrv_trap_decode(trap, &decoded) != HVRV_OK)
        return HVRV_ERR_STATE;
    /* The host may have given away the memory that it shared: then nothing can be shown. */
    next = shared_of(&exit) ? serve(&exit) : HVRV_TSM_NEXT_DEAD;
    if (next == HVRV_TSM_NEXT_RUN) {
        hvrv_covi_deliver(exit.vhart);
        hvrv_irq_flush(&exit.vhart->vhart);
        reply->action = HVRV_TSM_RUN;
        reply->vhart = exit.vhart;
        return HVRV_OK;
    }
    exit.vhart->retries = 0;
    leave(&exit, next);
    if (shared_of(&exit))
        show_timers(&exit);
    reply->is_exit = true;
    reply->answer = (struct hvrv_cove_answer){HVRV_SBI_SUCCESS, next == HVRV_TSM_NEXT_DEAD};
    return HVRV_OK;
}
