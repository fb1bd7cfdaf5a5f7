/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_draw.h"

#include <string.h>

/* Entries' bits that a caller may give. */
#define PERMISSIONS UINT64_C(0xe)
#define SOFTWARE    UINT64_C(0x300)
#define SOFTWARE_60 UINT64_C(0x1800000000000000)

/* So that even half done operations fit into a list; and how many random ones add up to. */
#define MOST_LEAVES 5000
#define LEAVES_MAX  3000

/* HPAs that follow GPAs, so that what is mapped by two calls may be merged. */
#define FOLLOWING UINT64_C(0x21000000000000)

static uint64_t below(struct draw_run *run, uint64_t bound)
{
    return world_draw_below(run->world, bound);
}

static bool one_in(struct draw_run *run, uint64_t bound)
{
    return below(run, bound) == 0;
}

static unsigned draw_shift(struct world *world)
{
    static const unsigned shifts[] = {12, 16, 21, 30, 39, 48, 12, 12, 16, 21, 21};

    for (;;) {
        unsigned shift = shifts[world_draw_below(world, sizeof(shifts) / sizeof(shifts[0]))];

        if (shift < 12 + 9 * world->model.levels)
            return shift;
    }
}

uint64_t draw_address(struct world *world)
{
    const unsigned width = world->model.width;
    const uint64_t top = UINT64_C(1) << (width - 1);
    const uint64_t edges[] = {0,
                              UINT64_C(1) << 30,
                              world->model.levels > 3 ? UINT64_C(1) << 39 : 0,
                              world->model.levels > 4 ? UINT64_C(1) << 48 : 0,
                              top / 2,
                              top,
                              world->model.is_signed ? -top : 2 * top,
                              world->model.is_signed ? 0 : 2 * top};

    for (;;) {
        /* Three of them in each world, so that operations meet. */
        uint64_t address = edges[(world->config.seed + world_draw_below(world, 3)) % 8];

        address += (world_draw_below(world, 33) - 16) << draw_shift(world);
        if (world_draw_below(world, 3) == 0)
            address += (world_draw_below(world, 41) - 20) << 12;
        if (flat_check_range(&world->model, address, 4096) == FLAT_OK ||
            world_draw_below(world, 8) == 0)
            return address;
    }
}

static void draw_range(struct draw_run *run)
{
    struct draw_op *op = &run->op;

    do {
        uint64_t end = draw_address(run->world);

        op->address = draw_address(run->world);
        if (one_in(run, 3) && end > op->address)
            op->size = end - op->address;
        else
            op->size = (1 + below(run, one_in(run, 2) ? 2 : 24)) << draw_shift(run->world);
    } while (flat_check_range(&run->world->model, op->address, op->size) != FLAT_OK &&
             !one_in(run, 8));
    op->budget = HVRV_GSTAGE_NO_LIMIT;
    if (one_in(run, 2))
        op->budget = (uint32_t)(1 + below(run, one_in(run, 2) ? 20 : 2000));
}

/* Bits that leaves may have and a caller chooses. */
static uint64_t free_bits(const struct world *world)
{
    uint64_t bits = PERMISSIONS | FLAT_A | FLAT_D | SOFTWARE;

    if (world->config.rules & HVRV_PTE_RULE_SVPBMT)
        bits |= FLAT_PBMT;
    if (world->config.rules & HVRV_PTE_RULE_SVRSW60T59B)
        bits |= SOFTWARE_60;
    if (world->config.stage == HVRV_STAGE_VS)
        bits |= FLAT_U | FLAT_G;
    return bits;
}

static uint64_t forced_bits(const struct world *world)
{
    return world->config.stage == HVRV_STAGE_G ? FLAT_V | FLAT_U : FLAT_V;
}

static bool is_reserved(uint64_t bits)
{
    return (bits & (FLAT_R | FLAT_X)) == 0 || (bits & (FLAT_R | FLAT_W)) == FLAT_W ||
           (bits & FLAT_PBMT) == FLAT_PBMT;
}

