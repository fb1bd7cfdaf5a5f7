/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exact walk: the manual's algorithm, with every reason told apart. It
 * serves what the plain walk (walk_plain.h) gives up: faults, unusual entries,
 * updates of A and D, traces, and memory behind the port.
 *
 * Here too an entry is first held against its one-comparison test; whatever
 * does not pass goes to judge_g() or judge_vs(), which know all the rules. A
 * pointer that does not pass is never a good one, so only leaves get through.
 */
#include "walk_plain.h"

/* How a part of a walk ends. */
enum end { WALKS_ON, FAULTED, RACED };

/* Which stages a call asks for. */
enum parts { PART_VS = 1, PART_G = 2 };

/* An entry and where it was found. */
struct entry {
    hvrv_pte pte;
    hvrv_hpa address;
    unsigned level;
};

/* What a plain walk by the port has read, in the order in which the exact walk reads it. */
struct known {
    const uint64_t *next;
    const uint64_t *end;
    bool refused; /* the port refused what comes after end */
};

/* The most that a walk reads: six G-stage walks of five levels, and five VS-stage entries. */
#define READS_MAX 35

/* What the exact walk is asked to do. */
struct task {
    unsigned parts;           /* enum parts */
    struct known known;       /* nothing, unless a plain walk by the port came before */
    uint64_t read[READS_MAX]; /* what that has read; for known to point to */
};

/* One call: what it was given, and how far it got. */
struct pass {
    const struct hvrv_walk *walk;
    const struct hvrv_walk_request *request;
    struct hvrv_walk_result *result;
    uint64_t gpa;        /* what the G-stage is asked to translate */
    bool implicit;       /* gpa is that of a VS-stage entry */
    bool implicit_write; /* which is to be updated */
    struct entry vs;     /* the entry the VS-stage has come to */
    struct entry g;      /* the entry the G-stage has come to, for gpa */
    struct known known;  /* the entries that need not be read again */
};

static COLD enum end fail(struct pass *pass, enum hvrv_stage stage, enum hvrv_reason reason)
{
    bool is_g = stage == HVRV_STAGE_G;
    bool is_implicit = is_g && pass->implicit;
    const struct entry *entry = is_g ? &pass->g : &pass->vs;
    enum hvrv_fault_class fault_class = reason == HVRV_REASON_REFUSED ? HVRV_FAULT_ACCESS
                                        : is_g                        ? HVRV_FAULT_GUEST_PAGE
                                                                      : HVRV_FAULT_PAGE;
    struct hvrv_fault *fault = &pass->result->fault;
    pass->result->faulted = true;
    fault->stval = pass->request->gva.v;
    fault->htval = 0;
    fault->htinst = 0;
    if (fault_class == HVRV_FAULT_GUEST_PAGE) {
        fault->htval = pass->gpa >> 2;
        if (is_implicit)
            fault->htinst =
                pass->implicit_write ? HVRV_HTINST_PSEUDO_WRITE64 : HVRV_HTINST_PSEUDO_READ64;
    }
    fault->pte = entry->pte.v;
    fault->pte_address = entry->address.v;
    fault->cause = hvrv_cause_of(fault_class, pass->request->access);
    fault->stage = stage;
    fault->reason = reason;
    fault->access = pass->request->access;
    fault->level = (uint8_t)entry->level;
    fault->gva = true;
    fault->implicit = is_implicit;
    return FAULTED;
}

/* Step 2: the entry's value, from the plain walk if it has been there. */
static bool load_entry(struct pass *pass, struct entry *entry)
{
    struct known *known = &pass->known;
    if (known->next != known->end) {
        entry->pte.v = *known->next++;
        return true;
    }
    if (known->refused)
        return false;
    return hvrv_phys_load(pass->walk->phys, entry->address, &entry->pte.v) == HVRV_OK;
}

static COLD enum end read_entry(struct pass *pass, enum hvrv_stage stage, struct entry *entry)
{
    const struct hvrv_walk *walk = pass->walk;
    entry->pte.v = 0;
    if (!load_entry(pass, entry))
        return fail(pass, stage, HVRV_REASON_REFUSED);
    if (walk->trace) {
        uint64_t address = stage == HVRV_STAGE_G ? pass->gpa : pass->request->gva.v;
        struct hvrv_walk_step step = {stage, entry->level, address, entry->address, entry->pte};
        walk->trace(walk->trace_context, &step);
    }
    return WALKS_ON;
}

