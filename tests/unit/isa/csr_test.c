/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/isa/csr.h>

/* What the manual's tables of allocated CSR addresses say (src/priv/csrs.adoc). */
struct manual_row {
    const char *name;
    unsigned number;
    const char *access;
};

static const struct manual_row manual[] = {
    {"fflags", 0x001, "URW"},    {"frm", 0x002, "URW"},           {"fcsr", 0x003, "URW"},
    {"vstart", 0x008, "URW"},    {"vxsat", 0x009, "URW"},         {"vxrm", 0x00a, "URW"},
    {"vcsr", 0x00f, "URW"},      {"ssp", 0x011, "URW"},           {"cycle", 0xc00, "URO"},
    {"time", 0xc01, "URO"},      {"instret", 0xc02, "URO"},       {"vl", 0xc20, "URO"},
    {"vtype", 0xc21, "URO"},     {"vlenb", 0xc22, "URO"},         {"sstatus", 0x100, "SRW"},
    {"sie", 0x104, "SRW"},       {"stvec", 0x105, "SRW"},         {"scounteren", 0x106, "SRW"},
    {"senvcfg", 0x10a, "SRW"},   {"sstateen0", 0x10c, "SRW"},     {"sstateen1", 0x10d, "SRW"},
    {"sstateen2", 0x10e, "SRW"}, {"sstateen3", 0x10f, "SRW"},     {"scountinhibit", 0x120, "SRW"},
    {"sscratch", 0x140, "SRW"},  {"sepc", 0x141, "SRW"},          {"scause", 0x142, "SRW"},
    {"stval", 0x143, "SRW"},     {"sip", 0x144, "SRW"},           {"stimecmp", 0x14d, "SRW"},
    {"sctrctl", 0x14e, "SRW"},   {"sctrstatus", 0x14f, "SRW"},    {"siselect", 0x150, "SRW"},
    {"sireg", 0x151, "SRW"},     {"sireg2", 0x152, "SRW"},        {"sireg3", 0x153, "SRW"},
    {"sireg4", 0x155, "SRW"},    {"sireg5", 0x156, "SRW"},        {"sireg6", 0x157, "SRW"},
    {"stopei", 0x15c, "SRW"},    {"sctrdepth", 0x15f, "SRW"},     {"satp", 0x180, "SRW"},
    {"srmcfg", 0x181, "SRW"},    {"scontext", 0x5a8, "SRW"},      {"scountovf", 0xda0, "SRO"},
    {"stopi", 0xdb0, "SRO"},     {"vsstatus", 0x200, "HRW"},      {"vsie", 0x204, "HRW"},
    {"vstvec", 0x205, "HRW"},    {"vsscratch", 0x240, "HRW"},     {"vsepc", 0x241, "HRW"},
    {"vscause", 0x242, "HRW"},   {"vstval", 0x243, "HRW"},        {"vsip", 0x244, "HRW"},
    {"vstimecmp", 0x24d, "HRW"}, {"vsctrctl", 0x24e, "HRW"},      {"vsiselect", 0x250, "HRW"},
    {"vsireg", 0x251, "HRW"},    {"vsireg2", 0x252, "HRW"},       {"vsireg3", 0x253, "HRW"},
    {"vsireg4", 0x255, "HRW"},   {"vsireg5", 0x256, "HRW"},       {"vsireg6", 0x257, "HRW"},
    {"vstopei", 0x25c, "HRW"},   {"vsatp", 0x280, "HRW"},         {"vstopi", 0xeb0, "HRO"},
    {"hstatus", 0x600, "HRW"},   {"hedeleg", 0x602, "HRW"},       {"hideleg", 0x603, "HRW"},
    {"hie", 0x604, "HRW"},       {"htimedelta", 0x605, "HRW"},    {"hcounteren", 0x606, "HRW"},
    {"hgeie", 0x607, "HRW"},     {"hvien", 0x608, "HRW"},         {"hvictl", 0x609, "HRW"},
    {"henvcfg", 0x60a, "HRW"},   {"hstateen0", 0x60c, "HRW"},     {"hstateen1", 0x60d, "HRW"},
    {"hstateen2", 0x60e, "HRW"}, {"hstateen3", 0x60f, "HRW"},     {"htval", 0x643, "HRW"},
    {"hip", 0x644, "HRW"},       {"hvip", 0x645, "HRW"},          {"hviprio1", 0x646, "HRW"},
    {"hviprio2", 0x647, "HRW"},  {"htinst", 0x64a, "HRW"},        {"hgatp", 0x680, "HRW"},
    {"hcontext", 0x6a8, "HRW"},  {"hgeip", 0xe12, "HRO"},         {"mstatus", 0x300, "MRW"},
    {"misa", 0x301, "MRW"},      {"medeleg", 0x302, "MRW"},       {"mideleg", 0x303, "MRW"},
    {"mie", 0x304, "MRW"},       {"mtvec", 0x305, "MRW"},         {"mcounteren", 0x306, "MRW"},
    {"mvien", 0x308, "MRW"},     {"mvip", 0x309, "MRW"},          {"menvcfg", 0x30a, "MRW"},
    {"mstateen0", 0x30c, "MRW"}, {"mstateen1", 0x30d, "MRW"},     {"mstateen2", 0x30e, "MRW"},
    {"mstateen3", 0x30f, "MRW"}, {"mcountinhibit", 0x320, "MRW"}, {"mscratch", 0x340, "MRW"},
    {"mepc", 0x341, "MRW"},      {"mcause", 0x342, "MRW"},        {"mtval", 0x343, "MRW"},
    {"mip", 0x344, "MRW"},       {"mtinst", 0x34a, "MRW"},        {"mtval2", 0x34b, "MRW"},
    {"mtopei", 0x35c, "MRW"},    {"mseccfg", 0x747, "MRW"},       {"mcycle", 0xb00, "MRW"},
    {"minstret", 0xb02, "MRW"},  {"mvendorid", 0xf11, "MRO"},     {"marchid", 0xf12, "MRO"},
    {"mimpid", 0xf13, "MRO"},    {"mhartid", 0xf14, "MRO"},       {"mconfigptr", 0xf15, "MRO"},
    {"mtopi", 0xfb0, "MRO"},     {"mmpt", 0x382, "MRW"},          {"msdcfg", 0x74e, "MRW"},
};

