/* SPDX-License-Identifier: BSD-2-Clause */
/* How walks fail: the whole record, for everything but permissions and A/D. */
#include "walk_world.h"

static const unsigned real_modes[] = {8, 9, 10};

/* By access: load, store, fetch, HLVX. */
static const enum hvrv_cause access_faults[] = {HVRV_CAUSE_LOAD_ACCESS, HVRV_CAUSE_STORE_ACCESS,
                                                HVRV_CAUSE_FETCH_ACCESS, HVRV_CAUSE_LOAD_ACCESS};
static const enum hvrv_cause page_faults[] = {
    HVRV_CAUSE_LOAD_PAGE_FAULT, HVRV_CAUSE_STORE_PAGE_FAULT, HVRV_CAUSE_FETCH_PAGE_FAULT,
    HVRV_CAUSE_LOAD_PAGE_FAULT};
static const enum hvrv_cause guest_page_faults[] = {
    HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT, HVRV_CAUSE_STORE_GUEST_PAGE_FAULT,
    HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT, HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT};

static struct hvrv_walk_result walk(struct world *world, unsigned access)
{
    return world_walk(world, (enum hvrv_access)access, HVRV_WALK_VS);
}

/* norm:stval_op_faulting_addr: A page fault of the VS-stage tells nothing in htval and htinst. */
static void a_vs_stage_fault_is_a_page_fault_with_its_whole_record(void **state)
{
    static const uint64_t offsets[] = {0x82d0, 0x7968, 0x4ab0};
    (void)state;

    for (unsigned level = 0; level < 3; level++) {
        for (unsigned access = 0; access < 4; access++) {
            struct world *world = world_make(&sv39_sv39x4);

            world_poke(world, BASE + offsets[level], 0x6a500480ce);
            assert_fault(walk(world, access),
                         ((struct hvrv_fault){.cause = page_faults[access],
                                              .reason = HVRV_REASON_NOT_VALID,
                                              .stval = 0xffffffd5a5a5a5a8,
                                              .htval = 0,
                                              .htinst = 0,
                                              .stage = HVRV_STAGE_VS,
                                              .level = (uint8_t)level,
                                              .pte = 0x6a500480ce,
                                              .pte_address = BASE + offsets[level],
                                              .access = (enum hvrv_access)access,
                                              .gva = true,
                                              .implicit = false}));
        }
    }
}

/*
 * norm:htval_trapval, norm:H_trap_xtinst, norm:H_guest_page_fault, norm:mtval2_htval_virtaddr: the
 * exact GPA, shifted right by two.
 */
static void a_g_stage_fault_of_the_access_tells_its_gpa(void **state)
{
    static const uint64_t offsets[] = {0x6918, 0x5000, 0x3528};
    (void)state;

    for (unsigned level = 0; level < 3; level++) {
        for (unsigned access = 0; access < 4; access++) {
            struct plan plan = {.vs_mode = 0, .g_mode = 8};
            struct world *world = world_make(&plan);
            uint64_t entry = BASE + offsets[level];

            world_poke(world, entry, 0);
            assert_fault(walk(world, access),
                         ((struct hvrv_fault){.cause = guest_page_faults[access],
                                              .reason = HVRV_REASON_NOT_VALID,
                                              .stval = 0x1a9401235a8,
                                              .htval = 0x6a50048d6a,
                                              .stage = HVRV_STAGE_G,
                                              .level = (uint8_t)level,
                                              .pte_address = entry,
                                              .access = (enum hvrv_access)access,
                                              .gva = true}));
        }
    }
}

/*
 * norm:H_vm_gstagetrans, norm:H_trap_xtinst_guestpage: an entry of the VS-stage that the G-stage
 * does not map. The cause is the original access's, the GPA the entry's.
 */
