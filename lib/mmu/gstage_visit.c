/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_table.h"

#include <stddef.h>

/* A visit under way, and whether somebody has seen enough. */
struct visitor {
    struct hvrv_gstage_visit_request *visit;
    bool is_over;
};

static void show(struct visitor *visitor)
{
    struct hvrv_gstage_visit_request *visit = visitor->visit;
    struct hvrv_gstage_run run = visit->run;
    visit->run.size = 0;
    if (run.size)
        visitor->is_over = !visit->see(visit->context, &run);
}

/* A leaf, or the part of it in the range, joins the run under way or begins another. */
static void join(struct visitor *visitor, const struct hvrv_gstage_run *leaf)
{
    struct hvrv_gstage_run *run = &visitor->visit->run;
    if (run->gpa.v + run->size == leaf->gpa.v && run->hpa.v + run->size == leaf->hpa.v &&
        run->shift == leaf->shift && run->bits == leaf->bits) {
        run->size += leaf->size;
        return;
    }
    show(visitor);
    if (!visitor->is_over)
        *run = *leaf;
}

/* A and D of a NAPOT range are those of its entries together (norm:Svnapot_cache_entries). */
static uint64_t napot_ad(volatile uint64_t *entry, uint64_t address)
{
    uint64_t ad = 0;
    entry -= (address >> HVRV_PAGE_SHIFT) % HVRV_GSTAGE_NAPOT;
    for (unsigned i = 0; i < HVRV_GSTAGE_NAPOT; i++)
        ad |= entry[i] & (HVRV_PTE_A | HVRV_PTE_D);
    return ad;
}

static unsigned visit_stretch(struct hvrv_gstage_pass *pass, struct hvrv_gstage_stretch *stretch)
{
    struct visitor *visitor = pass->request;
    uint64_t bytes = stretch->each;
    unsigned done = 0;
    for (; done < stretch->count && !visitor->is_over; done++) {
        uint64_t pte = stretch->entry[done];
        if (hvrv_gstage_is_table(pte))
            break;
        if (!hvrv_gstage_is_leaf(pte))
            continue;
        struct hvrv_gstage_run leaf = {
            .gpa = {stretch->address + done * bytes}, .size = bytes, .bits = pte & ~HVRV_PTE_PPN};
        leaf.shift = hvrv_pte_page_shift((hvrv_pte){pte}, stretch->level);
        leaf.hpa.v = hvrv_pte_address((hvrv_pte){pte}) | (leaf.gpa.v & (HVRV_BIT(leaf.shift) - 1));
        if (pte & HVRV_PTE_N)
            leaf.bits |= napot_ad(&stretch->entry[done], leaf.gpa.v);
        join(visitor, &leaf);
    }
    if (visitor->is_over)
        stretch->status = HVRV_ERR_UNFINISHED;
    return done;
}

static const struct hvrv_gstage_job visit_job = {
    .step = hvrv_gstage_step, .work = visit_stretch, .keeps_whole = true};

enum hvrv_status hvrv_gstage_visit(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_visit_request *visit)
{
    if (!gstage || !visit || !visit->see)
        return HVRV_ERR_NULL;
    if (!gstage->mode)
        return HVRV_ERR_STATE;
    if (visit->range.budget == 0)
        return HVRV_ERR_ARGUMENT;
    enum hvrv_status status =
        hvrv_gstage_check_range(gstage, visit->range.gpa.v, visit->range.size);
    if (status != HVRV_OK)
        return status;
    struct visitor visitor = {visit, false};
    struct hvrv_gstage_pass pass = {
        .gstage = gstage, .range = &visit->range, .gather = NULL, .request = &visitor};
    status = hvrv_gstage_run(&pass, &visit_job);
    if (status == HVRV_OK)
        show(&visitor);
    return visitor.is_over ? HVRV_OK : status;
}
