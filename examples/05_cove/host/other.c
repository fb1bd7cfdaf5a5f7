/* SPDX-License-Identifier: BSD-2-Clause */
/* The second hart. It does what it is asked for, and nothing else. */
#include "host.h"

enum command { NOTHING, FENCE, RUN };

uint64_t hart_count;
static uint32_t command;
static uint64_t tvm_id;
static volatile uint64_t *shared_page;
static int64_t result;
static struct hvrv_nacl_memory other_nacl __attribute__((aligned(4096)));

void start(void);
void main_other(void);

/* Waits until the TVM says that it computes, tries, and says so. */
static int64_t run_too(void)
{
    int64_t error;

    while (shared_page[SHARED_COMPUTES / 8] != 2)
        continue;
    error = COVH(HVRV_COVH_RUN_TVM_VCPU, tvm_id, 0).error;
    shared_page[SHARED_TRIED / 8] = 1;
    return error;
}

void main_other(void)
{
    SBI(HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, (uint64_t)&other_nacl);
    for (;;) {
        uint32_t order = __atomic_load_n(&command, __ATOMIC_ACQUIRE);
        if (order == FENCE)
            result = COVH(HVRV_COVH_LOCAL_FENCE, 0).error;
        else if (order == RUN)
            result = run_too();
        if (order != NOTHING)
            __atomic_store_n(&command, NOTHING, __ATOMIC_RELEASE);
    }
}

static int64_t wait(void)
{
    while (__atomic_load_n(&command, __ATOMIC_ACQUIRE) != NOTHING)
        continue;
    return result;
}

static int64_t ask(enum command order)
{
    __atomic_store_n(&command, order, __ATOMIC_RELEASE);
    return wait();
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
        say((struct hvrv_cove_answer){ask(FENCE), 0}, "host on hart 1 -> TSM: local_fence");
}

void other_run(uint64_t tvm, uint64_t shared)
{
    shared_page = (volatile uint64_t *)shared;
    tvm_id = tvm;
    if (hart_count > 1)
        __atomic_store_n(&command, RUN, __ATOMIC_RELEASE);
    else
        shared_page[SHARED_TRIED / 8] = 1;
}

int64_t other_result(void)
{
    return wait();
}
