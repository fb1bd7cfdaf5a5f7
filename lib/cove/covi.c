/* SPDX-License-Identifier: BSD-2-Clause */
/* COVI: interrupts from outside, and who has which guest interrupt file. */
#include <hvrv/vhart/irq.h>

#include "tsm_call.h"

/* The vHart in a0 and a1 of a TVM that is in a state; or null. */
static struct hvrv_tvm_vhart *find(const struct hvrv_tsm_call *call, enum hvrv_tvm_life life)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);

    return tvm && tvm->life == life ? hvrv_tvm_find_vhart(tvm, call->a[1]) : NULL;
}

static bool is_valid(const struct hvrv_cove_aia_params *params)
{
    uint64_t low_bits = 12 + (uint64_t)params->guest_index_bits + params->hart_index_bits;

    return hvrv_bits_is_aligned(params->imsic_base, HVRV_PAGE_SIZE) &&
           params->guests_per_hart == 0 && params->guest_index_bits < 8 &&
           params->hart_index_bits < 16 && params->group_index_bits < 8 &&
           (params->group_index_bits == 0 ||
            (params->group_index_shift >= 24 && params->group_index_shift >= low_bits &&
             params->group_index_shift < 57 &&
             params->group_index_shift + params->group_index_bits < 57));
}

static enum hvrv_sbi_error init_tvm_aia(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm *tvm = hvrv_tsm_find(call->tsm, call->a[0]);
    struct hvrv_cove_aia_params params;

    if (!call->tsm->config.files)
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    if (!tvm || tvm->life != HVRV_TVM_INITIALIZING || tvm->aia.is_there)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (call->a[2] != sizeof(params) && call->a[2] != sizeof(params) - sizeof(params.reserved))
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (!hvrv_bits_is_aligned(call->a[1], sizeof(uint64_t)) ||
        !hvrv_tsm_is_host(call->tsm, call->a[1], call->a[2]))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    params.reserved = 0;
    hvrv_tsm_read(call->tsm, call->a[1], &params, call->a[2]);
    if (!is_valid(&params))
        return HVRV_SBI_ERR_INVALID_PARAM;
    tvm->aia = (struct hvrv_tvm_aia){true, params};
    return HVRV_SBI_SUCCESS;
}

/* The address is one of the TVM's interrupt files for guest 0. */
static bool is_file(const struct hvrv_tvm *tvm, uint64_t gpa)
{
    const struct hvrv_cove_aia_params *params = &tvm->aia.params;
    unsigned hart_shift = 12 + params->guest_index_bits;
    uint64_t harts = (HVRV_BIT(params->hart_index_bits) - 1) << hart_shift;
    uint64_t groups = params->group_index_bits == 0
                          ? 0
                          : (HVRV_BIT(params->group_index_bits) - 1) << params->group_index_shift;

    return ((gpa ^ params->imsic_base) & ~(harts | groups)) == 0;
}

static enum hvrv_sbi_error set_tvm_aia_cpu_imsic_addr(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find(call, HVRV_TVM_INITIALIZING);

    if (!vhart || !vhart->tvm->aia.is_there)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (!is_file(vhart->tvm, call->a[2]))
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    for (uint32_t i = 0; i < HVRV_TVM_VHARTS_MAX; i++) {
        const struct hvrv_tvm_vhart *other = vhart->tvm->vharts[i];
        if (other && other != vhart && other->files.has_gpa && other->files.gpa.v == call->a[2])
            return HVRV_SBI_ERR_INVALID_ADDRESS;
    }
    vhart->files.gpa = hvrv_gpa_make(call->a[2]);
    vhart->files.has_gpa = true;
    return HVRV_SBI_SUCCESS;
}

/* One interrupt file, in a0, changes sides as pages do. */
static enum hvrv_sbi_error move_file(const struct hvrv_tsm_call *call, enum hvrv_page_state from,
                                     enum hvrv_page_state to)
{
    const struct hvrv_tsm_config *config = &call->tsm->config;
    struct hvrv_page_change move = {.from = from, .to = to, .epoch = call->tsm->epoch->now};

