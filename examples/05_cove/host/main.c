/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM from the first page to the last, told as it goes. */
#include <string.h>

#include "host.h"

void main(uint64_t hart, uint64_t harts);

static void check_pages(void)
{
    bool is_zero = true;

    for (uint64_t at = POOL; at < POOL_END; at += 8)
        is_zero &= *(const uint64_t *)at == 0;
    attack_is("the host looks for what the TVM left in its pages", is_zero ? 0 : 1, 0);
}

static bool is_measured(const struct tvm *tvm)
{
    static char expected[100];

    measure(expected);
    printf("host: measurement %s\n", expected);
    return strncmp(tvm->measurement, expected, 96) == 0;
}

void main(uint64_t hart, uint64_t harts)
{
    static struct tvm tvm;
    bool is_equal;

    hart_count = harts;
    printf("host: on hart %lu of %lu\n", hart, harts);
    say("host -> TSM-driver", "get_active_domains",
        SBI(HVRV_COVE_SUPD, HVRV_SUPD_GET_ACTIVE_DOMAINS, 0));
    say("host -> TSM", "set_shmem", SBI(HVRV_SBI_NACL, HVRV_NACL_SET_SHMEM, (uint64_t)&nacl));
    other_start();
    vm_make();
    attack_before();
    tvm_convert();
    tvm_build(&tvm);
    attack_building(&tvm);
    tvm_finalize(&tvm);
    attack_running(&tvm);
    tvm_run(&tvm);
    tvm_destroy(&tvm);
    attack_after(&tvm);
    check_pages();
    attacks += tvm.refused + tvm.not_refused;
    refused += tvm.refused;
    is_equal = is_measured(&tvm);
    printf("cove: TVM ran and was destroyed, measurement %s, %u of %u attacks refused\n",
           is_equal && tvm.failed == 0 ? "as computed by the host" : "WRONG", refused, attacks);
    power_off(!is_equal || tvm.failed != 0 || refused != attacks || attacks < 20);
}
