/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/isa/cause.h>

/* norm:scause, norm:H_cause: the tables of the manual, by code. */
static const char *const exceptions[24] = {
    "instruction address misaligned",
    "instruction access fault",
    "illegal instruction",
    "breakpoint",
    "load address misaligned",
    "load access fault",
    "store/AMO address misaligned",
    "store/AMO access fault",
    "environment call from U-mode or VU-mode",
    "environment call from HS-mode",
    "environment call from VS-mode",
    "environment call from M-mode",
    "instruction page fault",
    "load page fault",
    "reserved",
    "store/AMO page fault",
    "double trap",
    "reserved",
    "software check",
    "hardware error",
    "instruction guest-page fault",
    "load guest-page fault",
    "virtual instruction",
    "store/AMO guest-page fault",
};

static const char *const interrupts[14] = {
    "reserved",
    "supervisor software interrupt",
    "virtual supervisor software interrupt",
    "machine software interrupt",
    "reserved",
    "supervisor timer interrupt",
    "virtual supervisor timer interrupt",
    "machine timer interrupt",
    "reserved",
    "supervisor external interrupt",
    "virtual supervisor external interrupt",
    "machine external interrupt",
    "supervisor guest external interrupt",
    "local counter-overflow interrupt",
};

/* norm:H_cause, norm:H_cause_ecall, norm:scause */
static void causes_have_the_names_of_the_manual(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 80; code++) {
        uint64_t interrupt = UINT64_C(0x8000000000000000) | code;
        bool is_custom = (code >= 24 && code <= 31) || (code >= 48 && code <= 63);
        const char *beyond = is_custom ? "custom" : "reserved";

        assert_string_equal(hvrv_cause_name(code), code < 24 ? exceptions[code] : beyond);
        beyond = code < 16 ? "reserved" : "platform";
        assert_string_equal(hvrv_cause_name(interrupt), code < 14 ? interrupts[code] : beyond);
    }
    assert_string_equal(hvrv_cause_name(0x7fffffffffffffff), "reserved");
    assert_string_equal(hvrv_cause_name(UINT64_MAX), "platform");
    assert_string_equal(hvrv_cause_name(UINT64_C(0x100000002)), "reserved");
    assert_string_equal(hvrv_cause_name(UINT64_C(0x8000000100000002)), "platform");
}

/* norm:H_guest_page_fault */
static void a_cause_belongs_to_a_class_and_an_access(void **state)
{
    /* By class, then load, store, fetch, HLVX. */
    static const unsigned causes[3][4] = {{5, 7, 1, 5}, {13, 15, 12, 13}, {21, 23, 20, 21}};
    (void)state;

    for (unsigned fault_class = 0; fault_class < 3; fault_class++) {
        for (unsigned access = 0; access < 4; access++)
            assert_int_equal(
                hvrv_cause_of((enum hvrv_fault_class)fault_class, (enum hvrv_access)access),
                causes[fault_class][access]);
    }
    assert_int_equal(HVRV_FAULT_ACCESS, 0);
    assert_int_equal(HVRV_FAULT_PAGE, 1);
    assert_int_equal(HVRV_FAULT_GUEST_PAGE, 2);
    assert_int_equal(HVRV_ACCESS_COUNT, 4);
}

/* norm:H_trap_xtinst_guestpage_rw, norm:H_trap_xtinst_guestpage */
static void the_pseudoinstructions_are_those_of_the_manual(void **state)
{
    (void)state;
    assert_int_equal(HVRV_HTINST_PSEUDO_READ32, 0x00002000);
    assert_int_equal(HVRV_HTINST_PSEUDO_WRITE32, 0x00002020);
    assert_int_equal(HVRV_HTINST_PSEUDO_READ64, 0x00003000);
    assert_int_equal(HVRV_HTINST_PSEUDO_WRITE64, 0x00003020);
    assert_int_equal(HVRV_CAUSE_INTERRUPT, 0x8000000000000000);
}

