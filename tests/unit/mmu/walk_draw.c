/* SPDX-License-Identifier: BSD-2-Clause */
#include "walk_draw.h"

#include <string.h>

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t next(struct draw *draw)
{
    return mix(draw->random += UINT64_C(0x9e3779b97f4a7c15));
}

/* From now on, what follows from the seed and a number; streams do not meet. */
static void start(struct draw *draw, uint64_t stream, uint64_t number)
{
    draw->random = mix(mix(mix(draw->seed + stream) + number) ^ draw->seed);
}

static unsigned below(struct draw *draw, unsigned n)
{
    return (unsigned)(next(draw) % n);
}

static bool one_in(struct draw *draw, unsigned n)
{
    return below(draw, n) == 0;
}

/* From both halves in turn, after eight pages for the roots. */
uint64_t draw_page(const struct draw *draw, uint64_t n)
{
    uint64_t offset = n < 8 ? n * 4096 : n / 2 * 4096 + (n % 2) * DRAW_HALF;

    return DRAW_BASE + (offset ^ draw->flip);
}

static uint64_t peek(const struct draw *draw, uint64_t hpa)
{
    return model_memory_read(draw->memory, hpa);
}

static void poke(struct draw *draw, uint64_t hpa, uint64_t value)
{
    model_memory_write(draw->memory, hpa, value);
}

/* Tables of the VS-stage are in the first region. */
static uint64_t hpa_of(const struct draw *draw, uint64_t gpa)
{
    return gpa - draw->region[0] + DRAW_BASE;
}

static uint64_t gpa_of(const struct draw *draw, uint64_t hpa)
{
    return hpa - DRAW_BASE + draw->region[0];
}

static int levels_of(unsigned mode)
{
    return mode == 0 ? 0 : (int)mode - 5;
}

static uint64_t leaf_bits(struct draw *draw)
{
    static const uint64_t common[] = {0xdf, 0xcf, 0xd7, 0xdb, 0xd9, 0xc3, 0xcb, 0x5f, 0x1f, 0x9f};
    uint64_t bits = common[below(draw, sizeof(common) / sizeof(common[0]))];

    if (one_in(draw, 4))
        bits ^= 0x10; /* U */
    if (one_in(draw, 4))
        bits |= next(draw) & 0x3a0; /* D, RSW and G */
    if (one_in(draw, 16))
        bits |= (uint64_t)below(draw, 3) << 61;
    if (one_in(draw, 32))
        bits |= (uint64_t)below(draw, 4) << 59;
    return bits;
}

/* Where to put a leaf. */
struct spot {
    char stage; /* 'V' or 'G' */
    uint64_t address;
    int level;
};

/* Puts a leaf above which tables are made as needed; gives up at a leaf in the way. */
static void map(struct draw *draw, struct spot spot, uint64_t entry)
{
    bool is_g = spot.stage == 'G';
    int levels = levels_of(is_g ? draw->model->hgatp_mode : draw->model->vsatp_mode);
    uint64_t table = is_g ? draw->g_root : hpa_of(draw, draw->vs_root);

    for (int i = levels - 1;; i--) {
        uint64_t index = spot.address >> (12 + 9 * i) & (is_g && i == levels - 1 ? 2047 : 511);
        uint64_t slot = table + index * 8;
        uint64_t old = peek(draw, slot);

        if (i == spot.level) {
            if (!(old & 1))
                poke(draw, slot, entry);
            return;
        }
        if (old & 0xe)
            return;
        if (!(old & 1)) {
            uint64_t page = draw_page(draw, draw->pages++);

            old = (is_g ? page : gpa_of(draw, page)) >> 12 << 10 | 1;
            old |= one_in(draw, 8) ? next(draw) & 0x320 : 0; /* G and RSW */
            poke(draw, slot, old);
        }
        table = (old >> 10 & UINT64_C(0xfffffffffff)) << 12;
        if (!is_g)
            table = hpa_of(draw, table);
    }
}

/* The G-stage leaves of one region, which is all that is used of memory. */
static void map_region(struct draw *draw, unsigned n)
{
    int levels = levels_of(draw->model->hgatp_mode);
    int level = one_in(draw, 2) ? 0 : (int)below(draw, (unsigned)levels);
    uint64_t size = UINT64_C(1) << (12 + 9 * level);
    uint64_t width = (uint64_t)(12 + 9 * levels + 2);
    uint64_t align = size > DRAW_USED ? size : DRAW_USED;

    if (width > 56)
        width = 56;
    draw->region[n] = next(draw) % (UINT64_C(1) << width) & ~(align - 1);
    for (uint64_t offset = 0; offset < DRAW_USED; offset += size) {
        uint64_t bits = n == 0 && !one_in(draw, 64) ? 0xdf : leaf_bits(draw);
        uint64_t hpa = DRAW_BASE + offset;

        if (level == 0 && one_in(draw, 16) && (bits & 0xc) != 4)
            bits |= UINT64_C(1) << 63;
        if (bits >> 63)
            hpa = (hpa & ~UINT64_C(0xffff)) + 0x8000;
        struct spot spot = {'G', draw->region[n] + offset, level};
        map(draw, spot, hpa >> 2 | bits | 0x10);
    }
}

