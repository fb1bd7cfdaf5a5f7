/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt files: who has them, and what it takes to move them. */
#include "cove_world.h"

#define BAD   UINT64_C(0x123)
#define IMSIC UINT64_C(0x28000000) /* GPA of the file of hart 0 */

static uint64_t id;

static uint64_t *params(void)
{
    return cove_memory(PAGE(AT_PARAMS));
}

/* Four vHarts' worth of numbers, no groups. */
static void set_params(void)
{
    params()[0] = IMSIC;
    params()[1] = UINT64_C(24) << 32; /* no group bits, shift 24 */
    params()[2] = 2;                  /* 2 bits of a hart's number, none of a guest's */
    params()[3] = 0;
}

static int setup_tvm(void **state)
{
    cove_setup(state);
    cove_convert(AT_FREE, 64);
    id = cove_create(AT_FREE);
    cove_share_memory();
    for (uint64_t i = 0; i < 2; i++)
        assert_int_equal(CALL(0, COVH, 14, id, i, PAGE(AT_FREE + 16 + i)), SUCCESS);
    set_params();
    return 0;
}

/* File n of a hart, as a page of the files' map. */
#define FILE_OF(hart, n) FILE_AT(8 * (hart) + (n))

static void fence_all(void)
{
    assert_int_equal(CALL(0, COVH, 3, 0), SUCCESS);
    assert_int_equal(CALL(1, COVH, 4, 0), SUCCESS);
    assert_int_equal(CALL(2, COVH, 4, 0), SUCCESS);
}

/* A TVM with AIA that can run, and whose vHart 0 is bound to a file of hart 0. */
static int setup_bound(void **state)
{
    setup_tvm(state);
    for (uint64_t hart = 0; hart < 2; hart++) {
        for (uint64_t file = 1; file < 4; file++)
            assert_int_equal(CALL(0, COVI, 2, FILE_OF(hart, file)), SUCCESS);
    }
    fence_all();
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 28), SUCCESS);
    assert_int_equal(CALL(0, COVI, 1, id, 0, IMSIC), SUCCESS);
    assert_int_equal(CALL(0, COVI, 1, id, 1, IMSIC + 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVI, 4, id, 0, 2), SUCCESS);
    return 0;
}

static void a_layout_has_no_bits_that_an_address_lacks(void **state)
{
    /* group_index_bits and shift; hart_index_bits and guest_index_bits; what comes of it */
    static const struct {
        uint32_t group_bits, group_shift, hart_bits, guest_bits;
        int64_t error;
    } rows[] = {
        {1, UINT32_MAX, 2, 0, INVALID_PARAM}, /* shift + bits wrap to 0 */
        {1, UINT32_MAX - 1, 2, 0, INVALID_PARAM},
        {UINT32_MAX, 24, 2, 0, INVALID_PARAM},
        {8, 24, 2, 0, INVALID_PARAM},
        {1, 57, 2, 0, INVALID_PARAM},
        {1, 56, 2, 0, INVALID_PARAM},
        {0, 24, 16, 0, INVALID_PARAM},
        {0, 24, UINT32_MAX, 0, INVALID_PARAM},
        {0, 24, 2, 8, INVALID_PARAM},
        {0, 24, 2, UINT32_MAX, INVALID_PARAM},
        {1, 24, 15, 7, INVALID_PARAM}, /* the group lies in the hart's bits */
        {1, 55, 2, 0, SUCCESS},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        params()[1] = (uint64_t)rows[i].group_shift << 32 | rows[i].group_bits;
        params()[2] = (uint64_t)rows[i].guest_bits << 32 | rows[i].hart_bits;
        assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 32), rows[i].error);
    }
}

static void init_wants_a_layout_that_can_be(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVI, 0, BAD, 4, 4), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 0, id, 4, 27), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 0, id, 4, 36), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS) + 4, 28), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_FREE), 32), INVALID_ADDRESS);
    params()[0] = IMSIC + 8;
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 32), INVALID_PARAM);
    set_params();
    params()[1] = UINT64_C(23) << 32 | 1; /* a group below bit 24 */
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 32), INVALID_PARAM);
    set_params();
    params()[3] = 1; /* guest files of the TVM's own */
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 32), INVALID_PARAM);
    set_params();
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 32), SUCCESS);
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 32), INVALID_PARAM);
    w.tsm.config.files = NULL;
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 32), NOT_SUPPORTED);
}

