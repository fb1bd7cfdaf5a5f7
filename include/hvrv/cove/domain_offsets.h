/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup domain
 * Where the fields that the trap vector uses lie, in bytes. domain.c asserts every line against the
 * C structures. Included by domain.S and domain.c; this file includes nothing.
 */
#ifndef HVRV_COVE_DOMAIN_OFFSETS_H
#define HVRV_COVE_DOMAIN_OFFSETS_H

/** @cond OFFSETS */

/* Of struct hvrv_domain_hart. */
#define HVRV_DOMAIN_CURRENT 0
#define HVRV_DOMAIN_HANDLER 8
#define HVRV_DOMAIN_STACK   16
#define HVRV_DOMAIN_SCRATCH 24
#define HVRV_DOMAIN_GP      32

/* Of struct hvrv_domain_context: x[n] lies at 8 * n. */
#define HVRV_DOMAIN_X(n) (8 * (n))
#define HVRV_DOMAIN_PC   256

/** @endcond */

#endif
