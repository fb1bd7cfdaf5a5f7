/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encodings are literals, as an assembler gave them; oracle/insn holds the rest against objdump.
 * Those that it does not know are tested here alone: Zalasr, and what is longer than 32 bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/isa/insn.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static struct hvrv_insn decode(uint32_t bits)
{
    struct hvrv_insn insn;

    memset(&insn, 0xa5, sizeof(insn));
    assert_int_equal(hvrv_insn_decode(bits, &insn), HVRV_OK);
    return insn;
}

static struct hvrv_insn decode_transformed(uint64_t htinst)
{
    struct hvrv_insn insn;

    memset(&insn, 0xa5, sizeof(insn));
    assert_int_equal(hvrv_insn_decode_transformed(htinst, &insn), HVRV_OK);
    assert_int_equal(hvrv_insn_is_transformed(htinst), insn.kind != HVRV_INSN_OTHER);
    return insn;
}

/* Every member, and so what an instruction does not have is 0. */
static void check(struct hvrv_insn insn, struct hvrv_insn expected)
{
    assert_int_equal(insn.kind, expected.kind);
    assert_int_equal(insn.op, expected.op);
    assert_int_equal(insn.length, expected.length);
    assert_int_equal(insn.size, expected.size);
    assert_int_equal(insn.is_signed, expected.is_signed);
    assert_int_equal(insn.is_fp, expected.is_fp);
    assert_int_equal(insn.is_immediate, expected.is_immediate);
    assert_int_equal(insn.aq, expected.aq);
    assert_int_equal(insn.rl, expected.rl);
    assert_int_equal(insn.rs2, expected.rs2);
    assert_true(insn.offset == expected.offset);
    assert_int_equal(insn.bits, expected.bits);
    assert_int_equal(insn.csr, expected.csr);
    assert_int_equal(insn.rd, expected.rd);
    assert_int_equal(insn.rs1, expected.rs1);
}

static void check_other(struct hvrv_insn insn, uint32_t bits, uint8_t length)
{
    check(insn, (struct hvrv_insn){.kind = HVRV_INSN_OTHER, .bits = bits, .length = length});
}

/* A load or store; its register is rd or rs2. */
struct access {
    uint32_t bits;
    enum hvrv_insn_kind kind;
    uint8_t size;
    bool is_signed, is_fp;
    uint8_t data, rs1;
    int64_t offset;
};

static struct hvrv_insn of_access(const struct access *row, uint8_t length)
{
    bool is_store = row->kind == HVRV_INSN_STORE || row->kind == HVRV_INSN_HSV;

    return (struct hvrv_insn){.kind = row->kind,
                              .length = length,
                              .size = row->size,
                              .is_signed = row->is_signed,
                              .is_fp = row->is_fp,
                              .rd = is_store ? 0 : row->data,
                              .rs2 = is_store ? row->data : 0,
                              .rs1 = row->rs1,
                              .offset = row->offset,
                              .bits = row->bits};
}

static const struct access accesses[] = {
    {0xfff58503, HVRV_INSN_LOAD, 1, true, false, 10, 11, -1},    /* lb x10,-1(x11) */
    {0x7ff41f83, HVRV_INSN_LOAD, 2, true, false, 31, 8, 2047},   /* lh x31,2047(x8) */
    {0x80012783, HVRV_INSN_LOAD, 4, true, false, 15, 2, -2048},  /* lw x15,-2048(x2) */
    {0x000fbf83, HVRV_INSN_LOAD, 8, true, false, 31, 31, 0},     /* ld x31,0(x31) */
    {0x0ff1c503, HVRV_INSN_LOAD, 1, false, false, 10, 3, 255},   /* lbu x10,255(x3) */
    {0x0020d003, HVRV_INSN_LOAD, 2, false, false, 0, 1, 2},      /* lhu x0,2(x1) */
    {0x0045e503, HVRV_INSN_LOAD, 4, false, false, 10, 11, 4},    /* lwu x10,4(x11) */
    {0x00211087, HVRV_INSN_LOAD, 2, false, true, 1, 2, 2},       /* flh f1,2(x2) */
    {0xffc5a507, HVRV_INSN_LOAD, 4, false, true, 10, 11, -4},    /* flw f10,-4(x11) */
    {0x008fbf87, HVRV_INSN_LOAD, 8, false, true, 31, 31, 8},     /* fld f31,8(x31) */
    {0x0100c007, HVRV_INSN_LOAD, 16, false, true, 0, 1, 16},     /* flq f0,16(x1) */
    {0xfea58fa3, HVRV_INSN_STORE, 1, false, false, 10, 11, -1},  /* sb x10,-1(x11) */
    {0x7ff41fa3, HVRV_INSN_STORE, 2, false, false, 31, 8, 2047}, /* sh x31,2047(x8) */
    {0x80012023, HVRV_INSN_STORE, 4, false, false, 0, 2, -2048}, /* sw x0,-2048(x2) */
    {0x03ffb023, HVRV_INSN_STORE, 8, false, false, 31, 31, 32},  /* sd x31,32(x31) */
    {0x00111127, HVRV_INSN_STORE, 2, false, true, 1, 2, 2},      /* fsh f1,2(x2) */
    {0xfea5ae27, HVRV_INSN_STORE, 4, false, true, 10, 11, -4},   /* fsw f10,-4(x11) */
    {0x01ffb427, HVRV_INSN_STORE, 8, false, true, 31, 31, 8},    /* fsd f31,8(x31) */
    {0x0000c827, HVRV_INSN_STORE, 16, false, true, 0, 1, 16},    /* fsq f0,16(x1) */
};

