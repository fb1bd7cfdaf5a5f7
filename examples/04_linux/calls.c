/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guests' firmware leaves to the hypervisor: interrupts and fences on
 * other harts, the console, and the end.
 */
#include <stddef.h>

#include "firmware.h"
#include "host.h"

static void kick(void *context, uint32_t hart)
{
    struct vm *vm = context;
    wake(&vm->guests[hart]);
}

static void start(void *context, uint32_t hart)
{
    struct vm *vm = context;
    if (hvrv_run_start(&vm->guests[hart].vhart) == HVRV_OK)
        queue_put(&vm->guests[hart]);
}

/*
 * A vHart may have run on any hart, and left translations there; so every hart
 * fences, by the machine's firmware, which acts on the VMID in this hart's hgatp.
 */
static bool fence(void *context, const struct hvrv_sbi_fence *fence)
{
    (void)context;
    struct firmware_call call = {HVRV_SBI_RFENCE, HVRV_SBI_RFENCE_FENCE_I, {0, HVRV_SBI_ALL_HARTS}};
    if (fence->kind != HVRV_SBI_FENCE_I) {
        call.fid = fence->kind == HVRV_SBI_SFENCE_VMA ? HVRV_SBI_RFENCE_HFENCE_VVMA
                                                      : HVRV_SBI_RFENCE_HFENCE_VVMA_ASID;
        call.arg[2] = fence->range.first;
        call.arg[3] = fence->is_all ? UINT64_MAX : fence->range.last - fence->range.first + 1;
        call.arg[4] = fence->asid;
    }
    return firmware_call(&call, NULL) == 0;
}

/* A guest that wants to begin anew is told that it cannot. */
static enum hvrv_sbi_error reset(void *context, const struct hvrv_sbi_reset *reset)
{
    if (reset->type != HVRV_SBI_RESET_SHUTDOWN)
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    vm_power_off(context, reset->reason);
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error write(void *context, struct hvrv_sbi_bytes *bytes)
{
    struct vm *vm = context;
    lock(&vm->lock);
    while (bytes->done < bytes->count)
        vm_print(vm, bytes->bytes[bytes->done++]);
    unlock(&vm->lock);
    return HVRV_SBI_SUCCESS;
}

static const struct hvrv_sbi_ops ops = {
    .kick = kick, .start = start, .fence = fence, .reset = reset, .write = write};

bool calls_make(struct vm *vm, uint32_t guests)
{
    struct hvrv_sbi_config config = {.harts = vm->sbi_harts,
                                     .hart_count = guests,
                                     .ops = &ops,
                                     .context = vm,
                                     .walk = &vm->walk};
    for (uint32_t i = 0; i < guests; i++)
        vm->sbi_harts[i] = (struct hvrv_sbi_hart){.vhart = &vm->guests[i].vhart, .id = i};
    return hvrv_sbi_init(&vm->sbi, &config) == HVRV_OK;
}
