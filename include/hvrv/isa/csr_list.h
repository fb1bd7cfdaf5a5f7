/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup csr
 * The control and status registers of a 64-bit hart, one row each:
 *
 *     X(ID, name, number, access, extension, mask)
 *
 *     ID         the token that enum hvrv_csr and the field names are made of
 *     name       the assembler name; the accessors are made of it
 *     number     what the instruction encodes; bits 11:10 are 3 for a read-only register
 *     access     RW or RO
 *     extension  a row of HVRV_CSR_EXTENSION_LIST
 *     mask       the bits that a write can change on a hart that has every extension, is
 *                little-endian and has XLEN = 64 in every mode; the others keep their value.
 *                HVRV_CSR_RULE_LIST names the registers that a mask does not tell all about.
 *
 * In it: every supervisor, virtual supervisor and hypervisor register of the privileged
 * manual 1.12 and 1.13 and of the extensions below, and what a machine-mode monitor under
 * a hypervisor touches. Not in it: the high halves of RV32, debug mode, the resumable NMI,
 * hpmcounter3 to 31 with their machine-mode twins, and custom registers.
 *
 * Included by csr.h; this file includes nothing.
 */
#ifndef HVRV_ISA_CSR_LIST_H
#define HVRV_ISA_CSR_LIST_H

/** The extensions that bring registers: token, name, what they are. */
#define HVRV_CSR_EXTENSION_LIST(X)                                \
    X(F, "F", "floating point")                                   \
    X(V, "V", "vectors")                                          \
    X(ZICNTR, "Zicntr", "base counters")                          \
    X(ZICFISS, "Zicfiss", "shadow stacks")                        \
    X(S, "S", "supervisor mode")                                  \
    X(H, "H", "hypervisor")                                       \
    X(SSTC, "Sstc", "supervisor timer compare")                   \
    X(SSSTATEEN, "Ssstateen", "state enables below machine mode") \
    X(SSCOFPMF, "Sscofpmf", "counter overflow")                   \
    X(SSCCFG, "Ssccfg", "counter delegation")                     \
    X(SSCSRIND, "Sscsrind", "indirect registers 2 to 6")          \
    X(SSCTR, "Ssctr", "control transfer records")                 \
    X(SSQOSID, "Ssqosid", "quality-of-service identifiers")       \
    X(SDTRIG, "Sdtrig", "triggers")                               \
    X(AIA, "Smaia/Ssaia", "advanced interrupt architecture")      \
    X(M, "M", "machine mode")                                     \
    X(SMSTATEEN, "Smstateen", "state enables of machine mode")    \
    X(PMP, "PMP", "physical memory protection")                   \
    X(SMSD, "Smsd", "supervisor domains")

