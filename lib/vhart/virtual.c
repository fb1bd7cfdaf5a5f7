/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/virtual.h>

#include <hvrv/vhart/guest.h>
#include <hvrv/vhart/inject.h>

#include <stddef.h>

/** Bits of a CSR's number: 11:10 are 3 if it is read-only, 9:8 the least privilege. */
#define CSR_READ_ONLY   3
#define CSR_PRIVILEGE_H 2

/* Time does not stop because the guest may not see the hart's own counter. */
static bool read_time(void *context, const struct hvrv_virtual_access *access, uint64_t *value)
{
    (void)context;
    *value = hvrv_hart_read_time(access->hart) + access->vhart->csr.htimedelta;
    return true;
}

static bool read_zero(void *context, const struct hvrv_virtual_access *access, uint64_t *value)
{
    (void)context;
    (void)access;
    *value = 0;
    return true;
}

/* In VU-mode WFI traps whatever VTW is; there it is the supervisor's to do
 * (norm:H_virtinst_vu_wfi_tw0). */
static enum hvrv_virtual_outcome wait(void *context, struct hvrv_vhart *vhart,
                                      const struct hvrv_insn *insn)
{
    (void)context;
    (void)insn;
    return vhart->sstatus & HVRV_SSTATUS_SPP ? HVRV_VIRTUAL_WAIT : HVRV_VIRTUAL_ILLEGAL;
}

/* In VU-mode too. The wait may end for any reason, and the guest looks again (unprivileged
 * manual, section "Wait-on-Reservation-Set Instructions"). */
static enum hvrv_virtual_outcome yield(void *context, struct hvrv_vhart *vhart,
                                       const struct hvrv_insn *insn)
{
    (void)context;
    (void)vhart;
    (void)insn;
    return HVRV_VIRTUAL_YIELD;
}

static const struct hvrv_virtual_csr own_csrs[] = {
    {0xc00, 0xc00, read_zero, NULL}, /* cycle */
    {0xc01, 0xc01, read_time, NULL}, /* time */
    {0xc02, 0xc1f, read_zero, NULL}, /* instret, hpmcounter3 to hpmcounter31 */
};

static const struct hvrv_virtual_insn own_insns[] = {
    {0xffffffff, 0x10500073, wait},  /* WFI */
    {0xffffffff, 0x00d00073, yield}, /* WRS.NTO */
    {0xffffffff, 0x01d00073, yield}, /* WRS.STO */
};

static const struct hvrv_virtual own = {
    own_csrs,  sizeof own_csrs / sizeof own_csrs[0],
    own_insns, sizeof own_insns / sizeof own_insns[0],
    NULL,
};

static const struct hvrv_virtual_csr *find_csr(const struct hvrv_virtual *tables, uint16_t csr)
{
    for (size_t i = 0; i < tables->csr_count; i++) {
        if (csr >= tables->csrs[i].first && csr <= tables->csrs[i].last)
            return &tables->csrs[i];
    }
    return NULL;
}

static const struct hvrv_virtual_insn *find_insn(const struct hvrv_virtual *tables, uint32_t bits)
{
    for (size_t i = 0; i < tables->insn_count; i++) {
        if ((bits & tables->insns[i].mask) == tables->insns[i].match)
            return &tables->insns[i];
    }
    return NULL;
}

/*
 * What the guest may reach by its privilege: in VU-mode the user level's alone, and of the
 * counters those that its own scounteren shows.
 */
static bool is_allowed(const struct hvrv_virtual_access *access)
{
    unsigned level = access->csr >> 8 & 3;

    if (access->privilege == HVRV_WALK_VS)
        return level <= CSR_PRIVILEGE_H;
    if (level != 0)
        return false;
    if (access->csr < 0xc00 || access->csr > 0xc1f)
        return true;
    return (hvrv_hart_read_scounteren(access->hart) >> (access->csr & 31) & 1) != 0;
}

struct operation {
    const struct hvrv_insn *insn;
    const struct hvrv_virtual_csr *row;
    void *context;
};

static bool writes(const struct hvrv_insn *insn)
{
    return insn->op == HVRV_INSN_CSR_WRITE || insn->rs1 != 0;
}

static uint64_t combine(const struct hvrv_insn *insn, uint64_t old, uint64_t operand)
{
    if (insn->op == HVRV_INSN_CSR_SET)
        return old | operand;
    if (insn->op == HVRV_INSN_CSR_CLEAR)
        return old & ~operand;
    return operand;
}

/* rd is written last: it may be the operand, and nothing is to be changed on the way. */
static enum hvrv_virtual_outcome access_csr(const struct operation *operation,
                                            const struct hvrv_virtual_access *access)
{
    const struct hvrv_insn *insn = operation->insn;
    struct hvrv_vhart *vhart = access->vhart;
    uint64_t operand = insn->is_immediate ? insn->rs1 : vhart->gpr[insn->rs1];
    bool is_read = insn->op != HVRV_INSN_CSR_WRITE || insn->rd != 0;
    uint64_t old = 0;

    if (writes(insn) && (access->csr >> 10 == CSR_READ_ONLY || !operation->row->write))
        return HVRV_VIRTUAL_ILLEGAL;
    if (is_read &&
        (!operation->row->read || !operation->row->read(operation->context, access, &old)))
        return HVRV_VIRTUAL_ILLEGAL;
    if (writes(insn) &&
        !operation->row->write(operation->context, access, combine(insn, old, operand)))
        return HVRV_VIRTUAL_ILLEGAL;
    if (insn->rd != 0)
        vhart->gpr[insn->rd] = old;
    return HVRV_VIRTUAL_DONE;
}

