/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup hart
 * The accessors and fences of hart.h as calls of struct hvrv_hart_ops. Included
 * by hart_fence.h; empty on riscv64.
 *
 * Accessors have no way to fail: a model that refuses one must say so itself.
 */
#ifndef HVRV_PORT_HART_MODEL_H
#define HVRV_PORT_HART_MODEL_H

#include <hvrv/port/hart_types.h>

#if !defined(__riscv) || __riscv_xlen != 64

#ifdef __cplusplus
extern "C" {
#endif

/** @cond */
static inline uint64_t hvrv_hart_csr(struct hvrv_hart *hart, enum hvrv_hart_csr_op op,
                                     enum hvrv_csr csr, uint64_t value)
{
    return hart->ops->csr(hart, op, csr, &value) ? value : 0;
}

#define HVRV_HART_READ(id, name)                                          \
    static inline uint64_t hvrv_hart_read_##name(struct hvrv_hart *hart)  \
    {                                                                     \
        return hvrv_hart_csr(hart, HVRV_HART_CSR_READ, HVRV_CSR_##id, 0); \
    }

#define HVRV_HART_CHANGE(verb, op, id, name)                                             \
    static inline void hvrv_hart_##verb##_##name(struct hvrv_hart *hart, uint64_t value) \
    {                                                                                    \
        (void)hvrv_hart_csr(hart, op, HVRV_CSR_##id, value);                             \
    }

#define HVRV_HART_SWAP(id, name)                                                         \
    static inline uint64_t hvrv_hart_swap_##name(struct hvrv_hart *hart, uint64_t value) \
    {                                                                                    \
        return hvrv_hart_csr(hart, HVRV_HART_CSR_SWAP, HVRV_CSR_##id, value);            \
    }

#define HVRV_HART_TRY_READ(id, name)                                                              \
    HVRV_MUST_CHECK static inline enum hvrv_status hvrv_hart_try_read_##name(                     \
        struct hvrv_hart *hart, uint64_t *value)                                                  \
    {                                                                                             \
        if (!value)                                                                               \
            return HVRV_ERR_NULL;                                                                 \
        *value = 0;                                                                               \
        return hart->ops->csr(hart, HVRV_HART_CSR_READ, HVRV_CSR_##id, value) ? HVRV_OK           \
                                                                              : HVRV_ERR_ILLEGAL; \
    }

#define HVRV_HART_TRY_WRITE(id, name)                                           \
    HVRV_MUST_CHECK static inline enum hvrv_status hvrv_hart_try_write_##name(  \
        struct hvrv_hart *hart, uint64_t value)                                 \
    {                                                                           \
        return hart->ops->csr(hart, HVRV_HART_CSR_WRITE, HVRV_CSR_##id, &value) \
                   ? HVRV_OK                                                    \
                   : HVRV_ERR_ILLEGAL;                                          \
    }

#define HVRV_HART_RO(id, name) HVRV_HART_READ(id, name) HVRV_HART_TRY_READ(id, name)
#define HVRV_HART_RW(id, name)                             \
    HVRV_HART_RO(id, name)                                 \
    HVRV_HART_TRY_WRITE(id, name)                          \
    HVRV_HART_SWAP(id, name)                               \
    HVRV_HART_CHANGE(write, HVRV_HART_CSR_WRITE, id, name) \
    HVRV_HART_CHANGE(set, HVRV_HART_CSR_SET, id, name)     \
    HVRV_HART_CHANGE(clear, HVRV_HART_CSR_CLEAR, id, name)
#define HVRV_HART_ROW(id, name, number, access, extension, mask) HVRV_HART_##access(id, name)
HVRV_CSR_LIST(HVRV_HART_ROW)
#undef HVRV_HART_ROW
#undef HVRV_HART_RW
#undef HVRV_HART_RO
#undef HVRV_HART_SWAP
#undef HVRV_HART_CHANGE
#undef HVRV_HART_READ
#undef HVRV_HART_TRY_WRITE
#undef HVRV_HART_TRY_READ

static inline void hvrv_hart_fence_both(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind,
                                        uint64_t address, uint64_t id)
{
    struct hvrv_hart_fence fence = {kind, true, true, address, id};
    hart->ops->fence(hart, &fence);
}

static inline void hvrv_hart_fence_address(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind,
                                           uint64_t address)
{
    struct hvrv_hart_fence fence = {kind, true, false, address, 0};
    hart->ops->fence(hart, &fence);
}

static inline void hvrv_hart_fence_id(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind,
                                      uint64_t id)
{
    struct hvrv_hart_fence fence = {kind, false, true, 0, id};
    hart->ops->fence(hart, &fence);
}

static inline void hvrv_hart_fence_all(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind)
{
    struct hvrv_hart_fence fence = {kind, false, false, 0, 0};
    hart->ops->fence(hart, &fence);
}

/* A model that has fcsr is taken to have D. */
static inline bool hvrv_hart_has_double(struct hvrv_hart *hart)
{
    uint64_t value;
    return hvrv_hart_try_read_fcsr(hart, &value) == HVRV_OK;
}
/** @endcond */

#ifdef __cplusplus
}
#endif

#endif

#endif
