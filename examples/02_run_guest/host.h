/* SPDX-License-Identifier: BSD-2-Clause */
/* The hypervisor's parts. */
#ifndef EXAMPLES_RUN_GUEST_HOST_H
#define EXAMPLES_RUN_GUEST_HOST_H

#include <hvrv/hvrv.h>

#include "image.h"
#include "pool.h"

/* A tree of tables, and the fences that changes of it owe. */
struct tables {
    struct hvrv_gstage tree;
    struct hvrv_fence_domain domain;
    struct hvrv_fence_gather gather;
};

/* world.c: the guest's memory and its tables. */
struct world {
    struct hvrv_phys phys;
    struct pool host_pool, guest_pool, on_demand;
    struct hvrv_pages host_pages, guest_pages, on_demand_pages;
    struct tables g, vs, own;
    uint64_t vsatp, hgatp;
    struct hvrv_walk walk; /* the guest's translation, as the hart does it */
};

bool world_init(struct world *world, struct hvrv_hart *hart);
bool world_map_host(struct world *world, struct hvrv_hart *hart);
bool world_map_on_demand(struct world *world, hvrv_gpa gpa);

/* Maps into one of the world's trees; the fences wait for world_commit(). */
bool world_map(struct tables *tables, struct hvrv_gstage_map_request map);

/* The fences that the guest's two trees owe; its hgatp must be loaded. */
bool world_commit(struct world *world);

/* compare.c: the library's walk beside the hart's, on a list of addresses. */
struct score {
    unsigned agreed, all;
};

struct score compare_walks(struct world *world, struct hvrv_hart *hart);

/* spoil.S: overwrites every register that a call may change, and if wanted all of fp. */
void spoil_registers(bool fp);

#endif
