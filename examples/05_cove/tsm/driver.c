/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TSM asks of the TSM-driver below it. */
#include <assert.h>
#include <stddef.h>

#include "ecall.h"
#include "offsets.h"
#include "tsm.h"

static_assert(offsetof(struct tsm_hart, stack) == TSM_STACK, "start.S");
static_assert(offsetof(struct tsm_hart, saved) == TSM_SAVED, "start.S");
static_assert(HVRV_DOMAIN_EXTENSION == TSM_EXTENSION, "start.S");
static_assert(HVRV_DOMAIN_TEERET == TSM_TEERET, "start.S");
static_assert(HVRV_DOMAIN_RETURN_INTERRUPTED == TSM_INTERRUPTED, "start.S");
static_assert(HVRV_DOMAIN_INTERRUPTED_CALL == TSM_INTERRUPTED_CALL, "start.S");

uint64_t driver_call(uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2)
{
    return (uint64_t)ECALL(HVRV_DOMAIN_EXTENSION, function, a0, a1, a2).error;
}

_Noreturn void driver_return(const struct hvrv_tsm_reply *reply)
{
    register uint64_t a0 __asm__("a0") = (uint64_t)reply->answer.error;
    register uint64_t a1 __asm__("a1") = reply->answer.value;
    register uint64_t a2 __asm__("a2") = reply->scause;
    register uint64_t a3 __asm__("a3") = reply->stval;
    register uint64_t a4 __asm__("a4") = reply->is_exit ? HVRV_DOMAIN_RETURN_CAUSE : 0;
    register uint64_t a6 __asm__("a6") = HVRV_DOMAIN_TEERET;
    register uint64_t a7 __asm__("a7") = HVRV_DOMAIN_EXTENSION;
    __asm__ volatile("ecall"
                     :
                     : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
                     : "memory");
    __builtin_unreachable();
}

void driver_print(const char *text)
{
    while (*text)
        ECALL(HVRV_SBI_DBCN, HVRV_SBI_DBCN_WRITE_BYTE, (uint8_t)*text++, 0);
}

_Noreturn void driver_power_off(void)
{
    for (;;)
        ECALL(HVRV_SBI_SRST, HVRV_SBI_SRST_RESET, 0, HVRV_SBI_REASON_FAILURE);
}
