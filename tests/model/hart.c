/* SPDX-License-Identifier: BSD-2-Clause */
#include "hart.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BIT(n) (UINT64_C(1) << (n))

enum { ILLEGAL = 2, LOAD_ACCESS = 5, STORE_ACCESS = 7, VIRTUAL = 22 };

/* Fields of sstatus and hstatus, written out. */
#define SIE  BIT(1)
#define MPRV BIT(17)
#define SPIE BIT(5)
#define SPP  BIT(8)
#define SDT  BIT(24)
#define GVA  BIT(6)
#define SPV  BIT(7)
#define SPVP BIT(8)
#define HU   BIT(9)

struct model_config model_config_all(void)
{
    return (struct model_config){
        .extensions = UINT32_MAX,
        .envcfg = UINT64_MAX,
        .satp_modes = 1 << 0 | 1 << 8 | 1 << 9 | 1 << 10,
        .hgatp_modes = 1 << 0 | 1 << 8 | 1 << 9 | 1 << 10,
        .asidlen = 16,
        .vmidlen = 14,
        .geilen = 5,
        .sdidlen = 6,
        .mmpt_modes = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3,
        .pmp_entries = 64,
        .pmp_address_bits = 54,
        .svinval = true,
        .shlcofideleg = true,
    };
}

static bool has(const struct model_hart *model, uint32_t extension)
{
    return model->config.extensions & extension;
}

/* misa: RV64 with I, M, A, C, and what the hart has of F (with D), H, S, U and V. */
static uint64_t misa(const struct model_hart *model)
{
    uint64_t letters = BIT('i' - 'a') | BIT('m' - 'a') | BIT('a' - 'a') | BIT('c' - 'a') |
                       BIT('s' - 'a') | BIT('u' - 'a');
    if (has(model, MODEL_EXTENSION(F)))
        letters |= BIT('f' - 'a') | BIT('d' - 'a');
    if (has(model, MODEL_EXTENSION(V)))
        letters |= BIT('v' - 'a');
    if (has(model, MODEL_EXTENSION(H)))
        letters |= BIT('h' - 'a');
    return UINT64_C(2) << 62 | letters;
}

void model_hart_init_with(struct model_hart *model, const struct model_config *config)
{
    memset(model, 0, sizeof *model);
    model->hart.ops = &model_hart_ops;
    model->config = *config;
    if (!has(model, MODEL_EXTENSION(SSTC)))
        model->config.envcfg &= ~BIT(63);
    model->mode = MODEL_S;
    uint64_t *csr = model->csr;
    csr[HVRV_CSR_MISA] = misa(model);
    csr[HVRV_CSR_MSTATUS] = 0xa00000000; /* SXL = UXL = 2 */
    csr[HVRV_CSR_VSSTATUS] = 0x200000000;
    csr[HVRV_CSR_HSTATUS] = 0x200000000; /* VSXL = 2 */
    csr[HVRV_CSR_MEDELEG] = 0xfcb5ff;    /* all but ECALL from HS-mode */
    csr[HVRV_CSR_MIDELEG] = 0x2222;
    csr[HVRV_CSR_MCOUNTEREN] = UINT32_MAX;
    csr[HVRV_CSR_VLENB] = 32;
    csr[HVRV_CSR_STIMECMP] = UINT64_MAX;
    csr[HVRV_CSR_VSTIMECMP] = UINT64_MAX;
    model_csr_store(model, HVRV_CSR_MENVCFG, 0xf8000000000000dd); /* CBIE = 1, PMM = 0 */
    for (uint32_t i = 0; i < 4; i++)
        model_csr_store(model, HVRV_CSR_MSTATEEN0 + i, UINT64_MAX);
    if (model_hart_attach)
        model_hart_attach(model);
}

void model_hart_init(struct model_hart *model)
{
    struct model_config config = model_config_all();
    model_hart_init_with(model, &config);
}

void model_hart_complain(struct model_hart *model, const char *what, uint64_t number)
{
    if (model->complaint[0] == '\0')
        snprintf(model->complaint, sizeof model->complaint, "%s: 0x%" PRIx64, what, number);
}

const char *model_hart_complaint(const struct model_hart *model)
{
    if (model->complaint[0])
        return model->complaint;
    return model->log_length > MODEL_LOG_SIZE ? "the log overflowed" : NULL;
}

void model_hart_check(const struct model_hart *model)
{
    const char *complaint = model_hart_complaint(model);
    if (complaint)
        fail_msg("model hart: %s", complaint);
}

uint64_t model_peek(const struct model_hart *model, enum hvrv_csr csr)
{
    return model_csr_load(model, csr);
}

void model_poke(struct model_hart *model, enum hvrv_csr csr, uint64_t value)
{
    model_csr_store(model, csr, value);
}

void model_force(struct model_hart *model, enum hvrv_csr csr, uint64_t value)
{
    model->csr[csr] = value;
}

