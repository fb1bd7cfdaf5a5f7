/* SPDX-License-Identifier: BSD-2-Clause */
#include "insn_table.h"

_Static_assert(offsetof(struct hvrv_insn_form, rs2) == offsetof(struct hvrv_insn, rs2),
               "a form is the beginning of an instruction");

/* The major opcodes with instructions that are decoded, bits 6:0. */
enum {
    LOAD = 0x03,
    LOAD_FP = 0x07,
    MISC_MEM = 0x0f,
    STORE = 0x23,
    STORE_FP = 0x27,
    AMO = 0x2f,
    SYSTEM = 0x73,
};

const uint8_t hvrv_insn_groups[128] = {
    [LOAD] = HVRV_INSN_GROUP_LOAD, [LOAD_FP] = 16, [STORE] = 24, [STORE_FP] = 32, [SYSTEM] = 40,
};

#define CSR(which, immediate)                                            \
    {                                                                    \
        .kind = HVRV_INSN_CSR, .op = HVRV_INSN_CSR_##which, .length = 4, \
        .is_immediate = (immediate)                                      \
    }

/* The first eight are those of every other opcode: none. */
const struct hvrv_insn_form hvrv_insn_forms[48] = {
    [8 + 0] = HVRV_INSN_FORM_LOAD(1, 4),          /* LB */
    [8 + 1] = HVRV_INSN_FORM_LOAD(2, 4),          /* LH */
    [8 + 2] = HVRV_INSN_FORM_LOAD(4, 4),          /* LW */
    [8 + 3] = HVRV_INSN_FORM_LOAD(8, 4),          /* LD */
    [8 + 4] = HVRV_INSN_FORM_LOAD_UNSIGNED(1, 4), /* LBU */
    [8 + 5] = HVRV_INSN_FORM_LOAD_UNSIGNED(2, 4), /* LHU */
    [8 + 6] = HVRV_INSN_FORM_LOAD_UNSIGNED(4, 4), /* LWU */
    [16 + 1] = HVRV_INSN_FORM_LOAD_FP(2, 4),      /* FLH */
    [16 + 2] = HVRV_INSN_FORM_LOAD_FP(4, 4),      /* FLW */
    [16 + 3] = HVRV_INSN_FORM_LOAD_FP(8, 4),      /* FLD */
    [16 + 4] = HVRV_INSN_FORM_LOAD_FP(16, 4),     /* FLQ */
    [24 + 0] = HVRV_INSN_FORM_STORE(1, 4),        /* SB */
    [24 + 1] = HVRV_INSN_FORM_STORE(2, 4),        /* SH */
    [24 + 2] = HVRV_INSN_FORM_STORE(4, 4),        /* SW */
    [24 + 3] = HVRV_INSN_FORM_STORE(8, 4),        /* SD */
    [32 + 1] = HVRV_INSN_FORM_STORE_FP(2, 4),     /* FSH */
    [32 + 2] = HVRV_INSN_FORM_STORE_FP(4, 4),     /* FSW */
    [32 + 3] = HVRV_INSN_FORM_STORE_FP(8, 4),     /* FSD */
    [32 + 4] = HVRV_INSN_FORM_STORE_FP(16, 4),    /* FSQ */
    [40 + 1] = CSR(WRITE, false),                 /* CSRRW */
    [40 + 2] = CSR(SET, false),                   /* CSRRS */
    [40 + 3] = CSR(CLEAR, false),                 /* CSRRC */
    [40 + 5] = CSR(WRITE, true),                  /* CSRRWI */
    [40 + 6] = CSR(SET, true),                    /* CSRRSI */
    [40 + 7] = CSR(CLEAR, true),                  /* CSRRCI */
};

#define RS2    HVRV_INSN_ROW_RS2
#define ORDER  HVRV_INSN_ROW_ORDER
#define SIGNED HVRV_INSN_ROW_SIGNED

/* Widths of atomics, a bit for each value of funct3. */
#define WD   0x0c
#define BHWD 0x0f
#define Q    0x10

#define ATOMIC(mask, match, kind, op, widths, fields)                              \
    {                                                                              \
        mask, match, HVRV_INSN_##kind, HVRV_INSN_##op, 0, widths, (fields) | ORDER \
    }

