/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/insn.h>
#include <hvrv/vhart/trap.h>

const char *hvrv_exit_name(enum hvrv_exit_kind kind)
{
    switch (kind) {
#define NAME(id, name) \
    case id:           \
        return name;
        HVRV_EXIT_LIST(NAME)
#undef NAME
    }
    return "unknown";
}

/* custom-0 to custom-3: xxx1011 with 00, 01, 10 or 11 above. */
static bool is_custom(uint32_t instruction)
{
    uint32_t opcode = instruction & 0x7f;

    return opcode == 0x0b || opcode == 0x2b || opcode == 0x5b || opcode == 0x7b;
}

static bool is_pseudo(uint64_t htinst)
{
    return htinst == HVRV_HTINST_PSEUDO_READ32 || htinst == HVRV_HTINST_PSEUDO_WRITE32 ||
           htinst == HVRV_HTINST_PSEUDO_READ64 || htinst == HVRV_HTINST_PSEUDO_WRITE64;
}

/** The causes of explicit loads and stores, which alone may be transformed. */
#define CAUSES_TRANSFORMED                                                          \
    (HVRV_BIT(HVRV_CAUSE_LOAD_MISALIGNED) | HVRV_BIT(HVRV_CAUSE_LOAD_ACCESS) |      \
     HVRV_BIT(HVRV_CAUSE_STORE_MISALIGNED) | HVRV_BIT(HVRV_CAUSE_STORE_ACCESS) |    \
     HVRV_BIT(HVRV_CAUSE_LOAD_PAGE_FAULT) | HVRV_BIT(HVRV_CAUSE_STORE_PAGE_FAULT) | \
     HVRV_BIT(HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT) | HVRV_BIT(HVRV_CAUSE_STORE_GUEST_PAGE_FAULT))

/** The causes of guest-page faults, which alone may be pseudo. */
#define CAUSES_PSEUDO                                                                           \
    (HVRV_BIT(HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT) | HVRV_BIT(HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT) | \
     HVRV_BIT(HVRV_CAUSE_STORE_GUEST_PAGE_FAULT))

/** The causes whose instruction is unknown or none at all, which leave nothing custom to tell. */
#define CAUSES_NO_CUSTOM                                                            \
    (HVRV_BIT(HVRV_CAUSE_FETCH_ACCESS) | HVRV_BIT(HVRV_CAUSE_ILLEGAL_INSTRUCTION) | \
     HVRV_BIT(HVRV_CAUSE_FETCH_PAGE_FAULT) | HVRV_BIT(HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT))

static bool is_one_of(uint64_t cause, uint64_t causes)
{
    return cause < 64 && (causes >> cause & 1) != 0;
}

/** rs1, which holds the address offset in a transformed instruction. */
#define FIELD_RS1 HVRV_BITS(19, 15)

/* Bit 0 is 1, and none above 31: an instruction, or what may become one some day. */
static void decode_instruction(const struct hvrv_trap *trap, struct hvrv_exit *exit)
{
    uint64_t htinst = trap->htinst;

    if (is_one_of(trap->scause, CAUSES_TRANSFORMED) && hvrv_insn_is_transformed(htinst)) {
        exit->htinst = HVRV_HTINST_TRANSFORMED;
        exit->instruction = (uint32_t)hvrv_bits_set(htinst, FIELD_RS1, 0) | 2;
        exit->length = (uint8_t)(2 + (htinst & 2));
        exit->offset = (uint8_t)hvrv_bits_get(htinst, FIELD_RS1);
    } else if (is_custom((uint32_t)htinst | 2) && !is_one_of(trap->scause, CAUSES_NO_CUSTOM)) {
        exit->htinst = HVRV_HTINST_CUSTOM;
    }
}

/* Not 0. Apart, so that an exit without it, as most are, needs no stack. */
__attribute__((noinline)) static enum hvrv_status decode_htinst(const struct hvrv_trap *trap,
                                                                struct hvrv_exit *exit)
{
    exit->htinst = HVRV_HTINST_OTHER;
    if (trap->htinst >> 32 == 0 && (trap->htinst & 1) != 0) {
        decode_instruction(trap, exit);
    } else if (is_pseudo(trap->htinst) && is_one_of(trap->scause, CAUSES_PSEUDO)) {
        exit->htinst = HVRV_HTINST_PSEUDO;
        exit->instruction = (uint32_t)trap->htinst;
        exit->is_implicit = true;
        exit->gpa.v &= ~UINT64_C(3); /* stval is about another address */
    }
    return HVRV_OK;
}

