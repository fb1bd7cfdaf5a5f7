/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/context.h>
#include <hvrv/vhart/offsets.h>

/* Only its address counts here. */
static uint64_t vm_storage;

static struct hvrv_vm *a_vm(void)
{
    return (struct hvrv_vm *)(void *)&vm_storage;
}

static struct hvrv_vhart reset(void)
{
    struct hvrv_vhart vhart;

    memset(&vhart, 0xa5, sizeof(vhart));
    assert_int_equal(hvrv_vhart_init(&vhart, a_vm()), HVRV_OK);
    return vhart;
}

static void assembly_and_c_agree_where_a_register_lies(void **state)
{
    (void)state;
    assert_int_equal(HVRV_VHART_GPR(10), 80);
    assert_int_equal(offsetof(struct hvrv_vhart, gpr[10]), 80);
    assert_int_equal(HVRV_VHART_SEPC, 256);
    assert_int_equal(offsetof(struct hvrv_vhart, sepc), 256);
    assert_int_equal(HVRV_VHART_HOST_S(11), 368);
    assert_int_equal(offsetof(struct hvrv_vhart, host.s[11]), 368);
    assert_int_equal(HVRV_VHART_HOST_VECTOR, 432);
    assert_int_equal(offsetof(struct hvrv_vhart, host.vector), 432);
    assert_int_equal(HVRV_VHART_FP_FCSR, 256);
    assert_int_equal(offsetof(struct hvrv_vhart_fp, fcsr), 256);
    assert_int_equal(HVRV_VHART_VECTOR_VTYPE, 24);
    assert_int_equal(offsetof(struct hvrv_vhart_vector, vtype), 24);
    assert_int_equal(HVRV_VHART_VECTOR_REGISTERS, 40);
    assert_int_equal(offsetof(struct hvrv_vhart_vector, registers), 40);
}

static void every_offset_of_the_switch_fits_an_immediate(void **state)
{
    (void)state;
    assert_true(HVRV_VHART_HOST_VECTOR < 2048);
}

static void reset_clears_the_general_and_the_floating_point_registers(void **state)
{
    struct hvrv_vhart vhart = reset();

    (void)state;
    for (unsigned i = 0; i < 32; i++) {
        assert_int_equal(vhart.gpr[i], 0);
        assert_int_equal(vhart.fp.f[i], 0);
    }
    assert_int_equal(vhart.fp.fcsr, 0);
    assert_int_equal(vhart.sepc, 0);
}

/*
 * norm:sstatus_uxl, norm:sstatus_spp, norm:hstatus_vsxl_op, norm:hstatus_vsxl_64,
 * norm:misa_mxl_enc, norm:vsstatus_uxl_op, norm:hstatus_spv_sret, norm:hstatus_vgein_op
 */
static void reset_starts_the_guest_in_vs_mode_with_64_bits(void **state)
{
    struct hvrv_vhart vhart = reset();

    (void)state;
    /* SPV (7), SPVP (8), VSXL = 2 (33:32) */
    assert_int_equal(vhart.hstatus, 0x200000180);
    /* SPP (8), FS = 1 (14:13), UXL = 2 (33:32); SIE (1) and SPIE (5) clear */
    assert_int_equal(vhart.sstatus, 0x200002100);
    assert_int_equal(vhart.csr.vsstatus, 0x200000000);
}

/* norm:hstatus_hu_op */
static void reset_leaves_no_user_access_to_guest_memory(void **state)
{
    struct hvrv_vhart vhart = reset();

    (void)state;
    assert_int_equal(vhart.hstatus >> 9 & 1, 0); /* HU */
}

static void reset_delegates_what_the_guest_can_handle_itself(void **state)
{
    struct hvrv_vhart vhart = reset();

    (void)state;
    assert_int_equal(vhart.csr.hedeleg, 0x4b15d);
    assert_int_equal(vhart.csr.hedeleg >> 3 & 1, 1);  /* breakpoint */
    assert_int_equal(vhart.csr.hedeleg >> 8 & 1, 1);  /* ECALL from VU-mode */
    assert_int_equal(vhart.csr.hedeleg >> 10 & 1, 0); /* ECALL from VS-mode */
    assert_int_equal(vhart.csr.hedeleg >> 20 & 15, 0);
    assert_int_equal(vhart.csr.hideleg, 0x444);
}

