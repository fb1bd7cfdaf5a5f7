/* SPDX-License-Identifier: BSD-2-Clause */
/* COVG: what a TVM can prove of itself. */
#include "tsm_call.h"

/*
 * A TVM's page that a call reads or writes: confidential, there, and the begin of a page. What was
 * shared is confidential by its region at once, and the host's page may be mapped there still.
 */
static bool find_page(const struct hvrv_tvm *tvm, uint64_t gpa, hvrv_hpa *hpa)
{
    return hvrv_bits_is_aligned(gpa, HVRV_PAGE_SIZE) &&
           hvrv_region_find(&tvm->regions, hvrv_gpa_make(gpa)) == HVRV_REGION_CONFIDENTIAL &&
           hvrv_tvm_find(tvm, hvrv_gpa_make(gpa), hpa) == HVRV_OK &&
           hvrv_page_get(tvm->tsm->config.pages, *hpa).state != HVRV_PAGE_SHARED;
}

static const struct hvrv_tsm_config *config_of(const struct hvrv_tvm_vhart *vhart)
{
    return &vhart->tvm->tsm->config;
}

enum hvrv_sbi_error hvrv_covg_get_attcaps(struct hvrv_tvm_vhart *vhart)
{
    const struct hvrv_tsm_config *config = config_of(vhart);
    uint64_t size = vhart->vhart.gpr[11];
    struct hvrv_cove_attestation caps = {
        .tcb_svn = config->tcb_svn,
        .hash = (uint32_t)config->hash.algorithm,
        .certificate_formats = HVRV_COVE_CERTIFICATE_REPORT,
        .initial_count = HVRV_TVM_REGISTERS_INITIAL,
        .runtime_count = HVRV_TVM_REGISTERS - HVRV_TVM_REGISTERS_INITIAL,
    };
    hvrv_hpa page;

    if (!find_page(vhart->tvm, vhart->vhart.gpr[10], &page))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (size == 0 || !hvrv_bits_is_aligned(size, HVRV_PAGE_SIZE))
        return HVRV_SBI_ERR_INVALID_PARAM;
    for (unsigned i = 0; i < HVRV_TVM_REGISTERS; i++) {
        caps.registers[i] = (struct hvrv_cove_register){
            .hash = caps.hash,
            .type = i < HVRV_TVM_REGISTERS_INITIAL ? HVRV_COVE_REGISTER_INITIAL
                                                   : HVRV_COVE_REGISTER_RUNTIME,
            .pcr = HVRV_COVE_PCR_NONE,
        };
    }
    hvrv_tsm_write(vhart->tvm->tsm, page.v, &caps, sizeof(caps));
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covg_extend_measurement(struct hvrv_tvm_vhart *vhart)
{
    const struct hvrv_tvm_hash *hash = &config_of(vhart)->hash;
    struct hvrv_tvm_digest digest = {{0}};
    hvrv_hpa page;

    if (!find_page(vhart->tvm, vhart->vhart.gpr[10], &page))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (vhart->vhart.gpr[11] != hvrv_tvm_digest_size(hash->algorithm))
        return HVRV_SBI_ERR_INVALID_PARAM;
    hvrv_tsm_read(vhart->tvm->tsm, page.v, digest.bytes, vhart->vhart.gpr[11]);
    return hvrv_tvm_extend(vhart->tvm, hash, vhart->vhart.gpr[12], digest.bytes) == HVRV_OK
               ? HVRV_SBI_SUCCESS
               : HVRV_SBI_ERR_INVALID_PARAM;
}

enum hvrv_sbi_error hvrv_covg_read_measurement(struct hvrv_tvm_vhart *vhart)
{
    uint32_t size = hvrv_tvm_digest_size(config_of(vhart)->hash.algorithm);
    uint64_t index = vhart->vhart.gpr[12];
    hvrv_hpa page;

