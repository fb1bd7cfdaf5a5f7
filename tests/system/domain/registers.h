/* SPDX-License-Identifier: BSD-2-Clause */
/* Every register of a hart that a domain can have, given a pattern and compared. */
#ifndef TESTS_SYSTEM_DOMAIN_REGISTERS_H
#define TESTS_SYSTEM_DOMAIN_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#define CSRS_MAX 256

#define EXTENSION 0x0a485652UL
#define COVH      0x434f5648UL
#define COVI      0x434f5649UL
#define NACL      0x4e41434cUL
#define SDID_1    (1UL << 26)

/* What the TSM of this test does, by FID; its answer is a count of what was wrong. */
enum function {
    CHECK,     /* looks at what it was called with */
    SPOIL,     /* and leaves something else in every register */
    INTERRUPT, /* and returns in between, and looks again */
    TELL,      /* returns a cause, a2, and its value, a3 */
    WAIT,      /* loops until a timer interrupts it, which it has the host serve */
    TAKE,      /* isolates a0, a1 bytes; a2 as for ISOLATE */
    TRY,       /* reaches what is its own, the host's, and not the firmware's */
    ECHO,      /* gives back a7 as a value */
};

struct tried {
    uint64_t value;
    uint64_t cause;
};

/* Of registers.S */
extern const char read_csr[], write_csr[];
struct tried try(uint64_t function, uint64_t a0);
void exchange(const uint64_t in[32], uint64_t out[32]);
void load(void);
void store(void);
void swap(void);

/* The registers that are there, by number; each hart has the same. */
struct csrs {
    uint32_t count;
    uint16_t number[CSRS_MAX];
};

/* A register that the image needs as it is, or cannot take any value. */
struct fixed {
    uint16_t number;
    uint64_t value;
};

uint64_t csr_get(uint32_t number);
void csr_set(uint32_t number, uint64_t value);

/* csrs.c: finds all; gives all a pattern of a seed, and notes what they made of it; compares. */
void csrs_find(struct csrs *csrs);
void csrs_spoil(const struct csrs *csrs, uint64_t seed, const struct fixed *fixed,
                uint64_t *values);
void csrs_read(const struct csrs *csrs, uint64_t *values);
uint32_t csrs_differ(const struct csrs *csrs, const uint64_t *a, const uint64_t *b);
/* Changes one value of a list, if the register is there. */
void csrs_expect(const struct csrs *csrs, uint64_t *values, struct fixed fixed);
uint64_t mix(uint64_t seed);

/* ECALL: a0 and a1 of the answer. */
struct tried call(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1);
void print(const char *text);
void print_number(uint64_t number);

#endif
