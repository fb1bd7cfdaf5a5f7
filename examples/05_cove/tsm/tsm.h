/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXAMPLES_COVE_TSM_H
#define EXAMPLES_COVE_TSM_H

#include <hvrv/cove/domain.h>
#include <hvrv/cove/tsm.h>

#include "hash.h"
#include "map.h"

/* A hart, as start.S knows it. */
struct tsm_hart {
    uint8_t *stack;
    uint64_t saved[5];
    struct hvrv_hart port;
    uint32_t id;
};

/* driver.c: calls of the TSM-driver. */
uint64_t driver_call(uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2);
_Noreturn void driver_return(const struct hvrv_tsm_reply *reply);
void driver_print(const char *text);
_Noreturn void driver_power_off(void);

/* Called by start.S. */
void tsm_begin(uint64_t hart, uint64_t harts);
struct tsm_hart *tsm_begin_hart(uint64_t id);
_Noreturn void tsm_serve(struct tsm_hart *hart, const struct hvrv_cove_call *call);
_Noreturn void tsm_failed(uint64_t scause, uint64_t sepc, uint64_t stval);

#endif
