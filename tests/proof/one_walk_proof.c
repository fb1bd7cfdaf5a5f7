/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One walk over memory that answers anything at all, whatever it answered before:
 * how much it reads and writes, that it ends, and that what it reports makes sense.
 *
 * Assumptions:
 * - The two modes are VS_MODE and G_MODE; all else in the regime is anything
 *   that hvrv_walk_init() takes, and the request is anything.
 * - All memory is behind the port. With TRACED the walker has a trace, so that it
 *   does the exact walk only, and the stage of every entry is known; without, it
 *   does the plain walk first.
 *
 * Files: lib/mmu/walk.c lib/mmu/walk_init.c lib/isa/pte.c lib/isa/mode.c
 * Files: lib/isa/cause.c lib/isa/text.c lib/port/phys.c
 */
#include "walk_regime.h"

#define VS_LEVELS (VS_MODE ? VS_MODE - 5 : 0)
#define G_LEVELS  (G_MODE ? G_MODE - 5 : 0)

/*
 * With COUNTED only the bounds on reads and writes are proved, which is what can
 * be had of the deepest modes in a few minutes. The cases are those of the traced
 * walk, which is the smaller formula; without a trace only some are looked for.
 */
#ifdef COUNTED
#define CLAIM(condition) ((void)0)
#else
#define CLAIM(condition) PROVE(condition)
#endif
#if defined(COUNTED) || !defined(TRACED)
#define CASE(condition) ((void)0)
#else
#define CASE(condition) COVER(condition)
#endif

/* Each VS-stage entry and the access itself go through the G-stage. */
#define READS_MOST ((VS_LEVELS + 1) * (G_LEVELS + 1) - 1)

/* In the same G-stage walks A each; for the VS-stage's leaf that of its page and its own. */
#define WRITES_MOST (VS_LEVELS + 3)

struct seen {
    bool is_there;
    uint64_t hpa;
    uint64_t pte;
};

static struct hvrv_walk_regime regime;
static struct hvrv_walk_request request;
static unsigned loads, swaps, d_swaps;
static bool lost_race;
static struct seen last[2]; /* by stage; only if TRACED */
static struct seen last_swap;

static bool port_load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    (void)context;
    CLAIM(hpa.v % 8 == 0);
    loads++;
    PROVE(loads <= READS_MOST);
    *value = nondet_u64();
    return any_bool();
}

static bool port_store(void *context, hvrv_hpa hpa, uint64_t value)
{
    (void)context;
    (void)hpa;
    (void)value;
    CLAIM(false); /* the walker never stores: it swaps */
    return false;
}

#ifdef TRACED
static void trace(void *context, const struct hvrv_walk_step *step)
{
    (void)context;
    CLAIM(step->stage == HVRV_STAGE_VS || step->stage == HVRV_STAGE_G);
    CLAIM(step->level < (step->stage == HVRV_STAGE_VS ? VS_LEVELS : G_LEVELS));
    last[step->stage].is_there = true;
    last[step->stage].hpa = step->pte_address.v;
    last[step->stage].pte = step->pte.v;
}

/* Whether a swap is for the leaf that a stage has come to, and its policy allows it. */
static bool is_update(enum hvrv_stage stage, uint64_t hpa)
{
    enum hvrv_walk_ad ad = stage == HVRV_STAGE_VS ? regime.vs_ad : regime.g_ad;
    return ad == HVRV_WALK_AD_UPDATE && last[stage].is_there && last[stage].hpa == hpa;
}
#endif

static bool port_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context;
    uint64_t added = *expected ^ desired;
    swaps++;
    if (added & 0x80)
        d_swaps++;
    CLAIM(hpa.v % 8 == 0);
    PROVE(swaps <= WRITES_MOST);
    CLAIM(!lost_race); /* none after a race */
    CLAIM(regime.vs_ad == HVRV_WALK_AD_UPDATE || regime.g_ad == HVRV_WALK_AD_UPDATE);
    CLAIM(added != 0 && (added & ~UINT64_C(0xc0)) == 0);      /* A and D alone differ, */
    CLAIM((desired & added) == added && (desired & 0x40));    /* and are set */
    CLAIM((desired & 0x0b) == 0x03 || (desired & 0x09) == 9); /* in a leaf: V, and R or X */
    /* D only for a store: that of the guest, or that of the VS-stage's update. */
    CLAIM(IMPLIES(added & 0x80, (desired & 4) && (request.access == HVRV_ACCESS_STORE ||
                                                  regime.vs_ad == HVRV_WALK_AD_UPDATE)));
