/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup isolation Isolation
 * @brief Which memory each supervisor domain may reach: grant a range, revoke it, switch a hart.
 *
 * A TSM-driver has one struct hvrv_isolation for the machine. What is not granted to a domain its
 * S- and U-mode cannot reach. There are two kinds, behind the same calls:
 *
 * - PMP (@ref pmp): each domain has a list of regions, of which a plan of entries is made at each
 *   change. A change that the hart's entries cannot express is refused, and a switch only copies.
 * - MPT (@ref mpt): each domain has a tree of tables, which the caller made. A change that needs
 *   a table page is refused if there is none, and a switch writes one register.
 *
 * A change holds on a hart from its next hvrv_isolation_switch() and hvrv_isolation_fence() after
 * it on; with MPT it may hold before.
 *
 * Not reentrant: what changes the tables, and what reads them, is under one lock of the
 * caller's, for all harts.
 *
 * What is not here: which domain runs (@ref domain), who owns a page (@ref page), and the
 * TSM-driver's own memory: no domain is granted it, or it has entries of its own before the first.
 * @{
 */
#ifndef HVRV_COVE_ISOLATION_H
#define HVRV_COVE_ISOLATION_H

#include <hvrv/mmu/mpt.h>
#include <hvrv/mmu/pmp.h>
#include <hvrv/port/hart.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Regions of a domain. */
#define HVRV_ISOLATION_REGIONS_MAX 32

/** How memory is held apart. */
enum hvrv_isolation_kind {
    HVRV_ISOLATION_PMP, /**< by PMP entries */
    HVRV_ISOLATION_MPT, /**< by memory protection tables; no machine has them yet */
};

/** With PMP, what a domain may reach. The caller owns the memory; fields are private. */
struct hvrv_isolation_domain {
    struct hvrv_pmp_region regions[HVRV_ISOLATION_REGIONS_MAX]; /**< ascending; none that touches
                                                                   its like */
    struct hvrv_pmp_entry entries[HVRV_PMP_ENTRIES_MAX];        /**< the plan; beyond it OFF */
    uint32_t region_count;                                      /**< of regions */
    uint32_t entry_count;                                       /**< of the plan */
};

/** What hvrv_isolation_init() is told. */
struct hvrv_isolation_config {
    enum hvrv_isolation_kind kind; /**< how; 0 is PMP */
    uint32_t domain_count;         /**< how many, not 0 */

    /** PMP: memory for the domains. */
    struct hvrv_isolation_domain *domains;
    struct hvrv_pmp_ability ability; /**< PMP: the least that every hart has, by hvrv_pmp_probe() */
    uint32_t first; /**< PMP: the first entry that is for domains; those before it stay */

    /**
     * MPT: a tree for each domain, made by hvrv_mpt_init(), each with an SDID of its own; what it
     * allows stays. Its fence function fences the hart that calls it, no other.
     */
    struct hvrv_mpt *trees;
};

/** What every domain may reach. */
struct hvrv_isolation {
    struct hvrv_isolation_config config; /**< as told */
};

/**
 * @brief Begins. With PMP no domain may reach anything; with MPT what its tree allows.
 * @param[out] isolation the tables; all zero if refused.
 * @param config what the machine has; copied.
 * @retval HVRV_OK begun.
 * @retval HVRV_ERR_NULL a pointer is null; of domains and trees, the one that the kind needs.
 * @retval HVRV_ERR_ARGUMENT there is no domain, or no such kind. MPT: a tree was not made, or two
 * have the same SDID.
 * @retval HVRV_ERR_UNSUPPORTED PMP: no entry is left for domains, or one of them is locked, or the
 * grain is above 4 KiB.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_isolation_init(struct hvrv_isolation *isolation,
                                                     const struct hvrv_isolation_config *config);

/**
 * @brief Grants a range to a domain, whatever parts of it the domain had before and how.
 *
 * @param isolation the tables.
 * @param domain its number, from 0.
 * @param range HPAs, in whole pages.
 * @param permissions HVRV_PMPCFG_R, _W, _X; not 0.
 * @retval HVRV_OK granted: it holds on a hart from its next switch on.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT no such domain; W without R, other bits, or none.
 * @retval HVRV_ERR_ALIGN the range is not in whole pages.
 * @retval HVRV_ERR_RANGE it is empty or goes beyond the addresses of the hart, or of the tree.
 * @retval HVRV_ERR_NO_PAGES it takes more regions, entries or table pages than there are. Nothing
 * changed.
 * @retval HVRV_ERR_STATE, HVRV_ERR_ACCESS, HVRV_ERR_RACE MPT: as of hvrv_mpt_set(), and so is what
 * has changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_isolation_grant(struct hvrv_isolation *isolation,
                                                      uint32_t domain,
                                                      const struct hvrv_range *range,
                                                      uint8_t permissions);

/**
 * @brief Takes a range from a domain; parts that it does not have are none.
 *
 * TLB duty: harts in the domain may reach the range until each has done hvrv_isolation_switch() and
 * hvrv_isolation_fence().
 * @param isolation the tables.
 * @param domain its number.
 * @param range HPAs, in whole pages.
 * @retval HVRV_OK revoked: it holds on a hart from its next switch and fence on.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT no such domain.
 * @retval HVRV_ERR_ALIGN the range is not in whole pages.
 * @retval HVRV_ERR_RANGE it is empty or goes beyond the addresses of the hart, or of the tree.
 * @retval HVRV_ERR_NO_PAGES a hole takes more regions, entries or table pages than there are.
 * Nothing changed: the domain still has the range.
 * @retval HVRV_ERR_STATE, HVRV_ERR_ACCESS, HVRV_ERR_RACE MPT: as of hvrv_mpt_set(), and so is what
 * has changed.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_isolation_revoke(struct hvrv_isolation *isolation,
                                                       uint32_t domain,
                                                       const struct hvrv_range *range);

/**
 * @brief Tells whether a domain may do an access, by what a switch would put in force.
 * @param isolation the tables; not null.
 * @param domain its number.
 * @param access the access; not null. M-mode's are allowed. One of no byte or that wraps is not;
 * with MPT, none of more than 4 KiB.
 * @return true if it may. False for a domain that there is not.
 */
bool hvrv_isolation_allows(const struct hvrv_isolation *isolation, uint32_t domain,
                           const struct hvrv_pmp_access *access);

/**
 * @brief Has the hart that executes the call, in M-mode, obey the tables for a domain.
 *
 * PMP: as hvrv_pmp_write() does: what does not differ is not written, and at no moment is anything
 * open that neither the domain before nor this one may reach. MPT: writes mmpt. Where a hart has
 * both, an access must be allowed by both; the caller has opened PMP for all domains then.
 *
 * TLB duty: hvrv_isolation_fence() before S- or U-mode runs, if anything changed since the
 * hart last did it. With PMP also if nothing changed, unless a change of domains by @ref domain
 * follows, which fences as much. With MPT a hart knows domains by SDID.
 * @param isolation the tables.
 * @param domain its number.
 * @param hart the hart; with MPT, one that has mmpt.
 * @retval HVRV_OK written.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT no such domain; nothing is written.
 * @retval HVRV_ERR_STATE a register did not take its value: the hart has less than it was said to.
 * Do not run the domain.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_isolation_switch(const struct hvrv_isolation *isolation,
                                                       uint32_t domain, struct hvrv_hart *hart);

/** No domain's number, which stands for all. */
#define HVRV_ISOLATION_ALL UINT32_MAX

/**
 * @brief Has the hart that executes the call forget what it knows of a domain's memory by tables of
 * before.
 *
 * SFENCE.VMA and HFENCE.GVMA, for everything (norm:pmp_sfence_required): with PMP a hart does not
 * know whose its translations are. With MPT an MFENCE.PA for the domain comes before, by its tree's
 * fence function; there the other two reach only the domain whose SDID is in mmpt.
 * @param isolation the tables; not null.
 * @param domain its number; of one that there is not, all domains, such as #HVRV_ISOLATION_ALL.
 * @param hart the hart, which has H; not null.
 */
void hvrv_isolation_fence(const struct hvrv_isolation *isolation, uint32_t domain,
                          struct hvrv_hart *hart);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
