/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/cove_model.h"

#include <string.h>

#define PAGE UINT64_C(0x1000)

enum { SUCCESS = 0, FAILED = -1, NOT_SUPPORTED = -2, PARAM = -3, ADDRESS = -5, STARTED = -7 };

void ghost_init(struct ghost *ghost)
{
    memset(ghost, 0, sizeof(*ghost));
    for (unsigned i = GHOST_RESERVED; i < GHOST_PAGES; i++)
        ghost->page[i].use = G_HOST;
    ghost->now = 1;
    for (unsigned i = 0; i < GHOST_HARTS; i++) {
        ghost->seen[i] = 1;
        ghost->nacl[i] = -1;
    }
}

static bool is_past(uint64_t now, const uint64_t *seen, uint64_t since)
{
    bool is_past = since < now;

    for (unsigned i = 0; i < GHOST_HARTS; i++)
        is_past = is_past && seen[i] > since;
    return is_past;
}

bool ghost_is_free(const struct ghost *ghost, unsigned page)
{
    const struct ghost_page *at = &ghost->page[page];

    return at->use == G_FREE ||
           (at->use == G_CONVERTING && is_past(ghost->now, ghost->seen, at->epoch));
}

/* Pages of a range by number; false where they are not in memory or the range is none. */
static bool find_pages(uint64_t base, uint64_t count, unsigned *first)
{
    *first = (unsigned)((base - GHOST_RAM) / PAGE);
    return base % PAGE == 0 && base >= GHOST_RAM && (base - GHOST_RAM) / PAGE < GHOST_PAGES &&
           count <= GHOST_PAGES - (base - GHOST_RAM) / PAGE;
}

static bool all_free(const struct ghost *ghost, uint64_t base, uint64_t count)
{
    unsigned first;

    if (!find_pages(base, count, &first))
        return false;
    for (unsigned i = first; i < first + count; i++) {
        if (!ghost_is_free(ghost, i))
            return false;
    }
    return true;
}

static bool all_host(const struct ghost *ghost, uint64_t base, uint64_t count)
{
    unsigned first;

    if (!find_pages(base, count, &first))
        return false;
    for (unsigned i = first; i < first + count; i++) {
        if (ghost->page[i].use != G_HOST)
            return false;
    }
    return true;
}

static void give(struct ghost *ghost, int tvm, uint64_t base, uint64_t count)
{
    unsigned first;

    if (!find_pages(base, count, &first))
        return;
    for (unsigned i = first; i < first + count; i++)
        ghost->page[i] = (struct ghost_page){G_TVM, tvm, 0, 0};
}

/* A range of pages of 4 KiB: what is wrong with it by itself. */
static int64_t check_pages(uint64_t base, uint64_t count)
{
    if (base % PAGE != 0)
        return ADDRESS;
    if (count == 0 || count > GHOST_MOST)
        return PARAM;
    return base + (count - 1) * PAGE < base ? ADDRESS : SUCCESS;
}

static struct ghost_tvm *find(struct ghost *ghost, uint64_t id)
{
    for (unsigned i = 0; i < GHOST_TVMS; i++) {
        if (ghost->tvm[i].is_alive && ghost->tvm[i].id == id)
            return &ghost->tvm[i];
    }
    return NULL;
}

static int number(const struct ghost *ghost, const struct ghost_tvm *tvm)
{
    return (int)(tvm - ghost->tvm);
}

static int64_t convert(struct ghost *ghost, const uint64_t *a)
{
    int64_t error = check_pages(a[0], a[1]);
    unsigned first;

    if (error)
        return error;
    if (!all_host(ghost, a[0], a[1]) || !find_pages(a[0], a[1], &first))
        return ADDRESS;
    for (unsigned i = first; i < first + a[1]; i++) {
        if (ghost->page[i].maps != 0)
            return ADDRESS;
    }
    for (unsigned i = first; i < first + a[1]; i++)
        ghost->page[i] = (struct ghost_page){G_CONVERTING, 0, ghost->now, 0};
    return SUCCESS;
}

static int64_t reclaim(struct ghost *ghost, const uint64_t *a)
{
    int64_t error = check_pages(a[0], a[1]);
    unsigned first;

    if (error)
        return error;
    if (!all_free(ghost, a[0], a[1]) || !find_pages(a[0], a[1], &first))
        return ADDRESS;
    for (unsigned i = first; i < first + a[1]; i++)
        ghost->page[i] = (struct ghost_page){G_HOST, 0, 0, 0};
    return SUCCESS;
}

