/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/trap.h>

/* sstatus.SPP and hstatus.GVA, by the manual's bit numbers. */
#define SPP 0x100
#define GVA 0x40

static struct hvrv_exit decode(const struct hvrv_trap *trap)
{
    struct hvrv_exit exit;

    memset(&exit, 0xa5, sizeof(exit));
    assert_int_equal(hvrv_trap_decode(trap, &exit), HVRV_OK);
    return exit;
}

static struct hvrv_exit decode_cause(uint64_t scause)
{
    struct hvrv_trap trap = {.scause = scause, .sstatus = SPP};

    return decode(&trap);
}

/* norm:scause_interrupt, norm:H_cause_ecall, norm:H_cause_virtual_instruction */
static void every_cause_has_its_kind(void **state)
{
    static const struct {
        uint64_t scause;
        enum hvrv_exit_kind kind;
    } rows[] = {
        {10, HVRV_EXIT_ECALL},
        {20, HVRV_EXIT_GUEST_PAGE_FAULT},
        {21, HVRV_EXIT_GUEST_PAGE_FAULT},
        {23, HVRV_EXIT_GUEST_PAGE_FAULT},
        {22, HVRV_EXIT_VIRTUAL_INSTRUCTION},
        {2, HVRV_EXIT_ILLEGAL_INSTRUCTION},
        {0, HVRV_EXIT_EXCEPTION},
        {3, HVRV_EXIT_EXCEPTION},
        {5, HVRV_EXIT_EXCEPTION},
        {8, HVRV_EXIT_EXCEPTION},
        {9, HVRV_EXIT_EXCEPTION},
        {12, HVRV_EXIT_EXCEPTION},
        {19, HVRV_EXIT_EXCEPTION},
        {24, HVRV_EXIT_EXCEPTION},
        {64, HVRV_EXIT_EXCEPTION},
        {0x7fffffffffffffff, HVRV_EXIT_EXCEPTION},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hvrv_exit exit = decode_cause(rows[i].scause);

        assert_int_equal(exit.kind, rows[i].kind);
        assert_int_equal(exit.cause, rows[i].scause);
        if (rows[i].kind != HVRV_EXIT_GUEST_PAGE_FAULT)
            assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_NONE);
    }
}

/* norm:scause_interrupt, norm:H_trap_xtinst_interrupt */
static void an_interrupt_is_told_by_its_code_without_the_top_bit(void **state)
{
    static const uint64_t codes[] = {1, 5, 9, 10, 12, 13, 20, 21};
    (void)state;

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        /* a hart writes 0 to htval and htinst; what is left there of before counts for nothing */
        struct hvrv_trap trap = {
            .scause = 0x8000000000000000 | codes[i], .htval = 0x20000402, .htinst = 0x3000};
        struct hvrv_exit exit = decode(&trap);

        assert_int_equal(exit.kind, HVRV_EXIT_INTERRUPT);
        assert_int_equal(exit.cause, codes[i]);
        assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_NONE);
        assert_int_equal(exit.htinst, HVRV_HTINST_ZERO);
        assert_false(exit.is_implicit);
    }
}

/* norm:H_guest_page_fault */
static void a_guest_page_fault_keeps_the_original_access(void **state)
{
    (void)state;
    assert_int_equal(decode_cause(20).access, HVRV_ACCESS_FETCH);
    assert_int_equal(decode_cause(21).access, HVRV_ACCESS_LOAD);
    assert_int_equal(decode_cause(23).access, HVRV_ACCESS_STORE);
}

/* norm:sstatus_spp */
static void the_privilege_is_that_of_spp(void **state)
{
    struct hvrv_trap trap = {.scause = 21, .sstatus = SPP};

    (void)state;
    assert_int_equal(decode(&trap).privilege, HVRV_WALK_VS);
    trap.sstatus = ~(uint64_t)SPP;
    assert_int_equal(decode(&trap).privilege, HVRV_WALK_VU);
}

/* norm:stval_op_illegal_instr, norm:hstatus_gva_op, norm:H_virtinst_xtval */
static void the_gva_bit_and_stval_are_handed_on(void **state)
{
    struct hvrv_trap trap = {.scause = 2, .stval = 0x30200073};

    (void)state;
    assert_false(decode(&trap).is_gva);
    assert_int_equal(decode(&trap).value, 0x30200073);
    trap.scause = 22; /* a virtual instruction tells of itself as an illegal one does */
    assert_int_equal(decode(&trap).value, 0x30200073);
    trap.hstatus = GVA;
    assert_true(decode(&trap).is_gva);
}