#ifdef TRACED
    CLAIM(is_update(HVRV_STAGE_VS, hpa.v) || is_update(HVRV_STAGE_G, hpa.v));
#endif
    last_swap.is_there = true;
    last_swap.hpa = hpa.v;
    last_swap.pte = desired;
    uint64_t found = nondet_u64();
    lost_race = found != *expected;
    if (!any_bool()) {
        lost_race = false;
        return false;
    }
    *expected = found;
    return true;
}

/* The three causes of a kind of fault, by the original access; HLVX reports as a load. */
static unsigned cause_of(unsigned fetch, unsigned load, unsigned store)
{
    return request.access == HVRV_ACCESS_FETCH   ? fetch
           : request.access == HVRV_ACCESS_STORE ? store
                                                 : load;
}

static void check_trap_record(const struct hvrv_fault *fault)
{
    bool refused = fault->reason == HVRV_REASON_REFUSED;
    bool guest_page = !refused && fault->stage == HVRV_STAGE_G;
    CLAIM(fault->stage == HVRV_STAGE_VS || fault->stage == HVRV_STAGE_G);
    CLAIM(fault->stval == request.gva.v && fault->gva && fault->access == request.access);
    CLAIM((unsigned)fault->cause == (refused      ? cause_of(1, 5, 7)
                                     : guest_page ? cause_of(20, 21, 23)
                                                  : cause_of(12, 13, 15)));
    CLAIM(IMPLIES(fault->implicit, fault->stage == HVRV_STAGE_G && VS_LEVELS > 0));
    CLAIM(IMPLIES(!guest_page, fault->htval == 0 && fault->htinst == 0));
    /* htval is the GPA shifted right by two: of an 8-byte entry, or with the GVA's offset. */
    CLAIM(IMPLIES(guest_page && fault->implicit, fault->htval % 2 == 0));
    CLAIM(IMPLIES(guest_page && !fault->implicit, fault->htval % 1024 == request.gva.v % 4096 / 4));
    CLAIM(IMPLIES(VS_LEVELS > 0, fault->htval >> 54 == 0));
    CLAIM(IMPLIES(VS_LEVELS == 0 && guest_page, fault->htval == request.gva.v / 4));
    CLAIM(IMPLIES(guest_page && !fault->implicit, fault->htinst == 0));
    CLAIM(IMPLIES(guest_page && fault->implicit,
                  fault->htinst == 0x3000 ||
                      (fault->htinst == 0x3020 && regime.vs_ad == HVRV_WALK_AD_UPDATE)));
}

static void check_reason(const struct hvrv_fault *fault)
{
    unsigned levels = fault->stage == HVRV_STAGE_G ? G_LEVELS : VS_LEVELS;
    bool unread =
        fault->reason == HVRV_REASON_NOT_CANONICAL || fault->reason == HVRV_REASON_TOO_WIDE;
    CLAIM(fault->reason > HVRV_REASON_NONE && fault->reason <= HVRV_REASON_REFUSED);
    CLAIM(IMPLIES(fault->reason == HVRV_REASON_NOT_CANONICAL, fault->stage == HVRV_STAGE_VS));
    CLAIM(IMPLIES(fault->reason == HVRV_REASON_TOO_WIDE, fault->stage == HVRV_STAGE_G));
    CLAIM(IMPLIES(fault->reason == HVRV_REASON_SUM, fault->stage == HVRV_STAGE_VS));
    CLAIM(IMPLIES(fault->reason == HVRV_REASON_DIRTY,
                  request.access == HVRV_ACCESS_STORE || fault->implicit));
    CLAIM(levels > 0);
    CLAIM(unread ? fault->level == levels && fault->pte == 0 && fault->pte_address == 0
                 : fault->level < levels);
    CLAIM(IMPLIES(fault->reason == HVRV_REASON_NO_LEAF, fault->level == 0));
    CLAIM(IMPLIES(fault->reason == HVRV_REASON_MISALIGNED, fault->level > 0));
    CLAIM(IMPLIES(fault->reason == HVRV_REASON_NOT_VALID, fault->pte % 2 == 0));
}