static const struct hvrv_insn_row atomics[] = {
    ATOMIC(0xf9f0007f, 0x1000002f, LR, OP_NONE, WD, SIGNED),
    ATOMIC(0xf800007f, 0x1800002f, SC, OP_NONE, WD, RS2),
    ATOMIC(0xf800007f, 0x0800002f, AMO, AMO_SWAP, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0x0000002f, AMO, AMO_ADD, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0x2000002f, AMO, AMO_XOR, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0x6000002f, AMO, AMO_AND, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0x4000002f, AMO, AMO_OR, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0x8000002f, AMO, AMO_MIN, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0xa000002f, AMO, AMO_MAX, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0xc000002f, AMO, AMO_MINU, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0xe000002f, AMO, AMO_MAXU, BHWD, RS2 | SIGNED),
    ATOMIC(0xf800007f, 0x2800002f, AMO, AMO_CAS, BHWD, RS2 | SIGNED),
    /* AMOCAS.Q: pairs of registers, so rd and rs2 are even. */
    ATOMIC(0xf81000ff, 0x2800002f, AMO, AMO_CAS, Q, RS2 | SIGNED),
    /* Zalasr: a load with aq, a store with rl. */
    ATOMIC(0xfdf0007f, 0x3400002f, LOAD, OP_NONE, BHWD, SIGNED),
    ATOMIC(0xfa000fff, 0x3a00002f, STORE, OP_NONE, BHWD, RS2),
};

#define SIMPLE(match, kind, op)                                      \
    {                                                                \
        0xffffffff, match, HVRV_INSN_##kind, HVRV_INSN_##op, 0, 0, 0 \
    }
#define FENCE(match, kind, op)                                         \
    {                                                                  \
        0xfe007fff, match, HVRV_INSN_##kind, HVRV_INSN_##op, 0, 0, RS2 \
    }
#define HLV(match, kind, size, fields)                                          \
    {                                                                           \
        0xfff0707f, match, HVRV_INSN_##kind, HVRV_INSN_OP_NONE, size, 0, fields \
    }
#define HSV(match, size)                                                  \
    {                                                                     \
        0xfe007fff, match, HVRV_INSN_HSV, HVRV_INSN_OP_NONE, size, 0, RS2 \
    }

static const struct hvrv_insn_row systems[] = {
    SIMPLE(0x10500073, WFI, OP_NONE),
    SIMPLE(0x00d00073, WRS, WRS_NTO),
    SIMPLE(0x01d00073, WRS, WRS_STO),
    SIMPLE(0x10200073, SRET, OP_NONE),
    FENCE(0x12000073, SFENCE, SFENCE_VMA),
    FENCE(0x16000073, SFENCE, SINVAL_VMA),
    SIMPLE(0x18000073, SFENCE, SFENCE_W_INVAL),
    SIMPLE(0x18100073, SFENCE, SFENCE_INVAL_IR),
    FENCE(0x22000073, HFENCE, HFENCE_VVMA),
    FENCE(0x62000073, HFENCE, HFENCE_GVMA),
    FENCE(0x26000073, HFENCE, HINVAL_VVMA),
    FENCE(0x66000073, HFENCE, HINVAL_GVMA),
    HLV(0x60004073, HLV, 1, SIGNED), /* HLV.B */
    HLV(0x60104073, HLV, 1, 0),      /* HLV.BU */
    HLV(0x64004073, HLV, 2, SIGNED), /* HLV.H */
    HLV(0x64104073, HLV, 2, 0),      /* HLV.HU */
    HLV(0x64304073, HLVX, 2, 0),     /* HLVX.HU */
    HLV(0x68004073, HLV, 4, SIGNED), /* HLV.W */
    HLV(0x68104073, HLV, 4, 0),      /* HLV.WU */
    HLV(0x68304073, HLVX, 4, 0),     /* HLVX.WU */
    HLV(0x6c004073, HLV, 8, SIGNED), /* HLV.D */
    HSV(0x62004073, 1),              /* HSV.B */
    HSV(0x66004073, 2),              /* HSV.H */
    HSV(0x6a004073, 4),              /* HSV.W */
    HSV(0x6e004073, 8),              /* HSV.D */
};

#define CBO(match, op)                                                \
    {                                                                 \
        0xfff07fff, match, HVRV_INSN_CBO, HVRV_INSN_CBO_##op, 0, 0, 0 \
    }

static const struct hvrv_insn_row cache_blocks[] = {
    CBO(0x0000200f, INVAL),
    CBO(0x0010200f, CLEAN),
    CBO(0x0020200f, FLUSH),
    CBO(0x0040200f, ZERO),
};

#define ROWS(table) ((struct hvrv_insn_rows){(table), sizeof(table) / sizeof((table)[0])})

struct hvrv_insn_rows hvrv_insn_rows_of(uint32_t opcode)
{
    switch (opcode) {
    case AMO:
        return ROWS(atomics);
    case SYSTEM:
        return ROWS(systems);
    case MISC_MEM:
        return ROWS(cache_blocks);
    default:
        return (struct hvrv_insn_rows){NULL, 0};
    }
}
