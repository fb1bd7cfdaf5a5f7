/* SPDX-License-Identifier: BSD-2-Clause */
#include "stage.h"

#define LEVELS 3

/* Where a table's entry for an address is. The root of Sv39x4 has 2048 entries, not 512. */
static hvrv_hpa slot(const struct stage *stage, hvrv_hpa table, uint64_t address, unsigned level)
{
    bool is_wide = stage->kind == HVRV_STAGE_G && level == LEVELS - 1;
    uint64_t index = (address >> hvrv_level_shift(level)) & (is_wide ? 2047 : 511);
    return hvrv_hpa_make(table.v + index * 8);
}

/* A pointer to a table, as the stage writes it. */
static bool make_pointer(const struct stage *stage, hvrv_hpa table, hvrv_pte *pointer)
{
    if (stage->kind == HVRV_STAGE_G)
        return hvrv_pte_make_g_table(table, pointer) == HVRV_OK;
    return hvrv_pte_make_vs_table(hvrv_gpa_make(table.v - stage->hpa_of_gpa_0), pointer) == HVRV_OK;
}

/* From an entry to the table that it points to, which is made if there is none. */
static bool descend(const struct stage *stage, hvrv_hpa entry, hvrv_hpa *table)
{
    hvrv_pte pte;
    if (hvrv_phys_load(stage->phys, entry, &pte.v) != HVRV_OK || hvrv_pte_is_leaf(pte))
        return false;
    if (hvrv_pte_is_table(pte)) {
        table->v = hvrv_pte_address(pte) + stage->hpa_of_gpa_0;
        return true;
    }
    return hvrv_pages_take(stage->pages, HVRV_PAGES_TABLE, table) == HVRV_OK &&
           make_pointer(stage, *table, &pte) &&
           hvrv_phys_store(stage->phys, entry, pte.v) == HVRV_OK;
}

bool stage_put(const struct stage *stage, uint64_t address, unsigned level, hvrv_pte entry)
{
    hvrv_hpa table = stage->root;
    for (unsigned above = LEVELS - 1; above > level; above--) {
        if (!descend(stage, slot(stage, table, address, above), &table))
            return false;
    }
    return hvrv_phys_store(stage->phys, slot(stage, table, address, level), entry.v) == HVRV_OK;
}

bool stage_map(const struct stage *stage, uint64_t address, unsigned level, hvrv_pte leaf)
{
    return hvrv_pte_is_leaf(leaf) && stage_put(stage, address, level, leaf);
}
