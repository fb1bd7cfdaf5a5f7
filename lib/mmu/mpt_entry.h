/* SPDX-License-Identifier: BSD-2-Clause */
/* An entry of an MPT, and where one is. */
#ifndef LIB_MMU_MPT_ENTRY_H
#define LIB_MMU_MPT_ENTRY_H

#include <hvrv/isa/bits.h>
#include <hvrv/mmu/mpt.h>

#define MPTE_V   HVRV_BIT(0)
#define MPTE_L   HVRV_BIT(1)
#define MPTE_N   HVRV_BIT(2)
#define MPTE_PPN HVRV_BITS(53, 10)
#define MPTE_G   HVRV_BITS(15, 12)

/* The first of sixteen permissions, three bits each; of a NAPOT leaf the only one. */
#define MPTE_XWR_SHIFT 8
#define MPTE_TUPLES    16
#define MPTE_TUPLE     UINT64_C(7)

/* The only G that is not reserved: 32 entries. */
#define MPTE_NAPOT_G 4

/* Where an entry is, and what it was. */
struct hvrv_mpt_place {
    hvrv_hpa slot;
    uint64_t entry;
    uint32_t level;
};

/* log2 of the page that one permission of an entry is for. */
static inline uint32_t hvrv_mpt_page_shift(uint32_t level)
{
    return 12 + 9 * level;
}

/* Which of an entry's permissions is an address's. */
static inline uint32_t hvrv_mpt_tuple(uint32_t level, uint64_t address)
{
    return address >> hvrv_mpt_page_shift(level) & (MPTE_TUPLES - 1);
}

static inline bool hvrv_mpt_is_pointer(uint64_t entry)
{
    return (entry & (MPTE_V | MPTE_L)) == MPTE_V;
}

/* Whether an entry that is valid has what is reserved. */
bool hvrv_mpt_is_reserved(uint64_t entry);

/*
 * Goes down from the root to the entry that is no pointer. Level 0 is the last, pointer or not.
 * HVRV_ERR_STATE: a pointer on the way is reserved.
 */
enum hvrv_status hvrv_mpt_descend(const struct hvrv_mpt *mpt, uint64_t address,
                                  struct hvrv_mpt_place *place);

#endif
