/* SPDX-License-Identifier: BSD-2-Clause */
/* A regime from CSRs, and a walk from a regime: every check that no walk repeats. */
#include <hvrv/isa/csr_fields.h>

#include "walk_plain.h"

enum hvrv_status hvrv_walk_regime_from_csrs(struct hvrv_walk_regime *regime,
                                            const struct hvrv_walk_csrs *csrs)
{
    if (!regime)
        return HVRV_ERR_NULL;
    *regime = (struct hvrv_walk_regime){0};
    if (!csrs)
        return HVRV_ERR_NULL;
    uint64_t vs_mode = hvrv_bits_get(csrs->vsatp, HVRV_VSATP_MODE);
    uint64_t g_mode = hvrv_bits_get(csrs->hgatp, HVRV_HGATP_MODE);
    uint64_t g_root = hvrv_bits_get(csrs->hgatp, HVRV_HGATP_PPN) << HVRV_PAGE_SHIFT;
    if (!hvrv_mode_find(HVRV_STAGE_VS, vs_mode) || !hvrv_mode_find(HVRV_STAGE_G, g_mode))
        return HVRV_ERR_MODE;
    if (g_mode != HVRV_MODE_BARE && !hvrv_bits_is_aligned(g_root, HVRV_ROOT_X4_SIZE))
        return HVRV_ERR_ALIGN;
    if (csrs->henvcfg & HVRV_HENVCFG_SSE)
        return HVRV_ERR_UNSUPPORTED;
    regime->vs_mode = (uint8_t)vs_mode;
    regime->g_mode = (uint8_t)g_mode;
    if (vs_mode != HVRV_MODE_BARE)
        regime->vs_root.v = hvrv_bits_get(csrs->vsatp, HVRV_VSATP_PPN) << HVRV_PAGE_SHIFT;
    if (g_mode != HVRV_MODE_BARE)
        regime->g_root.v = g_root;
    regime->vs_sum = (csrs->vsstatus & HVRV_VSSTATUS_SUM) != 0;
    regime->vs_mxr = (csrs->vsstatus & HVRV_VSSTATUS_MXR) != 0;
    regime->hs_mxr = (csrs->sstatus & HVRV_SSTATUS_MXR) != 0;
    regime->vs_pbmte = (csrs->henvcfg & HVRV_HENVCFG_PBMTE) != 0;
    regime->g_pbmte = (csrs->menvcfg & HVRV_MENVCFG_PBMTE) != 0;
    if (csrs->henvcfg & HVRV_HENVCFG_ADUE)
        regime->vs_ad = HVRV_WALK_AD_UPDATE;
    if (csrs->menvcfg & HVRV_MENVCFG_ADUE)
        regime->g_ad = HVRV_WALK_AD_UPDATE;
    return HVRV_OK;
}

static bool ad_is_policy(enum hvrv_walk_ad ad)
{
    return ad == HVRV_WALK_AD_FAULT || ad == HVRV_WALK_AD_UPDATE || ad == HVRV_WALK_AD_IGNORE;
}

static enum hvrv_status check_root(const struct hvrv_mode *mode, uint64_t root)
{
    uint64_t alignment = mode->levels ? mode->root_size : 1;
    if (!hvrv_bits_is_aligned(root, alignment))
        return HVRV_ERR_ALIGN;
    return root >> HVRV_HPA_WIDTH ? HVRV_ERR_RANGE : HVRV_OK;
}

static enum hvrv_status check_regime(const struct hvrv_walk_regime *regime)
{
    const struct hvrv_mode *vs = hvrv_mode_find(HVRV_STAGE_VS, regime->vs_mode);
    const struct hvrv_mode *g = hvrv_mode_find(HVRV_STAGE_G, regime->g_mode);
    if (!vs || !g)
        return HVRV_ERR_MODE;
    if (!ad_is_policy(regime->vs_ad) || !ad_is_policy(regime->g_ad))
        return HVRV_ERR_ARGUMENT;
    enum hvrv_status status = check_root(vs, regime->vs_root.v);
    return status == HVRV_OK ? check_root(g, regime->g_root.v) : status;
}

/* Bits 63:54 as far as no rule makes them free for software. */
static uint64_t upper_bits(const struct hvrv_walk_regime *regime)
{
    uint64_t upper = HVRV_BITS(63, 54);
    return regime->svrsw60t59b ? upper & ~HVRV_PTE_RSW60 : upper;
}

/* A leaf that grants the access: a bit of its own for every check that a set bit can pass. */
static struct hvrv_walk_test leaf_test(const struct hvrv_walk_regime *regime, enum hvrv_walk_ad ad,
                                       enum hvrv_access access)
{
    static const uint8_t permissions[HVRV_ACCESS_COUNT] = {
        [HVRV_ACCESS_LOAD] = HVRV_PTE_R,
        [HVRV_ACCESS_STORE] = HVRV_PTE_R | HVRV_PTE_W,
        [HVRV_ACCESS_FETCH] = HVRV_PTE_R | HVRV_PTE_X,
        [HVRV_ACCESS_HLVX] = HVRV_PTE_R | HVRV_PTE_X,
    };
    uint64_t match = HVRV_PTE_V | permissions[access];
    if (ad != HVRV_WALK_AD_IGNORE)
        match |= access == HVRV_ACCESS_STORE ? HVRV_PTE_A | HVRV_PTE_D : HVRV_PTE_A;
    return (struct hvrv_walk_test){.mask = match | upper_bits(regime), .match = match};
}

static struct hvrv_walk_test g_test(const struct hvrv_walk_regime *regime, enum hvrv_access access)
{
    struct hvrv_walk_test test = leaf_test(regime, regime->g_ad, access);
    test.mask |= HVRV_PTE_U;
    test.match |= HVRV_PTE_U;
    return test;
}

