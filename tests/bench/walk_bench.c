/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One two-stage walk, to be counted by walk.sh. The case is the argument.
 *
 *   walk_bench 4k4k_direct | 4k4k_callback | 2m2m_direct
 */
#include <hvrv/mmu/walk.h>

#include <stdio.h>
#include <string.h>

#define HPA_BASE UINT64_C(0x80000000)
#define MEMORY   (UINT64_C(2) << 20)
#define GVA      UINT64_C(0x12345678)
#define GPA      UINT64_C(0x40200000)
#define LEAF     (HVRV_PTE_RWX | HVRV_PTE_A | HVRV_PTE_D)

static _Alignas(4096) uint64_t memory[MEMORY / 8];

/* Where the tables lie, as HPAs; the guest sees its own at GPA plus the same offset. */
#define G_ROOT  HPA_BASE
#define G_L1    (HPA_BASE + 0x4000)
#define G_L0    (HPA_BASE + 0x5000)
#define VS_ROOT 0x10000
#define VS_L1   0x11000
#define VS_L0   0x12000
#define DATA    0x20000

static void put(uint64_t hpa, uint64_t index, hvrv_pte pte)
{
    memory[(hpa - HPA_BASE) / 8 + index] = pte.v;
}

static hvrv_pte entry(uint64_t address, uint64_t bits)
{
    return (hvrv_pte){(address >> 2) | bits | HVRV_PTE_V};
}

/* The G-stage maps the 2 MiB at GPA to HPA_BASE, by 512 pages or by one leaf. */
static void map_g_stage(bool by_4k)
{
    put(G_ROOT, GPA >> 30, entry(G_L1, 0));
    uint64_t index = (GPA >> 21) & 511;
    if (!by_4k) {
        put(G_L1, index, entry(HPA_BASE, LEAF | HVRV_PTE_U));
        return;
    }
    put(G_L1, index, entry(G_L0, 0));
    for (unsigned i = 0; i < 512; i++)
        put(G_L0, i, entry(HPA_BASE + i * 4096, LEAF | HVRV_PTE_U));
}

static void map_vs_stage(bool by_4k)
{
    put(HPA_BASE + VS_ROOT, (GVA >> 30) & 511, entry(GPA + VS_L1, 0));
    if (!by_4k) {
        put(HPA_BASE + VS_L1, (GVA >> 21) & 511, entry(GPA, LEAF));
        return;
    }
    put(HPA_BASE + VS_L1, (GVA >> 21) & 511, entry(GPA + VS_L0, 0));
    put(HPA_BASE + VS_L0, (GVA >> 12) & 511, entry(GPA + DATA, LEAF));
}

static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    *value = *(uint64_t *)((char *)context + hpa.v);
    return true;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    *(uint64_t *)((char *)context + hpa.v) = value;
    return true;
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context, (void)hpa, (void)expected, (void)desired;
    return false;
}

int main(int argc, char **argv)
{
    static const struct hvrv_phys_ops ops = {load, store, compare_and_swap};
    const char *name = argc > 1 ? argv[1] : "";
    bool by_4k = strncmp(name, "4k4k", 4) == 0;
    map_g_stage(by_4k);
    map_vs_stage(by_4k);
    struct hvrv_phys_config window = {
        .window = memory, .window_base = {HPA_BASE}, .window_size = MEMORY};
    struct hvrv_phys_config port = {.ops = &ops, .context = (void *)((uintptr_t)memory - HPA_BASE)};
    struct hvrv_phys phys;
    struct hvrv_walk walk;
    struct hvrv_walk_regime regime = {.vs_mode = HVRV_MODE_SV39,
                                      .g_mode = HVRV_MODE_SV39,
                                      .vs_root = {GPA + VS_ROOT},
                                      .g_root = {G_ROOT}};
    if (hvrv_phys_init(&phys, strstr(name, "callback") ? &port : &window) != HVRV_OK ||
        hvrv_walk_init(&walk, &regime, &phys) != HVRV_OK)
        return 1;
    struct hvrv_walk_request request = {{GVA}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct hvrv_walk_result result;
    enum hvrv_status status = hvrv_walk_two_stage(&walk, &request, &result);
    uint64_t expected = by_4k ? HPA_BASE + DATA + (GVA & 4095) : HPA_BASE + (GVA & 0x1fffff);
    bool right = status == HVRV_OK && !result.faulted && result.page.hpa.v == expected;
    printf("%s: %s\n", name, right ? "right" : "WRONG");
    return right ? 0 : 1;
}
