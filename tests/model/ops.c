/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model hart as struct hvrv_hart_ops. A trap comes back as a result here, as it does from
 * the library's own recovery on riscv64: the trap registers keep it, sstatus and hstatus are
 * as before.
 */
#include "hart.h"

static struct model_hart *model_of(struct hvrv_hart *hart)
{
    return (struct model_hart *)(void *)hart; /* its first member */
}

struct status {
    uint64_t mstatus;
    uint64_t hstatus;
    enum model_mode mode;
    bool v;
};

static struct status save(const struct model_hart *model)
{
    return (struct status){model->csr[HVRV_CSR_MSTATUS], model->csr[HVRV_CSR_HSTATUS], model->mode,
                           model->v};
}

static void restore(struct model_hart *model, struct status status)
{
    model->csr[HVRV_CSR_MSTATUS] = status.mstatus;
    model->csr[HVRV_CSR_HSTATUS] = status.hstatus;
    model->mode = status.mode;
    model->v = status.v;
}

static bool do_csr(struct hvrv_hart *hart, enum hvrv_hart_csr_op op, enum hvrv_csr csr,
                   uint64_t *value)
{
    static const enum model_kind kinds[] = {
        [HVRV_HART_CSR_READ] = MODEL_READ,   [HVRV_HART_CSR_WRITE] = MODEL_WRITE,
        [HVRV_HART_CSR_SWAP] = MODEL_SWAP,   [HVRV_HART_CSR_SET] = MODEL_SET,
        [HVRV_HART_CSR_CLEAR] = MODEL_CLEAR,
    };
    struct model_hart *model = model_of(hart);
    struct status status = save(model);
    struct model_access access = {kinds[op], csr, *value, 0};
    if (!model_csr_access(model, &access)) {
        restore(model, status);
        return false;
    }
    if (op == HVRV_HART_CSR_READ || op == HVRV_HART_CSR_SWAP)
        *value = access.b;
    return true;
}

struct model_access model_fence_of(const struct hvrv_hart_fence *fence)
{
    static const enum model_kind kinds[] = {
        [HVRV_HART_SFENCE_VMA] = MODEL_SFENCE_VMA,
        [HVRV_HART_SINVAL_VMA] = MODEL_SINVAL_VMA,
        [HVRV_HART_SFENCE_W_INVAL] = MODEL_SFENCE_W_INVAL,
        [HVRV_HART_SFENCE_INVAL_IR] = MODEL_SFENCE_INVAL_IR,
        [HVRV_HART_HFENCE_VVMA] = MODEL_HFENCE_VVMA,
        [HVRV_HART_HINVAL_VVMA] = MODEL_HINVAL_VVMA,
        [HVRV_HART_HFENCE_GVMA] = MODEL_HFENCE_GVMA,
        [HVRV_HART_HINVAL_GVMA] = MODEL_HINVAL_GVMA,
    };
    bool gvma = fence->kind == HVRV_HART_HFENCE_GVMA || fence->kind == HVRV_HART_HINVAL_GVMA;
    struct model_access access = {.kind = kinds[fence->kind]};
    if (fence->has_address) {
        access.what |= MODEL_BY_ADDRESS;
        access.a = gvma ? fence->address << 2 : fence->address;
    }
    if (fence->has_id) {
        access.what |= MODEL_BY_ID;
        access.b = fence->id;
    }
    return access;
}

static void do_fence(struct hvrv_hart *hart, const struct hvrv_hart_fence *fence)
{
    struct status status = save(model_of(hart));
    if (!model_fence(model_of(hart), model_fence_of(fence)))
        restore(model_of(hart), status);
}

static uint64_t extend(uint64_t value, unsigned size, bool is_signed)
{
    if (size == 8)
        return value;
    uint64_t sign = UINT64_C(1) << (8 * size - 1);
    value &= (sign << 1) - 1;
    return is_signed ? (value ^ sign) - sign : value;
}

bool model_access_memory(struct model_hart *model, enum hvrv_hart_access access, hvrv_gva gva,
                         uint64_t *value)
{
    static const struct {
        enum model_kind kind;
        uint8_t size;
        bool is_signed;
    } rows[] = {
        [HVRV_HART_HLV_B] = {MODEL_HLV, 1, true},     [HVRV_HART_HLV_BU] = {MODEL_HLV, 1, false},
        [HVRV_HART_HLV_H] = {MODEL_HLV, 2, true},     [HVRV_HART_HLV_HU] = {MODEL_HLV, 2, false},
        [HVRV_HART_HLVX_HU] = {MODEL_HLVX, 2, false}, [HVRV_HART_HLV_W] = {MODEL_HLV, 4, true},
        [HVRV_HART_HLV_WU] = {MODEL_HLV, 4, false},   [HVRV_HART_HLVX_WU] = {MODEL_HLVX, 4, false},
        [HVRV_HART_HLV_D] = {MODEL_HLV, 8, false},    [HVRV_HART_HSV_B] = {MODEL_HSV, 1, false},
        [HVRV_HART_HSV_H] = {MODEL_HSV, 2, false},    [HVRV_HART_HSV_W] = {MODEL_HSV, 4, false},
        [HVRV_HART_HSV_D] = {MODEL_HSV, 8, false},
    };
    bool stores = rows[access].kind == MODEL_HSV;
    struct model_access logged = {rows[access].kind, rows[access].size, gva.v, 0};
    if (stores)
        logged.b = extend(*value, rows[access].size, false);
    uint64_t loaded;
    if (!model_guest(model, logged, &loaded))
        return false;
    if (!stores)
        *value = extend(loaded, rows[access].size, rows[access].is_signed);
    return true;
}

static bool do_access(struct hvrv_hart *hart, enum hvrv_hart_access access, hvrv_gva gva,
                      struct hvrv_hart_transfer *transfer)
{
    struct model_hart *model = model_of(hart);
    struct status status = save(model);
    if (model_access_memory(model, access, gva, &transfer->value))
        return true;
    transfer->trap = model->trap;
    restore(model, status);
    return false;
}

const struct hvrv_hart_ops model_hart_ops = {do_csr, do_fence, do_access};
