/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a guest virtual address to a host physical one, on any machine.
 *
 * A buffer plays the host's memory. In it are a guest's Sv39 tables and the
 * Sv39x4 tables of the G-stage; the library walks both and tells every entry
 * that it reads. Steps of the VS-stage stand at the left margin. Before each of
 * them, and once more at the end, the G-stage translates one GPA: its steps are
 * indented.
 */
#include <inttypes.h>
#include <stdio.h>

#include <hvrv/hvrv.h>

/* The host's memory, as the guest sees it and as it is. */
#define MEMORY    (UINT64_C(4) << 20)
#define HPA_BASE  UINT64_C(0x80000000)
#define GPA_BASE  UINT64_C(0x40000000)
#define LEAF_BITS (HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D)

static _Alignas(4096) uint8_t memory[MEMORY];

/* A page source: one page after the other. */
static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    uint64_t *next = context;
    *next = (*next + size - 1) / size * size;
    if (*next + size > HPA_BASE + MEMORY)
        return false;
    page->v = *next;
    *next += size;
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context, (void)size, (void)page; /* the examples never do */
}

/* From a guest physical address or, in the VS-stage, a guest virtual one. */
#define FROM(address, size)                   \
    {                                         \
        {address}, size, HVRV_GSTAGE_NO_LIMIT \
    }

/* The G-stage: the guest's first 2 MiB by pages, the next by one leaf, 1 GiB at 0xc0000000. */
static const struct hvrv_gstage_map_request g_maps[] = {
    {.range = FROM(GPA_BASE, 2 << 20), .hpa = {HPA_BASE}, .bits = LEAF_BITS, .shift_max = 12},
    {.range = FROM(GPA_BASE + (2 << 20), 2 << 20),
     .hpa = {HPA_BASE + (2 << 20)},
     .bits = LEAF_BITS},
    {.range = FROM(0xc0000000, 1 << 30), .hpa = {0x1c0000000}, .bits = LEAF_BITS},
};

