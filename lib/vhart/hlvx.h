/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fetch of the guest's, by HLVX, for those who count instructions: what
 * hvrv_hart_hlvx_hu() and hvrv_hart_hlvx_wu() do, without a record of the trap.
 */
#ifndef LIB_VHART_HLVX_H
#define LIB_VHART_HLVX_H

#include <hvrv/port/hart.h>

#if defined(__riscv) && __riscv_xlen == 64

/* hart_guard.S says which registers it uses. */
#define HLVX(name)                                                                    \
    static inline uint64_t name(struct hvrv_hart *hart, uint64_t gva, uint32_t *bits) \
    {                                                                                 \
        register uint64_t a4 __asm__("a4") = gva;                                     \
        register uint64_t a5 __asm__("a5");                                           \
        (void)hart;                                                                   \
        __asm__ volatile("call t0, hvrv_hart_" #name "_guarded"                       \
                         : "+r"(a4), "=r"(a5)                                         \
                         :                                                            \
                         : "t0", "t1", "t3", "t4", "t5", "t6", "memory");             \
        *bits = (uint32_t)a4;                                                         \
        return a5;                                                                    \
    }

#else

#define HLVX(name)                                                                       \
    static inline uint64_t name(struct hvrv_hart *hart, uint64_t gva, uint32_t *bits)    \
    {                                                                                    \
        struct hvrv_hart_transfer transfer = {0};                                        \
        enum hvrv_status status = hvrv_hart_##name(hart, hvrv_gva_make(gva), &transfer); \
        *bits = (uint32_t)transfer.value;                                                \
        return status == HVRV_OK ? 0 : transfer.trap.cause;                              \
    }

#endif

/* The cause of the trap, which is never 0, or 0; then *bits is the half or the whole at @p gva. */
HLVX(hlvx_hu)
HLVX(hlvx_wu)
#undef HLVX

#endif
