/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void spoil_registers(bool fp)
 *
 * A number in every register that a call may change, and if fp in every
 * floating-point register: a demo that forgets one shall not work by luck.
 */
    .text
    .option arch, +d
    .global spoil_registers
spoil_registers:
    beqz    a0, 1f
    li      t0, 0x6000          /* sstatus.FS = Dirty */
    csrrs   t1, sstatus, t0
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fmv.d.x f\n, t0
    .endr
    csrw    fcsr, zero
    csrw    sstatus, t1
1:  .irp n, 5,6,7,10,11,12,13,14,15,16,17,28,29,30,31
    li      x\n, 0x6000
    .endr
    ret
