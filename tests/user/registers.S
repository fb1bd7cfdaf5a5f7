/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating-point and vector registers by the assembler's own names, one at a
 * time: what vector_test and fp_test compare the library's copies with. VS and
 * FS are on in user mode.
 */
    .option arch, +v
    .option norelax
    .text

    .macro each do
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    \do \n
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    \do \n
    .endr
    .endm

    .macro put_vector n
    vl1r.v  v\n, (a1)
    add     a1, a1, t0
    .endm
    .macro get_vector n
    vs1r.v  v\n, (a1)
    add     a1, a1, t0
    .endm
    .macro put_double n
    fld     f\n, 8 * \n(a0)
    .endm
    .macro get_double n
    fsd     f\n, 8 * \n(a0)
    .endm

/* void user_put_vector(const uint64_t csrs[5], const void *registers): vstart, vxsat, vxrm, vl, vtype */
    .global user_put_vector
user_put_vector:
    csrwi   vstart, 0
    csrr    t0, vlenb
    each    put_vector
    ld      t1, 24(a0)
    ld      t2, 32(a0)
    vsetvl  zero, t1, t2
    ld      t1, 8(a0)
    ld      t2, 16(a0)
    csrw    vxsat, t1
    csrw    vxrm, t2
    ld      t1, 0(a0)
    csrw    vstart, t1
    ret

/* void user_get_vector(uint64_t csrs[5], void *registers): changes nothing. */
    .global user_get_vector
user_get_vector:
    csrr    t1, vstart
    sd      t1, 0(a0)
    csrr    t2, vxsat
    sd      t2, 8(a0)
    csrr    t2, vxrm
    sd      t2, 16(a0)
    csrr    t2, vl
    sd      t2, 24(a0)
    csrr    t2, vtype
    sd      t2, 32(a0)
    csrwi   vstart, 0
    csrr    t0, vlenb
    each    get_vector
    csrw    vstart, t1
    ret

/* uint64_t user_vlenb(void) */
    .global user_vlenb
user_vlenb:
    csrr    a0, vlenb
    ret

/* void user_put_fp(const uint64_t f[33]): the last is fcsr. */
    .global user_put_fp
user_put_fp:
    each    put_double
    ld      t0, 256(a0)
    csrw    fcsr, t0
    ret

/* void user_get_fp(uint64_t f[33]) */
    .global user_get_fp
user_get_fp:
    each    get_double
    csrr    t0, fcsr
    sd      t0, 256(a0)
    ret

    .section .note.GNU-stack, "", @progbits
