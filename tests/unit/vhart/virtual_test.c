/* SPDX-License-Identifier: BSD-2-Clause */
/* Encodings are literals of the manuals; fields of CSR instructions are put together here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/inject.h>
#include <hvrv/vhart/virtual.h>

#include <model/hart.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define SIE UINT64_C(0x2)
#define SPP UINT64_C(0x100)
#define SDT UINT64_C(0x1000000)

#define VIRTUAL UINT64_C(22)
#define ILLEGAL UINT64_C(2)

#define WFI     0x10500073
#define WRS_NTO 0x00d00073
#define WRS_STO 0x01d00073
#define SRET    0x10200073

#define PC      UINT64_C(0x80001000)
#define HANDLER UINT64_C(0xffffffff80004500)

/* funct3 of the CSR instructions */
enum { CSRRW = 1, CSRRS = 2, CSRRC = 3, CSRRWI = 5, CSRRSI = 6, CSRRCI = 7 };

/* What the rows below were asked. */
struct record {
    unsigned reads, writes, insns;
    struct hvrv_virtual_access access;
    uint64_t register_value; /* what a read gives, and a write changes */
    bool refuses_read, refuses_write;
    enum hvrv_virtual_outcome answer; /* of an instruction's row */
    struct hvrv_insn insn;
};

static struct world {
    struct model_hart model;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct hvrv_vm_slot slot;
    struct hvrv_vm vm;
    struct hvrv_vhart vhart;
    struct hvrv_exit exit;
    enum hvrv_virtual_outcome outcome;
    struct record record;
    /* the guest's code, from PC on, and what HLVX makes of it */
    uint16_t code[4];
    uint64_t fetch_faults_from;
    uint64_t fetch_cause;
} w, before;

static bool fetch(void *context, const struct model_access *access, uint64_t *value,
                  struct hvrv_hart_trap *trap)
{
    uint64_t offset = access->a - PC;

    (void)context;
    assert_int_equal(access->kind, MODEL_HLVX);
    if (access->a + access->what > w.fetch_faults_from) {
        *trap = (struct hvrv_hart_trap){.cause = w.fetch_cause, .stval = access->a, .gva = true};
        return false;
    }
    assert_true(offset + access->what <= sizeof(w.code));
    *value = w.code[offset / 2];
    if (access->what == 4)
        *value |= (uint64_t)w.code[offset / 2 + 1] << 16;
    return true;
}

static int build(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701,
                                  .vsatp_modes = 0x701,
                                  .vmidlen = 14,
                                  .ssstateen = true,
                                  .henvcfg = true,
                                  .senvcfg = true,
                                  .sstc = true};
    model_hart_init(&w.model);
    w.model.guest_access = fetch;
    w.fetch_faults_from = UINT64_MAX;
    assert_int_equal(hvrv_bind_init(&w.bind, &w.model.hart, &w.probe, 0), HVRV_OK);
    assert_int_equal(hvrv_vm_init(&w.vm, 0x8000500000080200, &w.slot, 1), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.vhart, &w.vm), HVRV_OK);
    w.vhart.csr.vstvec = HANDLER;
    assert_int_equal(hvrv_bind_load(&w.bind, &w.vhart), HVRV_OK);
    w.record.answer = HVRV_VIRTUAL_DONE;
    return 0;
}

/* The guest's registers count up; it trapped at PC with this stval. */
static void trap(uint64_t cause, bool is_vs, uint64_t stval)
{
    struct hvrv_trap csrs = {.scause = cause, .sepc = PC, .stval = stval, .hstatus = 0x200000080};

    csrs.sstatus = 0x200000000 | (is_vs ? SPP : 0);
    csrs.hstatus |= is_vs ? 0x100 : 0;
    w.vhart.sepc = PC;
    w.vhart.sstatus = csrs.sstatus;
    for (unsigned i = 1; i < 32; i++)
        w.vhart.gpr[i] = 0x1111111100000000 + i;
    model_force(&w.model, HVRV_CSR_VSCAUSE, 0x77);
    model_force(&w.model, HVRV_CSR_HSTATUS, csrs.hstatus);
    assert_int_equal(hvrv_trap_decode(&csrs, &w.exit), HVRV_OK);
    model_log_clear(&w.model);
    w.record.reads = w.record.writes = w.record.insns = 0;
    memcpy(&before, &w, sizeof(w));
}

static const struct hvrv_virtual none;

static enum hvrv_status serve(const struct hvrv_virtual *tables)
{
    struct hvrv_virtual_exit at = {&w.model.hart, &w.vhart, &w.exit};

    w.outcome = HVRV_VIRTUAL_ESCAPE;
    return hvrv_virtual_serve(tables, &at, &w.outcome);
}

/* The registers but @rd are as they were, and no trap was raised. */
static void only_rd_changed(unsigned rd)
{
    for (unsigned i = 0; i < 32; i++) {
        if (i != rd)
            assert_int_equal(w.vhart.gpr[i], before.vhart.gpr[i]);
    }
    assert_int_equal(w.vhart.gpr[0], 0);
    assert_int_equal(w.vhart.sstatus, before.vhart.sstatus);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSCAUSE), 0x77);
}

