/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The start in M-mode, what stays there (four services, see layout.h), and the vector of
 * HS-mode, where the rest runs.
 */
#include "layout.h"

/* Every exception goes to HS-mode but its own ECALL. */
#define MEDELEG 0xf0b5ff

#define MSTATUS_MPP_S   0x800
#define MSTATUS_MPP     0x1800
#define MENVCFG         0x30a
#define MSTATEEN0       0x30c
#define PMP_NAPOT_RWX   0x1f
#define CAUSE_ECALL_HS  9
#define STATUS_BROKEN   3

    .option norelax
    .section .boot, "ax", @progbits
    .global boot
boot:
    la      t0, start
    jr      t0

    .section .text.start, "ax", @progbits
    .global start
start:
    csrr    t0, mhartid
    bnez    t0, others
    csrw    mie, zero
    la      sp, machine_stack_end
    csrw    mscratch, sp
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  li      t0, PMP_ADDRESS(IMAGE_BASE, IMAGE_SIZE)
    csrw    pmpaddr0, t0
    li      t0, PMP_ADDRESS(ARENA_BASE, ARENA_SIZE)
    csrw    pmpaddr1, t0
    li      t0, PMP_NAPOT_RWX << 8 | PMP_NAPOT_RWX
    csrw    pmpcfg0, t0
    li      t0, MEDELEG
    csrw    medeleg, t0
    /* If there is an mstateen0, everything it guards is open. */
    la      t0, 3f
    csrw    mtvec, t0
    li      t0, -1
    csrw    MSTATEEN0, t0
    .balign 4
3:  la      t0, machine_vector
    csrw    mtvec, t0
    call    machine_begin
    li      t0, MSTATUS_MPP
    csrc    mstatus, t0
    li      t0, MSTATUS_MPP_S
    csrs    mstatus, t0
    la      t0, supervisor
    csrw    mepc, t0
    mret

others:
    wfi
    j       others

supervisor:
    la      sp, stack_end
    la      t0, supervisor_vector
    csrw    stvec, t0
    call    main
1:  li      a7, SERVICE_END
    ecall
    j       1b

/* HS-mode itself must not trap. */
    .balign 4
supervisor_vector:
    la      sp, stack_end
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    tail    supervisor_trapped

/* A service; anything else that comes to M-mode is a failure of this program. */
    .balign 4
machine_vector:
    csrrw   sp, mscratch, sp
    addi    sp, sp, -64
    sd      ra, 0(sp)
    sd      t0, 8(sp)
    csrr    t0, mcause
    addi    t0, t0, -CAUSE_ECALL_HS
    beqz    t0, 1f
    li      a7, SERVICE_END
    li      a0, STATUS_BROKEN
1:  csrr    t0, mepc
    addi    t0, t0, 4
    csrw    mepc, t0
    mv      a2, a7
    call    machine_serve
    ld      ra, 0(sp)
    ld      t0, 8(sp)
    addi    sp, sp, 64
    csrrw   sp, mscratch, sp
    mret

/* bool machine_can_load(uint64_t address): in M-mode. */
    .global machine_can_load
machine_can_load:
    la      t0, 1f
    csrrw   t0, mtvec, t0
    mv      t1, a0
    li      a0, 0
    lw      t1, 0(t1)
    li      a0, 1
    .balign 4
1:  csrw    mtvec, t0
    ret

/* uint64_t machine_write_menvcfg(uint64_t value): in M-mode; gives what the register then holds. */
    .global machine_write_menvcfg
machine_write_menvcfg:
    csrw    MENVCFG, a0
    csrr    a0, MENVCFG
    ret

/* uint64_t service(uint64_t a0, uint64_t a1, uint64_t number): in HS-mode. */
    .global service
service:
    mv      a7, a2
    ecall
    ret

/* What a guest executes: one access at a1, with a0, and an ECALL. In the order of perform.c. */
    .macro guest instruction:vararg
    \instruction
    ecall
    .endm
    .option push
    .option norvc
    .balign 8
    .global guest_code
guest_code:
    guest   lb  a0, 0(a1)
    guest   lbu a0, 0(a1)
    guest   lh  a0, 0(a1)
    guest   lhu a0, 0(a1)
    guest   lw  a0, 0(a1)
    guest   lwu a0, 0(a1)
    guest   ld  a0, 0(a1)
    guest   sb  a0, 0(a1)
    guest   sh  a0, 0(a1)
    guest   sw  a0, 0(a1)
    guest   sd  a0, 0(a1)
    .global guest_code_end
guest_code_end:
    .option pop

/* HTIF, for the simulators that look for these two names. */
    .section .htif, "aw", @progbits
    .balign 64
    .global tohost
    .type tohost, @object
    .size tohost, 8
tohost:
    .dword  0
    .balign 64
    .global fromhost
    .type fromhost, @object
    .size fromhost, 8
fromhost:
    .dword  0

    .section .note.GNU-stack, "", @progbits
