/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where everything lies. HS-mode may touch the image and the arena; PMP refuses all else,
 * so that an address outside is an access fault on every machine.
 *
 * The tables and the pages that they map are in the arena. The page numbers of image and
 * arena differ in many bits, and neither begins where a superpage of 1 GiB does: one or two
 * wrong bits in an entry never lead from the arena into the image.
 */
#ifndef CONFORMANCE_LAYOUT_H
#define CONFORMANCE_LAYOUT_H

#define IMAGE_BASE  0x80400000
#define IMAGE_SIZE  0x400000
#define ARENA_BASE  0x8fc00000
#define ARENA_SIZE  0x200000
#define CONFIG_BASE 0x807ff000 /* struct config, if somebody wrote it there */

/* Both are NAPOT regions. */
#define PMP_ADDRESS(base, size) (((base) >> 2) + ((size) >> 3) - 1)

/* What HS-mode asks of M-mode by ECALL, in a7; a0 and a1 are the arguments, a0 the result. */
#define SERVICE_PUT           0 /* a0: a character */
#define SERVICE_END           1 /* a0: the exit status */
#define SERVICE_IDENTITY      2 /* marchid if mvendorid is 0, else 0 */
#define SERVICE_WRITE_MENVCFG 3 /* a0: the value; gives what the register then holds */

#endif
