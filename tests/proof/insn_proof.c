/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder, for all 2^32 words and all 2^64 values of htinst: no table is read beyond its end,
 * every member of the result is in its range and is 0 where the kind does not have it, and a
 * transformed instruction is what the same bits are in memory.
 *
 * Which instruction an encoding is, is no part of this: oracle/insn and its unit test say so.
 *
 * Assumptions: none.
 *
 * Files: lib/isa/insn.c lib/isa/insn_table.c lib/isa/insn_compressed.c
 */
#include <hvrv/isa/insn.h>

#include "proof.h"

uint32_t nondet_u32(void);

static bool is_access(const struct hvrv_insn *insn)
{
    return insn->kind >= HVRV_INSN_LOAD && insn->kind <= HVRV_INSN_HSV;
}

static bool is_size(unsigned size)
{
    return size == 1 || size == 2 || size == 4 || size == 8 || size == 16;
}

static bool has_order(const struct hvrv_insn *insn)
{
    return insn->kind >= HVRV_INSN_LOAD && insn->kind <= HVRV_INSN_AMO;
}

static bool has_operation(const struct hvrv_insn *insn)
{
    return insn->kind == HVRV_INSN_AMO || insn->kind == HVRV_INSN_CSR ||
           insn->kind == HVRV_INSN_WRS || insn->kind == HVRV_INSN_SFENCE ||
           insn->kind == HVRV_INSN_HFENCE || insn->kind == HVRV_INSN_CBO;
}

static void members_are_in_range(const struct hvrv_insn *insn)
{
    PROVE((unsigned)insn->kind <= HVRV_INSN_CBO);
    PROVE(is_access(insn) == (insn->size != 0));
    PROVE(IMPLIES(is_access(insn), is_size(insn->size)));
    PROVE(has_operation(insn) == (insn->op != HVRV_INSN_OP_NONE));
    PROVE((unsigned)insn->op <= HVRV_INSN_CBO_ZERO);
    PROVE(insn->rd < 32 && insn->rs1 < 32 && insn->rs2 < 32 && insn->csr < 4096);
    PROVE(IMPLIES(insn->kind != HVRV_INSN_CSR, insn->csr == 0 && !insn->is_immediate));
    PROVE(IMPLIES(insn->aq || insn->rl, has_order(insn)));
    PROVE(IMPLIES(insn->is_fp, (insn->kind == HVRV_INSN_LOAD || insn->kind == HVRV_INSN_STORE) &&
                                   !insn->is_signed && insn->size >= 2));
    PROVE(IMPLIES(insn->kind == HVRV_INSN_LOAD || insn->kind == HVRV_INSN_LR, insn->rs2 == 0));
    PROVE(IMPLIES(insn->kind == HVRV_INSN_STORE || insn->kind == HVRV_INSN_HSV,
                  insn->rd == 0 && !insn->is_signed));
    PROVE(IMPLIES(insn->kind == HVRV_INSN_AMO && insn->size == 16,
                  insn->rd % 2 == 0 && insn->rs2 % 2 == 0));
    PROVE(IMPLIES(insn->kind == HVRV_INSN_OTHER,
                  insn->rd == 0 && insn->rs1 == 0 && insn->rs2 == 0 && insn->offset == 0));
}

void a_word_is_decoded_within_bounds(void)
{
    uint32_t bits = nondet_u32();
    struct hvrv_insn insn; /* anything */
    PROVE(hvrv_insn_decode(bits, &insn) == HVRV_OK);
    members_are_in_range(&insn);
    PROVE(insn.offset >= -2048 && insn.offset <= 2047);
    PROVE(IMPLIES(insn.kind != HVRV_INSN_LOAD && insn.kind != HVRV_INSN_STORE, insn.offset == 0));
    PROVE(insn.length == ((bits & 3) != 3 ? 2 : (bits & 0x1c) == 0x1c ? 0 : 4));
    PROVE(insn.bits == (insn.length == 2 ? (bits & 0xffff) : bits));
    PROVE(IMPLIES(insn.length == 2, insn.kind <= HVRV_INSN_STORE && insn.offset >= 0));
    PROVE(IMPLIES(insn.length == 2 && insn.size != 0, insn.offset % insn.size == 0));
    PROVE(IMPLIES(insn.length == 2 && insn.kind == HVRV_INSN_LOAD, insn.rd != 0 || insn.is_fp));
    PROVE(IMPLIES(insn.length == 0, insn.kind == HVRV_INSN_OTHER));
    COVER(insn.kind == HVRV_INSN_CBO && insn.rs1 == 31);
    COVER(insn.kind == HVRV_INSN_AMO && insn.size == 16 && insn.aq && !insn.rl);
    COVER(insn.kind == HVRV_INSN_STORE && insn.offset == -2048 && insn.is_fp);
    COVER(insn.kind == HVRV_INSN_LOAD && insn.offset == 504 && insn.length == 2);
    COVER(insn.kind == HVRV_INSN_CSR && insn.csr == 0xfff && insn.is_immediate);
    COVER(insn.kind == HVRV_INSN_HSV);
    COVER(insn.length == 0);
}

void a_transformed_instruction_is_the_one_in_memory(void)
{
    uint64_t htinst = nondet_u64();
    struct hvrv_insn insn, memory; /* anything */
    PROVE(hvrv_insn_decode_transformed(htinst, &insn) == HVRV_OK);
    PROVE(hvrv_insn_is_transformed(htinst) == (insn.kind != HVRV_INSN_OTHER));
    members_are_in_range(&insn);
    PROVE(insn.rs1 == 0 && insn.offset >= 0 && insn.offset <= 31);
    PROVE(is_access(&insn) || insn.kind == HVRV_INSN_CBO || insn.kind == HVRV_INSN_OTHER);
    if (insn.kind == HVRV_INSN_OTHER) {
        PROVE(insn.length == 0 && insn.bits == 0);
        return;
    }
    PROVE(htinst >> 32 == 0 && (htinst & 1) != 0 && (htinst >> 15 & 31) == (uint64_t)insn.offset);
    PROVE(insn.length == ((htinst & 2) != 0 ? 4 : 2));
    PROVE(insn.bits == (((uint32_t)htinst | 2) & 0xfff07fff));
    PROVE(hvrv_insn_decode(insn.bits, &memory) == HVRV_OK);
    PROVE(insn.kind == memory.kind && insn.op == memory.op && insn.size == memory.size);
    PROVE(insn.rd == memory.rd && insn.rs2 == memory.rs2 && insn.is_fp == memory.is_fp);
    PROVE(insn.is_signed == memory.is_signed && insn.aq == memory.aq && insn.rl == memory.rl);
    COVER(insn.kind == HVRV_INSN_LOAD && insn.offset == 31 && insn.length == 2);
    COVER(insn.kind == HVRV_INSN_AMO && insn.offset == 15 && insn.size == 16);
    COVER(insn.kind == HVRV_INSN_HLVX);
    COVER(insn.kind == HVRV_INSN_CBO);
}
