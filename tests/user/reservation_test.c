/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one guest reserves by LR, another's SC must not find: hvrv_bind_load() drops it. And the
 * instruction with which a vHart that moved begins to fetch anew. On other machines than riscv64
 * both are nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>

#include "model/hart.h"

#define TRIES 100

static uint64_t shared;

static void reserve(void)
{
    uint64_t value;
    __asm__ volatile("lr.d %0, (%1)" : "=r"(value) : "r"(&shared) : "memory");
}

static bool store(void)
{
    uint64_t failed;
    __asm__ volatile("sc.d %0, zero, (%1)" : "=&r"(failed) : "r"(&shared) : "memory");
    return failed == 0;
}

/* Whether SC finds what LR reserved before between() ran. A hart may forget it at any time. */
static bool survives(void (*between)(void))
{
    for (unsigned i = 0; i < TRIES; i++) {
        reserve();
        between();
        if (store())
            return true;
    }
    return false;
}

static struct world {
    struct model_hart model;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct hvrv_vm_slot slot;
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
} w;

static int build(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    model_hart_init(&w.model);
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701, .vsatp_modes = 0x701, .vmidlen = 14};
    assert_int_equal(hvrv_bind_init(&w.bind, &w.model.hart, &w.probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm, UINT64_C(0x8000500000080200), &w.slot, 1), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.vhart, &w.vm), HVRV_OK);
    w.vhart.sstatus = 0x100;
    return 0;
}

static void do_nothing(void)
{
}

static void touch_registers(void)
{
    for (unsigned i = 0; i < 40; i++)
        hvrv_hart_write_vsatp(&w.model.hart, 0);
}

static void load(void)
{
    if (w.bind.loaded)
        assert_int_equal(hvrv_bind_put(&w.bind), HVRV_OK);
    assert_int_equal(hvrv_bind_load(&w.bind, &w.vhart), HVRV_OK);
}

/* The first two only show that the third could have failed. */
static void a_reservation_does_not_survive_a_load(void **state)
{
    (void)state;
    assert_true(survives(do_nothing));
    assert_true(survives(touch_registers));
    assert_false(survives(hvrv_vhart_drop_reservation));
    assert_false(survives(load));
}

/* No emulator keeps instructions that were written over, so calls are counted: --wrap. */
void __real_hvrv_vhart_sync_fetch(void);
void __wrap_hvrv_vhart_sync_fetch(void);
static unsigned syncs;

void __wrap_hvrv_vhart_sync_fetch(void)
{
    syncs++;
    __real_hvrv_vhart_sync_fetch();
}

static void a_vhart_that_moved_fetches_anew(void **state)
{
    uint32_t word;
    (void)state;
    memcpy(&word, (const void *)(uintptr_t)__real_hvrv_vhart_sync_fetch, sizeof word);
    assert_int_equal(word, 0x0000100f); /* FENCE.I */
    syncs = 0;
    load(); /* for the first time */
    assert_int_equal(syncs, 1);
    load(); /* here again */
    assert_int_equal(syncs, 1);
    w.vhart.last_hart = 1; /* it was elsewhere */
    load();
    assert_int_equal(syncs, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_reservation_does_not_survive_a_load, build),
        cmocka_unit_test_setup(a_vhart_that_moved_fetches_anew, build),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
