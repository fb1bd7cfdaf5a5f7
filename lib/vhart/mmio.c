/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/mmio.h>

#include <stddef.h>

#include "../isa/insn_table.h"
#include "hlvx.h"
#include "vs_csr.h"

#define FS_DIRTY 3

#define OPCODE      0x7f
#define OPCODE_LOAD 0x03
/* In a transformed instruction's 32-bit form bits 1:0 are ones. */
#define OPCODE_UPPER 0x7c

/* C.MOP.n: shadow stacks' pushes and pops of 16 bits are among them. */
#define C_MOP_MASK  0xf8ff
#define C_MOP_MATCH 0x6081

static uint64_t low_bytes(uint64_t value, unsigned size)
{
    unsigned shift = 64 - 8 * size;

    return value << shift >> shift;
}

/*
 * Opcodes of 32 bits, by bits 6:2, of what may access memory: loads, stores, MISC-MEM, AMO, SYSTEM,
 * the four custom ones, and one that is reserved.
 */
#define OPCODES_OF_MEMORY UINT32_C(0x54400f0f)

/* What is not decoded may be a vector load or one of somebody's own; an addition is not. */
static bool may_be_access(const struct hvrv_insn *insn)
{
    if (insn->kind == HVRV_INSN_CBO || insn->length == 0)
        return true;
    if (insn->kind != HVRV_INSN_OTHER)
        return false;
    if (insn->length == 4)
        return (OPCODES_OF_MEMORY >> (insn->bits >> 2 & 31) & 1) != 0;
    return (insn->bits & C_MOP_MASK) == C_MOP_MATCH;
}

/*
 * Which bytes: stval is the first one, or where the access enters the page that faulted. Pointer
 * masking changes up to 16 upper bits of an address on its way to stval.
 */
static bool find_bytes(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart,
                       const struct hvrv_exit *exit)
{
    uint64_t in_page = exit->value % HVRV_PAGE_SIZE;
    uint64_t before;

    if (exit->htinst == HVRV_HTINST_TRANSFORMED)
        before = exit->offset;
    else
        before =
            low_bytes(exit->value - (vhart->gpr[mmio->insn.rs1] + (uint64_t)mmio->insn.offset), 6);
    if (before >= mmio->size || (before != 0 && in_page != 0))
        return false;
    mmio->before = (uint8_t)before;
    mmio->gva.v = exit->value - before;
    mmio->is_split = before != 0 || in_page + mmio->size > HVRV_PAGE_SIZE;
    return true;
}

static bool is_access(const struct hvrv_insn *insn)
{
    return insn->kind >= HVRV_INSN_LOAD && insn->kind <= HVRV_INSN_AMO;
}

static bool is_store_access(const struct hvrv_insn *insn)
{
    return insn->kind == HVRV_INSN_STORE || insn->kind == HVRV_INSN_SC ||
           insn->kind == HVRV_INSN_AMO;
}

/* With FS Off at either level it would have been an illegal instruction (norm:vsstatus_fs_op). */
static bool has_fp(const struct hvrv_vhart *vhart)
{
    return (vhart->sstatus & HVRV_SSTATUS_FS) != 0 &&
           (read_vsstatus(vhart) & HVRV_VSSTATUS_FS) != 0;
}

/* Whether it can have caused the fault; another vHart may have written over what did. */
static bool fits(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart,
                 const struct hvrv_exit *exit)
{
    return is_store_access(&mmio->insn) == (exit->access == HVRV_ACCESS_STORE) &&
           find_bytes(mmio, vhart, exit) && (!mmio->insn.is_fp || has_fp(vhart));
}

static bool is_supported(const struct hvrv_mmio *mmio)
{
    return mmio->insn.kind != HVRV_INSN_LR && mmio->insn.kind != HVRV_INSN_SC && mmio->size <= 8 &&
           !(mmio->is_amo && mmio->is_split);
}

static void take_value(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart)
{
    const struct hvrv_insn *insn = &mmio->insn;

    mmio->value = insn->is_fp ? hvrv_vhart_read_f(vhart, insn->rs2) : vhart->gpr[insn->rs2];
    mmio->value = low_bytes(mmio->value, mmio->size);
    mmio->compare = low_bytes(vhart->gpr[insn->rd], mmio->size);
}

