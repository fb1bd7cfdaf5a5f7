/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/mmu/pmp.h>

#include "model/hart.h"
#include "pmp_model.h"

static struct model_hart hart;

static void begin(unsigned entries, unsigned grain)
{
    struct model_config config = model_config_all();
    config.pmp_entries = (uint8_t)entries;
    config.pmp_grain = (uint8_t)grain;
    model_hart_init_with(&hart, &config);
    hart.mode = MODEL_M;
}

static void poke(unsigned entry, uint8_t config, uint64_t address)
{
    enum hvrv_csr group = (enum hvrv_csr)(0x3a0 + entry / 8 * 2);
    uint64_t byte = UINT64_C(0xff) << entry % 8 * 8;
    model_poke(&hart, (enum hvrv_csr)(0x3b0 + entry), address);
    model_poke(&hart, group,
               (model_peek(&hart, group) & ~byte) | (uint64_t)config << entry % 8 * 8);
}

static uint8_t config_of(unsigned entry)
{
    return (uint8_t)(model_peek(&hart, (enum hvrv_csr)(0x3a0 + entry / 8 * 2)) >> entry % 8 * 8);
}

static uint64_t address_of(unsigned entry)
{
    return model_peek(&hart, (enum hvrv_csr)(0x3b0 + entry));
}

static bool holds(unsigned entry, uint8_t config, uint64_t address)
{
    return config_of(entry) == config && address_of(entry) == address;
}

/* norm:pmp_entry_count norm:pmp_addr_warl norm:pmp_csrs_warl_access norm:pmp_region_granularity_g
 */
static void what_the_hart_has_is_found_and_put_back(void **state)
{
    static const struct {
        unsigned entries, grain, look;
        uint32_t count, shift;
    } rows[] = {
        {64, 0, 64, 64, 2}, {64, 0, 16, 16, 2}, {16, 1, 64, 16, 3}, {16, 10, 99, 16, 12},
        {0, 0, 64, 0, 0},   {64, 3, 0, 0, 0},   {8, 2, 64, 8, 4},
    };
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hvrv_pmp_ability ability = {rows[i].look, 9, 9, 9};
        uint64_t before[64];
        begin(rows[i].entries, rows[i].grain);
        for (unsigned entry = 0; entry < 64; entry++)
            poke(entry, entry % 3 == 0 ? 0x1f : entry % 3 == 1 ? 0x09 : 0, 0x123456789 + entry);
        for (unsigned entry = 0; entry < 64; entry++)
            before[entry] = address_of(entry) ^ (uint64_t)config_of(entry) << 56;
        model_log_clear(&hart);
        assert_int_equal(hvrv_pmp_probe(&hart.hart, &ability), HVRV_OK);
        assert_int_equal(ability.count, rows[i].count);
        assert_int_equal(ability.grain_shift, rows[i].shift);
        assert_true(ability.address_bits == (rows[i].count ? 0x3fffffffffffff : 0));
        assert_true(ability.locked == 0);
        for (unsigned entry = 0; entry < 64; entry++)
            assert_true((address_of(entry) ^ (uint64_t)config_of(entry) << 56) == before[entry]);
        /* Registers of entries beyond those may not be there. */
        for (size_t access = 0; access < hart.log_length; access++) {
            uint32_t csr = hart.log[access].what;
            uint32_t entry = csr < 0x3b0 ? (csr - 0x3a0) * 4 : csr - 0x3b0;
            assert_true(entry < rows[i].look);
        }
        model_hart_check(&hart);
    }
}

static void fewer_address_bits_are_found(void **state)
{
    struct hvrv_pmp_ability ability = {16, 0, 0, 0};
    struct model_config config = model_config_all();

    (void)state;
    config.pmp_grain = 10;
    config.pmp_address_bits = 38;
    model_hart_init_with(&hart, &config);
    hart.mode = MODEL_M;
    assert_int_equal(hvrv_pmp_probe(&hart.hart, &ability), HVRV_OK);
    assert_true(ability.address_bits == 0x3fffffffff);
    assert_int_equal(ability.grain_shift, 12);
}

