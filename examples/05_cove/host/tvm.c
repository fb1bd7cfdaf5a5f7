/* SPDX-License-Identifier: BSD-2-Clause */
/* The TVM's life, as far as it is the host's. */
#include <string.h>

#include "host.h"

#define SLICE       20000UL /* ticks of a turn: 2 ms */
#define TURNS_MAX   5000
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
    say(hvrv_client_convert_pages(&tsm, hvrv_hpa_make(POOL), POOL_PAGES),
        "host -> TSM: convert_pages 0x%lx, %u pages", POOL, POOL_PAGES);
    say(hvrv_client_global_fence(&tsm), "host -> TSM: global_fence");
    other_fence();
}

static void create(struct tvm *tvm, uint64_t state_pages)
{
    static struct hvrv_cove_tvm_params params;
    struct hvrv_cove_answer answer;

    params.page_directory = pool_take(tvm, 4);
    params.state = pool_take(tvm, state_pages);
    answer = hvrv_client_create_tvm(&tsm, hvrv_hpa_make((uint64_t)&params), &tvm->name);
    say(answer, "host -> TSM: create_tvm of 4 and %lu pages, TVM 0x%lx", state_pages, answer.value);
}

static void add_memory(struct tvm *tvm)
{
    uint64_t tables = pool_take(tvm, TABLE_PAGES);

    say(hvrv_client_add_tvm_memory_region(&tvm->name, hvrv_gpa_make(GPA_RAM), GPA_RAM_SIZE),
        "host -> TSM: add_tvm_memory_region GPA 0x%x, 0x%x bytes", GPA_RAM, GPA_RAM_SIZE);
    say(hvrv_client_add_tvm_page_table_pages(&tvm->name, hvrv_hpa_make(tables), TABLE_PAGES),
        "host -> TSM: add_tvm_page_table_pages 0x%lx, %u pages", tables, TABLE_PAGES);
}

static void add_image(struct tvm *tvm)
{
    struct hvrv_client_pages pages = {
        .source = hvrv_hpa_make((uint64_t)tvm_image),
        .type = HVRV_COVE_PAGE_4K,
        .count = (uint64_t)(tvm_image_end - tvm_image) / PAGE,
        .gpa = hvrv_gpa_make(GPA_RAM),
    };

    tvm->code = pool_take(tvm, pages.count);
    pages.base = hvrv_hpa_make(tvm->code);
    say(hvrv_client_add_tvm_measured_pages(&tvm->name, &pages),
        "host -> TSM: add_tvm_measured_pages 0x%lx, %lu pages, at GPA 0x%x", tvm->code, pages.count,
        GPA_RAM);
}

void tvm_build(struct tvm *tvm)
{
    static struct hvrv_cove_tsm_info info;
    uint64_t vhart;

    say(hvrv_client_get_tsm_info(&tsm, hvrv_hpa_make((uint64_t)&info)),
        "host -> TSM: get_tsm_info");
    tvm->next = POOL;
    create(tvm, info.tvm_state_pages);
    add_memory(tvm);
    add_image(tvm);
    vhart = pool_take(tvm, info.vcpu_state_pages);
    say(hvrv_client_create_tvm_vcpu(&tvm->name, 0, hvrv_hpa_make(vhart)),
        "host -> TSM: create_tvm_vcpu 0 of %lu pages", info.vcpu_state_pages);
}

void tvm_finalize(struct tvm *tvm)
{
    const struct hvrv_client_entry entry = {.sepc = {GPA_RAM}, .argument = TVM_ARGUMENT};

    say(hvrv_client_finalize_tvm(&tvm->name, &entry),
        "host -> TSM: finalize_tvm, begins at GPA 0x%x", GPA_RAM);
}