static void map_target(struct draw *draw, unsigned n)
{
    int levels = levels_of(draw->model->vsatp_mode);
    uint64_t gpa = draw->region[below(draw, 2)] + below(draw, (unsigned)DRAW_USED);
    int level = levels == 0 || one_in(draw, 2) ? 0 : (int)below(draw, (unsigned)levels);
    uint64_t offset_mask = (UINT64_C(1) << (12 + 9 * level)) - 1;
    uint64_t bits = leaf_bits(draw);

    if (levels == 0) {
        draw->gva[n] = gpa;
        return;
    }
    if (level == 0 && one_in(draw, 8)) {
        bits |= UINT64_C(1) << 63;
        offset_mask = 0xffff;
    }
    uint64_t gva = (next(draw) & ~offset_mask) | (gpa & offset_mask);
    int unused = 64 - (12 + 9 * levels);
    draw->gva[n] = (uint64_t)((int64_t)(gva << unused) >> unused);
    gpa &= ~offset_mask;
    if (bits >> 63)
        gpa |= 0x8000;
    struct spot spot = {'V', draw->gva[n], level};
    map(draw, spot, (gpa >> 2 & UINT64_C(0x3ffffffffffc00)) | bits);
}

void draw_tables(struct draw *draw, uint64_t set)
{
    static const unsigned modes[] = {0, 8, 9, 10};
    struct walk_model *model = draw->model;

    for (uint64_t n = 0; n < draw->pages; n++)
        memset(model_memory_word(draw->memory, draw_page(draw, n)), 0, 4096);
    start(draw, 'T', set);
    unsigned pair = below(draw, 16);
    draw->pages = 8;
    draw->flip = one_in(draw, 8) ? DRAW_HALF : 0;
    model->vsatp_mode = modes[pair / 4];
    model->hgatp_mode = modes[pair % 4];
    draw->g_root = model->hgatp_mode ? draw_page(draw, 0) : 0;
    model->hgatp_ppn = draw->g_root >> 12;
    draw->region[0] = draw->region[1] = DRAW_BASE;
    if (draw->g_root) {
        map_region(draw, 0);
        map_region(draw, 1);
    }
    draw->vs_root = model->vsatp_mode ? gpa_of(draw, draw_page(draw, draw->pages++)) : 0;
    model->vsatp_ppn = draw->vs_root >> 12;
    for (unsigned i = 0; i < DRAW_TARGETS; i++)
        map_target(draw, i);
}

static void draw_switches(struct draw *draw)
{
    static const char policies[] = "fui";
    struct walk_model *model = draw->model;
    uint64_t bits = next(draw);

    model->vsstatus_sum = bits & 1;
    model->vsstatus_mxr = bits & 2;
    model->sstatus_mxr = bits & 4;
    model->sstatus_mxr_for_implicit = bits & 8;
    model->henvcfg_pbmte = (bits & 0x30) != 0;
    model->menvcfg_pbmte = (bits & 0xc0) != 0;
    model->svnapot = (bits & 0x300) != 0;
    model->svrsw60t59b = (bits & 0xc00) == 0;
    model->vs_ad = policies[below(draw, 3)];
    model->g_ad = policies[below(draw, 3)];
}

struct walk_access draw_case(struct draw *draw, uint64_t number)
{
    start(draw, 'C', number);
    draw_switches(draw);
    unsigned how = below(draw, 16);
    struct walk_access access = {
        .address = draw->gva[below(draw, DRAW_TARGETS)] ^ below(draw, 4096),
        .stages = how == 0   ? "V"
                  : how == 1 ? "G"
                             : "VG",
        .kind = "rwxh"[below(draw, 4)],
        .user = one_in(draw, 2),
    };

    if (how == 1)
        access.address = draw->region[below(draw, 2)] + below(draw, (unsigned)DRAW_USED);
    if (one_in(draw, 16))
        access.address ^= UINT64_C(1) << below(draw, 64);
    return access;
}

static uint64_t spoil(struct draw *draw, const struct walk_model_step *step)
{
    uint64_t pte = step->pte;

    switch (below(draw, 12)) {
    case 0:
        return pte ^ UINT64_C(1) << (54 + below(draw, 10));
    case 1:
        return pte ^ UINT64_C(1) << (10 + below(draw, 44));
    case 2:
        return pte ^ UINT64_C(1) << (10 + below(draw, 18));
    case 3: /* a pointer to its own table */
        return step->pte_address >> 12 << 10 | 1;
    case 4: /* the same as the guest sees it */
        return gpa_of(draw, step->pte_address) >> 12 << 10 | 1;
    case 5:
        return (pte & ~UINT64_C(0x3c00)) | UINT64_C(1) << 63 | (one_in(draw, 4) ? 0x400 : 0x2000);
    case 6:
        return (pte & ~UINT64_C(0x3ff)) | (next(draw) & 0x3ff);
    default:
        return pte ^ UINT64_C(1) << below(draw, 8);
    }
}

static bool writes_nothing(void *context, uint64_t hpa, uint64_t value)
{
    (void)context, (void)hpa, (void)value;
    return true;
}

uint64_t draw_spoilt_entry(struct draw *draw, const struct walk_access *access, uint64_t *sound)
{
    struct walk_model model = *draw->model;
    struct walk_model_outcome outcome;

    if (one_in(draw, 2))
        return 0;
    model.vs_ad = model.g_ad = 'i';
    model.write = writes_nothing;
    walk_compare_run_model(&model, access, &outcome);
    if (outcome.reads == 0)
        return 0;
    const struct walk_model_step *step = &outcome.steps[below(draw, outcome.reads)];
    *sound = step->pte;
    poke(draw, step->pte_address, spoil(draw, step));
    return step->pte_address;
}
