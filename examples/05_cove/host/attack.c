/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hostile host tries. Each line names what it wants, and what it gets. */
#include <hvrv/cove/domain.h>

#include "host.h"

#define LOAD_FAULT  HVRV_CAUSE_LOAD_ACCESS
#define STORE_FAULT HVRV_CAUSE_STORE_ACCESS
#define FETCH_FAULT HVRV_CAUSE_FETCH_ACCESS
#define ADDRESS     HVRV_SBI_ERR_INVALID_ADDRESS
#define PARAM       HVRV_SBI_ERR_INVALID_PARAM

#define FRESH       (KEPT + 0x100000) /* of a second TVM */
#define FRESH_PAGES 32
#define GPA_FREE    (GPA_RAM + 0x100000) /* of the TVM's memory: nothing is there yet */
#define RETURN      0x8067               /* the instruction, for a jump that is not refused */

uint32_t attacks;
uint32_t refused;

static const char *name_of(int64_t number)
{
    return number > 0 ? hvrv_cause_name((uint64_t)number) : hvrv_sbi_error_name(number);
}

static void count(bool is_refused)
{
    attacks++;
    refused += is_refused;
}

void attack_is(const char *what, int64_t got, int64_t expected)
{
    count(got == expected);
    printf("attack %u: %s: %s", attacks, what, name_of(got));
    if (got != expected)
        printf(" in place of %s (NOT REFUSED)", name_of(expected));
    printf("\n");
}

void attack_finds(const char *what, uint64_t found)
{
    count(found == 0);
    printf("attack %u: %s: %s\n", attacks, what, found ? "it is there (NOT REFUSED)" : "nothing");
}

/*
 * The timer's interrupt is there before the call: the TSM takes it as soon as it listens, and the
 * host has the hart back in the middle of the call. It should resume it, and first tries another.
 */
static void attack_interrupted(void)
{
    static struct hvrv_cove_tsm_info info;
    const uint64_t arguments[6] = {(uint64_t)&info, sizeof(info)};
    const uint64_t domain = (uint64_t)SDID << 26;
    struct hvrv_cove_answer answer;

    SBI(HVRV_SBI_TIME, HVRV_SBI_TIME_SET_TIMER, 0);
    do {
        answer = sbi_call(HVRV_COVE_COVH, HVRV_COVH_GET_TSM_INFO | domain, arguments);
    } while (answer.error == HVRV_SBI_SUCCESS);
    printf("host -> TSM: get_tsm_info: interrupted\n");
    attack_is("the host calls the TSM in the middle of another call",
              sbi_call(HVRV_COVE_COVH, HVRV_COVH_GET_TSM_INFO | domain, arguments).error,
              HVRV_SBI_ERR_ALREADY_STARTED);
    take_timer();
    answer = SBI(HVRV_DOMAIN_EXTENSION, HVRV_DOMAIN_TEERESUME | domain, 0);
    say(answer, "host -> TSM: resumed, 0x%lx bytes", answer.value);
}

void attack_before(void)
{
    attack_is("the host reads the TSM's memory", (int64_t)try_load(TSM + 0x1000), LOAD_FAULT);
    attack_is("the host writes the TSM's memory", (int64_t)try_store(TSM, 1), STORE_FAULT);
    attack_is("the host reads the firmware", (int64_t)try_load(FIRMWARE), LOAD_FAULT);
    attack_is("the host converts the TSM's memory", COVH(HVRV_COVH_CONVERT_PAGES, TSM, 1).error,
              ADDRESS);
    attack_is("the host converts half a page", COVH(HVRV_COVH_CONVERT_PAGES, KEPT + 0x800, 1).error,
              ADDRESS);
    attack_is("the host converts a range that wraps",
              COVH(HVRV_COVH_CONVERT_PAGES, UINT64_MAX - PAGE + 1, 2).error, ADDRESS);
    attack_is("the host converts 2^52 pages",
              COVH(HVRV_COVH_CONVERT_PAGES, KEPT, UINT64_C(1) << 52).error, PARAM);
    attack_is("the host has the TSM's description written over the TSM",
              COVH(HVRV_COVH_GET_TSM_INFO, TSM, 64).error, ADDRESS);
    attack_is("the host resumes a call that was not interrupted",
              SBI(HVRV_DOMAIN_EXTENSION, HVRV_DOMAIN_TEERESUME | (uint64_t)SDID << 26, 0).error,
              HVRV_SBI_ERR_ALREADY_STARTED);
    attack_is("the host calls a domain that is not there",
              SBI(HVRV_COVE_COVH, UINT64_C(2) << 26, 0).error, HVRV_SBI_ERR_NOT_SUPPORTED);
    attack_is("the host answers a call in the TSM's place",
              SBI(HVRV_DOMAIN_EXTENSION, HVRV_DOMAIN_TEERET, 0).error, HVRV_SBI_ERR_NOT_SUPPORTED);
    attack_interrupted();
}

/* A second TVM of these pages: what create_tvm says, and its number. */
static struct hvrv_cove_answer create(uint64_t directory, uint64_t state)
{
    static struct hvrv_cove_tvm_params params;

    params = (struct hvrv_cove_tvm_params){directory, state};
    return COVH(HVRV_COVH_CREATE_TVM, (uint64_t)&params, sizeof(params));
}

