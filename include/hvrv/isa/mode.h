/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup mode Translation modes
 * @brief Bare, Sv39, Sv48, Sv57 and their x4 forms as rows of one table.
 *
 * A mode is data: how many levels, how wide the input address, how large the
 * root table, and whether the upper input bits repeat the sign (VS-stage) or
 * are zero (G-stage). Nothing in the library switches on a mode's name.
 *
 * The MODE fields of satp, vsatp and hgatp share their encodings: 0, 8, 9, 10.
 * @{
 */
#ifndef HVRV_ISA_MODE_H
#define HVRV_ISA_MODE_H

#include <hvrv/isa/addr.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The two stages of address translation. */
enum hvrv_stage {
    HVRV_STAGE_VS, /**< GVA to GPA, controlled by vsatp */
    HVRV_STAGE_G,  /**< GPA to HPA, controlled by hgatp */
};

/** MODE encodings of satp, vsatp and hgatp on RV64 (norm:satp_mode_sxlen64, norm:hgatp_mode_sv). */
enum hvrv_mode_encoding {
    HVRV_MODE_BARE = 0, /**< no translation */
    HVRV_MODE_SV39 = 8, /**< Sv39, in hgatp Sv39x4 */
    HVRV_MODE_SV48 = 9, /**< Sv48, in hgatp Sv48x4 */
    HVRV_MODE_SV57 = 10 /**< Sv57, in hgatp Sv57x4 */
};

/** One translation mode of one stage. The rows are the library's: see hvrv_mode_find(). */
struct hvrv_mode {
    char name[8];       /**< "Bare", "Sv39", ..., "Sv57x4" */
    uint8_t encoding;   /**< the MODE field's value, enum hvrv_mode_encoding */
    uint8_t levels;     /**< levels of tables: 0 (Bare), 3, 4 or 5 */
    uint8_t width;      /**< bits of an input address that count: 64 (Bare), or 39 to 59 */
    uint16_t root_size; /**< bytes and alignment of the root table: 0 (Bare), 4096 or 16384 */
};

/**
 * @brief The row of a mode.
 * @param stage the stage whose register holds the MODE field.
 * @param encoding the MODE field's value, any number.
 * @return the row, or null if the encoding is reserved or the stage is none.
 */
const struct hvrv_mode *hvrv_mode_find(enum hvrv_stage stage, uint64_t encoding);

/**
 * @brief Tells whether @p address is one that the mode translates.
 *
 * The VS-stage wants the bits above the width to repeat its top bit
 * (norm:Sv39_va_signext and the like); the G-stage wants them to be zero
 * (norm:hgatp_mode_sv39x4 and the like). Bare takes every address.
 * @param mode a row from hvrv_mode_find().
 * @param stage the same stage as the row's.
 * @param address a GVA for the VS-stage, a GPA for the G-stage.
 * @return true if it may be translated; false means a page fault or guest-page fault.
 */
bool hvrv_mode_takes(const struct hvrv_mode *mode, enum hvrv_stage stage, uint64_t address);

/**
 * @brief The value of hgatp for a G-stage.
 *
 * Bare takes neither a VMID nor a root: all of hgatp is 0 then (norm:hgatp_mode_bare).
 * @param encoding the MODE field's value.
 * @param vmid 0 to 2^14 - 1; the hart may implement fewer bits (hvrv_probe.vmidlen).
 * @param root the root table's HPA, a multiple of 16 KiB below 2^56.
 * @param[out] hgatp the value; 0 if refused.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p hgatp is null.
 * @retval HVRV_ERR_MODE @p encoding is reserved.
 * @retval HVRV_ERR_ARGUMENT @p vmid has more than 14 bits, or is not 0 for Bare.
 * @retval HVRV_ERR_ALIGN @p root is no multiple of 16 KiB.
 * @retval HVRV_ERR_RANGE @p root is 2^56 or above, or not 0 for Bare.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mode_make_hgatp(enum hvrv_mode_encoding encoding,
                                                      uint16_t vmid, hvrv_hpa root,
                                                      uint64_t *hgatp);

/**
 * @brief The value of vsatp for a VS-stage.
 * @param encoding the MODE field's value.
 * @param asid any; the hart may implement fewer bits.
 * @param root the root table's GPA, a multiple of 4 KiB below 2^56.
 * @param[out] vsatp the value; 0 if refused.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p vsatp is null.
 * @retval HVRV_ERR_MODE @p encoding is reserved.
 * @retval HVRV_ERR_ARGUMENT @p asid is not 0 for Bare.
 * @retval HVRV_ERR_ALIGN @p root is no multiple of 4 KiB.
 * @retval HVRV_ERR_RANGE @p root is 2^56 or above, or not 0 for Bare.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_mode_make_vsatp(enum hvrv_mode_encoding encoding,
                                                      uint16_t asid, hvrv_gpa root,
                                                      uint64_t *vsatp);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
