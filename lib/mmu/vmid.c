/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/mmu/vmid.h>

enum hvrv_status hvrv_vmid_init(struct hvrv_vmid_pool *pool, unsigned vmidlen, uint32_t harts)
{
    if (!pool)
        return HVRV_ERR_NULL;
    *pool = (struct hvrv_vmid_pool){0};
    if (vmidlen > HVRV_VMIDLEN_MAX || harts == 0)
        return HVRV_ERR_ARGUMENT;
    uint32_t last = (1U << vmidlen) - 1;
    pool->generation = 1;
    pool->next = 1;
    pool->last = last < harts ? 0 : last;
    return HVRV_OK;
}

bool hvrv_vmid_is_current(const struct hvrv_vmid_pool *pool, const struct hvrv_vmid *vmid)
{
    return vmid->generation == __atomic_load_n(&pool->generation, __ATOMIC_ACQUIRE);
}

enum hvrv_status hvrv_vmid_take(struct hvrv_vmid_pool *pool, struct hvrv_vmid *vmid)
{
    if (!pool || !vmid)
        return HVRV_ERR_NULL;
    if (pool->generation == 0)
        return HVRV_ERR_STATE;
    if (hvrv_vmid_is_current(pool, vmid))
        return HVRV_OK;
    if (pool->last != 0 && pool->next > pool->last) {
        __atomic_store_n(&pool->generation, pool->generation + 1, __ATOMIC_RELEASE);
        pool->next = 1;
        if (pool->roll_over)
            pool->roll_over(pool->context);
    }
    vmid->generation = pool->generation;
    vmid->number = pool->last == 0 ? 0 : (uint16_t)pool->next++;
    return HVRV_OK;
}