#define MANUAL_ROWS (sizeof manual / sizeof manual[0])

struct list_row {
    const char *name;
    unsigned number;
    const char *access;
    uint64_t mask;
};

static const struct list_row list[] = {
#define ROW(id, name, number, access, extension, mask) {#name, number, #access, mask},
    HVRV_CSR_LIST(ROW)
#undef ROW
};

struct field_row {
    unsigned number;
    const char *name;
    uint64_t mask;
};

static const struct field_row fields[] = {
#define ROW(id, field) {HVRV_CSR_##id, #field, HVRV_##id##_##field},
    HVRV_CSR_FIELD_LIST(ROW)
#undef ROW
};

#define FIELDS (sizeof fields / sizeof fields[0])

static enum hvrv_csr csr_named(const char *name)
{
    enum hvrv_csr csr = (enum hvrv_csr)0xfff;
    if (hvrv_csr_by_name(name, &csr) != HVRV_OK)
        fail_msg("no register is named %s", name);
    return csr;
}

/*
 * norm:pmp_cfg_rv64_layout, norm:pmp_cfg_rv64_illegal, norm:pmp_addr_registers,
 * norm:mstateen_rv64_csrs, norm:sstateen_rv64_csrs, norm:hstateen_rv64_csrs
 */
static void every_number_is_the_manuals(void **state)
{
    (void)state;
    for (size_t i = 0; i < MANUAL_ROWS; i++) {
        assert_int_equal(csr_named(manual[i].name), manual[i].number);
        assert_string_equal(hvrv_csr_name((enum hvrv_csr)manual[i].number), manual[i].name);
        assert_true(hvrv_csr_is_listed((enum hvrv_csr)manual[i].number));
    }
    for (unsigned i = 0; i < 64; i++) {
        char name[16];
        snprintf(name, sizeof name, "pmpaddr%u", i);
        assert_int_equal(csr_named(name), 0x3b0 + i);
    }
    for (unsigned i = 0; i < 16; i += 2) {
        char name[16];
        snprintf(name, sizeof name, "pmpcfg%u", i);
        assert_int_equal(csr_named(name), 0x3a0 + i);
    }
    assert_int_equal(HVRV_CSR_COUNT, MANUAL_ROWS + 64 + 8);
}

