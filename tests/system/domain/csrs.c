/* SPDX-License-Identifier: BSD-2-Clause */
#include "ecall.h"
#include "registers.h"

/* What domains share: what is pending (sip, hip, vsip), and the timer. */
static const uint16_t shared[] = {0x144, 0x14d, 0x244, 0x644};

uint64_t mix(uint64_t seed)
{
    seed ^= seed >> 31;
    seed *= UINT64_C(0x9e3779b97f4a7c15);
    seed ^= seed >> 29;
    seed *= UINT64_C(0xbf58476d1ce4e5b9);
    return seed ^ seed >> 32;
}

/* QEMU 7 shows pending interrupts of M-mode in hvip. */
uint64_t csr_get(uint32_t number)
{
    uint64_t mask = number == 0x645 ? ~UINT64_C(0xbbb) : UINT64_MAX;

    return mask & ((uint64_t(*)(void))(uintptr_t)(read_csr + 8 * number))();
}

void csr_set(uint32_t number, uint64_t value)
{
    ((void (*)(uint64_t))(uintptr_t)(write_csr + 8 * number))(value);
}

static bool is_shared(uint32_t number)
{
    for (uint32_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
        if (shared[i] == number)
            return true;
    }
    return false;
}

/* All 4096 but those of M-mode and those that nobody can write. */
void csrs_find(struct csrs *csrs)
{
    csrs->count = 0;
    for (uint32_t n = 0; n < 4096 && csrs->count < CSRS_MAX; n++) {
        if ((n >> 8 & 3) == 3 || n >> 10 == 3 || is_shared(n))
            continue;
        if (try((uint64_t)(uintptr_t)(read_csr + 8 * n), 0).cause == 0)
            csrs->number[csrs->count++] = (uint16_t)n;
    }
}

/*
 * SIE stays 0, and satp Bare: the image runs on meanwhile. vstimecmp is far ahead of time and
 * htimedelta, because QEMU shows what it makes pending in hvip too; and VSTIP stays 0 there,
 * because with Sstc its M-mode cannot write it.
 */
static uint64_t allowed(uint32_t number, uint64_t value)
{
    switch (number) {
    case 0x100:
        return value & ~UINT64_C(2);
    case 0x180:
        return value & ~(UINT64_C(15) << 60);
    case 0x24d:
        return value | UINT64_C(1) << 63;
    case 0x645:
        return value & ~UINT64_C(0x40);
    case 0x605:
        return value & UINT32_MAX;
    case 0x280:
    case 0x680:
        return (value & ~(UINT64_C(15) << 60)) | UINT64_C(8) << 60;
    default:
        return value;
    }
}

void csrs_spoil(const struct csrs *csrs, uint64_t seed, const struct fixed *fixed, uint64_t *values)
{
    for (uint32_t i = 0; i < csrs->count; i++)
        csr_set(csrs->number[i], allowed(csrs->number[i], mix(seed + csrs->number[i])));
    for (; fixed->number != 0; fixed++)
        csr_set(fixed->number, fixed->value);
    csrs_read(csrs, values);
}

void csrs_read(const struct csrs *csrs, uint64_t *values)
{
    for (uint32_t i = 0; i < csrs->count; i++)
        values[i] = csr_get(csrs->number[i]);
}

void csrs_expect(const struct csrs *csrs, uint64_t *values, struct fixed fixed)
{
    for (uint32_t i = 0; i < csrs->count; i++) {
        if (csrs->number[i] == fixed.number)
            values[i] = fixed.value;
    }
}

uint32_t csrs_differ(const struct csrs *csrs, const uint64_t *a, const uint64_t *b)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < csrs->count; i++) {
        if (a[i] == b[i])
            continue;
        if (count++ == 0) {
            print("mismatch: CSR ");
            print_number(csrs->number[i]);
            print(" is ");
            print_number(a[i]);
            print(", not ");
            print_number(b[i]);
            print("\n");
        }
    }
    return count;
}

struct tried call(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1)
{
    struct ecall_answer answer = ECALL(extension, function, a0, a1);

    return (struct tried){(uint64_t)answer.error, answer.value};
}

void print(const char *text)
{
    while (*text)
        call(0x4442434e, 2, (uint8_t)*text++, 0);
}

void print_number(uint64_t number)
{
    print("0x");
    for (int shift = 60; shift >= 0; shift -= 4) {
        if (number >> shift || shift == 0)
            call(0x4442434e, 2, (uint8_t) "0123456789abcdef"[number >> shift & 15], 0);
    }
}
