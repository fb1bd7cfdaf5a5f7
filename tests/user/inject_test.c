/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest with a trap handler of its own, through the library's real switch, on the model hart:
 * what is raised in it arrives there, its SRET goes back, and what is served it does not notice.
 * The model writes no instruction to stval, so each is fetched from the guest by HLVX.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/inject.h>
#include <hvrv/vhart/virtual.h>

#include "user/sigill.h"

/*
 * The guest. Its handler leaves scause, stval, sepc and sstatus in a0 to a3, counts in s2, and
 * returns behind the instruction; s3 counts what the guest got done.
 */
void inject_start(void);
void inject_reads_hstatus(void);
void inject_waits(void);
void inject_reads_satp(void);
void inject_loads(void);
void inject_stops(void);
__asm__(".pushsection .text\n"
        ".option push\n"
        ".option norvc\n"
        ".global inject_start, inject_reads_hstatus, inject_waits, inject_reads_satp\n"
        ".global inject_loads, inject_stops\n"
        ".balign 4\n"
        "inject_start:\n"
        "lla t0, inject_handler\n"
        "ori t0, t0, 1\n" /* Vectored: exceptions go to the same place */
        "csrw stvec, t0\n"
        "csrsi sstatus, 2\n" /* SIE */
        "inject_reads_hstatus:\n"
        "csrr s4, 0x600\n"
        "addi s3, s3, 1\n"
        "inject_waits:\n"
        "wfi\n"
        "addi s3, s3, 1\n"
        "inject_reads_satp:\n"
        "csrrw s5, satp, s6\n"
        "addi s3, s3, 1\n"
        "inject_loads:\n"
        ".4byte 0x0000000b\n" /* USER_TRAP: plays a load */
        "addi s3, s3, 1\n"
        "inject_stops:\n"
        ".4byte 0x0000000b\n"
        "j inject_stops\n"
        ".balign 4\n"
        "inject_handler:\n"
        "csrr a0, scause\n"
        "csrr a1, stval\n"
        "csrr a2, sepc\n"
        "csrr a3, sstatus\n"
        "addi s2, s2, 1\n"
        "addi t0, a2, 4\n"
        "csrw sepc, t0\n"
        "sret\n"
        ".option pop\n"
        ".popsection\n");

static struct model_hart model;
static struct hvrv_probe probe;
static struct hvrv_vm_slot slot;
static struct hvrv_vm vm;
static struct hvrv_vhart vhart;
static struct hvrv_bind bind;

/* HLVX of the guest's code, which is this program's. */
static bool fetch(void *context, const struct model_access *access, uint64_t *value,
                  struct hvrv_hart_trap *trap)
{
    (void)context;
    (void)trap;
    assert_int_equal(access->kind, MODEL_HLVX);
    *value = 0;
    memcpy(value, (const void *)(uintptr_t)access->a, access->what);
    return true;
}

static bool fault_where_it_loads(void *context, const ucontext_t *user, struct hvrv_hart_trap *trap)
{
    (void)context;
    if (user->uc_mcontext.__gregs[0] == (uintptr_t)&inject_loads)
        *trap = (struct hvrv_hart_trap){21, 0x4003, 0x1000, 0, true};
    return true;
}

static int load(void **state)
{
    (void)state;
    model_hart_init(&model);
    model.guest_access = fetch;
    user_on_guest_trap(fault_where_it_loads, NULL);
    assert_int_equal(hvrv_probe_hart(&probe, &model.hart), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&vm, 0x8000500000080200, &slot, 1), HVRV_OK);
    assert_int_equal(hvrv_bind_init(&bind, &model.hart, &probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&vhart, &vm), HVRV_OK);
    vhart.sepc = (uintptr_t)&inject_start;
    vhart.hstatus |= 0x300000; /* VTW, VTVM */
    vhart.gpr[22] = 0x8000000000012345;
    assert_int_equal(hvrv_bind_load(&bind, &vhart), HVRV_OK);
    return 0;
}

static int put(void **state)
{
    (void)state;
    user_on_guest_trap(NULL, NULL);
    return hvrv_bind_put(&bind) == HVRV_OK && !model_hart_complaint(&model) ? 0 : -1;
}

/* Runs the guest to its next trap, which is for this cause at this place. */
static struct hvrv_exit run(uint64_t cause, void (*place)(void))
{
    struct hvrv_trap trap;
    struct hvrv_exit exit;

