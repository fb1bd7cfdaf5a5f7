/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model hart: a hart's registers with their rules, in a struct that runs on any machine.
 *
 *     struct model_hart hart;
 *     model_hart_init(&hart);
 *     ... call the library with &hart.hart ...
 *     model_hart_check(&hart);
 *
 * It starts as firmware hands a hart to a hypervisor: in HS-mode, everything delegated,
 * counters and state enabled. What it stores comes from HVRV_CSR_LIST; what the masks there
 * do not tell is in model/csr.c, and who may access what in model/access.c. It keeps a log of all
 * that is done to it, in order, and a complaint about the first thing that no hypervisor should do:
 * an access that traps while the test does not expect it, a register that the list does not have,
 * or a write whose effect the manual leaves unspecified. model_hart_check() fails the test for a
 * complaint.
 *
 * Not modelled: address translation (a test gives guest_access), interrupts being taken,
 * the registers behind sireg and vsireg (each is one plain register), RV32, big endian.
 */
#ifndef TESTS_MODEL_HART_H
#define TESTS_MODEL_HART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hvrv/isa/csr.h>
#include <hvrv/port/hart.h>

/* The bit of struct model_config.extensions for a row of HVRV_CSR_EXTENSION_LIST. */
#define MODEL_EXTENSION(id) (UINT32_C(1) << HVRV_CSR_EXTENSION_##id)

/* What a hart has. model_config_all() has everything; a test takes away from it. */
struct model_config {
    uint32_t extensions; /* MODEL_EXTENSION(...) | ...: registers of others do not exist */
    uint64_t envcfg;     /* the bits of menvcfg, henvcfg and senvcfg that the hart has */
    uint16_t satp_modes; /* bit n: MODE n of satp and vsatp is supported */
    uint16_t hgatp_modes;
    uint8_t asidlen;
    uint8_t vmidlen;
    uint8_t geilen;
    uint8_t sdidlen;
    uint16_t mmpt_modes;      /* bit n: MODE n of mmpt is supported */
    uint8_t pmp_entries;      /* 0 to 64; registers of others are zero */
    uint8_t pmp_grain;        /* G: the grain is 2^(G + 2) bytes */
    uint8_t pmp_address_bits; /* of pmpaddr, from bit 0 on */
    bool svinval;
    bool shlcofideleg;
    bool vsatp_ignores;     /* vsatp with an unsupported MODE: all ignored, not only MODE */
    bool missing_is_silent; /* a register that does not exist reads zero instead of trapping */
};

enum model_mode {
    MODEL_U = 0,
    MODEL_S = 1,
    MODEL_M = 3,
};

enum model_kind {
    MODEL_READ,        /* csrr: what = register */
    MODEL_WRITE,       /* csrw: a = value written */
    MODEL_SWAP,        /* csrrw with a destination: a = value written */
    MODEL_SET,         /* csrs: a = bits */
    MODEL_CLEAR,       /* csrc: a = bits */
    MODEL_HFENCE_GVMA, /* what = MODEL_BY_..., a = address in bytes, b = VMID or ASID */
    MODEL_HFENCE_VVMA,
    MODEL_HINVAL_GVMA,
    MODEL_HINVAL_VVMA,
    MODEL_SFENCE_VMA,
    MODEL_SINVAL_VMA,
    MODEL_SFENCE_W_INVAL,
    MODEL_SFENCE_INVAL_IR,
    MODEL_HLV, /* what = bytes, a = GVA */
    MODEL_HLVX,
    MODEL_HSV, /* b = value stored */
};

/* The operands of a fence, or-ed. */
enum {
    MODEL_BY_NOTHING = 0, /* both are x0: everything */
    MODEL_BY_ADDRESS = 1,
    MODEL_BY_ID = 2, /* VMID or ASID */
};

/* One thing done to the hart; unused members are zero. */
struct model_access {
    enum model_kind kind;
    uint32_t what;
    uint64_t a;
    uint64_t b;
};

/*
 * Answers HLV, HLVX and HSV: true with *value, not extended, or false with *trap. The access
 * runs with the registers as they are; context is struct model_hart.guest_context.
 */
typedef bool model_guest_access(void *context, const struct model_access *access, uint64_t *value,
                                struct hvrv_hart_trap *trap);

#define MODEL_LOG_SIZE 1024

struct model_hart {
    struct hvrv_hart hart; /* first: what the library takes */
    struct model_config config;
    uint64_t csr[4096]; /* what is stored, by number; windows store nothing of their own */
    enum model_mode mode;
    bool v;
    uint64_t pc;

