/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a hypervisor does with a VM's memory map: makes it of regions, changes it
 * under the running guest, learns from it what the guest writes, and takes it
 * away. tell() is the story; each change ends with a commit.
 */
#include <stdio.h>
#include <string.h>

#include "host.h"

/* One of the pages that the guest writes to. */
#define PROTECTED (GPA_WORK + 100 * HVRV_PAGE_SIZE)

int main(void);

/* Fences what changed; the table pages that were taken out go back. */
static bool commit(struct machine *machine)
{
    return hvrv_fence_commit(&machine->gather) == HVRV_OK;
}

/* The guest's 2 MiB page becomes 512 pages, without a moment in which nothing is there. */
static bool split(struct machine *machine)
{
    struct hvrv_gstage_resize resize = {.range = range_of(GPA_WORK, WORK_SIZE), .shift = 12};
    return hvrv_gstage_split(&machine->gstage, &resize, &machine->gather) == HVRV_OK &&
           commit(machine);
}

/* And one page again. */
static bool merge(struct machine *machine)
{
    struct hvrv_gstage_resize resize = {.range = range_of(GPA_WORK, WORK_SIZE), .shift = 21};
    return hvrv_gstage_merge(&machine->gstage, &resize, &machine->gather) == HVRV_OK &&
           commit(machine);
}

static bool go_on(struct machine *machine)
{
    return run(machine, 10) == ENDING_TIME;
}

/*
 * What is written in a second, looked at ten times. D of the large page was 1,
 * so it is in each of the 512: what is collected first is from before.
 */
static bool watch_a_second(struct machine *machine, uint64_t *dirty)
{
    uint64_t before[WORK_PAGES / 64] = {0};
    if (!dirty_collect(machine, before))
        return false;
    for (unsigned tenth = 0; tenth < 10; tenth++) {
        if (run(machine, 100) != ENDING_TIME || !dirty_collect(machine, dirty))
            return false;
    }
    printf("\nwritten to in a second: %u pages\n", dirty_count(dirty));
    dirty_print(dirty);
    return true;
}

static bool set_w(struct machine *machine, uint64_t w)
{
    struct hvrv_gstage_protect_request protect = {
        .range = range_of(PROTECTED, HVRV_PAGE_SIZE), .mask = HVRV_PTE_W, .bits = w};
    return hvrv_gstage_protect(&machine->gstage, &protect, &machine->gather) == HVRV_OK &&
           commit(machine);
}

/* A page becomes read-only, until the guest stores to it. */
static bool refuse_a_store(struct machine *machine)
{
    printf("\n%08lx becomes read-only\n", PROTECTED);
    if (!set_w(machine, 0) || run(machine, 1000) != ENDING_REFUSED)
        return false;
    printf("the guest's store to %08lx faults; it becomes writable again\n", machine->refused.v);
    return machine->refused.v / HVRV_PAGE_SIZE == PROTECTED / HVRV_PAGE_SIZE &&
           set_w(machine, HVRV_PTE_W);
}

/* The guest tells which pages it wrote to, and powers off. */
static bool end_guest(struct machine *machine)
{
    SHARED->enough = 1;
    return run(machine, 1000) == ENDING_OFF && machine->sbi.reason == SBI_SRST_NO_REASON &&
           hvrv_bind_put(&machine->bind) == HVRV_OK;
}

static bool prepare_host(struct machine *machine)
{
    struct hvrv_phys_config everything = {.window_size = UINT64_C(1) << HVRV_HPA_WIDTH};
    machine->pool = (struct pool){.next = HPA_TABLES, .end = HPA_ROM};
    machine->pages = pool_pages(&machine->pool);
    return hvrv_phys_init(&machine->phys, &everything) == HVRV_OK &&
           hvrv_probe_hart(&machine->probe, &machine->hart) == HVRV_OK &&
           hvrv_vmid_init(&machine->vmids, machine->probe.vmidlen, 1) == HVRV_OK;
}

static bool make_vm(struct machine *machine)
{
    struct hvrv_gstage_config config = {.phys = &machine->phys,
                                        .pages = &machine->pages,
                                        .stage = HVRV_STAGE_G,
                                        .mode = HVRV_MODE_SV39};
    find_abilities(machine, &config);
    if (hvrv_vmid_take(&machine->vmids, &machine->vmid) != HVRV_OK)
        return false;
    machine->domain.kind = HVRV_FENCE_G_STAGE;
    machine->domain.vmid = machine->vmid.number;
    return map_build(machine, &config) && run_prepare(machine);
}

static bool tell(struct machine *machine, uint64_t *dirty)
{
    return prepare_host(machine) && make_vm(machine) &&
           map_print(machine, "the map, before the guest runs") && go_on(machine) &&
           split(machine) && map_print(machine, "its 2 MiB are split under it") && go_on(machine) &&
           watch_a_second(machine, dirty) && refuse_a_store(machine) && go_on(machine) &&
           merge(machine) && map_print(machine, "the 2 MiB are merged") && go_on(machine) &&
           end_guest(machine);
}

int main(void)
{
    static struct machine machine;
    uint64_t dirty[WORK_PAGES / 64] = {0};
    bool is_good = tell(&machine, dirty);
    if (!is_good)
        printf("gstage: what should come next went wrong\n");
    uint64_t taken = machine.pool.pages_taken;
    is_good = is_good && map_remove(&machine) && machine.pool.pages_taken == 0 &&
              memcmp(dirty, machine.told, sizeof dirty) == 0;
    printf("gstage: %u dirty pages found, %u expected; %lu of %lu table pages returned\n",
           dirty_count(dirty), dirty_count(machine.told), taken - machine.pool.pages_taken, taken);
    return is_good ? 0 : 1;
}
