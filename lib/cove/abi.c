/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/cove/abi.h>

const char *hvrv_cove_extension_name(uint64_t id)
{
    switch (id) {
#define NAME(extension, number, name) \
    case extension:                   \
        return name;
        HVRV_COVE_EXTENSION_LIST(NAME)
#undef NAME
    default:
        return "unknown";
    }
}

/* A function's row, as its name is looked for. */
struct function {
    uint64_t extension;
    uint64_t number;
    const char *name;
};

const char *hvrv_cove_function_name(enum hvrv_cove_id id, uint64_t function)
{
    static const struct function rows[] = {
#define ROW(function, extension, number, name, arguments) {extension, number, name},
        HVRV_COVE_FUNCTION_LIST(ROW)
#undef ROW
    };

    for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].extension == (uint64_t)id && rows[i].number == (function & ~HVRV_COVE_FID_SDID))
            return rows[i].name;
    }
    return "unknown";
}

unsigned hvrv_cove_page_shift(uint64_t type)
{
    switch (type) {
#define SHIFT(page, number, shift, name) \
    case page:                           \
        return shift;
        HVRV_COVE_PAGE_LIST(SHIFT)
#undef SHIFT
    default:
        return 0;
    }
}
