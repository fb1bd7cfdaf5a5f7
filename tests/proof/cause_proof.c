/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Causes, reasons and the sentence about a fault: every value has a name, and
 * nothing is written outside the buffer.
 *
 * Assumptions: hvrv_cause_of() is given one of its three classes and four
 * accesses. Only hvrv_text_init() and hvrv_text_char() write: the second is proved
 * for every buffer up to 512 bytes and every length of text before; all together
 * for buffers up to 31 bytes, a string of up to three characters, and a number
 * (in decimal below 256, which is all that cause.c puts: see cause_explain_proof.c).
 *
 * Files: lib/isa/cause.c lib/isa/text.c
 */
#include <hvrv/isa/cause.h>

#include "isa/text.h"
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

/* A string and numbers, put into a buffer that may be too small from the start. */
void words_and_numbers_stay_inside(void)
{
    char buffer[32];
    char string[4] = {nondet_char(), nondet_char(), nondet_char(), '\0'};
    size_t size = nondet_size();
    size_t spare = nondet_size();
    ASSUME(size <= spare && spare < sizeof buffer);
    char before = buffer[spare];
    struct hvrv_text text = hvrv_text_init(any_bool() ? buffer : NULL, size);
    hvrv_text_string(&text, string);
    PROVE(text.length <= 3);
    if (any_bool())
        hvrv_text_hex(&text, nondet_u64());
    else
        hvrv_text_decimal(&text, nondet_u8());
    PROVE(text.length <= 3 + 18);
    PROVE(buffer[spare] == before);
    PROVE(IMPLIES(text.size > 0 && text.length + 1 >= size, buffer[size - 1] == '\0'));
    PROVE(IMPLIES(text.size > 0 && text.length < size, buffer[text.length] == '\0'));
    COVER(text.length == 21 && size == 10);
    COVER(text.length < size);
    COVER(text.size == 0 && size > 0);
}
