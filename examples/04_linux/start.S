/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where harts begin in HS-mode: the first as SBI firmware leaves it, the others
 * as the first asked for (SBI HSM: a1 = their struct cpu). And the trap vector.
 *
 * Firmware that is asked for a hart which is still booting may send it here as
 * well (OpenSBI before 1.3 lets it go before it has stored where to); so whoever
 * is not the first here waits for his struct cpu and goes the others' way.
 */
    .section .text.start, "ax", @progbits
    .global start
start:
    csrw    sie, zero
    csrw    satp, zero
    la      t0, is_begun
    li      t1, 1
    amoswap.w.aqrl t1, t1, (t0)
    bnez    t1, late
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

late:
    li      t0, 8               /* CPUS_MAX */
    bgeu    a0, t0, .
    la      t0, cpu_of_hart
    slli    t1, a0, 3
    add     t0, t0, t1
1:  ld      a1, 0(t0)
    beqz    a1, 1b
    fence   r, rw

    .global start_other
start_other:
    csrw    sie, zero
    csrw    satp, zero
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
