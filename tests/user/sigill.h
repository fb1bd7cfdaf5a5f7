/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For riscv64 programs under qemu-riscv64: the library's privileged instructions raise SIGILL, and
 * the handler here carries them out on a model hart. So the tests of the library run its real
 * instructions, and see in the model's log what they see on any other machine.
 *
 *     model_hart_init(&model);      attaches it; model_hart_attach() chooses among several
 *
 * Carried out: accesses to CSRs that user mode does not have, all fences, HLV, HLVX and HSV, SRET
 * and WFI. The library's guard (hvrv_hart_guard) leaves no trace in the log but the instruction
 * that it guards. An instruction that traps goes on at the model's stvec, as on a hart, if code of
 * this program is there; if not, it does nothing, its result is 0 and the model's trap registers
 * tell of it, as with the model's own functions on other machines.
 *
 * SRET with hstatus.SPV enters a guest: code of the same program, run with V = 1 in the model. Its
 * ECALL would be one of Linux; the instruction USER_TRAP stands for it, and for any other trap that
 * a test wants. Whatever else is illegal traps out of the guest as an illegal instruction.
 *
 * Not carried out: what user mode has itself, that is fcsr and its parts, cycle, time and instret.
 */
#ifndef TESTS_USER_SIGILL_H
#define TESTS_USER_SIGILL_H

#include <ucontext.h>

#include "model/hart.h"

/* custom-0, for use in assembly: the guest traps. */
#define USER_TRAP 0x0000000b

/*
 * Called when a guest executes USER_TRAP, with its registers: __gregs[0] is pc. True: the guest
 * traps, with *trap, which is an ECALL unless it is changed. False: it goes on behind USER_TRAP.
 */
typedef bool user_guest_trap(void *context, const ucontext_t *user, struct hvrv_hart_trap *trap);

/* Sets the function; null: USER_TRAP is an ECALL. */
void user_on_guest_trap(user_guest_trap *function, void *context);

#endif
