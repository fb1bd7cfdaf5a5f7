/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host's calls as the registers that reach the TSM: numbers as the specification has them. And
 * what comes of an exit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/client.h>
#include <hvrv/cove/client_aia.h>
#include <hvrv/cove/client_exit.h>

#define COVH UINT64_C(0x434f5648)
#define COVI UINT64_C(0x434f5649)
#define SDID (UINT64_C(5) << 26)

/* A TSM that notes the last call, and answers. */
struct fake {
    struct hvrv_cove_call last;
    struct hvrv_cove_answer answer;
    uint32_t calls;
    uint32_t interruptions; /* so many answers say that the call was interrupted */
    uint32_t taken;
};

static struct hvrv_cove_answer ecall(void *context, const struct hvrv_cove_call *call)
{
    struct fake *fake = context;

    fake->last = *call;
    fake->calls++;
    if (fake->interruptions > 0) {
        fake->interruptions--;
        return (struct hvrv_cove_answer){1, 0};
    }
    return fake->answer;
}

static void take_interrupts(void *context)
{
    ((struct fake *)context)->taken++;
}

static struct fake fake;
static const struct hvrv_client client = {ecall, take_interrupts, &fake, 5};
static const struct hvrv_client_tvm tvm = {&client, 0x801};

static int reset(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    fake.answer = (struct hvrv_cove_answer){-5, 77};
    return 0;
}

/* The call reached the TSM once, with these registers, and the answer came back. */
static void assert_call(struct hvrv_cove_answer answer, uint64_t extension, uint64_t function,
                        const uint64_t *arguments)
{
    assert_int_equal(fake.calls, 1);
    assert_int_equal(fake.last.extension, extension);
    assert_int_equal(fake.last.function, function);
    assert_memory_equal(fake.last.arguments, arguments, 6 * sizeof(uint64_t));
    assert_int_equal(answer.error, -5);
    assert_int_equal(answer.value, 77);
    fake.calls = 0;
}
#define ASSERT_COVH(call, function, ...) \
    assert_call((call), COVH, SDID | (function), (const uint64_t[6]){__VA_ARGS__})
#define ASSERT_COVI(call, function, ...) \
    assert_call((call), COVI, SDID | (function), (const uint64_t[6]){__VA_ARGS__})

static void calls_about_memory_have_their_numbers(void **state)
{
    (void)state;
    ASSERT_COVH(hvrv_client_get_tsm_info(&client, hvrv_hpa_make(0x1008)), 0, 0x1008, 48);
    ASSERT_COVH(hvrv_client_convert_pages(&client, hvrv_hpa_make(0x2000), 3), 1, 0x2000, 3);
    ASSERT_COVH(hvrv_client_reclaim_pages(&client, hvrv_hpa_make(0x2000), 4), 2, 0x2000, 4);
    ASSERT_COVH(hvrv_client_global_fence(&client), 3, 0);
    ASSERT_COVH(hvrv_client_local_fence(&client), 4, 0);
}

static void calls_about_a_tvm_have_their_numbers(void **state)
{
    const struct hvrv_client_entry entry = {{0x80000000}, 9, {0x3000}};
    const struct hvrv_client_promotion promotion = {{0x10}, {0x20}, {0x80000000}, {0x40}};

    (void)state;
    ASSERT_COVH(hvrv_client_finalize_tvm(&tvm, &entry), 6, 0x801, 0x80000000, 9, 0x3000);
    ASSERT_COVH(hvrv_client_promote_to_tvm(&client, &promotion), 7, 0x10, 0x20, 0x80000000, 0x40);
    ASSERT_COVH(hvrv_client_destroy_tvm(&tvm), 8, 0x801);
    ASSERT_COVH(hvrv_client_add_tvm_memory_region(&tvm, hvrv_gpa_make(0x4000), 0x1000), 9, 0x801,
                0x4000, 0x1000);
    ASSERT_COVH(hvrv_client_add_tvm_page_table_pages(&tvm, hvrv_hpa_make(0x5000), 16), 10, 0x801,
                0x5000, 16);
    ASSERT_COVH(hvrv_client_create_tvm_vcpu(&tvm, 2, hvrv_hpa_make(0x6000)), 14, 0x801, 2, 0x6000);
    ASSERT_COVH(hvrv_client_run_tvm_vcpu(&tvm, 2), 15, 0x801, 2);
    ASSERT_COVH(hvrv_client_tvm_fence(&tvm), 16, 0x801);
}

