/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the TVM begins, in VS-mode: a1 is the argument of finalize_tvm. */
    .section .text.start, "ax", @progbits
    .global start
start:
    la      sp, stacks_end
    mv      a0, a1
    call    main
    j       .
