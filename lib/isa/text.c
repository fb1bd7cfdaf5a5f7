/* SPDX-License-Identifier: BSD-2-Clause */
#include "text.h"

struct hvrv_text hvrv_text_init(char *buffer, size_t size)
{
    struct hvrv_text text = {.buffer = buffer, .size = buffer ? size : 0, .length = 0};
    if (text.size > 0)
        buffer[0] = '\0';
    return text;
}

void hvrv_text_char(struct hvrv_text *text, char c)
{
    if (text->length + 1 < text->size) {
        text->buffer[text->length] = c;
        text->buffer[text->length + 1] = '\0';
    }
    text->length++;
}

void hvrv_text_string(struct hvrv_text *text, const char *string)
{
    while (*string)
        hvrv_text_char(text, *string++);
}

static void put_digits(struct hvrv_text *text, uint64_t value, unsigned base)
{
    char digits[20]; /* 2^64 - 1 has 20 decimal digits */
    unsigned count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (count)
        hvrv_text_char(text, digits[--count]);
}

void hvrv_text_decimal(struct hvrv_text *text, uint64_t value)
{
    put_digits(text, value, 10);
}

void hvrv_text_hex(struct hvrv_text *text, uint64_t value)
{
    hvrv_text_string(text, "0x");
    put_digits(text, value, 16);
}

void hvrv_text_hex16(struct hvrv_text *text, uint64_t value)
{
    for (unsigned digit = 16; digit > 0; digit--)
        hvrv_text_char(text, "0123456789abcdef"[value >> (digit - 1) * 4 & 15]);
}

void hvrv_text_pad(struct hvrv_text *text, size_t column)
{
    while (text->length < column)
        hvrv_text_char(text, ' ');
}
