/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder against the disassembler of GNU binutils: what hvrv_insn_decode() says is written
 * down as an assembler would take it, and must be, to the letter, what objdump says of the same
 * bits. Both ways: what objdump calls one of the instructions below must be decoded, and what is
 * decoded must be what objdump calls it.
 *
 * HVRV_OBJDUMP is the command; objdump.sh finds it. Not known to binutils 2.44, and tested by
 * literals in insn_test.c alone: the loads and stores of Zalasr. No sweep has encodings longer than
 * 32 bits.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <hvrv/isa/insn.h>

#define SEED       UINT64_C(0x1f123bb5159a55e5)
#define ROWS(a)    (sizeof(a) / sizeof((a)[0]))
#define BITS_MAX   0x200000
#define TEXT_MAX   80
#define WRONG_SHOW 10

/* What a decoder of these must know. aq and rl are told by a suffix. */
static const char *const mnemonics[] = {
    "lb",
    "lh",
    "lw",
    "ld",
    "lbu",
    "lhu",
    "lwu",
    "flh",
    "flw",
    "fld",
    "flq",
    "sb",
    "sh",
    "sw",
    "sd",
    "fsh",
    "fsw",
    "fsd",
    "fsq",
    "lr.w",
    "lr.d",
    "sc.w",
    "sc.d",
    "amoswap.b",
    "amoswap.h",
    "amoswap.w",
    "amoswap.d",
    "amoadd.b",
    "amoadd.h",
    "amoadd.w",
    "amoadd.d",
    "amoxor.b",
    "amoxor.h",
    "amoxor.w",
    "amoxor.d",
    "amoand.b",
    "amoand.h",
    "amoand.w",
    "amoand.d",
    "amoor.b",
    "amoor.h",
    "amoor.w",
    "amoor.d",
    "amomin.b",
    "amomin.h",
    "amomin.w",
    "amomin.d",
    "amomax.b",
    "amomax.h",
    "amomax.w",
    "amomax.d",
    "amominu.b",
    "amominu.h",
    "amominu.w",
    "amominu.d",
    "amomaxu.b",
    "amomaxu.h",
    "amomaxu.w",
    "amomaxu.d",
    "amocas.b",
    "amocas.h",
    "amocas.w",
    "amocas.d",
    "amocas.q",
    "hlv.b",
    "hlv.bu",
    "hlv.h",
    "hlv.hu",
    "hlvx.hu",
    "hlv.w",
    "hlv.wu",
    "hlvx.wu",
    "hlv.d",
    "hsv.b",
    "hsv.h",
    "hsv.w",
    "hsv.d",
    "csrrw",
    "csrrs",
    "csrrc",
    "csrrwi",
    "csrrsi",
    "csrrci",
    "wfi",
    "wrs.nto",
    "wrs.sto",
    "sret",
    "sfence.vma",
    "sinval.vma",
    "sfence.w.inval",
    "sfence.inval.ir",
    "hfence.vvma",
    "hfence.gvma",
    "hinval.vvma",
    "hinval.gvma",
    "cbo.inval",
    "cbo.clean",
    "cbo.flush",
    "cbo.zero",
};

static const char *const compressed_mnemonics[] = {
    "c.lw",   "c.ld",   "c.fld",   "c.sw",  "c.sd",  "c.fsd", "c.lwsp", "c.ldsp", "c.fldsp",
    "c.swsp", "c.sdsp", "c.fsdsp", "c.lbu", "c.lhu", "c.lh",  "c.sb",   "c.sh",
};

static uint64_t random_state;

static uint32_t random_32(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16);
}

/* The letter of a size: .b to .q of an atomic, the b of lb. */
static char width(const struct hvrv_insn *insn)
{
    switch (insn->size) {
    case 1:
        return 'b';
    case 2:
        return 'h';
    case 4:
        return 'w';
    case 8:
        return 'd';
    case 16:
        return 'q';
    default:
        return '?';
    }
}

