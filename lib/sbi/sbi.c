/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/sbi/sbi.h>

const char *hvrv_sbi_extension_name(uint64_t id)
{
    switch (id) {
#define NAME(id, number, name) \
    case id:                   \
        return name;
        HVRV_SBI_EXTENSION_LIST(NAME)
#undef NAME
    default:
        return "unknown";
    }
}

const char *hvrv_sbi_function_name(enum hvrv_sbi_id id, uint64_t function)
{
    static const struct {
        enum hvrv_sbi_id id;
        uint32_t function;
        const char *name;
    } rows[] = {
#define ROW(id, extension, number, name) {extension, number, name},
        HVRV_SBI_FUNCTION_LIST(ROW)
#undef ROW
    };

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].id == id && rows[i].function == function)
            return rows[i].name;
    }
    return "unknown";
}

const char *hvrv_sbi_error_name(int64_t error)
{
    switch (error) {
#define NAME(id, number, name) \
    case id:                   \
        return name;
        HVRV_SBI_ERROR_LIST(NAME)
#undef NAME
    default:
        return "unknown";
    }
}

const char *hvrv_sbi_state_name(enum hvrv_sbi_state state)
{
    switch (state) {
#define NAME(id, number, name) \
    case id:                   \
        return name;
        HVRV_SBI_STATE_LIST(NAME)
#undef NAME
    }
    return "unknown";
}