static void decode_guest_page_fault(const struct hvrv_trap *trap, struct hvrv_exit *exit)
{
    exit->kind = HVRV_EXIT_GUEST_PAGE_FAULT;
    exit->access = HVRV_ACCESS_LOAD;
    if (exit->cause == HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT)
        exit->access = HVRV_ACCESS_FETCH;
    if (exit->cause == HVRV_CAUSE_STORE_GUEST_PAGE_FAULT)
        exit->access = HVRV_ACCESS_STORE;
    if (trap->htval == 0) {
        exit->gpa_is = HVRV_EXIT_GPA_UNKNOWN;
        return;
    }
    exit->gpa_is = HVRV_EXIT_GPA_KNOWN;
    exit->gpa.v = trap->htval << 2 | (trap->stval & 3);
}

static void decode_exception(const struct hvrv_trap *trap, struct hvrv_exit *exit)
{
    switch (exit->cause) {
    case HVRV_CAUSE_ECALL_VS:
        exit->kind = HVRV_EXIT_ECALL;
        break;
    case HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT:
    case HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT:
    case HVRV_CAUSE_STORE_GUEST_PAGE_FAULT:
        decode_guest_page_fault(trap, exit);
        break;
    case HVRV_CAUSE_VIRTUAL_INSTRUCTION:
        exit->kind = HVRV_EXIT_VIRTUAL_INSTRUCTION;
        break;
    case HVRV_CAUSE_ILLEGAL_INSTRUCTION:
        exit->kind = HVRV_EXIT_ILLEGAL_INSTRUCTION;
        break;
    default:
        exit->kind = HVRV_EXIT_EXCEPTION;
        break;
    }
}

enum hvrv_status hvrv_trap_decode(const struct hvrv_trap *trap, struct hvrv_exit *exit)
{
    if (!exit)
        return HVRV_ERR_NULL;
    *exit = (struct hvrv_exit){.kind = HVRV_EXIT_EXCEPTION};
    if (!trap)
        return HVRV_ERR_NULL;
    exit->cause = trap->scause & ~HVRV_CAUSE_INTERRUPT;
    exit->privilege = trap->sstatus & HVRV_SSTATUS_SPP ? HVRV_WALK_VS : HVRV_WALK_VU;
    exit->value = trap->stval;
    exit->is_gva = (trap->hstatus & HVRV_HSTATUS_GVA) != 0;
    if (trap->scause & HVRV_CAUSE_INTERRUPT) {
        exit->kind = HVRV_EXIT_INTERRUPT;
        return HVRV_OK;
    }
    decode_exception(trap, exit);
    return trap->htinst == 0 ? HVRV_OK : decode_htinst(trap, exit);
}

static bool is_guest_page_fault(const struct hvrv_walk_result *result)
{
    return result->faulted && is_one_of(result->fault.cause, CAUSES_PSEUDO);
}

enum hvrv_status hvrv_trap_find_gpa(struct hvrv_exit *exit, const struct hvrv_walk *walk)
{
    struct hvrv_walk_request request;
    struct hvrv_walk_result result;
    enum hvrv_status status;

    if (!exit || !walk)
        return HVRV_ERR_NULL;
    if (exit->kind != HVRV_EXIT_GUEST_PAGE_FAULT)
        return HVRV_ERR_ARGUMENT;
    if (exit->gpa_is != HVRV_EXIT_GPA_UNKNOWN)
        return HVRV_OK;
    request.gva = hvrv_gva_make(exit->value);
    request.access = exit->access;
    request.privilege = exit->privilege;
    status = hvrv_walk_two_stage(walk, &request, &result);
    if (status != HVRV_OK)
        return status;
    if (!is_guest_page_fault(&result)) {
        exit->gpa_is = HVRV_EXIT_GPA_RETRY;
        return HVRV_OK;
    }
    exit->gpa_is = HVRV_EXIT_GPA_KNOWN;
    exit->is_implicit = result.fault.implicit;
    exit->gpa.v = result.fault.htval << 2;
    if (!exit->is_implicit)
        exit->gpa.v |= exit->value & 3;
    return HVRV_OK;
}
