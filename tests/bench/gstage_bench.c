/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions of the calls of gstage, in HS-mode of QEMU's virt machine with
 * -icount, where instret is exact. A range call is counted with its gather, from
 * hvrv_fence_begin() to hvrv_fence_end(), the fence and the page source included,
 * which zeroes each table in the plainest loop.
 */
#include <hvrv/mmu/gstage.h>

#include "machine.h"

#define KIB          UINT64_C(1024)
#define MIB          (KIB * 1024)
#define GIB          (MIB * 1024)
#define TIB          (GIB * 1024)
#define PAGE         (4 * KIB)
#define PAGES_OF_GIB (GIB / PAGE)
#define FIRST        (2 * GIB) /* where guests have their memory */
#define RWX          (HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D)

/* Free memory above the image; of the largest tree's tables there are 2 GiB and a little. */
#define POOL     UINT64_C(0x80400000)
#define POOL_END (UINT64_C(0x80000000) + 2 * GIB + 64 * MIB)

/* A call that start.S makes and counts. */
struct bench_call {
    void *function;
    void *argument[3];
    uint32_t result;
};

_Static_assert(offsetof(struct bench_call, argument) == 8, "start.S");
_Static_assert(offsetof(struct bench_call, result) == 32, "start.S");

uint64_t count_call(struct bench_call *call);

typedef enum hvrv_status (*range_call)(void *request);

static struct hvrv_phys phys;
static struct hvrv_hart hart;
static struct hvrv_gstage gstage;
static struct hvrv_fence_gather gather;
static uint64_t bitmap[PAGES_OF_GIB / 64];

/* The page source: the next of the pool, until the tree is made anew. */
static uint64_t next_page;
static uint64_t bytes_held;

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    uint64_t first = (next_page + size - 1) & ~((uint64_t)size - 1);
    (void)context;
    if (first + size > POOL_END)
        return false;
    next_page = first + size;
    bytes_held += size;
    volatile uint64_t *end = (volatile uint64_t *)next_page;
    for (volatile uint64_t *word = (volatile uint64_t *)first; word != end; word++)
        *word = 0;
    page->v = first;
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    (void)context, (void)page;
    bytes_held -= size;
}

static const struct hvrv_pages pages = {take, give, 0};

static uint64_t fences;

static void count_fence(void *context, struct hvrv_hart *on, const struct hvrv_fence_order *order)
{
    (void)context, (void)on;
    fences += order->scope == HVRV_FENCE_SPACE;
    for (unsigned i = 0; i < order->range_count; i++)
        fences += ((order->range[i].last - order->range[i].first) >> order->range[i].shift) + 1;
}

static const struct hvrv_fence_domain domain = {
    .kind = HVRV_FENCE_G_STAGE, .vmid = 1, .erratum = count_fence};

static void check(bool is_right)
{
    if (!is_right)
        machine_fail();
}

static void print_line(const char *metric, uint64_t hundredths)
{
    machine_print(metric);
    machine_print("\t");
    machine_print_number(hundredths / 100);
    if (hundredths % 100) {
        machine_print(hundredths % 100 < 10 ? ".0" : ".");
        machine_print_number(hundredths % 100);
    }
    machine_print("\n");
}

static void print_each(const char *metric, uint64_t instructions, uint64_t leaves)
{
    print_line(metric, (instructions * 100 + leaves - 1) / leaves);
}

/* An empty tree, with all of the pool. */
static void make_tree(void)
{
    struct hvrv_gstage_config config = {
        .phys = &phys, .pages = &pages, .stage = HVRV_STAGE_G, .mode = HVRV_MODE_SV39};
    next_page = POOL;
    bytes_held = 0;
    check(hvrv_gstage_init(&gstage, &config) == HVRV_OK);
}

static enum hvrv_status call_map(void *request)
{
    return hvrv_gstage_map(&gstage, request, &gather);
}

static enum hvrv_status call_unmap(void *request)
{
    return hvrv_gstage_unmap(&gstage, request, &gather);
}

static enum hvrv_status call_protect(void *request)
{
    return hvrv_gstage_protect(&gstage, request, &gather);
}

static enum hvrv_status call_harvest(void *request)
{
    return hvrv_gstage_harvest(&gstage, request, &gather);
}

/* A range call with all that is around it. */
static enum hvrv_status call_and_commit(range_call call, void *request)
{
    enum hvrv_status status = hvrv_fence_begin(&gather, &domain, &hart);
    if (status == HVRV_OK)
        status = call(request);
    if (status == HVRV_OK)
        status = hvrv_fence_commit(&gather);
    return status == HVRV_OK ? hvrv_fence_end(&gather) : status;
}

/* Its instructions; it must do with one fence. */
static uint64_t count(range_call function, void *request)
{
    struct bench_call call = {(void *)(uintptr_t)call_and_commit,
                              {(void *)(uintptr_t)function, request, 0},
                              HVRV_ERR_STATE};
    fences = 0;
    uint64_t instructions = count_call(&call);
    check(call.result == HVRV_OK && fences <= 1);
    return instructions;
}

static struct hvrv_gstage_range range_of(uint64_t gpa, uint64_t size)
{
    struct hvrv_gstage_range range = {{gpa}, size, HVRV_GSTAGE_NO_LIMIT};
    return range;
}

/* Maps one to one, refusing to overwrite. */
static uint64_t map(uint64_t gpa, uint64_t size, uint8_t shift_max)
{
    struct hvrv_gstage_map_request request = {.range = range_of(gpa, size),
                                              .hpa = {gpa},
                                              .bits = RWX,
                                              .shift_max = shift_max,
                                              .existing = HVRV_GSTAGE_REFUSE};
    return count(call_map, &request);
}

