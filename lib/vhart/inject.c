/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/inject.h>

#include "vs_csr.h"

/** The causes that only a hart's HS-mode or M-mode can have, and the reserved ones. */
#define CAUSES_OF_VS                                                                \
    (HVRV_BITS(8, 0) | HVRV_BIT(HVRV_CAUSE_FETCH_PAGE_FAULT) |                      \
     HVRV_BIT(HVRV_CAUSE_LOAD_PAGE_FAULT) | HVRV_BIT(HVRV_CAUSE_STORE_PAGE_FAULT) | \
     HVRV_BIT(HVRV_CAUSE_SOFTWARE_CHECK) | HVRV_BIT(HVRV_CAUSE_HARDWARE_ERROR))

/** Those of a hypervisor. */
#define CAUSES_OF_HS                                                                              \
    (CAUSES_OF_VS | HVRV_BIT(HVRV_CAUSE_ECALL_VS) | HVRV_BIT(HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT) | \
     HVRV_BIT(HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT) | HVRV_BIT(HVRV_CAUSE_VIRTUAL_INSTRUCTION) |      \
     HVRV_BIT(HVRV_CAUSE_STORE_GUEST_PAGE_FAULT))

/** Interrupts by the numbers that VS-mode has for them: SSI, STI, SEI, LCOFI, and the platform's.
 */
#define INTERRUPTS_OF_VS (UINT64_C(0x2222) | HVRV_BITS(63, 16))

/** vstvec.MODE: interrupts have an entry each. */
#define VECTORED 1

static bool is_one_of(uint64_t cause, uint64_t causes)
{
    return cause < 64 && (causes >> cause & 1) != 0;
}

/* The privilege of the guest's next instruction, and what a guest's HLV would count as. */
static void set_privilege(struct hvrv_vhart *vhart, uint64_t spp)
{
    vhart->sstatus = hvrv_bits_set(vhart->sstatus, HVRV_SSTATUS_SPP, spp);
    vhart->hstatus = hvrv_bits_set(vhart->hstatus, HVRV_HSTATUS_SPVP, spp);
}

/* SPELP takes what the trap to HS-mode kept, whatever LPE says: in VU-mode senvcfg.LPE counts. */
static uint64_t trap_vsstatus(const struct hvrv_vhart *vhart, uint64_t vsstatus)
{
    uint64_t spp = hvrv_bits_get(vhart->sstatus, HVRV_SSTATUS_SPP);
    uint64_t sie = hvrv_bits_get(vsstatus, HVRV_VSSTATUS_SIE);
    uint64_t spelp = hvrv_bits_get(vhart->sstatus, HVRV_SSTATUS_SPELP);

    vsstatus = hvrv_bits_set(vsstatus, HVRV_VSSTATUS_SPP, spp);
    vsstatus = hvrv_bits_set(vsstatus, HVRV_VSSTATUS_SPIE, sie);
    vsstatus = hvrv_bits_set(vsstatus, HVRV_VSSTATUS_SPELP, spelp);
    vsstatus &= ~HVRV_VSSTATUS_SIE;
    if (vhart->csr.henvcfg & HVRV_HENVCFG_DTE)
        vsstatus |= HVRV_VSSTATUS_SDT;
    return vsstatus;
}

/* What a trap brings, as vscause and vstval have it. */
struct record {
    uint64_t cause;
    uint64_t stval;
};

/* Exceptions go to BASE, interrupts in the vectored mode to an entry of their own. */
static uint64_t find_entry(const struct hvrv_vhart *vhart, const struct record *trap)
{
    uint64_t vstvec = read_vstvec(vhart);
    uint64_t base = vstvec & HVRV_VSTVEC_BASE;
    bool is_vectored = hvrv_bits_get(vstvec, HVRV_VSTVEC_MODE) == VECTORED;

    if (!(trap->cause & HVRV_CAUSE_INTERRUPT) || !is_vectored)
        return base;
    return base + 4 * (trap->cause & ~HVRV_CAUSE_INTERRUPT);
}

static enum hvrv_status take_trap(struct hvrv_vhart *vhart, const struct record *trap)
{
    uint64_t vsstatus = read_vsstatus(vhart);

    if ((vhart->csr.henvcfg & HVRV_HENVCFG_DTE) && (vsstatus & HVRV_VSSTATUS_SDT))
        return HVRV_ERR_STATE;
    write_vsstatus(vhart, trap_vsstatus(vhart, vsstatus));
    write_vsepc(vhart, vhart->sepc);
    write_vscause(vhart, trap->cause);
    write_vstval(vhart, trap->stval);
    vhart->sepc = find_entry(vhart, trap);
    vhart->sstatus &= ~HVRV_SSTATUS_SPELP;
    set_privilege(vhart, 1);
    return HVRV_OK;
}

