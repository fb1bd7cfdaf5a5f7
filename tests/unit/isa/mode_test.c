/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hvrv/isa/mode.h>

/*
 * norm:Sv39_va_sz, norm:Sv48_va_sz, norm:Sv57_va_sz, norm:Sv39_levels, norm:Sv48_levels,
 * norm:Sv57_levels, norm:Sv39_pt_sz, norm:satp_mode_sxlen64, norm:hgatp_mode_sv, norm:hgatp_mode_x4
 */
static void the_rows_are_those_of_the_manual(void **state)
{
    static const struct {
        enum hvrv_stage stage;
        unsigned encoding;
        const char *name;
        unsigned levels, width, root_size;
    } rows[] = {
        {HVRV_STAGE_VS, 0, "Bare", 0, 64, 0},      {HVRV_STAGE_VS, 8, "Sv39", 3, 39, 4096},
        {HVRV_STAGE_VS, 9, "Sv48", 4, 48, 4096},   {HVRV_STAGE_VS, 10, "Sv57", 5, 57, 4096},
        {HVRV_STAGE_G, 0, "Bare", 0, 64, 0},       {HVRV_STAGE_G, 8, "Sv39x4", 3, 41, 16384},
        {HVRV_STAGE_G, 9, "Sv48x4", 4, 50, 16384}, {HVRV_STAGE_G, 10, "Sv57x4", 5, 59, 16384},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct hvrv_mode *mode = hvrv_mode_find(rows[i].stage, rows[i].encoding);

        assert_non_null(mode);
        assert_string_equal(mode->name, rows[i].name);
        assert_int_equal(mode->encoding, rows[i].encoding);
        assert_int_equal(mode->levels, rows[i].levels);
        assert_int_equal(mode->width, rows[i].width);
        assert_int_equal(mode->root_size, rows[i].root_size);
    }
    assert_int_equal(HVRV_MODE_BARE, 0);
    assert_int_equal(HVRV_MODE_SV39, 8);
    assert_int_equal(HVRV_MODE_SV48, 9);
    assert_int_equal(HVRV_MODE_SV57, 10);
}

static void every_other_encoding_is_reserved(void **state)
{
    static const uint64_t large[] = {0x100, 0x108, 0x100000008, 0x8000000000000000, UINT64_MAX};
    (void)state;

    for (unsigned encoding = 0; encoding < 256; encoding++) {
        bool known = encoding == 0 || (encoding >= 8 && encoding <= 10);

        assert_int_equal(hvrv_mode_find(HVRV_STAGE_VS, encoding) != NULL, known);
        assert_int_equal(hvrv_mode_find(HVRV_STAGE_G, encoding) != NULL, known);
    }
    for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
        assert_null(hvrv_mode_find(HVRV_STAGE_VS, large[i]));
        assert_null(hvrv_mode_find(HVRV_STAGE_G, large[i]));
    }
}

static void a_stage_that_is_none_has_no_modes(void **state)
{
    static const int stages[] = {2, 3, -1, 0x7fffffff};
    (void)state;

    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
        assert_null(hvrv_mode_find((enum hvrv_stage)stages[i], 8));
}

/*
 * norm:Sv39_va_sz, norm:Sv48_va_sz, norm:Sv57_va_sz, norm:Sv39_va_signext and the like: the bits
 * above the width repeat its top bit.
 */
static void the_vs_stage_takes_what_is_sign_extended(void **state)
{
    static const struct {
        unsigned encoding;
        uint64_t address;
        bool taken;
    } rows[] = {
        {0, 0, true},
        {0, 0x8000000000000000, true},
        {0, 0x0000123456789abc, true},
        {0, UINT64_MAX, true},
        {8, 0, true},
        {8, 0x0000003fffffffff, true},
        {8, 0x0000004000000000, false},
        {8, 0x0000007fffffffff, false},
        {8, 0x0000008000000000, false},
        {8, 0x8000000000000000, false},
        {8, 0xffffffbfffffffff, false},
        {8, 0xffffffc000000000, true},
        {8, 0x7fffffffffffffff, false},
        {8, UINT64_MAX, true},
        {9, 0x00007fffffffffff, true},
        {9, 0x0000800000000000, false},
        {9, 0xffff7fffffffffff, false},
        {9, 0xffff800000000000, true},
        {10, 0x00ffffffffffffff, true},
        {10, 0x0100000000000000, false},
        {10, 0xfeffffffffffffff, false},
        {10, 0xff00000000000000, true},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct hvrv_mode *mode = hvrv_mode_find(HVRV_STAGE_VS, rows[i].encoding);

        assert_int_equal(hvrv_mode_takes(mode, HVRV_STAGE_VS, rows[i].address), rows[i].taken);
    }
}

/*
 * norm:hgatp_mode_sv48x4, norm:hgatp_mode_sv57x4, norm:hgatp_mode_sv39x4 and the like: the bits
 * above the width are zero.
 */
