/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions: where they are put, and those of which more is wanted than chance gives. */
#include "layout.h"
#include "trial.h"

#define EBREAK_PAIR 0x90029002 /* c.ebreak, twice */

static volatile uint16_t *const code = (volatile uint16_t *)CODE;
static unsigned used; /* halves that are not c.ebreak */

/* Whatever a jump comes to in the area, it traps. Once all of it, then what was changed. */
void code_clear(void)
{
    static bool is_clear;
    volatile uint32_t *word = (volatile uint32_t *)CODE_AREA;

    for (unsigned i = 0; !is_clear && i < CODE_SIZE / 4; i++)
        word[i] = EBREAK_PAIR;
    is_clear = true;
    for (unsigned i = 0; i < 0x3000 / 4; i++) /* what draw_value() points to */
        word[(CODE - CODE_AREA) / 4 + i] = EBREAK_PAIR;
    used = 0;
}

void code_put(const void *bytes, unsigned size)
{
    const uint16_t *halves = bytes;

    for (unsigned i = 0; i < size / 2; i++)
        code[used++] = halves[i];
}

/*
 * Whether a trial in VS-mode may have it. Not if it could keep the next trap from
 * the guest's handler (stvec, satp, sscratch), or ends the guest by itself (ecall: see
 * attempt_call()). Reads of those CSRs are allowed.
 */
bool code_is_allowed(uint32_t instruction)
{
    unsigned csr = instruction >> 20, funct3 = instruction >> 12 & 7, rs1 = instruction >> 15 & 31;

    if ((instruction & 0x7f) != 0x73)
        return true;
    if (instruction == 0x73)
        return false;
    if (funct3 == 0 || funct3 == 4 || (csr != 0x105 && csr != 0x180 && csr != 0x140))
        return true;
    return (funct3 & 3) != 1 && rs1 == 0;
}

/* Privileged and odd ones, with any operands. */
uint32_t code_draw_privileged(void)
{
    static const struct {
        uint32_t bits, operands;
    } rows[] = {
        {0x10200073, 0},                       /* sret */
        {0x30200073, 0},                       /* mret */
        {0x00200073, 0},                       /* uret, which is no more */
        {0x70200073, 0},                       /* mnret */
        {0x7b200073, 0},                       /* dret */
        {0x10500073, 0},                       /* wfi */
        {0x00d00073, 0},                       /* wrs.nto */
        {0x01d00073, 0},                       /* wrs.sto */
        {0x12000073, 0x01ff8000},              /* sfence.vma */
        {0x16000073, 0x01ff8000},              /* sinval.vma */
        {0x18000073, 0},                       /* sfence.w.inval */
        {0x18100073, 0},                       /* sfence.inval.ir */
        {0x22000073, 0x01ff8000},              /* hfence.vvma */
        {0x62000073, 0x01ff8000},              /* hfence.gvma */
        {0x26000073, 0x01ff8000},              /* hinval.vvma */
        {0x66000073, 0x01ff8000},              /* hinval.gvma */
        {0x60004073, 0x01ff8f80},              /* hlv.b, and what rs2 makes of it */
        {0x64004073, 0x01ff8f80},              /* hlv.h, hlvx.hu */
        {0x68004073, 0x01ff8f80},              /* hlv.w, hlvx.wu */
        {0x6c004073, 0x01ff8f80},              /* hlv.d */
        {0x62004073, 0x01ff8f80},              /* hsv.b */
        {0x66004073, 0x01ff8f80},              /* hsv.h */
        {0x6a004073, 0x01ff8f80},              /* hsv.w */
        {0x6e004073, 0x01ff8f80},              /* hsv.d */
        {0x0000200f, 0xfff00000 | 0x000f8000}, /* cbo, of any kind */
        {0x0000100f, 0},                       /* fence.i */
        {0x0000000f, 0x0ff00000},              /* fence */
        {0x00000073, 0xfff00000 | 0x000f8f80}, /* reserved ones of SYSTEM */
        {0x00001073, 0xfff00000 | 0x000f8f80}, /* csrrw */
        {0x00002073, 0xfff00000 | 0x000f8f80}, /* csrrs */
        {0x00003073, 0xfff00000 | 0x000f8f80}, /* csrrc */
        {0x00004073, 0xfff00000 | 0x000f8f80},
        {0x00006073, 0xfff00000 | 0x000f8f80}, /* csrrsi */
    };
    unsigned row = draw(sizeof rows / sizeof rows[0]);
    uint32_t bits = rows[row].bits;

    return bits | ((uint32_t)random_word() & rows[row].operands);
}

/* An access by a5 (x15), of a4 (x14), into a3 (x13); what SC alone does not have to do is not here.
 */
uint32_t code_draw_access(uint64_t *address)
{
    static const uint32_t forms[] = {
        0x0007c683, 0x0007d683, 0x0007a683, 0x0007b683, 0x00078683, 0x00079683, 0x0007e683, /* l */
        0x00e78023, 0x00e79023, 0x00e7a023, 0x00e7b023,                                     /* s */
        0x1007a6af, 0x1007b6af,                                                             /* lr */
        0x00e7a6af, 0x00e7b6af, 0x08e7a6af, 0x08e7b6af, /* amoadd, amoswap */
        0x60e7b6af, 0xe0e7a6af,                         /* amoand.d, amomaxu.w */
        0x4394,     0x6394,     0xc398,     0xe398,     /* c.lw, c.ld, c.sw, c.sd */
        0x0007a687, 0x0007b687, 0x00e7a027, 0x00e7b027, /* flw, fld, fsw, fsd */
        0x2394,     0xa398,                             /* c.fld, c.fsd */
    };
    uint32_t form = forms[draw(sizeof forms / sizeof forms[0])];
    uint32_t offset = draw(4) ? 0 : draw(0x800);

    if ((form & 0x7f) == 0x03)
        form |= offset << 20;
    else
        offset = 0;
    trial.gpr[15] = *address - offset;
    return form;
}
