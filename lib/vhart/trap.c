/* SPDX-License-Identifier: BSD-2-Clause */
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

/** Instructions that have a transformation: the bits that count, and what they are. */
static const struct form {
    uint32_t mask;  /**< opcode, and what else is fixed */
    uint32_t match; /**< its value */
    uint32_t wide;  /**< the values of funct3 that exist, a bit each */
} forms[] = {
    {0x7f, 0x03, 0x7f},             /* LB LH LW LD LBU LHU LWU */
    {0x7f, 0x07, 0x1e},             /* FLH FLW FLD FLQ */
    {0x7f, 0x23, 0x0f},             /* SB SH SW SD */
    {0x7f, 0x27, 0x1e},             /* FSH FSW FSD FSQ */
    {0xf9f0007f, 0x1000002f, 0x0c}, /* LR */
    {0xf800007f, 0x1800002f, 0x0c}, /* SC */
    {0xf800007f, 0x0800002f, 0x0f}, /* AMOSWAP; B and H: Zabha */
    {0x1800007f, 0x0000002f, 0x0f}, /* AMOADD XOR OR AND MIN MAX MINU MAXU */
    {0xf800007f, 0x2800002f, 0x1f}, /* AMOCAS; Q: Zacas */
    {0xf000007f, 0x60000073, 0x10}, /* HLV, HLVX, HSV */
};

/** rs1, which holds the address offset in a transformed instruction. */
#define FIELD_RS1 HVRV_BITS(19, 15)

static bool has_transformation(uint32_t instruction)
{
    uint32_t funct3 = instruction >> 12 & 7;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if ((instruction & forms[i].mask) == forms[i].match)
            return forms[i].wide >> funct3 & 1;
    }
    return false;
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

static enum hvrv_htinst classify(const struct hvrv_trap *trap)
{
    uint64_t cause = trap->scause, htinst = trap->htinst;
    uint32_t wide = (uint32_t)htinst | 2;

    if (htinst == 0)
        return HVRV_HTINST_ZERO;
    if (is_pseudo(htinst))
        return is_one_of(cause, CAUSES_PSEUDO) ? HVRV_HTINST_PSEUDO : HVRV_HTINST_OTHER;
    if (htinst >> 32 != 0 || (htinst & 1) == 0)
        return HVRV_HTINST_OTHER;
    if (is_custom(wide))
        return is_one_of(cause, CAUSES_NO_CUSTOM) ? HVRV_HTINST_OTHER : HVRV_HTINST_CUSTOM;
    if (has_transformation(wide) && is_one_of(cause, CAUSES_TRANSFORMED))
        return HVRV_HTINST_TRANSFORMED;
    return HVRV_HTINST_OTHER;
}

static void decode_htinst(const struct hvrv_trap *trap, struct hvrv_exit *exit)
{
    exit->htinst = classify(trap);
    if (exit->htinst == HVRV_HTINST_PSEUDO) {
        exit->instruction = (uint32_t)trap->htinst;
        exit->is_implicit = true;
    }
    if (exit->htinst == HVRV_HTINST_TRANSFORMED) {
        exit->instruction = (uint32_t)(hvrv_bits_set(trap->htinst, FIELD_RS1, 0) | 2);
        exit->length = trap->htinst & 2 ? 4 : 2;
        exit->offset = (uint8_t)hvrv_bits_get(trap->htinst, FIELD_RS1);
    }
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
    exit->gpa.v = trap->htval << 2;
    if (!exit->is_implicit)
        exit->gpa.v |= trap->stval & 3;
}

static void decode_exception(const struct hvrv_trap *trap, struct hvrv_exit *exit)
{
    decode_htinst(trap, exit);
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
    if (trap->scause & HVRV_CAUSE_INTERRUPT)
        exit->kind = HVRV_EXIT_INTERRUPT;
    else
        decode_exception(trap, exit);
    return HVRV_OK;
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