/* The log ------------------------------------------------------------------------------ */

static void log_access(struct model_hart *model, const struct model_access *access)
{
    if (model->log_length < MODEL_LOG_SIZE)
        model->log[model->log_length] = *access;
    model->log_length++;
}

void model_log_clear(struct model_hart *model)
{
    if (model->log_length <= MODEL_LOG_SIZE)
        model->log_length = 0;
}

static void print_access(const char *title, const struct model_access *access)
{
    static const char *const kinds[] = {
        "read",
        "write",
        "swap",
        "set",
        "clear",
        "hfence.gvma",
        "hfence.vvma",
        "hinval.gvma",
        "hinval.vvma",
        "sfence.vma",
        "sinval.vma",
        "sfence.w.inval",
        "sfence.inval.ir",
        "hlv",
        "hlvx",
        "hsv",
    };
    if (access)
        print_error("  %s: %s 0x%" PRIx32 " (%s) 0x%" PRIx64 " 0x%" PRIx64 "\n", title,
                    kinds[access->kind], access->what,
                    access->kind <= MODEL_CLEAR ? hvrv_csr_name((enum hvrv_csr)access->what) : "-",
                    access->a, access->b);
    else
        print_error("  %s: nothing\n", title);
}

static bool is_same(const struct model_access *a, const struct model_access *b)
{
    return a->kind == b->kind && a->what == b->what && a->a == b->a && a->b == b->b;
}

bool model_log_is(struct model_hart *model, const struct model_access *expected, size_t count)
{
    size_t length = model->log_length < MODEL_LOG_SIZE ? model->log_length : MODEL_LOG_SIZE;
    bool same = true;
    for (size_t i = 0; same && (i < count || i < length); i++) {
        const struct model_access *want = i < count ? &expected[i] : NULL;
        const struct model_access *got = i < length ? &model->log[i] : NULL;
        same = want && got && is_same(want, got);
        if (!same) {
            print_error("model hart: the log differs at entry %zu\n", i);
            print_access("expected", want);
            print_access("was", got);
        }
    }
    model_log_clear(model);
    return same;
}

/* Traps -------------------------------------------------------------------------------- */

void model_hart_trap(struct model_hart *model, struct hvrv_hart_trap trap)
{
    uint64_t *sstatus = &model->csr[HVRV_CSR_MSTATUS];
    uint64_t *hstatus = &model->csr[HVRV_CSR_HSTATUS];
    bool from_s = model->mode == MODEL_S;

    *sstatus = (*sstatus & ~(SPIE | SPP)) | (*sstatus & SIE ? SPIE : 0) | (from_s ? SPP : 0);
    *sstatus &= ~SIE;
    if (model->csr[HVRV_CSR_MENVCFG] & BIT(59))
        *sstatus |= SDT;
    *hstatus = (*hstatus & ~(SPV | GVA)) | (model->v ? SPV : 0) | (trap.gva ? GVA : 0);
    if (model->v)
        *hstatus = (*hstatus & ~SPVP) | (from_s ? SPVP : 0);
    model->csr[HVRV_CSR_SEPC] = model->pc & ~UINT64_C(1);
    model->csr[HVRV_CSR_SCAUSE] = trap.cause;
    model->csr[HVRV_CSR_STVAL] = trap.stval;
    model->csr[HVRV_CSR_HTVAL] = trap.htval;
    model->csr[HVRV_CSR_HTINST] = trap.htinst;
    model->mode = MODEL_S;
    model->v = false;
    model->trap = trap;
    model->traps++;
}

/* An instruction that the hart refuses. With V = 1 it is the guest's doing. */
static void refuse(struct model_hart *model, uint64_t cause, const struct model_access *access)
{
    if (!model->traps_expected && !model->v)
        model_hart_complain(model, "an instruction that the test does not expect traps, on",
                            access->what);
    model_hart_trap(model, (struct hvrv_hart_trap){.cause = cause});
}

bool model_hart_sret(struct model_hart *model, uint64_t *pc)
{
    const struct model_access sret = {.kind = MODEL_READ, .what = 0x102};
    uint64_t refuses = BIT(22); /* mstatus.TSR, hstatus.VTSR */
    uint64_t cause = 0;
    if (model->mode == MODEL_U)
        cause = model->v ? VIRTUAL : ILLEGAL;
    else if (model->v && (model->csr[HVRV_CSR_HSTATUS] & refuses))
        cause = VIRTUAL;
    else if (!model->v && model->mode == MODEL_S && (model->csr[HVRV_CSR_MSTATUS] & refuses))
        cause = ILLEGAL;
    *pc = 0;
    if (cause) {
        refuse(model, cause, &sret);
        return false;
    }

    uint64_t *status = &model->csr[model->v ? HVRV_CSR_VSSTATUS : HVRV_CSR_MSTATUS];
    *pc = model->csr[model->v ? HVRV_CSR_VSEPC : HVRV_CSR_SEPC];
    model->mode = *status & SPP ? MODEL_S : MODEL_U;
    *status = (*status & ~(SIE | SPP | SDT)) | (*status & SPIE ? SIE : 0) | SPIE;
    if (!model->v) {
        model->v = model->csr[HVRV_CSR_HSTATUS] & SPV;
        model->csr[HVRV_CSR_HSTATUS] &= ~SPV;
    }
    model->csr[HVRV_CSR_MSTATUS] &= ~MPRV;
    model->pc = *pc;
    return true;
}

/* Instructions ------------------------------------------------------------------------- */

static bool does_write(const struct model_access *access)
{
    return access->kind != MODEL_READ;
}

static void tell(struct model_hart *model, struct model_access done)
{
    if (model->heard)
        model->heard(model->heard_context, &done);
}

bool model_csr_access(struct model_hart *model, struct model_access *access)
{
    access->b = 0;
    if (access->kind == MODEL_READ)
        access->a = 0;
    log_access(model, access);
    uint64_t cause = model_csr_refuses(model, access->what, does_write(access));
    if (cause) {
        refuse(model, cause, access);
        return false;
    }
    if (!model_csr_exists(model, access->what))
        return true; /* silent: reads zero */
    uint32_t number = model_csr_seen(model, access->what);
    uint64_t old = model_csr_load(model, number);
    if (access->kind == MODEL_SET)
        model_csr_store(model, number, old | access->a);
    else if (access->kind == MODEL_CLEAR)
        model_csr_store(model, number, old & ~access->a);
    else if (does_write(access))
        model_csr_store(model, number, access->a);
    if (does_write(access))
        tell(model, (struct model_access){access->kind, number, access->a, 0});
    access->b = access->kind == MODEL_WRITE ? 0 : old;
    return true;
}

bool model_csr_read(struct model_hart *model, uint32_t number, uint64_t *value)
{
    struct model_access access = {.kind = MODEL_READ, .what = number};
    bool done = model_csr_access(model, &access);
    *value = access.b;
    return done;
}

bool model_csr_write(struct model_hart *model, uint32_t number, uint64_t value)
{
    struct model_access access = {.kind = MODEL_WRITE, .what = number, .a = value};
    return model_csr_access(model, &access);
}

static uint64_t fence_refusal(const struct model_hart *model, enum model_kind kind)
{
    bool hypervisor = kind >= MODEL_HFENCE_GVMA && kind <= MODEL_HINVAL_VVMA;
    bool gvma = kind == MODEL_HFENCE_GVMA || kind == MODEL_HINVAL_GVMA;
    bool supervisor = kind == MODEL_SFENCE_VMA || kind == MODEL_SINVAL_VMA;
    bool svinval =
        kind != MODEL_HFENCE_GVMA && kind != MODEL_HFENCE_VVMA && kind != MODEL_SFENCE_VMA;
    uint64_t tvm = BIT(20); /* mstatus.TVM, hstatus.VTVM */

    if ((hypervisor && !has(model, MODEL_EXTENSION(H))) || (svinval && !model->config.svinval))
        return ILLEGAL;
    if (model->mode == MODEL_M)
        return 0;
    if (model->v && (hypervisor || model->mode == MODEL_U))
        return VIRTUAL;
    if (model->v)
        return supervisor && (model->csr[HVRV_CSR_HSTATUS] & tvm) ? VIRTUAL : 0;
    if (model->mode == MODEL_U)
        return ILLEGAL;
    return (gvma || supervisor) && (model->csr[HVRV_CSR_MSTATUS] & tvm) ? ILLEGAL : 0;
}

bool model_fence(struct model_hart *model, struct model_access access)
{
    log_access(model, &access);
    uint64_t cause = fence_refusal(model, access.kind);
    if (cause)
        refuse(model, cause, &access);
    else
        tell(model, access);
    return cause == 0;
}

static uint64_t guest_refusal(const struct model_hart *model)
{
    if (!has(model, MODEL_EXTENSION(H)))
        return ILLEGAL;
    if (model->v)
        return VIRTUAL;
    return model->mode == MODEL_U && !(model->csr[HVRV_CSR_HSTATUS] & HU) ? ILLEGAL : 0;
}

bool model_guest(struct model_hart *model, struct model_access access, uint64_t *value)
{
    *value = 0;
    log_access(model, &access);
    uint64_t cause = guest_refusal(model);
    if (cause) {
        refuse(model, cause, &access);
        return false;
    }
    struct hvrv_hart_trap trap = {.cause = access.kind == MODEL_HSV ? STORE_ACCESS : LOAD_ACCESS,
                                  .stval = access.a,
                                  .gva = true};
    if (!model->guest_access)
        model_hart_complain(model, "a guest access, but the test gave no guest_access", access.a);
    if (model->guest_access && model->guest_access(model->guest_context, &access, value, &trap))
        return true;
    *value = 0;
    model_hart_trap(model, trap);
    return false;
}