/*
 * norm:htval_trapval, norm:mtval2_htval_virtaddr: htval has the GPA without its low two bits;
 * stval has them, if it is about the same access.
 */
static void the_gpa_takes_its_low_bits_from_stval(void **state)
{
    struct hvrv_trap trap = {.scause = 21, .stval = 0xffffffc000001237, .htval = 0x20000000 + 0x8d};
    struct hvrv_exit exit = decode(&trap);

    (void)state;
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_KNOWN);
    assert_int_equal(exit.gpa.v, 0x80000237);
    assert_false(exit.is_implicit);
}

static void a_gpa_of_41_bits_and_more_stays_whole(void **state)
{
    struct hvrv_trap trap = {.scause = 23, .stval = 1, .htval = 0x1ffffffffffffff};

    (void)state;
    assert_int_equal(decode(&trap).gpa.v, 0x7fffffffffffffd);
}

/* norm:H_trap_xtinst_guestpage, norm:H_trap_xtinst_guestpage_rw */
static void the_gpa_of_an_implicit_fault_has_nothing_of_stval(void **state)
{
    static const uint32_t pseudo[] = {0x2000, 0x2020, 0x3000, 0x3020};
    static const uint64_t causes[] = {20, 21, 23};
    (void)state;

    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 3; j++) {
            struct hvrv_trap trap = {
                .scause = causes[j], .stval = 0x1237, .htval = 0x20000402, .htinst = pseudo[i]};
            struct hvrv_exit exit = decode(&trap);

            assert_int_equal(exit.htinst, HVRV_HTINST_PSEUDO);
            assert_int_equal(exit.instruction, pseudo[i]);
            assert_true(exit.is_implicit);
            assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_KNOWN);
            assert_int_equal(exit.gpa.v, 0x80001008);
            assert_int_equal(exit.length, 0);
        }
    }
}

/* norm:htval_trapval */
static void a_zero_htval_tells_no_address(void **state)
{
    struct hvrv_trap trap = {.scause = 21, .stval = 0x80000003};
    struct hvrv_exit exit = decode(&trap);

    (void)state;
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_UNKNOWN);
    assert_int_equal(exit.gpa.v, 0);
}

/*
 * norm:H_trap_xtinst, norm:H_trap_xtinst_exception_list: Transformed instructions by hand: rs1 and
 * the immediates are zero.
 */
static void every_load_store_and_atomic_has_a_transformed_form(void **state)
{
    static const struct {
        uint64_t cause;
        uint32_t htinst;
    } rows[] = {
        {21, 0x00000503}, /* lb a0 */
        {21, 0x00001503}, /* lh */
        {21, 0x00002503}, /* lw */
        {21, 0x00003503}, /* ld */
        {21, 0x00004503}, /* lbu */
        {21, 0x00005503}, /* lhu */
        {21, 0x00006503}, /* lwu */
        {21, 0x00001507}, /* flh fa0 */
        {21, 0x00002507}, /* flw */
        {21, 0x00003507}, /* fld */
        {21, 0x00004507}, /* flq */
        {23, 0x00a00023}, /* sb a0 */
        {23, 0x00a01023}, /* sh */
        {23, 0x00a02023}, /* sw */
        {23, 0x00a03023}, /* sd */
        {23, 0x00a01027}, /* fsh fa0 */
        {23, 0x00a02027}, /* fsw */
        {23, 0x00a03027}, /* fsd */
        {23, 0x00a04027}, /* fsq */
        {21, 0x1000252f}, /* lr.w a0 */
        {21, 0x1600352f}, /* lr.d.aqrl a0 */
        {23, 0x18b0252f}, /* sc.w a0, a1 */
        {23, 0x1ab0352f}, /* sc.d.rl */
        {23, 0x08b0252f}, /* amoswap.w */
        {23, 0x00b0352f}, /* amoadd.d */
        {23, 0x20b0252f}, /* amoxor.w */
        {23, 0x40b0352f}, /* amoor.d */
        {23, 0x60b0252f}, /* amoand.w */
        {23, 0x80b0352f}, /* amomin.d */
        {23, 0xa0b0252f}, /* amomax.w */
        {23, 0xc0b0352f}, /* amominu.d */
        {23, 0xe6b0252f}, /* amomaxu.w.aqrl */
        {23, 0x28c0452f}, /* amocas.q a0, a2: even registers */
        {21, 0x60004573}, /* hlv.b a0 */
        {21, 0x64304573}, /* hlvx.hu */
        {21, 0x6c004573}, /* hlv.d */
        {23, 0x62a04073}, /* hsv.b a0 */
        {23, 0x6ea04073}, /* hsv.d */
        {23, 0x0040200f}, /* cbo.zero */
        {4, 0x00002503},  {5, 0x00002503},  {6, 0x00a02023},
        {7, 0x00a02023},  {13, 0x00002503}, {15, 0x00a02023},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hvrv_trap trap = {.scause = rows[i].cause, .htinst = rows[i].htinst};
        struct hvrv_exit exit = decode(&trap);

        assert_int_equal(exit.htinst, HVRV_HTINST_TRANSFORMED);
        assert_int_equal(exit.instruction, rows[i].htinst);
        assert_int_equal(exit.length, 4);
        assert_int_equal(exit.offset, 0);
        assert_false(exit.is_implicit);
    }
}