static void every_vhart_has_an_address_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVI, 1, id, 0, IMSIC), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 28), SUCCESS);
    assert_int_equal(CALL(0, COVI, 1, BAD, 0, 8), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 1, id, 2, 8), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 1, id, 0, IMSIC + 8), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVI, 1, id, 0, IMSIC + 0x4000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVI, 1, id, 0, IMSIC + 0x3000), SUCCESS);
    assert_int_equal(CALL(0, COVI, 1, id, 1, IMSIC + 0x3000), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 1, id, 1, IMSIC), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVI, 1, id, 1, IMSIC + 0x1000), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 28), INVALID_PARAM);
}

static void groups_are_bits_of_the_address(void **state)
{
    (void)state;
    params()[1] = UINT64_C(24) << 32 | 1;
    assert_int_equal(CALL(0, COVI, 0, id, PAGE(AT_PARAMS), 28), SUCCESS);
    assert_int_equal(CALL(0, COVI, 1, id, 0, IMSIC + 0x1000000), SUCCESS);
    assert_int_equal(CALL(0, COVI, 1, id, 1, IMSIC + 0x2000000), INVALID_ADDRESS);
}

static void files_change_sides_as_pages_do(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVI, 2, FILE_AT(0) + 8), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVI, 2, FILE_AT(FILES)), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVI, 2, FILE_AT(1)), SUCCESS);
    assert_false(w.file_host_may[1]);
    assert_int_equal(CALL(0, COVI, 2, FILE_AT(1)), INVALID_ADDRESS);
    assert_int_equal(CALL(0, COVI, 3, FILE_AT(1)), INVALID_ADDRESS);
    fence_all();
    w.is_refusing = true;
    assert_int_equal(CALL(0, COVI, 3, FILE_AT(1)), FAILED);
    w.is_refusing = false;
    assert_int_equal(CALL(0, COVI, 3, FILE_AT(1)), SUCCESS);
    assert_true(w.file_host_may[1]);
    assert_int_equal(CALL(0, COVI, 3, FILE_AT(1)), INVALID_ADDRESS);
}

static void a_vhart_runs_where_its_file_is(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(CALL(1, COVI, 5, id, 0), INVALID_PARAM); /* while it runs */
}

static void bind_wants_one_file_that_is_not_the_hosts(void **state)
{
    static const uint64_t masks[] = {0, 1, 3, 6};

    (void)state;
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(CALL(1, COVI, 4, id, 1, masks[i]), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 4, BAD, 1, 2), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 4, id, 0, 2), INVALID_PARAM); /* bound */
    assert_int_equal(CALL(1, COVI, 4, id, 1, 4), SUCCESS);
}

static void unbinding_waits_for_the_tvms_fence(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVI, 6, id, 0), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 5, id, 0), FAILED);
    assert_int_equal(CALL(0, COVI, 5, id, 0), SUCCESS);
    assert_int_equal(CALL(0, COVI, 5, id, 0), INVALID_PARAM);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVI, 6, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(1, COVI, 6, id, 0), FAILED);
    assert_int_equal(CALL(0, COVI, 6, id, 0), SUCCESS);
    assert_int_equal(CALL(1, COVI, 4, id, 0, 8), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, id, 0), SUCCESS);
}

static void rebinding_goes_by_both_harts(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVI, 8, id, 0, 3), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 9, id, 0), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 10, id, 0), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 8, id, 0, 4), SUCCESS);
    assert_int_equal(CALL(0, COVI, 9, id, 0), FAILED);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(1, COVI, 9, id, 0), FAILED);
    assert_int_equal(CALL(0, COVI, 9, id, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(0, COVI, 10, id, 0), FAILED);
    assert_int_equal(CALL(1, COVI, 10, id, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(1, COVH, 15, id, 0), SUCCESS);
}

static void a_file_is_converted_and_fenced_before_it_is_bound(void **state)
{
    (void)state;
    assert_int_equal(CALL(1, COVI, 4, id, 1, 1 << 4), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 2, FILE_OF(1, 4)), SUCCESS);
    assert_int_equal(CALL(1, COVI, 4, id, 1, 1 << 4), INVALID_PARAM);
    fence_all();
    assert_int_equal(CALL(1, COVI, 4, id, 1, 1 << 4), SUCCESS);
    /* A hart has eight pages: bit 8 would be the next hart's. */
    assert_int_equal(CALL(0, COVI, 8, id, 1, 1 << 8), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 8, id, 1, UINT64_C(1) << 63), INVALID_PARAM);
}

