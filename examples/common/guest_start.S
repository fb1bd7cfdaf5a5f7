/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's start in VS-mode.
 */
#include "sbi.h"

    .section .text.start, "ax", @progbits
    .global start
start:
    li      t0, 0x2000          /* sstatus.FS = Initial: the guest's own switch */
    csrs    sstatus, t0
    la      t0, unexpected
    csrw    stvec, t0
    la      sp, stack_end
    call    main
    tail    power_off

/* A trap of the guest's own is a failure. */
    .balign 4
unexpected:
    li      a0, SBI_SRST_FAILURE
    tail    power_off

    .bss
    .balign 16
    .skip   16384
stack_end:
