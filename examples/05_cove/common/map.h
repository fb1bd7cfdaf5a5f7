/* SPDX-License-Identifier: BSD-2-Clause */
/* Where everything is, on QEMU's virt machine with 512 MiB; for C, assembly and linker scripts. */
#ifndef EXAMPLES_COVE_MAP_H
#define EXAMPLES_COVE_MAP_H

#define FINISHER 0x100000   /* ends QEMU with a status */
#define CLINT    0x2000000  /* the firmware's: interrupts between harts, and its timer */
#define UART     0x10000000 /* the firmware's console */

#define RAM           0x80000000
#define RAM_SIZE      0x20000000
#define FIRMWARE      RAM /* M-mode alone */
#define FIRMWARE_SIZE 0x400000
#define CONFIG        0x80300000 /* how many harts there are; the machine writes it here */
#define TSM           0x80400000 /* the confidential domain's, from the beginning */
#define TSM_SIZE      0x400000
#define HOST          0x81000000 /* the host's, with all that follows */

#define HARTS_MAX 4
#define SDID      1 /* the confidential domain */

#endif
