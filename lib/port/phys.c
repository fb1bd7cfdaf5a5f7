/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/port/phys.h>

#define PTE_SIZE 8

static enum hvrv_status check_window(const struct hvrv_phys_config *config)
{
    uint64_t size = config->window_size;
    if (size == 0)
        return HVRV_OK;
    if (!config->window && config->window_base.v != 0)
        return HVRV_ERR_NULL;
    bool is_power_of_two = (size & (size - 1)) == 0;
    if (size < HVRV_PAGE_SIZE || size > HVRV_BIT(HVRV_HPA_WIDTH) || !is_power_of_two)
        return HVRV_ERR_ARGUMENT;
    if (!hvrv_bits_is_aligned(config->window_base.v, size) ||
        !hvrv_bits_is_aligned((uintptr_t)config->window, PTE_SIZE))
        return HVRV_ERR_ALIGN;
    if (config->window_base.v >> HVRV_HPA_WIDTH)
        return HVRV_ERR_RANGE;
    return HVRV_OK;
}

static bool ops_are_whole(const struct hvrv_phys_ops *ops)
{
    return !ops || (ops->load && ops->store && ops->compare_and_swap);
}

/* No HPA is all ones: a view without a window, or one that could not be made. */
static void refuse_all(struct hvrv_phys *phys)
{
    phys->window_base = UINT64_MAX;
    phys->window_mask = UINT64_MAX;
    phys->window_delta = 0;
    phys->ops = 0;
    phys->context = 0;
}

enum hvrv_status hvrv_phys_init(struct hvrv_phys *phys, const struct hvrv_phys_config *config)
{
    if (!phys)
        return HVRV_ERR_NULL;
    refuse_all(phys);
    if (!config || !ops_are_whole(config->ops))
        return HVRV_ERR_NULL;
    enum hvrv_status status = check_window(config);
    if (status != HVRV_OK)
        return status;
    if (config->window_size) {
        phys->window_base = config->window_base.v;
        phys->window_mask = ~(config->window_size - 1);
        phys->window_delta = (uintptr_t)config->window - (uintptr_t)config->window_base.v;
    }
    phys->ops = config->ops;
    phys->context = config->context;
    return HVRV_OK;
}

/* What an access to @p hpa comes to before anything is touched. */
static enum hvrv_status check_access(const struct hvrv_phys *phys, hvrv_hpa hpa)
{
    if (!phys)
        return HVRV_ERR_NULL;
    if (!hvrv_bits_is_aligned(hpa.v, PTE_SIZE))
        return HVRV_ERR_ALIGN;
    return hvrv_phys_is_direct(phys, hpa) || phys->ops ? HVRV_OK : HVRV_ERR_ACCESS;
}

enum hvrv_status hvrv_phys_load(const struct hvrv_phys *phys, hvrv_hpa hpa, uint64_t *value)
{
    if (!value)
        return HVRV_ERR_NULL;
    *value = 0;
    enum hvrv_status status = check_access(phys, hpa);
    if (status != HVRV_OK)
        return status;
    if (hvrv_phys_is_direct(phys, hpa)) {
        *value = *hvrv_phys_pointer(phys, hpa);
        return HVRV_OK;
    }
    uint64_t read = 0;
    if (!phys->ops->load(phys->context, hpa, &read))
        return HVRV_ERR_ACCESS;
    *value = read;
    return HVRV_OK;
}

enum hvrv_status hvrv_phys_store(const struct hvrv_phys *phys, hvrv_hpa hpa, uint64_t value)
{
    enum hvrv_status status = check_access(phys, hpa);
    if (status != HVRV_OK)
        return status;
    if (hvrv_phys_is_direct(phys, hpa)) {
        *hvrv_phys_pointer(phys, hpa) = value;
        return HVRV_OK;
    }
    return phys->ops->store(phys->context, hpa, value) ? HVRV_OK : HVRV_ERR_ACCESS;
}

enum hvrv_status hvrv_phys_compare_and_swap(const struct hvrv_phys *phys, hvrv_hpa hpa,
                                            uint64_t *expected, uint64_t desired)
{
    if (!expected)
        return HVRV_ERR_NULL;
    enum hvrv_status status = check_access(phys, hpa);
    if (status != HVRV_OK)
        return status;
    uint64_t seen = *expected;
    if (hvrv_phys_is_direct(phys, hpa))
        __atomic_compare_exchange_n(hvrv_phys_pointer(phys, hpa), &seen, desired, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    else if (!phys->ops->compare_and_swap(phys->context, hpa, &seen, desired))
        return HVRV_ERR_ACCESS;
    bool swapped = seen == *expected;
    *expected = seen;
    return swapped ? HVRV_OK : HVRV_ERR_RACE;
}
