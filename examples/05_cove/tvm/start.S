/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the TVM begins, in VS-mode: a0 is its hart's number, a1 the argument of finalize_tvm. */
#include "caller.inc"

    .section .text.start, "ax", @progbits
    .global start
start:
    la      sp, stacks_end      /* zero pages, which are not there yet */
    la      t0, vector
    csrw    stvec, t0
    mv      a0, a1
    call    main
    j       .

/* Interrupts are counted; a fault that the program expects is noted and stepped over. */
    .balign 4
vector:
    save_caller
    csrr    a0, scause
    csrr    a1, sepc
    call    trapped             /* where to go on */
    csrw    sepc, a0
    load_caller
    sret

/*
 * Holds a0 in registers and in sscratch until the word at a1 is as high as a2: whether all kept it.
 */
    .text
    .global compute_with
compute_with:
    addi    sp, sp, -96
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, 8 * \n(sp)
    .endr
    .irp name, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6, a3, a4, a5, a6, a7
    mv      \name, a0
    .endr
    csrw    sscratch, a0
1:  ld      t0, 0(a1)
    bltu    t0, a2, 1b
    li      t1, 0
    .irp name, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6, a3, a4, a5, a6, a7
    xor     t0, \name, a0
    or      t1, t1, t0
    .endr
    csrrw   t0, sscratch, zero
    xor     t0, t0, a0
    or      t1, t1, t0
    seqz    a0, t1
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 8 * \n(sp)
    .endr
    addi    sp, sp, 96
    ret

/* A page of the image whose content is known, and measured. */
    .section .rodata.pattern, "a", @progbits
    .global pattern
    .balign 4096
pattern:
    .set    word, 0
    .rept   512
    .dword  0x9e3779b97f4a7c15 ^ (word << 32 | word)
    .set    word, word + 1
    .endr