/* A page that the TVM touched: of its own, or the shared one. */
static void serve_page(struct tvm *tvm, hvrv_gpa gpa)
{
    struct hvrv_client_pages page = {.type = HVRV_COVE_PAGE_4K, .count = 1, .gpa = gpa};

    printf("tvm -> TSM -> host: fault at GPA 0x%lx\n", gpa.v);
    if (gpa.v == GPA_SHARED && tvm->shared) {
        page.base = hvrv_hpa_make(tvm->shared);
        say(hvrv_client_add_tvm_shared_pages(&tvm->name, &page),
            "host -> TSM: add_tvm_shared_pages 0x%lx", page.base.v);
        return;
    }
    page.base = hvrv_hpa_make(pool_take(tvm, 1));
    say(hvrv_client_add_tvm_zero_pages(&tvm->name, &page), "host -> TSM: add_tvm_zero_pages 0x%lx",
        page.base.v);
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

/* The TVM's access to a device: the value goes by a0 of the shared memory. */
static void serve_device(struct tvm *tvm, const struct hvrv_client_exit *exit)
{
    uint64_t offset = exit->gpa.v - GPA_DEVICE;
    bool is_store = exit->kind == HVRV_CLIENT_EXIT_STORE;

    if (offset < DEVICE_REPORT)
        printf("tvm -> TSM -> host: %s of %u bytes at GPA 0x%lx, a device\n",
               hvrv_client_exit_name(exit->kind), (unsigned)exit->size, exit->gpa.v);
    if (is_store)
        device_write(tvm, offset, exit->value);
    else
        nacl.gprs[10] = device_read(tvm, offset);
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
        other_run(tvm->name.id, tvm->shared);
        return;
    }
    say(hvrv_client_tvm_invalidate_pages(&tvm->name, hvrv_gpa_make(gpa), PAGE),
        "host -> TSM: tvm_invalidate_pages GPA 0x%lx", gpa);
    say(hvrv_client_tvm_fence(&tvm->name), "host -> TSM: tvm_fence");
    say(hvrv_client_tvm_remove_pages(&tvm->name, hvrv_gpa_make(gpa), PAGE),
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
              COVI(HVRV_COVI_INJECT_TVM_CPU, tvm->name.id, 0, TVM_INTERRUPT + 1).error,
              HVRV_SBI_ERR_INVALID_PARAM);
    say(hvrv_client_inject_tvm_cpu(&tvm->name, 0, TVM_INTERRUPT),
        "host -> TSM: inject_tvm_cpu, interrupt %u", TVM_INTERRUPT);
}

/* False: the TVM is done. */
static bool serve(struct tvm *tvm, const struct hvrv_client_exit *exit)
{
    switch (exit->kind) {
    case HVRV_CLIENT_EXIT_CALL:
        return serve_ecall(tvm);
    case HVRV_CLIENT_EXIT_PAGE:
        serve_page(tvm, exit->gpa);
        return true;
    case HVRV_CLIENT_EXIT_LOAD:
    case HVRV_CLIENT_EXIT_STORE:
        serve_device(tvm, exit);
        return true;
    case HVRV_CLIENT_EXIT_WAIT:
        serve_wait(tvm);
        return true;
    case HVRV_CLIENT_EXIT_INTERRUPT:
        return true;
    default:
        printf("host: it does not know this exit: %s\n", hvrv_cause_name(exit->scause));
        power_off(true);
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

/* A turn of the TVM, until it has something for its host or the host's timer ends it. */
static void run(struct tvm *tvm, struct hvrv_client_exit *exit)
{
    /* While the second hart tries to run it nothing must end its turn on the first. */
    bool is_timed = !tvm->shared || *shared_word(tvm, SHARED_COMPUTES) != 1;
    struct hvrv_cove_answer answer;
    uint64_t scause;
    uint64_t stval;

    SBI(HVRV_SBI_TIME, HVRV_SBI_TIME_SET_TIMER, is_timed ? read_time() + SLICE : UINT64_MAX);
    answer = hvrv_client_run_tvm_vcpu(&tvm->name, 0);
    __asm__ volatile("csrr %0, scause\n csrr %1, stval" : "=r"(scause), "=r"(stval));
    if (answer.error != HVRV_SBI_SUCCESS || answer.value != 0 ||
        hvrv_client_read_exit(scause, &nacl, stval, exit) != HVRV_OK) {
        printf("host -> TSM: run_tvm_vcpu: %s\n", hvrv_cause_name(scause));
        power_off(true);
    }
    if (take_timer() && exit->kind == HVRV_CLIENT_EXIT_INTERRUPT && tvm->shared) {
        ++*shared_word(tvm, SHARED_TURNS);
        /* Nobody asked for registers: will the TVM find these in its own? */
        memset(&nacl, 0xa5, sizeof(nacl));
    }
}

void tvm_run(struct tvm *tvm)
{
    struct hvrv_client_exit exit;
    uint64_t turns = 0;
    uint64_t steps = 0;

    printf("host -> TSM -> tvm: run_tvm_vcpu 0, again and again\n");
    do {
        run(tvm, &exit);
        if (++turns % 16 == 0)
            steps += vm_run();
    } while (serve(tvm, &exit) && turns < TURNS_MAX);
    if (hart_count > 1)
        attack_is("the host runs a vHart that runs on another hart", other_result(),
                  HVRV_SBI_ERR_FAILED);
    spy_tell();
    printf("host: the TVM ran %lu turns, the VM made %lu steps beside it\n", turns, steps);
    if (turns == TURNS_MAX || steps == 0)
        power_off(true);
}

void tvm_destroy(struct tvm *tvm)
{
    say(hvrv_client_destroy_tvm(&tvm->name), "host -> TSM: destroy_tvm");
    say(hvrv_client_reclaim_pages(&tsm, hvrv_hpa_make(POOL), POOL_PAGES),
        "host -> TSM: reclaim_pages 0x%lx, %u pages", POOL, POOL_PAGES);
}
