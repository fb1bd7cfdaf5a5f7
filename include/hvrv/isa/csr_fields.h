/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup csr
 * The fields of the control and status registers, as the manual draws them:
 * HVRV_REGISTER_FIELD is a mask for hvrv_bits_get() and hvrv_bits_set(). A register
 * that is one value (sepc, sscratch, htval, ...) has no field. At the end the same fields
 * as a list, X(ID, FIELD), by which a value is printed and a test proves that the fields
 * of a register are disjoint.
 *
 * Included by csr.h.
 */
#ifndef HVRV_ISA_CSR_FIELDS_H
#define HVRV_ISA_CSR_FIELDS_H

#include <hvrv/isa/bits.h>

/** @addtogroup csr
 * @{
 * @cond FIELDS
 */

/* Floating point and vectors */
#define HVRV_FCSR_NX  HVRV_BIT(0)
#define HVRV_FCSR_UF  HVRV_BIT(1)
#define HVRV_FCSR_OF  HVRV_BIT(2)
#define HVRV_FCSR_DZ  HVRV_BIT(3)
#define HVRV_FCSR_NV  HVRV_BIT(4)
#define HVRV_FCSR_FRM HVRV_BITS(7, 5)

#define HVRV_VCSR_VXSAT HVRV_BIT(0)
#define HVRV_VCSR_VXRM  HVRV_BITS(2, 1)

#define HVRV_VTYPE_VLMUL HVRV_BITS(2, 0)
#define HVRV_VTYPE_VSEW  HVRV_BITS(5, 3)
#define HVRV_VTYPE_VTA   HVRV_BIT(6)
#define HVRV_VTYPE_VMA   HVRV_BIT(7)
#define HVRV_VTYPE_VILL  HVRV_BIT(63)

/* Status */
#define HVRV_SSTATUS_SIE   HVRV_BIT(1)
#define HVRV_SSTATUS_SPIE  HVRV_BIT(5)
#define HVRV_SSTATUS_UBE   HVRV_BIT(6)
#define HVRV_SSTATUS_SPP   HVRV_BIT(8)
#define HVRV_SSTATUS_VS    HVRV_BITS(10, 9)
#define HVRV_SSTATUS_FS    HVRV_BITS(14, 13)
#define HVRV_SSTATUS_XS    HVRV_BITS(16, 15)
#define HVRV_SSTATUS_SUM   HVRV_BIT(18)
#define HVRV_SSTATUS_MXR   HVRV_BIT(19)
#define HVRV_SSTATUS_SPELP HVRV_BIT(23)
#define HVRV_SSTATUS_SDT   HVRV_BIT(24)
#define HVRV_SSTATUS_UXL   HVRV_BITS(33, 32)
#define HVRV_SSTATUS_SD    HVRV_BIT(63)

#define HVRV_VSSTATUS_SIE   HVRV_BIT(1)
#define HVRV_VSSTATUS_SPIE  HVRV_BIT(5)
#define HVRV_VSSTATUS_UBE   HVRV_BIT(6)
#define HVRV_VSSTATUS_SPP   HVRV_BIT(8)
#define HVRV_VSSTATUS_VS    HVRV_BITS(10, 9)
#define HVRV_VSSTATUS_FS    HVRV_BITS(14, 13)
#define HVRV_VSSTATUS_XS    HVRV_BITS(16, 15)
#define HVRV_VSSTATUS_SUM   HVRV_BIT(18)
#define HVRV_VSSTATUS_MXR   HVRV_BIT(19)
#define HVRV_VSSTATUS_SPELP HVRV_BIT(23)
#define HVRV_VSSTATUS_SDT   HVRV_BIT(24)
#define HVRV_VSSTATUS_UXL   HVRV_BITS(33, 32)
#define HVRV_VSSTATUS_SD    HVRV_BIT(63)

#define HVRV_MSTATUS_SIE   HVRV_BIT(1)
#define HVRV_MSTATUS_MIE   HVRV_BIT(3)
#define HVRV_MSTATUS_SPIE  HVRV_BIT(5)
#define HVRV_MSTATUS_UBE   HVRV_BIT(6)
#define HVRV_MSTATUS_MPIE  HVRV_BIT(7)
#define HVRV_MSTATUS_SPP   HVRV_BIT(8)
#define HVRV_MSTATUS_VS    HVRV_BITS(10, 9)
#define HVRV_MSTATUS_MPP   HVRV_BITS(12, 11)
#define HVRV_MSTATUS_FS    HVRV_BITS(14, 13)
#define HVRV_MSTATUS_XS    HVRV_BITS(16, 15)
#define HVRV_MSTATUS_MPRV  HVRV_BIT(17)
#define HVRV_MSTATUS_SUM   HVRV_BIT(18)
#define HVRV_MSTATUS_MXR   HVRV_BIT(19)
#define HVRV_MSTATUS_TVM   HVRV_BIT(20)
#define HVRV_MSTATUS_TW    HVRV_BIT(21)
#define HVRV_MSTATUS_TSR   HVRV_BIT(22)
#define HVRV_MSTATUS_SPELP HVRV_BIT(23)
#define HVRV_MSTATUS_SDT   HVRV_BIT(24)
#define HVRV_MSTATUS_UXL   HVRV_BITS(33, 32)
#define HVRV_MSTATUS_SXL   HVRV_BITS(35, 34)
#define HVRV_MSTATUS_SBE   HVRV_BIT(36)
#define HVRV_MSTATUS_MBE   HVRV_BIT(37)
#define HVRV_MSTATUS_GVA   HVRV_BIT(38)
#define HVRV_MSTATUS_MPV   HVRV_BIT(39)
#define HVRV_MSTATUS_MPELP HVRV_BIT(41)
#define HVRV_MSTATUS_MDT   HVRV_BIT(42)
#define HVRV_MSTATUS_SD    HVRV_BIT(63)

