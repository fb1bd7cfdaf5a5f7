/* SPDX-License-Identifier: BSD-2-Clause */
/* The VM's memory map: made of a list of regions, printed, and taken away again. */
#include <stdio.h>
#include <string.h>

#include "guest_image.h"
#include "host.h"
#include "machine.h"

#define PAGE      HVRV_PAGE_SIZE
#define ADDRESSES (UINT64_C(1) << 41) /* what Sv39x4 has */

#define R HVRV_PTE_R
#define W HVRV_PTE_W
#define X HVRV_PTE_X

static const struct region {
    const char *name;
    uint64_t gpa, hpa, size;
    uint64_t bits;
    enum hvrv_pbmt type; /* where there is Svpbmt */
} regions[] = {
    {"ROM", GPA_ROM, HPA_ROM, PAGE, R, HVRV_PBMT_PMA},
    {"serial port", GPA_UART, HPA_UART, PAGE, R | W, HVRV_PBMT_IO},
    {"shared page", GPA_SHARED, HPA_SHARED, PAGE, R | W, HVRV_PBMT_PMA},
    {"RAM", GPA_RAM, HPA_RAM, RAM_SIZE, R | W | X, HVRV_PBMT_PMA},
};

/* By the largest leaves. How many table pages that needs is known before. */
static bool map_region(struct machine *machine, const struct region *region, bool svpbmt)
{
    struct hvrv_gstage_map_request map = {
        .range = range_of(region->gpa, region->size),
        .hpa = {region->hpa},
        .bits = region->bits | hvrv_bits_set(0, HVRV_PTE_PBMT, svpbmt ? region->type : 0)};
    uint64_t before = machine->pool.pages_taken, small, large;
    if (hvrv_gstage_pages_needed(&machine->gstage, &map.range, 12, &small) != HVRV_OK ||
        hvrv_gstage_pages_needed(&machine->gstage, &map.range, 30, &large) != HVRV_OK ||
        hvrv_gstage_map(&machine->gstage, &map, &machine->gather) != HVRV_OK)
        return false;
    uint64_t taken = machine->pool.pages_taken - before;
    printf("%-12s %08lx %8lx %18lu %14lu %8lu\n", region->name, region->gpa, region->size, small,
           large, taken);
    return taken <= large;
}

/* What the guest finds there. */
static void fill_regions(void)
{
    static const char text[PAGE] = "guest: this is in my ROM, and leaves by my serial port\n";
    memcpy((void *)HPA_ROM, text, PAGE);
    memset((void *)HPA_SHARED, 0, PAGE);
    guest_image_load(HPA_RAM);
}

bool map_build(struct machine *machine, const struct hvrv_gstage_config *config)
{
    bool svpbmt = (config->rules & HVRV_PTE_RULE_SVPBMT) != 0;
    if (hvrv_gstage_init(&machine->gstage, config) != HVRV_OK ||
        hvrv_fence_begin(&machine->gather, &machine->domain, &machine->hart) != HVRV_OK)
        return false;
    printf("\nregion       GPA          size  tables: by 4 KiB  by the largest    taken\n");
    for (unsigned i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (!map_region(machine, &regions[i], svpbmt))
            return false;
    }
    fill_regions();
    return hvrv_fence_commit(&machine->gather) == HVRV_OK;
}

static void print_line(void *context, const char *line)
{
    (void)context;
    printf("%s\n", line);
}

bool map_print(const struct machine *machine, const char *title)
{
    struct hvrv_gstage_print_request print = {.range = range_of(0, ADDRESSES), .line = print_line};
    printf("\n%s\n", title);
    return hvrv_gstage_print(&machine->gstage, &print) == HVRV_OK;
}

/* A few entries at a time, as a hypervisor does that has other work to do in between. */
bool map_remove(struct machine *machine)
{
    struct hvrv_gstage_range all = {{0}, ADDRESSES, 100};
    enum hvrv_status status;
    unsigned calls = 0;
    do {
        status = hvrv_gstage_unmap(&machine->gstage, &all, &machine->gather);
        calls++;
    } while (status == HVRV_ERR_UNFINISHED);
    printf("\nall unmapped, in %u calls of %u entries at most\n", calls, all.budget);
    return status == HVRV_OK && hvrv_fence_commit(&machine->gather) == HVRV_OK &&
           hvrv_fence_end(&machine->gather) == HVRV_OK &&
           hvrv_gstage_fini(&machine->gstage) == HVRV_OK;
}
