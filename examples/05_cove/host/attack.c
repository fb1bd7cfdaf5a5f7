/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hostile host tries. Each line names what it wants, and what it gets. */
#include <hvrv/cove/domain.h>

#include "host.h"

#define LOAD_FAULT  HVRV_CAUSE_LOAD_ACCESS
#define STORE_FAULT HVRV_CAUSE_STORE_ACCESS
#define ADDRESS     HVRV_SBI_ERR_INVALID_ADDRESS
#define PARAM       HVRV_SBI_ERR_INVALID_PARAM
#define FAILED      HVRV_SBI_ERR_FAILED

uint32_t attacks;
uint32_t refused;

void attack_is(const char *what, int64_t got, int64_t expected)
{
    bool is_refused = got == expected;
    const char *name = got > 0 ? hvrv_cause_name((uint64_t)got) : hvrv_sbi_error_name(got);

    attacks++;
    refused += is_refused;
    printf("attack %u: %s: %s%s\n", attacks, what, name, is_refused ? "" : " (NOT REFUSED)");
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
}

/* A second TVM in these pages, with the first one's state or with pages that nobody fenced. */
static int64_t create(uint64_t directory, uint64_t state)
{
    static struct hvrv_cove_tvm_params params;

    params = (struct hvrv_cove_tvm_params){directory, state};
    return COVH(HVRV_COVH_CREATE_TVM, (uint64_t)&params, sizeof(params)).error;
}

void attack_building(struct tvm *tvm)
{
    const uint64_t used = POOL;
    const uint64_t fresh = KEPT + 0x100000;

    attack_is("the host reads a page of the TVM's", (int64_t)try_load(POOL + 0x20000), LOAD_FAULT);
    attack_is("the host writes one", (int64_t)try_store(POOL + 0x20000, 1), STORE_FAULT);
    attack_is("the host has its VM read one", (int64_t)vm_try(POOL + 0x20000), LOAD_FAULT);
    attack_is("the host converts a page twice", COVH(HVRV_COVH_CONVERT_PAGES, used, 1).error,
              ADDRESS);
    attack_is("the host reclaims a page in use", COVH(HVRV_COVH_RECLAIM_PAGES, used, 1).error,
              ADDRESS);
    attack_is("the host makes a TVM in the pages of another", create(used, POOL_END - PAGE), PARAM);
    COVH(HVRV_COVH_CONVERT_PAGES, fresh, 8);
    attack_is("the host skips the fence", create(fresh, fresh + 4 * PAGE), PARAM);
    COVH(HVRV_COVH_GLOBAL_FENCE, 0);
    if (hart_count > 1) {
        attack_is("the host fences one hart of two", create(fresh, fresh + 4 * PAGE), PARAM);
        attack_is("the host begins a fence while one is under way",
                  COVH(HVRV_COVH_GLOBAL_FENCE, 0).error, HVRV_SBI_ERR_ALREADY_STARTED);
        other_fence();
    }
    COVH(HVRV_COVH_RECLAIM_PAGES, fresh, 8);
    attack_is("the host passes parameters in confidential memory",
              COVH(HVRV_COVH_CREATE_TVM, POOL, 16).error, ADDRESS);
    attack_is("the host measures a page of the TSM's into the TVM",
              COVH(HVRV_COVH_ADD_TVM_MEASURED_PAGES, tvm->id, TSM, POOL_END - PAGE, 0, 1,
                   GPA_RAM + 0x100000)
                  .error,
              ADDRESS);
    attack_is("the host adds memory over memory",
              COVH(HVRV_COVH_ADD_TVM_MEMORY_REGION, tvm->id, GPA_RAM + PAGE, PAGE).error, ADDRESS);
    attack_is("the host runs a TVM that is not finalized",
              COVH(HVRV_COVH_RUN_TVM_VCPU, tvm->id, 0).error, PARAM);
}

void attack_running(struct tvm *tvm)
{
    const uint64_t last = POOL_END - PAGE;
    uint64_t old = nacl.csrs[0];

    attack_is(
        "the host adds measured code after the measurement",
        COVH(HVRV_COVH_ADD_TVM_MEASURED_PAGES, tvm->id, KEPT, last, 0, 1, GPA_RAM + 0x100000).error,
        PARAM);
    attack_is("the host maps a page of the TVM's a second time",
              COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, tvm->id, POOL, 0, 1, GPA_RAM + 0x100000).error,
              ADDRESS);
    attack_is("the host maps a page over the TVM's code",
              COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, tvm->id, last, 0, 1, GPA_RAM).error, ADDRESS);
    attack_is("the host maps a page outside of the TVM's memory",
              COVH(HVRV_COVH_ADD_TVM_ZERO_PAGES, tvm->id, last, 0, 1, GPA_NOTHING).error, ADDRESS);
    attack_is("the host maps its own page as the TVM's memory",
              COVH(HVRV_COVH_ADD_TVM_SHARED_PAGES, tvm->id, KEPT, 0, 1, GPA_RAM + 0x100000).error,
              ADDRESS);
    attack_is("the host maps a confidential page as shared",
              COVH(HVRV_COVH_ADD_TVM_SHARED_PAGES, tvm->id, POOL, 0, 1, GPA_RAM + 0x100000).error,
              ADDRESS);
    attack_is("the host takes a vHart that is not there",
              COVH(HVRV_COVH_RUN_TVM_VCPU, tvm->id, 1).error, PARAM);
    attack_is("the host puts its shared memory into the TVM's",
              SBI(HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, POOL).error, ADDRESS);
    COVH(HVRV_COVH_TVM_INVALIDATE_PAGES, tvm->id, GPA_RAM, PAGE);
    COVH(HVRV_COVH_TVM_FENCE, tvm->id);
    attack_is("the host takes the TVM's code away",
              COVH(HVRV_COVH_TVM_REMOVE_PAGES, tvm->id, GPA_RAM, PAGE).error, ADDRESS);
    COVH(HVRV_COVH_TVM_VALIDATE_PAGES, tvm->id, GPA_RAM, PAGE);
    nacl.csrs[0] = old;
}

void attack_after(struct tvm *tvm)
{
    attack_is("the host runs a TVM that was destroyed",
              COVH(HVRV_COVH_RUN_TVM_VCPU, tvm->id, 0).error, PARAM);
    attack_is("the host destroys it again", COVH(HVRV_COVH_DESTROY_TVM, tvm->id).error, PARAM);
}
