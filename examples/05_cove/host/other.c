/* SPDX-License-Identifier: BSD-2-Clause */
/* The second hart. It does what it is asked for, and nothing else. */
#include "host.h"

enum command { NOTHING, FENCE, RUN };

uint64_t hart_count;
static uint32_t command;
static uint64_t argument;
static int64_t result;
static struct hvrv_nacl_memory other_nacl __attribute__((aligned(4096)));

void start(void);
void main_other(void);

void main_other(void)
{
    SBI(HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, (uint64_t)&other_nacl);
    for (;;) {
        uint32_t order = __atomic_load_n(&command, __ATOMIC_ACQUIRE);
        if (order == FENCE)
            result = COVH(HVRV_COVH_LOCAL_FENCE, 0).error;
        else if (order == RUN)
            result = COVH(HVRV_COVH_RUN_TVM_VCPU, argument, 0).error;
        if (order != NOTHING)
            __atomic_store_n(&command, NOTHING, __ATOMIC_RELEASE);
    }
}

static int64_t ask(enum command order)
{
    __atomic_store_n(&command, order, __ATOMIC_RELEASE);
    while (__atomic_load_n(&command, __ATOMIC_ACQUIRE) != NOTHING)
        continue;
    return result;
}

void other_start(void)
{
    if (hart_count < 2)
        return;
    while (SBI(HVRV_SBI_HSM, HVRV_SBI_HSM_START, 1, (uint64_t)start, hart_count).error != 0)
        continue;
}

void other_fence(void)
{
    if (hart_count > 1)
        say("host on hart 1 -> TSM", "local_fence", (struct answer){ask(FENCE), 0});
}

int64_t other_run(uint64_t tvm)
{
    argument = tvm;
    return ask(RUN);
}