static void a_reason_is_one_word(void **state)
{
    static const char *const names[] = {
        "none",
        "not-canonical",
        "too-wide",
        "not-valid",
        "write-without-read",
        "reserved-bits",
        "reserved-pbmt",
        "reserved-napot",
        "reserved-in-table",
        "no-leaf",
        "misaligned",
        "user",
        "sum",
        "not-readable",
        "not-writable",
        "not-executable",
        "accessed",
        "dirty",
        "refused",
    };
    (void)state;

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_string_equal(hvrv_reason_name((enum hvrv_reason)i), names[i]);
    assert_string_equal(hvrv_reason_name((enum hvrv_reason)19), "unknown");
    assert_string_equal(hvrv_reason_name((enum hvrv_reason) - 1), "unknown");
}

static const struct {
    struct hvrv_fault fault;
    const char *sentence;
} sentences[] = {
    {{.stval = 0xffffffd5a5a5a5a8,
      .pte = 0x6a50048cdf,
      .pte_address = 0x800082d0,
      .cause = HVRV_CAUSE_FETCH_PAGE_FAULT,
      .stage = HVRV_STAGE_VS,
      .reason = HVRV_REASON_USER,
      .access = HVRV_ACCESS_FETCH,
      .gva = true},
     "instruction page fault at GVA 0xffffffd5a5a5a5a8: VS-stage, PTE 0x6a50048cdf at HPA "
     "0x800082d0 (level 0): U does not fit the privilege: U-mode needs U, S-mode fetches need no "
     "U, and the G-stage always counts as U-mode."},
    {{.stval = 0x4000000000,
      .cause = HVRV_CAUSE_STORE_PAGE_FAULT,
      .stage = HVRV_STAGE_VS,
      .reason = HVRV_REASON_NOT_CANONICAL,
      .access = HVRV_ACCESS_STORE,
      .level = 3,
      .gva = true},
     "store/AMO page fault at GVA 0x4000000000: VS-stage: the address is not canonical: its upper "
     "bits do not repeat the top bit of the mode's width."},
    /* The GPA's low two bits are those of the GVA. */
    {{.stval = 0x100203,
      .htval = 0x20040080,
      .pte = 0,
      .pte_address = 0x80006918,
      .cause = HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT,
      .stage = HVRV_STAGE_G,
      .reason = HVRV_REASON_NOT_VALID,
      .gva = true},
     "load guest-page fault at GVA 0x100203: G-stage, for GPA 0x80100203, PTE 0x0 at HPA "
     "0x80006918 (level 0): V is 0."},
    /* Not so for an implicit access. */
    {{.stval = 0x100203,
      .htval = 0x20002c00,
      .htinst = 0x3000,
      .pte = 0x1,
      .pte_address = 0x80006918,
      .cause = HVRV_CAUSE_STORE_GUEST_PAGE_FAULT,
      .stage = HVRV_STAGE_G,
      .reason = HVRV_REASON_NO_LEAF,
      .access = HVRV_ACCESS_STORE,
      .gva = true,
      .implicit = true},
     "store/AMO guest-page fault at GVA 0x100203: G-stage, for the VS-stage PTE at GPA 0x8000b000, "
     "PTE 0x1 at HPA 0x80006918 (level 0): the entry at level 0 is a pointer and not a leaf."},
    {{.stval = 0x100203,
      .htval = 0x8000000000,
      .cause = HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT,
      .stage = HVRV_STAGE_G,
      .reason = HVRV_REASON_TOO_WIDE,
      .level = 3,
      .gva = true},
     "load guest-page fault at GVA 0x100203: G-stage, for GPA 0x20000000003: the guest physical "
     "address is wider than the mode allows."},
    {{.stval = 0x1000,
      .pte_address = 0x10000000,
      .cause = HVRV_CAUSE_LOAD_ACCESS,
      .stage = HVRV_STAGE_VS,
      .reason = HVRV_REASON_REFUSED,
      .level = 2,
      .gva = true},
     "load access fault at GVA 0x1000: VS-stage, PTE at HPA 0x10000000 (level 2): the physical "
     "memory port refused to access the entry."},
    {{.stval = 0x1000,
      .pte_address = 0x10000000,
      .cause = HVRV_CAUSE_FETCH_ACCESS,
      .stage = HVRV_STAGE_G,
      .reason = HVRV_REASON_REFUSED,
      .level = 1,
      .implicit = true},
     "instruction access fault at address 0x1000: G-stage, PTE at HPA 0x10000000 (level 1): the "
     "physical memory port refused to access the entry."},
    {{.stval = 0,
      .cause = (enum hvrv_cause)14,
      .stage = HVRV_STAGE_VS,
      .reason = (enum hvrv_reason)99},
     "reserved at address 0x0: VS-stage, PTE 0x0 at HPA 0x0 (level 0): the reason is not one of "
     "libhvrv."},
};

