/* SPDX-License-Identifier: BSD-2-Clause */
/* How an address is cut up: which of its bits choose an entry at which level, and which none. */
#include "walk_world.h"

static const unsigned real_modes[] = {8, 9, 10};

/*
 * Every bit of the VPN, one at a time: the other entry of the pair is empty, and the fault tells
 * where it lies: 8 bytes an entry, 512 entries a table of 4096 bytes.
 *
 * norm:Sv39_vpn_sz, norm:Sv39_pte_count, norm:Sv39_pte_sz, norm:Sv39_pt_sz, norm:Sv39_PTESIZE,
 * norm:Sv48_vpn_sz, norm:Sv48_PTESIZE, norm:Sv57_vpn_sz, norm:Sv57_PTESIZE
 */
static void each_bit_of_the_vpn_chooses_between_two_entries(void **state)
{
    (void)state;
    for (unsigned mode = 0; mode < 3; mode++) {
        struct plan plan = {real_modes[mode], 0, 8, 0};
        struct world *world = world_make(&plan);
        unsigned levels = world_levels(plan.vs_mode);

        for (unsigned bit = 0; bit < 9 * levels; bit++) {
            uint64_t flipped = UINT64_C(1) << (12 + bit);
            struct hvrv_walk_result result;

            if (bit == 9 * levels - 1)
                flipped = UINT64_MAX << (12 + bit); /* and the copies of the sign */
            result = world_walk_at(world, world->gva ^ flipped, HVRV_ACCESS_LOAD, HVRV_WALK_VS);
            assert_true(result.faulted);
            assert_int_equal(result.fault.reason, HVRV_REASON_NOT_VALID);
            assert_int_equal(result.fault.stage, HVRV_STAGE_VS);
            assert_int_equal(result.fault.level, bit / 9);
            assert_int_equal(result.fault.pte_address,
                             world->vs_pte[bit / 9] ^ (UINT64_C(8) << bit % 9));
        }
    }
}

/*
 * Below the page nothing is translated: bit for bit the offset arrives, for each size of page.
 *
 * norm:Sv39_page_offset_sz, norm:Sv48_page_offset_sz, norm:Sv57_page_offset_sz,
 * norm:Sv39_page_sizes, norm:Sv48_page_sizes, norm:Sv57_page_sizes
 */
static void the_offset_arrives_untranslated(void **state)
{
    static const unsigned sizes[] = {12, 21, 30, 39, 48};
    (void)state;

    for (unsigned mode = 0; mode < 3; mode++) {
        for (unsigned leaf = 0; leaf < real_modes[mode] - 5; leaf++) {
            struct plan plan = {real_modes[mode], leaf, 0, 0};
            struct world *world = world_make(&plan);

            for (unsigned bit = 0; bit < sizes[leaf]; bit++) {
                uint64_t flipped = UINT64_C(1) << bit;
                struct hvrv_walk_result result =
                    world_walk_at(world, world->gva ^ flipped, HVRV_ACCESS_LOAD, HVRV_WALK_VS);

                assert_false(result.faulted);
                assert_int_equal(result.page.hpa.v, world->hpa ^ flipped);
                assert_int_equal(result.page.vs_pte_address.v, world->vs_pte[leaf]);
            }
        }
    }
}

/*
 * Every bit of the PPN that a leaf can have goes into the address, and bit 55 is its last.
 *
 * norm:satp_ppn_sv39_sz, norm:satp_ppn_sv48_sz, norm:satp_ppn_sv57_sz
 */
static void a_leaf_gives_44_bits_of_page_number(void **state)
{
    (void)state;
    for (unsigned mode = 0; mode < 3; mode++) {
        struct plan plan = {real_modes[mode], 0, 0, 0};
        struct world *world = world_make(&plan);

        for (unsigned bit = 0; bit < 44; bit++) {
            struct hvrv_walk_result result;

            world_poke(world, world->vs_pte[0], UINT64_C(1) << (10 + bit) | KERNEL);
            result = world_walk(world, HVRV_ACCESS_STORE, HVRV_WALK_VS);
            assert_false(result.faulted);
            assert_int_equal(result.page.hpa.v, UINT64_C(1) << (12 + bit) | 0x5a8);
        }
        world_poke(world, world->vs_pte[0], UINT64_C(0x003ffffffffffccf));
        assert_int_equal(world_walk(world, HVRV_ACCESS_LOAD, HVRV_WALK_VS).page.hpa.v,
                         0x00fffffffffff5a8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bit_of_the_vpn_chooses_between_two_entries),
        cmocka_unit_test(the_offset_arrives_untranslated),
        cmocka_unit_test(a_leaf_gives_44_bits_of_page_number),
    };

    return cmocka_run_group_tests_name("mmu/walk_address", tests, NULL, NULL);
}
