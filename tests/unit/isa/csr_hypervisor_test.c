/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of the hypervisor chapter, as its figures draw them: every field by its bit
 * numbers, and every bit that a write can change on a hart that has everything.
 */
#include "csr_figure.h"

/*
 * norm:hstatus_sz_acc_op norm:henvcfg_sz_acc_op norm:hcounteren_sz norm:hgatp_sz_acc_op
 * norm:hstatus_vsxl_64 norm:hstatus_vgein_op norm:henvcfg_cbze norm:henvcfg_cbcfe
 * norm:henvcfg_cbie norm:hgeie_img norm:hgeip_hgeie_fields
 */
static void hypervisor_fields_stand_where_they_are_drawn(void **state)
{
    static const struct figure figures[] = {
        {"HSTATUS",
         {{"VSBE", 5, 5},
          {"GVA", 6, 6},
          {"SPV", 7, 7},
          {"SPVP", 8, 8},
          {"HU", 9, 9},
          {"VGEIN", 17, 12},
          {"VTVM", 20, 20},
          {"VTW", 21, 21},
          {"VTSR", 22, 22},
          {"VSXL", 33, 32},
          {"HUPMM", 49, 48}}},
        {"HENVCFG",
         {{"FIOM", 0, 0},
          {"LPE", 2, 2},
          {"SSE", 3, 3},
          {"CBIE", 5, 4},
          {"CBCFE", 6, 6},
          {"CBZE", 7, 7},
          {"PMM", 33, 32},
          {"DTE", 59, 59},
          {"ADUE", 61, 61},
          {"PBMTE", 62, 62},
          {"STCE", 63, 63}}},
        {"HCOUNTEREN", {{"CY", 0, 0}, {"TM", 1, 1}, {"IR", 2, 2}, {"HPM", 31, 3}}},
        {"HGATP", {{"PPN", 43, 0}, {"VMID", 57, 44}, {"MODE", 63, 60}}},
        {"HGEIP", {{"GEI", 63, 1}}},
        {"HGEIE", {{"GEI", 63, 1}}},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
}

/*
 * norm:hedeleg_img norm:hideleg_img norm:hvip_img norm:hip_img norm:hie_img norm:mip_mie_vs:
 * a bit is the number of its exception or interrupt (norm:H_cause).
 */
static void delegation_and_interrupt_bits_are_the_codes_of_the_causes(void **state)
{
    static const struct figure figures[] = {
        {"HEDELEG",
         {{"FETCH_MISALIGNED", 0, 0},
          {"FETCH_ACCESS", 1, 1},
          {"ILLEGAL", 2, 2},
          {"BREAKPOINT", 3, 3},
          {"LOAD_MISALIGNED", 4, 4},
          {"LOAD_ACCESS", 5, 5},
          {"STORE_MISALIGNED", 6, 6},
          {"STORE_ACCESS", 7, 7},
          {"ECALL_U", 8, 8},
          {"FETCH_PAGE", 12, 12},
          {"LOAD_PAGE", 13, 13},
          {"STORE_PAGE", 15, 15},
          {"SOFTWARE_CHECK", 18, 18},
          {"HARDWARE_ERROR", 19, 19}}},
        {"HIDELEG", {{"VSSI", 2, 2}, {"VSTI", 6, 6}, {"VSEI", 10, 10}, {"LCOFI", 13, 13}}},
        {"HVIP", {{"VSSIP", 2, 2}, {"VSTIP", 6, 6}, {"VSEIP", 10, 10}}},
        {"HIP", {{"VSSIP", 2, 2}, {"VSTIP", 6, 6}, {"VSEIP", 10, 10}, {"SGEIP", 12, 12}}},
        {"HIE", {{"VSSIE", 2, 2}, {"VSTIE", 6, 6}, {"VSEIE", 10, 10}, {"SGEIE", 12, 12}}},
        {"MIP",
         {{"SSIP", 1, 1},
          {"VSSIP", 2, 2},
          {"MSIP", 3, 3},
          {"STIP", 5, 5},
          {"VSTIP", 6, 6},
          {"MTIP", 7, 7},
          {"SEIP", 9, 9},
          {"VSEIP", 10, 10},
          {"MEIP", 11, 11},
          {"SGEIP", 12, 12},
          {"LCOFIP", 13, 13}}},
        {"MIE",
         {{"SSIE", 1, 1},
          {"VSSIE", 2, 2},
          {"MSIE", 3, 3},
          {"STIE", 5, 5},
          {"VSTIE", 6, 6},
          {"MTIE", 7, 7},
          {"SEIE", 9, 9},
          {"VSEIE", 10, 10},
          {"MEIE", 11, 11},
          {"SGEIE", 12, 12},
          {"LCOFIE", 13, 13}}},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
}

/*
 * norm:vsstatus_sz_acc_op norm:vsstatus_uxl_op norm:vsstatus_spelp_op norm:vsstatus_sdt_op
 * norm:vsip_img norm:vsie_img norm:vstvec_img norm:vsatp_sz_acc_op
 */
static void virtual_supervisor_fields_stand_where_they_are_drawn(void **state)
{
    static const struct figure figures[] = {
        {"VSSTATUS",
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
        {"VSIP", {{"SSIP", 1, 1}, {"STIP", 5, 5}, {"SEIP", 9, 9}, {"LCOFIP", 13, 13}}},
        {"VSIE", {{"SSIE", 1, 1}, {"STIE", 5, 5}, {"SEIE", 9, 9}, {"LCOFIE", 13, 13}}},
        {"VSTVEC", {{"MODE", 1, 0}, {"BASE", 63, 2}}},
        {"VSCAUSE", {{"CODE", 62, 0}, {"INTERRUPT", 63, 63}}},
        {"VSATP", {{"PPN", 43, 0}, {"ASID", 59, 44}, {"MODE", 63, 60}}},
    };
    (void)state;

    assert_figures(figures, LENGTH(figures));
}

/*
 * What a write can change on a hart that has every extension, is little-endian and 64 bits wide.
 *
 * norm:hstatus_sz_acc_op norm:henvcfg_sz_acc_op norm:hcounteren_sz norm:hgatp_sz_acc_op
 * norm:hgatp_ppn_op
 * norm:hedeleg_sz_acc norm:hedeleg_acc norm:hideleg_sz_acc norm:hideleg_acc norm:mideleg_acc_h
 * norm:hvip_sz_op norm:hvip_acc norm:hip_hie_sz_acc norm:hip_acc norm:hie_acc
 * norm:hgeip_sz_acc_op norm:hgeie_sz_acc_op
 * norm:htimedelta_sz_acc_op norm:htval_sz_acc_op norm:htinst_sz_acc_op norm:mtval2_sz_acc_op
 * norm:mtinst_sz_acc_op
 * norm:vsstatus_sz_acc_op norm:vsip_vsie_sz_acc_op norm:vstvec_sz_acc_op
 * norm:vsscratch_sz_acc_op norm:vspec_sz_acc_op norm:vscause_sz_acc_op norm:vstval_sz_acc_op
 * norm:vsatp_sz_acc_op norm:vstimecmp_sz
 */
static void a_write_changes_what_the_manual_says(void **state)
{
    static const struct {
        const char *name;
        uint64_t mask;
    } rows[] = {
        /* VSBE and VSXL are read-only there */
        {"hstatus", 0x000300000073f3c0},
        /* exceptions 9 to 11, 16 and 20 to 23 are never delegated; 14 and 17 are none */
        {"hedeleg", 0x00000000000cb1ff},
        /* 13 with Shlcofideleg */
        {"hideleg", 0x0000000000002444},
        {"hvip", 0x0000000000000444},
        {"hip", 0x0000000000000004}, /* VSSIP alone */
        {"hie", 0x0000000000001444},
        {"hgeip", 0},
        {"hgeie", 0xfffffffffffffffe},
        {"henvcfg", 0xe8000003000000fd},
        {"hcounteren", 0x00000000ffffffff},
        {"htimedelta", UINT64_MAX},
        {"htval", UINT64_MAX},
        {"htinst", UINT64_MAX},
        {"hgatp", 0xf3fffffffffffffc}, /* bits 59:58 and PPN[1:0] are zero */
        {"vsstatus", 0x00000000018c6722},
        {"vsip", 0x0000000000002002}, /* SSIP and LCOFIP */
        {"vsie", 0x0000000000002222},
        {"vstvec", 0xfffffffffffffffd},
        {"vsscratch", UINT64_MAX},
        {"vsepc", 0xfffffffffffffffe},
        {"vscause", UINT64_MAX},
        {"vstval", UINT64_MAX},
        {"vsatp", UINT64_MAX},
        {"vstimecmp", UINT64_MAX},
        {"mtval2", UINT64_MAX},
        {"mtinst", UINT64_MAX},
        {"mideleg", 0x0000000000002222}, /* 12, 10, 6 and 2 are read-only one */
        {"mip", 0x0000000000002226},     /* of those for the guest VSSIP, as in hip */
        {"mie", 0x0000000000003eee},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct list_row *row = csr_row(rows[i].name);

        assert_int_equal(row->mask, rows[i].mask);
        assert_string_equal(row->access, strcmp(rows[i].name, "hgeip") ? "RW" : "RO");
    }
}

/* norm:sie_hip_hie_mutex */
static void no_interrupt_stands_in_sie_and_hie(void **state)
{
    uint64_t hip = 0;
    (void)state;

    for (size_t i = 0; i < csr_field_count; i++)
        hip |= strcmp(csr_fields[i].csr, "HIP") == 0 ? csr_fields[i].mask : 0;
    assert_int_equal(hip, 0x1444);
    assert_int_equal(csr_row("sie")->mask & csr_row("hie")->mask, 0);
    assert_int_equal(csr_row("sie")->mask & hip, 0);
}

/* norm:vsepc_warl norm:vscause_wlrl norm:vstval_warl, and the others for the same reason. */
static void a_vs_register_holds_what_its_twin_holds(void **state)
{
    static const char *const names[] = {"vsstatus", "vstvec", "vsscratch", "vsepc",
                                        "vscause",  "vstval", "vsatp"};
    (void)state;

    for (size_t i = 0; i < LENGTH(names); i++) {
        char twin[16];
        twin[0] = 's';
        strcpy(twin + 1, names[i] + 2);
        assert_int_equal(csr_row(names[i])->mask, csr_row(twin)->mask);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hypervisor_fields_stand_where_they_are_drawn),
        cmocka_unit_test(delegation_and_interrupt_bits_are_the_codes_of_the_causes),
        cmocka_unit_test(virtual_supervisor_fields_stand_where_they_are_drawn),
        cmocka_unit_test(a_write_changes_what_the_manual_says),
        cmocka_unit_test(no_interrupt_stands_in_sie_and_hie),
        cmocka_unit_test(a_vs_register_holds_what_its_twin_holds),
    };

    return cmocka_run_group_tests_name("isa/csr_hypervisor", tests, NULL, NULL);
}
