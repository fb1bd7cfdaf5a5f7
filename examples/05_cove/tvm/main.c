/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A confidential guest. It finds its memory as it should be, proves what it is, talks to its host
 * through a page that it shared for that, uses a device and an interrupt of the host's, and
 * passes its TSM what it should not.
 */
#include <hvrv/cove/tsm.h>

#include "ecall.h"
#include "tvm_map.h"

#define SCAUSE_INTERRUPT HVRV_BIT(63)
#define SIE_SEIE         HVRV_BIT(9)
#define PAGE             4096UL

extern const uint64_t pattern[512];

static uint64_t zeros[512] __attribute__((aligned(4096)));
static uint8_t buffer[4096] __attribute__((aligned(4096)));
static uint8_t challenge[4096] __attribute__((aligned(4096)));
static struct hvrv_cove_attestation caps __attribute__((aligned(4096)));
static struct hvrv_cove_report report __attribute__((aligned(4096)));
static volatile uint64_t fault;
static volatile uint64_t interrupt_count;

void main(uint64_t argument);
/* start.S: holds a value in all registers until a word is as high; whether they kept it. */
bool compute_with(uint64_t value, const volatile uint64_t *word, uint64_t high);
uint64_t trapped(uint64_t scause, uint64_t sepc);

static int64_t covg(uint64_t function, const uint64_t arguments[6])
{
    return ecall(HVRV_COVE_COVG, function, arguments).error;
}
#define COVG(function, ...) covg((function), (const uint64_t[6]){__VA_ARGS__})

static void device_write(uint64_t offset, uint64_t value)
{
    *(volatile uint64_t *)(GPA_DEVICE + offset) = value;
}

/* Prints by the shared page: the host is told how many bytes of it to read. */
static void print(const char *text)
{
    volatile char *page = (volatile char *)GPA_SHARED;
    uint64_t size = 0;

    for (; text[size]; size++)
        page[size] = text[size];
    ECALL(HVRV_SBI_DBCN, HVRV_SBI_DBCN_WRITE, size, GPA_SHARED, 0);
}

static void check(bool is_true, const char *what)
{
    if (is_true)
        return;
    print("this is wrong: ");
    print(what);
    print("\n");
    device_write(DEVICE_FAILED, 1);
}

uint64_t trapped(uint64_t scause, uint64_t sepc)
{
    if (scause == (SCAUSE_INTERRUPT | 9)) {
        interrupt_count++;
        /* Allowing it again says that it was taken. */
        COVG(HVRV_COVG_ALLOW_EXTERNAL_INTERRUPT, TVM_INTERRUPT);
        return sepc;
    }
    fault = scause;
    return sepc + ((*(const uint16_t *)sepc & 3) == 3 ? 4 : 2);
}

static void print_hex(const uint8_t *bytes, uint64_t size)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * HVRV_TVM_DIGEST_MAX + 1] = {0};

    for (uint64_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    print(text);
}

/* The measured page is as the image has it, and a page that was never touched is zero. */
static void check_memory(uint64_t argument)
{
    bool is_pattern = true;
    bool is_zero = true;

    for (uint64_t i = 0; i < 512; i++) {
        is_pattern &= pattern[i] == (UINT64_C(0x9e3779b97f4a7c15) ^ (i << 32 | i));
        is_zero &= zeros[i] == 0;
        zeros[i] = ~i;
    }
    check(argument == TVM_ARGUMENT, "the argument");
    check(is_pattern, "the measured page");
    check(is_zero, "the zero page");
}

static void check_device(void)
{
    check(*(volatile uint32_t *)(GPA_DEVICE + DEVICE_MAGIC) == DEVICE_MAGIC_VALUE, "a load of 4");
    check(*(volatile int32_t *)(GPA_DEVICE + DEVICE_MAGIC) == (int32_t)DEVICE_MAGIC_VALUE,
          "a load of 4 with its sign");
    check(*(volatile int8_t *)(GPA_DEVICE + DEVICE_SIGNED) == -128, "a load of 1 with its sign");
    check(*(volatile uint8_t *)(GPA_DEVICE + DEVICE_SIGNED) == 128, "a load of 1");
    device_write(DEVICE_SCRATCH, 0x123456789abcdef0);
    check(*(volatile uint64_t *)(GPA_DEVICE + DEVICE_SCRATCH) == 0x123456789abcdef1,
          "a store and a load of 8");
}

static bool is_same(const uint8_t *a, const uint8_t *b, uint64_t size)
{
    bool is_same = true;

    for (uint64_t i = 0; i < size; i++)
        is_same &= a[i] == b[i];
    return is_same;
}

/* The TSM writes to pages that are there: each is touched first. */
static void touch(void *page)
{
    *(volatile uint64_t *)page = 0;
}

static void print_digest(const char *what)
{
    print(what);
    print_hex(buffer, 48);
    print("\n");
}

/* Register 1 is the TVM's own: it says there what it measured since it runs. */
static void extend(void)
{
    for (uint64_t i = 0; i < 48; i++)
        buffer[i] = (uint8_t)TVM_OWN_DIGEST[i];
    check(COVG(HVRV_COVG_EXTEND_MEASUREMENT, (uint64_t)buffer, 48, 1) == 0, "to extend a register");
    check(COVG(HVRV_COVG_READ_MEASUREMENT, (uint64_t)buffer, 48, 1) == 0, "to read it");
    print_digest("register 1 ");
}

