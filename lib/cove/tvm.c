/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/tvm.h>

#include "tsm_call.h"

uint32_t hvrv_tvm_digest_size(enum hvrv_cove_hash algorithm)
{
    switch (algorithm) {
#define SIZE(id, number, size, name) \
    case id:                         \
        return size;
        HVRV_COVE_HASH_LIST(SIZE)
#undef SIZE
    }
    return 0;
}

/* A number as the measurement has it. */
static void put_number(uint8_t *bytes, uint64_t number)
{
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
}

void hvrv_tvm_measure(struct hvrv_tvm *tvm, const struct hvrv_tvm_hash *hash,
                      const struct hvrv_tvm_step *step)
{
    struct hvrv_tvm_digest old = tvm->registers[0];
    uint8_t record[24];
    const struct hvrv_tvm_bytes pieces[] = {
        {old.bytes, hvrv_tvm_digest_size(hash->algorithm)},
        {record, sizeof(record)},
        {step->content, HVRV_PAGE_SIZE},
    };

    put_number(record, step->tag);
    put_number(record + 8, step->a);
    put_number(record + 16, step->b);
    hash->hash(hash->context, pieces, step->content ? 3 : 2, tvm->registers[0].bytes);
}

enum hvrv_status hvrv_tvm_extend(struct hvrv_tvm *tvm, const struct hvrv_tvm_hash *hash,
                                 uint64_t index, const uint8_t *digest)
{
    uint32_t size = hvrv_tvm_digest_size(hash->algorithm);
    struct hvrv_tvm_digest old;

    if (index < HVRV_TVM_REGISTERS_INITIAL || index >= HVRV_TVM_REGISTERS)
        return HVRV_ERR_RANGE;
    old = tvm->registers[index];
    const struct hvrv_tvm_bytes pieces[] = {{old.bytes, size}, {digest, size}};
    hash->hash(hash->context, pieces, 2, tvm->registers[index].bytes);
    return HVRV_OK;
}

enum hvrv_status hvrv_tvm_find(const struct hvrv_tvm *tvm, hvrv_gpa gpa, hvrv_hpa *hpa)
{
    struct hvrv_gstage_entry entry;
    uint64_t offset;

    *hpa = hvrv_hpa_make(0);
    if (hvrv_gstage_query(&tvm->gstage, gpa, &entry) != HVRV_OK || !(entry.pte.v & HVRV_PTE_V))
        return HVRV_ERR_MISSING;
    offset = gpa.v - entry.gpa.v;
    *hpa = hvrv_hpa_make((hvrv_bits_get(entry.pte.v, HVRV_PTE_PPN) << HVRV_PAGE_SHIFT) + offset);
    return HVRV_OK;
}

struct hvrv_tvm_vhart *hvrv_tvm_find_vhart(const struct hvrv_tvm *tvm, uint64_t id)
{
    return id < HVRV_TVM_VHARTS_MAX ? tvm->vharts[id] : NULL;
}

/* The lists of table pages: the first word of each page is the next page's address, 0 at the end.
 */
static void push(const struct hvrv_tvm *tvm, hvrv_hpa *list, hvrv_hpa page)
{
    *(uint64_t *)hvrv_tsm_pointer(tvm->tsm, page.v) = list->v;
    *list = page;
}

static hvrv_hpa pop(const struct hvrv_tvm *tvm, hvrv_hpa *list)
{
    hvrv_hpa page = *list;
    *list = hvrv_hpa_make(*(uint64_t *)hvrv_tsm_pointer(tvm->tsm, page.v));
    return page;
}

/* Tables that were taken out are whole table pages again once no hart can be walking them. */
static void reap(struct hvrv_tvm *tvm)
{
    if (!hvrv_epoch_is_past(&tvm->epoch, tvm->retired_epoch))
        return;
    while (tvm->retired.v != 0) {
        push(tvm, &tvm->pool, pop(tvm, &tvm->retired));
        tvm->pool_count++;
    }
}

void hvrv_tvm_add_tables(struct hvrv_tvm *tvm, const struct hvrv_range *range)
{
    for (uint64_t at = range->first; at < range->last; at += HVRV_PAGE_SIZE) {
        push(tvm, &tvm->pool, hvrv_hpa_make(at));
        tvm->pool_count++;
    }
}

uint64_t hvrv_tvm_count_tables(struct hvrv_tvm *tvm)
{
    reap(tvm);
    return tvm->pool_count;
}

static bool take(void *context, enum hvrv_pages_size size, hvrv_hpa *page)
{
    struct hvrv_tvm *tvm = context;
    struct hvrv_range range;

    if (size == HVRV_PAGES_ROOT_X4) {
        *page = tvm->root;
        return true;
    }
    if (tvm->pool_count == 0)
        return false;
    *page = pop(tvm, &tvm->pool);
    tvm->pool_count--;
    range = (struct hvrv_range){page->v, page->v + (HVRV_PAGE_SIZE - 1)};
    hvrv_tsm_zero(tvm->tsm, &range);
    return true;
}

static void give(void *context, enum hvrv_pages_size size, hvrv_hpa page)
{
    struct hvrv_tvm *tvm = context;

    if (size != HVRV_PAGES_TABLE)
        return;
    push(tvm, &tvm->retired, page);
    tvm->retired_epoch = tvm->epoch.now;
}

void hvrv_tvm_begin(struct hvrv_tvm *tvm, uint32_t hart, struct hvrv_fence_gather *gather)
{
    /* The domain is the TVM's own and was checked when it was made. */
    (void)!hvrv_fence_begin(gather, &tvm->fence, tvm->tsm->config.harts[hart].hart);
}

void hvrv_tvm_end(struct hvrv_fence_gather *gather)
{
    (void)!hvrv_fence_commit(gather);
    (void)!hvrv_fence_end(gather);
}

uint64_t hvrv_tvm_size(uint32_t harts)
{
    return sizeof(struct hvrv_tvm) + harts * (2 * sizeof(uint64_t) + sizeof(struct hvrv_vm_slot));
}

enum hvrv_status hvrv_tvm_init(struct hvrv_tvm *tvm, struct hvrv_tsm *tsm, hvrv_hpa root)
{
    const struct hvrv_tsm_config *config = &tsm->config;
    uint16_t vmid = (uint16_t)(config->vmid_first + tvm->owner - 1);
    struct hvrv_gstage_config tables = {
        .phys = config->phys,
        .pages = &tvm->pages,
        .stage = HVRV_STAGE_G,
        .mode = config->mode,
        .rules = config->rules,
    };
    uint64_t *seen = (uint64_t *)(tvm + 1);
    enum hvrv_status status;
    uint64_t hgatp;

    tvm->tsm = tsm;
    tvm->root = root;
    tvm->pages = (struct hvrv_pages){take, give, tvm};
    tvm->fence = (struct hvrv_fence_domain){.kind = HVRV_FENCE_G_STAGE, .vmid = vmid};
    tvm->fenced = seen + config->hart_count;
    status = hvrv_epoch_init(&tvm->epoch, seen, config->hart_count);
    if (status == HVRV_OK)
        status = hvrv_gstage_init(&tvm->gstage, &tables);
    if (status == HVRV_OK)
        status = hvrv_gstage_atp(&tvm->gstage, vmid, &hgatp);
    if (status != HVRV_OK)
        return status;
    return hvrv_vm_init(&tvm->vm, hgatp, (struct hvrv_vm_slot *)(tvm->fenced + config->hart_count),
                        config->hart_count);
}
