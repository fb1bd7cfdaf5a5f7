/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tables of both lengths say of an instruction. Private to isa/insn. */
#ifndef HVRV_LIB_ISA_INSN_FORM_H
#define HVRV_LIB_ISA_INSN_FORM_H

#include <stddef.h>

#include <hvrv/isa/insn.h>

/*
 * The beginning of struct hvrv_insn, member by member, so that copying it takes two loads and two
 * stores: hence the alignment, too. A reserved encoding has kind OTHER and size 0.
 */
struct insn_form {
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

_Static_assert(offsetof(struct insn_form, rs2) == offsetof(struct hvrv_insn, rs2),
               "a form is the beginning of an instruction");

/* Rows of forms: LOAD and so on, without the enumerators' prefix. */
#define INSN_LOAD(bytes, of_length)                                                       \
    {                                                                                     \
        .kind = HVRV_INSN_LOAD, .length = (of_length), .size = (bytes), .is_signed = true \
    }
#define INSN_LOAD_UNSIGNED(bytes, of_length)                           \
    {                                                                  \
        .kind = HVRV_INSN_LOAD, .length = (of_length), .size = (bytes) \
    }
#define INSN_LOAD_FP(bytes, of_length)                                                \
    {                                                                                 \
        .kind = HVRV_INSN_LOAD, .length = (of_length), .size = (bytes), .is_fp = true \
    }
#define INSN_STORE(bytes, of_length)                                    \
    {                                                                   \
        .kind = HVRV_INSN_STORE, .length = (of_length), .size = (bytes) \
    }
#define INSN_STORE_FP(bytes, of_length)                                                \
    {                                                                                  \
        .kind = HVRV_INSN_STORE, .length = (of_length), .size = (bytes), .is_fp = true \
    }

/* Bits msb down to lsb of an instruction; both are constants. */
static inline uint32_t insn_field(uint32_t bits, unsigned msb, unsigned lsb)
{
    return bits >> lsb & UINT32_MAX >> (31 - msb + lsb);
}

/* Writes what a form says, and the bits. */
static inline void insn_begin(struct hvrv_insn *insn, const struct insn_form *form, uint32_t bits)
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
static inline void insn_other(struct hvrv_insn *insn, uint32_t bits, uint8_t length)
{
    *insn = (struct hvrv_insn){.bits = bits, .length = length};
}

/* One of 16 bits, of quadrant 0 or 2; the upper half of bits is anything. */
void hvrv_insn_decode_compressed(uint32_t bits, struct hvrv_insn *insn);

#endif
