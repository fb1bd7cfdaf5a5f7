/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of the supervisor chapter, of the state enables and of PMP, as their figures draw
 * them, and every bit that a write can change on a hart that has everything.
 */
#include "csr_figure.h"

#include <hvrv/isa/cause.h>

/*
 * norm:sstatus norm:sstatus_sdt norm:sstatus_uxl norm:stvec_img norm:scounteren norm:senvcfg
 * norm:senvcfg_cbze norm:senvcfg_cbcfe norm:senvcfg_cbie norm:satp norm:scause_interrupt
 */
static void supervisor_fields_stand_where_they_are_drawn(void **state)
{
    static const struct figure figures[] = {
        {"SSTATUS",
         {{"SIE", 1, 1},
          {"SPIE", 5, 5},
          {"UBE", 6, 6},
          {"SPP", 8, 8},
          {"VS", 10, 9},
          {"FS", 14, 13},
          {"XS", 16, 15},
          {"SUM", 18, 18},
          {"MXR", 19, 19},
          {"SPELP", 23, 23},
          {"SDT", 24, 24},
          {"UXL", 33, 32},
          {"SD", 63, 63}}},
        {"STVEC", {{"MODE", 1, 0}, {"BASE", 63, 2}}},
        {"SCOUNTEREN", {{"CY", 0, 0}, {"TM", 1, 1}, {"IR", 2, 2}, {"HPM", 31, 3}}},
        {"SCAUSE", {{"CODE", 62, 0}, {"INTERRUPT", 63, 63}}},
        {"SENVCFG",
         {{"FIOM", 0, 0},
          {"LPE", 2, 2},
          {"SSE", 3, 3},
          {"CBIE", 5, 4},
          {"CBCFE", 6, 6},
          {"CBZE", 7, 7},
          {"PMM", 33, 32}}},
        {"SATP", {{"PPN", 43, 0}, {"ASID", 59, 44}, {"MODE", 63, 60}}},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
}

/* norm:sip_sie norm:sip_sie_bits_sz: a bit is the number of its interrupt. */
static void interrupt_bits_are_the_codes_of_the_causes(void **state)
{
    static const struct figure figures[] = {
        {"SIP", {{"SSIP", 1, 1}, {"STIP", 5, 5}, {"SEIP", 9, 9}, {"LCOFIP", 13, 13}}},
        {"SIE", {{"SSIE", 1, 1}, {"STIE", 5, 5}, {"SEIE", 9, 9}, {"LCOFIE", 13, 13}}},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
    assert_string_equal(hvrv_cause_name(0x8000000000000001), "supervisor software interrupt");
    assert_string_equal(hvrv_cause_name(0x8000000000000005), "supervisor timer interrupt");
    assert_string_equal(hvrv_cause_name(0x8000000000000009), "supervisor external interrupt");
    assert_string_equal(hvrv_cause_name(0x800000000000000d), "local counter-overflow interrupt");
}

/*
 * norm:sstatus norm:sstatus_sdt norm:stvec norm:sip_sie norm:sip_acc norm:sie_acc norm:scounteren
 * norm:sscratch norm:sepc norm:stval norm:senvcfg norm:senvcfg_cbze norm:senvcfg_cbcfe
 * norm:senvcfg_cbie norm:satp norm:stimecmp_stimecmph_sz_acc norm:stimecmp_exist
 */
static void a_write_changes_what_the_supervisor_may(void **state)
{
    static const struct writable registers[] = {
        /* SIE, SPIE, SPP, VS, FS, SUM, MXR, SPELP, SDT; UBE and UXL are read-only there */
        {"sstatus", 0x00000000018c6722},
        {"stvec", 0xfffffffffffffffd}, /* MODE is 0 or 1 */
        {"sip", 0x0000000000002002},   /* SSIP and LCOFIP */
        {"sie", 0x0000000000002222},
        {"scounteren", 0x00000000ffffffff},
        {"senvcfg", 0x00000003000000fd},
        {"sscratch", UINT64_MAX},
        {"sepc", 0xfffffffffffffffe},
        {"scause", UINT64_MAX},
        {"stval", UINT64_MAX},
        {"stimecmp", UINT64_MAX},
        {"satp", UINT64_MAX},
    };
    enum hvrv_csr_extension extension;
    (void)state;

    assert_writable(registers, LENGTH(registers));
    assert_int_equal(hvrv_csr_extension((enum hvrv_csr)0x14d, &extension), HVRV_OK);
    assert_string_equal(hvrv_csr_extension_name(extension), "Sstc");
}

/*
 * norm:Svadu_hw_update_a_d_bits norm:Svadu_hypervisor_adue_writable norm:stce_bit_exist
 * norm:mseccfg_fields_exist norm:mseccfg_enc_img
 */
static void machine_level_switches_stand_where_they_are_drawn(void **state)
{
    static const struct figure figures[] = {
        {"MENVCFG",
         {{"FIOM", 0, 0},
          {"LPE", 2, 2},
          {"SSE", 3, 3},
          {"CBIE", 5, 4},
          {"CBCFE", 6, 6},
          {"CBZE", 7, 7},
          {"PMM", 33, 32},
          {"DTE", 59, 59},
          {"CDE", 60, 60},
          {"ADUE", 61, 61},
          {"PBMTE", 62, 62},
          {"STCE", 63, 63}}},
        {"MSECCFG",
         {{"MML", 0, 0},
          {"MMWP", 1, 1},
          {"RLB", 2, 2},
          {"USEED", 8, 8},
          {"SSEED", 9, 9},
          {"MLPE", 10, 10},
          {"PMM", 33, 32}}},
    };
    static const struct writable registers[] = {
        {"menvcfg", 0xf8000003000000fd},
        {"henvcfg", 0xe8000003000000fd}, /* CDE is M-mode's alone */
        {"mseccfg", 0x0000000300000707},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
    assert_writable(registers, LENGTH(registers));
}

/* norm:stateen0_c_op norm:stateen0_fcsr_op norm:stateen0_jvt_op norm:hstateen_bit_63_op */
static void state_enables_stand_where_they_are_drawn(void **state)
{
    static const struct figure figures[] = {
        {"MSTATEEN0",
         {{"C", 0, 0},
          {"FCSR", 1, 1},
          {"JVT", 2, 2},
          {"CTR", 54, 54},
          {"SRMCFG", 55, 55},
          {"P1P13", 56, 56},
          {"CONTEXT", 57, 57},
          {"IMSIC", 58, 58},
          {"AIA", 59, 59},
          {"CSRIND", 60, 60},
          {"ENVCFG", 62, 62},
          {"SE0", 63, 63}}},
        {"HSTATEEN0",
         {{"C", 0, 0},
          {"FCSR", 1, 1},
          {"JVT", 2, 2},
          {"CTR", 54, 54},
          {"CONTEXT", 57, 57},
          {"IMSIC", 58, 58},
          {"AIA", 59, 59},
          {"CSRIND", 60, 60},
          {"ENVCFG", 62, 62},
          {"SE0", 63, 63}}},
        {"SSTATEEN0", {{"C", 0, 0}, {"FCSR", 1, 1}, {"JVT", 2, 2}}},
        {"MSTATEEN1", {{"SE1", 63, 63}}},
        {"MSTATEEN2", {{"SE2", 63, 63}}},
        {"MSTATEEN3", {{"SE3", 63, 63}}},
        {"HSTATEEN1", {{"SE1", 63, 63}}},
        {"HSTATEEN2", {{"SE2", 63, 63}}},
        {"HSTATEEN3", {{"SE3", 63, 63}}},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
}

/* norm:stateen_reserved_roz norm:hstateen_bit_63_writable: what has no meaning yet stays zero. */
static void a_write_changes_the_state_enables_that_mean_something(void **state)
{
    static const struct writable registers[] = {
        {"mstateen0", 0xdfc0000000000007},
        {"mstateen1", 0x8000000000000000},
        {"mstateen2", 0x8000000000000000},
        {"mstateen3", 0x8000000000000000},
        {"hstateen0", 0xde40000000000007},
        {"hstateen1", 0x8000000000000000},
        {"hstateen2", 0x8000000000000000},
        {"hstateen3", 0x8000000000000000},
        {"sstateen0", 0x0000000000000007},
        {"sstateen1", 0},
        {"sstateen2", 0},
        {"sstateen3", 0},
    };
    (void)state;

    assert_writable(registers, LENGTH(registers));
}

/* The bits of the field of this name at another level, or 0. */
static uint64_t at_level(char level, const struct field_row *field)
{
    for (size_t i = 0; i < csr_field_count; i++) {
        const struct field_row *row = &csr_fields[i];

        if (row->csr[0] == level && strcmp(row->csr + 1, field->csr + 1) == 0 &&
            strcmp(row->field, field->field) == 0)
            return row->mask;
    }
    return 0;
}

/*
 * norm:mstateen_bit_correspondence norm:hstateen_encoding: what a lower level can close, the
 * levels above can close by the same bit.
 */
static void a_state_enable_is_the_same_bit_at_every_level(void **state)
{
    unsigned seen = 0;
    (void)state;

    for (size_t i = 0; i < csr_field_count; i++) {
        const struct field_row *row = &csr_fields[i];

        if (strncmp(row->csr + 1, "STATEEN", 7) != 0)
            continue;
        assert_int_equal(at_level('M', row), row->mask);
        if (row->csr[0] == 'S')
            assert_int_equal(at_level('H', row), row->mask);
        seen++;
    }
    assert_int_equal(seen, 31);
}

/*
 * norm:pmp_cfg_rv64_layout norm:pmp_cfg_permissions norm:pmp_addr_encoding norm:pmp_addr_registers
 * norm:pmp_csr_mode: eight entries a register, of which bits 6:5 of each are zero; bits 55:2 of an
 * address; and all of them M-mode's.
 */
static void pmp_entries_stand_where_they_are_drawn(void **state)
{
    static const char *const first_and_last[] = {"pmpcfg0", "pmpcfg14"};
    static const struct writable registers[] = {
        {"pmpaddr0", 0x003fffffffffffff},
        {"pmpaddr31", 0x003fffffffffffff},
        {"pmpaddr63", 0x003fffffffffffff},
    };
    (void)state;

    assert_int_equal(HVRV_PMPCFG_R, 0x01);
    assert_int_equal(HVRV_PMPCFG_W, 0x02);
    assert_int_equal(HVRV_PMPCFG_X, 0x04);
    assert_int_equal(HVRV_PMPCFG_A, 0x18);
    assert_int_equal(HVRV_PMPCFG_L, 0x80);
    for (unsigned entry = 0; entry < 8; entry++) {
        for (size_t i = 0; i < LENGTH(first_and_last); i++)
            assert_int_equal(csr_row(first_and_last[i])->mask >> 8 * entry & 0xff, 0x9f);
    }
    assert_writable(registers, LENGTH(registers));
    for (unsigned number = 0x3a0; number < 0x3f0; number++)
        assert_int_equal(hvrv_csr_privilege((enum hvrv_csr)number), 3);
}

/* Supervisor Domains Access Protection, chapter Smsd. */
static void supervisor_domains_stand_where_they_are_drawn(void **state)
{
    static const struct figure figures[] = {
        {"MMPT", {{"PPN", 43, 0}, {"SDID", 57, 52}, {"MODE", 63, 60}}},
        {"MSDCFG",
         {{"SIDN", 5, 0}, {"SSRM", 22, 22}, {"SSMM", 23, 23}, {"SRL", 27, 24}, {"SML", 31, 28}}},
    };
    static const struct writable registers[] = {
        {"mmpt", 0xf3f00fffffffffff},
        {"msdcfg", 0x00000000ffc0003f},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
    assert_writable(registers, LENGTH(registers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(supervisor_fields_stand_where_they_are_drawn),
        cmocka_unit_test(interrupt_bits_are_the_codes_of_the_causes),
        cmocka_unit_test(a_write_changes_what_the_supervisor_may),
        cmocka_unit_test(machine_level_switches_stand_where_they_are_drawn),
        cmocka_unit_test(state_enables_stand_where_they_are_drawn),
        cmocka_unit_test(a_write_changes_the_state_enables_that_mean_something),
        cmocka_unit_test(a_state_enable_is_the_same_bit_at_every_level),
        cmocka_unit_test(pmp_entries_stand_where_they_are_drawn),
        cmocka_unit_test(supervisor_domains_stand_where_they_are_drawn),
    };

    return cmocka_run_group_tests_name("isa/csr_supervisor", tests, NULL, NULL);
}
