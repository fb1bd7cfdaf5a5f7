/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's firmware: a table of extensions. An answer is an error in a0 and
 * a value in a1; whatever is not in the table is not supported. Of each
 * extension there is as much as the guest needs.
 */
#include <stdio.h>

#include "sbi_server.h"

struct answer {
    long error;
    long value;
};

struct extension {
    uint64_t id;
    struct answer (*call)(struct sbi *sbi, const uint64_t *gpr);
};

static bool is_served(uint64_t id);

static struct answer base(struct sbi *sbi, const uint64_t *gpr)
{
    (void)sbi;
    switch (gpr[A6]) {
    case SBI_BASE_SPEC_VERSION:
        return (struct answer){SBI_SUCCESS, SBI_SPEC_VERSION};
    case SBI_BASE_PROBE:
        return (struct answer){SBI_SUCCESS, is_served(gpr[A0])};
    default:
        return (struct answer){SBI_ERR_NOT_SUPPORTED, 0};
    }
}

static struct answer console(struct sbi *sbi, const uint64_t *gpr)
{
    (void)sbi;
    if (gpr[A6] != SBI_DBCN_WRITE_BYTE)
        return (struct answer){SBI_ERR_NOT_SUPPORTED, 0};
    putchar((unsigned char)gpr[A0]);
    return (struct answer){SBI_SUCCESS, 0};
}

/* Retentive: the guest goes on behind the call, with every register as it was. */
static struct answer hart_state(struct sbi *sbi, const uint64_t *gpr)
{
    if (gpr[A6] != SBI_HSM_SUSPEND)
        return (struct answer){SBI_ERR_NOT_SUPPORTED, 0};
    if ((uint32_t)gpr[A0] != SBI_HSM_RETENTIVE)
        return (struct answer){SBI_ERR_INVALID_PARAM, 0};
    sbi->state = SBI_SUSPENDED;
    return (struct answer){SBI_SUCCESS, 0};
}

/* Type 0, shutdown, is the only one of the three that a guest without devices needs. */
static struct answer reset(struct sbi *sbi, const uint64_t *gpr)
{
    if (gpr[A6] != SBI_SRST_RESET)
        return (struct answer){SBI_ERR_NOT_SUPPORTED, 0};
    if ((uint32_t)gpr[A0] != 0 || (uint32_t)gpr[A1] > SBI_SRST_FAILURE)
        return (struct answer){SBI_ERR_INVALID_PARAM, 0};
    sbi->state = SBI_OFF;
    sbi->reason = (uint32_t)gpr[A1];
    return (struct answer){SBI_SUCCESS, 0};
}

static const struct extension extensions[] = {
    {SBI_BASE, base},
    {SBI_DBCN, console},
    {SBI_HSM, hart_state},
    {SBI_SRST, reset},
};

#define EXTENSION_COUNT (sizeof extensions / sizeof extensions[0])

static bool is_served(uint64_t id)
{
    for (unsigned i = 0; i < EXTENSION_COUNT; i++) {
        if (extensions[i].id == id)
            return true;
    }
    return false;
}

void sbi_call(struct sbi *sbi, struct hvrv_vhart *vhart)
{
    uint64_t *gpr = vhart->gpr;
    struct answer answer = {SBI_ERR_NOT_SUPPORTED, 0};
    for (unsigned i = 0; i < EXTENSION_COUNT; i++) {
        if (extensions[i].id == gpr[A7]) {
            answer = extensions[i].call(sbi, gpr);
            break;
        }
    }
    gpr[A0] = (uint64_t)answer.error;
    gpr[A1] = (uint64_t)answer.value;
    vhart->sepc += 4; /* ECALL has no compressed form */
}
