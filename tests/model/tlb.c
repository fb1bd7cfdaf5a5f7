/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/tlb.h"

#include <string.h>

#include "model/tlb_entry.h"
#include "model/walk_model.h"

/* Fields, as the manual draws them. */
#define MXR  19
#define SUM  18
#define SPVP 8

#define PSEUDO_READ  0x3000
#define PSEUDO_WRITE 0x3020

/* One access under way. */
struct use {
    struct model_tlb *tlb;
    const struct model_tlb_access *access;
    struct hvrv_hart_trap *trap;
    bool has_trap; /* a G-stage fault for an entry of the VS-stage has filled it */
    bool is_mere;  /* nobody accesses: a walk ahead, which updates nothing */
};

/* One stage's translation of one address: a walk, or the use of an entry that was kept. */
struct look {
    struct use *use;
    struct model_tlb_place at;
    uint64_t envcfg;                     /* that the stage goes by */
    const struct model_tlb_entry *entry; /* in use; null while walking */
};

static bool bit(uint64_t value, unsigned n)
{
    return (value >> n & 1) != 0;
}

static uint64_t csr(const struct model_tlb *tlb, enum hvrv_csr number)
{
    return model_peek(tlb->hart, number);
}

static unsigned mode_now(const struct model_tlb *tlb, char stage)
{
    return (unsigned)(csr(tlb, stage == 'V' ? HVRV_CSR_VSATP : HVRV_CSR_HGATP) >> 60);
}

static bool g_stage(struct use *use, uint64_t gpa, char implicit, uint64_t *hpa);

/* Where a word of a table is: the G-stage's own are at an HPA, the VS-stage's at a GPA. */
static uint64_t *word_of(const struct look *look, uint64_t address, char implicit, uint64_t *hpa)
{
    *hpa = address;
    if (look->at.stage == 'V' && !g_stage(look->use, address, implicit, hpa))
        return NULL;
    return model_memory_word(look->use->tlb->memory, *hpa);
}

/* The next entry of a walk: a pointer that is kept, or what memory says. */
static bool walk_on(struct look *look, uint64_t address, uint64_t *value)
{
    struct model_tlb *tlb = look->use->tlb;
    const struct model_tlb_entry *pointer = model_tlb_find_pointer(tlb, &look->at);
    uint64_t hpa;

    if (pointer) {
        *value = pointer->pte;
        look->at.is_global = pointer->is_global;
        return true;
    }
    const uint64_t *word = word_of(look, address, 'r', &hpa);
    if (!word)
        return false;
    *value = *word;
    model_tlb_keep(tlb, &look->at, hpa, *value);
    if ((*value & 0xf) == 1 && bit(*value, 5))
        look->at.is_global = true; /* as is all below */
    return true;
}

/* walk_model's way to entries. */
static bool read_entry(void *context, uint64_t address, uint64_t *value)
{
    struct look *look = context;

    if (look->entry) /* any pointer leads down to the leaf */
        *value = look->at.level == look->entry->level ? look->entry->pte : 1;
    else if (!walk_on(look, address, value))
        return false;
    look->at.level--;
    return true;
}

/* The update of A and D, which goes to memory at once. */
static bool write_entry(void *context, uint64_t address, uint64_t value)
{
    struct look *look = context;
    uint64_t hpa, *word = word_of(look, address, 'w', &hpa);

    if (!word)
        return false;
    *word = value;
    look->at.level++;
    model_tlb_keep(look->use->tlb, &look->at, hpa, value);
    look->at.level--;
    return true;
}

/* What the manual's algorithm is to know for one stage; the other is Bare to it. */
static struct walk_model model_for(struct look *look, char implicit)
{
    const struct model_tlb *tlb = look->use->tlb;
    bool is_g = look->at.stage == 'G';
    uint64_t atp = csr(tlb, is_g ? HVRV_CSR_HGATP : HVRV_CSR_VSATP);
    bool pbmte = look->envcfg & MODEL_TLB_PBMTE;
    char ad = look->use->is_mere ? 'i' : look->envcfg & MODEL_TLB_ADUE ? 'u' : 'f';

