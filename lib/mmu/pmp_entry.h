/* SPDX-License-Identifier: BSD-2-Clause */
/* An entry as the checks of pmp see it. */
#ifndef LIB_MMU_PMP_ENTRY_H
#define LIB_MMU_PMP_ENTRY_H

#include <hvrv/mmu/pmp.h>

/* The bytes that an entry matches, reserved or not; permissions stay. False: none. */
bool hvrv_pmp_match(const struct hvrv_pmp_set *set, uint32_t index, struct hvrv_pmp_region *region);

/* Whether a hart has no such entry. */
bool hvrv_pmp_is_reserved(const struct hvrv_pmp_set *set, const struct hvrv_pmp_entry *entry);

#endif