/* norm:H_trap_xtinst */
static void a_compressed_instruction_comes_in_its_wide_form(void **state)
{
    /* c.lw a0, 0(...) expands to lw, 0x00002503; bit 1 is cleared */
    struct hvrv_trap trap = {.scause = 21, .htinst = 0x00002501};
    struct hvrv_exit exit = decode(&trap);

    (void)state;
    assert_int_equal(exit.htinst, HVRV_HTINST_TRANSFORMED);
    assert_int_equal(exit.instruction, 0x00002503);
    assert_int_equal(exit.length, 2);
}

/* norm:H_tinst_addr_offset */
static void the_address_offset_is_taken_out_of_rs1(void **state)
{
    /* ld a0 whose last 3 bytes lie in the next page: offset 5 in bits 19:15 */
    struct hvrv_trap trap = {.scause = 21, .htinst = 0x0002b503};
    struct hvrv_exit exit = decode(&trap);

    (void)state;
    assert_int_equal(exit.htinst, HVRV_HTINST_TRANSFORMED);
    assert_int_equal(exit.instruction, 0x00003503);
    assert_int_equal(exit.offset, 5);
}

/* norm:H_trap_xtinst_exception_list */
static void a_custom_opcode_is_custom(void **state)
{
    static const uint32_t values[] = {0x0b, 0x2b, 0x5b, 0x7b, 0x09, 0x29, 0x59, 0x79, 0xfffff00b};
    (void)state;

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct hvrv_trap trap = {.scause = 22, .htinst = values[i]};

        assert_int_equal(decode(&trap).htinst, HVRV_HTINST_CUSTOM);
        assert_int_equal(decode(&trap).instruction, 0);
    }
}

/*
 * norm:H_trap_xtinst_val: the manual's table of causes and of what htinst may hold. A hart may
 * always write zero.
 */
static void htinst_holds_what_its_cause_allows(void **state)
{
    static const struct {
        uint64_t cause;
        bool transformed, custom, pseudo;
    } rows[] = {
        {0, false, true, false}, {1, false, false, false}, {2, false, false, false},
        {3, false, true, false}, {22, false, true, false}, {4, true, true, false},
        {5, true, true, false},  {6, true, true, false},   {7, true, true, false},
        {8, false, true, false}, {10, false, true, false}, {12, false, false, false},
        {13, true, true, false}, {15, true, true, false},  {20, false, false, true},
        {21, true, true, true},  {23, true, true, true},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hvrv_trap trap = {.scause = rows[i].cause};

        assert_int_equal(decode(&trap).htinst, HVRV_HTINST_ZERO);
        trap.htinst = 0x00002503; /* lw a0 */
        assert_int_equal(decode(&trap).htinst,
                         rows[i].transformed ? HVRV_HTINST_TRANSFORMED : HVRV_HTINST_OTHER);
        trap.htinst = 0x0b; /* custom-0 */
        assert_int_equal(decode(&trap).htinst,
                         rows[i].custom ? HVRV_HTINST_CUSTOM : HVRV_HTINST_OTHER);
        trap.htinst = 0x3000;
        assert_int_equal(decode(&trap).htinst,
                         rows[i].pseudo ? HVRV_HTINST_PSEUDO : HVRV_HTINST_OTHER);
    }
}