static const char *const ops[] = {
    [HVRV_INSN_AMO_SWAP] = "amoswap",
    [HVRV_INSN_AMO_ADD] = "amoadd",
    [HVRV_INSN_AMO_XOR] = "amoxor",
    [HVRV_INSN_AMO_AND] = "amoand",
    [HVRV_INSN_AMO_OR] = "amoor",
    [HVRV_INSN_AMO_MIN] = "amomin",
    [HVRV_INSN_AMO_MAX] = "amomax",
    [HVRV_INSN_AMO_MINU] = "amominu",
    [HVRV_INSN_AMO_MAXU] = "amomaxu",
    [HVRV_INSN_AMO_CAS] = "amocas",
    [HVRV_INSN_CSR_WRITE] = "csrrw",
    [HVRV_INSN_CSR_SET] = "csrrs",
    [HVRV_INSN_CSR_CLEAR] = "csrrc",
    [HVRV_INSN_WRS_NTO] = "wrs.nto",
    [HVRV_INSN_WRS_STO] = "wrs.sto",
    [HVRV_INSN_SFENCE_VMA] = "sfence.vma",
    [HVRV_INSN_SINVAL_VMA] = "sinval.vma",
    [HVRV_INSN_SFENCE_W_INVAL] = "sfence.w.inval",
    [HVRV_INSN_SFENCE_INVAL_IR] = "sfence.inval.ir",
    [HVRV_INSN_HFENCE_VVMA] = "hfence.vvma",
    [HVRV_INSN_HFENCE_GVMA] = "hfence.gvma",
    [HVRV_INSN_HINVAL_VVMA] = "hinval.vvma",
    [HVRV_INSN_HINVAL_GVMA] = "hinval.gvma",
    [HVRV_INSN_CBO_INVAL] = "cbo.inval",
    [HVRV_INSN_CBO_CLEAN] = "cbo.clean",
    [HVRV_INSN_CBO_FLUSH] = "cbo.flush",
    [HVRV_INSN_CBO_ZERO] = "cbo.zero",
};

static const char *order(const struct hvrv_insn *insn)
{
    static const char *const suffixes[] = {"", ".rl", ".aq", ".aqrl"};

    return suffixes[insn->aq * 2 + insn->rl];
}

/* Whether a load would be told from its signed sister. */
static const char *unsignedness(const struct hvrv_insn *insn)
{
    return insn->is_signed || insn->is_fp ? "" : "u";
}

static int say_access(const struct hvrv_insn *insn, char *text)
{
    bool is_load = insn->kind == HVRV_INSN_LOAD, is_short = insn->length == 2;
    const char *base = is_short ? "c." : "";
    /* Quadrant 2, bits 1:0 = 2, has the stack pointer in its name. */
    const char *end = is_short && (insn->bits & 3) == 2 ? "sp" : "";

    if (insn->aq || insn->rl)
        return snprintf(text, TEXT_MAX, "%c%c%s x%d,(x%d)", is_load ? 'l' : 's', width(insn),
                        order(insn), is_load ? insn->rd : insn->rs2, insn->rs1);
    return snprintf(text, TEXT_MAX, "%s%s%c%c%s%s %c%d,%d(x%d)", base, insn->is_fp ? "f" : "",
                    is_load ? 'l' : 's', width(insn), is_load ? unsignedness(insn) : "", end,
                    insn->is_fp ? 'f' : 'x', is_load ? insn->rd : insn->rs2, (int)insn->offset,
                    insn->rs1);
}

/* CSRs have names that binutils knows better than this test; the number is compared apart. */
static int say_csr(const struct hvrv_insn *insn, char *text)
{
    assert_int_equal(insn->csr, insn->bits >> 20);
    return snprintf(text, TEXT_MAX, insn->is_immediate ? "%si x%d,%d" : "%s x%d,x%d", ops[insn->op],
                    insn->rd, insn->rs1);
}

