/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The start of a bench's image on QEMU's virt machine: in M-mode, made ready for
 * HS-mode; and the calls that are counted.
 */
#define STACK_BYTES 4096

/* M-mode hands these to HS-mode: ECALL from VS-mode, illegal and virtual instruction, page faults. */
#define MEDELEG 0xf0b504
#define MCOUNTEREN 7
#define MSTATUS_MPP_S 0x800
#define MSTATUS_MPP   0x1800
#define PMP_NAPOT_RWX 0x1f
#define SIFIVE_TEST      0x100000
#define SIFIVE_TEST_FAIL 0x13333

    .option norelax
    .section .text.start, "ax", @progbits
    .global start
start:
    la      sp, stack_end
    la      t0, fail
    csrw    mtvec, t0
    csrw    stvec, t0
    li      t0, -1
    csrw    pmpaddr0, t0
    li      t0, PMP_NAPOT_RWX
    csrw    pmpcfg0, t0
    li      t0, MEDELEG
    csrw    medeleg, t0
    li      t0, MCOUNTEREN
    csrw    mcounteren, t0
    li      t0, MSTATUS_MPP
    csrc    mstatus, t0
    li      t0, MSTATUS_MPP_S
    csrs    mstatus, t0
    la      t0, main
    csrw    mepc, t0
    mret

/* Any trap but the guest's ends the machine with an error. */
    .balign 4
    .global fail
fail:
    li      t0, SIFIVE_TEST
    li      t1, SIFIVE_TEST_FAIL
    sw      t1, 0(t0)
1:  j       1b

/*
 * uint64_t count_calls(struct hvrv_vhart *vhart, uint64_t (*call)(struct hvrv_vhart *), uint64_t n)
 * calls n times and returns the instructions that went by.
 */
    .global count_calls
count_calls:
    addi    sp, sp, -48
    sd      ra, 0(sp)
    sd      s0, 8(sp)
    sd      s1, 16(sp)
    sd      s2, 24(sp)
    sd      s3, 32(sp)
    mv      s0, a0
    mv      s1, a1
    mv      s2, a2
    csrr    s3, instret
1:  mv      a0, s0
    jalr    s1
    addi    s2, s2, -1
    bnez    s2, 1b
    csrr    a0, instret
    sub     a0, a0, s3
    ld      ra, 0(sp)
    ld      s0, 8(sp)
    ld      s1, 16(sp)
    ld      s2, 24(sp)
    ld      s3, 32(sp)
    addi    sp, sp, 48
    ret

/* One instruction, so that what a call costs beside the callee can be taken off. */
    .global nothing
nothing:
    ret

/*
 * uint64_t count_call(struct bench_call *call, const void *fourth)
 * makes one call and returns its instructions, from the first of the function to its ret. The
 * fourth argument stands beside the others because most functions have none.
 */
    .global count_call
count_call:
    addi    sp, sp, -32
    sd      ra, 0(sp)
    sd      s0, 8(sp)
    sd      s1, 16(sp)
    mv      s0, a0
    mv      a3, a1
    ld      t0, 0(s0)
    ld      a0, 8(s0)
    ld      a1, 16(s0)
    ld      a2, 24(s0)
    csrr    s1, instret
    jalr    t0
    csrr    t0, instret
    sw      a0, 32(s0)
    sub     a0, t0, s1
    addi    a0, a0, -2
    ld      ra, 0(sp)
    ld      s0, 8(sp)
    ld      s1, 16(sp)
    addi    sp, sp, 32
    ret

/* The guest, in VS-mode. Nobody advances sepc, so each turn is this one instruction. */
    .global guest
    .balign 4
guest:
    ecall
1:  j       1b

    .section .bss.stack, "aw", @nobits
    .balign 16
    .skip   STACK_BYTES
stack_end:

    .section .note.GNU-stack, "", @progbits