/* The VS-stage, to GPAs: a page, one that may only be read, 2 MiB, 1 GiB, and one to nowhere. */
static const struct hvrv_gstage_map_request vs_maps[] = {
    {.range = FROM(0x3fc0001000, 4096), .hpa = {GPA_BASE + 0x5000}, .bits = LEAF_BITS},
    {.range = FROM(0x3fc0002000, 4096),
     .hpa = {GPA_BASE + 0x6000},
     .bits = HVRV_PTE_R | HVRV_PTE_A},
    {.range = FROM(0x3fc0200000, 2 << 20), .hpa = {GPA_BASE + (2 << 20)}, .bits = LEAF_BITS},
    {.range = FROM(0x80000000, 1 << 30), .hpa = {0xc0000000}, .bits = LEAF_BITS},
    {.range = FROM(0x3fc0003000, 4096), .hpa = {0x23456000}, .bits = LEAF_BITS},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Makes a tree and maps a list of ranges. The gather notes which fences that
 * owes. No hart uses these tables and the library's walk caches nothing: they
 * are owed to nobody, and the gather is dropped.
 */
static bool build(struct hvrv_gstage *tree, const struct hvrv_gstage_config *config,
                  const struct hvrv_gstage_map_request *maps, unsigned count)
{
    static struct hvrv_hart no_hart;
    struct hvrv_fence_domain domain = {.kind = HVRV_FENCE_G_STAGE};
    struct hvrv_fence_gather gather;
    if (hvrv_gstage_init(tree, config) != HVRV_OK ||
        hvrv_fence_begin(&gather, &domain, &no_hart) != HVRV_OK)
        return false;
    for (unsigned i = 0; i < count; i++) {
        struct hvrv_gstage_map_request map = maps[i];
        if (hvrv_gstage_map(tree, &map, &gather) != HVRV_OK)
            return false;
    }
    return true;
}

/* The guest's mistake: a pointer to a table where the G-stage maps nothing. */
static bool point_nowhere(const struct hvrv_gstage *vs, const struct hvrv_phys *phys)
{
    struct hvrv_gstage_entry entry;
    hvrv_pte nowhere;
    return hvrv_gstage_query(vs, hvrv_gpa_make(0x3fc0400000), &entry) == HVRV_OK &&
           hvrv_pte_make_vs_table(hvrv_gpa_make(0x12345000), &nowhere) == HVRV_OK &&
           hvrv_phys_store(phys, entry.pte_address, nowhere.v) == HVRV_OK;
}

static void print_step(void *context, const struct hvrv_walk_step *step)
{
    unsigned *count = context;
    bool is_g = step->stage == HVRV_STAGE_G;
    printf("%4u %s level %u of %s 0x%010" PRIx64 ": entry 0x%016" PRIx64 " at HPA 0x%09" PRIx64
           ", a %s\n",
           ++*count, is_g ? "      G-stage" : "VS-stage", step->level, is_g ? "GPA" : "GVA",
           step->address, step->pte.v, step->pte_address.v,
           hvrv_pte_is_leaf(step->pte)    ? "leaf"
           : hvrv_pte_is_table(step->pte) ? "pointer"
                                          : "hole");
}

/* What is translated: three pages and three faults. */
static const struct example {
    const char *text;
    uint64_t gva;
    enum hvrv_access access;
} examples[] = {
    {"a 4 KiB page over 4 KiB pages", 0x3fc0001abc, HVRV_ACCESS_LOAD},
    {"2 MiB over 2 MiB, a level less in both", 0x3fc0212345, HVRV_ACCESS_LOAD},
    {"1 GiB over 1 GiB, the roots are enough", 0x92345678, HVRV_ACCESS_STORE},
    {"the guest's own table forbids the store", 0x3fc0002010, HVRV_ACCESS_STORE},
    {"the guest's page is nowhere", 0x3fc0003010, HVRV_ACCESS_LOAD},
    {"the guest's table is nowhere", 0x3fc0400010, HVRV_ACCESS_LOAD},
};

static bool translate(struct hvrv_walk *walk, const struct example *example)
{
    unsigned reads = 0;
    struct hvrv_walk_request request = {hvrv_gva_make(example->gva), example->access, HVRV_WALK_VS};
    struct hvrv_walk_result result;
    hvrv_walk_set_trace(walk, print_step, &reads);
    printf("\nA %s in VS-mode at GVA 0x%" PRIx64 ": %s\n",
           example->access == HVRV_ACCESS_STORE ? "store" : "load", example->gva, example->text);
    if (hvrv_walk_two_stage(walk, &request, &result) != HVRV_OK)
        return false;
    if (result.faulted) {
        char text[320];
        hvrv_fault_explain(&result.fault, text, sizeof text);
        printf("     %s\n     scause %u, stval 0x%" PRIx64 ", htval 0x%" PRIx64 ", htinst 0x%x\n",
               text, (unsigned)result.fault.cause, result.fault.stval, result.fault.htval,
               (unsigned)result.fault.htinst);
        return true;
    }
    printf("     GPA 0x%" PRIx64 ", HPA 0x%" PRIx64 ", good for 2^%u bytes; %u reads\n",
           result.page.gpa.v, result.page.hpa.v, hvrv_walk_page_shift(&result.page), reads);
    return true;
}

int main(void)
{
    /* The guest's tables are in its own memory, from 64 KiB on; the G-stage's are out of reach. */
    uint64_t next_guest_page = HPA_BASE + 0x10000;
    uint64_t next_host_page = HPA_BASE + (3 << 20);
    struct hvrv_pages guest_pages = {take, give, &next_guest_page};
    struct hvrv_pages host_pages = {take, give, &next_host_page};
    struct hvrv_phys phys;
    struct hvrv_phys_config config = {
        .window = memory, .window_base = {HPA_BASE}, .window_size = MEMORY};
    struct hvrv_gstage_config g_config = {
        .phys = &phys, .pages = &host_pages, .stage = HVRV_STAGE_G, .mode = HVRV_MODE_SV39};
    struct hvrv_gstage_config vs_config = {
        .phys = &phys,
        .pages = &guest_pages,
        .stage = HVRV_STAGE_VS,
        .mode = HVRV_MODE_SV39,
        .pointer_offset = HPA_BASE - GPA_BASE}; /* they name each other by GPA */
    struct hvrv_gstage g, vs;
    struct hvrv_walk_csrs csrs = {0};
    struct hvrv_walk_regime regime;

    if (hvrv_phys_init(&phys, &config) != HVRV_OK || !build(&g, &g_config, g_maps, COUNT(g_maps)) ||
        !build(&vs, &vs_config, vs_maps, COUNT(vs_maps)) || !point_nowhere(&vs, &phys) ||
        hvrv_gstage_atp(&g, 0, &csrs.hgatp) != HVRV_OK ||
        hvrv_gstage_atp(&vs, 0, &csrs.vsatp) != HVRV_OK ||
        hvrv_walk_regime_from_csrs(&regime, &csrs) != HVRV_OK)
        return 1;
    struct hvrv_walk walk;
    if (hvrv_walk_init(&walk, &regime, &phys) != HVRV_OK)
        return 1;
    printf("Each line is an entry that is read. VS-stage: from the GVA to a GPA, by the guest's\n"
           "tables. They are in guest memory, so the G-stage (indented) first turns each entry's\n"
           "GPA into an HPA, and at last the GPA of the access itself.\n");
    for (unsigned i = 0; i < COUNT(examples); i++) {
        if (!translate(&walk, &examples[i]))
            return 1;
    }
    return 0;
}
