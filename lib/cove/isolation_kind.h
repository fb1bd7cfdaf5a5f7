/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kinds of isolation do each in their own way. Arguments are checked but for the range. */
#ifndef LIB_COVE_ISOLATION_KIND_H
#define LIB_COVE_ISOLATION_KIND_H

#include <hvrv/cove/isolation.h>

/* Makes every domain's list empty. */
enum hvrv_status hvrv_isolation_pmp_init(const struct hvrv_isolation_config *config);

/* Sets the permissions of a range; 0: no access. */
enum hvrv_status hvrv_isolation_pmp_set(const struct hvrv_isolation *isolation, uint32_t domain,
                                        const struct hvrv_range *range, uint8_t permissions);
bool hvrv_isolation_pmp_allows(const struct hvrv_isolation *isolation, uint32_t domain,
                               const struct hvrv_pmp_access *access);
enum hvrv_status hvrv_isolation_pmp_switch(const struct hvrv_isolation *isolation, uint32_t domain,
                                           struct hvrv_hart *hart);

/* Looks whether the trees were made, each with an SDID of its own. */
enum hvrv_status hvrv_isolation_mpt_init(const struct hvrv_isolation_config *config);
enum hvrv_status hvrv_isolation_mpt_set(const struct hvrv_isolation *isolation, uint32_t domain,
                                        const struct hvrv_range *range, uint8_t permissions);
bool hvrv_isolation_mpt_allows(const struct hvrv_isolation *isolation, uint32_t domain,
                               const struct hvrv_pmp_access *access);
enum hvrv_status hvrv_isolation_mpt_switch(const struct hvrv_isolation *isolation, uint32_t domain,
                                           struct hvrv_hart *hart);

/* MFENCE.PA for a domain, or for all if there is none of this number. */
void hvrv_isolation_mpt_fence(const struct hvrv_isolation *isolation, uint32_t domain);

#endif
