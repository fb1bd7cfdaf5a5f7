/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the instructions of one exit and one entry, from the trap vector to
 * the return into C and from the call to sret, with a guest that does nothing
 * but ECALL. Runs on QEMU's virt machine with -icount, where instret is exact.
 */
#include <hvrv/isa/cause.h>
#include <hvrv/vhart/context.h>

#include "machine.h"

#define ROUNDS             1000
#define GUEST_INSTRUCTIONS 1

typedef uint64_t (*callee)(struct hvrv_vhart *vhart);

uint64_t count_calls(struct hvrv_vhart *vhart, callee call, uint64_t n);
uint64_t nothing(struct hvrv_vhart *vhart);
void guest(void);

static struct hvrv_vhart vhart;

int main(void)
{
    uint64_t base, full, scause;

    /* The VM is never looked at: nothing is loaded, so both stages are Bare. */
    if (hvrv_vhart_init(&vhart, (struct hvrv_vm *)&vhart) != HVRV_OK)
        machine_fail();
    vhart.sepc = (uint64_t)(uintptr_t)&guest;
    hvrv_vhart_capture(&vhart);
    vhart.host.stvec = (uint64_t)(uintptr_t)&fail;
    scause = hvrv_vhart_enter(&vhart);
    if (scause != HVRV_CAUSE_ECALL_VS || vhart.sepc != (uint64_t)(uintptr_t)&guest)
        machine_fail();

    base = count_calls(&vhart, nothing, ROUNDS);
    full = count_calls(&vhart, hvrv_vhart_enter, ROUNDS);
    if ((full - base) % ROUNDS != 0)
        machine_fail();
    machine_print("switch_round_trip\t");
    machine_print_number((full - base) / ROUNDS + 1 - GUEST_INSTRUCTIONS);
    machine_print("\n");
    machine_pass();
}
