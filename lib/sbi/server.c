/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/sbi/server.h>

#include "server_call.h"

const struct hvrv_sbi_extension *const hvrv_sbi_all[9] = {
    &hvrv_sbi_base, &hvrv_sbi_time, &hvrv_sbi_ipi,  &hvrv_sbi_rfence, &hvrv_sbi_hsm,
    &hvrv_sbi_dbcn, &hvrv_sbi_srst, &hvrv_sbi_susp, &hvrv_sbi_legacy,
};

static bool is_met(const struct hvrv_sbi *sbi, const struct hvrv_sbi_function *row)
{
    return (row->needs & sbi->lacks) == 0;
}

/* The extension of exactly this number; a legacy one by its first. There is at least one. */
static const struct hvrv_sbi_extension *find(const struct hvrv_sbi *sbi, uint64_t id)
{
    const struct hvrv_sbi_extension *const *at = sbi->extensions;
    const struct hvrv_sbi_extension *const *end = at + sbi->extension_count;

    do {
        if ((*at)->id == id)
            return *at;
    } while (++at != end);
    return NULL;
}

/* The row of a legacy call, or null. */
static const struct hvrv_sbi_function *find_legacy(const struct hvrv_sbi *sbi, uint64_t id)
{
    for (uint32_t i = 0; i < sbi->extension_count; i++) {
        const struct hvrv_sbi_extension *extension = sbi->extensions[i];
        if (id - extension->id < extension->legacy_count)
            return &extension->functions[id - extension->id];
    }
    return NULL;
}

bool hvrv_sbi_has_extension(const struct hvrv_sbi *sbi, uint64_t id)
{
    const struct hvrv_sbi_function *row = find_legacy(sbi, id);
    const struct hvrv_sbi_extension *extension = find(sbi, id);
    bool is_there = false;

    if (row || !extension)
        return row && is_met(sbi, row);
    for (uint32_t i = 0; i < extension->count; i++) {
        row = &extension->functions[i];
        if (row->needs & HVRV_SBI_NEED_NEVER)
            continue;
        if (!is_met(sbi, row))
            return false;
        is_there = true;
    }
    return is_there;
}

/* The function of the call in an extension that has its number; null if it is not there. */
static inline const struct hvrv_sbi_function *find_row(const struct hvrv_sbi *sbi,
                                                       const struct hvrv_sbi_hart *hart,
                                                       const struct hvrv_sbi_extension *extension)
{
    uint64_t function = hvrv_sbi_get_argument(hart, 6);

    if (function >= extension->count || !is_met(sbi, &extension->functions[function]))
        return NULL;
    return &extension->functions[function];
}

/* A call of any extension but the first. */
static __attribute__((noinline)) enum hvrv_status
serve_any(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart, enum hvrv_sbi_action *action)
{
    uint64_t id = hvrv_sbi_get_argument(hart, 7);
    const struct hvrv_sbi_extension *extension = find(sbi, id);
    const struct hvrv_sbi_function *row = NULL;

    if (extension)
        row = find_row(sbi, hart, extension);
    if (!row)
        row = find_legacy(sbi, id);
    if (row && is_met(sbi, row))
        return row->serve(sbi, hart, action);
    if (id < HVRV_SBI_LEGACY_END)
        return hvrv_sbi_answer_legacy(hart, HVRV_SBI_ERR_NOT_SUPPORTED);
    return hvrv_sbi_answer(hart, HVRV_SBI_ERR_NOT_SUPPORTED);
}

/* The first call after a start or a sleep that hvrv_sbi_wake() was not told of. */
static __attribute__((noinline)) enum hvrv_status
wake_and_serve(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart, enum hvrv_sbi_action *action)
{
    if (hvrv_sbi_wake(sbi, (uint32_t)(hart - sbi->harts)) != HVRV_OK)
        return HVRV_ERR_STATE;
    return serve_any(sbi, hart, action);
}

/* Every call of a guest comes by here. What follows is called last, so that there is no frame. */
enum hvrv_status hvrv_sbi_serve(struct hvrv_sbi *sbi, uint32_t hart, enum hvrv_sbi_action *action)
{
    const struct hvrv_sbi_extension *extension;
    const struct hvrv_sbi_function *row;
    struct hvrv_sbi_hart *caller;

    if (action)
        *action = HVRV_SBI_GO_ON;
    if (!sbi || !action)
        return HVRV_ERR_NULL;
    if (hart >= sbi->hart_count)
        return HVRV_ERR_RANGE;
    caller = &sbi->harts[hart];
    if (__atomic_load_n(&caller->state, __ATOMIC_RELAXED) != HVRV_SBI_STARTED)
        return wake_and_serve(sbi, caller, action);
    extension = sbi->extensions[0];
    if (extension->id != hvrv_sbi_get_argument(caller, 7))
        return serve_any(sbi, caller, action);
    row = find_row(sbi, caller, extension);
    return row ? row->serve(sbi, caller, action) : serve_any(sbi, caller, action);
}