static int64_t create(struct ghost *ghost, const uint64_t *a, uint64_t params_at)
{
    unsigned slot = 0;
    uint64_t root = ghost->params[0];
    uint64_t state = ghost->params[1];

    if (a[1] != 16)
        return PARAM;
    if (a[0] != params_at)
        return ADDRESS;
    if (root % (4 * PAGE) != 0 || !all_free(ghost, root, 4) ||
        !all_free(ghost, state, ghost->tvm_pages) ||
        (state < root + 4 * PAGE && root < state + ghost->tvm_pages * PAGE))
        return PARAM;
    while (slot < GHOST_TVMS && ghost->tvm[slot].is_alive)
        slot++;
    if (slot == GHOST_TVMS)
        return FAILED;
    struct ghost_tvm *tvm = &ghost->tvm[slot];
    memset(tvm, 0, sizeof(*tvm));
    tvm->is_alive = true;
    tvm->now = 1;
    for (unsigned i = 0; i < GHOST_HARTS; i++)
        tvm->seen[i] = UINT64_MAX;
    for (unsigned i = 0; i < GHOST_GPAGES; i++)
        tvm->map[i].page = -1;
    give(ghost, (int)slot, root, 4);
    give(ghost, (int)slot, state, ghost->tvm_pages);
    return SUCCESS;
}

static int64_t destroy(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);

    if (!tvm)
        return PARAM;
    for (unsigned i = 0; i < GHOST_VHARTS; i++) {
        if (tvm->vhart[i].is_running)
            return FAILED;
    }
    for (unsigned i = 0; i < GHOST_GPAGES; i++) {
        if (tvm->map[i].page >= 0 && tvm->map[i].is_shared)
            ghost->page[tvm->map[i].page].maps--;
    }
    for (unsigned i = 0; i < GHOST_PAGES; i++) {
        if (ghost->page[i].use == G_TVM && ghost->page[i].tvm == number(ghost, tvm))
            ghost->page[i] = (struct ghost_page){G_FREE, 0, 0, 0};
    }
    tvm->is_alive = false;
    return SUCCESS;
}

/* Pages of a GPA range by number, if all of it is known. */
static bool find_gpages(uint64_t gpa, uint64_t count, unsigned *first)
{
    *first = (unsigned)((gpa - GHOST_GPA) / PAGE);
    return gpa % PAGE == 0 && gpa >= GHOST_GPA && (gpa - GHOST_GPA) / PAGE < GHOST_GPAGES &&
           count <= GHOST_GPAGES - (gpa - GHOST_GPA) / PAGE;
}

static bool is_kind(const struct ghost_tvm *tvm, uint64_t gpa, uint64_t count, enum ghost_kind kind)
{
    unsigned first;

    if (!find_gpages(gpa, count, &first))
        return false;
    for (unsigned i = first; i < first + count; i++) {
        if (tvm->kind[i] != kind)
            return false;
    }
    return true;
}

/* Gives pages a kind, unless there would be more than 32 stretches of one kind. */
static bool set_kind(struct ghost_tvm *tvm, unsigned first, uint64_t count, enum ghost_kind kind)
{
    enum ghost_kind next[GHOST_GPAGES];
    unsigned stretches = 0;

    memcpy(next, tvm->kind, sizeof(next));
    for (unsigned i = first; i < first + count; i++)
        next[i] = kind;
    for (unsigned i = 0; i < GHOST_GPAGES; i++)
        stretches += next[i] != G_NONE && (i == 0 || next[i - 1] != next[i]);
    if (stretches > 32)
        return false;
    memcpy(tvm->kind, next, sizeof(next));
    return true;
}

static int64_t add_region(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);
    unsigned first;

    if (!tvm || tvm->is_runnable)
        return PARAM;
    if (a[1] % PAGE != 0)
        return ADDRESS;
    if (a[2] == 0 || a[2] % PAGE != 0)
        return PARAM;
    if (!is_kind(tvm, a[1], a[2] / PAGE, G_NONE) || !find_gpages(a[1], a[2] / PAGE, &first))
        return ADDRESS;
    return set_kind(tvm, first, a[2] / PAGE, G_CONFIDENTIAL) ? SUCCESS : FAILED;
}

static int64_t add_tables(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);
    int64_t error;

    if (!tvm)
        return PARAM;
    error = check_pages(a[1], a[2]);
    if (error)
        return error;
    if (!all_free(ghost, a[1], a[2]))
        return ADDRESS;
    give(ghost, number(ghost, tvm), a[1], a[2]);
    tvm->tables += (unsigned)a[2];
    return SUCCESS;
}

