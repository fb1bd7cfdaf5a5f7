/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manual draws a register as a row of fields. A figure is such a drawing in numbers, held
 * against HVRV_CSR_FIELD_LIST; beside it, the rows of HVRV_CSR_LIST by name.
 */
#ifndef HVRV_TESTS_CSR_FIGURE_H
#define HVRV_TESTS_CSR_FIGURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/isa/csr.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct list_row {
    const char *name;
    uint64_t mask;
    const char *access;
};

struct field_row {
    const char *csr;
    const char *field;
    uint64_t mask;
};

extern const struct field_row csr_fields[];
extern const size_t csr_field_count;

/* One field of a figure. */
struct drawn {
    const char *field;
    unsigned msb, lsb;
};

#define FIELDS_MAX 14

/* A figure: its fields, the lowest first. */
struct figure {
    const char *csr;
    struct drawn fields[FIELDS_MAX];
};

/* What a write can change in a register. */
struct writable {
    const char *name;
    uint64_t mask;
};

/* The row of a register in HVRV_CSR_LIST. */
const struct list_row *csr_row(const char *name);

/* Asserts that the library has the fields of the figures, and no more of their registers. */
void assert_figures(const struct figure *figures, size_t count);

/* Asserts that the registers are read-write, and these bits in them. */
void assert_writable(const struct writable *registers, size_t count);

#endif