/* The instruction as objdump writes it with no-aliases and numeric; "" if it is OTHER. */
static int say(const struct hvrv_insn *insn, char *text)
{
    switch (insn->kind) {
    case HVRV_INSN_OTHER:
        return snprintf(text, TEXT_MAX, "%s", "");
    case HVRV_INSN_LOAD:
    case HVRV_INSN_STORE:
        return say_access(insn, text);
    case HVRV_INSN_LR:
        return snprintf(text, TEXT_MAX, "lr.%c%s x%d,(x%d)", width(insn), order(insn), insn->rd,
                        insn->rs1);
    case HVRV_INSN_SC:
        return snprintf(text, TEXT_MAX, "sc.%c%s x%d,x%d,(x%d)", width(insn), order(insn), insn->rd,
                        insn->rs2, insn->rs1);
    case HVRV_INSN_AMO:
        return snprintf(text, TEXT_MAX, "%s.%c%s x%d,x%d,(x%d)", ops[insn->op], width(insn),
                        order(insn), insn->rd, insn->rs2, insn->rs1);
    case HVRV_INSN_HLV:
    case HVRV_INSN_HLVX:
        return snprintf(text, TEXT_MAX, "hlv%s.%c%s x%d,(x%d)",
                        insn->kind == HVRV_INSN_HLVX ? "x" : "", width(insn), unsignedness(insn),
                        insn->rd, insn->rs1);
    case HVRV_INSN_HSV:
        return snprintf(text, TEXT_MAX, "hsv.%c x%d,(x%d)", width(insn), insn->rs2, insn->rs1);
    case HVRV_INSN_CSR:
        return say_csr(insn, text);
    case HVRV_INSN_WFI:
        return snprintf(text, TEXT_MAX, "wfi");
    case HVRV_INSN_SRET:
        return snprintf(text, TEXT_MAX, "sret");
    case HVRV_INSN_WRS:
        return snprintf(text, TEXT_MAX, "%s", ops[insn->op]);
    case HVRV_INSN_SFENCE:
    case HVRV_INSN_HFENCE:
        if (insn->op == HVRV_INSN_SFENCE_W_INVAL || insn->op == HVRV_INSN_SFENCE_INVAL_IR)
            return snprintf(text, TEXT_MAX, "%s", ops[insn->op]);
        return snprintf(text, TEXT_MAX, "%s x%d,x%d", ops[insn->op], insn->rs1, insn->rs2);
    case HVRV_INSN_CBO:
        return snprintf(text, TEXT_MAX, "%s (x%d)", ops[insn->op], insn->rs1);
    }
    return snprintf(text, TEXT_MAX, "no kind");
}

/* What objdump says of one encoding. */
struct said {
    uint32_t bits;
    char mnemonic[TEXT_MAX / 2];
    char operands[TEXT_MAX / 2];
};

/* "   4:\t0005052f          \tamoadd.b\tx10,x0,(x10) # 0x0": no other line begins so. */
static bool parse(const char *line, struct said *said)
{
    int length = 0;

    if (sscanf(line, " %*x: %" SCNx32 " %39[^\t\n ]%n", &said->bits, said->mnemonic, &length) != 2)
        return false;
    said->operands[0] = '\0';
    (void)sscanf(line + length, " %39[^\t\n #]", said->operands);
    /* An alias that no-aliases leaves in place: a write to CSR 0xc00, which is read-only. */
    if (said->bits == 0xc0001073 && strcmp(said->mnemonic, "unimp") == 0) {
        (void)strcpy(said->mnemonic, "csrrw");
        (void)strcpy(said->operands, "x0,cycle,x0");
    }
    return true;
}

/* Takes the second of three operands out: csrrw x1,mstatus,x2. */
static void drop_csr(char *operands)
{
    char *first = strchr(operands, ','), *last = strrchr(operands, ',');

    if (first && last > first)
        memmove(first, last, strlen(last) + 1);
}

/* The row of a mnemonic without its .aq, .rl or .aqrl; -1 if it is none of them. */
static int find(const char *mnemonic, const char *const *rows, size_t count)
{
    size_t length = strlen(mnemonic);
    const char *dot = strrchr(mnemonic, '.');

    if (dot && (strcmp(dot, ".aq") == 0 || strcmp(dot, ".rl") == 0 || strcmp(dot, ".aqrl") == 0))
        length = (size_t)(dot - mnemonic);
    for (size_t i = 0; i < count; i++) {
        if (strlen(rows[i]) == length && memcmp(rows[i], mnemonic, length) == 0)
            return (int)i;
    }
    return -1;
}

/* Zalasr: binutils 2.44 calls it .insn. */
static bool is_unknown_there(const struct said *said, const struct hvrv_insn *insn)
{
    return strcmp(said->mnemonic, ".insn") == 0 && (insn->bits & 0x7f) == 0x2f &&
           (insn->kind == HVRV_INSN_LOAD || insn->kind == HVRV_INSN_STORE);
}

