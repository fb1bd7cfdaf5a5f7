/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where harts begin in HS-mode: the first as SBI firmware leaves it, the others
 * as the first asked for (SBI HSM: a1 = their struct cpu). And the trap vector.
 */
    .section .text.start, "ax", @progbits
    .global start
start:
    csrw    sie, zero
    csrw    satp, zero
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
