/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/mpt.h>

#include "mpt_entry.h"

#include <stddef.h>

#define ENTRIES      512
#define ROOT_ENTRIES 4096 /* of Smmpt64 */
#define SDIDS        64

struct mode {
    enum hvrv_mpt_mode mode;
    uint32_t levels, width, root_size;
};

static const struct mode modes[] = {
#define ROW(id, number, levels, width, root) {id, levels, width, root},
    HVRV_MPT_MODE_LIST(ROW)
#undef ROW
};

static const struct mode *find_mode(enum hvrv_mpt_mode mode)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (modes[i].mode == mode)
            return &modes[i];
    }
    return NULL;
}

static enum hvrv_status check(const struct hvrv_mpt_config *config, const struct mode *mode)
{
    if (!mode)
        return HVRV_ERR_MODE;
    if (config->sdid >= SDIDS)
        return HVRV_ERR_ARGUMENT;
    if (!hvrv_bits_is_aligned(config->root.v, mode->root_size))
        return HVRV_ERR_ALIGN;
    return config->root.v >> 56 == 0 ? HVRV_OK : HVRV_ERR_RANGE;
}

enum hvrv_status hvrv_mpt_init(struct hvrv_mpt *mpt, const struct hvrv_mpt_config *config)
{
    const struct mode *mode;
    enum hvrv_status status;

    if (mpt)
        *mpt = (struct hvrv_mpt){0};
    if (!mpt || !config || !config->phys || !config->pages || !config->fence)
        return HVRV_ERR_NULL;
    mode = find_mode(config->mode);
    status = check(config, mode);
    for (uint64_t i = 0; status == HVRV_OK && i < mode->root_size; i += 8)
        status = hvrv_phys_store(config->phys, (hvrv_hpa){config->root.v + i}, 0);
    if (status != HVRV_OK)
        return status;
    mpt->config = *config;
    mpt->levels = mode->levels;
    mpt->width = mode->width;
    return HVRV_OK;
}

static bool is_reserved_permission(uint64_t tuple)
{
    return (tuple & (HVRV_MPT_R | HVRV_MPT_W)) == HVRV_MPT_W;
}

bool hvrv_mpt_is_reserved(uint64_t entry)
{
    if ((entry & MPTE_L) == 0)
        return (entry & (HVRV_BITS(63, 54) | HVRV_BITS(9, 2))) != 0;
    if ((entry & MPTE_N) != 0)
        return (entry & (HVRV_BITS(63, 16) | HVRV_BIT(11) | HVRV_BITS(7, 3))) != 0 ||
               hvrv_bits_get(entry, MPTE_G) != MPTE_NAPOT_G ||
               is_reserved_permission(entry >> MPTE_XWR_SHIFT & MPTE_TUPLE);
    if ((entry & (HVRV_BITS(63, 56) | HVRV_BITS(7, 3))) != 0)
        return true;
    for (unsigned i = 0; i < MPTE_TUPLES; i++) {
        if (is_reserved_permission(entry >> (MPTE_XWR_SHIFT + 3 * i) & MPTE_TUPLE))
            return true;
    }
    return false;
}

/* An address's entry in a table of a level; the root of Smmpt64 is longer. */
static hvrv_hpa slot_of(hvrv_hpa table, uint32_t level, uint64_t address)
{
    uint64_t entries = level == HVRV_MPT_LEVELS_MAX - 1 ? ROOT_ENTRIES : ENTRIES;
    uint64_t index = address >> (hvrv_mpt_page_shift(level) + 4) & (entries - 1);

    return (hvrv_hpa){table.v + index * 8};
}

enum hvrv_status hvrv_mpt_descend(const struct hvrv_mpt *mpt, uint64_t address,
                                  struct hvrv_mpt_place *place)
{
    hvrv_hpa table = mpt->config.root;

    for (place->level = mpt->levels - 1;; place->level--) {
        enum hvrv_status status;
        place->slot = slot_of(table, place->level, address);
        status = hvrv_phys_load(mpt->config.phys, place->slot, &place->entry);
        if (status != HVRV_OK)
            return status;
        if (place->level == 0 || !hvrv_mpt_is_pointer(place->entry))
            return HVRV_OK;
        if (hvrv_mpt_is_reserved(place->entry))
            return HVRV_ERR_STATE;
        table.v = hvrv_bits_get(place->entry, MPTE_PPN) << 12;
    }
}

