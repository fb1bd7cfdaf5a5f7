/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the hart makes of G-stage entries. menvcfg decides whether the hart sets
 * A and D and knows PBMT, and HS-mode cannot read it; of Svnapot no register
 * tells. So each is tried: a tree is made with one leaf, or sixteen entries of
 * one, a store goes through it by HSV, and it is unmade. A hart that cannot
 * faults.
 */
#include <stdio.h>

#include "host.h"

#define SIZE 0x10000 /* of a NAPOT range */

static _Alignas(SIZE) volatile uint64_t target[SIZE / 8];

/* Whether a store through the tree arrives. The VMID is 0, and nothing of it is cached. */
static bool store_arrives(struct hvrv_hart *hart, const struct hvrv_gstage *tree)
{
    struct hvrv_hart_transfer transfer = {.value = 1};
    uint64_t hgatp;
    if (hvrv_gstage_atp(tree, 0, &hgatp) != HVRV_OK)
        return false;
    target[0] = 0;
    hvrv_hart_write_vsatp(hart, 0);
    hvrv_hart_write_hgatp(hart, hgatp);
    enum hvrv_status status =
        hvrv_hart_access_guest(hart, HVRV_HART_HSV_D, hvrv_gva_make(0), &transfer);
    hvrv_hart_write_hgatp(hart, 0);
    return status == HVRV_OK && target[0] == 1;
}

/* Whether the hart can use leaves with these bits, made by these rules. */
static bool takes(struct machine *machine, unsigned rules, uint64_t bits)
{
    struct hvrv_gstage_config config = {.phys = &machine->phys,
                                        .pages = &machine->pages,
                                        .stage = HVRV_STAGE_G,
                                        .mode = HVRV_MODE_SV39,
                                        .rules = rules};
    struct hvrv_gstage_range range = range_of(0, SIZE);
    struct hvrv_gstage_map_request map = {.range = range, .hpa = {(uint64_t)target}, .bits = bits};
    struct hvrv_fence_domain domain = {.kind = HVRV_FENCE_G_STAGE, .every_vmid = true};
    struct hvrv_fence_gather gather;
    struct hvrv_gstage tree;
    if (hvrv_gstage_init(&tree, &config) != HVRV_OK ||
        hvrv_fence_begin(&gather, &domain, &machine->hart) != HVRV_OK ||
        hvrv_gstage_map(&tree, &map, &gather) != HVRV_OK || hvrv_fence_commit(&gather) != HVRV_OK)
        return false;
    bool arrives = store_arrives(&machine->hart, &tree);
    return hvrv_gstage_unmap(&tree, &range, &gather) == HVRV_OK &&
           hvrv_fence_commit(&gather) == HVRV_OK && hvrv_fence_end(&gather) == HVRV_OK &&
           hvrv_gstage_fini(&tree) == HVRV_OK && arrives;
}

void find_abilities(struct machine *machine, struct hvrv_gstage_config *config)
{
    const uint64_t rw = HVRV_PTE_R | HVRV_PTE_W;
    const uint64_t rwad = rw | HVRV_PTE_A | HVRV_PTE_D;
    const uint64_t io = hvrv_bits_set(0, HVRV_PTE_PBMT, HVRV_PBMT_IO);
    bool svpbmt = takes(machine, HVRV_PTE_RULE_SVPBMT, rwad | io);
    bool svnapot = takes(machine, HVRV_PTE_RULE_SVNAPOT, rwad);
    bool sets_ad = takes(machine, 0, rw);
    config->rules = (svpbmt ? HVRV_PTE_RULE_SVPBMT : 0) | (svnapot ? HVRV_PTE_RULE_SVNAPOT : 0);
    config->ad = sets_ad ? HVRV_GSTAGE_AD_HARDWARE : HVRV_GSTAGE_AD_FAULT;
    printf("hart: A and D are set by %s; %s, %s\n",
           sets_ad ? "the hart" : "software, after a fault", svpbmt ? "Svpbmt" : "no Svpbmt",
           svnapot ? "Svnapot" : "no Svnapot");
}
