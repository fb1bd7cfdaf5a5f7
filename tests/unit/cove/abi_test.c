/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and layouts, as the specification has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/abi.h>

#define COVH UINT64_C(0x434f5648)
#define COVI UINT64_C(0x434f5649)
#define COVG UINT64_C(0x434f5647)
#define SUPD UINT64_C(0x53555044)

/* By number. */
static const char *const covh[] = {
    "get_tsm_info",
    "convert_pages",
    "reclaim_pages",
    "global_fence",
    "local_fence",
    "create_tvm",
    "finalize_tvm",
    "promote_to_tvm",
    "destroy_tvm",
    "add_tvm_memory_region",
    "add_tvm_page_table_pages",
    "add_tvm_measured_pages",
    "add_tvm_zero_pages",
    "add_tvm_shared_pages",
    "create_tvm_vcpu",
    "run_tvm_vcpu",
    "tvm_fence",
    "tvm_invalidate_pages",
    "tvm_validate_pages",
    "tvm_remove_pages",
};
static const char *const covi[] = {
    "init_tvm_aia",           "set_tvm_aia_cpu_imsic_addr",
    "convert_aia_imsic",      "reclaim_tvm_aia_imsic",
    "bind_aia_imsic",         "unbind_aia_imsic_begin",
    "unbind_aia_imsic_end",   "inject_tvm_cpu",
    "rebind_aia_imsic_begin", "rebind_aia_imsic_clone",
    "rebind_aia_imsic_end",
};
static const char *const covg[] = {
    "add_mmio_region",       "remove_mmio_region",       "share_memory_region",
    "unshare_memory_region", "allow_external_interrupt", "deny_external_interrupt",
    "get_attcaps",           "extend_measurement",       "get_evidence",
    "retrieve_secret",       "read_measurement",
};

static void expect_names(uint64_t extension, const char *const *names, unsigned count)
{
    enum hvrv_cove_id id = (enum hvrv_cove_id)extension;

    for (unsigned i = 0; i < count; i++) {
        assert_string_equal(hvrv_cove_function_name(id, i), names[i]);
        assert_string_equal(hvrv_cove_function_name(id, i | UINT64_C(63) << 26), names[i]);
    }
    assert_string_equal(hvrv_cove_function_name(id, count), "unknown");
    assert_string_equal(hvrv_cove_function_name(id, 1 << 16), "unknown");
    assert_string_equal(hvrv_cove_function_name(id, UINT64_C(1) << 32), "unknown");
}

static void functions_have_the_specifications_numbers(void **state)
{
    static const char *const supd[] = {"get_active_domains"};

    (void)state;
    expect_names(COVH, covh, 20);
    expect_names(COVI, covi, 11);
    expect_names(COVG, covg, 11);
    expect_names(SUPD, supd, 1);
    assert_string_equal(hvrv_cove_function_name((enum hvrv_cove_id)0x10, 0), "unknown");
}

static void extensions_are_four_letters(void **state)
{
    (void)state;
    assert_string_equal(hvrv_cove_extension_name(COVH), "COVH");
    assert_string_equal(hvrv_cove_extension_name(COVI), "COVI");
    assert_string_equal(hvrv_cove_extension_name(COVG), "COVG");
    assert_string_equal(hvrv_cove_extension_name(SUPD), "SUPD");
    assert_string_equal(hvrv_cove_extension_name(COVH + 2), "unknown");
}

static void the_function_register_has_three_parts(void **state)
{
    (void)state;
    assert_int_equal(HVRV_COVE_FID_FUNCTION, 0xffff);
    assert_int_equal(HVRV_COVE_FID_SDID, 0xfc000000);
    assert_int_equal(HVRV_COVE_FID_RESERVED, UINT64_C(0xffffffff03ff0000));
    assert_int_equal(HVRV_COVE_FID_FUNCTION | HVRV_COVE_FID_SDID | HVRV_COVE_FID_RESERVED,
                     UINT64_MAX);
}

static void page_types_have_sizes(void **state)
{
    static const unsigned shifts[] = {12, 21, 30, 39, 0, 0};

    (void)state;
    for (uint64_t i = 0; i < 6; i++)
        assert_int_equal(hvrv_cove_page_shift(i), shifts[i]);
    assert_int_equal(hvrv_cove_page_shift(UINT64_MAX), 0);
    assert_int_equal(hvrv_cove_page_shift(UINT64_C(1) << 32), 0);
}

static void structures_lie_as_specified(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct hvrv_cove_tsm_info), 48);
    assert_int_equal(offsetof(struct hvrv_cove_tsm_info, capabilities), 16);
    assert_int_equal(offsetof(struct hvrv_cove_tsm_info, tvm_state_pages), 24);
    assert_int_equal(offsetof(struct hvrv_cove_tsm_info, tvm_max_vcpus), 32);
    assert_int_equal(offsetof(struct hvrv_cove_tsm_info, vcpu_state_pages), 40);
    assert_int_equal(sizeof(struct hvrv_cove_tvm_params), 16);
    assert_int_equal(offsetof(struct hvrv_cove_tvm_params, state), 8);
    assert_int_equal(offsetof(struct hvrv_cove_aia_params, group_index_bits), 8);
    assert_int_equal(offsetof(struct hvrv_cove_aia_params, guests_per_hart), 24);
    assert_int_equal(sizeof(struct hvrv_cove_register), 12);
    assert_int_equal(offsetof(struct hvrv_cove_attestation, initial_count), 16);
    assert_int_equal(offsetof(struct hvrv_cove_attestation, registers), 20);
    assert_int_equal(sizeof(struct hvrv_cove_attestation), 336);
}

static void the_shared_memory_is_that_of_nacl(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct hvrv_nacl_memory), 4096 + 8192);
    assert_int_equal(offsetof(struct hvrv_nacl_memory, scratch), 256);
    assert_int_equal(offsetof(struct hvrv_nacl_memory, reserved), 2048);
    assert_int_equal(offsetof(struct hvrv_nacl_memory, dirty), 3968);
    assert_int_equal(offsetof(struct hvrv_nacl_memory, csrs), 4096);
    assert_int_equal(HVRV_NACL_CSR(0x200), 0);     /* vsstatus */
    assert_int_equal(HVRV_NACL_CSR(0x24d), 0x4d);  /* vstimecmp */
    assert_int_equal(HVRV_NACL_CSR(0x643), 0x143); /* htval */
    assert_int_equal(HVRV_NACL_CSR(0xe12), 0x312); /* hgeip */
}

static void numbers_are_the_specifications(void **state)
{
    (void)state;
    assert_int_equal(HVRV_COVE_CAP_PROMOTE_TVM, 0);
    assert_int_equal(HVRV_COVE_CAP_ATTESTATION_REMOTE, 2);
    assert_int_equal(HVRV_COVE_CAP_AIA, 3);
    assert_int_equal(HVRV_COVE_CAP_MRIF, 4);
    assert_int_equal(HVRV_COVE_CAP_MEMORY_ALLOCATION, 5);
    assert_int_equal(HVRV_COVE_TSM_READY, 2);
    assert_int_equal(HVRV_COVE_TVM_RUNNABLE, 1);
    assert_int_equal(HVRV_COVE_HASH_SHA3_512, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_have_the_specifications_numbers),
        cmocka_unit_test(extensions_are_four_letters),
        cmocka_unit_test(the_function_register_has_three_parts),
        cmocka_unit_test(page_types_have_sizes),
        cmocka_unit_test(structures_lie_as_specified),
        cmocka_unit_test(the_shared_memory_is_that_of_nacl),
        cmocka_unit_test(numbers_are_the_specifications),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
