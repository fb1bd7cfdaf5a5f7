/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Causes, reasons and the sentence about a fault: every value has a name, and
 * nothing is written outside the buffer.
 *
 * Assumptions: hvrv_cause_of() is given one of its three classes and four
 * accesses. A sentence's buffer has 0 to SIZE_MOST bytes; that a longer one is no
 * different is a_character_stays_inside, the one function that writes, for every
 * buffer up to 512 bytes and every length of text before. Everything in the fault
 * is anything.
 *
 * Files: lib/isa/cause.c lib/isa/text.c
 */
#include <hvrv/isa/cause.h>

#include "../../lib/isa/text.h"
#include "proof.h"

#define BUFFER 512

void every_value_has_a_name(void)
{
    uint64_t scause = nondet_u64();
    unsigned reason = nondet_unsigned();
    const char *name = hvrv_cause_name(scause);
    const char *word = hvrv_reason_name((enum hvrv_reason)reason);
    PROVE(name != NULL && name[0] != '\0');
    PROVE(word != NULL);
    PROVE((reason > HVRV_REASON_REFUSED) == (word[0] == 'u' && word[1] == 'n')); /* unknown */
    COVER(scause >> 63 == 1);
    COVER(reason > HVRV_REASON_REFUSED);
}

void a_cause_is_that_of_class_and_access(void)
{
    static const unsigned fetch[] = {1, 12, 20}, load[] = {5, 13, 21}, store[] = {7, 15, 23};
    unsigned fault_class = nondet_unsigned();
    unsigned access = nondet_unsigned();
    ASSUME(fault_class < 3 && access < 4);
    enum hvrv_cause cause =
        hvrv_cause_of((enum hvrv_fault_class)fault_class, (enum hvrv_access)access);
    PROVE((unsigned)cause == (access == HVRV_ACCESS_FETCH   ? fetch[fault_class]
                              : access == HVRV_ACCESS_STORE ? store[fault_class]
                                                            : load[fault_class]));
    COVER((unsigned)cause == 23);
}

/* Any builder that can come about: one whose length went past the end included. */
void a_character_stays_inside(void)
{
    char buffer[BUFFER];
    size_t size = nondet_size();
    size_t length = nondet_size();
    size_t spare = nondet_size();
    ASSUME(size <= BUFFER);
    ASSUME(spare >= size && spare < BUFFER + 1);
    struct hvrv_text text = {buffer, size, length};
    /* No text is as long as the address space. */
    ASSUME(length < SIZE_MAX);
    bool fits = length + 1 < size;
    char before = spare < BUFFER ? buffer[spare] : '\0';
    hvrv_text_char(&text, nondet_char());
    PROVE(text.length == length + 1 && text.buffer == buffer && text.size == size);
    PROVE(IMPLIES(spare < BUFFER, buffer[spare] == before));
    PROVE(IMPLIES(fits, buffer[length + 1] == '\0'));
    COVER(fits);
    COVER(!fits && size > 0);
}

/* The bytes behind the buffer keep their value, and its text ends inside it. */
void an_explanation_stays_inside_its_buffer(void)
{
    char buffer[SIZE_MOST + 1];
    size_t size = nondet_size();
    size_t spare = nondet_size();
    ASSUME(size <= spare && spare <= SIZE_MOST);
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
    char before = buffer[spare];
    size_t length = hvrv_fault_explain(&fault, buffer, size);
    PROVE(length > 0 && length < 320);
    PROVE(buffer[spare] == before);
    PROVE(IMPLIES(size > 0 && length + 1 >= size, buffer[size - 1] == '\0'));
    COVER(length > 250);
    COVER(size == SIZE_MOST);
}
