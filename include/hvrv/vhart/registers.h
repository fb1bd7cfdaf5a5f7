/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup context
 * Floating-point and vector registers in memory, and the ways there and back for
 * the hart that executes the call. hvrv_bind_load() and hvrv_bind_put() go them.
 * Included by context.h.
 *
 * On a machine that is no riscv64 there are no such registers, and the functions
 * do nothing.
 */
#ifndef HVRV_VHART_REGISTERS_H
#define HVRV_VHART_REGISTERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup context
 * @{
 */

/** Floating-point registers. */
struct hvrv_vhart_fp {
    uint64_t f[32]; /**< f0 to f31, as FSD stores them */
    uint64_t fcsr;  /**< rounding mode and flags */
};

/**
 * Vector registers. The caller has the memory, since only the hart tells how long a register is.
 *
 * vtype and vl as the registers of these names: vtype with its most significant bit, vill, and vl
 * = 0 for a configuration that the hart did not take.
 */
struct hvrv_vhart_vector {
    uint64_t vstart; /**< the element that an interrupted instruction goes on with */
    uint64_t vcsr;   /**< vxrm and vxsat */
    uint64_t vl;     /**< elements */
    uint64_t vtype;  /**< configuration */
    uint64_t vlenb;  /**< bytes of one register; 0 without memory */
    void *registers; /**< v0 to v31 in order, 32 * vlenb bytes; null: none */
};

/** When floating-point and vector registers are stored. */
enum hvrv_vhart_policy {
    /** At put, if the guest changed them. The hart keeps them until another guest's are loaded. */
    HVRV_VHART_LAZY,
    /** At every put, which then clears them in the hart: nobody after the guest finds any. */
    HVRV_VHART_EAGER,
};

/**
 * @brief Stores the 32 floating-point registers and fcsr.
 *
 * Turns the HS-level sstatus.FS on for itself and puts it back.
 * @pre The hart has F and D, and interrupts do not use them.
 * @param[out] fp receives the registers; not null.
 */
void hvrv_vhart_fp_save(struct hvrv_vhart_fp *fp);

/**
 * @brief Loads the 32 floating-point registers and fcsr, the callee-saved ones too.
 *
 * Turns the HS-level sstatus.FS on for itself and puts it back.
 * @pre The hart has F and D, and interrupts do not use them.
 * @param fp what to load; not null.
 */
void hvrv_vhart_fp_load(const struct hvrv_vhart_fp *fp);

/**
 * @brief Clears the 32 floating-point registers and fcsr.
 *
 * Turns the HS-level sstatus.FS on for itself and puts it back.
 * @pre The hart has F and D, and interrupts do not use them.
 */
void hvrv_vhart_fp_clear(void);

/**
 * @brief Stores the 32 vector registers and vstart, vcsr, vl and vtype.
 *
 * Turns the HS-level sstatus.VS on for itself and puts it back. The registers are as before.
 * @pre The hart has V, with vector->vlenb bytes a register, and interrupts do not use it.
 * @param[in,out] vector receives the registers, at vector->registers too; not null.
 */
void hvrv_vhart_vector_save(struct hvrv_vhart_vector *vector);

/**
 * @brief Loads the 32 vector registers and vstart, vcsr, vl and vtype.
 *
 * Turns the HS-level sstatus.VS on for itself and puts it back.
 * @pre The hart has V, with vector->vlenb bytes a register, and interrupts do not use it.
 * @param vector what to load; not null.
 */
void hvrv_vhart_vector_load(const struct hvrv_vhart_vector *vector);

/**
 * @brief Clears the 32 vector registers, vstart, vcsr and vl; vtype is vill then.
 *
 * Turns the HS-level sstatus.VS on for itself and puts it back.
 * @pre The hart has V, and interrupts do not use it.
 */
void hvrv_vhart_vector_clear(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
