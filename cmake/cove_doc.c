/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints docs/cove.md from the lists of CoVE's modules: cove_doc > docs/cove.md.
 * Runs on the machine that builds, with its C library.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <hvrv/cove/client_exit.h>
#include <hvrv/cove/domain.h>
#include <hvrv/cove/page.h>

struct function {
    uint64_t extension;
    unsigned number;
    const char *name;
    const char *arguments;
};

static const struct function functions[] = {
#define ROW(id, extension, number, name, arguments) {extension, number, name, arguments},
    HVRV_COVE_FUNCTION_LIST(ROW)
#undef ROW
};

/* The arguments with their registers: "a0 tvm_guest_id, a1 gpa". */
static void print_arguments(const char *names)
{
    unsigned place = 0;

    while (*names) {
        size_t length = strcspn(names, ",");
        printf("%s`a%u` %.*s", place ? ", " : "", place, (int)length, names);
        place++;
        names += length + strspn(names + length, ", ");
    }
}

static void print_extension(uint64_t id, const char *name)
{
    printf("\n## %s, `a7` = `0x%" PRIx64 "`\n\n| `a6` | Function | Arguments |\n|---|---|---|\n",
           name, id);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (functions[i].extension != id)
            continue;
        printf("| %u | %s | ", functions[i].number, functions[i].name);
        print_arguments(functions[i].arguments);
        printf(" |\n");
    }
}

static void print_abi(void)
{
    printf("<!-- SPDX-License-Identifier: BSD-2-Clause -->\n"
           "# CoVE's tables\n\n"
           "Made by `cmake/cove_doc.c` from the lists in `include/hvrv/cove`, from which the "
           "library's\n"
           "numbers and names come too. What the calls do is told in the guide: the host's in\n"
           "[tsm](guide/tsm.md), the TVM's in [tvm](guide/tvm.md). The text that is followed is "
           "that of\n"
           "%d.\n",
           HVRV_COVE_ABI_DATE);
#define EXTENSION(id, number, name) print_extension(number, name);
    HVRV_COVE_EXTENSION_LIST(EXTENSION)
#undef EXTENSION

    printf("\n## Between TSM and TSM-driver, `a7` = `0x%" PRIx64 "`\n\n"
           "This library's own.\n\n| `a6` | Function | Who, and with what |\n|---|---|---|\n",
           HVRV_DOMAIN_EXTENSION);
#define ROW(id, number, text) printf("| %d | %s | %s |\n", number, #id, text);
    HVRV_DOMAIN_FUNCTION_LIST(ROW)
#undef ROW

    printf("\n## Types and capabilities\n\n| tsm_page_type | Page |\n|---|---|\n");
#define ROW(id, number, shift, name) printf("| %d | %s |\n", number, name);
    HVRV_COVE_PAGE_LIST(ROW)
#undef ROW

    printf("\n| tsm_capabilities, bit | What it says |\n|---|---|\n");
#define ROW(id, bit, text) printf("| %d | %s |\n", bit, text);
    HVRV_COVE_CAPABILITY_LIST(ROW)
#undef ROW

    printf("\n| HashAlgorithm | Name | Bytes |\n|---|---|---|\n");
#define ROW(id, number, size, name) printf("| %d | %s | %d |\n", number, name, size);
    HVRV_COVE_HASH_LIST(ROW)
#undef ROW
}

static void print_library(void)
{
    printf("\n## What becomes of a page\n\n| State | What it is |\n|---|---|\n");
#define ROW(id, name, text) printf("| %s | %s |\n", name, text);
    HVRV_PAGE_STATE_LIST(ROW)
#undef ROW

    printf("\n| From | To | By |\n|---|---|---|\n");
#define ROW(from, to, text) \
    printf("| %s | %s | %s |\n", hvrv_page_state_name(from), hvrv_page_state_name(to), text);
    HVRV_PAGE_EDGE_LIST(ROW)
#undef ROW

    printf("\n## Why a vHart came back\n\n| Exit | What the host does |\n|---|---|\n");
#define ROW(id, name, text) printf("| %s | %s |\n", name, text);
    HVRV_CLIENT_EXIT_LIST(ROW)
#undef ROW
}

int main(void)
{
    print_abi();
    print_library();
    return 0;
}
