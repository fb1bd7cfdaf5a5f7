# SPDX-License-Identifier: BSD-2-Clause
#
# The library for tables of four entries instead of 512: 2 bits of an address a level,
# sizes of 2^12, 2^14 and 2^16, and a root for 2^18 bytes. Groups that are copied have
# four entries, too. No NAPOT, and no window. All else is as it is.
#
s/return HVRV_PAGE_SHIFT + 9 \* level;/return HVRV_PAGE_SHIFT + 2 * level;/
s/\(define HVRV_TABLE_ENTRIES *\)512/\14/
s/\(define HVRV_GSTAGE_NAPOT *\)16 /\14 /
s/\(define HVRV_NAPOT_SHIFT *\)16/\140/
s/<< 3 & (HVRV_PAGE_SIZE - 1)/<< 3 \& 31/
s/at < HVRV_PAGE_SIZE && status/at < 32 \&\& status/
s/hvrv_level_shift(place->level) >> 9/hvrv_level_shift(place->level) >> 2/
s/above % 9 == 0/above % 2 == 0/
s/above \/ 9/above \/ 2/g
s/HVRV_PAGE_SHIFT) \/ 9/HVRV_PAGE_SHIFT) \/ 2/
s/shift - 9;/shift - 2;/
s/\.width = 41/.width = 18/
s/return (hpa.v & phys->window_mask) == phys->window_base;/return false;/
