/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations of gstage_draw.h are carried out, and looked at. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gstage_draw.h"

#define CALLS_MAX 4000000

void draw_print(const struct draw_op *op)
{
    static const char *const names[] = {"map",   "unmap", "protect", "block", "unblock",
                                        "split", "merge", "harvest", "touch"};

    printf("%s 0x%" PRIx64 "+0x%" PRIx64 " budget %" PRIu32 " to 0x%" PRIx64 " bits 0x%" PRIx64
           " mask 0x%" PRIx64 " shift %u%s next %" PRIu64 " access %d\n",
           names[op->kind], op->address, op->size, op->budget, op->to, op->bits, op->mask,
           op->shift, op->replaces ? " replacing" : "", op->next, (int)op->access);
}

static void print_leaf(const char *whose, const struct flat *flat, unsigned i)
{
    const struct flat_leaf *leaf = &flat->leaf[i];

    if (i < flat->count)
        printf("%s: 0x%" PRIx64 " to 0x%" PRIx64 " bits 0x%" PRIx64 " shift %u\n", whose,
               leaf->first, leaf->to, leaf->bits, leaf->shift);
    else
        printf("%s: no more\n", whose);
}

static bool is_same(const struct flat_leaf *a, const struct flat_leaf *b)
{
    return a->first == b->first && a->to == b->to && a->bits == b->bits && a->shift == b->shift;
}

void draw_print_end(struct draw_run *run)
{
    const struct flat *model = &run->world->model, *found = &run->world->found;
    unsigned i = 0;

    printf("foretold %s, not done from 0x%" PRIx64 " on; after %u calls not done from 0x%" PRIx64
           " on\n",
           hvrv_status_name(run->end.status), run->end.address, run->calls,
           run->request.range.gpa.v);
    while (i < model->count && i < found->count && is_same(&model->leaf[i], &found->leaf[i]))
        i++;
    if (i < model->count || i < found->count) {
        print_leaf("model", model, i);
        print_leaf("found", found, i);
    }
}

void draw_begin(struct draw_run *run)
{
    const struct draw_op *op = &run->op;
    const struct hvrv_gstage_range range = {{op->address}, op->size, op->budget};

    memset(run->bitmap, 0, sizeof(run->bitmap));
    switch (op->kind) {
    case DRAW_MAP:
        run->request.map = (struct hvrv_gstage_map_request){range,
                                                            {op->to},
                                                            op->bits,
                                                            (uint8_t)op->shift,
                                                            op->replaces ? HVRV_GSTAGE_REPLACE
                                                                         : HVRV_GSTAGE_REFUSE};
        break;
    case DRAW_PROTECT:
        run->request.protect = (struct hvrv_gstage_protect_request){range, op->mask, op->bits};
        break;
    case DRAW_SPLIT:
    case DRAW_MERGE:
        run->request.resize = (struct hvrv_gstage_resize){range, (uint8_t)op->shift};
        break;
    case DRAW_HARVEST:
        run->request.harvest =
            (struct hvrv_gstage_harvest_request){range, op->mask, run->bitmap, op->next};
        break;
    default:
        run->request.range = range;
        break;
    }
}

enum hvrv_status draw_call(struct draw_run *run)
{
    const struct hvrv_gstage *gstage = &run->world->gstage;
    struct hvrv_fence_gather *gather = &run->world->gather;

    switch (run->op.kind) {
    case DRAW_MAP:
        return hvrv_gstage_map(gstage, &run->request.map, gather);
    case DRAW_UNMAP:
        return hvrv_gstage_unmap(gstage, &run->request.range, gather);
    case DRAW_PROTECT:
        return hvrv_gstage_protect(gstage, &run->request.protect, gather);
    case DRAW_BLOCK:
        return hvrv_gstage_block(gstage, &run->request.range, gather);
    case DRAW_UNBLOCK:
        return hvrv_gstage_unblock(gstage, &run->request.range, gather);
    case DRAW_SPLIT:
        return hvrv_gstage_split(gstage, &run->request.resize, gather);
    case DRAW_MERGE:
        return hvrv_gstage_merge(gstage, &run->request.resize, gather);
    case DRAW_HARVEST:
        return hvrv_gstage_harvest(gstage, &run->request.harvest, gather);
    default:
        return hvrv_gstage_touch(gstage, hvrv_gpa_make(run->op.address), run->op.access);
    }
}

