/* SPDX-License-Identifier: BSD-2-Clause */
/* The TVM's life, as far as it is the host's. */
#include <string.h>

#include "host.h"

#define SLICE       20000UL /* ticks of a turn: 2 ms */
#define TURNS_MAX   5000
#define INTERRUPT   HVRV_BIT(63)
#define TABLE_PAGES 16

struct hvrv_nacl_memory nacl __attribute__((aligned(4096)));

uint64_t pool_take(struct tvm *tvm, uint64_t pages)
{
    uint64_t first = tvm->next;

    tvm->next += pages * PAGE;
    return first;
}

/* Pages leave the host's domain, and are free when no hart has them in its TLB. */
void tvm_convert(void)
{
    say(COVH(HVRV_COVH_CONVERT_PAGES, POOL, POOL_PAGES),
        "host -> TSM: convert_pages 0x%lx, %u pages", POOL, POOL_PAGES);
    say(COVH(HVRV_COVH_GLOBAL_FENCE, 0), "host -> TSM: global_fence");
    other_fence();
}

static void create(struct tvm *tvm, uint64_t state_pages)
{
    static struct hvrv_cove_tvm_params params;
    struct answer answer;

    params.page_directory = pool_take(tvm, 4);
    params.state = pool_take(tvm, state_pages);
    answer = COVH(HVRV_COVH_CREATE_TVM, (uint64_t)&params, sizeof(params));
    say(answer, "host -> TSM: create_tvm of 4 and %lu pages, TVM 0x%lx", state_pages, answer.value);
    tvm->id = answer.value;
}

static void add_memory(struct tvm *tvm)
{
    uint64_t pages = (uint64_t)(tvm_image_end - tvm_image) / PAGE;
    uint64_t tables = pool_take(tvm, TABLE_PAGES);

    say(COVH(HVRV_COVH_ADD_TVM_MEMORY_REGION, tvm->id, GPA_RAM, GPA_RAM_SIZE),
        "host -> TSM: add_tvm_memory_region GPA 0x%x, 0x%x bytes", GPA_RAM, GPA_RAM_SIZE);
    say(COVH(HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES, tvm->id, tables, TABLE_PAGES),
        "host -> TSM: add_tvm_page_table_pages 0x%lx, %u pages", tables, TABLE_PAGES);
    tvm->code = pool_take(tvm, pages);
    say(COVH(HVRV_COVH_ADD_TVM_MEASURED_PAGES, tvm->id, (uint64_t)tvm_image, tvm->code,
             HVRV_COVE_PAGE_4K, pages, GPA_RAM),
        "host -> TSM: add_tvm_measured_pages 0x%lx, %lu pages, at GPA 0x%x", tvm->code, pages,
        GPA_RAM);
}

void tvm_build(struct tvm *tvm)
{
    static struct hvrv_cove_tsm_info info;

    say(COVH(HVRV_COVH_GET_TSM_INFO, (uint64_t)&info, sizeof(info)), "host -> TSM: get_tsm_info");
    tvm->next = POOL;
    create(tvm, info.tvm_state_pages);
    add_memory(tvm);
    say(COVH(HVRV_COVH_CREATE_TVM_VCPU, tvm->id, 0, pool_take(tvm, info.vcpu_state_pages)),
        "host -> TSM: create_tvm_vcpu 0 of %lu pages", info.vcpu_state_pages);
}

void tvm_finalize(struct tvm *tvm)
{
    say(COVH(HVRV_COVH_FINALIZE_TVM, tvm->id, GPA_RAM, TVM_ARGUMENT, 0),
        "host -> TSM: finalize_tvm, begins at GPA 0x%x", GPA_RAM);
}

static uint64_t csr(enum hvrv_csr number)
{
    return nacl.csrs[HVRV_NACL_CSR((unsigned)number)];
}

/* A page that the TVM touched: of its own, or the shared one. */
static void serve_page(struct tvm *tvm, uint64_t gpa)
{
    uint64_t page;

    printf("tvm -> TSM -> host: fault at GPA 0x%lx\n", gpa);
    if (gpa == GPA_SHARED && tvm->shared) {
        say(COVH(HVRV_COVH_ADD_TVM_SHARED_PAGES, tvm->id, tvm->shared, HVRV_COVE_PAGE_4K, 1, gpa),
            "host -> TSM: add_tvm_shared_pages 0x%lx", tvm->shared);
        return;
    }
    page = pool_take(tvm, 1);
    tvm->zeros++;
    say(COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, tvm->id, page, HVRV_COVE_PAGE_4K, 1, gpa),
        "host -> TSM: add_tvm_zero_pages 0x%lx", page);
}

