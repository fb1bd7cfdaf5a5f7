/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For every row of HVRV_CSR_LIST, in its order, a read and a write for hvrv_hart_guard():
 * eight bytes each, so that an index finds one.
 */
#include <hvrv/isa/csr_list.h>

#define READ_STUB(id, name, number, access, extension, mask) csrr a0, number; jr t0;
#define WRITE_STUB_RW(number) csrw number, a0; jr t0;
#define WRITE_STUB_RO(number) nop; jr t0; /* never called */
#define WRITE_STUB(id, name, number, access, extension, mask) WRITE_STUB_##access(number)

    .section .text.hvrv_hart_stub, "ax", @progbits
    .option norvc
    .option norelax /* alignment that every linker keeps */
    .balign 8
    .global hvrv_hart_read_stubs
hvrv_hart_read_stubs:
    HVRV_CSR_LIST(READ_STUB)
    .global hvrv_hart_write_stubs
hvrv_hart_write_stubs:
    HVRV_CSR_LIST(WRITE_STUB)
    .global hvrv_hart_stubs_end
hvrv_hart_stubs_end:

    .section .note.GNU-stack, "", @progbits
