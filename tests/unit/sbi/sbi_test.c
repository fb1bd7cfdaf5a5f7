/* SPDX-License-Identifier: BSD-2-Clause */
/* The numbers of the SBI, by the tables of the specification. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/sbi/sbi.h>

static void extensions_have_the_specifications_numbers(void **state)
{
    (void)state;
    assert_int_equal(HVRV_SBI_LEGACY_SET_TIMER, 0);
    assert_int_equal(HVRV_SBI_LEGACY_SHUTDOWN, 8);
    assert_int_equal(HVRV_SBI_BASE, 0x10);
    assert_int_equal(HVRV_SBI_TIME, 0x54494d45);
    assert_int_equal(HVRV_SBI_IPI, 0x735049);
    assert_int_equal(HVRV_SBI_RFENCE, 0x52464e43);
    assert_int_equal(HVRV_SBI_HSM, 0x48534d);
    assert_int_equal(HVRV_SBI_SRST, 0x53525354);
    assert_int_equal(HVRV_SBI_PMU, 0x504d55);
    assert_int_equal(HVRV_SBI_DBCN, 0x4442434e);
    assert_int_equal(HVRV_SBI_SUSP, 0x53555350);
    assert_int_equal(HVRV_SBI_CPPC, 0x43505043);
    assert_int_equal(HVRV_SBI_NACL, 0x4e41434c);
    assert_int_equal(HVRV_SBI_STA, 0x535441);
    assert_int_equal(HVRV_SBI_SSE, 0x535345);
    assert_int_equal(HVRV_SBI_FWFT, 0x46574654);
    assert_int_equal(HVRV_SBI_DBTR, 0x44425452);
    assert_int_equal(HVRV_SBI_MPXY, 0x4d505859);
}

/* An extension's number is its name in ASCII, first letter highest. */
static void numbers_spell_the_names(void **state)
{
    static const uint64_t numbers[] = {0x54494d45, 0x735049,   0x52464e43, 0x48534d,   0x53525354,
                                       0x504d55,   0x4442434e, 0x53555350, 0x43505043, 0x4e41434c,
                                       0x535441,   0x535345,   0x46574654, 0x44425452, 0x4d505859};

    (void)state;
    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint64_t spelled = 0;
        for (const char *c = hvrv_sbi_extension_name(numbers[i]); *c; c++)
            spelled = spelled << 8 | (uint8_t)*c;
        assert_int_equal(spelled, numbers[i]);
    }
}

static void functions_have_the_specifications_numbers(void **state)
{
    (void)state;
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_BASE, 3), "probe_extension");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_BASE, 6), "get_mimpid");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_RFENCE, 2), "remote_sfence_vma_asid");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_RFENCE, 3), "remote_hfence_gvma_vmid");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_RFENCE, 5), "remote_hfence_vvma_asid");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_HSM, 0), "hart_start");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_HSM, 3), "hart_suspend");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_DBCN, 2), "debug_console_write_byte");
}

static void errors_and_states_have_the_specifications_numbers(void **state)
{
    (void)state;
    assert_string_equal(hvrv_sbi_error_name(0), "success");
    assert_string_equal(hvrv_sbi_error_name(-2), "not supported");
    assert_string_equal(hvrv_sbi_error_name(-5), "invalid address");
    assert_string_equal(hvrv_sbi_error_name(-6), "already available");
    assert_string_equal(hvrv_sbi_error_name(-14), "denied by a lock");
    assert_string_equal(hvrv_sbi_state_name((enum hvrv_sbi_state)1), "stopped");
    assert_string_equal(hvrv_sbi_state_name((enum hvrv_sbi_state)5), "suspend pending");
}

static void every_row_has_a_name_of_its_own(void **state)
{
    (void)state;
#define SEE(id, number, name)     \
    assert_int_equal(id, number); \
    assert_string_equal(hvrv_sbi_extension_name(number), name);
    HVRV_SBI_EXTENSION_LIST(SEE)
#undef SEE
#define SEE(id, number, name) assert_string_equal(hvrv_sbi_error_name(number), name);
    HVRV_SBI_ERROR_LIST(SEE)
#undef SEE
#define SEE(id, number, name) assert_string_equal(hvrv_sbi_state_name(id), name);
    HVRV_SBI_STATE_LIST(SEE)
#undef SEE
}

static void what_has_no_row_is_unknown(void **state)
{
    (void)state;
    assert_string_equal(hvrv_sbi_extension_name(9), "unknown");
    assert_string_equal(hvrv_sbi_extension_name(UINT64_C(0x100000010)), "unknown");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_BASE, 7), "unknown");
    assert_string_equal(hvrv_sbi_function_name(HVRV_SBI_BASE, UINT64_C(1) << 32), "unknown");
    assert_string_equal(hvrv_sbi_error_name(-15), "unknown");
    assert_string_equal(hvrv_sbi_error_name(1), "unknown");
    assert_string_equal(hvrv_sbi_state_name((enum hvrv_sbi_state)7), "unknown");
}

static void a_version_has_its_major_number_from_bit_24_on(void **state)
{
    (void)state;
    assert_int_equal(HVRV_SBI_VERSION(2, 0), 0x2000000);
    assert_int_equal(HVRV_SBI_VERSION(0, 3), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extensions_have_the_specifications_numbers),
        cmocka_unit_test(numbers_spell_the_names),
        cmocka_unit_test(functions_have_the_specifications_numbers),
        cmocka_unit_test(errors_and_states_have_the_specifications_numbers),
        cmocka_unit_test(every_row_has_a_name_of_its_own),
        cmocka_unit_test(what_has_no_row_is_unknown),
        cmocka_unit_test(a_version_has_its_major_number_from_bit_24_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
