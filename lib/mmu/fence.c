/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/csr_fields.h>
#include <hvrv/mmu/fence.h>

static void clear(struct hvrv_fence_gather *gather)
{
    gather->order.scope = HVRV_FENCE_NOTHING;
    gather->order.range_count = 0;
    gather->order.range[0].shift = HVRV_PAGE_SHIFT;
    gather->phys = 0;
    gather->pages = 0;
    gather->parked.v = 0;
    gather->kept_count = 0;
    gather->is_fresh = !gather->order.domain->svvptc;
}

enum hvrv_status hvrv_fence_begin(struct hvrv_fence_gather *gather,
                                  const struct hvrv_fence_domain *domain, struct hvrv_hart *hart)
{
    if (!gather)
        return HVRV_ERR_NULL;
    gather->is_open = false;
    gather->is_fresh = false;
    if (!domain || !hart)
        return HVRV_ERR_NULL;
    if ((unsigned)domain->kind > HVRV_FENCE_OWN || !hvrv_bits_fit(HVRV_HGATP_VMID, domain->vmid))
        return HVRV_ERR_ARGUMENT;
    gather->order.domain = domain;
    gather->hart = hart;
    clear(gather);
    gather->is_open = true;
    return HVRV_OK;
}

static void fence_space(struct hvrv_fence_order *order)
{
    order->scope = HVRV_FENCE_SPACE;
    order->range_count = 0;
}

/* Whether two ranges of pages of one size overlap or follow each other. */
static bool touch(const struct hvrv_fence_range *a, const struct hvrv_fence_range *b)
{
    bool a_is_before = a->last < b->first && a->last + 1 != b->first;
    bool b_is_before = b->last < a->first && b->last + 1 != a->first;
    return a->shift == b->shift && !a_is_before && !b_is_before;
}

/* How many fences the ranges are; never less than that is said where it is more than the most. */
static uint64_t count_fences(const struct hvrv_fence_order *order, uint64_t most)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < order->range_count && count <= most; i++) {
        const struct hvrv_fence_range *range = &order->range[i];
        count += (range->last >> range->shift) - (range->first >> range->shift) + 1;
    }
    return count;
}

static void add_range(struct hvrv_fence_order *order, const struct hvrv_fence_range *range)
{
    uint64_t most = order->domain->fences_max ? order->domain->fences_max : HVRV_FENCE_FENCES_MAX;
    for (uint32_t i = order->range_count; i-- > 0;) {
        struct hvrv_fence_range *there = &order->range[i];
        if (!touch(there, range))
            continue;
        if (range->first < there->first)
            there->first = range->first;
        if (range->last > there->last)
            there->last = range->last;
        if (count_fences(order, most) > most)
            fence_space(order);
        return;
    }
    if (order->range_count == HVRV_FENCE_RANGES) {
        fence_space(order);
        return;
    }
    order->range[order->range_count++] = *range;
    order->scope = HVRV_FENCE_PAGES;
    if (count_fences(order, most) > most)
        fence_space(order);
}

void hvrv_fence_note(struct hvrv_fence_gather *gather, enum hvrv_fence_change change,
                     const struct hvrv_fence_range *range)
{
    struct hvrv_fence_order *order = &gather->order;
    bool is_added = change == HVRV_FENCE_LEAF_ADDED || change == HVRV_FENCE_TABLE_ADDED;
    if (is_added && order->domain->svvptc)
        return;
    gather->is_fresh = false;
    if (order->scope == HVRV_FENCE_SPACE)
        return;
    if (change == HVRV_FENCE_TABLE_ADDED || change == HVRV_FENCE_TABLE_REMOVED ||
        (change == HVRV_FENCE_LEAF_SPLIT && !order->domain->svvptc))
        fence_space(order);
    else
        add_range(order, range);
}

static enum hvrv_status remember(struct hvrv_fence_gather *gather, const struct hvrv_phys *phys,
                                 const struct hvrv_pages *pages)
{
    if (gather->phys && (gather->phys != phys || gather->pages != pages))
        return HVRV_ERR_STATE;
    gather->phys = phys;
    gather->pages = pages;
    return HVRV_OK;
}