static void loads_and_stores_have_size_sign_registers_and_offset(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(accesses); i++)
        check(decode(accesses[i].bits), of_access(&accesses[i], 4));
}

static const struct access compressed[] = {
    {0x4380, HVRV_INSN_LOAD, 4, true, false, 8, 15, 0},     /* c.lw x8,0(x15) */
    {0x5c7c, HVRV_INSN_LOAD, 4, true, false, 15, 8, 124},   /* c.lw x15,124(x8) */
    {0x4124, HVRV_INSN_LOAD, 4, true, false, 9, 10, 64},    /* c.lw x9,64(x10) */
    {0x4144, HVRV_INSN_LOAD, 4, true, false, 9, 10, 4},     /* c.lw x9,4(x10) */
    {0x7ce0, HVRV_INSN_LOAD, 8, true, false, 8, 9, 248},    /* c.ld x8,248(x9) */
    {0x607c, HVRV_INSN_LOAD, 8, true, false, 15, 8, 192},   /* c.ld x15,192(x8) */
    {0x7c1c, HVRV_INSN_LOAD, 8, true, false, 15, 8, 56},    /* c.ld x15,56(x8) */
    {0x3ce0, HVRV_INSN_LOAD, 8, false, true, 8, 9, 248},    /* c.fld f8,248(x9) */
    {0x241c, HVRV_INSN_LOAD, 8, false, true, 15, 8, 8},     /* c.fld f15,8(x8) */
    {0xdfe0, HVRV_INSN_STORE, 4, false, false, 8, 15, 124}, /* c.sw x8,124(x15) */
    {0xc05c, HVRV_INSN_STORE, 4, false, false, 15, 8, 4},   /* c.sw x15,4(x8) */
    {0xffe0, HVRV_INSN_STORE, 8, false, false, 8, 15, 248}, /* c.sd x8,248(x15) */
    {0xe03c, HVRV_INSN_STORE, 8, false, false, 15, 8, 64},  /* c.sd x15,64(x8) */
    {0xbd64, HVRV_INSN_STORE, 8, false, true, 9, 10, 248},  /* c.fsd f9,248(x10) */
    {0x5ffe, HVRV_INSN_LOAD, 4, true, false, 31, 2, 252},   /* c.lwsp x31,252(x2) */
    {0x4092, HVRV_INSN_LOAD, 4, true, false, 1, 2, 4},      /* c.lwsp x1,4(x2) */
    {0x408e, HVRV_INSN_LOAD, 4, true, false, 1, 2, 192},    /* c.lwsp x1,192(x2) */
    {0x7ffe, HVRV_INSN_LOAD, 8, true, false, 31, 2, 504},   /* c.ldsp x31,504(x2) */
    {0x60a2, HVRV_INSN_LOAD, 8, true, false, 1, 2, 8},      /* c.ldsp x1,8(x2) */
    {0x609e, HVRV_INSN_LOAD, 8, true, false, 1, 2, 448},    /* c.ldsp x1,448(x2) */
    {0x307e, HVRV_INSN_LOAD, 8, false, true, 0, 2, 504},    /* c.fldsp f0,504(x2) */
    {0x3f82, HVRV_INSN_LOAD, 8, false, true, 31, 2, 32},    /* c.fldsp f31,32(x2) */
    {0xdf82, HVRV_INSN_STORE, 4, false, false, 0, 2, 252},  /* c.swsp x0,252(x2) */
    {0xc27e, HVRV_INSN_STORE, 4, false, false, 31, 2, 4},   /* c.swsp x31,4(x2) */
    {0xc186, HVRV_INSN_STORE, 4, false, false, 1, 2, 192},  /* c.swsp x1,192(x2) */
    {0xff82, HVRV_INSN_STORE, 8, false, false, 0, 2, 504},  /* c.sdsp x0,504(x2) */
    {0xe47e, HVRV_INSN_STORE, 8, false, false, 31, 2, 8},   /* c.sdsp x31,8(x2) */
    {0xe386, HVRV_INSN_STORE, 8, false, false, 1, 2, 448},  /* c.sdsp x1,448(x2) */
    {0xbf82, HVRV_INSN_STORE, 8, false, true, 0, 2, 504},   /* c.fsdsp f0,504(x2) */
    {0x83e0, HVRV_INSN_LOAD, 1, false, false, 8, 15, 3},    /* c.lbu x8,3(x15) */
    {0x805c, HVRV_INSN_LOAD, 1, false, false, 15, 8, 1},    /* c.lbu x15,1(x8) */
    {0x803c, HVRV_INSN_LOAD, 1, false, false, 15, 8, 2},    /* c.lbu x15,2(x8) */
    {0x8524, HVRV_INSN_LOAD, 2, false, false, 9, 10, 2},    /* c.lhu x9,2(x10) */
    {0x8504, HVRV_INSN_LOAD, 2, false, false, 9, 10, 0},    /* c.lhu x9,0(x10) */
    {0x8564, HVRV_INSN_LOAD, 2, true, false, 9, 10, 2},     /* c.lh x9,2(x10) */
    {0x855c, HVRV_INSN_LOAD, 2, true, false, 15, 10, 0},    /* c.lh x15,0(x10) */
    {0x8be0, HVRV_INSN_STORE, 1, false, false, 8, 15, 3},   /* c.sb x8,3(x15) */
    {0x885c, HVRV_INSN_STORE, 1, false, false, 15, 8, 1},   /* c.sb x15,1(x8) */
    {0x8d24, HVRV_INSN_STORE, 2, false, false, 9, 10, 2},   /* c.sh x9,2(x10) */
};

