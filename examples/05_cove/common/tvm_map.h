/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host and its TVM agree on: addresses, a device, an interrupt. All of it is the host's
 * word. */
#ifndef EXAMPLES_COVE_TVM_MAP_H
#define EXAMPLES_COVE_TVM_MAP_H

#define GPA_RAM      0x80000000 /* confidential: the image, and zero pages as they are touched */
#define GPA_RAM_SIZE 0x400000
#define GPA_SHARED   0x80200000 /* a page of it that the TVM shares, and takes back */
#define GPA_DEVICE   0x10000000 /* a device, once the TVM has asked for it */
#define GPA_NOTHING  0x40000000 /* in no region */

/* Words at the end of the shared page: how often the host's timer ended the TVM's turn; that the
 * TVM computes; how often somebody else tried to run it meanwhile. */
#define SHARED_TURNS    0xfe8
#define SHARED_COMPUTES 0xff0 /* 1: about to, 2: now, 3: done */
#define SHARED_TRIED    0xff8

/* What the TVM has in its registers while it computes, for so many turns. */
#define TVM_SECRET   0x5ec7e75ec7e75ec7
#define SECRET_TURNS 3

/* The argument of finalize_tvm, which is measured. */
#define TVM_ARGUMENT 0x48565256

/* What the TVM extends its register 1 by: 48 bytes, in place of a digest. */
#define TVM_OWN_DIGEST "what the TVM measured by itself, as if a digest."

/* The device's registers, by offset. */
#define DEVICE_MAGIC   0x00 /* 4 bytes: DEVICE_MAGIC_VALUE */
#define DEVICE_SIGNED  0x08 /* 1 byte: 0x80 */
#define DEVICE_SCRATCH 0x10 /* 8 bytes: what was written, plus one */
#define DEVICE_REPORT  0x20 /* 8 bytes: an attack of the TVM's: 1 refused, 0 not */
#define DEVICE_FAILED  0x28 /* 8 bytes: the TVM found something wrong */

#define DEVICE_MAGIC_VALUE 0xc0fee123

/* The interrupt that the TVM allows. */
#define TVM_INTERRUPT 7

#endif