static void was_served(const struct hvrv_virtual *tables, enum hvrv_virtual_outcome outcome,
                       unsigned length)
{
    assert_int_equal(serve(tables), HVRV_OK);
    assert_int_equal(w.outcome, outcome);
    assert_int_equal(w.vhart.sepc, PC + length);
}

static void was_done(const struct hvrv_virtual *tables, unsigned rd, uint64_t value)
{
    was_served(tables, HVRV_VIRTUAL_DONE, 4);
    only_rd_changed(rd);
    assert_int_equal(w.vhart.gpr[rd], value);
}

/* On riscv64 the time is the machine's own, which goes on; on the model it stands still. */
static void time_was_read(unsigned rd)
{
    uint64_t first = hvrv_hart_read_time(&w.model.hart), last, value;

    was_served(&none, HVRV_VIRTUAL_DONE, 4);
    last = hvrv_hart_read_time(&w.model.hart);
    only_rd_changed(rd);
    value = w.vhart.gpr[rd] - w.vhart.csr.htimedelta;
    assert_true(value - first <= last - first);
}

static void was_illegal(const struct hvrv_virtual *tables, uint32_t bits)
{
    assert_int_equal(serve(tables), HVRV_OK);
    assert_int_equal(w.outcome, HVRV_VIRTUAL_DONE);
    assert_int_equal(w.vhart.sepc, HANDLER);
    assert_int_equal(w.vhart.sstatus & SPP, SPP);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSCAUSE), 2);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTVAL), bits);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSEPC), PC);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSSTATUS) & SPP, before.vhart.sstatus & SPP);
    assert_memory_equal(w.vhart.gpr, before.vhart.gpr, sizeof(w.vhart.gpr));
}

static void nothing_changed(void)
{
    assert_memory_equal(&w.vhart, &before.vhart, sizeof(w.vhart));
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSCAUSE), 0x77);
}

static uint32_t csr_insn(unsigned funct3, unsigned csr, unsigned rd, unsigned rs1)
{
    return csr << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73;
}

static void csr_trap(unsigned funct3, unsigned csr, unsigned rd, unsigned rs1)
{
    trap(VIRTUAL, true, csr_insn(funct3, csr, rd, rs1));
}

/* Waiting ------------------------------------------------------------------------------ */

/* norm:vtw_virtinstr, norm:H_virtinst_wfi_vtw1_tw0 */
static void wfi_of_vs_mode_waits_behind_it(void **state)
{
    (void)state;
    trap(VIRTUAL, true, WFI);
    was_served(&none, HVRV_VIRTUAL_WAIT, 4);
    only_rd_changed(0);
}

/* norm:H_virtinst_vu_wfi_tw0 */
static void wfi_of_vu_mode_is_illegal(void **state)
{
    (void)state;
    trap(VIRTUAL, false, WFI);
    was_illegal(&none, WFI);
}

/* A WRS ends with another hart's store, of which no interrupt tells: it must not be parked. */
static void wrs_yields_in_either_mode(void **state)
{
    static const uint32_t rows[] = {WRS_NTO, WRS_STO};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        trap(VIRTUAL, i & 1, rows[i >> 1]);
        was_served(&none, HVRV_VIRTUAL_YIELD, 4);
        only_rd_changed(0);
    }
}

/* Counters ----------------------------------------------------------------------------- */

/* norm:hcounteren_op, norm:H_virtinst_vs_nonhighctr_h0_m1, norm:time_htimedelta_req */
static void time_is_the_hosts_and_htimedelta(void **state)
{
    (void)state;
    model_force(&w.model, HVRV_CSR_TIME, 0x100);
    w.vhart.csr.htimedelta = 0xffffffffffffff80;
    trap(VIRTUAL, true, 0xc0102573); /* rdtime a0 */
    time_was_read(10);
    w.vhart.csr.htimedelta = 0x7ffffffffffffeff;
    trap(VIRTUAL, true, 0xc0102573);
    time_was_read(10);
    trap(ILLEGAL, true, 0xc0102573); /* mcounteren hides it */
    time_was_read(10);
}

/* norm:H_virtinst_vu_nonhighctr_h0_s0_m1, norm:scounteren_op: bit n of scounteren is counter n's.
 */
static void counters_are_shown_to_vu_mode_by_scounteren(void **state)
{
    (void)state;
    model_force(&w.model, HVRV_CSR_TIME, 0);
    for (unsigned i = 0; i < 128; i++) {
        unsigned csr = 0xc00 + (i & 31);
        bool is_vs = i & 32, is_shown = i & 64;
        uint32_t bit = UINT32_C(1) << (i & 31), bits = csr_insn(CSRRS, csr, 7, 0);

        model_force(&w.model, HVRV_CSR_SCOUNTEREN, is_shown ? bit : ~bit);
        trap(VIRTUAL, is_vs, bits);
        if ((is_vs || is_shown) && csr == 0xc01)
            time_was_read(7);
        else if (is_vs || is_shown)
            was_done(&none, 7, 0);
        else
            was_illegal(&none, bits);
    }
}

