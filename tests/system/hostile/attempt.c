/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guest tries, in VS-mode by one instruction or a few, in VU-mode by pages of them. */
#include "layout.h"
#include "trial.h"

#define SBI_HSM_EID  0x48534d
#define SBI_SRST_EID 0x53525354
#define SBI_SUSP_EID 0x53555350

static void draw_registers(void)
{
    for (unsigned i = 1; i < 32; i++)
        trial.gpr[i] = draw_value();
    trial.gpr[17] = 0x0badc0de; /* a7: an ecall that slips in is no call of any extension */
    trial.satp = 0;
    trial.pc = CODE;
    trial.sstatus = SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_FS | SSTATUS_VS;
    trial.sstatus |= random_word() & (SSTATUS_SUM | SSTATUS_MXR);
}

/* One instruction in VS-mode, and behind it what traps. */
void attempt_instruction(uint32_t instruction)
{
    if (!code_is_allowed(instruction))
        return;
    code_clear();
    code_put(&instruction, (instruction & 3) == 3 ? 4 : 2);
    draw_registers();
    run_trial();
}

void attempt_privileged(void)
{
    attempt_instruction(code_draw_privileged());
}

/* Random words, four at most: with more, one could make of another's result anything. */
void attempt_words(void)
{
    code_clear();
    for (unsigned i = 1 + draw(4); i > 0; i--) {
        uint32_t word = (uint32_t)random_word();
        word |= draw(4) ? 3 : 0; /* longer instructions more often than chance has them */
        if (code_is_allowed(word))
            code_put(&word, (word & 3) == 3 ? 4 : 2);
    }
    draw_registers();
    run_trial();
}

/* A hole must not answer: what is done there is an access fault, or traps otherwise. */
void attempt_access(void)
{
    bool is_hole = draw(2);
    uint64_t address = is_hole ? draw_hole() : draw(8) ? draw_device() : SCRATCH + draw(0x1000);
    uint32_t instruction;

    if (draw(16) == 0 && !is_hole)
        address = 0x10000ffe; /* from the port into nothing */
    draw_registers();
    if (draw(2))
        address &= ~UINT64_C(7);
    instruction = code_draw_access(&address);
    code_clear();
    code_put(&instruction, (instruction & 3) == 3 ? 4 : 2);
    run_trial();
    if (is_hole && trial.scause == CAUSE_EBREAK)
        complain("an access was answered where nothing is,", address);
}

/* To where there is no code. */
void attempt_jump(void)
{
    uint64_t target = draw(3) ? draw_hole() : draw(2) ? draw_device() : draw_value();

    code_clear();
    draw_registers();
    trial.pc = target;
    if (draw(4) == 0)
        trial.sstatus &= ~(uint64_t)SSTATUS_SPP;
    run_trial();
}

/* Not those that end this vHart or its VM: they are allowed to work. */
static void spare_ourselves(void)
{
    uint64_t *a0 = &trial.gpr[10], eid = trial.gpr[17], fid = trial.gpr[16];

    if (eid == 8)
        trial.gpr[17] = 9;
    if (eid == SBI_SRST_EID && (uint32_t)*a0 < 3)
        *a0 = 0x1000 + draw(16);
    if (eid == SBI_SUSP_EID && (uint32_t)*a0 == 0)
        *a0 = 1;
    if (eid == SBI_HSM_EID && fid == 1)
        trial.gpr[16] = 2;
    if (eid == SBI_HSM_EID && fid == 3 && (uint32_t)*a0 >= 0x80000000)
        *a0 = draw(3);
}

/* Whatever the firmware does, it changes a0 and a1 only. */
static void check_call(const struct trial *before)
{
    for (unsigned i = 1; i < 32; i++) {
        if (i != 10 && i != 11 && trial.gpr[i] != before->gpr[i])
            complain("a call changed register", i);
    }
    if (trial.pc != CODE + 4)
        complain("a call came back to", trial.pc);
}

void attempt_call(void)
{
    static const uint64_t extensions[] = {
        0,           1,           2,
        3,           4,           5,
        6,           7,           9,
        0x10,        0x10,        0x54494d45,
        0x735049,    0x52464e43,  0x52464e43,
        SBI_HSM_EID, SBI_HSM_EID, SBI_SRST_EID,
        0x4442434e,  0x4442434e,  SBI_SUSP_EID,
        0x504d55,    0x43505043,  0x4e41434c,
        0x535441,    0x08000000,  0x0a000000,
    };
    static struct trial before;
    uint32_t ecall = 0x73;

    code_clear();
    code_put(&ecall, 4);
    draw_registers();
    trial.gpr[17] =
        draw(16) ? extensions[draw(sizeof extensions / sizeof extensions[0])] : random_word();
    trial.gpr[16] = draw(16) ? draw(9) : random_word();
    if (draw(2))
        trial.gpr[10] = draw(64); /* a count, a hart or a mask that means something */
    if (draw(4) == 0)
        trial.gpr[11] = draw(2) ? draw(8) : UINT64_MAX;
    spare_ourselves();
    before = trial;
    run_trial();
    if (trial.scause == CAUSE_EBREAK)
        check_call(&before);
}

/* Loads, stores, atomics and jumps by tables that loop, that lie in devices, or nowhere. */
void attempt_tables(void)
{
    uint64_t address = tables_draw_address();
    uint32_t instruction;

    draw_registers();
    instruction = code_draw_access(&address);
    code_clear();
    code_put(&instruction, (instruction & 3) == 3 ? 4 : 2);
    trial.satp = tables_draw_hostile();
    if (draw(4) == 0) {
        trial.pc = address & ~UINT64_C(1);
        trial.sstatus &= draw(2) ? UINT64_MAX : ~(uint64_t)SSTATUS_SPP;
    }
    run_trial();
}

static void skip_instruction(void)
{
    uint64_t offset = trial.pc - 0x1000;
    const volatile uint16_t *half = (const volatile uint16_t *)(CODE + offset);

    trial.pc += (*half & 3) == 3 ? 4 : 2;
}

/*
 * A page of random bytes in VU-mode, with devices and holes mapped for it. It goes on
 * behind each instruction that traps, until it jumped away, or its time is over.
 */
void attempt_user(void)
{
    code_clear();
    for (unsigned i = 0; i < 256; i++) {
        uint64_t word = random_word() | (draw(4) ? 0x0000000300000003 : 0);
        uint32_t access;

        if (draw(4) == 0) {
            uint64_t address = tables_draw_user_address();
            access = draw(2) ? code_draw_access(&address) : code_draw_privileged();
            word = (word & 0xffffffff00000000) | access;
        }
        code_put(&word, 8);
    }
    draw_registers();
    for (unsigned i = 1; i < 32; i++)
        trial.gpr[i] = draw(4) ? tables_draw_user_address() : draw_value();
    trial.satp = tables_for_user();
    trial.pc = 0x1000;
    for (unsigned i = 0; i < 64; i++) {
        trial.sstatus = SSTATUS_SPIE | SSTATUS_FS | SSTATUS_VS;
        run_trial();
        if (trial.scause & INTERRUPT || trial.pc - 0x1000 >= 0x800)
            return;
        skip_instruction();
        trial.satp = UINT64_C(8) << 60 | TABLES >> 12;
        trial.gpr[8 + draw(8)] = tables_draw_user_address();
    }
}
