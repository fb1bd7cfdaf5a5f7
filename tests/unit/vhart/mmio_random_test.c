/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every load, store and AMO with random registers and values, against an interpreter: a table,
 * written from the manual, of what each does, which shares nothing with the decoder. The
 * instruction comes from memory or from htinst, in turn.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/mmio.h>

#include <model/hart.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SEED          UINT64_C(0x6d6d696f)
#define ROUNDS        400 /* of each instruction */
#define FS            UINT64_C(0x6000)

enum format { I, S, R, CL, CS, CLSP, CSSP, CLB, CLH, CSB, CSH };
enum what { LOAD, LOADU, FLOAD, STORE, FSTORE, SWAP, ADD, XOR, AND, OR, MIN, MAX, MINU, MAXU, CAS };

/* expansion: a compressed one's in 32 bits, without registers and offset. */
struct form {
    const char *name;
    uint32_t bits;
    enum format format;
    enum what what;
    unsigned size;
    uint32_t expansion;
};

#define AMO(name, funct5, what)                              \
    {name ".b", (funct5) << 27 | 0x002f, R, what, 1, 0},     \
        {name ".h", (funct5) << 27 | 0x102f, R, what, 2, 0}, \
        {name ".w", (funct5) << 27 | 0x202f, R, what, 4, 0}, \
    {                                                        \
        name ".d", (funct5) << 27 | 0x302f, R, what, 8, 0    \
    }

static const struct form forms[] = {
    {"lb", 0x0003, I, LOAD, 1, 0},
    {"lh", 0x1003, I, LOAD, 2, 0},
    {"lw", 0x2003, I, LOAD, 4, 0},
    {"ld", 0x3003, I, LOAD, 8, 0},
    {"lbu", 0x4003, I, LOADU, 1, 0},
    {"lhu", 0x5003, I, LOADU, 2, 0},
    {"lwu", 0x6003, I, LOADU, 4, 0},
    {"flh", 0x1007, I, FLOAD, 2, 0},
    {"flw", 0x2007, I, FLOAD, 4, 0},
    {"fld", 0x3007, I, FLOAD, 8, 0},
    {"sb", 0x0023, S, STORE, 1, 0},
    {"sh", 0x1023, S, STORE, 2, 0},
    {"sw", 0x2023, S, STORE, 4, 0},
    {"sd", 0x3023, S, STORE, 8, 0},
    {"fsh", 0x1027, S, FSTORE, 2, 0},
    {"fsw", 0x2027, S, FSTORE, 4, 0},
    {"fsd", 0x3027, S, FSTORE, 8, 0},
    {"c.lw", 0x4000, CL, LOAD, 4, 0x2003},
    {"c.ld", 0x6000, CL, LOAD, 8, 0x3003},
    {"c.fld", 0x2000, CL, FLOAD, 8, 0x3007},
    {"c.sw", 0xc000, CS, STORE, 4, 0x2023},
    {"c.sd", 0xe000, CS, STORE, 8, 0x3023},
    {"c.fsd", 0xa000, CS, FSTORE, 8, 0x3027},
    {"c.lwsp", 0x4002, CLSP, LOAD, 4, 0x2003},
    {"c.ldsp", 0x6002, CLSP, LOAD, 8, 0x3003},
    {"c.fldsp", 0x2002, CLSP, FLOAD, 8, 0x3007},
    {"c.swsp", 0xc002, CSSP, STORE, 4, 0x2023},
    {"c.sdsp", 0xe002, CSSP, STORE, 8, 0x3023},
    {"c.fsdsp", 0xa002, CSSP, FSTORE, 8, 0x3027},
    {"c.lbu", 0x8000, CLB, LOADU, 1, 0x4003},
    {"c.lhu", 0x8400, CLH, LOADU, 2, 0x5003},
    {"c.lh", 0x8440, CLH, LOAD, 2, 0x1003},
    {"c.sb", 0x8800, CSB, STORE, 1, 0x0023},
    {"c.sh", 0x8c00, CSH, STORE, 2, 0x1023},
    AMO("amoswap", 0x01U, SWAP),
    AMO("amoadd", 0x00U, ADD),
    AMO("amoxor", 0x04U, XOR),
    AMO("amoand", 0x0cU, AND),
    AMO("amoor", 0x08U, OR),
    AMO("amomin", 0x10U, MIN),
    AMO("amomax", 0x14U, MAX),
    AMO("amominu", 0x18U, MINU),
    AMO("amomaxu", 0x1cU, MAXU),
    AMO("amocas", 0x05U, CAS),
};