static void compressed_loads_and_stores_are_what_they_expand_to(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(compressed); i++)
        check(decode(compressed[i].bits), of_access(&compressed[i], 2));
}

/* Then the halfword of the next instruction may be there, too. */
static void what_follows_a_compressed_instruction_is_not_looked_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(compressed); i++) {
        check(decode(compressed[i].bits | 0xffff0000), of_access(&compressed[i], 2));
        check(decode(compressed[i].bits | 0x45030000), of_access(&compressed[i], 2));
    }
    check_other(decode(0x45030001), 0x0001, 2);
    check_other(decode(0x45034002), 0x4002, 2);
}

static void loads_by_the_stack_pointer_into_x0_are_reserved(void **state)
{
    (void)state;
    check_other(decode(0x4002), 0x4002, 2);                /* c.lwsp x0, 0(sp) */
    check_other(decode(0x507e), 0x507e, 2);                /* c.lwsp x0, 252(sp) */
    check_other(decode(0x6002), 0x6002, 2);                /* c.ldsp x0, 0(sp) */
    check_other(decode(0x707e), 0x707e, 2);                /* c.ldsp x0, 504(sp) */
    assert_int_equal(decode(0x2002).kind, HVRV_INSN_LOAD); /* c.fldsp f0, 0(sp) */
}

/* Bits 11:7, which are rd elsewhere, are part of the offset here. */
static void stores_by_the_stack_pointer_have_no_rd(void **state)
{
    (void)state;
    for (uint32_t field = 0; field < 32; field++) {
        struct hvrv_insn sw = decode(0xc006 | field << 7), sd = decode(0xe006 | field << 7);

        assert_int_equal(sw.kind, HVRV_INSN_STORE);
        assert_int_equal(sd.kind, HVRV_INSN_STORE);
        assert_int_equal(sw.rd, 0);
        assert_int_equal(sd.rd, 0);
        assert_int_equal(sw.rs2, 1);
        assert_int_equal(sd.rs2, 1);
    }
}

static void zcb_leaves_the_rest_of_its_space_reserved(void **state)
{
    static const uint16_t reserved[] = {0x8c40, 0x8c7c, 0x9000, 0x9400, 0x9800, 0x9c00, 0x9ffc};

    (void)state;
    for (size_t i = 0; i < LENGTH(reserved); i++)
        check_other(decode(reserved[i]), reserved[i], 2);
}

static void every_half_has_a_size_an_offset_and_registers_in_range(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        struct hvrv_insn insn = decode(bits);

        if ((bits & 3) == 3)
            continue;
        assert_int_equal(insn.length, 2);
        assert_true(insn.kind <= HVRV_INSN_STORE);
        assert_true(insn.rd < 32 && insn.rs1 < 32 && insn.rs2 < 32);
        if (insn.kind == HVRV_INSN_OTHER)
            continue;
        assert_true(insn.size == 1 || insn.size == 2 || insn.size == 4 || insn.size == 8);
        assert_true(insn.offset >= 0 && insn.offset <= 504);
        assert_int_equal(insn.offset % insn.size, 0);
    }
}

