/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM from the first page to the last, told as it goes. */
#include <string.h>

#include "host.h"

void main(uint64_t hart, uint64_t harts);

static bool is_measured(const struct tvm *tvm)
{
    static char expected[100];

    measure(expected);
    printf("host: measurement %s\n", expected);
    return strncmp(tvm->measurement, expected, 96) == 0;
}

static void begin(void)
{
    struct hvrv_cove_answer answer = hvrv_client_get_active_domains(&tsm);

    say(answer, "host -> TSM-driver: get_active_domains, 0x%lx", answer.value);
    say(hvrv_client_set_shmem(&tsm, hvrv_hpa_make((uint64_t)&nacl)), "host -> TSM: set_shmem 0x%lx",
        (uint64_t)&nacl);
    __asm__ volatile("csrs sie, %0" ::"r"(HVRV_BIT(HVRV_INTERRUPT_STI)));
    other_start();
    vm_make();
}

static void live(struct tvm *tvm)
{
    chapter("the host gives memory away, and builds a TVM in it");
    tvm_convert();
    tvm_build(tvm);
    chapter("while the TVM is built");
    attack_building(tvm);
    chapter("the TVM is finished: the host cannot change it any more");
    tvm_finalize(tvm);
    attack_running(tvm);
    chapter("the TVM runs");
    tvm_run(tvm);
    chapter("the TVM ends, and the host has its memory back");
    tvm_destroy(tvm);
    attack_after(tvm);
}

void main(uint64_t hart, uint64_t harts)
{
    static struct tvm tvm;
    bool is_equal;

    hart_count = harts;
    printf("host: in HS-mode on hart %lu of %lu\n", hart, harts);
    begin();
    chapter("before there is a TVM");
    attack_before();
    live(&tvm);
    attacks += tvm.refused + tvm.not_refused;
    refused += tvm.refused;
    is_equal = is_measured(&tvm);
    printf("cove: TVM ran and was destroyed, measurement %s, %u of %u attacks refused\n",
           is_equal && tvm.failed == 0 ? "as computed by the host" : "WRONG", refused, attacks);
    power_off(!is_equal || tvm.failed != 0 || refused != attacks || attacks < 20);
}
