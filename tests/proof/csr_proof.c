/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of every register of csr_fields.h: contiguous, not empty, disjoint.
 * And the register list: what a number says.
 *
 * Assumptions: none. Two fields are any two of the list.
 *
 * Files: lib/isa/csr.c lib/isa/text.c
 */
#include <hvrv/isa/csr.h>

#include "proof.h"

struct row {
    uint16_t number;
    uint64_t mask;
};

static const struct row rows[] = {
#define ROW(id, field) {HVRV_CSR_##id, HVRV_##id##_##field},
    HVRV_CSR_FIELD_LIST(ROW)
#undef ROW
};

#define ROWS (sizeof rows / sizeof rows[0])

void fields_of_a_register_are_disjoint(void)
{
    size_t a = nondet_size();
    size_t b = nondet_size();
    if (a >= ROWS || b >= ROWS)
        return;
    uint64_t mask = rows[a].mask;
    bool is_pair = a != b && rows[a].number == rows[b].number;
    PROVE(mask != 0);
    PROVE((((mask | (mask - 1)) + 1) & mask) == 0); /* contiguous */
    PROVE(IMPLIES(is_pair, (mask & rows[b].mask) == 0));
    COVER(is_pair);
    COVER(rows[a].number == 0x600 && mask == 0x3f000); /* hstatus.VGEIN */
}

void a_number_tells_access_and_privilege(void)
{
    enum hvrv_csr csr = (enum hvrv_csr)nondet_unsigned();
    unsigned number = (unsigned)csr;
    enum hvrv_csr_extension extension = (enum hvrv_csr_extension)nondet_unsigned();
    enum hvrv_status status = hvrv_csr_extension(csr, &extension);
    bool is_listed = hvrv_csr_is_listed(csr);
    PROVE(hvrv_csr_is_read_only(csr) == ((number & 0xc00) == 0xc00));
    PROVE((unsigned)hvrv_csr_privilege(csr) == (number & 0x300) / 0x100);
    PROVE(status == (is_listed ? HVRV_OK : HVRV_ERR_MISSING));
    PROVE(IMPLIES(status != HVRV_OK, (unsigned)extension == 0));
    PROVE(hvrv_csr_name(csr) != NULL);
    PROVE(hvrv_csr_extension_name((enum hvrv_csr_extension)nondet_unsigned()) != NULL);
    COVER(is_listed && (number & 0xc00) == 0xc00);
    COVER(!is_listed);
}
