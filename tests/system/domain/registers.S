/* SPDX-License-Identifier: BSD-2-Clause */
/* What C cannot do: every CSR by number, every x register, and what may trap. */

/* read_csr and write_csr: 4096 functions of 8 bytes each, a0: the value. */
    .option push
    .option norvc
    .section .text.csr, "ax", @progbits
    .balign 8
    .global read_csr
read_csr:
    .set    number, 0
    .rept   4096
    csrr    a0, number
    ret
    .set    number, number + 1
    .endr
    .global write_csr
write_csr:
    .set    number, 0
    .rept   4096
    csrw    number, a0
    ret
    .set    number, number + 1
    .endr
    .option pop

/* struct tried try(function, a0): its a0, and scause of the trap that ended it, or 0. */
    .section .text.try, "ax", @progbits
    .global try
try:
    mv      t1, ra
    mv      t2, a0
    la      t0, 1f
    csrrw   t0, stvec, t0
    mv      a0, a1
    jalr    t2
    csrw    stvec, t0
    li      a1, 0
    jr      t1
    .balign 4
1:  csrw    stvec, t0
    csrr    a1, scause
    jr      t1

    .global load, store, swap
load:
    lb      a0, 0(a0)
    ret
store:
    sb      zero, 0(a0)
    ret
swap:
    amoswap.w a0, zero, (a0)
    ret

/*
 * exchange(in, out): ECALL with every x register as in[] has it, but sp; after it they
 * are in out[].
 */
#define OUT  (16 * 8)
#define KEPT (17 * 8)
    .global exchange
exchange:
    addi    sp, sp, -160
    sd      ra, 0(sp)
    sd      gp, 8(sp)
    sd      tp, 16(sp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, 24 + 8 * \n(sp)
    .endr
    sd      a1, OUT(sp)
    mv      x31, a0
    ld      x1, 8(x31)
    .irp n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      x\n, 8 * \n(x31)
    .endr
    ecall
    sd      x31, KEPT(sp)
    ld      x31, OUT(sp)
    sd      zero, 0(x31)
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    sd      x\n, 8 * \n(x31)
    .endr
    ld      x30, KEPT(sp)
    sd      x30, 8 * 31(x31)
    ld      ra, 0(sp)
    ld      gp, 8(sp)
    ld      tp, 16(sp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 24 + 8 * \n(sp)
    .endr
    addi    sp, sp, 160
    ret
