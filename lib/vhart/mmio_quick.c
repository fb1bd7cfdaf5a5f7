/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The usual device access, in about fifty instructions: a load or store of an x
 * register, aligned, by an instruction that htinst tells or that has 32 bits. Neither
 * a struct hvrv_trap nor a struct hvrv_exit is made of it.
 *
 * What is not usual is left as it was: until HLVX traps, the trap CSRs are the
 * guest's, and after that there is nothing to be asked any more, since the guest
 * is to try again whatever the fetch's fault was; its own fetch tells.
 */
#include <hvrv/vhart/mmio.h>

#include <stddef.h>

#include "../isa/insn_table.h"
#include "hlvx.h"

#define OPCODE       0x7f
#define OPCODE_LOAD  0x03
#define OPCODE_STORE 0x23

/*
 * A transformed instruction whose address offset is 0: what may be anything in it is the length,
 * the registers and funct3.
 */
#define HTINST_MASK UINT64_C(0xffffffff000f807d)
#define IS_LONG     2 /* the guest's has 32 bits */

/* Eight bytes of a struct, whatever is in them. */
typedef uint64_t __attribute__((may_alias)) word;

/* The outcome and the four bools behind it are one word; READY, and none of the four, is 0. */
static inline void set_plain(struct hvrv_mmio *mmio)
{
    _Static_assert(offsetof(struct hvrv_mmio, size) == sizeof(word), "the outcome and four bools");
    *(word *)(void *)mmio = 0;
}

/* What funct3 says of an access of its opcode: a form has that, and no registers. */
static inline void copy_form(struct hvrv_mmio *mmio, const struct hvrv_insn_form *forms,
                             uint32_t bits)
{
    const char *form = (const char *)forms + (bits >> 8 & 0x70);
    const word *from = (const word *)(const void *)form;
    word *to = (word *)(void *)&mmio->insn;

    _Static_assert(sizeof *forms == 2 * sizeof(word), "bits 14:12 of an instruction, times 16");
    to[0] = from[0];
    to[1] = from[1];
}

/* The rest of an access at stval; false if its GPA is not known, or it is misaligned or none. */
static inline bool fill(struct hvrv_mmio *mmio, struct hvrv_hart *hart, uint64_t stval)
{
    uint64_t htval = hvrv_hart_read_htval(hart);

    mmio->size = mmio->insn.size;
    mmio->gpa.v = htval << 2 | (stval & 3);
    mmio->gva.v = stval;
    return htval != 0 && mmio->size != 0 && (stval & (mmio->size - UINT64_C(1))) == 0;
}

static inline uint64_t rs1_of(const struct hvrv_vhart *vhart, uint32_t bits)
{
    return vhart->gpr[hvrv_insn_field(bits, 19, 15)];
}

static inline bool take_load(struct hvrv_mmio *mmio, struct hvrv_hart *hart, uint64_t stval,
                             uint32_t bits)
{
    set_plain(mmio);
    copy_form(mmio, &hvrv_insn_forms[HVRV_INSN_GROUP_LOAD], bits);
    mmio->insn.rd = (uint8_t)hvrv_insn_field(bits, 11, 7);
    return fill(mmio, hart, stval);
}

static bool take_store(struct hvrv_mmio *mmio, struct hvrv_hart *hart,
                       const struct hvrv_vhart *vhart, uint32_t bits)
{
    unsigned shift;

    set_plain(mmio);
    mmio->is_store = true;
    copy_form(mmio, &hvrv_insn_forms[hvrv_insn_groups[OPCODE_STORE]], bits);
    mmio->insn.rs2 = (uint8_t)hvrv_insn_field(bits, 24, 20);
    mmio->insn.rd = 0;
    if (!fill(mmio, hart, hvrv_hart_read_stval(hart)))
        return false;
    shift = 64 - 8U * mmio->size;
    mmio->value = vhart->gpr[mmio->insn.rs2] << shift >> shift;
    return true;
}

/* What htinst tells, but for a load of 32 bits. Apart, so that that needs no stack. */
__attribute__((noinline)) static bool other_by_htinst(struct hvrv_mmio *mmio,
                                                      struct hvrv_hart *hart,
                                                      const struct hvrv_vhart *vhart,
                                                      uint64_t scause)
{
    uint64_t htinst = hvrv_hart_read_htinst(hart);
    uint64_t opcode = (htinst & HTINST_MASK) | IS_LONG;
    bool is_taken = false;

    if (opcode == OPCODE_LOAD && scause == HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT)
        is_taken = take_load(mmio, hart, hvrv_hart_read_stval(hart), (uint32_t)htinst);
    else if (opcode == OPCODE_STORE && scause == HVRV_CAUSE_STORE_GUEST_PAGE_FAULT)
        is_taken = take_store(mmio, hart, vhart, (uint32_t)htinst);
    mmio->insn.length = (uint8_t)(2 + (htinst & IS_LONG));
    return is_taken;
}

/* A store that lies in memory; or what is none, and cannot have trapped as one. */
__attribute__((noinline)) static bool quick_store(struct hvrv_mmio *mmio, struct hvrv_hart *hart,
                                                  const struct hvrv_vhart *vhart, uint32_t bits)
{
    uint64_t offset = (uint64_t)((int64_t)(int32_t)bits >> 20);

    offset = (offset & ~UINT64_C(31)) | hvrv_insn_field(bits, 11, 7);
    return (bits & OPCODE) == OPCODE_STORE &&
           rs1_of(vhart, bits) + offset == hvrv_hart_read_stval(hart) &&
           take_store(mmio, hart, vhart, bits);
}

/* A load that lies in memory. */
static inline bool quick_load(struct hvrv_mmio *mmio, struct hvrv_hart *hart,
                              const struct hvrv_vhart *vhart, uint32_t bits)
{
    uint64_t stval = hvrv_hart_read_stval(hart);

    return (bits & OPCODE) == OPCODE_LOAD &&
           rs1_of(vhart, bits) + (uint64_t)((int64_t)(int32_t)bits >> 20) == stval &&
           take_load(mmio, hart, stval, bits);
}

/* The instruction that lies at sepc, in 32 bits; 16 bits are not usual. False: it faults. */
static inline bool fetch(struct hvrv_hart *hart, uint64_t sepc, uint32_t *bits)
{
    uint32_t upper;

    if (sepc % 4 == 0)
        return hlvx_wu(hart, sepc, bits) == 0;
    if (hlvx_hu(hart, sepc & ~UINT64_C(1), bits) != 0)
        return false;
    if ((*bits & 3) != 3)
        return true;
    if (hlvx_hu(hart, (sepc & ~UINT64_C(1)) + 2, &upper) != 0)
        return false;
    *bits |= upper << 16;
    return true;
}

bool hvrv_mmio_quick(struct hvrv_mmio *mmio, struct hvrv_hart *hart, const struct hvrv_vhart *vhart,
                     uint64_t scause)
{
    uint64_t htinst = hvrv_hart_read_htinst(hart);
    bool is_load = scause == HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT;
    uint32_t bits;

    if (htinst != 0) {
        if ((htinst & (HTINST_MASK | IS_LONG)) == OPCODE_LOAD && is_load)
            return take_load(mmio, hart, hvrv_hart_read_stval(hart), (uint32_t)htinst);
        return other_by_htinst(mmio, hart, vhart, scause);
    }
    if (__builtin_expect(!fetch(hart, vhart->sepc, &bits), 0)) {
        mmio->outcome = HVRV_MMIO_RETRY;
        return true;
    }
    return is_load ? quick_load(mmio, hart, vhart, bits) : quick_store(mmio, hart, vhart, bits);
}
