/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library's walk beside the hart's. Each page that can be reached holds, in
 * each word, the word's own HPA. HLV.D, HLVX.WU and HSV.D go where the hart's
 * walk leads; hvrv_walk_two_stage() says where that must be, or which fault it
 * must be, and the table says a third time which of the two, so that two equal
 * mistakes do not agree.
 *
 * Not on the list, because QEMU 7.2 is known to do it wrong by HLV and HSV: U,
 * SUM, MXR, and a store whose VS-stage table is not mapped, which it reports as
 * a load. hstatus.GVA is compared where the guest itself faults (main.c).
 * htinst is compared where a value is demanded, for faults on the way to a
 * VS-stage entry; otherwise a hart may write 0 or the instruction.
 */
#include <stdio.h>

#include "host.h"

#define RWXAD    (HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D)
#define WAD      (HVRV_PTE_W | HVRV_PTE_A | HVRV_PTE_D)
#define TOO_WIDE 0x20000000000 /* bit 41, which Sv39x4 has not */

/* The guest's mappings, at 4 GiB by 2 MiB and at 5 GiB by 4 KiB. */
static const struct mapping {
    uint64_t from, to;
    unsigned level;
    uint64_t bits;
} mappings[] = {
    {0x040000000, GPA_GIB, 2, RWXAD},
    {0x080000000, GPA_RAM, 2, RWXAD},
    {0x100000000, GPA_RAM, 1, RWXAD},
    {0x100200000, GPA_RAM_2M, 1, RWXAD},
    {0x100400000, GPA_GIB + 0x200000, 1, RWXAD},
    {0x140000000, GPA_DATA + 0x3000, 0, RWXAD},
    {0x140001000, GPA_RAM_2M + 0x85000, 0, RWXAD},
    {0x140002000, GPA_GIB + 0x5a5000, 0, RWXAD},
    {0x140003000, GPA_READ_ONLY, 0, RWXAD},
    {0x140004000, GPA_DATA + 0x4000, 0, HVRV_PTE_R | HVRV_PTE_A | HVRV_PTE_D},
    {0x140005000, GPA_NOWHERE, 0, RWXAD},
    {0x140006000, TOO_WIDE, 0, RWXAD},
    {0x14000b000, GPA_BAD, 0, RWXAD},
    {0x14000c000, GPA_BAD + 0x1000, 0, RWXAD},
    {0x14000d000, GPA_BAD + 0x2000, 0, RWXAD},
    {0x14000e000, GPA_BAD + 0x3000, 0, RWXAD},
    {0x14000f000, GPA_BAD + 0x200000, 0, RWXAD},
};

/* Entries of the guest that the library does not make. */
static const struct mapping raw_vs[] = {
    {0x140008000, GPA_DATA, 0, HVRV_PTE_V | WAD},
    {0x140009000, GPA_DATA, 0, HVRV_PTE_V},
    {0x14000a000, GPA_DATA, 0, HVRV_PTE_V | RWXAD | HVRV_BIT(54)},
    {0x100600000, GPA_DATA, 1, HVRV_PTE_V | RWXAD},
    {0x100800000, GPA_NOWHERE, 1, HVRV_PTE_V},
};

/* The same in the G-stage. */
static const struct mapping raw_g[] = {
    {GPA_BAD, HPA_RAM, 0, HVRV_PTE_V | RWXAD},
    {GPA_BAD + 0x1000, HPA_RAM, 0, HVRV_PTE_V | HVRV_PTE_U | WAD},
    {GPA_BAD + 0x2000, HPA_RAM, 0, HVRV_PTE_V | HVRV_PTE_U | RWXAD | HVRV_BIT(58)},
    {GPA_BAD + 0x3000, HPA_RAM, 0, HVRV_PTE_V},
    {GPA_BAD + 0x200000, HPA_RAM + 0x1000, 1, HVRV_PTE_V | HVRV_PTE_U | RWXAD},
};

