/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a TVM, from the first page to the last. */
#include "cove_world.h"

static void a_tvm_lives_and_its_pages_come_back_empty(void **state)
{
    uint64_t id;

    (void)state;
    cove_convert(AT_FREE, 64);
    id = cove_build(AT_FREE);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(w.reply.action, HVRV_TSM_RUN);
    assert_ptr_equal(w.reply.vhart->tvm, cove_tvm(id));
    assert_int_equal(w.reply.vhart->vhart.sepc, GPA);
    assert_int_equal(w.reply.vhart->vhart.gpr[11], GPA + 0x800);

    /* A page that is not there: the host learns the page and no more. */
    cove_fault(0, 23, GPA + 0x5678);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(w.reply.answer.error, SUCCESS);
    assert_int_equal(w.reply.answer.value, 0);
    assert_int_equal(w.reply.scause, 23);
    assert_int_equal(w.reply.stval, 0);
    assert_int_equal(((struct hvrv_nacl_memory *)cove_memory(PAGE(AT_SHARED)))->csrs[0x143],
                     (GPA + 0x5000) >> 2);
    memset(cove_memory(PAGE(AT_FREE + 40)), 0xa5, 4096);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 40), 0, 1, GPA + 0x5000), SUCCESS);
    assert_int_equal(((uint64_t *)cove_memory(PAGE(AT_FREE + 40)))[511], 0);
    assert_int_equal(CALL(1, COVH, 15, id, 0), SUCCESS);

    /* The TVM shares that page: it waits until the host has taken it out. */
    ECALL(1, GPA + 0x5000, 0x1000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(w.reply.scause, 10);
    assert_int_equal(CALL(1, COVH, 15, id, 0), FAILED);
    assert_int_equal(CALL(1, COVH, 19, id, GPA + 0x5000, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(1, COVH, 17, id, GPA + 0x5000, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 19, id, GPA + 0x5000, 0x1000), INVALID_ADDRESS);
    assert_int_equal(CALL(1, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(1, COVH, 19, id, GPA + 0x5000, 0x1000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 15, id, 0), SUCCESS);
    assert_int_equal(w.reply.vhart->vhart.gpr[10], 0);
    cove_fault(1, 21, GPA + 0x5008);
    assert_int_equal(CALL(1, COVH, 13, id, PAGE(AT_HOST), 0, 1, GPA + 0x5000), SUCCESS);
    assert_int_equal(CALL(1, COVH, 1, PAGE(AT_HOST), 1), INVALID_ADDRESS);

    assert_int_equal(CALL(0, COVH, 8, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), INVALID_PARAM);
    assert_int_equal(CALL(0, COVH, 2, PAGE(AT_FREE), 64), SUCCESS);
    for (unsigned i = 0; i < 64 * 512; i++)
        assert_int_equal(((uint64_t *)cove_memory(PAGE(AT_FREE)))[i], 0);
    for (unsigned i = RESERVED; i < PAGES; i++)
        assert_true(w.host_may[i]);
}

static void tables_that_were_taken_out_wait_for_a_fence(void **state)
{
    uint64_t id;

    (void)state;
    cove_convert(AT_FREE, 64);
    id = cove_create(AT_FREE);
    cove_share_memory();
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x10000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 10, id, PAGE(AT_FREE + 16), 2), SUCCESS);
    assert_int_equal(CALL(0, COVH, 14, id, 0, PAGE(AT_FREE + 20)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 12, id, PAGE(AT_FREE + 40), 0, 1, GPA), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, id, 0), SUCCESS);
    ECALL(0, GPA, 0x1000, 0, 0, 0, 0, 2, COVG);
    assert_int_equal(CALL(0, COVH, 17, id, GPA, 0x1000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 19, id, GPA, 0x1000), SUCCESS);
    /* A hart may be walking them: the two tables are not there before the next fence. */
    assert_int_equal(CALL(0, COVH, 13, id, PAGE(AT_HOST), 0, 1, GPA), FAILED);
    assert_int_equal(CALL(0, COVH, 16, id), SUCCESS);
    assert_int_equal(CALL(0, COVH, 13, id, PAGE(AT_HOST), 0, 1, GPA), SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_tvm_lives_and_its_pages_come_back_empty, cove_setup),
        cmocka_unit_test_setup(tables_that_were_taken_out_wait_for_a_fence, cove_setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
