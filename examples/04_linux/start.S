/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where harts begin in HS-mode: the first as SBI firmware leaves it, the others
 * as the first asked for (SBI HSM). And the trap vector.
 *
 * OpenSBI 1.1 and 1.2 let a hart that is still booting go before they have
 * stored where to and with what. So a hart may come to the first one's entry as
 * well, and a1 is not believed: each finds its struct cpu by its number.
 */
    .section .text.start, "ax", @progbits
    .global start
start:
    csrw    sie, zero
    csrw    satp, zero
    la      t0, is_begun
    li      t1, 1
    amoswap.w.aqrl t1, t1, (t0)
    bnez    t1, find_cpu
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  la      sp, stack_end
    la      t0, vector
    csrw    stvec, t0
    call    main                /* a0: the hart */
    j       .

    .global start_other
start_other:
    csrw    sie, zero
    csrw    satp, zero
find_cpu:
    li      t0, 8               /* CPUS_MAX */
    bgeu    a0, t0, .
    la      t0, cpu_of_hart
    slli    t1, a0, 3
    add     t0, t0, t1
1:  ld      a1, 0(t0)
    beqz    a1, 1b
    fence   r, rw
    ld      sp, 0(a1)           /* cpu->stack */
    la      t0, vector
    csrw    stvec, t0
    mv      a0, a1
    call    cpu_main
    j       .

/* The hypervisor itself must not trap. What it did wrong is told, and ends the machine. */
    .balign 4
vector:
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    j       trapped

/* Not among what is cleared: others may look here before the first is done with that. */
    .data
    .balign 8
    .global cpu_of_hart
cpu_of_hart:
    .skip   8 * 8
is_begun:
    .word   0
