/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sentence about a fault goes into its buffer by the text builder alone, which
 * cause_proof.c proves to stay inside, and is no longer than 319 characters.
 *
 * Assumptions: the builder's functions are the ones below in place of those of
 * lib/isa/text.c: they count the characters and write nothing, and a number may
 * have any length that numbers have. Everything in the fault, and the buffer, is
 * anything.
 *
 * Files: lib/isa/cause.c
 */
#include <hvrv/isa/cause.h>

#include "isa/text.h"
#include "proof.h"

static char *given;
static size_t given_size;

static bool is_ours(const struct hvrv_text *text)
{
    return text->buffer == given && text->size == given_size;
}

struct hvrv_text hvrv_text_init(char *buffer, size_t size)
{
    PROVE(buffer == given && size == given_size);
    struct hvrv_text text = {buffer, size, 0};
    return text;
}

void hvrv_text_char(struct hvrv_text *text, char c)
{
    PROVE(is_ours(text) && c != '\0');
    text->length++;
}

void hvrv_text_string(struct hvrv_text *text, const char *string)
{
    size_t length = 0;
    PROVE(is_ours(text));
    while (string[length] != '\0')
        length++;
    text->length += length;
}

void hvrv_text_decimal(struct hvrv_text *text, uint64_t value)
{
    PROVE(is_ours(text));
    PROVE(value < 256);
    text->length += value < 10 ? 1 : value < 100 ? 2 : 3;
}

void hvrv_text_hex(struct hvrv_text *text, uint64_t value)
{
    PROVE(is_ours(text));
    text->length += value >> 60 ? 18 : 3;
}

void an_explanation_is_built_of_characters(void)
{
    struct hvrv_fault fault = {
        .stval = nondet_u64(),
        .htval = nondet_u64(),
        .pte = nondet_u64(),
        .pte_address = nondet_u64(),
        .htinst = nondet_unsigned(),
        .cause = (enum hvrv_cause)nondet_unsigned(),
        .stage = (enum hvrv_stage)nondet_unsigned(),
        .reason = (enum hvrv_reason)nondet_unsigned(),
        .access = (enum hvrv_access)nondet_unsigned(),
        .level = nondet_u8(),
        .gva = any_bool(),
        .implicit = any_bool(),
    };
    given_size = nondet_size();
    given = (char *)(uintptr_t)nondet_u64(); /* no byte of it may be touched here */
    size_t length = hvrv_fault_explain(&fault, given, given_size);
    PROVE(length > 0 && length < 320);
    COVER(length > 250);
    COVER(given_size == 0);
    PROVE(hvrv_fault_explain(NULL, given, given_size) == 0);
}