static struct hvrv_walk_test vs_test(const struct hvrv_walk_regime *regime, enum hvrv_access access,
                                     enum hvrv_walk_privilege privilege)
{
    struct hvrv_walk_test test = leaf_test(regime, regime->vs_ad, access);
    bool any_page = privilege == HVRV_WALK_VS && regime->vs_sum && access != HVRV_ACCESS_FETCH;
    if (!any_page)
        test.mask |= HVRV_PTE_U;
    if (privilege == HVRV_WALK_VU)
        test.match |= HVRV_PTE_U;
    return test;
}

/* Narrows a test to entries whose GPA is not too wide for the G-stage. */
static struct hvrv_walk_test narrow_enough(struct hvrv_walk_test test, unsigned g_width)
{
    if (g_width < HVRV_HPA_WIDTH)
        test.mask |= HVRV_PTE_PPN & ~((HVRV_BIT(g_width) - 1) >> 2);
    return test;
}

static void make_tests(struct hvrv_walk *walk)
{
    const struct hvrv_walk_regime *regime = &walk->regime;
    walk->table.match = HVRV_PTE_V;
    walk->table.mask =
        upper_bits(regime) | HVRV_PTE_V | HVRV_PTE_RWX | HVRV_PTE_U | HVRV_PTE_A | HVRV_PTE_D;
    for (unsigned i = 0; i < 2 * HVRV_ACCESS_COUNT; i++) {
        enum hvrv_walk_privilege privilege = (enum hvrv_walk_privilege)(i / HVRV_ACCESS_COUNT);
        enum hvrv_access access = (enum hvrv_access)(i % HVRV_ACCESS_COUNT);
        walk->leaf[i].vs = narrow_enough(vs_test(regime, access, privilege), walk->g_width);
        walk->leaf[i].g = g_test(regime, access);
    }
}

/* Whether a page of a level that begins in the window also ends there. */
static bool window_holds(const struct hvrv_phys *phys, unsigned level)
{
    return (phys->window_mask & (hvrv_level_size(level) - 1)) == 0;
}

/* Where the entries are. With bits 60:59 free for software, no address is a mere shift away. */
static enum plain choose_source(const struct hvrv_walk *walk)
{
    const struct hvrv_phys *phys = walk->phys;
    if (walk->trace || !walk->vs_levels || !walk->g_levels || walk->regime.svrsw60t59b ||
        walk->regime.vs_root.v >> walk->g_width)
        return PLAIN_NONE;
    if (hvrv_phys_is_direct(phys, walk->regime.g_root) && window_holds(phys, 1))
        return walk->g_levels_above_3 ? PLAIN_DEEP : PLAIN_WINDOW;
    return phys->window_mask == UINT64_MAX && phys->ops ? PLAIN_PORT : PLAIN_NONE;
}

/* Narrows a test to entries that point into the window, if there is one. */
static struct hvrv_walk_test in_window(struct hvrv_walk_test test, const struct hvrv_phys *phys)
{
    if (phys->window_mask == UINT64_MAX)
        return test;
    test.mask |= (phys->window_mask >> 2) & HVRV_PTE_PPN;
    test.match |= (phys->window_base >> 2) & HVRV_PTE_PPN;
    return test;
}

static void make_plain(struct hvrv_walk *walk)
{
    const struct hvrv_phys *phys = walk->phys;
    walk->plain = (uint8_t)choose_source(walk);
    walk->plain_delta = phys->window_delta - POINTER_V;
    walk->plain_1g = window_holds(phys, 2);
    walk->plain_root = (uintptr_t)walk->regime.g_root.v + phys->window_delta;
    walk->plain_vs_table = walk->table;
    walk->plain_vs_table.mask |= HVRV_PTE_G | HVRV_PTE_RSW;
    walk->plain_g_table = in_window(walk->plain_vs_table, phys);
    walk->plain_vs_table = narrow_enough(walk->plain_vs_table, walk->g_width);
    walk->plain_implicit = in_window(walk->leaf[HVRV_ACCESS_LOAD].g, phys);
}

enum hvrv_status hvrv_walk_init(struct hvrv_walk *walk, const struct hvrv_walk_regime *regime,
                                const struct hvrv_phys *phys)
{
    if (!walk)
        return HVRV_ERR_NULL;
    *walk = (struct hvrv_walk){0};
    if (!regime || !phys)
        return HVRV_ERR_NULL;
    enum hvrv_status status = check_regime(regime);
    if (status != HVRV_OK)
        return status;
    const struct hvrv_mode *vs = hvrv_mode_find(HVRV_STAGE_VS, regime->vs_mode);
    const struct hvrv_mode *g = hvrv_mode_find(HVRV_STAGE_G, regime->g_mode);
    walk->regime = *regime;
    walk->phys = phys;
    walk->vs_levels = vs->levels;
    walk->vs_unused_bits = (uint8_t)(64U - vs->width);
    walk->vs_down = (uint8_t)(9U * vs->levels);
    walk->g_levels = g->levels;
    walk->g_levels_above_3 = (uint8_t)(g->levels - 3U);
    walk->g_width = g->width;
    walk->plain_root_shift = (uint8_t)(9U * g->levels - 2U);
    make_tests(walk);
    make_plain(walk);
    return HVRV_OK;
}

void hvrv_walk_set_trace(struct hvrv_walk *walk, hvrv_walk_trace trace, void *context)
{
    if (!walk || !walk->phys)
        return;
    walk->trace = trace;
    walk->trace_context = context;
    make_plain(walk);
}