static void check_page(const struct hvrv_walk_page *page)
{
    CLAIM(page->hpa.v % 4096 == request.gva.v % 4096);
    CLAIM(page->gpa.v % 4096 == request.gva.v % 4096);
    CLAIM(IMPLIES(G_LEVELS > 0, page->hpa.v >> 56 == 0 && page->gpa.v >> (G_LEVELS * 9 + 14) == 0));
    CLAIM(IMPLIES(VS_LEVELS > 0, page->gpa.v >> 56 == 0 && page->vs_pte.v % 2 == 1));
    CLAIM(IMPLIES(G_LEVELS > 0, page->g_pte.v % 2 == 1 && (page->g_pte.v & 0x10)));
    CLAIM(IMPLIES(VS_LEVELS == 0, page->gpa.v == request.gva.v && page->vs_pte.v == 0 &&
                                      page->vs_pte_address.v == 0 && page->vs_shift == 0));
    CLAIM(IMPLIES(G_LEVELS == 0, page->hpa.v == page->gpa.v && page->g_pte.v == 0 &&
                                     page->g_pte_address.v == 0 && page->g_shift == 0));
    /* With one stage updating, what was written is the leaf that is reported. */
    CLAIM(IMPLIES(swaps > 0 && regime.g_ad != HVRV_WALK_AD_UPDATE,
                  swaps == 1 && last_swap.hpa == page->vs_pte_address.v &&
                      last_swap.pte == page->vs_pte.v));
}

static void check_zero(const struct hvrv_walk_result *result)
{
    CLAIM(!result->faulted);
    CLAIM(result->page.hpa.v == 0 && result->page.gpa.v == 0 && result->page.vs_pte.v == 0 &&
          result->page.g_pte.v == 0 && result->page.vs_pte_address.v == 0 &&
          result->page.g_pte_address.v == 0 && result->page.vs_shift == 0 &&
          result->page.g_shift == 0);
}

void one_walk(void)
{
    static const struct hvrv_phys_ops ops = {port_load, port_store, port_swap};
    const struct hvrv_phys_config config = {.ops = &ops};
    struct hvrv_phys phys;
    struct hvrv_walk walk;
    struct hvrv_walk_result result; /* any bytes, until the walk writes it */
    regime = any_regime(VS_MODE, G_MODE);
    request.gva.v = nondet_u64();
    request.access = (enum hvrv_access)nondet_unsigned();
    request.privilege = (enum hvrv_walk_privilege)nondet_unsigned();
    ASSUME(hvrv_phys_init(&phys, &config) == HVRV_OK);
    ASSUME(hvrv_walk_init(&walk, &regime, &phys) == HVRV_OK);
#ifdef TRACED
    hvrv_walk_set_trace(&walk, trace, NULL);
#endif
    enum hvrv_status status = hvrv_walk_two_stage(&walk, &request, &result);
    if (status != HVRV_OK) {
        bool is_request = (unsigned)request.access <= 3 && (unsigned)request.privilege <= 1;
        CLAIM(status == (is_request ? HVRV_ERR_RACE : HVRV_ERR_ARGUMENT));
        CLAIM((status == HVRV_ERR_RACE) == lost_race);
        CLAIM(is_request || (loads == 0 && swaps == 0));
        check_zero(&result);
#if VS_MODE || G_MODE
        CASE(status == HVRV_ERR_RACE);
#endif
        COVER(status == HVRV_ERR_ARGUMENT);
        return;
    }
    CLAIM(!lost_race);
    if (result.faulted) {
        check_trap_record(&result.fault);
        check_reason(&result.fault);
    } else {
        check_page(&result.page);
    }
    COVER(!result.faulted && loads == READS_MOST);
    /* What one stage can bring about is looked for in the proofs of one stage. */
#if VS_MODE && G_MODE
    CASE(!result.faulted && swaps == WRITES_MOST);
    CASE(result.faulted && (unsigned)result.fault.cause == 20 && loads == READS_MOST);
    CASE(result.faulted && result.fault.htinst == 0x3000);
    CASE(result.faulted && result.fault.htinst == 0x3020);
#elif VS_MODE || G_MODE
    CASE(!result.faulted && swaps > 0);
    CASE(result.faulted && result.fault.reason == HVRV_REASON_REFUSED);
    CASE(result.faulted && result.fault.reason == HVRV_REASON_MISALIGNED);
    CASE(result.faulted && result.fault.reason == HVRV_REASON_ACCESSED);
    CASE(result.faulted && result.fault.reason == HVRV_REASON_RESERVED_PBMT);
#if G_MODE
    CASE(result.faulted && result.fault.reason == HVRV_REASON_TOO_WIDE);
#else
    CASE(result.faulted && result.fault.reason == HVRV_REASON_SUM);
    CASE(result.faulted && (unsigned)result.fault.cause == 15);
    CASE(!result.faulted && result.page.vs_pte.v >> 63 == 1); /* NAPOT */
#endif
#endif
}
