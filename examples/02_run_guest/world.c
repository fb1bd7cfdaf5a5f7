/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's memory: what image.h promises, as G-stage tables, and the guest's
 * own tables in it, as a boot loader would leave them.
 */
#include <string.h>

#include "host.h"

#define PAGE     HVRV_PAGE_SIZE
#define MIB_2    (UINT64_C(2) << 20)
#define ALL_BITS (HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D)
#define VMID     1

extern const char guest_image[], guest_image_end[];

/* A page source is a number: where the next page is. Pages come zeroed. */
static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    uint64_t *next = context;
    page->v = (*next + size - 1) / size * size;
    *next = page->v + size;
    memset((void *)page->v, 0, size);
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context, (void)size, (void)page; /* the demo never does */
}

static bool map_g(struct world *world, uint64_t gpa, uint64_t hpa, unsigned level)
{
    hvrv_pte leaf;
    return hvrv_pte_make_g_leaf(hvrv_hpa_make(hpa), level, ALL_BITS, &leaf) == HVRV_OK &&
           stage_map(&world->g, gpa, level, leaf);
}

static bool map_g_stage(struct world *world)
{
    for (uint64_t offset = 0; offset < MIB_2; offset += PAGE) {
        if (!map_g(world, GPA_RAM + offset, HPA_RAM + offset, 0))
            return false;
    }
    hvrv_pte leaf;
    hvrv_hpa page = hvrv_hpa_make(HPA_RAM + 2 * MIB_2);
    return map_g(world, GPA_RAM_2M, HPA_RAM + MIB_2, 1) && map_g(world, GPA_GIB, HPA_GIB, 2) &&
           hvrv_pte_make_g_leaf(page, 0, HVRV_PTE_R | HVRV_PTE_A, &leaf) == HVRV_OK &&
           stage_map(&world->g, GPA_READ_ONLY, 0, leaf);
}

static bool map_vs(struct world *world, uint64_t gva, uint64_t gpa)
{
    hvrv_pte leaf;
    return hvrv_pte_make_vs_leaf(hvrv_gpa_make(gpa), 0, ALL_BITS, &leaf) == HVRV_OK &&
           stage_map(&world->vs, gva, 0, leaf);
}

/* The guest's own tables, as far as its program needs them. */
static bool map_vs_stage(struct world *world)
{
    for (uint64_t offset = 0; offset < GUEST_IMAGE_SIZE; offset += PAGE) {
        if (!map_vs(world, GVA_IMAGE + offset, GPA_RAM + offset))
            return false;
    }
    return map_vs(world, GVA_ON_DEMAND, GPA_ON_DEMAND);
}

static void load_guest(void)
{
    memset((void *)HPA_RAM, 0, GUEST_IMAGE_SIZE);
    memcpy((void *)HPA_RAM, guest_image, (size_t)(guest_image_end - guest_image));
}

static bool make_stages(struct world *world)
{
    /* The hypervisor runs where every HPA is its own address: see world_map_host(). */
    struct hvrv_phys_config config = {.window_size = UINT64_C(1) << HVRV_HPA_WIDTH};
    world->g_next = HPA_G_TABLES;
    world->vs_next = HPA_RAM + (GPA_VS_TABLES - GPA_RAM);
    world->on_demand_next = HPA_ON_DEMAND;
    world->g_pages = (struct hvrv_pages){take, give, &world->g_next};
    world->vs_pages = (struct hvrv_pages){take, give, &world->vs_next};
    world->on_demand = (struct hvrv_pages){take, give, &world->on_demand_next};
    world->g = (struct stage){&world->phys, &world->g_pages, HVRV_STAGE_G, {0}, 0};
    world->vs =
        (struct stage){&world->phys, &world->vs_pages, HVRV_STAGE_VS, {0}, HPA_RAM - GPA_RAM};
    return hvrv_phys_init(&world->phys, &config) == HVRV_OK &&
           hvrv_pages_take(&world->g_pages, HVRV_PAGES_ROOT_X4, &world->g.root) == HVRV_OK &&
           hvrv_pages_take(&world->vs_pages, HVRV_PAGES_TABLE, &world->vs.root) == HVRV_OK;
}

bool world_init(struct world *world)
{
    if (!make_stages(world) || !map_g_stage(world) || !map_vs_stage(world))
        return false;
    load_guest();
    hvrv_gpa vs_root = hvrv_gpa_make(world->vs.root.v - world->vs.hpa_of_gpa_0);
    if (hvrv_mode_make_vsatp(HVRV_MODE_SV39, 0, vs_root, &world->vsatp) != HVRV_OK ||
        hvrv_mode_make_hgatp(HVRV_MODE_SV39, VMID, world->g.root, &world->hgatp) != HVRV_OK)
        return false;
    struct hvrv_walk_csrs csrs = {.vsatp = world->vsatp, .hgatp = world->hgatp};
    struct hvrv_walk_regime regime;
    return hvrv_walk_regime_from_csrs(&regime, &csrs) == HVRV_OK &&
           hvrv_walk_init(&world->walk, &regime, &world->phys) == HVRV_OK;
}

/*
 * The hypervisor's own address space: the first 4 GiB as they are. It could do
 * without; but QEMU 7.2 reports a page fault of an HLV as an access fault while
 * satp is Bare.
 */
bool world_map_host(struct world *world, struct hvrv_hart *hart)
{
    hvrv_hpa root;
    if (hvrv_pages_take(&world->g_pages, HVRV_PAGES_TABLE, &root) != HVRV_OK)
        return false;
    for (uint64_t gib = 0; gib < 4; gib++) {
        hvrv_pte leaf;
        if (hvrv_pte_make_vs_leaf(hvrv_gpa_make(gib << 30), 2, ALL_BITS, &leaf) != HVRV_OK ||
            hvrv_phys_store(&world->phys, hvrv_hpa_make(root.v + gib * 8), leaf.v) != HVRV_OK)
            return false;
    }
    hvrv_hart_write_satp(hart,
                         hvrv_bits_set(root.v >> HVRV_PAGE_SHIFT, HVRV_SATP_MODE, HVRV_MODE_SV39));
    hvrv_hart_sfence_vma_all(hart);
    return true;
}

/* A hart may have cached that nothing was there, and would fault again: hence the fence. */
bool world_map_on_demand(struct world *world, struct hvrv_hart *hart, hvrv_gpa gpa)
{
    hvrv_hpa page;
    if (gpa.v / PAGE != GPA_ON_DEMAND / PAGE ||
        hvrv_pages_take(&world->on_demand, HVRV_PAGES_TABLE, &page) != HVRV_OK ||
        !map_g(world, gpa.v / PAGE * PAGE, page.v, 0))
        return false;
    hvrv_hart_hfence_gvma(hart, gpa, VMID);
    return true;
}