/* The link from a parked page to the next stands in its first entry; its bit 0, V, is 0. */
enum hvrv_status hvrv_fence_park(struct hvrv_fence_gather *gather, const struct hvrv_phys *phys,
                                 const struct hvrv_pages *pages, hvrv_hpa page)
{
    enum hvrv_status status = remember(gather, phys, pages);
    if (status == HVRV_OK)
        status = hvrv_phys_store(phys, page, gather->parked.v);
    if (status == HVRV_OK)
        gather->parked = page;
    return status;
}

enum hvrv_status hvrv_fence_keep(struct hvrv_fence_gather *gather, const struct hvrv_phys *phys,
                                 const struct hvrv_pages *pages, hvrv_hpa page)
{
    if (gather->kept_count == HVRV_FENCE_KEPT)
        return HVRV_ERR_UNFINISHED;
    enum hvrv_status status = remember(gather, phys, pages);
    if (status == HVRV_OK)
        gather->kept[gather->kept_count++] = page;
    return status;
}

const struct hvrv_fence_order *hvrv_fence_owed(const struct hvrv_fence_gather *gather)
{
    return gather ? &gather->order : 0;
}

static enum hvrv_status give_back(struct hvrv_fence_gather *gather)
{
    enum hvrv_status status = HVRV_OK;
    while (gather->kept_count > 0 && status == HVRV_OK)
        status =
            hvrv_pages_give(gather->pages, HVRV_PAGES_TABLE, gather->kept[--gather->kept_count]);
    while (gather->parked.v && status == HVRV_OK) {
        hvrv_hpa page = gather->parked;
        status = hvrv_phys_load(gather->phys, page, &gather->parked.v);
        if (status == HVRV_OK)
            status = hvrv_pages_give(gather->pages, HVRV_PAGES_TABLE, page);
    }
    return status;
}

enum hvrv_status hvrv_fence_commit(struct hvrv_fence_gather *gather)
{
    if (!gather)
        return HVRV_ERR_NULL;
    if (!gather->is_open)
        return HVRV_ERR_STATE;
    if (gather->order.scope != HVRV_FENCE_NOTHING) {
        const struct hvrv_fence_domain *domain = gather->order.domain;
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        enum hvrv_status status = hvrv_fence_execute(&gather->order, gather->hart);
        if (status != HVRV_OK)
            return status;
        if (domain->reach)
            domain->reach(domain->context, &gather->order);
    }
    enum hvrv_status status = give_back(gather);
    clear(gather);
    return status;
}

enum hvrv_status hvrv_fence_end(struct hvrv_fence_gather *gather)
{
    if (!gather)
        return HVRV_ERR_NULL;
    if (!gather->is_open || gather->order.scope != HVRV_FENCE_NOTHING || gather->parked.v ||
        gather->kept_count)
        return HVRV_ERR_STATE;
    gather->is_open = false;
    gather->is_fresh = false;
    return HVRV_OK;
}

static void fence_g_page(const struct hvrv_fence_domain *domain, struct hvrv_hart *hart,
                         hvrv_gpa gpa)
{
    if (domain->every_vmid && domain->svinval)
        hvrv_hart_hinval_gvma_gpa(hart, gpa);
    else if (domain->every_vmid)
        hvrv_hart_hfence_gvma_gpa(hart, gpa);
    else if (domain->svinval)
        hvrv_hart_hinval_gvma(hart, gpa, domain->vmid);
    else
        hvrv_hart_hfence_gvma(hart, gpa, domain->vmid);
}

static void fence_page(const struct hvrv_fence_domain *domain, struct hvrv_hart *hart,
                       uint64_t address)
{
    if (domain->kind == HVRV_FENCE_G_STAGE)
        fence_g_page(domain, hart, hvrv_gpa_make(address));
    else if (domain->kind == HVRV_FENCE_VS_STAGE && domain->svinval)
        hvrv_hart_hinval_vvma_gva(hart, hvrv_gva_make(address));
    else if (domain->kind == HVRV_FENCE_VS_STAGE)
        hvrv_hart_hfence_vvma_gva(hart, hvrv_gva_make(address));
    else if (domain->svinval)
        hvrv_hart_sinval_vma_address(hart, address);
    else
        hvrv_hart_sfence_vma_address(hart, address);
}