static unsigned count_mapped(const struct ghost_tvm *tvm)
{
    unsigned count = 0;

    for (unsigned i = 0; i < GHOST_GPAGES; i++)
        count += tvm->map[i].page >= 0;
    return count;
}

/* Room in the tables, and nothing in the way; the tables are then taken. */
static int64_t take_room(struct ghost_tvm *tvm, unsigned first, uint64_t count)
{
    for (unsigned i = first; i < first + count; i++) {
        if (tvm->map[i].page >= 0)
            return ADDRESS;
    }
    if (is_past(tvm->now, tvm->seen, tvm->retired_epoch)) {
        tvm->tables += tvm->retired;
        tvm->retired = 0;
    }
    if (count_mapped(tvm) != 0)
        return SUCCESS;
    if (tvm->tables < 2)
        return FAILED;
    tvm->tables -= 2;
    return SUCCESS;
}

static void map(struct ghost_tvm *tvm, unsigned first, uint64_t base, uint64_t count,
                bool is_shared)
{
    for (unsigned i = 0; i < count; i++)
        tvm->map[first + i] =
            (struct ghost_mapping){(int)((base - GHOST_RAM) / PAGE) + (int)i, true, is_shared, 0};
}

/* What is wrong with a type and a number of pages. Types other than 4 KiB are drawn as none. */
static bool is_number(uint64_t type, uint64_t count)
{
    return type == 0 && count != 0 && count <= GHOST_MOST;
}

static bool is_range(uint64_t base, uint64_t count)
{
    return base % PAGE == 0 && base + (count - 1) * PAGE >= base;
}

static int64_t add_confidential(struct ghost *ghost, struct ghost_tvm *tvm, uint64_t base,
                                uint64_t count, uint64_t gpa)
{
    unsigned first;
    int64_t error;

    if (!is_range(base, count) || !is_range(gpa, count) || !all_free(ghost, base, count) ||
        !is_kind(tvm, gpa, count, G_CONFIDENTIAL) || !find_gpages(gpa, count, &first))
        return ADDRESS;
    error = take_room(tvm, first, count);
    if (error)
        return error;
    give(ghost, number(ghost, tvm), base, count);
    map(tvm, first, base, count, false);
    return SUCCESS;
}

static int64_t add_measured(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);

    if (!tvm || tvm->is_runnable || !is_number(a[3], a[4]))
        return PARAM;
    if (a[1] % PAGE != 0 || !all_host(ghost, a[1], a[4]))
        return ADDRESS;
    return add_confidential(ghost, tvm, a[2], a[4], a[5]);
}

static int64_t add_zero(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);

    if (!tvm || !tvm->is_runnable || !is_number(a[2], a[3]))
        return PARAM;
    return add_confidential(ghost, tvm, a[1], a[3], a[4]);
}

static int64_t add_shared(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);
    unsigned first;
    unsigned page;
    int64_t error;

    if (!tvm || !tvm->is_runnable || !is_number(a[2], a[3]))
        return PARAM;
    if (!is_range(a[1], a[3]) || !is_range(a[4], a[3]) || !all_host(ghost, a[1], a[3]) ||
        !is_kind(tvm, a[4], a[3], G_SHARED) || !find_gpages(a[4], a[3], &first) ||
        !find_pages(a[1], a[3], &page))
        return ADDRESS;
    error = take_room(tvm, first, a[3]);
    if (error)
        return error;
    for (unsigned i = page; i < page + a[3]; i++)
        ghost->page[i].maps++;
    map(tvm, first, a[1], a[3], true);
    return SUCCESS;
}

static int64_t create_vhart(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);

    if (!tvm || tvm->is_runnable || a[1] >= GHOST_VHARTS || tvm->vhart[a[1]].is_there)
        return PARAM;
    if (!all_free(ghost, a[2], ghost->vhart_pages))
        return ADDRESS;
    give(ghost, number(ghost, tvm), a[2], ghost->vhart_pages);
    tvm->vhart[a[1]].is_there = true;
    return SUCCESS;
}

static int64_t finalize(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);

    if (!tvm || tvm->is_runnable || !tvm->vhart[0].is_there || a[1] % 2 != 0)
        return PARAM;
    if (a[3] != 0 && (a[3] % 64 != 0 || !all_host(ghost, a[3] / PAGE * PAGE, 1)))
        return PARAM;
    tvm->is_runnable = true;
    tvm->vhart[0].is_ready = true;
    return SUCCESS;
}

