/* SPDX-License-Identifier: BSD-2-Clause */
#include "csr_figure.h"

static const struct list_row list[] = {
#define ROW(id, name, number, access, extension, mask) {#name, mask, #access},
    HVRV_CSR_LIST(ROW)
#undef ROW
};

const struct field_row csr_fields[] = {
#define ROW(id, field) {#id, #field, HVRV_##id##_##field},
    HVRV_CSR_FIELD_LIST(ROW)
#undef ROW
};

const size_t csr_field_count = LENGTH(csr_fields);

const struct list_row *csr_row(const char *name)
{
    for (size_t i = 0; i < LENGTH(list); i++) {
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    }
    fail_msg("no register is named %s", name);
    return NULL;
}

/* Bits msb to lsb, without the library's macros. */
static uint64_t bits(unsigned msb, unsigned lsb)
{
    uint64_t mask = 0;
    for (unsigned i = lsb; i <= msb; i++)
        mask |= (uint64_t)1 << i;
    return mask;
}

/* How many fields the library has of a register. */
static size_t count_fields(const char *csr)
{
    size_t count = 0;
    for (size_t i = 0; i < csr_field_count; i++)
        count += strcmp(csr_fields[i].csr, csr) == 0;
    return count;
}

static void assert_field(const char *csr, const struct drawn *drawn)
{
    for (size_t i = 0; i < csr_field_count; i++) {
        const struct field_row *row = &csr_fields[i];

        if (strcmp(row->csr, csr) == 0 && strcmp(row->field, drawn->field) == 0) {
            assert_int_equal(row->mask, bits(drawn->msb, drawn->lsb));
            return;
        }
    }
    fail_msg("%s has no field %s", csr, drawn->field);
}

void assert_figures(const struct figure *figures, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (j < FIELDS_MAX && figures[i].fields[j].field)
            assert_field(figures[i].csr, &figures[i].fields[j++]);
        assert_int_equal(count_fields(figures[i].csr), j);
    }
}

void assert_writable(const struct writable *registers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct list_row *row = csr_row(registers[i].name);

        assert_int_equal(row->mask, registers[i].mask);
        assert_string_equal(row->access, "RW");
    }
}