#define HVRV_HSTATUS_VSBE  HVRV_BIT(5)
#define HVRV_HSTATUS_GVA   HVRV_BIT(6)
#define HVRV_HSTATUS_SPV   HVRV_BIT(7)
#define HVRV_HSTATUS_SPVP  HVRV_BIT(8)
#define HVRV_HSTATUS_HU    HVRV_BIT(9)
#define HVRV_HSTATUS_VGEIN HVRV_BITS(17, 12)
#define HVRV_HSTATUS_VTVM  HVRV_BIT(20)
#define HVRV_HSTATUS_VTW   HVRV_BIT(21)
#define HVRV_HSTATUS_VTSR  HVRV_BIT(22)
#define HVRV_HSTATUS_VSXL  HVRV_BITS(33, 32)
#define HVRV_HSTATUS_HUPMM HVRV_BITS(49, 48)

/* Delegation: one bit an exception or an interrupt */
#define HVRV_MEDELEG_FETCH_MISALIGNED HVRV_BIT(0)
#define HVRV_MEDELEG_FETCH_ACCESS     HVRV_BIT(1)
#define HVRV_MEDELEG_ILLEGAL          HVRV_BIT(2)
#define HVRV_MEDELEG_BREAKPOINT       HVRV_BIT(3)
#define HVRV_MEDELEG_LOAD_MISALIGNED  HVRV_BIT(4)
#define HVRV_MEDELEG_LOAD_ACCESS      HVRV_BIT(5)
#define HVRV_MEDELEG_STORE_MISALIGNED HVRV_BIT(6)
#define HVRV_MEDELEG_STORE_ACCESS     HVRV_BIT(7)
#define HVRV_MEDELEG_ECALL_U          HVRV_BIT(8)
#define HVRV_MEDELEG_ECALL_HS         HVRV_BIT(9)
#define HVRV_MEDELEG_ECALL_VS         HVRV_BIT(10)
#define HVRV_MEDELEG_FETCH_PAGE       HVRV_BIT(12)
#define HVRV_MEDELEG_LOAD_PAGE        HVRV_BIT(13)
#define HVRV_MEDELEG_STORE_PAGE       HVRV_BIT(15)
#define HVRV_MEDELEG_SOFTWARE_CHECK   HVRV_BIT(18)
#define HVRV_MEDELEG_HARDWARE_ERROR   HVRV_BIT(19)
#define HVRV_MEDELEG_FETCH_GUEST_PAGE HVRV_BIT(20)
#define HVRV_MEDELEG_LOAD_GUEST_PAGE  HVRV_BIT(21)
#define HVRV_MEDELEG_VIRTUAL          HVRV_BIT(22)
#define HVRV_MEDELEG_STORE_GUEST_PAGE HVRV_BIT(23)

#define HVRV_HEDELEG_FETCH_MISALIGNED HVRV_BIT(0)
#define HVRV_HEDELEG_FETCH_ACCESS     HVRV_BIT(1)
#define HVRV_HEDELEG_ILLEGAL          HVRV_BIT(2)
#define HVRV_HEDELEG_BREAKPOINT       HVRV_BIT(3)
#define HVRV_HEDELEG_LOAD_MISALIGNED  HVRV_BIT(4)
#define HVRV_HEDELEG_LOAD_ACCESS      HVRV_BIT(5)
#define HVRV_HEDELEG_STORE_MISALIGNED HVRV_BIT(6)
#define HVRV_HEDELEG_STORE_ACCESS     HVRV_BIT(7)
#define HVRV_HEDELEG_ECALL_U          HVRV_BIT(8)
#define HVRV_HEDELEG_FETCH_PAGE       HVRV_BIT(12)
#define HVRV_HEDELEG_LOAD_PAGE        HVRV_BIT(13)
#define HVRV_HEDELEG_STORE_PAGE       HVRV_BIT(15)
#define HVRV_HEDELEG_SOFTWARE_CHECK   HVRV_BIT(18)
#define HVRV_HEDELEG_HARDWARE_ERROR   HVRV_BIT(19)

#define HVRV_MIDELEG_SSI   HVRV_BIT(1)
#define HVRV_MIDELEG_VSSI  HVRV_BIT(2)
#define HVRV_MIDELEG_STI   HVRV_BIT(5)
#define HVRV_MIDELEG_VSTI  HVRV_BIT(6)
#define HVRV_MIDELEG_SEI   HVRV_BIT(9)
#define HVRV_MIDELEG_VSEI  HVRV_BIT(10)
#define HVRV_MIDELEG_SGEI  HVRV_BIT(12)
#define HVRV_MIDELEG_LCOFI HVRV_BIT(13)

