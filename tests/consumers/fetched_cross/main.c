/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include <hvrv/isa/addr.h>

int main(void)
{
    struct hvrv_range range;
    enum hvrv_status status = hvrv_range_make(&range, 0xfffffffffffff000, 0x2000);

    puts(hvrv_status_text(status));
    return status == HVRV_ERR_RANGE && range.last == 0 ? 0 : 1;
}
