/* SPDX-License-Identifier: BSD-2-Clause */
#include "firmware.h"

#include <hvrv/sbi/sbi.h>
#include <stddef.h>

#include "ecall.h"

long firmware_call(const struct firmware_call *call, uint64_t *value)
{
    const uint64_t *arg = call->arg;
    struct ecall_answer answer =
        ECALL(call->eid, call->fid, arg[0], arg[1], arg[2], arg[3], arg[4]);
    if (value)
        *value = answer.value;
    return answer.error;
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
