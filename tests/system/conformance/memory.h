/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arena, twice: the real one, on which the hart works, and a shadow, on which the library's
 * walker works. Both begin a case alike; afterwards every word must be alike again.
 *
 * Its pages are tables from the front on and data at the back. A data page tells its own address
 * wherever one looks: of every 16 bytes the first 8 are their own HPA, the others code that loads
 * a number of that HPA into a0 and makes an ECALL. One page is what a guest executes. What lies
 * behind it is reached by superpages alone.
 */
#ifndef CONFORMANCE_MEMORY_H
#define CONFORMANCE_MEMORY_H

#include <hvrv/port/phys.h>

#include "layout.h"

#define MEMORY_DATA_PAGE    128 /* the first with data */
#define MEMORY_CODE_PAGE    255
#define MEMORY_MAPPED_PAGES 256

/* The HPA of a page by its number. */
static inline uint64_t memory_page(uint64_t number)
{
    return ARENA_BASE + number * 4096;
}

static inline bool memory_is_arena(uint64_t hpa)
{
    return hpa >= ARENA_BASE && hpa < ARENA_BASE + ARENA_SIZE;
}

/* Of the image, where only this program's own accesses belong. */
static inline bool memory_is_image(uint64_t hpa)
{
    return hpa >= IMAGE_BASE && hpa < IMAGE_BASE + IMAGE_SIZE;
}

/* Whether a fetch at an HPA finds code that tells where it is, and the number it loads. */
bool memory_is_tale(uint64_t hpa);
uint64_t memory_tale(uint64_t hpa);

/* Fills the data pages and the code page; no table is there. */
void memory_init(void);

/* Clears every table of the set before. */
void memory_clear_tables(void);

/* Writes an entry that belongs to the set. */
void memory_put(uint64_t hpa, uint64_t value);

/* Writes something for one case. */
void memory_spoil(uint64_t hpa, uint64_t value);

/* The shadow's word, and a change to it. */
uint64_t memory_shadow(uint64_t hpa);
void memory_set_shadow(uint64_t hpa, uint64_t value);

/* The hart's word. */
uint64_t memory_real(uint64_t hpa);

/* The word will be changed, by the hart or in the shadow: it counts in what follows. */
void memory_note(uint64_t hpa);

/* Takes back what the walker did to the shadow. */
void memory_restart(void);

/* Ends a case: everything as the set has it. */
void memory_rewind(void);

/* The next word after an HPA, or after 0, in which hart and shadow differ, of those that a set or
 * a case wrote; 0 if there is none. */
uint64_t memory_next_difference(uint64_t after);

/* Whether the two arenas are the same, every word. */
bool memory_is_same(void);

/* Makes them the same where the hart did what it should not have. */
void memory_repair(void);

/* How the walker sees the shadow: as a window, or all by the port. */
enum memory_way { MEMORY_BY_WINDOW, MEMORY_BY_PORT };

/* The shadow, as the walker sees it, and whether a walk came to the image. */
const struct hvrv_phys *memory_view(enum memory_way way);
bool memory_image_was_touched(void);

#endif