/* What the instruction does, if it is one that can have caused the fault. */
static enum hvrv_mmio_outcome take_insn(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart,
                                        const struct hvrv_exit *exit)
{
    mmio->is_store = mmio->insn.kind == HVRV_INSN_STORE;
    mmio->is_amo = mmio->insn.kind == HVRV_INSN_AMO;
    mmio->is_fp = mmio->insn.is_fp;
    mmio->size = mmio->insn.size;
    if (!is_access(&mmio->insn))
        return may_be_access(&mmio->insn) ? HVRV_MMIO_UNSUPPORTED : HVRV_MMIO_RETRY;
    if (!fits(mmio, vhart, exit))
        return HVRV_MMIO_RETRY;
    if (!is_supported(mmio))
        return HVRV_MMIO_UNSUPPORTED;
    if (mmio->insn.kind != HVRV_INSN_LOAD)
        take_value(mmio, vhart);
    return HVRV_MMIO_READY;
}

/* Any instruction. Apart, so that the usual one needs no stack. */
__attribute__((noinline)) static enum hvrv_status begin_by_bits(struct hvrv_mmio *mmio,
                                                                const struct hvrv_vhart *vhart,
                                                                const struct hvrv_exit *exit,
                                                                uint32_t bits)
{
    enum hvrv_status status = hvrv_insn_decode(bits, &mmio->insn);

    mmio->value = 0;
    mmio->gpa = exit->gpa;
    if (exit->htinst == HVRV_HTINST_TRANSFORMED) {
        mmio->insn.length = exit->length;
        mmio->insn.offset = exit->offset;
    }
    if (status == HVRV_OK)
        mmio->outcome = take_insn(mmio, vhart, exit);
    return status;
}

__attribute__((noinline)) static enum hvrv_status refuse(struct hvrv_mmio *mmio,
                                                         enum hvrv_status status)
{
    *mmio = (struct hvrv_mmio){.outcome = HVRV_MMIO_UNSUPPORTED};
    return status;
}

/* Wherever the instruction lies, and whatever becomes of its fetch. */
__attribute__((noinline)) static enum hvrv_status begin_by_fetch(struct hvrv_mmio *mmio,
                                                                 struct hvrv_hart *hart,
                                                                 const struct hvrv_vhart *vhart,
                                                                 const struct hvrv_exit *exit)
{
    struct hvrv_guest_fetched fetched;
    /* Bit 0 of sepc is always 0 (norm:sepc); QEMU 7.2 keeps what the guest wrote there. */
    hvrv_gva pc = hvrv_gva_make(vhart->sepc & ~UINT64_C(1));
    enum hvrv_status status = hvrv_guest_fetch(hart, pc, &fetched);

    if (status != HVRV_OK)
        return refuse(mmio, status);
    if (fetched.outcome == HVRV_GUEST_DONE)
        return begin_by_bits(mmio, vhart, exit, fetched.bits);
    mmio->exception = fetched.exception;
    mmio->outcome = fetched.outcome == HVRV_GUEST_FAULT ? HVRV_MMIO_FAULT : HVRV_MMIO_RETRY;
    return status;
}

/*
 * Loads of 32 bits to an x register, not misaligned, are what exits are mostly about: they take the
 * fewest instructions. All else is begun anew.
 */

/* 16 * funct3 bytes from the first of the forms. */
static inline const struct hvrv_insn_form *form_of_load(uint32_t bits)
{
    const char *loads = (const char *)&hvrv_insn_forms[HVRV_INSN_GROUP_LOAD];

    _Static_assert(sizeof(struct hvrv_insn_form) == 16, "bits 14:12 of an instruction, times 16");
    return (const struct hvrv_insn_form *)(const void *)(loads + (bits >> 8 & 0x70));
}

/* False if it is no load after all, or misaligned. */
static inline bool put_down_load(struct hvrv_mmio *mmio, uint32_t bits,
                                 const struct hvrv_exit *exit)
{
    hvrv_insn_begin(&mmio->insn, form_of_load(bits), bits);
    /* Here the copy is made, by two words; else it is taken apart for what is written below. */
    __asm__("" : : : "memory");
    mmio->size = mmio->insn.size;
    if (mmio->size == 0 || (exit->value & (mmio->size - UINT64_C(1))) != 0)
        return false;
    mmio->insn.rd = (uint8_t)hvrv_insn_field(bits, 11, 7);
    mmio->outcome = HVRV_MMIO_READY;
    mmio->is_store = false;
    mmio->is_amo = false;
    mmio->is_split = false;
    mmio->is_fp = false;
    mmio->gpa = exit->gpa;
    mmio->gva.v = exit->value;
    mmio->value = 0;
    return true;
}