static uint64_t device_read(const struct tvm *tvm, uint64_t offset)
{
    switch (offset) {
    case DEVICE_MAGIC:
        return DEVICE_MAGIC_VALUE;
    case DEVICE_SIGNED:
        return 0x80;
    case DEVICE_SCRATCH:
        return tvm->device_value + 1;
    default:
        return 0;
    }
}

static void device_write(struct tvm *tvm, uint64_t offset, uint64_t value)
{
    if (offset == DEVICE_SCRATCH)
        tvm->device_value = value;
    if (offset == DEVICE_REPORT && value == 1)
        tvm->refused++;
    else if (offset == DEVICE_REPORT)
        tvm->not_refused++;
    if (offset == DEVICE_FAILED)
        tvm->failed++;
}

/* The TVM's access to a device goes by a0 of the shared memory, whatever its register is. */
static void serve_fault(struct tvm *tvm, uint64_t scause)
{
    uint64_t gpa = csr(HVRV_CSR_HTVAL) << 2;
    uint64_t low_bits;

    if (gpa < GPA_DEVICE || gpa >= GPA_DEVICE + PAGE) {
        serve_page(tvm, gpa);
        return;
    }
    __asm__ volatile("csrr %0, stval" : "=r"(low_bits));
    gpa |= low_bits & 3;
    if (gpa < GPA_DEVICE + DEVICE_REPORT)
        printf("tvm -> TSM -> host: %s GPA 0x%lx, a device\n",
               scause == HVRV_CAUSE_STORE_GUEST_PAGE_FAULT ? "store to" : "load from", gpa);
    if (scause == HVRV_CAUSE_STORE_GUEST_PAGE_FAULT)
        device_write(tvm, gpa - GPA_DEVICE, nacl.gprs[10]);
    else
        nacl.gprs[10] = device_read(tvm, gpa - GPA_DEVICE);
}

/* What the TVM printed lies in the page that it shares; its measurement is one of the lines. */
static void serve_print(struct tvm *tvm, uint64_t size)
{
    static char line[512];
    static uint64_t length;
    const char *page = (const char *)tvm->shared;

    for (uint64_t i = 0; i < size && i < PAGE && page; i++) {
        if (length < sizeof(line) - 1)
            line[length++] = page[i];
        if (page[i] != '\n')
            continue;
        line[length] = '\0';
        printf("tvm: %s", line);
        if (strncmp(line, "measurement ", 12) == 0 && length < 12 + sizeof(tvm->measurement))
            strcpy(tvm->measurement, line + 12);
        length = 0;
    }
}

/* The pages of the old kind go before the TVM goes on. */
static void serve_assignment(struct tvm *tvm, uint64_t gpa, bool is_shared)
{
    printf("tvm -> TSM -> host: %s GPA 0x%lx\n",
           is_shared ? "share_memory_region" : "unshare_memory_region", gpa);
    if (is_shared && !tvm->shared) {
        tvm->shared = KEPT;
        other_run(tvm->id, tvm->shared);
        return;
    }
    say(COVH(HVRV_COVH_TVM_INVALIDATE_PAGES, tvm->id, gpa, PAGE),
        "host -> TSM: tvm_invalidate_pages GPA 0x%lx", gpa);
    say(COVH(HVRV_COVH_TVM_FENCE, tvm->id), "host -> TSM: tvm_fence");
    say(COVH(HVRV_COVH_TVM_REMOVE_PAGES, tvm->id, gpa, PAGE),
        "host -> TSM: tvm_remove_pages GPA 0x%lx", gpa);
    tvm->shared = 0;
}

