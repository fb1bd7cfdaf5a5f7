/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup insn Instructions
 * @brief What a guest's instruction does, for those that a hypervisor has to do in its stead.
 *
 * These are the instructions that access memory, with what they move and
 * where, and the privileged ones that trap as virtual instructions. They come
 * from two places: from the guest's memory, as raw bits, and from htinst, in
 * the transformed form that has an address offset in the place of rs1. Both
 * give the same struct hvrv_insn; what is none of them is #HVRV_INSN_OTHER, a
 * result and no error.
 *
 * Decoded are RV64's loads, stores and atomics (A, Zabha, Zacas, Zalasr),
 * loads and stores of Zfh, F, D and Q, HLV, HLVX and HSV, their compressed
 * forms (C with D, and Zcb), CSR instructions, WFI, Zawrs, SRET, fences of
 * supervisor and hypervisor (Svinval too), and Zicbom and Zicboz. A reserved
 * encoding is #HVRV_INSN_OTHER, whatever a hart makes of it.
 *
 * Whether the guest's vHart has the extension is not asked here.
 *
 * What is not here: loads and stores of the V extension; shadow stacks
 * (Zicfiss); Zcmp and Zcmt, which use encodings of Zcd and do not go with it;
 * prefetches, which never trap.
 * @{
 */
#ifndef HVRV_ISA_INSN_H
#define HVRV_ISA_INSN_H

#include <hvrv/isa/bits.h>
#include <hvrv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kinds of instruction: enumerator, name. */
#define HVRV_INSN_KIND_LIST(X)                        \
    X(HVRV_INSN_OTHER, "other")                       \
    X(HVRV_INSN_LOAD, "load")                         \
    X(HVRV_INSN_STORE, "store")                       \
    X(HVRV_INSN_LR, "load-reserved")                  \
    X(HVRV_INSN_SC, "store-conditional")              \
    X(HVRV_INSN_AMO, "atomic memory operation")       \
    X(HVRV_INSN_HLV, "virtual-machine load")          \
    X(HVRV_INSN_HLVX, "virtual-machine load of code") \
    X(HVRV_INSN_HSV, "virtual-machine store")         \
    X(HVRV_INSN_CSR, "CSR access")                    \
    X(HVRV_INSN_WFI, "wait for interrupt")            \
    X(HVRV_INSN_WRS, "wait on reservation set")       \
    X(HVRV_INSN_SRET, "return from trap")             \
    X(HVRV_INSN_SFENCE, "supervisor fence")           \
    X(HVRV_INSN_HFENCE, "hypervisor fence")           \
    X(HVRV_INSN_CBO, "cache-block operation")

/** What kind of instruction it is. */
enum hvrv_insn_kind {
#define HVRV_INSN_ENUMERATOR(id, name) id,
    HVRV_INSN_KIND_LIST(HVRV_INSN_ENUMERATOR)
#undef HVRV_INSN_ENUMERATOR
};

/**
 * @brief The name of a kind of instruction, such as "load-reserved".
 * @param kind any value.
 * @return a constant string; "unknown" for a value that is no kind.
 */
const char *hvrv_insn_kind_name(enum hvrv_insn_kind kind);

/** Which instruction of its kind it is, for the kinds that say more than by size and registers. */
enum hvrv_insn_op {
    HVRV_INSN_OP_NONE,         /**< the kind has no operations */
    HVRV_INSN_AMO_SWAP,        /**< AMO: rs2 */
    HVRV_INSN_AMO_ADD,         /**< AMO: the sum */
    HVRV_INSN_AMO_XOR,         /**< AMO: exclusive or */
    HVRV_INSN_AMO_AND,         /**< AMO: and */
    HVRV_INSN_AMO_OR,          /**< AMO: or */
    HVRV_INSN_AMO_MIN,         /**< AMO: the lesser, signed */
    HVRV_INSN_AMO_MAX,         /**< AMO: the greater, signed */
    HVRV_INSN_AMO_MINU,        /**< AMO: the lesser, unsigned */
    HVRV_INSN_AMO_MAXU,        /**< AMO: the greater, unsigned */
    HVRV_INSN_AMO_CAS,         /**< AMO: rs2 if it was rd; of 16 bytes with pairs of registers */
    HVRV_INSN_CSR_WRITE,       /**< CSR: CSRRW, CSRRWI; reads only if rd is not 0 */
    HVRV_INSN_CSR_SET,         /**< CSR: CSRRS, CSRRSI; writes only if the field rs1 is not 0 */
    HVRV_INSN_CSR_CLEAR,       /**< CSR: CSRRC, CSRRCI; writes only if the field rs1 is not 0 */
    HVRV_INSN_WRS_NTO,         /**< WRS: without a timeout */
    HVRV_INSN_WRS_STO,         /**< WRS: with a short timeout */
    HVRV_INSN_SFENCE_VMA,      /**< SFENCE: SFENCE.VMA rs1, rs2 */
    HVRV_INSN_SINVAL_VMA,      /**< SFENCE: SINVAL.VMA rs1, rs2 */
    HVRV_INSN_SFENCE_W_INVAL,  /**< SFENCE: SFENCE.W.INVAL */
    HVRV_INSN_SFENCE_INVAL_IR, /**< SFENCE: SFENCE.INVAL.IR */
    HVRV_INSN_HFENCE_VVMA,     /**< HFENCE: HFENCE.VVMA rs1, rs2 */
    HVRV_INSN_HFENCE_GVMA,     /**< HFENCE: HFENCE.GVMA rs1, rs2 */
    HVRV_INSN_HINVAL_VVMA,     /**< HFENCE: HINVAL.VVMA rs1, rs2 */
    HVRV_INSN_HINVAL_GVMA,     /**< HFENCE: HINVAL.GVMA rs1, rs2 */
    HVRV_INSN_CBO_INVAL,       /**< CBO: CBO.INVAL (rs1) */
    HVRV_INSN_CBO_CLEAN,       /**< CBO: CBO.CLEAN (rs1) */
    HVRV_INSN_CBO_FLUSH,       /**< CBO: CBO.FLUSH (rs1) */
    HVRV_INSN_CBO_ZERO,        /**< CBO: CBO.ZERO (rs1) */
};

/**
 * A decoded instruction. What it does not have is 0: a store has no rd, a load no rs2.
 *
 * A load, store or atomic accesses #size bytes at the address in x[#rs1] plus
 * #offset; decoded from htinst, at stval less #offset.
 */
struct hvrv_insn {
    enum hvrv_insn_kind kind; /**< what it does */
    enum hvrv_insn_op op;     /**< AMO, CSR, WRS, SFENCE, HFENCE, CBO: which one */
    uint8_t length;    /**< bytes by which sepc advances: 2 or 4; 0 for OTHER that is longer */
    uint8_t size;      /**< bytes in memory, 1 to 16; 0 if it is no access */
    bool is_signed;    /**< what goes to rd is sign-extended from #size; else zero-extended */
    bool is_fp;        /**< rd or rs2 is an f register; what is narrower is NaN-boxed in it */
    bool is_immediate; /**< CSR: #rs1 is the operand itself, 0 to 31, and no register */
    bool aq;           /**< the access has acquire semantics */
    bool rl;           /**< the access has release semantics */
    uint8_t rs2;       /**< the register stored, or the second operand */
    int64_t offset;    /**< added to x[rs1], -2048 to 2047; from htinst: 0 to 31, see above */
    uint32_t bits;     /**< the bits decoded: 16 or 32; from htinst its 32-bit form, rs1 = 0 */
    uint16_t csr;      /**< CSR: the number */
    uint8_t rd;        /**< the register written */
    uint8_t rs1;       /**< the register with the address, or the operand; 0 from htinst */
};

/**
 * @brief Decodes an instruction as it lies in memory. Pure.
 *
 * For an instruction of 16 bits the upper half is not looked at, so what
 * follows it in memory may stand there. bits then has the lower half alone.
 * @param bits the instruction, its first halfword in bits 15:0.
 * @param[out] insn what it is. OTHER has bits and length and nothing else.
 * @retval HVRV_OK decoded.
 * @retval HVRV_ERR_NULL @p insn is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_insn_decode(uint32_t bits, struct hvrv_insn *insn);

/**
 * @brief Decodes a transformed instruction, as a hart writes it to htinst. Pure.
 *
 * Bits 1:0 are 11, or 01 if the guest's instruction has 16 bits; 63:32 are 0.
 * There are transformations of LOAD, STORE, LR, SC, AMO, HLV, HLVX and HSV
 * (norm:H_trap_xtinst); the immediate fields are not looked at. Zero, a
 * pseudoinstruction, and whatever else conforms to none of these is OTHER, and
 * all zero; software may treat it like htinst = 0.
 *
 * What the cause of the trap allows in htinst is not asked here:
 * hvrv_trap_decode() does.
 * @param htinst any value.
 * @param[out] insn what it is, with rs1 = 0 and offset what the manual calls Addr. Offset: stval
 *        less the access's first address (norm:H_tinst_addr_offset).
 * @retval HVRV_OK decoded.
 * @retval HVRV_ERR_NULL @p insn is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_insn_decode_transformed(uint64_t htinst,
                                                              struct hvrv_insn *insn);

/**
 * @brief Tells whether htinst holds a transformed instruction, without taking it apart. Pure.
 * @param htinst any value.
 * @return true if hvrv_insn_decode_transformed() makes of it another kind than OTHER.
 */
bool hvrv_insn_is_transformed(uint64_t htinst);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
