/* SPDX-License-Identifier: BSD-2-Clause */
#include "gstage_case.h"

#include <string.h>

struct world world;

static uint64_t remembered[WORLD_SIZE / 8];

void case_begin_with(const struct world_config *config)
{
    world_init(&world, config);
    assert_string_equal(world.complaint, "");
}

void case_begin(enum hvrv_stage stage, enum hvrv_mode_encoding mode)
{
    struct world_config config = {
        .stage = stage, .mode = mode, .rules = 7, .memory = WORLD_BY_PORT};

    case_begin_with(&config);
}

void case_end(void)
{
    bool is_back = world_fini(&world);

    assert_string_equal(world.complaint, "");
    assert_true(is_back);
}

uint64_t case_word(uint64_t address, unsigned level)
{
    unsigned at = world.model.levels - 1;
    uint64_t table = world.gstage.root.v;
    uint64_t index = address >> (12 + 9 * at) & (world.model.is_signed ? 511 : 2047);

    for (;;) {
        uint64_t word = model_memory_read(&world.memory, table + 8 * index);

        if (at == level || (word & 15) != 1)
            return word;
        at--;
        table = (word >> 10 & UINT64_C(0xfffffffffff)) << 12;
        index = address >> (12 + 9 * at) & 511;
    }
}

void case_map(uint64_t gpa, uint64_t hpa, uint64_t size, uint64_t bits)
{
    struct hvrv_gstage_map_request map = {.range = {{gpa}, size, ALL}, .hpa = {hpa}, .bits = bits};

    assert_int_equal(hvrv_gstage_map(&world.gstage, &map, &world.gather), HVRV_OK);
    assert_int_equal(map.range.size, 0);
    assert_int_equal(map.range.gpa.v, gpa + size);
    assert_int_equal(map.hpa.v, hpa + size);
}

#define ON_RANGE(name, call)                                                   \
    void name(uint64_t gpa, uint64_t size)                                     \
    {                                                                          \
        struct hvrv_gstage_range range = {{gpa}, size, ALL};                   \
        assert_int_equal(call(&world.gstage, &range, &world.gather), HVRV_OK); \
        assert_int_equal(range.size, 0);                                       \
        assert_int_equal(range.gpa.v, gpa + size);                             \
    }
ON_RANGE(case_unmap, hvrv_gstage_unmap)
ON_RANGE(case_block, hvrv_gstage_block)
ON_RANGE(case_unblock, hvrv_gstage_unblock)

#define TO_SIZE(name, call)                                                      \
    void name(uint64_t gpa, uint64_t size, unsigned shift)                       \
    {                                                                            \
        struct hvrv_gstage_resize resize = {{{gpa}, size, ALL}, (uint8_t)shift}; \
        assert_int_equal(call(&world.gstage, &resize, &world.gather), HVRV_OK);  \
        assert_int_equal(resize.range.size, 0);                                  \
    }
TO_SIZE(case_split, hvrv_gstage_split)
TO_SIZE(case_merge, hvrv_gstage_merge)

void case_protect(uint64_t gpa, uint64_t size, uint64_t mask, uint64_t bits)
{
    struct hvrv_gstage_protect_request protect = {{{gpa}, size, ALL}, mask, bits};

    assert_int_equal(hvrv_gstage_protect(&world.gstage, &protect, &world.gather), HVRV_OK);
    assert_int_equal(protect.range.size, 0);
}

void case_commit(void)
{
    assert_true(world_commit(&world));
}

void case_owes(enum hvrv_fence_scope scope, unsigned count)
{
    const struct hvrv_fence_order *order = hvrv_fence_owed(&world.gather);

    assert_int_equal(order->scope, scope);
    assert_int_equal(order->range_count, count);
}

void case_owes_range(unsigned number, uint64_t first, uint64_t last, unsigned shift)
{
    const struct hvrv_fence_order *order = hvrv_fence_owed(&world.gather);

    assert_true(number < order->range_count);
    assert_int_equal(order->range[number].first, first);
    assert_int_equal(order->range[number].last, last);
    assert_int_equal(order->range[number].shift, shift);
}

void case_remember(void)
{
    memcpy(remembered, world.memory.words, sizeof(remembered));
}

bool case_is_as_remembered(void)
{
    return memcmp(remembered, world.memory.words, sizeof(remembered)) == 0;
}
