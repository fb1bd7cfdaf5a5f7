/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup walk Walker
 * @brief GVA to GPA to HPA in software, exact to the last bit of the trap record.
 *
 * A struct hvrv_walk_regime says how a guest's addresses are translated: the
 * modes and roots of both stages and the switches that bear on permission. It
 * comes from a snapshot of CSRs or is written by hand. hvrv_walk_init() checks
 * it once and makes a struct hvrv_walk of it; after that, every walk reads
 * page tables and nothing else, never a CSR.
 *
 * A walk ends in a page or in a fault; both are results. The status speaks of
 * the caller alone, with one exception: #HVRV_ERR_RACE, when an entry changed
 * between its read and the update of its A or D bit. Then nothing was written
 * that should not have been, and the walk may simply be called again. One hart
 * alone can bring it about, once: where a VS-stage leaf is also the G-stage leaf
 * of its own page, making the page dirty changes the leaf.
 *
 * The number of reads is bounded by the modes, whatever the tables hold:
 * (n + 1) * (m + 1) - 1 for n VS-stage and m G-stage levels, which is 15 for
 * Sv39 over Sv39x4, 24 for Sv48 over Sv48x4 and 35 for Sv57 over Sv57x4. The
 * port is asked no oftener than that, and never twice for one entry of a walk.
 * In the direct window a walk that turns out unusual is begun anew, with as
 * many reads again, and only what the second pass reads counts.
 *
 * What is not here: a TLB. The walk reads memory as it is; a hart may still use
 * what it cached before the last fence.
 * Nor shadow stacks (with henvcfg.SSE = 1 no regime is made of the CSRs),
 * tables of big-endian or 32-bit guests (hstatus.VSBE, VSXL), or pointer
 * masking, which is done before an address comes here.
 * @{
 */
#ifndef HVRV_MMU_WALK_H
#define HVRV_MMU_WALK_H

#include <hvrv/port/phys.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What happens when a leaf's A bit is 0, or its D bit on a store. */
enum hvrv_walk_ad {
    HVRV_WALK_AD_FAULT,  /**< a fault, as with Svade or ADUE = 0 */
    HVRV_WALK_AD_UPDATE, /**< set it by compare-and-swap, as with Svadu and ADUE = 1 */
    HVRV_WALK_AD_IGNORE, /**< neither: a query, which changes nothing */
};

/** The privilege that an access counts with in the VS-stage. */
enum hvrv_walk_privilege {
    HVRV_WALK_VU, /**< VU-mode */
    HVRV_WALK_VS, /**< VS-mode */
};

/** How a guest's addresses are translated. All zero is Bare over Bare. */
struct hvrv_walk_regime {
    hvrv_gpa vs_root;        /**< VS-stage root, a multiple of 4 KiB below 2^56; 0 if Bare */
    hvrv_hpa g_root;         /**< G-stage root, a multiple of 16 KiB below 2^56; 0 if Bare */
    uint8_t vs_mode;         /**< vsatp.MODE, enum hvrv_mode_encoding */
    uint8_t g_mode;          /**< hgatp.MODE, enum hvrv_mode_encoding */
    enum hvrv_walk_ad vs_ad; /**< A and D in the VS-stage (henvcfg.ADUE) */
    enum hvrv_walk_ad g_ad;  /**< A and D in the G-stage (menvcfg.ADUE) */
    bool vs_sum;             /**< vsstatus.SUM: VS-mode may load from and store to user pages */
    bool vs_mxr; /**< vsstatus.MXR: X allows loads in the VS-stage (norm:vsstatus_mxr_vm) */
    bool hs_mxr; /**< sstatus.MXR: X allows loads in both stages (norm:sstatus_mxr_vm) */
    bool hs_mxr_implicit; /**< hs_mxr also lets VS-stage PTEs be read from X-only G-stage pages.
                               The manual says no more than "loads"; harts differ. Off is the
                               reading that MXR is for explicit accesses */
    bool vs_pbmte;        /**< Svpbmt in the VS-stage (henvcfg.PBMTE) */
    bool g_pbmte;         /**< Svpbmt in the G-stage (menvcfg.PBMTE) */
    bool svnapot;         /**< the hart has Svnapot */
    bool svrsw60t59b;     /**< the hart has Svrsw60t59b */
};

/** The CSRs that a regime is made of, as they were read; a CSR that is not there is 0. */
struct hvrv_walk_csrs {
    uint64_t vsatp;    /**< VS-stage MODE and root */
    uint64_t hgatp;    /**< G-stage MODE and root */
    uint64_t vsstatus; /**< SUM and MXR of the guest */
    uint64_t sstatus;  /**< MXR of HS-mode */
    uint64_t henvcfg;  /**< PBMTE and ADUE of the VS-stage */
    uint64_t menvcfg;  /**< PBMTE and ADUE of the G-stage; HS-mode cannot read it and must know */
};

/** One access to be translated. */
struct hvrv_walk_request {
    hvrv_gva gva;                       /**< the address; any */
    enum hvrv_access access;            /**< what is done there */
    enum hvrv_walk_privilege privilege; /**< who does it: for HLV and HSV, hstatus.SPVP */
};

/** A successful translation. A stage that is Bare leaves its entry 0. */
struct hvrv_walk_page {
    hvrv_hpa hpa;            /**< where the access goes */
    hvrv_gpa gpa;            /**< the guest physical address on the way */
    hvrv_pte vs_pte;         /**< the VS-stage leaf, after an update of A and D */
    hvrv_pte g_pte;          /**< the G-stage leaf of #gpa, after an update of A and D */
    hvrv_hpa vs_pte_address; /**< where the VS-stage leaf lies */
    hvrv_hpa g_pte_address;  /**< where the G-stage leaf lies */
    uint32_t vs_shift;       /**< log2 of what an entry at its level maps: 12, 21, 30, 39 or 48 */
    uint32_t g_shift;        /**< the same of the G-stage leaf */
};

/** How a walk ended. */
struct hvrv_walk_result {
    bool faulted; /**< which of the two below holds */
    union {
        struct hvrv_walk_page page; /**< if not faulted */
        struct hvrv_fault fault;    /**< if faulted */
    };
};

/** One PTE that a walk read. */
struct hvrv_walk_step {
    enum hvrv_stage stage; /**< which stage's table */
    unsigned level;        /**< its level */
    uint64_t address; /**< what is being translated: a GVA in the VS-stage, a GPA in the G-stage */
    hvrv_hpa pte_address; /**< where the entry lies */
    hvrv_pte pte;         /**< the entry */
};

/** Receives every PTE in the order in which the walk reads it. */
typedef void (*hvrv_walk_trace)(void *context, const struct hvrv_walk_step *step);

/** A masked comparison that an ordinary entry passes. Private to the walker. */
struct hvrv_walk_test {
    uint64_t mask;  /**< the bits that count */
    uint64_t match; /**< what they must be */
};

/** The comparisons for the leaves of one kind of access. Private to the walker. */
struct hvrv_walk_leaf_tests {
    struct hvrv_walk_test vs; /**< the VS-stage's */
    struct hvrv_walk_test g;  /**< the G-stage's */
};

/** A regime made ready. Made by hvrv_walk_init(); the caller owns it, the fields are the walker's.
 */
struct hvrv_walk {
    struct hvrv_walk_regime regime; /**< as given */
    const struct hvrv_phys *phys;   /**< as given; must outlive the walk */
    hvrv_walk_trace trace;          /**< or null */
    void *trace_context;            /**< passed to trace */
    uint8_t plain;                  /**< where the plain walk reads, if at all */
    bool plain_1g;                  /**< a 1 GiB page that begins in the window also ends there */
    uint8_t vs_levels;              /**< 0 if Bare */
    uint8_t vs_unused_bits;         /**< of a GVA, above the mode's width */
    uint8_t vs_down;                /**< brings a GVA's root index to bit 3 */
    uint8_t g_levels;               /**< 0 if Bare */
    uint8_t g_levels_above_3;       /**< 0, 1 or 2 */
    uint8_t g_width;                /**< bits of a GPA */
    uint8_t plain_root_shift;       /**< brings the root index in a GPA's PPN to bit 3 */
    uintptr_t plain_root;           /**< the CPU's address of the G-stage's root */
    uintptr_t plain_delta;          /**< from an HPA to the CPU's address, less 4 */
    struct hvrv_walk_test plain_g_table; /**< a pointer to a table in the window, G and RSW clear */
    struct hvrv_walk_test plain_vs_table; /**< a pointer to any table, G and RSW clear */
    struct hvrv_walk_test plain_implicit; /**< a G-stage page with a VS-stage table in the window */
    struct hvrv_walk_test table;          /**< a pointer to any table */
    struct hvrv_walk_leaf_tests leaf[2 * HVRV_ACCESS_COUNT]; /**< by privilege, then access */
};

/**
 * @brief Makes a regime of a snapshot of CSRs.
 *
 * ADUE = 1 becomes #HVRV_WALK_AD_UPDATE, else #HVRV_WALK_AD_FAULT. Svnapot and
 * Svrsw60t59b are in no CSR: the caller sets them afterwards if the hart has them.
 * @param[out] regime Bare over Bare if the call fails.
 * @param csrs the snapshot.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_MODE vsatp.MODE or hgatp.MODE is reserved.
 * @retval HVRV_ERR_ALIGN hgatp.PPN is no multiple of 4 although a mode other than Bare is chosen.
 * @retval HVRV_ERR_UNSUPPORTED henvcfg.SSE is 1: an entry with W and without R is a shadow stack's
 *         then (norm:henvcfg_sse_op), which the walker takes for reserved.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_walk_regime_from_csrs(struct hvrv_walk_regime *regime,
                                                            const struct hvrv_walk_csrs *csrs);

/**
 * @brief Checks a regime and makes it ready for walks.
 * @param[out] walk one that every walk refuses with #HVRV_ERR_STATE if the call fails.
 * @param regime copied.
 * @param phys the memory that holds the tables; must outlive @p walk.
 * @retval HVRV_OK ready.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_MODE a mode is reserved.
 * @retval HVRV_ERR_ARGUMENT an A/D policy is none of the three.
 * @retval HVRV_ERR_ALIGN a root is not aligned: 4 KiB in the VS-stage, 16 KiB in the G-stage.
 * @retval HVRV_ERR_RANGE a root is 2^56 or above.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_walk_init(struct hvrv_walk *walk,
                                                const struct hvrv_walk_regime *regime,
                                                const struct hvrv_phys *phys);

/**
 * @brief Has every PTE read from now on reported.
 * @param walk made by hvrv_walk_init(); null is ignored.
 * @param trace called for each PTE; null ends the tracing.
 * @param context passed to @p trace.
 */
void hvrv_walk_set_trace(struct hvrv_walk *walk, hvrv_walk_trace trace, void *context);

/**
 * @brief Translates a GVA through both stages (norm:H_vm_twostage).
 *
 * Every PTE of the VS-stage is itself translated by the G-stage, as a load (a
 * store where A or D is updated), and a fault there is reported for the
 * original access with the pseudoinstruction in htinst
 * (norm:H_trap_xtinst_guestpage). A GPA that is too wide for the G-stage faults
 * at whatever level it comes up. The VS-stage's own checks come before the
 * G-stage sees the final GPA.
 *
 * With #HVRV_WALK_AD_UPDATE the walk may set A and D bits. That needs no
 * fence: a hart never takes A = 0 or D = 0 from its caches to be an obstacle
 * without looking at memory.
 * @param walk made by hvrv_walk_init().
 * @param request the access.
 * @param[out] result the page, or the fault.
 * @retval HVRV_OK the walk ended; @p result says how.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT the access or the privilege is none.
 * @retval HVRV_ERR_STATE @p walk was not made.
 * @retval HVRV_ERR_RACE an entry changed meanwhile; call again.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_walk_two_stage(const struct hvrv_walk *walk,
                                                     const struct hvrv_walk_request *request,
                                                     struct hvrv_walk_result *result);

/**
 * @brief Translates a GVA to a GPA; the GPA itself is not translated.
 *
 * The entries of the VS-stage are still read through the G-stage, so the fault
 * may be one of the G-stage. In the page, hpa and the G-stage's entry are 0.
 * @param walk made by hvrv_walk_init().
 * @param request the access.
 * @param[out] result the page with its gpa, or the fault.
 * @retval HVRV_OK the walk ended; @p result says how.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT the access or the privilege is none.
 * @retval HVRV_ERR_STATE @p walk was not made.
 * @retval HVRV_ERR_RACE an entry changed meanwhile; call again.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_walk_vs_stage(const struct hvrv_walk *walk,
                                                    const struct hvrv_walk_request *request,
                                                    struct hvrv_walk_result *result);

/**
 * @brief Translates a GPA to an HPA, as though vsatp were Bare.
 * @param walk made by hvrv_walk_init().
 * @param gpa the address; any.
 * @param access what is done there.
 * @param[out] result the page, or the fault; its stval is the GPA.
 * @retval HVRV_OK the walk ended; @p result says how.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT the access is none.
 * @retval HVRV_ERR_STATE @p walk was not made.
 * @retval HVRV_ERR_RACE an entry changed meanwhile; call again.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_walk_g_stage(const struct hvrv_walk *walk, hvrv_gpa gpa,
                                                   enum hvrv_access access,
                                                   struct hvrv_walk_result *result);

/**
 * @brief log2 of the bytes around the GVA that the translation holds for.
 * @param page a translation.
 * @return the smaller of the two stages' page sizes: 12, 16, 21, 30, 39 or 48; 56 if both are Bare.
 */
unsigned hvrv_walk_page_shift(const struct hvrv_walk_page *page);

/**
 * @brief What both stages allow together.
 * @param page a translation.
 * @return HVRV_PTE_R, HVRV_PTE_W and HVRV_PTE_X, each set if both leaves have it; a Bare stage
 *         allows all. HVRV_PTE_U is the VS-stage leaf's, set if that stage is Bare.
 */
uint64_t hvrv_walk_permissions(const struct hvrv_walk_page *page);

/**
 * @brief The memory type in effect: the VS-stage's PBMT if not 0, else the G-stage's.
 * @param page a translation.
 * @return the type; #HVRV_PBMT_PMA if both leave it to the physical memory attributes.
 */
enum hvrv_pbmt hvrv_walk_pbmt(const struct hvrv_walk_page *page);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
