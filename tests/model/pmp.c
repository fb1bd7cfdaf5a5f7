/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PMP registers of the model hart: which entries there are, the grain, and what a lock keeps.
 * Written from the manual with literals, as csr.c is.
 */
#include "hart.h"

#define MSECCFG_MML 1
#define MSECCFG_RLB 4

static uint32_t config_of(const struct model_hart *model, uint32_t entry)
{
    if (entry > 63)
        return 0;
    return (uint8_t)(model->csr[0x3a0 + entry / 8 * 2] >> entry % 8 * 8);
}

static uint64_t low_bits(uint32_t count)
{
    return (UINT64_C(1) << count) - 1;
}

bool model_pmp_any_locked(const struct model_hart *model)
{
    for (uint32_t i = 0; i < 64; i++) {
        if (config_of(model, i) & 0x80)
            return true;
    }
    return false;
}

/* As NAPOT, the bits below the last of the grain are ones; otherwise all below it are zero. */
uint64_t model_pmp_load_address(const struct model_hart *model, uint32_t number)
{
    uint32_t entry = number - 0x3b0;
    uint32_t grain = model->config.pmp_grain;
    if (entry >= model->config.pmp_entries || grain == 0)
        return model->csr[number];
    if (config_of(model, entry) & 0x10)
        return model->csr[number] | low_bits(grain - 1);
    return model->csr[number] & ~low_bits(grain);
}

void model_pmp_store_address(struct model_hart *model, uint32_t number, uint64_t value)
{
    uint32_t entry = number - 0x3b0;
    bool bypass = model->csr[HVRV_CSR_MSECCFG] & MSECCFG_RLB;
    bool is_base_of_locked = (config_of(model, entry + 1) & 0x98) == 0x88;
    if (entry >= model->config.pmp_entries)
        return;
    if (!bypass && ((config_of(model, entry) & 0x80) || is_base_of_locked))
        return;
    model->csr[number] = value & low_bits(model->config.pmp_address_bits);
}

/* Whether an entry keeps its configuration although another is written. */
static bool keeps(const struct model_hart *model, uint32_t old, uint32_t value)
{
    uint64_t mseccfg = model->csr[HVRV_CSR_MSECCFG];
    uint32_t permissions = value & 7;
    if ((old & 0x80) && !(mseccfg & MSECCFG_RLB))
        return true;
    if ((value & 0x18) == 0x10 && model->config.pmp_grain > 0)
        return true; /* NA4 */
    if (!(mseccfg & MSECCFG_MML))
        return (value & 3) == 2; /* W without R */
    if ((mseccfg & MSECCFG_RLB) || !(value & 0x80))
        return false;
    /* M-mode would execute by it. */
    return permissions == 4 || permissions == 2 || permissions == 6 || permissions == 5;
}

void model_pmp_store_config(struct model_hart *model, uint32_t number, uint64_t value)
{
    uint32_t first = (number - 0x3a0) / 2 * 8;
    uint64_t merged = 0;
    for (uint32_t i = 0; i < 8 && first + i < model->config.pmp_entries; i++) {
        uint32_t old = config_of(model, first + i);
        uint32_t byte = value >> 8 * i & 0x9f;
        merged |= (uint64_t)(keeps(model, old, byte) ? old : byte) << 8 * i;
    }
    model->csr[number] = merged;
}