/* norm:pmp_csr_mode, norm:H_csrs_hs_not_vs, norm:H_vscsrs_acc_m_hs, norm:hgeip_sz_acc_op */
static void access_and_privilege_follow_from_the_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < MANUAL_ROWS; i++) {
        enum hvrv_csr csr = (enum hvrv_csr)manual[i].number;
        assert_int_equal(hvrv_csr_is_read_only(csr), manual[i].access[2] == 'O');
        assert_int_equal("USHM"[hvrv_csr_privilege(csr)], manual[i].access[0]);
    }
    for (size_t i = 0; i < HVRV_CSR_COUNT; i++) {
        bool read_only = strcmp(list[i].access, "RO") == 0;
        assert_int_equal(read_only, list[i].number >= 0xc00);
        assert_false(read_only && list[i].mask);
    }
}

static void no_number_and_no_name_stands_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < HVRV_CSR_COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(list[i].number, list[j].number);
            assert_string_not_equal(list[i].name, list[j].name);
        }
    }
}

static void names_that_are_none_are_missing(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",        "hstatu",   "hstatus ",
        "HSTATUS", "hstatusx", "a name that is far longer than any register's"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum hvrv_csr csr = (enum hvrv_csr)0xfff;
        assert_int_equal(hvrv_csr_by_name(names[i], &csr), HVRV_ERR_MISSING);
        assert_int_equal(csr, 0);
    }
    assert_false(hvrv_csr_is_listed((enum hvrv_csr)0x7b0));
    assert_string_equal(hvrv_csr_name((enum hvrv_csr)0x7b0), "unknown");
    assert_string_equal(hvrv_csr_name((enum hvrv_csr)0x1600), "unknown");
    assert_string_equal(hvrv_csr_name((enum hvrv_csr) - 1), "unknown");
}

static void null_is_refused_and_the_output_written(void **state)
{
    (void)state;
    enum hvrv_csr csr = (enum hvrv_csr)0xfff;
    assert_int_equal(hvrv_csr_by_name(NULL, &csr), HVRV_ERR_NULL);
    assert_int_equal(csr, 0);
    assert_int_equal(hvrv_csr_by_name("hstatus", NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_csr_extension(HVRV_CSR_HSTATUS, NULL), HVRV_ERR_NULL);
}

/* norm:vstimecmp_exist */
static void every_register_belongs_to_an_extension(void **state)
{
    (void)state;
    static const struct {
        const char *csr;
        const char *extension;
    } rows[] = {
        {"hstatus", "H"},
        {"vsatp", "H"},
        {"mtval2", "H"},
        {"sstatus", "S"},
        {"vstimecmp", "Sstc"},
        {"hstateen0", "Ssstateen"},
        {"mstateen3", "Smstateen"},
        {"hvictl", "Smaia/Ssaia"},
        {"scountovf", "Sscofpmf"},
        {"time", "Zicntr"},
        {"fcsr", "F"},
        {"vl", "V"},
        {"mstatus", "M"},
        {"pmpaddr63", "PMP"},
        {"mmpt", "Smsd"},
        {"hcontext", "Sdtrig"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum hvrv_csr_extension extension;
        assert_int_equal(hvrv_csr_extension(csr_named(rows[i].csr), &extension), HVRV_OK);
        assert_string_equal(hvrv_csr_extension_name(extension), rows[i].extension);
    }
    enum hvrv_csr_extension none = HVRV_CSR_EXTENSION_PMP;
    assert_int_equal(hvrv_csr_extension((enum hvrv_csr)0x7b0, &none), HVRV_ERR_MISSING);
    assert_int_equal(none, 0);
    assert_string_equal(hvrv_csr_extension_name((enum hvrv_csr_extension)99), "unknown");
}

static void fields_of_a_register_are_disjoint_and_its_register_exists(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIELDS; i++) {
        assert_string_not_equal(hvrv_csr_name((enum hvrv_csr)fields[i].number), "unknown");
        uint64_t mask = fields[i].mask;
        uint64_t lowest = mask & (~mask + 1);
        assert_true(mask != 0 && ((mask + lowest) & mask) == 0); /* one run of ones */
        for (size_t j = 0; j < i; j++) {
            if (fields[j].number != fields[i].number)
                continue;
            assert_true((fields[j].mask & mask) == 0);
            assert_string_not_equal(fields[j].name, fields[i].name);
            assert_true(fields[j].mask < mask); /* lowest first, so that it prints so */
        }
    }
}

static void every_writable_bit_of_a_register_with_fields_is_in_a_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < HVRV_CSR_COUNT; i++) {
        uint64_t covered = 0;
        for (size_t j = 0; j < FIELDS; j++)
            covered |= fields[j].number == list[i].number ? fields[j].mask : 0;
        if (covered && (list[i].mask & ~covered))
            fail_msg("%s can change bits that no field has", list[i].name);
    }
}