static const struct {
    uint32_t bits;
    enum hvrv_insn_kind kind;
    enum hvrv_insn_op op;
    uint8_t size;
    bool aq, rl;
    uint8_t rd, rs1, rs2;
} atomics[] = {
    {0x1005a52f, HVRV_INSN_LR, HVRV_INSN_OP_NONE, 4, false, false, 10, 11, 0}, /* lr.w x10,(x11) */
    {0x160f3faf, HVRV_INSN_LR, HVRV_INSN_OP_NONE, 8, true, true, 31, 30,
     0}, /* lr.d.aqrl x31,(x30) */
    {0x18b6252f, HVRV_INSN_SC, HVRV_INSN_OP_NONE, 4, false, false, 10, 12,
     11}, /* sc.w x10,x11,(x12) */
    {0x1bff302f, HVRV_INSN_SC, HVRV_INSN_OP_NONE, 8, false, true, 0, 30,
     31}, /* sc.d.rl x0,x31,(x30) */
    {0x08b6252f, HVRV_INSN_AMO, HVRV_INSN_AMO_SWAP, 4, false, false, 10, 12,
     11}, /* amoswap.w x10,x11,(x12) */
    {0x00b6052f, HVRV_INSN_AMO, HVRV_INSN_AMO_ADD, 1, false, false, 10, 12,
     11}, /* amoadd.b x10,x11,(x12) */
    {0x24b6152f, HVRV_INSN_AMO, HVRV_INSN_AMO_XOR, 2, true, false, 10, 12,
     11}, /* amoxor.h.aq x10,x11,(x12) */
    {0x62b6352f, HVRV_INSN_AMO, HVRV_INSN_AMO_AND, 8, false, true, 10, 12,
     11}, /* amoand.d.rl x10,x11,(x12) */
    {0x46b6252f, HVRV_INSN_AMO, HVRV_INSN_AMO_OR, 4, true, true, 10, 12,
     11}, /* amoor.w.aqrl x10,x11,(x12) */
    {0x8006202f, HVRV_INSN_AMO, HVRV_INSN_AMO_MIN, 4, false, false, 0, 12,
     0}, /* amomin.w x0,x0,(x12) */
    {0xa0b6352f, HVRV_INSN_AMO, HVRV_INSN_AMO_MAX, 8, false, false, 10, 12,
     11}, /* amomax.d x10,x11,(x12) */
    {0xc0b6052f, HVRV_INSN_AMO, HVRV_INSN_AMO_MINU, 1, false, false, 10, 12,
     11}, /* amominu.b x10,x11,(x12) */
    {0xe0b6152f, HVRV_INSN_AMO, HVRV_INSN_AMO_MAXU, 2, false, false, 10, 12,
     11}, /* amomaxu.h x10,x11,(x12) */
    {0x28b6052f, HVRV_INSN_AMO, HVRV_INSN_AMO_CAS, 1, false, false, 10, 12,
     11}, /* amocas.b x10,x11,(x12) */
    {0x28b6252f, HVRV_INSN_AMO, HVRV_INSN_AMO_CAS, 4, false, false, 10, 12,
     11}, /* amocas.w x10,x11,(x12) */
    {0x29d63faf, HVRV_INSN_AMO, HVRV_INSN_AMO_CAS, 8, false, false, 31, 12,
     29}, /* amocas.d x31,x29,(x12) */
    {0x28c7452f, HVRV_INSN_AMO, HVRV_INSN_AMO_CAS, 16, false, false, 10, 14,
     12}, /* amocas.q x10,x12,(x14) */
    {0x2fe7402f, HVRV_INSN_AMO, HVRV_INSN_AMO_CAS, 16, true, true, 0, 14,
     30}, /* amocas.q.aqrl x0,x30,(x14) */
};

static void atomics_have_operation_width_and_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(atomics); i++) {
        check(decode(atomics[i].bits),
              (struct hvrv_insn){.kind = atomics[i].kind,
                                 .op = atomics[i].op,
                                 .length = 4,
                                 .size = atomics[i].size,
                                 .is_signed = atomics[i].kind != HVRV_INSN_SC,
                                 .aq = atomics[i].aq,
                                 .rl = atomics[i].rl,
                                 .rd = atomics[i].rd,
                                 .rs1 = atomics[i].rs1,
                                 .rs2 = atomics[i].rs2,
                                 .bits = atomics[i].bits});
    }
}

static void every_operation_has_four_widths_and_four_orders(void **state)
{
    static const struct {
        uint32_t funct5;
        enum hvrv_insn_op op;
    } rows[] = {
        {0x00, HVRV_INSN_AMO_ADD},  {0x01, HVRV_INSN_AMO_SWAP}, {0x04, HVRV_INSN_AMO_XOR},
        {0x05, HVRV_INSN_AMO_CAS},  {0x08, HVRV_INSN_AMO_OR},   {0x0c, HVRV_INSN_AMO_AND},
        {0x10, HVRV_INSN_AMO_MIN},  {0x14, HVRV_INSN_AMO_MAX},  {0x18, HVRV_INSN_AMO_MINU},
        {0x1c, HVRV_INSN_AMO_MAXU},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (uint32_t width = 0; width < 4; width++) {
            for (uint32_t order = 0; order < 4; order++) {
                uint32_t bits = rows[i].funct5 << 27 | order << 25 | width << 12 | 0x00d606af;

                check(decode(bits), (struct hvrv_insn){.kind = HVRV_INSN_AMO,
                                                       .op = rows[i].op,
                                                       .length = 4,
                                                       .size = (uint8_t)(1U << width),
                                                       .is_signed = true,
                                                       .aq = order >= 2,
                                                       .rl = order % 2 == 1,
                                                       .rd = 13,
                                                       .rs1 = 12,
                                                       .rs2 = 13,
                                                       .bits = bits});
            }
        }
    }
}

