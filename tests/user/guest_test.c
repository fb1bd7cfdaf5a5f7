/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest through the library's real switch, on the model hart: what it may do goes to its own
 * registers, what it may not do comes back as a trap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/trap.h>

#include "user/sigill.h"

/* The guest: changes its sscratch, calls, reads it back, and goes too far three times. */
void guest_start(void);
void guest_calls(void);
void guest_reads_hstatus(void);
void guest_waits(void);
void guest_stops(void);
__asm__(".pushsection .text\n"
        ".option push\n"
        ".option norvc\n"
        ".global guest_start, guest_calls, guest_reads_hstatus, guest_waits, guest_stops\n"
        "guest_start:\n"
        "csrw sscratch, a0\n"
        "guest_calls:\n"
        ".4byte 0x0000000b\n" /* USER_TRAP */
        "csrr a1, sscratch\n"
        "guest_reads_hstatus:\n"
        "csrr a2, 0x600\n"
        "guest_waits:\n"
        "wfi\n"
        "guest_stops:\n"
        ".4byte 0\n"
        ".option pop\n"
        ".popsection\n");

static struct model_hart model;
static struct hvrv_probe probe;
static struct hvrv_vm_slot slot;
static struct hvrv_vm vm;
static struct hvrv_vhart vhart;
static struct hvrv_bind bind;

static int load(void **state)
{
    (void)state;
    model_hart_init(&model);
    user_on_guest_trap(NULL, NULL);
    model_poke(&model, HVRV_CSR_SSCRATCH, 0x1111);
    assert_int_equal(hvrv_probe_hart(&probe, &model.hart), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&vm, 0x8000500000080200, &slot, 1), HVRV_OK);
    assert_int_equal(hvrv_bind_init(&bind, &model.hart, &probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&vhart, &vm), HVRV_OK);
    vhart.sepc = (uintptr_t)&guest_start;
    vhart.gpr[10] = 0x8123456789abcdef;
    assert_int_equal(hvrv_bind_load(&bind, &vhart), HVRV_OK);
    return 0;
}

static int put(void **state)
{
    (void)state;
    return hvrv_bind_put(&bind) == HVRV_OK && !model_hart_complaint(&model) ? 0 : -1;
}

/* Runs the guest until it traps at a place, for a cause. */
static void assert_exit(uint64_t cause, void (*place)(void))
{
    assert_int_equal(hvrv_vhart_enter(&vhart), cause);
    assert_int_equal(vhart.sepc, (uintptr_t)place);
    assert_true((vhart.sstatus & 0x100) != 0);                            /* SPP: from VS-mode */
    assert_true((model_peek(&model, HVRV_CSR_HSTATUS) & 0x180) == 0x180); /* SPV, SPVP */
    assert_false(model.v);
    assert_int_equal(model.mode, MODEL_S);
    assert_int_equal(model_peek(&model, HVRV_CSR_SSCRATCH), 0x1111);
}

/* norm:sepc_op_trap_write, norm:sret_v0, norm:H_trap_hs_csrwrites */
static void a_guest_has_its_own_registers_and_traps_out_of_the_others(void **state)
{
    (void)state;
    assert_exit(10, guest_calls); /* ECALL from VS-mode */
    assert_true(model_peek(&model, HVRV_CSR_VSSCRATCH) == 0x8123456789abcdef);
    vhart.sepc += 4;
    assert_exit(22, guest_reads_hstatus); /* virtual instruction */
    assert_true(vhart.gpr[11] == 0x8123456789abcdef);
    vhart.sepc += 4;
    assert_exit(2, guest_stops); /* wfi is allowed, a word of zeros is not */
}

static void wfi_traps_if_the_hypervisor_says_so(void **state)
{
    (void)state;
    vhart.sepc = (uintptr_t)&guest_waits;
    vhart.hstatus |= 0x200000; /* VTW */
    assert_exit(22, guest_waits);
}

struct script {
    unsigned calls;
    uint64_t a0;
};

static bool fault_second(void *context, const ucontext_t *user, struct hvrv_hart_trap *trap)
{
    struct script *script = context;
    assert_int_equal(trap->cause, 10);
    script->a0 = user->uc_mcontext.__gregs[10];
    *trap = (struct hvrv_hart_trap){21, 0x4003, 0x80001, 0x3000, true};
    return script->calls++ != 0;
}

static void a_test_writes_the_traps_of_its_guest(void **state)
{
    (void)state;
    struct script script = {0, 0};
    struct hvrv_trap trap;
    user_on_guest_trap(fault_second, &script);
    assert_exit(22, guest_reads_hstatus); /* the first call did not trap */
    assert_true(script.a0 == 0x8123456789abcdef);
    vhart.sepc = (uintptr_t)&guest_calls;
    assert_exit(21, guest_calls);
    assert_int_equal(script.calls, 2);
    hvrv_trap_read(&model.hart, &vhart, 21, &trap);
    assert_int_equal(trap.stval, 0x4003);
    assert_int_equal(trap.htval, 0x80001);
    assert_int_equal(trap.htinst, 0x3000);
    assert_int_equal(trap.hstatus & 0x40, 0x40); /* GVA */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_guest_has_its_own_registers_and_traps_out_of_the_others,
                                        load, put),
        cmocka_unit_test_setup_teardown(wfi_traps_if_the_hypervisor_says_so, load, put),
        cmocka_unit_test_setup_teardown(a_test_writes_the_traps_of_its_guest, load, put),
    };

    return cmocka_run_group_tests_name("user/guest", tests, NULL, NULL);
}
