/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup abi CoVE ABI
 * @brief The numbers and structures of the Confidential VM Extension: who calls whom, with what.
 *
 * EXPERIMENTAL: the specification is not ratified. #HVRV_COVE_ABI_DATE names the text that this
 * follows, and changes with it.
 *
 * A host asks the TSM (COVH, COVI), a TVM asks the TSM (COVG), and a host asks the TSM-driver which
 * supervisor domains there are (SUPD). All of them are SBI calls: the extension in a7, the function
 * in a6, arguments in a0 to a5. a6 also says which domain is meant, see #HVRV_COVE_FID_SDID.
 *
 * The specification names four errors that have no number in the SBI: out of memory, out of
 * page-table pages, authentication, busy. Where it asks for one of them the answer is
 * HVRV_SBI_ERR_FAILED.
 *
 * What is not here: what a TSM and a TSM-driver say to each other, which the specification leaves
 * open. See @ref domain.
 *
 * Source: "Confidential VM Extension (CoVE) for Confidential Computing on RISC-V platforms",
 * chapter "CoVE SBI extension"; the shared memory also in the SBI's chapter on nested acceleration.
 * @{
 */
#ifndef HVRV_COVE_ABI_H
#define HVRV_COVE_ABI_H

#include <hvrv/isa/bits.h>
#include <hvrv/sbi/sbi.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The day of the specification's text that this follows: year, month, day. */
#define HVRV_COVE_ABI_DATE 20251217

/** The extensions: enumerator, number, name. */
#define HVRV_COVE_EXTENSION_LIST(X)       \
    X(HVRV_COVE_SUPD, 0x53555044, "SUPD") \
    X(HVRV_COVE_COVH, 0x434f5648, "COVH") \
    X(HVRV_COVE_COVI, 0x434f5649, "COVI") \
    X(HVRV_COVE_COVG, 0x434f5647, "COVG")

/** Extension numbers, for a7. */
enum hvrv_cove_id {
#define HVRV_COVE_ENUMERATOR(id, number, name) id = (number),
    HVRV_COVE_EXTENSION_LIST(HVRV_COVE_ENUMERATOR)
#undef HVRV_COVE_ENUMERATOR
};

/**
 * The functions: enumerator, extension, number, name, arguments from a0 on by the specification's
 * names. docs/cove.md is printed from it.
 */
#define HVRV_COVE_FUNCTION_LIST(X)                                                                 \
    X(HVRV_SUPD_GET_ACTIVE_DOMAINS, HVRV_COVE_SUPD, 0, "get_active_domains", "")                   \
    X(HVRV_COVH_GET_TSM_INFO, HVRV_COVE_COVH, 0, "get_tsm_info", "tsm_info_address, tsm_info_len") \
    X(HVRV_COVH_CONVERT_PAGES, HVRV_COVE_COVH, 1, "convert_pages", "base_page_address, num_pages") \
    X(HVRV_COVH_RECLAIM_PAGES, HVRV_COVE_COVH, 2, "reclaim_pages", "base_page_address, num_pages") \
    X(HVRV_COVH_GLOBAL_FENCE, HVRV_COVE_COVH, 3, "global_fence", "")                               \
    X(HVRV_COVH_LOCAL_FENCE, HVRV_COVE_COVH, 4, "local_fence", "")                                 \
    X(HVRV_COVH_CREATE_TVM, HVRV_COVE_COVH, 5, "create_tvm",                                       \
      "tvm_create_params_addr, tvm_create_params_len")                                             \
    X(HVRV_COVH_FINALIZE_TVM, HVRV_COVE_COVH, 6, "finalize_tvm",                                   \
      "tvm_guest_id, entry_sepc, entry_arg, tvm_identity_addr")                                    \
    X(HVRV_COVH_PROMOTE_TO_TVM, HVRV_COVE_COVH, 7, "promote_to_tvm",                               \
      "fdt_addr, tap_addr, entry_sepc, tvm_identity_addr")                                         \
    X(HVRV_COVH_DESTROY_TVM, HVRV_COVE_COVH, 8, "destroy_tvm", "tvm_guest_id")                     \
    X(HVRV_COVH_ADD_TVM_MEMORY_REGION, HVRV_COVE_COVH, 9, "add_tvm_memory_region",                 \
      "tvm_guest_id, tvm_gpa_addr, region_len")                                                    \
    X(HVRV_COVH_ADD_TVM_PAGE_TABLE_PAGES, HVRV_COVE_COVH, 10, "add_tvm_page_table_pages",          \
      "tvm_guest_id, base_page_address, num_pages")                                                \
    X(HVRV_COVH_ADD_TVM_MEASURED_PAGES, HVRV_COVE_COVH, 11, "add_tvm_measured_pages",              \
      "tvm_guest_id, source_address, dest_address, tsm_page_type, num_pages, tvm_guest_gpa")       \
    X(HVRV_COVH_ADD_TVM_ZERO_PAGES, HVRV_COVE_COVH, 12, "add_tvm_zero_pages",                      \
      "tvm_guest_id, base_page_address, tsm_page_type, num_pages, tvm_base_page_address")          \
    X(HVRV_COVH_ADD_TVM_SHARED_PAGES, HVRV_COVE_COVH, 13, "add_tvm_shared_pages",                  \
      "tvm_guest_id, base_page_address, tsm_page_type, num_pages, tvm_base_page_address")          \
    X(HVRV_COVH_CREATE_TVM_VCPU, HVRV_COVE_COVH, 14, "create_tvm_vcpu",                            \
      "tvm_guest_id, tvm_vcpu_id, tvm_state_page_addr")                                            \
    X(HVRV_COVH_RUN_TVM_VCPU, HVRV_COVE_COVH, 15, "run_tvm_vcpu", "tvm_guest_id, tvm_vcpu_id")     \
    X(HVRV_COVH_TVM_FENCE, HVRV_COVE_COVH, 16, "tvm_fence", "tvm_guest_id")                        \
    X(HVRV_COVH_TVM_INVALIDATE_PAGES, HVRV_COVE_COVH, 17, "tvm_invalidate_pages",                  \
      "tvm_guest_id, gpa, length")                                                                 \
    X(HVRV_COVH_TVM_VALIDATE_PAGES, HVRV_COVE_COVH, 18, "tvm_validate_pages",                      \
      "tvm_guest_id, gpa, length")                                                                 \
    X(HVRV_COVH_TVM_REMOVE_PAGES, HVRV_COVE_COVH, 19, "tvm_remove_pages",                          \
      "tvm_guest_id, gpa, length")                                                                 \
    X(HVRV_COVI_INIT_TVM_AIA, HVRV_COVE_COVI, 0, "init_tvm_aia",                                   \
      "tvm_guest_id, tvm_aia_params_addr, tvm_aia_params_len")                                     \
    X(HVRV_COVI_SET_TVM_AIA_CPU_IMSIC_ADDR, HVRV_COVE_COVI, 1, "set_tvm_aia_cpu_imsic_addr",       \
      "tvm_guest_id, tvm_vcpu_id, tvm_vcpu_imsic_gpa")                                             \
    X(HVRV_COVI_CONVERT_AIA_IMSIC, HVRV_COVE_COVI, 2, "convert_aia_imsic", "imsic_page_addr")      \
    X(HVRV_COVI_RECLAIM_TVM_AIA_IMSIC, HVRV_COVE_COVI, 3, "reclaim_tvm_aia_imsic",                 \
      "imsic_page_addr")                                                                           \
    X(HVRV_COVI_BIND_AIA_IMSIC, HVRV_COVE_COVI, 4, "bind_aia_imsic",                               \
      "tvm_guest_id, tvm_vcpu_id, imsic_mask")                                                     \
    X(HVRV_COVI_UNBIND_AIA_IMSIC_BEGIN, HVRV_COVE_COVI, 5, "unbind_aia_imsic_begin",               \
      "tvm_guest_id, tvm_vcpu_id")                                                                 \
    X(HVRV_COVI_UNBIND_AIA_IMSIC_END, HVRV_COVE_COVI, 6, "unbind_aia_imsic_end",                   \
      "tvm_guest_id, tvm_vcpu_id")                                                                 \
    X(HVRV_COVI_INJECT_TVM_CPU, HVRV_COVE_COVI, 7, "inject_tvm_cpu",                               \
      "tvm_guest_id, tvm_vcpu_id, interrupt_id")                                                   \
    X(HVRV_COVI_REBIND_AIA_IMSIC_BEGIN, HVRV_COVE_COVI, 8, "rebind_aia_imsic_begin",               \
      "tvm_guest_id, tvm_vcpu_id, imsic_mask")                                                     \
    X(HVRV_COVI_REBIND_AIA_IMSIC_CLONE, HVRV_COVE_COVI, 9, "rebind_aia_imsic_clone",               \
      "tvm_guest_id, tvm_vcpu_id")                                                                 \
    X(HVRV_COVI_REBIND_AIA_IMSIC_END, HVRV_COVE_COVI, 10, "rebind_aia_imsic_end",                  \
      "tvm_guest_id, tvm_vcpu_id")                                                                 \
    X(HVRV_COVG_ADD_MMIO_REGION, HVRV_COVE_COVG, 0, "add_mmio_region", "tvm_gpa_addr, region_len") \
    X(HVRV_COVG_REMOVE_MMIO_REGION, HVRV_COVE_COVG, 1, "remove_mmio_region",                       \
      "tvm_gpa_addr, region_len")                                                                  \
    X(HVRV_COVG_SHARE_MEMORY_REGION, HVRV_COVE_COVG, 2, "share_memory_region",                     \
      "tvm_gpa_addr, region_len")                                                                  \
    X(HVRV_COVG_UNSHARE_MEMORY_REGION, HVRV_COVE_COVG, 3, "unshare_memory_region",                 \
      "tvm_gpa_addr, region_len")                                                                  \
    X(HVRV_COVG_ALLOW_EXTERNAL_INTERRUPT, HVRV_COVE_COVG, 4, "allow_external_interrupt",           \
      "interrupt_id")                                                                              \
    X(HVRV_COVG_DENY_EXTERNAL_INTERRUPT, HVRV_COVE_COVG, 5, "deny_external_interrupt",             \
      "interrupt_id")                                                                              \
    X(HVRV_COVG_GET_ATTCAPS, HVRV_COVE_COVG, 6, "get_attcaps", "tvm_gpa_cap_addr, caps_size")      \
    X(HVRV_COVG_EXTEND_MEASUREMENT, HVRV_COVE_COVG, 7, "extend_measurement",                       \
      "msmt_buf_addr, msmt_buf_len, msmt_index")                                                   \
    X(HVRV_COVG_GET_EVIDENCE, HVRV_COVE_COVG, 8, "get_evidence",                                   \
      "pub_key_addr, pub_key_size, challenge_data_addr, cert_format, cert_addr_out, cert_size")    \
    X(HVRV_COVG_RETRIEVE_SECRET, HVRV_COVE_COVG, 9, "retrieve_secret", "buf_addr, buf_size")       \
    X(HVRV_COVG_READ_MEASUREMENT, HVRV_COVE_COVG, 10, "read_measurement",                          \
      "msmt_buf_addr_out, msmt_buf_size, msmt_index")

/** Function numbers, for bits 15:0 of a6; of several extensions, so values repeat. */
enum hvrv_cove_function_id {
#define HVRV_COVE_ENUMERATOR(id, extension, number, name, arguments) id = (number),
    HVRV_COVE_FUNCTION_LIST(HVRV_COVE_ENUMERATOR)
#undef HVRV_COVE_ENUMERATOR
};

/** a6: the function. */
#define HVRV_COVE_FID_FUNCTION HVRV_BITS(15, 0)
/** a6: the supervisor domain whose TSM is called; the host sets it, 0 is the host's own. */
#define HVRV_COVE_FID_SDID HVRV_BITS(31, 26)
/** a6: reserved; a call that sets one of these bits names no function. */
#define HVRV_COVE_FID_RESERVED (HVRV_BITS(63, 32) | HVRV_BITS(25, 16))
/** a6: the first function that is another specification's. */
#define HVRV_COVE_FID_FOREIGN UINT32_C(1024)

/** The sizes of a page: enumerator, number, log2 of its bytes, name. */
#define HVRV_COVE_PAGE_LIST(X)           \
    X(HVRV_COVE_PAGE_4K, 0, 12, "4 KiB") \
    X(HVRV_COVE_PAGE_2M, 1, 21, "2 MiB") \
    X(HVRV_COVE_PAGE_1G, 2, 30, "1 GiB") \
    X(HVRV_COVE_PAGE_512G, 3, 39, "512 GiB")

/** tsm_page_type. */
enum hvrv_cove_page {
#define HVRV_COVE_ENUMERATOR(id, number, shift, name) id = (number),
    HVRV_COVE_PAGE_LIST(HVRV_COVE_ENUMERATOR)
#undef HVRV_COVE_ENUMERATOR
};

/** tsm_state. */
enum hvrv_cove_tsm_state {
    HVRV_COVE_TSM_NOT_LOADED = 0, /**< there is none */
    HVRV_COVE_TSM_LOADED = 1,     /**< it is there and not initialized */
    HVRV_COVE_TSM_READY = 2,      /**< it takes calls */
};

/** tvm_state. */
enum hvrv_cove_tvm_state {
    HVRV_COVE_TVM_INITIALIZING = 0, /**< being built */
    HVRV_COVE_TVM_RUNNABLE = 1,     /**< finalized */
};

/** tsm_capabilities: enumerator, bit, what the bit says. */
#define HVRV_COVE_CAPABILITY_LIST(X)                                  \
    X(HVRV_COVE_CAP_PROMOTE_TVM, 0, "a VM becomes a TVM by one call") \
    X(HVRV_COVE_CAP_ATTESTATION_LOCAL, 1, "local attestation")        \
    X(HVRV_COVE_CAP_ATTESTATION_REMOTE, 2, "remote attestation")      \
    X(HVRV_COVE_CAP_AIA, 3, "the Advanced Interrupt Architecture")    \
    X(HVRV_COVE_CAP_MRIF, 4, "memory-resident interrupt files")       \
    X(HVRV_COVE_CAP_MEMORY_ALLOCATION, 5, "memory is converted while the host runs")

/** Bits of tsm_capabilities, by position. */
enum hvrv_cove_capability {
#define HVRV_COVE_ENUMERATOR(id, bit, text) id = (bit),
    HVRV_COVE_CAPABILITY_LIST(HVRV_COVE_ENUMERATOR)
#undef HVRV_COVE_ENUMERATOR
};

/** get_tsm_info: what the TSM writes. The specification has it at a multiple of 4. */
struct hvrv_cove_tsm_info {
    uint32_t state;            /**< enum hvrv_cove_tsm_state; unless READY, all else is 0 */
    uint32_t impl_id;          /**< 1 Salus, 2 ACE, above reserved */
    uint32_t version;          /**< of the TSM */
    uint32_t reserved;         /**< 0 */
    uint64_t capabilities;     /**< bits of enum hvrv_cove_capability */
    uint64_t tvm_state_pages;  /**< pages of 4 KiB that create_tvm wants */
    uint64_t tvm_max_vcpus;    /**< vHarts that a TVM may have */
    uint64_t vcpu_state_pages; /**< pages of 4 KiB that create_tvm_vcpu wants */
};

/** create_tvm: what the host writes, at a multiple of 8. */
struct hvrv_cove_tvm_params {
    uint64_t page_directory; /**< HPA of four converted pages, a multiple of 16 KiB */
    uint64_t state;          /**< HPA of tvm_state_pages converted pages */
};

/** Bytes of a TVM's identity, as finalize_tvm reads them; at a multiple of as many. */
#define HVRV_COVE_IDENTITY_SIZE 64

/** init_tvm_aia: what the host writes, at a multiple of 8. */
struct hvrv_cove_aia_params {
    uint64_t imsic_base;        /**< GPA of the interrupt file of group 0, hart 0, guest 0 */
    uint32_t group_index_bits;  /**< bits of the group's number in an address */
    uint32_t group_index_shift; /**< where they begin; 24 or more */
    uint32_t hart_index_bits;   /**< bits of the hart's number */
    uint32_t guest_index_bits;  /**< bits of the guest's number: 2^bits > guests_per_hart */
    uint32_t guests_per_hart;   /**< guest interrupt files a vHart has */
    uint32_t reserved;          /**< 0 */
};

/** Hash algorithms of measurement registers: enumerator, number, bytes, name. */
#define HVRV_COVE_HASH_LIST(X)                    \
    X(HVRV_COVE_HASH_SHA_384, 0, 48, "SHA-384")   \
    X(HVRV_COVE_HASH_SHA_512, 1, 64, "SHA-512")   \
    X(HVRV_COVE_HASH_SHA3_384, 2, 48, "SHA3-384") \
    X(HVRV_COVE_HASH_SHA3_512, 3, 64, "SHA3-512")

/** HashAlgorithm. */
enum hvrv_cove_hash {
#define HVRV_COVE_ENUMERATOR(id, number, size, name) id = (number),
    HVRV_COVE_HASH_LIST(HVRV_COVE_ENUMERATOR)
#undef HVRV_COVE_ENUMERATOR
};

/** certificate_formats: CBOR. */
#define HVRV_COVE_CERTIFICATE_CBOR UINT32_C(1)
/** certificate_formats: X.509 with an extension of DICE. */
#define HVRV_COVE_CERTIFICATE_X509 UINT32_C(2)
/** certificate_formats: struct hvrv_cove_report and what a signer adds. This library's own. */
#define HVRV_COVE_CERTIFICATE_REPORT UINT32_C(0x80000000)

/** Measurement registers that a TVM may have at most, initial ones. */
#define HVRV_COVE_REGISTERS_INITIAL_MAX 8
/** Measurement registers that a TVM may have at most, those that it extends. */
#define HVRV_COVE_REGISTERS_RUNTIME_MAX 18
/** Both. */
#define HVRV_COVE_REGISTERS_MAX 26

/** MeasurementType. */
enum hvrv_cove_register_type {
    HVRV_COVE_REGISTER_INITIAL = 0, /**< made while the TVM is built */
    HVRV_COVE_REGISTER_RUNTIME = 1, /**< extended by the TVM */
};

/** MeasurementRegisterDescriptor. */
struct hvrv_cove_register {
    uint32_t hash;       /**< enum hvrv_cove_hash */
    uint32_t type;       /**< enum hvrv_cove_register_type */
    uint8_t pcr;         /**< the TCG's PCR, or #HVRV_COVE_PCR_NONE */
    uint8_t reserved[3]; /**< 0 */
};

/** #hvrv_cove_register.pcr of a register that is no PCR. */
#define HVRV_COVE_PCR_NONE UINT8_C(0xff)

/** AttestationCapabilities: what get_attcaps writes. */
struct hvrv_cove_attestation {
    uint64_t tcb_svn;             /**< security version of the TCB */
    uint32_t hash;                /**< enum hvrv_cove_hash */
    uint32_t certificate_formats; /**< HVRV_COVE_CERTIFICATE_ bits */
    uint8_t initial_count;        /**< initial registers; the first of #registers */
    uint8_t runtime_count;        /**< registers that the TVM extends; behind them */
    uint8_t reserved[2];          /**< 0 */
    struct hvrv_cove_register registers[HVRV_COVE_REGISTERS_MAX]; /**< unused ones are 0 */
};

/** Registers by x number in the scratch space, for run_tvm_vcpu. */
#define HVRV_NACL_GPRS 32

/**
 * The memory that host and TSM share on a hart: the SBI's nested acceleration. Belongs to the host,
 * so the TSM believes nothing in it; at a multiple of 4 KiB.
 */
struct hvrv_nacl_memory {
    uint64_t gprs[HVRV_NACL_GPRS]; /**< scratch: guest_gprs of tsm_shmem_scratch */
    uint64_t scratch[224];         /**< the rest of the scratch space */
    uint64_t reserved[240];        /**< 0 */
    uint64_t dirty[16];            /**< not used by CoVE */
    uint64_t csrs[1024];           /**< HS- and VS-level CSRs, by HVRV_NACL_CSR() */
};

/** The index of a CSR in hvrv_nacl_memory.csrs: bits 11:10 and 7:0 of its number. */
#define HVRV_NACL_CSR(number) (((number)&0xc00U) >> 2 | ((number)&0xffU))

/** NACL's function probe_feature. */
#define HVRV_NACL_PROBE_FEATURE UINT32_C(0)
/** NACL's function set_shmem: a0 and a1 the HPA, a2 flags, 0; a0 = a1 = all ones: none. */
#define HVRV_NACL_SET_SHMEM UINT32_C(1)

/** An SBI call as registers. */
struct hvrv_cove_call {
    uint64_t extension;    /**< a7 */
    uint64_t function;     /**< a6, with the domain in it */
    uint64_t arguments[6]; /**< a0 to a5 */
};

/** The answer to it. */
struct hvrv_cove_answer {
    int64_t error;  /**< a0: enum hvrv_sbi_error */
    uint64_t value; /**< a1 */
};

/**
 * @brief The name of an extension of CoVE, such as "COVH".
 * @param id any value of a7.
 * @return a constant string; "unknown" for a number that has no row. NACL has none: it is the
 * SBI's.
 */
const char *hvrv_cove_extension_name(uint64_t id);

/**
 * @brief The name of a function of CoVE, such as "create_tvm".
 * @param id a7.
 * @param function a6; the domain in it does not count.
 * @return a constant string; "unknown" for numbers that have no row, or with reserved bits set.
 */
const char *hvrv_cove_function_name(enum hvrv_cove_id id, uint64_t function);

/**
 * @brief log2 of the bytes of a page type.
 * @param type tsm_page_type, as the caller gave it.
 * @return 12, 21, 30 or 39; 0 for a value that is no type.
 */
unsigned hvrv_cove_page_shift(uint64_t type);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