static unsigned pte_rules(const struct hvrv_walk_regime *regime, enum hvrv_stage stage)
{
    bool svpbmt = stage == HVRV_STAGE_G ? regime->g_pbmte : regime->vs_pbmte;
    return (svpbmt ? (unsigned)HVRV_PTE_RULE_SVPBMT : 0) |
           (regime->svnapot ? (unsigned)HVRV_PTE_RULE_SVNAPOT : 0) |
           (regime->svrsw60t59b ? (unsigned)HVRV_PTE_RULE_SVRSW60T59B : 0);
}

/* Step 6: the U bit. The G-stage counts every access as one by U-mode (norm:H_vm_gpapriv). */
static enum hvrv_reason check_user(const struct pass *pass, enum hvrv_stage stage, hvrv_pte pte)
{
    bool is_user_page = (pte.v & HVRV_PTE_U) != 0;
    if (stage == HVRV_STAGE_G || pass->request->privilege == HVRV_WALK_VU)
        return is_user_page ? HVRV_REASON_NONE : HVRV_REASON_USER;
    if (!is_user_page)
        return HVRV_REASON_NONE;
    if (pass->request->access == HVRV_ACCESS_FETCH)
        return HVRV_REASON_USER;
    return pass->walk->regime.vs_sum ? HVRV_REASON_NONE : HVRV_REASON_SUM;
}

/* Whether X grants loads: vsstatus.MXR in the VS-stage alone, sstatus.MXR in both. */
static bool mxr_counts(const struct pass *pass, enum hvrv_stage stage)
{
    const struct hvrv_walk_regime *regime = &pass->walk->regime;
    if (stage == HVRV_STAGE_VS)
        return regime->vs_mxr || regime->hs_mxr;
    return regime->hs_mxr && (!pass->implicit || regime->hs_mxr_implicit);
}

/* Step 8: R, W and X. */
static enum hvrv_reason check_permission(const struct pass *pass, enum hvrv_stage stage,
                                         hvrv_pte pte, enum hvrv_access access)
{
    uint64_t granting = HVRV_PTE_X;
    enum hvrv_reason reason = HVRV_REASON_NOT_EXECUTABLE;
    if (access == HVRV_ACCESS_LOAD) {
        granting = mxr_counts(pass, stage) ? HVRV_PTE_R | HVRV_PTE_X : HVRV_PTE_R;
        reason = HVRV_REASON_NOT_READABLE;
    } else if (access == HVRV_ACCESS_STORE) {
        granting = HVRV_PTE_W;
        reason = HVRV_REASON_NOT_WRITABLE;
    }
    return pte.v & granting ? HVRV_REASON_NONE : reason;
}

/* The bits of A and D that the access wants set and that are not. */
static uint64_t missing_ad(hvrv_pte pte, enum hvrv_access access)
{
    uint64_t wanted = access == HVRV_ACCESS_STORE ? HVRV_PTE_A | HVRV_PTE_D : HVRV_PTE_A;
    return wanted & ~pte.v;
}

/* Steps 3 to 8, and 9 where A and D are not updated. */
static enum hvrv_reason check_leaf(const struct pass *pass, enum hvrv_stage stage,
                                   const struct entry *entry, enum hvrv_access access)
{
    const struct hvrv_walk_regime *regime = &pass->walk->regime;
    enum hvrv_reason reason = hvrv_pte_check(entry->pte, entry->level, pte_rules(regime, stage));
    if (reason == HVRV_REASON_NONE)
        reason = check_user(pass, stage, entry->pte);
    if (reason == HVRV_REASON_NONE)
        reason = check_permission(pass, stage, entry->pte, access);
    uint64_t missing = missing_ad(entry->pte, access);
    enum hvrv_walk_ad ad = stage == HVRV_STAGE_G ? regime->g_ad : regime->vs_ad;
    if (reason == HVRV_REASON_NONE && missing && ad == HVRV_WALK_AD_FAULT)
        reason = missing & HVRV_PTE_A ? HVRV_REASON_ACCESSED : HVRV_REASON_DIRTY;
    return reason;
}

