/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What TSan is told of the library's volatile accesses to page tables, compiled
 * with --param tsan-distinguish-volatile=1: they are atomic ones.
 *
 * A read counts as acquire: an entry is read to find the table that it points to,
 * and what is read there depends on the address, which is order enough on RISC-V. A
 * write counts as relaxed: publishing a table takes more than a store.
 *
 * A hook is called before the access, whose value it does not know. So what an entry
 * said is acquired when the next is read: it may have changed since the first hook.
 * And a write is told by writing what is there; the store itself follows.
 *
 * Both now and then let another thread go first, so that what should be one step and
 * is not is found out.
 */
#include <sched.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_volatile_read8(void *address);
void __tsan_volatile_write8(void *address);
void __tsan_volatile_read4(void *address);
void __tsan_volatile_write4(void *address);

static void give_way(uint32_t one_in)
{
    static __thread uint32_t noise;
    noise = noise * 1664525 + 1013904223;
    if ((noise >> 16) % one_in == 0)
        sched_yield();
}

/* Compiled under TSan, the builtins are calls of its own functions. */
void __tsan_volatile_read8(void *address)
{
    static __thread void *last;
    give_way(256);
    if (last)
        __tsan_acquire(last);
    last = address;
    (void)__atomic_load_n((uint64_t *)address, __ATOMIC_ACQUIRE);
}

void __tsan_volatile_write8(void *address)
{
    give_way(8);
    (void)__atomic_fetch_or((uint64_t *)address, 0, __ATOMIC_RELAXED);
}

/* The word of a vHart, which the library reads by built-ins: only where they are torn. */
void __tsan_volatile_read4(void *address)
{
    (void)__atomic_load_n((uint32_t *)address, __ATOMIC_ACQUIRE);
}

void __tsan_volatile_write4(void *address)
{
    give_way(8);
    (void)__atomic_fetch_or((uint32_t *)address, 0, __ATOMIC_RELAXED);
}