/** The registers. */
#define HVRV_CSR_LIST(X)                                              \
    /* Unprivileged */                                                \
    X(FFLAGS, fflags, 0x001, RW, F, 0x1f)                             \
    X(FRM, frm, 0x002, RW, F, 0x7)                                    \
    X(FCSR, fcsr, 0x003, RW, F, 0xff)                                 \
    X(VSTART, vstart, 0x008, RW, V, 0xffff)                           \
    X(VXSAT, vxsat, 0x009, RW, V, 0x1)                                \
    X(VXRM, vxrm, 0x00a, RW, V, 0x3)                                  \
    X(VCSR, vcsr, 0x00f, RW, V, 0x7)                                  \
    X(SSP, ssp, 0x011, RW, ZICFISS, 0xfffffffffffffff8)               \
    X(CYCLE, cycle, 0xc00, RO, ZICNTR, 0)                             \
    X(TIME, time, 0xc01, RO, ZICNTR, 0)                               \
    X(INSTRET, instret, 0xc02, RO, ZICNTR, 0)                         \
    X(VL, vl, 0xc20, RO, V, 0)                                        \
    X(VTYPE, vtype, 0xc21, RO, V, 0)                                  \
    X(VLENB, vlenb, 0xc22, RO, V, 0)                                  \
    /* Supervisor */                                                  \
    X(SSTATUS, sstatus, 0x100, RW, S, 0x18c6722)                      \
    X(SIE, sie, 0x104, RW, S, 0x2222)                                 \
    X(STVEC, stvec, 0x105, RW, S, 0xfffffffffffffffd)                 \
    X(SCOUNTEREN, scounteren, 0x106, RW, S, 0xffffffff)               \
    X(SENVCFG, senvcfg, 0x10a, RW, S, 0x3000000fd)                    \
    X(SSTATEEN0, sstateen0, 0x10c, RW, SSSTATEEN, 0x7)                \
    X(SSTATEEN1, sstateen1, 0x10d, RW, SSSTATEEN, 0)                  \
    X(SSTATEEN2, sstateen2, 0x10e, RW, SSSTATEEN, 0)                  \
    X(SSTATEEN3, sstateen3, 0x10f, RW, SSSTATEEN, 0)                  \
    X(SCOUNTINHIBIT, scountinhibit, 0x120, RW, SSCCFG, 0xfffffffd)    \
    X(SSCRATCH, sscratch, 0x140, RW, S, 0xffffffffffffffff)           \
    X(SEPC, sepc, 0x141, RW, S, 0xfffffffffffffffe)                   \
    X(SCAUSE, scause, 0x142, RW, S, 0xffffffffffffffff)               \
    X(STVAL, stval, 0x143, RW, S, 0xffffffffffffffff)                 \
    X(SIP, sip, 0x144, RW, S, 0x2002)                                 \
    X(STIMECMP, stimecmp, 0x14d, RW, SSTC, 0xffffffffffffffff)        \
    X(SCTRCTL, sctrctl, 0x14e, RW, SSCTR, 0xff3e00001983)             \
    X(SCTRSTATUS, sctrstatus, 0x14f, RW, SSCTR, 0x800000ff)           \
    X(SISELECT, siselect, 0x150, RW, AIA, 0xfff)                      \
    X(SIREG, sireg, 0x151, RW, AIA, 0xffffffffffffffff)               \
    X(SIREG2, sireg2, 0x152, RW, SSCSRIND, 0xffffffffffffffff)        \
    X(SIREG3, sireg3, 0x153, RW, SSCSRIND, 0xffffffffffffffff)        \
    X(SIREG4, sireg4, 0x155, RW, SSCSRIND, 0xffffffffffffffff)        \
    X(SIREG5, sireg5, 0x156, RW, SSCSRIND, 0xffffffffffffffff)        \
    X(SIREG6, sireg6, 0x157, RW, SSCSRIND, 0xffffffffffffffff)        \
    X(STOPEI, stopei, 0x15c, RW, AIA, 0)                              \
    X(SCTRDEPTH, sctrdepth, 0x15f, RW, SSCTR, 0x7)                    \
    X(SATP, satp, 0x180, RW, S, 0xffffffffffffffff)                   \
    X(SRMCFG, srmcfg, 0x181, RW, SSQOSID, 0x0fff0fff)                 \
    X(SCONTEXT, scontext, 0x5a8, RW, SDTRIG, 0xffffffff)              \
    X(SCOUNTOVF, scountovf, 0xda0, RO, SSCOFPMF, 0)                   \
    X(STOPI, stopi, 0xdb0, RO, AIA, 0)                                \
    /* Virtual supervisor */                                          \
    X(VSSTATUS, vsstatus, 0x200, RW, H, 0x18c6722)                    \
    X(VSIE, vsie, 0x204, RW, H, 0x2222)                               \
    X(VSTVEC, vstvec, 0x205, RW, H, 0xfffffffffffffffd)               \
    X(VSSCRATCH, vsscratch, 0x240, RW, H, 0xffffffffffffffff)         \
    X(VSEPC, vsepc, 0x241, RW, H, 0xfffffffffffffffe)                 \
    X(VSCAUSE, vscause, 0x242, RW, H, 0xffffffffffffffff)             \
    X(VSTVAL, vstval, 0x243, RW, H, 0xffffffffffffffff)               \
    X(VSIP, vsip, 0x244, RW, H, 0x2002)                               \
    X(VSTIMECMP, vstimecmp, 0x24d, RW, SSTC, 0xffffffffffffffff)      \
    X(VSCTRCTL, vsctrctl, 0x24e, RW, SSCTR, 0xff3e00001983)           \
    X(VSISELECT, vsiselect, 0x250, RW, AIA, 0xfff)                    \
    X(VSIREG, vsireg, 0x251, RW, AIA, 0xffffffffffffffff)             \
    X(VSIREG2, vsireg2, 0x252, RW, SSCSRIND, 0xffffffffffffffff)      \
    X(VSIREG3, vsireg3, 0x253, RW, SSCSRIND, 0xffffffffffffffff)      \
    X(VSIREG4, vsireg4, 0x255, RW, SSCSRIND, 0xffffffffffffffff)      \
    X(VSIREG5, vsireg5, 0x256, RW, SSCSRIND, 0xffffffffffffffff)      \
    X(VSIREG6, vsireg6, 0x257, RW, SSCSRIND, 0xffffffffffffffff)      \
    X(VSTOPEI, vstopei, 0x25c, RW, AIA, 0)                            \
    X(VSATP, vsatp, 0x280, RW, H, 0xffffffffffffffff)                 \
    X(VSTOPI, vstopi, 0xeb0, RO, AIA, 0)                              \
    /* Hypervisor */                                                  \
    X(HSTATUS, hstatus, 0x600, RW, H, 0x300000073f3c0)                \
    X(HEDELEG, hedeleg, 0x602, RW, H, 0xcb1ff)                        \
    X(HIDELEG, hideleg, 0x603, RW, H, 0x2444)                         \
    X(HIE, hie, 0x604, RW, H, 0x1444)                                 \
    X(HTIMEDELTA, htimedelta, 0x605, RW, H, 0xffffffffffffffff)       \
    X(HCOUNTEREN, hcounteren, 0x606, RW, H, 0xffffffff)               \
    X(HGEIE, hgeie, 0x607, RW, H, 0xfffffffffffffffe)                 \
    X(HVIEN, hvien, 0x608, RW, AIA, 0xffffffffffffe000)               \
    X(HVICTL, hvictl, 0x609, RW, AIA, 0x4fff03ff)                     \
    X(HENVCFG, henvcfg, 0x60a, RW, H, 0xe8000003000000fd)             \
    X(HSTATEEN0, hstateen0, 0x60c, RW, SSSTATEEN, 0xde40000000000007) \
    X(HSTATEEN1, hstateen1, 0x60d, RW, SSSTATEEN, 0x8000000000000000) \
    X(HSTATEEN2, hstateen2, 0x60e, RW, SSSTATEEN, 0x8000000000000000) \
    X(HSTATEEN3, hstateen3, 0x60f, RW, SSSTATEEN, 0x8000000000000000) \
    X(HTVAL, htval, 0x643, RW, H, 0xffffffffffffffff)                 \
    X(HIP, hip, 0x644, RW, H, 0x4)                                    \
    X(HVIP, hvip, 0x645, RW, H, 0x444)                                \
    X(HVIPRIO1, hviprio1, 0x646, RW, AIA, 0xffffff00ff00ff00)         \
    X(HVIPRIO2, hviprio2, 0x647, RW, AIA, 0xffffffffffffffff)         \
    X(HTINST, htinst, 0x64a, RW, H, 0xffffffffffffffff)               \
    X(HGATP, hgatp, 0x680, RW, H, 0xf3fffffffffffffc)                 \
    X(HCONTEXT, hcontext, 0x6a8, RW, SDTRIG, 0x3fff)                  \
    X(HGEIP, hgeip, 0xe12, RO, H, 0)                                  \
    /* Machine */                                                     \
    X(MSTATUS, mstatus, 0x300, RW, M, 0x6c001fe7faa)                  \
    X(MISA, misa, 0x301, RW, M, 0)                                    \
    X(MEDELEG, medeleg, 0x302, RW, M, 0xfcb7ff)                       \
    X(MIDELEG, mideleg, 0x303, RW, M, 0x2222)                         \
    X(MIE, mie, 0x304, RW, M, 0x3eee)                                 \
    X(MTVEC, mtvec, 0x305, RW, M, 0xfffffffffffffffd)                 \
    X(MCOUNTEREN, mcounteren, 0x306, RW, M, 0xffffffff)               \
    X(MVIEN, mvien, 0x308, RW, AIA, 0xffffffffffffe202)               \
    X(MVIP, mvip, 0x309, RW, AIA, 0xffffffffffffe222)                 \
    X(MENVCFG, menvcfg, 0x30a, RW, M, 0xf8000003000000fd)             \
    X(MSTATEEN0, mstateen0, 0x30c, RW, SMSTATEEN, 0xdfc0000000000007) \
    X(MSTATEEN1, mstateen1, 0x30d, RW, SMSTATEEN, 0x8000000000000000) \
    X(MSTATEEN2, mstateen2, 0x30e, RW, SMSTATEEN, 0x8000000000000000) \
    X(MSTATEEN3, mstateen3, 0x30f, RW, SMSTATEEN, 0x8000000000000000) \
    X(MCOUNTINHIBIT, mcountinhibit, 0x320, RW, M, 0xfffffffd)         \
    X(MSCRATCH, mscratch, 0x340, RW, M, 0xffffffffffffffff)           \
    X(MEPC, mepc, 0x341, RW, M, 0xfffffffffffffffe)                   \
    X(MCAUSE, mcause, 0x342, RW, M, 0xffffffffffffffff)               \
    X(MTVAL, mtval, 0x343, RW, M, 0xffffffffffffffff)                 \
    X(MIP, mip, 0x344, RW, M, 0x2226)                                 \
    X(MTINST, mtinst, 0x34a, RW, H, 0xffffffffffffffff)               \
    X(MTVAL2, mtval2, 0x34b, RW, H, 0xffffffffffffffff)               \
    X(MTOPEI, mtopei, 0x35c, RW, AIA, 0)                              \
    X(MSECCFG, mseccfg, 0x747, RW, M, 0x300000707)                    \
    X(MCYCLE, mcycle, 0xb00, RW, M, 0xffffffffffffffff)               \
    X(MINSTRET, minstret, 0xb02, RW, M, 0xffffffffffffffff)           \
    X(MVENDORID, mvendorid, 0xf11, RO, M, 0)                          \
    X(MARCHID, marchid, 0xf12, RO, M, 0)                              \
    X(MIMPID, mimpid, 0xf13, RO, M, 0)                                \
    X(MHARTID, mhartid, 0xf14, RO, M, 0)                              \
    X(MCONFIGPTR, mconfigptr, 0xf15, RO, M, 0)                        \
    X(MTOPI, mtopi, 0xfb0, RO, AIA, 0)                                \
    /* Physical memory protection */                                  \
    X(PMPCFG0, pmpcfg0, 0x3a0, RW, PMP, 0x9f9f9f9f9f9f9f9f)           \
    X(PMPCFG2, pmpcfg2, 0x3a2, RW, PMP, 0x9f9f9f9f9f9f9f9f)           \
    X(PMPCFG4, pmpcfg4, 0x3a4, RW, PMP, 0x9f9f9f9f9f9f9f9f)           \
    X(PMPCFG6, pmpcfg6, 0x3a6, RW, PMP, 0x9f9f9f9f9f9f9f9f)           \
    X(PMPCFG8, pmpcfg8, 0x3a8, RW, PMP, 0x9f9f9f9f9f9f9f9f)           \
    X(PMPCFG10, pmpcfg10, 0x3aa, RW, PMP, 0x9f9f9f9f9f9f9f9f)         \
    X(PMPCFG12, pmpcfg12, 0x3ac, RW, PMP, 0x9f9f9f9f9f9f9f9f)         \
    X(PMPCFG14, pmpcfg14, 0x3ae, RW, PMP, 0x9f9f9f9f9f9f9f9f)         \
    X(PMPADDR0, pmpaddr0, 0x3b0, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR1, pmpaddr1, 0x3b1, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR2, pmpaddr2, 0x3b2, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR3, pmpaddr3, 0x3b3, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR4, pmpaddr4, 0x3b4, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR5, pmpaddr5, 0x3b5, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR6, pmpaddr6, 0x3b6, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR7, pmpaddr7, 0x3b7, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR8, pmpaddr8, 0x3b8, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR9, pmpaddr9, 0x3b9, RW, PMP, 0x003fffffffffffff)         \
    X(PMPADDR10, pmpaddr10, 0x3ba, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR11, pmpaddr11, 0x3bb, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR12, pmpaddr12, 0x3bc, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR13, pmpaddr13, 0x3bd, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR14, pmpaddr14, 0x3be, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR15, pmpaddr15, 0x3bf, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR16, pmpaddr16, 0x3c0, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR17, pmpaddr17, 0x3c1, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR18, pmpaddr18, 0x3c2, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR19, pmpaddr19, 0x3c3, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR20, pmpaddr20, 0x3c4, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR21, pmpaddr21, 0x3c5, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR22, pmpaddr22, 0x3c6, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR23, pmpaddr23, 0x3c7, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR24, pmpaddr24, 0x3c8, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR25, pmpaddr25, 0x3c9, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR26, pmpaddr26, 0x3ca, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR27, pmpaddr27, 0x3cb, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR28, pmpaddr28, 0x3cc, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR29, pmpaddr29, 0x3cd, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR30, pmpaddr30, 0x3ce, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR31, pmpaddr31, 0x3cf, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR32, pmpaddr32, 0x3d0, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR33, pmpaddr33, 0x3d1, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR34, pmpaddr34, 0x3d2, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR35, pmpaddr35, 0x3d3, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR36, pmpaddr36, 0x3d4, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR37, pmpaddr37, 0x3d5, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR38, pmpaddr38, 0x3d6, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR39, pmpaddr39, 0x3d7, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR40, pmpaddr40, 0x3d8, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR41, pmpaddr41, 0x3d9, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR42, pmpaddr42, 0x3da, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR43, pmpaddr43, 0x3db, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR44, pmpaddr44, 0x3dc, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR45, pmpaddr45, 0x3dd, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR46, pmpaddr46, 0x3de, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR47, pmpaddr47, 0x3df, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR48, pmpaddr48, 0x3e0, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR49, pmpaddr49, 0x3e1, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR50, pmpaddr50, 0x3e2, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR51, pmpaddr51, 0x3e3, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR52, pmpaddr52, 0x3e4, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR53, pmpaddr53, 0x3e5, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR54, pmpaddr54, 0x3e6, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR55, pmpaddr55, 0x3e7, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR56, pmpaddr56, 0x3e8, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR57, pmpaddr57, 0x3e9, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR58, pmpaddr58, 0x3ea, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR59, pmpaddr59, 0x3eb, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR60, pmpaddr60, 0x3ec, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR61, pmpaddr61, 0x3ed, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR62, pmpaddr62, 0x3ee, RW, PMP, 0x003fffffffffffff)       \
    X(PMPADDR63, pmpaddr63, 0x3ef, RW, PMP, 0x003fffffffffffff)       \
    /* Supervisor domains; a draft */                                 \
    X(MMPT, mmpt, 0x382, RW, SMSD, 0xf3f00fffffffffff)                \
    X(MSDCFG, msdcfg, 0x74e, RW, SMSD, 0xffc0003f)

