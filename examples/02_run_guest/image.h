/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where everything is, for the hypervisor, its guest and their linker scripts.
 *
 * HPA 0x80200000  the hypervisor's image (OpenSBI lies below)
 *     0x83000000  16 MiB for the G-stage's tables and the hypervisor's own
 *     0x84000000   4 MiB for the guest: what is in them is below, at GPA_RAM
 *     0x85000000  16 MiB for pages that the guest is given on demand
 *     0xc0000000   1 GiB for the guest, mapped by one leaf at GPA_GIB
 */
#ifndef EXAMPLES_RUN_GUEST_IMAGE_H
#define EXAMPLES_RUN_GUEST_IMAGE_H

#define HPA_TABLES    0x83000000
#define HPA_RAM       0x84000000
#define HPA_ON_DEMAND 0x85000000
#define HPA_GIB       0xc0000000

/* The guest's memory: 2 MiB mapped by 4 KiB pages, 2 MiB by one leaf, 1 GiB by another. */
#define GPA_RAM       0x80000000
#define GPA_RAM_2M    0x80200000
#define GPA_GIB       0x40000000
#define GPA_ON_DEMAND 0x100000000 /* nothing is there until it is touched */
#define GPA_READ_ONLY 0x110000000 /* a page that the G-stage lets nobody write */
#define GPA_NOWHERE   0x120000000 /* nothing is ever there */
#define GPA_BAD       0x130000000 /* G-stage entries that a hart refuses */

/* In GPA_RAM: the guest's image first, then its tables, then pages that the comparison uses. */
#define GPA_VS_TABLES (GPA_RAM + 0x40000)
#define GPA_DATA      (GPA_RAM + 0x100000)

/* Where the guest sees its image, and the page that it gets on demand. */
#define GVA_IMAGE     0x180000000
#define GVA_ON_DEMAND 0x190000000

#endif