/* A mapping is of the kind that its region is for. */
static bool is_in_place(const struct ghost_tvm *tvm, unsigned page)
{
    return tvm->kind[page] == (tvm->map[page].is_shared ? G_SHARED : G_CONFIDENTIAL);
}

bool ghost_has_shared(const struct ghost *ghost, unsigned hart)
{
    return ghost->nacl[hart] >= 0 &&
           all_host(ghost, GHOST_RAM + (uint64_t)ghost->nacl[hart] * PAGE, 3);
}

static bool may_run(struct ghost *ghost, unsigned hart, struct ghost_tvm *tvm,
                    const struct ghost_vhart *vhart)
{
    if (!ghost_has_shared(ghost, hart) || !vhart->is_ready || vhart->is_running)
        return false;
    if (!vhart->is_waiting)
        return true;
    for (uint64_t i = vhart->first; i <= vhart->last; i++) {
        if (tvm->map[i].page >= 0 && !is_in_place(tvm, (unsigned)i))
            return false;
    }
    return true;
}

static int64_t run(struct ghost *ghost, unsigned hart, const uint64_t *a, bool *runs)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);

    if (!tvm || a[1] >= GHOST_VHARTS || !tvm->vhart[a[1]].is_there || !tvm->is_runnable)
        return PARAM;
    if (!may_run(ghost, hart, tvm, &tvm->vhart[a[1]]))
        return FAILED;
    tvm->vhart[a[1]].is_running = true;
    tvm->vhart[a[1]].is_waiting = false;
    tvm->vhart[a[1]].hart = hart;
    tvm->seen[hart] = tvm->now;
    *runs = true;
    return SUCCESS;
}

enum { INVALIDATE = 17, VALIDATE = 18, REMOVE = 19 };

static bool may_change(const struct ghost_tvm *tvm, unsigned page, uint64_t function)
{
    const struct ghost_mapping *at = &tvm->map[page];

    if (at->page < 0)
        return false;
    if (function == INVALIDATE)
        return at->is_valid;
    if (function == VALIDATE)
        return !at->is_valid && is_in_place(tvm, page);
    return !at->is_valid && !is_in_place(tvm, page) &&
           is_past(tvm->now, tvm->seen, at->is_shared ? tvm->shared_epoch : at->epoch);
}

static void change(struct ghost *ghost, struct ghost_tvm *tvm, unsigned page, uint64_t function)
{
    struct ghost_mapping *at = &tvm->map[page];

    at->is_valid = function == VALIDATE;
    at->epoch = tvm->now;
    if (function == INVALIDATE && at->is_shared)
        tvm->shared_epoch = tvm->now;
    if (function != REMOVE)
        return;
    if (at->is_shared)
        ghost->page[at->page].maps--;
    else
        ghost->page[at->page] = (struct ghost_page){G_FREE, 0, 0, 0};
    at->page = -1;
}

static int64_t change_range(struct ghost *ghost, uint64_t function, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);
    unsigned first;
    int64_t error;

    if (!tvm)
        return PARAM;
    if (a[1] % PAGE != 0)
        return ADDRESS;
    if (a[2] % PAGE != 0)
        return PARAM;
    error = check_pages(a[1], a[2] / PAGE);
    if (error)
        return error;
    if (!find_gpages(a[1], a[2] / PAGE, &first))
        return ADDRESS;
    for (unsigned i = first; i < first + a[2] / PAGE; i++) {
        if (!may_change(tvm, i, function))
            return ADDRESS;
    }
    for (unsigned i = first; i < first + a[2] / PAGE; i++)
        change(ghost, tvm, i, function);
    if (function == REMOVE && count_mapped(tvm) == 0) {
        tvm->retired += 2;
        tvm->retired_epoch = tvm->now;
    }
    return SUCCESS;
}

static int64_t begin_fence(uint64_t *now, const uint64_t *seen)
{
    if (!is_past(*now, seen, *now - 1))
        return STARTED;
    ++*now;
    return SUCCESS;
}

