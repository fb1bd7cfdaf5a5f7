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

#include "stage.h"

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

static hvrv_pte vs_leaf(uint64_t gpa, unsigned level, uint64_t bits)
{
    hvrv_pte pte;
    return hvrv_pte_make_vs_leaf(hvrv_gpa_make(gpa), level, bits, &pte) == HVRV_OK ? pte
                                                                                   : (hvrv_pte){0};
}

static hvrv_pte g_leaf(uint64_t hpa, unsigned level, uint64_t bits)
{
    hvrv_pte pte;
    return hvrv_pte_make_g_leaf(hvrv_hpa_make(hpa), level, bits, &pte) == HVRV_OK ? pte
                                                                                  : (hvrv_pte){0};
}

/* The G-stage: the guest's first 2 MiB by pages, the next by one leaf, 1 GiB at 0xc0000000. */
static bool map_g_stage(const struct stage *g)
{
    bool done = true;
    for (uint64_t offset = 0; offset < (2 << 20); offset += HVRV_PAGE_SIZE)
        done &= stage_map(g, GPA_BASE + offset, 0, g_leaf(HPA_BASE + offset, 0, LEAF_BITS));
    done &= stage_map(g, GPA_BASE + (2 << 20), 1, g_leaf(HPA_BASE + (2 << 20), 1, LEAF_BITS));
    return done && stage_map(g, 0xc0000000, 2, g_leaf(0x1c0000000, 2, LEAF_BITS));
}

/* The VS-stage: a page, a page that may only be read, 2 MiB, 1 GiB, and two that lead nowhere. */
static bool map_vs_stage(const struct stage *vs)
{
    hvrv_pte nowhere; /* a table where the G-stage maps nothing */
    return hvrv_pte_make_vs_table(hvrv_gpa_make(0x12345000), &nowhere) == HVRV_OK &&
           stage_map(vs, 0x3fc0001000, 0, vs_leaf(GPA_BASE + 0x5000, 0, LEAF_BITS)) &&
           stage_map(vs, 0x3fc0002000, 0, vs_leaf(GPA_BASE + 0x6000, 0, HVRV_PTE_R | HVRV_PTE_A)) &&
           stage_map(vs, 0x3fc0200000, 1, vs_leaf(GPA_BASE + (2 << 20), 1, LEAF_BITS)) &&
           stage_map(vs, 0x80000000, 2, vs_leaf(0xc0000000, 2, LEAF_BITS)) &&
           stage_map(vs, 0x3fc0003000, 0, vs_leaf(0x23456000, 0, LEAF_BITS)) &&
           stage_put(vs, 0x3fc0400000, 1, nowhere);
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
    struct stage vs = {&phys, &guest_pages, HVRV_STAGE_VS, {0}, HPA_BASE - GPA_BASE};
    struct stage g = {&phys, &host_pages, HVRV_STAGE_G, {0}, 0};

    struct hvrv_phys_config config = {
        .window = memory, .window_base = {HPA_BASE}, .window_size = MEMORY};
    if (hvrv_phys_init(&phys, &config) != HVRV_OK ||
        hvrv_pages_take(&guest_pages, HVRV_PAGES_TABLE, &vs.root) != HVRV_OK ||
        hvrv_pages_take(&host_pages, HVRV_PAGES_ROOT_X4, &g.root) != HVRV_OK || !map_g_stage(&g) ||
        !map_vs_stage(&vs))
        return 1;

    struct hvrv_walk_regime regime = {.vs_mode = HVRV_MODE_SV39,
                                      .vs_root = {vs.root.v - vs.hpa_of_gpa_0},
                                      .g_mode = HVRV_MODE_SV39,
                                      .g_root = g.root};
    struct hvrv_walk walk;
    if (hvrv_walk_init(&walk, &regime, &phys) != HVRV_OK)
        return 1;
    printf("Each line is an entry that is read. VS-stage: from the GVA to a GPA, by the guest's\n"
           "tables. They are in guest memory, so the G-stage (indented) first turns each entry's\n"
           "GPA into an HPA, and at last the GPA of the access itself.\n");
    for (unsigned i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        if (!translate(&walk, &examples[i]))
            return 1;
    }
    return 0;
}
