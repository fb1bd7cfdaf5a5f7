/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/walk_model.h"

#include <stdlib.h>
#include <string.h>

/* One translation under way. */
struct run {
    const struct walk_model *model;
    struct walk_model_outcome *out;
    uint64_t va;   /* the original address */
    char access;   /* the original access */
    bool user;     /* by VU-mode */
    bool implicit; /* the G-stage works for a VS-stage PTE now */
    bool writing;  /* to update its A or D */
    uint64_t gpa;  /* what the G-stage works on */
};

static bool bit(uint64_t value, int n)
{
    return ((value >> n) & 1) != 0;
}

static uint64_t field(uint64_t value, int high, int low)
{
    uint64_t result = 0;

    for (int n = high; n >= low; n--)
        result = result * 2 + (bit(value, n) ? 1 : 0);
    return result;
}

/* LEVELS of the algorithm. */
static int levels_of(unsigned mode)
{
    switch (mode) {
    case 8:
        return 3;
    case 9:
        return 4;
    case 10:
        return 5;
    default:
        abort();
    }
}

/* The three causes a kind of fault has, by the original access. */
static unsigned cause(char access, unsigned fetch, unsigned load, unsigned store)
{
    if (access == 'x')
        return fetch;
    return access == 'w' ? store : load;
}

static bool fault(struct run *run, char stage, const struct walk_model_leaf *at, const char *reason)
{
    struct walk_model_outcome *out = run->out;
    bool refused = strcmp(reason, "refused") == 0;

    out->faulted = true;
    out->stage = stage;
    out->reason = reason;
    out->level = at->level;
    out->pte = at->pte;
    out->pte_address = at->address;
    out->stval = run->va;
    out->htval = 0;
    out->htinst = 0;
    out->implicit = stage == 'G' && run->implicit;
    if (refused) {
        out->scause = cause(run->access, 1, 5, 7);
    } else if (stage == 'V') {
        out->scause = cause(run->access, 12, 13, 15);
    } else {
        out->scause = cause(run->access, 20, 21, 23);
        out->htval = run->gpa / 4;
        if (run->implicit)
            out->htinst = run->writing ? 0x3020 : 0x3000;
    }
    return false;
}

/* Step 2. */
static bool read_pte(struct run *run, char stage, struct walk_model_leaf *at)
{
    struct walk_model_outcome *out = run->out;

    at->pte = 0;
    if (!run->model->read(run->model->memory, at->address, &at->pte)) {
        at->pte = 0;
        return fault(run, stage, at, "refused");
    }
    if (out->reads == WALK_MODEL_STEPS_MAX)
        abort();
    struct walk_model_step *step = &out->steps[out->reads];
    step->stage = stage;
    step->level = at->level;
    step->address = stage == 'G' ? run->gpa : run->va;
    step->pte_address = at->address;
    step->pte = at->pte;
    out->reads++;
    return true;
}

static bool is_leaf(uint64_t pte)
{
    return bit(pte, 1) || bit(pte, 3);
}

/* Steps 3, 4 and 5: null if the entry is in order. */
static const char *wrong_encoding(const struct walk_model *model, char stage, uint64_t pte, int i)
{
    bool v = bit(pte, 0), r = bit(pte, 1), w = bit(pte, 2);
    bool pbmte = stage == 'V' ? model->henvcfg_pbmte : model->menvcfg_pbmte;
    uint64_t pbmt = field(pte, 62, 61);

    if (!v)
        return "not-valid";
    if (!r && w)
        return "write-without-read";
    if (field(pte, 58, 54) != 0)
        return "reserved-bits";
    if (!model->svrsw60t59b && field(pte, 60, 59) != 0)
        return "reserved-bits";
    if (!is_leaf(pte)) {
        bool u = bit(pte, 4), a = bit(pte, 6), d = bit(pte, 7), n = bit(pte, 63);

        if (u || a || d || n || pbmt != 0)
            return "reserved-in-table";
        return i == 0 ? "no-leaf" : NULL;
    }
    if (pbmt == 3 || (pbmt != 0 && !pbmte))
        return "reserved-pbmt";
    if (bit(pte, 63) && !(model->svnapot && i == 0 && field(pte, 13, 10) == 8))
        return "reserved-napot";
    /* ppn[i-1:0], nine bits each from bit 10 on, must be 0. */
    for (int n = 0; n < 9 * i; n++) {
        if (bit(pte, 10 + n))
            return "misaligned";
    }
    return NULL;
}

