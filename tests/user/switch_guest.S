/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of switch_test that C cannot say: a guest that changes every
 * register, a caller that fills every register that a call preserves, and the
 * door of the SIGILL handler, through which gp and tp come as the guest left
 * them.
 */
    .option norelax
    .text

/* The guest. Each csrw cycle is SIGILL: the first shows what the guest got, the second ends its turn. */
    .global switch_guest
    .balign 4
switch_guest:
    .4byte  0xc0001073
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    xori    x\n, x\n, -1
    .endr
    .irp n, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    xori    x\n, x\n, -1
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    fsgnjn.d f\n, f\n, f\n
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    fsgnjn.d f\n, f\n, f\n
    .endr
    csrwi   frm, 3
    csrwi   fflags, 21
    .global switch_guest_end
switch_guest_end:
    .4byte  0xc0001073

/*
 * uint64_t switch_call(struct hvrv_vhart *vhart, const uint64_t before[12], uint64_t after[15]):
 * enters with s0 to s11 as in before, and stores s0 to s11, sp, gp and tp afterwards.
 */
    .macro  each_s do
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    \do     \n
    .endr
    .endm
    .macro  keep n
    sd      s\n, 8 * \n(sp)
    .endm
    .macro  fill n
    ld      s\n, 8 * \n(a1)
    .endm
    .macro  show n
    sd      s\n, 8 * \n(a2)
    .endm
    .macro  unkeep n
    ld      s\n, 8 * \n(sp)
    .endm

    .global switch_call
switch_call:
    addi    sp, sp, -128
    each_s  keep
    sd      ra, 96(sp)
    sd      a2, 104(sp)
    each_s  fill
    call    hvrv_vhart_enter
    ld      a2, 104(sp)
    each_s  show
    sd      sp, 96(a2)
    sd      gp, 104(a2)
    sd      tp, 112(a2)
    each_s  unkeep
    ld      ra, 96(sp)
    addi    sp, sp, 128
    ret

/* uint64_t switch_sp(void): what sp is inside switch_call, called from the same frame. */
    .global switch_sp
switch_sp:
    addi    a0, sp, -128
    ret

/* uint64_t switch_gp(void), uint64_t switch_tp(void) */
    .global switch_gp
switch_gp:
    mv      a0, gp
    ret
    .global switch_tp
switch_tp:
    mv      a0, tp
    ret

/* The handler: gp and tp of the program, then C. */
    .global switch_on_sigill
switch_on_sigill:
    la      gp, __global_pointer$
    lla     t0, switch_program_tp
    ld      tp, 0(t0)
    tail    switch_sigill

    .section .note.GNU-stack, "", @progbits