/* A sweep: what was written to objdump, and what it is called there. */
struct sweep {
    uint32_t *bits;
    size_t count;
    size_t halves; /* bytes of an encoding: 2 or 4 */
    const char *const *rows;
    size_t rows_count;
    size_t seen[ROWS(mnemonics)];
    size_t wrong;
};

static void compare(struct sweep *sweep, struct said *said)
{
    struct hvrv_insn insn;
    char ours[TEXT_MAX], theirs[TEXT_MAX + 1] = "";
    int row = find(said->mnemonic, sweep->rows, sweep->rows_count);

    assert_int_equal(hvrv_insn_decode(said->bits, &insn), HVRV_OK);
    assert_int_equal(insn.length, sweep->halves);
    assert_int_equal(insn.bits, said->bits);
    say(&insn, ours);
    if (is_unknown_there(said, &insn))
        return;
    if (row >= 0) {
        sweep->seen[row]++;
        if (strncmp(said->mnemonic, "csrr", 4) == 0)
            drop_csr(said->operands);
        (void)snprintf(theirs, sizeof(theirs), said->operands[0] ? "%s %s" : "%s", said->mnemonic,
                       said->operands);
    }
    if (strcmp(ours, theirs) != 0 && sweep->wrong++ < WRONG_SHOW)
        print_error("0x%08" PRIx32 ": objdump says '%s %s', decoded is '%s'\n", said->bits,
                    said->mnemonic, said->operands, ours);
}

/* Writes the encodings into a file, little-endian, and opens objdump on it. */
static FILE *disassemble(const struct sweep *sweep, char *path)
{
    const char *objdump = getenv("HVRV_OBJDUMP");
    char command[1024];
    int file = mkstemp(path);
    FILE *out;

    assert_non_null(objdump);
    assert_true(file >= 0);
    out = fdopen(file, "wb");
    assert_non_null(out);
    for (size_t i = 0; i < sweep->count; i++) {
        for (size_t byte = 0; byte < sweep->halves; byte++)
            assert_true(fputc((int)(sweep->bits[i] >> (8 * byte) & 0xff), out) != EOF);
    }
    assert_int_equal(fclose(out), 0);
    (void)snprintf(command, sizeof(command),
                   "%s -D -z -b binary -m riscv:rv64 -M no-aliases,numeric,max %s", objdump, path);
    return popen(command, "r");
}

static void run(struct sweep *sweep)
{
    char path[] = "/tmp/hvrv_insn_XXXXXX", line[256];
    FILE *in = disassemble(sweep, path);
    size_t i = 0;

    assert_non_null(in);
    while (fgets(line, sizeof(line), in)) {
        struct said said;

        if (!parse(line, &said))
            continue;
        assert_true(i < sweep->count);
        assert_int_equal(said.bits, sweep->bits[i]);
        compare(sweep, &said);
        i++;
    }
    assert_int_equal(pclose(in), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(i, sweep->count);
    free(sweep->bits);
    assert_int_equal(sweep->wrong, 0);
}

static struct sweep begin(size_t halves)
{
    struct sweep sweep = {.halves = halves, .rows = mnemonics, .rows_count = ROWS(mnemonics)};

    if (halves == 2) {
        sweep.rows = compressed_mnemonics;
        sweep.rows_count = ROWS(compressed_mnemonics);
    }
    sweep.bits = malloc(BITS_MAX * sizeof(sweep.bits[0]));
    assert_non_null(sweep.bits);
    random_state = SEED;
    return sweep;
}

static void add(struct sweep *sweep, uint32_t bits)
{
    assert_true(sweep->count < BITS_MAX);
    sweep->bits[sweep->count++] = bits;
}

/* Every one of these was among those compared, so that the comparison was about something. */
static void check_seen(const struct sweep *sweep, const char *first, const char *last)
{
    int from = find(first, sweep->rows, sweep->rows_count);
    int to = find(last, sweep->rows, sweep->rows_count);

    assert_true(from >= 0 && to >= from);
    for (int row = from; row <= to; row++) {
        if (sweep->seen[row] == 0)
            print_error("no %s was seen\n", sweep->rows[row]);
        assert_true(sweep->seen[row] > 0);
    }
}

static void every_half_is_what_objdump_says(void **state)
{
    struct sweep sweep = begin(2);

    (void)state;
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        if ((bits & 3) != 3)
            add(&sweep, bits);
    }
    run(&sweep);
    check_seen(&sweep, "c.lw", "c.sh");
}

