/* SPDX-License-Identifier: BSD-2-Clause */
/* Page tables: good ones for code in VU-mode, and those that no one would write. */
#include "layout.h"
#include "trial.h"

#define V            0x001
#define RWX          0x00e
#define U            0x010
#define A_D          0x0c0
#define PPN(address) ((uint64_t)(address) >> 12 << 10)

#define PAGES   12
#define CHAIN   3 /* of them: no leaf maps these, lest a store cuts the chain */
#define ENTRIES 512

static volatile uint64_t *table(unsigned number)
{
    return (volatile uint64_t *)(TABLES + number * (uint64_t)TABLE_SIZE);
}

static uint64_t address_of(unsigned number)
{
    return TABLES + number * (uint64_t)TABLE_SIZE;
}

/* A GiB that maps to itself, where the image, its handler and all its memory are. */
#define IDENTITY (PPN(0x80000000) | A_D | RWX | V)

static const uint64_t user_pages[] = {
    CODE,       CODE + 0x1000, CODE + 0x2000, SCRATCH,    SCRATCH + 0x1000, 0x10000000,
    0x0c000000, 0x0c001000,    0x0c002000,    0x0c200000, 0x0c201000,       0x0,
    0x100000,   0xc0000000,    0xe0000000,    0x2000000,
};
#define USER_PAGES (sizeof user_pages / sizeof user_pages[0])
#define USER_BASE  0x1000

/* Sv39, in pages 0 to 2: code and scratch first, then devices and holes, each for VU-mode. */
uint64_t tables_for_user(void)
{
    for (unsigned i = 0; i < ENTRIES; i++)
        table(0)[i] = table(1)[i] = table(2)[i] = 0;
    table(0)[2] = IDENTITY;
    table(0)[0] = PPN(address_of(1)) | V;
    table(1)[0] = PPN(address_of(2)) | V;
    for (unsigned i = 0; i < USER_PAGES; i++)
        table(2)[i + 1] = PPN(user_pages[i]) | A_D | U | RWX | V;
    return UINT64_C(8) << 60 | address_of(0) >> 12;
}

uint64_t tables_draw_user_address(void)
{
    return USER_BASE + draw((USER_PAGES + 1) * 0x1000);
}

static uint64_t draw_table(void)
{
    switch (draw(8)) {
    case 0:
        return 0x0c000000 + (draw(3) << 12);
    case 1:
        return 0x10000000;
    case 2:
        return draw_hole();
    case 3:
        return random_word() | UINT64_C(1) << 40;
    default:
        return address_of(draw(PAGES)); /* itself, perhaps */
    }
}

static uint64_t draw_target(void)
{
    switch (draw(4)) {
    case 0:
        return SCRATCH + (draw(16) << 12);
    case 1:
        return draw_device();
    case 2:
        return draw_hole();
    default:
        return draw(2) ? address_of(CHAIN + draw(PAGES - CHAIN))
                       : random_word() | UINT64_C(1) << 40;
    }
}

static uint64_t draw_entry(void)
{
    uint64_t entry;

    switch (draw(8)) {
    case 0:
        return 0;
    case 1:
        return random_word() | UINT64_C(1) << 45; /* any bits, but no page of RAM */
    case 2:
    case 3:
    case 4:
        entry = PPN(draw_table()) | V;
        break;
    default:
        entry = PPN(draw_target()) | (random_word() & 0xff) | V;
        break;
    }
    if (draw(16) == 0)
        entry |= random_word() << 54;
    return entry & (draw(16) ? UINT64_MAX : ~(uint64_t)V);
}

/*
 * Any of Sv39, Sv48 and Sv57: pages 0 to 2 are the chain by which the image
 * stays where it is, and all else in them and in the others is drawn. Answers satp.
 */
uint64_t tables_draw_hostile(void)
{
    unsigned mode = 8 + draw(3);
    unsigned top = mode - 8; /* tables above the one with the identity */

    for (unsigned page = 0; page < PAGES; page++) {
        for (unsigned i = 0; i < 8; i++)
            table(page)[draw(2) ? i : draw(ENTRIES)] = draw_entry();
    }
    for (unsigned i = 0; i < top; i++)
        table(i)[0] = PPN(address_of(i + 1)) | V;
    table(top)[2] = IDENTITY;
    return (uint64_t)mode << 60 | (random_word() & 0xffff) << 44 | address_of(0) >> 12;
}

/* Where a GiB is mapped to itself, the image is in its second 2 MiB. */
static uint64_t spare_the_image(uint64_t address)
{
    if ((address >> 30 & 511) == 2 && (address >> 21 & 511) < 2)
        address |= UINT64_C(3) << 21;
    return address;
}

/* An address that such tables may have something for. */
uint64_t tables_draw_address(void)
{
    uint64_t address = 0;

    for (unsigned level = 0; level < 5; level++)
        address |= (uint64_t)(draw(8) ? draw(8) : draw(512)) << (12 + 9 * level);
    address |= draw(0x1000);
    switch (draw(8)) {
    case 0:
        address = draw_value();
        break;
    case 1:
    case 2:
        address &= 0x3fffffffff;
        break;
    case 3:
    case 4:
        address &= 0x7fffffffff;
        break;
    case 5:
        address |= 0xffffff8000000000;
        break;
    default:
        break;
    }
    return spare_the_image(address);
}