/* norm:H_trap_xtinst_exception_lead-in, norm:H_trap_xtinst_exception_list */
static void what_conforms_to_nothing_is_other(void **state)
{
    static const struct {
        uint64_t cause, htinst;
    } rows[] = {
        {21, 0x100002503},        /* lw, but a bit above 31 */
        {21, 0x8000000000002503}, /* the same */
        {21, 0x2502},             /* bits 1:0 = 10 */
        {21, 0x3002},             /* bits 1:0 = 10 */
        {21, 0x3010},             /* 00 and no pseudoinstruction */
        {21, 0x1000},             /* 00 and no pseudoinstruction */
        {21, 0x100003000},        /* pseudo, but a bit above 31 */
        {21, 0x7503},             /* a load of funct3 7 */
        {21, 0x0507},             /* vle8.v */
        {23, 0x4023},             /* a store of funct3 4 */
        {23, 0x5027},             /* vse16.v */
        {21, 0x1010252f},         /* lr.w with rs2 */
        {23, 0x10b0052f},         /* lr.b */
        {23, 0x38b0252f},         /* a reserved AMO */
        {23, 0x00b0552f},         /* an AMO of funct3 5 */
        {23, 0x28b0452f},         /* amocas.q of an odd register */
        {21, 0x62204573},         /* hsv.b with rd */
        {21, 0x60204573},         /* an HLV with rs2 = 2 */
        {21, 0x3400252f},         /* lw.aq, which has no transformation */
        {23, 0x0042a00f},         /* cbo.zero with an offset */
        {21, 0x00000513},         /* addi */
        {21, 0x00000073},         /* ecall */
        {21, 0x50004573},         /* funct7 that is no HLV */
        {20, 0x00002503},         /* a load, but the fetch failed */
        {22, 0x00002503},         /* a virtual instruction is no load */
        {2, 0x00002503},          /* nor is an illegal one */
        {10, 0x00002503},         /* nor ECALL */
        {13, 0x3000},             /* pseudo, but no guest-page fault */
        {22, 0x3000},             /* the same */
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hvrv_trap trap = {.scause = rows[i].cause, .htinst = rows[i].htinst};
        struct hvrv_exit exit = decode(&trap);

        assert_int_equal(exit.htinst, HVRV_HTINST_OTHER);
        assert_int_equal(exit.instruction, 0);
        assert_int_equal(exit.length, 0);
        assert_int_equal(exit.offset, 0);
        assert_false(exit.is_implicit);
    }
}

/*
 * A guest in host memory at HPA 0x80000000. Its GPAs 0x40000000 and up are the same memory (one
 * gigapage of the G-stage), every other GPA faults. Its Sv39 root lies at offset 0x4000.
 */
#define BASE     UINT64_C(0x80000000)
#define GPA_BASE UINT64_C(0x40000000)
static _Alignas(16384) uint64_t memory[0x8000 / 8];

static void build(struct hvrv_walk *walk, struct hvrv_phys *phys)
{
    struct hvrv_walk_regime regime = {
        .vs_root = {GPA_BASE + 0x4000}, .g_root = {BASE}, .vs_mode = 8, .g_mode = 8};
    struct hvrv_phys_config config = {
        .window = memory, .window_base = {BASE}, .window_size = sizeof(memory)};

    memset(memory, 0, sizeof(memory));
    memory[1] = BASE >> 2 | 0xdf;                          /* G: GPA 1 GiB, RWXU, A, D */
    memory[0x4000 / 8 + 0] = (GPA_BASE + 0x5000) >> 2 | 1; /* GVA 0: a table */
    memory[0x4000 / 8 + 1] = 0xcf;                         /* GVA 1 GiB: GPA 0 */
    memory[0x4000 / 8 + 2] =
        UINT64_C(0x80000000) >> 2 | 1;             /* GVA 2 GiB: a table that is not there */
    memory[0x4000 / 8 + 3] = GPA_BASE >> 2 | 0xcf; /* GVA 3 GiB: memory */
    memory[0x5000 / 8 + 1] = UINT64_C(0x10000000) >> 2 | 0xcf; /* GVA 2 MiB: a device */
    assert_int_equal(hvrv_phys_init(phys, &config), HVRV_OK);
    assert_int_equal(hvrv_walk_init(walk, &regime, phys), HVRV_OK);
}

static struct hvrv_exit find(uint64_t cause, uint64_t gva)
{
    struct hvrv_trap trap = {.scause = cause, .sstatus = SPP, .stval = gva};
    struct hvrv_exit exit = decode(&trap);
    struct hvrv_walk walk;
    struct hvrv_phys phys;