/* norm:pmp_l_bit_function norm:pmp_l_bit_write_protection */
static void what_is_locked_is_counted_and_left_alone(void **state)
{
    struct hvrv_pmp_ability ability = {64, 0, 0, 0};

    (void)state;
    begin(16, 4);
    poke(0, 0x98, 0x4ff);
    poke(2, 0x00, 0x800);
    poke(3, 0x8d, 0x900);
    poke(15, 0x9f, 0x1ff);
    model_log_clear(&hart);
    assert_int_equal(hvrv_pmp_probe(&hart.hart, &ability), HVRV_OK);
    assert_int_equal(ability.count, 16);
    assert_int_equal(ability.grain_shift, 6);
    assert_true(ability.address_bits == 0x3fffffffffffff);
    assert_true(ability.locked == 0x800d);
    assert_true(holds(0, 0x98, 0x4ff) && holds(2, 0, 0x800) && holds(3, 0x8d, 0x900));
    for (size_t i = 0; i < hart.log_length; i++)
        assert_false(hart.log[i].kind == MODEL_WRITE &&
                     (hart.log[i].what == 0x3b0 || hart.log[i].what == 0x3b2 ||
                      hart.log[i].what == 0x3b3 || hart.log[i].what == 0x3bf));
    model_hart_check(&hart);
}

static void a_hart_whose_entries_are_all_locked_says_so(void **state)
{
    struct hvrv_pmp_ability ability = {64, 5, 5, 5};

    (void)state;
    begin(8, 0);
    for (unsigned i = 0; i < 8; i++)
        poke(i, 0x98, 0xff);
    assert_int_equal(hvrv_pmp_probe(&hart.hart, &ability), HVRV_ERR_STATE);
    assert_int_equal(ability.count, 8);
    assert_int_equal(ability.grain_shift, 0);
    assert_true(ability.locked == 0xff && ability.address_bits == 0);
    model_hart_check(&hart);
}

static void entries_are_turned_off_written_and_turned_on(void **state)
{
    const struct hvrv_pmp_entry entries[] = {
        {0x1f, 0x1ff}, {0, 0x400}, {0x0d, 0xc00}, {0x19, 0x2fff}, {0, 0},
        {0, 0},        {0, 0},     {0, 0},        {0x1b, 0x4fff}, {0x18, 0x3fffffffffffff},
    };
    struct hvrv_pmp_set set = {.entries = entries, .count = 10};

    (void)state;
    begin(16, 0);
    poke(3, 0x19, 0x2fff);
    poke(9, 0x1f, 0x7fff);
    poke(10, 0x1f, 0xffff);
    model_log_clear(&hart);
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    for (unsigned i = 0; i < 10; i++)
        assert_true(holds(i, entries[i].config, entries[i].address));
    assert_true(holds(10, 0x1f, 0xffff));
    static const struct model_access writes[] = {
        {MODEL_WRITE, 0x3a2, 0x1f0000, 0},
        {MODEL_WRITE, 0x3a0, 0, 0},
        {MODEL_WRITE, 0x3b0, 0x1ff, 0},
        {MODEL_WRITE, 0x3b1, 0x400, 0},
        {MODEL_WRITE, 0x3b2, 0xc00, 0},
        {MODEL_WRITE, 0x3b8, 0x4fff, 0},
        {MODEL_WRITE, 0x3b9, 0x3fffffffffffff, 0},
        {MODEL_WRITE, 0x3a0, 0x190d001f, 0},
        {MODEL_WRITE, 0x3a2, 0x1f181b, 0},
    };
    size_t seen = 0;
    for (size_t i = 0; i < hart.log_length; i++) {
        if (hart.log[i].kind != MODEL_WRITE)
            continue;
        assert_true(seen < sizeof writes / sizeof writes[0]);
        assert_int_equal(hart.log[i].what, writes[seen].what);
        assert_true(hart.log[i].a == writes[seen].a);
        seen++;
    }
    assert_int_equal(seen, sizeof writes / sizeof writes[0]);
    model_hart_check(&hart);
}

static unsigned count_writes(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < hart.log_length; i++)
        count += hart.log[i].kind != MODEL_READ;
    return count;
}

static void what_is_there_is_not_written_again(void **state)
{
    struct hvrv_pmp_entry entries[] = {{0x1f, 0x1fff},
                                       {0x19, 0x2fff},
                                       {0x1b, 0x4fff},
                                       {0x1f, 0x7777}}; /* the last is not of the set */
    struct hvrv_pmp_set set = {.entries = entries, .count = 3, .first = 7};

    (void)state;
    begin(16, 2);
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    assert_true(holds(7, 0x1f, 0x1fff) && holds(8, 0x19, 0x2fff) && holds(9, 0x1b, 0x4fff));
    model_log_clear(&hart);
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    assert_int_equal(count_writes(), 0);
    entries[1].address = 0x6fff;
    model_log_clear(&hart);
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    assert_int_equal(count_writes(), 3); /* off, one address, on; entry 7 is not touched */
    assert_true(holds(8, 0x19, 0x6fff));
    model_hart_check(&hart);
}