static void a_g_stage_fault_of_a_vs_pte_is_told_by_htinst(void **state)
{
    static const struct {
        uint64_t g_pte, vs_pte_gpa;
    } rows[] = {
        {0x6040, 0x1a9400082d0}, /* level 0 */
        {0x6038, 0x1a940007968}, /* level 1 */
        {0x6020, 0x1a940004ab0}, /* root */
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (unsigned access = 0; access < 4; access++) {
            struct world *world = world_make(&sv39_sv39x4);

            world_poke(world, BASE + rows[i].g_pte, 0x294000000010de);
            assert_fault(walk(world, access),
                         ((struct hvrv_fault){.cause = guest_page_faults[access],
                                              .reason = HVRV_REASON_NOT_VALID,
                                              .stval = 0xffffffd5a5a5a5a8,
                                              .htval = rows[i].vs_pte_gpa >> 2,
                                              .htinst = 0x3000,
                                              .stage = HVRV_STAGE_G,
                                              .level = 0,
                                              .pte = 0x294000000010de,
                                              .pte_address = BASE + rows[i].g_pte,
                                              .access = (enum hvrv_access)access,
                                              .gva = true,
                                              .implicit = true}));
        }
    }
}

/*
 * norm:H_vm_gpapriv: A VS-stage table is read as data: W and X of its page do not matter, R does.
 */
static void a_vs_pte_is_loaded_whatever_the_access_is(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    for (unsigned level = 0; level < 3; level++) {
        world_change(world, world->g_pte[level][0], 0xff, 0x53); /* V R U A */
        for (unsigned access = 0; access < 4; access++)
            assert_false(walk(world, access).faulted);
        world_change(world, world->g_pte[level][0], 0xff, 0xd9); /* V X U A D */
        for (unsigned access = 0; access < 4; access++) {
            struct hvrv_walk_result result = walk(world, access);

            assert_true(result.faulted);
            assert_int_equal(result.fault.reason, HVRV_REASON_NOT_READABLE);
            assert_int_equal(result.fault.cause, guest_page_faults[access]);
            assert_int_equal(result.fault.htinst, 0x3000);
        }
        world_change(world, world->g_pte[level][0], 0xff, OPEN);
    }
}

/* norm:stval_op_faulting_addr, norm:Sv39_va_signext, norm:Sv48_va_signext, norm:Sv57_va_signext */
static void a_gva_that_is_not_canonical_is_a_page_fault(void **state)
{
    static const struct {
        unsigned mode;
        uint64_t gva;
        bool canonical;
    } rows[] = {
        {8, 0x0000003fffffffff, true},   {8, 0x0000004000000000, false},
        {8, 0x0000008000000000, false},  {8, 0xffffffbfffffffff, false},
        {8, 0xffffffc000000000, true},   {8, 0x7fffffc000000000, false},
        {8, 0x8000000000000000, false},  {9, 0x00007fffffffffff, true},
        {9, 0x0000800000000000, false},  {9, 0xffff7fffffffffff, false},
        {9, 0xffff800000000000, true},   {9, 0x7fff800000000000, false},
        {10, 0x00ffffffffffffff, true},  {10, 0x0100000000000000, false},
        {10, 0xfeffffffffffffff, false}, {10, 0xff00000000000000, true},
        {10, 0x7f00000000000000, false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (unsigned access = 0; access < 4; access++) {
            struct plan plan = {.vs_mode = rows[i].mode, .g_mode = 8};
            struct world *world = world_make(&plan);
            struct hvrv_walk_result result =
                world_walk_at(world, rows[i].gva, (enum hvrv_access)access, HVRV_WALK_VS);

            if (rows[i].canonical) {
                assert_true(result.faulted);
                assert_int_equal(result.fault.reason, HVRV_REASON_NOT_VALID);
                continue;
            }
            assert_fault(result, ((struct hvrv_fault){.cause = page_faults[access],
                                                      .reason = HVRV_REASON_NOT_CANONICAL,
                                                      .stval = rows[i].gva,
                                                      .stage = HVRV_STAGE_VS,
                                                      .level = (uint8_t)(rows[i].mode - 5),
                                                      .access = (enum hvrv_access)access,
                                                      .gva = true}));
        }
    }
}

/*
 * norm:hgatp_mode_sv39x4 and its like: at the root, at a pointer, at a leaf and
 * with a Bare VS-stage. Sv57x4 takes 59 bits, more than an entry can hold.
 */
static const struct {
    unsigned mode, width;
} widths[] = {{8, 41}, {9, 50}};

static void a_root_that_is_too_wide_is_a_guest_page_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(widths); i++) {
        for (unsigned bit = widths[i].width; bit < 56; bit++) {
            struct plan plan = {.vs_mode = 8, .g_mode = widths[i].mode};
            struct world *world = world_make(&plan);
            uint64_t root = world->regime.vs_root.v | UINT64_C(1) << bit;

            world->regime.vs_root.v = root;
            assert_fault(walk(world, HVRV_ACCESS_FETCH),
                         ((struct hvrv_fault){.cause = HVRV_CAUSE_FETCH_GUEST_PAGE_FAULT,
                                              .reason = HVRV_REASON_TOO_WIDE,
                                              .stval = 0xffffffd5a5a5a5a8,
                                              .htval = (root + 0xab0) >> 2,
                                              .htinst = 0x3000,
                                              .stage = HVRV_STAGE_G,
                                              .level = (uint8_t)(widths[i].mode - 5),
                                              .access = HVRV_ACCESS_FETCH,
                                              .gva = true,
                                              .implicit = true}));
        }
    }
}

