/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/walk_judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ways are numbered by view, the plain one first. */
static bool is_traced(unsigned way)
{
    return way % 2 != 0;
}

void walk_judge_prepare_for(struct walk_judge *judge, const struct hvrv_walk_regime *regime)
{
    for (unsigned way = 0; way < 2 * judge->views; way++) {
        struct hvrv_walk *walk = &judge->walk[way];
        enum hvrv_status status = hvrv_walk_init(walk, regime, &judge->view[way / 2].phys);

        if (status != HVRV_OK) {
            printf("the walker refuses the regime: %s\n", hvrv_status_name(status));
            abort();
        }
        if (is_traced(way))
            hvrv_walk_set_trace(walk, walk_steps_keep, &judge->steps);
    }
}

void walk_judge_prepare(struct walk_judge *judge)
{
    struct hvrv_walk_regime regime = walk_compare_regime(&judge->model);

    walk_judge_prepare_for(judge, &regime);
}

static uint64_t word(const struct walk_judge *judge, uint64_t hpa)
{
    uint64_t value = 0;

    if (!judge->model.read(judge->model.memory, hpa, &value))
        abort();
    return value;
}

static bool note_read(void *context, uint64_t hpa, uint64_t *value)
{
    struct walk_judge *judge = context;

    return judge->model.read(judge->model.memory, hpa, value);
}

/*
 * Where a VS-stage leaf is at the same time the G-stage leaf of the page that it
 * is in, making that page dirty also makes the VS-stage leaf dirty, which was
 * read before. The model then writes what is there already. The walker's compare
 * and swap finds it: it must say so, and end as the model does when called again.
 */
static bool note_write(void *context, uint64_t hpa, uint64_t value)
{
    struct walk_judge *judge = context;
    struct walk_judge_write write = {hpa, word(judge, hpa)};

    if (!judge->model.write(judge->model.memory, hpa, value))
        return false;
    if (judge->writes == sizeof(judge->write) / sizeof(judge->write[0]))
        abort();
    judge->races = judge->races || write.before == value;
    judge->write[judge->writes++] = write;
    return true;
}

/* Back to the words before the access. */
static void undo(const struct walk_judge *judge)
{
    for (unsigned i = judge->writes; i-- > 0;)
        judge->model.write(judge->model.memory, judge->write[i].hpa, judge->write[i].before);
}

static void run_model(struct walk_judge *judge, const struct walk_access *access)
{
    struct walk_model model = judge->model;
    struct walk_model_outcome *outcome = &judge->outcome;

    model.memory = judge;
    model.read = note_read;
    model.write = note_write;
    judge->writes = 0;
    judge->races = false;
    walk_compare_run_model(&model, access, outcome);
    for (unsigned i = 0; i < outcome->reads; i++)
        judge->left[i] = word(judge, outcome->steps[i].pte_address);
    undo(judge);
}

static const char *different_memory(const struct walk_judge *judge)
{
    for (unsigned i = 0; i < judge->outcome.reads; i++) {
        if (word(judge, judge->outcome.steps[i].pte_address) != judge->left[i])
            return "memory after the walk";
    }
    return NULL;
}

/* No entry is asked for twice, and nothing is written that the model does not write. */
static const char *different_counts(const struct walk_judge *judge, unsigned loads, unsigned writes)
{
    const struct walk_model_outcome *outcome = &judge->outcome;
    bool refused_read =
        outcome->faulted && outcome->pte == 0 && strcmp(outcome->reason, "refused") == 0;

    if (loads != outcome->reads + (refused_read ? 1 : 0))
        return "number of loads from the port";
    return writes != judge->writes ? "number of writes to the port" : NULL;
}

/* The result and memory after a walk that must end well. */
static const char *different_end(const struct walk_judge *judge, const struct walk_access *access,
                                 enum hvrv_status status, const struct hvrv_walk_result *result)
{
    const char *what;

    if (status != HVRV_OK)
        return hvrv_status_name(status);
    what = walk_compare_result(access, result, &judge->outcome);
    return what ? what : different_memory(judge);
}

static const char *different(struct walk_judge *judge, const struct walk_access *access,
                             unsigned way, struct hvrv_walk_result *result)
{
    const struct walk_view *view = &judge->view[way / 2];
    const struct hvrv_walk *walk = &judge->walk[way];
    unsigned loads = view->loads ? *view->loads : 0, writes = view->loads ? *view->writes : 0;
    const char *what = NULL;

    judge->steps.count = 0;
    judge->walks++;
    enum hvrv_status status = walk_compare_run_walker(walk, access, result);
    if (judge->races) {
        if (status != HVRV_ERR_RACE)
            return "no race";
        status = walk_compare_run_walker(walk, access, result);
        return different_end(judge, access, status, result);
    }
    if (view->loads)
        what = different_counts(judge, *view->loads - loads, *view->writes - writes);
    if (!what)
        what = different_end(judge, access, status, result);
    if (!what && is_traced(way))
        what = walk_compare_steps(&judge->steps, &judge->outcome);
    return what;
}

bool walk_judge_access(struct walk_judge *judge, const struct walk_access *access)
{
    run_model(judge, access);
    for (unsigned way = 0; way < 2 * judge->views; way++) {
        struct hvrv_walk_result result;
        const char *what = different(judge, access, way, &result);

        undo(judge);
        if (!what)
            continue;
        printf("the walk by %s%s differs from the model: %s\n", judge->view[way / 2].name,
               is_traced(way) ? ", traced" : "", what);
        walk_compare_print(&judge->model, access, &judge->outcome);
        walk_compare_print_result(&result);
        fflush(stdout); /* the caller may abort */
        return false;
    }
    return true;
}
