/* SPDX-License-Identifier: BSD-2-Clause */
#include "tables.h"

#include <hvrv/isa/csr.h>
#include <hvrv/isa/mode.h>

#include "memory.h"

/* PTE bits. */
#define V     0x01
#define R     0x02
#define W     0x04
#define X     0x08
#define U     0x10
#define A     0x40
#define D     0x80
#define N     (UINT64_C(1) << 63)
#define SOUND (V | R | W | X | A | D)

#define PLACE_OF_SETS (UINT64_C(1) << 62) /* away from the cases' */

/* A set under construction. */
struct builder {
    struct tables *tables;
    struct random random;
    int vs_levels; /* 0: Bare */
    int g_levels;
    uint64_t g_root;  /* HPA */
    uint64_t vs_root; /* HPA */
    unsigned pages;   /* in use */
};

static unsigned count_bits(unsigned value)
{
    unsigned count = 0;

    for (; value; value &= value - 1)
        count++;
    return count;
}

unsigned tables_pairs(const struct abilities *abilities)
{
    return count_bits(abilities->vsatp_modes) * count_bits(abilities->hgatp_modes);
}

/* The n-th mode that is there. */
static unsigned mode_at(unsigned modes, unsigned n)
{
    unsigned mode = 0;

    while (!(modes >> mode & 1) || n-- > 0)
        mode++;
    return mode;
}

static int levels_of(unsigned mode)
{
    return mode == 0 ? 0 : (int)mode - 5;
}

static uint64_t size_of(int level)
{
    return UINT64_C(1) << (12 + 9 * level);
}

/* The HPA of a page for a table; that of the last one when there is none left, which is rare. */
static uint64_t take_page(struct builder *builder)
{
    if (builder->pages < MEMORY_DATA_PAGE - 1)
        builder->pages++;
    return memory_page(builder->pages);
}

static uint64_t leaf_bits(struct builder *builder)
{
    static const uint8_t common[] = {0xdf, 0xdf, 0xdf, 0xdf, 0xcf, 0xcf, 0xd7,
                                     0xdb, 0xd9, 0xc3, 0xcb, 0x5f, 0x1f, 0x9f};
    struct random *random = &builder->random;
    uint64_t bits = common[random_below(random, sizeof(common))];

    if (random_one_in(random, 4))
        bits |= random_draw(random) & 0x3a0; /* D, RSW and G */
    if (random_one_in(random, 16))
        bits |= (uint64_t)random_below(random, 3) << 61;
    return bits;
}

/* Puts a leaf at a level above which tables are made as needed; gives up at a leaf in the way. */
static void map(struct builder *builder, char stage, uint64_t address, uint64_t leaf, int level)
{
    bool is_g = stage == 'G';
    int levels = is_g ? builder->g_levels : builder->vs_levels;
    uint64_t to_guest = is_g ? 0 : builder->tables->region[0] - ARENA_BASE;
    uint64_t table = is_g ? builder->g_root : builder->vs_root;

    for (int i = levels - 1;; i--) {
        uint64_t index = address >> (12 + 9 * i) & (is_g && i == levels - 1 ? 2047 : 511);
        uint64_t slot = table + index * 8;
        uint64_t old = memory_shadow(slot);

        if (i == level) {
            if (!(old & V))
                memory_put(slot, leaf);
            return;
        }
        if (old & (R | W | X))
            return;
        if (!(old & V)) {
            old = (take_page(builder) + to_guest) >> 12 << 10 | V;
            if (random_one_in(&builder->random, 8))
                old |= random_draw(&builder->random) & 0x320; /* G and RSW */
            memory_put(slot, old);
        }
        table = (old >> 10 << 12) - to_guest;
    }
}

/* The arena, seen at a GPA. */
static void map_region(struct builder *builder, unsigned n)
{
    struct random *random = &builder->random;
    int level =
        random_one_in(random, 2) ? 0 : (int)random_below(random, (unsigned)builder->g_levels);
    uint64_t all = MEMORY_MAPPED_PAGES * 4096;
    uint64_t size = level ? size_of(level) : all;
    int width = builder->g_levels * 9 + 14 < 56 ? builder->g_levels * 9 + 14 : 56;
    uint64_t gpa = random_draw(random) % (UINT64_C(1) << width);

    /* Half of the space is one that some emulators do not know; see deviations.c. */
    if (!random_one_in(random, 16))
        gpa &= ~(UINT64_C(1) << (width - 1));
    gpa = (gpa & ~(size - 1)) | (ARENA_BASE & (size - 1));
    builder->tables->region[n] = gpa;
    for (uint64_t done = 0; done < all; done += size_of(level)) {
        bool is_sound = n == 0 && !random_one_in(random, 64);
        uint64_t bits = is_sound ? SOUND : leaf_bits(builder);
        uint64_t hpa = (ARENA_BASE + done) & ~(size_of(level) - 1);

        if (level == 0 && random_one_in(random, 16)) {
            bits |= N;
            hpa = (hpa & ~UINT64_C(0xffff)) + 0x8000;
        }
        map(builder, 'G', gpa + done, hpa >> 2 | bits | U, level);
    }
}