static void prove(void)
{
    touch(buffer);
    touch(&caps);
    touch(&report);
    check(COVG(HVRV_COVG_GET_ATTCAPS, (uint64_t)&caps, PAGE) == 0 &&
              caps.hash == HVRV_COVE_HASH_SHA_384 && caps.initial_count == 1,
          "attestation's capabilities");
    extend();
    challenge[0] = 0x77;
    check(COVG(HVRV_COVG_GET_EVIDENCE, (uint64_t)pattern, 96, (uint64_t)challenge,
               HVRV_COVE_CERTIFICATE_REPORT, (uint64_t)&report, PAGE) == 0 &&
              report.challenge[0] == 0x77 && is_same(report.registers[1], buffer, 48),
          "the report");
    check(COVG(HVRV_COVG_READ_MEASUREMENT, (uint64_t)buffer, 48, 0) == 0 &&
              is_same(report.registers[0], buffer, 48),
          "the measurement");
    print_digest("measurement ");
}

static uint64_t read_time(void)
{
    uint64_t time;

    __asm__ volatile("csrr %0, time" : "=r"(time));
    return time;
}

/* The host's timer ends its turns, and the host writes what it likes into the shared memory. */
static void compute(void)
{
    const volatile uint64_t *turns = (const volatile uint64_t *)(GPA_SHARED + SHARED_TURNS);
    bool is_kept = compute_with(TVM_SECRET, turns, *turns + SECRET_TURNS);

    print(is_kept ? "attack: the host gives the TVM other registers: they are as they were\n"
                  : "attack: the host gives the TVM other registers: it has them (NOT REFUSED)\n");
    device_write(DEVICE_REPORT, is_kept);
}

/* Computes until another hart of the host's has tried to run this vHart: for 10 s at most. */
static void compute_alone(void)
{
    volatile uint64_t *computes = (volatile uint64_t *)(GPA_SHARED + SHARED_COMPUTES);
    volatile uint64_t *tried = (volatile uint64_t *)(GPA_SHARED + SHARED_TRIED);
    uint64_t end = read_time() + 100000000;

    *computes = 1;
    print("computes\n");
    *computes = 2;
    while (*tried == 0 && read_time() < end)
        continue;
    *computes = 3;
}

static void take_interrupt(void)
{
    check(COVG(HVRV_COVG_ALLOW_EXTERNAL_INTERRUPT, TVM_INTERRUPT) == 0, "to allow an interrupt");
    __asm__ volatile("csrs sie, %0" ::"r"(SIE_SEIE));
    __asm__ volatile("csrsi sstatus, 2");
    print("waits for an interrupt\n");
    for (uint64_t i = 0; i < 1000 && interrupt_count == 0; i++)
        __asm__ volatile("wfi");
    __asm__ volatile("csrci sstatus, 2");
    check(interrupt_count == 1, "one interrupt");
    print("took the interrupt\n");
}

/* The number of an error, or the cause of a fault. */
static void attack(const char *what, int64_t got, int64_t expected)
{
    print("attack: ");
    print(what);
    print(": ");
    print(got > 0 ? hvrv_cause_name((uint64_t)got) : hvrv_sbi_error_name(got));
    print(got == expected ? "\n" : " (NOT REFUSED)\n");
    device_write(DEVICE_REPORT, got == expected);
}

static void attack_all(void)
{
    const int64_t address = HVRV_SBI_ERR_INVALID_ADDRESS;
    const int64_t param = HVRV_SBI_ERR_INVALID_PARAM;

    attack("the TVM has a digest read from no region",
           COVG(HVRV_COVG_EXTEND_MEASUREMENT, GPA_NOTHING, 48, 1), address);
    attack("the TVM has its measurement written to a shared page",
           COVG(HVRV_COVG_READ_MEASUREMENT, GPA_SHARED, 48, 0), address);
    attack("the TVM has it written to a misaligned address",
           COVG(HVRV_COVG_READ_MEASUREMENT, (uint64_t)buffer + 8, 48, 0), address);
    attack("the TVM extends the initial measurement",
           COVG(HVRV_COVG_EXTEND_MEASUREMENT, (uint64_t)buffer, 48, 0), param);
    attack("the TVM makes a device of its memory", COVG(HVRV_COVG_ADD_MMIO_REGION, GPA_RAM, PAGE),
           address);
    attack("the TVM makes a device of a range that wraps",
           COVG(HVRV_COVG_ADD_MMIO_REGION, UINT64_MAX - PAGE + 1, 2 * PAGE), address);
    attack("the TVM shares what is no memory of it",
           COVG(HVRV_COVG_SHARE_MEMORY_REGION, GPA_NOTHING, PAGE), param);
    fault = 0;
    (void)*(volatile uint64_t *)GPA_NOTHING;
    attack("the TVM reads outside of its regions", (int64_t)fault, HVRV_CAUSE_LOAD_ACCESS);
    fault = 0;
    *(volatile uint64_t *)GPA_NOTHING = 1;
    attack("the TVM writes outside of its regions", (int64_t)fault, HVRV_CAUSE_STORE_ACCESS);
}

void main(uint64_t argument)
{
    check(COVG(HVRV_COVG_SHARE_MEMORY_REGION, GPA_SHARED, PAGE) == 0, "to share a page");
    check(COVG(HVRV_COVG_ADD_MMIO_REGION, GPA_DEVICE, PAGE) == 0, "to have a device");
    print("runs\n");
    check_memory(argument);
    check_device();
    prove();
    compute();
    compute_alone();
    take_interrupt();
    attack_all();
    print("takes its shared page back\n");
    check(COVG(HVRV_COVG_UNSHARE_MEMORY_REGION, GPA_SHARED, PAGE) == 0, "to take it back");
    for (uint64_t i = 0; i < 512; i++) {
        if (((volatile uint64_t *)GPA_SHARED)[i] != 0)
            device_write(DEVICE_FAILED, 1);
    }
    for (;;)
        ECALL(HVRV_SBI_SRST, HVRV_SBI_SRST_RESET, 0, 0);
}
