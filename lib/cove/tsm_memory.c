/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranges that a host names, and memory of both kinds. */
#include "tsm_call.h"

enum hvrv_sbi_error hvrv_tsm_make_range(const struct hvrv_tsm *tsm, uint64_t base, uint64_t count,
                                        struct hvrv_range *range)
{
    *range = (struct hvrv_range){0, 0};
    if (!hvrv_bits_is_aligned(base, HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (count == 0 || count > tsm->config.pages_max)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (hvrv_range_make(range, base, count * HVRV_PAGE_SIZE) != HVRV_OK)
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_tsm_make_range_bytes(const struct hvrv_tsm *tsm, uint64_t base,
                                              uint64_t size, struct hvrv_range *range)
{
    *range = (struct hvrv_range){0, 0};
    if (!hvrv_bits_is_aligned(base, HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (!hvrv_bits_is_aligned(size, HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_PARAM;
    return hvrv_tsm_make_range(tsm, base, size / HVRV_PAGE_SIZE, range);
}

bool hvrv_tsm_is_host(const struct hvrv_tsm *tsm, uint64_t hpa, uint64_t size)
{
    uint64_t end;

    if (size == 0 || hvrv_bits_add_wraps(hpa, size, &end))
        return false;
    for (uint64_t at = hpa & ~(HVRV_PAGE_SIZE - 1); at < end; at += HVRV_PAGE_SIZE) {
        enum hvrv_page_state state = hvrv_page_get(tsm->config.pages, hvrv_hpa_make(at)).state;
        if (state != HVRV_PAGE_HOST && state != HVRV_PAGE_SHARED)
            return false;
    }
    return true;
}

bool hvrv_tsm_is_free(const struct hvrv_tsm *tsm, const struct hvrv_range *range)
{
    for (uint64_t at = range->first; at < range->last; at += HVRV_PAGE_SIZE) {
        if (hvrv_page_get(tsm->config.pages, hvrv_hpa_make(at)).state != HVRV_PAGE_FREE)
            return false;
    }
    return true;
}

void hvrv_tsm_read(const struct hvrv_tsm *tsm, uint64_t hpa, void *to, uint64_t size)
{
    const volatile uint8_t *from =
        (const volatile uint8_t *)(tsm->config.phys->window_delta + (uintptr_t)hpa);
    uint8_t *bytes = to;

    for (uint64_t i = 0; i < size; i++)
        bytes[i] = from[i];
}

void hvrv_tsm_write(const struct hvrv_tsm *tsm, uint64_t hpa, const void *from, uint64_t size)
{
    volatile uint8_t *to = (volatile uint8_t *)(tsm->config.phys->window_delta + (uintptr_t)hpa);
    const uint8_t *bytes = from;

    for (uint64_t i = 0; i < size; i++)
        to[i] = bytes[i];
}

/* Eight words at a time, in both. */
#define STRIDE 8

void hvrv_tsm_zero(const struct hvrv_tsm *tsm, const struct hvrv_range *range)
{
    volatile uint64_t *word = hvrv_phys_pointer(tsm->config.phys, hvrv_hpa_make(range->first));
    volatile uint64_t *end = word + hvrv_range_size(*range) / sizeof(*word);

    for (; word < end; word += STRIDE) {
        word[0] = 0;
        word[1] = 0;
        word[2] = 0;
        word[3] = 0;
        word[4] = 0;
        word[5] = 0;
        word[6] = 0;
        word[7] = 0;
    }
}

void hvrv_tsm_copy_page(const struct hvrv_tsm *tsm, uint64_t to, uint64_t from)
{
    volatile uint64_t *target = hvrv_phys_pointer(tsm->config.phys, hvrv_hpa_make(to));
    const volatile uint64_t *source = hvrv_phys_pointer(tsm->config.phys, hvrv_hpa_make(from));
    const volatile uint64_t *end = source + HVRV_PAGE_SIZE / sizeof(*source);

    for (; source < end; source += STRIDE, target += STRIDE) {
        const uint64_t words[STRIDE] = {source[0], source[1], source[2], source[3],
                                        source[4], source[5], source[6], source[7]};
        target[0] = words[0];
        target[1] = words[1];
        target[2] = words[2];
        target[3] = words[3];
        target[4] = words[4];
        target[5] = words[5];
        target[6] = words[6];
        target[7] = words[7];
    }
}

void hvrv_tsm_move(const struct hvrv_tsm *tsm, const struct hvrv_page_change *move)
{
    /* The caller looked at the pages under the same lock. */
    (void)!hvrv_page_move(tsm->config.pages, move);
}
