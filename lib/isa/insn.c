/* SPDX-License-Identifier: BSD-2-Clause */
#include "insn_table.h"

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

static inline uint8_t rd(uint32_t bits)
{
    return (uint8_t)hvrv_insn_field(bits, 11, 7);
}

static inline uint8_t rs1(uint32_t bits)
{
    return (uint8_t)hvrv_insn_field(bits, 19, 15);
}

static inline uint8_t rs2(uint32_t bits)
{
    return (uint8_t)hvrv_insn_field(bits, 24, 20);
}

/* The immediates of loads, 31:20, and of stores, 31:25 and 11:7. Bit 31 is the sign,
 * which >> repeats in every compiler that the library is built with. */
static inline int64_t load_offset(uint32_t bits)
{
    return (int32_t)bits >> 20;
}

static inline int64_t store_offset(uint32_t bits)
{
    return (int32_t)(bits & 0xfe000000) >> 20 | (int32_t)hvrv_insn_field(bits, 11, 7);
}

static void decode_csr(uint32_t bits, const struct hvrv_insn_form *form, struct hvrv_insn *insn)
{
    hvrv_insn_begin(insn, form, bits);
    insn->offset = 0;
    insn->rd = rd(bits);
    insn->rs1 = rs1(bits);
    insn->csr = (uint16_t)hvrv_insn_field(bits, 31, 20);
}

static bool is_row(uint32_t bits, const struct hvrv_insn_row *row)
{
    uint32_t funct3 = hvrv_insn_field(bits, 14, 12);

    return (bits & row->mask) == row->match &&
           (row->widths == 0 || (row->widths >> funct3 & 1) != 0);
}

static void decode_row(uint32_t bits, const struct hvrv_insn_row *row, struct hvrv_insn *insn)
{
    hvrv_insn_other(insn, bits, 4);
    insn->kind = (enum hvrv_insn_kind)row->kind;
    insn->op = (enum hvrv_insn_op)row->op;
    insn->size = row->size;
    if (row->widths != 0)
        insn->size = (uint8_t)(1U << hvrv_insn_field(bits, 14, 12));
    insn->is_signed = (row->fields & HVRV_INSN_ROW_SIGNED) != 0;
    /* Where there is none, the row wants 0. */
    insn->rd = rd(bits);
    insn->rs1 = rs1(bits);
    if (row->fields & HVRV_INSN_ROW_RS2)
        insn->rs2 = rs2(bits);
    if (row->fields & HVRV_INSN_ROW_ORDER) {
        insn->aq = hvrv_insn_field(bits, 26, 26) != 0;
        insn->rl = hvrv_insn_field(bits, 25, 25) != 0;
    }
}

static void decode_by_rows(uint32_t bits, struct hvrv_insn *insn)
{
    struct hvrv_insn_rows rows = hvrv_insn_rows_of(hvrv_insn_field(bits, 6, 0));

    for (size_t i = 0; i < rows.count; i++) {
        if (is_row(bits, &rows.first[i])) {
            decode_row(bits, &rows.first[i], insn);
            return;
        }
    }
    /* With five ones at its end it is longer than 32 bits. */
    hvrv_insn_other(insn, bits, hvrv_insn_field(bits, 4, 0) == 0x1f ? 0 : 4);
}

static enum hvrv_status decode_rest(uint32_t bits, struct hvrv_insn *insn,
                                    const struct hvrv_insn_form *form)
{
    if ((bits & 3) != 3)
        return hvrv_insn_decode_compressed(bits, insn);
    if (form->kind == HVRV_INSN_CSR)
        decode_csr(bits, form, insn);
    else
        decode_by_rows(bits, insn);
    return HVRV_OK;
}

/* What funct3 chooses among the forms of its opcode. */
static inline const struct hvrv_insn_form *form_of(uint32_t bits)
{
    size_t group = hvrv_insn_groups[hvrv_insn_field(bits, 6, 0)];

    return &hvrv_insn_forms[group + hvrv_insn_field(bits, 14, 12)];
}

/* Bit 5 of the opcode tells a store from a load. */
static inline bool is_store(uint32_t bits)
{
    return (bits & 0x20) != 0;
}

/*
 * Loads and stores of 32 bits first: they are what exits are mostly about. All else, what is
 * compressed included, has no form with a size.
 */
enum hvrv_status hvrv_insn_decode(uint32_t bits, struct hvrv_insn *insn)
{
    const struct hvrv_insn_form *form = form_of(bits);

    if (!insn)
        return HVRV_ERR_NULL;
    if (form->size == 0)
        return decode_rest(bits, insn, form);
    hvrv_insn_begin(insn, form, bits);
    insn->rs1 = rs1(bits);
    if (!is_store(bits)) {
        insn->rd = rd(bits);
        insn->offset = load_offset(bits);
    } else {
        insn->rd = 0;
        insn->rs2 = rs2(bits);
        insn->offset = store_offset(bits);
    }
    return HVRV_OK;
}

/*
 * With bit 0 clear there is neither form nor row, since opcodes that have them end in 11.
 * Zalasr's loads and stores have no transformation, and no more have CSR accesses and the like. In
 * that of a cache-block operation there is no offset.
 */
static bool has_transformation(const struct hvrv_insn *insn)
{
    return (insn->kind >= HVRV_INSN_LR && insn->kind <= HVRV_INSN_HSV) ||
           (insn->kind == HVRV_INSN_CBO && insn->rs1 == 0);
}

/* Of what has no form. Apart, so that a load or store needs no stack. */
__attribute__((noinline)) static bool is_transformed_row(uint32_t bits)
{
    struct hvrv_insn insn;

    decode_by_rows(bits | 2, &insn);
    return has_transformation(&insn);
}

bool hvrv_insn_is_transformed(uint64_t htinst)
{
    uint32_t bits = (uint32_t)htinst;

    if (htinst >> 32 != 0)
        return false;
    return form_of(bits | 2)->size != 0 || is_transformed_row(bits);
}

/* What a transformed instruction has in common with the others. */
static inline enum hvrv_status finish_transformed(uint32_t bits, struct hvrv_insn *insn)
{
    insn->length = (uint8_t)((bits & 2) + 2);
    insn->bits = (uint32_t)hvrv_bits_set(bits, HVRV_BITS(19, 15), 0) | 2;
    insn->offset = rs1(bits);
    insn->rs1 = 0;
    return HVRV_OK;
}

__attribute__((noinline)) static enum hvrv_status decode_transformed_row(uint32_t bits,
                                                                         struct hvrv_insn *insn)
{
    decode_by_rows(bits | 2, insn);
    if (has_transformation(insn))
        return finish_transformed(bits, insn);
    hvrv_insn_other(insn, 0, 0);
    return HVRV_OK;
}

enum hvrv_status hvrv_insn_decode_transformed(uint64_t htinst, struct hvrv_insn *insn)
{
    uint32_t bits = (uint32_t)htinst;
    const struct hvrv_insn_form *form = form_of(bits | 2);

    if (!insn)
        return HVRV_ERR_NULL;
    if (htinst >> 32 != 0) {
        hvrv_insn_other(insn, 0, 0);
        return HVRV_OK;
    }
    if (form->size == 0)
        return decode_transformed_row(bits, insn);
    hvrv_insn_begin(insn, form, bits);
    insn->rd = 0;
    if (is_store(bits))
        insn->rs2 = rs2(bits);
    else
        insn->rd = rd(bits);
    return finish_transformed(bits, insn);
}
