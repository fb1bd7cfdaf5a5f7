/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way out of a TVM: from its ECALL, which the TSM forwards, to the host's next instruction.
 * Both read time, of which a tick is 100 instructions here; the mean of many is exact to one or
 * two.
 */
#include <hvrv/cove/abi.h>

#include "ecall.h"

#define ROUNDS 4000
#define TICK   100 /* instructions */
#define FREE   UINT64_C(0x90000000)
#define GPA    UINT64_C(0x80000000)

extern const uint8_t tvm[];

void begin(void);

static struct hvrv_nacl_memory nacl __attribute__((aligned(4096)));
static struct hvrv_cove_tvm_params params = {FREE, FREE + 0x4000};

static void print(const char *text)
{
    while (*text)
        ECALL(HVRV_SBI_DBCN, HVRV_SBI_DBCN_WRITE_BYTE, (uint8_t)*text++);
}

static void print_number(uint64_t number)
{
    char digits[24];
    char *p = digits + sizeof(digits) - 1;

    *p = 0;
    do
        *--p = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    print(p);
}

static void end(uint64_t reason)
{
    for (;;)
        ECALL(HVRV_SBI_SRST, HVRV_SBI_SRST_RESET, 0, reason);
}

static uint64_t covh(uint64_t function, const uint64_t *a)
{
    struct ecall_answer answer = ecall(HVRV_COVE_COVH, function | UINT64_C(1) << 26, a);

    if (answer.error != HVRV_SBI_SUCCESS) {
        print("covh: a call was refused\n");
        end(1);
    }
    return answer.value;
}
#define COVH(function, ...) covh((function), (const uint64_t[6]){__VA_ARGS__})

static uint64_t build(void)
{
    uint64_t id;

    ECALL(HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, (uint64_t)(uintptr_t)&nacl);
    COVH(HVRV_COVH_CONVERT_PAGES, FREE, 64);
    COVH(HVRV_COVH_GLOBAL_FENCE, 0);
    id = COVH(HVRV_COVH_CREATE_TVM, (uint64_t)(uintptr_t)&params, sizeof(params));
    COVH(HVRV_COVH_ADD_TVM_MEMORY_REGION, id, GPA, 0x1000);
    COVH(HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES, id, FREE + 0x10000, 4);
    COVH(HVRV_COVH_ADD_TVM_MEASURED_PAGES, id, (uint64_t)(uintptr_t)tvm, FREE + 0x20000, 0, 1, GPA);
    COVH(HVRV_COVH_CREATE_TVM_VCPU, id, 0, FREE + 0x28000);
    COVH(HVRV_COVH_FINALIZE_TVM, id, GPA, 0, 0);
    return id;
}

void begin(void)
{
    uint64_t id = build();
    uint64_t ticks = 0;
    uint64_t first;
    uint64_t now;

    COVH(HVRV_COVH_RUN_TVM_VCPU, id, 0);
    __asm__ volatile("csrr %0, time" : "=r"(first));
    for (unsigned i = 0; i < ROUNDS; i++) {
        COVH(HVRV_COVH_RUN_TVM_VCPU, id, 0);
        __asm__ volatile("csrr %0, time" : "=r"(now));
        ticks += now - nacl.gprs[10];
    }
    print("covh_run_exit\t");
    print_number((ticks * TICK + ROUNDS - 1) / ROUNDS);
    print("\ncovh_run_round_trip\t");
    print_number(((now - first) * TICK + ROUNDS - 1) / ROUNDS);
    print("\n");
    end(0);
}