static void fields_stand_where_the_manual_draws_them(void **state)
{
    (void)state;
    static const struct {
        uint64_t field;
        uint64_t literal;
    } rows[] = {
        {HVRV_HSTATUS_VSBE, 0x20},
        {HVRV_HSTATUS_GVA, 0x40},
        {HVRV_HSTATUS_SPV, 0x80},
        {HVRV_HSTATUS_SPVP, 0x100},
        {HVRV_HSTATUS_HU, 0x200},
        {HVRV_HSTATUS_VGEIN, 0x3f000},
        {HVRV_HSTATUS_VTVM, 0x100000},
        {HVRV_HSTATUS_VTW, 0x200000},
        {HVRV_HSTATUS_VTSR, 0x400000},
        {HVRV_HSTATUS_VSXL, 0x300000000},
        {HVRV_HSTATUS_HUPMM, 0x3000000000000},
        {HVRV_SSTATUS_SUM, 0x40000},
        {HVRV_VSSTATUS_MXR, 0x80000},
        {HVRV_VSSTATUS_FS, 0x6000},
        {HVRV_SSTATUS_SD, 0x8000000000000000},
        {HVRV_MSTATUS_MPP, 0x1800},
        {HVRV_MSTATUS_TVM, 0x100000},
        {HVRV_MSTATUS_GVA, 0x4000000000},
        {HVRV_MSTATUS_MPV, 0x8000000000},
        {HVRV_HENVCFG_STCE, 0x8000000000000000},
        {HVRV_HENVCFG_PBMTE, 0x4000000000000000},
        {HVRV_HENVCFG_ADUE, 0x2000000000000000},
        {HVRV_HENVCFG_DTE, 0x800000000000000},
        {HVRV_MENVCFG_CDE, 0x1000000000000000},
        {HVRV_HENVCFG_PMM, 0x300000000},
        {HVRV_SENVCFG_CBIE, 0x30},
        {HVRV_HGATP_MODE, 0xf000000000000000},
        {HVRV_HGATP_VMID, 0x3fff00000000000},
        {HVRV_HGATP_PPN, 0xfffffffffff},
        {HVRV_VSATP_ASID, 0xffff00000000000},
        {HVRV_HVIP_VSSIP, 0x4},
        {HVRV_HVIP_VSTIP, 0x40},
        {HVRV_HVIP_VSEIP, 0x400},
        {HVRV_HIP_SGEIP, 0x1000},
        {HVRV_VSIE_SEIE, 0x200},
        {HVRV_HIDELEG_VSTI, 0x40},
        {HVRV_HEDELEG_STORE_PAGE, 0x8000},
        {HVRV_MEDELEG_VIRTUAL, 0x400000},
        {HVRV_HSTATEEN0_SE0, 0x8000000000000000},
        {HVRV_HSTATEEN0_ENVCFG, 0x4000000000000000},
        {HVRV_HSTATEEN0_AIA, 0x800000000000000},
        {HVRV_HSTATEEN0_CONTEXT, 0x200000000000000},
        {HVRV_MSTATEEN0_P1P13, 0x100000000000000},
        {HVRV_HVICTL_VTI, 0x40000000},
        {HVRV_HVICTL_IID, 0xfff0000},
        {HVRV_SCAUSE_INTERRUPT, 0x8000000000000000},
        {HVRV_HCOUNTEREN_TM, 0x2},
        {HVRV_MSECCFG_MLPE, 0x400},
        {HVRV_PMPCFG_A, 0x18},
        {HVRV_PMPCFG_L, 0x80},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(rows[i].field == rows[i].literal);
}

static void values_print_field_by_field(void **state)
{
    (void)state;
    static const struct {
        enum hvrv_csr csr;
        uint64_t value;
        const char *text;
    } rows[] = {
        {HVRV_CSR_HSTATUS, 0x200200180, "hstatus SPV SPVP VTW VSXL=2"},
        {HVRV_CSR_HSTATUS, 0, "hstatus"},
        {HVRV_CSR_HSTATUS, 0x8000000000000001, "hstatus ?=0x8000000000000001"},
        {HVRV_CSR_HSTATUS, 0x3f081, "hstatus SPV VGEIN=63 ?=0x1"},
        {HVRV_CSR_HGATP, 0x8000700000081234, "hgatp PPN=0x81234 VMID=7 MODE=8"},
        {HVRV_CSR_VSATP, 0xffff000000000000 | 0x0000f00000000000, "vsatp ASID=65535 MODE=15"},
        {HVRV_CSR_SCAUSE, 0x800000000000000a, "scause CODE=0xa INTERRUPT"},
        {HVRV_CSR_SSTATUS, 0x8000000200046122, "sstatus SIE SPIE SPP FS=3 SUM UXL=2 SD"},
        {HVRV_CSR_HENVCFG, 0xe8000003000000fd,
         "henvcfg FIOM LPE SSE CBIE=3 CBCFE CBZE PMM=3 DTE ADUE PBMTE STCE"},
        {HVRV_CSR_SEPC, 0x80200000, "sepc 0x80200000"},
        {HVRV_CSR_HTVAL, 0, "htval 0x0"},
        {HVRV_CSR_PMPADDR63, UINT64_MAX, "pmpaddr63 0xffffffffffffffff"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[160];
        size_t length = hvrv_csr_print(rows[i].csr, rows[i].value, text, sizeof text);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(length, strlen(rows[i].text));
    }
}

static void printing_never_leaves_the_buffer(void **state)
{
    (void)state;
    static const char whole[] = "hstatus SPV SPVP VTW VSXL=2";
    for (size_t size = 0; size <= sizeof whole + 1; size++) {
        char buffer[sizeof whole + 2];
        memset(buffer, '#', sizeof buffer);
        size_t length = hvrv_csr_print(HVRV_CSR_HSTATUS, 0x200200180, buffer, size);
        assert_int_equal(length, sizeof whole - 1);
        size_t kept = size == 0 ? 0 : size < sizeof whole ? size - 1 : sizeof whole - 1;
        assert_memory_equal(buffer, whole, kept);
        assert_int_equal(buffer[kept], size == 0 ? '#' : '\0');
        for (size_t i = kept + (size > 0); i < sizeof buffer; i++)
            assert_int_equal(buffer[i], '#');
    }
    assert_int_equal(hvrv_csr_print(HVRV_CSR_HSTATUS, 0x200200180, NULL, 0), sizeof whole - 1);
    assert_int_equal(hvrv_csr_print(HVRV_CSR_HSTATUS, 0x200200180, NULL, 99), sizeof whole - 1);
}

static void an_unknown_register_prints_as_nothing(void **state)
{
    (void)state;
    char text[8] = "before";
    assert_int_equal(hvrv_csr_print((enum hvrv_csr)0x7b0, 1, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(hvrv_csr_print((enum hvrv_csr)0x7b0, 1, NULL, 0), 0);
}

static void every_register_prints_within_320_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < HVRV_CSR_COUNT; i++) {
        char text[320];
        size_t length =
            hvrv_csr_print((enum hvrv_csr)list[i].number, UINT64_MAX, text, sizeof text);
        assert_int_equal(length, strlen(text));
        assert_memory_equal(text, list[i].name, strlen(list[i].name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_the_manuals),
        cmocka_unit_test(access_and_privilege_follow_from_the_number),
        cmocka_unit_test(no_number_and_no_name_stands_twice),
        cmocka_unit_test(names_that_are_none_are_missing),
        cmocka_unit_test(null_is_refused_and_the_output_written),
        cmocka_unit_test(every_register_belongs_to_an_extension),
        cmocka_unit_test(fields_of_a_register_are_disjoint_and_its_register_exists),
        cmocka_unit_test(every_writable_bit_of_a_register_with_fields_is_in_a_field),
        cmocka_unit_test(fields_stand_where_the_manual_draws_them),
        cmocka_unit_test(values_print_field_by_field),
        cmocka_unit_test(printing_never_leaves_the_buffer),
        cmocka_unit_test(an_unknown_register_prints_as_nothing),
        cmocka_unit_test(every_register_prints_within_320_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