/* Bits 11:10 of the number are 3 (machine chapter, section "CSR Address Mapping Conventions"). */
static void a_write_to_a_counter_is_illegal(void **state)
{
    static const uint8_t rows[][2] = {{CSRRW, 0},  {CSRRW, 5},  {CSRRS, 5},  {CSRRC, 5},
                                      {CSRRWI, 0}, {CSRRSI, 1}, {CSRRCI, 31}};

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (unsigned csr = 0xc00; csr < 0xc20; csr++) {
            uint32_t bits = csr_insn(rows[i][0], csr, 7, rows[i][1]);
            trap(VIRTUAL, true, bits);
            was_illegal(&none, bits);
        }
    }
}

/* What nobody has ---------------------------------------------------------------------- */

/* norm:H_virtinst_vu_vs_hinst, norm:H_virtinst_vu_vs_nonhigh_allowedhs_tvm0,
 * norm:H_virtinst_vu_sret_sfence, norm:H_virtinst_vs_sret_vtsr1,
 * norm:H_virtinst_vu_nonhigh_supervisor_allowedhs_tvm0,
 * norm:H_virtinst_vs_sfence_sinval_satp_vtvm1, norm:H_virtinst_xtval */
static void what_no_row_has_is_illegal_with_its_bits(void **state)
{
    static const uint32_t rows[] = {
        0x01502573, /* csrr a0, seed */
        0x01501573, /* csrrw a0, seed, zero */
        0x18002573, /* csrr a0, satp */
        0x68001073, /* csrw hgatp, zero */
        0x14d02573, /* csrr a0, stimecmp */
        0xc2002573, /* csrr a0, vl */
        0xbff02573, /* csrr a0, 0xbff */
        0xc8102573, /* csrr a0, timeh */
        0x30002573, /* csrr a0, mstatus */
        0x10200073, /* sret */
        0x12000073, /* sfence.vma */
        0x22000073, /* hfence.vvma */
        0x6c054573, /* hlv.d a0, (a0) */
        0x0005200f, /* cbo.inval (a0) */
        0x30200073, /* mret */
        0x10500077, /* nearly wfi */
        0xffffffff, 0x00008002, 0x00000001,
    };

    (void)state;
    for (size_t i = 0; i < 4 * LENGTH(rows); i++) {
        uint32_t bits = rows[i / 4];
        trap(i & 1 ? VIRTUAL : ILLEGAL, i & 2, bits);
        was_illegal(&none, bits);
    }
}

#define SEED UINT64_C(0x5eed0022)

static uint64_t random_state = SEED;

static uint32_t random_word(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(z ^ z >> 31);
}

/* What is read of a counter that the guest may see, and nothing else of all CSR instructions. */
static bool reads_counter(uint32_t bits, bool is_vs, uint32_t scounteren)
{
    unsigned funct3 = bits >> 12 & 7, csr = bits >> 20;
    bool only_reads = (funct3 & 3) >= 2 && (bits >> 15 & 31) == 0;

    return (bits & 0x7f) == 0x73 && only_reads && csr >= 0xc00 && csr <= 0xc1f &&
           (is_vs || (scounteren >> (csr & 31) & 1));
}

/* A guest may execute what it likes: random words, half of them CSR instructions, many of x0. */
static void no_word_does_more_than_the_library_has_rows_for(void **state)
{
    (void)state;
    print_message("seed 0x%llx\n", (unsigned long long)SEED);
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t bits = random_word() | 1, scounteren = random_word();
        bool is_vs = random_word() & 1;

        if (i & 1)
            bits = (bits & ~UINT32_C(0x7f)) | 0x73;
        if (i & 2)
            bits &= ~(UINT32_C(31) << 15);
        if (i & 4)
            bits = (bits & 0x1fffff) | (0xc00 + (bits >> 25) % 34) << 20;
        model_force(&w.model, HVRV_CSR_SCOUNTEREN, scounteren);
        trap(random_word() & 1 ? VIRTUAL : ILLEGAL, is_vs, bits);
        if (!reads_counter(bits, is_vs, scounteren)) {
            was_illegal(&none, (bits & 3) == 3 ? bits : bits & 0xffff);
            continue;
        }
        was_served(&none, HVRV_VIRTUAL_DONE, 4);
        only_rd_changed(bits >> 7 & 31);
    }
}

