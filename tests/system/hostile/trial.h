/* SPDX-License-Identifier: BSD-2-Clause */
/* One trial: registers, a place to go, and what became of it. */
#ifndef TESTS_SYSTEM_HOSTILE_TRIAL_H
#define TESTS_SYSTEM_HOSTILE_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

struct trial {
    uint64_t gpr[32]; /* gpr[0] is not used */
    uint64_t pc, sstatus, satp;
    uint64_t scause, stval;
    uint64_t sp; /* the caller's */
};

#define SSTATUS_SPIE       0x20
#define SSTATUS_VS         0x200  /* Initial */
#define SSTATUS_SPP        0x100  /* the trial is in VS-mode */
#define SSTATUS_FS         0x2000 /* Initial */
#define SSTATUS_SUM        0x40000
#define SSTATUS_MXR        0x80000
#define CAUSE_ECALL_VU     8
#define CAUSE_EBREAK       3
#define CAUSE_LOAD         5
#define CAUSE_STORE        7
#define INTERRUPT          0x8000000000000000
#define INTERRUPT_EXTERNAL 9

extern struct trial trial;

/* random.c */
void random_seed(uint64_t seed);
uint64_t random_word(void);
unsigned draw(unsigned below);
uint64_t draw_value(void);
uint64_t draw_hole(void);
uint64_t draw_device(void);

/* trial.S: until the next trap, of whatever kind. */
void trial_enter(struct trial *trial);

/* code.c: what is executed. */
void code_clear(void);
void code_put(const void *bytes, unsigned size);
bool code_is_allowed(uint32_t instruction);
uint32_t code_draw_privileged(void);
uint32_t code_draw_access(uint64_t *address);

/* tables.c: page tables, good and bad. */
uint64_t tables_for_user(void);
uint64_t tables_draw_user_address(void);
uint64_t tables_draw_hostile(void);
uint64_t tables_draw_address(void);

/* attempt.c: the kinds of trial. */
void attempt_instruction(uint32_t instruction);
void attempt_privileged(void);
void attempt_words(void);
void attempt_access(void);
void attempt_jump(void);
void attempt_call(void);
void attempt_tables(void);
void attempt_user(void);

/* What was counted, and the end if a check fails. */
struct count {
    unsigned long trials, traps, interrupts, causes[64];
};
extern struct count count;
void run_trial(void);
_Noreturn void complain(const char *text, uint64_t value);

#endif
