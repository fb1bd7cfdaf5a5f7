/* SPDX-License-Identifier: BSD-2-Clause */
/* Where every hart begins, in M-mode; a0 is its number. */
#include "map.h"

    .section .text.start, "ax", @progbits
    .global start
start:
    li      t0, HARTS_MAX
    bgeu    a0, t0, park
    la      sp, stacks
    addi    t0, a0, 1
    slli    t0, t0, 14
    add     sp, sp, t0
    bnez    a0, wait

    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  la      t0, is_cleared
    li      t1, 1
    fence   rw, w
    sw      t1, 0(t0)
    call    main
park:
    wfi
    j       park

/* The first hart clears the memory of all. */
wait:
    la      t0, is_cleared
    lw      t0, 0(t0)
    beqz    t0, wait
    fence   r, rw
    call    main
    j       park

    .data
    .balign 4
is_cleared:
    .word   0