#define HVRV_HIDELEG_VSSI  HVRV_BIT(2)
#define HVRV_HIDELEG_VSTI  HVRV_BIT(6)
#define HVRV_HIDELEG_VSEI  HVRV_BIT(10)
#define HVRV_HIDELEG_LCOFI HVRV_BIT(13)

/* Interrupts */
#define HVRV_SIP_SSIP   HVRV_BIT(1)
#define HVRV_SIP_STIP   HVRV_BIT(5)
#define HVRV_SIP_SEIP   HVRV_BIT(9)
#define HVRV_SIP_LCOFIP HVRV_BIT(13)

#define HVRV_SIE_SSIE   HVRV_BIT(1)
#define HVRV_SIE_STIE   HVRV_BIT(5)
#define HVRV_SIE_SEIE   HVRV_BIT(9)
#define HVRV_SIE_LCOFIE HVRV_BIT(13)

#define HVRV_VSIP_SSIP   HVRV_BIT(1)
#define HVRV_VSIP_STIP   HVRV_BIT(5)
#define HVRV_VSIP_SEIP   HVRV_BIT(9)
#define HVRV_VSIP_LCOFIP HVRV_BIT(13)

#define HVRV_VSIE_SSIE   HVRV_BIT(1)
#define HVRV_VSIE_STIE   HVRV_BIT(5)
#define HVRV_VSIE_SEIE   HVRV_BIT(9)
#define HVRV_VSIE_LCOFIE HVRV_BIT(13)

#define HVRV_HVIP_VSSIP HVRV_BIT(2)
#define HVRV_HVIP_VSTIP HVRV_BIT(6)
#define HVRV_HVIP_VSEIP HVRV_BIT(10)

#define HVRV_HIP_VSSIP HVRV_BIT(2)
#define HVRV_HIP_VSTIP HVRV_BIT(6)
#define HVRV_HIP_VSEIP HVRV_BIT(10)
#define HVRV_HIP_SGEIP HVRV_BIT(12)

#define HVRV_HIE_VSSIE HVRV_BIT(2)
#define HVRV_HIE_VSTIE HVRV_BIT(6)
#define HVRV_HIE_VSEIE HVRV_BIT(10)
#define HVRV_HIE_SGEIE HVRV_BIT(12)

#define HVRV_HGEIP_GEI HVRV_BITS(63, 1)

#define HVRV_HGEIE_GEI HVRV_BITS(63, 1)

#define HVRV_MIP_SSIP   HVRV_BIT(1)
#define HVRV_MIP_VSSIP  HVRV_BIT(2)
#define HVRV_MIP_MSIP   HVRV_BIT(3)
#define HVRV_MIP_STIP   HVRV_BIT(5)
#define HVRV_MIP_VSTIP  HVRV_BIT(6)
#define HVRV_MIP_MTIP   HVRV_BIT(7)
#define HVRV_MIP_SEIP   HVRV_BIT(9)
#define HVRV_MIP_VSEIP  HVRV_BIT(10)
#define HVRV_MIP_MEIP   HVRV_BIT(11)
#define HVRV_MIP_SGEIP  HVRV_BIT(12)
#define HVRV_MIP_LCOFIP HVRV_BIT(13)

#define HVRV_MIE_SSIE   HVRV_BIT(1)
#define HVRV_MIE_VSSIE  HVRV_BIT(2)
#define HVRV_MIE_MSIE   HVRV_BIT(3)
#define HVRV_MIE_STIE   HVRV_BIT(5)
#define HVRV_MIE_VSTIE  HVRV_BIT(6)
#define HVRV_MIE_MTIE   HVRV_BIT(7)
#define HVRV_MIE_SEIE   HVRV_BIT(9)
#define HVRV_MIE_VSEIE  HVRV_BIT(10)
#define HVRV_MIE_MEIE   HVRV_BIT(11)
#define HVRV_MIE_SGEIE  HVRV_BIT(12)
#define HVRV_MIE_LCOFIE HVRV_BIT(13)

#define HVRV_HVICTL_IPRIO  HVRV_BITS(7, 0)
#define HVRV_HVICTL_IPRIOM HVRV_BIT(8)
#define HVRV_HVICTL_DPR    HVRV_BIT(9)
#define HVRV_HVICTL_IID    HVRV_BITS(27, 16)
#define HVRV_HVICTL_VTI    HVRV_BIT(30)

#define HVRV_STOPI_IPRIO HVRV_BITS(7, 0)
#define HVRV_STOPI_IID   HVRV_BITS(27, 16)

#define HVRV_VSTOPI_IPRIO HVRV_BITS(7, 0)
#define HVRV_VSTOPI_IID   HVRV_BITS(27, 16)

#define HVRV_STOPEI_IPRIO HVRV_BITS(10, 0)
#define HVRV_STOPEI_IID   HVRV_BITS(26, 16)

#define HVRV_VSTOPEI_IPRIO HVRV_BITS(10, 0)
#define HVRV_VSTOPEI_IID   HVRV_BITS(26, 16)

/* Environment configuration */
#define HVRV_SENVCFG_FIOM  HVRV_BIT(0)
#define HVRV_SENVCFG_LPE   HVRV_BIT(2)
#define HVRV_SENVCFG_SSE   HVRV_BIT(3)
#define HVRV_SENVCFG_CBIE  HVRV_BITS(5, 4)
#define HVRV_SENVCFG_CBCFE HVRV_BIT(6)
#define HVRV_SENVCFG_CBZE  HVRV_BIT(7)
#define HVRV_SENVCFG_PMM   HVRV_BITS(33, 32)