static enum hvrv_virtual_outcome serve_csr(const struct hvrv_virtual *tables,
                                           const struct hvrv_virtual_exit *at,
                                           const struct hvrv_insn *insn)
{
    struct hvrv_virtual_access access = {at->vhart, at->hart, insn->csr, at->exit->privilege};
    struct operation operation = {insn, find_csr(tables, insn->csr), tables->context};

    if (!operation.row)
        operation.row = find_csr(&own, insn->csr);
    if (!operation.row || !is_allowed(&access))
        return HVRV_VIRTUAL_ILLEGAL;
    return access_csr(&operation, &access);
}

static enum hvrv_virtual_outcome serve(const struct hvrv_virtual *tables,
                                       const struct hvrv_virtual_exit *at,
                                       const struct hvrv_insn *insn)
{
    const struct hvrv_virtual_insn *row = find_insn(tables, insn->bits);

    if (row)
        return row->serve ? row->serve(tables->context, at->vhart, insn) : HVRV_VIRTUAL_ILLEGAL;
    if (insn->kind == HVRV_INSN_CSR)
        return serve_csr(tables, at, insn);
    row = find_insn(&own, insn->bits);
    return row ? row->serve(NULL, at->vhart, insn) : HVRV_VIRTUAL_ILLEGAL;
}

/* stval, if the hart writes instructions there; a fault of the fetch is the guest's. */
static enum hvrv_status find_bits(const struct hvrv_virtual_exit *at, uint32_t *bits,
                                  enum hvrv_virtual_outcome *outcome)
{
    struct hvrv_guest_fetched fetched;
    enum hvrv_status status;

    *bits = (uint32_t)at->exit->value;
    *outcome = HVRV_VIRTUAL_DONE;
    if (*bits != 0)
        return HVRV_OK;
    *outcome = HVRV_VIRTUAL_RETRY;
    /* Bit 0 of sepc is always 0 (norm:sepc); QEMU 7.2 keeps what the guest wrote there. */
    status = hvrv_guest_fetch(at->hart, hvrv_gva_make(at->vhart->sepc & ~UINT64_C(1)), &fetched);
    if (status == HVRV_OK && fetched.outcome == HVRV_GUEST_DONE) {
        *bits = fetched.bits;
        *outcome = HVRV_VIRTUAL_DONE;
    }
    return status;
}

static bool is_right(const struct hvrv_exit *exit)
{
    return exit->kind == HVRV_EXIT_VIRTUAL_INSTRUCTION ||
           exit->kind == HVRV_EXIT_ILLEGAL_INSTRUCTION;
}

/* A row's answer, made the caller's. */
static enum hvrv_status finish(const struct hvrv_virtual_exit *at, const struct hvrv_insn *insn,
                               enum hvrv_virtual_outcome *outcome)
{
    switch (*outcome) {
    case HVRV_VIRTUAL_DONE:
    case HVRV_VIRTUAL_WAIT:
    case HVRV_VIRTUAL_YIELD:
        at->vhart->sepc += insn->length;
        return HVRV_OK;
    case HVRV_VIRTUAL_RETRY:
        return HVRV_OK;
    case HVRV_VIRTUAL_ESCAPE:
        *outcome = HVRV_VIRTUAL_DONE;
        return HVRV_OK;
    default:
        *outcome = HVRV_VIRTUAL_RETRY;
        break;
    }
    enum hvrv_status status = hvrv_inject_illegal(at->vhart, insn->bits);
    if (status == HVRV_OK)
        *outcome = HVRV_VIRTUAL_DONE;
    return status;
}

static enum hvrv_status check(const struct hvrv_virtual *tables, const struct hvrv_virtual_exit *at)
{
    if (!tables || !at || !at->hart || !at->vhart || !at->exit)
        return HVRV_ERR_NULL;
    if ((!tables->csrs && tables->csr_count != 0) || (!tables->insns && tables->insn_count != 0))
        return HVRV_ERR_NULL;
    return is_right(at->exit) ? HVRV_OK : HVRV_ERR_ARGUMENT;
}

enum hvrv_status hvrv_virtual_serve(const struct hvrv_virtual *tables,
                                    const struct hvrv_virtual_exit *at,
                                    enum hvrv_virtual_outcome *outcome)
{
    struct hvrv_insn insn;
    enum hvrv_status status;
    uint32_t bits;

    if (!outcome)
        return HVRV_ERR_NULL;
    *outcome = HVRV_VIRTUAL_RETRY;
    status = check(tables, at);
    if (status != HVRV_OK)
        return status;
    status = find_bits(at, &bits, outcome);
    if (status != HVRV_OK || *outcome == HVRV_VIRTUAL_RETRY)
        return status;
    status = hvrv_insn_decode(bits, &insn);
    if (status != HVRV_OK)
        return status;
    *outcome = serve(tables, at, &insn);
    return finish(at, &insn, outcome);
}
