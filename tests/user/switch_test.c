/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Torture for enter.S and fp.S under qemu-riscv64. Their privileged
 * instructions raise SIGILL; the handler here carries them out on a handful of
 * registers, and plays the hart: sret goes into the guest, the guest's trap
 * goes to stvec. What the guest got is seen by the kernel, in the signal's
 * frame, and not by code under test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include <hvrv/vhart/context.h>

#define ROUNDS 10000
#define SEED   UINT64_C(0x1234567)
#define SIGN   UINT64_C(0x8000000000000000)

/* By the manual's numbers. */
enum {
    SSTATUS = 0x100,
    STVEC = 0x105,
    SSCRATCH = 0x140,
    SEPC = 0x141,
    SCAUSE = 0x142,
    HSTATUS = 0x600
};
#define SIE                 0x2
#define SPIE                0x20
#define SPP                 0x100
#define FS_DIRTY            0x6000
#define SPV                 0x80
#define VIRTUAL_INSTRUCTION 22
#define SRET                0x10200073
#define CSRW_CYCLE          0xc0001073

#define HOST_SSTATUS  UINT64_C(0x200000100)
#define HOST_STVEC    UINT64_C(0xffffffff80001000)
#define HOST_SSCRATCH UINT64_C(0x1122334455667788)

void switch_guest(void);
void switch_guest_end(void);
uint64_t switch_call(struct hvrv_vhart *vhart, const uint64_t *before, uint64_t *after);
uint64_t switch_sp(void);
uint64_t switch_gp(void);
uint64_t switch_tp(void);
void switch_on_sigill(int number, siginfo_t *info, void *context);
void switch_sigill(int number, siginfo_t *info, void *context);

/* Read by switch_on_sigill. */
uint64_t switch_program_tp;

static uint64_t csrs[4096];
static bool in_guest;
static uint64_t seen_gpr[32], seen_f[32], seen_fcsr;
static unsigned guest_traps;
static uint64_t random_state = SEED;

