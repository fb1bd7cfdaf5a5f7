/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/mmio.h>

#include "vs_csr.h"

#define FS_DIRTY 3

static uint64_t low_bytes(uint64_t value, unsigned size)
{
    unsigned shift = 64 - 8 * size;

    return value << shift >> shift;
}

static uint64_t sign_extend(uint64_t value, unsigned size)
{
    uint64_t sign = UINT64_C(1) << (8 * size - 1);

    return (low_bytes(value, size) ^ sign) - sign;
}

static enum hvrv_status take_fetched(struct hvrv_mmio *mmio, struct hvrv_hart *hart,
                                     const struct hvrv_vhart *vhart)
{
    struct hvrv_guest_fetched fetched;
    enum hvrv_status status = hvrv_guest_fetch(hart, hvrv_gva_make(vhart->sepc), &fetched);

    if (status != HVRV_OK)
        return status;
    if (fetched.outcome == HVRV_GUEST_DONE)
        return hvrv_insn_decode(fetched.bits, &mmio->insn);
    mmio->exception = fetched.exception;
    mmio->outcome = fetched.outcome == HVRV_GUEST_FAULT ? HVRV_MMIO_FAULT : HVRV_MMIO_RETRY;
    return HVRV_OK;
}

/* Which bytes: stval is the first one, or where the access enters the page that faulted. */
static bool find_bytes(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart,
                       const struct hvrv_exit *exit)
{
    uint64_t in_page = exit->value % HVRV_PAGE_SIZE;
    uint64_t before;

    if (exit->htinst == HVRV_HTINST_TRANSFORMED)
        before = exit->offset;
    else
        /* Pointer masking changes upper bits on the way to stval, never these. */
        before = (exit->value - (vhart->gpr[mmio->insn.rs1] + (uint64_t)mmio->insn.offset)) %
                 HVRV_PAGE_SIZE;
    if (before >= mmio->size || (before != 0 && in_page != 0))
        return false;
    mmio->before = (uint8_t)before;
    mmio->gva.v = exit->value - before;
    mmio->is_split = before != 0 || in_page + mmio->size > HVRV_PAGE_SIZE;
    return true;
}

static void take_value(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart)
{
    const struct hvrv_insn *insn = &mmio->insn;

    mmio->value = insn->is_fp ? hvrv_vhart_read_f(vhart, insn->rs2) : vhart->gpr[insn->rs2];
    mmio->value = low_bytes(mmio->value, mmio->size);
    mmio->compare = low_bytes(vhart->gpr[insn->rd], mmio->size);
}

/* What the instruction does, if it is one that can have caused the fault. */
static enum hvrv_mmio_outcome take_insn(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart,
                                        const struct hvrv_exit *exit)
{
    mmio->is_store = mmio->insn.kind == HVRV_INSN_STORE;
    mmio->is_amo = mmio->insn.kind == HVRV_INSN_AMO;
    mmio->size = mmio->insn.size;
    if (!(mmio->insn.kind == HVRV_INSN_LOAD || mmio->is_store || mmio->is_amo) || mmio->size > 8)
        return HVRV_MMIO_UNSUPPORTED;
    if ((mmio->is_store || mmio->is_amo) != (exit->access == HVRV_ACCESS_STORE))
        return HVRV_MMIO_RETRY;
    if (!find_bytes(mmio, vhart, exit))
        return HVRV_MMIO_RETRY;
    if (mmio->is_store || mmio->is_amo)
        take_value(mmio, vhart);
    return HVRV_MMIO_READY;
}

enum hvrv_status hvrv_mmio_begin(struct hvrv_mmio *mmio, struct hvrv_hart *hart,
                                 const struct hvrv_vhart *vhart, const struct hvrv_exit *exit)
{
    enum hvrv_status status = HVRV_OK;

    if (!mmio)
        return HVRV_ERR_NULL;
    mmio->outcome = HVRV_MMIO_UNSUPPORTED;
    mmio->value = 0;
    if (!hart || !vhart || !exit)
        return HVRV_ERR_NULL;
    if (exit->kind != HVRV_EXIT_GUEST_PAGE_FAULT || exit->gpa_is != HVRV_EXIT_GPA_KNOWN ||
        exit->is_implicit || exit->access == HVRV_ACCESS_FETCH)
        return HVRV_ERR_ARGUMENT;
    mmio->gpa = exit->gpa;
    if (exit->htinst == HVRV_HTINST_TRANSFORMED) {
        status = hvrv_insn_decode(exit->instruction, &mmio->insn);
        mmio->insn.length = exit->length;
    } else {
        status = take_fetched(mmio, hart, vhart);
    }
    if (status == HVRV_OK && mmio->outcome == HVRV_MMIO_UNSUPPORTED)
        mmio->outcome = take_insn(mmio, vhart, exit);
    return status;
}

