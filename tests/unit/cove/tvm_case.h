/* SPDX-License-Identifier: BSD-2-Clause */
/* A TVM that runs and whose registers are secrets, for the tests of what the host sees of it. */
#ifndef HVRV_TESTS_COVE_TVM_CASE_H
#define HVRV_TESTS_COVE_TVM_CASE_H

#include "cove_world.h"

#define SECRET UINT64_C(0x5ec2e7005ec2e700)
#define UNSEEN UINT64_C(0xdeadbeefdeadbeef) /* what the host put into the shared memory */

/* Indices of CSRs in the shared memory. */
#define HTVAL   0x143
#define HTINST  0x14a
#define HTDELTA 0x105
#define VSIE    0x004
#define VSTCMP  0x04d

extern uint64_t tvm_id;

/* The memory that the host shares on a hart, and the vHart that runs there. */
struct hvrv_nacl_memory *tvm_shared(uint32_t hart);
struct hvrv_vhart *tvm_running(uint32_t hart);

/* A TVM that runs on hart 0, every register a secret, and nothing in the shared memory. */
int tvm_setup_running(void **state);

/* Another instead: vHart 0 runs on hart 0, vHart 1 waits to be started. */
void tvm_build_two(void **state);

/* Of the shared memory only these words changed: indices, ended by 0 (which is x0's). */
void tvm_expect_shown(const unsigned *words);
#define SHOWN(...) tvm_expect_shown((const unsigned[]){__VA_ARGS__, 0})

/* The last call came back so, and the vHart can be run again; or never. */
void tvm_expect_exit(uint64_t scause, uint64_t stval);
void tvm_expect_dead(void);

/* In the last call HFENCE.GVMA for the TVM was executed on hart 0. */
bool tvm_has_fenced(void);

#endif