    if (!find_page(vhart->tvm, vhart->vhart.gpr[10], &page))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (vhart->vhart.gpr[11] < size || vhart->vhart.gpr[11] > HVRV_PAGE_SIZE ||
        index >= HVRV_TVM_REGISTERS)
        return HVRV_SBI_ERR_INVALID_PARAM;
    hvrv_tsm_write(vhart->tvm->tsm, page.v, vhart->tvm->registers[index].bytes, size);
    return HVRV_SBI_SUCCESS;
}

enum hvrv_sbi_error hvrv_covg_retrieve_secret(struct hvrv_tvm_vhart *vhart)
{
    (void)vhart;
    return HVRV_SBI_ERR_NOT_SUPPORTED;
}

/* What get_evidence is asked with. */
struct request {
    hvrv_hpa key;
    hvrv_hpa challenge;
    hvrv_hpa certificate;
    uint64_t key_size;
    uint64_t certificate_size;
};

static enum hvrv_sbi_error read_request(const struct hvrv_tvm_vhart *vhart, struct request *request)
{
    const struct hvrv_tvm *tvm = vhart->tvm;
    const uint64_t *a = vhart->vhart.gpr + 10;

    *request = (struct request){.key_size = a[1], .certificate_size = a[5]};
    if (!find_page(tvm, a[0], &request->key) || !find_page(tvm, a[2], &request->challenge) ||
        !find_page(tvm, a[4], &request->certificate))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    if (a[1] == 0 || a[1] > HVRV_PAGE_SIZE || a[3] != HVRV_COVE_CERTIFICATE_REPORT ||
        a[5] < sizeof(struct hvrv_cove_report) || a[5] > HVRV_PAGE_SIZE)
        return HVRV_SBI_ERR_INVALID_PARAM;
    return HVRV_SBI_SUCCESS;
}

static void make_report(const struct hvrv_tvm *tvm, const struct request *request,
                        struct hvrv_cove_report *report)
{
    const struct hvrv_tsm_config *config = &tvm->tsm->config;
    const struct hvrv_tvm_bytes key = {hvrv_tsm_pointer(tvm->tsm, request->key.v),
                                       request->key_size};

    *report = (struct hvrv_cove_report){
        .magic = {'H', 'V', 'R', 'V', 'R', 'E', 'P', 'T'},
        .version = 1,
        .hash = (uint32_t)config->hash.algorithm,
        .tsm_impl_id = config->impl_id,
        .tsm_version = config->version,
        .tcb_svn = config->tcb_svn,
        .register_count = HVRV_TVM_REGISTERS,
        .initial_count = HVRV_TVM_REGISTERS_INITIAL,
        .has_identity = tvm->has_identity,
        .key_size = (uint32_t)request->key_size,
    };
    for (unsigned i = 0; i < HVRV_COVE_IDENTITY_SIZE; i++)
        report->identity[i] = tvm->identity[i];
    hvrv_tsm_read(tvm->tsm, request->challenge.v, report->challenge, sizeof(report->challenge));
    config->hash.hash(config->hash.context, &key, 1, report->key);
    for (unsigned i = 0; i < HVRV_TVM_REGISTERS; i++) {
        for (unsigned byte = 0; byte < HVRV_TVM_DIGEST_MAX; byte++)
            report->registers[i][byte] = tvm->registers[i].bytes[byte];
    }
}

enum hvrv_sbi_error hvrv_covg_get_evidence(struct hvrv_tvm_vhart *vhart)
{
    struct hvrv_tsm *tsm = vhart->tvm->tsm;
    const struct hvrv_tsm_ops *ops = tsm->config.ops;
    struct hvrv_cove_report report;
    struct request request;
    enum hvrv_sbi_error error = read_request(vhart, &request);

    if (error)
        return error;
    make_report(vhart->tvm, &request, &report);
    if (ops->sign) {
        uint64_t size = request.certificate_size;
        return ops->sign(tsm->config.context, &report, hvrv_tsm_pointer(tsm, request.certificate.v),
                         &size)
                   ? HVRV_SBI_SUCCESS
                   : HVRV_SBI_ERR_FAILED;
    }
    hvrv_tsm_write(tsm, request.certificate.v, &report, sizeof(report));
    return HVRV_SBI_SUCCESS;
}