struct hvrv_mpt_result hvrv_mpt_find(const struct hvrv_mpt *mpt, uint64_t address)
{
    struct hvrv_mpt_result result = {.reason = HVRV_MPT_WIDE};
    struct hvrv_mpt_place place;
    enum hvrv_status status;
    uint32_t tuple;

    if (mpt->width < 64 && address >> mpt->width != 0)
        return result;
    status = hvrv_mpt_descend(mpt, address, &place);
    result.level = place.level;
    if (status != HVRV_OK) {
        result.reason = status == HVRV_ERR_STATE ? HVRV_MPT_RESERVED : HVRV_MPT_REFUSED;
    } else if ((place.entry & MPTE_V) == 0) {
        result.reason = HVRV_MPT_INVALID;
    } else if (hvrv_mpt_is_reserved(place.entry)) {
        result.reason = HVRV_MPT_RESERVED;
    } else if (hvrv_mpt_is_pointer(place.entry)) {
        result.reason = HVRV_MPT_DEEP;
    } else {
        tuple = (place.entry & MPTE_N) != 0 ? 0 : hvrv_mpt_tuple(place.level, address);
        result.reason = HVRV_MPT_FOUND;
        result.permissions = place.entry >> (MPTE_XWR_SHIFT + 3 * tuple) & MPTE_TUPLE;
    }
    return result;
}

bool hvrv_mpt_allows(const struct hvrv_mpt *mpt, uint64_t address, enum hvrv_access access)
{
    uint32_t permissions = hvrv_mpt_find(mpt, address).permissions;

    switch (access) {
    case HVRV_ACCESS_LOAD:
        return (permissions & HVRV_MPT_R) != 0;
    case HVRV_ACCESS_STORE:
        return (permissions & HVRV_MPT_W) != 0;
    case HVRV_ACCESS_FETCH:
        return (permissions & HVRV_MPT_X) != 0;
    case HVRV_ACCESS_HLVX:
        return (~permissions & (HVRV_MPT_R | HVRV_MPT_X)) == 0;
    }
    return false;
}

uint64_t hvrv_mpt_make_mmpt(const struct hvrv_mpt *mpt)
{
    uint64_t value = hvrv_bits_set(0, HVRV_MMPT_PPN, mpt->config.root.v >> 12);

    value = hvrv_bits_set(value, HVRV_MMPT_SDID, mpt->config.sdid);
    return hvrv_bits_set(value, HVRV_MMPT_MODE, (uint64_t)mpt->config.mode);
}

/* A table on the way down, and the entry that is next. */
struct step {
    hvrv_hpa table;
    uint32_t next;
};

enum hvrv_status hvrv_mpt_fini(struct hvrv_mpt *mpt)
{
    struct step path[HVRV_MPT_LEVELS_MAX] = {{{0}, 0}};
    uint32_t level;

    if (!mpt || !mpt->config.phys)
        return HVRV_ERR_NULL;
    level = mpt->levels - 1;
    path[level].table = mpt->config.root;
    for (;;) {
        struct step *here = &path[level];
        uint32_t count = level == HVRV_MPT_LEVELS_MAX - 1 ? ROOT_ENTRIES : ENTRIES;
        hvrv_hpa slot = {here->table.v + 8 * (uint64_t)here->next};
        uint64_t entry = 0;
        enum hvrv_status status = HVRV_OK;
        if (here->next == count || level == 0) {
            if (level == mpt->levels - 1)
                return HVRV_OK;
            status = hvrv_pages_give(mpt->config.pages, HVRV_PAGES_TABLE, here->table);
            if (status != HVRV_OK)
                return status;
            level++;
            continue;
        }
        here->next++;
        status = hvrv_phys_load(mpt->config.phys, slot, &entry);
        if (status == HVRV_OK && entry != 0)
            status = hvrv_phys_store(mpt->config.phys, slot, 0);
        if (status != HVRV_OK)
            return status;
        if (hvrv_mpt_is_pointer(entry)) {
            level--;
            path[level] = (struct step){{hvrv_bits_get(entry, MPTE_PPN) << 12}, 0};
        }
    }
}
