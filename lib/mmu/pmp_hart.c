/* SPDX-License-Identifier: BSD-2-Clause */
/* The PMP registers of a hart. A CSR's number is part of its instruction, so each is a case. */
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/pmp.h>

#include <stddef.h>

/* All pmpaddr by number, and all pmpcfg. */
/* clang-format off */
#define TEN(X, n) \
    X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7) X(n##8) X(n##9)
#define ADDRESSES(X)                                                                    \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9)                                   \
    TEN(X, 1) TEN(X, 2) TEN(X, 3) TEN(X, 4) TEN(X, 5) X(60) X(61) X(62) X(63)
#define CONFIGS(X) X(0) X(2) X(4) X(6) X(8) X(10) X(12) X(14)
/* clang-format on */

static void write_address(struct hvrv_hart *hart, uint32_t index, uint64_t value)
{
    switch (index) {
#define WRITE(n)                                 \
    case n:                                      \
        hvrv_hart_write_pmpaddr##n(hart, value); \
        break;
        ADDRESSES(WRITE)
#undef WRITE
    default:
        break;
    }
}

/* The register with the bytes of eight entries. */
static uint64_t read_configs(struct hvrv_hart *hart, uint32_t group)
{
    switch (2 * group) {
#define READ(n) \
    case n:     \
        return hvrv_hart_read_pmpcfg##n(hart);
        CONFIGS(READ)
#undef READ
    default:
        return 0;
    }
}

static void write_configs(struct hvrv_hart *hart, uint32_t group, uint64_t value)
{
    switch (2 * group) {
#define WRITE(n)                                \
    case n:                                     \
        hvrv_hart_write_pmpcfg##n(hart, value); \
        break;
        CONFIGS(WRITE)
#undef WRITE
    default:
        break;
    }
}

/* The byte of an entry in its register. */
static unsigned shift_of(uint32_t index)
{
    return 8 * (index % 8);
}

static uint64_t read_address(struct hvrv_hart *hart, uint32_t index)
{
    switch (index) {
#define READ(n) \
    case n:     \
        return hvrv_hart_read_pmpaddr##n(hart);
        ADDRESSES(READ)
#undef READ
    default:
        return 0;
    }
}

/* The bits that an entry's address takes, all else as it was; 0 if it is locked or not there. */
static uint64_t try_entry(struct hvrv_hart *hart, uint32_t index)
{
    uint64_t configs = read_configs(hart, index / 8);
    uint64_t byte = UINT64_C(0xff) << shift_of(index);
    uint64_t address = read_address(hart, index);
    uint64_t taken = 0;

    write_configs(hart, index / 8, configs & ~byte);
    if ((read_configs(hart, index / 8) & byte) == 0) {
        write_address(hart, index, UINT64_MAX);
        taken = read_address(hart, index);
        write_address(hart, index, address);
    }
    write_configs(hart, index / 8, configs);
    return taken;
}

enum hvrv_status hvrv_pmp_probe(struct hvrv_hart *hart, struct hvrv_pmp_ability *ability)
{
    uint32_t most;

    if (!hart || !ability)
        return HVRV_ERR_NULL;
    most = ability->count < HVRV_PMP_ENTRIES_MAX ? ability->count : HVRV_PMP_ENTRIES_MAX;
    *ability = (struct hvrv_pmp_ability){0};
    while (ability->count < most) {
        uint64_t taken = try_entry(hart, ability->count);
        uint64_t lowest = taken & (~taken + 1);
        if (taken == 0)
            break;
        if (ability->count == 0) {
            ability->address_bits = taken | (lowest - 1);
            ability->grain_shift = 2 + (uint32_t)__builtin_ctzll(taken);
        }
        ability->count++;
    }
    return HVRV_OK;
}

/* The bytes of the eight entries of a group, and which of the register's they are. */
static uint64_t gather(const struct hvrv_pmp_set *set, uint32_t group, uint64_t *mask)
{
    uint64_t configs = 0;

    *mask = 0;
    for (uint32_t i = 8 * group; i < set->count && i < 8 * group + 8; i++) {
        configs |= (uint64_t)set->entries[i].config << shift_of(i);
        *mask |= UINT64_C(0xff) << shift_of(i);
    }
    return configs;
}

enum hvrv_status hvrv_pmp_write(struct hvrv_hart *hart, const struct hvrv_pmp_set *set)
{
    enum hvrv_status status = HVRV_OK;
    uint32_t groups;
    uint64_t mask;

    if (!hart || !set || (!set->entries && set->count != 0))
        return HVRV_ERR_NULL;
    if (set->count > HVRV_PMP_ENTRIES_MAX)
        return HVRV_ERR_RANGE;
    groups = (set->count + 7) / 8;
    for (uint32_t i = 0; i < groups; i++) {
        (void)gather(set, i, &mask);
        write_configs(hart, i, read_configs(hart, i) & ~mask);
    }
    for (uint32_t i = 0; i < set->count; i++) {
        write_address(hart, i, set->entries[i].address);
        if (read_address(hart, i) != set->entries[i].address)
            status = HVRV_ERR_STATE;
    }
    for (uint32_t i = 0; i < groups; i++) {
        uint64_t configs = gather(set, i, &mask);
        write_configs(hart, i, (read_configs(hart, i) & ~mask) | configs);
        if ((read_configs(hart, i) & mask) != configs)
            status = HVRV_ERR_STATE;
    }
    return status;
}
