/* SPDX-License-Identifier: BSD-2-Clause */
/* The hypervisor's parts. */
#ifndef EXAMPLES_RUN_GUEST_HOST_H
#define EXAMPLES_RUN_GUEST_HOST_H

#include <hvrv/hvrv.h>

#include "image.h"
#include "stage.h"

/* console.c: printf goes to the firmware's console; the end of the machine. */
_Noreturn void power_off(int status);

/* world.c: the guest's memory and its tables. */
struct world {
    struct hvrv_phys phys;
    struct hvrv_pages g_pages, vs_pages, on_demand;
    uint64_t g_next, vs_next, on_demand_next; /* where each page source stands */
    struct stage g, vs;
    uint64_t vsatp, hgatp;
    struct hvrv_walk walk; /* the guest's translation, as the hart does it */
};

bool world_init(struct world *world);
bool world_map_host(struct world *world, struct hvrv_hart *hart);
bool world_map_on_demand(struct world *world, struct hvrv_hart *hart, hvrv_gpa gpa);

/* compare.c: the library's walk beside the hart's, on a list of addresses. */
struct score {
    unsigned agreed, all;
};

struct score compare_walks(struct world *world, struct hvrv_hart *hart);

/* start.S: overwrites every register that a call may change, and if wanted all of fp. */
void spoil_registers(bool fp);

/* sbi.c: answers an SBI call in the vHart's registers, and tells what else the guest wants. */
enum sbi_state { SBI_RUNNING, SBI_SUSPENDED, SBI_OFF };

struct sbi {
    enum sbi_state state;
    uint64_t reason; /* of the guest's power-off */
};

void sbi_call(struct sbi *sbi, struct hvrv_vhart *vhart);

#endif
