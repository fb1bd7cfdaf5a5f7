/* SPDX-License-Identifier: BSD-2-Clause */
#include "insn_table.h"

/* By quadrant, bits 1:0, and funct3, bits 15:13. Quadrant 1 has none. */
static const struct hvrv_insn_form forms[24] = {
    [1] = HVRV_INSN_FORM_LOAD_FP(8, 2),       /* C.FLD */
    [2] = HVRV_INSN_FORM_LOAD(4, 2),          /* C.LW */
    [3] = HVRV_INSN_FORM_LOAD(8, 2),          /* C.LD */
    [5] = HVRV_INSN_FORM_STORE_FP(8, 2),      /* C.FSD */
    [6] = HVRV_INSN_FORM_STORE(4, 2),         /* C.SW */
    [7] = HVRV_INSN_FORM_STORE(8, 2),         /* C.SD */
    [16 + 1] = HVRV_INSN_FORM_LOAD_FP(8, 2),  /* C.FLDSP */
    [16 + 2] = HVRV_INSN_FORM_LOAD(4, 2),     /* C.LWSP */
    [16 + 3] = HVRV_INSN_FORM_LOAD(8, 2),     /* C.LDSP */
    [16 + 5] = HVRV_INSN_FORM_STORE_FP(8, 2), /* C.FSDSP */
    [16 + 6] = HVRV_INSN_FORM_STORE(4, 2),    /* C.SWSP */
    [16 + 7] = HVRV_INSN_FORM_STORE(8, 2),    /* C.SDSP */
};

/* Zcb, in funct3 4 of quadrant 0: what has no form above is looked for here. */
static const struct zcb_row {
    uint16_t mask;
    uint16_t match;
    struct hvrv_insn_form form;
} zcb_rows[] = {
    {0xfc03, 0x8000, HVRV_INSN_FORM_LOAD_UNSIGNED(1, 2)}, /* C.LBU */
    {0xfc43, 0x8400, HVRV_INSN_FORM_LOAD_UNSIGNED(2, 2)}, /* C.LHU */
    {0xfc43, 0x8440, HVRV_INSN_FORM_LOAD(2, 2)},          /* C.LH */
    {0xfc03, 0x8800, HVRV_INSN_FORM_STORE(1, 2)},         /* C.SB */
    {0xfc43, 0x8c00, HVRV_INSN_FORM_STORE(2, 2)},         /* C.SH */
};

/* x2, to which the offsets of quadrant 2 are added. */
#define REGISTER_SP 2

/* Bits msb down to lsb, moved so that lsb goes to bit to: a piece of an offset. */
static inline uint32_t piece(uint32_t bits, unsigned msb, unsigned lsb, unsigned to)
{
    uint32_t field = bits & (UINT32_MAX >> (31 - msb)) & (UINT32_MAX << lsb);

    return to < lsb ? field >> (lsb - to) : field << (to - lsb);
}

/* The registers x8 to x15, or f8 to f15, of a field of three bits. */
static inline uint8_t prime(uint32_t field)
{
    return (uint8_t)(8 + field);
}

static inline enum hvrv_status other(uint32_t bits, struct hvrv_insn *insn)
{
    hvrv_insn_other(insn, bits, 2);
    return HVRV_OK;
}

/* Quadrant 0: rs1' in 9:7; rd' of a load or rs2' of a store in 4:2. */
static inline enum hvrv_status put(uint32_t bits, struct hvrv_insn *insn, uint32_t offset)
{
    uint8_t data = prime(piece(bits, 4, 2, 0));

    insn->offset = offset;
    insn->rs1 = prime(piece(bits, 9, 7, 0));
    if (insn->kind == HVRV_INSN_LOAD) {
        insn->rd = data;
    } else {
        insn->rd = 0;
        insn->rs2 = data;
    }
    return HVRV_OK;
}

static enum hvrv_status decode_zcb(uint32_t bits, struct hvrv_insn *insn)
{
    uint32_t offset = piece(bits, 5, 5, 1);

    for (size_t i = 0; i < sizeof(zcb_rows) / sizeof(zcb_rows[0]); i++) {
        const struct zcb_row *row = &zcb_rows[i];

        if ((bits & row->mask) == row->match) {
            hvrv_insn_begin(insn, &row->form, bits);
            return put(bits, insn, row->form.size == 1 ? offset | piece(bits, 6, 6, 0) : offset);
        }
    }
    return other(bits, insn);
}

static inline enum hvrv_status decode_quadrant_0(uint32_t bits, struct hvrv_insn *insn)
{
    uint32_t offset = piece(bits, 12, 10, 3);

    if (insn->size == 4)
        return put(bits, insn, offset | piece(bits, 6, 6, 2) | piece(bits, 5, 5, 6));
    return put(bits, insn, offset | piece(bits, 6, 5, 6));
}

static enum hvrv_status decode_load_sp(uint32_t bits, struct hvrv_insn *insn)
{
    uint32_t offset = piece(bits, 12, 12, 5);

    if (insn->size == 4)
        offset |= piece(bits, 6, 4, 2) | piece(bits, 3, 2, 6);
    else
        offset |= piece(bits, 6, 5, 3) | piece(bits, 4, 2, 6);
    insn->offset = offset;
    insn->rd = (uint8_t)piece(bits, 11, 7, 0);
    insn->rs1 = REGISTER_SP;
    /* C.LWSP and C.LDSP are reserved with x0; f0 is a register like the others. */
    return insn->rd == 0 && !insn->is_fp ? other(bits, insn) : HVRV_OK;
}

static enum hvrv_status decode_store_sp(uint32_t bits, struct hvrv_insn *insn)
{
    if (insn->size == 4)
        insn->offset = piece(bits, 12, 9, 2) | piece(bits, 8, 7, 6);
    else
        insn->offset = piece(bits, 12, 10, 3) | piece(bits, 9, 7, 6);
    insn->rd = 0;
    insn->rs1 = REGISTER_SP;
    insn->rs2 = (uint8_t)piece(bits, 6, 2, 0);
    return HVRV_OK;
}

enum hvrv_status hvrv_insn_decode_compressed(uint32_t word, struct hvrv_insn *insn)
{
    uint32_t bits = word & UINT16_MAX;
    size_t quadrant = bits & 3;
    const struct hvrv_insn_form *form = &forms[quadrant * 8 + (bits >> 13)];

    if (form->size == 0)
        return decode_zcb(bits, insn);
    hvrv_insn_begin(insn, form, bits);
    if (quadrant == 0)
        return decode_quadrant_0(bits, insn);
    if (form->kind == HVRV_INSN_LOAD)
        return decode_load_sp(bits, insn);
    return decode_store_sp(bits, insn);
}
