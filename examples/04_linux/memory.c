/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's RAM: one piece of the machine's, mapped where the guest touches
 * it. Nothing is unmapped or changed while the VM runs.
 */
#include "host.h"

static bool make_tables(struct vm *vm)
{
    struct hvrv_gstage_config config = {.phys = &machine.phys,
                                        .pages = &machine.pages,
                                        .stage = HVRV_STAGE_G,
                                        .mode = HVRV_MODE_SV39};
    uint64_t hgatp;
    vm->domain.kind = HVRV_FENCE_G_STAGE;
    vm->domain.vmid = (uint16_t)(vm->number + 1);
    return hvrv_gstage_init(&vm->gstage, &config) == HVRV_OK &&
           hvrv_gstage_atp(&vm->gstage, vm->domain.vmid, &hgatp) == HVRV_OK &&
           hvrv_vm_init(&vm->vm, hgatp, vm->slots, machine.cpu_count) == HVRV_OK;
}

/* For copies from and to GPAs: a machine whose memory is the VM's, and no translation. */
static bool make_view(struct vm *vm)
{
    struct hvrv_phys_config config = {
        .window = (void *)vm->hpa, .window_base = {GPA_RAM}, .window_size = vm->ram};
    struct hvrv_walk_regime bare = {0};
    return hvrv_phys_init(&vm->phys, &config) == HVRV_OK &&
           hvrv_walk_init(&vm->walk, &bare, &vm->phys) == HVRV_OK;
}

bool memory_make(struct vm *vm)
{
    vm->hpa = HPA_RAM + vm->number * (uint64_t)RAM_STRIDE;
    vm->ram = machine.config.ram;
    return vm->ram <= RAM_STRIDE && make_tables(vm) && make_view(vm);
}

/*
 * What was not there before needs no fence, unless a hart remembers that it was not
 * there. Then the guest faults again, and only then it is fenced.
 */
enum hvrv_status memory_map(struct vm *vm, struct cpu *cpu, hvrv_gpa gpa)
{
    uint64_t size = is_flag(CONFIG_PAGES) ? HVRV_PAGE_SIZE : UINT64_C(1) << 21;
    uint64_t first = gpa.v & -size;
    struct hvrv_gstage_map_request map = {.range = {{first}, size, HVRV_GSTAGE_NO_LIMIT},
                                          .hpa = {first - GPA_RAM + vm->hpa},
                                          .bits = HVRV_PTE_R | HVRV_PTE_W | HVRV_PTE_X |
                                                  HVRV_PTE_A | HVRV_PTE_D};
    struct hvrv_fence_gather gather;
    enum hvrv_status status = hvrv_fence_begin(&gather, &vm->domain, &cpu->hart);
    if (status == HVRV_OK)
        status = hvrv_gstage_map(&vm->gstage, &map, &gather);
    if (status == HVRV_ERR_EXISTS)
        hvrv_hart_hfence_gvma_vmid(&cpu->hart, vm->domain.vmid);
    return status == HVRV_ERR_EXISTS || status == HVRV_ERR_RACE ? HVRV_OK : status;
}

/* The regime of this moment, from the hart; the G-stage sets A and D itself where it has to. */
static enum hvrv_status make_walk(struct vm *vm, struct cpu *cpu, struct hvrv_walk *walk)
{
    struct hvrv_walk_csrs csrs = {.vsatp = hvrv_hart_read_vsatp(&cpu->hart),
                                  .hgatp = vm->vm.hgatp,
                                  .vsstatus = hvrv_hart_read_vsstatus(&cpu->hart),
                                  .sstatus = hvrv_hart_read_sstatus(&cpu->hart)};
    struct hvrv_walk_regime regime;
    enum hvrv_status status = hvrv_walk_regime_from_csrs(&regime, &csrs);
    regime.vs_ad = HVRV_WALK_AD_IGNORE;
    return status == HVRV_OK ? hvrv_walk_init(walk, &regime, &machine.phys) : status;
}

/* An entry that changed meanwhile leaves the GPA unknown, and the guest tries again. */
enum hvrv_status memory_find_gpa(struct vm *vm, struct cpu *cpu, struct hvrv_exit *exit)
{
    struct hvrv_walk walk;
    enum hvrv_status status = make_walk(vm, cpu, &walk);
    if (status == HVRV_OK)
        status = hvrv_trap_find_gpa(exit, &walk);
    return status == HVRV_ERR_RACE ? HVRV_OK : status;
}
