/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/epoch.h>

#include <stddef.h>

enum hvrv_status hvrv_epoch_init(struct hvrv_epoch *epoch, uint64_t *seen, uint32_t count)
{
    if (!epoch || !seen)
        return HVRV_ERR_NULL;
    if (count == 0)
        return HVRV_ERR_RANGE;
    *epoch = (struct hvrv_epoch){.now = 1, .seen = seen, .count = count};
    for (uint32_t i = 0; i < count; i++)
        seen[i] = HVRV_EPOCH_AWAY;
    return HVRV_OK;
}

enum hvrv_status hvrv_epoch_begin(struct hvrv_epoch *epoch)
{
    if (!epoch)
        return HVRV_ERR_NULL;
    if (!hvrv_epoch_is_past(epoch, epoch->now - 1))
        return HVRV_ERR_EXISTS;
    if (epoch->now >= HVRV_EPOCH_LAST)
        return HVRV_ERR_RANGE;
    epoch->now++;
    return HVRV_OK;
}

bool hvrv_epoch_is_past(const struct hvrv_epoch *epoch, uint64_t since)
{
    if (since >= epoch->now)
        return false;
    for (uint32_t i = 0; i < epoch->count; i++) {
        if (epoch->seen[i] <= since)
            return false;
    }
    return true;
}
