/* SPDX-License-Identifier: BSD-2-Clause */
#include "insn_table.h"

/* By bit 1, which is the quadrant's upper, and funct3 in 15:13. */
static const struct hvrv_insn_form compressed[2][8] = {
    {
        [1] = HVRV_INSN_FORM_LOAD_FP(8, 2),  /* C.FLD */
        [2] = HVRV_INSN_FORM_LOAD(4, 2),     /* C.LW */
        [3] = HVRV_INSN_FORM_LOAD(8, 2),     /* C.LD */
        [5] = HVRV_INSN_FORM_STORE_FP(8, 2), /* C.FSD */
        [6] = HVRV_INSN_FORM_STORE(4, 2),    /* C.SW */
        [7] = HVRV_INSN_FORM_STORE(8, 2),    /* C.SD */
    },
    {
        [1] = HVRV_INSN_FORM_LOAD_FP(8, 2),  /* C.FLDSP */
        [2] = HVRV_INSN_FORM_LOAD(4, 2),     /* C.LWSP */
        [3] = HVRV_INSN_FORM_LOAD(8, 2),     /* C.LDSP */
        [5] = HVRV_INSN_FORM_STORE_FP(8, 2), /* C.FSDSP */
        [6] = HVRV_INSN_FORM_STORE(4, 2),    /* C.SWSP */
        [7] = HVRV_INSN_FORM_STORE(8, 2),    /* C.SDSP */
    },
};

/* funct3 4 of quadrant 0. */
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

/* The registers x8 to x15, or f8 to f15, of a field of three bits. */
static inline uint8_t prime(uint32_t bits, unsigned lsb)
{
    return (uint8_t)(8 + hvrv_insn_field(bits, lsb + 2, lsb));
}

/* Quadrant 0: rd' or rs2' in 4:2, rs1' in 9:7. */
static inline void put_primes(struct hvrv_insn *insn, uint32_t bits)
{
    bool is_load = insn->kind == HVRV_INSN_LOAD;
    uint8_t data = prime(bits, 2);

    insn->rd = is_load ? data : 0;
    insn->rs2 = is_load ? 0 : data;
    insn->rs1 = prime(bits, 7);
}

static inline void decode_by_register(struct hvrv_insn *insn, uint32_t bits)
{
    uint32_t offset = hvrv_insn_field(bits, 12, 10) << 3;

    if (insn->size == 4)
        offset |= hvrv_insn_field(bits, 6, 6) << 2 | hvrv_insn_field(bits, 5, 5) << 6;
    else
        offset |= hvrv_insn_field(bits, 6, 5) << 6;
    insn->offset = offset;
    put_primes(insn, bits);
}

static void decode_zcb(struct hvrv_insn *insn, uint32_t bits)
{
    uint32_t offset = hvrv_insn_field(bits, 5, 5) << 1;

    for (size_t i = 0; i < sizeof(zcb_rows) / sizeof(zcb_rows[0]); i++) {
        if ((bits & zcb_rows[i].mask) != zcb_rows[i].match)
            continue;
        hvrv_insn_begin(insn, &zcb_rows[i].form, bits);
        insn->offset = insn->size == 1 ? offset | hvrv_insn_field(bits, 6, 6) : offset;
        put_primes(insn, bits);
        return;
    }
    hvrv_insn_other(insn, bits, 2);
}

static void decode_sp_load(struct hvrv_insn *insn, uint32_t bits)
{
    uint32_t offset = hvrv_insn_field(bits, 12, 12) << 5;

    if (insn->size == 4)
        offset |= hvrv_insn_field(bits, 6, 4) << 2 | hvrv_insn_field(bits, 3, 2) << 6;
    else
        offset |= hvrv_insn_field(bits, 6, 5) << 3 | hvrv_insn_field(bits, 4, 2) << 6;
    insn->offset = offset;
    insn->rd = (uint8_t)hvrv_insn_field(bits, 11, 7);
    insn->rs1 = REGISTER_SP;
    /* C.LWSP and C.LDSP are reserved with rd = 0; f0 is a register as any other. */
    if (insn->rd == 0 && !insn->is_fp)
        hvrv_insn_other(insn, bits, 2);
}

static void decode_sp_store(struct hvrv_insn *insn, uint32_t bits)
{
    if (insn->size == 4)
        insn->offset = hvrv_insn_field(bits, 12, 9) << 2 | hvrv_insn_field(bits, 8, 7) << 6;
    else
        insn->offset = hvrv_insn_field(bits, 12, 10) << 3 | hvrv_insn_field(bits, 9, 7) << 6;
    insn->rd = 0;
    insn->rs1 = REGISTER_SP;
    insn->rs2 = (uint8_t)hvrv_insn_field(bits, 6, 2);
}

void hvrv_insn_decode_compressed(uint32_t word, struct hvrv_insn *insn)
{
    uint32_t bits = hvrv_insn_field(word, 15, 0);
    uint32_t funct3 = hvrv_insn_field(bits, 15, 13);
    const struct hvrv_insn_form *form = &compressed[hvrv_insn_field(bits, 1, 1)][funct3];

    if ((bits & 1) != 0) {
        hvrv_insn_other(insn, bits, 2);
        return;
    }
    if (form->size == 0) {
        decode_zcb(insn, bits);
        return;
    }
    hvrv_insn_begin(insn, form, bits);
    if ((bits & 2) == 0)
        decode_by_register(insn, bits);
    else if (insn->kind == HVRV_INSN_LOAD)
        decode_sp_load(insn, bits);
    else
        decode_sp_store(insn, bits);
}
