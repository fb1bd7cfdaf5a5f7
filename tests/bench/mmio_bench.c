/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions of a guest's lw of a device's register, from its fault to its end: those of
 * hvrv_mmio_begin() and hvrv_mmio_finish(), in HS-mode of QEMU's virt machine with -icount, where
 * instret is exact. Both stages are Bare, so HLVX finds the instruction where it stands in here.
 */
#include <hvrv/vhart/mmio.h>

#include "machine.h"

#define DEVICE UINT64_C(0x10000000)
#define SPVP   0x100

/* A call that start.S makes and counts; the fourth argument goes beside it. */
struct bench_call {
    void *function;
    void *argument[3];
    uint32_t result;
};

uint64_t count_call(struct bench_call *call, const void *fourth);

static const uint32_t lw_a0_4_a5[] = {0x0047a503};

static struct hvrv_hart hart;
static struct hvrv_vhart vhart;
static struct hvrv_exit from_memory = {.kind = HVRV_EXIT_GUEST_PAGE_FAULT,
                                       .cause = HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT,
                                       .value = DEVICE + 4,
                                       .is_gva = true,
                                       .access = HVRV_ACCESS_LOAD,
                                       .gpa_is = HVRV_EXIT_GPA_KNOWN,
                                       .gpa = {DEVICE + 4}};

static void count(const char *metric, struct hvrv_exit *exit)
{
    static struct hvrv_mmio mmio;
    struct bench_call begin = {(void *)(uintptr_t)hvrv_mmio_begin, {&mmio, &hart, &vhart}, 1};
    struct bench_call finish = {
        (void *)(uintptr_t)hvrv_mmio_finish, {&mmio, &vhart, (void *)0x89abcdef}, 1};
    uint64_t instructions;

    vhart.sepc = (uintptr_t)lw_a0_4_a5;
    vhart.gpr[10] = 0;
    vhart.gpr[15] = DEVICE;
    instructions = count_call(&begin, exit);
    instructions += count_call(&finish, 0);
    if (begin.result != HVRV_OK || finish.result != HVRV_OK || mmio.gpa.v != DEVICE + 4 ||
        mmio.size != 4 || vhart.gpr[10] != 0xffffffff89abcdef ||
        vhart.sepc != (uintptr_t)lw_a0_4_a5 + 4)
        machine_fail();
    machine_print(metric);
    machine_print("\t");
    machine_print_number(instructions);
    machine_print("\n");
}

int main(void)
{
    struct hvrv_exit from_htinst = from_memory;

    if (hvrv_vhart_init(&vhart, (struct hvrv_vm *)&vhart) != HVRV_OK)
        machine_fail();
    hvrv_hart_write_hstatus(&hart, SPVP);
    from_htinst.htinst = HVRV_HTINST_TRANSFORMED;
    from_htinst.instruction = 0x00002503;
    from_htinst.length = 4;
    count("mmio_rv64_lw", &from_memory);
    count("mmio_rv64_lw_htinst", &from_htinst);
    machine_pass();
}