static void the_g_stage_takes_what_is_zero_extended(void **state)
{
    static const struct {
        unsigned encoding;
        uint64_t address;
        bool taken;
    } rows[] = {
        {0, UINT64_MAX, true},
        {0, 0x8000000000000000, true},
        {8, 0, true},
        {8, 0x000000ffffffffff, true},
        {8, 0x000001ffffffffff, true},
        {8, 0x0000020000000000, false},
        {8, 0x8000000000000000, false},
        {8, 0xffffffc000000000, false},
        {8, UINT64_MAX, false},
        {9, 0x0003ffffffffffff, true},
        {9, 0x0004000000000000, false},
        {9, UINT64_MAX, false},
        {10, 0x07ffffffffffffff, true},
        {10, 0x0800000000000000, false},
        {10, UINT64_MAX, false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct hvrv_mode *mode = hvrv_mode_find(HVRV_STAGE_G, rows[i].encoding);

        assert_int_equal(hvrv_mode_takes(mode, HVRV_STAGE_G, rows[i].address), rows[i].taken);
    }
}

/* norm:hgatp_sz_acc_op, norm:hgatp_mode_bare, norm:hgatp_ppn_op, norm:hgatp_vmid_lsbs */
static void hgatp_is_made_of_its_parts_or_refused(void **state)
{
    static const struct {
        int mode;
        uint16_t vmid;
        uint64_t root;
        enum hvrv_status status;
        uint64_t hgatp;
    } rows[] = {
        {8, 0, 0x80004000, HVRV_OK, 0x8000000000080004},
        {9, 0x3fff, 0x80000000, HVRV_OK, 0x93fff00000080000},
        {10, 1, 0xffffffffffc000, HVRV_OK, 0xa0001ffffffffffc},
        {0, 0, 0, HVRV_OK, 0},
        {0, 1, 0, HVRV_ERR_ARGUMENT, 0},
        {0, 0, 0x4000, HVRV_ERR_RANGE, 0},
        {8, 0x4000, 0x80000000, HVRV_ERR_ARGUMENT, 0},
        {8, 0, 0x80001000, HVRV_ERR_ALIGN, 0},
        {8, 0, 0x100000000000000, HVRV_ERR_RANGE, 0},
        {7, 0, 0x80000000, HVRV_ERR_MODE, 0},
        {11, 0, 0x80000000, HVRV_ERR_MODE, 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t hgatp = 0x5a;
        enum hvrv_status status =
            hvrv_mode_make_hgatp((enum hvrv_mode_encoding)rows[i].mode, rows[i].vmid,
                                 hvrv_hpa_make(rows[i].root), &hgatp);
        assert_int_equal(status, rows[i].status);
        assert_int_equal(hgatp, rows[i].hgatp);
    }
    assert_int_equal(hvrv_mode_make_hgatp(HVRV_MODE_SV39, 0, hvrv_hpa_make(0), NULL),
                     HVRV_ERR_NULL);
}

/* norm:satp_mode, norm:satp_mode_sxlen64, norm:Sv39_pt_align, norm:vsatp_sz_acc_op */
static void vsatp_is_made_of_its_parts_or_refused(void **state)
{
    static const struct {
        int mode;
        uint16_t asid;
        uint64_t root;
        enum hvrv_status status;
        uint64_t vsatp;
    } rows[] = {
        {8, 0, 0x80001000, HVRV_OK, 0x8000000000080001},
        {9, 0xffff, 0x80000000, HVRV_OK, 0x9ffff00000080000},
        {0, 0, 0, HVRV_OK, 0},
        {10, 0xffff, 0x00fffffffffff000, HVRV_OK, 0xafffffffffffffff},
        {0, 1, 0, HVRV_ERR_ARGUMENT, 0},
        {0, 0, 0x1000, HVRV_ERR_RANGE, 0},
        {10, 0, 0x80000800, HVRV_ERR_ALIGN, 0},
        {10, 0, 0x100000000000000, HVRV_ERR_RANGE, 0},
        {15, 0, 0x80000000, HVRV_ERR_MODE, 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t vsatp = 0x5a;
        enum hvrv_status status =
            hvrv_mode_make_vsatp((enum hvrv_mode_encoding)rows[i].mode, rows[i].asid,
                                 hvrv_gpa_make(rows[i].root), &vsatp);
        assert_int_equal(status, rows[i].status);
        assert_int_equal(vsatp, rows[i].vsatp);
    }
    assert_int_equal(hvrv_mode_make_vsatp(HVRV_MODE_SV39, 0, hvrv_gpa_make(0), NULL),
                     HVRV_ERR_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_are_those_of_the_manual),
        cmocka_unit_test(every_other_encoding_is_reserved),
        cmocka_unit_test(a_stage_that_is_none_has_no_modes),
        cmocka_unit_test(the_vs_stage_takes_what_is_sign_extended),
        cmocka_unit_test(the_g_stage_takes_what_is_zero_extended),
        cmocka_unit_test(hgatp_is_made_of_its_parts_or_refused),
        cmocka_unit_test(vsatp_is_made_of_its_parts_or_refused),
    };

    return cmocka_run_group_tests_name("isa/mode", tests, NULL, NULL);
}