    if (!config->files || !config->ops->isolate)
        return HVRV_SBI_ERR_NOT_SUPPORTED;
    if (hvrv_range_make(&move.range, call->a[0], HVRV_PAGE_SIZE) != HVRV_OK)
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    switch (hvrv_page_check(config->files, &move)) {
    case HVRV_OK:
        break;
    case HVRV_ERR_STATE:
        return hvrv_page_get(config->files, hvrv_hpa_make(call->a[0])).state == HVRV_PAGE_FILE
                   ? HVRV_SBI_ERR_INVALID_PARAM
                   : HVRV_SBI_ERR_INVALID_ADDRESS;
    default:
        return HVRV_SBI_ERR_INVALID_ADDRESS;
    }
    if (!config->ops->isolate(config->context, &move.range, to == HVRV_PAGE_HOST))
        return HVRV_SBI_ERR_FAILED;
    (void)!hvrv_page_move(config->files, &move);
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error convert_aia_imsic(const struct hvrv_tsm_call *call)
{
    return move_file(call, HVRV_PAGE_HOST, HVRV_PAGE_CONVERTING);
}

static enum hvrv_sbi_error reclaim_tvm_aia_imsic(const struct hvrv_tsm_call *call)
{
    return move_file(call, HVRV_PAGE_FREE, HVRV_PAGE_HOST);
}

/* The number is one that the TVM lets the host inject: then it is pending. */
static enum hvrv_sbi_error inject_tvm_cpu(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find(call, HVRV_TVM_RUNNABLE);
    uint64_t number = call->a[2];
    uint64_t bit = HVRV_BIT(number % 64);

    if (!vhart || number == 0 || number > HVRV_TVM_INTERRUPT_LAST ||
        !(vhart->files.allowed[number / 64] & bit))
        return HVRV_SBI_ERR_INVALID_PARAM;
    vhart->files.pending[number / 64] |= bit;
    hvrv_covi_deliver(vhart);
    return HVRV_SBI_SUCCESS;
}

void hvrv_covi_deliver(struct hvrv_tvm_vhart *vhart)
{
    uint64_t pending = 0;

    if (vhart->tvm->aia.is_there)
        return;
    for (unsigned i = 0; i < 32; i++)
        pending |= vhart->files.pending[i];
    (void)!(pending ? hvrv_irq_raise(&vhart->vhart, HVRV_HVIP_VSEIP)
                    : hvrv_irq_lower(&vhart->vhart, HVRV_HVIP_VSEIP));
}

/* A vHart of a TVM with AIA that does not run now, in a0 and a1; or null. */
static struct hvrv_tvm_vhart *find_idle(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find(call, HVRV_TVM_RUNNABLE);

    return vhart && vhart->tvm->aia.is_there && vhart->state != HVRV_TVM_VHART_RUNNING ? vhart
                                                                                       : NULL;
}

/* One guest interrupt file, and not number 0, which is the host's own. */
static bool is_mask(uint64_t mask)
{
    return mask > 1 && (mask & 1) == 0 && (mask & (mask - 1)) == 0;
}

/* A guest interrupt file, as a bit of a hart's hgeie. */
struct file {
    uint32_t hart;
    uint64_t mask;
};

/* Where the file is: each hart's are side by side, the host's own first. */
static bool find_file(const struct hvrv_tsm_config *config, const struct file *file,
                      struct hvrv_range *range)
{
    uint64_t number = hvrv_bits_lowest(file->mask);
    uint64_t page = ((uint64_t)file->hart << config->file_shift) + number;