/* Zalasr: loads that acquire, stores that release; binutils 2.44 does not know them. */
static void loads_that_acquire_and_stores_that_release_are_loads_and_stores(void **state)
{
    static const struct {
        struct access access;
        bool aq, rl;
    } rows[] = {
        {{0x3405852f, HVRV_INSN_LOAD, 1, true, false, 10, 11, 0}, true, false},   /* lb.aq */
        {{0x3605952f, HVRV_INSN_LOAD, 2, true, false, 10, 11, 0}, true, true},    /* lh.aqrl */
        {{0x3405a52f, HVRV_INSN_LOAD, 4, true, false, 10, 11, 0}, true, false},   /* lw.aq */
        {{0x3605b52f, HVRV_INSN_LOAD, 8, true, false, 10, 11, 0}, true, true},    /* ld.aqrl */
        {{0x3aa5802f, HVRV_INSN_STORE, 1, false, false, 10, 11, 0}, false, true}, /* sb.rl */
        {{0x3ea5902f, HVRV_INSN_STORE, 2, false, false, 10, 11, 0}, true, true},  /* sh.aqrl */
        {{0x3aa5a02f, HVRV_INSN_STORE, 4, false, false, 10, 11, 0}, false, true}, /* sw.rl */
        {{0x3ea5b02f, HVRV_INSN_STORE, 8, false, false, 10, 11, 0}, true, true},  /* sd.aqrl */
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct hvrv_insn expected = of_access(&rows[i].access, 4);

        expected.aq = rows[i].aq;
        expected.rl = rows[i].rl;
        check(decode(rows[i].access.bits), expected);
        check_other(decode_transformed(rows[i].access.bits & ~UINT32_C(0xf8000)), 0, 0);
    }
}

static const struct access virtual_accesses[] = {
    {0x6005c573, HVRV_INSN_HLV, 1, true, false, 10, 11, 0},   /* hlv.b x10,(x11) */
    {0x6015c573, HVRV_INSN_HLV, 1, false, false, 10, 11, 0},  /* hlv.bu x10,(x11) */
    {0x6405c573, HVRV_INSN_HLV, 2, true, false, 10, 11, 0},   /* hlv.h x10,(x11) */
    {0x6415c573, HVRV_INSN_HLV, 2, false, false, 10, 11, 0},  /* hlv.hu x10,(x11) */
    {0x6435c573, HVRV_INSN_HLVX, 2, false, false, 10, 11, 0}, /* hlvx.hu x10,(x11) */
    {0x6805c573, HVRV_INSN_HLV, 4, true, false, 10, 11, 0},   /* hlv.w x10,(x11) */
    {0x6815c573, HVRV_INSN_HLV, 4, false, false, 10, 11, 0},  /* hlv.wu x10,(x11) */
    {0x6835c573, HVRV_INSN_HLVX, 4, false, false, 10, 11, 0}, /* hlvx.wu x10,(x11) */
    {0x6c05c573, HVRV_INSN_HLV, 8, true, false, 10, 11, 0},   /* hlv.d x10,(x11) */
    {0x62a5c073, HVRV_INSN_HSV, 1, false, false, 10, 11, 0},  /* hsv.b x10,(x11) */
    {0x66a5c073, HVRV_INSN_HSV, 2, false, false, 10, 11, 0},  /* hsv.h x10,(x11) */
    {0x6aa5c073, HVRV_INSN_HSV, 4, false, false, 10, 11, 0},  /* hsv.w x10,(x11) */
    {0x6ea5c073, HVRV_INSN_HSV, 8, false, false, 10, 11, 0},  /* hsv.d x10,(x11) */
};

static void accesses_as_a_guest_are_kinds_of_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(virtual_accesses); i++)
        check(decode(virtual_accesses[i].bits), of_access(&virtual_accesses[i], 4));
}

