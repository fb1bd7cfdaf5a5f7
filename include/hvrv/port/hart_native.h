/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup hart
 * The accessors and fences of hart.h as instructions, on riscv64. Included by
 * hart_fence.h; empty on other machines.
 *
 * CSR numbers stand in the assembly text, so an accessor is one instruction at
 * any level of optimisation and for any -march. Every write and every fence is
 * a compiler barrier: what it changes may be how memory is reached.
 */
#ifndef HVRV_PORT_HART_NATIVE_H
#define HVRV_PORT_HART_NATIVE_H

#include <hvrv/port/hart_types.h>

#if defined(__riscv) && __riscv_xlen == 64

#ifdef __cplusplus
extern "C" {
#endif

/** @cond */

/* hart_guard.S: how a guarded instruction ended, as two registers return it. */
struct hvrv_hart_guarded {
    uint64_t value;   /* a0: the result, 0 if it trapped */
    uint64_t trapped; /* a1 */
};

/*
 * Runs the stub at @p stub, one instruction that may trap and a jump to t0. Its
 * operands are in a0 and a1, its result in a0; it touches nothing else.
 */
struct hvrv_hart_guarded hvrv_hart_guard(uint64_t a0, uint64_t a1, const char *stub,
                                         struct hvrv_hart_trap *trap);

/* The address of a stub that stands in the middle of the code, and is jumped over. */
#define HVRV_HART_STUB(instruction)    \
    __extension__({                    \
        const char *stub_;             \
        __asm__("lla %0, 1f\n"         \
                "j 2f\n"               \
                "1: " instruction "\n" \
                "jr t0\n"              \
                "2:"                   \
                : "=r"(stub_));        \
        stub_;                         \
    })

#define HVRV_HART_TRY_READ(name, number)                                      \
    HVRV_MUST_CHECK static inline enum hvrv_status hvrv_hart_try_read_##name( \
        struct hvrv_hart *hart, uint64_t *value)                              \
    {                                                                         \
        if (!value)                                                           \
            return HVRV_ERR_NULL;                                             \
        struct hvrv_hart_trap trap;                                           \
        (void)hart;                                                           \
        const char *stub = HVRV_HART_STUB("csrr a0, " #number);               \
        struct hvrv_hart_guarded end = hvrv_hart_guard(0, 0, stub, &trap);    \
        *value = end.value;                                                   \
        return end.trapped ? HVRV_ERR_ILLEGAL : HVRV_OK;                      \
    }

#define HVRV_HART_TRY_WRITE(name, number)                                                   \
    HVRV_MUST_CHECK static inline enum hvrv_status hvrv_hart_try_write_##name(              \
        struct hvrv_hart *hart, uint64_t value)                                             \
    {                                                                                       \
        struct hvrv_hart_trap trap;                                                         \
        (void)hart;                                                                         \
        const char *stub = HVRV_HART_STUB("csrw " #number ", a0");                          \
        return hvrv_hart_guard(value, 0, stub, &trap).trapped ? HVRV_ERR_ILLEGAL : HVRV_OK; \
    }

#define HVRV_HART_READ(name, number)                                      \
    static inline uint64_t hvrv_hart_read_##name(struct hvrv_hart *hart)  \
    {                                                                     \
        uint64_t value;                                                   \
        (void)hart;                                                       \
        __asm__ volatile("csrr %0, " #number : "=r"(value) : : "memory"); \
        return value;                                                     \
    }

#define HVRV_HART_CHANGE(verb, instruction, name, number)                                \
    static inline void hvrv_hart_##verb##_##name(struct hvrv_hart *hart, uint64_t value) \
    {                                                                                    \
        (void)hart;                                                                      \
        __asm__ volatile(instruction " " #number ", %0" : : "rK"(value) : "memory");     \
    }

#define HVRV_HART_SWAP(name, number)                                                        \
    static inline uint64_t hvrv_hart_swap_##name(struct hvrv_hart *hart, uint64_t value)    \
    {                                                                                       \
        uint64_t old;                                                                       \
        (void)hart;                                                                         \
        __asm__ volatile("csrrw %0, " #number ", %1" : "=r"(old) : "rK"(value) : "memory"); \
        return old;                                                                         \
    }

#define HVRV_HART_RO(name, number) HVRV_HART_READ(name, number) HVRV_HART_TRY_READ(name, number)
#define HVRV_HART_RW(name, number)                \
    HVRV_HART_RO(name, number)                    \
    HVRV_HART_TRY_WRITE(name, number)             \
    HVRV_HART_SWAP(name, number)                  \
    HVRV_HART_CHANGE(write, "csrw", name, number) \
    HVRV_HART_CHANGE(set, "csrs", name, number)   \
    HVRV_HART_CHANGE(clear, "csrc", name, number)
#define HVRV_HART_ROW(id, name, number, access, extension, mask) HVRV_HART_##access(name, number)
HVRV_CSR_LIST(HVRV_HART_ROW)
#undef HVRV_HART_ROW
#undef HVRV_HART_RW
#undef HVRV_HART_RO
#undef HVRV_HART_SWAP
#undef HVRV_HART_CHANGE
#undef HVRV_HART_READ
#undef HVRV_HART_TRY_WRITE
#undef HVRV_HART_TRY_READ

/* The cases differ in their instruction alone, and the operands stand in its order. */
/* NOLINTBEGIN(bugprone-branch-clone,bugprone-easily-swappable-parameters) */
/*
 * funct7 is a constant of the instruction, so each kind is a case; inlined, one is left. An operand
 * is "+r" although it does not change: for an "r" that is known to be 0, Clang takes x0, which
 * means all addresses or all identifiers.
 */
static inline void hvrv_hart_fence_all(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind)
{
    (void)hart;
    switch (kind) {
#define HVRV_HART_FENCE_CASE(id, funct7, rs2)                                           \
    case id:                                                                            \
        __asm__ volatile(".insn r 0x73, 0, " #funct7 ", x0, x0, " #rs2 : : : "memory"); \
        break;
        HVRV_HART_FENCE_LIST(HVRV_HART_FENCE_CASE)
#undef HVRV_HART_FENCE_CASE
    }
}

static inline void hvrv_hart_fence_address(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind,
                                           uint64_t address)
{
    (void)hart;
    switch (kind) {
#define HVRV_HART_FENCE_CASE(id, funct7, rs2)                                                      \
    case id:                                                                                       \
        __asm__ volatile(".insn r 0x73, 0, " #funct7 ", x0, %0, x0" : "+r"(address) : : "memory"); \
        break;
        HVRV_HART_FENCE_LIST(HVRV_HART_FENCE_CASE)
#undef HVRV_HART_FENCE_CASE
    }
}

static inline void hvrv_hart_fence_id(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind,
                                      uint64_t id)
{
    (void)hart;
    switch (kind) {
#define HVRV_HART_FENCE_CASE(id_, funct7, rs2)                                                \
    case id_:                                                                                 \
        __asm__ volatile(".insn r 0x73, 0, " #funct7 ", x0, x0, %0" : "+r"(id) : : "memory"); \
        break;
        HVRV_HART_FENCE_LIST(HVRV_HART_FENCE_CASE)
#undef HVRV_HART_FENCE_CASE
    }
}

static inline void hvrv_hart_fence_both(struct hvrv_hart *hart, enum hvrv_hart_fence_kind kind,
                                        uint64_t address, uint64_t id)
{
    (void)hart;
    switch (kind) {
#define HVRV_HART_FENCE_CASE(id_, funct7, rs2)                      \
    case id_:                                                       \
        __asm__ volatile(".insn r 0x73, 0, " #funct7 ", x0, %0, %1" \
                         : "+r"(address), "+r"(id)                  \
                         :                                          \
                         : "memory");                               \
        break;
        HVRV_HART_FENCE_LIST(HVRV_HART_FENCE_CASE)
#undef HVRV_HART_FENCE_CASE
    }
}
/* NOLINTEND(bugprone-branch-clone,bugprone-easily-swappable-parameters) */

/* Whether FMV.X.D is an instruction of this hart; sstatus.FS must not be Off. */
static inline bool hvrv_hart_has_double(struct hvrv_hart *hart)
{
    struct hvrv_hart_trap trap;
    (void)hart;
    return !hvrv_hart_guard(0, 0, HVRV_HART_STUB(".insn r 0x53, 0, 0x71, a0, x0, x0"), &trap)
                .trapped;
}
/** @endcond */

#ifdef __cplusplus
}
#endif

#endif

#endif