    return number >> config->file_shift == 0 &&
           hvrv_range_make(range, config->files->base.v + page * HVRV_PAGE_SIZE, HVRV_PAGE_SIZE) ==
               HVRV_OK;
}

/* The TVM gets a file that was converted and is nobody's: so none is bound twice. */
static bool take_file(const struct hvrv_tvm *tvm, const struct file *file)
{
    const struct hvrv_tsm_config *config = &tvm->tsm->config;
    struct hvrv_page_change move = {
        .from = HVRV_PAGE_FREE, .to = HVRV_PAGE_FILE, .owner = tvm->owner};

    return find_file(config, file, &move.range) && hvrv_page_move(config->files, &move) == HVRV_OK;
}

/* The file is nobody's again. */
static void give_file(const struct hvrv_tvm *tvm, const struct file *file)
{
    const struct hvrv_tsm_config *config = &tvm->tsm->config;
    struct hvrv_page_change move = {
        .from = HVRV_PAGE_FILE, .to = HVRV_PAGE_FREE, .owner = tvm->owner};

    if (find_file(config, file, &move.range))
        (void)!hvrv_page_move(config->files, &move);
}

static enum hvrv_sbi_error bind_aia_imsic(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find_idle(call);
    const struct file file = {call->hart, call->a[2]};

    if (!vhart || vhart->files.binding != HVRV_TVM_UNBOUND || !is_mask(call->a[2]) ||
        !take_file(vhart->tvm, &file))
        return HVRV_SBI_ERR_INVALID_PARAM;
    vhart->files.binding = HVRV_TVM_BOUND;
    vhart->files.hart = call->hart;
    vhart->files.mask = call->a[2];
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error unbind_aia_imsic_begin(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find_idle(call);

    if (!vhart || vhart->files.binding != HVRV_TVM_BOUND)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (vhart->files.hart != call->hart)
        return HVRV_SBI_ERR_FAILED;
    vhart->files.binding = HVRV_TVM_UNBINDING;
    vhart->files.epoch = vhart->tvm->epoch.now;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error unbind_aia_imsic_end(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find_idle(call);

    if (!vhart || vhart->files.binding != HVRV_TVM_UNBINDING)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (vhart->files.hart != call->hart ||
        !hvrv_epoch_is_past(&vhart->tvm->epoch, vhart->files.epoch))
        return HVRV_SBI_ERR_FAILED;
    give_file(vhart->tvm, &(struct file){vhart->files.hart, vhart->files.mask});
    vhart->files.binding = HVRV_TVM_UNBOUND;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error rebind_aia_imsic_begin(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find_idle(call);
    const struct file file = {call->hart, call->a[2]};

    if (!vhart || vhart->files.binding != HVRV_TVM_BOUND || !is_mask(call->a[2]) ||
        !take_file(vhart->tvm, &file))
        return HVRV_SBI_ERR_INVALID_PARAM;
    vhart->files.binding = HVRV_TVM_REBINDING;
    vhart->files.next_hart = call->hart;
    vhart->files.next_mask = call->a[2];
    vhart->files.epoch = vhart->tvm->epoch.now;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error rebind_aia_imsic_clone(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find_idle(call);

    if (!vhart || vhart->files.binding != HVRV_TVM_REBINDING)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (vhart->files.hart != call->hart ||
        !hvrv_epoch_is_past(&vhart->tvm->epoch, vhart->files.epoch))
        return HVRV_SBI_ERR_FAILED;
    give_file(vhart->tvm, &(struct file){vhart->files.hart, vhart->files.mask});
    vhart->files.binding = HVRV_TVM_CLONED;
    return HVRV_SBI_SUCCESS;
}

static enum hvrv_sbi_error rebind_aia_imsic_end(const struct hvrv_tsm_call *call)
{
    struct hvrv_tvm_vhart *vhart = find_idle(call);

    if (!vhart || vhart->files.binding != HVRV_TVM_CLONED)
        return HVRV_SBI_ERR_INVALID_PARAM;
    if (vhart->files.next_hart != call->hart)
        return HVRV_SBI_ERR_FAILED;
    vhart->files.binding = HVRV_TVM_BOUND;
    vhart->files.hart = call->hart;
    vhart->files.mask = vhart->files.next_mask;
    return HVRV_SBI_SUCCESS;
}

static const hvrv_tsm_handler handlers[] = {
    [HVRV_COVI_INIT_TVM_AIA] = init_tvm_aia,
    [HVRV_COVI_SET_TVM_AIA_CPU_IMSIC_ADDR] = set_tvm_aia_cpu_imsic_addr,
    [HVRV_COVI_CONVERT_AIA_IMSIC] = convert_aia_imsic,
    [HVRV_COVI_RECLAIM_TVM_AIA_IMSIC] = reclaim_tvm_aia_imsic,
    [HVRV_COVI_BIND_AIA_IMSIC] = bind_aia_imsic,
    [HVRV_COVI_UNBIND_AIA_IMSIC_BEGIN] = unbind_aia_imsic_begin,
    [HVRV_COVI_UNBIND_AIA_IMSIC_END] = unbind_aia_imsic_end,
    [HVRV_COVI_INJECT_TVM_CPU] = inject_tvm_cpu,
    [HVRV_COVI_REBIND_AIA_IMSIC_BEGIN] = rebind_aia_imsic_begin,
    [HVRV_COVI_REBIND_AIA_IMSIC_CLONE] = rebind_aia_imsic_clone,
    [HVRV_COVI_REBIND_AIA_IMSIC_END] = rebind_aia_imsic_end,
};

const struct hvrv_tsm_extension hvrv_covi = {handlers, sizeof(handlers) / sizeof(handlers[0])};