    return (struct walk_model){
        .vsatp_mode = is_g ? 0 : look->at.mode,
        .vsatp_ppn = is_g ? 0 : atp & UINT64_C(0xfffffffffff),
        .hgatp_mode = is_g ? look->at.mode : 0,
        .hgatp_ppn = is_g ? atp & UINT64_C(0xfffffffffff) : 0,
        .vsstatus_sum = bit(csr(tlb, HVRV_CSR_VSSTATUS), SUM),
        .vsstatus_mxr = bit(csr(tlb, HVRV_CSR_VSSTATUS), MXR),
        .sstatus_mxr = !implicit && bit(csr(tlb, HVRV_CSR_SSTATUS), MXR),
        .vs_ad = ad,
        .g_ad = ad,
        .henvcfg_pbmte = pbmte,
        .menvcfg_pbmte = pbmte,
        .svnapot = tlb->svnapot,
        .memory = look,
        .read = read_entry,
        .write = write_entry,
    };
}

/* One stage: by a leaf that is kept, or by a walk. implicit is 'r' or 'w' for a VS-stage entry. */
static void run_stage(struct use *use, struct model_tlb_place at, char implicit,
                      struct walk_model_outcome *outcome)
{
    struct model_tlb *tlb = use->tlb;
    char kind = implicit ? implicit : use->access->kind;
    const struct model_tlb_entry *any = model_tlb_find_leaf(tlb, at.stage, at.address, 0);
    const struct model_tlb_entry *leaf = model_tlb_find_leaf(tlb, at.stage, at.address, kind);
    struct model_tlb_entry kept;
    struct look look = {.use = use, .at = at};

    look.envcfg = any ? any->envcfg : model_tlb_envcfg(tlb, at.stage);
    look.at.mode = mode_now(tlb, at.stage);
    if (leaf) {
        kept = *leaf;
        look.entry = &kept;
        look.envcfg = kept.envcfg;
        look.at.mode = kept.mode;
    }
    look.at.level = (int)look.at.mode - 6;
    struct walk_model model = model_for(&look, implicit);
    walk_model_run(&model, at.stage == 'G' ? "G" : "V", at.address, kind, use->access->is_user,
                   outcome);
}

static uint64_t cause_of(char kind, uint64_t fetch, uint64_t load, uint64_t store)
{
    return kind == 'x' ? fetch : kind == 'w' ? store : load;
}

static void fill_trap(struct use *use, uint64_t cause)
{
    *use->trap = (struct hvrv_hart_trap){.cause = cause, .stval = use->access->gva, .gva = true};
    use->has_trap = true;
}

/* implicit: the GPA is that of a VS-stage entry, which is read ('r') or updated ('w'). */
static bool g_stage(struct use *use, uint64_t gpa, char implicit, uint64_t *hpa)
{
    char kind = use->access->kind;
    struct walk_model_outcome outcome;

    if (mode_now(use->tlb, 'G') == 0)
        model_tlb_keep_bare(use->tlb, gpa);
    run_stage(use, (struct model_tlb_place){.stage = 'G', .address = gpa}, implicit, &outcome);
    *hpa = outcome.hpa;
    if (!outcome.faulted)
        return true;
    bool is_access_fault = outcome.scause < 12;
    fill_trap(use, is_access_fault ? cause_of(kind, 1, 5, 7) : cause_of(kind, 20, 21, 23));
    if (!is_access_fault) {
        use->trap->htval = gpa >> 2;
        use->trap->htinst = implicit == 'r' ? PSEUDO_READ : implicit == 'w' ? PSEUDO_WRITE : 0;
    }
    return false;
}

static bool vs_stage(struct use *use, uint64_t *gpa)
{
    struct walk_model_outcome outcome;

    *gpa = use->access->gva;
    if (mode_now(use->tlb, 'V') == 0)
        return true;
    run_stage(use, (struct model_tlb_place){.stage = 'V', .address = use->access->gva}, 0,
              &outcome);
    *gpa = outcome.gpa;
    if (outcome.faulted && !use->has_trap)
        fill_trap(use, outcome.scause);
    return !outcome.faulted;
}

