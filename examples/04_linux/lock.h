/* SPDX-License-Identifier: BSD-2-Clause */
/* A spinlock. The hypervisor runs with interrupts off, so nothing comes in between. */
#ifndef EXAMPLES_LINUX_LOCK_H
#define EXAMPLES_LINUX_LOCK_H

#include <stdint.h>

struct lock {
    uint32_t is_held;
};

static inline void lock(struct lock *lock)
{
    while (__atomic_exchange_n(&lock->is_held, 1, __ATOMIC_ACQUIRE))
        continue;
}

static inline void unlock(struct lock *lock)
{
    __atomic_store_n(&lock->is_held, 0, __ATOMIC_RELEASE);
}

#endif
