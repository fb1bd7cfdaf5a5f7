/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random accesses and lines against a model without an index (model/plic_model.h). After each
 * operation every context's line is what the model says, and now and then every register.
 * HVRV_DEV_SEED and HVRV_DEV_OPS in the environment choose what is run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/dev/plic.h>

#include "model/plic_model.h"

#define SEED        20261123
#define OPS         (1UL << 18)
#define OPS_A_WORLD 4096
#define HOT         8 /* sources that most operations are about, so that they meet */

static struct {
    uint64_t random;
    struct hvrv_plic plic;
    struct hvrv_plic_source sources[PLIC_MODEL_SOURCES];
    struct hvrv_plic_context contexts[PLIC_MODEL_CONTEXTS];
    struct plic_model model;
    bool claimed[PLIC_MODEL_SOURCES]; /* and not yet completed, by what the accesses said */
    unsigned hot[HOT];
} world;

static struct {
    unsigned long claims, empty_claims, completions, ignored, lines, refused;
} seen;

static unsigned draw(unsigned below)
{
    world.random ^= world.random << 13;
    world.random ^= world.random >> 7;
    world.random ^= world.random << 17;
    return (unsigned)((world.random >> 20) % below);
}

static unsigned draw_source(void)
{
    return draw(4) ? world.hot[draw(HOT)] : draw(world.model.sources);
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

static void make_world(void)
{
    static const unsigned counts[] = {2, 3, 31, 32, 33, 34, 64, 65, 100, 500, 1023, 1024};
    struct hvrv_plic_config config = {
        .sources = world.sources,
        .source_count = counts[draw(sizeof counts / sizeof counts[0])],
        .contexts = world.contexts,
        .context_count = 1 + draw(PLIC_MODEL_CONTEXTS),
    };

    assert_int_equal(hvrv_plic_init(&world.plic, &config), HVRV_OK);
    plic_model_init(&world.model, config.source_count, config.context_count);
    memset(world.claimed, 0, sizeof world.claimed);
    for (unsigned i = 0; i < HOT; i++)
        world.hot[i] = 1 + draw(config.source_count - 1);
}

static uint32_t load(uint32_t offset)
{
    uint64_t value;

    assert_int_equal(hvrv_plic_read(&world.plic, offset, 4, &value), HVRV_OK);
    assert_int_equal(value, plic_model_load(&world.model, offset));
    return (uint32_t)value;
}

static void store(uint32_t offset, uint32_t value)
{
    assert_int_equal(hvrv_plic_write(&world.plic, offset, 4, value), HVRV_OK);
    plic_model_store(&world.model, offset, value);
}

static void claim(unsigned context)
{
    uint32_t source = load(0x200004 + 0x1000 * context);

    assert_true(source < world.model.sources);
    if (source == 0) {
        seen.empty_claims++;
        return;
    }
    assert_false(world.claimed[source]);
    world.claimed[source] = true;
    seen.claims++;
}

static void complete(unsigned context, uint32_t source)
{
    bool counts = source < world.model.sources && world.model.enabled[context][source];

    store(0x200004 + 0x1000 * context, source);
    if (counts)
        world.claimed[source] = false;
    if (counts)
        seen.completions++;
    else
        seen.ignored++;
}

static void move_line(void)
{
    unsigned source = draw_source();
    bool high = draw(2);
    enum hvrv_status status =
        hvrv_plic_set_level(&world.plic, source, high ? HVRV_PLIC_HIGH : HVRV_PLIC_LOW);

    if (source == 0) {
        assert_int_equal(status, HVRV_ERR_ARGUMENT);
        return;
    }
    assert_int_equal(status, HVRV_OK);
    plic_model_line(&world.model, source, high);
}

static void write_enables(unsigned context)
{
    uint32_t word = draw_source() / 32, bits = 0;

    if (draw(2))
        bits = UINT32_MAX;
    else
        for (unsigned i = 0; i < 32; i++)
            bits |= (uint32_t)draw(2) << i;
    store(0x2000 + 0x80 * context + 4 * word, bits);
}

/* Any word of the map, near its edges more often than not; a load of it may be a claim. */
static void access_anywhere(void)
{
    static const uint32_t edges[] = {0,        0x1000,   0x1080,    0x2000,   0x2080,
                                     0x2400,   0x1f2000, 0x200000,  0x200004, 0x201000,
                                     0x208000, 0x208004, 0x3fff000, 0x3fffff8};
    uint32_t offset =
        draw(2) ? 4 * draw(0x1000000)
                : (edges[draw(sizeof edges / sizeof edges[0])] + 4 * draw(16) - 32) % 0x4000000;
    bool is_claim = offset >= 0x200000 && offset % 0x1000 == 4 &&
                    (offset - 0x200000) / 0x1000 < world.model.contexts;

    if (is_claim)
        claim((offset - 0x200000) / 0x1000);
    else if (draw(2))
        (void)load(offset);
    else
        store(offset, draw(8));
}

static void be_refused(void)
{
    static const unsigned sizes[] = {0, 1, 2, 3, 4, 8, 16};
    unsigned size = sizes[draw(7)];
    uint64_t offset = draw(0x8000000), value = 1;
    enum hvrv_status status = HVRV_ERR_ARGUMENT;

    if (size == 4) {
        status = offset % 4 ? HVRV_ERR_ALIGN : HVRV_ERR_RANGE;
        offset |= status == HVRV_ERR_RANGE ? 0x4000000 : 0;
    }
    assert_int_equal(hvrv_plic_read(&world.plic, offset, size, &value), status);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_plic_write(&world.plic, offset, size, draw(1024)), status);
    seen.refused++;
}

