/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/status.h>

const char *hvrv_status_name(enum hvrv_status status)
{
    switch (status) {
#define HVRV_STATUS_CASE(id, name, text) \
    case id:                             \
        return name;
        HVRV_STATUS_LIST(HVRV_STATUS_CASE)
#undef HVRV_STATUS_CASE
    }
    return "unknown";
}

const char *hvrv_status_text(enum hvrv_status status)
{
    switch (status) {
#define HVRV_STATUS_CASE(id, name, text) \
    case id:                             \
        return text;
        HVRV_STATUS_LIST(HVRV_STATUS_CASE)
#undef HVRV_STATUS_CASE
    }
    return "This number is not a status of libhvrv.";
}
