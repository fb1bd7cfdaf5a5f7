/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/pmp.h>

#include "pmp_entry.h"

#define RWX (HVRV_PMPCFG_R | HVRV_PMPCFG_W | HVRV_PMPCFG_X)

/* R, W and X for M-mode, by the bits L, X, W, R of an entry, with MML (norm:mml_truth_table). */
static const uint8_t mml_m_mode[16] = {
    0,
    0,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    0,
    0,
    0,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    0,
    0,
    HVRV_PMPCFG_R,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_X,
    HVRV_PMPCFG_R,
};

/* And for S- and U-mode. */
static const uint8_t mml_others[16] = {
    0,
    HVRV_PMPCFG_R,
    HVRV_PMPCFG_R,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_X,
    HVRV_PMPCFG_R | HVRV_PMPCFG_W,
    RWX,
    0,
    0,
    HVRV_PMPCFG_X,
    0,
    0,
    0,
    HVRV_PMPCFG_X,
    HVRV_PMPCFG_R,
};

/* What an entry that matches allows. */
static uint8_t find_permissions(const struct hvrv_pmp_set *set, const struct hvrv_pmp_entry *entry,
                                bool is_m_mode)
{
    bool is_locked = (entry->config & HVRV_PMPCFG_L) != 0;
    unsigned row = (entry->config & RWX) | (is_locked ? 8U : 0U);

    if (hvrv_pmp_is_reserved(set, entry))
        return 0;
    if (set->mml)
        return is_m_mode ? mml_m_mode[row] : mml_others[row];
    return is_m_mode && !is_locked ? RWX : entry->config & RWX;
}

static uint8_t find_needs(enum hvrv_access access)
{
    switch (access) {
    case HVRV_ACCESS_LOAD:
        return HVRV_PMPCFG_R;
    case HVRV_ACCESS_STORE:
        return HVRV_PMPCFG_W;
    case HVRV_ACCESS_FETCH:
        return HVRV_PMPCFG_X;
    case HVRV_ACCESS_HLVX:
        return HVRV_PMPCFG_R | HVRV_PMPCFG_X;
    }
    return RWX;
}

/* What is allowed where no entry matches. */
static uint8_t find_default(const struct hvrv_pmp_set *set, bool is_m_mode)
{
    if (!is_m_mode)
        return set->count == 0 ? RWX : 0;
    if (set->mmwp)
        return 0;
    return set->mml ? HVRV_PMPCFG_R | HVRV_PMPCFG_W : RWX;
}

bool hvrv_pmp_allows(const struct hvrv_pmp_set *set, const struct hvrv_pmp_access *access)
{
    uint8_t needs = find_needs(access->access);
    uint64_t last = access->address + (access->size - 1);

    if (last < access->address || last >> 56 != 0)
        return false;
    for (uint32_t i = 0; i < set->count; i++) {
        struct hvrv_pmp_region region;
        if (!hvrv_pmp_match(set, i, &region) || region.first > last ||
            region.last < access->address)
            continue;
        if (region.first > access->address || region.last < last)
            return false;
        return (needs & ~find_permissions(set, &set->entries[i], access->is_m_mode)) == 0;
    }
    return (needs & ~find_default(set, access->is_m_mode)) == 0;
}

static bool is_locked(const struct hvrv_pmp_set *set, uint32_t index)
{
    return !set->rlb && index < set->count && (set->entries[index].config & HVRV_PMPCFG_L) != 0;
}

/* Whether an entry's address is where a locked one begins. */
static bool is_base(const struct hvrv_pmp_set *set, uint32_t index)
{
    return is_locked(set, index + 1) &&
           hvrv_bits_get(set->entries[index + 1].config, HVRV_PMPCFG_A) == HVRV_PMP_TOR;
}

enum hvrv_status hvrv_pmp_check_change(const struct hvrv_pmp_set *set, uint32_t index,
                                       const struct hvrv_pmp_entry *entry)
{
    const struct hvrv_pmp_entry *old;
    bool new_config;
    bool new_address;

    if (index >= set->count)
        return HVRV_ERR_RANGE;
    if (hvrv_pmp_is_reserved(set, entry))
        return HVRV_ERR_ARGUMENT;
    old = &set->entries[index];
    new_config = entry->config != old->config;
    new_address = entry->address != old->address;
    if ((is_locked(set, index) && (new_config || new_address)) ||
        (is_base(set, index) && new_address))
        return HVRV_ERR_STATE;
    if (set->mml && !set->rlb && new_config &&
        (find_permissions(set, entry, true) & HVRV_PMPCFG_X) != 0)
        return HVRV_ERR_STATE;
    return HVRV_OK;
}

uint64_t hvrv_pmp_find_mseccfg(const struct hvrv_pmp_set *set, uint64_t value)
{
    bool any_locked = false;

    for (uint32_t i = 0; i < set->count; i++)
        any_locked = any_locked || is_locked(set, i);
    value &= HVRV_MSECCFG_MML | HVRV_MSECCFG_MMWP | HVRV_MSECCFG_RLB;
    if (any_locked)
        value &= ~HVRV_MSECCFG_RLB;
    return value | (set->mml ? HVRV_MSECCFG_MML : 0) | (set->mmwp ? HVRV_MSECCFG_MMWP : 0);
}
