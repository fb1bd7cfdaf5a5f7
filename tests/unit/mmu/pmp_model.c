/* SPDX-License-Identifier: BSD-2-Clause */
#include "pmp_model.h"

#include <stddef.h>
#include <string.h>

/* A border of TOR: what is below the grain does not count. */
static uint64_t border(const struct pmp_model *model, unsigned entry)
{
    return (model->address[entry] >> model->grain << model->grain) * 4;
}

static bool napot_matches(const struct pmp_model *model, unsigned entry, uint64_t byte)
{
    uint64_t address = model->address[entry];
    unsigned zero = 0; /* where the lowest zero is */
    for (unsigned i = 0; i + 1 < model->grain; i++)
        address |= UINT64_C(1) << i;
    while (zero < 54 && (address >> zero & 1))
        zero++;
    return byte >> (zero + 3) == address >> (zero + 1);
}

bool pmp_model_matches(const struct pmp_model *model, unsigned entry, uint64_t byte)
{
    switch (model->config[entry] >> 3 & 3) {
    case 1:
        return byte >= (entry ? border(model, entry - 1) : 0) && byte < border(model, entry);
    case 2:
        return byte / 4 == model->address[entry];
    case 3:
        return napot_matches(model, entry, byte);
    default:
        return false;
    }
}

/* The table of Smepmp: L, R, W, X; what M-mode may; what the others may. */
static const char *const table[16][3] = {
    {"0000", "", ""},  {"0001", "", "X"},  {"0010", "RW", "R"}, {"0011", "RW", "RW"},
    {"0100", "", "R"}, {"0101", "", "RX"}, {"0110", "", "RW"},  {"0111", "", "RWX"},
    {"1000", "", ""},  {"1001", "X", ""},  {"1010", "X", "X"},  {"1011", "RX", "X"},
    {"1100", "R", ""}, {"1101", "RX", ""}, {"1110", "RW", ""},  {"1111", "R", "R"},
};

static bool table_allows(uint8_t config, const struct pmp_model_access *access)
{
    char bits[5] = {config & 0x80 ? '1' : '0', config & 1 ? '1' : '0', config & 2 ? '1' : '0',
                    config & 4 ? '1' : '0', '\0'};
    for (unsigned i = 0; i < 16; i++) {
        if (strcmp(table[i][0], bits) == 0)
            return strchr(table[i][access->is_m_mode ? 1 : 2], access->kind) != NULL;
    }
    return false;
}

static bool is_reserved(const struct pmp_model *model, uint8_t config)
{
    bool is_w_alone = (config & 3) == 2 && !(model->mseccfg & PMP_MODEL_MML);
    return (config & 0x60) || is_w_alone || ((config & 0x18) == 0x10 && model->grain > 0);
}

static bool entry_allows(const struct pmp_model *model, uint8_t config,
                         const struct pmp_model_access *access)
{
    if (is_reserved(model, config))
        return false;
    if (model->mseccfg & PMP_MODEL_MML)
        return table_allows(config, access);
    if (access->is_m_mode && !(config & 0x80))
        return true;
    return config & (access->kind == 'R' ? 1 : access->kind == 'W' ? 2 : 4);
}

static bool default_allows(const struct pmp_model *model, const struct pmp_model_access *access)
{
    if (!access->is_m_mode)
        return model->count == 0;
    if (model->mseccfg & PMP_MODEL_MMWP)
        return false;
    return !(model->mseccfg & PMP_MODEL_MML) || access->kind != 'X';
}

bool pmp_model_allows(const struct pmp_model *model, const struct pmp_model_access *access)
{
    for (unsigned i = 0; i < model->count; i++) {
        unsigned matched = 0;
        for (unsigned byte = 0; byte < access->size; byte++)
            matched += pmp_model_matches(model, i, access->address + byte);
        if (matched > 0)
            return matched == access->size && entry_allows(model, model->config[i], access);
    }
    return default_allows(model, access);
}