static void csr_instructions_have_a_number_and_an_operand(void **state)
{
    static const struct {
        uint32_t bits;
        enum hvrv_insn_op op;
        bool is_immediate;
        uint16_t csr;
        uint8_t rd, rs1;
    } rows[] = {
        {0x14059573, HVRV_INSN_CSR_WRITE, false, 0x140, 10, 11}, /* csrrw x10,sscratch,x11 */
        {0xc0102573, HVRV_INSN_CSR_SET, false, 0xc01, 10, 0},    /* csrrs x10,time,x0 */
        {0x1005b073, HVRV_INSN_CSR_CLEAR, false, 0x100, 0, 11},  /* csrrc x0,sstatus,x11 */
        {0xffffd573, HVRV_INSN_CSR_WRITE, true, 0xfff, 10, 31},  /* csrrwi x10,0xfff,31 */
        {0x10016073, HVRV_INSN_CSR_SET, true, 0x100, 0, 2},      /* csrrsi x0,sstatus,2 */
        {0x18007573, HVRV_INSN_CSR_CLEAR, true, 0x180, 10, 0},   /* csrrci x10,satp,0 */
        {0xc0001073, HVRV_INSN_CSR_WRITE, false, 0xc00, 0, 0},   /* csrrw x0,cycle,x0: unimp */
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check(decode(rows[i].bits), (struct hvrv_insn){.kind = HVRV_INSN_CSR,
                                                       .op = rows[i].op,
                                                       .length = 4,
                                                       .is_immediate = rows[i].is_immediate,
                                                       .csr = rows[i].csr,
                                                       .rd = rows[i].rd,
                                                       .rs1 = rows[i].rs1,
                                                       .bits = rows[i].bits});
}

static void waits_returns_fences_and_cache_blocks_are_told_apart(void **state)
{
    static const struct {
        uint32_t bits;
        enum hvrv_insn_kind kind;
        enum hvrv_insn_op op;
        uint8_t rs1, rs2;
    } rows[] = {
        {0x10500073, HVRV_INSN_WFI, HVRV_INSN_OP_NONE, 0, 0},            /* wfi */
        {0x00d00073, HVRV_INSN_WRS, HVRV_INSN_WRS_NTO, 0, 0},            /* wrs.nto */
        {0x01d00073, HVRV_INSN_WRS, HVRV_INSN_WRS_STO, 0, 0},            /* wrs.sto */
        {0x10200073, HVRV_INSN_SRET, HVRV_INSN_OP_NONE, 0, 0},           /* sret */
        {0x12000073, HVRV_INSN_SFENCE, HVRV_INSN_SFENCE_VMA, 0, 0},      /* sfence.vma x0,x0 */
        {0x12b50073, HVRV_INSN_SFENCE, HVRV_INSN_SFENCE_VMA, 10, 11},    /* sfence.vma x10,x11 */
        {0x16b50073, HVRV_INSN_SFENCE, HVRV_INSN_SINVAL_VMA, 10, 11},    /* sinval.vma x10,x11 */
        {0x18000073, HVRV_INSN_SFENCE, HVRV_INSN_SFENCE_W_INVAL, 0, 0},  /* sfence.w.inval */
        {0x18100073, HVRV_INSN_SFENCE, HVRV_INSN_SFENCE_INVAL_IR, 0, 0}, /* sfence.inval.ir */
        {0x22b50073, HVRV_INSN_HFENCE, HVRV_INSN_HFENCE_VVMA, 10, 11},   /* hfence.vvma x10,x11 */
        {0x62b50073, HVRV_INSN_HFENCE, HVRV_INSN_HFENCE_GVMA, 10, 11},   /* hfence.gvma x10,x11 */
        {0x26b50073, HVRV_INSN_HFENCE, HVRV_INSN_HINVAL_VVMA, 10, 11},   /* hinval.vvma x10,x11 */
        {0x66b50073, HVRV_INSN_HFENCE, HVRV_INSN_HINVAL_GVMA, 10, 11},   /* hinval.gvma x10,x11 */
        {0x0005200f, HVRV_INSN_CBO, HVRV_INSN_CBO_INVAL, 10, 0},         /* cbo.inval (x10) */
        {0x0015200f, HVRV_INSN_CBO, HVRV_INSN_CBO_CLEAN, 10, 0},         /* cbo.clean (x10) */
        {0x0025200f, HVRV_INSN_CBO, HVRV_INSN_CBO_FLUSH, 10, 0},         /* cbo.flush (x10) */
        {0x0045200f, HVRV_INSN_CBO, HVRV_INSN_CBO_ZERO, 10, 0},          /* cbo.zero (x10) */
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check(decode(rows[i].bits), (struct hvrv_insn){.kind = rows[i].kind,
                                                       .op = rows[i].op,
                                                       .length = 4,
                                                       .rs1 = rows[i].rs1,
                                                       .rs2 = rows[i].rs2,
                                                       .bits = rows[i].bits});
}

static void what_is_none_of_them_has_a_length_alone(void **state)
{
    static const struct {
        uint32_t bits;
        uint8_t length;
    } rows[] = {
        {0x30200073, 4}, /* mret */
        {0x00000073, 4}, /* ecall */
        {0x00100073, 4}, /* ebreak */
        {0x0ff0000f, 4}, /* fence iorw,iorw */
        {0x0000100f, 4}, /* fence.i */
        {0x00150513, 4}, /* addi x10,x10,1 */
        {0x00000017, 4}, /* lpad 0x0 */
        {0x02050087, 4}, /* vle8.v v1,(x10) */
        {0x020570a7, 4}, /* vse64.v v1,(x10) */
        {0x02156013, 4}, /* prefetch.r 32(x10) */
        {0x0001, 2},     /* c.addi x0,0 */
        {0x9002, 2},     /* c.ebreak */
        {0x8502, 2},     /* c.jr x10 */
        {0x9d61, 2},     /* c.zext.b x10 */
        {0x0808, 2},     /* c.addi4spn x10,x2,16 */
        {0x0000, 2},     /* illegal by definition */
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_other(decode(rows[i].bits), rows[i].bits, rows[i].length);
}

static void a_reserved_encoding_is_none_of_them(void **state)
{
    static const uint32_t rows[] = {
        0x00007503, /* a load of funct3 7 */
        0x00000507, /* a load to f of a byte: vector's */
        0x00005507, /* and of funct3 5 */
        0x00004023, /* a store of funct3 4 */
        0x00007023, /* and of 7 */
        0x00000027, /* a store from f of a byte: vector's */
        0x00005027, /* and of funct3 5 */
        0x1010252f, /* lr.w with rs2 = 1 */
        0x1000052f, /* lr.b */
        0x1000152f, /* lr.h */
        0x1000452f, /* lr.q */
        0x18b0052f, /* sc.b */
        0x18b0452f, /* sc.q */
        0x08b0452f, /* amoswap.q */
        0x00b0552f, /* amoadd of funct3 5 */
        0x28b0552f, /* amocas of funct3 5 */
        0x28b0452f, /* amocas.q with rs2 = 11 */
        0x28a045af, /* amocas.q with rd = 11 */
        0x48b6252f, /* funct5 9, which is Zicfiss's */
        0x50b6252f, /* funct5 10, which is nobody's */
        0x3005a52f, /* Zalasr: a load without aq */
        0x3205a52f, /* and with rl alone */
        0x3415a52f, /* and with rs2 */
        0x38a5a02f, /* a store without rl */
        0x3ca5a02f, /* and with aq alone */
        0x3aa5a0af, /* and with rd */
        0x3405c52f, /* and of 16 bytes */
        0x105000f3, /* wfi with rd */
        0x10508073, /* wfi with rs1 */
        0x00d080f3, /* wrs.nto with registers */
        0x00c00073, /* beside wrs.nto */
        0x102000f3, /* sret with rd */
        0x120000f3, /* sfence.vma with rd */
        0x18008073, /* sfence.w.inval with rs1 */
        0x18200073, /* sfence.w.inval's space, rs2 = 2 */
        0x220000f3, /* hfence.vvma with rd */
        0x6025c573, /* hlv of bytes with rs2 = 2 */
        0x6035c573, /* hlvx of bytes */
        0x6c15c573, /* hlv.du */
        0x6c35c573, /* hlvx.d */
        0x62a5c0f3, /* hsv.b with rd */
        0x70a5c073, /* funct7 beyond hsv.d */
        0x0005208f, /* cbo.inval with rd */
        0x0035200f, /* a cache-block operation 3 */
        0x0055200f, /* and 5 */
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_other(decode(rows[i]), rows[i], 4);
}

static void an_instruction_longer_than_32_bits_has_no_length(void **state)
{
    static const uint32_t rows[] = {0x0000001f, 0x0000003f, 0x0000005f, 0x0000007f, 0xffffffff};

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_other(decode(rows[i]), rows[i], 0);
}

/* norm:H_trap_xtinst, norm:H_tinst_addr_offset: rs1 has what the fault is above the address. */
static void a_transformed_instruction_has_an_address_offset_for_rs1(void **state)
{
    (void)state;
    /* ld a0: the fault is 5 bytes in */
    check(decode_transformed(0x0002b503), (struct hvrv_insn){.kind = HVRV_INSN_LOAD,
                                                             .length = 4,
                                                             .size = 8,
                                                             .is_signed = true,
                                                             .rd = 10,
                                                             .offset = 5,
                                                             .bits = 0x00003503});
    /* c.sw a0, as sw a0 with bit 1 cleared: 3 bytes in */
    check(decode_transformed(0x00a1a021), (struct hvrv_insn){.kind = HVRV_INSN_STORE,
                                                             .length = 2,
                                                             .size = 4,
                                                             .rs2 = 10,
                                                             .offset = 3,
                                                             .bits = 0x00a02023});
    /* amocas.q.aqrl a0, a2: 15 bytes in, which only an access fault may be */
    check(decode_transformed(0x2ec7c52f), (struct hvrv_insn){.kind = HVRV_INSN_AMO,
                                                             .op = HVRV_INSN_AMO_CAS,
                                                             .length = 4,
                                                             .size = 16,
                                                             .is_signed = true,
                                                             .aq = true,
                                                             .rl = true,
                                                             .rd = 10,
                                                             .rs2 = 12,
                                                             .offset = 15,
                                                             .bits = 0x2ec0452f});
    /* cbo.zero has no offset */
    check(decode_transformed(0x0040200f),
          (struct hvrv_insn){
              .kind = HVRV_INSN_CBO, .op = HVRV_INSN_CBO_ZERO, .length = 4, .bits = 0x0040200f});
}

/* norm:H_trap_xtinst: the same but for rs1 and offset, with bit 1 for the length. */
static void every_access_has_its_transformed_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(accesses); i++) {
        struct hvrv_insn expected = of_access(&accesses[i], 4);
        uint32_t immediates = expected.kind == HVRV_INSN_LOAD ? 0xfff00000 : 0xfe000f80;

        expected.rs1 = 0;
        expected.offset = 0;
        expected.bits &= ~(immediates | 0x000f8000);
        check(decode_transformed(expected.bits), expected);
        expected.length = 2;
        check(decode_transformed(expected.bits & ~UINT32_C(2)), expected);
    }
    for (size_t i = 0; i < LENGTH(atomics); i++) {
        struct hvrv_insn expected = decode(atomics[i].bits);

        expected.rs1 = 0;
        expected.offset = 1;
        expected.bits &= ~UINT32_C(0x000f8000);
        check(decode_transformed(expected.bits | 0x8000), expected);
    }
    for (size_t i = 0; i < LENGTH(virtual_accesses); i++) {
        struct hvrv_insn expected = of_access(&virtual_accesses[i], 4);

        expected.rs1 = 0;
        expected.offset = 31;
        expected.bits &= ~UINT32_C(0x000f8000);
        check(decode_transformed(expected.bits | 0x000f8000), expected);
    }
}

/* The manual: it is not necessary to confirm that the immediates are zeros. */
static void immediates_of_a_transformed_access_are_not_looked_at(void **state)
{
    struct hvrv_insn load = decode_transformed(0xfff02503), store = decode_transformed(0xfea02fa3);

    (void)state;
    assert_int_equal(load.kind, HVRV_INSN_LOAD);
    assert_int_equal(load.offset, 0);
    assert_int_equal(store.kind, HVRV_INSN_STORE);
    assert_int_equal(store.offset, 0);
    assert_int_equal(store.rd, 0);
}

/* norm:H_trap_xtinst_exception_list, norm:H_trap_xtinst_guestpage */
static void what_conforms_to_no_transformation_is_none(void **state)
{
    static const uint64_t rows[] = {
        0,      /* nothing */
        0x3000, /* the pseudoinstructions */
        0x3020,
        0x2000,
        0x2020,
        0x00002502,         /* bits 1:0 are 10 */
        0x00002500,         /* and 00 */
        0x100002503,        /* lw, but bit 32 */
        0x8000000000002503, /* lw, but bit 63 */
        0x4388,             /* c.lw itself */
        0x00007503,         /* reserved */
        0x00007501,         /* and compressed */
        0x28b0452f,         /* amocas.q of an odd register */
        0x0004200f,         /* cbo.inval with a register or an offset */
        0x10500073,         /* wfi, */
        0x00d00073,         /* wrs.nto, */
        0x30002573,         /* csrr, */
        0x10200073,         /* sret, */
        0x12000073,         /* sfence.vma and */
        0x22000073,         /* hfence.vvma have no transformation */
        0x00000513,         /* addi */
        0x0000000b,         /* custom-0 */
        0xffffffff,
        UINT64_MAX,
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_other(decode_transformed(rows[i]), 0, 0);
}

static void a_null_pointer_is_a_status(void **state)
{
    (void)state;
    assert_int_equal(hvrv_insn_decode(0x2503, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_insn_decode(0, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_insn_decode_transformed(0x2503, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_insn_decode_transformed(0, NULL), HVRV_ERR_NULL);
}

static void every_kind_has_a_name(void **state)
{
    static const char *const names[] = {
        "other",
        "load",
        "store",
        "load-reserved",
        "store-conditional",
        "atomic memory operation",
        "virtual-machine load",
        "virtual-machine load of code",
        "virtual-machine store",
        "CSR access",
        "wait for interrupt",
        "wait on reservation set",
        "return from trap",
        "supervisor fence",
        "hypervisor fence",
        "cache-block operation",
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++)
        assert_string_equal(hvrv_insn_kind_name((enum hvrv_insn_kind)i), names[i]);
    assert_string_equal(hvrv_insn_kind_name((enum hvrv_insn_kind)LENGTH(names)), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_and_stores_have_size_sign_registers_and_offset),
        cmocka_unit_test(compressed_loads_and_stores_are_what_they_expand_to),
        cmocka_unit_test(what_follows_a_compressed_instruction_is_not_looked_at),
        cmocka_unit_test(loads_by_the_stack_pointer_into_x0_are_reserved),
        cmocka_unit_test(stores_by_the_stack_pointer_have_no_rd),
        cmocka_unit_test(zcb_leaves_the_rest_of_its_space_reserved),
        cmocka_unit_test(every_half_has_a_size_an_offset_and_registers_in_range),
        cmocka_unit_test(atomics_have_operation_width_and_order),
        cmocka_unit_test(every_operation_has_four_widths_and_four_orders),
        cmocka_unit_test(loads_that_acquire_and_stores_that_release_are_loads_and_stores),
        cmocka_unit_test(accesses_as_a_guest_are_kinds_of_their_own),
        cmocka_unit_test(csr_instructions_have_a_number_and_an_operand),
        cmocka_unit_test(waits_returns_fences_and_cache_blocks_are_told_apart),
        cmocka_unit_test(what_is_none_of_them_has_a_length_alone),
        cmocka_unit_test(a_reserved_encoding_is_none_of_them),
        cmocka_unit_test(an_instruction_longer_than_32_bits_has_no_length),
        cmocka_unit_test(a_transformed_instruction_has_an_address_offset_for_rs1),
        cmocka_unit_test(every_access_has_its_transformed_form),
        cmocka_unit_test(immediates_of_a_transformed_access_are_not_looked_at),
        cmocka_unit_test(what_conforms_to_no_transformation_is_none),
        cmocka_unit_test(a_null_pointer_is_a_status),
        cmocka_unit_test(every_kind_has_a_name),
    };

    return cmocka_run_group_tests_name("isa/insn", tests, NULL, NULL);
}