static void check_leaf(uint64_t gpa, uint64_t bits, uint32_t shift)
{
    struct hvrv_gstage_entry entry;
    check(hvrv_gstage_query(&gstage, hvrv_gpa_make(gpa), &entry) == HVRV_OK);
    check(entry.shift == shift && entry.gpa.v == (gpa & ~((UINT64_C(1) << shift) - 1)));
    check(entry.pte.v == (bits ? entry.gpa.v >> 2 | bits | HVRV_PTE_V | HVRV_PTE_U : 0));
}

static void make_gib(void)
{
    make_tree();
    map(FIRST, GIB, HVRV_PAGE_SHIFT);
}

static uint64_t protect(uint64_t mask, uint64_t bits)
{
    struct hvrv_gstage_protect_request request = {range_of(FIRST, GIB), mask, bits};
    uint64_t instructions = count(call_protect, &request);
    check_leaf(FIRST + GIB - PAGE, (RWX & ~mask) | bits, 12);
    return instructions;
}

static uint64_t harvest(uint64_t expected)
{
    struct hvrv_gstage_harvest_request request = {range_of(FIRST, GIB), HVRV_PTE_D, bitmap, 0};
    memset(bitmap, 0, sizeof(bitmap));
    uint64_t instructions = count(call_harvest, &request);
    for (unsigned i = 0; i < PAGES_OF_GIB / 64; i++)
        check(bitmap[i] == expected);
    return instructions;
}

static uint64_t unmap(uint64_t gpa, uint64_t size)
{
    struct hvrv_gstage_range request = range_of(gpa, size);
    return count(call_unmap, &request);
}

static void measure_changes(void)
{
    make_tree();
    print_each("map_4k_leaf", map(FIRST, GIB, HVRV_PAGE_SHIFT), PAGES_OF_GIB);
    check_leaf(FIRST, RWX, 12);
    check_leaf(FIRST + GIB - PAGE, RWX, 12);
    print_each("unmap_4k_leaf", unmap(FIRST, GIB), PAGES_OF_GIB);
    check_leaf(FIRST, 0, 39 - 9);
    check(bytes_held == 16 * KIB);
    make_gib();
    print_each("protect_4k_leaf", protect(HVRV_PTE_W, 0), PAGES_OF_GIB);
    make_gib();
    print_each("protect_4k_leaf_any", protect(HVRV_PTE_W | HVRV_PTE_RSW, HVRV_BIT(8)),
               PAGES_OF_GIB);
    make_gib();
    print_each("harvest_4k_leaf", harvest(UINT64_MAX), PAGES_OF_GIB);
    print_each("harvest_4k_leaf_clean", harvest(0), PAGES_OF_GIB);
}

/* All of each table but its first page, which is there. */
static void measure_parts(void)
{
    const uint64_t leaves = 511 * 512;
    uint64_t mapped = 0;
    uint64_t unmapped = 0;
    make_tree();
    for (uint64_t table = FIRST; table < FIRST + GIB; table += 2 * MIB)
        map(table, PAGE, 0);
    for (uint64_t table = FIRST; table < FIRST + GIB; table += 2 * MIB)
        mapped += map(table + PAGE, 2 * MIB - PAGE, 0);
    for (uint64_t table = FIRST; table < FIRST + GIB; table += 2 * MIB)
        unmapped += unmap(table + PAGE, 2 * MIB - PAGE);
    check_leaf(FIRST, RWX, 12);
    check_leaf(FIRST + PAGE, 0, 12);
    print_each("map_4k_leaf_part", mapped, leaves);
    print_each("unmap_4k_leaf_part", unmapped, leaves);
}

/* One page into tables that are there: the call alone, then with a gather of its own. */
static void measure_fault(void)
{
    struct hvrv_gstage_map_request request = {
        .range = range_of(FIRST + PAGE, PAGE), .hpa = {FIRST + PAGE}, .bits = RWX};
    struct bench_call call = {
        (void *)(uintptr_t)hvrv_gstage_map, {&gstage, &request, &gather}, HVRV_ERR_STATE};
    make_tree();
    map(FIRST, PAGE, 0);
    check(hvrv_fence_begin(&gather, &domain, &hart) == HVRV_OK);
    print_line("map_fault_4k", 100 * count_call(&call));
    check(call.result == HVRV_OK && hvrv_fence_commit(&gather) == HVRV_OK);
    check_leaf(FIRST + PAGE, RWX, 12);
    check(hvrv_fence_end(&gather) == HVRV_OK);
    print_line("map_fault_4k_commit", 100 * map(FIRST + 2 * PAGE, PAGE, 0));
}

/* 1 TiB, one to one, by leaves of one size. */
static uint64_t measure_tib(const char *time, const char *memory, uint8_t shift)
{
    make_tree();
    uint64_t instructions = map(TIB / 2, TIB, shift);
    check_leaf(TIB / 2, RWX, shift);
    check_leaf(TIB + TIB / 2 - PAGE, RWX, shift);
    print_line(time, (instructions + 999) / 1000 * 100);
    print_line(memory, bytes_held / KIB * 100);
    return instructions;
}

int main(void)
{
    struct hvrv_phys_config config = {.window_size = HVRV_BIT(HVRV_HPA_WIDTH)};
    check(hvrv_phys_init(&phys, &config) == HVRV_OK);
    measure_changes();
    measure_parts();
    measure_fault();
    measure_tib("map_1t_by_1g", "map_1t_by_1g_tables", 30);
    print_each("map_2m_leaf", measure_tib("map_1t_by_2m", "map_1t_by_2m_tables", 21),
               TIB / (2 * MIB));
    measure_tib("map_1t_by_4k", "map_1t_by_4k_tables", 12);
    machine_pass();
}