bool model_tlb_translate(struct model_tlb *tlb, const struct model_tlb_access *access,
                         uint64_t *hpa, struct hvrv_hart_trap *trap)
{
    struct use use = {.tlb = tlb, .access = access, .trap = trap};
    uint64_t gpa;

    *hpa = 0;
    return vs_stage(&use, &gpa) && g_stage(&use, gpa, 0, hpa);
}

bool model_tlb_access(struct model_tlb *tlb, struct model_tlb_access *access,
                      struct hvrv_hart_trap *trap)
{
    struct use use = {.tlb = tlb, .access = access, .trap = trap};
    uint64_t hpa;

    if (access->gva % 8 + access->size > 8)
        model_hart_complain(tlb->hart, "a guest access that is not in one word", access->gva);
    if (!model_tlb_translate(tlb, access, &hpa, trap))
        return false;
    uint64_t *word = model_memory_word(tlb->memory, hpa);
    if (!word) {
        fill_trap(&use, cause_of(access->kind, 1, 5, 7));
        return false;
    }
    unsigned shift = 8 * (unsigned)(hpa % 8);
    uint64_t mask = UINT64_MAX >> (64 - 8 * access->size);
    if (access->kind == 'w')
        *word = (*word & ~(mask << shift)) | (access->value & mask) << shift;
    else
        access->value = *word >> shift & mask;
    return true;
}

/* HLV, HLVX and HSV of the hart. */
static bool guest_access(void *context, const struct model_access *done, uint64_t *value,
                         struct hvrv_hart_trap *trap)
{
    struct model_tlb *tlb = context;
    struct model_tlb_access access = {
        .gva = done->a,
        .kind = done->kind == MODEL_HSV    ? 'w'
                : done->kind == MODEL_HLVX ? 'h'
                                           : 'r',
        .is_user = !bit(csr(tlb, HVRV_CSR_HSTATUS), SPVP),
        .size = done->what,
        .value = done->b,
    };
    bool is_done = model_tlb_access(tlb, &access, trap);

    *value = access.value;
    return is_done;
}

void model_tlb_walk_ahead(struct model_tlb *tlb, char stage, uint64_t address)
{
    struct hvrv_hart_trap trap;
    struct model_tlb_access access = {.gva = address, .kind = 'r', .size = 8};
    struct use use = {.tlb = tlb, .access = &access, .trap = &trap, .is_mere = true};
    uint64_t result;

    if (stage == 'G')
        g_stage(&use, address, 'r', &result);
    else
        vs_stage(&use, &result);
}

/* A hart that speculates reads the tables that it is given before it is asked to. */
static void walk_all_ahead(struct model_tlb *tlb)
{
    unsigned count = tlb->count;

    for (unsigned i = 0; i < count; i++) {
        if (!tlb->entry[i].is_pointer)
            model_tlb_walk_ahead(tlb, tlb->entry[i].stage, tlb->entry[i].first);
    }
}

void model_tlb_hear(void *context, const struct model_access *done)
{
    struct model_tlb *tlb = context;

    if (done->kind >= MODEL_HFENCE_GVMA)
        model_tlb_fence(tlb, done);
    else if (tlb->walks_ahead && (done->what == HVRV_CSR_VSATP || done->what == HVRV_CSR_HGATP))
        walk_all_ahead(tlb);
}

void model_tlb_init(struct model_tlb *tlb, struct model_hart *hart, struct model_memory *memory)
{
    memset(tlb, 0, sizeof(*tlb));
    tlb->hart = hart;
    tlb->memory = memory;
    tlb->keeps_invalid = true;
    tlb->walks_ahead = true;
    tlb->svnapot = true;
    hart->guest_access = guest_access;
    hart->guest_context = tlb;
    hart->heard = model_tlb_hear;
    hart->heard_context = tlb;
}
