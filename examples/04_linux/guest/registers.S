/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers that are filled with numbers, held for a while, and looked at again.
 *
 *     uint64_t hold_integers(uint64_t seed, uint64_t turns);
 *     uint64_t hold_floats(uint64_t seed, uint64_t turns);
 *     uint64_t hold_vectors(uint64_t seed, uint64_t turns);
 *
 * Each returns 0 if every register holds what it was given: the seed plus its
 * number. No system call is made in between; whatever changes a register is an
 * interrupt, of this Linux or of what runs it.
 */
    .option arch, +v
    .text

    .macro each_integer do
    \do ra, 1
    \do t0, 5
    \do t1, 6
    \do t2, 7
    \do s0, 8
    \do s1, 9
    \do a2, 12
    \do a3, 13
    \do a4, 14
    \do a5, 15
    \do a6, 16
    \do a7, 17
    \do s2, 18
    \do s3, 19
    \do s4, 20
    \do s5, 21
    \do s6, 22
    \do s7, 23
    \do s8, 24
    \do s9, 25
    \do s10, 26
    \do s11, 27
    \do t3, 28
    \do t4, 29
    \do t5, 30
    \do t6, 31
    .endm

    .macro each_number do
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    \do \n
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    \do \n
    .endr
    .endm

    .macro fill_integer register, number
    addi    \register, a0, \number
    .endm

    /* Leaves 0, and what is not in ra, the first. */
    .macro check_integer register, number
    sub     \register, \register, a0
    addi    \register, \register, -\number
    or      ra, ra, \register
    .endm

    .global hold_integers
hold_integers:
    addi    sp, sp, -112
    sd      ra, 0(sp)
    sd      s0, 8(sp)
    sd      s1, 16(sp)
    sd      s2, 24(sp)
    sd      s3, 32(sp)
    sd      s4, 40(sp)
    sd      s5, 48(sp)
    sd      s6, 56(sp)
    sd      s7, 64(sp)
    sd      s8, 72(sp)
    sd      s9, 80(sp)
    sd      s10, 88(sp)
    sd      s11, 96(sp)
    each_integer fill_integer
1:  addi    a1, a1, -1
    bnez    a1, 1b
    each_integer check_integer
    mv      a0, ra
    ld      ra, 0(sp)
    ld      s0, 8(sp)
    ld      s1, 16(sp)
    ld      s2, 24(sp)
    ld      s3, 32(sp)
    ld      s4, 40(sp)
    ld      s5, 48(sp)
    ld      s6, 56(sp)
    ld      s7, 64(sp)
    ld      s8, 72(sp)
    ld      s9, 80(sp)
    ld      s10, 88(sp)
    ld      s11, 96(sp)
    addi    sp, sp, 112
    ret

    .macro fill_float n
    addi    t0, a0, \n
    fmv.d.x f\n, t0
    .endm

    .macro check_float n
    fmv.x.d t0, f\n
    addi    t1, a0, \n
    xor     t0, t0, t1
    or      a2, a2, t0
    .endm

    /* fs0 to fs11 belong to the caller. */
    .macro save_float n
    fsd     f\n, 8 * \n(sp)
    .endm

    .macro restore_float n
    fld     f\n, 8 * \n(sp)
    .endm

    .global hold_floats
hold_floats:
    addi    sp, sp, -256
    each_number save_float
    each_number fill_float
1:  addi    a1, a1, -1
    bnez    a1, 1b
    li      a2, 0
    each_number check_float
    mv      a0, a2
    each_number restore_float
    addi    sp, sp, 256
    ret

    .macro fill_vector n
    addi    t0, a0, \n
    vmv.v.x v\n, t0
    .endm

    /* The differences are gathered in v0, whose own is the first. */
    .macro check_vector n
    addi    t0, a0, \n
    vxor.vx v\n, v\n, t0
    vor.vv  v0, v0, v\n
    .endm

    .global hold_vectors
hold_vectors:
    vsetvli t1, zero, e64, m1, ta, ma
    each_number fill_vector
1:  addi    a1, a1, -1
    bnez    a1, 1b
    csrr    t2, vl
    each_number check_vector
    vmv.v.i v1, 0
    vredor.vs v2, v0, v1
    vmv.x.s a0, v2
    xor     t1, t1, t2
    or      a0, a0, t1
    ret

    /* uint64_t sum_vectors(const uint64_t *numbers, uint64_t count): their sum. */
    .global sum_vectors
sum_vectors:
    vsetvli t0, zero, e64, m4, ta, ma
    vmv.v.i v8, 0
1:  vsetvli t0, a1, e64, m4, tu, ma
    vle64.v v4, (a0)
    vadd.vv v8, v8, v4
    slli    t1, t0, 3
    add     a0, a0, t1
    sub     a1, a1, t0
    bnez    a1, 1b
    vsetvli t0, zero, e64, m4, ta, ma
    vmv.v.i v4, 0
    vredsum.vs v12, v8, v4
    vmv.x.s a0, v12
    ret

    .section .note.GNU-stack, "", @progbits
