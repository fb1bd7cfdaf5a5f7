/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guests and the hypervisor agree on, for C and assembly. */
#ifndef STATE_LAYOUT_H
#define STATE_LAYOUT_H

/* Written by state.sh: 1 where the firmware cannot hand a guest's illegal instruction on. */
#define HPA_NO_REDIRECT 0x83000000

/* The guest's registers. */
#define GPR_PATTERN 8  /* s0: what its registers hold now */
#define GPR_HAS     9  /* s1: HAS_.. */
#define GPR_SCRATCH 18 /* s2: 8 * vlenb bytes */
#define GPR_STEP    19 /* s3: what is added to the pattern each round */
#define GPR_COUNT   22 /* s6: registers that were as they should be */
#define GPR_CALL    17 /* a7: CALL_.. */
#define GPR_FOUND   10 /* a0: of CALL_WRONG, what was found */
#define GPR_WANTED  11 /* a1: and what should have been */

#define HAS_FP     1
#define HAS_VECTOR 2

#define CALL_CHANGED 0 /* the registers were filled anew */
#define CALL_SAME    1 /* nothing was touched since the last call */
#define CALL_CSRS    2 /* only fcsr and vcsr were written */
#define CALL_CHECKED 3 /* all were looked at */
#define CALL_WRONG   4

#endif