#define HVRV_HENVCFG_FIOM  HVRV_BIT(0)
#define HVRV_HENVCFG_LPE   HVRV_BIT(2)
#define HVRV_HENVCFG_SSE   HVRV_BIT(3)
#define HVRV_HENVCFG_CBIE  HVRV_BITS(5, 4)
#define HVRV_HENVCFG_CBCFE HVRV_BIT(6)
#define HVRV_HENVCFG_CBZE  HVRV_BIT(7)
#define HVRV_HENVCFG_PMM   HVRV_BITS(33, 32)
#define HVRV_HENVCFG_DTE   HVRV_BIT(59)
#define HVRV_HENVCFG_ADUE  HVRV_BIT(61)
#define HVRV_HENVCFG_PBMTE HVRV_BIT(62)
#define HVRV_HENVCFG_STCE  HVRV_BIT(63)

#define HVRV_MENVCFG_FIOM  HVRV_BIT(0)
#define HVRV_MENVCFG_LPE   HVRV_BIT(2)
#define HVRV_MENVCFG_SSE   HVRV_BIT(3)
#define HVRV_MENVCFG_CBIE  HVRV_BITS(5, 4)
#define HVRV_MENVCFG_CBCFE HVRV_BIT(6)
#define HVRV_MENVCFG_CBZE  HVRV_BIT(7)
#define HVRV_MENVCFG_PMM   HVRV_BITS(33, 32)
#define HVRV_MENVCFG_DTE   HVRV_BIT(59)
#define HVRV_MENVCFG_CDE   HVRV_BIT(60)
#define HVRV_MENVCFG_ADUE  HVRV_BIT(61)
#define HVRV_MENVCFG_PBMTE HVRV_BIT(62)
#define HVRV_MENVCFG_STCE  HVRV_BIT(63)

#define HVRV_MSECCFG_MML   HVRV_BIT(0)
#define HVRV_MSECCFG_MMWP  HVRV_BIT(1)
#define HVRV_MSECCFG_RLB   HVRV_BIT(2)
#define HVRV_MSECCFG_USEED HVRV_BIT(8)
#define HVRV_MSECCFG_SSEED HVRV_BIT(9)
#define HVRV_MSECCFG_MLPE  HVRV_BIT(10)
#define HVRV_MSECCFG_PMM   HVRV_BITS(33, 32)

/* Counter enables */
#define HVRV_SCOUNTEREN_CY  HVRV_BIT(0)
#define HVRV_SCOUNTEREN_TM  HVRV_BIT(1)
#define HVRV_SCOUNTEREN_IR  HVRV_BIT(2)
#define HVRV_SCOUNTEREN_HPM HVRV_BITS(31, 3)

#define HVRV_HCOUNTEREN_CY  HVRV_BIT(0)
#define HVRV_HCOUNTEREN_TM  HVRV_BIT(1)
#define HVRV_HCOUNTEREN_IR  HVRV_BIT(2)
#define HVRV_HCOUNTEREN_HPM HVRV_BITS(31, 3)

#define HVRV_MCOUNTEREN_CY  HVRV_BIT(0)
#define HVRV_MCOUNTEREN_TM  HVRV_BIT(1)
#define HVRV_MCOUNTEREN_IR  HVRV_BIT(2)
#define HVRV_MCOUNTEREN_HPM HVRV_BITS(31, 3)

/* State enables */
#define HVRV_SSTATEEN0_C    HVRV_BIT(0)
#define HVRV_SSTATEEN0_FCSR HVRV_BIT(1)
#define HVRV_SSTATEEN0_JVT  HVRV_BIT(2)

#define HVRV_HSTATEEN0_C       HVRV_BIT(0)
#define HVRV_HSTATEEN0_FCSR    HVRV_BIT(1)
#define HVRV_HSTATEEN0_JVT     HVRV_BIT(2)
#define HVRV_HSTATEEN0_CTR     HVRV_BIT(54)
#define HVRV_HSTATEEN0_CONTEXT HVRV_BIT(57)
#define HVRV_HSTATEEN0_IMSIC   HVRV_BIT(58)
#define HVRV_HSTATEEN0_AIA     HVRV_BIT(59)
#define HVRV_HSTATEEN0_CSRIND  HVRV_BIT(60)
#define HVRV_HSTATEEN0_ENVCFG  HVRV_BIT(62)
#define HVRV_HSTATEEN0_SE0     HVRV_BIT(63)

#define HVRV_MSTATEEN0_C       HVRV_BIT(0)
#define HVRV_MSTATEEN0_FCSR    HVRV_BIT(1)
#define HVRV_MSTATEEN0_JVT     HVRV_BIT(2)
#define HVRV_MSTATEEN0_CTR     HVRV_BIT(54)
#define HVRV_MSTATEEN0_SRMCFG  HVRV_BIT(55)
#define HVRV_MSTATEEN0_P1P13   HVRV_BIT(56)
#define HVRV_MSTATEEN0_CONTEXT HVRV_BIT(57)
#define HVRV_MSTATEEN0_IMSIC   HVRV_BIT(58)
#define HVRV_MSTATEEN0_AIA     HVRV_BIT(59)
#define HVRV_MSTATEEN0_CSRIND  HVRV_BIT(60)
#define HVRV_MSTATEEN0_ENVCFG  HVRV_BIT(62)
#define HVRV_MSTATEEN0_SE0     HVRV_BIT(63)