/* Makes a GVA for a GPA by a leaf with these bits. */
static uint64_t map_gpa(struct builder *builder, uint64_t gpa, uint64_t bits, int level)
{
    int unused = 64 - (12 + 9 * builder->vs_levels);
    uint64_t offsets = size_of(level) - 1;

    if (builder->vs_levels == 0)
        return gpa;
    if (bits & N)
        offsets = 0xffff;
    uint64_t gva = (random_draw(&builder->random) & ~offsets) | (gpa & offsets);
    gva = (uint64_t)((int64_t)(gva << unused) >> unused);
    gpa &= ~offsets;
    if (bits & N)
        gpa |= 0x8000;
    map(builder, 'V', gva, gpa >> 2 | bits, level);
    return gva;
}

/* The targets are for VU- and VS-mode in turn. */
static uint64_t map_target(struct builder *builder, unsigned n)
{
    struct random *random = &builder->random;
    unsigned page = MEMORY_DATA_PAGE + random_below(random, MEMORY_CODE_PAGE - MEMORY_DATA_PAGE);
    uint64_t gpa = builder->tables->region[random_below(random, TABLES_REGIONS)] + page * 4096;
    int level = 0;
    uint64_t bits = (leaf_bits(builder) & ~(uint64_t)U) | (n % 2 == HVRV_WALK_VU ? U : 0);

    if (random_one_in(random, 8))
        bits ^= U;
    if (builder->vs_levels && !random_one_in(random, 2))
        level = (int)random_below(random, (unsigned)builder->vs_levels);
    if (level == 0 && random_one_in(random, 8))
        bits |= N;
    return map_gpa(builder, gpa, bits, level);
}

static void map_code(struct builder *builder)
{
    uint64_t gpa = builder->tables->region[0] + MEMORY_CODE_PAGE * 4096;
    uint64_t *code = builder->tables->code;

    code[HVRV_WALK_VS] = map_gpa(builder, gpa, SOUND, 0);
    code[HVRV_WALK_VU] = map_gpa(builder, gpa, SOUND | U, 0);
}

static void choose_modes(struct builder *builder, const struct abilities *abilities,
                         uint64_t number)
{
    struct tables *tables = builder->tables;
    struct random *random = &builder->random;
    unsigned vs_count = count_bits(abilities->vsatp_modes);
    unsigned pair = (unsigned)(number % tables_pairs(abilities));
    uint64_t vs_mode = mode_at(abilities->vsatp_modes, pair % vs_count);
    uint64_t g_mode = mode_at(abilities->hgatp_modes, pair / vs_count);
    uint64_t vmid = random_draw(random) & ((UINT64_C(1) << abilities->vmidlen) - 1);

    builder->vs_levels = levels_of((unsigned)vs_mode);
    builder->g_levels = levels_of((unsigned)g_mode);
    tables->satp = random_one_in(random, 2) ? abilities->satp : 0;
    tables->hgatp = g_mode ? g_mode << 60 | vmid << 44 | builder->g_root >> 12 : 0;
    tables->vsatp = vs_mode ? vs_mode << 60 | (uint64_t)random_below(random, 2) << 44 : 0;
}

void tables_build(struct tables *tables, const struct abilities *abilities, uint64_t seed,
                  uint64_t number)
{
    struct builder builder = {.tables = tables, .g_root = memory_page(0), .pages = 3};

    builder.random = random_at(seed, PLACE_OF_SETS + number);
    memory_clear_tables();
    choose_modes(&builder, abilities, number);
    for (unsigned n = 0; n < TABLES_REGIONS; n++) {
        tables->region[n] = ARENA_BASE;
        if (builder.g_levels)
            map_region(&builder, n);
    }
    if (builder.vs_levels) {
        builder.vs_root = take_page(&builder);
        tables->vsatp |= (tables->region[0] + builder.vs_root - ARENA_BASE) >> 12;
    }
    map_code(&builder);
    for (unsigned n = 0; n < TABLES_TARGETS; n++)
        tables->target[n] = map_target(&builder, n);
}