/* Mostly a few, so that neighbours are alike. */
static uint64_t draw_bits(struct draw_run *run)
{
    uint64_t bits = FLAT_R | FLAT_W | FLAT_X;

    if (one_in(run, 3))
        bits |= FLAT_A | FLAT_D;
    while (one_in(run, 3) || is_reserved(bits))
        bits = world_draw(run->world) & free_bits(run->world);
    return bits;
}

static void draw_map(struct draw_run *run)
{
    struct draw_op *op = &run->op;
    uint64_t apart = (UINT64_C(1) << draw_shift(run->world)) - 1;
    const uint64_t hpas = (UINT64_C(1) << 56) - 1;

    op->bits = draw_bits(run);
    op->shift = one_in(run, 2) ? 0 : draw_shift(run->world);
    op->replaces = one_in(run, 2);
    op->to = (op->address + FOLLOWING) & hpas;
    if (one_in(run, 2))
        op->to = (world_draw(run->world) & hpas & ~apart) | (op->address & apart & ~UINT64_C(4095));
    /* The top of all HPAs is as good as any other place. */
    if (op->to + op->size > hpas && op->size < hpas && one_in(run, 2))
        op->to = hpas + 1 - op->size;
}

static void draw_protect(struct draw_run *run)
{
    static const uint64_t masks[] = {FLAT_W,          FLAT_R | FLAT_W, FLAT_X,
                                     FLAT_A | FLAT_D, SOFTWARE,        FLAT_D};
    struct draw_op *op = &run->op;

    op->mask = masks[below(run, 6)];
    if (one_in(run, 4))
        op->mask = world_draw(run->world) & free_bits(run->world);
    op->bits = world_draw(run->world) & op->mask;
    if ((op->bits & FLAT_PBMT) == FLAT_PBMT)
        op->bits &= ~FLAT_PBMT;
}

static void draw_rest(struct draw_run *run)
{
    struct draw_op *op = &run->op;

    switch (op->kind) {
    case DRAW_MAP:
        draw_map(run);
        break;
    case DRAW_UNMAP:
    case DRAW_BLOCK: /* seldom most of what there is */
        if (run->world->model.count < LEAVES_MAX / 3 && op->size > 0x400000 && !one_in(run, 4))
            op->size = (1 + below(run, 1024)) << 12;
        break;
    case DRAW_PROTECT:
        draw_protect(run);
        break;
    case DRAW_SPLIT:
    case DRAW_MERGE:
        do
            op->shift = draw_shift(run->world);
        while ((op->shift == 16 && !run->world->model.napot) || op->shift == 48 ||
               (op->shift == 12 && op->kind == DRAW_MERGE));
        if (op->kind == DRAW_MERGE && run->world->model.levels == 5 && one_in(run, 16))
            op->shift = 48;
        break;
    case DRAW_HARVEST:
        op->mask = one_in(run, 2) ? FLAT_A : FLAT_D;
        op->next = below(run, 64);
        if (op->size > DRAW_HARVEST_MAX)
            op->size = DRAW_HARVEST_MAX;
        break;
    case DRAW_TOUCH:
        op->address += below(run, 4096);
        op->size = 0;
        op->budget = 0;
        op->access = (enum hvrv_access)below(run, HVRV_ACCESS_COUNT);
        break;
    default:
        break;
    }
}

/* Makes something wrong that the status tells; HVRV_OK: nothing this time. */
static enum hvrv_status spoil_map(struct draw_run *run)
{
    struct draw_op *op = &run->op;

