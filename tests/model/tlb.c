/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/tlb.h"

#include <string.h>

#include "model/walk_model.h"

/* Fields, as the manual draws them. */
#define MXR   19
#define SUM   18
#define SPVP  8
#define ADUE  61
#define PBMTE 62

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
    char stage;
    unsigned mode;
    int level;                           /* of the entry that is read next */
    uint64_t address;                    /* GVA or GPA */
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

unsigned model_tlb_vmid(const struct model_tlb *tlb)
{
    return (unsigned)(csr(tlb, HVRV_CSR_HGATP) >> 44 & 0x3fff);
}

unsigned model_tlb_asid(const struct model_tlb *tlb)
{
    return (unsigned)(csr(tlb, HVRV_CSR_VSATP) >> 44 & 0xffff);
}

static unsigned mode_now(const struct model_tlb *tlb, char stage)
{
    return (unsigned)(csr(tlb, stage == 'V' ? HVRV_CSR_VSATP : HVRV_CSR_HGATP) >> 60);
}

static uint64_t envcfg_now(const struct model_tlb *tlb, char stage)
{
    return csr(tlb, stage == 'V' ? HVRV_CSR_HENVCFG : HVRV_CSR_MENVCFG);
}

static bool is_of_use(const struct model_tlb *tlb, const struct model_tlb_entry *entry, char stage,
                      uint64_t address)
{
    return entry->stage == stage && entry->vmid == model_tlb_vmid(tlb) && address >= entry->first &&
           address <= entry->last &&
           (stage == 'G' || entry->is_global || entry->asid == model_tlb_asid(tlb));
}

/* A leaf that does not let the access do without a look at memory. */
static bool lacks_ad(const struct model_tlb_entry *entry, char kind)
{
    return entry->mode != 0 && bit(entry->pte, 0) &&
           (!bit(entry->pte, 6) || (kind == 'w' && !bit(entry->pte, 7)));
}

static const struct model_tlb_entry *find_leaf(const struct model_tlb *tlb, char stage,
                                               uint64_t address)
{
    for (unsigned i = 0; i < tlb->count; i++) {
        if (!tlb->entry[i].is_pointer && is_of_use(tlb, &tlb->entry[i], stage, address))
            return &tlb->entry[i];
    }
    return NULL;
}

static const struct model_tlb_entry *find_pointer(const struct model_tlb *tlb,
                                                  const struct look *look)
{
    for (unsigned i = 0; i < tlb->count; i++) {
        const struct model_tlb_entry *entry = &tlb->entry[i];

        if (entry->is_pointer && entry->level == look->level && entry->mode == look->mode &&
            is_of_use(tlb, entry, look->stage, look->address))
            return entry;
    }
    return NULL;
}

/* What was read now takes the place of what was read there before, if that is kept. */
static void keep(struct model_tlb *tlb, const struct model_tlb_entry *entry)
{
    for (unsigned i = 0; i < tlb->count; i++) {
        struct model_tlb_entry *old = &tlb->entry[i];

        if (old->level == entry->level && old->mode == entry->mode &&
            is_of_use(tlb, old, entry->stage, entry->first)) {
            *old = *entry;
            return;
        }
    }
    if (tlb->count == MODEL_TLB_SIZE) {
        model_hart_complain(tlb->hart, "the model TLB is full", tlb->count);
        return;
    }
    tlb->entry[tlb->count++] = *entry;
}

static void keep_read(const struct look *look, uint64_t pte)
{
    struct model_tlb *tlb = look->use->tlb;
    unsigned shift = 12 + 9 * (unsigned)look->level;
    bool is_valid = bit(pte, 0);
    bool is_pointer = is_valid && (pte & 0xe) == 0;

    if (is_valid && !is_pointer && look->level == 0 && bit(pte, 63))
        shift = 16;
    struct model_tlb_entry entry = {
        .stage = look->stage,
        .is_pointer = is_pointer,
        .is_global = look->stage == 'V' && is_valid && bit(pte, 5),
        .pbmte = bit(envcfg_now(tlb, look->stage), PBMTE),
        .mode = look->mode,
        .vmid = model_tlb_vmid(tlb),
        .asid = look->stage == 'V' ? model_tlb_asid(tlb) : 0,
        .level = look->level,
        .first = look->address >> shift << shift,
        .last = look->address | ((UINT64_C(1) << shift) - 1),
        .pte = pte,
    };
    if (is_valid || tlb->keeps_invalid)
        keep(tlb, &entry);
}

