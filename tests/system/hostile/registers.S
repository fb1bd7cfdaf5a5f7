/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All registers for a while, and nothing in memory but what was saved first.
 *
 * a0 = a number, a1 = turns; returns how many registers ended otherwise than as
 * the number says. x2 and x10 to x12 do the counting.
 */
    .option arch, +f, +d

    .macro each_integer op
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, \
            28, 29, 30, 31
    \op \n
    .endr
    .endm

    .macro each_float op
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
            24, 25, 26, 27, 28, 29, 30, 31
    \op \n
    .endr
    .endm

    .macro save n
    sd      x\n, 8 * \n(sp)
    .endm
    .macro restore n
    ld      x\n, 8 * \n(sp)
    .endm

    .macro fill n
    slli    x\n, a0, \n
    xori    x\n, x\n, \n
    .endm
    .macro fill_float n
    slli    a2, a0, \n
    xori    a2, a2, 0x100 + \n
    fmv.d.x f\n, a2
    .endm

    /* Adds 1 to the count at 0(sp), which is x0's place, if they differ. */
    .macro check n
    slli    a2, a0, \n
    xori    a2, a2, \n
    beq     a2, x\n, 1f
    ld      a1, 0(sp)
    addi    a1, a1, 1
    sd      a1, 0(sp)
1:
    .endm
    .macro check_float n
    slli    a2, a0, \n
    xori    a2, a2, 0x100 + \n
    fmv.x.d a1, f\n
    beq     a2, a1, 1f
    ld      a1, 0(sp)
    addi    a1, a1, 1
    sd      a1, 0(sp)
1:
    .endm

    .text
    .global registers_hold
registers_hold:
    addi    sp, sp, -256
    each_integer save
    sd      zero, 0(sp)
    each_float fill_float
    each_integer fill
2:  addi    a1, a1, -1
    bnez    a1, 2b
    wfi                         /* another guest's turn, perhaps */
    each_integer check
    each_float check_float
    ld      a0, 0(sp)
    each_integer restore
    addi    sp, sp, 256
    ret

    /* Entered by every interrupt: saves what C may change, and calls witness_tick(). */
    .macro each_changed op
    .irp n, 1, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    \op \n
    .endr
    .endm

    .balign 4
    .global witness_vector
witness_vector:
    addi    sp, sp, -256
    each_changed save
    csrr    a0, scause
    csrr    a1, sepc
    call    witness_trap
    each_changed restore
    addi    sp, sp, 256
    sret
