/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @ingroup gstage
 * What the calls of gstage.h take and give.
 */
#ifndef HVRV_MMU_GSTAGE_TYPES_H
#define HVRV_MMU_GSTAGE_TYPES_H

#include <hvrv/isa/mode.h>
#include <hvrv/isa/pte.h>
#include <hvrv/mmu/fence.h>
#include <hvrv/port/pages.h>
#include <hvrv/port/phys.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup gstage
 * @{
 */

/** Who sets A and D in leaves, for what split and merge may rely on. */
enum hvrv_gstage_ad {
    HVRV_GSTAGE_AD_FAULT,    /**< software, by hvrv_gstage_touch() after a fault: Svade */
    HVRV_GSTAGE_AD_HARDWARE, /**< any hart, at any time: Svadu with menvcfg.ADUE */
};

/** What hvrv_gstage_init() is told. */
struct hvrv_gstage_config {
    const struct hvrv_phys *phys;   /**< where the tables are; must outlive the tree */
    const struct hvrv_pages *pages; /**< where they come from; must outlive the tree */
    enum hvrv_stage stage;          /**< #HVRV_STAGE_G, or #HVRV_STAGE_VS for Sv39, Sv48 and Sv57 */
    enum hvrv_mode_encoding mode;   /**< not Bare */
    unsigned rules;                 /**< the HVRV_PTE_RULE bits of what every hart has */
    enum hvrv_gstage_ad ad;         /**< who sets A and D */
    /** What is added to the address in a pointer to make the table's HPA: 0, but for the tables
        of a guest, which name each other by GPA. A multiple of 4 KiB. */
    uint64_t pointer_offset;
};

/** What mapping one page into a table that is there needs. Private. */
struct hvrv_gstage_quick {
    uintptr_t root;        /**< the CPU's address of the root */
    uintptr_t window;      /**< the CPU's address of the direct window */
    uint64_t pointer;      /**< to a table at the window's begin */
    uint64_t pointer_mask; /**< what a pointer to any table in the window has in common with it */
    uint64_t unusual_gpa;  /**< bits that a page's GPA seldom has, or never */
    uint64_t unusual_hpa;  /**< the same of its HPA */
    uint64_t usual_bits;   /**< bits that its leaf may well have; 0: never go this way */
    uint8_t shift;         /**< from the lowest level of the tables to the root */
};

/** A tree of tables. Made by hvrv_gstage_init(); the caller owns it, the fields are private. */
struct hvrv_gstage {
    const struct hvrv_phys *phys;   /**< as given */
    const struct hvrv_pages *pages; /**< as given */
    const struct hvrv_mode *mode;   /**< its row */
    hvrv_hpa root;                  /**< the root table */
    uint64_t pointer_offset;        /**< as given */
    uint64_t leaf_bits;             /**< what a leaf may have */
    uint64_t forced_bits;           /**< what it always has */
    enum hvrv_stage stage;          /**< as given */
    enum hvrv_gstage_ad ad;         /**< as given */
    bool svnapot;                   /**< of the rules */
    struct hvrv_gstage_quick quick; /**< made of the above */
};

/** A range to be worked on. For tables of the VS-stage, gpa is a virtual address. */
struct hvrv_gstage_range {
    hvrv_gpa gpa;    /**< the first byte not yet done; a multiple of 4 KiB */
    uint64_t size;   /**< bytes not yet done; a multiple of 4 KiB, not 0 */
    uint32_t budget; /**< entries that one call may look at, not 0; a table that is made or taken
                          out counts as one more, and a NAPOT range once begun is finished */
};

/** #hvrv_gstage_range.budget for a call that does all of it. */
#define HVRV_GSTAGE_NO_LIMIT UINT32_MAX

/** What to do where something is mapped already. */
enum hvrv_gstage_existing {
    HVRV_GSTAGE_REFUSE,  /**< #HVRV_ERR_EXISTS, also where it is the same */
    HVRV_GSTAGE_REPLACE, /**< the new leaf takes its place; tables that are there stay, so the
                              leaves may be smaller than they could be */
};

/** What hvrv_gstage_map() is to map. */
struct hvrv_gstage_map_request {
    struct hvrv_gstage_range range; /**< where */
    hvrv_hpa hpa;      /**< to what, in a guest's own tables to what GPA: moves on with range.gpa */
    uint64_t bits;     /**< R, W, X, A, D, RSW and PBMT as for hvrv_pte_make_g_leaf(); not N */
    uint8_t shift_max; /**< log2 of the largest leaf: 12, 16, 21, 30, 39 or 48; 0: no limit */
    enum hvrv_gstage_existing existing; /**< what to do where something is mapped */
};

/** What hvrv_gstage_protect() is to change: bits of leaves, blocked ones too. */
struct hvrv_gstage_protect_request {
    struct hvrv_gstage_range range; /**< where */
    uint64_t
        mask; /**< which bits: any of R, W, X, A, D, RSW, RSW60, PBMT; G and U in the VS-stage */
    uint64_t bits; /**< their new values; none outside the mask */
};

/** What hvrv_gstage_split() and hvrv_gstage_merge() are to make. */
struct hvrv_gstage_resize {
    struct hvrv_gstage_range range; /**< where */
    uint8_t shift;                  /**< log2 of the size of a leaf, see the call */
};

/** What hvrv_gstage_harvest() is to collect. */
struct hvrv_gstage_harvest_request {
    struct hvrv_gstage_range range; /**< where */
    uint64_t which;   /**< #HVRV_PTE_A or #HVRV_PTE_D: what is collected, and cleared */
    uint64_t *bitmap; /**< a bit is set for each 4 KiB that has it; none is cleared */
    uint64_t next;    /**< the bit of range.gpa: bit next % 64 of bitmap[next / 64]; moves on */
};

/** An entry, and what it is for. */
struct hvrv_gstage_entry {
    hvrv_gpa gpa;         /**< the first byte that it is for */
    hvrv_pte pte;         /**< the entry; 0: nothing is mapped */
    hvrv_hpa pte_address; /**< where it lies */
    uint32_t shift;       /**< log2 of the bytes that it is for: 12, 16 (NAPOT), 21, 30, 39 or 48 */
};

/** Neighbouring leaves of one size and with the same bits, whose HPAs follow each other. */
struct hvrv_gstage_run {
    hvrv_gpa gpa;   /**< first byte */
    hvrv_hpa hpa;   /**< where that goes */
    uint64_t size;  /**< bytes */
    uint64_t bits;  /**< the leaves' bits but PPN; V is 0 if they are blocked. In a NAPOT range A
                         and D are those of its entries together */
    uint32_t shift; /**< log2 of a leaf's size */
};

/** Receives a run; false ends the visit with #HVRV_OK. */
typedef bool (*hvrv_gstage_see)(void *context, const struct hvrv_gstage_run *run);

/** What hvrv_gstage_visit() is to visit. */
struct hvrv_gstage_visit_request {
    struct hvrv_gstage_range range; /**< where */
    hvrv_gstage_see see;            /**< called for each run, in ascending order */
    void *context;                  /**< passed to see */
    struct hvrv_gstage_run run;     /**< the run under way; size 0 at first */
};

/** Receives a line of text, terminated, without a newline. */
typedef void (*hvrv_gstage_line)(void *context, const char *line);

/** What hvrv_gstage_print() is to print. */
struct hvrv_gstage_print_request {
    struct hvrv_gstage_range range; /**< where */
    hvrv_gstage_line line;          /**< called for each line */
    void *context;                  /**< passed to line */
    struct hvrv_gstage_run run;     /**< the run under way; size 0 at first */
    bool has_begun;                 /**< the head is printed; false at first */
};

/** @} */

#ifdef __cplusplus
}
#endif

#endif