static void a_table_that_is_too_wide_is_a_guest_page_fault_and_no_page_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(widths); i++) {
        for (unsigned level = 1; level < 3; level++) {
            for (unsigned bit = widths[i].width; bit < 56; bit++) {
                struct plan plan = {.vs_mode = 8, .g_mode = widths[i].mode};
                struct world *world = world_make(&plan);
                struct hvrv_walk_result result;
                uint64_t below = world->vs_pte[level - 1] - BASE + world->region;

                world_change(world, world->vs_pte[level], 0, UINT64_C(1) << (bit - 2));
                result = walk(world, HVRV_ACCESS_STORE);
                assert_true(result.faulted);
                assert_int_equal(result.fault.cause, HVRV_CAUSE_STORE_GUEST_PAGE_FAULT);
                assert_int_equal(result.fault.reason, HVRV_REASON_TOO_WIDE);
                assert_int_equal(result.fault.htinst, 0x3000);
                assert_int_equal(result.fault.htval, (below | UINT64_C(1) << bit) >> 2);
                assert_int_equal(result.fault.pte, 0);
            }
        }
    }
}

static void a_page_that_is_too_wide_is_a_guest_page_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(widths); i++) {
        for (unsigned leaf = 0; leaf < 3; leaf++) {
            for (unsigned bit = widths[i].width; bit < 56; bit++) {
                struct plan plan = {.vs_mode = 8, .vs_leaf = leaf, .g_mode = widths[i].mode};
                struct world *world = world_make(&plan);
                uint64_t gpa = world->gpa | UINT64_C(1) << bit;

                world_change(world, world->vs_pte[leaf], 0, UINT64_C(1) << (bit - 2));
                assert_fault(walk(world, HVRV_ACCESS_LOAD),
                             ((struct hvrv_fault){.cause = HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT,
                                                  .reason = HVRV_REASON_TOO_WIDE,
                                                  .stval = world->gva,
                                                  .htval = gpa >> 2,
                                                  .stage = HVRV_STAGE_G,
                                                  .level = (uint8_t)(widths[i].mode - 5),
                                                  .gva = true}));
            }
        }
    }
}

/* norm:hgatp_mode_sv39x4, norm:hgatp_mode_sv48x4, norm:hgatp_mode_sv57x4, norm:H_vm_gstagetrans */
static void a_gpa_of_a_bare_vs_stage_may_not_be_too_wide_either(void **state)
{
    static const unsigned gpa_widths[] = {41, 50, 59};
    (void)state;

    for (unsigned i = 0; i < 3; i++) {
        struct plan plan = {.g_mode = real_modes[i]};
        struct world *world = world_make(&plan);

        for (unsigned bit = gpa_widths[i]; bit < 64; bit++) {
            uint64_t gpa = world->gpa | UINT64_C(1) << bit;
            struct hvrv_walk_result result =
                world_walk_at(world, gpa, HVRV_ACCESS_LOAD, HVRV_WALK_VS);

            assert_true(result.faulted);
            assert_int_equal(result.fault.reason, HVRV_REASON_TOO_WIDE);
            assert_int_equal(result.fault.cause, HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT);
            assert_int_equal(result.fault.stval, gpa);
            assert_int_equal(result.fault.htval, gpa >> 2);
            assert_int_equal(result.fault.htinst, 0);
        }
        /* All ones above the width are no sign. */
        assert_int_equal(
            world_walk_at(world, UINT64_MAX, HVRV_ACCESS_LOAD, HVRV_WALK_VS).fault.reason,
            HVRV_REASON_TOO_WIDE);
    }
}

