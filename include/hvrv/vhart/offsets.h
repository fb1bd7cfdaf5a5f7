/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup context
 * Where the fields of struct hvrv_vhart lie, in bytes, for assembly. context.c
 * asserts every line against the C structure, so the two cannot drift apart.
 * Included by the assembly files of lib/vhart and by context.c; this file includes nothing.
 */
#ifndef HVRV_VHART_OFFSETS_H
#define HVRV_VHART_OFFSETS_H

/** @cond OFFSETS */

/* The guest: gpr[n] lies at 8 * n. */
#define HVRV_VHART_GPR(n)  (8 * (n))
#define HVRV_VHART_SEPC    256
#define HVRV_VHART_SSTATUS 264
#define HVRV_VHART_HSTATUS 272

/* The host: s[n] lies at HVRV_VHART_HOST_S + 8 * n. */
#define HVRV_VHART_HOST_S(n)     (280 + 8 * (n))
#define HVRV_VHART_HOST_RA       376
#define HVRV_VHART_HOST_SP       384
#define HVRV_VHART_HOST_GP       392
#define HVRV_VHART_HOST_TP       400
#define HVRV_VHART_HOST_SSTATUS  408
#define HVRV_VHART_HOST_STVEC    416
#define HVRV_VHART_HOST_SSCRATCH 424
#define HVRV_VHART_HOST_VECTOR   432

/* Floating point: f[n] lies at 8 * n of struct hvrv_vhart_fp. */
#define HVRV_VHART_FP_F(n) (8 * (n))
#define HVRV_VHART_FP_FCSR 256

/* Vectors, of struct hvrv_vhart_vector. */
#define HVRV_VHART_VECTOR_VSTART    0
#define HVRV_VHART_VECTOR_VCSR      8
#define HVRV_VHART_VECTOR_VL        16
#define HVRV_VHART_VECTOR_VTYPE     24
#define HVRV_VHART_VECTOR_REGISTERS 40

/* Registers that the assemblers of GCC 12 and Clang 14 do not know by name. */
#define HVRV_VHART_CSR_HSTATUS 0x600

/** @endcond */

#endif
