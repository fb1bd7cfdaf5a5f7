/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ghost of a TSM: what each page is for, what each TVM has mapped, who has fenced, told in the
 * plainest way, an array each. ghost_call() says what a call of the host must answer and does
 * it; ghost_ask() the same for a TVM's. It knows the specification and the rules of the guide, and
 * nothing of lib/cove.
 *
 * GPAs are known within one 2 MiB, so a TVM needs two tables for any page, and none when it has
 * none.
 */
#ifndef TESTS_MODEL_COVE_MODEL_H
#define TESTS_MODEL_COVE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define GHOST_PAGES    1024
#define GHOST_RESERVED 16
#define GHOST_HARTS    3
#define GHOST_TVMS     3
#define GHOST_VHARTS   4
#define GHOST_RAM      UINT64_C(0x80000000)
#define GHOST_GPA      UINT64_C(0x80000000)
#define GHOST_GPAGES   64 /* of the 2 MiB, the first */
#define GHOST_MOST     512
#define GHOST_NUMBERS  16 /* interrupts */

enum ghost_use { G_RESERVED, G_HOST, G_CONVERTING, G_FREE, G_TVM };
enum ghost_kind { G_NONE, G_CONFIDENTIAL, G_SHARED, G_DEVICE };

struct ghost_page {
    enum ghost_use use;
    int tvm;        /* G_TVM: whose */
    uint64_t epoch; /* G_CONVERTING: since */
    unsigned maps;  /* G_HOST: mappings */
};

struct ghost_mapping {
    int page; /* -1: none */
    bool is_valid;
    bool is_shared;
    uint64_t epoch; /* not valid: since */
};

struct ghost_vhart {
    bool is_there, is_ready, is_running, is_waiting;
    unsigned hart;
    uint64_t first, last; /* is_waiting: pages by number */
    bool allowed[GHOST_NUMBERS], pending[GHOST_NUMBERS];
};

struct ghost_tvm {
    bool is_alive, is_runnable;
    uint64_t id;
    enum ghost_kind kind[GHOST_GPAGES];
    struct ghost_mapping map[GHOST_GPAGES];
    struct ghost_vhart vhart[GHOST_VHARTS];
    uint64_t now;
    uint64_t seen[GHOST_HARTS]; /* UINT64_MAX: away */
    uint64_t shared_epoch;
    unsigned tables, retired; /* of the pool; taken out and not fenced */
    uint64_t retired_epoch;
};

struct ghost {
    struct ghost_page page[GHOST_PAGES];
    struct ghost_tvm tvm[GHOST_TVMS];
    uint64_t now;
    uint64_t seen[GHOST_HARTS];
    int nacl[GHOST_HARTS]; /* its first page, or -1 */
    unsigned tvm_pages, vhart_pages;
    uint64_t params[2]; /* what lies where create_tvm's parameters are */
};

void ghost_init(struct ghost *ghost);
bool ghost_is_free(const struct ghost *ghost, unsigned page);

/* COVH by number; *runs: run_tvm_vcpu goes into the TVM. The error. */
int64_t ghost_call(struct ghost *ghost, unsigned hart, uint64_t function, const uint64_t *a,
                   bool *runs);
/* COVI's inject_tvm_cpu. */
int64_t ghost_inject(struct ghost *ghost, const uint64_t *a);
/* NACL's set_shmem. */
int64_t ghost_share(struct ghost *ghost, unsigned hart, const uint64_t *a);
/* COVG 0 to 5 of the vHart on a hart; *is_told: it leaves. */
int64_t ghost_ask(struct ghost *ghost, unsigned hart, uint64_t function, const uint64_t *a,
                  bool *is_told);
/* The memory that the host shares on a hart is there, and the host's. */
bool ghost_has_shared(const struct ghost *ghost, unsigned hart);
/* The vHart on a hart leaves: for ever if that memory is not. */
void ghost_leave(struct ghost *ghost, unsigned hart);
/* The one that runs on a hart; its TVM to *tvm. */
struct ghost_vhart *ghost_running(struct ghost *ghost, unsigned hart, struct ghost_tvm **tvm);

#endif