int64_t ghost_call(struct ghost *ghost, unsigned hart, uint64_t function, const uint64_t *a,
                   bool *runs)
{
    struct ghost_tvm *tvm;
    int64_t error;

    *runs = false;
    switch (function) {
    case 1:
        return convert(ghost, a);
    case 2:
        return reclaim(ghost, a);
    case 3:
        error = begin_fence(&ghost->now, ghost->seen);
        if (error == SUCCESS)
            ghost->seen[hart] = ghost->now;
        return error;
    case 4:
        ghost->seen[hart] = ghost->now;
        return SUCCESS;
    case 5:
        return create(ghost, a, a[2]);
    case 6:
        return finalize(ghost, a);
    case 8:
        return destroy(ghost, a);
    case 9:
        return add_region(ghost, a);
    case 10:
        return add_tables(ghost, a);
    case 11:
        return add_measured(ghost, a);
    case 12:
        return add_zero(ghost, a);
    case 13:
        return add_shared(ghost, a);
    case 14:
        return create_vhart(ghost, a);
    case 15:
        return run(ghost, hart, a, runs);
    case 16:
        tvm = find(ghost, a[0]);
        return tvm ? begin_fence(&tvm->now, tvm->seen) : PARAM;
    case INVALIDATE:
    case VALIDATE:
    case REMOVE:
        return change_range(ghost, function, a);
    default:
        return NOT_SUPPORTED;
    }
}

int64_t ghost_inject(struct ghost *ghost, const uint64_t *a)
{
    struct ghost_tvm *tvm = find(ghost, a[0]);

    if (!tvm || !tvm->is_runnable || a[1] >= GHOST_VHARTS || !tvm->vhart[a[1]].is_there ||
        a[2] >= GHOST_NUMBERS || !tvm->vhart[a[1]].allowed[a[2]])
        return PARAM;
    tvm->vhart[a[1]].pending[a[2]] = true;
    return SUCCESS;
}

int64_t ghost_share(struct ghost *ghost, unsigned hart, const uint64_t *a)
{
    unsigned first;

    if (a[2] != 0 || a[0] % PAGE != 0)
        return PARAM;
    if (a[1] != 0 || !all_host(ghost, a[0], 3) || !find_pages(a[0], 3, &first))
        return ADDRESS;
    ghost->nacl[hart] = (int)first;
    return SUCCESS;
}

struct ghost_vhart *ghost_running(struct ghost *ghost, unsigned hart, struct ghost_tvm **tvm)
{
    for (unsigned i = 0; i < GHOST_TVMS; i++) {
        for (unsigned k = 0; k < GHOST_VHARTS; k++) {
            struct ghost_vhart *vhart = &ghost->tvm[i].vhart[k];
            *tvm = &ghost->tvm[i];
            if ((*tvm)->is_alive && vhart->is_running && vhart->hart == hart)
                return vhart;
        }
    }
    *tvm = NULL;
    return NULL;
}

void ghost_leave(struct ghost *ghost, unsigned hart)
{
    struct ghost_tvm *tvm;
    struct ghost_vhart *vhart = ghost_running(ghost, hart, &tvm);

    if (!vhart)
        return;
    vhart->is_running = false;
    /* Without a place to show anything in, it cannot go on. */
    vhart->is_ready = ghost_has_shared(ghost, hart);
    tvm->seen[hart] = UINT64_MAX;
}

/* share and unshare of known addresses. */
static int64_t turn(struct ghost_tvm *tvm, struct ghost_vhart *vhart, const uint64_t *a,
                    bool to_shared)
{
    enum ghost_kind from = to_shared ? G_CONFIDENTIAL : G_SHARED;
    unsigned first;

    if (a[0] % PAGE != 0)
        return ADDRESS;
    if (a[1] == 0 || a[1] % PAGE != 0)
        return PARAM;
    if (a[0] + (a[1] - 1) < a[0] || (a[0] + (a[1] - 1)) >> 41 != 0)
        return ADDRESS;
    if (!is_kind(tvm, a[0], a[1] / PAGE, from) || !find_gpages(a[0], a[1] / PAGE, &first))
        return PARAM;
    if (!set_kind(tvm, first, a[1] / PAGE, to_shared ? G_SHARED : G_CONFIDENTIAL))
        return FAILED;
    vhart->is_waiting = true;
    vhart->first = first;
    vhart->last = first + a[1] / PAGE - 1;
    return SUCCESS;
}

int64_t ghost_ask(struct ghost *ghost, unsigned hart, uint64_t function, const uint64_t *a,
                  bool *is_told)
{
    struct ghost_tvm *tvm;
    struct ghost_vhart *vhart = ghost_running(ghost, hart, &tvm);
    int64_t error = SUCCESS;

    switch (function) {
    case 2:
    case 3:
        error = turn(tvm, vhart, a, function == 2);
        break;
    case 4:
    case 5:
        if (a[0] == 0 || a[0] >= GHOST_NUMBERS) {
            error = PARAM;
            break;
        }
        vhart->allowed[a[0]] = function == 4;
        vhart->pending[a[0]] = false;
        break;
    default:
        error = NOT_SUPPORTED;
        break;
    }
    *is_told = error == SUCCESS;
    return error;
}