/* Step 9 under HVRV_WALK_AD_UPDATE. */
static enum end update(struct pass *pass, enum hvrv_stage stage, struct entry *leaf, uint64_t bits)
{
    uint64_t seen = leaf->pte.v;
    enum hvrv_status status =
        hvrv_phys_compare_and_swap(pass->walk->phys, leaf->address, &seen, seen | bits);
    if (status == HVRV_ERR_RACE)
        return RACED;
    if (status != HVRV_OK)
        return fail(pass, stage, HVRV_REASON_REFUSED);
    leaf->pte.v |= bits;
    return WALKS_ON;
}

/* The whole truth about an entry of the G-stage that did not pass its test. */
static COLD enum end judge_g(struct pass *pass, enum hvrv_access access)
{
    enum hvrv_reason reason = check_leaf(pass, HVRV_STAGE_G, &pass->g, access);
    if (reason != HVRV_REASON_NONE)
        return fail(pass, HVRV_STAGE_G, reason);
    uint64_t missing = missing_ad(pass->g.pte, access);
    if (!missing || pass->walk->regime.g_ad != HVRV_WALK_AD_UPDATE)
        return WALKS_ON;
    return update(pass, HVRV_STAGE_G, &pass->g, missing);
}

/*
 * The same for the VS-stage. An update is an implicit store, which the G-stage
 * leaf that maps the entry must allow, and which makes that page dirty.
 */
static COLD enum end judge_vs(struct pass *pass)
{
    enum hvrv_access access = pass->request->access;
    enum hvrv_reason reason = check_leaf(pass, HVRV_STAGE_VS, &pass->vs, access);
    if (reason != HVRV_REASON_NONE)
        return fail(pass, HVRV_STAGE_VS, reason);
    uint64_t missing = missing_ad(pass->vs.pte, access);
    if (!missing || pass->walk->regime.vs_ad != HVRV_WALK_AD_UPDATE)
        return WALKS_ON;
    if (pass->walk->g_levels) {
        pass->implicit_write = true;
        enum end end = judge_g(pass, HVRV_ACCESS_STORE);
        if (end != WALKS_ON)
            return end;
    }
    return update(pass, HVRV_STAGE_VS, &pass->vs, missing);
}

/* The page of a leaf with the address's low bits taken over, NAPOT included. */
static uint64_t page_address(const struct entry *leaf, uint64_t address)
{
    uint64_t offset = HVRV_BIT(hvrv_pte_page_shift(leaf->pte, leaf->level)) - 1;
    return hvrv_pte_address(leaf->pte) | (address & offset);
}

static ALWAYS_INLINE uint64_t slot(hvrv_pte table, uint64_t address, unsigned level)
{
    uint64_t index = (address >> hvrv_level_shift(level)) & (HVRV_TABLE_ENTRIES - 1);
    return hvrv_pte_address(table) + index * 8;
}

/* pass->gpa becomes an HPA. The bound of the loop is the number of levels. */
static ALWAYS_INLINE enum end g_stage(struct pass *pass, hvrv_hpa *hpa)
{
    const struct hvrv_walk *walk = pass->walk;
    enum hvrv_access access = pass->implicit ? HVRV_ACCESS_LOAD : pass->request->access;
    struct entry *g = &pass->g;
    hpa->v = pass->gpa;
    *g = (struct entry){.level = walk->g_levels};
    if (walk->g_levels == 0)
        return WALKS_ON;
    if (pass->gpa >> walk->g_width)
        return fail(pass, HVRV_STAGE_G, HVRV_REASON_TOO_WIDE);
    /* The root has 2048 entries: its index is all of the upper bits. */
    g->level--;
    g->address.v = walk->regime.g_root.v + (pass->gpa >> hvrv_level_shift(g->level)) * 8;
    enum end end = read_entry(pass, HVRV_STAGE_G, g);
    while (end == WALKS_ON && g->level > 0 && passes(g->pte.v, walk->table)) {
        g->level--;
        g->address.v = slot(g->pte, pass->gpa, g->level);
        end = read_entry(pass, HVRV_STAGE_G, g);
    }
    if (end == WALKS_ON && (g->level > 0 || !passes(g->pte.v, walk->leaf[access].g)))
        end = judge_g(pass, access);
    hpa->v = page_address(g, pass->gpa);
    return end;
}