static void a_file_has_one_vhart_and_goes_nowhere_else(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVI, 4, id, 1, 2), INVALID_PARAM); /* vHart 0 has it */
    assert_int_equal(CALL(0, COVI, 8, id, 0, 2), INVALID_PARAM); /* it has it itself */
    assert_int_equal(CALL(0, COVI, 3, FILE_OF(0, 1)), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 4, id, 1, 2), SUCCESS); /* hart 1's file 1 */
    assert_int_equal(CALL(1, COVI, 8, id, 0, 2), INVALID_PARAM);
    assert_int_equal(CALL(1, COVI, 8, id, 0, 4), SUCCESS);
    /* Both files are vHart 0's until the old one is cloned. */
    assert_int_equal(CALL(1, COVI, 3, FILE_OF(1, 2)), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 3, FILE_OF(0, 1)), INVALID_PARAM);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVI, 9, id, 0), SUCCESS);
    assert_int_equal(CALL(0, COVI, 3, FILE_OF(0, 1)), SUCCESS);
    assert_int_equal(CALL(1, COVI, 10, id, 0), SUCCESS);
    assert_int_equal(CALL(0, COVI, 3, FILE_OF(1, 2)), INVALID_PARAM);
    assert_int_equal(CALL(0, COVH, 8, id), SUCCESS);
    assert_int_equal(CALL(0, COVI, 3, FILE_OF(1, 1)), SUCCESS);
    assert_int_equal(CALL(0, COVI, 3, FILE_OF(1, 2)), SUCCESS);
}

static void with_aia_an_interrupt_stays_in_the_file(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVI, 7, id, 0, 5), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 7, BAD, 0, 5), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 7, id, 0, 2048), INVALID_PARAM);
    assert_int_equal(CALL(0, COVI, 7, id, 0, UINT64_MAX), INVALID_PARAM);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, 5, 0, 0, 0, 0, 0, 4, COVG);
    assert_int_equal(CALL(0, COVI, 7, id, 0, 5), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(model_peek(&w.model[0], HVRV_CSR_HVIP) & 1 << 10, 0);
    assert_int_equal(w.harts[0].running->files.pending[0], 1 << 5);
}

static void calls_about_files_want_aia(void **state)
{
    (void)state;
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    for (uint64_t function = 4; function <= 10; function++)
        assert_int_equal(CALL(0, COVI, function, id, 0, 2), INVALID_PARAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_layout_has_no_bits_that_an_address_lacks, setup_tvm),
        cmocka_unit_test_setup(init_wants_a_layout_that_can_be, setup_tvm),
        cmocka_unit_test_setup(every_vhart_has_an_address_of_its_own, setup_tvm),
        cmocka_unit_test_setup(groups_are_bits_of_the_address, setup_tvm),
        cmocka_unit_test_setup(files_change_sides_as_pages_do, setup_tvm),
        cmocka_unit_test_setup(calls_about_files_want_aia, setup_tvm),
        cmocka_unit_test_setup(a_vhart_runs_where_its_file_is, setup_bound),
        cmocka_unit_test_setup(bind_wants_one_file_that_is_not_the_hosts, setup_bound),
        cmocka_unit_test_setup(unbinding_waits_for_the_tvms_fence, setup_bound),
        cmocka_unit_test_setup(rebinding_goes_by_both_harts, setup_bound),
        cmocka_unit_test_setup(a_file_is_converted_and_fenced_before_it_is_bound, setup_bound),
        cmocka_unit_test_setup(a_file_has_one_vhart_and_goes_nowhere_else, setup_bound),
        cmocka_unit_test_setup(with_aia_an_interrupt_stays_in_the_file, setup_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