    model_guest_access *guest_access;
    void *guest_context;

    bool traps_expected; /* the test announces that traps are all right */
    unsigned traps;      /* taken so far */
    struct hvrv_hart_trap trap;
    char complaint[128]; /* the first; empty if there is none */

    struct model_access log[MODEL_LOG_SIZE];
    size_t log_length; /* may be more than fitted, which is a complaint */

    /* Told of every fence, and of every write of a register, once it is done; see model/tlb.h. */
    void (*heard)(void *context, const struct model_access *done);
    void *heard_context;
};

struct model_config model_config_all(void);

/* Resets the hart to what firmware hands over, and attaches it. */
void model_hart_init(struct model_hart *model);
void model_hart_init_with(struct model_hart *model, const struct model_config *config);

/*
 * Makes the model the one that the library's own instructions work on, where they are real
 * ones: in tests for riscv64, whose SIGILL handler defines it. Elsewhere it is null.
 * model_hart_init() calls it.
 */
__attribute__((weak)) void model_hart_attach(struct model_hart *model);

/* Fails the running test if there is a complaint. */
void model_hart_check(const struct model_hart *model);
/* The complaint, or null. */
const char *model_hart_complaint(const struct model_hart *model);
/* Notes a complaint, if it is the first. */
void model_hart_complain(struct model_hart *model, const char *what, uint64_t number);

/*
 * A test's own look and touch: neither logged nor checked. Peek reads as V = 0 does, poke
 * writes by the register's rules, force stores any value in any register.
 */
uint64_t model_peek(const struct model_hart *model, enum hvrv_csr csr);
void model_poke(struct model_hart *model, enum hvrv_csr csr, uint64_t value);
void model_force(struct model_hart *model, enum hvrv_csr csr, uint64_t value);

/*
 * Instructions, carried out in the hart's mode and logged. False: the instruction trapped,
 * which the registers of HS-mode now tell; outputs are then zero. A CSR access gives its
 * result in access->b.
 */
bool model_csr_access(struct model_hart *model, struct model_access *access);
bool model_csr_read(struct model_hart *model, uint32_t number, uint64_t *value);
bool model_csr_write(struct model_hart *model, uint32_t number, uint64_t value);
bool model_fence(struct model_hart *model, struct model_access access);
bool model_guest(struct model_hart *model, struct model_access access, uint64_t *value);

/* A trap into HS-mode. */
void model_hart_trap(struct model_hart *model, struct hvrv_hart_trap trap);
/* SRET; gives where it goes to. False: it trapped. */
bool model_hart_sret(struct model_hart *model, uint64_t *pc);

/*
 * Compares the log with what a test expects, prints the first difference, and empties the
 * log. True if they are the same, of the same length.
 */
bool model_log_is(struct model_hart *model, const struct model_access *expected, size_t count);
#define MODEL_LOG_IS(model, ...)                                      \
    model_log_is((model), (const struct model_access[]){__VA_ARGS__}, \
                 sizeof((const struct model_access[]){__VA_ARGS__}) / sizeof(struct model_access))
void model_log_clear(struct model_hart *model);

/*
 * ops.c: what model.hart.ops points to, and parts of it for the handler that carries out the
 * library's own instructions: a fence as the log has it, and a load or store of guest memory
 * of the right size, extended, which on a trap leaves the hart as the trap does.
 */
extern const struct hvrv_hart_ops model_hart_ops;
struct model_access model_fence_of(const struct hvrv_hart_fence *fence);
bool model_access_memory(struct model_hart *model, enum hvrv_hart_access access, hvrv_gva gva,
                         uint64_t *value);

/*
 * Registers only. csr.c: whether the list or the hart has one, and reading and writing by the
 * rules. access.c: the cause of the trap that an access would raise, or 0, and which register
 * a number means with the present V.
 */
bool model_csr_is_listed(uint32_t number);
bool model_csr_exists(const struct model_hart *model, uint32_t number);
uint64_t model_csr_refuses(struct model_hart *model, uint32_t number, bool writes);
uint64_t model_csr_load(const struct model_hart *model, uint32_t number);
void model_csr_store(struct model_hart *model, uint32_t number, uint64_t value);
uint32_t model_csr_seen(const struct model_hart *model, uint32_t number);

/* Those of PMP: pmp.c. */
uint64_t model_pmp_load_address(const struct model_hart *model, uint32_t number);
void model_pmp_store_address(struct model_hart *model, uint32_t number, uint64_t value);
void model_pmp_store_config(struct model_hart *model, uint32_t number, uint64_t value);
bool model_pmp_any_locked(const struct model_hart *model);

#endif
