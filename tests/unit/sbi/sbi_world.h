/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the SBI server have in common: a VM of five vHarts with the
 * numbers 0, 1, 2, 5 and 70, its memory, and a hypervisor that notes what it
 * is asked for. Numbers are literals of the SBI specification.
 *
 * The guest's memory is 64 pages from the GPA 0x80000000 on, behind an Sv39x4 G-stage.
 * Some of them are not what they could be: see enum page. Nothing else is there.
 */
#ifndef HVRV_TESTS_SBI_WORLD_H
#define HVRV_TESTS_SBI_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/sbi/server.h>
#include <hvrv/vhart/bind.h>
#include <hvrv/vhart/irq.h>
#include <hvrv/vhart/timer.h>

#include "model/hart.h"

#define LEGACY 0
#define BASE   0x10
#define TIME   0x54494d45
#define IPI    0x735049
#define RFENCE 0x52464e43
#define HSM    0x48534d
#define SRST   0x53525354
#define DBCN   0x4442434e
#define SUSP   0x53555350

#define SUCCESS           0
#define FAILED            (-1)
#define NOT_SUPPORTED     (-2)
#define INVALID_PARAM     (-3)
#define DENIED            (-4)
#define INVALID_ADDRESS   (-5)
#define ALREADY_AVAILABLE (-6)

enum state { STARTED, STOPPED, START_PENDING, STOP_PENDING, SUSPENDED, SUSPEND_PENDING };

#define HARTS   5
#define ALL     UINT64_MAX
#define RAM     UINT64_C(0x80000000)
#define PAGES   64
#define RAM_END (RAM + PAGES * UINT64_C(0x1000))

/* The pages that are not readable, writable and executable memory. */
enum page {
    PAGE_HOLE = 32,   /* not mapped */
    PAGE_NO_X = 33,   /* may be read and written */
    PAGE_NO_W = 34,   /* may be read and executed */
    PAGE_ONLY_X = 35, /* may be executed */
    PAGE_DEVICE = 36, /* mapped to where the port knows no memory */
    PAGE_FRESH = 37,  /* A and D are clear, and set by the first access */
};

#define GPA(page, offset) (RAM + (page)*UINT64_C(0x1000) + (offset))

#define CONSOLE 8192

struct sbi_world {
    struct hvrv_sbi sbi;
    struct hvrv_sbi_config config;
    struct hvrv_sbi_ops ops;
    struct hvrv_sbi_hart harts[HARTS];
    struct hvrv_vhart vharts[HARTS];
    struct hvrv_walk walk;
    struct hvrv_phys phys;
    struct hvrv_vm vm;
    struct hvrv_vm_slot slot;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    struct model_hart model;

    uint64_t accesses;           /* through the port */
    uint64_t refused;            /* of these, those that no memory answers */
    uint64_t strays;             /* of those, the ones that nothing is mapped to */
    uint64_t refuse;             /* the access of this number is refused too; 0: none */
    unsigned races;              /* how many swaps find that another was faster */
    uint64_t first, last;        /* GPAs that were stored to; first > last: none */
    unsigned kicks[HARTS];       /* ops.kick, for each */
    unsigned starts[HARTS];      /* ops.start, for each */
    unsigned fences;             /* ops.fence */
    struct hvrv_sbi_fence fence; /* the last of them */
    unsigned resets;
    struct hvrv_sbi_reset reset;
    unsigned suspends;
    uint32_t sleep;
    bool fence_fails;
    enum hvrv_sbi_error answer; /* of ops.reset, ops.suspend, ops.write and ops.read */
    uint8_t out[CONSOLE];       /* what was written */
    uint32_t out_count, out_room;
    uint8_t in[CONSOLE]; /* what can be read */
    uint32_t in_next, in_count;
    unsigned console_calls;
};

extern struct sbi_world w;

/* A fresh world, of all extensions and ops; for cmocka's setup. Hart 0 is STARTED. */
int sbi_world_build(void **state);
/* Makes the server anew of w.config; asserts that it worked. */
void sbi_world_init(void);
/* Loads a vHart on the model hart. */
void sbi_world_load(unsigned hart);

/* The eight bytes at a GPA of the guest's memory, whatever its permissions. */
uint64_t sbi_world_peek(uint64_t gpa);
void sbi_world_fill(uint64_t gpa, const void *bytes, size_t count);
void sbi_world_take(uint64_t gpa, void *bytes, size_t count);

/* A call: hart index, a7, a6, and a0 to a5. */
struct question {
    unsigned hart;
    uint64_t eid, fid;
    uint64_t a[6];
};

struct answer {
    enum hvrv_sbi_action action;
    int64_t error;    /* a0 */
    uint64_t value;   /* a1 */
    bool is_answered; /* sepc is behind the ECALL */
    uint64_t pc;      /* sepc */
};

/*
 * Has a vHart call. Asserts that the call was served, and that no GPR but a0 and a1
 * changed, a1 too for a legacy call, which has the value of a pattern before.
 */
struct answer sbi_world_ask(const struct question *question);

#define ASK(hart, eid, fid, ...) \
    sbi_world_ask(&(struct question){(hart), (eid), (fid), {__VA_ARGS__}})

/* Where the ECALL stands. */
#define PC UINT64_C(0xffffffff80001234)

/* Asserts an answer that lets the guest go on behind its ECALL. */
#define assert_answer(got, expected_error, expected_value)    \
    do {                                                      \
        struct answer answer_got = (got);                     \
        assert_int_equal(answer_got.error, (expected_error)); \
        assert_int_equal(answer_got.value, (expected_value)); \
        assert_true(answer_got.is_answered);                  \
        assert_int_equal(answer_got.action, HVRV_SBI_GO_ON);  \
    } while (0)

#define assert_error(got, expected_error) assert_answer(got, expected_error, 0)

/* The state of a hart, by get_status of hart 0. */
uint64_t sbi_world_state(uint64_t id);

#endif
