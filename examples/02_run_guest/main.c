/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hypervisor with one guest on one hart: the order in which the parts of
 * libhvrv are used. It first compares the library's walk with the hart's own on
 * a list of addresses, then runs the guest until it powers off.
 */
#include <stdio.h>

#include "host.h"
#include "sbi_server.h"

int main(void);

/* The guest touched what is not mapped: find out where, and map it. */
static bool serve_fault(struct world *world, struct hvrv_exit *exit)
{
    if (exit->is_implicit || (exit->gpa_is == HVRV_EXIT_GPA_UNKNOWN &&
                              hvrv_trap_find_gpa(exit, &world->walk) != HVRV_OK))
        return false;
    if (exit->gpa_is == HVRV_EXIT_GPA_RETRY)
        return true;
    return exit->gpa_is == HVRV_EXIT_GPA_KNOWN && world_map_on_demand(world, exit->gpa);
}

/* What the hart says of the guest's fault is what the library's walk says, GVA included. */
static bool fault_agrees(const struct world *world, const struct hvrv_trap *trap)
{
    static const enum hvrv_access accesses[] = {
        [HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT - 20] = HVRV_ACCESS_FETCH,
        [HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT - 20] = HVRV_ACCESS_LOAD,
        [HVRV_CAUSE_STORE_GUEST_PAGE_FAULT - 20] = HVRV_ACCESS_STORE,
    };
    struct hvrv_walk_request request = {hvrv_gva_make(trap->stval), accesses[trap->scause - 20],
                                        HVRV_WALK_VS};
    struct hvrv_walk_result result;
    return hvrv_walk_two_stage(&world->walk, &request, &result) == HVRV_OK && result.faulted &&
           result.fault.cause == trap->scause && result.fault.stval == trap->stval &&
           (trap->htval == 0 || result.fault.htval == trap->htval) &&
           result.fault.gva == ((trap->hstatus & HVRV_HSTATUS_GVA) != 0);
}

/* Anything but an ECALL. False ends the guest. */
static bool serve(struct world *world, struct hvrv_bind *bind, uint64_t scause)
{
    struct hvrv_trap trap;
    struct hvrv_exit exit;
    hvrv_trap_read(bind->hart, bind->loaded, scause, &trap);
    if (hvrv_trap_decode(&trap, &exit) != HVRV_OK)
        return false;
    if (exit.kind == HVRV_EXIT_GUEST_PAGE_FAULT && fault_agrees(world, &trap) &&
        serve_fault(world, &exit))
        return true;
    printf("demo: %s: %s at sepc 0x%lx, stval 0x%lx, htval 0x%lx\n", hvrv_exit_name(exit.kind),
           hvrv_cause_name(scause), trap.sepc, trap.stval, trap.htval);
    return false;
}

/*
 * The guest lets go of the hart, if that is what it wants, and is waiting for it
 * again at once. In between, its registers are in memory, and the hart's may
 * become anything.
 */
static bool suspend(struct sbi *sbi, struct hvrv_bind *bind)
{
    struct hvrv_vhart *vhart = bind->loaded;
    if (sbi->state != SBI_SUSPENDED || hvrv_bind_put(bind) != HVRV_OK)
        return false;
    spoil_registers(bind->probe->fp);
    if (hvrv_bind_load(bind, vhart) != HVRV_OK)
        return false;
    spoil_registers(false);
    sbi->state = SBI_RUNNING;
    return true;
}

/* Runs the guest to its end; 0 if it was content. */
static int run(struct world *world, struct hvrv_bind *bind)
{
    struct sbi sbi = {SBI_RUNNING, 0};
    do {
        uint64_t scause = hvrv_vhart_enter(bind->loaded);
        if (scause == HVRV_CAUSE_ECALL_VS)
            sbi_call(&sbi, bind->loaded);
        else if (!serve(world, bind, scause))
            return 2;
    } while (sbi.state == SBI_RUNNING || suspend(&sbi, bind));
    if (sbi.state != SBI_OFF)
        return 2;
    return sbi.reason == SBI_SRST_NO_REASON ? 0 : 1;
}

static bool prepare(struct world *world, struct hvrv_vm *vm, struct hvrv_vhart *vhart)
{
    static struct hvrv_vm_slot slots[1];
    if (hvrv_vm_init(vm, world->hgatp, slots, 1) != HVRV_OK ||
        hvrv_vhart_init(vhart, vm) != HVRV_OK)
        return false;
    vhart->sepc = GVA_IMAGE;
    vhart->csr.vsatp = world->vsatp;
    return true;
}

int main(void)
{
    static struct world world;
    static struct hvrv_hart hart;
    static struct hvrv_probe probe;
    static struct hvrv_bind bind;
    static struct hvrv_vm vm;
    static struct hvrv_vhart vhart;

    if (hvrv_probe_hart(&probe, &hart) != HVRV_OK || !world_init(&world, &hart) ||
        !world_map_host(&world, &hart) || !prepare(&world, &vm, &vhart) ||
        hvrv_bind_init(&bind, &hart, &probe, 0) != HVRV_OK ||
        hvrv_bind_load(&bind, &vhart) != HVRV_OK) {
        printf("demo: the hart or the guest could not be prepared\n");
        return 2;
    }
    printf("demo: hgatp modes 0x%x, VMIDLEN %u, Sstc %u\n", probe.hgatp_modes, probe.vmidlen,
           probe.sstc);
    struct score score = compare_walks(&world, &hart);
    int status = run(&world, &bind);
    if (hvrv_bind_put(&bind) != HVRV_OK)
        return 2;
    printf("demo: software walk agreed with hardware on %u of %u addresses, guest exited %d\n",
           score.agreed, score.all, status);
    return status != 0 || score.agreed != score.all;
}
