/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No two VMs have the same number. By induction: hvrv_vmid_init() makes a pool that
 * is sound, and hvrv_vmid_take() keeps it so with any two VMs that there may be.
 *
 * Assumptions:
 * - A pool and two VMs are any that calls of init and take can leave behind.
 * - There were fewer than 2^64 - 1 generations.
 *
 * Files: lib/mmu/vmid.c
 */
#include <hvrv/mmu/vmid.h>

#include "proof.h"

static struct hvrv_vmid_pool pool;
static struct hvrv_vmid first, second;
static unsigned roll_overs;

static bool is_pool(void)
{
    return pool.generation > 0 && pool.last < 0x4000 && pool.next > 0 &&
           (pool.last == 0 ? pool.generation == 1 && pool.next == 1 : pool.next <= pool.last + 1);
}

/* A VM has a number that was given out, in this generation or an earlier one, or none. */
static bool is_vm(const struct hvrv_vmid *vmid)
{
    if (vmid->generation > pool.generation)
        return false;
    if (pool.last == 0)
        return vmid->number == 0;
    return vmid->generation != pool.generation || (vmid->number > 0 && vmid->number < pool.next);
}

static bool is_sound(void)
{
    bool both = hvrv_vmid_is_current(&pool, &first) && hvrv_vmid_is_current(&pool, &second);
    return is_pool() && is_vm(&first) && is_vm(&second) &&
           IMPLIES(both && pool.last > 0, first.number != second.number);
}

/* Nobody has a number when a generation ends: neither the old nor the new. */
static void roll_over(void *context)
{
    (void)context;
    PROVE(!hvrv_vmid_is_current(&pool, &first) && !hvrv_vmid_is_current(&pool, &second));
    PROVE(pool.next == 1);
    roll_overs++;
}

void a_pool_begins_sound(void)
{
    unsigned vmidlen = nondet_unsigned();
    uint32_t harts = nondet_unsigned();
    enum hvrv_status status = hvrv_vmid_init(&pool, vmidlen, harts);
    PROVE(status == (vmidlen > 14 || harts == 0 ? HVRV_ERR_ARGUMENT : HVRV_OK));
    if (status != HVRV_OK) {
        PROVE(pool.generation == 0 && pool.next == 0 && pool.last == 0 && !pool.roll_over);
        PROVE(hvrv_vmid_take(&pool, &first) == HVRV_ERR_STATE);
        return;
    }
    PROVE(is_sound()); /* of VMs that have none */
    PROVE(!hvrv_vmid_is_current(&pool, &first));
    PROVE(pool.last == 0 || (pool.last >= harts && pool.last < 1U << vmidlen));
    PROVE(IMPLIES(vmidlen == 0, pool.last == 0));
    COVER(pool.last == 0x3fff);
    COVER(vmidlen == 3 && pool.last == 0);
}

void no_two_vms_have_one_number(void)
{
    pool.generation = nondet_u64();
    pool.next = nondet_unsigned();
    pool.last = nondet_unsigned();
    pool.roll_over = any_bool() ? roll_over : NULL;
    first.generation = nondet_u64();
    first.number = nondet_u16();
    second.generation = nondet_u64();
    second.number = nondet_u16();
    ASSUME(is_sound());
    ASSUME(pool.generation < UINT64_MAX);
    struct hvrv_vmid before = first;
    struct hvrv_vmid other = second;
    uint64_t generation = pool.generation;
    bool was_current = hvrv_vmid_is_current(&pool, &first);
    PROVE(hvrv_vmid_take(&pool, &first) == HVRV_OK);
    PROVE(hvrv_vmid_is_current(&pool, &first));
    PROVE(is_sound());
    PROVE(second.generation == other.generation && second.number == other.number);
    PROVE(IMPLIES(was_current, first.number == before.number && pool.generation == generation));
    PROVE(pool.generation - generation <= 1);
    PROVE(IMPLIES(pool.last == 0, first.number == 0 && pool.generation == generation));
    PROVE(roll_overs == (pool.roll_over && pool.generation != generation));
    COVER(roll_overs == 1);
    COVER(!was_current && hvrv_vmid_is_current(&pool, &second) && pool.last > 0);
    COVER(pool.last == 0 && !was_current);
}
