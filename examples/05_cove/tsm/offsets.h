/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that start.S needs; driver.c sees to it that they are right. */
#ifndef EXAMPLES_COVE_TSM_OFFSETS_H
#define EXAMPLES_COVE_TSM_OFFSETS_H

#define TSM_STACK 0 /* of struct tsm_hart */
#define TSM_SAVED 8

#define TSM_EXTENSION        0x0a485652 /* HVRV_DOMAIN_EXTENSION */
#define TSM_TEERET           0          /* HVRV_DOMAIN_TEERET */
#define TSM_INTERRUPTED      2          /* HVRV_DOMAIN_RETURN_INTERRUPTED */
#define TSM_INTERRUPTED_CALL 1          /* HVRV_DOMAIN_INTERRUPTED_CALL */

#endif
