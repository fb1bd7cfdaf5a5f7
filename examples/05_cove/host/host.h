/* SPDX-License-Identifier: BSD-2-Clause */
/* The untrusted host: it owns the machine, builds a TVM, runs it beside a VM, and attacks it. */
#ifndef EXAMPLES_COVE_HOST_H
#define EXAMPLES_COVE_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <hvrv/cove/client.h>
#include <hvrv/cove/client_exit.h>
#include <hvrv/cove/tvm.h>

#include "map.h"
#include "tvm_map.h"

#define PAGE 4096UL

/* Memory that the host gives away: the TVM's, then what attacks use. */
#define POOL       0x90000000UL
#define POOL_PAGES 1024
#define POOL_END   (POOL + POOL_PAGES * PAGE)
/* Memory that it keeps. */
#define KEPT 0x94000000UL
/* The ordinary VM's. */
#define VM_RAM 0x98000000UL

/*
 * call.c: calls down, and traps of the host's own. What an honest host calls it calls by the
 * library's client, tsm; an attack has its registers chosen freely, by COVH() and COVI().
 */
extern const struct hvrv_client tsm;
struct hvrv_cove_answer sbi_call(uint64_t extension, uint64_t function, const uint64_t *arguments);
struct hvrv_cove_answer cove_call(uint64_t extension, uint64_t function, const uint64_t *arguments);
#define SBI(extension, function, ...) \
    sbi_call((extension), (function), (const uint64_t[6]){__VA_ARGS__})
#define COVH(function, ...) cove_call(HVRV_COVE_COVH, (function), (const uint64_t[6]){__VA_ARGS__})
#define COVI(function, ...) cove_call(HVRV_COVE_COVI, (function), (const uint64_t[6]){__VA_ARGS__})
_Noreturn void power_off(bool is_failure);
/* The cause of the fault of a load or a store of 8 bytes, or of a jump; 0 if there was none. */
uint64_t try_load(uint64_t address);
uint64_t try_store(uint64_t address, uint64_t value);
uint64_t try_jump(uint64_t address);
/* Whether a timer interrupt came since the last time. */
bool take_timer(void);

/* A call that was made, as a line; one that failed ends the machine. */
void say(struct hvrv_cove_answer answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What comes now. */
void chapter(const char *title);

/* spy.c: calls, and looks for what the TVM had in the hart. */
struct hvrv_cove_answer spy_ecall(void *context, const struct hvrv_cove_call *call);
void spy_tell(void);

/* other.c: the second hart, if there is one, does what the first asks for and waits. */
extern uint64_t hart_count;
void other_start(void);
void other_fence(void);
/* While the TVM computes on the first hart, the second tries to run it as well. */
void other_run(uint64_t tvm, uint64_t shared);
int64_t other_result(void);

/* tvm.c: the TVM's life. */
extern struct hvrv_nacl_memory nacl;
struct tvm {
    struct hvrv_client_tvm name;
    uint64_t next;         /* of the pool: the first page that was not used */
    uint64_t code;         /* the page behind its first instruction */
    uint64_t shared;       /* the page behind GPA_SHARED, or 0 */
    uint64_t device_value; /* what was written to DEVICE_SCRATCH */
    uint32_t refused;      /* attacks of the TVM's that were */
    uint32_t not_refused;  /* and that were not */
    uint32_t failed;       /* what the TVM found wrong */
    bool is_interrupted;   /* the interrupt was injected */
    char measurement[100]; /* what the TVM says it is */
};
uint64_t pool_take(struct tvm *tvm, uint64_t pages);
void tvm_convert(void);
void tvm_build(struct tvm *tvm);
void tvm_finalize(struct tvm *tvm);
/* Runs it until it is done; between its turns the VM runs. */
void tvm_run(struct tvm *tvm);
void tvm_destroy(struct tvm *tvm);

/* attack.c: each says what it did and what came of it. */
extern uint32_t attacks;
extern uint32_t refused;
void attack_is(const char *what, int64_t got, int64_t expected);
void attack_finds(const char *what, uint64_t found);
void attack_before(void);
void attack_building(const struct tvm *tvm);
void attack_running(const struct tvm *tvm);
void attack_after(const struct tvm *tvm);

/* measure.c: what the TVM's measurement must be, computed from its image. */
void measure(char *text);

/* vm.c: an ordinary VM. */
void vm_make(void);
uint64_t vm_run(void);
/* The cause with which it fails to load from an HPA that the host maps for it. */
uint64_t vm_try(uint64_t hpa);

extern const uint8_t tvm_image[], tvm_image_end[];

#endif