/* rd and rs1 as they come: bits 19:15 and 11:7. */
static uint32_t random_registers(void)
{
    return random_32() & 0x000f8f80;
}

static void every_load_and_store_is_what_objdump_says(void **state)
{
    static const uint32_t opcodes[] = {0x03, 0x07, 0x23, 0x27};
    struct sweep sweep = begin(4);

    (void)state;
    for (size_t i = 0; i < ROWS(opcodes); i++) {
        for (uint32_t funct3 = 0; funct3 < 8; funct3++) {
            for (uint32_t top = 0; top < 0x1000; top++)
                add(&sweep, top << 20 | funct3 << 12 | opcodes[i] | random_registers());
        }
    }
    run(&sweep);
    check_seen(&sweep, "lb", "fsq");
}

/* funct7 is funct5, aq and rl; registers are x0, odd, even, and random. */
static void every_atomic_is_what_objdump_says(void **state)
{
    static const uint32_t registers[] = {0, 1, 2, 31};
    struct sweep sweep = begin(4);

    (void)state;
    for (uint32_t top = 0; top < 0x80 * 8; top++) {
        uint32_t bits = (top >> 3) << 25 | (top & 7) << 12 | 0x2f;

        for (uint32_t i = 0; i < 64; i++)
            add(&sweep, bits | registers[i & 3] << 7 | registers[i >> 2 & 3] << 15 |
                            registers[i >> 4] << 20);
        for (uint32_t i = 0; i < 32; i++)
            add(&sweep, bits | (random_32() & 0x01ff8f80));
    }
    run(&sweep);
    check_seen(&sweep, "lr.w", "amocas.q");
}

static void sweep_funct12(struct sweep *sweep, uint32_t opcode)
{
    for (uint32_t top = 0; top < 0x8000; top++) {
        uint32_t bits = (top >> 3) << 20 | (top & 7) << 12 | opcode;

        add(sweep, bits);
        add(sweep, bits | (random_registers() & 0x000f8000));
        add(sweep, bits | (random_registers() & 0x00000f80));
        add(sweep, bits | random_registers());
    }
}

static void every_system_instruction_is_what_objdump_says(void **state)
{
    struct sweep sweep = begin(4);

    (void)state;
    sweep_funct12(&sweep, 0x73);
    run(&sweep);
    check_seen(&sweep, "hlv.b", "hinval.gvma");
}

static void every_cache_block_operation_is_what_objdump_says(void **state)
{
    struct sweep sweep = begin(4);

    (void)state;
    sweep_funct12(&sweep, 0x0f);
    run(&sweep);
    check_seen(&sweep, "cbo.inval", "cbo.zero");
}

static void random_words_of_every_opcode_are_what_objdump_says(void **state)
{
    struct sweep sweep = begin(4);

    (void)state;
    print_message("seed 0x%016" PRIx64 "\n", SEED);
    for (uint32_t opcode = 3; opcode < 0x80; opcode += 4) {
        if ((opcode & 0x1c) == 0x1c)
            continue;
        for (size_t i = 0; i < 4096; i++)
            add(&sweep, (random_32() & ~UINT32_C(0x7f)) | opcode);
    }
    run(&sweep);
    check_seen(&sweep, "lb", "fsq");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_half_is_what_objdump_says),
        cmocka_unit_test(every_load_and_store_is_what_objdump_says),
        cmocka_unit_test(every_atomic_is_what_objdump_says),
        cmocka_unit_test(every_system_instruction_is_what_objdump_says),
        cmocka_unit_test(every_cache_block_operation_is_what_objdump_says),
        cmocka_unit_test(random_words_of_every_opcode_are_what_objdump_says),
    };

    return cmocka_run_group_tests_name("oracle/insn", tests, NULL, NULL);
}