enum hvrv_status hvrv_mmio_split(const struct hvrv_mmio *mmio, unsigned index,
                                 struct hvrv_mmio_piece *piece)
{
    uint8_t first_size;

    if (!piece)
        return HVRV_ERR_NULL;
    *piece = (struct hvrv_mmio_piece){0};
    if (!mmio)
        return HVRV_ERR_NULL;
    if (mmio->outcome != HVRV_MMIO_READY || index > mmio->is_split)
        return HVRV_ERR_MISSING;
    first_size = mmio->size;
    if (mmio->is_split)
        first_size = (uint8_t)(HVRV_PAGE_SIZE - mmio->gva.v % HVRV_PAGE_SIZE);
    piece->first = index == 0 ? 0 : first_size;
    piece->size = index == 0 ? first_size : (uint8_t)(mmio->size - first_size);
    piece->gva.v = mmio->gva.v + piece->first;
    piece->is_known = piece->first == mmio->before;
    if (piece->is_known)
        piece->gpa = mmio->gpa;
    return HVRV_OK;
}

uint64_t hvrv_mmio_amo(const struct hvrv_mmio *mmio, uint64_t old)
{
    unsigned size = mmio->size;
    uint64_t a = low_bytes(old, size), b = mmio->value;
    /* In the upper half of the unsigned numbers are the negative ones. */
    uint64_t sign = UINT64_C(1) << (8 * size - 1);

    switch (mmio->insn.op) {
    case HVRV_INSN_AMO_SWAP:
        return b;
    case HVRV_INSN_AMO_ADD:
        return low_bytes(a + b, size);
    case HVRV_INSN_AMO_XOR:
        return a ^ b;
    case HVRV_INSN_AMO_AND:
        return a & b;
    case HVRV_INSN_AMO_OR:
        return a | b;
    case HVRV_INSN_AMO_MIN:
        return (a ^ sign) < (b ^ sign) ? a : b;
    case HVRV_INSN_AMO_MAX:
        return (a ^ sign) < (b ^ sign) ? b : a;
    case HVRV_INSN_AMO_MINU:
        return a < b ? a : b;
    case HVRV_INSN_AMO_MAXU:
        return a < b ? b : a;
    case HVRV_INSN_AMO_CAS:
        return a == mmio->compare ? b : a;
    default:
        return a;
    }
}

/* All ones above what was loaded: NaN-boxed. */
static void write_f(struct hvrv_vhart *vhart, const struct hvrv_mmio *mmio, uint64_t value)
{
    uint64_t box = low_bytes(UINT64_MAX, mmio->size);

    hvrv_vhart_write_f(vhart, mmio->insn.rd, value | ~box);
    write_vsstatus(vhart, hvrv_bits_set(read_vsstatus(vhart), HVRV_VSSTATUS_FS, FS_DIRTY));
}

enum hvrv_status hvrv_mmio_finish(const struct hvrv_mmio *mmio, struct hvrv_vhart *vhart,
                                  uint64_t value)
{
    if (!mmio || !vhart)
        return HVRV_ERR_NULL;
    if (mmio->outcome != HVRV_MMIO_READY)
        return HVRV_ERR_STATE;
    vhart->sepc += mmio->insn.length;
    if (mmio->is_store)
        return HVRV_OK;
    value = mmio->insn.is_signed ? sign_extend(value, mmio->size) : low_bytes(value, mmio->size);
    if (mmio->insn.is_fp)
        write_f(vhart, mmio, value);
    else if (mmio->insn.rd != 0)
        vhart->gpr[mmio->insn.rd] = value;
    return HVRV_OK;
}
