/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/domain.h>
#include <hvrv/cove/domain_offsets.h>
#include <hvrv/vhart/registers.h>

#include <stddef.h>

#define ASSERT_OFFSET(type, member, offset) \
    _Static_assert(offsetof(type, member) == (offset), "the vector knows where " #member " lies")
ASSERT_OFFSET(struct hvrv_domain_hart, current, HVRV_DOMAIN_CURRENT);
ASSERT_OFFSET(struct hvrv_domain_hart, handler, HVRV_DOMAIN_HANDLER);
ASSERT_OFFSET(struct hvrv_domain_hart, stack, HVRV_DOMAIN_STACK);
ASSERT_OFFSET(struct hvrv_domain_hart, scratch, HVRV_DOMAIN_SCRATCH);
ASSERT_OFFSET(struct hvrv_domain_hart, gp, HVRV_DOMAIN_GP);
ASSERT_OFFSET(struct hvrv_domain_context, x[31], HVRV_DOMAIN_X(31));
ASSERT_OFFSET(struct hvrv_domain_context, pc, HVRV_DOMAIN_PC);

/* x registers by their other names. */
enum { A0 = 10, A1 = 11, A2 = 12, A3 = 13, A4 = 14 };

/* The x registers of a callee: what a call hands over, and what it finds 0. */
#define ARGUMENT_LIST(X) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17)
#define LOW_LIST(X)      X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9)
#define MIDDLE_LIST(X)   X(18) X(19) X(20) X(21) X(22) X(23) X(24)
#define HIGH_LIST(X)     X(25) X(26) X(27) X(28) X(29) X(30) X(31)

#define RETURN_FLAGS (HVRV_DOMAIN_RETURN_CAUSE | HVRV_DOMAIN_RETURN_INTERRUPTED)

/* sstatus and hstatus of a domain that begins: 64 bits for U-mode, and for VS-mode. */
#define SSTATUS_START HVRV_BIT(33)
#define HSTATUS_START HVRV_BIT(33)

/* Of config.has: what the rows of the common list need. */
#define COMMON (HVRV_DOMAIN_HAS_ENVCFG | HVRV_DOMAIN_HAS_SSTC)

static void save(const struct hvrv_domain_config *config, struct hvrv_domain_csrs *csr)
{
    const uint32_t has = config->has;

#define SAVE(name, needs)           \
    if ((has & (needs)) == (needs)) \
        csr->name = hvrv_hart_read_##name(config->hart);
    HVRV_DOMAIN_CSR_COMMON_LIST(SAVE)
    if (has & ~COMMON) {
        HVRV_DOMAIN_CSR_RARE_LIST(SAVE)
    }
#undef SAVE
}

/*
 * vsie shows only what hideleg delegates: nothing of another domain stays behind it. Twice in the
 * code, since a change of domains is to take few instructions.
 */
static inline __attribute__((always_inline)) void load(const struct hvrv_domain_config *config,
                                                       const struct hvrv_domain_csrs *csr)
{
    const uint32_t has = config->has;

    hvrv_hart_write_hideleg(config->hart, UINT64_MAX);
    hvrv_hart_write_vsie(config->hart, 0);
#define LOAD(name, needs)           \
    if ((has & (needs)) == (needs)) \
        hvrv_hart_write_##name(config->hart, csr->name);
    HVRV_DOMAIN_CSR_COMMON_LIST(LOAD)
    if (has & ~COMMON) {
        HVRV_DOMAIN_CSR_RARE_LIST(LOAD)
    }
#undef LOAD
}

/* Another domain is the current one for M-mode. */
static void set_current(struct hvrv_domain_hart *hart, uint32_t domain)
{
    hart->running = domain;
    hart->current = &hart->domains[domain].context;
}

/*
 * The SDID changes while there are no tables. A hart may translate at any time, and would keep what
 * one domain's tables say under the other's SDID and its own VMIDs.
 */
__attribute__((noinline)) static void enter_by_sdid(struct hvrv_domain_hart *hart, uint32_t domain,
                                                    const struct hvrv_domain_csrs *csr)
{
    const struct hvrv_domain_config *config = &hart->config;

    hvrv_hart_write_vsatp(config->hart, 0);
    hvrv_hart_write_hgatp(config->hart, 0);
    hvrv_hart_write_satp(config->hart, 0);
    set_current(hart, domain);
    config->enter(config->context, domain);
    load(config, csr);
}

/*
 * From now on the domain is the one that runs: its CSRs, its memory, none of another's
 * translations. HFENCE.VVMA reaches only the VMID in hgatp, so it is executed
 * for that of each.
 */
static void enter(struct hvrv_domain_hart *hart, uint32_t domain,
                  const struct hvrv_domain_csrs *csr)
{
    const struct hvrv_domain_config *config = &hart->config;

    if (config->has_sdid) {
        enter_by_sdid(hart, domain, csr);
        return;
    }
    hvrv_hart_hfence_vvma_all(config->hart);
    load(config, csr);
    set_current(hart, domain);
    config->enter(config->context, domain);
    hvrv_hart_sfence_vma_all(config->hart);
    hvrv_hart_hfence_gvma_all(config->hart);
    hvrv_hart_hfence_vvma_all(config->hart);
}

static void clear_fp(const struct hvrv_domain_config *config)
{
    if (config->fp != HVRV_DOMAIN_FP_CLEAR)
        return;
    if (config->has_fp)
        hvrv_vhart_fp_clear();
    if (config->has_vector)
        hvrv_vhart_vector_clear();
}

enum hvrv_status hvrv_domain_init(struct hvrv_domain_hart *hart,
                                  const struct hvrv_domain_config *config)
{
    if (hart)
        *hart = (struct hvrv_domain_hart){0};
    if (!hart || !config || !config->hart || !config->stack || !config->handler || !config->enter)
        return HVRV_ERR_NULL;
    if (((uintptr_t)config->stack & 15) != 0)
        return HVRV_ERR_ALIGN;
    hart->config = *config;
    hart->handler = config->handler;
    hart->stack = config->stack;
    return HVRV_OK;
}

/* Some domain is in the hart, and would lose its registers. */
static bool is_busy(const struct hvrv_domain_hart *hart)
{
    for (uint32_t i = 0; i < HVRV_DOMAINS_MAX; i++) {
        enum hvrv_domain_state state = hart->domains[i].state;
        if (state == HVRV_DOMAIN_STARTING || state == HVRV_DOMAIN_CALLED ||
            state == HVRV_DOMAIN_RUNNING)
            return true;
    }
    return false;
}

enum hvrv_status hvrv_domain_start(struct hvrv_domain_hart *hart, uint32_t domain,
                                   const struct hvrv_domain_entry *entry)
{
    struct hvrv_domain *started;

    if (!hart || !entry)
        return HVRV_ERR_NULL;
    if (domain >= HVRV_DOMAINS_MAX)
        return HVRV_ERR_RANGE;
    started = &hart->domains[domain];
    if (started->state != HVRV_DOMAIN_ABSENT)
        return HVRV_ERR_STATE;
    if (is_busy(hart))
        return HVRV_ERR_STATE;
    started->context.pc = entry->pc;
    started->context.x[A0] = entry->a0;
    started->context.x[A1] = entry->a1;
    started->context.csr = (struct hvrv_domain_csrs){
        .sstatus = SSTATUS_START, .hstatus = HSTATUS_START, .vstimecmp = UINT64_MAX};
    started->state = domain == 0 ? HVRV_DOMAIN_RUNNING : HVRV_DOMAIN_STARTING;
    enter(hart, domain, &started->context.csr);
    return HVRV_OK;
}

/* The caller's registers away; it goes on behind its ECALL. */
static void suspend_caller(struct hvrv_domain_hart *hart, struct hvrv_domain *caller)
{
    caller->context.pc += 4;
    caller->state = HVRV_DOMAIN_CALLING;
    save(&hart->config, &caller->context.csr);
}

static void hand_over(uint64_t *to, const uint64_t *from)
{
#define HAND_OVER(n) to[n] = from[n];
#define CLEAR(n)     to[n] = 0;
    ARGUMENT_LIST(HAND_OVER)
    LOW_LIST(CLEAR)
    MIDDLE_LIST(CLEAR)
    HIGH_LIST(CLEAR)
#undef CLEAR
#undef HAND_OVER
}

enum hvrv_status hvrv_domain_call(struct hvrv_domain_hart *hart, uint32_t domain)
{
    struct hvrv_domain *caller;
    struct hvrv_domain *callee;

    if (!hart)
        return HVRV_ERR_NULL;
    if (domain >= HVRV_DOMAINS_MAX)
        return HVRV_ERR_RANGE;
    caller = &hart->domains[hart->running];
    callee = &hart->domains[domain];
    if (callee->state == HVRV_DOMAIN_ABSENT || callee->state == HVRV_DOMAIN_STARTING)
        return HVRV_ERR_MISSING;
    if (callee->state != HVRV_DOMAIN_READY || caller->state != HVRV_DOMAIN_RUNNING)
        return HVRV_ERR_STATE;
    suspend_caller(hart, caller);
    hand_over(callee->context.x, caller->context.x);
    callee->context.pc = callee->start.stvec;
    callee->state = HVRV_DOMAIN_CALLED;
    callee->caller = hart->running;
    enter(hart, domain, &callee->start);
    return HVRV_OK;
}

/* A domain that returns from its start: so it begins each call. */
static void note_start(struct hvrv_domain_hart *hart, struct hvrv_domain *callee)
{
    save(&hart->config, &callee->start);
    callee->start.sie = 0;
    callee->start.hie = 0;
    callee->start.vsie = 0;
    callee->start.scause = HVRV_DOMAIN_CAUSE_TEECALL;
    callee->state = HVRV_DOMAIN_READY;
}

static void answer(const struct hvrv_domain *callee, struct hvrv_domain *caller)
{
    const uint64_t *x = callee->context.x;

    caller->context.x[A0] = x[A0];
    caller->context.x[A1] = x[A1];
    if (x[A4] & HVRV_DOMAIN_RETURN_CAUSE) {
        caller->context.csr.scause = x[A2];
        caller->context.csr.stval = x[A3];
    }
}

enum hvrv_status hvrv_domain_return(struct hvrv_domain_hart *hart)
{
    struct hvrv_domain *callee;
    struct hvrv_domain *caller;

    if (!hart)
        return HVRV_ERR_NULL;
    callee = &hart->domains[hart->running];
    if (callee->context.x[A4] & ~RETURN_FLAGS)
        return HVRV_ERR_ARGUMENT;
    if (callee->state == HVRV_DOMAIN_STARTING) {
        note_start(hart, callee);
        return HVRV_OK;
    }
    if (callee->state != HVRV_DOMAIN_CALLED)
        return HVRV_ERR_STATE;
    caller = &hart->domains[callee->caller];
    answer(callee, caller);
    callee->state = HVRV_DOMAIN_READY;
    if (callee->context.x[A4] & HVRV_DOMAIN_RETURN_INTERRUPTED) {
        callee->context.pc += 4;
        callee->state = HVRV_DOMAIN_INTERRUPTED;
        save(&hart->config, &callee->context.csr);
    }
    clear_fp(&hart->config);
    caller->state = HVRV_DOMAIN_RUNNING;
    enter(hart, callee->caller, &caller->context.csr);
    return HVRV_OK;
}

enum hvrv_status hvrv_domain_resume(struct hvrv_domain_hart *hart, uint32_t domain)
{
    struct hvrv_domain *caller;
    struct hvrv_domain *callee;

    if (!hart)
        return HVRV_ERR_NULL;
    if (domain >= HVRV_DOMAINS_MAX)
        return HVRV_ERR_RANGE;
    caller = &hart->domains[hart->running];
    callee = &hart->domains[domain];
    if (callee->state != HVRV_DOMAIN_INTERRUPTED || callee->caller != hart->running)
        return HVRV_ERR_STATE;
    suspend_caller(hart, caller);
    callee->state = HVRV_DOMAIN_CALLED;
    enter(hart, domain, &callee->context.csr);
    return HVRV_OK;
}