static void calls_about_its_pages_have_their_numbers(void **state)
{
    const struct hvrv_client_pages pages = {
        {0x1000}, {0x200000}, HVRV_COVE_PAGE_2M, 2, {0x80000000}};

    (void)state;
    ASSERT_COVH(hvrv_client_add_tvm_measured_pages(&tvm, &pages), 11, 0x801, 0x1000, 0x200000, 1, 2,
                0x80000000);
    ASSERT_COVH(hvrv_client_add_tvm_zero_pages(&tvm, &pages), 12, 0x801, 0x200000, 1, 2,
                0x80000000);
    ASSERT_COVH(hvrv_client_add_tvm_shared_pages(&tvm, &pages), 13, 0x801, 0x200000, 1, 2,
                0x80000000);
    ASSERT_COVH(hvrv_client_tvm_invalidate_pages(&tvm, hvrv_gpa_make(0x4000), 0x1000), 17, 0x801,
                0x4000, 0x1000);
    ASSERT_COVH(hvrv_client_tvm_validate_pages(&tvm, hvrv_gpa_make(0x4000), 0x2000), 18, 0x801,
                0x4000, 0x2000);
    ASSERT_COVH(hvrv_client_tvm_remove_pages(&tvm, hvrv_gpa_make(0x4000), 0x3000), 19, 0x801,
                0x4000, 0x3000);
}

static void calls_about_interrupts_have_their_numbers(void **state)
{
    (void)state;
    ASSERT_COVI(hvrv_client_init_tvm_aia(&tvm, hvrv_hpa_make(0x1008)), 0, 0x801, 0x1008, 32);
    ASSERT_COVI(hvrv_client_set_tvm_aia_cpu_imsic_addr(&tvm, 1, hvrv_gpa_make(0x28000000)), 1,
                0x801, 1, 0x28000000);
    ASSERT_COVI(hvrv_client_convert_aia_imsic(&client, hvrv_hpa_make(0x28001000)), 2, 0x28001000);
    ASSERT_COVI(hvrv_client_reclaim_tvm_aia_imsic(&client, hvrv_hpa_make(0x28001000)), 3,
                0x28001000);
    ASSERT_COVI(hvrv_client_bind_aia_imsic(&tvm, 1, 6), 4, 0x801, 1, 6);
    ASSERT_COVI(hvrv_client_unbind_aia_imsic_begin(&tvm, 1), 5, 0x801, 1);
    ASSERT_COVI(hvrv_client_unbind_aia_imsic_end(&tvm, 1), 6, 0x801, 1);
    ASSERT_COVI(hvrv_client_inject_tvm_cpu(&tvm, 1, 9), 7, 0x801, 1, 9);
    ASSERT_COVI(hvrv_client_rebind_aia_imsic_begin(&tvm, 1, 4), 8, 0x801, 1, 4);
    ASSERT_COVI(hvrv_client_rebind_aia_imsic_clone(&tvm, 1), 9, 0x801, 1);
    ASSERT_COVI(hvrv_client_rebind_aia_imsic_end(&tvm, 1), 10, 0x801, 1);
}

static void calls_that_are_no_tsms_name_no_domain(void **state)
{
    (void)state;
    assert_call(hvrv_client_get_active_domains(&client), 0x53555044, 0, (const uint64_t[6]){0});
    assert_call(hvrv_client_set_shmem(&client, hvrv_hpa_make(0x7000)), 0x4e41434c, 1,
                (const uint64_t[6]){0x7000});
    assert_call(hvrv_client_set_shmem(&client, hvrv_hpa_make(UINT64_MAX)), 0x4e41434c, 1,
                (const uint64_t[6]){UINT64_MAX, UINT64_MAX});
}

