/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the harts but the first, and the guest's program. */
#include "layout.h"

    .text
/* From the firmware: a0 is the hart's number, a1 its struct hart. */
    .global hart_entry
hart_entry:
    csrw    sie, zero
    csrw    satp, zero
    ld      sp, 0(a1)
    la      t0, hart_vector
    csrw    stvec, t0
    mv      a0, a1
    call    hart_main
1:  wfi
    j       1b

    .balign 4
hart_vector:
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    tail    trapped

/*
 * The guest: picks pages in an order that looks random. Of one it loads the tag, to the other it
 * stores a stamp of its own and then loads the tag; again and again, for as long as nothing
 * faults: what a hart forgets to fence shows as long as it does not leave the guest. A tag that is
 * another page's is told at once.
 */
    .balign 4096
    .global guest_program
guest_program:
    li      s0, GPA_WINDOW
    li      s3, 0
    slli    s4, a0, 3           /* of the stamps, the one behind the tag is number 0's */
    addi    s4, s4, 8
    mv      s5, s6
    la      s8, 1f
    li      s9, TAG
1:  beqz    s5, 5f
    addi    s5, s5, -1
    slli    t0, s1, 13
    xor     s1, s1, t0
    srli    t0, s1, 7
    xor     s1, s1, t0
    slli    t0, s1, 17
    xor     s1, s1, t0
    srli    a3, s1, 20
    and     a3, a3, s2
    add     a3, a3, s11
    slli    a4, a3, 12
    add     a4, a4, s0
    add     a5, a4, s4
    add     t1, a3, s9
    li      s10, TURNS
    andi    t0, s1, 1
2:  beqz    t0, 3f
    addi    s3, s3, 1
    sd      s3, 0(a5)
    addi    s7, s7, 1
3:  ld      a6, 0(a4)
    addi    s7, s7, 1
    bne     a6, t1, 4f
    addi    s10, s10, -1
    bnez    s10, 2b
    j       1b
4:  li      a7, CALL_TAG
    ecall
    j       1b
5:  mv      s5, s6
    li      a7, CALL_REPORT
    ecall
    j       1b
    .balign 4096

    .section .note.GNU-stack, "", @progbits
