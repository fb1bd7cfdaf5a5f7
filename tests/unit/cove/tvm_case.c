/* SPDX-License-Identifier: BSD-2-Clause */
#include "tvm_case.h"

uint64_t tvm_id;

struct hvrv_nacl_memory *tvm_shared(uint32_t hart)
{
    return cove_memory(PAGE(AT_SHARED + 3 * hart));
}

struct hvrv_vhart *tvm_running(uint32_t hart)
{
    return &w.harts[hart].running->vhart;
}

/* A TVM that runs on hart 0, every register a secret, and nothing in the shared memory. */
int tvm_setup_running(void **state)
{
    cove_setup(state);
    cove_convert(AT_FREE, 64);
    tvm_id = cove_build(AT_FREE);
    for (unsigned i = 0; i < 3 * 512; i++)
        ((uint64_t *)tvm_shared(0))[i] = UNSEEN;
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
    for (unsigned i = 1; i < 32; i++)
        tvm_running(0)->gpr[i] = SECRET + i;
    return 0;
}

/* Of the shared memory only these words changed: indices, ended by 0 (which is x0's). */
void tvm_expect_shown(const unsigned *words)
{
    const uint64_t *memory = (const uint64_t *)tvm_shared(0);

    for (unsigned i = 0; i < 3 * 512; i++) {
        bool is_shown = i == 512 + HTDELTA || i == 512 + VSIE || i == 512 + VSTCMP;
        for (const unsigned *word = words; *word; word++)
            is_shown |= i == *word;
        if (!is_shown && memory[i] != UNSEEN)
            fail_msg("word %u was shown: 0x%llx", i, (unsigned long long)memory[i]);
    }
}

void tvm_expect_exit(uint64_t scause, uint64_t stval)
{
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_true(w.reply.is_exit);
    assert_null(w.reply.vhart);
    assert_int_equal(w.reply.answer.error, SUCCESS);
    assert_int_equal(w.reply.answer.value, 0);
    assert_int_equal(w.reply.scause, scause);
    assert_int_equal(w.reply.stval, stval);
    assert_null(w.harts[0].running);
}

void tvm_expect_dead(void)
{
    assert_int_equal(w.reply.action, HVRV_TSM_ANSWER);
    assert_int_equal(w.reply.answer.error, SUCCESS);
    assert_int_not_equal(w.reply.answer.value, 0);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), FAILED);
}

/* Whether hart 0 fenced the TVM's VMID in the last call. */
bool tvm_has_fenced(void)
{
    for (size_t i = 0; i < w.model[0].log_length; i++) {
        const struct model_access *done = &w.model[0].log[i];
        if (done->kind == MODEL_HFENCE_GVMA &&
            (done->what == MODEL_BY_NOTHING || (done->what == MODEL_BY_ID && done->b == 1)))
            return true;
    }
    return false;
}

/* vHart 0 runs on hart 0, vHart 1 waits to be started. */
void tvm_build_two(void **state)
{
    cove_setup(state);
    cove_convert(AT_FREE, 128);
    tvm_id = cove_create(AT_FREE);
    cove_share_memory();
    assert_int_equal(CALL(0, COVH, 9, tvm_id, GPA, 0x100000), SUCCESS);
    for (uint64_t i = 0; i < 2; i++)
        assert_int_equal(CALL(0, COVH, 14, tvm_id, i, PAGE(AT_FREE + 16 + i)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, tvm_id, GPA, 0, 0), SUCCESS);
    assert_int_equal(CALL(0, COVH, 15, tvm_id, 0), SUCCESS);
}
