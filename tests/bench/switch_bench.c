/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the instructions of one exit and one entry, from the trap vector to
 * the return into C and from the call to sret, with a guest that does nothing
 * but ECALL. Runs on QEMU's virt machine with -icount, where instret is exact.
 */
#include <hvrv/isa/cause.h>
#include <hvrv/vhart/context.h>

#define UART             ((volatile uint8_t *)0x10000000)
#define SIFIVE_TEST      ((volatile uint32_t *)0x100000)
#define SIFIVE_TEST_PASS 0x5555
#define SIFIVE_TEST_FAIL 0x13333

#define ROUNDS             1000
#define GUEST_INSTRUCTIONS 1

typedef uint64_t (*callee)(struct hvrv_vhart *vhart);

uint64_t count_calls(struct hvrv_vhart *vhart, callee call, uint64_t n);
uint64_t nothing(struct hvrv_vhart *vhart);
void guest(void);
void fail(void);
int main(void);
void *memset(void *to, int value, size_t size);

static struct hvrv_vhart vhart;

/* The library resets a vHart with it. */
void *memset(void *to, int value, size_t size)
{
    volatile uint8_t *byte = to;

    while (size-- > 0)
        *byte++ = (uint8_t)value;
    return to;
}

static void print(const char *text)
{
    while (*text)
        *UART = (uint8_t)*text++;
}

static void print_number(uint64_t value)
{
    if (value >= 10)
        print_number(value / 10);
    *UART = (uint8_t)('0' + value % 10);
}

static _Noreturn void end(uint32_t how)
{
    for (;;)
        *SIFIVE_TEST = how;
}

int main(void)
{
    uint64_t base, full, scause;

    /* The VM is never looked at: nothing is loaded, so both stages are Bare. */
    if (hvrv_vhart_init(&vhart, (struct hvrv_vm *)&vhart) != HVRV_OK)
        end(SIFIVE_TEST_FAIL);
    vhart.sepc = (uint64_t)(uintptr_t)&guest;
    hvrv_vhart_capture(&vhart);
    vhart.host.stvec = (uint64_t)(uintptr_t)&fail;
    scause = hvrv_vhart_enter(&vhart);
    if (scause != HVRV_CAUSE_ECALL_VS || vhart.sepc != (uint64_t)(uintptr_t)&guest)
        end(SIFIVE_TEST_FAIL);

    base = count_calls(&vhart, nothing, ROUNDS);
    full = count_calls(&vhart, hvrv_vhart_enter, ROUNDS);
    if ((full - base) % ROUNDS != 0)
        end(SIFIVE_TEST_FAIL);
    print("switch_round_trip\t");
    print_number((full - base) / ROUNDS + 1 - GUEST_INSTRUCTIONS);
    print("\n");
    end(SIFIVE_TEST_PASS);
}
