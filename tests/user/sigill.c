/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encodings and causes are literals of the manual, so that a slip in the library's own lists does
 * not repeat itself.
 */
#include "user/sigill.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ILLEGAL = 2, ECALL_VU = 8, ECALL_VS = 10, VIRTUAL = 22 };

#define SYSTEM      0x73
#define SRET        0x10200073
#define WFI         0x10500073
#define HSTATUS_VTW UINT64_C(0x200000)

void hvrv_hart_guard_end(void);
void user_on_sigill(int number, siginfo_t *info, void *context);
void user_sigill(int number, siginfo_t *info, void *context);

extern const char __executable_start[], etext[];

/* Read by user_on_sigill. */
uint64_t user_program_tp;

static struct model_hart *attached;
static user_guest_trap *guest_trap;
static void *guest_context;

/* The handler: a guest may have put anything into gp and tp, so those of the program, then C. */
__asm__(".pushsection .text\n"
        ".global user_on_sigill\n"
        ".type user_on_sigill, @function\n"
        "user_on_sigill:\n"
        ".option push\n"
        ".option norelax\n"
        "lla gp, __global_pointer$\n"
        ".option pop\n"
        "lla t0, user_program_tp\n"
        "ld tp, 0(t0)\n"
        "tail user_sigill\n"
        ".size user_on_sigill, . - user_on_sigill\n"
        ".popsection\n");

/* An instruction being carried out. gpr[0] is pc. */
struct step {
    struct model_hart *model;
    uint64_t *gpr;
    uint32_t instruction;
};

static void give_up(const char *why, const struct step *step)
{
    char text[160];
    int length = snprintf(text, sizeof text,
                          "tests/user/sigill: %s: instruction 0x%" PRIx32 " at 0x%" PRIx64 "\n",
                          why, step->instruction, step->gpr[0]);
    if (write(2, text, (size_t)length) < 0)
        _exit(3);
    _exit(2);
}

static unsigned field(const struct step *step, unsigned lsb)
{
    return step->instruction >> lsb & 31;
}

static unsigned rd_of(const struct step *step)
{
    return field(step, 7);
}

static unsigned rs1_of(const struct step *step)
{
    return field(step, 15);
}

static unsigned rs2_of(const struct step *step)
{
    return field(step, 20);
}

static unsigned funct3_of(const struct step *step)
{
    return step->instruction >> 12 & 7;
}

static uint64_t get(const struct step *step, unsigned number)
{
    return number ? step->gpr[number] : 0;
}

static void set_rd(const struct step *step, uint64_t value)
{
    if (rd_of(step))
        step->gpr[rd_of(step)] = value;
}

/* CSRs --------------------------------------------------------------------------------- */

/* The guard's own accesses: by the registers' rules, but not in the log. */
static bool do_silently(const struct step *step, struct model_access *access)
{
    enum hvrv_csr csr = (enum hvrv_csr)access->what;
    if (!model_csr_exists(step->model, access->what)) {
        model_hart_trap(step->model, (struct hvrv_hart_trap){.cause = ILLEGAL});
        return false;
    }
    if (csr == HVRV_CSR_STVEC && access->kind != MODEL_READ && (access->a & 3))
        model_hart_complain(step->model, "a guard at an address that stvec cannot hold", access->a);
    access->b = model_peek(step->model, csr);
    if (access->kind == MODEL_WRITE || access->kind == MODEL_SWAP)
        model_poke(step->model, csr, access->a);
    else if (access->kind == MODEL_SET)
        model_poke(step->model, csr, access->b | access->a);
    else if (access->kind == MODEL_CLEAR)
        model_poke(step->model, csr, access->b & ~access->a);
    return true;
}

static bool is_in_guard(uint64_t pc)
{
    return pc >= (uintptr_t)&hvrv_hart_guard && pc < (uintptr_t)&hvrv_hart_guard_end;
}

/* csrrw, csrrs, csrrc and their immediate forms. Set and clear by x0 read only. */
static enum model_kind kind_of_csr(const struct step *step)
{
    unsigned operation = funct3_of(step) & 3;
    if (operation == 1)
        return rd_of(step) ? MODEL_SWAP : MODEL_WRITE;
    /* csrsi with 0 has no result either: the library's "set nothing" */
    if (rs1_of(step) == 0 && (rd_of(step) || !(funct3_of(step) & 4)))
        return MODEL_READ;
    return operation == 2 ? MODEL_SET : MODEL_CLEAR;
}

