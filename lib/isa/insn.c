/* SPDX-License-Identifier: BSD-2-Clause */
#include "insn_form.h"

const char *hvrv_insn_kind_name(enum hvrv_insn_kind kind)
{
    switch (kind) {
#define NAME(id, name) \
    case id:           \
        return name;
        HVRV_INSN_KIND_LIST(NAME)
#undef NAME
    }
    return "unknown";
}

/* The major opcodes that are decoded, bits 6:0. */
enum {
    OPCODE_LOAD = 0x03,
    OPCODE_LOAD_FP = 0x07,
    OPCODE_MISC_MEM = 0x0f,
    OPCODE_STORE = 0x23,
    OPCODE_STORE_FP = 0x27,
    OPCODE_AMO = 0x2f,
    OPCODE_SYSTEM = 0x73,
};

/* Where the eight forms of an opcode begin in forms[]. */
static const uint8_t groups[128] = {
    [OPCODE_LOAD] = 8,      [OPCODE_LOAD_FP] = 16, [OPCODE_STORE] = 24,
    [OPCODE_STORE_FP] = 32, [OPCODE_SYSTEM] = 40,
};

#define CSR_FORM(which, immediate)                                                     \
    {                                                                                  \
        .kind = HVRV_INSN_CSR, .op = (which), .length = 4, .is_immediate = (immediate) \
    }

/* By opcode and funct3. What funct3 alone does not decide has no form here, but rows below. */
static const struct insn_form forms[] = {
    [8 + 0] = INSN_LOAD(1, 4),
    [8 + 1] = INSN_LOAD(2, 4),
    [8 + 2] = INSN_LOAD(4, 4),
    [8 + 3] = INSN_LOAD(8, 4),
    [8 + 4] = INSN_LOAD_UNSIGNED(1, 4),
    [8 + 5] = INSN_LOAD_UNSIGNED(2, 4),
    [8 + 6] = INSN_LOAD_UNSIGNED(4, 4),
    [16 + 1] = INSN_LOAD_FP(2, 4),
    [16 + 2] = INSN_LOAD_FP(4, 4),
    [16 + 3] = INSN_LOAD_FP(8, 4),
    [16 + 4] = INSN_LOAD_FP(16, 4),
    [24 + 0] = INSN_STORE(1, 4),
    [24 + 1] = INSN_STORE(2, 4),
    [24 + 2] = INSN_STORE(4, 4),
    [24 + 3] = INSN_STORE(8, 4),
    [32 + 1] = INSN_STORE_FP(2, 4),
    [32 + 2] = INSN_STORE_FP(4, 4),
    [32 + 3] = INSN_STORE_FP(8, 4),
    [32 + 4] = INSN_STORE_FP(16, 4),
    [40 + 1] = CSR_FORM(HVRV_INSN_CSR_WRITE, false),
    [40 + 2] = CSR_FORM(HVRV_INSN_CSR_SET, false),
    [40 + 3] = CSR_FORM(HVRV_INSN_CSR_CLEAR, false),
    [40 + 5] = CSR_FORM(HVRV_INSN_CSR_WRITE, true),
    [40 + 6] = CSR_FORM(HVRV_INSN_CSR_SET, true),
    [40 + 7] = CSR_FORM(HVRV_INSN_CSR_CLEAR, true),
};

/* The fields that a row's instruction has, and what goes to rd. */
enum {
    RD = 1,
    RS1 = 2,
    RS2 = 4,
    ORDER = 8,
    SIGNED = 16,
};

/* An instruction that takes more than opcode and funct3 to tell. */
struct insn_row {
    uint32_t mask;  /* the bits that are fixed */
    uint32_t match; /* their values */
    uint8_t kind;   /* enum hvrv_insn_kind */
    uint8_t op;     /* enum hvrv_insn_op */
    uint8_t sizes;  /* OPCODE_AMO: the values of funct3 that exist, a bit each; else bytes */
    uint8_t fields;
};

/* Every width of an atomic is a row's bit: 1 << funct3 bytes. */
#define WD   0x0c
#define BHWD 0x0f
#define Q    0x10
#define LRSC (RD | RS1 | ORDER)
#define AMO  (RD | RS1 | RS2 | ORDER | SIGNED)

