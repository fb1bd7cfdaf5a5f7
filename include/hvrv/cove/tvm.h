/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup tvm TVM
 * @brief A confidential virtual machine as its TSM knows it: memory, vHarts, measurement.
 *
 * Both structures live in memory that the host gave away: a struct hvrv_tvm at the begin of the
 * pages of create_tvm, with what it has for each hart of the machine behind it; a struct
 * hvrv_tvm_vhart at the begin of those of create_tvm_vcpu, with the vector registers behind it.
 * So a TSM needs no memory of its own for them, and a TVM costs the host what it costs.
 *
 * The measurement is a chain. Register 0 begins as zeros, and each step makes it
 *
 *     register = hash(register || tag || a || b || content)
 *
 * with the tag and the numbers a and b as 8 bytes each, little-endian:
 *
 *     step            tag          a            b              content
 *     measured page   "HVRVPAGE"   GPA          log2 of size   4 KiB
 *     vHart           "HVRVHART"   its number   0              none
 *     finalize        "HVRVMAIN"   entry_sepc   entry_arg      none
 *
 * A page of 2 MiB is 512 steps, each with the GPA of its 4 KiB and b = 21. A vHart begins as
 * hvrv_vhart_init() leaves it, which the tag stands for. The other registers are the TVM's: its
 * extend_measurement makes register = hash(register || digest).
 *
 * Source: "Confidential VM Extension (CoVE)", chapter "CoVE SBI extension", COVH and COVG; what is
 * hashed in which order it leaves to the TSM, and is this library's own.
 * @{
 */
#ifndef HVRV_COVE_TVM_H
#define HVRV_COVE_TVM_H

#include <hvrv/cove/abi.h>
#include <hvrv/cove/page.h>
#include <hvrv/cove/region.h>
#include <hvrv/mmu/gstage.h>
#include <hvrv/vhart/mmio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** vHarts of a TVM at most. */
#define HVRV_TVM_VHARTS_MAX 64
/** Measurement registers: one initial, and those that the TVM extends. */
#define HVRV_TVM_REGISTERS 5
/** Of them, initial ones. */
#define HVRV_TVM_REGISTERS_INITIAL 1
/** Bytes of the longest digest. */
#define HVRV_TVM_DIGEST_MAX 64
/** Interrupt numbers of an interrupt file: 1 to this. */
#define HVRV_TVM_INTERRUPT_LAST 2047

/** The tags of the measurement's steps: the eight letters as a number. */
#define HVRV_TVM_TAG_PAGE UINT64_C(0x4547415056525648)
/** A vHart's. */
#define HVRV_TVM_TAG_VHART UINT64_C(0x5452414856525648)
/** That of finalize. */
#define HVRV_TVM_TAG_MAIN UINT64_C(0x4e49414d56525648)

/** Bytes to be hashed. */
struct hvrv_tvm_bytes {
    const void *bytes; /**< where */
    uint64_t size;     /**< how many */
};

/** A hash function: the caller's, from a library that is well kept. */
struct hvrv_tvm_hash {
    enum hvrv_cove_hash algorithm; /**< which; the digest is as long as its row says */
    /** Hashes @p count pieces, one after the other, to @p digest. */
    void (*hash)(void *context, const struct hvrv_tvm_bytes *pieces, uint32_t count,
                 uint8_t *digest);
    void *context; /**< passed to it */
};

/** A digest. */
struct hvrv_tvm_digest {
    uint8_t bytes[HVRV_TVM_DIGEST_MAX]; /**< as many as the algorithm has, then zeros */
};

/** A step of the measurement. */
struct hvrv_tvm_step {
    uint64_t tag;        /**< HVRV_TVM_TAG_ */
    uint64_t a;          /**< see above */
    uint64_t b;          /**< see above */
    const void *content; /**< 4 KiB; null: none */
};

/** How far a TVM is. */
enum hvrv_tvm_life {
    HVRV_TVM_INITIALIZING, /**< being built */
    HVRV_TVM_RUNNABLE,     /**< finalized */
};

/** What a vHart is doing, as far as its TSM goes. */
enum hvrv_tvm_vhart_state {
    HVRV_TVM_VHART_STOPPED, /**< waits for the TVM's hart_start */
    HVRV_TVM_VHART_READY,   /**< may be run */
    HVRV_TVM_VHART_RUNNING, /**< on a hart */
    HVRV_TVM_VHART_DEAD,    /**< ended with what cannot be resumed */
};

/** What the host owes a vHart before it can go on. */
enum hvrv_tvm_wait {
    HVRV_TVM_WAIT_NOTHING,    /**< nothing */
    HVRV_TVM_WAIT_ANSWER,     /**< a0 and a1 of a forwarded ECALL, in the shared memory */
    HVRV_TVM_WAIT_DEVICE,     /**< an access to a device; of a load the value, in a0 there */
    HVRV_TVM_WAIT_ASSIGNMENT, /**< the old pages of #hvrv_tvm_vhart.range removed */
    HVRV_TVM_WAIT_FENCE,      /**< an exit of each vHart that runs and was told to fence */
};

/** How a vHart's interrupt files are tied to a hart. */
enum hvrv_tvm_binding {
    HVRV_TVM_UNBOUND,   /**< to none: interrupts are kept in memory */
    HVRV_TVM_BOUND,     /**< to #hvrv_tvm_files.hart */
    HVRV_TVM_UNBINDING, /**< unbind_begin was called; waits for the TVM's fence and the end */
    HVRV_TVM_REBINDING, /**< rebind_begin was called; waits for the fence and the clone */
    HVRV_TVM_CLONED,    /**< the old file is copied; waits for the end on the new hart */
};

/** A vHart's interrupts from outside. */
struct hvrv_tvm_files {
    enum hvrv_tvm_binding binding; /**< tied to a hart? */
    uint32_t hart;                 /**< the hart; while REBINDING the old one */
    uint32_t next_hart;            /**< REBINDING and CLONED: the new one */
    uint64_t mask;                 /**< which guest interrupt files, as hgeie has them */
    uint64_t next_mask;            /**< REBINDING and CLONED: on the new hart */
    uint64_t epoch;                /**< UNBINDING and REBINDING: the TVM's, when it began */
    hvrv_gpa gpa;                  /**< the file's address in the TVM */
    bool has_gpa;                  /**< it was set */
    uint64_t allowed[32];          /**< by number: the TVM lets the host inject it */
    uint64_t pending[32];          /**< by number: injected, and not yet taken or handed on */
};

/** A vHart of a TVM. */
struct hvrv_tvm_vhart {
    struct hvrv_vhart vhart;         /**< registers */
    struct hvrv_tvm *tvm;            /**< whose it is */
    uint32_t id;                     /**< tvm_vcpu_id, and the TVM's own number of the hart */
    uint32_t hart;                   /**< where it runs, if it does */
    enum hvrv_tvm_vhart_state state; /**< what it is doing */
    enum hvrv_tvm_wait wait;         /**< what for */
    struct hvrv_range range;         /**< WAIT_ASSIGNMENT: GPAs */
    struct hvrv_mmio mmio;           /**< WAIT_DEVICE: the access */
    uint32_t retries;                /**< faults in a row that a fence should have mended */
    uint64_t retried;                /**< of the last of them, the GVA */
    struct hvrv_tvm_files files;     /**< interrupts from outside */
};

/** AIA of a TVM. */
struct hvrv_tvm_aia {
    bool is_there;                      /**< init_tvm_aia was called */
    struct hvrv_cove_aia_params params; /**< as given */
};

struct hvrv_tsm;

/** A TVM. Its fields are private. */
struct hvrv_tvm {
    struct hvrv_tsm *tsm;           /**< whose it is */
    uint64_t id;                    /**< tvm_guest_id */
    uint32_t owner;                 /**< in the page map: its slot + 1 */
    enum hvrv_tvm_life life;        /**< how far it is */
    struct hvrv_regions regions;    /**< what its GPAs are for */
    struct hvrv_gstage gstage;      /**< its tables; their pages come from #pool */
    struct hvrv_pages pages;        /**< takes from and gives to #pool */
    struct hvrv_fence_domain fence; /**< of its VMID; this hart only */
    hvrv_hpa root;                  /**< four pages */
    hvrv_hpa pool;                  /**< free table pages: the first word of each is the next */
    uint64_t pool_count;            /**< how many */
    hvrv_hpa retired;        /**< tables taken out, not yet fenced: a list of the same kind */
    uint64_t retired_epoch;  /**< when the last of them was */
    struct hvrv_epoch epoch; /**< of its fences; a party is a hart that runs one of its vHarts */
    uint64_t *fenced;        /**< by hart: the epoch of #epoch for which it last fenced */
    uint64_t shared_epoch;   /**< when a mapping of a shared page was last made invalid */
    struct hvrv_vm vm;       /**< for bind */
    struct hvrv_tvm_vhart *vharts[HVRV_TVM_VHARTS_MAX];   /**< by number, or null */
    uint32_t vhart_count;                                 /**< how many */
    uint32_t running;                                     /**< how many run */
    struct hvrv_tvm_digest registers[HVRV_TVM_REGISTERS]; /**< the measurement */
    bool has_identity;                                    /**< finalize_tvm gave one */
    uint8_t identity[HVRV_COVE_IDENTITY_SIZE];            /**< it */
    struct hvrv_tvm_aia aia;                              /**< AIA */
};

/**
 * @brief Extends the initial measurement by a step.
 * @param tvm the TVM; not null.
 * @param hash the hash function; not null.
 * @param step what is measured; not null.
 */
void hvrv_tvm_measure(struct hvrv_tvm *tvm, const struct hvrv_tvm_hash *hash,
                      const struct hvrv_tvm_step *step);

/**
 * @brief Extends a register of the TVM's by a digest.
 * @param tvm the TVM; not null.
 * @param hash the hash function; not null.
 * @param index #HVRV_TVM_REGISTERS_INITIAL to #HVRV_TVM_REGISTERS - 1.
 * @param digest as many bytes as the algorithm has; not null.
 * @retval HVRV_OK extended.
 * @retval HVRV_ERR_RANGE the TVM has no such register, or may not extend it.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_tvm_extend(struct hvrv_tvm *tvm,
                                                 const struct hvrv_tvm_hash *hash, uint64_t index,
                                                 const uint8_t *digest);

/**
 * @brief The HPA behind a GPA, for a page that is mapped and not invalid.
 * @param tvm the TVM; not null.
 * @param gpa any address.
 * @param[out] hpa where it is, with the same offset in its page; 0 if it is nowhere; not null.
 * @retval HVRV_OK it is mapped.
 * @retval HVRV_ERR_MISSING it is not.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_tvm_find(const struct hvrv_tvm *tvm, hvrv_gpa gpa,
                                               hvrv_hpa *hpa);

/**
 * @brief Bytes of a digest.
 * @param algorithm any value.
 * @return its length; 0 for a value that is none.
 */
uint32_t hvrv_tvm_digest_size(enum hvrv_cove_hash algorithm);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