    build(&walk, &phys);
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_UNKNOWN);
    assert_int_equal(hvrv_trap_find_gpa(&exit, &walk), HVRV_OK);
    return exit;
}

/* norm:htval_val */
static void a_walk_finds_the_gpa_that_htval_did_not_tell(void **state)
{
    struct hvrv_exit exit = find(21, 0x200007);

    (void)state;
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_KNOWN);
    assert_int_equal(exit.gpa.v, 0x10000007);
    assert_false(exit.is_implicit);
}

/*
 * norm:stval_faulting_address_variable_instr: an instruction whose second half lies in the page
 * that faulted, which stval tells; sepc, where the instruction begins, is not asked.
 */
static void a_walk_for_a_fetch_starts_at_stval_and_not_at_sepc(void **state)
{
    struct hvrv_trap trap = {.scause = 20, .sstatus = SPP, .sepc = 0xc0001ffe, .stval = 0x200000};
    struct hvrv_exit exit = decode(&trap);
    struct hvrv_walk walk;
    struct hvrv_phys phys;

    (void)state;
    build(&walk, &phys);
    assert_int_equal(exit.value, 0x200000);
    assert_int_equal(hvrv_trap_find_gpa(&exit, &walk), HVRV_OK);
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_KNOWN);
    assert_int_equal(exit.gpa.v, 0x10000000);
}

static void a_walk_tells_gpa_zero_from_no_gpa(void **state)
{
    struct hvrv_exit exit = find(23, 0x40000002);

    (void)state;
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_KNOWN);
    assert_int_equal(exit.gpa.v, 2);
}

static void a_walk_finds_that_a_table_is_not_there(void **state)
{
    struct hvrv_exit exit = find(21, 0x80200007);

    (void)state;
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_KNOWN);
    assert_true(exit.is_implicit);
    assert_int_equal(exit.gpa.v, 0x80000008); /* the second entry of the table at 0x80000000 */
}

static void a_walk_that_no_longer_faults_says_retry(void **state)
{
    struct hvrv_exit exit = find(21, 0xc0000000);

    (void)state;
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_RETRY);
    assert_int_equal(exit.gpa.v, 0);
}

static void a_walk_that_now_ends_in_the_guests_own_fault_says_retry(void **state)
{
    (void)state;
    assert_int_equal(find(21, 0x400000).gpa_is, HVRV_EXIT_GPA_RETRY);     /* not valid */
    assert_int_equal(find(20, 0x4000000000).gpa_is, HVRV_EXIT_GPA_RETRY); /* not canonical */
}

static bool load_word(void *context, hvrv_hpa hpa, uint64_t *value)
{
    (void)context;
    *value = memory[(hpa.v - BASE) / 8];
    return true;
}

static bool store_word(void *context, hvrv_hpa hpa, uint64_t value)
{
    (void)context;
    memory[(hpa.v - BASE) / 8] = value;
    return true;
}

/* Somebody else is always faster. */
static bool lose_race(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context;
    (void)hpa;
    (void)desired;
    *expected ^= 0x100;
    return true;
}

static void a_walk_that_lost_a_race_leaves_the_exit_as_it_was(void **state)
{
    static const struct hvrv_phys_ops ops = {load_word, store_word, lose_race};
    const struct hvrv_phys_config config = {.ops = &ops};
    struct hvrv_walk_regime regime = {.vs_root = {0x4000 + GPA_BASE},
                                      .g_root = {BASE},
                                      .vs_mode = 8,
                                      .g_mode = 8,
                                      .vs_ad = HVRV_WALK_AD_UPDATE};
    struct hvrv_trap trap = {.scause = 21, .sstatus = SPP, .stval = 0xc0000000};
    struct hvrv_exit exit = decode(&trap), before = exit;
    struct hvrv_walk walk;
    struct hvrv_phys phys;

    (void)state;
    build(&walk, &phys);
    memory[0x4000 / 8 + 3] &= ~UINT64_C(0xc0); /* A and D clear: the walk sets A */
    assert_int_equal(hvrv_phys_init(&phys, &config), HVRV_OK);
    assert_int_equal(hvrv_walk_init(&walk, &regime, &phys), HVRV_OK);
    assert_int_equal(hvrv_trap_find_gpa(&exit, &walk), HVRV_ERR_RACE);
    assert_memory_equal(&exit, &before, sizeof(exit));
}