static void operate(void)
{
    unsigned kind = draw(100), context = draw(world.model.contexts);

    if (kind < 28)
        move_line();
    else if (kind < 50)
        claim(context);
    else if (kind < 72)
        complete(context, draw(8) ? draw_source() : draw(2048));
    else if (kind < 80)
        store(4 * draw_source(), draw(3) ? 1 + draw(7) : draw(64));
    else if (kind < 83)
        store(0x200000 + 0x1000 * context, draw(3) ? 0 : draw(10));
    else if (kind < 91)
        write_enables(context);
    else if (kind < 97)
        access_anywhere();
    else
        be_refused();
}

static void compare_lines(void)
{
    for (unsigned i = 0; i < world.model.contexts; i++) {
        bool line = hvrv_plic_is_pending(&world.plic, i);
        assert_int_equal(line, plic_model_interrupts(&world.model, i));
        seen.lines += line;
    }
    assert_false(hvrv_plic_is_pending(&world.plic, world.model.contexts));
}

/* All but the claims, which would change it. */
static void compare_registers(void)
{
    for (uint32_t offset = 0; offset < 0x1080; offset += 4)
        (void)load(offset);
    for (uint32_t offset = 0x2000; offset < 0x2480; offset += 4)
        (void)load(offset);
    for (uint32_t i = 0; i <= world.model.contexts; i++)
        (void)load(0x200000 + 0x1000 * i);
}

static void random_operations_do_what_the_model_says(void **state)
{
    unsigned long seed = from_environment("HVRV_DEV_SEED", SEED);
    unsigned long ops = from_environment("HVRV_DEV_OPS", OPS);

    (void)state;
    printf("plic_random: seed %lu, %lu operations\n", seed, ops);
    world.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (unsigned long op = 0; op < ops; op++) {
        if (op % OPS_A_WORLD == 0)
            make_world();
        operate();
        compare_lines();
        if (op % 128 == 0)
            compare_registers();
    }
    printf("plic_random: %lu claims, %lu of nothing, %lu completions, %lu ignored, %lu lines high, "
           "%lu refused\n",
           seen.claims, seen.empty_claims, seen.completions, seen.ignored, seen.lines,
           seen.refused);
    if (ops >= OPS)
        assert_true(seen.claims > ops / 50 && seen.empty_claims > ops / 50 &&
                    seen.ignored > ops / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_do_what_the_model_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
