/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/client_exit.h>

#include <stddef.h>

#include <hvrv/isa/cause.h>
#include <hvrv/isa/csr.h>
#include <hvrv/isa/insn.h>

#define SCAUSE_INTERRUPT HVRV_BIT(63)
#define A0               10
#define WFI              UINT64_C(0x10500073)

/* The memory is the host's own, but a TSM on another hart may be writing: each word is read once.
 */
static uint64_t csr(const struct hvrv_nacl_memory *memory, enum hvrv_csr number)
{
    const volatile uint64_t *csrs = memory->csrs;

    return csrs[HVRV_NACL_CSR((unsigned)number)];
}

static void read_fault(const struct hvrv_nacl_memory *memory, uint64_t stval,
                       struct hvrv_client_exit *exit)
{
    const volatile uint64_t *gprs = memory->gprs;
    uint64_t htinst = csr(memory, HVRV_CSR_HTINST);
    uint64_t gpa = csr(memory, HVRV_CSR_HTVAL) << 2;
    struct hvrv_insn insn;

    if (htinst == 0) {
        exit->kind = HVRV_CLIENT_EXIT_PAGE;
        exit->gpa = hvrv_gpa_make(gpa);
        return;
    }
    if (hvrv_insn_decode_transformed(htinst, &insn) != HVRV_OK || insn.is_fp)
        return;
    if (insn.kind == HVRV_INSN_LOAD && insn.rd == A0)
        exit->kind = HVRV_CLIENT_EXIT_LOAD;
    else if (insn.kind == HVRV_INSN_STORE && insn.rs2 == A0)
        exit->kind = HVRV_CLIENT_EXIT_STORE;
    else
        return;
    exit->gpa = hvrv_gpa_make(gpa | (stval & 3));
    exit->size = insn.size;
    if (exit->kind == HVRV_CLIENT_EXIT_STORE)
        exit->value = gprs[A0] & (UINT64_MAX >> (64 - 8 * insn.size));
}

enum hvrv_status hvrv_client_read_exit(uint64_t scause, const struct hvrv_nacl_memory *memory,
                                       uint64_t stval, struct hvrv_client_exit *exit)
{
    if (!exit)
        return HVRV_ERR_NULL;
    *exit = (struct hvrv_client_exit){.kind = HVRV_CLIENT_EXIT_OTHER};
    if (!memory)
        return HVRV_ERR_NULL;
    exit->scause = scause;
    if (scause & SCAUSE_INTERRUPT) {
        exit->kind = HVRV_CLIENT_EXIT_INTERRUPT;
        return HVRV_OK;
    }
    switch (scause) {
    case HVRV_CAUSE_ECALL_VS:
        exit->kind = HVRV_CLIENT_EXIT_CALL;
        break;
    case HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT:
    case HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT:
    case HVRV_CAUSE_STORE_GUEST_PAGE_FAULT:
        read_fault(memory, stval, exit);
        break;
    case HVRV_CAUSE_VIRTUAL_INSTRUCTION:
        if (csr(memory, HVRV_CSR_HTINST) == WFI)
            exit->kind = HVRV_CLIENT_EXIT_WAIT;
        break;
    default:
        break;
    }
    return HVRV_OK;
}

const char *hvrv_client_exit_name(enum hvrv_client_exit_kind kind)
{
    switch (kind) {
#define NAME(id, name, text) \
    case id:                 \
        return name;
        HVRV_CLIENT_EXIT_LIST(NAME)
#undef NAME
    }
    return "unknown";
}