/* False: the TVM is done. */
static bool serve_ecall(struct tvm *tvm)
{
    const uint64_t *a = nacl.gprs + 10;

    if (nacl.gprs[17] == HVRV_SBI_SRST)
        return false;
    if (nacl.gprs[17] == HVRV_SBI_DBCN)
        serve_print(tvm, a[0]);
    if (nacl.gprs[17] == HVRV_COVE_COVG && nacl.gprs[16] <= HVRV_COVG_REMOVE_MMIO_REGION)
        printf("tvm -> TSM -> host: add_mmio_region GPA 0x%lx\n", a[0]);
    else if (nacl.gprs[17] == HVRV_COVE_COVG && nacl.gprs[16] <= HVRV_COVG_UNSHARE_MEMORY_REGION)
        serve_assignment(tvm, a[0], nacl.gprs[16] == HVRV_COVG_SHARE_MEMORY_REGION);
    nacl.gprs[10] = HVRV_SBI_SUCCESS;
    nacl.gprs[11] = 0;
    return true;
}

/* The TVM waits: it gets the interrupt for which it does. */
static void serve_wait(struct tvm *tvm)
{
    if (tvm->is_interrupted)
        return;
    tvm->is_interrupted = true;
    attack_is("the host injects an interrupt that the TVM does not allow",
              COVI(HVRV_COVI_INJECT_TVM_CPU, tvm->id, 0, TVM_INTERRUPT + 1).error,
              HVRV_SBI_ERR_INVALID_PARAM);
    say(COVI(HVRV_COVI_INJECT_TVM_CPU, tvm->id, 0, TVM_INTERRUPT),
        "host -> TSM: inject_tvm_cpu, interrupt %u", TVM_INTERRUPT);
}

static bool serve(struct tvm *tvm, uint64_t scause)
{
    switch (scause) {
    case HVRV_CAUSE_ECALL_VS:
        return serve_ecall(tvm);
    case HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT:
    case HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT:
    case HVRV_CAUSE_STORE_GUEST_PAGE_FAULT:
        serve_fault(tvm, scause);
        return true;
    case HVRV_CAUSE_VIRTUAL_INSTRUCTION:
        serve_wait(tvm);
        return true;
    default:
        return scause & INTERRUPT;
    }
}

static uint64_t read_time(void)
{
    uint64_t time;

    __asm__ volatile("csrr %0, time" : "=r"(time));
    return time;
}

static volatile uint64_t *shared_word(const struct tvm *tvm, uint64_t offset)
{
    return (volatile uint64_t *)(tvm->shared + offset);
}

/* A turn of the TVM, until it has something for its host or the host's timer ends it; scause. */
static uint64_t run(struct tvm *tvm)
{
    /* While the second hart tries to run it nothing must end its turn on the first. */
    bool is_timed = !tvm->shared || *shared_word(tvm, SHARED_COMPUTES) != 1;
    struct answer answer;
    uint64_t scause;

    SBI(HVRV_SBI_TIME, HVRV_SBI_TIME_SET_TIMER, is_timed ? read_time() + SLICE : UINT64_MAX);
    answer = spy_run(tvm->id);
    __asm__ volatile("csrr %0, scause" : "=r"(scause));
    if (answer.error != HVRV_SBI_SUCCESS || answer.value != 0) {
        printf("host -> TSM: run_tvm_vcpu: %s\n", hvrv_cause_name(scause));
        power_off(true);
    }
    if (take_timer() && scause & INTERRUPT && tvm->shared) {
        ++*shared_word(tvm, SHARED_TURNS);
        /* Nobody asked for registers: will the TVM find these in its own? */
        memset(&nacl, 0xa5, sizeof(nacl));
    }
    return scause;
}

void tvm_run(struct tvm *tvm)
{
    uint64_t turns = 0;
    uint64_t steps = 0;
    uint64_t scause;

    printf("host -> TSM -> tvm: run_tvm_vcpu 0, again and again\n");
    do {
        scause = run(tvm);
        if (++turns % 16 == 0)
            steps += vm_run();
    } while (serve(tvm, scause) && turns < TURNS_MAX);
    if (hart_count > 1)
        attack_is("the host runs a vHart that runs on another hart", other_result(),
                  HVRV_SBI_ERR_FAILED);
    spy_tell();
    printf("host: the TVM ran %lu turns, the VM made %lu steps beside it\n", turns, steps);
    if (steps == 0)
        power_off(true);
}

void tvm_destroy(struct tvm *tvm)
{
    say(COVH(HVRV_COVH_DESTROY_TVM, tvm->id), "host -> TSM: destroy_tvm");
    say(COVH(HVRV_COVH_RECLAIM_PAGES, POOL, POOL_PAGES),
        "host -> TSM: reclaim_pages 0x%lx, %u pages", POOL, POOL_PAGES);
}