/* Takes the VS-stage's leaf for its word: the GPA of the access is known. */
static void leave_vs_stage(struct pass *pass)
{
    struct hvrv_walk_page *page = &pass->result->page;
    page->vs_pte = pass->vs.pte;
    page->vs_pte_address = pass->vs.address;
    page->vs_shift = hvrv_level_shift(pass->vs.level);
    pass->gpa = page_address(&pass->vs, pass->request->gva.v);
    pass->implicit = false;
}

/* Reads the VS-stage's entry; pass->gpa becomes the next one's GPA, or that of the access. */
static ALWAYS_INLINE enum end vs_stage(struct pass *pass, hvrv_hpa entry)
{
    const struct hvrv_walk *walk = pass->walk;
    const struct hvrv_walk_request *request = pass->request;
    pass->vs.address = entry;
    enum end end = read_entry(pass, HVRV_STAGE_VS, &pass->vs);
    if (end != WALKS_ON)
        return end;
    if (pass->vs.level > 0 && passes(pass->vs.pte.v, walk->table)) {
        pass->vs.level--;
        pass->gpa = slot(pass->vs.pte, request->gva.v, pass->vs.level);
        return WALKS_ON;
    }
    if (pass->vs.level > 0 || !passes(pass->vs.pte.v, leaf_tests(walk, request)->vs))
        end = judge_vs(pass);
    if (end == WALKS_ON)
        leave_vs_stage(pass);
    return end;
}

/* Step 1: what the G-stage is asked first. */
static enum end begin(struct pass *pass, unsigned parts)
{
    const struct hvrv_walk *walk = pass->walk;
    struct hvrv_walk_page *page = &pass->result->page;
    uint64_t gva = pass->request->gva.v;
    page->vs_pte.v = page->vs_pte_address.v = page->vs_shift = 0;
    pass->gpa = gva;
    pass->implicit = pass->implicit_write = false;
    pass->vs = (struct entry){.level = walk->vs_levels};
    if (walk->vs_levels == 0 || !(parts & PART_VS))
        return WALKS_ON;
    if (!is_canonical(gva, walk->vs_unused_bits))
        return fail(pass, HVRV_STAGE_VS, HVRV_REASON_NOT_CANONICAL);
    pass->implicit = true;
    pass->vs.level--;
    pass->gpa = slot((hvrv_pte){walk->regime.vs_root.v >> 2}, gva, pass->vs.level);
    return WALKS_ON;
}

/*
 * Each turn takes one GPA through the G-stage: first those of the VS-stage's
 * entries, from the root down, and at last that of the access itself.
 */
static enum end walk_stages(struct pass *pass, unsigned parts)
{
    enum end end = begin(pass, parts);
    hvrv_hpa hpa = {0};
    pass->g = (struct entry){0};
    while (end == WALKS_ON && (pass->implicit || (parts & PART_G))) {
        end = g_stage(pass, &hpa);
        if (end != WALKS_ON || !pass->implicit)
            break;
        end = vs_stage(pass, hpa);
    }
    if (end != WALKS_ON)
        return end;
    struct hvrv_walk_page *page = &pass->result->page;
    bool with_g = (parts & PART_G) != 0;
    pass->result->faulted = false;
    page->gpa.v = pass->gpa;
    page->hpa.v = with_g ? hpa.v : 0;
    page->g_pte.v = with_g ? pass->g.pte.v : 0;
    page->g_pte_address.v = with_g ? pass->g.address.v : 0;
    page->g_shift = with_g && pass->g.pte.v ? hvrv_level_shift(pass->g.level) : 0;
    return WALKS_ON;
}

static bool is_request(const struct hvrv_walk_request *request)
{
    return (unsigned)request->access < HVRV_ACCESS_COUNT &&
           (unsigned)request->privilege <= HVRV_WALK_VS;
}

/* A whole call, exactly, with its arguments checked. */
static COLD enum hvrv_status exact(const struct hvrv_walk *walk,
                                   const struct hvrv_walk_request *request,
                                   struct hvrv_walk_result *result, const struct task *task)
{
    enum hvrv_status status = HVRV_ERR_NULL;
    if (walk && request && result) {
        struct pass pass = {
            .walk = walk, .request = request, .result = result, .known = task->known};
        if (!walk->phys)
            status = HVRV_ERR_STATE;
        else if (!is_request(request))
            status = HVRV_ERR_ARGUMENT;
        else
            status = walk_stages(&pass, task->parts) == RACED ? HVRV_ERR_RACE : HVRV_OK;
    }
    if (result && status != HVRV_OK)
        *result = (struct hvrv_walk_result){0};
    return status;
}