static inline bool load_from_htinst(struct hvrv_mmio *mmio, const struct hvrv_exit *exit)
{
    if ((exit->instruction & OPCODE_UPPER) != 0 || exit->offset != 0 ||
        !put_down_load(mmio, exit->instruction, exit))
        return false;
    mmio->insn.length = exit->length;
    mmio->insn.rs1 = 0;
    mmio->insn.offset = 0;
    return true;
}

static inline bool load_from_memory(struct hvrv_mmio *mmio, const struct hvrv_vhart *vhart,
                                    const struct hvrv_exit *exit, uint32_t bits)
{
    uint64_t rs1 = hvrv_insn_field(bits, 19, 15);
    uint64_t offset = (uint64_t)((int32_t)bits >> 20);

    if ((bits & OPCODE) != OPCODE_LOAD || exit->access != HVRV_ACCESS_LOAD ||
        vhart->gpr[rs1] + offset != exit->value || !put_down_load(mmio, bits, exit))
        return false;
    mmio->insn.rs1 = (uint8_t)rs1;
    mmio->insn.offset = (int64_t)offset;
    return true;
}

/* Of nothing but a guest-page fault is a GPA known. */
static inline bool is_explicit(const struct hvrv_exit *exit)
{
    return exit->gpa_is == HVRV_EXIT_GPA_KNOWN && !exit->is_implicit &&
           exit->access != HVRV_ACCESS_FETCH;
}

__attribute__((noinline)) static enum hvrv_status begin_other(struct hvrv_mmio *mmio,
                                                              struct hvrv_hart *hart,
                                                              const struct hvrv_vhart *vhart,
                                                              const struct hvrv_exit *exit)
{
    uint32_t bits;

    if (!mmio)
        return HVRV_ERR_NULL;
    if (!vhart || !exit)
        return refuse(mmio, HVRV_ERR_NULL);
    if (!is_explicit(exit))
        return refuse(mmio, HVRV_ERR_ARGUMENT);
    if (exit->htinst == HVRV_HTINST_TRANSFORMED)
        return begin_by_bits(mmio, vhart, exit, exit->instruction);
    if (!hart || vhart->sepc % 4 != 0 || hlvx_wu(hart, vhart->sepc, &bits) != 0)
        return begin_by_fetch(mmio, hart, vhart, exit);
    if (load_from_memory(mmio, vhart, exit, bits))
        return HVRV_OK;
    return begin_by_bits(mmio, vhart, exit, bits);
}

enum hvrv_status hvrv_mmio_begin(struct hvrv_mmio *mmio, struct hvrv_hart *hart,
                                 const struct hvrv_vhart *vhart, const struct hvrv_exit *exit)
{
    if (mmio && vhart && exit && exit->htinst == HVRV_HTINST_TRANSFORMED &&
        exit->gpa_is == HVRV_EXIT_GPA_KNOWN && !exit->is_implicit &&
        exit->access == HVRV_ACCESS_LOAD && load_from_htinst(mmio, exit))
        return HVRV_OK;
    return begin_other(mmio, hart, vhart, exit);
}

enum hvrv_status hvrv_mmio_split(const struct hvrv_mmio *mmio, unsigned index,
                                 struct hvrv_mmio_piece *piece)
{
    uint8_t first_size;

    if (!piece)
        return HVRV_ERR_NULL;
    *piece = (struct hvrv_mmio_piece){0};
    if (!mmio)
        return HVRV_ERR_NULL;
    if (mmio->outcome != HVRV_MMIO_READY || index > mmio->is_split)
        return HVRV_ERR_MISSING;
    first_size = mmio->size;
    if (mmio->is_split)
        first_size = (uint8_t)(HVRV_PAGE_SIZE - mmio->gva.v % HVRV_PAGE_SIZE);
    piece->first = index == 0 ? 0 : first_size;
    piece->size = index == 0 ? first_size : (uint8_t)(mmio->size - first_size);
    piece->gva.v = mmio->gva.v + piece->first;
    piece->is_known = !mmio->is_split || piece->first == mmio->before;
    if (piece->is_known)
        piece->gpa = mmio->gpa;
    return HVRV_OK;
}