/* What is done, and how it must end: with a cause, or 0 for a page. */
static const struct probe_case {
    const char *text;
    uint64_t gva;
    enum hvrv_hart_access access;
    unsigned cause;
} cases[] = {
    {"1 GiB over 1 GiB", 0x040000000, HVRV_HART_HLV_D, 0},
    {"1 GiB over 1 GiB", 0x0405a5678, HVRV_HART_HLV_D, 0},
    {"1 GiB over 1 GiB", 0x07ffffff8, HVRV_HART_HLV_D, 0},
    {"1 GiB over 1 GiB", 0x040000010, HVRV_HART_HLVX_WU, 0},
    {"1 GiB over 2 MiB", 0x080200000, HVRV_HART_HLV_D, 0},
    {"1 GiB over 2 MiB", 0x080234568, HVRV_HART_HLV_D, 0},
    {"1 GiB over 2 MiB", 0x0803ffff8, HVRV_HART_HLV_D, 0},
    {"1 GiB over 4 KiB", 0x080100000, HVRV_HART_HLV_D, 0},
    {"1 GiB over 4 KiB", 0x080123458, HVRV_HART_HLV_D, 0},
    {"1 GiB over 4 KiB", 0x0801ffff8, HVRV_HART_HLV_D, 0},
    {"2 MiB over 1 GiB", 0x100400000, HVRV_HART_HLV_D, 0},
    {"2 MiB over 1 GiB", 0x1005a5a58, HVRV_HART_HLV_D, 0},
    {"2 MiB over 1 GiB", 0x1005ffff8, HVRV_HART_HLV_D, 0},
    {"2 MiB over 2 MiB", 0x100200000, HVRV_HART_HLV_D, 0},
    {"2 MiB over 2 MiB", 0x10027abc8, HVRV_HART_HLV_D, 0},
    {"2 MiB over 2 MiB", 0x1003ffff8, HVRV_HART_HLVX_WU, 0},
    {"2 MiB over 4 KiB", 0x100100000, HVRV_HART_HLV_D, 0},
    {"2 MiB over 4 KiB", 0x100156780, HVRV_HART_HLV_D, 0},
    {"2 MiB over 4 KiB", 0x1001ffff8, HVRV_HART_HSV_D, 0},
    {"4 KiB over 1 GiB", 0x140002000, HVRV_HART_HLV_D, 0},
    {"4 KiB over 1 GiB", 0x140002ff8, HVRV_HART_HSV_D, 0},
    {"4 KiB over 2 MiB", 0x140001000, HVRV_HART_HLV_D, 0},
    {"4 KiB over 2 MiB", 0x140001ff8, HVRV_HART_HLVX_WU, 0},
    {"4 KiB over 4 KiB", 0x140000000, HVRV_HART_HLV_D, 0},
    {"4 KiB over 4 KiB", 0x140000ff8, HVRV_HART_HSV_D, 0},
    {"a page that may only be read", 0x140004008, HVRV_HART_HLV_D, 0},
    {"the same for the G-stage", 0x140003008, HVRV_HART_HLV_D, 0},
    {"V = 0", 0x140007000, HVRV_HART_HLV_D, 13},
    {"V = 0", 0x140007008, HVRV_HART_HSV_D, 15},
    {"no table there", 0x1c0000000, HVRV_HART_HLV_D, 13},
    {"W without R", 0x140008000, HVRV_HART_HLV_D, 13},
    {"W without R, a store", 0x140008000, HVRV_HART_HSV_D, 15},
    {"a pointer at level 0", 0x140009000, HVRV_HART_HLV_D, 13},
    {"a reserved bit", 0x14000a000, HVRV_HART_HLV_D, 13},
    {"a misaligned superpage", 0x100600000, HVRV_HART_HLV_D, 13},
    {"a store where W = 0", 0x140004010, HVRV_HART_HSV_D, 15},
    {"not canonical", 0x8000000140000000, HVRV_HART_HLV_D, 13},
    {"a store where the G-stage has W = 0", 0x140003010, HVRV_HART_HSV_D, 23},
    {"a GPA where nothing is", 0x140005ab8, HVRV_HART_HLV_D, 21},
    {"a store to it", 0x140005ab8, HVRV_HART_HSV_D, 23},
    {"a GPA that is too wide", 0x140006000, HVRV_HART_HLV_D, 21},
    {"G-stage: U = 0", 0x14000b018, HVRV_HART_HLV_D, 21},
    {"G-stage: W without R, a store", 0x14000c020, HVRV_HART_HSV_D, 23},
    {"G-stage: a reserved bit", 0x14000d028, HVRV_HART_HLV_D, 21},
    {"G-stage: a pointer at level 0", 0x14000e030, HVRV_HART_HLV_D, 21},
    {"G-stage: a misaligned superpage", 0x14000f038, HVRV_HART_HLV_D, 21},
    {"a VS-stage table where nothing is", 0x100812340, HVRV_HART_HLV_D, 21},
    {"the same, elsewhere in it", 0x100812ff8, HVRV_HART_HLV_D, 21},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void fill(uint64_t hpa, uint64_t size)
{
    for (uint64_t word = hpa; word < hpa + size; word += 8)
        *(volatile uint64_t *)word = word;
}

static void fill_pages(void)
{
    fill(HPA_RAM + (GPA_DATA - GPA_RAM), 0x100000);
    fill(HPA_RAM + 0x200000, 0x201000); /* the 2 MiB leaf, and the read-only page behind it */
    fill(HPA_GIB, 0x600000);
    fill(HPA_GIB + 0x3ffff000, 0x1000);
}

static bool map_leaf(struct tables *tables, const struct mapping *m)
{
    unsigned shift = hvrv_level_shift(m->level);
    return world_map(tables, (struct hvrv_gstage_map_request){
                                 .range = {{m->from}, UINT64_C(1) << shift, HVRV_GSTAGE_NO_LIMIT},
                                 .hpa = {m->to},
                                 .bits = m->bits,
                                 .shift_max = (uint8_t)shift});
}

/* Writes the entry over a leaf. The commit that the leaf needs serves it too. */
static bool put_raw(struct world *world, struct tables *tables, const struct mapping *raw)
{
    struct mapping leaf = {raw->from, 0, raw->level, RWXAD};
    struct hvrv_gstage_entry entry;
    return map_leaf(tables, &leaf) &&
           hvrv_gstage_query(&tables->tree, hvrv_gpa_make(raw->from), &entry) == HVRV_OK &&
           hvrv_phys_store(&world->phys, entry.pte_address, raw->to >> 2 | raw->bits) == HVRV_OK;
}

static bool map_all(struct world *world)
{
    bool done = true;
    for (unsigned i = 0; i < COUNT(mappings); i++)
        done = map_leaf(&world->vs, &mappings[i]) && done;
    for (unsigned i = 0; i < COUNT(raw_vs); i++)
        done = put_raw(world, &world->vs, &raw_vs[i]) && done;
    for (unsigned i = 0; i < COUNT(raw_g); i++)
        done = put_raw(world, &world->g, &raw_g[i]) && done;
    return world_commit(world) && done;
}

/* The hart's page is the library's page. */
static bool page_agrees(struct hvrv_hart *hart, const struct probe_case *c, hvrv_hpa hpa)
{
    struct hvrv_hart_transfer transfer = {.value = ~hpa.v};
    volatile uint64_t *word = (volatile uint64_t *)hpa.v;
    if (c->cause != 0 ||
        hvrv_hart_access_guest(hart, c->access, hvrv_gva_make(c->gva), &transfer) != HVRV_OK)
        return false;
    switch (c->access) {
    case HVRV_HART_HSV_D:
        return *word == ~hpa.v;
    case HVRV_HART_HLVX_WU:
        return transfer.value == (uint32_t)hpa.v;
    default:
        return transfer.value == hpa.v;
    }
}

/* The hart's trap record is the library's. */
static bool fault_agrees(struct hvrv_hart *hart, const struct probe_case *c,
                         const struct hvrv_fault *fault)
{
    struct hvrv_hart_transfer transfer = {0};
    if (hvrv_hart_access_guest(hart, c->access, hvrv_gva_make(c->gva), &transfer) !=
        HVRV_ERR_ACCESS)
        return false;
    bool is_instruction = !fault->htinst && (transfer.trap.htinst == 0 || transfer.trap.htinst & 1);
    return c->cause == fault->cause && transfer.trap.cause == fault->cause &&
           transfer.trap.stval == fault->stval && transfer.trap.htval == fault->htval &&
           (is_instruction || transfer.trap.htinst == fault->htinst);
}

static bool agrees(struct world *world, struct hvrv_hart *hart, const struct probe_case *c)
{
    enum hvrv_access access = c->access == HVRV_HART_HSV_D     ? HVRV_ACCESS_STORE
                              : c->access == HVRV_HART_HLVX_WU ? HVRV_ACCESS_HLVX
                                                               : HVRV_ACCESS_LOAD;
    struct hvrv_walk_request request = {hvrv_gva_make(c->gva), access, HVRV_WALK_VS};
    struct hvrv_walk_result result;
    if (hvrv_walk_two_stage(&world->walk, &request, &result) != HVRV_OK)
        return false;
    bool same = result.faulted ? fault_agrees(hart, c, &result.fault)
                               : page_agrees(hart, c, result.page.hpa);
    printf("walk: GVA 0x%016lx %-36s ", c->gva, c->text);
    if (result.faulted)
        printf("%s (%s)", hvrv_cause_name(result.fault.cause),
               hvrv_reason_name(result.fault.reason));
    else
        printf("HPA 0x%lx", result.page.hpa.v);
    printf("%s\n", same ? "" : "  DISAGREES");
    return same;
}

struct score compare_walks(struct world *world, struct hvrv_hart *hart)
{
    struct score score = {0, COUNT(cases)};
    if (!map_all(world))
        return score;
    fill_pages();
    for (unsigned i = 0; i < COUNT(cases); i++)
        score.agreed += agrees(world, hart, &cases[i]);
    return score;
}