/* Entries behind the root that would do for the index of an address that is too wide. */
static void what_lies_behind_the_root_is_no_part_of_it(void **state)
{
    (void)state;
    for (unsigned bit = 41; bit < 44; bit++) {
        struct world *world = world_make(&sv39_sv39x4);
        uint64_t behind = BASE + 0x3528 + (UINT64_C(0x4000) << (bit - 41));

        world_poke(world, behind, world_peek(world, BASE + 0x3528));
        world_change(world, world->vs_pte[0], 0, UINT64_C(1) << (bit - 2));
        assert_int_equal(world_load(world), HVRV_REASON_TOO_WIDE);
    }
}

/* The upper bits take no part in an index, so the entries for this address are all there. */
static void one_upper_bit_makes_a_mapped_gva_not_canonical(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct plan plan = {real_modes[i], 0, 8, 0};
        struct world *world = world_make(&plan);

        for (unsigned bit = 12 + 9 * world_levels(real_modes[i]); bit < 64; bit++) {
            uint64_t gva = world->gva ^ UINT64_C(1) << bit;
            struct hvrv_walk_result result =
                world_walk_at(world, gva, HVRV_ACCESS_LOAD, HVRV_WALK_VS);

            assert_true(result.faulted);
            assert_int_equal(result.fault.reason, HVRV_REASON_NOT_CANONICAL);
            assert_int_equal(result.fault.stval, gva);
        }
    }
}

/* Spoils a leaf and pointers in a stage, and expects this reason of the walk. */
struct spoilt {
    uint64_t clear, set;
    enum hvrv_reason leaf, table; /* what is wrong if it is done to one or the other */
};

static const struct spoilt encodings[] = {
    {0x01, 0, HVRV_REASON_NOT_VALID, HVRV_REASON_NOT_VALID},
    {0x0a, 0x04, HVRV_REASON_WRITE_WITHOUT_READ, HVRV_REASON_WRITE_WITHOUT_READ},
    {0x02, 0x0c, HVRV_REASON_WRITE_WITHOUT_READ, HVRV_REASON_WRITE_WITHOUT_READ},
    {0, UINT64_C(1) << 54, HVRV_REASON_RESERVED_BITS, HVRV_REASON_RESERVED_BITS},
    {0, UINT64_C(1) << 55, HVRV_REASON_RESERVED_BITS, HVRV_REASON_RESERVED_BITS},
    {0, UINT64_C(1) << 56, HVRV_REASON_RESERVED_BITS, HVRV_REASON_RESERVED_BITS},
    {0, UINT64_C(1) << 57, HVRV_REASON_RESERVED_BITS, HVRV_REASON_RESERVED_BITS},
    {0, UINT64_C(1) << 58, HVRV_REASON_RESERVED_BITS, HVRV_REASON_RESERVED_BITS},
    {0, UINT64_C(1) << 59, HVRV_REASON_RESERVED_BITS, HVRV_REASON_RESERVED_BITS},
    {0, UINT64_C(1) << 60, HVRV_REASON_RESERVED_BITS, HVRV_REASON_RESERVED_BITS},
    {0, UINT64_C(1) << 61, HVRV_REASON_RESERVED_PBMT, HVRV_REASON_RESERVED_IN_TABLE},
    {0, UINT64_C(2) << 61, HVRV_REASON_RESERVED_PBMT, HVRV_REASON_RESERVED_IN_TABLE},
    {0, UINT64_C(3) << 61, HVRV_REASON_RESERVED_PBMT, HVRV_REASON_RESERVED_IN_TABLE},
    {0, UINT64_C(1) << 63, HVRV_REASON_RESERVED_NAPOT, HVRV_REASON_RESERVED_IN_TABLE},
    {0x3c00, UINT64_C(1) << 63 | 0x2000, HVRV_REASON_RESERVED_NAPOT, HVRV_REASON_RESERVED_IN_TABLE},
};

