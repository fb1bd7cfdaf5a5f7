/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lib/mmu/gstage promises, without tables: a list of leaves by address, and what each call
 * makes of it. It shares no code, no type and no constant with the library. The rules:
 *
 * - Map puts, at each address in turn, the largest leaf that the alignment of both addresses, what
 *   is left of the range and the limit allow, and for which no table stands in the way: one does
 *   if a smaller leaf lies where it would go. 64 KiB needs Svnapot, and sixteen empty places
 *   where nothing may be replaced.
 * - What a call does, it does to whole leaves. One that is only partly in the range is cut into
 *   those of the next smaller level, and so on, until an edge lies on the range's: 2 MiB and
 *   64 KiB into 4 KiB. Harvest alone leaves it whole, counts it and does not clear it.
 * - A table is there if something is below it.
 *
 * A and D of a 64 KiB leaf are those of its entries together.
 */
#ifndef HVRV_TESTS_MODEL_FLAT_H
#define HVRV_TESTS_MODEL_FLAT_H

#include <stdbool.h>
#include <stdint.h>

#define FLAT_SIZE 8000

/* Bits of an entry, as the manual draws them. */
#define FLAT_V    UINT64_C(0x1)
#define FLAT_R    UINT64_C(0x2)
#define FLAT_W    UINT64_C(0x4)
#define FLAT_X    UINT64_C(0x8)
#define FLAT_U    UINT64_C(0x10)
#define FLAT_G    UINT64_C(0x20)
#define FLAT_A    UINT64_C(0x40)
#define FLAT_D    UINT64_C(0x80)
#define FLAT_PPN  UINT64_C(0x003ffffffffffc00)
#define FLAT_PBMT UINT64_C(0x6000000000000000)
#define FLAT_N    UINT64_C(0x8000000000000000)

enum flat_result {
    FLAT_OK,
    FLAT_ALIGN,
    FLAT_RANGE,
    FLAT_EXISTS,
    FLAT_ARGUMENT, /* a leaf would become one that is reserved */
    FLAT_MISSING,
    FLAT_FULL, /* more leaves than the list holds; it is as it was, or half done */
};

struct flat_leaf {
    uint64_t first; /* address */
    uint64_t to;    /* where that goes */
    uint64_t bits;  /* of the entry, but PPN and N; V is 0 if it is blocked */
    unsigned shift; /* 12, 16, 21, 30, 39 or 48 */
};

struct flat {
    unsigned levels;
    unsigned width; /* of addresses */
    bool is_signed; /* their upper bits repeat the top one; else they are 0 */
    bool napot;     /* there are leaves of 64 KiB */
    bool hardware;  /* A and D are set by harts */
    unsigned count; /* of leaves, ascending */
    struct flat_leaf leaf[FLAT_SIZE];
};

/* A range, inclusive so that the top of the space can be named. */
struct flat_range {
    uint64_t first;
    uint64_t last;
};

struct flat_map {
    uint64_t to;
    uint64_t bits;
    unsigned shift_max; /* 0: no limit */
    bool replaces;
};

/* Copies all that is in use. */
void flat_copy(struct flat *to, const struct flat *from);

/* FLAT_OK, FLAT_ALIGN or FLAT_RANGE for what a caller asks for. */
enum flat_result flat_check_range(const struct flat *flat, uint64_t first, uint64_t size);

/*
 * What the calls do. The ranges are right ones; first moves on to what is not done, and is
 * last + 1 if all is.
 */
enum flat_result flat_map(struct flat *flat, struct flat_range *range, const struct flat_map *map);
enum flat_result flat_unmap(struct flat *flat, struct flat_range *range);
enum flat_result flat_protect(struct flat *flat, struct flat_range *range, uint64_t mask,
                              uint64_t bits);
enum flat_result flat_block(struct flat *flat, struct flat_range *range);
enum flat_result flat_unblock(struct flat *flat, struct flat_range *range);
enum flat_result flat_split(struct flat *flat, struct flat_range *range, unsigned shift);
enum flat_result flat_merge(struct flat *flat, struct flat_range *range, unsigned shift);

/* The bit of range->first is bit next of the bitmap. */
enum flat_result flat_harvest(struct flat *flat, struct flat_range *range, uint64_t which,
                              uint64_t *bitmap, uint64_t next);
/* kind is 'r', 'w', 'x' or 'h' for HLVX. */
enum flat_result flat_touch(struct flat *flat, uint64_t address, char kind);

/* The leaf for an address, blocked or not; or null. */
const struct flat_leaf *flat_find(const struct flat *flat, uint64_t address);
/* log2 of what the empty entry for an address is for. */
unsigned flat_gap(const struct flat *flat, uint64_t address);
/* Whether an access is let through, but for A and D, and where to. */
bool flat_goes(const struct flat *flat, uint64_t address, char kind, bool is_user, uint64_t *to);
/* How many tables there are besides the root. */
unsigned flat_tables(const struct flat *flat);

/* Whether two translate a range in the same way, by whatever leaves, but for some bits. */
bool flat_means_same(const struct flat *a, const struct flat *b, struct flat_range range,
                     uint64_t but);

#endif
