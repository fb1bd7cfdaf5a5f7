/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints docs/csr.md from the list of registers: csr_doc > docs/csr.md.
 * Runs on the machine that builds, with its C library.
 */
#include <stdio.h>

#include <hvrv/isa/csr.h>

struct row {
    const char *name;
    unsigned number;
    const char *access;
    const char *extension;
    uint64_t mask;
};

struct rule {
    unsigned number;
    const char *text;
};

#define EXTENSION(id, name, text) static const char *const extension_##id = name;
HVRV_CSR_EXTENSION_LIST(EXTENSION)

static const char *rule_of(unsigned number)
{
    static const struct rule rules[] = {
#define ROW(id, text) {HVRV_CSR_##id, text},
        HVRV_CSR_RULE_LIST(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].number == number)
            return rules[i].text;
    }
    return "";
}

static void print_row(const struct row *row)
{
    char mask[24] = "";
    if (row->access[1] == 'W')
        snprintf(mask, sizeof mask, "`0x%llx`", (unsigned long long)row->mask);
    printf("| `0x%03x` | `%s` | %c%s | %s | %s | %s |\n", row->number, row->name,
           "USHM"[row->number >> 8 & 3], row -> access, row -> extension, mask,
           rule_of(row->number));
}

int main(void)
{
    printf(
        "<!-- SPDX-License-Identifier: BSD-2-Clause -->\n"
        "# Control and status registers\n\n"
        "Every register that the library knows, made by `cmake/csr_doc.c` from the one list in\n"
        "`include/hvrv/isa/csr_list.h`. Access is the lowest privilege (U, S, H for HS-mode, M)\n"
        "and read-write or read-only. The mask has the bits that a write can change on a hart\n"
        "that has every extension, is little-endian and has XLEN = 64 in every mode; the rule\n"
        "says what the mask does not tell.\n\n"
        "| Number | Name | Access | Extension | Writable bits | Rule |\n"
        "|---|---|---|---|---|---|\n");
#define ROW(id, name, number, access, extension, mask) \
    print_row(&(struct row){#name, number, #access, extension_##extension, mask});
    HVRV_CSR_LIST(ROW)
#undef ROW
    return 0;
}
