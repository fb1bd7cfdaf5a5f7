/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating-point and vector registers, as far as load and put have to do with them.
 */
#ifndef HVRV_LIB_VHART_BIND_STATE_H
#define HVRV_LIB_VHART_BIND_STATE_H

#include <hvrv/vhart/bind.h>

/* Whether the hart can hold the vHart's registers. */
enum hvrv_status hvrv_bind_check_state(const struct hvrv_probe *probe,
                                       const struct hvrv_vhart *vhart);

/* What the vHart may use comes from memory; what the hart lacks is Off. */
void hvrv_bind_load_state(const struct hvrv_probe *probe, struct hvrv_vhart *vhart);

/* What the guest changed goes to memory; by policy all, and the hart keeps none. To be called with
 * vhart->csr.vsstatus taken from the hart. */
void hvrv_bind_put_state(const struct hvrv_probe *probe, struct hvrv_vhart *vhart);

#endif
