/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's memory: what image.h promises, as G-stage tables, and the guest's
 * own tables in it, as a boot loader would leave them.
 */
#include "guest_image.h"
#include "host.h"

#define PAGE     HVRV_PAGE_SIZE
#define MIB_2    (UINT64_C(2) << 20)
#define MIB_16   (UINT64_C(16) << 20)
#define GIB      (UINT64_C(1) << 30)
#define ALL_BITS (HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D)
#define VMID     1

/* From a guest physical address or, in the VS-stage, a guest virtual one. */
#define FROM(address, size)                   \
    {                                         \
        {address}, size, HVRV_GSTAGE_NO_LIMIT \
    }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct hvrv_gstage_map_request g_maps[] = {
    {.range = FROM(GPA_RAM, MIB_2), .hpa = {HPA_RAM}, .bits = ALL_BITS, .shift_max = 12},
    {.range = FROM(GPA_RAM_2M, MIB_2), .hpa = {HPA_RAM + MIB_2}, .bits = ALL_BITS},
    {.range = FROM(GPA_GIB, GIB), .hpa = {HPA_GIB}, .bits = ALL_BITS},
    {.range = FROM(GPA_READ_ONLY, PAGE),
     .hpa = {HPA_RAM + 2 * MIB_2},
     .bits = HVRV_PTE_R | HVRV_PTE_A},
};

/* The guest's own, as far as its program needs them: to GPAs. */
static const struct hvrv_gstage_map_request vs_maps[] = {
    {.range = FROM(GVA_IMAGE, GUEST_IMAGE_SIZE), .hpa = {GPA_RAM}, .bits = ALL_BITS},
    {.range = FROM(GVA_ON_DEMAND, PAGE), .hpa = {GPA_ON_DEMAND}, .bits = ALL_BITS},
};

/* The hypervisor's own address space: the first 4 GiB as they are. */
static const struct hvrv_gstage_map_request own_map = {.range = FROM(0, 4 * GIB), .bits = ALL_BITS};

static bool make_tables(struct tables *tables, const struct hvrv_gstage_config *config,
                        struct hvrv_hart *hart)
{
    return hvrv_gstage_init(&tables->tree, config) == HVRV_OK &&
           hvrv_fence_begin(&tables->gather, &tables->domain, hart) == HVRV_OK;
}

bool world_map(struct tables *tables, struct hvrv_gstage_map_request map)
{
    return hvrv_gstage_map(&tables->tree, &map, &tables->gather) == HVRV_OK;
}

bool world_commit(struct world *world)
{
    return hvrv_fence_commit(&world->g.gather) == HVRV_OK &&
           hvrv_fence_commit(&world->vs.gather) == HVRV_OK;
}

static bool make_all_tables(struct world *world, struct hvrv_hart *hart)
{
    /* Every HPA is the hypervisor's own address: see world_map_host(). */
    struct hvrv_phys_config everything = {.window_size = UINT64_C(1) << HVRV_HPA_WIDTH};
    struct hvrv_gstage_config g = {.phys = &world->phys,
                                   .pages = &world->host_pages,
                                   .stage = HVRV_STAGE_G,
                                   .mode = HVRV_MODE_SV39,
                                   .ad = HVRV_GSTAGE_AD_HARDWARE};
    struct hvrv_gstage_config own = g, vs;
    own.stage = HVRV_STAGE_VS;
    vs = own;
    vs.pages = &world->guest_pages;
    vs.pointer_offset = HPA_RAM - GPA_RAM; /* the guest's tables name each other by GPA */
    world->g.domain = (struct hvrv_fence_domain){.kind = HVRV_FENCE_G_STAGE, .vmid = VMID};
    world->vs.domain = (struct hvrv_fence_domain){.kind = HVRV_FENCE_VS_STAGE};
    world->own.domain = (struct hvrv_fence_domain){.kind = HVRV_FENCE_OWN};
    return hvrv_phys_init(&world->phys, &everything) == HVRV_OK &&
           make_tables(&world->g, &g, hart) && make_tables(&world->vs, &vs, hart) &&
           make_tables(&world->own, &own, hart);
}

static void make_pools(struct world *world)
{
    uint64_t vs_tables = HPA_RAM + (GPA_VS_TABLES - GPA_RAM);
    world->host_pool = (struct pool){.next = HPA_TABLES, .end = HPA_TABLES + MIB_16};
    world->guest_pool = (struct pool){.next = vs_tables, .end = HPA_RAM + (GPA_DATA - GPA_RAM)};
    world->on_demand = (struct pool){.next = HPA_ON_DEMAND, .end = HPA_ON_DEMAND + MIB_16};
    world->host_pages = pool_pages(&world->host_pool);
    world->guest_pages = pool_pages(&world->guest_pool);
    world->on_demand_pages = pool_pages(&world->on_demand);
}

static bool map_all(struct world *world)
{
    bool done = true;
    for (unsigned i = 0; i < COUNT(g_maps); i++)
        done = done && world_map(&world->g, g_maps[i]);
    for (unsigned i = 0; i < COUNT(vs_maps); i++)
        done = done && world_map(&world->vs, vs_maps[i]);
    return done;
}

bool world_init(struct world *world, struct hvrv_hart *hart)
{
    make_pools(world);
    if (!make_all_tables(world, hart) || !map_all(world) ||
        hvrv_gstage_atp(&world->vs.tree, 0, &world->vsatp) != HVRV_OK ||
        hvrv_gstage_atp(&world->g.tree, VMID, &world->hgatp) != HVRV_OK)
        return false;
    guest_image_load(HPA_RAM);
    struct hvrv_walk_csrs csrs = {.vsatp = world->vsatp, .hgatp = world->hgatp};
    struct hvrv_walk_regime regime;
    return hvrv_walk_regime_from_csrs(&regime, &csrs) == HVRV_OK &&
           hvrv_walk_init(&world->walk, &regime, &world->phys) == HVRV_OK;
}

/*
 * The hypervisor could do without an address space of its own; but QEMU 7.2
 * reports a page fault of an HLV as an access fault while satp is Bare.
 */
bool world_map_host(struct world *world, struct hvrv_hart *hart)
{
    uint64_t satp;
    if (!world_map(&world->own, own_map) || hvrv_gstage_atp(&world->own.tree, 0, &satp) != HVRV_OK)
        return false;
    hvrv_hart_write_satp(hart, satp);
    return hvrv_fence_commit(&world->own.gather) == HVRV_OK;
}

/* A hart may have cached that nothing was there, and would fault again: hence the commit. */
bool world_map_on_demand(struct world *world, hvrv_gpa gpa)
{
    hvrv_hpa page;
    struct hvrv_gstage_map_request map = {.range = FROM(gpa.v / PAGE * PAGE, PAGE),
                                          .bits = ALL_BITS};
    if (gpa.v / PAGE != GPA_ON_DEMAND / PAGE ||
        hvrv_pages_take(&world->on_demand_pages, HVRV_PAGES_TABLE, &page) != HVRV_OK)
        return false;
    map.hpa = page;
    return world_map(&world->g, map) && world_commit(world);
}