/* norm:sstatus_sdt_trap: then the guest cannot go on. */
static void what_would_be_a_double_trap_is_a_status(void **state)
{
    (void)state;
    w.vhart.csr.henvcfg = 0x800000000000000; /* DTE */
    model_force(&w.model, HVRV_CSR_HENVCFG, 0x800000000000000);
    model_force(&w.model, HVRV_CSR_VSSTATUS, 0x200000000 | SDT);
    trap(VIRTUAL, true, SRET);
    assert_int_equal(serve(&none), HVRV_ERR_STATE);
    assert_int_equal(w.outcome, HVRV_VIRTUAL_RETRY);
    nothing_changed();
}

/* The instruction ---------------------------------------------------------------------- */

static void put_code(unsigned halfword, uint32_t bits)
{
    memset(w.code, 0xff, sizeof(w.code));
    w.code[halfword] = (uint16_t)bits;
    w.code[halfword + 1] = (uint16_t)(bits >> 16);
}

/* norm:H_virtinst_xtval: stval may be 0. */
static void with_stval_0_the_instruction_is_fetched(void **state)
{
    (void)state;
    model_force(&w.model, HVRV_CSR_TIME, 0x12345);
    put_code(0, 0xc0102573);
    trap(VIRTUAL, true, 0);
    time_was_read(10);
    put_code(0, WFI);
    trap(VIRTUAL, false, 0);
    was_illegal(&none, WFI);
}

/* Also where it is no multiple of 4, and when it is of 16 bits: what lies behind it is not it. */
static void a_fetched_instruction_of_either_length_is_whole(void **state)
{
    (void)state;
    put_code(1, WFI);
    trap(VIRTUAL, true, 0);
    w.vhart.sepc = PC + 2;
    assert_int_equal(serve(&none), HVRV_OK);
    assert_int_equal(w.outcome, HVRV_VIRTUAL_WAIT);
    assert_int_equal(w.vhart.sepc, PC + 6);
    put_code(0, 0x12348002);
    trap(ILLEGAL, true, 0);
    was_illegal(&none, 0x8002);
    put_code(1, 0x8002);
    w.fetch_faults_from = PC + 4; /* and is not touched */
    trap(ILLEGAL, true, 0);
    w.vhart.sepc = PC + 2;
    assert_int_equal(serve(&none), HVRV_OK);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSTVAL), 0x8002);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSEPC), PC + 2);
}

/* Bit 0 of sepc is always 0 (norm:sepc); QEMU 7.2 keeps what a guest wrote there. */
static void bit_0_of_sepc_is_no_part_of_the_address(void **state)
{
    (void)state;
    put_code(0, WFI);
    trap(VIRTUAL, true, 0);
    w.vhart.sepc = PC + 1;
    assert_int_equal(serve(&none), HVRV_OK);
    assert_int_equal(w.outcome, HVRV_VIRTUAL_WAIT);
    assert_int_equal(w.vhart.sepc, PC + 5);
}

/* Another vHart unmapped the page meanwhile: the guest finds out by itself. */
static void what_cannot_be_fetched_any_more_is_tried_again(void **state)
{
    static const uint8_t causes[] = {5, 13, 21};

    (void)state;
    w.model.traps_expected = true;
    w.fetch_faults_from = PC;
    for (size_t i = 0; i < LENGTH(causes); i++) {
        w.fetch_cause = causes[i];
        trap(VIRTUAL, true, 0);
        assert_int_equal(serve(&none), HVRV_OK);
        assert_int_equal(w.outcome, HVRV_VIRTUAL_RETRY);
        nothing_changed();
    }
}

static void with_stval_nothing_is_fetched(void **state)
{
    (void)state;
    w.fetch_faults_from = PC;
    trap(VIRTUAL, true, WFI);
    was_served(&none, HVRV_VIRTUAL_WAIT, 4);
    assert_int_equal(w.model.log_length, 0);
}

/* Rows for CSRs ------------------------------------------------------------------------ */

static bool read_row(void *context, const struct hvrv_virtual_access *access, uint64_t *value)
{
    struct record *record = context;

    record->reads++;
    record->access = *access;
    *value = record->register_value;
    return !record->refuses_read;
}

static bool write_row(void *context, const struct hvrv_virtual_access *access, uint64_t value)
{
    struct record *record = context;

    record->writes++;
    record->access = *access;
    if (record->refuses_write)
        return false;
    record->register_value = value;
    return true;
}

static struct hvrv_virtual rows_of(const struct hvrv_virtual_csr *csrs, size_t count)
{
    return (struct hvrv_virtual){.csrs = csrs, .csr_count = count, .context = &w.record};
}

#define X5 UINT64_C(0x1111111100000005)