static void a_fault_is_explained_in_one_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        char buffer[320];

        assert_int_equal(hvrv_fault_explain(&sentences[i].fault, buffer, sizeof(buffer)),
                         strlen(sentences[i].sentence));
        assert_string_equal(buffer, sentences[i].sentence);
    }
}

static void every_reason_has_an_explanation_that_fits_320_bytes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * 19; i++) {
        struct hvrv_fault fault = {.stval = UINT64_MAX,
                                   .htval = UINT64_MAX >> 2,
                                   .pte = UINT64_MAX,
                                   .pte_address = UINT64_MAX,
                                   .cause = HVRV_CAUSE_STORE_GUEST_PAGE_FAULT,
                                   .stage = HVRV_STAGE_G,
                                   .reason = (enum hvrv_reason)(i / 2),
                                   .level = 255,
                                   .gva = true,
                                   .implicit = i % 2};
        char buffer[320];
        size_t length = hvrv_fault_explain(&fault, buffer, sizeof(buffer));

        assert_in_range(length, 60, 319);
        assert_int_equal(strlen(buffer), length);
        assert_int_equal(buffer[length - 1], '.');
        assert_null(strstr(buffer, "libhvrv"));
    }
}

static void a_short_buffer_gets_what_fits_and_the_length_of_the_whole(void **state)
{
    const char *sentence = sentences[2].sentence;
    size_t whole = strlen(sentence);
    (void)state;

    for (size_t size = 1; size < whole + 3; size++) {
        char buffer[320];
        size_t fits = size - 1 < whole ? size - 1 : whole;

        memset(buffer, '#', sizeof(buffer));
        assert_int_equal(hvrv_fault_explain(&sentences[2].fault, buffer, size), whole);
        assert_memory_equal(buffer, sentence, fits);
        assert_int_equal(buffer[fits], '\0');
        assert_int_equal(buffer[size], '#');
    }
    assert_int_equal(hvrv_fault_explain(&sentences[2].fault, NULL, 0), whole);
}

static void nothing_to_explain_is_an_empty_sentence(void **state)
{
    char buffer[8] = "rubbish";
    (void)state;

    assert_int_equal(hvrv_fault_explain(NULL, buffer, sizeof(buffer)), 0);
    assert_string_equal(buffer, "");
    assert_int_equal(hvrv_fault_explain(NULL, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_have_the_names_of_the_manual),
        cmocka_unit_test(a_cause_belongs_to_a_class_and_an_access),
        cmocka_unit_test(the_pseudoinstructions_are_those_of_the_manual),
        cmocka_unit_test(a_reason_is_one_word),
        cmocka_unit_test(a_fault_is_explained_in_one_sentence),
        cmocka_unit_test(every_reason_has_an_explanation_that_fits_320_bytes),
        cmocka_unit_test(a_short_buffer_gets_what_fits_and_the_length_of_the_whole),
        cmocka_unit_test(nothing_to_explain_is_an_empty_sentence),
    };

    return cmocka_run_group_tests_name("isa/cause", tests, NULL, NULL);
}
