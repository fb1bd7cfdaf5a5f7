/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several threads on one tree, under TSan: readers, harts that store, one who
 * harvests, and writers. Readers see only what a writer made; a store is never lost
 * from sight; a page is not used again while somebody reads it; and what the
 * library reads and writes is ordered as the C11 memory model wants.
 *
 *   gstage_threads_test [--no-wait] [OPERATIONS]
 *
 * With --no-wait, hvrv_fence_domain.reach does not keep its promise: a test of this test.
 */
#include "world.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#define SEED    UINT64_C(20261123)
#define ROUNDS  8
#define WRITERS 2

static bool waits = true;
static uint64_t operations = 500; /* of a writer, a round */

static void run_round(struct world *world)
{
    static void *(*const run[PARTIES])(void *) = {run_reader,    run_reader, run_hart,  run_hart,
                                                  run_harvester, run_writer, run_writer};
    for (unsigned i = 0; i < PARTIES; i++)
        assert_int_equal(pthread_create(&world->party[i].thread, 0, run[i], &world->party[i]), 0);
    for (unsigned i = PARTIES; i-- > 0;) {
        if (i < PARTIES - WRITERS)
            __atomic_store_n(&world->stop, 1, __ATOMIC_RELAXED);
        assert_int_equal(pthread_join(world->party[i].thread, 0), 0);
    }
}

static void run_world(const struct world_config *config)
{
    static struct world world;
    printf("seed %llu\n", (unsigned long long)config->seed);
    world_init(&world, config);
    map_at_first(&world.party[0]);
    for (unsigned round = 0; round < ROUNDS && world.complaints == 0; round++) {
        world.stop = 0;
        run_round(&world);
        harvest_all(&world.party[0], HVRV_PTE_D);
        world_check(&world);
    }
    unmap_all(&world.party[0]);
    world_check(&world);
    world_fini(&world);
    for (unsigned i = 0; i < PARTIES; i++)
        printf("%llu ", (unsigned long long)world.party[i].done);
    uint64_t stores = 0;
    for (uint64_t page = 0; page < PAGES; page++)
        stores += world.stored[page];
    printf("operations, %llu stores\n", (unsigned long long)stores);
    assert_int_equal(world.complaints, 0);
    assert_true(stores > 0);
}

static void threads_agree_where_harts_set_a_and_d(void **state)
{
    (void)state;
    const struct world_config config = {HVRV_GSTAGE_AD_HARDWARE, false, waits, operations, SEED};
    run_world(&config);
}

static void threads_agree_where_faults_set_a_and_d(void **state)
{
    (void)state;
    const struct world_config config = {HVRV_GSTAGE_AD_FAULT, false, waits, operations, SEED + 1};
    run_world(&config);
}

static void threads_agree_where_tables_are_behind_the_port(void **state)
{
    (void)state;
    const struct world_config config = {HVRV_GSTAGE_AD_HARDWARE, true, waits, operations, SEED + 2};
    run_world(&config);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_agree_where_harts_set_a_and_d),
        cmocka_unit_test(threads_agree_where_faults_set_a_and_d),
        cmocka_unit_test(threads_agree_where_tables_are_behind_the_port),
    };
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--no-wait") == 0)
            waits = false;
        else
            operations = strtoull(argv[i], 0, 10);
    }
    return cmocka_run_group_tests(tests, 0, 0);
}