/* The unprivileged manual's table of what reads and what writes. */
static void csr_instructions_read_and_write_as_the_manual_says(void **state)
{
    static const struct hvrv_virtual_csr csr = {0x5c0, 0x5c0, read_row, write_row};
    static const uint64_t old = 0xf0f0f0f0f0f0f0ff;
    static const struct {
        uint8_t funct3, rd, rs1, reads, writes;
        uint64_t after;
    } rows[] = {
        {CSRRW, 7, 5, 1, 1, X5},        {CSRRW, 0, 5, 0, 1, X5},
        {CSRRW, 7, 0, 1, 1, 0},         {CSRRW, 0, 0, 0, 1, 0},
        {CSRRW, 5, 5, 1, 1, X5},        {CSRRS, 7, 5, 1, 1, old | X5},
        {CSRRS, 0, 5, 1, 1, old | X5},  {CSRRS, 7, 0, 1, 0, old},
        {CSRRS, 0, 0, 1, 0, old},       {CSRRS, 5, 5, 1, 1, old | X5},
        {CSRRC, 7, 5, 1, 1, old & ~X5}, {CSRRC, 0, 5, 1, 1, old & ~X5},
        {CSRRC, 7, 0, 1, 0, old},       {CSRRC, 0, 0, 1, 0, old},
        {CSRRC, 5, 5, 1, 1, old & ~X5}, {CSRRWI, 7, 5, 1, 1, 5},
        {CSRRWI, 0, 31, 0, 1, 31},      {CSRRWI, 7, 0, 1, 1, 0},
        {CSRRSI, 7, 8, 1, 1, old | 8},  {CSRRSI, 7, 0, 1, 0, old},
        {CSRRSI, 0, 0, 1, 0, old},      {CSRRCI, 7, 9, 1, 1, old & ~UINT64_C(9)},
        {CSRRCI, 7, 0, 1, 0, old},      {CSRRCI, 0, 31, 1, 1, old & ~UINT64_C(31)},
    };
    struct hvrv_virtual tables = rows_of(&csr, 1);

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        w.record.register_value = old;
        csr_trap(rows[i].funct3, 0x5c0, rows[i].rd, rows[i].rs1);
        was_done(&tables, rows[i].rd, rows[i].rd ? old : 0);
        assert_int_equal(w.record.reads, rows[i].reads);
        assert_int_equal(w.record.writes, rows[i].writes);
        assert_int_equal(w.record.register_value, rows[i].after);
    }
}

/* CSRRS and CSRRC by a register that holds 0 do write; by x0 they do not. */
static void a_register_that_is_0_writes_where_x0_does_not(void **state)
{
    static const struct hvrv_virtual_csr csr = {0x5c0, 0x5c0, read_row, write_row};
    struct hvrv_virtual tables = rows_of(&csr, 1);

    (void)state;
    for (unsigned funct3 = CSRRS; funct3 <= CSRRC; funct3++) {
        w.record.register_value = 0x55;
        csr_trap(funct3, 0x5c0, 7, 6);
        w.vhart.gpr[6] = before.vhart.gpr[6] = 0;
        was_done(&tables, 7, 0x55);
        assert_int_equal(w.record.writes, 1);
        assert_int_equal(w.record.register_value, 0x55);
    }
}

static void a_row_is_told_who_accesses_what_and_where(void **state)
{
    static const struct hvrv_virtual_csr csr = {0x000, 0xfff, read_row, write_row};
    struct hvrv_virtual tables = rows_of(&csr, 1);

    (void)state;
    csr_trap(CSRRS, 0x5c0, 7, 0);
    was_done(&tables, 7, 0);
    assert_ptr_equal(w.record.access.vhart, &w.vhart);
    assert_ptr_equal(w.record.access.hart, &w.model.hart);
    assert_int_equal(w.record.access.csr, 0x5c0);
    assert_int_equal(w.record.access.privilege, HVRV_WALK_VS);
    trap(VIRTUAL, false, csr_insn(CSRRW, 0x015, 0, 3));
    was_done(&tables, 0, 0);
    assert_int_equal(w.record.access.csr, 0x015);
    assert_int_equal(w.record.access.privilege, HVRV_WALK_VU);
    assert_int_equal(w.record.register_value, 0x1111111100000003);
}

/* The callers' rows come first, and of them the first; both ends of a range are in it. */
static void the_first_row_that_has_the_csr_serves_it(void **state)
{
    static const struct hvrv_virtual_csr csrs[] = {
        {0x5c1, 0x5c3, read_row, NULL},
        {0x5c0, 0x5c7, NULL, write_row},
        {0xc01, 0xc01, read_row, NULL}, /* time: before the library's */
    };
    struct hvrv_virtual tables = rows_of(csrs, LENGTH(csrs));

    (void)state;
    w.record.register_value = 99;
    for (unsigned csr = 0x5bf; csr <= 0x5c8; csr++) {
        csr_trap(CSRRS, csr, 7, 0);
        if (csr >= 0x5c1 && csr <= 0x5c3)
            was_done(&tables, 7, 99);
        else
            was_illegal(&tables, csr_insn(CSRRS, csr, 7, 0));
        csr_trap(CSRRW, csr, 0, 5);
        if (csr == 0x5c0 || (csr >= 0x5c4 && csr <= 0x5c7))
            was_done(&tables, 0, 0);
        else
            was_illegal(&tables, csr_insn(CSRRW, csr, 0, 5));
        w.record.register_value = 99;
    }
    csr_trap(CSRRS, 0xc01, 7, 0);
    was_done(&tables, 7, 99);
    csr_trap(CSRRS, 0xc02, 7, 0);
    was_done(&tables, 7, 0); /* the library's is still there */
}

