/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vector registers to memory and back, whatever their length.
 *
 *     void hvrv_vhart_vector_save(struct hvrv_vhart_vector *vector);
 *     void hvrv_vhart_vector_load(const struct hvrv_vhart_vector *vector);
 *     void hvrv_vhart_vector_clear(void);
 *
 * The library is also built for harts without V, and the assemblers of GCC 12
 * and Clang 14 differ in what they know of it; so instructions and CSRs are
 * written by their encoding, v<n> as x<n>.
 *
 * Whole registers are moved, eight at once, whatever vtype and vl are; but from
 * element vstart on, and every vector instruction leaves 0 there: so it is zeroed
 * before, and the guest's is put back behind all others. vsetvl takes vtype as
 * it was read, also with vill, which it makes again.
 */
#include <hvrv/vhart/offsets.h>

#define SSTATUS_VS_DIRTY 0x600
#define CSR_VSTART       0x008
#define CSR_VCSR         0x00f
#define CSR_VL           0xc20
#define CSR_VTYPE        0xc21
#define CSR_VLENB        0xc22
#define LOG2_GROUP       3 /* registers that one instruction moves */

/* vs8r.v v\n, (a1) */
    .macro vsave n
    .insn s 0x27, 0, x8, (-480 + \n)(a1)
    .endm

/* vl8re8.v v\n, (a1) */
    .macro vload n
    .insn i 0x07, 0, x\n, -472(a1)
    .endm

/* vmv.v.i v\n, 0 */
    .macro vclear n
    .insn r 0x57, 3, 0x2f, x\n, x0, x0
    .endm

/* v0 to v31 at a1; t0 is free. */
    .macro each_group do
    csrr    t0, CSR_VLENB
    slli    t0, t0, LOG2_GROUP
    \do     0
    add     a1, a1, t0
    \do     8
    add     a1, a1, t0
    \do     16
    add     a1, a1, t0
    \do     24
    .endm

    .option norelax
    .section .text.hvrv_vhart_vector, "ax", @progbits

    .global hvrv_vhart_vector_save
    .type hvrv_vhart_vector_save, @function
    .balign 4
hvrv_vhart_vector_save:
    li      t0, SSTATUS_VS_DIRTY
    csrrs   t6, sstatus, t0
    ld      a1, HVRV_VHART_VECTOR_REGISTERS(a0)
    csrrw   t1, CSR_VSTART, zero
    csrr    t2, CSR_VCSR
    csrr    t3, CSR_VL
    csrr    t4, CSR_VTYPE
    sd      t1, HVRV_VHART_VECTOR_VSTART(a0)
    sd      t2, HVRV_VHART_VECTOR_VCSR(a0)
    sd      t3, HVRV_VHART_VECTOR_VL(a0)
    sd      t4, HVRV_VHART_VECTOR_VTYPE(a0)
    each_group vsave
    csrw    CSR_VSTART, t1
    csrw    sstatus, t6
    ret
    .size hvrv_vhart_vector_save, . - hvrv_vhart_vector_save

    .global hvrv_vhart_vector_load
    .type hvrv_vhart_vector_load, @function
    .balign 4
hvrv_vhart_vector_load:
    li      t0, SSTATUS_VS_DIRTY
    csrrs   t6, sstatus, t0
    ld      a1, HVRV_VHART_VECTOR_REGISTERS(a0)
    csrw    CSR_VSTART, zero
    each_group vload
    ld      t1, HVRV_VHART_VECTOR_VSTART(a0)
    ld      t2, HVRV_VHART_VECTOR_VCSR(a0)
    ld      t3, HVRV_VHART_VECTOR_VL(a0)
    ld      t4, HVRV_VHART_VECTOR_VTYPE(a0)
    .insn r 0x57, 7, 0x40, x0, t3, t4   /* vsetvl zero, t3, t4 */
    csrw    CSR_VCSR, t2
    csrw    CSR_VSTART, t1
    csrw    sstatus, t6
    ret
    .size hvrv_vhart_vector_load, . - hvrv_vhart_vector_load

    .global hvrv_vhart_vector_clear
    .type hvrv_vhart_vector_clear, @function
    .balign 4
hvrv_vhart_vector_clear:
    li      t0, SSTATUS_VS_DIRTY
    csrrs   t6, sstatus, t0
    .insn i 0x57, 7, t0, x0, 0xc3       /* vsetvli t0, zero, e8, m8, ta, ma */
    vclear  0
    vclear  8
    vclear  16
    vclear  24
    li      t1, 1
    slli    t1, t1, 63
    .insn r 0x57, 7, 0x40, x0, t0, t1   /* vsetvl zero, t0, t1: vill, and vl = 0 */
    csrw    CSR_VCSR, zero
    csrw    sstatus, t6
    ret
    .size hvrv_vhart_vector_clear, . - hvrv_vhart_vector_clear

    .section .note.GNU-stack, "", @progbits
