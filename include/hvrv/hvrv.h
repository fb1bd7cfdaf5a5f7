/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * All of libhvrv, in reading order. Each header also stands alone.
 */
#ifndef HVRV_HVRV_H
#define HVRV_HVRV_H

/* clang-format off */
#include <hvrv/status.h>
#include <hvrv/isa/bits.h>
#include <hvrv/isa/addr.h>
#include <hvrv/isa/csr.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/isa/mode.h>
#include <hvrv/isa/cause.h>
#include <hvrv/isa/pte.h>
#include <hvrv/isa/insn.h>
#include <hvrv/port/phys.h>
#include <hvrv/port/pages.h>
#include <hvrv/port/hart.h>
#include <hvrv/port/probe.h>
#include <hvrv/mmu/walk.h>
#include <hvrv/mmu/fence.h>
#include <hvrv/mmu/vmid.h>
#include <hvrv/mmu/gstage.h>
#include <hvrv/mmu/pmp.h>
#include <hvrv/mmu/mpt.h>
#include <hvrv/vhart/context.h>
#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/timer.h>
#include <hvrv/vhart/run.h>
#include <hvrv/vhart/trap.h>
#include <hvrv/vhart/guest.h>
#include <hvrv/vhart/inject.h>
#include <hvrv/vhart/virtual.h>
#include <hvrv/vhart/mmio.h>
#include <hvrv/dev/plic.h>
#include <hvrv/dev/uart.h>
#include <hvrv/sbi/sbi.h>
#include <hvrv/sbi/server.h>
#include <hvrv/cove/abi.h>
#include <hvrv/cove/epoch.h>
#include <hvrv/cove/page.h>
#include <hvrv/cove/region.h>
#include <hvrv/cove/tvm.h>
#include <hvrv/cove/tsm.h>
#include <hvrv/cove/isolation.h>
#include <hvrv/cove/domain.h>
#include <hvrv/cove/client.h>
#include <hvrv/cove/client_aia.h>
#include <hvrv/cove/client_exit.h>
/* clang-format on */

#endif