/* Step 6. */
static const char *wrong_user(const struct run *run, char stage, uint64_t pte)
{
    bool u = bit(pte, 4);
    bool as_user = stage == 'G' || run->user;

    if (as_user)
        return u ? NULL : "user";
    if (!u)
        return NULL;
    if (run->access == 'x')
        return "user";
    return run->model->vsstatus_sum ? NULL : "sum";
}

/* Whether MXR is 1 for this access. */
static bool mxr(const struct run *run, char stage)
{
    const struct walk_model *model = run->model;

    if (stage == 'V')
        return model->vsstatus_mxr || model->sstatus_mxr;
    if (run->implicit && !model->sstatus_mxr_for_implicit)
        return false;
    return model->sstatus_mxr;
}

/* Step 8. */
static const char *wrong_permission(const struct run *run, char stage, uint64_t pte, char access)
{
    bool r = bit(pte, 1), w = bit(pte, 2), x = bit(pte, 3);

    switch (access) {
    case 'r':
        return r || (x && mxr(run, stage)) ? NULL : "not-readable";
    case 'w':
        return w ? NULL : "not-writable";
    default: /* fetches and HLVX */
        return x ? NULL : "not-executable";
    }
}

/* Step 9 up to the update. */
static const char *wrong_ad(const struct run *run, char stage, uint64_t pte, char access)
{
    char policy = stage == 'V' ? run->model->vs_ad : run->model->g_ad;

    if (policy != 'f')
        return NULL;
    if (!bit(pte, 6))
        return "accessed";
    return access == 'w' && !bit(pte, 7) ? "dirty" : NULL;
}

static bool wants_update(const struct run *run, char stage, uint64_t pte, char access)
{
    char policy = stage == 'V' ? run->model->vs_ad : run->model->g_ad;

    return policy == 'u' && (!bit(pte, 6) || (access == 'w' && !bit(pte, 7)));
}

/* Step 9, the update. */
static bool update(struct run *run, char stage, char access, struct walk_model_leaf *leaf)
{
    uint64_t pte = leaf->pte | 1 << 6;

    if (access == 'w')
        pte |= 1 << 7;
    if (!run->model->write(run->model->memory, leaf->address, pte))
        return fault(run, stage, leaf, "refused");
    leaf->pte = pte;
    return true;
}

static const char *wrong_leaf(const struct run *run, char stage, uint64_t pte, char access)
{
    const char *reason = wrong_user(run, stage, pte);

    if (!reason)
        reason = wrong_permission(run, stage, pte, access);
    if (!reason)
        reason = wrong_ad(run, stage, pte, access);
    return reason;
}

/* Steps 6 to 9 in the G-stage. */
static bool use_g_leaf(struct run *run, char access, struct walk_model_leaf *leaf)
{
    const char *reason = wrong_leaf(run, 'G', leaf->pte, access);

    if (reason)
        return fault(run, 'G', leaf, reason);
    return !wants_update(run, 'G', leaf->pte, access) || update(run, 'G', access, leaf);
}

/* Step 10; of a NAPOT entry the low four bits of the PPN are those of the VPN. */
static uint64_t physical(const struct walk_model_leaf *leaf, uint64_t va)
{
    uint64_t ppn = field(leaf->pte, 53, 10);
    uint64_t vpn = va / 4096;
    int low = bit(leaf->pte, 63) ? 4 : 9 * leaf->level;

    for (int n = 0; n < low; n++) {
        ppn &= ~((uint64_t)1 << n);
        ppn |= vpn & ((uint64_t)1 << n);
    }
    return ppn * 4096 + va % 4096;
}