#define HVRV_HSTATEEN1_SE1 HVRV_BIT(63)

#define HVRV_HSTATEEN2_SE2 HVRV_BIT(63)

#define HVRV_HSTATEEN3_SE3 HVRV_BIT(63)

#define HVRV_MSTATEEN1_SE1 HVRV_BIT(63)

#define HVRV_MSTATEEN2_SE2 HVRV_BIT(63)

#define HVRV_MSTATEEN3_SE3 HVRV_BIT(63)

/* Address translation */
#define HVRV_SATP_PPN  HVRV_BITS(43, 0)
#define HVRV_SATP_ASID HVRV_BITS(59, 44)
#define HVRV_SATP_MODE HVRV_BITS(63, 60)

#define HVRV_VSATP_PPN  HVRV_BITS(43, 0)
#define HVRV_VSATP_ASID HVRV_BITS(59, 44)
#define HVRV_VSATP_MODE HVRV_BITS(63, 60)

#define HVRV_HGATP_PPN  HVRV_BITS(43, 0)
#define HVRV_HGATP_VMID HVRV_BITS(57, 44)
#define HVRV_HGATP_MODE HVRV_BITS(63, 60)

/* Trap vectors and causes */
#define HVRV_STVEC_MODE HVRV_BITS(1, 0)
#define HVRV_STVEC_BASE HVRV_BITS(63, 2)

#define HVRV_VSTVEC_MODE HVRV_BITS(1, 0)
#define HVRV_VSTVEC_BASE HVRV_BITS(63, 2)

#define HVRV_MTVEC_MODE HVRV_BITS(1, 0)
#define HVRV_MTVEC_BASE HVRV_BITS(63, 2)

#define HVRV_SCAUSE_CODE      HVRV_BITS(62, 0)
#define HVRV_SCAUSE_INTERRUPT HVRV_BIT(63)

#define HVRV_VSCAUSE_CODE      HVRV_BITS(62, 0)
#define HVRV_VSCAUSE_INTERRUPT HVRV_BIT(63)

#define HVRV_MCAUSE_CODE      HVRV_BITS(62, 0)
#define HVRV_MCAUSE_INTERRUPT HVRV_BIT(63)

/* Control transfer records, quality of service */
#define HVRV_SCTRCTL_U          HVRV_BIT(0)
#define HVRV_SCTRCTL_S          HVRV_BIT(1)
#define HVRV_SCTRCTL_RASEMU     HVRV_BIT(7)
#define HVRV_SCTRCTL_STE        HVRV_BIT(8)
#define HVRV_SCTRCTL_BPFRZ      HVRV_BIT(11)
#define HVRV_SCTRCTL_LCOFIFRZ   HVRV_BIT(12)
#define HVRV_SCTRCTL_EXCINH     HVRV_BIT(33)
#define HVRV_SCTRCTL_INTRINH    HVRV_BIT(34)
#define HVRV_SCTRCTL_TRETINH    HVRV_BIT(35)
#define HVRV_SCTRCTL_NTBREN     HVRV_BIT(36)
#define HVRV_SCTRCTL_TKBRINH    HVRV_BIT(37)
#define HVRV_SCTRCTL_INDCALLINH HVRV_BIT(40)
#define HVRV_SCTRCTL_DIRCALLINH HVRV_BIT(41)
#define HVRV_SCTRCTL_INDJMPINH  HVRV_BIT(42)
#define HVRV_SCTRCTL_DIRJMPINH  HVRV_BIT(43)
#define HVRV_SCTRCTL_CORSWAPINH HVRV_BIT(44)
#define HVRV_SCTRCTL_RETINH     HVRV_BIT(45)
#define HVRV_SCTRCTL_INDLJMPINH HVRV_BIT(46)
#define HVRV_SCTRCTL_DIRLJMPINH HVRV_BIT(47)

#define HVRV_VSCTRCTL_U          HVRV_BIT(0)
#define HVRV_VSCTRCTL_S          HVRV_BIT(1)
#define HVRV_VSCTRCTL_RASEMU     HVRV_BIT(7)
#define HVRV_VSCTRCTL_STE        HVRV_BIT(8)
#define HVRV_VSCTRCTL_BPFRZ      HVRV_BIT(11)
#define HVRV_VSCTRCTL_LCOFIFRZ   HVRV_BIT(12)
#define HVRV_VSCTRCTL_EXCINH     HVRV_BIT(33)
#define HVRV_VSCTRCTL_INTRINH    HVRV_BIT(34)
#define HVRV_VSCTRCTL_TRETINH    HVRV_BIT(35)
#define HVRV_VSCTRCTL_NTBREN     HVRV_BIT(36)
#define HVRV_VSCTRCTL_TKBRINH    HVRV_BIT(37)
#define HVRV_VSCTRCTL_INDCALLINH HVRV_BIT(40)
#define HVRV_VSCTRCTL_DIRCALLINH HVRV_BIT(41)
#define HVRV_VSCTRCTL_INDJMPINH  HVRV_BIT(42)
#define HVRV_VSCTRCTL_DIRJMPINH  HVRV_BIT(43)
#define HVRV_VSCTRCTL_CORSWAPINH HVRV_BIT(44)
#define HVRV_VSCTRCTL_RETINH     HVRV_BIT(45)
#define HVRV_VSCTRCTL_INDLJMPINH HVRV_BIT(46)
#define HVRV_VSCTRCTL_DIRLJMPINH HVRV_BIT(47)

