/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/tables.h"

#define TABLE 0x01

uint64_t model_table_slot(struct model_memory *memory, uint64_t root, uint64_t offset,
                          uint64_t address, int level)
{
    uint64_t table = root;

    for (int i = 2;; i--) {
        uint64_t slot = table + (address >> (12 + 9 * i) & 0x1ff) * 8;

        if (i == level)
            return slot;
        if (model_memory_read(memory, slot) == 0)
            model_table_put(memory, slot, model_memory_take(memory, 4096) - offset, TABLE);
        table = (model_memory_read(memory, slot) >> 10 << 12) + offset;
    }
}

void model_table_put(struct model_memory *memory, uint64_t slot, uint64_t address, uint64_t bits)
{
    model_memory_write(memory, slot, address >> 2 | bits);
}
