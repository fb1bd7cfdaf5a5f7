/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/port/hart.h>

#if defined(__riscv) && __riscv_xlen == 64

/* hart_stub.S */
#define STUB_SIZE 8
extern const char hvrv_hart_read_stubs[], hvrv_hart_write_stubs[];

static const uint16_t numbers[] = {
#define NUMBER(id, name, number, access, extension, mask) number,
    HVRV_CSR_LIST(NUMBER)
#undef NUMBER
};

/* Runs the stub for @p csr, which is listed, of those at @p stubs. */
static enum hvrv_status try_stub(const char *stubs, enum hvrv_csr csr, uint64_t *value)
{
    struct hvrv_hart_trap trap;
    size_t index = 0;
    while (numbers[index] != (unsigned)csr)
        index++;
    struct hvrv_hart_guarded end = hvrv_hart_guard(*value, 0, stubs + STUB_SIZE * index, &trap);
    *value = end.value;
    return end.trapped ? HVRV_ERR_ILLEGAL : HVRV_OK;
}

static enum hvrv_status try_read(struct hvrv_hart *hart, enum hvrv_csr csr, uint64_t *value)
{
    (void)hart;
    return try_stub(hvrv_hart_read_stubs, csr, value);
}

static enum hvrv_status try_write(struct hvrv_hart *hart, enum hvrv_csr csr, uint64_t value)
{
    (void)hart;
    return try_stub(hvrv_hart_write_stubs, csr, &value);
}

#else

static enum hvrv_status try_read(struct hvrv_hart *hart, enum hvrv_csr csr, uint64_t *value)
{
    return hart->ops->csr(hart, HVRV_HART_CSR_READ, csr, value) ? HVRV_OK : HVRV_ERR_ILLEGAL;
}

static enum hvrv_status try_write(struct hvrv_hart *hart, enum hvrv_csr csr, uint64_t value)
{
    return hart->ops->csr(hart, HVRV_HART_CSR_WRITE, csr, &value) ? HVRV_OK : HVRV_ERR_ILLEGAL;
}

#endif

enum hvrv_status hvrv_hart_try_read(struct hvrv_hart *hart, enum hvrv_csr csr, uint64_t *value)
{
    if (!value)
        return HVRV_ERR_NULL;
    *value = 0;
    if (!hart)
        return HVRV_ERR_NULL;
    if (!hvrv_csr_is_listed(csr))
        return HVRV_ERR_ARGUMENT;
    return try_read(hart, csr, value);
}

enum hvrv_status hvrv_hart_try_write(struct hvrv_hart *hart, enum hvrv_csr csr, uint64_t value)
{
    if (!hart)
        return HVRV_ERR_NULL;
    if (!hvrv_csr_is_listed(csr) || csr == HVRV_CSR_SSTATUS || csr == HVRV_CSR_STVEC)
        return HVRV_ERR_ARGUMENT;
    if (hvrv_csr_is_read_only(csr))
        return HVRV_ERR_ILLEGAL;
    return try_write(hart, csr, value);
}
