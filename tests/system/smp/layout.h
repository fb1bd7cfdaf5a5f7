/* SPDX-License-Identifier: BSD-2-Clause */
/* Where things are, for C and assembly. */
#ifndef SMP_LAYOUT_H
#define SMP_LAYOUT_H

#define HARTS_MAX 8

/*
 * HPA 0x80200000  the image (OpenSBI lies below)
 *     0x83000000  struct config, written by smp.sh
 *     0x83100000  15 MiB for tables
 *     0x84000000  the pages that the guest sees, tags and stamps in them
 */
#define HPA_CONFIG 0x83000000
#define HPA_TABLES 0x83100000
#define HPA_PAGES  0x84000000
#define HOST_PAGES 4096

/* The window of GPAs, on both sides of a border of 1 GiB; and the guest's program. */
#define GPA_WINDOW   0x7fc00000
#define WINDOW_PAGES 2048
#define GPA_PROGRAM  0x1000

/* The first word of the page that is mapped to page N of the window: this plus N. */
#define TAG 0x7a670000

/* How often it turns to a page before it goes on to another. */
#define TURNS 4000

/* The guest's registers. */
#define GPR_NUMBER   10 /* a0: its number */
#define GPR_CALL     17 /* a7: CALL_.. */
#define GPR_SEED     9  /* s1 */
#define GPR_MASK     18 /* s2: pages that it picks from, less one; a power of two less one */
#define GPR_FIRST    27 /* s11: the first of them */
#define GPR_BATCH    22 /* s6: accesses between two reports */
#define GPR_ACCESSES 23 /* s7: accesses that did not fault, so far */
#define GPR_RECOVERY 24 /* s8: where to go on after a fault */
#define GPR_PAGE     13 /* a3: the page of the window */
#define GPR_FOUND    16 /* a6: the tag found */

#define CALL_REPORT 0
#define CALL_TAG    1 /* the tag is not the page's */

#endif