/* What is random about an instruction. */
struct draw {
    unsigned rd, rs1, rs2;
    int64_t offset;
};

static uint64_t seed;

/* splitmix64 */
static uint64_t draw(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Bits msb to lsb of a value, put down at another place. */
static uint32_t put(int64_t value, unsigned msb, unsigned lsb, unsigned at)
{
    return (uint32_t)((uint64_t)value >> lsb & ((UINT64_C(1) << (msb - lsb + 1)) - 1)) << at;
}

/* Registers and offsets that the format can have. */
static void draw_operands(const struct form *form, struct draw *drawn)
{
    unsigned scale = form->size;

    *drawn = (struct draw){draw() % 32, draw() % 32, draw() % 32, 0};
    switch (form->format) {
    case I:
    case S:
        drawn->offset = (int64_t)(draw() % 4096) - 2048;
        break;
    case R:
        break;
    case CL:
    case CS:
        drawn->offset = (int64_t)(draw() % 32 * scale);
        break;
    case CLSP:
        if (drawn->rd == 0 && form->what == LOAD)
            drawn->rd = 1;
        drawn->offset = (int64_t)(draw() % 64 * scale);
        break;
    case CSSP:
        drawn->offset = (int64_t)(draw() % 64 * scale);
        break;
    case CLB:
    case CSB:
        drawn->offset = (int64_t)(draw() % 4);
        break;
    case CLH:
    case CSH:
        drawn->offset = (int64_t)(draw() % 2 * 2);
        break;
    }
    if (form->format == CLSP || form->format == CSSP) {
        drawn->rs1 = 2;
    } else if (form->format >= CL) {
        drawn->rd = 8 + drawn->rd % 8;
        drawn->rs1 = 8 + drawn->rs1 % 8;
        drawn->rs2 = 8 + drawn->rs2 % 8;
    }
}

/* The immediates of the unprivileged manual, chapters RV32I, "C" and "Zcb". */
static uint32_t encode(const struct form *form, const struct draw *drawn)
{
    int64_t offset = drawn->offset;
    bool is_wide = form->size == 8;
    uint32_t bits = form->bits;

    switch (form->format) {
    case I:
        return bits | drawn->rd << 7 | drawn->rs1 << 15 | put(offset, 11, 0, 20);
    case S:
        return bits | drawn->rs1 << 15 | drawn->rs2 << 20 | put(offset, 4, 0, 7) |
               put(offset, 11, 5, 25);
    case R: /* aq and rl are any */
        return bits | drawn->rd << 7 | drawn->rs1 << 15 | drawn->rs2 << 20 |
               (uint32_t)(draw() % 4) << 25;
    case CL:
    case CS:
        bits |= (drawn->rs1 - 8) << 7 | ((form->format == CL ? drawn->rd : drawn->rs2) - 8) << 2;
        bits |= put(offset, 5, 3, 10);
        return bits |
               (is_wide ? put(offset, 7, 6, 5) : put(offset, 2, 2, 6) | put(offset, 6, 6, 5));
    case CLSP:
        bits |= drawn->rd << 7 | put(offset, 5, 5, 12);
        return bits | (is_wide ? put(offset, 4, 3, 5) | put(offset, 8, 6, 2)
                               : put(offset, 4, 2, 4) | put(offset, 7, 6, 2));
    case CSSP:
        bits |= drawn->rs2 << 2;
        return bits | (is_wide ? put(offset, 5, 3, 10) | put(offset, 8, 6, 7)
                               : put(offset, 5, 2, 9) | put(offset, 7, 6, 7));
    case CLB:
        return bits | (drawn->rs1 - 8) << 7 | (drawn->rd - 8) << 2 | put(offset, 0, 0, 6) |
               put(offset, 1, 1, 5);
    case CSB:
        return bits | (drawn->rs1 - 8) << 7 | (drawn->rs2 - 8) << 2 | put(offset, 0, 0, 6) |
               put(offset, 1, 1, 5);
    case CLH:
        return bits | (drawn->rs1 - 8) << 7 | (drawn->rd - 8) << 2 | put(offset, 1, 1, 5);
    default:
        return bits | (drawn->rs1 - 8) << 7 | (drawn->rs2 - 8) << 2 | put(offset, 1, 1, 5);
    }
}

static bool is_float(const struct form *form)
{
    return form->what == FLOAD || form->what == FSTORE;
}

static bool is_store(const struct form *form)
{
    return form->what == STORE || form->what == FSTORE;
}

static bool is_amo(const struct form *form)
{
    return form->what >= SWAP;
}

/* norm:H_trap_xtinst: the instruction without its immediate, and with 0 for rs1. */
static uint64_t transform(const struct form *form, const struct draw *drawn, uint32_t encoded)
{
    bool is_compressed = form->format >= CL;

    if (form->format == R)
        return encoded & 0xfff07fff;
    encoded = is_compressed ? form->expansion : form->bits;
    if (is_store(form))
        encoded |= drawn->rs2 << 20;
    else
        encoded |= drawn->rd << 7;
    return is_compressed ? encoded & ~UINT32_C(2) : encoded;
}

/* The interpreter ---------------------------------------------------------------------- */

struct machine {
    uint64_t x[32];
    uint64_t f[32];
    uint64_t pc;
    uint64_t device; /* as many bytes as are accessed */
    bool is_fp_dirty;
};

static uint64_t low(uint64_t value, unsigned size)
{
    switch (size) {
    case 1:
        return (uint8_t)value;
    case 2:
        return (uint16_t)value;
    case 4:
        return (uint32_t)value;
    default:
        return value;
    }
}

static int64_t with_sign(uint64_t value, unsigned size)
{
    switch (size) {
    case 1:
        return (int8_t)value;
    case 2:
        return (int16_t)value;
    case 4:
        return (int32_t)value;
    default:
        return (int64_t)value;
    }
}

static uint64_t combine(const struct form *form, uint64_t old, uint64_t operand, uint64_t rd)
{
    int64_t a = with_sign(old, form->size), b = with_sign(operand, form->size);
    uint64_t ua = low(old, form->size), ub = low(operand, form->size);

    switch (form->what) {
    case SWAP:
        return ub;
    case ADD:
        return low(ua + ub, form->size);
    case XOR:
        return ua ^ ub;
    case AND:
        return ua & ub;
    case OR:
        return ua | ub;
    case MIN:
        return low((uint64_t)(a < b ? a : b), form->size);
    case MAX:
        return low((uint64_t)(a > b ? a : b), form->size);
    case MINU:
        return ua < ub ? ua : ub;
    case MAXU:
        return ua > ub ? ua : ub;
    default:
        return ua == low(rd, form->size) ? ub : ua;
    }
}

static void interpret(struct machine *m, const struct form *form, const struct draw *drawn)
{
    static const uint64_t boxes[] = {
        0, ~UINT64_C(0xff), ~UINT64_C(0xffff), 0, ~UINT64_C(0xffffffff), 0, 0, 0, 0};
    uint64_t old = m->device;

    m->pc += form->format >= CL ? 2 : 4;
    switch (form->what) {
    case LOAD:
        m->x[drawn->rd] = (uint64_t)with_sign(old, form->size);
        break;
    case LOADU:
        m->x[drawn->rd] = low(old, form->size);
        break;
    case FLOAD:
        m->f[drawn->rd] = low(old, form->size) | boxes[form->size];
        m->is_fp_dirty = true;
        break;
    case STORE:
        m->device = low(m->x[drawn->rs2], form->size);
        break;
    case FSTORE:
        m->device = low(m->f[drawn->rs2], form->size);
        break;
    default:
        m->device = combine(form, old, m->x[drawn->rs2], m->x[drawn->rd]);
        m->x[drawn->rd] = (uint64_t)with_sign(old, form->size);
        break;
    }
    m->x[0] = 0;
}

/* The library -------------------------------------------------------------------------- */

static struct {
    struct model_hart model;
    struct hvrv_vm_slot slot;
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
    uint64_t pc;
    uint32_t code;
    uint64_t htinst;
} w;

/* Two bytes or four of the instruction, and chance behind it. */
static bool read_code(void *context, const struct model_access *access, uint64_t *value,
                      struct hvrv_hart_trap *trap)
{
    uint64_t word = w.code | (uint64_t)0xa5a5 << 32;

    (void)context;
    (void)trap;
    if ((w.code & 3) != 3)
        word = (w.code & 0xffff) | (uint64_t)0xffff << 16;
    assert_int_equal(access->kind, MODEL_HLVX);
    assert_int_equal(access->a % access->what, 0);
    assert_true(access->a == w.pc || access->a == w.pc + 2);
    *value = word >> (access->a - w.pc) * 8;
    return true;
}

static struct hvrv_exit make_exit(const struct form *form, uint64_t gva, uint64_t htinst)
{
    uint64_t gpa = (draw() & 0x1fffffff000) | (gva & 0xfff);
    struct hvrv_trap trap = {.scause = is_store(form) || is_amo(form) ? 23 : 21,
                             .sepc = w.vhart.sepc,
                             .sstatus = w.vhart.sstatus,
                             .stval = gva,
                             .htval = gpa >> 2,
                             .htinst = htinst,
                             .hstatus = 0x2000001c0};
    struct hvrv_exit exit;

    assert_int_equal(hvrv_trap_decode(&trap, &exit), HVRV_OK);
    assert_int_equal(exit.htinst, htinst ? HVRV_HTINST_TRANSFORMED : HVRV_HTINST_ZERO);
    assert_true(exit.gpa.v == gpa);
    return exit;
}

/* Bits above the size do not count. */
static uint64_t with_noise(uint64_t value, unsigned size)
{
    return size == 8 ? value : value | draw() << (size * 8);
}

/* The short way tells the same of an instruction as the decoder. */
static void check_insn(const struct hvrv_insn *insn, uint64_t htinst)
{
    struct hvrv_insn expected;

    if (htinst)
        assert_int_equal(hvrv_insn_decode_transformed(htinst, &expected), HVRV_OK);
    else
        assert_int_equal(hvrv_insn_decode(w.code, &expected), HVRV_OK);
    assert_memory_equal(insn, &expected, sizeof expected);
}

static void serve(struct machine *m, const struct form *form, const struct hvrv_exit *exit)
{
    struct hvrv_mmio mmio;
    uint64_t value = with_noise(m->device, form->size);

    memset(&mmio, 0xa5, sizeof mmio);
    assert_int_equal(hvrv_mmio_begin(&mmio, &w.model.hart, &w.vhart, exit), HVRV_OK);
    assert_int_equal(mmio.outcome, HVRV_MMIO_READY);
    assert_int_equal(mmio.size, form->size);
    assert_int_equal(mmio.is_store, is_store(form));
    assert_int_equal(mmio.is_amo, is_amo(form));
    assert_int_equal(mmio.is_fp, is_float(form));
    assert_false(mmio.is_split);
    assert_true(mmio.gpa.v == exit->gpa.v && mmio.gva.v == exit->value);
    check_insn(&mmio.insn, w.htinst);
    if (is_store(form))
        m->device = mmio.value;
    else if (is_amo(form))
        m->device = hvrv_mmio_amo(&mmio, value);
    else
        assert_true(mmio.value == 0);
    assert_int_equal(hvrv_mmio_finish(&mmio, &w.vhart, value), HVRV_OK);
}

static bool is_same(const struct machine *m, const struct machine *expected)
{
    return memcmp(w.vhart.gpr, expected->x, sizeof expected->x) == 0 &&
           memcmp(w.vhart.fp.f, expected->f, sizeof expected->f) == 0 &&
           w.vhart.sepc == expected->pc && m->device == expected->device &&
           ((w.vhart.sstatus & FS) == FS) == expected->is_fp_dirty &&
           ((w.vhart.csr.vsstatus & FS) == FS) == expected->is_fp_dirty;
}

static void draw_machine(struct machine *m, const struct form *form)
{
    for (unsigned i = 0; i < 32; i++) {
        m->x[i] = i == 0 ? 0 : draw();
        m->f[i] = draw();
    }
    m->pc = draw() & UINT64_C(0x3ffffffffe);
    m->device = low(draw(), form->size);
    m->is_fp_dirty = false;
}

static void try(const struct form *form, bool is_from_memory)
{
    struct machine m, expected;
    struct draw drawn;
    uint64_t gva;

    draw_machine(&m, form);
    draw_operands(form, &drawn);
    /* Sometimes in order, sometimes misaligned; never across a page here. */
    gva = (draw() & ~UINT64_C(0xfff)) + (draw() % 500) * (draw() % 4 ? 8 : 1);
    if (drawn.rs1 == 0)
        gva = (uint64_t)drawn.offset;
    else
        m.x[drawn.rs1] = gva - (uint64_t)drawn.offset;
    if (drawn.rs1 == 0 && (gva & 0xfff) > 0xff8)
        return;
    if (form->what == CAS && draw() % 2 && drawn.rd != 0 && drawn.rd != drawn.rs1)
        m.x[drawn.rd] = with_noise(m.device, form->size);
    w.code = encode(form, &drawn);
    w.pc = m.pc;
    w.htinst = is_from_memory ? 0 : transform(form, &drawn, w.code);
    memcpy(w.vhart.gpr, m.x, sizeof m.x);
    memcpy(w.vhart.fp.f, m.f, sizeof m.f);
    w.vhart.sepc = m.pc;
    w.vhart.sstatus = 0x200002100;
    w.vhart.csr.vsstatus = 0x200002000;
    expected = m;
    interpret(&expected, form, &drawn);
    struct hvrv_exit exit = make_exit(form, gva, w.htinst);
    serve(&m, form, &exit);
    if (!is_same(&m, &expected)) {
        print_error("%s 0x%08" PRIx32 ", htinst 0x%" PRIx64 ": rd %u rs1 %u rs2 %u offset %" PRId64
                    "\n",
                    form->name, w.code, w.htinst, drawn.rd, drawn.rs1, drawn.rs2, drawn.offset);
        fail();
    }
    model_log_clear(&w.model);
}

/* norm:H_trap_xtinst, norm:H_tinst_addr_offset */
static void every_access_does_what_the_interpreter_does(void **state)
{
    (void)state;
    printf("seed 0x%" PRIx64 ", %d of each of %zu instructions\n", SEED, ROUNDS, LENGTH(forms));
    seed = SEED;
    for (size_t i = 0; i < LENGTH(forms); i++) {
        for (unsigned round = 0; round < ROUNDS; round++)
            try(&forms[i], round % 2);
    }
    model_hart_check(&w.model);
}

static int build(void **state)
{
    (void)state;
    model_hart_init(&w.model);
    w.model.guest_access = read_code;
    assert_int_equal(hvrv_vm_init(&w.vm, 0x8000500000080200, &w.slot, 1), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.vhart, &w.vm), HVRV_OK);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_access_does_what_the_interpreter_does, build),
    };
    return cmocka_run_group_tests_name("vhart/mmio_random", tests, NULL, NULL);
}