static void a_tvm_has_the_number_that_the_tsm_gave(void **state)
{
    struct hvrv_client_tvm made = {NULL, 1};

    (void)state;
    ASSERT_COVH(hvrv_client_create_tvm(&client, hvrv_hpa_make(0x1008), &made), 5, 0x1008, 16);
    assert_int_equal(made.id, 0);
    fake.answer.error = 0;
    (void)hvrv_client_create_tvm(&client, hvrv_hpa_make(0x1008), &made);
    assert_int_equal(made.id, 77);
    assert_ptr_equal(made.client, &client);
}

static void an_interrupted_call_is_resumed_once_the_interrupts_were_taken(void **state)
{
    struct hvrv_cove_answer answer;

    (void)state;
    fake.interruptions = 3;
    answer = hvrv_client_run_tvm_vcpu(&tvm, 0);
    assert_int_equal(fake.calls, 4);
    assert_int_equal(fake.taken, 3);
    assert_int_equal(fake.last.extension, 0x0a485652);
    assert_int_equal(fake.last.function, SDID | 8);
    assert_int_equal(answer.error, -5);
    assert_int_equal(answer.value, 77);
}

static void who_takes_no_interrupts_learns_of_them(void **state)
{
    const struct hvrv_client plain = {ecall, NULL, &fake, 5};

    (void)state;
    fake.interruptions = 1;
    assert_int_equal(hvrv_client_global_fence(&plain).error, 1);
    assert_int_equal(fake.calls, 1);
}

static struct hvrv_nacl_memory memory;

static struct hvrv_client_exit read_exit(uint64_t scause, uint64_t htval, uint64_t htinst)
{
    struct hvrv_client_exit exit;

    memset(&memory, 0, sizeof(memory));
    memory.gprs[10] = UINT64_C(0xfedcba9876543210);
    memory.csrs[0x143] = htval;  /* 0x643 */
    memory.csrs[0x14a] = htinst; /* 0x64a */
    assert_int_equal(hvrv_client_read_exit(scause, &memory, 0x12343, &exit), HVRV_OK);
    assert_int_equal(exit.scause, scause);
    return exit;
}

static void a_fault_without_an_instruction_is_a_page(void **state)
{
    static const uint64_t causes[] = {20, 21, 23};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct hvrv_client_exit exit = read_exit(causes[i], 0x20001000, 0);
        assert_int_equal(exit.kind, HVRV_CLIENT_EXIT_PAGE);
        assert_int_equal(exit.gpa.v, 0x80004000);
        assert_int_equal(exit.size, 0);
        assert_int_equal(exit.value, 0);
    }
}

static void a_load_of_a0_is_a_devices(void **state)
{
    /* lb, lh, lw, ld, lbu, lhu, lwu a0, 0(zero) */
    static const uint32_t sizes[] = {1, 2, 4, 8, 1, 2, 4};

    (void)state;
    for (uint64_t funct3 = 0; funct3 < 7; funct3++) {
        struct hvrv_client_exit exit = read_exit(21, 0x4000004, funct3 << 12 | 0x503);
        assert_int_equal(exit.kind, HVRV_CLIENT_EXIT_LOAD);
        assert_int_equal(exit.gpa.v, 0x10000013);
        assert_int_equal(exit.size, sizes[funct3]);
        assert_int_equal(exit.value, 0);
    }
}