static void a_known_gpa_is_left_alone(void **state)
{
    struct hvrv_trap trap = {.scause = 21, .stval = 0xc0000000, .htval = 0x4000000};
    struct hvrv_exit exit = decode(&trap);
    struct hvrv_walk walk;
    struct hvrv_phys phys;

    (void)state;
    build(&walk, &phys);
    assert_int_equal(hvrv_trap_find_gpa(&exit, &walk), HVRV_OK);
    assert_int_equal(exit.gpa_is, HVRV_EXIT_GPA_KNOWN);
    assert_int_equal(exit.gpa.v, 0x10000000);
}

static void a_walk_for_another_exit_is_refused(void **state)
{
    struct hvrv_exit exit = decode_cause(10), before = exit;
    struct hvrv_walk walk;
    struct hvrv_phys phys;

    (void)state;
    build(&walk, &phys);
    assert_int_equal(hvrv_trap_find_gpa(&exit, &walk), HVRV_ERR_ARGUMENT);
    assert_memory_equal(&exit, &before, sizeof(exit));
}

static void a_null_pointer_is_a_status(void **state)
{
    struct hvrv_trap trap = {.scause = 21};
    struct hvrv_exit exit;
    struct hvrv_walk walk;
    struct hvrv_phys phys;

    (void)state;
    build(&walk, &phys);
    assert_int_equal(hvrv_trap_decode(&trap, NULL), HVRV_ERR_NULL);
    memset(&exit, 0xa5, sizeof(exit));
    assert_int_equal(hvrv_trap_decode(NULL, &exit), HVRV_ERR_NULL);
    assert_int_equal(exit.kind, HVRV_EXIT_EXCEPTION);
    assert_int_equal(exit.cause, 0);
    assert_int_equal(hvrv_trap_find_gpa(NULL, &walk), HVRV_ERR_NULL);
    assert_int_equal(hvrv_trap_find_gpa(&exit, NULL), HVRV_ERR_NULL);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(hvrv_exit_name(HVRV_EXIT_INTERRUPT), "interrupt");
    assert_string_equal(hvrv_exit_name(HVRV_EXIT_GUEST_PAGE_FAULT), "guest-page fault");
    assert_string_equal(hvrv_exit_name(HVRV_EXIT_EXCEPTION), "another exception");
    assert_string_equal(hvrv_exit_name((enum hvrv_exit_kind)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause_has_its_kind),
        cmocka_unit_test(an_interrupt_is_told_by_its_code_without_the_top_bit),
        cmocka_unit_test(a_guest_page_fault_keeps_the_original_access),
        cmocka_unit_test(the_privilege_is_that_of_spp),
        cmocka_unit_test(the_gva_bit_and_stval_are_handed_on),
        cmocka_unit_test(the_gpa_takes_its_low_bits_from_stval),
        cmocka_unit_test(a_gpa_of_41_bits_and_more_stays_whole),
        cmocka_unit_test(the_gpa_of_an_implicit_fault_has_nothing_of_stval),
        cmocka_unit_test(a_zero_htval_tells_no_address),
        cmocka_unit_test(every_load_store_and_atomic_has_a_transformed_form),
        cmocka_unit_test(a_compressed_instruction_comes_in_its_wide_form),
        cmocka_unit_test(the_address_offset_is_taken_out_of_rs1),
        cmocka_unit_test(a_custom_opcode_is_custom),
        cmocka_unit_test(htinst_holds_what_its_cause_allows),
        cmocka_unit_test(what_conforms_to_nothing_is_other),
        cmocka_unit_test(a_walk_finds_the_gpa_that_htval_did_not_tell),
        cmocka_unit_test(a_walk_for_a_fetch_starts_at_stval_and_not_at_sepc),
        cmocka_unit_test(a_walk_tells_gpa_zero_from_no_gpa),
        cmocka_unit_test(a_walk_finds_that_a_table_is_not_there),
        cmocka_unit_test(a_walk_that_no_longer_faults_says_retry),
        cmocka_unit_test(a_walk_that_now_ends_in_the_guests_own_fault_says_retry),
        cmocka_unit_test(a_walk_that_lost_a_race_leaves_the_exit_as_it_was),
        cmocka_unit_test(a_known_gpa_is_left_alone),
        cmocka_unit_test(a_walk_for_another_exit_is_refused),
        cmocka_unit_test(a_null_pointer_is_a_status),
        cmocka_unit_test(every_kind_has_a_name),
    };

    return cmocka_run_group_tests_name("vhart/trap", tests, NULL, NULL);
}
