/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where things are in the two guests. Both are images for GPA 0x80200000, as
 * examples/04_linux enters them; words of 8 bytes at GUEST_CONFIG say what to do.
 */
#ifndef TESTS_SYSTEM_HOSTILE_LAYOUT_H
#define TESTS_SYSTEM_HOSTILE_LAYOUT_H

#define GUEST_CONFIG 0x87f00000
/* Of the hostile guest: the seed, and how many trials at random; 0 is the default. */
/* Of the witness: how many rounds; 0 is the default. */

/* The hostile guest's code under trial, in the middle of what traps whatever is executed. */
#define CODE_AREA  0x84000000
#define CODE_SIZE  0x00400000
#define CODE       (CODE_AREA + 0x00200000)
#define SCRATCH    0x85000000 /* what trials may write */
#define TABLES     0x86000000 /* pages for their page tables */
#define TABLE_SIZE 4096

/* Fields of struct trial, for the assembler. */
#define TRIAL_PC      256
#define TRIAL_SSTATUS 264
#define TRIAL_SATP    272
#define TRIAL_SCAUSE  280
#define TRIAL_STVAL   288
#define TRIAL_SP      296

#endif
