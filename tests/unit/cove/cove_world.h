/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the TSM have in common: a machine of three harts and 4 MiB of memory, a TSM
 * on it, and what its host's domain can reach, which the isolation callback keeps.
 *
 * Pages are named by number: PAGE(n) is an HPA. The first 16 are the monitor's.
 * Numbers are literals of the specification.
 */
#ifndef HVRV_TESTS_COVE_WORLD_H
#define HVRV_TESTS_COVE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/cove/tsm.h>

#include "model/hart.h"

#define COVH UINT64_C(0x434f5648)
#define COVI UINT64_C(0x434f5649)
#define COVG UINT64_C(0x434f5647)
#define NACL UINT64_C(0x4e41434c)

#define SUCCESS         0
#define FAILED          (-1)
#define NOT_SUPPORTED   (-2)
#define INVALID_PARAM   (-3)
#define INVALID_ADDRESS (-5)
#define ALREADY_STARTED (-7)

#define HARTS      3
#define SLOTS      3
#define PAGES      1024
#define RESERVED   16
#define FILES      24 /* eight a hart */
#define RAM        UINT64_C(0x80000000)
#define PAGE(n)    (RAM + (uint64_t)(n)*0x1000)
#define FILE_AT(n) (UINT64_C(0x28000000) + (uint64_t)(n)*0x1000)

/* Where build_tvm() puts a TVM: its pages, and its GPAs. */
enum place {
    AT_SHARED = 32, /* NACL memory of the harts: 3 pages each */
    AT_PARAMS = 48, /* parameters, identity */
    AT_SOURCE = 52, /* what becomes measured pages */
    AT_HOST = 64,   /* more of the host's */
    AT_FREE = 256,  /* 512 pages, converted by convert_all() */
    AT_FREE_END = 768,
};

#define GPA UINT64_C(0x80000000)

struct cove_world {
    struct hvrv_tsm tsm;
    struct hvrv_tsm_config config;
    struct hvrv_tsm_ops ops;
    struct hvrv_phys phys;
    struct hvrv_probe probe;
    struct hvrv_page_map map;
    struct hvrv_page_map file_map;
    struct hvrv_epoch epoch;
    struct hvrv_tsm_hart harts[HARTS];
    struct hvrv_tsm_slot slots[SLOTS];
    struct model_hart model[HARTS];
    struct hvrv_tsm_reply reply;
    uint64_t seen[HARTS];
    uint64_t words[PAGES];
    uint64_t file_words[FILES];
    bool is_refusing;     /* the isolation callback says no */
    bool host_may[PAGES]; /* what the host's domain reaches, by the tables */
    bool file_host_may[FILES];
    uint32_t fences[HARTS]; /* how often each was fenced */
    uint64_t memory[PAGES * 512];
};

/* One world, as new. */
extern struct cove_world w;
int cove_setup(void **state);

/* Where the test sees an HPA. */
void *cove_memory(uint64_t hpa);

/* A call of the host on a hart, with up to six arguments; the error is returned, w.reply has all.
 */
int64_t cove_call(uint32_t hart, uint64_t extension, uint64_t function, const uint64_t *arguments);
#define CALL(hart, extension, function, ...) \
    cove_call((hart), (extension), (function), (const uint64_t[6]){__VA_ARGS__})

/* Steps that must succeed. */
void cove_convert(uint64_t page, uint64_t count); /* and fences on all harts */
uint64_t cove_create(uint64_t page); /* a TVM in pages from here on: root, state; its number */
struct hvrv_tvm *cove_tvm(uint64_t id);
void cove_share_memory(void); /* NACL memory for every hart */

/*
 * A TVM that can run: in 64 free pages from a multiple of four on. 1 MiB confidential at GPA, one
 * measured page there, vHart 0.
 */
uint64_t cove_build(uint64_t page);

/* The first free page that cove_build() left. */
#define AFTER_BUILD 48

/* The vHart that runs on a hart leaves with an ECALL of these registers a0 to a7. */
void cove_ecall(uint32_t hart, const uint64_t *registers);
#define ECALL(hart, ...) cove_ecall((hart), (const uint64_t[8]){__VA_ARGS__})

/* It leaves with any trap. */
void cove_exit(uint32_t hart, const struct hvrv_trap *trap);

/* It leaves with a guest-page fault: 20 fetch, 21 load, 23 store. */
void cove_fault(uint32_t hart, uint64_t cause, uint64_t gpa);

#endif