#define HVRV_SCTRSTATUS_WRPTR  HVRV_BITS(7, 0)
#define HVRV_SCTRSTATUS_FROZEN HVRV_BIT(31)

#define HVRV_SCTRDEPTH_DEPTH HVRV_BITS(2, 0)

#define HVRV_SRMCFG_RCID HVRV_BITS(11, 0)
#define HVRV_SRMCFG_MCID HVRV_BITS(27, 16)

/* MISA */
#define HVRV_MISA_EXTENSIONS HVRV_BITS(25, 0)
#define HVRV_MISA_MXL        HVRV_BITS(63, 62)

/* One entry of pmpcfg: eight of them stand in each pmpcfg register of RV64. */
#define HVRV_PMPCFG_R HVRV_BIT(0)
#define HVRV_PMPCFG_W HVRV_BIT(1)
#define HVRV_PMPCFG_X HVRV_BIT(2)
#define HVRV_PMPCFG_A HVRV_BITS(4, 3)
#define HVRV_PMPCFG_L HVRV_BIT(7)

/* Supervisor domains */
#define HVRV_MMPT_PPN  HVRV_BITS(43, 0)
#define HVRV_MMPT_SDID HVRV_BITS(57, 52)
#define HVRV_MMPT_MODE HVRV_BITS(63, 60)

#define HVRV_MSDCFG_SIDN HVRV_BITS(5, 0)
#define HVRV_MSDCFG_SSRM HVRV_BIT(22)
#define HVRV_MSDCFG_SSMM HVRV_BIT(23)
#define HVRV_MSDCFG_SRL  HVRV_BITS(27, 24)
#define HVRV_MSDCFG_SML  HVRV_BITS(31, 28)

/** @endcond */