static const struct insn_row atomics[] = {
    {0xf9f0007f, 0x1000002f, HVRV_INSN_LR, HVRV_INSN_OP_NONE, WD, LRSC | SIGNED},
    {0xf800007f, 0x1800002f, HVRV_INSN_SC, HVRV_INSN_OP_NONE, WD, LRSC | RS2},
    {0xf800007f, 0x0800002f, HVRV_INSN_AMO, HVRV_INSN_AMO_SWAP, BHWD, AMO},
    {0xf800007f, 0x0000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_ADD, BHWD, AMO},
    {0xf800007f, 0x2000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_XOR, BHWD, AMO},
    {0xf800007f, 0x6000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_AND, BHWD, AMO},
    {0xf800007f, 0x4000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_OR, BHWD, AMO},
    {0xf800007f, 0x8000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_MIN, BHWD, AMO},
    {0xf800007f, 0xa000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_MAX, BHWD, AMO},
    {0xf800007f, 0xc000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_MINU, BHWD, AMO},
    {0xf800007f, 0xe000002f, HVRV_INSN_AMO, HVRV_INSN_AMO_MAXU, BHWD, AMO},
    {0xf800007f, 0x2800002f, HVRV_INSN_AMO, HVRV_INSN_AMO_CAS, BHWD, AMO},
    /* AMOCAS.Q: pairs of registers, so rd and rs2 are even. */
    {0xf81000ff, 0x2800002f, HVRV_INSN_AMO, HVRV_INSN_AMO_CAS, Q, AMO},
    /* Zalasr: a load with aq, a store with rl. */
    {0xfdf0007f, 0x3400002f, HVRV_INSN_LOAD, HVRV_INSN_OP_NONE, BHWD, LRSC | SIGNED},
    {0xfa000fff, 0x3a00002f, HVRV_INSN_STORE, HVRV_INSN_OP_NONE, BHWD, RS1 | RS2 | ORDER},
};

#define HLV (RD | RS1)
#define HSV (RS1 | RS2)

static const struct insn_row systems[] = {
    {0xffffffff, 0x10500073, HVRV_INSN_WFI, HVRV_INSN_OP_NONE, 0, 0},
    {0xffffffff, 0x00d00073, HVRV_INSN_WRS, HVRV_INSN_WRS_NTO, 0, 0},
    {0xffffffff, 0x01d00073, HVRV_INSN_WRS, HVRV_INSN_WRS_STO, 0, 0},
    {0xffffffff, 0x10200073, HVRV_INSN_SRET, HVRV_INSN_OP_NONE, 0, 0},
    {0xfe007fff, 0x12000073, HVRV_INSN_SFENCE, HVRV_INSN_SFENCE_VMA, 0, RS1 | RS2},
    {0xfe007fff, 0x16000073, HVRV_INSN_SFENCE, HVRV_INSN_SINVAL_VMA, 0, RS1 | RS2},
    {0xffffffff, 0x18000073, HVRV_INSN_SFENCE, HVRV_INSN_SFENCE_W_INVAL, 0, 0},
    {0xffffffff, 0x18100073, HVRV_INSN_SFENCE, HVRV_INSN_SFENCE_INVAL_IR, 0, 0},
    {0xfe007fff, 0x22000073, HVRV_INSN_HFENCE, HVRV_INSN_HFENCE_VVMA, 0, RS1 | RS2},
    {0xfe007fff, 0x62000073, HVRV_INSN_HFENCE, HVRV_INSN_HFENCE_GVMA, 0, RS1 | RS2},
    {0xfe007fff, 0x26000073, HVRV_INSN_HFENCE, HVRV_INSN_HINVAL_VVMA, 0, RS1 | RS2},
    {0xfe007fff, 0x66000073, HVRV_INSN_HFENCE, HVRV_INSN_HINVAL_GVMA, 0, RS1 | RS2},
    {0xfff0707f, 0x60004073, HVRV_INSN_HLV, HVRV_INSN_OP_NONE, 1, HLV | SIGNED}, /* HLV.B */
    {0xfff0707f, 0x60104073, HVRV_INSN_HLV, HVRV_INSN_OP_NONE, 1, HLV},          /* HLV.BU */
    {0xfff0707f, 0x64004073, HVRV_INSN_HLV, HVRV_INSN_OP_NONE, 2, HLV | SIGNED}, /* HLV.H */
    {0xfff0707f, 0x64104073, HVRV_INSN_HLV, HVRV_INSN_OP_NONE, 2, HLV},          /* HLV.HU */
    {0xfff0707f, 0x64304073, HVRV_INSN_HLVX, HVRV_INSN_OP_NONE, 2, HLV},         /* HLVX.HU */
    {0xfff0707f, 0x68004073, HVRV_INSN_HLV, HVRV_INSN_OP_NONE, 4, HLV | SIGNED}, /* HLV.W */
    {0xfff0707f, 0x68104073, HVRV_INSN_HLV, HVRV_INSN_OP_NONE, 4, HLV},          /* HLV.WU */
    {0xfff0707f, 0x68304073, HVRV_INSN_HLVX, HVRV_INSN_OP_NONE, 4, HLV},         /* HLVX.WU */
    {0xfff0707f, 0x6c004073, HVRV_INSN_HLV, HVRV_INSN_OP_NONE, 8, HLV | SIGNED}, /* HLV.D */
    {0xfe007fff, 0x62004073, HVRV_INSN_HSV, HVRV_INSN_OP_NONE, 1, HSV},          /* HSV.B */
    {0xfe007fff, 0x66004073, HVRV_INSN_HSV, HVRV_INSN_OP_NONE, 2, HSV},          /* HSV.H */
    {0xfe007fff, 0x6a004073, HVRV_INSN_HSV, HVRV_INSN_OP_NONE, 4, HSV},          /* HSV.W */
    {0xfe007fff, 0x6e004073, HVRV_INSN_HSV, HVRV_INSN_OP_NONE, 8, HSV},          /* HSV.D */
};