uint64_t hvrv_mmio_amo(const struct hvrv_mmio *mmio, uint64_t old)
{
    unsigned size = mmio->size;
    uint64_t a = low_bytes(old, size), b = mmio->value;
    /* In the upper half of the unsigned numbers are the negative ones. */
    uint64_t sign = UINT64_C(1) << (8 * size - 1);

    switch (mmio->insn.op) {
    case HVRV_INSN_AMO_SWAP:
        return b;
    case HVRV_INSN_AMO_ADD:
        return low_bytes(a + b, size);
    case HVRV_INSN_AMO_XOR:
        return a ^ b;
    case HVRV_INSN_AMO_AND:
        return a & b;
    case HVRV_INSN_AMO_OR:
        return a | b;
    case HVRV_INSN_AMO_MIN:
        return (a ^ sign) < (b ^ sign) ? a : b;
    case HVRV_INSN_AMO_MAX:
        return (a ^ sign) < (b ^ sign) ? b : a;
    case HVRV_INSN_AMO_MINU:
        return a < b ? a : b;
    case HVRV_INSN_AMO_MAXU:
        return a < b ? b : a;
    case HVRV_INSN_AMO_CAS:
        return a == mmio->compare ? b : a;
    default:
        return a;
    }
}

/* To the register's 64 bits, as the instruction says. */
static inline uint64_t extend(const struct hvrv_insn *insn, uint64_t value)
{
    unsigned shift;

    shift = 64 - 8U * insn->size;
    value <<= shift;
    return insn->is_signed ? (uint64_t)((int64_t)value >> shift) : value >> shift;
}

/* All ones above what was loaded: NaN-boxed. */
static void write_f(struct hvrv_vhart *vhart, const struct hvrv_mmio *mmio, uint64_t value)
{
    uint64_t box = low_bytes(UINT64_MAX, mmio->size);

    hvrv_vhart_write_f(vhart, mmio->insn.rd, value | ~box);
    vhart->sstatus |= HVRV_SSTATUS_FS;
    write_vsstatus(vhart, hvrv_bits_set(read_vsstatus(vhart), HVRV_VSSTATUS_FS, FS_DIRTY));
}

/* Not to an x register that keeps it, or of several pages. */
__attribute__((noinline)) static enum hvrv_status
finish_other(const struct hvrv_mmio *mmio, struct hvrv_vhart *vhart, uint64_t value)
{
    if (mmio->outcome != HVRV_MMIO_READY)
        return HVRV_ERR_STATE;
    vhart->sepc += mmio->insn.length;
    if (mmio->is_store)
        return HVRV_OK;
    if (mmio->is_fp)
        write_f(vhart, mmio, low_bytes(value, mmio->size));
    else if (mmio->insn.rd != 0)
        vhart->gpr[mmio->insn.rd] = extend(&mmio->insn, value);
    return HVRV_OK;
}

typedef uint64_t __attribute__((may_alias)) head_word;

/* What it says first is READY, and none of the four. */
static inline bool is_plain(const struct hvrv_mmio *mmio)
{
    _Static_assert(offsetof(struct hvrv_mmio, size) == sizeof(head_word), "an outcome, four bools");
    return *(const head_word *)(const void *)mmio == 0;
}

enum hvrv_status hvrv_mmio_finish(const struct hvrv_mmio *mmio, struct hvrv_vhart *vhart,
                                  uint64_t value)
{
    uint64_t rd;

    if (!mmio || !vhart)
        return HVRV_ERR_NULL;
    rd = mmio->insn.rd;
    if (!is_plain(mmio) || rd == 0)
        return finish_other(mmio, vhart, value);
    vhart->sepc += mmio->insn.length;
    if (__builtin_expect(mmio->insn.is_signed && mmio->insn.size == 4, 1)) {
        vhart->gpr[rd] = (uint64_t)(int32_t)value;
        return HVRV_OK;
    }
    vhart->gpr[rd] = extend(&mmio->insn, value);
    return HVRV_OK;
}
