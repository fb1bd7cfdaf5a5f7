/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup csr Control and status registers
 * @brief Every register of a hypervisor's hart: number, name, access, fields, and its value as
 * text.
 *
 * One list, #HVRV_CSR_LIST in csr_list.h, has a row for each register; this
 * enumeration, the names, the accessors of port/hart.h, the storage of the
 * tests' model hart and the table in docs/csr.md are all made of it. The
 * fields stand in csr_fields.h as masks named HVRV_<REGISTER>_<FIELD>:
 *
 *     uint64_t vsxl = hvrv_bits_get(hstatus, HVRV_HSTATUS_VSXL);
 *
 * What is not here: access to the registers of a hart, which is port/hart.h.
 * Nothing in this header reads or writes a register.
 * @{
 */
#ifndef HVRV_ISA_CSR_H
#define HVRV_ISA_CSR_H

#include <stddef.h>

#include <hvrv/isa/bits.h>
#include <hvrv/isa/csr_fields.h>
#include <hvrv/isa/csr_list.h>
#include <hvrv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The registers that the library knows; a value is the number that the instruction encodes. */
enum hvrv_csr {
#define HVRV_CSR_ENUMERATOR(id, name, number, access, extension, mask) HVRV_CSR_##id = (number),
    HVRV_CSR_LIST(HVRV_CSR_ENUMERATOR)
#undef HVRV_CSR_ENUMERATOR
};

#define HVRV_CSR_ONE(id, name, number, access, extension, mask) +1
/** The registers that the library knows, counted. */
#define HVRV_CSR_COUNT (0 HVRV_CSR_LIST(HVRV_CSR_ONE))

/** The extensions that bring registers. */
enum hvrv_csr_extension {
#define HVRV_CSR_EXTENSION_ENUMERATOR(id, name, text) HVRV_CSR_EXTENSION_##id,
    HVRV_CSR_EXTENSION_LIST(HVRV_CSR_EXTENSION_ENUMERATOR)
#undef HVRV_CSR_EXTENSION_ENUMERATOR
};

/** The lowest privilege that may access a register (the numbers' convention, chapter "CSRs"). */
enum hvrv_csr_privilege {
    HVRV_CSR_PRIVILEGE_U = 0, /**< user mode */
    HVRV_CSR_PRIVILEGE_S = 1, /**< supervisor mode; in VS-mode the virtual supervisor register */
    HVRV_CSR_PRIVILEGE_H = 2, /**< HS-mode */
    HVRV_CSR_PRIVILEGE_M = 3, /**< machine mode */
};

/**
 * @brief Tells whether a register is read-only by its number.
 * @param csr any register number, in the list or not.
 * @return true if a write raises an illegal-instruction exception.
 */
static inline bool hvrv_csr_is_read_only(enum hvrv_csr csr)
{
    return ((unsigned)csr >> 10 & 3) == 3;
}

/**
 * @brief The lowest privilege that may access a register, by its number.
 * @param csr any register number, in the list or not.
 * @return one of the four privileges.
 */
static inline enum hvrv_csr_privilege hvrv_csr_privilege(enum hvrv_csr csr)
{
    return (enum hvrv_csr_privilege)((unsigned)csr >> 8 & 3);
}

/**
 * @brief Tells whether the library knows a register.
 * @param csr any register number.
 * @return true if it is in #HVRV_CSR_LIST.
 */
bool hvrv_csr_is_listed(enum hvrv_csr csr);

/**
 * @brief The name of a register as an assembler knows it, such as "hstatus".
 * @param csr any register number.
 * @return a constant string, never null; "unknown" for a number that is not in the list.
 */
const char *hvrv_csr_name(enum hvrv_csr csr);

/**
 * @brief Finds a register by its name.
 * @param name a name in small letters, such as "hstatus"; no more of it is read than is needed.
 * @param[out] csr the register; 0 if there is none.
 * @retval HVRV_OK found.
 * @retval HVRV_ERR_NULL @p name or @p csr is null.
 * @retval HVRV_ERR_MISSING no register has this name.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_csr_by_name(const char *name, enum hvrv_csr *csr);

/**
 * @brief The extension that brings a register.
 * @param csr a register.
 * @param[out] extension the extension; 0 if there is no such register.
 * @retval HVRV_OK found.
 * @retval HVRV_ERR_NULL @p extension is null.
 * @retval HVRV_ERR_MISSING @p csr is not in the list.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_csr_extension(enum hvrv_csr csr,
                                                    enum hvrv_csr_extension *extension);

/**
 * @brief The name of an extension, such as "Sstc".
 * @param extension any value.
 * @return a constant string, never null; "unknown" for a value that is no extension.
 */
const char *hvrv_csr_extension_name(enum hvrv_csr_extension extension);

/**
 * @brief Writes a register's value field by field, such as "hstatus SPV SPVP VTW VSXL=2".
 *
 * The fields stand lowest first. A field of one bit is its name if it is set;
 * a wider one is NAME=value, in decimal up to 16 bits of width and in hex
 * beyond; a field that is zero is left out. Bits that are in no field follow
 * as "?=0x...". A register without fields is its name and its value in hex:
 * "sepc 0x80200000".
 * @param csr the register.
 * @param value any value.
 * @param[out] buffer takes the text, always terminated if @p size is not 0; may be null, and
 *             then nothing is written and only the length told.
 * @param size bytes in @p buffer; 320 hold every text.
 * @return the text's length without the terminator, which may be more than fitted; 0 and an
 *         empty text if @p csr is not in the list.
 */
size_t hvrv_csr_print(enum hvrv_csr csr, uint64_t value, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
