/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/port/hart.h>

#if defined(__riscv) && __riscv_xlen == 64

/* A load's result goes to a0, where its address was; a store has none. */
#define RESULT_x0 "a0"
#define RESULT_x1 "a0"
#define RESULT_x3 "a0"
#define RESULT_a1 "x0"

static const char *find_stub(enum hvrv_hart_access access)
{
    switch (access) {
#define STUB_CASE(id, name, funct7, rs2) \
    case id:                             \
        return HVRV_HART_STUB(".insn r 0x73, 4, " #funct7 ", " RESULT_##rs2 ", a0, " #rs2);
        HVRV_HART_ACCESS_LIST(STUB_CASE)
#undef STUB_CASE
    }
    return 0;
}

static bool try_access(struct hvrv_hart *hart, enum hvrv_hart_access access, hvrv_gva gva,
                       struct hvrv_hart_transfer *transfer)
{
    (void)hart;
    struct hvrv_hart_guarded end =
        hvrv_hart_guard(gva.v, transfer->value, find_stub(access), &transfer->trap);
    if (access < HVRV_HART_HSV_B)
        transfer->value = end.value;
    return !end.trapped;
}

#else

/* Only a hart has instructions to guard; a model answers by itself. */
static bool try_access(struct hvrv_hart *hart, enum hvrv_hart_access access, hvrv_gva gva,
                       struct hvrv_hart_transfer *transfer)
{
    return hart->ops->access(hart, access, gva, transfer);
}

#endif

enum hvrv_status hvrv_hart_access_guest(struct hvrv_hart *hart, enum hvrv_hart_access access,
                                        hvrv_gva gva, struct hvrv_hart_transfer *transfer)
{
    if (!transfer)
        return HVRV_ERR_NULL;
    transfer->trap.cause = 0;
    transfer->trap.stval = 0;
    transfer->trap.htval = 0;
    transfer->trap.htinst = 0;
    transfer->trap.gva = false;
    if (!hart)
        return HVRV_ERR_NULL;
    if ((unsigned)access > HVRV_HART_HSV_D)
        return HVRV_ERR_ARGUMENT;
    if (try_access(hart, access, gva, transfer))
        return HVRV_OK;
    if (access < HVRV_HART_HSV_B)
        transfer->value = 0;
    return HVRV_ERR_ACCESS;
}
