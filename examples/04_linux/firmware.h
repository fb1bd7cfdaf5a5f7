/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hypervisor asks of the machine's own SBI firmware. */
#ifndef EXAMPLES_LINUX_FIRMWARE_H
#define EXAMPLES_LINUX_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

/* A call: extension, function, and a0 to a4. */
struct firmware_call {
    uint64_t eid, fid, arg[5];
};

/* The error in a0; the value of a1 in *value, if that is not null. */
long firmware_call(const struct firmware_call *call, uint64_t *value);

bool firmware_has_hart(uint64_t id);
bool firmware_start_hart(uint64_t id, uint64_t address);
void firmware_set_timer(uint64_t time);
void firmware_send_ipi(uint64_t id);

#endif