/**
 * What the masks do not tell: ID, rule. A field that is said to keep its value does so when a
 * write would give it one that the hart does not have.
 */
#define HVRV_CSR_RULE_LIST(X)                                                                      \
    X(FFLAGS, "is fcsr[4:0]")                                                                      \
    X(FRM, "is fcsr[7:5]")                                                                         \
    X(VXSAT, "is vcsr[0]")                                                                         \
    X(VXRM, "is vcsr[2:1]")                                                                        \
    X(SSTATUS, "is the supervisor's part of mstatus; SD sums up FS, VS and XS; UXL is 2; "         \
               "SDT is zero while menvcfg.DTE is; a write that sets it clears SIE")                \
    X(SIE, "is mie where mideleg is 1, else zero")                                                 \
    X(SENVCFG, "CBIE = 2 and PMM = 1 are reserved: the field keeps its value; SSE is zero while "  \
               "menvcfg.SSE is, in virtual user mode while henvcfg.SSE is")                        \
    X(SSTATEEN0, "reads zero where mstateen0 is zero, while V = 1 also where hstateen0 is")        \
    X(SIP, "is mip where mideleg is 1, else zero")                                                 \
    X(STIMECMP, "while V = 1, and henvcfg.STCE is 1, the number means vstimecmp")                  \
    X(SIREG, "is the register that siselect selects")                                              \
    X(SIREG2, "is the register that siselect selects")                                             \
    X(SIREG3, "is the register that siselect selects")                                             \
    X(SIREG4, "is the register that siselect selects")                                             \
    X(SIREG5, "is the register that siselect selects")                                             \
    X(SIREG6, "is the register that siselect selects")                                             \
    X(STOPEI, "any write claims the interrupt that it shows")                                      \
    X(SATP, "an unsupported MODE makes the whole write do nothing; ASID has ASIDLEN bits")         \
    X(VSSTATUS,                                                                                    \
      "SD sums up FS, VS and XS; UXL is 2; a write that sets SDT clears SIE; SDT is zero "         \
      "while henvcfg.DTE is")                                                                      \
    X(VSIE, "is hie moved down by one where hideleg is 1, else zero; LCOFIE is sie.LCOFIE")        \
    X(VSIP, "is hip moved down by one where hideleg is 1, else zero; LCOFIP is sip.LCOFIP")        \
    X(VSIREG, "is the register that vsiselect selects")                                            \
    X(VSIREG2, "is the register that vsiselect selects")                                           \
    X(VSIREG3, "is the register that vsiselect selects")                                           \
    X(VSIREG4, "is the register that vsiselect selects")                                           \
    X(VSIREG5, "is the register that vsiselect selects")                                           \
    X(VSIREG6, "is the register that vsiselect selects")                                           \
    X(VSTOPEI, "any write claims the interrupt that it shows")                                     \
    X(VSATP,                                                                                       \
      "with V = 0, an unsupported MODE keeps its value or makes the whole write do nothing; "      \
      "ASID has ASIDLEN bits")                                                                     \
    X(HSTATUS,                                                                                     \
      "VGEIN holds 0 to GEILEN; VSXL is 2; HUPMM = 1 is reserved: the field keeps its value")      \
    X(HIDELEG, "bit 13 is writable only with Shlcofideleg")                                        \
    X(HIE, "is the VS-level and guest external bits of mie")                                       \
    X(HGEIE, "has the bits GEILEN:1")                                                              \
    X(HENVCFG,                                                                                     \
      "CBIE = 2 and PMM = 1 are reserved: the field keeps its value; SSE, DTE, ADUE, PBMTE "       \
      "and STCE are zero while the same bit of menvcfg is")                                        \
    X(HSTATEEN0, "reads zero where mstateen0 is zero")                                             \
    X(HSTATEEN1, "reads zero where mstateen1 is zero")                                             \
    X(HSTATEEN2, "reads zero where mstateen2 is zero")                                             \
    X(HSTATEEN3, "reads zero where mstateen3 is zero")                                             \
    X(HIP,                                                                                         \
      "VSSIP is hvip.VSSIP; VSTIP is hvip.VSTIP or the vstimecmp signal; VSEIP is hvip.VSEIP "     \
      "or the bit of hgeip that VGEIN selects; SGEIP is hgeip & hgeie not zero")                   \
    X(HGATP, "an unsupported MODE keeps its value; VMID has VMIDLEN bits; exists in HS-mode only " \
             "while mstatus.TVM is 0")                                                             \
    X(MSTATUS,                                                                                     \
      "SD sums up FS, VS and XS; UXL and SXL are 2; MPP = 2 is reserved: the field keeps "         \
      "its value; SDT is zero while menvcfg.DTE is, a write that sets it clears SIE")              \
    X(MIDELEG, "bits 10, 6 and 2 are one, and bit 12 where GEILEN is not 0")                       \
    X(MENVCFG, "CBIE = 2 and PMM = 1 are reserved: the field keeps its value")                     \
    X(MIP, "SSIP, STIP and SEIP stand in sip, the VS-level bits in hip")                           \
    X(MTOPEI, "any write claims the interrupt that it shows")                                      \
    X(MSECCFG, "MML and MMWP, once set, stay; PMM = 1 is reserved: the field keeps its value")     \
    X(PMPCFG0, "this and the others: an entry with L set keeps its value, R = 0 with W = 1 is "    \
               "reserved")                                                                         \
    X(PMPADDR0, "this and the others: keeps its value while the entry, or a TOR entry above it, "  \
                "has L set")                                                                       \
    X(MMPT, "SDID has SDIDLEN bits; MODE takes what the hart has; of Smmpt64 PPN[2:0] is zero")

#endif