static const struct insn_row cache_blocks[] = {
    {0xfff07fff, 0x0000200f, HVRV_INSN_CBO, HVRV_INSN_CBO_INVAL, 0, RS1},
    {0xfff07fff, 0x0010200f, HVRV_INSN_CBO, HVRV_INSN_CBO_CLEAN, 0, RS1},
    {0xfff07fff, 0x0020200f, HVRV_INSN_CBO, HVRV_INSN_CBO_FLUSH, 0, RS1},
    {0xfff07fff, 0x0040200f, HVRV_INSN_CBO, HVRV_INSN_CBO_ZERO, 0, RS1},
};

/* The rows of a major opcode. */
struct insn_rows {
    const struct insn_row *first;
    size_t count;
};

#define ROWS(table) ((struct insn_rows){(table), sizeof(table) / sizeof((table)[0])})

static struct insn_rows rows_of(uint32_t opcode)
{
    switch (opcode) {
    case OPCODE_AMO:
        return ROWS(atomics);
    case OPCODE_SYSTEM:
        return ROWS(systems);
    case OPCODE_MISC_MEM:
        return ROWS(cache_blocks);
    default:
        return (struct insn_rows){NULL, 0};
    }
}

static inline uint8_t field_rd(uint32_t bits)
{
    return (uint8_t)insn_field(bits, 11, 7);
}

static inline uint8_t field_rs1(uint32_t bits)
{
    return (uint8_t)insn_field(bits, 19, 15);
}

static inline uint8_t field_rs2(uint32_t bits)
{
    return (uint8_t)insn_field(bits, 24, 20);
}

/* The immediates of loads and stores, from 31:20 and from 31:25 and 11:7. */
static inline int64_t immediate_i(uint32_t bits)
{
    return (int32_t)bits >> 20;
}

static inline int64_t immediate_s(uint32_t bits)
{
    return (int32_t)(bits & 0xfe000000) >> 20 | (int32_t)insn_field(bits, 11, 7);
}

static bool is_row(const struct insn_row *row, uint32_t bits)
{
    bool is_atomic = (row->match & 0x7f) == OPCODE_AMO;

    return (bits & row->mask) == row->match &&
           (!is_atomic || (row->sizes >> insn_field(bits, 14, 12) & 1) != 0);
}