static void a_store_of_a0_has_its_value(void **state)
{
    static const uint64_t values[] = {0x10, 0x3210, 0x76543210, UINT64_C(0xfedcba9876543210)};

    (void)state;
    for (uint64_t funct3 = 0; funct3 < 4; funct3++) {
        struct hvrv_client_exit exit = read_exit(23, 0x4000004, funct3 << 12 | 0xa00023);
        assert_int_equal(exit.kind, HVRV_CLIENT_EXIT_STORE);
        assert_int_equal(exit.gpa.v, 0x10000013);
        assert_int_equal(exit.size, 1U << funct3);
        assert_int_equal(exit.value, values[funct3]);
    }
}

static void what_is_no_access_of_a0_is_something_else(void **state)
{
    /* lw a1; sw a1; flw fa0; amoadd.w a0, a0; a pseudoinstruction; ones */
    static const uint64_t shown[] = {0x2583, 0xb02023, 0x2507, 0xa0252f, 0x2000, UINT64_MAX};

    (void)state;
    for (unsigned i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        struct hvrv_client_exit exit = read_exit(21, 0x4000004, shown[i]);
        assert_int_equal(exit.kind, HVRV_CLIENT_EXIT_OTHER);
        assert_int_equal(exit.gpa.v, 0);
        assert_int_equal(exit.size, 0);
    }
}

static void other_exits_are_told_apart_by_their_cause(void **state)
{
    const uint64_t timer = UINT64_C(0x8000000000000005);

    (void)state;
    assert_int_equal(read_exit(timer, 0, 0).kind, HVRV_CLIENT_EXIT_INTERRUPT);
    assert_int_equal(read_exit(10, 0, 0).kind, HVRV_CLIENT_EXIT_CALL);
    assert_int_equal(read_exit(22, 0, 0x10500073).kind, HVRV_CLIENT_EXIT_WAIT);
    assert_int_equal(read_exit(22, 0, 0).kind, HVRV_CLIENT_EXIT_OTHER);
    assert_int_equal(read_exit(2, 0, 0).kind, HVRV_CLIENT_EXIT_OTHER);
}

static void null_pointers_are_refused(void **state)
{
    struct hvrv_client_exit exit;

    (void)state;
    memset(&exit, 0xff, sizeof(exit));
    assert_int_equal(hvrv_client_read_exit(10, &memory, 0, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_client_read_exit(10, NULL, 0, &exit), HVRV_ERR_NULL);
    assert_int_equal(exit.kind, HVRV_CLIENT_EXIT_OTHER);
    assert_int_equal(exit.scause, 0);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(hvrv_client_exit_name(HVRV_CLIENT_EXIT_OTHER), "other");
    assert_string_equal(hvrv_client_exit_name(HVRV_CLIENT_EXIT_PAGE), "page");
    assert_string_equal(hvrv_client_exit_name(HVRV_CLIENT_EXIT_WAIT), "wait");
    assert_string_equal(hvrv_client_exit_name((enum hvrv_client_exit_kind)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(calls_about_memory_have_their_numbers, reset),
        cmocka_unit_test_setup(calls_about_a_tvm_have_their_numbers, reset),
        cmocka_unit_test_setup(calls_about_its_pages_have_their_numbers, reset),
        cmocka_unit_test_setup(calls_about_interrupts_have_their_numbers, reset),
        cmocka_unit_test_setup(calls_that_are_no_tsms_name_no_domain, reset),
        cmocka_unit_test_setup(a_tvm_has_the_number_that_the_tsm_gave, reset),
        cmocka_unit_test_setup(an_interrupted_call_is_resumed_once_the_interrupts_were_taken,
                               reset),
        cmocka_unit_test_setup(who_takes_no_interrupts_learns_of_them, reset),
        cmocka_unit_test(a_fault_without_an_instruction_is_a_page),
        cmocka_unit_test(a_load_of_a0_is_a_devices),
        cmocka_unit_test(a_store_of_a0_has_its_value),
        cmocka_unit_test(what_is_no_access_of_a0_is_something_else),
        cmocka_unit_test(other_exits_are_told_apart_by_their_cause),
        cmocka_unit_test(null_pointers_are_refused),
        cmocka_unit_test(every_kind_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
