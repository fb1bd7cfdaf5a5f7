/* SPDX-License-Identifier: BSD-2-Clause */
/* A mistake: the TSM believes that every hart has fenced. */
#include <hvrv/cove/epoch.h>

bool __wrap_hvrv_epoch_is_past(const struct hvrv_epoch *epoch, uint64_t since);

bool __wrap_hvrv_epoch_is_past(const struct hvrv_epoch *epoch, uint64_t since)
{
    (void)epoch;
    (void)since;
    return true;
}
