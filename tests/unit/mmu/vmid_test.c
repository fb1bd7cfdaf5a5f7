/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/mmu/vmid.h>

static struct hvrv_vmid_pool pool;

static uint16_t take(struct hvrv_vmid *vmid)
{
    assert_int_equal(hvrv_vmid_take(&pool, vmid), HVRV_OK);
    assert_true(hvrv_vmid_is_current(&pool, vmid));
    return vmid->number;
}

static void numbers_begin_at_1_and_stay_with_their_vm(void **state)
{
    struct hvrv_vmid a = {0}, b = {0};

    (void)state;
    assert_int_equal(hvrv_vmid_init(&pool, 7, 4), HVRV_OK);
    assert_false(hvrv_vmid_is_current(&pool, &a));
    assert_int_equal(take(&a), 1);
    assert_int_equal(take(&b), 2);
    assert_int_equal(take(&a), 1);
    assert_int_equal(take(&b), 2);
}

static void fourteen_bits_have_16383_numbers(void **state)
{
    struct hvrv_vmid vmid;

    (void)state;
    assert_int_equal(hvrv_vmid_init(&pool, 14, 1), HVRV_OK);
    for (unsigned i = 1; i <= 16383; i++) {
        vmid = (struct hvrv_vmid){0};
        assert_int_equal(take(&vmid), i);
    }
    assert_int_equal(pool.generation, 1);
    vmid = (struct hvrv_vmid){0};
    assert_int_equal(take(&vmid), 1);
    assert_int_equal(pool.generation, 2);
}

static struct hvrv_vmid first;
static unsigned roll_overs;

/* The numbers of before are worth nothing any more, and none of the new was given out. */
static void look(void *context)
{
    assert_ptr_equal(context, &roll_overs);
    assert_false(hvrv_vmid_is_current(&pool, &first));
    assert_int_equal(pool.next, 1);
    roll_overs++;
}

static void when_they_run_out_a_generation_begins(void **state)
{
    struct hvrv_vmid more[4] = {{0}};

    (void)state;
    roll_overs = 0;
    first = (struct hvrv_vmid){0};
    assert_int_equal(hvrv_vmid_init(&pool, 2, 3), HVRV_OK);
    pool.roll_over = look;
    pool.context = &roll_overs;
    assert_int_equal(take(&first), 1);
    assert_int_equal(take(&more[0]), 2);
    assert_int_equal(take(&more[1]), 3);
    assert_int_equal(roll_overs, 0);
    assert_int_equal(take(&more[2]), 1);
    assert_int_equal(roll_overs, 1);
    assert_false(hvrv_vmid_is_current(&pool, &more[0]));
    assert_int_equal(take(&first), 2);
    assert_int_equal(take(&more[0]), 3);
    assert_true(hvrv_vmid_is_current(&pool, &more[2]));
    assert_int_equal(take(&more[1]), 1);
    assert_int_equal(roll_overs, 2);
}

static void without_enough_numbers_all_have_0(void **state)
{
    static const struct {
        unsigned vmidlen;
        uint32_t harts;
    } cases[] = {{0, 1}, {1, 2}, {2, 4}, {14, 16384}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hvrv_vmid a = {0}, b = {0};

        assert_int_equal(hvrv_vmid_init(&pool, cases[i].vmidlen, cases[i].harts), HVRV_OK);
        assert_int_equal(take(&a), 0);
        assert_int_equal(take(&b), 0);
        for (unsigned n = 0; n < 100; n++)
            assert_int_equal(take(&a), 0);
        assert_int_equal(pool.generation, 1);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    struct hvrv_vmid vmid = {0};

    (void)state;
    assert_int_equal(hvrv_vmid_init(NULL, 7, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vmid_init(&pool, 15, 1), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_vmid_take(&pool, &vmid), HVRV_ERR_STATE);
    assert_int_equal(hvrv_vmid_init(&pool, 7, 0), HVRV_ERR_ARGUMENT);
    assert_int_equal(hvrv_vmid_take(&pool, &vmid), HVRV_ERR_STATE);
    assert_int_equal(vmid.generation, 0);
    assert_int_equal(hvrv_vmid_init(&pool, 7, 1), HVRV_OK);
    assert_int_equal(hvrv_vmid_take(NULL, &vmid), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vmid_take(&pool, NULL), HVRV_ERR_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_begin_at_1_and_stay_with_their_vm),
        cmocka_unit_test(fourteen_bits_have_16383_numbers),
        cmocka_unit_test(when_they_run_out_a_generation_begins),
        cmocka_unit_test(without_enough_numbers_all_have_0),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