/* What only a pointer may not have. */
static const struct spoilt in_tables[] = {
    {0, 0x10, HVRV_REASON_NONE, HVRV_REASON_RESERVED_IN_TABLE},
    {0, 0x40, HVRV_REASON_NONE, HVRV_REASON_RESERVED_IN_TABLE},
    {0, 0x80, HVRV_REASON_NONE, HVRV_REASON_RESERVED_IN_TABLE},
};

static void assert_spoilt(const struct plan *plan, const struct spoilt *spoilt, unsigned level)
{
    for (unsigned place = 0; place < 3; place++) {
        struct world *world = world_make(plan);
        unsigned leaf = place == 0 ? plan->vs_leaf : plan->g_leaf;
        enum hvrv_reason expected = level == leaf ? spoilt->leaf : spoilt->table;
        /* In the VS-stage; in the G-stage for the page; in the G-stage for the VS-stage's leaf. */
        uint64_t entry = place == 0   ? world->vs_pte[level]
                         : place == 1 ? world->g_pte[5][level]
                                      : world->g_pte[plan->vs_leaf][level];
        bool shared = place > 0 && level > 0;
        struct hvrv_walk_result result;

        if (level < leaf || entry == 0 || expected == HVRV_REASON_NONE)
            continue;
        world_change(world, entry, spoilt->clear, spoilt->set);
        result = walk(world, HVRV_ACCESS_STORE);
        assert_true(result.faulted);
        assert_int_equal(result.fault.reason, expected);
        assert_int_equal(result.fault.pte_address, entry);
        assert_int_equal(result.fault.pte, world_peek(world, entry));
        assert_int_equal(result.fault.level, level);
        assert_int_equal(result.fault.cause, place == 0 ? HVRV_CAUSE_STORE_PAGE_FAULT
                                                        : HVRV_CAUSE_STORE_GUEST_PAGE_FAULT);
        if (!shared)
            assert_int_equal(result.fault.htinst, place == 2 ? 0x3000 : 0);
    }
}

/* norm:Sv39_pte_future_rsv, norm:Sv39_pte_svpbmt_rsv, norm:Sv39_pte_svnapot_rsv */
static void a_reserved_encoding_faults_at_every_level_of_both_stages(void **state)
{
    (void)state;
    for (unsigned mode = 0; mode < 3; mode++) {
        unsigned levels = real_modes[mode] - 5;

        for (unsigned leaf = 0; leaf < levels; leaf++) {
            struct plan plan = {real_modes[mode], leaf, real_modes[mode], leaf};

            for (unsigned level = leaf; level < levels; level++) {
                for (size_t i = 0; i < LENGTH(encodings); i++)
                    assert_spoilt(&plan, &encodings[i], level);
                for (size_t i = 0; i < LENGTH(in_tables); i++)
                    assert_spoilt(&plan, &in_tables[i], level);
            }
        }
    }
}

/* norm:Sv39_superpage_align_fault, norm:Sv48_superpage_align_fault, norm:Sv57_superpage_align_fault
 */
static void a_superpage_that_is_misaligned_by_any_bit_faults(void **state)
{
    (void)state;
    for (unsigned mode = 0; mode < 3; mode++) {
        for (unsigned leaf = 1; leaf < real_modes[mode] - 5; leaf++) {
            struct plan plan = {real_modes[mode], leaf, real_modes[mode], leaf};
            struct world *world = world_make(&plan);
            uint64_t entries[] = {world->vs_pte[leaf], world->g_pte[5][leaf]};

            for (unsigned bit = 0; bit < 9 * leaf; bit++) {
                for (size_t i = 0; i < 2; i++) {
                    world_change(world, entries[i], 0, UINT64_C(1) << (10 + bit));
                    assert_int_equal(world_load(world), HVRV_REASON_MISALIGNED);
                    world_change(world, entries[i], UINT64_C(1) << (10 + bit), 0);
                }
            }
            assert_int_equal(world_load(world), HVRV_REASON_NONE);
        }
    }
}