static bool g_stage(struct run *run, uint64_t gpa, struct walk_model_leaf *leaf, uint64_t *hpa)
{
    const struct walk_model *model = run->model;
    char access = run->implicit ? 'r' : run->access;

    memset(leaf, 0, sizeof(*leaf));
    run->gpa = gpa;
    *hpa = gpa;
    if (model->hgatp_mode == 0)
        return true;
    int levels = levels_of(model->hgatp_mode);
    int width = 12 + 9 * levels + 2;
    uint64_t a = model->hgatp_ppn * 4096;

    leaf->level = levels;
    if (field(gpa, 63, width) != 0)
        return fault(run, 'G', leaf, "too-wide");
    for (int i = levels - 1;; i--) {
        int high = i == levels - 1 ? width - 1 : 12 + 9 * i + 8;

        leaf->level = i;
        leaf->address = a + field(gpa, high, 12 + 9 * i) * 8;
        if (!read_pte(run, 'G', leaf))
            return false;
        const char *reason = wrong_encoding(model, 'G', leaf->pte, i);
        if (reason)
            return fault(run, 'G', leaf, reason);
        if (is_leaf(leaf->pte))
            break;
        a = field(leaf->pte, 53, 10) * 4096;
    }
    if (!use_g_leaf(run, access, leaf))
        return false;
    leaf->is_there = true;
    *hpa = physical(leaf, gpa);
    return true;
}

/* Steps 6 to 9 in the VS-stage; g is the G-stage's leaf for the page with the entry. */
static bool use_vs_leaf(struct run *run, struct walk_model_leaf *leaf, struct walk_model_leaf *g)
{
    const char *reason = wrong_leaf(run, 'V', leaf->pte, run->access);

    if (reason)
        return fault(run, 'V', leaf, reason);
    if (!wants_update(run, 'V', leaf->pte, run->access))
        return true;
    if (g->is_there) {
        run->writing = true;
        if (!use_g_leaf(run, 'w', g))
            return false;
    }
    return update(run, 'V', run->access, leaf);
}

static bool is_canonical(uint64_t va, int width)
{
    for (int n = width; n < 64; n++) {
        if (bit(va, n) != bit(va, width - 1))
            return false;
    }
    return true;
}

static bool vs_stage(struct run *run, struct walk_model_leaf *leaf, uint64_t *gpa)
{
    const struct walk_model *model = run->model;
    uint64_t va = run->va;

    memset(leaf, 0, sizeof(*leaf));
    *gpa = va;
    if (model->vsatp_mode == 0)
        return true;
    int levels = levels_of(model->vsatp_mode);
    uint64_t a = model->vsatp_ppn * 4096;
    struct walk_model_leaf g;

    leaf->level = levels;
    if (!is_canonical(va, 12 + 9 * levels))
        return fault(run, 'V', leaf, "not-canonical");
    run->implicit = true;
    for (int i = levels - 1;; i--) {
        if (!g_stage(run, a + field(va, 12 + 9 * i + 8, 12 + 9 * i) * 8, &g, &leaf->address))
            return false;
        leaf->level = i;
        if (!read_pte(run, 'V', leaf))
            return false;
        const char *reason = wrong_encoding(model, 'V', leaf->pte, i);
        if (reason)
            return fault(run, 'V', leaf, reason);
        if (is_leaf(leaf->pte))
            break;
        a = field(leaf->pte, 53, 10) * 4096;
    }
    if (!use_vs_leaf(run, leaf, &g))
        return false;
    run->implicit = false;
    leaf->is_there = true;
    *gpa = physical(leaf, va);
    return true;
}

void walk_model_run(const struct walk_model *model, const char *stages, uint64_t va, char access,
                    bool user, struct walk_model_outcome *outcome)
{
    struct run run = {.model = model, .out = outcome, .va = va, .access = access, .user = user};

    memset(outcome, 0, sizeof(*outcome));
    outcome->gpa = va;
    if (strchr(stages, 'V') && !vs_stage(&run, &outcome->vs, &outcome->gpa))
        return;
    if (strchr(stages, 'G'))
        g_stage(&run, outcome->gpa, &outcome->g, &outcome->hpa);
}
