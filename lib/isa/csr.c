/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/csr.h>

#include "text.h"

#define NAME_SIZE  14 /* holds the longest register name */
#define FIELD_SIZE 22 /* holds the longest field name, and rounds its row to 32 bytes */

/* The texts stand in the rows, not behind pointers: nothing here needs relocating. */
struct csr_row {
    uint16_t number;
    uint8_t extension;
    char name[NAME_SIZE];
};

struct field_row {
    uint64_t mask;
    uint16_t number;
    char name[FIELD_SIZE];
};

#define ROW_FITS(id, name, number, access, extension, mask) \
    _Static_assert(sizeof #name <= NAME_SIZE, "the name fits its row");
HVRV_CSR_LIST(ROW_FITS)

#define FIELD_FITS(id, field) _Static_assert(sizeof #field <= FIELD_SIZE, "the name fits its row");
HVRV_CSR_FIELD_LIST(FIELD_FITS)

static const struct csr_row csrs[] = {
#define ROW(id, name, number, access, extension, mask) \
    {number, HVRV_CSR_EXTENSION_##extension, #name},
    HVRV_CSR_LIST(ROW)
#undef ROW
};

static const struct field_row fields[] = {
#define ROW(id, field) {HVRV_##id##_##field, HVRV_CSR_##id, #field},
    HVRV_CSR_FIELD_LIST(ROW)
#undef ROW
};

static const char extensions[][12] = {
#define ROW(id, name, text) name,
    HVRV_CSR_EXTENSION_LIST(ROW)
#undef ROW
};

#define CSRS       (sizeof csrs / sizeof csrs[0])
#define FIELDS     (sizeof fields / sizeof fields[0])
#define EXTENSIONS (sizeof extensions / sizeof extensions[0])

static const struct csr_row *find(enum hvrv_csr csr)
{
    for (size_t i = 0; i < CSRS; i++) {
        if (csrs[i].number == (unsigned)csr)
            return &csrs[i];
    }
    return NULL;
}

/* Reads no character of a beyond its first that differs or ends it. */
static bool is_equal(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

bool hvrv_csr_is_listed(enum hvrv_csr csr)
{
    return find(csr) != NULL;
}

const char *hvrv_csr_name(enum hvrv_csr csr)
{
    const struct csr_row *row = find(csr);
    return row ? row->name : "unknown";
}

enum hvrv_status hvrv_csr_by_name(const char *name, enum hvrv_csr *csr)
{
    if (csr)
        *csr = (enum hvrv_csr)0;
    if (!name || !csr)
        return HVRV_ERR_NULL;
    for (size_t i = 0; i < CSRS; i++) {
        if (is_equal(name, csrs[i].name)) {
            *csr = (enum hvrv_csr)csrs[i].number;
            return HVRV_OK;
        }
    }
    return HVRV_ERR_MISSING;
}

enum hvrv_status hvrv_csr_extension(enum hvrv_csr csr, enum hvrv_csr_extension *extension)
{
    if (!extension)
        return HVRV_ERR_NULL;
    const struct csr_row *row = find(csr);
    *extension = (enum hvrv_csr_extension)(row ? row->extension : 0);
    return row ? HVRV_OK : HVRV_ERR_MISSING;
}

const char *hvrv_csr_extension_name(enum hvrv_csr_extension extension)
{
    return (unsigned)extension < EXTENSIONS ? extensions[extension] : "unknown";
}

static void put_field(struct hvrv_text *text, const struct field_row *field, uint64_t value)
{
    uint64_t number = hvrv_bits_get(value, field->mask);
    if (number == 0)
        return;
    hvrv_text_char(text, ' ');
    hvrv_text_string(text, field->name);
    if (hvrv_bits_get(field->mask, field->mask) == 1)
        return;
    hvrv_text_char(text, '=');
    if (hvrv_bits_fit(HVRV_BITS(15, 0), hvrv_bits_get(field->mask, field->mask)))
        hvrv_text_decimal(text, number);
    else
        hvrv_text_hex(text, number);
}

size_t hvrv_csr_print(enum hvrv_csr csr, uint64_t value, char *buffer, size_t size)
{
    struct hvrv_text text = hvrv_text_init(buffer, size);
    const struct csr_row *row = find(csr);
    if (!row)
        return 0;
    hvrv_text_string(&text, row->name);
    uint64_t covered = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].number == row->number) {
            put_field(&text, &fields[i], value);
            covered |= fields[i].mask;
        }
    }
    if (covered == 0) {
        hvrv_text_char(&text, ' ');
        hvrv_text_hex(&text, value);
    } else if (value & ~covered) {
        hvrv_text_string(&text, " ?=");
        hvrv_text_hex(&text, value & ~covered);
    }
    return text.length;
}
