/* SPDX-License-Identifier: BSD-2-Clause */
/* The PMP registers of a hart. A CSR's number is part of its instruction, so each is a case. */
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/pmp.h>

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

static uint8_t read_config(struct hvrv_hart *hart, uint32_t index)
{
    return (uint8_t)(read_configs(hart, index / 8) >> shift_of(index));
}

/* Locked, or where a locked one begins that is TOR. Looks at no entry beyond the most. */
static bool is_locked(struct hvrv_hart *hart, uint32_t index, uint32_t most)
{
    uint8_t next = index + 1 < most ? read_config(hart, index + 1) : 0;

    return (read_config(hart, index) & HVRV_PMPCFG_L) != 0 ||
           ((next & HVRV_PMPCFG_L) != 0 && hvrv_bits_get(next, HVRV_PMPCFG_A) == HVRV_PMP_TOR);
}

/* The bits that the address of an entry takes while it is OFF; all as it was. */
static uint64_t try_entry(struct hvrv_hart *hart, uint32_t index)
{
    uint64_t configs = read_configs(hart, index / 8);
    uint64_t address = read_address(hart, index);
    uint64_t taken;

    write_configs(hart, index / 8, configs & ~(UINT64_C(0xff) << shift_of(index)));
    write_address(hart, index, UINT64_MAX);
    taken = read_address(hart, index);
    write_address(hart, index, address);
    write_configs(hart, index / 8, configs);
    return taken;
}

/* Tries the next entry. False: there is none. */
static bool probe_next(struct hvrv_hart *hart, struct hvrv_pmp_ability *ability, uint32_t most)
{
    uint64_t taken;

    if (is_locked(hart, ability->count, most)) {
        ability->locked |= HVRV_BIT(ability->count);
        return true;
    }
    taken = try_entry(hart, ability->count);
    if (taken != 0 && ability->address_bits == 0) {
        ability->grain_shift = 2 + hvrv_bits_lowest(taken);
        ability->address_bits = taken | ((taken & (~taken + 1)) - 1);
    }
    return taken != 0;
}

enum hvrv_status hvrv_pmp_probe(struct hvrv_hart *hart, struct hvrv_pmp_ability *ability)
{
    uint32_t most;

    if (!hart || !ability)
        return HVRV_ERR_NULL;
    most = ability->count < HVRV_PMP_ENTRIES_MAX ? ability->count : HVRV_PMP_ENTRIES_MAX;
    *ability = (struct hvrv_pmp_ability){0};
    while (ability->count < most && probe_next(hart, ability, most))
        ability->count++;
    return ability->count > 0 && ability->address_bits == 0 ? HVRV_ERR_STATE : HVRV_OK;
}

/* What of a set is to be written. */
struct change {
    const struct hvrv_pmp_set *set;
    uint32_t from;      /* entries before it stay, by number on the hart */
    uint32_t end;       /* one more than the last */
    uint64_t addresses; /* bit i: the address of entry i is to be written */
};

static const struct hvrv_pmp_entry *entry_of(const struct change *change, uint32_t index)
{
    return &change->set->entries[index - change->set->first];
}

static bool is_there(struct hvrv_hart *hart, const struct change *change, uint32_t index)
{
    return read_config(hart, index) == entry_of(change, index)->config &&
           read_address(hart, index) == entry_of(change, index)->address;
}

/* Looks before anything is off: what an address reads as depends on the kind. */
static void find_change(struct hvrv_hart *hart, struct change *change)
{
    for (uint32_t i = change->end; i > change->set->first; i--) {
        if (is_there(hart, change, i - 1))
            continue;
        change->addresses |= HVRV_BIT(i - 1);
        change->from = i - 1;
    }
}

/* The bytes of a group that the change is about. */
static uint64_t mask_of(const struct change *change, uint32_t group)
{
    uint64_t mask = 0;

    for (uint32_t i = 8 * group; i < 8 * group + 8; i++) {
        if (i >= change->from && i < change->end)
            mask |= UINT64_C(0xff) << shift_of(i);
    }
    return mask;
}

static void turn_off(struct hvrv_hart *hart, const struct change *change)
{
    for (uint32_t i = (change->end + 7) / 8; i > change->from / 8; i--) {
        uint64_t old = read_configs(hart, i - 1);
        uint64_t off = old & ~mask_of(change, i - 1);
        if (off != old)
            write_configs(hart, i - 1, off);
    }
}

static void turn_on(struct hvrv_hart *hart, const struct change *change)
{
    for (uint32_t group = change->from / 8; group < (change->end + 7) / 8; group++) {
        uint64_t mask = mask_of(change, group);
        uint64_t configs = 0;
        for (uint32_t i = 8 * group; i < 8 * group + 8; i++) {
            if (i >= change->from && i < change->end)
                configs |= (uint64_t)entry_of(change, i)->config << shift_of(i);
        }
        if (configs != 0)
            write_configs(hart, group, (read_configs(hart, group) & ~mask) | configs);
    }
}

enum hvrv_status hvrv_pmp_write(struct hvrv_hart *hart, const struct hvrv_pmp_set *set)
{
    enum hvrv_status status = HVRV_OK;
    struct change change = {.set = set};

    if (!hart || !set || (!set->entries && set->count != 0))
        return HVRV_ERR_NULL;
    if (set->first > HVRV_PMP_ENTRIES_MAX || set->count > HVRV_PMP_ENTRIES_MAX - set->first)
        return HVRV_ERR_RANGE;
    if (set->first > 0 && set->count > 0 &&
        hvrv_bits_get(set->entries[0].config, HVRV_PMPCFG_A) == HVRV_PMP_TOR)
        return HVRV_ERR_ARGUMENT;
    change.from = change.end = set->first + set->count;
    find_change(hart, &change);
    turn_off(hart, &change);
    for (uint32_t i = change.from; i < change.end; i++) {
        if ((change.addresses >> i & 1) != 0)
            write_address(hart, i, entry_of(&change, i)->address);
    }
    turn_on(hart, &change);
    for (uint32_t i = change.from; i < change.end; i++) {
        if (!is_there(hart, &change, i))
            status = HVRV_ERR_STATE;
    }
    return status;
}