static void a_locked_entry_keeps_its_value_and_the_others_do_not(void **state)
{
    struct hvrv_pmp_entry entries[] = {{0x1f, 0x1ff}, {0x19, 0x2ff}, {0x1b, 0x4ff}};
    struct hvrv_pmp_set set = {.entries = entries, .count = 3};

    (void)state;
    begin(16, 0);
    poke(1, 0x98, 0x8ff);
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_STATE);
    assert_true(holds(0, 0x1f, 0x1ff) && holds(1, 0x98, 0x8ff) && holds(2, 0x1b, 0x4ff));
    entries[1].config = 0x98;
    entries[1].address = 0x8ff;
    entries[2].address = 0x5ff;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    entries[1].address = 0x9ff; /* the address alone */
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_STATE);
    entries[1].address = 0x8ff;
    entries[1].config = 0x18; /* the configuration alone */
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_STATE);
    begin(2, 0);
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_STATE);
    model_hart_check(&hart);
}

static void a_set_that_is_none_is_refused(void **state)
{
    const struct hvrv_pmp_entry tor[2] = {{0x0f, 0x1ff}, {0, 0}};
    struct hvrv_pmp_set set = {.entries = NULL, .count = 1};
    struct hvrv_pmp_ability ability = {16, 0, 0, 0};

    (void)state;
    begin(64, 0);
    assert_int_equal(hvrv_pmp_probe(NULL, &ability), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pmp_probe(&hart.hart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pmp_write(&hart.hart, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_NULL);
    set.entries = tor;
    assert_int_equal(hvrv_pmp_write(NULL, &set), HVRV_ERR_NULL);
    set.first = 1;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_ARGUMENT);
    set.count = 65;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_RANGE);
    set.count = 1;
    set.first = 64;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_RANGE);
    set.count = 0;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    set.first = 65;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_RANGE);
    set.count = UINT32_MAX;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_ERR_RANGE);
    assert_int_equal(hart.log_length, 0);
    set.entries = NULL;
    set.count = set.first = 0;
    assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    model_hart_check(&hart);
}

/* What was on the hart before, what will be, and what S-mode may read of the first 512 bytes. */
static struct pmp_model old_set, new_set;

static void copy_from_hart(struct pmp_model *model)
{
    model->count = 12;
    for (unsigned i = 0; i < model->count; i++) {
        model->config[i] = config_of(i);
        model->address[i] = address_of(i);
    }
}

static bool may_read(const struct pmp_model *model, uint64_t address)
{
    struct pmp_model_access access = {address, 4, 'R', false};
    return pmp_model_allows(model, &access);
}