static void a_read_only_number_is_not_written_whatever_its_row_says(void **state)
{
    static const struct hvrv_virtual_csr csr = {0xc00, 0xfff, read_row, write_row};
    struct hvrv_virtual tables = rows_of(&csr, 1);

    (void)state;
    for (unsigned number = 0xc00; number <= 0xeff; number += 0x3f) {
        csr_trap(CSRRW, number, 7, 5);
        was_illegal(&tables, csr_insn(CSRRW, number, 7, 5));
        csr_trap(CSRRS, number, 7, 5);
        was_illegal(&tables, csr_insn(CSRRS, number, 7, 5));
        assert_int_equal(w.record.reads, 0);
        assert_int_equal(w.record.writes, 0);
        csr_trap(CSRRS, number, 7, 0);
        was_done(&tables, 7, w.record.register_value);
    }
}

/* Bits 9:8 of the number. VS-mode may have what is a hypervisor's, if a row has it. */
static void bits_9_and_8_of_the_number_are_the_privilege(void **state)
{
    static const struct hvrv_virtual_csr csr = {0x000, 0xfff, read_row, write_row};
    struct hvrv_virtual tables = rows_of(&csr, 1);

    (void)state;
    model_force(&w.model, HVRV_CSR_SCOUNTEREN, UINT32_MAX);
    for (unsigned number = 0; number < 0x1000; number += 0x11) {
        for (unsigned is_vs = 0; is_vs < 2; is_vs++) {
            unsigned level = number >> 8 & 3;
            uint32_t bits = csr_insn(CSRRS, number, 7, 0);

            w.record.register_value = number;
            trap(VIRTUAL, is_vs, bits);
            if (level == 0 || (is_vs && level < 3))
                was_done(&tables, 7, number);
            else
                was_illegal(&tables, bits);
        }
    }
}

/* norm:scounteren_op: it is about counters alone, 0xc00 to 0xc1f. */
static void scounteren_hides_nothing_but_counters(void **state)
{
    static const struct hvrv_virtual_csr csr = {0x000, 0xfff, read_row, NULL};
    struct hvrv_virtual tables = rows_of(&csr, 1);

    (void)state;
    model_force(&w.model, HVRV_CSR_SCOUNTEREN, 0);
    w.record.register_value = 3;
    for (unsigned number = 0xbe0; number < 0xc40; number++) {
        bool is_user = (number >> 8 & 3) == 0, is_counter = number >= 0xc00 && number < 0xc20;

        trap(VIRTUAL, false, csr_insn(CSRRS, number, 7, 0));
        if (is_user && !is_counter)
            was_done(&tables, 7, 3);
        else
            was_illegal(&tables, csr_insn(CSRRS, number, 7, 0));
    }
}

static void an_access_that_a_row_refuses_changes_nothing(void **state)
{
    static const struct hvrv_virtual_csr csr = {0x5c0, 0x5c0, read_row, write_row};
    struct hvrv_virtual tables = rows_of(&csr, 1);

    (void)state;
    w.record.register_value = 3;
    w.record.refuses_read = true;
    csr_trap(CSRRS, 0x5c0, 7, 5);
    was_illegal(&tables, csr_insn(CSRRS, 0x5c0, 7, 5));
    assert_int_equal(w.record.writes, 0);
    w.record.refuses_read = false;
    w.record.refuses_write = true;
    csr_trap(CSRRS, 0x5c0, 7, 5);
    was_illegal(&tables, csr_insn(CSRRS, 0x5c0, 7, 5));
    assert_int_equal(w.record.reads, 1);
    assert_int_equal(w.record.writes, 1);
    assert_int_equal(w.record.register_value, 3);
}

static void a_row_without_a_function_has_no_such_access(void **state)
{
    static const struct hvrv_virtual_csr csrs[] = {
        {0x5c0, 0x5c0, read_row, NULL},
        {0x5c1, 0x5c1, NULL, write_row},
    };
    struct hvrv_virtual tables = rows_of(csrs, LENGTH(csrs));

    (void)state;
    csr_trap(CSRRS, 0x5c0, 7, 0);
    was_done(&tables, 7, 0);
    csr_trap(CSRRS, 0x5c0, 7, 5);
    was_illegal(&tables, csr_insn(CSRRS, 0x5c0, 7, 5));
    assert_int_equal(w.record.reads, 0); /* a read may have effects */
    csr_trap(CSRRW, 0x5c1, 0, 5);
    was_done(&tables, 0, 0);
    csr_trap(CSRRW, 0x5c1, 7, 5);
    was_illegal(&tables, csr_insn(CSRRW, 0x5c1, 7, 5));
    assert_int_equal(w.record.writes, 0);
}

/* Rows for instructions ---------------------------------------------------------------- */

