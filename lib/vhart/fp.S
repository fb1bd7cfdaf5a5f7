/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating-point registers to memory and back.
 *
 *     void hvrv_vhart_fp_save(struct hvrv_vhart_fp *fp);
 *     void hvrv_vhart_fp_load(const struct hvrv_vhart_fp *fp);
 *     void hvrv_vhart_fp_clear(void);
 *     uint64_t hvrv_vhart_fp_get(unsigned number);
 *     void hvrv_vhart_fp_set(unsigned number, uint64_t value);
 *
 * The library is also built for harts without F and D, whose assembler refuses
 * fsd, fld and fmv; so they are written by their encoding, f<n> as x<n>.
 */
#include <hvrv/vhart/offsets.h>

#define SSTATUS_FS_DIRTY 0x6000
#define CSR_FCSR         0x003

    .macro fsd n
    .insn s 0x27, 3, x\n, HVRV_VHART_FP_F(\n)(a0)
    .endm

    .macro fld n
    .insn i 0x07, 3, x\n, HVRV_VHART_FP_F(\n)(a0)
    .endm

    .macro fclear n
    .insn r 0x53, 0, 0x79, x\n, x0, x0
    .endm

/* One register: eight bytes each, called by t2 and left by t0, where no landing pad is expected. */
    .macro fget n
    .insn r 0x53, 0, 0x71, a0, x\n, x0
    jr      t0
    .endm

    .macro fset n
    .insn r 0x53, 0, 0x79, x\n, a1, x0
    jr      t0
    .endm

    .macro each do
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    \do \n
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    \do \n
    .endr
    .endm

    .option norelax
    .section .text.hvrv_vhart_fp, "ax", @progbits

    .global hvrv_vhart_fp_save
    .type hvrv_vhart_fp_save, @function
    .balign 4
hvrv_vhart_fp_save:
    li      t0, SSTATUS_FS_DIRTY
    csrrs   t1, sstatus, t0
    each    fsd
    csrr    t2, CSR_FCSR
    sd      t2, HVRV_VHART_FP_FCSR(a0)
    csrw    sstatus, t1
    ret
    .size hvrv_vhart_fp_save, . - hvrv_vhart_fp_save

    .global hvrv_vhart_fp_load
    .type hvrv_vhart_fp_load, @function
    .balign 4
hvrv_vhart_fp_load:
    li      t0, SSTATUS_FS_DIRTY
    csrrs   t1, sstatus, t0
    each    fld
    ld      t2, HVRV_VHART_FP_FCSR(a0)
    csrw    CSR_FCSR, t2
    csrw    sstatus, t1
    ret
    .size hvrv_vhart_fp_load, . - hvrv_vhart_fp_load

    .global hvrv_vhart_fp_clear
    .type hvrv_vhart_fp_clear, @function
    .balign 4
hvrv_vhart_fp_clear:
    li      t0, SSTATUS_FS_DIRTY
    csrrs   t1, sstatus, t0
    each    fclear
    csrw    CSR_FCSR, zero
    csrw    sstatus, t1
    ret
    .size hvrv_vhart_fp_clear, . - hvrv_vhart_fp_clear

/* a0: which. */
    .macro one table
    li      t0, SSTATUS_FS_DIRTY
    csrrs   t1, sstatus, t0
    lla     t2, \table
    andi    a0, a0, 31
    slli    a0, a0, 3
    add     t2, t2, a0
    jalr    t0, 0(t2)
    csrw    sstatus, t1
    ret
    .endm

    .global hvrv_vhart_fp_get
    .type hvrv_vhart_fp_get, @function
    .balign 4
hvrv_vhart_fp_get:
    one     gets
    .size hvrv_vhart_fp_get, . - hvrv_vhart_fp_get

    .global hvrv_vhart_fp_set
    .type hvrv_vhart_fp_set, @function
    .balign 4
hvrv_vhart_fp_set:
    one     sets
    .size hvrv_vhart_fp_set, . - hvrv_vhart_fp_set

    .balign 8       /* while a nop of two bytes may fill it */
    .option norvc
gets:
    each    fget
sets:
    each    fset

    .section .note.GNU-stack, "", @progbits