    switch (below(run, 6)) {
    case 0:
        op->to += 8 * (1 + below(run, 511));
        return HVRV_ERR_ALIGN;
    case 1:
        op->to = (UINT64_C(1) << 56) - op->size + 4096;
        return HVRV_ERR_RANGE;
    case 2:
        op->bits = FLAT_W | FLAT_X;
        return HVRV_ERR_ARGUMENT;
    case 3:
        op->bits = FLAT_R | (~free_bits(run->world) & ~forced_bits(run->world) &
                             UINT64_C(1) << below(run, 64));
        return op->bits == FLAT_R ? HVRV_OK : HVRV_ERR_ARGUMENT;
    case 4:
        op->shift = 13;
        return HVRV_ERR_ARGUMENT;
    default:
        op->bits &= ~(FLAT_R | FLAT_W | FLAT_X);
        return HVRV_ERR_ARGUMENT;
    }
}

static enum hvrv_status spoil_rest(struct draw_run *run)
{
    struct draw_op *op = &run->op;

    switch (op->kind) {
    case DRAW_MAP:
        return spoil_map(run);
    case DRAW_PROTECT:
        op->mask |= one_in(run, 2) ? FLAT_V : FLAT_N;
        return HVRV_ERR_ARGUMENT;
    case DRAW_SPLIT:
    case DRAW_MERGE:
        op->shift = one_in(run, 2) ? 13 : 57;
        return HVRV_ERR_ARGUMENT;
    case DRAW_HARVEST:
        op->mask = one_in(run, 2) ? FLAT_A | FLAT_D : FLAT_R;
        return HVRV_ERR_ARGUMENT;
    default:
        return HVRV_OK;
    }
}

static enum hvrv_status spoil(struct draw_run *run)
{
    struct draw_op *op = &run->op;

    if (op->kind == DRAW_TOUCH) {
        op->access = (enum hvrv_access)HVRV_ACCESS_COUNT;
        return HVRV_ERR_ARGUMENT;
    }
    switch (below(run, 5)) {
    case 0:
        op->budget = 0;
        return HVRV_ERR_ARGUMENT;
    case 1:
        op->address += 1 + below(run, 4095);
        return HVRV_ERR_ALIGN;
    case 2:
        op->size += 1 + below(run, 4095);
        return HVRV_ERR_ALIGN;
    case 3:
        op->size = 0;
        return HVRV_ERR_RANGE;
    default:
        return spoil_rest(run);
    }
}

static enum hvrv_status status_of(enum flat_result result)
{
    static const enum hvrv_status statuses[] = {
        [FLAT_OK] = HVRV_OK,
        [FLAT_ALIGN] = HVRV_ERR_ALIGN,
        [FLAT_RANGE] = HVRV_ERR_RANGE,
        [FLAT_EXISTS] = HVRV_ERR_EXISTS,
        [FLAT_ARGUMENT] = HVRV_ERR_ARGUMENT,
        [FLAT_MISSING] = HVRV_ERR_MISSING,
    };

    return statuses[result];
}

static enum flat_result foretell(struct draw_run *run, struct flat_range *range)
{
    const struct draw_op *op = &run->op;
    struct flat *model = &run->world->model;
    const struct flat_map map = {op->to, op->bits | forced_bits(run->world), op->shift,
                                 op->replaces};

    switch (op->kind) {
    case DRAW_MAP:
        if (op->to + op->size > UINT64_C(1) << 56)
            return FLAT_RANGE;
        return flat_map(model, range, &map);
    case DRAW_UNMAP:
        return flat_unmap(model, range);
    case DRAW_PROTECT:
        return flat_protect(model, range, op->mask, op->bits);
    case DRAW_BLOCK:
        return flat_block(model, range);
    case DRAW_UNBLOCK:
        return flat_unblock(model, range);
    case DRAW_SPLIT:
        return flat_split(model, range, op->shift);
    case DRAW_MERGE:
        return flat_merge(model, range, op->shift);
    default:
        return flat_harvest(model, range, op->mask, run->end.bitmap, op->next);
    }
}

