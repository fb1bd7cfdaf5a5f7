/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include <hvrv/cove/abi.h>
#include <hvrv/cove/domain.h>

#include "map.h"

extern const char tvm_image[], tvm_image_end[];

struct answer {
    int64_t error;
    uint64_t value;
};

static struct answer ecall(uint64_t extension, uint64_t function, const uint64_t *a)
{
    register uint64_t a0 __asm__("a0") = a[0];
    register uint64_t a1 __asm__("a1") = a[1];
    register uint64_t a2 __asm__("a2") = a[2];
    register uint64_t a3 __asm__("a3") = a[3];
    register uint64_t a4 __asm__("a4") = a[4];
    register uint64_t a5 __asm__("a5") = a[5];
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a6), "r"(a7)
                     : "memory");
    return (struct answer){(int64_t)a0, a1};
}

static struct answer call(uint64_t extension, uint64_t function, const uint64_t *a)
{
    struct answer answer = ecall(extension, function | (uint64_t)SDID << 26, a);
    while (answer.error == HVRV_DOMAIN_INTERRUPTED_CALL)
        answer = ecall(HVRV_DOMAIN_EXTENSION, HVRV_DOMAIN_TEERESUME | (uint64_t)SDID << 26,
                       (const uint64_t[6]){0});
    return answer;
}
#define COVH(function, ...) call(HVRV_COVE_COVH, (function), (const uint64_t[6]){__VA_ARGS__})

static int put(char c, FILE *file)
{
    (void)file;
    ecall(HVRV_SBI_DBCN, HVRV_SBI_DBCN_WRITE_BYTE, (const uint64_t[6]){(uint8_t)c});
    return c;
}
static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;

static struct hvrv_nacl_memory nacl __attribute__((aligned(4096)));
static volatile uint64_t faults;

uint64_t trapped(uint64_t scause, uint64_t sepc, uint64_t stval);
uint64_t trapped(uint64_t scause, uint64_t sepc, uint64_t stval)
{
    if (scause == 5 || scause == 7) {
        faults++;
        return sepc + ((*(const uint16_t *)sepc & 3) == 3 ? 4 : 2);
    }
    printf("host: trap %lx at %lx stval %lx\n", scause, sepc, stval);
    ecall(HVRV_SBI_SRST, 0, (const uint64_t[6]){0, 1});
    return sepc;
}

void main(uint64_t hart, uint64_t harts);
void main_other(uint64_t hart);
void main_other(uint64_t hart)
{
    (void)hart;
    for (;;)
        __asm__ volatile("wfi");
}

#define FREE 0x90000000UL
#define GPA  0x80000000UL
#define CHECK(what)                                                         \
    do {                                                                    \
        struct answer answer_ = (what);                                     \
        printf("%s: %ld %lx\n", #what, (long)answer_.error, answer_.value); \
    } while (0)

void main(uint64_t hart, uint64_t harts)
{
    static struct hvrv_cove_tsm_info info;
    static struct hvrv_cove_tvm_params params = {FREE, FREE + 0x4000};
    struct answer answer;
    printf("host: on hart %lu of %lu\n", hart, harts);
    CHECK(COVH(HVRV_COVH_GET_TSM_INFO, (uint64_t)&info, sizeof(info)));
    printf("state %u impl %x pages %lu %lu caps %lx\n", info.state, info.impl_id,
           info.tvm_state_pages, info.vcpu_state_pages, info.capabilities);
    ecall(HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, (const uint64_t[6]){(uint64_t)&nacl});
    CHECK(COVH(HVRV_COVH_CONVERT_PAGES, FREE, 256));
    CHECK(COVH(HVRV_COVH_GLOBAL_FENCE, 0));
    *(volatile uint64_t *)FREE;
    printf("faults: %lu\n", faults);
    *(volatile uint64_t *)TSM;
    printf("faults: %lu\n", faults);
    CHECK(answer = COVH(HVRV_COVH_CREATE_TVM, (uint64_t)&params, sizeof(params)));
    uint64_t id = answer.value;
    CHECK(COVH(HVRV_COVH_ADD_TVM_MEMORY_REGION, id, GPA, 0x100000));
    CHECK(COVH(HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES, id, FREE + 0x20000, 16));
    uint64_t n = (uint64_t)(tvm_image_end - tvm_image) / 4096;
    CHECK(
        COVH(HVRV_COVH_ADD_TVM_MEASURED_PAGES, id, (uint64_t)tvm_image, FREE + 0x40000, 0, n, GPA));
    CHECK(COVH(HVRV_COVH_CREATE_TVM_VCPU, id, 0, FREE + 0x30000));
    CHECK(COVH(HVRV_COVH_FINALIZE_TVM, id, GPA, 0x1234, 0));
    uint64_t next = FREE + 0x80000;
    for (int i = 0; i < 100; i++) {
        answer = COVH(HVRV_COVH_RUN_TVM_VCPU, id, 0);
        uint64_t scause;
        __asm__ volatile("csrr %0, scause" : "=r"(scause));
        printf("run: %ld %lu scause %lx htval %lx a0 %lx a6 %lx a7 %lx\n", (long)answer.error,
               answer.value, scause, nacl.csrs[HVRV_NACL_CSR(0x643)] << 2, nacl.gprs[10],
               nacl.gprs[16], nacl.gprs[17]);
        if (answer.error || answer.value)
            break;
        if (scause == 10) {
            if (nacl.gprs[17] == HVRV_SBI_DBCN)
                putchar((int)nacl.gprs[10]);
            if (nacl.gprs[17] == HVRV_SBI_SRST)
                break;
            nacl.gprs[10] = 0;
        } else if (scause == 21 || scause == 23 || scause == 20) {
            CHECK(COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, id, next, 0, 1,
                       nacl.csrs[HVRV_NACL_CSR(0x643)] << 2));
            next += 4096;
        }
    }
    CHECK(COVH(HVRV_COVH_DESTROY_TVM, id));
    CHECK(COVH(HVRV_COVH_RECLAIM_PAGES, FREE, 256));
    printf("%lx\n", *(volatile uint64_t *)(FREE + 0x40000));
    ecall(HVRV_SBI_SRST, 0, (const uint64_t[6]){0, 0});
}