/** The fields: register, field; the fields of a register stand together, lowest first. */
/* clang-format off */
#define HVRV_CSR_FIELD_LIST(X)                                                                     \
    X(FCSR, NX) X(FCSR, UF) X(FCSR, OF) X(FCSR, DZ) X(FCSR, NV) X(FCSR, FRM)                       \
    X(VCSR, VXSAT) X(VCSR, VXRM)                                                                   \
    X(VTYPE, VLMUL) X(VTYPE, VSEW) X(VTYPE, VTA) X(VTYPE, VMA) X(VTYPE, VILL)                      \
    X(SSTATUS, SIE) X(SSTATUS, SPIE) X(SSTATUS, UBE) X(SSTATUS, SPP) X(SSTATUS, VS)                \
    X(SSTATUS, FS) X(SSTATUS, XS) X(SSTATUS, SUM) X(SSTATUS, MXR) X(SSTATUS, SPELP)                \
    X(SSTATUS, SDT) X(SSTATUS, UXL) X(SSTATUS, SD)                                                 \
    X(VSSTATUS, SIE) X(VSSTATUS, SPIE) X(VSSTATUS, UBE) X(VSSTATUS, SPP) X(VSSTATUS, VS)           \
    X(VSSTATUS, FS) X(VSSTATUS, XS) X(VSSTATUS, SUM) X(VSSTATUS, MXR) X(VSSTATUS, SPELP)           \
    X(VSSTATUS, SDT) X(VSSTATUS, UXL) X(VSSTATUS, SD)                                              \
    X(MSTATUS, SIE) X(MSTATUS, MIE) X(MSTATUS, SPIE) X(MSTATUS, UBE) X(MSTATUS, MPIE)              \
    X(MSTATUS, SPP) X(MSTATUS, VS) X(MSTATUS, MPP) X(MSTATUS, FS) X(MSTATUS, XS) X(MSTATUS, MPRV)  \
    X(MSTATUS, SUM) X(MSTATUS, MXR) X(MSTATUS, TVM) X(MSTATUS, TW) X(MSTATUS, TSR)                 \
    X(MSTATUS, SPELP) X(MSTATUS, SDT) X(MSTATUS, UXL) X(MSTATUS, SXL) X(MSTATUS, SBE)              \
    X(MSTATUS, MBE) X(MSTATUS, GVA) X(MSTATUS, MPV) X(MSTATUS, MPELP) X(MSTATUS, MDT)              \
    X(MSTATUS, SD)                                                                                 \
    X(HSTATUS, VSBE) X(HSTATUS, GVA) X(HSTATUS, SPV) X(HSTATUS, SPVP) X(HSTATUS, HU)               \
    X(HSTATUS, VGEIN) X(HSTATUS, VTVM) X(HSTATUS, VTW) X(HSTATUS, VTSR) X(HSTATUS, VSXL)           \
    X(HSTATUS, HUPMM)                                                                              \
    X(MEDELEG, FETCH_MISALIGNED) X(MEDELEG, FETCH_ACCESS) X(MEDELEG, ILLEGAL)                      \
    X(MEDELEG, BREAKPOINT) X(MEDELEG, LOAD_MISALIGNED) X(MEDELEG, LOAD_ACCESS)                     \
    X(MEDELEG, STORE_MISALIGNED) X(MEDELEG, STORE_ACCESS) X(MEDELEG, ECALL_U)                      \
    X(MEDELEG, ECALL_HS) X(MEDELEG, ECALL_VS) X(MEDELEG, FETCH_PAGE) X(MEDELEG, LOAD_PAGE)         \
    X(MEDELEG, STORE_PAGE) X(MEDELEG, SOFTWARE_CHECK) X(MEDELEG, HARDWARE_ERROR)                   \
    X(MEDELEG, FETCH_GUEST_PAGE) X(MEDELEG, LOAD_GUEST_PAGE) X(MEDELEG, VIRTUAL)                   \
    X(MEDELEG, STORE_GUEST_PAGE)                                                                   \
    X(HEDELEG, FETCH_MISALIGNED) X(HEDELEG, FETCH_ACCESS) X(HEDELEG, ILLEGAL)                      \
    X(HEDELEG, BREAKPOINT) X(HEDELEG, LOAD_MISALIGNED) X(HEDELEG, LOAD_ACCESS)                     \
    X(HEDELEG, STORE_MISALIGNED) X(HEDELEG, STORE_ACCESS) X(HEDELEG, ECALL_U)                      \
    X(HEDELEG, FETCH_PAGE) X(HEDELEG, LOAD_PAGE) X(HEDELEG, STORE_PAGE)                            \
    X(HEDELEG, SOFTWARE_CHECK) X(HEDELEG, HARDWARE_ERROR)                                          \
    X(MIDELEG, SSI) X(MIDELEG, VSSI) X(MIDELEG, STI) X(MIDELEG, VSTI) X(MIDELEG, SEI)              \
    X(MIDELEG, VSEI) X(MIDELEG, SGEI) X(MIDELEG, LCOFI)                                            \
    X(HIDELEG, VSSI) X(HIDELEG, VSTI) X(HIDELEG, VSEI) X(HIDELEG, LCOFI)                           \
    X(SIP, SSIP) X(SIP, STIP) X(SIP, SEIP) X(SIP, LCOFIP)                                          \
    X(SIE, SSIE) X(SIE, STIE) X(SIE, SEIE) X(SIE, LCOFIE)                                          \
    X(VSIP, SSIP) X(VSIP, STIP) X(VSIP, SEIP) X(VSIP, LCOFIP)                                      \
    X(VSIE, SSIE) X(VSIE, STIE) X(VSIE, SEIE) X(VSIE, LCOFIE)                                      \
    X(HVIP, VSSIP) X(HVIP, VSTIP) X(HVIP, VSEIP)                                                   \
    X(HIP, VSSIP) X(HIP, VSTIP) X(HIP, VSEIP) X(HIP, SGEIP)                                        \
    X(HIE, VSSIE) X(HIE, VSTIE) X(HIE, VSEIE) X(HIE, SGEIE)                                        \
    X(HGEIP, GEI)                                                                                  \
    X(HGEIE, GEI)                                                                                  \
    X(MIP, SSIP) X(MIP, VSSIP) X(MIP, MSIP) X(MIP, STIP) X(MIP, VSTIP) X(MIP, MTIP) X(MIP, SEIP)   \
    X(MIP, VSEIP) X(MIP, MEIP) X(MIP, SGEIP) X(MIP, LCOFIP)                                        \
    X(MIE, SSIE) X(MIE, VSSIE) X(MIE, MSIE) X(MIE, STIE) X(MIE, VSTIE) X(MIE, MTIE) X(MIE, SEIE)   \
    X(MIE, VSEIE) X(MIE, MEIE) X(MIE, SGEIE) X(MIE, LCOFIE)                                        \
    X(HVICTL, IPRIO) X(HVICTL, IPRIOM) X(HVICTL, DPR) X(HVICTL, IID) X(HVICTL, VTI)                \
    X(STOPI, IPRIO) X(STOPI, IID)                                                                  \
    X(VSTOPI, IPRIO) X(VSTOPI, IID)                                                                \
    X(STOPEI, IPRIO) X(STOPEI, IID)                                                                \
    X(VSTOPEI, IPRIO) X(VSTOPEI, IID)                                                              \
    X(SENVCFG, FIOM) X(SENVCFG, LPE) X(SENVCFG, SSE) X(SENVCFG, CBIE) X(SENVCFG, CBCFE)            \
    X(SENVCFG, CBZE) X(SENVCFG, PMM)                                                               \
    X(HENVCFG, FIOM) X(HENVCFG, LPE) X(HENVCFG, SSE) X(HENVCFG, CBIE) X(HENVCFG, CBCFE)            \
    X(HENVCFG, CBZE) X(HENVCFG, PMM) X(HENVCFG, DTE) X(HENVCFG, ADUE) X(HENVCFG, PBMTE)            \
    X(HENVCFG, STCE)                                                                               \
    X(MENVCFG, FIOM) X(MENVCFG, LPE) X(MENVCFG, SSE) X(MENVCFG, CBIE) X(MENVCFG, CBCFE)            \
    X(MENVCFG, CBZE) X(MENVCFG, PMM) X(MENVCFG, DTE) X(MENVCFG, CDE) X(MENVCFG, ADUE)              \
    X(MENVCFG, PBMTE) X(MENVCFG, STCE)                                                             \
    X(MSECCFG, MML) X(MSECCFG, MMWP) X(MSECCFG, RLB) X(MSECCFG, USEED) X(MSECCFG, SSEED)           \
    X(MSECCFG, MLPE) X(MSECCFG, PMM)                                                               \
    X(SCOUNTEREN, CY) X(SCOUNTEREN, TM) X(SCOUNTEREN, IR) X(SCOUNTEREN, HPM)                       \
    X(HCOUNTEREN, CY) X(HCOUNTEREN, TM) X(HCOUNTEREN, IR) X(HCOUNTEREN, HPM)                       \
    X(MCOUNTEREN, CY) X(MCOUNTEREN, TM) X(MCOUNTEREN, IR) X(MCOUNTEREN, HPM)                       \
    X(SSTATEEN0, C) X(SSTATEEN0, FCSR) X(SSTATEEN0, JVT)                                           \
    X(HSTATEEN0, C) X(HSTATEEN0, FCSR) X(HSTATEEN0, JVT) X(HSTATEEN0, CTR) X(HSTATEEN0, CONTEXT)   \
    X(HSTATEEN0, IMSIC) X(HSTATEEN0, AIA) X(HSTATEEN0, CSRIND) X(HSTATEEN0, ENVCFG)                \
    X(HSTATEEN0, SE0)                                                                              \
    X(MSTATEEN0, C) X(MSTATEEN0, FCSR) X(MSTATEEN0, JVT) X(MSTATEEN0, CTR) X(MSTATEEN0, SRMCFG)    \
    X(MSTATEEN0, P1P13) X(MSTATEEN0, CONTEXT) X(MSTATEEN0, IMSIC) X(MSTATEEN0, AIA)                \
    X(MSTATEEN0, CSRIND) X(MSTATEEN0, ENVCFG) X(MSTATEEN0, SE0)                                    \
    X(HSTATEEN1, SE1)                                                                              \
    X(HSTATEEN2, SE2)                                                                              \
    X(HSTATEEN3, SE3)                                                                              \
    X(MSTATEEN1, SE1)                                                                              \
    X(MSTATEEN2, SE2)                                                                              \
    X(MSTATEEN3, SE3)                                                                              \
    X(SATP, PPN) X(SATP, ASID) X(SATP, MODE)                                                       \
    X(VSATP, PPN) X(VSATP, ASID) X(VSATP, MODE)                                                    \
    X(HGATP, PPN) X(HGATP, VMID) X(HGATP, MODE)                                                    \
    X(STVEC, MODE) X(STVEC, BASE)                                                                  \
    X(VSTVEC, MODE) X(VSTVEC, BASE)                                                                \
    X(MTVEC, MODE) X(MTVEC, BASE)                                                                  \
    X(SCAUSE, CODE) X(SCAUSE, INTERRUPT)                                                           \
    X(VSCAUSE, CODE) X(VSCAUSE, INTERRUPT)                                                         \
    X(MCAUSE, CODE) X(MCAUSE, INTERRUPT)                                                           \
    X(SCTRCTL, U) X(SCTRCTL, S) X(SCTRCTL, RASEMU) X(SCTRCTL, STE) X(SCTRCTL, BPFRZ)               \
    X(SCTRCTL, LCOFIFRZ) X(SCTRCTL, EXCINH) X(SCTRCTL, INTRINH) X(SCTRCTL, TRETINH)                \
    X(SCTRCTL, NTBREN) X(SCTRCTL, TKBRINH) X(SCTRCTL, INDCALLINH) X(SCTRCTL, DIRCALLINH)           \
    X(SCTRCTL, INDJMPINH) X(SCTRCTL, DIRJMPINH) X(SCTRCTL, CORSWAPINH) X(SCTRCTL, RETINH)          \
    X(SCTRCTL, INDLJMPINH) X(SCTRCTL, DIRLJMPINH)                                                  \
    X(VSCTRCTL, U) X(VSCTRCTL, S) X(VSCTRCTL, RASEMU) X(VSCTRCTL, STE) X(VSCTRCTL, BPFRZ)          \
    X(VSCTRCTL, LCOFIFRZ) X(VSCTRCTL, EXCINH) X(VSCTRCTL, INTRINH) X(VSCTRCTL, TRETINH)            \
    X(VSCTRCTL, NTBREN) X(VSCTRCTL, TKBRINH) X(VSCTRCTL, INDCALLINH) X(VSCTRCTL, DIRCALLINH)       \
    X(VSCTRCTL, INDJMPINH) X(VSCTRCTL, DIRJMPINH) X(VSCTRCTL, CORSWAPINH) X(VSCTRCTL, RETINH)      \
    X(VSCTRCTL, INDLJMPINH) X(VSCTRCTL, DIRLJMPINH)                                                \
    X(SCTRSTATUS, WRPTR) X(SCTRSTATUS, FROZEN)                                                     \
    X(SCTRDEPTH, DEPTH)                                                                            \
    X(SRMCFG, RCID) X(SRMCFG, MCID)                                                                \
    X(MISA, EXTENSIONS) X(MISA, MXL)                                                               \
    X(MMPT, PPN) X(MMPT, SDID) X(MMPT, MODE)                                                       \
    X(MSDCFG, SIDN) X(MSDCFG, SSRM) X(MSDCFG, SSMM) X(MSDCFG, SRL) X(MSDCFG, SML)
/* clang-format on */

/** @} */

#endif
