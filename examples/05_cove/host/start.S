/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the host begins on each hart, in HS-mode; a0 is its number, a1 how many there are. */
#include "caller.inc"

    .section .text.start, "ax", @progbits
    .global start
start:
    la      sp, stacks
    addi    t0, a0, 1
    slli    t0, t0, 14
    add     sp, sp, t0
    la      t0, vector
    csrw    stvec, t0
    bnez    a0, 3f
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  call    main                /* hart, harts */
3:  call    main_other
    j       .

/*
 * A trap of the host's own: interrupts are noted and masked; a fault of an access that it tried is
 * noted and stepped over; any other ends the machine. sscratch is free for it.
 */
    .balign 4
vector:
    save_caller
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    call    trapped             /* where to go on */
    csrw    sepc, a0
    load_caller
    sret

/*
 * A call of the TSM, and what it leaves: a0 has the call, a1 room for x0 to x31. As a function of C,
 * the answer in a0 and a1.
 */
    .text
    .global call_and_look
call_and_look:
    addi    sp, sp, -128
    sd      ra, 0(sp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, 8 + 8 * \n(sp)
    .endr
    sd      a1, 104(sp)
    mv      t0, a0
    ld      a7, 0(t0)           /* struct hvrv_cove_call */
    ld      a6, 8(t0)
    .irp n, 0, 1, 2, 3, 4, 5
    ld      a\n, 16 + 8 * \n(t0)
    .endr
    ecall
    sd      t0, 112(sp)
    ld      t0, 104(sp)
    .irp n, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, \
        26, 27, 28, 29, 30, 31
    sd      x\n, 8 * \n(t0)
    .endr
    ld      t1, 112(sp)
    sd      t1, 40(t0)          /* t0 itself */
    ld      ra, 0(sp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 8 + 8 * \n(sp)
    .endr
    addi    sp, sp, 128
    ret
