/* SPDX-License-Identifier: BSD-2-Clause */
/* A mistake: on the way back to the host one register of the other domain stays in the hart. */
#include "firmware.h"

enum hvrv_status __real_hvrv_domain_return(struct hvrv_domain_hart *hart);
enum hvrv_status __wrap_hvrv_domain_return(struct hvrv_domain_hart *hart);

enum hvrv_status __wrap_hvrv_domain_return(struct hvrv_domain_hart *hart)
{
    uint64_t vsscratch = hvrv_hart_read_vsscratch(hart->config.hart);
    enum hvrv_status status = __real_hvrv_domain_return(hart);

    hvrv_hart_write_vsscratch(hart->config.hart, vsscratch);
    return status;
}