static void a_pointer_at_level_0_is_no_leaf(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    (void)state;

    world_change(world, world->g_pte[5][0], 0xde, 0);
    assert_int_equal(world_load(world), HVRV_REASON_NO_LEAF);
    world_change(world, world->vs_pte[0], 0xde, 0);
    assert_int_equal(world_load(world), HVRV_REASON_NO_LEAF);
}

/*
 * norm:henvcfg_pbmte_op, norm:Svpbmt_leaf_pte_pbmt_reserved_3_fault; each stage has a switch of its
 * own.
 */
static void pbmt_counts_where_its_stage_has_pbmte(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * 4 * 4; i++) {
        struct world *world = world_make(&sv39_sv39x4);
        unsigned pbmt = i % 4;
        bool in_g = i / 4 % 2;
        bool vs_pbmte = i / 8 % 2, g_pbmte = i / 16 % 2;
        bool counts = in_g ? g_pbmte : vs_pbmte;

        world->regime.vs_pbmte = vs_pbmte;
        world->regime.g_pbmte = g_pbmte;
        world_change(world, in_g ? world->g_pte[5][0] : world->vs_pte[0], 0, (uint64_t)pbmt << 61);
        assert_int_equal(world_load(world), pbmt == 0 || (counts && pbmt < 3)
                                                ? HVRV_REASON_NONE
                                                : HVRV_REASON_RESERVED_PBMT);
    }
}

/* norm:Svpbmt_nonleaf_pte_pbmt_must_be_zero */
static void pbmt_in_a_pointer_is_reserved_even_with_pbmte(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    uint64_t entries[] = {world->vs_pte[1], world->vs_pte[2], world->g_pte[5][1],
                          world->g_pte[5][2]};
    (void)state;

    world->regime.vs_pbmte = world->regime.g_pbmte = world->regime.svnapot = true;
    for (size_t i = 0; i < LENGTH(entries); i++) {
        for (unsigned bit = 61; bit < 64; bit++) {
            world_change(world, entries[i], 0, UINT64_C(1) << bit);
            assert_int_equal(world_load(world), HVRV_REASON_RESERVED_IN_TABLE);
            world_change(world, entries[i], UINT64_C(1) << bit, 0);
        }
    }
}

/*
 * norm:Svnapot_valid_encoding, norm:Svnapot_reserved_encoding_fault: only PPN[3:0] = 1000, only at
 * level 0.
 */
static void only_64_kib_is_a_napot_size(void **state)
{
    (void)state;
    for (unsigned leaf = 0; leaf < 3; leaf++) {
        struct plan plan = {8, leaf, 8, leaf};
        struct world *world = world_make(&plan);
        uint64_t entries[] = {world->vs_pte[leaf], world->g_pte[5][leaf]};

        world->regime.svnapot = true;
        for (unsigned low = 0; low < 16; low++) {
            for (size_t i = 0; i < 2; i++) {
                uint64_t sound = world_peek(world, entries[i]);
                struct hvrv_walk_result result;

                world_change(world, entries[i], 0x3c00, UINT64_C(1) << 63 | low << 10);
                result = walk(world, HVRV_ACCESS_LOAD);
                if (leaf == 0 && low == 8) {
                    assert_false(result.faulted);
                } else {
                    assert_true(result.faulted);
                    assert_int_equal(result.fault.reason, HVRV_REASON_RESERVED_NAPOT);
                }
                world_poke(world, entries[i], sound);
            }
        }
    }
}

/*
 * norm:H_exception_priority: A choice where the manual is silent: SUM is looked at before the
 * final GPA.
 */
static void the_vs_stage_finishes_before_the_g_stage_sees_the_gpa(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_walk_result result;
    (void)state;

    world_change(world, world->vs_pte[0], 0, UINT64_C(1) << 50 | 0x10);
    result = walk(world, HVRV_ACCESS_LOAD);
    assert_true(result.faulted);
    assert_int_equal(result.fault.reason, HVRV_REASON_SUM);
    assert_int_equal(result.fault.cause, HVRV_CAUSE_LOAD_PAGE_FAULT);
    world->regime.vs_sum = true;
    result = walk(world, HVRV_ACCESS_LOAD);
    assert_int_equal(result.fault.reason, HVRV_REASON_TOO_WIDE);
    assert_int_equal(result.fault.cause, HVRV_CAUSE_LOAD_GUEST_PAGE_FAULT);
}

