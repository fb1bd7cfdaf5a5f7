/* SPDX-License-Identifier: BSD-2-Clause */
/* SBI (riscv-non-isa/riscv-sbi-doc): the calls that the guests make and the hypervisors serve. */
#ifndef EXAMPLES_COMMON_SBI_H
#define EXAMPLES_COMMON_SBI_H

#define SBI_BASE              0x10
#define SBI_BASE_SPEC_VERSION 0
#define SBI_SPEC_VERSION      0x02000000 /* 2.0 */
#define SBI_BASE_PROBE        3
#define SBI_TIME              0x54494d45
#define SBI_TIME_SET_TIMER    0
#define SBI_HSM               0x48534d
#define SBI_HSM_SUSPEND       3
#define SBI_HSM_RETENTIVE     0
#define SBI_DBCN              0x4442434e
#define SBI_DBCN_WRITE_BYTE   2
#define SBI_SRST              0x53525354
#define SBI_SRST_RESET        0
#define SBI_SRST_NO_REASON    0
#define SBI_SRST_FAILURE      1
#define SBI_EXPERIMENTAL      0x08000000 /* extensions of one's own, up to 0x08ffffff */

#define SBI_SUCCESS           0
#define SBI_ERR_NOT_SUPPORTED (-2)
#define SBI_ERR_INVALID_PARAM (-3)

#endif
