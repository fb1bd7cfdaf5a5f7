/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's firmware: answers an SBI call in its registers, and tells what else it wants. */
#ifndef EXAMPLES_COMMON_SBI_SERVER_H
#define EXAMPLES_COMMON_SBI_SERVER_H

#include <hvrv/vhart/context.h>

#include "sbi.h"

/* The registers of a call, in hvrv_vhart.gpr. */
enum { A0 = 10, A1 = 11, A6 = 16, A7 = 17 };

enum sbi_state { SBI_RUNNING, SBI_SUSPENDED, SBI_OFF };

struct sbi {
    enum sbi_state state;
    uint64_t reason; /* of the guest's power-off */
};

void sbi_call(struct sbi *sbi, struct hvrv_vhart *vhart);

#endif
