/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/cause.h>

#include "text.h"

static const char *exception_name(uint64_t code)
{
    switch (code) {
#define HVRV_CAUSE_CASE(id, number, name) \
    case id:                              \
        return name;
        HVRV_CAUSE_LIST(HVRV_CAUSE_CASE)
#undef HVRV_CAUSE_CASE
    default:
        if ((code >= 24 && code <= 31) || (code >= 48 && code <= 63))
            return "custom";
        return "reserved";
    }
}

static const char *interrupt_name(uint64_t code)
{
    switch (code) {
#define HVRV_INTERRUPT_CASE(id, number, name) \
    case id:                                  \
        return name;
        HVRV_INTERRUPT_LIST(HVRV_INTERRUPT_CASE)
#undef HVRV_INTERRUPT_CASE
    default:
        return code >= 16 ? "platform" : "reserved";
    }
}

const char *hvrv_cause_name(uint64_t scause)
{
    uint64_t code = scause & ~HVRV_CAUSE_INTERRUPT;
    return scause & HVRV_CAUSE_INTERRUPT ? interrupt_name(code) : exception_name(code);
}

enum hvrv_cause hvrv_cause_of(enum hvrv_fault_class fault_class, enum hvrv_access access)
{
    static const uint8_t causes[3][HVRV_ACCESS_COUNT] = {
        [HVRV_FAULT_ACCESS] = {HVRV_CAUSE_LOAD_ACCESS, HVRV_CAUSE_STORE_ACCESS,
                               HVRV_CAUSE_FETCH_ACCESS, HVRV_CAUSE_LOAD_ACCESS},
        [HVRV_FAULT_PAGE] = {HVRV_CAUSE_LOAD_PAGE_FAULT, HVRV_CAUSE_STORE_PAGE_FAULT,
                             HVRV_CAUSE_FETCH_PAGE_FAULT, HVRV_CAUSE_LOAD_PAGE_FAULT},
        [HVRV_FAULT_GUEST_PAGE] = {HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT,
                                   HVRV_CAUSE_STORE_GUEST_PAGE_FAULT,
                                   HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT,
                                   HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT},
    };
    return (enum hvrv_cause)causes[fault_class][access];
}

const char *hvrv_reason_name(enum hvrv_reason reason)
{
    switch (reason) {
#define HVRV_REASON_CASE(id, name, text) \
    case id:                             \
        return name;
        HVRV_REASON_LIST(HVRV_REASON_CASE)
#undef HVRV_REASON_CASE
    }
    return "unknown";
}

static const char *reason_text(enum hvrv_reason reason)
{
    switch (reason) {
#define HVRV_REASON_CASE(id, name, text) \
    case id:                             \
        return text;
        HVRV_REASON_LIST(HVRV_REASON_CASE)
#undef HVRV_REASON_CASE
    }
    return "the reason is not one of libhvrv";
}

/* ", translating GPA 0x... (of a VS-stage PTE)", where there is a GPA. */
static void explain_gpa(struct hvrv_text *text, const struct hvrv_fault *fault)
{
    if (fault->stage != HVRV_STAGE_G || fault->cause < HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT)
        return;
    hvrv_text_string(text, fault->implicit ? ", for the VS-stage PTE at GPA " : ", for GPA ");
    uint64_t low = fault->implicit ? 0 : fault->stval & 3;
    hvrv_text_hex(text, (fault->htval << 2) | low);
}

/* ", PTE 0x... at HPA 0x... (level 0)", where one was read. */
static void explain_pte(struct hvrv_text *text, const struct hvrv_fault *fault)
{
    if (fault->reason == HVRV_REASON_NOT_CANONICAL || fault->reason == HVRV_REASON_TOO_WIDE)
        return;
    hvrv_text_string(text, ", PTE ");
    if (fault->reason != HVRV_REASON_REFUSED)
        hvrv_text_hex(text, fault->pte);
    hvrv_text_string(text, fault->reason != HVRV_REASON_REFUSED ? " at HPA " : "at HPA ");
    hvrv_text_hex(text, fault->pte_address);
    hvrv_text_string(text, " (level ");
    hvrv_text_decimal(text, fault->level);
    hvrv_text_char(text, ')');
}

size_t hvrv_fault_explain(const struct hvrv_fault *fault, char *buffer, size_t size)
{
    struct hvrv_text text = hvrv_text_init(buffer, size);
    if (!fault)
        return 0;
    hvrv_text_string(&text, hvrv_cause_name(fault->cause));
    hvrv_text_string(&text, fault->gva ? " at GVA " : " at address ");
    hvrv_text_hex(&text, fault->stval);
    hvrv_text_string(&text, fault->stage == HVRV_STAGE_G ? ": G-stage" : ": VS-stage");
    explain_gpa(&text, fault);
    explain_pte(&text, fault);
    hvrv_text_string(&text, ": ");
    hvrv_text_string(&text, reason_text(fault->reason));
    hvrv_text_char(&text, '.');
    return text.length;
}