static void reset_has_no_interrupt_and_no_timer_pending(void **state)
{
    struct hvrv_vhart vhart = reset();

    (void)state;
    assert_int_equal(vhart.csr.vsie, 0);
    assert_int_equal(vhart.csr.hvip, 0);
    assert_int_equal(vhart.csr.vstimecmp, UINT64_MAX);
    assert_int_equal(vhart.csr.htimedelta, 0);
}

/*
 * norm:hstateen_bit_63_op, norm:hstateen0_SE0_op, norm:hstateen0_envcfg_op, norm:stateen0_c_op,
 * norm:stateen0_fcsr_op, norm:stateen0_jvt_op, norm:hstateen0_csrind_op, norm:hstateen0_imsic_op,
 * norm:hstateen0_aia_op, norm:hstateen0_context_op, norm:senvcfg_cbze, norm:senvcfg_cbcfe,
 * norm:senvcfg_cbie, norm:henvcfg_stce, norm:henvcfg_cbze, norm:henvcfg_cbcfe, norm:henvcfg_cbie,
 * norm:cbo-inval_h-mode_op1
 */
static void reset_opens_only_state_that_is_switched(void **state)
{
    struct hvrv_vhart vhart = reset();

    (void)state;
    assert_int_equal(vhart.csr.hstateen0, 0xc000000000000000); /* SE0, ENVCFG */
    assert_int_equal(vhart.csr.sstateen0, 0);
    assert_int_equal(vhart.csr.henvcfg, 0x80000000000000d0); /* STCE, CBZE, CBCFE, CBIE = 1 */
    assert_int_equal(vhart.csr.senvcfg, 0);
    assert_int_equal(vhart.csr.hcounteren, 2); /* time */
    assert_int_equal(vhart.csr.scounteren, 7); /* cycle, time, instret */
    assert_int_equal(vhart.csr.vsatp, 0);
    assert_int_equal(vhart.csr.vstvec, 0);
}

static void a_reset_vhart_is_loaded_nowhere(void **state)
{
    struct hvrv_vhart vhart = reset();

    (void)state;
    assert_ptr_equal(vhart.vm, a_vm());
    assert_null(vhart.bind);
    assert_int_equal(vhart.last_hart, UINT32_MAX);
}

static void a_null_or_misaligned_vhart_is_a_status(void **state)
{
    uint64_t storage[sizeof(struct hvrv_vhart) / 8 + 1];
    struct hvrv_vhart *odd = (struct hvrv_vhart *)(void *)((char *)storage + 4);
    struct hvrv_vhart vhart;

    (void)state;
    memset(storage, 0xa5, sizeof(storage));
    memset(&vhart, 0xa5, sizeof(vhart));
    assert_int_equal(hvrv_vhart_init(NULL, a_vm()), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vhart_init(&vhart, NULL), HVRV_ERR_NULL);
    assert_int_equal(vhart.sepc, 0xa5a5a5a5a5a5a5a5);
    assert_int_equal(hvrv_vhart_init(odd, a_vm()), HVRV_ERR_ALIGN);
    for (size_t i = 0; i < sizeof(storage) / 8; i++)
        assert_int_equal(storage[i], 0xa5a5a5a5a5a5a5a5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assembly_and_c_agree_where_a_register_lies),
        cmocka_unit_test(every_offset_of_the_switch_fits_an_immediate),
        cmocka_unit_test(reset_clears_the_general_and_the_floating_point_registers),
        cmocka_unit_test(reset_starts_the_guest_in_vs_mode_with_64_bits),
        cmocka_unit_test(reset_leaves_no_user_access_to_guest_memory),
        cmocka_unit_test(reset_delegates_what_the_guest_can_handle_itself),
        cmocka_unit_test(reset_has_no_interrupt_and_no_timer_pending),
        cmocka_unit_test(reset_opens_only_state_that_is_switched),
        cmocka_unit_test(a_reset_vhart_is_loaded_nowhere),
        cmocka_unit_test(a_null_or_misaligned_vhart_is_a_status),
    };

    return cmocka_run_group_tests_name("vhart/context", tests, NULL, NULL);
}
