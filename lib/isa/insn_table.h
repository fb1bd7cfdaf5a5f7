/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tables say of an instruction, and how it is put down. Private to isa/insn. */
#ifndef HVRV_LIB_ISA_INSN_TABLE_H
#define HVRV_LIB_ISA_INSN_TABLE_H

#include <stddef.h>

#include <hvrv/isa/insn.h>

/*
 * The beginning of struct hvrv_insn, member by member, so that copying it takes two loads and two
 * stores: hence the alignment, too. Of loads and stores it is all but registers and offset. A size
 * of 0 is a form that is none of them.
 */
struct hvrv_insn_form {
    enum hvrv_insn_kind kind;
    enum hvrv_insn_op op;
    uint8_t length;
    uint8_t size;
    bool is_signed;
    bool is_fp;
    bool is_immediate;
    bool aq;
    bool rl;
    uint8_t rs2;
} __attribute__((aligned(8)));

/* The forms of loads and stores of so many bytes. */
#define HVRV_INSN_FORM_LOAD(bytes, of_length)                                             \
    {                                                                                     \
        .kind = HVRV_INSN_LOAD, .length = (of_length), .size = (bytes), .is_signed = true \
    }
#define HVRV_INSN_FORM_LOAD_UNSIGNED(bytes, of_length)                 \
    {                                                                  \
        .kind = HVRV_INSN_LOAD, .length = (of_length), .size = (bytes) \
    }
#define HVRV_INSN_FORM_LOAD_FP(bytes, of_length)                                      \
    {                                                                                 \
        .kind = HVRV_INSN_LOAD, .length = (of_length), .size = (bytes), .is_fp = true \
    }
#define HVRV_INSN_FORM_STORE(bytes, of_length)                          \
    {                                                                   \
        .kind = HVRV_INSN_STORE, .length = (of_length), .size = (bytes) \
    }
#define HVRV_INSN_FORM_STORE_FP(bytes, of_length)                                      \
    {                                                                                  \
        .kind = HVRV_INSN_STORE, .length = (of_length), .size = (bytes), .is_fp = true \
    }

/* Where the eight forms of a major opcode, bits 6:0, begin; funct3 chooses among them. */
extern const uint8_t hvrv_insn_groups[128];
/* Where those of LOAD, 0x03, do: they are looked up without it where it counts. */
#define HVRV_INSN_GROUP_LOAD 8
extern const struct hvrv_insn_form hvrv_insn_forms[48];

/* What a row's instruction has beside rd and rs1. */
enum hvrv_insn_row_field {
    HVRV_INSN_ROW_RS2 = 1,
    HVRV_INSN_ROW_ORDER = 2,  /* aq and rl */
    HVRV_INSN_ROW_SIGNED = 4, /* what goes to rd is sign-extended */
};

/* An instruction of 32 bits that takes more than opcode and funct3 to tell. */
struct hvrv_insn_row {
    uint32_t mask;  /* the bits that are fixed */
    uint32_t match; /* their values */
    uint8_t kind;   /* enum hvrv_insn_kind */
    uint8_t op;     /* enum hvrv_insn_op */
    uint8_t size;   /* bytes; 0 if it is no access, or if widths tell */
    uint8_t widths; /* the values that funct3 may have, a bit each, for 1 << funct3 bytes; or 0 */
    uint8_t fields; /* enum hvrv_insn_row_field */
};

/* The rows of a major opcode. */
struct hvrv_insn_rows {
    const struct hvrv_insn_row *first;
    size_t count;
};

struct hvrv_insn_rows hvrv_insn_rows_of(uint32_t opcode);

/* One of 16 bits: bits 1:0 are not 11. The upper half of bits is anything. Always HVRV_OK. */
enum hvrv_status hvrv_insn_decode_compressed(uint32_t bits, struct hvrv_insn *insn);

/* Bits msb down to lsb of an instruction; both are constants. */
static inline uint32_t hvrv_insn_field(uint32_t bits, unsigned msb, unsigned lsb)
{
    return bits >> lsb & UINT32_MAX >> (31 - msb + lsb);
}

/* Writes what a form says, and the bits. Offset, rd and rs1 are left to write. */
static inline void hvrv_insn_begin(struct hvrv_insn *insn, const struct hvrv_insn_form *form,
                                   uint32_t bits)
{
    insn->kind = form->kind;
    insn->op = form->op;
    insn->length = form->length;
    insn->size = form->size;
    insn->is_signed = form->is_signed;
    insn->is_fp = form->is_fp;
    insn->is_immediate = form->is_immediate;
    insn->aq = form->aq;
    insn->rl = form->rl;
    insn->rs2 = form->rs2;
    insn->bits = bits;
    insn->csr = 0;
}

/* Writes that it is none of those that are decoded. */
static inline void hvrv_insn_other(struct hvrv_insn *insn, uint32_t bits, uint8_t length)
{
    *insn = (struct hvrv_insn){.bits = bits, .length = length};
}

#endif
