/* SPDX-License-Identifier: BSD-2-Clause */
/* The hypervisor: what its files share. */
#ifndef EXAMPLES_GSTAGE_HOST_H
#define EXAMPLES_GSTAGE_HOST_H

#include <hvrv/hvrv.h>

#include "image.h"
#include "pool.h"
#include "sbi_server.h"

/*
 * HPA 0x80200000  the hypervisor's image (OpenSBI lies below)
 *     0x83000000  16 MiB for tables
 *     0x84000000  the VM's ROM, then the page that both see
 *     0xc0000000  the VM's RAM
 */
#define HPA_TABLES 0x83000000
#define HPA_ROM    0x84000000
#define HPA_SHARED 0x84001000
#define HPA_RAM    0xc0000000

#define SHARED ((volatile struct shared *)HPA_SHARED)

/* A VM with one vHart on the only hart. */
struct machine {
    struct hvrv_hart hart;
    struct hvrv_probe probe;
    struct hvrv_phys phys;
    struct pool pool;
    struct hvrv_pages pages; /* of the pool */

    struct hvrv_gstage gstage;
    struct hvrv_fence_domain domain;
    struct hvrv_fence_gather gather; /* open as long as the VM lives */

    struct hvrv_vmid_pool vmids;
    struct hvrv_vmid vmid;
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
    struct hvrv_bind bind;
    struct sbi sbi;

    hvrv_gpa refused;               /* of ENDING_REFUSED: where the guest may not go */
    uint64_t told[WORK_PAGES / 64]; /* a bit for each page that the guest says it wrote to */
};

/* From a GPA on, to be worked on in one call. */
static inline struct hvrv_gstage_range range_of(uint64_t gpa, uint64_t size)
{
    return (struct hvrv_gstage_range){{gpa}, size, HVRV_GSTAGE_NO_LIMIT};
}

/* ability.c: which entries the hart understands, and who sets A and D. */
void find_abilities(struct machine *machine, struct hvrv_gstage_config *config);

/* map.c: the VM's memory map. */
bool map_build(struct machine *machine, const struct hvrv_gstage_config *config);
bool map_print(const struct machine *machine, const char *title);
bool map_remove(struct machine *machine);

/* run.c: the guest runs. */
enum ending {
    ENDING_NONE,    /* the guest goes on */
    ENDING_TIME,    /* the time is over */
    ENDING_REFUSED, /* the map does not allow what the guest tried; it will try again */
    ENDING_OFF,     /* the guest powered off */
    ENDING_LOST,    /* it did what this hypervisor does not serve */
};

bool run_prepare(struct machine *machine);

/* For so many milliseconds, and longer if not every page was written to since. */
enum ending run(struct machine *machine, unsigned milliseconds);

/* dirty.c: which of the 512 pages were written to, a bit each. */
bool dirty_collect(struct machine *machine, uint64_t *bitmap);
unsigned dirty_count(const uint64_t *bitmap);
void dirty_print(const uint64_t *bitmap);

#endif
