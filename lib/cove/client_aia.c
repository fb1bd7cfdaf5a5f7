/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/client_aia.h>

struct hvrv_cove_answer hvrv_client_init_tvm_aia(const struct hvrv_client_tvm *tvm, hvrv_hpa params)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVI,
                                        HVRV_COVI_INIT_TVM_AIA,
                                        {tvm->id, params.v, sizeof(struct hvrv_cove_aia_params)}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_set_tvm_aia_cpu_imsic_addr(const struct hvrv_client_tvm *tvm,
                                                               uint64_t vhart, hvrv_gpa gpa)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_SET_TVM_AIA_CPU_IMSIC_ADDR, {tvm->id, vhart, gpa.v}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_convert_aia_imsic(const struct hvrv_client *client,
                                                      hvrv_hpa file)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVI, HVRV_COVI_CONVERT_AIA_IMSIC, {file.v}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_reclaim_tvm_aia_imsic(const struct hvrv_client *client,
                                                          hvrv_hpa file)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVI, HVRV_COVI_RECLAIM_TVM_AIA_IMSIC, {file.v}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_bind_aia_imsic(const struct hvrv_client_tvm *tvm,
                                                   uint64_t vhart, uint64_t files)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_BIND_AIA_IMSIC, {tvm->id, vhart, files}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_unbind_aia_imsic_begin(const struct hvrv_client_tvm *tvm,
                                                           uint64_t vhart)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_UNBIND_AIA_IMSIC_BEGIN, {tvm->id, vhart}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_unbind_aia_imsic_end(const struct hvrv_client_tvm *tvm,
                                                         uint64_t vhart)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_UNBIND_AIA_IMSIC_END, {tvm->id, vhart}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_rebind_aia_imsic_begin(const struct hvrv_client_tvm *tvm,
                                                           uint64_t vhart, uint64_t files)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_REBIND_AIA_IMSIC_BEGIN, {tvm->id, vhart, files}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_rebind_aia_imsic_clone(const struct hvrv_client_tvm *tvm,
                                                           uint64_t vhart)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_REBIND_AIA_IMSIC_CLONE, {tvm->id, vhart}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_rebind_aia_imsic_end(const struct hvrv_client_tvm *tvm,
                                                         uint64_t vhart)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_REBIND_AIA_IMSIC_END, {tvm->id, vhart}};

    return hvrv_client_call(tvm->client, &call);
}
