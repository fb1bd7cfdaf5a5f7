/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trap put into a guest, and its SRET: every register that takes part is what the manual
 * says, and no bit of any other changes. A refusal changes nothing.
 *
 * Assumptions: the vHart is loaded nowhere. Its registers are any.
 *
 * Files: lib/vhart/inject.c
 */
#include <hvrv/vhart/inject.h>

#include "proof.h"

#define SIE   0x2u
#define SPIE  0x20u
#define SPP   0x100u
#define SPVP  0x100u
#define SPELP 0x800000u
#define SDT   0x1000000u
#define DTE   UINT64_C(0x800000000000000)

static struct hvrv_vhart vhart, before;

static void any_vhart(void)
{
    vhart.sepc = nondet_u64();
    vhart.sstatus = nondet_u64();
    vhart.hstatus = nondet_u64();
#define ANY(name, reset) vhart.csr.name = nondet_u64();
    HVRV_VHART_CSR_LIST(ANY)
#undef ANY
    vhart.bind = NULL;
    before = vhart;
}

static bool is_set(uint64_t value, uint64_t bit)
{
    return (value & bit) != 0;
}

/* But for the five registers of a trap. */
static bool rest_is_as_before(void)
{
    bool is_same = true;
#define SAME(name, reset) is_same = is_same && vhart.csr.name == before.csr.name;
    HVRV_VHART_CSR_LIST(SAME)
#undef SAME
    return is_same;
}

static bool is_all_as_before(void)
{
    return rest_is_as_before() && vhart.sepc == before.sepc && vhart.sstatus == before.sstatus &&
           vhart.hstatus == before.hstatus;
}

static void prove_trap(uint64_t cause, uint64_t stval)
{
    uint64_t old = before.csr.vsstatus;
    uint64_t now = vhart.csr.vsstatus;
    uint64_t taking_part = SIE | SPIE | SPP | SPELP | SDT;

    PROVE(!is_set(now, SIE));
    PROVE(is_set(now, SPIE) == is_set(old, SIE));
    PROVE(is_set(now, SPP) == is_set(before.sstatus, SPP));
    PROVE(is_set(now, SPELP) == is_set(before.sstatus, SPELP));
    PROVE(is_set(now, SDT) == (is_set(old, SDT) || is_set(before.csr.henvcfg, DTE)));
    PROVE((now & ~taking_part) == (old & ~taking_part));
    PROVE(vhart.csr.vsepc == before.sepc);
    PROVE(vhart.csr.vscause == cause);
    PROVE(vhart.csr.vstval == stval);
    PROVE(vhart.sstatus == ((before.sstatus | SPP) & ~(uint64_t)SPELP));
    PROVE(vhart.hstatus == (before.hstatus | SPVP));
    before.csr.vsstatus = now;
    before.csr.vsepc = vhart.csr.vsepc;
    before.csr.vscause = cause;
    before.csr.vstval = stval;
    PROVE(rest_is_as_before());
}

static bool is_double_trap(void)
{
    return is_set(before.csr.henvcfg, DTE) && is_set(before.csr.vsstatus, SDT);
}

void an_exception_is_the_manuals_trap(void)
{
    unsigned cause = nondet_unsigned();
    struct hvrv_exception exception = {(enum hvrv_cause)cause, nondet_u64()};
    bool is_known = cause < 20 && (UINT64_C(0xcb1ff) >> cause & 1) != 0;

    any_vhart();
    enum hvrv_status status = hvrv_inject_exception(&vhart, &exception);
    COVER(status == HVRV_OK && cause == 19);
    COVER(status == HVRV_ERR_STATE);
    COVER(status == HVRV_ERR_ARGUMENT && cause == 22);
    if (status != HVRV_OK) {
        PROVE(status == (is_known ? HVRV_ERR_STATE : HVRV_ERR_ARGUMENT));
        PROVE(IMPLIES(is_known, is_double_trap()));
        PROVE(is_all_as_before());
        return;
    }
    PROVE(is_known && !is_double_trap());
    PROVE(vhart.sepc == (before.csr.vstvec & ~UINT64_C(3)));
    prove_trap(cause, exception.stval);
}

void an_interrupt_is_the_manuals_trap(void)
{
    unsigned code = nondet_unsigned();
    bool is_known = code == 1 || code == 5 || code == 9 || code == 13 || (code > 15 && code < 64);
    bool is_masked;
    uint64_t base;

    any_vhart();
    base = before.csr.vstvec & ~UINT64_C(3);
    is_masked = is_set(before.sstatus, SPP) && !is_set(before.csr.vsstatus, SIE);
    enum hvrv_status status = hvrv_inject_interrupt(&vhart, (enum hvrv_interrupt)code);
    COVER(status == HVRV_OK && (before.csr.vstvec & 3) == 1 && code == 63);
    COVER(status == HVRV_ERR_STATE);
    COVER(status == HVRV_ERR_ARGUMENT);
    if (status != HVRV_OK) {
        PROVE(status == (is_known ? HVRV_ERR_STATE : HVRV_ERR_ARGUMENT));
        PROVE(IMPLIES(is_known, is_masked || is_double_trap()));
        PROVE(is_all_as_before());
        return;
    }
    PROVE(is_known && !is_masked && !is_double_trap());
    PROVE(vhart.sepc == ((before.csr.vstvec & 3) == 1 ? base + 4 * (uint64_t)code : base));
    prove_trap(UINT64_C(0x8000000000000000) | code, 0);
}

void a_return_is_the_manuals_sret(void)
{
    uint64_t taking_part = SIE | SPIE | SPP | SPELP | SDT;
    uint64_t old, now;

    any_vhart();
    PROVE(hvrv_inject_return(&vhart) == HVRV_OK);
    old = before.csr.vsstatus;
    now = vhart.csr.vsstatus;
    COVER(is_set(old, SPP) && !is_set(old, SPIE));
    PROVE(is_set(now, SIE) == is_set(old, SPIE));
    PROVE(is_set(now, SPIE));
    PROVE((now & (SPP | SPELP | SDT)) == 0);
    PROVE((now & ~taking_part) == (old & ~taking_part));
    PROVE(vhart.sepc == before.csr.vsepc);
    PROVE((vhart.sstatus & (SPP | SPELP)) == (old & (SPP | SPELP)));
    PROVE((vhart.sstatus | SPP | SPELP) == (before.sstatus | SPP | SPELP));
    PROVE(is_set(vhart.hstatus, SPVP) == is_set(old, SPP));
    PROVE((vhart.hstatus | SPVP) == (before.hstatus | SPVP));
    before.csr.vsstatus = now;
    PROVE(rest_is_as_before());
}
