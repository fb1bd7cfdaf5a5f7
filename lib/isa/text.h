/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text into a caller's buffer, without a libc: bounded, always terminated, and
 * counting on past the end so that the caller learns the length it needs.
 */
#ifndef HVRV_LIB_ISA_TEXT_H
#define HVRV_LIB_ISA_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct hvrv_text {
    char *buffer;  /* may be null if size is 0 */
    size_t size;   /* bytes in buffer */
    size_t length; /* characters written or wanted, without the terminator */
};

struct hvrv_text hvrv_text_init(char *buffer, size_t size);
void hvrv_text_char(struct hvrv_text *text, char c);
void hvrv_text_string(struct hvrv_text *text, const char *string);
void hvrv_text_decimal(struct hvrv_text *text, uint64_t value);
void hvrv_text_hex(struct hvrv_text *text, uint64_t value);   /* with 0x */
void hvrv_text_hex16(struct hvrv_text *text, uint64_t value); /* sixteen digits, without 0x */
void hvrv_text_pad(struct hvrv_text *text, size_t column);    /* blanks up to that length */

#endif