static enum hvrv_status raise(struct hvrv_vhart *vhart, const struct hvrv_exception *exception,
                              uint64_t causes)
{
    struct record trap;

    if (!vhart || !exception)
        return HVRV_ERR_NULL;
    trap.cause = (uint64_t)exception->cause;
    trap.stval = exception->stval;
    if (!is_one_of(trap.cause, causes))
        return HVRV_ERR_ARGUMENT;
    return take_trap(vhart, &trap);
}

enum hvrv_status hvrv_inject_exception(struct hvrv_vhart *vhart,
                                       const struct hvrv_exception *exception)
{
    return raise(vhart, exception, CAUSES_OF_VS);
}

enum hvrv_status hvrv_inject_interrupt(struct hvrv_vhart *vhart, enum hvrv_interrupt interrupt)
{
    struct record trap = {HVRV_CAUSE_INTERRUPT | (uint64_t)interrupt, 0};

    if (!vhart)
        return HVRV_ERR_NULL;
    if (!is_one_of((uint64_t)interrupt, INTERRUPTS_OF_VS))
        return HVRV_ERR_ARGUMENT;
    if ((vhart->sstatus & HVRV_SSTATUS_SPP) && !(read_vsstatus(vhart) & HVRV_VSSTATUS_SIE))
        return HVRV_ERR_STATE;
    return take_trap(vhart, &trap);
}

enum hvrv_status hvrv_inject_illegal(struct hvrv_vhart *vhart, uint32_t instruction)
{
    struct hvrv_exception exception = {HVRV_CAUSE_ILLEGAL_INSTRUCTION, instruction};

    return raise(vhart, &exception, CAUSES_OF_VS);
}

enum hvrv_status hvrv_inject_access_fault(struct hvrv_vhart *vhart, const struct hvrv_exit *exit)
{
    struct hvrv_exception exception = {HVRV_CAUSE_LOAD_ACCESS, 0};

    if (!exit)
        return HVRV_ERR_NULL;
    if (exit->kind != HVRV_EXIT_GUEST_PAGE_FAULT)
        return HVRV_ERR_ARGUMENT;
    exception.stval = exit->value;
    if (exit->access == HVRV_ACCESS_FETCH)
        exception.cause = HVRV_CAUSE_FETCH_ACCESS;
    if (exit->access == HVRV_ACCESS_STORE)
        exception.cause = HVRV_CAUSE_STORE_ACCESS;
    return raise(vhart, &exception, CAUSES_OF_VS);
}

/* The SRET that enters the guest takes ELP from SPELP, if the LPE of the guest's mode is 1. */
enum hvrv_status hvrv_inject_return(struct hvrv_vhart *vhart)
{
    uint64_t vsstatus;

    if (!vhart)
        return HVRV_ERR_NULL;
    vsstatus = read_vsstatus(vhart);
    set_privilege(vhart, hvrv_bits_get(vsstatus, HVRV_VSSTATUS_SPP));
    vhart->sstatus = hvrv_bits_set(vhart->sstatus, HVRV_SSTATUS_SPELP,
                                   hvrv_bits_get(vsstatus, HVRV_VSSTATUS_SPELP));
    vsstatus =
        hvrv_bits_set(vsstatus, HVRV_VSSTATUS_SIE, hvrv_bits_get(vsstatus, HVRV_VSSTATUS_SPIE));
    vsstatus |= HVRV_VSSTATUS_SPIE;
    vsstatus &= ~(HVRV_VSSTATUS_SPP | HVRV_VSSTATUS_SPELP | HVRV_VSSTATUS_SDT);
    write_vsstatus(vhart, vsstatus);
    vhart->sepc = read_vsepc(vhart);
    return HVRV_OK;
}

/* SPVP is as it was if the trap is not one from the guest's guest (norm:hstatus_spvp_op). */
static void trap_hstatus(struct hvrv_inject_virtual *csrs, uint64_t spp, bool gva)
{
    csrs->hstatus = hvrv_bits_set(csrs->hstatus, HVRV_HSTATUS_GVA, gva);
    csrs->hstatus = hvrv_bits_set(csrs->hstatus, HVRV_HSTATUS_SPV, csrs->is_v);
    if (csrs->is_v)
        csrs->hstatus = hvrv_bits_set(csrs->hstatus, HVRV_HSTATUS_SPVP, spp);
    csrs->is_v = false;
}

enum hvrv_status hvrv_inject_nested(struct hvrv_vhart *vhart,
                                    const struct hvrv_exception *exception,
                                    const struct hvrv_inject_extra *extra,
                                    struct hvrv_inject_virtual *csrs)
{
    enum hvrv_status status;
    uint64_t spp;

    if (!vhart || !extra || !csrs)
        return HVRV_ERR_NULL;
    spp = hvrv_bits_get(vhart->sstatus, HVRV_SSTATUS_SPP);
    status = raise(vhart, exception, CAUSES_OF_HS);
    if (status != HVRV_OK)
        return status;
    trap_hstatus(csrs, spp, extra->gva);
    csrs->htval = extra->htval;
    csrs->htinst = extra->htinst;
    return HVRV_OK;
}