static uint64_t random_word(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The test cannot go on: some instruction is not one of those it knows. */
static void give_up(const char *why)
{
    if (write(2, why, strlen(why)) < 0)
        _exit(3);
    _exit(2);
}

/* gpr[0] is pc, as in the signal's frame. */
static void do_csr(uint32_t instruction, uint64_t *gpr)
{
    unsigned number = instruction >> 20, rd = instruction >> 7 & 31, rs1 = instruction >> 15 & 31;
    uint64_t old, operand = rs1 != 0 ? gpr[rs1] : 0;

    if (number != SSTATUS && number != STVEC && number != SSCRATCH && number != SEPC &&
        number != SCAUSE && number != HSTATUS)
        give_up("switch_test: an unlisted CSR\n");
    old = csrs[number];
    switch (instruction >> 12 & 7) {
    case 1:
        csrs[number] = operand;
        break;
    case 2:
        csrs[number] = rs1 != 0 ? old | operand : old;
        break;
    default:
        give_up("switch_test: an unlisted CSR instruction\n");
    }
    if (rd != 0)
        gpr[rd] = old;
    gpr[0] += 4;
}

static void do_sret(uint64_t *gpr)
{
    if (!(csrs[HSTATUS] & SPV) || !(csrs[SSTATUS] & SPP) || (csrs[SSTATUS] & SIE))
        give_up("switch_test: sret with a wrong hstatus or sstatus\n");
    csrs[HSTATUS] &= ~(uint64_t)SPV;
    csrs[SSTATUS] &= ~(uint64_t)(SPP | SIE | SPIE);
    in_guest = true;
    gpr[0] = csrs[SEPC];
}

static void show(const ucontext_t *context)
{
    memcpy(seen_gpr, context->uc_mcontext.__gregs, sizeof(seen_gpr));
    memcpy(seen_f, context->uc_mcontext.__fpregs.__d.__f, sizeof(seen_f));
    seen_fcsr = context->uc_mcontext.__fpregs.__d.__fcsr;
}

static void do_guest(const ucontext_t *context, uint64_t *gpr)
{
    guest_traps++;
    if (gpr[0] == (uintptr_t)&switch_guest) {
        show(context);
        gpr[0] += 4;
        return;
    }
    csrs[SEPC] = gpr[0];
    csrs[SCAUSE] = VIRTUAL_INSTRUCTION;
    csrs[HSTATUS] |= SPV;
    csrs[SSTATUS] |= SPP | FS_DIRTY;
    in_guest = false;
    gpr[0] = csrs[STVEC];
}

void switch_sigill(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    uint64_t *gpr = (uint64_t *)user->uc_mcontext.__gregs;
    uint32_t instruction;

    (void)number;
    (void)info;
    memcpy(&instruction, (const void *)(uintptr_t)gpr[0], sizeof(instruction));
    if (in_guest && instruction == CSRW_CYCLE)
        do_guest(user, gpr);
    else if (!in_guest && instruction == SRET)
        do_sret(gpr);
    else if (!in_guest && (instruction & 0x7f) == 0x73)
        do_csr(instruction, gpr);
    else
        give_up("switch_test: an instruction that nobody expected\n");
}

/* Within each test, since CMocka takes SIGILL for itself before. */
static void be_the_hart(void)
{
    static _Alignas(16) uint8_t stack[65536];
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
    struct sigaction action;

    switch_program_tp = switch_tp();
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = switch_on_sigill;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    assert_int_equal(sigaltstack(&alternate, NULL), 0);
    assert_int_equal(sigaction(SIGILL, &action, NULL), 0);
}

static struct hvrv_vhart vhart;

static void fill_guest(void)
{
    for (unsigned i = 1; i < 32; i++)
        vhart.gpr[i] = random_word();
    for (unsigned i = 0; i < 32; i++)
        vhart.fp.f[i] = random_word();
    vhart.fp.fcsr = (random_word() & 31) | (random_word() % 5) << 5;
    vhart.sepc = (uintptr_t)&switch_guest;
    vhart.sstatus = 0x200002100;
    vhart.hstatus = 0x200000180 | (random_word() & 0x700000);
}

static void fill_host(void)
{
    memset(csrs, 0, sizeof(csrs));
    csrs[SSTATUS] = HOST_SSTATUS | SIE;
    csrs[STVEC] = HOST_STVEC;
    csrs[SSCRATCH] = HOST_SSCRATCH;
    hvrv_vhart_capture(&vhart);
    vhart.host.sstatus = HOST_SSTATUS;
    vhart.host.stvec = HOST_STVEC;
    vhart.host.sscratch = HOST_SSCRATCH;
}

static void check_guest(const struct hvrv_vhart *before)
{
    for (unsigned i = 1; i < 32; i++) {
        assert_int_equal(seen_gpr[i], before->gpr[i]);
        assert_int_equal(vhart.gpr[i], ~before->gpr[i]);
    }
    for (unsigned i = 0; i < 32; i++) {
        assert_int_equal(seen_f[i], before->fp.f[i]);
        assert_int_equal(vhart.fp.f[i], before->fp.f[i] ^ SIGN);
    }
    assert_int_equal(seen_fcsr, before->fp.fcsr);
    assert_int_equal(vhart.fp.fcsr, 0x75); /* frm 3, fflags 21 */
    assert_int_equal(vhart.gpr[0], 0);
    assert_int_equal(vhart.sepc, (uintptr_t)&switch_guest_end);
    assert_int_equal(vhart.sstatus, 0x200006100); /* FS Dirty, SPP, SIE 0 */
    assert_int_equal(vhart.hstatus, before->hstatus);
}

static void check_host(const uint64_t *before, const uint64_t *after)
{
    for (unsigned i = 0; i < 12; i++)
        assert_int_equal(after[i], before[i]);
    assert_int_equal(after[13], switch_gp());
    assert_int_equal(after[14], switch_tp());
    assert_int_equal(csrs[SSTATUS], HOST_SSTATUS);
    assert_int_equal(csrs[STVEC], HOST_STVEC);
    assert_int_equal(csrs[SSCRATCH], HOST_SSCRATCH);
}

/* norm:sscratch, norm:sepc_op_trap_write, norm:sret_v0, norm:H_trap_hs_csrwrites */
static void every_register_survives_a_guest_that_changes_all(void **state)
{
    (void)state;
    print_message("seed 0x%llx, %d rounds\n", (unsigned long long)SEED, ROUNDS);
    be_the_hart();
    assert_int_equal(hvrv_vhart_init(&vhart, (struct hvrv_vm *)(void *)csrs), HVRV_OK);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct hvrv_vhart before;
        uint64_t s_before[12], after[15], sp;

        fill_guest();
        fill_host();
        for (unsigned i = 0; i < 12; i++)
            s_before[i] = random_word();
        before = vhart;
        guest_traps = 0;
        hvrv_vhart_fp_load(&vhart.fp);
        sp = switch_sp();
        assert_int_equal(switch_call(&vhart, s_before, after), VIRTUAL_INSTRUCTION);
        hvrv_vhart_fp_save(&vhart.fp);
        assert_int_equal(guest_traps, 2);
        assert_int_equal(after[12], sp);
        check_guest(&before);
        check_host(s_before, after);
    }
}

static void floating_point_is_turned_on_only_for_the_copy(void **state)
{
    (void)state;
    be_the_hart();
    csrs[SSTATUS] = HOST_SSTATUS;
    hvrv_vhart_fp_load(&vhart.fp);
    assert_int_equal(csrs[SSTATUS], HOST_SSTATUS);
    hvrv_vhart_fp_save(&vhart.fp);
    assert_int_equal(csrs[SSTATUS], HOST_SSTATUS);
}

/* norm:stvec_op */
static void the_vector_is_aligned_for_stvec(void **state)
{
    (void)state;
    assert_int_equal((uintptr_t)&hvrv_vhart_exit % 4, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_register_survives_a_guest_that_changes_all),
        cmocka_unit_test(floating_point_is_turned_on_only_for_the_copy),
        cmocka_unit_test(the_vector_is_aligned_for_stvec),
    };

    return cmocka_run_group_tests_name("user/switch", tests, NULL, NULL);
}
