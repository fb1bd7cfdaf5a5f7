/* SPDX-License-Identifier: BSD-2-Clause */
/* The hypervisor's start in HS-mode, as SBI firmware leaves it, and its trap vector. */
    .section .text.start, "ax", @progbits
    .global start
start:
    csrw    sie, zero
    csrw    satp, zero
    la      sp, stack_end
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  la      t0, vector
    csrw    stvec, t0
    call    main
    tail    power_off

/* The hypervisor itself must not trap. What it did wrong is told, and ends the machine. */
    .balign 4
vector:
    la      sp, stack_end
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    tail    trapped