/*
 * norm:exc_priority, norm:pmp_access_fault_exception, norm:H_exception_priority: Every entry of the
 * walk in turn lies where the port refuses to read.
 */
static void a_refused_read_is_an_access_fault_of_the_original_access(void **state)
{
    (void)state;
    for (unsigned mode = 0; mode < 9; mode++) {
        struct plan plan = {real_modes[mode / 3], 0, real_modes[mode % 3], 0};
        struct world *world = world_make(&plan);
        unsigned vs = world_levels(plan.vs_mode), g = world_levels(plan.g_mode);
        struct hvrv_phys phys = model_memory_by_port(&world->memory);

        for (unsigned n = 1; n <= (vs + 1) * (g + 1) - 1; n++) {
            for (unsigned access = 0; access < 4; access++) {
                struct hvrv_walk_request request = {
                    {world->gva}, (enum hvrv_access)access, HVRV_WALK_VS};
                bool of_vs = n % (g + 1) == 0;
                unsigned before = (n - 1) / (g + 1); /* entries of the VS-stage read */
                unsigned level = of_vs ? vs - 1 - before : g - 1 - (n - 1) % (g + 1);
                uint64_t entry = of_vs         ? world->vs_pte[vs - 1 - before]
                                 : before < vs ? world->g_pte[vs - 1 - before][level]
                                               : world->g_pte[5][level];
                struct hvrv_walk walk;
                struct hvrv_walk_result result;

                assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
                world->memory.refused_word = entry;
                assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
                /* The first entry that lies there: tables above level 0 are shared. */
                assert_true(result.faulted);
                assert_int_equal(result.fault.cause, access_faults[access]);
                assert_int_equal(result.fault.reason, HVRV_REASON_REFUSED);
                assert_int_equal(result.fault.stval, world->gva);
                assert_int_equal(result.fault.htval, 0);
                assert_int_equal(result.fault.htinst, 0);
                assert_int_equal(result.fault.gva, true);
                assert_int_equal(result.fault.pte, 0);
                assert_int_equal(result.fault.pte_address, entry);
                assert_int_equal(result.fault.level, level);
                assert_int_equal(result.fault.stage, of_vs ? HVRV_STAGE_VS : HVRV_STAGE_G);
            }
        }
        world->memory.refused_word = 0;
        assert_int_equal(world_load(world), HVRV_REASON_NONE);
    }
}

static void ignore_step(void *context, const struct hvrv_walk_step *step)
{
    (void)context, (void)step;
}

/* Refusals by number, so that shared tables fail at every visit. */
static void assert_refused_by_number(struct world *world, const struct hvrv_walk *walk, unsigned n)
{
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_FETCH, HVRV_WALK_VS};
    struct hvrv_walk_result result;

    world->memory.accesses = 0;
    world->memory.refused = n;
    assert_int_equal(hvrv_walk_two_stage(walk, &request, &result), HVRV_OK);
    assert_int_equal(result.faulted, n < 16);
    assert_int_equal(world->memory.accesses, n < 16 ? n : 15);
    if (n == 16)
        return;
    assert_int_equal(result.fault.cause, HVRV_CAUSE_FETCH_ACCESS);
    assert_int_equal(result.fault.stage, n % 4 == 0 ? HVRV_STAGE_VS : HVRV_STAGE_G);
    assert_int_equal(result.fault.level, n % 4 == 0 ? 3 - n / 4 : 3 - n % 4);
    assert_int_equal(result.fault.htval | result.fault.htinst, 0);
}