static enum hvrv_virtual_outcome insn_row(void *context, struct hvrv_vhart *vhart,
                                          const struct hvrv_insn *insn)
{
    struct record *record = context;

    assert_ptr_equal(vhart, &w.vhart);
    record->insns++;
    record->insn = *insn;
    return record->answer;
}

static struct hvrv_virtual insns_of(const struct hvrv_virtual_insn *insns, size_t count)
{
    return (struct hvrv_virtual){.insns = insns, .insn_count = count, .context = &w.record};
}

static void an_instruction_is_found_by_mask_and_match(void **state)
{
    static const struct hvrv_virtual_insn insns[] = {
        {0xfe007fff, 0x12000073, insn_row}, /* sfence.vma with any operands */
        {0xffff, 0x8002, insn_row},
    };
    struct hvrv_virtual tables = insns_of(insns, LENGTH(insns));

    (void)state;
    trap(VIRTUAL, true, 0x12b50073); /* sfence.vma a0, a1 */
    was_done(&tables, 0, 0);
    assert_int_equal(w.record.insns, 1);
    assert_int_equal(w.record.insn.bits, 0x12b50073);
    assert_int_equal(w.record.insn.rs1, 10);
    assert_int_equal(w.record.insn.rs2, 11);
    trap(VIRTUAL, true, 0x16b50073); /* sinval.vma a0, a1 */
    was_illegal(&tables, 0x16b50073);
    assert_int_equal(w.record.insns, 0);
    trap(ILLEGAL, true, 0x8002);
    was_served(&tables, HVRV_VIRTUAL_DONE, 2); /* its length, not 4 */
    assert_int_equal(w.record.insns, 1);
}

static void a_callers_instruction_comes_before_its_csrs_and_before_the_librarys(void **state)
{
    static const struct hvrv_virtual_insn insns[] = {
        {0xffffffff, WFI, insn_row}, {0xfff0707f, 0xc0102073, insn_row}, /* csrrs of time */
    };
    static const struct hvrv_virtual_csr csr = {0xc01, 0xc01, read_row, NULL};
    struct hvrv_virtual tables = insns_of(insns, LENGTH(insns));

    (void)state;
    tables.csrs = &csr;
    tables.csr_count = 1;
    trap(VIRTUAL, false, WFI);
    was_done(&tables, 0, 0);
    trap(VIRTUAL, true, 0xc0102573);
    was_served(&tables, HVRV_VIRTUAL_DONE, 4);
    assert_int_equal(w.record.insns, 1);
    assert_int_equal(w.record.reads, 0);
    trap(VIRTUAL, true, 0xc0103573); /* csrrc: another instruction */
    was_served(&tables, HVRV_VIRTUAL_DONE, 4);
    assert_int_equal(w.record.reads, 1);
}

static void what_a_row_answers_is_done(void **state)
{
    static const struct hvrv_virtual_insn insn = {0xffffffff, 0x12000073, insn_row};
    static const struct {
        enum hvrv_virtual_outcome answer, outcome;
        unsigned length;
    } rows[] = {
        {HVRV_VIRTUAL_DONE, HVRV_VIRTUAL_DONE, 4},   {HVRV_VIRTUAL_WAIT, HVRV_VIRTUAL_WAIT, 4},
        {HVRV_VIRTUAL_YIELD, HVRV_VIRTUAL_YIELD, 4}, {HVRV_VIRTUAL_RETRY, HVRV_VIRTUAL_RETRY, 0},
        {HVRV_VIRTUAL_ESCAPE, HVRV_VIRTUAL_DONE, 0},
    };
    struct hvrv_virtual tables = insns_of(&insn, 1);

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        w.record.answer = rows[i].answer;
        trap(VIRTUAL, true, 0x12000073);
        was_served(&tables, rows[i].outcome, rows[i].length);
        only_rd_changed(0);
    }
    w.record.answer = HVRV_VIRTUAL_ILLEGAL;
    trap(VIRTUAL, true, 0x12000073);
    was_illegal(&tables, 0x12000073);
    w.record.answer = (enum hvrv_virtual_outcome)77; /* no answer at all */
    trap(VIRTUAL, true, 0x12000073);
    was_illegal(&tables, 0x12000073);
}

static void a_row_without_its_function_is_illegal(void **state)
{
    static const struct hvrv_virtual_insn insn = {0xffffffff, WFI, NULL};
    struct hvrv_virtual tables = insns_of(&insn, 1);

    (void)state;
    trap(VIRTUAL, true, WFI);
    was_illegal(&tables, WFI);
}

static enum hvrv_virtual_outcome sret_row(void *context, struct hvrv_vhart *vhart,
                                          const struct hvrv_insn *insn)
{
    (void)context;
    (void)insn;
    assert_int_equal(hvrv_inject_return(vhart), HVRV_OK);
    return HVRV_VIRTUAL_ESCAPE;
}

