/* SPDX-License-Identifier: BSD-2-Clause */
#include "firmware.h"

#include <hvrv/sbi/sbi.h>
#include <stddef.h>

long firmware_call(const struct firmware_call *call, uint64_t *value)
{
    register unsigned long a0 __asm__("a0") = call->arg[0];
    register unsigned long a1 __asm__("a1") = call->arg[1];
    register unsigned long a2 __asm__("a2") = call->arg[2];
    register unsigned long a3 __asm__("a3") = call->arg[3];
    register unsigned long a4 __asm__("a4") = call->arg[4];
    register unsigned long a6 __asm__("a6") = call->fid;
    register unsigned long a7 __asm__("a7") = call->eid;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
                     : "memory");
    if (value)
        *value = a1;
    return (long)a0;
}

bool firmware_has_hart(uint64_t id)
{
    struct firmware_call call = {HVRV_SBI_HSM, HVRV_SBI_HSM_GET_STATUS, {id}};
    return firmware_call(&call, NULL) == 0;
}

bool firmware_start_hart(uint64_t id, uint64_t address)
{
    struct firmware_call call = {HVRV_SBI_HSM, HVRV_SBI_HSM_START, {id, address}};
    return firmware_call(&call, NULL) == 0;
}

void firmware_set_timer(uint64_t time)
{
    struct firmware_call call = {HVRV_SBI_TIME, HVRV_SBI_TIME_SET_TIMER, {time}};
    firmware_call(&call, NULL);
}

void firmware_send_ipi(uint64_t id)
{
    struct firmware_call call = {HVRV_SBI_IPI, HVRV_SBI_IPI_SEND, {1, id}};
    __asm__ volatile("fence w, o" : : : "memory"); /* first what the interrupt is about */
    firmware_call(&call, NULL);
}