/* norm:exc_priority */
static void any_access_may_be_the_one_that_is_refused(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_phys phys = model_memory_by_port(&world->memory);
    struct hvrv_walk walk;
    (void)state;

    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    for (unsigned n = 1; n <= 16; n++)
        assert_refused_by_number(world, &walk, n);
    hvrv_walk_set_trace(&walk, ignore_step, NULL);
    for (unsigned n = 1; n <= 16; n++)
        assert_refused_by_number(world, &walk, n);
    assert_int_equal(world_changes(world), 0);
}

/* A view without a window and without a port has no entry to offer. */
static void a_walk_over_no_memory_is_an_access_fault(void **state)
{
    static const struct hvrv_phys_config config;
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_walk_request request = {{world->gva}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct hvrv_phys phys;
    struct hvrv_walk walk;
    struct hvrv_walk_result result;
    (void)state;

    assert_int_equal(hvrv_phys_init(&phys, &config), HVRV_OK);
    assert_int_equal(hvrv_walk_init(&walk, &world->regime, &phys), HVRV_OK);
    assert_int_equal(hvrv_walk_two_stage(&walk, &request, &result), HVRV_OK);
    assert_true(result.faulted);
    assert_int_equal(result.fault.cause, HVRV_CAUSE_LOAD_ACCESS);
    assert_int_equal(result.fault.pte_address, BASE + 0x3528);
}

/* A table beyond all memory: the window has it no more than the port. */
static void an_entry_outside_memory_is_an_access_fault(void **state)
{
    struct world *world = world_make(&sv39_sv39x4);
    struct hvrv_walk_result result;
    (void)state;

    world_poke(world, world->g_pte[5][2], 0x003ffffffffffc01);
    result = walk(world, HVRV_ACCESS_STORE);
    assert_fault(result, ((struct hvrv_fault){.cause = HVRV_CAUSE_STORE_ACCESS,
                                              .reason = HVRV_REASON_REFUSED,
                                              .stval = 0xffffffd5a5a5a5a8,
                                              .stage = HVRV_STAGE_G,
                                              .level = 1,
                                              .pte_address = 0x00fffffffffff000,
                                              .access = HVRV_ACCESS_STORE,
                                              .gva = true,
                                              .implicit = true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vs_stage_fault_is_a_page_fault_with_its_whole_record),
        cmocka_unit_test(a_g_stage_fault_of_the_access_tells_its_gpa),
        cmocka_unit_test(a_g_stage_fault_of_a_vs_pte_is_told_by_htinst),
        cmocka_unit_test(a_vs_pte_is_loaded_whatever_the_access_is),
        cmocka_unit_test(a_gva_that_is_not_canonical_is_a_page_fault),
        cmocka_unit_test(a_root_that_is_too_wide_is_a_guest_page_fault),
        cmocka_unit_test(a_table_that_is_too_wide_is_a_guest_page_fault_and_no_page_fault),
        cmocka_unit_test(a_page_that_is_too_wide_is_a_guest_page_fault),
        cmocka_unit_test(a_gpa_of_a_bare_vs_stage_may_not_be_too_wide_either),
        cmocka_unit_test(what_lies_behind_the_root_is_no_part_of_it),
        cmocka_unit_test(one_upper_bit_makes_a_mapped_gva_not_canonical),
        cmocka_unit_test(a_reserved_encoding_faults_at_every_level_of_both_stages),
        cmocka_unit_test(a_superpage_that_is_misaligned_by_any_bit_faults),
        cmocka_unit_test(a_pointer_at_level_0_is_no_leaf),
        cmocka_unit_test(pbmt_counts_where_its_stage_has_pbmte),
        cmocka_unit_test(pbmt_in_a_pointer_is_reserved_even_with_pbmte),
        cmocka_unit_test(only_64_kib_is_a_napot_size),
        cmocka_unit_test(the_vs_stage_finishes_before_the_g_stage_sees_the_gpa),
        cmocka_unit_test(a_refused_read_is_an_access_fault_of_the_original_access),
        cmocka_unit_test(any_access_may_be_the_one_that_is_refused),
        cmocka_unit_test(an_entry_outside_memory_is_an_access_fault),
        cmocka_unit_test(a_walk_over_no_memory_is_an_access_fault),
    };

    return cmocka_run_group_tests_name("mmu/walk_fault", tests, NULL, NULL);
}
