/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VS-level CSRs of a vHart, wherever they are: in the hart on which it is
 * loaded, which is the one that executes the call, or in vhart->csr.
 */
#ifndef LIB_VHART_VS_CSR_H
#define LIB_VHART_VS_CSR_H

#include <hvrv/vhart/bind.h>

/* The registers that come up while a guest is served. */
#define VS_CSR_LIST(X) X(vsstatus) X(vstvec) X(vsepc) X(vscause) X(vstval) X(vsie) X(vsatp) X(hvip)

#define VS_CSR_FUNCTIONS(name)                                                           \
    static inline uint64_t read_##name(const struct hvrv_vhart *vhart)                   \
    {                                                                                    \
        return vhart->bind ? hvrv_hart_read_##name(vhart->bind->hart) : vhart->csr.name; \
    }                                                                                    \
    static inline void write_##name(struct hvrv_vhart *vhart, uint64_t value)            \
    {                                                                                    \
        if (vhart->bind)                                                                 \
            hvrv_hart_write_##name(vhart->bind->hart, value);                            \
        else                                                                             \
            vhart->csr.name = value;                                                     \
    }
VS_CSR_LIST(VS_CSR_FUNCTIONS)
#undef VS_CSR_FUNCTIONS

#endif