/* A plain walk that needs more than plain_begin() gives; false if the exact walk must follow. */
static ALWAYS_INLINE bool plain_elsewhere(const struct hvrv_walk *walk,
                                          const struct hvrv_walk_request *request,
                                          struct hvrv_walk_result *result, struct task *task)
{
    struct plain_g g = plain_begin(walk);
    g.root_shift = walk->plain_root_shift;
    g.levels_above_3 = walk->g_levels_above_3;
    g.next = task->read;
    if (walk->plain == PLAIN_PORT) {
        g.context = walk->phys->context;
        g.load = walk->phys->ops->load;
    }
    if (plain_two_stage(&g, walk, request, result))
        return true;
    task->known = (struct known){task->read, g.next, g.refused};
    return false;
}

/* What the plain walk in the window did not do. */
static NOINLINE enum hvrv_status not_by_window(const struct hvrv_walk *walk,
                                               const struct hvrv_walk_request *request,
                                               struct hvrv_walk_result *result)
{
    struct task task;
    if (walk && request && result && walk->plain >= PLAIN_DEEP && is_request(request)) {
        if (plain_elsewhere(walk, request, result, &task))
            return HVRV_OK;
    } else {
        task.known = (struct known){0};
    }
    task.parts = PART_VS | PART_G;
    return exact(walk, request, result, &task);
}

enum hvrv_status hvrv_walk_two_stage(const struct hvrv_walk *walk,
                                     const struct hvrv_walk_request *request,
                                     struct hvrv_walk_result *result)
{
    if (walk && request && result && walk->plain == PLAIN_WINDOW && is_request(request)) {
        struct plain_g g = plain_begin(walk);
        if (plain_two_stage(&g, walk, request, result))
            return HVRV_OK;
    }
    return not_by_window(walk, request, result);
}

enum hvrv_status hvrv_walk_vs_stage(const struct hvrv_walk *walk,
                                    const struct hvrv_walk_request *request,
                                    struct hvrv_walk_result *result)
{
    struct task task;
    task.parts = PART_VS;
    task.known = (struct known){0};
    return exact(walk, request, result, &task);
}

enum hvrv_status hvrv_walk_g_stage(const struct hvrv_walk *walk, hvrv_gpa gpa,
                                   enum hvrv_access access, struct hvrv_walk_result *result)
{
    struct hvrv_walk_request request = {{gpa.v}, access, HVRV_WALK_VS};
    struct task task;
    task.parts = PART_G;
    task.known = (struct known){0};
    return exact(walk, &request, result, &task);
}

/* What a leaf maps, NAPOT included; all there is if its stage is Bare. */
static unsigned leaf_shift(hvrv_pte pte, unsigned level_shift)
{
    if (!pte.v)
        return HVRV_HPA_WIDTH;
    return pte.v & HVRV_PTE_N ? HVRV_NAPOT_SHIFT : level_shift;
}

unsigned hvrv_walk_page_shift(const struct hvrv_walk_page *page)
{
    unsigned vs = leaf_shift(page->vs_pte, page->vs_shift);
    unsigned g = leaf_shift(page->g_pte, page->g_shift);
    return vs < g ? vs : g;
}

uint64_t hvrv_walk_permissions(const struct hvrv_walk_page *page)
{
    uint64_t vs = page->vs_pte.v ? page->vs_pte.v : HVRV_PTE_RWX | HVRV_PTE_U;
    uint64_t g = page->g_pte.v ? page->g_pte.v : HVRV_PTE_RWX;
    return (vs & g & HVRV_PTE_RWX) | (vs & HVRV_PTE_U);
}

enum hvrv_pbmt hvrv_walk_pbmt(const struct hvrv_walk_page *page)
{
    unsigned vs = hvrv_pte_pbmt(page->vs_pte);
    return (enum hvrv_pbmt)(vs ? vs : hvrv_pte_pbmt(page->g_pte));
}
