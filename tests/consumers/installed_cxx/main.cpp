/* SPDX-License-Identifier: BSD-2-Clause */
#include <cstdio>

#include <hvrv/isa/addr.h>

int main()
{
    hvrv_range range;
    hvrv_status status = hvrv_range_make(&range, 0x80000000, 0x1000);

    std::printf("%s\n", hvrv_status_name(status));
    return status == HVRV_OK && range.last == 0x80000fff ? 0 : 1;
}