static void decode_row(uint32_t bits, const struct insn_row *row, struct hvrv_insn *insn)
{
    bool is_atomic = (row->match & 0x7f) == OPCODE_AMO;

    *insn = (struct hvrv_insn){.kind = (enum hvrv_insn_kind)row->kind,
                               .op = (enum hvrv_insn_op)row->op,
                               .length = 4,
                               .size = row->sizes,
                               .is_signed = (row->fields & SIGNED) != 0,
                               .bits = bits};
    if (is_atomic)
        insn->size = (uint8_t)(1U << insn_field(bits, 14, 12));
    if (row->fields & RD)
        insn->rd = field_rd(bits);
    if (row->fields & RS1)
        insn->rs1 = field_rs1(bits);
    if (row->fields & RS2)
        insn->rs2 = field_rs2(bits);
    if (row->fields & ORDER) {
        insn->aq = insn_field(bits, 26, 26) != 0;
        insn->rl = insn_field(bits, 25, 25) != 0;
    }
}

/* All of 32 bits but loads and stores, and whatever is reserved, or longer. */
static void decode_rest(uint32_t bits, struct hvrv_insn *insn)
{
    uint32_t opcode = insn_field(bits, 6, 0);
    const struct insn_form *form = &forms[groups[opcode] + insn_field(bits, 14, 12)];
    struct insn_rows rows = rows_of(opcode);

    if (form->kind == HVRV_INSN_CSR) {
        insn_begin(insn, form, bits);
        insn->offset = 0;
        insn->rd = field_rd(bits);
        insn->rs1 = field_rs1(bits);
        insn->csr = (uint16_t)insn_field(bits, 31, 20);
        return;
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (is_row(&rows.first[i], bits)) {
            decode_row(bits, &rows.first[i], insn);
            return;
        }
    }
    insn_other(insn, bits, insn_field(bits, 4, 0) == 0x1f ? 0 : 4);
}

/* One of 32 bits. Loads and stores first: they are what exits are mostly about. */
static inline void decode_wide(uint32_t bits, struct hvrv_insn *insn)
{
    const struct insn_form *form =
        &forms[groups[insn_field(bits, 6, 0)] + insn_field(bits, 14, 12)];

    if (form->size == 0) {
        decode_rest(bits, insn);
        return;
    }
    insn_begin(insn, form, bits);
    insn->rs1 = field_rs1(bits);
    if (form->kind == HVRV_INSN_LOAD) {
        insn->rd = field_rd(bits);
        insn->offset = immediate_i(bits);
    } else {
        insn->rd = 0;
        insn->rs2 = field_rs2(bits);
        insn->offset = immediate_s(bits);
    }
}

enum hvrv_status hvrv_insn_decode(uint32_t bits, struct hvrv_insn *insn)
{
    if (!insn)
        return HVRV_ERR_NULL;
    if ((bits & 3) == 3)
        decode_wide(bits, insn);
    else if ((bits & 3) == 1)
        insn_other(insn, insn_field(bits, 15, 0), 2);
    else
        hvrv_insn_decode_compressed(bits, insn);
    return HVRV_OK;
}

/* Whether the manual defines a transformation: not for Zalasr. */
static bool has_transformation(const struct hvrv_insn *insn)
{
    if (insn->kind == HVRV_INSN_LOAD || insn->kind == HVRV_INSN_STORE)
        return !insn->aq && !insn->rl;
    if (insn->kind == HVRV_INSN_CBO)
        return insn->rs1 == 0;
    return insn->kind >= HVRV_INSN_LR && insn->kind <= HVRV_INSN_HSV;
}

enum hvrv_status hvrv_insn_decode_transformed(uint64_t htinst, struct hvrv_insn *insn)
{
    if (!insn)
        return HVRV_ERR_NULL;
    insn->kind = HVRV_INSN_OTHER;
    if (htinst >> 32 == 0 && (htinst & 1) != 0)
        decode_wide((uint32_t)htinst | 2, insn);
    if (!has_transformation(insn)) {
        insn_other(insn, 0, 0);
        return HVRV_OK;
    }
    insn->offset = insn->rs1;
    insn->rs1 = 0;
    insn->length = htinst & 2 ? 4 : 2;
    insn->bits = (uint32_t)hvrv_bits_set(htinst, HVRV_BITS(19, 15), 0) | 2;
    return HVRV_OK;
}
