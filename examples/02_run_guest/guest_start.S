/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's start in VS-mode, and the check that an exit changes no register
 * but those that the call returns in.
 */
#include "image.h"

    .section .text.start, "ax", @progbits
    .global start
start:
    li      t0, 0x2000          /* sstatus.FS = Initial: the guest's own switch */
    csrs    sstatus, t0
    la      t0, unexpected
    csrw    stvec, t0
    la      sp, stack_end
    call    main
    tail    power_off

/* A trap of the guest's own is a failure. */
    .balign 4
unexpected:
    li      a0, SBI_SRST_FAILURE
    tail    power_off

/*
 * int check_registers(const uint64_t gpr[32], const uint64_t fpr[32], uint64_t fpr_after[32])
 *
 * Fills every register, makes an ECALL (SBI: spec version), and compares. gpr[10],
 * gpr[11], gpr[16] and gpr[17] are the call's. Returns 0, or the number of the
 * first GPR that is wrong, or -1 if the call failed; leaves the f registers in
 * fpr_after.
 */
    .option arch, +d
    .global check_registers
check_registers:
    addi    sp, sp, -128
    sd      ra, 0(sp)
    sd      gp, 8(sp)
    sd      tp, 16(sp)
    sd      s0, 24(sp)
    sd      s1, 32(sp)
    sd      s2, 40(sp)
    sd      s3, 48(sp)
    sd      s4, 56(sp)
    sd      s5, 64(sp)
    sd      s6, 72(sp)
    sd      s7, 80(sp)
    sd      s8, 88(sp)
    sd      s9, 96(sp)
    sd      s10, 104(sp)
    sd      s11, 112(sp)
    sd      a2, 120(sp)
    la      t0, saved
    sd      sp, 0(t0)
    sd      a0, 8(t0)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld     f\n, 8*\n(a1)
    .endr
    .irp n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld      x\n, 8*\n(a0)
    .endr
    ld      a0, 80(a0)
    ecall
    bnez    a0, 2f
    la      a0, saved
    ld      a0, 8(a0)
    .irp n, 1,2,3,4,5,6,7,8,9,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld      a1, 8*\n(a0)
    beq     a1, x\n, 1f
    li      a0, \n
    j       3f
1:
    .endr
    li      a0, 0
    j       3f
2:  li      a0, -1
3:  la      t0, saved
    ld      sp, 0(t0)
    ld      a2, 120(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd     f\n, 8*\n(a2)
    .endr
    ld      ra, 0(sp)
    ld      gp, 8(sp)
    ld      tp, 16(sp)
    ld      s0, 24(sp)
    ld      s1, 32(sp)
    ld      s2, 40(sp)
    ld      s3, 48(sp)
    ld      s4, 56(sp)
    ld      s5, 64(sp)
    ld      s6, 72(sp)
    ld      s7, 80(sp)
    ld      s8, 88(sp)
    ld      s9, 96(sp)
    ld      s10, 104(sp)
    ld      s11, 112(sp)
    addi    sp, sp, 128
    ret

    .bss
    .balign 16
saved:
    .skip   16
    .skip   16384
stack_end:
