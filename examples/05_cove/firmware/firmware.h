/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TSM-driver, and the firmware that the host needs. It knows two domains, the host's and the
 * confidential one, and no TVM.
 */
#ifndef EXAMPLES_COVE_FIRMWARE_H
#define EXAMPLES_COVE_FIRMWARE_H

#include <hvrv/cove/abi.h>
#include <hvrv/cove/domain.h>

#include "map.h"

/* A hart. */
struct firmware_hart {
    struct hvrv_domain_hart domain; /* first: what the library has in mscratch */
    struct hvrv_hart port;
    uint32_t id;
    uint32_t has_ipi;               /* somebody sent it one; atomic */
    uint32_t state;                 /* as hart_get_status answers; atomic */
    struct hvrv_domain_entry entry; /* where the host wants it to begin */
};

extern struct firmware_hart harts[HARTS_MAX];
extern uint32_t hart_count;

/* console.c */
void console_put(char c);
void console_print(const char *text);
_Noreturn void power_off(uint32_t status);

/* protect.c: which memory each domain reaches. False: there are not enough PMP entries. The first
 * is for the first hart. */
bool protect_begin(struct hvrv_hart *hart);
bool protect_isolate(uint64_t base, uint64_t size, bool to_host);
void protect_enter(uint32_t domain);

/* sbi.c: a call of a domain that is no call to another. */
void sbi_serve(struct firmware_hart *hart);

/* clint.c */
void clint_send(uint32_t hart);
void clint_clear(uint32_t hart);
void clint_set_timer(struct firmware_hart *hart, uint64_t time);

#endif