/* What moves on with the range has gone as far. */
static bool has_moved_on(struct draw_run *run)
{
    struct world *world = run->world;
    const struct hvrv_gstage_range *range = &run->request.range;
    uint64_t done = range->gpa.v - run->op.address;

    if (!WORLD_CHECK(world, range->size == run->op.size - done, range->size) ||
        !WORLD_CHECK(world, range->budget == run->op.budget, range->budget))
        return false;
    if (run->op.kind == DRAW_MAP)
        return WORLD_CHECK(world, run->request.map.hpa.v == run->op.to + done, done);
    if (run->op.kind == DRAW_HARVEST)
        return WORLD_CHECK(world, run->request.harvest.next == run->op.next + (done >> 12), done);
    return true;
}

/* A hart that sets A and D makes them unsure where a leaf of 64 KiB was split. */
static uint64_t unsure(const struct draw_run *run)
{
    return run->ignored | (run->world->model.hardware ? FLAT_A | FLAT_D : 0);
}

bool draw_is_half_done(struct draw_run *run)
{
    struct world *world = run->world;
    uint64_t address = run->request.range.gpa.v;
    struct flat_range done = {0, address - 1}, rest = {address, UINT64_MAX};

    if (!has_moved_on(run) || !world_scan(world))
        return false;
    return WORLD_CHECK(world,
                       address == 0 ||
                           flat_means_same(&world->found, &world->model, done, run->ignored),
                       address) &&
           WORLD_CHECK(world, flat_means_same(&world->found, &run->before, rest, unsure(run)),
                       address);
}

static bool look(struct draw_run *run, bool is_committed)
{
    return !run->look || run->look(run, run->request.range.gpa.v, is_committed);
}

/* Between two calls; a merge that has no room waits for a commit. */
static bool is_well_between(struct draw_run *run)
{
    struct world *world = run->world;
    bool is_seldom = run->calls > 4 && run->calls % 512 != 0;

    if (is_seldom && run->op.kind == DRAW_MERGE) {
        model_log_clear(&world->hart);
        return WORLD_CHECK(world, hvrv_fence_commit(&world->gather) == HVRV_OK, 0);
    }
    if (is_seldom)
        return true;
    if (!draw_is_half_done(run) || !look(run, false))
        return false;
    if (run->op.kind != DRAW_MERGE && world_draw_below(world, 2) == 0)
        return true;
    return world_commit(world) && look(run, true);
}

/* Calls until the end, with pages missing now and then. */
static bool call_to_end(struct draw_run *run, enum hvrv_status *status)
{
    struct world *world = run->world;

    for (run->calls = 1;; run->calls++) {
        world->has_refused = false;
        if (!run->is_plain && world_draw_below(world, 8) == 0)
            world->limit = world->in_use + (unsigned)world_draw_below(world, 4);
        *status = draw_call(run);
        world->limit = WORLD_PAGES - 4;
        bool is_out = *status == HVRV_ERR_NO_PAGES;
        if (!WORLD_CHECK(world, is_out == world->has_refused, *status))
            return false;
        if (*status != HVRV_ERR_UNFINISHED && !is_out)
            return true;
        if (!WORLD_CHECK(world, run->calls < CALLS_MAX, run->calls) || !is_well_between(run))
            return false;
    }
}

bool draw_carry_out(struct draw_run *run)
{
    struct world *world = run->world;
    enum hvrv_status status;

    draw_begin(run);
    if (!call_to_end(run, &status) || !WORLD_CHECK(world, status == run->end.status, status))
        return false;
    if (run->op.kind != DRAW_TOUCH &&
        (!WORLD_CHECK(world, run->request.range.gpa.v == run->end.address,
                      run->request.range.gpa.v) ||
         !has_moved_on(run)))
        return false;
    return world_scan(world) && world_is_as_modelled(world, run->ignored) &&
           WORLD_CHECK(world,
                       memcmp(run->bitmap, run->end.bitmap, sizeof(run->bitmap)) == 0 ||
                           run->ignored != 0,
                       0) &&
           look(run, false) && !world->complaint[0];
}
