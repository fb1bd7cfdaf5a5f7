/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calls of a TSM share: a call under way, memory of both kinds, TVMs by their numbers. */
#ifndef LIB_COVE_TSM_CALL_H
#define LIB_COVE_TSM_CALL_H

#include <hvrv/cove/tsm.h>

/* A call of the host that is being served. */
struct hvrv_tsm_call {
    struct hvrv_tsm *tsm;
    uint32_t hart;                /* that executes it */
    const uint64_t *a;            /* a0 to a5 */
    struct hvrv_tsm_reply *reply; /* ANSWER, all zero; a handler sets the value, or RUN */
};

/* Serves a call: checks it in full, then does it. What it returns is the answer's error. */
typedef enum hvrv_sbi_error (*hvrv_tsm_handler)(const struct hvrv_tsm_call *call);

/* An extension: its functions by number. */
struct hvrv_tsm_extension {
    const hvrv_tsm_handler *handlers;
    uint32_t count;
};

/* COVH: covh_info.c, covh_convert.c, covh_tvm.c, covh_pages.c, run.c. */
enum hvrv_sbi_error hvrv_covh_get_tsm_info(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_convert_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_reclaim_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_global_fence(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_local_fence(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_create_tvm(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_finalize_tvm(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_promote_to_tvm(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_destroy_tvm(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_add_tvm_memory_region(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_add_tvm_page_table_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_add_tvm_measured_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_add_tvm_zero_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_add_tvm_shared_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_create_tvm_vcpu(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_run_tvm_vcpu(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_tvm_fence(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_tvm_invalidate_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_tvm_validate_pages(const struct hvrv_tsm_call *call);
enum hvrv_sbi_error hvrv_covh_tvm_remove_pages(const struct hvrv_tsm_call *call);

/* COVI: covi.c. */
extern const struct hvrv_tsm_extension hvrv_covi;

/* The TVM of a tvm_guest_id, or null. */
struct hvrv_tvm *hvrv_tsm_find(const struct hvrv_tsm *tsm, uint64_t id);

/* The vHart of a tvm_vcpu_id, or null. */
struct hvrv_tvm_vhart *hvrv_tvm_find_vhart(const struct hvrv_tvm *tvm, uint64_t id);

/* Pages of 4 KiB from a base on; an error names what is wrong with base (ADDRESS) or count (PARAM).
 */
enum hvrv_sbi_error hvrv_tsm_make_range(const struct hvrv_tsm *tsm, uint64_t base, uint64_t count,
                                        struct hvrv_range *range);

/* The same by bytes. */
enum hvrv_sbi_error hvrv_tsm_make_range_bytes(const struct hvrv_tsm *tsm, uint64_t base,
                                              uint64_t size, struct hvrv_range *range);

/* All of these bytes are memory that is not confidential, shared pages too. */
bool hvrv_tsm_is_host(const struct hvrv_tsm *tsm, uint64_t hpa, uint64_t size);

/* Every page of the range is confidential and nobody's. */
bool hvrv_tsm_is_free(const struct hvrv_tsm *tsm, const struct hvrv_range *range);

/* Where the CPU sees an address of the map. */
static inline void *hvrv_tsm_pointer(const struct hvrv_tsm *tsm, uint64_t hpa)
{
    return (void *)(uintptr_t)hvrv_phys_pointer(tsm->config.phys, hvrv_hpa_make(hpa));
}

/* Copies bytes that somebody else may write meanwhile: each is read once. */
void hvrv_tsm_read(const struct hvrv_tsm *tsm, uint64_t hpa, void *to, uint64_t size);
void hvrv_tsm_write(const struct hvrv_tsm *tsm, uint64_t hpa, const void *from, uint64_t size);

/* Whole pages. */
void hvrv_tsm_zero(const struct hvrv_tsm *tsm, const struct hvrv_range *range);
void hvrv_tsm_copy_page(const struct hvrv_tsm *tsm, uint64_t to, uint64_t from);

/* Moves pages that the caller has looked at. */
void hvrv_tsm_move(const struct hvrv_tsm *tsm, const struct hvrv_page_change *move);

/* The memory that the host shares with the TSM on a hart; null if there is none, or no longer. */
struct hvrv_nacl_memory *hvrv_tsm_shared(const struct hvrv_tsm *tsm, uint32_t hart);

/* Gives pages of the TVM's to its pool of table pages. */
void hvrv_tvm_add_tables(struct hvrv_tvm *tvm, const struct hvrv_range *range);

/* How many table pages can be taken now. */
uint64_t hvrv_tvm_count_tables(struct hvrv_tvm *tvm);

/* Begins a gather of the TVM's for the hart, and ends it with its fences. */
void hvrv_tvm_begin(struct hvrv_tvm *tvm, uint32_t hart, struct hvrv_fence_gather *gather);
void hvrv_tvm_end(struct hvrv_fence_gather *gather);

/* An exit of a TVM that is being served. */
struct hvrv_tsm_exit {
    struct hvrv_tsm *tsm;
    uint32_t hart;
    struct hvrv_tvm_vhart *vhart; /* that left */
    const struct hvrv_exit *exit;
    struct hvrv_tsm_reply *reply;
    struct hvrv_nacl_memory *shared; /* by the host, looked at for this exit; null: none */
    uint32_t row;                    /* faults that were tried again, in a row before this */
};

/* What becomes of an exit. */
enum hvrv_tsm_next {
    HVRV_TSM_NEXT_RUN,  /* the vHart goes on */
    HVRV_TSM_NEXT_HOST, /* back to the host, resumable; reply.scause and stval are set */
    HVRV_TSM_NEXT_DEAD, /* back to the host, for ever */
};

/* Answers an ECALL without the host. */
static inline enum hvrv_tsm_next hvrv_tsm_answer(struct hvrv_vhart *vhart,
                                                 enum hvrv_sbi_error error, uint64_t value)
{
    vhart->gpr[10] = (uint64_t)(int64_t)error;
    vhart->gpr[11] = value;
    vhart->sepc += 4;
    return HVRV_TSM_NEXT_RUN;
}

/* IPI and RFENCE: remote.c. */
enum hvrv_tsm_next hvrv_tsm_serve_ipi(const struct hvrv_tsm_exit *exit);
enum hvrv_tsm_next hvrv_tsm_serve_rfence(const struct hvrv_tsm_exit *exit);

/* No vHart still runs that owes a fence since another asked for it. */
bool hvrv_tvm_is_fenced(const struct hvrv_tvm *tvm);

/* Any ECALL of the TVM's: ecall.c. */
enum hvrv_tsm_next hvrv_tsm_serve_ecall(const struct hvrv_tsm_exit *exit);

/* COVG: covg.c. Its arguments are the vHart's a0 to a5; sepc is still at the ECALL. */
enum hvrv_tsm_next hvrv_covg_serve(const struct hvrv_tsm_exit *exit);

/* COVG: attest.c. What it returns is the TVM's a0. */
enum hvrv_sbi_error hvrv_covg_get_attcaps(struct hvrv_tvm_vhart *vhart);
enum hvrv_sbi_error hvrv_covg_extend_measurement(struct hvrv_tvm_vhart *vhart);
enum hvrv_sbi_error hvrv_covg_get_evidence(struct hvrv_tvm_vhart *vhart);
enum hvrv_sbi_error hvrv_covg_retrieve_secret(struct hvrv_tvm_vhart *vhart);
enum hvrv_sbi_error hvrv_covg_read_measurement(struct hvrv_tvm_vhart *vhart);

/* What the host is shown of an exit: show.c. Each sets the reply's scause and stval. */
enum hvrv_tsm_next hvrv_tsm_show_interrupt(const struct hvrv_tsm_exit *exit);
/* The page alone: where in it is the TVM's own matter. */
enum hvrv_tsm_next hvrv_tsm_show_page(const struct hvrv_tsm_exit *exit);
/* vhart->mmio, with a0 for its register; the vHart waits for the host to finish it. */
enum hvrv_tsm_next hvrv_tsm_show_device(const struct hvrv_tsm_exit *exit);
/* The vHart has nothing to do. */
enum hvrv_tsm_next hvrv_tsm_show_wait(const struct hvrv_tsm_exit *exit);
/* An ECALL: a6, a7 and so many arguments. What lies behind them is the TVM's own. */
enum hvrv_tsm_next hvrv_tsm_show_ecall(const struct hvrv_tsm_exit *exit, enum hvrv_tvm_wait wait,
                                       unsigned count);
/* With every exit: what the host needs to know when to run the vHart again. */
void hvrv_tsm_show_timers(const struct hvrv_tsm_exit *exit);

/* The interrupts from outside that the vHart may take, carried to VSEIP where there is no AIA. */
void hvrv_covi_deliver(struct hvrv_tvm_vhart *vhart);

/* Tables of the TVM, made in the pages at its root and behind it in its state. */
enum hvrv_status hvrv_tvm_init(struct hvrv_tvm *tvm, struct hvrv_tsm *tsm, hvrv_hpa root);

/* Bytes of a TVM's state on a machine of so many harts. */
uint64_t hvrv_tvm_size(uint32_t harts);

#endif