static bool g_stage(struct use *use, uint64_t gpa, char implicit, uint64_t *hpa);

/* Where a word of a table is: the G-stage's own are at an HPA, the VS-stage's at a GPA. */
static uint64_t *word_of(const struct look *look, uint64_t address, char implicit)
{
    uint64_t hpa = address;

    if (look->stage == 'V' && !g_stage(look->use, address, implicit, &hpa))
        return NULL;
    return model_memory_word(look->use->tlb->memory, hpa);
}

/* walk_model's way to entries: those that are kept first. */
static bool read_entry(void *context, uint64_t address, uint64_t *value)
{
    struct look *look = context;

    if (look->entry) {
        /* Any pointer leads down to the leaf. */
        *value = look->level == look->entry->level ? look->entry->pte : 1;
        look->level--;
        return true;
    }
    const struct model_tlb_entry *pointer = find_pointer(look->use->tlb, look);
    if (pointer) {
        *value = pointer->pte;
    } else {
        const uint64_t *word = word_of(look, address, 'r');

        if (!word)
            return false;
        *value = *word;
        keep_read(look, *value);
    }
    look->level--;
    return true;
}

/* The update of A and D, which goes to memory at once. */
static bool write_entry(void *context, uint64_t address, uint64_t value)
{
    struct look *look = context;
    uint64_t *word = word_of(look, address, 'w');

    if (!word)
        return false;
    *word = value;
    look->level++;
    keep_read(look, value);
    look->level--;
    return true;
}

/* What the manual's algorithm is to know for one stage; the other is Bare to it. */
static struct walk_model model_for(struct look *look, char implicit)
{
    const struct model_tlb *tlb = look->use->tlb;
    bool is_g = look->stage == 'G';
    uint64_t atp = csr(tlb, is_g ? HVRV_CSR_HGATP : HVRV_CSR_VSATP);
    uint64_t envcfg = envcfg_now(tlb, look->stage);
    bool pbmte = look->entry ? look->entry->pbmte : bit(envcfg, PBMTE);
    char ad = look->use->is_mere ? 'i' : bit(envcfg, ADUE) ? 'u' : 'f';

    return (struct walk_model){
        .vsatp_mode = is_g ? 0 : look->mode,
        .vsatp_ppn = is_g ? 0 : atp & UINT64_C(0xfffffffffff),
        .hgatp_mode = is_g ? look->mode : 0,
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
static void run_stage(struct use *use, char stage, uint64_t address, char implicit,
                      struct walk_model_outcome *outcome)
{
    struct model_tlb *tlb = use->tlb;
    char kind = implicit ? implicit : use->access->kind;
    const struct model_tlb_entry *leaf = find_leaf(tlb, stage, address);
    struct model_tlb_entry kept;
    struct look look = {
        .use = use, .stage = stage, .mode = mode_now(tlb, stage), .address = address};

    if (leaf && !lacks_ad(leaf, kind)) {
        kept = *leaf;
        look.entry = &kept;
        look.mode = kept.mode;
    }
    look.level = (int)look.mode - 6;
    struct walk_model model = model_for(&look, implicit);
    walk_model_run(&model, stage == 'G' ? "G" : "V", address, kind, use->access->is_user, outcome);
}

/* A Bare G-stage has no entries, but a hart may keep that a GPA was an HPA. */
static void keep_bare(struct model_tlb *tlb, uint64_t gpa)
{
    struct model_tlb_entry entry = {.stage = 'G',
                                    .vmid = model_tlb_vmid(tlb),
                                    .first = gpa & ~UINT64_C(0xfff),
                                    .last = gpa | 0xfff};

    if (!find_leaf(tlb, 'G', gpa))
        keep(tlb, &entry);
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
        keep_bare(use->tlb, gpa);
    run_stage(use, 'G', gpa, implicit, &outcome);
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
    run_stage(use, 'V', use->access->gva, 0, &outcome);
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

static void hear_fence(void *context, const struct model_access *fence)
{
    model_tlb_fence(context, fence);
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
    hart->fenced = hear_fence;
    hart->fenced_context = tlb;
}