static void judge(void *context, const struct model_access *done)
{
    struct pmp_model now = {0};
    (void)context;
    (void)done;
    copy_from_hart(&now);
    for (uint64_t address = 0; address < 512; address += 4) {
        if (may_read(&now, address) && !may_read(&old_set, address) && !may_read(&new_set, address))
            fail_msg("0x%x is open for a while", (unsigned)address);
    }
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void nothing_is_open_in_between(void **state)
{
    uint64_t seed = 0x6f70656e;

    (void)state;
    print_message("seed 0x%x\n", (unsigned)seed);
    begin(12, 0);
    hart.heard = judge;
    for (unsigned round = 0; round < 3000; round++) {
        struct hvrv_pmp_entry entries[12];
        struct hvrv_pmp_set set = {.entries = entries, .count = 12};
        copy_from_hart(&old_set);
        new_set = old_set;
        for (unsigned i = 0; i < 12; i++) {
            if (next(&seed) % 3 == 0) {
                static const uint8_t configs[] = {0, 0x09, 0x08, 0x11, 0x10, 0x19, 0x18};
                new_set.config[i] = configs[next(&seed) % 7];
                new_set.address[i] = next(&seed) % 128;
            }
            entries[i].config = new_set.config[i];
            entries[i].address = new_set.address[i];
        }
        model_log_clear(&hart);
        assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
    }
    model_hart_check(&hart);
}

/* norm:pmp_addr_retention_on_mode_change: an address that is OFF reads with fewer bits. */
static void every_plan_can_be_written_to_a_hart_with_a_grain(void **state)
{
    uint64_t seed = 0x677261696e;

    (void)state;
    begin(8, 5);
    for (unsigned round = 0; round < 2000; round++) {
        struct hvrv_pmp_ability ability = {8, 0, 0, 0};
        struct hvrv_pmp_entry entries[8];
        struct hvrv_pmp_layout layout = {.entries = entries, .budget = 8};
        struct hvrv_pmp_region regions[3];
        struct hvrv_pmp_set set = {.entries = entries, .count = 8};
        uint64_t begin_at = 0;
        model_log_clear(&hart);
        assert_int_equal(hvrv_pmp_probe(&hart.hart, &ability), HVRV_OK);
        assert_int_equal(ability.grain_shift, 7);
        for (unsigned i = 0; i < 3; i++) {
            regions[i].first = begin_at + next(&seed) % 3 * 128;
            regions[i].last = regions[i].first + (1 + next(&seed) % 6) * 128 - 1;
            regions[i].permissions = (uint8_t)(next(&seed) % 2 * 4 + 1);
            begin_at = regions[i].last + 1;
        }
        layout.regions = regions;
        layout.region_count = 3;
        assert_int_equal(hvrv_pmp_plan(&ability, &layout), HVRV_OK);
        assert_int_equal(hvrv_pmp_write(&hart.hart, &set), HVRV_OK);
        model_hart_check(&hart);
    }
}

/* The checks say what the hart does. */
static void the_checks_of_a_change_are_the_harts(void **state)
{
    uint64_t seed = 0x6d6d6c;

    (void)state;
    print_message("seed 0x%x\n", (unsigned)seed);
    for (unsigned round = 0; round < 4000; round++) {
        struct hvrv_pmp_entry entries[4];
        struct hvrv_pmp_entry entry;
        struct hvrv_pmp_set set = {.entries = entries, .count = 4};
        unsigned mseccfg = (unsigned)(next(&seed) % 8);
        unsigned index = (unsigned)(next(&seed) % 4);
        begin(4, round % 2);
        for (unsigned i = 0; i < 4; i++)
            poke(i, next(&seed) % 2 ? 0x9f & (uint8_t)next(&seed) : 0x8f, 0x10 * i);
        model_force(&hart, HVRV_CSR_MSECCFG, mseccfg);
        for (unsigned i = 0; i < 4; i++) {
            entries[i].config = config_of(i);
            entries[i].address = address_of(i);
        }
        set.mml = mseccfg & 1;
        set.mmwp = mseccfg & 2;
        set.rlb = mseccfg & 4;
        set.grain_shift = 2 + round % 2;
        entry.config = 0x9f & (uint8_t)next(&seed);
        entry.address = 0x10 * (next(&seed) % 5);
        enum hvrv_status status = hvrv_pmp_check_change(&set, index, &entry);
        poke(index, entry.config, entry.address);
        assert_int_equal(holds(index, entry.config, entry.address), status == HVRV_OK);
        begin(4, 0);
        for (unsigned i = 0; i < 4; i++)
            poke(i, entries[i].config, 0);
        bool any = (config_of(0) | config_of(1) | config_of(2) | config_of(3)) & 0x80;
        for (unsigned i = 0; i < 4; i++)
            entries[i].config = config_of(i);
        model_force(&hart, HVRV_CSR_MSECCFG, mseccfg);
        model_poke(&hart, HVRV_CSR_MSECCFG, round % 8);
        assert_int_equal(model_peek(&hart, HVRV_CSR_MSECCFG),
                         hvrv_pmp_find_mseccfg(&set, round % 8));
        assert_true(any || set.rlb || (model_peek(&hart, HVRV_CSR_MSECCFG) & 4) == (round & 4));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_hart_has_is_found_and_put_back),
        cmocka_unit_test(fewer_address_bits_are_found),
        cmocka_unit_test(what_is_locked_is_counted_and_left_alone),
        cmocka_unit_test(a_hart_whose_entries_are_all_locked_says_so),
        cmocka_unit_test(entries_are_turned_off_written_and_turned_on),
        cmocka_unit_test(what_is_there_is_not_written_again),
        cmocka_unit_test(a_locked_entry_keeps_its_value_and_the_others_do_not),
        cmocka_unit_test(a_set_that_is_none_is_refused),
        cmocka_unit_test(nothing_is_open_in_between),
        cmocka_unit_test(every_plan_can_be_written_to_a_hart_with_a_grain),
        cmocka_unit_test(the_checks_of_a_change_are_the_harts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