    hvrv_trap_read(&model.hart, &vhart, hvrv_vhart_enter(&vhart), &trap);
    assert_int_equal(trap.scause, cause);
    assert_int_equal(vhart.sepc, (uintptr_t)place);
    assert_int_equal(hvrv_trap_decode(&trap, &exit), HVRV_OK);
    return exit;
}

static uint64_t satp;

static bool read_satp(void *context, const struct hvrv_virtual_access *access, uint64_t *value)
{
    (void)context;
    (void)access;
    *value = satp;
    return true;
}

static bool write_satp(void *context, const struct hvrv_virtual_access *access, uint64_t value)
{
    (void)context;
    (void)access;
    satp = value;
    return true;
}

static void serve(const struct hvrv_exit *exit, enum hvrv_virtual_outcome expected)
{
    static const struct hvrv_virtual_csr csr = {0x180, 0x180, read_satp, write_satp};
    const struct hvrv_virtual tables = {.csrs = &csr, .csr_count = 1};
    const struct hvrv_virtual_exit at = {&model.hart, &vhart, exit};
    enum hvrv_virtual_outcome outcome;

    assert_int_equal(hvrv_virtual_serve(&tables, &at, &outcome), HVRV_OK);
    assert_int_equal(outcome, expected);
}

/* What the guest's handler saw. SPP and SPIE are 1, SIE is 0. */
static void handler_saw(unsigned count, const uint64_t csrs[3])
{
    assert_int_equal(vhart.gpr[18], count);
    assert_int_equal(vhart.gpr[10], csrs[0]);
    assert_int_equal(vhart.gpr[11], csrs[1]);
    assert_int_equal(vhart.gpr[12], csrs[2]);
    assert_int_equal(vhart.gpr[13] & 0x122, 0x120);
    assert_int_equal(model_peek(&model, HVRV_CSR_VSSTATUS) & 0x122, 0x22); /* after its SRET */
}

/*
 * norm:H_trap_vs_csrwrites, norm:sret_v1, norm:H_virtinst_vu_vs_nonhigh_allowedhs_tvm0,
 * norm:H_virtinst_wfi_vtw1_tw0, norm:H_virtinst_vs_sfence_sinval_satp_vtvm1
 */
static void a_guest_takes_what_is_raised_and_goes_on(void **state)
{
    struct hvrv_exit exit;

    (void)state;
    exit = run(22, inject_reads_hstatus);
    assert_int_equal(exit.value, 0);
    serve(&exit, HVRV_VIRTUAL_DONE);
    exit = run(22, inject_waits);
    handler_saw(1, (const uint64_t[]){2, 0x60002a73, (uintptr_t)&inject_reads_hstatus});
    assert_int_equal(vhart.gpr[20], 0);
    serve(&exit, HVRV_VIRTUAL_WAIT);
    exit = run(22, inject_reads_satp);
    satp = 0x1234;
    serve(&exit, HVRV_VIRTUAL_DONE);
    exit = run(21, inject_loads);
    assert_int_equal(vhart.gpr[21], 0x1234);
    assert_int_equal(satp, 0x8000000000012345);
    assert_int_equal(vhart.gpr[18], 1); /* the last two the guest's handler did not see */
    assert_int_equal(hvrv_inject_access_fault(&vhart, &exit), HVRV_OK);
    run(10, inject_stops);
    handler_saw(2, (const uint64_t[]){5, 0x4003, (uintptr_t)&inject_loads});
    assert_int_equal(vhart.gpr[19], 4);
}

/* The guest's SRET, done for it: from its handler back to where it was, behind the instruction. */
static void a_return_that_is_emulated_is_the_guests_own(void **state)
{
    struct hvrv_exit exit;

    (void)state;
    exit = run(22, inject_reads_hstatus);
    serve(&exit, HVRV_VIRTUAL_DONE);
    assert_int_equal(hvrv_inject_return(&vhart), HVRV_OK);
    assert_int_equal(vhart.sepc, (uintptr_t)&inject_reads_hstatus);
    vhart.sepc += 4;
    run(22, inject_waits);
    assert_int_equal(vhart.gpr[18], 0);
    assert_int_equal(vhart.gpr[19], 1);
    assert_int_equal(model_peek(&model, HVRV_CSR_VSSTATUS) & 0x122, 0x22);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, load, put)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_guest_takes_what_is_raised_and_goes_on),
        TEST(a_return_that_is_emulated_is_the_guests_own),
    };

    return cmocka_run_group_tests_name("user/inject", tests, NULL, NULL);
}
