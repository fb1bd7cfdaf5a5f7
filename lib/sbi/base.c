/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

/* The six that answer a number. */
#define BASE_WORD_LIST(X) \
    X(spec_version)       \
    X(impl_id)            \
    X(impl_version)       \
    X(mvendorid)          \
    X(marchid)            \
    X(mimpid)

#define BASE_GET(word)                                                                   \
    static enum hvrv_status get_##word(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart, \
                                       enum hvrv_sbi_action *action)                     \
    {                                                                                    \
        (void)action;                                                                    \
        return hvrv_sbi_answer_value(hart, sbi->identity.word);                          \
    }
BASE_WORD_LIST(BASE_GET)
#undef BASE_GET

static enum hvrv_status probe(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                              enum hvrv_sbi_action *action)
{
    (void)action;
    return hvrv_sbi_answer_value(hart, hvrv_sbi_has_extension(sbi, hvrv_sbi_get_argument(hart, 0)));
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_BASE_GET_SPEC_VERSION] = {get_spec_version, 0},
    [HVRV_SBI_BASE_GET_IMPL_ID] = {get_impl_id, 0},
    [HVRV_SBI_BASE_GET_IMPL_VERSION] = {get_impl_version, 0},
    [HVRV_SBI_BASE_PROBE] = {probe, 0},
    [HVRV_SBI_BASE_GET_MVENDORID] = {get_mvendorid, 0},
    [HVRV_SBI_BASE_GET_MARCHID] = {get_marchid, 0},
    [HVRV_SBI_BASE_GET_MIMPID] = {get_mimpid, 0},
};

const struct hvrv_sbi_extension hvrv_sbi_base = {HVRV_SBI_BASE, HVRV_SBI_ROWS(functions)};