/* norm:H_virtinst_vs_sret_vtsr1, norm:sret_v1 */
static void a_row_may_return_from_the_guests_trap(void **state)
{
    static const struct hvrv_virtual_insn insn = {0xffffffff, SRET, sret_row};
    struct hvrv_virtual tables = insns_of(&insn, 1);

    (void)state;
    model_force(&w.model, HVRV_CSR_VSSTATUS, 0x200000020); /* SPIE, from VU-mode */
    model_force(&w.model, HVRV_CSR_VSEPC, 0x10000);
    trap(VIRTUAL, true, SRET);
    assert_int_equal(serve(&tables), HVRV_OK);
    assert_int_equal(w.outcome, HVRV_VIRTUAL_DONE);
    assert_int_equal(w.vhart.sepc, 0x10000);
    assert_int_equal(w.vhart.sstatus & SPP, 0);
    assert_int_equal(model_peek(&w.model, HVRV_CSR_VSSTATUS), 0x200000022);
}

/* What is refused ---------------------------------------------------------------------- */

static void refused(const struct hvrv_virtual *tables, const struct hvrv_virtual_exit *exit,
                    enum hvrv_status status)
{
    w.outcome = HVRV_VIRTUAL_DONE;
    assert_int_equal(hvrv_virtual_serve(tables, exit, &w.outcome), status);
    assert_int_equal(w.outcome, HVRV_VIRTUAL_RETRY);
    nothing_changed();
}

static void an_exit_for_another_reason_is_refused(void **state)
{
    static const uint64_t causes[] = {1, 3, 5, 7, 10, 20, 21, 23, 0x8000000000000005};

    (void)state;
    for (size_t i = 0; i < LENGTH(causes); i++) {
        struct hvrv_virtual_exit exit = {&w.model.hart, &w.vhart, &w.exit};
        trap(causes[i], true, WFI);
        refused(&none, &exit, HVRV_ERR_ARGUMENT);
    }
}

static void a_null_pointer_is_a_status(void **state)
{
    struct hvrv_virtual_exit all = {&w.model.hart, &w.vhart, &w.exit}, one;
    struct hvrv_virtual tables = {0};

    (void)state;
    trap(VIRTUAL, true, WFI);
    assert_int_equal(hvrv_virtual_serve(&none, &all, NULL), HVRV_ERR_NULL);
    nothing_changed();
    refused(NULL, &all, HVRV_ERR_NULL);
    refused(&none, NULL, HVRV_ERR_NULL);
    one = all;
    one.hart = NULL;
    refused(&none, &one, HVRV_ERR_NULL);
    one = all;
    one.vhart = NULL;
    refused(&none, &one, HVRV_ERR_NULL);
    one = all;
    one.exit = NULL;
    refused(&none, &one, HVRV_ERR_NULL);
    tables.csr_count = 1;
    refused(&tables, &all, HVRV_ERR_NULL);
    tables.csr_count = 0;
    tables.insn_count = 1;
    refused(&tables, &all, HVRV_ERR_NULL);
}

#define TEST(name) cmocka_unit_test_setup(name, build)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wfi_of_vs_mode_waits_behind_it),
        TEST(wfi_of_vu_mode_is_illegal),
        TEST(wrs_yields_in_either_mode),
        TEST(time_is_the_hosts_and_htimedelta),
        TEST(counters_are_shown_to_vu_mode_by_scounteren),
        TEST(a_write_to_a_counter_is_illegal),
        TEST(what_no_row_has_is_illegal_with_its_bits),
        TEST(no_word_does_more_than_the_library_has_rows_for),
        TEST(what_would_be_a_double_trap_is_a_status),
        TEST(with_stval_0_the_instruction_is_fetched),
        TEST(a_fetched_instruction_of_either_length_is_whole),
        TEST(bit_0_of_sepc_is_no_part_of_the_address),
        TEST(what_cannot_be_fetched_any_more_is_tried_again),
        TEST(with_stval_nothing_is_fetched),
        TEST(csr_instructions_read_and_write_as_the_manual_says),
        TEST(a_register_that_is_0_writes_where_x0_does_not),
        TEST(a_row_is_told_who_accesses_what_and_where),
        TEST(the_first_row_that_has_the_csr_serves_it),
        TEST(a_read_only_number_is_not_written_whatever_its_row_says),
        TEST(bits_9_and_8_of_the_number_are_the_privilege),
        TEST(scounteren_hides_nothing_but_counters),
        TEST(an_access_that_a_row_refuses_changes_nothing),
        TEST(a_row_without_a_function_has_no_such_access),
        TEST(an_instruction_is_found_by_mask_and_match),
        TEST(a_callers_instruction_comes_before_its_csrs_and_before_the_librarys),
        TEST(what_a_row_answers_is_done),
        TEST(a_row_without_its_function_is_illegal),
        TEST(a_row_may_return_from_the_guests_trap),
        TEST(an_exit_for_another_reason_is_refused),
        TEST(a_null_pointer_is_a_status),
    };

    return cmocka_run_group_tests_name("vhart/virtual", tests, NULL, NULL);
}
