/* SPDX-License-Identifier: BSD-2-Clause */
/* The VM as its guest sees it, and what the guest and the hypervisor agree on. */
#ifndef EXAMPLES_GSTAGE_IMAGE_H
#define EXAMPLES_GSTAGE_IMAGE_H

#include <stdint.h>

#define GPA_ROM    0x1000     /* a page of text */
#define GPA_UART   0x10000000 /* the machine's own serial port */
#define GPA_SHARED 0x10001000 /* struct shared */
#define GPA_RAM    0x80000000 /* 1 GiB, 4 MiB and 64 KiB; the guest's program is at the beginning */
#define RAM_SIZE   0x40410000
#define GPA_WORK   0xc0000000 /* 2 MiB of it, of which the guest writes to some pages */
#define WORK_SIZE  0x200000
#define WORK_PAGES 512

/* The page that both see. */
struct shared {
    uint64_t rounds; /* how often the guest wrote to all its pages */
    uint64_t enough; /* 1: the guest is to end */
};

/* The guest's ECALL that tells which pages it wrote to: a0 is the first page's GPA, a1 bytes. */
#define TELL 0x08000000 /* one of the SBI's extensions for experiments */

#endif