void draw_foretell(struct draw_run *run)
{
    const struct draw_op *op = &run->op;
    struct flat *model = &run->world->model;
    struct flat_range range = {op->address, op->address + op->size - 1};
    bool is_touch = op->kind == DRAW_TOUCH;
    uint64_t page = op->address & ~UINT64_C(4095);
    enum flat_result result = flat_check_range(model, page, is_touch ? 4096 : op->size);

    flat_copy(&run->before, model);
    memset(&run->end, 0, sizeof(run->end));
    if (result == FLAT_OK && is_touch)
        result = flat_touch(model, op->address, "rwxh"[op->access]);
    else if (result == FLAT_OK)
        result = foretell(run, &range);
    run->is_foretold =
        result != FLAT_FULL && model->count <= MOST_LEAVES && flat_tables(model) < WORLD_PAGES / 2;
    if (!run->is_foretold)
        flat_copy(model, &run->before);
    run->end.address = is_touch ? op->address : range.first;
    if (run->is_foretold)
        run->end.status = status_of(result);
}

static enum draw_kind draw_kind(struct draw_run *run)
{
    static const enum draw_kind kinds[] = {
        DRAW_MAP,   DRAW_MAP,     DRAW_MAP,     DRAW_MAP,     DRAW_MAP,   DRAW_MAP,   DRAW_UNMAP,
        DRAW_UNMAP, DRAW_PROTECT, DRAW_PROTECT, DRAW_SPLIT,   DRAW_SPLIT, DRAW_MERGE, DRAW_MERGE,
        DRAW_BLOCK, DRAW_UNBLOCK, DRAW_UNBLOCK, DRAW_HARVEST, DRAW_TOUCH, DRAW_TOUCH, DRAW_HARVEST,
    };

    if (run->world->model.count > LEAVES_MAX / 3 && one_in(run, 3))
        return DRAW_UNMAP;
    return kinds[below(run, sizeof(kinds) / sizeof(kinds[0]))];
}

/* Something wrong about an operation that was right: nothing comes of it but the status. */
static void draw_wrong(struct draw_run *run)
{
    struct draw_op right = run->op;
    enum hvrv_status status = spoil(run);

    if (status == HVRV_OK) {
        run->op = right;
        return;
    }
    flat_copy(&run->world->model, &run->before);
    memset(&run->end, 0, sizeof(run->end));
    run->end.status = status;
    run->end.address = run->op.address;
}

/* What is split is merged again, and what was merged or changed is looked at. */
static void draw_follower(struct draw_run *run)
{
    struct draw_op *op = &run->op;

    op->address = run->last.address;
    op->size = run->last.size;
    op->budget = run->last.budget;
    if (run->last.kind != DRAW_SPLIT || one_in(run, 4)) {
        op->kind = DRAW_HARVEST;
        draw_rest(run);
        op->mask = FLAT_D;
        return;
    }
    op->kind = DRAW_MERGE;
    op->shift = run->last.shift == 12 || run->last.shift == 16 ? 21 : run->last.shift + 9;
    if (run->last.shift == 12 && run->world->model.napot && one_in(run, 2))
        op->shift = 16;
    if (op->shift >= 12 + 9 * run->world->model.levels)
        op->shift = 21;
}

void draw_run(struct draw_run *run)
{
    struct flat *model = &run->world->model;

    bool is_followed = run->op.size > 0 && run->end.status == HVRV_OK;

    run->last = run->op;
    for (;;) {
        memset(&run->op, 0, sizeof(run->op));
        if (is_followed && one_in(run, 4)) {
            draw_follower(run);
        } else {
            run->op.kind = draw_kind(run);
            draw_range(run);
            draw_rest(run);
        }
        draw_foretell(run);
        if (model->count > LEAVES_MAX && model->count > run->before.count)
            flat_copy(model, &run->before);
        else if (run->is_foretold)
            break;
    }
    if (!run->is_plain && run->end.status != HVRV_ERR_RANGE && one_in(run, 40))
        draw_wrong(run);
}
