/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/client.h>
#include <hvrv/cove/domain.h>

struct hvrv_cove_answer hvrv_client_call(const struct hvrv_client *client,
                                         const struct hvrv_cove_call *call)
{
    const uint64_t domain = hvrv_bits_set(0, HVRV_COVE_FID_SDID, client->sdid);
    const struct hvrv_cove_call resume = {
        HVRV_DOMAIN_EXTENSION, HVRV_DOMAIN_TEERESUME | domain, {0}};
    struct hvrv_cove_call with_domain = *call;
    struct hvrv_cove_answer answer;

    if (call->extension == HVRV_COVE_COVH || call->extension == HVRV_COVE_COVI)
        with_domain.function |= domain;
    answer = client->ecall(client->context, &with_domain);
    while (answer.error == HVRV_DOMAIN_INTERRUPTED_CALL && client->take_interrupts) {
        client->take_interrupts(client->context);
        answer = client->ecall(client->context, &resume);
    }
    return answer;
}

struct hvrv_cove_answer hvrv_client_get_active_domains(const struct hvrv_client *client)
{
    const struct hvrv_cove_call call = {HVRV_COVE_SUPD, HVRV_SUPD_GET_ACTIVE_DOMAINS, {0}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_set_shmem(const struct hvrv_client *client, hvrv_hpa memory)
{
    const uint64_t high = memory.v == UINT64_MAX ? UINT64_MAX : 0;
    const struct hvrv_cove_call call = {HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, {memory.v, high, 0}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_create_tvm(const struct hvrv_client *client, hvrv_hpa params,
                                               struct hvrv_client_tvm *tvm)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_CREATE_TVM, {params.v, sizeof(struct hvrv_cove_tvm_params)}};
    struct hvrv_cove_answer answer = hvrv_client_call(client, &call);

    tvm->client = client;
    tvm->id = answer.error == HVRV_SBI_SUCCESS ? answer.value : 0;
    return answer;
}

struct hvrv_cove_answer hvrv_client_get_tsm_info(const struct hvrv_client *client, hvrv_hpa info)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_GET_TSM_INFO, {info.v, sizeof(struct hvrv_cove_tsm_info)}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_convert_pages(const struct hvrv_client *client, hvrv_hpa base,
                                                  uint64_t count)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH, HVRV_COVH_CONVERT_PAGES, {base.v, count}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_reclaim_pages(const struct hvrv_client *client, hvrv_hpa base,
                                                  uint64_t count)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH, HVRV_COVH_RECLAIM_PAGES, {base.v, count}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_global_fence(const struct hvrv_client *client)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH, HVRV_COVH_GLOBAL_FENCE, {0}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_local_fence(const struct hvrv_client *client)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH, HVRV_COVH_LOCAL_FENCE, {0}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_promote_to_tvm(const struct hvrv_client *client,
                                                   const struct hvrv_client_promotion *promotion)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH,
        HVRV_COVH_PROMOTE_TO_TVM,
        {promotion->fdt.v, promotion->tap.v, promotion->sepc.v, promotion->identity.v}};

    return hvrv_client_call(client, &call);
}

struct hvrv_cove_answer hvrv_client_destroy_tvm(const struct hvrv_client_tvm *tvm)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH, HVRV_COVH_DESTROY_TVM, {tvm->id}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_add_tvm_memory_region(const struct hvrv_client_tvm *tvm,
                                                          hvrv_gpa gpa, uint64_t size)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_ADD_TVM_MEMORY_REGION, {tvm->id, gpa.v, size}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_add_tvm_page_table_pages(const struct hvrv_client_tvm *tvm,
                                                             hvrv_hpa base, uint64_t count)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES, {tvm->id, base.v, count}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_add_tvm_measured_pages(const struct hvrv_client_tvm *tvm,
                                                           const struct hvrv_client_pages *pages)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH,
                                        HVRV_COVH_ADD_TVM_MEASURED_PAGES,
                                        {tvm->id, pages->source.v, pages->base.v,
                                         (uint64_t)pages->type, pages->count, pages->gpa.v}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_add_tvm_zero_pages(const struct hvrv_client_tvm *tvm,
                                                       const struct hvrv_client_pages *pages)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH,
        HVRV_COVH_ADD_TVM_ZERO_PAGES,
        {tvm->id, pages->base.v, (uint64_t)pages->type, pages->count, pages->gpa.v}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_add_tvm_shared_pages(const struct hvrv_client_tvm *tvm,
                                                         const struct hvrv_client_pages *pages)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH,
        HVRV_COVH_ADD_TVM_SHARED_PAGES,
        {tvm->id, pages->base.v, (uint64_t)pages->type, pages->count, pages->gpa.v}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_create_tvm_vcpu(const struct hvrv_client_tvm *tvm,
                                                    uint64_t vhart, hvrv_hpa state)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_CREATE_TVM_VCPU, {tvm->id, vhart, state.v}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_finalize_tvm(const struct hvrv_client_tvm *tvm,
                                                 const struct hvrv_client_entry *entry)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH,
        HVRV_COVH_FINALIZE_TVM,
        {tvm->id, entry->sepc.v, entry->argument, entry->identity.v}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_run_tvm_vcpu(const struct hvrv_client_tvm *tvm, uint64_t vhart)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH, HVRV_COVH_RUN_TVM_VCPU, {tvm->id, vhart}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_tvm_fence(const struct hvrv_client_tvm *tvm)
{
    const struct hvrv_cove_call call = {HVRV_COVE_COVH, HVRV_COVH_TVM_FENCE, {tvm->id}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_tvm_invalidate_pages(const struct hvrv_client_tvm *tvm,
                                                         hvrv_gpa gpa, uint64_t size)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_TVM_INVALIDATE_PAGES, {tvm->id, gpa.v, size}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_tvm_validate_pages(const struct hvrv_client_tvm *tvm,
                                                       hvrv_gpa gpa, uint64_t size)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_TVM_VALIDATE_PAGES, {tvm->id, gpa.v, size}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_tvm_remove_pages(const struct hvrv_client_tvm *tvm,
                                                     hvrv_gpa gpa, uint64_t size)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVH, HVRV_COVH_TVM_REMOVE_PAGES, {tvm->id, gpa.v, size}};

    return hvrv_client_call(tvm->client, &call);
}

struct hvrv_cove_answer hvrv_client_inject_tvm_cpu(const struct hvrv_client_tvm *tvm,
                                                   uint64_t vhart, uint64_t interrupt)
{
    const struct hvrv_cove_call call = {
        HVRV_COVE_COVI, HVRV_COVI_INJECT_TVM_CPU, {tvm->id, vhart, interrupt}};

    return hvrv_client_call(tvm->client, &call);
}
