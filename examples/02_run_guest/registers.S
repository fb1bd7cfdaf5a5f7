/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void call_with(const struct registers *before, struct registers *after)
 *
 * Fills every register of the guest but sscratch, makes an ECALL, and stores
 * what every register is then. Meanwhile sscratch holds `after`, and x0's place
 * in it the caller's sp.
 */
#define FPR  256
#define FCSR 512

    .macro each do, n:vararg
    .irp i, \n
    \do     \i
    .endr
    .endm
    .macro put_x i
    sd      x\i, 8*\i(a0)
    .endm
    .macro get_x i
    ld      x\i, 8*\i(a0)
    .endm
    .macro put_f i
    fsd     f\i, FPR+8*\i(a0)
    .endm
    .macro get_f i
    fld     f\i, FPR+8*\i(a0)
    .endm
    .macro push i
    sd      x\i, 8*\i(sp)
    .endm
    .macro pop i
    ld      x\i, 8*\i(sp)
    .endm

    .text
    .option arch, +d
    .global call_with
call_with:
    addi    sp, sp, -256
    each    push, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
    sd      sp, 0(a1)
    csrw    sscratch, a1
    each    get_f, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    each    get_f, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld      t0, FCSR(a0)
    csrw    fcsr, t0
    each    get_x, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21
    each    get_x, 22,23,24,25,26,27,28,29,30,31,10
    ecall
    csrrw   a0, sscratch, a0
    each    put_x, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21
    each    put_x, 22,23,24,25,26,27,28,29,30,31
    csrr    t0, sscratch
    sd      t0, 80(a0)
    each    put_f, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    each    put_f, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    csrr    t0, fcsr
    sd      t0, FCSR(a0)
    ld      sp, 0(a0)
    each    pop, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
    addi    sp, sp, 256
    ret