static bool do_csr(const struct step *step)
{
    bool is_immediate = funct3_of(step) & 4;
    struct model_access access = {
        .kind = kind_of_csr(step),
        .what = step->instruction >> 20,
        .a = is_immediate ? rs1_of(step) : get(step, rs1_of(step)),
    };
    bool done = is_in_guard(step->gpr[0]) ? do_silently(step, &access)
                                          : model_csr_access(step->model, &access);
    if (done)
        set_rd(step, access.b);
    return done;
}

/* Fences ------------------------------------------------------------------------------- */

static bool do_fence(const struct step *step)
{
    static const struct {
        uint32_t mask, match;
        enum model_kind kind;
        uint8_t shift;
    } rows[] = {
        {0xfe007fff, 0x12000073, MODEL_SFENCE_VMA, 0},
        {0xfe007fff, 0x16000073, MODEL_SINVAL_VMA, 0},
        {0xffffffff, 0x18000073, MODEL_SFENCE_W_INVAL, 0},
        {0xffffffff, 0x18100073, MODEL_SFENCE_INVAL_IR, 0},
        {0xfe007fff, 0x22000073, MODEL_HFENCE_VVMA, 0},
        {0xfe007fff, 0x26000073, MODEL_HINVAL_VVMA, 0},
        {0xfe007fff, 0x62000073, MODEL_HFENCE_GVMA, 2},
        {0xfe007fff, 0x66000073, MODEL_HINVAL_GVMA, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((step->instruction & rows[i].mask) != rows[i].match)
            continue;
        struct model_access access = {.kind = rows[i].kind};
        bool has_operands = rows[i].mask != UINT32_MAX;
        if (has_operands && rs1_of(step))
            access.what |= MODEL_BY_ADDRESS;
        if (has_operands && rs2_of(step))
            access.what |= MODEL_BY_ID;
        if (has_operands) {
            access.a = get(step, rs1_of(step)) << rows[i].shift;
            access.b = get(step, rs2_of(step));
        }
        return model_fence(step->model, access);
    }
    give_up("no fence that anybody knows", step);
    return false;
}

/* Guest memory ------------------------------------------------------------------------- */

static bool do_access(const struct step *step)
{
    static const struct {
        uint32_t mask, match;
        enum hvrv_hart_access access;
    } rows[] = {
        {0xfff0707f, 0x60004073, HVRV_HART_HLV_B},   {0xfff0707f, 0x60104073, HVRV_HART_HLV_BU},
        {0xfff0707f, 0x64004073, HVRV_HART_HLV_H},   {0xfff0707f, 0x64104073, HVRV_HART_HLV_HU},
        {0xfff0707f, 0x64304073, HVRV_HART_HLVX_HU}, {0xfff0707f, 0x68004073, HVRV_HART_HLV_W},
        {0xfff0707f, 0x68104073, HVRV_HART_HLV_WU},  {0xfff0707f, 0x68304073, HVRV_HART_HLVX_WU},
        {0xfff0707f, 0x6c004073, HVRV_HART_HLV_D},   {0xfe007fff, 0x62004073, HVRV_HART_HSV_B},
        {0xfe007fff, 0x66004073, HVRV_HART_HSV_H},   {0xfe007fff, 0x6a004073, HVRV_HART_HSV_W},
        {0xfe007fff, 0x6e004073, HVRV_HART_HSV_D},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((step->instruction & rows[i].mask) != rows[i].match)
            continue;
        uint64_t value = get(step, rs2_of(step));
        hvrv_gva gva = hvrv_gva_make(get(step, rs1_of(step)));
        if (!model_access_memory(step->model, rows[i].access, gva, &value))
            return false;
        set_rd(step, value); /* of a store, rd is x0 */
        return true;
    }
    give_up("no access that anybody knows", step);
    return false;
}

/* The others --------------------------------------------------------------------------- */

static bool do_wfi(const struct step *step)
{
    if (!step->model->v || !(step->model->csr[HVRV_CSR_HSTATUS] & HSTATUS_VTW))
        return true;
    model_hart_trap(step->model, (struct hvrv_hart_trap){.cause = VIRTUAL});
    return false;
}

/* Goes where sepc says; pc is the instruction before, since every instruction ends by a step. */
static bool do_sret(const struct step *step)
{
    uint64_t pc;
    if (!model_hart_sret(step->model, &pc))
        return false;
    step->gpr[0] = pc - 4;
    return true;
}

static bool do_guest_trap(const struct step *step, const ucontext_t *user)
{
    struct hvrv_hart_trap trap = {.cause = step->model->mode == MODEL_S ? ECALL_VS : ECALL_VU};
    if (guest_trap && !guest_trap(guest_context, user, &trap))
        return true;
    model_hart_trap(step->model, trap);
    return false;
}

static bool do_system(const struct step *step)
{
    if (step->instruction == SRET)
        return do_sret(step);
    if (step->instruction == WFI)
        return do_wfi(step);
    if (funct3_of(step) == 0)
        return do_fence(step);
    return funct3_of(step) == 4 ? do_access(step) : do_csr(step);
}

/* False: it trapped, which the model tells of. */
static bool carry_out(const struct step *step, const ucontext_t *user)
{
    if ((step->instruction & 0x7f) == SYSTEM)
        return do_system(step);
    if (!step->model->v)
        give_up("an illegal instruction", step);
    if (step->instruction == USER_TRAP)
        return do_guest_trap(step, user);
    struct hvrv_hart_trap trap = {.cause = ILLEGAL, .stval = step->instruction};
    model_hart_trap(step->model, trap);
    return false;
}

static uint32_t fetch(uint64_t pc)
{
    uint16_t parcels[2] = {0, 0};
    memcpy(&parcels[0], (const void *)(uintptr_t)pc, 2);
    if ((parcels[0] & 3) == 3)
        memcpy(&parcels[1], (const void *)(uintptr_t)(pc + 2), 2);
    return parcels[0] | (uint32_t)parcels[1] << 16;
}

static bool is_code(uint64_t address)
{
    return address >= (uintptr_t)__executable_start && address < (uintptr_t)etext;
}

void user_sigill(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    uint64_t *gpr = (uint64_t *)user->uc_mcontext.__gregs;
    struct step step = {attached, gpr, fetch(gpr[0])};
    (void)number;
    (void)info;

    attached->pc = gpr[0];
    uint64_t mstatus = attached->csr[HVRV_CSR_MSTATUS], hstatus = attached->csr[HVRV_CSR_HSTATUS];
    enum model_mode mode = attached->mode;
    bool v = attached->v;
    uint64_t stvec = attached->csr[HVRV_CSR_STVEC] & ~UINT64_C(3);
    if (carry_out(&step, user)) {
        gpr[0] += 4;
    } else if (is_code(stvec)) {
        gpr[0] = stvec;
    } else if (v) {
        give_up("a guest traps, and stvec points nowhere", &step);
    } else {
        attached->csr[HVRV_CSR_MSTATUS] = mstatus;
        attached->csr[HVRV_CSR_HSTATUS] = hstatus;
        attached->mode = mode;
        set_rd(&step, 0);
        gpr[0] += 4;
    }
}

/* Attaching ---------------------------------------------------------------------------- */

static void take_sigill(void)
{
    static _Alignas(16) uint8_t stack[65536];
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
    struct sigaction action;

    __asm__("mv %0, tp" : "=r"(user_program_tp));
    memset(&action, 0, sizeof action);
    action.sa_sigaction = user_on_sigill;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    if (sigaltstack(&alternate, NULL) || sigaction(SIGILL, &action, NULL)) {
        perror("tests/user/sigill");
        _exit(3);
    }
}

void model_hart_attach(struct model_hart *model)
{
    attached = model;
    take_sigill();
}

void user_on_guest_trap(user_guest_trap *function, void *context)
{
    guest_trap = function;
    guest_context = context;
}

/*
 * CMocka takes SIGILL for itself by signal() before every test, and every set-up. In place of the
 * C library's signal(): from the moment that a model is attached, SIGILL stays with it.
 */
void (*signal(int number, void (*handler)(int)))(int)
{
    struct sigaction action, old;
    if (number == SIGILL && attached)
        return SIG_DFL;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    return sigaction(number, &action, &old) ? SIG_ERR : old.sa_handler;
}