/* Pages that are converted and not fenced. Then a TVM of them, which is given the first one's. */
static void attack_second(const struct tvm *tvm)
{
    const uint64_t state = FRESH + 4 * PAGE;
    struct hvrv_cove_answer second;

    COVH(HVRV_COVH_CONVERT_PAGES, FRESH, FRESH_PAGES);
    attack_is("the host skips the fence", create(FRESH, state).error, PARAM);
    COVH(HVRV_COVH_GLOBAL_FENCE, 0);
    if (hart_count > 1) {
        attack_is("the host fences one hart of two", create(FRESH, state).error, PARAM);
        attack_is("the host begins a fence while one is under way",
                  COVH(HVRV_COVH_GLOBAL_FENCE, 0).error, HVRV_SBI_ERR_ALREADY_STARTED);
        other_fence();
    }
    second = create(FRESH, state);
    say(second, "host -> TSM: create_tvm, TVM 0x%lx", second.value);
    attack_is("the host gives a page of the TVM's to a second TVM",
              COVH(HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES, second.value, tvm->code, 1).error, ADDRESS);
    say(COVH(HVRV_COVH_DESTROY_TVM, second.value), "host -> TSM: destroy_tvm 0x%lx", second.value);
    say(COVH(HVRV_COVH_RECLAIM_PAGES, FRESH, FRESH_PAGES), "host -> TSM: reclaim_pages 0x%lx",
        FRESH);
}

static void attack_memory(const struct tvm *tvm)
{
    attack_is("the host reads the TVM's code", (int64_t)try_load(tvm->code), LOAD_FAULT);
    attack_is("the host writes the TVM's code", (int64_t)try_store(tvm->code, RETURN), STORE_FAULT);
    attack_is("the host jumps into the TVM's code", (int64_t)try_jump(tvm->code), FETCH_FAULT);
    attack_is("the host's VM, given the TVM's code as memory, reads it", (int64_t)vm_try(tvm->code),
              LOAD_FAULT);
}

void attack_building(const struct tvm *tvm)
{
    const uint64_t unused = POOL_END - PAGE;

    attack_memory(tvm);
    attack_is("the host converts a page twice", COVH(HVRV_COVH_CONVERT_PAGES, POOL, 1).error,
              ADDRESS);
    attack_is("the host reclaims a page in use", COVH(HVRV_COVH_RECLAIM_PAGES, POOL, 1).error,
              ADDRESS);
    attack_is("the host makes a TVM of the pages of another", create(POOL, unused).error, PARAM);
    attack_second(tvm);
    attack_is("the host passes parameters in confidential memory",
              COVH(HVRV_COVH_CREATE_TVM, POOL, 16).error, ADDRESS);
    attack_is(
        "the host measures a page of the TSM's into the TVM",
        COVH(HVRV_COVH_ADD_TVM_MEASURED_PAGES, tvm->name.id, TSM, unused, 0, 1, GPA_FREE).error,
        ADDRESS);
    attack_is("the host adds memory over memory",
              COVH(HVRV_COVH_ADD_TVM_MEMORY_REGION, tvm->name.id, GPA_RAM + PAGE, PAGE).error,
              ADDRESS);
    attack_is("the host runs a TVM that is not finalized",
              COVH(HVRV_COVH_RUN_TVM_VCPU, tvm->name.id, 0).error, PARAM);
}

/* What is refused of add_tvm_measured_pages, add_tvm_zero_pages and add_tvm_shared_pages. */
static void attack_pages(uint64_t id)
{
    const uint64_t unused = POOL_END - PAGE;

    attack_is("the host adds measured code after the measurement",
              COVH(HVRV_COVH_ADD_TVM_MEASURED_PAGES, id, KEPT, unused, 0, 1, GPA_FREE).error,
              PARAM);
    attack_is("the host maps a page of the TVM's a second time",
              COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, id, POOL, 0, 1, GPA_FREE).error, ADDRESS);
    attack_is("the host maps a page over the TVM's code",
              COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, id, unused, 0, 1, GPA_RAM).error, ADDRESS);
    attack_is("the host maps a page outside of the TVM's memory",
              COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, id, unused, 0, 1, GPA_NOTHING).error, ADDRESS);
    attack_is("the host maps its own page as the TVM's memory",
              COVH(HVRV_COVH_ADD_TVM_SHARED_PAGES, id, KEPT, 0, 1, GPA_FREE).error, ADDRESS);
    attack_is("the host maps a confidential page as shared",
              COVH(HVRV_COVH_ADD_TVM_SHARED_PAGES, id, POOL, 0, 1, GPA_FREE).error, ADDRESS);
}

void attack_running(const struct tvm *tvm)
{
    attack_pages(tvm->name.id);
    attack_is("the host runs a vHart that is not there",
              COVH(HVRV_COVH_RUN_TVM_VCPU, tvm->name.id, 1).error, PARAM);
    attack_is("the host puts its shared memory into the TVM's",
              SBI(HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, POOL).error, ADDRESS);
    COVH(HVRV_COVH_TVM_INVALIDATE_PAGES, tvm->name.id, GPA_RAM, PAGE);
    COVH(HVRV_COVH_TVM_FENCE, tvm->name.id);
    attack_is("the host takes the TVM's code away",
              COVH(HVRV_COVH_TVM_REMOVE_PAGES, tvm->name.id, GPA_RAM, PAGE).error, ADDRESS);
    COVH(HVRV_COVH_TVM_VALIDATE_PAGES, tvm->name.id, GPA_RAM, PAGE);
}

static uint64_t count_words(uint64_t first, uint64_t end)
{
    uint64_t count = 0;

    for (uint64_t at = first; at < end; at += 8)
        count += *(const volatile uint64_t *)at != 0;
    return count;
}

void attack_after(const struct tvm *tvm)
{
    attack_is("the host runs a TVM that was destroyed",
              COVH(HVRV_COVH_RUN_TVM_VCPU, tvm->name.id, 0).error, PARAM);
    attack_is("the host destroys it again", COVH(HVRV_COVH_DESTROY_TVM, tvm->name.id).error, PARAM);
    attack_finds("the host looks for what the TVM left in its pages", count_words(POOL, POOL_END));
}
