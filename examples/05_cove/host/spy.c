/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * While the TVM computes it has a secret in its registers. After every call the host looks
 * for it wherever it can: in its own registers, in the VS-level CSRs, in the shared memory.
 */
#include "host.h"

static uint64_t found;

/* start.S: the call, and then x1 to x31 as they are behind it. */
struct hvrv_cove_answer call_and_look(const struct hvrv_cove_call *call, uint64_t *registers);

#define LOOK(csr)                                          \
    do {                                                   \
        uint64_t value_;                                   \
        __asm__ volatile("csrr %0, " #csr : "=r"(value_)); \
        found += value_ == TVM_SECRET;                     \
    } while (false)

/* Numbers: what assembler without the H extension does not know by name. */
static void look_at_csrs(void)
{
    LOOK(0x205); /* vstvec */
    LOOK(0x240); /* vsscratch */
    LOOK(0x241); /* vsepc */
    LOOK(0x243); /* vstval */
    LOOK(sscratch);
    LOOK(sepc);
    LOOK(stval);
}

struct hvrv_cove_answer spy_ecall(void *context, const struct hvrv_cove_call *call)
{
    const uint64_t *words = (const uint64_t *)&nacl;
    uint64_t registers[32] = {0};
    struct hvrv_cove_answer answer = call_and_look(call, registers);

    (void)context;
    for (uint32_t i = 1; i < 32; i++)
        found += registers[i] == TVM_SECRET;
    look_at_csrs();
    for (uint32_t i = 0; i < sizeof(nacl) / 8; i++)
        found += words[i] == TVM_SECRET;
    return answer;
}

void spy_tell(void)
{
    attack_finds("the host looks for the TVM's secret in registers and shared memory", found);
}