/* One fence does all there is; Svinval would make three of it. */
static void fence_all(const struct hvrv_fence_domain *domain, struct hvrv_hart *hart)
{
    if (domain->kind == HVRV_FENCE_VS_STAGE)
        hvrv_hart_hfence_vvma_all(hart);
    else if (domain->kind == HVRV_FENCE_OWN)
        hvrv_hart_sfence_vma_all(hart);
    else if (domain->every_vmid)
        hvrv_hart_hfence_gvma_all(hart);
    else
        hvrv_hart_hfence_gvma_vmid(hart, domain->vmid);
}

/* In bounds, because an order for pages has fences_max of them at most. */
static void fence_pages(const struct hvrv_fence_order *order, struct hvrv_hart *hart)
{
    const struct hvrv_fence_domain *domain = order->domain;
    if (domain->svinval)
        hvrv_hart_sfence_w_inval(hart);
    for (uint32_t i = 0; i < order->range_count; i++) {
        const struct hvrv_fence_range *range = &order->range[i];
        uint64_t pages = (range->last >> range->shift) - (range->first >> range->shift) + 1;
        for (uint64_t page = 0; page < pages; page++)
            fence_page(domain, hart, range->first + (page << range->shift));
    }
    if (domain->svinval)
        hvrv_hart_sfence_inval_ir(hart);
}

enum hvrv_status hvrv_fence_execute(const struct hvrv_fence_order *order, struct hvrv_hart *hart)
{
    if (!order || !order->domain || !hart)
        return HVRV_ERR_NULL;
    if (order->scope == HVRV_FENCE_NOTHING)
        return HVRV_OK;
    if (order->scope == HVRV_FENCE_PAGES)
        fence_pages(order, hart);
    else
        fence_all(order->domain, hart);
    if (order->domain->erratum)
        order->domain->erratum(order->domain->context, hart, order);
    return HVRV_OK;
}

/* The SBI's numbers: extension RFENCE, and its functions for a range and one VMID or all. */
#define RFENCE                  0x52464e43
#define REMOTE_SFENCE_VMA       1
#define REMOTE_HFENCE_GVMA_VMID 3
#define REMOTE_HFENCE_GVMA      4
#define REMOTE_HFENCE_VVMA      6

static uint64_t function_of(const struct hvrv_fence_domain *domain)
{
    if (domain->kind == HVRV_FENCE_OWN)
        return REMOTE_SFENCE_VMA;
    if (domain->kind == HVRV_FENCE_VS_STAGE)
        return REMOTE_HFENCE_VVMA;
    return domain->every_vmid ? REMOTE_HFENCE_GVMA : REMOTE_HFENCE_GVMA_VMID;
}

enum hvrv_status hvrv_fence_rfence(const struct hvrv_fence_order *order, uint32_t number,
                                   struct hvrv_fence_call *call)
{
    if (!call)
        return HVRV_ERR_NULL;
    *call = (struct hvrv_fence_call){0};
    if (!order || !order->domain)
        return HVRV_ERR_NULL;
    bool is_all = order->scope == HVRV_FENCE_SPACE;
    if (number >= (is_all ? 1 : order->range_count))
        return HVRV_ERR_MISSING;
    call->eid = RFENCE;
    call->fid = function_of(order->domain);
    call->start = is_all ? 0 : order->range[number].first;
    call->size = is_all ? UINT64_MAX : order->range[number].last - call->start + 1;
    call->id = call->fid == REMOTE_HFENCE_GVMA_VMID ? order->domain->vmid : 0;
    return HVRV_OK;
}

/* vsatp is 0 whenever hgatp is another's (section "Memory-Management Fences"). */
void hvrv_fence_vs_stage(struct hvrv_hart *hart, uint64_t hgatp)
{
    uint64_t there = hvrv_hart_read_hgatp(hart);
    if (hvrv_bits_get(there ^ hgatp, HVRV_HGATP_VMID) == 0) {
        hvrv_hart_hfence_vvma_all(hart);
        return;
    }
    uint64_t vsatp = hvrv_hart_swap_vsatp(hart, 0);
    hvrv_hart_write_hgatp(hart, hgatp);
    hvrv_hart_hfence_vvma_all(hart);
    hvrv_hart_write_hgatp(hart, there);
    hvrv_hart_write_vsatp(hart, vsatp);
}
